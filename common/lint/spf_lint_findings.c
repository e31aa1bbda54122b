/* spf_lint_findings: the findings of spf_lint, and their words. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "lint/spf_lint_internal.h"

/* How many terms of a malformed record are checked one by one. */
#define MALFORMED 100

const struct finding_kind spf_findings[] = {SPF_FINDINGS(FINDING_KIND)};

void
spf_lint_add(struct findings *f, enum spf_finding kind, struct span where,
    struct span what)
{
	finding_add(f, &spf_findings[kind], where, what);
}

struct span
spf_lint_words(struct spf_lint_job *job, struct span text, const char *words)
{
	struct buf b = BUF(job->arena);

	buf_add(&b, text);
	buf_str(&b, b.len ? " (" : "(");
	buf_str(&b, words);
	buf_char(&b, ')');
	return buf_span(&b);
}

struct span
spf_lint_name(struct spf_lint_job *job, struct span name)
{
	struct span octets;

	return dns_name_octets(name, job->arena, &octets) ? octets : name;
}

struct span
spf_lint_answer(struct spf_lint_job *job, const struct spf_term *t,
    const struct dns_answer *answer)
{
	struct buf b = BUF(job->arena);

	buf_add(&b, t->text);
	buf_str(&b, " (");
	buf_add(&b, spf_lint_name(job, answer->name));
	buf_printf(&b, " %s: %s)", dns_type_name(answer->type, job->arena),
	    dns_status_words(answer->status));
	return buf_span(&b);
}

/*
 * Records.
 */

void
spf_lint_several(struct spf_lint_job *job, struct span where, size_t n)
{
	spf_lint_add(&job->out->findings, SPF_FINDING_SEVERAL, where,
	    arena_printf(job->arena, "%zu records", n));
}

static void
add_malformed(struct spf_lint_job *job, struct span where, struct span text)
{
	struct spf_record r;
	struct span wrong;
	enum spf_reason reason = spf_record_parse(text, job->arena, &r, &wrong);

	if (reason != SPF_PASS)
		spf_lint_add(&job->out->findings, SPF_FINDING_SYNTAX, where,
		    spf_lint_words(job, wrong, spf_reasons[reason].words));
}

void
spf_lint_syntax(struct spf_lint_job *job, struct span where, struct span text)
{
	struct span rest = text;

	/* A repeated modifier is an error of the whole record only. */
	add_malformed(job, where, text);
	span_cut(&rest, ' ');
	for (size_t n = 0; rest.p && n < MALFORMED; n++) {
		struct span term = span_cut(&rest, ' ');

		add_malformed(
		    job, where, ARENA_JOIN(job->arena, SPAN("v=spf1 "), term));
	}
}
