/* rotate_hook: the command of --publish. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"

extern char **environ;

struct span
rotate_record(const struct rotate_key *k, struct arena *a)
{
	struct span none = SPAN("");

	if (k->key.action != ROTATION_ADD)
		return key_lint_record(
		    k->key.type, SPAN_NONE, SPAN_NONE, SPAN_NONE, none, a);
	if (!k->is_known)
		return SPAN_NONE;
	return key_lint_record(
	    k->key.type, SPAN_NONE, SPAN_NONE, SPAN_NONE, k->expected.data, a);
}

static void
set(const char *name, struct span value, struct arena *a)
{
	if (setenv(name, arena_cstr(a, value), 1) < 0)
		arena_exhausted();
}

static void
set_environment(const struct rotate_key *k, struct arena *a)
{
	set("DKIM_KEY_ACTION", span_of(rotation_actions[k->key.action]), a);
	set("DKIM_KEY_NAME", k->name, a);
	set("DKIM_KEY_DOMAIN", k->key.domain, a);
	set("DKIM_KEY_SELECTOR", k->key.selector, a);
	set("DKIM_KEY_TTL", arena_printf(a, "%u", RECORD_TTL), a);
	set("DKIM_KEY_RECORD", rotate_record(k, a), a);
}

/* Starts sh; what it prints goes to stderr, as stdout is for results. Returns 0
 * or an error number. */
static int
start(const char *command, pid_t *child)
{
	char sh[] = "sh", c[] = "-c", dashes[] = "--";
	char *copy = strdup(command);
	char *const argv[] = {sh, c, dashes, copy, NULL};
	posix_spawn_file_actions_t streams;
	posix_spawnattr_t attributes;
	sigset_t pipe;
	int error;

	if (!copy)
		arena_exhausted();
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawn_file_actions_init(&streams);
	posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&streams, 2, 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &pipe);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(child, sh, &streams, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&streams);
	posix_spawnattr_destroy(&attributes);
	free(copy);
	return error;
}

static struct span
wait_for(pid_t child, struct arena *a)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return span_of(strerror(errno));
	if (WIFSIGNALED(status))
		return arena_printf(a, "signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		return arena_printf(a, "status %d", WEXITSTATUS(status));
	return SPAN_NONE;
}

bool
rotate_publish(struct rotate *r, struct rotate_key *k)
{
	struct span wrong;
	pid_t child;
	int error;

	set_environment(k, r->arena);
	fflush(stdout);
	error = start(r->hook, &child);
	wrong = error ? span_of(strerror(error)) : wait_for(child, r->arena);
	k->is_done = !wrong.p;
	if (wrong.p)
		k->error = ARENA_JOIN(r->arena,
		    SPAN("the command of --publish has failed ("),
		    span_of(rotation_actions[k->key.action]), SPAN("): "),
		    wrong);
	return k->is_done;
}
