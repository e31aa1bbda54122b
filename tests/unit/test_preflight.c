/* test_preflight: bodies that do not survive transport. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>

#include "../helper/random.h"
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

/* The same findings, octet by octet. */
static unsigned
slow_findings(const char *body, size_t n)
{
	bool crlf = false, lf = false;
	unsigned found = 0;
	size_t line = 0;

	for (size_t i = 0; i < n; i++) {
		if (body[i] == '\n') {
			crlf |= i && body[i - 1] == '\r';
			lf |= !i || body[i - 1] != '\r';
			line = 0;
		} else if (body[i] != '\r' || i + 1 == n) {
			line += body[i] != '\r';
		} else if (body[i + 1] != '\n') {
			line++;
		}
		if (line > 998)
			found |= LONG;
		if (body[i] == '\r' && (i + 1 == n || body[i + 1] != '\n'))
			found |= CR;
		if (body[i] & 0x80)
			found |= BITS;
	}
	return found | (crlf && lf ? MIX : 0);
}

static void
random_lines_have_the_same_findings_octet_by_octet(void **state)
{
	static const char *const ends[] = {"\r\n", "\r\n", "\n", "\r"};
	static const size_t lengths[] = {0, 1, 70, 996, 997, 998, 999, 1000};
	static const size_t pieces[] = {1, 7, 999, 4096};
	struct generator g = {.random = 1};

	(void)state;
	for (unsigned round = 0; round < 4000; round++) {
		char body[8 * 1002];
		size_t n = 0;

		for (unsigned i = 0; i < round % 8 + 1; i++) {
			const char *end =
			    ends[round % 3 ? round % 4 : pick(&g, 4)];
			size_t len = lengths[pick(&g, round % 5 + 4)];

			memset(body + n, 'x', len);
			memcpy(body + n + len, end, strlen(end));
			n += len + strlen(end);
		}
		for (size_t i = 0; i < COUNT(pieces); i++)
			assert_int_equal(findings(body, n, pieces[i]),
			    slow_findings(body, n));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_finding_is_found_however_the_body_is_split),
	    cmocka_unit_test(a_line_of_998_octets_is_allowed),
	    cmocka_unit_test(
		random_lines_have_the_same_findings_octet_by_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
