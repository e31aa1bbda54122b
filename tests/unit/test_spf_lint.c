/* test_spf_lint: findings in SPF records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_lint.h"

#include <string.h>

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
names_that_others_could_register_are_reported(void **state)
{
	static const struct record_case cases[] = {
	    {"v=spf1 a:gone.example -all",
		"void-lookup: a:gone.example (gone.example A: no such name)|"
		"dangling: a:gone.example (gone.example A: no such name)"},
	    {"v=spf1 mx:gone.example -all",
		"void-lookup: mx:gone.example (gone.example MX: no such name)|"
		"dangling: mx:gone.example (gone.example MX: no such name)"},
	    {"v=spf1 mx:lost.example.org -all",
		"void-lookup: mx:lost.example.org (gone.example A: no such "
		"name)|dangling: mx:lost.example.org (gone.example A: no such "
		"name)"},
	    {"v=spf1 -a:gone.example -all",
		"void-lookup: -a:gone.example (gone.example A: no such "
		"name)"},
	    {"v=spf1 a:gone.example.org -all",
		"void-lookup: a:gone.example.org (gone.example.org A: no such "
		"name)"},
	    {"v=spf1 a:%{i}.gone.example -all", ""},
	    {"v=spf1 mx:null.example.org -all", "null-mx: mx:null.example.org"},
	    {"v=spf1 include:nullmx.example.org -all", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
a_record_of_the_old_type_is_seen(void **state)
{
	static const struct zone_case cases[] = {
	    {"@ SPF \"v=spf1 \" \"-all\"", RESULT_NONE,
		"type-99: v=spf1 -all|no-record"},
	    {"@ TYPE99 \\# 12 0B763D73706631202D616C6C", RESULT_NONE,
		"type-99: v=spf1 -all|no-record"},
	    {"@ SPF \"other\"", RESULT_NONE, "no-record"},
	    {"@ SPF \"v=spf1 foo\"\n@ TXT \"v=spf1 -all\"", RESULT_PASS, ""},
	    {"@ A 192.0.2.1\n;!SERVFAIL @ SPF", RESULT_NONE, "no-record"},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
each_of_several_records_is_judged(void **state)
{
	static const struct zone_case cases[] = {
	    {"@ TXT \"v=spf1 foo -all\"\n@ TXT \"v=spf1 ?all\"\n",
		RESULT_PERMERROR,
		"multiple-records: 2 records: 'v=spf1 foo -all', 'v=spf1 "
		"?all'|syntax: foo (the record has an unknown or malformed "
		"term)|neutral-all: ?all"},
	    {"@ TXT \"v=spf1 a1\"\n@ TXT \"v=spf1 a2\"\n@ TXT \"v=spf1 "
	     "a3\"\n@ TXT \"v=spf1 a4\"\n",
		RESULT_PERMERROR,
		"multiple-records: 4 records: 'v=spf1 a1', 'v=spf1 a2', "
		"'v=spf1 a3', 'v=spf1 a4'|syntax: a1 (the record has an "
		"unknown or malformed term)|syntax: a2 (the record has an "
		"unknown or malformed term)|syntax: a3 (the record has an "
		"unknown or malformed term)"},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

/* Findings know the line of their record, also of an included one. */
static void
a_finding_knows_its_line(void **state)
{
	static const struct {
		const char *id;
		size_t line;
	} expected[] = {{"look-alike", 2}, {"void-lookup", 3}, {"loop", 5},
	    {"syntax", 6}, {"neutral-all", 3}};
	struct arena *a = arena_new();
	struct dns *d =
	    dns_of(SPAN("$ORIGIN example.org.\n@ TXT spf1\n"
			"@ TXT ( \"v=spf1 include:i.example.org \"\n"
			"  \"include:j.example.org a ?all\" )\n"
			"i TXT \"v=spf1 include:example.org -all\"\n"
			"j TXT \"v=spf1 foo -all\"\n"),
		a);
	struct spf_lint l;

	(void)state;
	spf_lint(SPAN("example.org"), SPAN_NONE, d, a, &l);
	assert_int_equal(l.findings.n, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct finding *f = &l.findings.list[i];
		size_t k = 0;

		while (k < COUNT(expected) &&
		    strcmp(f->kind->id, expected[k].id) != 0)
			k++;
		assert_true(k < COUNT(expected));
		assert_non_null(f->record);
		assert_int_equal(f->record->line, expected[k].line);
	}
	dns_free(d);
	arena_free(a);
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
	struct dns *d = dns_of(span_of(spf_zone), a);
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
	    cmocka_unit_test(what_a_record_leads_to_is_judged),
	    cmocka_unit_test(names_that_others_could_register_are_reported),
	    cmocka_unit_test(a_record_of_the_old_type_is_seen),
	    cmocka_unit_test(each_of_several_records_is_judged),
	    cmocka_unit_test(a_finding_knows_its_line),
	    cmocka_unit_test(explanations_are_looked_up),
	    cmocka_unit_test(macros_that_expand_to_too_much_are_an_error),
	    cmocka_unit_test(a_record_needs_no_domain),
	    cmocka_unit_test(a_name_of_one_label_has_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
