/* show_json: a domain as a JSON object (vouch-json(5)). */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "base/json.h"
#include "tool/output.h"

static void
add_change(
    const struct question_change *c, json_t *remove, json_t *add, struct arena *a)
{
	for (size_t i = 0; i < c->nremove; i++)
		json_array_append_new(
		    remove, json_text(dns_rr_text(&c->remove[i], a), a));
	if (c->add.p)
		json_array_append_new(
		    add, json_text(question_zone_line(c->name, c->add, a), a));
}

/* The changes of all names that the answer takes. */
static json_t *
change_json(const struct question *q, struct arena *a)
{
	json_t *remove = json_array(), *add = json_array();

	for (size_t i = 0; i <= q->nmore; i++)
		add_change(&q->change[i], remove, add, a);
	return json_pack("{s:o, s:o}", JSON_MEMBER("remove", remove),
	    JSON_MEMBER("add", add));
}

static json_t *
questions_json(const struct mail_setup *s, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct question *q = &s->questions[i];

		if (q->answer == ANSWER_NOT_ASKED)
			continue;
		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:o, s:o, s:o}",
			JSON_MEMBER("id", question_id((enum question_id)i)),
			JSON_MEMBER("answer", question_answer(q->answer)),
			JSON_MEMBER("proof", json_text(q->proof, a)),
			JSON_MEMBER("mend", json_text(q->mend, a)),
			JSON_MEMBER("proposed",
			    q->change ? change_json(q, a)
				      : json_null())));
	}
	return list;
}

static json_t *
finding_json(
    const struct job *job, const struct mail_setup *s, const struct finding *f)
{
	struct place place = place_of(job, s->domain, f);
	struct arena *a = job->memory;

	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:s*, s:o, s:o}",
	    JSON_MEMBER("level", finding_level_name(f->level)),
	    JSON_MEMBER("id", f->kind->id), JSON_MEMBER("section", f->section),
	    JSON_MEMBER("words", f->kind->words),
	    JSON_MEMBER("where", json_text(f->where, a)),
	    JSON_MEMBER("what", json_text(f->what, a)),
	    JSON_MEMBER("near", f->near),
	    JSON_MEMBER("file", json_text(span_of(place.file), a)),
	    JSON_MEMBER("line",
		place.file ? json_integer((json_int_t)place.line)
			   : json_null()));
}

static json_t *
findings_json(const struct job *job, const struct mail_setup *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->findings.n; i++)
		json_array_append_new(
		    list, finding_json(job, s, &s->findings.list[i]));
	return list;
}

static json_t *
beside_json(const struct mail_setup *s, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->beside.nlines; i++)
		json_array_append_new(list,
		    json_pack("{s:s, s:o}", JSON_MEMBER("id", s->beside.lines[i].id),
			JSON_MEMBER(
			    "words", json_text(s->beside.lines[i].words, a))));
	return list;
}

/* What receivers find for the domain; null if that was not checked. */
static json_t *
dmarc_json(const struct job *job, const struct dmarc_lint *l)
{
	struct arena *a = job->memory;

	if (!job->method.asked[MAIL_SETUP_DMARC])
		return json_null();
	return json_pack("{s:s?, s:s?, s:o, s:o}",
	    JSON_MEMBER("policy", l->tag ? dmarc_policy_name(l->policy) : NULL),
	    JSON_MEMBER("tag", l->tag),
	    JSON_MEMBER("policy_domain", json_text(l->policy_domain, a)),
	    JSON_MEMBER("organizational_domain", json_text(l->org, a)));
}

static json_t *
count_json(const struct spf_lint *l, unsigned n)
{
	return l->evaluated ? json_integer((json_int_t)n) : json_null();
}

static json_t *
spf_json(const struct job *job, const struct spf_lint *l)
{
	if (!job->method.asked[MAIL_SETUP_SPF])
		return json_null();
	return json_pack("{s:o, s:o, s:o}",
	    JSON_MEMBER("lookups", count_json(l, l->lookups)),
	    JSON_MEMBER("voids", count_json(l, l->voids)),
	    JSON_MEMBER("all", json_text(l->all, job->memory)));
}

static json_t *
score_json(const struct mail_setup *s)
{
	return json_pack("{s:i, s:i, s:i}", JSON_MEMBER("low", (int)s->low),
	    JSON_MEMBER("high", (int)s->high), JSON_MEMBER("of", (int)s->of));
}

void
show_json(const struct job *job, const struct mail_setup *s)
{
	struct arena *a = job->memory;

	output_json(json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			JSON_MEMBER("schema", 1),
			JSON_MEMBER("domain", json_text(s->domain, a)),
			JSON_MEMBER("score", score_json(s)),
			JSON_MEMBER("questions", questions_json(s, a)),
			JSON_MEMBER("findings", findings_json(job, s)),
			JSON_MEMBER("dmarc", dmarc_json(job, &s->dmarc)),
			JSON_MEMBER("spf", spf_json(job, &s->spf)),
			JSON_MEMBER("beside", beside_json(s, a))),
	    stdout);
}
