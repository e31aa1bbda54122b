/*
 * screen_internal: what the files of screen share: screen.c folds and writes
 * without an arena, so that die.c can use it; screen_text.c composes lines. For
 * the files of screen alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SCREEN_INTERNAL_H
#define SCREEN_INTERNAL_H

#include "base/screen.h"

/* From an octet of the text on, up to the next part. */
struct screen_part {
	size_t at;
	enum screen_role role;
};

/* Returns the usual indent of continuation lines. */
size_t screen_hang(struct span text);

/* Writes a text of n parts as a line, folded where it must be. */
void screen_write(const struct screen *s, struct span text,
    const struct screen_part *parts, size_t n, size_t hang);

#endif
