/* tally_typical: what most messages of a group have. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "report/tally_internal.h"

/* How many messages of a row have a tuple. */
struct having {
	uint32_t row;
	const struct group *tuple;
	uint64_t messages;
};

/* For qsort(): by row, then by the octets of the tuple. */
static int
compare(const void *a, const void *b)
{
	const struct having *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return span_cmp(group_key(x->tuple), group_key(y->tuple));
}

/* Reads a pair's key: indices of a group and of a tuple. */
static struct having
read_pair(
    const struct tally *t, const struct group *pair, const uint32_t *row_of)
{
	uint32_t key[2]; /* see count_typical() */

	memcpy(key, pair->key, sizeof(key));
	return (struct having){row_of[key[0]], t->tuples.groups[key[1]], 0};
}

static void
set_if_most(const struct having *h, struct tally_row *row)
{
	if (h->messages <= row->typical)
		return;
	row->typical = h->messages;
	key_read_typical(group_key(h->tuple), row);
}

void
tally_typical(struct tally *t, struct tally_row *rows, const uint32_t *row_of,
    struct arena *a)
{
	struct sums sums = table_sums(&t->pairs, TALLY_ALL, a);
	struct having *list = ARENA_ARRAY(a, struct having, t->pairs.ngroups);
	size_t n = 0;

	for (size_t i = 0; i < t->pairs.ngroups; i++) {
		const struct group *pair = t->pairs.groups[i];
		struct having h = read_pair(t, pair, row_of);

		h.messages = sums_of(&sums, pair)[TALLY_MESSAGES];
		if (h.row != NO_GROUP && h.messages)
			list[n++] = h;
	}
	if (n)
		qsort(list, n, sizeof(*list), compare);
	/* A network that was merged has a tuple once for each address. */
	for (size_t i = 0, j; i < n; i = j) {
		struct having all = list[i];

		for (j = i + 1; j < n && !compare(&list[i], &list[j]); j++)
			all.messages += list[j].messages;
		set_if_most(&all, &rows[all.row]);
	}
}
