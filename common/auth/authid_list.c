/* authid_list: the list of results, and which organization one may concern. */
/* SPDX-License-Identifier: ISC */

#include "auth/authid_internal.h"
#include "base/domain.h"
#include "base/limit.h"

bool
authid_add(const struct authid_job *job, struct authids *out, struct authid id)
{
	if (!id.domain.p)
		return true;
	if (out->n == LIMIT_AUTHIDS) {
		out->omitted++;
		return false;
	}
	*ARENA_PUSH(job->arena, out->list, out->n) = id;
	return true;
}

/* The text after the last "@", if any, is the domain or not a domain name. */
struct span
authid_domain_of(struct span value, struct arena *a)
{
	size_t at = span_find_last(value, '@');

	if (at < value.len)
		value = span_from(value, at + 1);
	return domain_normal(value, a);
}

/*
 * Unread results.
 */

static bool
is_within(struct span domain, struct span org)
{
	return !domain.p || domain_within(domain, org);
}

bool
authid_may_have_passed(
    const struct authids *found, struct span org, struct arena *a)
{
	struct span shown = domain_display(org, a);

	if (found->unread_rest)
		return true;
	for (size_t i = 0; i < found->nunread; i++) {
		const struct authid_unread *u = &found->unread[i];

		/* RFC 6376 3.5: d= is the domain of i= or a parent of it. */
		if (is_within(u->domain, org) &&
		    is_within(u->auid_domain, org) &&
		    (span_casecontains(u->text, org) ||
			span_casecontains(u->text, shown)))
			return true;
	}
	return false;
}
