/* fixture_body_mime: encodings and multiparts for tests of repairs of MIME. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_BODY_MIME_H
#define FIXTURE_BODY_MIME_H

#include "fixture_body_propose.h"

#include "base/buf.h"

/* base64 in lines, with a line end after each; 0 is a single line. */
static inline struct span
in_base64(struct span s, size_t width, struct arena *a)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				  "nopqrstuvwxyz0123456789+/";
	struct buf out = BUF(a);
	size_t column = 0;

	for (size_t bit = 0; bit < s.len * 8; bit += 6) {
		unsigned v = 0;

		for (size_t k = bit; k < bit + 6; k++)
			v = v << 1 |
			    (k < s.len * 8 &&
				((unsigned char)s.p[k / 8] >> (7 - k % 8) & 1));
		if (width && column == width) {
			buf_char(&out, '\n');
			column = 0;
		}
		buf_char(&out, set[v]);
		column++;
	}
	for (; column % 4; column++)
		buf_char(&out, '=');
	buf_char(&out, '\n');
	return buf_span(&out);
}

/* quoted-printable in lines of at most width octets; lower: hex digits. */
static inline struct span
in_quoted(struct span s, size_t width, bool lower, struct arena *a)
{
	struct buf out = BUF(a);
	size_t column = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char code[4] = {(char)c, 0};
		size_t left = 0;

		if (c == '\n') {
			buf_char(&out, '\n');
			column = 0;
			continue;
		}
		if (c < 32 || c == '=' || c > 126 ||
		    (c == ' ' && i + 1 < s.len && s.p[i + 1] == '\n'))
			snprintf(
			    code, sizeof(code), lower ? "=%02x" : "=%02X", c);
		for (size_t k = i; k < s.len && s.p[k] != '\n'; k++)
			left += (unsigned char)s.p[k] > 126 || s.p[k] == '=' ||
				s.p[k] < 32
			    ? 3
			    : 1;
		if (column + strlen(code) > width - 1 &&
		    column + left > width) {
			buf_str(&out, "=\n");
			column = 0;
		}
		buf_str(&out, code);
		column += strlen(code);
	}
	return buf_span(&out);
}

/* All LF become CRLF. */
static inline struct span
with_crlf(struct span s, struct arena *a)
{
	struct buf out = BUF(a);

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\n')
			buf_char(&out, '\r');
		buf_char(&out, s.p[i]);
	}
	return buf_span(&out);
}

#define ALTERNATIVE \
	SPAN("Content-Type: multipart/alternative; boundary=\"BB\"\n")

/* A multipart of plain text and HTML: fields, with line ends, and contents,
 * whose last line ends stay before the delimiters' own. */
static inline struct span
alternative(struct span plain_fields, struct span plain,
    struct span html_fields, struct span html, struct arena *a)
{
	return ARENA_JOIN(a, SPAN("--BB\n"), plain_fields, SPAN("\n"), plain,
	    SPAN("\n--BB\n"), html_fields, SPAN("\n"), html,
	    SPAN("\n--BB--\n"));
}

/* Is an alteration undone, with either line end? Returns the proposal. */
static inline const struct body_proposal *
mime_undone(const char *id, struct span fields, struct span altered,
    struct span original, struct arena *a)
{
	undone(body_mime_repairs, id, with_crlf(fields, a),
	    with_crlf(altered, a), with_crlf(original, a), a);
	return undone(body_mime_repairs, id, fields, altered, original, a);
}

#endif
