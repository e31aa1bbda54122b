/* test_aggregate_values: values as reporters write them. */
/* SPDX-License-Identifier: ISC */

#include "fixture_aggregate.h"

#define EVALUATED(disposition, dkim, spf, rest)                      \
	"<policy_evaluated><disposition>" disposition                \
	"</disposition><dkim>" dkim "</dkim><spf>" spf "</spf>" rest \
	"</policy_evaluated>"

/* The content of a record, and what is told of it and after it. */
struct content {
	const char *xml, *told;
};

static void
check_contents(const struct content *list, size_t n, struct arena *arena)
{
	struct reading *readings = ARENA_ARRAY(arena, struct reading, n);

	for (size_t i = 0; i < n; i++)
		readings[i] = (struct reading){list[i].xml,
		    arena_printf(arena, HEAD REC("%s") STOP, list[i].xml),
		    arena_printf(arena, TOLD_HEAD "%s", list[i].told).p};
	check_readings(readings, n, arena);
}

#define RECORD(ip, n, evaluated) "record 5 " ip " " n " " evaluated
#define NOTE(id)                 " !" id "\nnote 5 " id " 1\n"

/* V1 to V3. */
static void
words_have_any_case_and_old_forms(void **state)
{
#define CASE(disposition, dkim, spf, told)                           \
	{                                                            \
		ROW(IP N("1") EVALUATED(disposition, dkim, spf, "")) \
		IDS, RECORD("192.0.2.1", "1", told)                  \
	}
	static const struct content list[] = {
	    CASE("NONE", "Pass", "FAIL", "none pass fail example.org -\n"),
	    CASE("Reject", "pass", "fail", "reject pass fail example.org -\n"),
	    CASE("pass", "pass", "fail", "none pass fail example.org -\n"),
	    CASE(" reject\n", " pass ", "\tfail",
		"reject pass fail example.org -\n"),
	    CASE("quarantine", "fail", "fail",
		"quarantine fail fail example.org -\n"),
	    CASE("softfail", "pass", "fail",
		"none pass fail example.org -" NOTE("odd-disposition")),
	    CASE("", "", "", "- - - example.org -\n"),
	    CASE("none", "hardfail", "fail",
		"none fail fail example.org -" NOTE("odd-result")),
	    CASE("none", "neutral", "pass",
		"none fail pass example.org -" NOTE("odd-result")),
	    CASE("none", "pass", "yes",
		"none pass - example.org -" NOTE("odd-result")),
	};
#undef CASE

	check_contents(list, COUNT(list), *state);
}

/* V2, V7, V12. */
static void
results_have_old_forms(void **state)
{
#define CASE(results, told)                                                  \
	{                                                                    \
		ROW(IP N("1") EVAL)                                          \
		IDS "<auth_results>" results "</auth_results>",              \
		    RECORD("192.0.2.1", "1", "none pass fail example.org -") \
			told                                                 \
	}
#define SPF(result)  "<spf><domain>a.org</domain>" result "</spf>"
#define DKIM(result) "<dkim><domain>a.org</domain>" result "</dkim>"
#define IS(result)   "<result>" result "</result>"
	static const struct content list[] = {
	    CASE("", "\n"),
	    CASE(SPF(IS("softfail")), ", spf a.org - softfail\n"),
	    CASE(SPF(IS("PermError")), ", spf a.org - permerror\n"),
	    CASE(SPF(IS("hardfail")), ", spf a.org - fail" NOTE("odd-result")),
	    CASE(SPF(IS("unknown")),
		", spf a.org - permerror" NOTE("odd-result")),
	    CASE(
		SPF(IS("error")), ", spf a.org - permerror" NOTE("odd-result")),
	    CASE(SPF(IS("bestguesspass")),
		", spf a.org - neutral" NOTE("odd-result")),
	    CASE(SPF(IS("")), ", spf a.org - none" NOTE("odd-result")),
	    CASE(SPF(""), ", spf a.org - none" NOTE("odd-result")),
	    CASE(SPF(IS("fine")), ", spf a.org - none" NOTE("odd-result")),
	    CASE(SPF("<scope>HELO</scope>" IS("pass")),
		", spf a.org helo pass\n"),
	    CASE(SPF("<scope>mfrom</scope>" IS("none")),
		", spf a.org mfrom none\n"),
	    CASE(SPF("<scope>pra</scope>" IS("pass")),
		", spf a.org - pass" NOTE("odd-result")),
	    CASE("<spf><domain></domain>" IS("none") "</spf>",
		", spf - - none\n"),
	    CASE("<spf>" IS("none") "</spf>", ", spf - - none\n"),
	    CASE(SPF(IS("pass")) SPF(IS("fail")),
		", spf a.org - pass, spf a.org - fail\n"),
	    CASE(DKIM(IS("policy")), ", dkim a.org - policy\n"),
	    CASE(
		DKIM(IS("softfail")), ", dkim a.org - fail" NOTE("odd-result")),
	    CASE(DKIM(IS("pass")) DKIM(IS("pass")),
		", dkim a.org - pass, dkim a.org - pass\n"),
	    CASE("<dkim><domain>A.ORG.</domain><selector>K1</selector>" IS(
		     "pass") "</dkim>",
		", dkim a.org k1 pass\n"),
	    CASE(SPF(IS("pass")) DKIM(IS("pass")),
		", dkim a.org - pass, spf a.org - pass\nnote 5 order 0\n"),
	};
#undef CASE

	check_contents(list, COUNT(list), *state);
}

/* V4. */
static void
reasons_have_old_forms(void **state)
{
#define CASE(reason, told)                                                  \
	{                                                                   \
		ROW(IP N("1") EVALUATED(                                    \
		    "none", "pass", "fail", "<reason>" reason "</reason>")) \
		IDS,                                                        \
		    RECORD("192.0.2.1", "1",                                \
			"none pass fail example.org -, reason " told)       \
	}
#define TYPE(type) "<type>" type "</type>"
	static const struct content list[] = {
	    CASE(TYPE("forwarded"), "forwarded -\n"),
	    CASE(TYPE("sampled_out"), "sampled_out -\n"),
	    CASE(TYPE("policy_test_mode"), "policy_test_mode -\n"),
	    CASE("\n" TYPE("Mailing_List") "<comment>arc=pass</comment>\n",
		"mailing_list arc=pass\n"),
	    CASE(
		TYPE("local_policy") "<comment></comment>", "local_policy -\n"),
	    CASE(TYPE(""), "other -" NOTE("odd-reason")),
	    CASE("", "other -" NOTE("odd-reason")),
	    CASE(TYPE("arc"), "other arc" NOTE("odd-reason")),
	    CASE(TYPE("arc") "<comment>pass</comment>",
		"other arc: pass" NOTE("odd-reason")),
	    CASE("<comment>it is</comment>", "other it is" NOTE("odd-reason")),
	    CASE("a list", "other a list" NOTE("odd-reason")),
	    CASE("mailing_list", "mailing_list -" NOTE("odd-reason")),
	    CASE(TYPE("other") "</reason><reason>" TYPE("other"),
		"other -, reason other -\n"),
	};
#undef CASE

	check_contents(list, COUNT(list), *state);
}

/* V8. */
static void
addresses_have_many_forms(void **state)
{
#define CASE(text, told)                                                 \
	{                                                                \
		ROW("<source_ip>" text "</source_ip>" N("1") EVAL)       \
		IDS, RECORD(told, "1", "none pass fail example.org -\n") \
	}
#define NONE(text, told)                                                  \
	{                                                                 \
		ROW("<source_ip>" text "</source_ip>" N("1") EVAL)        \
		IDS,                                                      \
		    RECORD(told "?", "1", "none pass fail example.org -") \
			NOTE("no-address")                                \
	}
	static const struct content list[] = {
	    CASE(" 192.0.2.1 ", "192.0.2.1"),
	    CASE("2001:DB8:0::1", "2001:db8::1"),
	    CASE("::ffff:192.0.2.1", "192.0.2.1"),
	    CASE("[192.0.2.1]", "192.0.2.1"),
	    CASE("192.0.2.1:25", "192.0.2.1"),
	    CASE("[2001:db8::1]", "2001:db8::1"),
	    CASE("[2001:db8::1]:25", "2001:db8::1"),
	    CASE("192.000.002.010", "192.0.2.10"),
	    CASE("010.0.0.1:80", "10.0.0.1"),
	    CASE("0.0.0.1", "0.0.0.1"),
	    NONE("X.X.X.X", "X.X.X.X"),
	    NONE("mail.example.com", "mail.example.com"),
	    NONE("192.0.2.256", "192.0.2.256"),
	    NONE("192.0.2", "192.0.2"),
	    NONE("192.0.2.1.1", "192.0.2.1.1"),
	    NONE("192.0.2.1:x", "192.0.2.1:x"),
	    NONE("[192.0.2.1", "[192.0.2.1"),
	    NONE("[192.0.2.1]x", "[192.0.2.1]x"),
	    NONE("", "-"),
	    {ROW(N("2") EVAL) IDS,
		RECORD("-?", "2", "none pass fail example.org -")
		    NOTE("no-address")},
	};
#undef CASE
#undef NONE

	check_contents(list, COUNT(list), *state);
}

/* V9. */
static void
a_record_without_a_good_count_is_refused(void **state)
{
#define GOOD_COUNT(text, told)                                               \
	{                                                                    \
		ROW(IP N(text) EVAL)                                         \
		IDS,                                                         \
		    RECORD(                                                  \
			"192.0.2.1", told, "none pass fail example.org -\n") \
	}
	static const struct content good[] = {
	    GOOD_COUNT("0", "0"),
	    GOOD_COUNT(" 12\n", "12"),
	    GOOD_COUNT("007", "7"),
	    GOOD_COUNT("1000000000000", "1000000000000"),
	    GOOD_COUNT("9007199254740992", "9007199254740992"),
	    GOOD_COUNT("1<!-- and -->2", "12"),
	    GOOD_COUNT("<![CDATA[3]]>", "3"),
	    {ROW(IP EVAL) IDS,
		RECORD("192.0.2.1", "1", "none pass fail example.org -")
		    NOTE("no-count")},
	};
	static const char *const bad[] = {"-1", "+1", "1.5", "1e3", "1,000",
	    "9007199254740993", "18446744073709551616",
	    "99999999999999999999999", "", " ", "one", "1 2", "0x10"};

	check_contents(good, COUNT(good), *state);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct told t = read_report(
		    arena_printf(*state,
			HEAD GOOD("1") REC(ROW(IP N("%s") EVAL) IDS AUTH)
			    GOOD("2") STOP,
			bad[i]),
		    *state);

		same(bad[i], buf_span(&t.log),
		    TOLD_HEAD TOLD_GOOD("5",
			"1") "refused 6 bad-count 1\n" TOLD_GOOD("7", "2"));
	}
}

/* V11, V13. */
static void
domains_are_normalized(void **state)
{
#define CASE(from, told)                                             \
	{                                                            \
		ROW(IP N("1") EVAL)                                  \
		"<identifiers>" from "</identifiers>",               \
		    RECORD("192.0.2.1", "1", "none pass fail ") told \
	}
#define H(from)  "<header_from>" from "</header_from>"
#define EF(from) "<envelope_from>" from "</envelope_from>"
	static const struct content list[] = {
	    CASE(H("Example.ORG"), "example.org -\n"),
	    CASE(H(" example.org.\n"), "example.org -\n"),
	    CASE(H("a.example.org"), "a.example.org -\n"),
	    CASE(H("me@example.org"), "example.org -\n"),
	    CASE(H("&lt;me@example.org&gt;"), "example.org -\n"),
	    CASE(H("b\303\274cher.example.org"),
		"xn--bcher-kva.example.org -\n"),
	    CASE("", "example.org -" NOTE("no-header-from")),
	    CASE(H(""), "example.org -" NOTE("no-header-from")),
	    CASE(H("example.com"), "example.com -" NOTE("other-domain")),
	    CASE(H("anexample.org"), "anexample.org -" NOTE("other-domain")),
	    CASE(H("what ever"), "what ever -" NOTE("other-domain")),
	    CASE(EF("Bounce.example.COM") H("example.org"),
		"example.org bounce.example.com\n"),
	    CASE(EF("a@b.org") H("example.org"), "example.org b.org\n"),
	    CASE(EF("&lt;&gt;") H("example.org"), "example.org <>\n"),
	    CASE(EF("") H("example.org"), "example.org -\n"),
	};
#undef CASE

	check_contents(list, COUNT(list), *state);
}

/*
 * The metadata and the policy.
 */

static void
on_begin(void *context, const struct aggregate_report *r)
{
	struct told *t = context;
	const struct aggregate_policy *p = &r->policy;

	log_begin(context, r);
	log_text(t, p->sp);
	log_text(t, p->np);
	log_text(t, p->adkim);
	log_text(t, p->aspf);
	log_text(t, p->fo);
	log_text(t, p->testing);
	log_text(t, p->discovery_method);
	buf_printf(&t->log, " %d\n", p->has_pct ? (int)p->pct : -1);
}

static void
check_policy(const char *policy, const char *told, struct arena *arena)
{
	static const struct aggregate_handler handler = {
	    .begin = on_begin, .note = log_note};
	struct told t = {.arena = arena, .log = BUF(arena)};
	struct aggregate *a = aggregate_new(&handler, &t, 0);
	struct span xml = arena_printf(arena,
	    DECLARATION START META
	    "<policy_published>%s</policy_published>\n" GOOD("1") STOP,
	    policy);

	aggregate_put(a, xml.p, xml.len);
	aggregate_end(a);
	aggregate_free(a);
	same(policy, buf_span(&t.log), told);
}

/* V5, and the elements of RFC 9990. */
static void
a_word_that_is_no_policy_is_absent(void **state)
{
#define D "<domain>example.org</domain>"
#define PUBLISHED(policy) \
	"report example.net 1 " policy " 1793491200 1793577599\n"
	static const struct {
		const char *policy, *told;
	} list[] = {
	    {D "<p>Reject</p><sp>none</sp><np>quarantine</np>"
	       "<adkim>S</adkim><aspf>r</aspf><fo>1:D</fo>"
	       "<testing>y</testing>"
	       "<discovery_method>treewalk</discovery_method>",
		PUBLISHED("example.org reject") " none quarantine s r 1:d y "
						"treewalk -1\n"},
	    {D "<p>none</p><sp></sp><pct></pct><fo></fo>",
		PUBLISHED("example.org none") " - - - - - - - -1\n"},
	    {D "<p>none</p><pct>0</pct>",
		PUBLISHED("example.org none") " - - - - - - - 0\n"},
	    {D "<p>none</p><pct>100</pct>",
		PUBLISHED("example.org none") " - - - - - - - 100\n"},
	    {D "<p>monitor</p><pct>101</pct>",
		PUBLISHED("example.org -") " - - - - - - - -1\nnote 4 "
					   "odd-policy 1\n"},
	    {D "<p>none</p><adkim>relaxed</adkim>",
		PUBLISHED("example.org none") " - - - - - - - -1\nnote 4 "
					      "odd-policy 1\n"},
	    {D "<p>none</p><testing>maybe</testing>",
		PUBLISHED("example.org none") " - - - - - - - -1\nnote 4 "
					      "odd-policy 1\n"},
	    {"<domain>B\303\274cher.Example.</domain><p>none</p>",
		PUBLISHED(
		    "xn--bcher-kva.example none") " - - - - - - - -1\n"
						  "note 5 other-domain 1\n"},
	    {"<domain>what ever</domain><p>none</p>",
		PUBLISHED("what ever none") " - - - - - - - -1\nnote 5 "
					    "other-domain 1\n"},
	    {"<p>none</p>", PUBLISHED("- none") " - - - - - - - -1\n"},
	    {D "<domain>example.com</domain><p>none</p>",
		PUBLISHED("example.com none") " - - - - - - - -1\n"
					      "note 4 several-domains 0\nnote "
					      "5 other-domain 1\n"},
	};

	for (size_t i = 0; i < COUNT(list); i++)
		check_policy(list[i].policy, list[i].told, *state);
}

/* V6. */
static void
odd_times_are_read(void **state)
{
	static const struct {
		const char *begin, *end, *told, *notes;
	} list[] = {
	    {"1793491200", "1793577599", "1793491200 1793577599", ""},
	    {" 1793491200 ", "1794182400", "1793491200 1794182400", ""},
	    {"1793491200.5", "1793577599.999", "1793491200 1793577599",
		"note 3 odd-time 0\n"},
	    {"2026-11-01T00:00:00Z", "2026-11-02T00:00:00.5+00:00",
		"1793491200 1793577600", "note 3 odd-time 0\n"},
	    {"yesterday", "1793577599", "- 1793577599", "note 3 odd-time 0\n"},
	    {"", "1793577599", "- 1793577599", "note 3 odd-time 0\n"},
	    {"1793491200", "-1", "1793491200 -", "note 3 odd-time 0\n"},
	    {"1793491200", "1793491200.", "1793491200 -",
		"note 3 odd-time 0\n"},
	    {"1793577599", "1793491200", "1793577599 1793491200",
		"note 3 odd-period 0\n"},
	    {"1793491200", "1793491200", "1793491200 1793491200",
		"note 3 odd-period 0\n"},
	    {"1793491200", "1794182401", "1793491200 1794182401",
		"note 3 odd-period 0\n"},
	    {"1793686401", "1793686402", "1793686401 1793686402",
		"note 3 odd-period 0\n"},
	};

	for (size_t i = 0; i < COUNT(list); i++) {
		struct span xml = arena_printf(*state,
		    DECLARATION START
		    "<report_metadata><date_range><begin>%s</begin>"
		    "<end>%s</end></date_range></report_metadata>\n" POLICY
			GOOD("1") STOP,
		    list[i].begin, list[i].end);
		struct told t = read_report(xml, *state);

		same(list[i].begin, buf_span(&t.log),
		    arena_printf(*state,
			"report - - example.org none %s\n" TOLD_GOOD(
			    "5", "1") "%s",
			list[i].told, list[i].notes)
			.p);
	}
}

/* V10. */
static void
texts_are_what_they_are(void **state)
{
	struct told t = read_report(
	    SPAN(DECLARATION START
		"<report_metadata><org_name> </org_name>"
		"<report_id>HASH(0x1) &lt;a b@c&gt;</report_id>"
		"<error>one</error><error>two</error>"
		"<date_range><begin>1793491200</begin><end>1793577599</end>"
		"</date_range></report_metadata>\n" POLICY GOOD("1") STOP),
	    *state);

	same("texts", buf_span(&t.log),
	    "report - HASH(0x1) <a b@c> example.org none 1793491200 "
	    "1793577599\n" TOLD_GOOD("5", "1"));
}

/* Everything that RFC 9990 and RFC 7489 have. */
static const struct span full = S(DECLARATION
    "<feedback><version>1.0</version>\n<report_metadata>"
    "<org_name>Example &amp; Co</org_name><email>d@example.net</email>"
    "<extra_contact_info lang='en'>https://example.net/</extra_contact_info>"
    "<report_id>a.1</report_id><date_range><begin>1</begin><end>2</end>"
    "</date_range><error>one</error><error>two</error>"
    "<generator>gen 1.0</generator></report_metadata>\n" POLICY
    "<record>" ROW(IP N("2")
	    EVAL) "<identifiers><envelope_to>Example.NET</envelope_to>"
		  "<envelope_from>a.example.org</envelope_from>" FROM
		  "</identifiers>"
		  "<auth_results><dkim><domain>example.org</"
		  "domain><selector>s</selector>"
		  "<result>fail</result><human_result> body hash "
		  "</human_result></dkim>"
		  "<spf><domain>a.example.org</domain><scope>mfrom</scope>"
		  "<result>pass</result><human_result>ok</human_result></spf>"
		  "</auth_results></record></feedback>");

static void
on_full_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *r)
{
	const struct aggregate_metadata *m = &report->metadata;

	++*(size_t *)context;
	same("org_name", m->org_name, "Example & Co");
	same("email", m->email, "d@example.net");
	same("contact", m->extra_contact_info, "https://example.net/");
	same("report_id", m->report_id, "a.1");
	same("generator", m->generator, "gen 1.0");
	assert_int_equal(m->nerrors, 2);
	same("error", m->errors[1], "two");
	assert_int_equal(m->begin, 1);
	assert_int_equal(m->end, 2);
	assert_int_equal(report->line, 2);
	assert_int_equal(report->records, 1);
	assert_int_equal(r->line, 5);
	assert_int_equal(r->ip.octet[0], 192);
	same("envelope_to", r->envelope_to, "example.net");
	same("envelope_from", r->envelope_from, "a.example.org");
	assert_int_equal(r->ndkim, 1);
	same("dkim", r->dkim_results[0].human_result, "body hash");
	assert_int_equal(r->nspf, 1);
	same("spf", r->spf_results[0].human_result, "ok");
	same("scope", r->spf_results[0].scope, "mfrom");
	assert_int_equal(r->notes, 0);
}

static void
every_element_is_read(void **state)
{
	static const struct aggregate_handler handler = {
	    .record = on_full_record};
	size_t records = 0;
	struct aggregate *a = aggregate_new(&handler, &records, 0);

	(void)state;
	aggregate_put(a, full.p, full.len);
	assert_int_equal(aggregate_end(a), 1);
	aggregate_free(a);
	assert_int_equal(records, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(words_have_any_case_and_old_forms),
	    TEST(results_have_old_forms),
	    TEST(reasons_have_old_forms),
	    TEST(addresses_have_many_forms),
	    TEST(a_record_without_a_good_count_is_refused),
	    TEST(domains_are_normalized),
	    TEST(a_word_that_is_no_policy_is_absent),
	    TEST(odd_times_are_read),
	    TEST(every_element_is_read),
	    TEST(texts_are_what_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
