#include "fixture_message.h"

#include "authres.h"
#include "buf.h"
#include "domain.h"
#include "identity.h"

#define OUR_ID SPAN("mx.example.org")
#define NOW    1700000000

/* One run: what identity_begin() gets, and what came out. */
struct run {
	struct identity_policy policy;
	struct envelope envelope;
	struct dns *dns;
	struct identities found;
};

static int
file_of(struct span text)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	write_to(fd, text);
	return fd;
}

static const char *
path_of(int fd, struct arena *a)
{
	return arena_printf(a, "/proc/self/fd/%d", fd).p;
}

static struct dns *
dns_of(const char *zone, struct arena *a)
{
	int fd = file_of(span_of(zone)), status;
	const char *path = path_of(fd, a);
	struct dns_config config = {.zones = &path, .nzones = 1, .timeout = 1};
	struct span error;
	struct dns *d = dns_new(&config, a, &error, &status);

	close(fd);
	if (!d)
		fail_msg(SPAN_FMT, SPAN_ARG(error));
	dns_begin(d);
	return d;
}

static void
run(struct fixture *f, struct run *r, struct span text)
{
	struct sink *const *sinks;
	struct identity_job *job;
	size_t n;

	assert_int_equal(read_file(f, text), MESSAGE_OK);
	job =
	    identity_begin(&f->m, &r->envelope, r->dns, &r->policy, &sinks, &n);
	assert_int_equal(message_body(&f->m, sinks, n, false), 0);
	identity_end(job, &r->found);
}

/* "spf=pass local@example.org; dkim=pass example.org i=a.example.org", and "-"
 * in front if nothing was there to be taken. */
static const char *
rendered(const struct identities *found, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, found->found ? "" : "-");
	for (size_t i = 0; i < found->n; i++) {
		const struct identity *id = &found->list[i];

		buf_printf(&b, "%s%s=%s ", i ? "; " : "",
		    id->is_spf ? "spf" : "dkim", result_name(id->code));
		buf_add(&b, id->local);
		buf_str(&b, id->local.p ? "@" : "");
		buf_add(&b, id->domain);
		buf_str(&b, id->of_agent ? " of" : "");
		buf_str(&b, id->agent.p ? " i=" : "");
		buf_add(&b, id->agent);
	}
	return arena_cstr(a, buf_span(&b));
}

/*
 * Taking from fields.
 */

static void
check_fields(struct fixture *f, const struct identity_policy *policy,
    const char *header, const char *expect)
{
	struct arena *a = arena_new();
	struct run r = {.policy = *policy};
	const char *got;

	run(f, &r, arena_printf(a, "%sFrom: a@example.org\n\nbody\n", header));
	got = rendered(&r.found, a);
	if (strcmp(got, expect))
		fail_msg("%s\nis %s\nnot %s", header, got, expect);
	assert_int_equal(r.found.results, 0);
	assert_false(r.found.has_spf);
	arena_free(a);
}

struct body {
	const char *body, *expect;
};

/* Each body behind our id. */
static void
check_results(struct fixture *f, bool accept, const struct body *c, size_t n)
{
	const struct identity_policy policy = {.trust = IDENTITY_ID,
	    .trusted_id = OUR_ID,
	    .accept_header_i = accept};

	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();

		check_fields(f, &policy,
		    arena_printf(a,
			"Authentication-Results: mx.example.org; %s\n",
			c[i].body)
			.p,
		    c[i].expect);
		arena_free(a);
	}
}

static void
results_of_dkim_and_of_mail_from_give_identities(void **state)
{
	static const struct body cases[] = {
	    {"none", "-"},
	    {"dkim=none", ""},
	    {"dkim=none header.d=example.org", ""},
	    {"dkim=pass header.d=example.org", "dkim=pass example.org"},
	    {"DKIM=PASS Header.D=EXAMPLE.org", "dkim=pass example.org"},
	    {"dkim=pass header.d=example.org.", "dkim=pass example.org"},
	    {"dkim=pass header.d=\"example.org\"", "dkim=pass example.org"},
	    {"dkim=pass header.d=@example.org", "dkim=pass example.org"},
	    {"dkim=pass header.d=m\xc3\xbchle.example",
		"dkim=pass xn--mhle-0ra.example"},
	    {"dkim=pass header.d=xn--mhle-0ra.example",
		"dkim=pass xn--mhle-0ra.example"},
	    {"dkim=pass header.d=example.org header.i=u@a.example.org",
		"dkim=pass example.org i=a.example.org"},
	    {"dkim=pass header.d=example.org header.i=@EXAMPLE.org",
		"dkim=pass example.org i=example.org"},
	    {"dkim=pass header.d=example.org header.i=@example.net",
		"dkim=pass example.org"},
	    {"dkim=temperror header.d=example.org",
		"dkim=temperror example.org"},
	    {"dkim=pass header.d=a.example; dkim=fail header.d=b.example;"
	     " spf=softfail smtp.mailfrom=c.example",
		"dkim=pass a.example; dkim=fail b.example;"
		" spf=softfail c.example"},
	    {"spf=pass smtp.mailfrom=example.org", "spf=pass example.org"},
	    {"spf=pass smtp.mailfrom=@example.org", "spf=pass example.org"},
	    {"spf=pass smtp.mailfrom=u@example.org", "spf=pass u@example.org"},
	    {"spf=pass smtp.mailfrom=\"u@Example.Org\"",
		"spf=pass u@example.org"},
	    {"spf=pass smtp.mailfrom=\"a b\"@example.org",
		"spf=pass a b@example.org"},
	    {"spf=pass smtp.mailfrom=postmaster@helo.example",
		"spf=pass postmaster@helo.example"},
	    {"spf=pass smtp.mailfrom=u@example.org smtp.helo=helo.example",
		"spf=pass u@example.org"},
	    {"spf=temperror smtp.mailfrom=u@example.org",
		"spf=temperror u@example.org"},
	    {"spf=none smtp.mailfrom=u@example.org", "spf=none u@example.org"},
	    {"spf/1=pass smtp.mailfrom=a.example; dkim / 1 = pass header . d"
	     " = b.example",
		"spf=pass a.example; dkim=pass b.example"},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
what_names_no_domain_gives_no_identity(void **state)
{
	static const struct body cases[] = {
	    {"dkim=pass", ""},
	    {"dkim=neutral reason=\"tag-syntax\"", ""},
	    {"dkim=pass header.d=\"a b.example\"", ""},
	    {"dkim=pass header.d=\"\"", ""},
	    {"dkim=pass header.d=\"example.org\\\n;\"", "-"},
	    {"dkim=pass header.d=\"example.org, example.net\"", ""},
	    {"dkim=pass header.d=\"u@example.org\\\" \"", ""},
	    {"dkim=pass header.d=example..org", ""},
	    {"dkim=pass header.d=xn--0", ""},
	    {"dkim=pass header.d=a.example header.d=b.example", ""},
	    {"dkim=pass header.d=a.example header.d=a.example", ""},
	    {"dkim=pass header.i=@example.org", ""},
	    {"dkim=pass smtp.d=a.example policy.d=b.example", ""},
	    {"spf=pass", ""},
	    {"spf=pass header.d=example.org", ""},
	    {"spf=pass smtp.mailfrom=\"<u@example.org>\"", ""},
	    {"spf=pass smtp.mailfrom=\"u@[192.0.2.1]\"", ""},
	    {"spf=pass smtp.mailfrom=\"\" smtp.helo=helo.example", ""},
	    {"spf=pass smtp.mailfrom=a.example smtp.mailfrom=b.example", ""},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
what_is_no_result_is_not_taken(void **state)
{
	static const struct body cases[] = {
	    {"dmarc=pass header.from=example.org", "-"},
	    {"dkim-adsp=pass header.d=example.org", "-"},
	    {"spf=pass smtp.helo=example.org", "-"},
	    {"dkim=passed header.d=example.org", "-"},
	    {"dkim=hardfail header.d=example.org", "-"},
	    {"dkim/2=pass header.d=example.org", "-"},
	    {"spf/0=pass smtp.mailfrom=example.org", "-"},
	    {"dkim=fail reason=\"dkim=pass header.d=evil.example\""
	     " header.d=example.org",
		"dkim=fail example.org"},
	    {"dkim=none reason=\"x; dkim=pass header.d=evil.example\"", ""},
	    {"dkim=fail (x; dkim=pass header.d=evil.example)", ""},
	    {"spf=fail smtp.mailfrom=\"x; dkim=pass header.d=e.example\"", ""},
	    {"spf=fail smtp.mailfrom=\"; dkim=pass header.d=evil.example\""
	     "@a.example",
		"spf=fail ; dkim=pass header.d=evil.example@a.example"},
	    {"spf=fail smtp.mailfrom=x@victim.example@evil.example", "-"},
	    {"dkim=pass header.d=example.org; x", "-"},
	    {"dkim=pass header.d=example.org (", "-"},
	};

	check_results(*state, false, cases, COUNT(cases));
}

static void
header_i_stands_in_for_a_missing_header_d_alone(void **state)
{
	static const struct body cases[] = {
	    {"dkim=pass header.i=@example.org",
		"dkim=pass example.org of i=example.org"},
	    {"dkim=pass header.i=\"u@A.Example.org\"",
		"dkim=pass a.example.org of i=a.example.org"},
	    {"dkim=pass header.i=example.org",
		"dkim=pass example.org of i=example.org"},
	    {"dkim=none header.i=@example.org", ""},
	    {"dkim=pass header.i=@a.example header.i=@b.example", ""},
	    {"dkim=pass header.i=x header.d=example.org",
		"dkim=pass example.org"},
	    {"dkim=pass header.i=@a.example header.d=\"-\"", ""},
	    {"dkim=pass header.i=@a.example header.d=b.example"
	     " header.d=c.example",
		""},
	    {"spf=pass header.i=@example.org", ""},
	};

	check_results(*state, true, cases, COUNT(cases));
}

/* What stands for an id, and whether it is ours. */
static void
only_our_id_itself_is_trusted(void **state)
{
	static const struct {
		struct span id;
		bool ours;
	} cases[] = {
	    {S("mx.example.org"), true},
	    {S("MX.Example.ORG"), true},
	    {S("mx.example.org."), true},
	    {S("\"mx.example.org\""), true},
	    {S("(evil.example) mx.example.org (evil.example)"), true},
	    {S("\n mx.example.org 1"), true},
	    {S("mx.example.org 2"), false},
	    {S("mx.example.org 0"), false},
	    {S("mx.example.org x"), false},
	    {S("(mx.example.org) evil.example"), false},
	    {S("evil.example (mx.example.org)"), false},
	    {S("mx.example.org.evil.example"), false},
	    {S("evil-mx.example.org"), false},
	    {S("evil.mx.example.org"), false},
	    {S("example.org"), false},
	    {S("mx.example.org/1"), false},
	    {S("mx. example.org"), false},
	    {S("mx.(c)example.org"), false},
	    {S("\"mx.example.org \""), false},
	    {S("\"mx.example.org\\\0\""), false},
	    {S("\"mx.example.org..\""), false},
	    {S("mx.ex\xd0\xb0mple.org"), false},
	    {S("mx\xe2\x80\x8b.example.org"), false},
	    {S("m\xc2\xadx.example.org"), false},
	    {S("\xef\xbd\x8dx.example.org"), false},
	    {S("\"mx.example.org\0\""), false},
	    {S("mx\xe3\x80\x82"
	       "example.org"),
		false},
	    {S("\"\""), false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {
		    .policy = {.trust = IDENTITY_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		buf_str(&b, "Authentication-Results: ");
		buf_add(&b, cases[i].id);
		buf_str(&b, "; dkim=pass header.d=a.example\n\n");
		run(*state, &r, buf_span(&b));
		if (r.found.found != cases[i].ours ||
		    (r.found.n == 1) != cases[i].ours)
			fail_msg(SPAN_FMT, SPAN_ARG(cases[i].id));
		/* What is trusted is removed where it is not. */
		b.len = 0;
		buf_add(&b, cases[i].id);
		buf_str(&b, "; none");
		if (cases[i].ours)
			assert_true(authres_bears_id(buf_span(&b), OUR_ID, a));
		arena_free(a);
	}
}

static void
an_id_in_u_labels_is_compared_in_a_labels(void **state)
{
	const struct identity_policy policy = {
	    .trust = IDENTITY_ID, .trusted_id = SPAN("xn--mhle-0ra.example")};

	check_fields(*state, &policy,
	    "Authentication-Results: m\xc3\xbchle.example; dkim=none\n", "");
	check_fields(*state, &policy,
	    "Authentication-Results: XN--mhle-0ra.example; dkim=none\n", "");
	check_fields(*state, &policy,
	    "Authentication-Results: M\xc3\x9chle.example; dkim=none\n", "-");
	check_fields(*state, &policy,
	    "Authentication-Results: muhle.example; dkim=none\n", "-");
}

static void
no_id_is_no_empty_id(void **state)
{
	const struct identity_policy policy = {.trust = IDENTITY_ID};

	check_fields(*state, &policy,
	    "Authentication-Results: \"\"; dkim=pass header.d=a.example\n",
	    "-");
}

static void
fields_of_our_id_count_wherever_they_stand(void **state)
{
	static const struct body cases[] = {
	    {"Authentication-Results: mx.example.org; spf=pass"
	     " smtp.mailfrom=a.example\n"
	     "Authentication-Results: evil.example; dkim=pass"
	     " header.d=evil.example\n"
	     "Subject: x\n"
	     "authentication-results: mx.example.org;\r\n\tdkim=pass"
	     " header.d=b.example\r\n"
	     "Authentication-Results: mx.example.org; dkim=pass"
	     " header.d=c.example; broken\n",
		"spf=pass a.example; dkim=pass b.example"},
	    {"Authentication-Results : mx.example.org; dkim=pass"
	     " header.d=a.example\n",
		"-"},
	    {"X-Authentication-Results: mx.example.org; dkim=none\n"
	     "ARC-Authentication-Results: mx.example.org; dkim=none\n"
	     "Authentication-Result: mx.example.org; dkim=none\n",
		"-"},
	    {"Subject: x\n Authentication-Results: mx.example.org;"
	     " dkim=none\n",
		"-"},
	    {"", "-"},
	};
	const struct identity_policy policy = {
	    .trust = IDENTITY_ID, .trusted_id = OUR_ID};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_fields(*state, &policy, cases[i].body, cases[i].expect);
}

static void
the_topmost_field_counts_alone(void **state)
{
	static const struct body cases[] = {
	    {"Subject: x\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=a.example\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=evil.example\n",
		"dkim=pass a.example"},
	    {"Authentication-Results: any.example; dmarc=none\n"
	     "Authentication-Results: any.example; dkim=pass"
	     " header.d=evil.example\n",
		"-"},
	    {"Authentication-Results: cannot be parsed\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	    {"Authentication-Results : any.example; dkim=none\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	    {"Authentication-Results: any.example 2; dkim=none\n"
	     "Authentication-Results: any.example; dkim=none\n",
		"-"},
	};
	const struct identity_policy policy = {.trust = IDENTITY_TOPMOST};

	for (size_t i = 0; i < COUNT(cases); i++)
		check_fields(*state, &policy, cases[i].body, cases[i].expect);
}

static void
the_topmost_field_may_lack_its_id(void **state)
{
	static const struct body cases[] = {
	    {"spf=pass (sender IP is 192.0.2.1)\n"
	     " smtp.mailfrom=a.example; dkim=pass (signature was verified)\n"
	     " header.d=b.example;dmarc=pass action=none\n"
	     " header.from=a.example;compauth=pass reason=100",
		"spf=pass a.example; dkim=pass b.example"},
	    {"dmarc=fail action=oreject; DKIM = fail header.d=a.example;\n ",
		"dkim=fail a.example"},
	    {"spf=none (a; dkim=pass header.d=evil.example)"
	     " smtp.mailfrom=\"; dkim=pass header.d=evil.example;\"@a.example",
		"spf=none ; dkim=pass header.d=evil.example;@a.example"},
	    {"x=y (; dkim=pass header.d=evil.example); dkim=none", ""},
	    {"x=\"; dkim=pass header.d=evil.example\"; dkim=none", ""},
	    {"dkim=pass header.d=a.example", "dkim=pass a.example"},
	    {"dmarc=none action=none", "-"},
	    {"dkim=pass header.d=a.example action=none", "-"},
	    {"dkim=pass header.d=a.example; spf=pass x", "-"},
	    {"dkim=pass header.d=a.example; none", "-"},
	    {"dkim=pass header.d=a.example;; spf=none", "-"},
	    {"any.example; dkim=pass header.d=a.example; dmarc=x action=y",
		"-"},
	    {"x=y (open; dkim=none", "-"},
	    {"x=\"open; dkim=none", "-"},
	    {";", "-"},
	    {"", "-"},
	};
	static const enum identity_trust trust[] = {
	    IDENTITY_TOPMOST, IDENTITY_ID};

	for (size_t i = 0; i < 2 * COUNT(cases); i++) {
		const struct body *c = &cases[i / 2];
		const struct identity_policy policy = {
		    .trust = trust[i % 2], .trusted_id = OUR_ID};
		struct arena *a = arena_new();

		check_fields(*state, &policy,
		    arena_printf(a, "Authentication-Results: %s\n", c->body).p,
		    i % 2 ? "-" : c->expect);
		arena_free(a);
	}
}

static struct span
repeated_fields(size_t fields, size_t results, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < fields; i++) {
		buf_str(&b, "Authentication-Results: mx.example.org");
		for (size_t k = 0; k < results; k++)
			buf_str(&b, ";\n dkim=pass header.d=a.example");
		buf_char(&b, '\n');
	}
	buf_char(&b, '\n');
	return buf_span(&b);
}

static void
what_is_over_a_limit_is_counted_and_gives_nothing(void **state)
{
	static const struct {
		size_t fields, results, n, left_out;
	} cases[] = {
	    {1, 1, 1, 0},
	    {1, 16, 16, 0},
	    {1, 17, 17, 0},
	    {LIMIT_IDENTITIES, 1, LIMIT_IDENTITIES, 0},
	    {LIMIT_IDENTITIES + 1, 1, LIMIT_IDENTITIES, 1},
	    {1, LIMIT_AUTHRES_RESULTS, LIMIT_IDENTITIES, 0},
	    {2, LIMIT_AUTHRES_RESULTS, LIMIT_IDENTITIES, LIMIT_IDENTITIES},
	    {1, LIMIT_AUTHRES_RESULTS + 1, 0, 0},
	    {1, 100000, 0, 0},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r = {
		    .policy = {.trust = IDENTITY_ID, .trusted_id = OUR_ID}};
		struct arena *a = arena_new();

		run(*state, &r,
		    repeated_fields(cases[i].fields, cases[i].results, a));
		assert_int_equal(r.found.n, cases[i].n);
		assert_int_equal(r.found.left_out, cases[i].left_out);
		assert_int_equal(r.found.found, cases[i].n > 0);
		arena_free(a);
	}
}

/*
 * Judging.
 */

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
	bool open_to_others;
	struct key_private *key = key_load(&source, &open_to_others, &error);

	close(fd);
	assert_non_null(key);
	return key;
}

struct signature {
	const char *domain, *selector, *identity;
};

/* The text with a signature on top. */
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
	    .identity = span_of(s->identity)};
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
	struct signature signature; /* domain == NULL: none */
	const char *added;          /* on top of all, or NULL */
};

static void
check_judged(struct fixture *f, const struct judged *c, bool explain)
{
	struct arena *a = arena_new();
	struct run r = {
	    .policy = {.receiver = OUR_ID, .now = NOW, .explain = explain},
	    .envelope = envelope_of(c->ip, c->sender, c->helo),
	    .dns = dns_of(zone, a)};
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
	assert_true(r.found.results >= 2);
	assert_string_equal(r.found.result[0].method, "spf");
	assert_string_equal(r.found.result[1].method, "dkim");
	assert_true(
	    span_eq(span_of(r.found.result[0].why.id), span_of(c->spf_id)));
	assert_int_equal(r.found.result[0].explains > 0,
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
		"spf=fail u@example.org", "not-permitted", true, {0}, NULL},
	    {"192.0.2.1", "example.org", NULL,
		"spf=pass postmaster@example.org", NULL, true, {0}, NULL},
	    {"192.0.2.2", "", "helo.example",
		"spf=pass postmaster@helo.example", NULL, true, {0}, NULL},
	    {"192.0.2.1", "", "helo.example",
		"spf=softfail postmaster@helo.example", "hardly-permitted",
		true, {0}, NULL},
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
		"not-permitted", true, {0},
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
	struct run r = {.policy = {.trust = IDENTITY_TOPMOST, .now = NOW},
	    .envelope = envelope_of("192.0.2.1", "u@example.org", NULL),
	    .dns = dns_of(zone, a)};
	const struct dns_answer *const *asked;

	run(f, &r, signed_by(f, &s, SPAN("From: a@example.org\n\nbody\n"), a));
	assert_int_equal(r.found.n, 0);
	assert_int_equal(r.found.results, 0);
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
	    .dns = dns_of(zone, a)};
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
	const struct CMUnitTest tests[] = {
	    TEST(results_of_dkim_and_of_mail_from_give_identities),
	    TEST(what_names_no_domain_gives_no_identity),
	    TEST(what_is_no_result_is_not_taken),
	    TEST(header_i_stands_in_for_a_missing_header_d_alone),
	    TEST(only_our_id_itself_is_trusted),
	    TEST(an_id_in_u_labels_is_compared_in_a_labels),
	    TEST(no_id_is_no_empty_id),
	    TEST(fields_of_our_id_count_wherever_they_stand),
	    TEST(the_topmost_field_counts_alone),
	    TEST(the_topmost_field_may_lack_its_id),
	    TEST(what_is_over_a_limit_is_counted_and_gives_nothing),
	    TEST(mail_from_is_judged_and_of_a_null_path_the_helo),
	    TEST(an_envelope_that_is_not_known_is_said),
	    TEST(signatures_give_the_domain_of_d_and_of_i),
	    TEST(who_judges_reads_no_fields),
	    TEST(who_takes_from_fields_neither_asks_nor_judges),
	    TEST(signatures_over_the_limit_are_not_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
