/*
 * span: a read-only view of octets. It owns nothing, and is valid as long as
 * what it points into. p == NULL means absent, len == 0 with p != NULL empty.
 * No locale applies; case is that of ASCII letters.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many elements an array has. */
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct span {
	const char *p;
	size_t len;
};

#define SPAN_NONE   ((struct span){NULL, 0})
#define SPAN(lit)   ((struct span){"" lit, sizeof(lit) - 1}) /* a literal */
#define SPAN_FMT    "%.*s" /* for printf: trusted or escaped text only */
#define SPAN_ARG(s) (int)(s).len, (s).p

/* The view of a C string (argv, libc); NULL gives an absent span. */
struct span span_of(const char *s);

/* The octets between two pointers into the same object. */
static inline struct span
span_between(const char *from, const char *to)
{
	return (struct span){from, (size_t)(to - from)};
}

/* s without its first n octets (n <= s.len). */
static inline struct span
span_from(struct span s, size_t n)
{
	return (struct span){n ? s.p + n : s.p, s.len - n};
}

/* The first n octets of s (n <= s.len). */
static inline struct span
span_upto(struct span s, size_t n)
{
	return (struct span){s.p, n};
}

/* Is s absent or empty? */
static inline bool
span_empty(struct span s)
{
	return s.len == 0;
}

/* How many octets at the start of s, or at its end, are of a class of octets
 * (base/ascii.h)? */
static inline size_t
span_run(struct span s, bool (*is)(char c))
{
	size_t n = 0;

	while (n < s.len && is(s.p[n]))
		n++;
	return n;
}

static inline size_t
span_run_last(struct span s, bool (*is)(char c))
{
	size_t n = 0;

	while (n < s.len && is(s.p[s.len - 1 - n]))
		n++;
	return n;
}

/* How often is c at the start of s? */
static inline size_t
span_run_of(struct span s, char c)
{
	size_t n = 0;

	while (n < s.len && s.p[n] == c)
		n++;
	return n;
}

/* Have both the same octets? Absent and empty are equal. */
bool span_eq(struct span a, struct span b);

/* The same, ASCII case ignored (RFC 5234 2.3, RFC 4343). */
bool span_caseeq(struct span a, struct span b);

/* Has s only octets under 128? */
bool span_is_ascii(struct span s);

/* Does s begin, or end, with a text? The case forms ignore ASCII case. */
bool span_starts(struct span s, struct span with);
bool span_casestarts(struct span s, struct span with);
bool span_caseends(struct span s, struct span with);

/* Compares by octets, as memcmp(); a prefix comes before the longer text. */
int span_cmp(struct span a, struct span b);

/* The same, ASCII case ignored. */
int span_casecmp(struct span a, struct span b);

/* The position of the first c in s, or s.len. */
size_t span_find(struct span s, char c);

/* The position of the last c in s, or s.len. */
size_t span_find_last(struct span s, char c);

/* Does text occur in s (ASCII case ignored)? Meant for short texts: the time is
 * the product of both lengths. */
bool span_casecontains(struct span s, struct span text);

/*
 * Removes the text before the first c from *s and returns it; *s becomes what
 * follows c. If there is no c, returns all of *s and makes *s absent, so that
 *	while (rest.p) { item = span_cut(&rest, ':'); ... }
 * visits every item, including empty ones.
 */
struct span span_cut(struct span *s, char c);

/* Removes from *s the next line of a text that is folded at spaces to a number
 * of columns, and returns it: whole words, at least one. The SP after it is
 * removed, too; after the last line *s is absent. */
struct span span_fold(struct span *s, size_t columns);

/* Returns s without the SP, HTAB, CR and LF at both ends. */
struct span span_trim(struct span s);

/*
 * Parses a number of 1 to 19 digits and nothing else. Returns false if it is
 * not one, or is larger than max.
 */
bool span_number(struct span s, uint64_t max, uint64_t *value);

#endif
