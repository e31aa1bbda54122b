/* test_header_repairs_fields: fields that were added, moved or lost, and those
 * of MIME of a message in a wrapper. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#define R CANON_RELAXED
#define P CANON_SIMPLE
#define M "mime-version:content-type:content-transfer-encoding"
#define WRAPPED                                                \
	"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; " \
	"boundary=x\r\n"

static const struct repaired added[] = {
    {"header-added", R, "from:reply-to", "From: a@b\r\nReply-To: l@x\r\n",
	"From: a@b\r\n", NULL},
    {"header-completed", R, "subject:message-id",
	"Subject: a\r\nMessage-ID: <r@x>\r\n", "Subject: a\r\n", NULL},
    {"header-completed", R, "subject:to",
	"To: undisclosed-recipients:;\r\nSubject: a\r\n", "Subject: a\r\n",
	NULL},
    {"header-completed", R, "mime-version:to", "To: a\r\nMIME-Version: 1.0\r\n",
	"To: a\r\n", NULL},
    {"header-added", P, "cc", "Cc: a\r\nX: b\r\nCc: c\r\n", "Cc: a\r\n", NULL},
    {"header-twice", R, "from", "From: a@b\r\nFrom: c@d\r\n", "From: a@b\r\n",
	NULL},
    {"header-added", R, "x-foo:subject", "Subject: a\r\nX-Foo: b\r\n",
	"Subject: a\r\n", NULL},
    {"header-twice", R, "subject:subject", "Subject: a\r\nSubject: b\r\n",
	"Subject: b\r\n", NULL},
    {"header-twice", R, "subject:subject", "Subject: a\r\nSubject: a\r\n",
	"Subject: a\r\n", NULL},
    {"header-twice", R, "to:cc:to", "To: a,\r\n b\r\nCc: d\r\nTo: a, b\r\n",
	"To: a, b\r\nCc: d\r\n", NULL},
    {"header-twice", P, "date:date", "Date: x\r\nDate: x\r\nTo: b\r\n",
	"Date: x\r\nTo: b\r\n", NULL},
    {"header-list-added", R, "to:list-id:list-post:sender:precedence",
	"List-Id: <a>\r\nList-Post: <b>\r\nTo: a\r\nSender: x\r\n", "To: a\r\n",
	NULL},
    {"header-list-added", R, "to:list-id:list-post:sender",
	"List-Id: <a>\r\nList-Post: <b>\r\nTo: a\r\nSender: x\r\n",
	"To: a\r\nSender: x\r\n", NULL},
    {"header-list-added", R, "to:reply-to:list-id:precedence",
	"List-Id: <a>\r\nPrecedence: list\r\nTo: a\r\nReply-To: x\r\n",
	"To: a\r\nReply-To: x\r\n", NULL},
    {"header-list-added", P, "to:reply-to:errors-to",
	"Reply-To: a\r\nErrors-To: b\r\nTo: c\r\n", "To: c\r\n", NULL},
    {"header-mime-added", R,
	"to:mime-version:content-type:content-transfer-encoding",
	"To: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
	"Content-Transfer-Encoding: 7bit\r\n",
	"To: a\r\n", NULL},
    {"header-mime-added", R, "to:mime-version:content-type",
	"To: a\r\nContent-Type: text/plain\r\nMIME-Version: 1.0\r\n"
	"Content-Transfer-Encoding: 7bit\r\n",
	"To: a\r\nContent-Transfer-Encoding: 7bit\r\n", NULL},
    {"header-mime-added", P, "content-transfer-encoding:content-type",
	"content-type: a/b\r\nX: y\r\ncontent-transfer-encoding: 8bit\r\n",
	"X: y\r\n", NULL},
    {"header-retyped", R, "content-type:content-transfer-encoding",
	"Content-Type: text/plain; charset=\"utf-8\"\r\n"
	"Content-Transfer-Encoding: base64\r\n",
	"Content-Type: text/plain; charset=us-ascii\r\n"
	"Content-Transfer-Encoding: 7bit\r\n",
	NULL},
    {"header-retyped", R, "content-type:content-transfer-encoding",
	"Content-Transfer-Encoding: quoted-printable\r\n"
	"Content-Type: text/plain; charset=\"iso-8859-1\"\r\n",
	"Content-Transfer-Encoding: base64\r\n"
	"Content-Type: text/plain; charset=\"utf-8\"\r\n",
	NULL},
    {"header-retyped", P, "content-type:content-transfer-encoding",
	"Content-Type: text/html; charset=\"utf-8\"\r\n"
	"Content-Transfer-Encoding: base64\r\n",
	"Content-Type: text/html; charset=utf-8\r\n"
	"Content-Transfer-Encoding: 8bit\r\n",
	NULL},
    {"header-moved", R, "cc:cc", "Cc: a\r\nCc: b\r\n", "Cc: b\r\nCc: a\r\n",
	NULL},
    {"header-moved", R, "x:x:x", "X: a\r\nX: b\r\nX: c\r\n",
	"X: c\r\nX: a\r\nX: b\r\n", NULL},
    {"header-moved", P, "x:x:x:x", "X: a\r\nX: b\r\nX: c\r\nX: d\r\n",
	"X: c\r\nX: d\r\nX: b\r\nX: a\r\n", NULL},
};

static const struct repaired lost[] = {
    {"header-lost", R, "to:mime-version", "To: a\r\n",
	"To: a\r\nMIME-Version: 1.0\r\n", NULL},
    {"header-lost", R, "to:content-type", "To: a\r\n",
	"To: a\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n", NULL},
    {"header-lost", P, "to:content-transfer-encoding", "To: a\r\n",
	"To: a\r\nContent-Transfer-Encoding: 7bit\r\n", NULL},
    {"header-lost", R, "from:sender", "From: A B <a@b>\r\n",
	"From: A B <a@b>\r\nSender: a@b\r\n", NULL},
    {"header-lost", R, "from:in-reply-to", "From: a\r\nReferences: <a> <b>\r\n",
	"From: a\r\nReferences: <a> <b>\r\nIn-Reply-To: <b>\r\n", NULL},
    {"header-lost", R, "from:auto-submitted", "From: a\r\n",
	"From: a\r\nAuto-Submitted: auto-generated\r\n", NULL},
    {"header-lost", R, "list-unsubscribe-post", "From: a\r\n",
	"From: a\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
	NULL},
    {"header-lost-mime", R, "to:" M, "To: a\r\n",
	"To: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
	"charset=utf-8\r\n",
	NULL},
    {"header-lost-mime", R, "to:" M, "To: a\r\n",
	"To: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
	"charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n",
	NULL},
    {"header-lost-mime", P, "to:" M, "To: a\r\nMIME-Version: 1.0\r\n",
	"To: a\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
	"Content-Transfer-Encoding: 7bit\r\n",
	NULL},
    {"header-twin-lost", R, "to:to", "To: a\r\n", "To: a\r\nTo: a\r\n", NULL},
    {"header-twin-lost", R, "from:x:x:x", "From: a\r\nX: b\r\nX: b\r\n",
	"From: a\r\nX: b\r\nX: b\r\nX: b\r\n", NULL},
    {"header-twin-lost", P, "date:date:a:a", "Date: b\r\nA: c\r\n",
	"Date: b\r\nA: c\r\nA: c\r\n", NULL},
    {"header-twin-lost", P, "a:b:b", "B: c\r\n d\r\nA: e\r\n",
	"B: c\r\n d\r\nB: c\r\n d\r\nA: e\r\n", NULL},
};

static const struct repaired wrapped[] = {
    {"header-mime", R, M, WRAPPED,
	"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	"Content-Transfer-Encoding: 8bit\r\n",
	"Content-Type: text/plain; charset=utf-8\r\n"
	"Content-Transfer-Encoding: 8bit\r\n"},
    {"header-mime", R, M, WRAPPED, "Content-Type: text/plain\r\n",
	"Content-Type: text/plain\n"},
    {"header-mime", R, M, WRAPPED, "Subject: a\r\n", "X: y\r\n"},
    {"header-mime", P, M, WRAPPED "Content-Transfer-Encoding: 7bit\r\n",
	"MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n\ta=b\r\n",
	"Content-Type: text/plain;\r\n\ta=b\r\n"},
    {"header-mime", R, M, WRAPPED "Content-Transfer-Encoding: 7bit\r\n",
	"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n"
	"Content-Transfer-Encoding: 7bit\r\n",
	"Content-Type: text/plain\r\n"},
};

static void
test_added(void **state)
{
	(void)state;
	check_cases(added, COUNT(added));
}

static void
test_lost(void **state)
{
	(void)state;
	check_cases(lost, COUNT(lost));
}

static void
test_wrapped(void **state)
{
	(void)state;
	check_cases(wrapped, COUNT(wrapped));
}

static void
test_no_sign(void **state)
{
	static const struct silent c[] = {
	    {"header-added", R, "from", "From: a\r\nTo: b\r\n"},
	    {"header-twice", R, "x:x", "X: a\r\nX: b\r\n"},
	    {"header-list-added", R, "to:list-id", "To: a\r\nList-Id: b\r\n"},
	    {"header-mime-added", R, "to:content-type",
		"To: a\r\nContent-Type: b/c\r\n"},
	    {"header-retyped", R, "content-type:content-transfer-encoding",
		"Content-Type: text/plain; charset=\"utf-8\"\r\n"
		"Content-Transfer-Encoding: 8bit\r\n"},
	    {"header-retyped", R, "content-type",
		"Content-Type: text/plain; charset=\"utf-8\"\r\n"
		"Content-Transfer-Encoding: base64\r\n"},
	    {"header-moved", R, "to:cc", "To: a\r\nCc: b\r\n"},
	    {"header-lost", R, "x:to", "To: a\r\n"},
	    {"header-lost-mime", R, "mime-version", "To: a\r\n"},
	    {"header-twin-lost", R, "to:cc", "To: a\r\n"},
	    {"header-mime", R, M, WRAPPED},
	};

	(void)state;
	check_silent(c, COUNT(c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_added),
	    cmocka_unit_test(test_lost),
	    cmocka_unit_test(test_wrapped),
	    cmocka_unit_test(test_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
