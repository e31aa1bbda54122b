/* test_context_notes: times, what is signed, and other signatures. */
/* SPDX-License-Identifier: ISC */

#include "fixture_context.h"

#include "base/limit.h"

#define FROM "From: a@example.org\n"
#define BODY SPAN("hello\n")

/* Returns the remarks on the topmost signature of a message that was signed so,
 * and to which fields were added above it. */
static struct span
remarks(const struct signing *s, const char *above, const char *header,
    const char *added, struct span body, struct arena *a)
{
	struct span field = sign(span_of(header), s, a);
	struct context c = context_of(ARENA_JOIN(a, span_of(above), field,
					  span_of(header), span_of(added)),
	    body, 1, rsa_record("s1", RSA_ONE, a), a);

	return notes_of(&c, a);
}

static void
times(void **state)
{
	static const struct {
		int64_t time, expiry;
		const char *date, *remarks;
	} rows[] = {
	    {0, 0, "", ""},
	    {NOW, NOW + 100, "", ""},
	    {NOW - 9000, NOW - LIMIT_CLOCK_SKEW, "", ""},
	    {NOW - 400000, NOW - 3 * 86400 - 5, "",
		"signature-expired(3 days ago)"},
	    {NOW - 9000, NOW - 7200, "", "signature-expired(2 hours ago)"},
	    {NOW - 9000, NOW - 301, "", "signature-expired(5 minutes ago)"},
	    {NOW + LIMIT_CLOCK_SKEW, 0, "", ""},
	    {NOW + LIMIT_CLOCK_SKEW + 1, 0, "", "clock-skew(by 5 minutes)"},
	    {NOW + 86400, 0, "", "clock-skew(by 1 day)"},
	    /* NOW is 2023-11-14 22:13:20. */
	    {NOW, 0, "Date: Tue, 14 Nov 2023 22:13:20 +0000\n", ""},
	    {NOW, 0, "Date: Tue, 14 Nov 2023 23:13:19 +0000\n", ""},
	    {NOW, 0, "Date: Tue, 14 Nov 2023 23:13:20 +0000\n",
		"date-newer(1 hour)"},
	    {NOW, 0, "Date: Mon, 13 Nov 2023 22:13:21 +0000\n", ""},
	    {NOW, 0, "Date: Mon, 13 Nov 2023 22:13:20 +0000\n",
		"date-older(1 day)"},
	    {NOW, 0, "Date: no date\n", ""},
	    {0, 0, "Date: Mon, 13 Nov 2023 22:13:20 +0000\n", ""},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = *state;
		struct signing s = {.canon = CANON_RELAXED,
		    .time = rows[i].time,
		    .expiry = rows[i].expiry};
		struct span header = ARENA_JOIN(
		    a, SPAN(FROM), span_of(rows[i].date), SPAN("\0"));

		same(rows[i].date,
		    remarks(&s, "", header.p, "", SPAN("hello\n"), a),
		    rows[i].remarks);
	}
}

static void
names_that_relays_and_lists_change(void **state)
{
	static const struct {
		const char *names, *added, *remarks;
	} rows[] = {
	    {"From:Subject:Date", "", ""},
	    {"From:Received", "", "signs-relay-fields(Received)"},
	    {"From:Return-Path:Received:received", "",
		"signs-relay-fields(Return-Path, Received)"},
	    {"From:X-Spam-Flag:ARC-Seal:x-ms-exchange-senderadcheck", "",
		"signs-relay-fields(X-Spam-Flag, ARC-Seal, "
		"x-ms-exchange-senderadcheck)"},
	    {"From:Resent-From", "", "signs-relay-fields(Resent-From)"},
	    {"From:Sender:List-Id", "", ""},
	    {"From:Sender:List-Id", "X-Mailman-Version: 3\n", ""},
	    {"From:Sender:List-Id",
		"X-Mailman-Version: 3\nSender: b\nList-Id: <b>\n",
		"signs-list-fields(Sender, List-Id)"},
	    {"From:Reply-To:Received", "X-Mailman-Version: 3\nReply-To: b\n",
		"signs-relay-fields(Received) signs-list-fields(Reply-To)"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signing s = {
		    .canon = CANON_RELAXED, .names = rows[i].names};

		same(rows[i].names,
		    remarks(&s, "", FROM, rows[i].added, SPAN("x\n"), *state),
		    rows[i].remarks);
		/* Nothing of that matters to a signature that is valid. */
		same(
		    rows[i].names, remarks(&s, "", FROM, "", BODY, *state), "");
	}
}

static void
a_long_list_of_names_is_cut(void **state)
{
	struct buf b = BUF(*state);
	struct signing s = {.canon = CANON_RELAXED};
	struct span text;

	buf_str(&b, "From");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, ":X-Spam-%d", i);
	buf_char(&b, '\0');
	s.names = b.p;
	text = remarks(&s, "", FROM, "", SPAN("x\n"), *state);
	assert_true(text.len < LIMIT_SHOWN_LIST + 40);
	assert_true(span_caseends(text, SPAN(", ...)")));
}

static void
eight_bit(void **state)
{
	static const char *const values[] = {"8bit", "BINARY", "7bit", "x"};
	struct signing s = {
	    .canon = CANON_RELAXED, .names = "From:Content-Transfer-Encoding"};
	const char *field = "Content-Transfer-Encoding: 8bit\n";

	for (size_t i = 0; i < COUNT(values); i++) {
		struct span header = arena_printf(
		    *state, FROM "Content-Transfer-Encoding: %s\n", values[i]);

		same(values[i],
		    remarks(&s, "", header.p, "", SPAN("x\n"), *state),
		    i < 2 ? "signs-8bit" : "");
	}
	same("it is another now",
	    remarks(&s, "", FROM, field, SPAN("x\n"), *state), "");
	s.names = "From";
	same("it is not signed",
	    remarks(&s, field, FROM, "", SPAN("x\n"), *state), "");
}

static void
simple_canonicalization(void **state)
{
	struct signing s = {.canon = CANON_SIMPLE};

	same("body", remarks(&s, "", FROM, "", SPAN("x\n"), *state),
	    "simple-canonicalization(simple/simple)");
	same("header", remarks(&s, "", FROM, "From: b\n", BODY, *state),
	    "simple-canonicalization(simple/simple)");
	same("valid", remarks(&s, "", FROM, "", BODY, *state), "");
	s.canon = CANON_RELAXED;
	same("relaxed", remarks(&s, "", FROM, "", SPAN("x\n"), *state), "");
}

static void
a_host_of_the_signer_came_later(void **state)
{
	static const struct {
		const char *above, *remarks;
	} rows[] = {
	    {"Received: from x by out.example.org; z\n",
		"signed-before-rewrite(out.example.org)"},
	    {"Received: from x by example.org; z\n",
		"signed-before-rewrite(example.org)"},
	    {"Received: from x by anexample.org; z\n", ""},
	    {"Received: from x by mx.example.net; z\n"
	     "Received: from x by a.example.org; z\n",
		"signed-before-rewrite(a.example.org)"},
	};
	struct signing s = {.canon = CANON_RELAXED};

	for (size_t i = 0; i < COUNT(rows); i++)
		same(rows[i].above,
		    remarks(&s, rows[i].above, FROM, "", SPAN("x\n"), *state),
		    rows[i].remarks);
}

/* Signs a message as first, adds what is added, signs it as second, and returns
 * the remarks on one of them. */
static struct span
both(const struct signing *first, const char *added,
    const struct signing *second, struct span body, size_t index,
    struct arena *a)
{
	struct span header = SPAN(FROM), zone;
	struct context c;

	header = ARENA_JOIN(a, span_of(added), sign(header, first, a), header);
	header = ARENA_JOIN(a, sign(header, second, a), header);
	zone = ARENA_JOIN(a, rsa_record("s1", RSA_ONE, a),
	    arena_printf(a,
		"s1._domainkey.example.net. 60 IN TXT \"p=" SPAN_FMT
		"\" \"" SPAN_FMT "\"\n",
		SPAN_ARG(span_upto(p_of(RSA_TWO, a), 200)),
		SPAN_ARG(span_from(p_of(RSA_TWO, a), 200))));
	c = context_of(header, body, index, zone, a);
	return notes_of(&c, a);
}

static void
other_signatures_are_witnesses(void **state)
{
	struct signing author = {.canon = CANON_RELAXED, .names = "From:To"};
	struct signing list = {
	    .key = RSA_TWO, .canon = CANON_RELAXED, .domain = "example.net"};

	same("later is valid", both(&author, "To: b\n", &list, BODY, 2, *state),
	    "altered-before(example.net (signature 1))");
	same("none is valid",
	    both(&author, "To: b\n", &list, SPAN("x\n"), 2, *state), "");
	/* A later one that covers what is not there: it names To, too. */
	same("valid", both(&list, "", &author, BODY, 1, *state),
	    "older-valid(example.net (signature 2))");
	/* The times tell another order than the places. */
	author.time = NOW - 60;
	list.time = NOW - 61;
	same("older on top", both(&author, "To: b\n", &list, BODY, 2, *state),
	    "");
	list.time = NOW;
	same("later below", both(&list, "", &author, BODY, 1, *state), "");
}

static void
the_hop_is_below_a_later_signature_that_is_valid(void **state)
{
	struct signing author = {.canon = CANON_RELAXED, .names = "From:To"};
	struct signing list = {
	    .key = RSA_TWO, .canon = CANON_RELAXED, .domain = "example.net"};
	struct arena *a = *state;
	struct span header = ARENA_JOIN(
	    a, SPAN("To: b\n"), sign(SPAN(FROM), &author, a), SPAN(FROM));
	struct span zone = ARENA_JOIN(a, rsa_record("s1", RSA_ONE, a),
	    arena_printf(a,
		"s1._domainkey.example.net. 60 IN TXT \"p=" SPAN_FMT
		"\" \"" SPAN_FMT "\"\n",
		SPAN_ARG(span_upto(p_of(RSA_TWO, a), 200)),
		SPAN_ARG(span_from(p_of(RSA_TWO, a), 200))));
	struct context c;

	header = ARENA_JOIN(a, SPAN("Received: from x by mx; z\n"),
	    sign(header, &list, a), header);
	c = context_of(header, BODY, 2, zone, a);
	assert_null(c.hop);
	c = context_of(header, SPAN("x\n"), 2, zone, a);
	assert_non_null(c.hop);
}

static void
two_signatures_with_the_same_value(void **state)
{
	struct signing s = {.canon = CANON_RELAXED};
	struct arena *a = *state;
	struct span field = sign(SPAN(FROM), &s, a);
	struct context c = context_of(ARENA_JOIN(a, field, field, SPAN(FROM)),
	    SPAN("x\n"), 2, rsa_record("s1", RSA_ONE, a), a);

	same("duplicate", notes_of(&c, a), "duplicate-signature(signature 1)");
}

static void
arc_chains(void **state)
{
	static const struct {
		const char *above, *remarks;
	} rows[] = {
	    {"ARC-Seal: i=1; d=example.net; s=s; cv=none; b=AAAA\n",
		"arc(1 instance by example.net)"},
	    {"ARC-Seal: i=2; d=EXAMPLE.com; cv=pass\n"
	     "ARC-Seal: i=1; d=example.net; cv=none\n",
		"arc(2 instances by example.com)"},
	    {"ARC-Seal: !\n", "arc(1 instance)"},
	    {"ARC-Seal: d=\x1b[31m\n", "arc(1 instance)"},
	    {"ARC-Message-Signature: i=1\n", ""},
	};
	struct signing s = {.canon = CANON_RELAXED};

	for (size_t i = 0; i < COUNT(rows); i++)
		same(rows[i].above,
		    remarks(&s, rows[i].above, FROM, "", SPAN("x\n"), *state),
		    rows[i].remarks);
}

static void
a_length_of_the_body(void **state)
{
	struct arena *a = *state;
	struct span field =
	    SPAN("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; "
		 "c=relaxed/relaxed; l=3; h=from; "
		 "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=BBBB\n");
	struct context c = context_of(ARENA_JOIN(a, field, SPAN(FROM)), BODY, 1,
	    SPAN("s1._domainkey.example.org. 60 IN TXT \"p=AAAA\"\n"), a);

	same("no key", notes_of(&c, a), "");
	c = context_of(ARENA_JOIN(a, field, SPAN(FROM)), BODY, 1,
	    rsa_record("s1", RSA_ONE, a), a);
	same("other", notes_of(&c, a), "signature-length(3 octets, not 256)");
	c = context_of(
	    ARENA_JOIN(a, span_upto(field, span_find(field, ';')),
		SPAN("; a=ed25519-sha256"),
		span_from(field,
		    span_find(field, ';') + sizeof("; a=rsa-sha256") - 1),
		SPAN(FROM)),
	    BODY, 1, record_of("s1", "k=ed25519; p=", ED_ONE, "", a), a);
	same("length", notes_of(&c, a),
	    "signature-length(3 octets, not 64) length-tag(3 octets)");
}

static void
each_remark_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < CONTEXT_REMARKS_COUNT; i++) {
		assert_non_null(context_kinds[i].id);
		assert_true(strlen(context_kinds[i].words) > 10);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
			    context_kinds[i].id, context_kinds[k].id);
	}
	assert_null(context_kinds[CONTEXT_REMARKS_COUNT].id);
}

static void
a_thousand_signatures_and_fields(void **state)
{
	struct arena *a = *state;
	struct signing s = {.canon = CANON_RELAXED, .selector = "gone"};
	struct span field = sign(SPAN(FROM), &s, a);
	struct buf b = BUF(a);
	struct context c;

	for (int i = 0; i < 2000; i++) {
		buf_add(&b, field);
		buf_str(&b, "Received: from x by y; z\nARC-Seal: i=1\n");
	}
	for (int i = 0; i < 80000; i++)
		buf_str(&b, "Received: from x by out.example.org; z\n");
	buf_str(&b, FROM);
	c = context_of(
	    buf_span(&b), BODY, 900, rsa_record("s1", RSA_ONE, a), a);
	assert_true(c.nnotes <= CONTEXT_NOTES);
	assert_non_null(c.hop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(times),
	    TEST(names_that_relays_and_lists_change),
	    TEST(a_long_list_of_names_is_cut),
	    TEST(eight_bit),
	    TEST(simple_canonicalization),
	    TEST(a_host_of_the_signer_came_later),
	    TEST(other_signatures_are_witnesses),
	    TEST(the_hop_is_below_a_later_signature_that_is_valid),
	    TEST(two_signatures_with_the_same_value),
	    TEST(arc_chains),
	    TEST(a_length_of_the_body),
	    TEST(each_remark_has_words),
	    TEST(a_thousand_signatures_and_fields),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
