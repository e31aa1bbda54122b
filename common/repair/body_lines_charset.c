/* body_lines_charset: text that was converted to another charset. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

/* The characters of octets that are not those of ISO-8859-1. */
struct exception {
	unsigned char octet;
	uint16_t character;
};

struct charset {
	const struct exception *exceptions;
	size_t n;
};

static const struct exception windows_1252[] = {{0x80, 0x20ac}, {0x82, 0x201a},
    {0x83, 0x0192}, {0x84, 0x201e}, {0x85, 0x2026}, {0x86, 0x2020},
    {0x87, 0x2021}, {0x88, 0x02c6}, {0x89, 0x2030}, {0x8a, 0x0160},
    {0x8b, 0x2039}, {0x8c, 0x0152}, {0x8e, 0x017d}, {0x91, 0x2018},
    {0x92, 0x2019}, {0x93, 0x201c}, {0x94, 0x201d}, {0x95, 0x2022},
    {0x96, 0x2013}, {0x97, 0x2014}, {0x98, 0x02dc}, {0x99, 0x2122},
    {0x9a, 0x0161}, {0x9b, 0x203a}, {0x9c, 0x0153}, {0x9e, 0x017e},
    {0x9f, 0x0178}};

static const struct exception iso_8859_15[] = {{0xa4, 0x20ac}, {0xa6, 0x0160},
    {0xa8, 0x0161}, {0xb4, 0x017d}, {0xb8, 0x017e}, {0xbc, 0x0152},
    {0xbd, 0x0153}, {0xbe, 0x0178}};

static const struct charset charsets[] = {
    {NULL, 0}, /* ISO-8859-1 */
    {windows_1252, COUNT(windows_1252)},
    {iso_8859_15, COUNT(iso_8859_15)},
};

/* Returns the octet of a character, or -1. */
static int
to_octet(const struct charset *set, uint32_t character)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->exceptions[i].character == character)
			return set->exceptions[i].octet;
	if (character > 0xff)
		return -1;
	for (size_t i = 0; i < set->n; i++)
		if (set->exceptions[i].octet == character)
			return -1;
	return (int)character;
}

static uint32_t
to_character(const struct charset *set, unsigned char octet)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->exceptions[i].octet == octet)
			return set->exceptions[i].character;
	return octet;
}

/* Octets that are converted at a time. */
#define PIECE 1024u

/* Removes all up to the end of the next run of octets over 127 and returns that
 * run, or its first piece in whole characters; empty at the end. */
static struct span
run_next(struct span *rest)
{
	size_t length = 0;

	*rest = span_from(*rest, lines_ascii(*rest));
	while (length < rest->len && length < PIECE &&
	    ascii_is_8bit(rest->p[length])) {
		size_t n = utf8_length(span_from(*rest, length));

		length += n ? n : 1;
	}
	*rest = span_from(*rest, length);
	return (struct span){rest->p - length, length};
}

/* Converts a run of UTF-8 to octets of a charset. Returns how many, or 0 if it
 * is not UTF-8 of characters of the charset. */
static size_t
run_to_octets(const struct charset *set, struct span run, char *octets)
{
	size_t n = 0, length;

	for (; run.len; run = span_from(run, length)) {
		int octet;

		length = utf8_length(run);
		octet =
		    length ? to_octet(set, utf8_character(run, length)) : -1;
		if (octet < 0)
			return 0;
		octets[n++] = (char)octet;
	}
	return n;
}

static bool
replace(struct lines_edits *e, struct span run, const char *octets, size_t n)
{
	char *text = lines_text(e, n);

	if (!text)
		return false;
	memcpy(text, octets, n);
	lines_edit(e, run, (struct span){text, n});
	return true;
}

/* All text was converted to UTF-8, unless what it was is UTF-8, too. */
static void
convert_all(
    const struct body *b, struct body_proposals *p, const struct charset *set)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets, run;
	bool is_utf8 = true;
	char octets[PIECE + 4];

	while ((run = run_next(&rest)).len) {
		size_t n = run_to_octets(set, run, octets);

		if (!n || !replace(&e, run, octets, n))
			return;
		is_utf8 = is_utf8 && utf8_valid((struct span){octets, n});
	}
	if (!is_utf8)
		lines_propose(p, &e);
}

void
charset_made(const struct body *b, struct body_proposals *p)
{
	for (size_t i = 0; i < COUNT(charsets) && body_propose_more(p); i++)
		convert_all(b, p, &charsets[i]);
}

/* What is UTF-8 also after its conversion was converted twice. */
static void
convert_twice(
    const struct body *b, struct body_proposals *p, const struct charset *set)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets, run;
	char octets[PIECE + 4];

	while ((run = run_next(&rest)).len) {
		size_t n = run_to_octets(set, run, octets);

		if (n && utf8_valid((struct span){octets, n}) &&
		    !replace(&e, run, octets, n))
			return;
	}
	lines_propose_both(p, &e);
}

void
charset_doubled(const struct body *b, struct body_proposals *p)
{
	for (size_t i = 0; i < COUNT(charsets) && body_propose_more(p); i++)
		convert_twice(b, p, &charsets[i]);
}

/* Writes a character of the basic plane that is over 127 in UTF-8. */
static size_t
put_character(char *to, uint32_t c)
{
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	to[0] = (char)(0xe0 | c >> 12);
	to[1] = (char)(0x80 | (c >> 6 & 0x3f));
	to[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* UTF-8 was converted to a charset: there is no UTF-8. */
static void
convert_back(
    const struct body *b, struct body_proposals *p, const struct charset *set)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets, run;
	char octets[3 * (PIECE + 4)];

	while ((run = run_next(&rest)).len) {
		size_t n = 0;

		if (utf8_valid(run))
			return;
		for (size_t i = 0; i < run.len; i++)
			n += put_character(octets + n,
			    to_character(set, (unsigned char)run.p[i]));
		if (!replace(&e, run, octets, n))
			return;
	}
	lines_propose(p, &e);
}

void
charset_lost(const struct body *b, struct body_proposals *p)
{
	for (size_t i = 0; i < COUNT(charsets) && body_propose_more(p); i++)
		convert_back(b, p, &charsets[i]);
}

/*
 * The byte order mark, U+FEFF.
 */

#define MARK SPAN("\357\273\277")

void
charset_bom_added(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;

	while (rest.len) {
		size_t n = lines_find(rest, MARK);

		rest = span_from(rest, n);
		if (!rest.len)
			break;
		lines_edit(&e, span_upto(rest, MARK.len), SPAN(""));
		rest = span_from(rest, MARK.len);
	}
	lines_propose_both(p, &e);
}

/* At the start of the body, or of a part of text. Only UTF-8 has one. */
void
charset_bom_lost(const struct body *b, struct body_proposals *p)
{
	struct lines_edits e = lines_begin(b);

	if (span_is_ascii(b->octets) || !utf8_valid(b->octets))
		return;
	if (b->nparts < 2)
		lines_insert(&e, b->octets.p, MARK);
	for (size_t i = 1; i < b->nparts; i++)
		if (b->parts[i].kind == MIME_LEAF &&
		    span_casestarts(b->parts[i].type, SPAN("text/")))
			lines_insert(&e, b->octets.p + b->parts[i].begin, MARK);
	lines_propose_both(p, &e);
}
