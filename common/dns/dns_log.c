/* dns_log: answers as lines of a zone file, for --dns-log. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

struct dns_log {
	FILE *file;
	struct dns_table lines; /* those written, with any value but NULL */
};

struct dns_log *
dns_log_new(FILE *file, struct arena *a)
{
	struct dns_log *log = ARENA_NEW(a, struct dns_log);

	log->file = file;
	log->lines.arena = a;
	fputs("$TTL 0\n", file);
	return log;
}

/* Writes a line once: other programs would take a second one for a second
 * record. */
static void
write_line(struct dns_log *log, struct span line)
{
	void **seen;

	if (dns_table_find(&log->lines, line))
		return;
	seen = dns_table_at(&log->lines, arena_span(log->lines.arena, line));
	*seen = log;
	fwrite(line.p, 1, line.len, log->file);
	fputc('\n', log->file);
}

/* Returns how the line for an answer without records begins. */
static const char *
prefix_of(enum dns_status status)
{
	if (status == DNS_NODATA)
		return ";!NODATA";
	if (status == DNS_TIMEOUT)
		return ";!TIMEOUT";
	/* A name that is in no zone does not exist: a comment will do. */
	return dns_failed(status) ? ";!SERVFAIL" : ";";
}

static struct span
directive(struct span name, const struct dns_answer *answer, struct arena *a)
{
	struct buf b = BUF(a);
	const char *prefix = prefix_of(answer->status);

	buf_str(&b, prefix);
	buf_char(&b, ' ');
	dns_name_write(&b, name);
	buf_printf(&b, " %s", dns_type_name(answer->type, a));
	if (!prefix[1])
		buf_printf(&b, " %s", dns_status_words(answer->status));
	return buf_span(&b);
}

void
dns_log_answer(struct dns_log *log, const struct dns_answer *answer,
    const struct dns_rr *links, size_t nlinks, struct arena *scratch)
{
	/* A loop is written as a failure of the name that was looked up. */
	bool loop = answer->status == DNS_LOOP;

	if (answer->status == DNS_LIMIT)
		return;
	for (size_t i = 0; i < nlinks && !loop; i++)
		write_line(log, dns_rr_text(&links[i], scratch));
	for (size_t i = 0; i < answer->nrecords; i++)
		write_line(log, dns_rr_text(&answer->records[i], scratch));
	if (answer->status != DNS_DATA)
		write_line(log,
		    directive(loop ? answer->name : answer->canonical, answer,
			scratch));
}
