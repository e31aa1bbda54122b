/* test_key_lint_answer: findings in the answers for the name of a key; keys that
 * are expected; texts that were damaged at random. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"
#include "fixture_key.h"

#include "../helper/random.h"
#include "base/base64.h"
#include "lint/key_lint.h"

#define NAME SPAN("s1._domainkey.example.org")
#define RSA  "v=DKIM1; k=rsa; p=@rsa2048@"
#define ED   "v=DKIM1; k=ed25519; p=@ed@"

/* Records of s1 in a zone, all findings, the state, the proposed record or
 * NULL. */
struct zone_case {
	const char *zone, *findings;
	enum key_lint_state state;
	const char *proposed;
};

static const struct dns_answer *
answer_of(const char *zone, struct dns **dns, struct arena *a)
{
	struct span text =
	    ARENA_JOIN(a, SPAN("$ORIGIN _domainkey.example.org.\n"),
		with_keys(zone, a), SPAN("\n"));

	*dns = dns_of(text, a);
	return dns_query(*dns, NAME, DNS_TXT);
}

static void
check_proposed(
    const char *zone, struct span text, const char *proposed, struct arena *a)
{
	if (proposed)
		same(zone, text, with_keys(proposed, a).p);
	else if (text.p)
		fail_msg("%s: proposed: " SPAN_FMT, zone, SPAN_ARG(text));
}

static void
check_zone(const struct zone_case *c, const struct key_expected *expected)
{
	struct arena *a = arena_new();
	struct dns *dns;
	struct key_lint l;

	key_lint(answer_of(c->zone, &dns, a), expected, a, &l);
	same(c->zone, text_of(&l.findings, NAME, a), c->findings);
	if (l.state != c->state)
		fail_msg("%s: state %d", c->zone, l.state);
	check_proposed(c->zone, l.proposed, c->proposed, a);
	if (l.state == KEY_LINT_FLAWED || l.state == KEY_LINT_ABSENT)
		assert_true(l.mend.len > 0);
	if (l.findings.n && l.findings.list[0].record)
		assert_non_null(l.findings.list[0].record->file);
	dns_free(dns);
	arena_free(a);
}

static void
check_zones(
    const struct zone_case *c, size_t n, const struct key_expected *expected)
{
	for (size_t i = 0; i < n; i++)
		check_zone(&c[i], expected);
}

#define OTHER  "s1 TXT \"v=spf1 -all\"\n"
#define FIRST  "s1 TXT \"v=DKIM1; k=rsa; p=@rsa2048:200@\"\n"
#define SECOND "s1 TXT \"@rsa2048+200@\"\n"
#define TWO    "s1 TXT \"v=DKIM1; k=rsa; p=@rsa2048:200@\" \"@rsa2048+200@\"\n"

static void
test_several(void **state)
{
	static const struct zone_case cases[] = {
	    {TWO, "", KEY_LINT_SOUND, NULL},
	    {TWO TWO, "key-duplicate", KEY_LINT_SOUND, NULL},
	    {OTHER TWO, "", KEY_LINT_SOUND, NULL},
	    {OTHER, "not-a-key: v=spf1 -all", KEY_LINT_FLAWED, NULL},
	    {FIRST SECOND, "key-truncated: the rest is in a record of its own",
		KEY_LINT_FLAWED, RSA},
	    {SECOND FIRST, "key-truncated: the rest is in a record of its own",
		KEY_LINT_FLAWED, RSA},
	    {TWO "s1 TXT \"" ED "\"\n", "several-keys: 2 records",
		KEY_LINT_FLAWED, NULL},
	    {TWO "s1 TXT \"p=@rsa2048:200@\" \"@rsa2048+200@\"\n",
		"several-keys: 2 records", KEY_LINT_FLAWED, RSA},
	    {TWO "s1 TXT \"k=rsa; p=\"\n", "several-keys: 2 records",
		KEY_LINT_FLAWED, RSA},
	    {TWO "s1 TXT hello\n" OTHER, "several-keys: 2 records",
		KEY_LINT_FLAWED, RSA},
	    {"s1 TXT \"k=rsa; p=\"\ns1 TXT hello\n", "several-keys: 2 records",
		KEY_LINT_FLAWED, NULL},
	};

	(void)state;
	check_zones(cases, COUNT(cases), NULL);
}

static void
test_missing(void **state)
{
	static const struct zone_case cases[] = {
	    {"s2 TXT x", "no-key", KEY_LINT_ABSENT, NULL},
	    {"s1 A 192.0.2.1", "no-key", KEY_LINT_ABSENT, NULL},
	    {"s1 CNAME s2\ns2 TXT \"" ED "\"", "", KEY_LINT_SOUND, NULL},
	    {"s1 CNAME gone.example.", "key-dangling: gone.example",
		KEY_LINT_FLAWED, NULL},
	    {"s1 CNAME s2\ns2 A 192.0.2.1", "no-key: s2._domainkey.example.org",
		KEY_LINT_FLAWED, NULL},
	    {"s1 CNAME v=DKIM1\\;\\032k=rsa\\;\\032p=MIIB",
		"key-cname: the CNAME is a key record", KEY_LINT_FLAWED, NULL},
	    {"s1 TXT s1.mailer.example.", "key-cname: s1.mailer.example.",
		KEY_LINT_FLAWED, NULL},
	    {"s1 TXT \"k=ed25519; p=\"", "key-revoked", KEY_LINT_REVOKED, NULL},
	    {"s1 CNAME s1", "", KEY_LINT_UNKNOWN, NULL},
	    {";!SERVFAIL s1._domainkey.example.org. TXT", "", KEY_LINT_UNKNOWN,
		NULL},
	    {";!TIMEOUT s1._domainkey.example.org. TXT", "", KEY_LINT_UNKNOWN,
		NULL},
	};

	(void)state;
	check_zones(cases, COUNT(cases), NULL);
}

static struct key_expected
expect(enum key_type type, const char *name, struct arena *a)
{
	struct key_expected e = {.type = type};

	assert_true(base64_decode(fixture_key(span_of(name)), a, &e.data));
	return e;
}

static void
test_expected(void **state)
{
	static const struct zone_case rsa[] = {
	    {TWO, "", KEY_LINT_SOUND, NULL},
	    {"s1 TXT p= @rsa2048-bare:200@ @rsa2048-bare+200@\n", "",
		KEY_LINT_SOUND, NULL},
	    {"s1 TXT \"" ED "\"", "key-differs: Ed25519", KEY_LINT_FLAWED, RSA},
	    {"s1 TXT p= @rsa1024@",
		"key-small: 1024 bits|key-differs: RSA 1024", KEY_LINT_FLAWED,
		RSA},
	    {FIRST, "key-truncated: 150 octets of 294", KEY_LINT_FLAWED, RSA},
	    {TWO "s1 TXT \"" ED "\"\n", "several-keys: 2 records",
		KEY_LINT_FLAWED, RSA},
	};
	static const struct zone_case ed[] = {
	    {"s1 TXT \"" ED "\"", "", KEY_LINT_SOUND, NULL},
	    {TWO, "key-differs: RSA 2048", KEY_LINT_FLAWED, ED},
	    {"s1 TXT \"v=DKIM1; p=@ed@\"", "key-type: no k=ed25519",
		KEY_LINT_FLAWED, ED},
	};
	struct arena *a = arena_new();
	struct key_expected e = expect(KEY_RSA, "rsa2048", a);

	(void)state;
	check_zones(rsa, COUNT(rsa), &e);
	e = expect(KEY_ED25519, "ed", a);
	check_zones(ed, COUNT(ed), &e);
	arena_free(a);
}

/*
 * Damage.
 */

/* Is the check true to itself: what is sound has no finding, what is proposed is
 * sound, what a verifier accepts is usable? */
static void
check_any(struct span text, struct arena *a)
{
	struct key_lint l, again;
	struct dkim_key key;

	key_lint_text(NAME, text, NULL, a, &l);
	assert_int_equal(l.state == KEY_LINT_SOUND, !key_lint_worst(&l));
	if (l.state == KEY_LINT_SOUND)
		assert_true(l.is_usable);
	if (l.is_usable)
		assert_int_equal(dkim_key_parse(text, a, &key), DKIM_OK);
	if (!l.proposed.p)
		return;
	key_lint_text(NAME, l.proposed, NULL, a, &again);
	assert_int_equal(again.state, KEY_LINT_SOUND);
	assert_int_equal(again.findings.n, 0);
	assert_true(span_eq(again.data, l.data));
}

static void
test_cut_anywhere(void **state)
{
	struct arena *a = arena_new();
	struct span text = with_keys(RSA, a);

	(void)state;
	for (size_t i = 0; i < text.len; i += is_full() ? 1 : 3) {
		check_any(span_upto(text, i), a);
		check_any(span_from(text, i), a);
		check_any(
		    ARENA_JOIN(a, span_upto(text, i), span_from(text, i / 2)),
		    a);
	}
	arena_free(a);
}

static void
test_damage(void **state)
{
	static const char octets[] =
	    "\";=\\ v:p,-\n\xe2\x80\x8b()'kDKIM1n\0\xff";
	static const char *const texts[] = {RSA, ED,
	    "v=DKIM1; h=sha256; s=email; t=s; p=@rsa1024@",
	    "-----BEGIN PUBLIC KEY-----\n@rsa2048@\n-----END PUBLIC KEY-----"};
	struct generator g = {.random = 1};

	(void)state;
	for (size_t i = 0; i < rounds(400, 20000); i++) {
		struct arena *a = arena_new();
		struct span text = with_keys(texts[i % COUNT(texts)], a);
		char *p = arena_alloc(a, text.len + 1);

		memcpy(p, text.p, text.len);
		for (size_t k = pick(&g, 4); k < 4; k++) {
			size_t at = pick(&g, k % 2 ? 24 : text.len);

			p[at] = octets[pick(&g, sizeof(octets) - 1)];
		}
		check_any((struct span){p, text.len}, a);
		arena_free(a);
	}
}

/* Time and memory stay in proportion to the text, whatever it is. */
static void
test_large(void **state)
{
	static const char *const parts[] = {"p=AAAA;", "v=DKIM1", "-----",
	    "\\\"", "p=", "v ", "h=a:", "\xe2\x80\x8b", "p=AAAA "};

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);
		struct key_lint l;

		while (b.len < 65000)
			buf_str(&b, parts[i]);
		key_lint_text(NAME, buf_span(&b), NULL, a, &l);
		assert_int_not_equal(l.state, KEY_LINT_SOUND);
		assert_in_range(arena_size(a), 1, 64u << 20);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_several),
	    cmocka_unit_test(test_missing),
	    cmocka_unit_test(test_expected),
	    cmocka_unit_test(test_cut_anywhere),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
