/* authres: prints the Authentication-Results fields of a message as rows. */
/* SPDX-License-Identifier: ISC */

/*
 * Reads a message on stdin and prints a tab-separated row for each property of
 * each field, with the columns of the conformance suite: header (1 is the
 * topmost), authserv-id, version, number of the result, method, its version,
 * result, reason, ptype, property, value. "-" means that there is none.
 */

#include <stdio.h>

#include "mail/authres.h"
#include "base/buf.h"

/* Returns the length of the field at the start of s with its continuation
 * lines. */
static size_t
field_length(struct span s)
{
	size_t n = 0;

	do {
		n += span_find(span_from(s, n), '\n');
		n += n < s.len;
	} while (n < s.len && (s.p[n] == ' ' || s.p[n] == '\t'));
	return n;
}

static struct span
slurp(FILE *file, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n;

	while ((n = fread(buf_room(&b, 4096), 1, 4096, file)) > 0)
		b.len += n;
	return buf_span(&b);
}

static void
add_column(struct buf *row, struct span s)
{
	buf_char(row, '\t');
	if (!s.p)
		buf_char(row, '-');
	else if (!s.len)
		buf_str(row, "\"\"");
	else
		buf_escaped(row, s);
}

/* Prints the row of one property. p is NULL for a result without properties. */
static void
print_row(unsigned header, const struct authres *ar, size_t n,
    const struct authres_result *r, const struct authres_property *p,
    struct arena *a)
{
	struct buf row = BUF(a);

	buf_printf(&row, "%u", header);
	add_column(&row, ar->id);
	buf_printf(&row, "\t%ju\t%zu", (uintmax_t)ar->version, n);
	add_column(&row, r ? r->method : SPAN("none"));
	if (r)
		buf_printf(&row, "\t%ju", (uintmax_t)r->version);
	else
		add_column(&row, SPAN_NONE);
	add_column(&row, r ? r->result : SPAN_NONE);
	add_column(&row, r ? r->reason : SPAN_NONE);
	add_column(&row, p ? p->ptype : SPAN_NONE);
	add_column(&row, p ? p->name : SPAN_NONE);
	add_column(&row, p ? p->value : SPAN_NONE);
	printf(SPAN_FMT "\n", SPAN_ARG(buf_span(&row)));
}

static void
print_field(unsigned header, struct span body, struct arena *a)
{
	struct authres ar;

	if (!authres_parse(body, a, &ar)) {
		printf("%u\tdoes not parse\n", header);
		return;
	}
	if (!ar.nresults)
		print_row(header, &ar, 0, NULL, NULL, a);
	for (size_t i = 0; i < ar.nresults; i++) {
		const struct authres_result *r = &ar.results[i];

		if (!r->nproperties)
			print_row(header, &ar, i + 1, r, NULL, a);
		for (size_t j = 0; j < r->nproperties; j++)
			print_row(header, &ar, i + 1, r, &r->properties[j], a);
	}
}

static unsigned
print_fields(struct span message, struct arena *a)
{
	unsigned found = 0;

	while (message.len) {
		struct span raw = span_upto(message, field_length(message));
		struct span body = span_trim(raw), name;

		if (!body.len)
			break;
		name = span_cut(&body, ':');
		if (body.p && authres_is_name(name))
			print_field(++found, body, a);
		message = span_from(message, raw.len);
	}
	return found;
}

int
main(void)
{
	struct arena *a = arena_new();
	struct span message = slurp(stdin, a);

	if (!print_fields(message, a))
		puts("0\t-\t-\t0\t-\t-\t-\t-\t-\t-\t-");
	arena_free(a);
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
