/*
 * input: the messages that operands name: files, "-", directories (Maildirs
 * or folders of message files), mboxes, lists of operands.
 */
#ifndef INPUT_H
#define INPUT_H

#include "base/arena.h"
#include "mail/source.h"

/* Which messages have their label shown: by default all, unless one file, which
 * is not an mbox, or stdin is all there is. */
enum input_naming {
	INPUT_DEFAULT,
	INPUT_NAMED,
	INPUT_UNNAMED,
};

struct input {
	const char **operand;   /* ends with NULL; none at all means "-" */
	const char *files_from; /* a file with more operands, "-" is stdin */
	bool nul;               /* they are separated by NUL, not by LF */
	bool mbox;              /* stdin is an mbox */
	enum input_naming naming;
};

struct input_visitor {
	/* One message: the operand, its own name ("FILE", or "FILE#N" in an
	 * mbox), and whether that is shown in front of its lines. */
	void (*message)(struct input_visitor *v, struct span operand,
	    struct span name, bool named, struct source *source);
	/* What cannot be opened or read (errno). */
	void (*failed)(struct input_visitor *v, struct span name);
};

/*
 * Visits all messages, in the order of the operands; the files of a directory
 * in the order of their names. a lives as long as the walk.
 */
void
input_walk(const struct input *in, struct input_visitor *v, struct arena *a);

#endif
