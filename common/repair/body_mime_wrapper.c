/* body_mime_wrapper: messages in messages, parts added, text between. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>

#include "repair/body_mime_internal.h"

/* Most proposals of a repair. */
#define MOST 256

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
	size_t most = p->n + MOST;
	unsigned deepest = 0;

	for (size_t i = 1; i < b->nparts; i++)
		if (b->parts[i].depth > deepest)
			deepest = b->parts[i].depth;
	for (unsigned depth = 1; depth <= deepest; depth++)
		for (size_t i = 1; i < b->nparts && p->n < most; i++) {
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

BODY_MIME_REPAIR(part)
{
	size_t most = p->n + MOST;
	const size_t *children = count_children(b, p->arena);

	for (size_t i = b->nparts; i-- > 1 && p->n < most;)
		if (b->parts[i].depth == 1 && is_removable(b, i, children))
			propose_without(&b->parts[i], p);
	propose_without_both(b, children, p);
	for (size_t i = b->nparts; i-- > 1 && p->n < most;)
		if (b->parts[i].depth > 1 && is_removable(b, i, children))
			propose_without(&b->parts[i], p);
}

/*
 * Text before the first part (RFC 2046 5.1.1).
 */

/* Multiparts whose preamble is tried. */
#define PREAMBLES 8

static const struct span preambles[] = {
    {"This is a multi-part message in MIME format.", 44},
    {"This is a multi-part message in MIME format...", 46},
    {"This is a multipart message in MIME format.", 43},
    {"This is a cryptographically signed message in MIME format.", 58},
    {"This is an OpenPGP/MIME signed message (RFC 4880 and 3156)", 58},
    {"This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)", 61},
    {"This is a MIME-encapsulated message.", 36},
    {"This is a MIME-encapsulated message", 35},
    {"This message is in MIME format.", 31},
    {"  This message is in MIME format.  The first part should be readable "
     "text,\n  while the remaining parts are likely unreadable without "
     "MIME-aware tools.",
	151},
};

/* Writes a text as a preamble, with an empty line before or after it. */
static struct span
preamble(struct span text, unsigned layout, struct span eol, struct arena *a)
{
	struct buf b = BUF(a);

	if (layout & 2)
		buf_add(&b, eol);
	field_put_lines(&b, text, eol);
	buf_add(&b, eol);
	if (layout & 1)
		buf_add(&b, eol);
	return buf_span(&b);
}

/* Proposes a text in the place of the octets that are there. */
static void
propose_instead(const struct body *b, size_t at, size_t end, struct span text,
    struct body_proposals *p)
{
	struct span now = span_between(b->octets.p + at, b->octets.p + end);

	if (!span_eq(now, text))
		body_mime_propose(p, at, end - at, text);
}

static void
propose_preambles(
    const struct body *b, size_t at, size_t end, struct body_proposals *p)
{
	struct span eol = body_mime_eol(b);

	propose_instead(b, at, end, SPAN(""), p);
	propose_instead(b, at, end, eol, p);
	for (unsigned layout = 0; layout < 4; layout++)
		for (size_t i = 0; i < COUNT(preambles); i++)
			propose_instead(b, at, end,
			    preamble(preambles[i], layout, eol, p->arena), p);
}

BODY_MIME_REPAIR(preamble)
{
	size_t n = 0;

	for (size_t i = 1; i < b->nparts && n < PREAMBLES; i++) {
		const struct body_part *part = &b->parts[i];

		/* The first part follows its multipart. */
		if (part->parent != i - 1 || part->from == part->header)
			continue;
		propose_preambles(b, b->parts[i - 1].begin, part->from, p);
		n++;
	}
}

/*
 * Empty lines around delimiters.
 */

/* Adds an edit at the end of the content before a delimiter: an empty line more
 * or less. */
static void
edit_before(struct edits *e, const struct body *b, size_t end, bool more,
    struct arena *a)
{
	size_t eol = end - field_chomp(span_upto(b->octets, end)).len;

	if (more)
		edits_add(e, a, end, 0, body_mime_eol(b));
	else if (eol)
		edits_add(e, a, end - eol, eol, SPAN(""));
}

/* Which delimiters: all, those after multiparts, those after others. */
enum after {
	AFTER_ALL,
	AFTER_MULTIPARTS,
	AFTER_OTHERS,
	AFTERS
};

/* Is a part followed by a delimiter of these, and not without a content? */
static bool
is_before(const struct body_part *part, enum after after)
{
	bool multipart = part->kind == MIME_MULTIPART;

	return part->from < part->header && part->to > part->end &&
	    part->end > part->begin &&
	    (after != AFTER_MULTIPARTS || multipart) &&
	    (after != AFTER_OTHERS || !multipart);
}

static int
compare(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static void
propose_lines(
    const struct body *b, enum after after, bool more, struct body_proposals *p)
{
	size_t *ends = ARENA_ARRAY(p->arena, size_t, b->nparts), n = 0;
	struct edits e = {NULL, 0};

	for (size_t i = 1; i < b->nparts; i++)
		if (is_before(&b->parts[i], after))
			ends[n++] = b->parts[i].end;
	qsort(ends, n, sizeof(*ends), compare);
	for (size_t i = 0; i < n; i++)
		edit_before(&e, b, ends[i], more, p->arena);
	body_propose(p, e);
}

BODY_MIME_REPAIR(delimiters)
{
	for (int after = 0; after < AFTERS; after++) {
		propose_lines(b, (enum after)after, false, p);
		propose_lines(b, (enum after)after, true, p);
	}
}
