/* test_base64: decoding and encoding base64. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "base/base64.h"

/* Decodes a copy of exact size, so that a sanitizer sees reads beyond. */
static bool
decode(struct span text, struct arena *a, struct span *out)
{
	char *copy = memcpy(malloc(text.len ? text.len : 1), text.p, text.len);
	bool good = base64_decode((struct span){copy, text.len}, a, out);

	free(copy);
	return good;
}

static void
the_examples_of_rfc_4648_are_right(void **state)
{
	/* RFC 4648 10 */
	static const struct {
		struct span octets, text;
	} c[] = {
	    {S(""), S("")},
	    {S("f"), S("Zg==")},
	    {S("fo"), S("Zm8=")},
	    {S("foo"), S("Zm9v")},
	    {S("foob"), S("Zm9vYg==")},
	    {S("fooba"), S("Zm9vYmE=")},
	    {S("foobar"), S("Zm9vYmFy")},
	    {S("\0\0\0"), S("AAAA")},
	    {S("\377\377\377\377"), S("/////w==")},
	    {S("\373\357\276"), S("++++")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span out;

		assert_true(
		    span_eq(base64_encode(c[i].octets, *state), c[i].text));
		assert_true(decode(c[i].text, *state, &out));
		assert_non_null(out.p);
		assert_true(span_eq(out, c[i].octets));
	}
}

static void
white_space_may_be_anywhere_and_padding_may_be_missing(void **state)
{
	static const struct {
		struct span text, octets;
	} c[] = {
	    {S(" Z\tm\r\n 9\nv "), S("foo")},
	    {S("Zg"), S("f")},
	    {S("Zm8"), S("fo")},
	    {S("Zg= ="), S("f")},
	    {S("Zg=\r\n ="), S("f")},
	    {S("Zg==\r\n"), S("f")},
	    {S("\r\n"), S("")},
	    {S(" \t"), S("")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span out;

		assert_true(decode(c[i].text, *state, &out));
		assert_true(span_eq(out, c[i].octets));
	}
}

static void
what_is_no_base64_is_refused(void **state)
{
	static const struct span c[] = {
	    S("Z"),        /* six bits, less than an octet */
	    S("Zm9vZ"),    /* the same at the end */
	    S("Zh=="),     /* bits after the last octet */
	    S("Zh"),       /* the same without padding */
	    S("Zm9="),     /* two such bits */
	    S("Zg="),      /* half the padding */
	    S("Zm9v="),    /* too much */
	    S("Zm9v===="), /* a whole group of it */
	    S("Zm8=="),    /* too much */
	    S("Zg==="),    /* too much */
	    S("="),        /* nothing before it */
	    S("=="),       /* the same */
	    S("===="),     /* the same */
	    S("Z==="),     /* six bits, and too much */
	    S("Zg==Zg=="), /* padding in the middle */
	    S("Z=g="),     /* the same */
	    S("=Zg="),     /* the same */
	    S("Zm9v;"),    /* not of the alphabet, as all that follow */
	    S("Zm9v\0"),
	    S("Zm-_"),
	    S("Zm9v\v"),
	    S("Zm9v\f"),
	    S("Zm9v\177"),
	    S("Zm9v\303\274"),
	    S("Zm9v\240"),
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span out;

		if (decode(c[i], *state, &out))
			fail_msg("%zu: %s", i, c[i].p);
	}
}

static void
only_the_alphabet_and_white_space_are_read(void **state)
{
	static const char good[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+/";

	for (int c = 0; c < 256; c++) {
		char text[] = {'A', 'A', 'A', (char)c, 'A'};
		struct span s = {text, 4}, out;
		bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
		bool letter = memchr(good, c, sizeof(good) - 1) != NULL;

		assert_int_equal(
		    decode(s, *state, &out), letter || space || c == '=');
		s.len = 5; /* a letter more than a group */
		assert_int_equal(decode(s, *state, &out), space);
	}
}

static void
octets_of_any_length_come_back(void **state)
{
	char octets[300];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 37 + i / 7);
	for (size_t len = 0; len <= sizeof(octets); len++) {
		struct span s = {octets, len}, text, out;

		text = base64_encode(s, *state);
		assert_int_equal(text.len, (len + 2) / 3 * 4);
		assert_true(decode(text, *state, &out));
		assert_true(span_eq(out, s));
		while (text.len && text.p[text.len - 1] == '=')
			text.len--;
		assert_true(decode(text, *state, &out));
		assert_true(span_eq(out, s));
	}
}

static void
each_value_has_one_spelling(void **state)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789+/";

	for (size_t i = 0; i < 64; i++)
		for (size_t j = 0; j < 64; j++) {
			char text[] = {alphabet[i], alphabet[j], '=', '='};
			struct span s = {text, sizeof(text)}, out;
			bool good = decode(s, *state, &out);

			assert_int_equal(good, j % 16 == 0);
			if (good)
				assert_true(
				    span_eq(base64_encode(out, *state), s));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_examples_of_rfc_4648_are_right),
	    TEST(white_space_may_be_anywhere_and_padding_may_be_missing),
	    TEST(what_is_no_base64_is_refused),
	    TEST(only_the_alphabet_and_white_space_are_read),
	    TEST(octets_of_any_length_come_back),
	    TEST(each_value_has_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
