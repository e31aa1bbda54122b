/* mime: a walk begins. */
/* SPDX-License-Identifier: ISC */

#include "mail/mime.h"

#include "mail/mime_internal.h"

struct mime *
mime_new(void)
{
	struct arena *a = arena_new();
	struct mime *w = ARENA_NEW(a, struct mime);

	w->arena = a;
	w->header.octets = BUF(a);
	for (size_t i = 0; i < COUNT(w->streams); i++)
		mime_stream_init(&w->streams[i], w);
	return w;
}

void
mime_free(struct mime *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < COUNT(w->frames); i++)
		arena_free(w->frames[i].arena);
	arena_free(w->arena);
}

struct mime_result
mime_result(const struct mime *w)
{
	return w->result;
}

static struct mime_stream *
begin(struct mime *w, struct mime_visitor *visitor)
{
	w->visitor = visitor;
	w->result = (struct mime_result){0};
	mime_stream_reset(&w->streams[0], 0, 0);
	return &w->streams[0];
}

struct sink *
mime_begin(struct mime *w, struct mime_visitor *visitor)
{
	struct mime_stream *s = begin(w, visitor);

	mime_push(s);
	return &s->sink;
}

struct sink *
mime_begin_message(
    struct mime *w, struct mime_visitor *visitor, const struct message *m)
{
	struct mime_stream *s = begin(w, visitor);

	s->at = m->mbox.len;
	mime_push(s);
	if (m->nfields) {
		s->at = (uint64_t)(m->body.p - m->head.p);
		mime_enter(s, span_between(m->fields[0].raw.p, m->separator.p));
	}
	return &s->sink;
}
