/* test_compare_text: a comparison as lines for people, and as an object. */
/* SPDX-License-Identifier: ISC */

#include "fixture_compare.h"

#define RELAXED SIGNATURE("relaxed/relaxed", "l=9;", "from:to:subject")

/* Returns the lines of a comparison. */
static struct span
text_of(const struct comparison *c, struct arena *a)
{
	struct result r = {.method = "dkim"};
	struct buf b = BUF(a);

	compare_text(c, &r, a);
	for (size_t i = 0; i < r.ndetail; i++) {
		buf_add(&b, r.detail[i].text);
		buf_char(&b, '\n');
	}
	return buf_span(&b);
}

static struct pair
list_message(struct arena *a)
{
	return compare_pair(RELAXED, true,
	    SPAN("From: a\nTo: b\nSubject: x\nDate: 1\n"), SPAN("one\ntwo \n"),
	    SPAN("Received: y\nFrom: a\nTo:  b\nSubject: [l] x\nDate: 1\n"),
	    SPAN("one\ntwo\n-- \nlist\n"), a);
}

static void
each_difference_has_its_lines(void **state)
{
	struct pair p = list_message(*state);

	same("text", text_of(&p.c, *state),
	    "compared with the original (c=relaxed/relaxed): the header "
	    "differs, the body is as signed\n"
	    "header: 1 signed field differs, 3 the same; 1 unsigned differs, "
	    "1 the same\n"
	    "  - signed      Subject: x\n"
	    "  + signed      Subject: [l] x\n"
	    "  + not signed  Received: y\n"
	    "  To: white space or the case of the name differs, which "
	    "c=relaxed allows\n"
	    "body: it differs in 1 place; white space differs in 1 line, "
	    "which c=relaxed allows\n"
	    "  2 lines added after line 2 of the original:\n"
	    "  + not signed  -- \n"
	    "  + not signed  list\n");
}

static void
nothing_differs(void **state)
{
	struct pair p = compare_pair(RELAXED, false, SPAN("From: a\n"),
	    SPAN("one\n"), SPAN("From: a\n"), SPAN("one\n"), *state);

	same("text", text_of(&p.c, *state),
	    "compared with the original (c=relaxed/relaxed): nothing that "
	    "this signature covers differs\n"
	    "the original does not have this signature field\n"
	    "header: 0 signed fields differ, 1 the same; 0 unsigned differ, "
	    "0 the same\n"
	    "body: all lines are the same\n");
}

/* Does a comparison of two bodies have this line? */
static void
has_line(
    struct span before, struct span after, const char *line, struct arena *a)
{
	struct comparison c = compare_bodies(
	    SIGNATURE("simple/simple", "", "from"), before, after, a);
	struct span text = text_of(&c, a);

	if (!span_casecontains(
		text, ARENA_JOIN(a, SPAN("\n"), span_of(line), SPAN("\n"))))
		fail_msg("no line %s in\n" SPAN_FMT, line, SPAN_ARG(text));
}

#define X10  "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10

static void
what_is_long_is_shortened(void **state)
{
	struct arena *a = *state;
	struct buf b = BUF(a);

	has_line(SPAN("a\n"), SPAN("1\n2\n3\n4\n5\n6\n7\na\n"),
	    "  7 lines added after line 0 of the original:", a);
	has_line(SPAN("a\n"), SPAN("1\n2\n3\n4\n5\n6\n7\na\n"),
	    "  + signed      5", a);
	has_line(
	    SPAN("a\n"), SPAN("1\n2\n3\n4\n5\n6\n7\na\n"), "  + ... 2 more", a);
	has_line(SPAN("1\n2\n3\n4\n5\n6\n7\na\n"), SPAN("a\n"),
	    "  7 lines lost after line 0 of the original:", a);
	has_line(SPAN("1\n2\n3\n"), SPAN("1\nb\n3\n"),
	    "  changed at line 2 of the original, now line 2:", a);
	has_line(SPAN("b\n"), SPAN(X100 X100 "\n"),
	    "  + signed      " X100 X10 X10 "...", a);
	has_line(SPAN(X100 X10 X10 "abc\n"), SPAN(X100 X10 X10 "abd\n"),
	    "  + signed      ..." X10 X10 "xxxxxxxxabd", a);
	for (int i = 0; i < 21; i++)
		buf_printf(&b, "a\n%d\n", i);
	has_line(buf_span(&b),
	    SPAN("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"
		 "12\n13\n14\n15\n16\n17\n18\n19\n20\n"),
	    "  ... 1 more places", a);
}

/* The text of a member, or of one of an array. */
static struct span
json_of(json_t *o, struct arena *a)
{
	char *text = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	struct span s = arena_span(a, span_of(text));

	free(text);
	return s;
}

static void
the_object_has_all(void **state)
{
	struct pair p = list_message(*state);
	json_t *o = compare_json(&p.c, *state);
	json_t *fields = json_object_get(o, "fields");

	same("subject", json_of(json_array_get(fields, 2), *state),
	    "{\"after\":\"Subject: [l] x\",\"before\":\"Subject: x\","
	    "\"hidden\":false,\"name\":\"Subject\",\"signed\":true,"
	    "\"state\":\"changed\"}");
	same("to", json_of(json_array_get(fields, 1), *state),
	    "{\"after\":\"To:  b\",\"before\":\"To: b\",\"hidden\":true,"
	    "\"name\":\"To\",\"signed\":true,\"state\":\"same\"}");
	same("received", json_of(json_array_get(fields, 4), *state),
	    "{\"after\":\"Received: y\",\"before\":null,\"hidden\":false,"
	    "\"name\":\"Received\",\"signed\":false,\"state\":\"added\"}");
	same("lines", json_of(json_object_get(o, "lines"), *state),
	    "[{\"after\":{\"after_line\":2,\"lines\":2,"
	    "\"text\":\"-- \\nlist\\n\"},\"before\":{\"after_line\":2,"
	    "\"lines\":0,\"text\":null},\"signed\":false}]");
	assert_true(json_is_true(json_object_get(o, "has_signature")));
	assert_true(json_is_true(json_object_get(o, "header_differs")));
	assert_true(json_is_false(json_object_get(o, "body_differs")));
	assert_true(json_is_false(json_object_get(o, "coarse")));
	assert_int_equal(
	    json_integer_value(json_object_get(o, "hidden_lines")), 1);
	assert_int_equal(
	    json_integer_value(json_object_get(o, "same_fields")), 1);
	assert_int_equal(
	    json_integer_value(json_object_get(o, "more_fields")), 0);
	assert_int_equal(
	    json_integer_value(json_object_get(o, "more_lines")), 0);
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_difference_has_its_lines),
	    TEST(nothing_differs),
	    TEST(what_is_long_is_shortened),
	    TEST(the_object_has_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
