/* aggregate_mend: XML that expat refuses: text, comments, declarations. */
/* SPDX-License-Identifier: ISC */

/*
 * The octets from where reading resumes are taken apart in tokens of at most
 * LIMIT_XML_ELEMENT, and read as what the reporter most probably meant: in an
 * element with text, "<" is markup only before a known name, a comment or
 * CDATA; elsewhere text is dropped. A record in which more than text had to be
 * mended is refused. What is read goes to aggregate_read.c at once, not to
 * expat again, so that a place that was mended is known to be in a record.
 */

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "report/aggregate_internal.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* "&#x10FFFF;" */
#define ENTITY 10

/*
 * What expat refused.
 */

/* Where an octet of the window is in the stream. */
static uint64_t
place(const struct aggregate *a, const char *p)
{
	return a->window.base + (uint64_t)(p - a->window.p);
}

/* What expat refused has been read, but nothing of it was mended: attributes
 * that are not well-formed, for example. */
static void
pass_error(struct aggregate *a)
{
	a->error_passed = true;
	if (!a->mended && a->error != XML_ERROR_NONE)
		aggregate_note_mended(a,
		    a->error == XML_ERROR_TAG_MISMATCH ? AGGREGATE_UNCLOSED_TAG
						       : AGGREGATE_STRAY_MARKUP,
		    XML_ErrorString(a->error));
}

/* What precedes p has been read. */
static void
pass(struct aggregate *a, const char *p)
{
	if (!a->error_passed && place(a, p) > a->error_at)
		pass_error(a);
}

/*
 * Text.
 */

/* A character of an encoding of 8 bits. */
static void
eight_bits(struct aggregate *a, unsigned char octet)
{
	char utf8[4];
	int c = a->charset[octet];

	if (c < 0) {
		aggregate_note_mended(a, AGGREGATE_BAD_UTF8,
		    "an octet is not a character of the encoding");
		aggregate_text(a, REPLACEMENT, 3);
		return;
	}
	aggregate_text(a, utf8, aggregate_utf8((uint32_t)c, utf8));
}

/* What begins with an octet over 127. Returns its length; 0: more is needed. */
static size_t
high(struct aggregate *a, struct span s, bool more)
{
	size_t n = utf8_length(s);

	if (a->has_charset) {
		eight_bits(a, (unsigned char)*s.p);
		return 1;
	}
	if (n) {
		aggregate_text(a, s.p, n);
		return n;
	}
	if (more && s.len < 4)
		return 0;
	aggregate_note_mended(
	    a, AGGREGATE_BAD_UTF8, "an octet that is not UTF-8");
	aggregate_text(a, REPLACEMENT, 3);
	return 1;
}

/* The number of a character reference, "#38" or "#x26"; 0 if it is none that
 * XML has (XML 1.0 2.2, 4.1). */
static uint32_t
reference(struct span s)
{
	uint32_t c = 0, radix = 10;
	size_t i = 1;

	if (s.len > 1 && s.p[1] == 'x') {
		radix = 16;
		i++;
	}
	if (i >= s.len)
		return 0;
	for (; i < s.len; i++) {
		char digit = ascii_lower(s.p[i]);

		if (ascii_is_digit(digit))
			c = c * radix + (uint32_t)(digit - '0');
		else if (radix == 16 && digit >= 'a' && digit <= 'f')
			c = c * radix + (uint32_t)(digit - 'a') + 10;
		else
			return 0;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ||
	    (c < ' ' && c != '\t' && c != '\n' && c != '\r'))
		return 0;
	return c;
}

static uint32_t
entity(struct span name)
{
	static const struct {
		const char *name;
		uint32_t c;
	} list[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'},
	    {"apos", '\''}};

	if (name.len && *name.p == '#')
		return reference(name);
	for (size_t i = 0; i < COUNT(list); i++)
		if (span_eq(name, span_of(list[i].name)))
			return list[i].c;
	return 0;
}

/* What begins with "&". */
static size_t
ampersand(struct aggregate *a, struct span s, bool more)
{
	struct span rest = span_from(s, 1);
	size_t end = span_find(
	    span_upto(rest, rest.len < ENTITY ? rest.len : ENTITY), ';');
	uint32_t c = 0;
	char utf8[4];

	if (more && rest.len < ENTITY && end == rest.len)
		return 0;
	if (end < rest.len && rest.p[end] == ';')
		c = entity(span_upto(rest, end));
	if (c) {
		aggregate_text(a, utf8, aggregate_utf8(c, utf8));
		return end + 2;
	}
	aggregate_note_mended(
	    a, AGGREGATE_BAD_ENTITY, "an \"&\" that begins no entity of XML");
	aggregate_text(a, "&", 1);
	return 1;
}

static bool
is_plain(char c)
{
	return c != '&' && !ascii_is_8bit(c) &&
	    ((unsigned char)c >= ' ' || ascii_is_space(c));
}

static size_t
plain_length(struct span s)
{
	size_t n = 0;

	while (n < s.len && is_plain(s.p[n]))
		n++;
	return n;
}

/* Reads text that has no markup. is_cdata: "&" is one. Returns how much was
 * read: all, but for a character or entity that more octets may complete. */
static size_t
text(struct aggregate *a, struct span s, bool is_cdata, bool more)
{
	size_t at = 0, n;

	while (at < s.len) {
		struct span rest = span_from(s, at);

		n = plain_length(rest);
		if (n) {
			aggregate_text(a, rest.p, n);
		} else if (*rest.p == '&') {
			n = is_cdata ? 1 : ampersand(a, rest, more);
			if (is_cdata)
				aggregate_text(a, "&", 1);
		} else if (ascii_is_8bit(*rest.p)) {
			n = high(a, rest, more);
		} else {
			aggregate_note_mended(
			    a, AGGREGATE_BAD_ENTITY, "a control character");
			aggregate_text(a, REPLACEMENT, 3);
			n = 1;
		}
		if (!n)
			break;
		at += n;
		pass(a, s.p + at);
	}
	return at;
}

/* Is there anything but white space and a byte order mark? */
static bool
is_something(struct span s)
{
	if (span_starts(s, SPAN("\xef\xbb\xbf")))
		s = span_from(s, 3);
	return span_trim(s).len > 0;
}

/* Text outside the reports: dropped. */
static size_t
outside(struct aggregate *a, struct span s)
{
	if (is_something(s)) {
		a->saw_text = true;
		if (a->report_open)
			aggregate_note_mended(a, AGGREGATE_TRAILING_OCTETS,
			    "octets after the report");
		else
			aggregate_note_mended(a, AGGREGATE_STRAY_MARKUP,
			    "octets before the report");
	}
	return s.len;
}

/*
 * Markup that is not a tag.
 */

static size_t
find(struct span s, size_t from, struct span what)
{
	const char *p = s.len < from
	    ? NULL
	    : memmem(s.p + from, s.len - from, what.p, what.len);

	return p ? (size_t)(p - s.p) : SIZE_MAX;
}

/* Drops the first n octets, which begin nothing. */
static size_t
stray(struct aggregate *a, size_t n)
{
	aggregate_note_mended(a, AGGREGATE_STRAY_MARKUP,
	    "the beginning of a comment or CDATA without its end");
	return n;
}

/* The stream ends in a comment or CDATA. Records in it are refused: whether
 * they count is not known. */
static size_t
cut(struct aggregate *a, struct span s)
{
	struct span tag = SPAN("<record>");
	uint64_t records = 0;

	for (size_t at = find(s, 0, tag); at != SIZE_MAX;
	     at = find(s, at + tag.len, tag))
		records++;
	if (records && a->report_open)
		aggregate_refuse(a, AGGREGATE_REFUSED_BAD_RECORD, a->line,
		    records, "in a comment or CDATA that does not end");
	return s.len;
}

/* XML 1.0 2.5: "--" is only at the end. */
static size_t
comment(struct aggregate *a, struct span s, bool more)
{
	size_t end = find(s, 4, SPAN("--"));

	if (end != SIZE_MAX && end + 2 < s.len)
		return s.p[end + 2] == '>' ? end + 3 : stray(a, 4);
	if (more)
		return s.len < LIMIT_XML_ELEMENT ? 0 : stray(a, 4);
	return cut(a, s);
}

static size_t
cdata(struct aggregate *a, struct span s, bool more)
{
	const size_t start = 9; /* "<![CDATA[" */
	struct span content;
	size_t end;

	if (a->searched > LIMIT_XML_SEARCH)
		return stray(a, start);
	end = find(s, start, SPAN("]]>"));
	a->searched += end == SIZE_MAX ? s.len : end;
	if (end == SIZE_MAX && more && s.len < LIMIT_XML_ELEMENT)
		return 0;
	if (end == SIZE_MAX)
		return more ? stray(a, start) : cut(a, s);
	content = span_between(s.p + start, s.p + end);
	if (find(content, 0, SPAN("<![CDATA[")) != SIZE_MAX ||
	    find(content, 0, SPAN("<record>")) != SIZE_MAX)
		return stray(a, start);
	text(a, content, true, false);
	return end + 3;
}

/* A declaration or processing instruction, to its ">" or the next "<". */
static size_t
instruction(struct aggregate *a, struct span s, bool more)
{
	size_t next = span_find(span_from(s, 1), '<') + 1;
	size_t end = span_find(span_upto(s, next), '>');
	size_t n = end < next ? end + 1 : next;

	if (end == s.len && more && s.len < LIMIT_XML_ELEMENT)
		return 0;
	a->saw_text = true;
	if (!span_casestarts(s, SPAN("<?xml")))
		return n;
	if (a->report_open && !a->depth)
		aggregate_note_mended(
		    a, AGGREGATE_TRAILING_OCTETS, "octets after the report");
	else if (place(a, s.p) > 0 || a->error_at < n ||
	    !span_caseends(span_upto(s, n), SPAN("?>")))
		aggregate_note_mended(a, AGGREGATE_BAD_DECLARATION,
		    "an XML declaration that is broken or out of place");
	return n;
}

/*
 * Tokens.
 */

static bool
in_text(const struct aggregate *a)
{
	unsigned node = a->stack[a->depth];

	return aggregate_elements[node].has_text && node != NODE_REASON;
}

/* What begins with "<". */
static size_t
markup(struct aggregate *a, struct span s, bool more)
{
	struct span begin =
	    span_upto(s, s.len < AGGREGATE_MARKUP ? s.len : AGGREGATE_MARKUP);

	if (s.len < AGGREGATE_MARKUP && more)
		return 0;
	if (span_starts(s, SPAN("<!--")))
		return comment(a, s, more);
	if (span_starts(s, SPAN("<![CDATA[")))
		return cdata(a, s, more);
	if (in_text(a) && !aggregate_mend_is_known(a, begin)) {
		if (!more && aggregate_mend_is_cut_off(s))
			return s.len;
		aggregate_note_mended(a, AGGREGATE_STRAY_MARKUP,
		    "a \"<\" in a text that is not markup");
		aggregate_text(a, "<", 1);
		return 1;
	}
	a->saw_tag = true;
	if (span_starts(s, SPAN("<?")))
		return instruction(a, s, more);
	if (span_casestarts(s, SPAN("<!DOCTYPE"))) {
		aggregate_stop(a, AGGREGATE_REFUSED_DOCTYPE,
		    "a document type declaration is refused");
		return s.len;
	}
	return aggregate_mend_tag(a, s, more);
}

/* The length of a text, or of its first line. */
static size_t
line_length(struct span s)
{
	size_t n = span_find(s, '\n');

	return n < s.len ? n + 1 : n;
}

/* Reads one token, of which text has at most a line. Returns its length; 0:
 * more is needed. */
static size_t
token(struct aggregate *a, struct span s, bool more)
{
	size_t n = span_find(s, '<');

	if (!n)
		return markup(a, s, more);
	n = line_length(span_upto(s, n));
	if (!a->depth)
		return outside(a, span_upto(s, n));
	return text(a, span_upto(s, n), false, more && n == s.len);
}

static uint64_t
line_feeds(struct span s)
{
	uint64_t n = 0;

	for (size_t at = span_find(s, '\n'); at < s.len;
	     at = span_find(s, '\n')) {
		n++;
		s = span_from(s, at + 1);
	}
	return n;
}

void
aggregate_mend_run(struct aggregate *a, bool final)
{
	struct window *w = &a->window;
	size_t at = 0;

	while (at < w->len && !a->stopped) {
		struct span s = {w->p + at, w->len - at};
		size_t n;

		pass(a, s.p);
		n = token(a, s, !final);
		if (!n && !final)
			break;
		at += n;
		a->line += line_feeds(span_upto(s, n));
	}
	aggregate_drop(a, at);
	w->parsed = w->len;
	if (!final || a->stopped)
		return;
	aggregate_mend_end(a);
	if (!a->error_passed)
		pass_error(a);
}

/* Removes the elements that are treated as if they were not there. */
static void
close_transparent(struct aggregate *a)
{
	size_t kept = 0;

	for (size_t i = 1; i <= a->mark_depth; i++)
		if (a->stack[i] & NODE_TRANSPARENT)
			a->transparent++;
		else
			a->stack[++kept] = a->stack[i];
	a->depth = kept;
}

void
aggregate_mend_begin(struct aggregate *a)
{
	a->mending = true;
	aggregate_forget(a);
	close_transparent(a);
	a->has_charset = aggregate_charset(a->encoding, a->charset);
	a->window.parsed = 0;
	a->line = a->mark_line;
}
