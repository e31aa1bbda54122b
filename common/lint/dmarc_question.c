/* dmarc_question: answers about DMARC, and the records that mend it. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/buf.h"

static const enum question_id asked[] = {
    QUESTION_EXACT_DOMAIN, QUESTION_SUBDOMAINS, QUESTION_REPORTS};

/* Names below with records of their own that are mended at once. */
#define MANY 8u

/* Changes that were tried, one for each name. */
struct trials {
	const struct dmarc_method *method;
	const struct dmarc_lint *lint;
	struct dmarc_trial list[COUNT(asked) + 1 + MANY];
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

#define PUBLISH_POLICY "publish one record with p=quarantine or p=reject"

static const char *const missing[QUESTION_COUNT] = {
    [QUESTION_EXACT_DOMAIN] = PUBLISH_POLICY,
    [QUESTION_SUBDOMAINS] = PUBLISH_POLICY,
    [QUESTION_REPORTS] = "publish one record with rua=mailto:USER@DOMAIN",
};

static const char *const mended[QUESTION_COUNT] = {
    [QUESTION_EXACT_DOMAIN] = "set the policy to quarantine or reject",
    [QUESTION_SUBDOMAINS] = "set sp= and np= to quarantine or reject, or drop "
			    "them if p= is that",
    [QUESTION_REPORTS] = "give rua= an address, mailto:USER@DOMAIN, that gets "
			 "mail and, if it is another organization's, is "
			 "authorized there",
};

/* Has a name below a record of its own that does not protect it? */
static bool
is_weak(const struct dmarc_lint *l, struct span domain)
{
	for (size_t i = 0; i < l->nweak; i++)
		if (span_eq(l->weak[i].domain, domain))
			return true;
	return false;
}

/* Has the name whose record must change one that applies? */
static bool
has_record(const struct dmarc_lint *l, struct span domain)
{
	const struct dmarc_level *at[] = {l->applies, l->below_applies};

	for (size_t i = 0; i < COUNT(at); i++)
		if (at[i] && span_eq(at[i]->domain, domain))
			return true;
	return is_weak(l, domain);
}

/* What to do with a record that applies. If that of a name below must change,
 * it is the policy that is weak, or lowered. */
static const char *
change_words(const struct trials *t, enum question_id id, struct span domain)
{
	const struct dmarc_lint *l = t->lint;
	bool below = id == QUESTION_SUBDOMAINS;
	const struct dmarc_level *at = below ? l->below_applies : l->applies;
	const struct dmarc_record *r = at ? &at->record : NULL;
	enum dmarc_policy policy;

	if (id == QUESTION_REPORTS)
		return mended[id];
	if (!at || !span_eq(at->domain, domain))
		return mended[QUESTION_EXACT_DOMAIN];
	policy = below ? r->sp : l->verdict.published;
	if (policy != DMARC_POLICY_NONE && t->method->rfc7489 && r->pct < 100)
		return "drop pct=";
	if (policy != DMARC_POLICY_NONE && !t->method->rfc7489 && r->testing)
		return "drop t=y";
	return mended[below && (r->has_sp || r->has_np)
		? QUESTION_SUBDOMAINS
		: QUESTION_EXACT_DOMAIN];
}

/* Adds which records of names below must change, alone if there is no domain
 * whose record must, too. */
static void
add_weak(struct buf *b, const struct dmarc_lint *l, struct span domain)
{
	size_t others = l->nweak ? l->nweak - 1 : 0;

	if (!l->nweak || span_eq(l->weak->domain, domain))
		return;
	buf_str(b, b->len ? "; and " : "");
	if (span_eq(l->weak->domain, l->below.domain)) {
		buf_str(b, "drop the wildcard record");
	} else {
		buf_str(b,
		    "set the policy to quarantine or reject, without "
		    "t=y, at _dmarc.");
		buf_add(b, l->weak->domain);
	}
	if (others)
		buf_printf(b, ", and at %zu other%s below", others,
		    others == 1 ? "" : "s");
}

/* Returns the first proposed change that needs a new mailbox, or NULL. */
static const struct dmarc_trial *
with_mailbox(const struct trials *t, const struct question *q)
{
	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; q->change && k <= q->nmore; k++)
			if (t->list[i].mailbox.p &&
			    span_eq(t->list[i].change.name, q->change[k].name))
				return &t->list[i];
	return NULL;
}

/* Adds what comes before a policy that makes receivers act, and what a new
 * record needs. */
static void
add_conditions(struct buf *b, const struct question *q, enum question_id id,
    const struct dmarc_trial *mailbox)
{
	if (id != QUESTION_REPORTS && q->change)
		buf_str(b,
		    q->change->nremove
			? "; first make sure, by the reports, that your own "
			  "mail passes"
			: "; begin with p=none until the reports show that "
			  "your own mail passes");
	if (mailbox) {
		buf_str(b, "; the mailbox ");
		buf_add(b, mailbox->mailbox);
		buf_str(b, " must exist");
	}
}

static struct span
mend_words(const struct trials *t, enum question_id id, struct span domain,
    const struct question *q)
{
	const struct dmarc_lint *l = t->lint;
	struct buf b = BUF(t->method->arena);

	if (domain.p) {
		buf_str(&b, "at _dmarc.");
		buf_add(&b, domain);
		buf_str(&b, ", ");
		buf_str(&b,
		    has_record(l, domain) ? change_words(t, id, domain)
					  : missing[id]);
	}
	if (id == QUESTION_SUBDOMAINS)
		add_weak(&b, l, domain);
	add_conditions(&b, q, id, with_mailbox(t, q));
	return buf_span(&b);
}

/* Adds a change that was tried. Returns false if it does not mend what its name
 * has. */
static bool
add_change(struct trials *t, struct span domain, struct question_change **list,
    size_t *n)
{
	const struct dmarc_trial *trial = trial_of(t, domain);

	if (!trial->is_possible || is_weak(trial->lint, domain) ||
	    (!is_weak(t->lint, domain) &&
		!dmarc_lint_protects_below(
		    t->method, trial->lint->below_applies)))
		return false;
	*ARENA_PUSH(t->method->arena, *list, *n) = trial->change;
	return true;
}

/* Proposes changes at several names: where the record is that names below
 * follow, and of those with records of their own. */
static void
mend_names(struct trials *t, struct span domain, struct question *q)
{
	const struct dmarc_lint *l = t->lint;
	struct question_change *list = NULL;
	size_t n = 0;

	if (l->nweak > MANY || is_weak(l, l->below.domain))
		return;
	if (domain.p && !is_weak(l, domain) &&
	    !add_change(t, domain, &list, &n))
		return;
	for (size_t i = 0; i < l->nweak; i++)
		if (!add_change(t, l->weak[i].domain, &list, &n))
			return;
	q->change = list;
	q->nmore = n - 1;
}

static void
mend(struct trials *t, enum question_id id, struct question *q)
{
	struct span domain = dmarc_mend_domain(t->method, t->lint, id);
	const struct dmarc_trial *trial = NULL;

	if (domain.p && !span_eq(t->lint->walk.domain, FINDING_NOBODY))
		trial = trial_of(t, domain);
	if (trial && trial->is_possible &&
	    trial->after[id].answer == ANSWER_YES)
		q->change = &trial->change;
	else if (id == QUESTION_SUBDOMAINS && t->lint->nweak)
		mend_names(t, domain, q);
	q->mend = mend_words(t, id, domain, q);
}

/*
 * What would make a yes one without warnings.
 */

/* Counts the findings about a record, without notes: of a given one those
 * about its domain, else those about records of that name. */
static size_t
count_flaws(const struct dmarc_lint *l, bool is_given, struct span domain,
    struct span name)
{
	size_t n = 0;

	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		n += f->level != FINDING_NOTE &&
		    (is_given ? span_eq(f->where, domain)
			      : f->record && span_eq(f->record->owner, name));
	}
	return n;
}

/* Does a change leave fewer findings, and no yes less certain? */
static bool
is_better(const struct trials *t, const struct dmarc_trial *trial,
    const struct question *q)
{
	struct span domain = trial->domain, name = trial->change.name;

	for (size_t i = 0; i < COUNT(asked); i++)
		if (q[asked[i]].answer == ANSWER_YES &&
		    trial->after[asked[i]].answer != ANSWER_YES)
			return false;
	return count_flaws(trial->lint, true, domain, name) <
	    count_flaws(t->lint, t->method->record.p, domain, name);
}

static bool
is_proposed(const struct dmarc_trial *trial, const struct question *q)
{
	for (size_t i = 0; i < COUNT(asked); i++) {
		const struct question *one = &q[asked[i]];

		for (size_t k = 0; one->change && k <= one->nmore; k++)
			if (span_eq(one->change[k].name, trial->change.name))
				return true;
	}
	return false;
}

/* The record of a public suffix is somebody else's. */
static bool
is_own(const struct trials *t, struct span domain)
{
	return span_eq(domain, t->lint->walk.domain) ||
	    !dmarc_lint_is_suffix(t->method, domain);
}

/* Proposes a record without the flaws of the one that applies, for the first
 * question with a yes, unless a no has the same change. */
static void
mend_flaws(struct trials *t, struct question *q)
{
	const struct dmarc_level *at = t->lint->applies;
	const struct dmarc_trial *trial;
	size_t i = 0;

	while (i < COUNT(asked) && q[asked[i]].answer != ANSWER_YES)
		i++;
	if (i == COUNT(asked) || !at || !is_own(t, at->domain) ||
	    span_eq(t->lint->walk.domain, FINDING_NOBODY))
		return;
	trial = trial_of(t, at->domain);
	if (!trial->is_possible || is_proposed(trial, q) ||
	    !is_better(t, trial, q))
		return;
	q[asked[i]].change = &trial->change;
	q[asked[i]].mend =
	    ARENA_JOIN(t->method->arena, SPAN("at _dmarc."), at->domain,
		SPAN(", publish one record without what the findings name"));
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
	mend_flaws(t, q);
	t->method = method;
}
