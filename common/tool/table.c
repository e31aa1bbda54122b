/* table: parse the columns of an operator's file, and match its patterns. */
/* SPDX-License-Identifier: ISC */

#include "tool/table.h"

#include <string.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/die.h"
#include "base/domain.h"
#include "tool/cli.h"

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

/* Splits a line into words. Returns how it is invalid, or an absent span. */
static struct span
parse_line(struct span line, const struct table_form *form, struct arena *a,
    struct table_row *row)
{
	struct span word, pattern;
	size_t n = 0;

	if (span_find(line, '\0') < line.len)
		return SPAN("a NUL character");
	while ((word = next_word(&line)).p)
		if (n++ < form->max)
			*ARENA_PUSH(a, row->columns, row->ncolumns) = word;
	if (!n)
		return SPAN_NONE;
	if (n < form->min || n > form->max)
		return arena_printf(a, "%zu column%s", n, n == 1 ? "" : "s");
	pattern = pattern_normal(row->columns[0], a);
	if (!pattern.p)
		return arena_printf(a,
		    "'" SPAN_FMT "' is not a pattern, which is example.org, "
		    ".example.org (the names below it) or * (all names)",
		    SPAN_ARG(row->columns[0]));
	row->columns[0] = pattern;
	return SPAN_NONE;
}

size_t
table_parse(struct span text, const struct table_form *form, struct arena *a,
    struct table *t, struct span *error)
{
	size_t number = 0;

	*t = (struct table){.form = form};
	while (text.p) {
		struct span line = span_cut(&text, '\n');
		struct table_row row = {.line = ++number};

		*error = parse_line(line, form, a, &row);
		if (error->p)
			return number;
		if (!row.ncolumns)
			continue;
		*ARENA_PUSH(a, t->rows, t->nrows) = row;
	}
	return 0;
}

void
table_read(const char *path, const struct table_form *form, struct arena *a,
    struct table *t)
{
	struct span error;
	size_t line = table_parse(cli_file(path, a), form, a, t, &error);

	t->path = path;
	if (line)
		table_die(t, line, error);
}

void
table_die(const struct table *t, size_t line, struct span error)
{
	die(EX_CONFIG, "%s:%zu: not %s: " SPAN_FMT, t->path, line,
	    t->form->columns, SPAN_ARG(error));
}

struct span
table_path(const struct table *t, struct span path, struct arena *a)
{
	const char *slash = strrchr(t->path, '/');
	struct span folder = span_of(t->path);
	struct stat st;

	if (span_starts(path, SPAN("/")) || !slash || stat(t->path, &st) < 0 ||
	    !S_ISREG(st.st_mode) || span_starts(folder, SPAN("/dev/")) ||
	    span_starts(folder, SPAN("/proc/")))
		return path;
	return ARENA_JOIN(a, span_between(t->path, slash + 1), path);
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
