/* test_explain_truth: nothing is told of a message that is not proven. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

static void
what_a_valid_signature_leaves_out_is_told(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	k->x.reason = DKIM_OK;
	k->x.repeated = SPAN("Subject");
	says(k,
	    "What example.org signed is unchanged; not every field named "
	    "Subject is signed, so anyone can have added what is not.");
	k->s.has_length = true;
	k->s.length = 7;
	says(k,
	    "What example.org signed is unchanged; of the body only the first "
	    "7 octets are signed, and not every field named Subject is, so "
	    "anyone can have added what is not.");
	k->x.repeated = SPAN("");
	says(k,
	    "What example.org signed is unchanged; of the body only the first "
	    "7 octets are signed.");
	in_body(k, footer_after(2, SPAN(FOOTER)));
	says(k,
	    "Something on the way added a 3-line footer after line 2 of the "
	    "body; the rest is as "
	    "example.org signed it; of the body only the first 7 octets are "
	    "signed.");
}

static void
what_is_left_out_is_told_once(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	k->x.reason = DKIM_FROM_DUPLICATE;
	k->x.repeated = SPAN("From");
	says(k,
	    "The message has a From field beside the one that example.org "
	    "signed, and anyone can have added it; what was signed is "
	    "unchanged.");
}

/* The lines that begin so. */
static void
lists(struct known *k, const char *front, const char *line)
{
	struct result r = {.method = "dkim"};

	explain_text(&k->m, &k->x, &r);
	for (size_t i = 0; i < r.ndetail; i++)
		if (span_starts(r.detail[i].text, span_of(front))) {
			same("line", r.detail[i].text, line);
			return;
		}
	fail_msg("no line begins with \"%s\"", front);
}

/* A repair shows one field, and may have changed others. */
static void
no_field_that_was_changed_is_proven(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);
	struct header_change changes[] = {
	    {HEADER_REPLACE, 2, SPAN("From: Jane <j@example.org>\r\n")},
	    {HEADER_REPLACE, 4, SPAN("To: all@example.org\r\n")},
	    {HEADER_INSERT, 5, SPAN("Cc: some@example.org\r\n")},
	    {HEADER_DROP, 3, SPAN_NONE},
	};

	in_header(k,
	    (struct repair){.kind = &rewritten,
		.name = SPAN("From"),
		.after = k->m.fields[2].raw,
		.before = changes[0].raw});
	k->x.header_found.changes = changes;
	k->x.header_found.nchanges = 1;
	lists(k,
	    "proven as signed: ", "proven as signed: subject, to and the body");
	k->x.header_found.nchanges = 2;
	lists(
	    k, "proven as signed: ", "proven as signed: subject and the body");
	k->s.names = SPAN("from:received:subject:to");
	k->x.header_found.nchanges = 4;
	lists(
	    k, "proven as signed: ", "proven as signed: received and the body");
}

/* h= has the name once, and the message two: the upper one is anybody's. */
static void
a_field_above_the_signed_one_is_not_proven(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);
	int fd = file_of(SPAN("Subject: mine\n" MESSAGE));

	assert_int_equal(source_init(&k->source, fd), 0);
	assert_int_equal(message_read(&k->m, &k->source, *state), MESSAGE_OK);
	close(fd);
	lists(k, "proven as signed: ",
	    "proven as signed: from, subject (not each), to and the body");
	k->s.names = SPAN("from:subject:to:subject");
	lists(k, "proven as signed: ",
	    "proven as signed: from, subject, to and the body");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_a_valid_signature_leaves_out_is_told),
	    TEST(what_is_left_out_is_told_once),
	    TEST(no_field_that_was_changed_is_proven),
	    TEST(a_field_above_the_signed_one_is_not_proven),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
