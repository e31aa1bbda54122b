/* reader: prints what the reader of mails and files tells. */
/* SPDX-License-Identifier: ISC */

/*
 *	reader [-m] [-q] [-p PIECE] [-s MAX] FILE...
 *
 * Prints the lines of reports.h. -m: mails are read by message_read() and
 * message_body(). -q: prints only what was counted. -p: octets are passed in
 * pieces of this size. -s: what may come out of the archives of each file.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "reports.h"

static struct options {
	bool as_message;
	size_t piece;
	uint64_t max;
} options = {false, 0, LIMIT_UNPACK_SIZE};

/* A sink that passes its octets on in pieces. */
struct cutter {
	struct sink sink;
	struct sink *to;
};

static void
cut_put(struct sink *self, const char *p, size_t n)
{
	put_pieces(
	    ((struct cutter *)self)->to, (struct span){p, n}, options.piece);
}

static void
cut_end(struct sink *self)
{
	sink_end(((struct cutter *)self)->to);
}

static void
flow(struct span head, struct source *source, struct sink *to)
{
	static char chunk[SOURCE_CHUNK];
	ssize_t got;

	sink_put(to, head);
	while ((got = source_read(source, chunk, sizeof(chunk))) > 0)
		sink_put(to, (struct span){chunk, (size_t)got});
	sink_end(to);
}

static void
by_message(
    struct reader *r, struct span name, struct source *source, struct arena *a)
{
	struct cutter cutter = {{cut_put, cut_end}, NULL};
	struct sink *sinks[] = {&cutter.sink};
	struct message m;
	enum message_status status = message_read(&m, source, a);

	if (status != MESSAGE_OK && status != MESSAGE_TOO_LARGE) {
		cutter.to = reader_begin(r, name);
		flow(m.head, source, &cutter.sink);
		return;
	}
	cutter.to = reader_begin_message(r, name, &m);
	if (message_body(&m, sinks, 1, false) < 0)
		die(EX_IOERR, "a message cannot be read");
	message_free(&m);
}

static void
read_file(struct reader *r, const char *path, struct arena *a)
{
	struct span name = span_of(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;

	if (fd < 0 || source_init(&source, fd) < 0)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	if (options.as_message) {
		by_message(r, name, &source, a);
	} else if (options.piece) {
		struct cutter cutter = {
		    {cut_put, cut_end}, reader_begin(r, name)};

		flow(SPAN_NONE, &source, &cutter.sink);
	} else {
		reader_read(r, name, &source);
	}
	close(fd);
}

static void
print_sums(const struct reports *t)
{
	printf("%" PRIu64 " reports, %" PRIu64 " records, %" PRIu64
	       " messages, %" PRIu64 " failures, %" PRIu64 " notes, %" PRIu64
	       " records refused, %" PRIu64 " refused, %" PRIu64 " skipped\n",
	    t->reports, t->records, t->messages, t->failures, t->notes,
	    t->refused_records, t->refused, t->skipped);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(), *log = arena_new();
	struct reports t = {.log = BUF(log)};
	int option, status = 0;

	die_init(argv[0]);
	while ((option = getopt(argc, argv, "mqp:s:")) != -1)
		if (option == 'm')
			options.as_message = true;
		else if (option == 'q')
			t.is_quiet = true;
		else if (option == 'p')
			options.piece = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.max = strtoull(optarg, NULL, 10);
		else
			return EX_USAGE;
	t.reader = reader_new(&reports_handler, &t, options.max, 0);
	for (int i = optind; i < argc; i++) {
		read_file(t.reader, argv[i], a);
		fwrite(t.log.p, 1, t.log.len, stdout);
		t.log.len = 0;
		arena_reset(a);
		if (reader_error(t.reader))
			status = EX_IOERR;
	}
	if (t.is_quiet)
		print_sums(&t);
	reader_free(t.reader);
	arena_free(a);
	arena_free(log);
	return fflush(stdout) ? EX_IOERR : status;
}
