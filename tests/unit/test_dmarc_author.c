/* test_dmarc_author: the author domains of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"

#include "base/buf.h"
#include "dmarc/dmarc.h"

/* Returns "REASON[: DETAIL]|DOMAIN ...|ADDRESS". */
static struct span
summary(const struct dmarc_authors *from, struct arena *a)
{
	const char *id = dmarc_reasons[from->reason].id;
	struct buf b = BUF(a);

	buf_str(&b, id ? id : "pass");
	if (from->detail.p) {
		buf_str(&b, ": ");
		buf_add(&b, from->detail);
	}
	for (size_t i = 0; i < from->ndomains; i++) {
		buf_char(&b, i ? ' ' : '|');
		buf_add(&b, from->domains[i]);
	}
	buf_str(&b, from->obsolete.p ? "|" : "");
	buf_add(&b, from->obsolete);
	return buf_span(&b);
}

/* Finds the authors of a whole message, as dmarc-eval does. */
static struct span
authors(struct fixture *f, struct span text)
{
	struct dmarc_authors from;
	struct dmarc_below below;
	struct sink *sinks[] = {&below.sink};

	assert_int_equal(read_file(f, text), MESSAGE_OK);
	dmarc_authors(&f->m, f->arena, &from);
	below = dmarc_below(&f->m, f->arena);
	assert_int_equal(message_body(&f->m, sinks,
			     message_header_unterminated(&f->m), false),
	    0);
	if (message_header_unterminated(&f->m))
		dmarc_authors_below(
		    &f->m, buf_span(&below.text), f->arena, &from);
	return summary(&from, f->arena);
}

struct author_case {
	struct span text;
	const char *summary;
};

static void
check(struct fixture *f, const struct author_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		same(c[i].text.p, authors(f, c[i].text), c[i].summary);
}

static void
a_field_that_is_read_has_its_domains_alone(void **state)
{
	static const struct author_case c[] = {
	    {S("From: a@x.example\n\n"), "pass|x.example"},
	    {S("A: b\nFROM : \"c@z.example\" <a@x.example>, b@y.example\n"),
		"pass|x.example y.example"},
	    {S("From: Doe, J <a@x.example>\n\n"), "pass|x.example|a@x.example"},
	    {S("From: a..b@x.example.\n\n"),
		"pass|x.example|\"a..b\"@x.example"},
	    {S("From: a@x.example\n\nFrom: b@y.example\n"), "pass|x.example"},
	    {S("From: a@x.example\r\n\r\nFrom: b@y.example\r\n"),
		"pass|x.example"},
	    /* Many messages have such text in the body. */
	    {S("From: a@x.example\n\n\rFrom: b@y.example\n"), "pass|x.example"},
	    {S("From: a@x.example\nX: From: b@y.example\n From: c@z.example\n"),
		"pass|x.example"},
	    {S("From: a@x.example\nX: y\rFrom b\r From: c\rXFrom: d\n\n"),
		"pass|x.example"},
	};

	check(*state, c, COUNT(c));
}

static void
one_that_is_not_has_all_that_can_be_read(void **state)
{
	static const struct author_case c[] = {
	    {S("From:\n\n"), "from-empty"},
	    {S("From: (a@x.example)\n\n"), "from-empty|x.example"},
	    {S("From: a@x.example, b\n\n"), "from-domain: b|x.example"},
	    {S("From: a@x.example <b@y.example>\n\n"),
		"from-syntax: <b@y.example>|x.example y.example"},
	    {S("From: a@x.example (\n\n"),
		"from-syntax: a@x.example (|x.example"},
	    {S("From: =?x?q?b=40y.example?= =?x?q?=40 <a@x.example>\n\n"),
		"from-syntax: =?x?q?=40 <a@x.example>|x.example y.example"},
	    {S("From: a@x.example, =?x?q?b=40y.example=3E?=@x.example,\n z\n"),
		"from-domain: z|x.example y.example"},
	    {S("From: a@x.example, =?x?q?b=40y.example=3E?=@z.example,\n "
	       "b@z\n"),
		"from-syntax: =?x?q?b=40y.example=3E?=@z.example,|x.example "
		"z.example z y.example"},
	    {S("From: a@x.example\0\n\n"),
		"from-syntax: the control octet 0x00|x.example"},
	    {S("From: a@x.example\nFrom: b@y.example\n\n"),
		"from-repeated|x.example y.example"},
	    {S("Subject: x\n\n"), "from-missing"},
	    {S("From: a@a,a@b,a@c,a@d,a@e,a@f,a@g,a@h,a@i,a@j\n\n"),
		"pass|a b c d e f g h i j"},
	    {S("From: a@a,a@b,a@c,a@d,a@e,a@f,a@g,a@h,a@i,a@j,a@k\n\n"),
		"too-many-authors: k|a b c d e f g h i j"},
	};

	check(*state, c, COUNT(c));
}

static void
a_field_after_a_bare_cr_is_one_more(void **state)
{
	static const char after[] = "from-repeated: one of them after a bare CR"
				    "|x.example y.example";
	static const struct author_case c[] = {
	    {S("From: a@x.example\nX: z\rFrom: b@y.example\n\n"), after},
	    {S("X: z\rfrom :b@y.example\nFrom: a@x.example\n\n"), after},
	    {S("From: a@x.example\rFrom: b@y.example\n\n"), after},
	    {S("From: a@x.example\r\nX: z\rFrom:\r b@y.example\r\n\r\n"),
		after},
	    {S("From: a@x.example\nX: z\rFr\0om: b@y.example\n\n"), after},
	    {S("From z\rFrom: b@y.example\nFrom: a@x.example\n\n"), after},
	    {S(">From z\rX: y\rFrom: b@y.example\nFrom: a@x.example\n\n"),
		after},
	    {S("From z\rFrom: b@y.example\nX: z\n\n"),
		"from-missing|y.example"},
	    {S("From a\rFrom b@y.example\nFrom: a@x.example\n\n"),
		"pass|x.example"},
	    {S("From: a@x.example\nX: z\n\rFrom: b@y.example\n\n"),
		"from-repeated: one of them where other programs continue "
		"reading"
		"|x.example y.example"},
	    {S("X: z\rFrom: b@y.example\n\n"), "from-missing|y.example"},
	};

	check(*state, c, COUNT(c));
}

static void
so_is_one_that_others_take_for_header(void **state)
{
	static const char below[] =
	    "from-repeated: one of them where other programs continue reading"
	    "|x.example y.example";
	static const struct author_case c[] = {
	    {S("From: a@x.example\nno field\nFrom: b@y.example\n\n"), below},
	    {S("From: a@x.example\nno field\nX: y\nFROM\t:\n b@y.example"),
		below},
	    {S("From: a@x.example\nno field\rFrom: b@y.example\n\n"), below},
	    {S("From: a@x.example\nFrom\0: b@y.example\n\n"), below},
	    {S("From: a@x.example\nFrom\n : b@y.example\n\n"), below},
	    {S("From: a@x.example\r\nno field\r\nFrom: b@y.example\r\n\r\n"),
		below},
	    {S("From: a@x.example\n\r\nFrom: b@y.example\n\n"), below},
	    {S("From: a@x.example\nX: y\r\n\r\nFrom: b@y.example\n"), below},
	    {S("X: y\r\nFrom: a@x.example\n\r\nz\nFrom: b@y.example\n"), below},
	    {S("X: y\r\nFrom: a@x.example\n z\r\n\n\nFrom: b@y.example\n"),
		"from-syntax: z|x.example"},
	    {S("X: y\r\nFrom: a@x.example\n\nFrom: b@y.example\n"),
		"pass|x.example"},
	    {S("Subject: x\nno field\nFrom: b@y.example\n\n"),
		"from-missing|y.example"},
	    {S("From: a@x.example\nno field\n\nFrom: b@y.example\n"),
		"pass|x.example"},
	    {S("From: a@x.example\r\nno field\r\n\r\nFrom: b@y.example\r\n"),
		"pass|x.example"},
	    {S("From: a@x.example\nno field\nX: y\nFromage: b@y.example\n\n"),
		"pass|x.example"},
	};

	check(*state, c, COUNT(c));
}

static void
add_repeated(struct buf *b, const char *unit, size_t n)
{
	while (n--)
		buf_str(b, unit);
}

/* However often one of them is written. */
static void
one_domain_does_not_hide_another(void **state)
{
	struct arena *a = arena_new();
	struct buf fields = BUF(a), hidden = BUF(a), list = BUF(a);

	add_repeated(&fields, "From: a@x.example\n", 1000);
	buf_str(&fields, "From: b@y.example\n\n");
	same("fields", authors(*state, buf_span(&fields)),
	    "from-repeated|x.example y.example");
	buf_str(&hidden, "X: y");
	add_repeated(&hidden, "\rFrom: a@x.example", 1000);
	buf_str(&hidden, "\rFrom: b@y.example\n\n");
	same("hidden", authors(*state, buf_span(&hidden)),
	    "from-missing|x.example y.example");
	buf_str(&list, "From: a@x.example");
	add_repeated(&list, ",a@x.example", LIMIT_AUTHORS_LISTED);
	buf_str(&list, ",b@y.example\n\n");
	same("list", authors(*state, buf_span(&list)),
	    "too-many-authors|x.example y.example");
	arena_free(a);
}

static void
so_much_is_kept_of_what_follows_the_header(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	buf_str(&b, "From: a@x.example\n");
	add_repeated(&b, "123456789abcdef\n", LIMIT_HEADER / 16 - 2);
	buf_str(&b, "123456789a\nFrom: b@y.example\n");
	same("within", authors(*state, buf_span(&b)),
	    "from-repeated: one of them where other programs continue reading"
	    "|x.example y.example");
	b.len = 0;
	buf_str(&b, "From: a@x.example\n");
	add_repeated(&b, "123456789abcdef\n", LIMIT_HEADER / 16);
	buf_str(&b, "From: b@y.example\n");
	same("over", authors(*state, buf_span(&b)), "pass|x.example");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_field_that_is_read_has_its_domains_alone),
	    TEST(one_that_is_not_has_all_that_can_be_read),
	    TEST(a_field_after_a_bare_cr_is_one_more),
	    TEST(so_is_one_that_others_take_for_header),
	    TEST(one_domain_does_not_hide_another),
	    TEST(so_much_is_kept_of_what_follows_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
