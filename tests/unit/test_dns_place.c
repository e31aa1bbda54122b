/* test_dns_place: where records are in zone files, and which names these have. */
/* SPDX-License-Identifier: ISC */

#include "fixture_zone.h"

#include "base/buf.h"

#define FILES 3

/* A dns over some zone files, which are called 1, 2 and 3. */
struct zones {
	struct arena *arena;
	struct dns *dns;
	const char *path[FILES];
};

static struct zones
zones_of(const char *const text[static FILES], const char *set)
{
	struct zones z = {.arena = arena_new()};
	struct dns_config c = {
	    .timeout = 5, .zones = z.path, .sets = &set, .nsets = set ? 1 : 0};
	struct span error = SPAN_NONE;
	int status, fd[FILES];

	for (; c.nzones < FILES && text[c.nzones]; c.nzones++) {
		fd[c.nzones] = file_of(span_of(text[c.nzones]));
		z.path[c.nzones] = path_of(fd[c.nzones], z.arena);
	}
	z.dns = dns_new(&c, z.arena, &error, &status);
	if (!z.dns)
		fail_msg("%s: " SPAN_FMT, text[0], SPAN_ARG(error));
	for (size_t i = 0; i < c.nzones; i++)
		close(fd[i]);
	return z;
}

static void
zones_free(struct zones *z)
{
	dns_free(z->dns);
	arena_free(z->arena);
}

/* Appends a place as "FILE:LINE", or "-:0". */
static void
add_place(struct buf *b, const struct zones *z, const struct dns_rr *r)
{
	size_t i = 0;

	while (i < FILES && r->file &&
	    (!z->path[i] || strcmp(z->path[i], r->file) != 0))
		i++;
	assert_true(i < FILES);
	if (r->file)
		buf_printf(b, "%zu:%zu", i + 1, r->line);
	else
		buf_printf(b, "-:%zu", r->line);
}

/* Returns the places of an answer's records: "1:2 2:1". */
static struct span
places(const struct zones *z, const char *name, enum dns_type type)
{
	const struct dns_answer *answer =
	    dns_query(z->dns, span_of(name), type);
	struct buf b = BUF(z->arena);

	for (size_t i = 0; i < answer->nrecords; i++) {
		if (i)
			buf_char(&b, ' ');
		add_place(&b, z, &answer->records[i]);
	}
	return buf_span(&b);
}

static void
a_record_knows_the_line_where_it_begins(void **state)
{
	static const struct {
		const char *zone, *name, *places;
	} cases[] = {
	    {"a. TXT x", "a", "1:1"},
	    {"\n; comment\n\na. TXT x\n", "a", "1:4"},
	    {"\r\na. TXT x\r\n", "a", "1:2"},
	    {"a. A 192.0.2.1\na. TXT (\n\"x\"\n\"y\" )\na. TXT z\n", "a",
		"1:2 1:5"},
	    {"b. TXT ( ; (\nx )\na. ( ; one\n; two\nTXT z )", "a", "1:3"},
	    {"a. A 192.0.2.1\n TXT x\n\tTXT y", "a", "1:2 1:3"},
	    {"a. A 192.0.2.1\n\n (\n TXT x )\n", "a", "1:3"},
	    {"b. TXT \"1\n2\n3\"\na. TXT \"x\ny\"\na. TXT z", "a", "1:4 1:6"},
	    {"$TTL 60\n$ORIGIN c.\n$ORIGIN b\na TXT x\n@ TXT y", "a.b.c",
		"1:4"},
	    {"$ORIGIN a.\n\n@ TXT x\n", "a", "1:3"},
	    {";!TIMEOUT a. A\na. TXT x", "a", "1:2"},
	    {"a. TXT \\# 2 (\n01\n78 )\na. TXT y", "a", "1:1 1:4"},
	    {"a. SRV 0 0 0 (\nx )\na. TXT x", "a", "1:3"},
	    {"a. CNAME b.\nb. CNAME c.\nc. TXT x\nc. TXT y", "a", "1:3 1:4"},
	    {"x.\tA 192.0.2.1\n\n*. TXT w", "a", "1:3"},
	    {"a. TXT x\na. TXT y\na. TXT x\n", "a", "1:1 1:2"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const text[FILES] = {cases[i].zone};
		struct zones z;

		z = zones_of(text, NULL);
		same(cases[i].zone, places(&z, cases[i].name, DNS_TXT),
		    cases[i].places);
		zones_free(&z);
	}
}

/* Each file has lines of its own; answers may come from several. */
static void
a_record_knows_its_file(void **state)
{
	static const char *const text[FILES] = {
	    "$ORIGIN example.\n\na TXT 1\nw TXT w\n",
	    "a.example. TXT 2\n*.example. TXT any\n",
	    "\n\n\n\na.example. TXT (\n3 )\nc.example. CNAME a.example."};
	struct zones z = zones_of(text, NULL);

	(void)state;
	same("a", places(&z, "a.example", DNS_TXT), "1:3 2:1 3:5");
	same("c", places(&z, "c.example", DNS_TXT), "1:3 2:1 3:5");
	same("c", places(&z, "c.example", DNS_CNAME), "3:7");
	same("w", places(&z, "w.example", DNS_TXT), "1:4");
	same("wildcard", places(&z, "x.y.example", DNS_TXT), "2:2");
	/* Answers are kept for the next message, and so are their places. */
	dns_begin(z.dns);
	same("a again", places(&z, "a.example", DNS_TXT), "1:3 2:1 3:5");
	zones_free(&z);
}

static void
records_of_set_have_no_place(void **state)
{
	static const char *const text[FILES] = {"b.\tTXT zone\nc. CNAME a."};
	static const char *const sets[] = {
	    "a TXT literal", "a. TXT \"quoted\"", "a TXT (\"x\"\n\"y\")"};

	(void)state;
	for (size_t i = 0; i < COUNT(sets); i++) {
		struct zones z = zones_of(text, sets[i]);

		same(sets[i], places(&z, "a", DNS_TXT), "-:0");
		same(sets[i], places(&z, "c", DNS_TXT), "-:0");
		same(sets[i], places(&z, "c", DNS_CNAME), "1:2");
		same(sets[i], places(&z, "b", DNS_TXT), "1:1");
		zones_free(&z);
	}
}

/*
 * All names.
 */

struct names {
	struct arena *arena;
	struct span *list;
	size_t n;
};

static void
add_name(void *arg, struct span name)
{
	struct names *names = arg;

	*ARENA_PUSH(names->arena, names->list, names->n) = name;
}

static int
compare_names(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Returns the names at and below a domain, sorted: "a b.a". */
static struct span
names_of(const struct zones *z, const char *domain)
{
	struct names names = {.arena = z->arena};
	struct buf b = BUF(z->arena);

	dns_zone_names(z->dns, span_of(domain), add_name, &names);
	if (names.n)
		qsort(names.list, names.n, sizeof(*names.list), compare_names);
	for (size_t i = 0; i < names.n; i++) {
		if (i)
			buf_char(&b, ' ');
		buf_add(&b, names.list[i]);
	}
	return buf_span(&b);
}

static void
all_names_that_own_records_are_found(void **state)
{
	static const struct {
		const char *text[FILES], *domain, *names;
	} cases[] = {
	    {{""}, "a", ""},
	    {{"a. A 192.0.2.1"}, "a", "a"},
	    {{"a. A 192.0.2.1\na. TXT x"}, "a", "a"},
	    {{"A.Example. A 192.0.2.1\n_d.A A 192.0.2.1"}, "a.example",
		"a.example"},
	    {{"a. A 192.0.2.1\naa. TXT x\nb.aa. TXT x\nxa. TXT x"}, "a", "a"},
	    /* An empty non-terminal owns nothing, a directive is not a record. */
	    {{"c.b.a. A 192.0.2.1"}, "a", "c.b.a"},
	    {{"b.a. A 192.0.2.1\n;!TIMEOUT c.a. TXT\n;!NODATA d.a. *"}, "a",
		"b.a"},
	    {{";!TIMEOUT c.a. TXT\nc.a. A 192.0.2.1"}, "a", "c.a"},
	    {{"*.a. A 192.0.2.1\nb.*.a. TXT x\nc.a. TXT x"}, "a", "b.*.a c.a"},
	    {{"\\*.a. TXT x"}, "a", "*.a"},
	    {{"a. SRV 0 0 0 b.\nc.a. SPF x"}, "a", "a c.a"},
	    {{"$ORIGIN example.\n@ NS n\nb A 192.0.2.1", "b.example. TXT x",
		 "d.example. TXT x\ne.test. TXT x"},
		"example", "b.example d.example example"},
	    {{"b\\.c.a. TXT x\nb\\032d.a. TXT x"}, "a", "b\\032d.a b\\046c.a"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zones z = zones_of(cases[i].text, NULL);

		same(cases[i].text[0], names_of(&z, cases[i].domain),
		    cases[i].names);
		zones_free(&z);
	}
}

static void
the_first_record_is_found(void **state)
{
	static const struct {
		const char *text[FILES], *domain, *place;
	} cases[] = {
	    {{""}, "a", "none"},
	    {{"b. A 192.0.2.1"}, "a", "none"},
	    {{"\na. A 192.0.2.1\na. TXT x"}, "a", "1:2"},
	    /* Its own, although one below it comes first. */
	    {{"b.a. A 192.0.2.1\na. TXT x"}, "a", "1:2"},
	    {{"b.a. A 192.0.2.1", "a. TXT x"}, "a", "2:1"},
	    {{"x. TXT x\nc.b.a. A 192.0.2.1\nb.a. TXT x\nb.a. TXT y"}, "a",
		"1:2"},
	    /* By files first, not by lines. */
	    {{"\n\n\n\nc.a. A 192.0.2.1\n\na. TXT x", "a. TXT x"}, "a", "1:7"},
	    {{"\n\n\n\nc.a. A 192.0.2.1", "b.a. TXT x"}, "a", "1:5"},
	    {{"x. TXT x", "\n\n\nb.a. TXT x", "c.a. TXT x"}, "a", "2:4"},
	    {{";!TIMEOUT a. A\n;!NODATA b.a. A\n\nc.a. TXT x"}, "a", "1:4"},
	    {{"*.a. TXT x"}, "a", "1:1"},
	    {{"a. SRV 0 0 0 b.\na. TXT x"}, "a", "1:1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zones z = zones_of(cases[i].text, NULL);
		const struct dns_rr *r =
		    dns_zone_first(z.dns, span_of(cases[i].domain));
		struct buf b = BUF(z.arena);

		if (r)
			add_place(&b, &z, r);
		same(cases[i].text[0], r ? buf_span(&b) : SPAN("none"),
		    cases[i].place);
		zones_free(&z);
	}
}

/* The names of --set are not those of a zone file, and without one there are
 * no names at all. */
static void
only_zone_files_have_names(void **state)
{
	static const char *const text[FILES] = {"b. TXT x"};
	static const char *const nothing[FILES] = {NULL};
	struct zones z = zones_of(text, "a TXT x");

	(void)state;
	same("set", names_of(&z, "a"), "");
	assert_null(dns_zone_first(z.dns, SPAN("a")));
	zones_free(&z);
	z = zones_of(nothing, "a TXT x");
	same("network", names_of(&z, "a"), "");
	assert_null(dns_zone_first(z.dns, SPAN("a")));
	zones_free(&z);
}

/*
 * Times to live.
 */

/* RFC 2308 4: $TTL is for the records after it that have none. */
static void
a_record_has_the_ttl_of_its_line_or_that_of_the_directive(void **state)
{
	static const char *const text[FILES] = {
	    "a. TXT x\nb. 300 IN TXT x\n$TTL 1h\nc. TXT x\nd. IN 0 TXT x\n"
	    "$TTL 2\ne. TXT x\n",
	    "f. TXT x\n"};
	static const struct {
		const char *name;
		uint32_t ttl;
	} rows[] = {{"a", DNS_TTL_UNKNOWN}, {"b", 300}, {"c", 3600}, {"d", 0},
	    {"e", 2}, {"f", DNS_TTL_UNKNOWN}, {"g", DNS_TTL_UNKNOWN}};
	struct zones z = zones_of(text, "g TXT x");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct dns_answer *answer =
		    dns_query(z.dns, span_of(rows[i].name), DNS_TXT);

		assert_int_equal(answer->nrecords, 1);
		assert_int_equal(answer->records->ttl, rows[i].ttl);
	}
	zones_free(&z);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_record_knows_the_line_where_it_begins),
	    cmocka_unit_test(a_record_knows_its_file),
	    cmocka_unit_test(records_of_set_have_no_place),
	    cmocka_unit_test(all_names_that_own_records_are_found),
	    cmocka_unit_test(the_first_record_is_found),
	    cmocka_unit_test(only_zone_files_have_names),
	    cmocka_unit_test(
		a_record_has_the_ttl_of_its_line_or_that_of_the_directive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
