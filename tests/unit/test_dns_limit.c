/* test_dns_limit: limits of the queries and of the memory of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_answer.h"
#include "fixture_arena.h"
#include "fixture_server.h"
#include "fixture_zone.h"

#include "base/limit.h"

/*
 * Queries.
 */

static enum dns_status
limited(struct dns *d, const char *name)
{
	return dns_query_limited(d, span_of(name), DNS_A)->status;
}

static void
as_many_questions_as_there_may_be_are_asked(void **state)
{
	struct dns *d = dns_of(SPAN("a.test. A 192.0.2.1\n"
				    "b.test. A 192.0.2.2\n"
				    "c.test. A 192.0.2.3\n"),
	    *state);

	dns_limit(d, 2);
	assert_int_equal(dns_left(d), 2);
	assert_int_equal(limited(d, "a.test"), DNS_DATA);
	assert_int_equal(limited(d, "A.test."), DNS_DATA); /* the same */
	assert_int_equal(limited(d, "none.test"), DNS_NXDOMAIN);
	assert_int_equal(dns_left(d), 0);
	assert_int_equal(limited(d, "c.test"), DNS_LIMIT);
	assert_int_equal(limited(d, "..test"), DNS_BADNAME);
	/* known answers remain, and uncounted queries are not limited */
	assert_int_equal(limited(d, "a.test"), DNS_DATA);
	assert_int_equal(dns_query(d, SPAN("b.test"), DNS_A)->status, DNS_DATA);
	assert_int_equal(limited(d, "b.test"), DNS_DATA);
	/* also for the name that was over the limit */
	assert_int_equal(dns_query(d, SPAN("c.test"), DNS_A)->status, DNS_DATA);
	dns_free(d);
}

static void
what_is_over_the_limit_says_so_and_is_no_failure(void **state)
{
	struct dns *d = dns_of(SPAN("a.test. A 192.0.2.1\n"), *state);
	const struct dns_answer *a, *const *list;

	dns_limit(d, 0);
	a = dns_query_limited(d, SPAN("a.test"), DNS_A);
	assert_int_equal(a->status, DNS_LIMIT);
	assert_false(dns_failed(a->status));
	assert_true(dns_unknown(a->status));
	assert_string_equal(a->server, "not queried");
	assert_int_equal(a->nrecords, 0);
	assert_int_equal(dns_asked(d, &list), 1);
	assert_ptr_equal(list[0], a);
	dns_free(d);
}

static void
each_message_has_the_same_limit(void **state)
{
	struct dns *d =
	    dns_of(SPAN("a.test. A 192.0.2.1\nb.test. A 192.0.2.2\n"), *state);

	dns_limit(d, 1);
	for (int i = 0; i < 3; i++) {
		/* Cached answers count like others. */
		assert_int_equal(limited(d, "a.test"), DNS_DATA);
		assert_int_equal(limited(d, "b.test"), DNS_LIMIT);
		dns_begin(d);
		assert_int_equal(limited(d, "b.test"), DNS_DATA);
		assert_int_equal(limited(d, "a.test"), DNS_LIMIT);
		dns_begin(d);
	}
	dns_free(d);
}

/* The CNAMEs of a zone are one query, since a server follows them itself. */
static void
a_chain_in_a_zone_counts_once(void **state)
{
	struct dns *d = dns_of(SPAN("a.test. CNAME b.test.\n"
				    "b.test. CNAME c.test.\n"
				    "c.test. A 192.0.2.1\n"),
	    *state);

	dns_limit(d, 1);
	assert_int_equal(limited(d, "a.test"), DNS_DATA);
	assert_int_equal(limited(d, "x.test"), DNS_LIMIT);
	dns_free(d);
}

static void
what_is_set_is_not_asked_and_does_not_count(void **state)
{
	const char *set = "a.test A 192.0.2.1";
	struct dns *d = dns_over(SPAN("b.test. A 192.0.2.2\n"),
	    (struct dns_config){.timeout = 5, .sets = &set, .nsets = 1},
	    *state);

	dns_limit(d, 1);
	dns_prefetch_limited(d, SPAN("a.test"), DNS_A);
	assert_int_equal(limited(d, "a.test"), DNS_DATA);
	assert_int_equal(limited(d, "b.test"), DNS_DATA);
	dns_free(d);
}

static void
query_up_to_the_limit(struct dns *d)
{
	dns_limit(d, 2);
	for (int i = 0; i < 2; i++) /* once each */
		dns_prefetch_limited(d, SPAN("data"), DNS_A);
	dns_prefetch_limited(d, SPAN("ad"), DNS_A);
	dns_prefetch_limited(d, SPAN("nodata"), DNS_A);
	assert_int_equal(dns_left(d), 0);
	assert_int_equal(limited(d, "nodata"), DNS_LIMIT);
	assert_int_equal(limited(d, "data"), DNS_DATA);
	assert_int_equal(limited(d, "ad"), DNS_DATA);
	/* as by an SPF evaluation */
	dns_prefetch(d, SPAN("nx"), DNS_A);
	assert_int_equal(limited(d, "nx"), DNS_NXDOMAIN);
	assert_int_equal(dns_sent(d), 3);
}

static void
prefetched_questions_count_and_end_at_the_limit(void **state)
{
	struct client c;
	unsigned sent, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		query_up_to_the_limit(c.d);
		sent = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(sent, 3);
	client_stop(&c);
}

/* With a server that does not follow CNAMEs each of them needs a query. */
static void
a_chain_of_the_network_counts_as_it_is_asked(void **state)
{
	struct client c;
	unsigned sent, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		dns_limit(c.d, 1);
		assert_int_equal(limited(c.d, "part"), DNS_LIMIT);
		sent = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(sent, 1);
	assert_int_equal(dns_query(c.d, SPAN("part"), DNS_A)->status, DNS_DATA);
	dns_begin(c.d);
	dns_limit(c.d, 2);
	assert_int_equal(limited(c.d, "part"), DNS_DATA);
	client_stop(&c);
}

/*
 * Memory.
 */

/* Adds a TXT record of this many empty strings. */
static void
add_empty(struct buf *zone, const char *name, size_t strings)
{
	buf_printf(zone, "%s TXT", name);
	for (size_t i = 0; i < strings; i++)
		buf_str(zone, " \"\"");
	buf_char(zone, '\n');
}

/* Returns how many strings use that much memory with the rest of a record of
 * name. */
static size_t
strings_of(size_t octets, const char *name)
{
	const struct dns_rr r = {
	    .type = DNS_TXT, .owner = span_of(name), .data = SPAN("")};

	return (octets - dns_rr_octets(&r)) / sizeof(struct span);
}

static enum dns_status
txt(struct dns *d, const char *name)
{
	return dns_query(d, span_of(name), DNS_TXT)->status;
}

/* Six answers use nearly all of LIMIT_DNS_LARGE; small ones are still
 * accepted. */
static void
large_answers_have_a_limit_and_small_ones_a_place(void **state)
{
	const size_t sixth = LIMIT_DNS_LARGE / 6;
	struct buf zone = BUF(*state);
	struct dns *d;

	for (int i = 0; i < 5; i++)
		add_empty(&zone, arena_printf(*state, "l%d.test.", i).p,
		    strings_of(sixth, "l0.test"));
	add_empty(&zone, "n.test.", strings_of(sixth, "n.test"));
	add_empty(&zone, "m.test.", strings_of(sixth, "m.test") + 100);
	add_empty(&zone, "x.test.", strings_of(LIMIT_DNS_SMALL, "x.test") + 1);
	add_empty(&zone, "s.test.", strings_of(LIMIT_DNS_SMALL, "s.test"));
	d = dns_of(buf_span(&zone), *state);
	for (int i = 0; i < 5; i++)
		assert_int_equal(
		    txt(d, arena_printf(*state, "l%d.test", i).p), DNS_DATA);
	assert_int_equal(txt(d, "m.test"), DNS_LIMIT);
	assert_int_equal(txt(d, "n.test"), DNS_DATA);
	assert_int_equal(txt(d, "x.test"), DNS_LIMIT);
	assert_int_equal(txt(d, "s.test"), DNS_DATA);
	dns_begin(d);
	assert_int_equal(txt(d, "m.test"), DNS_DATA);
	assert_int_equal(txt(d, "x.test"), DNS_DATA);
	dns_free(d);
}

/* An answer from the network: 100 addresses. */
static void
an_answer_of_the_network_is_weighed_as_it_is_read(void **state)
{
	static const unsigned char head[] = {
	    0, 0, 0x81, 0x80, 0, 1, 0, 100, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
	static const unsigned char rr[] = {
	    0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 0};
	unsigned char m[sizeof(head) + 100 * sizeof(rr)];
	struct dns_reply reply;
	size_t octets;
	bool retry;

	memcpy(m, head, sizeof(head));
	for (unsigned i = 0; i < 100; i++) {
		memcpy(m + sizeof(head) + i * sizeof(rr), rr, sizeof(rr));
		m[sizeof(head) + (i + 1) * sizeof(rr) - 1] = (unsigned char)i;
	}
	dns_wire_parse(
	    m, sizeof(m), SPAN("a"), DNS_A, SIZE_MAX, *state, &reply, &retry);
	assert_int_equal(reply.status, DNS_DATA);
	assert_int_equal(reply.nrecords, 100);
	octets = reply.octets;
	assert_int_equal(octets, 100 * dns_rr_octets(reply.records));
	dns_wire_parse(
	    m, sizeof(m), SPAN("a"), DNS_A, octets, *state, &reply, &retry);
	assert_int_equal(reply.status, DNS_DATA);
	dns_wire_parse(
	    m, sizeof(m), SPAN("a"), DNS_A, octets - 1, *state, &reply, &retry);
	assert_int_equal(reply.status, DNS_LIMIT);
	assert_int_equal(reply.nrecords, 0);
}

/* RFC 2181 8: a TTL over 2^31 - 1 is 0. */
static void
the_ttl_of_a_record_is_kept(void **state)
{
	static const struct {
		unsigned char octet[4];
		uint32_t ttl;
	} rows[] = {{{0, 0, 0, 0}, 0}, {{0, 0, 14, 16}, 3600},
	    {{127, 255, 255, 255}, INT32_MAX}, {{128, 0, 0, 0}, 0},
	    {{255, 255, 255, 255}, 0}};
	unsigned char m[] = {0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'a',
	    0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2,
	    0};
	struct dns_reply reply;
	bool retry;

	for (size_t i = 0; i < COUNT(rows); i++) {
		memcpy(m + 25, rows[i].octet, 4);
		dns_wire_parse(m, sizeof(m), SPAN("a"), DNS_A, SIZE_MAX, *state,
		    &reply, &retry);
		assert_int_equal(reply.nrecords, 1);
		assert_int_equal(reply.records->ttl, rows[i].ttl);
	}
}

/*
 * TCP.
 */

/* Nothing listens on TCP: the server has UDP alone. */
static void
a_truncated_answer_without_tcp_is_called_so(void **state)
{
	struct client c;
	const struct dns_answer *answer;
	unsigned sent, tries = 0;

	(void)state;
	client_start(&c, 60);
	do {
		answer = dns_query(c.d, SPAN("tcp"), DNS_A);
		assert_int_equal(answer->status, DNS_TRUNCATED);
		assert_true(dns_failed(answer->status));
		sent = questions(&c.s);
	} while (client_again(&c, &tries));
	assert_int_equal(sent, 2); /* once more */
	client_stop(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(as_many_questions_as_there_may_be_are_asked),
	    TEST(what_is_over_the_limit_says_so_and_is_no_failure),
	    TEST(each_message_has_the_same_limit),
	    TEST(a_chain_in_a_zone_counts_once),
	    TEST(what_is_set_is_not_asked_and_does_not_count),
	    TEST(prefetched_questions_count_and_end_at_the_limit),
	    TEST(a_chain_of_the_network_counts_as_it_is_asked),
	    TEST(large_answers_have_a_limit_and_small_ones_a_place),
	    TEST(an_answer_of_the_network_is_weighed_as_it_is_read),
	    TEST(the_ttl_of_a_record_is_kept),
	    TEST(a_truncated_answer_without_tcp_is_called_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
