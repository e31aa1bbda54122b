/* dkim_lint: are the published DKIM keys of a domain sound? */
/* SPDX-License-Identifier: ISC */

#include "lint/dkim_lint.h"

#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"
#include "lint/dkim_lint_internal.h"

/* A selector that nobody publishes: only a wildcard answers for it. */
#define PROBE SPAN("vouch-wildcard-test")

struct job {
	struct dns *dns;
	struct arena *arena;
	struct span domain;
	struct dkim_lint *out;
	const struct dns_answer *probe; /* NULL: not queried */
	bool has_names; /* the DNS has a name below _domainkey */
};

static struct span
top_name(struct span domain, struct arena *a)
{
	return ARENA_JOIN(a, SPAN("_domainkey."), domain);
}

void
dkim_lint_prefetch(struct dns *dns, struct arena *a, struct span domain,
    const struct dkim_lint_selector *list, size_t n)
{
	dns_prefetch(dns, top_name(domain, a), DNS_TXT);
	for (size_t i = 0; i < n; i++)
		dns_prefetch(
		    dns, dkim_key_name(list[i].selector, domain, a), DNS_TXT);
	if (n)
		dns_prefetch(dns, dkim_key_name(PROBE, domain, a), DNS_TXT);
}

static struct finding *
add(struct job *job, const struct finding_kind *kind, struct span where,
    struct span what)
{
	return finding_add(&job->out->findings, kind, where, what);
}

/*
 * Wildcards.
 */

static bool
has_alias(const struct dns_answer *answer)
{
	return !span_eq(answer->name, answer->canonical);
}

/* Have two answers the same records, at the end of the same CNAMEs, if any? */
static bool
is_same_answer(const struct dns_answer *one, const struct dns_answer *other)
{
	if (one->status != other->status || one->nrecords != other->nrecords ||
	    has_alias(one) != has_alias(other) ||
	    (has_alias(one) && !span_eq(one->canonical, other->canonical)))
		return false;
	for (size_t i = 0; i < one->nrecords; i++)
		if (!span_eq(one->records[i].data, other->records[i].data))
			return false;
	return one->nrecords || has_alias(one);
}

static const struct dns_answer *
probe(struct job *job)
{
	if (!job->probe)
		job->probe = dns_query(job->dns,
		    dkim_key_name(PROBE, job->domain, job->arena), DNS_TXT);
	return job->probe;
}

/* A key that a wildcard has for all selectors is one under a name that the user
 * knows. Whatever else a wildcard answers is not a key (of this selector). */
static void
take_wildcard(
    struct job *job, struct dkim_lint_key *k, const struct dns_answer *answer)
{
	bool is_named = k->selector->source == DKIM_LINT_NAMED;
	struct buf b = BUF(job->arena);

	k->is_wildcard = true;
	if (is_named &&
	    (k->lint.is_usable || k->lint.state == KEY_LINT_REVOKED))
		return;
	k->state = KEY_LINT_ABSENT;
	k->lint.findings.n = 0;
	k->lint.proposed = SPAN_NONE;
	if (!is_named)
		return;
	buf_str(&b, "a wildcard answers for all names");
	if (answer->nrecords) {
		buf_str(&b, ": ");
		buf_short(&b, answer->records->data, LIMIT_SHOWN_PIECE);
	}
	finding_add(&k->lint.findings, &key_findings[KEY_FINDING_NONE], k->name,
	    buf_span(&b));
}

/*
 * Keys.
 */

static bool
has(const struct dkim_lint_key *k, enum key_finding kind)
{
	return finding_has(&k->lint.findings, &key_findings[kind]);
}

/* What is gone or revoked, or was never a key, is a line for a hint. A CNAME
 * without its target is a risk; providers have them for keys to come. */
static void
take_hint(struct dkim_lint_key *k)
{
	bool is_seen = k->selector->source == DKIM_LINT_SEEN;
	struct findings *f = &k->lint.findings;

	if (k->selector->source == DKIM_LINT_NAMED)
		return;
	if (has(k, KEY_FINDING_DANGLING)) {
		f->list[0].level = is_seen ? FINDING_WARNING : FINDING_NOTE;
		k->state = KEY_LINT_ABSENT;
	} else if (k->state == KEY_LINT_ABSENT || has(k, KEY_FINDING_NONE) ||
	    k->state == KEY_LINT_REVOKED ||
	    (!is_seen && has(k, KEY_FINDING_NOT_A_KEY))) {
		if (k->state != KEY_LINT_REVOKED)
			k->state = KEY_LINT_ABSENT;
		f->n = 0;
	}
}

static void
add_failure(struct job *job, struct span name, enum dns_status status)
{
	struct findings *f = &job->out->findings;

	/* One says enough. */
	if (status == DNS_NETWORK && f->failed == RESULT_TEMPERROR)
		return;
	add(job, &dkim_findings[DKIM_FINDING_DNS], name,
	    ARENA_JOIN(
		job->arena, SPAN("TXT: "), span_of(dns_status_words(status))));
	f->failed = RESULT_TEMPERROR;
}

/* Without an answer for the probe, what is not a key, or under a name that is
 * guessed, may be a wildcard's. */
static bool
may_be_wildcard(
    struct job *job, struct dkim_lint_key *k, const struct dns_answer *answer)
{
	bool is_own = k->selector->source == DKIM_LINT_NAMED &&
	    (k->lint.is_usable || k->lint.state == KEY_LINT_REVOKED);
	const struct dns_answer *other;

	if (is_own || (!answer->nrecords && !has_alias(answer)))
		return false;
	other = probe(job);
	if (!dns_unknown(other->status))
		return false;
	add_failure(job, other->name, other->status);
	k->lint.reason = key_lint_failure(other->status);
	k->lint.findings.n = 0;
	k->lint.proposed = SPAN_NONE;
	k->state = KEY_LINT_UNKNOWN;
	return true;
}

static void
check_answer(struct job *job, struct dkim_lint_key *k)
{
	const struct dns_answer *answer = dns_query(job->dns, k->name, DNS_TXT);

	key_lint(answer, NULL, job->arena, &k->lint);
	k->is_beside = key_lint_beside(job->dns, answer, job->arena, &k->lint);
	k->state = k->lint.state;
	if (dns_unknown(answer->status)) {
		add_failure(job, k->name, answer->status);
		return;
	}
	job->has_names |= answer->status == DNS_DATA ||
	    answer->status == DNS_NODATA || has_alias(answer);
	if (may_be_wildcard(job, k, answer))
		return;
	if ((answer->nrecords || has_alias(answer)) &&
	    is_same_answer(answer, probe(job)))
		take_wildcard(job, k, answer);
	take_hint(k);
}

static void
check_selector(struct job *job, const struct dkim_lint_selector *selector)
{
	struct dkim_lint *out = job->out;
	struct dkim_lint_key *k = ARENA_PUSH(job->arena, out->keys, out->nkeys);

	*k = (struct dkim_lint_key){.selector = selector,
	    .name = dkim_key_name(selector->selector, job->domain, job->arena)};
	if (selector->record.p) {
		key_lint_text(
		    k->name, selector->record, NULL, job->arena, &k->lint);
		k->state = k->lint.state;
	} else {
		check_answer(job, k);
	}
	out->has_key |= k->lint.is_usable &&
	    (k->state == KEY_LINT_SOUND || k->state == KEY_LINT_FLAWED);
	k->line = ARENA_JOIN(job->arena, selector->selector, SPAN(": "),
	    dkim_lint_words(k, job->arena));
}

/*
 * Changes.
 */

/* Adds the records of a type that the key's name has and that go: of TXT
 * records those that verifiers do not ignore. */
static void
add_removed(struct job *job, const struct dkim_lint_key *k, enum dns_type type,
    struct question_change *c, struct dns_rr **list)
{
	const struct dns_answer *answer = dns_query(job->dns, k->name, type);

	for (size_t i = 0; i < answer->nrecords; i++)
		if (type != DNS_TXT || answer->nrecords == 1 ||
		    !dkim_key_is_other(answer->records[i].data))
			*ARENA_PUSH(job->arena, *list, c->nremove) =
			    answer->records[i];
	c->remove = *list;
}

/* Is the CNAME beside the key its only error? */
static bool
is_beside_only(const struct dkim_lint_key *k)
{
	for (size_t i = 0; i < k->lint.findings.n; i++) {
		const struct finding *f = &k->lint.findings.list[i];

		if (f->level > FINDING_NOTE &&
		    f->kind != &key_findings[KEY_FINDING_CNAME])
			return false;
	}
	return k->is_beside;
}

/* Has the name of a what-if record a CNAME record? */
static bool
replaces_alias(struct job *job, const struct dkim_lint_key *k)
{
	return k->selector->record.p &&
	    has_alias(dns_query(job->dns, k->name, DNS_TXT));
}

static void
add_change(struct job *job, const struct dkim_lint_key *k)
{
	struct span name = k->lint.target.p ? k->lint.target : k->name;
	struct question_change c = {.name = name, .add = k->lint.proposed};
	struct dns_rr *list = NULL;
	bool is_alias = replaces_alias(job, k);

	/* What a CNAME leads to can be somebody else's. */
	if (k->state != KEY_LINT_FLAWED || !domain_within(name, job->domain) ||
	    (!c.add.p && !is_beside_only(k)))
		return;
	if (k->is_beside || is_alias)
		add_removed(job, k, DNS_CNAME, &c, &list);
	if (c.add.p && !is_alias)
		add_removed(job, k, DNS_TXT, &c, &list);
	*ARENA_PUSH(job->arena, job->out->changes, job->out->nchanges) = c;
}

/*
 * The domain.
 */

/* Is a record of a key only supposed to be there? Then its name is, too. */
static bool
has_what_if(const struct dkim_lint *out)
{
	for (size_t i = 0; i < out->nkeys; i++)
		if (out->keys[i].selector->record.p)
			return true;
	return false;
}

/* RFC 8020: no name is below one that does not exist. Returns that name if it
 * is known not to exist. Without an answer, that there may be no key at all is
 * not known. */
static struct span
check_top(struct job *job)
{
	struct span name = top_name(job->domain, job->arena);
	const struct dns_answer *answer = dns_query(job->dns, name, DNS_TXT);

	if (dns_unknown(answer->status) && !job->has_names)
		add_failure(job, name, answer->status);
	if (answer->status != DNS_NXDOMAIN || has_alias(answer) ||
	    has_what_if(job->out))
		return SPAN_NONE;
	if (!job->has_names)
		return name;
	add(job, &dkim_findings[DKIM_FINDING_NONTERMINAL], name, SPAN_NONE);
	return SPAN_NONE;
}

void
dkim_lint(struct dns *dns, struct arena *a, struct span domain,
    const struct dkim_lint_selector *list, size_t n, struct dkim_lint *out)
{
	struct job job = {.dns = dns, .arena = a, .domain = domain, .out = out};
	struct span empty;

	*out = (struct dkim_lint){.findings = FINDINGS(a, "dkim")};
	dkim_lint_prefetch(dns, a, domain, list, n);
	for (size_t i = 0; i < n; i++)
		check_selector(&job, &list[i]);
	empty = check_top(&job);
	for (size_t i = 0; i < out->nkeys; i++)
		add_change(&job, &out->keys[i]);
	dkim_lint_answer(out, empty);
}
