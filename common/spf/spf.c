/* spf: reasons, identities, and the result of a verdict. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf.h"

#include "base/domain.h"
#include "base/scan.h"

const struct result_reason spf_reasons[] = {SPF_REASONS(RESULT_REASON)};

bool
spf_identify(const struct envelope *e, enum spf_scope scope, struct arena *a,
    struct spf_query *q)
{
	bool helo = scope == SPF_HELO || (e->sender.p && !e->sender.len);
	size_t at = span_find_last(e->sender, '@');

	q->ip = e->ip;
	q->helo = e->helo;
	q->domain = helo ? e->helo : e->sender; /* RFC 7208 2.3, 2.4 */
	q->local = SPAN("postmaster");          /* RFC 7208 4.3 */
	if (!helo && at < e->sender.len) {
		q->domain = span_from(e->sender, at + 1);
		if (at)
			q->local = scan_unquote(span_upto(e->sender, at), a);
	}
	return e->has_ip && q->domain.p;
}

/* What is missing for a null reverse-path is the HELO (RFC 7208 2.4). */
void
spf_not_identified(const struct envelope *e, enum spf_scope scope,
    struct arena *a, struct spf_verdict *v)
{
	bool null = scope == SPF_MAILFROM && e->sender.p && !e->sender.len;
	bool helo = scope == SPF_HELO || null;
	struct span from = helo ? e->helo_from : e->sender_from;
	struct span what = null ? SPAN("HELO, which the null MAIL FROM needs")
	    : helo              ? SPAN("HELO")
				: SPAN("MAIL FROM");

	*v = (struct spf_verdict){
	    .reason = SPF_NO_IDENTITY, .detail = e->ip_from};
	if (e->has_ip)
		v->detail = ARENA_JOIN(
		    a, what, SPAN(": "), from.p ? from : SPAN("not given"));
}

void
spf_prefetch(const struct spf_query *q, struct dns *dns, struct arena *a)
{
	struct span domain = domain_normal(q->domain, a);

	if (domain_labels(domain) > 1)
		dns_prefetch(dns, domain, DNS_TXT);
}

/* RFC 8601 2.7.2; RFC 7208 2.4: a null reverse-path is postmaster@HELO. */
static void
add_identity(struct result *r, const struct envelope *e, enum spf_scope scope,
    struct arena *a)
{
	struct span sender = e->sender;

	if (scope == SPF_HELO) {
		result_property(r, "smtp.helo", e->helo, RESULT_ADDRESS);
		return;
	}
	if (sender.p && !sender.len && e->helo.p)
		sender =
		    arena_printf(a, "postmaster@" SPAN_FMT, SPAN_ARG(e->helo));
	if (sender.len)
		result_property(r, "smtp.mailfrom", sender, RESULT_ADDRESS);
}

void
spf_result(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, struct arena *a, struct result *r)
{
	*r = (struct result){.method = "spf"};
	result_because(r, &spf_reasons[v->reason]);
	if (r->why.id && v->detail.p)
		r->why.words =
		    ARENA_JOIN(a, r->why.words, SPAN(": "), v->detail);
	add_identity(r, e, scope, a);
	envelope_note(e, r);
}
