/* test_ipset: sets of networks, with few networks. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>
#include <sys/socket.h>

#include "../helper/random.h"
#include "base/buf.h"
#include "base/ipset.h"

/* Parses "192.0.2.0/24 2001:db8::1"; IPv4-mapped IPv6 becomes IPv4. */
static struct ip_network *
networks_of(const char *text, size_t *n, struct arena *a)
{
	struct ip_network *list = NULL;
	struct span rest = span_of(text);

	*n = 0;
	while (rest.len) {
		struct ip_network *network = ARENA_PUSH(a, list, *n);

		assert_true(ip_parse_network(span_cut(&rest, ' '), network));
	}
	return list;
}

static struct span
text_of(const struct ipset *s, struct arena *a)
{
	struct buf b = BUF(a);
	char text[IP_TEXT];

	for (size_t i = 0; i < s->nnetworks; i++)
		buf_printf(&b, "%s%s/%u", i ? " " : "",
		    ip_text(&s->networks[i].ip, text), s->networks[i].bits);
	return buf_span(&b);
}

static void
a_set_is_the_fewest_networks(void **state)
{
	static const struct {
		const char *add, *remove, *expect;
	} c[] = {
	    {"", "", ""},
	    {"192.0.2.1", "", "192.0.2.1/32"},
	    {"192.0.2.77/24", "", "192.0.2.0/24"},
	    {"192.0.2.1 192.0.2.0", "", "192.0.2.0/31"},
	    {"192.0.2.1 192.0.2.2", "", "192.0.2.1/32 192.0.2.2/32"},
	    {"192.0.2.3 192.0.2.0 192.0.2.2 192.0.2.1", "", "192.0.2.0/30"},
	    {"192.0.2.0/25 192.0.2.128/26 192.0.2.192/26", "", "192.0.2.0/24"},
	    {"192.0.2.9 192.0.2.0/24 192.0.2.9", "", "192.0.2.0/24"},
	    {"128.0.0.0/1 0.0.0.0/1", "", "0.0.0.0/0"},
	    {"::/1 8000::/1 0.0.0.0/0", "", "0.0.0.0/0 ::/0"},
	    {"2001:db8::1 192.0.2.1 2001:db8::", "",
		"192.0.2.1/32 2001:db8::/127"},
	    {"192.0.2.1", "192.0.2.1", ""},
	    {"192.0.2.1", "192.0.2.0/24", ""},
	    {"192.0.2.1 2001:db8::1", "0.0.0.0/0", "2001:db8::1/128"},
	    {"192.0.2.1 2001:db8::1", "::/0", "192.0.2.1/32"},
	    {"192.0.2.0/30", "192.0.2.2", "192.0.2.0/31 192.0.2.3/32"},
	    {"192.0.2.0/30", "192.0.2.0 192.0.2.3",
		"192.0.2.1/32 192.0.2.2/32"},
	    {"192.0.2.0/30 192.0.2.8/30", "192.0.2.3 192.0.2.8",
		"192.0.2.0/31 192.0.2.2/32 192.0.2.9/32 192.0.2.10/31"},
	    {"192.0.2.0/30", "192.0.1.0/24 192.0.3.0 ::/0", "192.0.2.0/30"},
	    {"10.0.0.0/30 10.0.1.0/30 10.0.2.0/30", "10.0.0.0/23",
		"10.0.2.0/30"},
	    {"::/126", "::1", "::/128 ::2/127"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct arena *a = arena_new();
		struct ipset s = IPSET(a);
		size_t n;
		struct ip_network *list = networks_of(c[i].add, &n, a);
		struct span text;

		ipset_add(&s, list, n);
		list = networks_of(c[i].remove, &n, a);
		ipset_remove(&s, list, n);
		text = text_of(&s, a);
		if (!span_eq(text, span_of(c[i].expect)))
			fail_msg("%s - %s: " SPAN_FMT ", not %s", c[i].add,
			    c[i].remove, SPAN_ARG(text), c[i].expect);
		arena_free(a);
	}
}

static void
the_largest_difference_has_a_network_for_each_bit(void **state)
{
	static const struct ip_network all = {.ip = {.family = AF_INET6}};
	struct ip_network one = {.ip = {.family = AF_INET6}, .bits = 128};
	struct arena *a = arena_new();
	struct ipset s = IPSET(a);

	(void)state;
	memset(one.ip.octet, 0xa5, sizeof(one.ip.octet));
	ipset_add(&s, &all, 1);
	ipset_remove(&s, &one, 1);
	assert_int_equal(s.nnetworks, 128);
	assert_false(ipset_covers(&s, &one));
	ipset_add(&s, &one, 1);
	assert_int_equal(s.nnetworks, 1);
	assert_int_equal(s.networks[0].bits, 0);
	arena_free(a);
}

static void
a_network_is_covered_by_what_is_in_the_set_whole(void **state)
{
	static const struct {
		const char *set, *network;
		bool expect;
	} c[] = {
	    {"", "192.0.2.1", false},
	    {"192.0.2.0/24", "192.0.2.0/24", true},
	    {"192.0.2.0/24", "192.0.2.255", true},
	    {"192.0.2.0/24", "192.0.3.0", false},
	    {"192.0.2.0/24", "192.0.1.255", false},
	    {"192.0.2.0/24", "192.0.2.0/23", false},
	    {"192.0.2.0/25 192.0.2.128/25", "192.0.2.0/24", true},
	    {"192.0.2.0/25 192.0.2.129", "192.0.2.128/25", false},
	    {"192.0.2.0/25 192.0.2.129", "192.0.2.129", true},
	    {"10.0.0.1 10.0.0.3 10.0.0.5 10.0.0.7", "10.0.0.5", true},
	    {"10.0.0.1 10.0.0.3 10.0.0.5 10.0.0.7", "10.0.0.4", false},
	    {"10.0.0.1 10.0.0.3 10.0.0.5 10.0.0.7", "10.0.0.9/29", false},
	    {"0.0.0.0/0", "::1", false},
	    {"::/0", "0.0.0.0", false},
	    {"::/0", "2001:db8::/32", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct arena *a = arena_new();
		struct ipset s = IPSET(a);
		size_t n;
		struct ip_network *list = networks_of(c[i].set, &n, a);

		ipset_add(&s, list, n);
		list = networks_of(c[i].network, &n, a);
		if (ipset_covers(&s, list) != c[i].expect)
			fail_msg("%s in %s", c[i].network, c[i].set);
		arena_free(a);
	}
}

/*
 * Comparison with a table of 256 addresses, by their last octet.
 */

/* Returns a network of addresses that differ in the last octet, of either
 * family. */
static struct ip_network
network_of(int family, unsigned octet, unsigned bits)
{
	struct ip_network n = {.ip = {.family = family}};

	n.ip.octet[0] = 0x20;
	n.ip.octet[family == AF_INET ? 3 : 15] = (unsigned char)octet;
	n.bits = (family == AF_INET ? 24 : 120) + bits;
	return n;
}

static void
mark(bool in[static 256], unsigned octet, unsigned bits, bool value)
{
	unsigned size = 256u >> bits;

	for (unsigned i = 0; i < size; i++)
		in[octet / size * size + i] = value;
}

/* Returns how many networks these addresses need, or -1: all, in one
 * network. */
static int
fewest(const bool *in, unsigned n)
{
	int low, high;

	if (n == 1)
		return *in ? -1 : 0;
	low = fewest(in, n / 2);
	high = fewest(in + n / 2, n / 2);
	if (low < 0 && high < 0)
		return -1;
	return abs(low) + abs(high);
}

static void
expect_same(const struct ipset *s, int family, const bool in[static 256])
{
	for (unsigned octet = 0; octet < 256; octet++) {
		struct ip_network one = network_of(family, octet, 8);
		bool found = false;

		for (size_t i = 0; i < s->nnetworks; i++)
			found |= ip_within(&one.ip, &s->networks[i]);
		assert_int_equal(found, in[octet]);
		assert_int_equal(ipset_covers(s, &one), in[octet]);
	}
	assert_int_equal(s->nnetworks, abs(fewest(in, 256)));
}

static void
sets_are_what_a_table_of_addresses_says(void **state)
{
	struct generator g = {.random = 1};

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct arena *a = arena_new();
		struct ipset s = IPSET(a);
		int family = round % 2 ? AF_INET : AF_INET6;
		bool in[256] = {false};

		for (unsigned change = 0; change < 10; change++) {
			struct ip_network list[8];
			unsigned n = pick(&g, COUNT(list) + 1);
			bool add = pick(&g, 3) > 0;

			for (unsigned i = 0; i < n; i++) {
				unsigned octet = pick(&g, 256),
					 bits = 2 + pick(&g, 7);

				list[i] = network_of(family, octet, bits);
				mark(in, octet, bits, add);
			}
			(add ? ipset_add : ipset_remove)(&s, list, n);
			expect_same(&s, family, in);
		}
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_set_is_the_fewest_networks),
	    cmocka_unit_test(the_largest_difference_has_a_network_for_each_bit),
	    cmocka_unit_test(a_network_is_covered_by_what_is_in_the_set_whole),
	    cmocka_unit_test(sets_are_what_a_table_of_addresses_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
