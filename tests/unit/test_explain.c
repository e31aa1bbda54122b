/* test_explain: which parts differ, what signatures share, the budget, and the
 * repaired message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_context.h"

#include "base/ascii.h"
#include "base/limit.h"
#include "explain/explain_internal.h"

#define HEADER "From: a@example.org\nTo: list@example.net\nSubject: order\n"
#define BODY   "The order is on its way.\nBye.\n"
#define LISTED "From: a@example.org\nTo: list@example.net\nSubject: [l] order\n"
#define FOOTER BODY "-- \nThe list\n"
#define FORGED "The odder is on its way.\nBye.\n"
#define NAMES  "From:To:Subject"

/* What is explained, and with it what must live as long. */
struct explained {
	struct message *m;
	struct span body;
	struct dkim_verifier *v;
	struct dns *dns;
	const struct explanation *list;
	size_t n;
	struct budget budget;
};

static const struct budget usual = {.octets = 64u << 20, .verifications = 100};

/* Returns a signature field of a header and a body, with relaxed
 * canonicalization, and these names for h=. */
static struct span
field_with(const char *names, const char *header, const char *body, int key,
    const char *selector, enum canon canon, struct arena *a)
{
	struct message *m = message_of(span_of(header), a);
	struct sink *sink;
	struct digest *d = dkim_sign_body(canon, a, &sink);
	struct dkim_signing signing = {
	    SPAN("example.org"), span_of(selector), fixture_private[key]};
	struct dkim_sign_options options = {
	    .header = CANON_RELAXED, .body = canon, .names = span_of(names)};

	sink_put(sink, span_of(body));
	sink_end(sink);
	return arena_span(a, dkim_sign(m, &signing, &options, d->value));
}

static struct span
field_of(const char *header, const char *body, int key, const char *selector,
    enum canon canon, struct arena *a)
{
	return field_with(NAMES, header, body, key, selector, canon, a);
}

static struct span
zone_of(struct arena *a)
{
	return ARENA_JOIN(a, rsa_record("one", RSA_ONE, a),
	    rsa_record("two", RSA_TWO, a),
	    record_of("ed", "v=DKIM1; k=ed25519; p=", ED_ONE, "", a));
}

/* Explains a message of signature fields, a header and a body. */
static struct explained
explained(struct span fields, const char *header, const char *body,
    struct budget budget, struct arena *a)
{
	static const struct dkim_policy policy = {
	    .max_signatures = SIZE_MAX, .now = NOW};
	struct explained e = {.body = span_of(body)};
	struct explain_options options = {.budget = budget, .now = NOW};
	struct sink *const *sinks;
	const struct result *results;
	size_t n;

	e.m = message_of(ARENA_JOIN(a, fields, span_of(header)), a);
	e.dns = dns_of(zone_of(a), a);
	options.dns = e.dns;
	dns_limit(e.dns, SIZE_MAX);
	dns_begin(e.dns);
	e.v = dkim_verify_begin(e.m, e.dns, &policy);
	n = dkim_verify_sinks(e.v, &sinks);
	for (size_t i = 0; i < n; i++) {
		sink_put(sinks[i], e.body);
		sink_end(sinks[i]);
	}
	dkim_verify_end(e.v, &results);
	e.n = explain(e.m, e.body, e.v, &options, &e.list);
	return e;
}

static struct span
repaired(const struct explained *e, size_t i, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	if (!explain_repaired(e->m, e->body, &e->list[i], &out.sink)) {
		assert_int_equal(buf_span(&out.buf).len, 0);
		return SPAN_NONE;
	}
	return buf_span(&out.buf);
}

static void
test_intact(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, BODY, RSA_ONE, "one", 1, a);
	struct explained e = explained(f, HEADER, BODY, usual, a);

	assert_int_equal(e.n, 1);
	assert_int_equal(e.list->reason, DKIM_OK);
	assert_int_equal(e.list->header, EXPLAIN_INTACT);
	assert_int_equal(e.list->body, EXPLAIN_INTACT);
	assert_int_equal(e.list->block, EXPLAIN_BLOCK_SOUND);
	assert_int_equal(e.list->body_found.tries, 0);
	assert_int_equal(e.list->context.nnotes, 0);
	assert_true(span_eq(
	    repaired(&e, 0, a), ARENA_JOIN(a, f, SPAN(HEADER "\n" BODY))));
	dns_free(e.dns);
}

static void
test_repaired(void **state)
{
	struct arena *a = *state;
	static const struct {
		int key;
		const char *selector;
		enum explain_block block;
	} cases[] = {{RSA_ONE, "one", EXPLAIN_BLOCK_SOUND},
	    {RSA_TWO, "two", EXPLAIN_BLOCK_SOUND},
	    {ED_ONE, "ed", EXPLAIN_BLOCK_NONE}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span f = field_of(
		    HEADER, BODY, cases[i].key, cases[i].selector, 1, a);
		struct explained e = explained(f, LISTED, FOOTER, usual, a);

		assert_int_equal(e.list->header, EXPLAIN_REPAIRED);
		assert_int_equal(e.list->body, EXPLAIN_REPAIRED);
		assert_int_equal(e.list->block, cases[i].block);
		assert_false(e.list->bh_altered);
		assert_true(span_eq(repaired(&e, 0, a),
		    ARENA_JOIN(a, f, SPAN(HEADER "\n" BODY))));
		dns_free(e.dns);
	}
}

/* One of the two parts may be as it was signed. */
static void
test_one_part(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, BODY, RSA_ONE, "one", 1, a);
	struct explained e = explained(f, LISTED, BODY, usual, a);

	assert_int_equal(e.list->header, EXPLAIN_REPAIRED);
	assert_int_equal(e.list->body, EXPLAIN_INTACT);
	assert_int_equal(e.list->body_found.tries, 0);
	dns_free(e.dns);
	e = explained(f, HEADER, FOOTER, usual, a);
	assert_int_equal(e.list->header, EXPLAIN_INTACT);
	assert_int_equal(e.list->header_found.tries, 0);
	assert_int_equal(e.list->body, EXPLAIN_REPAIRED);
	dns_free(e.dns);
	e = explained(f, LISTED, FORGED, usual, a);
	assert_int_equal(e.list->header, EXPLAIN_REPAIRED);
	assert_int_equal(e.list->body, EXPLAIN_NOT_FOUND);
	assert_null(repaired(&e, 0, a).p);
	dns_free(e.dns);
}

/* Without a line that ends the header, one is written. */
static void
test_separator(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, "", RSA_ONE, "one", 1, a);
	struct explained e = explained(f, LISTED, "", usual, a);

	e.m->separator = SPAN("");
	assert_true(
	    span_eq(repaired(&e, 0, a), ARENA_JOIN(a, f, SPAN(HEADER "\n"))));
	dns_free(e.dns);
}

/* The key is missing: the header cannot be compared, the body can. */
static void
test_no_key(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, BODY, RSA_ONE, "none", 1, a);
	struct explained e = explained(f, LISTED, FOOTER, usual, a);

	assert_int_equal(e.list->reason, DKIM_KEY_NONE);
	assert_int_equal(e.list->header, EXPLAIN_UNKNOWN);
	assert_int_equal(e.list->block, EXPLAIN_BLOCK_NONE);
	assert_int_equal(e.list->body, EXPLAIN_REPAIRED);
	assert_null(repaired(&e, 0, a).p);
	assert_true(e.list->context.nnotes > 0);
	dns_free(e.dns);
}

/* Another key made the signature: no header can be proven, and none is
 * tried. */
static void
test_other_key(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, BODY, RSA_ONE, "two", 1, a);
	struct explained e = explained(f, LISTED, BODY, usual, a);

	assert_int_equal(e.list->reason, DKIM_SIGNATURE);
	assert_int_equal(e.list->block, EXPLAIN_BLOCK_OTHER);
	assert_int_equal(e.list->header, EXPLAIN_NOT_FOUND);
	assert_int_equal(e.list->header_found.tries, 0);
	assert_int_equal(e.list->body, EXPLAIN_INTACT);
	assert_null(repaired(&e, 0, a).p);
	dns_free(e.dns);
}

/* bh= was altered: the body is the one that was signed. */
static void
test_bh(void **state)
{
	struct arena *a = *state;
	struct span f = field_of(HEADER, BODY, RSA_ONE, "one", 1, a);
	struct span g = field_of(HEADER, FORGED, RSA_TWO, "two", 1, a);
	struct dkim_signature s, other;
	struct field one = field_split(f), two = field_split(g);
	char *copy = arena_cstr(a, f);
	struct explained e;
	size_t at = 0;

	assert_int_equal(dkim_signature_parse(&one, a, &s), DKIM_OK);
	assert_int_equal(dkim_signature_parse(&two, a, &other), DKIM_OK);
	while (!span_starts(span_from(f, at), SPAN("bh=")))
		at++;
	for (size_t from = at + 3, to = 0; copy[from] != ';'; from++)
		if (!ascii_is_space(copy[from]))
			copy[from] = base64_encode(other.body_hash, a).p[to++];
	e = explained(span_of(copy), HEADER, BODY, usual, a);
	assert_true(e.list->bh_altered);
	assert_int_equal(e.list->header, EXPLAIN_REPAIRED);
	assert_int_equal(e.list->body, EXPLAIN_INTACT);
	assert_int_equal(e.list->body_found.tries, 0);
	assert_true(span_eq(
	    repaired(&e, 0, a), ARENA_JOIN(a, f, SPAN(HEADER "\n" BODY))));
	dns_free(e.dns);
}

/* A body that was found is not searched for again, with another
 * canonicalization neither. */
static void
test_shared_body(void **state)
{
	struct arena *a = *state;
	struct span f =
	    ARENA_JOIN(a, field_of(HEADER, BODY, ED_ONE, "ed", CANON_SIMPLE, a),
		field_of(HEADER, BODY, RSA_TWO, "two", CANON_SIMPLE, a),
		field_of(HEADER, BODY, RSA_ONE, "one", CANON_RELAXED, a));
	struct explained e = explained(f, LISTED, FOOTER, usual, a);

	assert_int_equal(e.n, 3);
	for (size_t i = 0; i < e.n; i++) {
		assert_int_equal(e.list[i].body, EXPLAIN_REPAIRED);
		assert_ptr_equal(e.list[i].body_found.edits.list,
		    e.list[0].body_found.edits.list);
		assert_int_equal(e.list[i].header, EXPLAIN_REPAIRED);
	}
	dns_free(e.dns);
}

/* A signature that covers the altered message takes nothing away from one that
 * does not. */
static void
test_list_signed(void **state)
{
	struct arena *a = *state;
	struct span f =
	    ARENA_JOIN(a, field_of(LISTED, FOOTER, RSA_TWO, "two", 1, a),
		field_of(HEADER, BODY, RSA_ONE, "one", 1, a));
	struct explained e = explained(f, LISTED, FOOTER, usual, a);

	assert_int_equal(e.n, 2);
	assert_int_equal(e.list[0].reason, DKIM_OK);
	assert_int_equal(e.list[1].header, EXPLAIN_REPAIRED);
	assert_int_equal(e.list[1].body, EXPLAIN_REPAIRED);
	dns_free(e.dns);
}

/* The topmost signatures that do not pass are searched for. */
/* What an earlier signature proves is not searched, and is told; what a later
 * one covers may have been altered before. */
static void
test_witness(void **state)
{
	static const char altered[] = "From: a@example.org\n"
				      "To: list@example.net\nSubject: x\n";
	struct arena *a = *state;
	struct span one = field_of(HEADER, BODY, RSA_ONE, "one", 1, a);
	struct span other =
	    field_with("From:To", HEADER, BODY, RSA_TWO, "two", 1, a);
	struct explained e =
	    explained(ARENA_JOIN(a, one, other), altered, BODY, usual, a);
	struct explained after =
	    explained(ARENA_JOIN(a, other, one), altered, BODY, usual, a);
	struct result r = {.ndetail = 0};

	assert_int_equal(e.list[0].header, EXPLAIN_NOT_FOUND);
	assert_int_equal(e.list[1].reason, DKIM_OK);
	assert_true(e.list[0].intact[2] && e.list[0].intact[3]);
	assert_false(e.list[0].intact[4]);
	explain_text(e.m, e.list, &r);
	assert_true(span_eq(r.detail[2].text,
	    SPAN("proven by another signature of example.org: From, To")));
	assert_true(span_eq(r.detail[3].text,
	    SPAN("signed, but not proven to be unchanged: Subject")));
	assert_int_equal(after.list[1].header, EXPLAIN_NOT_FOUND);
	assert_null(after.list[1].intact);
	assert_true(
	    e.list[0].header_found.tries < after.list[1].header_found.tries);
	dns_free(e.dns);
	dns_free(after.dns);
}

/* A signature that does not count proves nothing; nor does one of relaxed form
 * where white space matters, one that was made later by its time, or one of
 * another domain. */
static void
test_no_witness(void **state)
{
	static const struct {
		enum canon canon, witness_canon;
		enum dkim_reason reason;
		int64_t time, witness_time;
		bool expected;
	} c[] = {
	    {CANON_RELAXED, CANON_RELAXED, DKIM_OK, 0, 0, true},
	    {CANON_RELAXED, CANON_SIMPLE, DKIM_OK, 7, 7, true},
	    {CANON_SIMPLE, CANON_SIMPLE, DKIM_OK, 7, 0, true},
	    {CANON_SIMPLE, CANON_RELAXED, DKIM_OK, 0, 0, false},
	    {CANON_RELAXED, CANON_RELAXED, DKIM_OK, 7, 8, false},
	    {CANON_RELAXED, CANON_RELAXED, DKIM_BODY_HASH, 0, 0, true},
	    {CANON_RELAXED, CANON_RELAXED, DKIM_EXPIRED, 0, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		static const struct field fields[2];
		struct dkim_signature s = {.field = &fields[0],
		    .domain = SPAN("example.org"),
		    .header = c[i].canon,
		    .has_time = c[i].time,
		    .time = c[i].time};
		struct dkim_signature w = {.field = &fields[1],
		    .domain = SPAN("example.org"),
		    .header = c[i].witness_canon,
		    .has_time = c[i].witness_time,
		    .time = c[i].witness_time};
		struct dkim_outcome o = {.signature = &w,
		    .reason = c[i].reason,
		    .header_intact = true};

		assert_int_equal(explain_is_witness(&o, &s), c[i].expected);
		w.domain = SPAN("mail.example.org");
		assert_false(explain_is_witness(&o, &s));
		w.domain = s.domain;
		o.header_intact = false;
		assert_false(explain_is_witness(&o, &s));
		o.header_intact = true;
		o.signature = &s;
		assert_false(explain_is_witness(&o, &w));
	}
}

static void
test_limit(void **state)
{
	struct arena *a = *state;
	struct span good = field_of(LISTED, FOOTER, RSA_TWO, "two", 1, a);
	struct span bad = field_of(HEADER, BODY, RSA_ONE, "one", 1, a);
	struct span f = ARENA_JOIN(a, good, good);
	struct explained e;

	for (size_t i = 0; i <= LIMIT_EXPLAIN_SIGNATURES; i++)
		f = ARENA_JOIN(a, f, bad);
	e = explained(f, LISTED, FOOTER, usual, a);
	assert_int_equal(e.n, LIMIT_EXPLAIN_SIGNATURES + 3);
	for (size_t i = 2; i < e.n; i++) {
		bool over = i == e.n - 1;

		assert_int_equal(e.list[i].header,
		    over ? EXPLAIN_NOT_FOUND : EXPLAIN_REPAIRED);
		assert_int_equal(e.list[i].body,
		    over ? EXPLAIN_NOT_FOUND : EXPLAIN_REPAIRED);
		assert_int_equal(e.list[i].is_skipped, over);
		assert_false(e.list[i].budget_spent);
	}
	dns_free(e.dns);
}

/* The octets tried are at most those of the budget, however many signatures
 * there are; more of it finds more. */
static void
test_budget(void **state)
{
	struct arena *a = *state;
	struct span f = SPAN(""), bad;
	struct explained e;
	uint64_t tries = 0;

	for (int i = 0; i < 4; i++) {
		bad = field_of(HEADER, i % 2 ? BODY : FORGED "x\n", RSA_ONE,
		    "one", i < 2, a);
		f = ARENA_JOIN(a, f, bad);
	}
	e = explained(
	    f, LISTED, FORGED, (struct budget){.octets = 100 * BUDGET_TRY}, a);
	for (size_t i = 0; i < e.n; i++) {
		assert_int_equal(e.list[i].body, EXPLAIN_NOT_FOUND);
		assert_true(e.list[i].budget_spent);
		tries +=
		    e.list[i].body_found.tries + e.list[i].header_found.tries;
	}
	assert_true(tries > 0 && tries < 100);
	dns_free(e.dns);
	e = explained(f, LISTED, FORGED, (struct budget){.octets = 0}, a);
	for (size_t i = 0; i < e.n; i++) {
		assert_int_equal(e.list[i].header, EXPLAIN_NOT_FOUND);
		assert_true(e.list[i].budget_spent);
		assert_int_equal(e.list[i].header_found.tries, 0);
	}
	dns_free(e.dns);
}

/* A field that cannot be parsed has a result, but nothing to be explained. */
static void
test_unparsable(void **state)
{
	struct arena *a = *state;
	struct explained e =
	    explained(SPAN("DKIM-Signature: v=1\nDKIM-Signature: v=1; v=1\n"),
		LISTED, BODY, usual, a);

	assert_int_equal(e.n, 2);
	for (size_t i = 0; i < e.n; i++) {
		assert_null(e.list[i].signature);
		assert_int_equal(e.list[i].header, EXPLAIN_UNKNOWN);
		assert_int_equal(e.list[i].body, EXPLAIN_UNKNOWN);
		assert_null(repaired(&e, i, a).p);
	}
	assert_int_equal(e.list[0].reason, DKIM_TAG_MISSING);
	assert_int_equal(e.list[1].reason, DKIM_TAG_DUPLICATE);
	dns_free(e.dns);
}

static void
test_unsigned(void **state)
{
	struct arena *a = *state;
	struct explained e = explained(SPAN(""), LISTED, BODY, usual, a);

	assert_int_equal(e.n, 0);
	dns_free(e.dns);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_intact),
	    TEST(test_repaired),
	    TEST(test_one_part),
	    TEST(test_separator),
	    TEST(test_no_key),
	    TEST(test_other_key),
	    TEST(test_bh),
	    TEST(test_shared_body),
	    TEST(test_list_signed),
	    TEST(test_witness),
	    TEST(test_no_witness),
	    TEST(test_limit),
	    TEST(test_budget),
	    TEST(test_unparsable),
	    TEST(test_unsigned),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
