/*
 * jsonline: JSON objects as text, one per line (RFC 8259). It is for output of
 * which there is so much that making objects of jansson first would take most
 * of the time; the octets are those that jansson writes of json_text() with the
 * flags JSON_COMPACT and JSON_ENSURE_ASCII.
 *
 * An object is composed in a buf. Each function adds a member to the object
 * that was opened last or, if name is NULL, an element to the list. Names are
 * written unchanged: they have only printable ASCII, no quote and no backslash.
 * Every value ends with a comma, which jsonline_close() and jsonline_end()
 * remove; so members that are in many objects can be written once, to a buf of
 * their own, and added by buf_add().
 */
/* SPDX-License-Identifier: ISC */
#ifndef JSONLINE_H
#define JSONLINE_H

#include "base/buf.h"

/* Open an object '{' or a list '['; close it by '}' or ']'. */
void jsonline_open(struct buf *b, const char *name, char bracket);
void jsonline_close(struct buf *b, char bracket);

/* Closes the outermost object, and ends the line. */
void jsonline_end(struct buf *b);

/* Adds a text as a string, or null if it is absent. What is not valid UTF-8, or
 * has a DEL or a NUL, is escaped as json_text() says. */
void jsonline_text(struct buf *b, const char *name, struct span s);

/* The same; of a text over max octets only as many of its first characters as
 * fit in max, and "...". */
void jsonline_short(struct buf *b, const char *name, struct span s, size_t max);

void jsonline_number(struct buf *b, const char *name, int64_t n);
void jsonline_null(struct buf *b, const char *name);

#endif
