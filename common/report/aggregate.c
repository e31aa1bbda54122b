/* aggregate: the stream, and what it ends with. */
/* SPDX-License-Identifier: ISC */

#include "report/aggregate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/aggregate_internal.h"

/* Octets that are passed to expat at once: enough that a token in pieces is
 * rarely read again. */
#define CHUNK ((size_t)64 << 10)

static struct aggregate *
of_sink(struct sink *sink)
{
	return (struct aggregate *)sink;
}

static void
sink_put_octets(struct sink *sink, const char *p, size_t n)
{
	aggregate_put(of_sink(sink), p, n);
}

static void
sink_end_stream(struct sink *sink)
{
	aggregate_end(of_sink(sink));
}

struct aggregate *
aggregate_new(
    const struct aggregate_handler *handler, void *context, int64_t now)
{
	struct aggregate *a = arena_malloc(sizeof(*a));

	memset(a, 0, sizeof(*a));
	a->sink = (struct sink){sink_put_octets, sink_end_stream};
	a->handler = handler;
	a->context = context;
	a->now = now;
	a->chunk = CHUNK;
	aggregate_vocabulary(&a->vocabulary);
	a->metadata_arena = arena_new();
	a->next_metadata_arena = arena_new();
	a->policy_arena = arena_new();
	a->next_policy_arena = arena_new();
	a->record_arena = arena_new();
	a->held_arena = arena_new();
	a->words_arena = arena_new();
	return a;
}

void
aggregate_free(struct aggregate *a)
{
	if (!a)
		return;
	if (a->expat)
		XML_ParserFree(a->expat);
	arena_free(a->metadata_arena);
	arena_free(a->next_metadata_arena);
	arena_free(a->policy_arena);
	arena_free(a->next_policy_arena);
	arena_free(a->record_arena);
	arena_free(a->held_arena);
	arena_free(a->words_arena);
	free(a->window.p);
	free(a);
}

struct sink *
aggregate_sink(struct aggregate *a)
{
	return &a->sink;
}

/* Sets what a stream begins with. The text and the arenas need not be. */
static void
begin_stream(struct aggregate *a)
{
	a->started = true;
	a->stopped = a->saw_text = a->saw_tag = false;
	a->nfirst = 0;
	a->wide = (struct aggregate_wide){0};
	a->line = a->mark_line = 1;
	a->counted = a->mark = a->mark_depth = 0;
	a->reports = a->told = a->untold = 0;
	a->window.len = a->window.parsed = 0;
	a->window.base = 0;
	a->encoding[0] = '\0';
	a->error = XML_ERROR_NONE;
	a->error_at = a->error_line = 0;
	a->mending = a->wants_mending = a->error_passed = a->has_charset =
	    false;
	a->transparent = a->mended = 0;
	a->searched = 0;
	a->depth = a->place = 0;
	a->in_text = false;
	a->record = NULL;
	a->held = NULL;
	a->nheld = 0;
	arena_reset(a->held_arena);
	a->report = (struct aggregate_report){0};
	memset(a->notes, 0, sizeof(a->notes));
}

/* Reads a piece, or what is in the window. */
static void
run(struct aggregate *a, struct span piece, bool final)
{
	if (!a->mending && !a->stopped)
		aggregate_expat_run(a, piece, final);
	if (a->wants_mending && !a->mending && !a->stopped)
		aggregate_mend_begin(a);
	if (a->mending && !a->stopped)
		aggregate_mend_run(a, final);
}

/* A large piece is parsed where it is; small ones are collected. */
static void
put_octets(struct aggregate *a, const char *p, size_t n)
{
	while (n && !a->stopped) {
		size_t pending = a->window.len - a->window.parsed;
		size_t take = a->chunk - pending;

		take = n < take ? n : take;
		if (take == a->chunk && !a->mending) {
			run(a, (struct span){p, take}, false);
		} else {
			aggregate_window_add(
			    &a->window, (struct span){p, take});
			if (pending + take == a->chunk)
				run(a, SPAN_NONE, false);
		}
		p += take;
		n -= take;
	}
}

/* UTF-16 is converted to UTF-8 before it is read. */
static void
put_wide(struct aggregate *a, const char *p, size_t n)
{
	char utf8[4096];

	while (n) {
		size_t take = n < sizeof(utf8) / 4 ? n : sizeof(utf8) / 4;

		put_octets(
		    a, utf8, aggregate_wide_utf8(&a->wide, p, take, utf8));
		p += take;
		n -= take;
	}
}

static void
put(struct aggregate *a, const char *p, size_t n)
{
	if (a->wide.is_wide)
		put_wide(a, p, n);
	else
		put_octets(a, p, n);
}

/* The first two octets tell whether the stream is UTF-16. */
static void
put_first(struct aggregate *a)
{
	a->wide = aggregate_wide_of(a->first, a->nfirst);
	aggregate_expat_begin(a, a->wide.is_wide);
	put(a, a->first, a->nfirst);
}

void
aggregate_put(struct aggregate *a, const char *p, size_t n)
{
	if (!a->started)
		begin_stream(a);
	while (n && a->nfirst < sizeof(a->first)) {
		a->first[a->nfirst++] = *p++;
		n--;
		if (a->nfirst == sizeof(a->first))
			put_first(a);
	}
	put(a, p, n);
}

/* The stream had no report. */
static void
refuse_stream(struct aggregate *a)
{
	char words[NOTE_WORDS];
	bool is_xml = a->error == XML_ERROR_NONE;

	a->line = 1;
	if (!a->saw_text && !a->saw_tag) {
		aggregate_stop(
		    a, AGGREGATE_REFUSED_EMPTY, "there is nothing in it");
		return;
	}
	if (is_xml || !a->saw_tag) {
		aggregate_stop(a, AGGREGATE_REFUSED_NOT_A_REPORT,
		    is_xml ? "XML without a feedback element"
			   : "text that is not XML");
		return;
	}
	a->line = a->error_line;
	snprintf(
	    words, sizeof(words), "not XML: %s", XML_ErrorString(a->error));
	aggregate_stop(a, AGGREGATE_REFUSED_BAD_XML, words);
}

static void
tell_untold(struct aggregate *a)
{
	if (a->untold && a->handler->refused)
		a->handler->refused(a->context, NULL,
		    AGGREGATE_REFUSED_TOO_MANY_REFUSED, a->line, a->untold,
		    SPAN("refused records that are not told one by one"));
}

size_t
aggregate_end(struct aggregate *a)
{
	if (!a->started)
		begin_stream(a);
	if (a->nfirst < sizeof(a->first))
		put_first(a);
	run(a, SPAN_NONE, true);
	if (!a->reports && !a->stopped)
		refuse_stream(a);
	aggregate_tell_end(a);
	tell_untold(a);
	a->started = false;
	return a->reports;
}
