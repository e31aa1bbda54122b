/* test_spf_macro: SPF macros. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "base/buf.h"
#include "base/limit.h"
#include "spf/spf_record.h"

static struct span
validated(void *arg)
{
	if (arg)
		++*(unsigned *)arg;
	return SPAN("mx.example.org");
}

/* RFC 7208 7.4. */
static struct spf_macros
macros_of(const char *ip)
{
	struct spf_macros m = {
	    .local = SPAN("strong-bad"),
	    .sender_domain = SPAN("email.example.com"),
	    .domain = SPAN("email.example.com"),
	    .helo = SPAN("mail.example.net"),
	    .receiver = SPAN("mx.example.edu"),
	    .now = 1234567890,
	    .validated = validated,
	};

	assert_true(ip_parse(span_of(ip), &m.ip));
	return m;
}

static void
expect(const char *macro, const struct spf_macros *m, struct span expansion)
{
	struct arena *a = arena_new();
	struct span said;

	if (!spf_macro_is_string(span_of(macro), true))
		fail_msg("%s", macro);
	said = spf_macro_expand(span_of(macro), m, a);
	if (!said.p || !span_eq(said, expansion))
		fail_msg("%s: " SPAN_FMT, macro, SPAN_ARG(said));
	arena_free(a);
}

struct example {
	const char *macro, *expansion;
};

static void
check(const struct example *c, size_t n, const struct spf_macros *m)
{
	for (size_t i = 0; i < n; i++)
		expect(c[i].macro, m, span_of(c[i].expansion));
}

static void
the_examples_of_the_rfc_expand(void **state)
{
	static const struct example cases[] = {
	    {"%{s}", "strong-bad@email.example.com"},
	    {"%{o}", "email.example.com"},
	    {"%{d}", "email.example.com"},
	    {"%{d4}", "email.example.com"},
	    {"%{d3}", "email.example.com"},
	    {"%{d2}", "example.com"},
	    {"%{d1}", "com"},
	    {"%{dr}", "com.example.email"},
	    {"%{d2r}", "example.email"},
	    {"%{l}", "strong-bad"},
	    {"%{l-}", "strong.bad"},
	    {"%{lr}", "strong-bad"},
	    {"%{lr-}", "bad.strong"},
	    {"%{l1r-}", "strong"},
	    {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
	    {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
	    {"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
		"bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
	    {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
		"3.2.0.192.in-addr.strong.lp._spf.example.com"},
	    {"%{d2}.trusted-domains.example.net",
		"example.com.trusted-domains.example.net"},
	};
	static const struct example ip6[] = {
	    {"%{ir}.%{v}._spf.%{d2}",
		"1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		"8.B.D.0.1.0.0.2.ip6._spf.example.com"},
	};
	struct spf_macros m = macros_of("192.0.2.3");

	(void)state;
	check(cases, COUNT(cases), &m);
	m = macros_of("2001:db8::cb01");
	check(ip6, COUNT(ip6), &m);
}

static void
each_letter_has_its_value(void **state)
{
	static const struct example ip4[] = {
	    {"%{s} %{l} %{o}",
		"strong-bad@email.example.com strong-bad email.example.com"},
	    {"%{d} %{p}", "email.example.com mx.example.org"},
	    {"%{i} %{c} %{v}", "192.0.2.3 192.0.2.3 in-addr"},
	    {"%{h} %{r} %{t}", "mail.example.net mx.example.edu 1234567890"},
	    {"", ""},
	    {"%%%_%-", "% %20"},
	    {"a%%b%_c%-d", "a%b c%20d"},
	    {"%{i2} %{i1r} %{i2R}", "2.3 192 0.192"},
	    {"%{hr-}", "mail.example.net"},
	    {"%{rr}", "edu.example.mx"},
	    {"%{t1r}", "1234567890"},
	};
	static const struct example ip6[] = {
	    {"%{c}", "2001:db8::cb01"},
	    {"%{i}",
		"2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		"C.B.0.1"},
	    {"%{i2r} %{v}", "0.2 ip6"},
	    {"%{C}", "2001%3Adb8%3A%3Acb01"},
	};
	struct spf_macros m = macros_of("192.0.2.3");

	(void)state;
	check(ip4, COUNT(ip4), &m);
	m = macros_of("::ffff:192.0.2.3");
	check(ip4, COUNT(ip4), &m);
	m = macros_of("2001:db8::cb01");
	check(ip6, COUNT(ip6), &m);
}

static void
unknown_names_are_the_word_unknown(void **state)
{
	static const struct example absent[] = {
	    {"%{h} %{r}", "unknown unknown"},
	    {"%{s} %{l} %{o} %{d}", "@   "},
	};
	static const struct example empty[] = {
	    {"%{h}|%{r}", "|"},
	};
	struct spf_macros m = {.ip = macros_of("192.0.2.3").ip};

	(void)state;
	check(absent, COUNT(absent), &m);
	m.helo = m.receiver = SPAN("");
	check(empty, COUNT(empty), &m);
}

static void
parts_are_split_reversed_counted_and_joined(void **state)
{
	static const struct {
		const char *local, *macro, *expansion;
	} cases[] = {
	    {"a.b-c+d,e/f_g=h", "%{l.-+,/_=}", "a.b.c.d.e.f.g.h"},
	    {"a.b-c+d,e/f_g=h", "%{lr.-+,/_=}", "h.g.f.e.d.c.b.a"},
	    {"a.b-c+d,e/f_g=h", "%{l1r+-/_=}", "a.b"},
	    {"a.b-c+d,e/f_g=h", "%{l3r+-/_=}", "d,e.c.a.b"},
	    {"a.b-c+d,e/f_g=h", "%{l2+-/_=}", "g.h"},
	    {"a.b-c+d,e/f_g=h", "%{l}", "a.b-c+d,e/f_g=h"},
	    {"a.b-c+d,e/f_g=h", "%{l1}", "b-c+d,e/f_g=h"},
	    {"a.b-c+d,e/f_g=h", "%{lr}", "b-c+d,e/f_g=h.a"},
	    {"a.b-c+d,e/f_g=h", "%{l8=----.+,/_}", "a.b.c.d.e.f.g.h"},
	    {"a.b-c+d,e/f_g=h", "%{l7.-+,/_=}", "b.c.d.e.f.g.h"},
	    {"a.b-c+d,e/f_g=h", "%{l7r.-+,/_=}", "g.f.e.d.c.b.a"},
	    {"foo-bar+zip+quux", "%{l2r+-}.user", "bar.foo.user"},
	    {"a-b.c", "%{lr-}", "b.c.a"},
	    /* Empty parts count as parts (RFC 7208 7.3). */
	    {"a..b", "%{lr}", "b..a"},
	    {"a..b", "%{l2}", ".b"},
	    {"a..b", "%{l2r}", ".a"},
	    {"a--b", "%{l-}", "a..b"},
	    {"-a-", "%{l-}", ".a."},
	    {"-a-", "%{lr-}", ".a."},
	    {"-ab", "%{lr-}", "ab."},
	    {"-ab", "%{l1r-}", ""},
	    {"ab-", "%{l1-}", ""},
	    {"ab-", "%{l2-}", "ab."},
	    {"---", "%{l-}", "..."},
	    {"---", "%{l2r-}", "."},
	    {"", "%{l}", ""},
	    {"", "%{lr}", ""},
	    {"", "%{l1r+-/_=}", ""},
	    {"", "%{S}", "%40email.example.com"},
	    {"-", "%{l1-}%{l1r-}", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spf_macros m = macros_of("192.0.2.3");

		m.local = span_of(cases[i].local);
		expect(cases[i].macro, &m, span_of(cases[i].expansion));
	}
}

/* "%{d" + n digits + "}", all of them 9. */
static struct span
digits(size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "%{d");
	for (size_t i = 0; i < n; i++)
		buf_char(&b, '9');
	buf_char(&b, '}');
	return buf_span(&b);
}

static void
any_number_of_digits_but_zero_is_a_number(void **state)
{
	static const struct example cases[] = {
	    {"%{d01}", "com"},
	    {"%{d002}", "example.com"},
	    {"%{d127}", "email.example.com"},
	    {"%{d128}", "email.example.com"},
	    {"%{d2147483648}", "email.example.com"},
	    {"%{d4294967297}", "email.example.com"},
	    {"%{d18446744073709551615r}", "com.example.email"},
	    {"%{d18446744073709551616}", "email.example.com"},
	    {"%{d18446744073709551617}", "email.example.com"},
	    {"%{d36893488147419103233r}", "com.example.email"},
	};
	static const char *const zero[] = {
	    "%{d0}", "%{d00}", "%{d0r}", "%{d000000000000000000000000000.}"};
	struct spf_macros m = macros_of("192.0.2.3");
	struct arena *a = arena_new();

	(void)state;
	check(cases, COUNT(cases), &m);
	for (size_t i = 0; i < COUNT(zero); i++)
		assert_false(spf_macro_is_string(span_of(zero[i]), true));
	for (size_t n = 1; n <= 100; n++) {
		assert_true(spf_macro_is_domain(digits(n, a)));
		assert_true(
		    span_eq(spf_macro_expand(digits(n, a), &m, a), m.domain));
	}
	arena_free(a);
}

static void
upper_case_letters_are_url_escaped(void **state)
{
	const struct {
		struct span local;
		const char *macro, *expansion;
	} cases[] = {
	    {SPAN("~jack&jill=up-a_b3.c"), "%{L}", "~jack%26jill%3Dup-a_b3.c"},
	    {SPAN("~jack&jill=up-a_b3.c"), "%{Lr}", "c.~jack%26jill%3Dup-a_b3"},
	    {SPAN("~jack&jill=up-a_b3.c"), "%{L=-}", "~jack%26jill.up.a_b3.c"},
	    {SPAN("\x7f\x80\xff\xc3\xa9"), "%{L}", "%7F%80%FF%C3%A9"},
	    {SPAN("\x80\xff"), "%{l}", "\x80\xff"},
	    {SPAN("\x80.\xff"), "%{L1r}", "%80"},
	    {SPAN("\0a\n"), "%{L}", "%00a%0A"},
	    {SPAN("%{d}"), "%{l}", "%{d}"},
	    {SPAN("%{d}"), "%{L}", "%25%7Bd%7D"},
	    {SPAN("a b+c/d:e@f"), "%{S}",
		"a%20b%2Bc%2Fd%3Ae%40f%40email.example.com"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spf_macros m = macros_of("192.0.2.3");

		m.local = cases[i].local;
		expect(cases[i].macro, &m, span_of(cases[i].expansion));
	}
}

static void
a_nul_is_an_octet_like_others(void **state)
{
	struct spf_macros m = macros_of("192.0.2.3");

	(void)state;
	m.local = SPAN("a\0b");
	expect("%{s}", &m, SPAN("a\0b@email.example.com"));
	expect("%{lr_}", &m, SPAN("a\0b"));
}

/* Texts that match domain-spec; macro-string but not domain-spec;
 * explain-string but not macro-string; none of them. */
static const char *const domain_texts[] = {"a.b", "a.b.", "a..b", ".b", "a.1b",
    "a.b1", "a.1-2", "a.b-c", "a.xn--zckzah", "a:b/c.d",
    "!\"#$&'()*+,;<=>?@[\\]^_`{|}~.b", "%{d}", "%{d}.com", "a.%{d}", "a%{d}",
    "%%", "%_", "%-", "a.com%_", "%{s}%{l}%{o}%{d}%{i}%{p}%{v}%{h}",
    "%{S}%{L}%{O}%{D}%{I}%{P}%{V}%{H}", "%{d2r.-+,/_=}", "%{d2R}", "%{d....}"};
static const char *const string_texts[] = {"", "a", "museum.", "a.b..", ".",
    "..", "a.1", "111.222.33.44", "a.-b", "a.b-", "a.-", "a.b_c", "a.b:80",
    "a.b/24", "%{d}com", "%{d}.1", "%{d}.", "a.com%{d}/", "%%{d}"};
static const char *const explain_texts[] = {
    "%{c}", "%{R2r}", "a.%{T}.b", "a b.c", " "};
static const char *const none_texts[] = {"a\tb", "a\x7f.b", "a\x80.b", "a.\xff",
    "%", "a%", "%%%", "%a", "%(ir).a", "foo%.a", "% a", "%{", "%{}", "%{d",
    "%{d2", "%{d2r", "%{dr.", "%{z}", "%{a}.b", "%{dd}", "%{2d}", "%{dr2}",
    "%{drr}", "%{d.r}", "%{d.2}", "%{d-1}", "%{d }", "%{d:}", "%{d\xff}",
    "%{%{d}}"};

static void
expect_texts(const char *const *text, size_t n, int is)
{
	for (size_t i = 0; i < n; i++) {
		struct span s = span_of(text[i]);

		if (spf_macro_is_domain(s) + spf_macro_is_string(s, false) +
			spf_macro_is_string(s, true) !=
		    is)
			fail_msg("%s", text[i]);
	}
}

static void
macro_strings_and_domain_specs_are_told_apart(void **state)
{
	const struct span with_nul[] = {SPAN("a\0.b"), SPAN("a.b\0"),
	    SPAN("%\0"), SPAN("%{\0}"), SPAN("%{d\0}")};

	(void)state;
	expect_texts(domain_texts, COUNT(domain_texts), 3);
	expect_texts(string_texts, COUNT(string_texts), 2);
	expect_texts(explain_texts, COUNT(explain_texts), 1);
	expect_texts(none_texts, COUNT(none_texts), 0);
	for (size_t i = 0; i < COUNT(with_nul); i++) {
		assert_false(spf_macro_is_string(with_nul[i], true));
		assert_false(spf_macro_is_domain(with_nul[i]));
	}
	assert_false(spf_macro_is_domain(SPAN_NONE));
}

static void
letters_that_a_text_uses_are_found(void **state)
{
	static const struct {
		const char *text, *letters;
		bool uses;
	} cases[] = {
	    {"a.b", NULL, false},
	    {"%%.b", NULL, true},
	    {"%_.b", NULL, true},
	    {"a.%{d}", NULL, true},
	    {"%%%_%-", "slodiphcrtv", false},
	    {"a.%{d}", "d", true},
	    {"a.%{D2r}.b", "sd", true},
	    {"a.%{dr}", "r", false},
	    {"d.%{i}", "d", false},
	    {"%{i}.%{d}", "slo", false},
	    {"%{i}.%{l-}", "slo", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (spf_macro_uses(span_of(cases[i].text), cases[i].letters) !=
		    cases[i].uses)
			fail_msg("%s", cases[i].text);
	assert_false(spf_macro_uses(SPAN_NONE, NULL));
}

static void
the_validated_name_is_asked_for_once_where_it_is_needed(void **state)
{
	struct spf_macros m = macros_of("192.0.2.3");
	struct arena *a = arena_new();
	unsigned asked = 0;

	(void)state;
	m.arg = &asked;
	spf_macro_expand(SPAN("%{d}.%{i}"), &m, a);
	assert_int_equal(asked, 0);
	assert_true(span_eq(spf_macro_expand(SPAN("%{p2}.%{P1}"), &m, a),
	    SPAN("example.org.org")));
	assert_int_equal(asked, 1);
	arena_free(a);
}

static struct span
fill(size_t n, char c, struct arena *a)
{
	struct buf b = BUF(a);

	while (b.len < n)
		buf_char(&b, c);
	return buf_span(&b);
}

static void
an_expansion_over_the_limit_is_absent(void **state)
{
	struct spf_macros m = macros_of("192.0.2.3");
	struct arena *a = arena_new();

	(void)state;
	m.local = fill(LIMIT_SPF_EXPANSION - 2, 'x', a);
	assert_int_equal(
	    spf_macro_expand(SPAN("a%{l}b"), &m, a).len, LIMIT_SPF_EXPANSION);
	assert_null(spf_macro_expand(SPAN("a%{l}bc"), &m, a).p);
	assert_null(spf_macro_expand(SPAN("a%{l}%-"), &m, a).p);
	assert_null(spf_macro_target(SPAN("a%{l}.b.c"), &m, a).p);
	m.local = fill(LIMIT_SPF_EXPANSION / 3, '\xff', a);
	assert_int_equal(spf_macro_expand(SPAN("%{L}"), &m, a).len,
	    LIMIT_SPF_EXPANSION / 3 * 3);
	m.local = fill(LIMIT_SPF_EXPANSION / 3 + 1, '\xff', a);
	assert_null(spf_macro_expand(SPAN("%{L}"), &m, a).p);
	m.local = fill(LIMIT_SPF_EXPANSION + 1, '-', a);
	assert_null(spf_macro_expand(SPAN("%{lr-}"), &m, a).p);
	assert_int_equal(spf_macro_expand(SPAN("%{l1-}"), &m, a).len, 0);
	arena_free(a);
}

static void
a_target_has_no_dot_at_the_end(void **state)
{
	static const struct {
		const char *helo, *spec, *target;
	} cases[] = {
	    {"", "a.example.", "a.example"},
	    {"", "a.example", "a.example"},
	    {"b.example.", "%{h}", "b.example"},
	    {"b.example.", "a.%{h}", "a.b.example"},
	    /* An empty label remains. */
	    {"b.example..", "%{h}", "b.example.."},
	    {".b..example", "%{h}", ".b..example"},
	    {".", "%{h}", ""},
	    {"..", "%{h}", ".."},
	    {"", "%{h}", ""},
	    {"%%", "%{h}.a", "%%.a"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct spf_macros m = macros_of("192.0.2.3");
		struct span said;

		m.helo = span_of(cases[i].helo);
		said = spf_macro_target(span_of(cases[i].spec), &m, a);
		if (!said.p || !span_eq(said, span_of(cases[i].target)))
			fail_msg("%s %s: " SPAN_FMT, cases[i].helo,
			    cases[i].spec, SPAN_ARG(said));
	}
	arena_free(a);
}

static void
a_target_loses_labels_until_253_octets_are_left(void **state)
{
	struct spf_macros m = macros_of("192.0.2.3");
	struct arena *a = arena_new();

	(void)state;
	m.domain = fill(250, 'd', a);
	m.helo = fill(200, 'h', a);
	/* 253, and the same with a final dot, which is not counted. */
	assert_int_equal(spf_macro_target(SPAN("a.%{d}x"), &m, a).len, 253);
	assert_int_equal(spf_macro_target(SPAN("a.%{d}.x"), &m, a).len, 252);
	m.domain = fill(251, 'd', a);
	assert_int_equal(spf_macro_target(SPAN("%{d}.x."), &m, a).len, 253);
	assert_true(span_eq(
	    spf_macro_target(SPAN("%{d}y.x.%{v}"), &m, a), SPAN("x.in-addr")));
	assert_int_equal(
	    spf_macro_target(SPAN("%{h}.%{h}.ab.cd"), &m, a).len, 206);
	/* A label over 253 octets can be neither kept nor cut. */
	assert_int_equal(spf_macro_target(SPAN("%{h}%{h}"), &m, a).len, 0);
	assert_true(
	    span_eq(spf_macro_target(SPAN("%{h}%{h}..a"), &m, a), SPAN(".a")));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_examples_of_the_rfc_expand),
	    cmocka_unit_test(each_letter_has_its_value),
	    cmocka_unit_test(unknown_names_are_the_word_unknown),
	    cmocka_unit_test(parts_are_split_reversed_counted_and_joined),
	    cmocka_unit_test(any_number_of_digits_but_zero_is_a_number),
	    cmocka_unit_test(upper_case_letters_are_url_escaped),
	    cmocka_unit_test(a_nul_is_an_octet_like_others),
	    cmocka_unit_test(macro_strings_and_domain_specs_are_told_apart),
	    cmocka_unit_test(letters_that_a_text_uses_are_found),
	    cmocka_unit_test(
		the_validated_name_is_asked_for_once_where_it_is_needed),
	    cmocka_unit_test(an_expansion_over_the_limit_is_absent),
	    cmocka_unit_test(a_target_has_no_dot_at_the_end),
	    cmocka_unit_test(a_target_loses_labels_until_253_octets_are_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
