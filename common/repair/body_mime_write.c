/* body_mime_write: a content as it was before it was encoded or decoded. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "repair/body_mime_internal.h"

static bool
ends_line(struct span s)
{
	return s.len && s.p[s.len - 1] == '\n';
}

/* Writes text as it is, or with its last line end removed or added. */
static void
put_toggled(struct span text, bool toggle, struct span eol, struct buf *out)
{
	bool is_ended = ends_line(text);

	if (toggle && is_ended)
		text = field_chomp(text);
	field_put_lines(out, text, eol);
	if (toggle && !is_ended)
		buf_add(out, eol);
}

/* Has s octets that no text has: NUL, or a CR that does not end a line? */
static bool
is_binary(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!s.p[i] ||
		    (s.p[i] == '\r' && (i + 1 == s.len || s.p[i + 1] != '\n')))
			return true;
	return false;
}

static bool
decoded(enum mime_encoding encoding, struct span content, struct buf *out,
    struct span *text)
{
	return body_mime_decode(encoding, content, out->arena, text) &&
	    text->len && !is_binary(*text);
}

/* Octets that no text has may have been added before it was encoded. */
bool
body_mime_write_unquoted(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	(void)way;
	return body_mime_decode_quoted(content, out);
}

/* Has s nothing but base64, in lines? */
static bool
is_base64(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && !ascii_is_space(s.p[i]) &&
		    s.p[i] != '+' && s.p[i] != '/' && s.p[i] != '=')
			return false;
	return s.len;
}

/* Returns how many octets are before the first line that is not base64. */
static size_t
base64_length(struct span s)
{
	struct span rest = s, before = s;

	while (rest.len && is_base64(field_cut_line(&rest)))
		before = rest;
	return s.len - before.len;
}

/* Text that follows base64 in a body, such as a footer, is left as it is: where
 * the body ends before it, that is found. */
bool
body_mime_write_unbase64(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	size_t n = way->is_root ? base64_length(content) : content.len;
	struct span text;

	if (!decoded(MIME_BASE64, span_upto(content, n), out, &text))
		return false;
	put_toggled(text, way->number, way->eol, out);
	if (n < content.len && !ends_line(buf_span(out)))
		buf_add(out, way->eol);
	buf_add(out, span_from(content, n));
	return true;
}

/* Returns what quoted-printable may need at most. */
static size_t
quoted_length(struct span s)
{
	size_t n = s.len + s.len / 16;

	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]))
			n += s.p[i] == '\n' ? 4 : 2;
	return n;
}

bool
body_mime_write_quoted(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	const struct body_mime_style *style = &body_mime_styles[way->number];

	if (is_binary(content) || quoted_length(content) > way->room)
		return false;
	body_mime_encode_quoted(style, content, way->eol, out);
	return true;
}

bool
body_mime_write_base64_as_quoted(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	struct body_mime_way style = *way;
	struct buf lines = BUF(out->arena);
	struct span text;

	if (!decoded(MIME_BASE64, content, out, &text))
		return false;
	style.number = way->number % BODY_MIME_STYLES;
	put_toggled(text, way->number >= BODY_MIME_STYLES, way->eol, &lines);
	return body_mime_write_quoted(buf_span(&lines), &style, out);
}

bool
body_mime_write_requoted(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	struct span text;

	return decoded(MIME_QUOTED_PRINTABLE, content, out, &text) &&
	    body_mime_write_quoted(text, way, out);
}

/* Ways of base64: widths, each with these ends. */
#define ENDS         8
#define WITH_LF      1 /* the text has LF, not CRLF */
#define WITHOUT_LAST 2 /* its last line end was removed, or added */
#define WITH_NEXT    4 /* a line end follows it */

/* The likeliest first. */
static const unsigned ends_in_order[ENDS] = {0, WITH_LF | WITH_NEXT, WITH_NEXT,
    WITH_LF, WITHOUT_LAST, WITHOUT_LAST | WITH_LF,
    WITHOUT_LAST | WITH_LF | WITH_NEXT, WITHOUT_LAST | WITH_NEXT};

bool
body_mime_write_base64(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	size_t width = body_mime_widths[way->number / ENDS];
	unsigned ends = ends_in_order[way->number % ENDS];
	struct buf text = BUF(out->arena);

	if (!content.len || is_binary(content))
		return false;
	buf_room(&text, content.len + 2);
	put_toggled(content, ends & WITHOUT_LAST,
	    ends & WITH_LF ? SPAN("\n") : SPAN("\r\n"), &text);
	body_mime_encode_base64(buf_span(&text), width, way->eol, out);
	if (way->is_root != !!(ends & WITH_NEXT))
		buf_add(out, way->eol);
	return !way->is_root || !(ends & WITH_NEXT);
}

bool
body_mime_write_quoted_as_base64(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	struct span text;

	return decoded(MIME_QUOTED_PRINTABLE, content, out, &text) &&
	    body_mime_write_base64(text, way, out);
}

static struct span
line_ends_of(struct span s)
{
	size_t n = s.len;

	while (n && (s.p[n - 1] == '\n' || s.p[n - 1] == '\r'))
		n--;
	return span_from(s, n);
}

/* Of each width, the line ends after it are as they are, none, and one. */
bool
body_mime_write_rewrapped(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	size_t width = body_mime_widths[way->number / 3], column = 0;

	if (!is_base64(content))
		return false;
	for (size_t i = 0; i < content.len; i++) {
		if (ascii_is_space(content.p[i]))
			continue;
		if (width && column == width)
			buf_add(out, way->eol);
		column = column == width ? 1 : column + 1;
		buf_char(out, content.p[i]);
	}
	if (way->number % 3 == 0)
		buf_add(out, line_ends_of(content));
	else if (way->number % 3 == 2)
		buf_add(out, way->eol);
	return true;
}

bool
body_mime_write_hex(
    struct span content, const struct body_mime_way *way, struct buf *out)
{
	char (*digit)(char) = way->number ? ascii_lower : ascii_upper;

	while (content.len) {
		size_t n = body_mime_escape(content) < 0 ? 1 : 3;

		for (size_t i = 0; i < n; i++)
			buf_char(
			    out, n == 3 ? digit(content.p[i]) : content.p[i]);
		content = span_from(content, n);
	}
	return true;
}
