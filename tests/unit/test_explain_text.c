/* test_explain_text: the lines that people read about a signature. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

/* Returns all lines, each with an LF. They must be printable. */
static struct span
text_of(struct known *k)
{
	struct result r = {.ndetail = 0};
	struct buf all = BUF(k->arena);

	explain_text(&k->m, &k->x, &r);
	assert_int_equal(r.detail[0].role, SCREEN_DECIDES);
	for (size_t i = 0; i < r.ndetail; i++) {
		assert_true(r.detail[i].is_shown);
		for (size_t n = 0; n < r.detail[i].text.len; n++)
			assert_in_range(r.detail[i].text.p[n], ' ', '~');
		buf_add(&all, r.detail[i].text);
		buf_char(&all, '\n');
	}
	return buf_span(&all);
}

static void
a_list_is_told_from_head_to_advice(void **state)
{
	struct known *k = listed(state, 214, SPAN(FOOTER));

	same("text", text_of(k),
	    "The list software added a 3-line footer after line 214 of the "
	    "body and "
	    "\"[dev] \" to the Subject; the rest is as example.org signed it.\n"
	    "body-footer: line 215, 63 octets at octet 9001\n"
	    "  + \"____________\"\n"
	    "  + \"dev mailing list\"\n"
	    "  + \"https://lists.example.net/dev\"\n"
	    "subject-tag: Subject, 6 octets at octet 171\n"
	    "  + \"[dev] \"\n"
	    "proven as signed: from, to and the rest of the body\n"
	    "where: on the way from a.example.org to lists.example.net, or "
	    "later; software: Mailman 3.3.8\n"
	    "note: the key was replaced: r2 (selector-rotated)\n"
	    "for the sender: sign with dkim-sign --profile=list, so that "
	    "Reply-To, Sender and the like may be added\n"
	    "for the list: leave the fields that authors write as they "
	    "are\n");
}

static void
what_was_tried_in_vain_is_told(void **state)
{
	struct known *k = known(state);

	k->x.header = EXPLAIN_INTACT;
	k->x.body = EXPLAIN_NOT_FOUND;
	k->x.block = EXPLAIN_BLOCK_SOUND;
	k->x.body_found.tries = 4711;
	k->x.budget_spent = true;
	same("text", text_of(k),
	    "The body was changed after example.org signed it, and how is not "
	    "known; the header is as signed.\n"
	    "proven as signed: from, subject, to\n"
	    "tried: alterations of the body that there are signs of, up to 3 "
	    "together: none of 4711 gives what was signed\n"
	    "the budget was spent before all was tried: a larger --budget "
	    "tries "
	    "more\n"
	    "for the sender: keep copies of what is sent: --original=COPY "
	    "shows what differs\n");
	k->x.body_found.tries = 0;
	k->x.budget_spent = false;
	k->x.is_skipped = true;
	assert_true(span_casecontains(text_of(k),
	    SPAN("\nnothing was tried: alterations are searched for the "
		 "topmost 5 signatures that do not pass\n")));
	k->x.is_skipped = false;
	k->x.body_found.tries = 4711;
	k->x.header = EXPLAIN_NOT_FOUND;
	k->x.header_found.tries = 1;
	same("text", text_of(k),
	    "The header (From, Subject etc.) was changed after example.org "
	    "signed it, and the body "
	    "is not the one that the signature describes; how they were "
	    "changed is not known.\n"
	    "b=: undone with the key, it has the digest of another header: key "
	    "and signature belong together\n"
	    "signed, but not proven to be unchanged: from, subject, to\n"
	    "tried: alterations of the body that there are signs of, up to 3 "
	    "together: none of 4711 gives what was signed\n"
	    "tried: alterations of the header that there are signs of, up to 3 "
	    "together: none of 1 gives what was signed\n"
	    "for the sender: keep copies of what is sent: --original=COPY "
	    "shows what differs\n");
}

static void
a_signature_of_another_key_proves_no_field(void **state)
{
	struct known *k = known(state);

	k->x.header = EXPLAIN_NOT_FOUND;
	k->x.body = EXPLAIN_INTACT;
	k->x.block = EXPLAIN_BLOCK_OTHER;
	same("text", text_of(k),
	    "The signature was not made with the key that example.org "
	    "publishes as r1, or was damaged on the way; the body is the one "
	    "that the signature describes.\n"
	    "signed, but not proven to be unchanged: from, subject, to\n"
	    "for the sender: sign with the key that is published; dkim-key "
	    "check -k KEYFILE compares them\n");
}

static void
an_unsigned_end_is_told(void **state)
{
	struct known *k = known(state);

	k->x.reason = DKIM_BODY_UNSIGNED;
	k->x.header = k->x.body = EXPLAIN_INTACT;
	k->s.has_length = true;
	k->s.length = 5;
	k->x.context.hop = &k->m.fields[1];
	same("text", text_of(k),
	    "example.org signed only the first 5 octets of the body, so anyone "
	    "can have added what follows; what was signed is unchanged.\n"
	    "proven as signed: from, subject, to and the first 5 octets of the "
	    "body (l=)\n"
	    "for the sender: sign the whole body, without l= (dkim-sign never "
	    "writes it)\n");
}

/* What did not happen happened nowhere. */
static void
only_what_was_altered_has_a_place(void **state)
{
	static const struct {
		enum dkim_reason reason;
		enum explain_state header, body;
		bool has_place;
	} c[] = {
	    {DKIM_EXPIRED, EXPLAIN_UNKNOWN, EXPLAIN_UNKNOWN, false},
	    {DKIM_KEY_NONE, EXPLAIN_UNKNOWN, EXPLAIN_INTACT, false},
	    {DKIM_FROM_DUPLICATE, EXPLAIN_INTACT, EXPLAIN_INTACT, false},
	    {DKIM_KEY_NONE, EXPLAIN_UNKNOWN, EXPLAIN_NOT_FOUND, true},
	    {DKIM_SIGNATURE, EXPLAIN_NOT_FOUND, EXPLAIN_INTACT, true},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);

		k->x.reason = c[i].reason;
		k->x.header = c[i].header;
		k->x.body = c[i].body;
		k->x.context.software = CONTEXT_RELAY;
		k->x.context.name = SPAN("Gmail");
		k->x.context.hop = &k->m.fields[1];
		assert_int_equal(
		    span_casecontains(text_of(k), SPAN("\nwhere: ")),
		    c[i].has_place);
	}
}

static void
a_signature_that_cannot_be_read_has_one_line(void **state)
{
	struct known *k = known(state);

	k->x.signature = NULL;
	k->x.reason = DKIM_TAG_SYNTAX;
	same("text", text_of(k),
	    "The signature cannot be read: the signature field cannot be "
	    "parsed.\n");
}

/* Returns the lines of a repair. */
static struct span
lines_of(struct known *k, struct repair r)
{
	struct span all;
	size_t from, to;

	k->x.header = EXPLAIN_INTACT;
	k->x.body_found.nrepairs = 0;
	in_body(k, r);
	all = text_of(k);
	from = span_find(all, '\n') + 1;
	all = span_from(all, from);
	from = span_find(all, '\n') + 1;
	all = span_from(all, from);
	for (to = 0; !span_starts(span_from(all, to), SPAN("proven")); to++)
		continue;
	return span_upto(all, to);
}

static void
octets_are_shown_line_by_line(void **state)
{
	static const struct {
		struct span before, after;
		const char *lines;
	} c[] = {
	    {S("a\r\n"), S("b\r\n"), "  - \"a\"\n  + \"b\"\n"},
	    {S("a\r\n"), S("a\n"), "  - \"a\\x0d\\x0a\"\n  + \"a\\x0a\"\n"},
	    {S(""), S("\n\n"), "  + \"\"\n  + \"\"\n"},
	    {S(" "), S("\r\n"), "  - \" \"\n  + (line end)\n"},
	    {S("a\n"), S("a\nb\n"), "  - \"a\"\n  + \"a\"\n  + \"b\"\n"},
	    {S("x \n\n"), S("x\n"), "  - \"x \"\n  - \"\"\n  + \"x\"\n"},
	    {S("\033]0;x\007"), S("\xc2\x9b\xff\""),
		"  - \"\\x1b]0;x\\x07\"\n  + \"\\xc2\\x9b\\xff\\\"\"\n"},
	    {S("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"), S(""),
		"  - \"1\"\n  - \"2\"\n  - \"3\"\n  - \"4\"\n  - \"5\"\n"
		"  - \"6\"\n  - \"7\"\n  - \"8\"\n  - \"9\"\n  - \"10\"\n"},
	    {S("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11"), S(""),
		"  - \"1\"\n  - \"2\"\n  - \"3\"\n  - \"4\"\n  - \"5\"\n"
		"  - \"6\"\n  - \"7\"\n  - \"8\"\n  - \"9\"\n  - \"10\"\n"
		"  - ... 1 more line\n"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);
		struct repair r = footer_after(1, c[i].after);

		r.before = c[i].before;
		same("lines", lines_of(k, r), c[i].lines);
	}
}

static void
a_large_text_is_cut(void **state)
{
	struct known *k = known(state);
	struct buf text = BUF(*state);
	struct span lines;

	for (size_t i = 0; i < 1000000; i++)
		buf_char(&text, 'x');
	for (size_t i = 0; i < 1000000; i++)
		buf_char(&text, '\n');
	lines = lines_of(k, footer_after(1, buf_span(&text)));
	assert_in_range(lines.len, 68, 200);
	assert_true(span_casecontains(lines, SPAN("x\"...\n")));
	assert_true(span_casecontains(lines, SPAN("+ ... 999990 more lines")));
}

static void
a_field_of_the_message_is_named_once(void **state)
{
	struct known *k = known(state);
	struct buf names = BUF(*state);

	for (size_t i = 0; i < 1000; i++)
		buf_str(&names, "From:x-\033:");
	k->s.names = buf_span(&names);
	k->x.header = k->x.body = EXPLAIN_INTACT;
	k->x.reason = DKIM_OK;
	assert_true(span_casecontains(
	    text_of(k), SPAN("\nproven as signed: From and the body\n")));
}

static void
no_changed_field_is_proven(void **state)
{
	static const struct repair_kind munged = {"from-replied",
	    "replaced the author in From", REPAIR_ADVICE_FROM, 0};
	struct header_change changes[] = {
	    {HEADER_REPLACE, 2, S("From: a\r\n")},
	    {HEADER_DROP, 3, SPAN_NONE},
	    {HEADER_INSERT, 5, S("Cc: b\r\n")},
	};
	struct known *k = known(state);

	k->x.body = EXPLAIN_INTACT;
	in_header(k, (struct repair){.kind = &munged, .name = SPAN("From")});
	k->x.header_found.changes = changes;
	k->x.header_found.nchanges = 2;
	assert_true(span_casecontains(
	    text_of(k), SPAN("\nproven as signed: to and the body\n")));
	k->s.names = SPAN("from:to:cc");
	assert_true(span_casecontains(
	    text_of(k), SPAN("\nproven as signed: to and the body\n")));
	changes[2].raw = SPAN("To: b\r\n");
	k->x.header_found.nchanges = 3;
	assert_true(span_casecontains(
	    text_of(k), SPAN("\nproven as signed: the body\n")));
}

static void
a_hop_has_the_hosts_that_it_names(void **state)
{
	static const struct {
		struct span field;
		const char *way;
	} c[] = {
	    {S("Received: from a.example by b.example; x\r\n"),
		"from a.example to b.example"},
	    {S("Received: by b.example with SMTP\r\n\tid 1; x\r\n"),
		"to b.example"},
	    {S("Received: (qmail 1 invoked\r\n\tby uid 2); x\r\n"),
		"Received: (qmail 1 invoked by uid 2); x"},
	    {S("Received:\r\n"), "Received: "},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct field f = field_split(c[i].field);

		same("way", explain_way(&f, *state), c[i].way);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_list_is_told_from_head_to_advice),
	    TEST(what_was_tried_in_vain_is_told),
	    TEST(a_signature_of_another_key_proves_no_field),
	    TEST(an_unsigned_end_is_told),
	    TEST(only_what_was_altered_has_a_place),
	    TEST(a_signature_that_cannot_be_read_has_one_line),
	    TEST(octets_are_shown_line_by_line),
	    TEST(a_large_text_is_cut),
	    TEST(a_field_of_the_message_is_named_once),
	    TEST(no_changed_field_is_proven),
	    TEST(a_hop_has_the_hosts_that_it_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
