/* test_header_repairs_address: addresses, From rewritten by lists, and old
 * values that are kept in other fields. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#define R     CANON_RELAXED
#define P     CANON_SIMPLE
#define F     "from"
#define ALICE "From: Alice B <alice@example.org>\r\n"
#define VIA   "From: Alice B via Dev <dev@lists.example.net>\r\n"

static const struct repaired from[] = {
    /* Mailman */
    {"from-rewritten", R, F, VIA "Reply-To: Alice B <alice@example.org>\r\n",
	ALICE, NULL},
    {"from-rewritten", R, F, VIA "Cc: bob@x, Alice B <alice@example.org>\r\n",
	ALICE, NULL},
    {"from-rewritten", R, F,
	VIA "Reply-To: dev@lists.example.net, alice@example.org\r\n",
	"From: \"Alice B\" <alice@example.org>\r\n", NULL},
    {"from-rewritten", R, F,
	"From: alice--- via Dev <dev@x>\r\n"
	"Reply-To: alice@example.org\r\n",
	"From: alice@example.org\r\n", NULL},
    {"from-rewritten", R, F,
	"From: =?utf-8?q?J=C3=BC_via_Dev?= <dev@x>\r\n"
	"Cc: bob@x, =?utf-8?b?SsO8?= <j@example.org>\r\n",
	"From: =?utf-8?b?SsO8?= <j@example.org>\r\n", NULL},
    /* Google Groups */
    {"from-rewritten", R, F,
	"From: \"'Alice B' via Group\" <group@googlegroups.com>\r\n"
	"X-Original-From: Alice B <alice@example.org>\r\n",
	ALICE, NULL},
    {"from-rewritten", P, F,
	"From: 'Alice B' via Group <group@googlegroups.com>\r\n"
	"X-Original-Sender: alice@example.org\r\n",
	ALICE, NULL},
    /* Sympa */
    {"from-rewritten", R, F,
	"From: \"alice@example.org\" (via dev Mailing List) <dev@x>\r\n",
	"From: alice@example.org\r\n", NULL},
    {"from-rewritten", R, F, "From: \"alice@example.org via dev\" <dev@x>\r\n",
	"From: <alice@example.org>\r\n", NULL},
    /* Groups.io, IETF, SRS */
    {"from-rewritten", R, F,
	"From: Alice B via groups.io <alice=example.org@groups.io>\r\n", ALICE,
	NULL},
    {"from-rewritten", R, F,
	"From: Alice B <alice=40example.org@dmarc.ietf.org>\r\n", ALICE, NULL},
    {"from-rewritten", R, F,
	"From: SRS0=ab12=QX=example.org=alice@relay.example\r\n",
	"From: alice@example.org\r\n", NULL},
    {"from-rewritten", R, F,
	"From: <SRS0+ab12=QX=example.org=alice@relay.example>\r\n",
	"From: <alice@example.org>\r\n", NULL},
    {"from-invalid", R, F, "From: Alice <alice@example.org.invalid>\r\n",
	"From: Alice <alice@example.org>\r\n", NULL},
    {"from-invalid", R, F, "From: alice@example.org.dmarc.invalid\r\n",
	"From: alice@example.org\r\n", NULL},
    {"from-invalid", P, "reply-to", "Reply-To: <a@example.org.INVALID>\r\n",
	"Reply-To: <a@example.org>\r\n", NULL},
    {"from-replied", R, "from:reply-to",
	VIA "Reply-To: Alice B <alice@example.org>\r\n", ALICE, NULL},
    {"from-replied", R, "from:reply-to:sender",
	VIA "Sender: Dev <dev@x>\r\nReply-To: Alice B "
	    "<alice@example.org>\r\n",
	ALICE, NULL},
    {"from-replied", R, "from:cc", VIA "Cc: Alice B <alice@example.org>\r\n",
	ALICE, NULL},
};

static const struct repaired kept[] = {
    {"header-kept", R, "message-id",
	"Message-ID: <new@x>\r\nX-Google-Original-Message-ID: <old@y>\r\n",
	"Message-ID: <old@y>\r\n", NULL},
    {"header-kept", R, "subject",
	"Subject: **SPAM** a\r\nX-Original-Subject: a\r\n", "Subject: a\r\n",
	NULL},
    {"header-kept", P, "subject", "Subject: new\r\nOld-Subject: a\r\n b\r\n",
	"Subject: a\r\n b\r\n", NULL},
    {"header-kept", R, "date", "Date: now\r\nOld-Date: then\r\n",
	"Date: then\r\n", NULL},
    {"header-kept", R, "content-type",
	"Content-Type: text/html\r\nX-Old-Content-Type: text/plain\r\n",
	"Content-Type: text/plain\r\n", NULL},
    {"header-lost-kept", R, "message-id", "Original-Message-ID: <a@b>\r\n",
	"Message-ID: <a@b>\r\n", NULL},
    {"header-lost-kept", R, "subject:to", "X-Orig-Subject: a\r\nTo: b\r\n",
	"Subject: a\r\nTo: b\r\n", NULL},
    {"header-lost-kept", P, "Date", "Prev-Date: a  b\r\n", "Date: a  b\r\n",
	NULL},
    {"header-lost-kept", P, "date", "Prev-Date: a  b\r\n", "Date: a  b\r\n",
	NULL},
    {"address-recipients", R, "to",
	"To: undisclosed-recipients:;\r\nDelivered-To: bob@x\r\n",
	"To: bob@x\r\n", NULL},
    {"address-recipients", R, "to", "To: a@b\r\nX-Original-To: bob@x\r\n",
	"To: <bob@x>\r\n", NULL},
    {"address-recipients", P, "to", "To: a@b\r\nEnvelope-To: bob@x\r\n",
	"To: a@b, bob@x\r\n", NULL},
};

static const struct repaired forms[] = {
    {"address-quotes", R, F, "From: \"Alice B\" <a@b>\r\n",
	"From: Alice B <a@b>\r\n", NULL},
    {"address-quotes", R, F, "From: Alice B <a@b>\r\n",
	"From: \"Alice B\" <a@b>\r\n", NULL},
    {"address-quotes", P, "to", "To: \"A B\"\r\n <a@b>, \"C\" <c@d>\r\n",
	"To: A B\r\n <a@b>, C <c@d>\r\n", NULL},
    {"address-quotes", R, "to",
	"To: \"C. D\" <c@d>,\r\n \"Alice\" <a@b>, e@f\r\n",
	"To: \"C. D\" <c@d>,\r\n Alice <a@b>, e@f\r\n", NULL},
    {"address-quotes", P, F, "From: \"'Alice'\" <a@b>\r\n",
	"From: Alice <a@b>\r\n", NULL},
    {"address-quotes", R, F, "From: \"A \\\"X\\\" B\" <a@b>\r\n",
	"From: A \"X\" B <a@b>\r\n", NULL},
    {"address-form", R, "to", "To: <a@b>, <c@d>\r\n", "To: a@b, c@d\r\n", NULL},
    {"address-form", R, "to", "To: a@b\r\n", "To: <a@b>\r\n", NULL},
    {"address-form", R, "to", "To: A <a@b>, <c@d>\r\n", "To: A <a@b>, c@d\r\n",
	NULL},
    {"address-form", R, "to", "To: A <a@b>, c@d\r\n", "To: A <a@b>, <c@d>\r\n",
	NULL},
    {"address-form", R, F, "From: Alice B <a@b>\r\n", "From: a@b (Alice B)\r\n",
	NULL},
    {"address-form", R, F, "From: a@b (Alice B)\r\n", "From: Alice B <a@b>\r\n",
	NULL},
    {"address-form", P, "to", "To: a@b\r\n", "To: \"a@b\" <a@b>\r\n", NULL},
    {"address-case", R, F, "From: A <Ab@Example.ORG>\r\n",
	"From: A <Ab@example.org>\r\n", NULL},
    {"address-case", R, F, "From: a.b@x.example\r\n", "From: A.B@x.example\r\n",
	NULL},
    {"address-case", R, F,
	"From: A <ab@example.org>\r\nReturn-Path: <AB@Example.Org>\r\n",
	"From: A <AB@Example.Org>\r\n", NULL},
    {"address-added", R, "to", "To: a@b, c@d, dev@x\r\n", "To: a@b, c@d\r\n",
	NULL},
    {"address-added", R, "cc", "Cc: dev@x, a@b\r\n", "Cc: a@b\r\n", NULL},
    {"address-added", P, "reply-to", "Reply-To: \"B, A\" <a@b>,\r\n dev@x\r\n",
	"Reply-To: \"B, A\" <a@b>\r\n", NULL},
    {"address-replaced", R, "reply-to",
	"Reply-To: l@x\r\nFrom: Alice <a@b>\r\n", "Reply-To: Alice <a@b>\r\n",
	NULL},
    {"address-replaced", R, "sender", "Sender: l@x\r\nFrom: Alice <a@b>\r\n",
	"Sender: a@b\r\n", NULL},
    {"address-replaced", P, "reply-to",
	"Reply-To: l@x\r\nFrom: A via L <l@x>\r\nX-Original-From: A <a@b>\r\n",
	"Reply-To: <a@b>\r\n", NULL},
    {"address-group", R, "to", "To: undisclosed-recipients:;\r\n",
	"To: undisclosed-recipients: ;\r\n", NULL},
    {"address-group", R, "to", "To: \"Undisclosed recipients\":;\r\n",
	"To: undisclosed-recipients:;\r\n", NULL},
    {"address-group", P, "to", "To:\r\n", "To:undisclosed-recipients:;\r\n",
	NULL},
    {"header-commas", R, "to", "To: a@b,c@d, e@f\r\n", "To: a@b, c@d, e@f\r\n",
	NULL},
    {"header-commas", R, "to", "To: a@b, c@d\r\n", "To: a@b,c@d\r\n", NULL},
    {"header-commas", R, F, "From: A<a@b>\r\n", "From: A <a@b>\r\n", NULL},
    {"header-commas", R, "references", "References: <a@b><c@d>\r\n",
	"References: <a@b> <c@d>\r\n", NULL},
    {"header-commas", R, "content-type", "Content-Type: a/b; c=d;\r\n",
	"Content-Type: a/b; c=d\r\n", NULL},
    {"header-commas", R, "content-type", "Content-Type: a/b; c = d\r\n",
	"Content-Type: a/b; c= d\r\n", NULL},
};

static void
test_from(void **state)
{
	(void)state;
	check_cases(from, COUNT(from));
}

static void
test_kept(void **state)
{
	(void)state;
	check_cases(kept, COUNT(kept));
}

static void
test_forms(void **state)
{
	(void)state;
	check_cases(forms, COUNT(forms));
}

static void
test_no_sign(void **state)
{
	static const struct silent c[] = {
	    {"from-rewritten", R, F, ALICE "Reply-To: a@b\r\n"},
	    {"from-replied", R, "from:reply-to", ALICE "Reply-To: a@b\r\n"},
	    {"from-invalid", R, F, ALICE},
	    {"header-kept", R, F, ALICE "Old-To: a@b\r\n"},
	    {"header-lost-kept", R, F, ALICE "Old-From: a@b\r\n"},
	    {"address-recipients", R, "to",
		"To: a@b\r\nX-Original-To: a@b\r\n"},
	    {"address-added", R, F, ALICE},
	    {"address-group", R, "to", "To: a@b\r\n"},
	    {"address-quotes", R, "to", "To: a@b\r\n"},
	    {"address-replaced", R, "reply-to",
		ALICE "Reply-To: alice@example.org\r\n"},
	    /* not signed */
	    {"from-rewritten", R, "to", VIA "Reply-To: a@b\r\n"},
	};

	(void)state;
	check_silent(c, COUNT(c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_from),
	    cmocka_unit_test(test_kept),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
