/* screen_text: compose a line of parts with roles. */
/* SPDX-License-Identifier: ISC */

#include "base/screen_internal.h"

static void
begin_part(struct screen_text *t, enum screen_role role)
{
	if (t->nparts && t->parts[t->nparts - 1].role == role)
		return;
	*ARENA_PUSH(t->text.arena, t->parts, t->nparts) =
	    (struct screen_part){t->text.len, role};
}

void
screen_add(struct screen_text *t, enum screen_role role, struct span s)
{
	begin_part(t, role);
	buf_escaped(&t->text, s);
}

void
screen_str(struct screen_text *t, enum screen_role role, const char *s)
{
	screen_add(t, role, span_of(s));
}

void
screen_shown(struct screen_text *t, enum screen_role role, struct span s)
{
	begin_part(t, role);
	buf_add(&t->text, s);
}

void
screen_to_column(struct screen_text *t, size_t column)
{
	size_t at = screen_columns(buf_span(&t->text));

	screen_str(t, SCREEN_PLAIN, "  ");
	for (at += 2; at < column; at++)
		buf_char(&t->text, ' ');
}

void
screen_put_hanging(
    const struct screen *s, const struct screen_text *t, size_t hang)
{
	screen_write(s, buf_span(&t->text), t->parts, t->nparts, hang);
}

void
screen_put(const struct screen *s, const struct screen_text *t)
{
	screen_put_hanging(s, t, screen_hang(buf_span(&t->text)));
}
