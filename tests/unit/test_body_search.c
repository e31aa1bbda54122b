/* test_body_search: repairs of bodies, alone and together. */
/* SPDX-License-Identifier: ISC */

#include "fixture_body.h"

/* Repairs that have a sign: a letter, which becomes another text everywhere. */
static void
replace(
    const struct body *b, char old, struct span text, struct body_proposals *p)
{
	struct edits e = {NULL, 0};

	for (size_t i = 0; i < b->octets.len; i++)
		if (b->octets.p[i] == old)
			edits_add(&e, b->arena, i, 1, text);
	body_propose(p, e);
}

static void
replace_a(const struct body *b, struct body_proposals *p)
{
	replace(b, 'A', SPAN("a"), p);
}

static void
replace_b(const struct body *b, struct body_proposals *p)
{
	replace(b, 'B', SPAN("bb"), p);
}

static void
replace_c(const struct body *b, struct body_proposals *p)
{
	replace(b, 'C', SPAN(""), p);
}

static void
replace_d(const struct body *b, struct body_proposals *p)
{
	replace(b, 'D', SPAN("d"), p);
}

/* Two proposals, the second of which is the right one. */
static void
replace_e(const struct body *b, struct body_proposals *p)
{
	replace(b, 'E', SPAN("?"), p);
	replace(b, 'E', SPAN("e"), p);
}

/* "(xyz)" becomes the letters in reverse order: a text of its own, of a body
 * with fields of its own. Its sign is gone after that. */
static void
unwrap(const struct body *b, struct body_proposals *p)
{
	struct edits e = {NULL, 0};
	size_t from = span_find(b->octets, '('), to = span_find(b->octets, ')');
	char *text;

	if (to <= from || to == b->octets.len)
		return;
	text = arena_alloc(b->arena, to - from);
	for (size_t i = from + 1; i < to; i++)
		text[to - 1 - i] = b->octets.p[i];
	edits_add(&e, b->arena, from, to + 1 - from,
	    (struct span){text, to - from - 1});
	body_propose_as(p, e, arena_span(b->arena, SPAN("X: unwrapped\n")));
}

static struct span last_fields;

static void
only_unwrapped(const struct body *b, struct body_proposals *p)
{
	if (span_eq(b->fields, SPAN("X: unwrapped\n")))
		replace(b, 'F', SPAN("f"), p);
	else
		last_fields = b->fields;
}

static const struct body_repair repairs[] = {
    {{"a", "", REPAIR_ADVICE_NONE, 1}, replace_a},
    {{"b", "", REPAIR_ADVICE_NONE, 2}, replace_b},
    {{"c", "", REPAIR_ADVICE_NONE, 3}, replace_c},
    {{"d", "", REPAIR_ADVICE_NONE, 4}, replace_d},
    {{"e", "", REPAIR_ADVICE_NONE, 5}, replace_e},
    {{"unwrap", "", REPAIR_ADVICE_NONE, 6}, unwrap},
    {{"f", "", REPAIR_ADVICE_NONE, 7}, only_unwrapped},
    {{.id = NULL}, NULL},
};

/* Searches, and writes the repairs found as "a b c". */
static struct span
names(struct span signed_body, struct span body, struct arena *a)
{
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, signed_body, a);
	struct body_found f = find(repairs, body, &s, a);
	struct buf b = BUF(a);

	if (!f.is_found)
		return SPAN("nothing");
	for (size_t i = 0; i < f.nrepairs; i++)
		buf_printf(&b, "%s%s", i ? " " : "", f.repairs[i].kind->id);
	return buf_span(&b);
}

static void
repairs_are_found_alone_and_together(void **state)
{
	static const struct {
		struct span signed_body, body;
		const char *wanted;
	} c[] = {
	    {S("x\n"), S("x\n"), ""},
	    {S("x\n"), S("x\n\n"), ""},
	    {S("xay\n"), S("xAy\n"), "a"},
	    {S("xbby\n"), S("xBy\n"), "b"},
	    {S("xy\n"), S("xCy\n"), "c"},
	    {S("xey\n"), S("xEy\n"), "e"},
	    {S("xay\n"), S("xAy\nfooter\n"), "a body-footer"},
	    {S("xay\n"), S("top\nxAy\n"), "a body-prefix"},
	    {S("xay\nz\n"), S("xAy\nput in\nz\n"), "a body-block"},
	    {S("abb\n"), S("AB\n"), "a b"},
	    {S("abb\n"), S("CCABC\n"), "a b c"},
	    {S("abb\n"), S("AB\nfooter\n"), "a b body-footer"},
	    {S("a\n"), S("top\nA\nfooter\n"), "a body-footer body-prefix"},
	    {S("abb\n"), S("top\nAB\n"), "a b body-prefix"},
	    {S("e\na\n"), S("E\nA\n"), "a e"},
	    {S("xyz\n"), S("(zyx)\n"), "unwrap"},
	    {S("xaz\n"), S("(zAx)\n"), "a unwrap"},
	    {S("xfz\n"), S("(zFx)\n"), "unwrap f"},
	    {S("xfbb\n"), S("(BFx)\n"), "b unwrap f"},
	    {S("abbd\n"), S("ABCD\n"), "nothing"}, /* four */
	    {S("abb\n"), S("top\nAB\nfooter\n"), "nothing"},
	    {S("something else\n"), S("ABCDE\n"), "nothing"},
	    {S("x\n"), S(""), "nothing"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		same("repairs", names(c[i].signed_body, c[i].body, *state),
		    c[i].wanted);
}

static void
only_repairs_that_are_needed_are_found(void **state)
{
	same("repairs", names(SPAN("d\n"), SPAN("D\n"), *state), "d");
	same("repairs", names(SPAN("d\n"), SPAN("D\nA\n"), *state),
	    "d body-footer");
	same("repairs", names(SPAN("d\na\n"), SPAN("D\nA\n"), *state), "a d");
}

static size_t
tries_of(const char *signed_body, struct arena *a)
{
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, span_of(signed_body), a);
	struct body_found f = find(repairs, SPAN("ABCD\n"), &s, a);

	assert_true(f.is_found);
	return f.tries;
}

/* All alone, then all pairs, each by the sum of their ranks. */
static void
likelier_repairs_are_tried_first(void **state)
{
	static const char *const bodies[] = {"aBCD\n", "AbbCD\n", "ABD\n",
	    "ABCd\n", "abbCD\n", "aBD\n", "aBCd\n", "AbbCd\n", "ABd\n",
	    "abbD\n", "abbCd\n", "Abbd\n"};

	for (size_t i = 1; i < COUNT(bodies); i++)
		assert_true(tries_of(bodies[i], *state) >
		    tries_of(bodies[i - 1], *state));
	/* of the same sum as a and d, but later */
	assert_true(tries_of("AbbD\n", *state) > tries_of("aBCd\n", *state));
	assert_true(tries_of("AbbD\n", *state) < tries_of("AbbCd\n", *state));
}

static void
places_are_those_of_the_body_as_received(void **state)
{
	struct span body = SPAN("one\nB two\nC three B\n");
	struct dkim_signature s = signature_of(
	    CANON_SIMPLE, UINT64_MAX, SPAN("one\nbb two\n three bb\n"), *state);
	struct body_found f = find(repairs, body, &s, *state);

	assert_true(f.is_found);
	assert_int_equal(f.nrepairs, 2);
	assert_int_equal(f.repairs[0].offset, BODY_AT + 4);
	assert_int_equal(f.repairs[0].length, 1);
	assert_int_equal(f.repairs[0].line, 1);
	assert_int_equal(f.repairs[0].places, 2);
	same("after", f.repairs[0].after, "B");
	same("before", f.repairs[0].before, "bb");
	assert_ptr_equal(f.repairs[0].after.p, body.p + 4);
	assert_int_equal(f.repairs[1].offset, BODY_AT + 10);
	assert_int_equal(f.repairs[1].line, 2);
	assert_int_equal(f.repairs[1].places, 1);
	same("after", f.repairs[1].after, "C");
	same("before", f.repairs[1].before, "");
	assert_int_equal(f.edits.n, 3);
	assert_false(f.fields.p);
}

/* What is in a text that another repair has made is where that text is from. */
static void
places_in_a_text_that_was_made_are_its_origin(void **state)
{
	struct span body = SPAN("top\n(zFx)\nend\n");
	struct dkim_signature s = signature_of(
	    CANON_SIMPLE, UINT64_MAX, SPAN("top\nxfz\nend\n"), *state);
	struct body_found f = find(repairs, body, &s, *state);

	assert_true(f.is_found);
	assert_int_equal(f.nrepairs, 2);
	assert_int_equal(f.repairs[0].offset, BODY_AT + 4);
	assert_int_equal(f.repairs[0].length, 5);
	same("after", f.repairs[0].after, "(zFx)");
	same("before", f.repairs[0].before, "xFz");
	assert_int_equal(f.repairs[1].offset, BODY_AT + 4);
	assert_int_equal(f.repairs[1].length, 5);
	assert_int_equal(f.repairs[1].line, 1);
	same("after", f.repairs[1].after, "F");
	same("before", f.repairs[1].before, "f");
	assert_int_equal(f.edits.n, 1);
	same("fields", f.fields, "X: unwrapped\n");
	same("fields at first", last_fields, "Content-A: b\n");
}

static void
a_footer_in_a_text_that_was_made_is_shown_as_made(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("end\n"), *state);
	struct body_found f =
	    find(repairs, SPAN("(retoof\ndne)\n"), &s, *state);

	assert_true(f.is_found);
	assert_int_equal(f.nrepairs, 2);
	assert_string_equal(f.repairs[1].kind->id, "body-footer");
	assert_int_equal(f.repairs[1].offset, BODY_AT);
	same("after", f.repairs[1].after, "footer\n");
	same("all", edits_apply(&f.edits, SPAN("(retoof\ndne)\n"), *state),
	    "end\n");
}

/* The other way round for one that has a sign, "bb.". */
static void
restore_b(const struct body *b, struct body_proposals *p)
{
	struct edits e = {NULL, 0};

	for (size_t i = 0; i + 2 < b->octets.len; i++)
		if (span_starts(span_from(b->octets, i), SPAN("bb.")))
			edits_add(&e, b->arena, i, 2, SPAN("B"));
	body_propose(p, e);
}

static const struct body_repair restoring[] = {
    {{"a", "", REPAIR_ADVICE_NONE, 1}, replace_a},
    {{"b", "", REPAIR_ADVICE_NONE, 2}, replace_b},
    {{"back", "", REPAIR_ADVICE_NONE, 3}, restore_b},
    {{.id = NULL}, NULL},
};

/* What a repair has done and the next one has undone was not altered. */
static void
what_is_taken_back_is_not_told(void **state)
{
	static const struct {
		struct span signed_body, body;
		size_t nrepairs, places, line;
	} c[] = {
	    {S("1 B.\n2 bb,\n3 bb,\n"), S("1 B.\n2 B,\n3 B,\n"), 1, 2, 1},
	    {S("1 bb,\n2 B.\n3 bb,\n"), S("1 B,\n2 B.\n3 B,\n"), 1, 2, 0},
	    {S("a bb,\n2 B.\n3 B.\n"), S("A B,\n2 B.\n3 B.\n"), 2, 1, 0},
	    {S("1 B.\n2 bb,\n"), S("1 B.\n2 B,\nfooter\n"), 2, 1, 1},
	    /* in another place, it is an alteration of its own */
	    {S("1 B.\n2 bb,\n3 B.\n"), S("1 B.\n2 B,\n3 bb.\n"), 2, 2, 0},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct dkim_signature s = signature_of(
		    CANON_SIMPLE, UINT64_MAX, c[i].signed_body, *state);
		struct body_found f = find(restoring, c[i].body, &s, *state);
		const struct repair *b =
		    &f.repairs[span_starts(c[i].body, SPAN("A"))];

		assert_true(f.is_found);
		assert_int_equal(f.nrepairs, c[i].nrepairs);
		assert_string_equal(b->kind->id, "b");
		assert_int_equal(b->places, c[i].places);
		assert_int_equal(b->line, c[i].line);
		same("after", b->after, "B");
		same("before", b->before, "bb");
	}
}

static size_t calls;

static void
count_call(const struct body *b, struct body_proposals *p)
{
	calls++;
	replace(b, 'A', SPAN("AA"), p);
	replace(b, 'A', SPAN("AB"), p);
}

static const struct body_repair counted[] = {
    {{"x", "", REPAIR_ADVICE_NONE, 1}, count_call},
    {{"y", "", REPAIR_ADVICE_NONE, 2}, count_call},
    {{.id = NULL}, NULL},
};

/*
 * The body received, A, and no body, are tried. It gives AA and AB twice, which
 * are gone on from once, and not by the same repair: AA and AB give two each,
 * and these four two each. What is gone on from is not proposed once more.
 */
static void
what_has_been_tried_is_not_gone_on_from(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never\n"), *state);
	struct budget budget = default_budget();
	struct body_found f;

	calls = 0;
	f = find_with(counted, SPAN("A"), &s, &budget, *state);
	assert_false(f.is_found);
	assert_int_equal(calls, 2 + 2 + 4);
	assert_int_equal(f.tries, 2 + 2 * 2 + 2 * 2 + 4 * 2);
	assert_int_equal(f.tries, budget.tries);
	assert_false(budget.spent);
}

/* A single one of all letters is another. */
static void
choose_a(const struct body *b, struct body_proposals *p)
{
	struct edits e = {NULL, 0};

	for (size_t i = 0; i < b->octets.len; i++)
		if (b->octets.p[i] == 'A')
			*ARENA_PUSH(b->arena, e.list, e.n) =
			    (struct edit){i, 1, SPAN("a")};
	body_propose_choice(p, e);
}

static const struct body_repair choosing[] = {
    {{"b", "", REPAIR_ADVICE_NONE, 1}, replace_b},
    {{"choice", "", REPAIR_ADVICE_NONE, 2}, choose_a},
    {{.id = NULL}, NULL},
};

static void
one_edit_of_a_choice_is_found(void **state)
{
	static const struct span bodies[] = {
	    S("aAA\n"), S("AaA\n"), S("AAa\n"), S("AAabb\n")};
	static const struct span altered[] = {
	    S("AAA\n"), S("AAA\nfooter\n"), S("AAA\n"), S("AAAB\n")};

	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct dkim_signature s =
		    signature_of(CANON_SIMPLE, UINT64_MAX, bodies[i], *state);
		struct body_found f = find(choosing, altered[i], &s, *state);

		assert_true(f.is_found);
		assert_int_equal(f.nrepairs, 1 + (i & 1));
		assert_int_equal(
		    f.repairs[i == 3].offset, BODY_AT + (i < 3 ? i : 2));
		assert_int_equal(f.repairs[i == 3].places, 1);
	}
}

/* Proposes something else each time, as a repair may that memory has let
 * propose less before. */
static void
replace_fickly(const struct body *b, struct body_proposals *p)
{
	static bool again;

	replace(b, 'E', again ? SPAN("?") : SPAN("e"), p);
	again = !again;
}

static const struct body_repair fickle[] = {
    {{"fickle", "", REPAIR_ADVICE_NONE, 1}, replace_fickly},
    {{.id = NULL}, NULL},
};

static void
what_cannot_be_found_again_is_not_told(void **state)
{
	struct arena *a = *state;
	struct dkim_signature s =
	    signature_of(CANON_RELAXED, UINT64_MAX, SPAN("e\n"), a);
	struct body_found f = find(fickle, SPAN("E\n"), &s, a);

	assert_false(f.is_found);
	assert_int_equal(f.nrepairs, 0);
	assert_int_equal(f.edits.n, 0);
}

static void
a_choice_is_not_all_of_its_edits(void **state)
{
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("aa\n"), *state);

	assert_false(find(choosing, SPAN("AA\n"), &s, *state).is_found);
}

/* Each proposes as much as it has room for, without end. */
static void
propose_all(const struct body *b, struct body_proposals *p)
{
	for (size_t i = 0; i < 1000; i++) {
		struct edits e = {NULL, 0};
		char *text = arena_alloc(b->arena, b->room);

		memset(text, (char)i, b->room);
		edits_add(&e, b->arena, 0, 0, (struct span){text, b->room});
		body_propose(p, e);
		if (p->n == p->most)
			return;
	}
}

static const struct body_repair greedy[] = {
    {{"x", "", REPAIR_ADVICE_NONE, 1}, propose_all},
    {{"y", "", REPAIR_ADVICE_NONE, 2}, propose_all},
    {{.id = NULL}, NULL},
};

static void
the_budget_ends_the_search(void **state)
{
	static const uint64_t octets[] = {0, 100, 1000, 100000, 1u << 24};
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never\n"), *state);

	for (size_t i = 0; i < COUNT(octets); i++) {
		struct budget budget = {.octets = octets[i]};
		struct budget again = budget;

		assert_false(
		    find_with(greedy, SPAN("a\nb\n"), &s, &budget, *state)
			.is_found);
		assert_true(budget.octets <= octets[i]);
		assert_true(budget.spent);
		find_with(greedy, SPAN("a\nb\n"), &s, &again, *state);
		assert_int_equal(again.octets, budget.octets);
		assert_int_equal(again.tries, budget.tries);
	}
}

/* Takes time, in vain. */
static void
propose_nothing(const struct body *b, struct body_proposals *p)
{
	(void)p;
	arena_alloc(b->arena, 1u << 20);
}

static void
work_without_a_proposal_is_charged(void **state)
{
	static const struct body_repair vain[] = {
	    {{"x", "", REPAIR_ADVICE_NONE, 1}, propose_nothing},
	    {{.id = NULL}, NULL},
	};
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never\n"), *state);
	struct budget with = default_budget(), without = with;

	find_with(vain, SPAN("a\n"), &s, &with, *state);
	find_with(NULL, SPAN("a\n"), &s, &without, *state);
	assert_int_equal(with.tries, without.tries);
	assert_true(without.octets - with.octets >= 1u << 20);
}

static void
an_unknown_hash_is_of_no_body(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = rounds(20, 500); n; n--) {
		struct span body = lines_of(1 + random_below(40), "\n", a);
		struct dkim_signature s = signature_of(
		    both[n % 2], UINT64_MAX, lines_of(50, "\n", a), a);
		struct budget budget = {.octets = 1u << 24};

		assert_false(find_with(repairs, body, &s, &budget, a).is_found);
		arena_reset(a);
	}
	arena_free(a);
}

static void
a_body_of_sha1_is_found(void **state)
{
	struct digest *d = digest_new(DIGEST_SHA1, UINT64_MAX, *state);
	struct dkim_signature s = {
	    .hash = DIGEST_SHA1, .body = CANON_SIMPLE, .length = UINT64_MAX};
	struct budget budget = default_budget();
	struct body_found f;

	sink_put(&d->sink, SPAN("a\r\n"));
	sink_end(&d->sink);
	s.body_hash = d->value;
	f = find_with(repairs, SPAN("A\nfooter\n"), &s, &budget, *state);
	assert_true(f.is_found);
	assert_int_equal(f.nrepairs, 2);
}

/* Removes the first octet, and notes how many proposals there may be. */
#define DROPPED SPAN("abcd\n")
static size_t most_after[REPAIR_DEPTH];

static void
drop_first(const struct body *b, struct body_proposals *p)
{
	struct edits e = {NULL, 0};

	most_after[DROPPED.len - b->octets.len] = p->most;
	edits_add(&e, b->arena, 0, 1, SPAN(""));
	body_propose(p, e);
}

static void
fewer_proposals_are_tried_after_each_repair(void **state)
{
	static const struct body_repair drops[] = {
	    {{"x", "", REPAIR_ADVICE_NONE, 1}, drop_first},
	    {{"y", "", REPAIR_ADVICE_NONE, 2}, drop_first},
	    {{.id = NULL}, NULL},
	};
	struct dkim_signature s =
	    signature_of(CANON_SIMPLE, UINT64_MAX, SPAN("never\n"), *state);

	assert_false(find(drops, DROPPED, &s, *state).is_found);
	for (size_t i = 1; i < REPAIR_DEPTH; i++)
		assert_int_equal(most_after[i] * 2, most_after[i - 1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(repairs_are_found_alone_and_together),
	    TEST(only_repairs_that_are_needed_are_found),
	    TEST(likelier_repairs_are_tried_first),
	    TEST(places_are_those_of_the_body_as_received),
	    TEST(places_in_a_text_that_was_made_are_its_origin),
	    TEST(a_footer_in_a_text_that_was_made_is_shown_as_made),
	    TEST(what_is_taken_back_is_not_told),
	    TEST(one_edit_of_a_choice_is_found),
	    TEST(what_cannot_be_found_again_is_not_told),
	    TEST(a_choice_is_not_all_of_its_edits),
	    TEST(what_has_been_tried_is_not_gone_on_from),
	    TEST(the_budget_ends_the_search),
	    TEST(work_without_a_proposal_is_charged),
	    TEST(an_unknown_hash_is_of_no_body),
	    TEST(a_body_of_sha1_is_found),
	    TEST(fewer_proposals_are_tried_after_each_repair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
