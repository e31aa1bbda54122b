/* reader: prints what the reader of mails and files tells. */
/* SPDX-License-Identifier: ISC */

/*
 *	reader [-m] [-q] [-p PIECE] [-s MAX] FILE...
 *
 * Prints a line for each call, with tabs between its columns, "-" for what is
 * absent; each begins with the file's last component, the part's number and
 * the member. -m: mails are read by message_read() and message_body(). -q:
 * prints one line with the numbers of files, reports, records, messages,
 * failure reports, notes, refused records, refused input and skipped files.
 * -p: octets are passed in pieces of this size. -s: the budget of each file.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limit.h"
#include "base/utf8.h"
#include "report/reader.h"

static struct {
	struct reader *reader;
	bool quiet, as_message;
	size_t piece;
	uint64_t files, reports, records, messages, failures, notes,
	    refused_records, refused, skipped;
	uint64_t of_report; /* messages */
} g;

static void
column(struct span s)
{
	putchar('\t');
	if (s.p)
		utf8_escape(s, stdout);
	else
		putchar('-');
}

static void
number(bool has, int64_t n)
{
	if (has)
		printf("\t%" PRId64, n);
	else
		fputs("\t-", stdout);
}

static void
begin_line(const char *what)
{
	const struct reader_place *p = reader_place(g.reader);
	size_t slash = span_find_last(p->input, '/');

	fputs(what, stdout);
	column(
	    slash < p->input.len ? span_from(p->input, slash + 1) : p->input);
	printf("\t%u", p->part);
	column(p->member);
}

static void
on_begin(void *context, const struct aggregate_report *r)
{
	(void)context;
	(void)r;
	g.of_report = 0;
	g.reports++;
}

static void
on_record(void *context, const struct aggregate_report *r,
    const struct aggregate_record *record)
{
	(void)context;
	(void)r;
	g.of_report += record->count;
	g.records++;
}

static void
on_aggregate_note(void *context, const struct aggregate_report *r,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	(void)context;
	(void)r;
	(void)records;
	(void)words;
	g.notes++;
	if (g.quiet)
		return;
	begin_line("note");
	printf("\t%s\t%" PRIu64 "\n", aggregate_note_id(note), line);
}

static void
on_aggregate_refused(void *context, const struct aggregate_report *r,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	(void)context;
	(void)r;
	(void)words;
	g.refused_records += records;
	if (g.quiet)
		return;
	begin_line("refused-records");
	printf("\t%s\t%" PRIu64 "\t%" PRIu64 "\n",
	    aggregate_refusal_id(refusal), line, records);
}

static void
on_end(void *context, const struct aggregate_report *r)
{
	const struct aggregate_metadata *m = &r->metadata;

	(void)context;
	g.messages += g.of_report;
	if (g.quiet)
		return;
	begin_line("report");
	column(m->org_name);
	column(m->report_id);
	column(r->policy.domain);
	column(r->policy.p);
	number(m->has_begin, m->begin);
	number(m->has_end, m->end);
	printf("\t%" PRIu64 "\t%" PRIu64 "\n", r->records - r->refused,
	    g.of_report);
}

static void
on_failure(void *context, const struct failure *f)
{
	(void)context;
	g.failures++;
	if (g.quiet)
		return;
	begin_line("failure");
	column(f->feedback_type);
	column(f->auth_failure);
	column(f->source_ip);
	column(f->reported_domain);
	column(f->dkim_domain);
	column(f->dkim_selector);
	column(f->original_mail_from);
	number(f->has_arrival, f->arrival_date);
	column(f->identity_alignment);
	column(f->delivery_result);
	printf("\t%" PRIu64 "\n", f->incidents);
}

static void
problem(const char *what, const struct reader_problem *p)
{
	if (g.quiet)
		return;
	begin_line(what);
	printf("\t%s\t%" PRIu64 "\t%" PRIu64, p->id, p->line, p->offset);
	column(p->words);
	puts("");
}

static void
on_note(void *context, const struct reader_problem *p)
{
	(void)context;
	g.notes++;
	problem("note", p);
}

static void
on_refused(void *context, const struct reader_problem *p)
{
	(void)context;
	g.refused++;
	problem("refused", p);
}

static void
on_skipped(void *context, enum reader_skipped why)
{
	static const char *const words[] = {
	    [READER_SKIPPED_MAIL] = "mail",
	    [READER_SKIPPED_TLS_REPORT] = "tls-report",
	    [READER_SKIPPED_UNREADABLE] = "unreadable",
	};

	(void)context;
	g.skipped++;
	if (g.quiet)
		return;
	begin_line("skipped");
	printf("\t%s\n", words[why]);
}

/* A sink that passes its octets on in pieces. */
struct cutter {
	struct sink sink;
	struct sink *to;
};

static void
cut_put(struct sink *self, const char *p, size_t n)
{
	struct sink *to = ((struct cutter *)self)->to;

	while (n) {
		size_t take = g.piece && g.piece < n ? g.piece : n;

		sink_put(to, (struct span){p, take});
		p += take;
		n -= take;
	}
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
by_message(struct span name, struct source *source, struct arena *a)
{
	struct cutter cutter = {{cut_put, cut_end}, NULL};
	struct sink *sinks[] = {&cutter.sink};
	struct message m;

	switch (message_read(&m, source, a)) {
	case MESSAGE_OK:
	case MESSAGE_TOO_LARGE:
		cutter.to = reader_begin_message(g.reader, name, &m);
		if (message_body(&m, sinks, 1, false) < 0)
			die(EX_IOERR, "cannot be read");
		message_free(&m);
		return;
	default:
		cutter.to = reader_begin(g.reader, name);
		flow(m.head, source, &cutter.sink);
		return;
	}
}

static void
read_file(const char *path, struct arena *a)
{
	struct span name = span_of(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;

	g.files++;
	if (fd < 0 || source_init(&source, fd) < 0)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	if (g.as_message) {
		by_message(name, &source, a);
	} else if (g.piece) {
		struct cutter cutter = {
		    {cut_put, cut_end}, reader_begin(g.reader, name)};

		flow(SPAN_NONE, &source, &cutter.sink);
	} else {
		reader_read(g.reader, name, &source);
	}
	close(fd);
	arena_reset(a);
}

static void
print_sums(void)
{
	printf("%" PRIu64 " files, %" PRIu64 " reports, %" PRIu64
	       " records, %" PRIu64 " messages, %" PRIu64 " failures, %" PRIu64
	       " notes, %" PRIu64 " records refused, %" PRIu64
	       " refused, %" PRIu64 " skipped\n",
	    g.files, g.reports, g.records, g.messages, g.failures, g.notes,
	    g.refused_records, g.refused, g.skipped);
}

int
main(int argc, char **argv)
{
	static const struct reader_handler handler = {
	    {on_begin, on_record, on_aggregate_note, on_aggregate_refused,
		on_end},
	    on_failure, on_note, on_refused, on_skipped};
	struct arena *a = arena_new();
	uint64_t max = LIMIT_UNPACK_SIZE;
	int option, status;

	die_init(argv[0]);
	while ((option = getopt(argc, argv, "mqp:s:")) != -1)
		if (option == 'm')
			g.as_message = true;
		else if (option == 'q')
			g.quiet = true;
		else if (option == 'p')
			g.piece = strtoul(optarg, NULL, 10);
		else if (option == 's')
			max = strtoull(optarg, NULL, 10);
		else
			return EX_USAGE;
	g.reader = reader_new(&handler, NULL, max, 0);
	for (int i = optind; i < argc; i++)
		read_file(argv[i], a);
	status = reader_error(g.reader) ? EX_IOERR : 0;
	if (g.quiet)
		print_sums();
	reader_free(g.reader);
	arena_free(a);
	return fflush(stdout) ? EX_IOERR : status;
}
