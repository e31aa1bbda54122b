/* header_signature_fold: the lines of the signature field. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_signature_internal.h"

#include "base/ascii.h"
#include "base/limit.h"

/* Where and how a signer folds its field. */
struct layout {
	size_t margin;     /* most columns of a line */
	struct span blank; /* that a line after the first begins with */
	size_t indent;     /* its columns */
	struct span inner; /* the same of a line inside a list */
	/* Tags that begin a line, each with a SP on both sides; absent: those
	 * that the margin requires. */
	const char *starts;
	bool whole;  /* a tag that does not go on a line begins a new one, even
			if it is folded itself */
	bool apart;  /* b= begins a line */
	bool before; /* a list is folded before a colon, not after it */
	bool lax;    /* not counted: the colon after a name in a list, the SP
			before a tag, ": " after the name of the field */
	bool chars;  /* bh= is folded anywhere */
};

/* Signers known to fold in their own way; others are made of these parts. */
static const struct layout known[] = {
    /* OpenDKIM */
    {.margin = 75,
	.blank = {"\t", 1},
	.indent = 8,
	.inner = {"\t ", 2},
	.whole = true,
	.apart = true,
	.lax = true},
    /* dkim-sign */
    {.margin = LIMIT_LINE_FOLD,
	.blank = {"\t", 1},
	.indent = 8,
	.inner = {"\t", 1},
	.chars = true},
    /* Mail::DKIM */
    {.margin = 72,
	.blank = {"\t", 1},
	.indent = 8,
	.inner = {"\t", 1},
	.before = true,
	.chars = true},
    /* Exchange */
    {.margin = 998,
	.blank = {" ", 1},
	.inner = {" ", 1},
	.starts = " d h bh x b "},
    /* Google */
    {.margin = 76,
	.blank = {"        ", 8},
	.indent = 8,
	.inner = {"         ", 9},
	.starts = " d h bh b ",
	.before = true},
};

static const size_t margins[] = {0, 72, 75, LIMIT_LINE_FOLD};
static const struct {
	struct span blank;
	size_t columns;
} indents[] = {
    {{"\t", 1}, 8},
    {{" ", 1}, 1},
    {{"  ", 2}, 2},
    {{"    ", 4}, 4},
    {{"        ", 8}, 8},
};

/* A value being laid out. */
struct page {
	const struct layout *layout;
	struct span eol;
	struct buf out;
	size_t column;
};

static void
put(struct page *p, struct span text)
{
	buf_add(&p->out, text);
	p->column += text.len;
}

static void
put_fold(struct page *p, struct span blank)
{
	buf_add(&p->out, p->eol);
	buf_add(&p->out, blank);
	p->column = p->layout->indent + blank.len - p->layout->blank.len;
}

static bool
is_full(const struct page *p, size_t more)
{
	return p->column + more > p->layout->margin;
}

/* Returns how many octets at the start of a tag's text have no fold among them:
 * a name of h= with its colon, one character of bh= with the semicolon after
 * it. */
static size_t
piece_length(const struct layout *l, struct span name, struct span text)
{
	size_t n = text.len;

	if (span_eq(name, SPAN("h")) && l->before)
		return 1 + span_find(span_from(text, 1), ':');
	if (span_eq(name, SPAN("h")))
		return span_find(text, ':') < n ? span_find(text, ':') + 1 : n;
	if (!l->chars || !span_eq(name, SPAN("bh")))
		return n;
	if (span_starts(text, SPAN("bh=")))
		return 3;
	return n == 2 && text.p[1] == ';' ? 2 : 1;
}

/* Does a piece go beyond the margin? */
static bool
is_beyond(const struct page *p, struct span piece)
{
	size_t n = piece.len;

	if (p->layout->lax && n && piece.p[n - 1] == ':')
		n--;
	return is_full(p, n);
}

/* Puts a tag, the first piece where the line is. */
static void
put_pieces(struct page *p, struct span name, struct span text)
{
	for (bool first = true; text.len; first = false) {
		struct span piece =
		    span_upto(text, piece_length(p->layout, name, text));

		if (!first && is_beyond(p, piece))
			put_fold(p, p->layout->inner);
		put(p, piece);
		text = span_from(text, piece.len);
	}
}

static bool
begins_line(const struct layout *l, struct span name, struct arena *a)
{
	struct span word = ARENA_JOIN(a, SPAN(" "), name, SPAN(" "));

	return l->starts && span_casecontains(span_of(l->starts), word);
}

static void
put_tag(struct page *p, const struct tag *tag, bool first, bool last)
{
	const struct layout *l = p->layout;
	struct arena *a = p->out.arena;
	bool is_b = span_eq(tag->name, SPAN("b"));
	struct span value =
	    is_b ? SPAN("") : arena_without(a, tag->value, ascii_is_space);
	struct span text = ARENA_JOIN(
	    a, tag->name, SPAN("="), value, last ? SPAN("") : SPAN(";"));
	size_t least = l->whole ? text.len : piece_length(l, tag->name, text);
	bool fold = l->starts
	    ? begins_line(l, tag->name, a)
	    : (l->apart && is_b) || is_full(p, !l->lax + least);

	if (first || !fold)
		put(p, SPAN(" "));
	else
		put_fold(p, l->blank);
	if (!is_b) {
		put_pieces(p, tag->name, text);
		return;
	}
	put(p, SPAN("b="));
	put(p, tag->whole);
	put(p, last ? SPAN("") : SPAN(";"));
}

static void
propose_layout(const struct signature_text *t, const struct layout *l,
    struct header_proposals *p)
{
	struct page page = {.layout = l, .out = BUF(p->arena)};
	const struct tag *last = &t->list.tags[t->list.ntags - 1];
	const char *end = last->whole.p + last->whole.len;

	page.eol = span_of(t->h->m->field_eol);
	page.column = (size_t)(t->value.p - t->raw.p);
	if (l->lax)
		page.column -= 2;
	for (size_t i = 0; i < t->list.ntags; i++)
		put_tag(&page, &t->list.tags[i], i == 0,
		    end == t->value.p + t->value.len &&
			&t->list.tags[i] == last);
	signature_propose(t, p, buf_span(&page.out));
}

/* The bits of a combination of parts. */
enum {
	WHOLE = 1,
	APART = 2,
	DEEPER = 4, /* lists have one more blank */
	COMBINATIONS = 8,
};

static void
propose_parts(const struct signature_text *t, size_t indent, size_t margin,
    struct header_proposals *p)
{
	struct span blank = indents[indent].blank;
	struct layout l = {
	    .margin = margins[margin],
	    .blank = blank,
	    .indent = indents[indent].columns,
	};

	for (unsigned i = 0; i < COMBINATIONS; i++) {
		l.whole = i & WHOLE;
		l.apart = i & APART;
		l.inner =
		    i & DEEPER ? ARENA_JOIN(p->arena, blank, SPAN(" ")) : blank;
		propose_layout(t, &l, p);
	}
}

/*
 * dkimpy folds between any words, those of h= as well.
 */

#define WORD_MARGIN 72
#define WORD_B      62 /* columns kept for b= */

/* How words are folded: columns of a line; whether the name of the field is
 * among them; whether a blank stays at the end of a line. */
struct word_style {
	size_t margin;
	bool name, kept;
};

static struct span
folded_words(const struct word_style *s, struct span text, size_t name,
    struct span eol, struct arena *a)
{
	struct buf b = BUF(a);
	size_t column = s->name ? name : 0;
	bool first = true;

	while (text.len) {
		size_t n = span_find(text, ' ');
		bool last = n == text.len;
		size_t width = 1 + (last ? WORD_B : n);

		if (column + width > s->margin && !first) {
			buf_str(&b, s->kept ? " " : "");
			buf_add(&b, eol);
			column = 0;
		}
		buf_str(&b, " ");
		buf_add(&b, span_upto(text, n));
		column += 1 + n;
		text = span_from(text, n + !last);
		first = false;
	}
	return buf_span(&b);
}

/* Proposes another text up to the value of b=. */
static void
put_start(const struct signature_text *t, struct header_proposals *p,
    struct span start)
{
	const char *end = t->value.p + t->value.len;

	signature_propose(t, p,
	    ARENA_JOIN(p->arena, start, span_between(t->b->whole.p, end)));
}

static void
propose_words(const struct signature_text *t, struct header_proposals *p)
{
	struct span eol = span_of(t->h->m->field_eol);
	struct span start = span_between(t->value.p, t->b->whole.p);
	struct span words = header_squeezed(span_trim(start), p->arena);
	size_t name = (size_t)(t->value.p - t->raw.p);

	for (unsigned i = 0; i < 12; i++) {
		struct word_style s = {
		    WORD_MARGIN - 1 + i % 3, i / 3 % 2, i / 6};

		put_start(t, p, folded_words(&s, words, name, eol, p->arena));
	}
}

void
signature_fold(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct signature_text t;

	if (h->s->header != CANON_SIMPLE || !signature_read(&t, h, index, raw))
		return;
	for (size_t i = 0; i < COUNT(known); i++)
		propose_layout(&t, &known[i], p);
	propose_words(&t, p);
	for (size_t i = 0; i < COUNT(indents); i++)
		for (size_t k = 0; k < COUNT(margins); k++)
			propose_parts(&t, i, k, p);
}

/*
 * Folds as received, with other blanks.
 */

/* What a line begins with, instead. */
static const char *const blanks[] = {
    "\t", " ", "        ", "    ", "  ", "\t ", " \t"};

void
signature_unfold(const struct header *h, size_t index, struct span raw,
    struct header_proposals *p)
{
	struct span eol = span_of(h->m->field_eol), start;
	struct signature_text t;

	if (h->s->header != CANON_SIMPLE || !signature_read(&t, h, index, raw))
		return;
	start = span_between(t.value.p, t.b->whole.p);
	for (int replaced = 1; replaced >= 0; replaced--) {
		put_start(
		    &t, p, header_unjoined(start, eol, replaced, p->arena));
	}
	put_start(&t, p, arena_without(p->arena, start, ascii_is_eol));
	put_start(&t, p, header_refolded(start, SPAN(" "), p->arena));
	for (size_t i = 0; i < COUNT(blanks); i++) {
		struct span fold =
		    ARENA_JOIN(p->arena, eol, span_of(blanks[i]));

		put_start(&t, p, header_refolded(start, fold, p->arena));
	}
}
