/* test_taglist: parsing tag=value lists. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "base/buf.h"
#include "base/limit.h"
#include "base/taglist.h"

/* Returns the list with each tag as "name=[value]". */
static struct span
spell(const struct taglist *list, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->ntags; i++) {
		buf_add(&b, list->tags[i].name);
		buf_str(&b, "=[");
		buf_add(&b, list->tags[i].value);
		buf_char(&b, ']');
	}
	return buf_span(&b);
}

static void
lists_are_read_as_rfc_6376_has_them(void **state)
{
	static const struct {
		struct span text, tags;
	} c[] = {
	    {S("a=b"), S("a=[b]")},
	    {S("a=b;"), S("a=[b]")},
	    {S("a=b; "), S("a=[b]")},
	    {S("a=b;\r\n\t"), S("a=[b]")},
	    {S("a=b;c=d"), S("a=[b]c=[d]")},
	    {S(" a = b ; c = d ; "), S("a=[b]c=[d]")},
	    {S("a\r\n =\r\n b\r\n ;\n\tc=d"), S("a=[b]c=[d]")},
	    {S("a="), S("a=[]")},
	    {S("a=;"), S("a=[]")},
	    {S("a= ;b=\r\n "), S("a=[]b=[]")},
	    {S("a=b c\td"), S("a=[b c\td]")},
	    {S("a=b\r\n c"), S("a=[b\r\n c]")},
	    {S("a=b=c=="), S("a=[b=c==]")},
	    {S("a==b"), S("a=[=b]")},
	    {S("a_1=b"), S("a_1=[b]")},
	    {S("A=b;a=c"), S("A=[b]a=[c]")},
	    {S("a=!:<>~\"\\"), S("a=[!:<>~\"\\]")},
	    /* RFC 8616 */
	    {S("a=m\303\274nchen"), S("a=[m\303\274nchen]")},
	    {S("a=\360\237\230\200"), S("a=[\360\237\230\200]")},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct taglist list;

		if (taglist_parse(c[i].text, *state, &list) != TAGLIST_OK ||
		    !span_eq(spell(&list, *state), c[i].tags))
			fail_msg("%s", c[i].text.p);
	}
}

static void
what_is_no_list_is_told(void **state)
{
	static const struct {
		struct span text;
		enum taglist_status status;
	} c[] = {
	    {S(""), TAGLIST_SYNTAX},
	    {S(" "), TAGLIST_SYNTAX},
	    {S(";"), TAGLIST_SYNTAX},
	    {S(";a=b"), TAGLIST_SYNTAX},
	    {S("a=b;;"), TAGLIST_SYNTAX},
	    {S("a=b;;c=d"), TAGLIST_SYNTAX},
	    {S("a=b; ;"), TAGLIST_SYNTAX},
	    {S("a"), TAGLIST_SYNTAX},
	    {S("a=b;c"), TAGLIST_SYNTAX},
	    {S("=b"), TAGLIST_SYNTAX},
	    {S("1=b"), TAGLIST_SYNTAX},
	    {S("_a=b"), TAGLIST_SYNTAX},
	    {S("a b=c"), TAGLIST_SYNTAX},
	    {S("-a=c"), TAGLIST_SYNTAX},
	    {S(".=c"), TAGLIST_SYNTAX},
	    {S("\303\274=c"), TAGLIST_SYNTAX},
	    {S("a=\0"), TAGLIST_SYNTAX},
	    {S("a=b\0"), TAGLIST_SYNTAX},
	    {S("a\0=b"), TAGLIST_SYNTAX},
	    {S("a=\033"), TAGLIST_SYNTAX},
	    {S("a=\177"), TAGLIST_SYNTAX},
	    {S("a=\v"), TAGLIST_SYNTAX},
	    {S("a=\374"), TAGLIST_SYNTAX},
	    {S("a=\300\200"), TAGLIST_SYNTAX},
	    {S("a=\355\240\200"), TAGLIST_SYNTAX},
	    /* a CR alone is not FWS (RFC 6376 2.8) */
	    {S("a=b\rc"), TAGLIST_SYNTAX},
	    {S("a=b\r"), TAGLIST_SYNTAX},
	    {S("a=b;\r"), TAGLIST_SYNTAX},
	    {S("a=b\r\r\n c"), TAGLIST_SYNTAX},
	    {S("a=b;a=c"), TAGLIST_DUPLICATE},
	    {S("a=b;c=d;a="), TAGLIST_DUPLICATE},
	    {S("a=b; a =b"), TAGLIST_DUPLICATE},
	};
	struct taglist list;

	for (size_t i = 0; i < COUNT(c); i++)
		if (taglist_parse(c[i].text, *state, &list) != c[i].status)
			fail_msg("%zu: %s", i, c[i].text.p);
	assert_int_equal(
	    taglist_parse(SPAN_NONE, *state, &list), TAGLIST_SYNTAX);
}

static void
what_is_wrong_is_told_and_where(void **state)
{
	static const struct {
		struct span text;
		const char *wrong, *words;
	} c[] = {
	    {S("a=b; ;"), "", "a tag is empty"},
	    {S("a=b; foo \r\n ;c=d"), "foo", "foo has no ="},
	    {S("a=b; =x"), "=x", "a tag has no name"},
	    {S("a=b; 1 = x"), "1 = x", "1= is not a tag name"},
	    {S("a=b; c d=x"), "c d=x", "c d= is not a tag name"},
	    {S("a=\177"), "a=\177", "a= has an octet that is not allowed"},
	    {S("v=1; a=b\rc;d"), "a=b\rc", "a= has a CR without LF"},
	    {S("a=b; c=d; a=e;;"), "a=e", "a= occurs twice"},
	    {S("abcdefghijklmnopqrst"), "abcdefghijklmnopqrst",
		"abcdefghijklmnopqrst has no ="},
	    {S("abcdefghijklmnopqrstu"), "abcdefghijklmnopqrstu",
		"abcdefghijklmnopqrst... has no ="},
	};
	struct taglist list;

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_int_not_equal(
		    taglist_parse(c[i].text, *state, &list), TAGLIST_OK);
		same(c[i].text.p, list.wrong, c[i].wrong);
		same(c[i].text.p, list.words, c[i].words);
		assert_true(list.wrong.p >= c[i].text.p &&
		    list.wrong.p + list.wrong.len <=
			c[i].text.p + c[i].text.len);
	}
	taglist_parse(SPAN_NONE, *state, &list);
	assert_null(list.wrong.p);
}

static void
names_that_only_the_grammar_lacks_are_read(void **state)
{
	struct taglist list;

	assert_int_equal(
	    taglist_parse(SPAN("v=1; x-y=a; z.=b"), *state, &list), TAGLIST_OK);
	same("the first", list.irregular, "x-y");
	assert_true(span_eq(taglist_value(&list, "z."), SPAN("b")));
	assert_int_equal(
	    taglist_parse(SPAN("v=1; x_y=a-b.c"), *state, &list), TAGLIST_OK);
	assert_null(list.irregular.p);
	assert_int_equal(taglist_parse(SPAN("x-y=a; x-y=b"), *state, &list),
	    TAGLIST_DUPLICATE);
}

static void
tags_are_found_by_name_with_case(void **state)
{
	struct taglist list;
	const struct tag *tag;

	assert_int_equal(
	    taglist_parse(SPAN("v=1; B= x ;e=;b =\r\n y\tz ;"), *state, &list),
	    TAGLIST_OK);
	assert_true(span_eq(taglist_value(&list, "v"), SPAN("1")));
	assert_true(span_eq(taglist_value(&list, "B"), SPAN("x")));
	tag = taglist_find(&list, "b");
	assert_ptr_equal(tag, &list.tags[3]);
	assert_true(span_eq(tag->value, SPAN("y\tz")));
	/* the part that is hashed as empty: all between "=" and ";" */
	assert_true(span_eq(tag->whole, SPAN("\r\n y\tz ")));
	assert_null(taglist_find(&list, "V"));
	assert_null(taglist_value(&list, "bh").p);
	/* empty is not absent */
	assert_non_null(taglist_value(&list, "e").p);
	assert_int_equal(taglist_value(&list, "e").len, 0);
}

static void
items_are_trimmed_and_empty_ones_seen(void **state)
{
	static const char *const wanted[] = {"a", "", "b c", "d", ""};
	struct span list = SPAN(" a :: b c\r\n\t:d:"), item;
	size_t n = 0;

	(void)state;
	while (taglist_item(&list, ':', &item)) {
		assert_true(n < COUNT(wanted));
		assert_true(span_eq(item, span_of(wanted[n])));
		n++;
	}
	assert_int_equal(n, COUNT(wanted));
	list = SPAN("");
	assert_true(taglist_item(&list, ':', &item));
	assert_false(taglist_item(&list, ':', &item));
	list = SPAN_NONE;
	assert_false(taglist_item(&list, ':', &item));
}

static void
a_list_has_octets_and_tags_up_to_the_limits(void **state)
{
	struct taglist list;
	struct buf b = BUF(*state);

	for (unsigned i = 0; i < LIMIT_TAGLIST_TAGS; i++)
		buf_printf(&b, "t%u=%u;", i, i);
	assert_int_equal(
	    taglist_parse(buf_span(&b), *state, &list), TAGLIST_OK);
	assert_int_equal(list.ntags, LIMIT_TAGLIST_TAGS);
	assert_true(span_eq(taglist_value(&list, "t99"), SPAN("99")));
	buf_str(&b, "x=");
	assert_int_equal(
	    taglist_parse(buf_span(&b), *state, &list), TAGLIST_TOO_LARGE);
	b.len = 0;
	buf_str(&b, "a=");
	while (b.len < LIMIT_TAGLIST)
		buf_char(&b, 'x');
	assert_int_equal(
	    taglist_parse(buf_span(&b), *state, &list), TAGLIST_OK);
	buf_char(&b, 'x');
	assert_int_equal(
	    taglist_parse(buf_span(&b), *state, &list), TAGLIST_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lists_are_read_as_rfc_6376_has_them),
	    TEST(what_is_no_list_is_told),
	    TEST(what_is_wrong_is_told_and_where),
	    TEST(names_that_only_the_grammar_lacks_are_read),
	    TEST(tags_are_found_by_name_with_case),
	    TEST(items_are_trimmed_and_empty_ones_seen),
	    TEST(a_list_has_octets_and_tags_up_to_the_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
