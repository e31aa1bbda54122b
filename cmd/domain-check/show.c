/* show: a domain for people: score, answers, findings, and what mends it. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

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
	screen_add(&t, SCREEN_PLAIN, q->proof);
	screen_put_hanging(&job->out, &t, PROOF_COLUMN);
}

static void
put_beside(const struct job *job, const struct beside_line *l)
{
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, l->id);
	screen_to_column(&t, ANSWER_COLUMN);
	screen_add(&t, SCREEN_PLAIN, l->words);
	screen_put_hanging(&job->out, &t, ANSWER_COLUMN);
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

static void
put_line(const struct job *job, const char *verb, struct span line)
{
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_PLAIN, "    ");
	screen_str(&t, SCREEN_PLAIN, verb);
	screen_add(&t, SCREEN_PLAIN, line);
	screen_put(&job->out, &t);
}

static void
put_change(const struct job *job, const struct question_change *c)
{
	for (size_t i = 0; i < c->nremove; i++)
		put_line(
		    job, "remove ", dns_rr_text(&c->remove[i], job->memory));
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
		put_change(job, &list[k]);
}

/* "exact-domain, subdomains: WORDS", for all questions that a change answers. */
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

static void
put_mends(const struct job *job, const struct mail_setup *s)
{
	bool any = false;

	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct question *q = &s->questions[i];

		if (q->answer != ANSWER_NO || (q->change && is_repeated(s, i)))
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
	for (size_t i = 0; i < s->beside.nlines; i++)
		put_beside(job, &s->beside.lines[i]);
	if (s->findings.n)
		put_heading(job, "findings");
	output_findings(&job->out, &s->findings);
	put_mends(job, s);
}
