/* test_reader: reports in all wrappings, and in damaged ones. */
/* SPDX-License-Identifier: ISC */

#include "fixture_reports.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "../helper/random.h"

#define HERE  "report\tin\t0\t-" TOLD
#define PART1 "report\tin\t1\t-" TOLD
#define PART2 "report\tin\t2\t-" TOLD

static struct span
xml(void)
{
	return SPAN(REPORT);
}

static void
reads_what_is_not_a_mail(void **state)
{
	struct arena *a = *state;
	struct pack_member two[] = {
	    {"folder/", SPAN(""), 0, 0},
	    {"one.xml", xml(), 8, 8},
	    {"two.xml", xml(), 0, 0},
	    {"READ.ME", SPAN("These are reports.\n"), 8, 0},
	};

	same("XML", told_of(xml(), a), HERE);
	same("gzip", told_of(gzip_of(xml(), a), a), HERE);
	same("zip", told_of(zip_of_one("x.xml", xml(), a), a),
	    "report\tin\t0\tx.xml" TOLD);
	same("gzip in zip",
	    told_of(zip_of_one("x.gz", gzip_of(xml(), a), a), a),
	    "report\tin\t0\tx.gz" TOLD);
	same("members", told_of(zip_of(two, 4, a), a),
	    "report\tin\t0\tone.xml" TOLD "report\tin\t0\ttwo.xml" TOLD);
	same("UTF-16 and blanks",
	    told_of(SPAN("\xff\xfe<\0f\0e\0e\0d\0b\0a\0c\0k\0/\0>\0"), a),
	    "note\tin\t0\t-\torder\t1\nnote\tin\t0\t-\tno-records\t1\n"
	    "report\tin\t0\t-\t-\t-\t-\t-\t-\t-\t0\t0\n");
}

static void
refuses_what_is_not_a_mail(void **state)
{
	struct arena *a = *state;

	same("nothing", told_of(SPAN(""), a),
	    "refused\tin\t0\t-\tempty\t0\t0\tthere are no octets\n");
	same("text", told_of(SPAN("hello\n"), a),
	    "refused\tin\t0\t-\tnot-a-report\t0\t0\t"
	    "neither XML, gzip, zip nor a mail\n");
	same("text in an archive", told_of(gzip_of(SPAN("hello"), a), a),
	    "refused\tin\t0\t-\tnot-a-report\t0\t0\t"
	    "neither XML, gzip, zip nor a mail\n");
	same("other XML", told_of(SPAN("<a/>"), a),
	    "refused\tin\t0\t-\tnot-a-report\t1\t0\t"
	    "XML without a feedback element\n");
	same("HTML", told_of(SPAN("<!DOCTYPE html><html></html>"), a),
	    "refused\tin\t0\t-\tdoctype\t1\t0\t"
	    "a document type declaration is refused\n");
	same("an empty member", told_of(zip_of_one("x", SPAN(""), a), a),
	    "refused\tin\t0\tx\tempty\t0\t0\tthere are no octets\n");
	same("a mailbox",
	    told_of(
		gzip_of(
		    SPAN("From a@b Mon Nov  2 10:00:00 2026\nSubject: x\n\n"),
		    a),
		a),
	    "refused\tin\t0\t-\tnot-a-report\t0\t0\ta mailbox in an archive "
	    "is not read: unpack it first\n");
}

/* W1, W2, W3, W7, W10, W12: neither types nor names matter. */
static void
tells_by_octets(void **state)
{
	static const char *const parts[] = {
	    "Content-Type: application/gzip\n",
	    "Content-Type: application/x-gzip; name=unused\n",
	    "Content-Type: application/zip; name=\"a!b!1!2.zip\"\n",
	    "Content-Type: application/octet-stream; name=\"a * b!.xml.gz\"\n",
	    "Content-Type: text/xml\n",
	    "Content-Type: text/plain\n",
	    "Content-Type: image/png\n",
	    ("Content-Type: application/octet-stream;\n"
	     " name*0=\"a!b!1!2.xm\";\n name*1=\"l.gz\"\n"), /* W4 */
	    "",
	};
	struct arena *a = *state;
	struct span zip = zip_of_one("x", xml(), a);

	for (size_t i = 0; i < COUNT(parts); i++) {
		same(parts[i], told_of(mail_of("", parts[i], xml(), a), a),
		    PART2);
		same(parts[i],
		    told_of(mail_of("", parts[i], gzip_of(xml(), a), a), a),
		    PART2);
		same(parts[i], told_of(mail_of("", parts[i], zip, a), a),
		    "report\tin\t2\tx" TOLD);
	}
}

/* W5, W6, W8 */
static void
reads_any_part(void **state)
{
	struct arena *a = *state;
	struct span inner = mail_of(CLAIM, GZIP, gzip_of(xml(), a), a);

	same("in a message",
	    told_of(ARENA_JOIN(a,
			SPAN("Subject: Fwd\n" MIXED OPEN
			     "Content-Type: message/rfc822\n\n"),
			inner, SPAN(CLOSE)),
		a),
	    "report\tin\t4\t-" TOLD);
	same("in an encoded message",
	    told_of(mail_of("", "Content-Type: message/rfc822\n", inner, a), a),
	    "report\tin\t4\t-" TOLD);
	same("the whole mail",
	    told_of(ARENA_JOIN(a, SPAN(BASE64 GZIP "\n"),
			base64_lines(gzip_of(xml(), a), "\r\n", a)),
		a),
	    PART1);
	same("XML as it is", told_of(SPAN("Subject: x\n\n" REPORT), a), PART1);
	same("alternatives, and other parts",
	    told_of(ARENA_JOIN(a,
			SPAN(CLAIM MIXED OPEN
			    "Content-Type: text/plain\n\nA report." OPEN
			    "Content-Type: text/html\n\n<html>A report" OPEN
			    "Content-Type: text/html\n\n<p>A <b>report" OPEN
			    "Content-Type: image/png\n\n\x89PNG\r\n" OPEN
			    "Content-Type: text/plain\n" OPEN),
			SPAN(GZIP BASE64 "\n"),
			base64_lines(gzip_of(xml(), a), "\n", a), SPAN(CLOSE)),
		a),
	    "report\tin\t7\t-" TOLD);
}

/* W9, W14 */
static void
tells_of_archives(void **state)
{
	struct arena *a = *state;
	struct pack_member m = {"x", xml(), 0, 1};
	struct span empty = zip_of(&m, 0, a);
	struct pack_member mixed[] = {
	    {"bad", xml(), 97, 0}, {"good", xml(), 8, 0}};

	same("empty", told_of(empty, a),
	    "refused\tin\t0\t-\tempty-zip\t0\t0\t"
	    "the zip archive has no members\n");
	same("encrypted", told_of(zip_of(&m, 1, a), a),
	    "refused\tin\t0\tx\tzip-encrypted\t0\t0\t"
	    "the member is encrypted\n");
	same("one of two", told_of(zip_of(mixed, 2, a), a),
	    "refused\tin\t0\tbad\tzip-method\t0\t0\tthe member is neither "
	    "stored nor deflated: method 97\nreport\tin\t0\tgood" TOLD);
	same("Outlook",
	    told_of(SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), a),
	    "refused\tin\t0\t-\toutlook-msg\t0\t0\tit is a message saved by "
	    "Outlook, whose format is not read\n");
}

/* W11 */
static void
notes_trailing_octets(void **state)
{
	struct arena *a = *state;
	struct span gzip = gzip_of(xml(), a);
	struct span line = base64_encode(SPAN(REPORT "  "), a);
	const char *note = arena_printf(a,
	    "note\tin\t0\t-\ttrailing-octets\t0\t%zu\t"
	    "octets follow the archive\n" HERE,
	    gzip.len)
			       .p;

	same("after gzip", told_of(ARENA_JOIN(a, gzip, SPAN("\n\n\n")), a),
	    note);
	same("two members of gzip",
	    told_of(ARENA_JOIN(a, gzip_of(SPAN(HEAD), a),
			gzip_of(SPAN(GOOD("3") STOP), a)),
		a),
	    HERE);
	line = ARENA_JOIN(a, SPAN(BASE64 "\n"), line, SPAN("AAAA"));
	assert_int_equal(line.p[line.len - 5], '=');
	same("after base64", told_of(line, a),
	    arena_printf(a,
		PART1 "note\tin\t1\t-\ttrailing-octets\t0\t%zu\t"
		      "octets follow the base64\n",
		line.len - 4)
		.p);
}

/* Returns a mail whose base64 ends before its last octets. */
static struct span
cut_mail(struct span octets, size_t cut, struct arena *a)
{
	struct span text = base64_encode(octets, a);

	return ARENA_JOIN(
	    a, SPAN(CLAIM BASE64 "\n"), span_upto(text, text.len - cut));
}

/* W13 */
static void
reads_base64(void **state)
{
	static const char *const eols[] = {"\n", "\r\n", "", " ", "\n\n"};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(eols); i++)
		same(eols[i],
		    told_of(ARENA_JOIN(a, SPAN(BASE64 "\n"),
				base64_lines(gzip_of(xml(), a), eols[i], a)),
			a),
		    PART1);
	for (size_t pad = 0; pad < 3; pad++) /* its padding is missing */
		same("padding",
		    told_of(
			cut_mail(span_upto(SPAN(REPORT "  "), xml().len + pad),
			    (3 - (xml().len + pad) % 3) % 3, a),
			a),
		    PART1);
}

static void
refuses_base64_that_is_cut(void **state)
{
	struct arena *a = *state;
	struct span two = SPAN(HEAD GOOD("3") GOOD("4") STOP), mail;

	for (size_t cut = 1; cut < 4; cut++) {
		mail = cut_mail(span_upto(two, two.len / 3 * 3), 80 + cut, a);
		same("XML counts as far as it goes", told_of(mail, a),
		    arena_printf(a,
			"records\tin\t1\t-\tcut-off-record\t6\t1\n"
			"note\tin\t1\t-\tcut-off\t6\n" PART1
			"refused\tin\t1\t-\tbad-base64\t0\t%zu\t"
			"the base64 of the part is cut off\n",
			mail.len)
			.p);
		mail = cut_mail(zip_of_one("x", two, a), 8 + cut, a);
		same("a zip has nothing", told_of(mail, a),
		    arena_printf(a,
			"refused\tin\t1\t-\tbad-base64\t0\t%zu\t"
			"the base64 of the part is cut off\n",
			mail.len)
			.p);
	}
}

static void
reads_gzip_that_is_cut_off(void **state)
{
	struct arena *a = *state;
	struct span gzip = gzip_of(xml(), a);
	struct span stored =
	    SPAN("\x1f\x8b\x08\0\0\0\0\0\0\xff\1\xff\x0f\x00\xf0" HEAD GOOD(
		"3") "<record><row>");

	for (size_t cut = 1; cut <= 8; cut++) /* all but the checksum */
		same("whole records count",
		    told_of(span_upto(gzip, gzip.len - cut), a),
		    arena_printf(a,
			"note\tin\t0\t-\tcut-off\t0\t%zu\t"
			"the gzip stream is cut off\n" HERE,
			gzip.len - cut)
			.p);
	same("in a record", told_of(stored, a),
	    arena_printf(a,
		"note\tin\t0\t-\tcut-off\t0\t%zu\t"
		"the gzip stream is cut off\n"
		"records\tin\t0\t-\tcut-off-record\t6\t1\n"
		"note\tin\t0\t-\tcut-off\t6\n" HERE,
		stored.len)
		.p);
	same("nothing came out", told_of(span_upto(gzip, 12), a),
	    "refused\tin\t0\t-\tbad-gzip\t0\t12\t"
	    "the gzip stream is cut off\n");
	same("in a zip",
	    told_of(zip_of_one("x", span_upto(gzip, gzip.len - 1), a), a),
	    arena_printf(a,
		"note\tin\t0\tx\tcut-off\t0\t%zu\t"
		"the gzip stream is cut off\nreport\tin\t0\tx" TOLD,
		gzip.len - 1)
		.p);
}

/* No sum comes from octets whose checksum differs. */
static void
refuses_archives_that_are_damaged(void **state)
{
	struct arena *a = *state;
	struct pack_member stored[] = {{"x", xml(), 0, 0}, {"y", xml(), 0, 0}};
	struct span zip = zip_of(stored, 2, a), gzip = gzip_of(xml(), a), told;
	struct span cut = arena_printf(a,
	    "note\tin\t0\t-\tcut-off\t0\t%zu\t"
	    "the gzip stream is cut off\n" HERE,
	    gzip.len);
	size_t at = 0;

	while (!span_starts(span_from(zip, at), SPAN("<count>3")))
		at++;
	same("zip", told_of(patched(zip, at + 7, "4", 1, a), a),
	    "refused\tin\t0\tx\tbad-zip\t0\t0\t"
	    "the checksum of the member differs\nreport\tin\t0\ty" TOLD);
	for (at = 10; at < gzip.len; at++) {
		char c = (char)(gzip.p[at] ^ 4);

		told = told_pieces(
		    patched(gzip, at, &c, 1, a), LIMIT_UNPACK_SIZE, 0, a);
		if (!span_starts(told, SPAN("refused\tin\t0\t-\tbad-gzip")) &&
		    !span_eq(told, SPAN(HERE)) && !span_eq(told, cut))
			fail_msg("%zu: " SPAN_FMT, at, SPAN_ARG(told));
	}
}

static void
reads_mails_in_archives(void **state)
{
	struct arena *a = *state;
	struct span mail = mail_of(CLAIM, GZIP, gzip_of(xml(), a), a);
	struct pack_member two[] = {{"1.eml", mail, 8, 0},
	    {"2.eml", SPAN("Subject: hello\n\nHow are you?"), 8, 0}};
	struct span zip = zip_of(two, 2, a);

	same("in a zip", told_of(zip, a),
	    "report\tin\t2\t1.eml" TOLD "skipped\tin\t0\t2.eml\tmail\n");
	same("in a zip in a mail", told_of(mail_of("", "", zip, a), a),
	    "report\tin\t2\t1.eml" TOLD);
	for (int i = 0; i < 2; i++)
		mail = mail_of(CLAIM, "", gzip_of(mail, a), a);
	same("three", told_of(mail, a), PART2);
	mail = mail_of(CLAIM, "", gzip_of(mail, a), a);
	same("four", told_of(mail, a),
	    "refused\tin\t2\t-\ttoo-deep\t0\t0\t"
	    "too many mails and archives are in each other\n");
}

/* No octet of base64 that changes gives another sum, nor does a cut. (Both at
 * once can: what is cut off has no checksum.) */
static void
never_counts_damage(void **state)
{
	static const char digits[] = "ABCDEFGHabcdefgh01234567+/=-. \n";
	struct arena *a = arena_new();
	struct span gzip =
	    gzip_of(SPAN(HEAD GOOD("3") GOOD("40") GOOD("500") STOP), *state);
	struct span text = base64_lines(gzip, "\n", *state);
	struct generator g = {.random = 12};
	struct reports t = {.is_quiet = true};

	t.reader = reader_new(&reports_handler, &t, LIMIT_UNPACK_SIZE, 0);
	for (size_t i = 0; i < rounds(3000, 50000); i++) {
		size_t at = pick(&g, text.len);
		char digit = digits[pick(&g, sizeof(digits) - 1)];
		struct span mail = i % 4 ? patched(text, at, &digit, 1, a)
					 : span_upto(text, at);
		struct sink *sink = reader_begin(t.reader, SPAN("in"));

		t.messages = t.reports = t.refused = 0;
		sink_put(sink, SPAN(CLAIM BASE64 "\n"));
		sink_put(sink, mail);
		sink_end(sink);
		if (t.messages != 0 && t.messages != 3 && t.messages != 43 &&
		    t.messages != 543)
			fail_msg("%zu: %" PRIu64, i, t.messages);
		assert_true(t.reports + t.refused > 0);
		arena_reset(a);
	}
	reader_free(t.reader);
	arena_free(a);
}

static void
tells_that_a_file_is_unreadable(void **state)
{
	struct arena *a = *state;
	struct reports t = {.log = BUF(a)};
	int fd = open(".", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	struct source source;

	assert_true(fd >= 0);
	assert_int_equal(source_init(&source, fd), 0);
	t.reader = reader_new(&reports_handler, &t, LIMIT_UNPACK_SIZE, 0);
	assert_int_equal(reader_read(t.reader, SPAN("in"), &source), -1);
	assert_int_equal(errno, EISDIR);
	same("told", buf_span(&t.log),
	    "refused\tin\t0\t-\tunreadable\t0\t0\tIs a directory\n");
	reader_free(t.reader);
	close(fd);
}

static void
keeps_to_the_limit(void **state)
{
	struct arena *a = *state;
	size_t n = xml().len;
	struct span both = ARENA_JOIN(a, SPAN(CLAIM MIXED OPEN BASE64 "\n"),
	    base64_encode(gzip_of(xml(), a), a), SPAN(OPEN BASE64 "\n"),
	    base64_encode(zip_of_one("x", xml(), a), a), SPAN(CLOSE));

	same("as much", told_limit(gzip_of(xml(), a), n, a), HERE);
	assert_true(span_starts(told_pieces(gzip_of(xml(), a), n - 1, 0, a),
	    SPAN("refused\tin\t0\t-\ttoo-large\t")));
	same("for each input", told_limit(xml(), 1, a), HERE);
	same("of all parts", told_limit(both, 2 * n, a),
	    PART2 "report\tin\t3\tx" TOLD);
	same("one octet less", told_limit(both, 2 * n - 1, a),
	    PART2 "refused\tin\t3\tx\ttoo-large\t0\t0\tmore comes out of "
		  "archives than the limit allows\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reads_what_is_not_a_mail),
	    TEST(refuses_what_is_not_a_mail),
	    TEST(tells_by_octets),
	    TEST(reads_any_part),
	    TEST(tells_of_archives),
	    TEST(notes_trailing_octets),
	    TEST(reads_base64),
	    TEST(refuses_base64_that_is_cut),
	    TEST(reads_gzip_that_is_cut_off),
	    TEST(refuses_archives_that_are_damaged),
	    TEST(reads_mails_in_archives),
	    TEST(never_counts_damage),
	    TEST(tells_that_a_file_is_unreadable),
	    TEST(keeps_to_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
