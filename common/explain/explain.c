/* explain: what of each signature differs, and the searches for why. */
/* SPDX-License-Identifier: ISC */

#include "explain/explain_internal.h"

#include <assert.h>

#include "base/limit.h"

/* Shares of the budget: a try of a body hashes all of it, one of a header a few
 * hundred octets. The first look at a header, before the body is searched, gets
 * this part of the header's share: the commonest repairs, and a bh= that was
 * altered, are found by it, and then the body need not be searched in vain. */
#define WEIGHT_BODY   3u
#define WEIGHT_HEADER 1u
#define FIRST_LOOK    8u

struct explainer {
	const struct message *m;
	struct span body;
	const struct dkim_verifier *verifier;
	const struct explain_options *options;
	struct explanation *list;
	size_t n;
	uint64_t octets, verifications; /* that may be tried yet */
	uint64_t weight, headers;       /* of the searches to come */
};

/* A signature whose turn it is. */
struct turn {
	struct explanation *x;
	struct dkim_outcome outcome;
	struct key_public *key; /* NULL unless its header is searched */
	struct span digest;     /* as signed, or absent */
};

/*
 * What differs, as far as the verification has found out.
 */

static enum explain_state
state_of(bool compared, bool intact)
{
	return !compared ? EXPLAIN_UNKNOWN
	    : intact     ? EXPLAIN_INTACT
			 : EXPLAIN_NOT_FOUND;
}

/* A body that is shorter than l= is not the one that was signed, whatever its
 * hash is. */
static enum explain_state
body_state(const struct dkim_outcome *o)
{
	return state_of(o->body.p != NULL,
	    o->reason != DKIM_BODY_LENGTH &&
		span_eq(o->body, o->signature->body_hash));
}

/* Which fields does the message have more of than are signed? That a signature
 * is valid tells nothing about them. */
static struct span
repeated(const struct message *m, const struct dkim_signature *s)
{
	const uint32_t *used = explain_covered(m, s);
	struct span other = dkim_uncovered(m, used);

	if (!dkim_is_uncovered(m, used, SPAN("From")))
		return other;
	return arena_printf(m->arena, "From%s" SPAN_FMT, other.len ? ", " : "",
	    SPAN_ARG(other));
}

static struct explanation
first_state(const struct message *m, const struct dkim_outcome *o)
{
	struct explanation x = {.signature = o->signature, .reason = o->reason};

	if (!o->signature)
		return x;
	x.repeated = repeated(m, o->signature);
	x.header = state_of(o->header_verified, o->header_intact);
	x.body = body_state(o);
	if (x.header == EXPLAIN_INTACT && o->signature->type == KEY_RSA)
		x.block = EXPLAIN_BLOCK_SOUND;
	return x;
}

static bool
is_searched(const struct explanation *x)
{
	return x->header == EXPLAIN_NOT_FOUND || x->body == EXPLAIN_NOT_FOUND;
}

enum explain_state
explain_header_state(const struct explanation *x)
{
	bool is_other = x->block == EXPLAIN_BLOCK_OTHER ||
	    context_has(&x->context, CONTEXT_SELECTOR_OTHER) ||
	    context_has(&x->context, CONTEXT_SIGNATURE_LENGTH);

	return is_other ? EXPLAIN_UNKNOWN : x->header;
}

static bool
differs(enum explain_state state)
{
	return state == EXPLAIN_REPAIRED || state == EXPLAIN_NOT_FOUND;
}

bool
explain_is_altered(const struct explanation *x)
{
	return differs(explain_header_state(x)) || differs(x->body);
}

/* Takes the states of all signatures, and plans the searches. */
static void
begin(struct explainer *e)
{
	uint64_t searched = 0, bodies = 0;

	for (size_t i = 0; i < e->n; i++) {
		struct dkim_outcome o = dkim_verify_outcome(e->verifier, i + 1);
		struct explanation *x = &e->list[i];

		*x = first_state(e->m, &o);
		if (!is_searched(x))
			continue;
		if (searched == LIMIT_EXPLAIN_SIGNATURES) {
			x->is_skipped = true;
			continue;
		}
		searched++;
		e->headers += x->header == EXPLAIN_NOT_FOUND;
		bodies += x->body == EXPLAIN_NOT_FOUND;
	}
	e->weight = e->headers * WEIGHT_HEADER + bodies * WEIGHT_BODY;
}

/*
 * The budget.
 */

/* Returns the share of a search that is still planned. */
static struct budget
share(const struct explainer *e, uint64_t weight, uint64_t headers)
{
	assert(e->weight >= weight && e->weight && e->headers >= headers);
	return (struct budget){.octets = e->octets / e->weight * weight,
	    .verifications = headers ? e->verifications / e->headers : 0};
}

/* Takes what a search has used. */
static void
use(struct explainer *e, const struct budget *given, const struct budget *left,
    struct explanation *x)
{
	e->octets -= given->octets - left->octets;
	e->verifications -= given->verifications - left->verifications;
	x->budget_spent = x->budget_spent || left->spent;
}

/*
 * The body.
 */

/* Is the body with these edits the one that was signed? */
static bool
is_signed_body(struct explainer *e, const struct edits *edits,
    const struct dkim_signature *s, struct budget *budget)
{
	struct arena *a = e->m->arena;
	struct digest *d;
	struct sink *to;

	if (!budget_take(budget, edits_size(edits, e->body.len)))
		return false;
	d = digest_new(s->hash, s->length, a);
	to = canon_body(s->body, &d->sink, a);
	edits_put(edits, e->body, to);
	sink_end(to);
	return span_eq(d->value, s->body_hash) &&
	    (!s->has_length || s->length <= d->total);
}

static bool
is_same_search(const struct dkim_signature *a, const struct dkim_signature *b)
{
	return a->body == b->body && a->hash == b->hash &&
	    a->length == b->length && span_eq(a->body_hash, b->body_hash);
}

/* Has a signature above it given the answer? The same search need not be made
 * again; and a body that was found for one is tried for all others, as they
 * often differ in c= alone. */
static bool
take_from_above(
    struct explainer *e, struct explanation *x, struct budget *budget)
{
	for (struct explanation *above = e->list; above < x; above++) {
		bool same, found = above->body == EXPLAIN_REPAIRED;

		if (!found && above->body != EXPLAIN_NOT_FOUND)
			continue;
		same = is_same_search(above->signature, x->signature);
		if (!same &&
		    (!found ||
			!is_signed_body(
			    e, &above->body_found.edits, x->signature, budget)))
			continue;
		x->body = above->body;
		x->body_found = above->body_found;
		x->budget_spent = x->budget_spent || above->budget_spent;
		return true;
	}
	return false;
}

static void
search_body(struct explainer *e, struct explanation *x)
{
	const struct budget given = share(e, WEIGHT_BODY, 0);
	struct budget left = given;

	if (x->body == EXPLAIN_NOT_FOUND && !take_from_above(e, x, &left)) {
		x->body_found =
		    body_find(e->m, e->body, x->signature, &left, e->m->arena);
		if (x->body_found.is_found)
			x->body = EXPLAIN_REPAIRED;
	}
	use(e, &given, &left, x);
	e->weight -= WEIGHT_BODY;
}

/*
 * The header.
 */

/* Was bh= altered? If it was, the body as received may be the one that was
 * signed. */
static void
look_at_bh(struct explainer *e, struct explanation *x, struct budget *budget)
{
	const struct header_found *found = &x->header_found;
	struct dkim_signature signed_one;
	struct field f;

	for (size_t i = 0; i < found->nchanges; i++) {
		const struct header_change *c = &found->changes[i];

		if (c->action != HEADER_REPLACE ||
		    &e->m->fields[c->index] != x->signature->field)
			continue;
		f = field_split(c->raw);
		if (dkim_signature_parse(&f, e->m->arena, &signed_one) !=
			DKIM_OK ||
		    span_eq(signed_one.body_hash, x->signature->body_hash))
			continue;
		x->bh_altered = true;
		x->body = is_signed_body(e, &edits_none, &signed_one, budget)
		    ? EXPLAIN_INTACT
		    : EXPLAIN_NOT_FOUND;
	}
}

static void
find_header(struct explainer *e, const struct turn *t, struct budget *budget)
{
	struct explanation *x = t->x;
	const struct header_witness w = {.signature = x->signature,
	    .key = t->key,
	    .digest = t->digest,
	    .intact = x->intact,
	    .body = x->body == EXPLAIN_NOT_FOUND ? t->outcome.body : SPAN_NONE};
	uint64_t tries = x->header_found.tries;

	x->header_found =
	    header_find(e->m, &w, x->body_found.fields, budget, e->m->arena);
	x->header_found.tries += tries;
	if (!x->header_found.is_found)
		return;
	x->header = EXPLAIN_REPAIRED;
	look_at_bh(e, x, budget);
}

/* Nothing can prove a header by a signature that another key made. */
static bool
is_provable(const struct turn *t)
{
	return t->key && t->x->block != EXPLAIN_BLOCK_OTHER;
}

/* Looks at the header for a part of its share. What is left out is looked at
 * later. */
static void
look_at_header(struct explainer *e, const struct turn *t)
{
	struct budget given = share(e, WEIGHT_HEADER, 1), left;

	given.octets /= FIRST_LOOK;
	given.verifications /= FIRST_LOOK;
	left = given;
	find_header(e, t, &left);
	left.spent = false;
	use(e, &given, &left, t->x);
}

static void
search_header(struct explainer *e, const struct turn *t)
{
	const struct budget given = share(e, WEIGHT_HEADER, 1);
	struct budget left = given;

	if (t->x->header == EXPLAIN_NOT_FOUND && is_provable(t))
		find_header(e, t, &left);
	use(e, &given, &left, t->x);
	e->weight -= WEIGHT_HEADER;
	e->headers--;
}

/*
 * All of it.
 */

/* Imports the key of a signature that it does not verify, and undoes an RSA
 * signature. */
static void
begin_header(struct explainer *e, struct turn *t)
{
	const struct dkim_signature *s = t->x->signature;

	/* The verification has used the key, so it is not too small. */
	t->x->intact = explain_intact(e->m, e->verifier, s);
	dkim_key_import(t->outcome.key, LIMIT_RSA_BITS_LEGACY, &t->key);
	if (!t->key || s->type != KEY_RSA)
		return;
	t->x->block =
	    key_recover(t->key, s->hash, s->signature, e->m->arena, &t->digest)
	    ? EXPLAIN_BLOCK_SOUND
	    : EXPLAIN_BLOCK_OTHER;
}

/* The header is looked at first, then all of the body, then the rest of the
 * header: a body that is found may tell fields of MIME that were signed. */
static void
search(struct explainer *e, struct turn *t)
{
	struct explanation *x = t->x;
	bool header = x->header == EXPLAIN_NOT_FOUND;
	bool body = x->body == EXPLAIN_NOT_FOUND;

	if (header)
		begin_header(e, t);
	if (header && is_provable(t) && body)
		look_at_header(e, t);
	if (body)
		search_body(e, x);
	if (header)
		search_header(e, t);
	key_public_free(t->key);
}

static bool
has_list_advice(const struct repair *repairs, size_t n)
{
	static const enum repair_advice of_lists[] = {REPAIR_ADVICE_LIST,
	    REPAIR_ADVICE_FIELDS, REPAIR_ADVICE_REWRITE, REPAIR_ADVICE_AFTER,
	    REPAIR_ADVICE_FROM};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < COUNT(of_lists); k++)
			if (repair_advice_of(&repairs[i]) == of_lists[k])
				return true;
	return false;
}

bool
explain_is_like_list(const struct explanation *x)
{
	const struct body_found *body = &x->body_found;
	const struct header_found *header = &x->header_found;

	return (x->body == EXPLAIN_REPAIRED &&
		   has_list_advice(body->repairs, body->nrepairs)) ||
	    (x->header == EXPLAIN_REPAIRED &&
		has_list_advice(header->repairs, header->nrepairs));
}

static void
explain_one(struct explainer *e, size_t i)
{
	struct explanation *x = &e->list[i];
	struct turn t = {
	    x, dkim_verify_outcome(e->verifier, i + 1), NULL, SPAN_NONE};
	struct context_question q = {.m = e->m,
	    .signature = x->signature,
	    .key = t.outcome.key,
	    .reason = x->reason,
	    .header_intact = x->header == EXPLAIN_INTACT,
	    .verifier = e->verifier,
	    .dns = e->options->dns,
	    .now = e->options->now};

	if (is_searched(x) && !x->is_skipped)
		search(e, &t);
	if (!x->signature || x->reason == DKIM_OK)
		return;
	q.block_is_other = x->block == EXPLAIN_BLOCK_OTHER;
	if (x->body == EXPLAIN_NOT_FOUND)
		q.altered = e->body;
	q.is_like_list = explain_is_like_list(x);
	q.is_unexplained =
	    x->signature->type == KEY_ED25519 && x->header == EXPLAIN_NOT_FOUND;
	x->context = context_find(&q, e->m->arena);
}

size_t
explain(const struct message *m, struct span body,
    const struct dkim_verifier *v, const struct explain_options *options,
    const struct explanation **list)
{
	size_t n = dkim_verify_count(v);
	struct explainer e = {.m = m,
	    .body = body,
	    .verifier = v,
	    .options = options,
	    .list = ARENA_ARRAY(m->arena, struct explanation, n),
	    .n = n,
	    .octets = options->budget.octets,
	    .verifications = options->budget.verifications};

	begin(&e);
	for (size_t i = 0; i < n; i++)
		explain_one(&e, i);
	*list = e.list;
	return n;
}
