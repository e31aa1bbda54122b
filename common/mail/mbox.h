/*
 * mbox: the messages of a mailbox file (the common core of RFC 4155), in either
 * form: mboxrd, where reading removes one ">" from each line of ">"s and
 * "From ", and mboxcl2, where Content-Length gives the length of the body and
 * nothing is quoted.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MBOX_H
#define MBOX_H

#include "mail/source.h"

struct mbox {
	int fd; /* a regular file */
	off_t size;
	off_t at;       /* offset of the next message */
	char *room;     /* SOURCE_CHUNK octets for unquoting */
	bool is_quoted; /* the last message found is an mboxrd's */
};

/*
 * Begins to read an open regular file at its current offset. room has
 * SOURCE_CHUNK octets and lives as long as m. Returns 0, or -1 with errno.
 */
int mbox_begin(struct mbox *m, int fd, char *room);

/* Returns whether a file that starts with these octets is an mbox: the first
 * line is a "From " line with a date. */
bool mbox_is_one(struct span start);

/*
 * Sets the source to the next message, which begins with its "From " line. A
 * separator is a "From " line with a date (a time of day and a year), at the
 * start of the file or after an empty line, which belongs to no message.
 * Returns 1, 0 at the end, or -1 with errno.
 */
int mbox_next(struct mbox *m, struct source *message);

#endif
