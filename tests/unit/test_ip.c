/* test_ip: addresses and networks. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <sys/socket.h>

#include "base/ip.h"

static void
addresses_are_read_and_written_in_one_form(void **state)
{
	static const struct {
		const char *in, *out;
	} c[] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"0.0.0.0", "0.0.0.0"},
	    {"255.255.255.255", "255.255.255.255"},
	    {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
	    {"2001:db8::0:1", "2001:db8::1"},
	    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
	    {"::", "::"},
	    {"::1", "::1"},
	    {"::ffff:192.0.2.1", "192.0.2.1"},
	    {"::FFFF:c000:201", "192.0.2.1"},
	    {"0:0:0:0:0:ffff:192.0.2.1", "192.0.2.1"},
	    {"64:ff9b::192.0.2.1", "64:ff9b::c000:201"},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	    {"", NULL},
	    {"1", NULL},
	    {"1.2.3", NULL},
	    {"1.2.3.4.5", NULL},
	    {"1.2.3.256", NULL},
	    {"1.2.3.04", NULL},
	    {"0x1.2.3.4", NULL},
	    {"1.2.3.4 ", NULL},
	    {" 1.2.3.4", NULL},
	    {"1.2.3.4/32", NULL},
	    {"[1.2.3.4]", NULL},
	    {":", NULL},
	    {":::", NULL},
	    {"1::2::3", NULL},
	    {"12345::", NULL},
	    {"fe80::1%eth0", NULL},
	    {"IPv6:::1", NULL},
	    {"1:2:3:4:5:6:7", NULL},
	    {"1:2:3:4:5:6:7:8:9", NULL},
	    {"::1.2.3", NULL},
	    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct ip ip;
		char text[IP_TEXT];
		bool good = ip_parse(span_of(c[i].in), &ip);

		if (good != (c[i].out != NULL))
			fail_msg("%s", c[i].in);
		if (good)
			assert_string_equal(ip_text(&ip, text), c[i].out);
	}
	assert_false(ip_parse(SPAN("1.2.3.4\0"), &(struct ip){0}));
	assert_false(ip_parse(SPAN_NONE, &(struct ip){0}));
}

static void
an_address_of_one_family_stays_what_it_is(void **state)
{
	static const struct {
		const char *in, *ip4, *ip6;
	} c[] = {
	    {"192.0.2.1", "192.0.2.1", NULL},
	    {"2001:DB8::1", NULL, "2001:db8::1"},
	    {"::ffff:192.0.2.1", NULL, "::ffff:192.0.2.1"},
	    {"::ffff:c000:201", NULL, "::ffff:192.0.2.1"},
	    {"::1.2.3.4", NULL, "::1.2.3.4"},
	    {"192.0.2.01", NULL, NULL},
	    {"192.0.2.00", NULL, NULL},
	    {"192.0.2", NULL, NULL},
	    {"::1/128", NULL, NULL},
	    {"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct ip ip;
		char text[IP_TEXT];
		bool ip4 = ip_parse_family(span_of(c[i].in), AF_INET, &ip);

		if (ip4 != (c[i].ip4 != NULL))
			fail_msg("%s", c[i].in);
		if (ip4)
			assert_string_equal(ip_text(&ip, text), c[i].ip4);
		if (ip_parse_family(span_of(c[i].in), AF_INET6, &ip) !=
		    (c[i].ip6 != NULL))
			fail_msg("%s", c[i].in);
		if (c[i].ip6)
			assert_string_equal(ip_text(&ip, text), c[i].ip6);
	}
}

static void
networks_have_a_prefix_no_longer_than_the_address(void **state)
{
	static const struct {
		const char *in;
		int family, bits; /* -1: invalid */
	} c[] = {
	    {"192.0.2.1", AF_INET, 32},
	    {"192.0.2.0/24", AF_INET, 24},
	    {"0.0.0.0/0", AF_INET, 0},
	    {"192.0.2.0/32", AF_INET, 32},
	    {"2001:db8::/32", AF_INET6, 32},
	    {"2001:db8::1", AF_INET6, 128},
	    {"::/0", AF_INET6, 0},
	    {"::1/128", AF_INET6, 128},
	    {"::ffff:192.0.2.0/120", AF_INET, 24},
	    {"::ffff:0.0.0.0/96", AF_INET, 0},
	    {"::ffff:0.0.0.0/95", 0, -1},
	    {"192.0.2.0/33", 0, -1},
	    {"2001:db8::/129", 0, -1},
	    {"192.0.2.0/", 0, -1},
	    {"192.0.2.0/x", 0, -1},
	    {"192.0.2.0/-1", 0, -1},
	    {"192.0.2.0/+1", 0, -1},
	    {"192.0.2.0/24/8", 0, -1},
	    {"192.0.2.0/0024", 0, -1},
	    {"192.0.2.0/24 ", 0, -1},
	    {"192.0.2/24", 0, -1},
	    {"/24", 0, -1},
	    {"", 0, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct ip_network network;
		bool good = ip_parse_network(span_of(c[i].in), &network);

		if (good != (c[i].bits >= 0))
			fail_msg("%s", c[i].in);
		if (!good)
			continue;
		assert_int_equal(network.ip.family, c[i].family);
		assert_int_equal(network.bits, c[i].bits);
	}
}

static void
an_address_is_in_a_network_if_the_prefix_is_the_same(void **state)
{
	static const struct {
		const char *ip, *network;
		bool within;
	} c[] = {
	    {"192.0.2.1", "192.0.2.0/24", true},
	    {"192.0.2.1", "192.0.2.77/24", true},
	    {"192.0.3.1", "192.0.2.0/24", false},
	    {"192.0.3.1", "192.0.2.0/23", true},
	    {"192.0.2.129", "192.0.2.128/25", true},
	    {"192.0.2.127", "192.0.2.128/25", false},
	    {"192.0.2.1", "192.0.2.1", true},
	    {"192.0.2.0", "192.0.2.1", false},
	    {"192.0.2.0", "192.0.2.1/31", true},
	    {"255.0.0.0", "0.0.0.0/0", true},
	    {"128.0.0.0", "0.0.0.0/1", false},
	    {"2001:db8::1", "2001:db8::/32", true},
	    {"2001:db9::1", "2001:db8::/32", false},
	    {"2001:db9::1", "2001:db8::/31", true},
	    {"2001:db8::1", "2001:db8::/127", true},
	    {"2001:db8::2", "2001:db8::/127", false},
	    {"2001:db8::2", "2001:db8::2/128", true},
	    {"2001:db8::3", "2001:db8::2/128", false},
	    {"::1", "0.0.0.0/0", false},
	    {"0.0.0.1", "::/0", false},
	    {"::ffff:192.0.2.1", "192.0.2.0/24", true},
	    {"192.0.2.1", "::ffff:192.0.2.0/120", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct ip ip;
		struct ip_network network;

		assert_true(ip_parse(span_of(c[i].ip), &ip));
		assert_true(ip_parse_network(span_of(c[i].network), &network));
		if (ip_within(&ip, &network) != c[i].within)
			fail_msg("%s %s", c[i].ip, c[i].network);
	}
}

static void
bits_beyond_the_prefix_are_masked(void **state)
{
	static const struct {
		const char *network, *masked;
	} cases[] = {
	    {"192.0.2.255/24", "192.0.2.0"},
	    {"192.0.2.255/25", "192.0.2.128"},
	    {"192.0.2.255/32", "192.0.2.255"},
	    {"192.0.2.255/0", "0.0.0.0"},
	    {"2001:db8:ffff::1/33", "2001:db8:8000::"},
	    {"2001:db8::1/128", "2001:db8::1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[IP_TEXT];
		struct ip_network n;

		assert_true(ip_parse_network(span_of(cases[i].network), &n));
		n = ip_masked(&n);
		assert_string_equal(ip_text(&n.ip, text), cases[i].masked);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_are_read_and_written_in_one_form),
	    cmocka_unit_test(an_address_of_one_family_stays_what_it_is),
	    cmocka_unit_test(networks_have_a_prefix_no_longer_than_the_address),
	    cmocka_unit_test(bits_beyond_the_prefix_are_masked),
	    cmocka_unit_test(
		an_address_is_in_a_network_if_the_prefix_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
