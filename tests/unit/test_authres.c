/* test_authres: parsing Authentication-Results fields, recognizing ids. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"
#include "fixture_repeated.h"

#include "mail/authres.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/limit.h"

#define ID SPAN("mx.example.org")

/* Returns what was parsed in one line: id/version; method/version=result
 * (reason) [ptype.name=value]... */
static const char *
rendered(struct span body, struct arena *a)
{
	struct authres ar;
	struct buf b = BUF(a);

	if (!authres_parse(body, a, &ar))
		return "no";
	buf_add(&b, ar.id);
	buf_printf(&b, "/%ju", (uintmax_t)ar.version);
	for (size_t i = 0; i < ar.nresults; i++) {
		struct authres_result *r = &ar.results[i];

		buf_printf(&b, "; " SPAN_FMT "/%ju=" SPAN_FMT,
		    SPAN_ARG(r->method), (uintmax_t)r->version,
		    SPAN_ARG(r->result));
		if (r->reason.p)
			buf_printf(&b, " (" SPAN_FMT ")", SPAN_ARG(r->reason));
		for (size_t j = 0; j < r->nproperties; j++)
			buf_printf(&b,
			    " [" SPAN_FMT "." SPAN_FMT "=" SPAN_FMT "]",
			    SPAN_ARG(r->properties[j].ptype),
			    SPAN_ARG(r->properties[j].name),
			    SPAN_ARG(r->properties[j].value));
	}
	return arena_cstr(a, buf_span(&b));
}

static void
a_body_is_read_as_rfc_8601_2_2_has_it(void **state)
{
	static const char *const cases[][2] = {
	    {" a.example; none", "a.example/1"},
	    {"a.example;NONE", "a.example/1"},
	    {"a.example 1; none (c)", "a.example/1"},
	    {"a.example 2 ; none;", "a.example/2"},
	    {"\r\n\ta.example;\r\n none\r\n ", "a.example/1"},
	    {"\"a b\" 1;none", "a b/1"},
	    {"m\xc3\xbchle.example; none", "m\xc3\xbchle.example/1"},
	    {"a; spf=pass", "a/1; spf/1=pass"},
	    {"a; spf=pass;", "a/1; spf/1=pass"},
	    {"a; none=pass", "a/1; none/1=pass"},
	    {"a; SPF = PASS", "a/1; spf/1=pass"},
	    {"a; x-y/3=pass", "a/1; x-y/3=pass"},
	    {"a; x / 3 (c) = (d) pass", "a/1; x/3=pass"},
	    {"a; spf=fail reason=bad", "a/1; spf/1=fail (bad)"},
	    {"a; spf=fail Reason = \"a; b=c\" smtp.helo=h",
		"a/1; spf/1=fail (a; b=c) [smtp.helo=h]"},
	    {"a; spf=fail reason.x=y", "a/1; spf/1=fail [reason.x=y]"},
	    {"a; spf=fail reason=\"\"", "a/1; spf/1=fail ()"},
	    {"a; dkim=pass HEADER . D = \"x\" header.I=@b.example",
		"a/1; dkim/1=pass [header.d=x] [header.i=@b.example]"},
	    {"a; spf=pass smtp.mailfrom=u=x/y@b.example; dkim=none",
		"a/1; spf/1=pass [smtp.mailfrom=u=x/y@b.example]; "
		"dkim/1=none"},
	    {"a; spf=pass smtp.mailfrom=\"u \\\"v\"@b.example",
		"a/1; spf/1=pass [smtp.mailfrom=u \"v@b.example]"},
	    {"a; spf=pass smtp.mailfrom=\"u@b; c=d\"",
		"a/1; spf/1=pass [smtp.mailfrom=u@b; c=d]"},
	    {"a; spf=pass (b=c; dkim=pass) smtp.helo=h (x)",
		"a/1; spf/1=pass [smtp.helo=h]"},
	    {"a; spf=pass x.y=a..b", "a/1; spf/1=pass [x.y=a..b]"},
	    {"a; spf=pass\r\n\tsmtp.helo=h\r\n", "no"}, /* a stray line end */
	    {"", "no"},
	    {"a", "no"},
	    {"a;", "no"},
	    {"a 1", "no"},
	    {"; none", "no"},
	    {"a.example/1; none", "no"},
	    {"a x; none", "no"},
	    {"a 1x; none", "no"},
	    {"a 99999999999999999999; none", "no"},
	    {"a; none; spf=pass", "no"},
	    {"a; none x", "no"},
	    {"a;; spf=pass", "no"},
	    {"a; spf=pass;;", "no"},
	    {"a; spf", "no"},
	    {"a; spf=", "no"},
	    {"a; =pass", "no"},
	    {"a; spf-=pass", "no"},
	    {"a; s_f=pass", "no"},
	    {"a; x/=pass", "no"},
	    {"a; spf=pass smtp.helo", "no"},
	    {"a; spf=pass smtp.=h", "no"},
	    {"a; spf=pass helo=h", "no"},
	    {"a; spf=pass smtp.helo=", "no"},
	    {"a; spf=pass smtp.helo=a b", "no"},
	    {"a; spf=pass smtp.helo=u@", "no"},
	    {"a; spf=pass x.y=a/b", "no"},
	    {"a; spf=pass x.y=\"a\"z.y=b", "no"}, /* erratum 6026 */
	    {"a; spf=pass x.y=b reason=late", "no"},
	    {"a; spf=pass x.y=\"open", "no"},
	    {"a; spf=pass (open", "no"},
	    {"(open a; spf=pass", "no"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();

		assert_string_equal(
		    rendered(span_of(cases[i][0]), a), cases[i][1]);
		arena_free(a);
	}
}

static void
results_and_properties_are_read_up_to_their_limits(void **state)
{
	static const struct {
		const char *each;
		size_t n;
		bool parses;
	} cases[] = {
	    {"; spf=pass", 1, true},
	    {"; spf=pass", 17, true},
	    {"; spf=pass x.y=z", LIMIT_AUTHRES_RESULTS, true},
	    {"; spf=pass", LIMIT_AUTHRES_RESULTS + 1, true},
	    {"; spf=pass", 100000, true},
	    {"; spf=pass", 0, false},
	    {" x.y=\"z\"", LIMIT_AUTHRES_PROPERTIES, true},
	    {" x.y=\"z\"", LIMIT_AUTHRES_PROPERTIES + 1, false},
	    {" x.y=\"z\"", 100000, false},
	    {"(c)", 100000, true},
	    {"(", 100000, false},
	    {";", 100000, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		bool inner = cases[i].each[0] != ';';
		struct span body =
		    repeated(inner ? "mx.example.org; a=b" : "mx.example.org",
			cases[i].each, cases[i].n, a);
		struct authres ar;

		assert_int_equal(authres_parse(body, a, &ar), cases[i].parses);
		assert_true(authres_bears_id(body, ID, a));
		if (cases[i].parses && !inner)
			assert_int_equal(ar.nresults + ar.omitted, cases[i].n);
		assert_true(ar.nresults <= LIMIT_AUTHRES_RESULTS);
		arena_free(a);
	}
}

static void
a_body_bears_the_id_however_it_is_written_and_no_other(void **state)
{
	static const struct {
		struct span body;
		bool bears;
	} cases[] = {
	    {S(" mx.example.org; none"), true},
	    {S("MX.Example.ORG;dkim=pass"), true},
	    {S("mx.example.org.; none"), true},
	    {S("mx.example.org 1; none"), true},
	    {S("mx.example.org 99; none"), true},
	    {S("mx.example.org (c) 1 (d) ; none"), true},
	    {S("(c) (d(e)) mx.example.org; none"), true},
	    {S("\"mx.example.org\"; none"), true},
	    {S("\"mx\\.example.org\"; none"), true},
	    {S("\" mx.example.org \"; none"), true},
	    {S("\r\n\tmx.example.org\r\n\t; none"), true},
	    {S("\n mx.example.org;\n none"), true},
	    {S("mx.example.org"), true},
	    {S("mx.example.org; dkim=="), true},
	    {S("mx.example.org; dkim=pass (open"), true},
	    {S("mx.example.org (open"), true},
	    {S("mx.example.org/1; none"), true},
	    {S("mx.example.org\"x\"; none"), true},
	    {S("mx.example.org\0; none"), true},
	    {S("\0mx.example.org; none"), true},
	    {S("(open mx.example.org; none"), true},
	    {S("=MX.example.org; none"), true},
	    {S("\"mx.example.org; none"), true},
	    {S("mx.(c)example.org; none"), true}, /* joined */
	    {S("mx . example . org 1; none"), true},
	    {S("mx.\r\n example.org 1; none"), true},
	    {S("\"\" mx.example.org; none"), true},
	    {S("\xa0mx.example.org; none"), true}, /* not a name */
	    {S("\"mx.example.org 1\"; none"), true},
	    /* for readers that decode, or that skip octets that a name cannot
	     * have */
	    {S("=?us-ascii?q?m=78.example.org=3B_dmarc=3Dpass?="), true},
	    {S("m=?us-ascii?q?x?=.example.org; none"), true},
	    {S("(=?us-ascii?q?=29mx.example.org=3B?=) b.example; none"), true},
	    {S("b.example =?us-ascii?q?x?=; none"), true},
	    {S("m\\x.example.org; none"), true},
	    {S("<mx.example.org>; none"), true},
	    {S("mx.example.org:25; none"), true},
	    {S("[mx.example.org]; none"), true},
	    {S("m\0x.example.org; none"), true},
	    {S("m\1x.example.org; none"), true},
	    {S("mx.example.org\0.b.example; none"), true},
	    {S("mx@example.org; mx.example.org; none"), false},
	    {S("i=1; mx.example.org; dkim=pass"), true},
	    {S("i = 1 ; MX.example.org. 1; dkim=pass"), true},
	    {S("i=1; mx:.example.org; dkim=pass"), true},
	    {S("spf=pass (x) smtp.mailfrom=a; mx.example.org; dkim=pass"),
		true},
	    {S("spf=pass (=?us-ascii?q?=29=3B_mx.example.org?=)"), true},
	    {S("m\xef\xbd\x98.example.org; none"), true}, /* full width */
	    {S("mx\xe3\x80\x82"
	       "example.org; none"),
		true},
	    {S("mx.ex\xc2\xad"
	       "ample.org; none"),
		true},
	    {S("\xe2\x80\x8bmx.example.org; none"), true},
	    {S("<m\xef\xbd\x98.example.org> dmarc=pass"), true},
	    {S("b.example; spf=pass (=?us-ascii?q?x?=)"), false},
	    {S("i=1; b.example; dkim=pass header.d=mx.example.org"), false},
	    {S("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=b.example; "
	       "b.example; dkim=none; dmarc=none action=none"),
		false},
	    {S("dkim=none (message not signed) header.d=none;dmarc=none "
	       "action=none header.from=b.example;"),
		false},
	    {S("b.example:25; none"), false},
	    {S("<b@example.org>; none"), false},
	    {S("\xc3\xa9.\xc3\xa9.\xc3\xa9; none"), false},
	    {S("\xc3\xa9.example.org; none"), false},
	    {S("mx.example.org.evil.example; none"), false},
	    {S("amx.example.org; none"), false},
	    {S("a.mx.example.org; none"), false},
	    {S("example.org; none"), false},
	    {S("mx.example.orgs; none"), false},
	    {S("mx-example.org; none"), false},
	    {S("evil.example (mx.example.org); none"), false},
	    {S("evil.example; spf=pass smtp.helo=mx.example.org"), false},
	    {S("evil.example; spf=pass (mx.example.org"), false},
	    {S("spf=pass smtp.helo=mx.example.org"), false},
	    {S("m\xc3\xbchle.mx.example.org; none"), false},
	    {S(""), false},
	    {S("; none"), false},
	    {S("(open; none"), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();

		if (authres_bears_id(cases[i].body, ID, a) != cases[i].bears)
			fail_msg("%s", cases[i].body.p);
		arena_free(a);
	}
}

static void
an_id_matches_in_u_labels_and_a_labels(void **state)
{
	static const char *const bodies[] = {
	    "xn--mhle-0ra.example; none",
	    "XN--MHLE-0RA.Example.; none",
	    "m\xc3\xbchle.example; none",
	    "mu\xcc\x88hle.example; none",
	    "\"m\xc3\xbchle.example\" 1; none",
	    "(open m\xc3\xbchle.example; none",
	    "(open xn--mhle-0ra.example; none",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct arena *a = arena_new();
		struct span id = domain_normal(SPAN("m\xc3\xbchle.example"), a);

		assert_true(span_eq(id, SPAN("xn--mhle-0ra.example")));
		assert_true(authres_bears_id(span_of(bodies[i]), id, a));
		assert_false(
		    authres_bears_id(SPAN("muhle.example; none"), id, a));
		arena_free(a);
	}
}

static void
an_id_in_more_pieces_than_a_name_has_octets_is_read_in_bounds(void **state)
{
	struct arena *a = arena_new();
	struct span body = repeated("", "\"a\" ", 1 << 20, a);

	(void)state;
	assert_false(authres_bears_id(body, ID, a));
	body = repeated("", "\xc3\xbc", 1 << 20, a);
	assert_false(authres_bears_id(body, ID, a));
	arena_free(a);
}

static bool
is_removed(struct span name, struct span body, bool keep, struct arena *a)
{
	const struct authres_removal what = {ID, "dkim", keep, SPAN_NONE};

	return !authres_kept(
	    &what, ARENA_JOIN(a, name, SPAN(":"), body, SPAN("\n")), a)
		    .len;
}

static void
a_field_is_ours_by_name_and_id_and_with_keep_by_method(void **state)
{
	static const struct {
		const char *name, *body;
		bool plain, keep;
	} cases[] = {
	    {"Authentication-Results", "mx.example.org; dkim=pass", true, true},
	    {"AUTHENTICATION-results", "mx.example.org; dkim=pass", true, true},
	    {"Authentication-Results \t", "mx.example.org; DKIM/2=x", true,
		true},
	    {"Authentication-Results", "mx.example.org; spf=pass; dkim=x", true,
		true},
	    {"Authentication-Results", "mx.example.org; spf=pass", true, false},
	    {"Authentication-Results", "mx.example.org; x=dkim", true, false},
	    {"Authentication-Results", "mx.example.org; none", true, false},
	    {"Authentication-Results", "mx.example.org; spf", true, true},
	    {"Authentication-Results", "mx.example.org", true, true},
	    {"Authentication-Results", "b.example; dkim=pass", false, false},
	    {"Authentication-Results", "b.example; dkim", false, false},
	    {"Authentication-Results-", "mx.example.org; dkim=pass", false,
		false},
	    {"ARC-Authentication-Results", "mx.example.org; dkim=pass", false,
		false},
	    {"X", "mx.example.org; dkim=pass", false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span name = span_of(cases[i].name);
		struct span body = span_of(cases[i].body);

		assert_int_equal(
		    is_removed(name, body, false, a), cases[i].plain);
		assert_int_equal(
		    is_removed(name, body, true, a), cases[i].keep);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_body_is_read_as_rfc_8601_2_2_has_it),
	    cmocka_unit_test(
		results_and_properties_are_read_up_to_their_limits),
	    cmocka_unit_test(
		a_body_bears_the_id_however_it_is_written_and_no_other),
	    cmocka_unit_test(an_id_matches_in_u_labels_and_a_labels),
	    cmocka_unit_test(
		an_id_in_more_pieces_than_a_name_has_octets_is_read_in_bounds),
	    cmocka_unit_test(
		a_field_is_ours_by_name_and_id_and_with_keep_by_method),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
