/*
 * table: files that operators write: lines of columns, separated by blanks. "#"
 * at the beginning of a word begins a comment; empty lines are skipped.
 */
/* SPDX-License-Identifier: ISC */
#ifndef TABLE_H
#define TABLE_H

#include "base/arena.h"

struct table_row {
	size_t line;          /* its number, from 1 */
	struct span *columns; /* words, at least min of table_parse() */
	size_t ncolumns;
};

struct table {
	struct table_row *rows;
	size_t nrows;
};

/*
 * Splits a file's text into rows. Returns 0, or the number of the first line
 * that has fewer than min or more than max columns, a NUL, or a first column
 * that is not a pattern. The first column is put into normal form (domain.h);
 * the others are views into text.
 */
size_t table_parse(
    struct span text, size_t min, size_t max, struct arena *a, struct table *t);

/* Does a pattern match a domain (normal form)? "example.org" matches that name
 * only, ".example.org" every name below it, "*" every name. Patterns may have
 * U-labels and any case. */
bool table_match(struct span pattern, struct span domain, struct arena *a);

#endif
