/* test_siphash: hashes with a key. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "base/siphash.h"

/* As another implementation (that of CPython, for bytes) has them with a key of
 * zeros. */
static void
hashes_are_those_of_another_implementation(void **state)
{
	static const struct {
		size_t n;
		uint64_t hash;
	} c[] = {
	    {1, 0x68a914128e01e473},
	    {2, 0x10bac45c41e3669},
	    {3, 0x4d4c9a4a8ef6e0ad},
	    {7, 0x2f098ab0c751325a},
	    {8, 0xead411e67ebe2eea},
	    {9, 0x75927f9d95124362},
	    {15, 0xf30eb725bb91c9ea},
	    {16, 0x8972188433a5c5b7},
	    {17, 0x4883c49a2c009c1d},
	    {40, 0x95bc321ab41d8206},
	};
	struct siphash_key key = {{0, 0}};
	unsigned char octets[64];

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (unsigned char)i;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_true(siphash(&key, octets, c[i].n) == c[i].hash);
}

static void
keys_are_random_and_change_hashes(void **state)
{
	struct siphash_key a = siphash_random_key(), b = siphash_random_key();

	(void)state;
	assert_true(memcmp(&a, &b, sizeof(a)));
	assert_true(siphash(&a, "x", 1) != siphash(&b, "x", 1));
	b = a;
	b.k[1] ^= 1;
	assert_true(siphash(&a, "", 0) != siphash(&b, "", 0));
	assert_true(siphash(&a, "", 0) == siphash(&a, "", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes_are_those_of_another_implementation),
	    cmocka_unit_test(keys_are_random_and_change_hashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
