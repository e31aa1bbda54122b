/*
 * ratio: times two commands against each other, in turns, on the same input.
 *	ratio ROUNDS FILE COMMAND REFERENCE
 * Both are run by sh with FILE on stdin and stdout thrown away. Prints the
 * least CPU time (user and system, children included) of each, and their
 * ratio: below 1, the command is faster than the reference.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
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

/* CPU seconds of one run; what fails to run ends the benchmark. */
static double
run(const char *command, const char *file)
{
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (pid == 0)
		child(command, file);
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "ratio: failed: %s\n", command);
		exit(1);
	}
	return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int
main(int argc, char **argv)
{
	double best[2] = {1e9, 1e9};

	if (argc != 5) {
		fputs("usage: ratio ROUNDS FILE COMMAND REFERENCE\n", stderr);
		return 64;
	}
	for (long i = strtol(argv[1], NULL, 10); i > 0; i--)
		for (int k = 0; k < 2; k++) {
			double t = run(argv[3 + k], argv[2]);

			best[k] = t < best[k] ? t : best[k];
		}
	printf("%.3f s against %.3f s: ratio %.2f\n", best[0], best[1],
	    best[0] / best[1]);
	return 0;
}
