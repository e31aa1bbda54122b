/* body_mime_codec: quoted-printable and base64, as software writes them. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/base64.h"
#include "repair/body_mime_internal.h"

#define EBCDIC "!\"#$@[\\]^`{|}~" /* RFC 2045 6.7 (4), 6.8 advice */

const struct body_mime_style body_mime_styles[BODY_MIME_STYLES] = {
    {.width = 76, .soft = true}, /* Python's email.mime, most senders */
    {.width = 76, .breaks = BODY_MIME_STRICT},
    {.width = 76, .breaks = BODY_MIME_NEXT, .dot = true}, /* quopri */
    {.width = 78, .soft = true},              /* Python's EmailMessage */
    {.width = 76, .blanks = true},            /* Perl's MIME::QuotedPrint */
    {.width = 76, .from = true, .dot = true}, /* mutt */
    {.width = 76, .breaks = BODY_MIME_STRICT, .tabs = true}, /* JavaMail */
    {.width = 76, .tabs = true},
    {.width = 73, .breaks = BODY_MIME_EARLY}, /* Postfix */
    {.width = 75},
    {.width = 72},
    {.width = 76, .tabs = true, .others = EBCDIC},
};

const size_t body_mime_widths[BODY_MIME_WIDTHS] = {76, 72, 60, 64, 0};

/*
 * Decoding.
 */

int
body_mime_escape(struct span s)
{
	int high = s.len > 2 ? ascii_hex_value(s.p[1]) : -1;
	int low = high < 0 ? -1 : ascii_hex_value(s.p[2]);

	return s.p[0] == '=' && low >= 0 ? high << 4 | low : -1;
}

/* Returns the text of a line without its end, and without blanks at the end,
 * which are not of the text: RFC 2045 6.7 (3). */
static struct span
quoted_line(struct span line)
{
	struct span text = field_chomp(line);

	return span_upto(text, text.len - span_run_last(text, ascii_is_wsp));
}

static bool
decode_line(struct span line, struct buf *out)
{
	struct span text = quoted_line(line);
	struct span eol = span_from(line, field_chomp(line).len);

	while (text.len) {
		int octet = body_mime_escape(text);

		if (octet < 0 && text.p[0] == '=')
			return text.len == 1; /* a soft line break */
		buf_char(out, octet < 0 ? text.p[0] : (char)octet);
		text = span_from(text, octet < 0 ? 1 : 3);
	}
	buf_add(out, eol);
	return true;
}

bool
body_mime_decode_quoted(struct span s, struct buf *out)
{
	while (s.len)
		if (!decode_line(field_cut_line(&s), out))
			return false;
	return true;
}

bool
body_mime_decode(enum mime_encoding encoding, struct span s, struct arena *a,
    struct span *text)
{
	struct buf out = BUF(a);

	*text = s;
	if (encoding == MIME_BASE64)
		return base64_decode(s, a, text);
	if (encoding != MIME_QUOTED_PRINTABLE)
		return encoding == MIME_IDENTITY;
	buf_room(&out, s.len + 1);
	if (!body_mime_decode_quoted(s, &out))
		return false;
	*text = buf_span(&out);
	return true;
}

/*
 * Encoding.
 */

/* A line to be encoded as quoted-printable. */
struct quoted {
	const struct body_mime_style *style;
	struct span text;
	size_t blanks; /* the offset of those at the end */
};

static bool
is_escaped(const struct quoted *l, size_t i)
{
	const struct body_mime_style *s = l->style;
	char c = l->text.p[i];

	if (c == '\t' && s->tabs)
		return true;
	if (ascii_is_wsp(c))
		return s->blanks ? i >= l->blanks : i + 1 == l->text.len;
	if (c == '=' || c < '!' || c > '~')
		return true;
	if (s->others &&
	    span_find(span_of(s->others), c) < span_of(s->others).len)
		return true;
	if (s->from && !i && span_starts(l->text, SPAN("From ")))
		return true;
	return s->dot && l->text.len == 1 && c == '.';
}

static size_t
encoded_length(const struct quoted *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->text.len; i++)
		n += is_escaped(l, i) ? 3 : 1;
	return n;
}

/* Is there a line break before an octet? The line has so many columns before
 * it; the rest of the text, encoded, is so long. */
static bool
breaks(const struct quoted *l, size_t i, size_t column, size_t rest)
{
	const struct body_mime_style *s = l->style;
	size_t n = is_escaped(l, i) ? 3 : 1;
	bool last = i + 1 == l->text.len;

	switch (s->breaks) {
	case BODY_MIME_REST:
		return column + n > s->width - 1 && column + rest > s->width;
	case BODY_MIME_STRICT:
		return column + n > s->width - 1;
	case BODY_MIME_NEXT:
		if (n == 1 || ascii_is_wsp(l->text.p[i]))
			return !last && column + 1 >= s->width;
		return column + 3 >= s->width;
	case BODY_MIME_EARLY:
		break;
	}
	return column >= s->width;
}

/* Has a blank at the end of a line no room for its escape, so that the style
 * has a soft line break after it instead? */
static bool
is_soft(const struct quoted *l, size_t i, size_t column)
{
	return l->style->soft && i + 1 == l->text.len &&
	    ascii_is_wsp(l->text.p[i]) && column + 2 == l->style->width;
}

static void
put_break(struct span eol, struct buf *out)
{
	buf_char(out, '=');
	buf_add(out, eol);
}

static void
put_octet(unsigned char c, bool escaped, struct buf *out)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_char(out, escaped ? '=' : (char)c);
	if (escaped) {
		buf_char(out, digits[c >> 4]);
		buf_char(out, digits[c & 15]);
	}
}

static void
encode_line(const struct quoted *l, struct span eol, struct buf *out)
{
	size_t column = 0, rest = encoded_length(l);

	for (size_t i = 0; i < l->text.len; i++) {
		bool soft = is_soft(l, i, column);
		bool escaped = !soft && is_escaped(l, i);

		if (!soft && breaks(l, i, column, rest)) {
			put_break(eol, out);
			column = 0;
		}
		put_octet((unsigned char)l->text.p[i], escaped, out);
		if (soft)
			put_break(eol, out);
		column += escaped ? 3 : 1;
		rest -= escaped ? 3 : 1;
	}
}

void
body_mime_encode_quoted(const struct body_mime_style *style, struct span text,
    struct span eol, struct buf *out)
{
	while (text.len) {
		struct span line = field_cut_line(&text);
		struct quoted l = {.style = style, .text = field_chomp(line)};

		l.blanks = l.text.len - span_run_last(l.text, ascii_is_wsp);
		encode_line(&l, eol, out);
		if (l.text.len < line.len)
			buf_add(out, eol);
	}
}

static void
put_quantum(struct span s, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char a = (unsigned char)s.p[0];
	unsigned char b = s.len > 1 ? (unsigned char)s.p[1] : 0;
	unsigned char c = s.len > 2 ? (unsigned char)s.p[2] : 0;

	buf_char(out, digits[a >> 2]);
	buf_char(out, digits[(a & 3) << 4 | b >> 4]);
	buf_char(out, s.len > 1 ? digits[(b & 15) << 2 | c >> 6] : '=');
	buf_char(out, s.len > 2 ? digits[c & 63] : '=');
}

void
body_mime_encode_base64(
    struct span text, size_t width, struct span eol, struct buf *out)
{
	size_t octets = width / 4 * 3;
	size_t lines = octets ? text.len / octets : 0;

	buf_room(out, (text.len / 3 + 1) * 4 + lines * eol.len);
	for (size_t i = 0; i < text.len; i += 3) {
		struct span rest = span_from(text, i);

		if (i && octets && i % octets == 0)
			buf_add(out, eol);
		put_quantum(span_upto(rest, rest.len < 3 ? rest.len : 3), out);
	}
}
