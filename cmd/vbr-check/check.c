/* check: find out whether a trusted certifier vouches for a message. */
/* SPDX-License-Identifier: ISC */

#include "check.h"

#include <string.h>

#include "base/json.h"
#include "tool/trust_options.h"

/* The state of one message or query. */
struct state {
	const struct check *e;
	struct checker_message cm;
	struct vbr_check check;
	struct vbr_query *query; /* of a query: one per certifier */
	struct authid_job *job;  /* NULL: nothing has to be authenticated */
	struct authids found;
	bool passed;
};

/*
 * What is authenticated (RFC 5518 7).
 */

/* Is it a HELO, which RFC 7208 2.4 puts in the place of a null reverse-path?
 * RFC 5518 7.3 takes only MAIL FROM. A trusted field does not tell whether
 * postmaster comes from HELO, so it is treated as such. */
static bool
is_helo(const struct state *s, const struct authid *id)
{
	const struct span sender = s->cm.envelope.sender;

	if (!id->is_spf)
		return false;
	if (s->e->authid.trust == AUTHID_EVALUATE)
		return sender.p && !sender.len;
	return span_caseeq(id->local, SPAN("postmaster"));
}

/* The authenticated domains. Of a signature it is that of i=, if there is one
 * (RFC 5518 7.1). */
static const struct vbr_domain *
list_domains(const struct state *s, size_t *n)
{
	const struct authids *found = &s->found;
	struct vbr_domain *list =
	    ARENA_ARRAY(s->cm.arena, struct vbr_domain, found->n);

	*n = 0;
	for (size_t i = 0; i < found->n; i++) {
		const struct authid *id = &found->list[i];

		if (!is_helo(s, id) && !id->auid_mismatch)
			list[(*n)++] = (struct vbr_domain){
			    .name = id->auid_domain.p ? id->auid_domain
						      : id->domain,
			    .code = id->code,
			    .is_signature = !id->is_spf,
			    .signed_names = id->signed_names};
	}
	return list;
}

/* The domains that may be authenticated once the body was read. */
static const struct vbr_domain *
list_expected(const struct state *s, size_t *n)
{
	struct vbr_domain *list =
	    ARENA_ARRAY(s->cm.arena, struct vbr_domain, AUTHID_DOMAINS);
	struct span names[AUTHID_DOMAINS];
	size_t nnames = authid_auid_domains(s->job, names);

	*n = 0;
	for (size_t i = 0; i < nnames; i++)
		if (names[i].p)
			list[(*n)++].name = names[i];
	return list;
}

/*
 * The functions of a checker.
 */

static void
begin_query(struct state *s)
{
	const struct vbr_policy *policy = &s->e->policy;

	s->query =
	    ARENA_ARRAY(s->cm.arena, struct vbr_query, policy->ncertifiers);
	for (size_t i = 0; i < policy->ncertifiers; i++) {
		s->query[i].domain = s->e->domain;
		s->query[i].type = s->e->type;
		s->query[i].certifier = &policy->certifiers[i];
		vbr_query_prefetch(s->cm.dns, s->e->domain,
		    &policy->certifiers[i], s->cm.arena);
	}
}

static void
begin_message(struct state *s, struct sink *const **sinks, size_t *n)
{
	const struct authid_policy policy = trust_policy(&s->e->authid, &s->cm);
	const struct vbr_domain *list;
	size_t domains;

	vbr_check_begin(&s->check, s->cm.m, &s->e->policy, s->cm.dns);
	if (s->check.reason != VBR_OK)
		return;
	s->job = authid_begin(
	    s->cm.m, &s->cm.envelope, s->cm.dns, &policy, sinks, n);
	if (policy.trust == AUTHID_EVALUATE) {
		list = list_expected(s, &domains);
	} else {
		authid_end(s->job, &s->found);
		list = list_domains(s, &domains);
	}
	vbr_check_prefetch(&s->check, list, domains);
}

void *
check_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n)
{
	struct state *s = ARENA_NEW(cm->arena, struct state);

	*n = 0;
	s->e = cm->tool;
	s->cm = *cm;
	if (cm->m)
		begin_message(s, sinks, n);
	else
		begin_query(s);
	return s;
}

static size_t
end_query(struct state *s, const struct result **results)
{
	size_t n = s->e->policy.ncertifiers;
	struct result *list =
	    ARENA_ARRAY(s->cm.arena, struct result, n ? n : 1);

	if (!n) {
		list->method = "vbr";
		result_because(list, &vbr_reasons[VBR_NO_CERTIFIER]);
	}
	for (size_t i = 0; i < n; i++) {
		vbr_query_answer(&s->query[i], s->cm.dns, s->cm.arena);
		vbr_query_result(&s->query[i], s->cm.arena, &list[i]);
		if (s->cm.verbose)
			vbr_verbose_query(&s->query[i], s->cm.arena, &list[i]);
	}
	*results = list;
	return n ? n : 1;
}

static void
add_notes(const struct state *s, struct result *r)
{
	trust_note(&s->found, r, s->cm.arena);
	if (s->check.reason == VBR_NOT_AUTHENTICATED)
		trust_note_spf(&s->e->authid, &s->found, r);
	envelope_note(&s->cm.envelope, r);
}

/* Adds a line about a HELO, which may have passed but authenticates nothing. */
static void
show_helo(const struct state *s, const struct authid *id, struct result *r)
{
	const char *what = s->e->authid.trust == AUTHID_EVALUATE
	    ? "HELO for a null MAIL FROM"
	    : "postmaster may mean HELO";

	result_detail(r,
	    arena_printf(s->cm.arena,
		"authentication of " SPAN_FMT
		" by SPF: none: %s (RFC 5518 7.3)",
		SPAN_ARG(id->domain), what),
	    s->cm.arena);
}

static void
add_detail(const struct state *s, const struct vbr_domain *domain, size_t n,
    struct result *r)
{
	trust_verbose(&s->found, r, s->cm.arena);
	for (size_t i = 0; i < s->found.n; i++)
		if (is_helo(s, &s->found.list[i]))
			show_helo(s, &s->found.list[i], r);
	vbr_verbose(&s->check, domain, n, r);
}

static size_t
end_message(struct state *s, const struct result **results)
{
	struct result *list;
	const struct vbr_domain *domain;
	size_t n;

	if (s->job && s->e->authid.trust == AUTHID_EVALUATE)
		authid_end(s->job, &s->found);
	domain = list_domains(s, &n);
	vbr_check_end(&s->check, domain, n);
	s->passed = s->check.reason == VBR_OK;
	list = ARENA_ARRAY(s->cm.arena, struct result, 1 + s->found.nresults);
	vbr_check_result(&s->check, &list[0]);
	add_notes(s, &list[0]);
	if (s->cm.verbose)
		add_detail(s, domain, n, &list[0]);
	if (s->found.nresults)
		memcpy(&list[1], s->found.results,
		    s->found.nresults * sizeof(*list));
	*results = list;
	return 1 + s->found.nresults;
}

size_t
check_end(void *state, const struct result **results)
{
	struct state *s = state;

	return s->cm.m ? end_message(s, results) : end_query(s, results);
}

struct span
check_fields(void *state, const char *eol)
{
	struct state *s = state;

	if (!s->passed || !s->e->on_pass.p)
		return SPAN("");
	return arena_printf(
	    s->cm.arena, SPAN_FMT "%s", SPAN_ARG(s->e->on_pass), eol);
}

/*
 * JSON.
 */

static json_t *
field_json(const struct vbr_field *f, struct arena *a)
{
	json_t *certifiers = json_array();
	const struct vbr_info *info = &f->info;

	for (size_t i = 0; f->is_valid && i < info->ncertifiers; i++)
		json_array_append_new(
		    certifiers, json_text(info->certifiers[i], a));
	return json_pack("{s:b, s:o, s:o, s:o}",
	    JSON_MEMBER("valid", f->is_valid),
	    JSON_MEMBER(
		"domain", json_text(f->is_valid ? info->domain : SPAN_NONE, a)),
	    JSON_MEMBER(
		"type", json_text(f->is_valid ? info->type : SPAN_NONE, a)),
	    JSON_MEMBER("certifiers", certifiers));
}

static json_t *
question_json(const struct vbr_query *q, struct arena *a)
{
	const struct result_reason *why = &vbr_reasons[q->reason];

	return json_pack("{s:o, s:o, s:o, s:b, s:s, s:s?, s:o}",
	    JSON_MEMBER("domain", json_text(q->domain, a)),
	    JSON_MEMBER("type", json_text(q->type, a)),
	    JSON_MEMBER("certifier", json_text(q->certifier->host, a)),
	    JSON_MEMBER("by_address", q->certifier->by_address),
	    JSON_MEMBER("result", result_name(why->code)),
	    JSON_MEMBER("id", why->id),
	    JSON_MEMBER("answer", json_text(q->answer.detail, a)));
}

void
check_json(void *state, json_t *object)
{
	struct state *s = state;
	struct arena *a = s->cm.arena;
	const struct vbr_query *query = s->cm.m ? s->check.queries : s->query;
	size_t n = s->cm.m ? s->check.evaluated : s->e->policy.ncertifiers;
	json_t *fields = json_array(), *queries = json_array();

	for (size_t i = 0; i < s->check.nfields; i++)
		json_array_append_new(
		    fields, field_json(&s->check.fields[i], a));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(queries, question_json(&query[i], a));
	json_object_update_new(object,
	    json_pack("{s:o, s:o}", JSON_MEMBER("vbr_info", fields),
		JSON_MEMBER("queries", queries)));
}
