/*
 * message: an Internet message (RFC 5322 2): the header's fields held in
 * memory, every octet kept; the body a stream that flows through once, or
 * twice where it must be written back.
 */
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
	MESSAGE_EMPTY,     /* not one octet */
	MESSAGE_NO_FIELD,  /* the first line after mbox lines is no field */
	MESSAGE_TOO_LARGE, /* header over LIMIT_HEADER or LIMIT_HEADER_FIELDS:
			      no fields are kept, the octets are */
	MESSAGE_READ,      /* read error: errno */
};

/* A field name that occurs, and its lowest field. */
struct message_name {
	struct span name;
	uint32_t lowest;
};

struct message {
	struct arena *arena;
	struct source *source;
	struct span head;      /* all octets in memory: mbox lines and on */
	struct span mbox;      /* leading "From " and ">From " lines */
	struct span separator; /* the empty line, or empty if there is none */
	struct span body;      /* what of the body is in memory, its start */
	struct field *fields;  /* top to bottom */
	size_t nfields;
	struct message_name *names; /* sorted; a field's name_id is an index */
	size_t nnames;
	const char *eol;       /* the first line's end, "\r\n" or "\n" */
	const char *field_eol; /* the first field's */
	bool too_large;        /* as MESSAGE_TOO_LARGE says */
	struct spool *spool;   /* the rest of the body as it came, or NULL */
	struct checksum first; /* of that rest, if it is read again instead */
};

/* Reads the header from a source. The message lives in the arena, and needs
 * the source for its body. */
enum message_status
message_read(struct message *m, struct source *source, struct arena *a);

/* Of MESSAGE_NO_FIELD: how it begins, for people: "it begins with an empty
 * line", "... with a byte order mark", "it does not begin with a field". */
const char *message_beginning(const struct message *m);

/*
 * Reads the body to its end, once, into each sink (octets as they came) and
 * ends the sinks. If keep, the body stays to be written back: a source that
 * can be read again is, others are spooled. Returns 0, or -1 with errno (the
 * input is read to its end all the same).
 */
int
message_body(struct message *m, struct sink *const *sinks, size_t n, bool keep);

/*
 * Writes the message: mbox lines, added (whole fields), the header without
 * dropped fields, the body. strip, if not NULL, stands in front of out for all
 * that follows the fields. Both are ended. Returns 0, or -1 with errno of
 * reading back: ESTALE if the source changed in between. Write errors stay in
 * out.
 */
int message_write(
    struct message *m, struct span added, struct sink *out, struct sink *strip);

/* "\r\n" if all lines of the header that message_write() leaves end so. */
const char *message_header_eol(const struct message *m);

/* Do some programs read on after this header? It does not end with an empty
 * line, or with a CRLF where some line ends in LF alone: to whoever reads such
 * lines that is a line with a CR. */
bool message_header_unterminated(const struct message *m);

/* Forgets the body's spool. */
void message_free(struct message *m);

/* The lowest field of a name (no case), or NULL; message_above() goes on up. */
const struct field *message_lowest(const struct message *m, struct span name);
const struct field *
message_above(const struct message *m, const struct field *f);
size_t message_count(const struct message *m, struct span name);

#endif
