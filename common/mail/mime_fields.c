/* mime_fields: the fields of a part and their parameters (RFC 2045, 2231). */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/scan.h"
#include "mail/encodedword.h"
#include "mail/fieldtext.h"
#include "mail/mime_internal.h"

/*
 * Fields of a raw header.
 */

/* Cuts the first field, with its continuation lines, off a header. */
static struct span
cut_field(struct span *header)
{
	size_t n = 0;
	struct span field;

	do {
		size_t line = field_line_length(span_from(*header, n));

		n = line ? n + line : header->len;
	} while (n < header->len && ascii_is_wsp(header->p[n]));
	field = span_upto(*header, n);
	*header = span_from(*header, n);
	return field;
}

struct span
mime_field(struct span header, struct span name)
{
	while (header.len) {
		struct span raw = cut_field(&header);

		if (span_casestarts(raw, name) &&
		    field_classify(raw) == FIELD_START) {
			struct field f = field_split(raw);

			if (f.name.len == name.len)
				return f.body;
		}
	}
	return SPAN_NONE;
}

struct span
mime_text(struct span body, struct arena *a)
{
	struct buf b = BUF(a);

	body = span_trim(body);
	for (size_t i = 0; i < body.len; i++)
		if (body.p[i] != '\r' && body.p[i] != '\n')
			buf_char(&b, body.p[i]);
	return encodedword_decode(buf_span(&b), false, a);
}

struct span
mime_parameter(const struct mime_part *part, struct span name)
{
	for (size_t i = 0; i < part->nparameters; i++)
		if (span_eq(part->parameters[i].name, name))
			return part->parameters[i].value;
	return SPAN_NONE;
}

/*
 * Parameters, as they are written.
 */

struct written {
	struct span name;  /* before the first "*" */
	struct span value; /* without quotes */
	uint64_t section;  /* RFC 2231 3; UINT64_MAX: the value is whole */
	bool extended;     /* RFC 2231 4 */
};

struct list {
	struct written at[LIMIT_MIME_PARAMETERS];
	size_t n;
	bool cut; /* there were more */
};

/* Skips comments and white space. A comment that does not end is the rest. */
static void
skip(struct scan *s)
{
	do {
		if (!scan_cfws(s))
			s->p = s->end;
	} while (scan_char(s, '\r') || scan_char(s, '\n'));
}

/* The value of a quoted-string, with any octets in it; one that does not end is
 * the rest. */
static struct span
quoted(struct scan *s, struct arena *a)
{
	struct buf b = BUF(a);

	for (s->p++; !scan_end(s) && *s->p != '"'; s->p++) {
		if (*s->p == '\\' && s->end - s->p > 1)
			s->p++;
		if (*s->p != '\r' && *s->p != '\n')
			buf_char(&b, *s->p);
	}
	scan_char(s, '"');
	return buf_span(&b);
}

/* A value without quotes, which may have octets that a token (RFC 2045 5.1) has
 * not, and, where the name is that of a file, blanks. */
static struct span
unquoted(struct scan *s, bool has_blanks, struct arena *a)
{
	const char *from = s->p;

	for (; !scan_end(s) && *s->p != ';'; s->p++) {
		const char *next = s->p + 1;

		if (ascii_is_space(*s->p) &&
		    (!has_blanks || (next < s->end && *next == '(')))
			break;
	}
	return arena_span(a, span_trim(span_between(from, s->p)));
}

static bool
is_file_name(struct span name)
{
	return span_casestarts(name, SPAN("name")) ||
	    span_casestarts(name, SPAN("filename"));
}

/* "name", "name*", "name*0" or "name*0*" (RFC 2231 3 and 4) */
static bool
read_name(struct span text, struct written *w, struct arena *a)
{
	struct span rest = text, number;

	w->name = arena_lower(a, span_cut(&rest, '*'));
	w->section = UINT64_MAX;
	w->extended = false;
	if (!rest.p)
		return true;
	number = span_cut(&rest, '*');
	if (number.len && !span_number(number, LIMIT_HEADER, &w->section))
		return false;
	w->extended = rest.p || !number.len;
	return span_empty(rest);
}

/* Reads the parameters; other text between them is skipped. */
static void
read_list(struct scan *s, struct list *list, struct arena *a)
{
	list->n = 0;
	list->cut = false;
	for (skip(s); !scan_end(s); skip(s)) {
		struct span name, value;

		if (!scan_class(s, ascii_is_token, &name)) {
			s->p++;
			continue;
		}
		skip(s);
		if (!scan_char(s, '='))
			continue;
		skip(s);
		value = scan_peek(s) == '"'
		    ? quoted(s, a)
		    : unquoted(s, is_file_name(name), a);
		if (list->n == LIMIT_MIME_PARAMETERS)
			list->cut = true;
		else if (read_name(name, &list->at[list->n], a))
			list->at[list->n++].value = value;
	}
}

/*
 * Parameters, as they are meant.
 */

/* Adds an extended value, decoded; a "%" without two digits is text. */
static void
add_extended(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? ascii_hex_value(s.p[i + 1]) : -1;
		int low = high < 0 ? -1 : ascii_hex_value(s.p[i + 2]);
		bool coded = s.p[i] == '%' && low >= 0;

		buf_char(b, coded ? (char)(high << 4 | low) : s.p[i]);
		i += coded ? 2 : 0;
	}
}

/* Removes charset'language' from the start of a value, if both are there. */
static struct span
cut_charset(struct span *value)
{
	struct span rest = *value, charset = span_cut(&rest, '\'');

	if (!rest.p)
		return SPAN_NONE;
	span_cut(&rest, '\'');
	if (!rest.p)
		return SPAN_NONE;
	*value = rest;
	return charset;
}

static const struct written *
find(const struct list *list, struct span name, uint64_t section, bool extended)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct written *w = &list->at[i];

		if (w->section == section && span_eq(w->name, name) &&
		    (w->extended || !extended))
			return w;
	}
	return NULL;
}

/* Joins the sections of a value, or takes the one that is whole: extended, if
 * there is such, as it has the octets that the other cannot have. */
static struct mime_parameter
join(const struct list *list, struct span name, struct arena *a)
{
	struct buf b = BUF(a);
	struct mime_parameter to = {.name = name};
	const struct written *w = find(list, name, UINT64_MAX, true);
	uint64_t section = w ? UINT64_MAX : 0;

	if (!w)
		w = find(list, name, 0, false);
	if (!w)
		w = find(list, name, section = UINT64_MAX, false);
	for (; w; to.value = buf_span(&b)) {
		struct span value = w->value;

		if (w->extended && !b.len && !to.charset.p)
			to.charset = cut_charset(&value);
		if (w->extended)
			add_extended(&b, value);
		else
			buf_add(&b, value);
		w = section == UINT64_MAX ? NULL
					  : find(list, name, ++section, false);
	}
	return to;
}

/* Sets *n to the number of parameters, each of another name. */
static struct mime_parameter *
join_all(const struct list *list, size_t *n, struct arena *a)
{
	struct mime_parameter *to =
	    ARENA_ARRAY(a, struct mime_parameter, list->n);

	*n = 0;
	for (size_t i = 0; i < list->n; i++) {
		size_t k = 0;

		while (k < *n && !span_eq(to[k].name, list->at[i].name))
			k++;
		if (k == *n)
			to[(*n)++] = join(list, list->at[i].name, a);
	}
	return to;
}

/*
 * The fields.
 */

static bool
scan_type(struct scan *s, struct arena *a, struct span *type)
{
	struct span word, subtype;

	skip(s);
	if (!scan_class(s, ascii_is_token, &word))
		return false;
	skip(s);
	if (!scan_char(s, '/'))
		return false;
	skip(s);
	if (!scan_class(s, ascii_is_token, &subtype))
		return false;
	*type = arena_lower(a, ARENA_JOIN(a, word, SPAN("/"), subtype));
	return true;
}

static void
read_type(struct mime_part *part, struct span body, struct arena *a)
{
	struct scan s = scan_of(body);
	struct list list;

	if (!scan_type(&s, a, &part->type))
		return;
	read_list(&s, &list, a);
	part->header_cut |= list.cut;
	part->parameters = join_all(&list, &part->nparameters, a);
}

static struct span
disposition_name(struct mime_part *part, struct span body, struct arena *a)
{
	struct scan s = scan_of(body);
	struct span word;
	struct list list;

	skip(&s);
	if (scan_class(&s, ascii_is_token, &word))
		part->disposition = arena_lower(a, word);
	read_list(&s, &list, a);
	part->header_cut |= list.cut;
	return join(&list, SPAN("filename"), a).value;
}

static enum mime_encoding
encoding_of(struct span body)
{
	static const struct {
		struct span word;
		enum mime_encoding encoding;
	} known[] = {
	    {{"7bit", 4}, MIME_IDENTITY},
	    {{"8bit", 4}, MIME_IDENTITY},
	    {{"binary", 6}, MIME_IDENTITY},
	    {{"base64", 6}, MIME_BASE64},
	    {{"quoted-printable", 16}, MIME_QUOTED_PRINTABLE},
	};
	struct scan s = scan_of(body);
	struct span word;

	skip(&s);
	scan_char(&s, '"');
	if (!scan_class(&s, ascii_is_token, &word))
		return MIME_IDENTITY;
	for (size_t i = 0; i < COUNT(known); i++)
		if (span_caseeq(word, known[i].word))
			return known[i].encoding;
	return MIME_UNKNOWN;
}

/* The fields that count: the first of each. */
struct fields {
	struct span type, encoding, disposition;
};

static struct fields
find_fields(struct span header)
{
	static const struct span names[] = {{"Content-Type", 12},
	    {"Content-Transfer-Encoding", 25}, {"Content-Disposition", 19}};
	struct fields f = {0};
	struct span *to[] = {&f.type, &f.encoding, &f.disposition};

	while (header.len) {
		struct span raw = cut_field(&header);

		if (!span_casestarts(raw, SPAN("Content-")))
			continue;
		for (size_t i = 0; i < COUNT(names); i++)
			if (!to[i]->p)
				*to[i] = mime_field(raw, names[i]);
	}
	return f;
}

void
mime_read_fields(
    struct mime_part *part, struct span header, bool in_digest, struct arena *a)
{
	struct fields f = find_fields(header);
	struct span name = SPAN_NONE;

	part->type = in_digest ? SPAN("message/rfc822") : SPAN("text/plain");
	read_type(part, f.type, a);
	part->encoding = encoding_of(f.encoding);
	if (f.disposition.p)
		name = disposition_name(part, f.disposition, a);
	if (!name.len)
		name = mime_parameter(part, SPAN("name"));
	if (fieldtext_is_encoded(name))
		name = encodedword_decode(name, false, a);
	part->name = name;
}
