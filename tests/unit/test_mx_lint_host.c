/* test_mx_lint_host: has mail to a host somewhere to go? */
/* SPDX-License-Identifier: ISC */

#include "fixture_zone.h"

#include "lint/mx_lint.h"

static const char *const names[] = {
    [MAIL_HOST_MX] = "mx",
    [MAIL_HOST_ADDRESS] = "address",
    [MAIL_HOST_NULL] = "null",
    [MAIL_HOST_NONE] = "none",
    [MAIL_HOST_MISSING] = "missing",
    [MAIL_HOST_UNKNOWN] = "unknown",
};

static void
a_host_gets_mail_by_its_mx_or_its_addresses(void **state)
{
	static const struct {
		const char *zone;
		enum mail_host expect;
	} cases[] = {
	    {"a. MX 10 b.", MAIL_HOST_MX},
	    {"a. MX 10 b.\na. A 192.0.2.1", MAIL_HOST_MX},
	    {"a. MX 0 .", MAIL_HOST_NULL},
	    {"a. MX 10 .", MAIL_HOST_NULL},
	    {"a. MX 0 .\na. A 192.0.2.1", MAIL_HOST_NULL},
	    {"a. MX 0 .\na. MX 10 b.", MAIL_HOST_MX},
	    {"a. A 192.0.2.1", MAIL_HOST_ADDRESS},
	    {"a. AAAA 2001:db8::1", MAIL_HOST_ADDRESS},
	    {"a. TXT x", MAIL_HOST_NONE},
	    {"b.a. TXT x", MAIL_HOST_NONE},
	    {"b. TXT x", MAIL_HOST_MISSING},
	    {"a. CNAME b.\nb. MX 10 c.", MAIL_HOST_MX},
	    {"a. CNAME b.\nb. A 192.0.2.1", MAIL_HOST_ADDRESS},
	    {"a. CNAME b.\nb. TXT x", MAIL_HOST_NONE},
	    {"a. CNAME b.", MAIL_HOST_MISSING},
	    {"a. CNAME a.", MAIL_HOST_UNKNOWN},
	    {";!TIMEOUT a. MX\na. A 192.0.2.1", MAIL_HOST_UNKNOWN},
	    {";!SERVFAIL a. A\na. TXT x", MAIL_HOST_UNKNOWN},
	    {";!SERVFAIL a. AAAA\na. TXT x", MAIL_HOST_UNKNOWN},
	    {";!SERVFAIL a. A\na. AAAA 2001:db8::1", MAIL_HOST_ADDRESS},
	    {";!SERVFAIL a. AAAA\na. A 192.0.2.1", MAIL_HOST_ADDRESS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(cases[i].zone), a);
		enum mail_host host;

		mail_host_prefetch(d, SPAN("a"));
		host = mail_host_query(d, SPAN("a"));
		if (host != cases[i].expect)
			fail_msg("%s: %s, not %s", cases[i].zone, names[host],
			    names[cases[i].expect]);
		dns_free(d);
		arena_free(a);
	}
}

static void
what_is_no_name_does_not_exist(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("a. A 192.0.2.1"), a);

	(void)state;
	assert_int_equal(mail_host_query(d, SPAN("a..b")), MAIL_HOST_MISSING);
	dns_free(d);
	arena_free(a);
}

/* MX, A and AAAA count once each, prefetched or not. */
static void
queries_count_against_the_limit(void **state)
{
	static const enum mail_host expect[] = {MAIL_HOST_UNKNOWN,
	    MAIL_HOST_UNKNOWN, MAIL_HOST_UNKNOWN, MAIL_HOST_ADDRESS};

	(void)state;
	for (size_t i = 0; i < COUNT(expect); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(SPAN("a. AAAA 2001:db8::1"), a);

		dns_limit(d, i);
		mail_host_prefetch(d, SPAN("a"));
		assert_int_equal(mail_host_query(d, SPAN("a")), expect[i]);
		assert_int_equal(dns_left(d), 0);
		dns_free(d);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_host_gets_mail_by_its_mx_or_its_addresses),
	    cmocka_unit_test(what_is_no_name_does_not_exist),
	    cmocka_unit_test(queries_count_against_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
