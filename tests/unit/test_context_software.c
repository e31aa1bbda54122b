/* test_context_software: the software that came after signing, and the hop. */
/* SPDX-License-Identifier: ISC */

#include "fixture_compare.h"

#include "base/limit.h"
#include "explain/context.h"

/* Returns the context of a signature by example.org whose h= has "from" and
 * names; above and below are fields around it. */
static struct context
context_around(
    const char *above, const char *names, struct span below, struct arena *a)
{
	struct dkim_signature *s = ARENA_NEW(a, struct dkim_signature);
	struct message *m = message_of(
	    ARENA_JOIN(a, span_of(above),
		SPAN("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s;"
		     " c=relaxed/relaxed; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5N"
		     "MpJWZG3hSuFU=; b=BBBB; h=from"),
		span_of(names), SPAN("\n"), below, SPAN("From: a\n")),
	    a);
	struct context_question q = {
	    .m = m, .signature = s, .reason = DKIM_BODY_HASH};

	for (size_t i = 0; i < m->nfields; i++)
		if (span_caseeq(m->fields[i].name, SPAN("DKIM-Signature")))
			assert_int_equal(
			    dkim_signature_parse(&m->fields[i], a, s), DKIM_OK);
	return context_find(&q, a);
}

#define LIST    CONTEXT_LIST
#define GATEWAY CONTEXT_GATEWAY
#define FORWARD CONTEXT_FORWARD
#define RELAY   CONTEXT_RELAY
#define ARCHIVE CONTEXT_ARCHIVE

/* A row of the table each. */
static const struct {
	const char *field;
	enum context_software kind;
	const char *name;
	bool anywhere; /* it counts below the signature, too, if unsigned */
} cases[] = {
    {"X-Google-Group-Id: 1", LIST, "Google Groups", true},
    {"List-Post: <https://groups.google.com/a>, <mailto:a@googlegroups.com>",
	LIST, "Google Groups", true},
    {"Mailing-list: list a@googlegroups.com; contact b", LIST, "Google Groups",
	true},
    {"Sender: a@googlegroups.com", LIST, "Google Groups", true},
    {"X-Groupsio-MsgNum: 7", LIST, "groups.io", true},
    {"List-Id: <a.groups.io>", LIST, "groups.io", true},
    {"Mailing-List: list a@groups.io; contact b", LIST, "groups.io", true},
    {"X-Mailman-Version: 3.3.8", LIST, "Mailman 3.3.8", true},
    {"X-Mailman-Version: 2.1.39\n (beta)", LIST, "Mailman 2.1.39", true},
    {"X-Mailman-Version: \x1b[31m", LIST, "Mailman", true},
    {"X-Mailman-Version: 1234567890123456789012345", LIST, "Mailman", true},
    {"X-Mailman-Rule-Misses: dmarc", LIST, "Mailman", true},
    {"Mailing-List: contact a-help@example.net; run by ezmlm", LIST, "ezmlm",
	true},
    {"X-Sympa-To: a", LIST, "Sympa", true},
    {"X-Sequence: 12", LIST, "Sympa", true},
    {"Received: by L.EXAMPLE.NET (LISTSERV-TCP/IP release 16.0)", LIST,
	"LISTSERV", false},
    {"X-LSV-ListID: A", LIST, "LISTSERV", true},
    {"X-Majordomo-Version: 1.94.5", LIST, "Majordomo 1.94.5", true},
    {"X-Ecartis-Version: Ecartis v1", LIST, "Ecartis", true},
    {"X-phpList-version: 3.6.1", LIST, "phpList 3.6.1", false},
    {"List-Unsubscribe: <mailto:a+unsubscribe@example.net>", LIST, "mlmmj",
	true},
    {"Sender: owner-a@example.net", LIST, "Majordomo", true},
    {"X-BeenThere: a@example.net", LIST, NULL, true},
    {"X-Mailing-List: a@example.net", LIST, NULL, true},
    {"Mailing-List: a@example.net", LIST, NULL, true},
    {"List-Post: <mailto:a@example.net>", LIST, NULL, true},
    {"List-Id: A list <a.example.net>", LIST, NULL, true},
    {"Received: from x by lists.example.net (Postfix); date", LIST, NULL,
	false},
    {"Received: from x by list.example.net (Postfix); date", LIST, NULL, false},
    {"X-Loop: a@example.net", LIST, NULL, false},
    {"X-ExclAimer-MessageScanner: x", GATEWAY, "Exclaimer", false},
    {"X-CodeTwoProcessed: true", GATEWAY, "CodeTwo", false},
    {"X-Disclaimer-Added: yes", GATEWAY, NULL, false},
    {"X-Mimecast-Spam-Score: 0", GATEWAY, "Mimecast", false},
    {"X-Proofpoint-Virus-Version: x", GATEWAY, "Proofpoint", false},
    {"X-Barracuda-Connect: x", GATEWAY, "Barracuda", false},
    {"X-ASG-Debug-ID: x", GATEWAY, "Barracuda", false},
    {"X-Sophos-Email: x", GATEWAY, "Sophos", false},
    {"X-LASED-Version: x", GATEWAY, "Sophos", false},
    {"X-IronPort-AV: x", GATEWAY, "Cisco IronPort", false},
    {"X-TM-AS-Result: No", GATEWAY, "Trend Micro", false},
    {"X-FE-Policy-ID: 1", GATEWAY, "FortiMail", false},
    {"X-FEAS-Client-IP: x", GATEWAY, "FortiMail", false},
    {"X-Forefront-Antispam-Report: x", GATEWAY, "Exchange Online", false},
    {"X-Microsoft-Antispam-Mailbox-Delivery: x", GATEWAY, "Exchange Online",
	false},
    {"X-MS-Exchange-CrossTenant-Id: x", GATEWAY, "Exchange", false},
    {"X-MS-Exchange-Organization-AuthAs: Anonymous", GATEWAY, "Exchange", true},
    {"X-MS-Exchange-Organization-SCL: 1", GATEWAY, "Exchange", true},
    {"Received: from x by y with Microsoft SMTP Server id 15.1; date", GATEWAY,
	"Exchange", false},
    {"X-Forwarded-To: a@example.net", FORWARD, NULL, false},
    {"X-Forwarded-For: a@example.net", FORWARD, NULL, false},
    {"X-Forwarded-Encrypted: i=1", FORWARD, "Gmail", false},
    {"Resent-From: a@example.net", FORWARD, NULL, false},
    {"Resent-To: a@example.net", FORWARD, NULL, false},
    {"Resent-Sender: a@example.net", FORWARD, NULL, false},
    {"Return-Path: <SRS0=x=y=example.org=a@example.net>", FORWARD, NULL, false},
    {"Return-Path: <SRS1=x=y=example.org=a@example.net>", FORWARD, NULL, false},
    {"X-Spam-Status: No", GATEWAY, "SpamAssassin", false},
    {"X-Spam-Checker-Version: SpamAssassin 4", GATEWAY, "SpamAssassin", false},
    {"X-Spamd-Result: x", GATEWAY, "Rspamd", false},
    {"X-Rspamd-Server: x", GATEWAY, "Rspamd", false},
    {"X-Virus-Scanned: amavisd-new at x", GATEWAY, "amavis", false},
    {"X-Virus-Scanned: yes", GATEWAY, NULL, false},
    {"X-Google-Smtp-Source: x", RELAY, "Gmail", false},
    {"X-Mozilla-Status: 0001", ARCHIVE, "Thunderbird", true},
    {"X-Evolution: x", ARCHIVE, "Evolution", true},
    {"Status: RO", ARCHIVE, NULL, true},
    {"X-Status: A", ARCHIVE, NULL, true},
    {"X-UID: 3", ARCHIVE, NULL, true},
    {"X-Keywords: ", ARCHIVE, NULL, true},
    {"Content-Length: 9", ARCHIVE, NULL, true},
};

static void
each_software_is_known_by_its_field(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = *state;
		const char *field =
		    ARENA_JOIN(a, span_of(cases[i].field), SPAN("\n\0")).p;
		struct span name = span_of(field);
		struct context c = context_around(field, "", SPAN(""), a);
		bool is_received;

		name = ARENA_JOIN(a, SPAN(":"),
		    span_upto(name, span_find(name, ':')), SPAN("\0"));
		is_received = span_caseeq(
		    span_upto(name, name.len - 1), SPAN(":Received"));
		same(field, c.name.p ? c.name : SPAN("-"),
		    cases[i].name ? cases[i].name : "-");
		assert_int_equal(c.software, cases[i].kind);
		c = context_around("", "", span_of(field), a);
		assert_int_equal(c.software,
		    cases[i].anywhere ? cases[i].kind : CONTEXT_UNKNOWN);
		/* Signed, it was there before. */
		c = context_around("", name.p, span_of(field), a);
		assert_int_equal(c.software, CONTEXT_UNKNOWN);
		/* A second one was not. */
		c = context_around(field, name.p, span_of(field), a);
		assert_int_equal(c.software, cases[i].kind);
		assert_int_equal(c.hop != NULL, is_received);
		arena_reset(a);
	}
}

static void
the_software_that_alters_most_counts(void **state)
{
	struct context c =
	    context_around("X-Spam-Status: No\nX-Forwarded-To: a\nStatus: O\n",
		"", SPAN("List-Id: <a.b>\nX-Mailman-Version: 3\n"), *state);

	assert_int_equal(c.software, LIST);
	same("name", c.name, "Mailman 3");
	assert_true(c.is_archived);
	c = context_around(
	    "X-Spam-Status: No\nX-Forwarded-To: a\n", "", SPAN(""), *state);
	assert_int_equal(c.software, FORWARD);
	assert_false(c.is_archived);
	c = context_around(
	    "Status: O\nReceived: from x by y; z\n", "", SPAN(""), *state);
	assert_int_equal(c.software, RELAY);
	assert_true(c.is_archived);
}

static void
an_mbox_line_is_of_an_archive(void **state)
{
	struct context c = context_around(
	    "From a Mon Jan  1 00:00:00 2024\n", "", SPAN(""), *state);

	assert_int_equal(c.software, ARCHIVE);
	assert_true(c.is_archived);
}

static void
nothing_is_known_without_a_sign(void **state)
{
	static const char *const fields[] = {"", "Subject: x\n",
	    "X-Mimecastle: x\n", "X-Mailman-Versio: 3\n", "Xstatus: O\n",
	    "Sender: a@example.net\n", "Return-Path: <a@example.net>\n",
	    "List-Unsubscribe: <mailto:a@example.net>\n", "X-Loop: yes\n"};

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct context c =
		    context_around(fields[i], "", SPAN(""), *state);

		assert_int_equal(c.software, CONTEXT_UNKNOWN);
		assert_null(c.hop);
		assert_null(c.name.p);
	}
}

static void
the_signature_of_the_list_came_after_its_fields(void **state)
{
	/* d= is example.org. */
	static const struct {
		const char *below;
		enum context_software kind;
	} rows[] = {
	    {"List-Id: <a.example.org>\n", CONTEXT_UNKNOWN},
	    {"List-Post: <mailto:a@example.org>\n", CONTEXT_UNKNOWN},
	    {"List-Post: <mailto:a@lists.example.org>\n", LIST},
	    {"List-Id: <a.example.net>\n", LIST},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    context_around("", "", span_of(rows[i].below), *state)
			.software,
		    rows[i].kind);
}

static void
the_hop_is_the_lowest_or_that_of_the_list(void **state)
{
	static const struct {
		const char *above, *below, *hop;
	} rows[] = {
	    {"", "Received: from x by a.example.org; z\n", NULL},
	    {"Received: from x by c; z\nReceived: from x by b; z\n", "", "b"},
	    {"Received: from x by c; z\nReceived: from x by l.example.net; z\n"
	     "Received: from x by b; z\n",
		"List-Post: <mailto:a@l.example.net>\n", "l.example.net"},
	    {"Received: from x by mx.l.example.net; z\n"
	     "Received: from x by b; z\n",
		"List-Id: <a.l.example.net>\n", "mx.l.example.net"},
	    {"Received: from x by c; z\nReceived: from x by b; z\n",
		"X-BeenThere: a@l.example.net\n", "b"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct context c = context_around(
		    rows[i].above, "", span_of(rows[i].below), *state);
		struct span by = SPAN("none");

		if (c.hop)
			by = span_from(c.hop->body, 11);
		same("hop", span_upto(by, span_find(by, ';')),
		    rows[i].hop ? rows[i].hop : "none");
	}
}

static void
each_kind_has_a_subject(void **state)
{
	(void)state;
	for (int i = CONTEXT_UNKNOWN; i <= CONTEXT_RELAY; i++) {
		struct context c = {.software = (enum context_software)i};

		assert_non_null(context_subject(&c));
	}
}

static void
as_many_fields_as_a_header_can_have_are_searched(void **state)
{
	struct buf b = BUF(*state), names = BUF(*state);

	for (size_t i = 0; i < LIMIT_HEADER_FIELDS - 10; i++)
		buf_printf(&b, "%s%zu: a\n",
		    i % 2 ? "X-MS-Exchange-" : "Received", i % 4 ? i : 0);
	for (size_t i = 0; i < LIMIT_SIGNED_FIELDS - 10; i++)
		buf_printf(&names, ":X-MS-Exchange-%zu", i);
	buf_str(&names, "");
	buf_char(&names, '\0');
	assert_int_equal(
	    context_around("", names.p, buf_span(&b), *state).software,
	    CONTEXT_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_software_is_known_by_its_field),
	    TEST(the_software_that_alters_most_counts),
	    TEST(an_mbox_line_is_of_an_archive),
	    TEST(nothing_is_known_without_a_sign),
	    TEST(the_signature_of_the_list_came_after_its_fields),
	    TEST(the_hop_is_the_lowest_or_that_of_the_list),
	    TEST(each_kind_has_a_subject),
	    TEST(as_many_fields_as_a_header_can_have_are_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
