/* aggregate: prints what the reader of aggregate reports tells. */
/* SPDX-License-Identifier: ISC */

/*
 *	aggregate [-s] <REPORT.xml
 *
 * Prints a line for each call, with tabs between its columns, "-" for what is
 * absent: report, record, note, refused, end. With -s, a line for each report,
 * in the columns of the conformance suite: org_name, report_id, domain, p,
 * begin, end, records, messages; and for each refusal.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "report/aggregate.h"

struct state {
	bool is_short;
	uint64_t messages, read;
};

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
seconds(bool has, int64_t t)
{
	if (has)
		printf("\t%" PRId64, t);
	else
		fputs("\t-", stdout);
}

static void
report(const struct aggregate_report *r)
{
	const struct aggregate_metadata *m = &r->metadata;

	column(m->org_name);
	column(m->report_id);
	column(r->policy.domain);
	column(r->policy.p);
	seconds(m->has_begin, m->begin);
	seconds(m->has_end, m->end);
}

static void
on_begin(void *context, const struct aggregate_report *r)
{
	struct state *s = context;

	s->messages = s->read = 0;
	if (s->is_short)
		return;
	printf("report\t%" PRIu64, r->line);
	report(r);
	column(r->metadata.email);
	column(r->policy.sp);
	puts("");
}

static void
dkim_and_spf(const struct aggregate_record *r)
{
	for (size_t i = 0; i < r->ndkim; i++) {
		column(r->dkim_results[i].domain);
		column(r->dkim_results[i].selector);
		column(r->dkim_results[i].result);
	}
	for (size_t i = 0; i < r->nspf; i++) {
		column(r->spf_results[i].domain);
		column(r->spf_results[i].scope);
		column(r->spf_results[i].result);
	}
}

static void
on_record(void *context, const struct aggregate_report *report_of,
    const struct aggregate_record *r)
{
	struct state *s = context;

	(void)report_of;
	s->messages += r->count;
	s->read++;
	if (s->is_short)
		return;
	printf("record\t%" PRIu64, r->line);
	column(r->source_ip);
	printf("\t%" PRIu64, r->count);
	column(r->disposition);
	column(r->dkim);
	column(r->spf);
	column(r->header_from);
	column(r->envelope_from);
	for (size_t i = 0; i < r->nreasons; i++) {
		column(r->reasons[i].type);
		column(r->reasons[i].comment);
	}
	dkim_and_spf(r);
	puts("");
}

static void
on_note(void *context, const struct aggregate_report *r,
    enum aggregate_note note, uint64_t line, uint64_t records,
    struct span words)
{
	struct state *s = context;

	(void)r;
	if (s->is_short)
		return;
	printf("note\t%" PRIu64 "\t%s\t%" PRIu64, line, aggregate_note_id(note),
	    records);
	column(words);
	puts("");
}

static void
on_refused(void *context, const struct aggregate_report *r,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	(void)context;
	(void)r;
	printf("refused\t%" PRIu64 "\t%s\t%" PRIu64, line,
	    aggregate_refusal_id(refusal), records);
	column(words);
	puts("");
}

static void
on_end(void *context, const struct aggregate_report *r)
{
	struct state *s = context;

	fputs(s->is_short ? "report" : "end", stdout);
	if (s->is_short)
		report(r);
	printf("\t%" PRIu64 "\t%" PRIu64 "\n", s->read, s->messages);
}

int
main(int argc, char **argv)
{
	static const struct aggregate_handler handler = {
	    on_begin, on_record, on_note, on_refused, on_end};
	struct state state = {argc > 1 && strcmp(argv[1], "-s") == 0, 0, 0};
	struct aggregate *a = aggregate_new(&handler, &state, 0);
	char octets[8192];
	size_t n;

	while ((n = fread(octets, 1, sizeof(octets), stdin)) > 0)
		aggregate_put(a, octets, n);
	aggregate_end(a);
	aggregate_free(a);
	return fflush(stdout) ? 1 : 0;
}
