/* spf_json: the tree of spf_trace in JSON. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "base/limit.h"
#include "mail/result.h"
#include "dns/dns_json.h"
#include "spf/spf_trace.h"

/* By enum spf_match; a term without a step was not reached. */
static const char *const match_words[] = {
    [SPF_NO_MATCH] = "no match",
    [SPF_MATCH] = "match",
    [SPF_ERROR] = "error",
    [SPF_NOT_QUERIED] = "not queried",
};

/* Returns the object of a term, without its "check_host"; s is
 * empty for a term without a step. */
static json_t *
term_json(const struct spf_term *term, const struct spf_step *s,
    const char *match, struct arena *a)
{
	json_t *answers = json_array();

	for (size_t i = 0; i < s->nanswers; i++)
		json_array_append_new(
		    answers, dns_answer_json(s->answers[i], a));
	return json_pack("{s:o, s:o, s:s, s:b, s:b, s:I, s:o}",
	    JSON_MEMBER("term", json_text(term->text, a)),
	    JSON_MEMBER("target", json_text(s->target, a)),
	    JSON_MEMBER("match", match), JSON_MEMBER("counted", s->live),
	    JSON_MEMBER("decides", s->decides),
	    JSON_MEMBER("lookups", (json_int_t)s->lookups),
	    JSON_MEMBER("answers", answers));
}

/* Recursion is bounded: depth 0 is the root, and the evaluation leaves a
 * check_host() deeper than LIMIT_SPF_DEPTH as soon as it has entered it. */
static json_t *
check_json(const struct spf_trace_check *v, unsigned depth, struct arena *a)
{
	static const struct spf_step none;
	json_t *terms = json_array();
	const struct result_reason *why = &spf_reasons[v->reason];
	const struct spf_step **steps = NULL;

	assert(depth <= LIMIT_SPF_DEPTH + 1);
	if (v->record)
		steps = spf_trace_steps(v, a);
	for (size_t i = 0; v->record && i < v->record->nterms; i++) {
		const struct spf_step *s = steps[i] ? steps[i] : &none;
		json_t *term = term_json(&v->record->terms[i], s,
		    steps[i] ? match_words[s->match] : "not reached", a);

		json_object_set_new(term, "check_host",
		    s->check ? check_json(s->check, depth + 1, a)
			     : json_null());
		json_array_append_new(terms, term);
	}
	return json_pack("{s:o, s:o, s:s, s:s?, s:I, s:o}",
	    JSON_MEMBER("domain", json_text(v->domain, a)),
	    JSON_MEMBER("record",
		json_text(v->record ? v->record->text : SPAN_NONE, a)),
	    JSON_MEMBER("result", result_name(why->code)),
	    JSON_MEMBER("id", why->id),
	    JSON_MEMBER("lookups", (json_int_t)spf_trace_lookups(v)),
	    JSON_MEMBER("terms", terms));
}

json_t *
spf_trace_json(const struct spf_trace *t, struct arena *a)
{
	return t->root ? check_json(t->root, 0, a) : json_null();
}
