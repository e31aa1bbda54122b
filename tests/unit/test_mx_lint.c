/* test_mx_lint: the findings about MX records, and the line for people. */
/* SPDX-License-Identifier: ISC */

#include "fixture_finding.h"

#include "base/limit.h"
#include "lint/mx_lint.h"

/* A zone with the origin example.org (@). Findings as of text_of(), with "!"
 * before errors and "-" before notes. */
struct mx_case {
	const char *zone, *findings, *words;
};

static struct span
leveled(const struct findings *f, struct arena *a)
{
	static const char *const marks[] = {[FINDING_NOTE] = "-",
	    [FINDING_WARNING] = "",
	    [FINDING_ERROR] = "!"};
	struct buf b = BUF(a);

	for (size_t i = 0; i < f->n; i++) {
		struct findings one = *f;

		one.list = &f->list[i];
		one.n = 1;
		assert_string_equal(f->list[i].section, "mx");
		buf_str(&b, i ? "|" : "");
		buf_str(&b, marks[f->list[i].level]);
		buf_add(&b, text_of(&one, SPAN("example.org"), a));
	}
	return buf_span(&b);
}

static void
check(const struct mx_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(
		    arena_printf(a, "$ORIGIN example.org.\n%s\n", c[i].zone),
		    a);
		struct mx_lint l;

		mx_lint_prefetch(d, SPAN("example.org"));
		mx_lint(SPAN("example.org"), d, a, &l);
		same(c[i].zone, leveled(&l.findings, a), c[i].findings);
		same(c[i].zone, l.words, c[i].words);
		dns_free(d);
		arena_free(a);
	}
}

static void
sound_domains_have_no_findings(void **state)
{
	static const struct mx_case cases[] = {
	    {"@ MX 10 mx\nmx A 192.0.2.1", "", "mx.example.org"},
	    {"@ MX 10 mx\nmx AAAA 2001:db8::1", "", "mx.example.org"},
	    {"@ MX 10 @\n@ A 192.0.2.1", "", "example.org"},
	    {"@ MX 10 mx.a.b\nmx.a.b A 192.0.2.1", "", "mx.a.b.example.org"},
	    {"@ MX 20 b.test.\n@ MX 10 c.test.\n@ MX 20 a.test.\n"
	     "a.test. A 192.0.2.1\nb.test. A 192.0.2.1\nc.test. A 192.0.2.1",
		"", "c.test, a.test, b.test"},
	    {"@ MX 10 mx\n@ MX 20 mx\nmx A 192.0.2.1", "", "mx.example.org"},
	    {"@ CNAME b.test.\nb.test. MX 1 c.test.\nc.test. A 192.0.2.1", "",
		"c.test"},
	    {"@ MX 0 .", "", "a null MX: it gets no mail"},
	    {"@ MX 0 .\n@ A 192.0.2.1", "", "a null MX: it gets no mail"},
	    {"@ A 192.0.2.1", "",
		"no MX record: mail goes to the addresses of the domain"},
	    {"@ TXT x", "", "neither MX record nor address: it gets no mail"},
	    {"x.test. TXT x", "", "no such name: it gets no mail"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
mail_is_lost_if_no_host_gets_it(void **state)
{
	static const struct mx_case cases[] = {
	    {"@ MX 10 mx\nmx TXT x",
		"!no-address: mx.example.org (neither A nor AAAA)",
		"mx.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 @", "!no-address: example.org (neither A nor AAAA)",
		"example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 mx", "!no-address: mx.example.org (no such name)",
		"mx.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 mx\n@ MX 20 ok\nok A 192.0.2.1",
		"no-address: mx.example.org (no such name)",
		"mx.example.org, ok.example.org; 1 of 2 cannot get mail"},
	    {"@ MX 10 mx\n@ MX 20 ns",
		"!no-address: mx.example.org (no such name)|"
		"!no-address: ns.example.org (no such name)",
		"mx.example.org, ns.example.org; 2 of 2 cannot get mail"},
	    /* It is not known that all of it is lost. */
	    {"@ MX 10 mx\n@ MX 20 t\n;!TIMEOUT t A",
		"no-address: mx.example.org (no such name)|"
		"-dns-failure: t.example.org (timeout)",
		"mx.example.org, t.example.org; 1 of 2 cannot get mail; "
		"of 1 it is not known"},
	    {"@ MX 10 mx\\.a\\.b",
		"!no-address: mx\\046a\\046b.example.org "
		"(not a name of a host)",
		"mx\\046a\\046b.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 mx.a.test\nx TXT x",
		"!no-address: mx.a.test.example.org (no such name; in a zone "
		"file, is the final dot missing?)",
		"mx.a.test.example.org; 1 of 1 cannot get mail"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
mistakes_in_names_are_told(void **state)
{
	static const struct mx_case cases[] = {
	    {"@ MX 10 192.0.2.1.", "!address-as-host: 192.0.2.1 (no such name)",
		"192.0.2.1; 1 of 1 cannot get mail"},
	    {"@ MX 10 192.0.2.1\n@ MX 20 mx\nmx A 192.0.2.1",
		"address-as-host: 192.0.2.1.example.org (no such name)",
		"192.0.2.1.example.org, mx.example.org; "
		"1 of 2 cannot get mail"},
	    {"@ MX 10 2001:db8::1.",
		"!address-as-host: 2001:db8::1 (no such name)",
		"2001:db8::1; 1 of 1 cannot get mail"},
	    {"@ MX 10 mx.example.org\nmx A 192.0.2.1",
		"!missing-dot: mx.example.org.example.org (no such name)",
		"mx.example.org.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 example.org\n@ MX 20 mx\nmx A 192.0.2.1",
		"missing-dot: example.org.example.org (no such name)",
		"example.org.example.org, mx.example.org; "
		"1 of 2 cannot get mail"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

/* A name that others can register is an error beside hosts that work, too. */
static void
hosts_that_others_can_take_are_errors(void **state)
{
	static const struct mx_case cases[] = {
	    {"@ MX 10 gone.test.", "!dangling: gone.test (no such name)",
		"gone.test; 1 of 1 cannot get mail"},
	    {"@ MX 10 mx\n@ MX 20 gone.test.\nmx A 192.0.2.1",
		"!dangling: gone.test (no such name)",
		"mx.example.org, gone.test; 1 of 2 cannot get mail"},
	    {"@ MX 10 mx\nmx CNAME gone.test.",
		"!dangling: mx.example.org (CNAME gone.test: no such name)|"
		"cname-target: mx.example.org (CNAME gone.test)",
		"mx.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 10 a.test.\na.test. TXT x",
		"!no-address: a.test (neither A nor AAAA)",
		"a.test; 1 of 1 cannot get mail"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
aliases_and_null_mx_beside_others_are_warnings(void **state)
{
	static const struct mx_case cases[] = {
	    {"@ MX 10 mx\nmx CNAME a.test.\na.test. A 192.0.2.1",
		"cname-target: mx.example.org (CNAME a.test)",
		"mx.example.org"},
	    {"@ MX 10 mx\nmx CNAME a.test.\na.test. TXT x",
		"!no-address: mx.example.org (CNAME a.test: neither A nor "
		"AAAA)|cname-target: mx.example.org (CNAME a.test)",
		"mx.example.org; 1 of 1 cannot get mail"},
	    {"@ MX 0 .\n@ MX 10 mx\nmx A 192.0.2.1", "null-mx-beside",
		"mx.example.org"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
dns_failures_are_notes(void **state)
{
	static const struct mx_case cases[] = {
	    {";!TIMEOUT @ MX", "-dns-failure: timeout", "not known: timeout"},
	    {";!SERVFAIL @ A\n@ TXT x", "-dns-failure: A and AAAA",
		"not known: its addresses"},
	    {"@ MX 10 mx\n;!SERVFAIL mx A\nmx TXT x",
		"-dns-failure: mx.example.org (SERVFAIL)",
		"mx.example.org; of 1 it is not known"},
	    {"@ MX 10 mx\n;!SERVFAIL mx AAAA\nmx TXT x",
		"-dns-failure: mx.example.org (SERVFAIL)",
		"mx.example.org; of 1 it is not known"},
	    {"@ MX 10 mx\n;!SERVFAIL mx AAAA\nmx A 192.0.2.1", "",
		"mx.example.org"},
	    {"@ MX 10 mx\nmx CNAME mx",
		"-dns-failure: mx.example.org (CNAME loop or chain too long)",
		"mx.example.org; of 1 it is not known"},
	};

	(void)state;
	check(cases, COUNT(cases));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d =
		    dns_of(arena_printf(
			       a, "$ORIGIN example.org.\n%s\n", cases[i].zone),
			a);
		struct mx_lint l;

		mx_lint(SPAN("example.org"), d, a, &l);
		assert_int_equal(finding_verdict(&l.findings),
		    *cases[i].findings ? RESULT_TEMPERROR : RESULT_PASS);
		dns_free(d);
		arena_free(a);
	}
}

/* Findings are about the record, whose place is known. */
static void
findings_know_their_record(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("$ORIGIN example.org.\n"
				    "@ MX 20 (\nb )\n"
				    "@ MX 10 a\n"
				    "@ MX 0 .\n"
				    "a CNAME b\n"
				    "b CNAME gone.test.\n"),
	    a);
	static const size_t lines[] = {5, 4, 4, 2, 2};
	struct mx_lint l;

	(void)state;
	mx_lint(SPAN("example.org"), d, a, &l);
	same("findings", leveled(&l.findings, a),
	    "null-mx-beside|"
	    "!dangling: a.example.org (CNAME gone.test: no such name)|"
	    "cname-target: a.example.org (CNAME gone.test)|"
	    "!dangling: b.example.org (CNAME gone.test: no such name)|"
	    "cname-target: b.example.org (CNAME gone.test)");
	for (size_t i = 0; i < l.findings.n; i++)
		assert_int_equal(l.findings.list[i].record->line, lines[i]);
	assert_int_equal(l.nrecords, 3);
	assert_int_equal(l.nhosts, 2);
	assert_int_equal(l.gets_mail, MAIL_HOST_MX);
	same("first host", l.hosts[0].name, "a.example.org");
	dns_free(d);
	arena_free(a);
}

/* Returns a domain with n hosts that have an address. */
static struct span
many_hosts(size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "$ORIGIN example.org.\n");
	for (size_t i = 0; i < n; i++)
		buf_printf(
		    &b, "@ MX %zu mx%zu\nmx%zu A 192.0.2.1\n", i % 65536, i, i);
	return buf_span(&b);
}

static void
hosts_over_the_limit_are_counted(void **state)
{
	static const struct {
		size_t n;
		const char *findings;
	} cases[] = {
	    {LIMIT_MX_HOSTS, ""},
	    {LIMIT_MX_HOSTS + 1, "many-hosts: 21 hosts"},
	    {4000, "many-hosts: 4000 hosts"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(many_hosts(cases[i].n, a), a);
		const struct dns_answer *const *asked;
		struct mx_lint l;

		mx_lint(SPAN("example.org"), d, a, &l);
		same("findings", leveled(&l.findings, a), cases[i].findings);
		assert_int_equal(l.nhosts, LIMIT_MX_HOSTS);
		assert_int_equal(l.nrecords, cases[i].n);
		assert_int_equal(dns_asked(d, &asked), 1 + 2 * LIMIT_MX_HOSTS);
		assert_true(l.words.len < 2 * LIMIT_SHOWN_LIST);
		same("words", span_from(l.words, l.words.len - 12),
		    ", and 6 more");
		dns_free(d);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sound_domains_have_no_findings),
	    cmocka_unit_test(mail_is_lost_if_no_host_gets_it),
	    cmocka_unit_test(mistakes_in_names_are_told),
	    cmocka_unit_test(hosts_that_others_can_take_are_errors),
	    cmocka_unit_test(aliases_and_null_mx_beside_others_are_warnings),
	    cmocka_unit_test(dns_failures_are_notes),
	    cmocka_unit_test(findings_know_their_record),
	    cmocka_unit_test(hosts_over_the_limit_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
