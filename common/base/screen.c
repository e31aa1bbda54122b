/* screen: fold text for people to the width of a terminal, and colour it. */
/* SPDX-License-Identifier: ISC */

#include "base/screen_internal.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"

/* The least width that lines are folded to. */
#define WIDTH_MIN 20u

/* Columns that continuation lines are indented more than their first line. */
#define HANG 4u

/* A line is rather folded between two columns of a table, where there are two
 * blanks, if that leaves no more than so many columns of it empty. */
#define GAP 12u

static const char *const colours[] = {
    [SCREEN_PLAIN] = "",
    [SCREEN_PASS] = "\033[32m",
    [SCREEN_FAIL] = "\033[31m",
    [SCREEN_DOUBT] = "\033[33m",
    [SCREEN_ID] = "\033[36m",
    [SCREEN_DECIDES] = "\033[1m",
    [SCREEN_OVER] = "\033[1;31m",
    [SCREEN_PLACE] = "\033[1;35m",
    [SCREEN_HEADING] = "\033[1m",
};

static enum screen_colours wanted = SCREEN_AUTO;

void
screen_set_colours(enum screen_colours which)
{
	wanted = which;
}

static size_t
terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (!columns || !span_number(span_of(columns), 10000, &n) || !n)
		n = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col
		    ? size.ws_col
		    : SCREEN_WIDTH;
	return n < WIDTH_MIN ? WIDTH_MIN : (size_t)n;
}

/* Does the environment allow colours? */
static bool
may_have_colours(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no_color && *no_color) && term && strcmp(term, "dumb");
}

struct screen
screen_of(FILE *to)
{
	bool terminal = isatty(fileno(to));

	return (struct screen){.to = to,
	    .width = terminal ? terminal_width(fileno(to)) : 0,
	    .has_colours = wanted == SCREEN_ALWAYS ||
		(wanted == SCREEN_AUTO && terminal && may_have_colours())};
}

/*
 * Columns.
 */

/* Returns the columns of the character at the start of s, which is not empty,
 * and its octets in *n. Without the locale, which glibc has built in, each
 * character takes one. */
static size_t
character_columns(struct span s, locale_t locale, size_t *n)
{
	mbstate_t state = {0};
	locale_t before;
	wchar_t c;
	int columns;

	*n = utf8_length(s);
	if (*n <= 1 || !locale) {
		*n = *n ? *n : 1;
		return 1;
	}
	before = uselocale(locale);
	columns = mbrtowc(&c, s.p, *n, &state) == *n ? wcwidth(c) : 1;
	uselocale(before);
	return columns < 0 ? 1 : (size_t)columns;
}

static locale_t
utf8_locale(void)
{
	static locale_t locale; /* static: reachable for leak checkers */

	if (!locale)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return locale;
}

size_t
screen_columns(struct span shown)
{
	locale_t locale = utf8_locale();
	size_t columns = 0, n;

	for (; shown.len; shown = span_from(shown, n))
		columns += character_columns(shown, locale, &n);
	return columns;
}

/* Returns how many octets of s, which begins at a column, fit in the width; at
 * least one character. */
static size_t
octets_that_fit(struct span s, size_t column, size_t width)
{
	locale_t locale = utf8_locale();
	size_t len = 0, n;

	while (len < s.len) {
		column += character_columns(span_from(s, len), locale, &n);
		if (column > width && len)
			break;
		len += n;
	}
	return len;
}

static size_t
blanks(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] == ' ')
		n++;
	return n;
}

/* Returns where to fold a text of which n octets fit in a line: at a blank, or
 * in a word that is longer than a line. */
static size_t
fold_at(struct span s, size_t n)
{
	size_t first = blanks(s), blank = n, gap;

	if (n == s.len)
		return n;
	while (blank > first && s.p[blank] != ' ')
		blank--;
	if (blank == first)
		return n;
	for (gap = blank; gap > first && gap + GAP > n; gap--)
		if (s.p[gap] == ' ' && s.p[gap - 1] == ' ')
			return gap;
	return blank;
}

/* Removes the next line from *s and returns it, without the blanks at which it
 * was folded. */
static struct span
take_line(struct span *s, size_t column, size_t width)
{
	size_t n = fold_at(*s, octets_that_fit(*s, column, width));
	struct span line;

	line = span_upto(*s, n);
	*s = span_from(*s, n);
	*s = span_from(*s, blanks(*s));
	while (s->len && line.len && line.p[line.len - 1] == ' ')
		line.len--;
	return line;
}

/*
 * Writing.
 */

/* A text that is being written: the part that the next octet is in. */
struct writer {
	const struct screen *screen;
	const struct screen_part *part, *end;
	const char *text;
};

/* Writes octets of one part. */
static void
write_part(const struct writer *w, struct span s, enum screen_role role)
{
	const char *colour = w->screen->has_colours ? colours[role] : "";

	fputs(colour, w->screen->to);
	fwrite(s.p, 1, s.len, w->screen->to);
	fputs(*colour ? "\033[0m" : "", w->screen->to);
}

static void
write_line(struct writer *w, struct span line)
{
	while (line.len) {
		size_t at = (size_t)(line.p - w->text), n = line.len;

		while (w->part + 1 < w->end && w->part[1].at <= at)
			w->part++;
		if (w->part + 1 < w->end && w->part[1].at - at < n)
			n = w->part[1].at - at;
		write_part(w, span_upto(line, n), w->part->role);
		line = span_from(line, n);
	}
}

static void
write_folded(struct writer *w, struct span text, size_t hang)
{
	size_t width = w->screen->width;

	if (!width) {
		write_line(w, text);
		fputc('\n', w->screen->to);
		return;
	}
	if (hang > width / 2)
		hang = width / 2;
	write_line(w, take_line(&text, 0, width));
	while (text.len) {
		fprintf(w->screen->to, "\n%*s", (int)hang, "");
		write_line(w, take_line(&text, hang, width));
	}
	fputc('\n', w->screen->to);
}

size_t
screen_hang(struct span text)
{
	return blanks(text) + HANG;
}

void
screen_write(const struct screen *s, struct span text,
    const struct screen_part *parts, size_t n, size_t hang)
{
	static const struct screen_part whole = {0, SCREEN_PLAIN};
	struct writer w = {
	    s, n ? parts : &whole, n ? parts + n : &whole + 1, text.p};

	write_folded(&w, text, hang);
}

void
screen_line(const struct screen *s, struct span shown)
{
	screen_write(s, shown, NULL, 0, screen_hang(shown));
}
