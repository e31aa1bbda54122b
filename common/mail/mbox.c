/* mbox: find the messages of a mailbox file. */
/* SPDX-License-Identifier: ISC */

#include "mail/mbox.h"

#include <errno.h>
#include <unistd.h>

#include "base/ascii.h"
#include "mail/field.h"
#include "base/scan.h"

/* The lines of a file in order. Of a line longer than a chunk, each chunk after
 * the first is returned as a line "-", which is neither empty nor a
 * separator. */
struct lines {
	const struct mbox *m;
	off_t at;    /* the file offset of the next line */
	off_t chunk; /* the file offset of octets[] */
	size_t len;  /* number of octets in it */
	char octets[SOURCE_CHUNK];
	bool cut; /* the previous line did not end */
};

static ssize_t
read_chunk(const struct mbox *m, off_t at, char *p)
{
	ssize_t got;

	while ((got = pread(m->fd, p, SOURCE_CHUNK, at)) < 0 && errno == EINTR)
		;
	return got;
}

/* Reads the next line, which is absent at the end. Returns 0, or -1 with
 * errno. */
static int
next_line(struct lines *l, struct span *line)
{
	size_t from = (size_t)(l->at - l->chunk);
	struct span rest = {l->octets + from, l->len - from};
	size_t n = field_line_length(rest);
	bool is_rest = l->cut;

	if (!n) {
		ssize_t got = read_chunk(l->m, l->at, l->octets);

		if (got < 0)
			return -1;
		l->chunk = l->at;
		l->len = (size_t)got;
		rest = (struct span){l->octets, l->len};
		n = field_line_length(rest);
		n = n ? n : rest.len;
	}
	*line = n ? span_upto(rest, n) : SPAN_NONE;
	l->at += (off_t)n;
	l->cut = n && rest.p[n - 1] != '\n';
	if (n && is_rest)
		*line = SPAN("-");
	return 0;
}

/* Does a line have hh:mm and four digits, as a separator's date in any form
 * does? */
static bool
has_date(struct span line)
{
	bool time = false, year = false;

	for (size_t i = 0; i + 4 < line.len; i++) {
		const char *p = line.p + i;

		time = time ||
		    (ascii_is_digit(p[0]) && ascii_is_digit(p[1]) &&
			p[2] == ':' && ascii_is_digit(p[3]) &&
			ascii_is_digit(p[4]));
		year = year ||
		    (p[0] == ' ' && ascii_is_digit(p[1]) &&
			ascii_is_digit(p[2]) && ascii_is_digit(p[3]) &&
			ascii_is_digit(p[4]));
	}
	return time && year;
}

static bool
is_separator(struct span line)
{
	return span_starts(line, SPAN("From ")) &&
	    field_classify(line) == FIELD_MBOX && has_date(line);
}

bool
mbox_is_one(struct span start)
{
	size_t n = field_line_length(start);

	return is_separator(span_upto(start, n ? n : start.len));
}

int
mbox_begin(struct mbox *m, int fd, char *room)
{
	struct stat st;

	*m = (struct mbox){.fd = fd, .room = room};
	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ESPIPE;
		return -1;
	}
	m->size = st.st_size;
	m->at = lseek(fd, 0, SEEK_CUR);
	return m->at < 0 ? -1 : 0;
}

/* Reads Content-Length if a line of the header is that field. */
static bool
content_length(struct span line, uint64_t *length)
{
	struct field f;

	if (field_classify(line) != FIELD_START)
		return false;
	f = field_split(line);
	return span_caseeq(f.name, SPAN("Content-Length")) &&
	    span_number(span_trim(f.body), INT32_MAX, length);
}

/*
 * Is Content-Length right? A separator, or the end of the file, must be at end,
 * where the body of that length ends, or after an empty line there. Returns 1,
 * 0, or -1 with errno.
 */
static int
is_length_right(const struct mbox *m, off_t end)
{
	char octets[SOURCE_CHUNK];
	ssize_t got;
	struct span rest;

	if (end > m->size)
		return 0;
	got = read_chunk(m, end, octets);
	if (got < 0)
		return -1;
	rest = (struct span){octets, (size_t)got};
	if (field_classify(span_upto(rest, field_line_length(rest))) ==
	    FIELD_EMPTY)
		rest = span_from(rest, field_line_length(rest));
	return !rest.len || mbox_is_one(rest);
}

/* Moves to the start of the body, reading Content-Length on the way. */
static int
find_body(struct lines *l, bool *has_length, uint64_t *length)
{
	struct span line;

	*has_length = false;
	for (;;) {
		if (next_line(l, &line) < 0)
			return -1;
		if (!line.p || field_classify(line) == FIELD_EMPTY)
			return 0;
		if (content_length(line, length))
			*has_length = true;
	}
}

/* Moves to the next separator, or the end of the file, and sets *next to its
 * offset and *end to where the message before it ends. */
static int
find_separator(struct lines *l, off_t *end, off_t *next)
{
	off_t before = l->at; /* of the empty line */
	bool after_empty = true;
	struct span line;

	for (;;) {
		off_t here = l->at;

		if (next_line(l, &line) < 0)
			return -1;
		if (!line.p) {
			*end = after_empty ? before : here;
			*next = here;
			return 0;
		}
		if (after_empty && is_separator(line)) {
			*end = before;
			*next = here;
			return 0;
		}
		after_empty = field_classify(line) == FIELD_EMPTY;
		before = here;
	}
}

/* Finds the end of the message that starts at l->at, and the next one. */
static int
find_end(struct mbox *m, struct lines *l, off_t *end, off_t *next)
{
	uint64_t length = 0;
	bool has_length;
	int right = 0;

	if (find_body(l, &has_length, &length) < 0)
		return -1;
	if (has_length)
		right = is_length_right(m, l->at + (off_t)length);
	m->is_quoted = !right;
	if (right < 0)
		return -1;
	if (!right)
		return find_separator(l, end, next);
	*end = l->at + (off_t)length;
	l->at = *end;
	l->len = 0;
	l->cut = false;
	l->chunk = l->at;
	return find_separator(l, next, next);
}

int
mbox_next(struct mbox *m, struct source *message)
{
	struct lines l = {.m = m, .at = m->at, .chunk = m->at};
	off_t start = m->at, end, next;

	if (start >= m->size)
		return 0;
	if (find_end(m, &l, &end, &next) < 0)
		return -1;
	source_range(message, m->fd, start, end, m->is_quoted ? m->room : NULL);
	m->at = next;
	return 1;
}
