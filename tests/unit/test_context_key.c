/* test_context_key: which key has made a signature? */
/* SPDX-License-Identifier: ISC */

#include "fixture_context.h"

#include "base/limit.h"

#define HEADER SPAN("From: a@example.org\nSubject: x\n")
#define BODY   SPAN("hello\n")

/* Returns the remarks on a message signed by a key with selector s1, in a zone
 * with n records. */
static struct span
remarks(int key, struct span body, const struct span *records, size_t n,
    struct arena *a)
{
	struct signing s = {.key = key, .canon = CANON_RELAXED};
	struct span field = sign(HEADER, &s, a);
	struct context c = context_of(ARENA_JOIN(a, field, HEADER), body, 1,
	    ARENA_JOIN(a, SPAN("other.example. 60 IN A 192.0.2.1\n"),
		arena_join(a, records, n)),
	    a);

	return notes_of(&c, a);
}

static void
a_key_that_is_there_has_no_remark(void **state)
{
	struct span right = rsa_record("s1", RSA_ONE, *state);

	same("intact", remarks(RSA_ONE, BODY, &right, 1, *state), "");
	same("body", remarks(RSA_ONE, SPAN("x\n"), &right, 1, *state), "");
	right = record_of("s1", "v=DKIM1; k=ed25519; p=", ED_ONE, "", *state);
	same("ed", remarks(ED_ONE, SPAN("x\n"), &right, 1, *state), "");
}

static void
a_missing_key_is_found_under_other_selectors(void **state)
{
	static const char *const selectors[] = {
	    "s0", "s2", "default", "selector1", "dkim", "mail"};
	struct arena *a = *state;

	same("none", remarks(RSA_ONE, BODY, NULL, 0, a),
	    "key-missing(s1._domainkey.example.org)");
	for (size_t i = 0; i < COUNT(selectors); i++) {
		struct span other = rsa_record(selectors[i], RSA_ONE, a);

		same(selectors[i], remarks(RSA_ONE, BODY, &other, 1, a),
		    arena_printf(a,
			"key-missing(s1._domainkey.example.org) "
			"selector-renamed(%s)",
			selectors[i])
			.p);
		other = rsa_record(selectors[i], RSA_TWO, a);
		same("another key", remarks(RSA_ONE, BODY, &other, 1, a),
		    "key-missing(s1._domainkey.example.org)");
	}
}

static void
a_key_of_ed25519_is_found_if_the_header_is_intact(void **state)
{
	struct span other =
	    record_of("s2", "v=DKIM1; k=ed25519; p=", ED_ONE, "", *state);

	same("renamed", remarks(ED_ONE, SPAN("x\n"), &other, 1, *state),
	    "key-missing(s1._domainkey.example.org) selector-renamed(s2)");
}

static void
the_key_of_another_selector_has_made_it(void **state)
{
	struct arena *a = *state;
	struct span records[] = {
	    rsa_record("s1", RSA_TWO, a), rsa_record("s2", RSA_ONE, a)};

	same("both", remarks(RSA_ONE, BODY, records, 2, a),
	    "selector-other(s2)");
	same("body altered, too", remarks(RSA_ONE, SPAN("x\n"), records, 2, a),
	    "selector-other(s2)");
	same("one", remarks(RSA_ONE, BODY, records, 1, a), "signature-other");
}

static void
the_key_of_another_selector_is_of_ed25519(void **state)
{
	struct arena *a = *state;
	const char *record = "v=DKIM1; k=ed25519; p=";
	struct span records[] = {record_of("s1", record, ED_TWO, "", a),
	    record_of("s2", record, ED_ONE, "", a)};

	same(
	    "both", remarks(ED_ONE, BODY, records, 2, a), "selector-other(s2)");
	same("one", remarks(ED_ONE, BODY, records, 1, a), "");
	same("the key itself", remarks(ED_TWO, BODY, records, 2, a), "");
}

static void
revoked_keys(void **state)
{
	struct arena *a = *state;
	struct span records[] = {record_of("s1", "v=DKIM1; p=", KEYS, "", a),
	    rsa_record("s2", RSA_ONE, a)};

	same("one", remarks(RSA_ONE, BODY, records, 1, a),
	    "key-revoked(s1._domainkey.example.org)");
	same("both", remarks(RSA_ONE, BODY, records, 2, a),
	    "key-revoked(s1._domainkey.example.org) selector-renamed(s2)");
}

static void
keys_of_another_type(void **state)
{
	struct arena *a = *state;
	struct span records[] = {
	    record_of("s1", "v=DKIM1; k=ed25519; p=", ED_ONE, "", a),
	    rsa_record("s2", RSA_ONE, a)};

	same("ed25519", remarks(RSA_ONE, BODY, records, 1, a),
	    "key-other-type(ed25519 and rsa)");
	same("both", remarks(RSA_ONE, BODY, records, 2, a),
	    "key-other-type(ed25519 and rsa) selector-other(s2)");
	records[0] = record_of("s1", "v=DKIM1; k=ecc; p=", RSA_ONE, "", a);
	same(
	    "unknown", remarks(RSA_ONE, BODY, records, 1, a), "key-other-type");
}

static void
copied_quotes(void **state)
{
	static const struct {
		const char *before, *after, *remarks;
	} rows[] = {
	    {"\\\"v=DKIM1; k=rsa; p=", "\\\"",
		"key-quoted(s1._domainkey.example.org)"},
	    {"v=DKIM1; k=rsa; p=\\\" \\\"", "",
		"key-quoted(s1._domainkey.example.org)"},
	    {"v=DKIM1\\\\; k=rsa\\\\; p=", "",
		"key-quoted(s1._domainkey.example.org)"},
	    {"v=spf1 ", "", ""},
	    {"\\\"v=spf1 ", "\\\"", ""},
	    {"v=DKIM1; k=rsa; p=!", "", ""},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct span record = record_of(
		    "s1", rows[i].before, RSA_ONE, rows[i].after, *state);

		same(rows[i].before, remarks(RSA_ONE, BODY, &record, 1, *state),
		    rows[i].remarks);
	}
}

/* Removes the last octets of b=, or changes one in the middle. */
static struct span
damage(struct span field, size_t cut, struct arena *a)
{
	struct span text = field_chomp(field);
	char *copy;

	if (cut)
		return ARENA_JOIN(
		    a, span_upto(text, text.len - cut), SPAN("\n"));
	copy = arena_cstr(a, field);
	copy[text.len - 40] = copy[text.len - 40] == 'A' ? 'B' : 'A';
	return (struct span){copy, field.len};
}

static void
damaged_signatures(void **state)
{
	static const struct {
		size_t cut;
		const char *remarks;
	} rows[] = {
	    {0, "signature-other"},
	    {4, "signature-length(255 octets, not 256)"},
	    {8, "signature-length(252 octets, not 256)"},
	};
	struct arena *a = *state;
	struct signing s = {.key = RSA_ONE, .canon = CANON_RELAXED};
	struct span field = sign(HEADER, &s, a);
	struct context c;

	for (size_t i = 0; i < COUNT(rows); i++) {
		c = context_of(
		    ARENA_JOIN(a, damage(field, rows[i].cut, a), HEADER), BODY,
		    1, rsa_record("s1", RSA_ONE, a), a);

		same("damaged", notes_of(&c, a), rows[i].remarks);
	}
	s.key = ED_ONE;
	field = damage(sign(HEADER, &s, a), 4, a);
	c = context_of(ARENA_JOIN(a, field, HEADER), BODY, 1,
	    record_of("s1", "v=DKIM1; k=ed25519; p=", ED_ONE, "", a), a);
	same("ed25519", notes_of(&c, a), "signature-length(63 octets, not 64)");
}

static void
the_selectors_of_other_signatures_are_tried_first(void **state)
{
	struct arena *a = *state;
	struct signing s = {.key = RSA_ONE, .canon = CANON_RELAXED};
	struct signing t = {
	    .key = RSA_ONE, .canon = CANON_RELAXED, .selector = "unusual"};
	struct span header =
	    ARENA_JOIN(a, sign(HEADER, &s, a), sign(HEADER, &t, a), HEADER);
	struct span zone = rsa_record("unusual", RSA_ONE, a);
	struct context c = context_of(header, BODY, 1, zone, a);

	same("renamed", notes_of(&c, a),
	    "older-valid(example.org (signature 2)) "
	    "key-missing(s1._domainkey.example.org) "
	    "selector-renamed(unusual)");
	t.domain = "example.net";
	header =
	    ARENA_JOIN(a, sign(HEADER, &s, a), sign(HEADER, &t, a), HEADER);
	c = context_of(header, BODY, 1, zone, a);
	same("another domain", notes_of(&c, a),
	    "key-missing(s1._domainkey.example.org)");
}

static void
so_many_selectors_are_tried(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		struct arena *a = *state;
		struct signing s = {.key = RSA_ONE, .canon = CANON_RELAXED};
		struct span first = sign(HEADER, &s, a), zone, name;
		struct buf b = BUF(a);
		struct context c;

		buf_add(&b, first);
		for (size_t i = 0; i < LIMIT_EXPLAIN_SELECTORS - 1 + more;
		     i++) {
			s.selector = arena_printf(a, "other%zu", i).p;
			buf_add(&b, sign(HEADER, &s, a));
		}
		s.selector = "last";
		buf_add(&b, sign(HEADER, &s, a));
		buf_add(&b, HEADER);
		zone = rsa_record("last", RSA_ONE, a);
		c = context_of(buf_span(&b), BODY, 1, zone, a);
		name = notes_of(&c, a);
		assert_int_equal(
		    span_casecontains(name, SPAN("selector-renamed(last)")),
		    more == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_key_that_is_there_has_no_remark),
	    TEST(a_missing_key_is_found_under_other_selectors),
	    TEST(a_key_of_ed25519_is_found_if_the_header_is_intact),
	    TEST(the_key_of_another_selector_has_made_it),
	    TEST(the_key_of_another_selector_is_of_ed25519),
	    TEST(revoked_keys),
	    TEST(keys_of_another_type),
	    TEST(copied_quotes),
	    TEST(damaged_signatures),
	    TEST(the_selectors_of_other_signatures_are_tried_first),
	    TEST(so_many_selectors_are_tried),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
