/* body_lines_split: lines over a limit of octets that were cut into several. */
/* SPDX-License-Identifier: ISC */

#include "repair/body_lines_internal.h"

#include "base/ascii.h"

/* What is put before and after the line end at a cut. */
struct style {
	struct span before, after;
};

static const struct style styles[] = {
    {{"", 0}, {" ", 1}},  /* Postfix: smtp_line_length_limit */
    {{"!", 1}, {" ", 1}}, /* Sendmail: the L= of a mailer */
    {{"!", 1}, {"", 0}},
    {{"", 0}, {"", 0}},
    {{"", 0}, {"\t", 1}},
};

/* Limits of known software, and a line without its line end of 1000, 1024 and
 * 2048. */
static const size_t limits[] = {998, 990, 1000, 989, 1024, 1022, 2048, 2046};

/* A line shorter than this is not cut. */
#define LEAST 250u

/* Octets that a line is shorter if a character of UTF-8 is kept whole. */
#define SHORTER 3u

/* May a character have been kept whole, as a cut in it makes it invalid? The
 * octets that the line has under the limit are less than those of it. */
static bool
is_before_character(struct span text, size_t under)
{
	return text.len && (unsigned char)text.p[0] >= 0xc0 &&
	    under < ((unsigned char)text.p[0] < 0xe0          ? 2u
			    : (unsigned char)text.p[0] < 0xf0 ? 3u
							      : 4u);
}

/* Was a line cut before the next one? Some limits count what is put at the
 * start of a line, others do not. */
static bool
is_cut(const struct style *style, size_t limit, bool again, struct line line,
    struct line next)
{
	size_t n = line.text.len;

	if (next.text.len <= style->after.len ||
	    !span_starts(next.text, style->after) ||
	    !span_caseends(line.text, style->before))
		return false;
	if (n == limit || (again && n == limit + style->after.len))
		return true;
	return n < limit && n + SHORTER >= limit &&
	    is_before_character(
		span_from(next.text, style->after.len), limit - n);
}

static void
join(const struct body *b, struct body_proposals *p, const struct style *style,
    size_t limit)
{
	struct lines_edits e = lines_begin(b);
	struct span rest = b->octets;
	struct line line, next;
	bool again = false;

	if (!lines_next(&rest, &line))
		return;
	for (; lines_next(&rest, &next); line = next) {
		bool cut = is_cut(style, limit, again, line, next);
		size_t n = cut ? line.text.len - style->before.len : 0;

		if (cut)
			lines_edit(&e,
			    lines_through(span_from(line.text, n),
				span_upto(next.text, style->after.len)),
			    SPAN(""));
		again = cut;
	}
	lines_propose_both(p, &e);
}

/* What lengths lines have: the longest, and which of the limits. */
struct lengths {
	size_t most;
	bool has[COUNT(limits)];
};

static struct lengths
measure(const struct body *b)
{
	struct lengths found = {.most = 0};
	struct span rest = b->octets;
	struct line line;

	while (lines_next(&rest, &line)) {
		size_t n = line.text.len;

		found.most = n > found.most ? n : found.most;
		for (size_t i = 0; n >= LEAST && i < COUNT(limits); i++)
			found.has[i] = found.has[i] ||
			    (n <= limits[i] && n + SHORTER >= limits[i]);
	}
	return found;
}

static void
join_all_styles(const struct body *b, struct body_proposals *p, size_t limit)
{
	for (size_t i = 0; i < COUNT(styles); i++)
		join(b, p, &styles[i], limit);
}

/* Where lines were cut, the longest line has the length of the limit, or an
 * octet more, which was put at its start; but a line that was not cut at all
 * may be as long. */
void
split_added(const struct body *b, struct body_proposals *p)
{
	struct lengths found = measure(b);

	if (found.most < LEAST)
		return;
	join_all_styles(b, p, found.most);
	join_all_styles(b, p, found.most - 1);
	for (size_t i = 0; i < COUNT(limits); i++)
		if (found.has[i] && limits[i] < found.most - 1)
			join_all_styles(b, p, limits[i]);
}
