/* test_verdict: alignment of records, and the kinds of messages. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

#include "report/verdict.h"

static struct verdict
verdict(const char *policy, const char *record, struct arena *a)
{
	struct aggregate_report report = read_report(span_of(policy));
	struct aggregate_record r = read_record(span_of(record), a);
	struct verdict_orgs orgs;

	verdict_orgs_init(&orgs, psl_builtin());
	return verdict_of(&orgs, &report.policy, &r);
}

static void
the_first_rule_that_holds_gives_the_kind(void **state)
{
	static const struct {
		const char *record, *rule;
		enum verdict_kind kind;
		bool refused;
	} c[] = {
#define F VERDICT_FORWARDED
#define A VERDICT_ALIGNED
#define P VERDICT_PARTLY
#define N VERDICT_NEITHER
	    /* both, one, none */
	    {"- spf=pass dkim=pass", "both-aligned", A, false},
	    {"- spf=fail dkim=pass", "only-dkim-aligned", P, false},
	    {"- spf=pass dkim=fail", "only-spf-aligned", P, false},
	    {"- spf=fail dkim=fail", "neither-aligned", N, true},
	    {"-", "neither-aligned", N, true},
	    /* reasons come first, whatever is aligned, and in their order */
	    {"- spf=pass dkim=pass reason=forwarded", "reason-forwarded", F,
		false},
	    {"- spf=fail dkim=fail reason=forwarded", "reason-forwarded", F,
		false},
	    {"- reason=trusted_forwarder", "reason-trusted-forwarder", F,
		false},
	    {"- reason=mailing_list reason=forwarded", "reason-forwarded", F,
		false},
	    {"- reason=other reason=mailing_list", "reason-mailing-list", F,
		false},
	    {"- reason=local_policy/arc=pass,as[1]", "reason-local-policy-arc",
		F, false},
	    {"- reason=local_policy/x,ARC=PASS", "reason-local-policy-arc", F,
		false},
	    /* other reasons are none */
	    {"- reason=local_policy", "neither-aligned", N, true},
	    {"- reason=local_policy/arc=fail", "neither-aligned", N, true},
	    {"- reason=other/arc=pass", "neither-aligned", N, true},
	    {"- reason=sampled_out", "neither-aligned", N, true},
	    {"- reason=policy_test_mode spf=pass", "only-spf-aligned", P,
		false},
	    /* DKIM passes, SPF of an aligned domain does not */
	    {"- dkim=pass spf=fail s=example.org/mfrom/fail",
		"dkim-aligned-spf-broken", F, false},
	    {"- dkim=pass spf=fail s=example.org//softfail",
		"dkim-aligned-spf-broken", F, false},
	    {"- dkim=pass spf=fail s=mail.example.org/mfrom/none",
		"dkim-aligned-spf-broken", F, false},
	    {"- dkim=pass spf=pass s=example.org/mfrom/fail",
		"dkim-aligned-spf-broken", F, false},
	    /* not with another domain, HELO, a pass beside it, without DKIM */
	    {"- dkim=pass spf=fail s=mailer.example/mfrom/fail",
		"only-dkim-aligned", P, false},
	    {"- dkim=pass spf=fail s=mailer.example/mfrom/pass",
		"only-dkim-aligned", P, false},
	    {"- dkim=pass spf=fail s=example.org/helo/fail",
		"only-dkim-aligned", P, false},
	    {"- dkim=pass spf=fail s=example.org/mfrom/fail "
	     "s=a.example.org/mfrom/pass",
		"only-dkim-aligned", P, false},
	    {"- dkim=pass spf=fail s=a.example.org/mfrom/pass "
	     "s=example.org/mfrom/fail",
		"only-dkim-aligned", P, false},
	    {"- dkim=fail spf=fail s=example.org/mfrom/fail", "neither-aligned",
		N, true},
#undef F
#undef A
#undef P
#undef N
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct verdict v = verdict("", c[i].record, *state);

		same(c[i].record, span_of(verdict_rule_id(v.rule)), c[i].rule);
		assert_int_equal(v.kind, c[i].kind);
		assert_int_equal(v.refused, c[i].refused);
	}
}

static void
where_policy_evaluated_is_silent_alignment_follows(void **state)
{
	static const struct {
		const char *policy, *record;
		bool spf, dkim;
	} c[] = {
	    {"", "- d=example.org/s/pass s=example.org/mfrom/pass", true, true},
	    {"", "- d=example.org/s/fail s=example.org/mfrom/softfail", false,
		false},
	    /* relaxed is the default */
	    {"", "- d=a.example.org/s/pass s=b.example.org//pass", true, true},
	    {"adkim=r aspf=r", "- d=a.example.org/s/pass s=b.example.org//pass",
		true, true},
	    {"adkim=s", "- d=a.example.org/s/pass s=b.example.org//pass", true,
		false},
	    {"aspf=s", "- d=a.example.org/s/pass s=b.example.org//pass", false,
		true},
	    {"adkim=s aspf=s", "- d=example.org/s/pass s=example.org//pass",
		true, true},
	    /* organizational domains are by the list */
	    {"", "- from=a.example.co.uk d=example.co.uk/s/pass", false, true},
	    {"", "- from=a.example.co.uk d=b.co.uk/s/pass", false, false},
	    {"", "- from=a.example.co.uk d=co.uk/s/pass", false, false},
	    {"", "- from=a.b.example.org d=c.example.org/s/pass", false, true},
	    {"", "- from=example.org d=example.com/s/pass", false, false},
	    {"", "- from=localhost d=localhost/s/pass", false, true},
	    {"", "- from= d=/s/pass", false, false},
	    /* HELO does not count; any result can */
	    {"", "- s=example.org/helo/pass", false, false},
	    {"", "- s=x.example/mfrom/pass s=example.org/mfrom/pass", true,
		false},
	    {"", "- d=x.example/s/pass d=example.org/s/pass", false, true},
	    /* what it says counts, even if nothing else does */
	    {"", "- dkim=fail d=example.org/s/pass", false, false},
	    {"", "- spf=pass s=example.org/mfrom/fail", true, false},
	    {"", "- dkim=pass s=example.org/mfrom/pass", true, true},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct verdict v = verdict(c[i].policy, c[i].record, *state);

		if (v.spf != c[i].spf || v.dkim != c[i].dkim)
			fail_msg("%s", c[i].record);
	}
}

static void
the_shown_result_is_the_one_that_tells_most(void **state)
{
	static const struct {
		const char *record, *dkim, *spf;
	} c[] = {
	    {"-", NULL, NULL},
	    {"- d=x.example/1/fail d=y.example/2/pass d=example.org/3/pass",
		"3", NULL},
	    {"- d=x.example/1/fail d=y.example/2/pass d=example.org/3/fail",
		"2", NULL},
	    {"- d=x.example/1/fail d=y.example/2/none", "1", NULL},
	    {"- d=example.org/1/pass d=example.org/2/pass", "1", NULL},
	    {"- s=a.example/helo/pass s=b.example/mfrom/fail s=c.example//pass",
		NULL, "b.example"},
	    {"- s=a.example/helo/pass s=b.example/helo/fail", NULL,
		"a.example"},
	    {"- s=a.example//fail s=example.org/mfrom/pass", NULL, "a.example"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct aggregate_report report = read_report(SPAN(""));
		struct aggregate_record r =
		    read_record(span_of(c[i].record), *state);
		struct verdict_orgs orgs;
		struct verdict v;

		verdict_orgs_init(&orgs, NULL);
		v = verdict_of(&orgs, &report.policy, &r);
		same(c[i].record,
		    v.dkim_result ? v.dkim_result->selector : SPAN_NONE,
		    c[i].dkim);
		same(c[i].record,
		    v.spf_result ? v.spf_result->domain : SPAN_NONE, c[i].spf);
	}
}

static void
organizational_domains_are_remembered(void **state)
{
	struct verdict_orgs orgs;
	char name[40], long_name[300];

	(void)state;
	verdict_orgs_init(&orgs, psl_builtin());
	/* More than are remembered, twice, so that each place changes. */
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 3 * VERDICT_ORGS; i++) {
			snprintf(name, sizeof(name), "a.b%d.example.org", i);
			same(name, verdict_org(&orgs, span_of(name)),
			    "example.org");
			snprintf(name, sizeof(name), "a.b%d.co.uk", i);
			same(name, verdict_org(&orgs, span_of(name)), name + 2);
		}
	same("a suffix", verdict_org(&orgs, SPAN("co.uk")), "co.uk");
	memset(long_name, 'a', sizeof(long_name));
	assert_int_equal(
	    verdict_org(&orgs, (struct span){long_name, sizeof(long_name)}).len,
	    sizeof(long_name));
	verdict_orgs_init(&orgs, NULL);
	same("no list", verdict_org(&orgs, SPAN("a.example.org")),
	    "a.example.org");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_first_rule_that_holds_gives_the_kind),
	    TEST(where_policy_evaluated_is_silent_alignment_follows),
	    TEST(the_shown_result_is_the_one_that_tells_most),
	    TEST(organizational_domains_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
