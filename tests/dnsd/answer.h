/*
 * answer: the reply of dnsd to a query. Parses the query, looks it up in the
 * zone as a recursive server would, and composes the reply, which directives
 * may damage. Sockets are not used here. Included by dnsd.c alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef ANSWER_H
#define ANSWER_H

#include "zone.h"

#define CHAIN       16 /* links */
#define HEADER      12
#define UDP_MIN     512u   /* RFC 1035 2.3.4, RFC 6891 6.2.3 */
#define UDP_MAX     65507u /* the most that IPv4 carries */
#define TCP_MAX     65535u
#define POINTER_MAX 0x3fff /* RFC 1035 4.1.4 */
#define GARBAGE_LEN 200

enum {
	FORMERR = 1,
	NXDOMAIN = 3,
	NOTIMP = 4,
	CLASS_IN = 1
};
enum {
	QR = 0x8000,
	OPCODE = 0x7800,
	TC = 0x200,
	RD = 0x100,
	RA = 0x80
};
enum {
	AD = 0x20,
	CD = 0x10,
	DO = 0x8000
};

struct query {
	bool tcp, edns, dnssec;
	unsigned id, flags, type, class, size; /* size: EDNS0's */
	struct span name;                      /* absent if malformed */
};

struct answer {
	struct item {
		struct span owner;
		const struct record *record;
	} * items;
	size_t nitems;
	unsigned links, rcode;
	bool silent;
};

struct reply {
	struct buf out;
	size_t limit;
	struct suffix {
		struct span name;
		size_t at;
	} * suffixes; /* names that a pointer can refer to */
	size_t nsuffixes;
	size_t first, last; /* where the first and the last record begin */
	size_t end;         /* where the last record ends */
	unsigned records;
	bool truncated;
};

/* --- the query --- */

/* Takes a record off *s. Only an OPT record is evaluated. */
static bool
record_cut(struct span *s, struct query *q)
{
	size_t at = 0;

	while (at < s->len && s->p[at] > 0 && s->p[at] < 64)
		at += 1u + (unsigned char)s->p[at];
	if (at >= s->len)
		return false;
	at += s->p[at] ? 2 : 1; /* a pointer (or garbage), or the root */
	if (at + 10 > s->len || at + 10 + get16(s->p + at + 8) > s->len)
		return false;
	if (get16(s->p + at) == TYPE_OPT) { /* RFC 6891 6.1.2 */
		q->edns = true;
		q->size = get16(s->p + at + 2);
		q->dnssec = get16(s->p + at + 6) & DO;
	}
	*s = span_from(*s, at + 10 + get16(s->p + at + 8));
	return true;
}

/* Parses a query. Returns 0, the rcode of an error reply, or -1 for no
 * reply. */
static int
query_parse(struct span octets, struct query *q)
{
	struct span rest;
	unsigned records;
	size_t n;

	if (octets.len < HEADER || get16(octets.p + 2) & QR)
		return -1;
	q->id = get16(octets.p);
	q->flags = get16(octets.p + 2);
	if (q->flags & OPCODE)
		return NOTIMP;
	rest = span_from(octets, HEADER);
	n = name_length(rest);
	if (get16(octets.p + 4) != 1 || !n || rest.len < n + 4)
		return FORMERR;
	q->name = span_upto(rest, n);
	q->type = get16(rest.p + n);
	q->class = get16(rest.p + n + 2);
	rest = span_from(rest, n + 4);
	records =
	    get16(octets.p + 6) + get16(octets.p + 8) + get16(octets.p + 10);
	while (records--)
		if (!record_cut(&rest, q))
			return FORMERR;
	return q->class == CLASS_IN ? 0 : RCODE_REFUSED;
}

/* --- the records --- */

/* Does the name itself own a record of the type? */
static bool
zone_owns(const struct zone *z, struct span name, unsigned type)
{
	for (size_t i = 0; i < z->nrecords; i++)
		if (z->records[i].type == type &&
		    span_caseeq(z->records[i].owner, name))
			return true;
	return false;
}

static bool
zone_exists(const struct zone *z, struct span name)
{
	for (size_t i = 0; i < z->nrecords; i++)
		if (name_below(z->records[i].owner, name))
			return true;
	return false;
}

/* Returns the first directive of that kind that applies to the query, or
 * NULL. */
static struct rule *
zone_rule(const struct zone *z, enum act act, struct span name, unsigned type)
{
	for (size_t i = 0; i < z->nrules; i++) {
		struct rule *r = &z->rules[i];

		if (r->act == act &&
		    (!r->name.p || span_caseeq(r->name, name)) &&
		    (r->type ? r->type == type
			     : !r->gaps || !zone_owns(z, name, type)))
			return r;
	}
	return NULL;
}

/* Returns the owner whose records answer for the name: the name itself, or the
 * wildcard below its closest encloser (RFC 4592 3.3.1). Absent if neither
 * exists. */
static struct span
zone_source(const struct zone *z, struct span name, struct arena *a)
{
	struct buf wildcard = BUF(a);

	if (zone_exists(z, name))
		return name;
	while (name.len > 1 && !zone_exists(z, name))
		name = name_parent(name);
	buf_add(&wildcard, SPAN("\1*"));
	buf_add(&wildcard, name);
	return zone_exists(z, buf_span(&wildcard)) ? buf_span(&wildcard)
						   : SPAN_NONE;
}

/* Adds the records of that type. Returns false without any. */
static bool
answer_add(struct answer *an, const struct zone *z, struct span source,
    struct span owner, unsigned type, struct arena *a)
{
	size_t before = an->nitems;

	for (size_t i = 0; i < z->nrecords; i++) {
		const struct record *r = &z->records[i];

		if ((r->type != type && type != TYPE_ANY) ||
		    !span_caseeq(r->owner, source))
			continue;
		*ARENA_PUSH(a, an->items, an->nitems) = (struct item){owner, r};
	}
	return an->nitems > before;
}

static bool
answer_has_owner(const struct answer *an, struct span name)
{
	for (size_t i = 0; i < an->nitems; i++)
		if (span_caseeq(an->items[i].owner, name))
			return true;
	return false;
}

/* One step of RFC 1034 5.3.3: adds the records of *name, or else its CNAME.
 * Returns true if the chain goes on, at a new *name. */
static bool
answer_step(struct answer *an, const struct zone *z, struct span *name,
    unsigned type, struct arena *a)
{
	const struct rule *rcode = zone_rule(z, ACT_RCODE, *name, type);
	struct span source = zone_source(z, *name, a);

	an->silent = zone_rule(z, ACT_TIMEOUT, *name, type) != NULL;
	if (rcode) {
		an->rcode = (unsigned)rcode->number;
		an->nitems = 0;
	}
	if (an->silent || rcode || zone_rule(z, ACT_NODATA, *name, type))
		return false;
	if (!source.p) {
		an->rcode = NXDOMAIN;
		return false;
	}
	if (answer_add(an, z, source, *name, type, a) || an->links++ == CHAIN ||
	    !answer_add(an, z, source, *name, TYPE_CNAME, a))
		return false;
	*name = an->items[an->nitems - 1].record->rdata;
	return name_length(*name) == name->len && !answer_has_owner(an, *name);
}

static void
answer_find(struct answer *an, const struct zone *z, const struct query *q,
    struct arena *a)
{
	struct span name = q->name;

	while (answer_step(an, z, &name, q->type, a))
		;
}

/* --- the reply --- */

/* RFC 1035 4.1.4. Only names in the same case are merged, so that each keeps
 * its case. */
static void
reply_name(struct reply *r, struct span name)
{
	for (; name.len > 1; name = name_parent(name)) {
		for (size_t i = 0; i < r->nsuffixes; i++)
			if (span_eq(r->suffixes[i].name, name)) {
				put16(&r->out,
				    0xc000 | (unsigned)r->suffixes[i].at);
				return;
			}
		if (r->out.len <= POINTER_MAX) {
			*ARENA_PUSH(r->out.arena, r->suffixes, r->nsuffixes) =
			    (struct suffix){name, r->out.len};
		}
		buf_add(&r->out, span_upto(name, 1u + (size_t)name.p[0]));
	}
	buf_char(&r->out, 0);
}

/* Only names in rdata of RFC 1035's types are compressed (RFC 3597 4). */
static void
reply_rdata(struct reply *r, const struct record *record)
{
	struct span rest = record->rdata;

	for (const char *f = record->form; *f && rest.len; f++) {
		size_t n = *f == 'n' ? name_length(rest)
		    : *f == 'w'      ? 2
		    : *f == 'l'      ? 4
				     : rest.len;

		if (*f == 'n')
			reply_name(r, span_upto(rest, n));
		else
			buf_add(&r->out, span_upto(rest, n));
		rest = span_from(rest, n);
	}
	buf_add(&r->out, rest);
}

/* Adds a record, unless it exceeds the limit. */
static void
reply_record(struct reply *r, const struct item *item)
{
	size_t begin = r->out.len, suffixes = r->nsuffixes, at;

	reply_name(r, item->owner);
	put16(&r->out, item->record->type);
	put16(&r->out, CLASS_IN);
	put32(&r->out, item->record->ttl);
	at = r->out.len;
	put16(&r->out, 0);
	reply_rdata(r, item->record);
	set16(r->out.p + at, (unsigned)(r->out.len - at - 2));
	if (r->out.len > r->limit) {
		r->out.len = begin;
		r->nsuffixes = suffixes;
		r->truncated = true;
		return;
	}
	r->last = begin;
	r->end = r->out.len;
	r->records++;
}

static struct span
other_case(struct span name, struct arena *a)
{
	char *p = arena_cstr(a, name);

	for (size_t i = 0; i < name.len; i++)
		if (ascii_is_alpha(p[i]))
			p[i] ^= 0x20;
	return (struct span){p, name.len};
}

static void
reply_question(struct reply *r, const struct query *q, bool wrong)
{
	reply_name(r, wrong ? SPAN("\5wrong\7invalid\0") : q->name);
	put16(&r->out, q->type);
	put16(&r->out, q->class);
	set16(r->out.p + 4, 1);
}

/* RFC 6891 6.1.2, 6.1.3: OPT has the upper bits of the rcode. */
static void
reply_opt(struct reply *r, const struct query *q, unsigned rcode)
{
	buf_char(&r->out, 0);
	put16(&r->out, TYPE_OPT);
	put16(&r->out, q->size);
	put16(&r->out, rcode >> 4 << 8);
	put16(&r->out, q->dnssec ? DO : 0);
	put16(&r->out, 0);
	set16(r->out.p + 10, 1);
}

/* Random octets after the id, from a fixed seed (xorshift32). */
static void
reply_garbage(struct reply *r)
{
	uint32_t x = 2463534242;

	for (r->out.len = 2; r->out.len < GARBAGE_LEN;) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		buf_char(&r->out, (char)(x >> 24));
	}
}

static bool
query_has(const struct query *q, const struct zone *z, enum act act)
{
	return zone_rule(z, act, q->name, q->type) != NULL;
}

/* Does the reply over UDP only refer the client to TCP? */
static bool
query_turned(const struct query *q, const struct zone *z)
{
	return !q->tcp &&
	    (query_has(q, z, ACT_TRUNCATE) || query_has(q, z, ACT_TCPSILENT) ||
		query_has(q, z, ACT_TCPCLOSE));
}

static void
reply_spoil(struct reply *r, const struct query *q, const struct zone *z)
{
	if (query_has(q, z, ACT_WRONGID))
		set16(r->out.p, q->id ^ 0x5555);
	if (r->records && query_has(q, z, ACT_LOOPPTR) &&
	    r->first <= POINTER_MAX)
		set16(r->out.p + r->first, 0xc000 | (unsigned)r->first);
	if (query_has(q, z, ACT_SHORT))
		r->out.len = r->records ? (r->last + r->end) / 2 : r->first - 2;
	if (query_has(q, z, ACT_GARBAGE))
		reply_garbage(r);
}

static size_t
query_limit(const struct query *q)
{
	unsigned size = q->size < UDP_MIN ? UDP_MIN : q->size;

	if (q->tcp)
		return TCP_MAX;
	return size < UDP_MAX ? size : UDP_MAX;
}

static void
reply_header(struct reply *r, const struct query *q, const struct zone *z,
    unsigned rcode)
{
	bool ad = query_has(q, z, ACT_AD) && (q->flags & AD || q->dnssec);

	set16(r->out.p, q->id);
	set16(r->out.p + 2,
	    QR | RA | (q->flags & (OPCODE | RD | CD)) | (ad ? AD : 0) |
		(r->truncated ? TC : 0) | (rcode & 15));
	set16(r->out.p + 6, r->records);
}

static struct span
reply_make(const struct answer *an, const struct query *q, const struct zone *z,
    struct arena *a)
{
	struct reply r = {.out = BUF(a), .truncated = query_turned(q, z)};

	r.limit = query_limit(q) - (q->edns ? 11 : 0);
	memset(buf_room(&r.out, HEADER), 0, HEADER);
	r.out.len = HEADER;
	if (q->name.p && !query_has(q, z, ACT_NOQUESTION))
		reply_question(&r, q, query_has(q, z, ACT_WRONGQUESTION));
	r.first = r.out.len;
	for (size_t i = 0; i < an->nitems && !r.truncated; i++) {
		struct item item = an->items[i];

		if (query_has(q, z, ACT_CASE))
			item.owner = other_case(item.owner, a);
		reply_record(&r, &item);
	}
	reply_header(&r, q, z, an->rcode);
	if (q->edns)
		reply_opt(&r, q, an->rcode);
	reply_spoil(&r, q, z);
	return buf_span(&r.out);
}

#endif
