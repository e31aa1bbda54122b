/* test_dmarc_lint_kinds: findings with levels, about what people mistype, about
 * report addresses and about names below. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "fixture_dmarc_lint.h"

struct zone_case {
	const char *zone, *findings;
};

static void
check(const struct zone_case *c, const char *name, bool rfc7489)
{
	struct arena *a = arena_new();
	struct dmarc_method method = method_of(c->zone, a);
	struct span domain = span_of(name);
	struct dmarc_lint l;

	method.rfc7489 = rfc7489;
	method.psl = rfc7489 ? psl_builtin() : NULL;
	dmarc_lint(&method, domain, &l);
	same(c->zone, levels_of(&l.findings, domain, a), c->findings);
	dns_free(method.dns);
	arena_free(a);
}

static void
check_all(const struct zone_case *c, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		check(&c[i], name, false);
}

static void
each_kind_has_its_level(void **state)
{
#define ONE(name, id, level, words) +1
	static const struct zone_case cases[DMARC_FINDINGS(ONE)] = {
	    [DMARC_FINDING_UNSEEN] =
		{"_dmarc TXT \"v=DMARC1; p=re\\226\\128\\139ject; " RUA "\"",
		    "error unseen-character: U+200B after 'v=DMARC1; p=re' "
		    "(octet 15)|error policy-invalid: p=re\xe2\x80\x8bject"},
	    [DMARC_FINDING_QUOTES] =
		{"_dmarc TXT \"v=DMARC1; p=\\\"reject\\\"; " RUA "\"",
		    "error quotes: \" after 'v=DMARC1; p=' (octet 13)|"
		    "error policy-invalid: p=\"reject\""},
	    [DMARC_FINDING_BACKSLASH] =
		{"_dmarc TXT \"v=DMARC1; p=reject\\\\; " RUA "\"",
		    "error backslash: \\ after 'DMARC1; p=reject' (octet 19)|"
		    "error policy-invalid: p=reject\\"},
	    [DMARC_FINDING_BLANKS] = {"_dmarc TXT \"v = DMARC1; p=reject; " RUA
				      "\"",
		"warning version-blanks: v = DMARC1"},
	    [DMARC_FINDING_ORDER] = {"_dmarc TXT \"v=DMARC1; " RUA
				     "; p=reject\"",
		"warning tag-order: p=reject"},
	    [DMARC_FINDING_POLICY_NONE] = {"_dmarc TXT \"v=DMARC1; p=none; " RUA
					   "\"",
		"warning policy-none: p=none"},
	    [DMARC_FINDING_NO_REPORTS] = {"_dmarc TXT \"v=DMARC1; p=reject\"",
		"warning no-reports"},
	    [DMARC_FINDING_NO_MAIL] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@mx.example.org,"
		 "mailto:b@none.example.org\"",
		    "warning destination-no-mail: mailto:b@none.example.org "
		    "(none.example.org: no such name)"},
	    [DMARC_FINDING_ADDRESSES] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=\" \"mailto:a@mx."
		 "example.org,mailto:b@mx.example.org,mailto:c@mx.example.org,"
		 "mailto:d@mx.example.org,mailto:e@mx.example.org,\" \"mailto:"
		 "f@mx.example.org,mailto:g@mx.example.org,mailto:h@mx.example."
		 "org,mailto:i@mx.example.org,mailto:j@mx.example.org,\" "
		 "\"mailto:k@mx.example.org,mailto:l@mx.example.org,mailto:m@"
		 "mx.example.org,mailto:n@mx.example.org,mailto:o@mx.example."
		 "org,\" \"mailto:p@mx.example.org,mailto:q@mx.example.org,"
		 "mailto:r@mx.example.org,mailto:s@mx.example.org,mailto:t@mx."
		 "example.org,mailto:u@mx.example.org\"",
		    "warning many-addresses: 21 of rua=|warning record-size: "
		    "527 octets"},
	    [DMARC_FINDING_NOT_INHERITED] =
		{"_dmarc TXT \"v=DMARC1; p=reject; psd=u; " RUA "\"\n"
		 "_dmarc.org. TXT \"v=DMARC1; p=none\"",
		    "warning not-inherited: p=none of org"},
	    [DMARC_FINDING_SUFFIX] = {"", ""}, /* of another domain */
	    [DMARC_FINDING_ALIAS] = {"_dmarc TXT \"v=DMARC1; p=reject; " RUA
				     "\"\n_dmarc CNAME policy.example.",
		"error cname-and-txt: policy.example"},
	    [DMARC_FINDING_DANGLING] = {"_dmarc CNAME gone.example.",
		"error cname-dangling: gone.example|error no-record"},
	    [DMARC_FINDING_SAMPLED] = {"", ""}, /* by RFC 7489 */
	};

	(void)state;
	for (size_t i = DMARC_FINDING_UNSEEN; i < COUNT(cases); i++) {
		assert_non_null(cases[i].zone);
		if (!*cases[i].zone)
			continue;
		assert_true(span_casecontains(
		    span_of(cases[i].findings), span_of(dmarc_findings[i].id)));
		check(&cases[i], "example.org", false);
	}
}

static void
public_suffixes_have_psd(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=reject\"",
		"warning no-reports|warning suffix-without-psd"},
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=reject; psd=y\"",
		"warning no-reports"},
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=reject; psd=n\"",
		"warning no-reports"},
	};

	(void)state;
	check_all(cases, COUNT(cases), "co.uk");
}

static void
a_dns_failure_is_a_note(void **state)
{
	static const struct zone_case cases[] = {
	    {";!SERVFAIL _dmarc TXT",
		"note dns-failure: _dmarc.example.org TXT: SERVFAIL"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@down.example\"\n"
	     "example.org._report._dmarc.down.example. TXT \"v=DMARC1\"\n"
	     ";!TIMEOUT down.example. MX",
		"note dns-failure: mailto:a@down.example (down.example MX)"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     ";!TIMEOUT _dmarc CNAME",
		"note dns-failure: _dmarc.example.org CNAME: timeout"},
	};

	(void)state;
	check_all(cases, COUNT(cases), "example.org");
}

static void
what_is_mistyped_is_told(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1;\\009p=reject;\\009" RUA "\"", ""},
	    {"_dmarc TXT \"v=DMARC1 ; p=reject; " RUA "\"", ""},
	    {"_dmarc TXT \"v\\009= DMARC1; p=reject; " RUA "\"",
		"warning version-blanks: v\t= DMARC1"},
	    {"_dmarc TXT \"\\239\\187\\191v=DMARC1; p=reject\"",
		"error look-alike: \xef\xbb\xbfv=DMARC1; p=reject|"
		"error unseen-character: U+FEFF after '' (octet 1)|"
		"error no-record"},
	    {"_dmarc TXT \"v=DMARC1\\\\; p=reject\"",
		"error look-alike: v=DMARC1\\; p=reject|"
		"error backslash: \\ after 'v=DMARC1' (octet 9)|"
		"error no-record"},
	    {"_dmarc TXT \"\\\"v=DMARC1; p=reject\\\"\"",
		"error look-alike: \"v=DMARC1; p=reject\"|"
		"error quotes: \" after '' (octet 1)|error no-record"},
	    {"_dmarc TXT \"a \\\"quoted\\\" \\226\\128\\139text\"",
		"error no-record"},
	    {"_dmarc TXT \"v=DMARC1; sp=reject; p=reject; " RUA "\"",
		"warning tag-order: p=reject"},
	    {"_dmarc TXT \"v=DMARC1;; p=reject; " RUA "\"",
		"warning empty-tag: v=DMARC1;;"},
	    {"_dmarc TXT \"v=DMARC1; p=none\"",
		"warning blind-monitoring|warning policy-none: p=none"},
	    {"_dmarc TXT \"v=DMARC1; p=none; sp=none; np=none; " RUA "\"",
		"warning policy-none: p=none|warning policy-none: sp=none|"
		"warning policy-none: np=none"},
	    {"_dmarc TXT \"v=DMARC1; p=none; sp=reject; np=none; " RUA "\"",
		"warning policy-none: p=none|warning policy-none: np=none"},
	};

	(void)state;
	check_all(cases, COUNT(cases), "example.org");
}

static void
the_level_depends_on_what_else_works(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=a@example.org\"",
		"error invalid-uri: a@example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=a@example.org,mailto:b@"
	     "example.org\"",
		"warning invalid-uri: a@example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=\"",
		"warning invalid-uri: rua="},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:\"",
		"warning invalid-uri: mailto:"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto://a@example.org\"",
		"error invalid-uri: mailto://a@example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=MAILTO://a@example.org,"
	     "mailto:b@example.org\"",
		"warning invalid-uri: MAILTO://a@example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=a@example.org,https://x/\"",
		"error invalid-uri: a@example.org|"
		"warning uri-scheme: https://x/"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "; ruf=b@example.org\"",
		"error invalid-uri: b@example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@null.example.org\""
	     "\nnull MX 0 .",
		"error destination-no-mail: mailto:a@null.example.org "
		"(null.example.org: null MX)"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@text.example.org,"
	     "mailto:b@example.org\"\ntext TXT \"text\"",
		"warning destination-no-mail: mailto:a@text.example.org "
		"(text.example.org: neither MX records nor addresses)"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA
	     "; ruf=mailto:b@gone.example.org\"",
		"error destination-no-mail: mailto:b@gone.example.org "
		"(gone.example.org: no such name)"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@gone.example\"",
		"error external-not-authorized: mailto:a@gone.example "
		"(example.org._report._dmarc.gone.example)|"
		"error destination-no-mail: mailto:a@gone.example "
		"(gone.example: no such name)"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@agreed.example\"",
		""},
	};

	(void)state;
	check_all(cases, COUNT(cases), "example.org");
}

static void
names_below_follow_the_organization(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"warning not-inherited: sp=none of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; np=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"warning not-inherited: np=none of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; t=y; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"warning not-inherited: p=reject of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=quarantine; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"warning not-inherited: p=quarantine of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		""},
	    {"_dmarc TXT \"v=DMARC1; p=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=none; " RUA "\"",
		"warning policy-none: p=none"},
	    {"_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"error external-not-authorized: mailto:a@example.org "
		"(sub.example.org._report._dmarc.example.org)"},
	};

	(void)state;
	check_all(cases, COUNT(cases), "sub.example.org");
}

static void
a_subdomain_on_the_way_is_not_inherited(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"warning subdomain-gap @example.org: sp=none|"
		"warning nonexistent-gap @example.org: sp=none|"
		"warning not-inherited @sub.example.org: sp=none of "
		"example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=none; " RUA "\"",
		""},
	};

	(void)state;
	check_all(cases, COUNT(cases), "a.sub.example.org");
}

static void
records_below_are_those_of_the_zone(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.d TXT \"v=DMARC1; " RUA "\"\n"
	     "_dmarc.c TXT \"v=DMARC1; p=rejct\"\n"
	     "_dmarc.b TXT \"v=DMARC1; p=reject; t=y\"\n"
	     "_dmarc.x.a TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc.good TXT \"v=DMARC1; p=quarantine\"\n"
	     "_dmarc.text TXT \"text\"\nother TXT \"v=DMARC1; p=none\"",
		"warning testing @b.example.org: t=y|"
		"error policy-invalid @c.example.org: v=DMARC1; p=rejct|"
		"warning no-policy @d.example.org|"
		"warning policy-none @x.a.example.org: p=none"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "*.example.org. TXT \"v=DMARC1; p=none\"",
		"warning wildcard: _dmarc.vouch-wildcard-test.example.org: "
		"v=DMARC1; p=none"},
	};

	(void)state;
	check_all(cases, COUNT(cases), "example.org");
}

static void
receivers_by_rfc_7489_read_their_own_tags(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; pct=20; " RUA "\"",
		"warning sampled: pct=20"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; pct=100; ri=3600; rf=afrf; "
	     "rua=mailto:a@example.org!10m\"",
		""},
	    {"_dmarc TXT \"v=DMARC1; p=reject; pct=101; " RUA "\"",
		"warning invalid-value: pct=101"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; np=none; psd=y; t=y; " RUA "\"",
		"warning no-effect: np=none|warning no-effect: psd=y|"
		"warning no-effect: t=y"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"",
		"warning subdomain-gap: sp=none"},
	    {"_dmarc TXT \"v=DMARC1; " RUA "\"", "warning no-policy"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(&cases[i], "example.org", true);
}

/* The line of the zone file that each finding is about; 0: of none. */
static void
findings_know_their_line(void **state)
{
	static const struct {
		const char *zone;
		size_t line;
	} cases[] = {
	    {"\n_dmarc TXT \"v=DMARC1; p=none; " RUA "\"", 8},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=x\"", 7},
	    {"_dmarc TXT \"v=DMARC1 p=reject\"", 7},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc TXT \"v=DMARC1\"", 7},
	    {"\n\n_dmarc CNAME gone.example.", 9},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"",
		8},
	    {"", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_method method = method_of(cases[i].zone, a);
		const struct dns_rr *r;
		struct dmarc_lint l;

		dmarc_lint(&method, SPAN("example.org"), &l);
		assert_true(l.findings.n > 0);
		r = l.findings.list[0].record;
		assert_int_equal(r ? r->line : 0, cases[i].line);
		dns_free(method.dns);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_has_its_level),
	    cmocka_unit_test(public_suffixes_have_psd),
	    cmocka_unit_test(a_dns_failure_is_a_note),
	    cmocka_unit_test(what_is_mistyped_is_told),
	    cmocka_unit_test(the_level_depends_on_what_else_works),
	    cmocka_unit_test(names_below_follow_the_organization),
	    cmocka_unit_test(a_subdomain_on_the_way_is_not_inherited),
	    cmocka_unit_test(records_below_are_those_of_the_zone),
	    cmocka_unit_test(receivers_by_rfc_7489_read_their_own_tags),
	    cmocka_unit_test(findings_know_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
