/* aggregate_encoding: UTF-16, and encodings of 8 bits. */
/* SPDX-License-Identifier: ISC */

#include <endian.h>
#include <iconv.h>

#include "report/aggregate_internal.h"

size_t
aggregate_utf8(uint32_t c, char out[static 4])
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i > 1; i--, c >>= 6)
		out[i - 1] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(first[n == 1 ? 0 : n] | c);
	return n;
}

/* A byte order mark, or the "<" that all XML begins with (XML 1.0 F.1). */
struct aggregate_wide
aggregate_wide_of(const char *first, size_t n)
{
	struct span s = {first, n};
	bool big = span_eq(s, SPAN("\xfe\xff")) || span_eq(s, SPAN("\0<"));
	bool little = span_eq(s, SPAN("\xff\xfe")) || span_eq(s, SPAN("<\0"));

	return (struct aggregate_wide){
	    .is_wide = big || little, .is_big_endian = big};
}

/* Adds a unit of 16 bits (RFC 2781 2.2). */
static size_t
add_unit(struct aggregate_wide *w, uint32_t unit, char *out)
{
	bool is_high = unit >= 0xd800 && unit < 0xdc00;
	bool is_low = unit >= 0xdc00 && unit < 0xe000;
	size_t n = 0;

	if (w->high && is_low) {
		uint32_t c =
		    0x10000 + ((w->high - 0xd800) << 10) + (unit - 0xdc00);

		w->high = 0;
		return aggregate_utf8(c, out);
	}
	if (w->high)
		n = aggregate_utf8(0xfffd, out);
	w->high = is_high ? unit : 0;
	if (!is_high)
		n += aggregate_utf8(is_low ? 0xfffd : unit, out + n);
	return n;
}

size_t
aggregate_wide_utf8(
    struct aggregate_wide *w, const char *p, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned octet = (unsigned char)p[i];

		w->has_half = !w->has_half;
		if (w->has_half)
			w->half = (unsigned char)octet;
		else
			len += add_unit(w,
			    w->is_big_endian ? w->half << 8 | octet
					     : octet << 8 | w->half,
			    out + len);
	}
	return len;
}

/* The encodings that mail has had. iconv() knows some in which one octet begins
 * several characters. */
static bool
is_one_of_8_bits(struct span name)
{
	return span_casestarts(name, SPAN("iso-8859-")) ||
	    span_casestarts(name, SPAN("windows-125"));
}

bool
aggregate_charset(const char *name, int map[static 256])
{
	iconv_t to_utf32;

	if (!is_one_of_8_bits(span_of(name)))
		return false;
	to_utf32 = iconv_open("UTF-32LE", name);
	if (to_utf32 == (iconv_t)-1)
		return false;
	for (int i = 0; i < 256; i++) {
		char octet = (char)i, *in = &octet;
		uint32_t c = 0;
		char *out = (char *)&c;
		size_t nin = 1, nout = sizeof(c);

		iconv(to_utf32, NULL, NULL, NULL, NULL);
		map[i] = -1;
		if (iconv(to_utf32, &in, &nin, &out, &nout) != (size_t)-1 &&
		    !nout)
			map[i] = (int)le32toh(c);
	}
	iconv_close(to_utf32);
	return true;
}
