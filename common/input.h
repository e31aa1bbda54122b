/*
 * input: the messages that operands name: files, "-", directories (Maildirs
 * or folders of message files), mboxes, lists of operands.
 */
#ifndef INPUT_H
#define INPUT_H

#include "arena.h"
#include "source.h"

struct input {
	const char **operand;   /* ends with NULL; none at all means "-" */
	const char *files_from; /* a file with more operands, "-" is stdin */
	bool nul;               /* they are separated by NUL, not by LF */
	bool mbox;              /* stdin is an mbox */
};

struct input_visitor {
	/* One message; label is what is put in front of its lines ("FILE" or
	 * "FILE#N"), or absent if it is the only one. name is never absent. */
	void (*message)(struct input_visitor *v, struct span name,
	    struct span label, struct source *source);
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
