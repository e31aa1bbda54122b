/* fold: compose a header field folded at 78 columns. */
/* SPDX-License-Identifier: ISC */

#include "mail/fold.h"

#include <assert.h>

#include "mail/fieldtext.h"
#include "base/limit.h"

#define TAB_COLUMNS 8

struct fold
fold_begin(struct span name, const char *eol, struct arena *a)
{
	struct fold f = {.out = BUF(a), .word = BUF(a), .eol = eol};

	buf_add(&f.out, name);
	buf_char(&f.out, ':');
	f.column = f.out.len;
	f.blank = SPAN("");
	return f;
}

/* Moves the pending word to the current line, or to a new one if it is too wide
 * (RFC 5322 2.1.1: lines should have no more than 78 octets). */
static void
place(struct fold *f)
{
	size_t columns = f->blank.len + f->word.len;

	if (!f->word.len)
		return;
	if (f->column + columns > LIMIT_LINE_FOLD) {
		buf_str(&f->out, f->eol);
		buf_char(&f->out, '\t');
		f->column = TAB_COLUMNS + f->word.len;
	} else {
		buf_add(&f->out, f->blank);
		f->column += columns;
	}
	buf_add(&f->out, buf_span(&f->word));
	f->word.len = 0;
}

static void
begin(struct fold *f, struct span blank, struct span s)
{
	place(f);
	f->blank = blank;
	buf_add(&f->word, s);
}

void
fold_word(struct fold *f, struct span s)
{
	begin(f, SPAN(" "), s);
}

void
fold_piece(struct fold *f, struct span s)
{
	begin(f, SPAN(""), s);
}

void
fold_text(struct fold *f, struct span s)
{
	buf_add(&f->word, s);
}

void
fold_chars(struct fold *f, struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		begin(f, SPAN(""), (struct span){s.p + i, 1});
}

struct span
fold_end(struct fold *f)
{
	place(f);
	buf_str(&f->out, f->eol);
	assert(!fieldtext_is_encoded(buf_span(&f->out)));
	return buf_span(&f->out);
}
