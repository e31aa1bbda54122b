/* test_dmarc_eval: author domains and identifiers to verdicts. */
/* SPDX-License-Identifier: ISC */

#include "fixture_dmarc_eval.h"

static void
a_pass_that_is_aligned_is_a_pass(void **state)
{
	static const char zone[] =
	    "_dmarc.example.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.own.example.org TXT \"v=DMARC1; p=none; psd=n\"\n"
	    "_dmarc.giant.bank TXT \"v=DMARC1; p=quarantine\"\n"
	    "_dmarc.bank TXT \"v=DMARC1; p=reject; psd=y\"\n";
	static const struct eval_case cases[] = {
	    {"example.org", "dkim=pass:example.org", "pass p=reject none"},
	    {"example.org", "spf=pass:example.org", "pass p=reject none"},
	    {"example.org", "spf=pass:a.b.example.org", "pass p=reject none"},
	    {"a.example.org", "dkim=pass:example.org", "pass p=reject none"},
	    {"a.example.org", "dkim=pass:b.example.org", "pass p=reject none"},
	    {"a.example.org", "dkim-i=pass:b.example.org",
		"pass p=reject none"},
	    {"example.org", "dkim=fail:example.org spf=pass:example.org",
		"pass p=reject none"},
	    {"example.org", "dkim=pass:x.net dkim=pass:example.org",
		"pass p=reject none"},
	    {"example.org", "", "not-authenticated p=reject reject"},
	    {"example.org", "spf=fail:example.org dkim=permerror:example.org",
		"not-authenticated p=reject reject"},
	    {"example.org", "spf=softfail:example.org dkim=policy:example.org",
		"not-authenticated p=reject reject"},
	    {"example.org", "spf=neutral:example.org dkim=none:example.org",
		"not-authenticated p=reject reject"},
	    {"example.org", "dkim=pass:example.net",
		"not-aligned p=reject reject"},
	    {"example.org", "dkim=pass:org", "not-aligned p=reject reject"},
	    {"example.org", "dkim=pass:anexample.org",
		"not-aligned p=reject reject"},
	    {"example.org", "dkim=pass:example.org.net",
		"not-aligned p=reject reject"},
	    /* An aligned failure and an unaligned pass do not make a pass. */
	    {"example.org", "dkim=fail:example.org dkim=pass:x.net",
		"aligned-failed a signature of example.org (fail) p=reject"
		" reject"},
	    {"example.org", "dkim=pass:x.net dkim=fail:example.org",
		"aligned-failed a signature of example.org (fail) p=reject"
		" reject"},
	    /* psd=n makes the domain its own organization. */
	    {"example.org", "dkim=pass:own.example.org",
		"not-aligned p=reject reject"},
	    {"own.example.org", "dkim=pass:example.org",
		"not-aligned p=none none"},
	    {"own.example.org", "dkim=pass:a.own.example.org",
		"pass p=none none"},
	    /* RFC 9989 B.4.3 */
	    {"giant.bank", "spf=pass:mail.giant.bank",
		"pass p=quarantine none"},
	    {"giant.bank", "dkim=pass:mail.mega.bank",
		"not-aligned p=quarantine quarantine"},
	    {"giant.bank", "dkim=pass:bank",
		"not-aligned p=quarantine quarantine"},
	    {"bank", "dkim=pass:giant.bank", "not-aligned p=reject reject"},
	    {"bank", "dkim=pass:bank", "pass p=reject none"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
each_mechanism_has_its_own_strictness(void **state)
{
	static const char zone[] =
	    "_dmarc.d.org TXT \"v=DMARC1; p=reject; adkim=s\"\n"
	    "_dmarc.s.org TXT \"v=DMARC1; p=reject; aspf=s\"\n"
	    "_dmarc.b.org TXT \"v=DMARC1; p=reject; aspf=s; adkim=s\"\n"
	    "_dmarc.twice.org TXT \"v=DMARC1; p=reject; aspf=s; aspf=s\"\n";
	static const struct eval_case cases[] = {
	    {"d.org", "dkim=pass:d.org", "pass p=reject none"},
	    {"d.org", "dkim=pass:a.d.org", "not-aligned p=reject reject"},
	    {"d.org", "spf=pass:a.d.org", "pass p=reject none"},
	    {"d.org", "dkim-i=pass:d.org", "not-aligned p=reject reject"},
	    {"s.org", "spf=pass:s.org", "pass p=reject none"},
	    {"s.org", "spf=pass:a.s.org", "not-aligned p=reject reject"},
	    {"s.org", "dkim=pass:a.s.org", "pass p=reject none"},
	    {"s.org", "dkim-i=pass:a.s.org", "pass p=reject none"},
	    {"s.org", "dkim-i=pass:s.org", "pass p=reject none"},
	    {"a.b.org", "dkim=pass:b.org spf=pass:b.org",
		"not-aligned p=reject reject"},
	    {"a.b.org", "dkim=pass:b.org spf=pass:a.b.org",
		"pass p=reject none"},
	    {"twice.org", "spf=pass:a.twice.org", "pass p=reject none"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
subdomains_have_policies_of_their_own(void **state)
{
	static const char zone[] =
	    "_dmarc.p.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.sp.org TXT \"v=DMARC1; p=reject; sp=none\"\n"
	    "_dmarc.np.org TXT \"v=DMARC1; p=none; np=reject\"\n"
	    "_dmarc.all.org TXT \"v=DMARC1; p=none; sp=quarantine;"
	    " np=reject\"\n"
	    "_dmarc.sub.all.org TXT \"v=DMARC1; p=none; sp=reject\"\n"
	    "_dmarc.low.org TXT \"v=DMARC1; p=reject; np=none\"\n"
	    "_dmarc.psd TXT \"v=DMARC1; p=reject; sp=quarantine; np=none;"
	    " psd=y\"\n"
	    "a.p.org A 192.0.2.1\na.sp.org A 192.0.2.1\n"
	    "mx.np.org MX 0 x\nx.txt.np.org TXT x\n"
	    "to.np.org CNAME gone.org\nloop.np.org CNAME loop.np.org\n"
	    ";!NODATA empty.np.org *\n;!SERVFAIL bad.np.org A\n"
	    "a.all.org TXT x\nb.low.org TXT x\nthere.psd TXT x\n";
	static const struct eval_case cases[] = {
	    {"p.org", "", "not-authenticated p=reject reject"},
	    {"a.p.org", "", "not-authenticated p=reject reject"},
	    {"gone.p.org", "", "not-authenticated p=reject reject"},
	    {"sp.org", "", "not-authenticated p=reject reject"},
	    {"a.sp.org", "", "not-authenticated sp=none none"},
	    {"gone.sp.org", "", "not-authenticated sp=none none"},
	    /* np is for names that do not exist: NXDOMAIN. */
	    {"np.org", "", "not-authenticated p=none none"},
	    {"mx.np.org", "", "not-authenticated p=none none"},
	    {"txt.np.org", "", "not-authenticated p=none none"},
	    {"x.txt.np.org", "", "not-authenticated p=none none"},
	    {"empty.np.org", "", "not-authenticated p=none none"},
	    {"gone.np.org", "", "not-authenticated np=reject reject"},
	    {"x.gone.np.org", "", "not-authenticated np=reject reject"},
	    {"to.np.org", "", "not-authenticated p=none none"},
	    {"gone.np.org", "dkim=pass:np.org", "pass np=reject none"},
	    {"bad.np.org", "", "dns-servfail bad.np.org"},
	    {"loop.np.org", "dkim=pass:x.net", "dns-loop loop.np.org"},
	    {"bad.np.org", "dkim=pass:np.org", "pass p=none none"},
	    {"all.org", "", "not-authenticated p=none none"},
	    {"a.all.org", "", "not-authenticated sp=quarantine quarantine"},
	    {"b.all.org", "", "not-authenticated np=reject reject"},
	    /* sp of a record that is not the organizational domain's does not
	     * apply to any domain. */
	    {"sub.all.org", "", "not-authenticated p=none none"},
	    {"x.sub.all.org", "", "not-authenticated np=reject reject"},
	    {"a.low.org", "", "not-authenticated np=none none"},
	    {"b.low.org", "", "not-authenticated p=reject reject"},
	    {"psd", "", "not-authenticated p=reject reject"},
	    {"there.psd", "", "not-authenticated sp=quarantine quarantine"},
	    {"gone.psd", "", "not-authenticated np=none none"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
testing_takes_a_policy_down_by_one(void **state)
{
	static const char zone[] =
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject; t=y; np=quarantine\"\n"
	    "_dmarc.q.org TXT \"v=DMARC1; p=quarantine; t=y; sp=reject\"\n"
	    "_dmarc.n.org TXT \"v=DMARC1; p=none; t=y\"\n"
	    "_dmarc.t.org TXT \"v=DMARC1; p=reject; t=n\"\n"
	    "_dmarc.pct.org TXT \"v=DMARC1; p=reject; pct=0\"\n"
	    "a.q.org A 192.0.2.1\n";
	static const struct eval_case cases[] = {
	    {"r.org", "", "not-authenticated p=quarantine quarantine lowered"},
	    {"r.org", "spf=pass:r.org", "pass p=quarantine none lowered"},
	    {"a.r.org", "", "not-authenticated np=none none lowered"},
	    {"q.org", "", "not-authenticated p=none none lowered"},
	    {"a.q.org", "",
		"not-authenticated sp=quarantine quarantine lowered"},
	    {"n.org", "", "not-authenticated p=none none"},
	    {"t.org", "", "not-authenticated p=reject reject"},
	    {"pct.org", "", "not-authenticated p=reject reject"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
bad_policies_count_as_none_with_a_report_address(void **state)
{
	static const char zone[] =
	    "_dmarc.no.org TXT \"v=DMARC1\"\n"
	    "_dmarc.nosp.org TXT \"v=DMARC1; sp=reject\"\n"
	    "_dmarc.norua.org TXT \"v=DMARC1; rua=mailto:a@b\"\n"
	    "_dmarc.p.org TXT \"v=DMARC1; p=x\"\n"
	    "_dmarc.smart.org TXT \"v=DMARC1; p=\342\200\234reject\"\n"
	    "_dmarc.twice.org TXT \"v=DMARC1; p=reject; p=reject\"\n"
	    "_dmarc.sp.org TXT \"v=DMARC1; p=reject; sp=x\"\n"
	    "_dmarc.np.org TXT \"v=DMARC1; p=reject; np=x\"\n"
	    "_dmarc.prua.org TXT \"v=DMARC1; p=x; sp=reject;"
	    " rua=mailto:a@b\"\n"
	    "_dmarc.sprua.org TXT \"v=DMARC1; p=reject; sp=x; t=y;"
	    " rua=x,mailto:a@b\"\n"
	    "_dmarc.nprua.org TXT \"v=DMARC1; p=reject; np=x;"
	    " rua=https://x\"\n"
	    "_dmarc.badrua.org TXT \"v=DMARC1; p=x; rua=a@b\"\n"
	    "_dmarc.ruf.org TXT \"v=DMARC1; p=x; ruf=mailto:a@b\"\n"
	    "_dmarc.own.no.org TXT \"v=DMARC1; p=x\"\n"
	    "a.nosp.org TXT x\n";
	static const struct eval_case cases[] = {
	    /* Missing: RFC 9989 4.7. */
	    {"no.org", "", "not-authenticated p=none none"},
	    {"no.org", "dkim=pass:no.org", "pass p=none none"},
	    {"a.no.org", "", "not-authenticated p=none none"},
	    {"a.nosp.org", "", "not-authenticated sp=reject reject"},
	    {"norua.org", "", "not-authenticated p=none none"},
	    /* Invalid: RFC 9989 4.10.1. */
	    {"p.org", "", "policy-invalid p.org"},
	    {"p.org", "dkim=pass:p.org", "policy-invalid p.org"},
	    {"a.p.org", "", "policy-invalid p.org"},
	    {"smart.org", "", "policy-invalid smart.org"},
	    {"twice.org", "", "policy-invalid twice.org"},
	    {"sp.org", "", "policy-invalid sp.org"},
	    {"np.org", "", "policy-invalid np.org"},
	    {"badrua.org", "", "policy-invalid badrua.org"},
	    {"ruf.org", "", "policy-invalid ruf.org"},
	    /* No walk continues above it. */
	    {"own.no.org", "", "policy-invalid own.no.org"},
	    {"prua.org", "", "not-authenticated p=none none"},
	    {"a.prua.org", "", "not-authenticated p=none none"},
	    {"prua.org", "spf=pass:prua.org", "pass p=none none"},
	    {"sprua.org", "", "not-authenticated p=none none"},
	    {"a.sprua.org", "", "not-authenticated p=none none"},
	    {"nprua.org", "", "not-authenticated p=none none"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
without_a_record_there_is_nothing_to_judge(void **state)
{
	static const char zone[] =
	    "_dmarc.two.org TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.two.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.other.org TXT \"v=spf1 -all\"\n"
	    "two.org TXT \"v=DMARC1; p=reject\"\n"
	    ";!SERVFAIL _dmarc.f.org TXT\n;!TIMEOUT _dmarc.late TXT\n"
	    "_dmarc.a.late TXT \"v=DMARC1; p=reject\"\n";
	static const struct eval_case cases[] = {
	    {"x.org", "dkim=pass:x.org", "no-record"},
	    {"org", "", "no-record"},
	    {"two.org", "dkim=pass:two.org", "no-record"},
	    {"other.org", "", "no-record"},
	    {"f.org", "dkim=pass:f.org", "dns-servfail _dmarc.f.org"},
	    {"x.f.org", "", "dns-servfail _dmarc.f.org"},
	    {"x.late", "", "dns-timeout _dmarc.late"},
	    {"x.a.late", "dkim=pass:a.late", "dns-timeout _dmarc.late"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
only_what_could_be_aligned_makes_a_temperror(void **state)
{
	static const char zone[] =
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.own.r.org TXT \"v=DMARC1; psd=n\"\n"
	    "_dmarc.s.org TXT \"v=DMARC1; p=reject; adkim=s; aspf=s\"\n"
	    ";!SERVFAIL _dmarc.dead.r.org TXT\n"
	    ";!SERVFAIL _dmarc.dead.net TXT\n"
	    ";!SERVFAIL _dmarc.dead.s.org TXT\n";
	static const struct eval_case cases[] = {
	    /* Results. */
	    {"r.org", "dkim=temperror:r.org", "identifier-temperror r.org"},
	    {"r.org", "spf=temperror:a.r.org", "identifier-temperror a.r.org"},
	    {"a.r.org", "spf=temperror:r.org", "identifier-temperror r.org"},
	    {"r.org", "dkim=temperror:x.net",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=temperror:org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=temperror:own.r.org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=temperror:x.net spf=pass:x.net",
		"not-aligned p=reject reject"},
	    {"r.org", "dkim=temperror:r.org spf=pass:r.org",
		"pass p=reject none"},
	    {"r.org", "dkim=temperror:r.org spf=pass:x.net",
		"identifier-temperror r.org"},
	    {"s.org", "dkim=temperror:s.org", "identifier-temperror s.org"},
	    {"s.org", "dkim=temperror:a.s.org",
		"not-authenticated p=reject reject"},
	    {"s.org", "dkim-i=temperror:s.org",
		"not-authenticated p=reject reject"},
	    /* Aligned signatures whose algorithm this host forbids. */
	    {"r.org", "dkim-u=policy:r.org", "identifier-not-checked r.org"},
	    {"r.org", "dkim-u=policy:a.r.org",
		"identifier-not-checked a.r.org"},
	    {"r.org", "dkim-u=policy:a.r.org spf=pass:x.net dkim=fail:r.org",
		"identifier-not-checked a.r.org"},
	    {"r.org", "dkim-u=policy:x.net",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim-u=policy:own.r.org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=policy:r.org", "not-authenticated p=reject reject"},
	    {"s.org", "dkim-u=policy:s.org", "identifier-not-checked s.org"},
	    {"s.org", "dkim-u=policy:a.s.org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim-u=policy:r.org spf=pass:a.r.org",
		"pass p=reject none"},
	    {"r.org", "dkim-u=policy:r.org spf=temperror:r.org",
		"identifier-temperror r.org"},
	    {"r.org", "dkim-u=policy:dead.r.org",
		"identifier-temperror dead.r.org"},
	    /* Walks. */
	    {"r.org", "dkim=pass:dead.r.org",
		"identifier-temperror dead.r.org"},
	    {"r.org", "dkim=pass:x.dead.r.org spf=pass:x.net",
		"identifier-temperror x.dead.r.org"},
	    {"r.org", "dkim=temperror:dead.r.org",
		"identifier-temperror dead.r.org"},
	    {"r.org", "dkim=pass:dead.r.org spf=pass:a.r.org",
		"pass p=reject none"},
	    {"r.org", "dkim=fail:dead.r.org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=pass:dead.net", "not-aligned p=reject reject"},
	    {"s.org", "dkim=pass:dead.s.org", "not-aligned p=reject reject"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

static void
what_could_be_aligned_and_failed_is_named(void **state)
{
	static const struct eval_case cases[] = {
	    /* The author domain's own identifiers are named first, signatures
	     * before MAIL FROM. */
	    {"r.org", "dkim=pass:x.net spf=fail:r.org",
		"aligned-failed MAIL FROM of r.org (fail) p=reject reject"},
	    {"r.org", "spf=softfail:r.org dkim=pass:x.net dkim=policy:r.org",
		"aligned-failed a signature of r.org (policy) p=reject reject"},
	    {"a.r.org", "spf=pass:x.net dkim=neutral:b.r.org",
		"aligned-failed a signature of b.r.org (neutral) p=reject"
		" reject"},
	    {"r.org", "spf=pass:x.net dkim-i=permerror:r.org",
		"aligned-failed a signature of r.org (permerror) p=reject"
		" reject"},
	    /* The result none is not a failure. */
	    {"r.org", "spf=none:r.org dkim=pass:x.net",
		"not-aligned p=reject reject"},
	    {"r.org", "spf=pass:x.net dkim=fail:y.net",
		"not-aligned p=reject reject"},
	    {"r.org", "spf=fail:r.org dkim=fail:r.org",
		"not-authenticated p=reject reject"},
	    {"r.org", "dkim=pass:r.org dkim=fail:r.org", "pass p=reject none"},
	    {"r.org", "dkim=pass:x.net dkim=fail:r.org spf=temperror:r.org",
		"identifier-temperror r.org"},
	    {"s.org", "dkim=pass:x.net dkim=fail:a.s.org",
		"not-aligned p=reject reject"},
	    {"s.org", "dkim=pass:x.net dkim-i=fail:s.org",
		"not-aligned p=reject reject"},
	    {"s.org", "dkim=pass:x.net dkim=fail:s.org",
		"aligned-failed a signature of s.org (fail) p=reject reject"},
	    {"s.org", "dkim=pass:x.net spf=fail:a.s.org",
		"aligned-failed MAIL FROM of a.s.org (fail) p=reject reject"},
	};

	(void)state;
	check_zone("_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n"
		   "_dmarc.s.org TXT \"v=DMARC1; p=reject; adkim=s\"\n",
	    cases, COUNT(cases));
}

static void
others_are_not_asked(void **state)
{
	static const struct eval_case cases[] = {
	    {"r.org", "dkim=pass:x.net spf=temperror:y.net dkim=fail:a.r.org",
		"aligned-failed a signature of a.r.org (fail) p=reject reject"},
	};
	struct world w = world_new("_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n");

	(void)state;
	check(&w, cases, COUNT(cases));
	same("asked", world_asked(&w), "_dmarc.r.org _dmarc.org ");
	world_free(&w);
}

static void
an_author_walk_that_fails_counts_if_it_is_needed(void **state)
{
	static const char zone[] =
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.s.org TXT \"v=DMARC1; p=reject; adkim=s\"\n"
	    ";!TIMEOUT _dmarc.org TXT\n";
	static const struct eval_case cases[] = {
	    {"r.org", "dkim=pass:r.org", "pass p=reject none"},
	    {"r.org", "spf=pass:x.net dkim=pass:r.org", "pass p=reject none"},
	    {"r.org", "dkim=pass:a.r.org", "dns-timeout _dmarc.org"},
	    {"r.org", "dkim=pass:x.net", "dns-timeout _dmarc.org"},
	    {"r.org", "dkim=temperror:r.org", "identifier-temperror r.org"},
	    {"r.org", "", "not-authenticated p=reject reject"},
	    {"r.org", "dkim=fail:a.r.org", "not-authenticated p=reject reject"},
	    {"s.org", "dkim=pass:a.s.org", "not-aligned p=reject reject"},
	    {"s.org", "spf=pass:a.s.org", "dns-timeout _dmarc.org"},
	};

	(void)state;
	check_zone(zone, cases, COUNT(cases));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_pass_that_is_aligned_is_a_pass),
	    cmocka_unit_test(each_mechanism_has_its_own_strictness),
	    cmocka_unit_test(subdomains_have_policies_of_their_own),
	    cmocka_unit_test(testing_takes_a_policy_down_by_one),
	    cmocka_unit_test(bad_policies_count_as_none_with_a_report_address),
	    cmocka_unit_test(without_a_record_there_is_nothing_to_judge),
	    cmocka_unit_test(only_what_could_be_aligned_makes_a_temperror),
	    cmocka_unit_test(what_could_be_aligned_and_failed_is_named),
	    cmocka_unit_test(others_are_not_asked),
	    cmocka_unit_test(an_author_walk_that_fails_counts_if_it_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
