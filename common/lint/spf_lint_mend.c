/* spf_lint_mend: the record that makes SPF sound, tried before proposed. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "lint/spf_lint_internal.h"

/* How often a record is mended before it is given up. */
#define PASSES 5

#define BIT(kind) ((uint64_t)1 << SPF_FINDING_##kind)

/* Terms with these findings have no effect, or none that is wanted. */
static const uint64_t dropped = BIT(INCLUDE_NONE) | BIT(REDIRECT_NONE) |
    BIT(LOOP) | BIT(VOID) | BIT(DANGLING) | BIT(NULL_MX) | BIT(DUPLICATE) |
    BIT(RESERVED) | BIT(UNKNOWN_MODIFIER) | BIT(EXPLANATION);

struct mender {
	const struct spf_lint *l;
	struct dns *dns;
	struct arena *arena;
	struct span *sources; /* texts that are meant to be the record */
	size_t nsources;
	/* What is tried. */
	bool drops_dead; /* terms after all are dropped, not moved before it */
	bool drops_ptr;
	bool defaulted; /* the record was replaced by the default */
};

/*
 * A record being written.
 */

struct draft {
	struct buf directives, modifiers;
	struct span redirect;
	char all; /* its qualifier, or 0 */
	size_t nsources, nalls;
};

static void
add_word(struct buf *b, struct span word)
{
	buf_char(b, ' ');
	buf_add(b, word);
}

/* An include of the record of redirect= lets pass what it does. */
static void
add_include(struct draft *d, struct span domain)
{
	buf_str(&d->directives, " include:");
	buf_add(&d->directives, domain);
}

/* Of several records with redirect=, the first keeps it. */
static void
add_redirect(struct draft *d, const struct spf_term *t)
{
	if (d->redirect.p)
		add_include(d, t->domain);
	else
		d->redirect = t->domain;
}

/* Returns the first all of a record that ends it as it should; NULL: none. */
static const struct spf_term *
sound_all(const struct spf_record *r)
{
	for (size_t i = 0; i < r->nterms; i++)
		if (r->terms[i].kind == SPF_ALL &&
		    (r->terms[i].qualifier == '-' ||
			r->terms[i].qualifier == '~'))
			return &r->terms[i];
	return NULL;
}

/* Adds the terms of a well-formed record. Of several, the result ends in -all
 * only if all do. */
static void
add_record(const struct mender *m, struct draft *d, const struct spf_record *r)
{
	const struct spf_term *all = sound_all(r);

	d->nsources++;
	d->nalls += r->all != NULL;
	if (r->all && d->all != '~')
		d->all = all ? all->qualifier : '~';
	for (size_t i = 0; i < r->nterms; i++) {
		const struct spf_term *t = &r->terms[i];

		if (t->kind == SPF_ALL)
			continue;
		if (t->kind == SPF_REDIRECT) {
			if (!r->all)
				add_redirect(d, t);
		} else if (t->kind > SPF_REDIRECT) {
			add_word(&d->modifiers, t->text);
		} else if (!m->drops_dead || !r->all || t < r->all) {
			add_word(&d->directives, t->text);
		}
	}
}

static struct span
write_draft(struct draft *d, struct arena *a)
{
	struct buf b = BUF(a);
	bool ends = d->nalls == d->nsources || (!d->nalls && d->redirect.p);

	if (d->redirect.p && d->nsources > 1) {
		add_include(d, d->redirect);
		d->redirect = SPAN_NONE;
	}
	if (!d->redirect.p && (!ends || !d->all))
		d->all = '~';
	buf_str(&b, "v=spf1");
	buf_add(&b, buf_span(&d->directives));
	if (d->all)
		buf_printf(&b, " %call", d->all);
	else
		add_word(&b, ARENA_JOIN(a, SPAN("redirect="), d->redirect));
	buf_add(&b, buf_span(&d->modifiers));
	return buf_span(&b);
}

static struct draft
draft_of(struct arena *a)
{
	return (struct draft){.directives = BUF(a), .modifiers = BUF(a)};
}

/*
 * Without a term that could pass: the default.
 */

/* Returns the record of a domain of which only its mail exchangers and
 * addresses are known; absent after a DNS failure. If they were tried before,
 * they are not sound. */
static struct span
default_record(struct mender *m)
{
	static const enum dns_type types[] = {DNS_MX, DNS_A, DNS_AAAA};
	const struct dns_answer *answer[COUNT(types)];

	if (m->defaulted)
		return SPAN("v=spf1 ~all");
	m->defaulted = true;
	for (size_t i = 0; i < COUNT(types); i++)
		dns_prefetch(m->dns, m->l->domain, types[i]);
	for (size_t i = 0; i < COUNT(types); i++) {
		answer[i] = dns_query(m->dns, m->l->domain, types[i]);
		if (dns_unknown(answer[i]->status))
			return SPAN_NONE;
	}
	if (answer[0]->status == DNS_DATA)
		/* RFC 7505 3: a null MX has the root. */
		return answer[0]->records[0].data.len ? SPAN("v=spf1 mx ~all")
						      : SPAN("v=spf1 -all");
	return answer[1]->status == DNS_DATA || answer[2]->status == DNS_DATA
	    ? SPAN("v=spf1 a ~all")
	    : SPAN("v=spf1 -all");
}

/*
 * Terms.
 */

static bool
has(const struct spf_lint *l, enum spf_finding kind)
{
	return finding_has(&l->findings, &spf_findings[kind]);
}

/* "a:mail.example.org", of a/0 and the like. */
static struct span
without_zero_bits(const struct spf_term *t, struct arena *a)
{
	struct buf b = BUF(a);

	if (t->qualifier != '+')
		buf_char(&b, t->qualifier);
	buf_str(&b, t->kind == SPF_A ? "a" : "mx");
	if (t->domain.p) {
		buf_char(&b, ':');
		buf_add(&b, t->domain);
	}
	if (t->ip4_bits && t->ip4_bits < 32)
		buf_printf(&b, "/%u", t->ip4_bits);
	if (t->ip6_bits && t->ip6_bits < 128)
		buf_printf(&b, "//%u", t->ip6_bits);
	return buf_span(&b);
}

/* Returns the text of a term, mended; empty: it is dropped. */
static struct span
mend_term(const struct mender *m, const struct spf_lint *l, size_t i,
    const struct spf_term *t)
{
	struct span none = {"", 0};
	uint64_t flaws = l->flaws[i], below = l->below[i];

	if (flaws & dropped)
		return none;
	if (t->kind == SPF_PTR && m->drops_ptr &&
	    (has(l, SPF_FINDING_VOIDS) || has(l, SPF_FINDING_LOOKUPS)))
		return none;
	if (flaws & BIT(PASS_ALL) && t->kind != SPF_ALL)
		return t->kind == SPF_A || t->kind == SPF_MX
		    ? without_zero_bits(t, m->arena)
		    : none;
	if (flaws & (BIT(HOST_BITS) | BIT(MAPPED)))
		return spf_lint_plain(t, m->arena);
	if (t->kind == SPF_REDIRECT && below & (BIT(NO_ALL) | BIT(NEUTRAL_ALL)))
		return ARENA_JOIN(
		    m->arena, SPAN("include:"), t->domain, SPAN(" ~all"));
	return t->text;
}

/* Returns a record that was checked, mended by its findings; absent: it is not
 * known how. */
static struct span
mend_record(struct mender *m, const struct spf_lint *l)
{
	struct draft d = draft_of(m->arena);
	struct buf b = BUF(m->arena);
	struct spf_record r;
	struct span wrong;
	size_t before = 0, after = 0;

	spf_record_parse(l->record, m->arena, &r, &wrong);
	buf_str(&b, "v=spf1");
	for (size_t i = 0; i < r.nterms; i++) {
		struct span text = mend_term(m, l, i, &r.terms[i]);
		bool passes = r.terms[i].kind != SPF_ALL &&
		    r.terms[i].kind <= SPF_REDIRECT;

		before += passes;
		after += passes && text.len;
		if (text.len)
			add_word(&b, text);
	}
	if (before && !after)
		return default_record(m);
	spf_record_parse(buf_span(&b), m->arena, &r, &wrong);
	add_record(m, &d, &r);
	return write_draft(&d, m->arena);
}

/*
 * The domain's records.
 */

static bool
is_meant(const struct dns_rr *r, struct arena *a)
{
	return spf_is_record(r->data) || spf_lint_looks_alike(r->data, a);
}

/* Adds those records of an answer that are, or only look like, SPF records. */
static void
add_sources(struct mender *m, const struct dns_answer *answer, bool alike)
{
	for (size_t i = 0; answer && i < answer->nrecords; i++) {
		const struct dns_rr *r = &answer->records[i];

		if (spf_is_record(r->data) ? alike
					   : !alike || !is_meant(r, m->arena))
			continue;
		*ARENA_PUSH(m->arena, m->sources, m->nsources) =
		    spf_lint_joined(r, m->arena);
	}
}

static void
find_sources(struct mender *m)
{
	const struct spf_lint *l = m->l;

	if (l->given) {
		*ARENA_PUSH(m->arena, m->sources, m->nsources) = l->text;
		return;
	}
	add_sources(m, l->txt, false);
	if (!m->nsources)
		add_sources(m, l->type_99, false);
	if (!m->nsources)
		add_sources(m, l->txt, true);
}

/* Returns the sources joined into one well-formed record; absent: what a term
 * was meant to be is not known. */
static struct span
join_sources(struct mender *m)
{
	struct draft d = draft_of(m->arena);

	if (!m->nsources)
		return default_record(m);
	for (size_t i = 0; i < m->nsources; i++) {
		struct span terms = spf_typo_all(
		    spf_typo_terms(m->sources[i], m->arena), m->arena);
		struct spf_record *r = ARENA_NEW(m->arena, struct spf_record);
		struct span wrong;

		if (!terms.p ||
		    spf_record_parse(
			ARENA_JOIN(m->arena, SPAN("v=spf1 "), terms), m->arena,
			r, &wrong) != SPF_PASS)
			return SPAN_NONE;
		add_record(m, &d, r);
	}
	return write_draft(&d, m->arena);
}

/*
 * Trials.
 */

static size_t
count_own(const struct spf_lint *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->findings.n; i++)
		n += spf_lint_is_own(l, &l->findings.list[i]);
	return n;
}

/* Is a record sound, and better than what there is? */
static bool
is_better(const struct mender *m, const struct spf_lint *t)
{
	return spf_lint_sound(t) == ANSWER_YES &&
	    (spf_lint_sound(m->l) == ANSWER_NO ||
		count_own(t) < count_own(m->l));
}

/* Mends a record until nothing changes any more. Returns it if it is better,
 * else absent. */
static struct span
try(struct mender *m)
{
	struct span text = join_sources(m);

	for (size_t i = 0; text.p && i < PASSES; i++) {
		struct spf_lint t;
		struct span next;

		spf_lint(m->l->domain, text, m->dns, m->arena, &t);
		if (!t.evaluated)
			return SPAN_NONE;
		next = mend_record(m, &t);
		if (span_eq(next, text))
			return is_better(m, &t) ? text : SPAN_NONE;
		text = next;
	}
	return SPAN_NONE;
}

static struct span
find_text(struct mender *m)
{
	struct span text = SPAN_NONE;

	for (unsigned i = 0; i < 4 && !text.p; i++) {
		m->drops_dead = i & 1;
		m->drops_ptr = i & 2;
		m->defaulted = false;
		text = try(m);
	}
	return text;
}

static struct question_change *
change_of(const struct mender *m, const struct dns_answer *txt, struct span add)
{
	struct question_change *c = ARENA_NEW(m->arena, struct question_change);
	struct dns_rr *remove = NULL;

	for (size_t i = 0; i < txt->nrecords; i++)
		if (is_meant(&txt->records[i], m->arena))
			*ARENA_PUSH(m->arena, remove, c->nremove) =
			    txt->records[i];
	c->name = m->l->domain;
	c->remove = remove;
	c->add = add;
	return c;
}

const struct question_change *
spf_mend(const struct spf_lint *l, struct dns *dns, struct arena *a)
{
	struct mender m = {.l = l, .dns = dns, .arena = a};
	const struct dns_answer *txt = l->txt;
	struct span text;

	if (span_eq(l->domain, FINDING_NOBODY) ||
	    has(l, SPF_FINDING_BAD_DOMAIN) ||
	    (spf_lint_sound(l) == ANSWER_YES && !count_own(l)))
		return NULL;
	if (!txt)
		txt = dns_query(dns, l->domain, DNS_TXT);
	/* A name that has a CNAME has no other record. */
	if (dns_unknown(txt->status) || has(l, SPF_FINDING_NO_DOMAIN) ||
	    !span_eq(txt->canonical, l->domain))
		return NULL;
	find_sources(&m);
	text = find_text(&m);
	return text.p ? change_of(&m, txt, text) : NULL;
}
