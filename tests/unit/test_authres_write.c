/* test_authres_write: composing Authentication-Results fields. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"
#include "fixture_repeated.h"

#include <string.h>

#include "mail/authres.h"
#include "base/buf.h"
#include "mail/fieldtext.h"
#include "base/limit.h"

#define ID SPAN("mx.example.org")

static struct span
body_of(struct span field)
{
	return span_from(field, sizeof("Authentication-Results:") - 1);
}

/* Parses a composed field without its line end, and checks what holds for all:
 * line lengths, line ends, folds at blanks outside of quotes. */
static struct authres
read_back(struct span field, const char *eol, struct arena *a)
{
	struct span last = span_of(eol), rest;
	struct authres ar;
	bool quoted = false;
	size_t line = 0;

	assert_true(span_casestarts(field, SPAN("Authentication-Results:")));
	assert_true(span_caseends(field, last));
	rest = span_upto(field, field.len - last.len);
	for (size_t i = 0; i < rest.len; i++, line++) {
		char c = rest.p[i];

		assert_true((unsigned char)c >= ' ' || strchr("\t\r\n", c));
		if (c == '\\' && quoted) {
			i++;
			line++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (span_starts(span_from(rest, i), last)) {
			assert_false(quoted);
			assert_true(line <= LIMIT_LINE);
			i += last.len;
			assert_int_equal(rest.p[i], '\t');
			line = 0;
		} else {
			assert_true(c != '\r' && c != '\n');
			assert_true(c != '\t');
		}
	}
	assert_false(quoted);
	assert_true(line <= LIMIT_LINE);
	assert_true(authres_parse(body_of(rest), a, &ar));
	return ar;
}

static void
a_field_has_its_results_in_order_and_is_folded(void **state)
{
	struct arena *a = arena_new();
	struct result list[2] = {
	    {.method = "dkim",
		.code = RESULT_FAIL,
		.why = {"body-hash", SPAN("the body was changed")}},
	    {.method = "spf", .code = RESULT_PASS}};

	(void)state;
	result_property(
	    &list[0], "header.d", SPAN("Example.org"), RESULT_ADDRESS);
	result_property(&list[0], "header.b", SPAN("ab/c"), RESULT_VALUE);
	result_note(&list[1], "first", SPAN("one"));
	result_note(&list[1], "second", SPAN(""));
	result_property(
	    &list[1], "smtp.mailfrom", SPAN("U@B.example"), RESULT_ADDRESS);
	result_property(&list[1], "smtp.helo", SPAN_NONE, RESULT_ADDRESS);
	assert_true(span_eq(authres_compose(ID, list, 2, "\r\n", a),
	    SPAN("Authentication-Results: mx.example.org; dkim=fail\r\n"
		 "\treason=\"body-hash: the body was changed\" "
		 "header.d=example.org\r\n"
		 "\theader.b=\"ab/c\"; spf=pass reason=\"first: one; second\"\r"
		 "\n\tsmtp.mailfrom=U@b.example\r\n")));
	assert_true(span_eq(authres_line(&list[0], a),
	    SPAN("dkim=fail reason=\"body-hash: the body was changed\" "
		 "header.d=example.org header.b=\"ab/c\"")));
	assert_true(span_eq(authres_compose(ID, list, 0, "\n", a),
	    SPAN("Authentication-Results: mx.example.org; none\n")));
	arena_free(a);
}

static void
identities_are_written_as_addresses_domains_or_not_at_all(void **state)
{
	static const struct {
		struct span value;
		const char *written; /* NULL: left out */
	} cases[] = {
	    {S("example.org"), "example.org"},
	    {S("EXAMPLE.org."), "example.org"},
	    {S("m\xc3\xbchle.example"), "xn--mhle-0ra.example"},
	    {S("User@Example.ORG"), "User@example.org"},
	    {S("@example.org"), "@example.org"},
	    {S("o'b+x=y@example.org"), "o'b+x=y@example.org"},
	    {S("a..b@example.org"), "@example.org"},
	    {S("a b@example.org"), "@example.org"},
	    {S("\"a b\"@example.org"), "@example.org"},
	    {S("a@b@example.org"), "@example.org"},
	    {S("a;b=c@example.org"), "@example.org"},
	    {S("a\r\nb@example.org"), "@example.org"},
	    {S("a\0b@example.org"), "@example.org"},
	    {S("\xff@example.org"), "@example.org"},
	    {S("\xe2\x80\xae@example.org"), "@example.org"},
	    {S("\xc3\xbc@example.org"), "\xc3\xbc@example.org"},
	    {S("example.net(.example.com"), NULL},
	    {S("u@example.net(.example.com"), NULL},
	    {S("u@"), NULL},
	    {S("u@[192.0.2.1]"), NULL},
	    {S("u@example.org; dkim=pass"), NULL},
	    {S("u@example.org\r\nX: y"), NULL},
	    {S("u@ex\0ample.org"), NULL},
	    {S(""), NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct result r = {.method = "spf", .code = RESULT_PASS};
		struct authres ar;

		result_property(
		    &r, "smtp.mailfrom", cases[i].value, RESULT_ADDRESS);
		ar = read_back(authres_compose(ID, &r, 1, "\n", a), "\n", a);
		assert_int_equal(ar.nresults, 1);
		assert_int_equal(
		    ar.results[0].nproperties, cases[i].written != NULL);
		if (cases[i].written)
			assert_true(span_eq(ar.results[0].properties[0].value,
			    span_of(cases[i].written)));
		else
			assert_true(span_eq(ar.results[0].reason,
			    SPAN("property-omitted: smtp.mailfrom has no "
				 "valid domain")));
		arena_free(a);
	}
}

/* What a sender may try, wherever a value may be. */
static const struct span hostile[] = {
    S(""),
    S(" "),
    S("\t"),
    S("a b"),
    S("a\r\nX-Evil: yes"),
    S("a\nb"),
    S("a\rb"),
    S("\r\n"),
    S("a\r\n\r\nbody"),
    S("a\0b"),
    S("a; dkim=pass header.d=bank.example"),
    S("\"; dkim=pass header.d=\"bank.example"),
    S("\\\"; dkim=pass header.d=bank.example"),
    S("\\"),
    S("a\\"),
    S("\""),
    S("a\"b"),
    S("("),
    S(")"),
    S("(a"),
    S("example.net(.example.com"),
    S("="),
    S("@"),
    S("a=b@c"),
    S("a/b?c<d>e,f:g[h]i"),
    S("\x7f\x1b[31m"),
    S("\xff\xfe\x80"),
    S("\xc3\xbc"),
    S("\xe2\x80\xae"),
    S("\xc2\x85"),
    S("caf\xc3\xa9;"),
};

/* Returns a value as it must be read back: with what must not be shown
 * escaped. */
static struct span
escaped(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	fieldtext_add(&b, s);
	return buf_span(&b);
}

/* Composes a dkim result with v everywhere, and reads it back. */
static void
check_hostile(struct span v, const char *eol)
{
	struct arena *a = arena_new();
	struct result r = {
	    .method = "dkim", .code = RESULT_FAIL, .why = {"why", v}};
	struct span reason;
	struct authres ar;

	result_property(&r, "header.d", SPAN("a.example"), RESULT_ADDRESS);
	result_property(&r, "header.s", v, RESULT_VALUE);
	result_property(&r, "header.b", v, RESULT_VALUE);
	result_note(&r, "note", v);
	ar = read_back(authres_compose(ID, &r, 1, eol, a), eol, a);
	assert_true(span_eq(ar.id, ID));
	assert_int_equal(ar.nresults, 1);
	assert_true(span_eq(ar.results[0].method, SPAN("dkim")));
	assert_true(span_eq(ar.results[0].result, SPAN("fail")));
	assert_int_equal(ar.results[0].nproperties, 3);
	assert_true(
	    span_eq(ar.results[0].properties[0].value, SPAN("a.example")));
	for (int i = 1; i < 3; i++)
		assert_true(
		    span_eq(ar.results[0].properties[i].value, escaped(v, a)));
	reason = v.len
	    ? arena_printf(a, "why: %s; note: %s", arena_cstr(a, escaped(v, a)),
		  arena_cstr(a, escaped(v, a)))
	    : SPAN("why; note");
	assert_true(span_eq(ar.results[0].reason, reason));
	arena_free(a);
}

static void
hostile_values_come_back_as_one_result_unchanged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++) {
		check_hostile(hostile[i], "\r\n");
		check_hostile(hostile[i], "\n");
	}
	for (int c = 0; c < 256; c++) {
		char text[3] = {'x', (char)c, 'y'};

		check_hostile((struct span){text, 3}, "\r\n");
		check_hostile((struct span){text + 1, 1}, "\n");
	}
}

static void
values_over_the_limit_are_left_out_and_the_reason_says_so(void **state)
{
	static const struct {
		const char *each;
		size_t n;
		bool written;
	} cases[] = {
	    {"a", LIMIT_AUTHRES_VALUE, true},
	    {"a", LIMIT_AUTHRES_VALUE + 1, false},
	    {" ", LIMIT_AUTHRES_VALUE - 2, true},
	    {" ", LIMIT_AUTHRES_VALUE - 1, false},
	    {"\"", (LIMIT_AUTHRES_VALUE - 2) / 2, true},
	    {"\"", LIMIT_AUTHRES_VALUE / 2, false},
	    {"\n", (LIMIT_AUTHRES_VALUE - 2) / 5, true},
	    {"\n", (LIMIT_AUTHRES_VALUE - 2) / 5 + 1, false},
	    {"\n", 2000, false},
	    {"a", 2000, false},
	    {"a", 1000000, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct result r = {.method = "dkim", .code = RESULT_PASS};
		struct authres ar;

		result_property(&r, "header.s",
		    repeated("", cases[i].each, cases[i].n, a), RESULT_VALUE);
		result_property(&r, "header.b", SPAN("x"), RESULT_VALUE);
		ar =
		    read_back(authres_compose(ID, &r, 1, "\r\n", a), "\r\n", a);
		assert_int_equal(
		    ar.results[0].nproperties, cases[i].written ? 2 : 1);
		assert_true(span_eq(ar.results[0].reason,
		    cases[i].written
			? SPAN_NONE
			: SPAN("property-omitted: header.s is too long")));
		arena_free(a);
	}
}

static void
a_local_part_too_long_is_left_out_and_the_domain_stays(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t n = 499; n <= 500; n++) {
		struct buf b = BUF(a);
		struct result r = {.method = "spf", .code = RESULT_PASS};
		struct authres ar;

		buf_add(&b, repeated("", "a", n, a));
		buf_str(&b, "@b.example.tld");
		result_property(
		    &r, "smtp.mailfrom", buf_span(&b), RESULT_ADDRESS);
		ar = read_back(authres_compose(ID, &r, 1, "\n", a), "\n", a);
		assert_int_equal(ar.results[0].properties[0].value.len,
		    n < 499 ? LIMIT_AUTHRES_VALUE
			    : sizeof("@b.example.tld") - 1);
	}
	arena_free(a);
}

static void
words_without_room_are_replaced_and_every_identifier_stays(void **state)
{
	static const size_t lengths[] = {0, 100, 500, 900, 978, 2000, 100000};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct arena *a = arena_new();
		struct span words = repeated("", "\"", lengths[i], a);
		struct result r = {.method = "spf",
		    .code = RESULT_FAIL,
		    .why = {"identifier-why", words}};
		struct authres ar;
		struct span reason;

		for (int n = 0; n < RESULT_NOTES; n++)
			result_note(&r, "a-long-identifier", words);
		for (int n = 0; n < RESULT_PROPERTIES; n++)
			result_property(&r, "header.some-property", SPAN(""),
			    RESULT_ADDRESS);
		ar =
		    read_back(authres_compose(ID, &r, 1, "\r\n", a), "\r\n", a);
		reason = ar.results[0].reason;
		for (int n = 0; n < 2 + RESULT_NOTES; n++)
			assert_false(span_empty(span_cut(&reason, ';')));
		assert_true(span_empty(reason));
		assert_int_equal(span_casecontains(ar.results[0].reason,
				     SPAN("too long to be shown")),
		    lengths[i] > 0);
		arena_free(a);
	}
}

static void
any_number_of_results_is_composed(void **state)
{
	static const size_t counts[] = {0, 1, 17, 1000, 1001, 100000};

	(void)state;
	for (size_t i = 0; i < COUNT(counts); i++) {
		struct arena *a = arena_new();
		struct result *list = ARENA_ARRAY(a, struct result, counts[i]);
		struct span field;
		struct authres ar;

		for (size_t n = 0; n < counts[i]; n++)
			list[n] = (struct result){.method = "dkim"};
		field = authres_compose(ID, list, counts[i], "\n", a);
		assert_true(authres_parse(body_of(span_trim(field)), a, &ar));
		assert_int_equal(ar.nresults + ar.omitted, counts[i]);
		arena_free(a);
	}
}

static void
an_id_that_a_field_can_have_is_told_from_others(void **state)
{
	struct arena *a = arena_new();
	struct span id = SPAN("our \"id\"; \xc3\xbc");

	(void)state;
	assert_true(authres_is_id(ID, a));
	assert_true(authres_is_id(id, a));
	assert_true(span_eq(
	    read_back(authres_compose(id, NULL, 0, "\n", a), "\n", a).id, id));
	assert_true(
	    authres_is_id(repeated("", "a", LIMIT_AUTHRES_VALUE, a), a));
	assert_false(
	    authres_is_id(repeated("", "a", LIMIT_AUTHRES_VALUE + 1, a), a));
	assert_false(authres_is_id(SPAN(""), a));
	assert_false(authres_is_id(SPAN_NONE, a));
	assert_false(authres_is_id(SPAN("a\r\nb"), a));
	assert_false(authres_is_id(SPAN("a\\b"), a));
	assert_false(authres_is_id(SPAN("\xff"), a));
	arena_free(a);
}

static void
a_settled_result_has_what_is_written(void **state)
{
	struct arena *a = arena_new();
	struct result r = {.method = "spf"}, settled;

	(void)state;
	for (int i = 0; i < RESULT_NOTES; i++)
		result_note(&r, "note", SPAN("words"));
	result_property(&r, "smtp.mailfrom",
	    SPAN("\"a b\"@m\xc3\xbchle.Example"), RESULT_ADDRESS);
	result_property(&r, "smtp.helo", SPAN("[192.0.2.1]"), RESULT_ADDRESS);
	result_property(&r, "header.b", SPAN("a/\"\\"), RESULT_VALUE);
	settled = authres_settled(&r, a);
	assert_int_equal(settled.nproperties, 2);
	assert_string_equal(settled.properties[0].name, "smtp.mailfrom");
	assert_true(span_eq(
	    settled.properties[0].value, SPAN("@xn--mhle-0ra.example")));
	assert_string_equal(settled.properties[1].name, "header.b");
	assert_true(span_eq(settled.properties[1].value, SPAN("a/\"\\")));
	assert_int_equal(settled.nnotes, RESULT_NOTES + 1);
	assert_string_equal(settled.notes[RESULT_NOTES].id, "property-omitted");
	assert_true(span_eq(settled.notes[RESULT_NOTES].words,
	    SPAN("smtp.helo has no valid domain")));
	assert_int_equal(r.nproperties, 3);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_settled_result_has_what_is_written),
	    cmocka_unit_test(a_field_has_its_results_in_order_and_is_folded),
	    cmocka_unit_test(
		identities_are_written_as_addresses_domains_or_not_at_all),
	    cmocka_unit_test(hostile_values_come_back_as_one_result_unchanged),
	    cmocka_unit_test(
		values_over_the_limit_are_left_out_and_the_reason_says_so),
	    cmocka_unit_test(
		a_local_part_too_long_is_left_out_and_the_domain_stays),
	    cmocka_unit_test(
		words_without_room_are_replaced_and_every_identifier_stays),
	    cmocka_unit_test(any_number_of_results_is_composed),
	    cmocka_unit_test(an_id_that_a_field_can_have_is_told_from_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
