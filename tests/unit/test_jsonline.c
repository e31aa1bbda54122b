/* test_jsonline: objects as text, octet for octet those of jansson. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "../helper/random.h"
#include "base/json.h"
#include "base/jsonline.h"
#include "base/utf8.h"

static void
an_object_has_members_and_lists_of_any_kind(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	(void)state;
	jsonline_open(&b, NULL, '{');
	jsonline_number(&b, "schema", 1);
	jsonline_text(&b, "file", SPAN("a \"b\"\\c"));
	jsonline_text(&b, "absent", SPAN_NONE);
	jsonline_text(&b, "empty", SPAN(""));
	jsonline_open(&b, "none", '[');
	jsonline_close(&b, ']');
	jsonline_open(&b, "list", '[');
	jsonline_text(&b, NULL, SPAN("x"));
	jsonline_null(&b, NULL);
	jsonline_number(&b, NULL, 2);
	jsonline_open(&b, NULL, '{');
	jsonline_close(&b, '}');
	jsonline_open(&b, NULL, '{');
	jsonline_null(&b, "n");
	jsonline_close(&b, '}');
	jsonline_close(&b, ']');
	jsonline_end(&b);
	same("object", buf_span(&b),
	    "{\"schema\":1,\"file\":\"a \\\"b\\\"\\\\c\",\"absent\":null,"
	    "\"empty\":\"\",\"none\":[],"
	    "\"list\":[\"x\",null,2,{},{\"n\":null}]}\n");
	arena_free(a);
}

static void
an_empty_object_is_a_line(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	(void)state;
	jsonline_open(&b, NULL, '{');
	jsonline_end(&b);
	same("object", buf_span(&b), "{}\n");
	arena_free(a);
}

static void
members_written_before_can_be_added(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a), shared = BUF(a);

	(void)state;
	jsonline_text(&shared, "org_name", SPAN("a"));
	jsonline_number(&shared, "begin", 3);
	for (int i = 0; i < 2; i++) {
		jsonline_open(&b, NULL, '{');
		jsonline_number(&b, "line", i);
		buf_add(&b, buf_span(&shared));
		jsonline_end(&b);
	}
	same("objects", buf_span(&b),
	    "{\"line\":0,\"org_name\":\"a\",\"begin\":3}\n"
	    "{\"line\":1,\"org_name\":\"a\",\"begin\":3}\n");
	arena_free(a);
}

static void
numbers_have_all_their_digits(void **state)
{
	static const struct {
		int64_t n;
		const char *text;
	} cases[] = {
	    {0, "0,"},
	    {9, "9,"},
	    {10, "10,"},
	    {-1, "-1,"},
	    {INT64_C(1) << 53, "9007199254740992,"},
	    {INT64_MAX, "9223372036854775807,"},
	    {INT64_MIN, "-9223372036854775808,"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		jsonline_number(&b, NULL, cases[i].n);
		same("number", buf_span(&b), cases[i].text);
		arena_free(a);
	}
}

/* Fails unless a text is written as jansson writes json_text() of it. */
static void
as_jansson(struct span text)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	json_t *value = json_text(text, a);
	char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	struct span line;

	jsonline_text(&b, NULL, text);
	line = buf_span(&b);
	assert_true(line.len && line.p[line.len - 1] == ',');
	same("text", span_upto(line, line.len - 1), dump);
	free(dump);
	json_decref(value);
	arena_free(a);
}

static void
each_octet_alone_and_between_others_is_as_jansson_writes_it(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		const char text[] = {'a', (char)c, 'b'};

		as_jansson((struct span){text + 1, 1});
		as_jansson((struct span){text, 3});
	}
	as_jansson(SPAN_NONE);
	as_jansson(SPAN(""));
}

static void
each_character_is_as_jansson_writes_it(void **state)
{
	static const struct span texts[] = {
	    S("\xc2\x80"),         /* U+80 */
	    S("\xc3\xa9"),         /* U+E9 */
	    S("\xdf\xbf"),         /* U+7FF */
	    S("\xe0\xa0\x80"),     /* U+800 */
	    S("\xed\x9f\xbf"),     /* U+D7FF */
	    S("\xee\x80\x80"),     /* U+E000 */
	    S("\xef\xbf\xbf"),     /* U+FFFF */
	    S("\xf0\x90\x80\x80"), /* U+10000 */
	    S("\xf0\x9f\x93\xa7"), /* U+1F4E7 */
	    S("\xf4\x8f\xbf\xbf"), /* U+10FFFF */
	    S("\xed\xa0\x80"),     /* a surrogate */
	    S("\xc0\xaf"),         /* overlong */
	    S("\xe2\x80\xae"
	      "a"), /* right-to-left override */
	    S("\xc3\xa9\xff\"\\\n\xc3\xa9\xe2\x80\xae"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		as_jansson(texts[i]);
}

static void
random_octets_are_as_jansson_writes_them(void **state)
{
	static const char octets[] = "a\"\\\n\x7f\x01\x80\xa9\xbf\xc2\xc3\xe2"
				     "\xed\xf0\xf4\xff";
	struct generator g = {.random = 1};

	(void)state;
	for (size_t i = 0; i < rounds(20000, 1000000); i++) {
		char text[8];
		size_t n = 1 + pick(&g, sizeof(text));

		for (size_t k = 0; k < n; k++)
			text[k] = octets[pick(&g, sizeof(octets) - 1)];
		as_jansson((struct span){text, n});
	}
}

static void
a_long_text_ends_after_a_whole_character(void **state)
{
	static const struct {
		struct span text;
		size_t max;
		const char *written;
	} cases[] = {
	    {S("abcd"), 4, "\"abcd\","},
	    {S("abcde"), 4, "\"abcd...\","},
	    {S("abc\xc3\xa9"), 5, "\"abc\\u00E9\","},
	    {S("abc\xc3\xa9"), 4, "\"abc...\","},
	    {S("ab\xff\xff\xff"), 4, "\"ab\\\\xff\\\\xff...\","},
	    {S("ab\xc3\xff"
	       "d"),
		3, "\"ab\\\\xc3...\","},
	    {S("\xf0\x9f\x93\xa7"), 3, "\"...\","},
	    {{NULL, 0}, 4, "null,"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		jsonline_short(&b, NULL, cases[i].text, cases[i].max);
		same("text", buf_span(&b), cases[i].written);
		arena_free(a);
	}
}

static void
utf8_gives_characters_and_beginnings(void **state)
{
	(void)state;
	assert_int_equal(utf8_character(SPAN("~"), 1), '~');
	assert_int_equal(utf8_character(SPAN("\xc3\xa9"), 2), 0xe9);
	assert_int_equal(utf8_character(SPAN("\xe2\x82\xac"), 3), 0x20ac);
	assert_int_equal(utf8_character(SPAN("\xf4\x8f\xbf\xbf"), 4), 0x10ffff);
	assert_int_equal(utf8_upto(SPAN("a\xc3\xa9"), 2).len, 1);
	assert_int_equal(utf8_upto(SPAN("a\xc3\xa9"), 3).len, 3);
	assert_int_equal(utf8_upto(SPAN("a\xc3"), 2).len, 2);
	assert_int_equal(utf8_upto(SPAN("a"), 0).len, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_object_has_members_and_lists_of_any_kind),
	    cmocka_unit_test(an_empty_object_is_a_line),
	    cmocka_unit_test(members_written_before_can_be_added),
	    cmocka_unit_test(numbers_have_all_their_digits),
	    cmocka_unit_test(
		each_octet_alone_and_between_others_is_as_jansson_writes_it),
	    cmocka_unit_test(each_character_is_as_jansson_writes_it),
	    cmocka_unit_test(random_octets_are_as_jansson_writes_them),
	    cmocka_unit_test(a_long_text_ends_after_a_whole_character),
	    cmocka_unit_test(utf8_gives_characters_and_beginnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
