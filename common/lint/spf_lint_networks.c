/* spf_lint_networks: duplicate terms, and the addresses that may send. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/ipset.h"
#include "lint/spf_lint_internal.h"

/* A term, to be sorted: equal terms become neighbours, and a network precedes
 * those within it. */
struct entry {
	const struct spf_term *term;
	struct ip_network network; /* of ip4 and ip6, masked */
	struct span domain;        /* of other terms, in one form */
	size_t run; /* the number of changes of the qualifier up to here */
};

static bool
is_network(const struct spf_term *t)
{
	return t->kind == SPF_IP4 || t->kind == SPF_IP6;
}

/* Returns a term's domain in lower case and without a final dot, to be
 * compared. The letters of macros are significant: a domain with macros stays
 * as written. */
static struct span
one_form(const struct spf_term *t, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);
	struct span spec = t->domain;

	if (t->kind == SPF_ALL)
		return SPAN_NONE;
	if (!spec.p)
		return domain;
	if (spf_macro_uses(spec, NULL))
		return spec;
	if (spec.len > 1 && spec.p[spec.len - 1] == '.')
		spec.len--;
	for (size_t i = 0; i < spec.len; i++)
		buf_char(&b, ascii_lower(spec.p[i]));
	return buf_span(&b);
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int
compare_networks(const struct ip_network *a, const struct ip_network *b)
{
	int order = memcmp(a->ip.octet, b->ip.octet, sizeof(a->ip.octet));

	return order ? order : ORDER(a->bits, b->bits);
}

/* Compares two terms of the same mechanism: 0 if they mean the same. */
static int
compare_arguments(const struct entry *a, const struct entry *b)
{
	int order = span_cmp(a->domain, b->domain);

	if (is_network(a->term))
		return compare_networks(&a->network, &b->network);
	if (!order)
		order = ORDER(a->term->ip4_bits, b->term->ip4_bits);
	return order ? order : ORDER(a->term->ip6_bits, b->term->ip6_bits);
}

static int
compare(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int order = ORDER(a->term->kind, b->term->kind);

	if (!order)
		order = compare_arguments(a, b);
	return order ? order : ORDER(a->term, b->term);
}

static size_t
list_entries(
    struct entry *list, const struct spf_lint_record *p, struct arena *a)
{
	const struct spf_record *r = p->check->record;
	size_t n = 0, run = 0;
	char qualifier = '\0';

	for (size_t i = 0; i < r->nterms; i++) {
		const struct spf_term *t = &r->terms[i];

		if (t->kind >= SPF_REDIRECT || !spf_term_is_reached(r, t))
			continue;
		run += t->qualifier != qualifier;
		qualifier = t->qualifier;
		list[n] = (struct entry){.term = t, .run = run};
		if (is_network(t))
			/* RFC 7208 5.6: bits beyond the prefix are ignored. */
			list[n].network = ip_masked(&t->network);
		else
			list[n].domain = one_form(t, p->check->domain, a);
		n++;
	}
	qsort(list, n, sizeof(*list), compare);
	return n;
}

/* Does x have no effect, given y, which matches all that x matches? After y, x
 * never decides. Before it, y would give the same result if all terms between
 * them have the same qualifier: "-ip4:192.0.2.1 ip4:192.0.2.0/24" is an
 * exception. */
static bool
is_redundant(const struct entry *x, const struct entry *y)
{
	return y->term < x->term || y->run == x->run;
}

/* The networks that the current one is within. As equal ones are not pushed
 * again, there is at most one for each prefix length. */
struct outer {
	const struct entry *at[129];
	size_t depth;
};

/* Returns the network that makes x redundant, or NULL. */
static const struct entry *
find_cover(struct outer *outer, const struct entry *x)
{
	const struct entry *cover = NULL;
	bool again;

	while (outer->depth &&
	    !ip_within(&x->network.ip, &outer->at[outer->depth - 1]->network))
		outer->depth--;
	for (size_t i = 0; i < outer->depth; i++)
		if (!cover && is_redundant(x, outer->at[i]))
			cover = outer->at[i];
	again = outer->depth &&
	    outer->at[outer->depth - 1]->network.bits == x->network.bits;
	if (!again)
		outer->at[outer->depth++] = x;
	return cover;
}

/* "ip4:192.0.2.1 (within ip4:192.0.2.0/24)", "MX (as mx)", "mx" */
static struct span
duplicate_text(
    const struct entry *x, const struct entry *cover, struct arena *a)
{
	struct span text = x->term->text, other = cover->term->text;

	if (span_eq(text, other))
		return text;
	return arena_printf(a, SPAN_FMT " (%s " SPAN_FMT ")", SPAN_ARG(text),
	    x->network.bits > cover->network.bits ? "within" : "as",
	    SPAN_ARG(other));
}

void
spf_lint_duplicates(struct spf_lint_job *job, const struct spf_lint_record *p)
{
	struct entry *list =
	    ARENA_ARRAY(job->arena, struct entry, p->check->record->nterms);
	size_t n = list_entries(list, p, job->arena);
	struct outer outer = {.depth = 0};

	for (size_t i = 0; i < n; i++) {
		const struct entry *x = &list[i], *cover = NULL;

		if (is_network(x->term))
			cover = find_cover(&outer, x);
		else if (i && x->term->kind == x[-1].term->kind &&
		    !compare_arguments(x, &x[-1]))
			cover = &x[-1];
		if (cover)
			spf_lint_add_at(job, p, x->term, SPF_FINDING_DUPLICATE,
			    duplicate_text(x, cover, job->arena));
	}
}

/*
 * Addresses.
 */

/* Appends the networks that a record lets pass to the list. */
static struct ip_network *
push_passed(struct ip_network *list, size_t *n, const struct spf_record *r,
    struct arena *a)
{
	for (size_t i = 0; i < r->nterms; i++) {
		const struct spf_term *t = &r->terms[i];

		if (!is_network(t) || t->qualifier != '+' ||
		    !spf_term_is_reached(r, t))
			continue;
		*ARENA_PUSH(a, list, *n) = t->network;
	}
	return list;
}

static double
power_of_two(unsigned n)
{
	double value = 1;

	while (n--)
		value *= 2;
	return value;
}

/* Adds a finding for networks that let every address pass together. For a
 * single network that does, spf_lint_terms() has added one. */
static void
check_all(struct spf_lint_job *job, const struct ipset *set,
    const struct ip_network *list, size_t n, int family)
{
	const struct ip_network all = {{.family = family}, 0};

	for (size_t i = 0; i < n; i++)
		if (list[i].ip.family == family && !list[i].bits)
			return;
	if (ipset_covers(set, &all))
		spf_lint_add(job, SPF_FINDING_PASS_ALL,
		    family == AF_INET
			? SPAN("ip4 terms (together all IPv4 addresses)")
			: SPAN("ip6 terms (together all IPv6 addresses)"));
}

void
spf_lint_count(struct spf_lint_job *job, const struct spf_lint_record *records,
    size_t nrecords)
{
	struct spf_lint *out = job->out;
	struct ipset set = IPSET(job->arena);
	struct ip_network *list = NULL;
	size_t n = 0;

	for (size_t i = 0; i < nrecords; i++)
		if (records[i].passes)
			list = push_passed(
			    list, &n, records[i].check->record, job->arena);
	ipset_add(&set, list, n);
	for (size_t i = 0; i < set.nnetworks; i++)
		if (set.networks[i].ip.family == AF_INET)
			out->ip4 += power_of_two(32 - set.networks[i].bits);
		else
			out->ip6 += power_of_two(128 - set.networks[i].bits);
	check_all(job, &set, list, n, AF_INET);
	check_all(job, &set, list, n, AF_INET6);
}
