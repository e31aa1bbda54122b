/* drip: copies stdin to a pipe, one octet for each read() of the reader. */
/* SPDX-License-Identifier: ISC */

/*
 * The pipe on stdout is in packet mode (pipe(7)), so that a read() returns one
 * octet, however late the reader calls it.
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
