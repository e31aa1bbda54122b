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

struct path {
	const char *name;
	size_t line; /* of --files-from, or 0 */
};

/* A walk: all files to be read, with directories replaced by their files. */
struct walk {
	const struct input *in;
	struct input_visitor *v;
	struct arena *a;
	struct path *paths;
	size_t npaths;
	size_t line; /* that what is added now is from, or 0 */
	bool named;  /* by default, names are shown */
};

/* The place of a line of --files-from: absent for line 0, that of an
 * operand. */
static struct span
place_of(const struct walk *w, size_t line)
{
	const char *list = w->in->files_from;

	if (!line || !list)
		return SPAN_NONE;
	return arena_printf(
	    w->a, "%s:%zu", strcmp(list, "-") ? list : "stdin", line);
}

/* Reports that an operand, or one in a line of --files-from, cannot be opened
 * or read; errno tells why. */
static void
failed(const struct walk *w, size_t line, struct span name)
{
	int error = errno;

	w->v->failed(w->v, place_of(w, line), name, strerror(error));
}

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
	*ARENA_PUSH(w->a, w->paths, w->npaths) = (struct path){path, w->line};
}

static int
compare_paths(const void *a, const void *b)
{
	return strcmp(
	    ((const struct path *)a)->name, ((const struct path *)b)->name);
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
		qsort(w->paths + first, w->npaths - first, sizeof(struct path),
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
	failed(w, w->line, span_of(path));
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
		failed(w, w->line, span_of(path));
	else if (w->npaths == before)
		w->v->empty(w->v, span_of(path));
}

static void
add_line(struct walk *w, struct span line)
{
	if (!line.len)
		return;
	if (span_find(line, '\0') < line.len)
		w->v->failed(w->v, SPAN_NONE, place_of(w, w->line),
		    "a NUL character, which only ends names with -0");
	else
		add_operand(w, arena_cstr(w->a, line));
}

static void
add_list(struct walk *w, const char *path)
{
	struct span text =
	    strcmp(path, "-") ? file_read(path, w->a) : file_read_fd(0, w->a);
	char separator = w->in->nul ? '\0' : '\n';

	if (!text.p)
		failed(w, 0, span_of(path));
	while (text.p) {
		w->line++;
		add_line(w, span_cut(&text, separator));
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
		failed(w, 0, operand);
}

static void
visit_one(struct walk *w, struct span operand, int fd, struct span ahead)
{
	struct source source;

	if (source_init(&source, fd) < 0) {
		failed(w, 0, operand);
		return;
	}
	source.ahead = ahead;
	visit(w, operand, operand, w->named, &source);
}

/* A file that was just opened: what is known of it is not requested again. */
static void
visit_regular(
    struct walk *w, struct span operand, int fd, const struct stat *st)
{
	struct source source;

	source_file(&source, fd, st);
	visit(w, operand, operand, w->named, &source);
}

/* Reading an mbox needs seeking, so a pipe is first copied to a file. */
static void
visit_piped_mbox(struct walk *w, struct span operand, int fd, struct span ahead)
{
	int copy = spool_to_file(fd, ahead);

	if (copy < 0) {
		failed(w, 0, operand);
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
		failed(w, 0, operand);
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
visit_file(struct walk *w, const struct path *path)
{
	struct span operand = span_of(path->name);
	int fd = open(path->name, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		failed(w, path->line, operand);
	else if (S_ISFIFO(st.st_mode))
		visit_pipe(w, operand, fd);
	else if (starts_as_mbox(fd))
		visit_mbox(w, operand, fd);
	else if (S_ISREG(st.st_mode))
		visit_regular(w, operand, fd, &st);
	else
		visit_one(w, operand, fd, SPAN_NONE);
	if (fd >= 0)
		close(fd);
}

static void
visit_stdin(struct walk *w)
{
	struct stat st;
	bool file = fstat(0, &st) == 0 && S_ISREG(st.st_mode);

	if (w->in->mbox || (w->in->finds_mbox && file && starts_as_mbox(0)))
		visit_piped_mbox(w, SPAN("-"), 0, SPAN_NONE);
	else if (w->in->finds_mbox && !file)
		visit_pipe(w, SPAN("-"), 0);
	else
		visit_one(w, SPAN("-"), 0, SPAN_NONE);
}

static void
announce(const struct walk *w)
{
	for (size_t i = 0; w->v->file && i < w->npaths; i++)
		w->v->file(w->v, w->paths[i].name);
}

static void
plan(const struct walk *w)
{
	size_t longest = 0;

	if (!w->v->plan)
		return;
	for (size_t i = 0; i < w->npaths; i++) {
		size_t n = strlen(w->paths[i].name);

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
	announce(&w);
	plan(&w);
	for (size_t i = 0; i < w.npaths; i++) {
		if (strcmp(w.paths[i].name, "-"))
			visit_file(&w, &w.paths[i]);
		else
			visit_stdin(&w);
	}
}
