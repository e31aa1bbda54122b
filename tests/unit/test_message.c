/* test_message: the header of a message. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"
#include "mail/message.h"

static void
parts_of_a_message_are_found(void **state)
{
	static const struct {
		struct span text;
		enum message_status status;
		struct span mbox;
		size_t fields;
		struct span separator, body;
	} c[] = {
	    {S(""), MESSAGE_EMPTY, S(""), 0, S(""), S("")},
	    {S("A: b\n"), MESSAGE_OK, S(""), 1, S(""), S("")},
	    {S("A: b"), MESSAGE_OK, S(""), 1, S(""), S("")},
	    {S("A: b\n\n"), MESSAGE_OK, S(""), 1, S("\n"), S("")},
	    {S("A: b\n\nc"), MESSAGE_OK, S(""), 1, S("\n"), S("c")},
	    {S("A: b\r\n\r\nc\r\n"), MESSAGE_OK, S(""), 1, S("\r\n"),
		S("c\r\n")},
	    {S("A: b\r\n\nc"), MESSAGE_OK, S(""), 1, S("\n"), S("c")},
	    {S("A: b\n\r\nc"), MESSAGE_OK, S(""), 1, S("\r\n"), S("c")},
	    {S("A: b\n\n\nc"), MESSAGE_OK, S(""), 1, S("\n"), S("\nc")},
	    {S("A: b\n c\nD: e\n"), MESSAGE_OK, S(""), 2, S(""), S("")},
	    {S("A: b\n \n\tc\nD: e\n"), MESSAGE_OK, S(""), 2, S(""), S("")},
	    {S("A: b\n "), MESSAGE_OK, S(""), 1, S(""), S("")},
	    /* a line that is not a field begins the body */
	    {S("A: b\nno field\nC: d\n"), MESSAGE_OK, S(""), 1, S(""),
		S("no field\nC: d\n")},
	    {S("A: b\nno field"), MESSAGE_OK, S(""), 1, S(""), S("no field")},
	    {S("A: b\nFrom c d\nC: d\n"), MESSAGE_OK, S(""), 1, S(""),
		S("From c d\nC: d\n")},
	    {S("A: b\n\r"), MESSAGE_OK, S(""), 1, S(""), S("\r")},
	    {S("A: b\n\rc: d\n\nE: f\n"), MESSAGE_OK, S(""), 1, S(""),
		S("\rc: d\n\nE: f\n")},
	    /* mbox lines */
	    {S("From a b\nA: b\n\nc"), MESSAGE_OK, S("From a b\n"), 1, S("\n"),
		S("c")},
	    {S("From a b\n>From c d\r\nFrom \nA: b\n\nc"), MESSAGE_OK,
		S("From a b\n>From c d\r\nFrom \n"), 1, S("\n"), S("c")},
	    {S("From a b\n"), MESSAGE_NO_FIELD, S("From a b\n"), 0, S(""),
		S("")},
	    {S("From a b\n\nA: b\n"), MESSAGE_NO_FIELD, S("From a b\n"), 0,
		S(""), S("")},
	    {S("From a b\n c\n"), MESSAGE_NO_FIELD, S("From a b\n"), 0, S(""),
		S("")},
	    {S("\nA: b\n"), MESSAGE_NO_FIELD, S(""), 0, S(""), S("")},
	    {S(" A: b\n"), MESSAGE_NO_FIELD, S(""), 0, S(""), S("")},
	    {S("no field\nA: b\n"), MESSAGE_NO_FIELD, S(""), 0, S(""), S("")},
	    {S("\0"), MESSAGE_NO_FIELD, S(""), 0, S(""), S("")},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		size_t n = i / 2;
		enum message_status status =
		    i % 2 ? read_pipe(f, c[n].text) : read_file(f, c[n].text);

		if (status != c[n].status || !span_eq(f->m.mbox, c[n].mbox) ||
		    f->m.nfields != c[n].fields ||
		    !span_eq(f->m.separator, c[n].separator) ||
		    !span_eq(f->m.body, c[n].body) ||
		    !span_eq(f->m.head, c[n].text))
			fail_msg("%zu: %s: %d", n, c[n].text.p, (int)status);
	}
}

static void
what_is_not_a_message_says_how_it_begins(void **state)
{
	static const struct {
		struct span text;
		const char *words;
	} c[] = {
	    {S("\nA: b\n"), "it begins with an empty line"},
	    {S("\r\nA: b\r\n"), "it begins with an empty line"},
	    {S("From a b\n\nA: b\n"), "it begins with an empty line"},
	    {S("\n"), "it begins with an empty line"},
	    {S(" \nA: b\n"), "it does not begin with a field"},
	    {S("\r\r\nA: b\n"), "it does not begin with a field"},
	    {S("\r"), "it does not begin with a field"},
	    {S("\357\273\277A: b\n"), "it begins with a byte order mark"},
	    {S("\357\273\277"), "it begins with a byte order mark"},
	    {S("\357\273A: b\n"), "it does not begin with a field"},
	    {S("\377\376A\0:\0 \0"),
		"it is in UTF-16: use iconv -f UTF-16 -t UTF-8"},
	    {S("\376\377\0A\0:\0 "),
		"it is in UTF-16: use iconv -f UTF-16 -t UTF-8"},
	    {S("A\0:\0 \0b\0\n\0"),
		"it is in UTF-16: use iconv -f UTF-16LE -t UTF-8"},
	    {S("\0A\0:\0 \0b\0\n"),
		"it is in UTF-16: use iconv -f UTF-16BE -t UTF-8"},
	    {S("A\0:"), "it does not begin with a field"},
	    {S("\0\0\0\0\n"), "it does not begin with a field"},
	    {S("A\0::\0\n"), "it does not begin with a field"},
	    {S("\037\213\010\0\n"), "it is compressed by gzip: use zcat"},
	    {S("\037\n"), "it does not begin with a field"},
	    {S("BZh91AY&SY\n"), "it is compressed by bzip2: use bzcat"},
	    {S("\3757zXZ\0\0"), "it is compressed by xz: use xzcat"},
	    {S("(\265/\375\004"), "it is compressed by zstd: use zstdcat"},
	    {S("PK\003\004\n"), "it is a zip archive: use unzip -p"},
	    {S("> A: b\n> \n> c\n"),
		"it is quoted with '> ': use sed 's/^> //'"},
	    {S("> From a b\n> A: b\n"),
		"it is quoted with '> ': use sed 's/^> //'"},
	    {S("> no field\n"), "it does not begin with a field"},
	    {S(">  A: b\n"), "it does not begin with a field"},
	    {S("From a b\n\357\273\277A: b\n"),
		"it begins with a byte order mark"},
	    {S("no field\n"), "it does not begin with a field"},
	    {S("From a b\n"), "it does not begin with a field"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_int_equal(read_file(f, c[i].text), MESSAGE_NO_FIELD);
		same(
		    c[i].text.p, span_of(message_beginning(&f->m)), c[i].words);
	}
}

static void
the_line_end_is_that_of_the_first_line(void **state)
{
	static const struct {
		struct span text;
		const char *eol;
	} c[] = {
	    {S("A: b\r\nC: d\n"), "\r\n"},
	    {S("A: b\nC: d\r\n"), "\n"},
	    {S("From a b\nA: b\r\n"), "\n"},
	    {S("A: b"), "\n"},
	    {S("A: b\r"), "\n"},
	    {S("A: b\r\r\n"), "\r\n"},
	    {S("A: b\r c\nD: e\r\n"), "\n"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_int_equal(read_file(f, c[i].text), MESSAGE_OK);
		assert_string_equal(f->m.eol, c[i].eol);
	}
}

static void
fields_are_raw_names_and_bodies(void **state)
{
	static const struct {
		struct span raw, name, body;
	} wanted[] = {
	    {S("A: b\r\n"), S("A"), S(" b")},
	    {S("Sub : \r\n \r\n\tc\n"), S("Sub"), S(" \r\n \r\n\tc")},
	    {S("A:\n"), S("A"), S("")},
	    {S("x:y"), S("x"), S("y")},
	};
	struct fixture *f = *state;

	assert_int_equal(
	    read_file(f, SPAN("A: b\r\nSub : \r\n \r\n\tc\nA:\nx:y")),
	    MESSAGE_OK);
	assert_int_equal(f->m.nfields, COUNT(wanted));
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_true(span_eq(f->m.fields[i].raw, wanted[i].raw));
		assert_true(span_eq(f->m.fields[i].name, wanted[i].name));
		assert_true(span_eq(f->m.fields[i].body, wanted[i].body));
	}
}

/* Returns the indices of all fields of a name, bottom up, as digits. */
static struct span
places(const struct message *m, struct span name, struct arena *a)
{
	const struct field *f = message_lowest(m, name);
	struct buf b = BUF(a);

	for (; f; f = message_above(m, f))
		buf_printf(&b, "%d", (int)(f - m->fields));
	assert_int_equal(message_count(m, name), b.len);
	return buf_span(&b);
}

static void
fields_are_found_by_name_from_the_bottom_up(void **state)
{
	static const struct {
		struct span name, places;
	} c[] = {
	    {S("A"), S("750")},
	    {S("a"), S("750")},
	    {S("ab"), S("6431")},
	    {S("AB"), S("6431")},
	    {S("abc"), S("2")},
	    {S("z"), S("8")},
	    {S("b"), S("")},
	    {S(""), S("")},
	    {S("abcd"), S("")},
	    {S("a "), S("")},
	    {S("\377"), S("")},
	};
	struct fixture *f = *state;

	assert_int_equal(read_file(f,
			     SPAN("A:0\nAb:1\nABC:2\naB :3\nab:4\na:5\n"
				  "AB\t:6\nA:7\nZ:8\n")),
	    MESSAGE_OK);
	for (size_t i = 0; i < COUNT(c); i++)
		if (!span_eq(places(&f->m, c[i].name, f->arena), c[i].places))
			fail_msg("%s", c[i].name.p);
	assert_int_equal(f->m.nnames, 4);
	for (size_t i = 0; i < f->m.nfields; i++)
		assert_true(span_caseeq(f->m.names[f->m.fields[i].name_id].name,
		    f->m.fields[i].name));
}

static void
names_are_told_apart_in_a_large_header(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct buf text = BUF(a);
	char name[16];

	for (unsigned i = 0; i < 5000; i++)
		buf_printf(&text, "X-%u: %u\r\n", i * 7919 % 1000, i);
	assert_int_equal(read_file(f, buf_span(&text)), MESSAGE_OK);
	assert_int_equal(f->m.nnames, 1000);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "x-%u", i);
		assert_int_equal(message_count(&f->m, span_of(name)), 5);
	}
	arena_free(a);
}

/* Adds a header of size octets in fields of at most 60,000 octets. */
static void
add_header(struct buf *b, size_t size)
{
	size_t end = b->len + size;

	while (b->len < end) {
		size_t n = end - b->len;

		n = n > 60000 ? 50000 : n;
		buf_str(b, "A:");
		memset(buf_room(b, n), 'x', n - 3);
		b->len += n - 3;
		buf_char(b, '\n');
	}
}

static void
a_header_may_have_as_many_octets_as_the_limit(void **state)
{
	static const struct {
		const char *before, *after;
		size_t size;
		enum message_status status;
	} c[] = {
	    {"", "\nbody\n", LIMIT_HEADER, MESSAGE_OK},
	    {"", "\nbody\n", LIMIT_HEADER + 1, MESSAGE_TOO_LARGE},
	    {"", "", LIMIT_HEADER, MESSAGE_OK},
	    {"", "", LIMIT_HEADER + 1, MESSAGE_TOO_LARGE},
	    {"", "no field\n", LIMIT_HEADER, MESSAGE_OK},
	    {"From a b\n", "\nbody\n", LIMIT_HEADER, MESSAGE_OK},
	    {"From a b\n", "\nbody\n", LIMIT_HEADER + 1, MESSAGE_TOO_LARGE},
	    {"", "\nbody\n", LIMIT_HEADER + 100000, MESSAGE_TOO_LARGE},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);

		buf_str(&b, c[i].before);
		add_header(&b, c[i].size);
		buf_str(&b, c[i].after);
		if (read_file(f, buf_span(&b)) != c[i].status)
			fail_msg("%zu", i);
		assert_int_equal(
		    f->m.too_large, c[i].status == MESSAGE_TOO_LARGE);
		arena_free(a);
	}
}

static void
a_header_may_have_as_many_fields_as_the_limit(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	for (unsigned i = 0; i < LIMIT_HEADER_FIELDS; i++)
		buf_str(&b, "A:b\n");
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_OK);
	assert_int_equal(f->m.nfields, LIMIT_HEADER_FIELDS);
	assert_int_equal(message_count(&f->m, SPAN("a")), LIMIT_HEADER_FIELDS);
	buf_str(&b, "A:b\n");
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_TOO_LARGE);
	assert_int_equal(f->m.nfields, 0);
	assert_null(message_lowest(&f->m, SPAN("a")));
	arena_free(a);
}

/* The first read ends within the CRLF after the header: an mbox line moves the
 * end of the header to where two reads of a file meet. */
static void
a_header_of_the_limit_may_end_where_a_read_does(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	buf_str(&b, "From ");
	memset(buf_room(&b, SOURCE_CHUNK), 'x', SOURCE_CHUNK);
	b.len = SOURCE_CHUNK - 2;
	buf_char(&b, '\n');
	add_header(&b, LIMIT_HEADER);
	buf_str(&b, "\r");
	assert_int_equal(b.len % SOURCE_CHUNK, 0);
	buf_str(&b, "\nbody");
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_OK);
	assert_int_equal(f->m.mbox.len, SOURCE_CHUNK - 1);
	assert_true(span_eq(f->m.separator, SPAN("\r\n")));
	arena_free(a);
}

/* The first line is as long as a header may be, or longer. */
static void
a_line_without_end_is_a_field_if_it_begins_like_one(void **state)
{
	static const struct {
		struct span start;
		char rest;
		enum message_status status;
	} c[] = {
	    {S("A:"), 'x', MESSAGE_TOO_LARGE},
	    {S("A :"), '\0', MESSAGE_TOO_LARGE},
	    {S("A"), 'x', MESSAGE_TOO_LARGE},
	    {S("A"), ' ', MESSAGE_TOO_LARGE},
	    {S(""), 'x', MESSAGE_TOO_LARGE},
	    {S("From a b\nA"), 'x', MESSAGE_TOO_LARGE},
	    {S(""), '\0', MESSAGE_NO_FIELD},
	    {S("A"), '\0', MESSAGE_NO_FIELD},
	    {S("A b"), 'x', MESSAGE_NO_FIELD},
	    {S("A \0"), ' ', MESSAGE_NO_FIELD},
	    {S(""), ' ', MESSAGE_NO_FIELD},
	    {S(" A:"), 'x', MESSAGE_NO_FIELD},
	    {S(""), '\377', MESSAGE_NO_FIELD},
	    {S("From a b\n"), '\0', MESSAGE_NO_FIELD},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct arena *a = arena_new();
		struct buf b = BUF(a);
		size_t n = LIMIT_HEADER + 2 * SOURCE_CHUNK;

		buf_add(&b, c[i].start);
		memset(buf_room(&b, n), c[i].rest, n);
		b.len += n;
		if (read_file(f, buf_span(&b)) != c[i].status)
			fail_msg("%zu", i);
		arena_free(a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(parts_of_a_message_are_found),
	    TEST(what_is_not_a_message_says_how_it_begins),
	    TEST(the_line_end_is_that_of_the_first_line),
	    TEST(fields_are_raw_names_and_bodies),
	    TEST(fields_are_found_by_name_from_the_bottom_up),
	    TEST(names_are_told_apart_in_a_large_header),
	    TEST(a_header_may_have_as_many_octets_as_the_limit),
	    TEST(a_header_may_have_as_many_fields_as_the_limit),
	    TEST(a_header_of_the_limit_may_end_where_a_read_does),
	    TEST(a_line_without_end_is_a_field_if_it_begins_like_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
