/* body_mime_footer: a disclaimer that was put into the texts of a message. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_mime_internal.h"

/* Texts that are looked at. */
#define TEXTS 16

/* What may be removed from the end, or the start, of a text. */
struct side {
	struct edit list[BODY_MIME_CUTS];
	size_t n;
};

struct text {
	size_t part;
	bool is_html;
	struct side *first, *last;
};

static struct side *
cut(const struct body *b, size_t part, bool is_html, bool last, size_t *room,
    struct arena *a)
{
	struct side *side = ARENA_NEW(a, struct side);
	struct body_mime_window w;
	struct body_mime_cuts cuts;

	if (!body_mime_open(b, &b->parts[part], last, a, &w) || !w.text.len)
		return side;
	(is_html ? body_mime_cut_html : body_mime_cut_plain)(
	    w.text, last, &cuts);
	for (size_t i = 0; i < cuts.n; i++) {
		struct edit e =
		    body_mime_remove(&w, cuts.list[i].from, cuts.list[i].to, a);

		if (!body_mime_take(room, 4 * e.text.len))
			break;
		side->list[side->n++] = e;
	}
	return side;
}

/* Octets that the cuts of a text need besides those that they put in, for each
 * octet of it. */
#define NEEDED 16

static size_t
open_texts(const struct body *b, struct text *texts, struct arena *a)
{
	size_t n = 0, room = b->room;

	for (size_t i = 0; i < b->nparts && n < TEXTS; i++) {
		const struct body_part *part = &b->parts[i];
		bool is_html = span_eq(part->type, SPAN("text/html"));
		bool is_plain = span_eq(part->type, SPAN("text/plain"));

		/* The end and the start of a body that is not encoded are
		 * tried without this. */
		if (part->kind != MIME_LEAF || (!is_html && !is_plain) ||
		    (!i && is_plain && part->encoding != MIME_BASE64) ||
		    !body_mime_take(&room, NEEDED * (part->end - part->begin)))
			continue;
		texts[n++] = (struct text){i, is_html,
		    cut(b, i, is_html, false, &room, a),
		    cut(b, i, is_html, true, &room, a)};
	}
	return n;
}

/* Proposes what is removed from two texts, the likeliest of both first. */
static void
propose_pairs(
    const struct side *x, const struct side *y, struct body_proposals *p)
{
	for (size_t sum = 0; sum + 1 < x->n + y->n && body_propose_more(p);
	     sum++)
		for (size_t i = 0; i <= sum && i < x->n; i++) {
			struct edits e = {NULL, 0};

			if (sum - i >= y->n)
				continue;
			*ARENA_PUSH(p->arena, e.list, e.n) = x->list[i];
			*ARENA_PUSH(p->arena, e.list, e.n) = y->list[sum - i];
			body_propose(p, e);
		}
}

/* Proposes the number-th cut of a text. */
static void
propose_cut(const struct side *side, size_t number, struct body_proposals *p)
{
	if (number < side->n)
		body_mime_propose(p, side->list[number].at,
		    side->list[number].length, side->list[number].text);
}

/* Proposes what is removed from the ends, or the starts, of two texts that are
 * alternatives. */
static void
propose_alternatives(const struct body *b, bool last, struct body_proposals *p)
{
	struct text texts[TEXTS];
	size_t n = open_texts(b, texts, p->arena);

	for (size_t i = 0; i + 1 < n; i++) {
		const struct text *x = &texts[i], *y = &texts[i + 1];

		if (b->parts[x->part].parent == b->parts[y->part].parent &&
		    x->is_html != y->is_html)
			propose_pairs(last ? x->last : x->first,
			    last ? y->last : y->first, p);
	}
}

BODY_MIME_REPAIR(disclaimers)
{
	propose_alternatives(b, true, p);
}

BODY_MIME_REPAIR(banners)
{
	propose_alternatives(b, false, p);
}

BODY_MIME_REPAIR(text_added)
{
	struct text texts[TEXTS];
	size_t n = open_texts(b, texts, p->arena);

	for (size_t number = 0; number < BODY_MIME_CUTS; number++)
		for (size_t i = n; i-- > 0;) {
			propose_cut(texts[i].last, number, p);
			propose_cut(texts[i].first, number, p);
		}
}
