/* spf_lint: errors and risks in SPF records, for --lint. */
/* SPDX-License-Identifier: ISC */

#include "lint/spf_lint_internal.h"

#include "base/domain.h"
#include "base/limit.h"

static void
add(struct spf_lint_job *job, enum spf_finding kind, struct span where,
    struct span what)
{
	spf_lint_add(&job->out->findings, kind, where, what);
}

/* Adds a finding that leaves no record to be checked. */
static void
give_up(struct spf_lint_job *job, enum spf_finding kind, struct span what,
    enum result_code failed)
{
	add(job, kind, job->domain, what);
	job->out->findings.failed = failed;
}

/*
 * The record.
 */

/* Checks the text of TXT records. The strings of a look-alike are checked, too:
 * if the end of another text was joined to its version, it is not an SPF
 * record. */
static void
check_texts(struct spf_lint_job *job, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->nrecords; i++) {
		const struct dns_rr *r = &answer->records[i];

		if (!spf_is_record(r->data)) {
			if (!spf_lint_looks_alike(r->data, job->arena))
				continue;
			add(job, SPF_FINDING_LOOKALIKE, job->domain, r->data);
		}
		spf_lint_strings(&job->out->findings, job->domain, r);
	}
}

/* Looks up the domain's own record. Returns false if it has none that can be
 * checked. */
static bool
look_up_record(struct spf_lint_job *job, struct span *text)
{
	const struct dns_answer *answer =
	    dns_query(job->dns, job->domain, DNS_TXT);
	struct span status = span_of(dns_status_words(answer->status));
	size_t n;

	if (dns_unknown(answer->status)) {
		give_up(job, SPF_FINDING_DNS, status, RESULT_TEMPERROR);
		return false;
	}
	if (answer->status == DNS_NXDOMAIN || answer->status == DNS_BADNAME) {
		give_up(job, SPF_FINDING_NO_DOMAIN, SPAN_NONE, RESULT_NONE);
		return false;
	}
	check_texts(job, answer);
	n = spf_record_count(answer, text);
	if (n == 0)
		give_up(job, SPF_FINDING_NO_RECORD, SPAN_NONE, RESULT_NONE);
	if (n > 1)
		spf_lint_several(job, job->domain, n);
	return n == 1;
}

/* Is the given record one that can be checked? */
static bool
check_given(struct spf_lint_job *job, struct span text)
{
	if (spf_is_record(text))
		return true;
	if (spf_lint_looks_alike(text, job->arena))
		add(job, SPF_FINDING_LOOKALIKE, job->domain, text);
	give_up(job, SPF_FINDING_NO_RECORD, SPAN_NONE, RESULT_NONE);
	return false;
}

/*
 * All checks.
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
	if (answer->status != DNS_DATA)
		what = spf_lint_answer(job, exp, answer);
	else if (answer->nrecords > 1)
		what = spf_lint_words(job, exp->text, "several TXT records");
	else if (!spf_macro_is_string(answer->records[0].data, true))
		what = spf_lint_words(job, exp->text, "its text is malformed");
	else
		return;
	add(job, SPF_FINDING_EXPLANATION, p->check->domain, what);
}

/* SPF_EXPANSION has no kind of finding: such a record has never been seen. */
static void
check_verdict(struct spf_lint_job *job, const struct spf_verdict *v)
{
	if (v->reason == SPF_EXPANSION)
		add(job, SPF_FINDING_SYNTAX, job->domain,
		    spf_lint_words(
			job, v->detail, spf_reasons[v->reason].words));
}

static void
check_evaluation(struct spf_lint_job *job)
{
	struct spf_walk w[SPF_LINT_CLIENTS];

	for (size_t i = 0; i < SPF_LINT_CLIENTS; i++)
		spf_lint_walk(job, i, &w[i]);
	job->out->evaluated = true;
	spf_lint_limits(job, w);
	/* Both reached the same records, except through macros. */
	for (size_t i = 0; i < w[0].nrecords; i++) {
		spf_lint_terms(&job->out->findings, &w[0].records[i]);
		check_explanation(job, &w[0].records[i]);
	}
	spf_lint_count(w[0].records, w[0].nrecords, job->arena, job->out);
	for (size_t i = 0; i < SPF_LINT_CLIENTS; i++)
		check_verdict(job, &w[i].verdict);
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
	struct spf_record parsed;
	struct span wrong;

	*out = (struct spf_lint){
	    .domain = job.domain, .findings = FINDINGS(a, "spf")};
	if (domain_labels(job.domain) < 2) {
		give_up(&job, SPF_FINDING_BAD_DOMAIN, SPAN_NONE, RESULT_NONE);
		return;
	}
	if (record.p ? !check_given(&job, record)
		     : !look_up_record(&job, &record))
		return;
	out->record = arena_span(a, record);
	if (record.len > LIMIT_SPF_RECORD)
		add(&job, SPF_FINDING_SIZE, job.domain,
		    arena_printf(a, "%zu octets", record.len));
	if (spf_record_parse(record, a, &parsed, &wrong) == SPF_PASS)
		check_evaluation(&job);
	else
		spf_lint_syntax(&job, job.domain, record);
}
