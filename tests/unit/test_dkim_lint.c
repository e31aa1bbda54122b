/* test_dkim_lint: whether the keys of a domain are sound, and the changes that
 * make them so. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"
#include "fixture_key.h"

#include "lint/dkim_lint.h"

#define DOMAIN SPAN("example.org")
#define RSA    " TXT \"v=DKIM1; k=rsa; p=@rsa2048:200@\" \"@rsa2048+200@\"\n"
#define ED     " TXT \"v=DKIM1; k=ed25519; p=@ed@\"\n"
#define SMALL  " TXT \"v=DKIM1; k=rsa; p=@rsa1024@\"\n"
#define GONE   " TXT \"v=DKIM1; p=\"\n"

/* Names of a zone below _domainkey.example.org, selectors ("~": seen, "?": of a
 * provider), the answer, its proof, and all findings, with the names of keys
 * short. A no is mended by the changes if is_mended. */
struct zone_case {
	const char *zone, *selectors;
	enum answer answer;
	const char *proof, *findings;
	bool is_mended;
};

static size_t
selectors_of(
    const char *text, struct arena *a, struct dkim_lint_selector **list)
{
	struct span rest = span_of(text);
	size_t n = 0;

	*list = NULL;
	while (rest.p && rest.len) {
		struct span word = span_cut(&rest, ' ');
		struct dkim_lint_selector s = {.source = DKIM_LINT_NAMED};

		if (word.p[0] == '~')
			s.source = DKIM_LINT_SEEN;
		if (word.p[0] == '?')
			s.source = DKIM_LINT_PROVIDER;
		s.selector = span_from(word, s.source != DKIM_LINT_NAMED);
		*ARENA_PUSH(a, *list, n) = s;
	}
	return n;
}

/* "ID @s1: WHAT|..." */
static struct span
findings_of(const struct dkim_lint *l, struct arena *a)
{
	struct span text = text_of(&l->findings, DOMAIN, a);
	struct buf b = BUF(a);
	static const struct span end = {"._domainkey.example.org", 23};

	while (text.len) {
		if (span_starts(text, end)) {
			text = span_from(text, end.len);
			continue;
		}
		buf_char(&b, text.p[0]);
		text = span_from(text, 1);
	}
	return buf_span(&b);
}

/* The zone without the lines of the records that a change removes, and with the
 * one that it adds. The first line is the origin. */
static struct span
changed(struct span zone, const struct question_change *c, size_t n,
    struct arena *a)
{
	struct buf b = BUF(a);
	size_t number = 0;

	while (zone.p) {
		struct span line = span_cut(&zone, '\n');
		bool keep = true;

		number++;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < c[i].nremove; k++)
				keep &= c[i].remove[k].line != number;
		if (keep)
			buf_add(&b, line);
		buf_char(&b, '\n');
	}
	for (size_t i = 0; i < n; i++)
		if (c[i].add.p) {
			buf_add(&b, question_zone_line(c[i].name, c[i].add, a));
			buf_char(&b, '\n');
		}
	return buf_span(&b);
}

static void
check_mended(const struct zone_case *c, struct span zone,
    const struct dkim_lint *l, struct arena *a)
{
	const struct question *q = &l->question;
	struct dkim_lint_selector *list;
	size_t n = selectors_of(c->selectors, a, &list);
	struct dkim_lint again;
	struct dns *dns;

	assert_int_equal(q->change != NULL, c->is_mended);
	if (q->answer == ANSWER_NO)
		assert_true(q->mend.len > 0);
	if (!q->change)
		return;
	zone = changed(zone, q->change, 1 + q->nmore, a);
	dns = dns_of(zone, a);
	dkim_lint(dns, a, DOMAIN, list, n, &again);
	if (again.question.answer != ANSWER_YES)
		fail_msg("%s: not mended: " SPAN_FMT, c->zone,
		    SPAN_ARG(again.question.proof));
	dns_free(dns);
}

static void
check_zone(const struct zone_case *c)
{
	struct arena *a = arena_new();
	struct span zone = ARENA_JOIN(a,
	    SPAN("$ORIGIN _domainkey.example.org.\n"), with_keys(c->zone, a));
	struct dns *dns = dns_of(zone, a);
	struct dkim_lint_selector *list;
	size_t n = selectors_of(c->selectors, a, &list);
	struct dkim_lint l;

	dkim_lint(dns, a, DOMAIN, list, n, &l);
	same(c->zone, findings_of(&l, a), c->findings);
	same(c->zone, l.question.proof, c->proof);
	if (l.question.answer != c->answer)
		fail_msg("%s: %s", c->zone, question_answer(l.question.answer));
	check_mended(c, zone, &l, a);
	dns_free(dns);
	arena_free(a);
}

static void
check_zones(const struct zone_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_zone(&c[i]);
}

static void
test_yes(void **state)
{
	static const struct zone_case cases[] = {
	    {"s1" RSA, "s1", ANSWER_YES, "1 sound key: s1 (RSA 2048)", "",
		false},
	    {"s1" RSA "s2" ED, "s1 s2", ANSWER_YES,
		"2 sound keys: s1 (RSA 2048), s2 (Ed25519)", "", false},
	    {"s1" RSA "old" GONE, "s1 old", ANSWER_YES,
		"1 sound key: s1 (RSA 2048); old: revoked", "key-revoked @old",
		false},
	    {"s1" RSA "old" GONE, "s1 ~old ?k1 ~k2", ANSWER_YES,
		"1 sound key: s1 (RSA 2048); old: revoked", "", false},
	    {"s1" RSA "s1" RSA, "s1", ANSWER_YES, "1 sound key: s1 (RSA 2048)",
		"key-duplicate @s1", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
test_no(void **state)
{
	static const struct zone_case cases[] = {
	    {"s2" RSA, "s1", ANSWER_NO, "s1: no key", "no-key @s1", false},
	    {"s1" SMALL, "s1", ANSWER_NO, "s1: key-small, RSA 1024",
		"key-small @s1: 1024 bits", false},
	    {"s1" RSA "s2" SMALL, "s1 ~s2", ANSWER_NO,
		"s2: key-small, RSA 1024", "key-small @s2: 1024 bits", false},
	    {"s1" GONE, "s1", ANSWER_NO, "s1: revoked", "key-revoked @s1",
		false},
	    {"s1 TXT \"v=DKIM1\\\\; k=ed25519\\\\; p=@ed@\"\n", "s1", ANSWER_NO,
		"s1: key-backslash, Ed25519",
		"key-backslash @s1: v=DKIM1\\; k=ed25519\\; p=", true},
	    {"s1 TXT \"v=DKIM1; t=y; k=ed25519; p=@ed@\"\n", "s1", ANSWER_NO,
		"s1: key-testing, Ed25519", "key-testing @s1", true},
	    {"s1 TXT \"p=@ed@\"\ns2 TXT \"v=DKIM1; s=x; k=ed25519; p=@ed@\"\n"
	     "s3" ED,
		"s1 s2 s3", ANSWER_NO,
		"s1: key-type, Ed25519; s2: key-service, Ed25519",
		"key-type @s1: no k=ed25519|key-service @s2: x", true},
	    {"s1 TXT \"p=@ed@\"\ns2" SMALL, "s1 s2", ANSWER_NO,
		"s1: key-type, Ed25519; s2: key-small, RSA 1024",
		"key-type @s1: no k=ed25519|key-small @s2: 1024 bits", false},
	    {"s1" ED "s1 TXT \"k=ed25519; p=@ed@\"\n", "s1", ANSWER_NO,
		"s1: several-keys, Ed25519", "several-keys @s1: 2 records",
		true},
	    {"s1 TXT \"v=DKIM1; k=rsa; p=@rsa2048:200@\"\n"
	     "s1 TXT \"@rsa2048+200@\"\n",
		"s1", ANSWER_NO, "s1: key-truncated, RSA 2048",
		"key-truncated @s1: the rest is in a record of its own", true},
	    {"s1" ED "s1 CNAME x.example.\n", "s1", ANSWER_NO,
		"s1: key-cname, Ed25519",
		"key-cname @s1: a CNAME record to x.example beside a TXT "
		"record",
		true},
	    {"s1 TXT \"p=@ed@\"\ns1 CNAME x.example.\n", "s1", ANSWER_NO,
		"s1: key-type, Ed25519",
		"key-type @s1: no k=ed25519|key-cname @s1: a CNAME record to "
		"x.example beside a TXT record",
		true},
	    {"s1 CNAME k\nk TXT \"p=@ed@\"\n", "s1", ANSWER_NO,
		"s1: key-type, Ed25519", "key-type @s1: no k=ed25519", true},
	    {"s1 CNAME k.other.example.\nk.other.example. TXT \"p=@ed@\"\n",
		"s1", ANSWER_NO, "s1: key-type, Ed25519",
		"key-type @s1: no k=ed25519", false},
	    {"s1 CNAME gone.example.\n", "s1", ANSWER_NO, "s1: key-dangling",
		"key-dangling @s1: gone.example", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
test_hints(void **state)
{
	static const struct zone_case cases[] = {
	    {"s1 CNAME gone.example.\n", "~s1", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s "
		"(no key under s1)",
		"key-dangling @s1: gone.example", false},
	    {"a" ED "s1 CNAME gone.example.\n", "a ?s1", ANSWER_YES,
		"1 sound key: a (Ed25519)", "key-dangling @s1: gone.example",
		false},
	    {"a" ED "mail TXT hello\ns1 CNAME a.example.\na.example. A "
	     "192.0.2.1\n",
		"a ?mail ?s1", ANSWER_YES, "1 sound key: a (Ed25519)", "",
		false},
	    {"a" ED "mail TXT hello\n", "a ~mail", ANSWER_NO, "mail: not-a-key",
		"not-a-key @mail: hello", false},
	    {"s1" GONE, "~s1 ?s2", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s "
		"(no key under s1, s2)",
		"", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
test_unknown(void **state)
{
	static const struct zone_case cases[] = {
	    {"s1" RSA, "", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s",
		"", false},
	    {"s1" RSA ";!SERVFAIL s2._domainkey.example.org. TXT\n", "s1 s2",
		ANSWER_NOT_KNOWN, "s2: dns-servfail",
		"dns-failure @s2: TXT: SERVFAIL", false},
	    {"s1" SMALL ";!TIMEOUT s2._domainkey.example.org. TXT\n", "s1 s2",
		ANSWER_NO, "s1: key-small, RSA 1024",
		"dns-failure @s2: TXT: timeout|key-small @s1: 1024 bits",
		false},
	    {"s1 TXT \"p=@ed@\"\n;!TIMEOUT s2._domainkey.example.org. TXT\n",
		"s1 s2", ANSWER_NO, "s1: key-type, Ed25519",
		"dns-failure @s2: TXT: timeout|key-type @s1: no k=ed25519",
		false},
	    {"s1" RSA ";!SERVFAIL _domainkey.example.org. TXT\n", "s1",
		ANSWER_YES, "1 sound key: s1 (RSA 2048)", "", false},
	    {";!SERVFAIL _domainkey.example.org. TXT\n", "", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s",
		"", false},
	    {"l CNAME l\n", "l", ANSWER_NOT_KNOWN, "l: dns-loop",
		"dns-failure @l: TXT: CNAME loop or chain too long", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

#define EMPTY                                                        \
	"_domainkey.example.org does not exist, so there is no key " \
	"(RFC 8020)"

/* RFC 8020 2 */
static void
test_no_keys(void **state)
{
	static const struct zone_case cases[] = {
	    {"example.org. A 192.0.2.1\n", "", ANSWER_NO, EMPTY,
		"no-keys @_domainkey.example.org", false},
	    {"example.org. A 192.0.2.1\n", "s1 ?google", ANSWER_NO, EMPTY,
		"no-keys @_domainkey.example.org", false},
	    {"s1" ED ";!NXDOMAIN _domainkey.example.org. TXT\n", "s1",
		ANSWER_YES, "1 sound key: s1 (Ed25519)",
		"nxdomain-nonterminal @_domainkey.example.org", false},
	    {"s1" GONE ";!NXDOMAIN _domainkey.example.org. TXT\n", "~s1",
		ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s "
		"(no key under s1)",
		"nxdomain-nonterminal @_domainkey.example.org", false},
	    {";!NXDOMAIN _domainkey.example.org. TXT\n"
	     ";!SERVFAIL s1._domainkey.example.org. TXT\n",
		"s1", ANSWER_NOT_KNOWN, "s1: dns-servfail",
		"dns-failure @s1: TXT: SERVFAIL", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

static void
test_wildcard(void **state)
{
	static const struct zone_case cases[] = {
	    {"* TXT \"v=spf1 -all\"\n", "s1", ANSWER_NO,
		"s1: no key, but a wildcard",
		"no-key @s1: a wildcard answers for all names: v=spf1 -all",
		false},
	    {"*" GONE, "s1", ANSWER_NO, "s1: revoked", "key-revoked @s1",
		false},
	    {"*" GONE, "~s1 ?google", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s "
		"(no key under s1, google)",
		"", false},
	    {"*" ED, "s1", ANSWER_YES, "1 sound key: s1 (Ed25519)", "", false},
	    {"*" ED, "?s1", ANSWER_NOT_KNOWN,
		"no selector is known, and the DNS cannot list them: give -s "
		"(no key under s1)",
		"", false},
	    {"*" GONE "s1" ED, "s1 ?k1", ANSWER_YES,
		"1 sound key: s1 (Ed25519)", "", false},
	    {"* CNAME gone.example.\n", "s1", ANSWER_NO,
		"s1: no key, but a wildcard",
		"no-key @s1: a wildcard answers for all names", false},
	};

	(void)state;
	check_zones(cases, COUNT(cases));
}

#define LONG "a23456789012345678901234567890123456789012345678901234567890123"

/* Sound keys where few look for them: none is a no. */
static void
test_unusual(void **state)
{
	static const char *const cases[][2] = {
	    {"mail.2024" ED, "mail.2024"},
	    {"a.b.c.d.e" ED, "a.b.c.d.e"},
	    {"20261122" ED, "20261122"},
	    {"1" ED, "1"},
	    {"key_one" ED, "key_one"},
	    {"_s1" ED, "_s1"},
	    {LONG ED, LONG},
	    {LONG "." LONG ED, LONG "." LONG},
	    {"MBO0001" ED, "mbo0001"},
	    {"xn--schlssel-95a" ED, "xn--schlssel-95a"},
	    {"s1 CNAME s1.domainkey.u1.wl.mailer.example.\n"
	     "s1.domainkey.u1.wl.mailer.example." ED,
		"s1"},
	    {"s1 CNAME a\na CNAME b\nb CNAME c.example.\nc.example." ED, "s1"},
	    {"selector1 CNAME selector1-x._domainkey.x.onmicrosoft.example.\n"
	     "selector1-x._domainkey.x.onmicrosoft.example." RSA
	     "selector2 CNAME selector2-x._domainkey.x.onmicrosoft.example.\n",
		"?selector1 ?selector2"},
	    {"fm1 CNAME fm1.dkim.example.\nfm1.dkim.example." RSA
	     "fm2 CNAME fm2.dkim.example.\nfm2.dkim.example." GONE
	     "fm3 CNAME fm3.dkim.example.\n",
		"?fm1 ?fm2 ?fm3"},
	    {"r1" RSA "e1" ED, "r1 e1"},
	    {"* TXT \"no such name\"\ns1" ED, "s1"},
	    {"a TXT \"k=ed25519;p=@ed@\"\n", "a"},
	    {"a TXT \"v=DKIM1;k=ed25519;h=sha256;s=email;t=s;p=@ed:20@\" \" "
	     "@ed+20@\"\n",
		"a"},
	    {"a TXT \"site-verification=1\"\nb" ED, "b ?a"},
	    {"a TXT \"v=verify1\"\na" ED, "a"},
	    {"a TXT \"v=DKIM1; n=Key of May; x-y=1; k=ed25519; p=@ed@;\"\n",
		"a"},
	    {"a 60 IN TXT ( \"v=DKIM1; \" \"k=ed25519; \" \"p=@ed@\" )\n", "a"},
	    {"k NS ns.other.example.\na.k" ED, "a.k"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *dns = dns_of(
		    ARENA_JOIN(a, SPAN("$ORIGIN _domainkey.example.org.\n"),
			with_keys(cases[i][0], a)),
		    a);
		struct dkim_lint_selector *list;
		size_t n = selectors_of(cases[i][1], a, &list);
		struct dkim_lint l;

		dkim_lint(dns, a, DOMAIN, list, n, &l);
		if (l.question.answer != ANSWER_YES)
			fail_msg("%s: " SPAN_FMT, cases[i][0],
			    SPAN_ARG(l.question.proof));
		assert_int_not_equal(
		    finding_verdict(&l.findings), RESULT_PERMERROR);
		assert_true(l.has_key);
		dns_free(dns);
		arena_free(a);
	}
}

/* A record that is not yet published. */
static void
test_what_if(void **state)
{
	struct arena *a = arena_new();
	struct dns *dns = dns_of(SPAN("example.org. A 192.0.2.1\n"), a);
	struct dkim_lint_selector s = {.selector = SPAN("s1"),
	    .record = with_keys("v=DKIM1; k=ed25519; p=@ed@", a)};
	struct dkim_lint l;

	(void)state;
	dkim_lint(dns, a, DOMAIN, &s, 1, &l);
	assert_int_equal(l.question.answer, ANSWER_YES);
	assert_int_equal(l.findings.n, 0);
	s.record = with_keys("\"v=DKIM1; k=ed25519; p=@ed@\"", a);
	dkim_lint(dns, a, DOMAIN, &s, 1, &l);
	assert_int_equal(l.question.answer, ANSWER_NO);
	assert_false(l.has_key);
	assert_int_equal(l.question.change->nremove, 0);
	same("add", l.question.change->add,
	    with_keys("v=DKIM1; k=ed25519; p=@ed@", a).p);
	dns_free(dns);
	arena_free(a);
}

/* Lines of -v. */
static void
test_lines(void **state)
{
	static const char *const lines[] = {"s1: RSA 2048, sound",
	    "s2: key-small, RSA 1024", "s3: revoked", "s4: no key",
	    "s5: dns-timeout"};
	struct arena *a = arena_new();
	struct dns *dns = dns_of(
	    with_keys("$ORIGIN _domainkey.example.org.\ns1" RSA "s2" SMALL
		      "s3" GONE ";!TIMEOUT s5._domainkey.example.org. TXT\n",
		a),
	    a);
	struct dkim_lint_selector *list;
	size_t n = selectors_of("?s1 ?s2 ?s3 ?s4 ?s5", a, &list);
	struct dkim_lint l;

	(void)state;
	dkim_lint(dns, a, DOMAIN, list, n, &l);
	assert_int_equal(l.nkeys, COUNT(lines));
	for (size_t i = 0; i < l.nkeys; i++)
		same("line", l.keys[i].line, lines[i]);
	assert_int_equal(l.findings.failed, RESULT_TEMPERROR);
	dns_free(dns);
	arena_free(a);
}

static void
check_guess(const char *host, const char *include, const char *expected)
{
	struct arena *a = arena_new();
	struct span hosts = span_of(host), includes = span_of(include);
	struct dkim_lint_selector *list = NULL;
	struct buf b = BUF(a);
	size_t n = 0;

	dkim_lint_guess(
	    &hosts, host != NULL, &includes, include != NULL, a, &list, &n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(list[i].source, DKIM_LINT_PROVIDER);
		buf_str(&b, i ? " " : "");
		buf_add(&b, list[i].selector);
	}
	same(host ? host : include, buf_span(&b), expected);
	arena_free(a);
}

static void
test_guess(void **state)
{
	(void)state;
	check_guess("aspmx.l.google.com", "_spf.google.com", "google");
	check_guess("example-org.mail.protection.outlook.com", NULL,
	    "selector1 selector2");
	check_guess(NULL, "Servers.MCSV.net.", "k1 k2 k3");
	check_guess(NULL, "%{d}.example.org", "");
	check_guess(
	    NULL, "8012345.spf04.hubspotemail.net", "hs1-8012345 hs2-8012345");
	check_guess("mx.example.org", "_spf.example.org", "");
	check_guess("route1.mx.cloudflare.net", NULL, "cf2024-1");
	check_guess("notgoogle.com", NULL, "");
	check_guess("mxext1.mailbox.org", "spf.messagingengine.com",
	    "mbo0001 mbo0002 mbo0003 mbo0004 fm1 fm2 fm3");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_yes),
	    cmocka_unit_test(test_no),
	    cmocka_unit_test(test_hints),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_no_keys),
	    cmocka_unit_test(test_wildcard),
	    cmocka_unit_test(test_unusual),
	    cmocka_unit_test(test_what_if),
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
