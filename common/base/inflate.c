/* inflate: gzip and deflate by zlib, in constant memory, within a budget. */
/* SPDX-License-Identifier: ISC */

#include "base/inflate.h"

#include <assert.h>
#include <stdlib.h>

#define ZLIB_CONST
#include <zlib.h>

#define CHUNK (32u << 10) /* octets that come out at once */

/* windowBits of inflateInit2(): the largest window, and what is around it. */
#define BITS_GZIP (16 + MAX_WBITS)
#define BITS_RAW  (-MAX_WBITS)

/* RFC 1952 2.3.1: ID1 and ID2, with which a member begins. */
static const char id1 = '\x1f', id2 = '\x8b';

enum state {
	IN_MEMBER,
	AFTER_MEMBER,
	AFTER_ID1, /* after a member, ID1 was put: another one may begin */
	TRAILING,
	BAD,
	TOO_LARGE
};

struct inflate {
	struct sink sink; /* first member, so that a sink is an inflate */
	struct sink *to;
	struct budget *budget;
	enum inflate_format format;
	enum state state;
	uint64_t taken; /* octets that zlib has read, of all members */
	z_stream z;
	char out[CHUNK];
};

/* Memory that runs out ends the program. */
static voidpf
allocate(voidpf opaque, uInt items, uInt size)
{
	(void)opaque;
	return arena_malloc((size_t)items * size);
}

static void
release(voidpf opaque, voidpf p)
{
	(void)opaque;
	free(p);
}

/* The room for the next octets: one more than the budget, to learn whether the
 * stream has as many. */
static uInt
room_for(const struct budget *b)
{
	return b->left < CHUNK ? (uInt)b->left + 1 : CHUNK;
}

/* Passes on what came out. Returns false if that was more than was left. */
static bool
pass_on(struct inflate *f, size_t n)
{
	bool fits = n <= f->budget->left;

	if (!fits)
		n = (size_t)f->budget->left;
	f->budget->left -= n;
	sink_put(f->to, (struct span){f->out, n});
	return fits;
}

/* Inflates what fits into the room. Returns false if there is no more to come
 * from the input that zlib has. */
static bool
step(struct inflate *f)
{
	uInt room = room_for(f->budget), before = f->z.avail_in;
	int rc;

	f->z.next_out = (Bytef *)f->out;
	f->z.avail_out = room;
	rc = inflate(&f->z, Z_NO_FLUSH);
	f->taken += before - f->z.avail_in;
	if (!pass_on(f, room - f->z.avail_out))
		f->state = TOO_LARGE;
	else if (rc == Z_STREAM_END)
		f->state = AFTER_MEMBER;
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		f->state = BAD;
	return f->state == IN_MEMBER && rc == Z_OK &&
	    (f->z.avail_in || !f->z.avail_out);
}

/* Inflates octets of a member. Returns how many were its own. */
static size_t
member(struct inflate *f, const char *p, size_t n)
{
	uInt given = n < 1u << 30 ? (uInt)n : 1u << 30;

	f->z.next_in = (const Bytef *)p;
	f->z.avail_in = given;
	while (step(f))
		continue;
	return given - f->z.avail_in;
}

/* RFC 1952 2.2: members follow each other with nothing between them. Returns
 * how many octets were looked at. */
static size_t
between(struct inflate *f, char c)
{
	if (f->state == AFTER_MEMBER && f->format == INFLATE_GZIP && c == id1) {
		f->state = AFTER_ID1;
		return 1;
	}
	if (f->state == AFTER_ID1 && c == id2) {
		inflateReset(&f->z);
		f->state = IN_MEMBER;
		member(f, &id1, 1);
		return 0;
	}
	f->state = TRAILING;
	return 0;
}

bool
inflate_is_over(const struct inflate *f)
{
	return f->state == TRAILING || f->state == BAD || f->state == TOO_LARGE;
}

static void
inflate_put(struct sink *self, const char *p, size_t n)
{
	struct inflate *f = (struct inflate *)self;

	while (n && !inflate_is_over(f)) {
		size_t used =
		    f->state == IN_MEMBER ? member(f, p, n) : between(f, *p);

		p += used;
		n -= used;
	}
}

static void
inflate_end(struct sink *self)
{
	(void)self;
}

static int
bits(enum inflate_format format)
{
	return format == INFLATE_GZIP ? BITS_GZIP : BITS_RAW;
}

struct inflate *
inflate_new(void)
{
	struct inflate *f = arena_malloc(sizeof(*f));
	int rc;

	f->sink = (struct sink){inflate_put, inflate_end};
	f->z = (z_stream){.zalloc = allocate, .zfree = release};
	rc = inflateInit2(&f->z, BITS_GZIP);
	assert(rc == Z_OK); /* else this zlib is not that of zlib.h */
	return f;
}

void
inflate_free(struct inflate *f)
{
	if (!f)
		return;
	inflateEnd(&f->z);
	free(f);
}

void
inflate_begin(struct inflate *f, enum inflate_format format, struct sink *to,
    struct budget *budget)
{
	/* It keeps its window, which is as large for both formats. */
	int rc = inflateReset2(&f->z, bits(format));

	assert(rc == Z_OK);
	f->format = format;
	f->to = to;
	f->budget = budget;
	f->state = IN_MEMBER;
	f->taken = 0;
}

struct sink *
inflate_sink(struct inflate *f)
{
	return &f->sink;
}

enum inflate_outcome
inflate_outcome(const struct inflate *f)
{
	static const enum inflate_outcome outcome[] = {
	    [IN_MEMBER] = INFLATE_CUT_OFF,
	    [AFTER_MEMBER] = INFLATE_OK,
	    [AFTER_ID1] = INFLATE_TRAILING,
	    [TRAILING] = INFLATE_TRAILING,
	    [BAD] = INFLATE_BAD,
	    [TOO_LARGE] = INFLATE_TOO_LARGE,
	};

	return outcome[f->state];
}

uint64_t
inflate_offset(const struct inflate *f)
{
	return f->taken;
}

const char *
inflate_words(const struct inflate *f)
{
	return f->state == BAD && f->z.msg ? f->z.msg : "";
}
