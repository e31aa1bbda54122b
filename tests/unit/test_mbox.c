/* test_mbox: the messages of an mbox. */
/* SPDX-License-Identifier: ISC */

#include "fixture_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mail/mbox.h"

/* Returns all messages of an mbox, each in brackets. */
static struct span
messages(struct span text, struct arena *a)
{
	char *room = malloc(SOURCE_CHUNK);
	struct buf b = BUF(a);
	struct mbox m;
	struct source s;
	int fd = file_of(text), more;

	assert_int_equal(mbox_begin(&m, fd, room), 0);
	while ((more = mbox_next(&m, &s)) > 0) {
		buf_char(&b, '[');
		buf_add(&b, read_all(&s, a));
		buf_char(&b, ']');
	}
	assert_int_equal(more, 0);
	close(fd);
	free(room);
	return buf_span(&b);
}

#define FROM  "From a@example.org Fri Nov 20 10:00:00 2026\n"
#define FROM2 "From - Fri, 20 Nov 2026 10:00 +0000\r\n"

static void
messages_end_where_a_separator_follows_an_empty_line(void **state)
{
	static const struct {
		struct span text, wanted;
	} c[] = {
	    {S(""), S("")},
	    {S(FROM "A: b\n\nc\n"), S("[" FROM "A: b\n\nc\n]")},
	    {S(FROM "A: b\n\nc\n\n"), S("[" FROM "A: b\n\nc\n]")},
	    {S(FROM "A: b\n\nc\n\n\n"), S("[" FROM "A: b\n\nc\n\n]")},
	    {S(FROM "A: b\n\nc"), S("[" FROM "A: b\n\nc]")},
	    {S(FROM "A: b\n\nc\n\n" FROM "D: e\n\nf\n"),
		S("[" FROM "A: b\n\nc\n][" FROM "D: e\n\nf\n]")},
	    {S(FROM "A: b\n\nc\r\n\r\n" FROM2 "D: e\r\n\r\nf\r\n"),
		S("[" FROM "A: b\n\nc\r\n][" FROM2 "D: e\r\n\r\nf\r\n]")},
	    /* an empty body, with and without its empty line */
	    {S(FROM "A: b\n\n" FROM "D: e\n\n\n" FROM "G: h\n"),
		S("[" FROM "A: b\n\n][" FROM "D: e\n\n][" FROM "G: h\n]")},
	    /* not separators: no empty line before, no date, quoted */
	    {S(FROM "A: b\n\nc\n" FROM "d\n"),
		S("[" FROM "A: b\n\nc\n" FROM "d\n]")},
	    {S(FROM "A: b\n\nc\n\nFrom here on\n"),
		S("[" FROM "A: b\n\nc\n\nFrom here on\n]")},
	    {S(FROM "A: b\n\nc\n\nFrom 10:00 on\n"),
		S("[" FROM "A: b\n\nc\n\nFrom 10:00 on\n]")},
	    {S(FROM "A: b\n\nc\n\nFrom the year 2026\n"),
		S("[" FROM "A: b\n\nc\n\nFrom the year 2026\n]")},
	    {S(FROM "A: b\n\nc\n\n>" FROM "d\n>>" FROM),
		S("[" FROM "A: b\n\nc\n\n" FROM "d\n>" FROM "]")},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		if (!span_eq(messages(c[i].text, *state), c[i].wanted))
			fail_msg("%zu: " SPAN_FMT, i,
			    SPAN_ARG(messages(c[i].text, *state)));
}

static void
a_right_content_length_counts_and_nothing_is_unquoted(void **state)
{
	/* A body of 92 octets with what looks like a separator. */
#define BODY "c\n\n" FROM ">" FROM
#define HEAD "A: b\nContent-Length: "
	static const struct {
		struct span text, wanted;
	} c[] = {
	    {S(FROM HEAD "92\n\n" BODY "\n" FROM "D: e\n"),
		S("[" FROM HEAD "92\n\n" BODY "][" FROM "D: e\n]")},
	    {S(FROM HEAD "92\n\n" BODY FROM "D: e\n"),
		S("[" FROM HEAD "92\n\n" BODY "][" FROM "D: e\n]")},
	    {S(FROM HEAD "92\n\n" BODY), S("[" FROM HEAD "92\n\n" BODY "]")},
	    {S(FROM HEAD "92\n\n" BODY "\n"),
		S("[" FROM HEAD "92\n\n" BODY "]")},
	    {S(FROM "content-length :92\r\n\r\n" BODY "\r\n" FROM "D: e\n"),
		S("[" FROM "content-length :92\r\n\r\n" BODY "][" FROM
		  "D: e\n]")},
	    {S(FROM HEAD "0\n\n\n" FROM "D: e\n"),
		S("[" FROM HEAD "0\n\n][" FROM "D: e\n]")},
	    {S(FROM HEAD "0\n\n" FROM "D: e\n"),
		S("[" FROM HEAD "0\n\n][" FROM "D: e\n]")},
	    /* an incorrect length is ignored */
	    {S(FROM HEAD "90\n\nc\n\n" FROM ">" FROM),
		S("[" FROM HEAD "90\n\nc\n][" FROM FROM "]")},
	    {S(FROM HEAD "9999\n\nc\n\n" FROM "D: e\n"),
		S("[" FROM HEAD "9999\n\nc\n][" FROM "D: e\n]")},
	    {S(FROM HEAD "99999999999999999999\n\nc\n\n" FROM "D: e\n"),
		S("[" FROM HEAD "99999999999999999999\n\nc\n][" FROM
		  "D: e\n]")},
	    {S(FROM HEAD "-1\n\nc\n\n" FROM "D: e\n"),
		S("[" FROM HEAD "-1\n\nc\n][" FROM "D: e\n]")},
	    /* in the body it is text */
	    {S(FROM "A: b\n\nContent-Length: 92\n\n" FROM "D: e\n"),
		S("[" FROM "A: b\n\nContent-Length: 92\n][" FROM "D: e\n]")},
	};

	assert_int_equal(sizeof(BODY) - 1, 92);
	for (size_t i = 0; i < COUNT(c); i++)
		if (!span_eq(messages(c[i].text, *state), c[i].wanted))
			fail_msg("%zu: " SPAN_FMT, i,
			    SPAN_ARG(messages(c[i].text, *state)));
}

static void
separators_are_seen_across_chunks(void **state)
{
	struct arena *a = *state;

	for (size_t d = 0; d < 60; d++) {
		struct buf b = BUF(a), wanted = BUF(a);
		size_t n = SOURCE_CHUNK - d;

		buf_str(&b, FROM "A: b\n\n");
		while (b.len < n)
			buf_char(&b, b.len % 70 || b.len + 1 == n ? 'x' : '\n');
		buf_str(&b, "\n\n" FROM "D: e\n");
		buf_char(&wanted, '[');
		buf_add(&wanted, span_upto(buf_span(&b), n + 1));
		buf_str(&wanted, "][" FROM "D: e\n]");
		assert_true(
		    span_eq(messages(buf_span(&b), a), buf_span(&wanted)));
		arena_reset(a);
	}
}

static void
the_rest_of_a_long_line_is_no_separator(void **state)
{
	struct buf b = BUF(*state), wanted = BUF(*state);

	buf_str(&b, FROM "A: b\n\n");
	for (size_t n = b.len; n < 2 * SOURCE_CHUNK; n++)
		buf_char(&b, 'x');
	/* a chunk that begins with the rest of the line may begin here */
	buf_str(&b, FROM "\n" FROM "D: e\n");
	buf_char(&wanted, '[');
	buf_add(&wanted, buf_span(&b));
	wanted.len -= sizeof("\n" FROM "D: e\n") - 1;
	buf_str(&wanted, "][" FROM "D: e\n]");
	assert_true(span_eq(messages(buf_span(&b), *state), buf_span(&wanted)));
}

/* A line without its end is about as long as a chunk: the next read gives only
 * its end. */
static void
a_line_of_a_chunk_does_not_end_a_message(void **state)
{
	struct arena *a = *state;

	for (size_t n = SOURCE_CHUNK - 2; n <= SOURCE_CHUNK + 2; n++) {
		struct buf b = BUF(a), wanted = BUF(a);

		buf_str(&b, FROM "A: b\n\n");
		memset(buf_room(&b, n), 'x', n);
		b.len += n;
		buf_str(&b, "\nFrom x at 12:00 in 2024\ny\n");
		buf_printf(&wanted, "[" SPAN_FMT "]", SPAN_ARG(buf_span(&b)));
		assert_true(
		    span_eq(messages(buf_span(&b), a), buf_span(&wanted)));
		arena_reset(a);
	}
}

static void
an_mbox_begins_where_the_offset_is(void **state)
{
	struct span skipped = SPAN(FROM "A: b\n\n");
	struct span rest = SPAN(FROM "D: e\n");
	char *room = malloc(SOURCE_CHUNK);
	struct buf b = BUF(*state);
	struct mbox m;
	struct source s;
	int fd;

	buf_add(&b, skipped);
	buf_add(&b, rest);
	fd = file_of(buf_span(&b));
	assert_int_equal(lseek(fd, (off_t)skipped.len, SEEK_SET), skipped.len);
	assert_int_equal(mbox_begin(&m, fd, room), 0);
	assert_int_equal(mbox_next(&m, &s), 1);
	assert_true(span_eq(read_all(&s, *state), rest));
	assert_int_equal(mbox_next(&m, &s), 0);
	close(fd);
	free(room);
}

static void
an_mbox_begins_with_from_and_a_date(void **state)
{
	static const struct {
		struct span start;
		bool is;
	} c[] = {
	    {S("From a Thu Jan  1 00:00:00 1970\n"), true},
	    {S("From a Thu Jan  1 00:00 1970"), true},
	    {S("From a@b  Thu Jan  1 00:00:00 1970 +0100\r\nA: b"), true},
	    {S("From MAILER-DAEMON Thu, 1 Jan 1970 00:00:00 GMT\n"), true},
	    {S("From - Thu Jan  1 00:00:00 70\n"), false},
	    {S("From a Thu Jan  1 1970\n"), false},
	    {S("From a@example.org\nDate: 1 Jan 1970 00:00:00\n"), false},
	    {S("From: a Thu Jan  1 00:00:00 1970\n"), false},
	    {S("From : a Thu Jan  1 00:00:00 1970\n"), false},
	    {S(">From a Thu Jan  1 00:00:00 1970\n"), false},
	    {S("from a Thu Jan  1 00:00:00 1970\n"), false},
	    {S(" From a Thu Jan  1 00:00:00 1970\n"), false},
	    {S("\nFrom a Thu Jan  1 00:00:00 1970\n"), false},
	    {S("From "), false},
	    {S(""), false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++)
		if (mbox_is_one(c[i].start) != c[i].is)
			fail_msg("%s", c[i].start.p);
}

static void
an_mbox_is_a_regular_file(void **state)
{
	struct mbox m;
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(mbox_begin(&m, fd[0], NULL), -1);
	assert_int_equal(errno, ESPIPE);
	close(fd[0]);
	close(fd[1]);
	assert_int_equal(mbox_begin(&m, -1, NULL), -1);
	assert_int_equal(errno, EBADF);
}

static void
a_read_error_ends_the_walk(void **state)
{
	char *room = malloc(SOURCE_CHUNK);
	int fd = file_of(SPAN(FROM "A: b\n\nc\n"));
	struct mbox m;
	struct source s;

	(void)state;
	assert_int_equal(mbox_begin(&m, fd, room), 0);
	m.fd = -1;
	assert_int_equal(mbox_next(&m, &s), -1);
	assert_int_equal(errno, EBADF);
	close(fd);
	free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(messages_end_where_a_separator_follows_an_empty_line),
	    TEST(a_right_content_length_counts_and_nothing_is_unquoted),
	    TEST(separators_are_seen_across_chunks),
	    TEST(the_rest_of_a_long_line_is_no_separator),
	    TEST(a_line_of_a_chunk_does_not_end_a_message),
	    TEST(an_mbox_begins_where_the_offset_is),
	    TEST(an_mbox_begins_with_from_and_a_date),
	    TEST(an_mbox_is_a_regular_file),
	    TEST(a_read_error_ends_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
