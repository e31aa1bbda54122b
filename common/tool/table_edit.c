/* table_edit: change keys in a dkim-sign table, all rows or none. */
/* SPDX-License-Identifier: ISC */

#include "tool/table_edit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/domain.h"
#include "base/file.h"
#include "tool/sign_table.h"

/* A path as KEYFILE: "%%" is a percent sign there. */
static struct span
keyfile_of(struct span path, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < path.len; i++) {
		if (path.p[i] == '%')
			buf_char(&b, '%');
		buf_char(&b, path.p[i]);
	}
	return table_quote(buf_span(&b), a);
}

static bool
is_one_line(struct span text)
{
	return text.len && span_find(text, '\n') == text.len &&
	    span_find(text, '\0') == text.len;
}

/* The change for a row, or NULL. A DOMAIN with "%d" is equal to none. */
static struct table_change *
change_of(const struct table_row *row, struct table_change *changes, size_t n,
    struct arena *a)
{
	struct span domain = domain_normal(row->columns[SIGN_TABLE_DOMAIN], a);
	struct span selector =
	    domain_normal(row->columns[SIGN_TABLE_SELECTOR], a);

	for (size_t i = 0; domain.p && selector.p && i < n; i++)
		if (span_eq(domain, changes[i].domain) &&
		    span_eq(selector, changes[i].selector))
			return &changes[i];
	return NULL;
}

/* Adds the text up to a row's SELECTOR and KEYFILE, and these two anew; *from
 * is then what follows them. */
static void
change_row(struct buf *b, const struct table_row *row,
    const struct table_change *c, const char **from)
{
	struct span selector = row->texts[SIGN_TABLE_SELECTOR];
	struct span keyfile = row->texts[SIGN_TABLE_KEYFILE];

	buf_add(b, span_between(*from, selector.p));
	buf_add(b, c->new_selector);
	buf_add(b, span_between(selector.p + selector.len, keyfile.p));
	buf_add(b, keyfile_of(c->new_keyfile, b->arena));
	*from = keyfile.p + keyfile.len;
}

/* Returns why a row cannot be changed so, or an absent span. */
static struct span
obstacle(const struct table_row *row, const struct table_change *c)
{
	struct span keyfile = row->columns[SIGN_TABLE_KEYFILE];

	if (sign_table_is_url(keyfile))
		return SPAN("its key is in a token");
	if (table_has_domain(keyfile))
		return SPAN("its KEYFILE is for several domains (%d)");
	if (!is_one_line(c->new_selector) || !is_one_line(c->new_keyfile))
		return SPAN("the new SELECTOR or KEYFILE cannot be written in "
			    "a line");
	return SPAN_NONE;
}

static struct span
fail_line(size_t line, struct span words, struct arena *a, struct span *error)
{
	*error = ARENA_JOIN(a, arena_printf(a, "%zu: ", line), words);
	return SPAN_NONE;
}

struct span
table_edit_text(struct span text, struct table_change *changes, size_t n,
    struct arena *a, struct span *error)
{
	struct buf b = BUF(a);
	const char *from = text.p;
	struct table t;
	struct span words;
	size_t line = table_parse(text, &sign_table_form, a, &t, &words);

	for (size_t i = 0; i < n; i++)
		changes[i].nrows = 0;
	if (line)
		return fail_line(line, words, a, error);
	for (size_t i = 0; i < t.nrows; i++) {
		struct table_change *c = change_of(&t.rows[i], changes, n, a);

		if (!c)
			continue;
		words = obstacle(&t.rows[i], c);
		if (words.p)
			return fail_line(t.rows[i].line, words, a, error);
		change_row(&b, &t.rows[i], c, &from);
		c->nrows++;
	}
	buf_add(&b, span_between(from, text.p + text.len));
	return buf_span(&b);
}

/* A table that is being changed. */
struct edit {
	struct arena *arena;
	const char *path; /* without symbolic links */
	const char *temporary;
	struct stat st; /* of the table when it was read */
	struct span *error;
};

static bool
fail(const struct edit *e, const char *path, const char *words)
{
	*e->error = arena_printf(e->arena, "%s: %s", path, words);
	return false;
}

static bool
fail_errno(const struct edit *e, const char *path)
{
	return fail(e, path, strerror(errno));
}

static bool
read_open(struct edit *e, int fd, struct span *text)
{
	*text = SPAN_NONE;
	if (fstat(fd, &e->st) == 0) {
		if (!S_ISREG(e->st.st_mode))
			return fail(e, e->path, "not a regular file");
		*text = file_read_fd(fd, e->arena);
	}
	return text->p || fail_errno(e, e->path);
}

static bool
read_table(struct edit *e, struct span *text)
{
	int fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool done;

	if (fd < 0)
		return fail_errno(e, e->path);
	done = read_open(e, fd, text);
	close(fd);
	return done;
}

/* Gives the temporary file the text, then the owner, which may take bits off
 * the mode, then the mode. */
static bool
fill(const struct edit *e, int fd, struct span text)
{
	struct stat st;

	if (!file_write_fd(fd, text) || fstat(fd, &st) < 0)
		return fail_errno(e, e->temporary);
	if ((st.st_uid != e->st.st_uid || st.st_gid != e->st.st_gid) &&
	    fchown(fd, e->st.st_uid, e->st.st_gid) < 0)
		return fail(e, e->path,
		    "its owner and group cannot be given to a new file");
	if (fchmod(fd, e->st.st_mode & 07777) < 0 || fsync(fd) < 0)
		return fail_errno(e, e->temporary);
	return true;
}

/* Is the table still the file that was read? */
static bool
is_unchanged(const struct edit *e)
{
	struct stat now;

	return lstat(e->path, &now) == 0 && now.st_dev == e->st.st_dev &&
	    now.st_ino == e->st.st_ino && now.st_size == e->st.st_size &&
	    now.st_mtim.tv_sec == e->st.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == e->st.st_mtim.tv_nsec &&
	    now.st_ctim.tv_sec == e->st.st_ctim.tv_sec &&
	    now.st_ctim.tv_nsec == e->st.st_ctim.tv_nsec;
}

static bool
write_temporary(const struct edit *e, int fd, struct span text)
{
	bool done = fill(e, fd, text);

	if (close(fd) < 0 && done)
		return fail_errno(e, e->temporary);
	if (done && !is_unchanged(e))
		return fail(
		    e, e->path, "another program has changed it meanwhile");
	return done;
}

/* Puts the text in the place of the table. folder is open before anything is
 * written, so that the last step can hardly fail. */
static bool
replace(struct edit *e, int folder, struct span text)
{
	char *name = arena_cstr(e->arena, span_of(e->temporary));
	int fd = mkostemp(name, O_CLOEXEC);

	if (fd < 0)
		return fail_errno(e, e->temporary);
	e->temporary = name;
	if (!write_temporary(e, fd, text)) {
		unlink(name);
		return false;
	}
	if (rename(name, e->path) < 0) {
		fail_errno(e, e->path);
		unlink(name);
		return false;
	}
	if (fsync(folder) < 0 && errno != EINVAL)
		return fail(e, e->path,
		    "it was changed, but its folder cannot be synced");
	return true;
}

/* Removes the temporary files of processes that were killed. Should one be in
 * use, without a lock, its rename fails, and the table stays. */
static void
remove_leftovers(struct span prefix, const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		struct span name = span_of(entry->d_name);

		if (span_starts(name, prefix) && name.len == prefix.len + 6)
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d)
		closedir(d);
}

static bool
replace_in_folder(struct edit *e, struct span text)
{
	struct span whole = span_of(e->path);
	size_t slash = span_find_last(whole, '/');
	const char *folder =
	    arena_cstr(e->arena, span_upto(whole, slash ? slash : 1));
	struct span prefix =
	    arena_printf(e->arena, ".%s.vouch-", e->path + slash + 1);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return fail_errno(e, folder);
	remove_leftovers(prefix, folder);
	e->temporary = arena_printf(e->arena, "%s/" SPAN_FMT "XXXXXX",
	    slash ? folder : "", SPAN_ARG(prefix))
			   .p;
	done = replace(e, fd, text);
	close(fd);
	return done;
}

bool
table_edit(const char *path, struct table_change *changes, size_t n,
    struct arena *a, struct span *error)
{
	char *real = realpath(path, NULL);
	struct edit e = {.arena = a, .error = error};
	struct span text, edited, words;

	if (!real)
		return fail_errno(&e, path);
	e.path = arena_cstr(a, span_of(real));
	free(real);
	if (!read_table(&e, &text))
		return false;
	edited = table_edit_text(text, changes, n, a, &words);
	if (!edited.p) {
		*error = ARENA_JOIN(a, span_of(path), SPAN(":"), words);
		return false;
	}
	return span_eq(edited, text) || replace_in_folder(&e, edited);
}
