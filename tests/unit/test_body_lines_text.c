/* test_body_lines_text: charsets, punctuation and links are restored. */
/* SPDX-License-Identifier: ISC */

#include "fixture_lines.h"

#include "base/base64.h"

/* The same texts in UTF-8, ISO-8859-1, windows-1252 and ISO-8859-15; absent if
 * they have other characters. */
static const struct {
	struct span utf8, latin1, windows, latin9;
} texts[] = {
    {S("Gr\303\274\303\237e aus K\303\266ln\n"), S("Gr\374\337e aus K\366ln\n"),
	S("Gr\374\337e aus K\366ln\n"), S("Gr\374\337e aus K\366ln\n")},
    {S("\303\240\nla mode\n\nd\303\251j\303\240"),
	S("\340\nla mode\n\nd\351j\340"), S("\340\nla mode\n\nd\351j\340"),
	S("\340\nla mode\n\nd\351j\340")},
    {S("5 \342\202\254\n"), {NULL, 0}, S("5 \200\n"), S("5 \244\n")},
    {S("\342\200\234Don\342\200\231t\342\200\235 \342\200\223 \303\251\n"),
	{NULL, 0}, S("\223Don\222t\224 \226 \351\n"), {NULL, 0}},
    {S("\305\240koda, 5 \302\243\n"), {NULL, 0}, S("\212koda, 5 \243\n"),
	S("\246koda, 5 \243\n")},
};

static void
charsets_are_undone(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		const struct span of[] = {
		    texts[i].latin1, texts[i].windows, texts[i].latin9};

		for (size_t k = 0; k < COUNT(of); k++) {
			if (!of[k].p)
				continue;
			gives_back("body-charset", both[i % 2], of[k],
			    texts[i].utf8, *state);
			gives_back("body-charset-lost", both[i % 2],
			    texts[i].utf8, of[k], *state);
		}
	}
}

/* Takes each octet for a character of ISO-8859-1. */
static struct span
encoded(struct span in, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < in.len; i++) {
		unsigned char c = (unsigned char)in.p[i];

		if (c < 0x80) {
			buf_char(&b, in.p[i]);
			continue;
		}
		buf_char(&b, (char)(0xc0 + c / 64));
		buf_char(&b, (char)(0x80 + c % 64));
	}
	return buf_span(&b);
}

static void
what_was_encoded_twice_is_decoded_once(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++)
		gives_back("body-charset-doubled", both[i % 2], texts[i].utf8,
		    encoded(texts[i].utf8, *state), *state);
	/* U+201C as windows-1252: U+00E2 U+20AC U+0153 */
	gives_back("body-charset-doubled", CANON_SIMPLE,
	    SPAN("\342\200\234a\342\200\231\n"),
	    SPAN("\303\242\342\202\254\305\223a\303\242\342\202\254"
		 "\342\204\242\n"),
	    *state);
	/* A part of the text only. */
	gives_back("body-charset-doubled", CANON_RELAXED,
	    SPAN("\303\274\n\303\274\n"), SPAN("\303\203\302\274\n\303\274\n"),
	    *state);
}

static const struct replacement replacements[] = {
    {"body-bom-added", CANON_SIMPLE, S("a\nb\n"), S("a"), S("\357\273\277a")},
    {"body-bom-added", CANON_RELAXED, S("a\nb\nc"), S("\n"),
	S("\n\357\273\277")},
    {"body-bom-added", CANON_RELAXED, S("\357\273\277a\n\nb\n"), S("b"),
	S("\357\273\277b")},
    {"body-bom-lost", CANON_SIMPLE, S("\357\273\277\303\274\nb\n"),
	S("\357\273\277"), S("")},
    {"body-bom-lost", CANON_RELAXED, S("\357\273\277a\303\274"),
	S("\357\273\277"), S("")},
    {"body-bom-lost", CANON_RELAXED, S("\357\273\277\n\342\202\254\n"),
	S("\357\273\277"), S("")},

    {"body-marks", CANON_SIMPLE, S("Don't say 'no'.\n"), S("'"),
	S("\342\200\231")},
    {"body-marks", CANON_RELAXED, S("\"a\" \303\274 - b\n"), S("\""),
	S("\342\200\234")},
    {"body-marks", CANON_RELAXED, S("a -- b\nc -- d\n"), S("--"),
	S("\342\200\224")},
    {"body-marks", CANON_RELAXED, S("a -- b\nc -- d\n"), S("--"),
	S("\342\200\223")},
    {"body-marks", CANON_SIMPLE, S("a - b\nc - d\n"), S("-"),
	S("\342\200\223")},
    {"body-marks", CANON_SIMPLE, S("Well...\nwell.\n"), S("..."),
	S("\342\200\246")},
    {"body-marks", CANON_SIMPLE, S("a b\n c d\n"), S(" "), S("\302\240")},
    {"body-marks", CANON_SIMPLE, S("'\342\200\231' b\n"), S("' "),
	S("\342\200\231 ")},
};

static void
replacements_are_undone(void **state)
{
	check_replacements(replacements, COUNT(replacements), *state);
}

/* The byte order mark of each part of text. */
static void
parts_have_byte_order_marks(void **state)
{
	static const struct body_part parts[] = {
	    {.kind = MIME_MULTIPART, .type = S("multipart/mixed")},
	    {.type = S("text/plain"), .begin = 4, .end = 8},
	    {.type = S("image/png"), .begin = 8, .end = 10},
	    {.type = S("text/html"), .begin = 10, .end = 12},
	};
	struct body b =
	    body_with(CANON_SIMPLE, SPAN("--x\na\303\274\nz\nyy"), *state);
	struct body_proposals p;

	b.parts = parts;
	b.nparts = COUNT(parts);
	p = proposals_of("body-bom-lost", &b);
	assert_int_equal(p.n, 3);
	assert_int_equal(which(&p, &b,
			     SPAN("--x\n\357\273\277a\303\274\nz\n"
				  "\357\273\277yy")),
	    1);
	assert_int_equal(
	    which(&p, &b, SPAN("--x\n\357\273\277a\303\274\nz\nyy")), 2);
}

/*
 * Links.
 */

/* Writes a text with all but letters, digits and dots as an octet, such as "%",
 * and two digits. */
static struct span
escaped(struct span in, char with, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < in.len; i++) {
		unsigned c = (unsigned char)in.p[i];

		if ((c | 32) - 'a' < 26 || c - '0' < 10 || c == '.')
			buf_char(&b, in.p[i]);
		else
			buf_printf(&b, "%c%02X", with, c);
	}
	return buf_span(&b);
}

/* Each service: what is before and after the link, and how it is written. */
static struct span
percent(struct span in, struct arena *a)
{
	return escaped(in, '%', a);
}

static struct span
dashes(struct span in, struct arena *a)
{
	return replaced(escaped(in, '-', a), SPAN("-2F"), SPAN("_"), a);
}

static struct span
base64(struct span in, struct arena *a)
{
	return percent(base64_encode(in, a), a);
}

static struct span
plain(struct span in, struct arena *a)
{
	(void)a;
	return in;
}

static const struct {
	const char *before, *after;
	struct span (*write)(struct span in, struct arena *a);
} services[] = {
    {"https://nam02.safelinks.protection.outlook.com/?url=",
	"&data=05%7C01%7Canna&sdata=x%3D&reserved=0", percent},
    {"https://gcc02.safelinks.protection.office365.us/?url=", "&data=1",
	percent},
    {"https://urldefense.com/v3/__", "__;!!Nx-_!abc$", plain},
    {"https://urldefense.proofpoint.com/v2/url?u=", "&d=DwMFaQ&c=1", dashes},
    {"https://urldefense.proofpoint.com/v1/url?u=", "&k=1&r=2", percent},
    {"https://linkprotect.cudasvc.com/url?a=", "&c=E,1,x&typo=1", percent},
    {"https://secure-web.cisco.com/1AbC-_x/", "", percent},
    {"https://eu-central-1.protection.sophos.com/?d=example.org&u=", "&i=1",
	base64},
    {"https://url.avanan.click/v2/___", "___.YXAzOmE6bzp4", plain},
    {"https://avanan.url-protection.com/v1/url?o=", "&g=1&s=2", percent},
    {"https://clicktime.symantec.com/3A?u=", "", percent},
    {"https://protect2.fireeye.com/v1/url?k=1&q=1&e=2&u=", "", percent},
    {"https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url=",
	"&umid=1", percent},
    {"https://urlsand.esvalabs.com/?u=", "&e=1&h=2", percent},
    {"https://www.google.com/url?q=", "&source=gmail", percent},
};

static const struct span links[] = {S("https://example.org/"),
    S("http://www.example.org/a%20b?c=d&e=f-g_h~i"),
    S("https://example.org/x/y.html?q=1%2B1#there")};

/* As in plain text, in parentheses, at the end of a sentence, and in HTML. */
static const char *const around[][2] = {{"See\n", "\n"}, {"(", ")."},
    {"<", ">"}, {"<a href=\"", "\">here</a>\n"},
    {
	"a ",
	", b ",
    }};

static struct span
surrounded(const char *const with[2], struct span link, struct arena *a)
{
	return ARENA_JOIN(a, span_of(with[0]), link, span_of(with[1]),
	    SPAN(" "), link, SPAN(" end\n"));
}

static void
links_are_restored(void **state)
{
	for (size_t i = 0; i < COUNT(services) * COUNT(links); i++)
		for (size_t k = 0; k < COUNT(around); k++) {
			size_t s = i / COUNT(links);
			struct span link = links[i % COUNT(links)];
			struct span other =
			    ARENA_JOIN(*state, span_of(services[s].before),
				services[s].write(link, *state),
				span_of(services[s].after));

			gives_back("body-links", both[k % 2],
			    surrounded(around[k], link, *state),
			    surrounded(around[k], other, *state), *state);
			arena_reset(*state);
		}
}

/* What the rewritten link does not tell. */
static void
forms_of_links_are_tried(void **state)
{
	static const struct {
		struct span original, altered;
	} c[] = {
	    {S("www.example.org\n"),
		S("https://x.safelinks.protection.outlook.com/"
		  "?url=http%3A%2F%2Fwww.example.org%2F&data=1\n")},
	    {S("https://example.org\n"),
		S("https://x.safelinks.protection.outlook.com/"
		  "?url=https%3A%2F%2Fexample.org%2F&data=1\n")},
	    {S("www.example.org/a\n"),
		S("https://x.safelinks.protection.outlook.com/"
		  "?url=http%3A%2F%2Fwww.example.org%2Fa&data=1\n")},
	    {S("<a href=\"https://example.org/?a=1&amp;b=2\">x</a>\n"),
		S("<a href=\"https://x.safelinks.protection.outlook.com/"
		  "?url=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2"
		  "&amp;data=1\">x</a>\n")},
	    {S("<a href=\"https://example.org/?a=1&b=2\">x</a>\n"),
		S("<a href=\"https://x.safelinks.protection.outlook.com/"
		  "?url=https%3A%2F%2Fexample.org%2F%3Fa%3D1%26b%3D2"
		  "&amp;data=1\">x</a>\n")},
	    {S("See https://example.org/ there.\n"),
		S("See https://urldefense.com/v3/__https://example.org/__"
		  ";!!A!b$ [example[.]org] there.\n")},
	    {S("See https://example.org/ [example.org].\n"),
		S("See https://urldefense.com/v3/__https://example.org/__"
		  ";!!A!b$ [example.org].\n")},
	    /* "+" and "ü" are in base64; two slashes became one; three stars
	     * in a row are a run. */
	    {S("https://example.org/a+b/\303\274\n"),
		S("https://urldefense.com/v3/__https:/example.org/a*b/*__"
		  ";K8O8!!A!b$\n")},
	    {S("https://example.org/+++x+\n"),
		S("https://urldefense.com/v3/__https://example.org/**Bx*__"
		  ";KysrKw!!A!b$\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		gives_back("body-links", both[i % 2], c[i].original,
		    c[i].altered, *state);
}

static void
each_link_is_tried_alone(void **state)
{
	struct span text =
	    SPAN("https://www.google.com/url?q=http://a.example "
		 "https://www.google.com/url?q=http://b.example");
	struct body b = body_with(CANON_SIMPLE, text, *state);
	struct body_proposals p = proposals_of("body-links", &b);

	assert_int_equal(
	    which(&p, &b, SPAN("http://a.example http://b.example")), 1);
	assert_int_equal(which(&p, &b,
			     SPAN("http://a.example https://www.google.com/"
				  "url?q=http://b.example")),
	    2);
}

static void
nothing_is_proposed_without_a_sign(void **state)
{
	static const struct silent c[] = {
	    {"body-links", S("https://example.org/?url=http%3A%2F%2Fa\n")},
	    {"body-links", S("https://x.safelinks.protection.outlook.com/\n")},
	    {"body-links",
		S("https://x.safelinks.protection.outlook.com/?url=a\n")},
	    {"body-links", S("https://urldefense.com/v3/__a://\n")},
	    {"body-links", S("https://urldefense.com/v3/__http://a__\n")},
	    {"body-links", S("https://url.avanan.click/v2/___http://a__\n")},
	    {"body-links",
		S("https://a.protection.sophos.com/?u=%21%21&d=a\n")},
	    {"body-links",
		S("https://www.google.com/url?q=https%3A%2F%2F%0D%0AFoo\n")},
	    {"body-charset", S("a\n\342\210\200\n")},
	    {"body-charset", S("\303\n\303\274\n")},
	    {"body-charset-lost", S("\303\274 a\n")},
	    {"body-charset-doubled", S("\303\274\n\374\n")},
	    {"body-bom-added", S("\357\273 \277\n")},
	    {"body-bom-lost", S("a\n")},
	    {"body-bom-lost", S("\374\n")},
	    {"body-marks", S("\342\200\225 \303\274 '\n")},
	};

	check_silent(c, COUNT(c), *state);
}

/* A link of LIMIT_EXPLAIN_LINK octets is read, and not one that is longer. */
static void
long_links_are_not_read(void **state)
{
	static const char start[] = "https://www.google.com/url?q=http://";

	for (size_t more = 0; more < 2; more++) {
		size_t n = LIMIT_EXPLAIN_LINK - strlen(start) + more;
		struct buf b = BUF(*state);
		struct body body;
		struct body_proposals p;

		buf_str(&b, start);
		while (n--)
			buf_char(&b, 'x');
		buf_str(&b, "\n");
		body = body_with(CANON_SIMPLE, buf_span(&b), *state);
		p = proposals_of("body-links", &body);
		assert_int_equal(p.n, 1 - more);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(charsets_are_undone),
	    TEST(what_was_encoded_twice_is_decoded_once),
	    TEST(replacements_are_undone),
	    TEST(parts_have_byte_order_marks),
	    TEST(links_are_restored),
	    TEST(forms_of_links_are_tried),
	    TEST(each_link_is_tried_alone),
	    TEST(nothing_is_proposed_without_a_sign),
	    TEST(long_links_are_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
