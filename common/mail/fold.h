/*
 * fold: compose a header field folded at LIMIT_LINE_FOLD columns (RFC 5322
 * 2.2.3). Each line after the first begins with one HTAB, which takes 8
 * columns; an octet takes one. A piece wider than a line gets its own line: the
 * caller keeps pieces far below LIMIT_LINE. The field must not contain an
 * encoded-word (an assert): the caller writes others' text with
 * fieldtext_add().
 */
/* SPDX-License-Identifier: ISC */
#ifndef FOLD_H
#define FOLD_H

#include "base/buf.h"

struct fold {
	struct buf out;    /* the lines so far */
	struct buf word;   /* to be kept together, not yet in out */
	struct span blank; /* precedes word if a fold does not */
	const char *eol;
	size_t column;
};

/* Starts a field with its name and a colon. eol, "\r\n" or "\n", ends each
 * line. */
struct fold fold_begin(struct span name, const char *eol, struct arena *a);

/* Adds a word, after a blank or a fold. */
void fold_word(struct fold *f, struct span s);

/* Adds a piece, directly or after a fold. */
void fold_piece(struct fold *f, struct span s);

/* Adds text that stays on the line of what was added last. */
void fold_text(struct fold *f, struct span s);

/* Adds octets, such as base64, each of which may follow a fold. Text added next
 * stays on the line of the last one. */
void fold_chars(struct fold *f, struct span s);

/* Ends the last line and returns the whole field. */
struct span fold_end(struct fold *f);

#endif
