/* test_source: reading from pipes and files. */
/* SPDX-License-Identifier: ISC */

#include "fixture_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void
a_file_is_read_and_read_again_from_its_offset(void **state)
{
	struct span text = SPAN("0123456789");
	struct source s;
	char room[SOURCE_CHUNK];
	int fd = file_of(text);

	lseek(fd, 3, SEEK_SET);
	assert_int_equal(source_init(&s, fd), 0);
	assert_true(s.can_reread);
	assert_true(span_eq(read_all(&s, *state), span_from(text, 3)));
	assert_int_equal(s.taken, 7);
	assert_int_equal(source_reread(&s, 2, room, sizeof(room)), 5);
	assert_memory_equal(room, "56789", 5);
	assert_int_equal(source_reread(&s, 2, room, 2), 2);
	assert_int_equal(source_reread(&s, 7, room, sizeof(room)), 0);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 10);
	assert_int_equal(source_unchanged(&s), 0);
	close(fd);
}

static void
a_file_of_3_GiB_is_read_from_its_offset(void **state)
{
	off_t end = (off_t)(UINT64_C(3) << 30);
	struct source s;
	int fd = file_of(SPAN("0123456789"));

	assert_int_equal(ftruncate(fd, end - 5), 0);
	assert_int_equal(lseek(fd, 0, SEEK_END), end - 5);
	assert_int_equal(write(fd, "01234", 5), 5);
	lseek(fd, end - 3, SEEK_SET);
	assert_int_equal(source_init(&s, fd), 0);
	assert_true(span_eq(read_all(&s, *state), SPAN("234")));
	assert_int_equal(source_unchanged(&s), 0);
	close(fd);
}

static void
a_file_that_is_longer_or_shorter_than_read_has_changed(void **state)
{
	struct source s;
	int fd = file_of(SPAN("0123456789"));

	assert_int_equal(source_init(&s, fd), 0);
	assert_int_equal(source_unchanged(&s), -1); /* nothing was read */
	read_all(&s, *state);
	assert_int_equal(source_unchanged(&s), 0);
	assert_int_equal(ftruncate(fd, 9), 0);
	errno = 0;
	assert_int_equal(source_unchanged(&s), -1);
	assert_int_equal(errno, ESTALE);
	close(fd);
}

static void
a_file_with_another_mode_has_not_changed(void **state)
{
	struct source s;
	struct stat is;
	int fd = file_of(SPAN("0123456789"));

	assert_int_equal(source_init(&s, fd), 0);
	read_all(&s, *state);
	do { /* timestamps may have a granularity of 10 ms: repeats until the
		change shows */
		assert_int_equal(fchmod(fd, 0600), 0);
		assert_int_equal(fstat(fd, &is), 0);
	} while (is.st_ctim.tv_sec == s.first.st_ctim.tv_sec &&
	    is.st_ctim.tv_nsec == s.first.st_ctim.tv_nsec);
	assert_int_equal(source_unchanged(&s), 0);
	close(fd);
}

static void
a_pipe_is_read_once(void **state)
{
	struct source s;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "text", 4), 4);
	close(fd[1]);
	assert_int_equal(source_init(&s, fd[0]), 0);
	assert_false(s.can_reread);
	assert_true(span_eq(read_all(&s, *state), SPAN("text")));
	close(fd[0]);
	assert_int_equal(source_init(&s, -1), -1);
	assert_int_equal(errno, EBADF);
}

static void
whether_all_was_read_is_told_without_waiting(void **state)
{
	struct source s;
	int fd[2], file = file_of(SPAN("0123456789"));

	assert_int_equal(source_init(&s, file), 0);
	assert_false(source_is_read(&s));
	read_all(&s, *state);
	assert_true(source_is_read(&s));
	source_range(&s, file, 2, 5, NULL);
	assert_false(source_is_read(&s));
	read_all(&s, *state);
	assert_true(source_is_read(&s));
	close(file);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(source_init(&s, fd[0]), 0);
	assert_false(source_is_read(&s)); /* more may come */
	assert_int_equal(write(fd[1], "text", 4), 4);
	assert_false(source_is_read(&s));
	close(fd[1]);
	assert_false(source_is_read(&s));
	read_all(&s, *state);
	assert_true(source_is_read(&s));
	s.ahead = SPAN("x");
	assert_false(source_is_read(&s));
	close(fd[0]);
}

static void
what_was_taken_from_a_pipe_is_read_first(void **state)
{
	struct source s;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], " text", 5), 5);
	close(fd[1]);
	assert_int_equal(source_init(&s, fd[0]), 0);
	s.ahead = SPAN("some");
	assert_true(span_eq(read_all(&s, *state), SPAN("some text")));
	close(fd[0]);
}

static void
a_pipe_is_drained_and_a_file_left_alone(void **state)
{
	struct source s;
	int fd[2], file = file_of(SPAN("0123456789"));

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "text", 4), 4);
	close(fd[1]);
	assert_int_equal(source_init(&s, fd[0]), 0);
	source_drain(&s);
	assert_int_equal(s.taken, 4);
	s.fd = -1;
	source_drain(&s); /* an error ends the stream */
	assert_int_equal(source_init(&s, file), 0);
	source_drain(&s);
	assert_int_equal(lseek(file, 0, SEEK_CUR), 0);
	close(fd[0]);
	close(file);
}

static void
a_range_is_part_of_a_file(void **state)
{
	struct source s;
	int fd = file_of(SPAN("0123>From 6789"));

	source_range(&s, fd, 4, 8, NULL);
	assert_true(span_eq(read_all(&s, *state), SPAN(">Fro")));
	source_range(&s, fd, 3, 3, NULL);
	assert_true(span_eq(read_all(&s, *state), SPAN("")));
	source_range(&s, fd, 10, 99, NULL); /* the file was truncated */
	assert_true(span_eq(read_all(&s, *state), SPAN("6789")));
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	close(fd);
}

static struct span
unquoted(struct span text, struct arena *a)
{
	char *room = malloc(SOURCE_CHUNK);
	struct source s;
	struct span got;
	int fd = file_of(text);

	source_range(&s, fd, 0, (off_t)text.len, room);
	got = read_all(&s, a);
	close(fd);
	free(room);
	return got;
}

static void
quoted_from_lines_lose_one_mark(void **state)
{
	static const struct {
		struct span text, wanted;
	} c[] = {
	    {S(""), S("")},
	    {S(">From a\n"), S("From a\n")},
	    {S(">From "), S("From ")},
	    {S(">>From a\n>>>From b"), S(">From a\n>>From b")},
	    {S("From a\n"), S("From a\n")},
	    {S(">From\n"), S(">From\n")},
	    {S(">From\ta\n"), S(">From\ta\n")},
	    {S(">from a\n"), S(">from a\n")},
	    {S("> From a\n"), S("> From a\n")},
	    {S(" >From a\n"), S(" >From a\n")},
	    {S("a >From b\n"), S("a >From b\n")},
	    {S("a\r\n>From b\r\n\r\n>From c"), S("a\r\nFrom b\r\n\r\nFrom c")},
	    {S("a\r>From b\n"), S("a\r>From b\n")},
	    {S("\n>From a\n\n"), S("\nFrom a\n\n")},
	    {S(">\n>"), S(">\n>")},
	    {S("a\0\n>From \0\n"), S("a\0\nFrom \0\n")},
	};

	for (size_t i = 0; i < COUNT(c); i++)
		if (!span_eq(unquoted(c[i].text, *state), c[i].wanted))
			fail_msg("%s", c[i].text.p);
}

/* Returns the same for a text in memory, a line at a time. */
static struct span
slow_unquoted(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t at = 0, n; at < text.len; at += n) {
		size_t marks = 0;

		for (n = 0; at + n < text.len && text.p[at + n] != '\n'; n++)
			;
		n += at + n < text.len;
		while (marks < n && text.p[at + marks] == '>')
			marks++;
		marks = marks && n - marks >= 5 &&
		    !memcmp(text.p + at + marks, "From ", 5);
		buf_add(&b, (struct span){text.p + at + marks, n - marks});
	}
	return buf_span(&b);
}

/* Checks a text of filler octets, the last one a line end if cut, then the
 * lines. */
static void
check_boundary(size_t filler, bool cut, const char *lines, struct arena *a)
{
	struct buf b = BUF(a);

	memset(buf_room(&b, filler), 'x', filler);
	b.len = filler;
	for (size_t i = 0; i < filler; i += 1000)
		b.p[i] = '\n';
	b.p[filler - 1] = cut ? '\n' : 'x';
	buf_str(&b, lines);
	if (!span_eq(unquoted(buf_span(&b), a), slow_unquoted(buf_span(&b), a)))
		fail_msg("%zu %d %s", filler, (int)cut, lines);
}

static void
quoting_is_seen_across_chunks(void **state)
{
	static const char *const lines[] = {
	    ">From a\nb\n",
	    ">>>From a\n>From b\n",
	    "From a\n>From b",
	    "\n>From ",
	    ">From",
	    "\r\n>From a\r\n",
	};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(lines); i++)
		for (size_t n = 1; n <= 2; n++)
			for (size_t d = 0; d < 24; d++) {
				size_t filler = n * SOURCE_CHUNK + 4 - d;

				check_boundary(filler, true, lines[i], a);
				check_boundary(filler, false, lines[i], a);
				arena_reset(a);
			}
}

static void
a_line_may_be_longer_than_a_chunk(void **state)
{
	static const size_t length[] = {SOURCE_CHUNK - 1, SOURCE_CHUNK,
	    SOURCE_CHUNK + 1, 2 * SOURCE_CHUNK, 3 * SOURCE_CHUNK + 5};
	struct arena *a = *state;

	for (size_t i = 0; i < COUNT(length); i++)
		for (size_t before = 0; before < 3; before++) {
			struct buf b = BUF(a);

			buf_str(&b,
			    before == 2  ? ">From x\n"
				: before ? "x\n"
					 : "");
			buf_str(&b, ">From ");
			memset(buf_room(&b, length[i]), '>', length[i]);
			b.len += length[i];
			buf_str(&b, "From y\n>From z\n");
			assert_true(span_eq(unquoted(buf_span(&b), a),
			    slow_unquoted(buf_span(&b), a)));
			arena_reset(a);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_file_is_read_and_read_again_from_its_offset),
	    TEST(a_file_of_3_GiB_is_read_from_its_offset),
	    TEST(a_file_that_is_longer_or_shorter_than_read_has_changed),
	    TEST(a_file_with_another_mode_has_not_changed),
	    TEST(a_pipe_is_read_once),
	    TEST(whether_all_was_read_is_told_without_waiting),
	    TEST(what_was_taken_from_a_pipe_is_read_first),
	    TEST(a_pipe_is_drained_and_a_file_left_alone),
	    TEST(a_range_is_part_of_a_file),
	    TEST(quoted_from_lines_lose_one_mark),
	    TEST(quoting_is_seen_across_chunks),
	    TEST(a_line_may_be_longer_than_a_chunk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
