/* test_dmarc_lint: findings in DMARC records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"

#include <string.h>

#include "lint/dmarc_lint.h"

/* A zone with the origin example.org (@), the expected status and all
 * findings. */
struct zone_case {
	const char *zone;
	enum result_code verdict;
	const char *findings;
};

/* Hosts that get mail. */
#define HOSTS                                 \
	"example.org. MX 1 mx.example.\n"     \
	"sub.example.org. MX 1 mx.example.\n" \
	"agreed.example. MX 1 mx.example.\n"  \
	"b.example. MX 1 mx.example.\n"       \
	"moves.example. MX 1 mx.example.\n"   \
	"text.example. MX 1 mx.example.\n"    \
	"down.example. MX 1 mx.example.\n"    \
	"anexample.org. MX 1 mx.example.\n"   \
	"reports.co.uk. MX 1 mx.example.\n"   \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx. MX 1 mx.example.\n"

/* Removes findings that have tests of their own. */
static void
keep_first_kinds(struct findings *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].kind < &dmarc_findings[DMARC_FINDING_UNSEEN])
			f->list[n++] = f->list[i];
	f->n = n;
}

static void
check_zone(const struct zone_case *c, struct span domain)
{
	struct arena *a = arena_new();
	struct dmarc_method method = {.arena = a};
	struct dmarc_lint l;

	method.dns = dns_of(
	    arena_printf(a, "$ORIGIN example.org.\n" HOSTS "%s\n", c->zone), a);
	dmarc_lint(&method, domain, &l);
	keep_first_kinds(&l.findings);
	same(c->zone, text_of(&l.findings, domain, a), c->findings);
	assert_int_equal(finding_verdict(&l.findings), c->verdict);
	dns_free(method.dns);
	arena_free(a);
}

static void
check_zones(const struct zone_case *c, size_t n, struct span domain)
{
	for (size_t i = 0; i < n; i++)
		check_zone(&c[i], domain);
}

/* A given record of example.org, and all findings. */
struct record_case {
	const char *record, *findings;
};

static const char zone[] =
    HOSTS "example.org._report._dmarc.agreed.example TXT \"v=DMARC1\"\n"
	  "example.org._report._dmarc.moves.example TXT \"v=DMARC1; "
	  "rua=mailto:a@other.example\"\n"
	  "example.org._report._dmarc.text.example TXT \"v=spf1 -all\"\n"
	  ";!SERVFAIL example.org._report._dmarc.down.example TXT\n"
	  "_dmarc.example.org TXT \"v=DMARC1; p=oops\"\n"
	  "example.org TXT \"v=DMARC1; p=none\"\n"
	  "*.example.org TXT \"wild\"\n";

static void
check_record(struct span record, const char *findings)
{
	struct arena *a = arena_new();
	struct dmarc_method method = {
	    .arena = a, .dns = dns_of(span_of(zone), a), .record = record};
	struct span domain = SPAN("example.org");
	struct dmarc_lint l;

	dmarc_lint(&method, domain, &l);
	keep_first_kinds(&l.findings);
	same(record.p, text_of(&l.findings, domain, a), findings);
	dns_free(method.dns);
	arena_free(a);
}

static void
check_records(const struct record_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_record(span_of(c[i].record), c[i].findings);
}

#define RUA   "rua=mailto:a@example.org"
#define LONG  "x@example.org,mailto:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG3 LONG LONG LONG
#define LONG7 LONG3 LONG3 LONG "@example.org"

static void
each_kind_of_finding_is_found(void **state)
{
	static const struct zone_case cases[DMARC_FINDING_UNSEEN] = {
	    [DMARC_FINDING_NO_RECORD] = {"", RESULT_NONE, "no-record"},
	    [DMARC_FINDING_DNS] = {";!SERVFAIL _dmarc TXT", RESULT_TEMPERROR,
		"dns-failure: _dmarc.example.org TXT: SERVFAIL"},
	    [DMARC_FINDING_SEVERAL] = {"_dmarc TXT \"v=DMARC1; p=none\"\n"
				       "_dmarc TXT \"v=DMARC1; p=reject\"",
		RESULT_PERMERROR, "multiple-records: 2 records"},
	    [DMARC_FINDING_MISPLACED] = {"@ TXT \"v=DMARC1; p=reject\"",
		RESULT_NONE, "misplaced-record: v=DMARC1; p=reject|no-record"},
	    [DMARC_FINDING_LOOKALIKE] = {"_dmarc TXT \"v=DMARC1 p=reject\"",
		RESULT_NONE, "look-alike: v=DMARC1 p=reject|no-record"},
	    [DMARC_FINDING_POLICY] = {"_dmarc TXT \"v=DMARC1; p=block\"",
		RESULT_PERMERROR, "policy-invalid: p=block"},
	    [DMARC_FINDING_NO_POLICY] = {"_dmarc TXT \"v=DMARC1; " RUA "\"",
		RESULT_FAIL, "no-policy"},
	    [DMARC_FINDING_VALUE] =
		{"_dmarc TXT \"v=DMARC1; p=reject; adkim=x\"", RESULT_FAIL,
		    "invalid-value: adkim=x"},
	    [DMARC_FINDING_SYNTAX] =
		{"_dmarc TXT \"v=DMARC1; p=reject; hello\"", RESULT_FAIL,
		    "syntax: hello"},
	    [DMARC_FINDING_GAP] = {"_dmarc TXT \"v=DMARC1; p=reject;;\"",
		RESULT_FAIL, "empty-tag: p=reject;;"},
	    [DMARC_FINDING_DUPLICATE] =
		{"_dmarc TXT \"v=DMARC1; p=reject; t=n; t=n\"",
		    RESULT_PERMERROR, "duplicate-tag: t=n"},
	    [DMARC_FINDING_UNKNOWN] = {"_dmarc TXT \"v=DMARC1; p=reject; x=y\"",
		RESULT_FAIL, "unknown-tag: x=y"},
	    [DMARC_FINDING_OBSOLETE] =
		{"_dmarc TXT \"v=DMARC1; p=reject; pct=50\"", RESULT_FAIL,
		    "obsolete-tag: pct=50"},
	    [DMARC_FINDING_MONITORING] = {"_dmarc TXT \"v=DMARC1; p=none\"",
		RESULT_FAIL, "blind-monitoring"},
	    [DMARC_FINDING_TESTING] = {"_dmarc TXT \"v=DMARC1; p=reject; t=y\"",
		RESULT_FAIL, "testing: t=y"},
	    [DMARC_FINDING_URI] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=a@example.org\"",
		    RESULT_PERMERROR, "invalid-uri: a@example.org"},
	    [DMARC_FINDING_URI_SCHEME] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=https://a.example/\"",
		    RESULT_FAIL, "uri-scheme: https://a.example/"},
	    [DMARC_FINDING_EXTERNAL] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@b.example\"",
		    RESULT_PERMERROR,
		    "external-not-authorized: mailto:a@b.example "
		    "(example.org._report._dmarc.b.example)"},
	    [DMARC_FINDING_SUBDOMAINS] =
		{"_dmarc TXT \"v=DMARC1; p=reject; sp=none; np=reject\"",
		    RESULT_FAIL, "subdomain-gap: sp=none"},
	    [DMARC_FINDING_NONEXISTENT] =
		{"_dmarc TXT \"v=DMARC1; p=reject; np=none\"", RESULT_FAIL,
		    "nonexistent-gap: np=none"},
	    [DMARC_FINDING_NO_EFFECT] =
		{"_dmarc TXT \"v=DMARC1; p=reject; fo=1\"", RESULT_FAIL,
		    "no-effect: fo=1"},
	    [DMARC_FINDING_WILDCARD] = {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
					"* TXT \"v=spf1 -all\"",
		RESULT_FAIL,
		"wildcard: _dmarc.vouch-wildcard-test.example.org: v=spf1 "
		"-all"},
	    [DMARC_FINDING_PSD] = {"_dmarc TXT \"v=DMARC1; p=reject; psd=y\"",
		RESULT_FAIL, "public-suffix: psd=y"},
	    [DMARC_FINDING_SIZE] =
		{"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:\" \"" LONG3
		 "\" \"" LONG3 "\" \"" LONG "@example.org\"",
		    RESULT_FAIL, "record-size: 470 octets"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_non_null(cases[i].zone);
		assert_true(span_casecontains(
		    span_of(cases[i].findings), span_of(dmarc_findings[i].id)));
	}
	check_zones(cases, COUNT(cases), SPAN("example.org"));
}

static void
good_records_have_no_findings(void **state)
{
	static const struct record_case cases[] = {
	    {"v=DMARC1; p=none; " RUA, ""},
	    {"v=DMARC1;p=reject", ""},
	    {"v = DMARC1 ; p = Reject ; ", ""},
	    {"v=DMARC1; p=quarantine; sp=reject; np=reject; adkim=s; aspf=r; "
	     "fo=1:d:s; t=n; psd=n; " RUA "; ruf=mailto:b@sub.example.org",
		""},
	    {"v=DMARC1; p=reject; rua=mailto:a@agreed.example", ""},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
tags_are_judged_one_by_one(void **state)
{
	static const struct record_case cases[] = {
	    {"v=DMARC1; p=reject; pct=100; rf=afrf; ri=86400",
		"obsolete-tag: pct=100|obsolete-tag: rf=afrf|obsolete-tag: "
		"ri=86400"},
	    {"v=DMARC1; p=reject; pct=101", "obsolete-tag: pct=101"},
	    {"v=DMARC1;; p=reject;;; fo=1",
		"empty-tag: v=DMARC1;;|no-effect: fo=1"},
	    {"v=DMARC1; p=reject; ;", "empty-tag: p=reject; ;"},
	    {"v=DMARC1; P=reject; " RUA, "unknown-tag: P=reject|no-policy"},
	    {"v=DMARC1; p=; " RUA, "policy-invalid: p="},
	    {"v=DMARC1; p=\xe2\x80\x9creject\xe2\x80\x9d; " RUA,
		"policy-invalid: p=\xe2\x80\x9creject\xe2\x80\x9d"},
	    {"v=DMARC1; p=reject,", "policy-invalid: p=reject,"},
	    {"v=DMARC1; p=reject; sp=no; " RUA, "policy-invalid: sp=no"},
	    {"v=DMARC1; p=reject; np=no; " RUA, "policy-invalid: np=no"},
	    {"v=DMARC1; p=reject; p=reject", "duplicate-tag: p=reject"},
	    {"v=DMARC1; p=bad; p=none",
		"policy-invalid: p=bad|duplicate-tag: "
		"p=none"},
	    {"v=DMARC1; p=reject; sp=reject np=reject",
		"policy-invalid: sp=reject np=reject"},
	    {"v=DMARC1; p=reject; fo=0:1; ruf=mailto:a@example.org",
		"invalid-value: fo=0:1"},
	    {"v=DMARC1", "no-policy|blind-monitoring"},
	    {"v=DMARC1; p=none; ruf=mailto:a@example.org", "blind-monitoring"},
	    {"v=DMARC1; p=quarantine; sp=none; psd=x",
		"invalid-value: psd=x|subdomain-gap: sp=none|nonexistent-gap: "
		"sp=none"},
	    {"v=DMARC1; p=reject; sp=quarantine; np=none",
		"subdomain-gap: sp=quarantine|nonexistent-gap: np=none"},
	    {"v=DMARC1; p=none; sp=reject; " RUA, ""},
	    {"v=DMARC1; p=none; t=y; " RUA, "no-effect: t=y"},
	    {"v=DMARC1; p=none; np=reject; t=y; " RUA, "testing: t=y"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
report_addresses_are_judged_one_by_one(void **state)
{
	static const struct record_case cases[] = {
	    {"v=DMARC1; p=reject; rua=mailto:a@example.org,b@example.org, "
	     "mailto:c@example.org ,mailto:,ftp://x/",
		"invalid-uri: b@example.org|invalid-uri: mailto:|uri-scheme: "
		"ftp://x/"},
	    {"v=DMARC1; p=reject; rua=mailto:a@example.org,",
		"invalid-uri: rua=mailto:a@example.org,"},
	    {"v=DMARC1; p=reject; ruf=mailto:a@example.org!10m; fo=1",
		"obsolete-tag: mailto:a@example.org!10m"},
	    {"v=DMARC1; p=reject; ruf=a@example.org; fo=1",
		"invalid-uri: a@example.org|no-effect: fo=1"},
	    {"v=DMARC1; p=reject; rua=", "invalid-uri: rua="},
	    {"v=DMARC1; p=reject; rua", "syntax: rua"},
	    {"v=DMARC1; p=reject; rua=; rua=b@example.org",
		"duplicate-tag: rua=b@example.org"},
	    {"v=DMARC1; p=reject; rua=mailto:a@example.org; rua=mailto:b",
		"duplicate-tag: rua=mailto:b"},
	    {"v=DMARC1; p=reject; rua=mailto:a@down.example",
		"dns-failure: mailto:a@down.example "
		"(example.org._report._dmarc.down.example)"},
	    {"v=DMARC1; p=reject; rua=mailto:a@moves.example",
		"external-not-authorized: mailto:a@moves.example "
		"(example.org._report._dmarc.moves.example: leads to "
		"other.example)"},
	    {"v=DMARC1; p=reject; ruf=mailto:a@text.example",
		"external-not-authorized: mailto:a@text.example "
		"(example.org._report._dmarc.text.example)"},
	    {"v=DMARC1; p=reject; rua=mailto:a@agreed.example; "
	     "ruf=mailto:a@anexample.org",
		"external-not-authorized: mailto:a@anexample.org "
		"(example.org._report._dmarc.anexample.org)"},
	};

	(void)state;
	check_records(cases, COUNT(cases));
}

static void
what_looks_like_dmarc_is_told_from_what_does_not(void **state)
{
	static const struct {
		const char *text;
		bool alike;
	} cases[] = {
	    {"V=DMARC1; p=reject", true},
	    {"v=dmarc1; p=reject", true},
	    {"v=DMARC1 p=reject", true},
	    {"v=DMARC1, p=reject", true},
	    {"v= DMARC1: p=reject", true},
	    {"v=DMARC1\\; p=reject", true},
	    {"v:DMARC1; p=reject", true},
	    {"v=DMARC; p=reject", true},
	    {"v=DMARC 1", true},
	    {"v=DMARC2", true},
	    {"DMARC1; p=reject", true},
	    {"dmarc1", true},
	    {"=DMARC1; p=reject", true},
	    {"\"v=DMARC1; p=reject\"", true},
	    {"'v=DMARC1; p=reject'", true},
	    {"\xe2\x80\x9cv=DMARC1; p=reject\xe2\x80\x9d", true},
	    {"\x93v=DMARC1; p=reject\x94", true},
	    {"v=\xe2\x80\x9c"
	     "DMARC1\xe2\x80\x9d; p=reject",
		true},
	    {"\xef\xbb\xbfv=DMARC1; p=reject", true},
	    {"\xc2\xa0v=DMARC1; p=reject", true},
	    {" v=DMARC1; p=reject", true},
	    {"\tv=DMARC1; p=reject", true},
	    {"p=reject; v=DMARC1", true},
	    {"; v=DMARC1; p=reject", true},
	    {"use v=DMARC1; p=reject", true},
	    {"p=reject; " RUA, true},
	    {"v=DMRAC1; p=none", true},
	    {"v=DMARK1; sp=none", true},
	    {"", false},
	    {" ", false},
	    {"\"", false},
	    {"v", false},
	    {"v=", false},
	    {"p", false},
	    {"dmarc", false},
	    {"dmarc10-verification", false},
	    {"v=DMARCian", false},
	    {"v=spf1 -all", false},
	    {"v=DKIM1; k=rsa; p=MIGf", false},
	    {"v=STSv1; id=20200101", false},
	    {"v=TLSRPTv1; rua=mailto:a@a.example", false},
	    {"v=BIMI1; l=; a=", false},
	    {"google-site-verification=abc", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();

		check_record(span_of(cases[i].text),
		    !cases[i].alike
			? "no-record"
			: arena_printf(
			      a, "look-alike: %s|no-record", cases[i].text)
			      .p);
		arena_free(a);
	}
}

static void
the_neighbours_of_a_record_are_judged(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc TXT \"other\"\n"
	     "@ TXT \"v=spf1 -all\"\n@ TXT \"DMARC1; p=reject\"",
		RESULT_PASS, ""},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc TXT \"p=none\"",
		RESULT_PERMERROR, "look-alike: p=none"},
	    {"_dmarc._dmarc TXT \"v=DMARC1; p=reject\"", RESULT_NONE,
		"misplaced-record @_dmarc._dmarc.example.org: v=DMARC1; "
		"p=reject|no-record"},
	    {"_dmarc.example.org TXT \"v=DMARC1; p=reject\"", RESULT_NONE,
		"misplaced-record @_dmarc.example.org.example.org: v=DMARC1; "
		"p=reject|no-record"},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
	     "*._dmarc TXT \"v=DMARC1; p=none\"",
		RESULT_FAIL,
		"wildcard: vouch-wildcard-test._dmarc.example.org: v=DMARC1; "
		"p=none"},
	    {"* TXT \"v=DMARC1; p=reject; np=none\"", RESULT_FAIL,
		"wildcard: vouch-wildcard-test._dmarc.example.org: v=DMARC1; "
		"p=reject; np=none|wildcard: "
		"_dmarc.vouch-wildcard-test.example.org: v=DMARC1; p=reject; "
		"np=none|nonexistent-gap: np=none"},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
	     "*._report._dmarc TXT \"v=DMARC1\"",
		RESULT_PASS, ""},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n;!TIMEOUT @ TXT",
		RESULT_TEMPERROR, "dns-failure: example.org TXT: timeout"},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
	     ";!SERVFAIL *._dmarc TXT",
		RESULT_TEMPERROR,
		"dns-failure: vouch-wildcard-test._dmarc.example.org TXT: "
		"SERVFAIL|dns-failure: _dmarc._dmarc.example.org TXT: "
		"SERVFAIL"},
	    {";!TIMEOUT @ TXT", RESULT_NONE,
		"dns-failure: example.org TXT: timeout|no-record"},
	};

	(void)state;
	check_zones(cases, COUNT(cases), SPAN("example.org"));
}

static void
the_record_that_applies_is_judged_at_its_place(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none\"", RESULT_FAIL,
		"subdomain-gap @example.org: sp=none|nonexistent-gap "
		"@example.org: sp=none"},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; sp=none; np=none\"",
		RESULT_FAIL, "no-effect: sp=none|no-effect: np=none"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; np=reject\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; psd=n; sp=reject\"",
		RESULT_PASS, ""},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n"
	     "_dmarc.sub TXT \"v=DMARC1\"\n_dmarc.sub TXT \"v=DMARC1;\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; t=y\"",
		RESULT_PERMERROR, "multiple-records: 3 records"},
	    {"_dmarc TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc TXT \"v=DMARC1; p=reject\"",
		RESULT_NONE,
		"multiple-records @example.org: 2 records|no-record"},
	    {"_dmarc TXT \"v=dmarc1; p=none\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject\"",
		RESULT_PERMERROR, "look-alike @example.org: v=dmarc1; p=none"},
	    {";!SERVFAIL _dmarc TXT", RESULT_TEMPERROR,
		"dns-failure @example.org: _dmarc.example.org TXT: SERVFAIL"},
	    {";!SERVFAIL _dmarc TXT\n_dmarc.sub TXT \"v=DMARC1; p=none; "
	     "sp=none; t=y; rua=mailto:a@b.example\"",
		RESULT_TEMPERROR,
		"dns-failure @example.org: _dmarc.example.org TXT: SERVFAIL|"
		"no-effect: t=y"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@b.example\"\n"
	     "example.org._report._dmarc.b.example. TXT \"v=DMARC1\"",
		RESULT_PASS, ""},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc.sub TXT \"v=DMARC1; "
	     "p=reject; rua=mailto:a@b.example,mailto:c@example.org\"\n"
	     "sub.example.org._report._dmarc.b.example. TXT \"v=DMARC1\"",
		RESULT_PASS, ""},
	};

	(void)state;
	check_zones(cases, COUNT(cases), SPAN("sub.example.org"));
}

static void
operators_of_public_suffixes_may_say_so(void **state)
{
	static const struct zone_case cases[] = {
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=reject; sp=none; np=reject; "
	     "psd=y; rua=mailto:a@reports.co.uk\"",
		RESULT_PERMERROR,
		"subdomain-gap @co.uk: sp=none|external-not-authorized "
		"@co.uk: mailto:a@reports.co.uk "
		"(co.uk._report._dmarc.reports.co.uk)"},
	    {"_dmarc.uk. TXT \"v=DMARC1; p=reject; psd=y\"", RESULT_PASS, ""},
	    {"_dmarc.firm.co.uk. TXT \"v=DMARC1; p=reject; psd=y; sp=none; "
	     "np=reject\"",
		RESULT_FAIL,
		"subdomain-gap @firm.co.uk: sp=none|public-suffix "
		"@firm.co.uk: psd=y"},
	};

	(void)state;
	check_zones(cases, COUNT(cases), SPAN("mail.firm.co.uk"));
}

static void
the_way_to_the_organization_decides_about_subdomains(void **state)
{
	static const struct {
		bool by_list;
		const char *findings;
	} cases[] = {
	    {false, "subdomain-gap: sp=none|nonexistent-gap: sp=none"},
	    {true, "no-effect: sp=none"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_method method = {
		    .arena = a, .psl = cases[i].by_list ? psl_builtin() : NULL};
		struct span domain = SPAN("sub.example.org");
		struct dmarc_lint l;

		method.dns = dns_of(SPAN("_dmarc.sub.example.org TXT "
					 "\"v=DMARC1; p=reject; sp=none\"\n"),
		    a);
		dmarc_lint(&method, domain, &l);
		keep_first_kinds(&l.findings);
		same("sub", text_of(&l.findings, domain, a), cases[i].findings);
		dns_free(method.dns);
		arena_free(a);
	}
}

static void
a_record_over_450_octets_is_large(void **state)
{
	char text[452] = {0};

	(void)state;
	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "v=DMARC1; p=reject", 18);
	check_record((struct span){text, 450}, "");
	check_record((struct span){text, 451}, "record-size: 451 octets");
}

static void
a_record_without_a_domain_is_judged_without_the_dns(void **state)
{
	static const struct record_case cases[] = {
	    {"v=DMARC1; p=reject; sp=none; rua=mailto:a@b.example",
		"subdomain-gap: sp=none|nonexistent-gap: sp=none"},
	    {"v=DMARC1; p=reject; fo=1", "no-effect: fo=1"},
	    {"v=DMARC1; p=reject", ""},
	    {"V=DMARC1; p=reject", "look-alike: V=DMARC1; p=reject|no-record"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_method method = {.arena = a,
		    .dns = dns_of(SPAN(";!TIMEOUT *. *\n"), a),
		    .record = span_of(cases[i].record)};
		const struct dns_answer *const *asked;
		struct dmarc_lint l;

		dmarc_lint(&method, SPAN_NONE, &l);
		keep_first_kinds(&l.findings);
		same(cases[i].record, text_of(&l.findings, FINDING_NOBODY, a),
		    cases[i].findings);
		assert_true(span_eq(l.walk.domain, FINDING_NOBODY));
		assert_int_equal(dns_asked(method.dns, &asked), 0);
		dns_free(method.dns);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_of_finding_is_found),
	    cmocka_unit_test(good_records_have_no_findings),
	    cmocka_unit_test(tags_are_judged_one_by_one),
	    cmocka_unit_test(report_addresses_are_judged_one_by_one),
	    cmocka_unit_test(what_looks_like_dmarc_is_told_from_what_does_not),
	    cmocka_unit_test(the_neighbours_of_a_record_are_judged),
	    cmocka_unit_test(the_record_that_applies_is_judged_at_its_place),
	    cmocka_unit_test(operators_of_public_suffixes_may_say_so),
	    cmocka_unit_test(
		the_way_to_the_organization_decides_about_subdomains),
	    cmocka_unit_test(a_record_over_450_octets_is_large),
	    cmocka_unit_test(
		a_record_without_a_domain_is_judged_without_the_dns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
