/* vbr_verbose: the steps of a check, for --verbose. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "vbr/vbr.h"

static struct span
field_line(const struct vbr_field *f, size_t number, struct arena *a)
{
	struct buf b = BUF(a);

	buf_printf(&b, "VBR-Info field %zu: ", number);
	if (!f->is_valid) {
		buf_str(&b, "cannot be parsed: ");
		buf_add(&b, f->info.wrong);
		buf_str(&b, " (RFC 5518 4)");
		return buf_span(&b);
	}
	buf_str(&b, "md=");
	buf_add(&b, f->info.domain);
	buf_str(&b, ", mc=");
	buf_add(&b, f->info.type);
	buf_str(&b, ", mv=");
	for (size_t i = 0; i < f->info.ncertifiers; i++) {
		buf_str(&b, i ? ":" : "");
		buf_add(&b, f->info.certifiers[i]);
	}
	return buf_span(&b);
}

/* Adds the records found, or why there are none. */
static void
add_answer(struct buf *b, const struct vbr_query *q)
{
	const struct vbr_answer *answer = &q->answer;
	bool by_address = q->certifier->by_address;

	if (answer->detail.p)
		buf_printf(b, by_address ? SPAN_FMT : "\"" SPAN_FMT "\"",
		    SPAN_ARG(answer->detail));
	else if (answer->reason == VBR_NOT_LISTED)
		buf_str(b, by_address ? "no address" : "no TXT record");
	else if (answer->reason == VBR_BAD_RECORD)
		buf_str(b, "not a list of types");
	else if (answer->reason == VBR_SEVERAL)
		buf_printf(b, "%zu lists of types", answer->lists);
	else
		buf_str(b, vbr_reasons[answer->reason].words);
}

/* Returns the rule for a query. RFC 5518 has none for addresses and none for
 * DNS failures. */
static const char *
cite(const struct vbr_query *q)
{
	enum result_code code = vbr_reasons[q->answer.reason].code;

	if (!q->is_queried || q->reason == VBR_AUTHENTICATION)
		return " (RFC 5518 7)";
	if (code == RESULT_TEMPERROR || q->answer.reason == VBR_BAD_NAME)
		return " (RFC 6212 4)";
	return q->certifier->by_address ? "" : " (RFC 5518 5)";
}

void
vbr_verbose_query(const struct vbr_query *q, struct arena *a, struct result *r)
{
	const struct result_reason *why = &vbr_reasons[q->reason];
	struct buf b = BUF(a);

	buf_add(&b, q->certifier->host);
	buf_printf(&b, " about " SPAN_FMT ", type " SPAN_FMT ": ",
	    SPAN_ARG(q->domain), SPAN_ARG(q->type));
	if (q->is_queried)
		add_answer(&b, q);
	else
		buf_str(&b, "not queried");
	buf_printf(&b, ": %s%s", why->id ? why->id : "vouches", cite(q));
	result_detail(r, buf_span(&b), a);
}

void
vbr_verbose(const struct vbr_check *check, const struct vbr_domain *domain,
    size_t n, struct result *r)
{
	struct arena *a = check->arena;

	for (size_t i = 0; i < check->nfields; i++)
		result_detail(r, field_line(&check->fields[i], i + 1, a), a);
	for (size_t i = 0; i < n; i++)
		result_detail(r,
		    arena_printf(a,
			"authentication of " SPAN_FMT " by %s: %s (RFC 5518 7)",
			SPAN_ARG(domain[i].name),
			domain[i].is_signature ? "DKIM" : "SPF",
			result_name(domain[i].code)),
		    a);
	for (size_t i = 0; i < check->evaluated; i++)
		vbr_verbose_query(&check->queries[i], a, r);
}
