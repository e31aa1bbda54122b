/* generate: random messages with odd forms, the same ones for the same seed. */
/* SPDX-License-Identifier: ISC */
#ifndef GENERATE_H
#define GENERATE_H

#include "random.h"

static void
add_eol(struct generator *g, struct buf *b)
{
	buf_str(b, g->eol[pick(g, 2)]);
}

static void
add_blanks(struct generator *g, struct buf *b, size_t most)
{
	for (size_t n = pick(g, most + 1); n; n--)
		buf_char(b, once_in(g, 3) ? '\t' : ' ');
}

/* Adds a field's body: words, blanks, folds, and lines of blanks alone. */
static void
add_value(struct generator *g, struct buf *b)
{
	add_blanks(g, b, 2);
	for (size_t n = pick(g, 8); n; n--) {
		if (once_in(g, 4)) {
			add_blanks(g, b, 2);
			add_eol(g, b);
			buf_char(b, ' ');
		}
		add_blanks(g, b, 3);
		if (!once_in(g, 6))
			add_word(g, b);
	}
	add_blanks(g, b, 2);
}

/* Names of fields, some in odd spellings. All but the last two are signed. */
static const char *const generated[] = {"Subject", "To", "Date", "Message-ID",
    "MIME-Version", "X-Odd", "x-oDD", "X", "Comments", "Received", "X-None"};
#define SIGN_NAMES \
	"From:Subject:To:Date:Message-ID:MIME-Version:X-Odd:X:Comments"

static void
add_field(struct generator *g, struct buf *b, const char *name)
{
	buf_str(b, name);
	if (once_in(g, 8))
		add_blanks(g, b, 2);
	buf_char(b, ':');
	add_value(g, b);
}

static void
add_header(struct generator *g, struct buf *b)
{
	size_t n = pick(g, 12), from = pick(g, n + 1);

	for (size_t i = 0; i <= n; i++) {
		if (i)
			add_eol(g, b);
		add_field(g, b,
		    i == from ? "From" : generated[pick(g, COUNT(generated))]);
	}
}

static void
add_lines(struct generator *g, struct buf *b, size_t lines)
{
	for (; lines; lines--) {
		if (!once_in(g, 4))
			for (size_t n = pick(g, 9); n; n--) {
				add_blanks(g, b, once_in(g, 9) ? 20 : 2);
				add_word(g, b);
			}
		if (once_in(g, 4))
			add_blanks(g, b, 3);
		add_eol(g, b);
	}
}

static void
add_body(struct generator *g, struct buf *b)
{
	if (!once_in(g, 10))
		add_lines(g, b, 1 + pick(g, 12));
	if (once_in(g, 300))
		add_lines(g, b, 3000);
	if (once_in(g, 50))
		for (size_t n = pick(g, 3000); n; n--)
			add_word(g, b);
	if (once_in(g, 3))
		for (size_t n = pick(g, 5); n; n--)
			add_eol(g, b);
	if (once_in(g, 4))
		add_word(g, b); /* without a final line end */
	if (once_in(g, 8))
		add_blanks(g, b, 3);
}

/* Returns a message: a header alone, with or without its last line end; a
 * header that ends at a line that is not a field; or, mostly, a header, an
 * empty line and a body, which may be empty. */
static struct span
generate(struct generator *g)
{
	static const char *const ends[][2] = {
	    {"\n", "\n"}, {"\r\n", "\r\n"}, {"\n", "\r\n"}};
	struct buf b = BUF(g->arena);
	size_t end = pick(g, COUNT(ends) * 2) % 5 % COUNT(ends);

	g->eol[0] = ends[end][0];
	g->eol[1] = ends[end][1];
	add_header(g, &b);
	if (once_in(g, 40))
		return buf_span(&b);
	add_eol(g, &b);
	if (once_in(g, 40))
		return buf_span(&b);
	if (once_in(g, 40))
		buf_str(&b, "no field ");
	else
		add_eol(g, &b);
	add_body(g, &b);
	return buf_span(&b);
}

#endif
