/* test_mime: the walk over the parts of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include "../helper/parts.h"

#define MIXED(boundary) "Content-Type: multipart/mixed; boundary=" boundary "\n"

/* A text, and what a walk over it tells (parts.h), in any pieces. */
struct walk {
	const char *title, *text, *told;
};

static void
check_walks(const struct walk *c, size_t n, struct arena *a)
{
	struct mime *w = mime_new();

	for (size_t i = 0; i < n; i++) {
		struct span text = span_of(c[i].text);

		same(c[i].title, parts_of(w, text, 0, 0, a), c[i].told);
		for (size_t k = 1; k < text.len; k++) {
			same(c[i].title, parts_of(w, text, k, 0, a), c[i].told);
			same(c[i].title, parts_of(w, text, k, 1, a), c[i].told);
		}
		for (size_t k = 1; k < 40; k++)
			same(c[i].title, parts_of(w, text, k, k, a), c[i].told);
	}
	mime_free(w);
}

static void
a_message_without_mime_is_one_leaf(void **state)
{
	static const struct walk c[] = {
	    {"plain", "A: b\n\ntext\n",
		"1 0/1 leaf text/plain 0 6\n1 end 11 [text\\x0a]\n"},
	    {"no octets", "", "1 0/1 leaf text/plain 0 0\n1 end 0 []\n"},
	    {"no body", "A: b\n", "1 0/1 leaf text/plain 0 5\n1 end 5 []\n"},
	    {"no line end", "A: b", "1 0/1 leaf text/plain 0 4\n1 end 4 []\n"},
	    {"no header", "\r\n--a\r",
		"1 0/1 leaf text/plain 0 2\n1 end 6 [--a\\x0d]\n"},
	    {"no end of the header", "A: b\nno field\nA: c\n",
		"1 0/1 leaf text/plain 0 5\n"
		"1 end 19 [no field\\x0aA: c\\x0a]\n"},
	    {"a fold before any field", " a\nA: b\n\n",
		"1 0/1 leaf text/plain 0 0\n1 end 9 [ a\\x0aA: b\\x0a\\x0a]\n"},
	    {"an mbox line", "From a\n>From b\nA: b\n\ntext",
		"1 0/1 leaf text/plain 15 21\n1 end 25 [text]\n"},
	    {"an mbox line after a field", "A: b\nFrom a\n\n",
		"1 0/1 leaf text/plain 0 5\n1 end 13 [From a\\x0a\\x0a]\n"},
	    {"a zip file",
		"MIME-Version: 1.0\r\nContent-Type: application/zip;\r\n"
		" name=\"a!b.zip\"\r\nContent-Transfer-Encoding: base64\r\n"
		"Content-Disposition: attachment\r\n\r\nUEsDBA==\r\n",
		"1 0/1 leaf base64 application/zip 0 138 name=a!b.zip"
		" ; attachment name a!b.zip\n"
		"1 end 148 [PK\\x03\\x04]\n"},
	};

	check_walks(c, COUNT(c), *state);
}

static void
a_multipart_has_the_parts_between_its_delimiters(void **state)
{
	static const struct walk c[] = {
	    {"two parts",
		MIXED("b") "\npreamble\n--b\nA: b\n\none\n\n--b\n\ntwo\n"
			   "--b--\nepilogue\n--b\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 56 62\n2 end 66 [one\\x0a]\n"
		"3 1/2 leaf text/plain 71 72\n3 end 75 [two]\n"
		"1 end 95 children 2\n"},
	    {"CRLF",
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
		"A: b\r\n\r\none\r\n--b--\r\n",
		"1 0/1 multipart multipart/mixed 0 45 boundary=b\n"
		"2 1/1 leaf text/plain 50 58\n2 end 61 [one]\n"
		"1 end 70 children 1\n"},
	    {"CRLF and LF",
		MIXED("b") "\r\n--b\r\nA: b\n\r\none\r\n\n--b\r\n\ntwo\r\n"
			   "\r\n--b--",
		"1 0/1 multipart multipart/mixed 0 44 boundary=b\n"
		"2 1/1 leaf text/plain 49 56\n2 end 61 [one\\x0d\\x0a]\n"
		"3 1/2 leaf text/plain 67 68\n3 end 73 [two\\x0d\\x0a]\n"
		"1 end 80 children 2\n"},
	    {"blanks after delimiters",
		MIXED("b") "\n--b \t\n\none\n--b\t \r\n\ntwo\n--b-- \n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 49 50\n2 end 53 [one]\n"
		"3 1/2 leaf text/plain 61 62\n3 end 65 [two]\n"
		"1 end 73 children 2\n"},
	    {"lines that are no delimiter",
		MIXED("b") "\n--b\n\n-\n--\n--a\n --b\n--bb\n--b-\n--b---\n"
			   "\r--b\n-b\n--b--\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 47 48\n"
		"2 end 86 [-\\x0a--\\x0a--a\\x0a --b\\x0a--bb\\x0a--b-\\x0a"
		"--b---\\x0a\\x0d--b\\x0a-b]\n"
		"1 end 93 children 1\n"},
	    {"CRs before a delimiter", MIXED("b") "\n--b\n\na\r\r\n--b--",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 47 48\n2 end 50 [a\\x0d]\n"
		"1 end 57 children 1\n"},
	    {"parts without a body, and without a header",
		MIXED("b") "\n--b\n\n--b\nA: b\n--b\n--b\nno field\n--b--\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 47 48\n2 end 48 []\n"
		"3 1/2 leaf text/plain 52 57\n3 end 57 []\n"
		"4 1/3 leaf text/plain 61 61\n4 end 61 []\n"
		"5 1/4 leaf text/plain 65 65\n5 end 73 [no field]\n"
		"1 end 80 children 4\n"},
	    {"the last delimiter is missing", MIXED("b") "\n--b\n\none\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 leaf text/plain 47 48\n2 end 52 [one\\x0a]\n"
		"1 end 52 unclosed children 1\n"},
	    {"the end is within a delimiter", MIXED("bb") "\n--bb\n\none\n--b",
		"1 0/1 multipart multipart/mixed 0 44 boundary=bb\n"
		"2 1/1 leaf text/plain 49 50\n2 end 57 [one\\x0a--b]\n"
		"1 end 57 unclosed children 1\n"},
	    {"all delimiters are missing", MIXED("b") "\none\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"1 end 47 unclosed children 0\n"},
	    {"no empty line before the first delimiter",
		MIXED("b") "--b\n\none\n--b--\n",
		"1 0/1 multipart multipart/mixed 0 42 boundary=b\n"
		"2 1/1 leaf text/plain 46 47\n2 end 50 [one]\n"
		"1 end 57 children 1\n"},
	    {"a delimiter that looks like a field",
		MIXED("\"b: c\"") "\n--b: c\nA: b\n--b: c--\n",
		"1 0/1 multipart multipart/mixed 0 48 boundary=b: c\n"
		"2 1/1 leaf text/plain 55 60\n2 end 60 []\n"
		"1 end 69 children 1\n"},
	    {"a boundary with a blank at its end",
		MIXED("\"b \"") "\n--b \n"
				"\na\n--b--",
		"1 0/1 multipart multipart/mixed 0 46 boundary=b \n"
		"2 1/1 leaf text/plain 51 52\n2 end 53 [a]\n"
		"1 end 59 children 1\n"},
	    {"no boundary", "Content-Type: multipart/mixed\n\n--b\n",
		"1 0/1 leaf multipart/mixed 0 31\n1 end 35 [--b\\x0a]\n"},
	};

	check_walks(c, COUNT(c), *state);
}

static void
multiparts_are_in_multiparts(void **state)
{
	static const struct walk c[] = {
	    /* RFC 2046 5.1.1 and 5.1.2 */
	    {"a boundary that begins with the outer one",
		MIXED("b") "\n--b\n" MIXED("bc") "\n--bc\n\none\n--bc--\n"
						 "\n--b\n\ntwo\n--b--\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 multipart multipart/mixed 47 91 boundary=bc\n"
		"3 2/1 leaf text/plain 96 97\n3 end 100 [one]\n"
		"2 end 108 children 1\n"
		"4 1/2 leaf text/plain 113 114\n4 end 117 [two]\n"
		"1 end 124 children 2\n"},
	    {"a boundary that the outer one begins with",
		MIXED("bc") "\n--bc\n" MIXED("b") "\n--b\n\none\n--b--\n"
						  "--bc--\n",
		"1 0/1 multipart multipart/mixed 0 44 boundary=bc\n"
		"2 1/1 multipart multipart/mixed 49 92 boundary=b\n"
		"3 2/1 leaf text/plain 96 97\n3 end 100 [one]\n"
		"2 end 106 children 1\n"
		"1 end 114 children 1\n"},
	    {"an outer delimiter ends all in it",
		MIXED("b") "\n--b\n" MIXED("c") "\n--c\n\none\n--b\n\ntwo\n"
						"--c\n--b--",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 multipart multipart/mixed 47 90 boundary=c\n"
		"3 2/1 leaf text/plain 94 95\n3 end 98 [one]\n"
		"2 end 98 unclosed children 1\n"
		"4 1/2 leaf text/plain 103 104\n4 end 111 [two\\x0a--c]\n"
		"1 end 117 children 2\n"},
	    {"the same boundary",
		MIXED("b") "\n--b\n" MIXED("b") "\n--b\n\n"
						"a\n--b--\n"
						"--b--\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 multipart multipart/mixed 47 90 boundary=b\n"
		"3 2/1 leaf text/plain 94 95\n3 end 96 [a]\n"
		"2 end 102 children 1\n"
		"1 end 109 children 1\n"},
	    {"a delimiter in an epilogue",
		MIXED("b") "\n--b\n" MIXED("c") "\n--c--\n--c\n--b\n\na",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 multipart multipart/mixed 47 90 boundary=c\n"
		"2 end 99 children 0\n"
		"3 1/2 leaf text/plain 104 105\n3 end 106 [a]\n"
		"1 end 106 unclosed children 2\n"},
	    /* RFC 2045 6.4 */
	    {"a multipart is not encoded",
		"Content-Transfer-Encoding: base64\n" MIXED("b") "\n--b\n\na\n"
								 "--b--",
		"1 0/1 multipart base64 multipart/mixed 0 77 boundary=b\n"
		"2 1/1 leaf text/plain 81 82\n2 end 83 [a]\n"
		"1 end 89 children 1\n"},
	};

	check_walks(c, COUNT(c), *state);
}

#define INNER                                                       \
	"Content-Type: message/rfc822\nContent-Transfer-Encoding: " \
	"base64\n\n"

static void
messages_are_in_messages(void **state)
{
	static const struct walk c[] = {
	    {"as it is",
		MIXED("b") "\n--b\nContent-Type: MESSAGE/RFC822\n\nA: b\n\na\n"
			   "--b--",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 message message/rfc822 47 77\n"
		"3 2/1 leaf text/plain 77 83\n3 end 84 [a]\n"
		"2 end 84 children 1\n"
		"1 end 90 children 1\n"},
	    {"with an mbox line",
		"Content-Type: message/global\n\n>From x\nA: b\n\na",
		"1 0/1 message message/global 0 30\n"
		"2 1/1 leaf text/plain 38 44\n2 end 45 [a]\n"
		"1 end 45 children 1\n"},
	    {"without a header", "Content-Type: message/rfc822\n\nno field\n",
		"1 0/1 message message/rfc822 0 30\n"
		"2 1/1 leaf text/plain 30 30\n2 end 39 [no field\\x0a]\n"
		"1 end 39 children 1\n"},
	    /* RFC 2046 5.1.5 */
	    {"in a digest",
		"Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: b\n\n"
		"a\n--b\nContent-Type: text/plain\n\nc\n--b--\n",
		"1 0/1 multipart multipart/digest 0 44 boundary=b\n"
		"2 1/1 message message/rfc822 48 49\n"
		"3 2/1 leaf text/plain 49 55\n3 end 56 [a]\n"
		"2 end 56 children 1\n"
		"4 1/2 leaf text/plain 61 87\n4 end 88 [c]\n"
		"1 end 95 children 2\n"},
	    {"the parts of a report are leaves but for the message",
		"Content-Type: multipart/report; boundary=b\n\n--b\n"
		"Content-Type: message/feedback-report\n\nA: b\n\n--b\n"
		"Content-Type: text/rfc822-headers\n\nA: c\n--b\n"
		"Content-Type: message/delivery-status\n\nA: d\n--b--\n",
		"1 0/1 multipart multipart/report 0 44 boundary=b\n"
		"2 1/1 leaf message/feedback-report 48 87\n"
		"2 end 92 [A: b\\x0a]\n"
		"3 1/2 leaf text/rfc822-headers 97 132\n3 end 136 [A: c]\n"
		"4 1/3 leaf message/delivery-status 141 180\n"
		"4 end 184 [A: d]\n"
		"1 end 191 children 3\n"},
	    {"in base64", /* "A: b\n\ntext\n" */
		INNER "QTogYgoK\ndGV4dAo=\n",
		"1 0/1 message base64 message/rfc822 0 64\n"
		"2 1/1 in 1 leaf text/plain 0 6\n2 end 11 [text\\x0a]\n"
		"1 end 82 children 1\n"},
	    {"in base64, cut", INNER "QTogYgoK\ndGV4d",
		"1 0/1 message base64 message/rfc822 0 64\n"
		"2 1/1 in 1 leaf text/plain 0 6\n2 end 9 [tex]\n"
		"1 end 78 cut 78 children 1\n"},
	    {"in base64, in a multipart whose delimiters end all",
		/* MIXED("c") "\n--c\n\na\n--b\n" */
		MIXED("b") "\n--b\n" INNER
			   "Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5k\n"
			   "YXJ5PWMKCi0tYwoKYQotLWIK\n--b\n\na\n--b--\n",
		"1 0/1 multipart multipart/mixed 0 43 boundary=b\n"
		"2 1/1 message base64 message/rfc822 47 111\n"
		"3 2/1 in 2 multipart multipart/mixed 0 43 boundary=c\n"
		"4 3/1 in 2 leaf text/plain 47 48\n"
		"4 end 54 [a\\x0a--b\\x0a]\n"
		"3 end 54 unclosed children 1\n"
		"2 end 184 children 1\n"
		"5 1/2 leaf text/plain 189 190\n5 end 191 [a]\n"
		"1 end 198 children 2\n"},
	    {"in quoted-printable",
		"Content-Type: message/rfc822\n"
		"Content-Transfer-Encoding: quoted-printable\n\n"
		"Content-Type: text/=\nhtml\n\n=3Dhtml=",
		"1 0/1 message quoted-printable message/rfc822 0 74\n"
		"2 1/1 in 1 leaf text/html 0 25\n2 end 30 [=html]\n"
		"1 end 109 children 1\n"},
	};

	check_walks(c, COUNT(c), *state);
}

static struct sink *
skip_octets(struct mime_visitor *self, const struct mime_part *part)
{
	(void)self;
	(void)part;
	return NULL;
}

static void
end_sound(struct mime_visitor *self, const struct mime_part *part)
{
	(void)self;
	assert_int_equal(part->damage, MIME_SOUND);
}

static void
leaves_that_are_skipped_are_not_decoded(void **state)
{
	struct mime_visitor v = {skip_octets, end_sound};
	struct mime *w = mime_new();
	struct sink *to = mime_begin(w, &v);

	(void)state;
	sink_put(to,
	    SPAN("Content-Transfer-Encoding: base64\n" MIXED(
		"b") "\n--b\n"
		     "Content-Transfer-Encoding: base64\n\n!"));
	sink_end(to);
	assert_int_equal(mime_result(w).parts, 2);
	mime_free(w);
}

static void
a_walk_need_not_be_ended(void **state)
{
	struct mime *w = mime_new();
	struct parts p = parts_to(*state);
	struct span text = SPAN("A: b\n\na\n--b");

	sink_put(mime_begin(w, &p.visitor),
	    SPAN(MIXED("b") "\n--b\n" INNER "QTogYgoK\ndGV4d"));
	same("another walk", parts_of(w, text, 0, 0, *state),
	    "1 0/1 leaf text/plain 0 6\n1 end 11 [a\\x0a--b]\n");
	assert_int_equal(mime_result(w).parts, 1);
	mime_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_message_without_mime_is_one_leaf),
	    TEST(a_multipart_has_the_parts_between_its_delimiters),
	    TEST(multiparts_are_in_multiparts),
	    TEST(messages_are_in_messages),
	    TEST(leaves_that_are_skipped_are_not_decoded),
	    TEST(a_walk_need_not_be_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
