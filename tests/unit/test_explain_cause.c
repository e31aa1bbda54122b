/* test_explain_cause: why a signature does not count, whatever was changed. */
/* SPDX-License-Identifier: ISC */

#include "fixture_explanation.h"

static void
causes_come_before_what_was_changed(void **state)
{
	static const struct {
		enum dkim_reason reason;
		const char *sentence;
	} c[] = {
	    {DKIM_KEY_NONE,
		"example.org publishes no key named r1, so nobody can check "
		"the signature."},
	    {DKIM_KEY_REVOKED,
		"example.org has withdrawn the key r1, so its signatures no "
		"longer count."},
	    {DKIM_NOT_A_KEY,
		"What example.org publishes as the key r1 is not a key, so "
		"nobody can check the signature."},
	    {DKIM_KEY_SYNTAX,
		"The key r1 that example.org publishes is damaged, so nobody "
		"can check the signature."},
	    {DKIM_KEY_SEVERAL,
		"example.org publishes several keys named r1 where there must "
		"be one, so nobody can check the signature."},
	    {DKIM_KEY_TYPE,
		"The key r1 that example.org publishes is of another type than "
		"the signature, so nobody can check the signature."},
	    {DKIM_KEY_SMALL,
		"The key r1 of example.org is so short that others may be able "
		"to forge its signatures."},
	    {DKIM_SHA1,
		"example.org signed by an old method (SHA-1) that others may "
		"be able to forge."},
	    {DKIM_EXPIRED,
		"The signature of example.org expired on 2026-11-01."},
	    {DKIM_FUTURE,
		"The signature of example.org is dated 2026-10-31, which is in "
		"the future for the clock here."},
	    {DKIM_BODY_LENGTH,
		"The end of the body is missing: example.org signed 1200 "
		"octets, and there are fewer."},
	    {DKIM_BODY_UNSIGNED,
		"example.org signed only the first 1200 octets of the body, so "
		"anyone can have added what follows."},
	    {DKIM_FROM_DUPLICATE,
		"The message has a From field beside the one that example.org "
		"signed, and anyone can have added it."},
	    {DKIM_FROM_UNSIGNED,
		"example.org did not sign the From field, so its signature "
		"does not prove who wrote the message."},
	    {DKIM_TOO_MANY,
		"The signature was not checked: there are too many others "
		"above it."},
	    {DKIM_DNS_LIMIT,
		"The key of example.org was not looked up, since the message "
		"needs too many lookups, so nobody can check the signature."},
	    {DKIM_DNS_TIMEOUT,
		"The key of example.org could not be fetched (no DNS server "
		"answered in time), so try again later."},
	    {DKIM_KEY_HASH,
		"The signature of example.org does not count: the key does not "
		"allow this hash (h=)."},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct known *k = known(state);

		k->x.reason = c[i].reason;
		k->s.length = 1200;
		k->s.time = 1793404800;
		k->s.expiry = 1793491200;
		says(k, c[i].sentence);
	}
}

static void
what_was_changed_is_told_after_a_cause(void **state)
{
	struct known *k = states(state, EXPLAIN_INTACT, EXPLAIN_INTACT);

	k->x.reason = DKIM_EXPIRED;
	k->s.expiry = 1793491200;
	says(k,
	    "The signature of example.org expired on 2026-11-01; what was "
	    "signed is unchanged.");
	k->s.expiry = INT64_MAX;
	says(k,
	    "The signature of example.org expired on 9223372036854775807; "
	    "what was signed is unchanged.");
	k->x.reason = DKIM_KEY_NONE;
	k->x.header = EXPLAIN_UNKNOWN;
	in_body(k, footer_after(7, SPAN(FOOTER)));
	says(k,
	    "example.org publishes no key named r1, so nobody can check the "
	    "signature; something on the way added a 3-line footer after line "
	    "7 of the body; the rest "
	    "of the body is the one that the signature describes.");
}

static void
a_signature_that_cannot_be_read_has_a_sentence(void **state)
{
	struct known *k = known(state);

	k->x.reason = DKIM_TAG_MISSING;
	k->x.signature = NULL;
	says(k, "The signature cannot be read: a required tag is missing.");
	k->x.reason = DKIM_OK;
	says(k,
	    "Whether the message is as the signer signed it cannot be "
	    "told.");
}

static void
every_reason_has_a_sentence(void **state)
{
	static const enum dkim_reason last = DKIM_TOO_LARGE;

	for (enum dkim_reason reason = DKIM_OK; reason <= last; reason++) {
		struct known *k = known(state);
		struct span s;

		k->x.reason = reason;
		s = explain_sentence(&k->x, *state);
		assert_int_equal(span_find(s, '{'), s.len);
		assert_int_equal(s.p[s.len - 1], '.');
		assert_true(s.len > 20);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(causes_come_before_what_was_changed),
	    TEST(what_was_changed_is_told_after_a_cause),
	    TEST(a_signature_that_cannot_be_read_has_a_sentence),
	    TEST(every_reason_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
