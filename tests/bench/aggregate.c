/* aggregate: reads an aggregate report, or lets expat alone do it. */
/* SPDX-License-Identifier: ISC */

/*
 *	aggregate [-x] [-r ROUNDS] <REPORT.xml
 *
 * Reads stdin into memory, and then that ROUNDS times, each as a stream of its
 * own in pieces of 64 KiB, by one reader. With -x the reader is expat, with
 * handlers of elements and text that only count; without, the records are
 * counted. Prints the count. For tests/bench/report.sh.
 */

#include <expat.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/aggregate.h"

#define PIECE ((size_t)64 << 10)

static uint64_t count;

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
	count += (uint64_t)n;
}

static void
on_record(void *context, const struct aggregate_report *report,
    const struct aggregate_record *record)
{
	(void)context;
	(void)report;
	count += record->count;
}

static void
by_expat(XML_Parser parser, struct span s)
{
	XML_ParserReset(parser, NULL);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	while (s.len) {
		size_t n = s.len < PIECE ? s.len : PIECE;

		if (XML_Parse(parser, s.p, (int)n, n == s.len) == 0)
			exit(1);
		s = span_from(s, n);
	}
}

static void
by_reader(struct aggregate *a, struct span s)
{
	while (s.len) {
		size_t n = s.len < PIECE ? s.len : PIECE;

		aggregate_put(a, s.p, n);
		s = span_from(s, n);
	}
	if (aggregate_end(a) == 0)
		exit(1);
}

static struct span
read_all(struct arena *a)
{
	struct buf b = BUF(a);
	size_t n;

	while ((n = fread(buf_room(&b, PIECE), 1, PIECE, stdin)) > 0)
		b.len += n;
	return buf_span(&b);
}

int
main(int argc, char **argv)
{
	static const struct aggregate_handler handler = {.record = on_record};
	struct arena *arena = arena_new();
	struct aggregate *a = aggregate_new(&handler, NULL, 0);
	XML_Parser parser = XML_ParserCreate(NULL);
	struct span s = read_all(arena);
	long rounds = 1;
	bool expat = false;
	int option;

	while ((option = getopt(argc, argv, "xr:")) != -1)
		if (option == 'x')
			expat = true;
		else if (option == 'r')
			rounds = strtol(optarg, NULL, 10);
		else
			return 64;
	while (rounds-- > 0)
		if (expat)
			by_expat(parser, s);
		else
			by_reader(a, s);
	printf("%" PRIu64 "\n", count);
	XML_ParserFree(parser);
	aggregate_free(a);
	arena_free(arena);
	return 0;
}
