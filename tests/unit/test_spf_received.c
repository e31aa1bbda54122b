#include "fixture_arena.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "mail/fieldtext.h"
#include "base/limit.h"
#include "base/scan.h"
#include "spf/spf.h"

#define HOST SPAN("mx.example.org")

static struct envelope
envelope(struct span helo, struct span sender)
{
	struct envelope e = {.has_ip = true, .helo = helo, .sender = sender};

	assert_true(ip_parse(SPAN("192.0.2.1"), &e.ip));
	return e;
}

/* The field on one line, folds as one blank; its end is taken off. */
static struct span
unfold(struct span field, struct span eol, struct arena *a)
{
	struct buf b = BUF(a);

	while (field.len) {
		size_t n = span_find(field, eol.p[0]);

		buf_add(&b, span_upto(field, n));
		field = span_from(field, n);
		assert_true(span_starts(field, eol));
		field = span_from(field, eol.len);
		if (field.len) {
			assert_int_equal(field.p[0], '\t');
			field = span_from(field, 1);
			buf_char(&b, ' ');
		}
	}
	return buf_span(&b);
}

static void
check_field(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, const char *wanted, struct arena *a)
{
	struct span got = unfold(
	    spf_received_field(v, e, scope, HOST, "\n", a), SPAN("\n"), a);

	if (!span_eq(got, span_of(wanted)))
		fail_msg(SPAN_FMT "\n%s", SPAN_ARG(got), wanted);
}

#define FROM   " identity=mailfrom; client-ip=192.0.2.1;"
#define VALUES " envelope-from=\"u@example.com\"; helo=h.example.com;"
#define TO     " receiver=mx.example.org;" FROM VALUES

static void
each_result_has_its_words(void **state)
{
	static const struct {
		enum spf_reason reason;
		const char *mechanism, *detail, *wanted;
	} c[] = {
	    {SPF_PASS, "ip4:192.0.2.0/24", NULL,
		"pass (mx.example.org: domain of u@example.com designates "
		"192.0.2.1 as permitted sender)" TO
		" mechanism=\"ip4:192.0.2.0/24\";"},
	    {SPF_PASS, "mx", "x",
		"pass (mx.example.org: domain of u@example.com designates "
		"192.0.2.1 as permitted sender)" TO " mechanism=mx;"},
	    {SPF_FAIL, "-all", "-all of example.com",
		"fail (mx.example.org: domain of u@example.com does not "
		"designate 192.0.2.1 as permitted sender)" TO
		" mechanism=-all;"},
	    {SPF_SOFTFAIL, "~all", NULL,
		"softfail (mx.example.org: transitioning domain of "
		"u@example.com does not designate 192.0.2.1 as permitted "
		"sender)" TO " mechanism=~all;"},
	    {SPF_NEUTRAL, "?all", NULL,
		"neutral (mx.example.org: 192.0.2.1 is neither permitted nor "
		"denied by domain of u@example.com)" TO " mechanism=\"?all\";"},
	    {SPF_DEFAULT, NULL, NULL,
		"neutral (mx.example.org: 192.0.2.1 is neither permitted nor "
		"denied by domain of u@example.com)" TO " mechanism=default;"},
	    {SPF_NO_RECORD, NULL, "example.com",
		"none (mx.example.org: no result for domain of u@example.com: "
		"the domain has no SPF record)" TO},
	    {SPF_LOOKUP_LIMIT, NULL, "include:x.example of example.com",
		"permerror (mx.example.org: permanent error for domain of "
		"u@example.com: the record asks for too many lookups)" TO
		" problem=\"lookup-limit: include:x.example of "
		"example.com\";"},
	    {SPF_DNS_SERVFAIL, NULL, NULL,
		"temperror (mx.example.org: temporary error for domain of "
		"u@example.com: the DNS said SERVFAIL)" TO
		" problem=dns-servfail;"},
	    {SPF_TERM_SYNTAX, NULL, "a\nb",
		"permerror (mx.example.org: permanent error for domain of "
		"u@example.com: the record has an unknown or malformed term)" TO
		" problem=term-syntax;"},
	};
	struct envelope e =
	    envelope(SPAN("h.example.com"), SPAN("u@example.com"));

	for (size_t i = 0; i < COUNT(c); i++) {
		struct spf_verdict v = {.reason = c[i].reason,
		    .mechanism = span_of(c[i].mechanism),
		    .detail = span_of(c[i].detail)};
		struct span wanted =
		    arena_printf(*state, "Received-SPF: %s", c[i].wanted);

		check_field(&v, &e, SPF_MAILFROM, wanted.p, *state);
	}
}

#define IDENTITY(id)                                           \
	"Received-SPF: pass (mx.example.org: domain of " id    \
	" designates 192.0.2.1 as permitted sender) receiver=" \
	"mx.example.org;"
#define MAILFROM " identity=mailfrom; client-ip=192.0.2.1;"
#define HELO     " identity=helo; client-ip=192.0.2.1;"
#define MATCH    " mechanism=mx;"

static void
each_identity_is_written_as_it_may_be(void **state)
{
	static const struct {
		struct span helo, sender;
		enum spf_scope scope;
		const char *wanted;
	} c[] = {
	    {S("h.example"), S("u@d.example"), SPF_HELO,
		IDENTITY("h.example") HELO
		" envelope-from=\"u@d.example\"; helo=h.example;" MATCH},
	    {S("h.example"), S(""), SPF_MAILFROM,
		IDENTITY("postmaster@h.example") MAILFROM
		" envelope-from=\"<>\"; helo=h.example;" MATCH},
	    {S("h.example"), S(""), SPF_HELO,
		IDENTITY("h.example") HELO
		" envelope-from=\"<>\"; helo=h.example;" MATCH},
	    {{NULL, 0}, S("d.example"), SPF_MAILFROM,
		IDENTITY("d.example") MAILFROM
		" envelope-from=d.example;" MATCH},
	    {{NULL, 0}, S(""), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM " envelope-from=\"<>\";" MATCH},
	    {S("h.example"), {NULL, 0}, SPF_HELO,
		IDENTITY("h.example") HELO " helo=h.example;" MATCH},
	    {S("[192.0.2.6]"), S("SRS0=a=b=c.example=u@d.example"),
		SPF_MAILFROM,
		IDENTITY("SRS0=a=b=c.example=u@d.example") MAILFROM
		" envelope-from=\"SRS0=a=b=c.example=u@d.example\""
		"; helo=\"[192.0.2.6]\";" MATCH},
	    {S(""), S("\"u;x=y\\\\\"@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM
		" envelope-from=\"\\\"u;x=y\\\\\\\\\\\""
		"@d.example\"; helo=\"\";" MATCH},
	    {S("a)b"), S("a b@d.example"), SPF_HELO,
		IDENTITY("the HELO") HELO
		" envelope-from=\"a b@d.example\"; helo=\"a)b\";" MATCH},
	    {S("=?utf-8?q?a?="), S("a..b"), SPF_HELO,
		IDENTITY("the HELO") HELO " envelope-from=\"a..b\";" MATCH},
	    {S("?q?x?="), S("dmarc=pass@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM " helo=\"?q?x?=\";" MATCH},
	    /* what is no printable ASCII is left out */
	    {S("h\0"), S("\xc3\xb6@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	    {S("h\t"), S("u\r\nX: y@d.example"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	    {S("h\x7f"), S("u\x80"), SPF_MAILFROM,
		IDENTITY("the sender") MAILFROM MATCH},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct envelope e = envelope(c[i].helo, c[i].sender);
		struct spf_verdict v = {
		    .reason = SPF_PASS, .mechanism = SPAN("mx")};

		check_field(&v, &e, c[i].scope, c[i].wanted, *state);
	}
}

static void
an_ipv6_client_is_quoted(void **state)
{
	struct envelope e = envelope(SPAN("h"), SPAN("u@d.example"));
	struct spf_verdict v = {.reason = SPF_PASS};

	assert_true(ip_parse(SPAN("2001:DB8:0::1"), &e.ip));
	check_field(&v, &e, SPF_HELO,
	    "Received-SPF: pass (mx.example.org: domain of h designates "
	    "2001:db8::1 as permitted sender) receiver=mx.example.org; "
	    "identity=helo; client-ip=\"2001:db8::1\"; "
	    "envelope-from=\"u@d.example\"; helo=h; mechanism=default;",
	    *state);
}

static void
nothing_known_is_a_field_too(void **state)
{
	struct envelope e = {.has_ip = false};
	struct spf_verdict v = {.reason = SPF_NO_IDENTITY};
	struct span got =
	    spf_received_field(&v, &e, SPF_MAILFROM, SPAN_NONE, "\r\n", *state);

	got = unfold(got, SPAN("\r\n"), *state);
	assert_true(span_eq(got,
	    SPAN("Received-SPF: none (no result for domain of the sender: "
		 "no identity that can be trusted is known) "
		 "identity=mailfrom;")));
	v.reason = SPF_PASS;
	got = spf_received_field(&v, &e, SPF_HELO, SPAN("a b"), "\n", *state);
	got = unfold(got, SPAN("\n"), *state);
	assert_true(span_eq(got,
	    SPAN("Received-SPF: pass (domain of the HELO designates "
		 "the client as permitted sender) receiver=\"a b\"; "
		 "identity=helo; mechanism=default;")));
}

static void
the_field_is_folded(void **state)
{
	struct envelope e =
	    envelope(SPAN("h.example.com"), SPAN("u@example.com"));
	struct spf_verdict v = {.reason = SPF_PASS, .mechanism = SPAN("mx")};
	struct span got =
	    spf_received_field(&v, &e, SPF_MAILFROM, HOST, "\r\n", *state);

	assert_true(span_eq(got,
	    SPAN("Received-SPF: pass (mx.example.org: domain of u@example.com "
		 "designates\r\n"
		 "\t192.0.2.1 as permitted sender) receiver=mx.example.org;"
		 "\r\n"
		 "\tidentity=mailfrom; client-ip=192.0.2.1; "
		 "envelope-from=\"u@example.com\";\r\n"
		 "\thelo=h.example.com; mechanism=mx;\r\n")));
}

/* Quotes and backslashes count. */
static void
values_over_the_limit_are_left_out(void **state)
{
	static const struct {
		char first;
		size_t added;
		bool in_comment;
	} c[] = {{'x', 0, true}, {' ', 2, false}, {'"', 3, false}};
	char text[LIMIT_AUTHRES_VALUE + 1];

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		size_t n = i / 2, over = i % 2;
		struct span helo = {
		    text, LIMIT_AUTHRES_VALUE - c[n].added + over};
		struct envelope e = envelope(helo, SPAN_NONE);
		struct spf_verdict v = {.reason = SPF_PASS};
		struct span got;

		text[0] = c[n].first;
		got = spf_received_field(&v, &e, SPF_HELO, HOST, "\n", *state);
		assert_int_equal(
		    span_casecontains(got, SPAN("\thelo=")), !over);
		assert_int_equal(span_casecontains(got, SPAN("of the HELO")),
		    over || !c[n].in_comment);
	}
}

/* --- whatever octets the sender chooses --- */

/* Octets that matter to some parser, and any others. */
static struct span
random_text(struct arena *a, unsigned *seed)
{
	static const char odd[] = "\r\n\t \0()\\\";:=,<>@.[]?-_aZ9\x7f\x80\xff";
	static const size_t lengths[] = {0, 1, 3, 20, 200, 505, 512, 2000};
	size_t n;
	struct buf b = BUF(a);
	bool mild;

	*seed = *seed * 1103515245u + 12345u;
	n = lengths[*seed >> 16 & 7];
	mild = *seed >> 20 & 1;
	if ((*seed >> 24 & 7) == 0)
		return SPAN_NONE;
	while (b.len < n) {
		unsigned r;

		*seed = *seed * 1103515245u + 12345u;
		r = *seed >> 16;
		if (mild)
			buf_char(&b, (char)(' ' + r % 95));
		else if (r & 0x1000)
			buf_char(&b, odd[r % (sizeof(odd) - 1)]);
		else
			buf_char(&b, (char)r);
	}
	return buf_span(&b);
}

static bool
is_printable(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && !ascii_is_vchar(s.p[i]))
			return false;
	return true;
}

/* RFC 5322 2.1.1 and 2.2.3: CRLF only in folds, no octet but printable ASCII,
 * no line of blanks alone. */
static struct span
check_lines(struct span field, struct arena *a)
{
	for (struct span rest = field; rest.len;) {
		size_t n = span_find(rest, '\r');

		assert_true(n <= LIMIT_LINE);
		assert_true(span_trim(span_upto(rest, n)).len > 0);
		assert_true(n + 2 <= rest.len);
		rest = span_from(rest, n + 2);
	}
	field = unfold(field, SPAN("\r\n"), a);
	assert_true(is_printable(field));
	return field;
}

/* comment of RFC 5322 3.2.2, and of these one without quoted-pairs, others
 * inside of it, or what only a sender would write. */
static void
eat_comment(struct scan *s)
{
	assert_true(scan_char(s, '('));
	while (!scan_char(s, ')')) {
		assert_false(scan_end(s));
		assert_null(strchr("(\\\";?<>[]", *s->p));
		s->p++;
	}
}

static bool
is_key(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* key-value-pair; the value is what it means. */
static void
eat_pair(struct scan *s, struct arena *a, struct span *key, struct span *value)
{
	assert_true(scan_class(s, is_key, key));
	assert_true(ascii_is_alpha(key->p[0]));
	assert_true(scan_char(s, '='));
	assert_true(
	    scan_quoted_string(s, a, value) || scan_dot_atom_text(s, value));
	assert_true(scan_char(s, ';'));
}

/* What a pair must say, or absent. */
struct expected {
	const char *key;
	struct span value;
};

static size_t
written_length(struct span s)
{
	struct scan t = scan_of(s);
	struct span atom;
	size_t n = s.len + 2;

	if (scan_dot_atom_text(&t, &atom) && scan_end(&t) && s.p[0] != '?')
		return s.len;
	for (size_t i = 0; i < s.len; i++)
		n += s.p[i] == '"' || s.p[i] == '\\';
	return n;
}

static bool
may_be_written(struct span s)
{
	return s.p && is_printable(s) && fieldtext_is_safe(s) &&
	    written_length(s) <= LIMIT_AUTHRES_VALUE;
}

/* RFC 7208 9.1 with erratum 5436; the pairs are exactly these. */
static void
check_grammar(struct span field, enum result_code code,
    const struct expected *wanted, size_t n, struct arena *a)
{
	struct span line = check_lines(field, a), key, value;
	struct scan s = scan_of(line);

	assert_true(scan_literal(&s, SPAN("Received-SPF: ")));
	assert_true(scan_literal(&s, span_of(result_name(code))));
	assert_true(scan_char(&s, ' '));
	eat_comment(&s);
	for (size_t i = 0; i < n; i++) {
		if (!may_be_written(wanted[i].value))
			continue;
		assert_true(scan_char(&s, ' '));
		eat_pair(&s, a, &key, &value);
		assert_true(span_eq(key, span_of(wanted[i].key)));
		assert_true(span_eq(value, wanted[i].value));
	}
	assert_true(scan_end(&s));
}

static struct span
expected_problem(const struct spf_verdict *v, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, spf_reasons[v->reason].id);
	if (!v->detail.p)
		return buf_span(&b);
	buf_str(&b, ": ");
	buf_add(&b, v->detail);
	if (!may_be_written(buf_span(&b)))
		return span_of(spf_reasons[v->reason].id);
	return buf_span(&b);
}

static void
check_any(enum spf_reason reason, unsigned *seed, struct arena *a)
{
	enum spf_scope scope = *seed >> 18 & 1 ? SPF_HELO : SPF_MAILFROM;
	enum result_code code = spf_reasons[reason].code;
	bool error = code == RESULT_TEMPERROR || code == RESULT_PERMERROR;
	struct span receiver = random_text(a, seed);
	struct envelope e =
	    envelope(random_text(a, seed), random_text(a, seed));
	struct spf_verdict v = {.reason = reason,
	    .mechanism = random_text(a, seed),
	    .detail = random_text(a, seed)};
	struct expected wanted[] = {
	    {"receiver", receiver.len ? receiver : SPAN_NONE},
	    {"identity", scope == SPF_HELO ? SPAN("helo") : SPAN("mailfrom")},
	    {"client-ip", SPAN("192.0.2.1")},
	    {"envelope-from", e.sender},
	    {"helo", e.helo},
	    {"mechanism", v.mechanism.p ? v.mechanism : SPAN("default")},
	};

	if (e.sender.p && !e.sender.len)
		wanted[3].value = SPAN("<>");
	if (error)
		wanted[5] =
		    (struct expected){"problem", expected_problem(&v, a)};
	else if (code == RESULT_NONE)
		wanted[5].value = SPAN_NONE;
	check_grammar(spf_received_field(&v, &e, scope, receiver, "\r\n", a),
	    code, wanted, COUNT(wanted), a);
}

static void
no_octets_of_a_sender_break_the_grammar(void **state)
{
	static const struct result_reason reasons[] = {
	    SPF_REASONS(RESULT_REASON)};
	unsigned seed = 1;

	for (unsigned round = 0; round < 200; round++)
		for (size_t i = 0; i < COUNT(reasons); i++) {
			check_any((enum spf_reason)i, &seed, *state);
			arena_reset(*state);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_result_has_its_words),
	    TEST(each_identity_is_written_as_it_may_be),
	    TEST(an_ipv6_client_is_quoted),
	    TEST(nothing_known_is_a_field_too),
	    TEST(the_field_is_folded),
	    TEST(values_over_the_limit_are_left_out),
	    TEST(no_octets_of_a_sender_break_the_grammar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
