/* dns_resolv_threads: the threads that run queries in the background. */
/* SPDX-License-Identifier: ISC */

#include "dns/dns_resolv_internal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

void
dns_threads_destroy(struct dns_resolv *r)
{
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->work);
	pthread_cond_destroy(&r->done);
	arena_free(r->arena);
}

void
dns_job_free(struct dns_job *job)
{
	free(job->message);
	free(job);
}

void
dns_threads_finish(struct dns_job *job)
{
	job->state = DNS_JOB_DONE;
	job->resolv->finished++;
	pthread_cond_broadcast(&job->resolv->done);
}

bool
dns_threads_run(struct dns_job *job, dns_threads_step *step,
    unsigned char buffer[static LIMIT_DNS_ANSWER])
{
	if (!step(&job->resolv->servers, &job->attempts, buffer, &job->len,
		&job->status))
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

void
dns_threads_enqueue(struct dns_resolv *r, struct dns_job *job)
{
	struct dns_job **at = &r->queue;

	while (*at && (*at)->attempts.round <= job->attempts.round)
		at = &(*at)->next;
	job->state = DNS_JOB_WAITING;
	job->next = *at;
	*at = job;
	r->queued++;
}

void
dns_threads_unlink(struct dns_resolv *r, const struct dns_job *job)
{
	struct dns_job **at = &r->queue;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	r->queued--;
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
		dns_threads_unlink(r, job);
		job->state = DNS_JOB_RUNNING;
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
		over = dns_threads_run(job, dns_upstreams_query, buffer);
		pthread_mutex_lock(&r->lock);
		if (job->abandoned) {
			dns_job_free(job);
			if (r->pool >= LIMIT_DNS_WORKERS)
				return;
			r->pool++;
			continue;
		}
		if (over)
			dns_threads_finish(job);
		else
			dns_threads_enqueue(r, job);
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
		dns_threads_destroy(r);
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

void
dns_threads_wake(struct dns_resolv *r, struct dns_job *job, size_t most)
{
	if (r->queued > r->idle && r->pool < most &&
	    r->threads < LIMIT_DNS_THREADS)
		start_thread(r);
	pthread_cond_signal(&r->work);
	if (r->threads)
		return;
	dns_threads_unlink(r, job);
	job->status = DNS_NETWORK;
	job->finished = job->started;
	dns_threads_finish(job);
}
