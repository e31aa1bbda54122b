/* test_header_search: repairs of headers are found alone and together. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header.h"

#include "base/limit.h"

#define BH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

/* Repairs of this test. */

/* Proposes the text without what its value begins with. */
static void
without_start(const struct header *h, size_t index, struct span raw,
    struct span start, struct header_proposals *p)
{
	struct span value = field_split(raw).body;

	if (span_starts(value, start))
		header_propose_text(p, h, index,
		    ARENA_JOIN(h->arena, span_between(raw.p, value.p),
			span_from(value, start.len)));
}

static void
repair_tag(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	without_start(h, index, raw, SPAN(" [tag]"), p);
}

static void
repair_spam(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	without_start(h, index, raw, SPAN(" ***SPAM***"), p);
}

static void
repair_end(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct span text = field_chomp(raw), end = SPAN(" (ext)");

	if (text.len > end.len &&
	    span_eq(span_from(text, text.len - end.len), end))
		header_propose_text(
		    p, h, index, span_upto(text, text.len - end.len));
}

static void
repair_added(const struct header *h, struct header_proposals *p)
{
	for (size_t i = 0; i < h->m->nfields; i++) {
		struct header_change c = {HEADER_DROP, i, SPAN_NONE};

		if (span_casestarts(h->m->fields[i].name, SPAN("List-")))
			header_propose(p, &c, 1);
	}
}

/* The value that was there is in another field. */
static void
repair_kept(const struct header *h, struct header_proposals *p)
{
	const struct field *kept =
	    message_lowest(h->m, SPAN("X-Original-From"));
	const struct field *from = message_lowest(h->m, SPAN("From"));
	struct header_change c[2] = {
	    {HEADER_REPLACE, 0, SPAN_NONE}, {HEADER_DROP, 0, SPAN_NONE}};

	if (!kept || !from)
		return;
	c[0].index = (size_t)(from - h->m->fields);
	c[0].raw = span_from(kept->raw, 11);
	c[1].index = (size_t)(kept - h->m->fields);
	header_propose(p, c, 2);
}

static void
repair_lost(const struct header *h, struct header_proposals *p)
{
	struct header_change c = {
	    HEADER_INSERT, h->m->nfields, SPAN("MIME-Version: 1.0\r\n")};

	if (!message_lowest(h->m, SPAN("MIME-Version")))
		header_propose(p, &c, 1);
}

static const struct header_repair repairs[] = {
    {{"tag", "{field}", REPAIR_ADVICE_NONE, 0}, repair_tag, NULL},
    {{"spam", "", REPAIR_ADVICE_NONE, 1}, repair_spam, NULL},
    {{"end", "", REPAIR_ADVICE_NONE, 2}, repair_end, NULL},
    {{"added", "", REPAIR_ADVICE_NONE, 0}, NULL, repair_added},
    {{"kept", "", REPAIR_ADVICE_NONE, 3}, NULL, repair_kept},
    {{"lost", "", REPAIR_ADVICE_NONE, 5}, NULL, repair_lost},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

#define SIGNATURE(c)                                                     \
	"DKIM-Signature: v=1; a=rsa-sha256; c=" c "; d=example.org;\r\n" \
	"\ts=one; h=From:Subject:To:To:List-Id:MIME-Version:DKIM-Signa"  \
	"ture;\r\n\tbh=" BH ";\r\n\tb=YWJj\r\n"
#define RELAXED SIGNATURE("relaxed")

/* Returns what is found, as identifiers; checks what must hold. */
static const char *
find(struct span original, struct span received, struct arena *a,
    struct header_found *found)
{
	struct received *r = receive(received, a);
	struct span digest = digest_of(original, a);
	struct budget budget = full_budget();

	*found = search_with(repairs, r, digest, SPAN_NONE, &budget, a);
	if (!found->is_found)
		return "none";
	check_found(found, r, digest, a);
	assert_true(found->tries == budget.tries && budget.tries > 0);
	return ids_of(found, a);
}

static void
repairs_are_found_alone_and_together(void **state)
{
	static const struct {
		struct span original, received;
		const char *ids;
	} c[] = {
	    {S(RELAXED "From: a\r\nSubject: b\r\nMIME-Version: 1.0\r\n"),
		S(RELAXED
		    "From: a\r\nSubject: [tag] b\r\nMIME-Version: 1.0\r\n"),
		"tag"},
	    /* one after another in one field */
	    {S(RELAXED "From: a\r\nSubject: b\r\nTo: c\r\n"),
		S(RELAXED "From: a\r\nSubject: [tag] ***SPAM*** b (ext)\r\nTo: "
			  "c\r\n"),
		"tag spam end"},
	    {S(RELAXED "From: a\r\nSubject: b\r\nTo: c\r\n"),
		S(RELAXED
		    "From: a\r\nSubject: ***SPAM*** [tag] b\r\nTo: c\r\n"),
		"spam tag"},
	    /* the same twice */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: a\r\nSubject: [tag] [tag] b\r\n"), "tag tag"},
	    /* in several fields */
	    {S(RELAXED "From: a\r\nSubject: b\r\nTo: c\r\n"),
		S(RELAXED
		    "From: [tag] a\r\nSubject: [tag] b\r\nTo: [tag] c\r\n"),
		"tag tag tag"},
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED
		    "List-Id: x\r\nFrom: a (ext)\r\nSubject: [tag] b\r\n"),
		"tag added end"},
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S("List-Id: x\r\n" RELAXED
		  "From: a\r\nSubject: [tag] b (ext)\r\n"),
		"added tag end"},
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S("List-Id: x\r\nList-Id: y\r\n" RELAXED
		  "From: a\r\nSubject: b\r\n"),
		"added added"},
	    {S(RELAXED "From: a\r\nSubject: b\r\nMIME-Version: 1.0\r\n"),
		S("X-Original-From: a\r\n" RELAXED
		  "From: list\r\nSubject: [tag] b\r\n"),
		"tag kept lost"},
	    /* of what is kept elsewhere: both */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S("X-Original-From: [tag] a\r\n" RELAXED
		  "From: list\r\nSubject: b\r\n"),
		"kept tag"},
	    /* what is not signed is not reported */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: a\r\nSubject: b (ext)\r\nList-Post: x\r\n"
			  "X: [tag] y\r\n"),
		"end"},
	    /* what was done to several fields alike is one */
	    {S(RELAXED "From: a\r\nSubject: b\r\nTo: c\r\nTo: d\r\n"),
		S(RELAXED "From: [tag] a\r\nSubject: [tag] b\r\n"
			  "To: [tag] c\r\nTo: [tag] d (ext)\r\n"),
		"tag tag tag tag end"},
	    /* only the lower one is signed */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S("Subject: [tag] b\r\n" RELAXED
		  "From: a\r\nSubject: [tag] b\r\n"),
		"tag"},
	    /* four are too many */
	    {S(RELAXED "From: a\r\nSubject: b\r\nTo: c\r\n"),
		S(RELAXED "List-Id: x\r\nFrom: a\r\n"
			  "Subject: [tag] ***SPAM*** b (ext)\r\nTo: c\r\n"),
		"none"},
	    /* nothing that these repairs know */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: a\r\nSubject: [tag] c\r\n"), "none"},
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: x\r\nSubject: y\r\n"), "none"},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct header_found found;
		const char *ids = find(c[i].original, c[i].received, a, &found);

		if (strcmp(ids, c[i].ids) != 0)
			fail_msg("%zu: %s, not %s", i, ids, c[i].ids);
	}
}

/* Proposes that the value was 0, 1, 2 ... */
#define NUMBERS 100

static void
repair_number(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct span value = field_split(raw).body;

	for (unsigned i = 0; i < NUMBERS; i++)
		header_propose_text(p, h, index,
		    ARENA_JOIN(h->arena, span_between(raw.p, value.p),
			arena_printf(h->arena, " %u", i)));
}

/* All single proposals come first, then few pairs of the thousands. */
static void
what_is_proposed_first_is_tried_first(void **state)
{
	static const struct header_repair table[] = {
	    {{"number", "", REPAIR_ADVICE_NONE, 0}, repair_number, NULL},
	    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
	};
	struct arena *a = *state;
	struct received *r =
	    receive(SPAN(RELAXED "From: a\r\nSubject: b\r\n"), a);
	struct budget budget = full_budget();
	struct header_found found = search_with(table, r,
	    digest_of(SPAN(RELAXED "From: 3\r\nSubject: 2\r\n"), a), SPAN_NONE,
	    &budget, a);

	assert_string_equal(ids_of(&found, a), "number number");
	assert_true(found.tries <= 2 * NUMBERS + 128);
}

#define SIMPLE SIGNATURE("simple")
#define LONG   "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff"

/* What relays do to all fields at once; few tries find it. */
static void
fields_changed_alike_are_found_at_once(void **state)
{
	static const struct {
		struct span original, received;
		const char *id;
		size_t n;
	} c[] = {
	    {S(SIMPLE "From: a b\r\nSubject: c d\r\nTo: e f\r\nTo: g h\r\n"),
		S(SIMPLE "From: a\r\n b\r\nSubject: c\r\n d\r\n"
			 "To: e\r\n f\r\nTo: g\r\n h\r\n"),
		"header-unfolded", 4},
	    {S(SIMPLE "From: a b\r\nSubject: c d\r\nTo: e f\r\nTo: g h\r\n"),
		S(SIMPLE "From: a\r\n\tb\r\nSubject: c\r\n d\r\n"
			 "To: e\r\n\tf\r\nTo: g\r\n h\r\n"),
		"header-unfolded", 4},
	    {S(SIMPLE "From: " LONG " gggg\r\n hhhh\r\nSubject: " LONG
		      "\r\n gggg hhhh\r\nTo: " LONG " gggg\r\n hhhh\r\n"
		      "List-Id: a\r\nTo: bbb, " LONG "\r\n gggg hhhh\r\n"),
		S(SIMPLE "From: " LONG " gggg hhhh\r\nSubject: " LONG
			 " gggg hhhh\r\nTo: " LONG " gggg hhhh\r\n"
			 "List-Id: a\r\nTo: bbb, " LONG " gggg hhhh\r\n"),
		"header-folded", 4},
	    {S(SIMPLE "From: a\r\n b\r\nSubject: c\r\n d\r\nTo: e\r\n\tf\r\n"
		      "To: g\r\n h\r\n"),
		S(SIMPLE "From: a  b\r\nSubject: c  d\r\nTo: e \tf\r\n"
			 "To: g  h\r\n"),
		"header-joined", 4},
	    {S(SIMPLE "From:a\r\nSubject:b\r\nTo:c\r\nMIME-Version:1.0\r\n"),
		S(SIMPLE "From: a\r\nSubject: b\r\nTo: c\r\n"
			 "MIME-Version: 1.0\r\n"),
		"header-colon", 4},
	    {S(SIMPLE "from: a\r\nsubject: b\r\nto: c\r\nlist-id: d\r\n"
		      "mime-version: 1.0\r\n"),
		S(SIMPLE "From: a\r\nSubject: b\r\nTo: c\r\nList-Id: d\r\n"
			 "Mime-Version: 1.0\r\n"),
		"header-name-case", 5},
	    {S(RELAXED "From: A B <a@b>\r\nTo: C D <c@d>, E F <e@f>\r\n"
		       "To: G H <g@h>\r\n"),
		S(RELAXED "From: \"A B\" <a@b>\r\nTo: \"C D\" <c@d>, \"E F\" "
			  "<e@f>\r\nTo: \"G H\" <g@h>\r\n"),
		"address-quotes", 3},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct received *r = receive(c[i].received, a);
		struct span digest = digest_of(c[i].original, a);
		struct budget budget = full_budget();
		struct header_found found = search_with(
		    header_text_repairs, r, digest, SPAN_NONE, &budget, a);

		if (!found.is_found)
			fail_msg("%zu: not found", i);
		check_found(&found, r, digest, a);
		assert_int_equal(found.nrepairs, c[i].n);
		for (size_t k = 0; k < found.nrepairs; k++)
			assert_string_equal(found.repairs[k].kind->id, c[i].id);
		assert_in_range(found.tries, 1, 800);
	}
}

static void
fields_that_are_not_told_are_counted(void **state)
{
	struct header_found f;

	find(SPAN(RELAXED "To: a\r\nFrom: a\r\nSubject: b\r\nTo: c\r\n"
			  "List-Id: d\r\nMIME-Version: e\r\n"),
	    SPAN(RELAXED
		"To: [tag] a (ext)\r\nFrom: [tag] a (ext)\r\n"
		"Subject: [tag] b (ext)\r\nTo: [tag] c (ext)\r\n"
		"List-Id: [tag] d (ext)\r\nMIME-Version: [tag] e (ext)\r\n"),
	    *state, &f);
	assert_int_equal(f.nrepairs, 2 * HEADER_ALIKE);
	assert_true(f.repairs[8].others == 1 && f.repairs[9].others == 1);
}

/* What a repair shows: octets of the message, and those that were signed. */
static void
places_are_the_octets_that_differ(void **state)
{
	static const struct {
		struct span original, received;
		struct {
			const char *after, *before;
		} shown[REPAIR_DEPTH];
	} c[] = {
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: a\r\nSubject: [tag] b\r\n"), {{"[tag] ", ""}}},
	    {S(RELAXED "From: a\r\nSubject: \303\274\r\n"),
		S(RELAXED
		    "From: a\r\nSubject: ***SPAM*** [tag] \303\274 (ext)\r\n"),
		{{"***SPAM*** ", ""}, {"[tag] ", ""}, {" (ext)", ""}}},
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S(RELAXED "From: a\r\nList-Id: x\r\nSubject: b\r\n"),
		{{"List-Id: x\r\n", ""}}},
	    {S(RELAXED "From: a\r\nSubject: b\r\nMIME-Version: 1.0\r\n"),
		S(RELAXED "From: a\r\nSubject: b\r\n"),
		{{"", "MIME-Version: 1.0\r\n"}}},
	    /* an item of a list has its separator with it, but no other item */
	    {S(RELAXED "From: a@x\r\nSubject: b\r\n"),
		S("X-Original-From: a@x\r\n" RELAXED
		  "From: a@x, list@x\r\nSubject: b\r\n"),
		{{", list@x", ""}}},
	    {S(RELAXED "From: leo@x\r\nSubject: b\r\n"),
		S("X-Original-From: leo@x\r\n" RELAXED
		  "From: list@x, leo@x\r\nSubject: b\r\n"),
		{{"list@x, ", ""}}},
	    /* the octets of a character are not divided */
	    {S(RELAXED "From: \303\274\r\nSubject: b\r\n"),
		S("X-Original-From: \303\274\r\n" RELAXED
		  "From: \303\244\r\nSubject: b\r\n"),
		{{"\303\244", "\303\274"}}},
	    {S(RELAXED "From: \303\274\r\nSubject: b\r\n"),
		S("X-Original-From: \303\274\r\n" RELAXED
		  "From: \304\274\r\nSubject: b\r\n"),
		{{"\304\274", "\303\274"}}},
	    /* one that changes what another has put there is shown with it */
	    {S(RELAXED "From: a\r\nSubject: b\r\n"),
		S("X-Original-From: [tag] a\r\n" RELAXED
		  "From: list\r\nSubject: b\r\n"),
		{{"list", "[tag] a"}, {"list", "a"}}},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct header_found found;

		find(c[i].original, c[i].received, a, &found);
		for (size_t k = 0; k < REPAIR_DEPTH && c[i].shown[k].after;
		     k++) {
			assert_true(k < found.nrepairs);
			same("after", found.repairs[k].after,
			    c[i].shown[k].after);
			same("before", found.repairs[k].before,
			    c[i].shown[k].before);
		}
	}
}

static void
an_mbox_line_does_not_count(void **state)
{
	struct arena *a = *state;
	struct span header = SPAN(RELAXED "From: a\r\nSubject: [tag] b\r\n");
	struct span original = SPAN(RELAXED "From: a\r\nSubject: b\r\n");
	struct header_found with, without;

	find(original, header, a, &without);
	find(original, ARENA_JOIN(a, SPAN("From x@example.org Thu\n"), header),
	    a, &with);
	assert_true(with.is_found && without.is_found);
	assert_int_equal(with.repairs[0].offset, without.repairs[0].offset);
	assert_int_equal(
	    without.repairs[0].offset, sizeof(RELAXED "From: a\r\nSubject:"));
}

/* Generated messages, altered by one, two or three of these. */

static uint32_t seed;

static unsigned
number(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static const char *const names[] = {
    "From", "Subject", "To", "TO", "Cc", "MIME-Version", "X"};

/* Writes a header with so many alterations, or none; number() gives the same
 * for both. */
static struct span
generate(uint32_t from, unsigned alterations, struct arena *a)
{
	struct buf b = BUF(a);
	const char *eol, *canon;
	unsigned n, lowest;

	seed = from;
	eol = number(2) ? "\n" : "\r\n";
	canon = number(2) ? "relaxed" : "simple/relaxed";
	n = 6 + number(4);
	lowest = n - number(3);
	buf_printf(&b,
	    "DKIM-Signature: v=1; a=rsa-sha256; c=%s; d=example.org; s=one;"
	    "%s h=From:To:To:Subject:Cc:Cc:List-Id:MIME-Version:x:X:x; bh=%s;"
	    "%s b=YWJj%s",
	    canon, eol, BH, eol, eol);
	if (alterations > 2)
		buf_printf(&b, "List-Id: x%s", eol);
	buf_printf(&b, "From:%s <a@example.org>%s",
	    alterations > 1 ? " [tag]" : "", eol);
	for (unsigned i = 0; i < n; i++) {
		bool tag = alterations && i == lowest - 1;

		buf_printf(&b, "%s:", names[1 + number(COUNT(names) - 1)]);
		buf_printf(&b, " value %u%s  of %u%s%s", i,
		    number(2) ? eol : "", number(100), tag ? " (ext)" : "",
		    eol);
	}
	return buf_span(&b);
}

/* Is the last field altered signed? It may be one of too many. */
static bool
is_altered(struct span original, struct span received, struct arena *a)
{
	return !span_eq(digest_of(original, a), digest_of(received, a));
}

static void
generated_alterations_are_found(void **state)
{
	struct arena *a = *state;
	unsigned all = (unsigned)rounds(1000, 20000), altered = 0;

	for (unsigned i = 0; i < all; i++) {
		unsigned depth = 1 + i % REPAIR_DEPTH;
		struct span original = generate(i, 0, a);
		struct span received = generate(i, depth, a);
		struct header_found found;

		if (is_altered(original, received, a)) {
			altered++;
			if (!strcmp(
				find(original, received, a, &found), "none"))
				fail_msg(
				    "%u:\n" SPAN_FMT, i, SPAN_ARG(received));
			assert_true(found.nrepairs <= depth);
		}
		arena_reset(a);
	}
	assert_true(altered > all / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(repairs_are_found_alone_and_together),
	    TEST(what_is_proposed_first_is_tried_first),
	    TEST(fields_changed_alike_are_found_at_once),
	    TEST(fields_that_are_not_told_are_counted),
	    TEST(places_are_the_octets_that_differ),
	    TEST(an_mbox_line_does_not_count),
	    TEST(generated_alterations_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
