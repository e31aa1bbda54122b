/* fixture_context: a signed message, the zone of its keys, and its context. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_CONTEXT_H
#define FIXTURE_CONTEXT_H

#include "fixture_compare.h"
#include "fixture_zone.h"

#include "base/base64.h"
#include "explain/context.h"

#define NOW INT64_C(1700000000)

/* Keys of tests, made once. */
enum {
	RSA_ONE,
	RSA_TWO,
	ED_ONE,
	ED_TWO,
	KEYS
};
static struct key_private *fixture_private[KEYS];

static inline int
make_keys(void **state)
{
	struct key_error error;

	(void)state;
	for (int i = 0; i < KEYS; i++) {
		fixture_private[i] = key_generate(
		    i >= ED_ONE ? KEY_ED25519 : KEY_RSA, 2048, &error);
		assert_non_null(fixture_private[i]);
	}
	return 0;
}

static inline int
free_keys(void **state)
{
	(void)state;
	for (int i = 0; i < KEYS; i++)
		key_private_free(fixture_private[i]);
	return 0;
}

/* Returns p= of a key. */
static inline struct span
p_of(int key, struct arena *a)
{
	struct key_public *public = key_private_public(fixture_private[key]);
	struct span text = base64_encode(key_public_octets(public, a), a);

	key_public_free(public);
	return text;
}

/* Returns a line of a zone with a TXT record: before, then the p= of a key,
 * unless it is KEYS, then after. */
static inline struct span
record_of(const char *selector, const char *before, int key, const char *after,
    struct arena *a)
{
	struct span p = key == KEYS ? SPAN("") : p_of(key, a);
	size_t half = p.len / 2;

	return arena_printf(a,
	    "%s._domainkey.example.org. 60 IN TXT \"%s" SPAN_FMT
	    "\" \"" SPAN_FMT "%s\"\n",
	    selector, before, SPAN_ARG(span_upto(p, half)),
	    SPAN_ARG(span_from(p, half)), after);
}

static inline struct span
rsa_record(const char *selector, int key, struct arena *a)
{
	return record_of(selector, "v=DKIM1; k=rsa; p=", key, "", a);
}

struct signing {
	int key;
	const char *domain, *selector, *names; /* NULL: example.org, s1, From */
	enum canon canon;
	int64_t time, expiry;
};

/* Returns the signature field of a header with the body "hello". */
static inline struct span
sign(struct span header, const struct signing *s, struct arena *a)
{
	struct message *m = message_of(header, a);
	struct sink *sink;
	struct digest *d = dkim_sign_body(s->canon, a, &sink);
	struct dkim_signing signing = {
	    span_of(s->domain ? s->domain : "example.org"),
	    span_of(s->selector ? s->selector : "s1"), fixture_private[s->key]};
	struct dkim_sign_options options = {.header = s->canon,
	    .body = s->canon,
	    .names = span_of(s->names ? s->names : "From"),
	    .has_time = s->time != 0,
	    .time = s->time,
	    .expiry = s->expiry};
	struct span field;

	sink_put(sink, SPAN("hello\n"));
	sink_end(sink);
	field = arena_span(a, dkim_sign(m, &signing, &options, d->value));
	assert_non_null(field.p);
	return field;
}

/* Verifies a message, and returns the context of its index-th signature. */
static inline struct context
context_of(struct span header, struct span body, size_t index, struct span zone,
    struct arena *a)
{
	static const struct dkim_policy policy = {
	    .max_signatures = SIZE_MAX, .now = NOW};
	struct message *m = message_of(header, a);
	struct dns *dns = dns_of(zone, a);
	struct dkim_verifier *v;
	struct dkim_outcome o;
	struct context_question q;
	struct context c;
	struct sink *const *sinks;
	const struct result *results;
	struct key_public *key;
	struct span value;
	size_t n;

	dns_limit(dns, SIZE_MAX);
	dns_begin(dns);
	v = dkim_verify_begin(m, dns, &policy);
	n = dkim_verify_sinks(v, &sinks);
	for (size_t i = 0; i < n; i++) {
		sink_put(sinks[i], body);
		sink_end(sinks[i]);
	}
	dkim_verify_end(v, &results);
	o = dkim_verify_outcome(v, index);
	assert_non_null(o.signature);
	q = (struct context_question){.m = m,
	    .signature = o.signature,
	    .key = o.key,
	    .reason = o.reason,
	    .header_intact = o.header_intact,
	    .verifier = v,
	    .dns = dns,
	    .now = NOW};
	if (!span_eq(o.body, o.signature->body_hash))
		q.altered = body;
	if (o.key && o.key->type == KEY_RSA && o.header_verified &&
	    !o.header_intact && dkim_key_import(o.key, 512, &key) == DKIM_OK) {
		q.block_is_other = !key_recover(
		    key, o.signature->hash, o.signature->signature, a, &value);
		key_public_free(key);
	}
	q.is_unexplained = o.signature->type == KEY_ED25519 &&
	    o.header_verified && !o.header_intact;
	c = context_find(&q, a);
	dns_free(dns);
	return c;
}

/* Returns the remarks of a context: "id(what) id". */
static inline struct span
notes_of(const struct context *c, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < c->nnotes; i++) {
		buf_printf(&b, "%s%s", i ? " " : "", c->notes[i].kind->id);
		if (c->notes[i].what.p)
			buf_printf(
			    &b, "(" SPAN_FMT ")", SPAN_ARG(c->notes[i].what));
	}
	return buf_span(&b);
}

#endif
