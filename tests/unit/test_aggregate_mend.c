/* test_aggregate_mend: XML that expat refuses, and its encodings. */
/* SPDX-License-Identifier: ISC */

#include "fixture_aggregate.h"

#define TWO      GOOD("2") GOOD("3")
#define TOLD_TWO TOLD_GOOD("5", "2") TOLD_GOOD("6", "3")

/* X2, X3, X6, X12: outside records. */
static void
what_reporters_break_is_mended(void **state)
{
	static const struct reading list[] = {
	    {"a schema that is not closed",
		S("<?xml version=\"1.0\"?> <xs:schema xmlns:xs=\"x\">\n" START
			META POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO "note 8 unclosed-tag 0\n"},
	    {"one in the report",
		S(DECLARATION START "<xs:schema>" META POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO "note 7 unclosed-tag 0\n"},
	    {"an address in brackets",
		S(DECLARATION START
		    "<report_metadata><org_name>example.net</org_name>"
		    "<email><a@b.org></email>"
		    "<extra_contact_info>A <a@b> & C</extra_contact_info>"
		    "<report_id>1</report_id>"
		    "<date_range><begin>1793491200</begin>"
		    "<end>1793577599</end></date_range></"
		    "report_metadata>\n" POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO
		"note 3 stray-markup 0\nnote 3 bad-entity 0\n"},
	    {"metadata that is not closed",
		S(DECLARATION START
		    "<report_metadata><org_name>example.net</org_name>"
		    "<report_id>1</report_id>"
		    "<date_range><begin>1793491200<end>1793577599</"
		    "end>\n" POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO "note 3 unclosed-tag 0\n"},
	    {"an unknown element that is not closed", S(HEAD "<what>" TWO STOP),
		TOLD_HEAD TOLD_GOOD("5", "2")
		    TOLD_GOOD("6", "3") "note 5 unclosed-tag 0\n"},
	    {"the end of one that is not open",
		S(HEAD GOOD("2") "</what>" GOOD("3") STOP),
		TOLD_HEAD TOLD_TWO "note 6 stray-markup 0\n"},
	    {"text before it", S("what" DECLARATION START META POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO "note 1 stray-markup 0\n"
				   "note 1 bad-declaration 0\n"},
	    {"no feedback", S(DECLARATION "<x>\n" META POLICY TWO STOP),
		TOLD_HEAD TOLD_TWO
		"note 8 unclosed-tag 0\nnote 3 stray-markup 0\n"},
	    {"feedback is not closed", S(HEAD TWO),
		TOLD_HEAD TOLD_TWO "note 7 cut-off 0\n"},
	    {"a bad attribute", S(HEAD "<extension a=b/>" TWO STOP),
		TOLD_HEAD TOLD_TWO "note 5 stray-markup 0\n"},
	    {"an unknown element in what is mended",
		S(HEAD "&<x><record>" ROW(
		    IP N("7")) "</record><x></x></x>" TWO STOP),
		TOLD_HEAD TOLD_TWO "note 5 bad-entity 0\n"},
	    {"a comment in what is mended",
		S(HEAD "&<!-- <record> --><!-- <a> <!-- b -->" TWO STOP),
		TOLD_HEAD TOLD_TWO
		"note 5 unclosed-tag 0\nnote 5 stray-markup 0\n"
		"note 5 bad-entity 0\n"},
	    {"octets after it", S(HEAD TWO STOP "\r\n and so on"),
		TOLD_HEAD TOLD_TWO "note 9 trailing-octets 0\n"},
	    {"NULs after it", S(HEAD TWO STOP "\0\0\0"),
		TOLD_HEAD TOLD_TWO "note 8 trailing-octets 0\n"},
	    {"a tag after it", S(HEAD TWO STOP "<br>"),
		TOLD_HEAD TOLD_TWO "note 8 trailing-octets 0\n"},
	    {"a record after it", S(HEAD TWO STOP GOOD("4") "</x>"),
		TOLD_HEAD TOLD_TWO TOLD_GOOD(
		    "8", "4") "note 9 stray-markup 0\nnote 9 cut-off 0\n"
			      "note 8 trailing-octets 0\n"},
	    {"another after it", S(HEAD TWO STOP HEAD GOOD("4") STOP),
		TOLD_HEAD TOLD_TWO
		"note 8 trailing-octets 0\n" TOLD_HEAD TOLD_GOOD("12", "4")},
	    {"another after it, without a declaration",
		S(HEAD TWO STOP START META POLICY GOOD("4") STOP "<b"),
		TOLD_HEAD TOLD_TWO
		"note 8 trailing-octets 0\n" TOLD_HEAD TOLD_GOOD(
		    "11", "4") "note 13 trailing-octets 0\n"},
	    {"another after one that is cut off",
		S(HEAD GOOD("2") "<record>" HEAD GOOD("4") STOP),
		TOLD_HEAD TOLD_GOOD("5",
		    "2") "refused 6 bad-record 1\n"
			 "note 7 unclosed-tag 0\nnote 6 bad-declaration "
			 "0\nnote 7 trailing-octets 0\n" TOLD_HEAD TOLD_GOOD(
			     "10", "4")},
	};

	check_readings(list, COUNT(list), *state);
}

/* In a record text is mended; anything else refuses it, and no other. */
static void
a_record_is_mended_or_refused(void **state)
{
#define CASE(record, told)                                       \
	{                                                        \
		record, S(HEAD GOOD("2") record GOOD("3") STOP), \
		    TOLD_HEAD TOLD_GOOD("5", "2") told           \
	}
#define READ(record, text, note)                         \
	CASE(record,                                     \
	    "record 6 192.0.2.1 4 - - - " text " !" note \
	    "\n" TOLD_GOOD("7", "3") "note 6 " note " 1\n")
#define REFUSED(record, refusal, note)                                     \
	CASE(record,                                                       \
	    "refused 6 " refusal " 1\n" TOLD_GOOD("7", "3") "note 6 " note \
							    " 0\n")
#define FOUR    ROW(IP N("4"))
#define H(from) "<identifiers><header_from>" from "</header_from></identifiers>"
#define E(from)                                                          \
	H("example.org")                                                 \
	"<identifiers/><auth_results><dkim><domain>example.org</domain>" \
	"<human_result>" from "</human_result></dkim></auth_results>"
	static const struct reading list[] = {
	    READ(REC(FOUR "<identifiers>" FROM "<envelope_from><></envelope_"
			  "from></identifiers>"),
		"example.org <>", "stray-markup"),
	    READ(REC(FOUR "<identifiers>" FROM
			  "<envelope_from>a\221</envelope_from>"
			  "</identifiers>"),
		"example.org a\357\277\275", "bad-utf8"),
	    READ(REC(FOUR "<identifiers>" FROM
			  "<envelope_from>a&nbsp;b</envelope_from>"
			  "</identifiers>"),
		"example.org a&nbsp;b", "bad-entity"),
	    READ(REC(FOUR "<identifiers>" FROM
			  "<envelope_from>&& &#65;&amp;&#x42;&#0;</envelope_"
			  "from></identifiers>"),
		"example.org && A&B&#0;", "bad-entity"),
	    READ(REC(FOUR "<identifiers>" FROM
			  "<envelope_from>a\001b</envelope_from>"
			  "</identifiers>"),
		"example.org a\357\277\275b", "bad-entity"),
	    READ(REC(FOUR "<identifiers>" FROM
			  "<envelope_from><![CDATA[&<b>]]>&</envelope_from>"
			  "</identifiers>"),
		"example.org &<b>&", "bad-entity"),
	    READ(REC(FOUR "<identifiers a=b>" FROM
			  "<envelope_from/></identifiers>"),
		"example.org -", "stray-markup"),
	    READ(REC(FOUR "<identifiers>" FROM "&<x>y</x></identifiers>"),
		"example.org -", "bad-entity"),
	    REFUSED(REC("<row>" IP "<count>4&</count></row>" IDS), "bad-count",
		"bad-entity"),
	    REFUSED(REC("<row>" IP "<count>4<1></count></row>" IDS),
		"bad-count", "stray-markup"),
	    REFUSED(REC("<row>" IP "<count>4</row>" IDS), "bad-record",
		"unclosed-tag"),
	    REFUSED(REC("<row>" IP "</count></row>" IDS), "bad-record",
		"stray-markup"),
	    REFUSED(REC("<row><source_ip>192.0.2.1" N("4") "</row>" IDS),
		"bad-record", "unclosed-tag"),
	    REFUSED(REC("<row>" IP "&</row>" IDS), "bad-count", "bad-entity"),
	    CASE("<record>" FOUR IDS "\n",
		"refused 6 bad-record 1\n" TOLD_GOOD(
		    "7", "3") "note 7 unclosed-tag 0\n"),
	    REFUSED(FOUR IDS "</record>\n", "bad-record", "stray-markup"),
	    REFUSED(REC(FOUR IDS "<x>"), "bad-record", "unclosed-tag"),
	    REFUSED(REC(FOUR IDS "</x>"), "bad-record", "stray-markup"),
	    REFUSED(REC(FOUR "<row>"), "bad-record", "unclosed-tag"),
	};
#undef CASE
#undef READ
#undef REFUSED

	check_readings(list, COUNT(list), *state);
}

/* X5: the declaration and the encoding. */
static void
declarations_are_read_or_mended(void **state)
{
#define BODY          META POLICY GOOD("2") STOP
#define BODY_AT(line) TOLD_HEAD TOLD_GOOD(line, "2")
	static const struct reading list[] = {
	    {"none", S(START BODY), BODY_AT("4")},
	    {"a byte order mark",
		S("\357\273\277<?xml version='1.0'?>" START BODY),
		BODY_AT("4")},
	    {"UTF-8", S("<?xml version='1.0' encoding='utf-8'?>" START BODY),
		BODY_AT("4")},
	    {"Windows-1252",
		S("<?xml version='1.0' encoding='Windows-1252'?>" START BODY),
		BODY_AT("4")},
	    {"squeezed", S("<?xmlversion='1.0'?>" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"squeezed more",
		S("<?xml version='1.0'encoding='UTF-8'?>" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"without quotes", S("<?xml version=1.0?>" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"without an end", S("<?xml version='1.0'" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"after blanks", S("\n\n " DECLARATION START BODY),
		BODY_AT("7") "note 3 bad-declaration 0\n"},
	    {"twice", S(DECLARATION DECLARATION START BODY),
		BODY_AT("6") "note 2 bad-declaration 0\n"},
	    {"in the report", S(START DECLARATION BODY),
		BODY_AT("5") "note 2 bad-declaration 0\n"},
	    {"an unknown encoding",
		S("<?xml version='1.0' encoding='x-what'?>" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"UTF-16, but it is not",
		S("<?xml version='1.0' encoding='UTF-16'?>" START BODY),
		BODY_AT("4") "note 1 bad-declaration 0\n"},
	    {"good, before what is not", S(DECLARATION "&" START BODY),
		BODY_AT("5") "note 2 stray-markup 0\n"},
	};

	check_readings(list, COUNT(list), *state);
}

#define NAMED(encoding, name)                                   \
	"<?xml version='1.0' encoding='" encoding "'?>\n" START \
	"<report_metadata><org_name>" name "</org_name></report_metadata>\n"

static void
encodings_of_eight_bits_are_read(void **state)
{
	static const struct {
		struct span xml;
		const char *name;
	} list[] = {
	    {S(NAMED("windows-1252", "\200\374")), "\342\202\254\303\274"},
	    {S(NAMED("Windows-1251", "\377")), "\321\217"},
	    {S(NAMED("ISO-8859-1", "\374")), "\303\274"},
	    {S(NAMED("iso-8859-15", "\244")), "\342\202\254"},
	    {S(NAMED("windows-1252", "\200&\374")), "\342\202\254&\303\274"},
	    {S(NAMED("ISO-8859-1", "\374&")), "\303\274&"},
	    {S(NAMED("windows-1252", "\201")), "\357\277\275"},
	    {S(NAMED("UTF-8", "\374")), "\357\277\275"},
	};

	for (size_t i = 0; i < COUNT(list); i++) {
		struct told t = read_report(ARENA_JOIN(*state, list[i].xml,
						SPAN(POLICY GOOD("2") STOP)),
		    *state);
		struct span begin =
		    arena_printf(*state, "report %s -", list[i].name);

		if (!span_starts(buf_span(&t.log), begin))
			fail_msg("%s: " SPAN_FMT, list[i].name,
			    SPAN_ARG(buf_span(&t.log)));
		assert_int_equal(t.messages, 2);
	}
}

/* The text as UTF-16, after a byte order mark or not. */
static struct span
wide(struct span s, bool is_big, bool has_mark, struct arena *a)
{
	struct buf b = BUF(a);

	if (has_mark)
		buf_str(&b, is_big ? "\376\377" : "\377\376");
	for (size_t i = 0; i < s.len; i++) {
		if (is_big)
			buf_char(&b, '\0');
		buf_char(&b, s.p[i]);
		if (!is_big)
			buf_char(&b, '\0');
	}
	return buf_span(&b);
}

static void
utf16_is_read(void **state)
{
	const struct span xml =
	    SPAN("<?xml version='1.0' encoding='UTF-16'?>\n" START BODY);
	const struct span cut = SPAN(HEAD GOOD("2") "<record>");

	for (int i = 0; i < 4; i++) {
		struct told t =
		    read_report(wide(xml, i & 1, i & 2, *state), *state);

		same("UTF-16", buf_span(&t.log), BODY_AT("5"));
		t = read_report(wide(cut, i & 1, i & 2, *state), *state);
		same("UTF-16, cut", buf_span(&t.log),
		    TOLD_HEAD TOLD_GOOD("5",
			"2") "refused 6 cut-off-record 1\nnote 6 cut-off 0\n");
	}
}

static void
surrogates_of_utf16_are_characters(void **state)
{
	struct span before = wide(
	    SPAN(START "<report_metadata><org_name>"), true, false, *state);
	struct span after =
	    wide(SPAN("</org_name></report_metadata>\n" POLICY GOOD("2") STOP),
		true, false, *state);
	/* U+1F600, a high one alone, a low one alone. */
	struct span name =
	    SPAN("\330\075\336\000\000a\330\075\000b\336\000\000c");
	struct told t =
	    read_report(ARENA_JOIN(*state, before, name, after), *state);

	assert_true(span_starts(buf_span(&t.log),
	    SPAN("report \360\237\230\200a\357\277\275b\357\277\275c -")));
}

/* X7. */
static void
whole_records_of_a_cut_report_are_read(void **state)
{
	static const struct span xml = S(HEAD TWO STOP);
	const size_t second = sizeof(HEAD GOOD("2")) - 1;
	const size_t third = sizeof(HEAD TWO) - 1;

	for (size_t n = sizeof(DECLARATION START) - 1; n < xml.len - 1; n++) {
		struct told t = read_report(span_upto(xml, n), *state);
		bool has_first = n + 1 >= second, has_second = n + 1 >= third;
		uint64_t read = (uint64_t)(has_first + has_second);
		bool ends = n + 1 == xml.len - 1 + 1;

		assert_int_equal(t.read, read);
		assert_int_equal(t.messages, has_second ? 5 : 2 * read);
		assert_in_range(t.refused, 0, 1);
		if (!ends)
			assert_true(t.notes & AGGREGATE_BIT(AGGREGATE_CUT_OFF));
		arena_reset(*state);
	}
}

static void
a_cut_record_is_refused(void **state)
{
	static const struct span record = S(REC(ROW(IP N("123")) IDS));

	/* From "<record>" to "</record". */
	for (size_t n = 8; n < record.len - 2; n++) {
		struct told t = read_report(
		    ARENA_JOIN(*state, SPAN(HEAD), span_upto(record, n)),
		    *state);

		same("cut", buf_span(&t.log),
		    TOLD_HEAD "refused 5 cut-off-record 1\nnote 5 cut-off 0\n");
	}
}

/* Records in a comment without an end are not lost silently. */
static void
records_in_a_cut_comment_are_refused(void **state)
{
	static const struct reading list[] = {
	    {"a comment",
		S(HEAD GOOD("2") "<!-"
				 "-" TWO),
		TOLD_HEAD TOLD_GOOD("5", "2") "refused 6 bad-record 2\n"
					      "note 8 cut-off 0\n"},
	    {"CDATA", S(HEAD GOOD("2") "<![CDATA[" TWO),
		TOLD_HEAD TOLD_GOOD("5", "2") "refused 6 bad-record 2\n"
					      "note 8 cut-off 0\n"},
	};

	check_readings(list, COUNT(list), *state);
}

/*
 * Pieces: each is passed to expat, or mended, by itself.
 */

static const struct span pieces[] = {
    S(HEAD TWO STOP),
    S("<?xml version='1.0' encoding='windows-1252'?>\n" START
      "<report_metadata><org_name>\200&\374&amp;</org_name>\r\n"
      "<email><a@b></email></report_metadata>\n" POLICY GOOD(
	  "2") "<record><row><count>1<![CDATA[2]]><!-- a -->3</count></row>\n"
	       "<x><y>&#65;</y><x/></x></record><!-- <record> -->" GOOD("3")
		   STOP),
    S(HEAD "&nbsp;&\342\202\254\342\202\n" REC("<row>")
	    GOOD("2") "<record>" GOOD("3") "</record><z a=\"'>\"></z>" STOP HEAD
					   "<record>"),
    S("\n" HEAD TWO "<?xml version='1.0'?></feedback><br/>"),
    /* What expat refuses and nothing mends precedes what is mended. */
    S(START "<version>]]>\342\202\254\342\202\254\1</version>" STOP),
    S(START "<version>]]>\342\202\254\342\202\254\342\202\254"),
    S(START "<version a234567890123456789012345678901234567890123456789"
	    "0123456789012345678901234567890123456789012345678901234567"
	    "8901234567890>1&1</version>" STOP),
};

static void
pieces_of_any_size_read_the_same(void **state)
{
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct told whole = read_report(pieces[i], *state);

		for (size_t n = 1; n < 200; n++) {
			struct told t = read_pieces(pieces[i], n, *state);

			same("pieces", buf_span(&t.log),
			    arena_cstr(*state, buf_span(&whole.log)));
		}
	}
}

static void
a_split_anywhere_reads_the_same(void **state)
{
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct told whole = read_report(pieces[i], *state);

		for (size_t n = 1; n < pieces[i].len; n++) {
			struct told t = read_pieces(pieces[i], n, *state);

			same("split", buf_span(&t.log),
			    arena_cstr(*state, buf_span(&whole.log)));
		}
	}
}

/* A search for the end of each of these would be in vain. */
static void
many_unclosed_elements_take_little_time(void **state)
{
	struct buf b = BUF(*state);
	struct told t;

	buf_str(&b, HEAD "&");
	for (size_t i = 0; i < 300000; i++)
		buf_printf(&b, "<a%zu>", i);
	buf_str(&b, GOOD("1") STOP);
	t = read_report(buf_span(&b), *state);
	assert_int_equal(t.read, 1);
	assert_int_equal(t.messages, 1);
}

/* Each of these was, or could be, searched for its end again and again. */
static void
hostile_markup_takes_little_time(void **state)
{
	static const char *const markup[] = {"<![CDATA[", "<!--", "<!-- ", "<?",
	    "<", "<a ", "<a>", "</a>", "<a b='", "&", "&#", "<count>",
	    "<record>", "<email><", "<schema>", "]]>", "\303"};

	for (size_t i = 0; i < COUNT(markup); i++) {
		struct buf b = BUF(*state);
		struct told t;

		buf_str(&b, HEAD GOOD("2") "&");
		while (b.len < 1000000)
			buf_str(&b, markup[i]);
		buf_str(&b, "\n" GOOD("3") STOP ">");
		t = read_report(buf_span(&b), *state);
		assert_true(t.read >= 1 && t.messages >= 2);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_reporters_break_is_mended),
	    TEST(a_record_is_mended_or_refused),
	    TEST(declarations_are_read_or_mended),
	    TEST(encodings_of_eight_bits_are_read),
	    TEST(utf16_is_read),
	    TEST(surrogates_of_utf16_are_characters),
	    TEST(whole_records_of_a_cut_report_are_read),
	    TEST(a_cut_record_is_refused),
	    TEST(records_in_a_cut_comment_are_refused),
	    TEST(pieces_of_any_size_read_the_same),
	    TEST(a_split_anywhere_reads_the_same),
	    TEST(hostile_markup_takes_little_time),
	    TEST(many_unclosed_elements_take_little_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
