/* evaluate: evaluate DMARC for one message or query, and report it. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include <string.h>

#include "auth/evaluation.h"
#include "base/json.h"
#include "dmarc/dmarc_summary.h"
#include "tool/trust_options.h"

/* The state of one message or query. */
struct state {
	const struct evaluate *s;
	struct checker_message cm;
	struct evaluation *e;
};

static struct dmarc_summary dmarc_summary;

/* Returns what an evaluation needs. --record is the record of each author
 * domain. */
static struct dmarc_method
method_of(const struct evaluate *s, const struct checker_message *cm)
{
	return (struct dmarc_method){.dns = cm->dns,
	    .arena = cm->arena,
	    .psl = s->uses_list ? s->list : NULL,
	    .compare = s->list,
	    .rfc7489 = s->rfc7489,
	    .record = s->record};
}

static struct evaluation *
begin_message(const struct state *s, const struct dmarc_method *method,
    struct sink *const **sinks, size_t *n)
{
	const struct authid_policy policy = trust_policy(&s->s->authid, &s->cm);

	return evaluation_begin(s->cm.m, method, &s->cm.envelope, &policy,
	    &s->cm.removal, sinks, n);
}

void *
evaluate_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	struct evaluate *s = cm->tool;
	struct state *state = ARENA_NEW(cm->arena, struct state);
	struct dmarc_method method;

	if (cm->verbose && !s->list)
		s->list = psl_latest(NULL); /* for comparison */
	*n = 0;
	state->s = s;
	state->cm = *cm;
	method = method_of(s, cm);
	state->e = cm->m
	    ? begin_message(state, &method, sinks, n)
	    : evaluation_given(&method, s->author, s->given, s->ngiven);
	return state;
}

static void
add_notes(const struct state *s, struct result *r)
{
	trust_note(&s->e->found, r, s->cm.arena);
	if (s->e->from.reason == DMARC_PASS && s->e->from.ndomains > 1)
		result_note(r, DMARC_NOTE_AUTHORS,
		    arena_printf(s->cm.arena,
			"the From field has %zu author domains",
			s->e->from.ndomains));
	if (s->e->from.obsolete.p)
		result_note(r, DMARC_NOTE_FROM,
		    ARENA_JOIN(s->cm.arena,
			SPAN("RFC 5322 has no such From field, but all read "
			     "the same address: "),
			s->e->from.obsolete));
	if (s->cm.m)
		trust_note_spf(&s->s->authid, &s->e->found, r);
	envelope_note(&s->cm.envelope, r);
}

/* Adds the details of each author domain, and among several marks the one that
 * the result is of, if any. */
static void
add_detail(const struct state *s, struct result *r)
{
	const struct evaluation *e = s->e;
	struct dmarc_method method = e->method;

	for (size_t i = 0; e->verdict && i < e->from.ndomains; i++) {
		enum dmarc_part part =
		    e->decides == &e->verdict[i] ? DMARC_DECIDES : DMARC_BESIDE;

		if (part == DMARC_DECIDES && e->from.ndomains == 1)
			part = DMARC_ALONE;
		method.record_of = e->from.domains[i];
		dmarc_verbose(&method, &e->verdict[i], part, r);
	}
}

static void
report(const struct state *s, struct result *r)
{
	const struct dmarc_verdict *v = s->e->decides;

	dmarc_result(v, s->cm.arena, r);
	add_notes(s, r);
	trust_verbose(&s->e->found, r, s->cm.arena);
	if (s->cm.verbose)
		add_detail(s, r);
	if (s->cm.m)
		dmarc_summary_add(
		    &dmarc_summary, r, v->disposition, &s->cm.envelope);
}

size_t
evaluate_end(void *state, const struct result **results)
{
	const struct state *s = state;
	const struct authids *found = &s->e->found;
	struct result *list;

	evaluation_end(s->e);
	list = ARENA_ARRAY(s->cm.arena, struct result, 1 + found->nresults);
	report(s, &list[0]);
	if (found->nresults)
		memcpy(
		    &list[1], found->results, found->nresults * sizeof(*list));
	*results = list;
	return 1 + found->nresults;
}

/*
 * JSON.
 */

static const char *const alignment_words[] = {
    [DMARC_ALIGNED_NO] = "no",
    [DMARC_ALIGNED_EQUAL] = "equal",
    [DMARC_ALIGNED_ORG] = "organizational domain",
    [DMARC_ALIGNED_UNKNOWN] = "unknown",
    [DMARC_ALIGNED_LIMIT] = "over the limit",
};

static json_t *
identifiers_json(const struct dmarc_verdict *v, struct arena *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->identifiers; i++) {
		const struct dmarc_identifier *id = v->aligned[i].identifier;
		const struct dmarc_walk *walk = v->aligned[i].walk;

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:o, s:s, s:o}",
			JSON_MEMBER("mechanism",
			    id->mechanism == DMARC_SPF ? "spf" : "dkim"),
			JSON_MEMBER("result", result_name(id->code)),
			JSON_MEMBER("domain", json_text(id->domain, a)),
			JSON_MEMBER("aligned",
			    alignment_words[v->aligned[i].alignment]),
			JSON_MEMBER("organizational_domain",
			    json_text(walk ? walk->org : SPAN_NONE, a))));
	}
	return list;
}

/* The object of one author domain. */
static json_t *
verdict_json(const struct dmarc_verdict *v, struct arena *a)
{
	enum result_code code = dmarc_code(v);
	const struct dmarc_level *at = v->applies;
	bool has_policy = code == RESULT_PASS || code == RESULT_FAIL;

	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:s?, s:s?, s:s?, s:o}",
	    JSON_MEMBER("author_domain", json_text(v->author, a)),
	    JSON_MEMBER("result", result_name(code)),
	    JSON_MEMBER(
		"policy_domain", json_text(at ? at->domain : SPAN_NONE, a)),
	    JSON_MEMBER(
		"record", json_text(at ? at->record.text : SPAN_NONE, a)),
	    JSON_MEMBER("organizational_domain", json_text(v->walk.org, a)),
	    JSON_MEMBER(
		"policy", has_policy ? dmarc_policy_name(v->policy) : NULL),
	    JSON_MEMBER("disposition",
		has_policy ? dmarc_policy_name(v->disposition) : NULL),
	    JSON_MEMBER("tag", has_policy ? v->tag : NULL),
	    JSON_MEMBER("identifiers", identifiers_json(v, a)));
}

void
evaluate_json(void *state, json_t *object)
{
	const struct state *s = state;
	const struct evaluation *e = s->e;
	json_t *list = json_array();

	for (size_t i = 0; e->verdict && i < e->from.ndomains; i++)
		json_array_append_new(
		    list, verdict_json(&e->verdict[i], s->cm.arena));
	json_object_set_new(object, "evaluations", list);
}

struct span
evaluate_summary(struct arena *a)
{
	return dmarc_summary_text(&dmarc_summary, a);
}
