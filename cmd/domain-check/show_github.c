/* show_github: findings as workflow commands, which GitHub shows as notes. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

static const char *const commands[] = {
    [FINDING_NOTE] = "notice",
    [FINDING_WARNING] = "warning",
    [FINDING_ERROR] = "error",
};

/* Adds a text with what GitHub takes for syntax as %HH; in a property that is
 * more than in the message. */
static void
add_encoded(struct buf *b, struct span text, const char *syntax)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] && strchr(syntax, text.p[i]))
			buf_printf(b, "%%%02X", (unsigned char)text.p[i]);
		else
			buf_char(b, text.p[i]);
}

#define IN_MESSAGE  "%\r\n"
#define IN_PROPERTY "%\r\n:,"

/* Adds a text that strangers chose: printable, and without "##[", which began a
 * command anywhere in a line before "::" did. */
static void
add_text(struct buf *b, struct span text, const char *syntax)
{
	struct buf shown = BUF(b->arena), harmless = BUF(b->arena);

	buf_escaped(&shown, text);
	place_defuse(&harmless, buf_span(&shown), SPAN("##["));
	add_encoded(b, buf_span(&harmless), syntax);
}

static void
put_finding(
    const struct job *job, const struct mail_setup *s, const struct finding *f)
{
	struct place place = place_of(job, s->domain, f);
	struct buf b = BUF(job->memory);

	buf_printf(&b, "::%s ", commands[f->level]);
	if (place.file) {
		buf_str(&b, "file=");
		add_encoded(&b, span_of(place.file), IN_PROPERTY);
		buf_printf(&b, ",line=%zu,", place.line);
	}
	buf_str(&b, "title=");
	add_encoded(&b, kind_name(f, job->memory), IN_PROPERTY);
	buf_str(&b, "::");
	add_text(&b, place_words(f, job->memory), IN_MESSAGE);
	buf_char(&b, '\n');
	fwrite(b.p, 1, b.len, stdout);
}

void
show_github(const struct job *job, const struct mail_setup *s)
{
	for (size_t i = 0; i < s->findings.n; i++)
		put_finding(job, s, &s->findings.list[i]);
}
