/* test_spf_mend: the records that are proposed, and that they are sound. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_question.h"

#include "base/buf.h"

/* The records of example.org, what else it has, and the record proposed, or
 * NULL. */
struct mend_case {
	const char *records[3], *more, *proposed;
};

static struct span
zone_of(const struct mend_case *c, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, c->more);
	for (size_t i = 0; i < COUNT(c->records) && c->records[i]; i++)
		buf_printf(&b, "@ TXT %s\n", c->records[i]);
	return buf_span(&b);
}

/* Is the answer a yes once the change is made? */
static void
closes(const struct mend_case *c, const struct question_change *change)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct answered x;

	buf_str(&b, c->more);
	buf_add(&b, question_zone_line(change->name, change->add, a));
	ask(arena_cstr(a, buf_span(&b)), &x);
	if (x.question.answer != ANSWER_YES || x.question.change)
		fail_msg("%s: not mended by " SPAN_FMT, c->records[0],
		    SPAN_ARG(change->add));
	done(&x);
	arena_free(a);
}

static void
check_mends(const struct mend_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		const struct question_change *change;
		size_t records = 0;
		struct answered x;

		while (records < COUNT(c[i].records) && c[i].records[records])
			records++;
		ask(arena_cstr(a, zone_of(&c[i], a)), &x);
		change = x.question.change;
		same(c[i].records[0] ? c[i].records[0] : c[i].more,
		    change ? change->add : SPAN("none"),
		    c[i].proposed ? c[i].proposed : "none");
		if (change) {
			assert_true(x.question.mend.len);
			assert_true(span_eq(change->name, SPAN("example.org")));
			assert_int_equal(change->nremove, records);
			closes(&c[i], change);
		}
		done(&x);
		arena_free(a);
	}
}

static void
what_is_mistyped_is_mended(void **state)
{
	static const struct mend_case cases[] = {
	    {{"\"v=spf1 mx ipv6:2001:db8::5 -all\""}, MAIL,
		"v=spf1 mx ip6:2001:db8::5 -all"},
	    {{"\"v=spf1 mx include: ok.example.org -all\""}, MAIL,
		"v=spf1 mx include:ok.example.org -all"},
	    {{"\"v=spf1;mx;-al\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx\\\\; -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"\\\"v=spf1 mx -all\\\"\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx\\\" \\\"-all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx 192.0.2.7 ~all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 ~all"},
	    {{"\"v=spf1 mx\\226\\128\\139 \\226\\128\\147all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf10 mx -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"mx -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx -all\"", "\"v=spf2 mx -all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx -all v=spf1 include:ok.example.org ~all\""}, MAIL,
		"v=spf1 mx include:ok.example.org -all"},
	    {{"\"v=spf1 mx ip4:192.0.2.9\" \"ip4:192.0.2.10\" \" -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.9 ip4:192.0.2.10 -all"},
	    {{"\"v=spf1 include:ok.example.org\" \"-all\""}, MAIL,
		"v=spf1 include:ok.example.org -all"},
	    {{"\"v=spf1 mx redirct=ok.example.org\""}, MAIL,
		"v=spf1 mx redirect=ok.example.org"},
	    {{"\"v=spf1 include:ok.example.org,mx -all\""}, MAIL,
		"v=spf1 include:ok.example.org mx -all"},
	    {{"\"v=spf1 mx foo -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx mail.example.org -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx ip4:300.0.0.1 -all\""}, MAIL, NULL},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

static void
the_end_is_mended(void **state)
{
	static const struct mend_case cases[] = {
	    {{"\"v=spf1 mx\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1\""}, MAIL, "v=spf1 ~all"},
	    {{"\"v=spf1 mx ?all\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 mx +all -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx all\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 -all mx include:ok.example.org\""}, MAIL,
		"v=spf1 mx include:ok.example.org -all"},
	    {{"\"v=spf1 mx -all include:ten.example.org\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx redirect=open.example.org\""}, MAIL,
		"v=spf1 mx include:open.example.org ~all"},
	    {{"\"v=spf1 redirect=neutral.example.org\""}, MAIL,
		"v=spf1 include:neutral.example.org ~all"},
	    {{"\"v=spf1 mx redirect=gone.example\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 mx redirect=ok.example.org ?all\""}, MAIL,
		"v=spf1 mx ~all"},
	    {{"\"v=spf1 mx redirect=example.org\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 redirect=everybody.example.org\""}, MAIL, NULL},
	    {{"\"v=spf1 redirect=bad.example.org\""}, MAIL, NULL},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

static void
terms_without_effect_are_dropped(void **state)
{
	static const struct mend_case cases[] = {
	    {{"\"v=spf1 mx include:gone.example -all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx include:example.org -all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx a:g1.example a:g2.example a:g3.example -all\""},
		MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx mx mx/32 ?all x=y\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 mx exists:mail.example.org -all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx a/0//64 -all\""}, MAIL, "v=spf1 mx a//64 -all"},
	    {{"\"v=spf1 ~a:mail.example.org mx:mx.example.org//0 -all\""}, MAIL,
		"v=spf1 ~a:mail.example.org mx:mx.example.org -all"},
	    {{"\"v=spf1 mx ip4:0.0.0.0/0 -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx exp=gone.example.org\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 mx exp=text.example.org ra=post\""}, MAIL,
		"v=spf1 mx ~all exp=text.example.org ra=post"},
	    {{"\"v=spf1 mx ptr exists:%{i}.a.example exists:%{i}.b.example "
	      "-all\""},
		MAIL,
		"v=spf1 mx exists:%{i}.a.example exists:%{i}.b.example -all"},
	    {{"\"v=spf1 mx ip4:192.0.0.0/3 -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx include:ten.example.org -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx include:bad.example.org -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx include:everybody.example.org -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx:many.example.org -all\""}, MAIL, NULL},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

static void
several_records_are_joined(void **state)
{
	static const struct mend_case cases[] = {
	    {{"\"v=spf1 mx -all\"", "\"v=spf1 ip4:192.0.2.7 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 -all"},
	    {{"\"v=spf1 mx -all\"", "\"v=spf1 ip4:192.0.2.7 ~all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 ~all"},
	    {{"\"v=spf1 mx -all\"", "\"V=SPF1 MX -ALL\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 -all\"", "\"v=spf1 include:ok.example.org\""}, MAIL,
		"v=spf1 include:ok.example.org ~all"},
	    {{"\"v=spf1 mx -all\"", "\"v=spf1 redirect=ok.example.org\""}, MAIL,
		"v=spf1 mx include:ok.example.org ~all"},
	    {{"\"v=spf1 redirect=soft.example.org\"",
		 "\"v=spf1 redirect=ok.example.org\""},
		MAIL,
		"v=spf1 include:ok.example.org include:soft.example.org "
		"~all"},
	    {{"\"v=spf1 mx ipv4:192.0.2.7 -all\"", "\"v=spf1 mx -al\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 -all"},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

static void
without_a_record_the_mail_exchangers_tell(void **state)
{
	static const struct mend_case cases[] = {
	    {{NULL}, MAIL, "v=spf1 mx ~all"},
	    {{NULL}, "@ A 192.0.2.1\n@ AAAA 2001:db8::1\n", "v=spf1 a ~all"},
	    {{NULL}, "@ A 192.0.2.1\n@ MX 0 .\n", "v=spf1 -all"},
	    {{NULL}, "@ NS ns.example.\n", "v=spf1 -all"},
	    {{NULL}, "@ MX 1 gone.example.\n", "v=spf1 ~all"},
	    {{NULL}, "@ A 192.0.2.1\n;!SERVFAIL @ MX\n", NULL},
	    {{NULL}, MAIL "@ SPF \"v=spf1 mx -all\"\n", "v=spf1 mx -all"},
	    {{NULL}, MAIL "@ TYPE99 \"v=spf1 mx\"\n", "v=spf1 mx ~all"},
	    {{NULL}, "@ CNAME mail\n", NULL},
	    {{"\"v=spf1 include:gone.example -all\""}, MAIL, "v=spf1 mx ~all"},
	    {{"\"v=spf1 include:gone.example -all\""}, "", "v=spf1 -all"},
	    {{"\"v=spf1 ip4:0.0.0.0/0 -all\""}, MAIL, "v=spf1 mx ~all"},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

/* The answer is a yes, but the record has flaws. */
static void
warnings_are_mended_too(void **state)
{
	static const struct mend_case cases[] = {
	    {{"\"v=spf1 mx ip4:192.0.2.7/24 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.0/24 -all"},
	    {{"\"v=spf1 mx ?ip6:2001:db8::1/64 -all\""}, MAIL,
		"v=spf1 mx ?ip6:2001:db8::/64 -all"},
	    {{"\"v=spf1 mx ip6:::ffff:192.0.2.7 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 -all"},
	    {{"\"v=spf1 mx ip6:::ffff:192.0.2.7/120 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.0/24 -all"},
	    {{"\"v=spf1 mx ip4:192.168.0.0/16 -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx mx:null.example.org -all\""}, MAIL,
		"v=spf1 mx -all"},
	    {{"\"v=spf1 mx a:gone.example -all\""}, MAIL, "v=spf1 mx -all"},
	    {{"\"v=spf1 mx ip4:192.0.2.7 ip4:192.0.2.0/24 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.0/24 -all"},
	    {{"\"v=spf1 mx ip4=192.0.2.7 -all\""}, MAIL,
		"v=spf1 mx ip4:192.0.2.7 -all"},
	    {{"\"v=spf1 ptr -all\""}, MAIL, NULL},
	    {{"\"v=spf1 mx -all\""}, MAIL, NULL},
	};

	(void)state;
	check_mends(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_mistyped_is_mended),
	    cmocka_unit_test(the_end_is_mended),
	    cmocka_unit_test(terms_without_effect_are_dropped),
	    cmocka_unit_test(several_records_are_joined),
	    cmocka_unit_test(without_a_record_the_mail_exchangers_tell),
	    cmocka_unit_test(warnings_are_mended_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
