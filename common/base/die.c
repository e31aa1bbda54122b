/* die: write messages to stderr and end the program. */
/* SPDX-License-Identifier: ISC */

#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void __attribute__((format(printf, 1, 0)))
warn_list(const char *format, va_list list)
{
	char room[256], *text = NULL;
	va_list again;
	int len;

	va_copy(again, list);
	len = vasprintf(&text, format, list);
	fprintf(stderr, "%s: ", program);
	if (len >= 0)
		die_show((struct span){text, (size_t)len}, stderr);
	else if (vsnprintf(room, sizeof(room), format, again) >= 0)
		die_show(span_of(room), stderr); /* out of memory: cut */
	va_end(again);
	fputc('\n', stderr);
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
warn_text(struct span text)
{
	fprintf(stderr, "%s: ", program);
	die_show(text, stderr);
	fputc('\n', stderr);
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
