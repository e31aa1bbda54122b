/* pack: makes gzip and zip archives for shell tests. */
/* SPDX-License-Identifier: ISC */

/*
 *	pack gzip|zip|stored [COPIES] <OCTETS >ARCHIVE
 *
 * A gzip, or a zip whose members, COPIES of them (1), have these octets,
 * deflated or stored.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unit/fixture_pack.h"
#include "base/die.h"

static struct span
read_all(struct arena *a)
{
	struct buf b = BUF(a);
	ssize_t got;

	do {
		got = read(0, buf_room(&b, 65536), 65536);
		if (got < 0)
			die(EX_IOERR, "stdin: %s", strerror(errno));
		b.len += (size_t)got;
	} while (got);
	return buf_span(&b);
}

static struct span
zip_copies(struct span s, unsigned method, size_t copies, struct arena *a)
{
	struct pack_member *m = arena_alloc(a, (copies + 1) * sizeof(*m));

	for (size_t i = 0; i < copies; i++)
		m[i] = (struct pack_member){
		    arena_printf(a, "member-%zu", i).p, s, method, 0};
	return zip_of(m, copies, a);
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct span s = read_all(a);
	size_t copies = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;

	die_init(argv[0]);
	if (argc < 2)
		die(EX_USAGE, "usage: pack gzip|zip|stored [COPIES]");
	if (strcmp(argv[1], "gzip") == 0)
		s = gzip_of(s, a);
	else
		s = zip_copies(
		    s, strcmp(argv[1], "zip") == 0 ? 8 : 0, copies, a);
	if (fwrite(s.p, 1, s.len, stdout) != s.len || fflush(stdout))
		die(EX_IOERR, "stdout: %s", strerror(errno));
	arena_free(a);
	return 0;
}
