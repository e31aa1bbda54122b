/* spf_lint: errors and risks in SPF records. */
/* SPDX-License-Identifier: ISC */

#include "lint/spf_lint_internal.h"

#include "base/domain.h"
#include "base/limit.h"

/* How many of several records are checked. */
#define CHECKED 3

/* Adds a finding that leaves no record to be checked. */
static void
give_up(struct spf_lint_job *job, enum spf_finding kind, struct span what,
    enum result_code failed)
{
	spf_lint_add(job, kind, what);
	job->out->findings.failed = failed;
}

/*
 * One record.
 */

/* RFC 7208 6.2: exp= of an included record is never used. */
static void
check_explanation(struct spf_lint_job *job, const struct spf_lint_record *p)
{
	const struct spf_term *exp = p->check->record->exp;
	const struct spf_macros macros = {
	    .sender_domain = job->domain, .domain = p->check->domain};
	const struct dns_answer *answer;
	struct span target, what;

	if (!exp || !p->own || spf_lint_depends(exp))
		return;
	target = spf_macro_target(exp->domain, &macros, job->arena);
	if (!target.p)
		return;
	answer = dns_query(job->dns, target, DNS_TXT);
	if (dns_unknown(answer->status)) {
		/* The answer to the question does not depend on it. */
		spf_lint_add_at(job, p, exp, SPF_FINDING_DNS,
		    spf_lint_answer(job, exp, answer));
		return;
	}
	if (answer->status != DNS_DATA)
		what = spf_lint_answer(job, exp, answer);
	else if (answer->nrecords > 1)
		what = spf_lint_words(job, exp->text, "several TXT records");
	else if (!spf_macro_is_string(answer->records[0].data, true))
		what = spf_lint_words(job, exp->text, "its text is malformed");
	else
		return;
	spf_lint_add_at(job, p, exp, SPF_FINDING_EXPLANATION, what);
}

/* SPF_EXPANSION has no kind of finding: such a record has never been seen. */
static void
check_verdict(struct spf_lint_job *job, const struct spf_verdict *v)
{
	if (v->reason == SPF_EXPANSION)
		spf_lint_add(job, SPF_FINDING_SYNTAX,
		    spf_lint_words(
			job, v->detail, spf_reasons[v->reason].words));
}

/* Returns the all of the last record that redirect= leads to. */
static struct span
end_of(const struct spf_walk *w, struct arena *a)
{
	const struct spf_term *all = NULL;

	for (size_t i = 0; i < w->nrecords; i++)
		if (w->records[i].own)
			all = w->records[i].check->record->all;
	return all ? arena_printf(a, "%call", all->qualifier) : SPAN_NONE;
}

static void
check_evaluation(struct spf_lint_job *job, const struct spf_record *r)
{
	struct spf_lint *out = job->out;
	struct spf_walk w[SPF_WHOLE_CLIENTS];

	out->flaws = ARENA_ARRAY(job->arena, uint64_t, r->nterms);
	out->below = ARENA_ARRAY(job->arena, uint64_t, r->nterms);
	spf_lint_load(job, &r->text, 1);
	for (size_t i = 0; i < SPF_WHOLE_CLIENTS; i++)
		spf_lint_walk(job, i, &w[i]);
	out->evaluated = true;
	out->all = end_of(&w[0], job->arena);
	out->sends_nothing =
	    r->nterms == 1 && r->all && r->all->qualifier == '-';
	spf_lint_limits(job, w);
	/* Both reached the same records, except through macros. */
	for (size_t i = 0; i < w[0].nrecords; i++) {
		spf_lint_terms(job, &w[0].records[i]);
		check_explanation(job, &w[0].records[i]);
	}
	spf_lint_count(job, w[0].records, w[0].nrecords);
	for (size_t i = 0; i < SPF_WHOLE_CLIENTS; i++)
		check_verdict(job, &w[i].verdict);
}

static void
check_record(struct spf_lint_job *job, struct span text)
{
	struct spf_lint *out = job->out;
	struct spf_record parsed;
	struct span wrong;

	out->record = arena_span(job->arena, text);
	if (text.len > LIMIT_SPF_RECORD)
		spf_lint_add(job, SPF_FINDING_SIZE,
		    arena_printf(job->arena, "%zu octets", text.len));
	if (spf_record_parse(out->record, job->arena, &parsed, &wrong) ==
	    SPF_PASS)
		check_evaluation(job, &parsed);
	else
		spf_lint_syntax(job, job->domain, job->rr, out->record);
}

/*
 * The records of a domain.
 */

static void
check_look_alike(struct spf_lint_job *job, struct span text)
{
	struct span meant =
	    spf_typo_all(spf_typo_terms(text, job->arena), job->arena);
	struct finding *f = spf_lint_add(job, SPF_FINDING_LOOKALIKE, text);

	if (meant.p)
		f->near = arena_cstr(job->arena,
		    ARENA_JOIN(job->arena,
			meant.len ? SPAN("v=spf1 ") : SPAN("v=spf1"), meant));
	spf_lint_unseen(job, job->domain, job->rr, text);
}

/* Checks the text of TXT records. The strings of a look-alike are checked, too:
 * if the end of another text was joined to its version, it is not an SPF
 * record. */
static void
check_texts(struct spf_lint_job *job, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->nrecords; i++) {
		job->rr = &answer->records[i];
		if (!spf_is_record(job->rr->data)) {
			if (!spf_lint_looks_alike(job->rr->data, job->arena))
				continue;
			check_look_alike(job, job->rr->data);
		}
		spf_lint_strings(job, job->domain, job->rr);
	}
	job->rr = NULL;
}

/* RFC 7208 3.1. What is prefetched tells which record to propose. */
static void
check_no_record(struct spf_lint_job *job)
{
	const struct dns_answer *answer;

	dns_prefetch(job->dns, job->domain, DNS_MX);
	dns_prefetch(job->dns, job->domain, DNS_A);
	dns_prefetch(job->dns, job->domain, DNS_AAAA);
	answer = dns_query(job->dns, job->domain, DNS_SPF);

	job->out->type_99 = answer;
	job->rr = spf_lint_rr(answer);
	if (job->rr)
		spf_lint_add(job, SPF_FINDING_TYPE_99, job->rr->data);
	job->rr = NULL;
	give_up(job, SPF_FINDING_NO_RECORD, SPAN_NONE, RESULT_NONE);
}

/* Checks each of several records as if it were the only one. */
static void
check_several(struct spf_lint_job *job, const struct dns_answer *answer)
{
	struct span text[CHECKED];
	const struct dns_rr *rr[CHECKED];
	size_t n = 0;

	spf_lint_several(job, job->domain, answer);
	for (size_t i = 0; i < answer->nrecords && n < CHECKED; i++)
		if (spf_is_record(answer->records[i].data)) {
			rr[n] = &answer->records[i];
			text[n] = rr[n]->data;
			n++;
		}
	spf_lint_load(job, text, n);
	for (size_t i = 0; i < n; i++) {
		struct spf_lint one = {
		    .domain = job->domain, .findings = job->out->findings};
		struct spf_lint_job sub = *job;

		sub.rr = rr[i];
		sub.out = &one;
		check_record(&sub, text[i]);
		job->out->findings = one.findings;
	}
}

static void
check_published(struct spf_lint_job *job)
{
	const struct dns_answer *answer =
	    dns_query(job->dns, job->domain, DNS_TXT);
	struct span status = span_of(dns_status_words(answer->status)), text;
	size_t n;

	job->out->txt = answer;
	if (dns_unknown(answer->status)) {
		give_up(job, SPF_FINDING_DNS, status, RESULT_TEMPERROR);
		return;
	}
	if (answer->status == DNS_NXDOMAIN || answer->status == DNS_BADNAME) {
		give_up(job, SPF_FINDING_NO_DOMAIN, SPAN_NONE, RESULT_NONE);
		return;
	}
	check_texts(job, answer);
	n = spf_record_count(answer, &text);
	job->rr = spf_lint_rr(answer);
	if (n == 1)
		check_record(job, text);
	else if (n)
		check_several(job, answer);
	else
		check_no_record(job);
}

static void
check_given(struct spf_lint_job *job, struct span text)
{
	if (spf_is_record(text)) {
		check_record(job, text);
		return;
	}
	if (spf_lint_looks_alike(text, job->arena))
		check_look_alike(job, text);
	give_up(job, SPF_FINDING_NO_RECORD, SPAN_NONE, RESULT_NONE);
}

void
spf_lint(struct span domain, struct span record, struct dns *dns,
    struct arena *a, struct spf_lint *out)
{
	struct spf_lint_job job = {.domain = domain.p ? domain : FINDING_NOBODY,
	    .nobody = !domain.p,
	    .dns = dns,
	    .arena = a,
	    .out = out};

	*out = (struct spf_lint){.domain = job.domain,
	    .findings = FINDINGS(a, "spf"),
	    .given = record.p,
	    .text = arena_span(a, record)};
	if (domain_labels(job.domain) < 2)
		give_up(&job, SPF_FINDING_BAD_DOMAIN, SPAN_NONE, RESULT_NONE);
	else if (record.p)
		check_given(&job, record);
	else
		check_published(&job);
}
