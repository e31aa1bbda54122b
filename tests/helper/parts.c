/* parts: writes the parts of a message. */
/* SPDX-License-Identifier: ISC */

/*
 *	parts [CHUNK] <FILE
 *
 * Writes a line for each leaf: its type, the offsets of its header, body and
 * end, its damage as a number, its file name in hexadecimal, and its decoded
 * octets in hexadecimal, with a blank between them. The header is read with
 * message_read(), the body in pieces of CHUNK octets; with CHUNK 0, the whole
 * message is read as it flows.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "mail/mime.h"

struct writer {
	struct mime_visitor visitor;
	struct sink sink;
};

static void
write_hex(struct sink *self, const char *p, size_t n)
{
	(void)self;
	for (size_t i = 0; i < n; i++)
		printf("%02x", (unsigned char)p[i]);
}

static void
end_hex(struct sink *self)
{
	(void)self;
}

static struct sink *
begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct writer *w = (struct writer *)self;

	if (part->kind != MIME_LEAF)
		return NULL;
	printf(SPAN_FMT " %" PRIu64 " %" PRIu64 " ", SPAN_ARG(part->type),
	    part->header_at, part->body_at);
	write_hex(NULL, part->name.p, part->name.len);
	putchar(' ');
	return &w->sink;
}

static void
end(struct mime_visitor *self, const struct mime_part *part)
{
	(void)self;
	if (part->kind == MIME_LEAF)
		printf(" %" PRIu64 " %d\n", part->end_at, part->damage);
}

/* A sink that passes on its input in pieces of a given size. */
struct cutter {
	struct sink sink;
	struct sink *to;
	size_t size;
};

static void
cut(struct sink *self, const char *p, size_t n)
{
	struct cutter *c = (struct cutter *)self;

	for (size_t at = 0, piece; at < n; at += piece) {
		piece = c->size < n - at ? c->size : n - at;
		sink_put(c->to, (struct span){p + at, piece});
	}
}

static void
end_cut(struct sink *self)
{
	sink_end(((struct cutter *)self)->to);
}

static void
flow(struct source *source, struct sink *to)
{
	static char chunk[SOURCE_CHUNK];
	ssize_t got;

	while ((got = source_read(source, chunk, sizeof(chunk))) > 0)
		sink_put(to, (struct span){chunk, (size_t)got});
	sink_end(to);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct mime *walker = mime_new();
	struct writer w = {{begin, end}, {write_hex, end_hex}};
	struct cutter cutter = {{cut, end_cut}, NULL, SOURCE_CHUNK};
	struct sink *sinks[] = {&cutter.sink};
	struct source source;
	struct message m;

	die_init(argv[0]);
	if (argc > 1)
		cutter.size = strtoul(argv[1], NULL, 10);
	if (source_init(&source, STDIN_FILENO) < 0)
		die(EX_IOERR, "stdin cannot be read");
	if (!cutter.size) {
		flow(&source, mime_begin(walker, &w.visitor));
	} else if (message_read(&m, &source, a) == MESSAGE_OK) {
		cutter.to = mime_begin_message(walker, &w.visitor, &m);
		if (message_body(&m, sinks, 1, false) < 0)
			die(EX_IOERR, "stdin cannot be read");
	} else {
		die(EX_DATAERR, "stdin is not a message");
	}
	mime_free(walker);
	arena_free(a);
	return fflush(stdout) == 0 ? 0 : EX_IOERR;
}
