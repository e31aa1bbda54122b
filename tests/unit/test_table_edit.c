/* test_table_edit: keys in a table are replaced, all else stays. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../helper/random.h"
#include "base/buf.h"
#include "base/file.h"
#include "tool/table_edit.h"

/* The system calls of an edit, in their order; that number fail_at fails, and
 * before that number meddle_at the table is written by another program. 0: none
 * does. */
static int calls, fail_at, meddle_at;
static const char *meddle_path;

static void
overwrite(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static bool
fails(void)
{
	calls++;
	if (calls == meddle_at)
		overwrite(meddle_path, "# another program\n");
	if (calls != fail_at)
		return false;
	errno = EIO;
	return true;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	/* Half of it, so that the rest needs another call. */
	return fails() ? -1 : syscall(SYS_write, fd, p, n > 1 ? n - n / 2 : n);
}

int
fchmod(int fd, mode_t mode)
{
	return fails() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int
fsync(int fd)
{
	return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
	return fails()
	    ? -1
	    : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

#define CHANGE(s, new_s, key)   \
	((struct table_change){ \
	    SPAN("example.org"), SPAN(s), SPAN(new_s), SPAN(key), 99})

static void
all_rows_of_a_domain_and_selector_change(void **state)
{
	struct table_change c[] = {
	    CHANGE("r1", "r2", "keys/r2 100%.pem"),
	    CHANGE("e1", "e2", "e2.pem"),
	    CHANGE("gone", "x", "y"),
	};
	struct span error = SPAN_NONE, got;
	struct span text = SPAN("# r1 \377 example.org r1\n"
				"\n"
				"example.org  EXAMPLE.org.\t R1  old #c r1\r\n"
				".example.org example.org r1 \"a b\"\n"
				"example.org example.org e1 e1.pem\n"
				" example.org \"example.org\" \"r1\" k\\ l \t\n"
				"example.org example.org r1x old\n"
				"example.org a.example.org r1 old\n"
				"example.net example.net r1 old\n"
				"* %d r1 %d.pem\n"
				"* example.org r1 old");

	got = table_edit_text(text, c, COUNT(c), *state, &error);
	assert_true(span_eq(got,
	    SPAN("# r1 \377 example.org r1\n"
		 "\n"
		 "example.org  EXAMPLE.org.\t r2  \"keys/r2 100%%.pem\" #c "
		 "r1\r\n"
		 ".example.org example.org r2 \"keys/r2 100%%.pem\"\n"
		 "example.org example.org e2 e2.pem\n"
		 " example.org \"example.org\" r2 \"keys/r2 100%%.pem\" \t\n"
		 "example.org example.org r1x old\n"
		 "example.org a.example.org r1 old\n"
		 "example.net example.net r1 old\n"
		 "* %d r1 %d.pem\n"
		 "* example.org r2 \"keys/r2 100%%.pem\"")));
	assert_int_equal(c[0].nrows, 4);
	assert_int_equal(c[1].nrows, 1);
	assert_int_equal(c[2].nrows, 0);
	/* Once more: there is nothing left to change. */
	assert_true(
	    span_eq(table_edit_text(got, c, COUNT(c), *state, &error), got));
	assert_int_equal(c[0].nrows, 0);
	text = SPAN("");
	got = table_edit_text(text, c, COUNT(c), *state, &error);
	assert_non_null(got.p);
	assert_int_equal(got.len, 0);
}

static void
names_are_compared_in_normal_form(void **state)
{
	struct table_change c = {SPAN("xn--bcher-kva.example"), SPAN("xn--tda"),
	    SPAN("n"), SPAN("k"), 0};
	struct span error;

	assert_true(span_eq(
	    table_edit_text(SPAN("* B\303\234cher.example \303\274 x\n"), &c, 1,
		*state, &error),
	    SPAN("* B\303\234cher.example n k\n")));
}

static void
a_row_that_cannot_be_changed_is_named(void **state)
{
	static const struct {
		const char *text, *error;
	} c[] = {
	    {"* a.org s k\n* example.org r1 %d.pem\n",
		"2: its KEYFILE is for several domains (%d)"},
	    {"* example.org r1 a\n\n* example.org r1 pkcs11:object=a\n",
		"3: its key is in a token"},
	    {"* example.org r1 a\n* b\n", "2: 2 columns"},
	};
	static const struct span bad[] = {{"", 0}, {"a\nb", 3}, {"a\0b", 3}};
	struct table_change change = CHANGE("r1", "r2", "k"), other;
	struct span error;

	for (size_t i = 0; i < COUNT(c); i++) {
		assert_null(table_edit_text(
		    span_of(c[i].text), &change, 1, *state, &error)
				.p);
		if (!span_eq(error, span_of(c[i].error)))
			fail_msg("%zu: " SPAN_FMT, i, SPAN_ARG(error));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		other = change;
		other.new_keyfile = bad[i];
		assert_null(table_edit_text(
		    SPAN("* example.org r1 a"), &other, 1, *state, &error)
				.p);
		other = change;
		other.new_selector = bad[i];
		assert_null(table_edit_text(
		    SPAN("* example.org r1 a"), &other, 1, *state, &error)
				.p);
	}
}

/* Any rows between any others, with any blanks and line ends: what is expected
 * is put together in the same order. */
static void
foreign_octets_stay(void **state)
{
	static const char *const blank[] = {" ", "\t", " \t  "};
	static const char *const foreign[] = {"# \001\377 r1", "", " ",
	    "* example.org r2 a", "\"example.org\" a.b r1 \"x # y\" # c\\",
	    ".example.org example.net r1 %d", "* %d r1 \\ x"};
	static const char *const key[] = {
	    "a", "\"a b\"", "\\ x", "a%%b", "\"\""};
	static const char *const end[] = {"\n", "\r\n", " # \"\n", "\t\n"};
	struct generator g = {.random = 1};

#define ANY(list) ((list)[pick(&g, COUNT(list))])
	for (int round = 0; round < 3000; round++) {
		struct table_change c = CHANGE("r1", "new", "k k");
		struct buf text = BUF(*state), want = BUF(*state);
		size_t nrows = 0;
		struct span got, error;

		for (int i = 0; i < 6; i++) {
			const char *s = ANY(foreign), *e = ANY(end);

			buf_printf(&text, "%s%s", s, e);
			buf_printf(&want, "%s%s", s, e);
			if (once_in(&g, 2))
				continue;
			nrows++;
			s = arena_printf(*state, "* example.org%s", ANY(blank))
				.p;
			e = ANY(blank);
			buf_printf(&text, "%sr1%s%s", s, e, ANY(key));
			buf_printf(&want, "%snew%s\"k k\"", s, e);
			e = ANY(end);
			buf_str(&text, e);
			buf_str(&want, e);
		}
		got = table_edit_text(buf_span(&text), &c, 1, *state, &error);
		assert_true(span_eq(got, buf_span(&want)));
		assert_int_equal(c.nrows, nrows);
		arena_reset(*state);
	}
#undef ANY
}

/* A folder with a table in a folder below, and a link to it. */
struct place {
	char root[32];
	const char *folder, *table, *link;
};

static const char old_text[] = "example.org example.org r1 old # why\n";
static const char new_text[] = "example.org example.org r2 new # why\n";

static void
place_begin(struct place *p, struct arena *a)
{
	calls = fail_at = meddle_at = 0;
	strcpy(p->root, "/tmp/test_edit.XXXXXX");
	assert_non_null(mkdtemp(p->root));
	p->folder = arena_printf(a, "%s/etc", p->root).p;
	p->table = arena_printf(a, "%s/table", p->folder).p;
	p->link = arena_printf(a, "%s/link", p->root).p;
	assert_int_equal(mkdir(p->folder, 0700), 0);
	overwrite(p->table, old_text);
	assert_int_equal(symlink("etc/table", p->link), 0);
	meddle_path = p->table;
}

static void
place_end(const struct place *p)
{
	unlink(p->table);
	unlink(p->link);
	assert_int_equal(rmdir(p->folder), 0);
	assert_int_equal(rmdir(p->root), 0);
}

static bool
edit(const char *path, struct arena *a, struct span *error)
{
	struct table_change c = CHANGE("r1", "r2", "new");

	calls = 0;
	*error = SPAN_NONE;
	return table_edit(path, &c, 1, a, error);
}

static bool
holds(const struct place *p, const char *text, struct arena *a)
{
	return span_eq(file_read(p->table, a), span_of(text));
}

static size_t
count_files(const char *folder)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void
a_link_is_followed_and_mode_and_owner_stay(void **state)
{
	static const mode_t modes[] = {0600, 0640, 0444, 0666, 04755};
	mode_t umasks[] = {0077, 0, 0777};
	struct span error;
	struct stat st;
	struct place p;

	for (size_t i = 0; i < COUNT(modes); i++) {
		uid_t owner = getuid() ? getuid() : 4711;
		gid_t group = getuid() ? getgid() : 4712;
		mode_t before = umask(umasks[i % COUNT(umasks)]);

		umask(before);
		place_begin(&p, *state);
		assert_int_equal(chown(p.table, owner, group), 0);
		assert_int_equal(chmod(p.table, modes[i]), 0);
		umask(umasks[i % COUNT(umasks)]);
		assert_true(edit(p.link, *state, &error));
		umask(before);
		assert_true(holds(&p, new_text, *state));
		assert_int_equal(lstat(p.table, &st), 0);
		assert_int_equal(st.st_mode, S_IFREG | modes[i]);
		assert_int_equal(st.st_uid, owner);
		assert_int_equal(st.st_gid, group);
		assert_int_equal(lstat(p.link, &st), 0);
		assert_true(S_ISLNK(st.st_mode));
		assert_int_equal(count_files(p.folder), 1);
		place_end(&p);
	}
}

static void
without_a_row_nothing_is_written(void **state)
{
	struct table_change c = CHANGE("other", "r2", "new");
	struct stat before, after;
	struct span error;
	struct place p;

	place_begin(&p, *state);
	assert_int_equal(stat(p.table, &before), 0);
	assert_true(table_edit(p.table, &c, 1, *state, &error));
	assert_int_equal(c.nrows, 0);
	assert_int_equal(calls, 0);
	assert_int_equal(stat(p.table, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	place_end(&p);
}

static void
a_failure_of_any_call_leaves_the_table(void **state)
{
	struct span error;
	struct place p;
	int last;

	place_begin(&p, *state);
	assert_true(edit(p.table, *state, &error));
	last = calls;
	place_end(&p);
	assert_true(last >= 6);
	for (int i = 1; i <= last; i++) {
		place_begin(&p, *state);
		fail_at = i;
		assert_false(edit(p.link, *state, &error));
		assert_non_null(error.p);
		assert_true(span_casecontains(error,
		    i < last ? SPAN("Input/output error")
			     : SPAN("its folder cannot be synced")));
		assert_true(holds(&p, i < last ? old_text : new_text, *state));
		assert_int_equal(count_files(p.folder), 1);
		fail_at = 0;
		assert_true(edit(p.link, *state, &error));
		assert_true(holds(&p, new_text, *state));
		place_end(&p);
	}
}

static void
what_another_program_writes_meanwhile_stays(void **state)
{
	struct span error;
	struct place p;

	/* Not before the last two, when it is too late: rename and fsync. */
	for (int i = 1; i <= 5; i++) {
		place_begin(&p, *state);
		meddle_at = i;
		assert_false(edit(p.table, *state, &error));
		assert_true(span_casecontains(
		    error, SPAN("another program has changed it")));
		assert_true(holds(&p, "# another program\n", *state));
		assert_int_equal(count_files(p.folder), 1);
		place_end(&p);
	}
}

static void
what_is_not_a_table_is_named(void **state)
{
	struct span error;
	struct place p;

	place_begin(&p, *state);
	assert_false(edit(p.folder, *state, &error));
	assert_true(span_casecontains(error, SPAN("/etc: not a regular file")));
	assert_int_equal(unlink(p.table), 0);
	assert_false(edit(p.link, *state, &error));
	assert_true(span_casecontains(error, SPAN("/link: No such file")));
	assert_int_equal(mkfifo(p.table, 0600), 0);
	assert_false(edit(p.link, *state, &error));
	assert_true(
	    span_casecontains(error, SPAN("/etc/table: not a regular file")));
	assert_int_equal(unlink(p.table), 0);
	overwrite(p.table, "\n* b\n");
	assert_false(edit(p.link, *state, &error));
	assert_true(span_casecontains(error, SPAN("/link:2: 2 columns")));
	place_end(&p);
	assert_false(edit("/dev/null", *state, &error));
	assert_true(span_eq(error, SPAN("/dev/null: not a regular file")));
}

/* Changes the table to and fro until it is killed. */
static _Noreturn void
flip(const char *path)
{
	struct arena *a = arena_new();
	struct span error;

	for (;;) {
		struct table_change c[] = {
		    CHANGE("r1", "r2", "new"), CHANGE("r2", "r1", "old")};

		if (!table_edit(path, c, 2, a, &error))
			_exit(1);
		arena_reset(a);
	}
}

/* What a reader has seen of the table: the old text, the new, parts of them. */
struct seen {
	size_t olds, news, halves;
};

/* Reads the table until the other process, which may begin late, has changed it
 * there and back, and 200 times at least. */
static void
watch(const struct place *p, struct arena *a, struct seen *all)
{
	struct seen s = {0};

	for (int i = 0; i < 200 || (i < 1000000 && !(s.olds && s.news)); i++) {
		struct span text = file_read(p->table, a);
		bool is_old = span_eq(text, span_of(old_text));
		bool is_new = span_eq(text, span_of(new_text));

		arena_reset(a);
		s.olds += is_old;
		s.news += is_new;
		s.halves += !is_old && !is_new;
	}
	all->olds += s.olds;
	all->news += s.news;
	all->halves += s.halves;
}

static void
a_reader_sees_all_of_a_change_even_if_it_is_killed(void **state)
{
	struct arena *a = arena_new();
	struct seen seen = {0};
	struct span error;
	struct place p;

	place_begin(&p, *state);
	for (int i = 0; i < 300; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			flip(p.link);
		watch(&p, a, &seen);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		assert_true(holds(&p, new_text, a) || holds(&p, old_text, a));
	}
	assert_true(seen.olds >= 300 && seen.news >= 300);
	assert_int_equal(seen.halves, 0);
	arena_free(a);
	/* What the killed ones have left goes with the next change. */
	overwrite(p.table, old_text);
	overwrite(
	    arena_printf(*state, "%s/.table.vouch-abcdef", p.folder).p, "left");
	assert_true(edit(p.link, *state, &error));
	assert_true(holds(&p, new_text, *state));
	assert_int_equal(count_files(p.folder), 1);
	place_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_rows_of_a_domain_and_selector_change),
	    TEST(names_are_compared_in_normal_form),
	    TEST(a_row_that_cannot_be_changed_is_named),
	    TEST(foreign_octets_stay),
	    TEST(a_link_is_followed_and_mode_and_owner_stay),
	    TEST(without_a_row_nothing_is_written),
	    TEST(a_failure_of_any_call_leaves_the_table),
	    TEST(what_another_program_writes_meanwhile_stays),
	    TEST(what_is_not_a_table_is_named),
	    TEST(a_reader_sees_all_of_a_change_even_if_it_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
