/* dns_walk: the walk along CNAMEs to an answer. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"
#include "base/limit.h"

/*
 * The walk along CNAMEs (RFC 1034 3.6.2). The reply of a recursive server has
 * the whole chain and the records at its end; that of a zone has one step.
 * --set may override each step.
 */

struct walk {
	struct span name; /* the current one */
	enum dns_type type;
	const struct dns_reply *reply; /* the latest, or NULL */
	bool within; /* the name was reached along that reply's CNAMEs */
	bool secure; /* AD in all replies so far, and no --set */
	double seconds;
	const char *server;
	struct dns_rr links[LIMIT_DNS_CHAIN];
	size_t nlinks;
	struct dns_rr *records; /* found here */
	size_t nrecords, nrepeated;
	struct dns_way way;
	bool is_blocked; /* a reply was needed that only_ready rules out */
};

/* Drops duplicates of records (RFC 2181 5). */
static void
drop_duplicates(struct walk *w)
{
	struct arena *scratch = arena_new();
	struct dns_table seen = {.arena = scratch};
	size_t n = 0;

	for (size_t i = 0; i < w->nrecords; i++) {
		struct span text = dns_rr_text(&w->records[i], scratch);
		void **at = dns_table_at(&seen, text);

		if (!*at)
			w->records[n++] = w->records[i];
		*at = w;
	}
	w->nrepeated = w->nrecords - n;
	w->nrecords = n;
	arena_free(scratch);
}

/* Picks the reply's records of the current name and a type. */
static bool
pick_type(struct dns *d, struct walk *w, const struct dns_reply *reply,
    enum dns_type type)
{
	w->records = NULL;
	w->nrecords = w->nrepeated = 0;
	for (size_t i = 0; i < reply->nrecords; i++) {
		const struct dns_rr *r = &reply->records[i];

		if (r->type != type || !span_eq(r->owner, w->name))
			continue;
		*ARENA_PUSH(d->cache, w->records, w->nrecords) = *r;
	}
	if (w->nrecords > 1)
		drop_duplicates(w);
	return w->nrecords > 0;
}

static bool
pick(struct dns *d, struct walk *w, const struct dns_reply *reply)
{
	return pick_type(d, w, reply, w->type) ||
	    pick_type(d, w, reply, DNS_CNAME);
}

/* Picks what --set gives for the name. Sets *exists if --set makes the name
 * exist, and *status. Returns false if --set does not answer for the type. */
static bool
pick_set(struct dns *d, struct walk *w, bool *exists, enum dns_status *status)
{
	struct dns_reply set;

	if (!d->sets)
		return *exists = false;
	dns_zone_lookup(d->sets, w->name, w->type, d->message, &set);
	*exists = set.status != DNS_NXDOMAIN;
	*status = set.status;
	if (set.status != DNS_DATA && !set.is_stated)
		return false;
	w->server = "--set";
	w->secure = w->within = false;
	return set.status == DNS_DATA ? pick(d, w, &set) : set.is_stated;
}

static void
query_back_end(struct dns *d, struct walk *w)
{
	static const struct dns_reply none = {.status = DNS_TIMEOUT};
	static const struct dns_reply over = {
	    .status = DNS_LIMIT, .server = "not queried"};
	/* A server would have followed a zone's CNAMEs in one reply. */
	bool is_limited = w->way.is_limited && !(d->zone && w->nlinks);
	struct dns_question *q = dns_question_of(d, w->name, w->type);

	w->is_blocked = w->way.only_ready && !dns_is_here(d, q);
	if (w->is_blocked)
		w->reply = &none;
	else
		w->reply = dns_enter(d, q, is_limited) ? dns_ask(d, q) : &over;
	w->within = true;
	w->secure &= w->reply->ad;
	w->seconds += w->reply->seconds;
	w->server = w->reply->server;
}

/* Finds the records of the type at the current name, or its CNAME, or why it
 * has neither. */
static enum dns_status
find_here(struct dns *d, struct walk *w)
{
	enum dns_status set;
	bool exists;

	if (pick_set(d, w, &exists, &set))
		return set;
	if (w->within && pick(d, w, w->reply))
		return DNS_DATA;
	/* RFC 6604 3: NXDOMAIN applies to the last name of the chain. */
	if (!w->within || w->reply->status != DNS_NXDOMAIN) {
		query_back_end(d, w);
		if (pick(d, w, w->reply))
			return DNS_DATA;
	}
	if (w->reply->status == DNS_DATA ||
	    (w->reply->status == DNS_NXDOMAIN && exists))
		return DNS_NODATA;
	return w->reply->status;
}

static enum dns_status
walk(struct dns *d, struct walk *w)
{
	for (;;) {
		enum dns_status status = find_here(d, w);

		if (status != DNS_DATA || w->records[0].type == w->type)
			return status;
		if (w->nlinks == LIMIT_DNS_CHAIN)
			return DNS_LOOP;
		w->links[w->nlinks++] = w->records[0];
		w->name = w->records[0].data;
	}
}

bool
dns_walk_answer(struct dns *d, struct dns_question *q, struct dns_way way)
{
	struct dns_answer *a = &q->answer;
	struct walk w = {
	    .name = a->name, .type = a->type, .secure = true, .way = way};

	a->status = walk(d, &w);
	if (w.is_blocked)
		return false;
	a->records = a->status == DNS_DATA ? w.records : NULL;
	a->nrecords = a->status == DNS_DATA ? w.nrecords : 0;
	a->nrepeated = a->status == DNS_DATA ? w.nrepeated : 0;
	a->canonical = w.name;
	a->ad = w.secure && !dns_unknown(a->status);
	a->server = w.server;
	a->seconds = w.seconds;
	q->answered = true;
	if (d->log)
		dns_log_answer(d->log, a, w.links, w.nlinks, d->message);
	return true;
}
