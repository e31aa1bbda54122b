/*
 * arena: memory for everything parsed, looked up or composed for one message,
 * released at once. Nobody frees a string. Running out of memory ends the
 * program (75), so no function here fails.
 */
#ifndef ARENA_H
#define ARENA_H

#include "base/span.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is accepted */

/* Forgets all allocations at once; keeps some memory for the next message. */
void arena_reset(struct arena *a);

/* The octets that it holds, used or not. */
size_t arena_size(const struct arena *a);

/* size octets, aligned for any type, set to zero. */
void *arena_alloc(struct arena *a, size_t size);

/*
 * The allocation p of old octets made larger, contents kept, the new part not
 * set. p may move; p == NULL allocates. Growing what was allocated last or is
 * large costs no copy in the arena, so doubling does not waste memory.
 */
void *arena_grow(struct arena *a, void *p, size_t old, size_t size);

/* A copy that lives in the arena, with a NUL behind it that is not counted;
 * an absent span stays absent. */
struct span arena_span(struct arena *a, struct span s);

/* The same as a C string, for libc. The caller knows that s has no NUL. */
char *arena_cstr(struct arena *a, struct span s);

/* n texts one behind another, octets as they are. */
struct span arena_join(struct arena *a, const struct span *text, size_t n);
#define ARENA_JOIN(a, ...)                                  \
	arena_join((a), (const struct span[]){__VA_ARGS__}, \
	    COUNT(((const struct span[]){__VA_ARGS__})))

/* printf into the arena. What has a NUL is cut there: see arena_join(). */
struct span arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * malloc() and realloc() that end the program where those would fail: for what
 * has no arena, and for libraries that take an allocator. free() frees.
 */
void *arena_malloc(size_t size);
void *arena_realloc(void *p, size_t size);

/* Ends the program because there is no memory, after a library that says so. */
_Noreturn void arena_exhausted(void);

/*
 * Ends the program unless LIMIT_HEADROOM octets can be had now. To be called
 * before a library that takes none: without memory it ends the program in its
 * own way, crashes, or says that a good signature is bad.
 */
void arena_probe(void);

/* n objects of a type. */
#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

/*
 * One more element in an array of n in the arena: counts it in n, and returns
 * the pointer to it, not set; the array may move. It grows at powers of two, so
 * n itself tells the capacity. Both are evaluated more than once.
 *	*ARENA_PUSH(a, list, n) = x;
 */
#define ARENA_PUSH(a, list, n)                                          \
	((list) = arena_push((a), (list), (n), sizeof(*(list))), (n)++, \
	    &(list)[(n)-1])
void *arena_push(struct arena *a, void *list, size_t n, size_t size);

#endif
