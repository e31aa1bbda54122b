/* test_authid_verbose: what --verbose shows of trusted fields. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"

#include <string.h>

#include "base/buf.h"
#include "auth/authid.h"
#include "unit.h"

#define OUR_ID SPAN("mx.example.org")

/* Returns the --verbose lines about the fields of a header. */
static struct span
said(struct fixture *f, struct authid_policy policy, const char *header,
    struct arena *a)
{
	const struct envelope envelope = {.has_ip = false};
	struct sink *const *sinks;
	struct authid_job *job;
	struct authids found;
	struct buf b = BUF(a);
	size_t n;

	assert_int_equal(
	    read_file(f, arena_printf(a, "%sFrom: a@example.org\n\n", header)),
	    MESSAGE_OK);
	job = authid_begin(&f->m, &envelope, NULL, &policy, &sinks, &n);
	authid_end(job, &found);
	for (size_t i = 0; i < found.ndetail; i++) {
		buf_add(&b, found.detail[i]);
		buf_char(&b, '\n');
	}
	return arena_span(a, buf_span(&b));
}

#define FIELD "Authentication-Results: "
#define LINE  "Authentication-Results field "

static void
of_each_field_it_is_said_whether_it_is_trusted(void **state)
{
	static const struct {
		enum authid_trust trust;
		const char *header, *expect;
	} cases[] = {
	    {AUTHID_ID, "", "no Authentication-Results field\n"},
	    {AUTHID_ID, FIELD "MX.example.org; none\n",
		LINE "1, of MX.example.org: trusted (RFC 8601 5)\n"},
	    {AUTHID_ID,
		FIELD "other.example; dkim=pass header.d=a.example\n" FIELD
		      "mx.example.org; dkim=none\n",
		LINE "1, of other.example: not trusted\n" LINE
		     "2, of mx.example.org: trusted (RFC 8601 5)\n"
		     "  dkim=none: not taken: nothing was signed"
		     " (RFC 8601 2.7.1)\n"},
	    {AUTHID_ID, "Authentication-Results : mx.example.org; none\n",
		LINE "1, of mx.example.org: not trusted: a blank before its"
		     " colon\n"},
	    {AUTHID_ID, FIELD "mx.example.org 2; none\n",
		LINE "1, of mx.example.org: not read: another version"
		     " (RFC 8601 2.2)\n"},
	    {AUTHID_ID, FIELD "mx.example.org x; none\n",
		LINE "1: not read: its ID cannot be read"
		     " (RFC 8601 2.2)\n"},
	    {AUTHID_ID, FIELD "mx.example.org; x; dkim=none y z (\n",
		LINE "1, of mx.example.org: trusted (RFC 8601 5)\n"
		     "  not read from here on, as a quoted string or comment is"
		     " not closed: \"dkim=none y z (\"\n"},
	    {AUTHID_ID, FIELD "other.example x\n", LINE "1: not trusted\n"},
	    {AUTHID_ID, FIELD "our.example; none\n",
		LINE "1, of our.example: not read: this host's own name is not"
		     " the trusted one\n"},
	    {AUTHID_TOPMOST,
		FIELD "our.example; none\n" FIELD "a.example; none\n" FIELD
		      "b.example; none\n",
		LINE "1, of our.example: not read: this host's own name is not"
		     " the trusted one\n" LINE
		     "2, of a.example: trusted (RFC 8601 5)\n"},
	    {AUTHID_TOPMOST, FIELD "dkim=pass header.d=a.example\n",
		LINE "1: trusted (RFC 8601 5)\n"
		     "  dkim=pass header.d=a.example: taken\n"},
	    {AUTHID_TOPMOST, FIELD "dkim pass\n",
		LINE "1: not read: its ID cannot be read"
		     " (RFC 8601 2.2)\n"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		const struct authid_policy policy = {.verbose = true,
		    .trust = cases[i].trust,
		    .trusted_id = OUR_ID,
		    .unread_id = SPAN("our.example")};

		same(cases[i].header, said(*state, policy, cases[i].header, a),
		    cases[i].expect);
		arena_free(a);
	}
}

#define D_ALONE                                          \
	"for header.d alone: header.i is not within it " \
	"(RFC 6376 3.5)"

/* A result, how it is shown, and why it is not taken or only in part. */
static const struct {
	const char *result, *shown, *why;
} results[] = {
    {"dkim=pass header.d=a.example", NULL, NULL},
    {"dkim=fail header.d=a.example", NULL, NULL},
    {"dkim=pass header.d=a.example header.i=@b.a.example", NULL, NULL},
    {"DKIM=Pass Header.D=A.example header.s=s header.b=x",
	"dkim=pass header.d=A.example", NULL},
    {"spf=pass smtp.mailfrom=u@a.example", NULL, NULL},
    {"spf=pass smtp.mailfrom=u@a.example smtp.helo=b.example", NULL, NULL},
    {"spf=pass smtp.mailfrom=\"a b\"@a.example",
	"spf=pass smtp.mailfrom=\"a b@a.example\"", NULL},
    {"spf=pass smtp.mailfrom=\"a\\\": x\"@a.example",
	"spf=pass smtp.mailfrom=\"a\\\": x@a.example\"", NULL},
    {"dkim=none", NULL, "nothing was signed (RFC 8601 2.7.1)"},
    {"dkim=passed header.d=a.example", NULL, "no such result (RFC 8601 2.7)"},
    {"dkim/2=pass header.d=a.example", NULL,
	"of another version (RFC 8601 2.2)"},
    {"dkim=pass", NULL, "no header.d"},
    {"dkim=pass header.i=@a.example", NULL, "no header.d"},
    {"dkim=pass header.d=a.example header.d=b.example", NULL,
	"header.d twice, with different values"},
    {"dkim=pass header.d=a.example header.i=@a.example header.i=@b.a.example",
	NULL, D_ALONE},
    {"dkim=pass/ header.d=a.example", "dkim=? header.d=a.example",
	"it cannot be read (RFC 8601 2.2); skipped: pass/"},
    {"dkim=none a \"b\"", "dkim=none",
	"nothing was signed (RFC 8601 2.7.1); skipped: \"a \\\"b\\\"\""},
    {"dkim=pass header.d=a..example", NULL, "header.d has no domain name"},
    {"dkim=pass header.d=a.example header.i=a..example", NULL, D_ALONE},
    {"dkim=pass header.d=a.example header.i=@b.example", NULL, D_ALONE},
    {"spf=pass smtp.helo=a.example", NULL, "smtp.helo alone"},
    {"spf=pass", NULL, "no smtp.mailfrom"},
    {"spf=pass smtp.mailfrom=a.example smtp.mailfrom=b.example", NULL,
	"smtp.mailfrom twice, with different values"},
    {"spf=pass smtp.mailfrom=a..example", NULL,
	"smtp.mailfrom has no domain name"},
};

static void
of_each_result_it_is_said_whether_it_is_taken(void **state)
{
	const struct authid_policy policy = {
	    .verbose = true, .trust = AUTHID_ID, .trusted_id = OUR_ID};

	for (size_t i = 0; i < COUNT(results); i++) {
		struct arena *a = arena_new();
		const char *shown = results[i].shown, *why = results[i].why;
		bool taken = !why || !strcmp(why, D_ALONE);

		same(results[i].result,
		    said(*state, policy,
			arena_printf(a,
			    FIELD "mx.example.org; %s; dmarc=pass\n",
			    results[i].result)
			    .p,
			a),
		    arena_printf(a,
			LINE "1, of mx.example.org: trusted (RFC 8601 5)\n"
			     "  %s: %s%s%s\n",
			shown ? shown : results[i].result,
			taken ? "taken" : "not taken:", why ? " " : "",
			why ? why : "")
			.p);
		arena_free(a);
	}
}

static void
of_header_i_alone_it_is_said_whether_it_counts(void **state)
{
	const struct authid_policy policy = {.verbose = true,
	    .trust = AUTHID_ID,
	    .trusted_id = OUR_ID,
	    .accept_header_i = true};
	struct arena *a = arena_new();

	same("header.i",
	    said(*state, policy,
		FIELD "mx.example.org; dkim=pass header.i=@a.example x-y=z;"
		      " dkim=pass header.i=@a.b header.i=@c.d; dkim=pass"
		      " header.i=@a..b; dmarc=pass action=none; dmarc=pass\n",
		a),
	    LINE "1, of mx.example.org: trusted (RFC 8601 5)\n"
		 "  dkim=pass header.i=@a.example: taken; skipped: x-y=z\n"
		 "  dkim=pass header.i=@a.b header.i=@c.d: not taken:"
		 " header.i twice, with different values\n"
		 "  dkim=pass header.i=@a..b: not taken: header.i has no"
		 " domain name\n"
		 "  dmarc=pass: not taken: not needed; skipped:"
		 " action=none\n");
	arena_free(a);
}

static void
of_what_is_over_the_limit_it_is_said(void **state)
{
	struct arena *a = arena_new();
	const struct authid_policy policy = {
	    .verbose = true, .trust = AUTHID_ID, .trusted_id = OUR_ID};
	struct buf b = BUF(a);
	struct span text;

	for (size_t i = 0; i <= LIMIT_AUTHIDS; i++)
		buf_str(&b, FIELD "mx.example.org; dkim=pass header.d=a.b\n");
	buf_char(&b, '\0');
	text = said(*state, policy, b.p, a);
	assert_true(span_caseends(text,
	    SPAN(": taken\n" LINE
		 "1001, of mx.example.org: trusted (RFC 8601 5)\n"
		 "  dkim=pass header.d=a.b: not taken: over 1000 results\n")));
	arena_free(a);
}

static void
nothing_is_said_unasked(void **state)
{
	struct arena *a = arena_new();
	const struct authid_policy policy = {
	    .trust = AUTHID_ID, .trusted_id = OUR_ID};

	same("unasked",
	    said(*state, policy,
		FIELD "mx.example.org; dkim=pass header.d=a.example\n", a),
	    "");
	same("unasked", said(*state, policy, "", a), "");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(of_each_field_it_is_said_whether_it_is_trusted),
	    TEST(of_each_result_it_is_said_whether_it_is_taken),
	    TEST(of_header_i_alone_it_is_said_whether_it_counts),
	    TEST(of_what_is_over_the_limit_it_is_said),
	    TEST(nothing_is_said_unasked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
