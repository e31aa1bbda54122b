/* header_repairs_mime: the fields of MIME written in another way. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limit.h"
#include "base/scan.h"

static const char *const typed[] = {
    "Content-Type", "Content-Disposition", NULL};
static const char *const content_type[] = {"Content-Type", NULL};

/* Parameters that are written anew, at most. */
#define PARAMETERS 12u

/* A type with its parameters, as written. */
struct parameter {
	struct span name;
	struct span value; /* without quotes and backslashes */
	bool is_quoted;
};

struct type {
	struct span type;
	struct parameter list[PARAMETERS];
	size_t n;
};

/* How all parameters are quoted, and what is put before them. */
enum quoting {
	AS_IS,
	ALL,
	NEEDED,
	CHARSET,  /* the charset alone, and those that must be */
	BOUNDARY, /* the boundary alone, and those that must be */
};

static bool
read_parameter(struct parameter *p, struct span item, struct arena *a)
{
	struct span value = span_trim(item), inner;

	p->name = span_trim(span_cut(&value, '='));
	if (!value.p || !p->name.len)
		return false;
	value = span_trim(value);
	inner = header_between(value, '"', '"');
	p->is_quoted = inner.p;
	p->value = p->is_quoted ? header_unescaped(inner, a) : value;
	return true;
}

static bool
read_type(struct type *to, struct span value, struct arena *a)
{
	struct span rest = value;

	*to = (struct type){.type = span_trim(header_item(&rest, ';'))};
	while (rest.p) {
		struct span item = header_item(&rest, ';');

		if (!span_trim(item).len)
			continue;
		if (to->n == PARAMETERS ||
		    !read_parameter(&to->list[to->n], item, a))
			return false;
		to->n++;
	}
	return true;
}

static bool
is_quoted_as(const struct parameter *p, enum quoting quoting)
{
	/* What was written without quotes although it needs some stays so if
	 * nothing else is to be. */
	if (quoting == AS_IS)
		return p->is_quoted;
	if (!scan_is_class(p->value, ascii_is_token))
		return true;
	switch (quoting) {
	case ALL:
		return true;
	case CHARSET:
		return span_caseeq(p->name, SPAN("charset"));
	case BOUNDARY:
		return span_caseeq(p->name, SPAN("boundary"));
	default:
		return false;
	}
}

static void
put_parameter(struct buf *b, const struct parameter *p, enum quoting quoting)
{
	buf_add(b, p->name);
	buf_char(b, '=');
	if (is_quoted_as(p, quoting))
		buf_add(b, header_phrase(p->value, true, b->arena));
	else
		buf_add(b, p->value);
}

static struct span
write_type(const struct type *type, enum quoting quoting, struct span separator,
    struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, type->type);
	for (size_t i = 0; i < type->n; i++) {
		buf_add(&b, separator);
		put_parameter(&b, &type->list[i], quoting);
	}
	return buf_span(&b);
}

static bool
read_field(struct header_text *t, struct type *type, const struct header *h,
    size_t index, struct span raw, struct header_proposals *p,
    const char *const *names)
{
	return header_text_read(t, h, index, raw, p, names) &&
	    read_type(type, t->value, t->arena);
}

HEADER_FIELD(header_type_form)
{
	static const enum quoting quotings[] = {
	    AS_IS, ALL, NEEDED, CHARSET, BOUNDARY};
	static const char *const blanks[] = {" ", "\t", "        "};
	struct header_text t;
	struct type type;

	if (!read_field(&t, &type, h, index, raw, p, typed))
		return;
	for (size_t i = 0; i < COUNT(quotings); i++) {
		header_text_put(
		    &t, write_type(&type, quotings[i], SPAN("; "), t.arena));
		header_text_put(
		    &t, write_type(&type, quotings[i], SPAN(";"), t.arena));
		for (size_t k = 0; t.is_simple && k < COUNT(blanks); k++)
			header_text_put(&t,
			    write_type(&type, quotings[i],
				ARENA_JOIN(t.arena, SPAN(";"), t.eol,
				    span_of(blanks[k])),
				t.arena));
	}
	header_text_put(&t, ARENA_JOIN(t.arena, t.value, SPAN(";")));
}

/*
 * Parameters.
 */

/* What is between a type and its first parameter as received. */
static struct span
separator(const struct header_text *t)
{
	struct span rest = t->value;

	header_item(&rest, ';');
	if (!rest.p)
		return SPAN("; ");
	return ARENA_JOIN(
	    t->arena, SPAN(";"), span_upto(rest, header_blanks(rest)));
}

static void
put_type(const struct header_text *t, const struct type *type)
{
	header_text_put(t, write_type(type, AS_IS, separator(t), t->arena));
}

static void
swap(struct type *type, size_t i, size_t k)
{
	struct parameter was = type->list[i];

	type->list[i] = type->list[k];
	type->list[k] = was;
}

/* Each two exchanged, the first moved to the end, and the last to the
 * start: all orders of three. */
HEADER_FIELD(header_type_order)
{
	struct header_text t;
	struct type type, other;

	if (!read_field(&t, &type, h, index, raw, p, typed) || type.n < 2)
		return;
	for (size_t i = 0; i < type.n && i < 4; i++)
		for (size_t k = i + 1; k < type.n && k < 4; k++) {
			other = type;
			swap(&other, i, k);
			put_type(&t, &other);
		}
	other = type;
	for (size_t i = 0; i + 1 < type.n; i++)
		swap(&other, i, i + 1);
	put_type(&t, &other);
	other = type;
	for (size_t i = type.n - 1; i > 0; i--)
		swap(&other, i, i - 1);
	put_type(&t, &other);
}

/* The cases of a text: lower, upper, "Quoted-Printable". */
static struct span
in_case(struct span s, size_t which, struct arena *a)
{
	struct span lower = arena_lower(a, s);

	if (which == 0)
		return lower;
	return header_capital(lower, which == 1 ? NULL : "-", a);
}

/* The values that are put in another case: not those that names of files and
 * boundaries are. */
static bool
is_word(struct span name)
{
	return span_caseeq(name, SPAN("charset")) ||
	    span_caseeq(name, SPAN("format")) ||
	    span_caseeq(name, SPAN("delsp"));
}

static void
put_cases(const struct header_text *t, const struct type *type, size_t which)
{
	struct type types = *type, names = *type, values = *type;

	types.type = in_case(type->type, which, t->arena);
	put_type(t, &types);
	for (size_t i = 0; i < type->n; i++) {
		names.list[i].name =
		    in_case(type->list[i].name, which, t->arena);
		if (is_word(type->list[i].name))
			values.list[i].value =
			    in_case(type->list[i].value, which, t->arena);
	}
	put_type(t, &names);
	put_type(t, &values);
	names.type = types.type;
	put_type(t, &names);
}

HEADER_FIELD(header_type_case)
{
	static const char *const names[] = {"Content-Type",
	    "Content-Disposition", "Content-Transfer-Encoding", NULL};
	struct header_text t;
	struct type type;

	if (read_field(&t, &type, h, index, raw, p, names))
		for (size_t i = 0; i < 3; i++)
			put_cases(&t, &type, i);
}

/* Each parameter left out, and all of them. */
HEADER_FIELD(header_type_lost)
{
	struct header_text t;
	struct type type, other;

	if (!read_field(&t, &type, h, index, raw, p, typed) || !type.n)
		return;
	for (size_t i = 0; i < type.n; i++) {
		other = type;
		other.n = 0;
		for (size_t k = 0; k < type.n; k++)
			if (k != i)
				other.list[other.n++] = type.list[k];
		put_type(&t, &other);
	}
	header_text_put(&t, type.type);
}

static bool
has_parameter(const struct type *type, struct span name)
{
	for (size_t i = 0; i < type->n; i++)
		if (span_caseeq(type->list[i].name, name))
			return true;
	return false;
}

/* The parameter as the last one, and as the first one. */
static void
put_added(
    const struct header_text *t, const struct type *type, struct span added)
{
	struct span rest = t->value, blank = separator(t);
	struct span name = span_upto(added, span_find(added, '=')), before;

	if (has_parameter(type, name))
		return;
	header_text_put(t, ARENA_JOIN(t->arena, t->value, blank, added));
	before = header_item(&rest, ';');
	if (rest.p)
		header_text_put(t,
		    ARENA_JOIN(
			t->arena, before, blank, added, SPAN(";"), rest));
}

/* The name of a file that Content-Disposition has, too (RFC 2183 2.3). */
static void
put_name(const struct header_text *t, const struct type *type)
{
	struct span value = header_value(t->h, SPAN("Content-Disposition"));
	struct type disposition;

	if (!value.p || !read_type(&disposition, value, t->arena))
		return;
	for (size_t i = 0; i < disposition.n; i++) {
		const struct parameter *p = &disposition.list[i];
		struct span quoted = header_phrase(p->value, true, t->arena);

		if (!span_caseeq(p->name, SPAN("filename")))
			continue;
		put_added(t, type, ARENA_JOIN(t->arena, SPAN("name="), quoted));
		put_added(
		    t, type, ARENA_JOIN(t->arena, SPAN("name="), p->value));
	}
}

static const char *const charsets[] = {"utf-8", "UTF-8", "us-ascii", "US-ASCII",
    "iso-8859-1", "ISO-8859-1", "windows-1252", "iso-8859-15"};

HEADER_FIELD(header_type_added)
{
	static const char *const others[] = {"format=flowed",
	    "format=flowed; delsp=yes", "format=\"flowed\"", "delsp=yes",
	    "format=fixed"};
	struct header_text t;
	struct type type;

	if (!read_field(&t, &type, h, index, raw, p, content_type))
		return;
	put_name(&t, &type);
	if (!span_casestarts(type.type, SPAN("text")))
		return;
	for (size_t i = 0; i < COUNT(charsets); i++) {
		struct span name = span_of(charsets[i]);
		struct span plain = ARENA_JOIN(t.arena, SPAN("charset="), name);
		struct span quoted =
		    ARENA_JOIN(t.arena, SPAN("charset=\""), name, SPAN("\""));

		put_added(&t, &type, plain);
		put_added(&t, &type, quoted);
	}
	for (size_t i = 0; i < COUNT(others); i++)
		put_added(&t, &type, span_of(others[i]));
}

HEADER_FIELD(header_type_charset)
{
	struct header_text t;
	struct type type;

	if (!read_field(&t, &type, h, index, raw, p, content_type))
		return;
	for (size_t i = 0; i < type.n; i++) {
		struct parameter was = type.list[i];

		if (!span_caseeq(was.name, SPAN("charset")))
			continue;
		for (size_t k = 0; k < COUNT(charsets); k++) {
			type.list[i].value = span_of(charsets[k]);
			put_type(&t, &type);
			type.list[i].is_quoted = !was.is_quoted;
			put_type(&t, &type);
			type.list[i] = was;
		}
		return;
	}
}

/*
 * The other fields.
 */

HEADER_FIELD(header_transfer)
{
	static const char *const names[] = {"Content-Transfer-Encoding", NULL};
	static const char *const values[] = {"8bit", "7bit", "quoted-printable",
	    "base64", "binary", "8BIT", "7BIT", "QUOTED-PRINTABLE", "BASE64",
	    "Quoted-Printable", "8Bit", "7Bit", "Base64"};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, names))
		return;
	for (size_t i = 0; i < COUNT(values); i++)
		header_text_put(&t, span_of(values[i]));
}

/* What mail programs write for the version of MIME. */
HEADER_FIELD(header_version)
{
	static const char *const names[] = {"MIME-Version", NULL};
	static const char *const values[] = {"1.0",
	    "1.0 (produced by MetaSend Vx.x)", "1.0 (MIME-tools)", "1.0;"};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, names))
		return;
	for (size_t i = 0; i < COUNT(values); i++)
		header_text_put(&t, span_of(values[i]));
}

/*
 * Both at once.
 */

/* Values of Content-Transfer-Encoding that are tried with each charset: those
 * that the software which changed both did not choose. */
#define ENCODINGS 4u

/* Returns the index of the lowest field of a name if it is signed, or
 * SIZE_MAX. */
static size_t
signed_index(const struct header *h, struct span name)
{
	const struct field *f = message_lowest(h->m, name);
	size_t index = f ? (size_t)(f - h->m->fields) : SIZE_MAX;

	return f && f->raw.len <= LIMIT_EXPLAIN_FIELD &&
		header_is_signed(h, index)
	    ? index
	    : SIZE_MAX;
}

/* Software that encodes a text anew writes its own charset and its own
 * encoding. */
HEADER_WHOLE(header_retyped)
{
	struct header_proposals types = {
	    .arena = p->arena, .most = LIMIT_EXPLAIN_AT_ONCE};
	struct header_proposals encodings = {
	    .arena = p->arena, .most = ENCODINGS};
	struct span encoding = SPAN("Content-Transfer-Encoding");
	size_t type = signed_index(h, SPAN("Content-Type"));
	size_t transfer = signed_index(h, encoding);
	struct span value = header_value(h, encoding);

	if (type == SIZE_MAX || transfer == SIZE_MAX ||
	    (!span_caseeq(value, SPAN("base64")) &&
		!span_caseeq(value, SPAN("quoted-printable"))))
		return;
	header_type_charset(h, type, h->m->fields[type].raw, &types);
	header_transfer(h, transfer, h->m->fields[transfer].raw, &encodings);
	for (size_t i = 0; i < types.n; i++)
		for (size_t k = 0; k < encodings.n; k++) {
			struct header_change both[] = {types.list[i].changes[0],
			    encodings.list[k].changes[0]};

			header_propose(p, both, 2);
		}
}
