/* dmarc_mend: the record that makes a no a yes. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/domain.h"

/*
 * Whose record.
 */

/* Is there a text that is, or should be, a record, and that is not used? */
static bool
has_unused(const struct dmarc_level *l, struct arena *a)
{
	if (l->found == DMARC_FOUND_SEVERAL)
		return true;
	for (size_t i = 0; l->answer && i < l->answer->nrecords &&
	     l->found == DMARC_FOUND_NONE;
	     i++)
		if (dmarc_lint_looks_alike(l->answer->records[i].data, a))
			return true;
	return false;
}

/* Without a record: where one was meant to be, else at the organizational
 * domain by the public suffix list, as the walk finds none. */
static struct span
without_record(const struct dmarc_method *method, const struct dmarc_lint *l)
{
	struct span org = dmarc_lint_registered(method, l->walk.domain);

	for (size_t i = 0; i < l->walk.nlevels; i++) {
		const struct dmarc_level *level = &l->walk.levels[i];

		if (domain_within(level->domain, org) &&
		    has_unused(level, method->arena))
			return level->domain;
	}
	return org;
}

/* The record of a public suffix is not the domain owner's. */
static struct span
own_domain(const struct dmarc_lint *l, const struct dmarc_level *at)
{
	bool is_suffix = at->record.psd == DMARC_PSD_Y &&
	    !span_eq(at->domain, l->walk.domain);

	return is_suffix ? l->walk.org : at->domain;
}

/* Of names below with records of their own, one may be mended. That of a
 * wildcard is at no name that could be told. */
static struct span
weak_domain(const struct dmarc_method *method, const struct dmarc_lint *l)
{
	struct span probe = dmarc_lint_below_name(method, l->walk.domain);

	return l->nweak == 1 && !span_eq(l->weak->domain, probe)
	    ? l->weak->domain
	    : SPAN_NONE;
}

static struct span
subdomains_domain(const struct dmarc_method *method, const struct dmarc_lint *l)
{
	const struct dmarc_level *at = l->below_applies;
	const struct dmarc_record *r = at ? &at->record : NULL;

	if (!at)
		return without_record(method, l);
	if (dmarc_lint_protects(method, r, r->sp) &&
	    (method->rfc7489 || dmarc_lint_protects(method, r, r->np)))
		return weak_domain(method, l);
	return own_domain(l, at);
}

struct span
dmarc_mend_domain(const struct dmarc_method *method, const struct dmarc_lint *l,
    enum question_id id)
{
	if (id == QUESTION_SUBDOMAINS)
		return subdomains_domain(method, l);
	if (!l->applies)
		return without_record(method, l);
	if (has_unused(l->walk.levels, method->arena))
		return l->walk.domain;
	return own_domain(l, l->applies);
}

/*
 * What is there.
 */

/* The records at a name. */
struct there {
	const struct dmarc_method *method;
	struct span domain;
	const struct dns_answer *text, *alias; /* alias: NULL: has none */
	struct dns_rr *remove;
	size_t nremove;
	struct span *records; /* texts that the new record is made of */
	size_t nrecords;
};

/* Is the record that of a wildcard, which a record at the name itself
 * replaces? */
static bool
is_wild(const struct there *t, const struct dns_rr *r)
{
	struct dns *dns = t->method->dns;
	const struct dns_answer *wild;

	if (!r->file)
		return false;
	wild = dns_query(dns,
	    ARENA_JOIN(t->method->arena, SPAN("_dmarc." DMARC_LINT_PROBE "."),
		t->domain),
	    r->type);
	for (size_t i = 0; i < wild->nrecords; i++)
		if (wild->records[i].file == r->file &&
		    wild->records[i].line == r->line)
			return true;
	return false;
}

static void
add_removed(struct there *t, const struct dns_rr *r)
{
	if (!is_wild(t, r))
		*ARENA_PUSH(t->method->arena, t->remove, t->nremove) = *r;
}

/* Takes the texts of one kind: records, or what should be one. */
static void
take_texts(struct there *t, bool records)
{
	struct arena *a = t->method->arena;
	bool own = span_eq(t->text->canonical, t->text->name);

	for (size_t i = 0; i < t->text->nrecords; i++) {
		const struct dns_rr *r = &t->text->records[i];

		if (records ? !dmarc_is_record(r->data)
			    : !dmarc_lint_looks_alike(r->data, a))
			continue;
		if (own)
			add_removed(t, r);
		if (records || !t->nrecords)
			*ARENA_PUSH(a, t->records, t->nrecords) = r->data;
	}
}

/* Finds the records at a name, which a new one must replace. Returns false if
 * they are not known. */
static bool
find_there(struct there *t)
{
	struct arena *a = t->method->arena;
	struct span name = ARENA_JOIN(a, SPAN("_dmarc."), t->domain);
	bool leads;

	t->text = dns_query(t->method->dns, name, DNS_TXT);
	if (dns_unknown(t->text->status) || t->text->status == DNS_BADNAME)
		return false;
	leads = !span_eq(t->text->canonical, t->text->name);
	take_texts(t, true);
	take_texts(t, false);
	if (!leads && t->text->status != DNS_DATA)
		return true;
	t->alias = dns_query(t->method->dns, name, DNS_CNAME);
	for (size_t i = 0; i < t->alias->nrecords; i++)
		add_removed(t, &t->alias->records[i]);
	return !dns_unknown(t->alias->status);
}

/*
 * The trial.
 */

/* Finds the organizational domain, as it is now: the domain itself if it is not
 * known. */
static struct span
org_of(const struct dmarc_method *method, struct span domain)
{
	struct dmarc_walk w;

	dmarc_walk_org(method, domain, &w);
	return w.org.p ? w.org : domain;
}

static void
try_record(const struct dmarc_method *method, const struct dmarc_lint *l,
    struct dmarc_trial *t)
{
	struct dmarc_method what_if = *method;
	struct dmarc_lint *trial = ARENA_NEW(method->arena, struct dmarc_lint);

	what_if.record = t->change.add;
	what_if.record_of = t->domain;
	dmarc_lint_try(&what_if, l->walk.domain, trial);
	dmarc_answers(&what_if, trial, t->after);
	t->is_possible = true;
}

void
dmarc_mend_try(const struct dmarc_method *method, const struct dmarc_lint *l,
    struct dmarc_trial *t)
{
	struct there there = {.method = method, .domain = t->domain};
	struct dmarc_mend_texts texts;

	/* Two records of a what-if cannot be tried at once. */
	if (method->record.p && !span_eq(t->domain, l->walk.domain))
		return;
	if (!find_there(&there))
		return;
	texts = (struct dmarc_mend_texts){
	    .owner = {t->domain, org_of(method, t->domain)},
	    .text = method->record.p ? &method->record : there.records,
	    .ntexts = method->record.p ? 1 : there.nrecords};
	t->change = (struct question_change){
	    .name = ARENA_JOIN(method->arena, SPAN("_dmarc."), t->domain),
	    .remove = there.remove,
	    .nremove = there.nremove,
	    .add = dmarc_mend_text(method, &texts, &t->mailbox)};
	try_record(method, l, t);
}
