/* test_dmarc_record: parsing DMARC records. */
/* SPDX-License-Identifier: ISC */

#include "fixture_dmarc.h"

#define SMART_OPEN  "\342\200\234"
#define SMART_CLOSE "\342\200\235"

static void
a_record_begins_with_its_version(void **state)
{
	const struct {
		struct span text;
		bool is;
	} cases[] = {
	    {SPAN("v=DMARC1"), true},
	    {SPAN("v=DMARC1;"), true},
	    {SPAN("v=DMARC1; p=none"), true},
	    {SPAN("v=DMARC1;p=none"), true},
	    {SPAN("v = DMARC1 ;p=none"), true},
	    {SPAN("v\t=\tDMARC1\t;"), true},
	    {SPAN("v=DMARC1; \200"), true},
	    {SPAN("v=DMARC1;\0"), true},
	    {SPAN(""), false},
	    {SPAN(";"), false},
	    {SPAN("v"), false},
	    {SPAN("v="), false},
	    {SPAN("v=;"), false},
	    {SPAN("v=DMARC"), false},
	    {SPAN("v=DMARC1\0"), false},
	    {SPAN("v=DMARC1\0;"), false},
	    {SPAN("v=DMARC11"), false},
	    {SPAN("v=DMARC2; p=none"), false},
	    {SPAN("v=dmarc1; p=none"), false},
	    {SPAN("V=DMARC1; p=none"), false},
	    {SPAN("v==DMARC1; p=none"), false},
	    {SPAN("v=DMARC1 p=none"), false},
	    {SPAN("v=DMARC1, p=none"), false},
	    {SPAN("v:DMARC1; p=none"), false},
	    {SPAN(" v=DMARC1; p=none"), false},
	    {SPAN("\tv=DMARC1; p=none"), false},
	    {SPAN(";v=DMARC1; p=none"), false},
	    {SPAN("\"v=DMARC1\"; p=none"), false},
	    {SPAN("p=none; v=DMARC1"), false},
	    {SPAN("v=spf1 -all"), false},
	    {SPAN("v=DMARC1" SMART_CLOSE "; p=none"), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (dmarc_is_record(cases[i].text) != cases[i].is)
			fail_msg("%s", cases[i].text.p);
}

static void
add_uris(struct buf *b, const char *tag, const struct dmarc_uri *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(b, tag);
		buf_add(b, list[i].text);
		if (list[i].domain.p)
			buf_printf(b, "@" SPAN_FMT, SPAN_ARG(list[i].domain));
	}
}

/* Returns "P/SP/NP", all that differs from the default, and the flaws. */
static struct span
summary(const struct dmarc_record *r, struct arena *a)
{
	static const char flaw[] = "SVDUO";
	struct buf b = BUF(a);

	buf_printf(&b, "%s/%s/%s", dmarc_policy_name(r->p),
	    dmarc_policy_name(r->sp), dmarc_policy_name(r->np));
	buf_printf(&b, "%s%s%s", r->has_p ? " p" : "", r->has_sp ? " sp" : "",
	    r->has_np ? " np" : "");
	buf_printf(&b, "%s%s", r->bad_policy ? " bad" : "",
	    r->bad_old_policy ? " old" : "");
	buf_printf(&b, "%s%s%s", r->strict_dkim ? " adkim" : "",
	    r->strict_spf ? " aspf" : "", r->testing ? " t" : "");
	if (r->psd != DMARC_PSD_U)
		buf_printf(&b, " psd=%c", r->psd == DMARC_PSD_Y ? 'y' : 'n');
	if (r->pct != 100)
		buf_printf(&b, " pct=%u", r->pct);
	add_uris(&b, " rua=", r->rua, r->nrua);
	add_uris(&b, " ruf=", r->ruf, r->nruf);
	if (r->fo.p)
		buf_printf(&b, " fo=" SPAN_FMT, SPAN_ARG(r->fo));
	for (size_t i = 0; i < r->nflaws; i++) {
		buf_printf(&b, " [%c ", flaw[r->flaws[i].kind]);
		buf_add(&b, r->flaws[i].tag);
		buf_char(&b, ']');
	}
	return buf_span(&b);
}

struct record_case {
	const char *tags; /* after "v=DMARC1;" */
	const char *expect;
};

static void
check(const struct record_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dmarc_record r;

		dmarc_record_parse(
		    arena_printf(a, "v=DMARC1;%s", c[i].tags), a, &r);
		same(c[i].tags, summary(&r, a), c[i].expect);
		arena_free(a);
	}
}

static void
policies_stand_in_for_each_other(void **state)
{
	static const struct record_case cases[] = {
	    {"", "none/none/none"},
	    {"p=none", "none/none/none p"},
	    {"p=reject", "reject/reject/reject p"},
	    {" p = quarantine ", "quarantine/quarantine/quarantine p"},
	    {"p=REJECT", "reject/reject/reject p"},
	    {"p=reject;sp=none", "reject/none/none p sp"},
	    {"sp=none;p=reject;", "reject/none/none p sp"},
	    {"p=reject;np=none", "reject/reject/none p np"},
	    {"p=none;sp=quarantine;np=reject",
		"none/quarantine/reject p sp np"},
	    {"sp=reject", "none/reject/reject sp"},
	    {"np=reject", "none/none/reject np"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
policies_that_are_none_are_bad(void **state)
{
	static const struct record_case cases[] = {
	    {"p=rejekt", "none/none/none bad old [V p=rejekt]"},
	    {"p=", "none/none/none bad old [V p=]"},
	    {"p=reject p=none", "none/none/none bad old [V p=reject p=none]"},
	    {"p=reject,", "none/none/none bad old [V p=reject,]"},
	    {"p=re\tject", "none/none/none bad old [V p=re\tject]"},
	    {"p=" SMART_OPEN "reject" SMART_CLOSE,
		"none/none/none bad old [V p=" SMART_OPEN "reject" SMART_CLOSE
		"]"},
	    {"p=reject;sp=x", "reject/reject/reject p bad old [V sp=x]"},
	    {"p=reject;np=x", "reject/reject/reject p bad [V np=x]"},
	    {"p=reject;p=reject", "none/none/none bad old [D p=reject]"},
	    {"p=reject;p=none;p=none",
		"none/none/none bad old [D p=none] [D p=none]"},
	    {"p=none;sp=reject;sp=reject",
		"none/none/none p bad old [D sp=reject]"},
	    {"p=none;np=reject;np=none", "none/none/none p bad [D np=none]"},
	    /* Not a known tag. */
	    {"p", "none/none/none [S p]"},
	    {"p:reject", "none/none/none [S p:reject]"},
	    {"P=reject", "none/none/none [U P=reject]"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
flags_have_their_letters(void **state)
{
	static const struct record_case cases[] = {
	    {"adkim=s", "none/none/none adkim"},
	    {"adkim=S;aspf=r", "none/none/none adkim"},
	    {"aspf=s", "none/none/none aspf"},
	    {"adkim=strict", "none/none/none [V adkim=strict]"},
	    {"adkim=s;adkim=s", "none/none/none [D adkim=s]"},
	    {"aspf=s;aspf=r", "none/none/none [D aspf=r]"},
	    {"aspf=", "none/none/none [V aspf=]"},
	    {"t=y", "none/none/none t"},
	    {"t=Y", "none/none/none t"},
	    {"t=n", "none/none/none"},
	    {"t=yes", "none/none/none [V t=yes]"},
	    {"t=y;t=y", "none/none/none [D t=y]"},
	    {"psd=y", "none/none/none psd=y"},
	    {"psd=N", "none/none/none psd=n"},
	    {"psd=u", "none/none/none"},
	    {"psd=x", "none/none/none [V psd=x]"},
	    {"psd=yn", "none/none/none [V psd=yn]"},
	    {"psd=y;psd=y", "none/none/none [D psd=y]"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
obsolete_tags_are_read_and_said(void **state)
{
	static const struct record_case cases[] = {
	    {"pct=50", "none/none/none pct=50 [O pct=50]"},
	    {"pct=0", "none/none/none pct=0 [O pct=0]"},
	    {"pct=100", "none/none/none [O pct=100]"},
	    {"pct=101", "none/none/none [O pct=101] [V pct=101]"},
	    {"pct=-1", "none/none/none [O pct=-1] [V pct=-1]"},
	    {"pct=0050", "none/none/none [O pct=0050] [V pct=0050]"},
	    {"pct=50%", "none/none/none [O pct=50%] [V pct=50%]"},
	    {"pct=7;pct=7", "none/none/none [O pct=7] [O pct=7] [D pct=7]"},
	    {"rf=afrf;ri=86400", "none/none/none [O rf=afrf] [O ri=86400]"},
	    {"ri=\001", "none/none/none [O ri=\001] [V ri=\001]"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
report_addresses_are_uris(void **state)
{
	static const struct record_case cases[] = {
	    {"rua=mailto:a@b.example",
		"none/none/none rua=mailto:a@b.example@b.example"},
	    {"rua=MailTo:a@B.Example",
		"none/none/none rua=MailTo:a@B.Example@b.example"},
	    {"rua=mailto:a@b.example!10m",
		"none/none/none rua=mailto:a@b.example@b.example"},
	    {"rua=mailto:a@b.example!10",
		"none/none/none rua=mailto:a@b.example@b.example"},
	    {"rua=mailto:a@b.example?subject=x#y",
		"none/none/none rua=mailto:a@b.example?subject=x#y@b.example"},
	    {"rua=mailto:a%2Cb@c.example",
		"none/none/none rua=mailto:a%2Cb@c.example@c.example"},
	    {"rua= mailto:a@b , mailto:c@d ;",
		"none/none/none rua=mailto:a@b@b rua=mailto:c@d@d"},
	    {"rua=https://b.example/x",
		"none/none/none "
		"rua=https://b.example/x"},
	    {"ruf=mailto:a@b;fo=1:d:s",
		"none/none/none ruf=mailto:a@b@b fo=1:d:s"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

/* A list keeps its valid addresses. Each invalid one is a flaw, except an empty
 * one. */
static void
what_is_no_report_address_is_left_out(void **state)
{
	static const char *const bad[] = {"", "a@b.example",
	    "mailto:", "mailto:a", "mailto:@b", "mailto:a@", "mailto:a@b@c",
	    "mailto:?to=a@b", "mailto:a@b..c", "mailto:a@[192.0.2.1]",
	    "mailto:a@b!", "mailto:a@b!m", "mailto:a@b!10x", "mailto:a!b@c",
	    "mailto:a@b!1m!1m", "mailto:a b@c", "mailto:<a@b>",
	    "mailto:\"a\"@b", "mailto:a%@b", "mailto:a%2@b", "mailto:a%gg@b",
	    "mailto:\303\274@b", "mailto:a@b\001", ":a@b", "1x:a@b", "m_x:y",
	    "https:", "mail to:a@b", "mailto:a@b%2ec"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena *a = arena_new();
		const char *tag = arena_printf(a, "rua=%s", bad[i]).p;
		const char *list =
		    arena_printf(a, "rua=mailto:x@y,%s", bad[i]).p;
		const char *of_list = *bad[i] ? tag : list;
		struct record_case cases[] = {
		    {tag, arena_printf(a, "none/none/none [V %s]", tag).p},
		    {list,
			arena_printf(a,
			    "none/none/none rua=mailto:x@y@y [V %s]", of_list)
			    .p},
		};

		check(cases, COUNT(cases));
		arena_free(a);
	}
}

static void
a_list_of_addresses_counts_once(void **state)
{
	static const struct record_case cases[] = {
	    {"ruf=a@b, mailto:c@d ,x:,;rua = x ",
		"none/none/none ruf=mailto:c@d@d [V ruf=a@b] [V ruf=x:] "
		"[V rua=x]"},
	    {"rua=mailto:a@b;rua=mailto:c@d",
		"none/none/none [D rua=mailto:c@d]"},
	    {"ruf=mailto:a@b;ruf=mailto:a@b;rua=mailto:a@b",
		"none/none/none rua=mailto:a@b@b [D ruf=mailto:a@b]"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

static void
failure_options_have_their_letters(void **state)
{
	static const char *const good[] = {"0", "1", "d", "s", "0:d", "1:s:d",
	    "d:0", "d:1:s", "d:s:0", "D:S", "0 : d"};
	static const char *const bad[] = {
	    "", "2", "0:1", "d:d", "1:d:1", "0:", ":d", "ds", "0,d"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct arena *a = arena_new();
		struct record_case c = {arena_printf(a, "fo=%s", good[i]).p,
		    arena_printf(a, "none/none/none fo=%s", good[i]).p};

		check(&c, 1);
		arena_free(a);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena *a = arena_new();
		struct record_case c = {arena_printf(a, "fo=%s", bad[i]).p,
		    arena_printf(a, "none/none/none [V fo=%s]", bad[i]).p};

		check(&c, 1);
		arena_free(a);
	}
}

static void
one_flaw_leaves_the_other_tags_alone(void **state)
{
	static const struct record_case cases[] = {
	    {"x=y;p=reject", "reject/reject/reject p [U x=y]"},
	    {"x;p=reject", "reject/reject/reject p [S x]"},
	    {"x=;p=reject", "reject/reject/reject p [S x=]"},
	    {"x1=y;p=reject", "reject/reject/reject p [S x1=y]"},
	    {"=y;p=reject", "reject/reject/reject p [S =y]"},
	    {"x=\200;p=reject", "reject/reject/reject p [S x=\200]"},
	    {";;p=reject;;", "reject/reject/reject p"},
	    {"v=DMARC1;p=reject", "reject/reject/reject p [D v=DMARC1]"},
	    {"adkim=x;p=reject;aspf=s",
		"reject/reject/reject p aspf [V adkim=x]"},
	    {"p=reject adkim=s;aspf=s",
		"none/none/none bad old aspf [V p=reject adkim=s]"},
	    {"p=reject\r\n;\r\n\taspf=s", "reject/reject/reject p aspf"},
	};

	(void)state;
	check(cases, COUNT(cases));
}

/* RFC 9989 4.8: one between two tags, and one after the last. */
static void
the_first_semicolon_too_many_is_told(void **state)
{
	static const struct {
		const char *record, *gap;
	} cases[] = {
	    {"v=DMARC1;p=none", ""},
	    {"v=DMARC1; p=none ; ", ""},
	    {"v=DMARC1 ;;p=none", "v=DMARC1 ;;"},
	    {"v=DMARC1; p=none;\t; sp=none;;", "p=none;\t;"},
	    {"v=DMARC1; x ; ;", "x ; ;"},
	    {"v=DMARC1;;;", "v=DMARC1;;"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct dmarc_record r;

		dmarc_record_parse(span_of(cases[i].record), a, &r);
		same(cases[i].record, r.gap, cases[i].gap);
		arena_free(a);
	}
}

static void
a_long_record_is_read_to_its_end(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF(a);
	struct dmarc_record r;

	(void)state;
	buf_str(&b, "v=DMARC1;rua=");
	for (unsigned i = 0; i < 5000; i++)
		buf_str(&b, "mailto:a@b,");
	buf_str(&b, "mailto:a@b;");
	for (unsigned i = 0; i < 5000; i++)
		buf_str(&b, "x=y;");
	buf_str(&b, "p=reject");
	dmarc_record_parse(buf_span(&b), a, &r);
	assert_int_equal(r.nrua, 5001);
	assert_int_equal(r.nflaws, 5000);
	assert_int_equal(r.p, DMARC_POLICY_REJECT);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_record_begins_with_its_version),
	    cmocka_unit_test(policies_stand_in_for_each_other),
	    cmocka_unit_test(policies_that_are_none_are_bad),
	    cmocka_unit_test(flags_have_their_letters),
	    cmocka_unit_test(obsolete_tags_are_read_and_said),
	    cmocka_unit_test(report_addresses_are_uris),
	    cmocka_unit_test(what_is_no_report_address_is_left_out),
	    cmocka_unit_test(a_list_of_addresses_counts_once),
	    cmocka_unit_test(failure_options_have_their_letters),
	    cmocka_unit_test(one_flaw_leaves_the_other_tags_alone),
	    cmocka_unit_test(the_first_semicolon_too_many_is_told),
	    cmocka_unit_test(a_long_record_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
