/* fixture_tally: reports and records from short texts. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_TALLY_H
#define FIXTURE_TALLY_H

#include "fixture_arena.h"

#include "report/tally.h"

/* Day 0 of the texts. */
#define DAY_0 20000

/*
 * Words of a record: an address or another text, then n=COUNT, disp=, spf=,
 * dkim=, from=HEADER_FROM, d=DOMAIN/SELECTOR/RESULT, s=DOMAIN/SCOPE/RESULT,
 * reason=TYPE/COMMENT, env=ENVELOPE_FROM. Without from it is example.org.
 */
static inline void
read_word(struct span name, struct span value, struct aggregate_record *r,
    struct arena *a)
{
	struct span first, second;

	if (span_eq(name, SPAN("n")))
		assert_true(span_number(value, UINT64_MAX, &r->count));
	else if (span_eq(name, SPAN("disp")))
		r->disposition = value;
	else if (span_eq(name, SPAN("spf")))
		r->spf = value;
	else if (span_eq(name, SPAN("dkim")))
		r->dkim = value;
	else if (span_eq(name, SPAN("from")))
		r->header_from = value;
	else if (span_eq(name, SPAN("env")))
		r->envelope_from = value;
	else {
		first = span_cut(&value, '/');
		if (span_eq(name, SPAN("reason"))) {
			*ARENA_PUSH(a, r->reasons, r->nreasons) =
			    (struct aggregate_reason){first, value};
			return;
		}
		second = span_cut(&value, '/');
		if (span_eq(name, SPAN("d")))
			*ARENA_PUSH(a, r->dkim_results, r->ndkim) =
			    (struct aggregate_dkim){
				first, second, value, SPAN_NONE};
		else if (span_eq(name, SPAN("s")))
			*ARENA_PUSH(a, r->spf_results, r->nspf) =
			    (struct aggregate_spf){
				first, second, value, SPAN_NONE};
		else
			fail_msg("unknown word " SPAN_FMT, SPAN_ARG(name));
	}
}

static inline struct aggregate_record
read_record(struct span text, struct arena *a)
{
	struct aggregate_record r = {
	    .count = 1, .header_from = SPAN("example.org")};

	text = span_trim(text);
	r.source_ip = span_cut(&text, ' ');
	r.has_ip = ip_parse(r.source_ip, &r.ip);
	while (text.len) {
		struct span value = span_cut(&text, ' ');
		struct span name = span_cut(&value, '=');

		read_word(name, value, &r, a);
	}
	return r;
}

/* Words: org=, email=, id=, domain=, day= and days= of its period, begin= and
 * end= in seconds, p=, sp=, np=, adkim=, aspf=, t=, pct=. "id=" gives no id. */
static inline struct aggregate_report
read_report(struct span text)
{
	struct aggregate_report r = {.metadata = {.org_name = SPAN("reporter"),
					 .has_begin = true,
					 .has_end = true},
	    .policy = {.domain = SPAN("example.org"), .p = SPAN("none")}};
	struct aggregate_metadata *m = &r.metadata;
	struct aggregate_policy *p = &r.policy;
	uint64_t day = 0, days = 1, begin = 0, end = 0, pct = 0;
	const struct {
		const char *name;
		struct span *text;
		uint64_t *number;
	} words[] = {{"org", &m->org_name, NULL}, {"email", &m->email, NULL},
	    {"id", &m->report_id, NULL}, {"domain", &p->domain, NULL},
	    {"p", &p->p, NULL}, {"sp", &p->sp, NULL}, {"np", &p->np, NULL},
	    {"adkim", &p->adkim, NULL}, {"aspf", &p->aspf, NULL},
	    {"t", &p->testing, NULL}, {"day", NULL, &day},
	    {"days", NULL, &days}, {"begin", NULL, &begin}, {"end", NULL, &end},
	    {"pct", NULL, &pct}};

	while (text.len) {
		struct span value = span_cut(&text, ' ');
		struct span name = span_cut(&value, '=');
		size_t i = 0;

		while (
		    i < COUNT(words) && !span_eq(name, span_of(words[i].name)))
			i++;
		assert_true(i < COUNT(words));
		if (words[i].text)
			*words[i].text = value;
		else
			assert_true(
			    span_number(value, UINT64_MAX, words[i].number));
	}
	m->begin = begin ? (int64_t)begin : ((int64_t)day + DAY_0) * 86400;
	m->end = end ? (int64_t)end : m->begin + (int64_t)days * 86400 - 1;
	p->has_pct = pct != 0;
	p->pct = (unsigned)pct;
	return r;
}

/* Puts in a report with its records, separated by ";". */
static inline struct tally_repeat
put(struct tally *t, const char *report, const char *records, const char *file)
{
	struct aggregate_report r = read_report(span_of(report));
	struct span rest = span_of(records);
	struct arena *a = arena_new();
	struct tally_repeat begun = tally_begin(t, &r, span_of(file)), ended;

	while (rest.len) {
		struct aggregate_record record =
		    read_record(span_cut(&rest, ';'), a);

		tally_record(t, &r, &record);
	}
	ended = tally_end(t, &r);
	assert_int_equal(begun.duplicate, ended.duplicate);
	assert_int_equal(begun.overlap, ended.overlap);
	arena_free(a);
	return ended;
}

/* What a row is grouped by, and its messages: "192.0.2.1 5, ...", with the kind
 * as a digit before that if the list has kinds. */
static inline struct span
row_name(const struct tally_row *row, struct arena *a)
{
	char text[IP_TEXT];
	unsigned whole;

	if (row->others)
		return SPAN("others");
	if (row->day != TALLY_NO_DAY)
		return arena_printf(a, "%d", row->day - DAY_0);
	if (row->has_network) {
		whole = row->network.ip.octet[0] &&
			strchr(ip_text(&row->network.ip, text), ':')
		    ? 128
		    : 32;
		return row->network.bits == whole
		    ? arena_printf(a, "%s", ip_text(&row->network.ip, text))
		    : arena_printf(a, "%s/%u", ip_text(&row->network.ip, text),
			  row->network.bits);
	}
	if (row->more.p)
		return arena_printf(a, SPAN_FMT "|" SPAN_FMT,
		    SPAN_ARG(row->text), SPAN_ARG(row->more));
	return row->text.p ? row->text : SPAN("-");
}

static inline struct span
rows_text(struct tally *t, enum tally_list list, enum tally_part part,
    bool kinds, struct arena *a)
{
	size_t n;
	struct tally_row *rows = tally_list(t, list, part, a, &n);
	struct span text = SPAN("");

	for (size_t i = 0; i < n; i++) {
		struct span name = row_name(&rows[i], a);

		text = arena_printf(a, SPAN_FMT "%s%s" SPAN_FMT " %llu%s",
		    SPAN_ARG(text), i ? ", " : "",
		    !kinds ? ""
			   : (const char *[]){"F ", "A ", "P ",
				 "N "}[rows[i].kind],
		    SPAN_ARG(name),
		    (unsigned long long)rows[i].n[TALLY_MESSAGES],
		    rows[i].before[TALLY_MESSAGES] ? "+" : "");
	}
	return text;
}

#endif
