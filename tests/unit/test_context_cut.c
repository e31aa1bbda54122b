/* test_context_cut: bodies whose end is missing. */
/* SPDX-License-Identifier: ISC */

#include "fixture_context.h"

#define PLAIN  "From: a@example.org\n"
#define BASE64 PLAIN "Content-Transfer-Encoding: base64\n"
#define MIXED  PLAIN "Content-Type: multipart/mixed; boundary=b\n"
#define PART   "--b\n\nhello\n"
#define CODED  "--b\nContent-Transfer-Encoding: base64\n\naGVsbG8K\n"

static void
check(const char *header, const char *body, const char *want, struct arena *a)
{
	struct signing s = {.canon = CANON_RELAXED};
	struct span field = sign(span_of(header), &s, a);
	struct context c = context_of(ARENA_JOIN(a, field, span_of(header)),
	    span_of(body), 1, rsa_record("s1", RSA_ONE, a), a);

	same(body, notes_of(&c, a), want);
}

static void
a_missing_end_is_told(void **state)
{
	check(PLAIN, "hel", "body-cut(after 3 octets, in the middle of a line)",
	    *state);
	check(BASE64, "aGVsbG8\n",
	    "body-cut(after 8 octets, in the middle of base64)", *state);
	check(MIXED, PART PART,
	    "body-cut(after 22 octets, without the last delimiter of its "
	    "multipart)",
	    *state);
	check(MIXED, PART CODED "aGVsb",
	    "body-cut(after 64 octets, in the middle of base64)", *state);
	check(PLAIN "Content-Length: 6\n", "hell\n",
	    "body-cut(after 5 octets, before Content-Length tells)", *state);
}

static void
a_whole_body_has_no_sign(void **state)
{
	check(PLAIN, "hullo\n", "", *state);
	check(PLAIN, "hello\n", "", *state); /* as signed */
	check(PLAIN, "hello", "", *state);   /* also as signed */
	check(PLAIN, "", "", *state);
	check(BASE64, "aGVsbG8K\n", "", *state);
	check(MIXED, PART PART "--b--\n", "", *state);
	check(MIXED, CODED "aGVsb\n" PART "--b--\n", "", *state);
	check(PLAIN "Content-Length: 5\n", "hell\n", "", *state);
	check(PLAIN "Content-Length: x\n", "hell\n", "", *state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_missing_end_is_told, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		a_whole_body_has_no_sign, setup, teardown),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
