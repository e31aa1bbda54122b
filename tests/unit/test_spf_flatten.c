#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "limit.h"
#include "spf_lint.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct dns *
dns_of(struct span zone, struct arena *a)
{
	char path[32];
	const char *zones[] = {path};
	struct dns_config c = {.zones = zones, .nzones = 1};
	struct span error = SPAN_NONE;
	int status, fd = memfd_create("zone", MFD_CLOEXEC);
	struct dns *d;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, zone.p, zone.len), zone.len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	d = dns_new(&c, a, &error, &status);
	if (!d)
		fail_msg(SPAN_FMT, SPAN_ARG(error));
	close(fd);
	dns_begin(d);
	return d;
}

/* The lines, each with a newline; or "identifier: detail". */
static struct span
flattened(struct span domain, struct span record, struct dns *d,
    struct arena *a, enum spf_reason *reason)
{
	struct buf b = BUF(a);
	struct span *line, detail = SPAN_NONE;
	size_t lines = 0;

	*reason = spf_flatten(domain, record, d, a, &line, &lines, &detail);
	if (*reason != SPF_PASS) {
		buf_printf(&b, "%s: ", spf_reasons[*reason].id);
		buf_add(&b, detail);
	}
	for (size_t i = 0; i < lines; i++) {
		buf_add(&b, line[i]);
		buf_char(&b, '\n');
	}
	return buf_span(&b);
}

/*
 * What becomes of what.
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
    /* Behind all there is nothing; redirect= does not count beside it. */
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
    /* Includes that are addresses. */
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
    /* What stays, and where. */
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
    {"include:two.example -all", "!several-records: two.example"},
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
	    {"two.example", NULL, "several-records: two.example"},
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
		unsigned n; /* this is well, and one more is not */
		const char *begin, *end, *detail;
	} c[] = {
	    {50, "a:h", ".example", "over 100 questions in all"},
	    {100, "include:s", ".wild.example", "over 100 questions in all"},
	    {33, "mx:m", ".wild.example", "over 100 questions in all"},
	    {10, "exists:%{i}.", ".example",
		"11 lookups of terms that have to stay"},
	    {5, "exists:%{p}.", ".example",
		"12 lookups of terms that have to stay"},
	    {5, "include:e", ".way.example",
		"12 lookups of terms that have to stay"},
	    {29, "-ip4:10.0.0.", "",
		"the addresses do not fit into records of 450 octets with 10 "
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

/* How many lines; each is a record that the limits allow. */
static size_t
count_lines(struct span said, struct arena *a)
{
	struct dns *d = dns_of(said, a);
	size_t lines = 0;

	while (said.len) {
		struct span line = span_cut(&said, '\n');
		const struct dns_answer *answer =
		    dns_query(d, span_cut(&line, ' '), DNS_TXT);

		assert_int_equal(answer->records, 1);
		assert_true(answer->record[0].data.len <= LIMIT_SPF_RECORD);
		lines++;
	}
	dns_free(d);
	return lines;
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

/* Of n networks, with others that have to stay; or 0: not at all. */
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

/* A name of n octets. */
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
	size_t room = LIMIT_DNS_NAME - (sizeof("_spf10.") - 1);

	(void)state;
	assert_int_equal(lines_of(25, "", long_domain(room, a)), 2);
	assert_int_equal(lines_of(25, "", long_domain(room + 1, a)), 0);
	assert_int_equal(lines_of(20, "", long_domain(room + 1, a)), 1);
	arena_free(a);
}

/*
 * The same result, for whoever asks.
 */

#define RECORDS 6 /* of example.org, and r1.example to r5.example */

struct maker {
	uint32_t seed;
	struct buf rest; /* all but example.org's own record */
	struct buf own;
};

static uint32_t
below(struct maker *m, uint32_t n)
{
	m->seed = m->seed * 1664525u + 1013904223u;
	return (m->seed >> 8) % n;
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

/* A term of record i. One that is plain has addresses only. */
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

/* Addresses that do not fit into one record. */
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

		/* Some are outside of all networks. */
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
	unsigned done = 0, split = 0, kept = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 400; seed++) {
		struct arena *a = arena_new();
		struct maker m = {seed * 2654435761u, BUF(a), BUF(a)};
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
	print_message("# %u done, %u split, %u kept\n", done, split, kept);
	assert_true(done > 300);
	assert_true(split > 30);
	assert_true(kept > 30);
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
	    cmocka_unit_test(results_stay_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
