/* reader: prints what the reader of mails and files tells. */
/* SPDX-License-Identifier: ISC */

/*
 *	reader [-q] [-p PIECE] [-s MAX] FILE...
 *
 * Prints the lines of reports.h. -q: prints only what was counted. -p: octets
 * are passed in pieces of this size. -s: what may come out of the archives of
 * each file.
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
	size_t piece;
	uint64_t max;
} options = {0, LIMIT_UNPACK_SIZE};

static void
by_pieces(struct sink *to, struct source *source)
{
	static char chunk[SOURCE_CHUNK];
	ssize_t got;

	while ((got = source_read(source, chunk, sizeof(chunk))) > 0)
		put_pieces(
		    to, (struct span){chunk, (size_t)got}, options.piece);
	sink_end(to);
}

static void
read_file(struct reader *r, const char *path)
{
	struct span name = span_of(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;

	if (fd < 0 || source_init(&source, fd) < 0)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	if (options.piece)
		by_pieces(reader_begin(r, name), &source);
	else
		reader_read(r, name, &source);
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
	struct arena *log = arena_new();
	struct reports t = {.log = BUF(log)};
	int option, status = 0;

	die_init(argv[0]);
	while ((option = getopt(argc, argv, "qp:s:")) != -1)
		if (option == 'q')
			t.is_quiet = true;
		else if (option == 'p')
			options.piece = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.max = strtoull(optarg, NULL, 10);
		else
			return EX_USAGE;
	t.reader = reader_new(&reports_handler, &t, options.max, 0);
	for (int i = optind; i < argc; i++) {
		read_file(t.reader, argv[i]);
		fwrite(t.log.p, 1, t.log.len, stdout);
		t.log.len = 0;
		if (reader_error(t.reader))
			status = EX_IOERR;
	}
	if (t.is_quiet)
		print_sums(&t);
	reader_free(t.reader);
	arena_free(log);
	return fflush(stdout) ? EX_IOERR : status;
}
