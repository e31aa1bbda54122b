/* test_explain_advice: what sender and relay could do, and what the archive is
 * told to have done. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

#define LIST_SENDER "let people write to lists from a domain without p=reject"
#define LIST_RELAY                                                           \
	"leave Subject and text as they are, or put the list into From and " \
	"sign with its domain"

static const struct repair_kind tagged = {
    "subject-tag", "added {after} to the Subject", REPAIR_ADVICE_REWRITE, 0};
static const struct repair_kind munged = {
    "from-replied", "replaced the author in From", REPAIR_ADVICE_FROM, 0};
static const struct repair_kind disclaimer = {
    "body-disclaimer", "added a disclaimer", REPAIR_ADVICE_AFTER, 0};
static const struct repair_kind quoted = {"body-from-quoted",
    "put \">\" before \"From \" in {places}", REPAIR_ADVICE_ARCHIVE, 0};
static const struct repair_kind encoded = {"body-quoted-printable",
    "re-encoded the text as quoted-printable", REPAIR_ADVICE_SEVEN, 0};
static const struct repair_kind transfer = {"transfer-encoding",
    "changed {field} from {before} to {after}", REPAIR_ADVICE_SEVEN, 0};
static const struct repair_kind wrapper = {"body-wrapper",
    "wrapped the message in one of its own", REPAIR_ADVICE_AFTER, 0};
static const struct repair_kind mime = {"header-mime",
    "wrapped the message in one of its own", REPAIR_ADVICE_REWRITE, 0};

/* Tests what is advised, as "who: words" or NULL. */
static void
advises(struct known *k, const char *sender, const char *relay)
{
	const char *want[] = {sender, relay};
	struct explain_help helps[EXPLAIN_HELPS];
	size_t n = explain_advise(&k->x, helps), i = 0;

	for (size_t w = 0; w < COUNT(want); w++) {
		if (!want[w])
			continue;
		assert_in_range(i, 0, n - 1);
		same("advice",
		    arena_printf(
			k->arena, "%s: %s", helps[i].who, helps[i].words),
		    want[w]);
		i++;
	}
	assert_int_equal(i, n);
}

static struct known *
by(void **state, enum context_software software)
{
	struct known *k = known(state);

	k->x.header = k->x.body = EXPLAIN_INTACT;
	k->x.context.software = software;
	return k;
}

static void
a_list_is_told_what_a_list_can_do(void **state)
{
	struct known *k = by(state, CONTEXT_LIST);

	in_header(k, (struct repair){.kind = &tagged});
	advises(k, "sender: " LIST_SENDER, "list: " LIST_RELAY);
	in_body(k, (struct repair){.kind = &disclaimer});
	advises(k, "sender: " LIST_SENDER, "list: " LIST_RELAY);
	in_header(k, (struct repair){.kind = &munged});
	advises(k, NULL,
	    "list: sign with the domain of the address that is in From now");
}

static void
others_are_told_something_else(void **state)
{
	static const char *const names[] = {
	    [CONTEXT_UNKNOWN] = "relay",
	    [CONTEXT_GATEWAY] = "gateway",
	    [CONTEXT_FORWARD] = "forwarder",
	    [CONTEXT_ARCHIVE] = "archive",
	    [CONTEXT_RELAY] = "relay",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct known *k;

		if (!names[i])
			continue;
		k = by(state, (enum context_software)i);
		in_header(k, (struct repair){.kind = &tagged});
		advises(k,
		    "sender: if the text was altered on your side, sign after "
		    "that step",
		    arena_printf(*state,
			"%s: verify messages before they are altered, and pass "
			"the result on in Authentication-Results",
			names[i])
			.p);
	}
}

static void
causes_have_advice(void **state)
{
	static const struct {
		enum dkim_reason reason;
		const char *sender;
	} c[] = {
	    {DKIM_EXPIRED,
		"sender: let signatures live longer: dkim-sign -x "
		"14d"},
	    {DKIM_FUTURE, "sender: set the clock of the signing host"},
	    {DKIM_KEY_TYPE,
		"sender: sign with the key that is published; "
		"dkim-key check -k KEYFILE compares them"},
	    {DKIM_SHA1, NULL},
	    {DKIM_OK, NULL},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = by(state, CONTEXT_UNKNOWN);

		k->x.reason = c[i].reason;
		advises(k, c[i].sender, NULL);
	}
}

static void
tells(struct known *k, const char *did)
{
	same("sentence", explain_sentence(&k->x, k->arena),
	    arena_printf(
		k->arena, "%s; the rest is as example.org signed it.", did)
		.p);
}

static void
what_is_of_the_archive_is_told_of_it(void **state)
{
	struct known *k = by(state, CONTEXT_LIST);

	in_body(k, (struct repair){.kind = &quoted, .places = 1});
	tells(k, "The list software put \">\" before \"From \" in line 1");
	k->x.context.is_archived = true;
	tells(k, "The archive put \">\" before \"From \" in line 1");
	advises(k, NULL,
	    "archive: verify messages before they are stored: what is altered "
	    "here is the stored copy");
	in_header(k, tag_of(k, SPAN("[dev] ")));
	tells(k,
	    "The list software added \"[dev] \" to the Subject, and the "
	    "archive "
	    "put \">\" before \"From \" in line 1");
}

static void
what_follows_from_another_change_is_not_told(void **state)
{
	struct known *k = by(state, CONTEXT_RELAY);

	in_header(k,
	    (struct repair){.kind = &transfer,
		.name = SPAN("Content-Transfer-Encoding"),
		.before = SPAN("8bit"),
		.after = SPAN("base64")});
	tells(k,
	    "A relay changed Content-Transfer-Encoding from \"8bit\" to "
	    "\"base64\"");
	in_body(k, (struct repair){.kind = &encoded});
	tells(k, "A relay re-encoded the text as quoted-printable");
	k = by(state, CONTEXT_LIST);
	in_body(k, (struct repair){.kind = &wrapper});
	in_header(k, (struct repair){.kind = &mime});
	tells(k, "The list software wrapped the message in one of its own");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_list_is_told_what_a_list_can_do),
	    TEST(others_are_told_something_else),
	    TEST(causes_have_advice),
	    TEST(what_is_of_the_archive_is_told_of_it),
	    TEST(what_follows_from_another_change_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
