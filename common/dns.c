#include "dns_backend.h"

#include <assert.h>
#include <sysexits.h>

#include "limit.h"

/* Who may be told at once that something came in. */
#define WAITERS 2

/* What is known of a name and type: what the back end said to it, and the
 * answer that was made of that and of others at the end of CNAMEs. */
struct question {
	struct span key; /* NAME/TYPE */
	struct dns_answer answer;
	struct dns_reply reply;
	struct dns_job *job;
	bool replied, answered;
	bool awaited; /* by ask(), which takes the reply off the job */
	bool fresh;   /* in the list of what this message did */
	bool listed;  /* in dns_asked() */
	struct question *next;
};

struct dns {
	struct arena *life;    /* as long as the struct */
	struct arena *cache;   /* questions and answers */
	struct arena *message; /* until dns_begin() */
	struct dns_zone *sets, *zone;
	struct dns_resolv *resolv;
	struct dns_log *log;
	double timeout, deadline;
	size_t sent; /* questions of this message */
	struct dns_table questions;
	size_t kept; /* questions, and failures that were forgotten */
	struct question *fresh;
	const struct dns_answer **asked;
	size_t nasked;
	struct dns_waiter waiter[WAITERS]; /* who came first is called first */
	size_t waiters;
};

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
		status = dns_zone_file(d->zone, config->zones[i], a, error);
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

/* Failures of this message, and what is still under way. */
static void
forget_failures(struct dns *d)
{
	for (struct question *q = d->fresh; q; q = q->next) {
		if (q->job)
			dns_resolv_drop(d->resolv, q->job);
		q->job = NULL;
		d->kept += q->replied && dns_failed(q->reply.status);
		q->replied &= !dns_failed(q->reply.status);
		q->answered &= !dns_failed(q->answer.status);
		q->fresh = q->listed = false;
	}
	d->fresh = NULL;
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
	d->sent = 0;
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

static struct question *
question_new(struct dns *d, struct span key, size_t len, enum dns_type type)
{
	struct question *q = ARENA_NEW(d->cache, struct question);

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

/* The question of a canonical name. */
static struct question *
question_of(struct dns *d, struct span name, enum dns_type type)
{
	struct span key = key_of(d, name, type);
	struct question *q = dns_table_find(&d->questions, key);

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

static void
start(struct dns *d, struct question *q)
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
await(struct dns *d, struct question *q)
{
	struct dns_waiter all = {d->waiters ? tell : NULL, d};

	q->awaited = true;
	dns_resolv_wait(d->resolv, q->job, &all, d->cache, &q->reply);
	q->awaited = false;
}

/* What the back end says. */
static const struct dns_reply *
ask(struct dns *d, struct question *q)
{
	if (q->replied)
		return &q->reply;
	start(d, q);
	if (d->zone)
		dns_zone_lookup(d->zone, q->answer.name, q->answer.type,
		    d->cache, &q->reply);
	else if (q->job)
		await(d, q);
	else
		q->reply = (struct dns_reply){
		    .status = DNS_NETWORK, .server = "no server"};
	q->job = NULL;
	q->replied = true;
	return &q->reply;
}

/*
 * The walk along CNAMEs (RFC 1034 3.6.2). A recursive server's reply holds the
 * way and its end, a zone's one step; --set may change each step.
 */

struct walk {
	struct span name; /* where we are */
	enum dns_type type;
	const struct dns_reply *reply; /* the one in hand, or NULL */
	struct span asked;             /* its question's name */
	bool within;                   /* we got here along its CNAMEs */
	bool secure;                   /* AD in all replies so far, none set */
	double seconds;
	const char *server;
	struct dns_record link[LIMIT_DNS_CHAIN];
	size_t links;
	struct dns_record *record; /* found here */
	size_t records;
	bool only_ready; /* take what is here already ... */
	bool is_blocked; /* ... which was not enough */
};

/* Drops records that are there already (RFC 2181 5). */
static void
drop_doubles(struct dns *d, struct walk *w)
{
	struct dns_table seen = {.arena = d->message};
	size_t n = 0;

	for (size_t i = 0; i < w->records; i++) {
		struct span text = dns_record_text(&w->record[i], d->message);
		void **at = dns_table_at(&seen, text);

		if (!*at)
			w->record[n++] = w->record[i];
		*at = w;
	}
	w->records = n;
}

/* The reply's records of this name and a type. */
static bool
pick_type(struct dns *d, struct walk *w, const struct dns_reply *reply,
    enum dns_type type)
{
	w->record = NULL;
	w->records = 0;
	for (size_t i = 0; i < reply->records; i++) {
		const struct dns_record *r = &reply->record[i];

		if (r->type != type || !span_eq(r->owner, w->name))
			continue;
		w->record = ARENA_PUSH(d->cache, w->record, w->records);
		w->record[w->records++] = *r;
	}
	if (w->records > 1)
		drop_doubles(d, w);
	return w->records > 0;
}

static bool
pick(struct dns *d, struct walk *w, const struct dns_reply *reply)
{
	return pick_type(d, w, reply, w->type) ||
	    pick_type(d, w, reply, DNS_CNAME);
}

/* What --set says instead of what there is. *exists: the name does. */
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
	return set.is_stated || pick(d, w, &set);
}

/* Would nobody have to wait for it? */
static bool
is_here(struct dns *d, const struct question *q)
{
	return q->replied ||
	    (q->job && !q->awaited && dns_resolv_is_done(d->resolv, q->job));
}

static void
ask_here(struct dns *d, struct walk *w)
{
	static const struct dns_reply none = {.status = DNS_TIMEOUT};
	struct question *q = question_of(d, w->name, w->type);

	w->is_blocked = w->only_ready && !is_here(d, q);
	w->reply = w->is_blocked ? &none : ask(d, q);
	w->within = true;
	w->secure &= w->reply->ad;
	w->seconds += w->reply->seconds;
	w->server = w->reply->server;
}

/* What there is at this name: records of the type or a CNAME, or why not. */
static enum dns_status
look(struct dns *d, struct walk *w)
{
	enum dns_status set;
	bool exists;

	if (pick_set(d, w, &exists, &set))
		return set;
	if (w->within && pick(d, w, w->reply))
		return DNS_DATA;
	/* RFC 6604 3: NXDOMAIN is about the end of the CNAMEs. */
	if (!w->within || w->reply->status != DNS_NXDOMAIN) {
		ask_here(d, w);
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
		enum dns_status status = look(d, w);

		if (status != DNS_DATA || w->record[0].type == w->type)
			return status;
		if (w->links == LIMIT_DNS_CHAIN)
			return DNS_LOOP;
		w->link[w->links++] = w->record[0];
		w->name = w->record[0].data;
	}
}

/* False: only what is here already was wanted, and that was not enough. */
static bool
answer(struct dns *d, struct question *q, bool only_ready)
{
	struct dns_answer *a = &q->answer;
	struct walk w = {.name = a->name,
	    .type = a->type,
	    .secure = true,
	    .only_ready = only_ready};

	a->status = walk(d, &w);
	if (w.is_blocked)
		return false;
	a->record = a->status == DNS_DATA ? w.record : NULL;
	a->records = a->status == DNS_DATA ? w.records : 0;
	a->canonical = w.name;
	a->ad = w.secure && !dns_failed(a->status);
	a->server = w.server;
	a->seconds = w.seconds;
	q->answered = true;
	if (d->log)
		dns_log_answer(d->log, a, w.link, w.links, d->message);
	return true;
}

static void
answer_bad_name(struct dns *d, struct question *q)
{
	struct dns_answer *a = &q->answer;

	a->status = DNS_BADNAME;
	a->canonical = a->name;
	a->server = "not asked";
	q->answered = true;
	if (d->log)
		dns_log_answer(d->log, a, NULL, 0, d->message);
}

const struct dns_answer *
dns_query(struct dns *d, struct span name, enum dns_type type)
{
	struct span canonical;
	bool good = dns_name_raw(name, d->message, &canonical);
	struct question *q = question_of(d, canonical, type);

	if (!q->answered && good)
		answer(d, q, false);
	else if (!q->answered)
		answer_bad_name(d, q);
	if (!q->listed) {
		d->asked = ARENA_PUSH(d->message, d->asked, d->nasked);
		d->asked[d->nasked++] = &q->answer;
		q->listed = true;
	}
	return &q->answer;
}

/* Can it be a question to a server, in canonical form? */
static bool
is_for_network(
    struct dns *d, struct span name, enum dns_type type, struct span *canonical)
{
	struct dns_reply set = {.status = DNS_NXDOMAIN};

	if (d->zone || !dns_name_raw(name, d->message, canonical))
		return false;
	if (d->sets)
		dns_zone_lookup(d->sets, *canonical, type, d->message, &set);
	return set.status != DNS_DATA && !set.is_stated;
}

void
dns_prefetch(struct dns *d, struct span name, enum dns_type type)
{
	struct span canonical;

	if (is_for_network(d, name, type, &canonical))
		start(d, question_of(d, canonical, type));
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
	const struct question *q;

	if (!is_for_network(d, name, type, &canonical))
		return true;
	q = dns_table_find(&d->questions, key_of(d, canonical, type));
	return q && (q->replied || q->job);
}

const struct dns_answer *
dns_ready(struct dns *d, struct span name, enum dns_type type)
{
	struct span canonical;
	struct question *q;

	if (d->zone || !dns_name_raw(name, d->message, &canonical))
		return NULL;
	q = question_of(d, canonical, type);
	return q->answered || answer(d, q, true) ? &q->answer : NULL;
}

void
dns_on_arrival(struct dns *d, void (*arrived)(void *arg), void *arg)
{
	assert(arrived ? d->waiters < WAITERS : d->waiters > 0);
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
