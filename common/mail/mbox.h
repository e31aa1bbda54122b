/*
 * mbox: the messages of a mailbox file (RFC 4155's common core): mboxrd, where
 * a line ">From " in a message lost a ">" on reading, and mboxcl2, where
 * Content-Length says how long the body is and nothing is quoted.
 */
#ifndef MBOX_H
#define MBOX_H

#include "mail/source.h"

struct mbox {
	int fd; /* a regular file */
	off_t size;
	off_t at;       /* where the next message begins */
	char *room;     /* SOURCE_CHUNK octets for unquoting */
	bool is_quoted; /* the message found last is of an mboxrd */
};

/*
 * Begins with an open regular file, where its offset is. room: SOURCE_CHUNK
 * octets that live as long. Returns 0, or -1 with errno.
 */
int mbox_begin(struct mbox *m, int fd, char *room);

/* Is this the beginning of an mbox: a "From " line with a date? */
bool mbox_is_one(struct span start);

/*
 * The next message, with its "From " line: 1, its source set; 0 at the end; -1
 * with errno. A separator is a "From " line with a date (a time of day and a
 * year), at the start or after an empty line; the empty line is left out.
 */
int mbox_next(struct mbox *m, struct source *message);

#endif
