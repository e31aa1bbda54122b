/* test_envelope: the client and MAIL FROM from options and fields. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"
#include "base/buf.h"
#include "mail/envelope.h"

#define HOST  "mx.example.org"
#define MINE  "Received: from h.example (n [192.0.2.1]) by mx.example.org; x\n"
#define OTHER "Received: from o.example (n [192.0.2.6]) by x.example; x\n"
#define INNER "Received: from r (r [10.0.0.1]) by mx.example.org; x\n"
#define RELAY "Received: from e.example (n [192.0.2.2]) by r.example; x\n"
#define PATH  "Return-Path: <a@b.example>\n"
#define MBOX  "From c@d.example Fri Nov 20 10:00:00 2026\n"
#define FIRST "Received field 1 (by mx.example.org)"

/* What is shown if another host's field is on top. */
#define BELOW(n, above) \
	"Received field " n " (by mx.example.org; above it: " above ")"

static void
check_span(struct span got, const char *wanted, const char *what)
{
	if (!got.p != !wanted || !span_eq(got, span_of(wanted)))
		fail_msg("%s: " SPAN_FMT, what, SPAN_ARG(got));
}

/* Reads a message and finds its envelope. */
static void
find(struct fixture *f, struct span text, struct envelope_trust *trust,
    struct envelope *e)
{
	if (read_file(f, text) != MESSAGE_OK)
		fail_msg("no message: " SPAN_FMT, SPAN_ARG(text));
	envelope_find(e, &f->m, trust, f->arena);
	assert_non_null(e->ip_from.p);
	assert_non_null(e->helo_from.p);
	assert_non_null(e->sender_from.p);
}

static void
check_ip(const struct envelope *e, const char *wanted, const char *what)
{
	char text[IP_TEXT];

	check_span(e->has_ip ? span_of(ip_text(&e->ip, text)) : SPAN_NONE,
	    wanted, what);
}

static void
an_operators_sender_is_read(void **state)
{
	static const struct {
		const char *text, *sender;
	} c[] = {
	    {"a@b.example", "a@b.example"},
	    {" <a@b.example>\t", "a@b.example"},
	    {"", ""},
	    {" ", ""},
	    {"<>", ""},
	    {" < > ", ""},
	    {"<@r.example:a@b.example>", "a@b.example"},
	    {"<@r.example,@[IPv6:2001:db8::1]:a@b.example>", "a@b.example"},
	    {"<@[192.0.2.1]:a@b.example>", "a@b.example"},
	    {"<a>", "a"},
	    {"a", "a"},
	    {"<a@b@c.example>", "a@b@c.example"},
	    {"<\"a > b\"@c.example>", "\"a > b\"@c.example"},
	    {"<\"a\\\"> b\"@c.example>", "\"a\\\"> b\"@c.example"},
	    {"<a\\>@c.example>", "a\\>@c.example"},
	    {"<a..b@c.example>", "a..b@c.example"},
	    {"\"a b\"@c.example", "\"a b\"@c.example"},
	    {"<j\xc3\xb6@b\xc3\xbc.example>", "j\xc3\xb6@b\xc3\xbc.example"},
	    /* only a source route is removed, only a path is unwrapped */
	    {"<@r.example:>", "@r.example:"},
	    {"<@r.example>", "@r.example"},
	    {"<@r.example,:a@b.example>", "@r.example,:a@b.example"},
	    {"<@:a@b.example>", "@:a@b.example"},
	    {"<@[192.0.2.1:a@b.example>", "@[192.0.2.1:a@b.example"},
	    {"<a@b.example", "<a@b.example"},
	    {"a@b.example>", "a@b.example>"},
	    {"<a@b.example> c", "<a@b.example> c"},
	    {"<\"a@b.example>", "<\"a@b.example>"},
	    {"x <a@b.example>", "x <a@b.example>"},
	    {"<", "<"},
	    {"<\\", "<\\"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++)
		check_span(envelope_sender(span_of(c[i].text), f->arena),
		    c[i].sender, c[i].text);
	assert_null(envelope_sender(SPAN_NONE, f->arena).p);
}

struct sender_case {
	struct span text;
	const char *sender, *from;
};

static void
check_senders(const struct sender_case *c, size_t n, void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};

	for (size_t i = 0; i < n; i++) {
		struct envelope e = {.has_ip = false};

		find(*state, c[i].text, &trust, &e);
		check_ip(&e, "192.0.2.1", c[i].text.p);
		check_span(e.sender, c[i].sender, c[i].text.p);
		check_span(e.sender_from, c[i].from, c[i].text.p);
		assert_false(e.assumed);
	}
}

#define FIELD "Return-Path field 1"

static void
a_return_path_above_the_field_is_read(void **state)
{
	static const struct sender_case c[] = {
	    {S("Return-Path: <a@b.example>\n" MINE), "a@b.example", FIELD},
	    {S("RETURN-PATH:<a@b.example>\r\n" MINE), "a@b.example", FIELD},
	    {S("Return-Path: <>\n" MINE), "", FIELD},
	    {S("Return-Path: (x) <> (y)\n" MINE), "", FIELD},
	    {S("Return-Path:\r\n\t<a@b.example>\r\n (x\r\n y)\r\n" MINE),
		"a@b.example", FIELD},
	    {S("Return-Path: (<c@d>) <a@b.example>\n" MINE), "a@b.example",
		FIELD},
	    {S("Return-Path: <a\n @b.example>\n" MINE), "a @b.example", FIELD},
	    {S("Return-Path: <@r.example:\n a@b.example>\n" MINE),
		"a@b.example", FIELD},
	    {S("Return-Path: a@b.example\n" MINE), "a@b.example", FIELD},
	    {S("Return-Path: (a <b>\n" MINE), "(a <b>", FIELD},
	    {S("Return-Path: <\xff@b.example>\n" MINE), "\xff@b.example",
		FIELD},
	    /* the topmost is used, whatever it contains */
	    {S("Return-Path: <a@b.example>\nReturn-Path: <>\n" MINE),
		"a@b.example", FIELD},
	    {S("Return-Path:\nReturn-Path: <a@b.example>\n" MINE), NULL,
		FIELD ", where it is missing"},
	    {S(MBOX "Return-Path: \n \n" MINE), NULL,
		FIELD ", where it is missing"},
	    {S(MBOX PATH MINE), "a@b.example", FIELD},
	    /* controls */
	    {S("Return-Path: <a\0@b.example>\n" MINE), NULL,
		FIELD ", where it has control characters"},
	    {S("Return-Path: <a\n\t@b.example>\n" MINE), NULL,
		FIELD ", where it has control characters"},
	    {S("Return-Path: <a\r@b.example>\n" MINE), NULL,
		FIELD ", where it has control characters"},
	    {S("Return-Path: <a\x7f@b.example>\n" MINE), NULL,
		FIELD ", where it has control characters"},
	    {S("Return-Path: x\001\n" MINE), NULL,
		FIELD ", where it has control characters"},
	    /* elsewhere it may be the sender's */
	    {S(MINE PATH), NULL,
		"no Return-Path above " FIRST ", and no From line"},
	    {S(MINE "X-Return-Path: <>\n" PATH), NULL,
		"no Return-Path above " FIRST ", and no From line"},
	    {S("X: " PATH MINE), NULL,
		"no Return-Path above " FIRST ", and no From line"},
	    {S("X: y\n" PATH "Z: y\n" MINE), "a@b.example", FIELD},
	};

	check_senders(c, COUNT(c), state);
}

static void
a_from_line_is_read(void **state)
{
	static const struct sender_case c[] = {
	    {S(MBOX MINE PATH), "c@d.example", "From line"},
	    {S("From c@d.example\n" MINE), "c@d.example", "From line"},
	    {S("From c@d.example\tx\r\n" MINE), "c@d.example", "From line"},
	    {S("From \"c d\"@d.example Fri\n" MINE), "\"c d\"@d.example",
		"From line"},
	    {S("From MAILER-DAEMON Fri\n" MINE), "", "From line"},
	    {S("From mailer-daemon  Fri\n" MINE), "", "From line"},
	    {S("From MAILER-DAEMON@d.example Fri\n" MINE),
		"MAILER-DAEMON@d.example", "From line"},
	    {S("From - Fri\n" MINE), NULL, "From line, where it is missing"},
	    {S("From c@d.example Fri\nFrom x y\n>From z y\n" MINE),
		"c@d.example", "From line"},
	    {S("From  Fri\n" MINE), NULL, "From line, where it is missing"},
	    {S("From \n" MINE), NULL, "From line, where it is missing"},
	    {S("From c\0d Fri\n" MINE), NULL,
		"From line, where it has control characters"},
	    {S(">From c@d.example Fri\n" MINE), NULL,
		"no Return-Path above " FIRST ", and no From line"},
	    {S(">From c@d.example Fri\n" MBOX MINE), NULL,
		"no Return-Path above " FIRST ", and no From line"},
	};

	check_senders(c, COUNT(c), state);
}

/* Returns a message whose field or line has n octets between head and tail. */
static struct span
sized(const char *head, size_t n, const char *tail)
{
	static char text[LIMIT_ENVELOPE * 2];
	size_t before = strlen(head);

	memset(text, 'x', sizeof(text));
	memcpy(text, head, before);
	memcpy(text + before + n, tail, strlen(tail));
	return (struct span){text, before + n + strlen(tail)};
}

static void
values_over_the_limit_are_not_known(void **state)
{
	static const struct {
		const char *head, *tail, *where;
		bool is_helo;
	} c[] = {
	    {"Return-Path: <", ">\n" MINE, FIELD, false},
	    {"Return-Path: ", "\n" MINE, FIELD, false},
	    {"From ", " Fri\n" MINE, "From line", false},
	    {"Received: from ", " (n [192.0.2.1]) by mx.example.org; x\n",
		FIRST, true},
	};
	struct envelope_trust trust = {.received_by = SPAN(HOST)};

	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		size_t n = i / 2, over = i % 2;
		struct envelope e = {.has_ip = false};
		struct span value, from;
		char why[100];

		find(*state, sized(c[n].head, LIMIT_ENVELOPE + over, c[n].tail),
		    &trust, &e);
		value = c[n].is_helo ? e.helo : e.sender;
		from = c[n].is_helo ? e.helo_from : e.sender_from;
		assert_int_equal(value.len, over ? 0 : LIMIT_ENVELOPE);
		assert_int_equal(!value.p, over);
		snprintf(why, sizeof(why), "%s%s", c[n].where,
		    over ? ", where it is too long" : "");
		check_span(from, why, c[n].head);
		check_ip(&e, "192.0.2.1", c[n].head);
	}
}

struct client_case {
	struct span text;
	const char *relay, *ip, *helo, *ip_from, *helo_from;
};

static void
check_clients(const struct client_case *c, size_t n, void **state)
{
	for (size_t i = 0; i < n; i++) {
		struct ip_network relay;
		struct envelope_trust trust = {
		    .received_by = SPAN(HOST), .relays = &relay};
		struct envelope e = {.has_ip = false};

		if (c[i].relay)
			trust.nrelays =
			    ip_parse_network(span_of(c[i].relay), &relay);
		find(*state, c[i].text, &trust, &e);
		check_ip(&e, c[i].ip, c[i].text.p);
		check_span(e.helo, c[i].helo, c[i].text.p);
		check_span(e.ip_from, c[i].ip_from, c[i].text.p);
		check_span(e.helo_from,
		    c[i].helo_from ? c[i].helo_from : c[i].ip_from,
		    c[i].text.p);
		assert_false(e.assumed);
	}
}

#define NOBODY   "no Received field by mx.example.org names a client"
#define THERE(s) NOBODY " (found: " s ")"

static void
the_client_is_that_of_a_field_by_this_host(void **state)
{
	static const struct client_case c[] = {
	    {S(MINE), NULL, "192.0.2.1", "h.example", FIRST, NULL},
	    {S("Received: from h (n [192.0.2.1]) by MX.EXAMPLE.ORG.; x\n"),
		NULL, "192.0.2.1", "h", FIRST, NULL},
	    {S("X: y\n" OTHER MINE), NULL, "192.0.2.1", "h.example",
		BELOW("2", "by x.example"), NULL},
	    {S("Received: (qmail 1 invoked by uid 89); x\n" OTHER MINE), NULL,
		"192.0.2.1", "h.example",
		BELOW("3", "a field that names no host"), NULL},
	    {S(INNER OTHER MINE), "10.0.0.0/8", "192.0.2.6", "o.example",
		"Received field 2 (by x.example)", NULL},
	    {S(OTHER INNER RELAY), "10.0.0.0/8", "192.0.2.2", "e.example",
		"Received field 3 (by r.example; above it: by x.example)",
		NULL},
	    {S(INNER RELAY MINE), "10.0.0.0/8", "192.0.2.2", "e.example",
		"Received field 2 (by r.example)", NULL},
	    {S(INNER RELAY), NULL, "10.0.0.1", "r", FIRST, NULL},
	    {S("Received: from [192.0.2.1] (port=25) by mx.example.org; x\n"),
		NULL, "192.0.2.1", "[192.0.2.1]", FIRST, NULL},
	    {S("Received: (from n [192.0.2.1]) by mx.example.org; x\n"), NULL,
		"192.0.2.1", NULL, FIRST, FIRST ", where it is missing"},
	    {S("Received: from h\0i (n [192.0.2.1]) by mx.example.org; x\n"),
		NULL, "192.0.2.1", NULL, FIRST,
		FIRST ", where it has control characters"},
	    /* no usable field */
	    {S("X: y\n"), NULL, NULL, NULL, NOBODY, NULL},
	    {S(INNER), "10.0.0.0/8", NULL, NULL,
		NOBODY " that is not a trusted relay", NULL},
	};

	check_clients(c, COUNT(c), state);
}

static void
a_forged_field_is_not_believed(void **state)
{
	static const struct client_case c[] = {
	    {S(PATH OTHER), NULL, NULL, NULL, THERE("by x.example"), NULL},
	    {S(PATH "Received: from h (n [192.0.2.6]) "
		    "by mx.example.org.evil; x\n"),
		NULL, NULL, NULL, THERE("by mx.example.org.evil"), NULL},
	    {S(PATH "Received: from h (n [192.0.2.6]) by mx-example.org; x\n"),
		NULL, NULL, NULL, THERE("by mx-example.org"), NULL},
	    {S(PATH "Received: from h (n [192.0.2.6]) by xmx.example.org; x\n"),
		NULL, NULL, NULL, THERE("by xmx.example.org"), NULL},
	    {S(PATH "X-Received: from h (n [192.0.2.6]) "
		    "by mx.example.org; x\n"),
		NULL, NULL, NULL, NOBODY, NULL},
	    /* the genuine field above it cannot be read */
	    {S(PATH "Received: from h (x [192.0.2.6]) (n [192.0.2.1]) "
		    "by mx.example.org; x\n" MINE),
		NULL, NULL, NULL, NOBODY, NULL},
	    {S(PATH "Received: from h( (n [192.0.2.1]) by mx.example.org; "
		    "x\n" MINE),
		NULL, NULL, NULL, NOBODY, NULL},
	    /* nor that of a relay */
	    {S(INNER "Received: from h( (n [192.0.2.1]) by r.example; x\n" PATH
		     MINE),
		"10.0.0.0/8", NULL, NULL, NOBODY " that is not a trusted relay",
		NULL},
	};
	struct envelope_trust trust = {.received_by = SPAN(HOST)};

	check_clients(c, COUNT(c), state);
	for (size_t i = 0; i + 1 < COUNT(c); i++) {
		struct envelope e = {.has_ip = false};

		char why[200];

		find(*state, c[i].text, &trust, &e);
		check_span(e.sender, NULL, c[i].text.p);
		snprintf(why, sizeof(why),
		    "%s, so no Return-Path is trusted; no From line",
		    c[i].ip_from);
		check_span(e.sender_from, why, c[i].text.p);
	}
}

#define BY(name) "Received: from h (n [192.0.2.6]) by " name "; x\n"

static void
hosts_that_wrote_the_fields_are_named(void **state)
{
	static const struct client_case c[] = {
	    {S(BY("A.example.") BY("b.example")), NULL, NULL, NULL,
		THERE("by a.example, by b.example"), NULL},
	    {S(BY("a.example") BY("A.EXAMPLE") BY("a.example.")), NULL, NULL,
		NULL, THERE("by a.example"), NULL},
	    {S(BY("localhost (x)") "Received: by b; x\n"), NULL, NULL, NULL,
		THERE("by localhost, by b"), NULL},
	    {S(BY("b\xc3\xbc"
		  "cher.example")),
		NULL, NULL, NULL, THERE("by xn--bcher-kva.example"), NULL},
	    {S(BY("a")), "10.0.0.0/8", NULL, NULL,
		NOBODY " that is not a trusted relay (found: by a)", NULL},
	    /* domain names alone, in fields that can be read */
	    {S(BY("=?x?q?y?=") BY("dmarc=pass") BY("<b.example>") BY("2001::1")
		     BY("(x) c") BY("c by d")
			 BY("c(") "Received: (qmail 1 invoked by uid 89); x\n"),
		NULL, NULL, NULL, NOBODY, NULL},
	    /* this host is among them */
	    {S("Received: by mx.example.org; x\n" BY("a")), NULL, NULL, NULL,
		NOBODY, NULL},
	    {S(BY("a") "Received: from h by by mx.example.org; x\n"), NULL,
		NULL, NULL, NOBODY, NULL},
	    /* of ten fields */
	    {S(BY("a") BY("b") BY("c") BY("d") BY("e") BY("f") BY("g") BY("h")
		     BY("i") BY("j")),
		NULL, NULL, NULL,
		THERE("by a, by b, by c, by d, by e, by f, by g, by h, by i, "
		      "by j"),
		NULL},
	    {S(BY("a") BY("b") BY("c") BY("d") BY("e") BY("f") BY("g") BY("h")
		     BY("i") BY("j") BY("k")),
		NULL, NULL, NULL,
		THERE("by a, by b, by c, by d, by e, by f, by g, by h, by i, "
		      "by j, ..."),
		NULL},
	};

	check_clients(c, COUNT(c), state);
}

static void
a_list_of_hosts_is_bounded(void **state)
{
	static const char label[] =
	    "123456789012345678901234567890123456789012345678901234567890123";
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct fixture *f = *state;

	for (int over = 0; over < 2; over++) {
		const char *second = over ? "b3" : "b";
		struct envelope e = {.has_ip = false};
		struct buf text = BUF(f->arena), why = BUF(f->arena);
		char name[LIMIT_SHOWN_LIST];
		int len = snprintf(name, sizeof(name), "%s.%s.%s.%.55s", label,
		    label, label, label);

		assert_int_equal(len + strlen(", by b"), LIMIT_SHOWN_LIST);
		buf_printf(&text, BY("%s") BY("%s"), name, second);
		find(f, buf_span(&text), &trust, &e);
		buf_printf(
		    &why, THERE("by %s, %s"), name, over ? "..." : "by b");
		buf_char(&why, '\0');
		check_span(e.ip_from, why.p, "list");
	}
}

static void
a_from_line_needs_no_received_field(void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct envelope e = {.has_ip = false};

	find(*state, SPAN(MBOX PATH OTHER), &trust, &e);
	assert_false(e.has_ip);
	check_span(e.sender, "c@d.example", "From line");
}

static void
without_a_host_no_field_counts(void **state)
{
	static const char none[] =
	    "no host is trusted to write Received fields";
	struct envelope_trust trust = {.assume = false};

	for (int i = 0; i < 2; i++) {
		struct envelope e = {.has_ip = false};

		find(*state, SPAN(PATH MINE), &trust, &e);
		assert_false(e.has_ip);
		check_span(e.helo, NULL, "helo");
		check_span(e.sender, NULL, "sender");
		check_span(e.ip_from, none, "from");
		check_span(e.helo_from, none, "from");
		trust.received_by = SPAN("");
	}
}

static void
what_is_there_stays(void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct envelope e = {.has_ip = true,
	    .helo = SPAN("mine.example"),
	    .sender = SPAN(""),
	    .ip_from = SPAN("option -i"),
	    .sender_from = SPAN("option -f")};

	assert_true(ip_parse(SPAN("192.0.2.9"), &e.ip));
	find(*state, SPAN(MBOX PATH MINE), &trust, &e);
	check_ip(&e, "192.0.2.9", "ip");
	check_span(e.helo, "mine.example", "helo");
	check_span(e.sender, "", "sender");
	check_span(e.ip_from, "option -i", "ip");
	check_span(e.helo_from, "given", "helo");
	check_span(e.sender_from, "option -f", "sender");
	assert_false(e.assumed);
}

/* An option with an unusable value is not replaced by what the message has: a
 * client could choose its fields by making that value unusable. */
static void
what_has_a_source_is_not_looked_for(void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	static const struct span why = S("option, because it is too long");
	struct envelope e = {.has_ip = false};

	trust.assume = true;
	e.ip_from = e.helo_from = e.sender_from = why;
	find(*state, SPAN(MBOX PATH MINE OTHER), &trust, &e);
	assert_false(e.has_ip);
	assert_null(e.helo.p);
	assert_null(e.sender.p);
	check_span(e.ip_from, why.p, "ip");
	check_span(e.helo_from, why.p, "helo");
	check_span(e.sender_from, why.p, "sender");
	assert_false(e.assumed);
}

static void
a_helo_does_not_go_with_an_ip_that_is_not_known(void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct envelope e = {.ip_from = SPAN("option -i")};

	find(*state, SPAN(MINE), &trust, &e);
	assert_null(e.helo.p);
	check_span(
	    e.helo_from, FIRST ", where it belongs to 192.0.2.1", "helo");
}

static void
a_helo_goes_with_its_ip(void **state)
{
	static const struct {
		const char *ip, *helo, *from;
	} c[] = {
	    {"192.0.2.1", "h.example", FIRST},
	    {"::ffff:192.0.2.1", "h.example", FIRST},
	    {"192.0.2.2", NULL, FIRST ", where it belongs to 192.0.2.1"},
	    {"c000:201::", NULL, FIRST ", where it belongs to 192.0.2.1"},
	};

	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		size_t n = i / 2;
		struct envelope_trust trust = {
		    .received_by = SPAN(HOST), .assume = i % 2};
		struct envelope e = {.has_ip = true, .ip_from = SPAN("-i")};

		assert_true(ip_parse(span_of(c[n].ip), &e.ip));
		find(*state, SPAN(PATH MINE), &trust, &e);
		check_span(e.helo, c[n].helo, c[n].ip);
		check_span(e.helo_from, c[n].from, c[n].ip);
		check_span(e.ip_from, "-i", c[n].ip);
		check_span(e.sender, "a@b.example", c[n].ip);
		assert_false(e.assumed);
	}
}

static void
an_ip_of_the_field_goes_with_another_helo(void **state)
{
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct envelope e = {
	    .helo = SPAN("mine.example"), .helo_from = SPAN("option -e")};

	find(*state, SPAN(MINE), &trust, &e);
	check_ip(&e, "192.0.2.1", "ip");
	check_span(e.helo, "mine.example", "helo");
}

static void
assumed_identities_are_marked(void **state)
{
	static const struct {
		struct span text;
		const char *ip, *helo, *sender, *ip_from, *sender_from;
		bool assumed;
	} c[] = {
	    /* the trusted part comes first */
	    {S(OTHER PATH MINE), "192.0.2.1", "h.example", "a@b.example",
		BELOW("2", "by x.example"), FIELD, false},
	    {S(MBOX MINE PATH), "192.0.2.1", "h.example", "c@d.example", FIRST,
		"From line", false},
	    {S(MINE PATH), "192.0.2.1", "h.example", "a@b.example", FIRST,
		FIELD, true},
	    {S(OTHER PATH), "192.0.2.6", "o.example", "a@b.example",
		"Received field 1 (by x.example)", FIELD, true},
	    {S("Received: by x.example; x\nReceived: from a (b by c\n" OTHER),
		"192.0.2.6", "o.example", NULL,
		"Received field 3 (by x.example)",
		"no Return-Path, and no From line", true},
	    {S("Received: from a (b [10.0.0.1]) by x.example; x\n" OTHER),
		"192.0.2.6", "o.example", NULL,
		"Received field 2 (by x.example)",
		"no Return-Path, and no From line", true},
	    {S("Received: from a (b [192.0.2.6]) by x\001\x9b; x\n"),
		"192.0.2.6", "a", NULL, "Received field 1 (by x\001\x9b)",
		"no Return-Path, and no From line", true},
	    {S("Received: from a (b [192.0.2.6])\n"), NULL, NULL, NULL,
		"no Received field names a client that is not a trusted relay",
		"no Return-Path, and no From line", false},
	    {S("X: y\n"), NULL, NULL, NULL,
		"no Received field names a client that is not a trusted relay",
		"no Return-Path, and no From line", false},
	    {S(MBOX "X: y\n"), NULL, NULL, "c@d.example",
		"no Received field names a client that is not a trusted relay",
		"From line", false},
	    {S("X: y\nReturn-Path: <\001>\n"), NULL, NULL, NULL,
		"no Received field names a client that is not a trusted relay",
		FIELD ", where it has control characters", false},
	};
	struct ip_network relay;
	struct envelope_trust trust = {.received_by = SPAN(HOST),
	    .relays = &relay,
	    .nrelays = 1,
	    .assume = true};

	assert_true(ip_parse_network(SPAN("10.0.0.0/8"), &relay));
	for (size_t i = 0; i < COUNT(c); i++) {
		struct envelope e = {.has_ip = false};

		find(*state, c[i].text, &trust, &e);
		check_ip(&e, c[i].ip, c[i].text.p);
		check_span(e.helo, c[i].helo, c[i].text.p);
		check_span(e.sender, c[i].sender, c[i].text.p);
		check_span(e.ip_from, c[i].ip_from, c[i].text.p);
		check_span(e.sender_from, c[i].sender_from, c[i].text.p);
		if (e.assumed != c[i].assumed)
			fail_msg("%s", c[i].text.p);
	}
}

static void
nothing_assumed_is_taken_for_what_is_there(void **state)
{
	struct envelope_trust trust = {.assume = true};
	struct envelope e = {
	    .has_ip = true, .helo = SPAN("h"), .sender = SPAN("a@b")};

	assert_true(ip_parse(SPAN("192.0.2.9"), &e.ip));
	find(*state, SPAN(OTHER PATH), &trust, &e);
	assert_false(e.assumed);
}

static void
long_fields_take_linear_time(void **state)
{
	static const char *const units[] = {
	    "<", "\"", "(", "\\\"", "<\"", "@a,", "<@", "\n x"};
	struct envelope_trust trust = {.received_by = SPAN(HOST)};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(units); i++) {
		struct envelope e = {.has_ip = false};
		struct buf b = BUF(arena_new());

		buf_str(&b, "Return-Path: <");
		while (b.len < 1 << 20)
			buf_str(&b, units[i]);
		buf_str(&b, "\n" MINE);
		find(f, buf_span(&b), &trust, &e);
		assert_null(e.sender.p);
		arena_free(b.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_operators_sender_is_read),
	    TEST(a_return_path_above_the_field_is_read),
	    TEST(a_from_line_is_read),
	    TEST(values_over_the_limit_are_not_known),
	    TEST(the_client_is_that_of_a_field_by_this_host),
	    TEST(a_forged_field_is_not_believed),
	    TEST(hosts_that_wrote_the_fields_are_named),
	    TEST(a_list_of_hosts_is_bounded),
	    TEST(a_from_line_needs_no_received_field),
	    TEST(without_a_host_no_field_counts),
	    TEST(what_is_there_stays),
	    TEST(what_has_a_source_is_not_looked_for),
	    TEST(a_helo_does_not_go_with_an_ip_that_is_not_known),
	    TEST(a_helo_goes_with_its_ip),
	    TEST(an_ip_of_the_field_goes_with_another_helo),
	    TEST(assumed_identities_are_marked),
	    TEST(nothing_assumed_is_taken_for_what_is_there),
	    TEST(long_fields_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
