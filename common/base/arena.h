/*
 * arena: memory for everything parsed, looked up or composed for one message,
 * released all at once: strings are never freed one by one. Running out of
 * memory ends the program (75), so no function here fails.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ARENA_H
#define ARENA_H

#include "base/span.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is accepted */

/* Releases all allocations; keeps some 1.25 MB of them for the next message. */
void arena_reset(struct arena *a);

/* The octets that the arena holds, used or not, without what it keeps of
 * earlier messages. */
size_t arena_size(const struct arena *a);

/* Returns size octets, aligned for any type, set to zero. */
void *arena_alloc(struct arena *a, size_t size);

/*
 * Enlarges the allocation p from old to size octets and returns it. It may
 * move; its contents are kept, the octets after them are undefined. p == NULL
 * allocates. The newest allocation grows in place and a large one by realloc(),
 * so repeated doubling leaves no unused copies in the arena.
 */
void *arena_grow(struct arena *a, void *p, size_t old, size_t size);

/* Returns a copy of s in the arena, followed by a NUL that is not counted; an
 * absent span stays absent. */
struct span arena_span(struct arena *a, struct span s);

/* The same as a C string, for libc. The caller makes sure that s has no NUL. */
char *arena_cstr(struct arena *a, struct span s);

/* The same with its letters in lower case. */
struct span arena_lower(struct arena *a, struct span s);

/* The same without the octets of a class (base/ascii.h). */
struct span arena_without(struct arena *a, struct span s, bool (*is)(char c));

/* Returns the concatenation of n texts; NULs in them are kept. */
struct span arena_join(struct arena *a, const struct span *text, size_t n);
#define ARENA_JOIN(a, ...)                                  \
	arena_join((a), (const struct span[]){__VA_ARGS__}, \
	    COUNT(((const struct span[]){__VA_ARGS__})))

/* printf into the arena. An argument ends at its first NUL: see
 * arena_join(). */
struct span arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * malloc() and realloc() that end the program instead of failing: for memory
 * outside an arena, and for libraries that take an allocator. Freed by free().
 */
void *arena_malloc(size_t size);
void *arena_realloc(void *p, size_t size);

/* Ends the program (75) after a library has reported that memory ran out. */
_Noreturn void arena_exhausted(void);

/*
 * Ends the program (75) unless LIMIT_HEADROOM octets can be mapped now, and
 * unmaps them again; does nothing if that was possible before, and no function
 * of this module has allocated memory since. Called before a library that takes
 * no allocator: if memory runs out inside it, such a library ends the program
 * in its own way, crashes, or reports a good signature as bad.
 *
 * Foreseen is what the library itself allocates in the call that follows, up to
 * LIMIT_HEADROOM. Not foreseen are memory that other threads allocate in the
 * meantime, a call that needs more than LIMIT_HEADROOM, and a stack that grows:
 * for the stack see LIMIT_STACK and grow_stack() in tool/cli.c.
 */
void arena_probe(void);

/* One object of a type, or n of them, set to zero. */
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

/*
 * Appends an element to an array of n in the arena: increments n and returns a
 * pointer to the new element, whose contents are undefined. The array may move.
 * It grows at powers of two, so n alone tells its capacity. list and n are
 * evaluated more than once.
 *	*ARENA_PUSH(a, list, n) = x;
 */
#define ARENA_PUSH(a, list, n)                                          \
	((list) = arena_push((a), (list), (n), sizeof(*(list))), (n)++, \
	    &(list)[(n)-1])
void *arena_push(struct arena *a, void *list, size_t n, size_t size);

#endif
