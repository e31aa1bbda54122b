/* show_text: numbers, shares, days and sources as people read them. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

struct span
show_number(uint64_t n, struct arena *a)
{
	char digits[24];
	int len =
	    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	struct buf b = BUF(a);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(&b, ',');
		buf_char(&b, digits[i]);
	}
	return buf_span(&b);
}

struct span
show_share(uint64_t part, uint64_t whole, struct arena *a)
{
	unsigned tenths = tally_share(part, whole);

	return arena_printf(a, "%u.%u%%", tenths / 10, tenths % 10);
}

struct span
show_count(uint64_t n, const char *one, const char *many, struct arena *a)
{
	return ARENA_JOIN(
	    a, show_number(n, a), SPAN(" "), span_of(n == 1 ? one : many));
}

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct span
show_day(int32_t day, struct arena *a)
{
	struct tally_date d;

	if (day == TALLY_NO_DAY)
		return SPAN("without a date");
	d = tally_date_of(day);
	return arena_printf(a, "%d %s %d", d.day, months[d.month - 1], d.year);
}

struct span
show_days(int32_t first, int32_t last, struct arena *a)
{
	struct tally_date f, l;
	struct buf b = BUF(a);

	if (first == TALLY_NO_DAY || first == last)
		return show_day(first, a);
	f = tally_date_of(first);
	l = tally_date_of(last);
	buf_printf(&b, "%d", f.day);
	if (f.month != l.month || f.year != l.year)
		buf_printf(&b, " %s", months[f.month - 1]);
	if (f.year != l.year)
		buf_printf(&b, " %d", f.year);
	buf_str(&b, " to ");
	buf_add(&b, show_day(last, a));
	return buf_span(&b);
}

struct span
show_network(
    const struct ip_network *network, size_t addresses, struct arena *a)
{
	char text[IP_TEXT];

	ip_text(&network->ip, text);
	if (addresses > 1)
		return arena_printf(
		    a, "%s/%u (%zu)", text, network->bits, addresses);
	return arena_printf(a, "%s", text);
}

struct span
show_source(const struct tally_row *row, struct arena *a)
{
	if (row->others)
		return SPAN("others");
	if (!row->has_network)
		return SPAN("no address");
	return show_network(&row->network, row->addresses, a);
}
