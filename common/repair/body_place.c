/* body_place: octets and lines of a body with edits, by their places. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_engine.h"

size_t
body_count_lines(struct span octets)
{
	size_t n = 0, end;

	for (; (end = span_find(octets, '\n')) < octets.len; n++)
		octets = span_from(octets, end + 1);
	return n;
}

struct counter {
	struct sink sink;
	uint64_t left, lines;
};

static void
counter_put(struct sink *self, const char *p, size_t n)
{
	struct counter *c = (struct counter *)self;
	size_t most = n < c->left ? n : (size_t)c->left;

	c->lines += body_count_lines((struct span){p, most});
	c->left -= most;
}

uint64_t
body_lines_before(const struct edits *edits, struct span octets, uint64_t at)
{
	struct counter c = {{counter_put, NULL}, at, 0};

	edits_put(edits, octets, &c.sink);
	return c.lines;
}

struct finder {
	struct sink sink;
	size_t skip; /* octets before these lines */
	size_t lines, at;
};

static void
finder_put(struct sink *self, const char *p, size_t n)
{
	struct finder *f = (struct finder *)self;
	size_t skip = n < f->skip ? n : f->skip;
	struct span rest = {p + skip, n - skip};

	f->skip -= skip;
	f->at += skip;
	while (f->lines && rest.len) {
		struct span line = field_cut_line(&rest);

		f->lines -= line.p[line.len - 1] == '\n';
		f->at += line.len;
	}
}

size_t
body_after_lines(
    const struct edits *edits, struct span octets, size_t from, size_t lines)
{
	struct finder f = {{finder_put, NULL}, from, lines, 0};

	edits_put(edits, octets, &f.sink);
	return f.at;
}

struct range {
	struct sink sink;
	size_t skip, left;
	struct buf buf;
};

static void
range_put(struct sink *self, const char *p, size_t n)
{
	struct range *r = (struct range *)self;
	size_t skip = n < r->skip ? n : r->skip;
	size_t most = n - skip < r->left ? n - skip : r->left;

	buf_add(&r->buf, (struct span){p + skip, most});
	r->skip -= skip;
	r->left -= most;
}

struct span
body_range(const struct edits *edits, struct span octets, size_t at,
    size_t length, struct arena *a)
{
	struct range r = {{range_put, NULL}, at, length, BUF(a)};

	edits_put(edits, octets, &r.sink);
	return buf_span(&r.buf);
}
