/* fixture_body: bodies, random ones among them, and their hashes. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_BODY_H
#define FIXTURE_BODY_H

#include "fixture_arena.h"

#include "../helper/random.h"
#include "base/digest.h"
#include "repair/body.h"
#include "repair/body_engine.h"

static const enum canon both[] = {CANON_SIMPLE, CANON_RELAXED};

static inline size_t
random_below(size_t n)
{
	static struct generator numbers;

	return pick(&numbers, n);
}

static inline struct span
hash_of(enum canon c, uint64_t length, struct span body, struct arena *a)
{
	struct digest *d = digest_new(DIGEST_SHA256, length, a);
	struct sink *in = canon_body(c, &d->sink, a);

	sink_put(in, body);
	sink_end(in);
	return d->value;
}

/* What a signature of a body has. */
static inline struct dkim_signature
signature_of(enum canon c, uint64_t length, struct span body, struct arena *a)
{
	return (struct dkim_signature){.hash = DIGEST_SHA256,
	    .body = c,
	    .length = length,
	    .body_hash = hash_of(c, length, body, a)};
}

/* Lines of words, blanks among them, some empty; with this line end. */
static inline void
add_lines(struct buf *b, size_t n, const char *eol)
{
	for (; n; n--) {
		size_t words = random_below(4) ? 1 + random_below(8) : 0;

		for (size_t i = 0; i < words; i++)
			buf_printf(b, "%s%zx",
			    i ? random_below(5) ? " " : "  " : "",
			    random_below(1 << 20));
		if (!random_below(9))
			buf_char(b, ' ');
		buf_str(b, eol);
	}
}

/* The same, and not empty. */
static inline struct span
lines_of(size_t n, const char *eol, struct arena *a)
{
	struct buf b = BUF(a);

	add_lines(&b, n - 1, eol);
	buf_printf(&b, "last %zx%s", random_below(1 << 20), eol);
	return buf_span(&b);
}

static const struct body_repair no_repairs[] = {{{.id = NULL}, NULL}};

/* A message whose header is "Content-A: b", with this body. */
static inline struct message
message_of(struct span body, struct field *field, struct arena *a)
{
	struct span head =
	    ARENA_JOIN(a, SPAN("From x\nContent-A: b\n\n"), span_upto(body, 0));
	struct message m = {.head = head,
	    .mbox = span_upto(head, 7),
	    .fields = field,
	    .nfields = 1,
	    .body = span_from(head, head.len)};

	*field = field_split((struct span){head.p + 7, 13});
	return m;
}
#define BODY_AT 14 /* where it begins in the message without mbox lines */

static inline struct budget
default_budget(void)
{
	return (struct budget){.octets = BUDGET_OCTETS};
}

/* Searches with repairs (NULL: without any). */
static inline struct body_found
find_with(const struct body_repair *repairs, struct span body,
    const struct dkim_signature *s, struct budget *budget, struct arena *a)
{
	struct field field;
	struct message m = message_of(body, &field, a);

	return body_find_by(
	    repairs ? repairs : no_repairs, no_repairs, &m, body, s, budget, a);
}

/* Searches, and makes sure that what was found has the hash. */
static inline struct body_found
find(const struct body_repair *repairs, struct span body,
    const struct dkim_signature *s, struct arena *a)
{
	struct budget budget = default_budget();
	struct body_found f = find_with(repairs, body, s, &budget, a);

	if (f.is_found)
		assert_true(span_eq(s->body_hash,
		    hash_of(s->body, s->length, edits_apply(&f.edits, body, a),
			a)));
	return f;
}

#endif
