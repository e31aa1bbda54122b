/* test_mailbox: parsing addresses by RFC 5322. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"
#include "fixture_repeated.h"

#include <string.h>

#include "base/buf.h"
#include "mail/mailbox.h"

/* Returns "local@domain" for each address of a list, or the status. */
static const char *
outcome(struct span body, size_t limit, struct arena *a)
{
	static const char *const names[] = {
	    "OK", "SYNTAX", "DOMAIN", "NONE", "TOO_MANY"};
	struct buf b = BUF(a);
	struct mailbox *list;
	size_t n;
	enum mailbox_status status =
	    mailbox_parse_list(body, limit, a, &list, &n);

	if (status != MAILBOX_OK)
		buf_str(&b, names[status]);
	if (status != MAILBOX_OK && status != MAILBOX_TOO_MANY)
		assert_int_equal(n, 0);
	for (size_t i = 0; i < n; i++) {
		struct span text = mailbox_text(&list[i], a);

		assert_non_null(list[i].local.p);
		assert_non_null(list[i].domain.p);
		if (b.len)
			buf_char(&b, ' ');
		buf_add(&b, text);
	}
	buf_char(&b, '\0');
	return buf_span(&b).p;
}

struct list_case {
	const char *body, *outcome;
};

static void
check(const struct list_case *c, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(span_of(c[i].body), 10, a);

		if (strcmp(got, c[i].outcome))
			fail_msg("%s: %s", c[i].body, got);
	}
}

static void
check_all(
    const char *const *body, size_t n, const char *wanted, struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		check(&(struct list_case){body[i], wanted}, 1, a);
}

static void
mailboxes_have_a_local_part_and_a_domain(void **state)
{
	static const struct list_case c[] = {
	    {"a@example.org", "a@example.org"},
	    {" a@Example.ORG ", "a@example.org"},
	    {"<a@example.org>", "a@example.org"},
	    {"A B <a.b@example.org>", "a.b@example.org"},
	    {"A. B. C <a@b>", "a@b"},
	    {"A . <a@b>", "a@b"},
	    {"\"A, B\" <a@b>", "a@b"},
	    {"\"a@x\" <b@y>", "b@y"},
	    {"\"a@x\"<b@y>", "b@y"},
	    {"\"\" <b@y>", "b@y"},
	    {"a+b=c/d{e}|f~@b", "a+b=c/d{e}|f~@b"},
	    {"=?utf-8?q?a=40x?= <b@y>", "b@y"},
	    {"=?utf-8?b?YUB4?=\r\n =?utf-8?b?YUB4?= <b@y>", "b@y"},
	    {"a@b_c.d", "a@b_c.d"},
	};

	check(c, COUNT(c), *state);
}

static void
lists_keep_their_order_and_may_have_empty_elements(void **state)
{
	static const struct list_case c[] = {
	    {"a@x,b@y", "a@x b@y"},
	    {"b@y, a@x", "b@y a@x"},
	    {"B <b@bank.example>, A <a@example.org>",
		"b@bank.example a@example.org"},
	    {"A <a@example.org>, B <b@bank.example>",
		"a@example.org b@bank.example"},
	    {",a@x", "a@x"},
	    {"a@x,", "a@x"},
	    {", (c) ,, a@x ,\r\n ,b@y , ", "a@x b@y"},
	    {"a@x, a@x", "a@x a@x"},
	};

	check(c, COUNT(c), *state);
}

static void
an_address_that_lacks_its_domain_spoils_the_list(void **state)
{
	static const char *const c[] = {"a@x, b, c@y", "b, a@x", "a@x, b", "a",
	    "a.b", "\"a@x\"", "<a>", "A <a>, b@y", "g: a@x, b;",
	    "=?utf-8?q?a=40x?=", "=?utf-8?q?a=40x?=, b@y", "a@[192.0.2.1]",
	    "a@[IPv6:2001:db8::1]", "a@[ 192.0.2.1\r\n ] (c)", "a@[\\]]",
	    "a@[]", "a@-x.org", "a@x!y", "a@xn--a", "a@\342\235\244.example",
	    "a@b, c@-d"};

	check_all(c, COUNT(c), "DOMAIN", *state);
}

static void
what_is_no_address_list_to_the_last_octet_is_syntax(void **state)
{
	static const char *const c[] = {"a@", "@b", "a@b@c", "a@@b", "<a@b",
	    "a@b>", "<<a@b>>", "<a@b> c", "<a@b> <c@d>", "<a@b>c@d",
	    "a@x <b@y>", "a@b c", "a@b;", ";", "a b", "a b@c", "\"a\"b@c",
	    "a..b@c", ".a@c", "a.@c", ". <a@b>", "a@b..c", "a@b.", "a@.b",
	    "a@\"b\"", "a@[192.0.2.1", "a@[192.0.2.1]x", "a@[[]]", "<>", "A <>",
	    "a@b, <", "a, b <<", "\"a@b", "\"a\\\"@b", "\"a\\\r\n b\"@c",
	    "a@b\\", "a\\@x@b", "a@b\r\n", "a@b\nc@d", "a@b\rc", "a@b)",
	    "mailto:a@b", "[a@b]", "a@b (c", "a@(b", "a@b.(c", "A <(a@b>",
	    "<@a,(b:c@d>", "<@a(:c@d>", "g:(;", "g(:a@b;", "a(@b"};

	check_all(c, COUNT(c), "SYNTAX", *state);
}

static void
groups_are_lists_of_mailboxes_and_may_be_empty(void **state)
{
	static const struct list_case c[] = {
	    {"Undisclosed:;", "NONE"},
	    {"Undisclosed recipients: (none) ; (c)", "NONE"},
	    {"a:;, b:,;", "NONE"},
	    {"", "NONE"},
	    {" \r\n\t", "NONE"},
	    {",", "NONE"},
	    {" , (comment) ,", "NONE"},
	    {"(a@x)", "NONE"},
	    {"Group: a@x, b@y;", "a@x b@y"},
	    {"\"a@x\": b@y;", "b@y"},
	    {"g:a@x;, h:B <b@y>;,c@z", "a@x b@y c@z"},
	    {"g: ,a@x,, ;", "a@x"},
	    {"J. Doe: a@x;", "a@x"},
	    {":;", "SYNTAX"},
	    {"g:", "SYNTAX"},
	    {"g: a@x", "SYNTAX"},
	    {"g: a@x, b@y", "SYNTAX"},
	    {"g: h: a@x;;", "SYNTAX"},
	    {"g:;;", "SYNTAX"},
	    {"g:; a@x", "SYNTAX"},
	    {"a@x g:;", "SYNTAX"},
	    {"g: a@x; b@y", "SYNTAX"},
	    {"a@x: b@y;", "SYNTAX"},
	    {"g: a@x b@y;", "SYNTAX"},
	    {". : a@x;", "SYNTAX"},
	};

	check(c, COUNT(c), *state);
}

static void
routes_are_dropped(void **state)
{
	static const struct list_case c[] = {
	    {"<@a,@b:c@d>", "c@d"},
	    {"<@a:c@d>", "c@d"},
	    {"N < , , @a (c), , @b , : c @ d >", "c@d"},
	    {"<@[192.0.2.1]:c@d>", "c@d"},
	    {"<@a,@b c@d>", "SYNTAX"},
	    {"<@a@b:c@d>", "SYNTAX"},
	    {"<,:c@d>", "SYNTAX"},
	    {"<@a>", "SYNTAX"},
	    {"<@a:>", "SYNTAX"},
	    {"<@a:@b:c@d>", "SYNTAX"},
	    {"<@a:c@d", "SYNTAX"},
	    {"@a:c@d", "SYNTAX"},
	    {"<a:c@d>", "SYNTAX"},
	};

	check(c, COUNT(c), *state);
}

static void
local_parts_are_unquoted_and_quoted_again(void **state)
{
	static const struct list_case c[] = {
	    {"\"a@x, b\"@y", "\"a@x, b\"@y"},
	    {"\"a\"@y", "a@y"},
	    {"\"a.b\"@y", "a.b@y"},
	    {"\"a..b\"@y", "\"a..b\"@y"},
	    {"\"\"@y", "\"\"@y"},
	    {"\" \"@y", "\" \"@y"},
	    {"\"a\\\"b\\\\c\"@y", "\"a\\\"b\\\\c\"@y"},
	    {"\"\\a\\b\"@y", "ab@y"},
	    {"\"a\".b.\"c d\"@y", "\"a.b.c d\"@y"},
	    {"\"<b@y>\"@z", "\"<b@y>\"@z"},
	    {"\"a\r\n b\"@y", "\"a b\"@y"},
	    {"\"a\n\tb\"@y", "\"a\tb\"@y"},
	};

	check(c, COUNT(c), *state);
}

static void
comments_and_folds_may_stand_between_all_words(void **state)
{
	static const struct list_case c[] = {
	    {"(a@x) b@y (c@z)", "b@y"},
	    {"(a(b(c)d)e) b@y", "b@y"},
	    {"a (x) . (y) b (z) @ (u) c (v) . d (w)", "a.b@c.d"},
	    {"A (x) <(y) a@b (z)> (w)", "a@b"},
	    {"(\\))a@b", "a@b"},
	    {"(\\()a@b", "a@b"},
	    {"A\r\n <a@b>", "a@b"},
	    {"A\n\t<a@b>", "a@b"},
	    {"\r\n a@b\r\n ", "a@b"},
	    {"a@b (\r\n c\r\n )", "a@b"},
	    {"g (c) : (d) a@b (e) ; (f)", "a@b"},
	    {"(\"@()\")a@b", "a@b"},
	    {"(a@b", "SYNTAX"},
	    {"a@b (", "SYNTAX"},
	    {"a@b (()", "SYNTAX"},
	    {"a@b (\\)", "SYNTAX"},
	    {"a@b (c))", "SYNTAX"},
	    {"(a\\", "SYNTAX"},
	};

	check(c, COUNT(c), *state);
}

static void
utf8_may_stand_anywhere_and_other_octets_only_in_names(void **state)
{
	static const struct list_case c[] = {
	    {"\303\274@example.org", "\303\274@example.org"},
	    {"\"\303\274 x\"@example.org", "\"\303\274 x\"@example.org"},
	    {"a@m\303\274nchen.example", "a@xn--mnchen-3ya.example"},
	    {"\303\274 (\303\274) <a@b>", "a@b"},
	    {"\374 <a@b>", "a@b"},
	    {"\"\374\" <a@b>", "a@b"},
	    {"a@b (\374)", "a@b"},
	    {"\374: a@b;", "a@b"},
	    {"\374@b", "SYNTAX"},
	    {"\"\374\"@b", "SYNTAX"},
	    {"\303@b", "SYNTAX"},
	    {"\303.\274@b", "SYNTAX"},
	    {"a@\374.example", "SYNTAX"},
	    {"\355\240\200@b", "SYNTAX"},
	    {"\300\200@b", "SYNTAX"},
	};

	check(c, COUNT(c), *state);
}

static void
controls_are_syntax_wherever_they_stand(void **state)
{
	static const char *const forms[] = {"%@b", "a%@b", "a@b%", "a@b%c",
	    "N%<a@b>", "\"N%\" <a@b>", "\"N\\%\" <a@b>", "(%) a@b", "(\\%) a@b",
	    "\"%\"@b", "\"\\%\"@b", "a@[%]", "a@[\\%]", "<%a@b>", "%", "a@b,%"};

	for (size_t i = 0; i < COUNT(forms); i++)
		for (int c = 0; c < 128; c++) {
			char text[32];
			size_t len = strlen(forms[i]);
			struct span body = {text, len};

			memcpy(text, forms[i], len);
			text[span_find(body, '%')] = (char)c;
			if ((c < 32 && c != '\t') || c == 127)
				assert_string_equal(
				    outcome(body, 10, *state), "SYNTAX");
		}
}

static void
the_limit_is_the_number_of_mailboxes_that_pass(void **state)
{
	struct mailbox *list;
	size_t n;

	assert_int_equal(mailbox_parse_list(repeated("", "a@b,", 10, *state),
			     10, *state, &list, &n),
	    MAILBOX_OK);
	assert_int_equal(n, 10);
	assert_int_equal(mailbox_parse_list(repeated("", "a@b,", 11, *state),
			     10, *state, &list, &n),
	    MAILBOX_TOO_MANY);
	assert_int_equal(n, 10);
	assert_string_equal(
	    outcome(SPAN("g:a@b,c@d;,e@f"), 2, *state), "TOO_MANY a@b c@d");
	assert_string_equal(outcome(SPAN("a@b"), 0, *state), "TOO_MANY");
	assert_string_equal(outcome(SPAN("a, b@c"), 1, *state), "DOMAIN");
	assert_string_equal(outcome(SPAN("a@b, c@d, <"), 1, *state), "SYNTAX");
	assert_string_equal(outcome(SPAN("g:;"), 0, *state), "NONE");
}

static void
what_cannot_be_read_is_told(void **state)
{
	static const struct list_case cases[] = {
	    {" a@x b@y", "b@y"},
	    {" a@x, <b@y, c@z", "<b@y, c@z"},
	    {" (a) n..b@y , c@z", "n..b@y , c@z"},
	    {" a@x, \"b <c@z>", "\"b <c@z>"},
	    {"\r\n (a b@y ", "(a b@y"},
	    {" a@x (b", "a@x (b"},
	    {" a@x, n b", "n b"},
	    {" a@x\001b, <c", "\001b, <c"},
	    {" a@x,\n <b", "<b"},
	    {" a@x, b@\377", "b@\377"},
	    {" g: a@x, b@y", ""},
	    {" a@x, (c) Doe, John <b@y>", "Doe"},
	    {" a@x , b@[192.0.2.1] , c", "b@[192.0.2.1]"},
	    {" g: N <a>;", "N <a>"},
	    {" ", ""},
	    {"", ""},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		same(cases[i].body,
		    mailbox_unread(span_of(cases[i].body), 10, *state),
		    cases[i].outcome);
}

/* This would take several seconds if any of them were quadratic. */
static void
very_long_lists_take_linear_time(void **state)
{
	static const char *const units[] = {"a@b,", ",", "\"\" ", "a.", "a ",
	    "(c)", "(", "((((", "<", "<@a,", "@a,", "g:;,", "\"", "\\", "\"\\",
	    "a@b<", "[", "a@[", "\r\n ", "g:", "<@", "\303\274", "()\r\n "};

	for (size_t i = 0; i < COUNT(units); i++) {
		struct arena *a = arena_new();

		outcome(repeated("", units[i], (size_t)1 << 19, a), 10, a);
		arena_free(a);
	}
	assert_string_equal(
	    outcome(repeated("", "a@b,", (size_t)1 << 19, *state), 1, *state),
	    "TOO_MANY a@b");
}

static void
one_address_may_be_bare_or_in_brackets(void **state)
{
	static const struct {
		const char *in;
		bool bare;
		enum mailbox_status status;
		const char *out;
	} c[] = {
	    {"a@Example.org", false, MAILBOX_OK, "a@example.org"},
	    {" <a@example.org> ", false, MAILBOX_OK, "a@example.org"},
	    {"<@a,@b:c@d>", false, MAILBOX_OK, "c@d"},
	    {"\"a b\"@x", false, MAILBOX_OK, "\"a b\"@x"},
	    {"\"a@b\"@x", false, MAILBOX_OK, "\"a@b\"@x"},
	    {"a..b@x", false, MAILBOX_OK, "\"a..b\"@x"},
	    {".a@x", false, MAILBOX_OK, "\".a\"@x"},
	    {"a@x.", false, MAILBOX_OK, "a@x"},
	    {"\303\274@m\303\274nchen.example", false, MAILBOX_OK,
		"\303\274@xn--mnchen-3ya.example"},
	    {"a@x", true, MAILBOX_OK, "a@x"},
	    {"@x", true, MAILBOX_OK, "@x"},
	    {"<@x>", true, MAILBOX_OK, "@x"},
	    {"X.org", true, MAILBOX_OK, "@x.org"},
	    {"m\303\274nchen", true, MAILBOX_OK, "@xn--mnchen-3ya"},
	    {"", false, MAILBOX_NONE, NULL},
	    {"<>", false, MAILBOX_NONE, NULL},
	    {"<>", true, MAILBOX_NONE, NULL},
	    {"a", false, MAILBOX_DOMAIN, NULL},
	    {"a@", false, MAILBOX_DOMAIN, NULL},
	    {"a@[192.0.2.1]", false, MAILBOX_DOMAIN, NULL},
	    {"a@-b", false, MAILBOX_DOMAIN, NULL},
	    {"a@b..c", false, MAILBOX_DOMAIN, NULL},
	    {"@", true, MAILBOX_DOMAIN, NULL},
	    {"-b", true, MAILBOX_DOMAIN, NULL},
	    {"@x", false, MAILBOX_SYNTAX, NULL},
	    {"<@x>", false, MAILBOX_SYNTAX, NULL},
	    {"a@b@c", false, MAILBOX_SYNTAX, NULL},
	    {"@b@c", true, MAILBOX_SYNTAX, NULL},
	    {"a b@c", false, MAILBOX_SYNTAX, NULL},
	    {"a@b c", false, MAILBOX_SYNTAX, NULL},
	    {"a @b", false, MAILBOX_SYNTAX, NULL},
	    {"a@b (c)", false, MAILBOX_SYNTAX, NULL},
	    {"a@b>", false, MAILBOX_SYNTAX, NULL},
	    {"<a@b", false, MAILBOX_SYNTAX, NULL},
	    {"<", false, MAILBOX_SYNTAX, NULL},
	    {"<a@b>, c@d", false, MAILBOX_SYNTAX, NULL},
	    {"A <a@b>", false, MAILBOX_SYNTAX, NULL},
	    {"\"a\" \"b\"@c", false, MAILBOX_SYNTAX, NULL},
	    {"\"a\"b@c", false, MAILBOX_SYNTAX, NULL},
	    {"\"x\"", true, MAILBOX_SYNTAX, NULL},
	    {"\"x", false, MAILBOX_SYNTAX, NULL},
	    {"a\r\n b@c", false, MAILBOX_SYNTAX, NULL},
	    {"\"a\tb\"@c", false, MAILBOX_SYNTAX, NULL},
	    {"\374@c", false, MAILBOX_SYNTAX, NULL},
	    {"a@\374", false, MAILBOX_SYNTAX, NULL},
	    {"a@x[192.0.2.1]", false, MAILBOX_SYNTAX, NULL},
	    {"a@[192.0.2.1]x", false, MAILBOX_SYNTAX, NULL},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct mailbox m;
		enum mailbox_status got =
		    mailbox_parse(span_of(c[i].in), c[i].bare, *state, &m);

		if (got != c[i].status)
			fail_msg("%s: %d", c[i].in, (int)got);
		if (got == MAILBOX_OK)
			assert_true(span_eq(
			    mailbox_text(&m, *state), span_of(c[i].out)));
		else
			assert_null(m.domain.p);
		if (got == MAILBOX_OK && c[i].out[0] == '@')
			assert_null(m.local.p);
	}
	assert_int_equal(
	    mailbox_parse(SPAN("a\0@b"), false, *state, &(struct mailbox){0}),
	    MAILBOX_SYNTAX);
}

static void
what_is_written_reads_back_the_same(void **state)
{
	static const char *const locals[] = {"a", "a.b", "", "a b", "\"", "\\",
	    "a@b", "<>", ".", "\303\274", ","};

	for (size_t i = 0; i < COUNT(locals); i++) {
		struct mailbox m = {
		    .local = span_of(locals[i]), .domain = SPAN("example.org")};
		struct mailbox *list;
		size_t n;

		assert_int_equal(mailbox_parse_list(mailbox_text(&m, *state),
				     10, *state, &list, &n),
		    MAILBOX_OK);
		assert_int_equal(n, 1);
		assert_true(span_eq(list->local, m.local));
		assert_true(span_eq(list->domain, m.domain));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(mailboxes_have_a_local_part_and_a_domain),
	    TEST(lists_keep_their_order_and_may_have_empty_elements),
	    TEST(an_address_that_lacks_its_domain_spoils_the_list),
	    TEST(what_is_no_address_list_to_the_last_octet_is_syntax),
	    TEST(groups_are_lists_of_mailboxes_and_may_be_empty),
	    TEST(routes_are_dropped),
	    TEST(local_parts_are_unquoted_and_quoted_again),
	    TEST(comments_and_folds_may_stand_between_all_words),
	    TEST(utf8_may_stand_anywhere_and_other_octets_only_in_names),
	    TEST(controls_are_syntax_wherever_they_stand),
	    TEST(the_limit_is_the_number_of_mailboxes_that_pass),
	    TEST(what_cannot_be_read_is_told),
	    TEST(very_long_lists_take_linear_time),
	    TEST(one_address_may_be_bare_or_in_brackets),
	    TEST(what_is_written_reads_back_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
