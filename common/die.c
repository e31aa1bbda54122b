#include "die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static const char *program = "vouch";
static int (*hook)(int status);

void
die_init(const char *path)
{
	const char *slash = strrchr(path, '/');
	static char line[BUFSIZ];

	/* A line is one write: those of parallel runs do not mix. */
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
	char *text = NULL;
	int len = vasprintf(&text, format, list);

	if (len < 0)
		return;
	fprintf(stderr, "%s: ", program);
	utf8_escape((struct span){text, (size_t)len}, stderr);
	fputc('\n', stderr);
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
