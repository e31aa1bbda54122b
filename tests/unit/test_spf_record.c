/* test_spf_record: parsing SPF records. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <sys/socket.h>

#include "base/buf.h"
#include "spf/spf_record.h"

static enum spf_reason
parse(
    struct span text, struct arena *a, struct spf_record *r, struct span *wrong)
{
	if (!spf_is_record(text))
		fail_msg(SPAN_FMT, SPAN_ARG(text));
	return spf_record_parse(text, a, r, wrong);
}

static void
a_version_section_ends_in_a_space_or_the_record(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
	    {"v=spf1", true},
	    {"v=spf1 ", true},
	    {"v=spf1 -all", true},
	    {"V=sPf1 -all", true},
	    {"v=spf1  \x80", true},
	    {"v=spf10", false},
	    {"v=spf1-all", false},
	    {"v=spf1\t-all", false},
	    {"v=spf1,", false},
	    {"v=spf", false},
	    {"v=spf2 -all", false},
	    {" v=spf1 -all", false},
	    {"\"v=spf1 -all\"", false},
	    {"v = spf1 -all", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (spf_is_record(span_of(cases[i].text)) != cases[i].is)
			fail_msg("%s", cases[i].text);
	assert_false(spf_is_record(SPAN("v=spf1\0")));
	assert_false(spf_is_record(SPAN_NONE));
}

/* Returns a term as "KIND QUALIFIER DOMAIN ADDRESS/BITS 4BITS 6BITS". */
static struct span
text_of(const struct spf_term *t, struct arena *a)
{
	static const char *const kinds[] = {"all", "include", "a", "mx", "ptr",
	    "ip4", "ip6", "exists", "redirect", "exp", "unknown"};
	struct buf b = BUF(a);
	char text[IP_TEXT];

	buf_printf(&b, "%c%s", t->qualifier, kinds[t->kind]);
	if (t->domain.p)
		buf_printf(&b, " " SPAN_FMT, SPAN_ARG(t->domain));
	if (t->network.ip.family)
		buf_printf(&b, " %s/%u", ip_text(&t->network.ip, text),
		    t->network.bits);
	if (t->ip4_bits != 32 || t->ip6_bits != 128)
		buf_printf(&b, " %u %u", t->ip4_bits, t->ip6_bits);
	return buf_span(&b);
}

static const struct {
	const char *term, *meaning;
} good[] = {
    {"all", "+all"},
    {"-ALL", "-all"},
    {"include:a.b", "+include a.b"},
    {"~Include:%{d2}.b.", "~include %{d2}.b."},
    {"?include:a:b/c.d", "?include a:b/c.d"},
    {"exists:%{ir}.%{v}._spf.%{d2}", "+exists %{ir}.%{v}._spf.%{d2}"},
    {"exists:a.b=c.d", "+exists a.b=c.d"},
    {"a", "+a"},
    {"A", "+a"},
    {"+a/0", "+a 0 128"},
    {"a/32", "+a"},
    {"a//0", "+a 32 0"},
    {"a//64", "+a 32 64"},
    {"a/24//64", "+a 24 64"},
    {"a:b.c", "+a b.c"},
    {"a:b.c.", "+a b.c."},
    {"a:b.c/24", "+a b.c 24 128"},
    {"a:b.c//64", "+a b.c 32 64"},
    {"a:b.c/8//128", "+a b.c 8 128"},
    {"a:b:c/d.e", "+a b:c/d.e"},
    {"a:b/24/c.d/16", "+a b/24/c.d 16 128"},
    {"a:/24.b", "+a /24.b"},
    {"a::.b", "+a :.b"},
    {"a:%{l/}", "+a %{l/}"},
    {"a:%{l2/}/24", "+a %{l2/} 24 128"},
    {"a:%{d}/%{d}", "+a %{d}/%{d}"},
    {"a:%{d}/24/%{d}//64", "+a %{d}/24/%{d} 32 64"},
    {"a:b.c%%/24", "+a b.c%% 24 128"},
    {"a:b..c", "+a b..c"},
    {"a:b.1c", "+a b.1c"},
    {"a:b.1-2", "+a b.1-2"},
    {"a:b=c.d", "+a b=c.d"},
    {"-mx", "-mx"},
    {"Mx/24//64", "+mx 24 64"},
    {"mx:b.c/24", "+mx b.c 24 128"},
    {"ptr", "+ptr"},
    {"PTR:b.c", "+ptr b.c"},
    {"ip4:192.0.2.1", "+ip4 192.0.2.1/32"},
    {"-ip4:192.0.2.1/0", "-ip4 192.0.2.1/0"},
    {"IP4:192.0.2.0/24", "+ip4 192.0.2.0/24"},
    {"ip6:2001:DB8::", "+ip6 2001:db8::/128"},
    {"?ip6:2001:db8::/32", "?ip6 2001:db8::/32"},
    {"ip6:::/0", "+ip6 ::/0"},
    {"ip6:::ffff:192.0.2.1", "+ip6 ::ffff:192.0.2.1/128"},
    {"ip6:::1.2.3.4/1", "+ip6 ::1.2.3.4/1"},
    {"redirect=b.c", "+redirect b.c"},
    {"Redirect=%{d}", "+redirect %{d}"},
    {"EXP=b:c/d.e", "+exp b:c/d.e"},
    {"a=", "+unknown"},
    {"all=b", "+unknown"},
    {"moo.cow-far_out=man:dog/cat", "+unknown"},
    {"x1==%{d}%%", "+unknown"},
    {"default=-all", "+unknown"},
};

static void
terms_say_what_the_rfc_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct arena *a = arena_new();
		struct spf_record r;
		struct span wrong,
		    text = arena_printf(a, "v=spf1 %s", good[i].term);

		if (parse(text, a, &r, &wrong) != SPF_PASS || r.nterms != 1 ||
		    wrong.p || !span_eq(r.terms->text, span_of(good[i].term)) ||
		    !span_eq(text_of(r.terms, a), span_of(good[i].meaning)))
			fail_msg("%s", good[i].term);
		arena_free(a);
	}
}

static const struct {
	enum spf_reason reason;
	const char *term[32];
} bad[] = {
    {SPF_TERM_SYNTAX,
	{"moo", "-", "+", "--all", "+-all", "!all", "all.", "all:b.c", "all/8",
	    "all:", "ptr/0", "ptr//0", "include/24", "exists/24", "redirect",
	    "redirect:b.c", "-redirect=b.c", "exp", "exp:b.c", "+exp=b.c",
	    "?x=y", "=", "=all", "1up=foo", "-x=y", "a\tb", "a:b.c\x7f",
	    "moo.cow/far_out=man:dog/cat", "x\r=y", "aa:b.c", ":b.c", "/24"}},
    {SPF_TERM_SYNTAX,
	{"ip:192.0.2.1", "ipv4:192.0.2.1", "ip5:::1", "ip4.:", "include;b.c",
	    "a,", "\"all\"", "x y", "v:spf1", "moo.cow:far_out=man"}},
    {SPF_DOMAIN_SYNTAX,
	{"include", "include:", "exists", "exists:", "a:", "a:/24", "a://64",
	    "mx:", "ptr:", "redirect=", "exp=", "exp=-all", "redirect=-all",
	    "a:museum", "a:museum.", "a:foo-bar", "a:111.222.33.44", "a:b.1",
	    "a:b.-c", "a:b.c-", "a:b.c:8080", "a:b.c_d", "a:b.c/x", "a:%{d}b",
	    "include:b.c/24", "exists:b.c/24", "ptr:b.c/24", "redirect=b.c/24",
	    "mx:b.c/24/8", "mx:b.c../24"}},
    {SPF_MACRO_SYNTAX,
	{"-exists:%(ir).b.c", "exists:foo%.b.c", "a:%{a}.b.c", "a:%{z}",
	    "a:%{d0}", "a:%{d00r}", "a:b.c%", "a:%", "a:%%%", "a:%{c}",
	    "a:%{r}.b", "a:%{T}.b", "exp=%{r}.b.c", "redirect=%{d",
	    "include:%{}", "mx:%{d/24", "ptr:%{dr2}", "foo=%abc", "foo=%{c}",
	    "foo=%{d0}", "a:%{d}%{"}},
    {SPF_ADDRESS_SYNTAX,
	{"ip4", "ip4:", "ip4/24", "ip4:/24", "ip4:192.0.2", "ip4:192.0.2.256",
	    "ip4:192.0.2.01", "ip4:192.0.2.1.", "ip4:192.0.2.1/33",
	    "ip4:192.0.2.1/032", "ip4:192.0.2.1/", "ip4:192.0.2.1//32",
	    "ip4:192.0.2.1/24/8", "ip4:192.0.2.1:8080", "ip4:::1",
	    "ip4:::ffff:192.0.2.1", "ip4:%{i}", "ip4:b.c", "ip6",
	    "ip6:192.0.2.1", "ip6:::1/129", "ip6:::1/0128", "ip6:::1//64",
	    "ip6:::1/", "ip6::CAFE::BABE", "ip6:1:2:3:4:5:6:7",
	    "ip6:::1.2.3.04", "ip6:[::1]", "ip6:fe80::1%eth0"}},
    {SPF_ADDRESS_SYNTAX,
	{"a/", "a//", "a///", "a/33", "a//129", "a/24/64", "a/24/8", "a/00",
	    "a/08", "a//064", "a///64", "a//64/24", "a/24//", "a//64//64",
	    "a/x", "a/%{d}", "a/24x", "a/-1", "a/+1", "a:b.c/", "a:b.c//",
	    "a:b.c/33", "a:b.c//129", "mx/18446744073709551616",
	    "mx/100000000000000000000000000000000", "mx/24:b.c"}},
};

/* Checks that the term makes the record invalid for this reason. */
static void
expect_wrong(const char *term, enum spf_reason reason)
{
	struct arena *a = arena_new();
	struct spf_record r;
	struct span wrong, first = span_of(term),
			   text = arena_printf(a, "v=spf1 mx %s -all", term);
	enum spf_reason said = parse(text, a, &r, &wrong);

	first = span_cut(&first, ' ');
	if (said != reason || !span_eq(wrong, first) || r.nterms != 1 ||
	    r.terms->kind != SPF_MX || r.all)
		fail_msg("%s: %d", term, (int)said);
	arena_free(a);
}

static void
each_malformed_term_has_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		for (size_t k = 0; k < COUNT(bad[i].term); k++)
			if (bad[i].term[k])
				expect_wrong(bad[i].term[k], bad[i].reason);
}

static void
octets_that_are_not_ascii_come_before_other_errors(void **state)
{
	static const struct {
		const char *text, *wrong;
		size_t terms;
	} cases[] = {
	    {"v=spf1 a:\xef\xbb\xbfgarbage.b.c -all",
		"a:\xef\xbb\xbfgarbage.b.c", 0},
	    {"v=spf1 \x80"
	     "a:b.c -all",
		"\x80"
		"a:b.c",
		0},
	    {"v=spf1 a:b.c \x96"
	     "all",
		"\x96"
		"all",
		1},
	    {"v=spf1 mx moo a ?all x=\xff y=\xfe", "x=\xff", 1},
	    {"v=spf1 \x80 moo", "\x80", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct spf_record r;
		struct span wrong;

		assert_int_equal(parse(span_of(cases[i].text), a, &r, &wrong),
		    SPF_RECORD_OCTETS);
		assert_true(span_eq(wrong, span_of(cases[i].wrong)));
		assert_int_equal(r.nterms, cases[i].terms);
		arena_free(a);
	}
}

static void
a_nul_is_no_part_of_a_term(void **state)
{
	struct arena *a = arena_new();
	struct spf_record r;
	struct span wrong;

	(void)state;
	assert_int_equal(
	    parse(SPAN("v=spf1 a:foo.example.com\0 -all"), a, &r, &wrong),
	    SPF_TERM_SYNTAX);
	assert_true(span_eq(wrong, SPAN("a:foo.example.com\0")));
	assert_int_equal(parse(SPAN("v=spf1 ip4:1.2.3.4\0"), a, &r, &wrong),
	    SPF_TERM_SYNTAX);
	arena_free(a);
}

static void
terms_are_separated_by_spaces_alone(void **state)
{
	static const struct {
		const char *text;
		size_t nterms;
		enum spf_reason reason;
	} cases[] = {
	    {"v=spf1", 0, SPF_PASS},
	    {"v=spf1 ", 0, SPF_PASS},
	    {"v=spf1    ", 0, SPF_PASS},
	    {"v=spf1 a  -all", 2, SPF_PASS},
	    {"v=spf1   a -all   ", 2, SPF_PASS},
	    {"v=spf1 a\t-all", 0, SPF_TERM_SYNTAX},
	    {"v=spf1 a -all\n", 1, SPF_TERM_SYNTAX},
	    {"v=spf1 a:b.c\rptr -all", 0, SPF_TERM_SYNTAX},
	    {"v=spf1 ip4:192.0.2.5\n include:b.c ~all", 0, SPF_TERM_SYNTAX},
	    {"v=spf1 a -all moo", 2, SPF_TERM_SYNTAX},
	    {"v=spf1 a v=spf1 -all", 3, SPF_PASS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct spf_record r;
		struct span wrong;

		if (parse(span_of(cases[i].text), a, &r, &wrong) !=
			cases[i].reason ||
		    r.nterms != cases[i].nterms)
			fail_msg("%s", cases[i].text);
		arena_free(a);
	}
}

static void
redirect_and_exp_stand_once(void **state)
{
	static const struct {
		const char *text, *wrong; /* NULL: no error */
	} cases[] = {
	    {"v=spf1 redirect=a.b exp=a.b", NULL},
	    {"v=spf1 x=a x=a all all a a", NULL},
	    {"v=spf1 redirect=a.b -all Redirect=c.d", "Redirect=c.d"},
	    {"v=spf1 exp=a.b -all exp=a.b", "exp=a.b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct spf_record r;
		struct span wrong;

		assert_int_equal(parse(span_of(cases[i].text), a, &r, &wrong),
		    cases[i].wrong ? SPF_DUPLICATE : SPF_PASS);
		assert_true(span_eq(wrong, span_of(cases[i].wrong)));
		arena_free(a);
	}
}

static void
the_terms_that_matter_by_kind_are_found(void **state)
{
	struct arena *a = arena_new();
	struct spf_record r;
	struct span wrong;

	(void)state;
	assert_int_equal(
	    parse(SPAN("v=spf1 exp=a.b a mx ?all ptr a redirect=c.d -all x=y"),
		a, &r, &wrong),
	    SPF_PASS);
	assert_int_equal(r.nterms, 9);
	assert_ptr_equal(r.exp, &r.terms[0]);
	assert_ptr_equal(r.all, &r.terms[3]);
	assert_ptr_equal(r.redirect, &r.terms[6]);
	assert_int_equal(parse(SPAN("v=spf1 a mx"), a, &r, &wrong), SPF_PASS);
	assert_null(r.exp);
	assert_null(r.all);
	assert_null(r.redirect);
	arena_free(a);
}

static void
terms_that_ask_and_results_are_those_of_the_rfc(void **state)
{
	static const struct {
		const char *terms;
		bool asks;
		enum spf_reason result;
	} cases[] = {
	    {"+all", false, SPF_PASS},
	    {"-include:a.b", true, SPF_FAIL},
	    {"~a", true, SPF_SOFTFAIL},
	    {"?mx", true, SPF_NEUTRAL},
	    {"ptr", true, SPF_PASS},
	    {"-ip4:192.0.2.1", false, SPF_FAIL},
	    {"~ip6:::1", false, SPF_SOFTFAIL},
	    {"?exists:a.b", true, SPF_NEUTRAL},
	    {"redirect=a.b", true, SPF_PASS},
	    {"exp=a.b", false, SPF_PASS},
	    {"x=y", false, SPF_PASS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct spf_record r;
		struct span wrong,
		    text = arena_printf(a, "v=spf1 %s", cases[i].terms);

		assert_int_equal(parse(text, a, &r, &wrong), SPF_PASS);
		assert_int_equal(spf_term_queries(r.terms), cases[i].asks);
		assert_int_equal(spf_term_result(r.terms), cases[i].result);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_version_section_ends_in_a_space_or_the_record),
	    cmocka_unit_test(terms_say_what_the_rfc_says),
	    cmocka_unit_test(each_malformed_term_has_its_reason),
	    cmocka_unit_test(
		octets_that_are_not_ascii_come_before_other_errors),
	    cmocka_unit_test(a_nul_is_no_part_of_a_term),
	    cmocka_unit_test(terms_are_separated_by_spaces_alone),
	    cmocka_unit_test(redirect_and_exp_stand_once),
	    cmocka_unit_test(the_terms_that_matter_by_kind_are_found),
	    cmocka_unit_test(terms_that_ask_and_results_are_those_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
