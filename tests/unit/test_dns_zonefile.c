/* test_dns_zonefile: parsing zone files. */
/* SPDX-License-Identifier: ISC */

#include "fixture_answer.h"

#include "base/limit.h"

static void
a_malformed_file_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *zone, *error;
	} cases[] = {
	    {"$INCLUDE x",
		"z:1: an unknown or malformed directive: "
		"'$INCLUDE'"},
	    {"\n$ORIGIN", "z:2: an unknown or malformed directive: '$ORIGIN'"},
	    {"$TTL x", "z:1: not a TTL: 'x'"},
	    {"$TTL 9999999999", "z:1: not a TTL: '9999999999'"},
	    {"$TTL 9999w", "z:1: not a TTL: '9999w'"},
	    {";!TIMEOUTS a A",
		"z:1: an unknown or malformed directive: "
		"'TIMEOUTS'"},
	    {";!TIMEOUT a",
		"z:1: an unknown or malformed directive: "
		"'TIMEOUT'"},
	    {";!TIMEOUT a (\nA )", "z:1: '(' without ')'"},
	    {";!TIMEOUT a NOTYPE", "z:1: not a type: 'NOTYPE'"},
	    {"; x\n\n A 192.0.2.1", "z:3: no owner before this: 'A'"},
	    {"a", "z:1: type is missing after: 'a'"},
	    {"a 5 IN", "z:1: type is missing after: 'IN'"},
	    {"a 5 5 A 192.0.2.1", "z:1: not a type: '5'"},
	    {"a CH A 192.0.2.1", "z:1: not a type: 'CH'"},
	    {"a TYPE0 \\# 0", "z:1: not a type: 'TYPE0'"},
	    {"a TYPE65536 \\# 0", "z:1: not a type: 'TYPE65536'"},
	    {"a \"A\" 192.0.2.1", "z:1: not a type: 'A'"},
	    {"\"a\" A 192.0.2.1", "z:1: a quoted name: 'a'"},
	    {"a A", "z:1: data is missing after: 'A'"},
	    {"a A (\n)\n", "z:1: data is missing after: 'A'"},
	    {"a A 192.0.2", "z:1: not an address of this type: '192.0.2'"},
	    {"a A 192.0.2.1 x", "z:1: too much data: 'x'"},
	    {"a AAAA 192.0.2.1",
		"z:1: not an address of this type: '192.0.2.1'"},
	    {"a MX b.", "z:1: data is missing after: 'MX'"},
	    {"a MX 65536 b.", "z:1: not a preference: '65536'"},
	    {"a SOA b. c. 1 2 3 4", "z:1: data is missing after: 'SOA'"},
	    {"a SOA b. c. 1 2 3 4 x", "z:1: not a number: 'x'"},
	    {"a NS b..c", "z:1: an empty label in a name: 'b..c'"},
	    {"a NS .b", "z:1: an empty label in a name: '.b'"},
	    {"a NS b\\25", "z:1: a bad escape in a name: 'b\\25'"},
	    {"a NS b\\256", "z:1: a bad escape in a name: 'b\\256'"},
	    {"a TXT", "z:1: data is missing after: 'TXT'"},
	    {"a TXT (\n\"b\\30\" )",
		"z:2: a bad escape in a string: "
		"'b\\30'"},
	    {"a TXT b\\", "z:1: a bad escape in a string: 'b\\'"},
	    {"a TXT \"b\nc\n", "z:1: unterminated quote"},
	    {"a TXT \"b\\\"", "z:1: unterminated quote"},
	    {"a A 192.0.2.1\nb TXT (\nx\n", "z:2: '(' without ')'"},
	    {"a A 192.0.2.1\nb TXT \"c\nd TXT \"e\"\nf TXT \"g\"\n",
		"z:2: unterminated quote"},
	    {"a TXT \"b\nc TXT \"v=DKIM1; p=\"\nd A 192.0.2.1\n",
		"z:1: unterminated quote"},
	    {"a TXT \"b\nc TXT \"d\nd TXT e\n", "z:1: unterminated quote"},
	    {"a TXT \"b\nc TXT \"\"\n", "z:1: unterminated quote"},
	    {"a TXT \"b\nc TXT \" d\"\ne TXT \"f\"\n",
		"z:1: unterminated quote"},
	    {"a TXT \"b\nc TXT \" d)\"\n", "z:1: unterminated quote"},
	    {"a TXT ( \"b\"\n \"c )\nd TXT \"e\"\n", "z:2: unterminated quote"},
	    {"a A 192.0.2.1\nb TXT ( \"c\"\nd TXT ( \"e\" )\n",
		"z:2: '(' without ')'"},
	    {"a TXT ( \"b\nc\"\n", "z:1: '(' without ')'"},
	    {"a TXT x )", "z:1: ')' without '('"},
	    {"a TXT \\#", "z:1: length is missing after: '\\#'"},
	    {"a TXT \\# 1", "z:1: hex digits do not match the length: '1'"},
	    {"a TXT \\# 0 00", "z:1: bad hex digits: '00'"},
	    {"a TXT \\# 1 0g", "z:1: bad hex digits: '0g'"},
	    {"a A \\# 3 000000", "z:1: malformed data for the type: '\\#'"},
	    {"a TXT \\# 1 05", "z:1: malformed data for the type: '\\#'"},
	    {"a NS \\# 2 c000", "z:1: malformed data for the type: '\\#'"},
	    {"a NS \\# 0", "z:1: malformed data for the type: '\\#'"},
	    {"a TXT \"b\nc\"\nb X", "z:3: not a type: 'X'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span error = SPAN_NONE;

		if (dns_zonefile_parse(span_of(cases[i].zone), "z",
			dns_zone_new(a), a, a, &error) ||
		    !span_eq(error, span_of(cases[i].error)))
			fail_msg(
			    "%s: " SPAN_FMT, cases[i].zone, SPAN_ARG(error));
		arena_free(a);
	}
}

/* Returns whether a record with a name of n octets is read: labels of 63 and a
 * last one. */
static bool
name_fits(size_t n, size_t label)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct span error, name;
	bool in_zone, raw;

	for (size_t i = 0; i < n; i++)
		buf_char(&b, i % (label + 1) == label ? '.' : 'x');
	raw = dns_name_raw(buf_span(&b), a, &name);
	buf_str(&b, ". A 192.0.2.1\n");
	in_zone = dns_zonefile_parse(
	    buf_span(&b), "z", dns_zone_new(a), a, a, &error);
	assert_int_equal(raw, in_zone);
	arena_free(a);
	return raw;
}

static void
labels_of_63_and_names_of_253_octets_fit(void **state)
{
	(void)state;
	assert_true(name_fits(LIMIT_DNS_LABEL, LIMIT_DNS_LABEL));
	assert_false(name_fits(LIMIT_DNS_LABEL + 1, LIMIT_DNS_LABEL + 1));
	assert_true(name_fits(LIMIT_DNS_NAME, 62));
	assert_false(name_fits(LIMIT_DNS_NAME + 1, 62));
}

static void
an_origin_counts_for_the_length_of_a_name(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct span name;

	for (size_t i = 0; i < 125; i++)
		buf_str(&b, i ? ".\\200" : "\\200");
	assert_true(
	    dns_name_parse(SPAN("abc"), buf_span(&b), a, &name) == NULL);
	assert_true(
	    dns_name_parse(SPAN("abcd"), buf_span(&b), a, &name) != NULL);
	(void)state;
	arena_free(a);
}

static void
a_name_without_its_escapes_is_the_text_that_is_asked(void **state)
{
	const struct {
		const char *name;
		struct span text; /* absent: has no such text */
	} cases[] = {
	    {"", SPAN("")},
	    {"a.example", SPAN("a.example")},
	    {"*.example", SPAN("*.example")},
	    {"a\\032b.example", SPAN("a b.example")},
	    {"a\\000b\\255.\\092", SPAN("a\0b\xff.\\")},
	    {"a\\046b.example", SPAN_NONE},
	    {"a.b\\046", SPAN_NONE},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text, again, name = span_of(cases[i].name);
		bool is = dns_name_octets(name, a, &text);

		if (is != (cases[i].text.p != NULL) ||
		    (is && !span_eq(text, cases[i].text)))
			fail_msg("%s", cases[i].name);
		/* Parsed again, it is the same name. */
		if (is && text.len) {
			assert_true(dns_name_raw(text, a, &again));
			assert_true(span_eq(again, name));
		}
	}
	arena_free(a);
}

static void
a_name_as_zone_files_have_it_is_read_as_the_same(void **state)
{
	static const char *const names[][2] = {
	    {"a.example", "a.example"},
	    {"*.example", "\\*.example"},
	    {"a.*", "a.*"},
	    {"\\032\\000\\092.x", "\\032\\000\\092.x"},
	    {"\"$();@.x", "\\\"\\$\\(\\)\\;\\@.x"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct span again, name = span_of(names[i][0]);
		struct span text = dns_name_text(name, a);

		if (!span_eq(text, span_of(names[i][1])) ||
		    dns_name_parse(text, SPAN(""), a, &again) ||
		    !span_eq(again, name))
			fail_msg("%s", names[i][0]);
	}
	assert_int_equal(dns_name_text(SPAN(""), a).len, 0);
	arena_free(a);
}

static void
strings_of_255_octets_fit(void **state)
{
	for (int len = 255; len <= 256; len++) {
		struct arena *a = arena_new();
		struct span error,
		    zone = arena_printf(a, "a TXT \"%0*d\"", len, 0);

		assert_int_equal(dns_zonefile_parse(
				     zone, "z", dns_zone_new(a), a, a, &error),
		    len == 255);
		arena_free(a);
	}
	(void)state;
}

static void
octets_of_any_value_are_read(void **state)
{
	struct arena *a = arena_new();
	struct dns_zone *z = dns_zone_new(a);
	struct dns_reply reply;
	struct buf b = BUF(a);
	struct span error;

	buf_str(&b, "a TXT \"");
	for (int c = 0; c < 256; c++)
		if (c != '"' && c != '\\')
			buf_char(&b, (char)c);
	buf_str(&b, "\"");
	assert_true(dns_zonefile_parse(buf_span(&b), "z", z, a, a, &error));
	dns_zone_lookup(z, SPAN("a"), DNS_TXT, a, &reply);
	assert_int_equal(reply.nrecords, 1);
	assert_int_equal(reply.records->data.len, 254);
	assert_false(
	    dns_zonefile_parse(SPAN("a A 192.0.2.1\0"), "z", z, a, a, &error));
	(void)state;
	arena_free(a);
}

/* A record written as text and read again is unchanged. */
static void
a_record_as_text_is_the_same_record(void **state)
{
	struct arena *a = arena_new();
	struct dns_zone *z = dns_zone_new(a);
	struct span error, text, string[2] = {{NULL, 0}, SPAN("")};
	struct dns_rr r = {
	    .owner = SPAN("*.\\000\"$();@\\046\\255"), .type = DNS_TXT};
	struct dns_reply reply;
	char octets[255];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i + 1);
	string[0] = (struct span){octets, sizeof(octets)};
	dns_rr_strings(&r, string, 2, a);
	text = dns_rr_text(&r, a);
	assert_true(dns_zonefile_parse(text, "z", z, a, a, &error));
	dns_zone_lookup(z, r.owner, DNS_TXT, a, &reply);
	assert_int_equal(reply.nrecords, 1);
	assert_int_equal(reply.records->nstrings, 2);
	assert_true(span_eq(reply.records->data, r.data));
	for (size_t i = 0; i < text.len; i++)
		assert_in_range(text.p[i], 0x20, 0x7e);
	(void)state;
	arena_free(a);
}

static void
a_set_is_a_record_in_one_line(void **state)
{
	static const struct {
		const char *set, *name;
		enum dns_type type;
		const char *expect; /* or the error */
	} cases[] = {
	    {"example.org TXT v=spf1 -all", "example.org", DNS_TXT,
		"data|example.org. IN TXT \"v=spf1 -all\""},
	    {" a\ttxt  k=rsa; p=\"\\065 ( ", "a", DNS_TXT,
		"data|a. IN TXT \"k=rsa; p=\\\"\\\\065 ( \""},
	    {"a TXT \"x\" \"y z\"", "a", DNS_TXT,
		"data|a. IN TXT \"x\" \"y z\""},
	    {"a TXT \"\"", "a", DNS_TXT, "data|a. IN TXT \"\""},
	    {"a TYPE16 \\# 0", "a", DNS_TXT, "data|a. IN TYPE16 \\# 0"},
	    {"a.b. MX 10 C", "a.b", DNS_MX, "data|a.b. IN MX 10 c."},
	    {"a A 192.0.2.1", "a", DNS_TXT, "no data"},
	    {"", "", DNS_A, "--set: not NAME TYPE DATA in ''"},
	    {"a", "", DNS_A, "--set: not NAME TYPE DATA in 'a'"},
	    /* no data of that type, and the name exists */
	    {"a A", "a", DNS_A, "no data"},
	    {"a A", "a", DNS_MX, "no data"},
	    {" a.\ttxt ", "a", DNS_TXT, "no data"},
	    {"a A", "b", DNS_A, "no such name"},
	    {"a CNAME", "", DNS_A,
		"--set: a CNAME cannot be removed: 'CNAME' in 'a CNAME'"},
	    {"a SRV", "", DNS_A,
		"--set: not a type that can be set: 'SRV' in 'a SRV'"},
	    {"*.a A", "", DNS_A,
		"--set: wildcards are for zone files only: '*.a' in '*.a A'"},
	    {"a IN A 192.0.2.1", "", DNS_A,
		"--set: not a type that can be set: 'IN' in 'a IN A "
		"192.0.2.1'"},
	    {"a SRV 0 0 0 b", "", DNS_A,
		"--set: not a type that can be set: 'SRV' in 'a SRV 0 0 0 b'"},
	    {"*.a A 192.0.2.1", "", DNS_A,
		"--set: wildcards are for zone files only: '*.a' in "
		"'*.a A 192.0.2.1'"},
	    {"a A 192.0.2.1\nb A 192.0.2.1", "", DNS_A,
		"--set: not exactly one record in "
		"'a A 192.0.2.1\nb A 192.0.2.1'"},
	    {";!TIMEOUT A A", "", DNS_A,
		"--set: not exactly one record in ';!TIMEOUT A A'"},
	    {"a..b TXT x", "", DNS_A,
		"--set: an empty label in a name: 'a..b' in 'a..b TXT x'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns_zone *z = dns_zone_new(a);
		struct span said = SPAN_NONE;

		if (dns_zonefile_set(span_of(cases[i].set), z, a, a, &said))
			said = said_by(z, cases[i].name, cases[i].type, a);
		if (!span_eq(said, span_of(cases[i].expect)))
			fail_msg("%s: " SPAN_FMT, cases[i].set, SPAN_ARG(said));
		arena_free(a);
	}
}

static void
a_long_literal_set_is_split_into_strings(void **state)
{
	struct arena *a = arena_new();
	struct dns_zone *z = dns_zone_new(a);
	struct span error, set = arena_printf(a, "a TXT %0*d", 511, 0);
	struct dns_reply reply;

	assert_true(dns_zonefile_set(set, z, a, a, &error));
	dns_zone_lookup(z, SPAN("a"), DNS_TXT, a, &reply);
	assert_int_equal(reply.records->nstrings, 3);
	assert_int_equal(reply.records->data.len, 511);
	assert_int_equal(reply.records->strings[1].len, 255);
	assert_int_equal(reply.records->strings[2].len, 1);
	(void)state;
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_malformed_file_is_refused_with_its_line),
	    cmocka_unit_test(labels_of_63_and_names_of_253_octets_fit),
	    cmocka_unit_test(an_origin_counts_for_the_length_of_a_name),
	    cmocka_unit_test(
		a_name_without_its_escapes_is_the_text_that_is_asked),
	    cmocka_unit_test(a_name_as_zone_files_have_it_is_read_as_the_same),
	    cmocka_unit_test(strings_of_255_octets_fit),
	    cmocka_unit_test(octets_of_any_value_are_read),
	    cmocka_unit_test(a_record_as_text_is_the_same_record),
	    cmocka_unit_test(a_set_is_a_record_in_one_line),
	    cmocka_unit_test(a_long_literal_set_is_split_into_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
