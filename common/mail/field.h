/* field: the lines and fields of a message's header (RFC 5322 2.2), as raw
 * octets. */
/* SPDX-License-Identifier: ISC */
#ifndef FIELD_H
#define FIELD_H

#include "base/buf.h"

struct field {
	struct span raw;  /* from the name to the last line end, if any */
	struct span name; /* as written */
	struct span body; /* after the colon, without the last line end */
	uint32_t name_id; /* the same for equal names, ignoring case */
	uint32_t above;   /* next field up of this name, or UINT32_MAX */
	bool dropped;     /* message_write() omits it */
};

enum field_line {
	FIELD_START,        /* field-name [WSP] ":" (RFC 5322 2.2, 4.5) */
	FIELD_CONTINUATION, /* begins with WSP */
	FIELD_EMPTY,        /* only a line end: the header ends */
	FIELD_MBOX,         /* "From " or ">From ", before the first field */
	FIELD_OTHER,        /* anything else: the body begins here */
};

/* Returns the kind of a line, given with its line end if it has one. */
enum field_line field_classify(struct span line);

/* Returns the length of the first line of s including its LF, or 0 if s has no
 * LF. */
size_t field_line_length(struct span s);

/* Removes the first line, with its line end if it has one, from *rest and
 * returns it. */
struct span field_cut_line(struct span *rest);

/* Returns s without an LF or CRLF at its end. */
struct span field_chomp(struct span s);

/* Returns the length of the LF or CRLF at the start of s, or 0. */
static inline size_t
field_line_end(struct span s)
{
	if (span_starts(s, SPAN("\n")))
		return 1;
	return span_starts(s, SPAN("\r\n")) ? 2 : 0;
}

/* Returns how many octets at the start of s are WSP or in line ends. */
size_t field_blanks(struct span s);

/* Returns a text, in the arena, without the line ends at its folds, or at its
 * end (RFC 5322 2.2.3). */
struct span field_unfold(struct span s, struct arena *a);

/* Adds a text whose lines end with eol instead of LF or CRLF. */
void field_put_lines(struct buf *b, struct span text, struct span eol);

/* Are the raw octets those of one field: its first line is a FIELD_START, and
 * each other one begins with WSP? */
bool field_is_one(struct span raw);

/* Returns the field of these raw octets, whose first line is a FIELD_START. */
struct field field_split(struct span raw);

/* Removes the first field, with its continuation lines, from *header and sets
 * *f to it. False, and both stay: the header does not begin with a field. */
bool field_cut(struct span *header, struct field *f);

/* Returns the first of the fields that a header begins with that has this name,
 * ASCII case ignored; its raw is absent if there is none. */
struct field field_find(struct span header, struct span name);

#endif
