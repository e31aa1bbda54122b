/*
 * table: files that operators write: lines of columns, separated by blanks. "#"
 * at the beginning of a word begins a comment; empty lines are skipped. In
 * double quotes a blank is part of a word, and so is a blank, a quote, "#" or a
 * backslash after a backslash; any other backslash is an octet of the word.
 */
/* SPDX-License-Identifier: ISC */
#ifndef TABLE_H
#define TABLE_H

#include "base/arena.h"

struct table_row {
	size_t line;          /* its number, from 1 */
	struct span *columns; /* words, at least min of table_parse() */
	struct span *texts;   /* the same as written: views into the text */
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
 * that has fewer than min or more than max columns, a NUL, a quote without its
 * second one, or a first column that is not a pattern; then *error, in the
 * arena, says which. The first column is put into normal form (domain.h); the
 * others are views into text, or in the arena if they have quotes or
 * backslashes.
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

/*
 * A column may be a template: "%d" in it is the domain that the pattern has
 * matched, "%%" is a percent sign.
 */

/* Does a column have "%d"? */
bool table_has_domain(struct span column);

/*
 * Returns a column with a domain (any form) in the place of each "%d", and "%"
 * in that of "%%". Absent if the column has another "%", or if it has "%d" and
 * the text is not a domain name. The domain is inserted in normal form
 * (domain_normal()), which consists of labels of letters, digits, "-" and "_"
 * with single dots between them: a path gets no "/", no ".." and no dot at the
 * beginning of a name from it, whatever a message has for a domain.
 */
struct span
table_expand(struct span column, struct span domain, struct arena *a);

/* Returns a text as a word of a table that has this text as its value: in
 * quotes, with backslashes before some octets, if it needs them. The text has
 * no LF and no NUL, which no word can have. */
struct span table_quote(struct span text, struct arena *a);

/* Does a pattern match a domain (normal form)? "example.org" matches that name
 * only, ".example.org" every name below it, "*" every name. Patterns may have
 * U-labels and any case. */
bool table_match(struct span pattern, struct span domain, struct arena *a);

#endif
