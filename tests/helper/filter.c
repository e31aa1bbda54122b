/* filter: run a tool on many messages, from files and pipes; check its output. */
/* SPDX-License-Identifier: ISC */
/*
 *	filter unchanged LABEL LIST COMMAND...
 *		it writes the message as it was and one field, that of -H,
 *		below the lines of an mbox; the field's lines end as the message's
 *		first. What it wrote stays in FILE.out.
 *	filter refused LABEL LIST COMMAND...
 *		it ends with 65, writes one line to stderr, and nothing to
 *		stdout; with -j an object that has the reason
 * LIST is what shapes printed. Prints what tally of lib.sh takes; each title
 * begins with LABEL.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"

extern char **environ;

enum way {
	FROM_FILE,
	FROM_PIPE,
	WAYS
};

static const char *const way_name[] = {"from a file", "from a pipe"};

/* A line of the list, and its message. */
struct item {
	size_t number;
	const char *path, *mbox_lines, *kind, *name;
	struct span text;
};

/* The command, and where what it writes goes. */
struct filter {
	const char *label;
	struct arena *arena; /* of one message */
	char **command;      /* with room for one argument more */
	size_t nargs;
	int out, err;
	bool json;
};

/* What a run left. */
struct output {
	int status;
	struct span out, err;
};

static void
check(bool good, const char *what)
{
	if (!good)
		die(EX_OSERR, "%s: %s", what, strerror(errno));
}

/* The pipe is small, and the reader may be gone. */
static void
feed(int fd, struct span text)
{
	while (text.len) {
		ssize_t n = write(fd, text.p, text.len);

		if (n < 0)
			break;
		text = span_from(text, (size_t)n);
	}
	close(fd);
}

static void
rewind_file(int fd)
{
	check(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0, "memfd");
}

/* Starts the command; returns its process. */
static pid_t
start(struct filter *f, int in)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	rewind_file(f->out);
	rewind_file(f->err);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_adddup2(&actions, f->out, 1);
	posix_spawn_file_actions_adddup2(&actions, f->err, 2);
	errno = posix_spawnp(
	    &pid, f->command[0], &actions, NULL, f->command, environ);
	check(errno == 0, f->command[0]);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static struct span
written(struct filter *f, int fd)
{
	check(lseek(fd, 0, SEEK_SET) == 0, "memfd");
	return file_read_fd(fd, f->arena);
}

static struct output
run(struct filter *f, const struct item *item, enum way way)
{
	int fd[2], status;
	pid_t pid;

	if (way == FROM_PIPE) {
		check(pipe2(fd, O_CLOEXEC) == 0, "pipe");
	} else {
		fd[0] = open(item->path, O_RDONLY | O_CLOEXEC);
		check(fd[0] >= 0, item->path);
	}
	pid = start(f, fd[0]);
	close(fd[0]);
	if (way == FROM_PIPE)
		feed(fd[1], item->text);
	check(waitpid(pid, &status, 0) == pid, "waitpid");
	return (struct output){WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	    written(f, f->out), written(f, f->err)};
}

/* The failure, from the start of what the run wrote to stderr. */
static bool
complain(const struct output *o, const char *how, const char *what)
{
	printf("#\t%s: %s; status %d; ", how, what, o->status);
	die_show(
	    span_upto(o->err, o->err.len < 300 ? o->err.len : 300), stdout);
	putchar('\n');
	return false;
}

/* The message without its mbox lines. */
static struct span
without_mbox(const struct item *item)
{
	unsigned long lines = strtoul(item->mbox_lines, NULL, 10);
	struct span rest = item->text;

	while (lines-- && rest.len)
		span_cut(&rest, '\n');
	return rest.p ? rest : span_from(item->text, item->text.len);
}

/* The message with the field after its mbox lines. */
static struct span
with_field(const struct item *item, struct span field, struct arena *a)
{
	struct span rest = without_mbox(item);

	return ARENA_JOIN(a, span_between(item->text.p, rest.p), field, rest);
}

/* What an output has between the mbox lines and the message; empty if it has
 * anything else. */
static struct span
added(const struct item *item, struct span out, struct arena *a)
{
	size_t before = item->text.len - without_mbox(item).len;
	size_t more = out.len > item->text.len ? out.len - item->text.len : 0;
	struct span field =
	    more ? span_upto(span_from(out, before), more) : SPAN("");

	return span_eq(with_field(item, field, a), out) ? field : SPAN("");
}

static void
keep(const struct item *item, struct span out, struct arena *a)
{
	const char *path = arena_printf(a, "%s.out", item->path).p;
	FILE *file = fopen(path, "we");

	check(file && fwrite(out.p, 1, out.len, file) == out.len &&
		fclose(file) == 0,
	    path);
}

/* Does the command write this, if it gets the message in this way? */
static bool
writes(
    struct filter *f, const struct item *item, struct span want, enum way way)
{
	struct output o = run(f, item, way);

	if (o.status != 0)
		return complain(&o, way_name[way], "it failed");
	return span_eq(o.out, want) ||
	    complain(&o, way_name[way], "it is changed");
}

static struct output
field_of(struct filter *f, const struct item *item)
{
	static char option[] = "-H";
	struct output o;

	f->command[f->nargs] = option;
	o = run(f, item, FROM_FILE);
	f->command[f->nargs] = NULL;
	return o;
}

/* Does each line of the field end as the kind of message has its first? */
static bool
ends_as(struct span field, const char *kind)
{
	bool crlf = strcmp(kind, "CRLF") == 0;

	for (size_t i = 0; i < field.len; i++) {
		bool cr = i && field.p[i - 1] == '\r';

		if (field.p[i] == '\n' ? cr != crlf : cr)
			return false;
	}
	return field.p[field.len - 1] == '\n';
}

/* Each message is passed from a file or from a pipe, or both: of a third of them,
 * each shape and each line end now and then, -H must write what the filter adds,
 * from one of these; the others come from a file, and every second one from a
 * pipe, too. The label makes these others for each tool. */
static bool
is_for_header(const struct item *item)
{
	return (item->number + item->number / 3) % 3 == 0;
}

static bool
is_for_pipe(const struct filter *f, const struct item *item)
{
	return (item->number + item->number / 3 + strlen(f->label)) % 2 == 0;
}

static void
try_unchanged(struct filter *f, const struct item *item)
{
	bool header = is_for_header(item), good;
	struct output o = header ? field_of(f, item) : run(f, item, FROM_FILE);
	struct span field = header ? o.out : added(item, o.out, f->arena), want;

	want = with_field(item, field, f->arena);
	if (o.status != 0 || !field.len)
		good = complain(&o, header ? "-H" : way_name[FROM_FILE],
		    "there is no field, or the message is changed");
	else
		good = is_for_pipe(f, item)
		    ? writes(f, item, want, FROM_PIPE)
		    : !header || writes(f, item, want, FROM_FILE);
	if (good)
		keep(item, want, f->arena);
	printf("%d\t%s: %s passes unchanged, %s\n", !good, f->label, item->name,
	    item->kind);
	if (good)
		printf("%d\t%s: the new field ends with %s, %s\n",
		    !ends_as(field, item->kind), f->label, item->kind,
		    item->name);
}

/* Is it one JSON object that has the reason, in one line? */
static bool
is_failure(struct span out, struct arena *a)
{
	static const char form[] = "^\\{\"schema\":1,\"file\":\"[^\"]*\","
				   "\"error\":\"[^\"]*\"\\}\n$";
	regex_t regex;
	bool matches;

	check(regcomp(&regex, form, REG_EXTENDED | REG_NOSUB) == 0, form);
	matches = !memchr(out.p, '\0', out.len) &&
	    regexec(&regex, arena_cstr(a, out), 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static bool
refuses(struct filter *f, const struct item *item, enum way way)
{
	struct output o = run(f, item, way);

	if (o.status != EX_DATAERR)
		return complain(&o, way_name[way], "it is not refused");
	if (f->json ? !is_failure(o.out, f->arena) : o.out.len > 0)
		return complain(&o, way_name[way], "stdout is wrong");
	if (!o.err.len || span_find(o.err, '\n') != o.err.len - 1)
		return complain(&o, way_name[way], "stderr is not a line");
	return true;
}

static void
try_refused(struct filter *f, const struct item *item)
{
	bool good = refuses(f, item, FROM_FILE) && refuses(f, item, FROM_PIPE);

	printf(
	    "%d\t%s refuses %s, %s\n", !good, f->label, item->name, item->kind);
}

/* The message of a line of the list. */
static struct item
read_item(char *line, struct arena *a)
{
	struct item item;

	line[strcspn(line, "\n")] = '\0';
	item.path = strsep(&line, "\t");
	item.mbox_lines = strsep(&line, "\t");
	item.kind = strsep(&line, "\t");
	item.name = line;
	if (!item.name)
		die(EX_DATAERR, "%s: a line without four columns", item.path);
	item.text = file_read(item.path, a);
	check(item.text.p, item.path);
	return item;
}

static void
init(struct filter *f, char **command, size_t nargs)
{
	signal(SIGPIPE, SIG_IGN);
	f->arena = arena_new();
	f->nargs = nargs;
	f->command = calloc(nargs + 2, sizeof(char *));
	check(f->command, "calloc");
	memcpy(f->command, command, nargs * sizeof(char *));
	for (size_t i = 0; i < nargs; i++)
		f->json = f->json || strcmp(command[i], "-j") == 0;
	f->out = memfd_create("out", MFD_CLOEXEC);
	f->err = memfd_create("err", MFD_CLOEXEC);
	check(f->out >= 0 && f->err >= 0, "memfd");
}

int
main(int argc, char **argv)
{
	void (*try)(struct filter *, const struct item *);
	struct filter f = {0};
	char *line = NULL;
	size_t size = 0, number = 0;
	FILE *list;

	die_init(argv[0]);
	if (argc < 5)
		die(EX_USAGE,
		    "usage: filter unchanged|refused LABEL LIST COMMAND...");
	try = strcmp(argv[1], "refused") == 0 ? try_refused : try_unchanged;
	list = fopen(argv[3], "re");
	check(list, argv[3]);
	f.label = argv[2];
	init(&f, argv + 4, (size_t)argc - 4);
	while (getline(&line, &size, list) > 0) {
		struct item item = read_item(line, f.arena);

		item.number = number++;
		try(&f, &item);
		arena_reset(f.arena);
	}
	free(line);
	free(f.command);
	fclose(list);
	arena_free(f.arena);
	return fflush(stdout) != 0;
}
