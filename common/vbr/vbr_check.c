/* vbr_check: a message and its authenticated domains to a verdict. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "base/taglist.h"
#include "vbr/vbr.h"

static const struct span field_name = {"VBR-Info", 8};

/*
 * The header.
 */

static void
read_fields(struct vbr_check *check, const struct message *m)
{
	for (size_t i = 0; i < m->nfields; i++) {
		struct vbr_field *f;

		if (!span_caseeq(m->fields[i].name, field_name))
			continue;
		if (check->total++ >= LIMIT_VBR_INFO)
			continue;
		f = ARENA_PUSH(check->arena, check->fields, check->nfields);
		f->is_valid =
		    vbr_info_parse(m->fields[i].body, check->arena, &f->info);
	}
}

size_t
vbr_check_valid(const struct vbr_check *check)
{
	size_t n = 0;

	for (size_t i = 0; i < check->nfields; i++)
		n += check->fields[i].is_valid;
	return n;
}

/* RFC 5518 4: all fields of a message must have the same mc=. */
static bool
is_mixed(const struct vbr_check *check)
{
	struct span type = SPAN_NONE;

	for (size_t i = 0; i < check->nfields; i++) {
		const struct vbr_field *f = &check->fields[i];

		if (f->is_valid && type.p && !span_eq(type, f->info.type))
			return true;
		if (f->is_valid)
			type = f->info.type;
	}
	return false;
}

static bool
is_named(const struct vbr_info *info, struct span host)
{
	for (size_t i = 0; i < info->ncertifiers; i++)
		if (span_eq(info->certifiers[i], host))
			return true;
	return false;
}

/* Adds a query unless one of those from the index first on is about the same
 * domain; that one notes the lower field. */
static void
add_query(struct vbr_check *check, size_t first, struct vbr_query q)
{
	for (size_t i = first; i < check->nqueries; i++)
		if (span_eq(check->queries[i].domain, q.domain)) {
			check->queries[i].below = q.below;
			return;
		}
	*ARENA_PUSH(check->arena, check->queries, check->nqueries) = q;
}

/* RFC 5518 5: adds the queries about the domains of fields to certifiers that
 * are trusted and, unless mv= is ignored, named in the field. */
static void
add_queries_of_fields(struct vbr_check *check)
{
	const struct vbr_policy *policy = check->policy;

	for (size_t k = 0; k < policy->ncertifiers; k++) {
		const struct vbr_certifier *c = &policy->certifiers[k];
		size_t first = check->nqueries;

		for (size_t i = 0; i < check->nfields; i++) {
			const struct vbr_field *f = &check->fields[i];

			if (f->is_valid &&
			    (policy->ignore_mv || is_named(&f->info, c->host)))
				add_query(check, first,
				    (struct vbr_query){.domain = f->info.domain,
					.type = f->info.type,
					.certifier = c,
					.below = check->total - 1 - i});
		}
	}
}

static enum vbr_reason
without_field(const struct vbr_check *check)
{
	if (!check->policy->without_info)
		return check->total ? VBR_INFO_SYNTAX : VBR_NO_INFO;
	return check->policy->ncertifiers ? VBR_OK : VBR_NO_CERTIFIER;
}

void
vbr_check_begin(struct vbr_check *check, const struct message *m,
    const struct vbr_policy *policy, struct dns *dns)
{
	*check =
	    (struct vbr_check){.policy = policy, .dns = dns, .arena = m->arena};
	read_fields(check, m);
	if (!vbr_check_valid(check)) {
		check->reason = without_field(check);
	} else if (is_mixed(check)) {
		check->reason = VBR_MIXED;
	} else {
		add_queries_of_fields(check);
		check->reason = check->nqueries ? VBR_OK : VBR_NO_CERTIFIER;
	}
}

/*
 * Authentication.
 */

/* Returns pass or temperror, or none for all other results of a name. */
static enum result_code
authentication(const struct vbr_domain *domain, size_t n, struct span name)
{
	enum result_code code = RESULT_NONE;

	for (size_t i = 0; i < n; i++) {
		if (!span_eq(domain[i].name, name))
			continue;
		if (domain[i].code == RESULT_PASS)
			return RESULT_PASS;
		if (domain[i].code == RESULT_TEMPERROR)
			code = RESULT_TEMPERROR;
	}
	return code;
}

static bool
is_of_any(const struct vbr_domain *domain, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(domain[i].name, name))
			return true;
	return false;
}

/* Returns how often the list of h= names VBR-Info. */
static size_t
count_signed(struct span names)
{
	struct span name;
	size_t n = 0;

	while (taglist_item(&names, ':', &name))
		n += span_caseeq(name, field_name);
	return n;
}

/* Do signatures of the domain pass, but none that covers the field? A name that
 * occurs n times in h= covers the n lowest fields (RFC 6376 5.4.2). */
static bool
is_unsigned(
    const struct vbr_query *q, const struct vbr_domain *domain, size_t n)
{
	bool has_signature = false;

	for (size_t i = 0; i < n; i++) {
		const struct vbr_domain *d = &domain[i];

		if (d->code != RESULT_PASS || !d->is_signature ||
		    !span_eq(d->name, q->domain))
			continue;
		if (!d->signed_names.p ||
		    count_signed(d->signed_names) > q->below)
			return false;
		has_signature = true;
	}
	return has_signature;
}

/* RFC 6212 4: without a field, adds the queries about the domains that are
 * authenticated, or may be later. */
static void
add_queries_of_domains(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n)
{
	const struct vbr_policy *policy = check->policy;

	for (size_t k = 0; k < policy->ncertifiers; k++) {
		struct vbr_query q = {
		    .type = SPAN("all"), .certifier = &policy->certifiers[k]};
		size_t first = check->nqueries;

		for (size_t i = 0; i < n; i++) {
			q.domain = domain[i].name;
			if (domain[i].code == RESULT_PASS ||
			    domain[i].code == RESULT_TEMPERROR)
				add_query(check, first, q);
		}
	}
}

/* Any of the domains may turn out not to be authenticated. Prefetches only if
 * the query limit is enough for all of them. */
void
vbr_check_prefetch(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n)
{
	const struct vbr_policy *policy = check->policy;

	if (check->reason != VBR_OK ||
	    n * policy->ncertifiers > dns_left(check->dns))
		return;
	for (size_t i = 0; i < check->nqueries; i++) {
		const struct vbr_query *q = &check->queries[i];

		if (is_of_any(domain, n, q->domain))
			vbr_query_prefetch(
			    check->dns, q->domain, q->certifier, check->arena);
	}
	for (size_t k = 0; !check->nqueries && k < policy->ncertifiers; k++)
		for (size_t i = 0; i < n; i++)
			vbr_query_prefetch(check->dns, domain[i].name,
			    &policy->certifiers[k], check->arena);
}

/*
 * Evaluation.
 */

void
vbr_query_answer(struct vbr_query *q, struct dns *dns, struct arena *a)
{
	q->is_queried = true;
	q->answer = vbr_query(dns, q->domain, q->certifier, q->type, a);
	q->reason = q->answer.reason;
}

static void
evaluate(struct vbr_check *check, struct vbr_query *q,
    const struct vbr_domain *domain, size_t n)
{
	enum result_code code = authentication(domain, n, q->domain);

	if (code == RESULT_NONE) {
		q->reason = VBR_NOT_AUTHENTICATED;
		return;
	}
	vbr_query_answer(q, check->dns, check->arena);
	if (q->reason == VBR_OK && code != RESULT_PASS)
		q->reason = VBR_AUTHENTICATION;
	q->is_unsigned = vbr_check_valid(check) && is_unsigned(q, domain, n);
}

/* Returns the first query with the most important result, or NULL. */
static const struct vbr_query *
choose(const struct vbr_check *check)
{
	static const enum result_code order[] = {RESULT_PASS, RESULT_TEMPERROR,
	    RESULT_FAIL, RESULT_PERMERROR, RESULT_NONE};

	for (size_t k = 0; k < COUNT(order); k++)
		for (size_t i = 0; i < check->evaluated; i++) {
			const struct vbr_query *q = &check->queries[i];

			if (vbr_reasons[q->reason].code == order[k])
				return q;
		}
	return NULL;
}

void
vbr_check_end(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n)
{
	bool passed = false;

	if (check->reason != VBR_OK)
		return;
	if (!check->nqueries)
		add_queries_of_domains(check, domain, n);
	while (!passed && check->evaluated < check->nqueries) {
		struct vbr_query *q = &check->queries[check->evaluated++];

		evaluate(check, q, domain, n);
		passed = q->reason == VBR_OK;
	}
	check->decisive = choose(check);
	check->reason =
	    check->decisive ? check->decisive->reason : VBR_NOT_AUTHENTICATED;
}
