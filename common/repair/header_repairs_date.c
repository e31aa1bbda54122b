/* header_repairs_date: dates, and identifiers of messages. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include <time.h>

#include "base/ascii.h"
#include "mail/received.h"

static const char *const dates[] = {"Date", "Resent-Date", NULL};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const days[] = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/*
 * Forms of a date.
 */

/* The words of a date (RFC 5322 3.3). */
struct date {
	struct span weekday; /* with a comma, or absent */
	struct span day, month, year, time;
	struct span zone;
	struct span comment; /* with parentheses, or absent */
	int64_t seconds;     /* since 1970 */
};

static struct span
cut_word(struct span *rest)
{
	struct span word = span_cut(rest, ' ');

	while (rest->len && rest->p[0] == ' ')
		*rest = span_from(*rest, 1);
	return word;
}

static bool
read_date(struct date *d, struct span value, struct arena *a)
{
	struct span rest = header_squeezed(value, a);

	*d = (struct date){.seconds = 0};
	if (!received_date(value, &d->seconds))
		return false;
	if (rest.len && ascii_is_alpha(rest.p[0]))
		d->weekday = cut_word(&rest);
	d->day = cut_word(&rest);
	d->month = cut_word(&rest);
	d->year = cut_word(&rest);
	d->time = cut_word(&rest);
	d->zone = cut_word(&rest);
	if (rest.len)
		d->comment = rest;
	return d->zone.len && d->day.len <= 2;
}

static struct span
write_date(const struct date *d, struct arena *a)
{
	struct span blank = SPAN(" ");
	struct span s = ARENA_JOIN(a, d->day, blank, d->month, blank, d->year,
	    blank, d->time, blank, d->zone);

	if (d->weekday.p)
		s = ARENA_JOIN(a, d->weekday, blank, s);
	return d->comment.p ? ARENA_JOIN(a, s, blank, d->comment) : s;
}

/* "1", "01" */
static struct span
other_day(struct span day, struct arena *a)
{
	if (day.len == 2 && day.p[0] == '0')
		return span_from(day, 1);
	return day.len == 1 ? ARENA_JOIN(a, SPAN("0"), day) : day;
}

/* What software writes for a zone: with its name, or in place of it. */
static const struct {
	const char *zone, *comment;
} zones[] = {
    {"+0000", NULL},
    {"+0000", "(UTC)"},
    {"+0000", "(GMT)"},
    {"GMT", NULL},
    {"UTC", NULL},
    {"-0000", NULL},
    {"UT", NULL},
    {"Z", NULL},
    {"+0000", "(WET)"},
    {"+0000", "(GMT+00:00)"},
    {"+0100", "(CET)"},
    {"+0100", "(BST)"},
    {"+0100", "(GMT+01:00)"},
    {"+0200", "(CEST)"},
    {"+0200", "(EET)"},
    {"+0200", "(GMT+02:00)"},
    {"+0300", "(MSK)"},
    {"+0300", "(EEST)"},
    {"+0530", "(IST)"},
    {"+0800", "(CST)"},
    {"+0800", "(GMT+08:00)"},
    {"+0900", "(JST)"},
    {"+0900", "(KST)"},
    {"+1000", "(AEST)"},
    {"+1100", "(AEDT)"},
    {"-0300", "(BRT)"},
    {"-0400", "(EDT)"},
    {"-0400", "EDT"},
    {"-0500", "(EST)"},
    {"-0500", "(CDT)"},
    {"-0500", "EST"},
    {"-0600", "(CST)"},
    {"-0600", "(MDT)"},
    {"-0700", "(PDT)"},
    {"-0700", "(MST)"},
    {"-0700", "PDT"},
    {"-0800", "(PST)"},
    {"-0800", "PST"},
};

static bool
is_utc(struct span zone)
{
	static const char *const names[] = {
	    "+0000", "-0000", "GMT", "UTC", "UT", "Z"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (span_caseeq(zone, span_of(names[i])))
			return true;
	return false;
}

/* Is the nth entry a way to write the zone of a date? */
static bool
is_zone(const struct date *d, size_t n)
{
	struct span zone = span_of(zones[n].zone);

	return is_utc(d->zone) ? is_utc(zone) : span_eq(zone, d->zone);
}

static void
put_zones(const struct header_text *t, struct date d)
{
	struct date now = d;

	d.comment = SPAN_NONE;
	header_text_put(t, write_date(&d, t->arena));
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct span comment = span_of(zones[i].comment);

		if (!is_zone(&now, i))
			continue;
		d.zone = span_of(zones[i].zone);
		d.comment = comment;
		if (comment.p && comment.p[0] != '(') {
			d.zone = comment;
			d.comment = SPAN_NONE;
		}
		header_text_put(t, write_date(&d, t->arena));
	}
}

static struct span
weekday_of(const struct date *d, struct arena *a)
{
	int64_t zone = 0;
	uint64_t digits;
	struct tm tm;
	time_t seconds;

	if (d->zone.len == 5 &&
	    span_number(span_from(d->zone, 1), 9999, &digits)) {
		zone = (int64_t)(digits / 100 * 60 + digits % 100) * 60;
		zone = d->zone.p[0] == '-' ? -zone : zone;
	}
	seconds = (time_t)(d->seconds + zone);
	if (!gmtime_r(&seconds, &tm))
		return SPAN_NONE;
	return ARENA_JOIN(a, span_of(days[tm.tm_wday]), SPAN(","));
}

static struct span
other_time(struct span time, struct arena *a)
{
	if (time.len == 8 && time.p[6] == '0' && time.p[7] == '0')
		return span_upto(time, 5);
	return time.len == 5 ? ARENA_JOIN(a, time, SPAN(":00")) : time;
}

HEADER_FIELD(header_date_form)
{
	struct header_text t;
	struct date d, other;

	if (!header_text_read(&t, h, index, raw, p, dates) ||
	    !read_date(&d, t.value, t.arena))
		return;
	put_zones(&t, d);
	other = d;
	other.day = other_day(d.day, t.arena);
	header_text_put(&t, write_date(&other, t.arena));
	if (!span_eq(other.day, d.day))
		put_zones(&t, other);
	other = d;
	other.weekday = d.weekday.p ? SPAN_NONE : weekday_of(&d, t.arena);
	header_text_put(&t, write_date(&other, t.arena));
	other.day = other_day(d.day, t.arena);
	header_text_put(&t, write_date(&other, t.arena));
	other = d;
	other.time = other_time(d.time, t.arena);
	header_text_put(&t, write_date(&other, t.arena));
}

/*
 * The same moment in other zones.
 */

static void
put_shifted(const struct header_text *t, const struct date *d, int minutes)
{
	time_t seconds = (time_t)(d->seconds + (int64_t)minutes * 60);
	unsigned zone = (unsigned)(minutes < 0 ? -minutes : minutes);
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || tm.tm_year < 0 || tm.tm_year > 8099)
		return;
	for (int i = 0; i < 2; i++)
		header_text_put(t,
		    arena_printf(t->arena,
			"%s%s%0*d %s %d %02d:%02d:%02d %c%02u%02u",
			d->weekday.p ? days[tm.tm_wday] : "",
			d->weekday.p ? ", " : "", i + 1, tm.tm_mday,
			months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
			tm.tm_min, tm.tm_sec, minutes < 0 ? '-' : '+',
			zone / 60, zone % 60));
}

/* Some servers write all dates in UTC. */
HEADER_FIELD(header_date_zone)
{
	static const int hours[] = {1, 2, -5, -4, -7, -8, 3, -6, 8, 9, 10, 11,
	    5, 4, 6, 7, 12, 13, -3, -2, -1, -9, -10, -11};
	static const int halves[] = {330, 570, 345, 210};
	struct header_text t;
	struct date d;

	if (!header_text_read(&t, h, index, raw, p, dates) ||
	    !read_date(&d, t.value, t.arena) || !is_utc(d.zone))
		return;
	for (size_t i = 0; i < COUNT(hours); i++)
		put_shifted(&t, &d, hours[i] * 60);
	for (size_t i = 0; i < COUNT(halves); i++)
		put_shifted(&t, &d, halves[i]);
}

/*
 * Identifiers.
 */

static const char *const ids[] = {"Message-ID", "In-Reply-To", "References",
    "Content-ID", "Resent-Message-ID", NULL};

HEADER_FIELD(header_id_brackets)
{
	struct header_text t;
	struct span s;
	bool opens, closes;

	if (!header_text_read(&t, h, index, raw, p, ids) || !t.value.len)
		return;
	s = t.value;
	opens = s.p[0] == '<';
	closes = s.p[s.len - 1] == '>';
	if (opens && closes && s.len >= 2) {
		s = span_trim(header_between(s, '<', '>'));
		header_text_put(&t, s);
		header_text_put(&t, header_bracketed(s, t.arena));
		return;
	}
	header_text_put(&t,
	    ARENA_JOIN(t.arena, opens ? SPAN("") : SPAN("<"), s,
		closes ? SPAN("") : SPAN(">")));
	if (!opens)
		header_text_put(&t, ARENA_JOIN(t.arena, SPAN("<"), s));
	if (!closes)
		header_text_put(&t, ARENA_JOIN(t.arena, s, SPAN(">")));
}

/* Commas between identifiers removed, or put there. */
static struct span
without_commas(struct span s, bool with, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < s.len; i++) {
		struct span rest = span_from(s, i + 1);
		size_t n = header_blanks(rest);

		if (!with && s.p[i] == ',')
			continue;
		buf_char(&b, s.p[i]);
		if (with && s.p[i] == '>' && n < rest.len && rest.p[n] == '<')
			buf_char(&b, ',');
	}
	return buf_span(&b);
}

/* The last identifier of a list, or absent. */
static struct span
last_id(struct span s)
{
	size_t at = span_find_last(s, '<');

	return s.p && at < s.len ? span_trim(span_from(s, at)) : SPAN_NONE;
}

static void
put_references(const struct header_text *t)
{
	struct span reply = header_value(t->h, SPAN("In-Reply-To"));
	size_t first = span_find(t->value, '>'), at;
	struct span last = last_id(t->value);

	if (reply.len) {
		header_text_put(
		    t, ARENA_JOIN(t->arena, t->value, SPAN(" "), reply));
		header_text_put(t, reply);
	}
	if (last.p) {
		at = t->value.len - last.len;
		header_text_put(t, span_trim(span_upto(t->value, at)));
	}
	if (first + 1 < t->value.len)
		header_text_put(t, span_trim(span_from(t->value, first + 1)));
}

/* Identifiers that were added or removed, as far as another field has them. */
HEADER_FIELD(header_id_list)
{
	static const char *const names[] = {"In-Reply-To", "References", NULL};
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, names))
		return;
	header_text_put(&t, without_commas(t.value, false, t.arena));
	header_text_put(&t, without_commas(t.value, true, t.arena));
	if (header_text_is(&t, "References")) {
		put_references(&t);
	} else {
		struct span others = header_value(h, SPAN("References"));
		size_t first = span_find(t.value, '>');

		if (last_id(others).p)
			header_text_put(&t, last_id(others));
		if (last_id(t.value).p)
			header_text_put(&t, last_id(t.value));
		if (first < t.value.len)
			header_text_put(&t, span_upto(t.value, first + 1));
	}
}
