/* test_fieldtext: texts that no reader of a field misreads. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "mail/fieldtext.h"

static void
check(const char *text, bool safe, const char *written)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	fieldtext_add(&b, span_of(text));
	if (!span_eq(buf_span(&b), span_of(written)))
		fail_msg("%s: " SPAN_FMT, text, SPAN_ARG(buf_span(&b)));
	if (fieldtext_is_safe(span_of(text)) != safe)
		fail_msg("%s: safe is wrong", text);
	arena_free(a);
}

static void
no_encoded_word_is_written(void **state)
{
	static const struct {
		const char *text;
		bool safe;
		const char *written;
	} cases[] = {
	    {"", true, ""},
	    {"=?us-ascii?q?x?=", false, "=\\x3fus-ascii?q?x?="},
	    {"a=?b=?c", false, "a=\\x3fb=\\x3fc"},
	    {"==?", false, "==\\x3f"},
	    {"=", true, "="},
	    {"?=", true, "?="},
	    {"a?=", true, "a?="},
	    {"= ?", true, "= ?"},
	    {"=\n?", true, "=\\x0a?"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(cases[i].text, cases[i].safe, cases[i].written);
	assert_true(fieldtext_is_encoded(SPAN("a=?")));
	assert_false(fieldtext_is_encoded(SPAN("a=")));
	assert_false(fieldtext_is_encoded(SPAN_NONE));
}

static void
nothing_reads_as_a_pass(void **state)
{
	static const struct {
		const char *text;
		bool safe;
		const char *written;
	} cases[] = {
	    {"dmarc=pass", false, "dmarc\\x3dpass"},
	    {"xDMARC=PASSx", false, "xDMARC\\x3dPASSx"},
	    {"spf \t= \tpass", false, "spf \\x09\\x3d \\x09pass"},
	    {"vbr(a)=(b (c))pass", false, "vbr(a)\\x3d(b (c))pass"},
	    {"dkim/1=pass", false, "dkim/1\\x3dpass"},
	    {"dkim / 12 (x) =pass", false, "dkim / 12 (x) \\x3dpass"},
	    {"dkim-adsp=pass", false, "dkim-adsp\\x3dpass"},
	    {"sender-id=pass", false, "sender-id\\x3dpass"},
	    {"auth=pass iprev=pass", false, "auth\\x3dpass iprev\\x3dpass"},
	    {"spf(arc=pass)=pass", false, "spf(arc\\x3dpass)\\x3dpass"},
	    {"dmarc==pass", true, "dmarc==pass"},
	    {"dmarc=fail", true, "dmarc=fail"},
	    {"dmarc=pas", true, "dmarc=pas"},
	    {"pass=dmarc", true, "pass=dmarc"},
	    {"SRS0=x=tt=example.org=pass", true, "SRS0=x=tt=example.org=pass"},
	    {"a=b+pass", true, "a=b+pass"},
	    {"dkim-x=pass", true, "dkim-x=pass"},
	    {"spf(=pass", true, "spf(=pass"},
	    {"dkim/=pass", true, "dkim/=pass"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(cases[i].text, cases[i].safe, cases[i].written);
}

static void
what_nobody_sees_is_escaped_beside(void **state)
{
	(void)state;
	check("\xe2\x80\x8b=?\\", false, "\\xe2\\x80\\x8b=\\x3f\\x5c");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_encoded_word_is_written),
	    cmocka_unit_test(nothing_reads_as_a_pass),
	    cmocka_unit_test(what_nobody_sees_is_escaped_beside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
