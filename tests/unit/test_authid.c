/* test_authid: the domains that evaluating DKIM and SPF authenticates. */
/* SPDX-License-Identifier: ISC */

#include "fixture_authid.h"

#define NOW 1700000000

static const char zone[] =
    "$TTL 60\n"
    "ed._domainkey.example.org. TXT \"v=DKIM1; k=ed25519; "
    "p=JgtFjDteM+uQwcPbzjZUhTPPvUOiLcviKq5yGTfIKcM=\"\n"
    "ed._domainkey.example.net. CNAME ed._domainkey.example.org.\n"
    ";!SERVFAIL late._domainkey.example.org. TXT\n"
    "example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
    "helo.example. TXT \"v=spf1 ip4:192.0.2.2 ~all\"\n"
    ";!SERVFAIL late.example. TXT\n";

/* The private half of the key in the zone. */
static const char secret[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIAQ6jji/8lF5hdONf4KvzfLutDV4oDqIsYdJIbsOkesl\n"
    "-----END PRIVATE KEY-----\n";

static struct key_private *
load_secret(struct arena *a)
{
	int fd = file_of(span_of(secret));
	struct key_source source = {.location = path_of(fd, a)};
	struct key_error error;
	struct key_exposure exposed;
	struct key_private *key = key_load(&source, &exposed, &error);

	close(fd);
	assert_non_null(key);
	return key;
}

struct signature {
	const char *domain, *selector, *identity;
};

/* Returns the text with a signature on top. */
static struct span
signed_by(struct fixture *f, const struct signature *s, struct span text,
    struct arena *a)
{
	struct key_private *key = load_secret(a);
	struct dkim_signing who = {
	    span_of(s->domain), span_of(s->selector), key};
	struct dkim_sign_options options = {.header = CANON_RELAXED,
	    .body = CANON_RELAXED,
	    .names = SPAN("From"),
	    .auid = span_of(s->identity)};
	struct sink *sink;
	struct digest *d;
	struct buf b = BUF(a);

	assert_int_equal(read_file(f, text), MESSAGE_OK);
	d = dkim_sign_body(CANON_RELAXED, f->arena, &sink);
	assert_int_equal(message_body(&f->m, &sink, 1, false), 0);
	buf_add(&b, dkim_sign(&f->m, &who, &options, d->value));
	buf_add(&b, text);
	key_private_free(key);
	return buf_span(&b);
}

static struct envelope
envelope_of(const char *ip, const char *sender, const char *helo)
{
	struct envelope e = {.sender = span_of(sender),
	    .helo = span_of(helo),
	    .ip_from = SPAN("no client"),
	    .helo_from = SPAN("no helo"),
	    .sender_from = SPAN("no sender")};

	e.has_ip = ip && ip_parse(span_of(ip), &e.ip);
	return e;
}

struct judged {
	const char *ip, *sender, *helo, *expect;
	const char *spf_id; /* the identifier of the first result, or NULL */
	bool has_spf;
	struct signature signature; /* domain == NULL: unsigned */
	const char *added;          /* on top of all, or NULL */
};

static void
check_judged(struct fixture *f, const struct judged *c, bool explain)
{
	struct arena *a = arena_new();
	struct run r = {
	    .policy = {.receiver = OUR_ID, .now = NOW, .verbose = explain},
	    .envelope = envelope_of(c->ip, c->sender, c->helo),
	    .dns = dns_of(span_of(zone), a)};
	struct span text = SPAN("From: a@example.org\n\nbody\n");
	const char *got;

	if (c->signature.domain)
		text = signed_by(f, &c->signature, text, a);
	run(f, &r,
	    arena_printf(
		a, "%s" SPAN_FMT, c->added ? c->added : "", SPAN_ARG(text)));
	got = rendered(&r.found, a);
	if (strcmp(got, c->expect))
		fail_msg("%s, not %s", got, c->expect);
	assert_int_equal(r.found.has_spf, c->has_spf);
	assert_true(r.found.nresults >= 2);
	assert_string_equal(r.found.results[0].method, "spf");
	assert_string_equal(r.found.results[1].method, "dkim");
	assert_true(
	    span_eq(span_of(r.found.results[0].why.id), span_of(c->spf_id)));
	assert_int_equal(r.found.results[0].ndetail > 0,
	    explain && strstr(c->expect, "spf="));
	dns_free(r.dns);
	arena_free(a);
}

static void
check_all_judged(struct fixture *f, const struct judged *c, size_t n)
{
	for (size_t i = 0; i < 2 * n; i++)
		check_judged(f, &c[i / 2], i % 2);
}

static void
mail_from_is_judged_and_of_a_null_path_the_helo(void **state)
{
	static const struct judged cases[] = {
	    {"192.0.2.1", "u@example.org", "helo.example",
		"spf=pass u@example.org", NULL, true, {0}, NULL},
	    {"192.0.2.1", "u@EXAMPLE.org", "helo.example",
		"spf=pass u@example.org", NULL, true, {0}, NULL},
	    {"192.0.2.2", "u@example.org", "helo.example",
		"spf=fail u@example.org", "not-authorized", true, {0}, NULL},
	    {"192.0.2.1", "example.org", NULL,
		"spf=pass postmaster@example.org", NULL, true, {0}, NULL},
	    {"192.0.2.2", "", "helo.example",
		"spf=pass postmaster@helo.example", NULL, true, {0}, NULL},
	    {"192.0.2.1", "", "helo.example",
		"spf=softfail postmaster@helo.example",
		"probably-not-authorized", true, {0}, NULL},
	    {"192.0.2.1", "u@late.example", NULL,
		"spf=temperror u@late.example", "dns-servfail", true, {0},
		NULL},
	    {"192.0.2.1", "u@none.example", NULL, "spf=none u@none.example",
		"no-such-domain", true, {0}, NULL},
	    {"192.0.2.1", "u@a;b", NULL, "", "bad-domain", true, {0}, NULL},
	    {"192.0.2.1", "\"x@example.net\"@example.org", NULL,
		"spf=pass x@example.net@example.org", NULL, true, {0}, NULL},
	};

	check_all_judged(*state, cases, COUNT(cases));
}

static void
an_envelope_that_is_not_known_is_said(void **state)
{
	static const struct judged cases[] = {
	    {NULL, "u@example.org", "helo.example", "", "no-identity", false,
		{0}, NULL},
	    {"192.0.2.1", NULL, "example.org", "", "no-identity", false, {0},
		NULL},
	    {"192.0.2.1", "", NULL, "", "no-identity", false, {0}, NULL},
	    {NULL, NULL, NULL, "dkim=pass example.org i=example.org",
		"no-identity", false, {"example.org", "ed", "@example.org"},
		NULL},
	};

	check_all_judged(*state, cases, COUNT(cases));
}

static void
signatures_give_the_domain_of_d_and_of_i(void **state)
{
	static const struct judged cases[] = {
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=pass example.net", NULL, true,
		{"example.net", "ed", NULL}, NULL},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; "
		"dkim=pass example.org i=a.example.org",
		NULL, true, {"example.org", "ed", "\"x@y\"@A.example.org"},
		NULL},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=permerror example.org", NULL,
		true, {"example.org", "ed", "@example.net"}, NULL},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=permerror example.org", NULL,
		true, {"example.org", "missing", NULL}, NULL},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=temperror example.org", NULL,
		true, {"example.org", "late", NULL}, NULL},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=policy example.org", NULL, true,
		{"example.org", "ed", NULL}, "From: evil@example.net\n"},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=pass example.org", NULL, true,
		{"example.org", "ed", NULL}, "DKIM-Signature: garbage\n"},
	    {"192.0.2.1", "u@example.org", NULL,
		"spf=pass u@example.org; dkim=neutral example.com; "
		"dkim=pass example.org",
		NULL, true, {"example.org", "ed", NULL},
		"DKIM-Signature: v=1; d=example.com; s=s; b=\n"},
	};

	check_all_judged(*state, cases, COUNT(cases));
}

static void
who_judges_reads_no_fields(void **state)
{
	static const struct judged cases[] = {
	    {"192.0.2.2", "u@example.org", NULL, "spf=fail u@example.org",
		"not-authorized", true, {0},
		"Authentication-Results: mx.example.org; spf=pass"
		" smtp.mailfrom=example.org; dkim=pass header.d=example.org\n"
		"Received-SPF: pass\n"},
	};

	check_all_judged(*state, cases, COUNT(cases));
}

static void
who_takes_from_fields_neither_asks_nor_judges(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct signature s = {"example.org", "ed", NULL};
	struct run r = {.policy = {.trust = AUTHID_TOPMOST, .now = NOW},
	    .envelope = envelope_of("192.0.2.1", "u@example.org", NULL),
	    .dns = dns_of(span_of(zone), a)};
	const struct dns_answer *const *asked;

	run(f, &r, signed_by(f, &s, SPAN("From: a@example.org\n\nbody\n"), a));
	assert_int_equal(r.found.n, 0);
	assert_int_equal(r.found.nresults, 0);
	assert_false(r.found.found);
	assert_false(r.found.has_spf);
	assert_int_equal(dns_asked(r.dns, &asked), 0);
	dns_free(r.dns);
	arena_free(a);
}

static void
signatures_over_the_limit_are_not_judged(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct signature s = {"example.org", "ed", NULL};
	struct run r = {.policy = {.now = NOW},
	    .envelope = envelope_of(NULL, NULL, NULL),
	    .dns = dns_of(span_of(zone), a)};
	struct span text = SPAN("From: a@example.org\n\nbody\n");
	size_t passed = 0;

	for (size_t i = 0; i < LIMIT_SIGNATURES + 1; i++)
		text = arena_span(a, signed_by(f, &s, text, a));
	run(f, &r, text);
	for (size_t i = 0; i < r.found.n; i++)
		passed += r.found.list[i].code == RESULT_PASS;
	assert_int_equal(r.found.n, LIMIT_SIGNATURES + 1);
	assert_int_equal(passed, LIMIT_SIGNATURES);
	assert_int_equal(r.found.list[LIMIT_SIGNATURES].code, RESULT_NEUTRAL);
	dns_free(r.dns);
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(mail_from_is_judged_and_of_a_null_path_the_helo),
	    TEST(an_envelope_that_is_not_known_is_said),
	    TEST(signatures_give_the_domain_of_d_and_of_i),
	    TEST(who_judges_reads_no_fields),
	    TEST(who_takes_from_fields_neither_asks_nor_judges),
	    TEST(signatures_over_the_limit_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
