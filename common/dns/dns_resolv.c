/* dns_resolv: queries in the background, and one alone without a thread. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_resolv_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

struct dns_resolv *
dns_resolv_new(
    const char *const *servers, size_t n, struct arena *a, struct span *error)
{
	struct dns_resolv *r = resolv_new();

	if (dns_upstreams_init(&r->servers, servers, n, r->arena, error))
		return r;
	*error = arena_span(a, *error);
	dns_threads_destroy(r);
	return NULL;
}

/*
 * What the steps of a job call.
 */

/* Is the answer still wanted? Notes which server is tried next. */
static bool
is_wanted(void *arg, struct dns_upstream *server)
{
	struct dns_job *job = arg;
	bool wanted;

	pthread_mutex_lock(&job->resolv->lock);
	wanted = !job->abandoned;
	job->server = dns_upstream_try(server);
	pthread_mutex_unlock(&job->resolv->lock);
	return wanted;
}

static void
ended(void *arg, struct dns_upstream *server, int error)
{
	struct dns_job *job = arg;

	pthread_mutex_lock(&job->resolv->lock);
	dns_upstream_ended(server, error);
	pthread_mutex_unlock(&job->resolv->lock);
}

/*
 * Jobs, as the caller sees them.
 */

static struct dns_job *
job_new(
    struct dns_resolv *r, struct span name, enum dns_type type, double deadline)
{
	struct dns_job *job = calloc(1, sizeof(*job) + name.len + 1);

	if (!job)
		return NULL;
	memcpy(job->name, name.p, name.len);
	job->name_len = name.len;
	job->resolv = r;
	job->attempts = (struct dns_attempts){.name = job->name,
	    .type = type,
	    .deadline = deadline,
	    .worst = DNS_NETWORK,
	    .how = DNS_WIRE_EDNS,
	    .wanted = is_wanted,
	    .ended = ended,
	    .arg = job};
	job->started = dns_now();
	job->server = "no server";
	return job;
}

/* Leaves a job to the threads. The caller holds the lock. */
static void
leave_to_threads(struct dns_resolv *r, struct dns_job *job)
{
	dns_threads_enqueue(r, job);
	dns_threads_wake(r, job, LIMIT_DNS_WORKERS);
}

/* The same for the job that was held. */
static void
release(struct dns_resolv *r)
{
	struct dns_job *job = r->held;

	r->held = NULL;
	if (job)
		leave_to_threads(r, job);
}

struct dns_job *
dns_resolv_start(struct dns_resolv *r, struct span name, enum dns_type type,
    double deadline, bool hold)
{
	struct dns_job *job = job_new(r, name, type, deadline);

	if (!job)
		return NULL;
	pthread_mutex_lock(&r->lock);
	if (hold && !r->held && !r->queue && r->idle == r->pool) {
		r->held = job; /* nothing else is under way */
	} else {
		release(r);
		leave_to_threads(r, job);
	}
	pthread_mutex_unlock(&r->lock);
	return job;
}

void
dns_resolv_drop(struct dns_resolv *r, struct dns_job *job)
{
	pthread_mutex_lock(&r->lock);
	if (job == r->held) {
		r->held = NULL;
	} else if (job->state == DNS_JOB_RUNNING) {
		job->abandoned = true; /* the thread frees it */
		r->pool--;
		job = NULL;
	} else if (job->state == DNS_JOB_WAITING) {
		dns_threads_unlink(r, job);
	}
	pthread_mutex_unlock(&r->lock);
	if (job)
		dns_job_free(job);
}

bool
dns_resolv_is_done(struct dns_resolv *r, const struct dns_job *job)
{
	bool done;

	pthread_mutex_lock(&r->lock);
	done = job->state == DNS_JOB_DONE;
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
	dns_threads_unlink(r, job);
	job->next = r->queue;
	r->queue = job;
	r->queued++;
	dns_threads_wake(r, job, LIMIT_DNS_THREADS);
}

/*
 * Runs the first step of the held job here. One query alone gains nothing from
 * a thread, which costs 0.3 ms, a tenth of what dkim-verify takes for a small
 * message. The caller holds the lock, and waits for this job.
 */
static void
run_held(struct dns_resolv *r)
{
	unsigned char buffer[LIMIT_DNS_ANSWER];
	struct dns_job *job = r->held;
	bool over;

	r->held = NULL;
	job->state = DNS_JOB_RUNNING;
	job->started = dns_now();
	pthread_mutex_unlock(&r->lock);
	over = dns_threads_run(job, dns_upstreams_first, buffer);
	pthread_mutex_lock(&r->lock);
	if (over)
		dns_threads_finish(job);
	else
		leave_to_threads(r, job);
}

void
dns_resolv_wait(
    struct dns_resolv *r, struct dns_job *job, const struct dns_waiter *w)
{
	double deadline = job->attempts.deadline;
	time_t whole = (time_t)deadline;
	struct timespec until = {
	    whole, (long)((deadline - (double)whole) * 1e9)};
	int error = 0;

	pthread_mutex_lock(&r->lock);
	if (job != r->held && job->state == DNS_JOB_WAITING)
		move_to_front(r, job);
	while (job->state != DNS_JOB_DONE && !error) {
		size_t seen = r->finished;

		call_waiter(r, w);
		if (job == r->held)
			run_held(r);
		/* A job that was done meanwhile needs another call. */
		else if (job->state != DNS_JOB_DONE && seen == r->finished)
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

	dns_wire_parse(job->message, job->len, name, job->attempts.type, room,
	    scratch, reply, &retry);
	if (reply->status != DNS_LIMIT)
		dns_wire_parse(job->message, job->len, name, job->attempts.type,
		    room, a, reply, &retry);
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
	assert(!r->queue && !r->held);
	r->closing = true;
	pthread_cond_broadcast(&r->work);
	while (r->idle)
		pthread_cond_wait(&r->done, &r->lock);
	r->freed = true;
	last = !r->threads;
	pthread_mutex_unlock(&r->lock);
	if (last)
		dns_threads_destroy(r);
}
