/* test_spf_whole: an SPF record without a client. */
/* SPDX-License-Identifier: ISC */

#include "base/buf.h"
#include "base/limit.h"
#include "fixture_zone.h"
#include "spf/spf_trace.h"

#define ZONE                                                              \
	"same.example TXT \"v=spf1 a:both.example -all\"\n"               \
	"both.example A 192.0.2.1\nboth.example AAAA 2001:db8::1\n"       \
	"four.example TXT \"v=spf1 a:f.example a:f.example ?all\"\n"      \
	"f.example A 192.0.2.2\n"                                         \
	"six.example TXT \"v=spf1 a:s.example ~all\"\n"                   \
	"s.example AAAA 2001:db8::2\n"                                    \
	"any.example TXT \"v=spf1 exists:both.example include:f.example " \
	"redirect=same.example\"\n"                                       \
	"over.example TXT \"v=spf1 include:same.example "                 \
	"include:same.example -all\"\n"                                   \
	"bad.example TXT \"v=spf1 ipv4:192.0.2.1\"\n"

static struct span
shown(
    const struct spf_whole *w, const struct spf_policy *policy, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n;
	const struct result_line *line = spf_whole_lines(w, policy, 98, a, &n);

	for (size_t i = 0; i < n; i++) {
		buf_add(&b, line[i].text);
		buf_char(&b, '\n');
	}
	return buf_span(&b);
}

static void
a_record_is_shown_for_the_family_that_pays_more(void **state)
{
	static const struct {
		const char *domain;
		uint64_t lookups; /* the limit */
		const char *family, *text;
	} c[] = {
	    {"same.example", 10, "IPv4",
		"same.example: v=spf1 a:both.example -all\n"
		"  a:both.example  1/10   total 1; A: 192.0.2.1\n"
		"  -all\n"
		"1 of 10 lookups, 0 of 2 void lookups: within the limits\n"},
	    {"four.example", 10, "IPv6",
		"four.example: v=spf1 a:f.example a:f.example ?all\n"
		"  a:f.example  1/10   total 1; AAAA: no data (void) 1/2\n"
		"  a:f.example  1/10   total 2; AAAA: no data (void) 2/2\n"
		"  ?all\n"
		"IPv4 clients: 2 of 10 lookups, 0 of 2 void lookups: within "
		"the limits\n"
		"IPv6 clients: 2 of 10 lookups, 2 of 2 void lookups: within "
		"the limits\n"},
	    {"six.example", 10, "IPv4",
		"six.example: v=spf1 a:s.example ~all\n"
		"  a:s.example  1/10   total 1; A: no data (void) 1/2\n"
		"  ~all\n"
		"IPv4 clients: 1 of 10 lookups, 1 of 2 void lookups: within "
		"the limits\n"
		"IPv6 clients: 1 of 10 lookups, 0 of 2 void lookups: within "
		"the limits\n"},
	    /* What does not depend on the client is told. */
	    {"any.example", 10, "IPv4",
		"any.example: v=spf1 exists:both.example include:f.example "
		"redirect=same.example\n"
		"  exists:both.example    1/10   total 1   match: pass; A: "
		"192.0.2.1\n"
		"  include:f.example      1/10   total 2   error: its result "
		"is "
		"none\n"
		"    f.example: none: the domain has no SPF record\n"
		"  redirect=same.example  2/10   total 4\n"
		"    same.example: v=spf1 a:both.example -all\n"
		"      a:both.example  1/10   total 4; A: 192.0.2.1\n"
		"      -all\n"
		"4 of 10 lookups, 0 of 2 void lookups: within the limits\n"},
	    {"over.example", 3, "IPv4",
		"over.example: v=spf1 include:same.example "
		"include:same.example -all\n"
		"  include:same.example  2/3    total 2\n"
		"    same.example: v=spf1 a:both.example -all\n"
		"      a:both.example  1/3    total 2; A: 192.0.2.1\n"
		"      -all\n"
		"  include:same.example  2/3    total 4: over the limit\n"
		"    same.example: v=spf1 a:both.example -all\n"
		"      a:both.example  1/3    total 4: over the limit; A: "
		"192.0.2.1\n"
		"      -all\n"
		"  -all\n"
		"4 of 3 lookups, 0 of 2 void lookups: OVER THE LIMIT\n"
		"1 lookup too many: a client that no earlier term matches gets "
		"permerror; try domain-check\n"},
	    {"bad.example", 10, "IPv4",
		"bad.example: permerror: the record has an unknown or "
		"malformed term: ipv4:192.0.2.1\n"
		"  v=spf1 ipv4:192.0.2.1\n"},
	};
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(ZONE), a);

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		const struct spf_policy policy = {.lookup_limit = c[i].lookups,
		    .void_limit = LIMIT_SPF_VOIDS,
		    .explore = LIMIT_SPF_TREE};
		struct spf_whole w;
		struct span text;

		spf_whole(span_of(c[i].domain), &policy, d, a, &w);
		text = shown(&w, &policy, a);
		if (!span_eq(text, span_of(c[i].text)))
			fail_msg(SPAN_FMT, SPAN_ARG(text));
		assert_string_equal(w.worse->family, c[i].family);
	}
	dns_free(d);
	arena_free(a);
}

/* Beyond the limit no more is queried than the policy explores. */
static void
what_is_not_queried_is_told(void **state)
{
	const struct spf_policy policy = {
	    .lookup_limit = 1, .void_limit = LIMIT_SPF_VOIDS, .explore = 1};
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(ZONE), a);
	struct spf_whole w;

	(void)state;
	spf_whole(SPAN("over.example"), &policy, d, a, &w);
	assert_true(w.cost[0].cut && w.cost[1].cut);
	assert_true(span_casecontains(
	    shown(&w, &policy, a), SPAN("not queried: --tree-limit")));
	assert_true(span_casecontains(
	    shown(&w, &policy, a), SPAN("at least 3 of 1 lookups")));
	dns_free(d);
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_record_is_shown_for_the_family_that_pays_more),
	    cmocka_unit_test(what_is_not_queried_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
