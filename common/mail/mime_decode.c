/* mime_decode: the octets of an encoded body (RFC 2045 6.7, 6.8). */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/ascii.h"
#include "mail/mime_internal.h"

#define CHUNK 4096 /* octets that are decoded before they are passed on */

enum escape {
	NO_ESCAPE,
	ESCAPE_BEGUN, /* by a "=" */
	ESCAPE_DIGIT, /* and a digit */
	ESCAPE_BLANK, /* and blanks or CR */
};

/* Octets that were decoded. */
struct decoded {
	size_t len;
	char octets[CHUNK + LIMIT_LINE + 8]; /* and what was held */
};

void
mime_decoder_begin(
    struct mime_decoder *d, enum mime_encoding encoding, struct sink *to)
{
	d->encoding = encoding;
	d->to = to;
	d->damage = MIME_SOUND;
	d->damage_at = 0;
	d->bits = d->digits = d->pads = 0;
	d->padded = false;
	d->escape = NO_ESCAPE;
	d->nheld = 0;
}

/* A cut counts, else the first damage. */
static void
damaged(struct mime_decoder *d, enum mime_damage damage, uint64_t at)
{
	if (d->damage != MIME_SOUND && damage != MIME_CUT)
		return;
	d->damage = damage;
	d->damage_at = at;
}

/*
 * base64.
 */

#define DIGIT 0x40 /* set in what is a digit; the bits below are its value */
#define SPACE 1
#define PAD   2

/* RFC 2045 table 1. All other octets are 0. */
static const unsigned char classes[256] = {
    ['\t'] = SPACE,
    ['\n'] = SPACE,
    ['\r'] = SPACE,
    [' '] = SPACE,
    ['='] = PAD,
    ['A'] = 0x40,
    0x41,
    0x42,
    0x43,
    0x44,
    0x45,
    0x46,
    0x47,
    0x48,
    0x49,
    0x4a,
    0x4b,
    0x4c,
    0x4d,
    0x4e,
    0x4f,
    0x50,
    0x51,
    0x52,
    0x53,
    0x54,
    0x55,
    0x56,
    0x57,
    0x58,
    0x59,
    ['a'] = 0x5a,
    0x5b,
    0x5c,
    0x5d,
    0x5e,
    0x5f,
    0x60,
    0x61,
    0x62,
    0x63,
    0x64,
    0x65,
    0x66,
    0x67,
    0x68,
    0x69,
    0x6a,
    0x6b,
    0x6c,
    0x6d,
    0x6e,
    0x6f,
    0x70,
    0x71,
    0x72,
    0x73,
    ['0'] = 0x74,
    0x75,
    0x76,
    0x77,
    0x78,
    0x79,
    0x7a,
    0x7b,
    0x7c,
    0x7d,
    ['+'] = 0x7e,
    ['/'] = 0x7f,
};

/* Decodes whole quanta up to an octet that is not a digit, and returns their
 * length. */
static size_t
put_quanta(const unsigned char *p, size_t n, struct decoded *out)
{
	const unsigned char *from = p, *end = p + (n & ~(size_t)3);
	char *to = out->octets + out->len;

	for (; p < end; p += 4, to += 3) {
		unsigned a = classes[p[0]], b = classes[p[1]];
		unsigned c = classes[p[2]], d = classes[p[3]];

		if (!(a & b & c & d & DIGIT))
			break;
		to[0] = (char)(a << 2 | (b & 0x30) >> 4);
		to[1] = (char)(b << 4 | (c & 0x3c) >> 2);
		to[2] = (char)(c << 6 | (d & 0x3f));
	}
	out->len = (size_t)(to - out->octets);
	return (size_t)(p - from);
}

/* Takes an octet that put_quanta() does not: of a quantum that is in pieces or
 * has other octets in it, or after the last one. */
static void
put_digit(
    struct mime_decoder *d, struct decoded *out, unsigned class, uint64_t at)
{
	if (class == SPACE)
		return;
	if (d->padded) {
		damaged(d, MIME_AFTER, at);
		return;
	}
	if (class == PAD && d->digits >= 2) {
		d->padded = d->digits + ++d->pads == 4;
		return;
	}
	if (!(class & DIGIT) || d->pads)
		damaged(d, MIME_STRAY, at);
	d->pads = 0;
	if (!(class & DIGIT))
		return;
	d->bits = d->bits << 6 | (class & 0x3f);
	d->digits = (d->digits + 1) % 4;
	if (d->digits != 1) /* the second to fourth end an octet */
		out->octets[out->len++] =
		    (char)(d->bits >> (4 - d->digits) % 4 * 2);
}

static void
put_base64(
    struct mime_decoder *d, struct span s, uint64_t at, struct decoded *out)
{
	const void *octets = s.p;
	const unsigned char *p = octets;

	for (size_t i = 0; i < s.len; i++) {
		if (!d->digits && !d->padded)
			i += put_quanta(p + i, s.len - i, out);
		if (i < s.len)
			put_digit(d, out, classes[p[i]], at + i);
	}
}

/*
 * quoted-printable.
 */

static void
put_held(struct mime_decoder *d, struct decoded *out)
{
	memcpy(out->octets + out->len, d->held, d->nheld);
	out->len += d->nheld;
	d->nheld = 0;
}

static void
put_octet(struct decoded *out, char c)
{
	out->octets[out->len++] = c;
}

/* Holds a blank or CR. Of more than LIMIT_LINE, which no line may have, the
 * first ones are not the end of a line. */
static void
hold(struct mime_decoder *d, char c, struct decoded *out)
{
	if (d->nheld == LIMIT_LINE)
		put_held(d, out);
	d->held[d->nheld++] = c;
}

/* Takes an octet that is not of an escape. Blanks at the end of a line were
 * added on the way and are dropped: RFC 2045 6.7 (3). */
static void
put_plain(struct mime_decoder *d, char c, uint64_t at, struct decoded *out)
{
	bool cr = d->nheld && d->held[d->nheld - 1] == '\r';

	if (c == '\n') {
		d->nheld = 0;
		if (cr)
			put_octet(out, '\r');
	} else if (cr || !ascii_is_space(c)) {
		put_held(d, out);
	}
	if (c == '=') {
		d->escape = ESCAPE_BEGUN;
		d->escape_at = at;
	} else if (c == '\n' || !ascii_is_space(c)) {
		put_octet(out, c);
	} else {
		hold(d, c, out);
	}
}

/* Passes the octets of a malformed escape as they are (RFC 2045 6.7, at the
 * end). */
static void
end_escape(struct mime_decoder *d, enum mime_damage damage, struct decoded *out)
{
	damaged(d, damage, d->escape_at);
	put_octet(out, '=');
	if (d->escape == ESCAPE_DIGIT)
		put_octet(out, d->digit);
	d->escape = NO_ESCAPE;
}

/* Takes the next octet of an escape, and returns whether it was one. A "=" at
 * the end of a line is a soft line break, also with blanks after it. */
static bool
put_escape(struct mime_decoder *d, char c, struct decoded *out)
{
	if (d->escape == ESCAPE_DIGIT && ascii_hex_value(c) >= 0) {
		put_octet(out,
		    (char)(ascii_hex_value(d->digit) * 16 +
			ascii_hex_value(c)));
		d->escape = NO_ESCAPE;
	} else if (d->escape != ESCAPE_DIGIT && c == '\n') {
		d->nheld = 0;
		d->escape = NO_ESCAPE;
	} else if (d->escape != ESCAPE_DIGIT && ascii_is_space(c) &&
	    d->nheld < LIMIT_LINE) {
		d->held[d->nheld++] = c;
		d->escape = ESCAPE_BLANK;
	} else if (d->escape == ESCAPE_BEGUN && ascii_hex_value(c) >= 0) {
		d->digit = c;
		d->escape = ESCAPE_DIGIT;
	} else {
		return false;
	}
	return true;
}

static void
put_quoted(
    struct mime_decoder *d, struct span s, uint64_t at, struct decoded *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (d->escape != NO_ESCAPE) {
			if (put_escape(d, s.p[i], out))
				continue;
			end_escape(d, MIME_STRAY, out);
		}
		put_plain(d, s.p[i], at + i, out);
	}
}

/*
 * Either.
 */

void
mime_decoder_put(struct mime_decoder *d, struct span octets, uint64_t at)
{
	struct decoded out;

	if (!d->to)
		return;
	if (d->encoding != MIME_BASE64 &&
	    d->encoding != MIME_QUOTED_PRINTABLE) {
		sink_put(d->to, octets);
		return;
	}
	while (octets.len) {
		size_t n = octets.len < CHUNK ? octets.len : CHUNK;

		out.len = 0;
		(d->encoding == MIME_BASE64 ? put_base64 : put_quoted)(
		    d, span_upto(octets, n), at, &out);
		sink_put(d->to, (struct span){out.octets, out.len});
		octets = span_from(octets, n);
		at += n;
	}
}

void
mime_decoder_end(struct mime_decoder *d, uint64_t at)
{
	struct decoded out;

	if (!d->to)
		return;
	out.len = 0;
	if (d->digits && !d->padded)
		damaged(d, MIME_CUT, at);
	if (d->escape == ESCAPE_DIGIT)
		end_escape(d, MIME_CUT, &out);
	if (d->nheld && d->escape == NO_ESCAPE && d->held[d->nheld - 1] == '\r')
		put_held(d, &out);
	sink_put(d->to, (struct span){out.octets, out.len});
	sink_end(d->to);
	d->to = NULL;
}
