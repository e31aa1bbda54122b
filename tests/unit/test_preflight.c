/* test_preflight: bodies that do not survive transport. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>

#include "dkim/preflight.h"

/* Returns the findings of a body, fed in pieces of this size, as a set of
 * bits. */
static unsigned
findings(const char *body, size_t n, size_t piece)
{
	struct message m = {.nfields = 0};
	struct preflight p;
	unsigned found = 0;

	preflight_begin(&p, &m);
	for (size_t i = 0; i < n; i += piece)
		p.sink.put(&p.sink, body + i, n - i < piece ? n - i : piece);
	p.sink.end(&p.sink);
	for (int i = 0; i < PREFLIGHT_FROM; i++)
		found |= (unsigned)p.found[i] << i;
	return found;
}

#define LONG (1u << PREFLIGHT_LONG_LINE)
#define BITS (1u << PREFLIGHT_EIGHT_BIT)
#define CR   (1u << PREFLIGHT_BARE_CR)
#define MIX  (1u << PREFLIGHT_MIXED_EOL)

static void
each_finding_is_found_however_the_body_is_split(void **state)
{
	static const struct {
		const char *body;
		unsigned found;
	} cases[] = {
	    {"", 0},
	    {"a\nb\n", 0},
	    {"a\r\nb\r\n", 0},
	    {"a\r\nb\n", MIX},
	    {"a\rb\n", CR},
	    {"a\r\r\n", CR},
	    {"a\r", CR},
	    {"\xc3\xa4\n", BITS},
	    {"\xc3\xa4\r\n\ra\n", BITS | CR | MIX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t piece = 1; piece < 5; piece++)
			assert_int_equal(findings(cases[i].body,
					     strlen(cases[i].body), piece),
			    cases[i].found);
}

static void
a_line_of_998_octets_is_allowed(void **state)
{
	char body[1001];

	(void)state;
	memset(body, 'x', sizeof(body));
	memcpy(body + 998, "\r\n", 2);
	assert_int_equal(findings(body, 1000, 7), 0);
	memcpy(body + 998, "x\r\n", 3);
	assert_int_equal(findings(body, 1001, 7), LONG);
	assert_int_equal(findings(body, 999, 1), LONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_finding_is_found_however_the_body_is_split),
	    cmocka_unit_test(a_line_of_998_octets_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
