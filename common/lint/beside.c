/* beside: the lines beside the score. */
/* SPDX-License-Identifier: ISC */

#include "lint/beside_internal.h"

#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"

static void
add_line(const struct beside_method *method, struct beside *out, const char *id,
    struct span words)
{
	*ARENA_PUSH(method->arena, out->lines, out->nlines) =
	    (struct beside_line){.id = id, .words = words};
}

/*
 * MTA-STS and TLS-RPT.
 */

static void
add_sts(
    const struct beside_method *method, struct span domain, struct beside *out)
{
	struct findings *f = &out->findings;
	struct span words, record;
	enum beside_found found =
	    beside_record(method, &beside_sts, domain, f, &record);
	struct buf b = BUF(method->arena);

	if (found == BESIDE_FOUND_RECORD)
		buf_str(&b, "id ");
	buf_add(&b, record);
	if (method->mta_sts_policy.p) {
		words = beside_policy(method, domain, f);
		buf_str(&b, "; ");
		buf_add(&b, words);
	} else if (found == BESIDE_FOUND_RECORD) {
		buf_printf(&b,
		    "; its policy, https://mta-sts." SPAN_FMT
		    "/.well-known/mta-sts.txt, was not given",
		    SPAN_ARG(domain));
	}
	if (method->mta_sts_policy.p && found == BESIDE_FOUND_NONE)
		finding_add(f, &tls_findings[TLS_FINDING_POLICY_ALONE],
		    ARENA_JOIN(method->arena, SPAN("_mta-sts."), domain),
		    SPAN_NONE);
	add_line(method, out, "mta-sts", buf_span(&b));
}

static void
add_rpt(
    const struct beside_method *method, struct span domain, struct beside *out)
{
	struct span record;
	enum beside_found found =
	    beside_record(method, &beside_rpt, domain, &out->findings, &record);
	struct buf b = BUF(method->arena);

	if (found == BESIDE_FOUND_RECORD)
		buf_str(&b, "reports to ");
	buf_short(&b, record, LIMIT_SHOWN_LIST);
	add_line(method, out, "tls-rpt", buf_span(&b));
}

/*
 * BIMI.
 */

static void
take_record(struct beside_dmarc *d, const struct dmarc_record *r)
{
	if (r->pct < d->pct)
		d->pct = r->pct;
}

/* RFC 9989 4.7, t: receivers apply one level below what is published. */
static enum dmarc_policy
lowered(enum dmarc_policy policy, const struct dmarc_record *r)
{
	return r->testing && policy != DMARC_POLICY_NONE
	    ? (enum dmarc_policy)(policy - 1)
	    : policy;
}

struct beside_dmarc
beside_dmarc_of(const struct dmarc_walk *w)
{
	const struct dmarc_level *applies = dmarc_walk_policy(w);
	struct beside_dmarc d = {
	    .is_known = applies || (w->complete && !w->failed), .pct = 100};
	bool own = applies && span_eq(applies->domain, w->domain);

	if (!applies)
		return d;
	take_record(&d, &applies->record);
	d.policy = d.org = d.org_subdomains = lowered(
	    own ? applies->record.p : applies->record.sp, &applies->record);
	for (size_t i = 0; i < w->nlevels; i++) {
		const struct dmarc_level *l = &w->levels[i];

		if (l->found != DMARC_FOUND_RECORD ||
		    !span_eq(l->domain, w->org))
			continue;
		take_record(&d, &l->record);
		d.org = lowered(l->record.p, &l->record);
		d.org_subdomains = lowered(l->record.sp, &l->record);
	}
	return d;
}

/* draft-brand-indicators-for-message-identification: both the domain and its
 * organizational domain must have quarantine or reject, for all messages. */
static const char *
dmarc_words(const struct beside_dmarc *d)
{
	if (!d->is_known)
		return "; whether DMARC allows it is not known";
	if (d->policy == DMARC_POLICY_NONE)
		return "; not shown, as no DMARC policy quarantines or rejects";
	if (d->org == DMARC_POLICY_NONE ||
	    d->org_subdomains == DMARC_POLICY_NONE)
		return "; not shown, as its organizational domain has a DMARC "
		       "policy of none";
	if (d->pct < 100)
		return "; not shown, as pct= of DMARC is below 100";
	return "; DMARC allows it";
}

static void
add_bimi(
    const struct beside_method *method, struct span domain, struct beside *out)
{
	struct span record;
	enum beside_found found = beside_record(
	    method, &beside_bimi, domain, &out->findings, &record);
	struct buf b = BUF(method->arena);

	if (found == BESIDE_FOUND_RECORD && !record.len) {
		buf_str(&b, "a record that declines (l= is empty)");
	} else if (found == BESIDE_FOUND_RECORD) {
		buf_str(&b, "logo ");
		buf_short(&b, record, LIMIT_SHOWN_LIST);
		buf_str(&b, dmarc_words(&method->dmarc));
	} else {
		buf_add(&b, record);
	}
	add_line(method, out, "bimi", buf_span(&b));
}

/*
 * Certifiers.
 */

static void
add_failure(const struct vbr_certifier *certifier, enum vbr_reason reason,
    struct span domain, struct findings *f)
{
	f->section = "vbr";
	f->failed = RESULT_TEMPERROR;
	finding_add(f, &tls_findings[TLS_FINDING_DNS], domain,
	    arena_printf(f->arena, SPAN_FMT ": %s", SPAN_ARG(certifier->host),
		vbr_reasons[reason].words));
}

static void
add_certifier(const struct beside_method *method, struct span domain,
    const struct vbr_certifier *certifier, struct beside *out)
{
	const struct vbr_answer answer = vbr_query(
	    method->dns, domain, certifier, SPAN("all"), method->arena);
	struct buf b = BUF(method->arena);

	if (vbr_reasons[answer.reason].code == RESULT_TEMPERROR)
		add_failure(certifier, answer.reason, domain, &out->findings);
	buf_add(&b, certifier->host);
	if (answer.reason == VBR_OK)
		buf_str(&b, " vouches for all its mail");
	else if (answer.reason == VBR_NOT_TYPE)
		buf_str(&b, " vouches for mail of type ");
	else
		buf_printf(&b, ": %s", vbr_reasons[answer.reason].words);
	if (answer.reason == VBR_NOT_TYPE)
		buf_short(&b, answer.detail, LIMIT_SHOWN_LIST);
	add_line(method, out, "vbr", buf_span(&b));
}

/*
 * DNSSEC.
 */

/* Is the server on this host? Only then is its AD bit protected on the way (RFC
 * 4035 4.9.3). */
static bool
is_trusted(struct span server)
{
	return span_starts(server, SPAN("127.")) ||
	    span_starts(server, SPAN("::1#"));
}

/* Counts answers about the domain and names below it that came over the
 * network: those from zone files have no AD bit, and no line. */
static void
add_dnssec(
    const struct beside_method *method, struct span domain, struct beside *out)
{
	const struct dns_answer *const *asked;
	size_t n = dns_asked(method->dns, &asked), all = 0, secure = 0;
	bool is_local = true;

	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *answer = asked[i];

		struct span server = span_of(answer->server);

		if (dns_unknown(answer->status) ||
		    span_find(server, '#') == server.len ||
		    !domain_within(answer->name, domain))
			continue;
		all++;
		secure += answer->ad;
		is_local &= is_trusted(server);
	}
	if (!all)
		return;
	add_line(method, out, "dnssec",
	    is_local ? arena_printf(method->arena,
			   "the resolver has validated %zu of %zu answers "
			   "about the domain",
			   secure, all)
		     : SPAN("not known: the resolver is not on this host"));
}

/*
 * All.
 */

void
beside_prefetch(const struct beside_method *method, struct span domain)
{
	if (method->tls) {
		beside_record_prefetch(method, &beside_sts, domain);
		beside_record_prefetch(method, &beside_rpt, domain);
	}
	if (method->tls && method->mta_sts_policy.p)
		dns_prefetch(method->dns, domain, DNS_MX);
	if (method->bimi)
		beside_record_prefetch(method, &beside_bimi, domain);
	for (size_t i = 0; i < method->ncertifiers; i++)
		vbr_query_prefetch(
		    method->dns, domain, &method->certifiers[i], method->arena);
}

void
beside(
    const struct beside_method *method, struct span domain, struct beside *out)
{
	*out = (struct beside){.findings = FINDINGS(method->arena, "tls")};
	if (method->mx)
		add_line(method, out, "mx", method->mx->words);
	if (method->tls) {
		add_sts(method, domain, out);
		add_rpt(method, domain, out);
	}
	if (method->bimi)
		add_bimi(method, domain, out);
	for (size_t i = 0; i < method->ncertifiers; i++)
		add_certifier(method, domain, &method->certifiers[i], out);
	if (method->dnssec)
		add_dnssec(method, domain, out);
}
