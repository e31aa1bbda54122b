/* body_internal: what repairs of the body are given, and how they propose. For
 * the files of body alone. */
/* SPDX-License-Identifier: ISC */
#ifndef BODY_INTERNAL_H
#define BODY_INTERNAL_H

#include "repair/body.h"
#include "mail/field.h"
#include "mail/mime.h"

/* A MIME part in a body. Places are in octets of the body. */
struct body_part {
	size_t parent; /* an index in the map; of the whole body, its own */
	unsigned depth;
	enum mime_kind kind;
	enum mime_encoding encoding;
	struct span type;     /* "text/plain" */
	struct span charset;  /* as written, or absent */
	struct span boundary; /* of a multipart, or absent */
	size_t from;          /* its delimiter line; of the whole body, 0 */
	size_t header, begin, end; /* header, first octet of the content, the
				      octet after the last, without the line
				      end that belongs to the delimiter */
	size_t to; /* the next delimiter line of its parent, or the end */
};

/* The body as one stage of the search has it. */
struct body {
	struct span octets;
	struct span fields; /* raw fields, among them those of MIME that
			       describe it: the message's, or a part's */
	enum canon canon;
	uint64_t length;               /* l=, or UINT64_MAX */
	const struct body_part *parts; /* [0] is the whole body */
	size_t nparts;
	/* What proposals are made in, and how many octets each may take. */
	struct arena *arena;
	size_t room;
};

struct body_proposal {
	struct edits edits;
	struct span fields; /* as in struct body_found, or absent */
	bool is_choice;     /* a single one of the edits, any of them */
};

struct body_proposals {
	struct arena *arena;
	struct body_proposal *list;
	size_t n, most; /* no more than that */
	size_t octets;  /* no more once the arena has so many; 0: any number */
};

/* Can more be proposed? A repair that makes several variants of a large body
 * stops making them once they have no room. */
bool body_propose_more(const struct body_proposals *p);

/* Proposes edits of the body. Proposals without an edit, or over the most, are
 * ignored. */
void body_propose(struct body_proposals *p, struct edits edits);
void body_propose_as(
    struct body_proposals *p, struct edits edits, struct span fields);

/* Proposes each of the edits alone, where they are too many to be proposed one
 * by one: what is found so is not combined with repairs after it. */
void body_propose_choice(struct body_proposals *p, struct edits edits);

struct body_repair {
	struct repair_kind kind;
	/* Proposes what may undo this alteration, the likeliest first; nothing
	 * where there is no sign of it. */
	void (*propose)(const struct body *b, struct body_proposals *p);
};

/* The tables end with a NULL id. */
extern const struct body_repair body_lines_repairs[];
extern const struct body_repair body_mime_repairs[];

/* Fills the parts of a body by its octets and fields. */
void body_map(struct body *b);

/* Returns how lines of the body end: with CRLF, unless the first one ends with
 * LF alone. */
struct span body_eol(const struct body *b);

#endif
