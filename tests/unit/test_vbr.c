/* test_vbr: the VBR-Info field and certifiers' answers. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include "base/buf.h"
#include "base/limit.h"
#include "vbr/vbr.h"

static void
a_field_is_read_in_any_order_and_case(void **state)
{
	static const char *const bodies[] = {
	    " md=a.example; mc=list; mv=b.example:c.example;",
	    " MV=B.example:c.EXAMPLE; x=y; MC=List; md=A.Example.",
	    "mc=list;\r\n\tmv=b.example:c.example;\r\n md=a.example",
	    ";x-y=1; md=a.example; mc = list; q; mv=b.example:c.example; x=",
	    "mc=list; mv=b.example :\r\n\tc.example; md=\ta.example",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct arena *a = arena_new();
		struct vbr_info info;

		assert_true(vbr_info_parse(span_of(bodies[i]), a, &info));
		assert_true(span_eq(info.domain, SPAN("a.example")));
		assert_true(span_eq(info.type, SPAN("list")));
		assert_int_equal(info.ncertifiers, 2);
		assert_true(span_eq(info.certifiers[0], SPAN("b.example")));
		assert_true(span_eq(info.certifiers[1], SPAN("c.example")));
		arena_free(a);
	}
}

/* The number of octets shown of a piece (LIMIT_SHOWN_PIECE). */
#define TEN   "0123456789"
#define NINE  "012345678"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void
what_is_no_field_is_refused_and_it_is_said_why(void **state)
{
	static const struct {
		const char *body, *wrong;
	} cases[] = {
	    {"", "no md="},
	    {";", "no md="},
	    {"md", "no md="},
	    {"md=a.example; mc=all;", "no mv="},
	    {"md=a.example; mv=b.example;", "no mc="},
	    {"mc=all; mv=b.example", "no md="},
	    {"x md=a.example; mc=all; mv=b.example", "no md="},
	    {"md=A..example; mc=all; mv=b.example;", "md='A..example'"},
	    {"md=; mc=all; mv=b.example;", "md=''"},
	    {"md=a b.example; mc=all; mv=b.example", "md='a b.example'"},
	    {"md=(c)a.example; mc=all; mv=b.example", "md='(c)a.example'"},
	    {"md=a.example; mc=A1; mv=b.example;", "mc='A1'"},
	    {"md=a.example; mc=; mv=b.example;", "mc=''"},
	    {"md=a.example; mc=all,list; mv=b.example", "mc='all,list'"},
	    {"md=a.example; mc=all; mv=;", "mv=''"},
	    {"md=a.example; mc=all; mv=b.example:;", "mv=''"},
	    {"md=a.example; mc=all; mv=b.example c.example",
		"mv='b.example c.example'"},
	    {"md=a.example; mc=all; mv=b.example : c..example",
		"mv='c..example'"},
	    {"md=a.example; md=a.example; mc=all; mv=b.example;", "md= twice"},
	    {"md=a.example; mc=all; mv=b.example; MV=c.example", "mv= twice"},
	    {"mc=1; md=a..example", "mc='1'"},
	    {"mc=" SIXTY "; md=a.example; mv=b.example", "mc='" SIXTY "'"},
	    {"md=" NINE TEN TEN TEN TEN TEN "\xc3\xa9.example; mc=all",
		"md='" NINE TEN TEN TEN TEN TEN "...'"},
	    {"md=" NINE TEN TEN TEN TEN TEN "\xff\xff.example; mc=all",
		"md='" NINE TEN TEN TEN TEN TEN "\xff...'"},
	    {"mc=" SIXTY "1; md=a.example; mv=b.example", "mc='" SIXTY "...'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct vbr_info info;

		assert_false(vbr_info_parse(span_of(cases[i].body), a, &info));
		same(cases[i].body, info.wrong, cases[i].wrong);
		arena_free(a);
	}
}

static void
a_body_over_a_tag_list_is_refused(void **state)
{
	static const char begin[] = "md=a.example; mc=all; mv=b.example; x=";

	(void)state;
	for (size_t n = LIMIT_TAGLIST - 1; n <= LIMIT_TAGLIST + 1; n++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);
		struct vbr_info info;

		buf_str(&b, begin);
		while (b.len < n)
			buf_char(&b, 'x');
		assert_int_equal(
		    vbr_info_parse(buf_span(&b), a, &info), n <= LIMIT_TAGLIST);
		same("a body", info.wrong,
		    n <= LIMIT_TAGLIST ? NULL : "over 65536 octets");
		arena_free(a);
	}
}

/* RFC 5518 4: the list must not be folded, and a line cannot be longer. */
static void
a_list_over_a_line_is_refused(void **state)
{
	(void)state;
	for (unsigned n = LIMIT_LINE - 1; n <= LIMIT_LINE + 1; n++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);
		struct vbr_info info;

		buf_str(&b, "md=a.example; mc=all; mv=");
		for (unsigned i = 0; i < n; i++)
			buf_char(&b, i % 2 ? ':' : 'x');
		if (n % 2 == 0)
			b.p[b.len - 1] = 'x';
		assert_int_equal(
		    vbr_info_parse(buf_span(&b), a, &info), n <= LIMIT_LINE);
		same("a list", info.wrong,
		    n <= LIMIT_LINE ? NULL : "mv= over 998 octets");
		arena_free(a);
	}
}

static void
what_is_composed_is_read_back(void **state)
{
	struct arena *a = arena_new();
	struct span certifier[] = {SPAN("b.example"), SPAN("c.example")};
	struct vbr_info info = {.domain = SPAN("a.example"),
	    .type = SPAN("all"),
	    .certifiers = certifier,
	    .ncertifiers = 2};
	struct span field = vbr_info_compose(&info, "\r\n", a);
	struct vbr_info again;

	(void)state;
	assert_true(span_eq(field,
	    SPAN("VBR-Info: md=a.example; mc=all; "
		 "mv=b.example:c.example;\r\n")));
	assert_true(vbr_info_parse(
	    span_from(field, sizeof("VBR-Info:") - 1), a, &again));
	assert_int_equal(again.ncertifiers, 2);
	arena_free(a);
}

static void
a_type_is_a_lower_case_word(void **state)
{
	(void)state;
	assert_true(vbr_is_type(SPAN("marketing")));
	assert_false(vbr_is_type(SPAN("")));
	assert_false(vbr_is_type(SPAN("All")));
	assert_false(vbr_is_type(SPAN("a b")));
	assert_true(vbr_is_defined_type(SPAN("transaction")));
	assert_false(vbr_is_defined_type(SPAN("marketing")));
}

/* Returns a certifier's answer about a.example (mail of type list) with these
 * records set, each "TYPE DATA". */
static struct vbr_answer
answer_of(
    const char *certifier, const char *const *set, size_t n, struct arena *a)
{
	struct vbr_certifier c;
	const char *sets[2];
	/* Without a zone, what is not set would be queried from the network. */
	const char *zone = "/dev/null";
	struct dns_config config = {.sets = sets,
	    .nsets = n,
	    .zones = &zone,
	    .nzones = 1,
	    .timeout = 1};
	struct span error;
	struct vbr_answer answer;
	struct dns *d;
	int status;

	for (size_t i = 0; i < n; i++)
		sets[i] =
		    arena_printf(a, "a.example._vouch.b.example %s", set[i]).p;
	d = dns_new(&config, a, &error, &status);
	assert_non_null(d);
	dns_begin(d);
	assert_true(vbr_certifier_parse(span_of(certifier), a, &c));
	vbr_query_prefetch(d, SPAN("a.example"), &c, a);
	answer = vbr_query(d, SPAN("a.example"), &c, SPAN("list"), a);
	answer.detail = arena_span(a, answer.detail);
	dns_free(d);
	return answer;
}

struct answer {
	const char *certifier, *set[2];
	enum vbr_reason reason;
	const char *detail;
};

static void
check_answers(const struct answer *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		const struct vbr_answer answer =
		    answer_of(c[i].certifier, c[i].set, c[i].set[1] ? 2 : 1, a);

		assert_int_equal(answer.reason, c[i].reason);
		same(c[i].set[0], answer.detail, c[i].detail);
		if (answer.reason == VBR_SEVERAL)
			assert_int_equal(answer.lists, 2);
		arena_free(a);
	}
}

static void
a_record_vouches_for_all_or_the_type(void **state)
{
	static const struct answer cases[] = {
	    {"b.example", {"TXT \"all\""}, VBR_OK, "all"},
	    {"b.example", {"TXT \"transaction list\""}, VBR_OK,
		"transaction list"},
	    {"b.example", {"TXT \"transaction \" \"list\""}, VBR_OK,
		"transaction list"},
	    {"b.example", {"TXT \"  list  foo \""}, VBR_OK, "list  foo"},
	    {"b.example", {"TXT \"transactionlist\""}, VBR_NOT_TYPE,
		"transactionlist"},
	    {"b.example", {"TXT \"transaction\""}, VBR_NOT_TYPE, "transaction"},
	    {"b.example", {"TXT \"List\""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \"list;\""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \"all\\009list\""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \"v=spf1 -all\""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \"\""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \" \""}, VBR_BAD_RECORD, NULL},
	    {"b.example", {"TXT \"all\"", "TXT \"v=spf1 -all\""}, VBR_OK,
		"all"},
	    {"b.example", {"TXT \"all\"", "TXT \"list\""}, VBR_SEVERAL, NULL},
	    {"b.example", {"A 127.0.2.1"}, VBR_NOT_LISTED, NULL},
	};

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
an_address_vouches_for_all_or_refuses_the_asker(void **state)
{
	static const struct answer cases[] = {
	    {"b.example/a", {"A 127.0.2.0"}, VBR_OK, "127.0.2.0"},
	    {"b.example/a", {"A 127.0.2.255"}, VBR_OK, "127.0.2.255"},
	    {"b.example/a", {"A 127.0.3.1"}, VBR_OTHER_ADDRESS, "127.0.3.1"},
	    {"b.example/a", {"A 127.0.1.255"}, VBR_OTHER_ADDRESS,
		"127.0.1.255"},
	    {"b.example/a", {"A 192.0.2.1"}, VBR_OTHER_ADDRESS, "192.0.2.1"},
	    {"b.example/a", {"A 127.255.255.252"}, VBR_QUERY_REFUSED,
		"127.255.255.252"},
	    {"b.example/a", {"A 127.255.254.255"}, VBR_OTHER_ADDRESS,
		"127.255.254.255"},
	    {"b.example/a", {"A 192.0.2.1", "A 127.0.2.2"}, VBR_OK,
		"127.0.2.2"},
	    {"b.example/a", {"A 127.0.2.2", "A 127.255.255.255"},
		VBR_QUERY_REFUSED, "127.255.255.255"},
	    {"b.example/a", {"TXT all"}, VBR_NOT_LISTED, NULL},
	};

	(void)state;
	check_answers(cases, COUNT(cases));
}

static void
a_certifier_is_a_host_asked_for_text_or_an_address(void **state)
{
	static const struct {
		const char *text, *host;
		bool by_address;
	} cases[] = {
	    {"b.example", "b.example", false},
	    {"B.Example.", "b.example", false},
	    {"b.example/a", "b.example", true},
	    {"b.example/A", "b.example", true},
	    {"b.example/", NULL, false},
	    {"b.example/aa", NULL, false},
	    {"b.example/a/a", NULL, false},
	    {"/a", NULL, false},
	    {"", NULL, false},
	    {"b example", NULL, false},
	    {"*", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct vbr_certifier c;
		bool good = vbr_certifier_parse(span_of(cases[i].text), a, &c);

		assert_int_equal(good, cases[i].host != NULL);
		if (good) {
			assert_true(span_eq(c.host, span_of(cases[i].host)));
			assert_int_equal(c.by_address, cases[i].by_address);
		}
		arena_free(a);
	}
}

static void
a_name_that_the_dns_cannot_have_is_a_permerror(void **state)
{
	static const struct {
		int last; /* octets of the last label */
		enum vbr_reason reason;
	} cases[] = {{59, VBR_OK}, {60, VBR_BAD_NAME}};
	const struct vbr_certifier c = {SPAN("b.example"), false};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span domain = arena_printf(
		    a, "%058d.%058d.%058d.%0*d", 0, 0, 0, cases[i].last, 0);
		const char *set = arena_printf(a, "%s%s TXT all", domain.p,
		    cases[i].last == 59 ? "._vouch.b.example" : "")
				      .p;
		struct dns_config config = {
		    .sets = &set, .nsets = 1, .timeout = 1};
		struct span error;
		int status;
		struct dns *d = dns_new(&config, a, &error, &status);

		assert_non_null(d);
		assert_int_equal(
		    vbr_query(d, domain, &c, SPAN("all"), a).reason,
		    cases[i].reason);
		dns_free(d);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_field_is_read_in_any_order_and_case),
	    cmocka_unit_test(what_is_no_field_is_refused_and_it_is_said_why),
	    cmocka_unit_test(a_body_over_a_tag_list_is_refused),
	    cmocka_unit_test(what_is_composed_is_read_back),
	    cmocka_unit_test(a_type_is_a_lower_case_word),
	    cmocka_unit_test(a_record_vouches_for_all_or_the_type),
	    cmocka_unit_test(an_address_vouches_for_all_or_refuses_the_asker),
	    cmocka_unit_test(
		a_certifier_is_a_host_asked_for_text_or_an_address),
	    cmocka_unit_test(a_name_that_the_dns_cannot_have_is_a_permerror),
	    cmocka_unit_test(a_list_over_a_line_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
