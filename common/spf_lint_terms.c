#include "ascii.h"
#include "buf.h"
#include "spf_lint_parts.h"

/*
 * From these prefixes on a network is wide. The largest mail providers list
 * IPv4 networks of their own up to /14, and who includes them should not be
 * told of what is as it must be; more than that, half a million addresses, is
 * no one's mail servers. IPv6: registries give a provider a /32; what is more
 * belongs to several.
 */
#define WIDE_IP4 13
#define WIDE_IP6 31

bool
spf_lint_reaches(const struct spf_record *r, const struct spf_term *t)
{
	if (t->kind == SPF_REDIRECT)
		return !r->all; /* RFC 7208 6.1 */
	return t->kind < SPF_REDIRECT && (!r->all || t <= r->all);
}

/* Directives behind all, as one text (RFC 7208 5.1). */
static void
judge_rest(struct findings *f, const struct spf_place *p)
{
	const struct spf_record *r = p->visit->record;
	struct buf b = BUF(f->arena);

	for (const struct spf_term *t = r->all + 1; t < r->term + r->terms; t++)
		if (t->kind < SPF_REDIRECT) {
			if (b.len)
				buf_char(&b, ' ');
			buf_add(&b, t->text);
		}
	if (b.len)
		spf_lint_add(
		    f, SPF_FINDING_UNREACHABLE, p->visit->domain, buf_span(&b));
}

static void
judge_end(struct findings *f, const struct spf_place *p)
{
	const struct spf_record *r = p->visit->record;
	struct span where = p->visit->domain;

	if (!r->all) {
		if (!r->redirect && p->own)
			spf_lint_add(f, SPF_FINDING_NO_ALL, where, SPAN_NONE);
		return;
	}
	if (r->all->qualifier == '+' && p->passes)
		spf_lint_add(f, SPF_FINDING_PASS_ALL, where, r->all->text);
	if (r->all->qualifier == '?' && p->own)
		spf_lint_add(f, SPF_FINDING_NEUTRAL_ALL, where, r->all->text);
	if (r->redirect)
		spf_lint_add(
		    f, SPF_FINDING_REDIRECT_IGNORED, where, r->redirect->text);
	judge_rest(f, p);
}

/* Does the term let a wide network pass? An address has 32 or 128 bits. */
static bool
is_wide(const struct spf_term *t)
{
	if (t->qualifier != '+')
		return false;
	switch (t->kind) {
	case SPF_IP4:
		return t->network.bits <= WIDE_IP4;
	case SPF_IP6:
		return t->network.bits <= WIDE_IP6;
	case SPF_A:
	case SPF_MX:
		return t->ip4_bits <= WIDE_IP4 || t->ip6_bits <= WIDE_IP6;
	default:
		return false;
	}
}

static void
judge_width(struct findings *f, struct span where, const struct spf_term *t)
{
	unsigned bits = t->network.bits;
	struct span what = t->text;

	if (!is_wide(t))
		return;
	if (t->kind == SPF_IP4)
		what = arena_printf(f->arena, SPAN_FMT " (%ju addresses)",
		    SPAN_ARG(t->text), (uintmax_t)1 << (32 - bits));
	else if (t->kind == SPF_IP6)
		what = arena_printf(f->arena, SPAN_FMT " (2^%u addresses)",
		    SPAN_ARG(t->text), 128 - bits);
	spf_lint_add(f, SPF_FINDING_WIDE, where, what);
}

/* RFC 7208 7.3 advises against s, l, o and h where a name is asked for to find
 * a match, 7.2 against p anywhere. */
static bool
has_poor_macros(const struct spf_term *t)
{
	return spf_macro_uses(t->domain, t->kind == SPF_EXP ? "p" : "slohp");
}

/* Is it a modifier that no RFC has? ra, rp and rr are those of RFC 6652. */
static bool
is_unknown(const struct spf_term *t)
{
	static const char *const known[] = {"ra=", "rp=", "rr="};

	if (t->kind != SPF_UNKNOWN)
		return false;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (span_casestarts(t->text, span_of(known[i])))
			return false;
	return true;
}

/* What is a matter of opinion, or of use to its owner only. */
static void
judge_own(struct findings *f, struct span where, const struct spf_term *t)
{
	if (t->kind == SPF_PTR)
		spf_lint_add(f, SPF_FINDING_PTR, where, t->text);
	if (has_poor_macros(t))
		spf_lint_add(f, SPF_FINDING_MACRO, where, t->text);
	if (is_unknown(t))
		spf_lint_add(f, SPF_FINDING_UNKNOWN_MODIFIER, where, t->text);
}

void
spf_lint_terms(struct findings *f, const struct spf_place *p)
{
	const struct spf_record *r = p->visit->record;
	struct span where = p->visit->domain;

	judge_end(f, p);
	for (size_t i = 0; i < r->terms; i++) {
		const struct spf_term *t = &r->term[i];

		if (p->passes && spf_lint_reaches(r, t))
			judge_width(f, where, t);
		if (p->own)
			judge_own(f, where, t);
	}
	if (p->own)
		spf_lint_duplicates(f, p);
}
