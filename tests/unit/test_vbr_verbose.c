/* test_vbr_verbose: what --verbose shows of a query. */
/* SPDX-License-Identifier: ISC */

#include "fixture_zone.h"
#include "vbr/vbr.h"

static const char zone[] =
    "a.example._vouch.one.example. 1 IN TXT \"transaction list\"\n"
    "a.example._vouch.one.example. 1 IN TXT \"v=spf1 -all\"\n"
    "a.example._vouch.two.example. 1 IN TXT \"all\"\n"
    "a.example._vouch.two.example. 1 IN TXT \"list\"\n"
    "a.example._vouch.bad.example. 1 IN TXT \"All\"\n"
    "a.example._vouch.dwl.example. 1 IN A 127.0.2.3\n"
    "a.example._vouch.other.example. 1 IN A 192.0.2.1\n"
    "a.example._vouch.refuses.example. 1 IN A 127.255.255.254\n"
    ";!SERVFAIL a.example._vouch.late.example. TXT\n"
    ";!TIMEOUT a.example._vouch.late.example. A\n";

/* The line of a query about a.example, mail of type list. */
static const struct {
	const char *certifier, *expect;
} cases[] = {
    {"one.example", "\"transaction list\": vouches (RFC 5518 5)"},
    {"two.example", "2 lists of types: multiple-records (RFC 5518 5)"},
    {"bad.example", "not a list of types: bad-record (RFC 5518 5)"},
    {"none.example", "no TXT record: not-listed (RFC 5518 5)"},
    {"dwl.example", "no TXT record: not-listed (RFC 5518 5)"},
    {"late.example", "the DNS returned SERVFAIL: dns-servfail (RFC 6212 4)"},
    {"late.example/a",
	"no DNS server answered in time: dns-timeout (RFC 6212 4)"},
    {"dwl.example/a", "127.0.2.3: vouches"},
    {"other.example/a", "192.0.2.1: other-address"},
    {"refuses.example/a", "127.255.255.254: query-refused"},
    {"one.example/a", "no address: not-listed"},
    {"none.example/a", "no address: not-listed"},
};

static void
of_each_answer_it_is_said_what_was_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(zone), a);
		struct vbr_certifier c;
		struct vbr_query q = {.domain = SPAN("a.example"),
		    .type = SPAN("list"),
		    .certifier = &c};
		struct result r = {.ndetail = 0};

		assert_true(
		    vbr_certifier_parse(span_of(cases[i].certifier), a, &c));
		vbr_query_answer(&q, d, a);
		vbr_verbose_query(&q, a, &r);
		assert_int_equal(r.ndetail, 1);
		same(cases[i].certifier, r.detail[0].text,
		    arena_printf(a, SPAN_FMT " about a.example, type list: %s",
			SPAN_ARG(c.host), cases[i].expect)
			.p);
		dns_free(d);
		arena_free(a);
	}
}

static void
of_who_is_not_asked_or_cannot_pass_now_it_is_said_why(void **state)
{
	struct arena *a = arena_new();
	const struct vbr_certifier c = {.host = SPAN("one.example")};
	struct vbr_query q = {.domain = SPAN("a.example"),
	    .type = SPAN("list"),
	    .certifier = &c,
	    .reason = VBR_NOT_AUTHENTICATED};
	struct result r = {.ndetail = 0};

	(void)state;
	vbr_verbose_query(&q, a, &r);
	q.is_queried = true;
	q.reason = VBR_AUTHENTICATION;
	q.answer.detail = SPAN("all");
	vbr_verbose_query(&q, a, &r);
	same("not queried", r.detail[0].text,
	    "one.example about a.example, type list: not queried: "
	    "not-authenticated (RFC 5518 7)");
	same("later", r.detail[1].text,
	    "one.example about a.example, type list: \"all\": "
	    "authentication-temperror (RFC 5518 7)");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_each_answer_it_is_said_what_was_there),
	    cmocka_unit_test(
		of_who_is_not_asked_or_cannot_pass_now_it_is_said_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
