/* finding_text: octets of a record that people do not see. */
/* SPDX-License-Identifier: ISC */

#include "lint/finding.h"

#include "base/buf.h"
#include "base/utf8.h"

/* Octets before the place that are shown with it. */
#define CONTEXT 16u

/* What word processors make of the characters of ASCII. */
static const struct {
	uint32_t first, last;
	char plain;
} typographic[] = {
    {0xa0, 0xa0, ' '},      /* no-break space */
    {0x2010, 0x2015, '-'},  /* hyphens and dashes */
    {0x2018, 0x201b, '\''}, /* single quotes */
    {0x201c, 0x201f, '"'},  /* double quotes */
    {0x202f, 0x202f, ' '},  /* narrow no-break space */
    {0x2212, 0x2212, '-'},  /* minus sign */
    {0xff0d, 0xff0d, '-'},  /* full-width hyphen-minus */
};

/* Returns what a character was meant to be, 0 if it was not meant at all; false
 * if it is like any other. */
static bool
is_unseen(uint32_t c, char *plain)
{
	*plain = 0;
	for (size_t i = 0; i < COUNT(typographic); i++)
		if (c >= typographic[i].first && c <= typographic[i].last) {
			*plain = typographic[i].plain;
			return true;
		}
	return c < 0x20 || c == 0x7f || utf8_is_hidden(c);
}

/* Takes the first character off a text: its value, or that of an octet that is
 * not UTF-8, and its octets. */
static struct span
take(struct span *text, uint32_t *c)
{
	size_t n = utf8_length(*text);
	struct span taken;

	*c = n ? utf8_character(*text, n) : (unsigned char)text->p[0];
	taken = span_upto(*text, n ? n : 1);
	*text = span_from(*text, taken.len);
	return taken;
}

struct span
finding_unseen(struct span text, struct arena *a)
{
	struct span rest = text, octets, before;
	uint32_t c;
	char plain;

	while (rest.len) {
		octets = take(&rest, &c);
		if (!is_unseen(c, &plain))
			continue;
		before = span_between(text.p, octets.p);
		if (before.len > CONTEXT)
			before = span_from(before, before.len - CONTEXT);
		if (!before.len)
			return arena_printf(
			    a, "U+%04X at the beginning", (unsigned)c);
		return arena_printf(a,
		    "U+%04X after '" SPAN_FMT "' (octet %zu)", (unsigned)c,
		    SPAN_ARG(before), (size_t)(octets.p - text.p) + 1);
	}
	return SPAN_NONE;
}

struct span
finding_without_unseen(struct span text, struct arena *a)
{
	struct buf b = BUF(a);
	struct span rest = text, octets;
	uint32_t c;
	char plain;

	if (!finding_unseen(text, a).p)
		return text;
	while (rest.len) {
		octets = take(&rest, &c);
		if (!is_unseen(c, &plain))
			buf_add(&b, octets);
		else if (plain)
			buf_char(&b, plain);
	}
	return buf_span(&b);
}

struct span
finding_without_tabs(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	if (span_find(text, '\t') == text.len)
		return text;
	for (size_t i = 0; i < text.len; i++)
		buf_char(&b, text.p[i] == '\t' ? ' ' : text.p[i]);
	return buf_span(&b);
}
