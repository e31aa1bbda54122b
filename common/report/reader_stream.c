/* reader_stream: a file, or a part of a mail, and what comes out of it. */
/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <string.h>

#include "report/reader_internal.h"

static void
refuse(struct reader_stream *s, const char *id, const char *words, bool weak)
{
	struct reader_problem problem = {.id = id, .words = span_of(words)};

	reader_refuse(s, &problem, weak);
}

/*
 * Where the content goes.
 */

/* Can a mail be read here? If not, that is told of one in an archive. */
static bool
has_room(struct reader_stream *s)
{
	if (s->level < LIMIT_MAIL_ARCHIVES)
		return true;
	refuse(s, "too-deep", "too many mails and archives are in each other",
	    !s->is_packed && !s->claims_itself);
	return false;
}

static enum reader_route
route_of(struct reader_stream *s, enum reader_start start)
{
	switch (start) {
	case START_HTML:
		if (!s->is_packed && !s->claims_itself)
			return READER_DISCARD;
		return READER_TO_AGGREGATE;
	case START_XML:
		return READER_TO_AGGREGATE;
	case START_MBOX:
		if (!s->is_packed)
			break;
		refuse(s, "not-a-report",
		    "a mailbox in an archive is not read: unpack it first",
		    false);
		return READER_DISCARD;
	case START_MAIL:
		break;
	case START_TLS:
		s->found->tls = true;
		return READER_DISCARD;
	default:
		if (s->is_packed || s->claims_itself)
			refuse(s, "not-a-report",
			    "neither XML, gzip, zip nor a mail", s->is_packed);
		return READER_DISCARD;
	}
	return has_room(s) ? READER_TO_MAIL : READER_DISCARD;
}

static void
put(struct reader_stream *s, struct span octets)
{
	switch (s->route) {
	case READER_TO_AGGREGATE:
		if (!s->is_packed)
			aggregate_put(s->of->aggregate, octets.p, octets.len);
		else
			sink_put(spool_sink(s->spool), octets);
		return;
	case READER_TO_MAIL:
		if (!s->is_packed)
			sink_put(s->mail_sink, octets);
		else
			sink_put(spool_sink(s->spool), octets);
		return;
	default:
		return;
	}
}

static void
set_route(struct reader_stream *s, enum reader_start start)
{
	s->route = route_of(s, start);
	if (s->route == READER_DISCARD)
		return;
	if (s->is_packed) {
		if (!s->spool)
			s->spool = spool_new();
		spool_reset(s->spool);
	} else if (s->route == READER_TO_MAIL) {
		s->mail_sink = s->of->mail_begin(s);
	}
	put(s, (struct span){s->held, s->nheld});
}

/* Routes the octets that are held, if they tell what they begin. That XML
 * begins, perhaps in UTF-16, is known before. */
static void
sniff(struct reader_stream *s, bool all)
{
	enum reader_start start =
	    reader_start((struct span){s->held, s->nheld}, all);

	if (start == START_MORE)
		return;
	if (s->is_xml && start != START_HTML)
		start = START_XML;
	set_route(s, start);
}

static void
content_put(struct sink *self, const char *p, size_t n)
{
	struct reader_stream *s = ((struct reader_content *)self)->of;

	while (n && s->route == READER_SNIFF) {
		size_t room = READER_HELD - s->nheld,
		       take = n < room ? n : room;

		memcpy(s->held + s->nheld, p, take);
		s->nheld += take;
		p += take;
		n -= take;
		sniff(s, false);
	}
	if (n)
		put(s, (struct span){p, n});
}

static void
content_end(struct sink *self)
{
	struct reader_stream *s = ((struct reader_content *)self)->of;

	if (s->route == READER_SNIFF)
		sniff(s, true);
}

static struct reader_stream *
of_visitor(struct unpack_visitor *visitor)
{
	return (struct reader_stream *)visitor;
}

static void
tell_pending(struct reader_stream *s)
{
	if (s->pending.problem.id)
		reader_refuse_kept(s, &s->pending);
}

static struct sink *
on_begin(struct unpack_visitor *self, const struct unpack_content *content)
{
	struct reader_stream *s = of_visitor(self);

	tell_pending(s); /* of another member */
	s->is_packed = content->depth > 0;
	s->is_xml = content->kind == UNPACK_XML;
	s->nheld = 0;
	s->route = READER_SNIFF;
	if (s->is_packed && content->name.len) {
		s->of->place.member =
		    (struct span){s->member, content->name.len};
		memcpy(s->member, content->name.p, content->name.len);
	}
	return &s->content.sink;
}

/*
 * The content has ended.
 */

static void
unreadable(struct reader_stream *s, int error)
{
	struct reader_problem problem = {
	    .id = "unreadable", .words = span_of(strerror(error))};

	if (!s->of->error)
		s->of->error = error;
	reader_refuse_now(s, &problem);
}

static void
finish(struct reader_stream *s)
{
	if (s->route == READER_TO_AGGREGATE) {
		aggregate_end(s->of->aggregate);
	} else {
		sink_end(s->mail_sink);
		s->of->mail_end(s);
	}
}

/* Reads what was held. */
static void
replay(struct reader_stream *s)
{
	struct reader *r = s->of;
	struct sink *to = s->route == READER_TO_AGGREGATE
	    ? aggregate_sink(r->aggregate)
	    : (s->mail_sink = s->of->mail_begin(s));
	int error = spool_finish(s->spool) < 0 ? errno : 0;

	if (!error && spool_replay(s->spool, to) < 0)
		error = errno;
	finish(s);
	if (error)
		unreadable(s, error);
}

/* Is what came out of an archive that is cut off as XML is that is cut off, and
 * nothing else? Without its checksum nothing else tells that octets of it have
 * changed. */
static bool
is_cut_xml(struct reader_stream *s)
{
	struct reader *r = s->of;
	int failed = spool_finish(s->spool);

	if (s->route != READER_TO_AGGREGATE)
		return false;
	r->rehearsing = true;
	r->mended = false;
	if (!failed)
		failed = spool_replay(s->spool, aggregate_sink(r->aggregate));
	aggregate_end(r->aggregate);
	r->rehearsing = false;
	return !failed && !r->mended;
}

static void
on_end(struct unpack_visitor *self, bool whole)
{
	struct reader_stream *s = of_visitor(self);

	if (s->route == READER_DISCARD)
		;
	else if (!s->is_packed)
		finish(s);
	else if (whole || (s->pending.problem.id && is_cut_xml(s)))
		replay(s);
	if (s->is_packed && s->spool)
		spool_reset(s->spool);
	if (s->pending_depth)
		tell_pending(s);
	s->of->place.member = s->outer_member;
}

static struct reader_problem
problem_of(const struct unpack_problem *p)
{
	return (struct reader_problem){
	    .id = p->id, .words = p->words, .offset = p->offset};
}

/* An empty part of a mail is nothing, unless it claims something. */
static void
refuse_unpacked(struct reader_stream *s, const struct unpack_problem *p,
    const struct reader_problem *problem)
{
	if (p->depth || s->claims_itself || strcmp(p->id, "empty") != 0)
		reader_refuse(s, problem, false);
}

/* That the archive is cut off is told later: perhaps as a note. */
static void
on_refused(struct unpack_visitor *self, const struct unpack_problem *p)
{
	struct reader_stream *s = of_visitor(self);
	struct span member = s->of->place.member;
	struct reader_problem problem = problem_of(p);

	if (p->name.len)
		s->of->place.member = p->name;
	s->damaged = true;
	if (p->cut_off) {
		tell_pending(s);
		reader_keep(s->of, &s->pending, &problem);
		s->pending_depth = p->depth;
	} else {
		refuse_unpacked(s, p, &problem);
	}
	s->of->place.member = member;
}

static void
on_note(struct unpack_visitor *self, const struct unpack_problem *p)
{
	struct reader_stream *s = of_visitor(self);
	struct reader_problem problem = problem_of(p);

	reader_note(s->of, &problem);
}

struct reader_stream *
reader_level(struct reader *r, unsigned level)
{
	struct reader_stream *s = r->streams[level];

	if (s)
		return s;
	s = arena_malloc(sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->visitor =
	    (struct unpack_visitor){on_begin, on_end, on_refused, on_note};
	s->of = r;
	s->level = level;
	s->unpack = unpack_new();
	s->content = (struct reader_content){{content_put, content_end}, s};
	s->mail.of = s;
	return r->streams[level] = s;
}

struct sink *
reader_stream_begin(struct reader_stream *s)
{
	s->has_report = s->damaged = false;
	s->pending.problem.id = NULL;
	s->outer_member = s->of->place.member;
	s->of->nstreams = s->level + 1;
	unpack_begin(s->unpack, SPAN_NONE, &s->visitor, &s->of->budget);
	return unpack_sink(s->unpack);
}

void
reader_stream_end(struct reader_stream *s, bool cut, uint64_t cut_at)
{
	struct reader *r = s->of;
	struct reader_problem problem = {
	    .id = "bad-base64",
	    .words = SPAN("the base64 of the part is cut off"),
	    .offset = cut_at,
	};

	if (unpack_error(s->unpack) && !r->error)
		r->error = unpack_error(s->unpack);
	if (cut && s->damaged)
		reader_refuse(s, &problem, false);
	else
		tell_pending(s);
	s->pending.problem.id = NULL;
	r->nstreams = s->level;
}
