/* dmarc_question: answers about DMARC, and what would make a no a yes. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/buf.h"

static const enum question_id asked[] = {
    QUESTION_EXACT_DOMAIN, QUESTION_SUBDOMAINS, QUESTION_REPORTS};

/* Changes that were tried, one for each name. */
struct trials {
	const struct dmarc_method *method;
	const struct dmarc_lint *lint;
	struct dmarc_trial list[COUNT(asked)];
	size_t n;
};

static const struct dmarc_trial *
trial_of(struct trials *t, struct span domain)
{
	struct dmarc_trial *trial;

	for (size_t i = 0; i < t->n; i++)
		if (span_eq(t->list[i].domain, domain))
			return &t->list[i];
	trial = &t->list[t->n++];
	trial->domain = domain;
	dmarc_mend_try(t->method, t->lint, trial);
	return trial;
}

/*
 * What would make a no a yes, in words.
 */

static const char *const missing[QUESTION_COUNT] = {
    [QUESTION_EXACT_DOMAIN] = "publish one DMARC record, with p=quarantine "
			      "or p=reject",
    [QUESTION_SUBDOMAINS] = "publish one DMARC record, with p=quarantine "
			    "or p=reject",
    [QUESTION_REPORTS] = "publish one DMARC record, with "
			 "rua=mailto:USER@DOMAIN",
};

static const char *const mended[QUESTION_COUNT] = {
    [QUESTION_EXACT_DOMAIN] = "let the policy for the domain be quarantine or "
			      "reject, without t=y",
    [QUESTION_SUBDOMAINS] = "let sp= and np= be quarantine or reject, or drop "
			    "them, and t=y, beside such a p=",
    [QUESTION_REPORTS] = "give rua= an address, mailto:USER@DOMAIN, whose host "
			 "gets mail and, if it is another organization's, "
			 "agrees",
};

/* Has the name whose record must change one that applies? */
static bool
has_record(const struct dmarc_lint *l, struct span domain)
{
	const struct dmarc_level *at[] = {l->applies, l->below_applies};

	for (size_t i = 0; i < COUNT(at); i++)
		if (at[i] && span_eq(at[i]->domain, domain))
			return true;
	for (size_t i = 0; i < l->nweak; i++)
		if (span_eq(l->weak[i].domain, domain))
			return true;
	return false;
}

/* Adds which records of names below must change, too. */
static void
add_weak(struct buf *b, const struct dmarc_lint *l, struct span domain)
{
	size_t others = l->nweak ? l->nweak - 1 : 0;

	if (!l->nweak || span_eq(l->weak->domain, domain))
		return;
	if (span_eq(l->weak->domain, l->below.domain)) {
		buf_str(b, "; and drop the wildcard record");
	} else {
		buf_str(b, "; and raise p=, without t=y, at _dmarc.");
		buf_add(b, l->weak->domain);
	}
	if (others)
		buf_printf(b, ", and at %zu other%s below", others,
		    others == 1 ? "" : "s");
}

static struct span
mend_words(const struct dmarc_lint *l, enum question_id id, struct span domain,
    const struct dmarc_trial *t, struct arena *a)
{
	struct buf b = BUF(a);

	if (domain.p) {
		buf_str(&b, "at _dmarc.");
		buf_add(&b, domain);
		buf_str(&b, ", ");
	}
	buf_str(
	    &b, domain.p && !has_record(l, domain) ? missing[id] : mended[id]);
	if (id == QUESTION_SUBDOMAINS)
		add_weak(&b, l, domain);
	if (t && t->mailbox.p) {
		buf_str(&b, "; the mailbox ");
		buf_add(&b, t->mailbox);
		buf_str(&b, " must exist");
	}
	return buf_span(&b);
}

static void
mend(struct trials *t, enum question_id id, struct question *q)
{
	struct span domain = dmarc_mend_domain(t->method, t->lint, id);
	const struct dmarc_trial *trial = NULL;

	if (domain.p && !span_eq(t->lint->walk.domain, FINDING_NOBODY))
		trial = trial_of(t, domain);
	if (trial &&
	    (!trial->is_possible || trial->after[id].answer != ANSWER_YES))
		trial = NULL;
	if (trial)
		q->change = &trial->change;
	q->mend = mend_words(t->lint, id, domain, trial, t->method->arena);
}

void
dmarc_questions(const struct dmarc_method *method, struct dmarc_lint *l,
    struct question q[QUESTION_COUNT])
{
	struct dmarc_method own = *method;
	struct trials *t = ARENA_NEW(method->arena, struct trials);

	own.record_of = l->walk.domain;
	*t = (struct trials){.method = &own, .lint = l};
	dmarc_answers(&own, l, q);
	for (size_t i = 0; i < COUNT(asked); i++)
		if (q[asked[i]].answer == ANSWER_NO)
			mend(t, asked[i], &q[asked[i]]);
	t->method = method;
}
