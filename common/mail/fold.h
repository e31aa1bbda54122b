/*
 * fold: a header field being composed, folded at LIMIT_LINE_FOLD columns
 * (RFC 5322 2.2.3). A line after the first begins with one HTAB, which counts
 * as 8 columns; an octet is a column. A piece wider than a line has a line of
 * its own: who composes sees to it that none comes near LIMIT_LINE, and that
 * strangers' text is written as fieldtext.h says. No field has an encoded-word.
 */
#ifndef FOLD_H
#define FOLD_H

#include "base/buf.h"

struct fold {
	struct buf out;    /* what stands */
	struct buf word;   /* what is kept together and not yet placed */
	struct span blank; /* what goes in front of it if no fold does */
	const char *eol;
	size_t column;
};

/* Starts a field: the name and its colon. eol, "\r\n" or "\n", ends lines. */
struct fold fold_begin(struct span name, const char *eol, struct arena *a);

/* Adds a word: a blank or a fold in front. */
void fold_word(struct fold *f, struct span s);

/* Adds a piece: nothing or a fold in front. */
void fold_piece(struct fold *f, struct span s);

/* Adds text that stays with what was added last. */
void fold_text(struct fold *f, struct span s);

/* Adds octets between any two of which, and before which, a fold may stand
 * (base64). Text added next stays with the last of them. */
void fold_chars(struct fold *f, struct span s);

/* Ends the last line and gives the whole field. */
struct span fold_end(struct fold *f);

#endif
