/* test_body_mime_field: fields of parts that were altered. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body_mime.h"

#include "repair/body_mime_internal.h"

#define TEXT "Content-Type: text/plain; charset=\"utf-8\"\n"
#define HTML "Content-Type: text/html; charset=\"utf-8\"\n"
#define CTE  "Content-Transfer-Encoding: "

/* Fields of a text and of a HTML, as received and as signed. */
struct change {
	struct span after, html_after, before, html_before;
};

static struct span
parts(struct span plain, struct span html, struct arena *a)
{
	return alternative(plain, SPAN("text\n"), html, SPAN("<b>\n"), a);
}

/* A change of both parts is undone, and one of either. */
static void
undo(const char *id, const struct change *c, struct arena *a)
{
	struct span original = parts(c->before, c->html_before, a);

	mime_undone(
	    id, ALTERNATIVE, parts(c->after, c->html_after, a), original, a);
	if (!span_eq(c->after, c->before))
		mime_undone(id, ALTERNATIVE, parts(c->after, c->html_before, a),
		    original, a);
	if (!span_eq(c->html_after, c->html_before))
		mime_undone(id, ALTERNATIVE, parts(c->before, c->html_after, a),
		    original, a);
}

static void
charsets_are_changed_back(void **state)
{
	static const char *const charsets[] = {"us-ascii", "utf-8", "UTF-8",
	    "iso-8859-1", "ISO-8859-1", "windows-1252", "US-ASCII", "utf8"};
	static const char *const quotes[] = {"", "\""};
	static const char types[][26] = {
	    "Content-Type: text/plain;", "Content-Type: text/html;"};
	struct span field[2][COUNT(charsets)][2];

	for (int t = 0; t < 2; t++)
		for (size_t i = 0; i < COUNT(charsets); i++)
			for (int q = 0; q < 2; q++)
				field[t][i][q] = arena_printf(*state,
				    "%s charset=%s%s%s; format=flowed\n",
				    types[t], quotes[q], charsets[i],
				    quotes[q]);
	for (size_t i = 0; i < COUNT(charsets); i++)
		for (size_t k = 0; k < COUNT(charsets); k++)
			for (int q = 0; q < 2 && i != k; q++)
				undo("body-part-charset",
				    &(struct change){field[0][i][q],
					field[1][i][q], field[0][k][q],
					field[1][k][q]},
				    *state);
}

static void
charsets_come_and_go(void **state)
{
	static const struct change c[] = {
	    {S(TEXT), S(HTML), S("Content-Type: text/plain\n"),
		S("Content-Type: text/html\n")},
	    {S("Content-Type: text/plain\n"), S("Content-Type: text/html\n"),
		S("Content-Type: text/plain; charset=us-ascii\n"),
		S("Content-Type: text/html; charset=us-ascii\n")},
	    {S("Content-Type: text/plain\n"), S("Content-Type: text/html\n"),
		S(TEXT), S(HTML)},
	    {S("Content-Type: text/plain;\n\tcharset=KOI8-R\n"), S(HTML),
		S("Content-Type: text/plain;\n\tcharset=koi8-r\n"), S(HTML)},
	    {S("Content-Type: text/plain;\n\tcharset=koi8-r\n"), S(HTML),
		S("Content-Type: text/plain;\n\tcharset=KOI8-R\n"), S(HTML)},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		undo("body-part-charset", &c[i], *state);
}

static void
fields_come_and_go(void **state)
{
	static const char *const added[] = {CTE "7bit\n", CTE "8bit\n",
	    "MIME-Version: 1.0\n", "Content-Disposition: inline\n"};
	struct span text = SPAN(TEXT), html = SPAN(HTML), x = SPAN("X-A: b\n");

	for (size_t i = 0; i < COUNT(added); i++) {
		struct span field = span_of(added[i]);
		struct change c = {text, html, ARENA_JOIN(*state, text, field),
		    ARENA_JOIN(*state, html, field)};

		undo("body-part-fields", &c, *state);
		c = (struct change){c.before, c.html_before, text, html};
		undo("body-part-fields", &c, *state);
		c = (struct change){ARENA_JOIN(*state, text, x), html,
		    ARENA_JOIN(*state, text, field, x), html};
		undo("body-part-fields", &c, *state);
		c = (struct change){
		    ARENA_JOIN(*state, field, text, x), html, c.after, html};
		undo("body-part-fields", &c, *state);
	}
}

static void
values_and_order_of_fields_are_restored(void **state)
{
	static const struct change c[] = {
	    {S(TEXT CTE "7bit\n"), S(HTML CTE "7bit\n"), S(TEXT CTE "8bit\n"),
		S(HTML CTE "8bit\n")},
	    {S(TEXT CTE "8bit\nX-A: b\n"), S(HTML),
		S(TEXT CTE "7bit\nX-A: b\n"), S(HTML)},
	    {S(TEXT CTE "8bit\n"), S(HTML), S(TEXT CTE "binary\n"), S(HTML)},
	    {S(TEXT CTE "7bit\n"), S(HTML CTE "7bit\n"), S(CTE "7bit\n" TEXT),
		S(CTE "7bit\n" HTML)},
	    {S(TEXT "X-A: b\n" CTE "7bit\n"), S(HTML),
		S(TEXT CTE "7bit\nX-A: b\n"), S(HTML)},
	    {S("A: 1\n" TEXT "B:\n 2\n"), S(HTML), S("B:\n 2\nA: 1\n" TEXT),
		S(HTML)},
	    {S("A: 1\n" TEXT "B: 2\n"), S(HTML), S(TEXT "B: 2\nA: 1\n"),
		S(HTML)},
	    {S(TEXT "X-Added: by\n\ta gateway\n"), S(HTML), S(TEXT), S(HTML)},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		undo("body-part-fields", &c[i], *state);
}

#define NAMED(q, between)                                                    \
	S("Content-Type: text/plain;" between "charset=" q "utf-8" q         \
	  ";" between "name=" q "a.txt" q "\n"                               \
	  "Content-Disposition: attachment;" between "filename=" q "a.txt" q \
	  "\n")

static void
parameters_are_written_in_each_way(void **state)
{
	static const struct span ways[] = {NAMED("", " "), NAMED("\"", " "),
	    NAMED("", "\n\t"), NAMED("\"", "\n\t"), NAMED("", "\n "),
	    NAMED("\"", "\n ")};
	struct span html = SPAN(HTML);

	for (size_t i = 0; i < COUNT(ways); i++)
		for (size_t k = 0; k < COUNT(ways); k++) {
			struct change c = {ways[i], html, ways[k], html};

			if (i != k)
				undo("body-part-spelling", &c, *state);
		}
}

static void
single_parameters_and_values_are_respelled(void **state)
{
	static const struct change c[] = {
	    {S(TEXT "A: b\n"), S(HTML),
		S("Content-Type: text/plain; charset=utf-8\nA: b\n"), S(HTML)},
	    {S("Content-Type: text/plain; charset=utf-8; name=x\n"), S(HTML),
		S("Content-Type: text/plain; charset=\"utf-8\"; name=x\n"),
		S(HTML)},
	    {S("Content-Type: text/plain;charset=a\n"), S(HTML),
		S("Content-Type: text/plain; charset=a\n"), S(HTML)},
	    {S("Content-Type: text/plain; charset=a\n"), S(HTML),
		S("Content-Type: text/plain;charset=a\n"), S(HTML)},
	    {S(TEXT CTE "7bit\n"), S(HTML CTE "7bit\n"), S(TEXT CTE "7BIT\n"),
		S(HTML CTE "7BIT\n")},
	    {S(TEXT CTE "8BIT\n"), S(HTML), S(TEXT CTE "8bit\n"), S(HTML)},
	    /* A value that needs its quotes keeps them. */
	    {S("Content-Type: text/plain; charset=\"a\"; name=\"x;y \\\" "
	       "z\"\n"),
		S(HTML),
		S("Content-Type: text/plain; charset=a; name=\"x;y \\\" z\"\n"),
		S(HTML)},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		undo("body-part-spelling", &c[i], *state);
}

static void
boundaries_of_parts_are_respelled(void **state)
{
	struct span fields =
	    SPAN("Content-Type: multipart/mixed; boundary=OUT\n");
	struct span rest = SPAN("\n--IN\n\nx\n--IN--\n--OUT--\n");
	static const struct span forms[] = {
	    S("--OUT\nContent-Type: multipart/related; boundary=IN\n"),
	    S("--OUT\nContent-Type: multipart/related; boundary=\"IN\"\n"),
	    S("--OUT\nContent-Type: multipart/related;\n\tboundary=\"IN\"\n")};

	for (size_t i = 0; i < COUNT(forms); i++)
		for (size_t k = 0; k < COUNT(forms); k++)
			if (i != k)
				mime_undone("body-part-spelling", fields,
				    ARENA_JOIN(*state, forms[i], rest),
				    ARENA_JOIN(*state, forms[k], rest), *state);
}

static void
the_header_of_the_message_is_not_of_the_body(void **state)
{
	silent(body_mime_repairs, SPAN(TEXT CTE "7bit\nX-A: b\n"),
	    SPAN("text\n"), *state);
}

/* Headers over the limit are left as they are; one of that size is not. */
static void
long_headers_are_left_alone(void **state)
{
	static const char *const ids[] = {
	    "body-part-fields", "body-part-charset", "body-part-spelling"};

	for (size_t i = 0; i < 2 * COUNT(ids); i++) {
		struct buf header = BUF(*state);
		struct span end = SPAN("\n\nx\n--BB--\n");
		struct body b;

		buf_str(&header, "--BB\n" TEXT CTE "7bit\nX: ");
		while (header.len < 5 + BODY_MIME_HEADER - 2 + i % 2)
			buf_char(&header, 'x');
		b = new_body(ALTERNATIVE,
		    ARENA_JOIN(*state, buf_span(&header), end), *state);
		assert_int_equal(b.nparts, 2);
		assert_int_equal(
		    proposals_of(
			repair_of(body_mime_repairs, ids[i / 2]), &b, TRIED)
			    .n > 0,
		    i % 2 == 0);
	}
}

/* A multipart in another, of two texts whose field was removed: it never had
 * one itself. */
static void
multiparts_may_be_left_out(void **state)
{
	static const struct span text = S(TEXT), html = S(HTML);
	static const struct span whole =
	    S("Content-Type: multipart/mixed; boundary=AA\n");
	struct span head = SPAN("--AA\n"
				"Content-Type: multipart/alternative; "
				"boundary=BB\n\n");
	struct span end = SPAN("\n--AA--\n");
	struct span was = parts(ARENA_JOIN(*state, text, SPAN(CTE "7bit\n")),
	    ARENA_JOIN(*state, html, SPAN(CTE "7bit\n")), *state);

	mime_undone("body-part-fields", whole,
	    ARENA_JOIN(*state, head, parts(text, html, *state), end),
	    ARENA_JOIN(*state, head, was, end), *state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(charsets_are_changed_back),
	    TEST(charsets_come_and_go),
	    TEST(fields_come_and_go),
	    TEST(multiparts_may_be_left_out),
	    TEST(values_and_order_of_fields_are_restored),
	    TEST(parameters_are_written_in_each_way),
	    TEST(single_parameters_and_values_are_respelled),
	    TEST(boundaries_of_parts_are_respelled),
	    TEST(the_header_of_the_message_is_not_of_the_body),
	    TEST(long_headers_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
