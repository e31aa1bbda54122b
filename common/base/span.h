/*
 * span: a read-only view of octets. It owns nothing; it lives as long as what
 * it points into. p == NULL means absent, len == 0 with p != NULL means empty.
 * Octets are never interpreted by a locale; case is ASCII case.
 */
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
#define SPAN_FMT    "%.*s" /* printf, trusted or escaped text only */
#define SPAN_ARG(s) (int)(s).len, (s).p

/* The view of a C string (argv, libc); NULL gives an absent span. */
struct span span_of(const char *s);

/* The octets between two pointers into the same object. */
struct span span_between(const char *from, const char *to);

/* s without its first n octets (n <= s.len). */
struct span span_from(struct span s, size_t n);

/* The first n octets of s (n <= s.len). */
struct span span_upto(struct span s, size_t n);

/* Is s absent or empty? */
bool span_empty(struct span s);

/* Same octets? Absent and empty are equal. */
bool span_eq(struct span a, struct span b);

/* Same octets, ASCII letters without case (RFC 5234 2.3, RFC 4343)? */
bool span_caseeq(struct span a, struct span b);

/* Has s only octets under 128? */
bool span_is_ascii(struct span s);

/* Does s begin (end) with that text? The case forms ignore ASCII case. */
bool span_starts(struct span s, struct span with);
bool span_casestarts(struct span s, struct span with);
bool span_caseends(struct span s, struct span with);

/* Ordering by octets, shorter first where one is the other's beginning. */
int span_cmp(struct span a, struct span b);

/* The position of the first c in s, or s.len. */
size_t span_find(struct span s, char c);

/* The position of the last c in s, or s.len. */
size_t span_find_last(struct span s, char c);

/* Does text occur in s (ASCII case ignored)? Linear only for short texts. */
bool span_casecontains(struct span s, struct span text);

/*
 * Takes the text before the first c off *s and returns it; *s becomes what
 * follows c. Without a c all of *s is returned and *s becomes absent, so that
 *	while (rest.p) { item = span_cut(&rest, ':'); ... }
 * visits every item, empty ones too.
 */
struct span span_cut(struct span *s, char c);

/* The next line of a text that is folded to so many columns: whole words, and
 * one at least. Takes it and the SP behind it off *s, as span_cut(). */
struct span span_fold(struct span *s, size_t columns);

/* s without SP, HTAB, CR and LF at both ends. */
struct span span_trim(struct span s);

/*
 * Digits only, 1 to 19 of them, as a number no larger than max.
 * False: not digits, or larger.
 */
bool span_number(struct span s, uint64_t max, uint64_t *value);

#endif
