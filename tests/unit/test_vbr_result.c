/* test_vbr_result: a VBR verdict in words. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/buf.h"
#include "base/limit.h"
#include "unit.h"
#include "vbr/vbr.h"

static const struct vbr_certifier certifier = {{"c.example", 9}, false};

/* Returns n words of this many octets, "a", "b", ... repeated, with
 * separators. */
static struct span
words(size_t n, size_t octets, const char *separator, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < n; i++) {
		buf_str(&b, i ? separator : "");
		for (size_t k = 0; k < octets; k++)
			buf_char(&b, (char)('a' + i % 26));
	}
	return buf_span(&b);
}

static void
types_are_said_as_far_as_there_is_room(void **state)
{
	static const struct {
		size_t words, octets; /* of the record */
		size_t shown;         /* of the words */
		const char *rest;
	} cases[] = {
	    {1, 1, 1, ""},
	    {3, 4, 3, ""},
	    /* 25 words of 9 octets and 24 spaces are 249; 253 is the limit. */
	    {25, 9, 25, ""},
	    {26, 9, 25, " ... (and 1 more)"},
	    {200, 9, 25, " ... (and 175 more)"},
	    {2, LIMIT_SHOWN_LIST / 2, 2, ""},
	    {2, LIMIT_SHOWN_LIST / 2 + 1, 1, " ... (and 1 more)"},
	    {1, LIMIT_SHOWN_LIST, 1, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		const struct vbr_query q = {.domain = SPAN("a.example"),
		    .type = SPAN("all"),
		    .certifier = &certifier,
		    .is_queried = true,
		    .reason = VBR_NOT_TYPE,
		    .answer = {.reason = VBR_NOT_TYPE,
			.detail =
			    words(cases[i].words, cases[i].octets, " ", a)}};
		struct result r;

		vbr_query_result(&q, a, &r);
		same("types", r.why.words,
		    arena_printf(a, "%s: " SPAN_FMT "%s",
			vbr_reasons[VBR_NOT_TYPE].words,
			SPAN_ARG(
			    words(cases[i].shown, cases[i].octets, " ", a)),
			cases[i].rest)
			.p);
		arena_free(a);
	}
}

static void
a_type_for_which_there_is_no_room_is_cut(void **state)
{
	struct arena *a = arena_new();
	const struct vbr_query q = {.domain = SPAN("a.example"),
	    .type = SPAN("all"),
	    .certifier = &certifier,
	    .is_queried = true,
	    .reason = VBR_NOT_TYPE,
	    .answer = {.reason = VBR_NOT_TYPE,
		.detail = words(3, LIMIT_SHOWN_LIST + 1, " ", a)}};
	struct result r;

	(void)state;
	vbr_query_result(&q, a, &r);
	same("types", r.why.words,
	    arena_printf(a, "%s: " SPAN_FMT "... ... (and 2 more)",
		vbr_reasons[VBR_NOT_TYPE].words,
		SPAN_ARG(words(1, LIMIT_SHOWN_LIST, " ", a)))
		.p);
	arena_free(a);
}

static void
each_domain_that_is_not_authenticated_is_named_once(void **state)
{
	static const struct {
		const char *domains, *about;
	} cases[] = {
	    {"a.example", ": a.example"},
	    {"a.example a.example", ": a.example"},
	    {"a.example b.example a.example c.example",
		": a.example, b.example, c.example"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span rest = span_of(cases[i].domains);
		struct vbr_query *q = NULL;
		struct vbr_check check = {
		    .arena = a, .reason = VBR_NOT_AUTHENTICATED};
		struct result r;

		while (rest.p && rest.len) {
			*ARENA_PUSH(a, q, check.evaluated) =
			    (struct vbr_query){.domain = span_cut(&rest, ' '),
				.reason = VBR_NOT_AUTHENTICATED,
				.certifier = &certifier};
		}
		check.queries = q;
		check.decisive = q;
		vbr_check_result(&check, &r);
		same(cases[i].domains, r.why.words,
		    arena_printf(a, "%s%s",
			vbr_reasons[VBR_NOT_AUTHENTICATED].words,
			cases[i].about)
			.p);
		assert_int_equal(r.nproperties, 0);
		arena_free(a);
	}
}

static void
of_many_domains_it_is_said_how_many_more_there_are(void **state)
{
	struct arena *a = arena_new();
	struct vbr_query q[30];
	struct vbr_check check = {.arena = a,
	    .reason = VBR_NOT_AUTHENTICATED,
	    .queries = q,
	    .decisive = q,
	    .evaluated = COUNT(q)};
	struct result r;

	(void)state;
	memset(q, 0, sizeof(q));
	for (size_t i = 0; i < COUNT(q); i++) {
		q[i].domain = arena_printf(a, "d%02zu.example", i);
		q[i].reason = VBR_NOT_AUTHENTICATED;
	}
	vbr_check_result(&check, &r);
	assert_true(span_caseends(
	    r.why.words, SPAN(", d18.example, ... (and 11 more)")));
	arena_free(a);
}

static void
what_is_wrong_with_fields_is_said_once(void **state)
{
	struct vbr_field field[] = {
	    {.info.wrong = SPAN("no mv=")},
	    {.is_valid = true, .info.domain = SPAN("a.example")},
	    {.info.wrong = SPAN("mc='1'")},
	    {.info.wrong = SPAN("no mv=")},
	};
	struct arena *a = arena_new();
	struct vbr_check check = {.arena = a,
	    .reason = VBR_MIXED,
	    .fields = field,
	    .nfields = COUNT(field),
	    .total = COUNT(field)};
	struct result r;

	(void)state;
	vbr_check_result(&check, &r);
	assert_int_equal(r.nnotes, 1);
	same("a note", r.notes[0].words,
	    "3 VBR-Info field(s) cannot be parsed: no mv=, mc='1'");
	field[1].is_valid = false;
	field[1].info.wrong = SPAN("md= twice");
	check.reason = VBR_INFO_SYNTAX;
	vbr_check_result(&check, &r);
	assert_int_equal(r.nnotes, 0);
	same("the reason", r.why.words,
	    "no VBR-Info field of the message can be parsed: no mv=, "
	    "md= twice, mc='1'");
	arena_free(a);
}

static void
no_octet_of_a_field_ends_the_words(void **state)
{
	static const char wrong[] = "md='a\0b'";
	struct vbr_field field = {.info.wrong = {wrong, sizeof(wrong) - 1}};
	struct arena *a = arena_new();
	struct vbr_check check = {.arena = a,
	    .reason = VBR_INFO_SYNTAX,
	    .fields = &field,
	    .nfields = 1,
	    .total = 1};
	struct result r;

	(void)state;
	vbr_check_result(&check, &r);
	assert_true(span_caseends(r.why.words, field.info.wrong));
	check.reason = VBR_MIXED;
	vbr_check_result(&check, &r);
	assert_true(span_caseends(r.notes[0].words, field.info.wrong));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(types_are_said_as_far_as_there_is_room),
	    cmocka_unit_test(a_type_for_which_there_is_no_room_is_cut),
	    cmocka_unit_test(
		each_domain_that_is_not_authenticated_is_named_once),
	    cmocka_unit_test(
		of_many_domains_it_is_said_how_many_more_there_are),
	    cmocka_unit_test(what_is_wrong_with_fields_is_said_once),
	    cmocka_unit_test(no_octet_of_a_field_ends_the_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
