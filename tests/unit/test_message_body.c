/* test_message_body: the body of a message, and writing the message out. */
/* SPDX-License-Identifier: ISC */

#include "fixture_message.h"
#include "mail/message.h"

/* What a sink receives, and how often it is ended. */
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

/* Reads the body and writes the message; both must be unchanged. */
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
	f->m.fields[1].dropped = true;
	out = counter(f->arena);
	assert_int_equal(
	    message_write(&f->m, SPAN("New: x\n"), &out.sink, NULL), 0);
	assert_true(span_eq(
	    buf_span(&out.buf), SPAN("From a b\nNew: x\nA: b\nF: g\n\nbody")));
	/* strip comes before all that follows the fields */
	out = counter(f->arena);
	assert_int_equal(
	    message_write(&f->m, SPAN("New: x\n"), &out.sink, &none.sink), 0);
	assert_true(span_eq(
	    buf_span(&out.buf), SPAN("From a b\nNew: x\nA: b\nF: g\n")));
	assert_true(span_eq(buf_span(&none.buf), SPAN("\nbody")));
	assert_int_equal(none.ends, 1);
	assert_int_equal(out.ends, 1);
}

/* Checks for ESTALE if the file changes between the two readings. */
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
	/* Timestamps may have a granularity of 10 ms: repeats until the change
	 * shows. */
	struct stat was, is;

	assert_int_equal(fstat(fd, &was), 0);
	do {
		assert_int_equal(pwrite(fd, "y", 1, SOURCE_CHUNK + 100), 1);
		assert_int_equal(fstat(fd, &is), 0);
	} while (was.st_mtim.tv_sec == is.st_mtim.tv_sec &&
	    was.st_mtim.tv_nsec == is.st_mtim.tv_nsec);
}

/* As change_octet(), with the modification time restored. */
static void
change_octet_secretly(int fd)
{
	struct timespec times[2];
	struct stat was, is;

	assert_int_equal(fstat(fd, &was), 0);
	change_octet(fd);
	times[0] = was.st_atim;
	times[1] = was.st_mtim;
	assert_int_equal(futimens(fd, times), 0);
	assert_int_equal(fstat(fd, &is), 0);
	assert_int_equal(is.st_mtim.tv_sec, was.st_mtim.tv_sec);
	assert_int_equal(is.st_mtim.tv_nsec, was.st_mtim.tv_nsec);
}

static void
a_file_that_changes_is_noticed(void **state)
{
	check_stale(*state, make_longer);
	check_stale(*state, make_shorter);
	check_stale(*state, change_octet);
	check_stale(*state, change_octet_secretly);
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
	    TEST(a_message_is_written_back_as_it_came),
	    TEST(a_body_longer_than_a_chunk_is_read_again),
	    TEST(added_fields_follow_mbox_lines_and_dropped_ones_are_left_out),
	    TEST(a_file_that_changes_is_noticed),
	    TEST(a_file_is_read_from_the_offset_it_had),
	    TEST(a_read_error_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
