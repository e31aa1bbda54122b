/* test_explain_advice: what sender and relay could do, and what the archive is
 * told to have done. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

#define LIST_SENDER                                                          \
	"let people write to lists from a domain whose DMARC policy is not " \
	"p=reject"
#define LIST_RELAY                                                           \
	"leave Subject and text as they are, or put the list into From and " \
	"sign with its domain"

#define FROM_SENDER                                                        \
	"nothing has to be changed: this copy is sent in the name of the " \
	"address that is in From now"
#define FROM_RELAY "sign with the domain of the address that is in From now"

static const struct repair_kind tagged = {
    "subject-tag", "added {after} to the Subject", REPAIR_ADVICE_REWRITE, 0};
static const struct repair_kind munged = {
    "from-replied", "replaced the author in From", REPAIR_ADVICE_FROM, 0};
static const struct repair_kind added = {
    "header-added", "added the field {field}", REPAIR_ADVICE_LIST, 0};
static const struct repair_kind disclaimer = {
    "body-disclaimer", "added a disclaimer", REPAIR_ADVICE_AFTER, 0};
static const struct repair_kind quoted = {"body-from-quoted",
    "put \">\" before \"From \" in {places}", REPAIR_ADVICE_ARCHIVE, 0};
static const struct repair_kind encoded = {"body-quoted-printable",
    "re-encoded the text as quoted-printable", REPAIR_ADVICE_SEVEN, 0};
static const struct repair_kind transfer = {"transfer-encoding",
    "changed {field} from {before} to {after}", REPAIR_ADVICE_SEVEN, 0};
static const struct repair_kind retyped = {"header-retyped",
    "changed how the header describes the text", REPAIR_ADVICE_SEVEN, 0};
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
	advises(k, "sender: " FROM_SENDER, "list: " FROM_RELAY);
	k = by(state, CONTEXT_LIST);
	in_body(k, (struct repair){.kind = &encoded});
	in_body(k, (struct repair){.kind = &disclaimer});
	advises(k, "sender: " LIST_SENDER, "list: " LIST_RELAY);
}

static void
what_servers_have_to_add_is_not_to_be_signed(void **state)
{
	struct known *k = by(state, CONTEXT_LIST);

	in_header(k, (struct repair){.kind = &added, .name = SPAN("Received")});
	advises(k,
	    "sender: do not sign fields that mail servers add on the way, such "
	    "as Received; dkim-sign never does",
	    NULL);
	k = by(state, CONTEXT_LIST);
	in_header(k, (struct repair){.kind = &added, .name = SPAN("List-Id")});
	advises(k,
	    "sender: sign with dkim-sign --profile=list, so that Reply-To, "
	    "Sender and the like may be added",
	    "list: leave the fields that authors write as they are");
}

static void
others_are_told_something_else(void **state)
{
	static const char *const names[] = {
	    [CONTEXT_UNKNOWN] = "relay",
	    [CONTEXT_GATEWAY] = "gateway",
	    [CONTEXT_FORWARD] = "forwarder",
	    [CONTEXT_ARCHIVE] = "relay",
	    [CONTEXT_RELAY] = "relay",
	};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct known *k;

		if (!names[i])
			continue;
		k = by(state, (enum context_software)i);
		in_header(k, (struct repair){.kind = &tagged});
		advises(k,
		    "sender: if your own systems did this, let them sign after "
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
	    {DKIM_SHA1,
		"sender: sign by rsa-sha256, as dkim-sign does with RSA keys"},
	    {DKIM_KEY_SMALL,
		"sender: make a new RSA key of 2048 bits (dkim-key new), "
		"publish it and sign with it"},
	    {DKIM_FROM_UNSIGNED,
		"sender: sign the From field, as dkim-sign always does"},
	    {DKIM_KEY_SYNTAX,
		"sender: publish the key anew, as dkim-key record prints it; "
		"dkim-key check tests it"},
	    {DKIM_BODY_UNSIGNED,
		"sender: sign the whole body, without l= (dkim-sign never "
		"writes it)"},
	    {DKIM_OK, NULL},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = by(state, CONTEXT_UNKNOWN);

		k->x.reason = c[i].reason;
		advises(k, c[i].sender, NULL);
	}
}

/* Whatever else is told of the signature. */
static void
what_is_not_signed_has_advice(void **state)
{
	static const char oversign[] =
	    "sender: send each of these fields once, and oversign it, as "
	    "dkim-sign does, so that adding another breaks the signature";
	static const char refuse[] =
	    "relay: refuse messages that have a field twice which may be there "
	    "once (RFC 5322, section 3.6)";
	struct known *k = by(state, CONTEXT_UNKNOWN);

	k->x.reason = DKIM_OK;
	advises(k, NULL, NULL);
	k->s.has_length = true;
	advises(k,
	    "sender: sign the whole body, without l= (dkim-sign never writes "
	    "it)",
	    NULL);
	k->x.repeated = SPAN("Subject");
	advises(k, oversign, refuse);
	k->x.header = EXPLAIN_UNKNOWN;
	advises(k, NULL, NULL);
	k->x.reason = DKIM_FROM_DUPLICATE;
	advises(k, oversign, refuse);
}

static void
what_lists_alter_is_known(void **state)
{
	static const struct repair_kind links = {"body-links",
	    "made links lead through another server", REPAIR_ADVICE_LINKS, 0};
	struct known *k = by(state, CONTEXT_UNKNOWN);

	assert_false(explain_is_like_list(&k->x));
	in_body(k, (struct repair){.kind = &links});
	assert_false(explain_is_like_list(&k->x));
	in_header(k, (struct repair){.kind = &tagged});
	assert_true(explain_is_like_list(&k->x));
	k = by(state, CONTEXT_UNKNOWN);
	in_body(k, (struct repair){.kind = &disclaimer});
	assert_true(explain_is_like_list(&k->x));
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
	tells(k,
	    "The list software put \">\" before \"From \" in line 1 of the "
	    "body");
	k->x.context.is_archived = true;
	tells(
	    k, "The archive put \">\" before \"From \" in line 1 of the body");
	advises(k, NULL,
	    "archive: verify messages before they are stored, as formats of "
	    "mailboxes can change them");
	in_header(k, tag_of(k, SPAN("[dev] ")));
	tells(k,
	    "The list software added \"[dev] \" to the Subject, and the "
	    "archive "
	    "put \">\" before \"From \" in line 1 of the body");
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
	    "Something on the way changed Content-Transfer-Encoding from "
	    "\"8bit\" to "
	    "\"base64\"");
	in_body(k, (struct repair){.kind = &encoded});
	tells(
	    k, "Something on the way re-encoded the text as quoted-printable");
	in_header(k, (struct repair){.kind = &retyped});
	tells(
	    k, "Something on the way re-encoded the text as quoted-printable");
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
	    TEST(what_servers_have_to_add_is_not_to_be_signed),
	    TEST(others_are_told_something_else),
	    TEST(causes_have_advice),
	    TEST(what_is_not_signed_has_advice),
	    TEST(what_lists_alter_is_known),
	    TEST(what_is_of_the_archive_is_told_of_it),
	    TEST(what_follows_from_another_change_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
