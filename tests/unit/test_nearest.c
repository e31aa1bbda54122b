/* test_nearest: words that were probably meant. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "base/nearest.h"

static const char *const words[] = {"pass", "fail", "softfail", "neutral",
    "policy", "none", "permerror", "temperror", "all", "no", NULL};

static void
a_word_is_found_by_its_errors(void **state)
{
	static const struct {
		const char *text, *word;
	} c[] = {
	    {"pass", "pass"},
	    {"pas", "pass"},        /* one is missing */
	    {"passs", "pass"},      /* one too many */
	    {"paas", "pass"},       /* one is another */
	    {"fial", "fail"},       /* neighbours exchanged */
	    {"PASS", "pass"},       /* case is ignored */
	    {"polciyy", "policy"},  /* two errors */
	    {"xftempeerror", NULL}, /* three from temperror */
	    {"temperror1x", "temperror"},
	    {"permerorr", "permerror"},
	    {"tempeerror", "temperror"},
	    {"al", "all"},
	    {"fxxl", NULL}, /* two errors in a short word */
	    {"on", NULL},   /* a word of two octets could be anything */
	    {"n", NULL},
	    {"", NULL},
	    {"x", NULL},
	    {"reject", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		const char *got = nearest_of(span_of(c[i].text), words);

		if (!c[i].word)
			assert_null(got);
		else
			assert_string_equal(got, c[i].word);
	}
}

static void
of_equally_near_words_the_first_is_kept(void **state)
{
	static const char *const list[] = {"cart", "card", "care", NULL};

	(void)state;
	assert_string_equal(nearest_of(SPAN("carx"), list), "cart");
	assert_string_equal(nearest_of(SPAN("care"), list), "care");
}

static void
a_long_text_is_near_to_nothing(void **state)
{
	char room[NEAREST_LENGTH + 2], other[NEAREST_LENGTH + 2];
	const char *const list[] = {room, NULL};

	(void)state;
	memset(room, 'a', sizeof(room));
	memset(other, 'a', sizeof(other));
	other[0] = 'b';
	room[NEAREST_LENGTH] = other[NEAREST_LENGTH] = '\0';
	assert_ptr_equal(nearest_of(span_of(other), list), room);
	room[NEAREST_LENGTH] = 'a';
	room[NEAREST_LENGTH + 1] = '\0';
	assert_null(nearest_of(span_of(other), list));
	assert_null(nearest_of(span_of(room), list));
	assert_null(nearest_of(
	    (struct span){"a\0b", 3}, (const char *const[]){"xyz", NULL}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_is_found_by_its_errors),
	    cmocka_unit_test(of_equally_near_words_the_first_is_kept),
	    cmocka_unit_test(a_long_text_is_near_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
