/* evaluate_advice: --policy and --lint. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include "base/json.h"
#include "lint/dmarc_lint.h"
#include "tool/output.h"

/*
 * --lint.
 */

enum result_code
evaluate_lint(const struct checker_message *cm)
{
	const struct evaluate *s = cm->tool;
	struct dmarc_method method = evaluate_method(s, cm);
	struct dmarc_lint l;
	struct span text;

	dmarc_lint(&method, s->domain, &l);
	text = l.applies ? l.applies->record.text : SPAN_NONE;
	if (s->mode == CHECKER_JSON)
		output_json(output_json_findings(
				s->domain, text, &l.findings, cm->arena),
		    stdout);
	if (s->mode == CHECKER_REPORT)
		output_findings(cm->out, &l.findings);
	return finding_verdict(&l.findings);
}

/*
 * --policy.
 */

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
print_walk(const struct screen *to, const struct dmarc_walk *w, struct arena *a)
{
	for (size_t i = 0; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];
		const char *words = found_words(l);
		struct screen_text t = SCREEN_TEXT(a);

		screen_str(&t, SCREEN_PLAIN, "  _dmarc.");
		screen_add(&t, SCREEN_PLAIN, l->domain);
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_add(
		    &t, SCREEN_PLAIN, words ? span_of(words) : l->record.text);
		screen_put(to, &t);
	}
	if (w->org.p) {
		struct screen_text t = SCREEN_TEXT(a);

		screen_str(&t, SCREEN_PLAIN, "  organizational domain: ");
		screen_add(&t, SCREEN_PLAIN, w->org);
		screen_add(&t, SCREEN_PLAIN, arena_printf(a, " (%s)", w->how));
		screen_put(to, &t);
	}
}

static void
print_policy(const struct screen *to, const struct dmarc_verdict *v,
    enum result_code code, struct arena *a)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];
	struct screen_text t = SCREEN_TEXT(a);

	screen_add(&t, SCREEN_PLAIN, v->author);
	if (code == RESULT_PASS) {
		screen_str(&t, SCREEN_PLAIN, ": policy ");
		screen_str(&t, SCREEN_DECIDES, dmarc_policy_name(v->policy));
		screen_add(
		    &t, SCREEN_PLAIN, arena_printf(a, ", by %s= of ", v->tag));
		screen_add(&t, SCREEN_PLAIN, v->applies->domain);
		screen_str(&t, SCREEN_PLAIN,
		    v->bad_policy    ? ", where p=, sp= or np= is invalid"
			: v->lowered ? ", lowered by t=y"
				     : "");
	} else {
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_str(&t, SCREEN_ID, why->id);
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_str(&t, SCREEN_PLAIN, why->words);
	}
	screen_put(to, &t);
	print_walk(to, &v->walk, a);
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

static void
policy_json(
    const struct dmarc_verdict *v, enum result_code code, struct arena *a)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];
	bool good = code == RESULT_PASS;
	struct span from = v->applies ? v->applies->domain : SPAN_NONE;

	output_json(
	    json_pack("{s:i, s:o, s:s?, s:s?, s:s?, s:o, s:o, s:o}",
		JSON_MEMBER("schema", 1),
		JSON_MEMBER("domain", json_text(v->author, a)),
		JSON_MEMBER("id", good ? NULL : why->id),
		JSON_MEMBER(
		    "policy", good ? dmarc_policy_name(v->policy) : NULL),
		JSON_MEMBER("tag", good ? v->tag : NULL),
		JSON_MEMBER("policy_domain", json_text(from, a)),
		JSON_MEMBER("organizational_domain", json_text(v->walk.org, a)),
		JSON_MEMBER("walk", walk_json(&v->walk, a))),
	    stdout);
}

/* Evaluates a message without authenticated identifiers. If a record applies,
 * such a message fails, and the policy for it is the one to show. */
enum result_code
evaluate_policy(const struct checker_message *cm)
{
	const struct evaluate *s = cm->tool;
	struct dmarc_method method = evaluate_method(s, cm);
	struct dmarc_verdict v;
	enum result_code code;

	dmarc_eval(&method, s->domain, NULL, 0, 0, &v);
	code = dmarc_reasons[v.reason].code;
	code = code == RESULT_FAIL ? RESULT_PASS : code;
	dmarc_walk_complete(&method, &v.walk);
	if (s->mode == CHECKER_JSON)
		policy_json(&v, code, cm->arena);
	else if (s->mode == CHECKER_REPORT)
		print_policy(cm->out, &v, code, cm->arena);
	return code;
}
