/* dns_resolv: queries in the background, on a pool of threads. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_internal.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limit.h"

enum state {
	WAITING,
	RUNNING,
	DONE
};

/* A query. It belongs to the caller that started it; once abandoned, to the
 * thread that runs it. */
struct dns_job {
	struct dns_job *next; /* in the queue */
	enum state state;
	bool abandoned;
	enum dns_type type;
	size_t round; /* rounds of attempts so far */
	double started, deadline, finished;
	/* The result: a message to be parsed, or a failure. */
	enum dns_status status;
	const char *server;
	unsigned char *message;
	size_t len;
	size_t name_len;
	char name[]; /* NUL-terminated */
};

struct dns_resolv {
	struct arena *arena; /* of this and the servers */
	struct dns_upstreams servers;
	pthread_mutex_t lock;  /* of all members below, and the jobs' state */
	pthread_cond_t work;   /* a job was queued, or closing was set */
	pthread_cond_t done;   /* a job is done, or a thread has ended */
	struct dns_job *queue; /* see enqueue() */
	size_t queued, idle; /* jobs in the queue, threads that wait for one */
	size_t pool;         /* threads that take jobs */
	size_t threads;      /* those, and threads with an abandoned job */
	size_t finished;     /* jobs done so far: dns_resolv_wait() */
	bool closing;        /* threads of the pool are to end */
	bool freed;          /* the last thread frees the resolver */
};

static struct dns_resolv *
resolv_new(void)
{
	struct arena *a = arena_new();
	struct dns_resolv *r = ARENA_NEW(a, struct dns_resolv);
	pthread_condattr_t clock;

	r->arena = a;
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&r->work, NULL);
	pthread_cond_init(&r->done, &clock);
	pthread_condattr_destroy(&clock);
	return r;
}

static void
destroy(struct dns_resolv *r)
{
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->work);
	pthread_cond_destroy(&r->done);
	arena_free(r->arena);
}

struct dns_resolv *
dns_resolv_new(
    const char *const *servers, size_t n, struct arena *a, struct span *error)
{
	struct dns_resolv *r = resolv_new();

	if (dns_upstreams_init(&r->servers, servers, n, r->arena, error))
		return r;
	*error = arena_span(a, *error);
	destroy(r);
	return NULL;
}

/*
 * Threads.
 */

static void
job_free(struct dns_job *job)
{
	free(job->message);
	free(job);
}

/* The argument of is_wanted() and ended(). */
struct work {
	struct dns_resolv *resolv;
	struct dns_job *job;
};

/* Is the answer still wanted? Notes which server is tried next. */
static bool
is_wanted(void *arg, struct dns_upstream *server)
{
	struct work *w = arg;
	bool wanted;

	pthread_mutex_lock(&w->resolv->lock);
	wanted = !w->job->abandoned;
	w->job->server = dns_upstream_try(server);
	pthread_mutex_unlock(&w->resolv->lock);
	return wanted;
}

static void
ended(void *arg, struct dns_upstream *server, int error)
{
	struct work *w = arg;

	pthread_mutex_lock(&w->resolv->lock);
	dns_upstream_ended(server, error);
	pthread_mutex_unlock(&w->resolv->lock);
}

static void
finish(struct dns_resolv *r, struct dns_job *job)
{
	job->state = DONE;
	r->finished++;
	pthread_cond_broadcast(&r->done);
}

/* Runs one round of attempts. Returns false if the job needs another one. */
static bool
run_round(struct dns_resolv *r, struct dns_job *job, unsigned char *buffer)
{
	struct work w = {r, job};
	struct dns_attempts q = {job->name, job->type, job->deadline,
	    job->round, is_wanted, ended, &w};

	if (!dns_upstreams_query(
		&r->servers, &q, buffer, &job->len, &job->status))
		return false;
	if (!dns_failed(job->status)) {
		job->message = malloc(job->len);
		if (job->message)
			memcpy(job->message, buffer, job->len);
		else
			job->status = DNS_NETWORK;
	}
	job->finished = dns_now();
	return true;
}

/*
 * Puts a job into the queue, after those that had as many rounds or fewer: a
 * name that no server answers for goes back to the end after each round, and
 * does not delay the first round of others. The caller holds the lock.
 */
static void
enqueue(struct dns_resolv *r, struct dns_job *job)
{
	struct dns_job **at = &r->queue;

	while (*at && (*at)->round <= job->round)
		at = &(*at)->next;
	job->state = WAITING;
	job->next = *at;
	*at = job;
	r->queued++;
}

/* Waits for a job and takes it off the queue. Returns NULL if the thread is to
 * end: the resolver is closing, or the pool has more threads than it may keep
 * (move_to_front()). The caller holds the lock. */
static struct dns_job *
next_job(struct dns_resolv *r)
{
	struct dns_job *job;

	while (!r->queue && !r->closing && r->pool <= LIMIT_DNS_WORKERS) {
		r->idle++;
		pthread_cond_wait(&r->work, &r->lock);
		r->idle--;
	}
	job = r->closing ? NULL : r->queue;
	if (job) {
		r->queue = job->next;
		r->queued--;
		job->state = RUNNING;
	} else {
		r->pool--;
	}
	return job;
}

/* Runs jobs until there are no more for this thread. A thread whose job was
 * abandoned has left the pool, and joins it again only if there is room. The
 * caller holds the lock. */
static void
take_jobs(struct dns_resolv *r)
{
	unsigned char buffer[LIMIT_DNS_ANSWER];
	struct dns_job *job;

	while ((job = next_job(r))) {
		bool over;

		pthread_mutex_unlock(&r->lock);
		over = run_round(r, job, buffer);
		pthread_mutex_lock(&r->lock);
		if (job->abandoned) {
			job_free(job);
			if (r->pool >= LIMIT_DNS_WORKERS)
				return;
			r->pool++;
			continue;
		}
		job->round++;
		if (over)
			finish(r, job);
		else
			enqueue(r, job);
	}
}

static void *
thread(void *arg)
{
	struct dns_resolv *r = arg;
	bool last;

	pthread_mutex_lock(&r->lock);
	take_jobs(r);
	r->threads--;
	last = r->freed && !r->threads;
	pthread_cond_broadcast(&r->done);
	pthread_mutex_unlock(&r->lock);
	if (last)
		destroy(r);
	return NULL;
}

/* Starts a thread with all signals blocked: the program's are for the main
 * thread, and SIGPIPE, of a broken TCP connection, is for none. */
static void
start_thread(struct dns_resolv *r)
{
	sigset_t all, before;
	pthread_attr_t detached;
	pthread_t id;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	if (!pthread_create(&id, &detached, thread, r)) {
		r->pool++;
		r->threads++;
	}
	pthread_attr_destroy(&detached);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/*
 * Jobs, as the caller sees them.
 */

static struct dns_job *
job_new(struct span name, enum dns_type type, double deadline)
{
	struct dns_job *job = calloc(1, sizeof(*job) + name.len + 1);

	if (!job)
		return NULL;
	memcpy(job->name, name.p, name.len);
	job->name_len = name.len;
	job->type = type;
	job->started = dns_now();
	job->deadline = deadline;
	job->server = "no server";
	return job;
}

static void
unlink_job(struct dns_resolv *r, const struct dns_job *job)
{
	struct dns_job **at = &r->queue;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	r->queued--;
}

/* Makes sure that a thread takes the queued job: wakes an idle one, or starts
 * one if the pool has fewer than most. The caller holds the lock. */
static void
wake_thread(struct dns_resolv *r, size_t most)
{
	if (r->queued > r->idle && r->pool < most &&
	    r->threads < LIMIT_DNS_THREADS)
		start_thread(r);
	pthread_cond_signal(&r->work);
}

struct dns_job *
dns_resolv_start(
    struct dns_resolv *r, struct span name, enum dns_type type, double deadline)
{
	struct dns_job *job = job_new(name, type, deadline);

	if (!job)
		return NULL;
	pthread_mutex_lock(&r->lock);
	enqueue(r, job);
	wake_thread(r, LIMIT_DNS_WORKERS);
	if (!r->threads) { /* none could be started */
		unlink_job(r, job);
		job->status = DNS_NETWORK;
		job->finished = job->started;
		finish(r, job);
	}
	pthread_mutex_unlock(&r->lock);
	return job;
}

void
dns_resolv_drop(struct dns_resolv *r, struct dns_job *job)
{
	pthread_mutex_lock(&r->lock);
	if (job->state == RUNNING) {
		job->abandoned = true; /* the thread frees it */
		r->pool--;
		job = NULL;
	} else if (job->state == WAITING) {
		unlink_job(r, job);
	}
	pthread_mutex_unlock(&r->lock);
	if (job)
		job_free(job);
}

bool
dns_resolv_is_done(struct dns_resolv *r, const struct dns_job *job)
{
	bool done;

	pthread_mutex_lock(&r->lock);
	done = job->state == DONE;
	pthread_mutex_unlock(&r->lock);
	return done;
}

/* Calls the waiter without the lock, which the caller holds before and
 * after. */
static void
call_waiter(struct dns_resolv *r, const struct dns_waiter *w)
{
	if (!w->arrived)
		return;
	pthread_mutex_unlock(&r->lock);
	w->arrived(w->arg);
	pthread_mutex_lock(&r->lock);
}

/* Moves a job that the caller waits for before the prefetched ones, and starts
 * a thread beyond the pool for it if all others are busy. The caller holds the
 * lock. */
static void
move_to_front(struct dns_resolv *r, struct dns_job *job)
{
	unlink_job(r, job);
	job->next = r->queue;
	r->queue = job;
	r->queued++;
	wake_thread(r, LIMIT_DNS_THREADS);
}

void
dns_resolv_wait(
    struct dns_resolv *r, struct dns_job *job, const struct dns_waiter *w)
{
	time_t whole = (time_t)job->deadline;
	struct timespec until = {
	    whole, (long)((job->deadline - (double)whole) * 1e9)};
	int error = 0;

	pthread_mutex_lock(&r->lock);
	if (job->state == WAITING)
		move_to_front(r, job);
	while (job->state != DONE && !error) {
		size_t seen = r->finished;

		call_waiter(r, w);
		/* A job that was done meanwhile needs another call. */
		if (job->state != DONE && seen == r->finished)
			error =
			    pthread_cond_timedwait(&r->done, &r->lock, &until);
	}
	pthread_mutex_unlock(&r->lock);
}

/* Parses into scratch memory first, so that an answer over the limit takes no
 * memory of the arena. */
static void
parse(const struct dns_job *job, size_t room, struct arena *a,
    struct dns_reply *reply)
{
	struct span name = {job->name, job->name_len};
	struct arena *scratch = arena_new();
	bool retry;

	dns_wire_parse(job->message, job->len, name, job->type, room, scratch,
	    reply, &retry);
	if (reply->status != DNS_LIMIT)
		dns_wire_parse(job->message, job->len, name, job->type, room, a,
		    reply, &retry);
	arena_free(scratch);
}

void
dns_resolv_take(struct dns_resolv *r, struct dns_job *job, size_t room,
    struct arena *a, struct dns_reply *reply)
{
	bool done = dns_resolv_is_done(r, job);

	*reply = (struct dns_reply){.status = DNS_TIMEOUT};
	if (done)
		reply->status = job->status;
	if (done && job->message)
		parse(job, room, a, reply);
	reply->seconds = (done ? job->finished : dns_now()) - job->started;
	pthread_mutex_lock(&r->lock);
	reply->server = job->server;
	pthread_mutex_unlock(&r->lock);
	dns_resolv_drop(r, job);
}

struct span
dns_resolv_failure(struct dns_resolv *r, double seconds, struct arena *a)
{
	struct span words;

	pthread_mutex_lock(&r->lock);
	words = dns_upstreams_failure(&r->servers, seconds, a);
	pthread_mutex_unlock(&r->lock);
	return words;
}

/* Waits for idle threads to end. A thread that is running an abandoned job goes
 * on until that round is over; the last one frees the resolver. */
void
dns_resolv_free(struct dns_resolv *r)
{
	bool last;

	pthread_mutex_lock(&r->lock);
	assert(!r->queue);
	r->closing = true;
	pthread_cond_broadcast(&r->work);
	while (r->idle)
		pthread_cond_wait(&r->done, &r->lock);
	r->freed = true;
	last = !r->threads;
	pthread_mutex_unlock(&r->lock);
	if (last)
		destroy(r);
}
