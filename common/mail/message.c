/* message: read the header of a message, pass its body on, write it back. */
/* SPDX-License-Identifier: ISC */

#include "mail/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limit.h"

/* The state of reading a header. It has offsets, because buf moves its octets
 * as it grows. */
struct reader {
	struct message *m;
	struct buf buf;
	size_t at;     /* octets of whole lines taken so far */
	size_t mbox;   /* octets of mbox lines */
	size_t fields; /* number of fields so far */
	bool at_eof, done;
};

static struct span
unread(const struct reader *r)
{
	return span_from(buf_span(&r->buf), r->at);
}

/* Takes one whole line, or sets done at the end of the header. */
static void
take_line(struct reader *r, size_t len)
{
	switch (field_classify(span_upto(unread(r), len))) {
	case FIELD_START:
		r->fields++;
		break;
	case FIELD_CONTINUATION:
		r->done = r->fields == 0;
		break;
	case FIELD_MBOX:
		r->done = r->fields > 0;
		r->mbox = r->done ? r->mbox : r->at + len;
		break;
	case FIELD_EMPTY:
	case FIELD_OTHER:
		r->done = true;
		break;
	}
	if (!r->done)
		r->at += len;
}

static void
take_lines(struct reader *r)
{
	while (!r->done) {
		size_t len = field_line_length(unread(r));

		if (!len && r->at_eof)
			len = unread(r).len;
		if (!len)
			break;
		take_line(r, len);
	}
}

static bool
is_too_large(const struct reader *r)
{
	return r->at - r->mbox > LIMIT_HEADER || r->mbox > LIMIT_HEADER ||
	    (!r->done && r->buf.len - r->mbox > LIMIT_HEADER + SOURCE_CHUNK) ||
	    r->fields > LIMIT_HEADER_FIELDS;
}

/* Reads until the header ends or is too large, or the input ends. Only new
 * octets are searched for an LF: the incomplete line before them has none. */
static int
read_header(struct reader *r)
{
	size_t searched = 0;

	while (!r->done && !r->at_eof && !is_too_large(r)) {
		char *room = buf_room(&r->buf, SOURCE_CHUNK);
		ssize_t got = source_read(r->m->source, room, SOURCE_CHUNK);

		if (got < 0)
			return -1;
		r->buf.len += (size_t)got;
		r->at_eof = got == 0;
		if (r->at_eof ||
		    memchr(r->buf.p + searched, '\n', r->buf.len - searched))
			take_lines(r);
		searched = r->buf.len;
	}
	return 0;
}

static int
compare_names(const void *va, const void *vb)
{
	struct span a = (*(struct field *const *)va)->name;
	struct span b = (*(struct field *const *)vb)->name;

	return span_casecmp(a, b);
}

/* Orders fields by name, those of one name from top to bottom. */
static int
compare_fields(const void *va, const void *vb)
{
	int d = compare_names(va, vb);
	const struct field *a = *(struct field *const *)va;
	const struct field *b = *(struct field *const *)vb;

	return d ? d : (a > b) - (a < b);
}

/* Sorts the fields by name, and sets name_id, above and the table for
 * message_lowest(). A sender cannot choose names that make this slow, as with
 * a hash table. */
static void
index_names(struct message *m)
{
	struct field **order =
	    ARENA_ARRAY(m->arena, struct field *, m->nfields);

	for (size_t i = 0; i < m->nfields; i++)
		order[i] = &m->fields[i];
	qsort(order, m->nfields, sizeof(struct field *), compare_fields);
	m->names = ARENA_ARRAY(m->arena, struct message_name, m->nfields);
	for (size_t i = 0; i < m->nfields; i++) {
		bool same = i && !compare_names(&order[i - 1], &order[i]);

		m->nnames += !same;
		order[i]->above =
		    same ? (uint32_t)(order[i - 1] - m->fields) : UINT32_MAX;
		order[i]->name_id = (uint32_t)m->nnames - 1;
		m->names[m->nnames - 1] = (struct message_name){
		    order[i]->name, (uint32_t)(order[i] - m->fields)};
	}
}

/* Splits the octets of the header, whose lines take_line() has classified, into
 * fields. */
static void
split_fields(struct message *m, struct span header, size_t fields)
{
	m->fields = ARENA_ARRAY(m->arena, struct field, fields);
	while (header.len) {
		size_t len = 0;

		do {
			struct span rest = span_from(header, len);
			size_t line = field_line_length(rest);

			len += line ? line : rest.len;
		} while (len < header.len && ascii_is_wsp(header.p[len]));
		m->fields[m->nfields++] = field_split(span_upto(header, len));
		header = span_from(header, len);
	}
	index_names(m);
}

/* The line end of the first line of a text. */
static const char *
eol_of(struct span text)
{
	size_t n = span_find(text, '\n');

	return n && n < text.len && text.p[n - 1] == '\r' ? "\r\n" : "\n";
}

/* Can an incomplete first line be the beginning of a field? */
static bool
may_be_field(struct span line)
{
	size_t n = 0;

	if (!line.len || field_classify(line) != FIELD_OTHER)
		return !line.len || !ascii_is_wsp(line.p[0]);
	while (n < line.len && ascii_is_ftext(line.p[n]))
		n++;
	while (n && n < line.len && ascii_is_wsp(line.p[n]))
		n++;
	return n == line.len;
}

static enum message_status
finish(struct reader *r)
{
	struct message *m = r->m;

	m->head = buf_span(&r->buf);
	m->mbox = span_upto(m->head, r->mbox);
	m->eol = eol_of(m->head);
	m->field_eol = eol_of(span_from(m->head, r->mbox));
	if (!m->head.len)
		return MESSAGE_EMPTY;
	if (!r->fields && (r->done || r->at_eof || !may_be_field(unread(r))))
		return MESSAGE_NO_FIELD;
	if (is_too_large(r) || !r->fields) {
		m->too_large = true;
		m->body = span_from(m->head, r->mbox);
		return MESSAGE_TOO_LARGE;
	}
	m->body = span_from(m->head, r->at);
	m->separator = span_upto(m->body, field_line_length(m->body));
	if (field_classify(m->separator) != FIELD_EMPTY)
		m->separator.len = 0;
	m->body = span_from(m->body, m->separator.len);
	split_fields(m, span_between(m->mbox.p + m->mbox.len, m->separator.p),
	    r->fields);
	return MESSAGE_OK;
}

enum message_status
message_read(struct message *m, struct source *source, struct arena *a)
{
	struct reader r = {.m = m, .buf = BUF(a)};

	*m = (struct message){.arena = a, .source = source};
	if (read_header(&r) < 0)
		return MESSAGE_READ;
	return finish(&r);
}

/* How data of other kinds begin, and what makes a message of them. */
static const struct {
	struct span octets;
	const char *words;
} beginnings[] = {
    {{"\037\213", 2}, "it is compressed by gzip: use zcat"}, /* RFC 1952 */
    {{"BZh", 3}, "it is compressed by bzip2: use bzcat"},
    {{"\3757zXZ\0", 6}, "it is compressed by xz: use xzcat"},
    {{"(\265/\375", 4}, "it is compressed by zstd: use zstdcat"}, /* RFC 8878 */
    {{"PK\003\004", 4}, "it is a zip archive: use unzip -p"},
    /* RFC 3629 6 */
    {{"\357\273\277", 3}, "it begins with a byte order mark"},
    /* RFC 2781 3.2 */
    {{"\376\377", 2}, "it is in UTF-16: use iconv -f UTF-16 -t UTF-8"},
    {{"\377\376", 2}, "it is in UTF-16: use iconv -f UTF-16 -t UTF-8"},
};

/* Is every second octet of the first ones, and no other, a NUL? */
static bool
has_nuls(struct span text, size_t first)
{
	size_t n = text.len < 64 ? text.len : 64;

	for (size_t i = 0; i < n; i++)
		if ((text.p[i] == '\0') != (i % 2 == first))
			return false;
	return n >= 4;
}

/* Does a quoted field or mbox line begin here? */
static bool
is_quoted(struct span text)
{
	enum field_line line = FIELD_OTHER;

	if (span_starts(text, SPAN("> ")))
		line = field_classify(span_from(text, 2));
	return line == FIELD_START || line == FIELD_MBOX;
}

const char *
message_beginning(const struct message *m)
{
	struct span rest = span_from(m->head, m->mbox.len);
	size_t len = field_line_length(rest);
	struct span line = span_upto(rest, len ? len : rest.len);

	for (size_t i = 0; i < COUNT(beginnings); i++)
		if (span_starts(rest, beginnings[i].octets))
			return beginnings[i].words;
	if (has_nuls(rest, 1))
		return "it is in UTF-16: use iconv -f UTF-16LE -t UTF-8";
	if (has_nuls(rest, 0))
		return "it is in UTF-16: use iconv -f UTF-16BE -t UTF-8";
	if (is_quoted(line))
		return "it is quoted with '> ': use sed 's/^> //'";
	if (len && field_classify(line) == FIELD_EMPTY)
		return "it begins with an empty line";
	return "it does not begin with a field";
}

static void
put_all(struct sink *const *sinks, size_t n, struct span octets)
{
	for (size_t i = 0; i < n; i++)
		sink_put(sinks[i], octets);
}

/* Reads the body into the sinks, and into the spool or the checksum. */
static int
flow(struct message *m, struct sink *const *sinks, size_t n, bool keep)
{
	char chunk[SOURCE_CHUNK];
	ssize_t got;

	put_all(sinks, n, m->body);
	while ((got = source_read(m->source, chunk, sizeof(chunk))) > 0) {
		struct span octets = {chunk, (size_t)got};

		put_all(sinks, n, octets);
		if (keep && !m->spool)
			checksum_add(&m->first, octets);
		if (m->spool)
			sink_put(spool_sink(m->spool), octets);
	}
	for (size_t i = 0; i < n; i++)
		sink_end(sinks[i]);
	return got < 0 ? -1 : 0;
}

int
message_body(struct message *m, struct sink *const *sinks, size_t n, bool keep)
{
	if (keep && !m->source->can_reread)
		m->spool = spool_new();
	if (flow(m, sinks, n, keep) < 0)
		return -1;
	return m->spool ? spool_finish(m->spool) : 0;
}

/* Writes the rest of the body by reading the file again. */
static int
reread(const struct message *m, struct sink *out)
{
	char chunk[SOURCE_CHUNK];
	off_t at = (off_t)m->head.len;
	struct checksum second = {.parts = 0};
	ssize_t got;

	while (at < m->source->taken) {
		got = source_reread(m->source, at, chunk, sizeof(chunk));
		if (got < 0)
			return -1;
		if (!got) {
			errno = ESTALE;
			return -1;
		}
		sink_put(out, (struct span){chunk, (size_t)got});
		checksum_add(&second, (struct span){chunk, (size_t)got});
		at += got;
	}
	if (!checksum_eq(&m->first, &second)) {
		errno = ESTALE;
		return -1;
	}
	return source_unchanged(m->source);
}

int
message_write(
    struct message *m, struct span added, struct sink *out, struct sink *strip)
{
	struct sink *rest = strip ? strip : out;
	int failed;

	sink_put(out, m->mbox);
	sink_put(out, added);
	for (size_t i = 0; i < m->nfields; i++)
		if (!m->fields[i].dropped)
			sink_put(out, m->fields[i].raw);
	sink_put(rest, m->separator);
	sink_put(rest, m->body);
	failed = m->spool ? spool_replay(m->spool, rest) : reread(m, rest);
	sink_end(rest);
	if (rest != out)
		sink_end(out);
	return failed;
}

static bool
has_bare_lf(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] == '\n' && (!i || text.p[i - 1] != '\r'))
			return true;
	return false;
}

const char *
message_header_eol(const struct message *m)
{
	if (m->too_large)
		return m->field_eol;
	if (!m->mbox.len && m->eol[0] == '\n') /* of the added lines */
		return m->eol;
	for (size_t i = 0; i < m->nfields; i++)
		if (!m->fields[i].dropped && has_bare_lf(m->fields[i].raw))
			return "\n";
	return "\r\n";
}

bool
message_header_unterminated(const struct message *m)
{
	if (!m->separator.len)
		return m->body.len > 0;
	return m->separator.p[0] == '\r' && message_header_eol(m)[0] == '\n';
}

void
message_free(struct message *m)
{
	spool_free(m->spool);
	m->spool = NULL;
}

const struct field *
message_lowest(const struct message *m, struct span name)
{
	struct field key = {.name = name}, *wanted = &key, *probe = &key;
	size_t low = 0, high = m->nnames;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d;

		probe = &m->fields[m->names[middle].lowest];
		d = compare_names(&wanted, &probe);
		if (!d)
			return probe;
		if (d < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct field *
message_above(const struct message *m, const struct field *f)
{
	return f->above == UINT32_MAX ? NULL : &m->fields[f->above];
}

size_t
message_count(const struct message *m, struct span name)
{
	const struct field *f = message_lowest(m, name);
	size_t n = 0;

	for (; f; f = message_above(m, f))
		n++;
	return n;
}
