/* test_spf_lint_text: findings in the text of SPF records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

#include <string.h>

static void
look_alikes_are_reported_beside_the_record_or_without_one(void **state)
{
	static const struct zone_case cases[] = {
	    {"@ TXT \"v=spf10 -all\"", RESULT_NONE,
		"look-alike: v=spf10 -all|no-record"},
	    {"@ TXT \"v=spf2 mx -all\"\n@ TXT \"v=spf1 -all\"", RESULT_FAIL,
		"look-alike: v=spf2 mx -all"},
	    {"@ TXT \"v=spf1\" \"ip4:192.0.2.1 -all\"", RESULT_NONE,
		"look-alike: v=spf1ip4:192.0.2.1 -all|split-without-space: "
		"\"v=spf1\" \"ip4:192.0.2.1\"|no-record"},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

/* Removes the findings of unseen characters. */
static void
drop_unseen(struct findings *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].kind != &spf_findings[SPF_FINDING_UNSEEN])
			f->list[kept++] = f->list[i];
	f->n = kept;
}

static void
what_looks_like_spf_is_told_from_what_does_not(void **state)
{
	static const struct {
		const char *text;
		bool alike;
	} cases[] = {
	    {"v=spf10 -all", true},
	    {"v=spf2 -all", true},
	    {"v=spf1, mx, -all", true},
	    {"v=spf1;mx -all", true},
	    {"v=spf1\tmx", true},
	    {"v = spf1 mx", true},
	    {"v:spf1 mx", true},
	    {"v=spf 1 mx", true},
	    {"V=SPF", true},
	    {"vspf1 mx", true},
	    {"spf1", true},
	    {"SPF1 include:a.example -all", true},
	    {"=spf1 -all", true},
	    {" v=spf1 -all", true},
	    {"\tv=spf1 -all", true},
	    {"\"v=spf1 -all\"", true},
	    {"'v=spf1 -all'", true},
	    {"\xe2\x80\x9cv=spf1 -all\xe2\x80\x9d", true},
	    {"\x93v=spf1 -all\x94", true},
	    {"\xef\xbb\xbfv=spf1 -all", true},
	    {"\xc2\xa0v=spf1 -all", true},
	    {"v=\xe2\x80\x9cspf1\xe2\x80\x9d -all", true},
	    {"mx -all", true},
	    {"-all", true},
	    {"include:_spf.a.example ~all", true},
	    {"ip4:192.0.2.1", true},
	    {"a ip6:2001:db8::/32", true},
	    {"v=sfp1 mx -all", true},
	    {"spf: ip4:192.0.2.1 -all", true},
	    {"ip4:192.0.2.1 ip4:192.0.2.2 incldue:a.example -all", true},
	    {"use v=spf1 include:a.example -all", true},
	    {"", false},
	    {" ", false},
	    {"\"", false},
	    {"v", false},
	    {"v=", false},
	    {"a", false},
	    {"all", false},
	    {"a mx all", false},
	    {"spf2.0/mfrom,pra include:a.example -all", false},
	    {"spf2.0/pra -all", false},
	    {"spf10-verification=abc", false},
	    {"vspfgl4b", false},
	    {"v=DKIM1; k=rsa; p=MIGf", false},
	    {"v=DMARC1; p=reject; rua=mailto:a@a.example", false},
	    {"v=STSv1; id=20200101", false},
	    {"v=TLSRPTv1; rua=mailto:a@a.example", false},
	    {"google-site-verification=abc", false},
	    {"MS=ms12345678", false},
	    {"a=b c=d", false},
	    {"that is not all", false},
	    {"files include: none -all of them", false},
	    {"host a -all the rest", false},
	    {"ip4: 192.0.2.1 is the server", false},
	    {"include:nothing", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(SPAN(""), a);
		struct span domain = SPAN("example.org");
		struct span text = span_of(cases[i].text), said;
		struct spf_lint l;

		spf_lint(domain, text, d, a, &l);
		assert_int_equal(finding_verdict(&l.findings), RESULT_NONE);
		drop_unseen(&l.findings);
		said = text_of(&l.findings, domain, a);
		assert_null(l.record.p);
		same(cases[i].text, said,
		    !cases[i].alike
			? "no-record"
			: arena_printf(
			      a, "look-alike: %s|no-record", cases[i].text)
			      .p);
		dns_free(d);
		arena_free(a);
	}
}

static void
strings_that_run_together_are_seen(void **state)
{
	static const struct {
		const char *strings, *split; /* NULL: no finding */
	} cases[] = {
	    {"\"v=spf1 include:ok\" \"-all\"", "\"include:ok\" \"-all\""},
	    {"\"v=spf1 include:ok.example.org\" \"-all\"",
		"\"include:ok.example.org\" \"-all\""},
	    {"\"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2\" \" -all\"",
		"\"ip4:192.0.2.1\" \"ip4:192.0.2.2\""},
	    {"\"v=spf1 ip4:192.0.2.0/24\" \"mx -all\"",
		"\"ip4:192.0.2.0/24\" \"mx\""},
	    {"\"v=spf1 ip4:192.0.2.1\" \"a -all\"", "\"ip4:192.0.2.1\" \"a\""},
	    {"\"v=spf1 ip6:2001:db8::1\" \"mx -all\"",
		"\"ip6:2001:db8::1\" \"mx\""},
	    {"\"v=spf1 a\" \"mx:example.org -all\"",
		"\"a\" \"mx:example.org\""},
	    {"\"v=spf1 a:mail.example.org\" \"a:four.example.org -all\"",
		"\"a:mail.example.org\" \"a:four.example.org\""},
	    {"\"v=spf1 mx\" \"Include:ok.example.org -all\"",
		"\"mx\" \"Include:ok.example.org\""},
	    {"\"v=spf1 mx\" \"redirect=ok.example.org\"",
		"\"mx\" \"redirect=ok.example.org\""},
	    {"\"v=spf1 exists:%{i}.%{d}\" \"~all\"",
		"\"exists:%{i}.%{d}\" \"~all\""},
	    {"\"v=spf1 \" \"mx\" \" -all\"", NULL},
	    {"\"v=spf1 mx\" \" \" \"-all\"", NULL},
	    {"\"v=spf1 include:ok.exam\" \"ple.org -all\"", NULL},
	    {"\"v=spf1 include:\" \"ok.example.org -all\"", NULL},
	    {"\"v=spf1 a:mail.\" \"example.org -all\"", NULL},
	    {"\"v=spf1 inc\" \"lude:ok.example.org -all\"", NULL},
	    {"\"v=spf1 ip4:192.0.2.0\" \"/24 -all\"", NULL},
	    {"\"v=spf1 ip6:2001:db8:\" \"a::1 -all\"", NULL},
	    {"\"v=spf1 ip6:2001:db8:f\" \"a:1::1 -all\"", NULL},
	    {"\"v=spf1 ip6:2001:db8::f\" \"a/64 -all\"", NULL},
	    {"\"v=spf1 mx -\" \"all\"", NULL},
	    {"\"v=spf1 mx -a\" \"ll\"", NULL},
	    {"\"v=spf1 a:mail.example.c\" \"a -all\"", NULL},
	    {"\"v=spf1 mx -all\" \"\"", NULL},
	    {"\"\" \"v=spf1 mx\" \"\" \" -all\" \"\" \"\"", NULL},
	    {"\"v=spf1 \" \"\" \"-all\"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d =
		    dns_of(arena_printf(a, "$ORIGIN s.org.\n@ TXT %s\n",
			       cases[i].strings),
			a);
		struct span found = SPAN_NONE;
		struct spf_lint l;

		spf_lint(SPAN("s.org"), SPAN_NONE, d, a, &l);
		for (size_t k = 0; k < l.findings.n; k++)
			if (l.findings.list[k].kind ==
			    &spf_findings[SPF_FINDING_SPLIT]) {
				assert_null(found.p);
				found = l.findings.list[k].what;
			}
		if (cases[i].split)
			same(cases[i].strings, found, cases[i].split);
		else
			same(cases[i].strings, found, "");
		dns_free(d);
		arena_free(a);
	}
}

static void
a_record_over_450_octets_is_large(void **state)
{
	char text[452];
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(""), a);
	struct spf_lint l;

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "v=spf1 -all", 11);
	spf_lint(SPAN("example.org"), (struct span){text, 450}, d, a, &l);
	assert_int_equal(l.findings.n, 0);
	spf_lint(SPAN("example.org"), (struct span){text, 451}, d, a, &l);
	same("451", text_of(&l.findings, SPAN("example.org"), a),
	    "record-size: 451 octets");
	dns_free(d);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		look_alikes_are_reported_beside_the_record_or_without_one),
	    cmocka_unit_test(what_looks_like_spf_is_told_from_what_does_not),
	    cmocka_unit_test(strings_that_run_together_are_seen),
	    cmocka_unit_test(a_record_over_450_octets_is_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
