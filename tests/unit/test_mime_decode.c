/* test_mime_decode: base64 and quoted-printable in the parts of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "../helper/parts.h"
#include "base/base64.h"

#define BASE64 "Content-Transfer-Encoding: base64\n\n"
#define QUOTED "Content-Transfer-Encoding: quoted-printable\n\n"

/* A body, and what a walk tells at its end, after its number; offsets are those
 * of the body. */
struct body {
	struct span text;
	const char *told;
};

static void
check_bodies(
    struct span header, const struct body *c, size_t n, struct arena *a)
{
	struct mime *w = mime_new();

	for (size_t i = 0; i < n; i++) {
		struct span text = ARENA_JOIN(a, header, c[i].text);
		struct span whole = parts_of(w, text, 0, 0, a), told = whole;

		span_cut(&told, '\n');
		told = span_upto(told, told.len - 1);
		same(c[i].text.p, arena_span(a, told), c[i].told);
		for (size_t k = 0; k < text.len; k++)
			assert_true(
			    span_eq(parts_of(w, text, k + 1, 0, a), whole));
		for (size_t k = 1; k < 5; k++)
			assert_true(span_eq(parts_of(w, text, k, k, a), whole));
	}
	mime_free(w);
}

static void
base64_is_decoded(void **state)
{
	/* The header has 35 octets. */
	static const struct body c[] = {
	    {S(""), "1 end 35 []"},
	    {S("Zm9vYmFy"), "1 end 43 [foobar]"},
	    {S("Zm9vYmE="), "1 end 43 [fooba]"},
	    {S("Zm9vYg=="), "1 end 43 [foob]"},
	    {S("AA+/aZ09\n"), "1 end 44 [\\x00\\x0f\\xbfi\\x9d=]"},
	    {S("Zm9v\r\nYmFy\r\n"), "1 end 47 [foobar]"},
	    {S(" Z\tm\n9\rv Yg =\n= \n"), "1 end 52 [foob]"},
	    {S("Zm9vYmFyZm9vYmFyZm9vYmF\nyZm9vYmFyZm9vYmFyZm9v"),
		"1 end 80 [foobarfoobarfoobarfoobarfoobarfoo]"},
	    /* Damage. */
	    {S("Zm9vYmF"), "1 end 42 cut 42 [fooba]"},
	    {S("Zm9vYm"), "1 end 41 cut 41 [foob]"},
	    {S("Zm9vY"), "1 end 40 cut 40 [foo]"},
	    {S("Zm9vYg="), "1 end 42 cut 42 [foob]"},
	    {S("Zm9v!YmFy"), "1 end 44 stray 39 [foobar]"},
	    {S("Zm-9v_YmFy\200"), "1 end 46 stray 37 [foobar]"},
	    {S("Zm9v\0YmFy"), "1 end 44 stray 39 [foobar]"},
	    {S("=Zm9v"), "1 end 40 stray 35 [foo]"},
	    {S("Z=m9v"), "1 end 40 stray 36 [foo]"},
	    {S("Zm=9v"), "1 end 40 stray 38 [foo]"},
	    {S("Zm9v===="), "1 end 43 stray 39 [foo]"},
	    {S("Zm9!vYm"), "1 end 42 cut 42 [foob]"},
	    {S("Zg==\n-- \nlist\n"), "1 end 49 after 40 [f]"},
	    {S("Zg==Zg=="), "1 end 43 after 39 [f]"},
	    {S("Zg==="), "1 end 40 after 39 [f]"},
	};

	check_bodies(SPAN(BASE64), c, COUNT(c), *state);
}

static void
quoted_printable_is_decoded(void **state)
{
	/* The header has 45 octets. */
	static const struct body c[] = {
	    {S(""), "1 end 45 []"},
	    {S("a b\n"), "1 end 49 [a b\\x0a]"},
	    {S("a=3Db=c3=BC=00"), "1 end 59 [a=b\303\274\\x00]"},
	    /* RFC 2045 6.7 (3) and (5) */
	    {S("a \t\nb\t \r\nc \n"), "1 end 57 [a\\x0ab\\x0d\\x0ac\\x0a]"},
	    {S("a =20\n=20\n"), "1 end 55 [a  \\x0a \\x0a]"},
	    {S("a =\nb=\r\nc= \t\nd= \r\ne"), "1 end 64 [a bcde]"},
	    {S("a="), "1 end 47 [a]"},
	    {S("a= \r"), "1 end 49 [a]"},
	    {S("a \t"), "1 end 48 [a]"},
	    {S("a\rb \rc\r\rd\r"), "1 end 55 [a\\x0db \\x0dc\\x0d\\x0dd\\x0d]"},
	    /* Damage. */
	    {S("a=x"), "1 end 48 stray 46 [a=x]"},
	    {S("a=4x"), "1 end 49 stray 46 [a=4x]"},
	    {S("a==3D"), "1 end 50 stray 46 [a==]"},
	    {S("a=4=\nb"), "1 end 51 stray 46 [a=4b]"},
	    {S("a= b \nc"), "1 end 52 stray 46 [a= b\\x0ac]"},
	    {S("a=\rb"), "1 end 49 stray 46 [a=\\x0db]"},
	    {S("a=4"), "1 end 48 cut 46 [a=4]"},
	    {S("=x=4"), "1 end 49 cut 47 [=x=4]"},
	};

	check_bodies(SPAN(QUOTED), c, COUNT(c), *state);
}

static void
other_encodings_are_passed_as_they_are(void **state)
{
	/* The header has 30 octets. */
	static const struct body c[] = {
	    {S("=3D \n\r\r\0"), "1 end 38 [=3D \\x0a\\x0d\\x0d\\x00]"},
	};

	check_bodies(
	    SPAN("Content-Transfer-Encoding: x\n\n"), c, COUNT(c), *state);
}

/* Returns n octets of all values. */
static struct span
octets_of(size_t n, struct arena *a)
{
	char *p = ARENA_ARRAY(a, char, n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 37 + i / 7);
	return (struct span){p, n};
}

/* Returns a text as base64 in lines of n digits. */
static struct span
base64_lines(struct span octets, size_t n, struct arena *a)
{
	struct span text = base64_encode(octets, a);
	struct buf b = BUF(a);

	for (; text.len > n; text = span_from(text, n)) {
		buf_add(&b, span_upto(text, n));
		buf_str(&b, n % 2 ? "\r\n" : "\n");
	}
	buf_add(&b, text);
	return buf_span(&b);
}

static void
lines_of_base64_have_any_length(void **state)
{
	struct span octets = octets_of(20000, *state), told;
	struct buf expected = BUF(*state);
	struct mime *w = mime_new();

	buf_char(&expected, '[');
	buf_escaped(&expected, octets);
	buf_str(&expected, "]\n");
	for (size_t n = 1; n < 80; n++) {
		told = parts_of(w,
		    ARENA_JOIN(
			*state, SPAN(BASE64), base64_lines(octets, n, *state)),
		    0, 0, *state);
		told = span_from(told, span_find(told, '['));
		assert_true(span_eq(told, buf_span(&expected)));
	}
	mime_free(w);
}

static void
blanks_over_the_limit_are_not_the_end_of_a_line(void **state)
{
	struct mime *w = mime_new();
	char text[LIMIT_LINE + 2];

	memset(text, ' ', sizeof(text));
	for (size_t n = LIMIT_LINE; n <= sizeof(text); n++) {
		struct span octets = {text, n}, told;

		told = parts_of(w,
		    ARENA_JOIN(*state, SPAN(QUOTED), octets, SPAN("\n")), 0, 7,
		    *state);
		told = span_from(told, span_find(told, '['));
		assert_int_equal(told.len - strlen("[\\x0a]\n"),
		    n > LIMIT_LINE ? LIMIT_LINE : 0);
	}
	mime_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(base64_is_decoded),
	    TEST(quoted_printable_is_decoded),
	    TEST(other_encodings_are_passed_as_they_are),
	    TEST(lines_of_base64_have_any_length),
	    TEST(blanks_over_the_limit_are_not_the_end_of_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
