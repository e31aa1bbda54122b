/* test_dns_zone: answers from a zone. */
/* SPDX-License-Identifier: ISC */

#include "fixture_answer.h"

struct answer {
	const char *zone, *name;
	enum dns_type type;
	const char *expect;
};

static void
check_answers(const struct answer *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns_zone *z = dns_zone_new(a);
		struct span error = SPAN_NONE, said;

		if (!dns_zonefile_parse(
			span_of(c[i].zone), "z", z, a, a, &error))
			fail_msg("%s: " SPAN_FMT, c[i].zone, SPAN_ARG(error));
		said = said_by(z, c[i].name, c[i].type, a);
		if (!span_eq(said, span_of(c[i].expect)))
			fail_msg("%s\n%s %d: " SPAN_FMT ", not %s", c[i].zone,
			    c[i].name, (int)c[i].type, SPAN_ARG(said),
			    c[i].expect);
		arena_free(a);
	}
}

static void
every_type_is_read(void **state)
{
	static const struct answer cases[] = {
	    {"a.example. 3600 IN A 192.0.2.1\n", "a.example", DNS_A,
		"data|a.example. IN A 192.0.2.1"},
	    {"a. AAAA 2001:DB8::1", "a", DNS_AAAA,
		"data|a. IN AAAA 2001:db8::1"},
	    {"a. CNAME B.Example.", "a", DNS_TXT,
		"data|a. IN CNAME b.example."},
	    {"a. MX 010 b.", "a", DNS_MX, "data|a. IN MX 10 b."},
	    {"a. MX 0 .", "a", DNS_MX, "data|a. IN MX 0 ."},
	    {"a. NS b.", "a", DNS_NS, "data|a. IN NS b."},
	    {"a. PTR b.", "a", DNS_PTR, "data|a. IN PTR b."},
	    {"a. SOA b. c\\.d.e. (1 2h\n3 4 ; x\n 5)", "a", DNS_SOA,
		"data|a. IN SOA b. c\\046d.e. 1 7200 3 4 5"},
	    {"a. TXT one \"t w o\"", "a", DNS_TXT,
		"data|a. IN TXT \"one\" \"t w o\""},
	    {"a. TXT \"a\"\"b\"c;d", "a", DNS_TXT,
		"data|a. IN TXT \"a\" \"b\" \"c\""},
	    {"a. TXT \"\"", "a", DNS_TXT, "data|a. IN TXT \"\""},
	    {"a. TXT \"\\\"\\\\\\009\\x;(\" y\\ z\\;", "a", DNS_TXT,
		"data|a. IN TXT \"\\\"\\\\\\009x;(\" \"y z;\""},
	    {"a. TXT \"l1\nl2\"", "a", DNS_TXT, "data|a. IN TXT \"l1\\010l2\""},
	    {"a. SRV 0 0 1 \"b;(\n\" (c\n)\nb. A 192.0.2.1", "b", DNS_A,
		"data|b. IN A 192.0.2.1"},
	};

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
data_in_hex_is_read_like_its_type(void **state)
{
	static const struct answer cases[] = {
	    {"a. TYPE16 \\# 0", "a", DNS_TXT, "data|a. IN TYPE16 \\# 0"},
	    {"a. TYPE1 \\# 4 C0 00 02 01", "a", DNS_A,
		"data|a. IN A 192.0.2.1"},
	    {"a. TXT \\# 3 02 6\n a. TXT b", "a", DNS_A, NULL},
	    {"a. TXT \\# 3 ( 02 6\n 162 )", "a", DNS_TXT,
		"data|a. IN TXT \"ab\""},
	    {"a. TYPE15 \\# 6 000a 0162 00 ff", "a", DNS_MX, NULL},
	    {"a. TYPE15 \\# 5 000a 0142 00", "a", DNS_MX,
		"data|a. IN MX 10 b."},
	    {"a. TYPE6 \\# 25 0162000163000000000100000002000000030000"
	     "000400000005",
		"a", DNS_SOA, NULL},
	    {"a. SOA \\# 26 0162000163000000000100000002000000030000"
	     "000400000005",
		"a", DNS_SOA, "data|a. IN SOA b. c. 1 2 3 4 5"},
	    {"a. TYPE99 \\# 0", "a", DNS_TXT, "no data"},
	    {"a. TYPE28 \\# 16 20010db8000000000000000000000001", "a", DNS_AAAA,
		"data|a. IN AAAA 2001:db8::1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span error;

		if (cases[i].expect)
			check_answers(&cases[i], 1);
		else
			assert_false(dns_zonefile_parse(span_of(cases[i].zone),
			    "z", dns_zone_new(a), a, a, &error));
		arena_free(a);
	}
}

static void
owners_follow_the_origin_and_the_last_owner(void **state)
{
#define ZONE                                 \
	"$ORIGIN Example.ORG.\n$TTL 1h30m\n" \
	"@ IN 1w A 192.0.2.1\n"              \
	"\t2d3S IN A 192.0.2.2 ; more\n"     \
	"\n ; nothing\n"                     \
	"www CLASS1 CNAME @\r\n"             \
	"$ORIGIN sub\n"                      \
	"(www\n A 192.0.2.3)\n"              \
	"\\119\\119w.x A 192.0.2.4\n"        \
	"in in a 192.0.2.5\n"                \
	"$ORIGIN .\n"                        \
	"top MX 1 mail.top"
	static const struct answer cases[] = {
	    {ZONE, "example.org", DNS_A,
		"data|example.org. IN A 192.0.2.1|example.org. IN A "
		"192.0.2.2"},
	    {ZONE, "EXAMPLE.org.", DNS_TXT, "no data"},
	    {ZONE, "www.example.org", DNS_A,
		"data|www.example.org. IN CNAME example.org."},
	    {ZONE, "www.sub.example.org", DNS_A,
		"data|www.sub.example.org. IN A 192.0.2.3"},
	    {ZONE, "www.x.sub.example.org", DNS_A,
		"data|www.x.sub.example.org. IN A 192.0.2.4"},
	    {ZONE, "in.sub.example.org", DNS_A,
		"data|in.sub.example.org. IN A 192.0.2.5"},
	    {ZONE, "top", DNS_MX, "data|top. IN MX 1 mail.top."},
	    {"a A 192.0.2.1", "a", DNS_A, "data|a. IN A 192.0.2.1"},
	};
#undef ZONE

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
odd_octets_in_names_are_kept_apart(void **state)
{
	static const struct answer cases[] = {
	    {"a\\.b.c. A 192.0.2.1", "a.b.c", DNS_A, "no such name"},
	    {"a\\.b.c. A 192.0.2.1", "b.c", DNS_A, "no such name"},
	    {"a\\092b. A 192.0.2.1", "a\\b", DNS_A,
		"data|a\\092b. IN A 192.0.2.1"},
	    {"a\\032b. A 192.0.2.1", "A b", DNS_A,
		"data|a\\032b. IN A 192.0.2.1"},
	    {"\xc3\xa4. A 192.0.2.1", "\xc3\xa4", DNS_A,
		"data|\\195\\164. IN A 192.0.2.1"},
	    {"\\@.\\$\\(\\;\\\". A 192.0.2.1", "@.$(;\"", DNS_A,
		"data|\\@.\\$\\(\\;\\\". IN A 192.0.2.1"},
	    {"\\065. A 192.0.2.1", "a", DNS_A, "data|a. IN A 192.0.2.1"},
	};

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
a_name_exists_if_it_or_one_below_owns_a_record(void **state)
{
#define ZONE                            \
	"x.y.example. SPF \"v=spf1\"\n" \
	";!TIMEOUT t.example. TXT\n"    \
	";!NODATA n.m.example. TXT\n"   \
	"z. SRV 0 0 0 q.\n"
	static const struct answer cases[] = {
	    {ZONE, "x.y.example", DNS_A, "no data"},
	    {ZONE, "y.example", DNS_A, "no data"},
	    {ZONE, "example", DNS_A, "no data"},
	    {ZONE, "w.x.y.example", DNS_A, "no such name"},
	    {ZONE, "xx.y.example", DNS_A, "no such name"},
	    {ZONE, "q", DNS_A, "no such name"},
	    {ZONE, "z", DNS_TXT, "no data"},
	    {ZONE, "t.example", DNS_A, "no such name"},
	    {ZONE, "n.m.example", DNS_A, "no data"},
	    {ZONE, "m.example", DNS_A, "no data"},
	    {"", "a", DNS_A, "no such name"},
	};
#undef ZONE

	(void)state;
	check_answers(cases, COUNT(cases));
}

/* RFC 1034 4.3.3, RFC 4592 2.2.1 */
static void
wildcards_stand_in_below_the_closest_encloser(void **state)
{
#define ZONE                                  \
	"*.example. MX 10 h.example.\n"       \
	"*.example. TXT \"w\"\n"              \
	"sub.*.example. TXT \"s\"\n"          \
	"host1.example. A 192.0.2.1\n"        \
	"a.b.example. A 192.0.2.2\n"          \
	"*.c.example. CNAME host1.example.\n" \
	"\\*.d.example. TXT \"literal\"\n"    \
	";!TIMEOUT *.e.example. TXT\n"        \
	";!SERVFAIL f.example. A\n"
	static const struct answer cases[] = {
	    {ZONE, "host3.example", DNS_MX,
		"data|host3.example. IN MX 10 h.example."},
	    {ZONE, "host3.example", DNS_A, "no data"},
	    {ZONE, "foo.bar.example", DNS_TXT,
		"data|foo.bar.example. IN TXT \"w\""},
	    {ZONE, "host1.example", DNS_MX, "no data"},
	    {ZONE, "b.example", DNS_MX, "no data"},
	    {ZONE, "x.b.example", DNS_MX, "no such name"},
	    {ZONE, "x.host1.example", DNS_MX, "no such name"},
	    {ZONE, "example", DNS_MX, "no data"},
	    {ZONE, "x.y.c.example", DNS_A,
		"data|x.y.c.example. IN CNAME host1.example."},
	    {ZONE, "*.d.example", DNS_TXT,
		"data|\\*.d.example. IN TXT \"literal\""},
	    {ZONE, "x.d.example", DNS_TXT, "no such name"},
	    {ZONE, "x.e.example", DNS_TXT, "timeout"},
	    {ZONE, "x.e.example", DNS_MX, "no such name"},
	    {ZONE, "f.example", DNS_A, "SERVFAIL"},
	    {ZONE, "f.example", DNS_TXT, "data|f.example. IN TXT \"w\""},
	    {"* A 192.0.2.1", "x.y", DNS_A, "data|x.y. IN A 192.0.2.1"},
	};
#undef ZONE

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
directives_say_what_fails(void **state)
{
#define ZONE                             \
	"$ORIGIN example.\n"             \
	";!TIMEOUT\ta TXT\n"             \
	"a TXT \"x\"\n"                  \
	"  ;!servfail b *  ; why\n"      \
	"b A 192.0.2.1\n"                \
	";!NODATA c.example. type16\r\n" \
	"c CNAME b\n"                    \
	"d CNAME b\n"                    \
	";!TIMEOUT d *\n"                \
	";!TIMEOUT @ SOA\n"              \
	";! a comment\n;!! too\n;!\n"    \
	"e A 192.0.2.2 ;!TIMEOUT e A\n"  \
	";!NXDOMAIN g A\n"               \
	"h.g A 192.0.2.4\n"              \
	";!NXDOMAIN i A\n"               \
	"f ( A\n;!TIMEOUT f A\n192.0.2.3 )"
	static const struct answer cases[] = {
	    {ZONE, "a.example", DNS_TXT, "timeout"},
	    {ZONE, "a.example", DNS_A, "no data"},
	    {ZONE, "b.example", DNS_TXT, "SERVFAIL"},
	    {ZONE, "b.example", DNS_A, "data|b.example. IN A 192.0.2.1"},
	    {ZONE, "c.example", DNS_TXT, "no data"},
	    {ZONE, "c.example", DNS_A, "data|c.example. IN CNAME b.example."},
	    {ZONE, "d.example", DNS_A, "timeout"},
	    {ZONE, "d.example", DNS_CNAME,
		"data|d.example. IN CNAME b.example."},
	    {ZONE, "example", DNS_SOA, "timeout"},
	    {ZONE, "e.example", DNS_A, "data|e.example. IN A 192.0.2.2"},
	    {ZONE, "f.example", DNS_A, "data|f.example. IN A 192.0.2.3"},
	    {ZONE, "g.example", DNS_A, "no such name"},
	    {ZONE, "g.example", DNS_TXT, "no data"},
	    {ZONE, "h.g.example", DNS_A, "data|h.g.example. IN A 192.0.2.4"},
	    {ZONE, "i.example", DNS_TXT, "no such name"},
	};
#undef ZONE

	(void)state;
	check_answers(cases, COUNT(cases));
}

/* This would be noticeably slow if it were not linear. */
static void
many_names_and_many_records_are_found(void **state)
{
	struct arena *a = arena_new();
	struct dns_zone *z = dns_zone_new(a);
	struct buf b = BUF(a);
	struct dns_reply reply;
	struct span error;

	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "n%d.x%d.example. A 10.0.0.1\nm. TXT \"%d\"\n",
		    i, i % 100, i);
	assert_true(dns_zonefile_parse(buf_span(&b), "z", z, a, a, &error));
	dns_zone_lookup(z, SPAN("n49999.x99.example"), DNS_A, a, &reply);
	assert_int_equal(reply.nrecords, 1);
	dns_zone_lookup(z, SPAN("n49999.x98.example"), DNS_A, a, &reply);
	assert_int_equal(reply.status, DNS_NXDOMAIN);
	dns_zone_lookup(z, SPAN("m"), DNS_TXT, a, &reply);
	assert_int_equal(reply.nrecords, 50000);
	(void)state;
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type_is_read),
	    cmocka_unit_test(data_in_hex_is_read_like_its_type),
	    cmocka_unit_test(owners_follow_the_origin_and_the_last_owner),
	    cmocka_unit_test(odd_octets_in_names_are_kept_apart),
	    cmocka_unit_test(a_name_exists_if_it_or_one_below_owns_a_record),
	    cmocka_unit_test(wildcards_stand_in_below_the_closest_encloser),
	    cmocka_unit_test(directives_say_what_fails),
	    cmocka_unit_test(many_names_and_many_records_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
