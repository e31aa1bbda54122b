/* fixture_header_repairs: a header as it was signed, one as it was received,
 * and what a repair proposes for that. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_HEADER_REPAIRS_H
#define FIXTURE_HEADER_REPAIRS_H

#include "fixture_message.h"

#include "repair/header_internal.h"

/* Headers end with a line end; the empty line is added. What the test alters is
 * written out, not computed. */
struct repaired {
	const char *id;
	enum canon canon;
	const char *names; /* h= */
	const char *received, *original;
	const char *mime; /* fields of MIME, or NULL */
};

/* The header of a message as repairs are given it. */
struct trial {
	struct fixture fixture;
	struct dkim_signature signature;
	struct header h;
};

static inline void
trial_begin(struct trial *t, enum canon c, const char *names, struct span text)
{
	struct fixture *f = &t->fixture;
	struct buf b;

	*t = (struct trial){.signature = {.header = c}};
	f->arena = arena_new();
	f->fd = -1;
	b = BUF(f->arena);
	buf_add(&b, text);
	buf_str(&b, "\r\n");
	text = (struct span){memcpy(malloc(b.len), b.p, b.len), b.len};
	assert_int_equal(read_file(f, text), MESSAGE_OK);
	free((void *)(uintptr_t)text.p);
	t->signature.names = span_of(names);
	t->h = (struct header){.m = &f->m,
	    .s = &t->signature,
	    .signature = SIZE_MAX,
	    .arena = f->arena};
	for (size_t i = f->m.nfields; i-- > 0;)
		if (span_eq(f->m.fields[i].name, SPAN("DKIM-Signature")))
			t->h.signature = i;
	assert_true(t->h.signature < f->m.nfields);
	t->signature.field = &f->m.fields[t->h.signature];
}

static inline void
trial_end(struct trial *t)
{
	forget(&t->fixture);
	arena_free(t->fixture.arena);
}

/* What is hashed of a header, besides the signature itself. */
static inline struct span
signed_octets(
    enum canon c, const char *names, struct span text, struct arena *a)
{
	struct trial t;
	struct sink_buf out = sink_to_buf(a);

	trial_begin(&t, c, names, text);
	dkim_put_header(t.h.m, c, t.signature.names, t.signature.field,
	    SPAN("DKIM-Signature: "), &out.sink, NULL);
	trial_end(&t);
	return buf_span(&out.buf);
}

/* Returns what repairs of an id propose; a repair of texts for each field, or
 * for one. */
static inline struct header_proposals
proposals(struct trial *t, const struct header_repair *r, size_t most)
{
	struct header_proposals p = {.arena = t->fixture.arena, .most = most};

	if (r->whole)
		r->whole(&t->h, &p);
	for (size_t i = 0; r->field && i < t->h.m->nfields; i++)
		r->field(&t->h, i, t->h.m->fields[i].raw, &p);
	return p;
}

static inline const struct header_repair *
find_repair(const char *id)
{
	const struct header_repair *const tables[] = {
	    header_text_repairs, header_field_repairs};

	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct header_repair *r = tables[i]; r->kind.id; r++)
			if (strcmp(r->kind.id, id) == 0)
				return r;
	fail_msg("no repair %s", id);
	return NULL;
}

static inline struct span
applied(const struct trial *t, const struct header_proposal *p)
{
	struct sink_buf out = sink_to_buf(t->fixture.arena);

	header_put(t->h.m, p->changes, p->n, &out.sink);
	return buf_span(&out.buf);
}

/* The signature is the last field. */
static inline struct span
with_signature(const char *text, struct arena *a)
{
	return ARENA_JOIN(a, span_of(text), SPAN("DKIM-Signature: v=1\r\n"));
}

/* Fails unless a proposal gives the header that was signed, and the one that
 * was received does not. */
static inline void
check_repaired(const struct repaired *c, size_t nth)
{
	struct trial t;
	struct arena *a = arena_new();
	struct span received = with_signature(c->received, a), wanted;
	struct header_proposals p;
	bool found = false;

	wanted = signed_octets(
	    c->canon, c->names, with_signature(c->original, a), a);
	if (span_eq(wanted, signed_octets(c->canon, c->names, received, a)))
		fail_msg("%s, case %zu: nothing was altered", c->id, nth);
	trial_begin(&t, c->canon, c->names, received);
	t.h.mime = span_of(c->mime);
	p = proposals(&t, find_repair(c->id), 1000);
	for (size_t i = 0; i < p.n && !found; i++)
		found = span_eq(wanted,
		    signed_octets(
			c->canon, c->names, applied(&t, &p.list[i]), a));
	if (!found) {
		for (size_t i = 0; i < p.n; i++)
			print_message("%zu: " SPAN_FMT "\n", i,
			    SPAN_ARG(p.list[i].changes[0].raw));
		fail_msg(
		    "%s, case %zu: not among %zu proposals", c->id, nth, p.n);
	}
	trial_end(&t);
	arena_free(a);
}

/* Returns how many proposals a repair has for a header in which the names are
 * signed. */
static inline size_t
count_proposals(
    enum canon c, const char *id, const char *names, const char *text)
{
	struct trial t;
	struct arena *a = arena_new();
	size_t n;

	trial_begin(&t, c, names, with_signature(text, a));
	n = proposals(&t, find_repair(id), 1000).n;
	trial_end(&t);
	arena_free(a);
	return n;
}

/* A header without a sign of what the repair undoes. */
struct silent {
	const char *id;
	enum canon canon;
	const char *names, *received;
};

/* Checks that nothing is proposed for them. */
static inline void
check_silent(const struct silent *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t proposed = count_proposals(cases[i].canon, cases[i].id,
		    cases[i].names, cases[i].received);

		if (proposed)
			fail_msg("%s, case %zu: %zu proposals", cases[i].id, i,
			    proposed);
	}
}

/* Checks cases, of which each id has three or more, one after the other. */
static inline void
check_cases(const struct repaired *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t same = 0;

		check_repaired(&cases[i], i);
		for (size_t k = 0; k < n; k++)
			same += strcmp(cases[i].id, cases[k].id) == 0;
		if (same < 3)
			fail_msg("%s has only %zu cases", cases[i].id, same);
	}
}

#endif
