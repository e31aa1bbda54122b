/* test_context_software: the software that came after signing, and the hop. */
/* SPDX-License-Identifier: ISC */

#include "fixture_compare.h"

#include "base/limit.h"
#include "explain/context.h"

/* Returns the context of a signature by example.org whose h= has "from" and
 * names; above and below are fields around it. */
static struct context
context_of(const char *above, const char *names, struct span below,
    bool is_like_list, struct arena *a)
{
	struct dkim_signature *s = ARENA_NEW(a, struct dkim_signature);
	struct message *m = message_of(
	    ARENA_JOIN(a, span_of(above),
		SPAN("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s;"
		     " c=relaxed/relaxed; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5N"
		     "MpJWZG3hSuFU=; b=BBBB; h=from"),
		span_of(names), SPAN("\n"), below, SPAN("From: a\n")),
	    a);
	struct context_question q = {.m = m,
	    .signature = s,
	    .reason = DKIM_BODY_HASH,
	    .is_like_list = is_like_list};

	for (size_t i = 0; i < m->nfields; i++)
		if (span_caseeq(m->fields[i].name, SPAN("DKIM-Signature")))
			assert_int_equal(
			    dkim_signature_parse(&m->fields[i], a, s), DKIM_OK);
	return context_find(&q, a);
}

/* The same of a message that was altered as lists alter it. */
static struct context
context_around(
    const char *above, const char *names, struct span below, struct arena *a)
{
	return context_of(above, names, below, true, a);
}

#define LIST    CONTEXT_LIST
#define GATEWAY CONTEXT_GATEWAY
#define FORWARD CONTEXT_FORWARD
#define RELAY   CONTEXT_RELAY
#define ARCHIVE CONTEXT_ARCHIVE

/* A row of the table each. */
static const struct {
	const char *field, *name;
	enum context_software kind;
	bool anywhere; /* it counts below the signature, too, if unsigned */
} cases[] = {
    {"X-Google-Group-Id: 1", "Google Groups", LIST, true},
    {"List-Post: <https://groups.google.com/a>, <mailto:a@googlegroups.com>",
	"Google Groups", LIST, true},
    {"Mailing-list: list a@googlegroups.com; contact b", "Google Groups", LIST,
	true},
    {"Sender: a@googlegroups.com", "Google Groups", LIST, true},
    {"X-Groupsio-MsgNum: 7", "groups.io", LIST, true},
    {"List-Id: <a.groups.io>", "groups.io", LIST, true},
    {"Mailing-List: list a@groups.io; contact b", "groups.io", LIST, true},
    {"X-Mailman-Version: 3.3.8", "Mailman 3.3.8", LIST, true},
    {"X-Mailman-Version: 2.1.39\n (beta)", "Mailman 2.1.39", LIST, true},
    {"X-Mailman-Version: \x1b[31m", "Mailman", LIST, true},
    {"X-Mailman-Version: 1234567890123456789012345", "Mailman", LIST, true},
    {"X-Mailman-Rule-Misses: dmarc", "Mailman", LIST, true},
    {"Mailing-List: contact a-help@example.net; run by ezmlm", "ezmlm", LIST,
	true},
    {"List-Help: <mailto:sympa@example.net?subject=help>", "Sympa", LIST, true},
    {"Received: by L.EXAMPLE.NET (LISTSERV-TCP/IP release 16.0)", "LISTSERV",
	LIST, false},
    {"X-LSV-ListID: A", "LISTSERV", LIST, true},
    {"X-Majordomo-Version: 1.94.5", "Majordomo 1.94.5", LIST, true},
    {"X-Loop: owner-majordomo@example.net", "Majordomo", LIST, true},
    {"X-Ecartis-Version: Ecartis v1", "Ecartis", LIST, true},
    {"X-ListServer: CommuniGate Pro LIST 6.2", "CommuniGate", LIST, true},
    {"Sender: owner-a@example.net", NULL, LIST, true},
    {"X-BeenThere: a@example.net", NULL, LIST, true},
    {"X-Mailing-List: a@example.net", NULL, LIST, true},
    {"Mailing-List: a@example.net", NULL, LIST, true},
    {"List-Post: <mailto:a@example.net>", NULL, LIST, true},
    {"List-Id: A list <a.example.net>", NULL, LIST, true},
    {"Received: from x by lists.example.net (Postfix); date", NULL, LIST,
	false},
    {"Received: from x by list.example.net (Postfix); date", NULL, LIST, false},
    {"X-ExclAimer-MessageScanner: x", "Exclaimer", GATEWAY, false},
    {"X-CodeTwoProcessed: true", "CodeTwo", GATEWAY, false},
    {"X-Disclaimer-Added: yes", NULL, GATEWAY, false},
    {"X-Mimecast-Spam-Score: 0", "Mimecast", GATEWAY, false},
    {"X-Proofpoint-Virus-Version: x", "Proofpoint", GATEWAY, false},
    {"X-Barracuda-Connect: x", "Barracuda", GATEWAY, false},
    {"X-ASG-Debug-ID: x", "Barracuda", GATEWAY, false},
    {"X-Sophos-Email: x", "Sophos", GATEWAY, false},
    {"X-LASED-Version: x", "Sophos", GATEWAY, false},
    {"X-IronPort-AV: x", "Cisco IronPort", GATEWAY, false},
    {"X-TM-AS-Result: No", "Trend Micro", GATEWAY, false},
    {"X-TMASE-Version: x", "Trend Micro", GATEWAY, false},
    {"X-FE-Policy-ID: 1", "FortiMail", GATEWAY, false},
    {"X-FEAS-Client-IP: x", "FortiMail", GATEWAY, false},
    {"X-StarScan-Version: 9; banners=-,-,-", "MessageLabs", GATEWAY, false},
    {"X-Brightmail-Tracker: x", "Brightmail", GATEWAY, false},
    {"X-antispameurope-Connect: x", "Hornetsecurity", GATEWAY, false},
    {"X-KSMG-Rule-ID: 1", "Kaspersky", GATEWAY, false},
    {"X-EsetResult: clean, is OK", "ESET", GATEWAY, false},
    {"X-MailScanner-ID: x", "MailScanner", GATEWAY, false},
    {"X-Forefront-Antispam-Report: x", "Exchange Online", GATEWAY, false},
    {"X-Microsoft-Antispam-Mailbox-Delivery: x", "Exchange Online", GATEWAY,
	false},
    {"X-MS-Exchange-CrossTenant-Id: x", "Exchange", GATEWAY, false},
    {"X-MS-Exchange-Organization-AuthAs: Anonymous", "Exchange", GATEWAY, true},
    {"X-MS-Exchange-Organization-SCL: 1", "Exchange", GATEWAY, true},
    {"Received: from x by y with Microsoft SMTP Server id 15.1; date",
	"Exchange", GATEWAY, false},
    {"X-Forwarded-To: a@example.net", NULL, FORWARD, false},
    {"X-Forwarded-For: a@example.net", NULL, FORWARD, false},
    {"X-Forwarding-Service: ImprovMX v3.0.0", "ImprovMX", FORWARD, false},
    {"Resent-From: a@example.net", NULL, FORWARD, false},
    {"Resent-To: a@example.net", NULL, FORWARD, false},
    {"Resent-Sender: a@example.net", NULL, FORWARD, false},
    {"Return-Path: <SRS0=x=y=example.org=a@example.net>", NULL, FORWARD, false},
    {"Return-Path: <SRS1=x=y=example.org=a@example.net>", NULL, FORWARD, false},
    {"X-Spam-Status: No", NULL, GATEWAY, false},
    {"X-Spam-Checker-Version: SpamAssassin 4", "SpamAssassin", GATEWAY, false},
    {"X-Spamd-Result: x", "Rspamd", GATEWAY, false},
    {"X-Rspamd-Server: x", "Rspamd", GATEWAY, false},
    {"X-Virus-Scanned: amavisd-new at x", "amavis", GATEWAY, false},
    {"X-Virus-Scanned: clamav-milter 1.0.7 at x", "ClamAV", GATEWAY, false},
    {"X-Virus-Scanned: yes", NULL, GATEWAY, false},
    {"X-Forwarded-Encrypted: i=1", "Gmail", RELAY, false},
    {"X-Google-Smtp-Source: x", "Gmail", RELAY, false},
    {"X-Mozilla-Status: 0001", "Mozilla", ARCHIVE, true},
    {"X-Evolution: x", "Evolution", ARCHIVE, true},
    {"X-GM-THRID: 1", "Gmail", ARCHIVE, true},
    {"Status: RO", NULL, ARCHIVE, true},
    {"X-Status: A", NULL, ARCHIVE, true},
    {"X-UID: 3", NULL, ARCHIVE, true},
    {"X-Keywords: ", NULL, ARCHIVE, true},
    {"Content-Length: 9", NULL, ARCHIVE, true},
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
	c = context_around(
	    "Received: from x by listserv.example.net (Postfix); z\n", "",
	    SPAN(""), *state);
	assert_int_equal(c.software, RELAY);
	assert_null(c.name.p);
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
	    "List-Unsubscribe: <mailto:a+unsubscribe@example.net>\n",
	    "X-Loop: a@example.net\n", "X-FE-ETP-METADATA: x\n",
	    "X-Forwarded-For: 192.0.2.1\n", "X-Sequence: 1\n"};

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
a_newsletter_is_not_a_list(void **state)
{
	static const struct {
		const char *above, *below;
		enum context_software kind;
	} rows[] = {
	    {"", "List-Id: <a.example.net>\n", CONTEXT_UNKNOWN},
	    {"X-Mimecast-Spam-Score: 1\n", "List-Id: <a.example.net>\n",
		GATEWAY},
	    {"List-Id: <a.example.net>\n", "", LIST},
	    {"", "List-Id: <a.example.net>\nX-BeenThere: a@example.net\n",
		LIST},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(context_of(rows[i].above, "",
				     span_of(rows[i].below), false, *state)
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
	for (int i = CONTEXT_UNKNOWN; i <= CONTEXT_RELAY; i++)
		assert_non_null(context_subject((enum context_software)i));
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
	    TEST(a_newsletter_is_not_a_list),
	    TEST(the_hop_is_the_lowest_or_that_of_the_list),
	    TEST(each_kind_has_a_subject),
	    TEST(as_many_fields_as_a_header_can_have_are_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
