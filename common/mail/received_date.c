#include "mail/received.h"

#include "base/ascii.h"
#include "base/scan.h"

struct date {
	int64_t year;
	unsigned month, day; /* from 1 */
	unsigned hour, minute, second;
	int64_t offset; /* of local time from UTC, in seconds */
};

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May",
    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* 1970-01-01 was a Thursday. */
static const char *const day_names[] = {
    "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};

/* RFC 5322 4.3, in hours. All others are of unknown meaning: -0000. */
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
#define ZONE_NAME 5 /* letters at most, RFC 5322 4.3 */

static bool
is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned
days_in(int64_t year, unsigned month)
{
	static const unsigned char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t
day_number(const struct date *d)
{
	int64_t y = d->year + 399; /* years before this, from -400 on */
	int64_t days = y * 365 + y / 4 - y / 100 + y / 400;

	for (unsigned month = 1; month < d->month; month++)
		days += days_in(d->year, month);
	return days + d->day - 1 - 865259;
}

/* RFC 5322 3.3: semantically valid; RFC 3339 5.7 says the same. */
static bool
to_seconds(const struct date *d, int64_t *seconds)
{
	if (d->month < 1 || d->month > 12 || d->day < 1 ||
	    d->day > days_in(d->year, d->month))
		return false;
	if (d->hour > 23 || d->minute > 59 || d->second > 60)
		return false;
	*seconds = day_number(d) * 86400 + d->hour * 3600 + d->minute * 60 +
	    d->second - d->offset;
	return true;
}

/* From min to max digits, all there are. */
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

/* A name of a table, in any case, and its index. */
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

/* year of RFC 5322 3.3, obs-year of 4.3. */
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

/* hour and minute of an offset from UTC. */
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
	unsigned day_name;
	bool has_day_name;
	int64_t result;

	if (!scan_cfws(&s))
		return false;
	has_day_name = scan_name(&s, day_names, 7, &day_name);
	if (has_day_name &&
	    (!scan_cfws(&s) || !scan_char(&s, ',') || !scan_cfws(&s)))
		return false;
	if (!scan_date(&s, &d) || !scan_time(&s, &d) || !scan_end(&s) ||
	    !to_seconds(&d, &result))
		return false;
	/* 7 * 5000 days before 1970 there were no dates yet (1900). */
	if (has_day_name && (day_number(&d) + 7 * 5000) % 7 != day_name)
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
	unsigned year;
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
	    to_seconds(&d, seconds);
}
