/* die: write messages to stderr and end the program. */
/* SPDX-License-Identifier: ISC */

#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/screen.h"

static const char *program = "vouch";
static int (*hook)(int status);

void
die_init(const char *path)
{
	const char *slash = strrchr(path, '/');
	static char line[BUFSIZ];

	/* One write a line, so that lines of parallel runs do not mix. */
	setvbuf(stderr, line, _IOLBF, sizeof(line));
	program = slash ? slash + 1 : path;
}

void
die_name(const char *name)
{
	program = name;
}

const char *
die_program(void)
{
	return program;
}

void
die_hook(int (*at_end)(int status))
{
	hook = at_end;
}

/* What precedes the text of a line. */
struct front {
	const char *name, *separator;
};

static void
put_line(const struct front *front, struct span text, FILE *to)
{
	bool whole = text.len <= LIMIT_WARNING;

	fprintf(to, "%s%s", front->name, front->separator);
	die_show(whole ? text : span_upto(text, LIMIT_WARNING), to);
	if (!whole)
		fprintf(to, "... (%zu octets)", text.len);
}

/* The same for a terminal, to whose width the line is folded. Returns false if
 * there is no memory for that. */
static bool
put_on_terminal(
    const struct screen *terminal, const struct front *front, struct span text)
{
	char *line = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&line, &len);
	bool complete;

	if (!to)
		return false;
	put_line(front, text, to);
	complete = !ferror(to);
	complete = fclose(to) == 0 && complete;
	if (complete)
		screen_line(terminal, (struct span){line, len});
	free(line);
	return complete;
}

static void
write_line(const struct front *front, struct span text)
{
	struct screen terminal = screen_of(stderr);

	if (terminal.width && put_on_terminal(&terminal, front, text))
		return;
	put_line(front, text, stderr);
	fputc('\n', stderr);
}

void
warn_text(struct span text)
{
	write_line(&(struct front){program, ": "}, text);
}

void
warn_detail(struct span text)
{
	write_line(&(struct front){"", "  "}, text);
}

void
warn_hint(struct span text)
{
	write_line(&(struct front){"hint", ": "}, text);
}

void
warn_list(const char *format, va_list list)
{
	char room[256], *text = NULL;
	va_list again;
	int len;

	va_copy(again, list);
	len = vasprintf(&text, format, list);
	if (len >= 0)
		warn_text((struct span){text, (size_t)len});
	else if (vsnprintf(room, sizeof(room), format, again) >= 0)
		warn_text(span_of(room)); /* out of memory: cut */
	va_end(again);
	if (len >= 0)
		free(text);
}

void
warn(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	warn_list(format, list);
	va_end(list);
}

void
die(int status, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	warn_list(format, list);
	va_end(list);
	die_quietly(status);
}

void
die_quietly(int status)
{
	int (*at_end)(int) = hook;

	hook = NULL;
	exit(at_end ? at_end(status) : status);
}
