/* test_body_lines: the table of repairs of lines, and what they share. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"
#include "fixture_repeated.h"

#include "../helper/random.h"

static void
lines_end_with_lf(void **state)
{
	static const struct {
		struct span text, lines[4];
	} c[] = {
	    {S(""), {S("")}},
	    {S("a"), {S("a"), S("")}},
	    {S("a\nb"), {S("a\n"), S("b"), S("")}},
	    {S("a\r\n\r\nb\rc\n"), {S("a\r\n"), S("\r\n"), S("b\rc\n"), S("")}},
	    {S("\n\n"), {S("\n"), S("\n"), S("")}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span rest = c[i].text, line;

		for (size_t k = 0; k < 4; k++) {
			line = field_cut_line(&rest);
			assert_true(span_eq(line, c[i].lines[k]));
			if (!line.len)
				break;
		}
		assert_int_equal(rest.len, 0);
	}
}

/* The words begin with a verb; places in braces are those of repair.h. */
static void
each_kind_has_its_own_words(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct body_repair *r = body_lines_repairs; r->kind.id;
	     r++) {
		const struct repair_kind *k = &r->kind;

		n++;
		assert_true(span_starts(span_of(k->id), SPAN("body-")));
		assert_true(k->phrase[0] >= 'a' && k->phrase[0] <= 'z');
		assert_non_null(r->propose);
		assert_int_not_equal(k->advice, REPAIR_ADVICE_NONE);
		if (n > 1)
			assert_true(k->rank > r[-1].kind.rank);
		for (const struct body_repair *o = r + 1; o->kind.id; o++) {
			assert_string_not_equal(k->id, o->kind.id);
			/* Empty lines are told apart by their place. */
			if (!span_casecontains(
				span_of(k->phrase), SPAN("lines {at}")))
				assert_string_not_equal(
				    k->phrase, o->kind.phrase);
		}
	}
	assert_true(n > 30);
}

static void
proposals_are_different_and_no_more_than_the_most(void **state)
{
	struct body_proposals p = {.arena = *state, .most = 2};
	struct edits one = {.n = 0}, two = {.n = 0}, three = {.n = 0};

	edits_add(&one, *state, 1, 2, SPAN("x"));
	edits_add(&two, *state, 1, 2, SPAN("y"));
	edits_add(&three, *state, 1, 3, SPAN("y"));
	body_propose(&p, (struct edits){.n = 0});
	assert_int_equal(p.n, 0);
	body_propose(&p, one);
	body_propose(&p, one);
	assert_int_equal(p.n, 1);
	body_propose_as(&p, one, SPAN("A: b\r\n"));
	assert_int_equal(p.n, 2);
	body_propose(&p, two);
	assert_int_equal(p.n, 2);
	p.most = 4;
	body_propose(&p, two);
	body_propose(&p, two);
	body_propose(&p, three);
	assert_int_equal(p.n, 4);
	assert_true(span_eq(p.list[1].fields, SPAN("A: b\r\n")));
}

/* Those that leave no trace are tried last. */
static bool
leaves_no_trace(const char *id)
{
	static const char *const ids[] = {"body-blank-start-lost",
	    "body-blank-collapsed", "body-blank-lost", "body-trailing-lost",
	    "body-blanks-reduced", "body-nul-lost"};

	for (size_t i = 0; i < COUNT(ids); i++)
		if (!strcmp(id, ids[i]))
			return true;
	return false;
}

static void
nothing_is_proposed_for_a_clean_body(void **state)
{
	static const struct span clean[] = {
	    S(""),
	    S("Hello"),
	    S("Hello\r\n"),
	    S("Hello,\r\nit is done.\r\n-- \r\n"),
	    S("Hello,\nit is done. See https://example.org/?url=http://x\n"),
	    S("A letter from Anna\r\n> quoted\r\nAn answer.\r\n"),
	    S("Gr\303\274\303\237e\r\nvon mir: \"da\" - 'bald' ...\r\n"),
	};

	for (const struct body_repair *r = body_lines_repairs; r->kind.id; r++)
		for (size_t i = 0; i < COUNT(clean) * 2; i++) {
			struct span text = clean[i / 2];
			bool dashes = i / 2 == 3;

			if (leaves_no_trace(r->kind.id) ||
			    (dashes &&
				!strcmp(r->kind.id, "body-trailing-added")))
				continue;
			/* U+00FC could be ISO-8859-1 that was converted. */
			if (i / 2 == 6 &&
			    span_starts(
				span_of(r->kind.id), SPAN("body-charset")))
				continue;
			if (i / 2 == 6 && !strcmp(r->kind.id, "body-bom-lost"))
				continue;
			is_silent(r->kind.id, both[i % 2], text, *state);
		}
}

/* Edits are in order, inside the body, and change something. */
static void
check_edits(const struct body *b, const struct body_proposals *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct edits *e = &p->list[i].edits;
		size_t at = 0;

		assert_true(e->n > 0);
		for (size_t k = 0; k < e->n; k++) {
			assert_true(e->list[k].at >= at);
			at = e->list[k].at + e->list[k].length;
			assert_true(at <= b->octets.len);
			assert_non_null(e->list[k].text.p);
		}
	}
}

/* A copy of exact size, so that a sanitizer sees reads after its end. */
static void
propose_exactly(const struct body_repair *r, enum canon canon, struct span s,
    struct arena *a)
{
	char *copy = memcpy(malloc(s.len ? s.len : 1), s.len ? s.p : "", s.len);
	struct body b = body_with(canon, (struct span){copy, s.len}, a);
	struct body_proposals p = {.arena = a, .most = MOST_PROPOSALS};

	r->propose(&b, &p);
	check_edits(&b, &p);
	for (size_t i = 0; i < p.n && i < 20; i++)
		edits_apply(&p.list[i].edits, b.octets, a);
	free(copy);
}

static struct span
random_body(struct generator *g)
{
	static const char *const pieces[] = {"\n", "\r\n", "\r", " ", "\t", ">",
	    "From ", ".", "..", "-- ", "--", "=\n", "__________", "!",
	    "https://", "urldefense.com/v3/__http:/a**Ab*__;w7zDvA!!x$",
	    "x.safelinks.protection.outlook.com/?url=", "http%3A%2F%2Fa&amp;b",
	    "secure-web.cisco.com/1/", "url.avanan.click/v2/___",
	    "urldefense.proofpoint.com/v2/url?u=http-3A__a", "&", "[", "]",
	    "\303\274", "\303\203\302\274", "\357\273\277", "\342\200\234",
	    "\342\200\250", "\200", "\300\200", "format=flowed", "        "};
	struct buf b = BUF(g->arena);

	for (size_t n = pick(g, 60); n; n--) {
		size_t k = pick(g, COUNT(pieces) * 3 / 2);

		if (k < COUNT(pieces))
			buf_str(&b, pieces[k]);
		else if (k % 5)
			add_word(g, &b);
		else
			for (size_t i = pick(g, 3000); i; i--)
				buf_char(&b, 'x');
	}
	return buf_span(&b);
}

static void
proposals_are_edits_of_any_body(void **state)
{
	struct generator g = {.random = 15, .arena = *state};

	for (size_t i = 0; i < rounds(300, 10000); i++) {
		for (const struct body_repair *r = body_lines_repairs;
		     r->kind.id; r++)
			propose_exactly(
			    r, both[i % 2], random_body(&g), *state);
		arena_reset(*state);
	}
}

static void
edits_over_the_limit_are_not_proposed(void **state)
{
	struct body b = body_with(CANON_SIMPLE,
	    repeated("", "..\n", LIMIT_EXPLAIN_EDITS, *state), *state);
	struct body_proposals p = proposals_of("body-dots-added", &b);

	assert_int_equal(p.n, 2);
	assert_int_equal(p.list[0].edits.n, LIMIT_EXPLAIN_EDITS);
	b.octets = repeated("", "..\n", LIMIT_EXPLAIN_EDITS + 1, *state);
	p = proposals_of("body-dots-added", &b);
	assert_int_equal(p.n, 0);
}

static void
places_over_the_limit_are_a_choice(void **state)
{
	struct body b = body_with(CANON_SIMPLE,
	    repeated("", "..\n", LIMIT_EXPLAIN_PLACES, *state), *state);
	struct body_proposals p = proposals_of("body-dots-added", &b);

	assert_int_equal(p.n, 1 + LIMIT_EXPLAIN_PLACES);
	assert_false(p.list[LIMIT_EXPLAIN_PLACES].is_choice);
	b.octets = repeated("", "..\n", LIMIT_EXPLAIN_PLACES + 1, *state);
	p = proposals_of("body-dots-added", &b);
	assert_int_equal(p.n, 2);
	assert_false(p.list[0].is_choice);
	assert_true(p.list[1].is_choice);
	assert_int_equal(p.list[1].edits.n, LIMIT_EXPLAIN_PLACES + 1);
}

/* 64 edits grow in a list of 64: 65 have 128. */
static void
the_room_of_a_body_is_kept(void **state)
{
	struct body b =
	    body_with(CANON_SIMPLE, repeated("", "..\n", 64, *state), *state);
	struct body_proposals p;

	b.room = 64 * sizeof(struct edit);
	p = proposals_of("body-dots-added", &b);
	assert_int_equal(p.n, 65);
	b.room--;
	p = proposals_of("body-dots-added", &b);
	assert_int_equal(p.n, 0);
	b.octets = repeated("", "..\n", 65, *state);
	b.room = 128 * sizeof(struct edit) - 1;
	p = proposals_of("body-dots-added", &b);
	assert_int_equal(p.n, 0);
}

static void
texts_take_room_too(void **state)
{
	struct body b = body_with(CANON_SIMPLE, SPAN("Gr\303\274n\n"), *state);
	struct body_proposals p;

	b.room = sizeof(struct edit) + 16;
	p = proposals_of("body-charset", &b);
	assert_int_equal(p.n, 1);
	b.room--;
	p = proposals_of("body-charset", &b);
	assert_int_equal(p.n, 0);
}

/* The memory of all proposals of a large body of one kind of line, for lines of
 * many kinds, and that it ends soon. */
static void
large_bodies_take_bounded_memory(void **state)
{
	static const char *const lines[] = {"\n", "x\n", "..\n", ">From \n",
	    "\r", " \n", "://", "http://",
	    "https://urldefense.com/v3/__http:/*__;!!", "a b ",
	    "word word word word word word word word word word word\n",
	    "\303\274", "\303\203\302\274\n", "\200", "\t", "_", "        x\n",
	    "\r\r\n", "=\n", "\357\273\277"};
	size_t size = rounds(1u << 20, 25u << 20);

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct span s =
		    repeated("", lines[i], size / strlen(lines[i]), *state);
		struct arena *a = arena_new();

		for (const struct body_repair *r = body_lines_repairs;
		     r->kind.id; r++) {
			struct body b = body_with(both[i % 2], s, a);
			struct body_proposals p = {.arena = a, .most = 100};

			b.room = 1u << 20;
			r->propose(&b, &p);
			assert_true(arena_size(a) < 80u << 20);
			arena_reset(a);
		}
		arena_free(a);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lines_end_with_lf),
	    TEST(each_kind_has_its_own_words),
	    TEST(proposals_are_different_and_no_more_than_the_most),
	    TEST(nothing_is_proposed_for_a_clean_body),
	    TEST(proposals_are_edits_of_any_body),
	    TEST(edits_over_the_limit_are_not_proposed),
	    TEST(places_over_the_limit_are_a_choice),
	    TEST(the_room_of_a_body_is_kept),
	    TEST(texts_take_room_too),
	    TEST(large_bodies_take_bounded_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
