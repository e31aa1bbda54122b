/* dmarc_eval: an author domain and identifiers to a verdict. */
/* SPDX-License-Identifier: ISC */

#include "base/domain.h"
#include "dmarc/dmarc.h"

/*
 * Alignment (RFC 9989 4.10.2).
 */

static bool
is_strict(const struct dmarc_verdict *v, const struct dmarc_identifier *id)
{
	const struct dmarc_record *r = &v->applies->record;

	return id->mechanism == DMARC_SPF ? r->strict_spf : r->strict_dkim;
}

/* Compares names alone. Returns DMARC_ALIGNED_UNKNOWN if the organizational
 * domain of the identifier has to be compared. */
static enum dmarc_alignment
align_names(const struct dmarc_method *method, struct dmarc_verdict *v,
    const struct dmarc_identifier *id)
{
	bool strict = is_strict(v, id);

	if (strict && id->from_auid)
		return DMARC_ALIGNED_NO;
	if (span_eq(id->domain, v->author))
		return DMARC_ALIGNED_EQUAL;
	if (strict)
		return DMARC_ALIGNED_NO;
	dmarc_walk_complete(method, &v->walk);
	if (dmarc_walk_is_over(&v->walk))
		return DMARC_ALIGNED_LIMIT;
	/* A domain outside the author's organizational domain belongs to
	 * another organization: no walk is needed. */
	if (v->walk.org.p && !domain_within(id->domain, v->walk.org))
		return DMARC_ALIGNED_NO;
	return DMARC_ALIGNED_UNKNOWN;
}

/* Returns the method with counted queries: the sender chooses how many
 * identifiers a message has. */
static struct dmarc_method
limited(const struct dmarc_method *method)
{
	struct dmarc_method counted = *method;

	counted.is_limited = true;
	return counted;
}

static void
begin_alignment(const struct dmarc_method *method, struct dmarc_verdict *v,
    struct dmarc_aligned *a)
{
	const struct dmarc_identifier *id = a->identifier;
	const struct dmarc_method counted = limited(method);

	/* Only what passed, or may pass later or on another host. */
	if (id->code != RESULT_PASS && id->code != RESULT_TEMPERROR &&
	    !id->is_unchecked)
		return;
	a->alignment = align_names(method, v, id);
	if (a->alignment != DMARC_ALIGNED_UNKNOWN || !v->walk.org.p)
		return;
	a->walk = ARENA_NEW(method->arena, struct dmarc_walk);
	if (!method->psl)
		dmarc_walk_prefetch(&counted, id->domain);
}

static void
end_alignment(const struct dmarc_method *method, const struct dmarc_verdict *v,
    struct dmarc_aligned *a)
{
	const struct dmarc_method counted = limited(method);

	if (!a->walk)
		return;
	dmarc_walk_org(&counted, a->identifier->domain, a->walk);
	if (dmarc_walk_is_over(a->walk))
		a->alignment = DMARC_ALIGNED_LIMIT;
	if (a->walk->org.p)
		a->alignment = span_eq(a->walk->org, v->walk.org)
		    ? DMARC_ALIGNED_ORG
		    : DMARC_ALIGNED_NO;
}

/* Prefetches all walks before it waits for the first. */
static void
align_all(const struct dmarc_method *method, struct dmarc_verdict *v,
    const struct dmarc_identifier *list, size_t n)
{
	v->aligned = ARENA_ARRAY(method->arena, struct dmarc_aligned, n);
	v->identifiers = n;
	for (size_t i = 0; i < n; i++) {
		v->aligned[i].identifier = &list[i];
		begin_alignment(method, v, &v->aligned[i]);
	}
	for (size_t i = 0; i < n; i++)
		end_alignment(method, v, &v->aligned[i]);
}

/*
 * The verdict.
 */

static void
set_failure(struct dmarc_verdict *v, const struct dns_answer *answer)
{
	v->reason = answer->status == DNS_LIMIT
	    ? DMARC_DNS_LIMIT
	    : DNS_REASON(DMARC_DNS_TIMEOUT, answer->status);
	v->detail = answer->name;
}

static bool
is_aligned(const struct dmarc_aligned *a)
{
	return a->alignment == DMARC_ALIGNED_EQUAL ||
	    a->alignment == DMARC_ALIGNED_ORG;
}

/* Returns the first identifier that may yet pass and be aligned, or NULL. */
static const struct dmarc_identifier *
find_unknown(const struct dmarc_verdict *v)
{
	for (size_t i = 0; i < v->identifiers; i++) {
		const struct dmarc_aligned *a = &v->aligned[i];

		if (a->alignment == DMARC_ALIGNED_UNKNOWN ||
		    (a->identifier->code == RESULT_TEMPERROR && is_aligned(a)))
			return a->identifier;
	}
	return NULL;
}

/* Returns the first aligned identifier whose algorithm this host forbids and
 * that may pass on another host, or NULL. */
static const struct dmarc_identifier *
find_unchecked(const struct dmarc_verdict *v)
{
	for (size_t i = 0; i < v->identifiers; i++)
		if (v->aligned[i].identifier->is_unchecked &&
		    is_aligned(&v->aligned[i]))
			return v->aligned[i].identifier;
	return NULL;
}

/* Did an identifier fail that, by names alone, may be aligned? For one that did
 * not pass no organizational domain is looked up. */
static bool
could_align(const struct dmarc_verdict *v, const struct dmarc_identifier *id)
{
	bool strict = is_strict(v, id);

	if (id->code == RESULT_PASS || id->code == RESULT_NONE ||
	    (strict && id->from_auid))
		return false;
	if (strict)
		return span_eq(id->domain, v->author);
	return domain_within(
	    id->domain, v->walk.org.p ? v->walk.org : v->author);
}

/* Names the author's own signature, or else MAIL FROM, as the cause of the
 * fail, if it did not pass: this helps more than an unaligned pass. */
static void
name_cause(struct dmarc_verdict *v, struct arena *a)
{
	const struct dmarc_identifier *worst = NULL;

	for (size_t i = 0; i < v->identifiers; i++) {
		const struct dmarc_identifier *id = v->aligned[i].identifier;

		if (could_align(v, id) &&
		    (!worst || worst->mechanism < id->mechanism))
			worst = id;
	}
	if (!worst)
		return;
	v->reason = DMARC_ALIGNED_FAILED;
	v->detail = arena_printf(a, "%s of " SPAN_FMT " (%s)",
	    worst->mechanism == DMARC_SPF ? "MAIL FROM" : "a signature",
	    SPAN_ARG(worst->domain), result_name(worst->code));
}

/* RFC 9989 5.3.5, 5.3.6: an aligned pass decides. Without one, an identifier
 * that may pass later or on another host prevents a fail. */
static void
decide(struct dmarc_verdict *v, struct arena *a)
{
	const struct dmarc_identifier *unknown = find_unknown(v);
	const struct dmarc_identifier *unchecked = find_unchecked(v);

	v->reason = DMARC_NOT_AUTHENTICATED;
	for (size_t i = 0; i < v->identifiers; i++) {
		if (v->aligned[i].identifier->code != RESULT_PASS)
			continue;
		v->reason = DMARC_NOT_ALIGNED;
		if (is_aligned(&v->aligned[i])) {
			v->reason = DMARC_PASS;
			return;
		}
	}
	/* Exceeding a limit may cost a pass, but does not prevent a fail. */
	if (v->walk.failed && !dmarc_walk_is_over(&v->walk)) {
		set_failure(v, v->walk.failed->answer);
	} else if (unknown) {
		v->reason = DMARC_IDENTIFIER;
		v->detail = unknown->domain;
	} else if (unchecked) {
		v->reason = DMARC_UNCHECKED;
		v->detail = unchecked->domain;
	} else if (v->reason == DMARC_NOT_ALIGNED) {
		name_cause(v, a);
	}
}

/*
 * The policy.
 */

/* RFC 9989 3.2.13, A.4: does the domain not exist? If its CNAME leads to a
 * name that does not exist, the domain itself does. */
static bool
is_missing(const struct dns_answer *answer)
{
	return answer->status == DNS_NXDOMAIN &&
	    span_eq(answer->canonical, answer->name);
}

/* RFC 9989 4.10.1: does p= apply: that of the author domain's own record, or
 * p=none in place of an invalid policy? */
static bool
takes_p(const struct dmarc_verdict *v)
{
	return v->bad_policy || v->applies == v->walk.levels;
}

/* Does it matter whether the author domain exists (RFC 9989 4.7, np)? */
static bool
needs_existence(const struct dmarc_verdict *v)
{
	const struct dmarc_record *r = &v->applies->record;

	return !takes_p(v) && !v->rfc7489 && r->np != r->sp;
}

/* Takes np= instead of sp= if the author domain does not exist. If this is not
 * known, neither is the policy for a fail: temperror (RFC 9989 5.3.6). */
static void
choose_np(const struct dmarc_method *method, struct dmarc_verdict *v)
{
	const struct dns_answer *answer = method->is_limited
	    ? dns_query_limited(method->dns, v->author, DNS_A)
	    : dns_query(method->dns, v->author, DNS_A);

	if (is_missing(answer)) {
		v->published = v->applies->record.np;
		v->tag = "np"; /* present, since np differs from sp */
	} else if (dns_failed(answer->status) && v->reason != DMARC_PASS) {
		set_failure(v, answer);
	}
}

/* RFC 9989 4.10.1: p= of the author domain's own record, sp= or np= of a record
 * above it. */
static void
choose_policy(const struct dmarc_method *method, struct dmarc_verdict *v)
{
	const struct dmarc_record *r = &v->applies->record;

	v->tag = "p";
	v->published = r->p;
	if (takes_p(v))
		return;
	v->tag = r->has_sp ? "sp" : "p";
	v->published = r->sp;
	if (needs_existence(v))
		choose_np(method, v);
}

static enum dmarc_policy
one_less(enum dmarc_policy policy)
{
	return policy == DMARC_POLICY_NONE ? policy
					   : (enum dmarc_policy)(policy - 1);
}

static void
apply_policy(
    const struct dmarc_method *method, struct dmarc_verdict *v, unsigned sample)
{
	const struct dmarc_record *r = &v->applies->record;
	bool strict;

	if (!v->bad_policy) /* else as p=none: the record has a rua= */
		v->policy = v->published;
	strict = v->policy != DMARC_POLICY_NONE;
	v->lowered = strict && !method->rfc7489 && r->testing;
	if (v->lowered) /* RFC 9989 4.7, t */
		v->policy = one_less(v->policy);
	if (v->reason == DMARC_PASS)
		return;
	v->sampled_out = strict && method->rfc7489 && sample >= r->pct;
	v->disposition = v->policy;
	if (v->sampled_out) /* RFC 7489 6.6.4 */
		v->disposition = one_less(v->policy);
}

static bool
has_policy(const struct dmarc_verdict *v)
{
	enum result_code code = dmarc_code(v);

	return code == RESULT_PASS || code == RESULT_FAIL;
}

/* Finds the record that applies. Returns false, with the reason in v, without a
 * record or with an invalid policy. */
static bool
discover(const struct dmarc_method *method, struct dmarc_verdict *v)
{
	const struct dmarc_record *r;

	dmarc_walk_begin(method, v->author, &v->walk);
	if (v->walk.levels[0].found != DMARC_FOUND_RECORD)
		dmarc_walk_complete(method, &v->walk);
	v->applies = dmarc_walk_policy(&v->walk);
	if (!v->applies) {
		v->reason = DMARC_NO_RECORD;
		if (v->walk.failed)
			set_failure(v, v->walk.failed->answer);
		return false;
	}
	/* RFC 9989 4.10.1; RFC 7489 6.6.3, step 6, which requires p=. */
	r = &v->applies->record;
	v->bad_policy =
	    method->rfc7489 ? r->bad_old_policy || !r->has_p : r->bad_policy;
	if (v->bad_policy && !r->nrua) {
		v->reason = DMARC_POLICY;
		v->detail = v->applies->domain;
		return false;
	}
	return true;
}

void
dmarc_eval(const struct dmarc_method *method, struct span author,
    const struct dmarc_identifier *list, size_t n, unsigned sample,
    struct dmarc_verdict *v)
{
	*v = (struct dmarc_verdict){
	    .author = author, .rfc7489 = method->rfc7489};
	if (!discover(method, v))
		return;
	align_all(method, v, list, n);
	decide(v, method->arena);
	if (has_policy(v))
		choose_policy(method, v);
	if (has_policy(v))
		apply_policy(method, v, sample);
}

void
dmarc_eval_unread(const struct dmarc_method *method, struct span domain,
    const struct dmarc_authors *from, unsigned sample, struct dmarc_verdict *v)
{
	dmarc_eval(method, domain, NULL, 0, sample, v);
	if (dmarc_code(v) != RESULT_FAIL)
		return;
	v->reason = from->reason;
	v->detail = from->detail;
	v->raised = v->policy != DMARC_POLICY_NONE;
}

/* Repeats the first steps of dmarc_eval() in its own arena: it is called again
 * each time an answer arrives. */
bool
dmarc_eval_prefetch(const struct dmarc_method *method, struct span author)
{
	struct dmarc_method ready = *method;
	struct dmarc_verdict v = {.author = author, .rfc7489 = method->rfc7489};

	ready.arena = arena_new();
	ready.only_ready = true;
	if (discover(&ready, &v) && needs_existence(&v))
		dns_prefetch(method->dns, author, DNS_A);
	arena_free(ready.arena);
	return !v.walk.failed;
}
