/*
 * show_table: a table for people. The first column is what a row is about; the
 * others are numbers, which end at the right of their column, or texts. Columns
 * in which no row has anything are left out, and on a terminal also those for
 * which there is no room. On a terminal a first column of more than two fifths
 * of the width is a line by itself; in a pipe a row is always one line.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "base/screen.h"

#define SHOW_COLUMNS 12

struct show_column {
	const char *heading;
	/* The highest are left out first, equal ones together; 0: never. */
	unsigned rank;
	bool is_text;
};

struct show_cell {
	struct span shown;
	enum screen_role role;
};

struct show_table {
	struct arena *arena;
	const struct show_column *columns;
	size_t ncolumns;
	struct show_cell *cells; /* row after row */
	size_t ncells;
};

#define SHOW_TABLE(a, columns) \
	((struct show_table){(a), (columns), COUNT(columns), NULL, 0})

/* Adds a cell: the next one of the row, or the first of the next row. It is
 * shown escaped, and with one blank for each run of them, as more would make
 * two columns of a name. */
void show_cell(struct show_table *t, enum screen_role role, struct span text);

/* Writes the table, with its headings. */
void show_table(const struct show_table *t, const struct screen *screen);

#endif
