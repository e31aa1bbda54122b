/* canon: writes the canonical header or body of a message, or its hash. */
/* SPDX-License-Identifier: ISC */

/*
 *	canon header|body simple|relaxed [CHUNK [sha1|sha256]]
 *
 * Reads a message on stdin. CHUNK is the size in octets of the pieces in which
 * the body is fed to canonicalization; 0 means as it is read. A hash is written
 * in base64.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "dkim/canon.h"
#include "base/digest.h"
#include "mail/message.h"

/* A sink that passes on its input in pieces of a given size. */
struct cutter {
	struct sink sink;
	struct sink *to;
	size_t size;
};

static void
cutter_put(struct sink *self, const char *p, size_t n)
{
	struct cutter *c = (struct cutter *)self;

	for (size_t at = 0, piece; at < n; at += piece) {
		piece = c->size && c->size < n - at ? c->size : n - at;
		c->to->put(c->to, p + at, piece);
	}
}

static void
cutter_end(struct sink *self)
{
	sink_end(((struct cutter *)self)->to);
}

static void
put_header(const struct message *m, enum canon canon, struct sink *to)
{
	for (size_t i = 0; i < m->nfields; i++)
		canon_header(canon, m->fields[i].raw, to);
	sink_end(to);
}

static int
put_body(struct message *m, enum canon canon, size_t size, struct sink *to)
{
	struct cutter cutter = {
	    {cutter_put, cutter_end}, canon_body(canon, to, m->arena), size};
	struct sink *sinks[] = {&cutter.sink};

	return message_body(m, sinks, 1, false);
}

static bool
is(const char *arg, const char *word)
{
	return arg && !strcmp(arg, word);
}

static int
run(char **arg, struct arena *a)
{
	struct sink_file out = sink_to_file(stdout);
	struct sink *to = &out.sink;
	struct digest *digest = NULL;
	struct message m;
	struct source source;
	enum canon canon;
	size_t size = arg[3] ? strtoul(arg[3], NULL, 10) : 0;

	if (!canon_parse(span_of(arg[2]), &canon) ||
	    source_init(&source, 0) < 0 ||
	    message_read(&m, &source, a) != MESSAGE_OK)
		return 1;
	if (arg[3] && arg[4]) {
		digest =
		    digest_new(is(arg[4], "sha1") ? DIGEST_SHA1 : DIGEST_SHA256,
			UINT64_MAX, a);
		to = &digest->sink;
	}
	if (is(arg[1], "header"))
		put_header(&m, canon, to);
	else if (put_body(&m, canon, size, to) < 0)
		return 1;
	if (digest)
		printf(
		    SPAN_FMT "\n", SPAN_ARG(base64_encode(digest->value, a)));
	return fflush(stdout) != 0;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new();
	int status;

	if (argc < 3 || argc > 5) {
		fputs("usage: canon header|body simple|relaxed "
		      "[CHUNK [sha1|sha256]] < MESSAGE\n",
		    stderr);
		return 64;
	}
	status = run(argv, a);
	arena_free(a);
	return status;
}
