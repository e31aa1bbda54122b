/* test_key_lint: findings in published DKIM keys, and the records that mend
 * them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"
#include "fixture_key.h"

#include "lint/key_lint.h"

#define NAME SPAN("s1._domainkey.example.org")

/* What each key is proposed as. */
#define RSA "v=DKIM1; k=rsa; p=@rsa2048@"
#define ED  "v=DKIM1; k=ed25519; p=@ed@"

/* A record, all findings, and the one proposed, or NULL. */
struct text_case {
	const char *text, *findings, *proposed;
};

static void
check_text(const struct text_case *c)
{
	struct arena *a = arena_new();
	struct span text = with_keys(c->text, a);
	struct key_lint l;

	key_lint_text(NAME, text, NULL, a, &l);
	same(c->text, text_of(&l.findings, NAME, a),
	    with_keys(c->findings, a).p);
	assert_int_equal(l.state == KEY_LINT_SOUND, !key_lint_worst(&l));
	if (c->proposed)
		same(c->text, l.proposed, with_keys(c->proposed, a).p);
	else if (l.proposed.p)
		fail_msg(
		    "%s: proposed: " SPAN_FMT, c->text, SPAN_ARG(l.proposed));
	if (l.proposed.p) {
		assert_true(l.mend.p);
		key_lint_text(NAME, l.proposed, NULL, a, &l);
		assert_int_equal(l.state, KEY_LINT_SOUND);
		assert_int_equal(l.findings.n, 0);
		assert_true(l.is_usable);
	}
	arena_free(a);
}

static void
check_texts(const struct text_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_text(&c[i]);
}

static void
test_sound(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; k=rsa; p=@rsa2048@", "", NULL},
	    {"v=DKIM1;k=rsa;p=@rsa2048@;", "", NULL},
	    {"k=rsa; p=@rsa2048@", "", NULL},
	    {"p=@rsa2048@", "", NULL},
	    {"p=@rsa2048-bare@", "", NULL},
	    {"v = DKIM1 ; p = @rsa2048@ ; ", "", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed@", "", NULL},
	    {"v=DKIM1; h=sha256; s=email; t=s; k=ed25519; p=@ed@", "", NULL},
	    {"v=DKIM1; h=sha1:sha256; s=*; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; t=; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; n=of \"May\" \xe2\x80\x93 (new); x=1; p=@rsa2048@", "",
		NULL},
	    {"v=DKIM1; g=*; p=@rsa2048@", "", NULL},
	    {"v=DKIM1; p=@rsa2048:64@ @rsa2048+64@", "key-blanks", NULL},
	    {"v=DKIM1; p=@rsa2048:64@\r\n @rsa2048+64@", "key-blanks", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_copied(void **state)
{
	static const struct text_case cases[] = {
	    {"\"v=DKIM1; k=rsa; p=@rsa2048@\"",
		"key-quotes: \"v=DKIM1; k=rsa; p=MIIBI", RSA},
	    {"\"v=DKIM1; k=rsa; p=@rsa2048:200@\" \"@rsa2048+200@\"",
		"key-quotes: \"v=DKIM1; k=rsa; p=MIIBI", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048:200@\" \"@rsa2048+200@",
		"key-quotes: eT7+hDQUL1\" \"bvAAIYD+Npa", RSA},
	    {"s1._domainkey IN TXT ( \"v=DKIM1; k=rsa; p=@rsa2048:200@\" "
	     "\"@rsa2048+200@\" )",
		"key-quotes: IN TXT ( \"v=DKIM1; k=rs", RSA},
	    {"'v=DKIM1; k=rsa; p=@rsa2048@'",
		"key-quotes: 'v=DKIM1; k=rsa; p=MIIBI", RSA},
	    {"v=DKIM1\\; k=rsa\\; p=@rsa2048@",
		"key-backslash: v=DKIM1\\; k=rsa\\; p=MIIB", RSA},
	    {"\\\"v=DKIM1\\; k=rsa\\; p=@rsa2048@\\\"",
		"key-backslash: \\\"v=DKIM1\\; k=rsa\\; p=MI|key-quotes: "
		"\\\"v=DKIM1\\; k=rsa\\; p=MI",
		RSA},
	    {"v=DKIM1\\059 k=rsa\\059 p=@rsa2048@",
		"key-backslash: v=DKIM1\\059 k=rsa\\059 p=", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048:64@\\n@rsa2048+64@\\n",
		"key-backslash: 7o7txnyNO+\\nZNe7mQcTNOm6|key-pem: line ends",
		RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048:64@\n@rsa2048+64@",
		"key-pem: line ends", RSA},
	    {"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----@rsa2048@-----END "
	     "PUBLIC KEY-----",
		"key-pem: -----BEGIN PUBLIC KEY-----", RSA},
	    {"-----BEGIN PUBLIC KEY----- @rsa2048@ -----END PUBLIC KEY-----",
		"key-pem: -----BEGIN PUBLIC KEY-----", RSA},
	    {"\"v=DKIM1; k=rsa; p=@pkcs1@\"",
		"key-quotes: \"v=DKIM1; k=rsa; p=MIICX|key-private", NULL},
	    {"v=DKIM1; k=rsa; p=\xe2\x80\x8b"
	     "@rsa2048@",
		"unseen-character: U+200B after 'DKIM1; k=rsa; p=' (octet 19)",
		RSA},
	    {"\xe2\x80\x9c"
	     "v=DKIM1; k=rsa; p=@rsa2048@\xe2\x80\x9d",
		"unseen-character: U+201C after '' (octet 1)", RSA},
	    {"v=DKIM1; k=rsa; t=y; p=@rsa2048:200@\" \"@rsa2048+200@\"",
		"key-quotes: eT7+hDQUL1\" \"bvAAIYD+Npa|key-testing", RSA},
	    {"v=DKIM1; k=rsa; h=sha256; s=email; t=y:s; p=@rsa2048:200@\" "
	     "\"@rsa2048+200@",
		"key-quotes: eT7+hDQUL1\" \"bvAAIYD+Npa|key-testing",
		"v=DKIM1; k=rsa; h=sha256; s=email; t=s; p=@rsa2048@"},
	    {"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC "
	     "KEY-----\\n@rsa2048:64@\\n@rsa2048+64@\\n-----END PUBLIC "
	     "KEY-----\\n",
		"key-backslash: C KEY-----\\nMIIBIjANBgkq|key-pem: -----BEGIN "
		"PUBLIC KEY-----",
		RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048@ -----END PUBLIC KEY-----",
		"key-pem: -----END PUBLIC KEY-----", RSA},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_cut_or_doubled(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; k=rsa; p=@rsa2048:300@",
		"key-truncated: 225 octets of 294", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa2048:301@",
		"key-truncated: 225 octets of 294", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa2048:302@",
		"key-truncated: 225 octets of 294", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed:30@", "key-truncated: 21 octets of 32",
		NULL},
	    {"v=DKIM1; k=rsa; p=@rsa2048@v=DKIM1; k=rsa; p=@rsa2048@",
		"key-doubled: E1PwIDAQABv=DKIM1; k=rsa", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048@; v=DKIM1; k=rsa; p=@rsa2048@",
		"key-doubled: PwIDAQAB; v=DKIM1; k=rsa", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048@@rsa2048@", "key-doubled: p=", RSA},
	    {"v=DKIM1; k=ed25519; p=@ed@@ed@", "key-doubled: p=", ED},
	    {"v=DKIM1; k=rsa; p=p=@rsa2048@",
		"key-doubled: k=rsa; p=p=MIIBIjANBgkq", RSA},
	    {"v=DKIM1; v=DKIM1; k=rsa; p=@rsa2048@",
		"key-doubled: v=DKIM1; v=DKIM1; k=rsa;", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048@; p=@rsa1024@",
		"key-doubled: PwIDAQAB; p=MIGfMA0GCSqG", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa2048@@rsa2048:90@", "key-doubled: p=", RSA},
	    {"v=DKIM1; k=ed25519; p=@ed:27@", "key-truncated: 18 octets of 32",
		NULL},
	    {"v=DKIM1; k=rsa; p=@rsa2048:237@",
		"key-truncated: 177 octets of 294, and 255 octets of text, as "
		"many as one string of a record can have",
		NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_private(void **state)
{
	static const struct text_case cases[] = {
	    {"-----BEGIN RSA PRIVATE KEY-----@pkcs1@-----END RSA PRIVATE "
	     "KEY-----",
		"key-private: -----BEGIN RSA PRIVATE KEY-----", NULL},
	    {"v=DKIM1; k=rsa; p=@pkcs1@", "key-private", NULL},
	    {"v=DKIM1; k=rsa; p=@pkcs8@", "key-private", NULL},
	    {"v=DKIM1; k=rsa; p=@pkcs8:300@", "key-private", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed-pkcs8@", "key-private", NULL},
	    {"v=DKIM1; k=rsa; p=b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ==",
		"key-private", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_version(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1 k=rsa p=@rsa2048@",
		"key-version: v=DKIM1 k=rsa "
		"p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA...",
		RSA},
	    {"v=DKIM1 p=@rsa2048@",
		"key-version: v=DKIM1 "
		"p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtzYVsV...",
		RSA},
	    {"v=DKIM1k=rsa;p=@rsa2048@", "key-version: v=DKIM1k=rsa", RSA},
	    {"v=DKIM1, k=rsa, p=@rsa2048@",
		"key-version: v=DKIM1, k=rsa, "
		"p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQ...",
		RSA},
	    {"k=rsa; v=DKIM1; p=@rsa2048@",
		"key-version: v= is not the first tag", RSA},
	    {"v=dkim1; k=rsa; p=@rsa2048@", "key-version: v=dkim1", RSA},
	    {"v=DKIM; k=rsa; p=@rsa2048@", "key-version: v=DKIM", RSA},
	    {"DKIM1; k=rsa; p=@rsa2048@", "key-version: DKIM1", RSA},
	    {"v:DKIM1; k:rsa; p:@rsa2048@", "key-version: v:DKIM1", RSA},
	    {"v=DKIM2; k=rsa; p=@rsa2048@", "key-version: v=DKIM2", RSA},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_syntax(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; K=rsa; P=@rsa2048@", "key-syntax: p= is missing", RSA},
	    {"v=DKIM1; k=rsa p=@rsa2048@", "key-syntax: p= is missing", RSA},
	    {"v=DKIM1; k=ed25519; p=@ed-spki@",
		"key-syntax: p= of an Ed25519 key has the last 32 octets of "
		"its public key file alone",
		ED},
	    {"v=DKIM1; p=@ed-spki@",
		"key-syntax: p= of an Ed25519 key has the last 32 octets of "
		"its public key file alone|key-type: no k=ed25519",
		ED},
	    {"v=DKIM1; k=rsa; p=@p256@",
		"key-syntax: p= is not a public key (91 octets)", NULL},
	    {"v=DKIM1; k=rsa", "key-syntax: p= is missing", NULL},
	    {"v=DKIM1; k=rsa; p", "key-syntax: p has no =", NULL},
	    {"v=DKIM1;; k=rsa; p=@rsa2048@", "key-syntax: a tag is empty", RSA},
	    {"v=DKIM1; k=rsa; p=@rsa2048@;;", "key-syntax: a tag is empty",
		RSA},
	    {"v=DKIM1; k=ed25519; p=AAAA",
		"key-syntax: p= is not a public key (3 octets)", NULL},
	    {"v=DKIM1; k=rsa; p=AAAA!!", "key-syntax: p= is not base64", NULL},
	    {"v=DKIM1; k=rsa; p=ssh-rsa AAAAB3NzaC1yc2E",
		"key-syntax: p= is not base64", NULL},
	    {"v=DKIM1", "key-syntax: p= is missing", NULL},
	    {"v=DKIM1;", "key-syntax: p= is missing", NULL},
	    {"p=@rsa2048@@rsa1024@",
		"key-syntax: p= is not a public key (456 octets)", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed@@ed-spki@",
		"key-syntax: p= is not base64", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_type(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; k=RSA; p=@rsa2048@",
		"key-type: k=RSA, and p= is an rsa key", RSA},
	    {"v=DKIM1; k=rsa-sha256; p=@rsa2048@",
		"key-type: k=rsa-sha256, and p= is an rsa key", RSA},
	    {"v=DKIM1; k=rsa; p=@ed@",
		"key-type: k=rsa, and p= is an ed25519 key", ED},
	    {"v=DKIM1; p=@ed@", "key-type: no k=ed25519", ED},
	    {"v=DKIM1; k=ed25519; p=@rsa2048@",
		"key-type: k=ed25519, and p= is an rsa key", RSA},
	    {"v=DKIM1; k=dsa; p=AAAA", "key-type: k=dsa", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_use(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; k=rsa; p=@e1@", "key-exponent", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa8193@", "key-too-large", NULL},
	    {"v=DKIM1; k=ed25519; p=@ed-one@", "key-weak-point", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa1024@", "key-small: 1024 bits", NULL},
	    {"v=DKIM1; k=rsa; p=@rsa512@", "key-too-small: 512 bits", NULL},
	    {"v=DKIM1; t=y:s; p=@rsa2048@", "key-testing",
		"v=DKIM1; k=rsa; t=s; p=@rsa2048@"},
	    {"v=DKIM1; s=tlsrpt; p=@rsa2048@", "key-service: tlsrpt", RSA},
	    {"v=DKIM1; h=sha1; p=@rsa2048@", "key-hash: sha1", RSA},
	    {"v=DKIM1; h=sha1; s=tlsrpt; t=y; k=rsa; p=@rsa2048@",
		"key-service: tlsrpt|key-hash: sha1|key-testing", RSA},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

static void
test_no_key(void **state)
{
	static const struct text_case cases[] = {
	    {"v=DKIM1; p=", "key-revoked", NULL},
	    {"v=spf1 -all", "not-a-key: v=spf1 -all", NULL},
	    {"hello world", "not-a-key: hello world", NULL},
	    {"u123.wl.sendgrid.net", "key-cname: u123.wl.sendgrid.net", NULL},
	    {"x1.dkim.amazonses.com.", "key-cname: x1.dkim.amazonses.com.",
		NULL},
	    {"s1.domainkey.u123.wl.sendgrid.net.",
		"key-cname: s1.domainkey.u123.wl.sendgrid.net.", NULL},
	    {"v=DMARC1; p=none", "not-a-key: v=DMARC1; p=none", NULL},
	    {"p=", "key-revoked", NULL},
	    {" ", "not-a-key:  ", NULL},
	};

	(void)state;
	check_texts(cases, COUNT(cases));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sound),
	    cmocka_unit_test(test_copied),
	    cmocka_unit_test(test_cut_or_doubled),
	    cmocka_unit_test(test_private),
	    cmocka_unit_test(test_version),
	    cmocka_unit_test(test_syntax),
	    cmocka_unit_test(test_type),
	    cmocka_unit_test(test_use),
	    cmocka_unit_test(test_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
