/* unpack: shows what unpack finds in files. */
/* SPDX-License-Identifier: ISC */

/*
 *	unpack MAX FILE...
 *
 * Writes the octets that come out of the files to stdout, one after the other,
 * and a line on stderr for all else that the visitor is told:
 *	content NAME xml|other DEPTH
 *	whole|broken OCTETS
 *	refused ID OFFSET NAME: WORDS
 *	note ID OFFSET NAME: WORDS
 * MAX is the budget of each file. Exits with 74 if a temporary file failed.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "report/unpack.h"

struct shown {
	struct unpack_visitor visitor; /* first member */
	struct sink count;
	uint64_t octets;
};

static struct shown *shown;

static void
count_put(struct sink *self, const char *p, size_t n)
{
	(void)self;
	fwrite(p, 1, n, stdout);
	shown->octets += n;
}

static void
count_end(struct sink *self)
{
	(void)self;
}

static struct sink *
show_begin(struct unpack_visitor *self, const struct unpack_content *c)
{
	(void)self;
	fprintf(stderr, "content " SPAN_FMT " %s %u\n", SPAN_ARG(c->name),
	    c->kind == UNPACK_XML ? "xml" : "other", c->depth);
	shown->octets = 0;
	return &shown->count;
}

static void
show_end(struct unpack_visitor *self, bool whole)
{
	(void)self;
	fprintf(stderr, "%s %ju\n", whole ? "whole" : "broken",
	    (uintmax_t)shown->octets);
}

static void
show_problem(const char *kind, const struct unpack_problem *p)
{
	fprintf(stderr, "%s %s %ju " SPAN_FMT ": " SPAN_FMT "\n", kind, p->id,
	    (uintmax_t)p->offset, SPAN_ARG(p->name), SPAN_ARG(p->words));
}

static void
show_refused(struct unpack_visitor *self, const struct unpack_problem *p)
{
	(void)self;
	show_problem("refused", p);
}

static void
show_note(struct unpack_visitor *self, const struct unpack_problem *p)
{
	(void)self;
	show_problem("note", p);
}

static int
unpack_file(struct unpack *u, const char *path, uint64_t max)
{
	static char chunk[65536];
	struct budget budget = budget_of(max);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	unpack_begin(u, span_of(path), &shown->visitor, &budget);
	while ((got = read(fd, chunk, sizeof(chunk))) > 0)
		sink_put(unpack_sink(u), (struct span){chunk, (size_t)got});
	sink_end(unpack_sink(u));
	close(fd);
	return unpack_error(u);
}

int
main(int argc, char **argv)
{
	struct shown s = {
	    {show_begin, show_end, show_refused, show_note},
	    {count_put, count_end},
	    0,
	};
	struct unpack *u = unpack_new();
	int status = 0;

	die_init(argv[0]);
	shown = &s;
	if (argc < 3)
		die(EX_USAGE, "usage: unpack MAX FILE...");
	for (int i = 2; i < argc; i++)
		if (unpack_file(u, argv[i], strtoull(argv[1], NULL, 10)))
			status = EX_IOERR;
	unpack_free(u);
	return fflush(stdout) ? EX_IOERR : status;
}
