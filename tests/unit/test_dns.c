/* test_dns: queries, the cache, and records that are set. */
/* SPDX-License-Identifier: ISC */

#include "fixture_answer.h"
#include "fixture_zone.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limit.h"

/* c1 -> c2 -> ... -> c9 -> A: from c2 8 links, from c1 9. */
#define CHAIN                                                               \
	"c1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\n" \
	"c6 CNAME c7\nc7 CNAME c8\nc8 CNAME c9\nc9 CNAME ca\n"              \
	"ca A 192.0.2.1\n"

static void
cnames_are_followed(void **state)
{
	static const struct question cases[] = {
	    {"c2", DNS_A, "data>ca|ca. IN A 192.0.2.1"},
	    {"c1", DNS_A, "CNAME loop or chain too long>c9"},
	    {"c2", DNS_TXT, "no data>ca"},
	    {"C2.", DNS_CNAME, "data|c2. IN CNAME c3."},
	    {"me", DNS_A, "CNAME loop or chain too long"},
	    {"l1", DNS_A, "CNAME loop or chain too long"},
	    {"l1", DNS_CNAME, "data|l1. IN CNAME l2."},
	    {"nx", DNS_A, "no such name>gone"},
	    {"fail", DNS_A, "timeout>t"},
	    {"root", DNS_A, "no data>"},
	    {"both", DNS_A, "data|both. IN A 192.0.2.9"},
	    {"both", DNS_TXT, "no data>ca"},
	    {"x.wild", DNS_A, "data>ca|ca. IN A 192.0.2.1"},
	};
	struct arena *a = arena_new();
	struct dns *d = dns_of(
	    SPAN(CHAIN "me CNAME me\nl1 CNAME l2\nl2 CNAME l1\nnx CNAME gone\n"
		       "fail CNAME t\n;!TIMEOUT t A\nroot CNAME .\n"
		       "both CNAME ca\nboth A 192.0.2.9\n"
		       "*.wild CNAME ca\n"),
	    a);

	(void)state;
	check(d, cases, COUNT(cases));
	dns_free(d);
	arena_free(a);
}

static void
names_that_cannot_be_are_not_asked(void **state)
{
	static const char *const names[] = {"", ".", "..", "a..b", ".a", "a..",
	    "1234567890123456789012345678901234567890123456789012345678901234"};
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("* A 192.0.2.1\nr CNAME ."), a);
	struct buf b = BUF(a);

	(void)state;
	expect(d, "r", DNS_TXT, "no data>");
	for (size_t i = 0; i < COUNT(names); i++)
		expect(d, names[i], DNS_TXT, "not a name");
	for (size_t i = 0; i < LIMIT_DNS_NAME + 1; i++)
		buf_char(&b, i % 2 ? '.' : 'x');
	assert_int_equal(
	    dns_query(d, span_upto(buf_span(&b), LIMIT_DNS_NAME), DNS_A)
		->status,
	    DNS_DATA);
	b.p[LIMIT_DNS_NAME] = 'x';
	b.p[LIMIT_DNS_NAME - 1] = '.';
	assert_int_equal(
	    dns_query(d, buf_span(&b), DNS_A)->status, DNS_BADNAME);
	dns_free(d);
	arena_free(a);
}

static void
set_records_stand_over_what_there_is(void **state)
{
	static const char *const sets[] = {"a TXT v=new", "a A 192.0.2.7",
	    "a A 192.0.2.8", "b CNAME a", "b MX 1 m", "x.new.top A 192.0.2.9",
	    "f TXT set", "l CNAME k"};
	static const struct question cases[] = {
	    {"a", DNS_TXT, "data|a. IN TXT \"v=new\""},
	    {"a", DNS_A, "data|a. IN A 192.0.2.7|a. IN A 192.0.2.8"},
	    {"a", DNS_MX, "data|a. IN MX 5 old."},
	    {"a", DNS_AAAA, "no data"},
	    {"b", DNS_TXT, "data>a|a. IN TXT \"v=new\""},
	    {"b", DNS_MX, "data|b. IN MX 1 m."},
	    {"b", DNS_CNAME, "data|b. IN CNAME a."},
	    {"c", DNS_A, "data>a|a. IN A 192.0.2.7|a. IN A 192.0.2.8"},
	    {"x.new.top", DNS_TXT, "no data"},
	    {"new.top", DNS_TXT, "no data"},
	    {"y.new.top", DNS_TXT, "no such name"},
	    {"f", DNS_TXT, "data|f. IN TXT \"set\""},
	    {"f", DNS_A, "SERVFAIL"},
	    {"k", DNS_A, "CNAME loop or chain too long"},
	};
	struct arena *a = arena_new();
	struct dns_config c = {.sets = sets, .nsets = COUNT(sets)};
	struct dns *d =
	    dns_over(SPAN("a TXT old\na MX 5 old\nb A 192.0.2.1\nc CNAME a\n"
			  ";!SERVFAIL f *\nk CNAME l\n"),
		c, a);

	(void)state;
	check(d, cases, COUNT(cases));
	assert_string_equal(dns_query(d, SPAN("a"), DNS_TXT)->server, "--set");
	assert_string_equal(dns_query(d, SPAN("a"), DNS_MX)->server, "zone");
	dns_free(d);
	arena_free(a);
}

static void
several_zones_are_one_and_doubles_count_once(void **state)
{
	struct arena *a = arena_new();
	int status,
	    fd[] = {file_of(SPAN("a TXT x\na TXT y\nb A 192.0.2.1\n")),
		file_of(SPAN("$ORIGIN A.\n@ TXT x\nq TXT z"))};
	const char *zones[] = {path_of(fd[0], a), path_of(fd[1], a)};
	struct dns_config c = {.zones = zones, .nzones = 2};
	struct span error;
	struct dns *d = dns_new(&c, a, &error, &status);

	(void)state;
	expect(d, "a", DNS_TXT, "data|a. IN TXT \"x\"|a. IN TXT \"y\"");
	expect(d, "b", DNS_A, "data|b. IN A 192.0.2.1");
	expect(d, "q.a", DNS_TXT, "data|q.a. IN TXT \"z\"");
	close(fd[0]);
	close(fd[1]);
	dns_free(d);
	arena_free(a);
}

static void
what_cannot_be_read_is_named(void **state)
{
	static const char *const none[] = {"/nonexistent/zone"},
				 *const directory[] = {"/"},
				 *const set[] = {"a A x"},
				 *const server[] = {"127.0.0.1", "::1#0"},
				 *const host[] = {"localhost"};
	struct arena *names = arena_new();
	int fd = file_of(SPAN("\na X y"));
	const char *const bad[] = {path_of(fd, names)};
	const struct {
		struct dns_config config;
		int status;
		const char *error;
	} cases[] = {
	    {{.zones = none, .nzones = 1}, EX_NOINPUT,
		"/nonexistent/zone: No such file or directory"},
	    {{.zones = directory, .nzones = 1}, EX_NOINPUT,
		"/: Is a directory"},
	    {{.zones = bad, .nzones = 1}, EX_CONFIG, NULL},
	    {{.sets = set, .nsets = 1}, EX_CONFIG,
		"--set: not an address of this type: 'x' in 'a A x'"},
	    {{.servers = server, .nservers = 2}, EX_USAGE,
		"--nameserver: '::1#0' is not ADDRESS[#PORT]"},
	    {{.servers = host, .nservers = 1}, EX_USAGE,
		"--nameserver: 'localhost' is not ADDRESS[#PORT]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span error;
		int status;

		assert_null(dns_new(&cases[i].config, a, &error, &status));
		assert_int_equal(status, cases[i].status);
		if (cases[i].error)
			assert_true(span_eq(error, span_of(cases[i].error)));
		else
			assert_true(span_starts(error, span_of(bad[0])) &&
			    span_casecontains(error, SPAN(":2: not a type")));
		arena_free(a);
	}
	close(fd);
	arena_free(names);
}

static void
a_file_over_the_limit_is_refused(void **state)
{
	struct arena *names = arena_new();
	int fd = file_of(SPAN(";"));
	const char *const zone = path_of(fd, names);
	struct dns_config c = {.zones = &zone, .nzones = 1};

	(void)state;
	for (int over = 0; over < 2; over++) {
		struct arena *a = arena_new();
		struct span error;
		int status;
		struct dns *d;

		/* One line of NULs, a comment. */
		assert_int_equal(ftruncate(fd, LIMIT_FILE + over), 0);
		d = dns_new(&c, a, &error, &status);
		assert_int_equal(status, over ? EX_CONFIG : 0);
		if (d)
			dns_free(d);
		arena_free(a);
	}
	close(fd);
	arena_free(names);
}

static void
questions_are_listed_once_and_until_the_next_message(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("a A 192.0.2.1\n"), a);
	const struct dns_answer *const *list;

	(void)state;
	dns_prefetch(d, SPAN("a"), DNS_TXT);
	dns_query(d, SPAN("b"), DNS_A);
	dns_query(d, SPAN("a"), DNS_A);
	dns_query(d, SPAN("B."), DNS_A);
	dns_query(d, SPAN(".."), DNS_A);
	assert_int_equal(dns_asked(d, &list), 3);
	assert_true(span_eq(list[0]->name, SPAN("b")));
	assert_true(span_eq(list[1]->name, SPAN("a")));
	assert_int_equal(list[2]->status, DNS_BADNAME);
	dns_begin(d);
	assert_int_equal(dns_asked(d, &list), 0);
	dns_query(d, SPAN("a"), DNS_A);
	assert_int_equal(dns_asked(d, &list), 1);
	dns_free(d);
	arena_free(a);
}

static void
the_cache_is_emptied_when_it_is_full(void **state)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN("*.a TXT x\n"), a);

	(void)state;
	for (unsigned i = 0; i <= 3 * LIMIT_DNS_CACHE; i++) {
		char name[32];

		snprintf(name, sizeof(name), "n%u.a", i);
		if (i % 100 == 0)
			dns_begin(d);
		assert_int_equal(
		    dns_query(d, span_of(name), DNS_TXT)->nrecords, 1);
	}
	dns_free(d);
	arena_free(a);
}

static void
a_log_is_a_zone_that_gives_the_same_answers(void **state)
{
	static const struct question asked[] = {
	    {"data", DNS_TXT, ""},
	    {"data", DNS_A, ""},
	    {"odd", DNS_TXT, ""},
	    {"empty", DNS_TXT, ""},
	    {"nodata", DNS_TXT, ""},
	    {"gone", DNS_TXT, ""},
	    {"timeout", DNS_TXT, ""},
	    {"timeout", DNS_MX, ""},
	    {"servfail", DNS_TXT, ""},
	    {"c3", DNS_A, ""},
	    {"c4", DNS_A, ""},
	    {"c4", DNS_TXT, ""},
	    {"nx", DNS_A, ""},
	    {"fail", DNS_TXT, ""},
	    {"*.w", DNS_TXT, ""},
	    {"x.w", DNS_TXT, ""},
	    {"o\\d d\xff.\"();$@", DNS_TXT, ""},
	    {"a..b", DNS_TXT, ""},
	    {"set", DNS_A, ""},
	    {"mx", DNS_MX, ""},
	    {"v6", DNS_AAAA, ""},
	    {"soa", DNS_SOA, ""},
	    {"ptr", DNS_PTR, ""},
	    {"ns", DNS_NS, ""},
	};
	static const char *const sets[] = {"set A 192.0.2.5"};
	struct arena *a = arena_new();
	char *text = NULL;
	size_t len = 0;
	FILE *log = open_memstream(&text, &len);
	struct dns_config c = {.sets = sets, .nsets = COUNT(sets), .log = log};
	struct dns *d = dns_over(
	    SPAN(CHAIN "data TXT x \"y \\\" \\\\ \\000\\255\"\ndata TXT z\n"
		       "data A 192.0.2.1\nodd TXT \"\"\nempty TXT \\# 0\n"
		       "nodata A 192.0.2.1\n;!TIMEOUT timeout *\n;!SERVFAIL "
		       "servfail TXT\n"
		       "nx CNAME gone\nfail CNAME timeout\n*.w TXT star\n"
		       "o\\092d\\ d\\255.\\\"\\(\\)\\;\\$\\@ TXT odd\n"
		       "mx MX 10 a\nmx MX 0 .\nv6 AAAA 2001:db8::1\n"
		       "soa SOA a b 1 2 3 4 5\nptr PTR x\nns NS y\n"),
	    c, a);
	struct dns *again;

	(void)state;
	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < COUNT(asked); i++)
			dns_query(d, span_of(asked[i].name), asked[i].type);
	assert_int_equal(fclose(log), 0);
	again = dns_of((struct span){text, len}, a);
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct span name = span_of(asked[i].name);
		struct span said =
		    text_of(dns_query(d, name, asked[i].type), a);

		expect(
		    again, asked[i].name, asked[i].type, arena_cstr(a, said));
	}
	/* The star was escaped. */
	expect(again, "y.w", DNS_TXT, "no such name");
	dns_free(again);
	dns_free(d);
	free(text);
	arena_free(a);
}

static void
a_log_says_nothing_twice(void **state)
{
	struct arena *a = arena_new();
	char *text = NULL;
	size_t len = 0;
	FILE *log = open_memstream(&text, &len);
	struct dns *d =
	    dns_over(SPAN("a CNAME c\nb CNAME c\nc A 192.0.2.1\nl CNAME l\n"
			  ";!TIMEOUT t TXT\n"),
		(struct dns_config){.log = log}, a);

	(void)state;
	for (int i = 0; i < 2; i++) {
		dns_query(d, SPAN("a"), DNS_A);
		dns_query(d, SPAN("b"), DNS_A);
		dns_query(d, SPAN("c"), DNS_A);
		dns_query(d, SPAN("c"), DNS_TXT);
		dns_query(d, SPAN("l"), DNS_TXT);
		dns_query(d, SPAN("t"), DNS_TXT);
		dns_query(d, SPAN("no"), DNS_TXT);
		dns_begin(d);
	}
	dns_free(d);
	fclose(log);
	assert_string_equal(text,
	    "$TTL 0\na. IN CNAME c.\nc. IN A 192.0.2.1\nb. IN CNAME c.\n"
	    ";!NODATA c. TXT\n;!SERVFAIL l. TXT\n;!TIMEOUT t. TXT\n"
	    "; no. TXT no such name\n");
	free(text);
	arena_free(a);
}

static void
types_have_names(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_string_equal(dns_type_name(DNS_TXT, a), "TXT");
	assert_string_equal(dns_type_name((enum dns_type)99, a), "SPF");
	assert_string_equal(
	    dns_type_name((enum dns_type)65000, a), "TYPE65000");
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cnames_are_followed),
	    cmocka_unit_test(names_that_cannot_be_are_not_asked),
	    cmocka_unit_test(set_records_stand_over_what_there_is),
	    cmocka_unit_test(several_zones_are_one_and_doubles_count_once),
	    cmocka_unit_test(what_cannot_be_read_is_named),
	    cmocka_unit_test(a_file_over_the_limit_is_refused),
	    cmocka_unit_test(
		questions_are_listed_once_and_until_the_next_message),
	    cmocka_unit_test(the_cache_is_emptied_when_it_is_full),
	    cmocka_unit_test(a_log_is_a_zone_that_gives_the_same_answers),
	    cmocka_unit_test(a_log_says_nothing_twice),
	    cmocka_unit_test(types_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
