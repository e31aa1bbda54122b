/* dns_question: the lookups of the cache, and their replies. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <assert.h>

#include "base/limit.h"

static struct dns_question *
question_new(struct dns *d, struct span key, size_t len, enum dns_type type)
{
	struct dns_question *q = ARENA_NEW(d->cache, struct dns_question);

	q->key = arena_span(d->cache, key);
	q->answer.name = span_upto(q->key, len);
	q->answer.type = type;
	d->kept++;
	return q;
}

static struct span
key_of(struct dns *d, struct span name, enum dns_type type)
{
	return arena_printf(
	    d->message, SPAN_FMT "/%u", SPAN_ARG(name), (unsigned)type);
}

struct dns_question *
dns_question_known(struct dns *d, struct span name, enum dns_type type)
{
	return dns_table_find(&d->questions, key_of(d, name, type));
}

struct dns_question *
dns_question_of(struct dns *d, struct span name, enum dns_type type)
{
	struct span key = key_of(d, name, type);
	struct dns_question *q = dns_table_find(&d->questions, key);

	if (!q) {
		q = question_new(d, key, name.len, type);
		*dns_table_at(&d->questions, q->key) = q;
	}
	if (!q->fresh) {
		q->next = d->fresh;
		d->fresh = q;
		q->fresh = true;
	}
	return q;
}

bool
dns_enter(struct dns *d, struct dns_question *q, bool is_limited)
{
	if (q->entered)
		return true;
	if (is_limited && d->limited >= d->limit)
		return false;
	d->limited += is_limited;
	q->entered = true;
	return true;
}

/* As limit.h explains, a message never causes so many small answers. */
static_assert(LIMIT_DNS_LARGE + 320u * LIMIT_DNS_SMALL <= LIMIT_DNS_OCTETS,
    "answers have more room than there is");

/* Returns how many octets of memory an answer may take. There is always room
 * for an answer up to LIMIT_DNS_SMALL, however many large ones there were. */
static size_t
room(const struct dns *d)
{
	size_t left = LIMIT_DNS_LARGE - d->octets;

	return left > LIMIT_DNS_SMALL ? left : LIMIT_DNS_SMALL;
}

/* The end of the time that is left, if it is waited from now on. */
static double
deadline(const struct dns *d)
{
	return (d->since > 0 ? d->since : dns_now()) + d->left;
}

void
dns_start(struct dns *d, struct dns_question *q, bool hold)
{
	if (d->zone || q->replied || q->job)
		return;
	q->job = dns_resolv_start(
	    d->resolv, q->answer.name, q->answer.type, deadline(d), hold);
	d->sent++;
}

static void
call_waiters(void *arg)
{
	const struct dns *d = arg;

	for (size_t i = 0; i < d->nwaiters; i++)
		d->waiters[i].arrived(d->waiters[i].arg);
}

/* Reports the servers that a query has failed of. */
static void
report_failure(struct dns *d, const struct dns_reply *reply)
{
	struct span words;

	if (!d->failed ||
	    (reply->status != DNS_NETWORK && reply->status != DNS_TIMEOUT))
		return;
	while (
	    (words = dns_resolv_failure(d->resolv, reply->seconds, d->message))
		.p)
		d->failed(words);
}

/* Waits for the reply. Meanwhile waiters are called, which may prefetch the
 * same name and type: awaited keeps dns_ready() from taking the reply. */
static void
await(struct dns *d, struct dns_question *q)
{
	struct dns_waiter all = {d->nwaiters ? call_waiters : NULL, d};

	q->awaited = true;
	dns_resolv_wait(d->resolv, q->job, &all);
	q->awaited = false;
	dns_resolv_take(d->resolv, q->job, room(d), d->cache, &q->reply);
	report_failure(d, &q->reply);
}

/* The time that this takes is what a message has waited: what else it takes,
 * such as to read it from a slow pipe, or to search what was altered, leaves
 * later queries their time. A waiter that takes a reply which is here is called
 * within a wait. */
static void
ask_network(struct dns *d, struct dns_question *q)
{
	bool is_within = d->since > 0;

	if (!is_within)
		d->since = dns_now();
	dns_start(d, q, true);
	if (q->job)
		await(d, q);
	else
		q->reply = (struct dns_reply){
		    .status = DNS_NETWORK, .server = "no server"};
	if (is_within)
		return;
	d->left -= dns_now() - d->since;
	d->since = 0;
}

/* Looks up in the zone. The memory of its answers is limited, too, so that the
 * replay of a log comes to the same results. */
static void
look_up(struct dns *d, struct dns_question *q)
{
	struct dns_reply *reply = &q->reply;

	dns_zone_lookup(
	    d->zone, q->answer.name, q->answer.type, d->cache, reply);
	for (size_t i = 0; i < reply->nrecords; i++)
		reply->octets += dns_rr_octets(&reply->records[i]);
	if (reply->octets > room(d))
		*reply = (struct dns_reply){
		    .status = DNS_LIMIT, .server = reply->server};
}

bool
dns_is_here(struct dns *d, const struct dns_question *q)
{
	return q->replied ||
	    (q->job && !q->awaited && dns_resolv_is_done(d->resolv, q->job));
}

const struct dns_reply *
dns_ask(struct dns *d, struct dns_question *q)
{
	if (q->replied)
		return &q->reply;
	if (d->zone)
		look_up(d, q);
	else
		ask_network(d, q);
	q->job = NULL;
	q->replied = true;
	if (q->reply.octets > LIMIT_DNS_SMALL)
		d->octets += q->reply.octets;
	return &q->reply;
}

void
dns_let_go(struct dns *d, struct dns_question *q)
{
	if (!q->job)
		return;
	q->replied = dns_is_here(d, q);
	if (q->replied)
		dns_resolv_take(
		    d->resolv, q->job, LIMIT_DNS_SMALL, d->cache, &q->reply);
	else
		dns_resolv_drop(d->resolv, q->job);
	q->job = NULL;
}
