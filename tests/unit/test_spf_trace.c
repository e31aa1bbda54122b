/* test_spf_trace: the tree of an evaluation. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_trace.h"

#include <string.h>

static void
a_tree_shows_costs_answers_and_what_decides(void **state)
{
	struct play *p = *state;

	enter_record(p, "example.org",
	    "v=spf1 a:www.example.org include:_spf.esp.example "
	    "ip4:192.0.2.0/24 -all");
	term(p, 0, true);
	target(p, "www.example.org");
	ANSWER(p, "www.example.org", DNS_A, "198.51.100.7", "198.51.100.8");
	end(p, SPF_NO_MATCH, 1);
	term(p, 1, true);
	target(p, "_spf.esp.example");
	enter_record(p, "_spf.esp.example", "v=spf1 mx ~all");
	term(p, 0, true);
	ANSWER(p, "_spf.esp.example", DNS_MX, "mx1.example", "mx2.example");
	ANSWER(p, "mx1.example", DNS_A, "192.0.2.99");
	answer_status(p, "mx2.example", DNS_A, DNS_NXDOMAIN);
	end(p, SPF_NO_MATCH, 1);
	plain(p, 1, SPF_MATCH);
	leave(p, SPF_SOFTFAIL, SPAN("~all of _spf.esp.example"));
	end(p, SPF_NO_MATCH, 2);
	plain(p, 2, SPF_MATCH);
	leave(p, SPF_PASS, SPAN("ip4:192.0.2.0/24 of example.org"));
	p->verdict.lookups = 3;
	p->verdict.voids = 1;
	assert_lines(p,
	    "example.org: v=spf1 a:www.example.org include:_spf.esp.example "
	    "ip4:192.0.2.0/24 -all\n"
	    "  a:www.example.org         1/10   no match; A: 198.51.100.7, "
	    "198.51.100.8\n"
	    "  include:_spf.esp.example  2/10   no match: its result is "
	    "softfail, not pass\n"
	    "    _spf.esp.example: v=spf1 mx ~all\n"
	    "      mx    1/10   no match\n"
	    "        _spf.esp.example MX: mx1.example, mx2.example\n"
	    "        mx1.example A: 192.0.2.99\n"
	    "        mx2.example A: no such name (void)\n"
	    "      ~all         match: softfail\n"
	    "  ip4:192.0.2.0/24                 match: pass  <-- decides\n"
	    "  -all                             not reached\n"
	    "3 of 10 lookups, 1 of 2 void lookups: within the limits\n");
}

static void
the_chain_to_the_verdict_is_marked(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example", "v=spf1 redirect=b.example ip4:1.2.3.4");
	plain(p, 1, SPF_NO_MATCH);
	term(p, 0, true);
	target(p, "b.example");
	enter_record(p, "b.example", "v=spf1 include:c.example +all");
	term(p, 0, true);
	target(p, "c.example");
	enter_record(p, "c.example", "v=spf1");
	leave(p, SPF_DEFAULT, SPAN("c.example"));
	end(p, SPF_NO_MATCH, 1);
	plain(p, 1, SPF_MATCH);
	leave(p, SPF_PASS, SPAN("+all of b.example"));
	end(p, SPF_MATCH, 2);
	leave(p, SPF_PASS, SPAN("+all of b.example"));
	p->verdict.lookups = 2;
	assert_lines(p,
	    "a.example: v=spf1 redirect=b.example ip4:1.2.3.4\n"
	    "  redirect=b.example  2/10   its result counts: pass  "
	    "<-- decides\n"
	    "    b.example: v=spf1 include:c.example +all\n"
	    "      include:c.example  1/10   no match: its result is "
	    "neutral, not pass\n"
	    "        c.example: v=spf1\n"
	    "          neutral: no term of the record matches\n"
	    "      +all                      match: pass  <-- decides\n"
	    "  ip4:1.2.3.4                no match\n"
	    "2 of 10 lookups, 0 of 2 void lookups: within the limits\n");
}

static void
no_match_at_all_is_said(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example", "v=spf1 ip4:1.2.3.4");
	plain(p, 0, SPF_NO_MATCH);
	leave(p, SPF_DEFAULT, SPAN("a.example"));
	assert_lines(p,
	    "a.example: v=spf1 ip4:1.2.3.4\n"
	    "  ip4:1.2.3.4         no match\n"
	    "  neutral: no term of the record matches  <-- decides\n"
	    "0 of 10 lookups, 0 of 2 void lookups: within the limits\n");
}

static void
terms_that_were_not_evaluated_say_why(void **state)
{
	struct play *p = *state;

	p->policy.explore = 0;
	enter_record(p, "a.example",
	    "v=spf1 ip4:1.2.3.4 a exp=why.example x=y redirect=b.example "
	    "-all mx");
	plain(p, 0, SPF_MATCH);
	leave(p, SPF_PASS, SPAN("ip4:1.2.3.4 of a.example"));
	assert_lines(p,
	    "a.example: v=spf1 ip4:1.2.3.4 a exp=why.example x=y "
	    "redirect=b.example -all mx\n"
	    "  ip4:1.2.3.4                match: pass  <-- decides\n"
	    "  a                          not reached\n"
	    "  exp=why.example\n"
	    "  x=y                        ignored\n"
	    "  redirect=b.example         ignored: there is an all\n"
	    "  -all                       not reached\n"
	    "  mx                         not reached: it follows an all\n"
	    "0 of 10 lookups, 0 of 2 void lookups\n");
}

static void
what_is_explored_does_not_count(void **state)
{
	struct play *p = *state;

	enter_record(
	    p, "a.example", "v=spf1 ip4:1.2.3.4 a include:b.example mx ~all");
	plain(p, 0, SPF_MATCH);
	term(p, 1, false);
	answer_status(p, "a.example", DNS_A, DNS_NODATA);
	end(p, SPF_NO_MATCH, 1);
	term(p, 2, false);
	target(p, "b.example");
	enter(p, "b.example");
	answer_status(p, "b.example", DNS_TXT, DNS_NXDOMAIN);
	leave(p, SPF_NO_DOMAIN, SPAN("b.example"));
	end(p, SPF_ERROR, 1);
	term(p, 3, false);
	end(p, SPF_NOT_QUERIED, 1);
	term(p, 4, false);
	end(p, SPF_MATCH, 0);
	leave(p, SPF_PASS, SPAN("ip4:1.2.3.4 of a.example"));
	assert_lines(p,
	    "a.example: v=spf1 ip4:1.2.3.4 a include:b.example mx ~all\n"
	    "  ip4:1.2.3.4               match: pass  <-- decides\n"
	    "  a                  1/10   (no match); a.example A: no data "
	    "(void)\n"
	    "  include:b.example  1/10   (error: its result is none)\n"
	    "    b.example: none: the domain does not exist\n"
	    "  mx                 1/10   not queried: --tree-limit\n"
	    "  ~all                      (match: softfail)\n"
	    "in parentheses: not needed for this result, shown for its cost\n"
	    "this client: 0 of 10 lookups, 0 of 2 void lookups\n"
	    "all terms: at least 3 of 10 lookups, 1 of 2 void lookups: not "
	    "all was queried\n");
}

static void
a_tree_over_the_limit_says_so(void **state)
{
	struct play *p = *state;

	p->policy.lookup_limit = 1;
	enter_record(p, "a.example", "v=spf1 exists:b.example a -all");
	term(p, 0, true);
	target(p, "b.example");
	answer_status(p, "b.example", DNS_A, DNS_NXDOMAIN);
	end(p, SPF_NO_MATCH, 1);
	term(p, 1, true);
	ANSWER(p, "a.example", DNS_A, "192.0.2.1");
	end(p, SPF_ERROR, 1);
	term(p, 2, false);
	end(p, SPF_MATCH, 0);
	leave(p, SPF_LOOKUP_LIMIT, SPAN("a of a.example"));
	p->verdict.lookups = 1;
	p->verdict.voids = 1;
	assert_lines(p,
	    "a.example: v=spf1 exists:b.example a -all\n"
	    "  exists:b.example  1/1    no match; A: no such name (void)\n"
	    "  a                 1/1    permerror: the record needs too "
	    "many lookups  <-- decides\n"
	    "    a.example A: 192.0.2.1\n"
	    "  -all                     (match: fail)\n"
	    "in parentheses: not needed for this result, shown for its cost\n"
	    "this client: 1 of 1 lookups, 1 of 2 void lookups\n"
	    "all terms: 2 of 1 lookups, 1 of 2 void lookups: OVER THE LIMIT\n"
	    "1 lookup too many: a client that no earlier term matches gets "
	    "permerror; try domain-check\n");
}

static void
an_error_is_worded_once_where_it_is(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example", "v=spf1 include:b.example -all");
	term(p, 0, true);
	target(p, "b.example");
	enter_record(p, "b.example", "v=spf1 include:a.example -all");
	term(p, 0, true);
	target(p, "a.example");
	enter(p, "a.example");
	leave(p, SPF_LOOP, SPAN("a.example"));
	end(p, SPF_ERROR, 1);
	leave(p, SPF_LOOP, SPAN("a.example"));
	end(p, SPF_ERROR, 2);
	leave(p, SPF_LOOP, SPAN("a.example"));
	p->verdict.lookups = 2;
	assert_lines(p,
	    "a.example: v=spf1 include:b.example -all\n"
	    "  include:b.example  2/10   error: its result is permerror  "
	    "<-- decides\n"
	    "    b.example: v=spf1 include:a.example -all\n"
	    "      include:a.example  1/10   error: its result is permerror  "
	    "<-- decides\n"
	    "        a.example: permerror: the record leads back to itself\n"
	    "      -all                      not reached\n"
	    "  -all                      not reached\n"
	    "2 of 10 lookups, 0 of 2 void lookups: within the limits\n");
}

static void
an_include_without_a_record_is_an_error_of_the_includer(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example", "v=spf1 include:b.example -all");
	term(p, 0, true);
	target(p, "b.example");
	enter(p, "b.example");
	ANSWER(p, "b.example", DNS_TXT, "other");
	leave(p, SPF_NO_RECORD, SPAN("b.example"));
	end(p, SPF_ERROR, 1);
	leave(p, SPF_INCLUDE_NONE, SPAN("include:b.example of a.example"));
	p->verdict.lookups = 1;
	assert_lines(p,
	    "a.example: v=spf1 include:b.example -all\n"
	    "  include:b.example  1/10   permerror: an included domain has no "
	    "SPF record  <-- decides\n"
	    "    b.example: none: the domain has no SPF record\n"
	    "  -all                      not reached\n"
	    "1 of 10 lookups, 0 of 2 void lookups: within the limits\n");
}

static void
records_that_cannot_be_used_are_shown(void **state)
{
	struct play *p = *state;

	enter(p, "a.example");
	ANSWER(p, "a.example", DNS_TXT, "v=spf1 a:", "something else",
	    "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 "
	    "ip4:192.0.2.5 ip4:192.0.2.6 ip4:192.0.2.7 -all");
	leave(p, SPF_DOMAIN_SYNTAX, SPAN("a: of a.example"));
	assert_lines(p,
	    "a.example: permerror: a term has no valid domain name: a:\n"
	    "  v=spf1 a:\n"
	    "  v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 "
	    "ip4:192.0.2.4 ip4:192.0.2.5 ip4:192.0.2.6\n"
	    "  ip4:192.0.2.7 -all\n");
}

static void
a_text_is_wrapped_without_losing_octets(void **state)
{
	static const size_t lengths[] = {95, 96, 97, 200};
	struct play *p = *state;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		size_t n, len = 7 + lengths[i];
		char *text = arena_alloc(p->arena, len + 3);
		struct result_line *line;

		memset(text, 'x', len + 2);
		memcpy(text, "v=spf1 ", 7);
		text[len] = ' ';
		spf_trace_init(&p->trace, p->arena);
		enter(p, "a.example");
		ANSWER(p, "a.example", DNS_TXT, text);
		leave(p, SPF_TERM_SYNTAX, SPAN("a.example"));
		line = spf_trace_lines(
		    &p->trace, &p->policy, &p->verdict, 98, p->arena, &n);
		/* after the first: v=spf1, the long word, the last x */
		assert_int_equal(n, 4);
		assert_true(span_eq(line[1].text, SPAN("  v=spf1")));
		assert_int_equal(line[2].text.len, 2 + lengths[i]);
		assert_true(span_eq(line[3].text, SPAN("  x")));
	}
}

static void
a_long_record_is_shown_by_its_terms(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example",
	    "v=spf1 include:a-long-name-of-a-provider.mail.example "
	    "include:another-long-name.mail.example -all");
	leave(p, SPF_DEFAULT, SPAN("a.example"));
	assert_lines(p,
	    "a.example: v=spf1 ... (97 octets, term by term below)\n"
	    "  include:a-long-name-of-a-provider.mail.example   not reached\n"
	    "  include:another-long-name.mail.example           not reached\n"
	    "  -all                                             not reached\n"
	    "  neutral: no term of the record matches  <-- decides\n"
	    "0 of 10 lookups, 0 of 2 void lookups: within the limits\n");
}

static void
answers_are_told_shortly(void **state)
{
	struct play *p = *state;

	enter_record(p, "a.example",
	    "v=spf1 a:%{d}.b a:c.example. a:C.example a:d.example a mx ptr");
	term(p, 0, true);
	target(p, "a.example.b");
	ANSWER(p, "a.example.b", DNS_A, "10.0.0.1", "10.0.0.2", "10.0.0.3",
	    "10.0.0.4");
	end(p, SPF_NO_MATCH, 1);
	term(p, 1, true);
	target(p, "c.example");
	ANSWER(p, "c.example", DNS_A, "198.51.100.1", "198.51.100.2",
	    "198.51.100.3", "198.51.100.4", "198.51.100.5", "198.51.100.6",
	    "198.51.100.7");
	end(p, SPF_NO_MATCH, 1);
	term(p, 2, true);
	target(p, "c.example");
	ANSWER(p, "c.example", DNS_AAAA, "2001:db8::1");
	end(p, SPF_NO_MATCH, 1);
	term(p, 3, true);
	target(p, "d.example");
	answer_status(p, "d.example", DNS_A, DNS_BADNAME);
	end(p, SPF_NO_MATCH, 1);
	term(p, 4, true);
	answer_status(p, "a.example", DNS_A, DNS_NODATA);
	end(p, SPF_NO_MATCH, 1);
	term(p, 5, true);
	ANSWER(p, "a.example", DNS_MX, "");
	answer_status(p, ".", DNS_A, DNS_NODATA);
	end(p, SPF_NO_MATCH, 1);
	term(p, 6, true);
	answer_status(p, "1.2.0.192.in-addr.arpa", DNS_PTR, DNS_TIMEOUT);
	end(p, SPF_NO_MATCH, 1);
	leave(p, SPF_DEFAULT, SPAN("a.example"));
	p->verdict.lookups = 7;
	p->verdict.voids = 2;
	assert_lines(p,
	    "a.example: v=spf1 a:%{d}.b a:c.example. a:C.example a:d.example "
	    "a mx ptr\n"
	    "  a:%{d}.b      1/10   no match\n"
	    "    -> a.example.b A: 10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4\n"
	    "  a:c.example.  1/10   no match\n"
	    "    A: 198.51.100.1, 198.51.100.2, 198.51.100.3, 198.51.100.4, "
	    "198.51.100.5 and 2 more\n"
	    "  a:C.example   1/10   no match; AAAA: 2001:db8::1\n"
	    "  a:d.example   1/10   no match; A: not a name\n"
	    "  a             1/10   no match; a.example A: no data (void)\n"
	    "  mx            1/10   no match\n"
	    "    a.example MX: null MX\n"
	    "    . A: no data (void)\n"
	    "  ptr           1/10   no match; 1.2.0.192.in-addr.arpa PTR: "
	    "timeout\n"
	    "  neutral: no term of the record matches  <-- decides\n"
	    "7 of 10 lookups, 2 of 2 void lookups: within the limits\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_tree_shows_costs_answers_and_what_decides),
	    TEST(the_chain_to_the_verdict_is_marked),
	    TEST(no_match_at_all_is_said),
	    TEST(terms_that_were_not_evaluated_say_why),
	    TEST(what_is_explored_does_not_count),
	    TEST(a_tree_over_the_limit_says_so),
	    TEST(an_error_is_worded_once_where_it_is),
	    TEST(an_include_without_a_record_is_an_error_of_the_includer),
	    TEST(records_that_cannot_be_used_are_shown),
	    TEST(a_text_is_wrapped_without_losing_octets),
	    TEST(a_long_record_is_shown_by_its_terms),
	    TEST(answers_are_told_shortly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
