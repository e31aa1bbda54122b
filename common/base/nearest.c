/* nearest: find the word that was probably meant. */
/* SPDX-License-Identifier: ISC */

#include "base/nearest.h"

#include "base/ascii.h"

/* What distance() keeps: the rows for the octet of a, and the two before. */
struct rows {
	size_t row[3][NEAREST_LENGTH + 1];
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
same(struct span a, size_t i, struct span b, size_t k)
{
	return ascii_lower(a.p[i]) == ascii_lower(b.p[k]);
}

/* The distance of the first i octets of a from the first k of b. */
static size_t
cell(const struct rows *r, struct span a, size_t i, struct span b, size_t k)
{
	const size_t *row = r->row[i % 3], *above = r->row[(i - 1) % 3];
	size_t n = least(above[k], row[k - 1]) + 1;

	n = least(n, above[k - 1] + !same(a, i - 1, b, k - 1));
	if (i > 1 && k > 1 && same(a, i - 1, b, k - 2) &&
	    same(a, i - 2, b, k - 1))
		n = least(n, r->row[(i - 2) % 3][k - 2] + 1);
	return n;
}

static size_t
distance(struct span a, struct span b)
{
	struct rows r;

	for (size_t k = 0; k <= b.len; k++)
		r.row[0][k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		r.row[i % 3][0] = i;
		for (size_t k = 1; k <= b.len; k++)
			r.row[i % 3][k] = cell(&r, a, i, b, k);
	}
	return r.row[a.len % 3][b.len];
}

/* How far a word may be, by the length of the longer one: a short word with two
 * errors could be any other. */
static size_t
limit(size_t length)
{
	return length < 3 ? 0 : length < 6 ? 1 : 2;
}

void
nearest_try(struct nearest *n, const char *word)
{
	struct span w = span_of(word);
	size_t far;

	if (n->text.len > NEAREST_LENGTH || w.len > NEAREST_LENGTH)
		return;
	far = distance(n->text, w);
	if (far > limit(n->text.len > w.len ? n->text.len : w.len) ||
	    (n->word && far >= n->distance))
		return;
	n->word = word;
	n->distance = far;
}

const char *
nearest_of(struct span text, const char *const *words)
{
	struct nearest n = NEAREST(text);

	for (; *words; words++)
		nearest_try(&n, *words);
	return n.word;
}
