/* tally_expect: expectations, shares. */
/* SPDX-License-Identifier: ISC */

#include "report/tally_internal.h"

/* Decimals of a percentage, and what they multiply it by. */
#define DECIMALS 6u
#define MILLION  1000000u

/* The most digits of a number. */
#define DIGITS 18u

#define WORD(name, word) word,

/* A product of two numbers of 64 bits. */
struct product {
	uint64_t high, low;
};

static struct product
multiply(uint64_t a, uint64_t b)
{
	uint64_t a1 = a >> 32, a0 = (uint32_t)a;
	uint64_t b1 = b >> 32, b0 = (uint32_t)b;
	uint64_t low = a0 * b0, one = a1 * b0, two = a0 * b1;
	uint64_t middle = (low >> 32) + (uint32_t)one + (uint32_t)two;

	return (struct product){
	    a1 * b1 + (one >> 32) + (two >> 32) + (middle >> 32),
	    middle << 32 | (uint32_t)low};
}

/* Compares a*b with c*d: -1, 0, 1. */
static int
compare_products(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct product x = multiply(a, b), y = multiply(c, d);

	if (x.high != y.high)
		return x.high < y.high ? -1 : 1;
	return (x.low > y.low) - (x.low < y.low);
}

unsigned
tally_share(uint64_t part, uint64_t whole)
{
	unsigned low = 0, high = 1000;

	if (!whole)
		return 0;
	/* The greatest share that is not over part/whole. */
	while (low < high) {
		unsigned middle = (low + high + 1) / 2;

		if (compare_products(middle, whole, part, 1000) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/*
 * Parsing.
 */

static bool
parse_measure(struct span word, enum tally_measure *measure)
{
	static const char *const words[] = {TALLY_MEASURES(WORD)};

	for (size_t i = 0; i < COUNT(words); i++)
		if (span_eq(word, span_of(words[i]))) {
			*measure = (enum tally_measure)i;
			return true;
		}
	return false;
}

/* Parses 0 to 100, with up to 6 decimals. */
static bool
parse_percentage(struct span text, uint64_t *value)
{
	uint64_t whole, part = 0;
	struct span digits = span_cut(&text, '.');

	if (!span_number(digits, 100, &whole))
		return false;
	if (text.p &&
	    (text.len > DECIMALS || !span_number(text, MILLION, &part)))
		return false;
	for (size_t i = text.len; i < DECIMALS; i++)
		part *= 10;
	*value = whole * MILLION + part;
	return *value <= 100u * MILLION;
}

/* Splits "MEASURE>=NUMBER". */
static bool
split(struct span text, struct span *word, enum tally_comparison *comparison,
    struct span *number)
{
	static const struct {
		struct span sign;
		enum tally_comparison comparison;
	} signs[] = {
	    {{">=", 2}, TALLY_AT_LEAST},
	    {{"<=", 2}, TALLY_AT_MOST},
	    {{"=", 1}, TALLY_EQUAL},
	    {{">", 1}, TALLY_OVER},
	    {{"<", 1}, TALLY_UNDER},
	};
	size_t at = 0;

	while (at < text.len && text.p[at] != '<' && text.p[at] != '>' &&
	    text.p[at] != '=')
		at++;
	*word = span_trim(span_upto(text, at));
	text = span_from(text, at);
	for (size_t i = 0; i < COUNT(signs); i++)
		if (span_starts(text, signs[i].sign)) {
			*comparison = signs[i].comparison;
			*number = span_trim(span_from(text, signs[i].sign.len));
			return true;
		}
	return false;
}

bool
tally_expect_parse(struct span text, struct tally_expectation *e)
{
	struct span word, number;

	if (!split(text, &word, &e->comparison, &number) ||
	    !parse_measure(word, &e->measure))
		return false;
	if (e->measure == TALLY_MEASURE_ALIGNED)
		return parse_percentage(number, &e->value);
	return number.len <= DIGITS &&
	    span_number(number, UINT64_MAX, &e->value);
}

/*
 * Evaluating.
 */

static enum tally_met
met(enum tally_comparison comparison, int order)
{
	static const bool holds[][3] = {
	    [TALLY_AT_LEAST] = {false, true, true},
	    [TALLY_AT_MOST] = {true, true, false},
	    [TALLY_EQUAL] = {false, true, false},
	    [TALLY_OVER] = {false, false, true},
	    [TALLY_UNDER] = {true, false, false},
	};

	return holds[comparison][order + 1] ? TALLY_MET : TALLY_NOT_MET;
}

enum tally_met
tally_expect(struct tally *t, const struct tally_expectation *e)
{
	struct tally_totals all =
	    tally_totals(t, t->options.compare ? TALLY_LAST : TALLY_ALL);
	uint64_t messages = all.n[TALLY_MESSAGES], n = 0;

	switch (e->measure) {
	case TALLY_MEASURE_ALIGNED:
		if (!messages)
			return TALLY_NO_MESSAGES;
		return met(e->comparison,
		    compare_products(all.n[TALLY_PASSED], 100u * MILLION,
			e->value, messages));
	case TALLY_MEASURE_NEW_SOURCES:
		if (!tally_new_sources(t, &n))
			return TALLY_NO_EARLIER;
		break;
	case TALLY_MEASURE_FAILED:
		n = messages - all.n[TALLY_PASSED];
		break;
	case TALLY_MEASURE_REFUSED:
		n = all.n[TALLY_REFUSED];
		break;
	default:
		n = messages;
	}
	return met(e->comparison, (n > e->value) - (n < e->value));
}
