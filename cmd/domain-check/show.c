/* show: a domain for people: score, answers, findings, and what mends it. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "base/limit.h"
#include "tool/output.h"

/* The columns of answers, and of proofs. */
#define ANSWER_COLUMN 16u
#define PROOF_COLUMN  27u

static void
put_heading(const struct job *job, const char *words)
{
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_HEADING, words);
	screen_put(&job->out, &t);
}

/*
 * Score and answers.
 */

static void
put_score(const struct job *job, const struct mail_setup *s)
{
	struct screen_text t = SCREEN_TEXT(job->memory);
	enum screen_role role = s->low == s->of ? SCREEN_PASS
	    : s->high == s->of                  ? SCREEN_DOUBT
						: SCREEN_FAIL;

	screen_add(&t, SCREEN_HEADING, s->domain);
	if (s->of) {
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_add(&t, role,
		    s->low == s->high ? arena_printf(job->memory, "%u", s->low)
				      : arena_printf(job->memory, "%u to %u",
					    s->low, s->high));
		screen_add(
		    &t, role, arena_printf(job->memory, " of %u", s->of));
	}
	screen_put(&job->out, &t);
}

/* What a no means, where its proof does not tell. */
static const char *const meaning_of_no[QUESTION_COUNT] = {
    [QUESTION_EXACT_DOMAIN] = "others can send as it: ",
    [QUESTION_SUBDOMAINS] = "others can send as them: ",
    [QUESTION_REPORTS] = "no reports arrive: ",
};

static void
put_question(
    const struct job *job, enum question_id id, const struct question *q)
{
	static const enum screen_role roles[] = {[ANSWER_YES] = SCREEN_PASS,
	    [ANSWER_NO] = SCREEN_FAIL,
	    [ANSWER_NOT_KNOWN] = SCREEN_DOUBT};
	struct screen_text t = SCREEN_TEXT(job->memory);

	if (q->answer == ANSWER_NOT_ASKED)
		return;
	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, question_id(id));
	screen_to_column(&t, ANSWER_COLUMN);
	screen_str(&t, roles[q->answer], question_answer(q->answer));
	screen_to_column(&t, PROOF_COLUMN);
	if (q->answer == ANSWER_NO && meaning_of_no[id])
		screen_str(&t, SCREEN_PLAIN, meaning_of_no[id]);
	screen_add(&t, SCREEN_PLAIN, q->proof);
	screen_put_hanging(&job->out, &t, PROOF_COLUMN);
}

static void
put_beside(const struct job *job, const char *id, struct span words)
{
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, id);
	screen_to_column(&t, ANSWER_COLUMN);
	screen_add(&t, SCREEN_PLAIN, words);
	screen_put_hanging(&job->out, &t, ANSWER_COLUMN);
}

/* What is told without counting. */
static void
put_besides(const struct job *job, const struct mail_setup *s)
{
	if (s->beside.nlines)
		put_heading(job, "beside the score");
	for (size_t i = 0; i < s->beside.nlines; i++)
		put_beside(
		    job, s->beside.lines[i].id, s->beside.lines[i].words);
}

/*
 * What mends it.
 */

/* Is there an earlier question with the same change? */
static bool
is_repeated(const struct mail_setup *s, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (s->questions[k].change == s->questions[i].change)
			return true;
	return false;
}

/* A line of a zone file is printable as it is, and is meant to be pasted: with
 * other escapes, or folded between its quotes, it would be another record. */
static void
put_line(const struct job *job, const char *verb, struct span line)
{
	struct screen_text t = SCREEN_TEXT(job->memory);
	struct screen unfolded = job->out;

	unfolded.width = 0;
	screen_str(&t, SCREEN_PLAIN, "    ");
	screen_str(&t, SCREEN_PLAIN, verb);
	screen_shown(&t, SCREEN_PLAIN, line);
	screen_put(&unfolded, &t);
}

/* Has an earlier question a change of that name? It is the same. */
static bool
is_shown(const struct mail_setup *s, size_t i, struct span name)
{
	for (size_t k = 0; k < i; k++) {
		const struct question *q = &s->questions[k];

		for (size_t j = 0; q->change && j <= q->nmore; j++)
			if (span_eq(q->change[j].name, name))
				return true;
	}
	return false;
}

/* A record that goes need not be shown to its end. */
static void
put_removed(const struct job *job, const struct dns_rr *r)
{
	struct buf b = BUF(job->memory);

	buf_short(&b, dns_rr_text(r, job->memory), LIMIT_SHOWN_LIST);
	put_line(job, "remove ", buf_span(&b));
}

static void
put_change(const struct job *job, const struct question_change *c)
{
	for (size_t i = 0; i < c->nremove; i++)
		put_removed(job, &c->remove[i]);
	if (c->add.p)
		put_line(job, "add    ",
		    question_zone_line(c->name, c->add, job->memory));
}

/* Writes the changes of a question. Keys that can be mended are, even if the
 * answer takes more. */
static void
put_changes(const struct job *job, const struct mail_setup *s, size_t i)
{
	const struct question *q = &s->questions[i];
	const struct question_change *list = q->change;
	size_t n = q->change ? 1 + q->nmore : 0;

	if (!n && i == QUESTION_DKIM) {
		list = s->dkim.changes;
		n = s->dkim.nchanges;
	}
	for (size_t k = 0; k < n; k++)
		if (!is_shown(s, i, list[k].name))
			put_change(job, &list[k]);
}

/* "exact-domain, subdomains: WORDS", for all questions of a change. */
static void
put_mend(const struct job *job, const struct mail_setup *s, size_t i)
{
	const struct question *q = &s->questions[i];
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, question_id((enum question_id)i));
	for (size_t k = i + 1; q->change && k < QUESTION_COUNT; k++)
		if (s->questions[k].change == q->change) {
			screen_str(&t, SCREEN_PLAIN, ", ");
			screen_str(
			    &t, SCREEN_PLAIN, question_id((enum question_id)k));
		}
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, q->mend);
	screen_put(&job->out, &t);
	put_changes(job, s, i);
}

/* Is a domain that does not exist to be corrected, and nothing else of it? */
static bool
is_moot(const struct mail_setup *s, size_t i)
{
	return i != QUESTION_SPF &&
	    finding_has(&s->spf.findings, &spf_findings[SPF_FINDING_NO_DOMAIN]);
}

static void
put_mends(const struct job *job, const struct mail_setup *s)
{
	bool any = false;

	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct question *q = &s->questions[i];

		if (is_moot(s, i) ||
		    (q->change ? is_repeated(s, i) : q->answer != ANSWER_NO))
			continue;
		if (!any)
			put_heading(job, "what mends it");
		any = true;
		put_mend(job, s, i);
	}
}

void
show(const struct job *job, const struct mail_setup *s)
{
	put_score(job, s);
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		put_question(job, (enum question_id)i, &s->questions[i]);
	put_besides(job, s);
	if (s->findings.n)
		put_heading(job, "findings");
	output_findings(&job->out, &s->findings);
	show_spf(job, &s->spf);
	put_mends(job, s);
}
