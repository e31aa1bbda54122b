/* test_finding: findings as lines and as JSON. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <stdio.h>

#include "tool/output.h"

static const struct finding_kind odd = {
    "odd", FINDING_WARNING, "it is odd: drop it"};
static const struct finding_kind bad = {
    "bad", FINDING_ERROR, "it is bad: repair it"};

static void
the_same_is_added_once(void **state)
{
	struct arena *a = arena_new();
	struct findings f = FINDINGS(a, "spf");
	char what[] = "x";

	(void)state;
	finding_add(&f, &odd, SPAN("a.example"), span_of(what));
	finding_add(&f, &odd, SPAN("a.example"), SPAN("x"));
	assert_int_equal(f.n, 1);
	finding_add(&f, &bad, SPAN("a.example"), SPAN("x"));
	finding_add(&f, &odd, SPAN("b.example"), SPAN("x"));
	finding_add(&f, &odd, SPAN("a.example"), SPAN_NONE);
	assert_int_equal(f.n, 4);
	what[0] = 'y';
	assert_true(span_eq(f.list[0].what, SPAN("x")));
	assert_null(f.list[3].what.p);
	arena_free(a);
}

static void
a_finding_is_one_line_without_raw_octets(void **state)
{
	static const struct {
		struct finding finding;
		struct screen screen;
		const char *lines;
	} cases[] = {
	    {{.kind = &bad,
		 .section = "spf",
		 .level = FINDING_ERROR,
		 .where = {"a.example", 9},
		 .what = {"x\n\033[31m", 7}},
		{0},
		"a.example: error: spf/bad: it is bad: repair it: "
		"x\\x0a\\x1b[31m\n"},
	    {{.kind = &odd,
		 .section = "spf",
		 .level = FINDING_WARNING,
		 .where = {"a.example", 9}},
		{0}, "a.example: warning: spf/odd: it is odd: drop it\n"},
	    {{.kind = &bad,
		 .section = "spf",
		 .level = FINDING_ERROR,
		 .where = {"a.example", 9},
		 .what = {"x", 1}},
		{.has_colours = true},
		"a.example: \033[31merror\033[0m: \033[36mspf/bad\033[0m: it "
		"is "
		"bad: repair it: \033[1;35mx\033[0m\n"},
	    {{.kind = &odd,
		 .section = "spf",
		 .level = FINDING_WARNING,
		 .where = {"a\r.example", 10}},
		{.has_colours = true},
		"a\\x0d.example: \033[33mwarning\033[0m: "
		"\033[36mspf/odd\033[0m: "
		"it is odd: drop it\n"},
	    {{.kind = &odd,
		 .section = "spf",
		 .level = FINDING_WARNING,
		 .where = {"a.example", 9},
		 .what = {"some words", 10},
		 .near = "word"},
		{.width = 40},
		"a.example: warning: spf/odd: it is odd:\n"
		"    drop it: some words; did you mean\n"
		"    word?\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct findings f = FINDINGS(a, "spf");
		struct screen to = cases[i].screen;
		char *text;
		size_t len;

		f.list = ARENA_NEW(a, struct finding);
		f.list[0] = cases[i].finding;
		f.n = 1;
		to.to = open_memstream(&text, &len);
		output_findings(&to, &f);
		fclose(to.to);
		assert_string_equal(text, cases[i].lines);
		free(text);
		arena_free(a);
	}
}

static void
a_version_is_seen_behind_litter_and_misspelt(void **state)
{
	static const struct {
		const char *text, *bare;
		bool version;
	} cases[] = {
	    {"v=spf1 -all", "v=spf1 -all", true},
	    {" \t\"v=spf1", "v=spf1", true},
	    {"\xe2\x80\x9cV = \"SPF\"", "V = \"SPF\"", true},
	    {"=spf1", "spf1", true},
	    {"-spf1", "-spf1", false},
	    {"spf1.", "spf1.", true},
	    {"spf10", "spf10", false},
	    {"spf", "spf", false},
	    {"vspfx", "vspfx", false},
	    {"v", "v", false},
	    {"\"", "", false},
	    {"", "", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span bare =
		    finding_skip_litter(span_of(cases[i].text), "-");

		assert_true(span_eq(bare, span_of(cases[i].bare)));
		assert_int_equal(
		    finding_has_version(bare, SPAN("spf")), cases[i].version);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_is_added_once),
	    cmocka_unit_test(a_finding_is_one_line_without_raw_octets),
	    cmocka_unit_test(a_version_is_seen_behind_litter_and_misspelt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
