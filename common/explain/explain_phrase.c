/* explain_phrase: what the software did, from the phrase of a repair. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/limit.h"
#include "base/utf8.h"
#include "explain/explain_internal.h"
#include "mail/encodedword.h"
#include "mail/received.h"

/*
 * Octets of the message.
 */

/* Copies the first line, without folds, up to so many octets. Returns how many
 * were read. */
static size_t
first_line(struct buf *b, struct span s, size_t max)
{
	size_t i = 0;

	while (i < s.len && b->len < max) {
		size_t n = field_line_end(span_from(s, i));

		if (n && (i + n == s.len || !ascii_is_wsp(s.p[i + n])))
			return i + n;
		if (!n)
			buf_char(b, s.p[i]);
		i += n ? n : 1;
	}
	return i;
}

/* Adds octets, escaped; a quote in them does not end the quotation. */
static void
put_escaped(struct buf *b, struct span s)
{
	while (s.p) {
		buf_escaped(b, span_cut(&s, '"'));
		if (s.p)
			buf_str(b, "\\\"");
	}
}

/* Returns the text from its first line with more than blanks on, if any. */
static struct span
without_empty_lines(struct span s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len && ascii_is_space(s.p[i]); i++)
		if (s.p[i] == '\n')
			from = i + 1;
	return span_trim(s).len ? span_from(s, from) : s;
}

void
explain_quote(struct buf *b, struct span octets, size_t max)
{
	struct buf line = BUF(b->arena);
	struct span shown;
	size_t n;

	if (!octets.len) {
		buf_str(b, "nothing");
		return;
	}
	octets = without_empty_lines(octets);
	n = first_line(&line, octets, max + 4);
	shown = utf8_upto(buf_span(&line), max);
	if (!line.len) {
		shown = utf8_upto(octets, max);
		n = shown.len;
	}
	buf_char(b, '"');
	put_escaped(b, shown);
	buf_str(b, n < octets.len || shown.len < line.len ? "\"..." : "\"");
}

struct span
explain_hop(const struct field *hop, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);
	struct span value;

	canon_header(CANON_RELAXED, hop->raw, &out.sink);
	value = buf_span(&out.buf);
	span_cut(&value, ':');
	return field_chomp(value);
}

size_t
explain_count_lines(struct span text)
{
	size_t n = 0;

	while (text.len) {
		size_t len = span_find(text, '\n');

		text = span_from(text, len < text.len ? len + 1 : len);
		n++;
	}
	return n;
}

/*
 * Templates.
 */

static const struct explain_place *
place_at(struct span template, const struct explain_place *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_starts(template, span_of(places[i].name)))
			return &places[i];
	return NULL;
}

struct span
explain_fill(const char *template, const struct explain_place *places, size_t n,
    const struct explain_about *about, struct arena *a)
{
	struct span rest = span_of(template);
	struct buf b = BUF(a);

	while (rest.len) {
		const struct explain_place *place = place_at(rest, places, n);

		if (place)
			place->put(&b, about);
		else
			buf_char(&b, rest.p[0]);
		rest = span_from(rest, place ? span_of(place->name).len : 1);
	}
	return buf_span(&b);
}

struct span
explain_way(const struct field *hop, struct arena *a)
{
	struct received r;

	received_parse(hop->body, a, &r);
	if (r.by.p && r.helo.p)
		return ARENA_JOIN(a, SPAN("from "), r.helo, SPAN(" to "), r.by);
	if (r.by.p)
		return ARENA_JOIN(a, SPAN("to "), r.by);
	return ARENA_JOIN(a, SPAN("Received: "), explain_hop(hop, a));
}

/*
 * What the places of a phrase become.
 */

static size_t
lines_of(const struct repair *r)
{
	return explain_count_lines(r->after.len ? r->after : r->before);
}

static void
put_lines(struct buf *b, const struct explain_about *w)
{
	size_t n = lines_of(w->repair);

	buf_printf(b, "%zu line%s", n, n == 1 ? "" : "s");
}

/* Does the number, as it is spoken, begin with a vowel: eight, eleven,
 * eighteen, eighty thousand? */
static bool
takes_an(size_t n)
{
	while (n >= 1000)
		n /= 1000;
	return n == 8 || n == 11 || n == 18 || n / 10 == 8 || n / 100 == 8;
}

static void
put_a_line(struct buf *b, const struct explain_about *w)
{
	size_t n = lines_of(w->repair);

	buf_printf(b, "%s %zu-line", takes_an(n) ? "an" : "a", n);
}

static void
put_line(struct buf *b, const struct explain_about *w)
{
	buf_printf(b, "%" PRIu64, w->repair->line);
}

/* What the number of a line, which has just been told, counts from. */
static void
put_of_what(struct buf *b, const struct explain_about *w)
{
	if (w->repair->is_made)
		buf_str(b, " of that text");
	else if (w->names_body && !w->repair->name.p)
		buf_str(b, " of the body");
}

static void
put_where(struct buf *b, const struct explain_about *w)
{
	const struct repair *r = w->repair;

	if (r->line) {
		buf_printf(b, "after line %" PRIu64, r->line);
		put_of_what(b, w);
	} else {
		buf_str(b, "at the start of ");
		buf_str(b, r->is_made ? "that text" : "the body");
	}
}

static void
put_places(struct buf *b, const struct explain_about *w)
{
	size_t n = w->repair->places ? w->repair->places : 1;

	buf_printf(b, "%zu place%s", n, n == 1 ? "" : "s");
}

/* A field has no lines to be counted. */
static void
put_in(struct buf *b, const struct explain_about *w)
{
	const struct repair *r = w->repair;

	if (r->places <= 1 && !r->name.p) {
		buf_printf(b, "in line %" PRIu64, r->line + 1);
		put_of_what(b, w);
		return;
	}
	buf_str(b, "in ");
	put_places(b, w);
	if (r->name.p)
		return;
	buf_printf(b, " from line %" PRIu64, r->line + 1);
	put_of_what(b, w);
	buf_str(b, " on");
}

/* Where there are other lines now, or no more: between those that remain. */
static void
put_at(struct buf *b, const struct explain_about *w)
{
	if (w->repair->places > 1)
		put_in(b, w);
	else
		put_where(b, w);
}

/* "at the end of line 215", "at the end of lines in 12 places ...". */
static void
put_of_lines(struct buf *b, const struct explain_about *w)
{
	if (w->repair->places > 1) {
		buf_str(b, "of lines ");
		put_in(b, w);
	} else {
		buf_printf(b, "of line %" PRIu64, w->repair->line + 1);
		put_of_what(b, w);
	}
}

static void
put_field(struct buf *b, const struct explain_about *w)
{
	size_t more = explain_names(b, w);

	if (more)
		buf_str(b, more > 1 ? " fields" : " field");
}

static void
put_the_field(struct buf *b, const struct explain_about *w)
{
	buf_str(b, w->nnames + w->more > 1 ? "the fields " : "the field ");
	explain_names(b, w);
}

static void
put_the_field_name(struct buf *b, const struct explain_about *w)
{
	bool is_one = w->nnames + w->more == 1;

	buf_str(b, is_one ? "the field name " : "the field names ");
	explain_names(b, w);
}

/* Returns a Subject as people read it, with its name. */
static struct span
subject_text(struct span raw, struct arena *a)
{
	struct sink_buf out = sink_to_buf(a);

	canon_header(CANON_RELAXED, raw, &out.sink);
	return encodedword_decode(field_chomp(buf_span(&out.buf)), false, a);
}

/* Is the octet one of a UTF-8 sequence, but not the first? */
static bool
is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Returns the octets of a text that another has not in that place. */
static struct span
surplus(struct span text, struct span other)
{
	size_t n = 0;

	while (n < text.len && n < other.len && text.p[n] == other.p[n])
		n++;
	while (n && n < text.len && is_inside(text.p[n]))
		n--;
	text = span_from(text, n);
	other = span_from(other, n);
	n = 0;
	while (n < text.len && n < other.len &&
	    text.p[text.len - n - 1] == other.p[other.len - n - 1])
		n++;
	while (n && is_inside(text.p[text.len - n]))
		n--;
	return span_upto(text, text.len - n);
}

/* Returns what a Subject has more than the one that was signed, decoded: a tag
 * may have become a part of an encoded-word (RFC 2047). Absent or empty: the
 * octets tell it. */
static struct span
added_text(const struct repair *r, struct arena *a)
{
	struct span raw, front;

	if (!r->field || !span_caseeq(r->name, SPAN("Subject")))
		return SPAN_NONE;
	raw = r->field->raw;
	if (raw.len > LIMIT_EXPLAIN_FIELD || r->after.p < raw.p ||
	    r->after.p + r->after.len > raw.p + raw.len ||
	    !span_casecontains(raw, SPAN("=?")))
		return SPAN_NONE;
	front = span_between(raw.p, r->after.p);
	return surplus(subject_text(raw, a),
	    subject_text(ARENA_JOIN(a, front, r->before,
			     span_from(raw, front.len + r->after.len)),
		a));
}

/* Returns how many octets two texts begin with alike, up to a blank, if they
 * are too many to show what follows. */
static size_t
common_start(struct span text, struct span other)
{
	size_t n = 0;

	while (n < text.len && n < other.len && text.p[n] == other.p[n])
		n++;
	if (n < LIMIT_SHOWN_PIECE / 2)
		return 0;
	while (n && !ascii_is_wsp(text.p[n - 1]))
		n--;
	return n;
}

/* Adds one of two texts, encoded-words as people read them, from where it
 * differs from the other. */
static void
put_piece(
    struct buf *b, const struct repair *r, struct span text, struct span other)
{
	size_t n;

	if (r->name.p && text.len <= LIMIT_EXPLAIN_FIELD &&
	    other.len <= LIMIT_EXPLAIN_FIELD) {
		struct span read = encodedword_decode(text, false, b->arena);
		struct span also = encodedword_decode(other, false, b->arena);

		if (!span_eq(read, also)) {
			text = read;
			other = also;
		}
	}
	n = common_start(text, other);
	buf_str(b, n ? "..." : "");
	explain_quote(b, span_from(text, n), LIMIT_SHOWN_PIECE);
}

static void
put_after(struct buf *b, const struct explain_about *w)
{
	struct span text = added_text(w->repair, b->arena);

	if (text.len)
		explain_quote(b, text, LIMIT_SHOWN_PIECE);
	else
		put_piece(b, w->repair, w->repair->after, w->repair->before);
}

/* What one text has more than another, as an item of a list. */
static void
put_item(struct buf *b, struct span text, struct span other)
{
	struct span item = surplus(text, other);

	while (item.len && strchr(",; \t\r\n", item.p[0]))
		item = span_from(item, 1);
	while (item.len && strchr(",; \t\r\n", item.p[item.len - 1]))
		item.len--;
	explain_quote(b, item.len ? item : text, LIMIT_SHOWN_PIECE);
}

static void
put_added(struct buf *b, const struct explain_about *w)
{
	put_item(b, w->repair->after, w->repair->before);
}

static void
put_removed(struct buf *b, const struct explain_about *w)
{
	put_item(b, w->repair->before, w->repair->after);
}

static void
put_before(struct buf *b, const struct explain_about *w)
{
	put_piece(b, w->repair, w->repair->before, w->repair->after);
}

static const struct explain_place places[] = {
    {"after line {line}", put_where},
    {"{lines}", put_lines},
    {"{a-line}", put_a_line},
    {"{line}", put_line},
    {"{where}", put_where},
    {"of lines in {places}", put_of_lines},
    {"of {places}", put_of_lines},
    {"in {places}", put_in},
    {"{in}", put_in},
    {"{at}", put_at},
    {"{places}", put_places},
    {"the field {field}", put_the_field},
    {"the field name {field}", put_the_field_name},
    {"{field}", put_field},
    {"{after}", put_after},
    {"{before}", put_before},
    {"{was}", put_before},
    {"{added}", put_added},
    {"{removed}", put_removed},
};

struct span
explain_phrase(const struct repair *r, bool names_body, struct arena *a)
{
	const struct explain_about about = {.repair = r,
	    .names_body = names_body,
	    .names = &r->name,
	    .nnames = 1,
	    .more = r->others};

	return explain_fill(r->kind->phrase, places, COUNT(places), &about, a);
}

struct span
explain_phrase_of(const struct repair *r, const struct span *names, size_t n,
    size_t more, struct arena *a)
{
	const struct explain_about about = {
	    .repair = r, .names = names, .nnames = n, .more = more};

	return explain_fill(r->kind->phrase, places, COUNT(places), &about, a);
}
