/* original: reads the file of --original, and compares messages with it. */
/* SPDX-License-Identifier: ISC */

#include "original.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limit.h"

/* A sink that keeps up to LIMIT_FILE octets. */
struct kept {
	struct sink sink;
	struct buf buf;
	bool is_full; /* there were more */
};

static void
kept_put(struct sink *self, const char *p, size_t n)
{
	struct kept *k = (struct kept *)self;

	if (n > LIMIT_FILE - k->buf.len)
		k->is_full = true;
	else
		buf_add(&k->buf, (struct span){p, n});
}

static void
kept_end(struct sink *self)
{
	(void)self;
}

static void
read_header(
    const char *path, struct message *m, struct source *source, struct arena *a)
{
	switch (message_read(m, source, a)) {
	case MESSAGE_OK:
		return;
	case MESSAGE_EMPTY:
		die(EX_DATAERR, "--original: %s: it is empty", path);
	case MESSAGE_NO_FIELD:
		die(EX_DATAERR, "--original: %s: it is not a message: %s", path,
		    message_beginning(m));
	case MESSAGE_TOO_LARGE:
		die(EX_DATAERR, "--original: %s: the header is too large",
		    path);
	case MESSAGE_READ:
		break;
	}
	die(EX_NOINPUT, "--original: %s: %s", path, strerror(errno));
}

const struct compare_original *
original_read(const char *path, struct arena *a)
{
	struct message *m = ARENA_NEW(a, struct message);
	struct source *source = ARENA_NEW(a, struct source);
	struct kept *kept = ARENA_NEW(a, struct kept);
	struct sink *sinks[] = {&kept->sink};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*kept = (struct kept){{kept_put, kept_end}, BUF(a), false};
	if (fd < 0 || source_init(source, fd) < 0)
		die(EX_NOINPUT, "--original: %s: %s", path, strerror(errno));
	read_header(path, m, source, a);
	if (message_body(m, sinks, COUNT(sinks), false) < 0)
		die(EX_NOINPUT, "--original: %s: %s", path, strerror(errno));
	if (kept->is_full)
		die(EX_DATAERR, "--original: %s: it has over %u octets", path,
		    LIMIT_FILE);
	close(fd);
	return compare_original(m, buf_span(&kept->buf), a);
}

const struct comparison *
original_compare(const struct compare_original *o, const struct message *m,
    struct span body, const struct dkim_verifier *v)
{
	size_t n = dkim_verify_count(v);
	struct comparison *list =
	    ARENA_ARRAY(m->arena, struct comparison, n ? n : 1);

	for (size_t i = 0; i < n; i++) {
		const struct dkim_signature *s =
		    dkim_verify_outcome(v, i + 1).signature;

		if (s)
			list[i] = compare(m, body, o, s, m->arena);
	}
	return list;
}
