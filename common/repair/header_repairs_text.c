/* header_repairs_text: the text of a field in pieces. */
/* SPDX-License-Identifier: ISC */

#include "repair/header_repairs_internal.h"

#include "base/ascii.h"
#include "base/limit.h"

size_t
header_blanks(struct span s)
{
	return span_run(s, ascii_is_space);
}

size_t
header_blanks_last(struct span s)
{
	return span_run_last(s, ascii_is_space);
}

static bool
has_name(const char *const *names, struct span name)
{
	if (!names)
		return true;
	for (; *names; names++)
		if (span_caseeq(name, span_of(*names)))
			return true;
	return false;
}

static void
split(struct header_text *t, struct span raw)
{
	struct span text = field_chomp(raw), rest;
	struct field f = field_split(raw);

	t->raw = raw;
	t->name = f.name;
	rest = span_from(text, f.name.len);
	t->colon = span_upto(rest, span_find(rest, ':') + 1);
	t->colon.len += header_blanks(span_from(rest, t->colon.len));
	rest = span_from(rest, t->colon.len);
	t->value = span_upto(rest, rest.len - header_blanks_last(rest));
	t->tail = span_from(rest, t->value.len);
}

bool
header_text_read(struct header_text *t, const struct header *h, size_t index,
    struct span raw, struct header_proposals *p, const char *const *names)
{
	struct span line = span_upto(raw, field_line_length(raw));

	if (index == h->signature || (h->intact && h->intact[index]) ||
	    raw.len > LIMIT_EXPLAIN_FIELD ||
	    field_classify(raw) != FIELD_START ||
	    !has_name(names, field_split(raw).name) ||
	    !header_is_signed(h, index))
		return false;
	*t = (struct header_text){
	    .h = h, .index = index, .to = p, .arena = h->arena};
	split(t, raw);
	t->eol = line.len ? span_from(line, field_chomp(line).len)
			  : span_of(h->m->field_eol);
	t->is_simple = h->s->header == CANON_SIMPLE;
	return true;
}

bool
header_text_is(const struct header_text *t, const char *name)
{
	return span_caseeq(t->name, span_of(name));
}

void
header_text_put(const struct header_text *t, struct span value)
{
	HEADER_TEXT_PUT(t, t->name, t->colon, value, t->tail);
}

/* Returns a copy with a text in the place of runs of blanks and line ends: all,
 * or those that have a line end. */
static struct span
with_blanks(struct span s, struct span by, bool all, struct arena *a)
{
	struct buf b = BUF(a);

	while (s.len) {
		size_t n = header_blanks(s);

		if (n && (all || span_find(span_upto(s, n), '\n') < n))
			buf_add(&b, by);
		else
			buf_add(&b, span_upto(s, n ? n : 1));
		s = span_from(s, n ? n : 1);
	}
	return buf_span(&b);
}

struct span
header_squeezed(struct span s, struct arena *a)
{
	return with_blanks(s, SPAN(" "), true, a);
}

struct span
header_refolded(struct span s, struct span by, struct arena *a)
{
	return with_blanks(s, by, false, a);
}

struct span
header_between(struct span s, char first, char last)
{
	if (s.len < 2 || s.p[0] != first || s.p[s.len - 1] != last)
		return SPAN_NONE;
	return span_upto(span_from(s, 1), s.len - 2);
}

struct span
header_bracketed(struct span address, struct arena *a)
{
	return ARENA_JOIN(a, SPAN("<"), address, SPAN(">"));
}

size_t
header_place(struct span s, struct span text)
{
	for (size_t i = 0; i + text.len <= s.len; i++)
		if (span_casestarts(span_from(s, i), text))
			return i;
	return s.len;
}

struct span
header_spliced(
    struct span s, size_t at, size_t length, struct span by, struct arena *a)
{
	return ARENA_JOIN(a, span_upto(s, at), by, span_from(s, at + length));
}

/* What an octet does to the place of the next: inside quotes, parentheses or
 * brackets. */
struct place {
	bool quoted, angle;
	size_t comments;
};

static void
pass(struct place *at, char c)
{
	if (c == '"' && !at->comments)
		at->quoted = !at->quoted;
	else if (at->quoted)
		return;
	else if (c == '(')
		at->comments++;
	else if (c == ')' && at->comments)
		at->comments--;
	else if (!at->comments && (c == '<' || c == '>'))
		at->angle = c == '<';
}

struct span
header_item(struct span *rest, char c)
{
	struct place at = {.quoted = false};
	struct span s = *rest;

	for (size_t i = 0; i < s.len; i++) {
		bool is_open = at.quoted || at.comments;

		if (is_open && s.p[i] == '\\') {
			i++;
		} else if (!is_open && !at.angle && s.p[i] == c) {
			*rest = span_from(s, i + 1);
			return span_upto(s, i);
		} else {
			pass(&at, s.p[i]);
		}
	}
	*rest = SPAN_NONE;
	return s;
}

size_t
header_items(struct span s, char c)
{
	size_t n = 0;

	for (; s.p; n++)
		header_item(&s, c);
	return n;
}

struct span
header_value(const struct header *h, struct span name)
{
	const struct field *f = message_lowest(h->m, name);

	if (!f || f->raw.len > LIMIT_EXPLAIN_FIELD)
		return SPAN_NONE;
	return span_trim(f->body);
}
