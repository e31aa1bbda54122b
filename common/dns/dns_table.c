/* dns_table: a hash table of pointers, with open addressing. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

struct dns_slot {
	uint64_t hash;
	struct span key; /* absent if the slot is free */
	void *value;
};

/* FNV-1a. The high bits are mixed into the low ones, which choose the slot. */
static uint64_t
hash_of(struct span key)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ (unsigned char)key.p[i]) * 0x100000001b3u;
	return h ^ h >> 32;
}

/* Returns the slot of a key, or the free one where it belongs. The table is
 * never full. */
static struct dns_slot *
slot_of(const struct dns_table *t, struct span key, uint64_t hash)
{
	size_t i = hash & (t->size - 1);

	while (t->slot[i].key.p &&
	    (t->slot[i].hash != hash || !span_eq(t->slot[i].key, key)))
		i = (i + 1) & (t->size - 1);
	return &t->slot[i];
}

static void
grow(struct dns_table *t)
{
	struct dns_table old = *t;

	t->size = old.size ? old.size * 2 : 16;
	t->slot = ARENA_ARRAY(t->arena, struct dns_slot, t->size);
	for (size_t i = 0; i < old.size; i++)
		if (old.slot[i].key.p)
			*slot_of(t, old.slot[i].key, old.slot[i].hash) =
			    old.slot[i];
}

void *
dns_table_find(const struct dns_table *t, struct span key)
{
	return t->size ? slot_of(t, key, hash_of(key))->value : NULL;
}

void **
dns_table_at(struct dns_table *t, struct span key)
{
	uint64_t hash = hash_of(key);
	struct dns_slot *s;

	if (t->used >= t->size / 4 * 3)
		grow(t);
	s = slot_of(t, key, hash);
	if (!s->key.p) {
		*s = (struct dns_slot){hash, key, NULL};
		t->used++;
	}
	return &s->value;
}
