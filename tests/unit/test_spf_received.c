/* test_spf_received: the field of each result and of each identity. */
/* SPDX-License-Identifier: ISC */

#include "fixture_received_spf.h"

static void
check_field(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, const char *wanted, struct arena *a)
{
	struct span got = unfold(
	    spf_received_field(v, e, scope, HOST, "\n", a), SPAN("\n"), a);

	if (!span_eq(got, span_of(wanted)))
		fail_msg(SPAN_FMT "\n%s", SPAN_ARG(got), wanted);
}

#define FROM   " identity=mailfrom; client-ip=192.0.2.1;"
#define VALUES " envelope-from=\"u@example.com\"; helo=h.example.com;"
#define TO     " receiver=mx.example.org;" FROM VALUES

static void
each_result_has_its_words(void **state)
{
	static const struct {
		enum spf_reason reason;
		const char *mechanism, *detail, *wanted;
	} c[] = {
	    {SPF_PASS, "ip4:192.0.2.0/24", NULL,
		"pass (mx.example.org: domain of u@example.com designates "
		"192.0.2.1 as permitted sender)" TO
		" mechanism=\"ip4:192.0.2.0/24\";"},
	    {SPF_PASS, "mx", "x",
		"pass (mx.example.org: domain of u@example.com designates "
		"192.0.2.1 as permitted sender)" TO " mechanism=mx;"},
	    {SPF_FAIL, "-all", "-all of example.com",
		"fail (mx.example.org: domain of u@example.com does not "
		"designate 192.0.2.1 as permitted sender)" TO
		" mechanism=-all;"},
	    {SPF_SOFTFAIL, "~all", NULL,
		"softfail (mx.example.org: transitioning domain of "
		"u@example.com does not designate 192.0.2.1 as permitted "
		"sender)" TO " mechanism=~all;"},
	    {SPF_NEUTRAL, "?all", NULL,
		"neutral (mx.example.org: 192.0.2.1 is neither permitted nor "
		"denied by domain of u@example.com)" TO " mechanism=\"?all\";"},
	    {SPF_DEFAULT, NULL, NULL,
		"neutral (mx.example.org: 192.0.2.1 is neither permitted nor "
		"denied by domain of u@example.com)" TO " mechanism=default;"},
	    {SPF_NO_RECORD, NULL, "example.com",
		"none (mx.example.org: no result for domain of u@example.com: "
		"the domain has no SPF record)" TO},
	    {SPF_LOOKUP_LIMIT, NULL, "include:x.example of example.com",
		"permerror (mx.example.org: permanent error for domain of "
		"u@example.com: the record needs too many lookups)" TO
		" problem=\"lookup-limit: include:x.example of "
		"example.com\";"},
	    {SPF_DNS_SERVFAIL, NULL, NULL,
		"temperror (mx.example.org: temporary error for domain of "
		"u@example.com: the DNS returned SERVFAIL)" TO
		" problem=dns-servfail;"},
	    {SPF_TERM_SYNTAX, NULL, "a\nb",
		"permerror (mx.example.org: permanent error for domain of "
		"u@example.com: the record has an unknown or malformed term)" TO
		" problem=term-syntax;"},
	};
	struct envelope e =
	    envelope(SPAN("h.example.com"), SPAN("u@example.com"));

	for (size_t i = 0; i < COUNT(c); i++) {
		struct spf_verdict v = {.reason = c[i].reason,
		    .mechanism = span_of(c[i].mechanism),
		    .detail = span_of(c[i].detail)};
		struct span wanted =
		    arena_printf(*state, "Received-SPF: %s", c[i].wanted);

		check_field(&v, &e, SPF_MAILFROM, wanted.p, *state);
	}
}

#define IDENTITY(id)                                           \
	"Received-SPF: pass (mx.example.org: domain of " id    \
	" designates 192.0.2.1 as permitted sender) receiver=" \
	"mx.example.org;"
#define MAILFROM " identity=mailfrom; client-ip=192.0.2.1;"
#define HELO     " identity=helo; client-ip=192.0.2.1;"
#define MATCH    " mechanism=mx;"

static void
each_identity_is_written_as_it_may_be(void **state)
{
	static const struct {
		struct span helo, sender;
		enum spf_scope scope;
		const char *wanted;
	} c[] = {
	    {S("h.example"), S("u@d.example"), SPF_HELO,
		IDENTITY("h.example") HELO
		" envelope-from=\"u@d.example\"; helo=h.example;" MATCH},
	    {S("h.example"), S(""), SPF_MAILFROM,
		IDENTITY("postmaster@h.example") MAILFROM
		" envelope-from=\"<>\"; helo=h.example;" MATCH},
	    {S("h.example"), S(""), SPF_HELO,
		IDENTITY("h.example") HELO
		" envelope-from=\"<>\"; helo=h.example;" MATCH},
	    {{NULL, 0}, S("d.example"), SPF_MAILFROM,
		IDENTITY("d.example") MAILFROM
		" envelope-from=d.example;" MATCH},
	    {{NULL, 0}, S(""), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM " envelope-from=\"<>\";" MATCH},
	    {S("h.example"), {NULL, 0}, SPF_HELO,
		IDENTITY("h.example") HELO " helo=h.example;" MATCH},
	    {S("[192.0.2.6]"), S("SRS0=a=b=c.example=u@d.example"),
		SPF_MAILFROM,
		IDENTITY("SRS0=a=b=c.example=u@d.example") MAILFROM
		" envelope-from=\"SRS0=a=b=c.example=u@d.example\""
		"; helo=\"[192.0.2.6]\";" MATCH},
	    {S(""), S("\"u;x=y\\\\\"@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM
		" envelope-from=\"\\\"u;x=y\\\\\\\\\\\""
		"@d.example\"; helo=\"\";" MATCH},
	    {S("a)b"), S("a b@d.example"), SPF_HELO,
		IDENTITY("the HELO") HELO
		" envelope-from=\"a b@d.example\"; helo=\"a)b\";" MATCH},
	    {S("=?utf-8?q?a?="), S("a..b"), SPF_HELO,
		IDENTITY("the HELO") HELO " envelope-from=\"a..b\";" MATCH},
	    {S("?q?x?="), S("dmarc=pass@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM " helo=\"?q?x?=\";" MATCH},
	    /* what is not printable ASCII is left out */
	    {S("h\0"), S("\xc3\xb6@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	    {S("h\t"), S("u\r\nX: y@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	    {S("h\x7f"), S("u\x80"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct envelope e = envelope(c[i].helo, c[i].sender);
		struct spf_verdict v = {
		    .reason = SPF_PASS, .mechanism = SPAN("mx")};

		check_field(&v, &e, c[i].scope, c[i].wanted, *state);
	}
}

static void
an_ipv6_client_is_quoted(void **state)
{
	struct envelope e = envelope(SPAN("h"), SPAN("u@d.example"));
	struct spf_verdict v = {.reason = SPF_PASS};

	assert_true(ip_parse(SPAN("2001:DB8:0::1"), &e.ip));
	check_field(&v, &e, SPF_HELO,
	    "Received-SPF: pass (mx.example.org: domain of h designates "
	    "2001:db8::1 as permitted sender) receiver=mx.example.org; "
	    "identity=helo; client-ip=\"2001:db8::1\"; "
	    "envelope-from=\"u@d.example\"; helo=h; mechanism=default;",
	    *state);
}

static void
nothing_known_is_a_field_too(void **state)
{
	struct envelope e = {.has_ip = false};
	struct spf_verdict v = {.reason = SPF_NO_IDENTITY};
	struct span got =
	    spf_received_field(&v, &e, SPF_MAILFROM, SPAN_NONE, "\r\n", *state);

	got = unfold(got, SPAN("\r\n"), *state);
	assert_true(span_eq(got,
	    SPAN("Received-SPF: none (no result for domain of the sender: "
		 "no identity that can be trusted is known) "
		 "identity=mailfrom;")));
	v.reason = SPF_PASS;
	got = spf_received_field(&v, &e, SPF_HELO, SPAN("a b"), "\n", *state);
	got = unfold(got, SPAN("\n"), *state);
	assert_true(span_eq(got,
	    SPAN("Received-SPF: pass (domain of the HELO designates "
		 "the client as permitted sender) receiver=\"a b\"; "
		 "identity=helo; mechanism=default;")));
}

static void
the_field_is_folded(void **state)
{
	struct envelope e =
	    envelope(SPAN("h.example.com"), SPAN("u@example.com"));
	struct spf_verdict v = {.reason = SPF_PASS, .mechanism = SPAN("mx")};
	struct span got =
	    spf_received_field(&v, &e, SPF_MAILFROM, HOST, "\r\n", *state);

	assert_true(span_eq(got,
	    SPAN("Received-SPF: pass (mx.example.org: domain of u@example.com "
		 "designates\r\n"
		 "\t192.0.2.1 as permitted sender) receiver=mx.example.org;"
		 "\r\n"
		 "\tidentity=mailfrom; client-ip=192.0.2.1; "
		 "envelope-from=\"u@example.com\";\r\n"
		 "\thelo=h.example.com; mechanism=mx;\r\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_result_has_its_words),
	    TEST(each_identity_is_written_as_it_may_be),
	    TEST(an_ipv6_client_is_quoted),
	    TEST(nothing_known_is_a_field_too),
	    TEST(the_field_is_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
