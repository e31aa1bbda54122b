/* test_header_repairs: the tables, how proposals are made, how many there are,
 * and hostile headers. */
/* SPDX-License-Identifier: ISC */

#include "fixture_header_repairs.h"

#include "../helper/random.h"

static const struct header_repair *const tables[] = {
    header_text_repairs, header_field_repairs};

/* A text of one octet n times between two others. */
static struct span
long_text(
    struct arena *a, const char *before, char c, size_t n, const char *after)
{
	char *p = memset(arena_alloc(a, n + 1), c, n);

	return ARENA_JOIN(
	    a, span_of(before), (struct span){p, n}, span_of(after));
}

static void
check_kind(const struct header_repair *r, bool is_text)
{
	size_t same = 0;

	assert_true(is_text ? r->field && !r->whole : r->whole && !r->field);
	assert_non_null(r->kind.phrase);
	assert_in_range(r->kind.rank, 0, 10);
	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct header_repair *o = tables[i]; o->kind.id; o++)
			same += strcmp(o->kind.id, r->kind.id) == 0;
	assert_int_equal(same, 1);
	for (const char *p = r->kind.id; *p; p++)
		assert_true(*p == '-' || (*p >= 'a' && *p <= 'z'));
}

static void
test_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct header_repair *r = tables[i]; r->kind.id; r++)
			check_kind(r, i == 0);
}

static size_t
propose(struct trial *t, size_t index, const char *text, size_t most)
{
	struct header_proposals p = {.arena = t->fixture.arena, .most = most};

	header_propose_text(&p, &t->h, index, span_of(text));
	header_propose_text(&p, &t->h, index, span_of(text));
	return p.n;
}

static void
test_propose_text(void **state)
{
	struct trial t;
	struct arena *a = arena_new();

	(void)state;
	trial_begin(&t, CANON_RELAXED, "subject:to",
	    with_signature("Subject: a\r\n", a));
	assert_int_equal(propose(&t, 0, "Subject: b", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: b\n", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: b", 0), 0);
	assert_int_equal(propose(&t, 0, "SUBJECT:\r\n a ", 9), 0);
	assert_int_equal(propose(&t, 0, "Subject:a", 9), 0);
	assert_int_equal(propose(&t, 0, "Subject: a\r", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: a b", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject:", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: ", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: a\r\nX: b", 9), 0);
	assert_int_equal(propose(&t, 0, "Subject", 9), 0);
	assert_int_equal(propose(&t, 0, " Subject: b", 9), 0);
	trial_end(&t);
	trial_begin(
	    &t, CANON_SIMPLE, "subject", with_signature("Subject: a\r\n", a));
	assert_int_equal(propose(&t, 0, "Subject: a \n", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject: a\n", 9), 0);
	assert_int_equal(propose(&t, 0, "Subject: a", 9), 0);
	assert_int_equal(propose(&t, 0, "subject: a", 9), 1);
	assert_int_equal(propose(&t, 0, "Subject:", 9), 1);
	trial_end(&t);
	arena_free(a);
}

/* Changes are copied, and have the line end that was received. */
static void
test_propose(void **state)
{
	struct header_change c[2] = {
	    {HEADER_DROP, 0, SPAN_NONE}, {HEADER_INSERT, 1, SPAN("x")}};
	struct trial t;
	struct arena *a = arena_new();
	struct header_proposals p;

	(void)state;
	trial_begin(
	    &t, CANON_SIMPLE, "subject", with_signature("Subject: a\n", a));
	p = (struct header_proposals){.arena = t.fixture.arena, .most = 2};
	header_propose(&p, c, 0);
	assert_int_equal(p.n, 0);
	header_propose(&p, c, 2);
	c[0].action = HEADER_REPLACE;
	assert_int_equal(p.list[0].n, 2);
	assert_int_equal(p.list[0].changes[0].action, HEADER_DROP);
	header_propose_text(&p, &t.h, 0, SPAN("Subject: b\r\n"));
	same("raw", p.list[1].changes[0].raw, "Subject: b\n");
	header_propose(&p, c, 2);
	assert_int_equal(p.n, 2);
	trial_end(&t);
	arena_free(a);
}

/* Which of the fields are signed, "1" or "0" for each. */
static void
check_signed(const char *names, const char *text, const char *expected)
{
	struct trial t;
	struct arena *a = arena_new();

	trial_begin(&t, CANON_RELAXED, names, span_of(text));
	assert_int_equal(t.h.m->nfields, strlen(expected));
	for (size_t i = 0; i < t.h.m->nfields; i++)
		if (header_is_signed(&t.h, i) != (expected[i] == '1'))
			fail_msg("%s, field %zu", names, i);
	trial_end(&t);
	arena_free(a);
}

static void
test_signed(void **state)
{
	const char *text = "X: a\r\nDKIM-Signature: b\r\nX: c\r\n"
			   "DKIM-Signature: d\r\nY: e\r\n";

	(void)state;
	check_signed("x", text, "01100");
	check_signed(" x :\r\n X", text, "11100");
	check_signed("y:z", text, "01001");
	check_signed("dkim-signature", text, "01010");
	check_signed("", text, "01000");
	check_signed(
	    "x", "DKIM-Signature: a\r\nX: b\r\nDKIM-Signature: c\r\n", "110");
}

/* A message as people send it. */
static const char clean[] =
    "Received: from a by b; Mon, 2 Feb 2026 03:04:06 +0100\r\n"
    "From: Alice Brown <alice@example.org>\r\n"
    "To: Bob <bob@example.net>, Carol Day <carol@example.net>\r\n"
    "Cc: dave@example.com\r\n"
    "Subject: Re: Lunch at noon on Tuesday\r\n"
    "Date: Mon, 2 Feb 2026 03:04:05 +0100\r\n"
    "Message-ID: <f3e1d7@mail.example.org>\r\n"
    "In-Reply-To: <12.34@example.net>\r\n"
    "References: <1@example.net>\r\n <12.34@example.net>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "User-Agent: Mutt/2.2\r\n";
static const char clean_names[] =
    "from:to:cc:subject:date:message-id:in-reply-to:references:mime-version:"
    "content-type:content-transfer-encoding:user-agent:reply-to:sender:from";

static size_t
count_all(enum canon c, const char *names, struct span text)
{
	struct trial t;
	size_t n = 0;

	trial_begin(&t, c, names, text);
	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct header_repair *r = tables[i]; r->kind.id; r++)
			n += proposals(&t, r, 1000).n;
	trial_end(&t);
	return n;
}

/* Three together must be affordable. */
static void
test_number(void **state)
{
	struct arena *a = arena_new();
	struct span text = with_signature(clean, a);
	size_t relaxed = count_all(CANON_RELAXED, clean_names, text);
	size_t simple = count_all(CANON_SIMPLE, clean_names, text);

	(void)state;
	print_message("# %zu relaxed, %zu simple\n", relaxed, simple);
	assert_in_range(relaxed, 100, 250);
	assert_in_range(simple, 200, 600);
	arena_free(a);
}

static void
test_limit_field(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t over = 0; over <= 1; over++) {
		size_t n = LIMIT_EXPLAIN_FIELD - strlen("Subject: [dev] \r\n");
		struct span text =
		    long_text(a, "Subject: [dev] ", 'x', n + over, "\r\n");
		struct trial t;

		trial_begin(&t, CANON_RELAXED, "subject",
		    ARENA_JOIN(a, text, SPAN("DKIM-Signature: x\r\n")));
		assert_int_equal(
		    proposals(&t, find_repair("subject-tag"), 9).n, !over);
		trial_end(&t);
	}
	arena_free(a);
}

/* All repairs for a header; each has ended when it returns, within memory. */
static void
check_hostile(enum canon c, const char *names, struct span text)
{
	struct trial t;

	for (size_t i = 0; i < COUNT(tables); i++)
		for (const struct header_repair *r = tables[i]; r->kind.id;
		     r++) {
			trial_begin(&t, c, names, text);
			t.h.mime = SPAN("Content-Type: a/b\r\n");
			proposals(&t, r, 200);
			assert_true(arena_size(t.fixture.arena) < 48u << 20);
			trial_end(&t);
		}
}

#define ALL                                                                \
	"from:subject:to:references:date:content-type:message-id:content-" \
	"transfer-encoding:mime-version:in-reply-to:reply-to:x:x:x"

static void
test_many_fields(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	(void)state;
	buf_str(&b, "DKIM-Signature: x\r\n");
	for (size_t i = 1; i < LIMIT_HEADER_FIELDS; i++)
		buf_str(&b, i % 3 ? "X: a\r\n" : "To: a@b\r\n");
	check_hostile(CANON_RELAXED, ALL, buf_span(&b));
	arena_free(a);
}

/* Values of one octet over and over, up to the limit, and over it. */
static void
test_long_fields(void **state)
{
	static const char *const names[] = {"Subject", "From", "To",
	    "Content-Type", "References", "Date", "Message-ID"};
	static const char octets[] = "a,;<>()\"[]=?\\ \xc3*-:@\t";
	static const size_t sizes[] = {16000, 1 << 20};
	struct arena *a = arena_new();
	size_t few = rounds(1, COUNT(sizes));

	(void)state;
	for (size_t k = 0; k < few; k++)
		for (size_t i = 0; i < sizeof(octets); i++)
			for (size_t n = i % 3; n < COUNT(names); n += 3) {
				char begin[40];
				struct span text;

				snprintf(
				    begin, sizeof(begin), "%s: x", names[n]);
				text = long_text(a, begin, octets[i], sizes[k],
				    "x\r\nDKIM-Signature: x\r\n");
				check_hostile(
				    i % 2 ? CANON_SIMPLE : CANON_RELAXED, ALL,
				    text);
				arena_reset(a);
			}
	check_hostile(CANON_SIMPLE, ALL,
	    long_text(
		a, "Subject: ", 'x', 1 << 20, "\r\nDKIM-Signature: x\r\n"));
	arena_free(a);
}

/* Pieces of fields in random order. */
static void
test_random(void **state)
{
	static const char *const pieces[] = {"[dev] ", "Re: ", "=?utf-8?q?",
	    "=C3=A9", "?=", "\xc3\xa9", "<a@b>", "\"", "(", ")", ", ", "; ",
	    "charset=", "x", "\r\n ", "\r\n\t", "via ", "'", "\\", "=", "*",
	    "Mon, 2 Feb 2026 03:04:05 ", "+0000", "text/plain", "SRS0=", "@",
	    "[", "]", ":", " ", "<", ">"};
	static const char *const names[] = {"\r\nSubject: ", "\r\nFrom: ",
	    "\r\nTo: ", "\r\nContent-Type: ", "\r\nDate: ", "\r\nReferences: ",
	    "\r\nReply-To: ", "\r\nX-Original-From: "};
	struct generator g = {.random = 1};

	(void)state;
	for (size_t n = rounds(60, 2000); n > 0; n--) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		buf_str(&b, "DKIM-Signature: x");
		for (size_t i = 0; i < 60; i++)
			if (i % 8 == 0)
				buf_str(&b, names[pick(&g, COUNT(names))]);
			else if (once_in(&g, 90))
				buf_char(&b, '\0');
			else
				buf_str(&b, pieces[pick(&g, COUNT(pieces))]);
		buf_str(&b, "\r\n");
		check_hostile(
		    n % 2 ? CANON_SIMPLE : CANON_RELAXED, ALL, buf_span(&b));
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_propose_text),
	    cmocka_unit_test(test_propose),
	    cmocka_unit_test(test_signed),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_limit_field),
	    cmocka_unit_test(test_many_fields),
	    cmocka_unit_test(test_long_fields),
	    cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
