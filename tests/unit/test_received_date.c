/* test_received_date: dates of mail, and times in options. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "mail/received.h"

struct date_case {
	const char *text;
	bool good;
	int64_t seconds;
};

static void
check_dates(const struct date_case *c, size_t n,
    bool (*parse)(struct span text, int64_t *seconds))
{
	for (size_t i = 0; i < n; i++) {
		int64_t seconds = -1;

		if (parse(span_of(c[i].text), &seconds) != c[i].good)
			fail_msg("%s", c[i].text);
		if (c[i].good && seconds != c[i].seconds)
			fail_msg("%s: %lld", c[i].text, (long long)seconds);
	}
}

static void
dates_of_mail_are_read(void **state)
{
	static const struct date_case c[] = {
	    {"Thu, 1 Jan 1970 00:00:00 +0000", true, 0},
	    {"Fri, 21 Nov 1997 09:55:06 -0600", true, 880127706},
	    {" Fri,21 Nov 1997 09(comment):   55  :  06 -0600 ", true,
		880127706},
	    {"21 Nov 97 09:55:06 GMT", true, 880106106},
	    {"(a)Fri(b),(c)21(d)Nov(e)97(f)09(g):(h)55(i):(j)06(k)GMT(l)", true,
		880106106},
	    {"Sun, 22 Nov 2026 10:00:00 +0000", true, 1795341600},
	    {"sun, 22 nov 2026 10:00 z", true, 1795341600},
	    {"22 Nov 2026 10:00:00\r\n +0000 (UTC)", true, 1795341600},
	    {"22Nov2026 10:00:00+0000", true, 1795341600},
	    {"29 Feb 2000 00:00:00 +0000", true, 951782400},
	    {"29 Feb 2024 00:00:00 +0000", true, 1709164800},
	    {"31 Dec 2016 23:59:60 +0000", true, 1483228800},
	    {"1 Jan 1900 00:00:00 +0000", true, -2208988800},
	    {"Mon, 1 Jan 1900 00:00:00 +0000", true, -2208988800},
	    {"31 Dec 9999 23:59:59 +0000", true, 253402300799},
	    {"1 Jan 49 00:00:00 GMT", true, 2493072000},
	    {"1 Jan 50 00:00:00 GMT", true, -631152000},
	    {"1 Jan 100 00:00:00 GMT", true, 946684800},
	    {"1 Jan 1970 00:00:00 EST", true, 18000},
	    {"1 Jan 1970 00:00:00 EDT", true, 14400},
	    {"1 Jan 1970 00:00:00 CST", true, 21600},
	    {"1 Jan 1970 00:00:00 CDT", true, 18000},
	    {"1 Jan 1970 00:00:00 MST", true, 25200},
	    {"1 Jan 1970 00:00:00 MDT", true, 21600},
	    {"1 Jan 1970 00:00:00 PST", true, 28800},
	    {"1 Jan 1970 00:00:00 pdt", true, 25200},
	    {"1 Jan 1970 00:00:00 UT", true, 0},
	    {"1 Jan 1970 00:00:00 A", true, 0},
	    {"1 Jan 1970 00:00:00 CEST", true, 0},
	    {"1 Jan 1970 00:00:00 +0130", true, -5400},
	    {"1 Jan 1970 00:00:00 -0059", true, 3540},
	    {"1 Jan 1970 00:00:00 +9959", true, -359940},
	    {"", false, 0},
	    {"Mon, 22 Nov 2026 10:00:00 +0000", false, 0},
	    {"Sunday, 22 Nov 2026 10:00:00 +0000", false, 0},
	    {"Sun 22 Nov 2026 10:00:00 +0000", false, 0},
	    {"Sun, Nov 22 2026 10:00:00 +0000", false, 0},
	    {"22 November 2026 10:00:00 +0000", false, 0},
	    {"22-Nov-2026 10:00:00 +0000", false, 0},
	    {"0 Jan 2026 10:00:00 +0000", false, 0},
	    {"32 Jan 2026 10:00:00 +0000", false, 0},
	    {"31 Apr 2026 10:00:00 +0000", false, 0},
	    {"29 Feb 2026 10:00:00 +0000", false, 0},
	    {"29 Feb 1900 10:00:00 +0000", false, 0},
	    {"001 Jan 2026 10:00:00 +0000", false, 0},
	    {"1 Jan 1899 10:00:00 +0000", false, 0},
	    {"1 Jan 0000 10:00:00 +0000", false, 0},
	    {"1 Jan 5 10:00:00 +0000", false, 0},
	    {"1 Jan 10000 10:00:00 +0000", false, 0},
	    {"1 Jan 2026 24:00:00 +0000", false, 0},
	    {"1 Jan 2026 10:60:00 +0000", false, 0},
	    {"1 Jan 2026 10:00:61 +0000", false, 0},
	    {"1 Jan 2026 1:00:00 +0000", false, 0},
	    {"1 Jan 2026 10:0:00 +0000", false, 0},
	    {"1 Jan 2026 10:00:0 +0000", false, 0},
	    {"1 Jan 2026 10:00: +0000", false, 0},
	    {"1 Jan 2026 10 +0000", false, 0},
	    {"1 Jan 2026 10:00:00", false, 0},
	    {"1 Jan 2026 10:00:00 +000", false, 0},
	    {"1 Jan 2026 10:00:00 +00000", false, 0},
	    {"1 Jan 2026 10:00:00 +0060", false, 0},
	    {"1 Jan 2026 10:00:00 +", false, 0},
	    {"1 Jan 2026 10:00:00 ABCDEF", false, 0},
	    {"1 Jan 2026 10:00:00 +0000 x", false, 0},
	    {"1 Jan 2026 10:00:00 +0000 (x", false, 0},
	    {"(x 1 Jan 2026 10:00:00 +0000", false, 0},
	    {"1 Jan 2026 10:00:00 GMT+0100", false, 0},
	    {"Thu,", false, 0},
	    {"1", false, 0},
	    {"1 Jan", false, 0},
	};

	(void)state;
	check_dates(c, COUNT(c), received_date);
	assert_false(received_date(SPAN_NONE, &(int64_t){0}));
	assert_false(
	    received_date(SPAN("1 Jan 2026 10:00:00 +0000\0"), &(int64_t){0}));
}

static void
times_are_seconds_or_rfc_3339(void **state)
{
	static const struct date_case c[] = {
	    {"0", true, 0},
	    {"1795341600", true, 1795341600},
	    {"999999999999", true, 999999999999},
	    {"1000000000000", false, 0},
	    {"-1", false, 0},
	    {"1.5", false, 0},
	    {"2026-11-22T10:00:00Z", true, 1795341600},
	    {"2026-11-22t10:00:00z", true, 1795341600},
	    {"2026-11-22T11:30:00+01:30", true, 1795341600},
	    {"2026-11-22T02:00:00-08:00", true, 1795341600},
	    {"2026-11-22T10:00:00-00:00", true, 1795341600},
	    {"2026-11-22T10:00:00.999Z", true, 1795341600},
	    {"1970-01-01T00:00:00Z", true, 0},
	    {"0000-01-01T00:00:00Z", true, -62167219200},
	    {"0000-03-01T00:00:00Z", true, -62162035200},
	    {"0001-01-01T00:00:00Z", true, -62135596800},
	    {"9999-12-31T23:59:60Z", true, 253402300800},
	    {"2026-11-22 10:00:00Z", false, 0},
	    {"2026-11-22T10:00:00", false, 0},
	    {"2026-11-22T10:00Z", false, 0},
	    {"2026-11-22", false, 0},
	    {"2026-11-22T10:00:00+0100", false, 0},
	    {"2026-11-22T10:00:00+24:00", false, 0},
	    {"2026-11-22T10:00:00+01:60", false, 0},
	    {"2026-11-22T10:00:00-Z", false, 0},
	    {"2026-11-22T10:00:00.Z", false, 0},
	    {"2026-11-22T10:00:00Z ", false, 0},
	    {" 2026-11-22T10:00:00Z", false, 0},
	    {"2026-13-22T10:00:00Z", false, 0},
	    {"2026-00-22T10:00:00Z", false, 0},
	    {"2026-11-31T10:00:00Z", false, 0},
	    {"2026-11-22T24:00:00Z", false, 0},
	    {"02026-11-22T10:00:00Z", false, 0},
	    {"26-11-22T10:00:00Z", false, 0},
	    {"2026-1-22T10:00:00Z", false, 0},
	    {"", false, 0},
	};

	(void)state;
	check_dates(c, COUNT(c), received_rfc3339);
	assert_false(received_rfc3339(SPAN_NONE, &(int64_t){0}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates_of_mail_are_read),
	    cmocka_unit_test(times_are_seconds_or_rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
