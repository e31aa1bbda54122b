#include "dns/dns_backend.h"

#include <assert.h>
#include <sysexits.h>

#include "base/limit.h"

/*
 * Beginning and end.
 */

static int
read_zones(struct dns *d, const struct dns_config *config, struct arena *a,
    struct span *error)
{
	int status = 0;

	if (config->nzones)
		d->zone = dns_zone_new(d->life);
	for (size_t i = 0; i < config->nzones && !status; i++)
		status = dns_master_read(
		    config->zones[i], d->zone, d->life, a, error);
	if (config->nsets)
		d->sets = dns_zone_new(d->life);
	for (size_t i = 0; i < config->nsets && !status; i++)
		if (!dns_master_set(
			span_of(config->sets[i]), d->sets, d->life, a, error))
			status = EX_CONFIG;
	return status;
}

struct dns *
dns_new(const struct dns_config *config, struct arena *a, struct span *error,
    int *status)
{
	struct arena *life = arena_new();
	struct dns *d = ARENA_NEW(life, struct dns);

	*d = (struct dns){.life = life,
	    .cache = arena_new(),
	    .message = arena_new(),
	    .limit = SIZE_MAX,
	    .timeout = config->timeout < 1e9 ? config->timeout : 1e9};
	d->questions.arena = d->cache;
	*status = read_zones(d, config, a, error);
	if (!*status && !d->zone) {
		d->resolv =
		    dns_resolv_new(config->servers, config->nservers, a, error);
		*status = d->resolv ? 0 : EX_USAGE;
	}
	if (*status) {
		dns_free(d);
		return NULL;
	}
	if (config->log)
		d->log = dns_log_new(config->log, life);
	dns_begin(d);
	return d;
}

/* What is not known in this message may be in the next one; and what is still
 * under way. */
static void
forget_failures(struct dns *d)
{
	for (struct dns_question *q = d->fresh; q; q = q->next) {
		if (q->job)
			dns_resolv_drop(d->resolv, q->job);
		q->job = NULL;
		d->kept += q->replied && dns_unknown(q->reply.status);
		q->replied &= !dns_unknown(q->reply.status);
		q->answered &= !dns_unknown(q->answer.status);
		q->fresh = q->listed = q->entered = false;
	}
	d->fresh = NULL;
}

void
dns_limit(struct dns *d, size_t questions)
{
	d->limit = questions;
}

void
dns_begin(struct dns *d)
{
	forget_failures(d);
	arena_reset(d->message);
	d->asked = NULL;
	d->nasked = 0;
	if (d->kept > LIMIT_DNS_CACHE ||
	    arena_size(d->cache) > LIMIT_DNS_CACHE_OCTETS) {
		arena_reset(d->cache);
		d->questions = (struct dns_table){.arena = d->cache};
		d->kept = 0;
	}
	d->sent = d->limited = d->octets = 0;
	d->deadline = dns_now() + d->timeout;
}

void
dns_free(struct dns *d)
{
	forget_failures(d);
	if (d->resolv)
		dns_resolv_free(d->resolv);
	arena_free(d->message);
	arena_free(d->cache);
	arena_free(d->life);
}

/*
 * Questions.
 */

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

/* As limit.h says: so many small answers are more than a message asks for. */
static_assert(LIMIT_DNS_LARGE + 320u * LIMIT_DNS_SMALL <= LIMIT_DNS_OCTETS,
    "answers have more room than there is");

/* What an answer may take: an answer that is no larger than answers are always
 * has its place, so that large ones keep no other's out. */
static size_t
room(const struct dns *d)
{
	size_t left = LIMIT_DNS_LARGE - d->octets;

	return left > LIMIT_DNS_SMALL ? left : LIMIT_DNS_SMALL;
}

static void
start(struct dns *d, struct dns_question *q)
{
	if (d->zone || q->replied || q->job)
		return;
	q->job = dns_resolv_start(
	    d->resolv, q->answer.name, q->answer.type, d->deadline);
	d->sent++;
}

static void
tell(void *arg)
{
	const struct dns *d = arg;

	for (size_t i = 0; i < d->waiters; i++)
		d->waiter[i].arrived(d->waiter[i].arg);
}

/* The waiters are called meanwhile, and may want the same question. */
static void
await(struct dns *d, struct dns_question *q)
{
	struct dns_waiter all = {d->waiters ? tell : NULL, d};

	q->awaited = true;
	dns_resolv_wait(d->resolv, q->job, &all);
	q->awaited = false;
	dns_resolv_take(d->resolv, q->job, room(d), d->cache, &q->reply);
}

/* A zone's answer is weighed like another's, so that a log that is replayed
 * gives the same results. */
static void
look_up(struct dns *d, struct dns_question *q)
{
	struct dns_reply *reply = &q->reply;

	dns_zone_lookup(
	    d->zone, q->answer.name, q->answer.type, d->cache, reply);
	for (size_t i = 0; i < reply->records; i++)
		reply->octets += dns_record_octets(&reply->record[i]);
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
	start(d, q);
	if (d->zone)
		look_up(d, q);
	else if (q->job)
		await(d, q);
	else
		q->reply = (struct dns_reply){
		    .status = DNS_NETWORK, .server = "no server"};
	q->job = NULL;
	q->replied = true;
	if (q->reply.octets > LIMIT_DNS_SMALL)
		d->octets += q->reply.octets;
	return &q->reply;
}

static void
answer_bad_name(struct dns *d, struct dns_question *q)
{
	struct dns_answer *a = &q->answer;

	a->status = DNS_BADNAME;
	a->canonical = a->name;
	a->server = "not asked";
	q->answered = true;
	if (d->log)
		dns_log_answer(d->log, a, NULL, 0, d->message);
}

/* Is there an answer that may be used? One that was over the limit is none for
 * a question that has no limit. */
static bool
is_answered(const struct dns_question *q, bool is_limited)
{
	return q->answered && (is_limited || q->answer.status != DNS_LIMIT);
}

/* Asks, or says that it is over the limit: an answer of an earlier message
 * counts, too. */
static void
answer(struct dns *d, struct dns_question *q, bool is_limited)
{
	if (q->replied && !dns_enter(d, q, is_limited))
		q->answered = false;
	if (!is_answered(q, is_limited))
		dns_walk_answer(
		    d, q, (struct dns_way){.is_limited = is_limited});
}

static const struct dns_answer *
query(struct dns *d, struct span name, enum dns_type type, bool is_limited)
{
	struct span canonical;
	bool good = dns_name_raw(name, d->message, &canonical);
	struct dns_question *q = dns_question_of(d, canonical, type);

	if (good)
		answer(d, q, is_limited);
	else if (!q->answered)
		answer_bad_name(d, q);
	if (!q->listed) {
		d->asked = ARENA_PUSH(d->message, d->asked, d->nasked);
		d->asked[d->nasked++] = &q->answer;
		q->listed = true;
	}
	return &q->answer;
}

const struct dns_answer *
dns_query(struct dns *d, struct span name, enum dns_type type)
{
	return query(d, name, type, false);
}

const struct dns_answer *
dns_query_limited(struct dns *d, struct span name, enum dns_type type)
{
	return query(d, name, type, true);
}

/* The canonical form of a name that --set does not answer for. False: it has
 * none, or is answered. */
static bool
is_for_back_end(
    struct dns *d, struct span name, enum dns_type type, struct span *canonical)
{
	struct dns_reply set = {.status = DNS_NXDOMAIN};

	if (!dns_name_raw(name, d->message, canonical))
		return false;
	if (d->sets)
		dns_zone_lookup(d->sets, *canonical, type, d->message, &set);
	return set.status != DNS_DATA && !set.is_stated;
}

/* A zone's questions are counted like the network's, in the same order. */
static void
prefetch(struct dns *d, struct span name, enum dns_type type, bool is_limited)
{
	struct span canonical;
	struct dns_question *q;

	if (!is_for_back_end(d, name, type, &canonical))
		return;
	q = dns_question_of(d, canonical, type);
	if (dns_enter(d, q, is_limited))
		start(d, q);
}

void
dns_prefetch(struct dns *d, struct span name, enum dns_type type)
{
	prefetch(d, name, type, false);
}

void
dns_prefetch_limited(struct dns *d, struct span name, enum dns_type type)
{
	prefetch(d, name, type, true);
}

size_t
dns_left(const struct dns *d)
{
	return d->limit - d->limited;
}

size_t
dns_sent(const struct dns *d)
{
	return d->sent;
}

bool
dns_is_sent(struct dns *d, struct span name, enum dns_type type)
{
	struct span canonical;
	const struct dns_question *q;

	if (d->zone || !is_for_back_end(d, name, type, &canonical))
		return true;
	q = dns_table_find(&d->questions, key_of(d, canonical, type));
	return q && (q->replied || q->job);
}

const struct dns_answer *
dns_ready(struct dns *d, struct span name, enum dns_type type)
{
	struct span canonical;
	struct dns_question *q;

	if (d->zone || !dns_name_raw(name, d->message, &canonical))
		return NULL;
	q = dns_question_of(d, canonical, type);
	return is_answered(q, false) ||
		dns_walk_answer(d, q, (struct dns_way){.only_ready = true})
	    ? &q->answer
	    : NULL;
}

void
dns_on_arrival(struct dns *d, void (*arrived)(void *arg), void *arg)
{
	assert(arrived ? d->waiters < DNS_WAITERS : d->waiters > 0);
	if (arrived)
		d->waiter[d->waiters++] = (struct dns_waiter){arrived, arg};
	else
		d->waiters--;
}

size_t
dns_asked(const struct dns *d, const struct dns_answer *const **list)
{
	*list = d->asked;
	return d->nasked;
}
