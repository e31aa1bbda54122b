/* field: the lines of a message's header (RFC 5322 2.2), raw. */
#ifndef FIELD_H
#define FIELD_H

#include "base/span.h"

struct field {
	struct span raw;  /* name to last line end; no line end at EOF */
	struct span name; /* as written */
	struct span body; /* after the colon, without the last line end */
	uint32_t name_id; /* fields of the same name (no case) share it */
	uint32_t above;   /* next field of this name above, or UINT32_MAX */
	bool dropped;     /* removed: message_write() leaves it out */
};

enum field_line {
	FIELD_START,        /* field-name [WSP] ":" (RFC 5322 2.2, 4.5) */
	FIELD_CONTINUATION, /* begins with WSP */
	FIELD_EMPTY,        /* only a line end: the header's end */
	FIELD_MBOX,  /* "From " or ">From ": only before the first field */
	FIELD_OTHER, /* none of these: the body begins here */
};

/* What a line is; the line has its line end, if there is one. */
enum field_line field_classify(struct span line);

/* The length of the line at the start of s with its LF, or 0 without one. */
size_t field_line_length(struct span s);

/* s without a last LF or CRLF. */
struct span field_chomp(struct span s);

/* A field from its raw octets, which begin as FIELD_START says. */
struct field field_split(struct span raw);

#endif
