/* test_key_ring: public keys that are kept. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <stdlib.h>

#include "base/limit.h"
#include "dkim/key.h"

/* The p= of an Ed25519 key, as 32 octets. */
static struct span
key_of(struct arena *a)
{
	struct key_error error;
	struct key_private *k = key_generate(KEY_ED25519, 256, &error);
	struct key_public *public;
	struct span octets;

	assert_non_null(k);
	public = key_private_public(k);
	octets = key_public_octets(public, a);
	key_public_free(public);
	key_private_free(k);
	return octets;
}

static const struct key_public *
from_ring(struct key_ring *r, struct span octets)
{
	char *copy = memcpy(malloc(octets.len), octets.p, octets.len);
	const struct key_public *k;

	assert_int_equal(
	    key_ring_parse(r, KEY_ED25519, (struct span){copy, octets.len}, &k),
	    KEY_OK);
	free(copy);
	return k;
}

static void
a_key_is_parsed_once(void **state)
{
	struct key_ring *r = key_ring_new();
	struct span octets = key_of(*state);
	const struct key_public *k = from_ring(r, octets);

	assert_ptr_equal(from_ring(r, octets), k);
	assert_true(span_eq(key_public_octets(k, *state), octets));
	key_ring_free(r);
}

static void
keys_beyond_the_limit_are_parsed_again(void **state)
{
	struct key_ring *r = key_ring_new();
	struct span octets[LIMIT_KEY_RING + 1];

	for (size_t i = 0; i < COUNT(octets); i++)
		octets[i] = key_of(*state);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < COUNT(octets); i++)
			assert_true(span_eq(
			    key_public_octets(from_ring(r, octets[i]), *state),
			    octets[i]));
	key_ring_free(r);
}

static void
the_type_of_a_key_is_not_confused(void **state)
{
	struct key_ring *r = key_ring_new();
	struct span octets = key_of(*state);
	const struct key_public *k;

	from_ring(r, octets);
	assert_int_equal(key_ring_parse(r, KEY_RSA, octets, &k), KEY_SYNTAX);
	assert_null(k);
	assert_non_null(from_ring(r, octets));
	key_ring_free(r);
}

static void
what_is_not_a_key_is_not_kept(void **state)
{
	struct key_ring *r = key_ring_new();
	const struct key_public *k;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    key_ring_parse(r, KEY_RSA, SPAN("no key"), &k), KEY_SYNTAX);
		assert_null(k);
		assert_int_equal(
		    key_ring_parse(r, KEY_ED25519, SPAN(""), &k), KEY_SYNTAX);
		assert_null(k);
	}
	key_ring_free(r);
	key_ring_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_key_is_parsed_once),
	    TEST(keys_beyond_the_limit_are_parsed_again),
	    TEST(the_type_of_a_key_is_not_confused),
	    TEST(what_is_not_a_key_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
