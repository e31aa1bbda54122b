/* base64: decode and encode (RFC 4648 4). */
/* SPDX-License-Identifier: ISC */

#include "base/base64.h"

#include <string.h>

#include "base/ascii.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* So many values, from n on. */
#define TWO(n) (n), (n) + 1
#define SIX(n) TWO(n), TWO((n) + 2), TWO((n) + 4)
#define TEN(n) SIX(n), TWO((n) + 6), TWO((n) + 8)

/* The values of the base64 characters, each plus one; 0: another octet. */
static const signed char values[256] = {
    ['A'] = TEN(1),
    TEN(11),
    SIX(21), /* to Z */
    ['a'] = TEN(27),
    TEN(37),
    SIX(47),         /* to z */
    ['0'] = TEN(53), /* to 9 */
    ['+'] = 63,
    ['/'] = 64,
};

/* The value of a base64 character, or -1. */
static int
value_of(char c)
{
	return values[(unsigned char)c] - 1;
}

/* Decodes whole quanta of base64 characters until there is another octet, such
 * as white space or padding. Returns how many octets of text it took. A key or
 * a signature has some 350: one by one they took a tenth of a verification. */
static size_t
decode_quanta(struct span text, struct buf *b)
{
	char *to = buf_room(b, text.len / 4 * 3);
	size_t i = 0;

	for (; text.len - i >= 4; i += 4) {
		int v0 = value_of(text.p[i]), v1 = value_of(text.p[i + 1]);
		int v2 = value_of(text.p[i + 2]), v3 = value_of(text.p[i + 3]);

		if ((v0 | v1 | v2 | v3) < 0)
			break;
		*to++ = (char)(v0 << 2 | v1 >> 4);
		*to++ = (char)((v1 & 15) << 4 | v2 >> 2);
		*to++ = (char)((v2 & 3) << 6 | v3);
	}
	b->len += i / 4 * 3;
	return i;
}

/* What has been read of a text that is not in whole quanta. */
struct decoder {
	struct buf b;
	uint32_t bits;
	unsigned have; /* bits not yet written: 0, 2, 4 or 6 */
	unsigned chars, pad;
};

/* Takes one octet; false if it may not be there. */
static bool
take_octet(struct decoder *d, char c)
{
	int v = value_of(c);

	if (ascii_is_space(c))
		return true;
	if (c == '=') {
		d->pad++;
		return true;
	}
	if (v < 0 || d->pad)
		return false;
	d->chars++;
	d->bits = (d->bits << 6 | (uint32_t)v) & 0xffffff;
	d->have += 6;
	if (d->have >= 8) {
		d->have -= 8;
		buf_char(&d->b, (char)(d->bits >> d->have & 0xff));
	}
	return true;
}

/* May the text end here: no bits are left, and padding, if any, is right? */
static bool
may_end(const struct decoder *d)
{
	return d->chars % 4 != 1 && !(d->bits & ((1u << d->have) - 1)) &&
	    (!d->pad || (d->chars + d->pad) % 4 == 0) && d->pad <= 2;
}

bool
base64_decode(struct span text, struct arena *a, struct span *octets)
{
	struct decoder d = {.b = BUF(a)};

	buf_room(&d.b, text.len * 3 / 4 + 1);
	for (size_t i = 0; i < text.len; i++) {
		if (!d.have && !d.pad)
			i += decode_quanta(span_from(text, i), &d.b);
		if (i < text.len && !take_octet(&d, text.p[i]))
			return false;
	}
	if (!may_end(&d))
		return false;
	*octets = buf_span(&d.b);
	return true;
}

struct span
base64_encode(struct span octets, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < octets.len; i += 3) {
		unsigned char in[3] = {0};
		size_t n = octets.len - i < 3 ? octets.len - i : 3;

		memcpy(in, octets.p + i, n);
		buf_char(&b, alphabet[in[0] >> 2]);
		buf_char(&b, alphabet[(in[0] & 3) << 4 | in[1] >> 4]);
		buf_char(
		    &b, n > 1 ? alphabet[(in[1] & 15) << 2 | in[2] >> 6] : '=');
		buf_char(&b, n > 2 ? alphabet[in[2] & 63] : '=');
	}
	return buf_span(&b);
}
