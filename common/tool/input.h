/*
 * input: the messages that the operands name: files, "-", directories (Maildirs
 * or folders of message files), mboxes, lists of operands.
 */
/* SPDX-License-Identifier: ISC */
#ifndef INPUT_H
#define INPUT_H

#include "base/arena.h"
#include "mail/source.h"

/* Which messages have their name shown. By default all, unless the only operand
 * is stdin or one file that is not an mbox. */
enum input_naming {
	INPUT_DEFAULT,
	INPUT_NAMED,
	INPUT_UNNAMED,
};

struct input {
	const char **operand;   /* ends with NULL; an empty list means "-" */
	const char *files_from; /* a file with more operands, "-" is stdin */
	bool nul;               /* these are separated by NUL, not by LF */
	bool mbox;              /* stdin is an mbox */
	bool finds_mbox; /* stdin is one if it begins as one, as a file */
	enum input_naming naming;
};

struct input_visitor {
	/* Called for each message: the operand, the message's own name ("FILE",
	 * or "FILE#N" in an mbox), and whether its lines begin with it. */
	void (*message)(struct input_visitor *v, struct span operand,
	    struct span name, bool named, struct source *source);
	/* Called for what cannot be opened or read, and why. where is the line
	 * of --files-from that names it ("FILE:LINE"), or absent. */
	void (*failed)(struct input_visitor *v, struct span where,
	    struct span name, const char *why);
	/* Called for a directory without messages. */
	void (*empty)(struct input_visitor *v, struct span name);
	/* Called for each file, in order, before the first message; "-" is
	 * stdin. May be NULL. */
	void (*file)(struct input_visitor *v, const char *path);
	/* Called once, before the first message, with the octets of the longest
	 * name of a file. May be NULL. */
	void (*plan)(struct input_visitor *v, size_t longest);
};

/*
 * Visits all messages in the order of the operands, and the files of a
 * directory in the order of their names. The arena must live as long as the
 * walk.
 */
void
input_walk(const struct input *in, struct input_visitor *v, struct arena *a);

#endif
