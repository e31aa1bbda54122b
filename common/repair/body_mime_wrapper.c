/* body_mime_wrapper: messages that were put into others, and parts added. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

/*
 * What was put around the original.
 */

/* Proposes the content of a part as the whole body. The line end before its
 * delimiter stays if the content does not end with one. */
static void
propose_content(const struct body *b, const struct body_part *part,
    struct body_proposals *p)
{
	struct edits e = {NULL, 0};
	struct span fields = body_mime_header(b, part);
	size_t end = part->end;

	if (part->begin >= end)
		return;
	if (b->octets.p[end - 1] != '\n' && part->to > end)
		end += span_find(span_from(b->octets, end), '\n') + 1;
	edits_add(&e, p->arena, 0, part->begin, SPAN(""));
	if (end < b->octets.len)
		edits_add(&e, p->arena, end, b->octets.len - end, SPAN(""));
	body_propose_as(p, e, fields.len ? fields : SPAN_NONE);
}

/* Proposes parts that are in one of a kind, those less deep first. */
static void
propose_contents(
    const struct body *b, enum mime_kind kind, struct body_proposals *p)
{
	unsigned deepest = 0;

	for (size_t i = 1; i < b->nparts; i++)
		if (b->parts[i].depth > deepest)
			deepest = b->parts[i].depth;
	for (unsigned depth = 1; depth <= deepest; depth++)
		for (size_t i = 1; i < b->nparts && body_propose_more(p); i++) {
			const struct body_part *part = &b->parts[i];

			if (part->depth == depth &&
			    b->parts[part->parent].kind == kind)
				propose_content(b, part, p);
		}
}

BODY_MIME_REPAIR(wrapper)
{
	propose_contents(b, MIME_MULTIPART, p);
}

BODY_MIME_REPAIR(attached)
{
	propose_contents(b, MIME_MESSAGE, p);
}

/*
 * Parts.
 */

/* Is a part one of several in a multipart whose delimiters are known? */
static bool
is_removable(const struct body *b, size_t i, const size_t *children)
{
	const struct body_part *part = &b->parts[i];

	return b->parts[part->parent].kind == MIME_MULTIPART &&
	    children[part->parent] > 1 && part->from < part->header &&
	    part->to > part->from;
}

static size_t *
count_children(const struct body *b, struct arena *a)
{
	size_t *n = ARENA_ARRAY(a, size_t, b->nparts);

	for (size_t i = 1; i < b->nparts; i++)
		n[b->parts[i].parent]++;
	return n;
}

static void
propose_without(const struct body_part *part, struct body_proposals *p)
{
	body_mime_propose(p, part->from, part->to - part->from, SPAN(""));
}

/* A header and a footer, each as a part: the first and the last of all. */
static void
propose_without_both(
    const struct body *b, const size_t *children, struct body_proposals *p)
{
	struct edits e = {NULL, 0};
	size_t last = b->nparts - 1;

	while (last && b->parts[last].depth > 1)
		last--;
	if (children[0] < 3 || !is_removable(b, 1, children) ||
	    !is_removable(b, last, children))
		return;
	edits_add(&e, p->arena, b->parts[1].from,
	    b->parts[1].to - b->parts[1].from, SPAN(""));
	edits_add(&e, p->arena, b->parts[last].from,
	    b->parts[last].to - b->parts[last].from, SPAN(""));
	body_propose(p, e);
}

BODY_MIME_REPAIR(part_added)
{
	const size_t *children = count_children(b, p->arena);

	for (size_t i = b->nparts; i-- > 1 && body_propose_more(p);)
		if (b->parts[i].depth == 1 && is_removable(b, i, children))
			propose_without(&b->parts[i], p);
	propose_without_both(b, children, p);
	for (size_t i = b->nparts; i-- > 1 && body_propose_more(p);)
		if (b->parts[i].depth > 1 && is_removable(b, i, children))
			propose_without(&b->parts[i], p);
}
