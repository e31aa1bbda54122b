/* test_explain_sentence: the sentence that people read first. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

static void
what_is_intact_is_told(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	k->x.reason = DKIM_OK;
	says(k, "The message is as example.org signed it.");
}

static void
what_a_list_does_is_told_of_the_list(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	k->x.context.software = CONTEXT_LIST;
	in_body(k, footer_after(214, SPAN(FOOTER)));
	says(k,
	    "The list software added a 3-line footer after line 214 of the "
	    "body; the rest "
	    "is as example.org signed it.");
	in_header(k, tag_of(k, SPAN("[dev] ")));
	says(k,
	    "The list software added a 3-line footer after line 214 of the "
	    "body and "
	    "\"[dev] \" to the Subject; the rest is as example.org signed it.");
	in_header(k,
	    (struct repair){.kind = &rewritten,
		.name = SPAN("From"),
		.before = SPAN("Jane <jane@example.org>")});
	says(k,
	    "The list software added a 3-line footer after line 214 of the "
	    "body and "
	    "\"[dev] \" to the Subject, and rewrote From, which was \"Jane "
	    "<jane@example.org>\"; the rest is as example.org signed it.");
}

static void
without_a_sign_of_its_kind_it_was_something(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_header(k, tag_of(k, SPAN("***SPAM*** ")));
	says(k,
	    "Something on the way added \"***SPAM*** \" to the Subject; the "
	    "rest is as "
	    "example.org signed it.");
}

static void
verbs_are_told_once(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_body(k, footer_after(1, SPAN("x\n")));
	in_body(k,
	    (struct repair){.kind = &lost, .before = SPAN("\n"), .places = 1});
	in_body(k, (struct repair){.kind = &spaces, .places = 12, .line = 2});
	in_header(k, tag_of(k, SPAN("[x]")));
	in_header(k, (struct repair){.kind = &dropped, .name = SPAN("Sender")});
	says(k,
	    "Something on the way added a 1-line footer after line 1 of the "
	    "body, spaces at the end of "
	    "lines in 12 places from line 3 on, and \"[x]\" to the Subject, "
	    "and "
	    "removed 1 line at the start of the body and Sender; the rest is "
	    "as example.org signed it.");
}

static void
three_verbs_have_commas(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_body(k, footer_after(1, SPAN("x\ny")));
	in_body(k, (struct repair){.kind = &split, .places = 1, .line = 41});
	in_header(k, (struct repair){.kind = &dropped, .name = SPAN("Sender")});
	says(k,
	    "Something on the way added a 2-line footer after line 1 of the "
	    "body, split a long line in "
	    "line 42, and removed Sender; the rest is as example.org signed "
	    "it.");
}

static void
two_verbs_have_an_and(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_body(k, (struct repair){.kind = &split, .places = 3, .line = 41});
	in_header(k, (struct repair){.kind = &dropped, .name = SPAN("Sender")});
	says(k,
	    "Something on the way split a long line in 3 places from line 42 "
	    "of the body on and removed "
	    "Sender; the rest is as example.org signed it.");
}

static void
phrases_with_commas_stay_apart(void **state)
{
	static const struct repair_kind kept = {"header-kept",
	    "rewrote {field}, and kept the old value in another field",
	    REPAIR_ADVICE_RELAY, 0};
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_header(
	    k, (struct repair){.kind = &kept, .name = SPAN("Message-ID")});
	in_header(k,
	    (struct repair){.kind = &rewritten,
		.name = SPAN("From"),
		.before = SPAN("jane@example.org")});
	says(k,
	    "Something on the way rewrote Message-ID, and kept the old value "
	    "in another "
	    "field, and rewrote From, which was \"jane@example.org\"; the rest "
	    "is as example.org signed it.");
}

static void
one_place_is_a_line(void **state)
{
	static const struct repair_kind quoted = {"body-from-quoted",
	    "put \">\" before \"From \" at the start of {places}",
	    REPAIR_ADVICE_ARCHIVE, 0};
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	in_body(k, (struct repair){.kind = &spaces, .places = 1, .line = 2});
	in_body(k, (struct repair){.kind = &quoted, .places = 2, .line = 0});
	says(k,
	    "Something on the way added spaces at the end of line 3 of the "
	    "body and put \">\" before "
	    "\"From \" at the start of lines in 2 places from line 1 on; the "
	    "rest is as example.org signed it.");
}

static void
each_pair_of_states_has_a_sentence(void **state)
{
	static const struct {
		enum explain_state header, body;
		const char *sentence;
	} c[] = {
	    {EXPLAIN_UNKNOWN, EXPLAIN_UNKNOWN,
		"Whether the message is as example.org signed it cannot be "
		"told."},
	    {EXPLAIN_UNKNOWN, EXPLAIN_INTACT,
		"The body is the one that the signature describes."},
	    {EXPLAIN_UNKNOWN, EXPLAIN_NOT_FOUND,
		"The body is not the one that the signature describes, and how "
		"it was changed is not known."},
	    {EXPLAIN_INTACT, EXPLAIN_UNKNOWN,
		"The header is as example.org signed it; whether the body is "
		"cannot be told."},
	    {EXPLAIN_INTACT, EXPLAIN_NOT_FOUND,
		"The body was changed after example.org signed it, and how is "
		"not known; the header is as signed."},
	    {EXPLAIN_NOT_FOUND, EXPLAIN_UNKNOWN,
		"The header (From, Subject etc.) was changed after example.org "
		"signed it, and how "
		"is not known; whether the body was cannot be told."},
	    {EXPLAIN_NOT_FOUND, EXPLAIN_INTACT,
		"The header (From, Subject etc.) was changed after example.org "
		"signed it, and how "
		"is not known; the body is the one that the signature "
		"describes."},
	    {EXPLAIN_NOT_FOUND, EXPLAIN_NOT_FOUND,
		"The header (From, Subject etc.) was changed after example.org "
		"signed it, and the "
		"body is not the one that the signature describes; how they "
		"were changed is not known."},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = states(state, c[i].header, c[i].body);

		k->x.block = EXPLAIN_BLOCK_SOUND;
		says(k, c[i].sentence);
	}
}

static void
one_part_found_and_the_other_not(void **state)
{
	struct known *k = states(state, EXPLAIN_NOT_FOUND, EXPLAIN_INTACT);

	k->x.block = EXPLAIN_BLOCK_SOUND;
	in_body(k, footer_after(7, SPAN(FOOTER)));
	says(k,
	    "Something on the way added a 3-line footer after line 7 of the "
	    "body; the header was "
	    "changed, too, and how is not known; the rest of the body is the "
	    "one that the signature describes.");
	k = states(state, EXPLAIN_INTACT, EXPLAIN_NOT_FOUND);
	in_header(k, tag_of(k, SPAN("[dev] ")));
	says(k,
	    "Something on the way added \"[dev] \" to the Subject; the body "
	    "was changed, "
	    "too, and how is not known; the rest of the header is as "
	    "example.org signed it.");
	k->x.body = EXPLAIN_UNKNOWN;
	says(k,
	    "Something on the way added \"[dev] \" to the Subject; the rest of "
	    "the header "
	    "is as example.org signed it; whether the body is cannot be told.");
	k = states(state, EXPLAIN_UNKNOWN, EXPLAIN_INTACT);
	in_body(k, footer_after(7, SPAN(FOOTER)));
	says(k,
	    "Something on the way added a 3-line footer after line 7 of the "
	    "body; the rest of the body "
	    "is the one that the signature describes.");
}

static void
another_key_is_not_ruled_out_without_a_digest(void **state)
{
	static const struct {
		enum explain_state body;
		const char *sentence;
	} c[] = {
	    {EXPLAIN_UNKNOWN,
		"The header (From, Subject etc.) was changed after example.org "
		"signed it, or the "
		"signature was not made with the key r1."},
	    {EXPLAIN_INTACT,
		"The header (From, Subject etc.) was changed after example.org "
		"signed it, or the "
		"signature was not made with the key r1; the body is the one "
		"that the signature describes."},
	    {EXPLAIN_NOT_FOUND,
		"The body was changed after example.org signed it, and how is "
		"not known; the header was, too, or the signature was not made "
		"with the key r1."},
	};
	struct known *k;

	for (size_t i = 0; i < COUNT(c); i++)
		says(
		    states(state, EXPLAIN_NOT_FOUND, c[i].body), c[i].sentence);
	k = states(state, EXPLAIN_NOT_FOUND, EXPLAIN_INTACT);
	in_body(k, footer_after(7, SPAN(FOOTER)));
	says(k,
	    "Something on the way added a 3-line footer after line 7 of the "
	    "body; the header was "
	    "changed, too, or the signature was not made with the key r1 of "
	    "example.org.");
}

static void
a_signature_of_another_key_proves_nothing(void **state)
{
	struct known *k = states(state, EXPLAIN_NOT_FOUND, EXPLAIN_INTACT);

	k->x.reason = DKIM_SIGNATURE;
	k->x.block = EXPLAIN_BLOCK_OTHER;
	says(k,
	    "The signature was not made with the key that example.org "
	    "publishes as r1, or was damaged on the way; the body is the one "
	    "that the signature describes.");
	k->x.context.software = CONTEXT_LIST;
	in_body(k, footer_after(7, SPAN(FOOTER)));
	says(k,
	    "The signature was not made with the key that example.org "
	    "publishes as r1, or was damaged on the way; the list software "
	    "added a 3-line footer after line 7 of the body; the rest of the "
	    "body is the "
	    "one that the signature describes.");
}

static void
a_changed_hash_of_the_body_is_told(void **state)
{
	struct known *k = states(state, EXPLAIN_REPAIRED, EXPLAIN_INTACT);

	k->x.bh_altered = true;
	says(k,
	    "Something on the way damaged the signature where it describes the "
	    "body; "
	    "the rest is as example.org signed it.");
}

static void
octets_of_the_message_cannot_speak(void **state)
{
	static const struct {
		struct span tag;
		const char *shown;
	} c[] = {
	    {S(""), "nothing"},
	    {S("\033[2J"), "\"\\x1b[2J\""},
	    {S("a\" and \"b"), "\"a\\\" and \\\"b\""},
	    {S("a\\"), "\"a\\x5c\""},
	    {S("\xff\xe2\x80\xae"), "\"\\xff\\xe2\\x80\\xae\""},
	    {S("\r\n"), "\"\\x0d\\x0a\""},
	    {S("a\r\n b\r\n"), "\"a b\""},
	    {S("a\r\nb\r\n"), "\"a\"..."},
	    {S("123456789012345678901234567890123456789012345678901234567890"),
		"\"123456789012345678901234567890123456789012345678901234567890"
		"\""},
	    {S("1234567890123456789012345678901234567890123456789012345678901"),
		"\"123456789012345678901234567890123456789012345678901234567890"
		"\"..."},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

		in_header(k, tag_of(k, c[i].tag));
		says(k,
		    arena_printf(*state,
			"Something on the way added %s to the Subject; the "
			"rest is as "
			"example.org signed it.",
			c[i].shown)
			.p);
	}
}

/* What is alike in both would leave no room for the rest. */
static void
two_values_are_told_from_where_they_differ(void **state)
{
	static const struct repair_kind changed = {"field-changed",
	    "changed {field} from {was} to {after}", REPAIR_ADVICE_RELAY, 0};
	static const struct {
		struct span was, after;
		const char *words;
	} c[] = {
	    {S("a b"), S("a c"), "from \"a b\" to \"a c\""},
	    {S("the order of the week after next as it is"),
		S("the order of the week after next as we know it"),
		"from ...\"it is\" to ...\"we know it\""},
	    {S("=?utf-8?q?a=20b?="), S("c"), "from \"a b\" to \"c\""},
	    {S("=?utf-8?q?a=20b?="), S("a b"),
		"from \"=?utf-8?q?a=20b?=\" to \"a b\""},
	    {S("a"), S(""), "from \"a\" to nothing"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct repair r = {.kind = &changed,
		    .name = SPAN("Subject"),
		    .before = c[i].was,
		    .after = c[i].after};

		same("words", explain_phrase(&r, false, *state),
		    arena_printf(*state, "changed Subject %s", c[i].words).p);
	}
}

/* What was done to several fields alike is told once. */
static void
fields_changed_alike_are_told_at_once(void **state)
{
	static const struct repair_kind kinds[] = {
	    {"header-name-case",
		"changed the letter case of the field name {field}",
		REPAIR_ADVICE_RELAXED, 0},
	    {"header-blanks", "changed the spacing in {field}",
		REPAIR_ADVICE_RELAXED, 0},
	    {"header-added", "added the field {field}", REPAIR_ADVICE_LIST, 0},
	};
	static const char *const names[] = {
	    "From", "To", "Cc", "Date", "Subject"};
	static const struct {
		size_t kind, n, others;
		const char *words;
	} c[] = {
	    {0, 1, 0, "changed the letter case of the field name From"},
	    {0, 2, 0, "changed the letter case of the field names From and To"},
	    {0, 5, 4,
		"changed the letter case of the field names From, To and 7 "
		"more"},
	    {1, 4, 0, "changed the spacing in From, To, Cc and Date"},
	    {1, 5, 0, "changed the spacing in From, To and 3 more fields"},
	    {1, 1, 1, "changed the spacing in From and 1 more field"},
	    {2, 3, 0, "added the fields From, To and Cc"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

		for (size_t f = 0; f < c[i].n; f++)
			in_header(k,
			    (struct repair){.kind = &kinds[c[i].kind],
				.name = span_of(names[f]),
				.others = f + 1 < c[i].n ? 0 : c[i].others});
		says(k,
		    arena_printf(*state,
			"Something on the way %s; the rest is as example.org "
			"signed it.",
			c[i].words)
			.p);
	}
}

/* Two of one name are named once; what is told of each differs: not joined. */
static void
what_is_not_alike_is_told_apart(void **state)
{
	static const struct repair_kind replaced = {"address-replaced",
	    "replaced {before} in {field} by {after}", REPAIR_ADVICE_FIELDS, 0};
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);
	const struct repair to = {.kind = &replaced,
	    .name = SPAN("To"),
	    .before = SPAN("a@b"),
	    .after = SPAN("c@d")};
	struct repair other = to;

	in_header(k, to);
	in_header(k, to);
	says(k,
	    "Something on the way replaced \"a@b\" in To by \"c@d\"; the rest "
	    "is as example.org signed it.");
	other.name = SPAN("Cc");
	other.after = SPAN("e@f");
	in_header(k, other);
	says(k,
	    "Something on the way replaced \"a@b\" in To by \"c@d\" and "
	    "\"a@b\" in Cc by \"e@f\"; the rest is as example.org signed it.");
}

static void
numbers_have_their_article(void **state)
{
	static const struct {
		size_t lines;
		const char *words;
	} c[] = {
	    {1, "a 1-line"},
	    {8, "an 8-line"},
	    {11, "an 11-line"},
	    {18, "an 18-line"},
	    {80, "an 80-line"},
	    {110, "a 110-line"},
	    {800, "an 800-line"},
	    {1800, "a 1800-line"},
	    {11000, "an 11000-line"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct buf text = BUF(*state);
		struct repair r;

		for (size_t n = 0; n < c[i].lines; n++)
			buf_char(&text, '\n');
		r = footer_after(3, buf_span(&text));
		same("article", explain_phrase(&r, false, *state),
		    arena_printf(
			*state, "added %s footer after line 3", c[i].words)
			.p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_intact_is_told),
	    TEST(what_a_list_does_is_told_of_the_list),
	    TEST(without_a_sign_of_its_kind_it_was_something),
	    TEST(verbs_are_told_once),
	    TEST(two_verbs_have_an_and),
	    TEST(three_verbs_have_commas),
	    TEST(phrases_with_commas_stay_apart),
	    TEST(one_place_is_a_line),
	    TEST(each_pair_of_states_has_a_sentence),
	    TEST(one_part_found_and_the_other_not),
	    TEST(another_key_is_not_ruled_out_without_a_digest),
	    TEST(a_signature_of_another_key_proves_nothing),
	    TEST(a_changed_hash_of_the_body_is_told),
	    TEST(octets_of_the_message_cannot_speak),
	    TEST(two_values_are_told_from_where_they_differ),
	    TEST(fields_changed_alike_are_told_at_once),
	    TEST(what_is_not_alike_is_told_apart),
	    TEST(numbers_have_their_article),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
