/* spf_mechanisms: evaluates single terms. */
/* SPDX-License-Identifier: ISC */

#include <string.h>
#include <sys/socket.h>

#include "base/domain.h"
#include "base/limit.h"
#include "spf/spf_internal.h"

/* A term being evaluated. */
struct term_eval {
	struct spf_eval *e;
	const struct spf_frame *f;
	const struct spf_term *t; /* NULL for %{p} */
	struct spf_outcome *out;
	bool skips_failures; /* a DNS failure means no match (RFC 7208 5.5) */
};

static enum spf_match
error(struct term_eval *te, enum spf_reason reason)
{
	struct span what = te->t ? te->t->text : SPAN_NONE;

	return spf_error(te->e, reason, what, te->f->domain, te->out);
}

/*
 * Queries.
 */

/* RFC 7208 4.6.4 */
static enum spf_match
check_voids(struct term_eval *te)
{
	const struct spf_eval *e = te->e;

	if (e->live && e->voids > e->policy->void_limit)
		return error(te, SPF_VOID_LIMIT);
	return SPF_NO_MATCH;
}

static enum spf_match
count_void(struct term_eval *te)
{
	te->e->voids += te->e->live;
	return check_voids(te);
}

/* Queries a name. SPF_MATCH: there are records. A text that cannot be a name in
 * the DNS has none (RFC 7208 4.8). */
static enum spf_match
query(struct term_eval *te, struct span name, enum dns_type type,
    const struct dns_answer **answer)
{
	struct spf_eval *e = te->e;
	struct spf_observer *o = e->policy->observer;

	if (!spf_may_query(e, name, type))
		return SPF_NOT_QUERIED;
	e->questions++;
	*answer = dns_query(e->dns, name, type);
	if (o)
		o->answer(o, *answer);
	if ((*answer)->status == DNS_DATA)
		return SPF_MATCH;
	if ((*answer)->status == DNS_BADNAME)
		return SPF_NO_MATCH;
	if (!dns_unknown((*answer)->status))
		return count_void(te);
	if (te->skips_failures)
		return SPF_NO_MATCH;
	if ((*answer)->status == DNS_LIMIT)
		return error(te, SPF_DNS_LIMIT);
	return error(te, DNS_REASON(SPF_DNS_TIMEOUT, (*answer)->status));
}

/* Does any address of the answer match the client in the first bits? */
static bool
has_client(
    const struct term_eval *te, const struct dns_answer *answer, unsigned bits)
{
	const struct ip *client = &te->e->q->ip;
	struct ip_network network = {{.family = client->family}, bits};

	for (size_t i = 0; i < answer->nrecords; i++) {
		struct span address = answer->records[i].data;

		memcpy(network.ip.octet, address.p, address.len);
		if (ip_within(client, &network))
			return true;
	}
	return false;
}

/* Does any address of a host match the client in the first bits? */
static enum spf_match
match_host(struct term_eval *te, struct span name, unsigned bits)
{
	const struct dns_answer *answer;
	enum spf_match found =
	    query(te, name, spf_address_type(te->e), &answer);

	if (found == SPF_MATCH && !has_client(te, answer, bits))
		return SPF_NO_MATCH;
	return found;
}

/* Is the record to be tried before the other? By preference, then by name, so
 * that the result does not depend on the order in the answer. */
static bool
precedes(const struct dns_rr *r, const struct dns_rr *other)
{
	if (r->preference != other->preference)
		return r->preference < other->preference;
	return span_cmp(r->data, other->data) < 0;
}

/* Lists the names in the first ten records, in the order to try, as octets that
 * can be queried. The root is not a host (RFC 7505 3: a null MX). */
static size_t
list_names(struct term_eval *te, const struct dns_answer *answer,
    struct span name[static LIMIT_SPF_NAMES])
{
	const struct dns_rr *list[LIMIT_SPF_NAMES];
	size_t n = 0, names = 0;

	for (size_t i = 0; i < answer->nrecords && n < LIMIT_SPF_NAMES; i++) {
		const struct dns_rr *r = &answer->records[i];
		size_t at = n++;

		for (; at && precedes(r, list[at - 1]); at--)
			list[at] = list[at - 1];
		list[at] = r;
	}
	for (size_t i = 0; i < n; i++)
		names += list[i]->data.len &&
		    dns_name_octets(list[i]->data, te->e->arena, &name[names]);
	return names;
}

static void
prefetch_hosts(struct term_eval *te, const struct span *name, size_t n)
{
	const struct spf_eval *e = te->e;

	for (size_t i = 0; i < n && spf_sendable(e); i++)
		dns_prefetch(e->dns, name[i], spf_address_type(e));
}

/*
 * The validated names of the client (RFC 7208 5.5).
 */

/* Keeps the names within a domain; returns how many. */
static size_t
keep_within(struct span *name, size_t n, struct span domain)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (domain_within(name[i], domain))
			name[kept++] = name[i];
	return kept;
}

/* Gets the names that the client's address maps to, at most ten. */
static enum spf_match
query_ptr(
    struct term_eval *te, struct span name[static LIMIT_SPF_NAMES], size_t *n)
{
	const struct spf_macros macros = {.ip = te->e->q->ip};
	struct span reverse_name =
	    spf_macro_expand(SPAN("%{ir}.%{v}.arpa"), &macros, te->e->arena);
	const struct dns_answer *answer;
	enum spf_match found = query(te, reverse_name, DNS_PTR, &answer);

	*n = 0;
	if (found == SPF_MATCH)
		*n = list_names(te, answer, name);
	return found;
}

/* Finds the first of the names that maps back to the client's address. */
static enum spf_match
validate(struct term_eval *te, const struct span *name, size_t n,
    struct span *validated)
{
	enum spf_match found = SPF_NO_MATCH;

	prefetch_hosts(te, name, n);
	for (size_t i = 0; i < n && found == SPF_NO_MATCH; i++) {
		found = match_host(te, name[i], 128);
		*validated = name[i];
	}
	return found;
}

/* Puts the domain itself first, then its subdomains (RFC 7208 7.2). */
static void
order_names(struct span *name, size_t n, struct span domain)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k; k--) {
			int better = domain_within(name[k], domain) +
			    span_eq(name[k], domain);
			int worse = domain_within(name[k - 1], domain) +
			    span_eq(name[k - 1], domain);
			struct span swap = name[k];

			if (better <= worse)
				break;
			name[k] = name[k - 1];
			name[k - 1] = swap;
		}
}

/* %{p} (RFC 7208 7.2) */
static struct span
validated_name(void *arg)
{
	struct spf_macro_context *context = arg;
	struct spf_outcome ignored;
	struct term_eval te = {.e = context->e,
	    .f = context->f,
	    .out = &ignored,
	    .skips_failures = true};
	struct span name[LIMIT_SPF_NAMES], validated;
	size_t n;

	if (query_ptr(&te, name, &n) != SPF_MATCH)
		return SPAN("unknown");
	order_names(name, n, context->f->domain);
	if (validate(&te, name, n, &validated) != SPF_MATCH)
		return SPAN("unknown");
	return validated;
}

/*
 * Targets.
 */

struct spf_macros
spf_macros_in(struct spf_macro_context *context)
{
	const struct spf_query *q = context->e->q;

	return (struct spf_macros){.ip = q->ip,
	    .local = q->local,
	    .sender_domain = context->e->sender_domain,
	    .domain = context->f->domain,
	    .helo = q->helo,
	    .receiver = q->receiver,
	    .now = q->now,
	    .validated = validated_name,
	    .arg = context};
}

/* RFC 7208 4.6.4: %{p} counts as a lookup, for its PTR query, but only once.
 * Exploring does not count towards the verdict. False: over the limit. */
static bool
count_ptr(struct spf_eval *e)
{
	e->cost += !e->saw_ptr;
	e->saw_ptr = true;
	if (!e->live || e->has_ptr)
		return true;
	e->has_ptr = true;
	return ++e->lookups <= e->policy->lookup_limit;
}

/* Finds the target of a term (RFC 7208 4.8). SPF_MATCH: there is one. */
static enum spf_match
find_target(struct term_eval *te, struct span *target)
{
	struct spf_eval *e = te->e;
	struct span spec = te->t->domain;
	struct spf_observer *o = e->policy->observer;
	struct spf_macro_context context = {e, te->f};
	struct spf_macros macros = spf_macros_in(&context);

	*target = te->f->domain;
	if (!spec.p)
		return SPF_MATCH;
	/* RFC 8616 4: such a local part does not match any DNS label. */
	if (spf_macro_uses(spec, "sl") && !span_is_ascii(e->q->local))
		return SPF_NO_MATCH;
	if (spf_macro_uses(spec, "p") && !count_ptr(e))
		return error(te, SPF_LOOKUP_LIMIT);
	*target = spf_macro_target(spec, &macros, e->arena);
	if (!target->p)
		return error(te, SPF_EXPANSION);
	if (check_voids(te) == SPF_ERROR) /* those of %{p} */
		return SPF_ERROR;
	if (o)
		o->target(o, *target);
	return SPF_MATCH;
}

/*
 * The mechanisms of RFC 7208 5, and redirect= of 6.1.
 */

static enum spf_match
match_all(struct term_eval *te)
{
	(void)te;
	return SPF_MATCH;
}

static enum spf_match
match_ip(struct term_eval *te)
{
	return ip_within(&te->e->q->ip, &te->t->network) ? SPF_MATCH
							 : SPF_NO_MATCH;
}

/* Returns the term's prefix length for the client's family. */
static unsigned
prefix(const struct term_eval *te)
{
	return spf_address_type(te->e) == DNS_A ? te->t->ip4_bits
						: te->t->ip6_bits;
}

static enum spf_match
match_a(struct term_eval *te)
{
	struct span target;
	enum spf_match found = find_target(te, &target);

	if (found != SPF_MATCH)
		return found;
	return match_host(te, target, prefix(te));
}

static enum spf_match
match_mx(struct term_eval *te)
{
	const struct dns_answer *answer;
	struct span target, name[LIMIT_SPF_NAMES];
	enum spf_match found = find_target(te, &target);
	size_t n;

	if (found == SPF_MATCH)
		found = query(te, target, DNS_MX, &answer);
	if (found != SPF_MATCH)
		return found;
	if (answer->nrecords > LIMIT_SPF_NAMES) /* RFC 7208 4.6.4 */
		return error(te, SPF_MX_LIMIT);
	n = list_names(te, answer, name);
	prefetch_hosts(te, name, n);
	found = SPF_NO_MATCH;
	for (size_t i = 0; i < n && found == SPF_NO_MATCH; i++)
		found = match_host(te, name[i], prefix(te));
	return found;
}

static enum spf_match
match_ptr(struct term_eval *te)
{
	struct span target, name[LIMIT_SPF_NAMES], validated;
	enum spf_match found = find_target(te, &target);
	size_t n;

	te->skips_failures = true;
	if (found == SPF_MATCH)
		found = query_ptr(te, name, &n);
	if (found != SPF_MATCH)
		return found;
	n = keep_within(name, n, domain_normal_id(target, te->e->arena));
	return validate(te, name, n, &validated);
}

static enum spf_match
match_exists(struct term_eval *te)
{
	const struct dns_answer *answer;
	struct span target;
	enum spf_match found = find_target(te, &target);

	if (found != SPF_MATCH)
		return found;
	return query(te, target, DNS_A, &answer); /* A, even for IPv6 clients */
}

/* Runs check_host() for the target. SPF_MATCH: its result is neither none nor
 * an error. The parameter none is the reason to give if it is none. */
static enum spf_match
check_target(struct term_eval *te, enum spf_reason none)
{
	struct span target;
	enum spf_match found = find_target(te, &target);

	if (found != SPF_MATCH)
		return found;
	if (!spf_may_query(te->e, target, DNS_TXT))
		return SPF_NOT_QUERIED;
	spf_check_host(te->e, te->f, target, te->out);
	switch (spf_reasons[te->out->reason].code) {
	case RESULT_NONE:
		return error(te, none);
	case RESULT_PERMERROR:
	case RESULT_TEMPERROR:
		return SPF_ERROR;
	default:
		return SPF_MATCH;
	}
}

/* RFC 7208 5.2, the table */
static enum spf_match
match_include(struct term_eval *te)
{
	enum spf_match found = check_target(te, SPF_INCLUDE_NONE);

	if (found == SPF_MATCH && te->out->reason != SPF_PASS)
		return SPF_NO_MATCH;
	return found;
}

static enum spf_match
follow_redirect(struct term_eval *te)
{
	return check_target(te, SPF_REDIRECT_NONE);
}

enum spf_match
spf_term_evaluate(struct spf_eval *e, const struct spf_frame *f,
    const struct spf_term *t, struct spf_outcome *out)
{
	static enum spf_match (*const evaluate[])(struct term_eval *) = {
	    [SPF_ALL] = match_all,
	    [SPF_INCLUDE] = match_include,
	    [SPF_A] = match_a,
	    [SPF_MX] = match_mx,
	    [SPF_PTR] = match_ptr,
	    [SPF_IP4] = match_ip,
	    [SPF_IP6] = match_ip,
	    [SPF_EXISTS] = match_exists,
	    [SPF_REDIRECT] = follow_redirect,
	};
	struct term_eval te = {e, f, t, out, false};

	return evaluate[t->kind](&te);
}
