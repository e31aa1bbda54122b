/* test_spf_lint_networks: findings about networks in SPF records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

static void
wide_networks_that_pass_are_reported(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 ip4:10.0.0.0/14 -all",
		"reserved-network: ip4:10.0.0.0/14"},
	    {"v=spf1 ip4:10.0.0.0/13 -all",
		"wide-network: ip4:10.0.0.0/13 (524288 addresses)|"
		"reserved-network: ip4:10.0.0.0/13"},
	    {"v=spf1 ip4:0.0.0.0/0 -all",
		"pass-all: ip4:0.0.0.0/0 (all IPv4 addresses)"},
	    {"v=spf1 ip4:192.0.2.1/1 -all",
		"wide-network: ip4:192.0.2.1/1 (2147483648 addresses)|"
		"host-bits: ip4:192.0.2.1/1"},
	    {"v=spf1 -ip4:10.0.0.0/8 -all", ""},
	    {"v=spf1 ip6:2001:db8::/32 -all", ""},
	    {"v=spf1 ip6:2001:db8::/31 -all",
		"wide-network: ip6:2001:db8::/31 (2^97 addresses)"},
	    {"v=spf1 ip6:::/0 -all", "pass-all: ip6:::/0 (all IPv6 addresses)"},
	    {"v=spf1 mx/8 -all",
		"wide-network: mx/8 (16777216 addresses for each A record)"},
	    {"v=spf1 a/16//16 -all",
		"wide-network: a/16//16 (2^112 addresses for each AAAA "
		"record)"},
	    {"v=spf1 a/8//8 -all",
		"wide-network: a/8//8 (16777216 addresses for each A record)|"
		"wide-network: a/8//8 (2^120 addresses for each AAAA record)"},
	    {"v=spf1 a/16//32 -all", ""},
	    {"v=spf1 a/0 -all", "pass-all: a/0 (all IPv4 addresses)"},
	    {"v=spf1 mx//0 -all", "pass-all: mx//0 (all IPv6 addresses)"},
	    {"v=spf1 -a/0 ?ip4:0.0.0.0/0 ~mx//0 -all", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
networks_that_are_all_addresses_together_are_reported(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all",
		"wide-network: ip4:0.0.0.0/1 (2147483648 addresses)|"
		"wide-network: ip4:128.0.0.0/1 (2147483648 addresses)|"
		"pass-all: ip4 terms (together all IPv4 addresses)"},
	    {"v=spf1 ip6:::/1 ip6:8000::/1 -all",
		"wide-network: ip6:::/1 (2^127 addresses)|"
		"wide-network: ip6:8000::/1 (2^127 addresses)|"
		"pass-all: ip6 terms (together all IPv6 addresses)"},
	    {"v=spf1 ip4:0.0.0.0/1 -ip4:128.0.0.0/1 -all",
		"wide-network: ip4:0.0.0.0/1 (2147483648 addresses)"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
networks_that_no_client_has_are_reported(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 ip4:192.0.2.1/24 -all", "host-bits: ip4:192.0.2.1/24"},
	    {"v=spf1 ip4:192.0.2.1/32 ip4:198.51.100.0/24 -all", ""},
	    {"v=spf1 -ip6:2001:db8::1/64 -all",
		"host-bits: -ip6:2001:db8::1/64"},
	    {"v=spf1 ip4:10.0.0.1 ip4:172.16.0.0/12 ip4:192.168.1.0/24 -all",
		"reserved-network: ip4:10.0.0.1|wide-network: "
		"ip4:172.16.0.0/12 (1048576 addresses)|reserved-network: "
		"ip4:172.16.0.0/12|reserved-network: ip4:192.168.1.0/24"},
	    {"v=spf1 ip4:127.0.0.1 ip4:169.254.0.0/16 -all",
		"reserved-network: ip4:127.0.0.1|reserved-network: "
		"ip4:169.254.0.0/16"},
	    {"v=spf1 ip6:fd00::/8 ip6:fe80::1 ip6:::1 -all",
		"wide-network: ip6:fd00::/8 (2^120 addresses)|"
		"reserved-network: ip6:fd00::/8|reserved-network: ip6:fe80::1|"
		"reserved-network: ip6:::1"},
	    {"v=spf1 ip4:172.32.0.0/16 ip4:192.0.2.0/24 ip6:2001:db8::/32 "
	     "ip4:203.0.113.0/24 ip4:100.64.0.1 -all",
		""},
	    {"v=spf1 -ip4:10.0.0.0/8 -all", ""},
	    {"v=spf1 ip6:::ffff:192.0.2.1 -all",
		"mapped-ip6: ip6:::ffff:192.0.2.1"},
	    {"v=spf1 ip6:::ffff:0:0/96 -all", "mapped-ip6: ip6:::ffff:0:0/96"},
	    {"v=spf1 include:odd.example.org -all", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
terms_that_change_nothing_are_duplicates(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 mx mx -all", "duplicate-term: mx"},
	    {"v=spf1 mx MX:Example.ORG. -all",
		"duplicate-term: MX:Example.ORG. (as mx)"},
	    {"v=spf1 mx -mx -all", "duplicate-term: -mx (as mx)"},
	    {"v=spf1 include:twice.example.org -all", ""},
	    {"v=spf1 redirect=twice.example.org",
		"duplicate-term @twice.example.org: ip4:192.0.2.1"},
	    {"v=spf1 mx mx/24 a a//64 -all", ""},
	    {"v=spf1 include:ok.example.org a include:OK.example.org -all",
		"duplicate-term: include:OK.example.org (as "
		"include:ok.example.org)"},
	    {"v=spf1 exists:%{i}.x exists:%{I}.x -all",
		"voids-near-limit: 2 (exists:%{i}.x: no such name, "
		"exists:%{I}.x: no such name)"},
	    {"v=spf1 exists:%{i}.x exists:%{i}.X -all",
		"voids-near-limit: 2 (exists:%{i}.x: no such name, "
		"exists:%{i}.X: no such name)"},
	    {"v=spf1 exists:%{d}.x exists:%{D}.x -all",
		"voids-near-limit: 2 (exists:%{d}.x: no such name, "
		"exists:%{D}.x: no such name)|void-lookup: exists:%{d}.x "
		"(example.org.x A: no such name)|void-lookup: exists:%{D}.x "
		"(example.org.x A: no such name)"},
	    {"v=spf1 exists:%{i}.x exists:%{i}.x -all",
		"voids-near-limit: 2 (exists:%{i}.x: no such name, "
		"exists:%{i}.x: no such name)|duplicate-term: exists:%{i}.x"},
	    {"v=spf1 ip4:192.0.2.1 ip4:192.0.2.1/32 -all",
		"duplicate-term: ip4:192.0.2.1/32 (as ip4:192.0.2.1)"},
	    {"v=spf1 ip4:192.0.2.0/24 mx ip4:192.0.2.7 -all",
		"duplicate-term: ip4:192.0.2.7 (within ip4:192.0.2.0/24)"},
	    {"v=spf1 ip4:192.0.2.7 mx ip4:192.0.2.99/24 -all",
		"host-bits: ip4:192.0.2.99/24|"
		"duplicate-term: ip4:192.0.2.7 (within ip4:192.0.2.99/24)"},
	    {"v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24 -all", ""},
	    {"v=spf1 ip4:192.0.2.7 -mx ip4:192.0.2.0/24 -all", ""},
	    {"v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.7 -all",
		"duplicate-term: -ip4:192.0.2.7 (within ip4:192.0.2.0/24)"},
	    {"v=spf1 ip4:11.0.0.1 ip4:11.0.0.0/31 ip4:11.0.0.0/30 "
	     "ip4:11.0.0.4 ip4:11.0.0.4 -all",
		"duplicate-term: ip4:11.0.0.0/31 (within ip4:11.0.0.0/30)|"
		"duplicate-term: ip4:11.0.0.1 (within ip4:11.0.0.0/30)|"
		"duplicate-term: ip4:11.0.0.4"},
	    {"v=spf1 ip6:2001:db8::/32 ip6:2001:DB8::1 -all",
		"duplicate-term: ip6:2001:DB8::1 (within ip6:2001:db8::/32)"},
	    {"v=spf1 ip6:::/64 ip4:0.0.0.0 -all", ""},
	    {"v=spf1 -all mx mx", "unreachable-term: mx mx"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wide_networks_that_pass_are_reported),
	    cmocka_unit_test(
		networks_that_are_all_addresses_together_are_reported),
	    cmocka_unit_test(networks_that_no_client_has_are_reported),
	    cmocka_unit_test(terms_that_change_nothing_are_duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
