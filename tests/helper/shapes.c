/*
 * shapes: writes the messages that a table of shapes describes, each with each
 * kind of line ends, into files.
 *	shapes TABLE DIRECTORY
 * tests/data/pass-through/shapes explains the columns. Prints a line for each
 * message, between tabs: its file, how many lines of an mbox it begins with,
 * the kind of its line ends (LF, CRLF, or mixed, which begins with LF), and the
 * name of its shape.
 */
/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

enum column {
	NAME,
	MBOX,
	BEGINNING,
	TIMES,
	REPEATED,
	END,
	COLUMNS
};

static const char *const kinds[] = {"LF", "CRLF", "mixed"};

struct writer {
	FILE *file;
	const char *kind;
	size_t lines; /* written so far */
};

static void
put_line_end(struct writer *w)
{
	bool crlf =
	    w->kind == kinds[1] || (w->kind == kinds[2] && w->lines % 2 == 1);

	fputs(crlf ? "\r\n" : "\n", w->file);
	w->lines++;
}

/* Up to three octal digits; returns what follows them. */
static const char *
put_octal(struct writer *w, const char *p)
{
	int octet = 0;

	for (int i = 0; i < 3 && *p >= '0' && *p <= '7'; i++)
		octet = octet * 8 + (*p++ - '0');
	putc(octet, w->file);
	return p;
}

/* The escape after a backslash, as %b of printf(1) has it. */
static const char *
put_escape(struct writer *w, const char *p)
{
	static const char letters[] = "abfnrtv", octets[] = "\a\b\f\n\r\t\v";
	const char *letter = *p ? strchr(letters, *p) : NULL;

	if (*p == '0')
		return put_octal(w, p + 1);
	if (!letter)
		die(EX_DATAERR, "no such escape: \\%s", p);
	putc(octets[letter - letters], w->file);
	return p + 1;
}

static void
put_text(struct writer *w, const char *p)
{
	while (*p)
		if (*p == '~') {
			put_line_end(w);
			p++;
		} else if (*p == '\\') {
			p = put_escape(w, p + 1);
		} else {
			putc(*p++, w->file);
		}
}

static void
write_shape(char *column[COLUMNS], const char *kind, const char *path)
{
	struct writer w = {fopen(path, "we"), kind, 0};
	unsigned long times = strtoul(column[TIMES], NULL, 10);

	if (!w.file)
		die(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	if (strcmp(column[BEGINNING], "-") != 0)
		put_text(&w, column[BEGINNING]);
	for (unsigned long i = 0; i < times; i++)
		put_text(&w, column[REPEATED]);
	if (strcmp(column[END], "-") != 0)
		put_text(&w, column[END]);
	if (fclose(w.file) != 0)
		die(EX_IOERR, "%s: %s", path, strerror(errno));
}

static void
split(char *line, char *column[COLUMNS])
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = strsep(&line, "\t");
		if (!column[i])
			die(EX_DATAERR, "a line has %d columns", i);
	}
}

static void
write_kinds(char *column[COLUMNS], const char *directory, unsigned number)
{
	char path[4096];

	for (size_t i = 0; i < COUNT(kinds); i++) {
		snprintf(path, sizeof(path), "%s/%u.%s", directory, number,
		    kinds[i]);
		write_shape(column, kinds[i], path);
		printf("%s\t%s\t%s\t%s\n", path, column[MBOX], kinds[i],
		    column[NAME]);
	}
}

int
main(int argc, char **argv)
{
	char *column[COLUMNS], *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	FILE *table;

	die_init(argv[0]);
	if (argc != 3)
		die(EX_USAGE, "usage: shapes TABLE DIRECTORY");
	table = fopen(argv[1], "re");
	if (!table)
		die(EX_NOINPUT, "%s: %s", argv[1], strerror(errno));
	while (getline(&line, &size, table) > 0)
		if (*line != '#') {
			split(line, column);
			write_kinds(column, argv[2], ++number);
		}
	free(line);
	fclose(table);
	return 0;
}
