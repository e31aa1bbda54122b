#include "input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "mbox.h"
#include "spool.h"

/* All files to be read, directories opened out. */
struct walk {
	const struct input *in;
	struct input_visitor *v;
	struct arena *a;
	const char **path;
	size_t paths;
};

static void
add_path(struct walk *w, const char *path)
{
	w->path = ARENA_PUSH(w->a, w->path, w->paths);
	w->path[w->paths++] = path;
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
	size_t first = w->paths;
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
	if (w->paths > first)
		qsort(w->path + first, w->paths - first, sizeof(char *),
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

/* One of a Maildir's two: false if it is not there; another failure is one. */
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

/* A Maildir has cur and new; else it is a folder of message files. */
static void
add_operand(struct walk *w, const char *path)
{
	const char *new = arena_printf(w->a, "%s/new", path).p;
	const char *cur = arena_printf(w->a, "%s/cur", path).p;
	struct stat st;
	bool found;

	if (!strcmp(path, "-") || stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		add_path(w, path);
		return;
	}
	found = add_half(w, new);
	found = add_half(w, cur) || found;
	if (!found && !add_directory(w, path))
		w->v->failed(w->v, span_of(path));
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
			errno = EINVAL; /* of find -print0, without -0 */
			w->v->failed(w->v, span_of(path));
		} else if (line.len) {
			add_operand(w, arena_cstr(w->a, line));
		}
	}
}

static void
visit_mbox(struct walk *w, struct span name, int fd, bool labelled)
{
	char room[SOURCE_CHUNK];
	struct mbox m;
	struct source source;
	size_t n = 0;
	int rc = mbox_begin(&m, fd, room);

	while (rc == 0 && (rc = mbox_next(&m, &source)) > 0) {
		struct span label = SPAN_NONE;

		labelled = labelled || mbox_has_more(&m);
		if (labelled)
			label = arena_printf(
			    w->a, SPAN_FMT "#%zu", SPAN_ARG(name), ++n);
		w->v->message(w->v, name, label, &source);
		rc = 0;
	}
	if (rc < 0)
		w->v->failed(w->v, name);
}

static void
visit_one(struct walk *w, struct span name, int fd, bool labelled)
{
	struct source source;

	if (source_init(&source, fd) < 0)
		w->v->failed(w->v, name);
	else
		w->v->message(w->v, name, labelled ? name : SPAN_NONE, &source);
}

/* A file operand that begins like an mbox is one. */
static bool
starts_as_mbox(int fd)
{
	char start[1024];
	ssize_t got = pread(fd, start, sizeof(start), 0);

	return got > 0 && mbox_is_one((struct span){start, (size_t)got});
}

/* A pipe that has a name, as <(zcat MBOX) of a shell, is copied to a file, to
 * be looked at in places. */
static int
open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), copy, error;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISFIFO(st.st_mode))
		return fd;
	copy = spool_to_file(fd);
	error = errno;
	close(fd);
	errno = error;
	return copy;
}

static void
visit_file(struct walk *w, const char *path, bool labelled)
{
	int fd = open_file(path);

	if (fd < 0) {
		w->v->failed(w->v, span_of(path));
		return;
	}
	if (starts_as_mbox(fd))
		visit_mbox(w, span_of(path), fd, labelled);
	else
		visit_one(w, span_of(path), fd, labelled);
	close(fd);
}

/* An mbox is looked at in places: a pipe is copied to a file first. */
static void
visit_stdin_mbox(struct walk *w, bool labelled)
{
	int fd = spool_to_file(0);

	if (fd < 0) {
		w->v->failed(w->v, SPAN("-"));
		return;
	}
	visit_mbox(w, SPAN("-"), fd, labelled);
	close(fd);
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
	for (size_t i = 0; i < w.paths; i++) {
		bool labelled = w.paths > 1;

		if (strcmp(w.path[i], "-"))
			visit_file(&w, w.path[i], labelled);
		else if (in->mbox)
			visit_stdin_mbox(&w, labelled);
		else
			visit_one(&w, SPAN("-"), 0, labelled);
	}
}
