/* input: visit the messages of files, pipes, directories and mboxes. */
/* SPDX-License-Identifier: ISC */

#include "tool/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "mail/mbox.h"
#include "mail/spool.h"

/* A walk: all files to be read, with directories replaced by their files. */
struct walk {
	const struct input *in;
	struct input_visitor *v;
	struct arena *a;
	const char **paths;
	size_t npaths;
	bool named; /* by default, names are shown */
};

static void
visit(struct walk *w, struct span operand, struct span name, bool named,
    struct source *source)
{
	enum input_naming naming = w->in->naming;

	w->v->message(w->v, operand, name,
	    naming == INPUT_DEFAULT ? named : naming == INPUT_NAMED, source);
}

static void
add_path(struct walk *w, const char *path)
{
	*ARENA_PUSH(w->a, w->paths, w->npaths) = path;
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The regular files of a directory whose names do not begin with a dot. */
static void
add_files(struct walk *w, const char *dir, DIR *open_dir)
{
	size_t first = w->npaths;
	struct dirent *entry;
	struct stat st;

	while ((entry = readdir(open_dir))) {
		const char *path;

		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(open_dir), entry->d_name, &st, 0) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		path = arena_printf(w->a, "%s/%s", dir, entry->d_name).p;
		add_path(w, path);
	}
	if (w->npaths > first)
		qsort(w->paths + first, w->npaths - first, sizeof(char *),
		    compare_paths);
}

static bool
add_directory(struct walk *w, const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		return false;
	add_files(w, path, dir);
	closedir(dir);
	return true;
}

/* Adds new or cur of a Maildir. False: it does not exist. Any other failure is
 * reported. */
static bool
add_half(struct walk *w, const char *path)
{
	if (add_directory(w, path))
		return true;
	if (errno == ENOENT || errno == ENOTDIR)
		return false;
	w->v->failed(w->v, span_of(path));
	return true;
}

/* Adds a file or a directory; one without new and cur is not a Maildir, but a
 * folder of message files. */
static void
add_operand(struct walk *w, const char *path)
{
	const char *new = arena_printf(w->a, "%s/new", path).p;
	const char *cur = arena_printf(w->a, "%s/cur", path).p;
	size_t before = w->npaths;
	struct stat st;
	bool found;

	if (!strcmp(path, "-") || stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		add_path(w, path);
		return;
	}
	w->named = true;
	found = add_half(w, new);
	found = add_half(w, cur) || found;
	if (!found && !add_directory(w, path))
		w->v->failed(w->v, span_of(path));
	else if (w->npaths == before)
		w->v->empty(w->v, span_of(path));
}

static void
add_list(struct walk *w, const char *path)
{
	struct span text =
	    strcmp(path, "-") ? file_read(path, w->a) : file_read_fd(0, w->a);
	char separator = w->in->nul ? '\0' : '\n';

	if (!text.p) {
		w->v->failed(w->v, span_of(path));
		return;
	}
	while (text.p) {
		struct span line = span_cut(&text, separator);

		if (span_find(line, '\0') < line.len) {
			errno = EINVAL; /* find -print0 without -0 */
			w->v->failed(w->v, span_of(path));
		} else if (line.len) {
			add_operand(w, arena_cstr(w->a, line));
		}
	}
}

static void
visit_mbox(struct walk *w, struct span operand, int fd)
{
	char room[SOURCE_CHUNK];
	struct mbox m;
	struct source source;
	size_t n = 0;
	int rc = mbox_begin(&m, fd, room);

	while (rc == 0 && (rc = mbox_next(&m, &source)) > 0) {
		visit(w, operand,
		    arena_printf(w->a, SPAN_FMT "#%zu", SPAN_ARG(operand), ++n),
		    true, &source);
		rc = 0;
	}
	if (rc < 0)
		w->v->failed(w->v, operand);
}

static void
visit_one(struct walk *w, struct span operand, int fd, struct span ahead)
{
	struct source source;

	if (source_init(&source, fd) < 0) {
		w->v->failed(w->v, operand);
		return;
	}
	source.ahead = ahead;
	visit(w, operand, operand, w->named, &source);
}

/* Reading an mbox needs seeking, so a pipe is first copied to a file. */
static void
visit_piped_mbox(struct walk *w, struct span operand, int fd, struct span ahead)
{
	int copy = spool_to_file(fd, ahead);

	if (copy < 0) {
		w->v->failed(w->v, operand);
		return;
	}
	visit_mbox(w, operand, copy);
	close(copy);
}

/* Octets that are read to tell whether a file is an mbox. */
#define START ((size_t)1024)

/* Reads the beginning of a pipe, at least its first line if that is no longer
 * than START. Returns the octets read, or -1 with errno. */
static ssize_t
take_start(int fd, char *start)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got && len < START && !memchr(start, '\n', len)) {
		got = read(fd, start + len, START - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* A pipe with a name, such as a shell's <(zcat MBOX). */
static void
visit_pipe(struct walk *w, struct span operand, int fd)
{
	char start[START];
	ssize_t got = take_start(fd, start);
	struct span ahead = {start, got > 0 ? (size_t)got : 0};

	if (got < 0)
		w->v->failed(w->v, operand);
	else if (mbox_is_one(ahead))
		visit_piped_mbox(w, operand, fd, ahead);
	else
		visit_one(w, operand, fd, ahead);
}

/* Does a file begin as an mbox? Then it is read as one. */
static bool
starts_as_mbox(int fd)
{
	char start[START];
	ssize_t got = pread(fd, start, sizeof(start), 0);

	return got > 0 && mbox_is_one((struct span){start, (size_t)got});
}

static void
visit_file(struct walk *w, const char *path)
{
	struct span operand = span_of(path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		w->v->failed(w->v, operand);
	else if (S_ISFIFO(st.st_mode))
		visit_pipe(w, operand, fd);
	else if (starts_as_mbox(fd))
		visit_mbox(w, operand, fd);
	else
		visit_one(w, operand, fd, SPAN_NONE);
	if (fd >= 0)
		close(fd);
}

static void
visit_stdin(struct walk *w)
{
	if (w->in->mbox)
		visit_piped_mbox(w, SPAN("-"), 0, SPAN_NONE);
	else
		visit_one(w, SPAN("-"), 0, SPAN_NONE);
}

static void
plan(const struct walk *w)
{
	size_t longest = 0;

	if (!w->v->plan)
		return;
	for (size_t i = 0; i < w->npaths; i++) {
		size_t n = strlen(w->paths[i]);

		longest = n > longest ? n : longest;
	}
	w->v->plan(w->v, longest);
}

void
input_walk(const struct input *in, struct input_visitor *v, struct arena *a)
{
	struct walk w = {.in = in, .v = v, .a = a};

	for (const char **operand = in->operand; *operand; operand++)
		add_operand(&w, *operand);
	if (in->files_from)
		add_list(&w, in->files_from);
	else if (!*in->operand)
		add_path(&w, "-");
	w.named = w.named || in->files_from || w.npaths > 1;
	plan(&w);
	for (size_t i = 0; i < w.npaths; i++) {
		if (strcmp(w.paths[i], "-"))
			visit_file(&w, w.paths[i]);
		else
			visit_stdin(&w);
	}
}
