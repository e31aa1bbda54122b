/* policy: which DMARC policy applies to a domain, and where it comes from. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "base/json.h"
#include "tool/output.h"

static const char *
found_words(const struct dmarc_level *l)
{
	switch (l->found) {
	case DMARC_FOUND_SEVERAL:
		return "several records, all ignored";
	case DMARC_FOUND_NONE:
		return l->answer && l->answer->status != DNS_DATA
		    ? dns_status_words(l->answer->status)
		    : "no record";
	case DMARC_FOUND_FAILED:
		return dns_status_words(l->answer->status);
	case DMARC_FOUND_RECORD:
		break;
	}
	return NULL;
}

static void
put_walk(const struct job *job, const struct dmarc_walk *w)
{
	struct arena *a = job->memory;

	for (size_t i = 0; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];
		const char *words = found_words(l);
		struct screen_text t = SCREEN_TEXT(a);

		screen_str(&t, SCREEN_PLAIN, "  _dmarc.");
		screen_add(&t, SCREEN_PLAIN, l->domain);
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_add(
		    &t, SCREEN_PLAIN, words ? span_of(words) : l->record.text);
		screen_put(&job->out, &t);
	}
	if (w->org.p) {
		struct screen_text t = SCREEN_TEXT(a);

		screen_str(&t, SCREEN_PLAIN, "  organizational domain: ");
		screen_add(&t, SCREEN_PLAIN, w->org);
		screen_add(&t, SCREEN_PLAIN, arena_printf(a, " (%s)", w->how));
		screen_put(&job->out, &t);
	}
}

static bool
has_policy(const struct dmarc_verdict *v)
{
	enum result_code code = dmarc_reasons[v->reason].code;

	return code == RESULT_PASS || code == RESULT_FAIL;
}

static void
add_policy(
    struct screen_text *t, const struct dmarc_verdict *v, struct arena *a)
{
	screen_str(t, SCREEN_PLAIN, ": policy ");
	screen_str(t, SCREEN_DECIDES, dmarc_policy_name(v->policy));
	screen_add(t, SCREEN_PLAIN, arena_printf(a, ", by %s= of ", v->tag));
	screen_add(t, SCREEN_PLAIN, v->applies->domain);
	screen_str(t, SCREEN_PLAIN,
	    v->bad_policy    ? ", where p=, sp= or np= is invalid"
		: v->lowered ? ", lowered by t=y"
			     : "");
}

static void
put_policy(const struct job *job, const struct dmarc_verdict *v)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_add(&t, SCREEN_PLAIN, v->author);
	if (has_policy(v)) {
		add_policy(&t, v, job->memory);
	} else {
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_str(&t, SCREEN_ID, why->id);
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_str(&t, SCREEN_PLAIN, why->words);
	}
	screen_put(&job->out, &t);
	put_walk(job, &v->walk);
}

static json_t *
walk_json(const struct dmarc_walk *w, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];
		const char *words = found_words(l);

		json_array_append_new(list,
		    json_pack("{s:o, s:o, s:s}",
			JSON_MEMBER("domain", json_text(l->domain, a)),
			JSON_MEMBER("record",
			    json_text(words ? SPAN_NONE : l->record.text, a)),
			JSON_MEMBER("found", words ? words : "record")));
	}
	return list;
}

static json_t *
policy_json(const struct dmarc_verdict *v, struct arena *a)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];
	bool good = has_policy(v);
	struct span from = v->applies ? v->applies->domain : SPAN_NONE;

	return json_pack("{s:i, s:o, s:s?, s:s?, s:s?, s:o, s:o, s:o}",
	    JSON_MEMBER("schema", 1),
	    JSON_MEMBER("domain", json_text(v->author, a)),
	    JSON_MEMBER("id", good ? NULL : why->id),
	    JSON_MEMBER("policy", good ? dmarc_policy_name(v->policy) : NULL),
	    JSON_MEMBER("tag", good ? v->tag : NULL),
	    JSON_MEMBER("policy_domain", json_text(from, a)),
	    JSON_MEMBER("organizational_domain", json_text(v->walk.org, a)),
	    JSON_MEMBER("walk", walk_json(&v->walk, a)));
}

enum result_code
policy_check(const struct job *job, struct span domain)
{
	struct dmarc_method method = job->method.dmarc;
	struct dmarc_verdict v;
	enum result_code code;

	method.record = job->method.dmarc_record;
	method.record_of = domain;
	dmarc_eval(&method, domain, NULL, 0, 0, &v);
	dmarc_walk_complete(&method, &v.walk);
	code = has_policy(&v) ? RESULT_PASS : dmarc_reasons[v.reason].code;
	if (cli_is_deferred(code))
		return code;
	if (job->form == JOB_JSON)
		output_json(policy_json(&v, job->memory), stdout);
	else if (job->form == JOB_SCREEN)
		put_policy(job, &v);
	return code;
}
