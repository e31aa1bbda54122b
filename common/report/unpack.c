/* unpack: what is in an octet stream that may be an archive. */
/* SPDX-License-Identifier: ISC */

#include "report/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mail/spool.h"
#include "report/unpack_internal.h"

static void
stop(struct unpack *u, int error)
{
	u->exceeded = true;
	if (!u->error)
		u->error = error;
}

static void level_put(struct sink *self, const char *p, size_t n);
static void level_end(struct sink *self);

static struct unpack_level *
level_at(struct unpack *u, unsigned depth)
{
	struct unpack_level *l = u->level[depth];

	if (l)
		return l;
	l = arena_malloc(sizeof(*l));
	*l = (struct unpack_level){
	    .sink = {level_put, level_end}, .of = u, .depth = depth};
	return u->level[depth] = l;
}

static struct unpack_level *
level_begin(struct unpack *u, unsigned depth, struct span name)
{
	struct unpack_level *l = level_at(u, depth);

	l->route = ROUTE_SNIFF;
	l->nheld = 0;
	l->taken = 0;
	l->is_refused = false;
	l->name_len =
	    name.len < sizeof(l->name) ? name.len : sizeof(l->name) - 1;
	if (l->name_len)
		memcpy(l->name, name.p, l->name_len);
	return l;
}

/* The level of what comes out of an archive. */
static struct unpack_level *
inner(const struct unpack_level *l)
{
	return l->of->level[l->depth + 1];
}

static void
begin_content(struct unpack_level *l, enum unpack_kind kind)
{
	struct unpack_visitor *v = l->of->visitor;
	struct unpack_content content = {
	    .name = {l->name, l->name_len}, .kind = kind, .depth = l->depth};

	l->route = ROUTE_CONTENT;
	l->to = v->begin(v, &content);
}

static void
begin_gzip(struct unpack_level *l)
{
	struct unpack_level *in = level_begin(
	    l->of, l->depth + 1, (struct span){l->name, l->name_len});

	if (!l->inflate)
		l->inflate = inflate_new();
	inflate_begin(l->inflate, INFLATE_GZIP, &in->sink, l->of->budget);
	l->route = ROUTE_GZIP;
}

static void
begin_zip(struct unpack_level *l)
{
	if (!l->spool)
		l->spool = spool_new();
	spool_reset(l->spool);
	l->route = ROUTE_ZIP;
}

static void
begin(struct unpack_level *l, enum unpack_start start)
{
	bool is_archive =
	    start == UNPACK_START_GZIP || start == UNPACK_START_ZIP;

	l->route = ROUTE_DISCARD;
	if (is_archive && l->depth == LIMIT_UNPACK_DEPTH)
		unpack_refuse(l, unpack_reasons[UNPACK_TOO_DEEP], "", 0);
	else if (start == UNPACK_START_GZIP)
		begin_gzip(l);
	else if (start == UNPACK_START_ZIP)
		begin_zip(l);
	else if (start == UNPACK_START_MSG)
		unpack_refuse(l, unpack_reasons[UNPACK_MSG], "", 0);
	else if (start == UNPACK_START_EMPTY)
		unpack_refuse(l, unpack_reasons[UNPACK_EMPTY], "", 0);
	else
		begin_content(
		    l, start == UNPACK_START_XML ? UNPACK_XML : UNPACK_OTHER);
}

/* Is there enough left of the budget for octets of an archive? What came out of
 * another has been taken from it once. A zip, which is kept, is not larger than
 * what may come out of it. */
static bool
can_afford(struct unpack_level *l, size_t n)
{
	struct budget *b = l->of->budget;
	uint64_t cost = l->depth ? n * (uint64_t)(LIMIT_UNPACK_WEIGHT - 1) : 0;

	if (l->route == ROUTE_ZIP && n > b->max - spool_size(l->spool))
		return false;
	if (cost > b->left) {
		b->left = 0;
		return false;
	}
	b->left -= cost;
	return true;
}

static void
put_archive(struct unpack_level *l, struct span octets)
{
	if (l->is_refused || !octets.len)
		return;
	if (!can_afford(l, octets.len)) {
		if (!l->of->exceeded)
			unpack_refuse(
			    l, unpack_reasons[UNPACK_TOO_LARGE], "", l->taken);
		stop(l->of, 0);
		l->is_refused = true;
		return;
	}
	l->taken += octets.len;
	sink_put(l->route == ROUTE_ZIP ? spool_sink(l->spool)
				       : inflate_sink(l->inflate),
	    octets);
}

static void
route(struct unpack_level *l, struct span octets)
{
	switch (l->route) {
	case ROUTE_CONTENT:
		if (l->to)
			sink_put(l->to, octets);
		return;
	case ROUTE_GZIP:
	case ROUTE_ZIP:
		put_archive(l, octets);
		return;
	default:
		return;
	}
}

/* Routes the held octets, if they tell what the stream is. */
static void
sniff(struct unpack_level *l, bool all)
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
	struct unpack_level *l = (struct unpack_level *)self;

	while (n && l->route == ROUTE_SNIFF) {
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

static void complete(struct unpack_level *l, bool whole);

static void
complete_content(struct unpack_level *l, bool whole)
{
	struct unpack_visitor *v = l->of->visitor;

	if (l->to)
		sink_end(l->to);
	v->end(v, whole);
}

/* Refuses gzip that is not whole; returns whether it is. */
static bool
gzip_is_whole(struct unpack_level *l)
{
	uint64_t at = inflate_offset(l->inflate);

	switch (inflate_outcome(l->inflate)) {
	case INFLATE_BAD:
		unpack_refuse(l, unpack_reasons[UNPACK_BAD_GZIP],
		    inflate_words(l->inflate), at);
		return false;
	case INFLATE_CUT_OFF:
		unpack_refuse(l, unpack_reasons[UNPACK_CUT_OFF], "", at);
		return false;
	case INFLATE_TOO_LARGE:
		/* One that is inside another is told once. */
		if (!l->of->exceeded)
			unpack_refuse(
			    l, unpack_reasons[UNPACK_TOO_LARGE], "", at);
		stop(l->of, 0);
		return false;
	default:
		return true;
	}
}

static void
complete_gzip(struct unpack_level *l, bool whole)
{
	/* Of a stream that is not whole, the reason has been told. */
	bool good = whole && !l->is_refused && gzip_is_whole(l);

	if (good && inflate_outcome(l->inflate) == INFLATE_TRAILING)
		unpack_note_trailing(l, inflate_offset(l->inflate));
	complete(inner(l), good);
}

/* Unpacks a member; it may be an archive itself. */
static void
member(struct unpack_level *l, struct zip *z, const struct zip_member *m)
{
	struct unpack *u = l->of;
	struct unpack_level *in;
	enum zip_reason why;
	int error;

	in = level_begin(u, l->depth + 1,
	    m->name_len ? (struct span){m->name, m->name_len}
			: (struct span){l->name, l->name_len});
	why = zip_unpack(z, m, l->inflate, &in->sink, u->budget);
	error = why == ZIP_IO ? errno : 0;
	if (why && !u->exceeded)
		unpack_refuse_member(l, why, m);
	if (why == ZIP_TOO_LARGE || why == ZIP_IO)
		stop(u, error);
	complete(in, !why);
}

static void
refuse_zip(struct unpack_level *l, enum zip_reason why, uint64_t offset)
{
	int error = errno;

	unpack_refuse(l, zip_reasons[why], "", offset);
	if (why == ZIP_IO)
		stop(l->of, error);
}

/* Unpacks the members of a zip; returns how many are not folders. */
static unsigned
members(struct unpack_level *l, struct zip *z)
{
	struct zip_member m;
	unsigned n = 0;

	while (z->left && !l->of->exceeded) {
		uint64_t at = z->next;
		enum zip_reason why = zip_next(z, &m);

		if (why) {
			refuse_zip(l, why, at);
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
unpack_zip(struct unpack_level *l)
{
	struct unpack *u = l->of;
	struct spooled s = {{read_spooled, spool_size(l->spool)}, l->spool};
	struct zip z;
	enum zip_reason why = zip_open(&z, &s.file, u->members);

	if (why) {
		refuse_zip(l, why, why == ZIP_CUT_OFF ? s.file.size : 0);
		return;
	}
	u->members -= z.entries;
	if (zip_trailing(&z))
		unpack_note_trailing(l, z.end);
	if (!l->inflate)
		l->inflate = inflate_new();
	if (!members(l, &z) && !u->exceeded)
		unpack_refuse(l, zip_reasons[ZIP_EMPTY], "", 0);
}

static void
complete_zip(struct unpack_level *l, bool whole)
{
	if (spool_finish(l->spool) < 0) {
		int error = errno;

		unpack_refuse(l, unpack_reasons[UNPACK_IO], strerror(error), 0);
		stop(l->of, error);
	} else if (whole && !l->is_refused && !l->of->exceeded) {
		unpack_zip(l);
	}
	spool_reset(l->spool);
}

/* Ends a stream. Is it whole, or did the archive break off that it is in? If
 * so, the reason was told, and nothing that follows from it is. */
static void
complete(struct unpack_level *l, bool whole)
{
	if (l->route == ROUTE_SNIFF && (whole || l->nheld))
		sniff(l, true);
	switch (l->route) {
	case ROUTE_CONTENT:
		complete_content(l, whole);
		return;
	case ROUTE_GZIP:
		complete_gzip(l, whole);
		return;
	case ROUTE_ZIP:
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
	complete((struct unpack_level *)self, true);
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
