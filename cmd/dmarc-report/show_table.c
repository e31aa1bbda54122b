/* show_table: a table for people. */
/* SPDX-License-Identifier: ISC */

#include "show_table.h"

#include <assert.h>

/* Columns between two of the table. */
#define GAP 2u

/* The widest first column in a pipe: a longer one moves only its own row. */
#define PIPE_KEY 40u

/* The width of each column; 0: it is left out. */
struct layout {
	size_t width[SHOW_COLUMNS];
};

void
show_cell(struct show_table *t, enum screen_role role, struct span text)
{
	struct buf one = BUF(t->arena), shown = BUF(t->arena);

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != ' ' || !i || text.p[i - 1] != ' ')
			buf_char(&one, text.p[i]);
	buf_escaped(&shown, buf_span(&one));
	*ARENA_PUSH(t->arena, t->cells, t->ncells) =
	    (struct show_cell){buf_span(&shown), role};
}

/*
 * The layout.
 */

static size_t
widest(const struct show_table *t, size_t column)
{
	size_t width = 0;

	for (size_t i = column; i < t->ncells; i += t->ncolumns) {
		size_t n = screen_columns(t->cells[i].shown);

		width = n > width ? n : width;
	}
	return width;
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* The columns of the screen that all but the first column take. */
static size_t
taken(const struct show_table *t, const struct layout *l)
{
	size_t sum = 0;

	for (size_t i = 1; i < t->ncolumns; i++)
		sum += l->width[i] ? GAP + l->width[i] : 0;
	return sum;
}

/* Leaves out the columns of the highest rank that is there; false if each must
 * stay. */
static bool
leave_out(const struct show_table *t, struct layout *l)
{
	unsigned rank = 0;

	for (size_t i = 1; i < t->ncolumns; i++)
		if (l->width[i] && t->columns[i].rank > rank)
			rank = t->columns[i].rank;
	for (size_t i = 1; rank && i < t->ncolumns; i++)
		if (t->columns[i].rank == rank)
			l->width[i] = 0;
	return rank > 0;
}

/* A first column that is longer than this has a line of its own. */
static size_t
key_limit(size_t width, size_t heading)
{
	return width ? larger(heading, width * 2 / 5) : PIPE_KEY;
}

static struct layout
layout_of(const struct show_table *t, size_t screen)
{
	struct layout l = {{0}};
	size_t heading = span_of(t->columns[0].heading).len;
	size_t limit = key_limit(screen, heading);

	assert(t->ncolumns <= SHOW_COLUMNS && t->ncells % t->ncolumns == 0);
	for (size_t i = 0; i < t->ncolumns; i++) {
		l.width[i] = widest(t, i);
		if (!i || l.width[i])
			l.width[i] = larger(
			    l.width[i], span_of(t->columns[i].heading).len);
	}
	if (l.width[0] > limit)
		l.width[0] = limit;
	while (screen && l.width[0] + taken(t, &l) > screen)
		if (!leave_out(t, &l))
			break;
	/* A first column that the others leave too little room is shorter. */
	if (screen && taken(t, &l) < screen &&
	    l.width[0] + taken(t, &l) > screen)
		l.width[0] = screen - taken(t, &l);
	return l;
}

/*
 * Rows.
 */

/* Adds the cells after the first. */
static void
add_cells(const struct show_table *t, const struct layout *l,
    const struct show_cell *row, struct screen_text *line)
{
	size_t at = l->width[0];

	for (size_t i = 1; i < t->ncolumns; i++) {
		size_t n = screen_columns(row[i].shown);

		if (!l->width[i])
			continue;
		at += GAP;
		if (n) {
			screen_to_column(line,
			    t->columns[i].is_text ? at : at + l->width[i] - n);
			screen_shown(line, row[i].role, row[i].shown);
		}
		at += l->width[i];
	}
}

static void
put_row(const struct show_table *t, const struct layout *l,
    const struct show_cell *row, const struct screen *screen, struct arena *a)
{
	struct screen_text line = SCREEN_TEXT(a);

	screen_shown(&line, row->role, row->shown);
	if (screen->width && screen_columns(row->shown) > l->width[0]) {
		screen_put_hanging(screen, &line, GAP);
		line = SCREEN_TEXT(a);
	}
	add_cells(t, l, row, &line);
	screen_put_hanging(screen, &line, l->width[0] + GAP);
	arena_reset(a);
}

void
show_table(const struct show_table *t, const struct screen *screen)
{
	struct layout l = layout_of(t, screen->width);
	struct show_cell headings[SHOW_COLUMNS] = {{SPAN_NONE, SCREEN_PLAIN}};
	struct arena *line = arena_new();

	for (size_t i = 0; i < t->ncolumns; i++)
		headings[i] = (struct show_cell){
		    span_of(t->columns[i].heading), SCREEN_HEADING};
	put_row(t, &l, headings, screen, line);
	for (size_t i = 0; i < t->ncells; i += t->ncolumns)
		put_row(t, &l, &t->cells[i], screen, line);
	arena_free(line);
}
