/* recipe_body: the recipe of a body, line by line. */
/* SPDX-License-Identifier: ISC */

#include "base/limit.h"
#include "explain/recipe_internal.h"

/*
 * The body as received is read from its start to its end; the lines of the body
 * as signed are made on the way. As long as such a line has the octets received
 * since it began, it is not copied.
 */
struct lines {
	struct span octets;
	size_t at;       /* received octets that were read */
	uint64_t number; /* of the received line there, from 1 */
	size_t start;    /* where that line starts */

	size_t from;    /* where the signed line began */
	uint64_t whole; /* the received line that starts there, or 0 */
	bool is_copied; /* text has it, else it is [from, at) */
	struct buf text;

	struct recipe_room room;
	struct recipe_steps steps;
};

static struct span
signed_line(const struct lines *l)
{
	if (l->is_copied)
		return buf_span(&l->text);
	return span_between(l->octets.p + l->from, l->octets.p + l->at);
}

static void
begin_line(struct lines *l)
{
	l->from = l->at;
	l->whole = l->at == l->start && l->at < l->octets.len ? l->number : 0;
	l->is_copied = false;
	l->text.len = 0;
}

static struct span
received_line(const struct lines *l, size_t from)
{
	struct span rest = span_from(l->octets, from);

	return field_cut_line(&rest);
}

/* Was exactly one received line read since the signed one began, and is it the
 * same? */
static bool
is_same(const struct lines *l)
{
	struct span received;

	if (!l->whole)
		return false;
	received = received_line(l, l->from);
	return l->at == l->from + received.len &&
	    span_eq(field_chomp(received), field_chomp(signed_line(l)));
}

static void
end_line(struct lines *l)
{
	if (is_same(l))
		recipe_copy(&l->steps, l->whole);
	else
		recipe_data(&l->steps, field_chomp(signed_line(l)));
	begin_line(l);
}

/* Reads up to a line end, or so far. Returns whether there was a line end. */
static bool
read_line(struct lines *l, size_t to)
{
	struct span rest = span_between(l->octets.p + l->at, l->octets.p + to);
	size_t n = field_line_length(rest);

	l->at += n ? n : rest.len;
	if (!n)
		return false;
	l->number++;
	l->start = l->at;
	return true;
}

static void
add_text(struct lines *l, struct span text)
{
	if (l->text.len + text.len > LIMIT_EXPLAIN_RECIPE)
		l->room.reason = RECIPE_TOO_LONG;
	else
		buf_add(&l->text, text);
}

/* Makes the signed line independent of the octets received. */
static void
copy_line(struct lines *l)
{
	if (l->is_copied)
		return;
	add_text(l, signed_line(l));
	l->is_copied = true;
}

/* Octets that are the same. */
static void
keep(struct lines *l, size_t to)
{
	while (l->at < to && !l->room.reason) {
		size_t from = l->at;
		bool ended = read_line(l, to);

		if (l->is_copied)
			add_text(l,
			    span_between(
				l->octets.p + from, l->octets.p + l->at));
		if (ended)
			end_line(l);
	}
}

/* Octets that are replaced by a text. */
static void
replace(struct lines *l, size_t to, struct span text)
{
	copy_line(l);
	while (l->at < to)
		read_line(l, to);
	while (text.len && !l->room.reason) {
		size_t n = field_line_length(text);

		copy_line(l);
		add_text(l, span_upto(text, n ? n : text.len));
		text = span_from(text, n ? n : text.len);
		if (n)
			end_line(l);
	}
	if (!signed_line(l).len)
		begin_line(l);
}

struct recipe
recipe_body(struct span octets, const struct edits *edits, struct arena *a)
{
	struct lines l = {
	    .octets = octets, .number = 1, .text = BUF(a), .room = RECIPE_ROOM};

	l.steps = recipe_steps(&l.room);
	begin_line(&l);
	for (size_t i = 0; i < edits->n && !l.room.reason; i++) {
		const struct edit *e = &edits->list[i];

		keep(&l, e->at);
		replace(&l, e->at + e->length, e->text);
	}
	keep(&l, octets.len);
	if (!l.room.reason && signed_line(&l).len)
		end_line(&l);
	return recipe_end(&l.room, l.steps.list);
}
