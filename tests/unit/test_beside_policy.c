/* test_beside_policy: MTA-STS policies, and the MX records they match. */
/* SPDX-License-Identifier: ISC */

#include "fixture_beside.h"

#include "base/limit.h"
#include "lint/beside_internal.h"

#define GOOD "version: STSv1\nmode: enforce\nmax_age: 604800\n"
#define MX   "mx: mx.example.org\n"

/* Returns "MODE MAX_AGE PATTERN ...", or the faults: "FAULT|FAULT". */
static struct span
policy_text(struct span text, struct arena *a)
{
	struct beside_policy p;
	struct buf b = BUF(a);

	beside_policy_parse(text, a, &p);
	assert_int_equal(
	    p.nfaults, p.total < LIMIT_STS_FAULTS ? p.total : LIMIT_STS_FAULTS);
	for (size_t i = 0; i < p.nfaults; i++) {
		buf_str(&b, i ? "|" : "");
		buf_add(&b, p.faults[i]);
	}
	if (p.nfaults)
		return buf_span(&b);
	buf_printf(&b, "%d %llu", (int)p.mode, (unsigned long long)p.max_age);
	for (size_t i = 0; i < p.nmx; i++) {
		buf_char(&b, ' ');
		buf_add(&b, p.mx[i]);
	}
	return buf_span(&b);
}

struct policy_case {
	const char *text, *expect;
};

static void
check(const struct policy_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();

		same(
		    c[i].text, policy_text(span_of(c[i].text), a), c[i].expect);
		arena_free(a);
	}
}

/* RFC 8461 3.2 */
static void
policies_are_read(void **state)
{
	static const struct policy_case cases[] = {
	    {GOOD MX, "3 604800 mx.example.org"},
	    {GOOD "mx: mx.example.org", "3 604800 mx.example.org"},
	    {"version: STSv1\r\nmode: testing\r\nmx: a.test\r\n"
	     "mx: *.b.test\r\nmax_age: 1\r\n",
		"2 1 a.test *.b.test"},
	    {"mx:A.Test \t\nmax_age:\t31557600\nmode:none \nversion:STSv1",
		"1 31557600 a.test"},
	    {"version: STSv1\nmode: none\nmax_age: 0\n", "1 0"},
	    {GOOD MX "x-1._y: any \xc3\xa4 : text\n",
		"3 604800 mx.example.org"},
	    /* Only the first of each counts. */
	    {GOOD MX "version: STSv2\nmode: none\nmax_age: x\n",
		"3 604800 mx.example.org"},
	    {GOOD MX "\n\n", "3 604800 mx.example.org"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
malformed_policies_are_told_by_line(void **state)
{
	static const struct policy_case cases[] = {
	    {"",
		"there is no version: STSv1|there is no mode|"
		"there is no max_age|there is no mx"},
	    {GOOD, "there is no mx"},
	    {"mode: none\nmax_age: 1", "there is no version: STSv1"},
	    {"version: STSv1\nmx: a.test\nmax_age: 1", "there is no mode"},
	    {"version: STSv1\nmx: a.test\nmode: none", "there is no max_age"},
	    {"version: STSv2\n" MX,
		"line 1: 'version: STSv2': the version is not STSv1"},
	    {GOOD "mx mx.example.org",
		"line 4: 'mx mx.example.org': not "
		"NAME: VALUE"},
	    {GOOD "mx:", "line 4: 'mx:': not NAME: VALUE"},
	    {GOOD " mx: a.test", "line 4: ' mx: a.test': not NAME: VALUE"},
	    {"mode: Enforce",
		"line 1: 'mode: Enforce': the mode is not "
		"enforce, testing or none"},
	    {"max_age: 31557601",
		"line 1: 'max_age: 31557601': max_age is not a number of "
		"seconds up to 31557600"},
	    {"max_age: 1d",
		"line 1: 'max_age: 1d': max_age is not a number of "
		"seconds up to 31557600"},
	    {GOOD "mx: a.test.\nmx: *\nmx: a.*.test\nmx: *.\n"
		  "mx: \xc3\xa4.test",
		"line 4: 'mx: a.test.': not the name of a host, or *. and a "
		"domain|line 5: 'mx: *': not the name of a host, or *. and a "
		"domain|line 6: 'mx: a.*.test': not the name of a host, or *. "
		"and a domain|line 7: 'mx: *.': not the name of a host, or *. "
		"and a domain|line 8: 'mx: \xc3\xa4.test': not the name of a "
		"host, or *. and a domain"},
	    {"<!DOCTYPE html>\n<html>",
		"line 1: '<!DOCTYPE html>': not NAME: VALUE|"
		"line 2: '<html>': not NAME: VALUE"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

/* RFC 8461 4.1 */
static void
a_wildcard_matches_one_label(void **state)
{
	static const struct {
		const char *pattern, *host;
		bool expect;
	} cases[] = {
	    {"mail.example.com", "mail.example.com", true},
	    {"Mail.Example.COM", "mail.example.com", true},
	    {"mail.example.com", "example.com", false},
	    {"mail.example.com", "a.mail.example.com", false},
	    {"*.example.com", "mail.example.com", true},
	    {"*.example.com", "example.com", false},
	    {"*.example.com", "foo.bar.example.com", false},
	    {"*.example.com", "mailexample.com", false},
	    {"*.com", "example.com", true},
	    {"*.com", "com", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct beside_policy p;

		beside_policy_parse(
		    arena_printf(a, GOOD "mx: %s\n", cases[i].pattern), a, &p);
		assert_int_equal(p.total, 0);
		if (beside_policy_matches(&p, span_of(cases[i].host)) !=
		    cases[i].expect)
			fail_msg("%s %s", cases[i].pattern, cases[i].host);
		arena_free(a);
	}
}

/*
 * With records.
 */

#define RECORD  "_mta-sts TXT \"v=STSv1; id=1\"\n"
#define TWO     RECORD "@ MX 1 mx\n@ MX 2 mx.b.test.\n"
#define TESTING "version: STSv1\nmode: testing\nmax_age: 5400\n"

static void
hosts_that_do_not_match_are_told(void **state)
{
	static const struct {
		const char *zone, *policy, *words, *findings;
	} cases[] = {
	    {TWO, GOOD MX "mx: *.b.test\n",
		"id 1; policy enforce for 7 d, which all hosts match", ""},
	    {TWO, GOOD MX,
		"id 1; policy enforce for 7 d, which 1 of 2 hosts do not match",
		"tls/mta-sts-mx: mx.b.test"},
	    {TWO, GOOD "mx: *.c.test\n",
		"id 1; policy enforce for 7 d, which 2 of 2 hosts do not match",
		"!tls/mta-sts-mx: mx.example.org|!tls/mta-sts-mx: mx.b.test"},
	    {TWO, TESTING "mx: c.test",
		"id 1; policy testing for 90 min, which 2 of 2 hosts do not "
		"match",
		"tls/mta-sts-mx: mx.example.org|tls/mta-sts-mx: mx.b.test"},
	    {TWO, "version: STSv1\nmode: none\nmax_age: 1\nmx: c.test",
		"id 1; policy none for 1 s", ""},
	    /* Without MX records the domain is its own (RFC 5321 5.1). */
	    {RECORD "@ A 192.0.2.1", GOOD "mx: example.org",
		"id 1; policy enforce for 7 d, which all hosts match", ""},
	    {RECORD "@ A 192.0.2.1", GOOD MX,
		"id 1; policy enforce for 7 d, which 1 of 1 hosts do not match",
		"!tls/mta-sts-mx: example.org"},
	    {RECORD "@ MX 0 .", GOOD MX, "id 1; policy enforce for 7 d", ""},
	    {RECORD ";!TIMEOUT @ MX", GOOD MX, "id 1; policy enforce for 7 d",
		"-tls/dns-failure: MX: timeout"},
	    {TWO, "mode: x", "id 1; its policy is malformed",
		"tls/mta-sts-policy: line 1: 'mode: x': the mode is not "
		"enforce, testing or none"},
	    {"@ MX 1 mx", GOOD MX,
		"no record; policy enforce for 7 d, which all hosts match",
		"tls/mta-sts-no-record @_mta-sts.example.org"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct beside_run r = beside_of(span_of(cases[i].zone),
		    (struct beside_method){.tls = true,
			.mta_sts_policy = span_of(cases[i].policy)});

		same(cases[i].policy, words_of(&r, "mta-sts"), cases[i].words);
		same(cases[i].policy, findings_of(&r), cases[i].findings);
		for (size_t k = 0; k < r.out.findings.n; k++) {
			const struct finding *f = &r.out.findings.list[k];

			assert_int_equal(f->record != NULL,
			    f->kind == &tls_findings[TLS_FINDING_MX] &&
				!span_eq(f->what, SPAN("example.org")));
		}
		beside_end(&r);
	}
}

/*
 * Hostile files.
 */

static struct span
repeated(const char *begin, const char *line, size_t size, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, begin);
	while (b.len + strlen(line) <= size)
		buf_str(&b, line);
	while (b.len < size)
		buf_char(&b, '\n');
	return buf_span(&b);
}

static void
a_policy_has_at_most_64_kib(void **state)
{
	struct arena *a = arena_new();
	struct beside_policy p;

	(void)state;
	beside_policy_parse(
	    repeated(GOOD, "mx: a.b\n", LIMIT_STS_POLICY, a), a, &p);
	assert_int_equal(p.total, 0);
	assert_in_range(p.nmx, 8000, 10000);
	assert_false(beside_policy_matches(&p, SPAN("a.c")));
	same("over",
	    policy_text(
		repeated(GOOD, "mx: a.b\n", LIMIT_STS_POLICY + 1, a), a),
	    "it is over 65536 octets");
	arena_free(a);
}

static void
faults_over_the_limit_are_counted(void **state)
{
	static const struct {
		const char *line;
		size_t faults;
	} cases[] = {
	    {"x\n", LIMIT_STS_FAULTS},
	    {"x\n", LIMIT_STS_FAULTS + 1},
	    {"mx: ..\n", 9000},
	    {"mode: \x01\x1b\n", 5000},
	    {":\n", 30000},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct beside_run r = beside_of(SPAN(TWO),
		    (struct beside_method){.tls = true,
			.mta_sts_policy = repeated("", cases[i].line,
			    cases[i].faults * strlen(cases[i].line), a)});
		const struct findings *f = &r.out.findings;
		bool is_over = cases[i].faults > LIMIT_STS_FAULTS;

		assert_int_equal(f->n, LIMIT_STS_FAULTS + is_over);
		if (is_over)
			same("more", f->list[f->n - 1].what,
			    arena_printf(a, "and %zu more",
				cases[i].faults - LIMIT_STS_FAULTS)
				.p);
		beside_end(&r);
		arena_free(a);
	}
}

/* NULs and one long line: what is shown of it is short. */
static void
octets_of_any_kind_are_bounded(void **state)
{
	struct arena *a = arena_new();
	char *text = ARENA_ARRAY(a, char, LIMIT_STS_POLICY);
	static const char octets[] = {'\0', '\n', ':', '\xff', 'm', '\r'};

	(void)state;
	for (size_t i = 0; i < COUNT(octets); i++) {
		struct beside_policy p;

		memset(text, octets[i], LIMIT_STS_POLICY);
		beside_policy_parse(
		    (struct span){text, LIMIT_STS_POLICY}, a, &p);
		assert_in_range(p.nfaults, 1, LIMIT_STS_FAULTS);
		for (size_t k = 0; k < p.nfaults; k++)
			assert_in_range(
			    p.faults[k].len, 1, 2 * LIMIT_SHOWN_PIECE);
	}
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(policies_are_read),
	    cmocka_unit_test(malformed_policies_are_told_by_line),
	    cmocka_unit_test(a_wildcard_matches_one_label),
	    cmocka_unit_test(hosts_that_do_not_match_are_told),
	    cmocka_unit_test(a_policy_has_at_most_64_kib),
	    cmocka_unit_test(faults_over_the_limit_are_counted),
	    cmocka_unit_test(octets_of_any_kind_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
