/* test_dmarc_eval_ways: public suffix list, RFC 7489, what-if; combining. */
/* SPDX-License-Identifier: ISC */

#include "fixture_dmarc_eval.h"

static void
by_the_list_identifiers_are_not_asked(void **state)
{
	static const char zone[] =
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.own.r.org TXT \"v=DMARC1; p=none; psd=n\"\n"
	    "_dmarc.a.hosting.example.com TXT \"v=DMARC1; p=reject\"\n"
	    ";!SERVFAIL _dmarc.dead.r.org TXT\n;!TIMEOUT _dmarc.org TXT\n";
	static const struct eval_case cases[] = {
	    {"r.org", "dkim=pass:dead.r.org", "pass p=reject none"},
	    {"r.org", "dkim=pass:own.r.org", "pass p=reject none"},
	    {"own.r.org", "dkim=pass:r.org", "pass p=none none"},
	    {"r.org", "dkim=pass:org", "not-aligned p=reject reject"},
	    {"r.org", "dkim=pass:x.org", "not-aligned p=reject reject"},
	    {"a.hosting.example.com", "dkim=pass:example.com",
		"not-aligned p=reject reject"},
	    {"a.hosting.example.com", "dkim=pass:b.hosting.example.com",
		"not-aligned p=reject reject"},
	    {"x.a.hosting.example.com", "dkim=pass:a.hosting.example.com",
		"pass p=reject none"},
	    {"x.dead.r.org", "", "not-authenticated p=reject reject"},
	    {"dead.r.org", "", "dns-servfail _dmarc.dead.r.org"},
	};
	struct world w = world_new(zone);

	(void)state;
	w.method.psl = w.list;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
the_old_way_knows_no_new_tags(void **state)
{
	static const char zone[] =
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject; t=y; np=none; psd=n\"\n"
	    "_dmarc.a.r.org TXT \"v=DMARC1; p=none; psd=n\"\n"
	    "_dmarc.np.org TXT \"v=DMARC1; p=reject; np=x\"\n"
	    "_dmarc.sp.org TXT \"v=DMARC1; p=reject; sp=x\"\n"
	    "_dmarc.no.org TXT \"v=DMARC1; sp=reject\"\n"
	    "_dmarc.norua.org TXT \"v=DMARC1; sp=reject; rua=mailto:a@b\"\n";
	static const struct eval_case cases[] = {
	    {"r.org", "", "not-authenticated p=reject reject"},
	    {"gone.r.org", "", "not-authenticated p=reject reject"},
	    {"a.r.org", "dkim=pass:r.org", "pass p=none none"},
	    {"np.org", "", "not-authenticated p=reject reject"},
	    {"sp.org", "", "policy-invalid sp.org"},
	    {"no.org", "", "policy-invalid no.org"},
	    {"a.no.org", "", "policy-invalid no.org"},
	    {"norua.org", "", "not-authenticated p=none none"},
	    {"a.norua.org", "", "not-authenticated p=none none"},
	    {"x.r.org", "dkim=temperror:b.r.org",
		"identifier-temperror b.r.org"},
	};
	struct world w = world_new(zone);

	(void)state;
	w.method.psl = w.list;
	w.method.rfc7489 = true;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

/* RFC 7489 6.6.4 */
static void
pct_leaves_out_by_the_sample(void **state)
{
	static const struct {
		unsigned sample;
		struct eval_case c;
	} cases[] = {
	    {0, {"r.org", "", "not-authenticated p=reject reject"}},
	    {29, {"r.org", "", "not-authenticated p=reject reject"}},
	    {30, {"r.org", "", "not-authenticated p=reject quarantine out"}},
	    {99, {"r.org", "", "not-authenticated p=reject quarantine out"}},
	    {99, {"r.org", "spf=pass:r.org", "pass p=reject none"}},
	    {99, {"x.r.org", "", "not-authenticated p=reject quarantine out"}},
	    {99, {"q.org", "", "not-authenticated p=quarantine none out"}},
	    {0, {"q.org", "", "not-authenticated p=quarantine none out"}},
	    {99, {"n.org", "", "not-authenticated p=none none"}},
	    {99, {"all.org", "", "not-authenticated p=reject reject"}},
	    {99, {"bad.org", "", "not-authenticated p=reject reject"}},
	    {99, {"rua.org", "", "not-authenticated p=none none"}},
	};
	struct world w =
	    world_new("_dmarc.r.org TXT \"v=DMARC1; p=reject; pct=30\"\n"
		      "_dmarc.q.org TXT \"v=DMARC1; p=quarantine; pct=0\"\n"
		      "_dmarc.n.org TXT \"v=DMARC1; p=none; pct=0\"\n"
		      "_dmarc.all.org TXT \"v=DMARC1; p=reject; pct=100\"\n"
		      "_dmarc.bad.org TXT \"v=DMARC1; p=reject; pct=x\"\n"
		      "_dmarc.rua.org TXT \"v=DMARC1; p=x; pct=0;"
		      " rua=mailto:a@b\"\n");

	(void)state;
	w.method.psl = w.list;
	w.method.rfc7489 = true;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_one(&w, &cases[i].c, cases[i].sample);
	world_free(&w);
}

static void
a_record_that_is_given_decides(void **state)
{
	static const struct {
		const char *record;
		struct eval_case c;
	} cases[] = {
	    {"v=DMARC1; p=reject",
		{"r.org", "", "not-authenticated p=reject reject"}},
	    {"v=DMARC1; p=reject; adkim=s",
		{"r.org", "dkim=pass:a.r.org", "not-aligned p=reject reject"}},
	    {"v=DMARC1; p=reject",
		{"r.org", "dkim=pass:a.r.org", "pass p=reject none"}},
	    {"v=DMARC1; p=quarantine; psd=n",
		{"r.org", "dkim=pass:a.r.org", "pass p=quarantine none"}},
	    {"v=DMARC1; p=x", {"r.org", "", "policy-invalid r.org"}},
	    {"p=reject", {"r.org", "", "no-record"}},
	    /* The given record is that of one domain alone. */
	    {"v=DMARC1; p=reject", {"x.org", "", "no-record"}},
	};
	struct world w = world_new(";!SERVFAIL _dmarc.r.org TXT\n");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		w.method.record = span_of(cases[i].record);
		w.method.record_of = SPAN("r.org");
		check_one(&w, &cases[i].c, 0);
	}
	world_free(&w);
}

static struct span
summary_of_reason(const struct dmarc_verdict *v, struct arena *a)
{
	struct span id = span_of(dmarc_reasons[v->reason].id);

	return v->detail.p ? ARENA_JOIN(a, id, SPAN(" "), v->detail) : id;
}

static void
of_several_verdicts_one_stands_for_all(void **state)
{
	static const struct {
		enum dmarc_reason reason[3];
		enum dmarc_policy policy[3];
		size_t best;
	} cases[] = {
	    {{DMARC_PASS, DMARC_PASS, DMARC_PASS}, {0, 2, 1}, 0},
	    {{DMARC_PASS, DMARC_NOT_ALIGNED, DMARC_PASS}, {2, 0, 2}, 1},
	    {{DMARC_PASS, DMARC_NO_RECORD, DMARC_PASS}, {0}, 1},
	    {{DMARC_NOT_ALIGNED, DMARC_NOT_AUTHENTICATED, DMARC_NOT_ALIGNED},
		{1, 2, 2}, 1},
	    {{DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_PASS}, {1, 1, 2}, 0},
	    /* RFC 9989 11.5: a fail is final. */
	    {{DMARC_DNS_TIMEOUT, DMARC_POLICY, DMARC_NOT_ALIGNED}, {0}, 2},
	    {{DMARC_NOT_ALIGNED, DMARC_DNS_TIMEOUT, DMARC_NOT_ALIGNED},
		{1, 0, 2}, 2},
	    {{DMARC_NOT_ALIGNED, DMARC_DNS_TIMEOUT, DMARC_IDENTIFIER}, {0}, 0},
	    {{DMARC_PASS, DMARC_POLICY, DMARC_IDENTIFIER}, {0}, 2},
	    {{DMARC_NO_RECORD, DMARC_POLICY, DMARC_NOT_ALIGNED}, {0}, 2},
	    {{DMARC_NO_RECORD, DMARC_POLICY, DMARC_PASS}, {0}, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dmarc_verdict v[3] = {{0}};

		for (size_t k = 0; k < 3; k++) {
			v[k].reason = cases[i].reason[k];
			v[k].policy = cases[i].policy[k];
		}
		assert_int_equal(dmarc_combine(v, 3), cases[i].best);
	}
}

static void
what_cannot_be_read_is_a_fail_where_a_policy_asks_for_it(void **state)
{
	static const struct {
		const char *domain;
		bool raised;
		enum result_code code;
		const char *summary;
		int status;
	} cases[] = {
	    {"r.org", true, RESULT_FAIL, "from-syntax x@r.org", 6},
	    {"q.org", true, RESULT_FAIL, "from-syntax x@r.org", 5},
	    {"n.org", false, RESULT_PERMERROR, "from-syntax x@r.org", 0},
	    {"t.org", true, RESULT_FAIL, "from-syntax x@r.org", 5},
	    {"u.org", false, RESULT_PERMERROR, "from-syntax x@r.org", 0},
	    {"a.r.org", true, RESULT_FAIL, "from-syntax x@r.org", 6},
	    {"x.net", false, RESULT_NONE, "no-record", 0},
	    {"x.com", false, RESULT_TEMPERROR, "dns-servfail _dmarc.x.com", 0},
	};
	static const struct dmarc_authors from = {
	    .reason = DMARC_FROM_SYNTAX, .detail = S("x@r.org")};
	struct world w =
	    world_new("_dmarc.r.org TXT \"v=DMARC1; p=reject\"\n"
		      "_dmarc.q.org TXT \"v=DMARC1; p=quarantine\"\n"
		      "_dmarc.t.org TXT \"v=DMARC1; p=reject; t=y\"\n"
		      "_dmarc.u.org TXT \"v=DMARC1; p=quarantine; t=y\"\n"
		      "_dmarc.n.org TXT \"v=DMARC1; p=none\"\n"
		      ";!SERVFAIL _dmarc.x.com TXT\n");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span domain = span_of(cases[i].domain);
		struct dmarc_verdict v;
		struct result r;

		dmarc_eval_unread(&w.method, domain, &from, 0, &v);
		assert_int_equal(v.raised, cases[i].raised);
		assert_int_equal(dmarc_code(&v), cases[i].code);
		same(cases[i].domain, summary_of_reason(&v, w.arena),
		    cases[i].summary);
		dmarc_result(&v, w.arena, &r);
		assert_int_equal(r.code, cases[i].code);
		assert_int_equal(r.status, cases[i].status);
		assert_int_equal(r.nproperties, v.raised ? 2 : 1);
	}
	world_free(&w);
}

static void
results_say_policy_and_flaws(void **state)
{
	struct world w = world_new(
	    "_dmarc.r.org TXT \"v=DMARC1; p=reject; t=y; pct=5; x; y\"\n");
	struct dmarc_verdict v;
	struct result r;

	(void)state;
	dmarc_eval(&w.method, SPAN("r.org"), NULL, 0, 0, &v);
	dmarc_result(&v, w.arena, &r);
	assert_int_equal(r.status, 5);
	assert_int_equal(r.nproperties, 2);
	same("from", r.properties[0].value, "r.org");
	same("policy", r.properties[1].value, "quarantine");
	assert_int_equal(r.nnotes, 3);
	assert_string_equal(r.notes[0].id, DMARC_NOTE_TESTING);
	assert_string_equal(r.notes[1].id, DMARC_NOTE_OBSOLETE);
	same("flaw", r.notes[1].words, "pct=5");
	assert_string_equal(r.notes[2].id, DMARC_NOTE_TAG);
	same("flaw", r.notes[2].words, "x, y");
	/* By RFC 7489 pct= is not obsolete, and t= is unknown. */
	w.method.psl = w.list;
	w.method.rfc7489 = true;
	dmarc_eval(&w.method, SPAN("r.org"), NULL, 0, 5, &v);
	dmarc_result(&v, w.arena, &r);
	assert_int_equal(r.status, 5);
	same("policy", r.properties[1].value, "reject");
	assert_int_equal(r.nnotes, 2);
	assert_string_equal(r.notes[0].id, DMARC_NOTE_PCT);
	assert_string_equal(r.notes[1].id, DMARC_NOTE_TAG);
	dmarc_eval(&w.method, SPAN("x.net"), NULL, 0, 0, &v);
	dmarc_result(&v, w.arena, &r);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.nproperties, 1);
	world_free(&w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_the_list_identifiers_are_not_asked),
	    cmocka_unit_test(the_old_way_knows_no_new_tags),
	    cmocka_unit_test(pct_leaves_out_by_the_sample),
	    cmocka_unit_test(a_record_that_is_given_decides),
	    cmocka_unit_test(of_several_verdicts_one_stands_for_all),
	    cmocka_unit_test(
		what_cannot_be_read_is_a_fail_where_a_policy_asks_for_it),
	    cmocka_unit_test(results_say_policy_and_flaws),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
