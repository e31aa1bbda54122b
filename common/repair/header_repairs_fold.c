/* header_repairs_fold: folds of a field. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/limit.h"

/* Folds that are undone one by one. */
#define PLACES 8u

/* Places where a field can have been folded once. */
#define SINGLE 24u

static bool
is_folded(struct span s)
{
	return span_find(s, '\n') < s.len;
}

/* One line, the blanks at the folds kept, or each fold one SP. */
HEADER_FIELD(header_unfold)
{
	struct header_text t;
	struct span s = field_chomp(raw);

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple ||
	    !is_folded(s))
		return;
	HEADER_TEXT_PUT(&t, arena_without(t.arena, s, ascii_is_eol));
	HEADER_TEXT_PUT(&t, header_refolded(s, SPAN(" "), t.arena));
}

/*
 * Folding at a number of columns.
 */

/* How a line is begun: in place of the blank, or before it. */
struct manner {
	size_t columns;
	const char *blank; /* absent: the blank that was there */
	bool items;        /* only after commas and semicolons */
};

static bool
is_of_word(char c)
{
	return !ascii_is_wsp(c);
}

/* Returns the length of the words that are kept on one line. */
static size_t
kept_length(struct span s, struct manner manner)
{
	size_t n = span_run(s, is_of_word);

	while (manner.items && n && n < s.len && s.p[n - 1] != ',' &&
	    s.p[n - 1] != ';') {
		size_t blanks = span_run(span_from(s, n), ascii_is_wsp);

		n += blanks + span_run(span_from(s, n + blanks), is_of_word);
	}
	return n;
}

/* Folds text without line ends where a line would have too many columns. */
static struct span
folded(const struct header_text *t, struct span s, struct manner manner)
{
	struct buf b = BUF(t->arena);
	size_t column = 0;

	while (s.len) {
		size_t blanks = span_run(s, ascii_is_wsp), n;
		struct span blank = span_upto(s, blanks);

		n = column || !manner.items
		    ? kept_length(span_from(s, blanks), manner)
		    : span_run(s, is_of_word);
		if (column && blanks && n &&
		    column + blanks + n > manner.columns) {
			buf_add(&b, t->eol);
			if (manner.blank)
				blank = span_of(manner.blank);
			column = 0;
		}
		buf_add(&b, blank);
		buf_add(&b, span_upto(span_from(s, blanks), n));
		column += blank.len + n;
		s = span_from(s, blanks + n);
	}
	return buf_span(&b);
}

static void
put_folded(
    const struct header_text *t, struct span s, size_t columns, bool items)
{
	static const char *const blanks[] = {NULL, "\t", "        "};

	for (size_t i = 0; i < COUNT(blanks); i++) {
		struct manner manner = {columns, blanks[i], items};

		header_propose_text(
		    t->to, t->h, t->index, folded(t, s, manner));
	}
}

/* One fold, before each of the blanks in turn. */
static void
put_each_fold(const struct header_text *t, struct span s)
{
	size_t at = 0;

	for (size_t i = 0; i < SINGLE; i++) {
		at += span_run(span_from(s, at), is_of_word);
		if (at == s.len)
			return;
		header_propose_text(t->to, t->h, t->index,
		    ARENA_JOIN(
			t->arena, span_upto(s, at), t->eol, span_from(s, at)));
		at += span_run(span_from(s, at), ascii_is_wsp);
	}
}

/* The columns that common software folds at, the commonest first; then people
 * and programs that fold at any place. */
HEADER_FIELD(header_refold)
{
	static const size_t columns[] = {78, 76, 75, 72, 74, 77, 73, 79, 998};
	struct header_text t;
	struct span s;
	bool items;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	s = arena_without(t.arena, field_chomp(t.raw), ascii_is_eol);
	for (size_t i = 0; i < COUNT(columns); i++)
		put_folded(&t, s, columns[i], false);
	/* sendmail and others fold addresses after commas alone */
	items = span_find(s, ',') < s.len || span_find(s, ';') < s.len;
	for (size_t i = 0; i < 3; i++)
		put_folded(&t, s, columns[i], items);
	put_each_fold(&t, s);
}

/*
 * One item a line.
 */

/* Does a line end after the octet, where items are put on lines of their
 * own? */
static bool
ends_item(const struct header_text *t, char c)
{
	if (header_text_is(t, "References"))
		return c == '>';
	return c == ',' || c == ';';
}

static struct span
lines(const struct header_text *t, struct span blank)
{
	struct buf b = BUF(t->arena);
	struct span s = arena_without(t->arena, t->value, ascii_is_eol);
	bool quoted = false;

	for (size_t i = 0; i < s.len; i++) {
		size_t n = span_run(span_from(s, i + 1), ascii_is_wsp);

		buf_char(&b, s.p[i]);
		quoted ^= s.p[i] == '"';
		if (quoted || !ends_item(t, s.p[i]) || i + 1 + n == s.len)
			continue;
		buf_add(&b, t->eol);
		buf_add(&b, blank);
		i += n;
	}
	return buf_span(&b);
}

static const char *const indents[] = {
    " ", "\t", "  ", "    ", "        ", "      "};

HEADER_FIELD(header_fold_lines)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	for (size_t i = 0; i < COUNT(indents); i++)
		header_text_put(&t, lines(&t, span_of(indents[i])));
	for (size_t i = 0; i < 3; i++) /* Exchange, for long words */
		HEADER_TEXT_PUT(&t, t.name, i < 2 ? SPAN(":") : SPAN(": "),
		    t.eol, i == 1 ? SPAN("\t") : SPAN(" "), t.value, t.tail);
}

/*
 * The blanks at folds that are there.
 */

static void
put_indented(const struct header_text *t, struct span before, struct span blank)
{
	struct span fold = ARENA_JOIN(t->arena, before, t->eol, blank);

	HEADER_TEXT_PUT(
	    t, header_refolded(field_chomp(t->raw), fold, t->arena));
}

HEADER_FIELD(header_fold_blanks)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple ||
	    !is_folded(t.value))
		return;
	for (size_t i = 0; i < COUNT(indents); i++) {
		struct span blank = span_of(indents[i]);

		put_indented(&t, SPAN(""), blank);
		if (i < 2)
			put_indented(&t, SPAN(" "), blank);
	}
}

/*
 * Folds where there was no blank.
 */

/* All folds with their blanks are removed, and each alone. */
HEADER_FIELD(header_fold_inside)
{
	struct header_text t;
	struct span rest;

	if (!header_text_read(&t, h, index, raw, p, NULL) ||
	    !is_folded(t.value))
		return;
	header_text_put(&t, header_refolded(t.value, SPAN(""), t.arena));
	rest = t.value;
	for (size_t i = 0; i < PLACES && is_folded(rest); i++) {
		size_t at =
		    span_find(rest, '\n') + (size_t)(rest.p - t.value.p);
		size_t from = at - header_blanks_last(span_upto(t.value, at));
		size_t n = header_blanks(span_from(t.value, from));

		header_text_put(
		    &t, header_spliced(t.value, from, n, SPAN(""), t.arena));
		rest = span_from(t.value, from + n);
	}
}

/*
 * Folds that were joined.
 */

struct span
header_unjoined(struct span s, struct span eol, bool replaced, struct arena *a)
{
	struct buf b = BUF(a);
	bool blank = false;

	for (size_t i = 0; i < s.len; i++) {
		bool next = i + 1 < s.len && ascii_is_wsp(s.p[i + 1]);
		bool line = i && s.p[i - 1] == '\n';
		bool first = !blank && !line && ascii_is_wsp(s.p[i]);

		blank = ascii_is_wsp(s.p[i]);
		if (first && (s.p[i] == '\t' || next))
			buf_add(&b, eol);
		if (!replaced || !first || !next || s.p[i] != ' ')
			buf_char(&b, s.p[i]);
	}
	return buf_span(&b);
}

HEADER_FIELD(header_joined)
{
	struct header_text t;

	if (!header_text_read(&t, h, index, raw, p, NULL) || !t.is_simple)
		return;
	header_text_put(&t, header_unjoined(t.value, t.eol, true, t.arena));
	header_text_put(&t, header_unjoined(t.value, t.eol, false, t.arena));
}
