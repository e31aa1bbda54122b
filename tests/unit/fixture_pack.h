/* fixture_pack: gzip, deflate and zip archives for tests. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_PACK_H
#define FIXTURE_PACK_H

#include <assert.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/buf.h"

enum {
	PACK_GZIP = 31,
	PACK_RAW = -15
};

/* Returns s as gzip, or as deflate alone. */
static inline struct span
pack(struct span s, int bits, struct arena *a)
{
	z_stream z = {0};
	size_t room = s.len + s.len / 8 + 128;
	char *p = arena_alloc(a, room);
	int rc = deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);

	assert(rc == Z_OK);
	z.next_in = (const Bytef *)s.p;
	z.avail_in = (uInt)s.len;
	z.next_out = (Bytef *)p;
	z.avail_out = (uInt)room;
	rc = deflate(&z, Z_FINISH);
	assert(rc == Z_STREAM_END);
	deflateEnd(&z);
	return (struct span){p, room - z.avail_out};
}

static inline struct span
gzip_of(struct span s, struct arena *a)
{
	return pack(s, PACK_GZIP, a);
}

static inline void
buf_u16(struct buf *b, unsigned n)
{
	buf_char(b, (char)(n & 0xff));
	buf_char(b, (char)(n >> 8 & 0xff));
}

static inline void
buf_u32(struct buf *b, size_t n)
{
	buf_u16(b, (unsigned)(n & 0xffff));
	buf_u16(b, (unsigned)(n >> 16 & 0xffff));
}

struct pack_member {
	const char *name;
	struct span octets;
	unsigned method; /* 0 or 8; others are written as 0 */
	unsigned flags;  /* 8: sizes follow the octets */
};

/* The fields that both headers of a member have. */
static inline void
pack_fields(
    struct buf *b, const struct pack_member *m, struct span packed, bool sized)
{
	uLong crc = crc32_z(0, (const Bytef *)m->octets.p, m->octets.len);

	buf_u16(b, 20);
	buf_u16(b, m->flags);
	buf_u16(b, m->method);
	buf_u32(b, 0); /* time and date */
	buf_u32(b, sized ? crc : 0);
	buf_u32(b, sized ? packed.len : 0);
	buf_u32(b, sized ? m->octets.len : 0);
	buf_u16(b, (unsigned)strlen(m->name));
}

static inline void
pack_local(struct buf *b, const struct pack_member *m, struct span packed)
{
	uLong crc = crc32_z(0, (const Bytef *)m->octets.p, m->octets.len);

	buf_add(b, SPAN("PK\3\4"));
	pack_fields(b, m, packed, !(m->flags & 8));
	buf_u16(b, 4); /* an extra field */
	buf_str(b, m->name);
	buf_add(b, SPAN("UT\0\0"));
	buf_add(b, packed);
	if (m->flags & 8) {
		buf_add(b, SPAN("PK\7\10"));
		buf_u32(b, crc);
		buf_u32(b, packed.len);
		buf_u32(b, m->octets.len);
	}
}

static inline void
pack_entry(
    struct buf *b, const struct pack_member *m, struct span packed, size_t at)
{
	buf_add(b, SPAN("PK\1\2"));
	buf_u16(b, 20);
	pack_fields(b, m, packed, true);
	buf_u16(b, 0); /* extra field, comment, disk */
	buf_u16(b, 0);
	buf_u16(b, 0);
	buf_u16(b, 0); /* attributes */
	buf_u32(b, 0);
	buf_u32(b, at);
	buf_str(b, m->name);
}

static inline void
pack_end(struct buf *b, size_t n, size_t size, size_t at)
{
	buf_add(b, SPAN("PK\5\6"));
	buf_u32(b, 0); /* disks */
	buf_u16(b, (unsigned)n);
	buf_u16(b, (unsigned)n);
	buf_u32(b, size);
	buf_u32(b, at);
	buf_u16(b, 0); /* comment */
}

/* Returns a zip of n members. */
static inline struct span
zip_of(const struct pack_member *m, size_t n, struct arena *a)
{
	struct buf b = BUF(a), directory = BUF(a);
	struct span entries;

	for (size_t i = 0; i < n; i++) {
		struct span packed = m[i].method == 8
		    ? pack(m[i].octets, PACK_RAW, a)
		    : m[i].octets;

		pack_entry(&directory, &m[i], packed, b.len);
		pack_local(&b, &m[i], packed);
	}
	entries = buf_span(&directory);
	n = n & 0xffff;
	{
		size_t at = b.len;

		buf_add(&b, entries);
		pack_end(&b, n, entries.len, at);
	}
	return buf_span(&b);
}

/* Returns a zip of one deflated member. */
static inline struct span
zip_of_one(const char *name, struct span s, struct arena *a)
{
	struct pack_member m = {name, s, 8, 0};

	return zip_of(&m, 1, a);
}

/* Returns s with n octets at an offset replaced. */
static inline struct span
patched(struct span s, size_t at, const char *p, size_t n, struct arena *a)
{
	char *copy = arena_alloc(a, s.len + 1);

	assert(at + n <= s.len);
	memcpy(copy, s.p, s.len);
	memcpy(copy + at, p, n);
	return (struct span){copy, s.len};
}

#endif
