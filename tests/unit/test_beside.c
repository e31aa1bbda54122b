/* test_beside: records of MTA-STS, TLS-RPT and BIMI, certifiers, and lines. */
/* SPDX-License-Identifier: ISC */

#include "fixture_beside.h"

#include "base/limit.h"

struct line_case {
	const char *zone, *words, *findings;
};

static void
check(const struct line_case *c, size_t n, const char *id,
    struct beside_method method)
{
	for (size_t i = 0; i < n; i++) {
		struct beside_run r = beside_of(span_of(c[i].zone), method);

		same(c[i].zone, words_of(&r, id), c[i].words);
		same(c[i].zone, findings_of(&r), c[i].findings);
		beside_end(&r);
	}
}

#define URL "its policy, https://mta-sts.example.org/.well-known/mta-sts.txt, "
#define BAD "its record is malformed"

/* RFC 8461 3.1 */
static void
mta_sts_records_are_checked(void **state)
{
	static const struct line_case cases[] = {
	    {"", "no record", ""},
	    {"_mta-sts TXT \"v=spf1 -all\" \"\"", "no record", ""},
	    {"_mta-sts TXT \"v=STSv1; id=1\"", "id 1; " URL "was not given",
		""},
	    {"_mta-sts TXT \"v=STSv1;\" \"id=20160831085700Z;\"",
		"id 20160831085700Z; " URL "was not given", ""},
	    {"_mta-sts TXT \"v=STSv1\t; x_-.9=y ; id=1 ; id=2\"",
		"id 1; " URL "was not given", ""},
	    {"_mta-sts CNAME p.test.\np.test. TXT \"v=STSv1; id=7\"",
		"id 7; " URL "was not given", ""},
	    {"_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"other\"",
		"id 1; " URL "was not given", ""},
	    {"_mta-sts TXT \"v=STSv1; id=12345678901234567890123456789012\"",
		"id 12345678901234567890123456789012; " URL "was not given",
		""},
	    {"_mta-sts TXT \"v=STSv1; id=123456789012345678901234567890123\"",
		BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; "
		"id=123456789012345678901234567890123 (id= is over 32 "
		"octets)"},
	    {"_mta-sts TXT \"v=STSv1; id=2026-01-31\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; "
		"id=2026-01-31 (id= has more than letters and digits)"},
	    {"_mta-sts TXT \"v=STSv1;\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; (there is "
		"no id=)"},
	    {"_mta-sts TXT \"v=STSv1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1 (there is "
		"no id=)"},
	    {"_mta-sts TXT \"v=STSv1; ID=1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; ID=1 "
		"(there is no id=)"},
	    {"_mta-sts TXT \"v=STSv1; id=\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; id= "
		"('id=' is not NAME=VALUE)"},
	    {"_mta-sts TXT \"v=STSv1; id=1;; x=y\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1; id=1;; x=y "
		"('' is not NAME=VALUE)"},
	    {"_mta-sts TXT \"v=STSv1 id=1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=STSv1 id=1 (it "
		"does not begin with v=STSv1;)"},
	    {"_mta-sts TXT \"v = STSv1; id=1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v = STSv1; id=1 (it "
		"does not begin with v=STSv1;)"},
	    {"_mta-sts TXT \" v=STSv1; id=1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org:  v=STSv1; id=1 (it "
		"does not begin with v=STSv1;)"},
	    {"_mta-sts TXT \"v=stsv1; id=1\"", BAD,
		"tls/mta-sts-record @_mta-sts.example.org: v=stsv1; id=1 (it "
		"does not begin with v=STSv1;)"},
	    {"_mta-sts TXT \"\\226\\128\\139v=STSv1; id=1\"", BAD,
		"tls/unseen-character @_mta-sts.example.org: U+200B after '' "
		"(octet 1)"},
	    {"_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; id=2\"",
		"several records, all of which are ignored",
		"tls/mta-sts-several @_mta-sts.example.org: 2 records"},
	    {";!SERVFAIL _mta-sts TXT", "not known: SERVFAIL",
		"-tls/dns-failure @_mta-sts.example.org: SERVFAIL"},
	};
	struct beside_method method = {.tls = true};

	(void)state;
	check(cases, COUNT(cases), "mta-sts", method);
}

/* RFC 8460 3 */
static void
tls_rpt_records_are_checked(void **state)
{
	static const struct line_case cases[] = {
	    {"", "no record", ""},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test\"",
		"reports to mailto:a@b.test", ""},
	    {"_smtp._tls TXT \"v=TLSRPTv1;rua=https://b.test:8443/x?a=b\"",
		"reports to https://b.test:8443/x?a=b", ""},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=MAILTO:a@b.test?subject=x , "
	     "https://b.test;\"",
		"reports to MAILTO:a@b.test?subject=x , https://b.test", ""},
	    {"_smtp._tls TXT \"v=TLSRPTv1; x=y\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; x=y "
		"(there is no rua=)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=a@b.test\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=a@b.test ('a@b.test' is neither mailto:USER@DOMAIN nor "
		"https://HOST)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test,\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=mailto:a@b.test, ('' is neither mailto:USER@DOMAIN nor "
		"https://HOST)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test!10m\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=mailto:a@b.test!10m ('mailto:a@b.test!10m' is neither "
		"mailto:USER@DOMAIN nor https://HOST)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:@b.test\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=mailto:@b.test ('mailto:@b.test' is neither "
		"mailto:USER@DOMAIN nor https://HOST)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=mailto:a@ ('mailto:a@' is neither "
		"mailto:USER@DOMAIN nor https://HOST)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=https:///x\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: v=TLSRPTv1; "
		"rua=https:///x ('https:///x' is neither "
		"mailto:USER@DOMAIN nor https://HOST)"},
	    {"_smtp._tls TXT \"TLSRPTv1; rua=mailto:a@b.test\"", BAD,
		"tls/tls-rpt-record @_smtp._tls.example.org: TLSRPTv1; "
		"rua=mailto:a@b.test (it does not begin with v=TLSRPTv1;)"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@b.test\"\n"
	     "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:c@b.test\"",
		"several records, all of which are ignored",
		"tls/tls-rpt-several @_smtp._tls.example.org: 2 records"},
	    {"_smtp._tls TXT \"v=TLSRPTv1; "
	     "rua=mailto:a\\226\\128\\144@b.test\"",
		BAD,
		"tls/unseen-character @_smtp._tls.example.org: U+2010 after "
		"'v1; rua=mailto:a' (octet 25)"},
	    {";!TIMEOUT _smtp._tls TXT", "not known: timeout",
		"-tls/dns-failure @_smtp._tls.example.org: timeout"},
	};
	struct beside_method method = {.tls = true};

	(void)state;
	check(cases, COUNT(cases), "tls-rpt", method);
}

#define LOGO "logo https://b.test/l.svg; "

static void
bimi_records_are_checked(void **state)
{
	static const struct line_case cases[] = {
	    {"", "no record", ""},
	    {"default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg\"",
		LOGO "DMARC allows it", ""},
	    {"default._bimi TXT \"v=BIMI1;l=https://b.test/l.svg;"
	     "a=https://b.test/c.pem;\"",
		LOGO "DMARC allows it", ""},
	    {"default._bimi TXT \"v=BIMI1; l=; a=;\"",
		"a record that declines (l= is empty)", ""},
	    {"default._bimi TXT \"v=BIMI1; a=https://b.test/c.pem\"", BAD,
		"dmarc/bimi-record @default._bimi.example.org: v=BIMI1; "
		"a=https://b.test/c.pem (there is no l=)"},
	    {"default._bimi TXT \"v=BIMI1; l=http://b.test/l.svg\"", BAD,
		"dmarc/bimi-record @default._bimi.example.org: v=BIMI1; "
		"l=http://b.test/l.svg ('http://b.test/l.svg' in l= is not an "
		"https: URI)"},
	    {"default._bimi TXT \"v=BIMI1; l=https://b.test/l.svg; a=self\"",
		BAD,
		"dmarc/bimi-record @default._bimi.example.org: v=BIMI1; "
		"l=https://b.test/l.svg; a=self ('self' in a= is not an https: "
		"URI)"},
	    {"default._bimi TXT \"v=BIMI1; https://b.test/l.svg\"", BAD,
		"dmarc/bimi-record @default._bimi.example.org: v=BIMI1; "
		"https://b.test/l.svg (it is not a list of tags, NAME=VALUE; "
		"...)"},
	    {"default._bimi TXT \"v=bimi1; l=\"", BAD,
		"dmarc/bimi-record @default._bimi.example.org: v=bimi1; l= "
		"(it does not begin with v=BIMI1;)"},
	    {"default._bimi TXT \"v=BIMI1; l=\"\ndefault._bimi TXT \"v=BIMI1; "
	     "l=https://b.test\"",
		"several records, all of which are ignored",
		"dmarc/bimi-several @default._bimi.example.org: 2 records"},
	    {"default._bimi TXT \"v=BIMI1; l=https://b.test/\\194\\173x\"",
		"logo https://b.test/\xc2\xadx; DMARC allows it",
		"dmarc/unseen-character @default._bimi.example.org: U+00AD "
		"after '=https://b.test/' (octet 27)"},
	    {";!SERVFAIL default._bimi TXT", "not known: SERVFAIL",
		"-dmarc/dns-failure @default._bimi.example.org: SERVFAIL"},
	};
	struct beside_method method = {.bimi = true,
	    .dmarc = {true, DMARC_POLICY_REJECT, DMARC_POLICY_QUARANTINE,
		DMARC_POLICY_REJECT, 100}};

	(void)state;
	check(cases, COUNT(cases), "bimi", method);
}

static void
dmarc_decides_on_bimi(void **state)
{
	static const struct {
		struct beside_dmarc dmarc;
		const char *words;
	} cases[] = {
	    {{false, DMARC_POLICY_REJECT, DMARC_POLICY_REJECT,
		 DMARC_POLICY_REJECT, 100},
		LOGO "whether DMARC allows it is not known"},
	    {{true, DMARC_POLICY_NONE, DMARC_POLICY_REJECT, DMARC_POLICY_REJECT,
		 100},
		LOGO "not shown, as no DMARC policy quarantines or rejects"},
	    {{true, DMARC_POLICY_REJECT, DMARC_POLICY_NONE, DMARC_POLICY_REJECT,
		 100},
		LOGO "not shown, as its organizational domain has a DMARC "
		     "policy of none"},
	    {{true, DMARC_POLICY_REJECT, DMARC_POLICY_REJECT, DMARC_POLICY_NONE,
		 100},
		LOGO "not shown, as its organizational domain has a DMARC "
		     "policy of none"},
	    {{true, DMARC_POLICY_QUARANTINE, DMARC_POLICY_QUARANTINE,
		 DMARC_POLICY_QUARANTINE, 99},
		LOGO "not shown, as pct= of DMARC is below 100"},
	    {{true, DMARC_POLICY_QUARANTINE, DMARC_POLICY_QUARANTINE,
		 DMARC_POLICY_QUARANTINE, 100},
		LOGO "DMARC allows it"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct beside_run r =
		    beside_of(SPAN("default._bimi TXT \"v=BIMI1; "
				   "l=https://b.test/l.svg\""),
			(struct beside_method){
			    .bimi = true, .dmarc = cases[i].dmarc});

		same("bimi", words_of(&r, "bimi"), cases[i].words);
		beside_end(&r);
	}
}

/* "policy org org_subdomains pct", or "not known" */
static void
what_bimi_asks_comes_from_the_walk(void **state)
{
	static const struct {
		const char *zone, *domain, *expect;
	} cases[] = {
	    {"", "example.org", "none none none 100"},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"", "example.org",
		"reject reject reject 100"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; pct=20\"",
		"example.org", "reject reject none 20"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=quarantine\"",
		"a.example.org", "quarantine reject quarantine 100"},
	    {"_dmarc TXT \"v=DMARC1; p=none; pct=50\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=reject; pct=60\"",
		"a.example.org", "reject none none 50"},
	    {"_dmarc TXT \"v=DMARC1; p=quarantine; t=y\"", "example.org",
		"none none none 100"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; t=y\"", "example.org",
		"quarantine quarantine quarantine 100"},
	    {";!TIMEOUT _dmarc TXT", "example.org", "not known"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_method method = {.arena = a};
		struct dmarc_walk w;
		struct beside_dmarc d;
		struct span said = SPAN("not known");

		method.dns =
		    dns_of(arena_printf(
			       a, "$ORIGIN example.org.\n%s\n", cases[i].zone),
			a);
		dmarc_walk_begin(&method, span_of(cases[i].domain), &w);
		dmarc_walk_complete(&method, &w);
		d = beside_dmarc_of(&w);
		if (d.is_known)
			said = arena_printf(a, "%s %s %s %u",
			    dmarc_policy_name(d.policy),
			    dmarc_policy_name(d.org),
			    dmarc_policy_name(d.org_subdomains), d.pct);
		same(cases[i].zone, said, cases[i].expect);
		dns_free(method.dns);
		arena_free(a);
	}
}

static void
certifiers_are_asked(void **state)
{
	static const struct vbr_certifier certifiers[] = {
	    {{"c.test", 6}, false}, {{"dwl.test", 8}, true}};
	static const struct line_case cases[] = {
	    {"",
		"c.test: the certifier does not know the domain|"
		"dwl.test: the certifier does not know the domain",
		""},
	    {"example.org._vouch.c.test. TXT \"all\"\n"
	     "example.org._vouch.dwl.test. A 127.0.2.2",
		"c.test vouches for all its mail|"
		"dwl.test vouches for all its mail",
		""},
	    {"example.org._vouch.c.test. TXT \"list transaction\"\n",
		"c.test vouches for mail of type list transaction|"
		"dwl.test: the certifier does not know the domain",
		""},
	    {"example.org._vouch.c.test. TXT \"All!\"\n",
		"c.test: the certifier's record is not a list of types|"
		"dwl.test: the certifier does not know the domain",
		""},
	    {";!TIMEOUT example.org._vouch.c.test. TXT",
		"c.test: no DNS server answered in time|"
		"dwl.test: the certifier does not know the domain",
		"-vbr/dns-failure: c.test: no DNS server answered in time"},
	};
	struct beside_method method = {
	    .certifiers = certifiers, .ncertifiers = COUNT(certifiers)};

	(void)state;
	check(cases, COUNT(cases), "vbr", method);
}

/* Lines come in a fixed order, and only those of the method. Answers from a
 * zone make no line about DNSSEC. */
static void
lines_are_those_asked_for(void **state)
{
	static const struct vbr_certifier certifier = {{"c.test", 6}, false};
	struct mx_lint mx = {.words = SPAN("its words")};
	struct beside_method method = {.mx = &mx,
	    .tls = true,
	    .bimi = true,
	    .dnssec = true,
	    .certifiers = &certifier,
	    .ncertifiers = 1};
	static const char *const ids[] = {
	    "mx", "mta-sts", "tls-rpt", "bimi", "vbr"};
	struct beside_run r = beside_of(SPAN(""), method);

	(void)state;
	assert_int_equal(r.out.nlines, COUNT(ids));
	for (size_t i = 0; i < COUNT(ids); i++)
		assert_string_equal(r.out.lines[i].id, ids[i]);
	same("mx", words_of(&r, "mx"), "its words");
	assert_int_equal(r.out.findings.failed, RESULT_PASS);
	beside_end(&r);
	r = beside_of(SPAN(""), (struct beside_method){.dnssec = true});
	assert_int_equal(r.out.nlines, 0);
	beside_end(&r);
	r = beside_of(SPAN(";!TIMEOUT _mta-sts TXT"),
	    (struct beside_method){.tls = true});
	assert_int_equal(r.out.findings.failed, RESULT_TEMPERROR);
	beside_end(&r);
}

/* The record that a finding is about gives its place; there is none of a record
 * that is missing. */
static void
findings_know_their_record(void **state)
{
	struct beside_run r = beside_of(
	    SPAN("\n_smtp._tls TXT \"other\"\n"
		 "_smtp._tls TXT (\n\"v=TLSRPTv1;\" )\n"
		 "_mta-sts TXT \"v=STSv1; id=1\"\n_mta-sts TXT \"v=STSv1; "
		 "id=2\""),
	    (struct beside_method){.tls = true});

	(void)state;
	assert_int_equal(r.out.findings.n, 2);
	assert_int_equal(r.out.findings.list[0].record->line, 6);
	assert_int_equal(r.out.findings.list[1].record->line, 4);
	beside_end(&r);
}

/* A record of 60 KB, with controls and NULs. */
static struct span
hostile(
    const char *owner, const char *begin, const char *octets, struct arena *a)
{
	struct buf b = BUF(a);

	buf_printf(&b, "%s TXT \"%s\"", owner, begin);
	for (size_t i = 0; i < 240; i++) {
		buf_str(&b, " \"");
		for (size_t k = 0; k < 60; k++)
			buf_str(&b, octets);
		buf_char(&b, '"');
	}
	return buf_span(&b);
}

static void
what_is_shown_of_large_records_is_bounded(void **state)
{
	static const struct {
		const char *owner, *begin, *octets;
	} cases[] = {
	    {"_mta-sts", "v=STSv1;", "x=y;"},
	    {"_mta-sts", "v=STSv1;", "aaaa"},
	    {"_mta-sts", "v=STSv1; id=1", "1111"},
	    {"_mta-sts", "v=STSv1;", "\\000\\001\\027;"},
	    {"_mta-sts", "v=STSv1;", ";;;;"},
	    {"_smtp._tls", "v=TLSRPTv1; rua=", ",,,,"},
	    {"_smtp._tls", "v=TLSRPTv1; rua=mailto:a@b.test,", "x@y,"},
	    {"_smtp._tls", "v=TLSRPTv1; rua=https://b.test/", "abcd"},
	    {"default._bimi", "v=BIMI1; l=https://b.test/", "abcd"},
	    {"default._bimi", "v=BIMI1; l=", "\\000\\255\\010 "},
	    {"default._bimi", "v=BIMI1;", "x=y;"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct beside_run r = beside_of(
		    hostile(cases[i].owner, cases[i].begin, cases[i].octets, a),
		    (struct beside_method){.tls = true, .bimi = true});

		assert_true(r.out.findings.n <= 1);
		if (r.out.findings.n)
			assert_in_range(r.out.findings.list->what.len, 1,
			    2 * LIMIT_SHOWN_LIST);
		for (size_t k = 0; k < r.out.nlines; k++)
			assert_in_range(
			    r.out.lines[k].words.len, 1, 2 * LIMIT_SHOWN_LIST);
		beside_end(&r);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mta_sts_records_are_checked),
	    cmocka_unit_test(tls_rpt_records_are_checked),
	    cmocka_unit_test(bimi_records_are_checked),
	    cmocka_unit_test(dmarc_decides_on_bimi),
	    cmocka_unit_test(what_bimi_asks_comes_from_the_walk),
	    cmocka_unit_test(certifiers_are_asked),
	    cmocka_unit_test(lines_are_those_asked_for),
	    cmocka_unit_test(findings_know_their_record),
	    cmocka_unit_test(what_is_shown_of_large_records_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
