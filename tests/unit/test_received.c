/* test_received: the client in Received fields. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "mail/received.h"

#define BY   " by mx.example.org (Postfix) with ESMTP id 1"
#define DATE "; Thu, 01 Jan 1970 00:00:10 +0000"

struct field_case {
	const char *body, *by, *helo, *ip;
	int64_t date; /* -1: no date */
};

static void
check_text(struct span got, const char *wanted, const char *body)
{
	if (!got.p != !wanted || !span_eq(got, span_of(wanted)))
		fail_msg("%s: " SPAN_FMT, body, SPAN_ARG(got));
}

static void
check(const struct field_case *c, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		struct received r;
		char text[IP_TEXT] = "";

		received_parse(span_of(c[i].body), a, &r);
		check_text(r.by, c[i].by, c[i].body);
		check_text(r.helo, c[i].helo, c[i].body);
		if (r.has_ip)
			ip_text(&r.ip, text);
		check_text(span_of(r.has_ip ? text : NULL), c[i].ip, c[i].body);
		if (r.has_date != (c[i].date >= 0) ||
		    (r.has_date && r.date != c[i].date))
			fail_msg("%s: %d %lld", c[i].body, (int)r.has_date,
			    (long long)r.date);
	}
}

static void
fields_of_known_servers_are_read(void **state)
{
	static const struct field_case c[] = {
	    /* Postfix */
	    {" from helo.example (name.example [192.0.2.1])\r\n"
	     "\tby MX.example.org (Postfix) with ESMTP id 4X\r\n"
	     "\tfor <a@example.org>; Thu,  1 Jan 1970 01:00:10 +0100 (CET)",
		"mx.example.org", "helo.example", "192.0.2.1", 10},
	    {"from helo (unknown [IPv6:2001:db8::1])\n"
	     "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 "
	     "bits)\n\t key-exchange X25519 server-signature RSA-PSS (2048 "
	     "bits) server-digest SHA256)\n"
	     "\t(Client CN \"x [192.0.2.6]\", Issuer \"y\" (verified OK))\n"
	     "\t(Authenticated sender: u@example.org)" BY DATE,
		"mx.example.org", "helo", "2001:db8::1", 10},
	    {"from localhost (localhost [127.0.0.1])" BY DATE, "mx.example.org",
		"localhost", "127.0.0.1", 10},
	    {"by mx.example.org (Postfix, from userid 1000)\n\tid 1" DATE,
		"mx.example.org", NULL, NULL, 10},
	    /* Exim */
	    {"from [192.0.2.1] (helo=foo)\n\tby mx.example.org with esmtp "
	     "(Exim 4.96)\n\t(envelope-from <a@b>)\n\tid 1-2-3\n\tfor c@d" DATE,
		"mx.example.org", "foo", "192.0.2.1", 10},
	    {"from [2001:db8::1] (port=4242 helo=foo ident=x) by m" DATE, "m",
		"foo", "2001:db8::1", 10},
	    {"from [192.0.2.1] (port=4242) by m" DATE, "m", "[192.0.2.1]",
		"192.0.2.1", 10},
	    {"from [192.0.2.1] by m with smtp (Exim 4.96) id x" DATE, "m",
		"[192.0.2.1]", "192.0.2.1", 10},
	    {"from name.example ([192.0.2.1] helo=foo)\n\tby m with esmtps "
	     "(TLS1.3) tls TLS_AES_256_GCM_SHA384\n\t(Exim 4.96) id x" DATE,
		"m", "foo", "192.0.2.1", 10},
	    {"from name ([192.0.2.1]:4242 helo=[192.0.2.6]) by m" DATE, "m",
		"[192.0.2.6]", "192.0.2.1", 10},
	    {"from name.example ([192.0.2.1]) by m (Exim 4.96)" DATE, "m",
		"name.example", "192.0.2.1", 10},
	    /* sendmail */
	    {"from helo (name.example [192.0.2.1] (may be forged))\n"
	     "\tby m (8.17.1/8.17.1) with ESMTP id x" DATE,
		"m", "helo", "192.0.2.1", 10},
	    {"from helo (IDENT:u@name.example [192.0.2.1]) by m (8.17)" DATE,
		"m", "helo", "192.0.2.1", 10},
	    {"from helo (name [IPv6:2001:db8:0:0:0:0:0:1]) by m" DATE, "m",
		"helo", "2001:db8::1", 10},
	    {"(from u@localhost) by m (8.17.1/8.17.1/Submit) id x" DATE, "m",
		NULL, NULL, 10},
	    {"(from name.example [192.0.2.1]) by m (8.17.1/8.17.1)" DATE, "m",
		NULL, "192.0.2.1", 10},
	    /* qmail */
	    {"from unknown (HELO foo) (192.0.2.1)\n  by m with SMTP; "
	     "1 Jan 1970 00:00:10 -0000",
		"m", "foo", "192.0.2.1", 10},
	    {"from name (EHLO foo) (u@192.0.2.1) by m with ESMTPA" DATE, "m",
		"foo", "192.0.2.1", 10},
	    {"from foo (192.0.2.1) by m with SMTP" DATE, "m", "foo",
		"192.0.2.1", 10},
	    {"from name (HELO [192.0.2.6]) (192.0.2.1) by m" DATE, "m",
		"[192.0.2.6]", "192.0.2.1", 10},
	    {"from name (HELO foo) ([192.0.2.1]) (envelope-sender <a@b>)\n"
	     "\tby m (qmail-ldap-1.03) with SMTP for <c@d>" DATE,
		"m", "foo", "192.0.2.1", 10},
	    {"(qmail 1234 invoked by uid 89); 1 Jan 1970 00:00:10 -0000", NULL,
		NULL, NULL, 10},
	    /* Exchange */
	    {"from helo.example (192.0.2.1) by M.example (198.51.100.1) with "
	     "Microsoft\n SMTP Server (version=TLS1_2, cipher=X) id 15.20 via "
	     "Frontend Transport; Thu, 1 Jan 1970 00:00:10 +0000",
		"m.example", "helo.example", "192.0.2.1", 10},
	    {"from A.example (2001:db8::1)\r\n by B.example "
	     "(2001:db8::2) with Microsoft SMTP Server id 15" DATE,
		"b.example", "A.example", "2001:db8::1", 10},
	    {"from helo ([192.0.2.1]) by m with Microsoft SMTPSVC(10.0)" DATE,
		"m", "helo", "192.0.2.1", 10},
	    {"from mail pickup service by m with Microsoft SMTPSVC" DATE, "m",
		"mail", NULL, 10},
	    /* Gmail */
	    {"by 2002:a05:6402::1 with SMTP id x;\r\n        Thu, 01 Jan 1970 "
	     "00:00:10 -0000 (GMT)",
		"2002:a05:6402::1", NULL, NULL, 10},
	    {"from helo.example (name.example. [192.0.2.1])\n        by "
	     "mx.google.com with ESMTPS id x" DATE,
		"mx.google.com", "helo.example", "192.0.2.1", 10},
	    /* OpenSMTPD, Courier, CommuniGate */
	    {"from helo (name [192.0.2.1])\n\tby m (OpenSMTPD) with ESMTP id "
	     "0a\n\tfor <a@b>;\n\tThu, 1 Jan 1970 00:00:10 +0000 (UTC)",
		"m", "helo", "192.0.2.1", 10},
	    {"from helo (name [::ffff:192.0.2.1])\n  (TLS: X,256bits)\n"
	     "  by m with ESMTPS" DATE,
		"m", "helo", "192.0.2.1", 10},
	    {"from [192.0.2.1] (HELO foo)\n  by m (CommuniGate Pro)" DATE, "m",
		"foo", "192.0.2.1", 10},
	    /* others */
	    {"from a by b", "b", "a", NULL, -1},
	    {"FROM a BY B.", "b", "a", NULL, -1},
	    {"with ECARTIS (v1.0.0); 1 Jan 70 00:00:10 GMT", NULL, NULL, NULL,
		10},
	    {"from a (unknown [unknown]) by b" DATE, "b", "a", NULL, 10},
	    {"from a by b; never", "b", "a", NULL, -1},
	    {"", NULL, NULL, NULL, -1},
	    {";", NULL, NULL, NULL, -1},
	};

	check(c, COUNT(c), *state);
}

static void
a_helo_cannot_choose_the_ip(void **state)
{
	static const struct field_case c[] = {
	    /* a literal */
	    {"from [192.0.2.6] (name [192.0.2.1])" BY DATE, "mx.example.org",
		"[192.0.2.6]", "192.0.2.1", 10},
	    {"from [192.0.2.6] (unknown [192.0.2.1]) by m" DATE, "m",
		"[192.0.2.6]", "192.0.2.1", 10},
	    {"from [192.0.2.1] ([192.0.2.1]) by m" DATE, "m", "[192.0.2.1]",
		"192.0.2.1", 10},
	    {"from [192.0.2.6] by m with SMTP" DATE, "m", "[192.0.2.6]", NULL,
		10},
	    {"from [192.0.2.6] (unknown) by m" DATE, "m", "[192.0.2.6]", NULL,
		10},
	    {"from [192.0.2.6] ([192.0.2.1]) by m" DATE, "m", "[192.0.2.6]",
		NULL, 10},
	    {"from [192.0.2.6] (192.0.2.1) by m" DATE, "m", "[192.0.2.6]", NULL,
		10},
	    {"from 192.0.2.6 by m" DATE, "m", "192.0.2.6", NULL, 10},
	    {"from 192.0.2.6 (name [192.0.2.1]) by m" DATE, "m", "192.0.2.6",
		"192.0.2.1", 10},
	    /* with its own comment */
	    {"from e (x [192.0.2.6]) (name [192.0.2.1]) by m" DATE, "m", "e",
		NULL, 10},
	    {"from e (192.0.2.6) (192.0.2.1) by m" DATE, "m", "e", NULL, 10},
	    {"from e (helo=x) (name [192.0.2.1]) by m" DATE, "m", "x",
		"192.0.2.1", 10},
	    {"from [192.0.2.6] (helo=x) (name [192.0.2.1]) by m" DATE, "m", "x",
		NULL, 10},
	    {"from n (HELO x) (192.0.2.6) (192.0.2.1) by m" DATE, "m", "x",
		NULL, 10},
	    /* inside the server's comment */
	    {"from n ([192.0.2.1] helo=x [192.0.2.6]) by m" DATE, "m", "x",
		NULL, 10},
	    {"from [192.0.2.1] (helo=x [192.0.2.6]) by m" DATE, "m", "x", NULL,
		10},
	    {"from [192.0.2.1] (helo=x) (y [192.0.2.6]) by m" DATE, "m", "x",
		NULL, 10},
	    {"from [192.0.2.1] (helo=x (y [192.0.2.6])) by m" DATE, "m", "x",
		NULL, 10},
	    {"from n ([192.0.2.1] helo=x) (y [192.0.2.6]) by m" DATE, "m", "x",
		NULL, 10},
	    {"from n (HELO x [192.0.2.6]) (192.0.2.1) by m" DATE, "m", "x",
		NULL, 10},
	    {"from n (u x@y [192.0.2.1]) by m" DATE, "m", "n", NULL, 10},
	    /* what the server wrote is in a comment of the client's */
	    {"from e (x [192.0.2.6]) (y (name [192.0.2.1]) (Client CN \"z)\") "
	     "by m" DATE,
		"m", "e", NULL, 10},
	    {"from e (192.0.2.6) (y (HELO z) (u@192.0.2.1)) by m" DATE, "m",
		"e", NULL, 10},
	    {"from e (x [192.0.2.6]) (y (u[6]@192.0.2.1)) by m" DATE, "m", "e",
		NULL, 10},
	    {"from e (x [192.0.2.6]) (y (name[192.0.2.1])) by m" DATE, "m", "e",
		NULL, 10},
	    {"from e (x [192.0.2.6]) (y\\ (name [192.0.2.1])) by m" DATE, "m",
		"e", NULL, 10},
	    {"from e (x [192.0.2.1]) (y (name [192.0.2.1])) by m" DATE, "m",
		"e", "192.0.2.1", 10},
	    {"from e (x [192.0.2.6]) by q (y (n [192.0.2.1]) by m for <)>" DATE,
		"q", "e", NULL, 10},
	    /* the client's name is "HELO" */
	    {"from [192.0.2.6] (HELO [192.0.2.1]) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from e (192.0.2.6) (HELO [192.0.2.1]) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from e (x) (192.0.2.6) (HELO [192.0.2.1]) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from e (HELO [192.0.2.1]) (TLS) (192.0.2.6) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from e (HELO [192.0.2.1]) (IDENT: [192.0.2.6]) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from e (HELO [192.0.2.1] (x)) (192.0.2.6) by m" DATE, "m",
		"[192.0.2.1]", NULL, 10},
	    {"from [192.0.2.6] (n [192.0.2.1] (HELO x)) by m" DATE, "m",
		"[192.0.2.6]", NULL, 10},
	    /* an address as a name */
	    {"from 192.0.2.6 (HELO x) (192.0.2.1) by m" DATE, "m", "x", NULL,
		10},
	    {"from 192.0.2.1 (HELO x) (192.0.2.1) by m" DATE, "m", "x",
		"192.0.2.1", 10},
	    {"from n (HELO 192.0.2.6) (192.0.2.1) by m" DATE, "m", "192.0.2.6",
		"192.0.2.1", 10},
	    /* several words */
	    {"from e x (name [192.0.2.1]) by m" DATE, "m", "e", NULL, 10},
	    {"from e (name [192.0.2.1]) x by m" DATE, "m", "e", NULL, 10},
	    /* a whole clause: the field is illegible */
	    {"from e (x [192.0.2.6]) by m with SMTP (n [192.0.2.1]) by m" DATE,
		NULL, NULL, NULL, -1},
	    {"from e by m (n [192.0.2.1]) by m" DATE, NULL, NULL, NULL, -1},
	    {"by m from e" DATE, NULL, NULL, NULL, -1},
	    {"from e; by m" DATE, NULL, NULL, NULL, -1},
	    {"from e( (name [192.0.2.1]) by m" DATE, NULL, NULL, NULL, -1},
	    {"from e) (name [192.0.2.1]) by m" DATE, NULL, NULL, NULL, -1},
	    {"from n ([192.0.2.1] helo=x\\) by m" DATE, NULL, NULL, NULL, -1},
	    {"from n ([192.0.2.1] helo=x) y) by m" DATE, NULL, NULL, NULL, -1},
	    {"from e (name [192.0.2.1])" DATE, NULL, NULL, NULL, -1},
	    {"from by m" DATE, NULL, NULL, NULL, -1},
	    {"from" DATE, NULL, NULL, NULL, -1},
	    {"from e by" DATE, NULL, NULL, NULL, -1},
	    {"from e by (name [192.0.2.1]) by m" DATE, NULL, NULL, NULL, -1},
	    {"from e (name [192.0.2.1]) by (x) m" DATE, NULL, NULL, NULL, -1},
	    {"from e (a \\( [192.0.2.6]) by m" DATE, NULL, NULL, NULL, -1},
	    /* odd but clear */
	    {"from e (HELO) (192.0.2.1) by m" DATE, "m", "e", "192.0.2.1", 10},
	    {"from e (HELO (x)) (192.0.2.1) by m" DATE, "m", "e", "192.0.2.1",
		10},
	    {"from by (name [192.0.2.1]) by m" DATE, "m", "by", "192.0.2.1",
		10},
	    {"from (name [192.0.2.1]) by m" DATE, "m", NULL, "192.0.2.1", 10},
	    {"from from (name [192.0.2.1]) by m" DATE, "m", "from", "192.0.2.1",
		10},
	    {"from e (name[192.0.2.1]) by m" DATE, "m", "e", NULL, 10},
	    {"from e (name [192.0.2.1]x) by m" DATE, "m", "e", NULL, 10},
	    {"from e (name [192.0.2.1]:) by m" DATE, "m", "e", NULL, 10},
	    {"from e (name [192.0.2.1]:65536) by m" DATE, "m", "e", NULL, 10},
	};

	check(c, COUNT(c), *state);
}

static void
long_fields_take_linear_time(void **state)
{
	static const char units[] = "(;)[\\ ";

	for (size_t i = 0; units[i]; i++) {
		size_t n = (size_t)1 << 20;
		char *text = malloc(n);
		struct received r;

		for (size_t k = 0; k < n; k++)
			text[k] = units[i];
		received_parse((struct span){text, n}, *state, &r);
		assert_null(r.by.p);
		free(text);
	}
}

#define OURS   "mx.example.org"
#define INNER  "from r (r [10.0.0.1]) by mx.example.org" DATE
#define CLIENT "from c (c [192.0.2.1]) by mx.example.org" DATE
#define RELAY  "from c (c [192.0.2.2]) by relay.example" DATE
#define FORGED "from f (f [192.0.2.6]) by mx.example.org" DATE
#define LOCAL  "by mx.example.org (Postfix, from userid 1)" DATE
#define LMTP   "from MX.example.org by mx.example.org. with LMTP id 1" DATE
#define CYRUS                                                              \
	"from mx.example.org ([unix socket])\n\tby mx.example.org (Cyrus " \
	"3.6) with LMTPA" DATE
#define INVOKED "(qmail 1 invoked from network)" DATE
#define TRUST   "10.0.0.0/8"
#define HELO(x) "from " x " (n [192.0.2.66]) by mx.example.org" DATE

struct search_case {
	const char *field[4];
	const char *trusted[2];
	size_t index;
};

static void
check_search(const struct search_case *c, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		struct field field[5] = {
		    {.name = SPAN("Subject"), .body = SPAN(CLIENT)}};
		struct message m = {.fields = field, .nfields = 1};
		struct ip_network trusted[2];
		struct received found;
		size_t nets = 0, got;

		for (size_t k = 0; k < 4 && c[i].field[k]; k++) {
			field[k + 1].name = SPAN("RECEIVED");
			field[k + 1].body = span_of(c[i].field[k]);
			m.nfields++;
		}
		for (; nets < 2 && c[i].trusted[nets]; nets++)
			assert_true(ip_parse_network(
			    span_of(c[i].trusted[nets]), &trusted[nets]));
		got = received_find(&m, SPAN(OURS), trusted, nets, a, &found);
		if (got != (c[i].index == SIZE_MAX ? SIZE_MAX : c[i].index + 1))
			fail_msg("%s: %zu", c[i].field[0], got);
		assert_int_equal(found.has_ip, got != SIZE_MAX);
		assert_int_equal(!found.by.p, got == SIZE_MAX);
	}
}

static void
the_field_of_this_host_below_its_relays_is_found(void **state)
{
	static const struct search_case c[] = {
	    {{CLIENT}, {NULL}, 0},
	    {{CLIENT, FORGED}, {NULL}, 0},
	    {{CLIENT, FORGED}, {TRUST}, 0},
	    {{INVOKED, CLIENT}, {NULL}, 1},
	    {{RELAY, CLIENT}, {NULL}, 1},
	    {{RELAY}, {NULL}, SIZE_MAX},
	    {{RELAY}, {TRUST}, SIZE_MAX},
	    {{NULL}, {NULL}, SIZE_MAX},
	    {{INNER, RELAY}, {NULL}, 0},
	    {{INNER, RELAY}, {TRUST}, 1},
	    {{INNER, RELAY, FORGED}, {TRUST}, 1},
	    {{INNER, INNER, RELAY}, {TRUST}, 2},
	    {{INNER, INVOKED, RELAY}, {TRUST}, 2},
	    {{INNER}, {TRUST}, SIZE_MAX},
	    {{INNER, RELAY, CLIENT}, {TRUST, "192.0.2.2"}, 2},
	    {{INNER, RELAY, CLIENT}, {TRUST, "192.0.2.0/24"}, SIZE_MAX},
	    /* local submission is trusted where 127.0.0.1 is */
	    {{LOCAL, CLIENT}, {TRUST}, SIZE_MAX},
	    {{LOCAL, CLIENT}, {TRUST, "127.0.0.0/8"}, 1},
	    {{LOCAL}, {"127.0.0.1"}, SIZE_MAX},
	    /* and so is a local delivery */
	    {{LMTP, CLIENT}, {"127.0.0.1"}, 1},
	    {{CYRUS, CLIENT}, {"127.0.0.1"}, 1},
	    {{LMTP, CLIENT}, {TRUST}, SIZE_MAX},
	    {{"from c by mx.example.org with LMTP", FORGED}, {"127.0.0.1"},
		SIZE_MAX},
	    {{"from mx.example.org by mx.example.org with SMTP", FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    {{"from mx.example.org by mx.example.org id LMTP", FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    {{"from mx.example.org by mx.example.org id x with LMTP", FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    {{"from mx.example.org (unknown [unknown]) by mx.example.org with "
	      "LMTP",
		 FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    {{"from mx.example.org ([192.0.2.1]) by mx.example.org with LMTP",
		 FORGED},
		{"127.0.0.1"}, 0},
	    /* a field that names no client, or cannot be read, ends it */
	    {{"from c by mx.example.org", FORGED}, {TRUST}, SIZE_MAX},
	    {{"from c by mx.example.org", FORGED}, {"0.0.0.0/0"}, SIZE_MAX},
	    {{"from c (x [192.0.2.1]) (y [192.0.2.2]) by mx.example.org",
		 FORGED},
		{TRUST}, SIZE_MAX},
	    {{"from c by x (c [192.0.2.1]) by mx.example.org", FORGED}, {NULL},
		SIZE_MAX},
	    {{"from c( (c [192.0.2.1]) by mx.example.org", FORGED}, {NULL},
		SIZE_MAX},
	    {{"from c; (c [192.0.2.1]) by mx.example.org", FORGED}, {NULL},
		SIZE_MAX},
	    {{"(from a b [192.0.2.1]) by mx.example.org", FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    {{INNER, "from c by relay.example", FORGED}, {TRUST}, SIZE_MAX},
	};

	check_search(c, COUNT(c), *state);
}

static void
a_client_cannot_hide_the_field_of_this_host(void **state)
{
	static const struct search_case c[] = {
	    /* words of a clause as HELO, with and without an address after */
	    {{HELO("x by"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("by by"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("from by"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("(x) by"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("x by (y)"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("x by y"), FORGED}, {NULL}, SIZE_MAX},
	    {{HELO("x by y ("), FORGED}, {NULL}, SIZE_MAX},
	    {{"from x by 192.0.2.66 by mx.example.org", FORGED}, {NULL},
		SIZE_MAX},
	    {{HELO("by"), FORGED}, {NULL}, 0},
	    {{HELO("by \\"), FORGED}, {NULL}, SIZE_MAX},
	    /* "by" another host before what the server wrote */
	    {{"from x (y [192.0.2.6]) by e.example ((n [192.0.2.66])\n\tby "
	      "mx.example.org for <)>",
		 FORGED},
		{NULL}, SIZE_MAX},
	    {{"by e.example ((n [192.0.2.66]) by MX.example.org. for <)>",
		 FORGED},
		{NULL}, SIZE_MAX},
	    {{"from x by y (n [192.0.2.66] by mx.example.org)", FORGED}, {NULL},
		SIZE_MAX},
	    /* by this host twice */
	    {{"from x (y [192.0.2.6]) by mx.example.org ((n [192.0.2.66]) by "
	      "mx.example.org for <)>",
		 FORGED},
		{NULL}, SIZE_MAX},
	    {{"from x (n [192.0.2.66]) by mx.example.org for <(by "
	      "mx.example.org)>",
		 FORGED},
		{NULL}, SIZE_MAX},
	    /* a recipient */
	    {{"from x (n [192.0.2.66]) by mx.example.org for <\"x by y\"@z>",
		 FORGED},
		{NULL}, SIZE_MAX},
	    {{"from x (n [192.0.2.66]) by mx.example.org for <\"by (y)\"@z>",
		 FORGED},
		{NULL}, 0},
	    {{"from x (n [192.0.2.66]) by mx.example.org for <\"; (by y)\"@z>",
		 FORGED},
		{NULL}, 0},
	    /* a handover whose sender or recipient is odd */
	    {{LMTP " (envelope-from <a) by mx.example.org (@z>)", CLIENT},
		{"127.0.0.1"}, SIZE_MAX},
	    {{LMTP " for <\")\"@z>", CLIENT}, {"127.0.0.1"}, SIZE_MAX},
	    {{"from mx.example.org (x (n [192.0.2.66])) by mx.example.org with "
	      "LMTP",
		 FORGED},
		{"127.0.0.1"}, SIZE_MAX},
	    /* a field of another host */
	    {{"from x by (by) y", CLIENT}, {NULL}, SIZE_MAX},
	    {{"from mx.example.org (mx.example.org [10.0.0.2]) by s.example",
		 CLIENT},
		{NULL}, 1},
	    {{"from x (n [192.0.2.6]) by s.example (by way of y)", CLIENT},
		{NULL}, 1},
	    {{"from x (n [192.0.2.6]) by s.example (by mx.example.org)",
		 CLIENT},
		{NULL}, SIZE_MAX},
	    {{"from x (n [192.0.2.6]) by amx.example.org", CLIENT}, {NULL}, 1},
	    /* a relay whose name is not known */
	    {{INNER, "from x by (n [192.0.2.66]) by relay.example", FORGED},
		{TRUST}, SIZE_MAX},
	    {{INNER,
		 "from x (y [192.0.2.6]) by z ((n [192.0.2.66]) by "
		 "relay.example for <)>",
		 FORGED},
		{TRUST}, SIZE_MAX},
	    {{INNER, "from by (n [192.0.2.66]) by relay.example", FORGED},
		{TRUST}, 1},
	    {{INNER, "(qmail 1 invoked by uid 89)" DATE, RELAY}, {TRUST}, 2},
	    {{INNER, "(x by relay.example)" DATE, RELAY}, {TRUST}, SIZE_MAX},
	    {{INNER, "with ECARTIS (v1.0.0)" DATE, RELAY}, {TRUST}, 2},
	};

	check_search(c, COUNT(c), *state);
}

static void
a_host_in_u_labels_is_not_hidden_either(void **state)
{
	static const struct {
		const char *by;
		bool may_be;
	} c[] = {
	    {"by mx.xn--bcher-kva.example", true},
	    {"x (by\r\n\tMX.b\xc3\xbc"
	     "cher.example.)",
		true},
	    {"by mx.b\xc3\xbc"
	     "cher.example.org",
		false},
	    {"by b\xc3\xbc"
	     "cher.example",
		false},
	    {"by my.b\xc3\xbc"
	     "cher.example",
		false},
	    {"by m\xc3\xbc.xn--bcher-kva.example", false},
	    {"by mx.b\xc3\xb6"
	     "cher.example",
		true},
	    {"by(mx.xn--bcher-kva.example)", false},
	    {"xby mx.xn--bcher-kva.example", false},
	    {"by", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		if (received_may_be_by(span_of(c[i].by),
			SPAN("mx.xn--bcher-kva.example")) != c[i].may_be)
			fail_msg("%s", c[i].by);
}

static void
a_host_in_u_labels_is_found(void **state)
{
	static const struct {
		const char *by;
		size_t index;
	} c[] = {
	    {"from c (c [192.0.2.1]) by mx.b\xc3\xbc"
	     "cher.example;",
		0},
	    {"from c (c [192.0.2.1]) by MX.XN--BCHER-KVA.example.;", 0},
	    {"from c (c [192.0.2.1]) by mx.b\xc3\xb6"
	     "cher.example;",
		SIZE_MAX},
	    {"from c (c [192.0.2.1]) by my.b\xc3\xbc"
	     "cher.example;",
		1},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct field field[2] = {
		    {.name = SPAN("Received"), .body = span_of(c[i].by)},
		    {.name = SPAN("Received"),
			.body = SPAN("from c (c [192.0.2.1]) by "
				     "mx.xn--bcher-kva.example;")}};
		struct message m = {.fields = field, .nfields = 2};
		struct received found;

		assert_int_equal(
		    received_find(&m, SPAN("mx.xn--bcher-kva.example"), NULL, 0,
			*state, &found),
		    c[i].index);
	}
}

static void
no_field_is_of_no_host(void **state)
{
	struct field field = {.name = SPAN("Received"), .body = SPAN(INVOKED)};
	struct message m = {.fields = &field, .nfields = 1};
	struct received found;

	assert_int_equal(
	    received_find(&m, SPAN_NONE, NULL, 0, *state, &found), SIZE_MAX);
	field.body = SPAN(CLIENT);
	assert_int_equal(
	    received_find(&m, SPAN_NONE, NULL, 0, *state, &found), SIZE_MAX);
	assert_int_equal(
	    received_find(&m, SPAN(""), NULL, 0, *state, &found), SIZE_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(fields_of_known_servers_are_read),
	    TEST(a_helo_cannot_choose_the_ip),
	    TEST(long_fields_take_linear_time),
	    TEST(the_field_of_this_host_below_its_relays_is_found),
	    TEST(a_client_cannot_hide_the_field_of_this_host),
	    TEST(a_host_in_u_labels_is_not_hidden_either),
	    TEST(a_host_in_u_labels_is_found),
	    TEST(no_field_is_of_no_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
