/* fuzz_mbox: reads a mailbox file. */
/* SPDX-License-Identifier: ISC */

/* Its messages are the whole file in order: they do not overlap, and there is
 * at most an empty line between them. */

#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "mail/mbox.h"

static int
file_of(struct span text)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("mbox", MFD_CLOEXEC);
	assert(fd >= 0);
	assert(pwrite(fd, text.p, text.len, 0) == (ssize_t)text.len);
	assert(ftruncate(fd, (off_t)text.len) == 0); /* keeps its pages */
	assert(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static bool
is_quoted(struct span line)
{
	size_t n = 0;

	while (n < line.len && line.p[n] == '>')
		n++;
	return n && span_starts(span_from(line, n), SPAN("From "));
}

/* Returns the text without the quoting of mboxrd. */
static struct span
unquoted(struct span text, struct arena *a)
{
	struct buf b = BUF(a);

	while (text.len) {
		size_t n = span_find(text, '\n');
		struct span line = span_upto(text, n < text.len ? n + 1 : n);

		buf_add(&b, span_from(line, is_quoted(line)));
		text = span_from(text, line.len);
	}
	return buf_span(&b);
}

static struct span
read_all(struct source *s, struct arena *a)
{
	static char chunk[SOURCE_CHUNK];
	struct buf b = BUF(a);
	ssize_t got;

	while ((got = source_read(s, chunk, SOURCE_CHUNK)) > 0)
		buf_add(&b, (struct span){chunk, (size_t)got});
	assert(got == 0);
	return buf_span(&b);
}

/* Checks the text between two messages, or after the last one. */
static void
check_gap(struct span text, off_t from, off_t to)
{
	struct span gap;

	assert(from >= 0 && from <= to && (size_t)to <= text.len);
	gap = span_between(text.p + from, text.p + to);
	assert(
	    !gap.len || span_eq(gap, SPAN("\n")) || span_eq(gap, SPAN("\r\n")));
}

static void
check(struct span text, char *room, struct arena *a)
{
	struct source s;
	struct mbox m;
	off_t at = 0;
	int more;

	assert(mbox_begin(&m, file_of(text), room) == 0);
	while ((more = mbox_next(&m, &s)) > 0) {
		struct span raw;

		check_gap(text, at, s.start);
		assert(s.start < s.end && (size_t)s.end <= text.len);
		raw = span_between(text.p + s.start, text.p + s.end);
		assert(span_eq(
		    read_all(&s, a), m.is_quoted ? unquoted(raw, a) : raw));
		at = s.end;
	}
	assert(more == 0);
	check_gap(text, at, (off_t)text.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char room[SOURCE_CHUNK];
	struct arena *a = arena_new();

	check(fuzz_span(data, size), room, a);
	arena_free(a);
	return 0;
}
