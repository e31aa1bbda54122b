/* mime_internal: the state of a walk. For the files of mime alone. */
/* SPDX-License-Identifier: ISC */
#ifndef MIME_INTERNAL_H
#define MIME_INTERNAL_H

#include "base/buf.h"
#include "base/limit.h"
#include "mail/mime.h"

/*
 * Decoding (mime_decode.c).
 */

struct mime_decoder {
	enum mime_encoding encoding;
	struct sink *to; /* NULL: the octets are skipped */
	enum mime_damage damage;
	uint64_t damage_at;
	/* base64 */
	uint32_t bits;
	unsigned digits; /* of the quantum so far: 0 to 3 */
	unsigned pads;   /* after them */
	bool padded;     /* the end of the data was seen */
	/* quoted-printable */
	unsigned escape; /* enum in mime_decode.c */
	char digit;      /* the first of an escape */
	uint64_t escape_at;
	size_t nheld; /* blanks, and perhaps a CR, that may end a line */
	char held[LIMIT_LINE + 1];
};

void mime_decoder_begin(
    struct mime_decoder *d, enum mime_encoding encoding, struct sink *to);

/* Decodes octets, the first of which has the offset at. */
void mime_decoder_put(struct mime_decoder *d, struct span octets, uint64_t at);

/* Ends the data at an offset, and the sink. */
void mime_decoder_end(struct mime_decoder *d, uint64_t at);

/*
 * Fields (mime_fields.c).
 */

/* Sets type, parameters, encoding, disposition and name of a part by its raw
 * header, and header_cut if there are too many parameters. The first field of a
 * name counts. type is text/plain, or with in_digest message/rfc822, if the
 * header has none that is valid (RFC 2045 5.2, RFC 2046 5.1.5). */
void mime_read_fields(struct mime_part *part, struct span header,
    bool in_digest, struct arena *a);

/*
 * The walk. A part that has begun and not ended is a frame; its index is the
 * part's depth. An encoded message begins another stream, fed by the decoder of
 * its frame.
 */

enum mime_state {
	MIME_IN_HEADER,
	MIME_IN_BODY, /* of a leaf or an encoded message: the octets are
			 decoded */
	MIME_BETWEEN, /* before, between and after the parts of a multipart,
			 and after those of a message */
};

struct mime_frame {
	struct mime_part part;
	struct arena *arena; /* of the part's spans, or NULL */
	enum mime_state state;
	struct span boundary; /* absent: no multipart, or closed */
	struct mime_decoder decoder;
};

/* Octets in which lines are searched for delimiters. */
struct mime_stream {
	struct sink sink;
	struct mime *walker;
	unsigned base, end; /* its frames: from base, before end */
	unsigned encoded_in;
	uint64_t at;      /* the offset of the next octet */
	bool line_begins; /* with the next octet, or the octets in held after
			     the line end there */
	struct buf held; /* octets taken that may belong to a delimiter: a CR or
			    a line end, and the line after it */
	size_t held_eol; /* octets of held that are the line end */
	struct buf again; /* a line that ended a header, taken once more */
	size_t longest;   /* of the boundaries, or 0 if there are none */
};

/* The lines of the header that is being read; there is one at most. */
struct mime_header {
	struct buf octets; /* whole lines, and one that is not */
	size_t line;       /* the offset in octets of that one */
	bool is_field;     /* that one is known to belong to a field */
	bool line_cut;     /* not all of it is there */
	bool has_fields;
	bool cut; /* lines were left out */
};

struct mime {
	struct arena *arena; /* what is kept for the next message */
	struct mime_visitor *visitor;
	struct mime_result result;
	struct mime_header header;
	struct mime_frame frames[LIMIT_MAIL_DEPTH + 1];
	struct mime_stream streams[LIMIT_MAIL_DEPTH + 1];
};

static inline struct mime_frame *
mime_innermost(const struct mime_stream *s)
{
	return &s->walker->frames[s->end - 1];
}

/* mime_delimiter.c */

/* Most octets of a line that may be a delimiter: the boundary and the blanks
 * after it. */
size_t mime_delimiter_limit(const struct mime_stream *s);

/* Returns the frame of the multipart that a line, with its line end if it has
 * one, is a delimiter of, or NULL; *last tells whether it is the last one. */
struct mime_frame *
mime_find_delimiter(const struct mime_stream *s, struct span line, bool *last);

/* mime_header.c */

/* Begins to read a header. */
void mime_header_begin(struct mime_header *h);

/* Takes octets of the header of the innermost part and returns their number.
 * Sets *ended if the header ended; a line of the body that ended it is then the
 * last one in octets, from the offset line. */
size_t mime_header_put(struct mime_stream *s, struct span octets, bool *ended);

/* The stream ended in a header. What is left from the offset line is of the
 * body. */
void mime_header_end(struct mime_stream *s);

/* mime_part.c */

/* Sets a stream to its start, with its first frame at a depth. */
void
mime_stream_reset(struct mime_stream *s, unsigned base, unsigned encoded_in);

/* Begins a part of a stream, with its header, at the current offset. Returns
 * false if there are too many. */
bool mime_push(struct mime_stream *s);

/* Ends the parts of a stream from the innermost to the depth keep; they end at
 * an offset. */
void mime_pop(struct mime_stream *s, unsigned keep, uint64_t at);

/* The last delimiter of the innermost part was found. */
void mime_close_multipart(struct mime_stream *s);

/* The header of the innermost part ended; its body begins at the current
 * offset. */
void mime_enter(struct mime_stream *s, struct span header);

/* mime_stream.c */

/* Initializes a stream of a walk. */
void mime_stream_init(struct mime_stream *s, struct mime *w);

#endif
