/* compare_text: a comparison as lines for people. */
/* SPDX-License-Identifier: ISC */

#include "explain/compare_internal.h"

#include <inttypes.h>

#include "base/ascii.h"

/* Octets of a field or line that are shown; where two differ only later, from
 * so many octets before that place. */
#define SHOWN 120u
#define AHEAD 30u

/* Lines of one place in the body, and places, that are shown. */
#define SHOWN_LINES 5u
#define SHOWN_HUNKS 20u

struct writer {
	struct result *r;
	struct arena *arena;
};

static void
add_line(struct writer *w, const struct buf *b)
{
	result_detail(w->r, buf_span(b), w->arena);
}

static size_t
common_start(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.p[n] == b.p[n])
		n++;
	return n;
}

/* Adds a text, or if it is long, where it begins to differ from another. */
static void
add_shown(struct buf *b, struct span text, struct span other)
{
	size_t same = common_start(text, other);

	if (text.len > SHOWN && same > SHOWN - AHEAD && same < text.len) {
		buf_str(b, "...");
		text = span_from(text, same - AHEAD);
	}
	buf_short(b, text, SHOWN);
}

static void
add_side(struct writer *w, char sign, bool is_signed, struct span text,
    struct span other)
{
	struct buf b = BUF(w->arena);

	buf_printf(&b, "  %c %-12s", sign, is_signed ? "signed" : "not signed");
	add_shown(&b, text, other);
	add_line(w, &b);
}

static struct span
field_text(const struct field *f)
{
	return f ? field_chomp(f->raw) : SPAN_NONE;
}

static void
add_field(struct writer *w, const struct compare_field *f)
{
	struct span before = field_text(f->before);
	struct span after = field_text(f->after);
	struct span x = arena_without(w->arena, before, ascii_is_eol),
		    y = arena_without(w->arena, after, ascii_is_eol);

	/* Where folds alone differ, they are shown. */
	if (!span_eq(x, y)) {
		before = x;
		after = y;
	}
	if (f->before)
		add_side(w, '-', f->is_signed, before, after);
	if (f->after)
		add_side(w, '+', f->is_signed, after, before);
}

static size_t
count_fields(const struct comparison *c, bool is_signed, bool same)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nfields; i++)
		n += c->fields[i].is_signed == is_signed &&
		    (c->fields[i].state == COMPARE_SAME) == same;
	return n;
}

static void
add_hidden(struct writer *w, const struct comparison *c)
{
	struct buf b = BUF(w->arena);
	size_t n = 0;

	for (size_t i = 0; i < c->nfields; i++) {
		if (!c->fields[i].is_hidden)
			continue;
		buf_str(&b, n++ ? ", " : "  ");
		buf_short(&b, c->fields[i].name, SHOWN);
	}
	if (!n)
		return;
	buf_str(&b,
	    ": white space or the case of the name differs, which c=relaxed "
	    "allows");
	add_line(w, &b);
}

static void
add_header(struct writer *w, const struct comparison *c)
{
	size_t differ = count_fields(c, true, false);
	size_t others = count_fields(c, false, false) + c->nleft;
	struct buf b = BUF(w->arena);

	buf_printf(&b,
	    "header: %zu signed %s, %zu the same; %zu unsigned %s, %zu the "
	    "same",
	    differ, differ == 1 ? "field differs" : "fields differ",
	    count_fields(c, true, true), others,
	    others == 1 ? "differs" : "differ", c->nunsigned_same);
	add_line(w, &b);
	for (size_t i = 0; i < c->nfields; i++)
		if (c->fields[i].state != COMPARE_SAME)
			add_field(w, &c->fields[i]);
	add_hidden(w, c);
	if (!c->nleft)
		return;
	b = BUF(w->arena);
	buf_printf(&b, "  ... %zu more unsigned fields differ", c->nleft);
	add_line(w, &b);
}

static void
add_lines(struct writer *w, const struct compare_hunk *h, char sign)
{
	bool is_before = sign == '-';
	struct span rest = is_before ? h->before : h->after;
	struct span others = is_before ? h->after : h->before;
	uint64_t n = is_before ? h->nbefore : h->nafter;
	struct buf b = BUF(w->arena);

	for (uint64_t i = 0; i < n && i < SHOWN_LINES; i++) {
		struct span other = SPAN_NONE;

		if (others.len)
			other = field_chomp(field_cut_line(&others));
		add_side(w, sign, h->is_signed,
		    field_chomp(field_cut_line(&rest)), other);
	}
	if (n <= SHOWN_LINES)
		return;
	buf_printf(&b, "  %c ... %" PRIu64 " more", sign, n - SHOWN_LINES);
	add_line(w, &b);
}

static void
add_hunk(struct writer *w, const struct compare_hunk *h)
{
	struct buf b = BUF(w->arena);

	if (!h->nbefore)
		buf_printf(&b,
		    "  %" PRIu64 " %s added after line %" PRIu64
		    " of the original:",
		    h->nafter, h->nafter == 1 ? "line" : "lines",
		    h->before_line);
	else if (!h->nafter)
		buf_printf(&b,
		    "  %" PRIu64 " %s lost after line %" PRIu64
		    " of the original:",
		    h->nbefore, h->nbefore == 1 ? "line" : "lines",
		    h->before_line);
	else
		buf_printf(&b,
		    "  changed at line %" PRIu64 " of the original, now line "
		    "%" PRIu64 ":",
		    h->before_line + 1, h->after_line + 1);
	add_line(w, &b);
	add_lines(w, h, '-');
	add_lines(w, h, '+');
}

static void
add_body(struct writer *w, const struct comparison *c)
{
	struct buf b = BUF(w->arena);

	if (c->is_coarse)
		buf_str(&b,
		    "body: too many lines differ to compare them one by one");
	else if (!c->nhunks)
		buf_str(&b, "body: all lines are the same");
	else
		buf_printf(&b, "body: it differs in %zu %s", c->nhunks,
		    c->nhunks == 1 ? "place" : "places");
	if (c->nhidden)
		buf_printf(&b,
		    "; white space differs in %" PRIu64
		    " %s, which c=relaxed allows",
		    c->nhidden, c->nhidden == 1 ? "line" : "lines");
	add_line(w, &b);
	for (size_t i = 0; i < c->nhunks && i < SHOWN_HUNKS; i++)
		add_hunk(w, &c->hunks[i]);
	if (c->nhunks <= SHOWN_HUNKS)
		return;
	b = BUF(w->arena);
	buf_printf(&b, "  ... %zu more places", c->nhunks - SHOWN_HUNKS);
	add_line(w, &b);
}

void
compare_text(const struct comparison *c, struct result *r, struct arena *a)
{
	/* By whether the header differs, and the body. */
	static const char *const verdicts[2][2] = {
	    {"nothing that this signature covers differs",
		"the header is as signed, the body differs"},
	    {"the header differs, the body is as signed",
		"the header and the body differ"}};
	struct writer w = {r, a};
	struct buf b = BUF(a);

	buf_printf(&b, "compared with the original (c=%s/%s): %s",
	    canon_name(c->signature->header), canon_name(c->signature->body),
	    verdicts[c->header_differs][c->body_differs]);
	add_line(&w, &b);
	if (!c->has_signature)
		result_detail(r,
		    SPAN("the original does not have this signature field"), a);
	add_header(&w, c);
	add_body(&w, c);
}
