/* dmarc_destination: does a host accept reports about another's mail? */
/* SPDX-License-Identifier: ISC */

#include "dmarc/dmarc.h"
#include "base/domain.h"

/* RFC 9990 4, steps 2 and 3. */
static struct span
destination_name(
    struct span policy_domain, struct span destination, struct arena *a)
{
	return arena_printf(a, SPAN_FMT "._report._dmarc." SPAN_FMT,
	    SPAN_ARG(policy_domain), SPAN_ARG(destination));
}

/* Returns DMARC_DESTINATION_OWN if the destination host belongs to the same
 * organization, and DMARC_DESTINATION_UNAUTHORIZED if not. A host outside the
 * organizational domain needs no walk. */
static enum dmarc_destination_kind
compare(const struct dmarc_method *method, struct span destination,
    struct span policy_domain, struct span org)
{
	struct dmarc_walk w;

	if (span_eq(destination, policy_domain))
		return DMARC_DESTINATION_OWN;
	if (!org.p)
		return DMARC_DESTINATION_FAILED;
	if (!domain_within(destination, org))
		return DMARC_DESTINATION_UNAUTHORIZED;
	dmarc_walk_org(method, destination, &w);
	if (!w.org.p)
		return dmarc_walk_is_over(&w) ? DMARC_DESTINATION_LIMIT
					      : DMARC_DESTINATION_FAILED;
	return span_eq(w.org, org) ? DMARC_DESTINATION_OWN
				   : DMARC_DESTINATION_UNAUTHORIZED;
}

/* Returns the first host in a list other than the destination, or absent. */
static struct span
find_other(const struct dmarc_uri *list, size_t n, struct span destination)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].domain.p && !span_eq(list[i].domain, destination))
			return list[i].domain;
	return SPAN_NONE;
}

/* RFC 9990 4, steps 6 to 9, for ruf RFC 9991 5. One record is enough, but none
 * may redirect reports to another host. */
static void
evaluate_record(struct span text, struct span destination, struct arena *a,
    struct dmarc_destination *out)
{
	struct dmarc_record r;

	if (out->elsewhere.p || !dmarc_is_record(text))
		return;
	dmarc_record_parse(text, a, &r);
	out->kind = DMARC_DESTINATION_AUTHORIZED;
	out->elsewhere = find_other(r.rua, r.nrua, destination);
	if (!out->elsewhere.p)
		out->elsewhere = find_other(r.ruf, r.nruf, destination);
	if (out->elsewhere.p)
		out->kind = DMARC_DESTINATION_UNAUTHORIZED;
	if (!out->record.nrua) {
		out->record.rua = r.rua;
		out->record.nrua = r.nrua;
	}
	if (!out->record.nruf) {
		out->record.ruf = r.ruf;
		out->record.nruf = r.nruf;
	}
}

void
dmarc_destination_query(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct span policy_domain, struct span org,
    struct dmarc_destination *out)
{
	const struct dns_answer *answer;

	*out = (struct dmarc_destination){.kind = DMARC_DESTINATION_NONE};
	if (!uri->domain.p)
		return;
	out->kind = compare(method, uri->domain, policy_domain, org);
	if (out->kind != DMARC_DESTINATION_UNAUTHORIZED)
		return;
	/* For a name that is too long (step 4) the answer has no records. */
	out->name = destination_name(policy_domain, uri->domain, method->arena);
	answer = dns_query_limited(method->dns, out->name, DNS_TXT);
	if (dns_failed(answer->status))
		out->kind = DMARC_DESTINATION_FAILED;
	if (answer->status == DNS_LIMIT)
		out->kind = DMARC_DESTINATION_LIMIT;
	for (size_t i = 0; i < answer->nrecords; i++)
		evaluate_record(
		    answer->records[i].data, uri->domain, method->arena, out);
}
