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

/* A word as written, and what it means. */
struct word {
	struct span text, value;
};

/* Is a backslash before this octet not part of the word? Before any other it
 * is, so that a path with backslashes need not double them. */
static bool
is_escaped(char c)
{
	return ascii_is_space(c) || c == '"' || c == '\\' || c == '#';
}

/* Sets the length of the word at the beginning of a line, and adds its value to
 * b. False: a quote is not closed. */
static bool
scan_word(struct span line, size_t *n, struct buf *b)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < line.len; i++) {
		char c = line.p[i];

		if (c == '\\' && i + 1 < line.len &&
		    is_escaped(line.p[i + 1])) {
			buf_char(b, line.p[++i]);
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && ascii_is_space(c)) {
			break;
		} else {
			buf_char(b, c);
		}
	}
	*n = i;
	return !quoted;
}

/* Removes the next word from a line; absent before a comment or the end. False:
 * a quote is not closed. */
static bool
next_word(struct span *line, struct arena *a, struct word *w)
{
	struct buf b = BUF(a);
	size_t n = 0;

	*w = (struct word){SPAN_NONE, SPAN_NONE};
	*line = span_trim(*line);
	if (!line->len || line->p[0] == '#')
		return true;
	while (n < line->len && !ascii_is_space(line->p[n]) &&
	    line->p[n] != '"' && line->p[n] != '\\')
		n++;
	w->value = span_upto(*line, n);
	if (n < line->len && !ascii_is_space(line->p[n])) {
		if (!scan_word(*line, &n, &b))
			return false;
		w->value = buf_span(&b);
	}
	w->text = span_upto(*line, n);
	*line = span_from(*line, n);
	return true;
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
split_line(struct span line, const struct table_form *form, struct arena *a,
    struct table_row *row)
{
	struct word w;
	size_t n = 0, ntexts = 0;

	if (span_find(line, '\0') < line.len)
		return SPAN("a NUL character");
	for (;;) {
		if (!next_word(&line, a, &w))
			return SPAN("a quote that is not closed; after a "
				    "backslash it is part of a name");
		if (!w.text.p)
			break;
		if (n++ >= form->max)
			continue;
		*ARENA_PUSH(a, row->columns, row->ncolumns) = w.value;
		*ARENA_PUSH(a, row->texts, ntexts) = w.text;
	}
	if (n && (n < form->min || n > form->max))
		return arena_printf(a, "%zu column%s", n, n == 1 ? "" : "s");
	return SPAN_NONE;
}

/* The same, and puts the pattern into normal form. */
static struct span
parse_line(struct span line, const struct table_form *form, struct arena *a,
    struct table_row *row)
{
	struct span error = split_line(line, form, a, row), pattern;

	if (error.p || !row->ncolumns)
		return error;
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

bool
table_has_domain(struct span column)
{
	for (size_t i = 0; i + 1 < column.len; i++)
		if (column.p[i] == '%' && column.p[++i] == 'd')
			return true;
	return false;
}

struct span
table_expand(struct span column, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);
	struct span rest = column, name = SPAN_NONE;

	if (table_has_domain(column)) {
		name = domain_normal(domain, a);
		if (!name.p)
			return SPAN_NONE;
	}
	buf_add(&b, span_cut(&rest, '%'));
	while (rest.p) {
		if (span_starts(rest, SPAN("d")))
			buf_add(&b, name);
		else if (span_starts(rest, SPAN("%")))
			buf_char(&b, '%');
		else
			return SPAN_NONE;
		rest = span_from(rest, 1);
		buf_add(&b, span_cut(&rest, '%'));
	}
	return buf_span(&b);
}

struct span
table_quote(struct span text, struct arena *a)
{
	struct buf b = BUF(a);
	bool quotes = !text.len;

	for (size_t i = 0; i < text.len; i++)
		quotes = quotes || is_escaped(text.p[i]);
	if (!quotes)
		return text;
	buf_char(&b, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, text.p[i]);
	}
	buf_char(&b, '"');
	return buf_span(&b);
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
