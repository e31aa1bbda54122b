/* ratio: compares the times of two commands, run in turns on the same input. */
/* SPDX-License-Identifier: ISC */

/*
 *	ratio [-wpx] [-n COUNT] [-a AIM] [-r LEAST] ROUNDS FILE COMMAND
 *	    REFERENCE
 *
 * Both commands are run by sh with FILE on stdin; their output is discarded.
 * Prints the medians of the CPU time (user and system, with children) of each,
 * and of the ratios of the rounds: if it is below 1, the command is faster than
 * the reference. A round is a run of each.
 *
 * -w compares the time on the clock instead, for commands that wait.
 * -p connects the command, not the reference, to pipes: others write FILE to
 *    one, and read the other. Their CPU time is not counted.
 * -x runs both without sh, for what is as short as sh itself: words are
 *    separated by blanks.
 * -n prints items a second, too, where each run processes COUNT items.
 * -a prints what the ratio should be.
 * -r makes at least that many rounds.
 */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS  64
#define ROUNDS 1000

struct options {
	bool wall;
	bool pipes;
	bool words;
	double count;
	const char *aim;
	long least;
	const char *file;
};

/* What a command reads and writes; the children that feed and drain it, or 0. */
struct ends {
	int in;
	int out;
	pid_t feeder;
	pid_t drain;
};

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
fail(const char *what)
{
	fprintf(stderr, "ratio: failed: %s\n", what);
	exit(1);
}

/* Whoever reads has ended where it fails. */
static void
write_all(int to, const char *p, size_t n)
{
	ssize_t written;

	for (; n; p += written, n -= (size_t)written)
		if ((written = write(to, p, n)) < 0)
			_exit(0);
}

/* A child that copies, and ends when there is no more to copy. */
static pid_t
start_copy(int from, int to, int other)
{
	static char piece[65536];
	ssize_t got;
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return pid;
	close(other);
	while ((got = read(from, piece, sizeof(piece))) > 0)
		write_all(to, piece, (size_t)got);
	_exit(got < 0);
}

static struct ends
open_ends(const char *file, bool pipes)
{
	struct ends e = {.in = open(file, O_RDONLY | O_CLOEXEC),
	    .out = open("/dev/null", O_WRONLY | O_CLOEXEC)};
	int in[2], out[2];

	if (e.in < 0 || e.out < 0)
		fail(file);
	if (!pipes)
		return e;
	/* Neither child has an end of the other's pipe that keeps it waiting. */
	if (pipe2(in, O_CLOEXEC) < 0)
		fail("pipe");
	e.feeder = start_copy(e.in, in[1], in[0]);
	close(in[1]);
	close(e.in);
	if (pipe2(out, O_CLOEXEC) < 0)
		fail("pipe");
	e.drain = start_copy(out[0], e.out, out[1]);
	close(out[0]);
	close(e.out);
	e.in = in[0];
	e.out = out[1];
	return e;
}

static void
run_words(const char *command)
{
	char *copy = strdup(command), *word[WORDS + 1] = {NULL};
	char *next = strtok(copy, " ");

	for (size_t i = 0; i < WORDS && next; i++, next = strtok(NULL, " "))
		word[i] = next;
	if (word[0])
		execvp(word[0], word);
	_exit(127);
}

static void
child(const char *command, const struct ends *e, bool words)
{
	if (dup2(e->in, 0) < 0 || dup2(e->out, 1) < 0)
		_exit(126);
	if (words)
		run_words(command);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Returns the seconds of one run. A command that fails ends the benchmark. */
static double
run(const char *command, const struct options *o, bool pipes)
{
	struct ends e = open_ends(o->file, pipes);
	struct rusage usage;
	double start = now();
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(command, &e, o->words);
	close(e.in);
	close(e.out);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail(command);
	start = now() - start;
	if (pipes &&
	    (waitpid(e.feeder, &status, 0) < 0 ||
		waitpid(e.drain, &status, 0) < 0))
		fail("wait");
	return o->wall ? start
		       : seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *value, size_t n)
{
	qsort(value, n, sizeof(*value), compare);
	return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

static void
measure(const struct options *o, size_t rounds, char *const command[2])
{
	static double time[2][ROUNDS], ratio[ROUNDS];
	double middle[2];

	for (size_t i = 0; i < rounds; i++) {
		time[0][i] = run(command[0], o, o->pipes);
		time[1][i] = run(command[1], o, false);
		ratio[i] = time[0][i] / time[1][i];
	}
	middle[0] = median(time[0], rounds);
	middle[1] = median(time[1], rounds);
	printf("%.1f ms against %.1f ms: ratio %.2f", middle[0] * 1e3,
	    middle[1] * 1e3, median(ratio, rounds));
	if (o->count > 0)
		printf(", %.0f/s against %.0f/s", o->count / middle[0],
		    o->count / middle[1]);
	if (o->aim)
		printf(" (aim: %s)", o->aim);
	puts("");
}

static struct options
read_options(int argc, char **argv)
{
	struct options o = {.count = 0};
	int option;

	while ((option = getopt(argc, argv, "+wpxn:a:r:")) != -1)
		switch (option) {
		case 'w':
			o.wall = true;
			break;
		case 'p':
			o.pipes = true;
			break;
		case 'x':
			o.words = true;
			break;
		case 'n':
			o.count = strtod(optarg, NULL);
			break;
		case 'a':
			o.aim = optarg;
			break;
		case 'r':
			o.least = strtol(optarg, NULL, 10);
			break;
		default:
			exit(64);
		}
	return o;
}

int
main(int argc, char **argv)
{
	struct options o = read_options(argc, argv);
	long rounds = argc - optind == 4 ? strtol(argv[optind], NULL, 10) : 0;

	if (rounds >= 1 && rounds < o.least)
		rounds = o.least;
	if (rounds < 1 || rounds > ROUNDS) {
		fputs("usage: ratio [-wpx] [-n COUNT] [-a AIM] [-r LEAST] "
		      "ROUNDS FILE COMMAND REFERENCE\n",
		    stderr);
		return 64;
	}
	o.file = argv[optind + 1];
	measure(&o, (size_t)rounds, &argv[optind + 2]);
	return 0;
}
