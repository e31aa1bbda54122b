/* test_zip: the members of zip archives, and what is refused of them. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <errno.h>

#include "base/zip.h"
#include "fixture_arena.h"
#include "fixture_pack.h"

static const struct span text =
    S("<feedback><record/><record/><record/><record/></feedback>\n");

/* A file in memory. */
struct memory {
	struct zip_file file; /* first member */
	struct span octets;
	bool broken;
};

static int
read_memory(const struct zip_file *self, uint64_t at, char *p, size_t n)
{
	const struct memory *m = (const struct memory *)self;

	assert_true(at <= m->octets.len && n <= m->octets.len - at);
	if (m->broken) {
		errno = EIO;
		return -1;
	}
	memcpy(p, m->octets.p + at, n);
	return 0;
}

static struct memory
memory_of(struct span s)
{
	return (struct memory){{read_memory, s.len}, s, false};
}

/* Writes what becomes of an archive: the reason, or for each member its name,
 * "/" for a folder or a reason, and its octets. */
static struct span
shown(const struct memory *m, uint64_t max, struct arena *a)
{
	struct zip z;
	struct zip_member member;
	struct inflate *f = inflate_new();
	struct budget budget = budget_of(max);
	struct sink_buf out = sink_to_buf(a);
	enum zip_reason why = zip_open(&z, &m->file, 100);

	if (why)
		buf_printf(&out.buf, "%s", zip_reasons[why].id);
	while (!why && z.left) {
		why = zip_next(&z, &member);
		if (why) {
			buf_printf(&out.buf, "%s", zip_reasons[why].id);
			break;
		}
		buf_printf(&out.buf, "%s:", member.name);
		if (!member.is_directory) {
			enum zip_reason bad =
			    zip_unpack(&z, &member, f, &out.sink, &budget);

			if (bad)
				buf_printf(&out.buf, "%s", zip_reasons[bad].id);
		}
		buf_char(&out.buf, ';');
	}
	if (!why && zip_trailing(&z))
		buf_printf(
		    &out.buf, "trailing %ju", (uintmax_t)zip_trailing(&z));
	inflate_free(f);
	return buf_span(&out.buf);
}

static void
expect(const char *what, struct span zip, const char *wanted, struct arena *a)
{
	struct memory m = memory_of(zip);

	same(what, shown(&m, 10000, a), wanted);
}

#define TEXT "<feedback><record/><record/><record/><record/></feedback>\n"

static void
stored_and_deflated_members_are_read(void **state)
{
	const struct pack_member m[] = {
	    {"a.xml", text, 8, 0},
	    {"dir/", SPAN(""), 0, 0},
	    {"dir/b.xml", SPAN("stored"), 0, 0},
	    {"c", SPAN(""), 0, 0},
	    {"d", SPAN(""), 8, 0},
	    {"e", text, 8, 8}, /* sizes after the octets */
	    {"f", SPAN("stored"), 0, 8},
	    {"not a folder/", SPAN("x"), 0, 0},
	    {"", SPAN("no name"), 0, 0},
	};

	expect("all", zip_of(m, COUNT(m), *state),
	    "a.xml:" TEXT ";dir/:;dir/b.xml:stored;c:;d:;e:" TEXT
	    ";f:stored;not a folder/:x;:no name;",
	    *state);
}

static void
octets_before_and_after_the_archive_are_skipped(void **state)
{
	static const char many[65536];
	struct span zip = zip_of_one("a", text, *state), commented;
	struct span trailing = {many, sizeof(many)};

	expect("before", ARENA_JOIN(*state, SPAN("MZ and a program"), zip),
	    "a:" TEXT ";", *state);
	expect("after", ARENA_JOIN(*state, zip, SPAN("\r\n")),
	    "a:" TEXT ";trailing 2", *state);
	commented = ARENA_JOIN(*state, span_upto(zip, zip.len - 2),
	    SPAN("\7\0comment"), SPAN("x"));
	expect("a comment", commented, "a:" TEXT ";trailing 1", *state);
	/* The end record is at places where the search reads anew. */
	for (size_t n = 4040; n < 4110; n++)
		expect("much after",
		    ARENA_JOIN(*state, SPAN("before"), zip,
			span_from(trailing, sizeof(many) - n)),
		    arena_printf(*state, "a:%s;trailing %zu", TEXT, n).p,
		    *state);
}

static void
a_zip_that_is_cut_off_is_bad(void **state)
{
	const struct pack_member m[] = {
	    {"a.xml", text, 8, 0}, {"b.xml", text, 0, 8}};
	struct span zip = zip_of(m, COUNT(m), *state);

	for (size_t n = 0; n < zip.len; n++)
		expect("cut", span_upto(zip, n), "bad-zip", *state);
	/* In front: the offsets are outside then. */
	for (size_t n = 1; n < zip.len - 22; n++)
		expect("cut in front", span_from(zip, n), "bad-zip", *state);
}

/* The offset of a text in an archive. */
static size_t
place(struct span s, const char *what)
{
	const char *p = memmem(s.p, s.len, what, 4);

	assert_non_null(p);
	return (size_t)(p - s.p);
}

struct damage {
	const char *what, *where; /* a signature, and an offset from it */
	size_t offset;
	struct span octets;
	const char *wanted;
};

static void
what_is_damaged_or_unknown_is_named(void **state)
{
	static const struct damage c[] = {
	    {"encrypted", "PK\1\2", 8, S("\1"), "a:zip-encrypted;"},
	    {"strongly", "PK\1\2", 8, S("\101"), "a:zip-encrypted;"},
	    {"headers, too", "PK\1\2", 9, S("\x20"), "a:zip-encrypted;"},
	    {"bzip2", "PK\1\2", 10, S("\14"), "a:zip-method;"},
	    {"other method here", "PK\3\4", 8, S("\0"), "a:bad-zip;"},
	    {"checksum", "PK\1\2", 16, S("\0\0"), "a:" TEXT "bad-zip;"},
	    {"packed", "PK\1\2", 20, S("\2"), "a:<bad-zip;"},
	    {"packed more", "PK\1\2", 22, S("\1"), "a:bad-zip;"},
	    {"unpacked", "PK\1\2", 24, S("\1"), "a:" TEXT "bad-zip;"},
	    {"unpacked more", "PK\1\2", 27, S("\x7f"), "a:" TEXT "bad-zip;"},
	    {"zip64 packed", "PK\1\2", 20, S("\377\377\377\377"), "zip64"},
	    {"zip64 unpacked", "PK\1\2", 24, S("\377\377\377\377"), "zip64"},
	    {"zip64 offset", "PK\1\2", 42, S("\377\377\377\377"), "zip64"},
	    {"its offset", "PK\1\2", 42, S("\1"), "a:bad-zip;"},
	    {"outside", "PK\1\2", 44, S("\1"), "a:bad-zip;"},
	    {"long name", "PK\1\2", 28, S("\377"), "bad-zip"},
	    {"no entry", "PK\1\2", 0, S("xx"), "bad-zip"},
	    {"no header", "PK\3\4", 0, S("xx"), "a:bad-zip;"},
	    {"long name here", "PK\3\4", 26, S("\377\377"), "a:bad-zip;"},
	    {"volumes", "PK\5\6", 4, S("\1"), "bad-zip"},
	    {"directory there", "PK\5\6", 6, S("\1"), "bad-zip"},
	    {"fewer here", "PK\5\6", 8, S("\0"), "bad-zip"},
	    {"no members", "PK\5\6", 8, S("\0\0\0"), "empty-zip"},
	    {"one more", "PK\5\6", 8, S("\2\0\2"), "a:" TEXT ";bad-zip"},
	    {"zip64 number", "PK\5\6", 8, S("\377\377\377\377"), "zip64"},
	    {"zip64 size", "PK\5\6", 12, S("\377\377\377\377"), "zip64"},
	    {"zip64 place", "PK\5\6", 16, S("\377\377\377\377"), "zip64"},
	    {"size", "PK\5\6", 14, S("\1"), "bad-zip"},
	    {"place", "PK\5\6", 18, S("\1"), "bad-zip"},
	    {"long comment", "PK\5\6", 20, S("\1"), "bad-zip"},
	};
	struct span zip = zip_of_one("a", text, *state);

	for (size_t i = 0; i < COUNT(c); i++)
		expect(c[i].what,
		    patched(zip, place(zip, c[i].where) + c[i].offset,
			c[i].octets.p, c[i].octets.len, *state),
		    c[i].wanted, *state);
	/* The first block of the member: header, name, extra field. */
	expect("block", patched(zip, 30 + 1 + 4, "\7", 1, *state), "a:bad-zip;",
	    *state);
}

static void
a_bad_member_leaves_the_others(void **state)
{
	const struct pack_member m[] = {{"a", text, 12, 0},
	    {"b", SPAN("stored"), 0, 0}, {"c", text, 8, 1}, {"d", text, 8, 0}};

	expect("four", zip_of(m, COUNT(m), *state),
	    "a:zip-method;b:stored;c:zip-encrypted;d:" TEXT ";", *state);
}

static void
entries_are_limited(void **state)
{
	struct pack_member m[101];
	struct memory file;
	struct zip z;

	for (size_t i = 0; i < COUNT(m); i++)
		m[i] = (struct pack_member){"x", SPAN("y"), 0, 0};
	file = memory_of(zip_of(m, 100, *state));
	assert_int_equal(zip_open(&z, &file.file, 100), ZIP_OK);
	assert_int_equal(z.entries, 100);
	expect("101", zip_of(m, 101, *state), "too-many-members", *state);
	expect("none", zip_of(m, 0, *state), "empty-zip", *state);
}

static void
long_names_are_shortened(void **state)
{
	char name[LIMIT_ZIP_NAME + 2], wanted[LIMIT_ZIP_NAME + 2];

	for (size_t n = LIMIT_ZIP_NAME - 2; n <= LIMIT_ZIP_NAME + 1; n++) {
		bool fits = n < LIMIT_ZIP_NAME;

		memset(name, 'n', n);
		name[n] = '\0';
		snprintf(wanted, sizeof(wanted), "%s", name);
		if (!fits)
			snprintf(wanted + LIMIT_ZIP_NAME - 4, 4, "...");
		expect("name", zip_of_one(name, SPAN("x"), *state),
		    arena_printf(*state, "%s:x;", wanted).p, *state);
		name[n - 1] = '/';
		expect("folder", zip_of_one(name, SPAN("x"), *state),
		    arena_printf(*state, "%.*s%s:x;", (int)(fits ? n - 1 : 252),
			wanted, fits ? "/" : "...")
			.p,
		    *state);
	}
}

/* Records of zip64 that are not needed are between the directory and its
 * end. */
static void
unneeded_records_of_zip64_are_skipped(void **state)
{
	struct span zip = zip_of_one("a", text, *state);
	size_t end = zip.len - 22;

	expect("zip64 records",
	    ARENA_JOIN(*state, span_upto(zip, end),
		SPAN("PK\6\6 some fifty octets"), SPAN("PK\6\7 and twenty"),
		span_from(zip, end)),
	    "a:" TEXT ";", *state);
}

static void
stored_and_inflated_octets_are_taken_from_the_budget(void **state)
{
	const struct pack_member m[] = {
	    {"a", SPAN("12345"), 0, 0}, {"b", SPAN("67890"), 8, 0}};
	static const char *const wanted[] = {"a:too-large;b:too-large;",
	    "a:1too-large;b:too-large;", "a:12too-large;b:too-large;",
	    "a:123too-large;b:too-large;", "a:1234too-large;b:too-large;",
	    "a:12345;b:too-large;", "a:12345;b:6too-large;",
	    "a:12345;b:67too-large;", "a:12345;b:678too-large;",
	    "a:12345;b:6789too-large;", "a:12345;b:67890;"};
	struct memory file = memory_of(zip_of(m, COUNT(m), *state));

	for (size_t max = 0; max < COUNT(wanted); max++)
		same("budget", shown(&file, max, *state), wanted[max]);
}

/* Three entries with the header of the first, whose octets are half of all. */
static void
members_that_overlap_are_refused(void **state)
{
	static const char half[128] = "stored";
	const struct pack_member m[] = {{"a", {half, 128}, 0, 0},
	    {"b", {half, 64}, 0, 0}, {"c", {half, 0}, 0, 0}};
	struct span zip = zip_of(m, COUNT(m), *state), log;
	struct memory file;

	for (size_t i = 1; i < COUNT(m); i++) {
		size_t entry = zip.len - 22 - (COUNT(m) - i) * 47;

		/* Checksum, both sizes, and the offset of the first one. */
		zip = patched(zip, entry + 16,
		    zip.p + zip.len - 22 - COUNT(m) * 47 + 16, 12, *state);
		zip = patched(zip, entry + 42, "\0\0\0\0", 4, *state);
	}
	file = memory_of(zip);
	log = shown(&file, 10000, *state);
	assert_int_equal(log.len, 2 + 128 + 1 + 2 * strlen("b:bad-zip;"));
	assert_true(span_casecontains(log, SPAN(";b:bad-zip;c:bad-zip;")));
}

static void
a_file_that_cannot_be_read_is_told(void **state)
{
	struct memory file = memory_of(zip_of_one("a", text, *state));
	struct zip z;
	struct zip_member m;
	struct inflate *f = inflate_new();
	struct budget budget = budget_of(1000);
	struct sink to = sink_to_nowhere();

	assert_int_equal(zip_open(&z, &file.file, 1), ZIP_OK);
	assert_int_equal(zip_next(&z, &m), ZIP_OK);
	file.broken = true;
	assert_int_equal(zip_unpack(&z, &m, f, &to, &budget), ZIP_IO);
	assert_string_equal(zip_reasons[ZIP_IO].id, "unreadable");
	assert_int_equal(zip_open(&z, &file.file, 1), ZIP_IO);
	inflate_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(stored_and_deflated_members_are_read),
	    TEST(octets_before_and_after_the_archive_are_skipped),
	    TEST(a_zip_that_is_cut_off_is_bad),
	    TEST(what_is_damaged_or_unknown_is_named),
	    TEST(a_bad_member_leaves_the_others),
	    TEST(entries_are_limited),
	    TEST(long_names_are_shortened),
	    TEST(unneeded_records_of_zip64_are_skipped),
	    TEST(stored_and_inflated_octets_are_taken_from_the_budget),
	    TEST(members_that_overlap_are_refused),
	    TEST(a_file_that_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
