#include <inttypes.h>
#include <stdlib.h>

#include "dkim/dkim.h"
#include "base/limit.h"

/* One hash of the body, for all signatures that want the same one. */
struct body_hash {
	enum canon canon;
	enum digest_hash hash;
	uint64_t length;
	struct digest *digest;
};

struct verification {
	struct dkim_signature sig;
	enum dkim_reason reason; /* so far */
	bool is_parsed;          /* its field can be read */
	struct digest *body;     /* only where reason is DKIM_OK */
	size_t shown;            /* octets of b= in header.b */
};

struct dkim_verifier {
	const struct message *m;
	struct arena *arena;
	struct dns *dns;
	struct dkim_policy policy;
	struct verification *list;
	size_t n;
	size_t unlisted; /* more signatures, for which no result has room */
	struct body_hash *hashes;
	size_t nhashes;
	struct sink **sinks; /* of their digests */
	size_t nsinks;
};

/* RFC 6376 3.5 (t=, x=), RFC 8301 3.1: what is known before any question. */
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
    struct dkim_verifier *v, struct verification *j, const struct field *f)
{
	j->reason = dkim_signature_parse(f, v->arena, &j->sig);
	j->is_parsed = j->reason == DKIM_OK;
	if (j->is_parsed)
		j->reason = precheck(&j->sig, &v->policy);
	if (j->reason != DKIM_OK)
		return;
	dns_prefetch_limited(v->dns,
	    dkim_key_name(j->sig.selector, j->sig.domain, v->arena), DNS_TXT);
	j->body = body_digest(v, &j->sig);
}

static int
compare_text(const void *a, const void *b)
{
	return span_cmp((*(struct verification *const *)a)->sig.text,
	    (*(struct verification *const *)b)->sig.text);
}

/* How many octets two different values of b= have in common. */
static size_t
common(const struct verification *a, const struct verification *b)
{
	size_t n = 0;

	if (span_eq(a->sig.text, b->sig.text))
		return 0;
	while (n < a->sig.text.len && n < b->sig.text.len &&
	    a->sig.text.p[n] == b->sig.text.p[n])
		n++;
	return n;
}

/* RFC 6008 3: eight octets of b=, more where that is not unique. */
static void
choose_shown(struct dkim_verifier *v)
{
	struct verification **order =
	    ARENA_ARRAY(v->arena, struct verification *, v->n);

	for (size_t i = 0; i < v->n; i++)
		order[i] = &v->list[i];
	qsort(order, v->n, sizeof(struct verification *), compare_text);
	for (size_t i = 0; i < v->n; i++) {
		size_t up = i ? common(order[i - 1], order[i]) : 0;
		size_t down = i + 1 < v->n ? common(order[i], order[i + 1]) : 0;
		size_t n = (up > down ? up : down) + 1;

		n = n < 8 ? 8 : n;
		order[i]->shown =
		    n < order[i]->sig.text.len ? n : order[i]->sig.text.len;
	}
}

/* The next signature, top to bottom: judged, only named, or only counted. What
 * is not judged cannot pass, so the last that has a result is not judged. */
static void
add_signature(struct dkim_verifier *v, const struct field *f)
{
	struct verification *j = &v->list[v->n];

	if (v->n == LIMIT_AUTHRES_RESULTS) {
		v->unlisted++;
		return;
	}
	if (v->n < v->policy.max_signatures &&
	    v->n + 1 < LIMIT_AUTHRES_RESULTS) {
		begin_one(v, j, f);
	} else {
		dkim_signature_parse(f, v->arena, &j->sig);
		j->sig.wrong = j->sig.detail = SPAN_NONE;
		j->reason = DKIM_TOO_MANY;
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

static enum dkim_reason
open_key(const struct dkim_verifier *v, const struct dkim_key *key,
    struct key_public **public)
{
	unsigned least =
	    v->policy.legacy ? LIMIT_RSA_BITS_LEGACY : LIMIT_RSA_BITS_MIN;

	switch (key_public_parse(key->type, key->data, public)) {
	case KEY_OK:
		break;
	case KEY_SYNTAX:
		return DKIM_KEY_SYNTAX;
	case KEY_TOO_LARGE:
		return DKIM_KEY_LARGE;
	case KEY_EXPONENT:
		return DKIM_KEY_EXPONENT;
	case KEY_WEAK:
		return DKIM_KEY_WEAK;
	case KEY_FORBIDDEN:
		return DKIM_FORBIDDEN;
	}
	if (key->type == KEY_RSA && key_public_bits(*public) < least)
		return DKIM_KEY_SMALL;
	return DKIM_OK;
}

/* open_key(), and words about a p= that has no key. */
static enum dkim_reason
use_key(const struct dkim_verifier *v, struct dkim_key *key,
    struct key_public **public)
{
	enum dkim_reason reason = open_key(v, key, public);

	if (reason == DKIM_KEY_SYNTAX) {
		key->wrong = key->p;
		key->detail = key->type == KEY_RSA
		    ? SPAN("p= is not an RSA key")
		    : SPAN("p= is not an Ed25519 key of 32 octets");
	}
	return reason;
}

/* RFC 6376 3.7: the field itself with b= emptied. */
static struct span
own_text(const struct dkim_signature *s, struct arena *a)
{
	const char *end = s->field->raw.p + s->field->raw.len;
	struct buf b = BUF(a);

	buf_add(&b, span_between(s->field->raw.p, s->blank.p));
	buf_add(&b, span_between(s->blank.p + s->blank.len, end));
	return buf_span(&b);
}

static struct span
header_hash(
    struct dkim_verifier *v, const struct dkim_signature *s, uint32_t *used)
{
	struct digest *d = digest_new(s->hash, UINT64_MAX, v->arena);

	dkim_put_header(v->m, s->header, s->names, s->field,
	    own_text(s, v->arena), &d->sink, used);
	sink_end(&d->sink);
	return d->value;
}

static void
note_reason(struct result *r, enum dkim_reason reason)
{
	result_note(
	    r, dkim_reasons[reason].id, span_of(dkim_reasons[reason].words));
}

/* What a signature that fits leaves open. */
static enum dkim_reason
check_coverage(struct dkim_verifier *v, const struct verification *j,
    const uint32_t *used, struct result *r)
{
	dkim_note_duplicates(v->m, used, r);
	if (j->body->total > j->sig.length && !v->policy.allow_body_length)
		return DKIM_BODY_UNSIGNED;
	return dkim_is_uncovered(v->m, used, SPAN("From")) ? DKIM_FROM_DUPLICATE
							   : DKIM_OK;
}

/* Is the body another one than was signed? Not if that cannot be known. */
static bool
body_differs(const struct verification *j)
{
	return j->body->value.p && !span_eq(j->body->value, j->sig.body_hash);
}

/* Is the header the one that was signed? */
static enum dkim_reason
check_header(struct dkim_verifier *v, const struct verification *j,
    const struct key_public *public, uint32_t *used)
{
	struct span value = header_hash(v, &j->sig, used);

	if (!value.p)
		return DKIM_FORBIDDEN;
	switch (key_verify(public, j->sig.hash, value, j->sig.signature)) {
	case KEY_FITS:
		return DKIM_OK;
	case KEY_REFUSED:
		return DKIM_FORBIDDEN;
	case KEY_DIFFERS:
		break;
	}
	return DKIM_SIGNATURE;
}

/* RFC 6376 6.1.3. Both parts are always judged, and both are reported. What
 * cannot be checked here is found after all that can. */
static enum dkim_reason
check_hashes(struct dkim_verifier *v, const struct verification *j,
    const struct key_public *public, struct result *r)
{
	uint32_t *used = ARENA_ARRAY(v->arena, uint32_t, v->m->nnames);
	bool fits = !j->sig.has_length || j->sig.length <= j->body->total;
	enum dkim_reason header = check_header(v, j, public, used);

	if (fits && !body_differs(j))
		return header == DKIM_OK ? check_coverage(v, j, used, r)
					 : header;
	if (header != DKIM_OK)
		note_reason(r, header);
	return fits ? DKIM_BODY_HASH : DKIM_BODY_LENGTH;
}

/* A key whose type is forbidden cannot be opened (RFC 8601 2.7.1, policy): the
 * body still can be another one. */
static enum dkim_reason
check_forbidden(const struct verification *j, struct result *r)
{
	if (!body_differs(j))
		return DKIM_FORBIDDEN;
	note_reason(r, DKIM_FORBIDDEN);
	return DKIM_BODY_HASH;
}

static enum dkim_reason
check_with_key(struct dkim_verifier *v, const struct verification *j,
    struct dkim_key *key, struct result *r)
{
	struct key_public *public = NULL;
	enum dkim_reason reason = dkim_key_allows(key, &j->sig);

	if (reason == DKIM_OK)
		reason = use_key(v, key, &public);
	if (reason == DKIM_OK)
		reason = check_hashes(v, j, public, r);
	else if (reason == DKIM_FORBIDDEN)
		reason = check_forbidden(j, r);
	else if (body_differs(j))
		note_reason(r, DKIM_BODY_HASH);
	if (v->policy.legacy && public &&
	    (j->sig.hash == DIGEST_SHA1 ||
		(key->type == KEY_RSA &&
		    key_public_bits(public) < LIMIT_RSA_BITS_MIN)))
		result_note(
		    r, DKIM_NOTE_LEGACY, SPAN("judged as before RFC 8301"));
	key_public_free(public);
	return reason;
}

/*
 * RFC 6376 3.6.1, t=y: a failure is as if there were no signature, so neutral.
 * A pass stays one (what receivers do), unless honor_testing.
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
set_reason(struct dkim_verifier *v, const struct verification *j,
    enum dkim_reason reason, struct result *r)
{
	result_because(r, &dkim_reasons[reason]);
	if (reason == DKIM_BODY_UNSIGNED)
		r->why.words = arena_printf(v->arena,
		    "%" PRIu64 " octets at the end of the body are not signed "
		    "(l=)",
		    j->body->total - j->sig.length);
}

/* RFC 8601 2.7.1, RFC 6008. */
static void
set_properties(const struct verification *j, struct result *r)
{
	const struct dkim_signature *s = &j->sig;

	r->domain = s->domain;
	result_property(r, "header.d", s->domain, RESULT_ADDRESS);
	result_property(r, "header.i", s->auid, RESULT_ADDRESS);
	result_property(r, "header.s", s->selector, RESULT_VALUE);
	result_property(r, "header.a", s->algorithm, RESULT_VALUE);
	if (s->text.len)
		result_property(
		    r, "header.b", span_upto(s->text, j->shown), RESULT_VALUE);
}

static void
verify_signature(
    struct dkim_verifier *v, struct verification *j, struct result *r)
{
	struct dkim_key key = {.is_testing = false};

	*r = (struct result){.method = "dkim"};
	set_properties(j, r);
	if (j->reason == DKIM_OK) {
		j->reason = dkim_key_query(
		    v->dns, j->sig.selector, j->sig.domain, v->arena, &key);
		if (j->reason == DKIM_OK)
			j->reason = check_with_key(v, j, &key, r);
		else if (body_differs(j))
			note_reason(r, DKIM_BODY_HASH);
	}
	set_reason(v, j, j->reason, r);
	dkim_note_detail(v->m, &j->sig, &key, r);
	if (j->is_parsed)
		dkim_note_tolerated(&j->sig, &key, r);
	if (key.is_testing)
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
		    "not judged, like %zu more below it: other signatures "
		    "stand above it",
		    v->unlisted);
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

/* What flows on up to a length: the part of a body that l= covers. */
struct limited {
	struct sink sink;
	struct sink *to;
	uint64_t left;
};

static void
limited_put(struct sink *self, const char *p, size_t n)
{
	struct limited *l = (struct limited *)self;

	if (n > l->left)
		n = (size_t)l->left;
	l->left -= n;
	sink_put(l->to, (struct span){p, n});
}

static void
limited_end(struct sink *self)
{
	sink_end(((struct limited *)self)->to);
}

struct sink *
dkim_canonical_body(
    const struct dkim_signature *s, struct sink *to, struct arena *a)
{
	struct limited *l = ARENA_NEW(a, struct limited);

	*l = (struct limited){{limited_put, limited_end}, to, s->length};
	return canon_body(s->body, &l->sink, a);
}

void
dkim_canonical_header(const struct message *m, const struct dkim_signature *s,
    struct sink *to, struct arena *a)
{
	dkim_put_header(
	    m, s->header, s->names, s->field, own_text(s, a), to, NULL);
}
