/* test_dmarc_verbose: the steps of an evaluation as lines. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>

#include "fixture_dmarc.h"
#include "base/limit.h"

/* One verdict: its identifiers, ended by one without a domain, and the lines
 * about it. */
struct explain_case {
	const char *author;
	const struct {
		enum dmarc_mechanism mechanism;
		enum result_code code;
		const char *domain;
		bool is_identity;
	} list[6];
	const char *lines;
};

static struct span
join_lines(const struct result *r, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < r->ndetail; i++) {
		buf_add(&b, r->detail[i].text);
		buf_char(&b, '\n');
	}
	return buf_span(&b);
}

/* Checks the lines, and that they do not change the verdict. */
static void
check_one(struct world *w, const struct explain_case *c)
{
	struct dmarc_identifier list[6];
	struct result r = {.method = "dmarc"};
	struct dmarc_verdict v, before;
	size_t n = 0;

	for (; n < 6 && c->list[n].domain; n++)
		list[n] =
		    (struct dmarc_identifier){.mechanism = c->list[n].mechanism,
			.code = c->list[n].code,
			.domain = span_of(c->list[n].domain),
			.from_auid = c->list[n].is_identity};
	dmarc_eval(&w->method, span_of(c->author), list, n, 50, &v);
	memcpy(&before, &v, sizeof(v));
	dmarc_verbose(&w->method, &v, DMARC_ALONE, &r);
	assert_memory_equal(&before, &v, sizeof(v));
	same(c->author, join_lines(&r, w->arena), c->lines);
}

static void
check(struct world *w, const struct explain_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_one(w, &c[i]);
}

static const char zone[] =
    "_dmarc.r.org TXT \"v=DMARC1; p=reject; sp=quarantine; np=none\"\n"
    "_dmarc.own.r.org TXT \"v=DMARC1; p=none; psd=n\"\n"
    ";!SERVFAIL _dmarc.dead.r.org TXT\n"
    "a.r.org A 192.0.2.1\n"
    "_dmarc.s.org TXT \"v=DMARC1; p=reject; adkim=s; aspf=s\"\n"
    "_dmarc.two.org TXT \"v=DMARC1; p=none\"\n"
    "_dmarc.two.org TXT \"v=DMARC1; p=reject\"\n"
    "_dmarc.other.org TXT \"hello\"\n"
    "_dmarc.bank TXT \"v=DMARC1; p=none; psd=y; ruf=mailto:a@bank;"
    " rua=mailto:a@x.bank\"\n"
    ";!TIMEOUT _dmarc.late TXT\n"
    "_dmarc.a.late TXT \"v=DMARC1; p=reject\"\n";

#define TOPMOST "the topmost record on the way up (RFC 9989 4.10.2)\n"
#define R_WALK                                      \
	"  _dmarc.r.org: the record that applies\n" \
	"  _dmarc.org: no such name\n"
#define NO_RUA "no valid rua=: no aggregate reports (RFC 9989 4.7)\n"

static void
each_step_has_a_line(void **state)
{
	static const struct explain_case cases[] = {
	    {"a.r.org",
		{{DMARC_SPF, RESULT_PASS, "x.r.org", false},
		    {DMARC_DKIM, RESULT_PASS, "x.net", false},
		    {DMARC_DKIM, RESULT_FAIL, "a.r.org", false},
		    {DMARC_DKIM, RESULT_FAIL, "r.org", false}},
		"author domain a.r.org (RFC 9989 5.3.1)\n"
		"record of r.org, the organizational domain's (RFC 9989 4.10.1)"
		": v=DMARC1; p=reject; sp=quarantine; np=none\n"
		"policy: sp=quarantine, as the author domain is a "
		"subdomain (RFC 9989 4.7)\n"
		"disposition of a pass: none (RFC 9989 5.3.6)\n"
		"organizational domain r.org: " TOPMOST
		"  _dmarc.a.r.org: no such name\n" R_WALK
		"spf=pass x.r.org ~ a.r.org relaxed: same organization (r.org)"
		": " TOPMOST
		"dkim=pass x.net ~ a.r.org relaxed: not below r.org: cannot be "
		"aligned (RFC 9989 4.10.2)\n"
		"dkim=fail a.r.org ~ a.r.org relaxed: same domain; but it did "
		"not pass (RFC 9989 4.10.2)\n"
		"dkim=fail r.org ~ a.r.org relaxed: same organization (r.org)"
		": the topmost record on the way up; but it did not pass "
		"(RFC 9989 4.10.2)\n" NO_RUA},
	    {"r.org",
		{{DMARC_DKIM, RESULT_PASS, "own.r.org", false},
		    {DMARC_DKIM, RESULT_PASS, "dead.r.org", false}},
		"author domain r.org (RFC 9989 5.3.1)\n"
		"record of r.org, the author domain's own (RFC 9989 4.10.1): "
		"v=DMARC1; p=reject; sp=quarantine; np=none\n"
		"disposition: not known at present (RFC 9989 5.3.6)\n"
		"organizational domain r.org: " TOPMOST R_WALK
		"dkim=pass own.r.org ~ r.org relaxed: another organization "
		"(own.r.org): its record has psd=n (RFC 9989 4.10.2)\n"
		"dkim=pass dead.r.org ~ r.org relaxed: not known, as "
		"_dmarc.dead.r.org has SERVFAIL (RFC 9989 4.10.2)\n" NO_RUA},
	    {"gone.r.org", {{0}},
		"author domain gone.r.org (RFC 9989 5.3.1)\n"
		"record of r.org, the organizational domain's (RFC 9989 4.10.1)"
		": v=DMARC1; p=reject; sp=quarantine; np=none\n"
		"policy: np=none, as the author domain does not exist "
		"(RFC 9989 4.7)\n"
		"disposition of a fail: none (RFC 9989 5.3.6)\n"
		"organizational domain r.org: " TOPMOST
		"  _dmarc.gone.r.org: no such name\n" R_WALK NO_RUA},
	    {"s.org",
		{{DMARC_SPF, RESULT_PASS, "s.org", false},
		    {DMARC_SPF, RESULT_PASS, "a.s.org", false},
		    {DMARC_DKIM, RESULT_PASS, "s.org", true},
		    {DMARC_DKIM, RESULT_TEMPERROR, "s.org", false}},
		"author domain s.org (RFC 9989 5.3.1)\n"
		"record of s.org, the author domain's own (RFC 9989 4.10.1): "
		"v=DMARC1; p=reject; adkim=s; aspf=s\n"
		"policy: p=reject (RFC 9989 4.7)\n"
		"disposition of a pass: none (RFC 9989 5.3.6)\n"
		"organizational domain s.org: " TOPMOST
		"  _dmarc.s.org: the record that applies\n"
		"  _dmarc.org: no such name\n"
		"spf=pass s.org ~ s.org strict: same domain (RFC 9989 4.10.2)\n"
		"spf=pass a.s.org ~ s.org strict: not the same domain "
		"(RFC 9989 4.10.2)\n"
		"dkim=pass s.org ~ s.org strict: header.i does not replace "
		"header.d (RFC 9989 4.10.2)\n"
		"dkim=temperror s.org ~ s.org strict: same domain; it may pass "
		"later (RFC 9989 4.10.2)\n" NO_RUA},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
what_was_found_on_the_way_is_told(void **state)
{
	static const struct explain_case cases[] = {
	    {"two.org", {{DMARC_DKIM, RESULT_PASS, "two.org", false}},
		"author domain two.org (RFC 9989 5.3.1)\n"
		"no record applies: nothing is evaluated (RFC 9989 5.3.2)\n"
		"organizational domain two.org: no record on the way up: the "
		"domain itself (RFC 9989 4.10.2)\n"
		"  _dmarc.two.org: several records, all ignored "
		"(RFC 9989 4.10)\n"
		"  _dmarc.org: no such name\n"},
	    {"other.org", {{0}},
		"author domain other.org (RFC 9989 5.3.1)\n"
		"no record applies: nothing is evaluated (RFC 9989 5.3.2)\n"
		"organizational domain other.org: no record on the way up: the "
		"domain itself (RFC 9989 4.10.2)\n"
		"  _dmarc.other.org: data, but no record\n"
		"  _dmarc.org: no such name\n"},
	    {"b.late", {{0}},
		"author domain b.late (RFC 9989 5.3.1)\n"
		"no record is known to apply (RFC 9989 5.3.2)\n"
		"organizational domain: not known (RFC 9989 4.10.2)\n"
		"  _dmarc.b.late: no such name\n"
		"  _dmarc.late: timeout\n"},
	    {"a.late", {{DMARC_DKIM, RESULT_PASS, "b.late", false}},
		"author domain a.late (RFC 9989 5.3.1)\n"
		"record of a.late, the author domain's own (RFC 9989 4.10.1): "
		"v=DMARC1; p=reject\n"
		"disposition: not known at present (RFC 9989 5.3.6)\n"
		"organizational domain: not known (RFC 9989 4.10.2)\n"
		"  _dmarc.a.late: the record that applies\n"
		"  _dmarc.late: timeout\n"
		"dkim=pass b.late ~ a.late relaxed: not known, as the author "
		"domain's organization is not (RFC 9989 4.10.2)\n" NO_RUA},
	    {"x.y.bank", {{0}},
		"author domain x.y.bank (RFC 9989 5.3.1)\n"
		"record of bank, the public suffix's (RFC 9989 4.10.1): "
		"v=DMARC1; p=none; psd=y; ruf=mailto:a@bank; "
		"rua=mailto:a@x.bank\n"
		"policy: p=none, as there is no sp= (RFC 9989 4.7)\n"
		"disposition of a fail: none (RFC 9989 5.3.6)\n"
		"organizational domain y.bank: one label below the record "
		"with psd=y (RFC 9989 4.10.2)\n"
		"  _dmarc.x.y.bank: no such name\n"
		"  _dmarc.y.bank: no such name\n"
		"  _dmarc.bank: the record that applies\n"
		"rua=mailto:a@x.bank: no aggregate reports: not authorized at "
		"bank._report._dmarc.x.bank (RFC 9990 4)\n"
		"ruf=: no failure reports to a public suffix (RFC 9991 2)\n"},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
a_jump_is_told(void **state)
{
	static const struct explain_case cases[] = {
	    {"1.2.3.4.5.6.7.8.9", {{0}},
		"author domain 1.2.3.4.5.6.7.8.9 (RFC 9989 5.3.1)\n"
		"no record applies: nothing is evaluated (RFC 9989 5.3.2)\n"
		"organizational domain 1.2.3.4.5.6.7.8.9: no record on the way "
		"up: the domain itself (RFC 9989 4.10.2)\n"
		"  _dmarc.1.2.3.4.5.6.7.8.9: no such name\n"
		"  longer names are not queried (RFC 9989 4.10)\n"
		"  _dmarc.3.4.5.6.7.8.9: no such name\n"
		"  _dmarc.4.5.6.7.8.9: no such name\n"
		"  _dmarc.5.6.7.8.9: no such name\n"
		"  _dmarc.6.7.8.9: no such name\n"
		"  _dmarc.7.8.9: no such name\n"
		"  _dmarc.8.9: no such name\n"
		"  _dmarc.9: no such name\n"},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
the_other_way_is_told_where_it_differs(void **state)
{
	static const struct explain_case walk = {"own.r.org",
	    {{DMARC_DKIM, RESULT_PASS, "r.org", false},
		{DMARC_DKIM, RESULT_PASS, "a.own.r.org", false},
		{DMARC_DKIM, RESULT_PASS, "x.net", false}},
	    "author domain own.r.org (RFC 9989 5.3.1)\n"
	    "record of own.r.org, the author domain's own (RFC 9989 4.10.1): "
	    "v=DMARC1; p=none; psd=n\n"
	    "policy: p=none (RFC 9989 4.7)\n"
	    "disposition of a pass: none (RFC 9989 5.3.6)\n"
	    "organizational domain own.r.org: its record has psd=n "
	    "(RFC 9989 4.10.2)\n"
	    "  _dmarc.own.r.org: the record that applies\n"
	    "  by the public suffix list: r.org\n"
	    "dkim=pass r.org ~ own.r.org relaxed: not below own.r.org: cannot "
	    "be aligned (RFC 9989 4.10.2)\n"
	    "  by the public suffix list: aligned\n"
	    "dkim=pass a.own.r.org ~ own.r.org relaxed: same organization "
	    "(own.r.org): its record has psd=n (RFC 9989 4.10.2)\n"
	    "dkim=pass x.net ~ own.r.org relaxed: not below own.r.org: cannot "
	    "be aligned (RFC 9989 4.10.2)\n" NO_RUA};
	static const struct explain_case list = {"b.own.r.org",
	    {{DMARC_DKIM, RESULT_PASS, "r.org", false}},
	    "author domain b.own.r.org (RFC 9989 5.3.1)\n"
	    "record of r.org, the organizational domain's (RFC 9989 4.10.1): "
	    "v=DMARC1; p=reject; sp=quarantine; np=none\n"
	    "  by the tree walk: the record of own.r.org\n"
	    "policy: np=none, as the author domain does not exist "
	    "(RFC 9989 4.7)\n"
	    "disposition of a pass: none (RFC 9989 5.3.6)\n"
	    "organizational domain r.org: by the public suffix list, one label "
	    "below a suffix (RFC 7489 3.2)\n"
	    "  _dmarc.b.own.r.org: no such name\n"
	    "  _dmarc.r.org: the record that applies\n"
	    "  by the tree walk: own.r.org\n"
	    "dkim=pass r.org ~ b.own.r.org relaxed: same organization (r.org)"
	    ": by the public suffix list, the domain itself "
	    "(RFC 9989 4.10.2)\n"
	    "  by the tree walk: not aligned\n" NO_RUA};
	struct world w = world_new(zone);

	(void)state;
	w.method.compare = w.list;
	check_one(&w, &walk);
	w.method.psl = w.list;
	check_one(&w, &list);
	world_free(&w);
}

static void
policies_are_worked_out(void **state)
{
	static const struct {
		const char *record, *lines;
	} cases[] = {
	    {"v=DMARC1; p=reject; t=y",
		"policy: p=reject (RFC 9989 4.7)\n"
		"  t=y: one level lower, quarantine (RFC 9989 4.7)\n"
		"disposition of a fail: quarantine (RFC 9989 5.3.6)\n"},
	    {"v=DMARC1",
		"policy: p=none, as there is no p= (RFC 9989 4.7)\n"
		"disposition of a fail: none (RFC 9989 5.3.6)\n"},
	    {"v=DMARC1; p=x; p",
		"  invalid value (RFC 9989 4.8): p=x\n"
		"  not a tag (RFC 9989 4.8): p\n"
		"policy: invalid, and there is no valid rua=: nothing is "
		"evaluated (RFC 9989 4.10.1)\n"},
	    {"v=DMARC1; p=x; rua=mailto:a@r.org",
		"  invalid value (RFC 9989 4.8): p=x\n"
		"policy: none, as it is invalid but has a rua= "
		"(RFC 9989 4.10.1)\n"
		"disposition of a fail: none (RFC 9989 5.3.6)\n"},
	    {"v=DMARC1; p=none; pct=5; t=n; t=n; x=y",
		"  obsolete tag (RFC 9989 C.5.2): pct=5\n"
		"  duplicate tag, both ignored (RFC 9989 4.8): t=n\n"
		"  unknown tag (RFC 9989 4.7): x=y\n"
		"policy: p=none (RFC 9989 4.7)\n"
		"disposition of a fail: none (RFC 9989 5.3.6)\n"},
	};
	struct world w = world_new("");

	(void)state;
	w.method.record_of = SPAN("r.org");
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool rua =
		    span_casecontains(span_of(cases[i].record), SPAN("rua"));
		struct explain_case c = {"r.org", {{0}}, NULL};

		w.method.record = span_of(cases[i].record);
		c.lines = arena_printf(w.arena,
		    "author domain r.org (RFC 9989 5.3.1)\n"
		    "record of r.org, the author domain's own, as given "
		    "(RFC 9989 4.10.1): %s\n%s"
		    "organizational domain r.org: " TOPMOST R_WALK "%s",
		    cases[i].record, cases[i].lines,
		    rua ? "rua=mailto:a@r.org: aggregate reports: same "
			  "organization (RFC 9990 4)\n"
			: NO_RUA)
			      .p;
		check_one(&w, &c);
	}
	world_free(&w);
}

static void
what_is_given_can_be_no_record(void **state)
{
	static const struct explain_case c = {"r.org", {{0}},
	    "author domain r.org (RFC 9989 5.3.1)\n"
	    "no record applies: nothing is evaluated (RFC 9989 5.3.2)\n"
	    "organizational domain r.org: no record on the way up: the domain "
	    "itself (RFC 9989 4.10.2)\n"
	    "  _dmarc.r.org: the given text is not a DMARC record\n"
	    "  _dmarc.org: no such name\n"};
	struct world w = world_new(zone);

	(void)state;
	w.method.record_of = SPAN("r.org");
	w.method.record = SPAN("p=reject");
	check_one(&w, &c);
	world_free(&w);
}

static void
the_old_way_cites_its_own_rules(void **state)
{
	static const struct explain_case c = {"a.r.org",
	    {{DMARC_SPF, RESULT_FAIL, "r.org", false}},
	    "author domain a.r.org (RFC 7489 6.6.1)\n"
	    "record of r.org, the organizational domain's (RFC 7489 6.6.3): "
	    "v=DMARC1; p=reject; pct=30; t=y; rua=mailto:a@x.net\n"
	    "policy: p=reject, as there is no sp= (RFC 7489 6.3)\n"
	    "  pct=30 excludes this message: one level lower, quarantine "
	    "(RFC 7489 6.6.4)\n"
	    "disposition of a fail: quarantine (RFC 7489 6.6.2)\n"
	    "organizational domain r.org: by the public suffix list, one label "
	    "below a suffix (RFC 7489 3.2)\n"
	    "  _dmarc.a.r.org: no such name\n"
	    "  _dmarc.r.org: the record that applies\n"
	    "spf=fail r.org ~ a.r.org relaxed: same organization (r.org): by "
	    "the public suffix list, the domain itself; but it did not pass "
	    "(RFC 7489 3.1)\n"
	    "rua=mailto:a@x.net: no aggregate reports: not authorized at "
	    "r.org._report._dmarc.x.net (RFC 7489 7.1)\n"};
	struct world w =
	    world_new("_dmarc.r.org TXT \"v=DMARC1; p=reject; pct=30; t=y; "
		      "rua=mailto:a@x.net\"\n");

	(void)state;
	w.method.psl = w.method.compare = w.list;
	w.method.rfc7489 = true;
	check_one(&w, &c);
	world_free(&w);
}

/* Returns the lines about one record's report addresses alone. */
static struct span
report_lines(struct world *w, const char *record)
{
	struct dmarc_level level = {.domain = SPAN("r.org")};
	struct result r = {.method = "dmarc"};

	dmarc_record_parse(span_of(record), w->arena, &level.record);
	dmarc_verbose_destinations(&w->method, &level, SPAN("r.org"), &r);
	return join_lines(&r, w->arena);
}

static void
each_report_address_is_told_of(void **state)
{
	static const struct {
		const char *record, *lines;
	} cases[] = {
	    {"v=DMARC1; rua=mailto:a@yes.net!1m,mailto:b@no.net",
		"rua=mailto:a@yes.net: aggregate reports: authorized at "
		"r.org._report._dmarc.yes.net (RFC 9990 4)\n"
		"rua=mailto:b@no.net: no aggregate reports: not authorized at "
		"r.org._report._dmarc.no.net (RFC 9990 4)\n"},
	    {"v=DMARC1; rua=mailto:a@else.net; ruf=mailto:b@else.net; fo=1:d",
		"rua=mailto:a@else.net: no aggregate reports: replaced at "
		"r.org._report._dmarc.else.net (RFC 9990 4)\n"
		"  mailto:agg@else.net: aggregate reports instead\n"
		"  mailto:agg2@else.net: aggregate reports instead\n"
		"ruf=mailto:b@else.net: no failure reports with fo=1:d: "
		"replaced at r.org._report._dmarc.else.net (RFC 9990 4)\n"
		"  mailto:fail@else.net: failure reports with fo=1:d "
		"instead\n"},
	    {"v=DMARC1; rua=mailto:agg@else.net; ruf=mailto:b@yes.net",
		"rua=mailto:agg@else.net: aggregate reports: authorized at "
		"r.org._report._dmarc.else.net (RFC 9990 4)\n"
		"  mailto:agg2@else.net: aggregate reports, too\n"
		"ruf=mailto:b@yes.net: failure reports: authorized at "
		"r.org._report._dmarc.yes.net (RFC 9990 4)\n"},
	    {"v=DMARC1; rua=mailto:a@web.net; ruf=mailto:a@web.net",
		"rua=mailto:a@web.net: no aggregate reports: replaced at "
		"r.org._report._dmarc.web.net (RFC 9990 4)\n"
		"  https://web.net/: perhaps aggregate reports instead: not "
		"mailto:\n"
		"ruf=mailto:a@web.net: failure reports: authorized at "
		"r.org._report._dmarc.web.net (RFC 9990 4)\n"},
	    {"v=DMARC1; rua=mailto:a@two.net; ruf=mailto:a@two.net",
		"rua=mailto:a@two.net: no aggregate reports: replaced at "
		"r.org._report._dmarc.two.net (RFC 9990 4)\n"
		"  mailto:b@two.net: aggregate reports instead\n"
		"ruf=mailto:a@two.net: no failure reports: replaced at "
		"r.org._report._dmarc.two.net (RFC 9990 4)\n"
		"  mailto:c@two.net: failure reports instead\n"},
	    {"v=DMARC1; rua=mailto:a@on.net,https://x.net/",
		"rua=mailto:a@on.net: no aggregate reports: not authorized at "
		"r.org._report._dmarc.on.net, which redirects to victim.net "
		"(RFC 9990 4)\n"
		"rua=https://x.net/: perhaps aggregate reports: not mailto: "
		"(RFC 9990 4)\n"},
	    {"v=DMARC1; rua=mailto:a@dead.net,mailto:b@dead.r.org",
		"rua=mailto:a@dead.net: perhaps aggregate reports: the DNS "
		"fails for r.org._report._dmarc.dead.net (RFC 9990 4)\n"
		"rua=mailto:b@dead.r.org: perhaps aggregate reports: the DNS "
		"fails for the organizational domain (RFC 9990 4)\n"},
	    {"v=DMARC1; fo=1", NO_RUA},
	};
	struct world w =
	    world_new("_dmarc.r.org TXT \"v=DMARC1\"\n"
		      "r.org._report._dmarc.yes.net TXT \"v=DMARC1\"\n"
		      "r.org._report._dmarc.else.net TXT \"v=DMARC1; "
		      "rua=mailto:agg@else.net,mailto:agg2@else.net; "
		      "ruf=mailto:fail@else.net\"\n"
		      "r.org._report._dmarc.web.net TXT \"v=DMARC1; "
		      "rua=https://web.net/\"\n"
		      "r.org._report._dmarc.two.net TXT \"v=DMARC1; "
		      "rua=mailto:b@two.net\"\n"
		      "r.org._report._dmarc.two.net TXT \"v=DMARC1; "
		      "ruf=mailto:c@two.net\"\n"
		      "r.org._report._dmarc.on.net TXT \"v=DMARC1; "
		      "rua=mailto:a@victim.net\"\n"
		      ";!SERVFAIL r.org._report._dmarc.dead.net TXT\n"
		      ";!SERVFAIL _dmarc.dead.r.org TXT\n");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		same(cases[i].record, report_lines(&w, cases[i].record),
		    cases[i].lines);
	world_free(&w);
}

static void
addresses_of_a_tag_are_asked_for_up_to_the_limit(void **state)
{
	struct world w = world_new("_dmarc.r.org TXT \"v=DMARC1\"\n");

	(void)state;
	for (unsigned n = LIMIT_DMARC_ADDRESSES; n <= LIMIT_DMARC_ADDRESSES + 1;
	     n++) {
		struct buf b = BUF(w.arena);
		struct span lines;

		buf_str(&b, "v=DMARC1; rua=");
		for (unsigned i = 0; i < n; i++)
			buf_printf(&b, "%smailto:a@%u.net", i ? "," : "", i);
		lines = report_lines(&w, arena_cstr(w.arena, buf_span(&b)));
		assert_int_equal(
		    span_casecontains(lines, SPAN("rua=: 1 more addresses\n")),
		    n > LIMIT_DMARC_ADDRESSES);
		assert_true(span_casecontains(
		    world_asked(&w), SPAN("r.org._report._dmarc.19.net ")));
		assert_false(span_casecontains(
		    world_asked(&w), SPAN("r.org._report._dmarc.20.net ")));
	}
	world_free(&w);
}

static void
authorized_addresses_are_shown_up_to_the_limit(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct world w;
	struct span lines;

	(void)state;
	buf_str(&b, "r.org._report._dmarc.h.net TXT (\"v=DMARC1; rua=\"");
	for (unsigned i = 0; i <= LIMIT_DMARC_ADDRESSES; i++)
		buf_printf(&b, " \"%smailto:%u@h.net\"", i ? "," : "", i);
	buf_str(&b, ")\n");
	w = world_new(arena_cstr(a, buf_span(&b)));
	lines = report_lines(&w, "v=DMARC1; rua=mailto:a@h.net");
	assert_true(span_casecontains(lines, SPAN("  mailto:19@h.net: ")));
	assert_false(span_casecontains(lines, SPAN("  mailto:20@h.net: ")));
	assert_true(span_casecontains(lines, SPAN("  1 more addresses\n")));
	world_free(&w);
	arena_free(a);
}

static void
the_one_that_decides_is_marked_and_another_has_no_reports(void **state)
{
	struct world w = world_new(zone);
	struct dmarc_verdict v;

	(void)state;
	dmarc_eval(&w.method, SPAN("r.org"), NULL, 0, 0, &v);
	for (size_t i = 0; i < 3; i++) {
		static const enum dmarc_part part[] = {
		    DMARC_ALONE, DMARC_DECIDES, DMARC_BESIDE};
		struct result r = {.method = "dmarc"};
		struct span last;

		dmarc_verbose(&w.method, &v, part[i], &r);
		last = r.detail[r.ndetail - 1].text;
		same("r.org", r.detail[0].text,
		    part[i] == DMARC_DECIDES
			? "author domain r.org (RFC 9989 5.3.1)  <-- decides"
			: "author domain r.org (RFC 9989 5.3.1)");
		assert_int_equal(span_casecontains(last, SPAN(" reports")),
		    part[i] != DMARC_BESIDE);
	}
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_step_has_a_line),
	    cmocka_unit_test(what_was_found_on_the_way_is_told),
	    cmocka_unit_test(a_jump_is_told),
	    cmocka_unit_test(the_other_way_is_told_where_it_differs),
	    cmocka_unit_test(policies_are_worked_out),
	    cmocka_unit_test(what_is_given_can_be_no_record),
	    cmocka_unit_test(the_old_way_cites_its_own_rules),
	    cmocka_unit_test(each_report_address_is_told_of),
	    cmocka_unit_test(addresses_of_a_tag_are_asked_for_up_to_the_limit),
	    cmocka_unit_test(authorized_addresses_are_shown_up_to_the_limit),
	    cmocka_unit_test(
		the_one_that_decides_is_marked_and_another_has_no_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
