/* test_spf_question: is SPF sound, and how is it known? */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_question.h"

static bool
has_warning(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].level > FINDING_NOTE)
			return true;
	return false;
}

/* Every no has a proof, a mend, and a finding that is a warning at least. */
static void
is_founded(const char *zone, const struct answered *x)
{
	const struct question *q = &x->question;

	if (!q->proof.len || span_find(q->proof, '\n') < q->proof.len)
		fail_msg("%s: the proof is not a line", zone);
	if (q->answer == ANSWER_NO &&
	    (!q->mend.len || !has_warning(&x->lint.findings)))
		fail_msg("%s: an unfounded no", zone);
	if (q->answer == ANSWER_NOT_KNOWN && (q->change || q->mend.p))
		fail_msg("%s: a mend of what is not known", zone);
}

struct answer_case {
	const char *zone;
	enum answer answer;
	const char *proof;
};

static void
sound_is_what_the_question_says(void **state)
{
	static const struct answer_case cases[] = {
	    {MAIL "@ TXT \"v=spf1 mx -all\"", ANSWER_YES,
		"v=spf1 mx -all, 1 of 10 lookups, ends in -all"},
	    {"@ TXT \"v=spf1 redirect=soft.example.org\"", ANSWER_YES,
		"v=spf1 redirect=soft.example.org, 2 of 10 lookups, ends in "
		"~all"},
	    {"@ TXT \"v=spf1 include:neutral.example.org a:four ~all\"",
		ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 include:neutral.example.org "
	     "a:four.example.org ~all\"",
		ANSWER_YES,
		"v=spf1 include:neutral.example.org a:four.example.org ~all, "
		"2 of 10 lookups, 1 of 2 void, ends in ~all"},
	    {"@ A 192.0.2.1", ANSWER_NO, "the domain has no SPF record"},
	    {"@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 ~all\"", ANSWER_NO,
		"there are several records: 2 records: 'v=spf1 -all', "
		"'v=spf1 ~all'"},
	    {"@ TXT \"v=spf1 foo -all\"", ANSWER_NO,
		"v=spf1 foo -all: the record is malformed: foo (the record "
		"has an unknown or malformed term)"},
	    {"@ TXT \"v=spf1 include:bad.example.org -all\"", ANSWER_NO,
		"v=spf1 include:bad.example.org -all: the record is "
		"malformed: foo (the record has an unknown or malformed term) "
		"of bad.example.org"},
	    {"@ TXT \"v=spf1 include:two.example.org -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 a:mail.example.org include:ten.example.org "
	     "-all\"",
		ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 redirect=ten.example.org\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 a:mail.example.org/24 a:mail.example.org/25 "
	     "a:mail.example.org/26 a:mail.example.org/27 "
	     "a:mail.example.org/28 a:mail.example.org/29 "
	     "a:mail.example.org/30 a:mail.example.org/31 "
	     "a:mail.example.org a:mail.example.org/23 -all\"",
		ANSWER_YES, NULL},
	    {"@ TXT \"v=spf1 mx:many.example.org -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 a:g1.example a:g2.example -all\"", ANSWER_YES,
		NULL},
	    {"@ TXT \"v=spf1 a:g1.example a:g2.example a:g3.example -all\"",
		ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 exists:%{i}.a.example exists:%{i}.b.example "
	     "a:four.example.org -all\"",
		ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 ip4:192.0.2.1\"", ANSWER_NO,
		"v=spf1 ip4:192.0.2.1: neither all nor redirect="},
	    {"@ TXT \"v=spf1 ?all\"", ANSWER_NO,
		"v=spf1 ?all: ?all asserts nothing: ?all"},
	    {"@ TXT \"v=spf1 redirect=open.example.org\"", ANSWER_NO,
		"v=spf1 redirect=open.example.org: neither all nor redirect= "
		"of open.example.org"},
	    {"@ TXT \"v=spf1 +all\"", ANSWER_NO,
		"v=spf1 +all: everybody may send as this domain: +all"},
	    {"@ TXT \"v=spf1 include:everybody.example.org -all\"", ANSWER_NO,
		NULL},
	    {"@ TXT \"v=spf1 a:mail.example.org/0 -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 ip4:64.0.0.0/13 -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 ip4:64.0.0.0/14 -all\"", ANSWER_YES, NULL},
	    {"@ TXT \"v=spf1 ip6:2001:db8::/31 -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 include:wide.example.org -all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 -ip4:0.0.0.0/1 -all\"", ANSWER_YES, NULL},
	    {"@ TXT \"v=spf1 ip4:10.0.0.0/8 -all\"", ANSWER_YES, NULL},
	    {"@ TXT \"v=spf1 include:gone.example -all\"", ANSWER_NO,
		"v=spf1 include:gone.example -all: the included domain has no "
		"SPF record: include:gone.example (the domain does not "
		"exist)"},
	    {"@ TXT \"v=spf1 include:back.example.org -all\"", ANSWER_NO,
		"v=spf1 include:back.example.org -all: the record leads back "
		"to itself: include:example.org of back.example.org"},
	    {"@ TXT \"v=spf1 redirect=%{l}.example.org\"", ANSWER_NOT_KNOWN,
		"where redirect= leads depends on the client"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answered x;

		ask(cases[i].zone, &x);
		same(cases[i].zone, span_of(question_answer(x.question.answer)),
		    question_answer(cases[i].answer));
		if (cases[i].proof)
			same(cases[i].zone, x.question.proof, cases[i].proof);
		is_founded(cases[i].zone, &x);
		done(&x);
	}
}

static void
a_dns_failure_leaves_it_open_unless_it_is_a_no_anyhow(void **state)
{
	static const struct answer_case cases[] = {
	    {";!SERVFAIL @ TXT", ANSWER_NOT_KNOWN,
		"the DNS gives no answer: SERVFAIL"},
	    {"@ TXT \"v=spf1 include:down.example.org -all\"", ANSWER_NOT_KNOWN,
		"the DNS gives no answer: include:down.example.org "
		"(down.example.org TXT: SERVFAIL)"},
	    {"@ TXT \"v=spf1 redirect=down.example.org\"", ANSWER_NOT_KNOWN,
		NULL},
	    {"@ TXT \"v=spf1 a:down.example.org -all\"", ANSWER_NOT_KNOWN,
		NULL},
	    {"@ TXT \"v=spf1 mx -all\"\n@ MX 1 down", ANSWER_NOT_KNOWN, NULL},
	    {"@ TXT \"v=spf1 ip4:192.0.2.1 -all exp=down.example.org\"",
		ANSWER_YES, NULL},
	    {"@ TXT \"v=spf1 a:down.example.org\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 include:down.example.org +all\"", ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 include:down.example.org include:gone.example "
	     "-all\"",
		ANSWER_NO, NULL},
	    {"@ TXT \"v=spf1 include:down.example.org foo -all\"", ANSWER_NO,
		NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answered x;

		ask(cases[i].zone, &x);
		same(cases[i].zone, span_of(question_answer(x.question.answer)),
		    question_answer(cases[i].answer));
		if (cases[i].proof)
			same(cases[i].zone, x.question.proof, cases[i].proof);
		is_founded(cases[i].zone, &x);
		assert_null(x.question.change);
		done(&x);
	}
}

static void
a_domain_that_does_not_exist_gets_no_record(void **state)
{
	static const char *const domains[] = {"gone.example.org", "localhost"};

	(void)state;
	for (size_t i = 0; i < COUNT(domains); i++) {
		struct answered x;

		ask(MAIL "@ TXT other\n", &x);
		spf_lint(
		    span_of(domains[i]), SPAN_NONE, x.dns, x.arena, &x.lint);
		spf_question(&x.lint, x.dns, x.arena, &x.question);
		assert_int_equal(x.question.answer, ANSWER_NO);
		is_founded(domains[i], &x);
		assert_null(x.question.change);
		done(&x);
	}
}

/* A given record is mended, and what it replaces is what is published. */
static void
a_given_record_is_answered(void **state)
{
	struct answered x;

	(void)state;
	ask(MAIL "@ TXT \"v=spf1 -all\"\n", &x);
	spf_lint(
	    SPAN("example.org"), SPAN("v=spf1 mx"), x.dns, x.arena, &x.lint);
	spf_question(&x.lint, x.dns, x.arena, &x.question);
	assert_int_equal(x.question.answer, ANSWER_NO);
	same("given", x.question.change->add, "v=spf1 mx ~all");
	assert_int_equal(x.question.change->nremove, 1);
	same("published", x.question.change->remove[0].data, "v=spf1 -all");
	spf_lint(SPAN_NONE, SPAN("v=spf1 mx"), x.dns, x.arena, &x.lint);
	spf_question(&x.lint, x.dns, x.arena, &x.question);
	assert_int_equal(x.question.answer, ANSWER_NO);
	assert_null(x.question.change);
	done(&x);
}

static void
the_end_and_silence_are_told(void **state)
{
	static const struct {
		const char *record, *all; /* NULL: absent */
		bool sends_nothing;
	} cases[] = {
	    {"v=spf1 -all", "-all", true},
	    {"V=SPF1   -ALL ", "-all", true},
	    {"v=spf1 ~all", "~all", false},
	    {"v=spf1 all", "+all", false},
	    {"v=spf1 ?all", "?all", false},
	    {"v=spf1 mx -all", "-all", false},
	    {"v=spf1 -all x=y", "-all", false},
	    {"v=spf1 redirect=soft.example.org", "~all", false},
	    {"v=spf1 redirect=open.example.org", NULL, false},
	    {"v=spf1 redirect=gone.example", NULL, false},
	    {"v=spf1 mx", NULL, false},
	    {"v=spf1 foo -all", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct answered x;

		ask(MAIL, &x);
		spf_lint(SPAN("example.org"), span_of(cases[i].record), x.dns,
		    x.arena, &x.lint);
		if (cases[i].all)
			same(cases[i].record, x.lint.all, cases[i].all);
		else
			assert_null(x.lint.all.p);
		assert_int_equal(x.lint.sends_nothing, cases[i].sends_nothing);
		done(&x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sound_is_what_the_question_says),
	    cmocka_unit_test(
		a_dns_failure_leaves_it_open_unless_it_is_a_no_anyhow),
	    cmocka_unit_test(a_domain_that_does_not_exist_gets_no_record),
	    cmocka_unit_test(a_given_record_is_answered),
	    cmocka_unit_test(the_end_and_silence_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
