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

/* Which rows a table has. */
struct table_form {
	const char *columns; /* "PATTERN DOMAIN", for error messages */
	size_t min, max;     /* how many a row has */
};

struct table {
	const char *path;
	const struct table_form *form;
	struct table_row *rows;
	size_t nrows;
};

/*
 * Splits a file's text into rows. Returns 0, or the number of the first line
 * that has fewer than min or more than max columns, a NUL, or a first column
 * that is not a pattern; then *error, in the arena, says which. The first
 * column is put into normal form (domain.h); the others are views into text.
 */
size_t table_parse(struct span text, const struct table_form *form,
    struct arena *a, struct table *t, struct span *error);

/* Reads a file. Ends the program if it cannot be read (66), or has a line that
 * is not a row (78). */
void table_read(const char *path, const struct table_form *form,
    struct arena *a, struct table *t);

/* Ends the program (78) for an invalid line: "FILE:LINE: not COLUMNS: ". */
_Noreturn void table_die(const struct table *t, size_t line, struct span error);

/* Returns a path from a column, which is relative to the folder of the table.
 * A table that is not a file, such as a pipe, or is below /dev or /proc has
 * none: then the path is relative to the working directory. */
struct span
table_path(const struct table *t, struct span path, struct arena *a);

/* Does a pattern match a domain (normal form)? "example.org" matches that name
 * only, ".example.org" every name below it, "*" every name. Patterns may have
 * U-labels and any case. */
bool table_match(struct span pattern, struct span domain, struct arena *a);

#endif
