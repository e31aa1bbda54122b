/* evaluate: evaluate DMARC for one message or query. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include <string.h>

#include "base/die.h"
#include "base/digest.h"
#include "base/domain.h"
#include "base/json.h"
#include "base/limit.h"
#include "dmarc/dmarc_summary.h"
#include "tool/trust_options.h"

/* The state of one message or query. */
struct state {
	const struct evaluate *s;
	struct checker_message cm;
	struct dmarc_method method;
	struct dmarc_authors from;
	struct dmarc_below below; /* text after an unterminated header */
	struct sink *strip;       /* flows into below, or NULL */
	/* By author domain: nothing is left to be prefetched. */
	bool settled[LIMIT_AUTHORS];
	struct authid_job *job; /* NULL: a query */
	struct authids found;
	struct dmarc_verdict *verdict; /* by author domain */
	size_t chosen;
};

static struct dmarc_summary dmarc_summary;

struct dmarc_method
evaluate_method(const struct evaluate *s, const struct checker_message *cm)
{
	return (struct dmarc_method){.dns = cm->dns,
	    .arena = cm->arena,
	    .psl = s->uses_list ? s->list : NULL,
	    .compare = s->list,
	    .rfc7489 = s->rfc7489,
	    .record = s->record,
	    .record_of = s->domain};
}

/* How many labels a domain may have below the name that it shares with the
 * author domain, for its walk to be prefetched: signatures that will not pass
 * must not cost many queries. */
#define PREFETCH_LABELS 2

/* Could both domains be of one organization, by their names alone?
 * Organizational domains of a single label are too rare to be prefetched. */
static bool
may_align(struct span domain, struct span author)
{
	size_t shared;

	while (author.p && !domain_within(domain, author))
		author = domain_parent(author);
	shared = domain_labels(author);
	return shared > 1 && domain_labels(domain) <= shared + PREFETCH_LABELS;
}

/* Does the limit leave enough queries to walk all these domains? A prefetch may
 * turn out to be unneeded, and must not use up a query that is needed. */
static bool
have_room(const struct state *s, const struct span *domain, size_t n)
{
	size_t queries = 0;

	for (size_t i = 0; i < n; i++) {
		size_t labels = domain_labels(domain[i]);

		queries += labels < DMARC_LEVELS ? labels : DMARC_LEVELS;
	}
	return queries <= dns_left(s->cm.dns);
}

/* Prefetches the walks of domains that may turn out to be aligned with an
 * author domain. With a public suffix list there is no walk. */
static void
prefetch_walks(const struct state *s)
{
	struct span list[AUTHID_DOMAINS];
	bool walks = s->from.reason == DMARC_PASS && !s->method.psl;
	size_t n = walks ? authid_domains(s->job, list) : 0;
	struct dmarc_method method = s->method;

	method.is_limited = true;
	if (!have_room(s, list, n))
		return;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < s->from.ndomains; k++)
			if (may_align(list[i], s->from.domains[k])) {
				dmarc_walk_prefetch(&method, list[i]);
				break;
			}
}

/* Prefetches what the records that have arrived make necessary, for all author
 * domains. */
static void
follow_prefetched(void *arg)
{
	struct state *s = arg;
	struct dmarc_method method = s->method;

	for (size_t i = 0; i < s->from.ndomains; i++) {
		method.record_of = s->from.domains[i];
		s->settled[i] = s->settled[i] ||
		    dmarc_eval_prefetch(&method, s->from.domains[i]);
	}
}

/* Adds a sink for the text after an unterminated header, which some programs
 * take for header: its From fields are read, too, after forged fields are
 * removed. */
static void
add_below(struct state *s, struct sink *const **sinks, size_t *n)
{
	struct sink **all = ARENA_ARRAY(s->cm.arena, struct sink *, *n + 1);

	for (size_t i = 0; i < *n; i++)
		all[i] = (*sinks)[i];
	s->below = dmarc_below(s->cm.m, s->cm.arena);
	s->strip = authres_strip_new(
	    &s->below.sink, &s->cm.removal, message_header_eol(s->cm.m));
	sink_put(s->strip, s->cm.m->separator);
	all[(*n)++] = s->strip;
	*sinks = all;
}

static void
begin_message(struct state *s, struct sink *const **sinks, size_t *n)
{
	const struct authid_policy policy = trust_policy(&s->s->authid, &s->cm);

	dmarc_authors(s->cm.m, s->cm.arena, &s->from);
	dmarc_walk_prefetch_levels(
	    &s->method, s->from.domains, s->from.ndomains, 0, 1);
	s->job = authid_begin(
	    s->cm.m, &s->cm.envelope, s->cm.dns, &policy, sinks, n);
	dmarc_walk_prefetch_levels(
	    &s->method, s->from.domains, s->from.ndomains, 1, DMARC_LEVELS);
	prefetch_walks(s);
	if (message_header_unterminated(s->cm.m))
		add_below(s, sinks, n);
}

void *
evaluate_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	struct evaluate *s = cm->tool;
	struct state *state = ARENA_NEW(cm->arena, struct state);

	if (cm->verbose && !s->list)
		s->list = psl_latest(NULL); /* for comparison */
	state->s = s;
	state->cm = *cm;
	state->method = evaluate_method(s, cm);
	if (cm->m) {
		begin_message(state, sinks, n);
		return state;
	}
	*n = 0;
	state->from.domains = ARENA_NEW(cm->arena, struct span);
	*state->from.domains = s->author;
	state->from.ndomains = 1;
	return state;
}

/*
 * Evaluation.
 */

static const struct dmarc_identifier *
list_identifiers(const struct authids *found, struct arena *a)
{
	struct dmarc_identifier *list =
	    ARENA_ARRAY(a, struct dmarc_identifier, found->n);

	for (size_t i = 0; i < found->n; i++) {
		const struct authid *from = &found->list[i];

		list[i] = (struct dmarc_identifier){
		    .mechanism = from->is_spf ? DMARC_SPF : DMARC_DKIM,
		    .code = from->code,
		    .domain = from->domain,
		    .from_auid = from->from_auid,
		    .is_unchecked = from->is_unchecked};
	}
	return list;
}

/* The number that pct= is compared with (RFC 7489 6.6.4), 0 to 99: a hash of
 * the header, so that sending the same message again does not change it. */
static unsigned
sample(const struct state *s)
{
	struct digest *d;

	if (!s->s->rfc7489 || !s->cm.m)
		return 0;
	d = digest_new(DIGEST_SHA256, UINT64_MAX, s->cm.arena);
	for (size_t i = 0; i < s->cm.m->nfields; i++)
		sink_put(&d->sink, s->cm.m->fields[i].raw);
	sink_end(&d->sink);
	if (!d->value.p) /* forbidden by GnuTLS's configuration */
		return 0;
	return ((unsigned char)d->value.p[0] << 8 |
		   (unsigned char)d->value.p[1]) %
	    100;
}

/* Replaces a fail if the trusted fields had no results to take. */
static void
note_missing(const struct state *s, struct dmarc_verdict *v)
{
	if (s->job && !s->found.found &&
	    dmarc_reasons[v->reason].code == RESULT_FAIL)
		v->reason = DMARC_NO_RESULTS;
}

/* Replaces a fail if what could not be parsed of trusted fields may have a
 * pass. */
static void
note_unreadable(const struct state *s, struct dmarc_verdict *v)
{
	if (dmarc_reasons[v->reason].code != RESULT_FAIL ||
	    !(s->found.nunread || s->found.unread_rest))
		return;
	dmarc_walk_complete(&s->method, &v->walk);
	if (!v->walk.org.p ||
	    authid_may_have_passed(&s->found, v->walk.org, s->cm.arena))
		v->reason = DMARC_UNREADABLE;
}

/* Evaluates an author domain, or a domain in a From field that cannot be
 * parsed. */
static void
evaluate_one(struct state *s, struct span domain,
    const struct dmarc_identifier *list, size_t n, unsigned number,
    struct dmarc_verdict *v)
{
	s->method.record_of = domain;
	if (s->from.reason != DMARC_PASS) {
		dmarc_eval_unread(&s->method, domain, &s->from, number, v);
		return;
	}
	dmarc_eval(&s->method, domain, list, n, number, v);
	note_missing(s, v);
	note_unreadable(s, v);
}

static void
evaluate(struct state *s)
{
	const struct dmarc_identifier *list = s->s->given;
	size_t n = s->s->ngiven;
	unsigned number = sample(s);

	if (s->job) {
		list = list_identifiers(&s->found, s->cm.arena);
		n = s->found.n;
	}
	s->verdict =
	    ARENA_ARRAY(s->cm.arena, struct dmarc_verdict, s->from.ndomains);
	for (size_t i = 0; i < s->from.ndomains; i++)
		evaluate_one(
		    s, s->from.domains[i], list, n, number, &s->verdict[i]);
	s->chosen = dmarc_combine(s->verdict, s->from.ndomains);
}

static void
add_notes(const struct state *s, struct result *r)
{
	trust_note(&s->found, r, s->cm.arena);
	if (s->from.reason == DMARC_PASS && s->from.ndomains > 1)
		result_note(r, DMARC_NOTE_AUTHORS,
		    arena_printf(s->cm.arena,
			"the From field has %zu author domains",
			s->from.ndomains));
	if (s->from.obsolete.p)
		result_note(r, DMARC_NOTE_FROM,
		    ARENA_JOIN(s->cm.arena,
			SPAN("RFC 5322 has no such From field, but all read "
			     "the same address: "),
			s->from.obsolete));
	if (s->job)
		trust_note_spf(&s->s->authid, &s->found, r);
	envelope_note(&s->cm.envelope, r);
}

/* Adds the details of each author domain, and among several marks the one that
 * the result is of, if any. */
static void
add_detail(struct state *s, const struct dmarc_verdict *of, struct result *r)
{
	for (size_t i = 0; s->verdict && i < s->from.ndomains; i++) {
		enum dmarc_part part =
		    of == &s->verdict[i] ? DMARC_DECIDES : DMARC_BESIDE;

		if (part == DMARC_DECIDES && s->from.ndomains == 1)
			part = DMARC_ALONE;
		s->method.record_of = s->from.domains[i];
		dmarc_verbose(&s->method, &s->verdict[i], part, r);
	}
}

static void
report(struct state *s, struct result *r)
{
	struct dmarc_verdict none = {
	    .reason = s->from.reason, .detail = s->from.detail};
	struct dmarc_verdict *v = &none;

	if (s->from.ndomains)
		evaluate(s);
	if (s->from.ndomains &&
	    (s->from.reason == DMARC_PASS || s->verdict[s->chosen].raised))
		v = &s->verdict[s->chosen];
	dmarc_result(v, s->cm.arena, r);
	add_notes(s, r);
	trust_verbose(&s->found, r, s->cm.arena);
	if (s->cm.verbose)
		add_detail(s, v, r);
	if (s->cm.m)
		dmarc_summary_add(
		    &dmarc_summary, r, v->disposition, &s->cm.envelope);
}

size_t
evaluate_end(void *state, const struct result **results)
{
	struct state *s = state;
	struct result *list;

	authres_strip_free(s->strip);
	if (s->below.text.len)
		dmarc_authors_below(
		    s->cm.m, buf_span(&s->below.text), s->cm.arena, &s->from);
	dns_on_arrival(s->cm.dns, follow_prefetched, s);
	if (s->job)
		authid_end(s->job, &s->found);
	list = ARENA_ARRAY(s->cm.arena, struct result, 1 + s->found.nresults);
	report(s, &list[0]);
	dns_on_arrival(s->cm.dns, NULL, NULL);
	if (s->found.nresults)
		memcpy(&list[1], s->found.results,
		    s->found.nresults * sizeof(*list));
	*results = list;
	return 1 + s->found.nresults;
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
	struct state *s = state;
	json_t *list = json_array();

	for (size_t i = 0; s->verdict && i < s->from.ndomains; i++)
		json_array_append_new(
		    list, verdict_json(&s->verdict[i], s->cm.arena));
	json_object_set_new(object, "evaluations", list);
}

struct span
evaluate_summary(struct arena *a)
{
	return dmarc_summary_text(&dmarc_summary, a);
}
