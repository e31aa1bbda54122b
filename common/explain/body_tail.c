/* body_tail: does a body, or the beginning of it, have the hash signed? */
/* SPDX-License-Identifier: ISC */

#include "explain/body_engine.h"

#include <string.h>

const struct repair_kind body_footer = {
    "body-footer",
    "appended {lines} after line {line}",
    REPAIR_ADVICE_REWRITE,
    0,
};

/*
 * A canonical body flows through a scan, which compares its hash at the ends of
 * lines: the canonical forms of all bodies that end there, whether or not empty
 * lines follow (RFC 6376 3.4.3, 3.4.4). So ends of empty lines are left out.
 */
struct scan {
	struct sink sink;
	const struct body_test *test;
	struct digest_point point;
	bool at_ends;    /* compare at line ends */
	uint64_t total;  /* octets so far */
	uint64_t hashed; /* of these, up to l= */
	uint64_t line;   /* of these, in the last line */
	uint64_t ends;   /* that were compared */
	uint64_t valued; /* the total that the value is of */
	bool is_found;   /* then, the total is of the body found */
	char value[DIGEST_MAX];
};

static void
compare(struct scan *s)
{
	struct span wanted = s->test->wanted;

	if (s->valued != s->total)
		digest_point_value(&s->point, SPAN(""), s->value);
	s->valued = s->total;
	s->is_found = span_eq((struct span){s->value, wanted.len}, wanted);
}

static void
add(struct scan *s, struct span octets)
{
	uint64_t left = s->test->length - s->hashed;
	size_t n = octets.len < left ? octets.len : (size_t)left;

	digest_point_add(&s->point, span_upto(octets, n));
	s->hashed += n;
	s->total += octets.len;
}

/* Adds octets with at most one line end, at their end. */
static void
add_line(struct scan *s, struct span octets, bool is_ended)
{
	add(s, octets);
	s->line += octets.len;
	if (!is_ended)
		return;
	if (s->at_ends && s->line > 2) {
		s->ends++;
		compare(s);
	}
	s->line = 0;
}

/* Adds any octets without a comparison. */
static void
add_all(struct scan *s, struct span octets)
{
	size_t last = span_find_last(octets, '\n');

	add(s, octets);
	s->line =
	    last < octets.len ? octets.len - last - 1 : s->line + octets.len;
}

static void
scan_put(struct sink *self, const char *p, size_t n)
{
	struct scan *s = (struct scan *)self;
	struct span rest = {p, n};

	if (!s->at_ends && !s->is_found)
		add_all(s, rest);
	if (!s->at_ends)
		return;
	while (rest.len && !s->is_found) {
		size_t end = span_find(rest, '\n');
		bool is_ended = end < rest.len;

		end += is_ended;
		add_line(s, span_upto(rest, end), is_ended);
		rest = span_from(rest, end);
	}
}

/* A body shorter than l= does not verify, whatever its hash is. */
static void
scan_end(struct sink *self)
{
	struct scan *s = (struct scan *)self;
	uint64_t length = s->test->length;

	if (s->is_found)
		return;
	compare(s);
	s->is_found =
	    s->is_found && (length == UINT64_MAX || s->total >= length);
}

/* A sink before the canonicalization, which switches the comparison on after so
 * many octets. What is still in the canonicalization is compared, too. */
struct gate {
	struct sink sink;
	struct sink *to;
	struct scan *scan;
	size_t before;
};

static void
gate_put(struct sink *self, const char *p, size_t n)
{
	struct gate *g = (struct gate *)self;
	size_t first = n < g->before ? n : g->before;

	if (g->scan->is_found)
		return;
	sink_put(g->to, (struct span){p, first});
	g->before -= first;
	if (g->before)
		return;
	g->scan->at_ends = true;
	sink_put(g->to, (struct span){p + first, n - first});
}

static size_t
octets_before(enum body_ends ends, size_t size)
{
	if (ends == BODY_ENDS_WHOLE)
		return SIZE_MAX;
	return ends == BODY_ENDS_ALL || size < BODY_LAST ? 0 : size - BODY_LAST;
}

/* Where the body that a scan has found ends. */

/* Counts the line ends in the first octets. */
struct counter {
	struct sink sink;
	uint64_t first, total;
	size_t lines;
};

static void
counter_put(struct sink *self, const char *p, size_t n)
{
	struct counter *c = (struct counter *)self;
	uint64_t left = c->first > c->total ? c->first - c->total : 0;
	size_t most = n < left ? n : (size_t)left;

	for (size_t i = 0; i < most; i++)
		c->lines += p[i] == '\n';
	c->total += n;
}

static void
no_end(struct sink *self)
{
	(void)self;
}

/* Finds the place after so many line ends. */
struct finder {
	struct sink sink;
	size_t lines, at;
};

static void
finder_put(struct sink *self, const char *p, size_t n)
{
	struct finder *f = (struct finder *)self;
	struct span rest = {p, n};

	while (f->lines && rest.len) {
		size_t end = span_find(rest, '\n');

		f->lines -= end < rest.len;
		end += end < rest.len;
		f->at += end;
		rest = span_from(rest, end);
	}
}

size_t
body_after_lines(struct span octets, size_t lines)
{
	struct finder f = {{finder_put, no_end}, lines, 0};

	sink_put(&f.sink, octets);
	return f.at;
}

/* The lines of the canonical form are those that flow in, but that some at the
 * end may be lacking. */
static size_t
end_of(const struct body_test *t, struct span octets, const struct edits *edits,
    uint64_t canonical)
{
	struct counter c = {{counter_put, no_end}, canonical, 0, 0};
	struct finder f = {{finder_put, no_end}, 0, 0};
	struct sink *in = canon_body(t->canon, &c.sink, t->scratch);

	edits_put(edits, octets, in);
	sink_end(in);
	if (c.total == canonical || t->length != UINT64_MAX)
		return edits_size(edits, octets.len);
	f.lines = c.lines;
	edits_put(edits, octets, &f.sink);
	return f.at;
}

static void
run(struct scan *s, struct span octets, const struct edits *edits,
    size_t before)
{
	struct gate gate = {{gate_put, no_end},
	    canon_body(s->test->canon, &s->sink, s->test->scratch), s, before};

	edits_put(edits, octets, &gate.sink);
	if (s->is_found)
		return;
	s->at_ends = s->at_ends || !before;
	sink_end(gate.to);
}

static uint64_t
key_of(const struct scan *s, size_t size)
{
	uint64_t key;

	memcpy(&key, s->value, sizeof(key));
	return key ^ (size * UINT64_C(0x9e3779b97f4a7c15));
}

bool
body_try(const struct body_test *t, struct span octets,
    const struct edits *edits, enum body_ends ends, struct body_match *match)
{
	struct scan s = {
	    .sink = {scan_put, scan_end}, .test = t, .valued = UINT64_MAX};

	*match = (struct body_match){.size = edits_size(edits, octets.len)};
	if (!budget_take(t->budget, match->size))
		return false;
	if (!digest_point_new(t->hash, &s.point))
		return false;
	match->is_tried = true;
	arena_reset(t->scratch);
	if (t->length != UINT64_MAX)
		ends = BODY_ENDS_WHOLE;
	run(&s, octets, edits, octets_before(ends, match->size));
	digest_point_free(&s.point);
	budget_work(t->budget, s.ends * BODY_END);
	match->key = key_of(&s, match->size);
	if (s.is_found)
		match->at = end_of(t, octets, edits, s.total);
	return s.is_found;
}

bool
body_try_empty(const struct body_test *t)
{
	struct digest_point p;
	struct span body = t->canon == CANON_SIMPLE ? SPAN("\r\n") : SPAN("");
	char value[DIGEST_MAX];

	if (t->length != UINT64_MAX || !budget_take(t->budget, body.len) ||
	    !digest_point_new(t->hash, &p))
		return false;
	digest_point_value(&p, body, value);
	digest_point_free(&p);
	return span_eq((struct span){value, t->wanted.len}, t->wanted);
}
