/* fixture_lines: a body that is altered, and a repair that must undo it. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_LINES_H
#define FIXTURE_LINES_H

#include "fixture_arena.h"

#include "base/limit.h"
#include "repair/body_internal.h"

static const enum canon both[] = {CANON_SIMPLE, CANON_RELAXED};

#define MOST_PROPOSALS 10000u

static inline const struct body_repair *
repair_of(const char *id)
{
	for (const struct body_repair *r = body_lines_repairs; r->kind.id; r++)
		if (!strcmp(r->kind.id, id))
			return r;
	fail_msg("there is no repair %s", id);
	return NULL;
}

static inline struct body
body_with(enum canon canon, struct span octets, struct arena *a)
{
	return (struct body){.octets = octets,
	    .fields = SPAN(""),
	    .canon = canon,
	    .length = UINT64_MAX,
	    .arena = a,
	    .room = 64u << 20};
}

static inline struct body_proposals
proposals_of(const char *id, const struct body *b)
{
	struct body_proposals p = {.arena = b->arena, .most = MOST_PROPOSALS};

	repair_of(id)->propose(b, &p);
	return p;
}

/* Returns which proposal, from 1, gives the original octets, or 0. */
static inline size_t
which(
    const struct body_proposals *p, const struct body *b, struct span original)
{
	for (size_t i = 0; i < p->n; i++)
		if (span_eq(edits_apply(&p->list[i].edits, b->octets, b->arena),
			original))
			return i + 1;
	return 0;
}

/* Returns a text with all that is from replaced with to; from is not empty. */
static inline struct span
replaced(struct span in, struct span from, struct span to, struct arena *a)
{
	struct buf b = BUF(a);

	while (in.len) {
		bool here = span_starts(in, from);

		buf_add(&b, here ? to : span_upto(in, 1));
		in = span_from(in, here ? from.len : 1);
	}
	return buf_span(&b);
}

/* The same; if from and to begin with LF, also at the start of the text, unless
 * line ends are replaced. */
static inline struct span
replaced_in_lines(
    struct span in, struct span from, struct span to, struct arena *a)
{
	bool is_end = from.len == 1 && to.p[to.len - 1] == '\n';

	if (is_end || from.p[0] != '\n' || to.p[0] != '\n')
		return replaced(in, from, to, a);
	return span_from(
	    replaced(ARENA_JOIN(a, SPAN("\n"), in), from, to, a), 1);
}

static inline struct span
with_crlf(struct span in, struct arena *a)
{
	return replaced(in, SPAN("\n"), SPAN("\r\n"), a);
}

/* Checks that the repair gives back the original, whose lines end with LF; and
 * if all lines end with CRLF. */
static inline void
gives_back_with(const char *id, enum canon canon, const char *fields,
    struct span original, struct span altered, struct arena *a)
{
	for (int crlf = 0; crlf < 2; crlf++) {
		struct span want = crlf ? with_crlf(original, a) : original;
		struct span have = crlf ? with_crlf(altered, a) : altered;
		struct body b = body_with(canon, have, a);
		struct body_proposals p;

		b.fields = span_of(fields);
		p = proposals_of(id, &b);
		if (span_eq(want, have))
			fail_msg("%s: nothing was altered in\n" SPAN_FMT, id,
			    SPAN_ARG(want));
		if (!which(&p, &b, want))
			fail_msg("%s: %zu proposals of \n" SPAN_FMT
				 "\ndo not give\n" SPAN_FMT,
			    id, p.n, SPAN_ARG(have), SPAN_ARG(want));
	}
}

static inline void
gives_back(const char *id, enum canon canon, struct span original,
    struct span altered, struct arena *a)
{
	gives_back_with(id, canon, "", original, altered, a);
}

/* An alteration that is a replacement. */
struct replacement {
	const char *id;
	enum canon canon;
	struct span original, from, to;
};

static inline void
check_replacement(const struct replacement *c, struct arena *a)
{
	gives_back(c->id, c->canon, c->original,
	    replaced_in_lines(c->original, c->from, c->to, a), a);
}

static inline void
check_replacements(const struct replacement *cases, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		check_replacement(&cases[i], a);
}

/* Checks that nothing is proposed. */
static inline void
is_silent(const char *id, enum canon canon, struct span octets, struct arena *a)
{
	struct body b = body_with(canon, octets, a);
	struct body_proposals p = proposals_of(id, &b);

	if (p.n)
		fail_msg("%s: %zu proposals of\n" SPAN_FMT, id, p.n,
		    SPAN_ARG(octets));
}

/* A body without a sign of what the repair undoes. */
struct silent {
	const char *id;
	struct span text;
};

/* Checks that nothing is proposed for them, in simple form, or in both. */
static inline void
check_silent_simple(const struct silent *cases, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		is_silent(cases[i].id, CANON_SIMPLE, cases[i].text, a);
}

static inline void
check_silent(const struct silent *cases, size_t n, struct arena *a)
{
	check_silent_simple(cases, n, a);
	for (size_t i = 0; i < n; i++)
		is_silent(cases[i].id, CANON_RELAXED, cases[i].text, a);
}

#endif
