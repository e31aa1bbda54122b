/* unpack_internal: streams in streams, and what they begin with, for the files
 * of unpack. */
/* SPDX-License-Identifier: ISC */
#ifndef UNPACK_INTERNAL_H
#define UNPACK_INTERNAL_H

#include "base/limit.h"
#include "base/zip.h"
#include "report/unpack.h"

/* Octets that are held to see what a stream is. */
#define UNPACK_HELD 64u

enum unpack_start {
	UNPACK_START_MORE, /* it needs more octets */
	UNPACK_START_EMPTY,
	UNPACK_START_GZIP,
	UNPACK_START_ZIP,
	UNPACK_START_MSG,
	UNPACK_START_XML,
	UNPACK_START_OTHER
};

/* Tells what a stream is by its first octets, of which UNPACK_HELD are always
 * enough, as are fewer if those are all. */
enum unpack_start unpack_start(struct span first, bool all);

/* Where the octets of a stream go. */
enum unpack_route {
	ROUTE_SNIFF,
	ROUTE_CONTENT,
	ROUTE_GZIP,
	ROUTE_ZIP,
	ROUTE_DISCARD
};

/* A stream: that of the caller, or what came out of an archive in the level
 * before. A level is allocated once, when it is first needed. */
struct unpack_level {
	struct sink sink; /* first member, so that a sink is a level */
	struct unpack *of;
	unsigned depth;
	enum unpack_route route;
	char held[UNPACK_HELD]; /* the first octets, while it is ROUTE_SNIFF */
	size_t nheld;
	struct sink *to; /* of ROUTE_CONTENT; may be NULL */
	uint64_t taken;  /* octets of an archive */
	bool is_refused; /* an archive that costs more than the budget */
	struct inflate *inflate;
	struct spool *spool;
	char name[LIMIT_ZIP_NAME];
	size_t name_len;
};

struct unpack {
	struct unpack_level *level[LIMIT_UNPACK_DEPTH + 1];
	struct unpack_visitor *visitor;
	struct budget *budget, own;
	unsigned members; /* of zips that may still be read */
	bool exceeded;    /* the budget, or a temporary file failed: no more
			     members are read */
	int error;
};

extern const struct zip_reason_text unpack_reasons[]; /* by enum unpack_reason
						       */

/* Refuses a stream, with what more is known of the reason, or "". */
void unpack_refuse(struct unpack_level *l, struct zip_reason_text why,
    const char *more, uint64_t offset);

/* Refuses a member of the zip that a stream is. */
void unpack_refuse_member(
    struct unpack_level *l, enum zip_reason why, const struct zip_member *m);

/* Notes that octets follow the archive that a stream is. */
void unpack_note_trailing(struct unpack_level *l, uint64_t offset);

#endif
