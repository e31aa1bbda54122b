#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "vbr.h"

static void
a_field_is_read_in_any_order_and_case(void **state)
{
	static const char *const bodies[] = {
	    " md=a.example; mc=list; mv=b.example:c.example;",
	    " MV=B.example:c.EXAMPLE; x=y; MC=List; md=A.Example.",
	    "mc=list;\r\n\tmv=b.example:c.example;\r\n md=a.example",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct arena *a = arena_new();
		struct vbr_info info;

		assert_true(vbr_info_parse(span_of(bodies[i]), a, &info));
		assert_true(span_eq(info.domain, SPAN("a.example")));
		assert_true(span_eq(info.type, SPAN("list")));
		assert_int_equal(info.certifiers, 2);
		assert_true(span_eq(info.certifier[0], SPAN("b.example")));
		assert_true(span_eq(info.certifier[1], SPAN("c.example")));
		arena_free(a);
	}
}

static void
what_is_no_field_is_refused(void **state)
{
	static const char *const bodies[] = {"", ";", "md=a.example; mc=all;",
	    "md=a.example; mv=b.example;", "mc=all; mv=b.example",
	    "md=a..example; mc=all; mv=b.example;",
	    "md=a.example; mc=a1; mv=b.example;",
	    "md=a.example; mc=all; mv=b.example:;",
	    "md=a.example; md=a.example; mc=all; mv=b.example;"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct arena *a = arena_new();
		struct vbr_info info;

		assert_false(vbr_info_parse(span_of(bodies[i]), a, &info));
		arena_free(a);
	}
}

static void
what_is_composed_is_read_back(void **state)
{
	struct arena *a = arena_new();
	struct span certifier[] = {SPAN("b.example"), SPAN("c.example")};
	struct vbr_info info = {SPAN("a.example"), SPAN("all"), certifier, 2};
	struct span field = vbr_info_compose(&info, "\r\n", a);
	struct vbr_info again;

	(void)state;
	assert_true(span_eq(field,
	    SPAN("VBR-Info: md=a.example; mc=all; "
		 "mv=b.example:c.example;\r\n")));
	assert_true(vbr_info_parse(
	    span_from(field, sizeof("VBR-Info:") - 1), a, &again));
	assert_int_equal(again.certifiers, 2);
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

static void
a_record_vouches_for_all_or_the_type(void **state)
{
	static const struct {
		const char *set;
		enum vbr_reason reason;
	} cases[] = {
	    {"\"all\"", VBR_OK},
	    {"\"transaction list\"", VBR_OK},
	    {"\"transaction \" \"list\"", VBR_OK},
	    {"\"transactionlist\"", VBR_NOT_TYPE},
	    {"\"transaction\"", VBR_NOT_TYPE},
	    {"\"List\"", VBR_BAD_RECORD},
	    {"\"v=spf1 -all\"", VBR_BAD_RECORD},
	    {"\"\"", VBR_BAD_RECORD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *a = arena_new();
		const char *set = arena_printf(
		    a, "a.example._vouch.b.example TXT %s", cases[i].set)
				      .p;
		struct dns_config config = {
		    .sets = &set, .nsets = 1, .timeout = 1};
		struct span error;
		int status;
		struct dns *d = dns_new(&config, a, &error, &status);

		assert_non_null(d);
		dns_begin(d);
		assert_int_equal(vbr_query(d, SPAN("a.example"),
				     SPAN("b.example"), SPAN("list"), a),
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
	    cmocka_unit_test(what_is_no_field_is_refused),
	    cmocka_unit_test(what_is_composed_is_read_back),
	    cmocka_unit_test(a_type_is_a_lower_case_word),
	    cmocka_unit_test(a_record_vouches_for_all_or_the_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
