/* fixture_body_propose: a body with alterations, and what a repair proposes for it. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_BODY_PROPOSE_H
#define FIXTURE_BODY_PROPOSE_H

#include "fixture_arena.h"

#include "base/buf.h"
#include "base/limit.h"
#include "repair/body_internal.h"

/* Octets that proposals may take in tests. */
#define ROOM ((size_t)8 << 20)

static inline struct body
new_body(struct span fields, struct span octets, struct arena *a)
{
	struct body b = {.octets = octets,
	    .fields = fields,
	    .length = UINT64_MAX,
	    .arena = a,
	    .room = ROOM};

	body_map(&b);
	return b;
}

static inline const struct body_repair *
repair_of(const struct body_repair *table, const char *id)
{
	for (; table->kind.id; table++)
		if (strcmp(table->kind.id, id) == 0)
			return table;
	fail_msg("no repair %s", id);
	return NULL;
}

static inline struct body_proposals
proposals_of(const struct body_repair *r, const struct body *b, size_t most)
{
	struct body_proposals p = {.arena = b->arena, .most = most};

	r->propose(b, &p);
	return p;
}

/* Edits are in order, in the body, and do not overlap. */
static inline void
check_edits(const struct edits *e, struct span octets)
{
	size_t at = 0;

	assert_true(e->n > 0);
	for (size_t i = 0; i < e->n; i++) {
		assert_true(e->list[i].at >= at);
		at = e->list[i].at + e->list[i].length;
		assert_true(at <= octets.len);
		assert_non_null(e->list[i].text.p);
	}
}

/* Returns the first proposal that gives the octets back, or NULL. *number is
 * its number. */
static inline const struct body_proposal *
find_proposal(const struct body_proposals *p, struct span altered,
    struct span original, size_t *number)
{
	struct arena *a = arena_new();
	const struct body_proposal *found = NULL;

	for (size_t i = 0; i < p->n && !found; i++) {
		check_edits(&p->list[i].edits, altered);
		if (edits_size(&p->list[i].edits, altered.len) != original.len)
			continue;
		if (span_eq(
			edits_apply(&p->list[i].edits, altered, a), original)) {
			found = &p->list[i];
			*number = i;
		}
		arena_reset(a);
	}
	arena_free(a);
	return found;
}

/* Proposals of a repair that are tried. */
#define TRIED 64

/* Does a repair of the table undo an alteration, among the first proposals? */
static inline const struct body_proposal *
undone(const struct body_repair *table, const char *id, struct span fields,
    struct span altered, struct span original, struct arena *a)
{
	struct body b = new_body(fields, altered, a);
	struct body_proposals p = proposals_of(repair_of(table, id), &b, TRIED);
	size_t number;
	const struct body_proposal *found =
	    find_proposal(&p, altered, original, &number);

	if (!found)
		fail_msg("%s, %zu proposals, do not turn\n" SPAN_FMT
			 "\ninto\n" SPAN_FMT,
		    id, p.n, SPAN_ARG(altered), SPAN_ARG(original));
	return found;
}

/* Proposes no repair of a table anything? */
static inline void
silent(const struct body_repair *table, struct span fields, struct span octets,
    struct arena *a)
{
	struct body b = new_body(fields, octets, a);

	for (; table->kind.id; table++) {
		struct body_proposals p = proposals_of(table, &b, TRIED);

		if (p.n)
			fail_msg("%s proposes %zu", table->kind.id, p.n);
	}
}

/* Returns a piece repeated more often than a message may have parts. */
static inline struct span
many_parts(struct span piece, struct arena *a)
{
	struct buf text = BUF(a);

	for (size_t n = 0; n < 2 * LIMIT_MAIL_PARTS; n++)
		buf_add(&text, piece);
	return buf_span(&text);
}

#endif
