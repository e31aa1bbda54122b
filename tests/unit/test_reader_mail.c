/* test_reader_mail: which mails claim to be a report, which are skipped. */
/* SPDX-License-Identifier: ISC */

#include "fixture_reports.h"

#define SKIPPED(why) "skipped\tin\t0\t-\t" why "\n"
#define PART2        "report\tin\t2\t-" TOLD
#define NONE                                      \
	"refused\tin\t0\t-\tnot-a-report\t0\t0\t" \
	"the mail claims to have a report, and has none\n"

static struct span
broken_gzip(struct arena *a)
{
	struct span s = gzip_of(SPAN(REPORT), a);

	return patched(s, s.len - 8, "\0\0\0\0", 4, a);
}

/* What is told of broken gzip in part 2. */
#define BROKEN_AT(mail, a)                                       \
	arena_printf(a,                                          \
	    "refused\tin\t2\t-\tbad-gzip\t0\t%zu\tthe gzip "     \
	    "stream cannot be inflated: incorrect data check\n", \
	    (size_t)(mail))                                      \
	    .p

static void
skips_ordinary_mails(void **state)
{
	static const char *const mails[] = {
	    "Subject: hello\n\nHow are you?\n",
	    "Subject: hello\n\n",
	    "Subject: hello\n",
	    "From a@example.net Mon Nov  2 10:00:00 2026\nSubject: x\n\nBody\n",
	    "Content-Type: text/html\n\n<!DOCTYPE html><html><p>Hello\n",
	    "Content-Type: text/html\n\n<p>Hello &nbsp;\n",
	    "Content-Type: image/svg+xml\n\n<svg><path/></svg>\n",
	    "Subject: Re: Report Domain: example.org\n\nThanks.\n",
	    "Subject: report domain: example.org\n\nIn lower case.\n",
	    "Subject: Report Domains\n\nThanks.\n",
	    MIXED OPEN "Content-Type: text/plain\n\nHello!\n" OPEN
		       "Content-Type: image/png\n\n\x89PNG\r\n" CLOSE,
	};
	struct arena *a = *state;
	struct pack_member document[] = {
	    {"[Content_Types].xml", SPAN("<Types/>"), 8, 0},
	    {"word/media/image.png", SPAN("\x89PNG\r\n"), 8, 0}};

	for (size_t i = 0; i < COUNT(mails); i++)
		same(mails[i], told_of(span_of(mails[i]), a), SKIPPED("mail"));
	same("a document that is a zip",
	    told_of(mail_of("", "", zip_of(document, 2, a), a), a),
	    SKIPPED("mail"));
}

static void
skips_archives_that_claim_nothing(void **state)
{
	struct arena *a = *state;
	struct span both = ARENA_JOIN(a, SPAN(MIXED OPEN BASE64 "\n"),
	    base64_encode(gzip_of(SPAN(REPORT), a), a), SPAN(OPEN BASE64 "\n"),
	    base64_encode(broken_gzip(a), a), SPAN(CLOSE));

	same("one", told_of(mail_of("", "", broken_gzip(a), a), a),
	    SKIPPED("unreadable"));
	same("beside a report", told_of(both, a), PART2 SKIPPED("unreadable"));
}

static void
refuses_what_claims_to_be_a_report(void **state)
{
	static const char *const claims[] = {
	    CLAIM,
	    "Subject: Report\n Domain: example.org\n",
	    "Subject: =?utf-8?Q?Report_Domain:?= example.org\n",
	    "Subject: =?utf-8?B?UmVwb3J0IERvbWFpbjogZXhhbXBsZS5vcmc=?=\n",
	    "X-A: b\nSUBJECT:Report Domain: example.org\n",
	};
	struct arena *a = *state;
	const char *refused = BROKEN_AT(broken_gzip(a).len - 4, a);

	for (size_t i = 0; i < COUNT(claims); i++) {
		same(claims[i],
		    told_of(mail_of(claims[i], "", broken_gzip(a), a), a),
		    refused);
		same(claims[i],
		    told_of(ARENA_JOIN(a, span_of(claims[i]),
				SPAN("\nNo report today.\n")),
			a),
		    NONE);
	}
	same("a name", told_of(mail_of("", NAMED, broken_gzip(a), a), a),
	    refused);
	same("a message in it",
	    told_of(mail_of("", "Content-Type: message/rfc822\n",
			SPAN(CLAIM "\nNo report.\n"), a),
		a),
	    NONE);
}

/* The first stream that is not a report tells why none is there. */
static void
tells_what_is_there_instead(void **state)
{
	struct arena *a = *state;

	same("XML", told_of(mail_of(CLAIM, "", SPAN("<a>\n<b/></a>"), a), a),
	    "refused\tin\t2\t-\tnot-a-report\t1\t0\t"
	    "XML without a feedback element\n");
	same("an empty part with a name",
	    told_of(mail_of("", NAMED, SPAN(""), a), a),
	    "refused\tin\t2\t-\tempty\t0\t0\tthere are no octets\n");
	same("text with a name",
	    told_of(mail_of("", NAMED, SPAN("hello\n"), a), a),
	    "refused\tin\t2\t-\tnot-a-report\t0\t0\t"
	    "neither XML, gzip, zip nor a mail\n");
	same("text in an archive",
	    told_of(
		mail_of(CLAIM, "", zip_of_one("x", SPAN("hello"), a), a), a),
	    "refused\tin\t2\tx\tnot-a-report\t0\t0\t"
	    "neither XML, gzip, zip nor a mail\n");
	same("HTML with a name",
	    told_of(mail_of("", NAMED, SPAN("<html></html>"), a), a),
	    "refused\tin\t2\t-\tnot-a-report\t1\t0\t"
	    "XML without a feedback element\n");
}

#define TLS "{\"organization-name\":\"Example\",\"date-range\":{}}"

static void
skips_tls_reports(void **state)
{
	struct arena *a = *state;

	same("a file", told_of(SPAN(" " TLS), a), SKIPPED("tls-report"));
	same("gzip", told_of(gzip_of(SPAN(TLS), a), a), SKIPPED("tls-report"));
	same("a mail with the same Subject",
	    told_of(mail_of(CLAIM, NAMED, gzip_of(SPAN(TLS), a), a), a),
	    SKIPPED("tls-report"));
	same("other JSON", told_of(SPAN("{\"feedback\":1}"), a),
	    "refused\tin\t0\t-\tnot-a-report\t0\t0\t"
	    "neither XML, gzip, zip nor a mail\n");
}

#define REPORT_PARTS "Content-Type: multipart/report; boundary=b"
#define FEEDBACK                                                  \
	OPEN "Content-Type: message/feedback-report\n\n"          \
	     "Feedback-Type: auth-failure\nAuth-Failure: DMARC\n" \
	     "Source-IP: 192.0.2.1\nReported-Domain: Example.ORG\n"
#define FAILURE(part)                                                \
	"failure\tin\t" part "\t-\tauth-failure\tdmarc\t192.0.2.1\t" \
	"example.org\t-\t-\t-\t-\t-\t-\t1\n"
#define QUOTED                                                             \
	OPEN "Content-Type: message/rfc822\n\n" CLAIM                      \
	     "Content-Type: multipart/mixed; boundary=c\n\n--c\n\n" REPORT \
	     "\n--c--\n"

/* Reports in the message that a failure report quotes are its sender's. */
static void
reads_failure_reports(void **state)
{
	struct arena *a = *state;

	same("RFC 6591",
	    told_of(SPAN(REPORT_PARTS "; report-type=Feedback-Report\n" OPEN
				      "\nText" FEEDBACK QUOTED CLOSE),
		a),
	    FAILURE("3"));
	same("no type, the quoted message first",
	    told_of(SPAN(REPORT_PARTS "\n" QUOTED FEEDBACK CLOSE), a),
	    FAILURE("5"));
	same("multipart/mixed",
	    told_of(SPAN(MIXED OPEN "\nText" FEEDBACK QUOTED CLOSE), a),
	    FAILURE("3"));
	same("without the part",
	    told_of(SPAN(REPORT_PARTS "; report-type=feedback-report\n" OPEN
				      "\nText" QUOTED CLOSE),
		a),
	    NONE);
	same("without fields",
	    told_of(SPAN(MIXED OPEN "Content-Type: message/feedback-report\n\n"
				    "A: b\n" CLOSE),
		a),
	    "refused\tin\t2\t-\tnot-a-report\t0\t0\tthe feedback report has "
	    "none of the fields of one\n");
	same("a bounce of a report",
	    told_of(SPAN(REPORT_PARTS "; report-type=delivery-status\n" OPEN
				      "\nText" QUOTED CLOSE),
		a),
	    SKIPPED("mail"));
	same("a bounce with its header",
	    told_of(SPAN(REPORT_PARTS "; report-type=delivery-status\n" OPEN
				      "\nText" OPEN
				      "Content-Type: text/rfc822-headers\n\n"
				      "Subject: Report Domain: a\n" CLOSE),
		a),
	    SKIPPED("mail"));
}

static void
reads_what_exim_writes(void **state)
{
	struct arena *a = *state;

	same("text",
	    told_of(SPAN(REPORT_PARTS "\n" OPEN "Content-Type: text/plain\n\n"
				      "  Sender Domain: Example.org\n"
				      "  Sender IP Address: 192.0.2.9\n"
				      "------ This is a copy\n"
				      "Sender Domain: example.net\n" CLOSE),
		a),
	    "failure\tin\t1\t-\t-\tdmarc\t192.0.2.9\texample.org\t-\t-\t-\t-"
	    "\t-\t-\t1\n");
	same("not a multipart/report",
	    told_of(SPAN(MIXED OPEN "\nSender Domain: Example.org\n"
				    "Sender IP Address: 192.0.2.9\n" CLOSE),
		a),
	    SKIPPED("mail"));
}

static void
limits_feedback_reports(void **state)
{
	static char filler[LIMIT_FEEDBACK];
	struct arena *a = *state;
	struct span head = SPAN(MIXED FEEDBACK), text;
	size_t fields = head.len -
	    SPAN(MIXED OPEN "Content-Type: message/feedback-report\n\n").len;

	memset(filler, 'x', sizeof(filler));
	memcpy(filler, "X-Filler: ", 10);
	for (size_t more = 0; more < 2; more++) {
		text = ARENA_JOIN(a, head,
		    ((struct span){filler, LIMIT_FEEDBACK - fields + more}),
		    SPAN(CLOSE));
		same("256 KiB", told_pieces(text, 1, 4096, a),
		    more ? "refused\tin\t2\t-\ttoo-large\t0\t0\tthe feedback "
			   "report has more than 256 KiB\n"
			 : FAILURE("2"));
	}
	same("cut off",
	    told_of(
		SPAN(MIXED OPEN "Content-Type: message/feedback-report\n" BASE64
				"\nRmVlZGJhY2stVHlwZTog\nYQ" CLOSE),
		a),
	    "refused\tin\t2\t-\tbad-base64\t0\t0\t"
	    "the feedback report is cut off\n");
}

/* A mail of n parts, of which the last one has a report. */
static struct span
many_parts(const char *header, size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, header);
	buf_str(&b, MIXED);
	while (n--)
		buf_str(&b, OPEN);
	buf_str(&b, "\n" REPORT CLOSE);
	return buf_span(&b);
}

static struct span
deep_parts(const char *header, size_t depth, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, header);
	while (depth--)
		buf_str(&b, "Content-Type: message/rfc822\n\n");
	buf_str(&b, "Subject: x\n\n" REPORT);
	return buf_span(&b);
}

static void
keeps_to_the_limits_of_mail(void **state)
{
	struct arena *a = *state;

	same("10000 parts",
	    told_pieces(many_parts(CLAIM, LIMIT_MAIL_PARTS - 1, a), 1, 0, a),
	    "report\tin\t10000\t-" TOLD);
	same("10001 parts",
	    told_pieces(many_parts(CLAIM, LIMIT_MAIL_PARTS, a), 1, 0, a),
	    "refused\tin\t0\t-\ttoo-many-parts\t0\t0\t"
	    "the mail has over 10000 parts\n");
	same("10001 parts of an ordinary mail",
	    told_pieces(many_parts("", LIMIT_MAIL_PARTS, a), 1, 0, a),
	    SKIPPED("mail"));
	same("8 deep", told_of(deep_parts(CLAIM, LIMIT_MAIL_DEPTH, a), a),
	    "report\tin\t9\t-" TOLD);
	assert_true(span_casecontains(
	    told_of(deep_parts(CLAIM, LIMIT_MAIL_DEPTH + 1, a), a),
	    SPAN("refused\tin\t0\t-\ttoo-deep\t0\t0\t"
		 "too many parts are in each other\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(skips_ordinary_mails),
	    TEST(skips_archives_that_claim_nothing),
	    TEST(refuses_what_claims_to_be_a_report),
	    TEST(tells_what_is_there_instead),
	    TEST(skips_tls_reports),
	    TEST(reads_failure_reports),
	    TEST(reads_what_exim_writes),
	    TEST(limits_feedback_reports),
	    TEST(keeps_to_the_limits_of_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
