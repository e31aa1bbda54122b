/* aggregate_mend_tag: XML that expat refuses: tags. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/ascii.h"
#include "report/aggregate_internal.h"

/* A tag, as far as it matters. */
struct tag {
	struct span name;
	bool closes;      /* </name> */
	bool is_complete; /* <name/> */
	size_t len;       /* 0: its ">" has not come; SIZE_MAX: it has none */
};

static bool
is_name(char c)
{
	return ascii_is_alnum(c) || ascii_is_8bit(c) || c == '_' || c == '-' ||
	    c == '.' || c == ':';
}

static bool
ends_name(char c)
{
	return ascii_is_space(c) || c == '/' || c == '>';
}

/* The ">" of a tag, or its length if there is none before the next "<". In
 * quotes: a ">" in a value does not count. */
static size_t
find_end(struct span s, size_t from, bool quotes)
{
	char quote = '\0';

	for (size_t i = from; i < s.len; i++) {
		char c = s.p[i];

		if (c == '<')
			return SIZE_MAX;
		if (quote) {
			if (c == quote)
				quote = '\0';
		} else if (quotes && (c == '"' || c == '\'')) {
			quote = c;
		} else if (c == '>') {
			return i;
		}
	}
	return s.len;
}

/* Takes apart what begins with "<". Its name is absent if it is not a tag. If
 * more octets will come, a ">" in quotes that are not closed is not its end. */
static struct tag
read_tag(struct span s, bool more)
{
	struct tag tag = {.closes = s.len > 1 && s.p[1] == '/'};
	size_t start = tag.closes ? 2 : 1, i = start, end;

	while (i < s.len && is_name(s.p[i]))
		i++;
	if (i == start || (i < s.len && !ends_name(s.p[i])))
		return tag;
	tag.name = span_between(s.p + start, s.p + i);
	end = find_end(s, i, true);
	if (end > s.len || (end == s.len && !more))
		end = find_end(s, i, false);
	if (end > s.len)
		tag.len = SIZE_MAX;
	else if (end < s.len) {
		tag.len = end + 1;
		tag.is_complete = !tag.closes && s.p[end - 1] == '/';
	}
	return tag;
}

bool
aggregate_mend_is_known(const struct aggregate *a, struct span s)
{
	struct tag tag = read_tag(s, false);

	return tag.name.p && aggregate_name(&a->vocabulary, tag.name);
}

bool
aggregate_mend_is_cut_off(struct span s)
{
	struct span rest = span_from(s, 1);

	/* In this order: many "<" have another near. */
	return s.len < AGGREGATE_MARKUP && span_find(rest, '<') == rest.len &&
	    span_find(rest, '>') == rest.len;
}

/* Structure that was mended in a record refuses it. */
static void
mend_structure(struct aggregate *a, enum aggregate_note note, const char *words)
{
	aggregate_note_mended(a, note, words);
	if (a->record)
		aggregate_spoil(a, AGGREGATE_REFUSED_BAD_RECORD, "%s", words);
}

/* Ends elements until n are open. */
static void
close_to(struct aggregate *a, size_t n)
{
	if (a->depth > n)
		mend_structure(
		    a, AGGREGATE_UNCLOSED_TAG, "an element that is not closed");
	while (a->depth > n)
		aggregate_close(a);
}

/*
 * Unknown elements.
 */

/* Does a record begin or end here, or a report? */
static bool
is_record_tag(const struct aggregate *a, struct tag tag)
{
	enum name name =
	    tag.name.p ? aggregate_name(&a->vocabulary, tag.name) : NAME_NONE;

	return name == NAME_RECORD || name == NAME_FEEDBACK;
}

/*
 * Finds the end of the element whose tag begins s, which nests in elements of
 * its name. Returns what follows it; 0: it has not come; SIZE_MAX: it does not
 * come before the end of the record, or within the limit. Only an extension,
 * which has a name of its own and is not in a record, can hold records.
 */
static size_t
find_close(struct aggregate *a, struct span s, struct tag open, bool more)
{
	bool holds = !a->record && !aggregate_name(&a->vocabulary, open.name);
	size_t at = open.len, depth = 1;

	if (s.len > LIMIT_XML_ELEMENT)
		s.len = LIMIT_XML_ELEMENT;
	while (depth && at < s.len && a->searched < LIMIT_XML_SEARCH) {
		size_t next = at + span_find(span_from(s, at), '<');
		struct tag tag = read_tag(span_from(s, next), more);

		a->searched += next - at + 1;
		at = next < s.len ? next + 1 : next;
		if (tag.name.p && !tag.len)
			break;
		if (!holds && is_record_tag(a, tag))
			return SIZE_MAX;
		if (!span_eq(tag.name, open.name) || tag.len == SIZE_MAX)
			continue;
		a->searched += tag.len;
		if (tag.closes)
			depth--;
		else if (!tag.is_complete)
			depth++;
		at = next + tag.len;
	}
	if (!depth)
		return at;
	return more && s.len < LIMIT_XML_ELEMENT &&
		a->searched < LIMIT_XML_SEARCH
	    ? 0
	    : SIZE_MAX;
}

/* An unknown element, or one that is known elsewhere, is skipped if it ends. */
static size_t
open_unknown(struct aggregate *a, struct span s, struct tag tag, bool more)
{
	size_t end;

	if (tag.is_complete)
		return tag.len;
	end = find_close(a, s, tag, more);
	if (end != SIZE_MAX)
		return end;
	mend_structure(
	    a, AGGREGATE_UNCLOSED_TAG, "an unknown element that is not closed");
	return tag.len;
}

/* The elements outside reports are not kept, nor is schema anywhere. */
static size_t
outside(struct aggregate *a, struct tag tag)
{
	if (tag.closes && a->transparent)
		a->transparent--;
	else if (a->report_open && !a->depth)
		aggregate_note_mended(
		    a, AGGREGATE_TRAILING_OCTETS, "octets after the report");
	else if (!tag.closes && !tag.is_complete)
		a->transparent++;
	return tag.len;
}

/*
 * Known elements.
 */

static bool
is_part(enum name name)
{
	return name == NAME_RECORD || name == NAME_REPORT_METADATA ||
	    name == NAME_POLICY_PUBLISHED;
}

/* The depth of the innermost open element that has a place for a name;
 * SIZE_MAX: none. What is in a record stays in it. */
static size_t
place_of(const struct aggregate *a, enum name name)
{
	for (size_t i = a->depth + 1; i-- > 0;) {
		if (a->vocabulary.child[a->stack[i]][name])
			return i;
		if (a->stack[i] == NODE_RECORD && !is_part(name))
			break;
	}
	return SIZE_MAX;
}

/* Outside reports: other XML can have records, too. */
static bool
may_begin(const struct aggregate *a, enum name name)
{
	return name == NAME_FEEDBACK ||
	    (is_part(name) && (name != NAME_RECORD || a->report_open));
}

/* Another report begins, or a part of one whose root is lost or has ended. */
static void
open_outside(struct aggregate *a, enum name name)
{
	if (a->report_open)
		aggregate_note_mended(a, AGGREGATE_TRAILING_OCTETS,
		    name == NAME_FEEDBACK ? "another report after the report"
					  : "elements after the report");
	else if (name != NAME_FEEDBACK)
		aggregate_note_mended(a, AGGREGATE_STRAY_MARKUP,
		    "a part of a report outside feedback");
	if (name != NAME_FEEDBACK)
		aggregate_reopen(a);
}

static size_t
open_known(struct aggregate *a, struct span s, struct tag tag, enum name name,
    bool more)
{
	size_t place;

	if (name == NAME_FEEDBACK)
		close_to(a, 0);
	if (!a->depth && may_begin(a, name))
		open_outside(a, name);
	if (!a->depth && name != NAME_FEEDBACK)
		return outside(a, tag);
	place = place_of(a, name);
	if (place == SIZE_MAX)
		return open_unknown(a, s, tag, more);
	close_to(a, place);
	aggregate_open(a, name);
	if (tag.is_complete)
		aggregate_close(a);
	return tag.len;
}

/* The depth of the innermost open element of a name; 0: none. */
static size_t
find_open(const struct aggregate *a, enum name name)
{
	size_t i = a->depth;

	if (name == NAME_IDENTITIES)
		name = NAME_IDENTIFIERS;
	while (i && aggregate_elements[a->stack[i]].name != name)
		i--;
	return i;
}

static size_t
close_known(struct aggregate *a, struct tag tag, enum name name)
{
	size_t place = find_open(a, name);

	if (place) {
		close_to(a, place);
		aggregate_close(a);
		return tag.len;
	}
	mend_structure(a, AGGREGATE_STRAY_MARKUP,
	    "the end of an element that is not open");
	if (name == NAME_RECORD && a->report_open)
		aggregate_refuse(a, AGGREGATE_REFUSED_BAD_RECORD, a->line, 1,
		    "the end of a record without its beginning");
	return tag.len;
}

/* A "<" that begins no tag, or one that has no ">". */
static size_t
not_a_tag(struct aggregate *a)
{
	aggregate_note_mended(
	    a, AGGREGATE_STRAY_MARKUP, "a \"<\" that begins no tag");
	return 1;
}

static size_t
cut_off(struct aggregate *a, struct span s)
{
	if (!a->depth && a->report_open)
		aggregate_note_mended(
		    a, AGGREGATE_TRAILING_OCTETS, "octets after the report");
	return s.len;
}

size_t
aggregate_mend_tag(struct aggregate *a, struct span s, bool more)
{
	bool is_long = s.len >= LIMIT_XML_ELEMENT;
	struct span begin = span_upto(s, is_long ? LIMIT_XML_ELEMENT : s.len);
	struct tag tag = read_tag(begin, more && !is_long);
	bool has_no_end = tag.name.p && !tag.len && !is_long;
	enum name name;

	if (!more && (has_no_end || aggregate_mend_is_cut_off(s)))
		return cut_off(a, s);
	if (has_no_end)
		return 0;
	if (!tag.name.p || !tag.len || tag.len == SIZE_MAX)
		return not_a_tag(a);
	name = aggregate_name(&a->vocabulary, tag.name);
	if (name == NAME_SCHEMA || (!name && !a->depth))
		return outside(a, tag);
	if (name && tag.closes)
		return close_known(a, tag, name);
	if (name)
		return open_known(a, s, tag, name, more);
	if (!tag.closes)
		return open_unknown(a, s, tag, more);
	if (a->transparent && !a->record) {
		a->transparent--;
		return tag.len;
	}
	mend_structure(a, AGGREGATE_STRAY_MARKUP,
	    "the end of an element that is not open");
	return tag.len;
}

void
aggregate_mend_end(struct aggregate *a)
{
	if (a->depth)
		aggregate_note_mended(
		    a, AGGREGATE_CUT_OFF, "the report does not end");
	else if (a->transparent)
		aggregate_note_mended(
		    a, AGGREGATE_UNCLOSED_TAG, "an element that is not closed");
	if (a->record)
		aggregate_spoil(a, AGGREGATE_REFUSED_CUT_OFF_RECORD,
		    "the report ends in the record");
	/* The text of the innermost element may be cut off, too. */
	if (a->in_text)
		a->depth--;
	while (a->depth)
		aggregate_close(a);
}
