/* test_spf_trace_steps: the tree as steps and as JSON, and its limits. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_trace.h"

static void
only_the_first_that_matches_decides(void **state)
{
	struct play *p = *state;
	const struct spf_step **list;

	enter_record(p, "a.example", "v=spf1 redirect=b.example a ip4:1.2.3.4");
	term(p, 1, true);
	end(p, SPF_MATCH, 1);
	term(p, 2, false);
	end(p, SPF_MATCH, 0);
	term(p, 0, false);
	end(p, SPF_NOT_QUERIED, 4);
	leave(p, SPF_PASS, SPAN("a of a.example"));
	list = spf_trace_steps(p->trace.root, p->arena);
	assert_int_equal(list[0]->match, SPF_NOT_QUERIED);
	assert_false(list[0]->decides);
	assert_true(list[1]->decides);
	assert_false(list[2]->decides);
	assert_true(p->trace.root->decided);
	assert_int_equal(spf_trace_lookups(p->trace.root), 5);
	assert_null(p->trace.at);
}

static void
answers_behind_the_evaluation_are_in_no_step(void **state)
{
	struct play *p = *state;

	enter(p, "a.example");
	ANSWER(p, "a.example", DNS_TXT, "v=spf1 -all");
	leave(p, SPF_NO_RECORD, SPAN("a.example"));
	answer_status(p, "why.example", DNS_TXT, DNS_NODATA);
	assert_int_equal(p->trace.root->answer->nrecords, 1);

	enter_record(p, "b.example", "v=spf1 -all");
	plain(p, 0, SPF_MATCH);
	answer_status(p, "why.example", DNS_TXT, DNS_NODATA);
	leave(p, SPF_FAIL, SPAN("-all of b.example"));
	assert_null(p->trace.root->answer);
	assert_int_equal(p->trace.root->steps[0].nanswers, 0);
}

static void
the_deepest_nesting_is_shown(void **state)
{
	struct play *p = *state;
	size_t n;
	json_t *json;

	for (size_t i = 0; i <= LIMIT_SPF_DEPTH; i++) {
		enter_record(p, "a.example", "v=spf1 include:a.example");
		term(p, 0, true);
	}
	enter(p, "a.example");
	leave(p, SPF_DEPTH, SPAN("a.example"));
	for (size_t i = 0; i <= LIMIT_SPF_DEPTH; i++) {
		end(p, SPF_ERROR, 1);
		leave(p, SPF_DEPTH, SPAN("a.example"));
	}
	p->verdict.lookups = 1;
	spf_trace_lines(&p->trace, &p->policy, &p->verdict, 98, p->arena, &n);
	assert_int_equal(n, 2 * (LIMIT_SPF_DEPTH + 1) + 2);
	json = spf_trace_json(&p->trace, p->arena);
	assert_true(json_is_object(json));
	json_decref(json);
}

static void
without_an_evaluation_there_is_no_tree(void **state)
{
	struct play *p = *state;
	json_t *json = spf_trace_json(&p->trace, p->arena);

	assert_lines(p, "");
	assert_true(json_is_null(json));
	json_decref(json);
}

static void
octets_are_left_as_they_are(void **state)
{
	struct play *p = *state;
	struct result_line *line;
	size_t n;

	enter(p, "");
	leave(p, SPF_TERM_SYNTAX, SPAN("a\0\n\xff of "));
	line = spf_trace_lines(
	    &p->trace, &p->policy, &p->verdict, 98, p->arena, &n);
	assert_int_equal(n, 1);
	assert_true(span_eq(line[0].text,
	    SPAN("(empty name): permerror: the record has an unknown or "
		 "malformed term: a\0\n\xff")));
}

static void
assert_json(struct play *p, const char *expected)
{
	json_t *json = spf_trace_json(&p->trace, p->arena);
	char *dump = json_dumps(
	    json, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY);

	assert_string_equal(dump, expected);
	free(dump);
	json_decref(json);
}

static void
json_has_the_same_tree(void **state)
{
	struct play *p = *state;

	enter_record(
	    p, "a.example", "v=spf1 include:%{d2} ip4:1.2.3.4 mx -all");
	term(p, 0, true);
	target(p, "b\xff.example");
	enter(p, "b\xff.example");
	leave(p, SPF_NO_DOMAIN, SPAN("b\xff.example"));
	end(p, SPF_NO_MATCH, 1);
	plain(p, 1, SPF_MATCH);
	term(p, 2, false);
	ANSWER(p, "a\x7f.example", DNS_A, "192.0.2.1");
	end(p, SPF_NOT_QUERIED, 1);
	leave(p, SPF_PASS, SPAN("ip4:1.2.3.4 of a.example"));
	assert_json(p,
	    "{\"domain\":\"a.example\","
	    "\"record\":\"v=spf1 include:%{d2} ip4:1.2.3.4 mx -all\","
	    "\"result\":\"pass\",\"id\":null,\"lookups\":2,\"terms\":["
	    "{\"term\":\"include:%{d2}\",\"target\":\"b\\\\xff.example\","
	    "\"match\":\"no match\",\"counted\":true,\"decides\":false,"
	    "\"lookups\":1,\"answers\":[],\"check_host\":{"
	    "\"domain\":\"b\\\\xff.example\",\"record\":null,"
	    "\"result\":\"none\",\"id\":\"no-such-domain\",\"lookups\":0,"
	    "\"terms\":[]}},"
	    "{\"term\":\"ip4:1.2.3.4\",\"target\":null,\"match\":\"match\","
	    "\"counted\":true,\"decides\":true,\"lookups\":0,"
	    "\"answers\":[],\"check_host\":null},"
	    "{\"term\":\"mx\",\"target\":null,\"match\":\"not queried\","
	    "\"counted\":false,\"decides\":false,\"lookups\":1,"
	    "\"answers\":[{\"name\":\"a\\\\x7f.example\",\"type\":\"A\","
	    "\"status\":\"data\","
	    "\"records\":[\"a\\\\x7f.example. IN A 192.0.2.1\"]}],"
	    "\"check_host\":null},"
	    "{\"term\":\"-all\",\"target\":null,\"match\":\"not reached\","
	    "\"counted\":false,\"decides\":false,\"lookups\":0,"
	    "\"answers\":[],\"check_host\":null}]}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(only_the_first_that_matches_decides),
	    TEST(answers_behind_the_evaluation_are_in_no_step),
	    TEST(the_deepest_nesting_is_shown),
	    TEST(without_an_evaluation_there_is_no_tree),
	    TEST(octets_are_left_as_they_are),
	    TEST(json_has_the_same_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
