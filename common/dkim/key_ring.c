/* key_ring: public keys that were parsed, for the next signatures by them. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "dkim/key_internal.h"

/* A key, by the octets that it was parsed from. */
struct entry {
	enum key_type type;
	char *octets;
	size_t len;
	struct key_public *key;
};

struct key_ring {
	struct entry entries[LIMIT_KEY_RING];
};

struct key_ring *
key_ring_new(void)
{
	return memset(
	    arena_malloc(sizeof(struct key_ring)), 0, sizeof(struct key_ring));
}

static void
forget(struct entry *e)
{
	key_public_free(e->key);
	free(e->octets);
	*e = (struct entry){.key = NULL};
}

void
key_ring_free(struct key_ring *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < LIMIT_KEY_RING; i++)
		forget(&r->entries[i]);
	free(r);
}

/* The place of a key. Whoever makes keys whose places are the same makes them
 * be parsed each time, as they would be without a ring. */
static struct entry *
entry_of(struct key_ring *r, struct span octets)
{
	struct checksum sum = {.parts = 0};

	checksum_add(&sum, octets);
	return &r->entries[checksum_value(&sum) % LIMIT_KEY_RING];
}

static enum key_status
replace(struct entry *e, enum key_type type, struct span octets)
{
	enum key_status status;

	forget(e);
	status = key_public_parse(type, octets, &e->key);
	if (status != KEY_OK)
		return status;
	e->type = type;
	e->octets = memcpy(arena_malloc(octets.len), octets.p, octets.len);
	e->len = octets.len;
	return KEY_OK;
}

enum key_status
key_ring_parse(struct key_ring *r, enum key_type type, struct span octets,
    const struct key_public **out)
{
	struct entry *e = entry_of(r, octets);
	enum key_status status = KEY_OK;

	if (!e->key || e->type != type ||
	    !span_eq((struct span){e->octets, e->len}, octets))
		status = replace(e, type, octets);
	*out = e->key;
	return status;
}
