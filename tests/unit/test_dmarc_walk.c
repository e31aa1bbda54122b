/* test_dmarc_walk: the tree walk, and organizational domains. */
/* SPDX-License-Identifier: ISC */

#include "fixture_dmarc.h"

/* Returns the first letter of what was found at each level, the
 * organizational domain, and whose record applies: "-RS org example.org,
 * policy example.org". */
static struct span
summary(const struct dmarc_walk *w, struct arena *a)
{
	static const char found[] = "-RSF";
	const struct dmarc_level *policy =
	    w->nlevels ? dmarc_walk_policy(w) : NULL;
	struct buf b = BUF(a);

	for (size_t i = 0; i < w->nlevels; i++)
		buf_char(&b, found[w->levels[i].found]);
	if (w->failed)
		buf_printf(
		    &b, " failed " SPAN_FMT, SPAN_ARG(w->failed->domain));
	if (w->org.p)
		buf_printf(&b, " org " SPAN_FMT, SPAN_ARG(w->org));
	if (policy)
		buf_printf(&b, " policy " SPAN_FMT, SPAN_ARG(policy->domain));
	return buf_span(&b);
}

struct walk_case {
	const char *domain;
	const char *expect;
};

static void
check(struct world *w, const struct walk_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct dmarc_walk walk;

		dmarc_walk_begin(&w->method, span_of(c[i].domain), &walk);
		dmarc_walk_complete(&w->method, &walk);
		dmarc_walk_complete(&w->method, &walk);
		assert_true(walk.complete);
		assert_true(!walk.org.p == !walk.how);
		same(c[i].domain, summary(&walk, w->arena), c[i].expect);
	}
}

static void
walks_of_one_to_twelve_labels_ask_eight_names_at_most(void **state)
{
	static const char *const asked[] = {
	    "",
	    "_dmarc.l ",
	    "_dmarc.k.l _dmarc.l ",
	    "_dmarc.j.k.l _dmarc.k.l _dmarc.l ",
	    "_dmarc.i.j.k.l _dmarc.j.k.l _dmarc.k.l _dmarc.l ",
	    "_dmarc.h.i.j.k.l _dmarc.i.j.k.l _dmarc.j.k.l _dmarc.k.l "
	    "_dmarc.l ",
	    "_dmarc.g.h.i.j.k.l _dmarc.h.i.j.k.l _dmarc.i.j.k.l _dmarc.j.k.l "
	    "_dmarc.k.l _dmarc.l ",
	    "_dmarc.f.g.h.i.j.k.l _dmarc.g.h.i.j.k.l _dmarc.h.i.j.k.l "
	    "_dmarc.i.j.k.l _dmarc.j.k.l _dmarc.k.l _dmarc.l ",
	    "_dmarc.e.f.g.h.i.j.k.l ",
	    "_dmarc.d.e.f.g.h.i.j.k.l ",
	    "_dmarc.c.d.e.f.g.h.i.j.k.l ",
	    "_dmarc.b.c.d.e.f.g.h.i.j.k.l ",
	    "_dmarc.a.b.c.d.e.f.g.h.i.j.k.l ",
	};
	static const char whole[] = "a.b.c.d.e.f.g.h.i.j.k.l";

	(void)state;
	for (size_t labels = 1; labels <= 12; labels++) {
		struct world w = world_new("");
		struct walk_case c = {whole + 2 * (12 - labels), NULL};
		struct buf expect = BUF(w.arena), names = BUF(w.arena);

		for (size_t i = 0; i < labels && i < 8; i++)
			buf_char(&expect, '-');
		buf_printf(&expect, " org %s", c.domain);
		c.expect = arena_cstr(w.arena, buf_span(&expect));
		check(&w, &c, 1);
		buf_str(&names, asked[labels]);
		if (labels > 7) /* RFC 9989 4.10, step 4 */
			buf_str(&names, asked[7]);
		same(c.domain, world_asked(&w),
		    arena_cstr(w.arena, buf_span(&names)));
		world_free(&w);
	}
}

static void
the_longest_name_is_walked(void **state)
{
	struct world w = world_new("_dmarc.y.org TXT \"v=DMARC1; p=none\"\n");
	struct buf b = BUF(w.arena);
	struct dmarc_walk walk;

	(void)state;
	for (unsigned i = 0; i < 123; i++)
		buf_str(&b, "x.");
	buf_str(&b, "y.org"); /* 251 octets: with _dmarc. it is too long */
	dmarc_walk_begin(&w.method, buf_span(&b), &walk);
	assert_int_equal(walk.levels->answer->status, DNS_BADNAME);
	dmarc_walk_complete(&w.method, &walk);
	same("longest", summary(&walk, w.arena),
	    "------R- org y.org policy y.org");
	world_free(&w);
}

/* RFC 9989 4.10.2 and B.4, and similar cases. */
static void
psd_and_the_topmost_record_make_the_organization(void **state)
{
	static const char zone[] =
	    "_dmarc.mail.example.com TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.own.example.com TXT \"v=DMARC1; psd=n\"\n"
	    "_dmarc.example.net TXT \"v=DMARC1; psd=n\"\n"
	    "_dmarc.com.uk TXT \"v=DMARC1; psd=y\"\n"
	    "_dmarc.mega.com.uk TXT \"v=DMARC1\"\n"
	    "_dmarc.mail.giga.com.uk TXT \"v=DMARC1\"\n"
	    "_dmarc.uk TXT \"v=DMARC1; psd=y\"\n"
	    "_dmarc.top TXT \"v=DMARC1\"\n"
	    "_dmarc.f.g.h.i.j.k.l TXT \"v=DMARC1; psd=y\"\n";
	static const struct walk_case cases[] = {
	    {"a.mail.example.com", "-RR- org example.com policy example.com"},
	    {"mail.example.com", "RR- org example.com policy mail.example.com"},
	    {"example.com", "R- org example.com policy example.com"},
	    {"com", "- org com"},
	    {"example.org", "-- org example.org"},
	    {"own.example.com", "R org own.example.com policy own.example.com"},
	    {"a.b.own.example.com",
		"--R org own.example.com policy own.example.com"},
	    {"a.example.net", "-R org example.net policy example.net"},
	    /* One label below psd=y, with a record or without. */
	    {"giant.com.uk", "-R org giant.com.uk policy com.uk"},
	    {"a.b.giant.com.uk", "---R org giant.com.uk policy com.uk"},
	    {"mega.com.uk", "RR org mega.com.uk policy mega.com.uk"},
	    {"a.mega.com.uk", "-RR org mega.com.uk policy mega.com.uk"},
	    /* A record between it and the organizational domain is not used. */
	    {"a.mail.giga.com.uk", "-R-R org giga.com.uk policy com.uk"},
	    {"mail.giga.com.uk", "R-R org giga.com.uk policy mail.giga.com.uk"},
	    /* psd=y where the walk starts: itself. */
	    {"com.uk", "R org com.uk policy com.uk"},
	    {"uk", "R org uk policy uk"},
	    {"x.uk", "-R org x.uk policy uk"},
	    {"x.top", "-R org top policy top"},
	    /* The label below is one that the walk skipped. */
	    {"a.b.c.d.e.f.g.h.i.j.k.l",
		"-R org e.f.g.h.i.j.k.l policy f.g.h.i.j.k.l"},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

/* RFC 9989 5.1: psd=n at a name that no walk queries has no effect. */
static void
what_is_jumped_over_is_not_seen(void **state)
{
	static const struct walk_case cases[] = {
	    {"mail.a.b.c.d.e.f.g.example.com",
		"------R- org example.com policy example.com"},
	    {"b.c.d.e.f.g.example.com",
		"R org b.c.d.e.f.g.example.com policy b.c.d.e.f.g.example.com"},
	};
	struct world w = world_new(
	    "_dmarc.example.com TXT \"v=DMARC1\"\n"
	    "_dmarc.b.c.d.e.f.g.example.com TXT \"v=DMARC1; psd=n\"\n");

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
several_records_at_a_name_are_none(void **state)
{
	static const char zone[] =
	    "_dmarc.a.example.org TXT \"v=DMARC1; psd=n\"\n"
	    "_dmarc.a.example.org TXT \"v=DMARC1; psd=y\"\n"
	    "_dmarc.example.org TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.b.example.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.b.example.org TXT \"v=spf1 -all\"\n"
	    "_dmarc.b.example.org TXT \" v=DMARC1; p=none\"\n"
	    "_dmarc.bank TXT \"v=DMARC1; psd=y\"\n"
	    "_dmarc.x.bank TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.x.bank TXT \"v=DMARC1; p=reject\"\n";
	static const struct walk_case cases[] = {
	    {"a.example.org", "SR- org example.org policy example.org"},
	    {"b.example.org", "RR- org example.org policy b.example.org"},
	    {"x.bank", "SR org x.bank policy bank"},
	    {"y.x.bank", "-SR org x.bank policy bank"},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
a_failing_level_ends_the_walk(void **state)
{
	static const char zone[] =
	    ";!TIMEOUT _dmarc.org TXT\n"
	    ";!SERVFAIL _dmarc.c.example.com TXT\n"
	    ";!SERVFAIL _dmarc.b.example.com TXT\n"
	    "_dmarc.a.b.example.com TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.own.org TXT \"v=DMARC1; p=none; psd=n\"\n"
	    "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.example.org TXT \"v=DMARC1; p=reject\"\n";
	static const struct walk_case cases[] = {
	    {"c.example.com", "F failed c.example.com"},
	    {"x.c.example.com", "-F failed c.example.com"},
	    {"a.b.example.com",
		"RF failed b.example.com policy a.b.example.com"},
	    {"example.org", "RF failed org policy example.org"},
	    {"x.example.org", "-RF failed org"},
	    {"other.org", "-F failed org"},
	    {"own.org", "R org own.org policy own.org"},
	    {"x.own.org", "-R org own.org policy own.org"},
	};
	struct world w = world_new(zone);

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
a_walk_asks_no_more_than_it_must_at_first(void **state)
{
	struct world w = world_new("_dmarc.a.org TXT \"v=DMARC1\"\n");
	struct dmarc_walk walk;

	(void)state;
	dmarc_walk_begin(&w.method, SPAN("a.org"), &walk);
	assert_false(walk.complete);
	assert_false(walk.org.p);
	assert_ptr_equal(dmarc_walk_policy(&walk), walk.levels);
	same("a.org", world_asked(&w), "_dmarc.a.org ");
	dmarc_walk_begin(&w.method, SPAN("b.a.org"), &walk);
	assert_null(dmarc_walk_policy(&walk));
	world_free(&w);
}

static void
by_the_list_the_suffix_comes_last(void **state)
{
	static const char zone[] =
	    "_dmarc.example.org TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.b.example.org TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.s.example.org TXT \"v=DMARC1; p=none\"\n"
	    "_dmarc.s.example.org TXT \"v=DMARC1; p=reject\"\n"
	    "_dmarc.org TXT \"v=DMARC1; psd=y\"\n"
	    "_dmarc.x.co.uk TXT \"v=DMARC1; psd=n\"\n"
	    ";!SERVFAIL _dmarc.f.example.org TXT\n"
	    ";!SERVFAIL _dmarc.fail.net TXT\n";
	static const struct walk_case cases[] = {
	    {"example.org", "R org example.org policy example.org"},
	    {"a.b.example.org", "-R org example.org policy example.org"},
	    {"b.example.org", "R org example.org policy b.example.org"},
	    {"s.example.org", "SR org example.org policy example.org"},
	    {"f.example.org", "F failed f.example.org org example.org"},
	    {"a.fail.net", "-F failed fail.net org fail.net"},
	    {"other.org", "-R org other.org policy org"},
	    {"org", "R org org policy org"},
	    {"co.uk", "-- org co.uk"},
	    {"y.x.co.uk", "-R org x.co.uk policy x.co.uk"},
	    {"a.b.hosting.example.com", "--- org b.hosting.example.com"},
	    {"hosting.example.com", "-- org hosting.example.com"},
	    {"b.c.mm", "-- org b.c.mm"},
	    {"a.b.c.mm", "--- org b.c.mm"},
	    {"www.city.mm", "--- org city.mm"},
	    {"a.b.unlisted", "--- org b.unlisted"},
	    {"localhost", "- org localhost"},
	};
	struct world w = world_new(zone);

	(void)state;
	w.method.psl = w.list;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

/* RFC 7489 6.6.3, steps 3 and 5 */
static void
in_the_old_way_several_records_end_it(void **state)
{
	static const struct walk_case cases[] = {
	    {"s.example.org", "S org example.org"},
	    {"a.example.org", "-R org example.org policy example.org"},
	};
	struct world w =
	    world_new("_dmarc.s.example.org TXT \"v=DMARC1; p=none\"\n"
		      "_dmarc.s.example.org TXT \"v=DMARC1; p=reject\"\n"
		      "_dmarc.example.org TXT \"v=DMARC1; p=none\"\n");

	(void)state;
	w.method.psl = w.list;
	w.method.rfc7489 = true;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
the_list_that_libpsl_has_serves(void **state)
{
	static const struct walk_case cases[] = {
	    {"a.b.example.co.uk", "--- org example.co.uk"},
	    {"www.example.com", "--- org example.com"},
	    {"com", "- org com"},
	    {"www.xn--85x722f.com.cn", "--- org xn--85x722f.com.cn"},
	};
	struct world w = world_new("");

	(void)state;
	w.method.psl = psl_builtin();
	if (!w.method.psl) {
		world_free(&w);
		skip();
	}
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
the_organization_alone_is_asked_only_by_walking(void **state)
{
	struct world w = world_new("_dmarc.example.org TXT \"v=DMARC1\"\n"
				   ";!SERVFAIL _dmarc.a.example.net TXT\n");
	struct dmarc_walk walk;

	(void)state;
	w.method.psl = w.list;
	dmarc_walk_org(&w.method, SPAN("a.example.org"), &walk);
	same("list", summary(&walk, w.arena), " org example.org");
	dmarc_walk_org(&w.method, SPAN("a.example.net"), &walk);
	same("list", summary(&walk, w.arena), " org example.net");
	same("list", world_asked(&w), "");
	w.method.psl = NULL;
	dmarc_walk_org(&w.method, SPAN("a.example.org"), &walk);
	same("walk", summary(&walk, w.arena),
	    "-R- org example.org policy example.org");
	world_free(&w);
}

static void
a_record_that_is_given_stands_for_the_domains_own(void **state)
{
	static const struct {
		const char *record, *record_of, *domain, *expect;
	} cases[] = {
	    {"v=DMARC1; p=reject", "example.org", "example.org",
		"R- org example.org policy example.org"},
	    {"v=DMARC1; p=reject", "example.org", "a.example.org",
		"-R- org example.org policy example.org"},
	    {"v=DMARC1; psd=n", "a.example.org", "b.a.example.org",
		"-R org a.example.org policy a.example.org"},
	    {"v=DMARC2", "example.org", "a.example.org",
		"--- org a.example.org"},
	    {"v=DMARC1", "example.com", "a.example.org",
		"-S- org a.example.org"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct world w =
		    world_new("_dmarc.example.org TXT \"v=DMARC1; p=none\"\n"
			      "_dmarc.example.org TXT \"v=DMARC1\"\n");
		struct walk_case c = {cases[i].domain, cases[i].expect};

		w.method.record = span_of(cases[i].record);
		w.method.record_of = span_of(cases[i].record_of);
		dmarc_walk_prefetch(&w.method, span_of(c.domain));
		check(&w, &c, 1);
		if (i < 2)
			assert_false(span_casecontains(
			    world_asked(&w), SPAN("_dmarc.example.org")));
		world_free(&w);
	}
}

/* Prefetched answers that were not used are not listed; that the answers are
 * the same shows that nothing changed. */
static void
prefetching_changes_nothing(void **state)
{
	static const struct walk_case cases[] = {
	    {"a.b.c.d.e.f.g.h.i.j.example.org",
		"------R- org example.org policy example.org"},
	    {"org", "- org org"},
	};
	struct world w = world_new("_dmarc.example.org TXT \"v=DMARC1\"\n");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		dmarc_walk_prefetch(&w.method, span_of(cases[i].domain));
	w.method.psl = w.list;
	for (size_t i = 0; i < COUNT(cases); i++)
		dmarc_walk_prefetch(&w.method, span_of(cases[i].domain));
	w.method.psl = NULL;
	same("prefetch", world_asked(&w), "");
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		walks_of_one_to_twelve_labels_ask_eight_names_at_most),
	    cmocka_unit_test(the_longest_name_is_walked),
	    cmocka_unit_test(psd_and_the_topmost_record_make_the_organization),
	    cmocka_unit_test(what_is_jumped_over_is_not_seen),
	    cmocka_unit_test(several_records_at_a_name_are_none),
	    cmocka_unit_test(a_failing_level_ends_the_walk),
	    cmocka_unit_test(a_walk_asks_no_more_than_it_must_at_first),
	    cmocka_unit_test(by_the_list_the_suffix_comes_last),
	    cmocka_unit_test(in_the_old_way_several_records_end_it),
	    cmocka_unit_test(the_list_that_libpsl_has_serves),
	    cmocka_unit_test(the_organization_alone_is_asked_only_by_walking),
	    cmocka_unit_test(a_record_that_is_given_stands_for_the_domains_own),
	    cmocka_unit_test(prefetching_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
