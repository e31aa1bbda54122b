/* body_tail: does a body, or the beginning of it, have the hash signed? */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

#include <string.h>

#include "base/ascii.h"

const struct repair_kind body_footer = {
    "body-footer",
    "added {a-line} footer after line {line}",
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
	bool at_ends;    /* compare at line ends, and count them */
	bool goes_on;    /* the next end of the sink is not that of the body */
	size_t skip;     /* octets that are not of the body */
	uint64_t total;  /* octets so far */
	uint64_t hashed; /* of these, up to l= */
	uint64_t line;   /* of these, in the last line */
	size_t lines;    /* counted */
	size_t ends;     /* that were compared */
	uint64_t valued; /* the total that the value is of */
	bool is_found;   /* no more is added ... */
	bool has_more;   /* ... but more came */
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
	s->lines++;
	if (s->line > 2) {
		s->ends++;
		compare(s);
	}
	s->line = 0;
}

static void
scan_put(struct sink *self, const char *p, size_t n)
{
	struct scan *s = (struct scan *)self;
	size_t skip = n < s->skip ? n : s->skip;
	struct span rest = {p + skip, n - skip};

	s->skip -= skip;
	if (!s->at_ends) {
		add(s, rest);
		return;
	}
	while (rest.len && !s->is_found) {
		struct span line = field_cut_line(&rest);

		add_line(s, line, line.p[line.len - 1] == '\n');
	}
	s->has_more = s->has_more || rest.len;
}

/* A body shorter than l= does not verify, whatever its hash is. */
static void
scan_end(struct sink *self)
{
	struct scan *s = (struct scan *)self;
	uint64_t length = s->test->length;

	if (s->is_found || s->goes_on)
		return;
	compare(s);
	s->is_found =
	    s->is_found && (length == UINT64_MAX || s->total >= length);
}

/*
 * A body flows through a gate, which canonicalizes it. After so many octets, it
 * switches the comparison on at the end of a line that is not empty. There,
 * canonicalization begins anew: the lines that the scan counts from then on are
 * those that have come after that place.
 */
struct gate {
	struct sink sink;
	struct scan *scan;
	struct sink *to;
	size_t before; /* that are to come before the switch */
	size_t at;     /* octets so far */
	bool is_blank; /* the line so far */
	bool is_open;  /* compared from `at` on */
};

static void
open_gate(struct gate *g)
{
	struct scan *s = g->scan;

	s->goes_on = true;
	sink_end(g->to);
	s->goes_on = false;
	s->at_ends = true;
	compare(s);
	g->is_open = true;
	/* Empty lines are at the start of a body no more than here: they are
	 * dropped only if nothing follows. */
	g->to = canon_body(s->test->canon, &s->sink, s->test->scratch);
	s->skip = 3;
	sink_put(g->to, SPAN("x\n"));
}

/* Does a line that is not empty end with the octet? */
static bool
ends_line(struct gate *g, char c)
{
	bool is_end = c == '\n' && !g->is_blank;

	if (c == '\n')
		g->is_blank = true;
	else if (!ascii_is_wsp(c) && c != '\r')
		g->is_blank = false;
	return is_end;
}

/* What comes before the gate is opened. */
static size_t
take_before(struct gate *g, struct span octets)
{
	size_t n = octets.len < g->before ? octets.len : g->before;

	g->before -= n;
	while (n < octets.len && !g->is_open)
		g->is_open = ends_line(g, octets.p[n++]);
	g->at += n;
	sink_put(g->to, span_upto(octets, n));
	return n;
}

static void
gate_put(struct sink *self, const char *p, size_t n)
{
	struct gate *g = (struct gate *)self;
	struct span rest = {p, n};

	if (!g->is_open) {
		rest = span_from(rest, take_before(g, rest));
		if (g->is_open)
			open_gate(g);
	}
	sink_put(g->to, rest);
}

static struct gate
gate_of(struct scan *s, enum body_ends ends, size_t size)
{
	struct gate g = {.sink = {gate_put, NULL},
	    .scan = s,
	    .to = canon_body(s->test->canon, &s->sink, s->test->scratch),
	    .before = SIZE_MAX,
	    .is_blank = true};

	if (ends != BODY_ENDS_WHOLE)
		g.is_open = s->at_ends =
		    ends == BODY_ENDS_ALL || size <= BODY_LAST;
	if (ends == BODY_ENDS_LAST)
		g.before = size > BODY_LAST ? size - BODY_LAST : 0;
	return g;
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
	size_t size = edits_size(edits, octets.len);
	struct scan s = {
	    .sink = {scan_put, scan_end}, .test = t, .valued = UINT64_MAX};
	struct gate gate;

	*match = (struct body_match){.size = size, .at = size};
	if (!budget_take(t->budget, size) ||
	    !digest_point_new(t->hash, &s.point))
		return false;
	match->is_tried = true;
	arena_reset(t->scratch);
	gate =
	    gate_of(&s, t->length == UINT64_MAX ? ends : BODY_ENDS_WHOLE, size);
	edits_put(edits, octets, &gate.sink);
	sink_end(gate.to);
	digest_point_free(&s.point);
	budget_work(t->budget, s.ends * BODY_END);
	match->key = key_of(&s, size);
	if (s.is_found && s.has_more)
		match->at = body_after_lines(edits, octets, gate.at, s.lines);
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
