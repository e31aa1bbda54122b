/* test_span: views of octets, classes of octets, UTF-8. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

/* Returns the sign of a number. */
static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
absent_and_empty_are_equal_but_not_the_same(void **state)
{
	(void)state;
	assert_null(span_of(NULL).p);
	assert_non_null(span_of("").p);
	assert_null(SPAN_NONE.p);
	assert_true(span_empty(SPAN_NONE));
	assert_true(span_empty(SPAN("")));
	assert_false(span_empty(SPAN(" ")));
	assert_true(span_eq(SPAN_NONE, SPAN("")));
	assert_true(span_caseeq(SPAN_NONE, SPAN("")));
	assert_int_equal(span_cmp(SPAN_NONE, SPAN("")), 0);
	assert_int_equal(SPAN("a\0b").len, 3);
}

static void
absent_spans_may_be_used_as_empty_ones(void **state)
{
	struct span none = SPAN_NONE;
	uint64_t n;

	(void)state;
	assert_true(span_starts(none, none));
	assert_true(span_casestarts(none, SPAN("")));
	assert_true(span_caseends(none, none));
	assert_true(span_caseends(none, SPAN("")));
	assert_true(span_casecontains(none, none));
	assert_false(span_starts(none, SPAN("a")));
	assert_false(span_casecontains(none, SPAN("a")));
	assert_int_equal(span_find(none, 'a'), 0);
	assert_null(span_trim(none).p);
	assert_null(span_from(none, 0).p);
	assert_null(span_upto(none, 0).p);
	assert_null(span_cut(&none, ':').p);
	assert_null(none.p);
	assert_false(span_number(none, 1, &n));
	assert_true(utf8_valid(none));
	assert_int_equal(utf8_length(none), 0);
}

static void
spans_compare_by_octets_or_ascii_case(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
		bool caseeq;
	} c[] = {
	    {"", "", 0, true},
	    {"a", "a", 0, true},
	    {"a", "A", 1, true},
	    {"a", "b", -1, false},
	    {"a", "ab", -1, false},
	    {"b", "ab", 1, false},
	    {"", "a", -1, false},
	    {"[", "{", -1, false},
	    {"@", "`", -1, false},
	    {"Z", "z", -1, true},
	    {"a", "\377", -1, false},
	    {"\304", "\344", -1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span a = span_of(c[i].a), b = span_of(c[i].b);

		assert_int_equal(sign(span_cmp(a, b)), c[i].order);
		assert_int_equal(sign(span_cmp(b, a)), -c[i].order);
		assert_int_equal(span_eq(a, b), c[i].order == 0);
		assert_int_equal(span_caseeq(a, b), c[i].caseeq);
		assert_int_equal(span_casecmp(a, b) == 0, c[i].caseeq);
		assert_int_equal(
		    sign(span_casecmp(a, b)), -sign(span_casecmp(b, a)));
	}
	assert_int_equal(sign(span_casecmp(SPAN("B"), SPAN("a"))), 1);
	assert_int_equal(sign(span_casecmp(SPAN("Ab"), SPAN("aC"))), -1);
	assert_int_equal(sign(span_casecmp(SPAN("AB"), SPAN("a"))), 1);
	assert_int_equal(sign(span_casecmp(SPAN("Z"), SPAN("\377"))), -1);
	assert_false(span_eq(SPAN("a\0b"), SPAN("a\0c")));
}

static void
beginnings_ends_and_parts_are_found(void **state)
{
	struct span s = SPAN("Example.ORG");

	(void)state;
	assert_true(span_starts(s, SPAN("Exam")));
	assert_false(span_starts(s, SPAN("exam")));
	assert_true(span_starts(s, s));
	assert_false(span_starts(SPAN("Exam"), s));
	assert_true(span_casestarts(s, SPAN("eXAM")));
	assert_false(span_casestarts(s, SPAN("xam")));
	assert_true(span_caseends(s, SPAN(".org")));
	assert_true(span_caseends(s, SPAN("")));
	assert_false(span_caseends(s, SPAN(".or")));
	assert_false(span_caseends(SPAN("g"), SPAN("rg")));
	assert_true(span_casecontains(s, SPAN("e.o")));
	assert_true(span_casecontains(s, SPAN("EXAMPLE.org")));
	assert_true(span_casecontains(s, SPAN("")));
	assert_true(span_casecontains(s, SPAN("g")));
	assert_false(span_casecontains(s, SPAN("gg")));
	assert_false(span_casecontains(SPAN("a"), SPAN("ab")));
	assert_int_equal(span_find(s, '.'), 7);
	assert_int_equal(span_find(s, 'x'), 1);
	assert_int_equal(span_find(s, '?'), s.len);
	assert_true(span_eq(span_from(s, 8), SPAN("ORG")));
	assert_int_equal(span_from(s, s.len).len, 0);
	assert_true(span_eq(span_upto(s, 7), SPAN("Example")));
	assert_true(span_eq(span_between(s.p + 8, s.p + 11), SPAN("ORG")));
}

static void
octets_of_a_class_are_counted_at_both_ends(void **state)
{
	static const struct {
		struct span s;
		size_t first, last;
	} c[] = {
	    {S(""), 0, 0},
	    {S("a"), 0, 0},
	    {S(" \t\n a \t"), 2, 2},
	    {S(" \t"), 2, 2},
	    {S("a "), 0, 1},
	    {S("\0 "), 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		assert_int_equal(span_run(c[i].s, ascii_is_wsp), c[i].first);
		assert_int_equal(
		    span_run_last(c[i].s, ascii_is_wsp), c[i].last);
	}
	assert_int_equal(span_run(SPAN_NONE, ascii_is_wsp), 0);
	assert_int_equal(span_run_of(SPAN(">>a>"), '>'), 2);
	assert_int_equal(span_run_of(SPAN(">>"), '>'), 2);
	assert_int_equal(span_run_of(SPAN_NONE, '>'), 0);
	assert_int_equal(span_run_last(SPAN_NONE, ascii_is_wsp), 0);
	assert_int_equal(span_run(SPAN("\r\n x"), ascii_is_eol), 2);
}

static void
cutting_visits_every_item_empty_ones_too(void **state)
{
	static const struct {
		const char *list;
		size_t items;
		const char *last;
	} c[] = {
	    {"", 1, ""},
	    {":", 2, ""},
	    {"a", 1, "a"},
	    {"a:", 2, ""},
	    {":a", 2, "a"},
	    {"a::b", 3, "b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span rest = span_of(c[i].list), item = SPAN_NONE;
		size_t n = 0;

		for (; rest.p; n++)
			item = span_cut(&rest, ':');
		assert_int_equal(n, c[i].items);
		assert_non_null(item.p);
		assert_true(span_eq(item, span_of(c[i].last)));
	}
}

static void
white_space_is_trimmed_at_both_ends_only(void **state)
{
	(void)state;
	assert_true(span_eq(span_trim(SPAN(" \t\r\na b\n \r")), SPAN("a b")));
	assert_true(span_eq(span_trim(SPAN("a")), SPAN("a")));
	assert_true(span_eq(span_trim(SPAN("\va\f")), SPAN("\va\f")));
	assert_int_equal(span_trim(SPAN(" \r\n")).len, 0);
	assert_non_null(span_trim(SPAN(" ")).p);
}

static void
numbers_are_digits_up_to_a_maximum(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool good;
		uint64_t value;
	} c[] = {
	    {"0", 0, true, 0},
	    {"1", 0, false, 0},
	    {"42", 42, true, 42},
	    {"42", 41, false, 0},
	    {"0042", 42, true, 42},
	    {"9999999999999999999", UINT64_MAX, true, 9999999999999999999u},
	    {"10000000000000000000", UINT64_MAX, false, 0},
	    {"00000000000000000001", UINT64_MAX, false, 0},
	    {"", 9, false, 0},
	    {"-1", 9, false, 0},
	    {"+1", 9, false, 0},
	    {" 1", 9, false, 0},
	    {"1 ", 9, false, 0},
	    {"1a", 99, false, 0},
	    {"\262", 9, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		uint64_t value = 7;

		if (span_number(span_of(c[i].text), c[i].max, &value) !=
		    c[i].good)
			fail_msg("%s", c[i].text);
		if (c[i].good)
			assert_true(value == c[i].value);
	}
}

/* Each class as the list of its ASCII members. */
static void
classes_have_the_members_that_the_rfcs_list(void **state)
{
#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	static const struct {
		bool (*is)(char);
		const char *members;
		bool has_8bit;
	} c[] = {
	    {ascii_is_digit, DIGITS, false},
	    {ascii_is_alpha, LETTERS, false},
	    {ascii_is_alnum, LETTERS DIGITS, false},
	    {ascii_is_wsp, " \t", false},
	    {ascii_is_space, " \t\r\n", false},
	    {ascii_is_8bit, "", true},
	    {ascii_is_vchar,
		LETTERS DIGITS "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", false},
	    {ascii_is_ftext, LETTERS DIGITS "!\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~",
		false},
	    {ascii_is_atext, LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~", true},
	    {ascii_is_token, LETTERS DIGITS "!#$%&'*+-.^_`{|}~", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		for (int n = 0; n < 256; n++) {
			bool member = n && n < 128 && strchr(c[i].members, n);

			if (c[i].is((char)n) !=
			    (n < 128 ? member : c[i].has_8bit))
				fail_msg("class %zu, octet %d", i, n);
		}
	for (int n = 0; n < 256; n++) {
		assert_int_equal(ascii_lower((char)n),
		    n >= 'A' && n <= 'Z' ? n + 32 : (char)n);
		assert_int_equal(ascii_upper((char)n),
		    n >= 'a' && n <= 'z' ? n - 32 : (char)n);
	}
}

/* Decodes by the definition of RFC 3629 3, for comparison with all sequences of
 * up to 4 octets. */
static size_t
decoded(const unsigned char *p, size_t len)
{
	static const struct {
		unsigned mask, lead, low;
	} form[] = {{0, 0, 0}, {0x80, 0, 0}, {0xe0, 0xc0, 0x80},
	    {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

	for (size_t n = 1; n <= 4 && n <= len; n++) {
		unsigned code = p[0] & ~form[n].mask;

		if ((p[0] & form[n].mask) != form[n].lead)
			continue;
		for (size_t i = 1; i < n; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (p[i] & 0x3f);
		}
		if (code < form[n].low || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return 0;
		return n;
	}
	return 0;
}

static void
utf8_sequences_are_valid_as_rfc_3629_says(void **state)
{
	static const unsigned char tail[] = {
	    0, 'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
	unsigned char p[4];

	(void)state;
	for (unsigned n = 0; n < 256 * 256; n++)
		for (size_t i = 0; i < COUNT(tail) * COUNT(tail); i++) {
			p[0] = (unsigned char)(n >> 8);
			p[1] = (unsigned char)n;
			p[2] = tail[i / COUNT(tail)];
			p[3] = tail[i % COUNT(tail)];
			for (size_t len = 0; len <= 4; len++) {
				struct span s = {(const char *)p, len};

				if (utf8_length(s) != decoded(p, len))
					fail_msg("%02x %02x %02x %02x", p[0],
					    p[1], p[2], p[3]);
			}
		}
}

static void
text_is_valid_if_all_its_sequences_are(void **state)
{
	(void)state;
	assert_true(utf8_valid(SPAN("")));
	assert_true(utf8_valid(SPAN("a\0b")));
	assert_true(utf8_valid(SPAN("\303\274\342\202\254\360\235\204\236")));
	assert_false(utf8_valid(SPAN("a\374")));
	assert_false(utf8_valid(SPAN("\303\274\303")));
	assert_false(utf8_valid(SPAN("\274")));
}

/* Checks what utf8_escape() returns for a text. */
static void
check_escaped(struct span text, const char *wanted)
{
	char *got = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&got, &len);

	assert_non_null(to);
	utf8_escape(text, to);
	assert_int_equal(fclose(to), 0);
	assert_string_equal(got, wanted);
	free(got);
}

static void
what_could_deceive_on_a_screen_is_escaped(void **state)
{
	static const struct {
		const char *text, *shown;
	} c[] = {
	    {"a b~", "a b~"},
	    {"\033[31m", "\\x1b[31m"},
	    {"a\r\n\tb", "a\\x0d\\x0a\\x09b"},
	    {"\177", "\\x7f"},
	    {"\\", "\\x5c"},
	    {"\303\274", "\303\274"},
	    {"\374", "\\xfc"},
	    {"\303a", "\\xc3a"},
	    {"\302\200", "\\xc2\\x80"},
	    {"\302\237", "\\xc2\\x9f"},
	    {"\302\240", "\\xc2\\xa0"},
	    {"\302\241", "\302\241"},
	    {"\302\255", "\\xc2\\xad"},
	    {"\302\256", "\302\256"},
	    {"\330\233", "\330\233"},
	    {"\330\234", "\\xd8\\x9c"},
	    {"\330\235", "\330\235"},
	    {"\330\200", "\\xd8\\x80"},
	    {"\330\206", "\330\206"},
	    {"\342\200\200", "\\xe2\\x80\\x80"},
	    {"\342\200\212", "\\xe2\\x80\\x8a"},
	    {"\342\240\200", "\\xe2\\xa0\\x80"},
	    {"\343\200\200", "\\xe3\\x80\\x80"},
	    {"\343\200\201", "\343\200\201"},
	    {"\357\277\271", "\\xef\\xbf\\xb9"},
	    {"\360\235\205\263", "\\xf0\\x9d\\x85\\xb3"},
	    {"\342\200\213", "\\xe2\\x80\\x8b"},
	    {"\342\200\215", "\\xe2\\x80\\x8d"},
	    {"\342\200\216", "\\xe2\\x80\\x8e"},
	    {"\342\200\217", "\\xe2\\x80\\x8f"},
	    {"\342\200\220", "\342\200\220"},
	    {"\342\200\247", "\342\200\247"},
	    {"\342\200\250", "\\xe2\\x80\\xa8"},
	    {"\342\200\256", "\\xe2\\x80\\xae"},
	    {"\342\200\257", "\\xe2\\x80\\xaf"},
	    {"\342\200\260", "\342\200\260"},
	    {"\315\217", "\\xcd\\x8f"},
	    {"\341\205\240", "\\xe1\\x85\\xa0"},
	    {"\341\240\216", "\\xe1\\xa0\\x8e"},
	    {"\343\205\244", "\\xe3\\x85\\xa4"},
	    {"\357\276\240", "\\xef\\xbe\\xa0"},
	    {"\342\201\237", "\\xe2\\x81\\x9f"},
	    {"\342\201\240", "\\xe2\\x81\\xa0"},
	    {"\342\201\246", "\\xe2\\x81\\xa6"},
	    {"\342\201\251", "\\xe2\\x81\\xa9"},
	    {"\342\201\257", "\\xe2\\x81\\xaf"},
	    {"\342\201\260", "\342\201\260"},
	    {"\357\273\276", "\357\273\276"},
	    {"\357\273\277", "\\xef\\xbb\\xbf"},
	    {"\363\237\277\277", "\363\237\277\277"},
	    {"\363\240\200\200", "\\xf3\\xa0\\x80\\x80"},
	    {"\363\240\201\277", "\\xf3\\xa0\\x81\\xbf"},
	    {"\363\240\202\200", "\363\240\202\200"},
	    {"\360\235\204\236", "\360\235\204\236"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		check_escaped(span_of(c[i].text), c[i].shown);
	check_escaped(SPAN("a\0b"), "a\\x00b");
}

static void
runs_are_as_long_as_they_can_be(void **state)
{
	bool plain;

	(void)state;
	assert_int_equal(utf8_run(SPAN("ab\303\274\n"), &plain), 4);
	assert_true(plain);
	assert_int_equal(utf8_run(SPAN("\n\n"), &plain), 1);
	assert_false(plain);
}

static void
a_text_is_folded_between_words(void **state)
{
	static const struct {
		const char *text;
		size_t columns;
		const char *lines; /* separated by | */
	} cases[] = {
	    {"", 5, ""},
	    {"abcde", 5, "abcde"},
	    {"abcde f", 5, "abcde|f"},
	    {"ab cd e", 5, "ab cd|e"},
	    {"ab cde", 5, "ab|cde"},
	    {"abcdefg h", 5, "abcdefg|h"},
	    {"a bcdefgh i", 5, "a|bcdefgh|i"},
	    {"a  b", 1, "a| b"},
	    {"a ", 1, "a|"},
	    {" abcdef", 5, " abcdef"},
	    {"a b", 0, "a|b"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = span_of(cases[i].text);
		struct span lines = span_of(cases[i].lines);

		while (text.p) {
			struct span line = span_fold(&text, cases[i].columns);

			assert_true(span_eq(line, span_cut(&lines, '|')));
		}
		assert_null(lines.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(absent_and_empty_are_equal_but_not_the_same),
	    cmocka_unit_test(absent_spans_may_be_used_as_empty_ones),
	    cmocka_unit_test(spans_compare_by_octets_or_ascii_case),
	    cmocka_unit_test(beginnings_ends_and_parts_are_found),
	    cmocka_unit_test(octets_of_a_class_are_counted_at_both_ends),
	    cmocka_unit_test(cutting_visits_every_item_empty_ones_too),
	    cmocka_unit_test(white_space_is_trimmed_at_both_ends_only),
	    cmocka_unit_test(numbers_are_digits_up_to_a_maximum),
	    cmocka_unit_test(classes_have_the_members_that_the_rfcs_list),
	    cmocka_unit_test(utf8_sequences_are_valid_as_rfc_3629_says),
	    cmocka_unit_test(text_is_valid_if_all_its_sequences_are),
	    cmocka_unit_test(what_could_deceive_on_a_screen_is_escaped),
	    cmocka_unit_test(runs_are_as_long_as_they_can_be),
	    cmocka_unit_test(a_text_is_folded_between_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
