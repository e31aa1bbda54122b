/* tally_options: words and days of options. */
/* SPDX-License-Identifier: ISC */

#include "report/tally_internal.h"

/* The most days that an option can count: some 273 years. */
#define DAYS_MAX 99999u

#define WORD(name, word) word,

static const char *const by_words[] = {TALLY_BY(WORD)};

bool
tally_by_parse(struct span text, enum tally_by *by)
{
	for (size_t i = 0; i < TALLY_BY_COUNT; i++)
		if (span_eq(text, span_of(by_words[i]))) {
			*by = (enum tally_by)i;
			return true;
		}
	return false;
}

const char *
tally_by_word(enum tally_by by)
{
	return by_words[by];
}

int32_t
tally_day_of(int64_t seconds)
{
	if (seconds < 0 || seconds / DAY_SECONDS >= DAY_END)
		return TALLY_NO_DAY;
	return (int32_t)(seconds / DAY_SECONDS);
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_of(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The days from 1970 to the beginning of a year (1970 or later). */
static int32_t
days_before(int year)
{
	int past = year - 1;

	return 365 * (year - 1970) + (past / 4 - past / 100 + past / 400) -
	    (1969 / 4 - 1969 / 100 + 1969 / 400);
}

struct tally_date
tally_date_of(int32_t day)
{
	/* No year is longer than 366 days, so this is not too late. */
	struct tally_date date = {1970 + day / 366, 1, 1};

	while (days_before(date.year + 1) <= day)
		date.year++;
	day -= days_before(date.year);
	for (; day >= days_of(date.year, date.month); date.month++)
		day -= days_of(date.year, date.month);
	date.day += day;
	return date;
}

/* Parses digits of a fixed number. */
static bool
parse_digits(struct span text, size_t digits, int min, int max, int *value)
{
	uint64_t number;

	if (text.len != digits || !span_number(text, (uint64_t)max, &number))
		return false;
	*value = (int)number;
	return *value >= min;
}

/* RFC 3339 5.6: full-date. */
static bool
parse_date(struct span text, int32_t *day)
{
	struct tally_date date;
	struct span year = span_cut(&text, '-'), month = span_cut(&text, '-');

	if (!parse_digits(year, 4, 1970, 9999, &date.year) ||
	    !parse_digits(month, 2, 1, 12, &date.month) ||
	    !parse_digits(
		text, 2, 1, days_of(date.year, date.month), &date.day))
		return false;
	*day = days_before(date.year) + date.day - 1;
	for (int m = 1; m < date.month; m++)
		*day += days_of(date.year, m);
	return true;
}

bool
tally_days_parse(struct span text, int32_t *days)
{
	uint64_t number;

	if (text.len < 2 || text.p[text.len - 1] != 'd' ||
	    !span_number(span_upto(text, text.len - 1), DAYS_MAX, &number) ||
	    !number)
		return false;
	*days = (int32_t)number;
	return true;
}

bool
tally_bound_parse(struct span text, struct tally_bound *bound)
{
	if (tally_days_parse(text, &bound->days))
		bound->kind = TALLY_BOUND_BACK;
	else if (parse_date(text, &bound->days))
		bound->kind = TALLY_BOUND_DAY;
	else
		return false;
	return true;
}
