/* table: parse the columns of an operator's file, and match its patterns. */
/* SPDX-License-Identifier: ISC */

#include "tool/table.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/domain.h"

/* The next word of a line, or an absent span before a comment or the end. */
static struct span
next_word(struct span *line)
{
	struct span word;
	size_t n = 0;

	*line = span_trim(*line);
	if (!line->len || line->p[0] == '#')
		return SPAN_NONE;
	while (n < line->len && !ascii_is_space(line->p[n]))
		n++;
	word = span_upto(*line, n);
	*line = span_from(*line, n);
	return word;
}

/* The pattern with its name in normal form; absent if it is not a pattern. */
static struct span
pattern_normal(struct span pattern, struct arena *a)
{
	bool below = span_starts(pattern, SPAN("."));
	struct buf b = BUF(a);
	struct span name;

	if (span_eq(pattern, SPAN("*")))
		return pattern;
	name = domain_normal(below ? span_from(pattern, 1) : pattern, a);
	if (!name.p || !below)
		return name;
	buf_char(&b, '.');
	buf_add(&b, name);
	return buf_span(&b);
}

static bool
parse_line(struct span line, size_t min, size_t max, struct arena *a,
    struct table_row *row)
{
	struct span word;

	if (span_find(line, '\0') < line.len)
		return false;
	while ((word = next_word(&line)).p) {
		if (row->ncolumns == max)
			return false;
		*ARENA_PUSH(a, row->columns, row->ncolumns) = word;
	}
	if (!row->ncolumns)
		return true;
	row->columns[0] = pattern_normal(row->columns[0], a);
	return row->columns[0].p && row->ncolumns >= min;
}

size_t
table_parse(
    struct span text, size_t min, size_t max, struct arena *a, struct table *t)
{
	size_t number = 0;

	*t = (struct table){0};
	while (text.p) {
		struct span line = span_cut(&text, '\n');
		struct table_row row = {.line = ++number};

		if (!parse_line(line, min, max, a, &row))
			return number;
		if (!row.ncolumns)
			continue;
		*ARENA_PUSH(a, t->rows, t->nrows) = row;
	}
	return 0;
}

/* Is a pattern in normal form already, as table_parse() leaves it? Then nothing
 * has to be allocated to compare it, row by row. */
static bool
is_normal(struct span pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if (ascii_is_8bit(pattern.p[i]) ||
		    ascii_lower(pattern.p[i]) != pattern.p[i])
			return false;
	return !pattern.len || pattern.p[pattern.len - 1] != '.';
}

bool
table_match(struct span pattern, struct span domain, struct arena *a)
{
	struct span p = pattern;

	if (!is_normal(p))
		p = pattern_normal(pattern, a);
	if (!p.len || !domain.len)
		return false;
	if (span_eq(p, SPAN("*")))
		return true;
	if (p.p[0] != '.')
		return span_eq(p, domain);
	p = span_from(p, 1);
	return domain_within(domain, p) && domain.len > p.len;
}
