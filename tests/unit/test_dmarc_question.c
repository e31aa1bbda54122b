/* test_dmarc_question: answers about DMARC, and records that make a no a yes. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "../helper/random.h"
#include "fixture_dmarc_lint.h"

static const enum question_id ids[] = {
    QUESTION_EXACT_DOMAIN, QUESTION_SUBDOMAINS, QUESTION_REPORTS};

/* The answers to exact-domain, subdomains and reports: "y", "n", "?" for not
 * known; and their proofs, with "|" between them. */
struct answer_case {
	const char *zone, *answers, *proofs;
};

static char
letter(enum answer answer)
{
	return answer == ANSWER_YES ? 'y' : answer == ANSWER_NO ? 'n' : '?';
}

static struct span
answers_of(const struct question *q, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < COUNT(ids); i++)
		buf_char(&b, letter(q[ids[i]].answer));
	return buf_span(&b);
}

static struct span
proofs_of(const struct question *q, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < COUNT(ids); i++) {
		if (i)
			buf_char(&b, '|');
		buf_add(&b, q[ids[i]].proof);
	}
	return buf_span(&b);
}

static bool
has_warning(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].level >= FINDING_WARNING)
			return true;
	return false;
}

/* What holds for all answers. */
static void
check_form(const char *zone, const struct question *q, const struct findings *f)
{
	for (size_t i = 0; i < COUNT(ids); i++) {
		const struct question *one = &q[ids[i]];

		assert_true(one->proof.len > 0);
		assert_int_equal(span_find(one->proof, '\n'), one->proof.len);
		assert_int_equal(one->mend.p != NULL,
		    one->answer == ANSWER_NO || one->change);
		assert_true(one->answer != ANSWER_NOT_KNOWN || !one->change);
		if (one->answer == ANSWER_NO && !has_warning(f))
			fail_msg("%s: a no without a finding", zone);
	}
}

/* Puts a change into the zone and returns the answer after it. */
static enum answer
answer_after(const char *zone, struct span domain, const struct question *q,
    enum question_id id, const struct dmarc_method *method)
{
	struct arena *a = arena_new();
	const char **sets = NULL;
	struct dns_config config = {.timeout = 5};
	struct dmarc_method changed = *method;
	struct question after[QUESTION_COUNT];
	enum answer answer;
	struct dmarc_lint l;

	for (size_t i = 0; i <= q->nmore; i++)
		*ARENA_PUSH(a, sets, config.nsets) = arena_cstr(a,
		    ARENA_JOIN(
			a, q->change[i].name, SPAN(" TXT "), q->change[i].add));
	config.sets = sets;
	changed.arena = a;
	changed.dns = dns_over(
	    ARENA_JOIN(a, SPAN(SOUND_HOSTS), span_of(zone), SPAN("\n")), config,
	    a);
	dmarc_lint(&changed, domain, &l);
	dmarc_questions(&changed, &l, after);
	answer = after[id].answer;
	dns_free(changed.dns);
	arena_free(a);
	return answer;
}

static void
check_changes(const char *zone, struct span domain, const struct question *q,
    const struct dmarc_method *method)
{
	for (size_t i = 0; i < COUNT(ids); i++)
		if (q[ids[i]].change)
			assert_int_equal(answer_after(zone, domain, &q[ids[i]],
					     ids[i], method),
			    ANSWER_YES);
}

struct run {
	struct arena *arena;
	struct dmarc_method method;
	struct dmarc_lint lint;
	struct question q[QUESTION_COUNT];
};

static void
begin(struct run *r, const char *zone, const char *domain)
{
	*r = (struct run){.arena = arena_new()};
	r->method = method_of(zone, r->arena);
	dmarc_lint(&r->method, span_of(domain), &r->lint);
	dmarc_questions(&r->method, &r->lint, r->q);
	check_form(zone, r->q, &r->lint.findings);
	check_changes(zone, span_of(domain), r->q, &r->method);
}

static void
end(struct run *r)
{
	dns_free(r->method.dns);
	arena_free(r->arena);
}

static void
check_answers(const struct answer_case *c, size_t n, const char *domain)
{
	for (size_t i = 0; i < n; i++) {
		struct run r;

		begin(&r, c[i].zone, domain);
		same(c[i].zone, answers_of(r.q, r.arena), c[i].answers);
		same(c[i].zone, proofs_of(r.q, r.arena), c[i].proofs);
		end(&r);
	}
}

static void
each_question_has_each_answer(void **state)
{
	static const struct answer_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"", "yyy",
		"p=reject of example.org|p=reject of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=quarantine; sp=reject; np=quarantine; "
	     "rua=mailto:a@example.org,mailto:b@agreed.example\"",
		"yyy",
		"p=quarantine of example.org|sp=reject and np=quarantine of "
		"example.org|rua=mailto:a@example.org of example.org, and "
		"others"},
	    {"", "nnn",
		"no DMARC record applies to example.org|no DMARC record "
		"applies to names below example.org|no DMARC record applies "
		"to example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=none\"", "nnn",
		"p=none of example.org|p=none of example.org|no rua= in the "
		"record of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; t=y; " RUA "\"", "nny",
		"t=y of example.org requests less of receivers than its "
		"policy|t=y of example.org requests less of receivers than its "
		"policy|rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"", "yny",
		"p=reject of example.org|sp=none of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=none; sp=reject; np=none; " RUA "\"",
		"nny",
		"p=none of example.org|sp=reject and np=none of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=rejct; rua=mailto:a@none.example.org\"",
		"nnn",
		"the record of example.org has an invalid policy, and all "
		"count as none|the record of example.org has an invalid "
		"policy, and all count as none|no address of rua= works in "
		"the record of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc TXT \"v=DMARC1; p=reject\"",
		"nnn",
		"several DMARC records at _dmarc.example.org: receivers "
		"ignore all of them|several DMARC records at "
		"_dmarc.example.org: receivers ignore all of them|several "
		"DMARC records at _dmarc.example.org: receivers ignore all of "
		"them"},
	    {";!SERVFAIL _dmarc TXT", "???",
		"_dmarc.example.org TXT: SERVFAIL|_dmarc.example.org TXT: "
		"SERVFAIL|_dmarc.example.org TXT: SERVFAIL"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     ";!SERVFAIL @ MX",
		"yy?",
		"p=reject of example.org|p=reject of example.org|not all "
		"addresses of rua= could be checked in the record of "
		"example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA
	     ",mailto:b@down.example\"\n;!SERVFAIL down.example. MX",
		"yyy",
		"p=reject of example.org|p=reject of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     ";!SERVFAIL _dmarc.org. TXT",
		"y??",
		"p=reject of example.org|_dmarc.org TXT: SERVFAIL|not all "
		"addresses of rua= could be checked in the record of "
		"example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"",
		"yny",
		"p=reject of example.org|p=none of a.example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc.b TXT \"v=DMARC1; p=reject; t=y\"\n"
	     ";!SERVFAIL _dmarc.org. TXT",
		"yn?",
		"p=reject of example.org|p=none of a.example.org, and 1 other "
		"below|not all addresses of rua= could be checked in the "
		"record of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "*.example.org. TXT \"v=DMARC1; p=none\"",
		"yny",
		"p=reject of example.org|p=none of a wildcard record|"
		"rua=mailto:a@example.org of example.org"},
	};

	(void)state;
	check_answers(cases, COUNT(cases), "example.org");
}

static void
a_subdomain_takes_sp_or_np(void **state)
{
	static const struct answer_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=none; sp=reject; " RUA "\"", "yyy",
		"sp=reject of example.org|sp=reject of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; "
	     "rua=mailto:a@sub.example.org\"",
		"yny",
		"p=reject of sub.example.org|sp=none of example.org|"
		"rua=mailto:a@sub.example.org of sub.example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; np=reject; " RUA
	     "\"\n;!SERVFAIL sub A",
		"?ny",
		"sp=none or np=reject of example.org: sub.example.org: the DNS "
		"returned SERVFAIL|sp=none and np=reject of example.org|"
		"rua=mailto:a@example.org of example.org"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=quarantine; np=reject; " RUA
	     "\"\n;!SERVFAIL sub A",
		"yyy",
		"sp=quarantine or np=reject of example.org|sp=quarantine and "
		"np=reject of example.org|rua=mailto:a@example.org of "
		"example.org"},
	    {";!SERVFAIL _dmarc TXT\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=none\"",
		"n?n",
		"p=none of sub.example.org|_dmarc.example.org TXT: SERVFAIL|"
		"no rua= in the record of sub.example.org"},
	};

	(void)state;
	check_answers(cases, COUNT(cases), "sub.example.org");
}

static void
a_name_that_does_not_exist_takes_np(void **state)
{
	static const struct answer_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; np=none; " RUA "\"", "nny",
		"np=none of example.org|p=reject and np=none of example.org|"
		"rua=mailto:a@example.org of example.org"},
	};

	(void)state;
	check_answers(cases, COUNT(cases), "no.example.org");
}

/*
 * Changes.
 */

/* The record proposed at _dmarc.example.org, or "" if there is none. */
struct change_case {
	const char *zone, *add;
	size_t removed;
};

static void
check_change(const struct change_case *c, const char *domain)
{
	const struct question_change *change = NULL;
	struct run r;

	begin(&r, c->zone, domain);
	for (size_t i = 0; i < COUNT(ids); i++) {
		const struct question *q = &r.q[ids[i]];

		if (q->answer != ANSWER_NO)
			continue;
		if (i && change && q->change)
			assert_ptr_equal(q->change, change);
		change = q->change ? q->change : change;
	}
	same(c->zone, change ? change->add : SPAN(""), c->add);
	assert_int_equal(change ? change->nremove : 0, c->removed);
	end(&r);
}

#define MAILBOX "rua=mailto:dmarc-reports@example.org"

static void
one_record_mends_all_that_is_wrong(void **state)
{
	static const struct change_case cases[] = {
	    {"", "v=DMARC1; p=quarantine; " MAILBOX, 0},
	    {"_dmarc TXT \"v=DMARC1; p=none\"",
		"v=DMARC1; p=quarantine; " MAILBOX, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; t=y; " RUA "\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject\"",
		"v=DMARC1; p=reject; " MAILBOX, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; np=none; " RUA "\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=none; sp=reject; np=none; " RUA "\"",
		"v=DMARC1; p=quarantine; sp=reject; " RUA, 1},
	    {"_dmarc TXT \"v = DMARC1; " RUA "; pct=50; x=y; adkim=s; "
	     "p=rejct; aspf=q; adkim=r; fo=1;; ri=1\"",
		"v=DMARC1; p=reject; adkim=s; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=re\\226\\128\\139ject\\\\; \\\"" RUA
	     "\\\"\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1 p=reject, " RUA " ruf=b@example.org fo=1\"",
		"v=DMARC1; p=reject; fo=1; " RUA "; ruf=mailto:b@example.org",
		1},
	    {"_dmarc TXT \"\\226\\128\\156v=dmarc1; P=Reject; Rua=mailto://a@"
	     "example.org\\226\\128\\157\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.org; "
	     "mailto:b@example.org\"",
		"v=DMARC1; p=quarantine; rua=mailto:a@example.org,"
		"mailto:b@example.org",
		1},
	    {"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@gone.example,mailto:b"
	     "@agreed.example!10m,mail:c@example.org\"",
		"v=DMARC1; p=quarantine; rua=mailto:b@agreed.example,"
		"mailto:c@example.org",
		1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@gone.example; "
	     "ruf=mailto:b@gone.example; fo=1\"",
		"v=DMARC1; p=reject; " MAILBOX, 1},
	    {"_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.org\"\n"
	     "_dmarc TXT \"text\"\n"
	     "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:b@example.org\"",
		"v=DMARC1; p=reject; rua=mailto:a@example.org,"
		"mailto:b@example.org",
		2},
	    {"_dmarc TXT \"v=DMARC1; p=none; " RUA "\"\n"
	     "_dmarc TXT \"v=dmarc1; p=reject; rua=mailto:b@example.org\"",
		"v=DMARC1; p=quarantine; " RUA, 2},
	    {"_dmarc CNAME gone.example.", "v=DMARC1; p=quarantine; " MAILBOX,
		1},
	    {"_dmarc CNAME policy.example.\n"
	     "policy.example. TXT \"v=DMARC1; p=none; " RUA "\"",
		"v=DMARC1; p=quarantine; " RUA, 1},
	    {"*.example.org. TXT \"v=DMARC1; p=none; " RUA "\"",
		"v=DMARC1; p=quarantine; " RUA, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_change(&cases[i], "example.org");
}

/* The first finding that a proposed record leaves, or "". */
static void
a_proposed_record_has_no_findings(void **state)
{
	static const char *const zones[] = {
	    "_dmarc TXT \"v = DMARC1; sp=none; " RUA "; pct=50; x=y; p=rejct; "
	    "aspf=q; adkim=s; fo=1; t=y; psd=y\"",
	    "_dmarc TXT \"v=DMARC1; p=none; rua=a@example.org,mailto:b@gone."
	    "example; ruf=mailto:c@agreed.example!1m; fo=d\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(zones); i++) {
		struct dmarc_method what_if;
		struct dmarc_lint l;
		struct run r;

		begin(&r, zones[i], "example.org");
		assert_non_null(r.q[QUESTION_EXACT_DOMAIN].change);
		what_if = r.method;
		what_if.record = r.q[QUESTION_EXACT_DOMAIN].change->add;
		dmarc_lint(&what_if, SPAN("example.org"), &l);
		same(zones[i],
		    levels_of(&l.findings, SPAN("example.org"), r.arena), "");
		end(&r);
	}
}

/* Beside a yes: the record proposed leaves no findings, nor is one proposed
 * again. */
static void
a_yes_with_warnings_has_a_change(void **state)
{
	static const struct change_case cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"", "", 0},
	    {"_dmarc TXT \"v = DMARC1; p=reject; " RUA "\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; " RUA "; p=reject\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; pct=50; " RUA "\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=quarantine; " RUA "\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA ",mailto:b@gone.example\"",
		"v=DMARC1; p=reject; " RUA, 1},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc CNAME agreed.example.",
		"v=DMARC1; p=reject; " RUA, 2},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "*.example.org. TXT \"text\"",
		"", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct question_change *c;
		struct run r;

		begin(&r, cases[i].zone, "example.org");
		assert_int_equal(r.q[QUESTION_EXACT_DOMAIN].answer, ANSWER_YES);
		c = r.q[QUESTION_EXACT_DOMAIN].change;
		same(cases[i].zone, c ? c->add : SPAN(""), cases[i].add);
		assert_int_equal(c ? c->nremove : 0, cases[i].removed);
		if (c) {
			r.method.record = c->add;
			dmarc_lint(&r.method, SPAN("example.org"), &r.lint);
			dmarc_questions(&r.method, &r.lint, r.q);
			assert_int_equal(r.lint.findings.n, 0);
			assert_null(r.q[QUESTION_EXACT_DOMAIN].change);
		}
		end(&r);
	}
}

static void
a_change_is_at_the_name_that_must_change(void **state)
{
	static const struct {
		const char *zone, *domain;
		enum question_id id;
		const char *name, *add; /* or NULL: none */
	} cases[] = {
	    {"", "a.sub.example.org", QUESTION_EXACT_DOMAIN,
		"_dmarc.example.org", "v=DMARC1; p=quarantine; " MAILBOX},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"",
		"sub.example.org", QUESTION_EXACT_DOMAIN, "_dmarc.example.org",
		"v=DMARC1; p=reject; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=reject; " RUA "\"",
		"sub.example.org", QUESTION_SUBDOMAINS, "_dmarc.example.org",
		"v=DMARC1; p=reject; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.sub TXT \"v=DMARC1; p=none; sp=reject; " RUA "\"",
		"sub.example.org", QUESTION_EXACT_DOMAIN,
		"_dmarc.sub.example.org", "v=DMARC1; p=quarantine; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none; " RUA "\"",
		"example.org", QUESTION_SUBDOMAINS, "_dmarc.a.example.org",
		"v=DMARC1; p=quarantine; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc.b TXT \"v=DMARC1; p=none\"",
		"example.org", QUESTION_SUBDOMAINS, "_dmarc.a.example.org",
		"v=DMARC1; p=quarantine; " MAILBOX},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc.b TXT \"v=DMARC1; p=none\"",
		"example.org", QUESTION_SUBDOMAINS, "_dmarc.example.org",
		"v=DMARC1; p=reject; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "*.example.org. TXT \"v=DMARC1; p=none\"",
		"example.org", QUESTION_SUBDOMAINS, NULL, NULL},
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=none; psd=y\"\n"
	     "firm.co.uk. MX 1 mx",
		"firm.co.uk", QUESTION_EXACT_DOMAIN, "_dmarc.firm.co.uk",
		"v=DMARC1; p=quarantine; rua=mailto:dmarc-reports@firm.co.uk"},
	    {"firm.example. MX 0 .", "firm.example", QUESTION_EXACT_DOMAIN,
		"_dmarc.firm.example", "v=DMARC1; p=quarantine"},
	    {"firm.example. MX 0 .", "firm.example", QUESTION_REPORTS, NULL,
		NULL},
	    {"_dmarc.co.uk. TXT \"v=DMARC1; p=none; rua=mailto:a@co.uk\"\n"
	     "co.uk. MX 1 mx",
		"co.uk", QUESTION_EXACT_DOMAIN, "_dmarc.co.uk",
		"v=DMARC1; p=quarantine; psd=y; rua=mailto:a@co.uk"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct question_change *change;
		struct run r;

		begin(&r, cases[i].zone, cases[i].domain);
		assert_int_equal(r.q[cases[i].id].answer, ANSWER_NO);
		change = r.q[cases[i].id].change;
		assert_int_equal(change != NULL, cases[i].name != NULL);
		if (change) {
			same(cases[i].zone, change->name, cases[i].name);
			same(cases[i].zone, change->add, cases[i].add);
		}
		end(&r);
	}
}

static void
the_mend_is_told_in_words(void **state)
{
	static const struct {
		const char *zone;
		enum question_id id;
		const char *mend;
	} cases[] = {
	    {"", QUESTION_EXACT_DOMAIN,
		"at _dmarc.example.org, publish one record with p=quarantine "
		"or p=reject; begin with p=none until the reports show that "
		"your own mail passes; the mailbox dmarc-reports@example.org "
		"must exist"},
	    {"_dmarc TXT \"v=DMARC1; p=none; " RUA "\"", QUESTION_EXACT_DOMAIN,
		"at _dmarc.example.org, set the policy to quarantine or "
		"reject; first make sure, by the reports, that your own mail "
		"passes"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; t=y; " RUA "\"",
		QUESTION_EXACT_DOMAIN,
		"at _dmarc.example.org, drop t=y; first make sure, by the "
		"reports, that your own mail passes"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; sp=none; " RUA "\"",
		QUESTION_SUBDOMAINS,
		"at _dmarc.example.org, set sp= and np= to quarantine or "
		"reject, or drop them if p= is that; first make sure, by the "
		"reports, that your own mail passes"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "_dmarc.a TXT \"v=DMARC1; p=none\"\n"
	     "_dmarc.b TXT \"v=DMARC1; p=none\"",
		QUESTION_SUBDOMAINS,
		"set the policy to quarantine or reject, without t=y, at "
		"_dmarc.a.example.org, and at 1 other below; first make sure, "
		"by the reports, that your own mail passes; the mailbox "
		"dmarc-reports@example.org must exist"},
	    {"_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"\n"
	     "*.example.org. TXT \"v=DMARC1; p=none\"",
		QUESTION_SUBDOMAINS, "drop the wildcard record"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r;

		begin(&r, cases[i].zone, "example.org");
		same(cases[i].zone, r.q[cases[i].id].mend, cases[i].mend);
		end(&r);
	}
}

/*
 * Any record.
 */

/* Parts of records, in zone files. */
static const char *const parts[] = {"p=none", "p=reject", "p=quarantine",
    "p=rejct", "P=none", "p=", "p", "sp=none", "sp=reject", "np=none", "np=x",
    "t=y", "t=n", "pct=5", "adkim=s", "adkim=q", "fo=1:d", "psd=y", "psd=n",
    "rua=mailto:a@example.org", "rua=a@example.org", "rua=mailto://a@b.example",
    "rua=mailto:a@gone.example,mailto:b@agreed.example", "rua=", "Ruf=x",
    "ruf=mailto:a@agreed.example!1m", "mailto:b@example.org", "\\\"p=none\\\"",
    "p=reject\\\\", "\\226\\128\\139", "v=DMARC1", " ", ""};

static const char *const separators[] = {
    "; ", ";", " ; ", ";; ", " ", ", ", "\\009;"};

static const char *const versions[] = {"v=DMARC1; ", "v = DMARC1;", "v=DMARC1 ",
    "v=dmarc1; ", "v=DMARC1", "\\\"v=DMARC1; ", "v=DMARC1\\\\; "};

static const char *
any(const char *const *list, size_t n, struct generator *g)
{
	return list[pick(g, n)];
}

static const char *
any_zone(struct generator *g, struct arena *a)
{
	struct buf b = BUF(a);
	size_t records = 1 + pick(g, 2), n = pick(g, 7);

	for (size_t i = 0; i < records; i++) {
		buf_str(&b, "_dmarc TXT \"");
		buf_str(&b, any(versions, COUNT(versions), g));
		for (size_t k = 0; k < n; k++) {
			buf_str(&b, any(parts, COUNT(parts), g));
			buf_str(&b, any(separators, COUNT(separators), g));
		}
		buf_str(&b, "\"\n");
	}
	return arena_cstr(a, buf_span(&b));
}

/* begin() puts each change into the zone. */
static void
any_record_of_a_domain_that_gets_mail_can_be_mended(void **state)
{
	struct generator g = {.random = 1};

	(void)state;
	for (size_t n = rounds(300, 10000); n--;) {
		struct arena *a = arena_new();
		const char *zone = any_zone(&g, a);
		struct run r;

		begin(&r, zone, "example.org");
		for (size_t i = 0; i < COUNT(ids); i++)
			if (r.q[ids[i]].answer == ANSWER_NO &&
			    !r.q[ids[i]].change)
				fail_msg("no change for %s\n%s",
				    question_id(ids[i]), zone);
		end(&r);
		arena_free(a);
	}
}

/*
 * Methods.
 */

static void
a_what_if_record_is_mended_too(void **state)
{
	struct arena *a = arena_new();
	struct dmarc_method method =
	    method_of("_dmarc TXT \"v=DMARC1; p=reject; " RUA "\"", a);
	struct question q[QUESTION_COUNT];
	struct dmarc_lint l;

	(void)state;
	method.record = SPAN("v=DMARC1; p=none; rua=mailto:b@example.org");
	dmarc_lint(&method, SPAN("example.org"), &l);
	dmarc_questions(&method, &l, q);
	same("what-if", answers_of(q, a), "nny");
	assert_non_null(q[QUESTION_EXACT_DOMAIN].change);
	same("what-if", q[QUESTION_EXACT_DOMAIN].change->add,
	    "v=DMARC1; p=quarantine; rua=mailto:b@example.org");
	assert_int_equal(q[QUESTION_EXACT_DOMAIN].change->nremove, 1);
	dmarc_lint(&method, SPAN_NONE, &l);
	dmarc_questions(&method, &l, q);
	same("nobody", answers_of(q, a), "nn?");
	assert_null(q[QUESTION_EXACT_DOMAIN].change);
	dns_free(method.dns);
	arena_free(a);
}

static void
rfc_7489_has_pct(void **state)
{
	static const struct {
		const char *zone, *answers, *add;
	} cases[] = {
	    {"_dmarc TXT \"v=DMARC1; p=reject; np=none; t=y; " RUA "\"", "yyy",
		"v=DMARC1; p=reject; " RUA},
	    {"_dmarc TXT \"v=DMARC1; p=reject; pct=20; " RUA "\"", "nny",
		"v=DMARC1; p=reject; " RUA},
	    {"_dmarc TXT \"v=DMARC1; " RUA "\"", "nny",
		"v=DMARC1; p=quarantine; " RUA},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_method method = method_of(cases[i].zone, a);
		struct question q[QUESTION_COUNT];
		const struct question *exact = &q[QUESTION_EXACT_DOMAIN];
		struct dmarc_lint l;

		method.rfc7489 = true;
		method.psl = psl_builtin();
		dmarc_lint(&method, SPAN("example.org"), &l);
		dmarc_questions(&method, &l, q);
		check_form(cases[i].zone, q, &l.findings);
		same(cases[i].zone, answers_of(q, a), cases[i].answers);
		assert_int_equal(exact->change != NULL, cases[i].add != NULL);
		if (exact->change)
			same(cases[i].zone, exact->change->add, cases[i].add);
		dns_free(method.dns);
		arena_free(a);
	}
}

static void
where_walk_and_list_disagree_is_told(void **state)
{
	struct arena *a = arena_new();
	struct dmarc_method method =
	    method_of("_dmarc.firm.co.uk. TXT \"v=DMARC1; p=reject\"\n"
		      "_dmarc.co.uk. TXT \"v=DMARC1; p=reject\"",
		a);
	struct question q[QUESTION_COUNT];
	struct dmarc_lint l;

	(void)state;
	method.compare = psl_builtin();
	dmarc_lint(&method, SPAN("firm.co.uk"), &l);
	dmarc_questions(&method, &l, q);
	same("disagreement", q[QUESTION_SUBDOMAINS].proof,
	    "p=reject of co.uk; the organizational domain is co.uk by the "
	    "walk, firm.co.uk by the public suffix list");
	dns_free(method.dns);
	arena_free(a);
}

static void
what_json_needs_is_there(void **state)
{
	struct run r;

	(void)state;
	begin(&r, "_dmarc TXT \"v=DMARC1; p=none; sp=reject; t=y; " RUA "\"",
	    "sub.example.org");
	assert_int_equal(r.lint.policy, DMARC_POLICY_QUARANTINE);
	assert_string_equal(r.lint.tag, "sp");
	same("policy", r.lint.policy_domain, "example.org");
	same("org", r.lint.org, "example.org");
	end(&r);
	begin(&r, "", "example.org");
	assert_null(r.lint.tag);
	assert_null(r.lint.policy_domain.p);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_question_has_each_answer),
	    cmocka_unit_test(a_subdomain_takes_sp_or_np),
	    cmocka_unit_test(a_name_that_does_not_exist_takes_np),
	    cmocka_unit_test(one_record_mends_all_that_is_wrong),
	    cmocka_unit_test(a_proposed_record_has_no_findings),
	    cmocka_unit_test(a_yes_with_warnings_has_a_change),
	    cmocka_unit_test(a_change_is_at_the_name_that_must_change),
	    cmocka_unit_test(the_mend_is_told_in_words),
	    cmocka_unit_test(
		any_record_of_a_domain_that_gets_mail_can_be_mended),
	    cmocka_unit_test(a_what_if_record_is_mended_too),
	    cmocka_unit_test(rfc_7489_has_pct),
	    cmocka_unit_test(where_walk_and_list_disagree_is_told),
	    cmocka_unit_test(what_json_needs_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
