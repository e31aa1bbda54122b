/* test_received_forms: Received fields of many servers with hostile words. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <string.h>

#include "../helper/random.h"
#include "fixture_received_forms.h"

static const char *const plain[FORM_SLOTS] = {[FORM_HELO] = "mail.example.com",
    [FORM_NAME] = "host-66.example.com",
    [FORM_IDENT] = "ann",
    [FORM_SENDER] = "ann@example.com",
    [FORM_RECIPIENT] = "user@example.org",
    [FORM_USER] = "ann"};

static void
fill(struct span slot[static FORM_SLOTS])
{
	for (size_t i = 0; i < FORM_SLOTS; i++)
		slot[i] = span_of(plain[i]);
}

static enum form_answer
search(size_t above, size_t form, bool trusts, const struct span *slot)
{
	struct arena *a = arena_new();
	struct span text;
	enum form_answer answer =
	    form_search(above, form, trusts, slot, a, &text);

	if (answer == FORM_BROKEN)
		fail_msg("%s, above it %zu: " SPAN_FMT,
		    received_forms[form].server, above, SPAN_ARG(text));
	arena_free(a);
	return answer;
}

static void
an_honest_client_is_found_in_each_form(void **state)
{
	struct span slot[FORM_SLOTS];

	(void)state;
	fill(slot);
	for (size_t form = 0; form < FORMS; form++)
		for (size_t above = 0; above < FORMS_ABOVE; above++)
			if (search(above, form, true, slot) != FORM_FOUND)
				fail_msg("%s, above it %zu: nobody",
				    received_forms[form].server, above);
}

static void
one_hostile_text_moves_nobody_to_another_field(void **state)
{
	size_t found = 0;

	(void)state;
	for (size_t i = 0; i < FORMS_HOSTILE * FORM_SLOTS; i++) {
		struct span slot[FORM_SLOTS];

		fill(slot);
		slot[i % FORM_SLOTS] =
		    span_of(received_hostile[i / FORM_SLOTS]);
		for (size_t form = 0; form < FORMS; form++) {
			found += search(0, form, false, slot) == FORM_FOUND;
			for (size_t k = 0; k < FORMS_ABOVE; k++)
				found +=
				    search(k, form, true, slot) == FORM_FOUND;
		}
	}
	/* Most of these cannot be read with certainty, some can. */
	assert_in_range(found, 1, SIZE_MAX);
}

static struct span
random_text(struct generator *g, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t n = pick(g, 4); n; n--) {
		buf_str(&b, received_hostile[pick(g, FORMS_HOSTILE)]);
		if (n > 1 && pick(g, 2))
			buf_char(&b, ' ');
	}
	return buf_span(&b);
}

#define ROUNDS 20000

static void
several_hostile_texts_do_not_either(void **state)
{
	struct generator g = {.random = 5321};

	for (size_t i = 0; i < ROUNDS; i++) {
		struct span slot[FORM_SLOTS];
		struct arena *a = arena_new();

		fill(slot);
		for (size_t k = 0; k < FORM_SLOTS; k++)
			if (pick(&g, 2))
				slot[k] = random_text(&g, a);
		search(
		    pick(&g, FORMS_ABOVE), pick(&g, FORMS), pick(&g, 4), slot);
		arena_free(a);
	}
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_honest_client_is_found_in_each_form),
	    TEST(one_hostile_text_moves_nobody_to_another_field),
	    TEST(several_hostile_texts_do_not_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
