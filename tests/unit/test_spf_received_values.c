/* test_spf_received_values: whatever octets the sender chooses. */
/* SPDX-License-Identifier: ISC */

#include "fixture_received_spf.h"

#include <string.h>

#include "base/limit.h"

/* RFC 5322 2.1.1 and 2.2.3: CRLF only in folds, no octet but printable ASCII,
 * no line of blanks alone. */
static void
check_lines(struct span field)
{
	while (field.len) {
		struct span line = span_upto(field, span_find(field, '\r'));

		assert_true(line.len <= LIMIT_LINE);
		assert_true(span_trim(line).len > 0);
		for (size_t i = 0; i < line.len; i++)
			assert_true((line.p[i] >= ' ' && line.p[i] <= '~') ||
			    (i == 0 && line.p[i] == '\t'));
		field = span_from(field, line.len);
		assert_true(span_starts(field, SPAN("\r\n")));
		field = span_from(field, 2);
	}
}

/* What strangers write: a value in each place of the field. */
struct place {
	struct span receiver, sender, helo, mechanism, detail;
};
static const struct place ordinary = {
    S("mx.example"), S("u@d.example"), S("h.example"), S("mx"), {NULL, 0}};

/* The field, of an error if there is a detail. */
static void
check_place(const struct place *p, enum spf_scope scope, struct span wanted,
    struct arena *a)
{
	struct envelope e = envelope(p->helo, p->sender);
	struct spf_verdict v = {
	    .reason = p->detail.p ? SPF_LOOKUP_LIMIT : SPF_PASS,
	    .mechanism = p->mechanism,
	    .detail = p->detail};
	struct span got =
	    spf_received_field(&v, &e, scope, p->receiver, "\r\n", a);

	check_lines(got);
	got = unfold(got, SPAN("\r\n"), a);
	if (!span_eq(got, wanted))
		fail_msg(SPAN_FMT "\nnot\n" SPAN_FMT, SPAN_ARG(got),
		    SPAN_ARG(wanted));
}

/* A key-value-pair, or nothing. */
static const char *
pair(const char *key, const char *value, struct arena *a)
{
	return value ? arena_printf(a, " %s=%s;", key, value).p : "";
}

#define PAIRS                                                               \
	" receiver=mx.example.org; identity=mailfrom; client-ip=192.0.2.1;" \
	" envelope-from=\"u@example.com\"; helo=h.example.com;"

#define TAIL " client-ip=192.0.2.1; envelope-from=\"u@d.example\";"

/* written: the value as the field has it, NULL if it must not; shown: a comment
 * has it, too. */
static void
check_receiver(
    struct span text, const char *written, bool shown, struct arena *a)
{
	struct place p = ordinary;

	p.receiver = text;
	check_place(&p, SPF_MAILFROM,
	    arena_printf(a,
		"Received-SPF: pass (" SPAN_FMT "%sdomain of u@d.example "
		"designates 192.0.2.1 as permitted sender)%s "
		"identity=mailfrom;" TAIL " helo=h.example; mechanism=mx;",
		SPAN_ARG(shown ? text : SPAN("")), shown ? ": " : "",
		pair("receiver", written, a)),
	    a);
}

static void
check_sender(struct span text, const char *written, bool shown, struct arena *a)
{
	struct place p = ordinary;

	p.sender = text;
	check_place(&p, SPF_MAILFROM,
	    arena_printf(a,
		"Received-SPF: pass (mx.example: domain of " SPAN_FMT
		" designates 192.0.2.1 as permitted sender) receiver="
		"mx.example; identity=mailfrom; client-ip=192.0.2.1;%s "
		"helo=h.example; mechanism=mx;",
		SPAN_ARG(shown ? text : SPAN("the sender")),
		pair("envelope-from", written, a)),
	    a);
}

static void
check_helo(struct span text, const char *written, bool shown, struct arena *a)
{
	struct place p = ordinary;

	p.helo = text;
	check_place(&p, SPF_HELO,
	    arena_printf(a,
		"Received-SPF: pass (mx.example: domain of " SPAN_FMT
		" designates 192.0.2.1 as permitted sender) receiver="
		"mx.example; identity=helo;" TAIL "%s mechanism=mx;",
		SPAN_ARG(shown ? text : SPAN("the HELO")),
		pair("helo", written, a)),
	    a);
}

static void
check_mechanism(struct span text, const char *written, struct arena *a)
{
	struct place p = ordinary;

	p.mechanism = text;
	check_place(&p, SPF_HELO,
	    arena_printf(a,
		"Received-SPF: pass (mx.example: domain of h.example "
		"designates 192.0.2.1 as permitted sender) receiver="
		"mx.example; identity=helo;" TAIL " helo=h.example;%s",
		pair("mechanism", written, a)),
	    a);
}

/* written: as it is between quotes */
static void
check_detail(struct span text, const char *written, struct arena *a)
{
	struct place p = ordinary;
	struct span problem = written
	    ? arena_printf(a, "\"lookup-limit: %s\"", written)
	    : SPAN("lookup-limit");

	p.detail = text;
	check_place(&p, SPF_MAILFROM,
	    arena_printf(a,
		"Received-SPF: permerror (mx.example: permanent error for "
		"domain of u@d.example: %s) receiver=mx.example; "
		"identity=mailfrom;" TAIL " helo=h.example;%s",
		spf_reasons[SPF_LOOKUP_LIMIT].words,
		pair("problem", problem.p, a)),
	    a);
}

/* In each place. written is without the quotes that it is between if quoted. */
static void
check_everywhere(struct span text, const char *written, bool quoted, bool shown,
    struct arena *a)
{
	const char *value =
	    quoted ? arena_printf(a, "\"%s\"", written).p : written;

	check_receiver(text, value, shown, a);
	check_sender(text, value, shown, a);
	check_helo(text, value, shown, a);
	check_mechanism(text, value, a);
	check_detail(text, written, a);
}

/* RFC 7208 9.1 with erratum 5436: dot-atom / quoted-string of RFC 5322. What
 * some reader takes for a result or an encoded-word is omitted. */
static void
values_are_written_as_the_grammar_has_them(void **state)
{
	static const struct {
		struct span text;
		const char *written;
		bool quoted, shown;
	} c[] = {
	    {S("a"), "a", false, true},
	    {S("A-z_0.9"), "A-z_0.9", false, true},
	    {S("!#$%&'*+-/=^_`{|}~"), "!#$%&'*+-/=^_`{|}~", false, true},
	    {S("a@b.example"), "a@b.example", true, true},
	    {S("a..b"), "a..b", true, true},
	    {S(".a"), ".a", true, true},
	    {S("a."), "a.", true, true},
	    {S("a b"), "a b", true, false},
	    {S(" a "), " a ", true, false},
	    {S("(a)"), "(a)", true, false},
	    {S("<a>"), "<a>", true, false},
	    {S("[192.0.2.1]"), "[192.0.2.1]", true, false},
	    {S("2001:db8::1"), "2001:db8::1", true, false},
	    {S("a;b=c,"), "a;b=c,", true, false},
	    {S("\"a\""), "\\\"a\\\"", true, false},
	    {S("a\\\"b\\"), "a\\\\\\\"b\\\\", true, false},
	    {S("a?b"), "a?b", false, false},
	    {S("?q?a?="), "?q?a?=", true, false},
	    {S("a=b"), "a=b", false, true},
	    {S("=a?"), "=a?", false, false},
	    {S("a=?b"), NULL, false, false},
	    {S("=?utf-8?q?a?="), NULL, false, false},
	    {S("dmarc=pass"), NULL, false, false},
	    {S("x; SPF = (a) Pass; y"), NULL, false, false},
	    {S("a@dkim/1=pass.example"), NULL, false, false},
	    {S("dmarc=fail"), "dmarc=fail", false, true},
	    {S("\r\n"), NULL, false, false},
	    {S("a\r\nX-Forged: yes"), NULL, false, false},
	    {S("a\r\n\tb"), NULL, false, false},
	    {S("a\tb"), NULL, false, false},
	    {S("\033[2J"), NULL, false, false},
	    {S("a\0b"), NULL, false, false},
	    {S("\303\266"), NULL, false, false},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		check_everywhere(
		    c[i].text, c[i].written, c[i].quoted, c[i].shown, *state);
}

static void
empty_values_are_written_as_what_they_mean(void **state)
{
	struct span none = SPAN("");

	check_receiver(none, NULL, false, *state);
	/* The null reverse-path, RFC 7208 2.4 */
	check_place(&(struct place){.sender = none, .helo = SPAN("h.example")},
	    SPF_MAILFROM,
	    SPAN("Received-SPF: pass (domain of postmaster@h.example "
		 "designates 192.0.2.1 as permitted sender) "
		 "identity=mailfrom; client-ip=192.0.2.1; "
		 "envelope-from=\"<>\"; helo=h.example; mechanism=default;"),
	    *state);
	check_helo(none, "\"\"", false, *state);
	check_mechanism(none, "\"\"", *state);
	check_detail(none, "", *state);
}

static void
each_octet_is_written_as_it_may_be(void **state)
{
	static const char atoms[] =
	    "!#$%&'*+-/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`"
	    "abcdefghijklmnopqrstuvwxyz{|}~";
	static const char quoted[] = " (),:;<>[]?", both[] = ".@";

	for (unsigned c = 0; c < 256; c++) {
		char octet = (char)c, escaped[] = {'\\', octet, '\0'};
		struct span text = {&octet, 1};
		char *as_it_is = escaped + 1;

		arena_reset(*state);
		if (c && strchr(atoms, octet))
			check_everywhere(text, as_it_is, false, true, *state);
		else if (c && strchr(quoted, octet))
			check_everywhere(text, as_it_is, true, false, *state);
		else if (c && strchr(both, octet))
			check_everywhere(text, as_it_is, true, true, *state);
		else if (octet == '"' || octet == '\\')
			check_everywhere(text, escaped, true, false, *state);
		else
			check_everywhere(text, NULL, false, false, *state);
	}
}

/* n times, and a NUL */
static struct span
repeated(const char *unit, size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	while (n--)
		buf_str(&b, unit);
	return arena_printf(a, SPAN_FMT, SPAN_ARG(buf_span(&b)));
}

/* 512 octets, of which quotes and backslashes are some. */
static void
values_over_the_limit_are_left_out(void **state)
{
	static const struct {
		const char *unit, *written;
		bool quoted, shown;
		size_t most, most_of_detail; /* which is always quoted */
	} c[] = {
	    {"x", "x", false, true, 512, 496},
	    {" ", " ", true, false, 510, 496},
	    {"\"", "\\\"", true, false, 255, 248},
	};

	assert_int_equal(LIMIT_AUTHRES_VALUE, 512);
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span text = repeated(c[i].unit, c[i].most, *state);
		struct span more = repeated(c[i].unit, c[i].most + 1, *state);
		const char *written =
		    repeated(c[i].written, c[i].most, *state).p;
		const char *detail =
		    repeated(c[i].written, c[i].most_of_detail, *state).p;
		const char *value = c[i].quoted
		    ? arena_printf(*state, "\"%s\"", written).p
		    : written;

		check_receiver(text, value, c[i].shown, *state);
		check_sender(text, value, c[i].shown, *state);
		check_helo(text, value, c[i].shown, *state);
		check_mechanism(text, value, *state);
		check_receiver(more, NULL, false, *state);
		check_sender(more, NULL, false, *state);
		check_helo(more, NULL, false, *state);
		check_mechanism(more, NULL, *state);
		text = span_upto(text, c[i].most_of_detail);
		more = span_upto(more, c[i].most_of_detail + 1);
		check_detail(text, detail, *state);
		check_detail(more, NULL, *state);
		check_detail(repeated("x", 2000, *state), NULL, *state);
	}
}

/* RFC 5322 3.2.2: without quoted-pairs, other comments inside of it, or what
 * only a sender would write. */
static void
each_reason_has_a_comment_that_any_reader_reads(void **state)
{
	static const struct result_reason reasons[] = {
	    SPF_REASONS(RESULT_REASON)};
	struct envelope e =
	    envelope(SPAN("h.example.com"), SPAN("u@example.com"));

	for (size_t i = 0; i < COUNT(reasons); i++) {
		struct spf_verdict v = {
		    .reason = (enum spf_reason)i, .mechanism = SPAN("mx")};
		const char *name = result_name(reasons[i].code);
		struct span got = spf_received_field(
		    &v, &e, SPF_MAILFROM, HOST, "\r\n", *state);
		struct span start = arena_printf(
		    *state, "Received-SPF: %s (mx.example.org: ", name);

		check_lines(got);
		got = unfold(got, SPAN("\r\n"), *state);
		assert_true(span_starts(got, start));
		got = span_from(got, start.len);
		start = span_cut(&got, ')');
		for (size_t k = 0; k < start.len; k++)
			assert_null(strchr("(\\\";?<>[]", start.p[k]));
		assert_true(span_starts(got, SPAN(PAIRS)));
		got = span_from(got, sizeof(PAIRS) - 1);
		if (reasons[i].code == RESULT_NONE)
			same(reasons[i].id, got, "");
		else if (reasons[i].code == RESULT_PERMERROR ||
		    reasons[i].code == RESULT_TEMPERROR)
			same(reasons[i].id, got,
			    pair("problem", reasons[i].id, *state));
		else
			same(name, got, " mechanism=mx;");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(values_are_written_as_the_grammar_has_them),
	    TEST(empty_values_are_written_as_what_they_mean),
	    TEST(each_octet_is_written_as_it_may_be),
	    TEST(values_over_the_limit_are_left_out),
	    TEST(each_reason_has_a_comment_that_any_reader_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
