/* unpack: what is in an octet stream that may be an archive. */
/* SPDX-License-Identifier: ISC */

#include "report/unpack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/zip.h"
#include "mail/spool.h"
#include "report/unpack_internal.h"

/* Where the octets of a stream go. */
enum route {
	SNIFF,
	CONTENT,
	GZIP,
	ZIP,
	DISCARD
};

/* A stream: that of the caller, or what came out of an archive in the level
 * before. A level is allocated once, when it is first needed. */
struct level {
	struct sink sink; /* first member, so that a sink is a level */
	struct unpack *of;
	unsigned depth;
	enum route route;
	char held[UNPACK_HELD]; /* the first octets, while it is SNIFF */
	size_t nheld;
	struct sink *to; /* of CONTENT; may be NULL */
	struct inflate *inflate;
	struct spool *spool;
	char name[LIMIT_ZIP_NAME];
	size_t name_len;
};

struct unpack {
	struct level *level[LIMIT_UNPACK_DEPTH + 1];
	struct unpack_visitor *visitor;
	struct budget *budget, own;
	unsigned members; /* of zips that may still be read */
	bool exceeded;    /* the budget, or a temporary file failed: no more
			     members are read */
	int error;
};

static const struct zip_reason_text reasons[] = {
#define UNPACK_REASON_TEXT(name, id, words) [UNPACK_##name] = {id, words},
    UNPACK_REASONS(UNPACK_REASON_TEXT)};

static struct unpack_problem
problem_of(const struct level *l, struct zip_reason_text why, uint64_t offset)
{
	return (struct unpack_problem){
	    .id = why.id,
	    .words = span_of(why.words),
	    .name = {l->name, l->name_len},
	    .depth = l->depth,
	    .offset = offset,
	};
}

static void
tell(struct level *l, const struct unpack_problem *problem)
{
	struct unpack_visitor *v = l->of->visitor;

	v->refused(v, problem);
}

/* Refuses a stream, with what more is known of the reason, or "". */
static void
refuse(struct level *l, struct zip_reason_text why, const char *more,
    uint64_t offset)
{
	struct unpack_problem problem = problem_of(l, why, offset);
	char words[256];

	if (*more) {
		snprintf(words, sizeof(words), "%s: %s", why.words, more);
		problem.words = span_of(words);
	}
	tell(l, &problem);
}

static void
note_trailing(struct level *l, uint64_t offset)
{
	struct unpack_visitor *v = l->of->visitor;
	struct unpack_problem problem =
	    problem_of(l, reasons[UNPACK_TRAILING], offset);

	v->note(v, &problem);
}

static void
stop(struct unpack *u, int error)
{
	u->exceeded = true;
	if (!u->error)
		u->error = error;
}

static void level_put(struct sink *self, const char *p, size_t n);
static void level_end(struct sink *self);

static struct level *
level_at(struct unpack *u, unsigned depth)
{
	struct level *l = u->level[depth];

	if (l)
		return l;
	l = arena_malloc(sizeof(*l));
	*l = (struct level){
	    .sink = {level_put, level_end}, .of = u, .depth = depth};
	return u->level[depth] = l;
}

static struct level *
level_begin(struct unpack *u, unsigned depth, struct span name)
{
	struct level *l = level_at(u, depth);

	l->route = SNIFF;
	l->nheld = 0;
	l->name_len =
	    name.len < sizeof(l->name) ? name.len : sizeof(l->name) - 1;
	if (l->name_len)
		memcpy(l->name, name.p, l->name_len);
	return l;
}

/* The level of what comes out of an archive. */
static struct level *
inner(const struct level *l)
{
	return l->of->level[l->depth + 1];
}

static void
begin_content(struct level *l, enum unpack_kind kind)
{
	struct unpack_visitor *v = l->of->visitor;
	struct unpack_content content = {
	    .name = {l->name, l->name_len}, .kind = kind, .depth = l->depth};

	l->route = CONTENT;
	l->to = v->begin(v, &content);
}

static void
begin_gzip(struct level *l)
{
	struct level *in = level_begin(
	    l->of, l->depth + 1, (struct span){l->name, l->name_len});

	if (!l->inflate)
		l->inflate = inflate_new();
	inflate_begin(l->inflate, INFLATE_GZIP, &in->sink, l->of->budget);
	l->route = GZIP;
}

static void
begin_zip(struct level *l)
{
	if (!l->spool)
		l->spool = spool_new();
	spool_reset(l->spool);
	l->route = ZIP;
}

static void
begin(struct level *l, enum unpack_start start)
{
	bool is_archive =
	    start == UNPACK_START_GZIP || start == UNPACK_START_ZIP;

	l->route = DISCARD;
	if (is_archive && l->depth == LIMIT_UNPACK_DEPTH)
		refuse(l, reasons[UNPACK_TOO_DEEP], "", 0);
	else if (start == UNPACK_START_GZIP)
		begin_gzip(l);
	else if (start == UNPACK_START_ZIP)
		begin_zip(l);
	else if (start == UNPACK_START_MSG)
		refuse(l, reasons[UNPACK_MSG], "", 0);
	else if (start == UNPACK_START_EMPTY)
		refuse(l, reasons[UNPACK_EMPTY], "", 0);
	else
		begin_content(
		    l, start == UNPACK_START_XML ? UNPACK_XML : UNPACK_OTHER);
}

/* A zip that has to be kept is not larger than what may come out of it. */
static void
put_zip(struct level *l, struct span octets)
{
	if (octets.len > l->of->budget->max - spool_size(l->spool)) {
		refuse(l, reasons[UNPACK_TOO_LARGE], "", spool_size(l->spool));
		stop(l->of, 0);
		l->route = DISCARD;
		return;
	}
	sink_put(spool_sink(l->spool), octets);
}

static void
route(struct level *l, struct span octets)
{
	switch (l->route) {
	case CONTENT:
		if (l->to)
			sink_put(l->to, octets);
		return;
	case GZIP:
		sink_put(inflate_sink(l->inflate), octets);
		return;
	case ZIP:
		put_zip(l, octets);
		return;
	default:
		return;
	}
}

/* Routes the held octets, if they tell what the stream is. */
static void
sniff(struct level *l, bool all)
{
	struct span held = {l->held, l->nheld};
	enum unpack_start start = unpack_start(held, all);

	if (start == UNPACK_START_MORE)
		return;
	begin(l, start);
	route(l, held);
}

static void
level_put(struct sink *self, const char *p, size_t n)
{
	struct level *l = (struct level *)self;

	while (n && l->route == SNIFF) {
		size_t room = UNPACK_HELD - l->nheld,
		       take = n < room ? n : room;

		memcpy(l->held + l->nheld, p, take);
		l->nheld += take;
		p += take;
		n -= take;
		sniff(l, false);
	}
	route(l, (struct span){p, n});
}

static void complete(struct level *l, bool whole);

static void
complete_content(struct level *l, bool whole)
{
	struct unpack_visitor *v = l->of->visitor;

	if (l->to)
		sink_end(l->to);
	v->end(v, whole);
}

/* Refuses gzip that is not whole; returns whether it is. */
static bool
gzip_is_whole(struct level *l)
{
	uint64_t at = inflate_offset(l->inflate);

	switch (inflate_outcome(l->inflate)) {
	case INFLATE_BAD:
		refuse(
		    l, reasons[UNPACK_BAD_GZIP], inflate_words(l->inflate), at);
		return false;
	case INFLATE_CUT_OFF:
		refuse(l, reasons[UNPACK_CUT_OFF], "", at);
		return false;
	case INFLATE_TOO_LARGE:
		/* One that is inside another is told once. */
		if (!l->of->exceeded)
			refuse(l, reasons[UNPACK_TOO_LARGE], "", at);
		stop(l->of, 0);
		return false;
	default:
		return true;
	}
}

static void
complete_gzip(struct level *l, bool whole)
{
	/* Of a stream that is not whole, the reason has been told. */
	bool good = whole && gzip_is_whole(l);

	if (good && inflate_outcome(l->inflate) == INFLATE_TRAILING)
		note_trailing(l, inflate_offset(l->inflate));
	complete(inner(l), good);
}

static void
refuse_member(struct level *l, enum zip_reason why, const struct zip_member *m)
{
	struct unpack_problem problem = problem_of(l, zip_reasons[why], m->at);
	char words[128];

	if (m->name_len)
		problem.name = (struct span){m->name, m->name_len};
	if (why == ZIP_METHOD) {
		snprintf(words, sizeof(words), "%s: method %u",
		    zip_reasons[why].words, m->method);
		problem.words = span_of(words);
	}
	tell(l, &problem);
}

/* Unpacks a member; it may be an archive itself. */
static void
member(struct level *l, const struct zip *z, const struct zip_member *m)
{
	struct unpack *u = l->of;
	struct level *in;
	enum zip_reason why;

	in = level_begin(u, l->depth + 1,
	    m->name_len ? (struct span){m->name, m->name_len}
			: (struct span){l->name, l->name_len});
	why = zip_unpack(z, m, l->inflate, &in->sink, u->budget);
	if (why && !u->exceeded)
		refuse_member(l, why, m);
	if (why == ZIP_TOO_LARGE || why == ZIP_IO)
		stop(u, why == ZIP_IO ? errno : 0);
	complete(in, !why);
}

/* Unpacks the members of a zip; returns how many are not folders. */
static unsigned
members(struct level *l, struct zip *z)
{
	struct zip_member m;
	unsigned n = 0;

	while (z->left && !l->of->exceeded) {
		uint64_t at = z->next;
		enum zip_reason why = zip_next(z, &m);

		if (why) {
			refuse(l, zip_reasons[why], "", at);
			if (why == ZIP_IO)
				stop(l->of, errno);
			return n + 1;
		}
		if (m.is_directory)
			continue;
		n++;
		member(l, z, &m);
	}
	return n;
}

/* The spool of a level, as the file of a zip. */
struct spooled {
	struct zip_file file; /* first member, so that a file is a spooled */
	const struct spool *spool;
};

static int
read_spooled(const struct zip_file *self, uint64_t at, char *p, size_t n)
{
	return spool_read(((const struct spooled *)self)->spool, at, p, n);
}

static void
unpack_zip(struct level *l)
{
	struct unpack *u = l->of;
	struct spooled s = {{read_spooled, spool_size(l->spool)}, l->spool};
	struct zip z;
	enum zip_reason why = zip_open(&z, &s.file, u->members);

	if (why) {
		refuse(l, zip_reasons[why], "",
		    why == ZIP_CUT_OFF ? s.file.size : 0);
		if (why == ZIP_IO)
			stop(u, errno);
		return;
	}
	u->members -= z.entries;
	if (zip_trailing(&z))
		note_trailing(l, z.end);
	if (!l->inflate)
		l->inflate = inflate_new();
	if (!members(l, &z) && !u->exceeded)
		refuse(l, zip_reasons[ZIP_EMPTY], "", 0);
}

static void
complete_zip(struct level *l, bool whole)
{
	if (spool_finish(l->spool) < 0) {
		int error = errno;

		refuse(l, reasons[UNPACK_IO], strerror(error), 0);
		stop(l->of, error);
	} else if (whole && !l->of->exceeded) {
		unpack_zip(l);
	}
	spool_reset(l->spool);
}

/* Ends a stream. Is it whole, or did the archive break off that it is in? If
 * so, the reason was told, and nothing that follows from it is. */
static void
complete(struct level *l, bool whole)
{
	if (l->route == SNIFF && (whole || l->nheld))
		sniff(l, true);
	switch (l->route) {
	case CONTENT:
		complete_content(l, whole);
		return;
	case GZIP:
		complete_gzip(l, whole);
		return;
	case ZIP:
		complete_zip(l, whole);
		return;
	default:
		return;
	}
}

/* The end of the caller's stream. Those inside it end as complete() tells. */
static void
level_end(struct sink *self)
{
	complete((struct level *)self, true);
}

struct unpack *
unpack_new(void)
{
	struct unpack *u = arena_malloc(sizeof(*u));

	*u = (struct unpack){.budget = NULL};
	return u;
}

void
unpack_free(struct unpack *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < COUNT(u->level) && u->level[i]; i++) {
		inflate_free(u->level[i]->inflate);
		spool_free(u->level[i]->spool);
		free(u->level[i]);
	}
	free(u);
}

void
unpack_begin(struct unpack *u, struct span name, struct unpack_visitor *visitor,
    struct budget *budget)
{
	u->own = budget_of(LIMIT_UNPACK_SIZE);
	u->budget = budget ? budget : &u->own;
	u->visitor = visitor;
	u->members = LIMIT_ZIP_MEMBERS;
	u->exceeded = false;
	u->error = 0;
	level_begin(u, 0, name);
}

struct sink *
unpack_sink(struct unpack *u)
{
	return &u->level[0]->sink;
}

int
unpack_error(const struct unpack *u)
{
	return u->error;
}
