/* test_checksum: checksums of texts in pieces. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "base/checksum.h"

static struct checksum
sum_of(struct span s, size_t piece)
{
	struct checksum c = {.parts = 0};

	while (s.len) {
		size_t n = s.len < piece ? s.len : piece;

		checksum_add(&c, span_upto(s, n));
		s = span_from(s, n);
	}
	return c;
}

static void
pieces_of_any_size_give_the_same_sum(void **state)
{
	char octets[100];

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 37);
	for (size_t len = 0; len <= sizeof(octets); len++) {
		struct checksum whole =
		    sum_of((struct span){octets, len}, sizeof(octets));

		for (size_t piece = 1; piece < 20; piece++) {
			struct checksum c =
			    sum_of((struct span){octets, len}, piece);

			assert_true(checksum_eq(&whole, &c));
		}
	}
}

static void
another_octet_length_or_order_gives_another_sum(void **state)
{
	char octets[64] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	struct span all = {octets, sizeof(octets)};
	struct checksum c = sum_of(all, 64), d;

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++) {
		octets[i] ^= 1;
		d = sum_of(all, 64);
		assert_false(checksum_eq(&c, &d));
		octets[i] ^= 1;
		d = sum_of(span_upto(all, i), 64);
		assert_false(checksum_eq(&c, &d));
	}
	octets[0] = 2;
	octets[1] = 1;
	d = sum_of(all, 64);
	assert_false(checksum_eq(&c, &d));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces_of_any_size_give_the_same_sum),
	    cmocka_unit_test(another_octet_length_or_order_gives_another_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
