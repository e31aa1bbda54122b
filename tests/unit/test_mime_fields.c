/* test_mime_fields: the fields of a part and their parameters. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "../helper/parts.h"

/* A header, and what a walk tells of it after its number and its kind. */
struct header {
	const char *text, *told;
};

/* Returns the text between two others. */
static struct span
between(struct span s, struct span from, struct span to)
{
	size_t begin = 0, end;

	while (!span_starts(span_from(s, begin), from))
		begin++;
	begin += from.len;
	for (end = begin; !span_starts(span_from(s, end), to);)
		end++;
	return span_between(s.p + begin, s.p + end);
}

static void
check_headers(const struct header *c, size_t n, struct arena *a)
{
	struct mime *w = mime_new();

	for (size_t i = 0; i < n; i++) {
		struct span text = ARENA_JOIN(
		    a, SPAN("X: y\n"), span_of(c[i].text), SPAN("\n\n"));
		struct span told = parts_of(w, text, 0, 0, a);
		struct span at = arena_printf(a, " 0 %zu", text.len);

		told = ARENA_JOIN(a, between(told, SPAN("1 0/1 "), at),
		    between(told, at, SPAN("\n1 end")));
		same(c[i].text, arena_span(a, told), c[i].told);
	}
	mime_free(w);
}

static void
the_type_of_a_part_is_told_in_lower_case(void **state)
{
	static const struct header c[] = {
	    {"Content-Type: text/html", "leaf text/html"},
	    {"CONTENT-TYPE : Text/HTML", "leaf text/html"},
	    {"Content-Type:text/html;", "leaf text/html"},
	    {"Content-Type: text / html", "leaf text/html"},
	    {"Content-Type: (a) text (b) / (c) html (d)", "leaf text/html"},
	    {"Content-Type:\r\n\ttext/\r\n html", "leaf text/html"},
	    {"Content-Type: text/html\nContent-Type: text/x", "leaf text/html"},
	    {"Content-Types: text/html", "leaf text/plain"},
	    {"Content-Type: text/html charset=a", "leaf text/html charset=a"},
	    {"Content-Type: application/zip, x=y", "leaf application/zip x=y"},
	    /* RFC 2045 5.2 */
	    {"Content-Type:", "leaf text/plain"},
	    {"Content-Type: text", "leaf text/plain"},
	    {"Content-Type: /x", "leaf text/plain"},
	    {"Content-Type: text/", "leaf text/plain"},
	    {"Content-Type: ; charset=a", "leaf text/plain"},
	    {"Content-Type: (text/html", "leaf text/plain"},
	    {"Content-Type: multipart/mixed; boundary=\"\"",
		"leaf multipart/mixed boundary="},
	};

	check_headers(c, COUNT(c), *state);
}

static void
parameters_are_read_however_they_are_written(void **state)
{
	static const struct header c[] = {
	    {"Content-Type: a/b; C=D", "leaf a/b c=D"},
	    {"Content-Type: a/b ; c = d ; ; e=f;", "leaf a/b c=d e=f"},
	    {"Content-Type: a/b;c=\"d;e\";f=g", "leaf a/b c=d;e f=g"},
	    {"Content-Type: a/b; c=\"d\" f=g", "leaf a/b c=d f=g"},
	    {"Content-Type: a/b; c=\"d\\\"\\e\"", "leaf a/b c=d\"e"},
	    {"Content-Type: a/b; c=\"d\n\te\"", "leaf a/b c=d\\x09e"},
	    {"Content-Type: a/b; c=\"d; e=f", "leaf a/b c=d; e=f"},
	    {"Content-Type: a/b; c=\"d\\", "leaf a/b c=d\\x5c"},
	    {"Content-Type: a/b; (x) c (y) = (z) d (w)", "leaf a/b c=d"},
	    {"Content-Type: a/b; c=d/e=f?g", "leaf a/b c=d/e=f?g"},
	    {"Content-Type: a/b; c=d\n\te=f", "leaf a/b c=d e=f"},
	    {"Content-Type: a/b; c; =d; \"e\"; f=g", "leaf a/b f=g"},
	    {"Content-Type: a/b; c=; d=e", "leaf a/b c= d=e"},
	    {"Content-Type: a/b; c=d; C=e", "leaf a/b c=d"},
	    {"Content-Type: a/b; c=\303\274\200", "leaf a/b c=\303\274\\x80"},
	    {"Content-Type: a/b; name=c d (2).zip; e=f",
		"leaf a/b name=c d e=f name c d"},
	    {"Content-Type: a/b; name=\"c d (2).zip\"",
		"leaf a/b name=c d (2).zip name c d (2).zip"},
	};

	check_headers(c, COUNT(c), *state);
}

static void
pieces_and_charsets_of_rfc_2231_are_joined(void **state)
{
	static const struct header c[] = {
	    /* RFC 2231 3, 4 and 4.1 */
	    {"Content-Type: message/external-body; access-type=URL;\n"
	     " URL*0=\"ftp://\";\n URL*1=\"cs.utk.edu/pub\"",
		"leaf message/external-body access-type=URL"
		" url=ftp://cs.utk.edu/pub"},
	    {"Content-Type: application/x-stuff;\n"
	     " title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
		"leaf application/x-stuff title=(us-ascii)This is ***fun***"},
	    {"Content-Type: application/x-stuff\n"
	     " title*0*=us-ascii'en'This%20is%20even%20more%20\n"
	     " title*1*=%2A%2A%2Afun%2A%2A%2A%20\n title*2=\"isn't it!\"",
		"leaf application/x-stuff title=(us-ascii)This is even more "
		"***fun*** isn't it!"},
	    {"Content-Type: a/b; c*1=e; c*0=d", "leaf a/b c=de"},
	    {"Content-Type: a/b; c*0=d; c*2=f", "leaf a/b c=d"},
	    {"Content-Type: a/b; c*1=d", "leaf a/b c="},
	    {"Content-Type: a/b; c*0=d; c*0=x; c*1=e", "leaf a/b c=de"},
	    {"Content-Type: a/b; c=x; c*=''d", "leaf a/b c=()d"},
	    {"Content-Type: a/b; c=x; c*0=d; c*1=e", "leaf a/b c=de"},
	    {"Content-Type: a/b; c*=d%2", "leaf a/b c=d%2"},
	    {"Content-Type: a/b; c*=d%zz%41'e", "leaf a/b c=d%zzA'e"},
	    {"Content-Type: a/b; c*0*=u''d; c*1*=e''f", "leaf a/b c=(u)de''f"},
	    {"Content-Type: a/b; c*x=d; e*0*1=f; g=h", "leaf a/b g=h"},
	    {"Content-Type: a/b; c*99999999999999999999=d; g=h",
		"leaf a/b g=h"},
	};

	check_headers(c, COUNT(c), *state);
}

static void
the_name_of_a_file_is_that_of_the_disposition_or_the_type(void **state)
{
	static const struct header c[] = {
	    {"Content-Disposition: Attachment; filename=\"a!b.zip\"",
		"leaf text/plain ; attachment name a!b.zip"},
	    {"Content-Disposition: attachment; filename=a;\n"
	     "Content-Type: a/b; name=c",
		"leaf a/b name=c ; attachment name a"},
	    {"Content-Disposition: inline; filename=\"\"\n"
	     "Content-Type: a/b; name=c",
		"leaf a/b name=c ; inline name c"},
	    {"Content-Disposition: ; filename=a", "leaf text/plain name a"},
	    {"Content-Disposition: attachment;\n"
	     " filename*0*=utf-8''a%21b.xm; filename*1=l.gz",
		"leaf text/plain ; attachment name a!b.xml.gz"},
	    {"Content-Type: a/b; name=\"=?utf-8?Q?a=21b=2E?=\n"
	     " =?utf-8?B?Z3o=?=\"",
		"leaf a/b name==?utf-8?Q?a=21b=2E?= =?utf-8?B?Z3o=?="
		" name a!b.gz"},
	};

	check_headers(c, COUNT(c), *state);
}

static void
the_encoding_is_one_that_is_known_or_not(void **state)
{
	static const struct header c[] = {
	    {"Content-Transfer-Encoding: BASE64", "leaf base64 text/plain"},
	    {"Content-Transfer-Encoding: (a) base64 (b)",
		"leaf base64 text/plain"},
	    {"Content-Transfer-Encoding: base64;", "leaf base64 text/plain"},
	    {"Content-Transfer-Encoding: \"base64\"", "leaf base64 text/plain"},
	    {"Content-Transfer-Encoding: base64\n"
	     "Content-Transfer-Encoding: 7bit",
		"leaf base64 text/plain"},
	    {"Content-Transfer-Encoding: Quoted-Printable",
		"leaf quoted-printable text/plain"},
	    {"Content-Transfer-Encoding: 7bit", "leaf text/plain"},
	    {"Content-Transfer-Encoding: 8BIT", "leaf text/plain"},
	    {"Content-Transfer-Encoding: binary", "leaf text/plain"},
	    {"Content-Transfer-Encoding:", "leaf text/plain"},
	    {"Content-Transfer-Encoding: x-uuencode",
		"leaf unknown text/plain"},
	};

	check_headers(c, COUNT(c), *state);
}

static void
parameters_over_the_limit_are_left_out(void **state)
{
	struct mime *w = mime_new();
	struct buf b = BUF(*state);
	struct span told;

	buf_str(&b, "Content-Type: a/b");
	for (unsigned i = 0; i < LIMIT_MIME_PARAMETERS; i++)
		buf_printf(&b, ";p%u=v", i);
	told = parts_of(w, buf_span(&b), 0, 0, *state);
	assert_false(span_casecontains(told, SPAN("header-cut")));
	buf_str(&b, ";p=v");
	told = parts_of(w, buf_span(&b), 0, 0, *state);
	assert_true(span_casecontains(told,
	    arena_printf(
		*state, " p%u=v header-cut\n", LIMIT_MIME_PARAMETERS - 1)));
	mime_free(w);
}

static void
the_first_field_of_a_name_is_found(void **state)
{
	static const struct span header = S("A-B: 1\nA : 2\n 3\na: 4\n no\nB:");

	(void)state;
	same("A", mime_field(header, SPAN("A")), " 2\n 3");
	same("b", mime_field(header, SPAN("b")), "");
	assert_non_null(mime_field(header, SPAN("b")).p);
	assert_null(mime_field(header, SPAN("C")).p);
	assert_null(mime_field(header, SPAN("no")).p);
	assert_null(mime_field(SPAN_NONE, SPAN("A")).p);
}

static void
a_subject_is_unfolded_and_decoded(void **state)
{
	static const struct {
		struct span body;
		const char *text;
	} c[] = {
	    {S(" Report Domain: example.org\r\n Submitter: x\r\n"),
		"Report Domain: example.org Submitter: x"},
	    {S(" =?UTF-8?Q?Report_Domain=3A?=\r\n =?utf-8?b?IGE=?= b"),
		"Report Domain: a b"},
	    {S(""), ""},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		same(c[i].text, mime_text(c[i].body, *state), c[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_type_of_a_part_is_told_in_lower_case),
	    TEST(parameters_are_read_however_they_are_written),
	    TEST(pieces_and_charsets_of_rfc_2231_are_joined),
	    TEST(the_name_of_a_file_is_that_of_the_disposition_or_the_type),
	    TEST(the_encoding_is_one_that_is_known_or_not),
	    TEST(parameters_over_the_limit_are_left_out),
	    TEST(the_first_field_of_a_name_is_found),
	    TEST(a_subject_is_unfolded_and_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
