/* peak: measures the memory and the time that a command takes. */
/* SPDX-License-Identifier: ISC */

/*
 *	peak FILE COMMAND...
 *
 * Runs the command and writes "KIB MILLISECONDS" to FILE: the largest resident
 * set of the command, and its processor time, which other processes do not
 * lengthen as they do the time on the clock. Exits with the command's status, or
 * 128 plus the number of the signal that ended it.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"

static long long
milliseconds(const struct timeval *t)
{
	return (long long)t->tv_sec * 1000 + t->tv_usec / 1000;
}

static pid_t
start(char **command)
{
	pid_t pid = fork();

	if (pid < 0)
		die(EX_OSERR, "fork: %s", strerror(errno));
	if (pid == 0) {
		execvp(command[0], command);
		die(EX_NOINPUT, "%s: %s", command[0], strerror(errno));
	}
	return pid;
}

int
main(int argc, char **argv)
{
	struct rusage use;
	int status;
	FILE *file;

	die_init(argv[0]);
	if (argc < 3)
		die(EX_USAGE, "usage: peak FILE COMMAND...");
	if (wait4(start(argv + 2), &status, 0, &use) < 0)
		die(EX_OSERR, "wait4: %s", strerror(errno));
	file = fopen(argv[1], "we");
	if (!file ||
	    fprintf(file, "%ld %lld\n", use.ru_maxrss,
		milliseconds(&use.ru_utime) + milliseconds(&use.ru_stime)) <
		0 ||
	    fclose(file))
		die(EX_IOERR, "%s: %s", argv[1], strerror(errno));
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
