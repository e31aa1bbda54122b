/* arena: blocks that are filled from their start and released together. */
/* SPDX-License-Identifier: ISC */

#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/ascii.h"
#include "base/die.h"
#include "base/limit.h"

#define BLOCK ((size_t)256 << 10)
#define LARGE (BLOCK / 2) /* an allocation this large has its own block */

struct block {
	struct block *next;
	size_t size, used; /* octets of data */
	alignas(max_align_t) char data[];
};

/* Small blocks that an arena keeps to be used again, so that messages of common
 * sizes allocate nothing: one of 4 KB with one signature takes half a block. */
#define SPARES 4

struct arena {
	struct block *small; /* the first is being filled; NULL: none yet */
	struct block *spare; /* small blocks to be used next */
	struct block *large; /* one allocation each, newest first */
	size_t nspares;
	void *last;  /* the newest small allocation */
	size_t size; /* of all blocks but the spare ones */
};

/* The room for libraries was there when it was last looked for, and this
 * program has taken no memory since. */
static atomic_bool has_room;

void
arena_exhausted(void)
{
	die(EX_TEMPFAIL, "out of memory");
}

static void *
checked(void *p)
{
	if (!p)
		arena_exhausted();
	return p;
}

void *
arena_malloc(size_t size)
{
	atomic_store_explicit(&has_room, false, memory_order_relaxed);
	return checked(malloc(size ? size : 1));
}

void *
arena_realloc(void *p, size_t size)
{
	atomic_store_explicit(&has_room, false, memory_order_relaxed);
	return checked(realloc(p, size ? size : 1));
}

/* Not malloc(): it may keep what is freed, or serve it from its own heap. The
 * kernel takes longer for this than for a signature's hash, so that it is not
 * done again while nothing was allocated. */
void
arena_probe(void)
{
	void *p;

	if (atomic_exchange_explicit(&has_room, true, memory_order_relaxed))
		return;
	p = mmap(NULL, LIMIT_HEADROOM, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		arena_exhausted();
	munmap(p, LIMIT_HEADROOM);
}

static struct block *
block_new(size_t size, struct block *next)
{
	struct block *b = arena_malloc(sizeof(*b) + size);

	*b = (struct block){.next = next, .size = size};
	return b;
}

static struct block *
add_large(struct arena *a, size_t size)
{
	a->large = block_new(size, a->large);
	a->size += size;
	return a->large;
}

/* Begins another small block: one that is spare, if there is one. */
static void
add_small(struct arena *a)
{
	struct block *b = a->spare;

	if (b) {
		a->spare = b->next;
		a->nspares--;
		b->next = a->small;
		b->used = 0;
	} else {
		b = block_new(BLOCK, a->small);
	}
	a->small = b;
	a->size += BLOCK;
}

static void
block_free_all(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

struct arena *
arena_new(void)
{
	return checked(calloc(1, sizeof(struct arena)));
}

void
arena_free(struct arena *a)
{
	if (!a)
		return;
	block_free_all(a->small);
	block_free_all(a->spare);
	block_free_all(a->large);
	free(a);
}

/* Keeps the small blocks but the first as spare ones, as many as there may
 * be. */
static void
keep_spares(struct arena *a)
{
	while (a->small->next && a->nspares < SPARES) {
		struct block *b = a->small->next;

		a->small->next = b->next;
		b->next = a->spare;
		a->spare = b;
		a->nspares++;
	}
}

void
arena_reset(struct arena *a)
{
	if (a->small) {
		keep_spares(a);
		block_free_all(a->small->next);
		a->small->next = NULL;
		a->small->used = 0;
	}
	block_free_all(a->large);
	a->large = NULL;
	a->last = NULL;
	a->size = a->small ? BLOCK : 0;
}

size_t
arena_size(const struct arena *a)
{
	return a->size;
}

static size_t
rounded(size_t size)
{
	size_t unit = alignof(max_align_t);

	if (size > SIZE_MAX / 2)
		arena_exhausted();
	return (size + unit - 1) / unit * unit;
}

/* Memory with undefined contents. */
static void *
raw(struct arena *a, size_t size)
{
	size = rounded(size ? size : 1);
	if (size >= LARGE)
		return add_large(a, size)->data;
	if (!a->small || a->small->size - a->small->used < size)
		add_small(a);
	a->last = a->small->data + a->small->used;
	a->small->used += size;
	return a->last;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(raw(a, size), 0, size);
}

/* The link of the list of large blocks that points to p's block. */
static struct block **
large_of(struct arena *a, const void *p)
{
	struct block **at = &a->large;

	while (*at && (*at)->data != p)
		at = &(*at)->next;
	assert(*at);
	return at;
}

static bool
grow_in_place(struct arena *a, const char *p, size_t size)
{
	size_t start = p == a->last ? (size_t)(p - a->small->data) : 0;

	size = rounded(size);
	if (p != a->last || size >= LARGE || a->small->size - start < size)
		return false;
	a->small->used = start + size;
	return true;
}

void *
arena_grow(struct arena *a, void *p, size_t old, size_t size)
{
	void *moved;

	if (p && rounded(old ? old : 1) >= LARGE) {
		struct block **at = large_of(a, p);

		a->size += rounded(size) - (*at)->size;
		*at = arena_realloc(*at, sizeof(**at) + rounded(size));
		(*at)->size = rounded(size);
		return (*at)->data;
	}
	if (p && grow_in_place(a, p, size))
		return p;
	moved = raw(a, size);
	if (p && old)
		memcpy(moved, p, old);
	return moved;
}

struct span
arena_span(struct arena *a, struct span s)
{
	return s.p ? (struct span){arena_cstr(a, s), s.len} : s;
}

char *
arena_cstr(struct arena *a, struct span s)
{
	char *copy = raw(a, s.len + 1);

	if (s.len)
		memcpy(copy, s.p, s.len);
	copy[s.len] = '\0';
	return copy;
}

struct span
arena_lower(struct arena *a, struct span s)
{
	char *copy;

	if (!s.p)
		return s;
	copy = arena_cstr(a, s);
	for (size_t i = 0; i < s.len; i++)
		copy[i] = ascii_lower(copy[i]);
	return (struct span){copy, s.len};
}

struct span
arena_without(struct arena *a, struct span s, bool (*is)(char c))
{
	size_t n = 0;
	char *copy;

	if (!s.p)
		return s;
	copy = arena_cstr(a, s);
	for (size_t i = 0; i < s.len; i++)
		if (!is(s.p[i]))
			copy[n++] = s.p[i];
	copy[n] = '\0';
	return (struct span){copy, n};
}

struct span
arena_join(struct arena *a, const struct span *text, size_t n)
{
	size_t len = 0, at = 0;
	char *joined;

	for (size_t i = 0; i < n; i++)
		len += text[i].len;
	joined = raw(a, len + 1);
	for (size_t i = 0; i < n; at += text[i++].len)
		if (text[i].len)
			memcpy(joined + at, text[i].p, text[i].len);
	joined[len] = '\0';
	return (struct span){joined, len};
}

struct span
arena_printf(struct arena *a, const char *format, ...)
{
	char room[256], *text; /* enough for most texts: formatted once */
	va_list list, again;
	int len;

	va_start(list, format);
	va_copy(again, list);
	len = vsnprintf(room, sizeof(room), format, list);
	if (len < 0)
		die(EX_SOFTWARE, "cannot format a text");
	text = raw(a, (size_t)len + 1);
	if ((size_t)len < sizeof(room))
		memcpy(text, room, (size_t)len + 1);
	else
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	va_end(list);
	return (struct span){text, (size_t)len};
}

void *
arena_push(struct arena *a, void *list, size_t n, size_t size)
{
	if (n & (n - 1))
		return list; /* not a power of two: there is room */
	return arena_grow(a, list, n * size, (n ? n * 2 : 1) * size);
}
