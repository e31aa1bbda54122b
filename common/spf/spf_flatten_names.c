/* spf_flatten_names: names of new records that nobody uses. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_flatten_internal.h"

/* The numbers that are tried, and how many of them are queried at once. */
#define NUMBERS 100u
#define AT_ONCE LIMIT_SPF_LOOKUPS

/* A label that nobody publishes: only a wildcard answers for it. */
#define PROBE SPAN("vouch-wildcard-test")

static struct span
name_below(const struct spf_flat *f, struct span label)
{
	return ARENA_JOIN(f->tree.arena, label, SPAN("."), f->domain);
}

static struct span
numbered(const struct spf_flat *f, unsigned number)
{
	return name_below(f, arena_printf(f->tree.arena, "_spf%u", number));
}

static bool
is_in_tree(const struct spf_flat *f, struct span name)
{
	for (size_t i = 0; i < f->tree.nnames; i++)
		if (span_caseeq(f->tree.names[i], name))
			return true;
	return false;
}

static bool
has_data(const struct dns_answer *answer, struct span data)
{
	for (size_t i = 0; i < answer->nrecords; i++)
		if (span_eq(answer->records[i].data, data))
			return true;
	return false;
}

static bool
is_alias(const struct dns_answer *answer)
{
	return !span_caseeq(answer->canonical, answer->name);
}

/* Is the answer for a name the one that a wildcard gives for any name? */
static bool
is_wildcard(const struct dns_answer *answer, const struct dns_answer *any)
{
	if (answer->status != any->status ||
	    answer->nrecords != any->nrecords ||
	    is_alias(answer) != is_alias(any) ||
	    (is_alias(answer) &&
		!span_caseeq(answer->canonical, any->canonical)))
		return false;
	for (size_t i = 0; i < answer->nrecords; i++)
		if (!has_data(any, answer->records[i].data))
			return false;
	return true;
}

/* No such name: neither a record of any type, nor a name below it (RFC 8020),
 * nor a CNAME that leads nowhere (RFC 6604 3). Below a wildcard, which answers
 * for all names (RFC 4592), a name that answers as any other counts as one that
 * does not exist. */
static bool
does_not_exist(const struct dns_answer *answer, const struct dns_answer *any)
{
	return (answer->status == DNS_NXDOMAIN && !is_alias(answer)) ||
	    is_wildcard(answer, any);
}

static void
prefetch(const struct spf_flat *f)
{
	dns_prefetch(f->tree.dns, name_below(f, PROBE), DNS_TXT);
	for (unsigned i = 1; i <= AT_ONCE; i++)
		dns_prefetch(f->tree.dns, numbered(f, f->number + i), DNS_TXT);
}

static enum spf_reason
is_free(struct spf_flat *f, struct span name, bool *free)
{
	const struct dns_answer *answer, *any;
	enum spf_reason reason;

	*free = false;
	if (is_in_tree(f, name))
		return SPF_PASS;
	reason = spf_flat_query(&f->tree, name, DNS_TXT, &answer);
	if (reason == SPF_PASS)
		reason = spf_flat_query(
		    &f->tree, name_below(f, PROBE), DNS_TXT, &any);
	if (reason == SPF_PASS)
		*free = does_not_exist(answer, any);
	return reason;
}

enum spf_reason
spf_flat_name(struct spf_flat *f)
{
	while (f->number < NUMBERS) {
		struct span name = numbered(f, f->number + 1);
		enum spf_reason reason;
		bool free;

		if (name.len > LIMIT_DNS_NAME)
			return spf_flat_fail(&f->tree, SPF_LOOKUP_LIMIT,
			    ARENA_JOIN(f->tree.arena,
				SPAN("the name of a new record is too long: "),
				name));
		if (f->number % AT_ONCE == 0)
			prefetch(f);
		f->number++;
		reason = is_free(f, name, &free);
		if (reason != SPF_PASS)
			return reason;
		if (free) {
			f->names[f->nnames++] = name;
			return SPF_PASS;
		}
	}
	return spf_flat_fail(&f->tree, SPF_LOOKUP_LIMIT,
	    arena_printf(f->tree.arena,
		"a new record has no name: _spf1 to _spf%u exist", NUMBERS));
}
