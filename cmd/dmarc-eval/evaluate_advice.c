/* evaluate_advice: --policy and --lint. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include "base/json.h"
#include "base/utf8.h"
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
		output_findings(&l.findings);
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
print_walk(const struct dmarc_walk *w)
{
	for (size_t i = 0; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];
		const char *words = found_words(l);

		fputs("  _dmarc.", stdout);
		utf8_escape(l->domain, stdout);
		fputs(": ", stdout);
		utf8_escape(words ? span_of(words) : l->record.text, stdout);
		fputc('\n', stdout);
	}
	if (!w->org.p)
		return;
	fputs("  organizational domain: ", stdout);
	utf8_escape(w->org, stdout);
	printf(" (%s)\n", w->how);
}

static void
print_policy(const struct dmarc_verdict *v, enum result_code code)
{
	const struct result_reason *why = &dmarc_reasons[v->reason];

	utf8_escape(v->author, stdout);
	if (code == RESULT_PASS) {
		printf(": policy %s, by %s= of ", dmarc_policy_name(v->policy),
		    v->tag);
		utf8_escape(v->applies->domain, stdout);
		puts(v->bad_policy   ? ", where p=, sp= or np= is invalid"
			: v->lowered ? ", lowered by t=y"
				     : "");
	} else {
		printf(": %s: %s\n", why->id, why->words);
	}
	print_walk(&v->walk);
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
		print_policy(&v, code);
	return code;
}
