/* body_mime_field: fields of parts that were added, removed or moved. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

/* Fields of a header that are moved or removed by their number. */
#define FIELDS 8

enum what {
	REMOVE, /* all of a name */
	LAST,   /* put a field at the end */
	NEXT,   /* after Content-Type */
	FIRST,
	VALUE, /* another value of a field */
};

#define ENCODING "Content-Transfer-Encoding"

static const struct {
	enum what what;
	const char *name, *value;
} variations[] = {
    {REMOVE, ENCODING, NULL},
    {LAST, ENCODING, "7bit"},
    {NEXT, ENCODING, "7bit"},
    {LAST, ENCODING, "8bit"},
    {NEXT, ENCODING, "8bit"},
    {VALUE, ENCODING, "8bit"},
    {VALUE, ENCODING, "7bit"},
    {VALUE, ENCODING, "binary"},
    {REMOVE, "MIME-Version", NULL},
    {FIRST, "MIME-Version", "1.0"},
    {LAST, "MIME-Version", "1.0"},
    {NEXT, "MIME-Version", "1.0"},
    {REMOVE, "Content-Disposition", NULL},
    {LAST, "Content-Disposition", "inline"},
    {NEXT, "Content-Disposition", "inline"},
    {FIRST, ENCODING, "7bit"},
    {FIRST, ENCODING, "8bit"},
    {REMOVE, "Content-ID", NULL},
    {REMOVE, "Content-Description", NULL},
    {REMOVE, "Content-Language", NULL},
};

static void
put_field(const char *name, const char *value, struct span eol, struct buf *out)
{
	buf_str(out, name);
	buf_str(out, ": ");
	buf_str(out, value);
	buf_add(out, eol);
}

/* Writes a field whose value is replaced. */
static void
put_valued(const struct field *f, const char *value, struct buf *out)
{
	struct span old = span_trim(f->body);

	buf_add(out, span_between(f->raw.p, old.p));
	buf_str(out, value);
	buf_add(out, span_between(old.p + old.len, f->raw.p + f->raw.len));
}

/* The fields of a header, up to FIELDS. */
static size_t
list_fields(struct span header, struct field *list)
{
	size_t n = 0;

	while (n < FIELDS && field_cut(&header, &list[n]))
		n++;
	return n;
}

/* Writes a header without the field at from, which is put before the one at to
 * instead, or nowhere if to is SIZE_MAX. */
static bool
move(struct span header, size_t from, size_t to, struct buf *out)
{
	struct field list[FIELDS];
	size_t n = list_fields(header, list);

	if (from >= n || (to != SIZE_MAX && to > n))
		return false;
	for (size_t i = 0; i <= n; i++) {
		if (i == to)
			buf_add(out, list[from].raw);
		if (i < n && i != from)
			buf_add(out, list[i].raw);
	}
	buf_add(out,
	    span_between(list[n - 1].raw.p + list[n - 1].raw.len,
		header.p + header.len));
	return true;
}

/* The encoding is only changed where it leaves the octets as they are. */
static bool
applies(enum what what, struct span name, enum mime_encoding encoding,
    struct span header)
{
	bool there = field_find(header, name).raw.p;

	return there == (what == REMOVE || what == VALUE) &&
	    (encoding == MIME_IDENTITY || !span_eq(name, SPAN(ENCODING)));
}

static bool
vary_named(enum mime_encoding encoding, struct span header, size_t number,
    struct span eol, struct buf *out)
{
	const char *name = variations[number].name;
	const char *value = variations[number].value;
	enum what what = variations[number].what;
	struct field f;

	if (!applies(what, span_of(name), encoding, header))
		return false;
	if (what == FIRST)
		put_field(name, value, eol, out);
	while (field_cut(&header, &f)) {
		bool same = span_caseeq(f.name, span_of(name));

		if (same && what == VALUE)
			put_valued(&f, value, out);
		else if (!same)
			buf_add(out, f.raw);
		if (what == NEXT && span_caseeq(f.name, SPAN("Content-Type")))
			put_field(name, value, eol, out);
	}
	if (what == LAST)
		put_field(name, value, eol, out);
	return true;
}

/* After the variations: swaps of neighbours; first and last moved; each
 * removed. */
static bool
vary_fields(const struct body_part *part, struct span header, size_t number,
    struct span eol, struct buf *out)
{
	size_t n = 0, by = number - COUNT(variations);
	struct field list[FIELDS];

	if (number < COUNT(variations))
		return vary_named(part->encoding, header, number, eol, out);
	n = list_fields(header, list);
	if (by < FIELDS - 1)
		return by + 1 < n && move(header, by, by + 2, out);
	by -= FIELDS - 1;
	if (by == 0)
		return n > 2 && move(header, n - 1, 0, out);
	if (by == 1)
		return n > 2 && move(header, 0, n, out);
	return n > 1 && move(header, by - 2, SIZE_MAX, out);
}

BODY_MIME_REPAIR(fields)
{
	body_mime_vary(
	    b, p, COUNT(variations) + FIELDS - 1 + 2 + FIELDS, vary_fields);
}
