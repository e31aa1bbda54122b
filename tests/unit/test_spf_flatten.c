/* test_spf_flatten: flattening SPF records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_spf_flatten.h"

/*
 * Records and what they become.
 */

#define ZONE                                                                   \
	"a.example A 192.0.2.1\na.example AAAA 2001:db8::1\n"                  \
	"b.example A 192.0.2.2\nb.example A 192.0.2.3\n"                       \
	"four.example A 198.51.100.4\n"                                        \
	"mx.example MX 10 a.example\nmx.example MX 20 b.example\n"             \
	"null.example MX 0 .\n"                                                \
	"ten.example MX 1 a.example\nten.example MX 2 b.example\n"             \
	"ten.example MX 3 c.example\nten.example MX 4 d.example\n"             \
	"ten.example MX 5 e.example\nten.example MX 6 f.example\n"             \
	"ten.example MX 7 g.example\nten.example MX 8 h.example\n"             \
	"ten.example MX 9 i.example\nten.example MX 10 j.example\n"            \
	"eleven.example MX 1 a.example\neleven.example MX 2 b.example\n"       \
	"eleven.example MX 3 c.example\neleven.example MX 4 d.example\n"       \
	"eleven.example MX 5 e.example\neleven.example MX 6 f.example\n"       \
	"eleven.example MX 7 g.example\neleven.example MX 8 h.example\n"       \
	"eleven.example MX 9 i.example\neleven.example MX 10 j.example\n"      \
	"eleven.example MX 11 k.example\n"                                     \
	"net.example TXT \"v=spf1 ip4:10.0.0.0/24 ip4:10.0.1.0/24 -all\"\n"    \
	"hole.example TXT \"v=spf1 -ip4:10.0.0.1 ip4:10.0.0.0/30 ~all\"\n"     \
	"self.example TXT \"v=spf1 a mx:mx.%{d} ?all\"\n"                      \
	"self.example A 192.0.2.9\n"                                           \
	"mx.self.example MX 1 four.example\n"                                  \
	"any.example TXT \"v=spf1 +all\"\n"                                    \
	"nested.example TXT \"v=spf1 include:net.example a:a.example ~all\"\n" \
	"minus.example TXT \"v=spf1 -include:hole.example "                    \
	"ip4:10.0.0.0/24 -all\"\n"                                             \
	"redir.example TXT \"v=spf1 ip4:10.0.9.9 redirect=net.example\"\n"     \
	"exists.example TXT \"v=spf1 exists:%{i}.bl.example ip4:10.0.7.7 "     \
	"-all\"\n"                                                             \
	"mixed.example TXT \"v=spf1 ip4:10.0.5.5 include:exists.example "      \
	"ip4:10.0.5.4 ~all\"\n"                                                \
	"signs.example TXT \"v=spf1 -ip4:10.0.5.5 include:exists.example "     \
	"~all\"\n"                                                             \
	"open.example TXT \"v=spf1 include:exists.example +all\"\n"            \
	"away.example TXT \"v=spf1 ip4:10.0.6.6 redirect=exists.example\"\n"   \
	"far.example TXT \"v=spf1 redirect=%{o}.example\"\n"                   \
	"ptr.example TXT \"v=spf1 ptr -all exp=why.%{o}\"\n"                   \
	"d.example TXT \"v=spf1 ip4:10.0.8.8 exists:%{i}.%{d} ~all\"\n"        \
	"dexp.example TXT \"v=spf1 ip4:10.0.8.8 -all exp=why.%{d2}\"\n"        \
	"hop.example TXT \"v=spf1 ip4:10.0.8.9 redirect=d.example\"\n"         \
	"none.example TXT \"nothing\"\n"                                       \
	"two.example TXT \"v=spf1 -all\"\ntwo.example TXT \"v=spf1\"\n"        \
	"bad.example TXT \"v=spf1 -all ip5:1.2.3.4\"\n"                        \
	"loop.example TXT \"v=spf1 include:pool.example -all\"\n"              \
	"pool.example TXT \"v=spf1 redirect=loop.example\"\n"                  \
	";!SERVFAIL fail.example *\n;!TIMEOUT slow.example TXT\n"              \
	";!SERVFAIL v4.example AAAA\n"                                         \
	"deep.example TXT \"v=spf1 include:bad.example -all\"\n"               \
	"_spf1.example.org TXT \"v=spf1 exists:%{i}.bl.example -all\"\n"

static const struct {
	const char *record, *expect; /* without "v=spf1 " */
} cases[] = {
    {"-all", "-all"},
    {"?all", "?all"},
    {"", ""},
    {"ip4:192.0.2.1", "ip4:192.0.2.1"},
    /* Networks of one qualifier. */
    {"IP4:192.0.2.0/25 +ip4:192.0.2.128/25 -ALL", "ip4:192.0.2.0/24 -all"},
    {"ip4:192.0.2.77/24 ip6:2001:DB8::1/128 ip4:192.0.2.1/32 ~all",
	"ip4:192.0.2.0/24 ip6:2001:db8::1 ~all"},
    {"ip6:::/0 ip4:0.0.0.0/0", "ip4:0.0.0.0/0 ip6:::/0"},
    {"ip6:::ffff:192.0.2.1 -all", "ip6:::ffff:192.0.2.1 -all"},
    /* The order of qualifiers. */
    {"ip4:10.0.0.1 -ip4:10.0.0.0/24 ip4:10.0.0.0/8 ~all",
	"ip4:10.0.0.1 -ip4:10.0.0.0/24 ip4:10.0.0.0/8 ~all"},
    {"ip4:10.0.0.0/25 ~ip4:10.0.0.7 ip4:10.0.0.128/25 ?ip4:10.0.0.200 -all",
	"ip4:10.0.0.0/24 -all"},
    {"ip4:10.0.0.0/25 -ip4:10.0.0.128/25 ~ip4:10.0.0.0/24 -all",
	"ip4:10.0.0.0/25 -ip4:10.0.0.128/25 -all"},
    /* What follows all is dropped; redirect= is ignored beside it. */
    {"ip4:10.0.0.1 -all include:nowhere.example ip4:10.0.0.2",
	"ip4:10.0.0.1 -all"},
    {"redirect=nowhere.example ip4:10.0.0.1 -all", "ip4:10.0.0.1 -all"},
    /* Hosts. */
    {"a:a.example -all", "ip4:192.0.2.1 ip6:2001:db8::1 -all"},
    {"~a:b.example/24//64 -all", "~ip4:192.0.2.0/24 -all"},
    {"a:a.example//64 -all", "ip4:192.0.2.1 ip6:2001:db8::/64 -all"},
    {"a:a.example/0//0 -all", "ip4:0.0.0.0/0 ip6:::/0 -all"},
    {"a -all", "ip4:203.0.113.1 -all"},
    {"a:A.%{d1r}.example -all", "-all"},
    {"mx:mx.example -all",
	"ip4:192.0.2.1 ip4:192.0.2.2/31 ip6:2001:db8::1 -all"},
    {"mx:mx.example//32 -all",
	"ip4:192.0.2.1 ip4:192.0.2.2/31 ip6:2001:db8::/32 -all"},
    {"mx:null.example mx mx:nowhere.example a:nowhere.example a:a..example "
     "-all",
	"-all"},
    {"mx:ten.example -all",
	"ip4:192.0.2.1 ip4:192.0.2.2/31 ip6:2001:db8::1 -all"},
    {"mx:eleven.example -all", "!mx-limit: mx of eleven.example"},
    /* Includes that become addresses. */
    {"include:net.example -all", "ip4:10.0.0.0/23 -all"},
    {"-include:net.example ?all", "-ip4:10.0.0.0/23 ?all"},
    {"include:hole.example -all", "ip4:10.0.0.0 ip4:10.0.0.2/31 -all"},
    {"include:self.example -all", "ip4:192.0.2.9 ip4:198.51.100.4 -all"},
    {"include:nested.example -all",
	"ip4:10.0.0.0/23 ip4:192.0.2.1 ip6:2001:db8::1 -all"},
    {"include:minus.example -all",
	"ip4:10.0.0.1 ip4:10.0.0.4/30 ip4:10.0.0.8/29 ip4:10.0.0.16/28 "
	"ip4:10.0.0.32/27 ip4:10.0.0.64/26 ip4:10.0.0.128/25 -all"},
    {"include:redir.example -all", "ip4:10.0.0.0/23 ip4:10.0.9.9 -all"},
    {"include:any.example ip4:10.0.0.1 -all", "ip4:0.0.0.0/0 ip6:::/0 -all"},
    {"include:net.%{d1} -all",
	"!include-none: include:net.%{d1} of "
	"example.org"},
    {"include:NET.example. -all", "ip4:10.0.0.0/23 -all"},
    /* What remains, and where. */
    {"exists:%{i}.bl.example -all", "exists:%{i}.bl.example -all"},
    {"ip4:10.0.0.0 -exists:x.example ip4:10.0.0.1 PTR ?a:%{l}.example/24 "
     "-all",
	"ip4:10.0.0.0 -exists:x.example ip4:10.0.0.1 PTR "
	"?a:%{l}.example/24 -all"},
    {"exists:x.example -exists:x.example -all", "exists:x.example -all"},
    {"include:%{o}.example exp=why.%{d} -all foo=bar",
	"include:%{o}.example -all exp=why.%{d}"},
    {"include:exists.example -all", "include:exists.example -all"},
    {"~include:EXISTS.example. -all", "~include:exists.example -all"},
    {"include:mixed.example -all",
	"ip4:10.0.5.5 include:exists.example ip4:10.0.5.4 -all"},
    {"?include:mixed.example include:mixed.example -all",
	"?ip4:10.0.5.5 ?include:exists.example ?ip4:10.0.5.4 -all"},
    {"include:signs.example -all", "include:signs.example -all"},
    {"include:open.example -all", "include:open.example -all"},
    {"include:away.example -all", "ip4:10.0.6.6 include:exists.example -all"},
    {"include:far.example -all", "include:far.example -all"},
    /* redirect= */
    {"ip4:10.0.2.0/24 redirect=net.example exp=gone.example",
	"ip4:10.0.0.0/23 ip4:10.0.2.0/24 -all"},
    {"redirect=redir.example", "ip4:10.0.0.0/23 ip4:10.0.9.9 -all"},
    {"redirect=self.example", "ip4:192.0.2.9 ip4:198.51.100.4 ?all"},
    {"redirect=exists.example", "exists:%{i}.bl.example ip4:10.0.7.7 -all"},
    {"-ip4:10.0.5.5 redirect=mixed.example",
	"-ip4:10.0.5.5 include:exists.example ip4:10.0.5.4 ~all"},
    {"redirect=ptr.example", "ptr:ptr.example -all exp=why.%{o}"},
    {"a redirect=d.example exp=why.example",
	"ip4:203.0.113.1 redirect=d.example exp=why.example"},
    {"a redirect=dexp.example", "ip4:203.0.113.1 redirect=dexp.example"},
    {"redirect=hop.example", "ip4:10.0.8.9 redirect=d.example"},
    {"a redirect=%{o}.example", "ip4:203.0.113.1 redirect=%{o}.example"},
    /* Errors, wherever they are. */
    {"ip4:10.0.0.256 -all", "!address-syntax: ip4:10.0.0.256 of example.org"},
    {"include:none.example -all",
	"!include-none: include:none.example of example.org"},
    {"include:nowhere.example -all",
	"!include-none: include:nowhere.example of example.org"},
    {"include:a..example -all",
	"!include-none: include:a..example of example.org"},
    {"redirect=none.example",
	"!redirect-none: redirect=none.example of example.org"},
    {"include:two.example -all", "!multiple-records: two.example"},
    {"include:deep.example -all", "!term-syntax: ip5:1.2.3.4 of bad.example"},
    {"redirect=bad.example", "!term-syntax: ip5:1.2.3.4 of bad.example"},
    {"include:loop.example -all", "!loop: loop.example"},
    {"include:example.org -all", "!loop: example.org"},
    {"include:fail.example -all", "!dns-servfail: fail.example"},
    {"include:slow.example -all", "!dns-timeout: slow.example"},
    {"a:fail.example -all", "!dns-servfail: A of fail.example"},
    {"a:v4.example -all", "!dns-servfail: AAAA of v4.example"},
    {"mx:fail.example -all", "!dns-servfail: MX of fail.example"},
};

static void
records_become_addresses(void **state)
{
	const struct span zone = SPAN(ZONE "example.org A 203.0.113.1\n");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(zone, a);
		const char *blank = *cases[i].expect ? " " : "";
		struct span record =
				arena_printf(a, "v=spf1 %s", cases[i].record),
			    said, expect;
		enum spf_reason reason;

		expect = arena_printf(a, "example.org. IN TXT \"v=spf1%s%s\"\n",
		    blank, cases[i].expect);
		if (*cases[i].expect == '!')
			expect = span_of(cases[i].expect + 1);
		said = flattened(SPAN("example.org"), record, d, a, &reason);
		if (!span_eq(said, expect))
			fail_msg("%s: " SPAN_FMT ", not " SPAN_FMT,
			    cases[i].record, SPAN_ARG(said), SPAN_ARG(expect));
		dns_free(d);
		arena_free(a);
	}
}

static void
the_domain_needs_one_record(void **state)
{
	static const struct {
		const char *domain, *record, *expect;
	} c[] = {
	    {"net.example", NULL,
		"net.example. IN TXT \"v=spf1 ip4:10.0.0.0/23 -all\"\n"},
	    {"none.example", NULL, "no-record: none.example"},
	    {"net.example", "v=spf10 -all", "no-record: net.example"},
	    {"nowhere.example", NULL, "no-such-domain: nowhere.example"},
	    {"nowhere.example", "v=spf1 -all",
		"nowhere.example. IN TXT \"v=spf1 -all\"\n"},
	    {"two.example", NULL, "multiple-records: two.example"},
	    {"fail.example", NULL, "dns-servfail: fail.example"},
	    {"example", NULL, "bad-domain: example"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(SPAN(ZONE), a);
		enum spf_reason reason;
		struct span said = flattened(
		    span_of(c[i].domain), span_of(c[i].record), d, a, &reason);

		if (!span_eq(said, span_of(c[i].expect)))
			fail_msg("%s: " SPAN_FMT, c[i].domain, SPAN_ARG(said));
		dns_free(d);
		arena_free(a);
	}
}

/*
 * Limits.
 */

/* "v=spf1 BEGIN0END BEGIN2END ... -all" */
static struct span
record_of(unsigned n, const char *begin, const char *end, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "v=spf1");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, " %s%u%s", begin, 2 * i, end);
	buf_str(&b, " -all");
	return buf_span(&b);
}

static void
limits_hold_at_their_numbers(void **state)
{
	static const struct {
		unsigned n; /* n is accepted, n + 1 is not */
		const char *begin, *end, *detail;
	} c[] = {
	    {50, "a:h", ".example", "over 100 queries in all"},
	    {100, "include:s", ".wild.example", "over 100 queries in all"},
	    {33, "mx:m", ".wild.example", "over 100 queries in all"},
	    {10, "exists:%{i}.", ".example",
		"the terms that cannot be replaced need 11 lookups"},
	    {5, "exists:%{p}.", ".example",
		"the terms that cannot be replaced need 12 lookups"},
	    {5, "include:e", ".way.example",
		"the terms that cannot be replaced need 12 lookups"},
	    {29, "-ip4:10.0.0.", "",
		"more addresses than records of 450 octets hold with 10 "
		"lookups"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		for (unsigned over = 0; over < 2; over++) {
			struct arena *a = arena_new();
			struct dns *d = dns_of(
			    SPAN("*.wild.example TXT \"v=spf1 -all\"\n"
				 "*.wild.example MX 1 h.example\n"
				 "*.way.example TXT \"v=spf1 ptr -all\"\n"),
			    a);
			const struct dns_answer *const *list;
			enum spf_reason reason;
			struct span said = flattened(SPAN("example.org"),
			    record_of(c[i].n + over, c[i].begin, c[i].end, a),
			    d, a, &reason);
			struct span expect =
			    arena_printf(a, "lookup-limit: %s", c[i].detail);

			assert_true(dns_asked(d, &list) <= LIMIT_SPF_TREE);
			if (!over)
				assert_int_equal(reason, SPF_PASS);
			else if (!span_eq(said, expect))
				fail_msg(SPAN_FMT, SPAN_ARG(said));
			dns_free(d);
			arena_free(a);
		}
	}
}

/* Each record includes the next one twice. */
static void
records_that_amplify_are_given_up(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	enum spf_reason reason;
	struct dns *d;

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		buf_printf(&b,
		    "d%u.example TXT \"v=spf1 include:d%u.example "
		    "include:d%u.example -all\"\n",
		    i, i + 1, i + 1);
	buf_str(&b, "d60.example TXT \"v=spf1 -all\"\n");
	d = dns_of(buf_span(&b), a);
	flattened(SPAN("d0.example"), SPAN_NONE, d, a, &reason);
	assert_int_equal(reason, SPF_LOOKUP_LIMIT);
	dns_free(d);
	arena_free(a);
}

static void
a_record_of_450_octets_is_one(void **state)
{
	(void)state;
	for (size_t octets = LIMIT_SPF_RECORD - 1;
	     octets <= LIMIT_SPF_RECORD + 1; octets++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(SPAN(""), a);
		struct buf b = BUF(a);
		enum spf_reason reason;
		struct span said;

		buf_add(&b, record_of(20, "ip4:10.0.100.", "", a));
		buf_str(&b, " exp=%{o}.");
		while (b.len < octets)
			buf_char(&b, 'x');
		said =
		    flattened(SPAN("example.org"), buf_span(&b), d, a, &reason);
		assert_int_equal(reason, SPF_PASS);
		assert_int_equal(
		    count_lines(said, a), octets <= LIMIT_SPF_RECORD ? 1 : 2);
		dns_free(d);
		arena_free(a);
	}
}

static void
addresses_go_into_records_of_their_own(void **state)
{
	static const char first[] =
	    "example.org. IN TXT \"v=spf1 exists:%{l}.a.example "
	    "ip4:10.0.100.0 ip4:10.0.100.2 include:_spf2.example.org "
	    "include:_spf3.example.org -ip4:10.0.0.0/8 "
	    "include:_spf1.example.org ip4:192.0.2.1 -all\"\n"
	    "_spf2.example.org. IN TXT \"v=spf1 ip4:10.0.100.4 ip4:10.0.100.6",
			  last[] = " ip4:10.0.100.54 ip4:10.0.100.56 -all\"\n"
				   "_spf3.example.org. IN TXT \"v=spf1 "
				   "ip4:10.0.100.58 "
				   "ip4:10.0.100.60";
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(ZONE), a);
	struct buf b = BUF(a);
	enum spf_reason reason;
	struct span said;

	(void)state;
	buf_str(&b, "v=spf1 exists:%{l}.a.example");
	for (unsigned i = 0; i < 56; i++)
		buf_printf(&b, " ip4:10.0.100.%u", 2 * i);
	buf_str(&b,
	    " -ip4:10.0.0.0/8 include:_spf1.example.org ip4:192.0.2.1 -all");
	said = flattened(SPAN("example.org"), buf_span(&b), d, a, &reason);
	assert_int_equal(reason, SPF_PASS);
	assert_int_equal(count_lines(said, a), 3);
	assert_true(span_starts(said, span_of(first)));
	assert_true(span_casecontains(said, span_of(last)));
	assert_true(span_caseends(said, SPAN(" ip4:10.0.100.110 -all\"\n")));
	dns_free(d);
	arena_free(a);
}

/* Returns the number of lines for n networks and other terms that must remain;
 * 0: refused. */
static size_t
lines_of(unsigned n, const char *others, struct span domain)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(SPAN(""), a);
	struct buf b = BUF(a);
	enum spf_reason reason;
	struct span said;
	size_t lines = 0;

	buf_str(&b, "v=spf1");
	for (unsigned i = 0; i < n; i++)
		buf_printf(
		    &b, " ip4:100.100.%u.%u", 100 + i / 50, 100 + 2 * (i % 50));
	buf_printf(&b, "%s -all", others);
	said = flattened(domain, buf_span(&b), d, a, &reason);
	if (reason == SPF_PASS)
		lines = count_lines(said, a);
	else
		assert_int_equal(reason, SPF_LOOKUP_LIMIT);
	dns_free(d);
	arena_free(a);
	return lines;
}

static void
records_are_as_many_as_lookups_allow(void **state)
{
	static const struct {
		const char *others;
		size_t most;
	} c[] = {
	    {"", 11},
	    {" exists:%{i}.a.example ptr", 9},
	    {" ~include:%{i}.%{p}.a.example -ip4:1.2.3.4 ip4:1.2.3.5", 9},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span domain = SPAN("example.org");
		size_t most = 1, lines = 1;

		for (unsigned n = 15; lines; n++) {
			lines = lines_of(n, c[i].others, domain);
			if (lines)
				assert_in_range(lines, most, most + 1);
			most = lines ? lines : most;
		}
		assert_int_equal(most, c[i].most);
	}
}

/* Returns a name of n octets. */
static struct span
long_domain(size_t n, struct arena *a)
{
	struct buf b = BUF(a);

	while (b.len < n)
		buf_char(&b, b.len % 50 == 49 && b.len + 1 < n ? '.' : 'x');
	return buf_span(&b);
}

static void
the_names_of_records_fit(void **state)
{
	struct arena *a = arena_new();
	size_t room = LIMIT_DNS_NAME - (sizeof("_spf1.") - 1);

	(void)state;
	assert_int_equal(lines_of(25, "", long_domain(room, a)), 2);
	assert_int_equal(lines_of(25, "", long_domain(room + 1, a)), 0);
	assert_int_equal(lines_of(20, "", long_domain(room + 1, a)), 1);
	arena_free(a);
}

/* Returns the name of the record that takes what does not fit in the first, or
 * "identifier: detail". */
static struct span
new_name(struct span zone, const char *terms, struct arena *a)
{
	struct dns *d = dns_of(zone, a);
	struct buf b = BUF(a);
	enum spf_reason reason;
	struct span said;

	buf_printf(&b, "v=spf1 %s", terms);
	for (unsigned i = 0; i < 25; i++)
		buf_printf(&b, " ip4:100.100.100.%u", 100 + 2 * i);
	buf_str(&b, " -all exp=%{o}.why.example.org");
	said = flattened(SPAN("example.org"), buf_span(&b), d, a, &reason);
	dns_free(d);
	if (reason != SPF_PASS)
		return said;
	span_cut(&said, '\n');
	return span_cut(&said, ' ');
}

/* The name of a new record is in use by nobody. */
static void
names_are_new(void **state)
{
	static const struct {
		const char *zone, *terms, *name;
	} c[] = {
	    {"", "", "_spf1.example.org."},
	    /* Visited, and gone from the new record. */
	    {"_spf1.example.org TXT \"v=spf1 ip4:10.0.0.1 -all\"\n",
		"include:_spf1.example.org", "_spf2.example.org."},
	    {"_spf2.example.org TXT \"v=spf1 redirect=_SPF1.example.org\"\n"
	     "_spf1.example.org TXT \"v=spf1 ip4:10.0.0.1 -all\"\n",
		"include:_SPF2.%{d}", "_spf3.example.org."},
	    {"n.example TXT \"v=spf1 a:_spf1.example.org exists:_spf2.%{o}.org "
	     "-all mx:_spf3.example.org exp=_spf4.example.org.\"\n",
		"include:n.example", "_spf2.example.org."},
	    {"n.example TXT \"v=spf1 a:_spf1.example.org -all "
	     "mx:_spf2.example.org exp=_spf3.example.org.\"\n",
		"include:n.example", "_spf4.example.org."},
	    /* In the DNS alone, whatever the type. */
	    {"_spf1.example.org TXT \"v=spf1 -all\"\n", "",
		"_spf2.example.org."},
	    {"_spf1.example.org A 10.0.0.1\na._spf2.example.org A 10.0.0.1\n"
	     "_spf3.example.org CNAME gone.example\n",
		"", "_spf4.example.org."},
	    /* A wildcard answers for names that nobody publishes. */
	    {"*.example.org TXT \"v=spf1 -all\"\n", "", "_spf1.example.org."},
	    {"*.example.org TXT \"v=spf1 -all\"\n"
	     "_spf1.example.org TXT \"v=spf1 ip4:10.0.0.1 -all\"\n"
	     "_spf2.example.org A 10.0.0.1\n",
		"", "_spf3.example.org."},
	    {"*.example.org CNAME gone.example\n"
	     "_spf1.example.org CNAME lost.example\n",
		"", "_spf2.example.org."},
	    /* What is not known is not taken. */
	    {";!SERVFAIL _spf1.example.org TXT\n", "",
		"dns-servfail: TXT of _spf1.example.org"},
	    {";!TIMEOUT vouch-wildcard-test.example.org TXT\n"
	     "_spf1.example.org A 10.0.0.1\n",
		"", "dns-timeout: TXT of vouch-wildcard-test.example.org"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		struct span name = new_name(span_of(c[i].zone), c[i].terms, a);

		if (!span_eq(name, span_of(c[i].name)))
			fail_msg("%zu: " SPAN_FMT ", not %s", i, SPAN_ARG(name),
			    c[i].name);
	}
	arena_free(a);
}

/* _spf1 to _spfN exist. */
static void
a_hundred_names_are_tried(void **state)
{
	struct arena *a = arena_new();
	struct buf zone = BUF(a);

	(void)state;
	for (unsigned i = 1; i < 100; i++)
		buf_printf(&zone, "_spf%u.example.org A 10.0.0.1\n", i);
	assert_true(span_eq(
	    new_name(buf_span(&zone), "", a), SPAN("_spf100.example.org.")));
	buf_str(&zone, "_spf100.example.org A 10.0.0.1\n");
	assert_true(span_eq(new_name(buf_span(&zone), "", a),
	    SPAN("lookup-limit: a new record has no name: _spf1 to _spf100 "
		 "exist")));
	arena_free(a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_become_addresses),
	    cmocka_unit_test(the_domain_needs_one_record),
	    cmocka_unit_test(limits_hold_at_their_numbers),
	    cmocka_unit_test(records_that_amplify_are_given_up),
	    cmocka_unit_test(a_record_of_450_octets_is_one),
	    cmocka_unit_test(addresses_go_into_records_of_their_own),
	    cmocka_unit_test(records_are_as_many_as_lookups_allow),
	    cmocka_unit_test(the_names_of_records_fit),
	    cmocka_unit_test(names_are_new),
	    cmocka_unit_test(a_hundred_names_are_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
