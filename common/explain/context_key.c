/* context_key: which key has made the signature? */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

#include "base/ascii.h"
#include "base/domain.h"
#include "base/limit.h"

/* Selectors that many domains use. */
static const char *const common[] = {
    "default", "selector1", "selector2", "dkim", "mail", "s1", "s2", "google"};

/* The selectors whose keys are tried, each once. */
struct selectors {
	struct span list[LIMIT_EXPLAIN_SELECTORS];
	size_t n;
};

static void
add_selector(
    const struct context_search *c, struct selectors *s, struct span name)
{
	if (!name.p || span_eq(name, c->s->selector) ||
	    s->n == LIMIT_EXPLAIN_SELECTORS)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (span_eq(s->list[i], name))
			return;
	s->list[s->n++] = name;
}

/* A domain that rotates two keys has names such as s1 and s2. */
static void
add_neighbours(const struct context_search *c, struct selectors *s)
{
	struct span name = c->s->selector;

	if (!name.len || !ascii_is_digit(name.p[name.len - 1]))
		return;
	for (int step = -1; step <= 1; step += 2) {
		struct span other = arena_span(c->arena, name);
		char digit = (char)(name.p[name.len - 1] + step);

		if (ascii_is_digit(digit))
			add_selector(c, s,
			    ARENA_JOIN(c->arena,
				span_upto(other, other.len - 1),
				((struct span){&digit, 1})));
	}
}

/* others: only those of the other signatures of the domain. */
static void
list_selectors(const struct context_search *c, bool others, struct selectors *s)
{
	struct dkim_outcome o;

	*s = (struct selectors){.n = 0};
	for (size_t i = 0; context_other(c, &i, &o);)
		if (span_eq(o.signature->domain, c->s->domain))
			add_selector(c, s, o.signature->selector);
	if (others)
		return;
	add_neighbours(c, s);
	for (size_t i = 0; i < COUNT(common); i++)
		add_selector(c, s, span_of(common[i]));
}

static bool
verifies(const struct context_search *c, const struct key_public *key)
{
	struct digest *d = digest_new(c->s->hash, UINT64_MAX, c->arena);

	dkim_canonical_header(c->m, c->s, &d->sink, c->arena);
	sink_end(&d->sink);
	return d->value.p &&
	    key_verify(key, c->s->hash, d->value, c->s->signature) == KEY_FITS;
}

/* Has this key made the signature? An RSA signature shows it even if the
 * header was altered. */
static bool
has_made(const struct context_search *c, const struct dkim_key *record)
{
	struct key_public *key = NULL;
	struct span value;
	bool made;

	if (record->type != c->s->type ||
	    dkim_key_import(record, LIMIT_RSA_BITS_LEGACY, &key) != DKIM_OK)
		return false;
	made = record->type == KEY_RSA
	    ? key_recover(key, c->s->hash, c->s->signature, c->arena, &value)
	    : verifies(c, key);
	key_public_free(key);
	return made;
}

/* Returns the selector of the key that has made the signature, or absent. */
static struct span
find_selector(const struct context_search *c, const struct selectors *s)
{
	struct span domain = c->s->domain;
	struct dkim_key record;

	for (size_t i = 0; i < s->n; i++)
		dns_prefetch_limited(c->q->dns,
		    dkim_key_name(s->list[i], domain, c->arena), DNS_TXT);
	for (size_t i = 0; i < s->n; i++)
		if (dkim_key_query(c->q->dns, s->list[i], domain, c->arena,
			&record) == DKIM_OK &&
		    has_made(c, &record))
			return s->list[i];
	return SPAN_NONE;
}

/* Which remark it is if the key of another selector has made the signature;
 * CONTEXT_REMARKS_COUNT: that is not searched. */
static enum context_remark
selector_remark(const struct context_search *c)
{
	switch (c->q->reason) {
	case DKIM_KEY_NONE:
	case DKIM_KEY_REVOKED:
		return CONTEXT_SELECTOR_RENAMED;
	case DKIM_KEY_TYPE:
	case DKIM_NOT_A_KEY:
	case DKIM_KEY_SYNTAX:
	case DKIM_KEY_SEVERAL:
		return CONTEXT_SELECTOR_OTHER;
	case DKIM_SIGNATURE:
	case DKIM_BODY_HASH:
	case DKIM_BODY_LENGTH:
		if (c->q->block_is_other)
			return CONTEXT_SELECTOR_OTHER;
		return c->q->reason == DKIM_SIGNATURE &&
			c->s->type == KEY_ED25519
		    ? CONTEXT_SELECTOR_OTHER
		    : CONTEXT_REMARKS_COUNT;
	default:
		return CONTEXT_REMARKS_COUNT;
	}
}

/* A signature by Ed25519 that does not verify is most often one of an altered
 * header; unless no alteration was found, only keys are tried that cost no
 * further query. */
static bool
find_other_key(struct context_search *c)
{
	enum context_remark remark = selector_remark(c);
	struct selectors s;
	struct span found;

	if (remark == CONTEXT_REMARKS_COUNT || !c->q->dns || !c->s->domain.p)
		return false;
	list_selectors(c,
	    c->s->type == KEY_ED25519 && c->q->reason == DKIM_SIGNATURE &&
		!c->q->is_unexplained,
	    &s);
	found = find_selector(c, &s);
	if (found.p)
		context_note(c, remark, found);
	return found.p != NULL;
}

/* Returns a record without quotes, and without what is between two of them:
 * the strings of a zone file that were copied as they are. A backslash before
 * a semicolon is one of them, too. */
static struct span
without_quotes(struct span record, struct arena *a)
{
	struct buf b = BUF(a);
	bool inside = !span_starts(span_trim(record), SPAN("\""));

	for (size_t i = 0; i < record.len; i++) {
		char c = record.p[i];

		if (c == '"')
			inside = !inside;
		else if (c != '\\' && (inside || !ascii_is_space(c)))
			buf_char(&b, c);
	}
	return buf_span(&b);
}

static void
note_quotes(struct context_search *c)
{
	struct span name =
	    dkim_key_name(c->s->selector, c->s->domain, c->arena);
	const struct dns_answer *answer;
	struct dkim_key key;
	struct span text;

	if (!c->q->dns)
		return;
	answer = dns_query_limited(c->q->dns, name, DNS_TXT);
	if (answer->status != DNS_DATA || !answer->nrecords)
		return;
	text = answer->records[0].data;
	if (span_find(text, '"') == text.len &&
	    span_find(text, '\\') == text.len)
		return;
	text = without_quotes(text, c->arena);
	if (dkim_key_parse(text, c->arena, &key) == DKIM_OK)
		context_note(c, CONTEXT_KEY_QUOTED, name);
}

static void
note_type(struct context_search *c)
{
	if (c->q->key)
		context_note(c, CONTEXT_KEY_TYPE,
		    arena_printf(c->arena, "%s and %s",
			key_type_name(c->q->key->type),
			key_type_name(c->s->type)));
	else
		context_note(c, CONTEXT_KEY_TYPE, SPAN_NONE);
}

/* RFC 8032 5.1.6 */
#define ED25519_OCTETS 64u

/* RFC 8017 8.2.2: a signature has as many octets as the modulus. Returns 0 if
 * that is not known. */
static size_t
signature_octets(const struct context_search *c)
{
	struct key_public *key = NULL;
	size_t octets;

	if (!c->q->key || c->q->key->type != c->s->type)
		return 0;
	if (c->s->type == KEY_ED25519)
		return ED25519_OCTETS;
	if (dkim_key_import(c->q->key, LIMIT_RSA_BITS_LEGACY, &key) != DKIM_OK)
		return 0;
	octets = (key_public_bits(key) + 7) / 8;
	key_public_free(key);
	return octets;
}

/* False: its length is right, or not known. */
static bool
note_length(struct context_search *c)
{
	size_t octets = signature_octets(c);

	if (!octets || octets == c->s->signature.len)
		return false;
	context_note(c, CONTEXT_SIGNATURE_LENGTH,
	    arena_printf(
		c->arena, "%zu octets, not %zu", c->s->signature.len, octets));
	return true;
}

void
context_key_find(struct context_search *c)
{
	enum dkim_reason reason = c->q->reason;
	struct span name =
	    dkim_key_name(c->s->selector, c->s->domain, c->arena);

	if (reason == DKIM_KEY_NONE)
		context_note(c, CONTEXT_KEY_MISSING, name);
	else if (reason == DKIM_KEY_REVOKED)
		context_note(c, CONTEXT_KEY_REVOKED, name);
	else if (reason == DKIM_KEY_TYPE)
		note_type(c);
	else if (reason == DKIM_NOT_A_KEY || reason == DKIM_KEY_SYNTAX)
		note_quotes(c);
	if (find_other_key(c) ||
	    (!c->q->block_is_other && !c->q->is_unexplained))
		return;
	if (!note_length(c) && c->q->block_is_other)
		context_note(c, CONTEXT_SIGNATURE_OTHER, SPAN_NONE);
}
