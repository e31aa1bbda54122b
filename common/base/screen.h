/*
 * screen: text for people. On a terminal it is folded at blanks to the width of
 * the terminal, continuation lines are indented, and parts have the colour of
 * their role. In a pipe or a file a line stays one line, without colours unless
 * they are requested. With die.h the only part of base/ that writes.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdio.h>

#include "base/buf.h"

/* What a part of a text is, for its colour. */
enum screen_role {
	SCREEN_PLAIN,
	SCREEN_PASS,    /* a result: pass */
	SCREEN_FAIL,    /* a result: fail, permerror; a finding: error */
	SCREEN_DOUBT,   /* any other result; a finding: warning */
	SCREEN_ID,      /* the identifier of a reason or a finding */
	SCREEN_DECIDES, /* what led to a result */
	SCREEN_OVER,    /* what is over a limit */
	SCREEN_PLACE,   /* where an error is, or what a finding is about */
	SCREEN_HEADING, /* of a table, or a group of options */
};

enum screen_colours {
	SCREEN_AUTO, /* on a terminal other than "dumb", unless NO_COLOR is set
			and not empty (no-color.org) */
	SCREEN_ALWAYS,
	SCREEN_NEVER,
};

/* Sets for all screens made from now on whether they have colours. */
void screen_set_colours(enum screen_colours colours);

struct screen {
	FILE *to;
	size_t width; /* columns; 0: it is not a terminal, nothing is folded */
	bool has_colours;
};

/* The width of a terminal that does not tell its own. */
#define SCREEN_WIDTH 80u

/* Returns the screen that a stream is. The width of a terminal is $COLUMNS if
 * that is a number, else what the terminal tells, else SCREEN_WIDTH. */
struct screen screen_of(FILE *to);

/* A line being composed, in an arena. */
struct screen_text {
	struct buf text; /* as it will be shown */
	struct screen_part *parts;
	size_t nparts;
};

#define SCREEN_TEXT(a) ((struct screen_text){.text = BUF(a)})

/* Add a text in a role: a C string or octets, escaped as utf8_escape() does; or
 * a text that is printable already, unchanged. */
void screen_str(struct screen_text *t, enum screen_role role, const char *s);
void screen_add(struct screen_text *t, enum screen_role role, struct span s);
void screen_shown(struct screen_text *t, enum screen_role role, struct span s);

/* Adds blanks up to a column, counted from 0, at least two of them. */
void screen_to_column(struct screen_text *t, size_t column);

/* Returns the columns that a printable text takes. */
size_t screen_columns(struct span shown);

/*
 * Writes a line. Where it must be folded, continuation lines are indented four
 * columns more than the line itself, or to the column hang. A word that is
 * longer than a line is broken at its end. Errors are left to ferror().
 */
void screen_put(const struct screen *s, const struct screen_text *t);
void screen_put_hanging(
    const struct screen *s, const struct screen_text *t, size_t hang);

/* Writes a printable text as a line, as screen_put() does, without an arena. */
void screen_line(const struct screen *s, struct span shown);

#endif
