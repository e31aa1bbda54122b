/* test_vbr_check: a message to a VBR verdict. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"

#include "mail/authres.h"
#include "base/buf.h"
#include "fixture_zone.h"
#include "vbr/vbr.h"

static const char zone[] =
    "all.example._vouch.c1.example. 1 IN TXT \"all\"\n"
    "all.example._vouch.c2.example. 1 IN TXT \"list all\"\n"
    "some.example._vouch.c1.example. 1 IN TXT \"list\"\n"
    "some.example._vouch.c2.example. 1 IN TXT \"trans\" \"action\"\n"
    "bad.example._vouch.c1.example. 1 IN TXT \"Error: open resolver\"\n"
    "two.example._vouch.c1.example. 1 IN TXT \"all\"\n"
    "two.example._vouch.c1.example. 1 IN TXT \"list\"\n"
    ";!SERVFAIL late.example._vouch.c1.example. TXT\n"
    ";!TIMEOUT late.example._vouch.c2.example. TXT\n"
    ";!SERVFAIL two.example._vouch.c2.example. TXT\n"
    "a.all.example._vouch.c3.example. 1 IN TXT \"all\"\n"
    "all.example._vouch.dwl.example. 1 IN A 127.0.2.3\n"
    "some.example._vouch.dwl.example. 1 IN A 127.0.0.1\n"
    "late.example._vouch.dwl.example. 1 IN A 127.255.255.254\n";

struct check {
	const char *fields;     /* above From */
	const char *domains;    /* "pass a.example From:To, fail b.example";
				   "?": the signed names are not known */
	const char *certifiers; /* "c1.example c2.example/a" */
	const char *expect;
	size_t asked; /* the number of queries; 0: not checked */
};

static const struct vbr_policy by_field = {.ncertifiers = 0},
			       any_certifier = {.ignore_mv = true},
			       without_field = {.without_info = true};

static size_t
domains_of(const char *text, struct arena *a, struct vbr_domain **list)
{
	struct span rest = span_of(text);
	size_t n = 0;

	*list = NULL;
	while (!span_empty(rest)) {
		struct span names = span_trim(span_cut(&rest, ','));
		struct span code = span_cut(&names, ' ');
		struct vbr_domain d = {.name = span_cut(&names, ' ')};

		assert_true(result_parse(code, &d.code));
		d.is_signature = names.p;
		d.signed_names = span_eq(names, SPAN("?")) ? SPAN_NONE : names;
		*ARENA_PUSH(a, *list, n) = d;
	}
	return n;
}

/* Returns the policy with the certifiers "c1.example c2.example/a". */
static struct vbr_policy
trusting(struct vbr_policy policy, const char *certifiers, struct arena *a)
{
	struct vbr_certifier *list = NULL;
	struct span rest = span_of(certifiers);

	while (!span_empty(rest)) {
		struct vbr_certifier *c =
		    ARENA_PUSH(a, list, policy.ncertifiers);

		assert_true(vbr_certifier_parse(span_cut(&rest, ' '), a, c));
	}
	policy.certifiers = list;
	return policy;
}

static void
check(struct fixture *f, struct vbr_policy policy, const struct check *c)
{
	struct arena *a = arena_new();
	struct dns *d = dns_of(span_of(zone), a);
	const struct dns_answer *const *asked;
	struct vbr_domain *domain;
	size_t n = domains_of(c->domains, a, &domain);
	struct vbr_check v;
	struct result r;
	struct span line;

	policy = trusting(policy, c->certifiers, a);
	assert_int_equal(
	    read_file(
		f, arena_printf(a, "%sFrom: a@x.example\n\nbody\n", c->fields)),
	    MESSAGE_OK);
	vbr_check_begin(&v, &f->m, &policy, d);
	vbr_check_prefetch(&v, domain, n);
	vbr_check_end(&v, domain, n);
	vbr_check_result(&v, &r);
	vbr_verbose(&v, domain, n, &r);
	line = authres_line(&r, a);
	if (!span_eq(line, span_of(c->expect)))
		fail_msg("%s%s, %s\nis  " SPAN_FMT "\nnot %s", c->fields,
		    c->domains, c->certifiers, SPAN_ARG(line), c->expect);
	if (c->asked)
		assert_int_equal(dns_asked(d, &asked), c->asked);
	dns_free(d);
	arena_free(a);
}

static void
check_all(struct fixture *f, struct vbr_policy policy, const struct check *c,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(f, policy, &c[i]);
}

#define VBR(md, mc, mv) "VBR-Info: md=" md "; mc=" mc "; mv=" mv ";\n"
#define PASS(md, mv)    "vbr=pass header.md=" md " header.mv=" mv

#define C1     "c1.example"
#define ALL    VBR("all.example", "all", "c1.example")
#define PASSED PASS("all.example", C1)

static void
a_trusted_certifier_that_is_named_decides(void **state)
{
	static const struct check cases[] = {
	    {VBR("all.example", "list", "c1.example"), "pass all.example", C1,
		PASSED, 1},
	    {VBR("All.Example.", "LIST", "C1.EXAMPLE"), "pass all.example",
		"c1.EXAMPLE.", PASSED, 0},
	    {"vbr-INFO : x-y=1; mv=c9.example:c1.example;\n"
	     " q; Md=all.example;mc=anything\n",
		"pass all.example", C1, PASSED, 0},
	    {VBR("some.example", "list", "c1.example"), "pass some.example", C1,
		PASS("some.example", "c1.example"), 0},
	    {VBR("some.example", "transaction", "c2.example"),
		"pass some.example", "c2.example",
		PASS("some.example", "c2.example"), 0},
	    {VBR("some.example", "all", "c1.example"), "pass some.example", C1,
		"vbr=fail reason=\"not-this-type: the certifier vouches for "
		"other types of mail: list\" header.md=some.example "
		"header.mv=c1.example",
		0},
	    {VBR("none.example", "all", "c1.example"), "pass none.example", C1,
		"vbr=fail reason=\"not-listed: the certifier does not know the "
		"domain\" header.md=none.example header.mv=c1.example",
		0},
	    {VBR("bad.example", "all", "c1.example"), "pass bad.example", C1,
		"vbr=fail reason=\"bad-record: the certifier's record is not a "
		"list of types\" header.md=bad.example header.mv=c1.example",
		0},
	    {VBR("two.example", "all", "c1.example"), "pass two.example", C1,
		"vbr=permerror reason=\"multiple-records: the certifier has "
		"several records for the domain\" header.md=two.example "
		"header.mv=c1.example",
		0},
	    {VBR("late.example", "all", "c1.example"), "pass late.example", C1,
		"vbr=temperror reason=\"dns-servfail: the DNS returned "
		"SERVFAIL\" "
		"header.md=late.example header.mv=c1.example",
		0},
	    {VBR("all.example", "list", "dwl.example"), "pass all.example",
		"dwl.example/a", PASS("all.example", "dwl.example"), 0},
	    {VBR("some.example", "list", "dwl.example"), "pass some.example",
		"dwl.example/A",
		"vbr=fail reason=\"other-address: the certifier's address does "
		"not vouch: 127.0.0.1\" header.md=some.example "
		"header.mv=dwl.example",
		0},
	    {VBR("late.example", "list", "dwl.example"), "pass late.example",
		"dwl.example/a",
		"vbr=permerror reason=\"query-refused: the certifier refuses "
		"queries sent this way: 127.255.255.254\" "
		"header.md=late.example header.mv=dwl.example",
		0},
	};

	check_all(*state, by_field, cases, COUNT(cases));
}

#define NONE    "vbr=none reason=\""
#define NO_INFO NONE "no-vbr-info: the message has no VBR-Info field\""
#define INFO_SYNTAX                                                      \
	NONE "vbr-info-syntax: no VBR-Info field of the message can be " \
	     "parsed: no mv=\""
#define NO_CERTIFIER \
	NONE "no-trusted-certifier: no trusted certifier is named\""
#define NOT_AUTHENTICATED                                              \
	NONE "not-authenticated: no domain that could be vouched for " \
	     "is authenticated here"

static void
who_is_not_trusted_or_not_authenticated_is_not_asked(void **state)
{
	static const struct check cases[] = {
	    {"", "pass all.example", "c1.example", NO_INFO, 0},
	    {"VBR-Info: md=all.example; mc=all\n", "pass all.example", C1,
		INFO_SYNTAX, 0},
	    {ALL, "pass all.example", "", NO_CERTIFIER, 0},
	    {ALL, "pass all.example", "c2.example", NO_CERTIFIER, 0},
	    {ALL, "pass all.example", "example", NO_CERTIFIER, 0},
	    {ALL, "", C1, NOT_AUTHENTICATED ": all.example\"", 0},
	    {ALL, "fail all.example, pass a.all.example, pass example", C1,
		NOT_AUTHENTICATED ": all.example\"", 0},
	    {VBR("a.all.example", "all", "c3.example"), "pass all.example",
		"c3.example", NOT_AUTHENTICATED ": a.all.example\"", 0},
	    {ALL,
		"neutral all.example, policy all.example, softfail all.example",
		C1, NOT_AUTHENTICATED ": all.example\"", 0},
	    {ALL, "temperror all.example, fail all.example", C1,
		"vbr=temperror reason=\"authentication-temperror: the "
		"certifier vouches, but the domain cannot be authenticated "
		"now\" header.md=all.example header.mv=c1.example",
		0},
	    {ALL, "temperror all.example, pass all.example", C1, PASSED, 0},
	    {VBR("none.example", "all", "c1.example"), "temperror none.example",
		C1,
		"vbr=fail reason=\"not-listed: the certifier does not know the "
		"domain\" header.md=none.example header.mv=c1.example",
		0},
	};

	check_all(*state, by_field, cases, COUNT(cases));
}

#define BOTH "c1.example:c2.example"

static void
the_first_pass_by_preference_wins_then_temperror_fail_permerror(void **state)
{
	static const struct check cases[] = {
	    {VBR("all.example", "all", BOTH), "pass all.example",
		"c1.example c2.example", PASSED, 1},
	    {VBR("all.example", "all", BOTH), "pass all.example",
		"c2.example c1.example", PASS("all.example", "c2.example"), 1},
	    {VBR("some.example", "transaction", BOTH), "pass some.example",
		"c1.example c2.example", PASS("some.example", "c2.example"), 2},
	    {VBR("two.example", "all", BOTH), "pass two.example",
		"c1.example c2.example",
		"vbr=temperror reason=\"dns-servfail: the DNS returned "
		"SERVFAIL\" "
		"header.md=two.example header.mv=c2.example",
		0},
	    {VBR("late.example", "all", BOTH), "pass late.example",
		"c2.example c1.example",
		"vbr=temperror reason=\"dns-timeout: no DNS server answered in "
		"time\" header.md=late.example header.mv=c2.example",
		0},
	    {VBR("two.example", "all", "c1.example:dwl.example"),
		"pass two.example", "c1.example dwl.example/a",
		"vbr=fail reason=\"not-listed: the certifier does not know the "
		"domain\" header.md=two.example header.mv=dwl.example",
		0},
	    {VBR("none.example", "all", "c1.example")
		    VBR("all.example", "all", "c2.example"),
		"pass none.example, pass all.example", "c1.example c2.example",
		PASS("all.example", "c2.example"), 0},
	    {VBR("late.example", "all", "c1.example") ALL,
		"pass late.example, fail all.example", C1,
		"vbr=temperror reason=\"dns-servfail: the DNS returned "
		"SERVFAIL\" "
		"header.md=late.example header.mv=c1.example",
		0},
	    {ALL ALL, "pass all.example", C1, PASSED, 1},
	};

	check_all(*state, by_field, cases, COUNT(cases));
}

static void
all_certifiers_may_be_asked_whomever_the_field_names(void **state)
{
	static const struct check cases[] = {
	    {VBR("all.example", "all", "c9.example"), "pass all.example", C1,
		PASSED, 1},
	};

	check_all(*state, any_certifier, cases, COUNT(cases));
}

#define MIXED                                                            \
	"vbr=fail reason=\"mixed-types: VBR-Info fields of the message " \
	"have different mc="

static void
different_types_fail(void **state)
{
	static const struct check cases[] = {
	    {ALL VBR("all.example", "list", "c1.example"), "pass all.example",
		C1, MIXED "\"", 0},
	    {ALL VBR("x.example", "list", "c9.example"), "", "", MIXED "\"", 0},
	    {ALL VBR("all.example", "ALL", "c1.example"), "pass all.example",
		C1, PASSED, 0},
	    {ALL VBR("all.example", "l1", "c1.example"), "pass all.example", C1,
		"vbr=pass reason=\"vbr-info-syntax: 1 VBR-Info field(s) cannot "
		"be parsed: mc='l1'\" header.md=all.example "
		"header.mv=c1.example",
		0},
	};

	check_all(*state, by_field, cases, COUNT(cases));
}

#define UNSIGNED                                                            \
	"vbr=pass reason=\"vbr-info-unsigned: no passing signature of the " \
	"domain covers the VBR-Info field\" header.md=all.example "         \
	"header.mv=c1.example"

static void
a_field_that_the_signature_does_not_cover_is_said(void **state)
{
	static const struct check cases[] = {
	    {ALL, "pass all.example From:vbr-info", C1, PASSED, 0},
	    {ALL, "pass all.example From", C1, UNSIGNED, 0},
	    {ALL, "pass all.example From, pass all.example VBR-Info", C1,
		PASSED, 0},
	    {ALL,
		"pass all.example From, fail all.example VBR-Info, "
		"pass x.example VBR-Info",
		C1, UNSIGNED, 0},
	    /* Counted bottom up: the upper field is the second. */
	    {ALL VBR("x.example", "all", "c9.example"),
		"pass all.example VBR-Info", C1, UNSIGNED, 0},
	    {ALL VBR("x.example", "all", "c9.example"),
		"pass all.example VBR-Info : From:VBR-INFO", C1, PASSED, 0},
	    {VBR("x.example", "all", "c9.example") ALL,
		"pass all.example VBR-Info", C1, PASSED, 0},
	    {ALL ALL, "pass all.example VBR-Info", C1, PASSED, 0},
	    {ALL, "pass all.example ?", C1, PASSED, 0},
	    {ALL, "pass all.example From, pass all.example ?", C1, PASSED, 0},
	    {ALL, "pass all.example From, fail all.example ?, pass all.example",
		C1, UNSIGNED, 0},
	    {ALL "VBR-Info: x\n", "pass all.example VBR-Info", C1,
		"vbr=pass reason=\"vbr-info-unsigned: no passing signature of "
		"the domain covers the VBR-Info field; vbr-info-syntax: 1 "
		"VBR-Info field(s) cannot be parsed: no md=\" "
		"header.md=all.example "
		"header.mv=c1.example",
		0},
	};

	check_all(*state, by_field, cases, COUNT(cases));
}

static void
without_a_field_authenticated_domains_are_asked_for_all(void **state)
{
	static const struct check cases[] = {
	    {"", "fail x.example, pass all.example", C1, PASSED, 0},
	    {"", "pass some.example From, pass all.example From", C1, PASSED,
		2},
	    {"", "pass some.example, pass some.example", C1,
		"vbr=fail reason=\"not-this-type: the certifier vouches for "
		"other types of mail: list\" header.md=some.example "
		"header.mv=c1.example",
		1},
	    {"VBR-Info: x\n", "pass all.example", "c9.example dwl.example/a",
		"vbr=pass reason=\"vbr-info-syntax: 1 VBR-Info field(s) cannot "
		"be parsed: no md=\" header.md=all.example "
		"header.mv=dwl.example",
		0},
	    {VBR("x.example", "all", "c1.example"), "pass all.example", C1,
		NOT_AUTHENTICATED ": x.example\"", 0},
	    {"", "pass all.example", "", NO_CERTIFIER, 0},
	    {"", "fail all.example", C1, NOT_AUTHENTICATED "\"", 0},
	    {"", "", C1, NOT_AUTHENTICATED "\"", 0},
	    {"", "temperror all.example", C1,
		"vbr=temperror reason=\"authentication-temperror: the "
		"certifier vouches, but the domain cannot be authenticated "
		"now\" header.md=all.example header.mv=c1.example",
		0},
	    {"", "temperror none.example", C1,
		"vbr=fail reason=\"not-listed: the certifier does not know the "
		"domain\" header.md=none.example header.mv=c1.example",
		0},
	};

	check_all(*state, without_field, cases, COUNT(cases));
}

static void
fields_over_the_limit_are_not_judged(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct check c = {
	    .domains = "pass all.example", .certifiers = C1, .asked = 1};

	for (size_t i = 0; i + 1 < LIMIT_VBR_INFO; i++)
		buf_str(&b, VBR("x.example", "all", "c1.example"));
	buf_str(&b, ALL);
	c.fields = arena_cstr(a, buf_span(&b));
	c.expect = PASSED;
	check(*state, by_field, &c);
	/* Fields below the limit are ignored. */
	buf_str(&b, VBR("all.example", "list", "c1.example"));
	c.fields = arena_cstr(a, buf_span(&b));
	c.expect = "vbr=pass reason=\"too-many-vbr-info: 1 more VBR-Info "
		   "field(s) are not checked\" header.md=all.example "
		   "header.mv=c1.example";
	check(*state, by_field, &c);
	c.fields = arena_printf(a, "VBR-Info: x\n%s", c.fields).p;
	c.expect = NOT_AUTHENTICATED ": x.example; vbr-info-syntax: 1 VBR-Info "
				     "field(s) cannot be parsed: no md=; "
				     "too-many-vbr-info: 2 more VBR-Info "
				     "field(s) are not checked\"";
	c.asked = 0;
	check(*state, by_field, &c);
	arena_free(a);
}

static void
who_needs_no_authentication_says_so_at_once(void **state)
{
	static const struct {
		const char *fields;
		const struct vbr_policy *policy;
		const char *certifiers;
		bool is_open;
	} cases[] = {
	    {"", &by_field, C1, false},
	    {"", &without_field, C1, true},
	    {"", &without_field, "", false},
	    {"VBR-Info: x\n", &by_field, C1, false},
	    {ALL, &by_field, C1, true},
	    {ALL, &by_field, "c2.example", false},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(span_of(zone), a);
		const struct vbr_policy policy =
		    trusting(*cases[i].policy, cases[i].certifiers, a);
		struct vbr_check v;

		read_file(f,
		    arena_printf(
			a, "%sFrom: a@x.example\n\n", cases[i].fields));
		vbr_check_begin(&v, &f->m, &policy, d);
		assert_int_equal(v.reason == VBR_OK, cases[i].is_open);
		dns_free(d);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_trusted_certifier_that_is_named_decides),
	    TEST(who_is_not_trusted_or_not_authenticated_is_not_asked),
	    TEST(
		the_first_pass_by_preference_wins_then_temperror_fail_permerror),
	    TEST(all_certifiers_may_be_asked_whomever_the_field_names),
	    TEST(different_types_fail),
	    TEST(a_field_that_the_signature_does_not_cover_is_said),
	    TEST(without_a_field_authenticated_domains_are_asked_for_all),
	    TEST(fields_over_the_limit_are_not_judged),
	    TEST(who_needs_no_authentication_says_so_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
