/* authres_message: removes from a message what is not to be delivered. */
/* SPDX-License-Identifier: ISC */

#include "mail/authres.h"
#include "base/buf.h"
#include "mail/message.h"

/* A part that is removed from a field is removed before the evaluation, so that
 * what is evaluated is what is delivered. Returns whether anything was. */
static bool
remove_from(const struct authres_removal *what, struct field *f,
    struct arena *scratch, struct arena *a)
{
	struct span kept = authres_kept(what, f->raw, scratch);
	struct field whole = *f;

	if (kept.len == f->raw.len)
		return false;
	f->dropped = !kept.len;
	if (f->dropped)
		return true;
	*f = field_split(arena_span(a, kept));
	f->name_id = whole.name_id;
	f->above = whole.above;
	return true;
}

/* Lines above the header may have a bare CR, and a forged field after it. */
static size_t
remove_from_mbox(const struct authres_removal *what, struct message *m)
{
	struct span rest = m->mbox;
	struct buf b = BUF(m->arena);
	size_t removed = 0;

	while (rest.len) {
		struct span line = span_upto(rest, field_line_length(rest));
		struct span kept = authres_kept(what, line, m->arena);

		buf_add(&b, kept);
		removed += kept.len < line.len;
		rest = span_from(rest, line.len);
	}
	m->mbox = buf_span(&b);
	return removed;
}

/* Adds the empty line that ends the header if no field is left and a body
 * follows at once: some readers (Perl's Email::Simple) would take the body's
 * first line for a part of the new field. */
static void
end_header(struct message *m)
{
	size_t n = 0;

	while (n < m->nfields && m->fields[n].dropped)
		n++;
	if (n == m->nfields && m->body.len && !m->separator.len &&
	    !m->too_large)
		m->separator = span_of(m->eol);
}

size_t
authres_remove(const struct authres_removal *what, struct message *m)
{
	struct arena *scratch = arena_new();
	size_t removed = remove_from_mbox(what, m);

	for (size_t i = 0; i < m->nfields; i++) {
		removed += remove_from(what, &m->fields[i], scratch, m->arena);
		arena_reset(scratch);
	}
	arena_free(scratch);
	end_header(m);
	return removed;
}
