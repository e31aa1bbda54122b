/* reader: a mail or file begins and ends. */
/* SPDX-License-Identifier: ISC */

#include "report/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/reader_internal.h"

static void on_put(struct sink *self, const char *p, size_t n);
static void on_end(struct sink *self);

struct reader *
reader_new(const struct reader_handler *handler, void *context,
    uint64_t max_size, int64_t now)
{
	struct reader *r = arena_malloc(sizeof(*r));

	*r = (struct reader){
	    .sink = {on_put, on_end},
	    .handler = handler,
	    .context = context,
	    .max_size = max_size,
	    .arena = arena_new(),
	    .captured = arena_new(),
	    .mail_begin = reader_mail_begin,
	    .mail_end = reader_mail_end,
	};
	r->aggregate = aggregate_new(&reader_aggregate, r, now);
	return r;
}

static void
free_level(struct reader_stream *s)
{
	unpack_free(s->unpack);
	mime_free(s->mime);
	spool_free(s->spool);
	free(s);
}

void
reader_free(struct reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < COUNT(r->streams) && r->streams[i]; i++)
		free_level(r->streams[i]);
	aggregate_free(r->aggregate);
	arena_free(r->arena);
	arena_free(r->captured);
	free(r->chunk);
	free(r);
}

const struct reader_place *
reader_place(const struct reader *r)
{
	return &r->place;
}

int
reader_error(const struct reader *r)
{
	return r->error;
}

struct sink *
reader_begin(struct reader *r, struct span input)
{
	struct reader_stream *s = reader_level(r, 0);

	r->place = (struct reader_place){.input = input};
	r->budget = budget_of(r->max_size);
	r->error = 0;
	r->nmails = 0;
	s->own_found = (struct reader_found){.report = false};
	s->found = &s->own_found;
	s->claims = s->claims_itself = true;
	r->to = reader_stream_begin(s);
	return &r->sink;
}

static void
on_put(struct sink *self, const char *p, size_t n)
{
	sink_put(((struct reader *)self)->to, (struct span){p, n});
}

/* Something that is neither a report nor need be one is all that was found. */
static void
settle(struct reader_stream *s)
{
	struct reader_found *found = s->found;

	if (found->report || found->refused || found->mail)
		return;
	if (found->tls)
		reader_skip(s->of, READER_SKIPPED_TLS_REPORT);
	else if (found->candidate.problem.id)
		reader_refuse_kept(s, &found->candidate);
}

static void
on_end(struct sink *self)
{
	struct reader *r = (struct reader *)self;
	struct reader_stream *s = r->streams[0];

	sink_end(r->to);
	reader_stream_end(s, false, 0);
	settle(s);
	r->place = (struct reader_place){.part = 0};
}

static void
refuse_unreadable(struct reader *r, struct span input, int error)
{
	struct reader_problem problem = {
	    .id = "unreadable", .words = span_of(strerror(error))};

	r->place.input = input;
	reader_refuse_now(r->streams[0], &problem);
	r->place.input = SPAN_NONE;
}

/* Is nothing more to be found? A file that is not a mail has been refused. */
static bool
is_settled(const struct reader *r)
{
	return r->streams[0]->found->refused && !r->nmails;
}

int
reader_read(struct reader *r, struct span input, struct source *source)
{
	struct sink *sink = reader_begin(r, input);
	bool any = false;
	ssize_t got = 0;
	int error;

	if (!r->chunk)
		r->chunk = arena_malloc(SOURCE_CHUNK);
	while (!is_settled(r) &&
	    (got = source_read(source, r->chunk, SOURCE_CHUNK)) > 0) {
		sink_put(sink, (struct span){r->chunk, (size_t)got});
		any = true;
	}
	error = got < 0 ? errno : 0;
	if (any || !error) /* else it is not empty, but unreadable */
		sink_end(sink);
	if (!error)
		return 0;
	refuse_unreadable(r, input, error);
	errno = error;
	return -1;
}
