/*
 * mime: a walk over the parts of a message (RFC 2045, 2046, 2231), whose octets
 * flow in and are not held.
 *	mime.c		a walk begins
 *	mime_stream.c	the lines of a body
 *	mime_header.c	the lines of a header
 *	mime_delimiter.c	which line is a delimiter
 *	mime_part.c	parts begin and end
 *	mime_fields.c	the fields of a part, and their parameters
 *	mime_decode.c	base64 and quoted-printable
 *
 * A multipart is walked, and so is a message in a message, also an encoded one.
 * All other parts are leaves: the visitor may have the decoded octets of each.
 * What real mail has is read: any line ends, also mixed ones, delimiters that
 * are missing, malformed fields. A message without fields of MIME is one leaf,
 * text/plain.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MIME_H
#define MIME_H

#include "base/sink.h"
#include "mail/message.h"

struct mime;

enum mime_kind {
	MIME_LEAF,
	MIME_MULTIPART,
	MIME_MESSAGE, /* its one child is the message in it */
};

enum mime_encoding {
	MIME_IDENTITY, /* 7bit, 8bit, binary, or not specified */
	MIME_BASE64,
	MIME_QUOTED_PRINTABLE,
	MIME_UNKNOWN, /* the octets are passed as they are */
};

enum mime_damage {
	MIME_SOUND,
	MIME_STRAY, /* octets that the encoding does not have; of base64, they
		       are skipped, of quoted-printable, passed as they are */
	MIME_CUT,   /* the end is within a quantum or an escape; what was
		       complete of it is passed */
	MIME_AFTER, /* after the padding of base64 are other octets than white
		       space; they are skipped */
};

/* The value of a parameter: octets in a charset, which is absent unless the
 * parameter names one (RFC 2231 4). */
struct mime_parameter {
	struct span name; /* in lower case, without the "*" of RFC 2231 */
	struct span value, charset;
};

/*
 * A part. Its spans are valid from begin() to end(), parents longer than their
 * children. Offsets are octets from the start of the message (of an mbox line
 * before it, if there is one). Parts of an encoded message have offsets in its
 * decoded octets; encoded_in is then the number of the part that is encoded.
 */
struct mime_part {
	const struct mime_part *parent; /* NULL: the message itself */
	unsigned number;                /* from 1, in the order of the octets */
	unsigned index;                 /* from 1, among those of its parent */
	unsigned depth;                 /* of the message itself, 0 */
	unsigned encoded_in;            /* the number of a part, or 0 */
	enum mime_kind kind;
	enum mime_encoding encoding;
	struct span type; /* "text/plain": in lower case, never absent */
	const struct mime_parameter *parameters; /* of the type */
	size_t nparameters;
	struct span disposition; /* in lower case, or absent */
	struct span name;        /* decoded file name, or absent */
	struct span header;      /* raw, valid in begin() only */
	bool header_cut; /* lines over LIMIT_MIME_HEADER are not in header, or
			    parameters over LIMIT_MIME_PARAMETERS not there */
	bool too_deep;   /* a leaf, as it is nested at LIMIT_MAIL_DEPTH */
	uint64_t header_at, body_at; /* offsets of their first octets */

	/* Known in end(). */
	uint64_t end_at; /* the offset after the last octet of the body, without
			    the line end that belongs to a delimiter */
	unsigned children;
	bool unclosed;           /* a multipart without its last delimiter */
	enum mime_damage damage; /* of a leaf that was not skipped, or of an
				    encoded message: a cut, else the first */
	uint64_t damage_at;      /* its offset */
};

/* What is called for each part, containers before and after their children. */
struct mime_visitor {
	/* The header was read. Returns the sink that is given the decoded
	 * octets, and ended, or NULL to skip them. Only that of a leaf is
	 * used. */
	struct sink *(*begin)(
	    struct mime_visitor *self, const struct mime_part *part);
	/* The part ended, after its sink. */
	void (*end)(struct mime_visitor *self, const struct mime_part *part);
};

/* What a walk could not tell by its parts. */
struct mime_result {
	unsigned parts;
	bool too_deep;       /* some part is */
	bool too_many_parts; /* those after LIMIT_MAIL_PARTS were skipped */
};

/* A walker may be used for any number of messages, one after the other, and
 * keeps its memory, whose size does not depend on theirs. */
struct mime *mime_new(void);
void mime_free(struct mime *w); /* NULL is accepted */

/*
 * Begins a walk and returns the sink for the octets of the message, which may
 * begin with mbox lines. An earlier walk need not have been ended. The sink is
 * w's.
 */
struct sink *mime_begin(struct mime *w, struct mime_visitor *visitor);

/* The same for a message whose header message_read() has read, or found too
 * large; the sink is for message_body(). */
struct sink *mime_begin_message(
    struct mime *w, struct mime_visitor *visitor, const struct message *m);

/* Returns what the walk found so far; after the end of the sink, all. */
struct mime_result mime_result(const struct mime *w);

/* Returns the value of a part's parameter, or absent. The name is in lower
 * case. */
struct span mime_parameter(const struct mime_part *part, struct span name);

/* Returns the body of the first field of a name in a raw header, or absent. */
struct span mime_field(struct span header, struct span name);

/* Returns the text of an unstructured field, such as Subject: unfolded, with
 * encoded-words decoded (RFC 2047), in the charsets that they name. */
struct span mime_text(struct span body, struct arena *a);

#endif
