/* senders: what is to be evaluated for --spf, in which order. */
/* SPDX-License-Identifier: ISC */

#include "senders.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/limit.h"

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* For qsort(): by domain. In it first those with its MAIL FROM, then those of
 * which most messages pass DMARC: whoever forges much mail does not push out
 * those that are evaluated. */
static int
compare_rows(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = span_cmp(x->text, y->text);

	if (!order)
		order = x->elsewhere - y->elsewhere;
	if (!order)
		order = compare_numbers(y->n[TALLY_PASSED], x->n[TALLY_PASSED]);
	if (!order)
		order =
		    compare_numbers(y->n[TALLY_MESSAGES], x->n[TALLY_MESSAGES]);
	if (!order)
		order = x->network.ip.family - y->network.ip.family;
	return order ? order
		     : memcmp(x->network.ip.octet, y->network.ip.octet,
			   sizeof(x->network.ip.octet));
}

static int
compare_domains(const void *a, const void *b)
{
	const struct senders_domain *x = a, *y = b;
	int order = compare_numbers(y->passed, x->passed);

	if (!order)
		order = compare_numbers(y->messages, x->messages);
	return order ? order : span_cmp(x->domain, y->domain);
}

static void
add_source(struct senders_domain *d, const struct tally_row *row)
{
	d->messages += row->n[TALLY_MESSAGES];
	d->passed += row->n[TALLY_PASSED];
	if (!row->has_network) {
		d->unaddressed += row->n[TALLY_MESSAGES];
	} else if (d->nsources == LIMIT_REPORT_SENDERS) {
		d->cut.sources++;
		d->cut.messages += row->n[TALLY_MESSAGES];
	} else {
		d->sources[d->nsources++] = (struct senders_source){
		    row, SPF_PASS, SPAN_NONE, SPAN_NONE};
	}
}

/* Makes a domain of the rows that have it. */
static void
add_domain(struct senders *s, const struct tally_row *rows, size_t n)
{
	struct arena *a = s->job->memory;
	struct senders_domain *d = ARENA_PUSH(a, s->domains, s->ndomains);

	*d = (struct senders_domain){.domain = rows->text,
	    .sources = ARENA_ARRAY(a, struct senders_source,
		n < LIMIT_REPORT_SENDERS ? n : LIMIT_REPORT_SENDERS)};
	for (size_t i = 0; i < n; i++)
		add_source(d, &rows[i]);
}

static void
cut_domains(struct senders *s)
{
	if (s->ndomains)
		qsort(s->domains, s->ndomains, sizeof(*s->domains),
		    compare_domains);
	for (; s->ndomains > LIMIT_REPORT_DOMAINS; s->ndomains--) {
		s->cut++;
		s->cut_messages += s->domains[s->ndomains - 1].messages;
	}
}

static void
read_domains(struct senders *s)
{
	size_t n, end;
	struct tally_row *rows = tally_list(
	    s->job->tally, TALLY_SENDERS, TALLY_ALL, s->job->memory, &n);

	if (n)
		qsort(rows, n, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && span_eq(rows[end].text, rows[i].text);
		     end++)
			;
		if (rows[i].text.p)
			add_domain(s, &rows[i], end - i);
		for (size_t k = i; !rows[i].text.p && k < end; k++)
			s->others += rows[k].n[TALLY_MESSAGES];
	}
	cut_domains(s);
}

/* The screen tells what it leaves out. */
static void
warn_cut(const struct senders *s)
{
	if (s->job->form != JOB_JSON)
		return;
	if (s->cut)
		warn("--spf: %zu domains after the first %u are not evaluated",
		    s->cut, LIMIT_REPORT_DOMAINS);
	if (s->others)
		warn("--spf: %llu messages of other sources are not evaluated",
		    (unsigned long long)s->others);
}

/* Warns once of all domains for which the DNS failed. */
static void
warn_failures(struct senders *s)
{
	const struct senders_domain *first = NULL;
	size_t n = 0;

	for (size_t i = s->ndomains; i-- > 0;)
		if (s->domains[i].failure != SPF_PASS) {
			first = &s->domains[i];
			n++;
		}
	if (!first)
		return;
	job_fail(s->job, EX_TEMPFAIL);
	if (s->job->form == JOB_STATUS)
		return;
	if (n == 1)
		warn("--spf: " SPAN_FMT ": %s", SPAN_ARG(first->domain),
		    spf_reasons[first->failure].words);
	else
		warn("--spf: " SPAN_FMT " and %zu more: %s",
		    SPAN_ARG(first->domain), n - 1,
		    spf_reasons[first->failure].words);
}

void
senders_tell(struct job *job, struct dns *dns)
{
	struct senders s = {.job = job, .dns = dns, .work = arena_new()};

	read_domains(&s);
	for (size_t i = 0; i < s.ndomains; i++)
		senders_evaluate(&s, &s.domains[i]);
	arena_reset(s.work);
	if (job->form == JOB_JSON)
		senders_rows(&s);
	if (job->form == JOB_SCREEN)
		senders_show(&s);
	warn_cut(&s);
	warn_failures(&s);
	arena_free(s.work);
}
