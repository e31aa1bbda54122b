/* test_authid_fields: the results that are taken from trusted fields. */
/* SPDX-License-Identifier: ISC */

#include "fixture_authid.h"

/* Checks each body after the trusted id. */
static void
check_results(struct fixture *f, bool accept, const struct body *c, size_t n)
{
	const struct authid_policy policy = {.trust = AUTHID_ID,
	    .trusted_id = OUR_ID,
	    .accept_header_i = accept};

	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();

		check_fields(f, &policy,
		    arena_printf(a,
			"Authentication-Results: mx.example.org; %s\n",
			c[i].body)
			.p,
		    c[i].expect);
		arena_free(a);
	}
}

static void
results_of_dkim_and_of_mail_from_give_identities(void **state)
{
	static const struct body cases[] = {
	    {"none", "-"},
	    {"dkim=none", ""},
	    {"dkim=none header.d=example.org", ""},
	    {"dkim=pass header.d=example.org", "dkim=pass example.org"},
	    {"DKIM=PASS Header.D=EXAMPLE.org", "dkim=pass example.org"},
	    {"dkim=pass header.d=example.org.", "dkim=pass example.org"},
	    {"dkim=pass header.d=\"example.org\"", "dkim=pass example.org"},
	    {"dkim=pass header.d=@example.org", "dkim=pass example.org"},
	    {"dkim=pass header.d=m\xc3\xbchle.example",
		"dkim=pass xn--mhle-0ra.example"},
	    {"dkim=pass header.d=xn--mhle-0ra.example",
		"dkim=pass xn--mhle-0ra.example"},
	    {"dkim=pass header.d=example.org header.i=u@a.example.org",
		"dkim=pass example.org i=a.example.org"},
	    {"dkim=pass header.d=example.org header.i=@EXAMPLE.org",
		"dkim=pass example.org i=example.org"},
	    {"dkim=pass header.d=example.org header.i=@example.net",
		"dkim=pass example.org i=?"},
	    {"dkim=pass header.d=example.org header.i=@org",
		"dkim=pass example.org i=?"},
	    {"dkim=pass header.d=example.org header.i=@xexample.org",
		"dkim=pass example.org i=?"},
	    {"dkim=pass header.d=example.org header.i=a..example.org",
		"dkim=pass example.org i=?"},
	    {"dkim=pass header.d=example.org header.i=\"\"",
		"dkim=pass example.org"},
	    {"dkim=pass header.i= header.d=example.org header.b=",
		"dkim=pass example.org"},
	    {"dkim=pass header.d=example.org x-bits=2048 for u@b.example",
		"dkim=pass example.org"},
	    {"dkim=pass header.b=A/b+c= header.d=example.org",
		"dkim=pass example.org"},
	    {"dkim=pass header.d=example.org header.d=Example.ORG",
		"dkim=pass example.org"},
	    {"dkim=pass header.d=example.org header.i=x",
		"dkim=pass example.org i=?"},
	    {"dkim=temperror header.d=example.org header.i=@example.net",
		"dkim=temperror example.org i=?"},
	    {"dkim=pass header.i=u@example.net header.d=example.org",
		"dkim=pass example.org i=?"},
	    {"dkim=pass header.d=example.org header.i=@example.org"
	     " header.i=@example.org",
		"dkim=pass example.org i=example.org"},
	    {"dkim=pass header.d=example.org header.i=@example.org"
	     " header.i=@a.example.org",
		"dkim=pass example.org i=?"},
	    {"dkim=temperror header.d=example.org",
		"dkim=temperror example.org"},
	    {"dkim=pass header.d=a.example; dkim=fail header.d=b.example;"
	     " spf=softfail smtp.mailfrom=c.example",
		"dkim=pass a.example; dkim=fail b.example;"
		" spf=softfail c.example"},
	    {"spf=pass smtp.mailfrom=example.org", "spf=pass example.org"},
	    {"spf=pass smtp.mailfrom=@example.org", "spf=pass example.org"},
	    {"spf=pass smtp.mailfrom=u@example.org", "spf=pass u@example.org"},
	    {"spf=pass smtp.mailfrom=\"u@Example.Org\"",
		"spf=pass u@example.org"},
	    {"spf=pass smtp.mailfrom=<u@example.org>",
		"spf=pass u@example.org"},
	    {"spf=pass smtp.mailfrom=<\"a b\"@example.org>",
		"spf=pass a b@example.org"},
	    {"spf=pass smtp.mailfrom=u=x/y:z@example.org",
		"spf=pass u=x/y:z@example.org"},
	    {"spf=pass smtp.mailfrom=x@victim.example@example.org",
		"spf=pass x@victim.example@example.org"},
	    {"spf=pass smtp.mailfrom=victim.example @example.org",
		"spf=pass victim.example@example.org"},
	    {"spf=pass smtp.mailfrom=\"a b\"@example.org",
		"spf=pass a b@example.org"},
	    {"spf=pass smtp.mailfrom=postmaster@helo.example",
		"spf=pass postmaster@helo.example"},
	    {"spf=pass smtp.mailfrom=u@example.org smtp.helo=helo.example",
		"spf=pass u@example.org"},
	    {"spf=temperror smtp.mailfrom=u@example.org",
		"spf=temperror u@example.org"},
	    {"spf=none smtp.mailfrom=u@example.org", "spf=none u@example.org"},
	    {"spf/1=pass smtp.mailfrom=a.example; dkim / 1 = pass header . d"
	     " = b.example",
		"spf=pass a.example; dkim=pass b.example"},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
what_names_no_domain_gives_no_identity(void **state)
{
	static const struct body cases[] = {
	    {"dkim=pass", ""},
	    {"dkim=neutral reason=\"tag-syntax\"", ""},
	    {"dkim=pass header.d=\"a b.example\"", ""},
	    {"dkim=pass header.d=\"\"", ""},
	    {"dkim=pass header.d=", ""},
	    {"dkim=pass header.d= header.i=@example.org", ""},
	    {"dkim=pass header.d shop.example", ""},
	    {"dkim=pass header.d=example.org)", ""},
	    {"dkim=pass header.d=<example.org", ""},
	    {"dkim=pass header.d=\"example.org\\\n;\"", "-"},
	    {"dkim=pass header.d=\"example.org, example.net\"", ""},
	    {"dkim=pass header.d=\"u@example.org\\\" \"", ""},
	    {"dkim=pass header.d=example..org", ""},
	    {"dkim=pass header.d=xn--0", ""},
	    {"dkim=pass header.d=a.example header.d=b.example", ""},
	    {"dkim=pass header.i=@example.org", ""},
	    {"dkim=pass smtp.d=a.example policy.d=b.example", ""},
	    {"spf=pass", ""},
	    {"spf=pass header.d=example.org", ""},
	    {"spf=pass smtp.mailfrom=\"<u@example.org>\"", ""},
	    {"spf=pass smtp.mailfrom=\"u@[192.0.2.1]\"", ""},
	    {"spf=pass smtp.mailfrom=u@ example.org", ""},
	    {"spf=pass smtp.mailfrom=a.example smtp.mailfrom=b.example", ""},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
what_is_no_result_is_not_taken(void **state)
{
	static const struct body cases[] = {
	    {"dmarc=pass header.from=example.org", "-"},
	    {"dkim-adsp=pass header.d=example.org", "-"},
	    {"spf=pass smtp.helo=example.org", "-"},
	    {"spf=pass smtp.mailfrom=\"\" smtp.helo=helo.example", "-"},
	    {"spf=pass smtp.mailfrom=<> smtp.helo=helo.example", "-"},
	    {"dkim=pass/1 header.d=example.org", "-"},
	    {"dkim=\"pass\" header.d=example.org", "-"},
	    {"dkim/x=pass header.d=example.org", "-"},
	    {"dkim pass header.d=example.org", "-"},
	    {"x dkim=pass header.d=example.org", "-"},
	    {"\"dkim\"=pass header.d=example.org", "-"},
	    {"dkim~=pass header.d=example.org", "-"},
	    {"dkim=passed header.d=example.org", "-"},
	    {"dkim=hardfail header.d=example.org", "-"},
	    {"dkim/2=pass header.d=example.org", "-"},
	    {"spf/0=pass smtp.mailfrom=example.org", "-"},
	    {"dkim=fail reason=\"dkim=pass header.d=evil.example\""
	     " header.d=example.org",
		"dkim=fail example.org"},
	    {"dkim=none reason=\"x; dkim=pass header.d=evil.example\"", ""},
	    {"dkim=fail (x; dkim=pass header.d=evil.example)", ""},
	    {"spf=fail smtp.mailfrom=\"x; dkim=pass header.d=e.example\"", ""},
	    {"spf=fail smtp.mailfrom=\"; dkim=pass header.d=evil.example\""
	     "@a.example",
		"spf=fail ; dkim=pass header.d=evil.example@a.example"},
	    {"dkim=pass header.d=example.org; x", "dkim=pass example.org"},
	    {"dkim=pass header.d=example.org (", "-"},
	    {"dkim=pass header.d=example.org; spf=pass (",
		"dkim=pass example.org"},
	    {"dkim=pass header.d=example.org header.b=\"", "-"},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
header_i_stands_in_for_a_missing_header_d_alone(void **state)
{
	static const struct body cases[] = {
	    {"dkim=pass header.i=@example.org",
		"dkim=pass example.org of i=example.org"},
	    {"dkim=pass header.i=\"u@A.Example.org\"",
		"dkim=pass a.example.org of i=a.example.org"},
	    {"dkim=pass header.i=example.org",
		"dkim=pass example.org of i=example.org"},
	    {"dkim=none header.i=@example.org", ""},
	    {"dkim=pass header.i=@a.example header.i=@b.example", ""},
	    {"dkim=pass header.i=@a.example header.d=\"-\"", ""},
	    {"dkim=pass header.i=@a.example header.d=b.example"
	     " header.d=c.example",
		""},
	    {"spf=pass header.i=@example.org", ""},
	};

	check_results(*state, true, cases, COUNT(cases));
}

#define SIGNATURE(d, b, h)                                          \
	"DKIM-Signature: v=1; a=rsa-sha256; s=s; d=" d "; h=" h ";" \
	" bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n b=" b "\n"
#define RESULT(more) \
	"Authentication-Results: mx.example.org; dkim=pass" more "\n"

static void
what_is_signed_is_known_by_header_b(void **state)
{
	static const struct {
		const char *fields, *names;
	} cases[] = {
	    {RESULT(" header.d=a.example header.b=AbCd")
		    SIGNATURE("a.example", "AbCd EfGh", "From:VBR-Info"),
		"From:VBR-Info"},
	    {RESULT(" header.d=A.example header.b=\"Ab+/\"")
		    SIGNATURE("a.example", "Ab+/", "From"),
		"From"},
	    {RESULT(" header.d=a.example header.b=AbCd") SIGNATURE("a.example",
		 "abCd", "From:To") SIGNATURE("a.example", "AbCd", "From")
		    SIGNATURE("b.example", "AbCd", "From:Cc"),
		"From"},
	    {RESULT(" header.d=a.example header.b=AbCd")
		    SIGNATURE("a.example", "AbCd", "From:VBR-Info")
			SIGNATURE("a.example", "AbCdEfGh", "From"),
		NULL},
	    {RESULT(" header.d=a.example")
		    SIGNATURE("a.example", "AbCd", "From"),
		NULL},
	    {RESULT(" header.d=a.example header.b=\"\"")
		    SIGNATURE("a.example", "AbCd", "From"),
		NULL},
	    {RESULT(" header.d=a.example header.b=AbCd header.b=AbCd")
		    SIGNATURE("a.example", "AbCd", "From"),
		"From"},
	    {RESULT(" header.d=a.example header.b=AbCd header.b=AbC")
		    SIGNATURE("a.example", "AbCd", "From"),
		NULL},
	    {RESULT(" header.d=a.example header.b=Ab+/")
		    SIGNATURE("a.example", "Ab+/", "From"),
		"From"},
	    {RESULT(" header.d=a.example header.b=AbCdE")
		    SIGNATURE("a.example", "AbCd", "From"),
		NULL},
	    {RESULT(" header.d=a.example header.b=AbCd")
		    SIGNATURE("a.example", "AbCd", "To"),
		NULL},
	    {RESULT(" header.d=a.example header.b=AbCd"), NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();
		struct span got;

		run(*state, &r,
		    arena_printf(
			a, "%sFrom: a@a.example\n\nbody\n", cases[i].fields));
		assert_int_equal(r.found.n, 1);
		got = r.found.list[0].signed_names;
		if (!got.p != !cases[i].names ||
		    !span_eq(got, span_of(cases[i].names)))
			fail_msg(
			    "%s: " SPAN_FMT, cases[i].fields, SPAN_ARG(got));
		arena_free(a);
	}
}

static void
no_quotes_of_somebody_else_open_a_result(void **state)
{
	static const struct body cases[] = {
	    {"spf=fail smtp.mailfrom=\"\"x; dkim=pass header.d=bank.example"
	     " y\"@evil.example\"",
		"-"},
	    {"spf=fail smtp.mailfrom=x\"; dkim=pass header.d=bank.example;"
	     " y\"@evil.example",
		"-"},
	    {"spf=fail smtp.mailfrom=\"a\"b; dkim=pass header.d=bank.example",
		"-"},
	    {"spf=fail smtp.mailfrom=\"a\"@evil.example\"; dkim=pass"
	     " header.d=bank.example",
		"-"},
	    {"spf=fail smtp.mailfrom=<\"a\">; dkim=pass header.d=bank.example",
		"-"},
	    {"spf=fail reason=a\"b; dkim=pass header.d=bank.example", "-"},
	    {"spf=fail x=\"a\"\"b\"; dkim=pass header.d=bank.example", "-"},
	    {"dkim=fail header.d=a.example\r; dkim=pass header.d=bank.example",
		"-"},
	    {"dkim=pass header.d=bank.example\x01.evil.example", "-"},
	    {"dkim=pass header.d=bank.example(.evil.example", "-"},
	    {"dkim=pass header.d=\"bank.example\".evil.example", "-"},
	    {"dkim=pass header.d=bank.example header.i=\"@bank.example", "-"},
	};

	check_results(*state, true, cases, COUNT(cases));
}

static void
only_signatures_that_a_verifier_judges_are_looked_at(void **state)
{
	for (size_t above = LIMIT_SIGNATURES - 1; above <= LIMIT_SIGNATURES;
	     above++) {
		struct run r = {
		    .policy = {.trust = AUTHID_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		buf_str(&b, RESULT(" header.d=a.example header.b=AbCd"));
		for (size_t i = 0; i < above; i++)
			buf_str(&b,
			    i % 2 ? "DKIM-Signature: x\n"
				  : SIGNATURE("b.example", "AbCd", "From"));
		buf_str(&b, SIGNATURE("a.example", "AbCd", "From") "\n");
		run(*state, &r, buf_span(&b));
		assert_int_equal(r.found.n, 1);
		assert_int_equal(r.found.list[0].signed_names.p != NULL,
		    above < LIMIT_SIGNATURES);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(results_of_dkim_and_of_mail_from_give_identities),
	    TEST(what_names_no_domain_gives_no_identity),
	    TEST(what_is_no_result_is_not_taken),
	    TEST(header_i_stands_in_for_a_missing_header_d_alone),
	    TEST(what_is_signed_is_known_by_header_b),
	    TEST(no_quotes_of_somebody_else_open_a_result),
	    TEST(only_signatures_that_a_verifier_judges_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
