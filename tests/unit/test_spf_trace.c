#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "buf.h"
#include "limit.h"
#include "spf_trace.h"

/* A made-up evaluation. */
struct play {
	struct spf_trace trace;
	struct spf_policy policy;
	struct spf_verdict verdict;
	struct arena *arena;
};

static int
setup(void **state)
{
	struct play *p = calloc(1, sizeof(*p));

	p->arena = arena_new();
	p->policy = (struct spf_policy){
	    .lookup_limit = LIMIT_SPF_LOOKUPS,
	    .void_limit = LIMIT_SPF_VOIDS,
	    .explore = LIMIT_SPF_TREE,
	};
	spf_trace_init(&p->trace, p->arena);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct play *p = *state;

	arena_free(p->arena);
	free(p);
	return 0;
}

/*
 * Events.
 */

static void
enter(struct play *p, const char *domain)
{
	p->trace.observer.enter(&p->trace.observer, span_of(domain));
}

static void
leave(struct play *p, enum spf_reason reason, struct span detail)
{
	p->trace.observer.leave(&p->trace.observer, reason, detail);
}

/* enter and record. */
static void
enter_record(struct play *p, const char *domain, const char *text)
{
	struct spf_record *r = ARENA_NEW(p->arena, struct spf_record);
	struct span wrong;

	assert_int_equal(
	    spf_record_parse(span_of(text), p->arena, r, &wrong), SPF_PASS);
	enter(p, domain);
	p->trace.observer.record(&p->trace.observer, r);
}

static void
term(struct play *p, size_t i, bool live)
{
	p->trace.observer.term(
	    &p->trace.observer, &p->trace.at->record->term[i], live);
}

static void
target(struct play *p, const char *name)
{
	p->trace.observer.target(&p->trace.observer, span_of(name));
}

static void
end(struct play *p, enum spf_match match, unsigned lookups)
{
	p->trace.observer.term_end(&p->trace.observer, match, lookups);
}

/* A term from beginning to end that asks for nothing. */
static void
plain(struct play *p, size_t i, enum spf_match match)
{
	term(p, i, true);
	end(p, match, 0);
}

static struct dns_answer *
answer_status(struct play *p, const char *name, enum dns_type type,
    enum dns_status status)
{
	struct dns_answer *answer = ARENA_NEW(p->arena, struct dns_answer);

	answer->name = span_of(name);
	answer->type = type;
	answer->status = status;
	p->trace.observer.answer(&p->trace.observer, answer);
	return answer;
}

static void
add_record(struct play *p, struct dns_answer *answer, struct span data)
{
	struct dns_record *r;

	answer->record = ARENA_PUSH(p->arena, answer->record, answer->records);
	r = &answer->record[answer->records++];
	*r = (struct dns_record){
	    .owner = answer->name, .type = answer->type, .data = data};
	r->strings = ARENA_NEW(p->arena, struct span);
	r->strings[0] = data;
	r->nstrings = 1;
}

/* Names, texts, or addresses of 4 octets, in one string. */
static void
answer_data(struct play *p, const char *name, enum dns_type type,
    const char *const *data, size_t n)
{
	struct dns_answer *answer = answer_status(p, name, type, DNS_DATA);

	for (size_t i = 0; i < n; i++) {
		struct span s = span_of(data[i]);
		struct ip ip;

		if (type == DNS_A || type == DNS_AAAA) {
			assert_true(ip_parse(s, &ip));
			s = (struct span){(char *)ip.octet, 4};
			if (type == DNS_AAAA)
				s.len = 16;
			s = arena_span(p->arena, s);
		}
		add_record(p, answer, s);
	}
}

#define ANSWER(p, name, type, ...)                                           \
	answer_data((p), (name), (type), (const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/*
 * What comes of it.
 */

static void
assert_lines(struct play *p, const char *expected)
{
	struct buf b = BUF(p->arena);
	size_t n;
	struct span *line =
	    spf_trace_lines(&p->trace, &p->policy, &p->verdict, p->arena, &n);

	for (size_t i = 0; i < n; i++) {
		buf_add(&b, line[i]);
		buf_char(&b, '\n');
	}
	buf_char(&b, '\0');
	assert_string_equal(b.p, expected);
}

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
	    "  mx                         not reached: behind all\n"
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
	end(p, SPF_NOT_ASKED, 1);
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
	    "  mx                 1/10   not asked: --tree-limit\n"
	    "  ~all                      (match: softfail)\n"
	    "in parentheses: not needed for this result, shown for its cost\n"
	    "this client: 0 of 10 lookups, 0 of 2 void lookups\n"
	    "all terms: at least 3 of 10 lookups, 1 of 2 void lookups: not "
	    "all was asked\n");
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
	    "  a                 1/1    permerror: the record asks for too "
	    "many lookups  <-- decides\n"
	    "    a.example A: 192.0.2.1\n"
	    "  -all                     (match: fail)\n"
	    "in parentheses: not needed for this result, shown for its cost\n"
	    "this client: 1 of 1 lookups, 1 of 2 void lookups\n"
	    "all terms: 2 of 1 lookups, 1 of 2 void lookups: OVER THE LIMIT\n"
	    "1 lookup too many: a client that no term matches before gets "
	    "permerror; try --lint\n");
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

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		size_t n, len = 7 + lengths[i];
		char *text = arena_alloc(p->arena, len + 3);
		struct span *line;

		memset(text, 'x', len + 2);
		memcpy(text, "v=spf1 ", 7);
		text[len] = ' ';
		spf_trace_init(&p->trace, p->arena);
		enter(p, "a.example");
		ANSWER(p, "a.example", DNS_TXT, text);
		leave(p, SPF_TERM_SYNTAX, SPAN("a.example"));
		line = spf_trace_lines(
		    &p->trace, &p->policy, &p->verdict, p->arena, &n);
		/* behind the first: v=spf1, the long word, the last x */
		assert_int_equal(n, 4);
		assert_true(span_eq(line[1], SPAN("  v=spf1")));
		assert_int_equal(line[2].len, 2 + lengths[i]);
		assert_true(span_eq(line[3], SPAN("  x")));
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
	    "    a.example MX: .\n"
	    "    . A: no data (void)\n"
	    "  ptr           1/10   no match; 1.2.0.192.in-addr.arpa PTR: "
	    "timeout\n"
	    "  neutral: no term of the record matches  <-- decides\n"
	    "7 of 10 lookups, 2 of 2 void lookups: within the limits\n");
}

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
	end(p, SPF_NOT_ASKED, 4);
	leave(p, SPF_PASS, SPAN("a of a.example"));
	list = spf_visit_steps(p->trace.root, p->arena);
	assert_int_equal(list[0]->match, SPF_NOT_ASKED);
	assert_false(list[0]->decides);
	assert_true(list[1]->decides);
	assert_false(list[2]->decides);
	assert_true(p->trace.root->decided);
	assert_int_equal(spf_visit_lookups(p->trace.root), 5);
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
	assert_int_equal(p->trace.root->answer->records, 1);

	enter_record(p, "b.example", "v=spf1 -all");
	plain(p, 0, SPF_MATCH);
	answer_status(p, "why.example", DNS_TXT, DNS_NODATA);
	leave(p, SPF_FAIL, SPAN("-all of b.example"));
	assert_null(p->trace.root->answer);
	assert_int_equal(p->trace.root->step[0].answers, 0);
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
	spf_trace_lines(&p->trace, &p->policy, &p->verdict, p->arena, &n);
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
	struct span *line;
	size_t n;

	enter(p, "");
	leave(p, SPF_TERM_SYNTAX, SPAN("a\0\n\xff of "));
	line =
	    spf_trace_lines(&p->trace, &p->policy, &p->verdict, p->arena, &n);
	assert_int_equal(n, 1);
	assert_true(span_eq(line[0],
	    SPAN("(empty name): permerror: the record has an unknown or "
		 "malformed term: a\0\n\xff")));
}

/*
 * JSON.
 */

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
	end(p, SPF_NOT_ASKED, 1);
	leave(p, SPF_PASS, SPAN("ip4:1.2.3.4 of a.example"));
	assert_json(p,
	    "{\"domain\":\"a.example\","
	    "\"record\":\"v=spf1 include:%{d2} ip4:1.2.3.4 mx -all\","
	    "\"result\":\"pass\",\"id\":null,\"lookups\":2,\"terms\":["
	    "{\"term\":\"include:%{d2}\",\"target\":\"b\\\\xff.example\","
	    "\"match\":\"no match\",\"counted\":true,\"decides\":false,"
	    "\"lookups\":1,\"answers\":[],\"visit\":{"
	    "\"domain\":\"b\\\\xff.example\",\"record\":null,"
	    "\"result\":\"none\",\"id\":\"no-such-domain\",\"lookups\":0,"
	    "\"terms\":[]}},"
	    "{\"term\":\"ip4:1.2.3.4\",\"target\":null,\"match\":\"match\","
	    "\"counted\":true,\"decides\":true,\"lookups\":0,"
	    "\"answers\":[],\"visit\":null},"
	    "{\"term\":\"mx\",\"target\":null,\"match\":\"not asked\","
	    "\"counted\":false,\"decides\":false,\"lookups\":1,"
	    "\"answers\":[{\"name\":\"a\\\\x7f.example\",\"type\":\"A\","
	    "\"status\":\"data\","
	    "\"records\":[\"a\\\\x7f.example. IN A 192.0.2.1\"]}],"
	    "\"visit\":null},"
	    "{\"term\":\"-all\",\"target\":null,\"match\":\"not reached\","
	    "\"counted\":false,\"decides\":false,\"lookups\":0,"
	    "\"answers\":[],\"visit\":null}]}");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

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
	    TEST(only_the_first_that_matches_decides),
	    TEST(answers_behind_the_evaluation_are_in_no_step),
	    TEST(the_deepest_nesting_is_shown),
	    TEST(without_an_evaluation_there_is_no_tree),
	    TEST(octets_are_left_as_they_are),
	    TEST(json_has_the_same_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
