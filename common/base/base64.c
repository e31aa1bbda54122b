/* base64: decode and encode (RFC 4648 4). */
/* SPDX-License-Identifier: ISC */

#include "base/base64.h"

#include <string.h>

#include "base/ascii.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a base64 character, or -1. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
base64_decode(struct span text, struct arena *a, struct span *octets)
{
	struct buf b = BUF(a);
	uint32_t bits = 0;
	unsigned have = 0; /* bits not yet written: 0, 2, 4 or 6 */
	unsigned chars = 0, pad = 0;

	buf_room(&b, text.len * 3 / 4 + 1);
	for (size_t i = 0; i < text.len; i++) {
		int v = value_of(text.p[i]);

		if (ascii_is_space(text.p[i]))
			continue;
		if (text.p[i] == '=') {
			pad++;
			continue;
		}
		if (v < 0 || pad)
			return false;
		chars++;
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_char(&b, (char)(bits >> have & 0xff));
		}
	}
	if (chars % 4 == 1 || (bits & ((1u << have) - 1)) ||
	    (pad && (chars + pad) % 4) || pad > 2)
		return false;
	*octets = buf_span(&b);
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
