/* dkim_verify: verifies the signatures of a message. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>
#include <stdlib.h>

#include "dkim/dkim_internal.h"
#include "base/limit.h"

/* A hash of the body, shared by all signatures that need the same one. */
struct body_hash {
	enum canon canon;
	enum digest_hash hash;
	uint64_t length;
	struct digest *digest;
};

struct verification {
	struct dkim_signature sig;
	enum dkim_reason reason; /* as known so far */
	bool is_parsed;          /* the signature field is valid */
	struct digest *body;     /* NULL if it need not be hashed */
	size_t shown;            /* octets of b= in header.b */
	struct dkim_key key;     /* once it was looked up */
	bool has_key;            /* it is valid */
	bool header_verified;    /* its hash was compared ... */
	bool header_intact;      /* ... and is the one signed */
};

struct dkim_verifier {
	const struct message *m;
	struct arena *arena;
	struct dns *dns;
	struct dkim_policy policy;
	struct verification *list;
	size_t n;
	size_t unlisted; /* further signatures, without a result of their own */
	struct body_hash *hashes;
	size_t nhashes;
	struct sink **sinks; /* of the digests in hashes */
	size_t nsinks;
	struct key_ring *own; /* the keys, unless policy.keys has them */
};

/* What can be checked without the key: RFC 6376 3.5 (t=, x=), RFC 8301 3.1. */
static enum dkim_reason
precheck(const struct dkim_signature *s, const struct dkim_policy *policy)
{
	if (s->hash == DIGEST_SHA1 && !policy->legacy)
		return DKIM_SHA1;
	if (s->has_expiry && s->expiry + LIMIT_CLOCK_SKEW < policy->now)
		return DKIM_EXPIRED;
	if (s->has_time && s->time - LIMIT_CLOCK_SKEW > policy->now)
		return DKIM_FUTURE;
	return DKIM_OK;
}

static struct digest *
body_digest(struct dkim_verifier *v, const struct dkim_signature *s)
{
	struct body_hash *h;

	for (size_t i = 0; i < v->nhashes; i++) {
		h = &v->hashes[i];
		if (h->canon == s->body && h->hash == s->hash &&
		    h->length == s->length)
			return h->digest;
	}
	h = ARENA_PUSH(v->arena, v->hashes, v->nhashes);
	*h = (struct body_hash){s->body, s->hash, s->length,
	    digest_new(s->hash, s->length, v->arena)};
	*ARENA_PUSH(v->arena, v->sinks, v->nsinks) =
	    canon_body(s->body, &h->digest->sink, v->arena);
	return h->digest;
}

static void
begin_one(
    struct dkim_verifier *v, struct verification *ver, const struct field *f)
{
	ver->reason = dkim_signature_parse(f, v->arena, &ver->sig);
	ver->is_parsed = ver->reason == DKIM_OK;
	if (ver->is_parsed)
		ver->reason = precheck(&ver->sig, &v->policy);
	if (ver->reason != DKIM_OK)
		return;
	dns_prefetch_limited(v->dns,
	    dkim_key_name(ver->sig.selector, ver->sig.domain, v->arena),
	    DNS_TXT);
	ver->body = body_digest(v, &ver->sig);
}

static int
compare_text(const void *a, const void *b)
{
	return span_cmp((*(struct verification *const *)a)->sig.text,
	    (*(struct verification *const *)b)->sig.text);
}

/* Returns the length of the common prefix of two b=. */
static size_t
common(const struct verification *a, const struct verification *b)
{
	size_t n = 0;

	while (n < a->sig.text.len && n < b->sig.text.len &&
	    a->sig.text.p[n] == b->sig.text.p[n])
		n++;
	return n;
}

/* Returns where those after the i-th whose b= equals it end. */
static size_t
end_of_equal(struct verification *const *order, size_t i, size_t n)
{
	size_t end = i + 1;

	while (end < n && !compare_text(&order[i], &order[end]))
		end++;
	return end;
}

/* RFC 6008 3: header.b has eight octets of b=, more if these are ambiguous.
 * Equal ones have the same. */
static void
choose_shown(struct dkim_verifier *v)
{
	struct verification **order =
	    ARENA_ARRAY(v->arena, struct verification *, v->n);

	for (size_t i = 0; i < v->n; i++)
		order[i] = &v->list[i];
	qsort(order, v->n, sizeof(struct verification *), compare_text);
	for (size_t i = 0, end; i < v->n; i = end) {
		size_t up = i ? common(order[i - 1], order[i]) : 0, down, n;

		end = end_of_equal(order, i, v->n);
		down = end < v->n ? common(order[i], order[end]) : 0;
		n = (up > down ? up : down) + 1;
		n = n < 8 ? 8 : n;
		if (n > order[i]->sig.text.len)
			n = order[i]->sig.text.len;
		for (size_t k = i; k < end; k++)
			order[k]->shown = n;
	}
}

/* Adds the next signature, top to bottom: to be verified, only to be listed, or
 * only to be counted. The last one that has a result of its own also represents
 * those that are only counted, so it is never verified, and cannot pass. */
static void
add_signature(struct dkim_verifier *v, const struct field *f)
{
	struct verification *ver = &v->list[v->n];

	if (v->n == LIMIT_AUTHRES_RESULTS) {
		v->unlisted++;
		return;
	}
	if (v->n < v->policy.max_signatures &&
	    v->n + 1 < LIMIT_AUTHRES_RESULTS) {
		begin_one(v, ver, f);
	} else {
		dkim_signature_parse(f, v->arena, &ver->sig);
		ver->sig.wrong = ver->sig.detail = SPAN_NONE;
		ver->reason = DKIM_TOO_MANY;
	}
	v->n++;
}

struct dkim_verifier *
dkim_verify_begin(
    const struct message *m, struct dns *dns, const struct dkim_policy *policy)
{
	struct dkim_verifier *v = ARENA_NEW(m->arena, struct dkim_verifier);
	size_t n;

	*v = (struct dkim_verifier){
	    .m = m, .arena = m->arena, .dns = dns, .policy = *policy};
	if (!policy->keys)
		v->policy.keys = v->own = key_ring_new();
	n = message_count(m, SPAN("DKIM-Signature"));
	v->list = ARENA_ARRAY(v->arena, struct verification,
	    n < LIMIT_AUTHRES_RESULTS ? n : LIMIT_AUTHRES_RESULTS);
	for (size_t i = 0; i < m->nfields; i++)
		if (span_caseeq(m->fields[i].name, SPAN("DKIM-Signature")))
			add_signature(v, &m->fields[i]);
	choose_shown(v);
	return v;
}

size_t
dkim_verify_sinks(const struct dkim_verifier *v, struct sink *const **sinks)
{
	*sinks = v->sinks;
	return v->nsinks;
}

/* Imports the key, and records words about a p= that is not a key. */
static enum dkim_reason
use_key(const struct dkim_verifier *v, struct dkim_key *key,
    const struct key_public **public)
{
	unsigned least =
	    v->policy.legacy ? LIMIT_RSA_BITS_LEGACY : LIMIT_RSA_BITS_MIN;
	enum key_status status =
	    key_ring_parse(v->policy.keys, key->type, key->data, public);
	enum dkim_reason reason = dkim_key_reason(status, *public, least);

	if (reason == DKIM_KEY_SYNTAX) {
		key->wrong = key->p;
		key->detail = key->type == KEY_RSA
		    ? SPAN("p= is not an RSA key")
		    : SPAN("p= is not an Ed25519 key of 32 octets");
	}
	return reason;
}

static struct span
header_hash(
    struct dkim_verifier *v, const struct dkim_signature *s, uint32_t *used)
{
	struct digest *d = digest_new(s->hash, UINT64_MAX, v->arena);

	dkim_put_header(v->m, s->header, s->names, s->field,
	    dkim_signature_text(s, v->arena), &d->sink, used);
	sink_end(&d->sink);
	return d->value;
}

static void
note_reason(struct result *r, enum dkim_reason reason)
{
	result_note(
	    r, dkim_reasons[reason].id, span_of(dkim_reasons[reason].words));
}

/* The signature is valid: does it cover all that it should? */
static enum dkim_reason
check_coverage(struct dkim_verifier *v, const struct verification *ver,
    const uint32_t *used, struct result *r)
{
	dkim_note_duplicates(v->m, used, r);
	if (ver->body->total > ver->sig.length && !v->policy.allow_body_length)
		return DKIM_BODY_UNSIGNED;
	return dkim_is_uncovered(v->m, used, SPAN("From")) ? DKIM_FROM_DUPLICATE
							   : DKIM_OK;
}

/* Is the body known to differ from the one that was signed?
 * False if there is no hash of it. */
static bool
body_differs(const struct verification *ver)
{
	return ver->body->value.p &&
	    !span_eq(ver->body->value, ver->sig.body_hash);
}

/* Verifies the signature over the header. */
static enum dkim_reason
check_header(struct dkim_verifier *v, const struct verification *ver,
    const struct key_public *public, uint32_t *used)
{
	struct span value = header_hash(v, &ver->sig, used);

	if (!value.p)
		return DKIM_FORBIDDEN;
	switch (key_verify(public, ver->sig.hash, value, ver->sig.signature)) {
	case KEY_FITS:
		return DKIM_OK;
	case KEY_REFUSED:
		return DKIM_FORBIDDEN;
	case KEY_DIFFERS:
		break;
	}
	return DKIM_SIGNATURE;
}

/* RFC 6376 6.1.3. The body and the header are both checked, and both reported.
 * DKIM_FORBIDDEN, where one cannot be checked, yields to any failure found. */
static enum dkim_reason
check_hashes(struct dkim_verifier *v, struct verification *ver,
    const struct key_public *public, struct result *r)
{
	uint32_t *used = ARENA_ARRAY(v->arena, uint32_t, v->m->nnames);
	bool fits = !ver->sig.has_length || ver->sig.length <= ver->body->total;
	enum dkim_reason header = check_header(v, ver, public, used);

	ver->header_verified = header != DKIM_FORBIDDEN;
	ver->header_intact = header == DKIM_OK;
	if (fits && !body_differs(ver))
		return header == DKIM_OK ? check_coverage(v, ver, used, r)
					 : header;
	if (header != DKIM_OK)
		note_reason(r, header);
	return fits ? DKIM_BODY_HASH : DKIM_BODY_LENGTH;
}

/* The key cannot be loaded, as its type is forbidden (RFC 8601 2.7.1, policy);
 * a changed body is still found. */
static enum dkim_reason
check_forbidden(const struct verification *ver, struct result *r)
{
	if (!body_differs(ver))
		return DKIM_FORBIDDEN;
	note_reason(r, DKIM_FORBIDDEN);
	return DKIM_BODY_HASH;
}

static enum dkim_reason
check_with_key(
    struct dkim_verifier *v, struct verification *ver, struct result *r)
{
	struct dkim_key *key = &ver->key;
	const struct key_public *public = NULL;
	enum dkim_reason reason = dkim_key_allows(key, &ver->sig);

	if (reason == DKIM_OK)
		reason = use_key(v, key, &public);
	if (reason == DKIM_OK)
		reason = check_hashes(v, ver, public, r);
	else if (reason == DKIM_FORBIDDEN)
		reason = check_forbidden(ver, r);
	else if (body_differs(ver))
		note_reason(r, DKIM_BODY_HASH);
	if (v->policy.legacy && public &&
	    (ver->sig.hash == DIGEST_SHA1 ||
		(key->type == KEY_RSA &&
		    key_public_bits(public) < LIMIT_RSA_BITS_MIN)))
		result_note(
		    r, DKIM_NOTE_LEGACY, SPAN("verified as before RFC 8301"));
	return reason;
}

/*
 * RFC 6376 3.6.1, t=y: a failed signature is treated as an absent one, so the
 * result is neutral. A pass remains one, as at other receivers, unless
 * honor_testing.
 */
static void
apply_testing(const struct dkim_policy *policy, struct result *r)
{
	struct span words = SPAN("the domain is testing this key (t=y)");

	if (r->code == RESULT_PASS && policy->honor_testing) {
		r->code = RESULT_NEUTRAL;
		r->why = (struct result_note){DKIM_NOTE_TESTING, words};
		return;
	}
	if (r->code == RESULT_FAIL)
		r->code = RESULT_NEUTRAL;
	result_note(r, DKIM_NOTE_TESTING, words);
}

static void
set_reason(struct dkim_verifier *v, const struct verification *ver,
    enum dkim_reason reason, struct result *r)
{
	result_because(r, &dkim_reasons[reason]);
	if (reason == DKIM_BODY_UNSIGNED)
		r->why.words = arena_printf(v->arena,
		    "%" PRIu64 " octets at the end of the body are not signed "
		    "(l=)",
		    ver->body->total - ver->sig.length);
}

/* RFC 8601 2.7.1, RFC 6008. */
static void
set_properties(const struct verification *ver, struct result *r)
{
	const struct dkim_signature *s = &ver->sig;

	r->domain = s->domain;
	result_property(r, "header.d", s->domain, RESULT_ADDRESS);
	result_property(r, "header.i", s->auid, RESULT_ADDRESS);
	result_property(r, "header.s", s->selector, RESULT_VALUE);
	result_property(r, "header.a", s->algorithm, RESULT_VALUE);
	if (s->text.len)
		result_property(r, "header.b", span_upto(s->text, ver->shown),
		    RESULT_VALUE);
}

static void
verify_signature(
    struct dkim_verifier *v, struct verification *ver, struct result *r)
{
	struct dkim_key *key = &ver->key;

	*r = (struct result){.method = "dkim"};
	set_properties(ver, r);
	if (ver->reason == DKIM_OK) {
		ver->reason = dkim_key_query(
		    v->dns, ver->sig.selector, ver->sig.domain, v->arena, key);
		ver->has_key = ver->reason == DKIM_OK;
		if (ver->has_key)
			ver->reason = check_with_key(v, ver, r);
		else if (body_differs(ver))
			note_reason(r, DKIM_BODY_HASH);
	}
	set_reason(v, ver, ver->reason, r);
	dkim_note_detail(v->m, &ver->sig, key, r);
	if (ver->is_parsed)
		dkim_note_tolerated(&ver->sig, key, r);
	if (key->is_testing)
		apply_testing(&v->policy, r);
}

size_t
dkim_verify_end(struct dkim_verifier *v, const struct result **results)
{
	struct result *list =
	    ARENA_ARRAY(v->arena, struct result, v->n ? v->n : 1);

	if (!v->n) {
		list->method = "dkim";
		set_reason(v, NULL, DKIM_NONE, list);
	}
	for (size_t i = 0; i < v->n; i++) {
		verify_signature(v, &v->list[i], &list[i]);
		if (v->policy.verbose)
			dkim_verbose(
			    v->m, &v->list[i].sig, v->list[i].body, &list[i]);
	}
	if (v->unlisted)
		list[v->n - 1].why.words = arena_printf(v->arena,
		    "not checked, like %zu more below it: too many "
		    "signatures above it",
		    v->unlisted);
	key_ring_free(v->own);
	*results = list;
	return v->n ? v->n : 1;
}

const struct dkim_signature *
dkim_verify_signature(const struct dkim_verifier *v, size_t index)
{
	if (!index || index > v->n || !v->list[index - 1].is_parsed)
		return NULL;
	return &v->list[index - 1].sig;
}

size_t
dkim_verify_count(const struct dkim_verifier *v)
{
	return v->n;
}

struct dkim_outcome
dkim_verify_outcome(const struct dkim_verifier *v, size_t index)
{
	const struct verification *ver = &v->list[index - 1];

	return (struct dkim_outcome){
	    .signature = ver->is_parsed ? &ver->sig : NULL,
	    .reason = ver->reason,
	    .key = ver->has_key ? &ver->key : NULL,
	    .header_verified = ver->header_verified,
	    .header_intact = ver->header_intact,
	    .body = ver->body ? ver->body->value : SPAN_NONE,
	};
}

void
dkim_canonical_header(const struct message *m, const struct dkim_signature *s,
    struct sink *to, struct arena *a)
{
	dkim_put_header(m, s->header, s->names, s->field,
	    dkim_signature_text(s, a), to, NULL);
}
