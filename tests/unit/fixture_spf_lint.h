/* fixture_spf_lint: a zone and its findings. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SPF_LINT_H
#define FIXTURE_SPF_LINT_H

#include "fixture_finding.h"
#include "lint/spf_lint.h"

/* A zone with the origin example.org (@), the expected status and all
 * findings. */
struct zone_case {
	const char *zone;
	enum result_code verdict;
	const char *findings;
};

static inline void
check_zones(const struct zone_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(
		    arena_printf(a, "$ORIGIN example.org.\n%s\n", c[i].zone),
		    a);
		struct span domain = SPAN("example.org");
		struct spf_lint l;

		spf_lint(domain, SPAN_NONE, d, a, &l);
		same(c[i].zone, text_of(&l.findings, domain, a), c[i].findings);
		assert_int_equal(finding_verdict(&l.findings), c[i].verdict);
		dns_free(d);
		arena_free(a);
	}
}

/* A record of example.org in the zone below, and all findings. */
struct record_case {
	const char *record, *findings;
};

static const char spf_zone[] =
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
    "w TXT \"a wildcard\"\n*.w A 192.0.2.5\n*.w AAAA 2001:db8::5\n"
    "unseen TXT \"v=spf1 \\226\\128\\145all\"\n"
    "odd TXT \"v=spf1 ip4:10.0.0.1 ip4:192.0.2.1/24 -all\"\n"
    "lost MX 1 gone.example.\nnull MX 0 .\n"
    "nullmx TXT \"v=spf1 mx:null.example.org -all\"\n"
    ";!SERVFAIL down *\n;!TIMEOUT slow *\n";

static inline void
check_records(const struct record_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(spf_zone), a);
		struct span domain = SPAN("example.org");
		struct spf_lint l;

		spf_lint(domain, span_of(c[i].record), d, a, &l);
		same(c[i].record, text_of(&l.findings, domain, a),
		    c[i].findings);
		dns_free(d);
		arena_free(a);
	}
}

#endif
