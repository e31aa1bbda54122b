/* show: a domain for people. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "tool/output.h"

/* The columns of answers and proofs. */
#define ANSWER_COLUMN 16u
#define PROOF_COLUMN  27u

static void
put_score(const struct job *job, const struct mail_setup *s)
{
	struct screen_text t = SCREEN_TEXT(job->memory);
	enum screen_role role = s->low == s->of ? SCREEN_PASS
	    : s->high == s->of                  ? SCREEN_DOUBT
						: SCREEN_FAIL;

	screen_add(&t, SCREEN_HEADING, s->domain);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_shown(&t, role,
	    s->low == s->high
		? arena_printf(job->memory, "%u of %u", s->low, s->of)
		: arena_printf(
		      job->memory, "%u to %u of %u", s->low, s->high, s->of));
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

void
show(const struct job *job, const struct mail_setup *s)
{
	put_score(job, s);
	for (size_t i = 0; i < QUESTION_COUNT; i++)
		put_question(job, (enum question_id)i, &s->questions[i]);
	for (size_t i = 0; i < s->nbeside; i++)
		put_beside(job, &s->beside[i]);
	output_findings(&job->out, &s->findings);
}
