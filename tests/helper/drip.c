/*
 * drip: copies stdin to stdout, a pipe, so that the reader gets one octet a
 * read(), and no more, however late it reads (pipe(7), "packet mode").
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	die_init(argv[0]);
	if (fcntl(1, F_SETFL, O_DIRECT) < 0)
		die(EX_OSERR, "stdout: %s", strerror(errno));
	while ((c = getchar()) != EOF) {
		char octet = (char)c;

		if (write(1, &octet, 1) != 1)
			die(EX_IOERR, "stdout: %s", strerror(errno));
	}
	return 0;
}
