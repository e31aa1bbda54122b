/* body_mime_cut: where a disclaimer may have been put into a text. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "repair/body_mime_internal.h"

/* Lines and elements that are looked at. */
#define LINES    48
#define ELEMENTS 48

static void
add(struct body_mime_cuts *cuts, size_t from, size_t to)
{
	if (from >= to || cuts->n == BODY_MIME_CUTS)
		return;
	for (size_t i = 0; i < cuts->n; i++)
		if (cuts->list[i].from == from && cuts->list[i].to == to)
			return;
	cuts->list[cuts->n].from = from;
	cuts->list[cuts->n++].to = to;
}

/*
 * Plain text.
 */

/* Does a line begin a disclaimer or warning, or is it a rule above one? */
static bool
is_marker(struct span line)
{
	static const char *const words[] = {"disclaimer", "caution", "external",
	    "confidential", "this e-mail", "this email", "this message",
	    "warning", "notice", "unsubscribe", "virus", "you received this",
	    "to unsubscribe", "important"};
	static const char rules[] = "-_=*#~";

	line = span_trim(line);
	if (line.len > 1 && line.p[0] == line.p[1] &&
	    span_find(span_of(rules), line.p[0]) < sizeof(rules) - 1)
		return true;
	line.len = line.len < 80 ? line.len : 80;
	for (size_t i = 0; i < COUNT(words); i++)
		if (span_casecontains(line, span_of(words[i])))
			return true;
	return false;
}

static bool
is_blank(struct span line)
{
	return !span_trim(line).len;
}

/* The line that ends at an offset. */
static struct span
line_before(struct span text, size_t at)
{
	size_t end = field_chomp(span_upto(text, at)).len;
	size_t lf = span_find_last(span_upto(text, end), '\n');

	return span_between(text.p + (lf < end ? lf + 1 : 0), text.p + at);
}

/* The line that begins at an offset, but for empty ones. */
static struct span
line_after(struct span text, size_t at)
{
	struct span rest = span_from(text, at), line;

	do
		line = field_cut_line(&rest);
	while (rest.len && is_blank(line));
	return line;
}

enum likely {
	MARKER,
	EMPTY_LINE,
	ANY,
	LIKELIES
};

static enum likely
likely_at(struct span text, size_t at, size_t marked)
{
	struct span rest = span_from(text, at);

	if (is_marker(line_after(text, marked)))
		return MARKER;
	return is_blank(field_cut_line(&rest)) ||
		(at && is_blank(line_before(text, at)))
	    ? EMPTY_LINE
	    : ANY;
}

/* Cuts from a line to the end, or from the end of the line before it. */
static void
cut_last(struct span text, enum likely likely, struct body_mime_cuts *cuts)
{
	size_t at = text.len;

	for (size_t n = 0; n < LINES && at; n++) {
		at -= line_before(text, at).len;
		if (likely_at(text, at, at) != likely || !at)
			continue;
		add(cuts, at, text.len);
		add(cuts, field_chomp(span_upto(text, at)).len, text.len);
	}
}

/* Cuts from the start up to a line. */
static void
cut_first(struct span text, enum likely likely, struct body_mime_cuts *cuts)
{
	struct span rest = text;

	for (size_t n = 0; n < LINES && rest.len; n++) {
		size_t at;

		field_cut_line(&rest);
		at = text.len - rest.len;
		if (rest.len && likely_at(text, at, 0) == likely)
			add(cuts, 0, at);
	}
}

void
body_mime_cut_plain(struct span text, bool last, struct body_mime_cuts *cuts)
{
	cuts->n = 0;
	for (int likely = 0; likely < LIKELIES; likely++)
		(last ? cut_last : cut_first)(text, (enum likely)likely, cuts);
}

/*
 * HTML.
 */

/* Returns the last place of a tag before an offset, or that offset. */
static size_t
last_tag(struct span text, struct span tag)
{
	for (size_t i = text.len; i-- > 0;)
		if (text.p[i] == '<' &&
		    span_casestarts(span_from(text, i), tag))
			return i;
	return text.len;
}

static size_t
blanks_before(struct span text, size_t at)
{
	return at - span_run_last(span_upto(text, at), ascii_is_space);
}

static size_t
blanks_after(struct span text, size_t at)
{
	return at + span_run(span_from(text, at), ascii_is_space);
}

/* The offset after the line end at an offset, if there is one. */
static size_t
line_end_after(struct span text, size_t at)
{
	struct span rest = span_from(text, at), line = field_cut_line(&rest);

	return field_chomp(line).len ? at : at + line.len;
}

static bool
begins_any(struct span s, const char *const *tags)
{
	for (; *tags; tags++)
		if (span_casestarts(s, span_of(*tags)))
			return true;
	return false;
}

/* What disclaimers begin with. */
static const char *const blocks[] = {
    "<hr", "<div", "<p>", "<p ", "<table", "<!--", NULL};
static const char *const inlines[] = {
    "<br", "<span", "<font", "<img", "<a ", "<center", "<small", NULL};

/* Adds what is between two places; white space on either side of it may have
 * been there before. */
static void
add_element(
    struct span text, size_t from, size_t to, struct body_mime_cuts *cuts)
{
	size_t before = blanks_before(text, from);
	size_t after = blanks_before(text, to);

	add(cuts, from, to);
	add(cuts, field_chomp(span_upto(text, from)).len, to);
	add(cuts, before, after);
	add(cuts, before, to);
	add(cuts, from, after);
}

static void
cut_before_end(
    struct span text, const char *const *tags, struct body_mime_cuts *cuts)
{
	size_t end = last_tag(text, SPAN("</body")), n = 0;

	if (end == text.len)
		end = last_tag(text, SPAN("</html"));
	for (size_t i = end; i-- > 0 && n < ELEMENTS;) {
		if (text.p[i] != '<' || !begins_any(span_from(text, i), tags))
			continue;
		add_element(text, i, end, cuts);
		n++;
	}
}

/* Ends of elements, after what was put before a text. */
static const char *const ends[] = {"</div>", "</p>", "</table>", "</span>",
    "<br>", "<br/>", "<br />", "<hr>", "<hr/>", "<hr />", "-->", NULL};

/* The offset after the start tag of the body, or 0. */
static size_t
body_start(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] == '<' &&
		    span_casestarts(span_from(text, i), SPAN("<body"))) {
			i += span_find(span_from(text, i), '>');
			return i < text.len ? i + 1 : 0;
		}
	return 0;
}

static void
cut_after_start(struct span text, struct body_mime_cuts *cuts)
{
	size_t start = body_start(text), n = 0;
	size_t blanks = blanks_after(text, start);

	for (size_t i = start; i < text.len && n < ELEMENTS; i++) {
		struct span rest = span_from(text, i);
		size_t end;

		if ((rest.p[0] != '<' && rest.p[0] != '-') ||
		    !begins_any(rest, ends))
			continue;
		end = i + span_find(rest, '>') + 1;
		add(cuts, start, end);
		add(cuts, start, line_end_after(text, end));
		add(cuts, line_end_after(text, start),
		    line_end_after(text, end));
		add(cuts, start, blanks_after(text, end));
		add(cuts, blanks, blanks_after(text, end));
		n++;
	}
}

void
body_mime_cut_html(struct span text, bool last, struct body_mime_cuts *cuts)
{
	cuts->n = 0;
	if (last) {
		cut_before_end(text, blocks, cuts);
		cut_before_end(text, inlines, cuts);
	} else {
		cut_after_start(text, cuts);
	}
}
