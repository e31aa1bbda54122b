/* phrases: random sentences of a grammar, the same ones for the same seed. */
/* SPDX-License-Identifier: ISC */

/*
 *	phrases SEED GRAMMAR SYMBOL COUNT
 *
 * Prints COUNT lines, each an expansion of SYMBOL. A line of the grammar is a
 * symbol, a tab and its expansion; if a symbol has several lines, one is chosen
 * at random. Empty lines and lines that begin with "#" are comments. In an
 * expansion
 *	\n		is a line end, \s a space
 *	<>		is itself
 *	<#>		is the number of the line, from 0
 *	<2-12>		is a number from 2 to 12
 *	<a|b|c>		is one of these words
 *	<name>		is an expansion of the symbol name
 *	<name*2-5>	is 2 to 5 expansions of it
 *	<~name>		is one with an octet removed, inserted or changed
 *	<"name>		is one as the strings of a TXT record
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "random.h"
#include "base/scan.h"

struct line {
	struct span symbol, text;
};

struct phrases {
	struct generator g;
	size_t number; /* of the line */
	struct line *lines;
	size_t nlines;
};

static void say(struct phrases *p, struct span text, struct buf *to);

static void
fail(const char *what, struct span text)
{
	fprintf(stderr, "phrases: %s: " SPAN_FMT "\n", what, SPAN_ARG(text));
	exit(1);
}

/* Picks a number from "2-12". Returns false if the text is not a range. */
static bool
pick_range(struct phrases *p, struct span text, size_t *number)
{
	struct span low = span_cut(&text, '-');
	uint64_t from, to;

	if (!span_number(low, UINT32_MAX, &from) ||
	    !span_number(text, UINT32_MAX, &to) || to < from)
		return false;
	*number = (size_t)from + pick(&p->g, (size_t)(to - from) + 1);
	return true;
}

static void
say_word(struct phrases *p, struct span words, struct buf *to)
{
	struct span rest = words, word = SPAN_NONE;
	size_t n = 0;

	while (rest.p) {
		span_cut(&rest, '|');
		n++;
	}
	for (n = pick(&p->g, n) + 1; n; n--)
		word = span_cut(&words, '|');
	buf_add(to, word);
}

static void
say_symbol(struct phrases *p, struct span symbol, struct buf *to)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nlines; i++)
		n += span_eq(p->lines[i].symbol, symbol);
	if (!n)
		fail("no such symbol", symbol);
	n = pick(&p->g, n) + 1;
	for (size_t i = 0; n; i++)
		if (span_eq(p->lines[i].symbol, symbol) && !--n)
			say(p, p->lines[i].text, to);
}

/* Appends the text with an octet removed, inserted or changed; often one that
 * has a meaning in records. */
static void
say_broken(struct phrases *p, struct span text, struct buf *to)
{
	static const char odd[] = "%{}:/=.- +?~0129avirs\t\r_\"\\;,@";
	size_t at = pick(&p->g, text.len + 1), how = pick(&p->g, 3);

	buf_add(to, span_upto(text, at));
	if (how > 0)
		buf_char(to, odd[pick(&p->g, sizeof(odd) - 1)]);
	if (how < 2 && at < text.len)
		at++;
	buf_add(to, span_from(text, at));
}

/* Appends the text as strings of up to 255 octets (RFC 1035 3.3), at times
 * fewer in the first. */
static void
say_strings(struct phrases *p, struct span text, struct buf *to)
{
	size_t left = 255 - pick(&p->g, 4) * 60;

	buf_char(to, '"');
	for (size_t i = 0; i < text.len; i++, left--) {
		if (!left) {
			buf_str(to, "\" \"");
			left = 255;
		}
		if ((ascii_is_vchar(text.p[i]) || text.p[i] == ' ') &&
		    !strchr("\"\\", text.p[i]))
			buf_char(to, text.p[i]);
		else
			buf_printf(to, "\\%03u", (unsigned char)text.p[i]);
	}
	buf_char(to, '"');
}

/* Appends name, name*2-5, ~name or "name. */
static void
say_reference(struct phrases *p, struct span name, struct buf *to)
{
	void (*how)(struct phrases *, struct span, struct buf *) = NULL;
	struct buf inner = BUF(p->g.arena);
	size_t times = 1;

	if (name.len && name.p[0] == '~')
		how = say_broken;
	if (name.len && name.p[0] == '"')
		how = say_strings;
	if (how) {
		say_reference(p, span_from(name, 1), &inner);
		how(p, buf_span(&inner), to);
		return;
	}
	inner.len = 0;
	if (span_find(name, '*') < name.len) {
		struct span range = name;

		name = span_cut(&range, '*');
		if (!pick_range(p, range, &times))
			fail("no range", range);
	}
	while (times--)
		say_symbol(p, name, to);
}

/* Appends what the text between < and > means. */
static void
say_slot(struct phrases *p, struct span slot, struct buf *to)
{
	size_t number;

	if (!slot.len)
		buf_str(to, "<>");
	else if (span_eq(slot, SPAN("#")))
		buf_printf(to, "%zu", p->number);
	else if (span_find(slot, '|') < slot.len)
		say_word(p, slot, to);
	else if (pick_range(p, slot, &number))
		buf_printf(to, "%zu", number);
	else
		say_reference(p, slot, to);
}

static void
say(struct phrases *p, struct span text, struct buf *to)
{
	while (text.len) {
		bool end = span_starts(text, SPAN("\\n"));
		bool space = span_starts(text, SPAN("\\s"));
		char c = end ? '\n' : space ? ' ' : text.p[0];

		text = span_from(text, end || space ? 2 : 1);
		if (c == '<')
			say_slot(p, span_cut(&text, '>'), to);
		else
			buf_char(to, c);
	}
}

static void
read_grammar(struct phrases *p, const char *path)
{
	struct span rest = file_read(path, p->g.arena);

	if (!rest.p)
		fail("cannot read", span_of(path));
	while (rest.p) {
		struct span text = span_cut(&rest, '\n');
		struct line l;

		if (!text.len || text.p[0] == '#')
			continue;
		l.symbol = span_cut(&text, '\t');
		l.text = text.p ? text : SPAN("");
		*ARENA_PUSH(p->g.arena, p->lines, p->nlines) = l;
	}
}

int
main(int argc, char **argv)
{
	struct phrases p = {.g.arena = arena_new()};
	size_t count;

	if (argc != 5)
		fail("usage", SPAN("phrases SEED GRAMMAR SYMBOL COUNT"));
	p.g.random = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[4], NULL, 10);
	read_grammar(&p, argv[2]);
	for (; p.number < count; p.number++) {
		struct buf line = BUF(p.g.arena);

		say_symbol(&p, span_of(argv[3]), &line);
		printf(SPAN_FMT "\n", SPAN_ARG(buf_span(&line)));
	}
	arena_free(p.g.arena);
	return fflush(stdout) != 0;
}
