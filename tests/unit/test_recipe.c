/* test_recipe: recipes give the octets that were signed, by an interpreter that
 * knows only the draft (draft-ietf-dkim-dkim2-spec-06 5). */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

#include "../helper/random.h"
#include "base/limit.h"
#include "explain/recipe_internal.h"

static struct span
dump(struct recipe r, struct arena *a)
{
	char *text = json_dumps(
	    r.steps ? r.steps : json_null(), JSON_COMPACT | JSON_ENCODE_ANY);
	struct span copy = arena_span(a, span_of(text));

	free(text);
	return copy;
}

/* Checks a recipe: its text, or else the reason why there is none. */
static void
is(const char *what, struct recipe r, const char *json, const char *reason)
{
	struct arena *a = arena_new();

	same(what, dump(r, a), json);
	if (reason)
		same(what, span_of(r.reason), reason);
	else
		assert_null(r.reason);
	json_decref(r.steps);
	arena_free(a);
}

/*
 * An interpreter of bodies.
 */

/* Returns the i-th line of a text, from 1, without its line end. */
static struct span
line(struct span text, json_int_t i)
{
	struct span s = SPAN_NONE;

	while (i--) {
		assert_true(text.len > 0);
		s = span_upto(text, span_find(text, '\n'));
		text = span_from(text, s.len + (s.len < text.len));
	}
	return s.len && s.p[s.len - 1] == '\r' ? span_upto(s, s.len - 1) : s;
}

static struct span
apply(const json_t *steps, struct span text, struct arena *a)
{
	struct buf out = BUF(a);
	json_int_t last = 0;
	size_t i, k;
	json_t *step, *string;

	json_array_foreach(steps, i, step)
	{
		json_t *c = json_object_get(step, "c");
		json_int_t from = json_integer_value(json_array_get(c, 0));
		json_int_t to = json_integer_value(json_array_get(c, 1));

		assert_int_equal(json_object_size(step), 1);
		for (json_int_t n = from; c && n <= to; n++) {
			assert_true(from > last);
			buf_add(&out, line(text, n));
			buf_str(&out, "\r\n");
		}
		last = c ? to : last;
		json_array_foreach(json_object_get(step, "d"), k, string)
		{
			buf_str(&out, json_string_value(string));
			buf_str(&out, "\r\n");
		}
	}
	return buf_span(&out);
}

static struct span
canonical(struct span body, struct arena *a)
{
	struct sink_buf *out = ARENA_NEW(a, struct sink_buf);
	struct sink *in;

	*out = sink_to_buf(a);
	in = canon_body(CANON_SIMPLE, &out->sink, a);
	sink_put(in, body);
	sink_end(in);
	return buf_span(&out->buf);
}

/* Does the recipe give what the edits give? */
static void
gives(struct span body, const struct edits *edits, struct arena *a)
{
	struct recipe r = recipe_body(body, edits, a);
	struct buf shown = BUF(a);
	struct span wanted, got;

	assert_non_null(r.steps);
	wanted = canonical(edits_apply(edits, body, a), a);
	got = canonical(apply(r.steps, body, a), a);
	if (!span_eq(got, wanted)) {
		buf_escaped(&shown, wanted);
		fail_msg(SPAN_FMT " does not give " SPAN_FMT,
		    SPAN_ARG(dump(r, a)), SPAN_ARG(buf_span(&shown)));
	}
	json_decref(r.steps);
}

/* Returns lines that are short, long or empty, with LF or CRLF. The last one
 * may have no end. */
static struct span
random_text(struct generator *g, size_t lines, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < lines; i++) {
		for (size_t n = pick(g, 4); n; n--)
			buf_char(&b, (char)('a' + pick(g, 3)));
		if (i + 1 < lines || pick(g, 2))
			buf_str(&b, pick(g, 2) ? "\n" : "\r\n");
	}
	return buf_span(&b);
}

/* Edits never part a CR from its LF: what is signed has no CR then. */
static size_t
place(struct generator *g, struct span text, size_t from)
{
	size_t at = from + pick(g, text.len - from + 1);

	return at && at < text.len && text.p[at - 1] == '\r' ? at + 1 : at;
}

static void
random_edits_are_given(void **state)
{
	struct generator g = {.random = 15};

	for (size_t round = 0; round < rounds(300, 100000); round++) {
		struct arena *a = arena_new();
		struct span body = random_text(&g, 1 + pick(&g, 12), a);
		struct edits e = {NULL, 0};
		size_t at = 0;

		for (size_t n = pick(&g, 5); n; n--) {
			size_t from = place(&g, body, at);

			at = place(&g, body, from);
			if (at - from > 6)
				at = from;
			*ARENA_PUSH(a, e.list, e.n) = (struct edit){
			    from, at - from, random_text(&g, pick(&g, 3), a)};
		}
		gives(body, &e, a);
		arena_free(a);
	}
	(void)state;
}

static void
bodies_have_the_shortest_recipe(void **state)
{
	static const struct {
		struct span body;
		struct edit edit;
		const char *json, *reason;
	} c[] = {
	    {S("a\nb\nc\n"), {0, 0, S("")}, "[{\"c\":[1,3]}]", NULL},
	    {S("a\nb\nc\n"), {2, 4, S("")}, "[{\"c\":[1,1]}]", NULL},
	    {S("a\nb\nc\n"), {0, 2, S("")}, "[{\"c\":[2,3]}]", NULL},
	    {S("a\nb\nc\n"), {2, 2, S("")}, "[{\"c\":[1,1]},{\"c\":[3,3]}]",
		NULL},
	    {S("a\nb\nc\n"), {2, 1, S("x")},
		"[{\"c\":[1,1]},{\"d\":[\"x\"]},{\"c\":[3,3]}]", NULL},
	    {S("a\nb\n"), {1, 1, S("\r\n")}, "[{\"c\":[1,2]}]", NULL},
	    {S("a\r\nb"), {4, 0, S("\r\n")}, "[{\"c\":[1,2]}]", NULL},
	    {S("a\nb"), {3, 0, S("\nc")}, "[{\"c\":[1,2]},{\"d\":[\"c\"]}]",
		NULL},
	    {S("a\nb"), {3, 0, S("c")}, "[{\"c\":[1,1]},{\"d\":[\"bc\"]}]",
		NULL},
	    {S("a\nb\n"), {2, 0, S("x\ny\n")},
		"[{\"c\":[1,1]},{\"d\":[\"x\",\"y\"]},{\"c\":[2,2]}]", NULL},
	    {S("a\nb\n"), {2, 0, S("b\n")},
		"[{\"c\":[1,1]},{\"d\":[\"b\"]},{\"c\":[2,2]}]", NULL},
	    {S("a\n"), {0, 2, S("")}, "[]", NULL},
	    {S(""), {0, 0, S("a\n\n")}, "[{\"d\":[\"a\",\"\"]}]", NULL},
	    {S("a\rb\n\xff\nc"), {6, 1, S("")}, "[{\"c\":[1,2]}]", NULL},
	    {S("a\n"), {0, 1, S("\x01\"\\")}, "[{\"d\":[\"\\u0001\\\"\\\\\"]}]",
		NULL},
	    {S("a\n"), {0, 1, S("\xc3\xa9")}, "null",
		"its strings cannot hold 8-bit text"},
	    {S("\xff x\n"), {1, 1, S("")}, "null",
		"its strings cannot hold 8-bit text"},
	    {S("a\n"), {0, 1, S("b\rc")}, "null",
		"its strings cannot hold a CR or LF"},
	    {S("a\r\n"), {2, 1, S("")}, "null",
		"its strings cannot hold a CR or LF"},
	    {S("a\n"), {0, 1, S("b\0c")}, "null",
		"its strings cannot hold a NUL or DEL"},
	    {S("a\n"), {0, 1, S("b\x7f")}, "null",
		"its strings cannot hold a NUL or DEL"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct edit edit = c[i].edit;
		const struct edits e = {&edit, 1};

		is(c[i].json, recipe_body(c[i].body, &e, *state), c[i].json,
		    c[i].reason);
	}
}

static void
a_footer_of_a_large_body_is_one_step(void **state)
{
	struct buf body = BUF(*state);
	struct edit edit = {0, 7, SPAN("")};
	const struct edits e = {&edit, 1};

	for (size_t i = 0; i < 1000000; i++)
		buf_str(&body, "a line of a large body\r\n");
	edit.at = body.len;
	buf_str(&body, "footer\n");
	is("footer", recipe_body(buf_span(&body), &e, *state),
	    "[{\"c\":[1,1000000]}]", NULL);
	/* One line, which is not copied. */
	body.len = 0;
	for (size_t i = 0; i < 20000000; i++)
		buf_char(&body, 'x');
	edit = (struct edit){0, 0, SPAN("y\n")};
	is("line", recipe_body(buf_span(&body), &e, *state),
	    "[{\"d\":[\"y\"]},{\"c\":[1,1]}]", NULL);
}

/* Every second line is new, n of them: 250 octets for the list, 1000 for each
 * copy, 1001 for each string. */
static struct recipe
alternate(size_t n, size_t more, struct arena *a)
{
	struct buf body = BUF(a), text = BUF(a);
	struct edits e = {NULL, 0};

	for (size_t i = 0; i < n; i++) {
		*ARENA_PUSH(a, e.list, e.n) =
		    (struct edit){body.len, 0, SPAN("x\n")};
		buf_str(&body, "a\n");
	}
	for (size_t i = 0; i < more; i++)
		buf_char(&text, 'x');
	*ARENA_PUSH(a, e.list, e.n) =
	    (struct edit){body.len, 0, buf_span(&text)};
	return recipe_body(buf_span(&body), &e, a);
}

static void
a_recipe_is_bounded(void **state)
{
	const size_t n = 2000, most = LIMIT_EXPLAIN_RECIPE - 250 - 1000;
	struct recipe r = alternate(n, most - n * 2001, *state);

	assert_non_null(r.steps);
	json_decref(r.steps);
	is("n + 1", alternate(n, most - n * 2001 + 1, *state), "null",
	    "it would be too long");
	is("many", alternate(100000, 1, *state), "null",
	    "it would be too long");
}

/*
 * Headers.
 */

static void
fields_are_numbered_from_the_bottom(void **state)
{
	static const struct {
		struct header_change change[2];
		const char *json, *reason;
	} c[] = {
	    {{{HEADER_REPLACE, 3, S("Subject: Hello\r\n")},
		 {HEADER_INSERT, 5, S("Date: x\r\n")}},
		"{\"subject\":[{\"d\":[\" Hello\"]}],"
		"\"date\":[{\"d\":[\" x\"]}]}",
		NULL},
	    {{{HEADER_DROP, 3, S("")}, {HEADER_DROP, 4, S("")}},
		"{\"subject\":[],\"to\":[]}", NULL},
	    {{{HEADER_INSERT, 0, S("From:b\n")}, {HEADER_DROP, 1, S("")}},
		"{\"from\":[{\"c\":[1,1]},{\"d\":[\"b\"]}],\"received\":[]}",
		NULL},
	    {{{HEADER_INSERT, 5, S("To:\n")}, {HEADER_INSERT, 5, S("TO:z")}},
		"{\"to\":[{\"d\":[\"z\",\"\"]},{\"c\":[1,1]}]}", NULL},
	    {{{HEADER_REPLACE, 3, S("X-Subject: a\r\n b\n\tc\n")},
		 {HEADER_DROP, 4, S("")}},
		"{\"subject\":[],\"x-subject\":[{\"d\":[\" a b\\tc\"]}],"
		"\"to\":[]}",
		NULL},
	    {{{HEADER_REPLACE, 3, S("Subject: \xc3\xa9\n")},
		 {HEADER_DROP, 4, S("")}},
		"null", "its strings cannot hold 8-bit text"},
	    {{{HEADER_REPLACE, 3, S("Subject: a\rb\n")},
		 {HEADER_DROP, 4, S("")}},
		"null", "its strings cannot hold a CR or LF"},
	};
	struct known *k = known(state);

	for (size_t i = 0; i < COUNT(c); i++)
		is(c[i].json,
		    recipe_header(&k->m, CANON_RELAXED, c[i].change, 2, *state),
		    c[i].json, c[i].reason);
}

static void
simple_needs_names_in_lower_case_and_no_folds(void **state)
{
	static const struct {
		struct header_change change;
		const char *json;
	} c[] = {
	    {{HEADER_DROP, 3, S("")}, "{\"subject\":[]}"},
	    {{HEADER_REPLACE, 3, S("subject: a\n")},
		"{\"subject\":[{\"d\":[\" a\"]}]}"},
	    {{HEADER_REPLACE, 3, S("Subject: a\n")}, "null"},
	    {{HEADER_REPLACE, 3, S("subject : a\n")}, "null"},
	    {{HEADER_REPLACE, 3, S("subject: a\n b\n")}, "null"},
	};
	struct known *k = known(state);

	for (size_t i = 0; i < COUNT(c); i++)
		is(c[i].json,
		    recipe_header(&k->m, CANON_SIMPLE, &c[i].change, 1, *state),
		    c[i].json,
		    strcmp(c[i].json, "null") ? NULL
					      : "it gives neither folds nor "
						"the case of names, which "
						"c=simple signs");
}

/*
 * The whole.
 */

static void
the_whole_has_what_is_known(void **state)
{
	static const struct {
		enum explain_state header, body;
		const char *json, *reason;
	} c[] = {
	    {EXPLAIN_INTACT, EXPLAIN_REPAIRED, "{\"b\":[{\"c\":[1,1]}]}", NULL},
	    {EXPLAIN_REPAIRED, EXPLAIN_INTACT, "{\"h\":{\"to\":[]}}", NULL},
	    {EXPLAIN_REPAIRED, EXPLAIN_REPAIRED,
		"{\"h\":{\"to\":[]},\"b\":[{\"c\":[1,1]}]}", NULL},
	    {EXPLAIN_REPAIRED, EXPLAIN_NOT_FOUND,
		"{\"h\":{\"to\":[]},\"b\":null}", NULL},
	    {EXPLAIN_INTACT, EXPLAIN_INTACT, "null",
		"the message is as it was signed"},
	    {EXPLAIN_INTACT, EXPLAIN_NOT_FOUND, "null",
		"the body that was signed is not known"},
	    {EXPLAIN_NOT_FOUND, EXPLAIN_REPAIRED, "null",
		"the header that was signed is not known"},
	    {EXPLAIN_UNKNOWN, EXPLAIN_REPAIRED, "null",
		"the header that was signed is not known"},
	};
	struct header_change change = {HEADER_DROP, 4, SPAN_NONE};
	struct edit edit = {2, 2, SPAN("")};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);

		k->x.header = c[i].header;
		k->x.body = c[i].body;
		k->x.header_found.changes = &change;
		k->x.header_found.nchanges = 1;
		k->x.body_found.edits = (struct edits){&edit, 1};
		is("whole", recipe_of(&k->m, SPAN("a\nb\n"), &k->x, *state),
		    c[i].json, c[i].reason);
	}
}

static void
one_part_that_cannot_be_expressed_is_enough(void **state)
{
	struct header_change change = {HEADER_DROP, 4, SPAN_NONE};
	struct edit edit = {2, 1, SPAN("\xff")};
	struct known *k = known(state);

	k->x.header = k->x.body = EXPLAIN_REPAIRED;
	k->x.header_found.changes = &change;
	k->x.header_found.nchanges = 1;
	k->x.body_found.edits = (struct edits){&edit, 1};
	is("body", recipe_of(&k->m, SPAN("a\nb\n"), &k->x, *state), "null",
	    "its strings cannot hold 8-bit text");
	change = (struct header_change){HEADER_REPLACE, 4, SPAN("To: a\x7f\n")};
	is("header", recipe_of(&k->m, SPAN("a\nb\n"), &k->x, *state), "null",
	    "its strings cannot hold a NUL or DEL");
	k->x.signature = NULL;
	is("neither", recipe_of(&k->m, SPAN("a\nb\n"), &k->x, *state), "null",
	    "the signature cannot be read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bodies_have_the_shortest_recipe),
	    TEST(random_edits_are_given),
	    TEST(a_footer_of_a_large_body_is_one_step),
	    TEST(a_recipe_is_bounded),
	    TEST(fields_are_numbered_from_the_bottom),
	    TEST(simple_needs_names_in_lower_case_and_no_folds),
	    TEST(the_whole_has_what_is_known),
	    TEST(one_part_that_cannot_be_expressed_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
