/* body_mime_part: parts of a body and their fields. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

struct span
body_mime_content(const struct body *b, const struct body_part *part)
{
	return span_between(b->octets.p + part->begin, b->octets.p + part->end);
}

size_t
body_mime_at(const struct body *b, struct span s)
{
	return (size_t)(s.p - b->octets.p);
}

struct span
body_mime_eol(const struct body *b)
{
	size_t lf = span_find(b->octets, '\n');

	if (lf < b->octets.len && (!lf || b->octets.p[lf - 1] != '\r'))
		return SPAN("\n");
	return SPAN("\r\n");
}

struct span
body_mime_header(const struct body *b, const struct body_part *part)
{
	struct span header =
	    span_between(b->octets.p + part->header, b->octets.p + part->begin);
	struct span rest = header;
	struct field f;

	while (field_cut(&rest, &f))
		;
	return span_between(header.p, rest.p);
}

void
body_mime_propose(
    struct body_proposals *p, size_t at, size_t length, struct span text)
{
	struct edits e = {NULL, 0};

	if (!length && !text.len)
		return;
	edits_add(&e, p->arena, at, length, text);
	body_propose(p, e);
}

bool
body_mime_take(size_t *room, size_t octets)
{
	if (octets > *room)
		return false;
	*room -= octets;
	return true;
}
