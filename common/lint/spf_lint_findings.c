/* spf_lint_findings: the findings of spf_lint, and their words. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/* How many terms of a malformed record are checked one by one, and how many of
 * several records are shown. */
#define MALFORMED 100
#define SHOWN     10

const struct finding_kind spf_findings[] = {SPF_FINDINGS(FINDING_KIND)};

static struct finding *
add(struct spf_lint_job *job, enum spf_finding kind, struct span where,
    const struct dns_rr *rr, struct span what)
{
	struct findings *f = &job->out->findings;

	f->record = rr;
	return finding_add(f, &spf_findings[kind], where, what);
}

struct finding *
spf_lint_add(struct spf_lint_job *job, enum spf_finding kind, struct span what)
{
	return add(job, kind, job->domain, job->rr, what);
}

/* Notes that a term of the root has the finding, or leads to it. */
static void
mark(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t, enum spf_finding kind)
{
	const struct spf_trace_check *root = p->check;
	uint64_t bit = (uint64_t)1 << kind;

	while (root->parent)
		root = root->parent;
	if (root != p->check)
		job->out
		    ->below[root->steps[p->top].term - root->record->terms] |=
		    bit;
	else if (t)
		job->out->flaws[t - root->record->terms] |= bit;
}

struct finding *
spf_lint_add_at(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t, enum spf_finding kind, struct span what)
{
	mark(job, p, t, kind);
	return add(job, kind, p->check->domain, p->rr, what);
}

void
spf_lint_hint(struct spf_lint_job *job, struct finding *f, struct span term)
{
	struct span rest = term;
	struct spf_typo t;

	if (spf_typo_next(&rest, job->arena, &t) && t.to.len &&
	    !span_eq(t.to, term))
		f->near = arena_cstr(job->arena, t.to);
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

const struct dns_rr *
spf_lint_rr(const struct dns_answer *answer)
{
	for (size_t i = 0; answer && i < answer->nrecords; i++)
		if (spf_is_record(answer->records[i].data))
			return &answer->records[i];
	return NULL;
}

/* "2 records: 'v=spf1 -all', 'v=spf1 a -all'" */
void
spf_lint_several(struct spf_lint_job *job, struct span where,
    const struct dns_answer *answer)
{
	struct buf b = BUF(job->arena);
	struct span last;
	size_t n = spf_record_count(answer, &last), shown = 0;

	buf_printf(&b, "%zu records: ", n);
	for (size_t i = 0; i < answer->nrecords && shown < SHOWN; i++) {
		struct span text = answer->records[i].data;

		if (!spf_is_record(text))
			continue;
		buf_str(&b, shown++ ? ", '" : "'");
		buf_short(&b, text, LIMIT_SPF_RECORD);
		buf_char(&b, '\'');
	}
	if (shown < n)
		buf_printf(&b, " and %zu more", n - shown);
	add(job, SPF_FINDING_SEVERAL, where, spf_lint_rr(answer), buf_span(&b));
}

/* Adds a finding if a text with the version is malformed. The first that is
 * added for a term has what was probably meant. */
static bool
add_malformed(struct spf_lint_job *job, struct span where,
    const struct dns_rr *rr, struct span text, struct span meant)
{
	struct spf_record r;
	struct span wrong;
	enum spf_reason reason = spf_record_parse(text, job->arena, &r, &wrong);
	struct finding *f;

	if (reason == SPF_PASS)
		return false;
	f = add(job, SPF_FINDING_SYNTAX, where, rr,
	    spf_lint_words(job, wrong, spf_reasons[reason].words));
	if (meant.len && !f->near)
		f->near = arena_cstr(job->arena, meant);
	return true;
}

/* Checks the words of what may be one term: the first that is malformed. */
static void
check_term(struct spf_lint_job *job, struct span where, const struct dns_rr *rr,
    const struct spf_typo *t)
{
	struct span rest = t->from;
	bool found = false;

	while (rest.p && !found) {
		struct span word = span_cut(&rest, ' ');

		found = add_malformed(job, where, rr,
		    ARENA_JOIN(job->arena, SPAN("v=spf1 "), word), t->to);
	}
}

void
spf_lint_syntax(struct spf_lint_job *job, struct span where,
    const struct dns_rr *rr, struct span text)
{
	struct span rest = text;
	struct spf_typo t;

	spf_lint_unseen(job, where, rr, text);
	span_cut(&rest, ' ');
	for (size_t n = 0; n < MALFORMED && rest.p; n++)
		if (spf_typo_next(&rest, job->arena, &t))
			check_term(job, where, rr, &t);
	/* A repeated modifier is an error of the whole record only. */
	add_malformed(job, where, rr, text, SPAN_NONE);
}

void
spf_lint_unseen(struct spf_lint_job *job, struct span where,
    const struct dns_rr *rr, struct span text)
{
	struct span found = finding_unseen(text, job->arena);

	if (found.p)
		add(job, SPF_FINDING_UNSEEN, where, rr, found);
}
