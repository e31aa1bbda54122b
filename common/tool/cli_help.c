/* cli_help: what --help and -h show. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/die.h"
#include "tool/cli_internal.h"

const struct cli_command *cli_commands;

/* Columns of an option and its argument, at most; what is longer has a line of
 * its own. */
#define WIDTH_OPTION 30u

static struct span
option_text(const struct cli_option *o, struct arena *a)
{
	struct buf b = BUF(a);

	buf_printf(&b, o->letter ? "  -%c" : "    ", o->letter);
	if (o->name)
		buf_printf(&b, "%s --%s", o->letter ? "," : " ", o->name);
	if (o->arg)
		buf_printf(&b, "=%s", o->arg);
	return buf_span(&b);
}

/* Returns the column of the options' texts. */
static size_t
text_column(const struct cli_section *sections, struct arena *a)
{
	size_t width = 0;

	for (; sections->title; sections++)
		for (const struct cli_option *o = sections->option;
		     o->kind != CLI_END; o++) {
			size_t n = option_text(o, a).len;

			if (n <= WIDTH_OPTION && n > width)
				width = n;
		}
	return width + 2;
}

static void
put_option(const struct screen *to, const struct cli_option *o, size_t column,
    struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_add(&t, SCREEN_ID, option_text(o, a));
	if (t.text.len + 2 > column) {
		screen_put(to, &t);
		t = SCREEN_TEXT(a);
	}
	screen_to_column(&t, column);
	screen_str(&t, SCREEN_PLAIN, o->help);
	screen_put_hanging(to, &t, column);
}

static void
put_heading(const struct screen *to, const char *words, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	fputc('\n', to->to);
	screen_str(&t, SCREEN_HEADING, words);
	screen_put(to, &t);
}

static void
put_section(const struct screen *to, const struct cli_section *s, size_t column,
    struct arena *a)
{
	put_heading(to, s->title, a);
	for (const struct cli_option *o = s->option; o->kind != CLI_END; o++)
		if (o->kind != CLI_REFUSED)
			put_option(to, o, column, a);
}

static void
put_top(const struct screen *to, const struct cli_tool *tool, struct arena *a)
{
	screen_line(
	    to, arena_printf(a, "Usage: %s %s", die_program(), tool->synopsis));
	screen_line(to, span_of(tool->purpose));
	put_heading(to, "Examples:", a);
	for (size_t i = 0; i < COUNT(tool->examples); i++)
		screen_line(to, arena_printf(a, "  %s", tool->examples[i]));
}

/* Returns the column of the purposes of subcommands. */
static size_t
purpose_column(const struct cli_command *c)
{
	size_t width = 0;

	for (; c->name; c++)
		if (strlen(c->name) > width)
			width = strlen(c->name);
	return width + 4;
}

static void
put_commands(const struct screen *to, struct arena *a)
{
	const struct cli_command *c = cli_commands;
	size_t column;

	if (!c)
		return;
	column = purpose_column(c);
	put_heading(to,
	    arena_printf(
		a, "Commands (options: %s COMMAND --help):", die_program())
		.p,
	    a);
	for (; c->name; c++) {
		struct screen_text t = SCREEN_TEXT(a);

		screen_str(&t, SCREEN_PLAIN, "  ");
		screen_str(&t, SCREEN_ID, c->name);
		screen_to_column(&t, column);
		screen_str(&t, SCREEN_PLAIN, c->tool->purpose);
		screen_put_hanging(to, &t, column);
	}
}

/* A stream that is not a terminal gets lines of the usual width. */
static struct screen
help_screen(void)
{
	struct screen to = screen_of(stdout);

	if (!to.width)
		to.width = SCREEN_WIDTH;
	return to;
}

/* The tool's own options come last: they stay on the screen. */
void
cli_help(const struct cli_tool *tool, const struct cli_section *sections)
{
	const struct screen to = help_screen();
	struct arena *a = arena_new();
	size_t column = text_column(sections, a), n = 0;

	put_top(&to, tool, a);
	while (sections[n].title)
		n++;
	while (n-- > 0)
		put_section(&to, &sections[n], column, a);
	put_commands(&to, a);
	arena_free(a);
}

static bool
is_main(const struct cli_tool *tool, const struct cli_option *o)
{
	struct span names = span_of(tool->main_options);

	while (names.len && o->name)
		if (span_eq(span_cut(&names, ' '), span_of(o->name)))
			return true;
	return false;
}

void
cli_main_help(const struct cli_tool *tool, const struct cli_section *sections)
{
	const struct screen to = help_screen();
	struct arena *a = arena_new();
	size_t column = text_column(sections, a);

	put_top(&to, tool, a);
	put_commands(&to, a);
	put_heading(&to,
	    arena_printf(a, "Main options (all: %s --help):", die_program()).p,
	    a);
	for (; sections->title; sections++)
		for (const struct cli_option *o = sections->option;
		     o->kind != CLI_END; o++)
			if (is_main(tool, o))
				put_option(&to, o, column, a);
	arena_free(a);
}
