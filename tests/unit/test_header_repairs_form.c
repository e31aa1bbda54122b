/* test_header_repairs_form: folds, blanks, dates, identifiers, and the fields
 * of MIME written in another way. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#define R CANON_RELAXED
#define P CANON_SIMPLE

#define TEN "aaaaaaaaa "
#define SIX TEN TEN TEN TEN TEN TEN

static const struct repaired folds[] = {
    {"header-unfolded", P, "subject", "Subject: a\r\n b\r\n",
	"Subject: a b\r\n", NULL},
    {"header-unfolded", P, "to", "To: a@b,\r\n\tc@d\r\n", "To: a@b, c@d\r\n",
	NULL},
    {"header-unfolded", P, "message-id", "Message-ID:\r\n <a@b>\r\n",
	"Message-ID: <a@b>\r\n", NULL},
    {"header-folded", P, "subject", "Subject: " SIX TEN "b\r\n",
	"Subject: " SIX "aaaaaaaaa\r\n b\r\n", NULL},
    {"header-folded", P, "subject", "Subject: " SIX TEN "b\r\n",
	"Subject: " SIX "aaaaaaaaa\r\n\tb\r\n", NULL},
    {"header-folded", P, "subject", "Subject: aa\r\n " SIX "bbbbbbbb\r\n",
	"Subject: aa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa "
	"aaaaaaaaa\r\n bbbbbbbb\r\n",
	NULL},
    {"header-folded", P, "subject", "Subject: one two\r\n three four\r\n",
	"Subject: one\r\n two three four\r\n", NULL},
    {"header-folded", P, "to",
	"To: Alice B <alice@example.org>, Bob C <bob@example.org>, "
	"Carol D\r\n <carol@example.org>\r\n",
	"To: Alice B <alice@example.org>, Bob C <bob@example.org>,\r\n"
	"\tCarol D <carol@example.org>\r\n",
	NULL},
    {"header-fold-items", P, "to", "To: a@b, c@d, e@f\r\n",
	"To: a@b,\r\n\tc@d,\r\n\te@f\r\n", NULL},
    {"header-fold-items", P, "content-type",
	"Content-Type: text/plain; charset=utf-8\r\n",
	"Content-Type: text/plain;\r\n    charset=utf-8\r\n", NULL},
    {"header-fold-items", P, "references", "References: <a@b>\r\n\t<c@d>\r\n",
	"References: <a@b>\r\n <c@d>\r\n", NULL},
    {"header-fold-items", P, "message-id", "Message-ID: <a@b>\r\n",
	"Message-ID:\r\n\t<a@b>\r\n", NULL},
    {"header-fold-blanks", P, "subject", "Subject: a\r\n b\r\n",
	"Subject: a\r\n\tb\r\n", NULL},
    {"header-fold-blanks", P, "subject", "Subject: a\r\n\tb\r\n c\r\n",
	"Subject: a\r\n        b\r\n        c\r\n", NULL},
    {"header-fold-blanks", P, "subject", "Subject: a\r\n b\r\n",
	"Subject: a \r\n b\r\n", NULL},
    {"header-joined", P, "subject", "Subject: a  b\r\n", "Subject: a\r\n b\r\n",
	NULL},
    {"header-joined", P, "to", "To: a@b, \tc@d,  e@f\r\n",
	"To: a@b,\r\n\tc@d,\r\n e@f\r\n", NULL},
    {"header-joined", P, "to", "To: a@b,   c@d,\r\n e@f\r\n",
	"To: a@b,\r\n  c@d,\r\n e@f\r\n", NULL},
    {"header-joined", P, "to", "To: a@b,\tc@d,  e@f\r\n",
	"To: a@b,\r\n\tc@d,\r\n  e@f\r\n", NULL},
    {"header-fold-inside", R, "subject", "Subject: aaa\r\n bbb\r\n",
	"Subject: aaabbb\r\n", NULL},
    {"header-fold-inside", R, "to", "To: a@b,\r\n c@\r\n d, e@f\r\n",
	"To: a@b,\r\n c@d, e@f\r\n", NULL},
    {"header-fold-inside", P, "references",
	"References: <a@b>\r\n <c@\r\n\td>\r\n", "References: <a@b><c@d>\r\n",
	NULL},
    {"header-blanks", P, "subject", "Subject: a  b \t c\r\n",
	"Subject: a b c\r\n", NULL},
    {"header-blanks", P, "subject", "Subject: a b \r\n", "Subject: a b\r\n",
	NULL},
    {"header-blanks", P, "subject", "Subject: a b\r\n", "Subject: a b \r\n",
	NULL},
    {"header-colon", P, "subject", "Subject: a\r\n", "Subject:a\r\n", NULL},
    {"header-colon", P, "subject", "Subject:a\r\n", "Subject: a\r\n", NULL},
    {"header-colon", P, "subject", "Subject: a\r\n", "Subject:\ta\r\n", NULL},
    {"header-name-case", P, "message-id", "Message-ID: <a@b>\r\n",
	"Message-Id: <a@b>\r\n", NULL},
    {"header-name-case", P, "mime-version", "Mime-Version: 1.0\r\n",
	"MIME-Version: 1.0\r\n", NULL},
    {"header-name-case", P, "cc", "Cc: a\r\n", "CC: a\r\n", NULL},
    {"header-name-case", P, "content-type", "Content-Type: a/b\r\n",
	"Content-type: a/b\r\n", NULL},
    {"header-name-case", P, "subject", "Subject: a\r\n", "subject: a\r\n",
	NULL},
};

#define D "date"

static const struct repaired dates[] = {
    {"date-form", R, D, "Date: Mon, 2 Feb 2026 03:04:05 +0000\r\n",
	"Date: Mon, 2 Feb 2026 03:04:05 GMT\r\n", NULL},
    {"date-form", R, D, "Date: Mon, 2 Feb 2026 03:04:05 +0000\r\n",
	"Date: Mon, 02 Feb 2026 03:04:05 +0000 (UTC)\r\n", NULL},
    {"date-form", R, D, "Date: Mon, 02 Feb 2026 03:04:05 GMT\r\n",
	"Date: Mon, 2 Feb 2026 03:04:05 +0000\r\n", NULL},
    {"date-form", R, D, "Date: Mon, 2 Feb 2026 03:04:05 +0100\r\n",
	"Date: Mon, 2 Feb 2026 03:04:05 +0100 (CET)\r\n", NULL},
    {"date-form", R, D, "Date: Mon, 2 Feb 2026 03:04:05 -0800 (PST)\r\n",
	"Date: Mon, 2 Feb 2026 03:04:05 -0800\r\n", NULL},
    {"date-form", R, D, "Date: 2 Feb 2026 03:04:05 +0100\r\n",
	"Date: Mon, 2 Feb 2026 03:04:05 +0100\r\n", NULL},
    {"date-form", R, D, "Date: 1 Feb 2026 23:04:05 -0500\r\n",
	"Date: Sun, 01 Feb 2026 23:04:05 -0500\r\n", NULL},
    {"date-form", R, D, "Date: Mon, 2 Feb 2026 03:04:05 +0100\r\n",
	"Date: 2 Feb 2026 03:04:05 +0100\r\n", NULL},
    {"date-form", P, D, "Date: Mon, 2 Feb 2026 03:04:00 +0100\r\n",
	"Date: Mon, 2 Feb 2026 03:04 +0100\r\n", NULL},
    {"date-zone", R, D, "Date: Mon, 2 Feb 2026 03:04:05 +0000\r\n",
	"Date: Mon, 2 Feb 2026 04:04:05 +0100\r\n", NULL},
    {"date-zone", R, D, "Date: Mon, 02 Feb 2026 03:04:05 +0000\r\n",
	"Date: Sun, 01 Feb 2026 22:04:05 -0500\r\n", NULL},
    {"date-zone", P, D, "Date: Mon, 2 Feb 2026 03:04:05 GMT\r\n",
	"Date: Mon, 2 Feb 2026 08:34:05 +0530\r\n", NULL},
    {"id-brackets", R, "message-id", "Message-ID: <a@b>\r\n",
	"Message-ID: a@b\r\n", NULL},
    {"id-brackets", R, "message-id", "Message-ID: a@b\r\n",
	"Message-ID: <a@b>\r\n", NULL},
    {"id-brackets", P, "in-reply-to", "In-Reply-To: < a@b >\r\n",
	"In-Reply-To: <a@b>\r\n", NULL},
    {"id-brackets", R, "message-id", "Message-ID: <a@b\r\n",
	"Message-ID: <a@b>\r\n", NULL},
    {"id-list", R, "references", "References: <a@b>, <c@d>\r\n",
	"References: <a@b> <c@d>\r\n", NULL},
    {"id-list", R, "references", "References: <a@b> <c@d>\r\n",
	"References: <a@b>, <c@d>\r\n", NULL},
    {"id-list", R, "references", "References: <a@b>\r\nIn-Reply-To: <c@d>\r\n",
	"References: <a@b> <c@d>\r\n", NULL},
    {"id-list", R, "in-reply-to",
	"In-Reply-To: <x@y>\r\nReferences: <a@b> <c@d>\r\n",
	"In-Reply-To: <c@d>\r\n", NULL},
    {"id-list", R, "references", "References: <a@b> <c@d>\r\n",
	"References: <a@b>\r\n", NULL},
};

#define T "content-type"

static const struct repaired types[] = {
    {"type-form", R, T, "Content-Type: text/plain; charset=\"utf-8\"\r\n",
	"Content-Type: text/plain; charset=utf-8\r\n", NULL},
    {"type-form", R, T,
	"Content-Type: multipart/mixed; boundary=abc; type=text\r\n",
	"Content-Type: multipart/mixed; boundary=\"abc\"; type=text\r\n", NULL},
    {"type-form", R, T, "Content-Type: text/plain;charset=utf-8\r\n",
	"Content-Type: text/plain; charset=utf-8\r\n", NULL},
    {"type-form", P, T, "Content-Type: text/plain; charset=utf-8\r\n",
	"Content-Type: text/plain;\r\n\tcharset=\"utf-8\"\r\n", NULL},
    {"type-form", R, T, "Content-Type: a/b; boundary=\"a=b\"; c=\"d\"\r\n",
	"Content-Type: a/b; boundary=\"a=b\"; c=d\r\n", NULL},
    {"type-order", R, T,
	"Content-Type: text/plain; charset=utf-8; format=flowed\r\n",
	"Content-Type: text/plain; format=flowed; charset=utf-8\r\n", NULL},
    {"type-order", R, T, "Content-Type: a/b; c=1; d=2; e=3\r\n",
	"Content-Type: a/b; d=2; e=3; c=1\r\n", NULL},
    {"type-order", P, T, "Content-Type: a/b; c=\"1\"; d=2; e=3\r\n",
	"Content-Type: a/b; e=3; d=2; c=\"1\"\r\n", NULL},
    {"type-case", R, T, "Content-Type: text/plain; charset=utf-8\r\n",
	"Content-Type: text/plain; charset=UTF-8\r\n", NULL},
    {"type-case", R, T, "Content-Type: text/plain\r\n",
	"Content-Type: TEXT/PLAIN\r\n", NULL},
    {"type-case", R, T, "Content-Type: text/plain; charset=US-ASCII\r\n",
	"Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n", NULL},
    {"type-case", P, "content-transfer-encoding",
	"Content-Transfer-Encoding: quoted-printable\r\n",
	"Content-Transfer-Encoding: Quoted-Printable\r\n", NULL},
    {"type-parameter-added", R, T,
	"Content-Type: text/plain; charset=us-ascii\r\n",
	"Content-Type: text/plain\r\n", NULL},
    {"type-parameter-added", R, T,
	"Content-Type: text/plain; charset=utf-8; format=flowed\r\n",
	"Content-Type: text/plain; charset=utf-8\r\n", NULL},
    {"type-parameter-added", P, T, "Content-Type: a/b; c=d; e=f\r\n",
	"Content-Type: a/b; e=f\r\n", NULL},
    {"type-parameter-lost", R, T, "Content-Type: text/plain\r\n",
	"Content-Type: text/plain; charset=us-ascii\r\n", NULL},
    {"type-parameter-lost", R, T, "Content-Type: text/plain; charset=x\r\n",
	"Content-Type: text/plain; charset=x; format=flowed; delsp=yes\r\n",
	NULL},
    {"type-parameter-lost", P, T, "Content-Type: text/plain; format=flowed\r\n",
	"Content-Type: text/plain; charset=UTF-8; format=flowed\r\n", NULL},
    {"type-parameter-lost", R, T,
	"Content-Type: a/b\r\n"
	"Content-Disposition: inline; filename=\"x y\"\r\n",
	"Content-Type: a/b; name=\"x y\"\r\n", NULL},
    {"type-charset", R, T, "Content-Type: text/plain; charset=utf-8\r\n",
	"Content-Type: text/plain; charset=iso-8859-1\r\n", NULL},
    {"type-charset", R, T, "Content-Type: text/plain; charset=\"utf-8\"\r\n",
	"Content-Type: text/plain; charset=us-ascii\r\n", NULL},
    {"type-charset", P, T, "Content-Type: text/plain; charset=UTF-8; a=b\r\n",
	"Content-Type: text/plain; charset=windows-1252; a=b\r\n", NULL},
    {"transfer-encoding", R, "content-transfer-encoding",
	"Content-Transfer-Encoding: quoted-printable\r\n",
	"Content-Transfer-Encoding: 8bit\r\n", NULL},
    {"transfer-encoding", R, "content-transfer-encoding",
	"Content-Transfer-Encoding: base64\r\n",
	"Content-Transfer-Encoding: 7bit\r\n", NULL},
    {"transfer-encoding", P, "content-transfer-encoding",
	"Content-Transfer-Encoding: 7bit\r\n",
	"Content-Transfer-Encoding: 7BIT\r\n", NULL},
    {"mime-version", R, "mime-version", "MIME-Version: 1.0 (relay 2)\r\n",
	"MIME-Version: 1.0\r\n", NULL},
    {"mime-version", R, "mime-version", "MIME-Version: 1.0\r\n",
	"MIME-Version: 1.0 (MIME-tools)\r\n", NULL},
    {"mime-version", P, "mime-version", "MIME-Version: 1.0; x\r\n",
	"MIME-Version: 1.0\r\n", NULL},
};

static void
test_folds(void **state)
{
	(void)state;
	check_cases(folds, COUNT(folds));
}

static void
test_dates(void **state)
{
	(void)state;
	check_cases(dates, COUNT(dates));
}

static void
test_types(void **state)
{
	(void)state;
	check_cases(types, COUNT(types));
}

/* Folds and the like do not matter to the relaxed form. */
static void
test_relaxed(void **state)
{
	static const char *const ids[] = {"header-unfolded", "header-folded",
	    "header-fold-items", "header-fold-blanks", "header-blanks",
	    "header-colon", "header-name-case"};
	const char *text = "Subject: a\r\n  b c\r\n";

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		assert_int_equal(
		    count_proposals(R, ids[i], "subject", text), 0);
		assert_int_not_equal(
		    count_proposals(P, ids[i], "subject", text), 0);
	}
}

static void
test_no_sign(void **state)
{
	static const struct silent c[] = {
	    {"header-fold-inside", R, "to", "To: a, b\r\n"},
	    {"header-joined", P, "to", "To: a, b\r\n"},
	    {"header-joined", R, "to", "To: a,  b\r\n"},
	    {"date-form", R, "date", "Date: soon\r\n"},
	    {"date-zone", R, "date",
		"Date: Mon, 2 Feb 2026 03:04:05 +0100\r\n"},
	    {"type-order", R, T, "Content-Type: a/b\r\n"},
	    {"type-charset", R, T, "Content-Type: a/b; c=d\r\n"},
	    {"type-parameter-added", R, T, "Content-Type: a/b\r\n"},
	    {"type-parameter-lost", R, T, "Content-Type: a/b\r\n"},
	    {"id-list", R, "references", "References: a\r\n"},
	};

	(void)state;
	check_silent(c, COUNT(c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_folds),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_relaxed),
	    cmocka_unit_test(test_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
