/* test_dmarc_destination: which hosts accept reports. */
/* SPDX-License-Identifier: ISC */

#include "fixture_dmarc.h"

/* A URI in a record of policy_domain, whose organizational domain is org. */
struct destination_case {
	const char *uri, *policy_domain, *org;
	enum dmarc_destination_kind kind;
	const char *name; /* the name that is queried, or "" */
};

static struct dmarc_uri
uri_of(const char *text, struct arena *a)
{
	struct dmarc_record r;

	dmarc_record_parse(arena_printf(a, "v=DMARC1; rua=%s", text), a, &r);
	assert_int_equal(r.nrua, 1);
	return r.rua[0];
}

static void
check(struct world *w, const struct destination_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct dmarc_uri uri = uri_of(c[i].uri, w->arena);
		struct dmarc_destination d;

		dmarc_destination_query(&w->method, &uri,
		    span_of(c[i].policy_domain), span_of(c[i].org), &d);
		same(c[i].uri, d.name, c[i].name);
		if (d.kind != c[i].kind)
			fail_msg("%s of %s: %d, not %d", c[i].uri,
			    c[i].policy_domain, (int)d.kind, (int)c[i].kind);
	}
}

static void
an_address_of_the_same_organization_needs_no_authorization(void **state)
{
	static const struct destination_case cases[] = {
	    {"mailto:x@r.org", "r.org", "r.org", DMARC_DESTINATION_OWN, ""},
	    {"mailto:x@a.r.org", "r.org", "r.org", DMARC_DESTINATION_OWN, ""},
	    {"mailto:x@r.org", "a.r.org", "r.org", DMARC_DESTINATION_OWN, ""},
	    {"mailto:x@b.r.org", "a.r.org", "r.org", DMARC_DESTINATION_OWN, ""},
	    {"https://b.example/x", "r.org", "r.org", DMARC_DESTINATION_NONE,
		""},
	    /* Another organization within the domain (psd=n). */
	    {"mailto:x@own.r.org", "r.org", "r.org",
		DMARC_DESTINATION_UNAUTHORIZED,
		"r.org._report._dmarc.own.r.org"},
	    {"mailto:x@r.org", "own.r.org", "own.r.org",
		DMARC_DESTINATION_UNAUTHORIZED,
		"own.r.org._report._dmarc.r.org"},
	    /* The walk fails. */
	    {"mailto:x@dead.r.org", "r.org", "r.org", DMARC_DESTINATION_FAILED,
		""},
	    {"mailto:x@r.org", "r.org", NULL, DMARC_DESTINATION_OWN, ""},
	    {"mailto:x@a.r.org", "r.org", NULL, DMARC_DESTINATION_FAILED, ""},
	};
	struct world w = world_new("_dmarc.r.org TXT \"v=DMARC1; p=none\"\n"
				   "_dmarc.own.r.org TXT \"v=DMARC1; psd=n\"\n"
				   ";!SERVFAIL _dmarc.dead.r.org TXT\n");

	(void)state;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

static void
by_the_list_no_walk_is_asked(void **state)
{
	static const struct destination_case cases[] = {
	    {"mailto:x@dead.r.org", "r.org", "r.org", DMARC_DESTINATION_OWN,
		""},
	    {"mailto:x@a.hosting.example.com", "b.hosting.example.com",
		"b.hosting.example.com", DMARC_DESTINATION_UNAUTHORIZED,
		"b.hosting.example.com._report._dmarc.a.hosting.example.com"},
	};
	struct world w = world_new(";!SERVFAIL _dmarc.dead.r.org TXT\n");

	(void)state;
	w.method.psl = w.list;
	check(&w, cases, COUNT(cases));
	world_free(&w);
}

/* RFC 9990 4 */
static void
an_external_address_needs_a_record(void **state)
{
	static const char zone[] =
	    "r.org._report._dmarc.yes.net TXT \"v=DMARC1\"\n"
	    "r.org._report._dmarc.also.net TXT \"v=DMARC1;\"\n"
	    "r.org._report._dmarc.two.net TXT \"v=DMARC1;\"\n"
	    "r.org._report._dmarc.two.net TXT \"v=DMARC1; x=y\"\n"
	    "r.org._report._dmarc.mixed.net TXT \"other\"\n"
	    "r.org._report._dmarc.mixed.net TXT \"v=DMARC1\"\n"
	    "r.org._report._dmarc.other.net TXT \"v=spf1 -all\"\n"
	    "r.org._report._dmarc.case.net TXT \"v=dmarc1\"\n"
	    "r.org._report._dmarc.later.net TXT \"x=y; v=DMARC1\"\n"
	    "*._report._dmarc.all.net TXT \"v=DMARC1\"\n"
	    ";!TIMEOUT r.org._report._dmarc.late.net TXT\n"
	    "_report._dmarc.none.net TXT \"v=DMARC1\"\n"
	    "_dmarc.none.net TXT \"v=DMARC1\"\n";
	static const struct {
		const char *host;
		enum dmarc_destination_kind kind;
	} cases[] = {
	    {"yes.net", DMARC_DESTINATION_AUTHORIZED},
	    {"also.net", DMARC_DESTINATION_AUTHORIZED},
	    {"two.net", DMARC_DESTINATION_AUTHORIZED},
	    {"mixed.net", DMARC_DESTINATION_AUTHORIZED},
	    {"all.net", DMARC_DESTINATION_AUTHORIZED},
	    {"other.net", DMARC_DESTINATION_UNAUTHORIZED},
	    {"case.net", DMARC_DESTINATION_UNAUTHORIZED},
	    {"later.net", DMARC_DESTINATION_UNAUTHORIZED},
	    {"none.net", DMARC_DESTINATION_UNAUTHORIZED},
	    {"a.yes.net", DMARC_DESTINATION_UNAUTHORIZED},
	    {"org", DMARC_DESTINATION_UNAUTHORIZED},
	    {"xr.org", DMARC_DESTINATION_UNAUTHORIZED},
	    {"late.net", DMARC_DESTINATION_FAILED},
	};
	struct world w = world_new(zone);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct destination_case c = {
		    arena_printf(w.arena, "mailto:x@%s", cases[i].host).p,
		    "r.org", "r.org", cases[i].kind,
		    arena_printf(
			w.arena, "r.org._report._dmarc.%s", cases[i].host)
			.p};

		check(&w, &c, 1);
	}
	world_free(&w);
}

/* RFC 9990 4, step 4 */
static void
a_name_that_is_too_long_authorizes_nothing(void **state)
{
	static const struct {
		const char *top;
		size_t len;
		enum dmarc_destination_kind kind;
	} cases[] = {
	    {"uk", 253, DMARC_DESTINATION_AUTHORIZED},
	    {"org", 254, DMARC_DESTINATION_UNAUTHORIZED},
	};
	struct world w = world_new("*._report._dmarc.all.net TXT v=DMARC1\n");
	struct dmarc_uri uri = uri_of("mailto:x@all.net", w.arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf b = BUF(w.arena);
		struct dmarc_destination d;

		for (unsigned k = 0; k < 114; k++)
			buf_str(&b, "x.");
		buf_str(&b, cases[i].top);
		dmarc_destination_query(
		    &w.method, &uri, buf_span(&b), buf_span(&b), &d);
		assert_int_equal(d.name.len, cases[i].len);
		assert_int_equal(d.kind, cases[i].kind);
	}
	world_free(&w);
}

/* RFC 9990 4, step 9 */
static void
an_override_stays_at_the_host(void **state)
{
	static const struct {
		const char *record;
		enum dmarc_destination_kind kind;
		const char *elsewhere;
		size_t ruas;
	} cases[] = {
	    {"v=DMARC1; rua=mailto:y@h.net", DMARC_DESTINATION_AUTHORIZED, "",
		1},
	    {"v=DMARC1; rua=mailto:y@H.net,mailto:z@h.net",
		DMARC_DESTINATION_AUTHORIZED, "", 2},
	    {"v=DMARC1; rua=mailto:y@a.h.net", DMARC_DESTINATION_UNAUTHORIZED,
		"a.h.net", 1},
	    {"v=DMARC1; rua=mailto:y@net", DMARC_DESTINATION_UNAUTHORIZED,
		"net", 1},
	    {"v=DMARC1; rua=mailto:y@h.net,mailto:y@victim.net",
		DMARC_DESTINATION_UNAUTHORIZED, "victim.net", 2},
	    {"v=DMARC1; ruf=mailto:y@victim.net",
		DMARC_DESTINATION_UNAUTHORIZED, "victim.net", 0},
	    {"v=DMARC1; rua=https://victim.net/", DMARC_DESTINATION_AUTHORIZED,
		"", 1},
	    {"v=DMARC1; rua=nothing", DMARC_DESTINATION_AUTHORIZED, "", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct world w = world_new(arena_printf(a,
		    "r.org._report._dmarc.h.net TXT \"v=DMARC1\"\n"
		    "r.org._report._dmarc.h.net TXT \"%s\"\n",
		    cases[i].record)
					       .p);
		struct dmarc_uri uri = uri_of("mailto:x@h.net", w.arena);
		struct dmarc_destination d;

		dmarc_destination_query(
		    &w.method, &uri, SPAN("r.org"), SPAN("r.org"), &d);
		same(cases[i].record, d.elsewhere, cases[i].elsewhere);
		assert_int_equal(d.kind, cases[i].kind);
		assert_int_equal(d.record.nrua, cases[i].ruas);
		world_free(&w);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		an_address_of_the_same_organization_needs_no_authorization),
	    cmocka_unit_test(by_the_list_no_walk_is_asked),
	    cmocka_unit_test(an_external_address_needs_a_record),
	    cmocka_unit_test(a_name_that_is_too_long_authorizes_nothing),
	    cmocka_unit_test(an_override_stays_at_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
