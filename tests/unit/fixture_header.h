/* fixture_header: headers that were altered after a signature was made. The
 * signature is represented by the digest of the original. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_HEADER_H
#define FIXTURE_HEADER_H

#include "fixture_arena.h"
#include "fixture_file.h"

#include "repair/header.h"
#include "repair/header_internal.h"

/* A header as received, and its signature, which has the selector "one". */
struct received {
	struct message m;
	struct dkim_signature s;
	size_t index; /* of the signature field */
};

static inline struct received *
receive(struct span header, struct arena *a)
{
	struct received *r = ARENA_NEW(a, struct received);
	struct source source;
	int fd = file_of(header);
	bool found = false;

	assert_int_equal(source_init(&source, fd), 0);
	assert_int_equal(message_read(&r->m, &source, a), MESSAGE_OK);
	close(fd);
	for (size_t i = 0; i < r->m.nfields && !found; i++) {
		if (!span_caseeq(r->m.fields[i].name, SPAN("DKIM-Signature")))
			continue;
		found = dkim_signature_parse(&r->m.fields[i], a, &r->s) ==
			DKIM_OK &&
		    span_eq(r->s.selector, SPAN("one"));
		r->index = i;
	}
	assert_true(found);
	return r;
}

static inline struct span
signed_octets(const struct received *r, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	dkim_canonical_header(&r->m, &r->s, &out.sink, a);
	return buf_span(&out.buf);
}

static inline struct span
digest_of(struct span header, struct arena *a)
{
	struct received *r = receive(header, a);
	char *value = arena_alloc(a, DIGEST_MAX);

	assert_true(digest_once(r->s.hash, signed_octets(r, a), value));
	return (struct span){value, digest_size(r->s.hash)};
}

static inline struct budget
full_budget(void)
{
	return (struct budget){
	    .octets = BUDGET_OCTETS, .verifications = BUDGET_VERIFICATIONS};
}

static inline struct header
header_of(const struct received *r, struct arena *a)
{
	return (struct header){
	    .m = &r->m, .s = &r->s, .signature = r->index, .arena = a};
}

static inline struct span
put_changes(const struct received *r, const struct header_change *changes,
    size_t n, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	header_put(&r->m, changes, n, &out.sink);
	return buf_span(&out.buf);
}

/* Searches for the header that has the digest. */
static inline struct header_found
search_with(const struct header_repair *table, const struct received *r,
    struct span digest, struct span body, struct budget *budget,
    struct arena *a)
{
	const struct header_repair *const tables[] = {table, NULL};
	const struct header_witness w = {
	    .signature = &r->s, .digest = digest, .body = body};
	struct header h = header_of(r, a);

	h.body = body;
	return header_search(&h, &w, tables, budget, a);
}

/* Returns the identifiers of what was found, in their order. */
static inline const char *
ids_of(const struct header_found *found, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < found->nrepairs; i++)
		buf_printf(
		    &b, "%s%s", i ? " " : "", found->repairs[i].kind->id);
	return arena_cstr(a, buf_span(&b));
}

/* Checks that what was found gives the original, and that each place is in the
 * message as received. */
static inline void
check_found(const struct header_found *found, const struct received *r,
    struct span digest, struct arena *a)
{
	struct span head = span_from(r->m.head, r->m.mbox.len);

	assert_true(found->is_found);
	assert_true(span_eq(
	    digest_of(put_changes(r, found->changes, found->nchanges, a), a),
	    digest));
	for (size_t i = 0; i < found->nrepairs; i++) {
		const struct repair *p = &found->repairs[i];

		assert_true(p->offset + p->length <= head.len);
		assert_true(span_eq(p->after,
		    span_upto(span_from(head, p->offset), p->length)));
		assert_true(p->before.p && p->name.p && p->kind);
		assert_false(span_eq(p->before, p->after));
	}
}

#endif
