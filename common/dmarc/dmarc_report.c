#include "dmarc/dmarc.h"
#include "base/domain.h"

/* RFC 9990 4, steps 2 and 3. */
static struct span
consent_name(
    struct span policy_domain, struct span destination, struct arena *a)
{
	return arena_printf(a, SPAN_FMT "._report._dmarc." SPAN_FMT,
	    SPAN_ARG(policy_domain), SPAN_ARG(destination));
}

/* Is the destination host of the same organization? DMARC_CONSENT_MISSING: no,
 * which is plain if it is not below it. */
static enum dmarc_consent
compare(const struct dmarc_method *method, struct span destination,
    struct span policy_domain, struct span org)
{
	struct dmarc_walk w;

	if (span_eq(destination, policy_domain))
		return DMARC_CONSENT_OWN;
	if (!org.p)
		return DMARC_CONSENT_FAILED;
	if (!domain_within(destination, org))
		return DMARC_CONSENT_MISSING;
	dmarc_walk_org(method, destination, &w);
	if (!w.org.p)
		return dmarc_walk_is_over(&w) ? DMARC_CONSENT_LIMIT
					      : DMARC_CONSENT_FAILED;
	return span_eq(w.org, org) ? DMARC_CONSENT_OWN : DMARC_CONSENT_MISSING;
}

/* The first host of a list that is another one, or absent. */
static struct span
find_other(const struct dmarc_uri *list, size_t n, struct span destination)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].domain.p && !span_eq(list[i].domain, destination))
			return list[i].domain;
	return SPAN_NONE;
}

/* RFC 9990 4, steps 6 to 9; ruf as RFC 9991 5 has it. Any record is enough; one
 * that leads to another host takes the consent back. */
static void
judge_record(struct span text, struct span destination, struct arena *a,
    struct dmarc_report *out)
{
	struct dmarc_record r;

	if (out->elsewhere.p || !dmarc_is_record(text))
		return;
	dmarc_record_parse(text, a, &r);
	out->consent = DMARC_CONSENT_GIVEN;
	out->elsewhere = find_other(r.rua, r.ruas, destination);
	if (!out->elsewhere.p)
		out->elsewhere = find_other(r.ruf, r.rufs, destination);
	if (out->elsewhere.p)
		out->consent = DMARC_CONSENT_MISSING;
	if (!out->record.ruas) {
		out->record.rua = r.rua;
		out->record.ruas = r.ruas;
	}
	if (!out->record.rufs) {
		out->record.ruf = r.ruf;
		out->record.rufs = r.rufs;
	}
}

void
dmarc_report_ask(const struct dmarc_method *method, const struct dmarc_uri *uri,
    struct span policy_domain, struct span org, struct dmarc_report *out)
{
	const struct dns_answer *answer;

	*out = (struct dmarc_report){.consent = DMARC_CONSENT_NONE};
	if (!uri->domain.p)
		return;
	out->consent = compare(method, uri->domain, policy_domain, org);
	if (out->consent != DMARC_CONSENT_MISSING)
		return;
	/* Of a name that is too long (step 4) the answer has no records. */
	out->name = consent_name(policy_domain, uri->domain, method->arena);
	answer = dns_query_limited(method->dns, out->name, DNS_TXT);
	if (dns_failed(answer->status))
		out->consent = DMARC_CONSENT_FAILED;
	if (answer->status == DNS_LIMIT)
		out->consent = DMARC_CONSENT_LIMIT;
	for (size_t i = 0; i < answer->records; i++)
		judge_record(
		    answer->record[i].data, uri->domain, method->arena, out);
}

enum dmarc_consent
dmarc_report_consent(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct span policy_domain, struct span org,
    struct span *name)
{
	struct dmarc_report report;

	dmarc_report_ask(method, uri, policy_domain, org, &report);
	*name = report.name;
	return report.consent;
}
