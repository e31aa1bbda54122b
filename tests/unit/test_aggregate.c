/* test_aggregate: the structure of aggregate reports, streams, limits. */
/* SPDX-License-Identifier: ISC */

#include "fixture_aggregate.h"

#define NOTHING "note 1 order 0\nnote 1 no-records 0\n"

/* X1, X9 to X11. */
static void
elements_are_read_in_any_form(void **state)
{
	static const struct reading list[] = {
	    {"plain", S(HEAD GOOD("2") GOOD("3") STOP),
		TOLD_HEAD TOLD_GOOD("5", "2") TOLD_GOOD("6", "3")},
	    {"the namespace of RFC 9990",
		S(DECLARATION "<feedback xmlns=\"urn:ietf:params:xml:ns:"
			      "dmarc-2.0\">\n" META POLICY GOOD("2") STOP),
		TOLD_HEAD TOLD_GOOD("5", "2")},
	    {"a prefix",
		S("<d:feedback xmlns:d='http://dmarc.org/dmarc-xml/0.1'>\n" META
			POLICY "<d:record><d:row><d:count>4</d:count>"
		  "<d:source_ip>192.0.2.1</d:source_ip></d:row></d:record>"
		  "</d:feedback>"),
		TOLD_HEAD "record 4 192.0.2.1 4 - - - example.org - "
			  "!no-header-from\nnote 4 no-header-from 1\n"},
	    {"white space, comments, attributes, CDATA",
		S(HEAD "<!-- <record> --><record\tid = '1>'><row >"
		       "<source_ip lang=\"en\">\r\n192.0.2.1\t</source_ip>"
		       "<count><![CDATA[2]]></count>" EVAL "</row>\r\n" IDS AUTH
		       "</record>" STOP),
		TOLD_HEAD TOLD_GOOD("5", "2")},
	    {"another order in a record",
		S(HEAD REC(AUTH IDS ROW(EVAL N("2") IP)) GOOD("3") STOP),
		TOLD_HEAD TOLD_GOOD("5", "2")
		    TOLD_GOOD("6", "3") "note 5 order 0\n"},
	    {"unknown elements",
		S(HEAD "<extension><x><record>a</record></x></extension>" REC(
		    ROW(IP N("2") EVAL "<y><count>9</count></y>") IDS AUTH
		    "<z/>") STOP),
		TOLD_HEAD TOLD_GOOD("5", "2")},
	    {"an unknown element in a text",
		S(HEAD REC(ROW(IP "<count>1<b>2</b>3</count>" EVAL) IDS AUTH)
			STOP),
		TOLD_HEAD TOLD_GOOD("5", "13")},
	    {"identities",
		S(HEAD REC(ROW(IP N("2") EVAL) "<identities>" FROM
					       "</identities>" AUTH) STOP),
		TOLD_HEAD TOLD_GOOD("5", "2") "note 5 old-element 0\n"},
	    {"another root",
		S("<a><b>" START META POLICY GOOD("2") STOP "</b></a>"),
		TOLD_HEAD TOLD_GOOD("4", "2")},
	    {"a schema around and within",
		S("<schema>" START META "<xs:schema>" POLICY GOOD(
		    "2") "</xs:schema>" STOP "</schema>"),
		TOLD_HEAD TOLD_GOOD("4", "2")},
	    {"two reports in one root",
		S("<a>" START META POLICY GOOD("2")
			STOP START META POLICY GOOD("3") STOP "</a>"),
		TOLD_HEAD TOLD_GOOD("4", "2") TOLD_HEAD TOLD_GOOD("9", "3")},
	};

	check_readings(list, COUNT(list), *state);
}

#define OTHER "<policy_published><domain>a.org</domain></policy_published>\n"

/* X11: what comes when. */
static void
the_last_policy_before_the_first_record_counts(void **state)
{
	static const struct reading list[] = {
	    {"two before it",
		S(DECLARATION START META OTHER POLICY GOOD("2") STOP),
		TOLD_HEAD TOLD_GOOD("6", "2") "note 5 policy-twice 0\n"
					      "note 5 several-domains 0\n"},
	    {"one after it", S(HEAD GOOD("2") OTHER GOOD("3") STOP),
		TOLD_HEAD TOLD_GOOD("5", "2") TOLD_GOOD(
		    "7", "3") "note 6 order 0\nnote 6 policy-twice 0\n"
			      "note 6 several-domains 0\n"},
	    {"the same twice", S(HEAD POLICY GOOD("2") STOP),
		TOLD_HEAD TOLD_GOOD("6", "2") "note 5 policy-twice 0\n"},
	    {"the metadata last",
		S(DECLARATION START GOOD("2") GOOD("3") POLICY META STOP),
		TOLD_HEAD TOLD_GOOD("3", "2")
		    TOLD_GOOD("4", "3") "note 5 order 0\n"},
	    {"the policy between records",
		S(DECLARATION START META GOOD("2") POLICY GOOD("3") OTHER STOP),
		TOLD_HEAD TOLD_GOOD("4", "2") TOLD_GOOD(
		    "6", "3") "note 5 order 0\nnote 7 policy-twice 0\n"
			      "note 7 several-domains 0\n"},
	    {"no metadata", S(DECLARATION START POLICY GOOD("2") STOP),
		"report - - example.org none - -\n" TOLD_GOOD(
		    "4", "2") "note 2 order 0\n"},
	    {"no policy", S(DECLARATION START META REC(ROW(IP N("2"))) STOP),
		"report example.net 1 - - 1793491200 1793577599\n"
		"record 4 192.0.2.1 2 - - - - - !no-header-from\n"
		"note 2 order 0\nnote 4 no-header-from 1\n"},
	    {"no records", S(HEAD STOP), TOLD_HEAD "note 2 no-records 0\n"},
	    {"nothing", S("<feedback/>"), "report - - - - - -\n" NOTHING},
	    {"the metadata twice",
		S(DECLARATION START "<report_metadata><org_name>a</org_name></"
				    "report_metadata>" META POLICY GOOD("2")
					STOP),
		TOLD_HEAD TOLD_GOOD("5", "2") "note 3 order 0\n"
					      "note 3 odd-time 0\n"},
	};

	check_readings(list, COUNT(list), *state);
}

/* V13, and records that are not whole. */
static void
a_bad_record_leaves_the_others(void **state)
{
#define CASE(what, record, told)                                           \
	{                                                                  \
		what, S(HEAD GOOD("2") record "\n" GOOD("3") STOP),        \
		    TOLD_HEAD TOLD_GOOD("5", "2") told TOLD_GOOD("7", "3") \
	}
#define BAD(what, record) CASE(what, record, "refused 6 bad-record 1\n")
	static const struct reading list[] = {
	    BAD("no row", "<record>" IDS AUTH "</record>"),
	    BAD("empty", "<record/>"),
	    BAD("two rows",
		"<record>" ROW(IP N("1")) ROW(IP N("1")) IDS "</record>"),
	    BAD("two counts", "<record>" ROW(IP N("1") N("2")) "</record>"),
	    BAD("two addresses", "<record>" ROW(IP IP N("2")) "</record>"),
	    BAD("two header_from",
		"<record>" ROW(IP N("2")) "<identifiers>" FROM FROM
					  "</identifiers></record>"),
	    BAD("a count elsewhere", "<record>" ROW(IP) N("2") "</record>"),
	    BAD("a count in an address",
		"<record><row><source_ip>192.0.2.1" N("2") "</source_ip>"
							   "</row></record>"),
	    CASE("no count", "<record>" ROW(IP N("")) "</record>",
		"refused 6 bad-count 1\n"),
	};
#undef BAD
#undef CASE

	check_readings(list, COUNT(list), *state);
}

/* X8, W9, and what is not a report. */
static void
what_is_not_a_report_is_refused(void **state)
{
	static const struct reading list[] = {
	    {"nothing", S(""), "refused 1 empty 0\n"},
	    {"one octet", S("\n"), "refused 1 empty 0\n"},
	    {"white space", S(" \r\n\n\t "), "refused 1 empty 0\n"},
	    {"a text", S("hello\nworld"), "refused 1 not-a-report 0\n"},
	    {"another root", S("<a>\n</a>"), "refused 1 not-a-report 0\n"},
	    {"records alone", S("<a>" GOOD("1") "</a>"),
		"refused 1 not-a-report 0\n"},
	    {"broken XML", S("<a>\n<b></a>"), "refused 2 bad-xml 0\n"},
	    {"the beginning of a tag", S("<"), "refused 1 bad-xml 0\n"},
	    {"a doctype: entities",
		S("<?xml version='1.0'?>\n<!DOCTYPE feedback [<!ENTITY a "
		  "'aaaa'>]>\n" START META POLICY GOOD("1") STOP),
		"refused 2 doctype 0\n"},
	    {"one in what is mended",
		S("\n<?xml version='1.0'?>\n<!doctype feedback>" START META
			POLICY GOOD("1") STOP),
		"refused 3 doctype 0\n"},
	    {"an entity of a document", S(HEAD REC(ROW(IP N("&n;"))) STOP),
		TOLD_HEAD "refused 5 bad-count 1\nnote 5 bad-entity 0\n"},
	};

	check_readings(list, COUNT(list), *state);
}

static void
identifiers_are_words(void **state)
{
	(void)state;
	assert_string_equal(
	    aggregate_refusal_id(AGGREGATE_REFUSED_DOCTYPE), "doctype");
	assert_string_equal(
	    aggregate_refusal_id(AGGREGATE_REFUSED_TOO_DEEP), "too-deep");
	assert_string_equal(aggregate_note_id(AGGREGATE_ORDER), "order");
	assert_string_equal(
	    aggregate_note_id(AGGREGATE_LONG_ELEMENT), "long-element");
}

static void
a_reader_reads_stream_after_stream(void **state)
{
	struct told t = {.arena = *state, .log = BUF(*state)};
	struct aggregate *a = aggregate_new(&log_handler, &t, 0);
	static const struct span streams[] = {S(HEAD GOOD("2") STOP), S("<a>"),
	    S(HEAD "<record>"), S("\0<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>"),
	    S(HEAD GOOD("3") STOP)};

	for (size_t i = 0; i < COUNT(streams); i++) {
		t.reports = t.ended = 0;
		sink_put(aggregate_sink(a), streams[i]);
		sink_end(aggregate_sink(a));
	}
	aggregate_free(a);
	same("all", buf_span(&t.log),
	    TOLD_HEAD TOLD_GOOD("5",
		"2") "refused 1 bad-xml 0\n" TOLD_HEAD
		     "refused 5 cut-off-record 1\nnote 5 cut-off 0\n"
		     "refused 1 doctype 0\n" TOLD_HEAD TOLD_GOOD("5", "3"));
}

/*
 * Limits.
 */

static struct span
repeated(struct arena *a, const char *before, const char *text, size_t n,
    const char *after)
{
	struct buf b = BUF(a);

	buf_str(&b, before);
	while (n--)
		buf_str(&b, text);
	buf_str(&b, after);
	return arena_span(a, buf_span(&b));
}

static void
check_limit(
    struct span at, struct span over, const char *id, struct arena *arena)
{
	struct told t = read_report(at, arena);

	if (t.read != 1 || t.refused ||
	    span_casecontains(buf_span(&t.log), span_of(id)))
		fail_msg("%s: " SPAN_FMT, id, SPAN_ARG(buf_span(&t.log)));
	t = read_report(over, arena);
	if (!span_casecontains(buf_span(&t.log), span_of(id)))
		fail_msg("not %s: " SPAN_FMT, id, SPAN_ARG(buf_span(&t.log)));
}

/* <feedback> and 31 elements in it. */
static void
elements_nest_to_a_limit(void **state)
{
	struct span close = repeated(*state, "", "</x>", 31, GOOD("1") STOP);
	struct span over = repeated(*state, "", "</x>", 32, GOOD("1") STOP);

	check_limit(repeated(*state, HEAD, "<x>", 31, close.p),
	    repeated(*state, HEAD, "<x>", 32, over.p), "too-deep", *state);
}

static void
a_text_is_long_to_a_limit(void **state)
{
	const char *before = HEAD "<record>" ROW(IP N("1") EVAL) IDS
	    "<auth_results><dkim><domain>a.org</domain><result>pass</result>"
	    "<human_result>";
	const char *after =
	    "</human_result></dkim></auth_results></record>" STOP;

	check_limit(repeated(*state, before, "x", LIMIT_XML_ELEMENT, after),
	    repeated(*state, before, "x", LIMIT_XML_ELEMENT + 1, after),
	    "note 5 long-element 1", *state);
}

/* There is no room for all octets of the last character. */
static void
a_long_text_is_cut_between_characters(void **state)
{
	struct span xml =
	    repeated(*state, DECLARATION START "<report_metadata><org_name>",
		"\342\202\254", LIMIT_XML_ELEMENT / 3 + 1,
		"</org_name></report_metadata>\n" POLICY GOOD("1") STOP);
	struct span name = repeated(*state, "report ", "\342\202\254",
	    LIMIT_XML_ELEMENT / 3, " - example.org");
	struct told t = read_report(xml, *state);

	assert_true(span_starts(buf_span(&t.log), name));
	assert_true(
	    span_casecontains(buf_span(&t.log), SPAN("note 3 long-element 0")));
}

static void
a_count_after_a_long_text_is_refused(void **state)
{
	struct span xml = repeated(*state, HEAD "<record><row>" IP "<count>",
	    " ", LIMIT_XML_ELEMENT, "5</count></row></record>" STOP);
	struct told t = read_report(xml, *state);

	assert_int_equal(t.messages, 0);
	assert_int_equal(t.refused, 1);
}

/* The window holds at most so much, and 64 KiB that were not parsed. */
static void
a_child_is_long_to_a_limit(void **state)
{
	struct span at = repeated(*state, HEAD "<x a='", "x",
	    LIMIT_XML_CHILD - 1000, "'/>" GOOD("1") STOP);
	struct span over = repeated(*state, HEAD "<x a='", "x",
	    LIMIT_XML_CHILD + LIMIT_XML_ELEMENT, "'/>" GOOD("1") STOP);

	check_limit(at, over, "refused 4 element-too-long 0", *state);
}

static void
a_record_has_results_to_a_limit(void **state)
{
	const char *before =
	    HEAD "<record>" ROW(IP N("1") EVAL) IDS "<auth_results>";
	const char *after = "</auth_results></record>" STOP;

	check_limit(
	    repeated(*state, before, SIGNED, LIMIT_REPORT_RESULTS, after),
	    repeated(*state, before, SIGNED, LIMIT_REPORT_RESULTS + 1, after),
	    "note 5 too-many-results 1", *state);
	check_limit(
	    repeated(*state, before, MAILED, LIMIT_REPORT_RESULTS, after),
	    repeated(*state, before, MAILED, LIMIT_REPORT_RESULTS + 1, after),
	    "note 5 too-many-results 1", *state);
}

static struct told
read_brief(struct span xml, struct arena *arena)
{
	struct told t = {.arena = arena, .log = BUF(arena), .is_brief = true};
	struct aggregate *a = aggregate_new(&log_handler, &t, 0);

	aggregate_put(a, xml.p, xml.len);
	aggregate_end(a);
	aggregate_free(a);
	return t;
}

/* The held records are kept, the others refused, until the policy comes. */
static void
records_are_held_to_a_limit(void **state)
{
	struct span records = repeated(*state, DECLARATION START META,
	    REC(ROW(N("1"))), LIMIT_REPORT_HELD, "");
	struct told t = read_brief(
	    ARENA_JOIN(*state, records, SPAN(POLICY GOOD("1") STOP)), *state);

	assert_int_equal(t.read, LIMIT_REPORT_HELD + 1);
	assert_int_equal(t.refused, 0);
	t = read_brief(ARENA_JOIN(*state, records,
			   SPAN(GOOD("1") GOOD("1") POLICY GOOD("1") STOP)),
	    *state);
	assert_int_equal(t.read, LIMIT_REPORT_HELD + 1);
	assert_int_equal(t.refused, 2);
	assert_true(span_casecontains(
	    buf_span(&t.log), SPAN("refused 10004 late-metadata 2\n")));
}

static void
held_records_take_memory_to_a_limit(void **state)
{
	struct span record = repeated(*state,
	    "<record><row>" N("1") "</row><auth_results><dkim><human_result>",
	    "x", 60000, "</human_result></dkim></auth_results></record>\n");
	struct span records = repeated(
	    *state, DECLARATION START META, record.p, 300, POLICY STOP);
	struct told t = read_brief(records, *state);

	assert_in_range(t.read, 100, 200);
	assert_int_equal(t.read + t.refused, 300);
}

static void
refusals_are_told_one_by_one_to_a_limit(void **state)
{
	struct span xml = repeated(
	    *state, HEAD, REC(""), LIMIT_REPORT_REFUSALS, GOOD("1") STOP);
	struct told t = read_brief(xml, *state);

	assert_int_equal(t.refused, LIMIT_REPORT_REFUSALS);
	assert_false(
	    span_casecontains(buf_span(&t.log), SPAN("too-many-refused")));
	xml = repeated(
	    *state, HEAD, REC(""), LIMIT_REPORT_REFUSALS + 5, GOOD("1") STOP);
	t = read_brief(xml, *state);
	assert_int_equal(t.read, 1);
	assert_int_equal(t.refused, LIMIT_REPORT_REFUSALS + 5);
	assert_true(
	    span_casecontains(buf_span(&t.log), SPAN("too-many-refused 5\n")));
}

/* 39 MB, in pieces. */
static void
a_report_has_records_to_a_limit(void **state)
{
	struct told t = {.arena = *state, .log = BUF(*state), .is_brief = true};
	struct aggregate *a = aggregate_new(&log_handler, &t, 0);
	const struct span head = SPAN(HEAD);
	struct span piece = repeated(*state, "", REC("<row/>"), 1000, "");

	aggregate_put(a, head.p, head.len);
	for (size_t i = 0; i < LIMIT_REPORT_RECORDS / 1000; i++)
		aggregate_put(a, piece.p, piece.len);
	aggregate_put(a, piece.p, piece.len / 1000 * 2);
	aggregate_put(a, STOP, sizeof(STOP) - 1);
	aggregate_end(a);
	aggregate_free(a);
	assert_int_equal(t.read, LIMIT_REPORT_RECORDS);
	assert_int_equal(t.refused, 2);
	assert_true(span_casecontains(
	    buf_span(&t.log), SPAN("refused 1000005 too-large 2\n")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(elements_are_read_in_any_form),
	    TEST(the_last_policy_before_the_first_record_counts),
	    TEST(a_bad_record_leaves_the_others),
	    TEST(what_is_not_a_report_is_refused),
	    TEST(identifiers_are_words),
	    TEST(a_reader_reads_stream_after_stream),
	    TEST(elements_nest_to_a_limit),
	    TEST(a_text_is_long_to_a_limit),
	    TEST(a_long_text_is_cut_between_characters),
	    TEST(a_count_after_a_long_text_is_refused),
	    TEST(a_child_is_long_to_a_limit),
	    TEST(a_record_has_results_to_a_limit),
	    TEST(records_are_held_to_a_limit),
	    TEST(held_records_take_memory_to_a_limit),
	    TEST(refusals_are_told_one_by_one_to_a_limit),
	    TEST(a_report_has_records_to_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
