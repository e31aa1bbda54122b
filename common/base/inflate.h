/*
 * inflate: gzip (RFC 1952) and deflate (RFC 1951) from a sink into another, in
 * constant memory and within a budget.
 */
/* SPDX-License-Identifier: ISC */
#ifndef INFLATE_H
#define INFLATE_H

#include "base/sink.h"

/* The octets that may still come out of the archives that share it. */
struct budget {
	uint64_t max; /* what it was at first */
	uint64_t left;
};

static inline struct budget
budget_of(uint64_t max)
{
	return (struct budget){max, max};
}

enum inflate_format {
	INFLATE_GZIP, /* one member or more, whose octets are one stream */
	INFLATE_RAW   /* deflate with nothing around it */
};

enum inflate_outcome {
	INFLATE_OK,
	INFLATE_BAD,       /* neither gzip nor deflate, or a checksum differs */
	INFLATE_CUT_OFF,   /* it ends in the middle */
	INFLATE_TOO_LARGE, /* it has more octets than the budget */
	INFLATE_TRAILING   /* all is well, but octets follow that are not part
			      of it: of gzip, not another member */
};

struct inflate;

struct inflate *inflate_new(void);
void inflate_free(struct inflate *f); /* NULL is accepted */

/*
 * Prepares f for a stream, whatever became of the one before; allocates
 * nothing. What is put into inflate_sink() comes out of "to", which is not
 * ended, and is taken from the budget. After an error, nothing more comes out;
 * of a stream that is too large, exactly as many octets as were left.
 */
void inflate_begin(struct inflate *f, enum inflate_format format,
    struct sink *to, struct budget *budget);

struct sink *inflate_sink(struct inflate *f);

/* May more come out, or has the stream ended or failed? */
bool inflate_is_over(const struct inflate *f);

/* What became of the stream so far. It is cut off until its last octet was put;
 * it never changes once it is bad or too large. */
enum inflate_outcome inflate_outcome(const struct inflate *f);

/* The octet of the input, from 0, where it became bad, is cut off, or the
 * trailing octets begin. */
uint64_t inflate_offset(const struct inflate *f);

/* For people, why it is bad: in zlib's words, as "incorrect data check". */
const char *inflate_words(const struct inflate *f);

#endif
