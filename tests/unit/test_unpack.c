/* test_unpack: what is in archives, in what order it is told, and limits. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <errno.h>

#include "base/limit.h"
#include "fixture_arena.h"
#include "fixture_pack.h"
#include "report/unpack.h"

#define XML "<feedback><record/></feedback>"

/* Writes down what it is told: "[NAME KIND DEPTH:" octets "]" or "...]" if they
 * are not whole, "!id@offset(name)", "?id@offset(name)" of a note. */
struct recorder {
	struct unpack_visitor visitor; /* first member */
	struct sink sink;
	struct buf *log;
	bool is_open, wants_none;
};

static struct recorder *recorder;

static void
record_put(struct sink *self, const char *p, size_t n)
{
	(void)self;
	assert_true(recorder->is_open);
	buf_add(recorder->log, (struct span){p, n});
}

static void
record_sink_end(struct sink *self)
{
	(void)self;
	assert_true(recorder->is_open);
	recorder->is_open = false;
}

static struct sink *
record_begin(struct unpack_visitor *self, const struct unpack_content *c)
{
	struct recorder *r = (struct recorder *)self;

	assert_false(r->is_open);
	r->is_open = !r->wants_none;
	buf_printf(r->log, "[" SPAN_FMT " %s %u:", SPAN_ARG(c->name),
	    c->kind == UNPACK_XML ? "xml" : "other", c->depth);
	return r->wants_none ? NULL : &r->sink;
}

static void
record_end(struct unpack_visitor *self, bool whole)
{
	struct recorder *r = (struct recorder *)self;

	assert_false(r->is_open); /* the sink was ended before */
	buf_str(r->log, whole ? "]" : "...]");
}

static void
record_problem(
    struct unpack_visitor *self, char kind, const struct unpack_problem *p)
{
	struct recorder *r = (struct recorder *)self;

	assert_true(p->words.len > 0);
	buf_printf(r->log, "%c%s@%ju(" SPAN_FMT ")", kind, p->id,
	    (uintmax_t)p->offset, SPAN_ARG(p->name));
}

static void
record_refused(struct unpack_visitor *self, const struct unpack_problem *p)
{
	record_problem(self, '!', p);
}

static void
record_note(struct unpack_visitor *self, const struct unpack_problem *p)
{
	record_problem(self, '?', p);
}

static struct recorder
recorder_of(struct buf *log)
{
	return (struct recorder){
	    .visitor = {record_begin, record_end, record_refused, record_note},
	    .sink = {record_put, record_sink_end},
	    .log = log,
	};
}

/* Puts a stream in pieces of so many octets, after a first one. */
static struct span
told(struct unpack *u, struct span s, size_t first, size_t piece,
    struct budget *budget, struct arena *a)
{
	struct buf log = BUF(a);
	struct recorder r = recorder_of(&log);

	recorder = &r;
	unpack_begin(u, SPAN("f"), &r.visitor, budget);
	for (size_t n = first; s.len; n = piece) {
		if (n > s.len)
			n = s.len;
		sink_put(unpack_sink(u), span_upto(s, n));
		s = span_from(s, n);
	}
	sink_end(unpack_sink(u));
	return buf_span(&log);
}

/* Checks what is told of a stream, whole, by octets, and split anywhere. */
static void
expect(const char *what, struct span s, const char *wanted, struct arena *a)
{
	struct unpack *u = unpack_new();

	for (size_t i = 0; i < s.len && i < 1000; i++)
		same(what, told(u, s, i, s.len, NULL, a), wanted);
	same(what, told(u, s, 0, 1, NULL, a), wanted);
	same(what, told(u, s, s.len, 1, NULL, a), wanted);
	assert_int_equal(unpack_error(u), 0);
	unpack_free(u);
}

static void
a_stream_is_told_by_its_first_octets(void **state)
{
	static const struct {
		struct span octets;
		const char *wanted;
	} c[] = {
	    {S(XML), "[f xml 0:" XML "]"},
	    {S("<"), "[f xml 0:<]"},
	    {S("\r\n \t<x>"), "[f xml 0:\r\n \t<x>]"},
	    {S("\xef\xbb\xbf<?xml?>"), "[f xml 0:\xef\xbb\xbf<?xml?>]"},
	    {S("\xef\xbb\xbf"), "[f xml 0:\xef\xbb\xbf]"},
	    {S("\xef\xbb"), "[f other 0:\xef\xbb]"},
	    {S(" "), "[f xml 0: ]"},
	    {S("From: a@example.org\n"), "[f other 0:From: a@example.org\n]"},
	    {S("P"), "[f other 0:P]"},
	    {S("PK\3"), "[f other 0:PK\3]"},
	    {S("PKPKPK"), "[f other 0:PKPKPK]"},
	    {S("\x1f"), "[f other 0:\x1f]"},
	    {S("\x1f\x8c\x08"), "[f other 0:\x1f\x8c\x08]"},
	    {S("\x1f\x8b"), "!bad-gzip@2(f)"},
	    {S("PK\3\4"), "!bad-zip@4(f)"},
	    {S("PK\7\10PK\3\4"), "!bad-zip@8(f)"},
	    {S("PK00PK\3\4"), "!bad-zip@8(f)"},
	    {S("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		"!empty-zip@0(f)"},
	    {S("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"),
		"!outlook-msg@0(f)"},
	    {S("\xd0\xcf\x11\xe0\xa1\xb1\x1a"),
		"[f other 0:\xd0\xcf\x11\xe0\xa1\xb1\x1a]"},
	    {S(""), "!empty@0(f)"},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		expect(c[i].wanted, c[i].octets, c[i].wanted, *state);
}

/* NULs end what "same" compares with. */
static void
utf_16_is_xml_and_nuls_are_not(void **state)
{
	static const struct {
		struct span octets;
		const char *kind;
	} c[] = {
	    {S("\xff\xfe<\0?\0"), "[f xml 0:"},
	    {S("\xfe\xff\0<\0?"), "[f xml 0:"},
	    {S("<\0?\0"), "[f xml 0:"},
	    {S("\0<\0?"), "[f xml 0:"},
	    {S("\0\0\0\0"), "[f other 0:"},
	    {S("\xff\xff<"), "[f other 0:"},
	};
	struct unpack *u = unpack_new();

	for (size_t i = 0; i < COUNT(c); i++)
		for (size_t n = 0; n <= c[i].octets.len; n++) {
			struct span log =
			    told(u, c[i].octets, n, 100, NULL, *state);

			assert_true(span_starts(log, span_of(c[i].kind)));
			assert_int_equal(
			    log.len, strlen(c[i].kind) + c[i].octets.len + 1);
		}
	unpack_free(u);
}

/* Blanks that are more than what is held are passed on, too. */
static void
many_blanks_are_passed_on(void **state)
{
	char blanks[201];

	memset(blanks, ' ', sizeof(blanks));
	for (size_t n = 60; n < 70; n++) {
		struct span s =
		    ARENA_JOIN(*state, (struct span){blanks, n}, SPAN("<x>"));

		expect("blanks", s,
		    arena_printf(*state, "[f xml 0:" SPAN_FMT "]", SPAN_ARG(s))
			.p,
		    *state);
	}
}

static void
archives_are_unpacked_in_each_other(void **state)
{
	struct arena *a = *state;
	struct span gz = gzip_of(SPAN(XML), a), zip, mixed;
	const struct pack_member both[] = {{"a.gz", gz, 0, 0},
	    {"dir/", SPAN(""), 0, 0}, {"", SPAN("text"), 8, 8}};

	expect("gzip", gz, "[f xml 1:" XML "]", a);
	expect("gzip in gzip", gzip_of(gz, a), "[f xml 2:" XML "]", a);
	zip = zip_of_one("a.xml", SPAN(XML), a);
	expect("zip", zip, "[a.xml xml 1:" XML "]", a);
	expect("zip in gzip", gzip_of(zip, a), "[a.xml xml 2:" XML "]", a);
	expect("zip in zip", zip_of_one("a.zip", zip, a),
	    "[a.xml xml 2:" XML "]", a);
	mixed = zip_of(both, COUNT(both), a);
	expect("members", mixed, "[a.gz xml 2:" XML "][f other 1:text]", a);
	expect("two gzips", ARENA_JOIN(a, gz, gz), "[f xml 1:" XML XML "]", a);
	expect("nothing in gzip", gzip_of(SPAN(""), a), "!empty@0(f)", a);
	expect("nothing in a member", zip_of_one("a", SPAN(""), a),
	    "!empty@0(a)", a);
	expect("only folders", zip_of(both + 1, 1, a), "!empty-zip@0(f)", a);
}

static void
trailing_octets_are_a_note(void **state)
{
	struct arena *a = *state;
	struct span gz = gzip_of(SPAN(XML), a);
	struct span zip = zip_of_one("a", SPAN(XML), a);

	expect("gzip", ARENA_JOIN(a, gz, SPAN("\r\n")),
	    arena_printf(a, "[f xml 1:" XML "?trailing-octets@%zu(f)]", gz.len)
		.p,
	    a);
	expect("zip", ARENA_JOIN(a, zip, SPAN("\r\n")),
	    arena_printf(a, "?trailing-octets@%zu(f)[a xml 1:" XML "]", zip.len)
		.p,
	    a);
}

/* What came out before is passed on; it is told before the end. */
static void
what_breaks_off_is_refused_once(void **state)
{
	struct arena *a = *state;
	struct span gz = gzip_of(SPAN(XML), a), zip, bad;

	expect("checksum", patched(gz, gz.len - 8, "\0\0\0", 3, a),
	    arena_printf(a, "[f xml 1:" XML "!bad-gzip@%zu(f)...]", gz.len - 4)
		.p,
	    a);
	expect("cut off", span_upto(gz, gz.len - 8),
	    arena_printf(a, "[f xml 1:" XML "!bad-gzip@%zu(f)...]", gz.len - 8)
		.p,
	    a);
	expect("header", SPAN("\x1f\x8b\x08\xff more"), "!bad-gzip@4(f)", a);
	expect("gzip cut off in gzip", gzip_of(span_upto(gz, gz.len - 8), a),
	    arena_printf(a, "[f xml 2:" XML "!bad-gzip@%zu(f)...]", gz.len - 8)
		.p,
	    a);
	/* A zip cannot be read without its end. */
	zip = zip_of_one("a", SPAN(XML), a);
	bad = gzip_of(zip, a);
	expect("zip in a gzip cut off", span_upto(bad, bad.len - 8),
	    arena_printf(a, "!bad-gzip@%zu(f)", bad.len - 8).p, a);
	bad = patched(zip, zip.len - 22 - 47 + 16, "\0\0\0", 3, a);
	expect("member", bad, "[a xml 1:" XML "!bad-zip@0(a)...]", a);
}

static void
a_bad_member_leaves_the_others(void **state)
{
	const struct pack_member m[] = {{"a", SPAN("encrypted"), 8, 1},
	    {"b", SPAN("other"), 12, 0}, {"c", SPAN(XML), 8, 0}};

	expect("three", zip_of(m, COUNT(m), *state),
	    arena_printf(
		*state, "!zip-encrypted@0(a)!zip-method@46(b)[c xml 1:" XML "]")
		.p,
	    *state);
}

static struct span
nested(struct span s, unsigned depth, bool zip, struct arena *a)
{
	while (depth--)
		s = zip ? zip_of_one("z", s, a) : gzip_of(s, a);
	return s;
}

static void
the_depth_is_limited(void **state)
{
	for (int zip = 0; zip < 2; zip++) {
		expect("most",
		    nested(SPAN(XML), LIMIT_UNPACK_DEPTH, zip, *state),
		    arena_printf(*state, "[%c xml %u:" XML "]", zip ? 'z' : 'f',
			LIMIT_UNPACK_DEPTH)
			.p,
		    *state);
		expect("one more",
		    nested(SPAN(XML), LIMIT_UNPACK_DEPTH + 1, zip, *state),
		    zip ? "!too-deep@0(z)" : "!too-deep@0(f)", *state);
	}
}

/* A zip of n members, each a zip of m. */
static struct span
zip_of_zips(size_t n, size_t m, struct arena *a)
{
	struct pack_member outer[101], member[101];

	for (size_t i = 0; i < m; i++)
		member[i] = (struct pack_member){"m", SPAN("x"), 0, 0};
	for (size_t i = 0; i < n; i++)
		outer[i] =
		    (struct pack_member){"z", zip_of(member, m, a), 0, 0};
	return zip_of(outer, n, a);
}

/* Removes what is before a text, and the text; false if it is not there. */
static bool
cut_text(struct span *s, const char *what)
{
	const char *p = memmem(s->p, s->len, what, strlen(what));

	if (!p)
		return false;
	*s = span_between(p + strlen(what), s->p + s->len);
	return true;
}

static size_t
times(struct span log, const char *what)
{
	size_t n = 0;

	while (cut_text(&log, what))
		n++;
	return n;
}

static void
members_are_limited_together_with_those_inside(void **state)
{
	static const struct {
		size_t outer, inner, read, refused;
	} c[] = {{1, 99, 99, 0}, {1, 100, 0, 1}, {10, 9, 90, 0},
	    {10, 10, 90, 1}, {50, 1, 50, 0}, {51, 1, 49, 2}, {100, 1, 0, 100}};
	struct unpack *u = unpack_new();

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span s = zip_of_zips(c[i].outer, c[i].inner, *state);
		struct span log =
		    arena_span(*state, told(u, s, s.len, 1, NULL, *state));

		assert_int_equal(times(log, "[m other 2:x]"), c[i].read);
		assert_int_equal(
		    times(log, "!too-many-members@0(z)"), c[i].refused);
	}
	unpack_free(u);
}

static void
the_budget_is_shared_and_kept_to_the_octet(void **state)
{
	struct arena *a = *state;
	struct span gz = gzip_of(SPAN("12345"), a);
	const struct pack_member m[] = {
	    {"a", SPAN("123"), 8, 0}, {"b", SPAN("45"), 0, 0}};
	struct unpack *u = unpack_new();
	struct budget budget = budget_of(14);

	same("1", told(u, gz, 9, 9, &budget, a), "[f other 1:12345]");
	same(
	    "2", told(u, SPAN("plain"), 9, 9, &budget, a), "[f other 0:plain]");
	same("3", told(u, gz, 9, 9, &budget, a), "[f other 1:12345]");
	assert_int_equal(budget.left, 4);
	/* The zip is not larger than the budget was at first. */
	budget.max = 1000;
	assert_true(span_starts(told(u, zip_of(m, 2, a), 9, 9, &budget, a),
	    SPAN("[a other 1:123][b other 1:4!too-large@")));
	assert_int_equal(budget.left, 0);
	assert_true(
	    span_starts(told(u, gz, 9, 9, &budget, a), SPAN("!too-large@")));
	unpack_free(u);
}

static void
a_large_zip_is_not_kept(void **state)
{
	struct span zip = zip_of_one("a", SPAN(XML), *state);
	struct unpack *u = unpack_new();

	for (size_t piece = 1; piece <= zip.len; piece++) {
		struct budget exact = budget_of(zip.len);
		struct budget less = budget_of(zip.len - 1);

		same("fits", told(u, zip, piece, piece, &exact, *state),
		    "[a xml 1:" XML "]");
		assert_true(
		    span_starts(told(u, zip, piece, piece, &less, *state),
			SPAN("!too-large@")));
	}
	unpack_free(u);
}

/* The default, and a gzip in a gzip, whose both are taken from it. */
static void
a_stream_has_a_budget_of_its_own(void **state)
{
	struct span zeros = {
	    arena_alloc(*state, LIMIT_UNPACK_SIZE + 1), LIMIT_UNPACK_SIZE + 1};
	struct span gz = gzip_of(zeros, *state);
	struct unpack *u = unpack_new();
	struct span log;

	log = told(u, gz, 999, 999, NULL, *state);
	assert_true(memmem(log.p, log.len, "!too-large@", 11) != NULL);
	gz = gzip_of(span_from(zeros, 1), *state);
	log = told(u, gz, 999, 999, NULL, *state);
	assert_int_equal(log.len, LIMIT_UNPACK_SIZE + strlen("[f other 1:]"));
	log = told(u, gzip_of(gz, *state), 999, 999, NULL, *state);
	assert_true(memmem(log.p, log.len, "!too-large@", 11) != NULL);
	unpack_free(u);
}

/* Octets of an archive in another count 8 times, once as they come out. */
static void
an_archive_in_another_costs_more(void **state)
{
	struct arena *a = *state;
	struct span xml = SPAN(XML),
		    inner[2] = {gzip_of(xml, a), zip_of_one("f", xml, a)};
	struct unpack *u = unpack_new();

	for (size_t i = 0; i < 2; i++)
		for (size_t outer = 0; outer < 2; outer++) {
			struct span s = outer ? zip_of_one("f", inner[i], a)
					      : gzip_of(inner[i], a);
			uint64_t cost =
			    LIMIT_UNPACK_WEIGHT * inner[i].len + xml.len;
			struct budget exact = budget_of(cost);
			struct budget less = budget_of(cost - 1);
			struct budget none =
			    budget_of(LIMIT_UNPACK_WEIGHT * inner[i].len - 1);
			struct span log;

			same("exact", told(u, s, 9, 9, &exact, a),
			    "[f xml 2:" XML "]");
			assert_int_equal(exact.left, 0);
			log = told(u, s, 9, 9, &less, a);
			assert_int_equal(times(log, "!too-large@"), 1);
			assert_int_equal(times(log, XML "]"), 0);
			log = told(u, s, 9, 9, &none, a);
			assert_int_equal(times(log, "!too-large@"), 1);
			assert_int_equal(none.left, 0);
		}
	unpack_free(u);
}

static void
content_that_is_not_wanted_is_discarded(void **state)
{
	struct buf log = BUF(*state);
	struct recorder r = recorder_of(&log);
	struct unpack *u = unpack_new();
	struct span gz = gzip_of(SPAN(XML), *state);

	r.wants_none = true;
	recorder = &r;
	unpack_begin(u, SPAN("f"), &r.visitor, NULL);
	sink_put(unpack_sink(u), gz);
	sink_end(unpack_sink(u));
	same("none", buf_span(&log), "[f xml 1:]");
	unpack_free(u);
	unpack_free(NULL);
}

static void
a_spool_that_fails_is_an_error_until_the_next_stream(void **state)
{
	size_t n = LIMIT_SPOOL_MEMORY + 1;
	const struct pack_member m = {"a", {arena_alloc(*state, n), n}, 0, 0};
	struct span zip = zip_of(&m, 1, *state);
	struct unpack *u = unpack_new();

	setenv("TMPDIR", "/nonexistent/directory", 1);
	same("no directory", told(u, zip, 999, 99999, NULL, *state),
	    "!unreadable@0(f)");
	assert_int_equal(unpack_error(u), ENOENT);
	unsetenv("TMPDIR");
	assert_int_equal(told(u, zip, 999, 99999, NULL, *state).len,
	    n + strlen("[a other 1:]"));
	assert_int_equal(unpack_error(u), 0);
	unpack_free(u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_stream_is_told_by_its_first_octets),
	    TEST(utf_16_is_xml_and_nuls_are_not),
	    TEST(many_blanks_are_passed_on),
	    TEST(archives_are_unpacked_in_each_other),
	    TEST(trailing_octets_are_a_note),
	    TEST(what_breaks_off_is_refused_once),
	    TEST(a_bad_member_leaves_the_others),
	    TEST(the_depth_is_limited),
	    TEST(members_are_limited_together_with_those_inside),
	    TEST(the_budget_is_shared_and_kept_to_the_octet),
	    TEST(a_large_zip_is_not_kept),
	    TEST(a_stream_has_a_budget_of_its_own),
	    TEST(an_archive_in_another_costs_more),
	    TEST(content_that_is_not_wanted_is_discarded),
	    TEST(a_spool_that_fails_is_an_error_until_the_next_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
