/* test_spf_lint_limits: lookups, void lookups and addresses, counted. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

static void
lookups_that_find_nothing_are_counted_by_family(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 a:gone.example.org -all",
		"void-lookup: a:gone.example.org (gone.example.org A: no such "
		"name)"},
	    {"v=spf1 mx:mail.example.org -all",
		"void-lookup: mx:mail.example.org (mail.example.org MX: no "
		"data)"},
	    {"v=spf1 a:four.example.org -all", ""},
	    {"v=spf1 a:four.example.org a:four2.example.org -all",
		"voids-near-limit: 2 for clients with IPv6 "
		"(a:four.example.org: no AAAA, a:four2.example.org: no "
		"AAAA)"},
	    {"v=spf1 a:four.example.org a:four2.example.org "
	     "a:four3.example.org -all",
		"void-limit: 3 for clients with IPv6 (a:four.example.org: no "
		"AAAA, a:four2.example.org: no AAAA, a:four3.example.org: no "
		"AAAA)"},
	    {"v=spf1 mx:gap.example.org include:hole.example.org -all",
		"void-limit: 3 (mx:gap.example.org: no such name of "
		"gone.example.org, a of hole.example.org: no A, "
		"a:gone.example.org of hole.example.org: no such name)|"
		"void-lookup: mx:gap.example.org (gone.example.org A: no such "
		"name)|void-lookup @hole.example.org: a (hole.example.org A: "
		"no data)|void-lookup @hole.example.org: a:gone.example.org "
		"(gone.example.org A: no such name)"},
	    {"v=spf1 a:g1.example.org mx:g2.example.org "
	     "exists:%{i}.example.org -all",
		"void-limit: 3 (a:g1.example.org: no such name, "
		"mx:g2.example.org: no such name, exists:%{i}.example.org: no "
		"such name)|void-lookup: a:g1.example.org (g1.example.org A: "
		"no such name)|"
		"void-lookup: mx:g2.example.org (g2.example.org MX: no such "
		"name)"},
	    {"v=spf1 exists:%{i}.example.org -all", ""},
	    {"v=spf1 -all a:gone.example.org",
		"unreachable-term: a:gone.example.org"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

/* The nested records are a chain of includes, each with more lookups. */
static void
the_limit_of_lookups_counts_all_that_is_below(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 mx a a:mail.example.org mx/24 a/24 a/25 a/26 a/27 -all",
		""},
	    {"v=spf1 mx a a:mail.example.org mx/24 a/24 a/25 a/26 a/27 a/28 "
	     "-all",
		"lookups-near-limit: 9 (mx 1, a 1, a:mail.example.org 1, "
		"mx/24 1, a/24 1, a/25 1, a/26 1, a/27 1, a/28 1)"},
	    {"v=spf1 mx mx/9 a/20 a/21 a/22 a/23 include:ok.example.org a/24 "
	     "a/25 a/26 -all mx/27",
		"lookups-near-limit: 10 (mx 1, mx/9 1, a/20 1, a/21 1, a/22 "
		"1, a/23 1, include:ok.example.org 1, a/24 1, a/25 1, a/26 1)|"
		"unreachable-term: mx/27|wide-network: mx/9 (8388608 addresses "
		"for each A record)"},
	    {"v=spf1 a/20 a/21 a/22 a/23 a/24 a/25 a/26 a/27 a/28 a/29 a/30 "
	     "-all",
		"lookup-limit: 11 (a/20 1, a/21 1, a/22 1, a/23 1, a/24 1, "
		"a/25 1, a/26 1, a/27 1, a/28 1, a/29 1, a/30 1)"},
	};
	static const struct zone_case nested[] = {
	    {"@ TXT \"v=spf1 a:h.example.org include:i1.example.org ~all\"\n"
	     "h A 192.0.2.1\nh AAAA 2001:db8::1\nh MX 1 h\n"
	     "i1 TXT \"v=spf1 a:h.example.org mx:h.example.org "
	     "include:i2.example.org ?all\"\n"
	     "i2 TXT \"v=spf1 a:h.example.org mx:h.example.org "
	     "include:i3.example.org ?all\"\n"
	     "i3 TXT \"v=spf1 a:h.example.org mx:h.example.org "
	     "include:i4.example.org ?all\"\n"
	     "i4 TXT \"v=spf1 a:h.example.org ?all a:behind.example.org\"\n",
		RESULT_PERMERROR,
		"lookup-limit: 12 (a:h.example.org 1, include:i1.example.org "
		"11)|unreachable-term @i4.example.org: a:behind.example.org"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
	check_zones(nested, COUNT(nested));
}

static void
addresses_are_counted_once(void **state)
{
	static const struct {
		const char *record;
		double ip4, ip6;
	} cases[] = {
	    {"v=spf1 -all", 0, 0},
	    {"v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.77 ip4:192.0.2.9/28 -all",
		256, 0},
	    {"v=spf1 ip4:192.0.2.1 ip4:192.0.3.1 -ip4:192.0.4.0/24 "
	     "?ip4:192.0.5.0/24 -all ip4:192.0.6.0/24",
		2, 0},
	    {"v=spf1 ip4:198.51.100.0/25 include:ok.example.org -all", 256, 0},
	    {"v=spf1 -include:ok.example.org -all", 0, 0},
	    {"v=spf1 ip4:0.0.0.0/0 -all", 4294967296.0, 0},
	    {"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 ip6:2001:db8::/126 -all",
		4294967296.0, 4},
	    {"v=spf1 ip6:::/0 ip6:2001:db8::/32 -all", 0,
		340282366920938463463374607431768211456.0},
	    {"v=spf1 redirect=ok.example.org", 256, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(spf_zone), a);
		struct spf_lint l;

		spf_lint(
		    SPAN("example.org"), span_of(cases[i].record), d, a, &l);
		if (l.ip4 != cases[i].ip4 || l.ip6 != cases[i].ip6)
			fail_msg("%s: %g %g", cases[i].record, l.ip4, l.ip6);
		dns_free(d);
		arena_free(a);
	}
}

static void
terms_that_depend_on_the_client_are_void_for_some(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 ptr -all", "ptr: ptr"},
	    {"v=spf1 ptr exists:%{i}.example.org -all",
		"voids-near-limit: 2 (ptr: a client without a reverse name, "
		"exists:%{i}.example.org: no such name)|ptr: ptr"},
	    {"v=spf1 ptr a:four.example.org ptr:example.org -all",
		"void-limit: 3 for clients with IPv6 (ptr: a client without "
		"a reverse name, a:four.example.org: no AAAA, "
		"ptr:example.org: a client without a reverse name)|ptr: ptr|"
		"ptr: ptr:example.org|duplicate-term: ptr:example.org (as "
		"ptr)"},
	    {"v=spf1 a:%{v}.w.example.org a:%{v}.w.example.org "
	     "exists:%{ir}.w.example.org -all",
		"void-limit: 3 (a:%{v}.w.example.org: depends on the client, "
		"a:%{v}.w.example.org: depends on the client, "
		"exists:%{ir}.w.example.org: depends on the client)|"
		"duplicate-term: a:%{v}.w.example.org"},
	    {"v=spf1 a:%{p}.example.org a:%{p}.w.example.org -all",
		"void-limit: 4 (a:%{p}.example.org: no such name, "
		"a:%{p}.example.org: depends on the client, "
		"a:%{p}.w.example.org: depends on the client, "
		"a:%{p}.w.example.org: depends on the client)|"
		"macro: a:%{p}.example.org|macro: a:%{p}.w.example.org"},
	    {"v=spf1 include:%{i}.example.org -all", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

/* A term with macros is one lookup, and %{p} one more, once. */
static void
each_client_is_counted(void **state)
{
	static const struct {
		const char *record;
		unsigned lookups, voids;
	} cases[] = {
	    {"v=spf1 ip4:192.0.2.1 -all", 0, 0},
	    {"v=spf1 ptr -all", 1, 1},
	    {"v=spf1 ?ptr:%{d} -all", 1, 1},
	    {"v=spf1 exists:%{i}.example.org -all", 1, 1},
	    {"v=spf1 exists:%{i}.w.example.org -all", 1, 1},
	    {"v=spf1 include:%{i}.example.org -all", 1, 1},
	    {"v=spf1 redirect=%{l}.example.org", 1, 1},
	    {"v=spf1 a:%{p}.example.org -all", 2, 2},
	    {"v=spf1 mx:%{d} -all", 1, 0},
	    {"v=spf1 -all exists:%{i}.example.org ptr", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(spf_zone), a);
		struct spf_lint l;

		spf_lint(
		    SPAN("example.org"), span_of(cases[i].record), d, a, &l);
		if (l.lookups != cases[i].lookups || l.voids != cases[i].voids)
			fail_msg(
			    "%s: %u %u", cases[i].record, l.lookups, l.voids);
		dns_free(d);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lookups_that_find_nothing_are_counted_by_family),
	    cmocka_unit_test(the_limit_of_lookups_counts_all_that_is_below),
	    cmocka_unit_test(addresses_are_counted_once),
	    cmocka_unit_test(terms_that_depend_on_the_client_are_void_for_some),
	    cmocka_unit_test(each_client_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
