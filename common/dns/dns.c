/* dns: lookups through the cache, prefetched or waited for. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <assert.h>
#include <sysexits.h>

#include "base/limit.h"

/*
 * Set-up and messages.
 */

static int
read_zones(struct dns *d, const struct dns_config *config, struct arena *a,
    struct span *error)
{
	int status = 0;

	if (config->nzones)
		d->zone = dns_zone_new(d->life);
	for (size_t i = 0; i < config->nzones && !status; i++)
		status = dns_zonefile_read(
		    config->zones[i], d->zone, d->life, a, error);
	if (config->nsets)
		d->sets = dns_zone_new(d->life);
	for (size_t i = 0; i < config->nsets && !status; i++)
		if (!dns_zonefile_set(
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
	    .failed = config->failed,
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

/* Failures of this message may succeed in the next one, and replies that have
 * not arrived belong to this one. */
static void
forget_failures(struct dns *d)
{
	for (struct dns_question *q = d->fresh; q; q = q->next) {
		dns_let_go(d, q);
		d->kept += q->replied && dns_unknown(q->reply.status);
		q->replied &= !dns_unknown(q->reply.status);
		q->answered &= !dns_unknown(q->answer.status);
		q->fresh = q->listed = q->entered = false;
	}
	d->fresh = NULL;
}

void
dns_limit(struct dns *d, size_t queries)
{
	d->limit = queries;
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
	d->holds = false;
	d->left = d->timeout;
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
 * Lookups.
 */

static void
answer_bad_name(struct dns *d, struct dns_question *q)
{
	struct dns_answer *a = &q->answer;

	a->status = DNS_BADNAME;
	a->canonical = a->name;
	a->server = "not queried";
	q->answered = true;
	if (d->log)
		dns_log_answer(d->log, a, NULL, 0, d->message);
}

/* Is there an answer that may be used? DNS_LIMIT does not answer a lookup that
 * has no limit. */
static bool
is_answered(const struct dns_question *q, bool is_limited)
{
	return q->answered && (is_limited || q->answer.status != DNS_LIMIT);
}

/* Finds the answer, or DNS_LIMIT. A reply that an earlier message cached counts
 * against the limit, too. */
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
		*ARENA_PUSH(d->message, d->asked, d->nasked) = &q->answer;
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

/* Sets the canonical form of a name that the back end has to answer for.
 * Returns false if the name is invalid, or --set answers for it. */
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

/* Lookups in a zone count against the limit like those over the network, in the
 * same order, although a zone starts nothing in the background. */
static void
prefetch(struct dns *d, struct span name, enum dns_type type, bool is_limited)
{
	struct span canonical;
	struct dns_question *q;

	if (!is_for_back_end(d, name, type, &canonical))
		return;
	q = dns_question_of(d, canonical, type);
	if (dns_enter(d, q, is_limited))
		dns_start(d, q, d->holds);
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

void
dns_hold(struct dns *d)
{
	d->holds = true;
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
	q = dns_question_known(d, canonical, type);
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
	assert(arrived ? d->nwaiters < DNS_WAITERS : d->nwaiters > 0);
	if (arrived)
		d->waiters[d->nwaiters++] = (struct dns_waiter){arrived, arg};
	else
		d->nwaiters--;
}

size_t
dns_asked(const struct dns *d, const struct dns_answer *const **list)
{
	*list = d->asked;
	return d->nasked;
}

/*
 * Zone files.
 */

void
dns_zone_names(const struct dns *d, struct span domain,
    void (*found)(void *arg, struct span name), void *arg)
{
	if (d->zone)
		dns_zone_each(d->zone, domain, found, arg);
}

const struct dns_rr *
dns_zone_first(const struct dns *d, struct span domain)
{
	return d->zone ? dns_zone_top(d->zone, domain) : NULL;
}

bool
dns_zone_texts(struct span text, const char *file, struct arena *a,
    struct dns_rr **list, size_t *n, struct span *error)
{
	struct dns_zone *z = dns_zone_new(a);

	if (!dns_zonefile_parse(text, file, z, a, a, error))
		return false;
	dns_zone_list(z, DNS_TXT, a, list, n);
	return true;
}
