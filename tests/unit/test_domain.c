/* test_domain: normal forms and parents of domain names. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "base/domain.h"

#define LABEL63 \
	"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij123"
#define NAME253                 \
	LABEL63                 \
	"." LABEL63 "." LABEL63 \
	".abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij1"

static const struct {
	const char *in, *out;
} normal_cases[] = {
    {"example.org", "example.org"},
    {"Example.ORG.", "example.org"},
    {"localhost", "localhost"},
    {"a", "a"},
    {"1.2.3.4", "1.2.3.4"},
    {"_dmarc.Example.org", "_dmarc.example.org"},
    {"s_1._domainkey.example.org", "s_1._domainkey.example.org"},
    {"r3---sn-x.example", "r3---sn-x.example"},
    {LABEL63 ".org", LABEL63 ".org"},
    {NAME253, NAME253},
    {NAME253 ".", NAME253},
    {"", NULL},
    {".", NULL},
    {"..", NULL},
    {".org", NULL},
    {"a..org", NULL},
    {"example.org..", NULL},
    {"-a.org", NULL},
    {"a-.org", NULL},
    {"-", NULL},
    {LABEL63 "4.org", NULL},
    {NAME253 "2", NULL},
    {"a b.org", NULL},
    {"a\tb", NULL},
    {" example.org", NULL},
    {"a@b", NULL},
    {"a/b", NULL},
    {"*.example.org", NULL},
    {"[192.0.2.1]", NULL},
    {"2001:db8::1", NULL},
    {"example.net(.example.com", NULL},
    {"a\\.b", NULL},
    {"a\177", NULL},
    /* U-labels and A-labels */
    {"m\303\274nchen.example", "xn--mnchen-3ya.example"},
    {"M\303\234NCHEN.Example", "xn--mnchen-3ya.example"},
    {"mu\314\210nchen.example", "xn--mnchen-3ya.example"},
    {"XN--MNCHEN-3YA.EXAMPLE", "xn--mnchen-3ya.example"},
    {"xn--MNCHEN-3ya", "xn--mnchen-3ya"},
    {"stra\303\237e.example", "xn--strae-oqa.example"},
    {"_dmarc.m\303\274nchen.example.", "_dmarc.xn--mnchen-3ya.example"},
    {"\327\251\327\234.example", "xn--hebz.example"},
    {"\357\275\201\357\275\202.example", "ab.example"},
    /* what IDNA2008 disallows */
    {"xn--", NULL},
    {"xn--a", NULL},
    {"xn--abc-", NULL},
    {"xn--0.example", NULL},
    {"xn--qei.example", NULL},
    {"xn--xn---epa", NULL},
    {"xn--_x-wka", NULL},
    {"xn--mnk", NULL},
    {"xn--my-3ea", NULL},
    {"xn--m\303\274", NULL},
    {"\342\235\244.example", NULL},
    {"-\303\274.example", NULL},
    {"\303\274-.example", NULL},
    {"ab--\303\274", NULL},
    {"a\327\251", NULL},
    {"\314\210a", NULL},
    {"a\342\200\215b", NULL},
    {"\342\200\256abc", NULL},
    {"\302\255", NULL},
    /* what a mapping must not introduce: ".", "@", "/", "_" */
    {"a\343\200\202b", NULL},
    {"a\357\274\240b", NULL},
    {"a\342\204\200b", NULL},
    {"a\357\274\277b", NULL},
    {"\303\274_x", NULL},
    {"_\303\274", NULL},
    {"\303\274 x", NULL},
    {"\303\274@x", NULL},
    /* not UTF-8 */
    {"\303", NULL},
    {"\303(.org", NULL},
    {"\377.org", NULL},
    {"\300\256.org", NULL},
};

static void
names_have_one_normal_form_or_none(void **state)
{
	for (size_t i = 0; i < COUNT(normal_cases); i++) {
		struct span in = span_of(normal_cases[i].in);
		struct span want = span_of(normal_cases[i].out);
		struct span got = domain_normal(in, *state);

		if (!span_eq(got, want) || !got.p != !want.p)
			fail_msg(
			    "%s: " SPAN_FMT, normal_cases[i].in, SPAN_ARG(got));
		if (got.p)
			assert_true(span_eq(domain_normal(got, *state), got));
	}
}

static void
absent_names_and_names_with_nul_are_none(void **state)
{
	assert_null(domain_normal(SPAN_NONE, *state).p);
	assert_null(domain_normal(SPAN("a\0b.org"), *state).p);
	assert_null(domain_normal(SPAN("\303\274\0b.org"), *state).p);
	assert_null(domain_normal(SPAN("xn--mnchen-3ya\0"), *state).p);
}

static void
huge_names_are_none_at_once(void **state)
{
	size_t n = (size_t)1 << 20;
	char *text = malloc(n);

	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; k < n; k++)
			text[k] = i == 0 ? 'a'
			    : i == 1     ? "\303\274"[k % 2]
					 : "a."[k % 2];
		assert_null(domain_normal((struct span){text, n}, *state).p);
	}
	free(text);
}

static void
ids_that_are_no_names_keep_their_octets_in_lower_case(void **state)
{
	static const struct {
		const char *in, *out;
	} c[] = {
	    {"MX.Example.org.", "mx.example.org"},
	    {"2002:A05::1", "2002:a05::1"},
	    {"Some Host.", "some host"},
	    {"[192.0.2.1]", "[192.0.2.1]"},
	    {"M\303\274nchen", "xn--mnchen-3ya"},
	    {"", ""},
	    {".", ""},
	    {"\377", "\377"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span got = domain_normal_id(span_of(c[i].in), *state);

		assert_non_null(got.p);
		assert_true(span_eq(got, span_of(c[i].out)));
	}
	assert_null(domain_normal_id(SPAN_NONE, *state).p);
}

static void
a_name_is_within_itself_and_the_names_above_it(void **state)
{
	static const struct {
		const char *name, *ancestor;
		bool within;
	} c[] = {
	    {"example.org", "example.org", true},
	    {"example.org", "org", true},
	    {"a.b.example.org", "example.org", true},
	    {"anexample.org", "example.org", false},
	    {"org", "example.org", false},
	    {"example.org", "example.com", false},
	    {".example.org", "example.org", false},
	    {"example.org", "", false},
	    {"", "", false},
	    {NULL, "org", false},
	    {"org", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		assert_int_equal(c[i].within,
		    domain_within(span_of(c[i].name), span_of(c[i].ancestor)));
}

static void
labels_are_counted_and_taken_off_from_the_left(void **state)
{
	struct span name = SPAN("a.b.example.org");

	(void)state;
	for (size_t n = 4; n; n--) {
		assert_non_null(name.p);
		assert_int_equal(domain_labels(name), n);
		name = domain_parent(name);
	}
	assert_null(name.p);
	assert_int_equal(domain_labels(name), 0);
	assert_null(domain_parent(name).p);
	assert_true(span_eq(
	    domain_parent(SPAN("www.example.org")), SPAN("example.org")));
}

static void
a_labels_are_shown_as_u_labels(void **state)
{
	static const struct {
		const char *in, *out;
	} c[] = {
	    {"xn--mnchen-3ya.example", "m\303\274nchen.example"},
	    {"a.xn--hebz.xn--mnchen-3ya", "a.\327\251\327\234.m\303\274nchen"},
	    {"example.org", "example.org"},
	    {"xn--0.org", "xn--0.org"},
	    {"", ""},
	    {"a.", "a."},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		assert_true(span_eq(domain_display(span_of(c[i].in), *state),
		    span_of(c[i].out)));
	assert_null(domain_display(SPAN_NONE, *state).p);
	assert_true(span_eq(
	    domain_display(SPAN("xn--mn\0a"), *state), SPAN("xn--mn\0a")));
	assert_true(span_eq(domain_display(SPAN("xn--" NAME253), *state),
	    SPAN("xn--" NAME253)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(names_have_one_normal_form_or_none),
	    TEST(absent_names_and_names_with_nul_are_none),
	    TEST(huge_names_are_none_at_once),
	    TEST(ids_that_are_no_names_keep_their_octets_in_lower_case),
	    TEST(a_name_is_within_itself_and_the_names_above_it),
	    TEST(labels_are_counted_and_taken_off_from_the_left),
	    TEST(a_labels_are_shown_as_u_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
