/* explain_table: counts what was altered in several messages, and by what. */
/* SPDX-License-Identifier: ISC */

#include "explain.h"

#include <stdlib.h>
#include <string.h>

static struct explain_row *
find_row(struct explain_table *t, const char *id)
{
	struct explain_row *row;

	for (size_t i = 0; i < t->nrows; i++)
		if (!strcmp(t->rows[i].id, id))
			return &t->rows[i];
	row = ARENA_PUSH(t->arena, t->rows, t->nrows);
	*row = (struct explain_row){.id = id};
	return row;
}

static void
count(struct explain_count *c, size_t message)
{
	c->messages += c->last != message;
	c->last = message;
}

/* No software is to blame where nothing was altered. */
static void
add_id(struct explain_table *t, const char *id, const struct explanation *x)
{
	struct explain_row *row = find_row(t, id);

	count(&row->all, t->messages);
	if (explain_is_altered(x))
		count(&row->by[x->context.software], t->messages);
}

static void
add_repairs(struct explain_table *t, const struct repair *list, size_t n,
    const struct explanation *x)
{
	for (size_t i = 0; i < n; i++)
		add_id(t, list[i].kind->id, x);
}

/* A signature for which no alteration was found has the reason of its result
 * instead. */
static void
add_signature(struct explain_table *t, const struct explanation *x)
{
	const struct header_found *h = &x->header_found;
	const struct body_found *b = &x->body_found;

	if (x->reason == DKIM_OK)
		return;
	add_repairs(t, h->repairs, h->nrepairs, x);
	add_repairs(t, b->repairs, b->nrepairs, x);
	if (!h->nrepairs && !b->nrepairs)
		add_id(t, dkim_reasons[x->reason].id, x);
}

void
explain_table_add(
    struct explain_table *t, const struct explanation *list, size_t n)
{
	t->messages++;
	for (size_t i = 0; i < n; i++)
		add_signature(t, &list[i]);
}

/* The commonest first, then by name. */
static int
compare_rows(const void *one, const void *two)
{
	const struct explain_row *a = one, *b = two;

	if (a->all.messages != b->all.messages)
		return a->all.messages < b->all.messages ? 1 : -1;
	return strcmp(a->id, b->id);
}

#define HEADING_ID    "ALTERATION"
#define HEADING_COUNT "MESSAGES"

static void
put_row(const struct explain_row *row, size_t column, const struct screen *to,
    struct arena *a)
{
	const int width = (int)sizeof(HEADING_COUNT) - 1;
	struct screen_text t = SCREEN_TEXT(a);
	const char *before = "  ";

	screen_str(&t, SCREEN_ID, row->id);
	screen_to_column(&t, column);
	screen_add(&t, SCREEN_PLAIN,
	    arena_printf(a, "%*zu", width, row->all.messages));
	for (size_t i = 0; i < EXPLAIN_SOFTWARE; i++) {
		const char *by = context_name((enum context_software)i);

		if (!row->by[i].messages)
			continue;
		screen_add(&t, SCREEN_PLAIN,
		    arena_printf(a, "%s%s %zu", before, by ? by : "unknown",
			row->by[i].messages));
		before = ", ";
	}
	screen_put(to, &t);
}

static void
put_heading(size_t column, const struct screen *to, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_put(to, &t);
	screen_str(&t, SCREEN_HEADING, HEADING_ID);
	screen_to_column(&t, column);
	screen_str(&t, SCREEN_HEADING, HEADING_COUNT "  BY");
	screen_put(to, &t);
}

void
explain_table_put(
    struct explain_table *t, const struct screen *to, struct arena *a)
{
	size_t column = sizeof(HEADING_ID) - 1;

	if (!t->nrows)
		return;
	qsort(t->rows, t->nrows, sizeof(*t->rows), compare_rows);
	for (size_t i = 0; i < t->nrows; i++)
		if (strlen(t->rows[i].id) > column)
			column = strlen(t->rows[i].id);
	put_heading(column + 2, to, a);
	for (size_t i = 0; i < t->nrows; i++)
		put_row(&t->rows[i], column + 2, to, a);
}
