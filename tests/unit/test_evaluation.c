/* test_evaluation: DMARC for messages, from the header to the verdicts. */
/* SPDX-License-Identifier: ISC */

#include "fixture_authid.h"

#include "auth/evaluation.h"

static const char zone[] = "$TTL 60\n"
			   "example.org. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
			   "_dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n"
			   "_dmarc.example.net. TXT \"v=DMARC1; p=none\"\n"
			   ";!SERVFAIL _dmarc.late.example. TXT\n";

static struct dmarc_method
method_of(struct arena *a)
{
	return (struct dmarc_method){
	    .dns = dns_of(span_of(zone), a), .arena = a};
}

static struct evaluation *
evaluated(struct fixture *f, const struct dmarc_method *method,
    const char *text, size_t *removed)
{
	const struct authres_removal removal = {
	    .normal_id = OUR_ID, .method = "dmarc"};
	const struct authid_policy policy = {.receiver = OUR_ID};
	struct envelope envelope = {.has_ip = true,
	    .helo = SPAN("mta.example.org"),
	    .sender = SPAN("bounce@example.org")};
	struct evaluation *e;
	struct sink *const *sinks;
	size_t n;

	assert_true(ip_parse(SPAN("192.0.2.1"), &envelope.ip));
	assert_int_equal(read_file(f, span_of(text)), MESSAGE_OK);
	*removed = authres_remove(&removal, &f->m);
	e = evaluation_begin(
	    &f->m, method, &envelope, &policy, &removal, &sinks, &n);
	assert_int_equal(message_body(&f->m, sinks, n, false), 0);
	evaluation_end(e);
	return e;
}

struct judged {
	const char *text, *author; /* of the verdict that decides, or NULL */
	enum result_code code;
	size_t ndomains, removed;
};

static const struct judged messages[] = {
    {"From: a@example.org\n\nx\n", "example.org", RESULT_PASS, 1, 0},
    {"From: a@sub.example.org\n\nx\n", "sub.example.org", RESULT_PASS, 1, 0},
    {"From: a@example.net\n\nx\n", "example.net", RESULT_FAIL, 1, 0},
    {"From: a@example.org, b@example.net\n\nx\n", "example.net", RESULT_FAIL, 2,
	0},
    {"From: a@late.example\n\nx\n", "late.example", RESULT_TEMPERROR, 1, 0},
    {"From: a@other.example\n\nx\n", "other.example", RESULT_NONE, 1, 0},
    {"Subject: x\n\nx\n", NULL, RESULT_PERMERROR, 0, 0},
    /* A From field in what is removed is not read; after an unterminated
     * header it is. */
    {"Authentication-Results: mx.example.org; none\rFrom: a@example.net\n"
     "From: a@example.org\n\nx\n",
	"example.org", RESULT_PASS, 1, 1},
    {"From: a@example.org\nx\nFrom: a@example.net\n\nx\n", "example.org",
	RESULT_FAIL, 2, 0},
};

static void
a_message_is_evaluated_from_its_header_on(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(messages); i++) {
		const struct judged *c = &messages[i];
		struct arena *a = arena_new();
		struct dmarc_method method = method_of(a);
		size_t removed;
		const struct evaluation *e =
		    evaluated(f, &method, c->text, &removed);

		print_message("# %s\n", c->author ? c->author : "none");
		assert_int_equal(dmarc_code(e->decides), c->code);
		assert_true(span_eq(e->decides->author, span_of(c->author)));
		assert_int_equal(e->from.ndomains, c->ndomains);
		assert_int_equal(removed, c->removed);
		assert_int_equal(e->found.nresults, 2);
		dns_free(method.dns);
		arena_free(a);
	}
}

static void
what_is_given_is_evaluated_without_a_message(void **state)
{
	struct arena *a = arena_new();
	struct dmarc_method method = method_of(a);
	const struct dmarc_identifier id = {.mechanism = DMARC_DKIM,
	    .code = RESULT_PASS,
	    .domain = SPAN("mail.example.org")};
	struct evaluation *e =
	    evaluation_given(&method, SPAN("example.org"), &id, 1);

	(void)state;
	evaluation_end(e);
	assert_int_equal(dmarc_code(e->decides), RESULT_PASS);
	assert_ptr_equal(e->decides, e->verdict);
	e = evaluation_given(&method, SPAN("example.org"), NULL, 0);
	evaluation_end(e);
	assert_int_equal(dmarc_code(e->decides), RESULT_FAIL);
	assert_int_equal(e->found.nresults, 0);
	dns_free(method.dns);
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_message_is_evaluated_from_its_header_on),
	    TEST(what_is_given_is_evaluated_without_a_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
