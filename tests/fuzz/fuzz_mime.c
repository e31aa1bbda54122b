/* fuzz_mime: walks over the parts of a message. */
/* SPDX-License-Identifier: ISC */

/* The first two octets are sizes of pieces: what the walk tells does not depend
 * on them. Parts are in order, children within their parents, and the octets of
 * a leaf that is not encoded are those between its offsets. */

#include "fuzz.h"

#include <assert.h>

#include "../helper/parts.h"

struct checker {
	struct parts parts;
	struct span text;
	unsigned open, begun;
};

static struct sink *
begin(struct mime_visitor *self, const struct mime_part *part)
{
	struct checker *c = (struct checker *)self;
	const struct mime_part *parent = part->parent;

	assert(part->number == ++c->begun);
	assert(part->depth == c->open++);
	assert(part->depth <= LIMIT_MAIL_DEPTH);
	assert((parent == NULL) == (part->depth == 0));
	assert(part->header_at <= part->body_at);
	assert(part->header.len <= part->body_at - part->header_at);
	assert(part->type.p && part->nparameters <= LIMIT_MIME_PARAMETERS);
	if (parent) {
		assert(parent->kind != MIME_LEAF);
		assert(parent->children == part->index);
		assert(part->encoded_in >= parent->encoded_in);
		assert(part->encoded_in != parent->encoded_in ||
		    part->header_at >= parent->body_at);
	}
	return parts_begin(self, part);
}

static void
end(struct mime_visitor *self, const struct mime_part *part)
{
	struct checker *c = (struct checker *)self;
	struct span octets = buf_span(&c->parts.octets[part->depth].buf);

	assert(part->depth == --c->open);
	assert(part->body_at <= part->end_at);
	assert(part->encoded_in || part->end_at <= c->text.len);
	assert(part->damage == MIME_SOUND || part->damage_at <= part->end_at);
	if (part->kind == MIME_LEAF && !part->encoded_in &&
	    part->encoding == MIME_IDENTITY)
		assert(span_eq(octets,
		    span_between(
			c->text.p + part->body_at, c->text.p + part->end_at)));
	parts_end(self, part);
}

static struct span
walk(struct mime *w, struct span text, size_t size, struct arena *a)
{
	struct checker c = {parts_to(a), text, 0, 0};
	struct sink *to = mime_begin(w, &c.parts.visitor);

	c.parts.visitor = (struct mime_visitor){begin, end};
	for (struct span rest = text; rest.len;) {
		size_t n = size && size < rest.len ? size : rest.len;

		sink_put(to, span_upto(rest, n));
		rest = span_from(rest, n);
	}
	sink_end(to);
	assert(c.open == 0 && c.begun == mime_result(w).parts);
	return buf_span(&c.parts.log);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mime *w;
	struct arena *a = fuzz_arena();
	struct span text, whole;

	if (size < 2)
		return 0;
	w = w ? w : mime_new();
	text = fuzz_span(data + 2, size - 2);
	whole = walk(w, text, 0, a);
	assert(span_eq(whole, walk(w, text, data[0], a)));
	assert(span_eq(whole, walk(w, text, 1 + data[1], a)));
	mime_text(text, a);
	return 0;
}
