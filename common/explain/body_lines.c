/* body_lines: repairs of lines, and what all repairs of a body use. */
/* SPDX-License-Identifier: ISC */

#include "explain/body_lines_internal.h"

#include <string.h>

#include "base/ascii.h"
#include "base/limit.h"

/* In the order of rank. */
const struct body_repair body_lines_repairs[] = {
    {{"body-links",
	 "replaced links in {places} with its own, which lead to a server that "
	 "checks them",
	 REPAIR_ADVICE_AFTER, 10},
	links_rewritten},
    {{"body-from-quoted", "put \">\" before \"From \" in {places}",
	 REPAIR_ADVICE_ARCHIVE, 12},
	mbox_quoted},
    {{"body-split", "cut lines that were too long in {places}",
	 REPAIR_ADVICE_LINES, 14},
	split_added},
    {{"body-trailing-added", "added spaces at the end of lines in {places}",
	 REPAIR_ADVICE_RELAXED, 16},
	trail_added},
    {{"body-signature-dash",
	 "removed the space after \"--\" above the sender's name",
	 REPAIR_ADVICE_RELAXED, 18},
	trail_dash_lost},
    {{"body-trailing-flowed",
	 "removed the spaces at the end of lines in {places}",
	 REPAIR_ADVICE_RELAXED, 20},
	trail_flowed_lost},
    {{"body-trailing-quote",
	 "removed the space after \">\" on quoted lines in {places}",
	 REPAIR_ADVICE_RELAXED, 22},
	trail_quote_lost},
    {{"body-cr-doubled", "added a second CR to the line end in {places}",
	 REPAIR_ADVICE_ARCHIVE, 24},
	ends_cr_doubled},
    {{"body-cr-added", "put CR without LF in {places}", REPAIR_ADVICE_RELAY,
	 26},
	ends_cr_added},
    {{"body-blank-doubled", "added an empty line after each line",
	 REPAIR_ADVICE_RELAY, 28},
	blank_doubled},
    {{"body-cr-taken", "took CR for a line end in {places}",
	 REPAIR_ADVICE_RELAY, 30},
	ends_cr_taken},
    {{"body-charset", "converted characters to UTF-8 in {places}",
	 REPAIR_ADVICE_SEVEN, 32},
	charset_made},
    {{"body-charset-doubled",
	 "took UTF-8 for an older charset and converted it again in {places}",
	 REPAIR_ADVICE_SEVEN, 34},
	charset_doubled},
    {{"body-charset-lost",
	 "converted characters from UTF-8 to an older charset in {places}",
	 REPAIR_ADVICE_SEVEN, 36},
	charset_lost},
    {{"body-dots-added",
	 "put a dot before a line that begins with one in {places}",
	 REPAIR_ADVICE_RELAY, 38},
	dots_added},
    {{"body-dots-lost",
	 "removed one of the dots that a line begins with in {places}",
	 REPAIR_ADVICE_RELAY, 40},
	dots_lost},
    {{"body-dots-eaten", "removed the dot that a line began with in {places}",
	 REPAIR_ADVICE_RELAY, 41},
	dots_eaten},
    {{"body-from-unquoted", "removed \">\" before \"From \" in {places}",
	 REPAIR_ADVICE_ARCHIVE, 42},
	mbox_unquoted},
    {{"body-nul-added", "added NUL octets in {places}", REPAIR_ADVICE_RELAY,
	 44},
	ends_nul_added},
    {{"body-nul-replaced", "replaced NUL octets in {places}",
	 REPAIR_ADVICE_SEVEN, 46},
	ends_nul_replaced},
    {{"body-bom-added", "added a byte order mark in {places}",
	 REPAIR_ADVICE_RELAY, 48},
	charset_bom_added},
    {{"body-flowed-joined", "broke long lines after a space in {places}",
	 REPAIR_ADVICE_SEVEN, 50},
	wrap_flowed},
    {{"body-flowed-stuffed", "put a space before lines in {places}",
	 REPAIR_ADVICE_RELAY, 52},
	wrap_stuffed},
    {{"body-wrapped", "broke long lines between words in {places}",
	 REPAIR_ADVICE_SEVEN, 54},
	wrap_added},
    {{"body-unwrapped", "joined the lines of paragraphs in {places}",
	 REPAIR_ADVICE_RELAY, 56},
	wrap_lost},
    {{"body-rewrapped",
	 "broke the lines of paragraphs at another width in {places}",
	 REPAIR_ADVICE_RELAY, 58},
	wrap_changed},
    {{"body-tabs-expanded", "replaced tabs with spaces in {places}",
	 REPAIR_ADVICE_RELAXED, 60},
	tabs_expanded},
    {{"body-tabs-made", "replaced spaces with tabs in {places}",
	 REPAIR_ADVICE_RELAXED, 62},
	tabs_made},
    {{"body-indent-added", "indented lines in {places}", REPAIR_ADVICE_RELAY,
	 64},
	indent_added},
    {{"body-marks",
	 "replaced plain quotes, dashes or dots with typographic ones in "
	 "{places}",
	 REPAIR_ADVICE_RELAY, 66},
	marks_curled},
    {{"body-form-feed",
	 "took form feeds or other controls for line ends in {places}",
	 REPAIR_ADVICE_RELAY, 68},
	ends_form_taken},
    {{"body-end-lost",
	 "put its text on the last line, without a line end before it",
	 REPAIR_ADVICE_AFTER, 70},
	ends_last_lost},
    {{"body-blank-start-added", "added empty lines at the start",
	 REPAIR_ADVICE_RELAY, 72},
	blank_added_at_start},
    {{"body-blank-added", "added empty lines in {places}", REPAIR_ADVICE_RELAY,
	 74},
	blank_added},
    {{"body-blank-start-lost", "removed empty lines at the start",
	 REPAIR_ADVICE_RELAY, 76},
	blank_lost_at_start},
    {{"body-bom-lost", "removed the byte order mark in {places}",
	 REPAIR_ADVICE_RELAY, 78},
	charset_bom_lost},
    {{"body-blank-collapsed", "reduced several empty lines to one in {places}",
	 REPAIR_ADVICE_RELAY, 80},
	blank_collapsed},
    {{"body-blank-lost", "removed an empty line in {places}",
	 REPAIR_ADVICE_RELAY, 82},
	blank_lost},
    {{"body-trailing-lost", "removed a space at the end of lines in {places}",
	 REPAIR_ADVICE_RELAXED, 84},
	trail_lost},
    {{NULL, NULL, REPAIR_ADVICE_NONE, 0}, NULL},
};

struct span
body_line(struct span *rest)
{
	size_t n = span_find(*rest, '\n');
	struct span line = span_upto(*rest, n < rest->len ? n + 1 : n);

	*rest = span_from(*rest, line.len);
	return line;
}

/*
 * Lines.
 */

bool
lines_next(struct span *rest, struct line *line)
{
	struct span all = body_line(rest);
	size_t n = all.len;

	if (n && all.p[n - 1] == '\n')
		n--;
	if (n < all.len && n && all.p[n - 1] == '\r')
		n--;
	*line = (struct line){span_upto(all, n), span_from(all, n)};
	return all.len;
}

bool
lines_is_empty(const struct body *b, struct line line)
{
	if (b->canon == CANON_SIMPLE)
		return !line.text.len;
	return lines_indent(line.text) == line.text.len;
}

size_t
lines_indent(struct span text)
{
	size_t n = 0;

	while (n < text.len && ascii_is_wsp(text.p[n]))
		n++;
	return n;
}

size_t
lines_trail(struct span text)
{
	size_t n = 0;

	while (n < text.len && ascii_is_wsp(text.p[text.len - n - 1]))
		n++;
	return n;
}

size_t
lines_run(struct span text, char c)
{
	size_t n = 0;

	while (n < text.len && text.p[n] == c)
		n++;
	return n;
}

struct span
lines_through(struct span from, struct span to)
{
	return span_between(from.p, to.p + to.len);
}

size_t
lines_find(struct span s, struct span text)
{
	const char *at = s.len ? memmem(s.p, s.len, text.p, text.len) : NULL;

	return at ? (size_t)(at - s.p) : s.len;
}

bool
lines_are_flowed(const struct body *b)
{
	static const struct span flowed[] = {{"format=flowed", 13},
	    {"format=\"flowed\"", 15}, {"Format=Flowed", 13}};

	for (size_t i = 0; i < COUNT(flowed); i++)
		if (lines_find(b->fields, flowed[i]) < b->fields.len ||
		    lines_find(b->octets, flowed[i]) < b->octets.len)
			return true;
	return false;
}

/*
 * Edits being collected.
 */

static struct span
line_end(const struct body *b)
{
	size_t n = span_find(b->octets, '\n');

	if (n < b->octets.len && (!n || b->octets.p[n - 1] != '\r'))
		return SPAN("\n");
	return SPAN("\r\n");
}

struct lines_edits
lines_begin(const struct body *b)
{
	return (struct lines_edits){.b = b, .end = line_end(b)};
}

/* Takes octets of the room; false, and all is over, if there are not enough. */
static bool
take(struct lines_edits *e, size_t *of, size_t n)
{
	e->over = e->over || n > e->b->room - e->listed - e->made;
	if (!e->over)
		*of += n;
	return !e->over;
}

/* A list of edits grows at powers of two. */
static bool
take_edit(struct lines_edits *e)
{
	size_t n = e->edits.n;

	e->over = e->over || n >= LIMIT_EXPLAIN_EDITS;
	if (n & (n - 1))
		return !e->over;
	return take(e, &e->listed, (n ? n : 1) * sizeof(struct edit));
}

void
lines_edit(struct lines_edits *e, struct span old, struct span text)
{
	if (!span_eq(old, text) && take_edit(e))
		edits_add(&e->edits, e->b->arena,
		    (size_t)(old.p - e->b->octets.p), old.len, text);
}

/* The arena takes a multiple of it. */
#define ALIGNED 16u

bool
lines_take(struct lines_edits *e, size_t n)
{
	return take(e, &e->made, (n / ALIGNED + 1) * ALIGNED);
}

char *
lines_text(struct lines_edits *e, size_t n)
{
	return lines_take(e, n) ? arena_alloc(e->b->arena, n) : NULL;
}

void
lines_propose(struct body_proposals *p, const struct lines_edits *e)
{
	if (!e->over)
		body_propose(p, e->edits);
}

void
lines_propose_each(struct body_proposals *p, const struct lines_edits *e)
{
	if (e->over || e->edits.n < 2 || e->edits.n > LIMIT_EXPLAIN_PLACES)
		return;
	for (size_t i = 0; i < e->edits.n; i++)
		body_propose(p, (struct edits){&e->edits.list[i], 1});
}

void
lines_propose_both(struct body_proposals *p, const struct lines_edits *e)
{
	lines_propose(p, e);
	lines_propose_each(p, e);
}
