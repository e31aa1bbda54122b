/* test_spool: memory up to a limit, a file above it. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/sink.h"
#include "mail/spool.h"

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* Makes an empty directory and sets TMPDIR to it. */
static int
setup(void **state)
{
	char name[] = "/tmp/spool.XXXXXX";

	if (!mkdtemp(name))
		return -1;
	*state = strdup(name);
	return setenv("TMPDIR", name, 1);
}

static int
teardown(void **state)
{
	int rc = rmdir(*state); /* fails if a file was left in it */

	free(*state);
	return rc;
}

static unsigned
entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* Returns octets that differ from their neighbours. */
static struct span
octets(size_t n, struct arena *a)
{
	char *p = arena_alloc(a, n ? n : 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 7 + i / 256 + i / 65536);
	return (struct span){p, n};
}

static void
put_pieces(struct sink *to, struct span s, size_t piece)
{
	while (s.len) {
		size_t n = s.len < piece ? s.len : piece;

		sink_put(to, span_upto(s, n));
		s = span_from(s, n);
	}
	sink_end(to);
}

/* Checks that octets are kept and returned, twice, and whether a file is open
 * meanwhile. */
static void
check(struct span s, size_t piece, bool file, struct arena *a)
{
	unsigned open_before = entries("/proc/self/fd");
	struct spool *spool = spool_new();
	struct sink_buf out = sink_to_buf(a);

	put_pieces(spool_sink(spool), s, piece);
	assert_int_equal(spool_finish(spool), 0);
	assert_int_equal(entries("/proc/self/fd"), open_before + file);
	assert_int_equal(entries(getenv("TMPDIR")), 2);
	for (unsigned i = 0; i < 2; i++) {
		out.buf.len = 0;
		assert_int_equal(spool_replay(spool, &out.sink), 0);
		assert_true(span_eq(buf_span(&out.buf), s));
	}
	spool_free(spool);
	assert_int_equal(entries("/proc/self/fd"), open_before);
}

static void
octets_come_back_from_memory_and_from_a_file(void **state)
{
	static const size_t size[] = {0, 1, 65535, 65536, 65537,
	    LIMIT_SPOOL_MEMORY - 1, LIMIT_SPOOL_MEMORY, LIMIT_SPOOL_MEMORY + 1,
	    3 * LIMIT_SPOOL_MEMORY + 17};
	static const size_t piece[] = {
	    997, 65536, LIMIT_SPOOL_MEMORY, 4 * LIMIT_SPOOL_MEMORY};

	(void)state;
	for (size_t i = 0; i < COUNT(size); i++)
		for (size_t j = 0; j < COUNT(piece); j++) {
			struct arena *a = arena_new();

			check(octets(size[i], a), piece[j],
			    size[i] > LIMIT_SPOOL_MEMORY, a);
			arena_free(a);
		}
}

/* Checks that what is kept can be read at any offset. */
static void
check_read(struct spool *spool, struct span s)
{
	static char got[70000];
	const size_t at[] = {0, 1, s.len / 2, s.len - s.len / 8, s.len};

	assert_int_equal(spool_finish(spool), 0);
	assert_int_equal(spool_size(spool), s.len);
	for (size_t i = 0; i < COUNT(at); i++) {
		size_t left = s.len - at[i];
		size_t n = left < sizeof(got) ? left : sizeof(got);

		assert_int_equal(spool_read(spool, at[i], got, n), 0);
		assert_true(span_eq(
		    (struct span){got, n}, span_upto(span_from(s, at[i]), n)));
	}
}

static void
a_spool_is_used_again_after_memory_or_a_file(void **state)
{
	static const size_t size[] = {100, LIMIT_SPOOL_MEMORY + 1, 8,
	    2 * LIMIT_SPOOL_MEMORY, LIMIT_SPOOL_MEMORY, 3000};
	unsigned open_before = entries("/proc/self/fd");
	struct spool *spool = spool_new();
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(size); i++) {
		struct span s = octets(size[i], a);

		put_pieces(spool_sink(spool), s, 65536);
		check_read(spool, s);
		spool_reset(spool);
		assert_int_equal(spool_size(spool), 0);
		assert_int_equal(entries("/proc/self/fd"), open_before);
	}
	spool_free(spool);
	arena_free(a);
}

static void
a_spool_is_used_again_after_an_error(void **state)
{
	struct arena *a = arena_new();
	struct spool *spool = spool_new();
	struct span s = octets(2 * LIMIT_SPOOL_MEMORY, a);

	setenv("TMPDIR", "/nonexistent/directory", 1);
	put_pieces(spool_sink(spool), s, 65536);
	assert_int_equal(spool_finish(spool), -1);
	setenv("TMPDIR", *state, 1);
	spool_reset(spool);
	put_pieces(spool_sink(spool), s, 65536);
	check_read(spool, s);
	spool_free(spool);
	arena_free(a);
}

static void
nothing_kept_gives_nothing_back(void **state)
{
	struct arena *a = arena_new();
	struct sink_buf out = sink_to_buf(a);
	struct spool *spool = spool_new();

	(void)state;
	assert_int_equal(spool_finish(spool), 0);
	assert_int_equal(spool_replay(spool, &out.sink), 0);
	assert_int_equal(out.buf.len, 0);
	spool_free(spool);
	spool_free(NULL);
	arena_free(a);
}

/* The end of a pipe that is read, and what came. */
struct reader {
	int fd;
	struct sink_buf got;
};

/* Reads to the end, in pieces that leave pages of the pipe half read. */
static void *
read_pipe(void *arg)
{
	struct reader *r = arg;
	char piece[5000];
	ssize_t n;

	while ((n = read(r->fd, piece, sizeof(piece))) > 0)
		sink_put(&r->got.sink, (struct span){piece, (size_t)n});
	close(r->fd);
	return NULL;
}

/* Returns a stream to a pipe of that size (0: the usual one). */
static FILE *
open_pipe(int size, int *reading)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	if (size)
		assert_true(fcntl(fd[1], F_SETPIPE_SZ, size) >= size);
	*reading = fd[0];
	return fdopen(fd[1], "w");
}

/* Checks that a pipe gets the octets between what the stream has before and
 * gets after. */
static void
check_pipe(struct spool *spool, struct span s, int size, struct arena *a)
{
	struct reader r = {.got = sink_to_buf(a)};
	struct sink_file out = sink_to_file(open_pipe(size, &r.fd));
	pthread_t thread;

	sink_put(&out.sink, SPAN("before"));
	assert_int_equal(pthread_create(&thread, NULL, read_pipe, &r), 0);
	assert_int_equal(spool_replay(spool, &out.sink), 0);
	sink_put(&out.sink, SPAN("after"));
	assert_int_equal(fclose(out.file), 0);
	pthread_join(thread, NULL);
	assert_true(span_eq(buf_span(&r.got.buf),
	    ARENA_JOIN(a, SPAN("before"), s, SPAN("after"))));
}

static void
a_pipe_gets_all_octets_in_order(void **state)
{
	static const size_t size[] = {
	    3000, LIMIT_SPOOL_MEMORY + 1, 3 * LIMIT_SPOOL_MEMORY + 17};
	static const int room[] = {0, 4096, 1 << 20};

	(void)state;
	for (size_t i = 0; i < COUNT(size); i++) {
		struct arena *a = arena_new();
		struct span s = octets(size[i], a);
		struct spool *spool = spool_new();

		put_pieces(spool_sink(spool), s, 65536);
		for (size_t j = 0; j < COUNT(room); j++)
			check_pipe(spool, s, room[j], a);
		spool_free(spool);
		arena_free(a);
	}
}

static void
a_pipe_that_nobody_reads_is_an_error_of_the_stream(void **state)
{
	struct arena *a = arena_new();
	struct spool *spool = spool_new();
	int reading;
	struct sink_file out = sink_to_file(open_pipe(0, &reading));

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	close(reading);
	put_pieces(spool_sink(spool), octets(2 * LIMIT_SPOOL_MEMORY, a), 65536);
	assert_int_equal(spool_replay(spool, &out.sink), 0);
	assert_true(ferror(out.file));
	fclose(out.file);
	spool_free(spool);
	arena_free(a);
}

static int
spool_much(void)
{
	struct arena *a = arena_new();
	struct spool *spool = spool_new();
	int rc;

	put_pieces(spool_sink(spool), octets(2 * LIMIT_SPOOL_MEMORY, a), 65536);
	errno = 0;
	rc = spool_finish(spool);
	spool_free(spool);
	arena_free(a);
	return rc;
}

static void
a_directory_that_is_not_there_is_an_error(void **state)
{
	setenv("TMPDIR", "/nonexistent/directory", 1);
	assert_int_equal(spool_much(), -1);
	assert_int_equal(errno, ENOENT);
	setenv("TMPDIR", *state, 1);
	assert_int_equal(spool_much(), 0);
}

static void
without_a_directory_tmp_is_used(void **state)
{
	(void)state;
	setenv("TMPDIR", "", 1);
	assert_int_equal(spool_much(), 0);
	unsetenv("TMPDIR");
	assert_int_equal(spool_much(), 0);
}

static void
a_file_that_cannot_grow_is_an_error(void **state)
{
	struct rlimit was, small;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = was;
	small.rlim_cur = LIMIT_SPOOL_MEMORY + 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(spool_much(), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(spool_much(), 0);
}

static bool
reads(int fd, const char *wanted)
{
	char got[64];
	ssize_t n = pread(fd, got, sizeof(got), 0);

	return n >= 0 &&
	    span_eq((struct span){got, (size_t)n}, span_of(wanted));
}

static void
what_a_pipe_gives_becomes_a_file(void **state)
{
	int fd[2], copy;
	struct stat st;

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], "some text", 9), 9);
	close(fd[1]);
	copy = spool_to_file(fd[0], SPAN_NONE);
	assert_true(copy >= 0);
	assert_int_equal(fstat(copy, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(lseek(copy, 0, SEEK_CUR), 0);
	assert_true(reads(copy, "some text"));
	assert_true(fcntl(copy, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(entries(*state), 2);
	close(copy);
	close(fd[0]);
}

static void
what_was_taken_from_a_pipe_stays_in_front(void **state)
{
	int fd[2], copy;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], " text", 5), 5);
	close(fd[1]);
	copy = spool_to_file(fd[0], SPAN("some"));
	assert_int_equal(lseek(copy, 0, SEEK_CUR), 0);
	assert_true(reads(copy, "some text"));
	close(copy);
	close(fd[0]);
}

static void
a_regular_file_is_not_copied(void **state)
{
	FILE *file = tmpfile();
	struct stat original, other;
	int copy;

	(void)state;
	fputs("text", file);
	fflush(file);
	copy = spool_to_file(fileno(file), SPAN_NONE);
	assert_true(copy > 2 && copy != fileno(file));
	assert_int_equal(fstat(fileno(file), &original), 0);
	assert_int_equal(fstat(copy, &other), 0);
	assert_int_equal(original.st_ino, other.st_ino);
	assert_true(reads(copy, "text"));
	close(copy);
	fclose(file);
}

static void
what_cannot_be_read_becomes_no_file(void **state)
{
	unsigned open_before = entries("/proc/self/fd");

	(void)state;
	assert_int_equal(spool_to_file(-1, SPAN_NONE), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(entries("/proc/self/fd"), open_before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(octets_come_back_from_memory_and_from_a_file),
	    TEST(a_spool_is_used_again_after_memory_or_a_file),
	    TEST(a_spool_is_used_again_after_an_error),
	    TEST(nothing_kept_gives_nothing_back),
	    TEST(a_pipe_gets_all_octets_in_order),
	    TEST(a_pipe_that_nobody_reads_is_an_error_of_the_stream),
	    TEST(a_directory_that_is_not_there_is_an_error),
	    TEST(without_a_directory_tmp_is_used),
	    TEST(a_file_that_cannot_grow_is_an_error),
	    TEST(what_a_pipe_gives_becomes_a_file),
	    TEST(what_was_taken_from_a_pipe_stays_in_front),
	    TEST(a_regular_file_is_not_copied),
	    TEST(what_cannot_be_read_becomes_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
