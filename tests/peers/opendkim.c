/* opendkim: verifies messages by libopendkim, in one process. */
/* SPDX-License-Identifier: ISC */

/*
 *	opendkim KEYS FILE...
 *
 * KEYS is a file of libopendkim: a line has NAME RECORD. Ends with 1 if a
 * message does not verify. tests/bench/limit.sh compiles it where
 * libopendkim-dev is there; opendkim.py compares results.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <opendkim/dkim.h>

static size_t
read_file(const char *path, unsigned char *p, size_t room)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		exit(66);
	n = fread(p, 1, room, f);
	fclose(f);
	return n;
}

static bool
verify(DKIM_LIB *library, unsigned char *p, size_t n)
{
	static const unsigned char id[] = "peer";
	DKIM_STAT status;
	DKIM *d = dkim_verify(library, id, NULL, &status);
	bool pass = d && dkim_chunk(d, p, n) == DKIM_STAT_OK &&
	    dkim_chunk(d, NULL, 0) == DKIM_STAT_OK &&
	    dkim_eom(d, NULL) == DKIM_STAT_OK;

	dkim_free(d);
	return pass;
}

int
main(int argc, char **argv)
{
	static unsigned char message[1 << 20];
	DKIM_LIB *library = dkim_init(NULL, NULL);
	unsigned flags = DKIM_LIBFLAGS_FIXCRLF;
	int method = DKIM_QUERY_FILE;
	bool pass = true;

	if (argc < 2 || !library)
		return 64;
	dkim_options(
	    library, DKIM_OP_SETOPT, DKIM_OPTS_FLAGS, &flags, sizeof(flags));
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYMETHOD, &method,
	    sizeof(method));
	dkim_options(library, DKIM_OP_SETOPT, DKIM_OPTS_QUERYINFO, argv[1],
	    strlen(argv[1]));
	for (int i = 2; i < argc; i++)
		pass &= verify(library, message,
		    read_file(argv[i], message, sizeof(message)));
	dkim_close(library);
	return !pass;
}
