/*
 * message: an Internet message (RFC 5322 2). The header is held in memory, with
 * every octet kept. The body is a stream that is read once, or twice if it is
 * written back.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "base/arena.h"
#include "base/checksum.h"
#include "mail/field.h"
#include "base/sink.h"
#include "mail/source.h"
#include "mail/spool.h"

enum message_status {
	MESSAGE_OK,
	MESSAGE_EMPTY,     /* no octets */
	MESSAGE_NO_FIELD,  /* the first line after mbox lines is not a field */
	MESSAGE_TOO_LARGE, /* header over LIMIT_HEADER or LIMIT_HEADER_FIELDS:
			      the octets are kept, fields[] is empty */
	MESSAGE_READ,      /* read error: errno */
};

/* A field name that the header has, and its lowest field. */
struct message_name {
	struct span name;
	uint32_t lowest;
};

struct message {
	struct arena *arena;
	struct source *source;
	struct span head;      /* all octets in memory, from the mbox lines */
	struct span mbox;      /* leading "From " and ">From " lines */
	struct span separator; /* the empty line, or empty if missing */
	struct span body;      /* the start of the body, in memory */
	struct field *fields;  /* top to bottom */
	size_t nfields;
	struct message_name *names; /* sorted; a field's name_id is an index */
	size_t nnames;
	const char *eol;       /* line end of the first line, "\r\n" or "\n" */
	const char *field_eol; /* line end of the first field */
	bool too_large;        /* MESSAGE_TOO_LARGE was returned */
	struct spool *spool;   /* the rest of the body, as received, or NULL */
	struct checksum first; /* of that rest, to compare when reread */
};

/* Reads the header from a source. The message lives in the arena;
 * message_body() and message_write() use the source. */
enum message_status
message_read(struct message *m, struct source *source, struct arena *a);

/* Returns how the input begins if it has MESSAGE_NO_FIELD, for people: "it
 * begins with an empty line", "it is compressed by gzip: use zcat" ... */
const char *message_beginning(const struct message *m);

/*
 * Reads the body to its end, unchanged, into each sink, and ends the sinks.
 * With keep, message_write() can write the body afterwards: it rereads a source
 * that allows that, and the body of any other is spooled here. Returns 0, or -1
 * with errno; the input is read to its end in both cases.
 */
int
message_body(struct message *m, struct sink *const *sinks, size_t n, bool keep);

/*
 * Writes the message: mbox lines, added (whole fields), the header without
 * dropped fields, the body. The octets after the fields are written to strip if
 * it is not NULL, which passes them on to out. Both are ended. Returns 0, or -1
 * with errno if the body cannot be read back: ESTALE if the source has changed.
 * Write errors remain in out.
 */
int message_write(
    struct message *m, struct span added, struct sink *out, struct sink *strip);

/* Returns "\r\n" if all lines of the header that message_write() writes end in
 * CRLF, else "\n". */
const char *message_header_eol(const struct message *m);

/* Returns whether some programs read the text after this header as more of it:
 * the header ends without an empty line, or with a CRLF although one of its
 * lines ends in LF alone, so that the empty line has a CR in it for a program
 * that ends lines at LF. */
bool message_header_unterminated(const struct message *m);

/* Frees the spool of the body. */
void message_free(struct message *m);

/* Returns the lowest field of a name, ignoring case, or NULL. */
const struct field *message_lowest(const struct message *m, struct span name);

/* Returns the next field of the same name above f, or NULL. */
const struct field *
message_above(const struct message *m, const struct field *f);

/* Returns the number of fields of a name, ignoring case. */
size_t message_count(const struct message *m, struct span name);

#endif
