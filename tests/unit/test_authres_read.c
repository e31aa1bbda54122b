/* test_authres_read: fields as mail systems write them, part by part. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"
#include "fixture_repeated.h"

#include "mail/authres_read.h"
#include "base/buf.h"
#include "base/limit.h"

/* Returns what was read in one line: id/version; method/version=result, "?" if
 * that is not clear, (reason) [ptype.name=value]... {skipped}; and "<rest>". */
static const char *
rendered(struct span body, struct arena *a)
{
	struct authres_reading ar;
	struct buf b = BUF(a);

	if (!authres_read(body, true, a, &ar))
		return "no";
	buf_add(&b, ar.id.p ? ar.id : SPAN("-"));
	buf_printf(&b, "/%ju", (uintmax_t)ar.version);
	for (size_t i = 0; i < ar.nentries; i++) {
		const struct authres_result *r = &ar.entries[i].result;

		buf_printf(&b, "; " SPAN_FMT "/%ju=%s" SPAN_FMT,
		    SPAN_ARG(r->method), (uintmax_t)r->version,
		    ar.entries[i].clear ? "" : "?", SPAN_ARG(r->result));
		if (r->reason.p)
			buf_printf(&b, " (" SPAN_FMT ")", SPAN_ARG(r->reason));
		for (size_t j = 0; j < r->nproperties; j++)
			buf_printf(&b,
			    " [" SPAN_FMT "." SPAN_FMT "=" SPAN_FMT "]",
			    SPAN_ARG(r->properties[j].ptype),
			    SPAN_ARG(r->properties[j].name),
			    SPAN_ARG(r->properties[j].value));
		if (ar.entries[i].skipped.p)
			buf_printf(&b, " {" SPAN_FMT "}",
			    SPAN_ARG(ar.entries[i].skipped));
	}
	if (ar.rest.p)
		buf_printf(&b, " <" SPAN_FMT ">", SPAN_ARG(span_trim(ar.rest)));
	return arena_cstr(a, buf_span(&b));
}

static void
a_body_is_read_part_by_part(void **state)
{
	static const char *const cases[][2] = {
	    {"a; none", "a/1"},
	    {"a 2 (c) ; none", "a/2"},
	    {"(c) \"a b\" ; x; y=z w; ;", "a b/1"},
	    {"a; DKIM / 1 = PASS (c) Header . D (c) = (c) x",
		"a/1; dkim/1=pass [header.d=x]"},
	    {"a; spf=fail reason = \"b; c\" smtp.helo=h",
		"a/1; spf/1=fail (b; c) [smtp.helo=h]"},
	    {"a; spf=fail smtp.helo=h reason=late",
		"a/1; spf/1=fail (late) [smtp.helo=h]"},
	    {"a; spf=fail reason=b reason=c", "a/1; spf/1=fail (b) {reason=c}"},
	    {"a; dkim=pass x.b=a/b:c=d,e", "a/1; dkim/1=pass [x.b=a/b:c=d,e]"},
	    {"a; dkim=pass x.b=<u@v> x.c=\"<u@v>\"",
		"a/1; dkim/1=pass [x.b=u@v] [x.c=<u@v>]"},
	    {"a; dkim=pass x.b=\"u v\"@w x.c=u @v",
		"a/1; dkim/1=pass [x.b=u v@w] [x.c=u@v]"},
	    {"a; dkim=pass x.b=u@v @w", "a/1; dkim/1=pass [x.b=u@v] {@w}"},
	    {"a; dkim=pass x.b=(c)y(c)z", "a/1; dkim/1=pass [x.b=y] {z}"},
	    {"a; dkim=pass header.b= header.d=x header.s=(c)",
		"a/1; dkim/1=pass [header.b=] [header.d=x] [header.s=]"},
	    {"a; dkim=pass header.b= other.d=x",
		"a/1; dkim/1=pass [header.b=other.d=x]"},
	    {"a; dkim=pass header.b=header.d=x",
		"a/1; dkim/1=pass [header.b=header.d=x]"},
	    {"a; dmarc=pass action=none for u@v x=\"y z\" \"w\"",
		"a/1; dmarc/1=pass {action=none for u@v x=\"y z\" \"w\"}"},
	    {"a; dkim=pass, x.b=c; spf; dmarc/x=pass",
		"a/1; dkim/1=? [x.b=c] {pass,}; spf/1=?; dmarc/1=?"
		" {/x=pass}"},
	    {"a; dkim=pass; dkim-adsp=x; xspf=y; spf.z=w", "a/1; dkim/1=pass"},
	    {"a; x=\"; dkim=pass\" (; dkim=pass); y=a\";\"b; dkim=none",
		"a/1; dkim/1=none"},
	    {"dkim=pass x.b=c; a; spf/1=none",
		"-/1; dkim/1=pass [x.b=c]; spf/1=none"},
	    {"a; dkim=pass; spf=none (x; dmarc=pass",
		"a/1; dkim/1=pass <spf=none (x; dmarc=pass>"},
	    {"a; dkim=pass; x=(y", "a/1; dkim/1=pass <x=(y>"},
	    {"a; dkim=pass; (y", "a/1; dkim/1=pass <(y>"},
	    {"a; dkim=pass; x=y\"", "a/1; dkim/1=pass <x=y\">"},
	    {"a; dkim=pass x.b=\"c\"d", "a/1 <dkim=pass x.b=\"c\"d>"},
	    {"a; dkim=pass x.b=c\"d\"", "a/1 <dkim=pass x.b=c\"d\">"},
	    {"a; dkim=pass x.b=\"c\"@d\"e\"",
		"a/1 <dkim=pass x.b=\"c\"@d\"e\">"},
	    {"a; dkim=pass x.b=c\x7f", "a/1 <dkim=pass x.b=c\x7f>"},
	    {"a; dkim=pass\rx.b=c", "a/1 <dkim=pass\rx.b=c>"},
	    {"a", "no"},
	    {"a b; dkim=pass", "no"},
	    {"a/1; dkim=pass", "-/1; dkim/1=pass"},
	    {"a 1x; dkim=pass", "no"},
	    {"(open a; dkim=pass", "no"},
	    {"; dkim=pass", "no"},
	    {"", "no"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();

		assert_string_equal(
		    rendered(span_of(cases[i][0]), a), cases[i][1]);
		arena_free(a);
	}
}

static void
results_and_properties_are_kept_up_to_their_limits(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena *a = arena_new();
		struct authres_reading ar;
		size_t n = LIMIT_AUTHRES_RESULTS + more;

		assert_true(authres_read(
		    repeated("a", "; x=y; spf=none", n, a), false, a, &ar));
		assert_int_equal(ar.nentries, LIMIT_AUTHRES_RESULTS);
		assert_int_equal(ar.omitted, more);
		n = LIMIT_AUTHRES_PROPERTIES + more;
		assert_true(authres_read(
		    repeated("a; spf=none", " x.y=z", n, a), false, a, &ar));
		assert_int_equal(ar.entries[0].clear, !more);
		assert_int_equal(
		    ar.entries[0].result.nproperties, LIMIT_AUTHRES_PROPERTIES);
		arena_free(a);
	}
}

static void
long_fields_are_read_to_their_end(void **state)
{
	static const char *const each[] = {";", "; x", "; dkim", " x",
	    " x.y=", " x.y=\"\"", " (c)", " @", " reason=x",
	    "; dkim=pass header.d= ", "\"\"", " <", " ."};

	(void)state;
	for (size_t i = 0; i < COUNT(each); i++) {
		struct arena *a = arena_new();
		struct authres_reading ar;
		struct span body = repeated("a; dkim=pass", each[i], 200000, a);

		assert_true(authres_read(body, false, a, &ar));
		assert_true(ar.nentries <= LIMIT_AUTHRES_RESULTS);
		arena_free(a);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_body_is_read_part_by_part),
	    cmocka_unit_test(
		results_and_properties_are_kept_up_to_their_limits),
	    cmocka_unit_test(long_fields_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
