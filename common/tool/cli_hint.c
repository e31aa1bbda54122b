/* cli_hint: tell people what they may have meant. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"

bool cli_verbose;

void
cli_hint(const char *format, ...)
{
	char *text = NULL;
	va_list list;
	int len;

	if (!cli_verbose && !isatty(2))
		return;
	va_start(list, format);
	len = vasprintf(&text, format, list);
	va_end(list);
	if (len < 0) /* out of memory: a hint can be left out */
		return;
	warn_hint((struct span){text, (size_t)len});
	free(text);
}

static const char *last;

void
cli_hint_at_end(const char *text)
{
	last = text;
}

void
cli_hint_last(void)
{
	if (last)
		cli_hint("%s", last);
	last = NULL;
}
