/* body_block: searches by force: no sign tells what was added, or where. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

/* Lines of the canonical body whose beginnings are known; those after them are
 * as one. More can be tried only where the budget is many times the default. */
#define LINES ((size_t)1 << 16)

/* Most lines of a block in the middle, and of a text put before. */
#define BLOCK  ((size_t)250)
#define PREFIX ((size_t)1000)

/*
 * The canonical form is one line for each line of the body, so lines can be
 * removed from it instead: nothing is canonicalized again. The last one is not
 * empty, and is never removed: a footer has been looked for before.
 */
struct lines {
	struct body_test test; /* with the share for a budget */
	struct budget budget;
	struct arena *arena;
	struct span octets; /* canonical */
	size_t *at; /* where lines begin; n of them, and the end of the last */
	size_t n;
	struct digest_point before; /* of the octets before at[from] */
	size_t from;
};

static void
index_lines(struct lines *l)
{
	size_t at = 0, n = 0;

	*ARENA_PUSH(l->arena, l->at, n) = 0;
	while (at < l->octets.len && n <= LINES) {
		at += span_find(span_from(l->octets, at), '\n') + 1;
		*ARENA_PUSH(l->arena, l->at, n) = at;
	}
	l->n = n - 1;
}

/* Canonicalization adds at most one octet to a line, and a line end. */
static bool
canonicalize(struct lines *l, struct span octets)
{
	size_t size = octets.len + body_count_lines(octets) + 2;
	struct sink_buf out = sink_to_buf(l->arena);
	struct sink *in = canon_body(l->test.canon, &out.sink, l->arena);

	if (l->test.room < 2 * LINES * sizeof(*l->at) ||
	    size > l->test.room - 2 * LINES * sizeof(*l->at))
		l->budget.spent = true;
	if (l->budget.spent || !budget_work(&l->budget, octets.len))
		return false;
	out.buf.size = size;
	out.buf.p = arena_alloc(l->arena, size);
	sink_put(in, octets);
	sink_end(in);
	l->octets = buf_span(&out.buf);
	index_lines(l);
	return l->n > 1;
}

static struct span
line_at(const struct lines *l, size_t i)
{
	return span_between(l->octets.p + l->at[i], l->octets.p + l->at[i + 1]);
}

/* Does something begin or end before this line? There, blocks begin and end
 * most often: beside an empty line, a delimiter, a line of dashes. */
static bool
is_border(const struct lines *l, size_t i)
{
	struct span line = line_at(l, i);

	return !i || line.len <= 2 || line_at(l, i - 1).len <= 2 ||
	    span_starts(line, SPAN("--")) || span_starts(line, SPAN("__")) ||
	    span_starts(line_at(l, i - 1), SPAN("--"));
}

/* The lines before `from` are hashed once for all blocks that begin there. */
static void
move_to(struct lines *l, size_t from)
{
	size_t at = l->at[l->from];
	size_t end =
	    l->at[from] < l->test.length ? l->at[from] : (size_t)l->test.length;

	if (at < end)
		digest_point_add(&l->before,
		    span_between(l->octets.p + at, l->octets.p + end));
	l->from = from;
}

static bool
rewind_lines(struct lines *l)
{
	if (l->before.handle)
		digest_point_free(&l->before);
	l->from = 0;
	return budget_work(&l->budget, l->octets.len) &&
	    digest_point_new(l->test.hash, &l->before);
}

/* Is the body without the lines from l->from to `to` the one that was signed?
 * That l= ends before the block cannot be: it was tried before. */
static bool
try_block(struct lines *l, size_t to)
{
	struct span rest = span_from(l->octets, l->at[to]);
	uint64_t length = l->test.length;
	char value[DIGEST_MAX];

	if (length != UINT64_MAX) {
		if (length < l->at[l->from] ||
		    length - l->at[l->from] > rest.len)
			return false;
		rest = span_upto(rest, (size_t)(length - l->at[l->from]));
	}
	if (!budget_take(&l->budget, rest.len))
		return false;
	digest_point_value(&l->before, rest, value);
	return span_eq(
	    (struct span){value, l->test.wanted.len}, l->test.wanted);
}

/* Blocks, the likeliest first: how many of their ends are borders, and how many
 * lines they have. */
static const struct tier {
	int borders;
	size_t least, most;
} tiers[] = {
    {2, 1, 4},
    {2, 5, 16},
    {1, 1, 4},
    {2, 17, 64},
    {0, 1, 4},
    {1, 5, 16},
    {2, 65, BLOCK},
    {0, 5, 16},
    {1, 17, BLOCK},
    {0, 17, BLOCK},
};

static bool
try_from(struct lines *l, const struct tier *t, size_t *to)
{
	int first = is_border(l, l->from);

	if (first + 1 < t->borders || first > t->borders ||
	    !budget_work(&l->budget, t->most - t->least + 1))
		return false;
	for (size_t n = t->least; n <= t->most && l->from + n < l->n; n++) {
		*to = l->from + n;
		if (first + is_border(l, *to) == t->borders &&
		    try_block(l, *to))
			return true;
	}
	return false;
}

static bool
try_tier(struct lines *l, const struct tier *t, size_t *from, size_t *to)
{
	if (!rewind_lines(l))
		return false;
	for (size_t i = 1; i + t->least < l->n && !l->budget.spent; i++) {
		move_to(l, i);
		*from = i;
		if (try_from(l, t, to))
			return true;
	}
	return false;
}

static bool
try_tiers(struct lines *l, size_t *from, size_t *to)
{
	for (size_t i = 0; i < COUNT(tiers) && !l->budget.spent; i++)
		if (try_tier(l, &tiers[i], from, to))
			return true;
	return false;
}

/* A text put before, and lines appended as well: lines are canonical already,
 * and remain so. */
static bool
try_prefix(struct lines *l, size_t to, bool with_footer, size_t *end)
{
	struct span rest = span_from(l->octets, l->at[to]);
	struct body_test test = l->test;
	struct body_match match;

	test.canon = CANON_SIMPLE;
	test.budget = &l->budget;
	if (!body_try(&test, rest, &edits_none,
		with_footer ? BODY_ENDS_LAST : BODY_ENDS_WHOLE, &match))
		return false;
	*end = match.at == match.size ? 0 : l->at[to] + match.at;
	return true;
}

static bool
try_prefixes(struct lines *l, bool with_footer, size_t *to, size_t *end)
{
	for (int border = 1; border >= 0; border--)
		for (*to = 1; *to < l->n && *to <= PREFIX; (*to)++) {
			if (l->budget.spent)
				return false;
			if (is_border(l, *to) == border &&
			    try_prefix(l, *to, with_footer, end))
				return true;
		}
	return false;
}

/* What is used of the share is used of the budget. */
static struct lines
begin(const struct body_test *t, uint64_t share)
{
	struct budget *b = t->budget;

	if (share > b->octets)
		share = b->octets;
	return (struct lines){
	    .test = *t, .budget = {.octets = share}, .arena = arena_new()};
}

static void
end(struct lines *l, uint64_t share)
{
	struct budget *b = l->test.budget;

	if (share > b->octets)
		share = b->octets;
	b->octets -= share - l->budget.octets;
	b->tries += l->budget.tries;
	b->spent = b->spent || l->budget.spent;
	if (l->before.handle)
		digest_point_free(&l->before);
	arena_free(l->arena);
}

/* Returns where a line begins. */
static size_t
place_of(struct span octets, size_t line)
{
	return body_after_lines(&edits_none, octets, 0, line);
}

static bool
search_prefix(const struct body_test *t, struct span octets, uint64_t share,
    struct body_cuts *cuts)
{
	struct lines l = begin(t, share);
	bool with_footer = cuts->n > 1;
	size_t to, last;
	bool found = canonicalize(&l, octets) &&
	    try_prefixes(&l, with_footer, &to, &last);

	cuts->n = 0;
	if (found && last)
		cuts->list[cuts->n++] = (struct body_cut){&body_footer,
		    place_of(
			octets, body_count_lines(span_upto(l.octets, last))),
		    octets.len};
	if (found)
		cuts->list[cuts->n++] = (struct body_cut){
		    &body_forces[0].kind, 0, place_of(octets, to)};
	end(&l, share);
	return found;
}

static bool
search_block(const struct body_test *t, struct span octets, uint64_t share,
    struct body_cuts *cuts)
{
	struct lines l = begin(t, share);
	size_t from, to;
	bool found = canonicalize(&l, octets) && try_tiers(&l, &from, &to);

	if (found)
		*cuts = (struct body_cuts){
		    {{&body_forces[1].kind, place_of(octets, from),
			place_of(octets, to)}},
		    1};
	end(&l, share);
	return found;
}

/* A footer that is longer than BODY_LAST. */
static bool
search_ends(const struct body_test *t, struct span octets, uint64_t share,
    struct body_cuts *cuts)
{
	struct body_match match;

	(void)share;
	if (octets.len <= BODY_LAST || t->length != UINT64_MAX ||
	    !body_try(t, octets, &edits_none, BODY_ENDS_ALL, &match))
		return false;
	*cuts = (struct body_cuts){
	    {{&body_footer, match.at, octets.len}}, match.at < octets.len};
	return true;
}

const struct body_force body_forces[] = {
    {{"body-prefix", "added {lines} {where}", REPAIR_ADVICE_AFTER, 25},
	search_prefix},
    {{"body-block", "added {lines} after line {line}", REPAIR_ADVICE_AFTER, 65},
	search_block},
    {{"body-footer", "added {a-line} footer after line {line}",
	 REPAIR_ADVICE_REWRITE, 45},
	search_ends},
    {{.id = NULL}, NULL},
};
