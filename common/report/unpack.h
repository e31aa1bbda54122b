/*
 * unpack: what is in an octet stream that may be an archive: gzip, zip, or one
 * in the other. The first octets tell which, never a name or media type.
 * Memory is bounded, and how much is inflated; octets are passed on as they
 * come, except those of a zip, whose directory is at its end: they are kept in
 * a spool until then.
 */
/* SPDX-License-Identifier: ISC */
#ifndef UNPACK_H
#define UNPACK_H

#include "base/inflate.h"

/* What is told of a stream besides those of zip_reasons: name, identifier,
 * words. Of these, TRAILING alone is a note, all others refuse. */
#define UNPACK_REASONS(X)                                                  \
	X(EMPTY, "empty", "there are no octets")                           \
	X(BAD_GZIP, "bad-gzip", "the gzip stream cannot be inflated")      \
	X(CUT_OFF, "bad-gzip", "the gzip stream is cut off")               \
	X(TOO_LARGE, "too-large",                                          \
	    "more comes out of archives than the limit allows")            \
	X(TOO_DEEP, "too-deep", "too many archives are inside each other") \
	X(MSG, "outlook-msg",                                              \
	    "it is a message saved by Outlook, whose format is not read")  \
	X(TRAILING, "trailing-octets", "octets follow the archive")        \
	X(IO, "unreadable", "no temporary file can be written")

enum unpack_reason {
#define UNPACK_REASON_ENUM(name, id, words) UNPACK_##name,
	UNPACK_REASONS(UNPACK_REASON_ENUM)
};

enum unpack_kind {
	UNPACK_XML,  /* its first octet is "<", in UTF-8 or UTF-16, after blanks
			and a byte order mark; or there are only blanks in the
			first octets */
	UNPACK_OTHER /* neither that nor an archive */
};

/* A stream that is not an archive. */
struct unpack_content {
	struct span name; /* of the member of the innermost zip, or the name
				  given to unpack_begin(): in any charset, for
				  messages alone */
	enum unpack_kind kind;
	unsigned depth; /* how many archives it was in */
};

/* Why something is refused, or a note. */
struct unpack_problem {
	const char *id;
	struct span words; /* for people: a clause, as "the gzip stream cannot
			       be inflated: incorrect data check" */
	struct span name;  /* as that of the content */
	unsigned depth;    /* how many archives the stream was in */
	uint64_t offset;   /* in the stream as it was before it was unpacked:
			       where gzip is bad or cut off, a member's header
			       in a zip, trailing octets */
	bool cut_off; /* the archive ends in the middle: what came out of it is
			 right, as far as it goes */
};

/*
 * Who is told. All that is passed lives until the call returns. A stream has
 * one begin() and one end(), and those of two streams never overlap. What is
 * refused because it breaks off, or as its checksum differs, is told before its
 * end(), after the octets until there. The note on what follows a gzip comes
 * there, too; that of a zip comes before its members.
 */
struct unpack_visitor {
	/* Returns a sink for the octets, or NULL to discard them. */
	struct sink *(*begin)(
	    struct unpack_visitor *self, const struct unpack_content *content);
	/* The octets have ended, and the sink. Are they whole, as they were
	 * before they were packed? */
	void (*end)(struct unpack_visitor *self, bool whole);
	void (*refused)(
	    struct unpack_visitor *self, const struct unpack_problem *problem);
	void (*note)(
	    struct unpack_visitor *self, const struct unpack_problem *problem);
};

struct unpack;

/* It is used for one stream after the other, and keeps what it allocates: it
 * grows to some 72 KiB a level of nested archives, and LIMIT_SPOOL_MEMORY a
 * level of zip. */
struct unpack *unpack_new(void);
void unpack_free(struct unpack *u); /* NULL is accepted */

/*
 * Prepares for a stream, which is put into unpack_sink(). All is told before
 * the end() of that sink returns. The visitor and the budget are kept by
 * reference, the name as a copy of its first LIMIT_ZIP_NAME - 1 octets.
 *
 * What comes out of archives is taken from the budget, which the parts of a
 * message can share; NULL gives the stream LIMIT_UNPACK_SIZE of its own. A
 * stream that is not an archive takes nothing from it. The octets of an archive
 * in another are taken LIMIT_UNPACK_WEIGHT times, for the time that they cost.
 * A zip of more octets than the budget had at first is too large, too. Once the
 * budget is exceeded, nothing more comes out, and further members of zips are
 * not told one by one.
 */
void unpack_begin(struct unpack *u, struct span name,
    struct unpack_visitor *visitor, struct budget *budget);

struct sink *unpack_sink(struct unpack *u);

/* The errno if a temporary file could not be written or read, else 0. It was
 * also refused, as "unreadable". */
int unpack_error(const struct unpack *u);

#endif
