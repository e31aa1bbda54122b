/* test_spf_lint: findings in SPF records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

/* A record of example.org in the zone below, and all findings. */
struct record_case {
	const char *record, *findings;
};

static const char zone[] =
    "$ORIGIN example.org.\n"
    "@ A 192.0.2.1\n@ AAAA 2001:db8::1\n@ MX 10 mail\n"
    "mail A 192.0.2.2\nmail AAAA 2001:db8::2\n"
    "four A 192.0.2.4\nfour2 A 192.0.2.4\nfour3 A 192.0.2.4\n"
    "ok TXT \"v=spf1 ip4:198.51.100.0/24 ?all\"\n"
    "everybody TXT \"v=spf1 +all\"\n"
    "text TXT \"not for %{i}: see http://example.org/%{d}?%{c}\"\n"
    "texts TXT \"one\"\ntexts TXT \"two\"\n"
    "broken TXT \"100% spam\"\n"
    "plain TXT \"hello\"\n"
    "fail TXT \"v=spf1 include:gone.example.org wrong -all\"\n"
    "two TXT \"v=spf1 -all\"\ntwo TXT \"v=spf1 ~all\"\n"
    "loop TXT \"v=spf1 include:loop2.example.org -all\"\n"
    "loop2 TXT \"v=spf1 include:loop.example.org -all\"\n"
    "many MX 1 m1\nmany MX 2 m2\nmany MX 3 m3\nmany MX 4 m4\nmany MX 5 m5\n"
    "many MX 6 m6\nmany MX 7 m7\nmany MX 8 m8\nmany MX 9 m9\nmany MX 10 ma\n"
    "many MX 11 mb\n"
    "twice TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.1 -all\"\n"
    "hole TXT \"v=spf1 a a:gone.example.org -all\"\ngap MX 1 gone\n"
    ";!SERVFAIL down *\n;!TIMEOUT slow *\n";

static void
check_records(const struct record_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(zone), a);
		struct span domain = SPAN("example.org");
		struct spf_lint l;

		spf_lint(domain, span_of(c[i].record), d, a, &l);
		same(c[i].record, text_of(&l.findings, domain, a),
		    c[i].findings);
		dns_free(d);
		arena_free(a);
	}
}

static void
a_domain_without_one_record_is_told_so(void **state)
{
	static const struct zone_case cases[] = {
	    {"a A 192.0.2.1", RESULT_NONE, "no-record"},
	    {"", RESULT_NONE, "no-such-domain"},
	    {";!SERVFAIL @ TXT", RESULT_TEMPERROR, "dns-failure: SERVFAIL"},
	    {";!TIMEOUT @ TXT", RESULT_TEMPERROR, "dns-failure: timeout"},
	    {"@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 a -all\"", RESULT_PERMERROR,
		"multiple-records: 2 records: 'v=spf1 -all', 'v=spf1 a -all'|"
		"void-lookup: a (example.org A: no data)"},
	    {"@ TXT \"v=spf1 -all\"", RESULT_PASS, ""},
	    {"@ TXT \"V=SPF1 -ALL\"\n@ TXT \"other\"", RESULT_PASS, ""},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
a_malformed_record_is_reported_with_its_term(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 incldue:a.example -all",
		"syntax: incldue:a.example (the record has an unknown or "
		"malformed term)"},
	    {"v=spf1 ip4:300.0.0.1 -all",
		"syntax: ip4:300.0.0.1 (a term has no valid address or prefix "
		"length)"},
	    {"v=spf1 include:fail.example.org -all",
		"syntax @fail.example.org: wrong (the record has an unknown or "
		"malformed term)"},
	    {"v=spf1 -all b exp=a.example c exp=a.example b",
		"syntax: b (the record has an unknown or malformed term)|"
		"syntax: c (the record has an unknown or malformed term)"},
	    {"v=spf1  exp=a.example exp=b.example ",
		"syntax: exp=b.example (redirect= or exp= occurs twice)"},
	    {"v=spf1 include:two.example.org -all",
		"multiple-records @two.example.org: 2 records: 'v=spf1 -all', "
		"'v=spf1 ~all'"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
the_end_of_a_record_is_judged(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 mx -all", ""},
	    {"v=spf1 mx ~all", ""},
	    {"v=spf1 redirect=ok.example.org",
		"neutral-all @ok.example.org: "
		"?all"},
	    {"v=spf1 include:ok.example.org -all", ""},
	    {"v=spf1 mx all", "pass-all: all"},
	    {"v=spf1 mx +ALL", "pass-all: +ALL"},
	    {"v=spf1 include:everybody.example.org -all",
		"pass-all @everybody.example.org: +all"},
	    {"v=spf1 ?include:everybody.example.org -all", ""},
	    {"v=spf1 exists:mail.example.org -all",
		"pass-all: exists:mail.example.org"},
	    {"v=spf1 exists:mail.%{d} -all", "pass-all: exists:mail.%{d}"},
	    {"v=spf1 -exists:mail.example.org -all", ""},
	    {"v=spf1 mx ?all", "neutral-all: ?all"},
	    {"v=spf1 mx", "no-all"},
	    {"v=spf1", "no-all"},
	    {"v=spf1 ", "no-all"},
	    {"v=spf1 -all redirect=ok.example.org",
		"redirect-ignored: redirect=ok.example.org"},
	    {"v=spf1 redirect=gone.example.org -all",
		"redirect-ignored: redirect=gone.example.org"},
	    {"v=spf1 -all mx a:gone.example.org x=y",
		"unreachable-term: mx a:gone.example.org|unknown-modifier: "
		"x=y"},
	    {"v=spf1 ~all -all", "unreachable-term: -all"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
terms_that_are_advised_against_are_reported(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 ptr -all", "ptr: ptr"},
	    {"v=spf1 ?ptr:example.org -all", "ptr: ?ptr:example.org"},
	    {"v=spf1 exists:%{l}.x.example.org -all",
		"macro: exists:%{l}.x.example.org"},
	    {"v=spf1 -exists:%{S}.x.example.org -all",
		"macro: -exists:%{S}.x.example.org"},
	    {"v=spf1 exists:%{i}.%{v}.x.%{d} -all", ""},
	    {"v=spf1 -all exp=text.%{d}", ""},
	    {"v=spf1 -all exp=text.%{o}", ""},
	    {"v=spf1 -all exp=%{p}.example.org", "macro: exp=%{p}.example.org"},
	    {"v=spf1 -all x=y", "unknown-modifier: x=y"},
	    {"v=spf1 -all ip4=192.0.2.1", "unknown-modifier: ip4=192.0.2.1"},
	    {"v=spf1 -all ra=postmaster rp=10 RR=all", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

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

static void
what_a_record_leads_to_is_judged(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 include:gone.example.org -all",
		"include-none: include:gone.example.org (the domain does not "
		"exist)"},
	    {"v=spf1 include:mail.example.org -all",
		"include-none: include:mail.example.org (the domain has no SPF "
		"record)"},
	    {"v=spf1 include:%{d1} -all",
		"include-none: include:%{d1} (the identity has no valid domain "
		"name of two labels or more)"},
	    {"v=spf1 include:%{i}.example.org -all", ""},
	    {"v=spf1 redirect=%{ir}.example.org", ""},
	    {"v=spf1 redirect=gone.example.org",
		"redirect-none: redirect=gone.example.org (the domain does not "
		"exist)"},
	    {"v=spf1 redirect=example.org", "loop: redirect=example.org"},
	    {"v=spf1 include:loop.example.org -all",
		"loop @loop2.example.org: include:loop.example.org"},
	    {"v=spf1 mx:many.example.org -all",
		"mx-limit: mx:many.example.org"},
	    {"v=spf1 a:down.example.org -all",
		"dns-failure: a:down.example.org (down.example.org A: "
		"SERVFAIL)|dns-failure: a:down.example.org (down.example.org "
		"AAAA: SERVFAIL)"},
	    {"v=spf1 include:slow.example.org -all",
		"dns-failure: include:slow.example.org (slow.example.org TXT: "
		"timeout)"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
explanations_are_looked_up(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 -all exp=text.example.org", ""},
	    {"v=spf1 -all exp=gone.example.org",
		"explanation: exp=gone.example.org (gone.example.org TXT: no "
		"such name)"},
	    {"v=spf1 -all exp=mail.example.org",
		"explanation: exp=mail.example.org (mail.example.org TXT: no "
		"data)"},
	    {"v=spf1 -all exp=texts.example.org",
		"explanation: exp=texts.example.org (several TXT records)"},
	    {"v=spf1 -all exp=broken.example.org",
		"explanation: exp=broken.example.org (its text is malformed)"},
	    {"v=spf1 -all exp=down.example.org",
		"explanation: exp=down.example.org (down.example.org TXT: "
		"SERVFAIL)"},
	    {"v=spf1 -all exp=%{i}.gone.example.org", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

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
		struct dns *d = dns_of(span_of(zone), a);
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
macros_that_expand_to_too_much_are_an_error(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(""), a);
	struct buf b = BUF(a);
	struct spf_lint l;

	(void)state;
	buf_str(&b, "v=spf1 exists:");
	for (int i = 0; i < 1600; i++)
		buf_str(&b, "%{d}");
	buf_str(&b, " -all");
	spf_lint(SPAN("example.org"), buf_span(&b), d, a, &l);
	assert_int_equal(l.findings.n, 2);
	assert_ptr_equal(
	    l.findings.list[1].kind, &spf_findings[SPF_FINDING_SYNTAX]);
	assert_true(span_caseends(l.findings.list[1].what,
	    SPAN(" of example.org (macros expand to too much text)")));
	dns_free(d);
	arena_free(a);
}

static void
a_record_needs_no_domain(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(span_of(zone), a);
	struct spf_lint l;

	(void)state;
	spf_lint(SPAN_NONE,
	    SPAN("v=spf1 a mx include:_spf.%{d} a:gone.example.org ?all"), d, a,
	    &l);
	same("no domain", text_of(&l.findings, SPAN("record.invalid"), a),
	    "void-lookup: a:gone.example.org (gone.example.org A: no such "
	    "name)|dangling: a:gone.example.org (gone.example.org A: no such "
	    "name)|neutral-all: ?all");
	assert_int_equal(l.lookups, 4);
	dns_free(d);
	arena_free(a);
}

static void
a_name_of_one_label_has_no_record(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("localhost. TXT \"v=spf1 -all\"\n"), a);
	struct spf_lint l;

	(void)state;
	spf_lint(SPAN("localhost"), SPAN_NONE, d, a, &l);
	same("localhost", text_of(&l.findings, SPAN("localhost"), a),
	    "bad-domain");
	assert_int_equal(finding_verdict(&l.findings), RESULT_NONE);
	dns_free(d);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_domain_without_one_record_is_told_so),
	    cmocka_unit_test(a_malformed_record_is_reported_with_its_term),
	    cmocka_unit_test(the_end_of_a_record_is_judged),
	    cmocka_unit_test(terms_that_are_advised_against_are_reported),
	    cmocka_unit_test(wide_networks_that_pass_are_reported),
	    cmocka_unit_test(
		networks_that_are_all_addresses_together_are_reported),
	    cmocka_unit_test(terms_that_change_nothing_are_duplicates),
	    cmocka_unit_test(what_a_record_leads_to_is_judged),
	    cmocka_unit_test(explanations_are_looked_up),
	    cmocka_unit_test(lookups_that_find_nothing_are_counted_by_family),
	    cmocka_unit_test(the_limit_of_lookups_counts_all_that_is_below),
	    cmocka_unit_test(addresses_are_counted_once),
	    cmocka_unit_test(macros_that_expand_to_too_much_are_an_error),
	    cmocka_unit_test(a_record_needs_no_domain),
	    cmocka_unit_test(a_name_of_one_label_has_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
