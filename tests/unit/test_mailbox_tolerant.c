/* test_mailbox_tolerant: addresses in fields that do not conform. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"
#include "fixture_repeated.h"

#include <string.h>

#include "base/buf.h"
#include "base/limit.h"
#include "mail/mailbox.h"

struct loose_case {
	const char *body, *address; /* NULL: cannot be read */
};

static void
check(const struct loose_case *c, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++) {
		struct mailbox m;
		bool read = mailbox_parse_tolerant(span_of(c[i].body), a, &m);

		if (read != (c[i].address != NULL))
			fail_msg("%s: %s", c[i].body, read ? "read" : "not");
		if (read)
			same(c[i].body, mailbox_text(&m, a), c[i].address);
	}
}

static void
one_address_in_brackets_has_any_text_in_front(void **state)
{
	static const struct loose_case c[] = {
	    {" Info [Team] <a@shop.example>", "a@shop.example"},
	    {" Doe, John <a@shop.example>", "a@shop.example"},
	    {" Info: Team <a@shop.example>", "a@shop.example"},
	    {" A; B <a@shop.example> ;", "a@shop.example"},
	    {" \"b@y\", John (x@y) <a@Shop.example> (b@y),\r\n ",
		"a@shop.example"},
	    {" Doe,\r\n John\r\n\t<\r\n a@shop.example >", "a@shop.example"},
	    {" a@shop.example <a@shop.example>", "a@shop.example"},
	    {" b@SHOP.example. <a@shop.example>", "a@shop.example"},
	    {" x@b\303\274cher.example <a@xn--bcher-kva.example>",
		"a@xn--bcher-kva.example"},
	    {" b @ shop.example, <a@shop.example>", NULL},
	    {" <john..doe@shop.example>", "\"john..doe\"@shop.example"},
	    {" <.a.@shop.example>", "\".a.\"@shop.example"},
	    {" <a@shop.example.>", "a@shop.example"},
	    {" Doe, J <\"b@y, <\"@shop.example>", "\"b@y, <\"@shop.example"},
	    {" \374, x <a@shop.example>", "a@shop.example"},
	    {" =?utf-8?q?Doe=2C?=, x <a@shop.example>", "a@shop.example"},
	    {" =?utf-8?q?b=40shop.example?=, x <a@shop.example>",
		"a@shop.example"},
	    {" a <b> <a@shop.example>", NULL},
	    {" b@y <a@shop.example>", NULL},
	    {" =?u?q?Doe?=, x =?u?q?=40 <a@shop.example>", NULL},
	    {" b@shop.example.y <a@shop.example>", NULL},
	    {" b@shop.example .y <a@shop.example>", NULL},
	    {" b@y@shop.example <a@shop.example>", NULL},
	    {" b@shop.example x.y <a@shop.example>", NULL},
	    {" b@shop.example (c) x <a@shop.example>", NULL},
	    {" b@shop.example (c), x <a@shop.example>", "a@shop.example"},
	    {" @y, x <a@shop.example>", NULL},
	    {" x@, y <a@shop.example>", NULL},
	    {" b@shop.example, c@y <a@shop.example>", NULL},
	    {" =?utf-8?q?b=40y?=, x <a@shop.example>", NULL},
	    {" =?utf-8?b?YkB5?=, x <a@shop.example>", NULL},
	    {" =?utf-8?b?YkA=?= =?x?b?eQ==?=, x <a@shop.example>", NULL},
	    {" <a@shop.example> b@y", NULL},
	    {" Doe, John <a@shop.example> x", NULL},
	    {" Doe, John <a@shop.example>.", NULL},
	    {" <a@shop.example>, <a@shop.example>", NULL},
	    {" <<a@shop.example>>", NULL},
	    {" x, <a@shop.example", NULL},
	    {" x, a@shop.example>", NULL},
	    {" x> , <a@shop.example>", NULL},
	    {" >x, <a@shop.example", NULL},
	    {" x, <a @shop.example>", NULL},
	    {" x, <a(c)@shop.example>", NULL},
	    {" x, <a@shop.(c)example>", NULL},
	    {" x, <a@shop\r\n .example>", NULL},
	    {" x, <@y:a@shop.example>", NULL},
	    {" x, <@shop.example>", NULL},
	    {" x, <a@[192.0.2.1]>", NULL},
	    {" x, <a@shop..example>", NULL},
	    {" x, <a>", NULL},
	    {" x, <>", NULL},
	    {" x\\, <a@shop.example>", NULL},
	    {" \"x, <a@shop.example>", NULL},
	    {" (x, <a@shop.example>", NULL},
	    {" x), <a@shop.example>", NULL},
	    {" x, <\374@shop.example>", NULL},
	    {" x\001, <a@shop.example>", NULL},
	    {" x, <a@shop.example>\rFrom: b@y", NULL},
	    {" x,\n<a@shop.example>", NULL},
	};

	check(c, COUNT(c), *state);
}

static void
one_address_alone_has_the_name_of_a_group_in_front(void **state)
{
	static const struct loose_case c[] = {
	    {" a@shop.example.", "a@shop.example"},
	    {" a..b@shop.example", "\"a..b\"@shop.example"},
	    {" a@shop.example;", "a@shop.example"},
	    {" (b@y) a@shop.example. (b@y) ,", "a@shop.example"},
	    {" Team: a@shop.example", "a@shop.example"},
	    {" mailto:a@shop.example", "a@shop.example"},
	    {" a@shop.example.: b@shop.example", "b@shop.example"},
	    {" b@y: a@shop.example", NULL},
	    {" Team a@shop.example", NULL},
	    {" Doe, a@shop.example", NULL},
	    {" a@shop.example. b", NULL},
	    {" a@shop.example.,b@shop.example", NULL},
	    {" [a@shop.example]", NULL},
	    {" a@b@shop.example", NULL},
	    {" \"a\"@shop.example.", NULL},
	    {" =?utf-8?q?b=40y=2C?=@shop.example.", NULL},
	    {" =?utf-8?q?b?=@shop.example.", NULL},
	    {" @shop.example", NULL},
	    {" a@", NULL},
	    {" Team", NULL},
	    {" Team:", NULL},
	    {" ", NULL},
	    {"", NULL},
	};

	check(c, COUNT(c), *state);
}

/* RFC 2047 5, and what Python's email package makes of such fields. */
static void
an_encoded_word_that_readers_differ_about_is_found(void **state)
{
	static const struct {
		const char *body, *stray; /* NULL: none */
	} c[] = {
	    {"", NULL},
	    {"a@x.example", NULL},
	    {"=?u?q?a?= <a@x.example>", NULL},
	    {"=?u?q?a?=\r\n =?u?B?YQ=?=<a@x.example>", NULL},
	    {"=?u?q?a=40y?= <a@x.example>", NULL},
	    {"<a@x.example>, =?u?q?a?= <a@x.example>", NULL},
	    {"=?u?q?a?=: a@x.example;", NULL},
	    {"=?u?q?a?=, =?u?q?b?=; <a@x.example>", NULL},
	    {"=?u?q?(a)?= =?u?q?a b?= (b) <a@x.example>", NULL},
	    {"What=? <a@x.example>", NULL},
	    {"\"=?u?q?a?=\" (=?u?q?b?=) <a@x.example>", NULL},
	    {"\"=?u?q?a\" <a@x.example>", NULL},
	    {"=?u?q?b?= \"=?u?q?a\" <a@x.example>", NULL},
	    /* With text beside it: found if it decodes to an "@". */
	    {"=?u?q?a?==?u?q?b?= <a@x.example>", NULL},
	    {"a=?u?q?a?=b <a@x.example>", NULL},
	    {"=?u?q?a=40x.example?==?u?q?_?= <a@x.example>", NULL},
	    {"=?u?q?a=40?==?u?q?y?= <a@x.example>",
		"=?u?q?a=40?==?u?q?y?= <a@x.example>"},
	    {"=?u?q?a=40y?= b=?u?q?c?= <a@x.example>",
		"=?u?q?c?= <a@x.example>"},
	    {"=?u?q?a=40y?=b <a@x.example>", "=?u?q?a=40y?=b <a@x.example>"},
	    /* Incomplete. */
	    {"=?u?q?a=40y?= =?u?q?=40 <a@x.example>",
		"=?u?q?=40 <a@x.example>"},
	    {"=?u?q?a?= =?u?b?=40\"a\" <a@x.example>",
		"=?u?b?=40\"a\" <a@x.example>"},
	    {"=?u?x?a?= <a@x.example>", "=?u?x?a?= <a@x.example>"},
	    {"=?u?q?<a>?= <a@x.example>", "=?u?q?<a>?= <a@x.example>"},
	    {"=?u?q?a@x?= <a@x.example>", "=?u?q?a@x?= <a@x.example>"},
	    /* In an address. */
	    {"=?u?q?a=40y=3E?=@x.example", "=?u?q?a=40y=3E?=@x.example"},
	    {"=?u?q?a?=", "=?u?q?a?="},
	    {"<=?u?q?a?=@x.example>", "=?u?q?a?=@x.example>"},
	    {"<@=?u?q?a?=:a@x.example>", "=?u?q?a?=:a@x.example>"},
	    {"a@x.example =?u?q?a?=", "=?u?q?a?="},
	    {"<a@x.example> =?u?q?a?=", "=?u?q?a?="},
	    {"a@x.example, =?u?q?a?=", "=?u?q?a?="},
	    /* Quotes and comments that end within it or cut it. */
	    {"\"=?u?q?a\" (?= \" <a@y>) <a@x.example>",
		"=?u?q?a\" (?= \" <a@y>) <a@x.example>"},
	    {"\"=?u?q?a?\"=?u?q?b?= <a@x.example>",
		"=?u?q?a?\"=?u?q?b?= <a@x.example>"},
	    {"(=?u?q?a) (?= <a@y>) <a@x.example>",
		"=?u?q?a) (?= <a@y>) <a@x.example>"},
	    {"=?u?q?a(?= <a@y>, =?u?q?),?= <a@x.example>",
		"=?u?q?a(?= <a@y>, =?u?q?),?= <a@x.example>"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span domain = SPAN("x.example");
		struct span stray =
		    mailbox_stray_word(span_of(c[i].body), &domain, 1, *state);

		if (c[i].stray)
			same(c[i].body, stray, c[i].stray);
		else if (stray.p)
			fail_msg("%s: found", c[i].body);
	}
}

/* Returns the domains of a text, a blank after each. */
static struct span
domains(struct span text, size_t max, struct arena *a)
{
	struct span list[LIMIT_AUTHORS];
	struct mailbox_found f = {list, 0, max, 0};
	struct buf b = BUF(a);

	mailbox_domains(text, a, &f);
	for (size_t i = 0; i < f.ndomains; i++) {
		buf_add(&b, list[i]);
		buf_char(&b, ' ');
	}
	return buf_span(&b);
}

static void
all_that_could_be_domains_are_found(void **state)
{
	static const struct {
		struct span text;
		const char *domains;
	} c[] = {
	    {S(""), ""},
	    {S("a, b <c>"), ""},
	    {S("a@x.example, b@Y.example., c@x.example"),
		"x.example y.example "},
	    {S("<a@x.example"), "x.example "},
	    {S("a@x.example@y.example"), "x.example y.example "},
	    /* The displayed address comes first. */
	    {S("(a@x.example) \"b@y.example\" <c@z.example>"),
		"z.example x.example y.example "},
	    {S("(a@x.example) c@z.example ("), "z.example x.example "},
	    {S("(a@x.example \"b@y.example\" \\) ( ) ) c@z.example"),
		"z.example x.example y.example "},
	    {S("\"a\\\"@x.example\" c@z.example \""), "z.example x.example "},
	    {S("c@z.example (a@x.example"), "z.example x.example "},
	    {S("\"c@z.example <a@x.example>"), "z.example x.example "},
	    /* A NUL is dropped, or is the end. */
	    {S("a@x.ex\0ample.test"), "x.example.test x.ex "},
	    {S("a@x.example\0.test"), "x.example.test x.example "},
	    {S("a@x.example\rFrom: b@y.example"), "x.example y.example "},
	    {S("a@x.example\013b@y.example"),
		"x.exampleb x.example y.example "},
	    {S("a@ x . example"), "x.example "},
	    {S("a@x.example .test"), "x.example.test x.example "},
	    {S("a@x.(y)example"), "x.example x "},
	    {S("a@x.(y).example"), "x.example x "},
	    {S("a@x..example"), "x.example "},
	    {S("a@.x.example"), "x.example "},
	    {S("a@x\\.example"), "x.example x "},
	    {S("a\\@x.example"), "x.example "},
	    {S("a@\"x.example; y\""), "x.example "},
	    {S("a@x.example'y"), "x.example "},
	    {S("a@x.example\374"), "x.example "},
	    {S("a@b\303\274cher.example"), "xn--bcher-kva.example "},
	    {S("a@-.x.example"), "x.example "},
	    {S("a@xn--zzzzzz999.x.example."), "x.example "},
	    {S("a@\374.x.example"), "x.example "},
	    {S("a@x.y/z.w.example"), "x.y w.example "},
	    {S("a@-.-.-.-.-.-.-.-.x"), "x "},
	    {S("a@-.-.-.-.-.-.-.-.-.x"), ""},
	    {S("a@x.example>"), "x.example "},
	    {S("a@[192.0.2.1]"), ""},
	    {S("a@-"), ""},
	    {S("a@@x.example"), "x.example "},
	    /* RFC 2047 */
	    {S("=?utf-8?q?a=40x.example?="), "x.example "},
	    {S("=?utf-8?Q?a=40x=2Eexample?="), "x.example "},
	    {S("=?utf-8?b?YUB4LmV4YW1wbGU=?="), "x.example "},
	    {S("=?utf-8?B?YUB4LmV4?=\r\n =?utf-8?q?ample?="),
		"x.example x.ex "},
	    {S("\"=?utf-8?q?a=40x.example?=\" (=?x?q?a=40y.example?="),
		"x.example y.example "},
	    {S("a@=?utf-8?q?x.example?=b@y.example"),
		"y.example x.exampleb x.example "},
	    {S("b@y =?utf-8?q?a=40x.example?= =?utf-8?q?=40 <c@z>"),
		"y z x.example "},
	    {S("=?utf-8?b?YUB4!LmV4YW1w bGU?="), "x.example "},
	    {S("=?utf-8?b?Y=UB4LmV4YW1wbGU==YUB5?="), "x.example y "},
	    {S("=?utf-8?b?YUB4LmV4YW1wbGU=LnkQ?="), "x.example.y x.example "},
	    {S("=?utf-8?b?YUB4L?="), "x "},
	    {S("=?utf-8?q?a=40x.example?"), ""},
	    {S("=?utf-8?x?a=40x.example?="), ""},
	    {S("=?utf-8?b?*?= =?="), ""},
	    {S("=?utf-8?q?a=4"), ""},
	    {S("=?utf-8?q?=4?="), ""},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		same(c[i].text.p, domains(c[i].text, 10, *state), c[i].domains);
	same("limit", domains(SPAN("a@x,b@y,c@z"), 2, *state), "x y ");
}

static void
one_domain_many_times_does_not_hide_another(void **state)
{
	struct span many = repeated("", "a@x ", 100000, *state);

	same("x y", domains(ARENA_JOIN(*state, many, SPAN("a@y")), 10, *state),
	    "x y ");
}

/* Each of the names is examined joined and as it is. */
static void
so_many_names_for_idna_are_looked_at(void **state)
{
	const char *unit = "a@xn--bcher-kva ";
	struct span most = repeated("", unit, LIMIT_FROM_IDNA / 2 - 1, *state);
	struct span last = SPAN("a@\303\274 a@y");
	struct span all = ARENA_JOIN(*state, most, last);

	same("1000", domains(all, 10, *state), "xn--bcher-kva xn--tda y ");
	all = ARENA_JOIN(*state, span_of(unit), all);
	same("1001", domains(all, 10, *state), "xn--bcher-kva y ");
}

static void
so_many_addresses_may_be_read_loosely(void **state)
{
	struct span most = repeated("", "a@x,", LIMIT_FROM_READ - 1, *state);
	struct span all, over;
	struct mailbox m;

	all = ARENA_JOIN(*state, most, SPAN("<a@x>"));
	over = ARENA_JOIN(*state, SPAN("a@x,"), all);
	assert_true(mailbox_parse_tolerant(all, *state, &m));
	assert_false(mailbox_parse_tolerant(over, *state, &m));
}

static void
no_more_than_the_longest_name_is_read(void **state)
{
	struct span label = repeated("", "a", LIMIT_DNS_LABEL, *state);
	struct span name = ARENA_JOIN(*state, label, SPAN("."), label,
	    SPAN("."), label, SPAN("."),
	    span_upto(label, LIMIT_DNS_NAME - 3 * (LIMIT_DNS_LABEL + 1)));
	struct span text = ARENA_JOIN(*state, SPAN("a@"), name);

	same("253", domains(text, 10, *state),
	    ARENA_JOIN(*state, name, SPAN(" ")).p);
	/* Of a longer text, the names above. */
	same("254", domains(ARENA_JOIN(*state, text, SPAN("a")), 10, *state),
	    ARENA_JOIN(*state, span_from(name, LIMIT_DNS_LABEL + 1), SPAN("a "))
		.p);
}

/* This would take several seconds if any of them were quadratic. */
static void
very_long_texts_take_linear_time(void **state)
{
	static const char *const units[] = {"a@b.example,", "@", "\"", "(", ")",
	    "\\", "\"\\", "(\"", "@(", "@ ", "<", "=?", "=?a", "=?a?", "=?a?q",
	    "=?a?q?", "=?a?q?=40b", "=?a?q?=40b?=", "=?a?b?YUBi?= ", "\"=?\"",
	    "\"=?a?q?a\"", "(=?a?q?", "(=?)?=", "@a.", "@\303\274.", "\303\274",
	    "a", ".", " ", "\r\n ", "?"};
	size_t n = rounds(1 << 14, 1 << 16);

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		struct arena *a = arena_new();
		struct span text = repeated("", units[i], n, a);
		struct mailbox m;

		domains(text, 10, a);
		domains(ARENA_JOIN(a, SPAN("x@"), text), 10, a);
		mailbox_parse_tolerant(text, a, &m);
		mailbox_stray_word(text, NULL, 0, a);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_address_in_brackets_has_any_text_in_front),
	    TEST(one_address_alone_has_the_name_of_a_group_in_front),
	    TEST(all_that_could_be_domains_are_found),
	    TEST(one_domain_many_times_does_not_hide_another),
	    TEST(so_many_names_for_idna_are_looked_at),
	    TEST(so_many_addresses_may_be_read_loosely),
	    TEST(an_encoded_word_that_readers_differ_about_is_found),
	    TEST(no_more_than_the_longest_name_is_read),
	    TEST(very_long_texts_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
