/* body_mime_window: the first or last octets of a text, encoded or not. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "repair/body_mime_internal.h"

/* Octets of a window. A disclaimer is shorter. */
#define WINDOW ((size_t)64 << 10)

/* The lengths of lines of encoded text (RFC 2045 6.7 (5), 6.8). */
#define WIDTH 76

/*
 * Windows.
 */

/* Is the line before an offset of quoted-printable continued? */
static bool
is_soft(struct span s, size_t at)
{
	struct span before = field_chomp(span_upto(s, at));

	return before.len && before.p[before.len - 1] == '=';
}

/* Returns the first line that begins at an offset or after it and continues no
 * other one. */
static size_t
line_from(struct span s, size_t at, enum mime_encoding encoding)
{
	while (at && at < s.len &&
	    (s.p[at - 1] != '\n' ||
		(encoding == MIME_QUOTED_PRINTABLE && is_soft(s, at))))
		at++;
	return at;
}

/* Returns the length of the soft line break at the start of a text, or 0. */
static size_t
soft_length(struct span s)
{
	return span_starts(s, SPAN("=\n"))  ? 2
	    : span_starts(s, SPAN("=\r\n")) ? 3
					    : 0;
}

/* Decodes quoted-printable, with the place of each octet. */
static bool
map_quoted(struct body_mime_window *w, struct arena *a)
{
	char *text = ARENA_ARRAY(a, char, w->raw.len + 1);
	size_t n = 0, i = 0;

	w->places = ARENA_ARRAY(a, uint32_t, w->raw.len + 1);
	while (i < w->raw.len) {
		struct span rest = span_from(w->raw, i);
		int octet = body_mime_escape(rest);
		size_t soft = soft_length(rest);

		i += soft;
		if (soft)
			continue;
		if (octet < 0 && rest.p[0] == '=')
			return false;
		w->places[n] = (uint32_t)i;
		text[n++] = octet < 0 ? rest.p[0] : (char)octet;
		i += octet < 0 ? 1 : 3;
	}
	w->places[n] = (uint32_t)i;
	w->text = (struct span){text, n};
	return true;
}

/* Sets width and line end by the first line. */
static bool
measure(struct body_mime_window *w, struct span content)
{
	struct span rest = content, line = field_cut_line(&rest);
	struct span digits = field_chomp(line);

	w->eol = span_from(line, digits.len);
	w->width = digits.len;
	if (!span_trim(rest).len)
		w->width = digits.len > WIDTH ? 0 : WIDTH;
	if (!w->eol.len)
		w->eol = SPAN("\r\n");
	return w->width % 4 == 0;
}

/* The last lines of base64 that has lines of one length. */
static bool
open_base64(struct body_mime_window *w, struct span content, struct arena *a)
{
	size_t stride, from = 0;

	if (!measure(w, content))
		return false;
	stride = w->width + w->eol.len;
	if (content.len > WINDOW) {
		if (!w->width)
			return false;
		from = (content.len - WINDOW) / stride * stride;
	}
	w->raw = span_from(content, from);
	w->at += from;
	for (size_t i = stride; w->width && i < w->raw.len; i += stride)
		if (w->raw.p[i - 1] != '\n' &&
		    span_trim(span_from(w->raw, i)).len)
			return false;
	return body_mime_decode(MIME_BASE64, w->raw, a, &w->text);
}

bool
body_mime_open(const struct body *b, const struct body_part *part, bool last,
    struct arena *a, struct body_mime_window *w)
{
	struct span content = body_mime_content(b, part);
	size_t from = 0;

	*w = (struct body_mime_window){
	    .encoding = part->encoding, .at = part->begin};
	if (part->encoding == MIME_BASE64)
		return (last || content.len <= WINDOW) &&
		    open_base64(w, content, a);
	if (last && content.len > WINDOW)
		from = line_from(content, content.len - WINDOW, part->encoding);
	w->raw = span_from(content, from);
	w->at += from;
	if (!last && w->raw.len > WINDOW)
		w->raw.len = WINDOW;
	while (!last && w->raw.len < content.len && w->raw.len &&
	    w->raw.p[w->raw.len - 1] != '\n')
		w->raw.len--;
	w->text = w->raw;
	if (part->encoding == MIME_QUOTED_PRINTABLE)
		return map_quoted(w, a);
	return part->encoding == MIME_IDENTITY;
}

/*
 * Removal.
 */

/* Adds quoted-printable without its soft line breaks. */
static void
add_unbroken(struct span s, struct buf *out)
{
	while (s.len) {
		struct span line = field_cut_line(&s), text = field_chomp(line);

		if (text.len && text.p[text.len - 1] == '=')
			text.len--;
		buf_add(out, text);
	}
}

/* Breaks a line of quoted-printable, and not in an escape. */
static struct span
broken(struct span s, struct span eol, struct arena *a)
{
	struct buf out = BUF(a);

	while (s.len > WIDTH) {
		size_t n = WIDTH - 1;

		if (s.p[n - 1] == '=')
			n--;
		else if (s.p[n - 2] == '=')
			n -= 2;
		buf_add(&out, span_upto(s, n));
		buf_char(&out, '=');
		buf_add(&out, eol);
		s = span_from(s, n);
	}
	buf_add(&out, s);
	return buf_span(&out);
}

/* The end of the line at an offset, with all that continue it, without its line
 * end; *lines tells how many there are. */
static size_t
line_end(struct span raw, size_t at, size_t *lines)
{
	struct span rest = span_from(raw, at), line;

	*lines = 0;
	do {
		line = field_cut_line(&rest);
		++*lines;
	} while (rest.len && is_soft(line, line.len));
	return (size_t)(line.p - raw.p) + field_chomp(line).len;
}

/* Lines that become longer, or were broken after what is removed, are broken
 * anew. */
static struct edit
remove_quoted(
    const struct body_mime_window *w, size_t from, size_t to, struct arena *a)
{
	struct span raw = w->raw;
	size_t start = w->places[from], next = w->places[to], lines;
	size_t line = span_find_last(span_upto(raw, start), '\n');
	size_t end = line_end(raw, next, &lines);
	struct buf joined = BUF(a);
	size_t lf = span_find(raw, '\n');
	struct span eol = lf && lf < raw.len && raw.p[lf - 1] == '\r'
	    ? SPAN("\r\n")
	    : SPAN("\n");

	line = line < start ? line + 1 : 0;
	if (next == raw.len ||
	    (lines == 1 && start - line + end - next <= WIDTH))
		return (struct edit){w->at + start, next - start, SPAN("")};
	add_unbroken(span_between(raw.p + line, raw.p + start), &joined);
	add_unbroken(span_between(raw.p + next, raw.p + end), &joined);
	return (struct edit){
	    w->at + line, end - line, broken(buf_span(&joined), eol, a)};
}

/* The rest after the first line that changes is encoded anew. */
static struct edit
remove_base64(
    const struct body_mime_window *w, size_t from, size_t to, struct arena *a)
{
	size_t octets = w->width / 4 * 3;
	size_t lines = octets ? from / octets : 0;
	size_t at = lines * (w->width + w->eol.len), end = w->raw.len;
	struct span kept = span_upto(w->text, from);
	struct span text = ARENA_JOIN(
	    a, span_from(kept, lines * octets), span_from(w->text, to));
	struct buf out = BUF(a);

	if (at > end)
		at = end;
	while (end > at && ascii_is_space(w->raw.p[end - 1]))
		end--;
	body_mime_encode_base64(text, w->width, w->eol, &out);
	return (struct edit){w->at + at, end - at, buf_span(&out)};
}

struct edit
body_mime_remove(
    const struct body_mime_window *w, size_t from, size_t to, struct arena *a)
{
	if (w->encoding == MIME_QUOTED_PRINTABLE)
		return remove_quoted(w, from, to, a);
	if (w->encoding == MIME_BASE64)
		return remove_base64(w, from, to, a);
	return (struct edit){w->at + from, to - from, SPAN("")};
}
