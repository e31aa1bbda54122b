/* spf_lint_terms: checks of the terms of one record. */
/* SPDX-License-Identifier: ISC */

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limit.h"
#include "lint/spf_lint_internal.h"

/* Adds a finding for the directives that follow all (RFC 7208 5.1). */
static void
check_rest(struct spf_lint_job *job, const struct spf_lint_record *p)
{
	const struct spf_record *r = p->check->record;
	struct buf b = BUF(job->arena);

	for (const struct spf_term *t = r->all + 1; t < r->terms + r->nterms;
	     t++)
		if (t->kind < SPF_REDIRECT) {
			if (b.len)
				buf_char(&b, ' ');
			buf_add(&b, t->text);
		}
	if (b.len)
		spf_lint_add_at(
		    job, p, r->all, SPF_FINDING_UNREACHABLE, buf_span(&b));
}

static void
check_end(struct spf_lint_job *job, const struct spf_lint_record *p)
{
	const struct spf_record *r = p->check->record;
	const struct spf_term *all = r->all;

	if (!all) {
		if (!r->redirect && p->own)
			spf_lint_add_at(
			    job, p, NULL, SPF_FINDING_NO_ALL, SPAN_NONE);
		return;
	}
	if (all->qualifier == '+' && p->passes)
		spf_lint_add_at(job, p, all, SPF_FINDING_PASS_ALL, all->text);
	if (all->qualifier == '?' && p->own)
		spf_lint_add_at(
		    job, p, all, SPF_FINDING_NEUTRAL_ALL, all->text);
	if (r->redirect)
		spf_lint_add_at(job, p, r->redirect,
		    SPF_FINDING_REDIRECT_IGNORED, r->redirect->text);
	check_rest(job, p);
}

/* Sets the prefix lengths of a term. For a family that it has no network of,
 * the length is that of a single address. Returns false if it lets no network
 * pass. */
static bool
prefixes(const struct spf_term *t, unsigned *ip4, unsigned *ip6)
{
	*ip4 = 32;
	*ip6 = 128;
	switch (t->kind) {
	case SPF_IP4:
		*ip4 = t->network.bits;
		break;
	case SPF_IP6:
		*ip6 = t->network.bits;
		break;
	case SPF_A:
	case SPF_MX:
		*ip4 = t->ip4_bits;
		*ip6 = t->ip6_bits;
		break;
	default:
		return false;
	}
	return t->qualifier == '+';
}

/* "ip4:10.0.0.0/8 (16777216 addresses)", "mx//0 (all IPv6 addresses)", "a/8
 * (16777216 addresses for each A record)" */
static void
add_size(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t, unsigned bits, bool ip4)
{
	unsigned power = (ip4 ? 32 : 128) - bits;
	bool host = t->kind == SPF_A || t->kind == SPF_MX;
	struct buf b = BUF(job->arena);

	buf_add(&b, t->text);
	if (!bits)
		buf_printf(&b, " (all %s addresses)", ip4 ? "IPv4" : "IPv6");
	else if (ip4)
		buf_printf(&b, " (%ju addresses", (uintmax_t)1 << power);
	else
		buf_printf(&b, " (2^%u addresses", power);
	if (bits && host)
		buf_printf(&b, " for each %s record", ip4 ? "A" : "AAAA");
	buf_str(&b, bits ? ")" : "");
	spf_lint_add_at(job, p, t,
	    bits ? SPF_FINDING_WIDE : SPF_FINDING_PASS_ALL, buf_span(&b));
	job->out->wide |= host || !spf_lint_is_reserved(&t->network);
}

static void
check_width(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t)
{
	unsigned ip4, ip6;

	if (!prefixes(t, &ip4, &ip6))
		return;
	if (ip4 < LIMIT_SPF_WIDE_IP4)
		add_size(job, p, t, ip4, true);
	if (ip6 < LIMIT_SPF_WIDE_IP6)
		add_size(job, p, t, ip6, false);
}

/* RFC 7208 7.3 advises against s, l, o and h in names that are looked up to
 * find a match, and 7.2 against p anywhere. */
static bool
has_discouraged_macros(const struct spf_term *t)
{
	return spf_macro_uses(t->domain, t->kind == SPF_EXP ? "p" : "slohp");
}

/* Is it a modifier that no RFC defines? RFC 6652 defines ra, rp and rr. */
static bool
is_unknown(const struct spf_term *t)
{
	static const char *const known[] = {"ra=", "rp=", "rr="};

	if (t->kind != SPF_UNKNOWN)
		return false;
	for (size_t i = 0; i < COUNT(known); i++)
		if (span_casestarts(t->text, span_of(known[i])))
			return false;
	return true;
}

/* Checks that are only made in the domain's own record, which its owner can
 * change. */
static void
check_own(struct spf_lint_job *job, const struct spf_lint_record *p,
    const struct spf_term *t)
{
	if (t->kind == SPF_PTR)
		spf_lint_add_at(job, p, t, SPF_FINDING_PTR, t->text);
	if (has_discouraged_macros(t))
		spf_lint_add_at(job, p, t, SPF_FINDING_MACRO, t->text);
	if (is_unknown(t))
		spf_lint_hint(job,
		    spf_lint_add_at(
			job, p, t, SPF_FINDING_UNKNOWN_MODIFIER, t->text),
		    t->text);
	if (spf_term_is_reached(p->check->record, t))
		spf_lint_address(job, p, t);
}

void
spf_lint_terms(struct spf_lint_job *job, const struct spf_lint_record *p)
{
	const struct spf_record *r = p->check->record;

	check_end(job, p);
	for (size_t i = 0; i < r->nterms; i++) {
		const struct spf_term *t = &r->terms[i];

		if (p->passes && spf_term_is_reached(r, t))
			check_width(job, p, t);
		if (p->own)
			check_own(job, p, t);
	}
	if (p->own)
		spf_lint_duplicates(job, p);
}
