/* body_mime_spelling: fields of parts that were written in another way. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/scan.h"
#include "repair/body_mime_internal.h"

enum letters {
	AS_IS,
	LOWER,
	UPPER
};

/* How the parameters of a field are written. Zero: as they are. */
struct spelling {
	enum {
		BETWEEN_AS_IS,
		BETWEEN_SPACE, /* "; " */
		BETWEEN_NONE,  /* ";" */
		BETWEEN_TAB,   /* a line end and HTAB */
		BETWEEN_FOLD,  /* a line end and SP */
	} between;
	enum {
		QUOTES_AS_IS,
		QUOTES_ADDED,
		QUOTES_REMOVED,
	} quotes;
	const char *only;       /* the quotes of this parameter, or of all */
	const char *charset;    /* instead of the one that is there; "": none */
	const char *missing;    /* a parameter that is added if there is none of
				this name ... */
	const char *value;      /* and its value */
	enum letters charsets;  /* of values of charset */
	enum letters encodings; /* of Content-Transfer-Encoding */
};

/* Cuts the text before the next ";" that is not quoted; *rest is then absent
 * or what follows it. */
static struct span
cut_item(struct span *rest)
{
	struct span all = *rest;
	bool quoted = false;

	for (size_t i = 0; i < all.len; i++) {
		if (all.p[i] == '"')
			quoted = !quoted;
		else if (all.p[i] == '\\' && quoted && i + 1 < all.len)
			i++;
		else if (all.p[i] == ';' && !quoted) {
			*rest = span_from(all, i + 1);
			return span_upto(all, i);
		}
	}
	*rest = SPAN_NONE;
	return all;
}

static bool
is_quoted(struct span value)
{
	return value.len > 1 && value.p[0] == '"' &&
	    value.p[value.len - 1] == '"';
}

static void
put_letters(enum letters letters, struct span text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];

		if (letters == LOWER)
			c = ascii_lower(c);
		else if (letters == UPPER)
			c = ascii_upper(c);
		buf_char(out, c);
	}
}

/* Is a value that has quotes, or has none, to have them? A token (RFC 2045 5.1)
 * can do without. */
static bool
has_quotes(
    const struct spelling *s, struct span name, struct span inner, bool quoted)
{
	if (s->only && !span_caseeq(name, span_of(s->only)))
		return quoted;
	if (s->quotes == QUOTES_ADDED)
		return true;
	return quoted &&
	    (s->quotes == QUOTES_AS_IS ||
		!scan_is_class(inner, ascii_is_token));
}

static void
put_value(const struct spelling *s, struct span name, struct span value,
    struct buf *out)
{
	struct span inner = value;
	bool charset = span_caseeq(name, SPAN("charset"));
	bool quoted = is_quoted(value);

	if (quoted)
		inner = span_from(span_upto(value, value.len - 1), 1);
	quoted = has_quotes(s, name, inner, quoted);
	if (charset && s->charset)
		inner = span_of(s->charset);
	if (quoted)
		buf_char(out, '"');
	put_letters(charset ? s->charsets : AS_IS, inner, out);
	if (quoted)
		buf_char(out, '"');
}

static void
put_between(const struct spelling *s, struct span blanks, struct span eol,
    struct buf *out)
{
	buf_char(out, ';');
	if (s->between == BETWEEN_AS_IS)
		buf_add(out, blanks);
	if (s->between == BETWEEN_TAB || s->between == BETWEEN_FOLD)
		buf_add(out, eol);
	if (s->between == BETWEEN_TAB)
		buf_char(out, '\t');
	if (s->between == BETWEEN_SPACE || s->between == BETWEEN_FOLD)
		buf_char(out, ' ');
}

static void
put_parameter(const struct spelling *s, struct span item, struct span eol,
    struct buf *out)
{
	struct span text = span_trim(item), rest = text;
	struct span name = span_trim(span_cut(&rest, '='));

	if (s->charset && !*s->charset && span_caseeq(name, SPAN("charset")))
		return;
	put_between(s, span_upto(item, (size_t)(text.p - item.p)), eol, out);
	if (!rest.p) {
		buf_add(out, text);
		return;
	}
	buf_add(out, name);
	buf_char(out, '=');
	put_value(s, name, span_trim(rest), out);
}

/* Writes a field that may have parameters, without its line end. */
static void
put_parameters(const struct spelling *s, const struct field *f, struct span eol,
    struct buf *out)
{
	struct span rest = f->body;
	bool found = false;

	buf_add(out, span_between(f->raw.p, f->body.p));
	buf_add(out, cut_item(&rest));
	while (rest.p) {
		struct span item = cut_item(&rest);

		found = found || !s->missing ||
		    span_casestarts(span_trim(item), span_of(s->missing));
		put_parameter(s, item, eol, out);
	}
	if (found || !s->missing)
		return;
	buf_str(out, "; ");
	buf_str(out, s->missing);
	buf_char(out, '=');
	buf_str(out, s->value);
}

static void
put_field(const struct spelling *s, const struct field *f, struct span eol,
    struct buf *out)
{
	bool disposition = span_caseeq(f->name, SPAN("Content-Disposition"));

	if (span_caseeq(f->name, SPAN("Content-Type")) ||
	    (disposition && !s->missing)) {
		put_parameters(s, f, eol, out);
		return;
	}
	buf_add(out, span_between(f->raw.p, f->body.p));
	put_letters(span_caseeq(f->name, SPAN("Content-Transfer-Encoding"))
		? s->encodings
		: AS_IS,
	    f->body, out);
}

static void
put_header(const struct spelling *s, struct span header, struct span eol,
    struct buf *out)
{
	struct field f;

	while (field_cut(&header, &f)) {
		put_field(s, &f, eol, out);
		buf_add(out,
		    span_between(f.body.p + f.body.len, f.raw.p + f.raw.len));
	}
}

/*
 * The charset.
 */

static const struct spelling charsets[] = {
    {.charset = "us-ascii"},
    {.charset = "utf-8"},
    {.charset = "UTF-8"},
    {.charsets = LOWER},
    {.charsets = UPPER},
    {.charset = ""},
    {.charset = "iso-8859-1"},
    {.charset = "ISO-8859-1"},
    {.charset = "windows-1252"},
    {.charset = "US-ASCII"},
    {.charset = "utf8"},
    {.missing = "charset", .value = "utf-8"},
    {.missing = "charset", .value = "us-ascii"},
    {.missing = "charset", .value = "UTF-8"},
    {.missing = "charset", .value = "\"utf-8\""},
    {.missing = "charset", .value = "\"us-ascii\""},
    {.missing = "charset", .value = "\"UTF-8\""},
    {.missing = "charset", .value = "iso-8859-1"},
};

static bool
vary_charset(const struct body_part *part, struct span header, size_t number,
    struct span eol, struct buf *out)
{
	const struct spelling *s = &charsets[number];

	if (!span_starts(part->type, SPAN("text/")) ||
	    (s->missing && part->charset.p))
		return false;
	put_header(s, header, eol, out);
	return true;
}

BODY_MIME_REPAIR(charset)
{
	body_mime_vary(b, p, COUNT(charsets), vary_charset);
}

/*
 * All else.
 */

static const struct spelling spellings[] = {
    {.quotes = QUOTES_ADDED},
    {.quotes = QUOTES_REMOVED},
    {.between = BETWEEN_SPACE},
    {.between = BETWEEN_TAB},
    {.between = BETWEEN_FOLD},
    {.between = BETWEEN_NONE},
    {.quotes = QUOTES_ADDED, .only = "charset"},
    {.quotes = QUOTES_REMOVED, .only = "charset"},
    {.quotes = QUOTES_ADDED, .only = "boundary"},
    {.quotes = QUOTES_REMOVED, .only = "boundary"},
    {.quotes = QUOTES_ADDED, .only = "name"},
    {.quotes = QUOTES_REMOVED, .only = "name"},
    {.quotes = QUOTES_ADDED, .only = "filename"},
    {.quotes = QUOTES_REMOVED, .only = "filename"},
    {.between = BETWEEN_SPACE, .quotes = QUOTES_ADDED},
    {.between = BETWEEN_SPACE, .quotes = QUOTES_REMOVED},
    {.between = BETWEEN_TAB, .quotes = QUOTES_ADDED},
    {.between = BETWEEN_TAB, .quotes = QUOTES_REMOVED},
    {.between = BETWEEN_FOLD, .quotes = QUOTES_ADDED},
    {.between = BETWEEN_FOLD, .quotes = QUOTES_REMOVED},
    {.encodings = LOWER},
    {.encodings = UPPER},
};

static bool
vary_spelling(const struct body_part *part, struct span header, size_t number,
    struct span eol, struct buf *out)
{
	(void)part;
	put_header(&spellings[number], header, eol, out);
	return true;
}

BODY_MIME_REPAIR(spelling)
{
	body_mime_vary(b, p, COUNT(spellings), vary_spelling);
}
