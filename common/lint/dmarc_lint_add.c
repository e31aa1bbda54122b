/* dmarc_lint_add: the findings of dmarc_lint, and words for them. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/taglist.h"

const struct finding_kind dmarc_findings[] = {DMARC_FINDINGS(FINDING_KIND)};

struct finding *
dmarc_lint_add(struct dmarc_lint_job *job, enum dmarc_finding kind,
    struct span where, struct span what)
{
	return finding_add(
	    &job->out->findings, &dmarc_findings[kind], where, what);
}

void
dmarc_lint_failure(
    struct dmarc_lint_job *job, struct span where, struct span what)
{
	dmarc_lint_add(job, DMARC_FINDING_DNS, where, what);
	job->out->findings.failed = RESULT_TEMPERROR;
}

void
dmarc_lint_unanswered(struct dmarc_lint_job *job, struct span where,
    const struct dns_answer *answer)
{
	if (answer->status == DNS_NETWORK &&
	    job->out->findings.failed == RESULT_TEMPERROR)
		return;
	dmarc_lint_failure(job, where,
	    ARENA_JOIN(job->arena, answer->name, SPAN(" "),
		span_of(dns_type_name(answer->type, job->arena)), SPAN(": "),
		span_of(dns_status_words(answer->status))));
}

bool
dmarc_lint_is_named(struct span tag, const char *name)
{
	return span_eq(span_trim(span_cut(&tag, '=')), span_of(name));
}

struct span
dmarc_lint_find(const struct dmarc_record *r, const char *name)
{
	struct span rest = r->text, tag;

	while (taglist_item(&rest, ';', &tag))
		if (dmarc_lint_is_named(tag, name))
			return tag;
	return SPAN_NONE;
}

void
dmarc_lint_tag(struct dmarc_lint_job *job, enum dmarc_finding kind,
    const struct dmarc_level *l, const char *name)
{
	dmarc_lint_add(job, kind, l->domain, dmarc_lint_find(&l->record, name));
}

static const psl_ctx_t *
list_of(const struct dmarc_method *method)
{
	return method->psl    ? method->psl
	    : method->compare ? method->compare
			      : psl_builtin();
}

bool
dmarc_lint_is_suffix(const struct dmarc_method *method, struct span domain)
{
	return psl_is_public_suffix(
	    list_of(method), arena_cstr(method->arena, domain));
}

struct span
dmarc_lint_registered(const struct dmarc_method *method, struct span domain)
{
	const char *found = psl_registrable_domain(
	    list_of(method), arena_cstr(method->arena, domain));

	return found ? arena_span(method->arena, span_of(found)) : domain;
}

const struct dns_rr *
dmarc_lint_source(const struct dmarc_level *l)
{
	if (!l->answer)
		return NULL;
	for (size_t i = 0; i < l->answer->nrecords; i++)
		if (dmarc_is_record(l->answer->records[i].data))
			return &l->answer->records[i];
	return NULL;
}
