/* body_mime_between: preambles, and empty lines beside delimiters. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>

#include "repair/body_mime_internal.h"

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
	struct span eol = body_eol(b);

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
		edits_add(e, a, end, 0, body_eol(b));
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
