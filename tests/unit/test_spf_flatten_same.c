/* test_spf_flatten_same: a flattened record gives the same results. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_flatten.h"

#include "../helper/random.h"

#define RECORDS 6 /* of example.org, and r1.example to r5.example */

struct maker {
	struct generator g;
	struct buf rest; /* all but example.org's own record */
	struct buf own;
};

static uint32_t
below(struct maker *m, size_t n)
{
	return (uint32_t)pick(&m->g, n);
}

static const char hosts[] =
    "example.org A 192.0.2.1\n"
    "h0.example A 192.0.2.5\nh0.example A 192.0.2.6\n"
    "h1.example A 192.0.2.17\nh1.example AAAA 2001:db8::11\n"
    "h2.example A 192.0.2.40\nh2.example AAAA 2001:db8::28\n"
    "h2.example AAAA 2001:db8::29\n"
    "m.example MX 1 h0.example\nm.example MX 2 h2.example\n"
    "m.example MX 3 no.example\n"
    "x.r2.example A 192.0.2.50\n"
    "5.2.0.192.in-addr.arpa PTR h0.example\n"
    "17.2.0.192.in-addr.arpa PTR h1.example\n"
    "50.2.0.192.in-addr.arpa PTR x.r2.example\n"
    "alice.ex.example A 127.0.0.2\n"
    "23.2.0.192.bl.example A 127.0.0.2\n40.2.0.192.bl.example A 127.0.0.2\n"
    "in-addr.v.example A 127.0.0.2\n"
    "r2.example.ok.example A 127.0.0.2\n"
    "alice.inc.example TXT \"v=spf1 ip4:192.0.2.32/28 -all\"\n"
    "bob.inc.example TXT \"v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/28\"\n";

static void
add_any(struct maker *m, struct buf *b)
{
	static const char *const terms[] = {"exists:%{l}.ex.example",
	    "exists:%{ir}.bl.example", "exists:%{v}.v.example",
	    "exists:%{d}.ok.example", "exists:h1.example", "ptr",
	    "ptr:h0.example", "include:%{l}.inc.example", "a:%{l}.ex.example",
	    "exists:%{p}.ok.example", "exists:%{i}.%{d}.no.example"};

	buf_str(b, terms[below(m, COUNT(terms))]);
}

/* Adds a term of record i; a plain one has addresses only. */
static void
add_term(struct maker *m, struct buf *b, unsigned i, bool plain)
{
	uint32_t kind = below(m, plain ? 10 : 12), n = below(m, 64),
		 bits = below(m, 7);

	buf_char(b, ' ');
	if (below(m, 3) == 0)
		buf_char(b, "-~?+"[below(m, 4)]);
	if (kind < 3)
		buf_printf(b, "ip4:192.0.2.%u/%u", n, 26 + bits);
	else if (kind < 5)
		buf_printf(b, "ip6:2001:db8::%x/%u", n, 122 + bits);
	else if (kind == 5)
		buf_printf(b, "a:h%u.example/%u//%u", n % 4, 29 + bits % 4,
		    122 + bits);
	else if (kind == 6)
		buf_str(b, n % 3 ? "mx:m.example//127" : "a");
	else if (kind > 9)
		add_any(m, b);
	else if (i + 1 < RECORDS)
		buf_printf(
		    b, "include:r%u.example", i + 1 + n % (RECORDS - 1 - i));
	else
		buf_str(b, "a:%{d}");
}

/* Adds addresses that need more than one record. */
static void
add_many(struct maker *m, struct buf *b)
{
	for (unsigned n = 30 + below(m, 60); n; n--)
		buf_printf(b, " ip4:192.0.2.%u", below(m, 256));
}

static void
add_record(struct maker *m, struct buf *b, unsigned i)
{
	bool plain = below(m, 4) != 0;
	uint32_t tail = below(m, 6);

	buf_str(b, "v=spf1");
	for (uint32_t n = 1 + below(m, 5); n; n--)
		add_term(m, b, i, plain);
	if (below(m, 8) == 0)
		add_many(m, b);
	for (uint32_t n = below(m, 3); n; n--)
		add_term(m, b, i, plain);
	if (tail < 4)
		buf_printf(b, " %call", "-~?+"[tail]);
	else if (tail == 4 && i + 1 < RECORDS)
		buf_printf(b, " redirect=r%u.example", i + 1);
}

static void
add_zone(struct maker *m)
{
	buf_str(&m->rest, hosts);
	add_record(m, &m->own, 0);
	for (unsigned i = 1; i < RECORDS; i++) {
		struct buf record = BUF(m->rest.arena);
		struct span text;

		buf_printf(&m->rest, "r%u.example A 192.0.2.%u\n", i, 8 * i);
		buf_printf(&m->rest, "r%u.example TXT", i);
		add_record(m, &record, i);
		text = buf_span(&record);
		while (text.len) {
			size_t n = text.len < 255 ? text.len : 255;

			buf_str(&m->rest, " \"");
			buf_add(&m->rest, span_upto(text, n));
			buf_char(&m->rest, '"');
			text = span_from(text, n);
		}
		buf_char(&m->rest, '\n');
	}
}

static enum result_code
result_of(struct dns *d, const struct spf_query *q, struct span record,
    uint64_t lookups)
{
	struct arena *a = arena_new();
	const struct spf_policy policy = {
	    .lookup_limit = lookups, .void_limit = 1000, .record = record};
	struct spf_verdict v;

	spf_check(q, &policy, d, a, &v);
	arena_free(a);
	return spf_reasons[v.reason].code;
}

static void
expect_same(struct maker *m, struct span said, struct dns *before,
    struct dns *after, const struct spf_query *q)
{
	enum result_code was = result_of(before, q, buf_span(&m->own), 1000),
			 is = result_of(after, q, SPAN_NONE, LIMIT_SPF_LOOKUPS);
	char ip[IP_TEXT];

	if (was == is)
		return;
	print_message("# " SPAN_FMT "\n" SPAN_FMT "\n" SPAN_FMT "\n",
	    SPAN_ARG(buf_span(&m->own)), SPAN_ARG(buf_span(&m->rest)),
	    SPAN_ARG(said));
	fail_msg("%s " SPAN_FMT ": %s, not %s", ip_text(&q->ip, ip),
	    SPAN_ARG(q->local), result_name(is), result_name(was));
}

static void
expect_same_for_all(struct maker *m, struct span said, struct arena *a)
{
	struct span zone = arena_printf(
	    a, SPAN_FMT SPAN_FMT, SPAN_ARG(buf_span(&m->rest)), SPAN_ARG(said));
	struct dns *before = dns_of(buf_span(&m->rest), a),
		   *after = dns_of(zone, a);

	for (unsigned i = 0; i < 256; i++) {
		bool v4 = i % 3;
		struct spf_query q = {.domain = SPAN("example.org"),
		    .local = below(m, 2) ? SPAN("alice") : SPAN("bob"),
		    .helo = SPAN("h0.example")};

		/* Some addresses are outside all networks. */
		if (v4)
			ip_parse(SPAN("192.0.2.0"), &q.ip);
		else
			ip_parse(SPAN("2001:db8::"), &q.ip);
		q.ip.octet[v4 ? 3 : 15] =
		    (unsigned char)below(m, i % 8 ? 66 : 256);
		expect_same(m, said, before, after, &q);
	}
	dns_free(before);
	dns_free(after);
}

static void
results_stay_the_same(void **state)
{
	size_t records = rounds(80, 200), done = 0, split = 0, kept = 0;

	(void)state;
	for (size_t i = 0; i < records; i++) {
		struct arena *a = arena_new();
		struct maker m = {{.random = i}, BUF(a), BUF(a)};
		struct dns *d;
		enum spf_reason reason;
		struct span said;

		add_zone(&m);
		d = dns_of(buf_span(&m.rest), a);
		said = flattened(
		    SPAN("example.org"), buf_span(&m.own), d, a, &reason);
		if (reason == SPF_PASS) {
			done++;
			split += count_lines(said, a) > 1;
			kept += span_casecontains(said, SPAN("{"));
			expect_same_for_all(&m, said, a);
		} else if (reason != SPF_LOOKUP_LIMIT) {
			print_message("# " SPAN_FMT "\n" SPAN_FMT "\n",
			    SPAN_ARG(buf_span(&m.own)),
			    SPAN_ARG(buf_span(&m.rest)));
			fail_msg(SPAN_FMT, SPAN_ARG(said));
		}
		dns_free(d);
		arena_free(a);
	}
	print_message("# %zu done, %zu split, %zu kept\n", done, split, kept);
	assert_true(done > records * 3 / 4);
	assert_true(split > records / 20);
	assert_true(kept > records / 20);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(results_stay_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
