/* zip: the directory of a zip archive, and its members. */
/* SPDX-License-Identifier: ISC */

/* The sections are those of APPNOTE.TXT 6.3.10. All numbers are little-endian
 * (4.4.1.1). */

#include "base/zip.h"

#include <string.h>
#include <zlib.h>

#define CHUNK 4096u

/* Octets of the headers before their texts: 4.3.7, 4.3.12, 4.3.16. */
#define LOCAL_SIZE 30u
#define ENTRY_SIZE 46u
#define END_SIZE   22u

/* The comment of an archive has up to so many octets (4.4.12), and others may
 * follow an archive without one. */
#define END_SEARCHED (END_SIZE + 65535u)

/* 4.4.4: encrypted; strong encryption; the headers are encrypted. */
#define FLAGS_ENCRYPTED (1u | 1u << 6 | 1u << 13)

enum {
	STORED = 0,
	DEFLATED = 8
}; /* 4.4.5 */

/* 4.4.1.4: these values say that a field of zip64 has the right one. */
#define IN_ZIP64_16 0xffffu
#define IN_ZIP64_32 0xffffffffu

const struct zip_reason_text zip_reasons[] = {
#define ZIP_REASON_TEXT(name, id, words) [ZIP_##name] = {id, words},
    ZIP_REASONS(ZIP_REASON_TEXT)};

static unsigned
u16(const char *p)
{
	return (unsigned char)p[0] | (unsigned)(unsigned char)p[1] << 8;
}

static uint32_t
u32(const char *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static bool
is_signature(const char *p, const char *kind)
{
	return p[0] == 'P' && p[1] == 'K' && p[2] == kind[0] && p[3] == kind[1];
}

static int
read_at(const struct zip *z, uint64_t at, char *p, size_t n)
{
	return z->file->read(z->file, at, p, n);
}

/* Is there an entry of the directory? */
static bool
is_entry(const struct zip *z, uint64_t at)
{
	char p[4];

	return at <= z->file->size - sizeof(p) &&
	    read_at(z, at, p, sizeof(p)) == 0 && is_signature(p, "\1\2");
}

/* Finds the directory: right before its end record, or, where records of zip64
 * are between them, at the offset that is given. */
static bool
place_directory(struct zip *z, uint64_t end_record, uint64_t size, uint64_t at)
{
	if (size > end_record)
		return false;
	z->directory = end_record - size;
	if (!is_entry(z, z->directory) && at < z->directory && is_entry(z, at))
		z->directory = at;
	if (at > z->directory)
		return false;
	z->start = z->directory - at;
	z->next = z->directory;
	z->directory_end = z->directory + size;
	return true;
}

/* Takes the end record p at an offset (4.3.16), whose comment is in the
 * file. */
static enum zip_reason
take_end(struct zip *z, uint64_t at, const char *p, unsigned max)
{
	unsigned entries = u16(p + 10);

	z->end = at + END_SIZE + u16(p + 20);
	if (entries == IN_ZIP64_16 || u32(p + 12) == IN_ZIP64_32 ||
	    u32(p + 16) == IN_ZIP64_32)
		return ZIP_ZIP64;
	if (u16(p + 4) || u16(p + 6) || u16(p + 8) != entries)
		return ZIP_VOLUMES;
	if (!entries)
		return ZIP_EMPTY;
	if (!place_directory(z, at, u32(p + 12), u32(p + 16)))
		return ZIP_OFFSETS;
	if (entries > max)
		return ZIP_TOO_MANY;
	z->entries = z->left = entries;
	z->unread = z->directory - z->start;
	return ZIP_OK;
}

/* The last end record in n octets at an offset, whose comment is in the file:
 * its index, or n. */
static size_t
last_end(const struct zip *z, uint64_t at, const char *p, size_t n)
{
	for (size_t i = n - END_SIZE + 1; i-- > 0;)
		if (is_signature(p + i, "\5\6") &&
		    at + i + END_SIZE + u16(p + i + 20) <= z->file->size)
			return i;
	return n;
}

/* Searches from the end of the file on for the end record. */
enum zip_reason
zip_open(struct zip *z, const struct zip_file *file, unsigned max)
{
	uint64_t to = file->size, floor = 0;
	char p[CHUNK];

	*z = (struct zip){.file = file};
	if (to > END_SEARCHED)
		floor = to - END_SEARCHED;
	while (to >= floor + END_SIZE) {
		size_t n = to - floor < CHUNK ? (size_t)(to - floor) : CHUNK, i;

		if (read_at(z, to - n, p, n) < 0)
			return ZIP_IO;
		i = last_end(z, to - n, p, n);
		if (i < n)
			return take_end(z, to - n + i, p + i, max);
		/* A record may begin here and end in what was searched. */
		to = to - n + END_SIZE - 1;
	}
	return ZIP_CUT_OFF;
}

uint64_t
zip_trailing(const struct zip *z)
{
	return z->file->size - z->end;
}

/* Reads the name of n octets, or the beginning of it. */
static int
read_name(const struct zip *z, uint64_t at, size_t n, struct zip_member *m)
{
	size_t room = LIMIT_ZIP_NAME - 1, take = n <= room ? n : room;
	char last = '\0';

	if (read_at(z, at, m->name, take) < 0 ||
	    (n && read_at(z, at + n - 1, &last, 1) < 0))
		return -1;
	if (take < n)
		memcpy(m->name + room - 3, "...", 3);
	m->name[take] = '\0';
	m->name_len = take;
	m->is_directory = last == '/' && !m->unpacked;
	return 0;
}

/* An entry without its texts (4.3.12). */
static void
take_entry(const struct zip *z, const char *p, struct zip_member *m)
{
	*m = (struct zip_member){
	    .flags = u16(p + 8),
	    .method = u16(p + 10),
	    .crc = u32(p + 16),
	    .packed = u32(p + 20),
	    .unpacked = u32(p + 24),
	    .at = z->start + u32(p + 42),
	};
}

enum zip_reason
zip_next(struct zip *z, struct zip_member *m)
{
	char p[ENTRY_SIZE];
	uint64_t size = ENTRY_SIZE, left = z->directory_end - z->next;

	if (left < size)
		return ZIP_DIRECTORY;
	if (read_at(z, z->next, p, sizeof(p)) < 0)
		return ZIP_IO;
	size += u16(p + 28) + u16(p + 30) + u16(p + 32);
	/* An entry more or less than the end record says is not skipped. */
	if (!is_signature(p, "\1\2") || left < size ||
	    (z->left == 1 && left != size))
		return ZIP_DIRECTORY;
	take_entry(z, p, m);
	if (u32(p + 20) == IN_ZIP64_32 || u32(p + 24) == IN_ZIP64_32 ||
	    u32(p + 42) == IN_ZIP64_32)
		return ZIP_ZIP64;
	if (read_name(z, z->next + ENTRY_SIZE, u16(p + 28), m) < 0)
		return ZIP_IO;
	z->next += size;
	z->left--;
	return ZIP_OK;
}

/* Finds the octets of a member, after its own header (4.3.7). Sizes and
 * checksum there may be 0, if they follow the octets (4.4.4, bit 3). */
static enum zip_reason
find_octets(struct zip *z, const struct zip_member *m, uint64_t *at)
{
	char p[LOCAL_SIZE];
	uint64_t size;

	if (m->flags & FLAGS_ENCRYPTED)
		return ZIP_ENCRYPTED;
	if (m->method != STORED && m->method != DEFLATED)
		return ZIP_METHOD;
	if (m->at > z->directory || z->directory - m->at < LOCAL_SIZE)
		return ZIP_OUTSIDE;
	if (read_at(z, m->at, p, sizeof(p)) < 0)
		return ZIP_IO;
	if (!is_signature(p, "\3\4") || u16(p + 8) != m->method)
		return ZIP_LOCAL;
	*at = m->at + LOCAL_SIZE + u16(p + 26) + u16(p + 28);
	if (*at > z->directory || m->packed > z->directory - *at)
		return ZIP_OUTSIDE;
	/* So the time to read all is bounded by the size of the archive. */
	size = *at - m->at + m->packed;
	if (size > z->unread)
		return ZIP_OVERLAP;
	z->unread -= size;
	return ZIP_OK;
}

/* What passes on its way to the sink: its size and checksum (4.4.7). */
struct check {
	struct sink sink; /* first member, so that a sink is a check */
	struct sink *to;
	uint64_t size;
	uLong crc;
};

static void
check_put(struct sink *self, const char *p, size_t n)
{
	struct check *c = (struct check *)self;

	c->size += n;
	c->crc = crc32_z(c->crc, (const Bytef *)p, n);
	sink_put(c->to, (struct span){p, n});
}

static void
check_end(struct sink *self)
{
	(void)self;
}

/* Copies octets, as many as the budget allows. */
static enum zip_reason
stored(const struct zip *z, uint64_t at, uint64_t n, struct sink *to,
    struct budget *budget)
{
	bool fits = n <= budget->left;
	char p[CHUNK];

	if (!fits)
		n = budget->left;
	budget->left -= n;
	while (n) {
		size_t piece = n < sizeof(p) ? (size_t)n : sizeof(p);

		if (read_at(z, at, p, piece) < 0)
			return ZIP_IO;
		sink_put(to, (struct span){p, piece});
		at += piece;
		n -= piece;
	}
	return fits ? ZIP_OK : ZIP_TOO_LARGE;
}

static enum zip_reason
deflated(const struct zip *z, uint64_t at, uint64_t n, struct inflate *f)
{
	char p[CHUNK];

	while (n && !inflate_is_over(f)) {
		size_t piece = n < sizeof(p) ? (size_t)n : sizeof(p);

		if (read_at(z, at, p, piece) < 0)
			return ZIP_IO;
		sink_put(inflate_sink(f), (struct span){p, piece});
		at += piece;
		n -= piece;
	}
	switch (inflate_outcome(f)) {
	case INFLATE_OK:
		return ZIP_OK;
	case INFLATE_TOO_LARGE:
		return ZIP_TOO_LARGE;
	case INFLATE_TRAILING:
		return ZIP_SIZE;
	default:
		return ZIP_DATA;
	}
}

enum zip_reason
zip_unpack(struct zip *z, const struct zip_member *m, struct inflate *f,
    struct sink *to, struct budget *budget)
{
	struct check check = {
	    .sink = {check_put, check_end}, .to = to, .crc = crc32(0, NULL, 0)};
	uint64_t at;
	enum zip_reason why = find_octets(z, m, &at);

	if (why)
		return why;
	if (m->method == STORED) {
		why = stored(z, at, m->packed, &check.sink, budget);
	} else {
		inflate_begin(f, INFLATE_RAW, &check.sink, budget);
		why = deflated(z, at, m->packed, f);
	}
	if (why)
		return why;
	if (check.size != m->unpacked)
		return ZIP_SIZE;
	return check.crc == m->crc ? ZIP_OK : ZIP_CRC;
}
