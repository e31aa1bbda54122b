/* test_authid_trust: which fields are trusted, and how many. */
/* SPDX-License-Identifier: ISC */

#include "fixture_authid.h"

#include "mail/authres.h"

/* Texts in the place of an id, and whether they are the trusted one. */
static void
only_our_id_itself_is_trusted(void **state)
{
	static const struct {
		struct span id;
		bool ours;
	} cases[] = {
	    {S("mx.example.org"), true},
	    {S("MX.Example.ORG"), true},
	    {S("mx.example.org."), true},
	    {S("\"mx.example.org\""), true},
	    {S("(evil.example) mx.example.org (evil.example)"), true},
	    {S("\n mx.example.org 1"), true},
	    {S("mx.example.org 2"), false},
	    {S("mx.example.org 0"), false},
	    {S("mx.example.org x"), false},
	    {S("(mx.example.org) evil.example"), false},
	    {S("evil.example (mx.example.org)"), false},
	    {S("mx.example.org.evil.example"), false},
	    {S("evil-mx.example.org"), false},
	    {S("evil.mx.example.org"), false},
	    {S("example.org"), false},
	    {S("mx.example.org/1"), false},
	    {S("mx. example.org"), false},
	    {S("mx.(c)example.org"), false},
	    {S("\"mx.example.org \""), false},
	    {S("\"mx.example.org\\\0\""), false},
	    {S("\"mx.example.org..\""), false},
	    {S("mx.ex\xd0\xb0mple.org"), false},
	    {S("mx\xe2\x80\x8b.example.org"), false},
	    {S("m\xc2\xadx.example.org"), false},
	    {S("\xef\xbd\x8dx.example.org"), false},
	    {S("\"mx.example.org\0\""), false},
	    {S("mx\xe3\x80\x82"
	       "example.org"),
		false},
	    {S("\"\""), false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		buf_str(&b, "Authentication-Results: ");
		buf_add(&b, cases[i].id);
		buf_str(&b, "; dkim=pass header.d=a.example\n\n");
		run(*state, &r, buf_span(&b));
		if (r.found.found != cases[i].ours ||
		    (r.found.n == 1) != cases[i].ours)
			fail_msg(SPAN_FMT, SPAN_ARG(cases[i].id));
		/* A trusted id is removed where it is not trusted. */
		b.len = 0;
		buf_add(&b, cases[i].id);
		buf_str(&b, "; none");
		if (cases[i].ours)
			assert_true(authres_bears_id(buf_span(&b), OUR_ID, a));
		arena_free(a);
	}
}

static void
an_id_in_u_labels_is_compared_in_a_labels(void **state)
{
	const struct authid_policy policy = {
	    .trust = AUTHID_ID, .trusted_id = SPAN("xn--mhle-0ra.example")};

	check_fields(*state, &policy,
	    "Authentication-Results: m\xc3\xbchle.example; dkim=none\n", "");
	check_fields(*state, &policy,
	    "Authentication-Results: XN--mhle-0ra.example; dkim=none\n", "");
	check_fields(*state, &policy,
	    "Authentication-Results: M\xc3\x9chle.example; dkim=none\n", "-");
	check_fields(*state, &policy,
	    "Authentication-Results: muhle.example; dkim=none\n", "-");
}

static void
no_id_is_no_empty_id(void **state)
{
	const struct authid_policy policy = {.trust = AUTHID_ID};

	check_fields(*state, &policy,
	    "Authentication-Results: \"\"; dkim=pass header.d=a.example\n",
	    "-");
}

static void
fields_of_our_id_count_wherever_they_stand(void **state)
{
	static const struct body cases[] = {
	    {"Authentication-Results: mx.example.org; spf=pass"
	     " smtp.mailfrom=a.example\n"
	     "Authentication-Results: evil.example; dkim=pass"
	     " header.d=evil.example\n"
	     "Subject: x\n"
	     "authentication-results: mx.example.org;\r\n\tdkim=pass"
	     " header.d=b.example\r\n"
	     "Authentication-Results: mx.example.org; dkim=pass"
	     " header.d=c.example; broken\n",
		"spf=pass a.example; dkim=pass b.example; dkim=pass"
		" c.example"},
	    {"Authentication-Results : mx.example.org; dkim=pass"
	     " header.d=a.example\n",
		"-"},
	    {"X-Authentication-Results: mx.example.org; dkim=none\n"
	     "ARC-Authentication-Results: mx.example.org; dkim=none\n"
	     "Authentication-Result: mx.example.org; dkim=none\n",
		"-"},
	    {"Subject: x\n Authentication-Results: mx.example.org;"
	     " dkim=none\n",
		"-"},
	    {"", "-"},
	};
	const struct authid_policy policy = {
	    .trust = AUTHID_ID, .trusted_id = OUR_ID};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_fields(*state, &policy, cases[i].body, cases[i].expect);
}

static void
the_topmost_field_counts_alone(void **state)
{
	static const struct body cases[] = {
	    {"Subject: x\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=a.example\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=evil.example\n",
		"dkim=pass a.example"},
	    {"Authentication-Results: any.example; dmarc=none\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=evil.example\n",
		"-"},
	    {"Authentication-Results: cannot be parsed\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	    {"Authentication-Results : any.example; dkim=none\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	    {"Authentication-Results: any.example 2; dkim=none\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	};
	const struct authid_policy policy = {.trust = AUTHID_TOPMOST};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_fields(*state, &policy, cases[i].body, cases[i].expect);
}

static void
the_topmost_field_may_lack_its_id(void **state)
{
	static const struct body cases[] = {
	    {"spf=pass (sender IP is 192.0.2.1)\n"
	     " smtp.mailfrom=a.example; dkim=pass (signature was verified)\n"
	     " header.d=b.example;dmarc=pass action=none\n"
	     " header.from=a.example;compauth=pass reason=100",
		"spf=pass a.example; dkim=pass b.example"},
	    {"dmarc=fail action=oreject; DKIM = fail header.d=a.example;\n ",
		"dkim=fail a.example"},
	    {"spf=none (a; dkim=pass header.d=evil.example)"
	     " smtp.mailfrom=\"; dkim=pass header.d=evil.example;\"@a.example",
		"spf=none ; dkim=pass header.d=evil.example;@a.example"},
	    {"x=y (; dkim=pass header.d=evil.example); dkim=none", ""},
	    {"x=\"; dkim=pass header.d=evil.example\"; dkim=none", ""},
	    {"dkim=pass header.d=a.example", "dkim=pass a.example"},
	    {"dmarc=none action=none", "-"},
	    {"dkim=pass header.d=a.example action=none", "dkim=pass a.example"},
	    {"dkim=pass header.d=a.example; spf=pass x", "dkim=pass a.example"},
	    {"dkim=pass header.d=a.example; none", "dkim=pass a.example"},
	    {"dkim=pass header.d=a.example;; spf=none", "dkim=pass a.example"},
	    {"spf=pass (sender IP is 192.0.2.1)\n"
	     " smtp.mailfrom=a.example; rcpt.example; dkim=pass (signature was"
	     " verified)\n header.d=b.example;rcpt.example; dmarc=bestguesspass"
	     " action=none header.from=a.example;",
		"spf=pass a.example; dkim=pass b.example"},
	    {"any.example; dkim=pass header.d=a.example; dmarc=x action=y",
		"dkim=pass a.example"},
	    {"dkim=pass (open header.d=a.example; spf=none", "-"},
	    {"any.example x; dkim=pass header.d=a.example", "-"},
	    {"x=y (open; dkim=none", "-"},
	    {"x=\"open; dkim=none", "-"},
	    {";", "-"},
	    {"", "-"},
	};
	static const enum authid_trust trust[] = {AUTHID_TOPMOST, AUTHID_ID};

	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		const struct body *c = &cases[i / 2];
		const struct authid_policy policy = {
		    .trust = trust[i % 2], .trusted_id = OUR_ID};
		struct arena *a = arena_new();

		check_fields(*state, &policy,
		    arena_printf(a, "Authentication-Results: %s\n", c->body).p,
		    i % 2 ? "-" : c->expect);
		arena_free(a);
	}
}

static struct span
repeated_fields(size_t fields, size_t results, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < fields; i++) {
		buf_str(&b, "Authentication-Results: mx.example.org");
		for (size_t k = 0; k < results; k++)
			buf_str(&b, ";\n dkim=pass header.d=a.example");
		buf_char(&b, '\n');
	}
	buf_char(&b, '\n');
	return buf_span(&b);
}

static void
what_is_over_a_limit_is_counted_and_gives_nothing(void **state)
{
	static const struct {
		size_t fields, results, n, omitted;
	} cases[] = {
	    {1, 1, 1, 0},
	    {1, 16, 16, 0},
	    {1, 17, 17, 0},
	    {LIMIT_AUTHIDS, 1, LIMIT_AUTHIDS, 0},
	    {LIMIT_AUTHIDS + 1, 1, LIMIT_AUTHIDS, 1},
	    {1, LIMIT_AUTHRES_RESULTS, LIMIT_AUTHIDS, 0},
	    {2, LIMIT_AUTHRES_RESULTS, LIMIT_AUTHIDS, LIMIT_AUTHIDS},
	    {1, LIMIT_AUTHRES_RESULTS + 1, LIMIT_AUTHIDS, 1},
	    {1, 100000, LIMIT_AUTHIDS, 100000 - LIMIT_AUTHIDS},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();

		run(*state, &r,
		    repeated_fields(cases[i].fields, cases[i].results, a));
		assert_int_equal(r.found.n, cases[i].n);
		assert_int_equal(r.found.omitted, cases[i].omitted);
		assert_int_equal(r.found.found, cases[i].n > 0);
		arena_free(a);
	}
}

#define OURS "Authentication-Results: mx.example.org"

/* Fields above From, the number of trusted ones that are not read to the end,
 * and whether the rest of one is unread. */
static void
trusted_fields_that_are_not_read_whole_are_counted(void **state)
{
	static const struct {
		enum authid_trust trust;
		size_t partly;
		bool rest;
		const char *fields;
	} cases[] = {
	    {AUTHID_ID, 0, false, ""},
	    {AUTHID_ID, 0, false, OURS "; none\n"},
	    {AUTHID_ID, 0, false, OURS "; x\n"},
	    {AUTHID_ID, 0, false, OURS "; x-a=b c; y z/==\n"},
	    {AUTHID_ID, 0, false, OURS "; dkim=neutral; spf=none\n"},
	    {AUTHID_ID, 0, false, OURS "; dkim=fail header.d=a..b\n"},
	    {AUTHID_ID, 0, false, OURS "; spf=pass smtp.helo=a.example\n"},
	    {AUTHID_ID, 1, false, OURS "; dkim=none x\n"},
	    {AUTHID_ID, 1, false, OURS "; spf=passed x\n"},
	    {AUTHID_ID, 1, false, OURS "; dmarc=pass action=none\n"},
	    {AUTHID_ID, 1, false, OURS "; dmarc==\n"},
	    {AUTHID_ID, 1, false, OURS "; dkim=pass\n"},
	    {AUTHID_ID, 1, false, OURS "; dkim=pass header.d=a..b\n"},
	    {AUTHID_ID, 1, false, OURS "; dkim=pass x; spf=pass; dmarc/\n"},
	    {AUTHID_ID, 1, false, OURS "; spf=none smtp.helo=h x\n"},
	    {AUTHID_ID, 1, false, OURS "\n"},
	    {AUTHID_ID, 1, false, OURS " x; dkim=none\n"},
	    {AUTHID_ID, 1, true, OURS " 2; dkim=none\n"},
	    {AUTHID_ID, 1, true, OURS "; x=y (\n"},
	    {AUTHID_ID, 1, true, OURS "; x=\"y\n"},
	    {AUTHID_ID, 1, true, OURS "; dkim=pass header.d=\"a\"b\n"},
	    {AUTHID_ID, 2, false,
		"Authentication-Results: MX.example.org.; spf x\n" OURS
		"; spf=none\nAuthentication-Results: (\n mx.example.org;"
		" none\n"},
	    {AUTHID_ID, 0, false, "Authentication-Results: evil.example; (\n"},
	    {AUTHID_ID, 0, false,
		"Authentication-Results : mx.example.org; (\n"},
	    {AUTHID_ID, 0, false,
		"X-Authentication-Results: mx.example.org; (\n"},
	    {AUTHID_TOPMOST, 0, false, "Authentication-Results: x; y\n"},
	    {AUTHID_TOPMOST, 1, true, "Authentication-Results: x y; z\n"},
	    {AUTHID_TOPMOST, 1, true,
		"Authentication-Results: a.example 2; dkim=none\n"
		"Authentication-Results: b.example; y\n"},
	    {AUTHID_TOPMOST, 0, false,
		"Authentication-Results: a.example; spf=none\n"
		"Authentication-Results: b.example; (\n"},
	    {AUTHID_TOPMOST, 0, false, "Authentication-Results: x=none\n"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {.policy = {
				    .trust = cases[i].trust,
				    .trusted_id = OUR_ID,
				}};
		struct arena *a = arena_new();

		run(*state, &r,
		    arena_printf(
			a, "%sFrom: a@example.org\n\nbody\n", cases[i].fields));
		if (r.found.partly_read != cases[i].partly ||
		    r.found.unread_rest != cases[i].rest)
			fail_msg(
			    "%s: %zu", cases[i].fields, r.found.partly_read);
		arena_free(a);
	}
}

/* Texts after the trusted id, and whether they may be a pass of a.example. */
static void
what_is_not_read_may_be_a_pass_of_whom_it_names(void **state)
{
	static const struct {
		const char *body;
		bool may, accept;
	} cases[] = {
	    {"dkim=pass header.d=b.a.example", false, false},
	    {"dkim=pass header.d=b.example x=a.example", false, false},
	    {"dkim=pass header.d=a.example/", true, false},
	    {"dkim=pass header.d=A.EXAMPLE,", true, false},
	    {"dkim=pass header.d=b.example,", false, false},
	    {"dkim=pass (a.example)", true, false},
	    {"dkim=pass", false, false},
	    {"dkim=fail (a.example)", false, false},
	    {"dkim=temperror (a.example)", false, false},
	    {"dkim=passed (a.example)", false, false},
	    {"dkim=, (a.example)", true, false},
	    {"dkim=\"fail\" header.d=a.example", true, false},
	    {"dkim=\"fail\" header.d=b.example x=a.example", false, false},
	    {"dkim/2=pass header.d=a.example", true, false},
	    {"dkim/2=pass header.d=b.example header.s=a.example", false, false},
	    {"dkim/2=fail header.d=a.example", false, false},
	    {"dkim=pass header.d=a.example header.d=b.example", true, false},
	    {"dkim=pass header.d=b.example header.d=c.example", false, false},
	    {"dkim=pass header.d=a.example header.d=b.example"
	     " header.i=@b.example",
		false, false},
	    {"dkim=pass header.i=@a.example", true, false},
	    {"dkim=pass header.i=u@b.a.example header.s=s", true, false},
	    {"dkim=pass header.i=@a.example", false, true},
	    {"dkim=pass header.i=a.example@b.example", false, false},
	    {"dkim=pass header.i=a.example@b.example", false, true},
	    {"dkim=pass header.i=@xa.example", false, false},
	    {"dkim=pass header.i=@b.example header.d=a.example,", false, false},
	    {"dkim=pass header.i=@a.example header.d=b.example,", true, false},
	    {"dkim=pass header.i=@a.example header.i=@b.example", true, false},
	    {"spf=pass (of u@a.example)", true, false},
	    {"spf=pass smtp.mailfrom=u@a.example,", true, false},
	    {"spf=pass smtp.mailfrom=a.example@b.example x", false, false},
	    {"spf=pass smtp.mailfrom=u@b.example smtp.mailfrom=u@a.example",
		true, false},
	    {"spf=pass smtp.helo=a.example", false, false},
	    {"spf=pass smtp.helo=a.example x", false, false},
	    {"spf=pass smtp.helo=b.example u@a.example", true, false},
	    {"spf=pass smtp.helo=a.example smtp.mailfrom=<>", false, false},
	    {"spf=softfail smtp.mailfrom=u@a.example,", false, false},
	    {"dmarc=pass header.from=a.example x", false, false},
	    {"x=pass header.d=a.example,", false, false},
	    {"dkim=pass header.d=b.example; x=(", true, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {.policy = {.trust = AUTHID_ID,
				    .trusted_id = OUR_ID,
				    .accept_header_i = cases[i].accept}};
		struct arena *a = arena_new();

		run(*state, &r,
		    arena_printf(a, OURS "; %s\n\nbody\n", cases[i].body));
		if (authid_may_have_passed(&r.found, SPAN("a.example"), a) !=
		    cases[i].may)
			fail_msg("%s", cases[i].body);
		arena_free(a);
	}
}

/* The U-labels of a name are found, too. */
static void
a_name_in_u_labels_is_found_in_what_is_not_read(void **state)
{
	static const char *const bodies[] = {
	    "dkim=pass (m\xc3\xbchle.example)",
	    "dkim=pass (xn--mhle-0ra.example)",
	};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();

		run(*state, &r,
		    arena_printf(a, OURS "; %s\n\nbody\n", bodies[i]));
		assert_true(authid_may_have_passed(
		    &r.found, SPAN("xn--mhle-0ra.example"), a));
		assert_false(
		    authid_may_have_passed(&r.found, SPAN("muhle.example"), a));
		arena_free(a);
	}
}

static void
what_is_not_read_is_kept_up_to_its_limit(void **state)
{
	for (size_t n = LIMIT_AUTHIDS; n <= LIMIT_AUTHIDS + 1; n++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		for (size_t i = 0; i < n; i++)
			buf_str(&b, OURS "; dkim=pass (a.example)\n");
		buf_char(&b, '\n');
		run(*state, &r, buf_span(&b));
		assert_int_equal(r.found.nunread, LIMIT_AUTHIDS);
		assert_int_equal(r.found.omitted, n - LIMIT_AUTHIDS);
		assert_int_equal(r.found.partly_read, n);
		assert_int_equal(r.found.n, 0);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(only_our_id_itself_is_trusted),
	    TEST(an_id_in_u_labels_is_compared_in_a_labels),
	    TEST(no_id_is_no_empty_id),
	    TEST(fields_of_our_id_count_wherever_they_stand),
	    TEST(the_topmost_field_counts_alone),
	    TEST(the_topmost_field_may_lack_its_id),
	    TEST(what_is_over_a_limit_is_counted_and_gives_nothing),
	    TEST(trusted_fields_that_are_not_read_whole_are_counted),
	    TEST(what_is_not_read_may_be_a_pass_of_whom_it_names),
	    TEST(a_name_in_u_labels_is_found_in_what_is_not_read),
	    TEST(what_is_not_read_is_kept_up_to_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
