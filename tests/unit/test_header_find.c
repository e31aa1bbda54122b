/* test_header_find: headers are found by real signatures, and hostile ones cost
 * no more than the budget. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header.h"

#include <inttypes.h>

#include "base/limit.h"

/* A message with a signature made by the library, over a header that has so
 * many To fields. */
struct signing {
	struct arena *arena;
	struct key_private *private;
	struct key_public *public;
	struct span field;
};

#define HEADER "From: a\r\nSubject: b\r\nTo: c\r\n"
#define BH     "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static struct signing
sign(enum key_type type, enum canon canon, bool copied, struct arena *a)
{
	struct key_error error;
	struct signing s = {
	    .arena = a, .private = key_generate(type, 1024, &error)};
	struct dkim_signing signing = {
	    SPAN("example.org"), SPAN("one"), s.private};
	struct dkim_sign_options options = {.header = canon,
	    .body = CANON_RELAXED,
	    .names = SPAN("From:Subject:To:To:List-Id"),
	    .copied = copied};
	struct span none = SPAN("\343\260\304\102\230\374\034\024\232\373\364"
				"\310\231\157\271\044\047\256\101\344\144\233"
				"\223\114\244\225\231\033\170\122\270\125");
	struct message m;
	struct source source;
	int fd = file_of(SPAN(HEADER));

	assert_non_null(s.private);
	assert_int_equal(source_init(&source, fd), 0);
	assert_int_equal(message_read(&m, &source, a), MESSAGE_OK);
	close(fd);
	s.field = dkim_sign(&m, &signing, &options, none);
	assert_true(s.field.p);
	s.public = key_private_public(s.private);
	return s;
}

static void
signing_free(struct signing *s)
{
	key_private_free(s->private);
	key_public_free(s->public);
}

static void
repair_start(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct span value = field_split(raw).body, start = SPAN(" [tag]");

	if (span_starts(value, start))
		header_propose_text(p, h, index,
		    ARENA_JOIN(h->arena, span_between(raw.p, value.p),
			span_from(value, start.len)));
}

static void
repair_added(const struct header *h, struct header_proposals *p)
{
	for (size_t i = 0; i < h->m->nfields; i++) {
		struct header_change c = {HEADER_DROP, i, SPAN_NONE};

		if (header_propose(p, &c, 1), p->n == p->most)
			return;
	}
}

/* Proposes letters put before the value: as many as there may be. */
static void
repair_letters(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct span value = field_split(raw).body;

	for (char c = 'A'; c <= 'Z'; c++)
		header_propose_text(p, h, index,
		    ARENA_JOIN(h->arena, span_between(raw.p, value.p),
			(struct span){&c, 1}, value));
}

static const struct header_repair some[] = {
    {{"tag", "{field}", REPAIR_ADVICE_NONE, 0}, repair_start, NULL},
    {{"added", "", REPAIR_ADVICE_NONE, 0}, NULL, repair_added},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

static const struct header_repair many[] = {
    {{"letters", "", REPAIR_ADVICE_NONE, 1}, repair_letters, NULL},
    {{"tag", "", REPAIR_ADVICE_NONE, 0}, repair_start, NULL},
    {{"added", "", REPAIR_ADVICE_NONE, 2}, NULL, repair_added},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL, NULL},
};

static struct header_found
search(const struct header_repair *table, const struct received *r,
    const struct header_witness *w, struct budget *budget, struct arena *a)
{
	const struct header_repair *const tables[] = {table, NULL};
	struct header h = header_of(r, a);

	return header_search(&h, w, tables, budget, a);
}

static void
check_signed(enum key_type type, enum canon canon, struct arena *a)
{
	struct signing s = sign(type, canon, false, a);
	struct received *r =
	    receive(ARENA_JOIN(a, SPAN("List-Id: x\r\n"), s.field,
			SPAN("From: [tag] a\r\nSubject: b\r\nTo: [tag] c\r\n")),
		a);
	struct header_witness w = {.signature = &r->s, .key = s.public};
	struct budget budget = full_budget();
	struct header_found found;
	char value[DIGEST_MAX];
	struct span octets;

	assert_int_equal(
	    key_recover(s.public, DIGEST_SHA256, r->s.signature, a, &w.digest),
	    type == KEY_RSA);
	found = search(some, r, &w, &budget, a);
	same("found", span_of(ids_of(&found, a)), "tag tag added");
	octets = signed_octets(
	    receive(put_changes(r, found.changes, found.nchanges, a), a), a);
	assert_true(digest_once(DIGEST_SHA256, octets, value));
	assert_int_equal(key_verify(s.public, DIGEST_SHA256,
			     (struct span){value, 32}, r->s.signature),
	    KEY_FITS);
	assert_int_equal(BUDGET_VERIFICATIONS - budget.verifications,
	    type == KEY_RSA ? 0 : found.tries);
	signing_free(&s);
}

static void
signatures_tell_which_header_was_signed(void **state)
{
	static const enum canon canons[] = {CANON_SIMPLE, CANON_RELAXED};

	for (size_t i = 0; i < COUNT(canons); i++) {
		check_signed(KEY_RSA, canons[i], *state);
		check_signed(KEY_ED25519, canons[i], *state);
	}
}

/* The hash of no header. */
static const struct span no_digest = {"0123456789abcdef0123456789ABCDEF", 32};

#define RELAXED                                                         \
	"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=example.org; " \
	"s=one; h=From:Subject:To:Cc; bh=" BH "; b=YWJj\r\n"

static void
check_nothing(const struct received *r, struct span digest,
    struct budget *budget, struct arena *a)
{
	struct budget before = *budget;
	const struct header_witness w = {.signature = &r->s, .digest = digest};
	size_t size = arena_size(a);
	struct header_found found = search(many, r, &w, budget, a);

	assert_false(found.is_found);
	assert_int_equal(found.nrepairs, 0);
	assert_int_equal(found.tries, budget->tries - before.tries);
	assert_true(budget->octets <= before.octets);
	assert_true(before.octets - budget->octets >= found.tries * BUDGET_TRY);
	assert_int_equal(arena_size(a), size);
}

static void
the_budget_ends_a_search(void **state)
{
	struct arena *a = *state;
	struct received *r = receive(SPAN(RELAXED HEADER), a);
	uint64_t tries = 0;

	for (uint64_t octets = 0; octets <= 1u << 24;
	     octets = octets ? octets * 4 : 1) {
		struct budget once = {.octets = octets}, again = once;

		check_nothing(r, no_digest, &once, a);
		check_nothing(r, no_digest, &again, a);
		assert_true(once.spent && once.tries == again.tries &&
		    once.octets == again.octets);
		assert_true(once.tries >= tries);
		tries = once.tries;
	}
	assert_true(tries > 1000);
}

static void
verifications_are_counted_to_the_last(void **state)
{
	struct arena *a = *state;
	struct signing s = sign(KEY_ED25519, CANON_RELAXED, false, a);
	struct received *r = receive(
	    ARENA_JOIN(a, s.field, SPAN("From: x\r\nTo: [tag] c\r\n")), a);
	const struct header_witness w = {.signature = &r->s, .key = s.public};

	for (uint64_t n = 0; n < 20; n += 5) {
		struct budget budget = {
		    .octets = BUDGET_OCTETS, .verifications = n};
		struct header_found found = search(many, r, &w, &budget, a);

		assert_false(found.is_found);
		assert_true(budget.spent);
		assert_int_equal(budget.verifications, 0);
	}
	signing_free(&s);
}

/* Fewer repairs than the budget has tries for: all are tried, nothing is left
 * out. */
static void
what_is_tried_in_full_is_not_spent(void **state)
{
	struct arena *a = *state;
	struct received *r =
	    receive(SPAN(RELAXED "From: [tag] a\r\nSubject: [tag] b\r\n"), a);
	struct budget budget = full_budget();
	const struct header_witness w = {
	    .signature = &r->s, .digest = no_digest};

	assert_false(search(some, r, &w, &budget, a).is_found);
	assert_false(budget.spent);
	/* tags: either, both; dropped: either, both, or one of two */
	assert_true(budget.tries >= 8);
}

/* A text with numbers from 0 as often as that. */
static void
put_times(struct buf *b, const char *start, unsigned n, const char *end)
{
	for (unsigned i = 0; i < n; i++)
		buf_printf(b, "%s%u%s", start, i, end);
}

static void
check_hostile(struct span header)
{
	struct arena *own = arena_new();
	struct received *r = receive(header, own);
	struct budget budget = {.octets = rounds(1u << 26, BUDGET_OCTETS)};

	check_nothing(r, no_digest, &budget, own);
	assert_true(budget.spent);
	arena_free(own);
}

static void
hostile_headers_cost_the_budget_at_most(void **state)
{
	struct arena *a = *state;
	struct buf b = BUF(a);

	/* 100,000 fields, one name */
	buf_str(&b, RELAXED);
	put_times(&b, "To: [tag] ", LIMIT_HEADER_FIELDS - 1, "\r\n");
	check_hostile(buf_span(&b));
	/* 100,000 fields of as many names */
	b.len = 0;
	buf_str(&b, RELAXED "From: a\r\n");
	put_times(&b, "X-", LIMIT_HEADER_FIELDS - 2, ": [tag] a\r\n");
	check_hostile(buf_span(&b));
	/* 1,000 names in h=, as many fields */
	b.len = 0;
	buf_str(&b,
	    "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one; "
	    "bh=" BH "; b=YWJj; h=From");
	put_times(&b, ":X-", LIMIT_SIGNED_FIELDS - 1, "");
	buf_str(&b, "\r\n");
	put_times(&b, "X-", LIMIT_SIGNED_FIELDS, ": [tag] a\r\n");
	check_hostile(buf_span(&b));
	/* 1,000 times one name, 2,000 fields */
	b.len = 0;
	buf_str(&b,
	    "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=one; "
	    "bh=" BH "; b=YWJj; h=From");
	for (unsigned i = 1; i < LIMIT_SIGNED_FIELDS; i++)
		buf_str(&b, ":To");
	buf_str(&b, "\r\n");
	put_times(&b, "To: [tag] ", 2 * LIMIT_SIGNED_FIELDS, "\r\n");
	check_hostile(buf_span(&b));
}

static void
a_header_of_8_mib_gets_few_tries(void **state)
{
	struct arena *a = *state;
	struct buf b = BUF(a);

	buf_str(&b, RELAXED "From: a\r\nTo: [tag]");
	while (b.len < LIMIT_HEADER - 100)
		buf_str(&b, " word word word word word word word word\r\n");
	check_hostile(buf_span(&b));
}

/* Returns a header whose Subject has so many octets. */
static struct span
with_subject(const char *start, size_t octets, struct arena *a)
{
	struct buf b = BUF(a);
	size_t from;

	buf_str(&b, RELAXED "From: a\r\n");
	from = b.len;
	buf_str(&b, start);
	while (b.len - from < octets - 2)
		buf_char(&b, 'x');
	buf_str(&b, "\r\n");
	return buf_span(&b);
}

static void
a_field_is_repaired_up_to_a_size(void **state)
{
	struct arena *a = *state;

	for (size_t more = 0; more < 2; more++) {
		size_t n = LIMIT_EXPLAIN_FIELD + more;
		struct received *r =
		    receive(with_subject("Subject: [tag]", n, a), a);
		struct span original = with_subject("Subject:", n - 6, a);
		const struct header_witness w = {
		    .signature = &r->s, .digest = digest_of(original, a)};
		struct budget budget = full_budget();

		assert_int_equal(
		    search(some, r, &w, &budget, a).is_found, !more);
		assert_int_equal(budget.spent, more);
	}
}

static const char *
put(const struct message *m, const struct header_change *changes, size_t n,
    struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	header_put(m, changes, n, &out.sink);
	return arena_cstr(a, buf_span(&out.buf));
}

static void
headers_are_written_with_changes(void **state)
{
	static const struct {
		struct header_change changes[3];
		size_t n;
		const char *header;
	} c[] = {
	    {{{HEADER_DROP, 0, {NULL, 0}}}, 0, "A: a\nB: b\nC: c"},
	    {{{HEADER_DROP, 0, {NULL, 0}}}, 1, "B: b\nC: c"},
	    {{{HEADER_REPLACE, 1, S("B: x\n")}}, 1, "A: a\nB: x\nC: c"},
	    {{{HEADER_REPLACE, 1, S("B: x")}}, 1, "A: a\nB: x\nC: c"},
	    {{{HEADER_REPLACE, 2, S("C: x\n")}}, 1, "A: a\nB: b\nC: x\n"},
	    {{{HEADER_INSERT, 3, S("D: x\n")}}, 1, "A: a\nB: b\nC: c\nD: x\n"},
	    {{{HEADER_INSERT, 0, S("D: x\n")}, {HEADER_INSERT, 0, S("E: x\n")},
		 {HEADER_DROP, 0, {NULL, 0}}},
		3, "D: x\nE: x\nB: b\nC: c"},
	    {{{HEADER_DROP, 0, {NULL, 0}}, {HEADER_DROP, 1, {NULL, 0}},
		 {HEADER_DROP, 2, {NULL, 0}}},
		3, ""},
	    {{{HEADER_REPLACE, 1, S("B: x\r")}}, 1, "A: a\nB: x\r\r\nC: c"},
	};
	struct arena *a = *state;
	struct message m;
	struct source source;
	int fd = file_of(SPAN("From x\nA: a\nB: b\nC: c"));

	assert_int_equal(source_init(&source, fd), 0);
	assert_int_equal(message_read(&m, &source, a), MESSAGE_OK);
	close(fd);
	for (size_t i = 0; i < COUNT(c); i++)
		assert_string_equal(
		    put(&m, c[i].changes, c[i].n, a), c[i].header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(signatures_tell_which_header_was_signed),
	    TEST(the_budget_ends_a_search),
	    TEST(verifications_are_counted_to_the_last),
	    TEST(what_is_tried_in_full_is_not_spent),
	    TEST(hostile_headers_cost_the_budget_at_most),
	    TEST(a_header_of_8_mib_gets_few_tries),
	    TEST(a_field_is_repaired_up_to_a_size),
	    TEST(headers_are_written_with_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
