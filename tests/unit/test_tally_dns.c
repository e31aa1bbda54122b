/* test_tally_dns: senders and keys, for what the DNS is queried for. */
/* SPDX-License-Identifier: ISC */

#include "fixture_tally.h"

static struct tally *
tally_of(struct tally_options o)
{
	o.senders = o.keys = true;
	return tally_new(&o);
}

/* "DOMAIN ADDRESS MESSAGES", with a "*" if MAIL FROM is elsewhere. */
static struct span
senders_text(struct tally *t, struct arena *a)
{
	size_t n;
	struct tally_row *rows = tally_list(t, TALLY_SENDERS, TALLY_ALL, a, &n);
	struct span text = SPAN("");
	char ip[IP_TEXT];

	for (size_t i = 0; i < n; i++)
		text = arena_printf(a, SPAN_FMT "%s" SPAN_FMT " %s %llu%s",
		    SPAN_ARG(text), i ? ", " : "",
		    SPAN_ARG(rows[i].text.p ? rows[i].text : SPAN("-")),
		    rows[i].has_network ? ip_text(&rows[i].network.ip, ip)
					: "-",
		    (unsigned long long)rows[i].n[TALLY_MESSAGES],
		    rows[i].elsewhere ? "*" : "");
	return text;
}

static void
a_sender_has_the_domain_whose_spf_record_matters(void **state)
{
	static const struct {
		const char *report, *record, *expect;
	} c[] = {
	    {"", "192.0.2.1 s=example.org/mfrom/pass",
		"example.org 192.0.2.1 1"},
	    /* without a list, each domain is its own organization's */
	    {"", "192.0.2.1 s=b.example.org/mfrom/pass",
		"example.org 192.0.2.1 1*"},
	    {"", "192.0.2.1 from=b.example.org s=b.example.org/mfrom/fail",
		"b.example.org 192.0.2.1 1"},
	    {"", "192.0.2.1 s=other.test/mfrom/pass",
		"example.org 192.0.2.1 1*"},
	    {"", "192.0.2.1 s=other.test/helo/pass s=example.org/mfrom/pass",
		"example.org 192.0.2.1 1"},
	    {"", "192.0.2.1 env=other.test", "example.org 192.0.2.1 1*"},
	    {"", "192.0.2.1 from=c.test env=c.test", "c.test 192.0.2.1 1"},
	    {"", "192.0.2.1 from=c.test", "example.org 192.0.2.1 1"},
	    {"domain=", "192.0.2.1 from=c.test", "c.test 192.0.2.1 1"},
	    {"domain=", "192.0.2.1 from=", "- 192.0.2.1 1"},
	    {"", "x.y.z", "example.org - 1"},
	    {"", "2001:db8::1 n=7", "example.org 2001:db8::1 7"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct tally *t = tally_of((struct tally_options){0});

		put(t, c[i].report, c[i].record, NULL);
		same(c[i].record, senders_text(t, *state), c[i].expect);
		tally_free(t);
	}
}

static void
a_public_suffix_list_tells_organizations(void **state)
{
	psl_ctx_t *psl = psl_latest(NULL);
	struct tally *t = tally_of((struct tally_options){.psl = psl});

	put(t, "",
	    "192.0.2.1 s=b.example.org/mfrom/pass d=m.example.org/s/pass;"
	    "192.0.2.2 s=b.example.net/mfrom/pass d=example.net/s/pass",
	    NULL);
	same("senders", senders_text(t, *state),
	    "b.example.org 192.0.2.1 1, example.org 192.0.2.2 1*");
	same("keys", rows_text(t, TALLY_KEYS, TALLY_ALL, false, *state),
	    "- 1, s|m.example.org 1");
	tally_free(t);
	psl_free(psl);
}

static void
a_sender_has_all_counters(void **state)
{
	struct tally *t = tally_of((struct tally_options){0});
	struct tally_row *row;
	size_t n;

	put(t, "day=0",
	    "192.0.2.1 n=3 spf=pass dkim=fail;192.0.2.1 n=2 spf=fail dkim=fail",
	    NULL);
	row = tally_list(t, TALLY_SENDERS, TALLY_ALL, *state, &n);
	assert_int_equal(n, 1);
	assert_int_equal(row->n[TALLY_MESSAGES], 5);
	assert_int_equal(row->n[TALLY_SPF], 3);
	assert_int_equal(row->n[TALLY_PASSED], 3);
	assert_int_equal(row->n[TALLY_KIND + VERDICT_PARTLY], 3);
	assert_int_equal(row->n[TALLY_KIND + VERDICT_NEITHER], 2);
	tally_free(t);
}

static void
a_key_is_counted_once_a_record(void **state)
{
	struct tally *t = tally_of((struct tally_options){0});
	struct tally_row *rows;
	size_t n;

	put(t, "",
	    "192.0.2.1 n=5 d=example.org/a/fail d=example.org/b/fail "
	    "d=example.org/a/pass d=x.test/a/pass d=y.test/a/fail;"
	    "192.0.2.1 n=2 d=example.org/a/fail d=example.org//pass;"
	    "192.0.2.2 n=1",
	    NULL);
	rows = tally_list(t, TALLY_KEYS, TALLY_ALL, *state, &n);
	same("keys", rows_text(t, TALLY_KEYS, TALLY_ALL, false, *state),
	    "a|example.org 7, - 5, b|example.org 5, |example.org 2");
	assert_int_equal(n, 4);
	assert_int_equal(rows[0].n[TALLY_DKIM], 5);
	assert_int_equal(rows[1].n[TALLY_DKIM], 5);
	assert_int_equal(rows[2].n[TALLY_DKIM], 0);
	tally_free(t);
}

static void
options_select_senders_and_keys(void **state)
{
	struct tally *t = tally_of((struct tally_options){
	    .since = {TALLY_BOUND_BACK, 1}, .domain = SPAN("example.org")});

	put(t, "id=1 day=0", "192.0.2.1 d=example.org/a/pass", NULL);
	put(t, "id=2 day=1", "192.0.2.2 d=example.org/b/pass", NULL);
	put(t, "id=2 day=1", "192.0.2.2 d=example.org/b/pass", NULL);
	put(t, "id=3 day=1", "192.0.2.3 from=x.test d=x.test/c/pass", NULL);
	same("senders", senders_text(t, *state), "example.org 192.0.2.2 1");
	same("keys", rows_text(t, TALLY_KEYS, TALLY_ALL, false, *state),
	    "b|example.org 1");
	tally_free(t);
}

static void
without_the_options_there_are_none(void **state)
{
	struct tally_options o = {0};
	struct tally *t = tally_new(&o);
	size_t n;

	put(t, "", "192.0.2.1 d=example.org/a/pass", NULL);
	tally_list(t, TALLY_SENDERS, TALLY_ALL, *state, &n);
	assert_int_equal(n, 0);
	tally_list(t, TALLY_KEYS, TALLY_ALL, *state, &n);
	assert_int_equal(n, 0);
	tally_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_sender_has_the_domain_whose_spf_record_matters),
	    TEST(a_public_suffix_list_tells_organizations),
	    TEST(a_sender_has_all_counters),
	    TEST(a_key_is_counted_once_a_record),
	    TEST(options_select_senders_and_keys),
	    TEST(without_the_options_there_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
