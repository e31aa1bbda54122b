/* test_mail_setup: the score of a domain, and what it counts. The answers are
 * tested by 1140-domain-check-zones.t. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "fixture_zone.h"
#include "lint/mail_setup.h"

#define SILENT                               \
	"example.org. TXT \"v=spf1 -all\"\n" \
	"_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n"

/* Checks example.org with sections whose bits are set. */
static void
check(const char *zone, unsigned sections, const char *selector,
    struct arena *a, struct mail_setup *out)
{
	const struct dkim_lint_selector named = {
	    .selector = span_of(selector), .source = DKIM_LINT_NAMED};
	struct mail_setup_method method = {
	    .dmarc = {.dns = dns_of(span_of(zone), a), .arena = a},
	    .selectors = &named,
	    .nselectors = selector != NULL};

	for (size_t i = 0; i < MAIL_SETUP_SECTIONS; i++)
		method.asked[i] = sections >> i & 1;
	mail_setup(&method, SPAN("example.org"), out);
	dns_free(method.dmarc.dns);
}

#define ALL ((1u << MAIL_SETUP_SECTIONS) - 1)

static void
the_score_counts_what_is_asked(void **state)
{
	static const struct {
		const char *zone;
		unsigned sections;
		const char *selector;
		unsigned low, high, of;
	} cases[] = {
	    {SILENT, ALL, NULL, 5, 5, 5},
	    /* Without SPF it is not known that no mail is sent. */
	    {SILENT, 1u << MAIL_SETUP_DMARC, NULL, 2, 2, 3},
	    {SILENT, 1u << MAIL_SETUP_SPF, NULL, 1, 1, 1},
	    {SILENT, 1u << MAIL_SETUP_SPF | 1u << MAIL_SETUP_DMARC, NULL, 4, 4,
		4},
	    {SILENT, 1u << MAIL_SETUP_MX, NULL, 0, 0, 0},
	    {SILENT "a._domainkey.example.org. A 192.0.2.1\n",
		1u << MAIL_SETUP_DKIM, NULL, 0, 1, 1},
	    {"x.example.org. A 192.0.2.1\n", ALL, NULL, 0, 0, 5},
	    /* It is not known whether it sends mail, and needs reports. */
	    {";!SERVFAIL example.org. TXT\n"
	     "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n"
	     ";!SERVFAIL a._domainkey.example.org. TXT\n",
		ALL, "a", 2, 5, 5},
	    {"example.org. TXT \"v=spf1 -all\"\n"
	     ";!SERVFAIL _dmarc.example.org. TXT\n"
	     "a._domainkey.example.org. TXT \"v=DKIM1; p=\"\n",
		ALL, "a", 1, 5, 5},
	    /* It does. */
	    {"example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
	     "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n"
	     ";!SERVFAIL a._domainkey.example.org. TXT\n",
		ALL, "a", 3, 4, 5},
	    {";!SERVFAIL example.org. TXT\n"
	     "_dmarc.example.org. TXT \"v=DMARC1; p=quarantine\"\n"
	     "a._domainkey.example.org. TXT \"v=DKIM1; p=\"\n",
		ALL, "a", 2, 3, 5},
	    /* No selector is named, so no key is queried. */
	    {SILENT ";!SERVFAIL _domainkey.example.org. TXT\n", ALL, NULL, 5, 5,
		5},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct mail_setup s;

		check(
		    cases[i].zone, cases[i].sections, cases[i].selector, a, &s);
		assert_int_equal(s.low, cases[i].low);
		assert_int_equal(s.high, cases[i].high);
		assert_int_equal(s.of, cases[i].of);
		arena_free(a);
	}
}

static void
a_domain_without_anything_has_nothing(void **state)
{
	static const struct {
		const char *zone;
		unsigned sections;
		bool nothing;
	} cases[] = {
	    {"x.example.org. A 192.0.2.1\n", ALL, true},
	    {"x.example.net. A 192.0.2.1\n", ALL, true},
	    {SILENT, ALL, false},
	    {SILENT, 1u << MAIL_SETUP_MX, true},
	    {"example.org. MX 10 mx.example.org.\n", ALL, false},
	    {"example.org. MX 0 .\n", ALL, false},
	    /* What is not known may be there. */
	    {";!SERVFAIL example.org. MX\n", ALL, false},
	    /* Whether it sends mail, DKIM alone does not tell. */
	    {"x.example.org. A 192.0.2.1\n", 1u << MAIL_SETUP_DKIM, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct mail_setup s;

		check(cases[i].zone, cases[i].sections, NULL, a, &s);
		assert_int_equal(s.nothing, cases[i].nothing);
		arena_free(a);
	}
}

static void
a_failure_is_told_even_if_no_answer_is_open(void **state)
{
	struct arena *a = arena_new();
	struct mail_setup s;

	(void)state;
	check("example.org. TXT \"v=spf1 -all exp=e.example.org\"\n"
	      ";!SERVFAIL e.example.org. TXT\n",
	    1u << MAIL_SETUP_SPF, NULL, a, &s);
	assert_int_equal(s.low, 1);
	assert_int_equal(s.findings.failed, RESULT_TEMPERROR);
	arena_free(a);
}

static bool
has(const struct mail_setup *s, const char *section, const char *id)
{
	for (size_t i = 0; i < s->findings.n; i++)
		if (!strcmp(s->findings.list[i].section, section) &&
		    !strcmp(s->findings.list[i].kind->id, id))
			return true;
	return false;
}

/* Each of the three conditions alone is not enough. */
static void
only_a_domain_that_sends_no_mail_needs_no_key(void **state)
{
	static const struct {
		const char *zone;
		bool silent;
	} cases[] = {
	    {SILENT, true},
	    {SILENT "example.org. MX 10 mx.example.org.\n", true},
	    {SILENT "a._domainkey.example.org. TXT \"v=DKIM1; p=\"\n", true},
	    {"example.org. TXT \"v=spf1 ~all\"\n"
	     "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n",
		false},
	    {"example.org. TXT \"v=spf1 -all\"\n"
	     "_dmarc.example.org. TXT \"v=DMARC1; p=quarantine\"\n",
		false},
	    {SILENT "a._domainkey.example.org. TXT \"v=DMARC1; k=ed25519; "
		    "p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=\"\n",
		true},
	    {SILENT "a._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; "
		    "p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=\"\n",
		false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct mail_setup s;

		check(cases[i].zone, ALL, "a", a, &s);
		assert_int_equal(s.questions[QUESTION_REPORTS].answer,
		    cases[i].silent ? ANSWER_YES : ANSWER_NO);
		assert_int_equal(
		    has(&s, "dmarc", "no-reports"), !cases[i].silent);
		if (cases[i].silent) {
			assert_int_equal(
			    s.questions[QUESTION_DKIM].answer, ANSWER_YES);
			assert_false(has(&s, "dkim", "key-revoked"));
			assert_false(has(&s, "dkim", "no-key"));
		}
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_score_counts_what_is_asked),
	    cmocka_unit_test(a_domain_without_anything_has_nothing),
	    cmocka_unit_test(a_failure_is_told_even_if_no_answer_is_open),
	    cmocka_unit_test(only_a_domain_that_sends_no_mail_needs_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
