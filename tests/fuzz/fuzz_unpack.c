/* fuzz_unpack: unpacks gzip, zip, and one in the other. */
/* SPDX-License-Identifier: ISC */

/* What is told does not depend on how the octets are split, is told in order,
 * and no more comes out than the budget allows. Offsets in gzip that is bad may
 * differ: zlib reads ahead. */

#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "report/unpack.h"

#define MAX ((uint64_t)256 << 10)

struct told {
	struct unpack_visitor visitor; /* first member */
	struct sink_buf octets;
	struct buf events;
	bool is_open, is_too_large;
};

static void
event(struct told *t, const char *what, struct span name, unsigned depth)
{
	buf_printf(&t->events, "%s %u ", what, depth);
	buf_add(&t->events, name);
	buf_char(&t->events, '\n');
}

static struct sink *
told_begin(struct unpack_visitor *self, const struct unpack_content *c)
{
	struct told *t = (struct told *)self;

	assert(!t->is_open);
	t->is_open = true;
	event(t, c->kind == UNPACK_XML ? "xml" : "other", c->name, c->depth);
	return &t->octets.sink;
}

static void
told_end(struct unpack_visitor *self, bool whole)
{
	struct told *t = (struct told *)self;

	assert(t->is_open);
	t->is_open = false;
	buf_printf(&t->events, "%d %zu\n", whole, t->octets.buf.len);
}

static void
told_refused(struct unpack_visitor *self, const struct unpack_problem *p)
{
	struct told *t = (struct told *)self;

	assert(p->id && p->words.len);
	if (strcmp(p->id, "too-large") == 0)
		t->is_too_large = true;
	event(t, p->id, p->name, p->depth);
}

static void
told_note(struct unpack_visitor *self, const struct unpack_problem *p)
{
	told_refused(self, p);
}

static void
tell(struct told *t, struct unpack *u, struct span s, size_t piece,
    struct arena *a)
{
	struct budget budget = budget_of(MAX);
	size_t plain;

	*t = (struct told){
	    .visitor = {told_begin, told_end, told_refused, told_note},
	    .octets = sink_to_buf(a),
	    .events = BUF(a),
	};
	plain = s.len;
	unpack_begin(u, SPAN("name"), &t->visitor, &budget);
	while (s.len) {
		size_t n = s.len < piece ? s.len : piece;

		sink_put(unpack_sink(u), span_upto(s, n));
		s = span_from(s, n);
	}
	sink_end(unpack_sink(u));
	assert(!t->is_open && t->events.len && !unpack_error(u));
	assert(t->octets.buf.len <= MAX - budget.left || budget.left == MAX);
	assert(t->octets.buf.len <= MAX || t->octets.buf.len == plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct unpack *u;
	struct arena *a = fuzz_arena();
	struct told whole, pieces;

	if (!u)
		u = unpack_new();
	tell(&whole, u, fuzz_span(data, size), size + 1, a);
	tell(&pieces, u, fuzz_span(data, size), size % 7 + 1, a);
	assert(whole.is_too_large == pieces.is_too_large);
	if (whole.is_too_large)
		return 0;
	assert(
	    span_eq(buf_span(&whole.octets.buf), buf_span(&pieces.octets.buf)));
	assert(span_eq(buf_span(&whole.events), buf_span(&pieces.events)));
	return 0;
}
