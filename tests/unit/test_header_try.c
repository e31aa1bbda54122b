/* test_header_try: a header with changes is hashed as the header that has
 * them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header.h"

#include "../helper/random.h"

static struct generator numbers;

static unsigned
number(size_t below)
{
	return (unsigned)pick(&numbers, below);
}

static const char *const names[] = {"From", "from", "To", "Subject", "SUBJECT",
    "X", "Y-Z", "DKIM-Signature", "List-Id"};

static const char *const pieces[] = {"a", " ", "b", "\t", "  c", "FOLD ",
    "FOLD\t", "=", ";", "\r", "\303\274", "word"};

static void
put_body(struct buf *b, const char *eol)
{
	for (unsigned n = number(8); n; n--) {
		const char *piece = pieces[number(COUNT(pieces))];

		if (strncmp(piece, "FOLD", 4) == 0) {
			buf_str(b, eol);
			piece += 4;
		}
		buf_str(b, piece);
	}
}

static struct span
some_field(const char *eol, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, names[number(COUNT(names))]);
	buf_str(&b, number(4) ? ":" : " :");
	put_body(&b, eol);
	buf_str(&b, eol);
	return buf_span(&b);
}

/* The signature field, written in one way or another, with one h=. */
static struct span
signature_field(const char *names_, bool relaxed, unsigned way, const char *eol,
    struct arena *a)
{
	static const char *const blanks[] = {" ", "EOL\t", "", "  ", "EOL "};
	struct buf b = BUF(a);
	const char *blank = blanks[way % COUNT(blanks)];

	if (strncmp(blank, "EOL", 3) == 0) {
		blank = arena_printf(a, "%s%s", eol, blank + 3).p;
	}
	buf_printf(&b, "%s:%sv=1;%sa=rsa-sha256; c=%s;%sd=example.org; s=one;",
	    way % 2 ? "DKIM-Signature" : "dkim-signature", blank, blank,
	    relaxed ? "relaxed" : "simple", blank);
	buf_printf(&b, "h=%s;%sbh=%s;%sb=%s;%s%s", names_, blank,
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", blank,
	    way % 3 ? "YWJj" : "YW Jj ", way % 2 ? "" : "t=1", eol);
	return buf_span(&b);
}

static const char *
some_names(struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "from");
	for (unsigned n = number(8); n; n--)
		buf_printf(&b, "%s%s", number(3) ? ":" : " : ",
		    number(9) ? names[number(COUNT(names))] : "");
	return arena_cstr(a, buf_span(&b));
}

/* A header to be received, and what its changes are made of. */
struct making {
	struct arena *arena;
	const char *names, *eol;
	bool relaxed;
};

static struct span
some_header(const struct making *k)
{
	struct buf b = BUF(k->arena);
	unsigned n = 1 + number(9), at = number(n + 1);

	if (!number(5))
		buf_printf(&b, "From someone%s", k->eol);
	for (unsigned i = 0; i <= n; i++)
		buf_add(&b,
		    i == at ? signature_field(k->names, k->relaxed, number(30),
				  k->eol, k->arena)
			    : some_field(k->eol, k->arena));
	if (!number(9))
		b.len -= strlen(k->eol); /* the last line has no end */
	return buf_span(&b);
}

static struct header_change
some_change(const struct making *k, const struct received *r)
{
	struct header_change c = {
	    .action = (enum header_action)number(3),
	    .index = number(r->m.nfields),
	};

	if (c.action == HEADER_INSERT)
		c.index = number(r->m.nfields + 1);
	if (c.action == HEADER_REPLACE && c.index == r->index)
		c.raw = signature_field(
		    k->names, k->relaxed, number(30), k->eol, k->arena);
	else if (c.action != HEADER_DROP)
		c.raw = some_field(k->eol, k->arena);
	return c;
}

/* Tries up to three sets of random changes, and compares with the header that
 * is written with them, read again, and canonicalized by the verifier. Returns
 * how many sets there were. */
static size_t
compare_once(const struct making *k)
{
	struct arena *a = k->arena;
	struct received *r = receive(some_header(k), a), *after;
	struct header h = header_of(r, a);
	const struct header_witness w = {.signature = &r->s};
	struct header_try *t = header_try_new(&h, &w, a);
	const struct header_set *sets[REPAIR_DEPTH];
	struct header_change *changes;
	struct span octets;
	size_t n = 0, count = 0;

	for (unsigned i = number(9); i && n < REPAIR_DEPTH; i--) {
		struct header_set *set = ARENA_NEW(a, struct header_set);
		struct header_change list[4];
		unsigned nlist = 1 + number(COUNT(list));
		bool conflicts = false;

		for (unsigned j = 0; j < nlist; j++)
			list[j] = some_change(k, r);
		if (!header_try_prepare(t, list, nlist, set, a))
			continue;
		for (size_t j = 0; j < n; j++)
			conflicts =
			    conflicts || header_try_conflicts(sets[j], set);
		if (!conflicts)
			sets[n++] = set;
	}
	changes = header_try_changes(sets, n, &count, a);
	after = receive(put_changes(r, changes, count, a), a);
	octets = header_try_octets(t, sets, n);
	if (!span_eq(octets, signed_octets(after, a)))
		fail_msg("%zu sets:\n" SPAN_FMT "\nbecame\n" SPAN_FMT
			 "\nhashed as\n" SPAN_FMT,
		    n, SPAN_ARG(r->m.head), SPAN_ARG(after->m.head),
		    SPAN_ARG(octets));
	return n;
}

static void
a_try_hashes_what_the_verifier_hashes(void **unused)
{
	struct arena *a = *unused;
	size_t seen[REPAIR_DEPTH + 1] = {0};
	size_t all = rounds(20000, 400000);

	numbers.random = 1;
	for (size_t i = 0; i < all; i++) {
		struct making k = {.arena = a,
		    .names = some_names(a),
		    .eol = number(2) ? "\r\n" : "\n",
		    .relaxed = number(2)};

		seen[compare_once(&k)]++;
		arena_reset(a);
	}
	for (size_t i = 0; i <= REPAIR_DEPTH; i++)
		assert_true(seen[i] > all / 50);
}

#define SIGNATURE                                                        \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "  \
	"s=one; h=From:To; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu" \
	"FU=; b=YWJj\r\n"
#define BH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void
what_is_not_a_change_of_this_header_is_refused(void **unused)
{
	struct arena *a = *unused;
	static const struct {
		struct header_change changes[2];
		size_t n;
		bool prepared;
	} c[] = {
	    {{{HEADER_DROP, 1, {NULL, 0}}}, 1, true},
	    {{{HEADER_REPLACE, 1, S("From: x\r\n")}}, 1, true},
	    {{{HEADER_REPLACE, 1, S("From: x\r\n y\n\t\r\n")}}, 1, true},
	    {{{HEADER_INSERT, 4, S("To: x\r\n")}}, 1, true},
	    {{{HEADER_INSERT, 0, S("to : x")}}, 1, true},
	    /* of no interest to the signature */
	    {{{HEADER_DROP, 3, {NULL, 0}}}, 1, false},
	    {{{HEADER_INSERT, 0, S("Cc: x\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("FROM:a \r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 3, S("X: y\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 3, S("To: y\r\n")}}, 1, true},
	    {{{HEADER_REPLACE, 1, S("X: y\r\n")}}, 1, true},
	    /* not there */
	    {{{HEADER_DROP, 4, {NULL, 0}}}, 1, false},
	    {{{HEADER_REPLACE, 4, S("From: x\r\n")}}, 1, false},
	    {{{HEADER_INSERT, 5, S("From: x\r\n")}}, 1, false},
	    {{{HEADER_INSERT, SIZE_MAX, S("From: x\r\n")}}, 1, false},
	    /* not one field */
	    {{{HEADER_REPLACE, 1, {NULL, 0}}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("")}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("From\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("From: a\r\nTo: b\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("From: a\r\n\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 1, S("From: a\n\n b")}}, 1, false},
	    {{{HEADER_INSERT, 1, S(" From: a\r\n")}}, 1, false},
	    /* twice */
	    {{{HEADER_DROP, 1, {NULL, 0}}, {HEADER_DROP, 1, {NULL, 0}}}, 2,
		false},
	    {{{HEADER_DROP, 1, {NULL, 0}}, {HEADER_INSERT, 1, S("To: a\n")}}, 2,
		true},
	    {{{HEADER_DROP, 1, {NULL, 0}}, {HEADER_REPLACE, 1, S("To: a\n")}},
		2, false},
	    /* of the signature */
	    {{{HEADER_DROP, 0, {NULL, 0}}}, 1, false},
	    {{{HEADER_REPLACE, 0, S("From: a\r\n")}}, 1, false},
	    {{{HEADER_REPLACE, 0, S("DKIM-Signature: a\r\n")}}, 1, false},
	};
	struct received *r =
	    receive(SPAN(SIGNATURE "From: a\r\nTo: b\r\nX: c\r\n"), a);
	struct header h = header_of(r, a);
	const struct header_witness w = {.signature = &r->s};
	struct header_try *t = header_try_new(&h, &w, a);

	for (size_t i = 0; i < COUNT(c); i++) {
		struct header_set set;

		if (header_try_prepare(t, c[i].changes, c[i].n, &set, a) !=
		    c[i].prepared)
			fail_msg("%zu", i);
	}
}

static void
only_the_same_signature_replaces_a_signature(void **unused)
{
	struct arena *a = *unused;
	static const struct {
		struct span raw;
		bool prepared;
	} c[] = {
	    {S("DKIM-Signature:v=1;a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=from:TO; bh=" BH "; b=YW Jj\r\n"),
		true},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=Example.org; "
	       "s=One; h=From:To; bh=5" BH "; b=YWJj\r\n"),
		false}, /* a hash of another length */
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=Example.org; "
	       "s=One; h=From:To; bh=57DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3h"
	       "SuFU=; b=YWJj\r\n"),
		true},
	    {S("DKIM-Signature: v=1; a=rsa-sha1; c=relaxed; d=example.org; "
	       "s=one; h=From:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=simple; d=example.org; "
	       "s=one; h=From:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; "
	       "d=example.org; s=one; h=From:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.com; "
	       "s=one; h=From:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=two; h=From:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=From:To:To; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=From; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=From:To; l=1; bh=" BH "; b=YWJj\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=From:To; bh=" BH "; b=YWJk\r\n"),
		false},
	    {S("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; "
	       "s=one; h=From:To; bh=" BH "; b=YW Jj\r\n"),
		false}, /* b= is not hashed: nothing changes */
	};
	struct received *r = receive(SPAN(SIGNATURE "From: a\r\nTo: b\r\n"), a);
	struct header h = header_of(r, a);
	const struct header_witness w = {.signature = &r->s};
	struct header_try *t = header_try_new(&h, &w, a);

	for (size_t i = 0; i < COUNT(c); i++) {
		struct header_change change = {HEADER_REPLACE, 0, c[i].raw};
		struct header_set set;

		if (header_try_prepare(t, &change, 1, &set, a) != c[i].prepared)
			fail_msg("%zu", i);
	}
}

static void
the_fields_that_are_selected_are_known(void **unused)
{
	struct arena *a = *unused;
	static const bool selected[] = {false, false, true, true, true, false};
	struct received *r =
	    receive(SPAN("DKIM-Signature: other\r\nTo: a\r\n" SIGNATURE
			 "To: b\r\nfrom: c\r\nX: d\r\n"),
		a);
	struct header h = header_of(r, a);
	const struct header_witness w = {.signature = &r->s};
	struct header_try *t = header_try_new(&h, &w, a);

	for (size_t i = 0; i < COUNT(selected); i++)
		assert_int_equal(header_try_selects(t, i), selected[i]);
}

static void
so_many_changes_are_prepared_and_not_one_more(void **unused)
{
	struct arena *a = *unused;
	struct received *r = receive(SPAN(SIGNATURE "From: a\r\n"), a);
	struct header h = header_of(r, a);
	const struct header_witness w = {.signature = &r->s};
	struct header_try *t = header_try_new(&h, &w, a);
	struct header_change *changes =
	    ARENA_ARRAY(a, struct header_change, 1001);
	struct header_set set;

	for (size_t i = 0; i < 1001; i++)
		changes[i] =
		    (struct header_change){HEADER_INSERT, 2, SPAN("To: x\r\n")};
	assert_true(header_try_prepare(t, changes, 1000, &set, a));
	assert_int_equal(set.n, 1000);
	assert_false(header_try_prepare(t, changes, 1001, &set, a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_try_hashes_what_the_verifier_hashes),
	    TEST(what_is_not_a_change_of_this_header_is_refused),
	    TEST(only_the_same_signature_replaces_a_signature),
	    TEST(the_fields_that_are_selected_are_known),
	    TEST(so_many_changes_are_prepared_and_not_one_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
