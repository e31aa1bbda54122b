/* test_authres_strip: removing forged fields from a message. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <string.h>

#include "mail/authres.h"
#include "base/buf.h"
#include "base/limit.h"

#define ID    SPAN("mx.example.org")
#define AR    "Authentication-Results:"
#define OURS  AR " mx.example.org; dkim=pass\n"
#define OTHER AR " b.example; dkim=pass\n"

/* A sink that keeps what comes. */
struct keeper {
	struct sink sink;
	struct buf got;
	int ends;
	size_t puts;
};

static void
keeper_put(struct sink *self, const char *p, size_t n)
{
	assert_true(n > 0);
	((struct keeper *)self)->puts++;
	buf_add(&((struct keeper *)self)->got, (struct span){p, n});
}

static void
keeper_end(struct sink *self)
{
	((struct keeper *)self)->ends++;
}

/* Returns the output for a message that is put in pieces of this size, but the
 * first octets at once. */
static struct span
stripped(struct span message, bool keep, size_t at_once, size_t piece,
    size_t *removed, struct arena *a)
{
	struct keeper keeper = {{keeper_put, keeper_end}, BUF(a), 0, 0};
	size_t line = span_find(message, '\n');
	bool crlf = line && line < message.len && message.p[line - 1] == '\r';
	const struct authres_removal what = {ID, "dkim", keep, SPAN("X-Score")};
	struct sink *strip =
	    authres_strip_new(&keeper.sink, &what, crlf ? "\r\n" : "\n");

	for (size_t n = at_once ? at_once : piece; message.len; n = piece) {
		if (n > message.len)
			n = message.len;
		sink_put(strip, span_upto(message, n));
		message = span_from(message, n);
	}
	sink_end(strip);
	assert_int_equal(keeper.ends, 0);
	*removed = authres_strip_removed(strip);
	authres_strip_free(strip);
	return buf_span(&keeper.got);
}

/* Checks the output and the number of removals for every size of pieces that
 * follow the first octets. */
static void
check_after(
    size_t at_once, struct span in, bool keep, struct span out, size_t removed)
{
	static const size_t pieces[] = {1, 2, 3, 7, 64, 65536, SIZE_MAX};
	struct arena *a = arena_new();

	for (size_t i = 0; i < COUNT(pieces); i++) {
		size_t n;
		struct span got = stripped(in, keep, at_once, pieces[i], &n, a);

		if (!span_eq(got, out) || n != removed)
			fail_msg("piece %zu: removed %zu of %.80s: %zu octets "
				 "stay, not %zu",
			    pieces[i], n, in.p, got.len, out.len);
	}
	arena_free(a);
}

static void
check(struct span in, bool keep, struct span out, size_t removed)
{
	check_after(0, in, keep, out, removed);
}

#define CASE(in, out, removed)                         \
	{                                              \
		SPAN_INIT(in), SPAN_INIT(out), removed \
	}
#define SPAN_INIT(lit)                  \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}

static void
fields_of_ours_are_removed_and_every_other_octet_passes(void **state)
{
	static const struct {
		struct span in, out;
		size_t removed;
	} cases[] = {
	    CASE("", "", 0),
	    CASE(OURS, "", 1),
	    CASE("A: b\n" OURS "C: d\n\nbody\n", "A: b\nC: d\n\nbody\n", 1),
	    CASE(OURS OTHER OURS "A: b\n" OURS, OTHER "A: b\n", 3),
	    CASE("A: b\r\nauthentication-results : MX.example.org.\r\n"
		 "\t; none\r\nC: d\r\n\r\n",
		"A: b\r\nC: d\r\n\r\n", 1),
	    CASE("A: b\n" AR "\r\n mx.example.org\n ;none\r\nC: d\r\n",
		"A: b\nC: d\r\n", 1),
	    CASE("A: b\n " OURS "C: d\n", "A: b\n " OURS "C: d\n", 0),
	    CASE("A: b\n" AR " mx.example.org; x", "A: b\n", 1),
	    CASE("A: b\n" AR " mx.example.org.evil.example; x",
		"A: b\n" AR " mx.example.org.evil.example; x", 0),
	    CASE("A: b\n\n" OURS, "A: b\n\n" OURS, 0),
	    CASE("A: b\r\n\r\n" OURS, "A: b\r\n\r\n" OURS, 0),
	    CASE("A: b\n\r\n " OURS, "A: b\n\r\n " OURS, 0),
	    /* The header still ends where the removed field ended it. */
	    CASE("A: b\n\r" OURS, "A: b\n\n", 1),
	    CASE("A: b\r\n\r" OURS "x", "A: b\r\n\r\nx", 1),
	    CASE("A: b\n\r" OURS OURS, "A: b\n\n" OURS, 1),
	    CASE("A: b\nno field\n\r" OURS OURS "x", "A: b\nno field\nx", 2),
	    CASE("A: b\nAuthentication-Results\0: mx.example.org\n" OURS,
		"A: b\n\n" OURS, 1),
	    CASE("A: b\nX-Score\1: mx.example.org\n" OURS, "A: b\n\n" OURS, 1),
	    CASE("A: b\nAuthentication-Results\0x: mx.example.org\n",
		"A: b\n\n", 1),
	    CASE("A: b\nAuthentication-Results\0: mx.example.org", "A: b\n", 1),
	    /* Some readers begin a line after a bare CR. */
	    CASE("A: b\r" OURS "C: d\n\n", "A: b\nC: d\n\n", 1),
	    CASE("A: b\r" AR " mx.example.org;\r\n x\r\nC: d\n",
		"A: b\r\nC: d\n", 1),
	    CASE("A: b\r" AR " mx.example.org\rC: d\n\n", "A: b\rC: d\n\n", 1),
	    CASE("A: b\r" AR " mx.example.org\r c\n\n", "A: b\n\n", 1),
	    CASE("A: b\r\r" OURS "\n", "A: b\r\n\n", 1),
	    CASE("A: b\r" OTHER "\n", "A: b\r" OTHER "\n", 0),
	    CASE("A: b\r " OURS "\n", "A: b\r " OURS "\n", 0),
	    CASE("A: b\r", "A: b\r", 0),
	    CASE("From x\r" OURS "A: b\n", "From x\nA: b\n", 1),
	    /* A line is empty only if the one before it has the same line
	     * end. */
	    CASE("A: b\r\nC: d\n\r\n" OURS "\n" OURS,
		"A: b\r\nC: d\n\r\n\n" OURS, 1),
	    CASE(
		"A: b\n" AR " mx.example.org; x\r\n\r\n" OURS, "A: b\n\r\n", 2),
	    /* A line that ends the header for this parser does not end it for
	     * all. */
	    CASE(OURS "no field\n" OURS, "no field\n", 2),
	    CASE(OURS "no field\n" OURS "\n" OURS, "no field\n\n" OURS, 2),
	    CASE(OURS "no field\n x\n" OURS, "no field\n x\n", 2),
	    CASE(OURS ": x\n" OURS, ": x\n", 2),
	    CASE("A: b\n\r\n" OURS, "A: b\n\r\n", 1),
	    CASE("A: b\n\r\n" OURS "\n" OURS, "A: b\n\r\n\n" OURS, 1),
	    CASE("A: b\r\n\n" OURS, "A: b\r\n\n" OURS, 0),
	    CASE("A: b\n>From x\n" OURS, "A: b\n>From x\n", 1),
	    CASE(OURS "A", "A", 1),
	    CASE(OURS "\r", "\r", 1),
	    CASE("\0: x\n" OURS, "\0: x\n", 1),
	    CASE(" x\n" OURS, " x\n", 1),
	    CASE("\n" OURS, "\n" OURS, 0),
	    CASE("From x\n" OURS "A: b\n", "From x\nA: b\n", 1),
	    CASE("From x\r\n>From y\n" OURS "A: b\n",
		"From x\r\n>From y\nA: b\n", 1),
	    CASE("From x", "From x", 0),
	    CASE("From x\n y\n" OURS, "From x\n y\n", 1),
	    CASE("From : x\n" OURS, "From : x\n", 1),
	    CASE(OURS "From x\n" OURS, "From x\n", 2),
	    CASE("A: b\0c\xff\n" OURS "C: \r \0\n", "A: b\0c\xff\nC: \r \0\n",
		1),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check(cases[i].in, false, cases[i].out, cases[i].removed);
}

static void
with_keep_only_claims_of_the_method_and_the_unreadable_go(void **state)
{
	(void)state;
	check(SPAN(OURS AR " mx.example.org; spf=pass\n" AR
			   " mx.example.org; spf\n" OTHER "\nbody"),
	    true, SPAN(AR " mx.example.org; spf=pass\n" OTHER "\nbody"), 2);
}

/* Returns start, then each repeated up to size octets, then end. */
static struct span
sized(const char *start, const char *each, size_t size, const char *end,
    struct arena *a)
{
	struct buf b = BUF(a);
	struct span unit = span_of(each);
	size_t n = size - span_of(end).len;

	buf_room(&b, size);
	buf_str(&b, start);
	while (b.len + unit.len <= n)
		buf_add(&b, unit);
	while (b.len < n)
		buf_char(&b, 'x');
	buf_str(&b, end);
	assert_int_equal(b.len, size);
	return buf_span(&b);
}

/* Checks whether a field between two others is removed. */
static void
check_field(struct span field, bool keep, bool removed)
{
	struct arena *a = arena_new();
	struct buf in = BUF(a), out = BUF(a);

	buf_str(&in, "A: b\n" OURS);
	buf_add(&in, field);
	buf_str(&in, OURS "C: d\n\nbody\n");
	buf_str(&out, "A: b\n");
	if (!removed)
		buf_add(&out, field);
	buf_str(&out, "C: d\n\nbody\n");
	check(buf_span(&in), keep, buf_span(&out), removed ? 3 : 2);
	arena_free(a);
}

static void
fields_over_the_limit_are_judged_by_their_beginning(void **state)
{
	static const struct {
		const char *start, *each, *end;
		bool removed[2][2]; /* [over the limit][keep] */
	} cases[] = {
	    {AR " mx.example.org; spf=pass (", "c\n ", ")\n",
		{{true, false}, {true, true}}},
	    {AR " mx.example.org; dkim=pass (", "c", ")\n",
		{{true, true}, {true, true}}},
	    {AR " b.example; dkim=pass (", "c\r\n\t", ")\n",
		{{false, false}, {false, false}}},
	    {AR " b.example; dkim=pass (", "c", ")\n",
		{{false, false}, {false, false}}},
	    {AR " (", "c", ") b.example; dkim=pass\n",
		{{false, false}, {true, true}}},
	    {AR " b.example (", "c", "); dkim=pass\n",
		{{false, false}, {true, true}}},
	    {AR " ", "b", ".example; dkim=pass\n",
		{{false, false}, {true, true}}},
	    {AR " \"", "b", "\"; dkim=pass\n", {{false, false}, {true, true}}},
	    {AR, " ", "mx.example.org; dkim=pass\n",
		{{true, true}, {true, true}}},
	    {"X: ", "y\n ", "y\n", {{false, false}, {false, false}}},
	    {"X", "X", ": y\n " AR " mx.example.org\n",
		{{false, false}, {false, false}}},
	    {"X ", " ", ": y\n", {{false, false}, {false, false}}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int over = 0; over < 2; over++)
			for (int keep = 0; keep < 2; keep++) {
				struct arena *a = arena_new();

				check_field(
				    sized(cases[i].start, cases[i].each,
					LIMIT_STRIP_FIELD + (size_t)over * 64,
					cases[i].end, a),
				    keep, cases[i].removed[over][keep]);
				arena_free(a);
			}
}

static void
a_field_of_the_limit_is_judged_whole_and_one_octet_more_is_not(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t over = 0; over < 2; over++)
		check_field(sized(AR " mx.example.org; spf=pass (", "c",
				LIMIT_STRIP_FIELD + over, ")\n", a),
		    true, over > 0);
	arena_free(a);
}

static void
our_name_with_its_colon_past_the_limit_is_removed(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	check_field(
	    sized("Authentication-Results", " ", LIMIT_STRIP_FIELD + 100,
		": mx.example.org;\n dkim=pass\n", a),
	    false, true);
	arena_free(a);
}

static void
a_line_over_the_limit_that_is_no_field_does_not_end_the_header(void **state)
{
	static const struct {
		const char *start, *each, *end;
	} cases[] = {
	    {"X", "X", "\n"},
	    {"X", "X", "X x: y\n"},
	    {"X ", " ", "x: y\n"},
	    {"no field ", "x", ": y\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct buf in = BUF(a);

		struct span line = sized(cases[i].start, cases[i].each,
		    LIMIT_STRIP_FIELD + 64, cases[i].end, a);

		buf_add(&in, line);
		buf_str(&in, OURS);
		check(buf_span(&in), false, line, 1);
		arena_free(a);
	}
}

static void
an_mbox_line_of_any_length_passes(void **state)
{
	(void)state;
	for (size_t over = 0; over < 3; over++) {
		struct arena *a = arena_new();
		struct span line =
		    sized("From ", "x", LIMIT_STRIP_FIELD + over - 1, "\n", a);
		struct buf in = BUF(a), bad = BUF(a);

		buf_add(&in, line);
		buf_str(&in, OURS);
		check(buf_span(&in), false, line, 1);
		buf_add(&bad, line);
		buf_str(&bad, " x\n");
		in.len = 0;
		buf_add(&in, buf_span(&bad));
		buf_str(&in, OURS);
		check(buf_span(&in), false, buf_span(&bad), 1);
		arena_free(a);
	}
}

static void
many_fields_are_removed_in_one_pass(void **state)
{
	struct arena *a = arena_new();
	struct buf in = BUF(a), out = BUF(a);
	size_t n;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		buf_str(&in, OURS OTHER);
		buf_str(&out, OTHER);
	}
	assert_true(span_eq(
	    stripped(buf_span(&in), false, 0, 4096, &n, a), buf_span(&out)));
	assert_int_equal(n, 100000);
	arena_free(a);
}

static void
fields_of_the_other_name_are_removed_whatever_they_say(void **state)
{
	static const struct {
		struct span in, out;
		size_t removed;
	} cases[] = {
	    CASE("X-Score: 1\nA: b\n\nX-Score: 2\n", "A: b\n\nX-Score: 2\n", 1),
	    CASE("A: b\nx-SCORE \t: 1\n 2\nX-Scores: 3\n" OURS "X-Scor: 4\n",
		"A: b\nX-Scores: 3\nX-Scor: 4\n", 2),
	    CASE("A: b\n" OTHER "X-Score:", "A: b\n" OTHER, 1),
	};
	struct arena *a = arena_new();
	struct buf in = BUF(a);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int keep = 0; keep < 2; keep++)
			check(
			    cases[i].in, keep, cases[i].out, cases[i].removed);
	/* Longer than the part that is held, after the colon and before it. */
	for (int i = 0; i < 2; i++) {
		in.len = 0;
		buf_str(&in, i ? "X-Score:" : "X-Score");
		memset(
		    buf_room(&in, LIMIT_STRIP_FIELD), ' ', LIMIT_STRIP_FIELD);
		in.len += LIMIT_STRIP_FIELD;
		buf_str(&in, i ? "\n x\nA: b\n" : ":\n x\nA: b\n");
		check(buf_span(&in), false, SPAN("A: b\n"), 1);
	}
	arena_free(a);
}

/* In an oversized field each part after a bare CR is examined by itself,
 * wherever the CR is. Pieces that end well before the limit are tried at the
 * first place only. */
static void
oversized_fields_are_looked_at_after_each_bare_cr(void **state)
{
	static const struct {
		const char *start, *each, *end, *kept;
		size_t places; /* which differ */
	} cases[] = {
	    {"A: b", "b", "\r" OURS, "\n", 70},
	    {"A: b", "b", "\r" AR " mx.example.org;\r\n x\r\n", "\r\n", 70},
	    {"A: b", "b", "\r" AR " mx.example.org\rC: d\n", "\rC: d\n", 70},
	    {"A: b", "b", "\rC: d\r" AR " mx.example.org", "\rC: d", 70},
	    {"A: b", "b\r", "\r" OURS, "\n", 4},
	};
	size_t step = rounds(7, 1);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t over = 0; over < cases[i].places; over += step) {
			struct arena *a = arena_new();
			struct span in = sized(cases[i].start, cases[i].each,
			    LIMIT_STRIP_FIELD + over, cases[i].end, a);
			size_t n = in.len - span_of(cases[i].end).len;

			check_after(over ? LIMIT_STRIP_FIELD - 256 : 0, in,
			    false,
			    ARENA_JOIN(
				a, span_upto(in, n), span_of(cases[i].kept)),
			    1);
			arena_free(a);
		}
}

static void
an_oversized_line_that_ended_the_header_leaves_an_empty_line(void **state)
{
	static const struct {
		const char *end, *kept;
	} cases[] = {
	    {"x\nFrom: a\n\n", "\nFrom: a\n\n"},
	    {": x\nFrom: a\n\n", "From: a\n\n"},
	    {"\0: x\nFrom: a\n\n", "\nFrom: a\n\n"},
	    {"x\n y\r\n", "\n"},
	    {"x", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new();
		struct span end = {
		    cases[i].end, i == 2 ? 14 : span_of(cases[i].end).len};
		struct span in = ARENA_JOIN(a,
		    sized("Authentication-Results", " ", LIMIT_STRIP_FIELD + 99,
			"", a),
		    end);

		check(in, false, span_of(cases[i].kept), 1);
		arena_free(a);
	}
}

/* Octet by octet would need a call for each; pieces need a few. */
static void
long_runs_pass_in_bulk(void **state)
{
	static const char runs[] = {'x', ' ', '\0', '\n'};
	static const char *const starts[] = {"X", "X ", "X:", "", "X: y\n\n"};
	size_t n = 16 * LIMIT_STRIP_FIELD;

	(void)state;
	for (size_t i = 0; i < COUNT(runs) * COUNT(starts); i++) {
		struct arena *a = arena_new();
		struct keeper keeper = {{keeper_put, keeper_end}, BUF(a), 0, 0};
		const struct authres_removal what = {
		    ID, "dkim", false, SPAN_NONE};
		struct sink *strip =
		    authres_strip_new(&keeper.sink, &what, "\n");
		struct buf in = BUF(a);

		buf_str(&in, starts[i / COUNT(runs)]);
		memset(buf_room(&in, n), runs[i % COUNT(runs)], n);
		in.len += n;
		sink_put(strip, buf_span(&in));
		sink_end(strip);
		assert_true(span_eq(buf_span(&keeper.got), buf_span(&in)));
		if (keeper.puts > 10)
			fail_msg("%zu: %zu puts", i, keeper.puts);
		authres_strip_free(strip);
		arena_free(a);
	}
}

/* Several seconds, if each CR had all that follows it looked at. */
static void
many_bare_crs_take_linear_time(void **state)
{
	struct arena *a = arena_new();
	struct buf in = BUF(a);
	size_t n;

	(void)state;
	buf_str(&in, "A: b");
	while (in.len < (size_t)1 << 20)
		buf_str(&in, "b\r");
	assert_true(span_eq(
	    stripped(buf_span(&in), false, 0, SIZE_MAX, &n, a), buf_span(&in)));
	assert_int_equal(n, 0);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		fields_of_ours_are_removed_and_every_other_octet_passes),
	    cmocka_unit_test(
		fields_of_the_other_name_are_removed_whatever_they_say),
	    cmocka_unit_test(
		with_keep_only_claims_of_the_method_and_the_unreadable_go),
	    cmocka_unit_test(
		fields_over_the_limit_are_judged_by_their_beginning),
	    cmocka_unit_test(
		a_field_of_the_limit_is_judged_whole_and_one_octet_more_is_not),
	    cmocka_unit_test(our_name_with_its_colon_past_the_limit_is_removed),
	    cmocka_unit_test(
		a_line_over_the_limit_that_is_no_field_does_not_end_the_header),
	    cmocka_unit_test(oversized_fields_are_looked_at_after_each_bare_cr),
	    cmocka_unit_test(
		an_oversized_line_that_ended_the_header_leaves_an_empty_line),
	    cmocka_unit_test(an_mbox_line_of_any_length_passes),
	    cmocka_unit_test(many_fields_are_removed_in_one_pass),
	    cmocka_unit_test(long_runs_pass_in_bulk),
	    cmocka_unit_test(many_bare_crs_take_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
