/* test_beside_prefetch: what mx_lint and beside query, in which round. */
/* SPDX-License-Identifier: ISC */

#include "fixture_server.h"

#include "lint/beside.h"

#define DOMAIN SPAN("example.org")

struct sent {
	const char *name;
	enum dns_type type;
};

static void
check_sent(struct dns *d, const struct sent *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!dns_is_sent(d, span_of(s[i].name), s[i].type))
			fail_msg(
			    "%s %d is not sent", s[i].name, (int)s[i].type);
	assert_int_equal(dns_sent(d), n);
}

/* A dns over a server that answers nothing, with some records of --set. */
static struct dns *
dns_with(
    const struct server *s, const char *const *sets, size_t n, struct arena *a)
{
	const char *const at[] = {s->address};
	const struct dns_config c = {.servers = at,
	    .nservers = 1,
	    .timeout = 0.3,
	    .sets = sets,
	    .nsets = n};
	struct span error;
	int status;
	struct dns *d = dns_new(&c, a, &error, &status);

	assert_non_null(d);
	return d;
}

/* All names that are known at first are queried at once, and nothing later. */
static void
the_first_round_has_all_names_below_the_domain(void **state)
{
	static const struct vbr_certifier certifiers[] = {
	    {{"c.test", 6}, false}, {{"d.test", 6}, true}};
	static const struct sent expect[] = {
	    {"example.org", DNS_MX},
	    {"example.org", DNS_A},
	    {"example.org", DNS_AAAA},
	    {"_mta-sts.example.org", DNS_TXT},
	    {"_smtp._tls.example.org", DNS_TXT},
	    {"default._bimi.example.org", DNS_TXT},
	    {"example.org._vouch.c.test", DNS_TXT},
	    {"example.org._vouch.d.test", DNS_A},
	};
	struct beside_method method = {.arena = arena_new(),
	    .tls = true,
	    .bimi = true,
	    .dnssec = true,
	    .certifiers = certifiers,
	    .ncertifiers = COUNT(certifiers),
	    .mta_sts_policy = SPAN("version: STSv1\nmode: enforce\n"
				   "max_age: 1\nmx: a.test\n")};
	struct server s;
	struct mx_lint mx;
	struct beside out;

	(void)state;
	server_start(&s);
	method.dns = dns_with(&s, NULL, 0, method.arena);
	mx_lint_prefetch(method.dns, DOMAIN);
	mx_lint_prefetch_hosts(method.dns, DOMAIN, method.arena);
	beside_prefetch(&method, DOMAIN);
	check_sent(method.dns, expect, COUNT(expect));
	mx_lint(DOMAIN, method.dns, method.arena, &mx);
	method.mx = &mx;
	beside(&method, DOMAIN, &out);
	check_sent(method.dns, expect, COUNT(expect));
	assert_int_equal(out.findings.failed, RESULT_TEMPERROR);
	dns_free(method.dns);
	server_stop(&s);
	arena_free(method.arena);
}

/* The hosts are known once the MX records are; --set has them at once. */
static void
the_second_round_has_all_hosts(void **state)
{
	static const char *const sets[] = {"example.org MX 1 a.test.",
	    "example.org MX 2 b.test.", "example.org MX 3 c.test."};
	static const struct sent expect[] = {
	    {"a.test", DNS_A},
	    {"a.test", DNS_AAAA},
	    {"b.test", DNS_A},
	    {"b.test", DNS_AAAA},
	    {"c.test", DNS_A},
	    {"c.test", DNS_AAAA},
	};
	struct arena *a = arena_new();
	struct server s;
	struct dns *d;
	struct mx_lint mx;

	(void)state;
	server_start(&s);
	d = dns_with(&s, sets, COUNT(sets), a);
	for (int i = 0; i < 2; i++) {
		mx_lint_prefetch_hosts(d, DOMAIN, a);
		check_sent(d, expect, COUNT(expect));
	}
	mx_lint(DOMAIN, d, a, &mx);
	check_sent(d, expect, COUNT(expect));
	assert_int_equal(mx.nhosts, 3);
	dns_free(d);
	server_stop(&s);
	arena_free(a);
}

/* Without a section nothing is queried for it. */
static void
only_what_is_asked_for_is_queried(void **state)
{
	static const struct sent tls[] = {{"_mta-sts.example.org", DNS_TXT},
	    {"_smtp._tls.example.org", DNS_TXT}};
	static const struct sent bimi[] = {
	    {"default._bimi.example.org", DNS_TXT}};
	struct beside_method method = {.arena = arena_new(), .tls = true};
	struct server s;

	(void)state;
	server_start(&s);
	method.dns = dns_with(&s, NULL, 0, method.arena);
	beside_prefetch(&method, DOMAIN);
	check_sent(method.dns, tls, COUNT(tls));
	dns_free(method.dns);
	method.tls = false;
	method.bimi = true;
	method.dns = dns_with(&s, NULL, 0, method.arena);
	beside_prefetch(&method, DOMAIN);
	check_sent(method.dns, bimi, COUNT(bimi));
	dns_free(method.dns);
	server_stop(&s);
	arena_free(method.arena);
}

/* Of "ad" all answers have the AD bit, which a server on this host may set. */
static void
validated_answers_are_counted(void **state)
{
	static const struct {
		const char *domain, *words;
	} cases[] = {
	    {"ad",
		"the resolver has validated 1 of 1 answers about the "
		"domain"},
	    {"data",
		"the resolver has validated 0 of 1 answers about the "
		"domain"},
	    {"silent", NULL},
	};
	struct client c;

	(void)state;
	client_start(&c, 0.3);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct beside_method method = {
		    .dns = c.d, .arena = c.a, .dnssec = true};
		struct beside out;

		dns_begin(c.d);
		dns_query(c.d, span_of(cases[i].domain), DNS_A);
		dns_query(c.d, SPAN("nodata"), DNS_A);
		beside(&method, span_of(cases[i].domain), &out);
		assert_int_equal(out.nlines, cases[i].words ? 1 : 0);
		if (!cases[i].words)
			continue;
		assert_string_equal(out.lines->id, "dnssec");
		same("dnssec", out.lines->words, cases[i].words);
	}
	client_stop(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_round_has_all_names_below_the_domain),
	    cmocka_unit_test(the_second_round_has_all_hosts),
	    cmocka_unit_test(only_what_is_asked_for_is_queried),
	    cmocka_unit_test(validated_answers_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
