/* encodedword: decode encoded-words (RFC 2047 2). */
/* SPDX-License-Identifier: ISC */

#include "mail/encodedword.h"

#include <string.h>

#include "base/ascii.h"

/* RFC 2047 4.2 */
static void
decode_q(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? ascii_hex_value(s.p[i + 1]) : -1;
		int low = high < 0 ? -1 : ascii_hex_value(s.p[i + 2]);

		if (s.p[i] == '=' && low >= 0) {
			buf_char(b, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_char(b, s.p[i] == '_' ? ' ' : s.p[i]);
		}
	}
}

/* RFC 2047 4.1 as many readers decode it: octets that are not base64 are
 * skipped, and the odd bits of an incomplete group are dropped. At padding some
 * readers stop and some continue: a blank is put there if digits follow. */
static void
decode_b(struct buf *b, struct span s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, n = 0, pads = 0;
	bool padded = false;

	for (size_t i = 0; i < s.len; i++) {
		const char *digit = s.p[i] ? strchr(digits, s.p[i]) : NULL;

		if (digit) {
			if (padded)
				buf_char(b, ' ');
			padded = false;
			pads = 0;
			bits = (bits << 6 | (unsigned)(digit - digits)) & 0xfff;
			n = (n + 1) % 4;
			if (n != 1) /* the second to fourth end an octet */
				buf_char(b, (char)(bits >> (4 - n) % 4 * 2));
		} else if (s.p[i] == '=' && n >= 2 && n + ++pads >= 4) {
			padded = true;
			n = 0;
		}
	}
}

bool
encodedword_cut(struct span *s, struct buf *b)
{
	struct span rest = *s, encoding, text;
	bool is_b;

	if (!span_starts(rest, SPAN("=?")))
		return false;
	rest = span_from(rest, 2);
	span_cut(&rest, '?');
	encoding = span_cut(&rest, '?');
	text = span_cut(&rest, '?');
	is_b = span_caseeq(encoding, SPAN("b"));
	if (!rest.p || !span_starts(rest, SPAN("=")) ||
	    (!is_b && !span_caseeq(encoding, SPAN("q"))))
		return false;
	if (b)
		(is_b ? decode_b : decode_q)(b, text);
	*s = span_from(rest, 1);
	return true;
}

struct span
encodedword_decode(struct span s, bool apart, struct arena *a)
{
	struct buf b = BUF(a);

	while (s.len) {
		if (!encodedword_cut(&s, &b)) {
			buf_char(&b, *s.p);
			s = span_from(s, 1);
		} else if (apart) {
			buf_char(&b, ' ');
		} else if (span_starts(
			       span_from(s, span_run(s, ascii_is_space)),
			       SPAN("=?"))) {
			s = span_from(s, span_run(s, ascii_is_space));
		}
	}
	return buf_span(&b);
}
