/* test_encodedword: decoding encoded-words. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "mail/encodedword.h"

static void
encoded_words_are_decoded_wherever_they_are(void **state)
{
	static const struct {
		struct span text;
		const char *decoded, *apart;
	} c[] = {
	    {S(""), "", ""},
	    {S("a =?b"), "a =?b", "a =?b"},
	    {S("=?us-ascii?Q?a_b=3D=?="), "a b==", "a b== "},
	    {S("=?utf-8*en?b?w7w=?="), "\303\274", "\303\274 "},
	    {S("a=?x?q?b?= \t=?x?q?c?=d"), "abcd", "ab  \tc d"},
	    {S("=?x?q?a?= b"), "a b", "a  b"},
	    {S("=?x?y?a?="), "=?x?y?a?=", "=?x?y?a?="},
	    {S("=?x?q?a?"), "=?x?q?a?", "=?x?q?a?"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		same(c[i].text.p, encodedword_decode(c[i].text, false, *state),
		    c[i].decoded);
		same(c[i].text.p, encodedword_decode(c[i].text, true, *state),
		    c[i].apart);
	}
}

static void
one_word_is_cut_off_the_start(void **state)
{
	struct buf b = BUF(*state);
	struct span s = SPAN("=?x?q?a?==?x?q?b?=");

	assert_true(encodedword_cut(&s, &b));
	same("the word", buf_span(&b), "a");
	same("the rest", s, "=?x?q?b?=");
	assert_true(encodedword_cut(&s, NULL));
	assert_int_equal(s.len, 0);
	s = SPAN("a");
	assert_false(encodedword_cut(&s, &b));
	same("no word", s, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(encoded_words_are_decoded_wherever_they_are),
	    TEST(one_word_is_cut_off_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
