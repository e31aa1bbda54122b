/* progress: on a terminal, how far long work is; the line disappears. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <time.h>

/* Milliseconds until the line appears, and between two of them. */
#define FIRST 2000
#define NEXT  200

/* Columns of the highest number, and of the words. */
#define DIGITS  20
#define COLUMNS ((int)sizeof(" mails and files read") - 1)

static int64_t
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
progress_begin(struct progress *p, const struct screen *screen)
{
	*p = (struct progress){.screen = screen};
	if (screen->width)
		p->next = milliseconds() + FIRST;
}

void
progress_show(struct progress *p, uint64_t inputs)
{
	int64_t now;

	if (!p->screen->width)
		return;
	now = milliseconds();
	if (now < p->next)
		return;
	p->next = now + NEXT;
	p->shown = true;
	fprintf(p->screen->to, "\r%llu mails and files read",
	    (unsigned long long)inputs);
	fflush(p->screen->to);
}

void
progress_hide(struct progress *p)
{
	if (p->shown)
		fprintf(p->screen->to, "\r%*s\r", DIGITS + COLUMNS, "");
	p->shown = false;
}
