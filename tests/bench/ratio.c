/* ratio: compares the times of two commands, run in turns on the same input. */
/* SPDX-License-Identifier: ISC */

/*
 *	ratio [-w] [-n COUNT] ROUNDS FILE COMMAND REFERENCE
 *
 * Both commands are run by sh with FILE on stdin; their output is discarded.
 * Prints the least CPU time (user and system, with children) of each, and the
 * ratio: if it is below 1, the command is faster than the reference. With -w,
 * compares the time on the clock instead, for commands that wait. With -n, each
 * run processes COUNT items, and items a second are printed, too.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
child(const char *command, const char *file)
{
	int in = open(file, O_RDONLY), out = open("/dev/null", O_WRONLY);

	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0)
		_exit(126);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Returns the seconds of one run. A command that fails ends the benchmark. */
static double
run(const char *command, const char *file, int wall)
{
	struct rusage usage;
	double start = now();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(command, file);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "ratio: failed: %s\n", command);
		exit(1);
	}
	return wall ? now() - start
		    : seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static void
print(const double time[2], double count)
{
	printf("%.1f ms against %.1f ms: ratio %.2f", time[0] * 1e3,
	    time[1] * 1e3, time[0] / time[1]);
	if (count > 0)
		printf(", %.0f/s against %.0f/s", count / time[0],
		    count / time[1]);
	puts("");
}

int
main(int argc, char **argv)
{
	double best[2] = {1e9, 1e9}, count = 0;
	int option, wall = 0;

	while ((option = getopt(argc, argv, "+wn:")) != -1)
		if (option == 'w')
			wall = 1;
		else if (option == 'n')
			count = strtod(optarg, NULL);
		else
			return 64;
	argv += optind;
	if (argc - optind != 4) {
		fputs("usage: ratio [-w] [-n COUNT] ROUNDS FILE COMMAND "
		      "REFERENCE\n",
		    stderr);
		return 64;
	}
	for (long i = strtol(argv[0], NULL, 10); i > 0; i--)
		for (int k = 0; k < 2; k++) {
			double t = run(argv[2 + k], argv[1], wall);

			best[k] = t < best[k] ? t : best[k];
		}
	print(best, count);
	return 0;
}
