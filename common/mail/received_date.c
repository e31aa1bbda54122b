/* received_date: dates and times of RFC 5322 and RFC 3339. */
/* SPDX-License-Identifier: ISC */

#include "mail/received.h"

#include <time.h>

#include "base/ascii.h"
#include "base/scan.h"

struct date {
	int64_t year;
	unsigned month, day; /* from 1 */
	unsigned hour, minute, second;
	int64_t offset; /* local time minus UTC, in seconds */
};

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* In the order of tm_wday. */
static const char *const day_names[] = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* RFC 5322 4.3, in hours. All other names are equivalent to -0000. */
static const struct {
	const char *name;
	int hours;
} zones[] = {
    {"EST", -5},
    {"EDT", -4},
    {"CST", -6},
    {"CDT", -5},
    {"MST", -7},
    {"MDT", -6},
    {"PST", -8},
    {"PDT", -7},
};
#define ZONES     (COUNT(zones))
#define ZONE_NAME 5 /* most letters, RFC 5322 4.3 */

/*
 * The midnight that begins a day, in seconds since 1970, and the day as
 * timegm() normalizes it. Returns false if the calendar has no such day, which
 * becomes one of another month, or if time_t cannot hold it (-1, which is not a
 * midnight).
 */
static bool
day_start(const struct date *d, struct tm *tm, int64_t *seconds)
{
	int year = (int)d->year - 1900, month = (int)d->month - 1;
	int day = (int)d->day;

	*tm = (struct tm){.tm_year = year, .tm_mon = month, .tm_mday = day};
	*seconds = timegm(tm);
	return *seconds != -1 && tm->tm_year == year && tm->tm_mon == month &&
	    tm->tm_mday == day;
}

/*
 * A date and time that RFC 5322 3.3 and RFC 3339 5.7 call valid: second 60, a
 * leap second, is the first second of the next minute. *week_day counts from
 * Sunday.
 */
static bool
to_seconds(const struct date *d, int64_t *seconds, unsigned *week_day)
{
	struct tm tm;

	if (!day_start(d, &tm, seconds) || d->hour > 23 || d->minute > 59 ||
	    d->second > 60)
		return false;
	*seconds += d->hour * 3600 + d->minute * 60 + d->second - d->offset;
	*week_day = (unsigned)tm.tm_wday;
	return true;
}

/* A number of min to max digits. */
static bool
scan_digits(struct scan *s, size_t min, size_t max, unsigned *value)
{
	struct span digits;
	uint64_t number;

	if (!scan_class(s, ascii_is_digit, &digits) || digits.len < min ||
	    digits.len > max || !span_number(digits, UINT32_MAX, &number))
		return false;
	*value = (unsigned)number;
	return true;
}

/* One of names[], in any case; *index becomes its index. */
static bool
scan_name(struct scan *s, const char *const *names, unsigned n, unsigned *index)
{
	struct scan t = *s;
	struct span name;

	if (!scan_class(&t, ascii_is_alpha, &name))
		return false;
	for (*index = 0; *index < n; ++*index)
		if (span_caseeq(name, span_of(names[*index]))) {
			*s = t;
			return true;
		}
	return false;
}

/* year of RFC 5322 3.3, or obs-year of 4.3. */
static bool
scan_year(struct scan *s, int64_t *year)
{
	const char *from = s->p;
	unsigned value;

	if (!scan_digits(s, 2, 4, &value))
		return false;
	*year = value;
	if (s->p - from < 4)
		*year += s->p - from == 2 && value < 50 ? 2000 : 1900;
	return *year >= 1900;
}

/* obs-zone of RFC 5322 4.3. */
static bool
scan_zone_name(struct scan *s, int64_t *offset)
{
	struct span name;

	if (!scan_class(s, ascii_is_alpha, &name) || name.len > ZONE_NAME)
		return false;
	*offset = 0;
	for (size_t i = 0; i < ZONES; i++)
		if (span_caseeq(name, span_of(zones[i].name)))
			*offset = zones[i].hours * 3600;
	return true;
}

/* The seconds of an offset from UTC in hours and minutes. */
static int64_t
offset_of(bool west, unsigned hours, unsigned minutes)
{
	int64_t offset = (int64_t)hours * 3600 + minutes * 60;

	return west ? -offset : offset;
}

/* zone of RFC 5322 3.3. */
static bool
scan_zone(struct scan *s, int64_t *offset)
{
	bool west = scan_peek(s) == '-';
	unsigned value;

	if (!west && scan_peek(s) != '+')
		return scan_zone_name(s, offset);
	s->p++;
	if (!scan_digits(s, 4, 4, &value) || value % 100 > 59)
		return false;
	*offset = offset_of(west, value / 100, value % 100);
	return true;
}

/* time of RFC 5322 3.3. */
static bool
scan_time(struct scan *s, struct date *d)
{
	if (!scan_digits(s, 2, 2, &d->hour) || !scan_cfws(s) ||
	    !scan_char(s, ':') || !scan_cfws(s) ||
	    !scan_digits(s, 2, 2, &d->minute) || !scan_cfws(s))
		return false;
	if (scan_char(s, ':') &&
	    (!scan_cfws(s) || !scan_digits(s, 2, 2, &d->second)))
		return false;
	return scan_cfws(s) && scan_zone(s, &d->offset) && scan_cfws(s);
}

/* date of RFC 5322 3.3. */
static bool
scan_date(struct scan *s, struct date *d)
{
	bool good = scan_digits(s, 1, 2, &d->day) && scan_cfws(s) &&
	    scan_name(s, month_names, 12, &d->month) && scan_cfws(s) &&
	    scan_year(s, &d->year) && scan_cfws(s);

	d->month++;
	return good;
}

bool
received_date(struct span text, int64_t *seconds)
{
	struct scan s = scan_of(text);
	struct date d = {0};
	unsigned day_name, week_day;
	bool has_day_name;
	int64_t result;

	if (!scan_cfws(&s))
		return false;
	has_day_name = scan_name(&s, day_names, 7, &day_name);
	if (has_day_name &&
	    (!scan_cfws(&s) || !scan_char(&s, ',') || !scan_cfws(&s)))
		return false;
	if (!scan_date(&s, &d) || !scan_time(&s, &d) || !scan_end(&s) ||
	    !to_seconds(&d, &result, &week_day))
		return false;
	if (has_day_name && day_name != week_day)
		return false;
	*seconds = result;
	return true;
}

/* time-offset of RFC 3339 5.6. */
static bool
scan_offset(struct scan *s, int64_t *offset)
{
	bool west = scan_char(s, '-');
	unsigned hours, minutes;

	*offset = 0;
	if (!west && scan_caseliteral(s, SPAN("Z")))
		return true;
	if (!west && !scan_char(s, '+'))
		return false;
	if (!scan_digits(s, 2, 2, &hours) || !scan_char(s, ':') ||
	    !scan_digits(s, 2, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset = offset_of(west, hours, minutes);
	return true;
}

bool
received_rfc3339(struct span text, int64_t *seconds)
{
	struct scan s = scan_of(text);
	struct date d = {0};
	struct span fraction;
	unsigned year, week_day;
	uint64_t number;

	if (span_number(text, 999999999999, &number)) {
		*seconds = (int64_t)number;
		return true;
	}
	/* date-time of RFC 3339 5.6 */
	if (!scan_digits(&s, 4, 4, &year) || !scan_char(&s, '-') ||
	    !scan_digits(&s, 2, 2, &d.month) || !scan_char(&s, '-') ||
	    !scan_digits(&s, 2, 2, &d.day) ||
	    !scan_caseliteral(&s, SPAN("T")) ||
	    !scan_digits(&s, 2, 2, &d.hour) || !scan_char(&s, ':') ||
	    !scan_digits(&s, 2, 2, &d.minute) || !scan_char(&s, ':') ||
	    !scan_digits(&s, 2, 2, &d.second))
		return false;
	if (scan_char(&s, '.') && !scan_class(&s, ascii_is_digit, &fraction))
		return false;
	d.year = year;
	return scan_offset(&s, &d.offset) && scan_end(&s) &&
	    to_seconds(&d, seconds, &week_day);
}
