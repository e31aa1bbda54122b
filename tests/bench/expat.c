/* expat: lets expat alone read files, with handlers that only count. */
/* SPDX-License-Identifier: ISC */

/*
 *	expat FILE...
 *
 * Reads each file with read(2), in pieces of 64 KiB, by one parser that is
 * reset for each. The reference of tests/bench/report.sh for reading mails.
 */

#include <expat.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned long count;

static void
on_start(void *user, const char *element, const char **attributes)
{
	(void)user;
	(void)element;
	(void)attributes;
	count++;
}

static void
on_end(void *user, const char *element)
{
	(void)user;
	(void)element;
}

static void
on_text(void *user, const char *p, int n)
{
	(void)user;
	(void)p;
	count += (unsigned)n;
}

static void
read_file(XML_Parser parser, const char *path)
{
	static char piece[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		exit(66);
	XML_ParserReset(parser, NULL);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	do {
		got = read(fd, piece, sizeof(piece));
		if (got < 0 || !XML_Parse(parser, piece, (int)got, got == 0))
			exit(65);
	} while (got);
	close(fd);
}

int
main(int argc, char **argv)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	for (int i = 1; i < argc; i++)
		read_file(parser, argv[i]);
	printf("%lu\n", count);
	XML_ParserFree(parser);
	return 0;
}
