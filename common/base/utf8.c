/* utf8: check sequences, and escape what is not safe to show. */
/* SPDX-License-Identifier: ISC */

#include "base/utf8.h"

#include <string.h>

#include "base/ascii.h"

static unsigned
octet(struct span s, size_t i)
{
	return (unsigned char)s.p[i];
}

/* The length of the sequence that an octet begins, or 0, and the range of its
 * second octet (RFC 3629 4). */
static size_t
lead(unsigned c, unsigned *low, unsigned *high)
{
	*low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	*high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t
utf8_length(struct span s)
{
	unsigned low, high;
	size_t n = s.len ? lead(octet(s, 0), &low, &high) : 0;

	if (n > s.len)
		return 0;
	if (n > 1 && (octet(s, 1) < low || octet(s, 1) > high))
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((octet(s, i) & 0xc0) != 0x80)
			return 0;
	return n;
}

/* The number of octets under 128 at the start of s, or a few less: found eight
 * at a time, as nearly all text that is checked has no others. */
static size_t
ascii_run(struct span s)
{
	size_t n = 0;
	uint64_t word;

	while (s.len - n >= sizeof(word)) {
		memcpy(&word, s.p + n, sizeof(word));
		if (word & 0x8080808080808080)
			break;
		n += sizeof(word);
	}
	return n;
}

bool
utf8_valid(struct span s)
{
	for (;;) {
		size_t n = ascii_run(s);

		s = span_from(s, n);
		if (!s.len)
			return true;
		n = utf8_length(s);

		if (!n)
			return false;
		s = span_from(s, n);
	}
}

uint32_t
utf8_character(struct span s, size_t n)
{
	uint32_t c = octet(s, 0) & (n == 1 ? 0x7f : 0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (octet(s, i) & 0x3f);
	return c;
}

struct span
utf8_upto(struct span s, size_t max)
{
	size_t len = 0;

	while (len < s.len) {
		size_t n = utf8_length(span_from(s, len));

		n = n ? n : 1;
		if (len + n > max)
			break;
		len += n;
	}
	return span_upto(s, len);
}

/* Characters that are invisible, or change how others are displayed. */
static const struct {
	uint32_t first, last;
} hidden[] = {
    {0x80, 0xa0},       /* C1 controls, no-break space */
    {0xad, 0xad},       /* soft hyphen */
    {0x34f, 0x34f},     /* combining grapheme joiner */
    {0x600, 0x605},     /* Arabic number signs */
    {0x61c, 0x61c},     /* Arabic letter mark */
    {0x6dd, 0x6dd},     /* Arabic end of ayah */
    {0x70f, 0x70f},     /* Syriac abbreviation mark */
    {0x890, 0x891},     /* Arabic currency marks above */
    {0x8e2, 0x8e2},     /* Arabic disputed end of ayah */
    {0x115f, 0x1160},   /* Hangul fillers */
    {0x1680, 0x1680},   /* Ogham space */
    {0x180e, 0x180e},   /* Mongolian vowel separator */
    {0x2000, 0x200f},   /* spaces, zero-width space to right-to-left mark */
    {0x2028, 0x202f},   /* line separator to narrow no-break space */
    {0x205f, 0x206f},   /* mathematical space, word joiner, isolates */
    {0x2800, 0x2800},   /* Braille blank */
    {0x3000, 0x3000},   /* ideographic space */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xfeff, 0xfeff},   /* zero-width no-break space, byte order mark */
    {0xffa0, 0xffa0},   /* half-width Hangul filler */
    {0xfff9, 0xfffb},   /* interlinear annotations */
    {0x1d173, 0x1d17a}, /* musical controls */
    {0xe0000, 0xe007f}, /* tags */
};

bool
utf8_is_hidden(uint32_t c)
{
	for (size_t i = 0; i < COUNT(hidden); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

/* May the sequence of n octets at the start of s be shown unescaped? */
static bool
shown(struct span s, size_t n)
{
	if (n == 1)
		return s.p[0] != '\\' &&
		    (s.p[0] == ' ' || ascii_is_vchar(s.p[0]));
	return n && !utf8_is_hidden(utf8_character(s, n));
}

size_t
utf8_run(struct span s, bool *plain)
{
	size_t len = 0;

	while (len < s.len) {
		size_t n = utf8_length(span_from(s, len));

		if (!shown(span_from(s, len), n))
			break;
		len += n;
	}
	*plain = len > 0;
	return len ? len : 1;
}

void
utf8_escape(struct span s, FILE *to)
{
	while (s.len) {
		bool plain;
		size_t n = utf8_run(s, &plain);

		if (plain)
			fwrite(s.p, 1, n, to);
		else
			fprintf(to, "\\x%02x", octet(s, 0));
		s = span_from(s, n);
	}
}
