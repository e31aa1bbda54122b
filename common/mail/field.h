/* field: the lines and fields of a message's header (RFC 5322 2.2), as raw
 * octets. */
/* SPDX-License-Identifier: ISC */
#ifndef FIELD_H
#define FIELD_H

#include "base/span.h"

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

/* Returns s without an LF or CRLF at its end. */
struct span field_chomp(struct span s);

/* Returns the field of these raw octets, whose first line is a FIELD_START. */
struct field field_split(struct span raw);

#endif
