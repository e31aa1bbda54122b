/*
 * zip: the members of a zip archive (PKWARE's APPNOTE.TXT), by the central
 * directory at its end: stored and deflated ones, with octets before and after
 * the archive. What a header says about sizes is checked and never relied on.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ZIP_H
#define ZIP_H

#include "base/inflate.h"
#include "base/limit.h"

/* Why an archive or a member cannot be read: name, identifier, words. */
#define ZIP_REASONS(X)                                                         \
	X(OK, NULL, "")                                                        \
	X(CUT_OFF, "bad-zip",                                                  \
	    "the zip archive is cut off: it has no directory")                 \
	X(VOLUMES, "bad-zip", "the zip archive is one of several volumes")     \
	X(OFFSETS, "bad-zip", "offsets of the zip archive are outside it")     \
	X(DIRECTORY, "bad-zip", "the directory of the zip archive is damaged") \
	X(EMPTY, "empty-zip", "the zip archive has no members")                \
	X(TOO_MANY, "too-many-members",                                        \
	    "there are more members of zip archives than are read")            \
	X(ZIP64, "zip64", "the zip archive is in the format zip64")            \
	X(LOCAL, "bad-zip", "the header of the member is damaged")             \
	X(OUTSIDE, "bad-zip", "the member is not inside the zip archive")      \
	X(OVERLAP, "bad-zip", "members of the zip archive overlap")            \
	X(ENCRYPTED, "zip-encrypted", "the member is encrypted")               \
	X(METHOD, "zip-method", "the member is neither stored nor deflated")   \
	X(DATA, "bad-zip", "the member cannot be inflated")                    \
	X(SIZE, "bad-zip", "the member is not as large as the zip says")       \
	X(CRC, "bad-zip", "the checksum of the member differs")                \
	X(TOO_LARGE, "too-large",                                              \
	    "more comes out of archives than the limit allows")                \
	X(IO, "unreadable", "the zip archive cannot be read")

enum zip_reason {
#define ZIP_REASON_ENUM(name, id, words) ZIP_##name,
	ZIP_REASONS(ZIP_REASON_ENUM)
};

struct zip_reason_text {
	const char *id, *words;
};
extern const struct zip_reason_text zip_reasons[]; /* by enum zip_reason */

/* Where the octets of an archive are. */
struct zip_file {
	/* Reads n octets from offset at, which are all within size. Returns 0,
	 * or -1 with errno. */
	int (*read)(
	    const struct zip_file *self, uint64_t at, char *p, size_t n);
	uint64_t size;
};

struct zip {
	const struct zip_file *file;
	uint64_t start; /* of the first header: what is before it is not part
			    of the archive */
	uint64_t next;  /* the next entry of the directory */
	uint64_t directory, directory_end, end;
	unsigned entries; /* that the directory has */
	unsigned left;    /* of them to come */
	uint64_t unread;  /* octets before the directory that no member had
			     yet: one that has more overlaps another */
};

struct zip_member {
	uint64_t at;       /* of its header, in the file */
	uint64_t packed;   /* octets in the archive, as the directory says */
	uint64_t unpacked; /* the same of its own octets */
	uint32_t crc;
	unsigned flags, method;
	bool is_directory;         /* the entry of a folder, without octets */
	char name[LIMIT_ZIP_NAME]; /* as it is there, in any charset; for
				      messages alone */
	size_t name_len;
};

/*
 * Finds the directory. The file is kept by reference. Fails with CUT_OFF,
 * VOLUMES, OFFSETS, ZIP64, EMPTY, TOO_MANY (more than max entries) or IO.
 */
enum zip_reason
zip_open(struct zip *z, const struct zip_file *file, unsigned max);

/* How many octets follow the archive; they begin at z->end. */
uint64_t zip_trailing(const struct zip *z);

/* Reads the next entry while z->left is not 0. After an error no entry can be
 * read: DIRECTORY, ZIP64 or IO. */
enum zip_reason zip_next(struct zip *z, struct zip_member *m);

/*
 * Puts the octets of a member into a sink, which is not ended, through an
 * inflater that is free, within the budget. They are checked as they pass: if
 * the reason is not OK at the end, they were not those that were packed. Both
 * stored and inflated octets count, as members may overlap.
 */
enum zip_reason zip_unpack(struct zip *z, const struct zip_member *m,
    struct inflate *f, struct sink *to, struct budget *budget);

#endif
