/* spf_lint_ahead: queries sent before their answers are needed. */
/* SPDX-License-Identifier: ISC */

#include "base/domain.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/* A query of each client for each query of a tree. */
#define MOST (SPF_WHOLE_CLIENTS * LIMIT_SPF_TREE)

struct item {
	struct span name;
	enum dns_type type;
	bool own;     /* a TXT query for a record that redirect= leads to */
	bool spare;   /* only needed if the record is mended: not waited for */
	bool handled; /* the answer has arrived, and been followed */
};

struct spf_lint_ahead {
	struct span domain;
	struct dns *dns;
	struct arena *arena;
	struct item *list;
	size_t n;
};

static bool
is_known(
    const struct spf_lint_ahead *ahead, struct span name, enum dns_type type)
{
	for (size_t i = 0; i < ahead->n; i++)
		if (ahead->list[i].type == type &&
		    span_caseeq(ahead->list[i].name, name))
			return true;
	return false;
}

static void
add(struct spf_lint_ahead *ahead, struct item item)
{
	if (!item.name.p || ahead->n >= MOST ||
	    is_known(ahead, item.name, item.type))
		return;
	dns_prefetch(ahead->dns, item.name, item.type);
	*ARENA_PUSH(ahead->arena, ahead->list, ahead->n) = item;
}

/* Adds the addresses of a host. */
static void
add_host(struct spf_lint_ahead *ahead, struct span name, struct item like)
{
	like.name = name;
	like.type = DNS_A;
	add(ahead, like);
	like.type = DNS_AAAA;
	add(ahead, like);
}

/*
 * Terms.
 */

/* %{p} of a client without a reverse name (RFC 7208 7.3). */
static struct span
no_name(void *arg)
{
	(void)arg;
	return SPAN("unknown");
}

static struct spf_macros
macros_of(const struct spf_query *q, struct span domain)
{
	return (struct spf_macros){.ip = q->ip,
	    .local = q->local,
	    .sender_domain = q->domain,
	    .domain = domain,
	    .helo = q->helo,
	    .validated = no_name};
}

/* The reverse name of a client, for ptr and %{p} (RFC 7208 5.5). */
static void
add_reverse(
    struct spf_lint_ahead *ahead, const struct spf_macros *m, struct item item)
{
	item.name = spf_macro_expand(SPAN("%{ir}.%{v}.arpa"), m, ahead->arena);
	item.type = DNS_PTR;
	add(ahead, item);
}

static void
add_target(struct spf_lint_ahead *ahead, const struct spf_term *t,
    struct span target, struct item item)
{
	item.name = target;
	switch (t->kind) {
	case SPF_REDIRECT:
	case SPF_INCLUDE:
	case SPF_EXP:
		item.own = item.own && t->kind == SPF_REDIRECT;
		item.type = DNS_TXT;
		break;
	case SPF_MX:
		item.type = DNS_MX;
		break;
	case SPF_EXISTS:
		item.type = DNS_A;
		break;
	case SPF_A:
		add_host(ahead, target, item);
		return;
	default:
		return;
	}
	add(ahead, item);
}

/* Adds what a term needs for each client. */
static void
add_term(struct spf_lint_ahead *ahead, const struct spf_term *t,
    struct span domain, struct item item)
{
	size_t clients =
	    spf_lint_depends(t) || t->kind == SPF_PTR ? SPF_WHOLE_CLIENTS : 1;

	if (!spf_term_queries(t) && t->kind != SPF_EXP)
		return;
	for (size_t i = 0; i < clients; i++) {
		struct spf_query q = spf_whole_query(ahead->domain, i);
		struct spf_macros m = macros_of(&q, domain);

		if (t->kind == SPF_PTR || spf_macro_uses(t->domain, "p"))
			add_reverse(ahead, &m, item);
		add_target(ahead, t,
		    t->domain.p ? spf_macro_target(t->domain, &m, ahead->arena)
				: domain,
		    item);
	}
}

/* Adds what a record needs. Terms that follow all in the domain's own are
 * needed if all is moved to the end. */
static void
add_record(struct spf_lint_ahead *ahead, struct span text, struct span domain,
    bool is_root, struct item item)
{
	struct spf_record r;
	struct span wrong;

	if (spf_record_parse(text, ahead->arena, &r, &wrong) != SPF_PASS)
		return;
	for (size_t i = 0; i < r.nterms; i++) {
		const struct spf_term *t = &r.terms[i];
		struct item one = item;
		bool is_reached = t->kind == SPF_EXP
		    ? item.own && !spf_lint_depends(t)
		    : spf_term_is_reached(&r, t);

		if (!is_reached && (!is_root || t->kind > SPF_REDIRECT))
			continue;
		one.spare = item.spare || !is_reached;
		add_term(ahead, t, domain, one);
	}
}

/*
 * Answers.
 */

static void
follow_hosts(struct spf_lint_ahead *ahead, const struct dns_answer *answer,
    struct item item)
{
	struct span name;

	/* RFC 7208 4.6.4; the root is a null MX. */
	if (answer->nrecords > LIMIT_SPF_NAMES)
		return;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (answer->records[i].data.len &&
		    dns_name_octets(
			answer->records[i].data, ahead->arena, &name))
			add_host(ahead, name, item);
}

static void
follow(struct spf_lint_ahead *ahead, size_t i, const struct dns_answer *answer)
{
	struct item item = ahead->list[i];
	bool is_root =
	    item.type == DNS_TXT && span_eq(item.name, ahead->domain);
	struct span domain;

	ahead->list[i].handled = true;
	if (item.type == DNS_MX)
		follow_hosts(ahead, answer, item);
	if (item.type != DNS_TXT)
		return;
	domain = domain_normal_id(item.name, ahead->arena);
	for (size_t k = 0; k < answer->nrecords; k++)
		if (spf_is_record(answer->records[k].data))
			add_record(ahead, answer->records[k].data, domain,
			    is_root, item);
}

void
spf_lint_follow(void *arg)
{
	struct spf_lint_ahead *ahead = arg;

	for (size_t i = 0; i < ahead->n; i++) {
		const struct item *item = &ahead->list[i];
		const struct dns_answer *answer = item->handled
		    ? NULL
		    : dns_ready(ahead->dns, item->name, item->type);

		if (answer)
			follow(ahead, i, answer);
	}
}

static struct spf_lint_ahead *
ahead_new(struct span domain, struct dns *dns, struct arena *a)
{
	struct spf_lint_ahead *ahead = ARENA_NEW(a, struct spf_lint_ahead);

	*ahead =
	    (struct spf_lint_ahead){.domain = domain, .dns = dns, .arena = a};
	return ahead;
}

struct spf_lint_ahead *
spf_lint_prefetch(
    struct span domain, struct span record, struct dns *dns, struct arena *a)
{
	struct spf_lint_ahead *ahead =
	    ahead_new(domain.p ? domain : FINDING_NOBODY, dns, a);

	if (record.p && spf_is_record(record))
		add_record(ahead, record, ahead->domain, true,
		    (struct item){.own = true});
	if (!record.p && domain_labels(domain) > 1)
		add(ahead, (struct item){domain, DNS_TXT, .own = true});
	return ahead;
}

void
spf_lint_load(struct spf_lint_job *job, const struct span *records, size_t n)
{
	struct spf_lint_ahead *ahead =
	    ahead_new(job->domain, job->dns, job->arena);

	for (size_t i = 0; i < n; i++)
		add_record(ahead, records[i], job->domain, true,
		    (struct item){.own = true});
	dns_on_arrival(job->dns, spf_lint_follow, ahead);
	for (size_t i = 0; i < ahead->n; i++) {
		const struct item *item = &ahead->list[i];

		if (!item->handled && !item->spare)
			follow(ahead, i,
			    dns_query(job->dns, item->name, item->type));
	}
	dns_on_arrival(job->dns, NULL, NULL);
}
