/* test_aggregate_mutate: a report with one damaged record, at random. */
/* SPDX-License-Identifier: ISC */

#include "fixture_aggregate.h"

#include "../helper/random.h"
#include "base/ascii.h"

#define RECORDS 12

/* Record n, of n + 1 messages, is from 192.0.2.n. */
static struct span
make_record(size_t n, struct arena *a)
{
	return arena_printf(a,
	    " <record>\n  <row><source_ip>192.0.2.%zu</source_ip>\n"
	    "   <count>%zu</count>\n" EVAL "</row>\n  " IDS "\n  " AUTH
	    "\n </record>\n",
	    n, n + 1);
}

/* A tag of the record, from a random place on; or what is there. */
static struct span
random_tag(struct span s, struct generator *g)
{
	struct span rest = span_from(s, pick(g, s.len));
	size_t start = span_find(rest, '<');
	struct span tag = span_from(rest, start);
	size_t end = span_find(tag, '>');

	return span_upto(tag, end < tag.len ? end + 1 : end);
}

/* s with what is between two places replaced. */
static struct span
replaced(struct span s, size_t from, size_t to, struct span by, struct arena *a)
{
	return ARENA_JOIN(a, span_upto(s, from), by, span_from(s, to));
}

static struct span
swap_tags(struct span s, struct generator *g, struct arena *a)
{
	struct span one = random_tag(s, g), two = random_tag(s, g);

	if (one.p > two.p) {
		struct span kept = one;

		one = two;
		two = kept;
	}
	if (one.p + one.len > two.p)
		return replaced(s, (size_t)(one.p - s.p),
		    (size_t)(one.p - s.p) + one.len, SPAN(""), a);
	return ARENA_JOIN(a, span_between(s.p, one.p), two,
	    span_between(one.p + one.len, two.p), one,
	    span_between(two.p + two.len, s.p + s.len));
}

static struct span
random_octets(struct generator *g, struct arena *a)
{
	static const char markup[] = "<>/&;\"'= \n-!?x0";
	struct buf b = BUF(a);

	for (size_t n = 1 + pick(g, 4); n; n--)
		buf_char(&b,
		    pick(g, 2) ? (char)pick(g, 256)
			       : markup[pick(g, sizeof(markup) - 1)]);
	return buf_span(&b);
}

static struct span
mutate(struct span s, struct generator *g, struct arena *a)
{
	static const struct span tags[] = {S("<record>"), S("</record>"),
	    S("<row>"), S("</row>"), S("<count>"), S("</count>"), S("<x>"),
	    S("</x>"), S("<count>7</count>"), S("<dkim>"), S("</feedback>"),
	    S("<feedback>"), S("</auth_results>"), S("<xs:schema>"),
	    S("<?xml version=\"1.0\"?>"), S("<record/>"), S("<domain>")};
	size_t from = pick(g, s.len);
	size_t rest = s.len - from;
	size_t to = from + pick(g, rest < 60 ? rest : 60);

	switch (pick(g, 6)) {
	case 0: /* octets instead of others */
		return replaced(s, from, from + 1, random_octets(g, a), a);
	case 1: /* octets between others */
		return replaced(s, from, from, random_octets(g, a), a);
	case 2: /* a cut */
		return replaced(s, from, to, SPAN(""), a);
	case 3: /* a tag in a place where it does not belong */
		return replaced(s, from, from, tags[pick(g, COUNT(tags))], a);
	case 4: /* a part twice */
		return replaced(
		    s, from, from, span_between(s.p + from, s.p + to), a);
	default:
		return swap_tags(s, g, a);
	}
}

/* How often each record was read. */
struct sums {
	uint64_t read[RECORDS], other, refused;
	uint64_t count; /* of the last of the others */
};

static void
sum_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *r)
{
	struct sums *sums = context;
	size_t n = r->has_ip ? r->ip.octet[3] : RECORDS;

	(void)report;
	if (n < RECORDS && r->count == n + 1 &&
	    span_starts(r->source_ip, SPAN("192.0.2.")))
		sums->read[n]++;
	else {
		sums->other++;
		sums->count = r->count;
	}
}

static void
sum_refused(void *context, const struct aggregate_report *report,
    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
    struct span words)
{
	struct sums *sums = context;

	(void)report;
	(void)refusal;
	(void)line;
	(void)words;
	sums->refused += records;
}

static const struct aggregate_handler sum_handler = {
    .record = sum_record, .refused = sum_refused};

static bool
contains(struct span s, const char *text)
{
	return memmem(s.p, s.len, text, strlen(text)) != NULL;
}

/* What a comment, CDATA or type declaration hides is not read. */
static bool
hides(struct span s)
{
	return contains(s, "<!");
}

/* Is a number in the text, and not a part of another? */
static bool
has_number(struct span s, uint64_t n, struct arena *a)
{
	struct span number = arena_printf(a, "%" PRIu64, n), rest = s;
	char before = ' ';

	while (rest.len) {
		struct span after = span_starts(rest, number)
		    ? span_from(rest, number.len)
		    : SPAN_NONE;

		if (after.p && !ascii_is_digit(before) &&
		    !(after.len && ascii_is_digit(*after.p)))
			return true;
		before = *rest.p;
		rest = span_from(rest, 1);
	}
	return false;
}

static size_t
occurrences(struct span s, struct span text)
{
	size_t n = 0;

	for (; s.len; s = span_from(s, 1))
		n += span_starts(s, text);
	return n;
}

static void
fail_with(const char *what, struct span record, struct arena *a)
{
	struct buf b = BUF(a);

	buf_escaped(&b, record);
	fail_msg("%s: " SPAN_FMT, what, SPAN_ARG(buf_span(&b)));
}

/* Checks what was read of a report whose record k is a damaged one. */
static void
check_sums(
    const struct sums *sums, size_t k, struct span damaged, struct arena *a)
{
	uint64_t itself = sums->read[k] + sums->other + sums->refused;

	for (size_t i = 0; i < RECORDS; i++)
		if (i != k && sums->read[i] != 1)
			fail_with("another record is lost", damaged, a);
	if (!itself &&
	    (contains(damaged, "<record>") || contains(damaged, "</record>")))
		fail_with("it is lost", damaged, a);
	/* 1 is a record without a count. */
	if (sums->other && sums->count != 1 && !contains(damaged, "&") &&
	    !has_number(damaged, sums->count, a))
		fail_with("it has another count", damaged, a);
	/* Each tag of a record can begin or end one. */
	if (itself > 1 && itself > occurrences(damaged, SPAN("record")))
		fail_with("it is counted too often", damaged, a);
}

static void
read_damaged(struct aggregate *reader, struct sums *sums, size_t k,
    struct span damaged, struct arena *a)
{
	*sums = (struct sums){0};
	aggregate_put(reader, HEAD, sizeof(HEAD) - 1);
	for (size_t i = 0; i < RECORDS; i++) {
		struct span s = i == k ? damaged : make_record(i, a);

		aggregate_put(reader, s.p, s.len);
	}
	aggregate_put(reader, STOP, sizeof(STOP) - 1);
	aggregate_end(reader);
}

static void
one_damaged_record_leaves_the_others(void **state)
{
	struct sums sums;
	struct aggregate *reader = aggregate_new(&sum_handler, &sums, 0);
	struct generator g = {.random = 9990};

	for (size_t round = 0; round < rounds(10000, 200000); round++) {
		size_t k = pick(&g, RECORDS);
		struct span record = make_record(k, *state);

		for (size_t n = 1 + pick(&g, 3); n; n--)
			record = mutate(record, &g, *state);
		if (hides(record))
			continue;
		read_damaged(reader, &sums, k, record, *state);
		check_sums(&sums, k, record, *state);
		arena_reset(*state);
	}
	aggregate_free(reader);
}

/* Anything, anywhere: it ends, and what is told is consistent. */
static void
a_damaged_report_is_read_to_its_end(void **state)
{
	struct span whole = SPAN(HEAD GOOD("1") "<x><y>a</y></x>" GOOD(
	    "2") "<!-- c --><![CDATA[d]]>" GOOD("3") STOP);
	struct generator g = {.random = 7489};

	for (size_t round = 0; round < rounds(3000, 100000); round++) {
		struct span s = whole;

		for (size_t n = 1 + pick(&g, 6); n; n--)
			s = mutate(s, &g, *state);
		read_report(s, *state);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_damaged_record_leaves_the_others),
	    TEST(a_damaged_report_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
