#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "limit.h"
#include "message.h"

#define TEST(f)  cmocka_unit_test_setup_teardown(f, setup, teardown)
#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define S(lit)                          \
	{                               \
		"" lit, sizeof(lit) - 1 \
	}

/* A message read from a file without a name, or from a pipe. */
struct fixture {
	struct arena *arena;
	struct source source;
	struct message m;
	int fd;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->arena = arena_new();
	f->fd = -1;
	*state = f;
	return 0;
}

static void
forget(struct fixture *f)
{
	message_free(&f->m);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	arena_reset(f->arena);
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	forget(f);
	arena_free(f->arena);
	free(f);
	return 0;
}

static void
write_to(int fd, struct span s)
{
	assert_int_equal(write(fd, s.p, s.len), s.len);
}

static enum message_status
read_file(struct fixture *f, struct span text)
{
	forget(f);
	f->fd = memfd_create("message", MFD_CLOEXEC);
	write_to(f->fd, text);
	lseek(f->fd, 0, SEEK_SET);
	assert_int_equal(source_init(&f->source, f->fd), 0);
	return message_read(&f->m, &f->source, f->arena);
}

/* As much as fits into a pipe. */
static enum message_status
read_pipe(struct fixture *f, struct span text)
{
	int fd[2];

	forget(f);
	assert_int_equal(pipe(fd), 0);
	write_to(fd[1], text);
	close(fd[1]);
	f->fd = fd[0];
	assert_int_equal(source_init(&f->source, f->fd), 0);
	return message_read(&f->m, &f->source, f->arena);
}

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
	    /* a line that is none of a header's begins the body */
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
		    f->m.fields != c[n].fields ||
		    !span_eq(f->m.separator, c[n].separator) ||
		    !span_eq(f->m.body, c[n].body) ||
		    !span_eq(f->m.head, c[n].text))
			fail_msg("%zu: %s: %d", n, c[n].text.p, (int)status);
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
	assert_int_equal(f->m.fields, COUNT(wanted));
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_true(span_eq(f->m.field[i].raw, wanted[i].raw));
		assert_true(span_eq(f->m.field[i].name, wanted[i].name));
		assert_true(span_eq(f->m.field[i].body, wanted[i].body));
	}
}

/* The places of all fields of a name, bottom up, as digits. */
static struct span
places(const struct message *m, struct span name, struct arena *a)
{
	const struct field *f = message_lowest(m, name);
	struct buf b = BUF(a);

	for (; f; f = message_above(m, f))
		buf_printf(&b, "%d", (int)(f - m->field));
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
	assert_int_equal(f->m.names, 4);
	for (size_t i = 0; i < f->m.fields; i++)
		assert_true(span_caseeq(
		    f->m.name[f->m.field[i].name_id].name, f->m.field[i].name));
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
	assert_int_equal(f->m.names, 1000);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "x-%u", i);
		assert_int_equal(message_count(&f->m, span_of(name)), 5);
	}
	arena_free(a);
}

/* A header of size octets in fields of at most 60,000 octets. */
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
	assert_int_equal(f->m.fields, LIMIT_HEADER_FIELDS);
	assert_int_equal(message_count(&f->m, SPAN("a")), LIMIT_HEADER_FIELDS);
	buf_str(&b, "A:b\n");
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_TOO_LARGE);
	assert_int_equal(f->m.fields, 0);
	assert_null(message_lowest(&f->m, SPAN("a")));
	arena_free(a);
}

/* What a sink gets, and how often it is ended. */
struct counter {
	struct sink sink;
	struct buf buf;
	unsigned ends;
};

static void
counter_put(struct sink *self, const char *p, size_t n)
{
	buf_add(&((struct counter *)self)->buf, (struct span){p, n});
}

static void
counter_end(struct sink *self)
{
	((struct counter *)self)->ends++;
}

static struct counter
counter(struct arena *a)
{
	return (struct counter){{counter_put, counter_end}, BUF(a), 0};
}

/* Reads the body, writes the message; both are as they came. */
static void
check_passage(struct fixture *f, struct span text, struct span body)
{
	struct arena *a = arena_new();
	struct counter one = counter(a), two = counter(a), out = counter(a);
	struct sink *sinks[] = {&one.sink, &two.sink};

	assert_int_equal(message_body(&f->m, sinks, 2, true), 0);
	assert_true(span_eq(buf_span(&one.buf), body));
	assert_true(span_eq(buf_span(&two.buf), body));
	assert_int_equal(one.ends, 1);
	assert_int_equal(two.ends, 1);
	assert_int_equal(message_write(&f->m, SPAN(""), &out.sink, NULL), 0);
	assert_true(span_eq(buf_span(&out.buf), text));
	assert_int_equal(out.ends, 1);
	arena_free(a);
}

static void
a_message_is_written_back_as_it_came(void **state)
{
	static const struct {
		struct span text;
		size_t head; /* its octets */
	} c[] = {
	    {S("A: b\n"), 5},
	    {S("A: b"), 4},
	    {S("A: b\r\n\nc\r\nd"), 7},
	    {S("From a b\n>From c\r\nA: b\n\n\n\n"), 24},
	    {S("A: b\nno field\n\n\0"), 5},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(c); i++) {
		struct span body = span_from(c[i].text, c[i].head);

		assert_int_equal(read_file(f, c[i].text), MESSAGE_OK);
		check_passage(f, c[i].text, body);
		assert_null(f->m.spool);
		assert_int_equal(read_pipe(f, c[i].text), MESSAGE_OK);
		check_passage(f, c[i].text, body);
		assert_non_null(f->m.spool);
	}
}

static void
a_body_longer_than_a_chunk_is_read_again(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new();
	struct buf b = BUF(a);

	buf_str(&b, "A: b\n\n");
	for (unsigned i = 0; i < 40000; i++)
		buf_printf(&b, "%u\n", i);
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_OK);
	check_passage(f, buf_span(&b), span_from(buf_span(&b), 6));
	arena_free(a);
}

static void
added_fields_follow_mbox_lines_and_dropped_ones_are_left_out(void **state)
{
	struct fixture *f = *state;
	struct counter out = counter(f->arena);
	struct counter none;

	assert_int_equal(
	    read_file(f, SPAN("From a b\nA: b\nC: d\n e\nF: g\n\nbody")),
	    MESSAGE_OK);
	none = counter(f->arena);
	assert_int_equal(message_body(&f->m, NULL, 0, true), 0);
	f->m.field[1].dropped = true;
	out = counter(f->arena);
	assert_int_equal(
	    message_write(&f->m, SPAN("New: x\n"), &out.sink, NULL), 0);
	assert_true(span_eq(
	    buf_span(&out.buf), SPAN("From a b\nNew: x\nA: b\nF: g\n\nbody")));
	/* strip stands in front of all that follows what was added */
	out = counter(f->arena);
	assert_int_equal(
	    message_write(&f->m, SPAN("New: x\n"), &out.sink, &none.sink), 0);
	assert_true(span_eq(buf_span(&out.buf), SPAN("From a b\nNew: x\n")));
	assert_true(span_eq(buf_span(&none.buf), SPAN("A: b\nF: g\n\nbody")));
	assert_int_equal(none.ends, 1);
	assert_int_equal(out.ends, 1);
}

/* ESTALE if the file changes between the two readings. */
static void
check_stale(struct fixture *f, void (*change)(int))
{
	struct arena *a = arena_new();
	struct counter out = counter(a);
	struct buf b = BUF(a);

	buf_str(&b, "A: b\n\n");
	for (size_t i = 0; i < SOURCE_CHUNK * 2; i++)
		buf_char(&b, 'x');
	assert_int_equal(read_file(f, buf_span(&b)), MESSAGE_OK);
	assert_int_equal(message_body(&f->m, NULL, 0, true), 0);
	change(f->fd);
	assert_int_equal(message_write(&f->m, SPAN(""), &out.sink, NULL), -1);
	assert_int_equal(errno, ESTALE);
	arena_free(a);
}

static void
make_longer(int fd)
{
	assert_int_equal(pwrite(fd, "y", 1, SOURCE_CHUNK * 2 + 6), 1);
}

static void
make_shorter(int fd)
{
	assert_int_equal(ftruncate(fd, 10), 0);
}

static void
change_octet(int fd)
{
	/* Times may have a grain of 10 ms: until it shows. */
	struct stat was, is;

	assert_int_equal(fstat(fd, &was), 0);
	do {
		assert_int_equal(pwrite(fd, "y", 1, 100), 1);
		assert_int_equal(fstat(fd, &is), 0);
	} while (was.st_mtim.tv_sec == is.st_mtim.tv_sec &&
	    was.st_mtim.tv_nsec == is.st_mtim.tv_nsec);
}

static void
a_file_that_changes_is_noticed(void **state)
{
	check_stale(*state, make_longer);
	check_stale(*state, make_shorter);
	check_stale(*state, change_octet);
}

static void
a_file_is_read_from_the_offset_it_had(void **state)
{
	struct fixture *f = *state;
	struct span text = SPAN("A: b\n\nbody");

	f->fd = memfd_create("message", MFD_CLOEXEC);
	write_to(f->fd, SPAN("skipped"));
	write_to(f->fd, text);
	lseek(f->fd, 7, SEEK_SET);
	assert_int_equal(source_init(&f->source, f->fd), 0);
	assert_int_equal(message_read(&f->m, &f->source, f->arena), MESSAGE_OK);
	check_passage(f, text, SPAN("body"));
}

static void
a_read_error_is_told(void **state)
{
	struct fixture *f = *state;

	f->fd = memfd_create("message", MFD_CLOEXEC);
	assert_int_equal(source_init(&f->source, f->fd), 0);
	f->source.fd = -1;
	assert_int_equal(
	    message_read(&f->m, &f->source, f->arena), MESSAGE_READ);
	assert_int_equal(errno, EBADF);
	assert_int_equal(read_file(f, SPAN("A: b\n\n")), MESSAGE_OK);
	f->source.fd = -1;
	assert_int_equal(message_body(&f->m, NULL, 0, true), -1);
	assert_int_equal(errno, EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(parts_of_a_message_are_found),
	    TEST(the_line_end_is_that_of_the_first_line),
	    TEST(fields_are_raw_names_and_bodies),
	    TEST(fields_are_found_by_name_from_the_bottom_up),
	    TEST(names_are_told_apart_in_a_large_header),
	    TEST(a_header_may_have_as_many_octets_as_the_limit),
	    TEST(a_header_may_have_as_many_fields_as_the_limit),
	    TEST(a_message_is_written_back_as_it_came),
	    TEST(a_body_longer_than_a_chunk_is_read_again),
	    TEST(added_fields_follow_mbox_lines_and_dropped_ones_are_left_out),
	    TEST(a_file_that_changes_is_noticed),
	    TEST(a_file_is_read_from_the_offset_it_had),
	    TEST(a_read_error_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
