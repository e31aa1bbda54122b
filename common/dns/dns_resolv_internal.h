/* dns_resolv_internal: what dns_resolv.c and dns_resolv_threads.c share. */
/* SPDX-License-Identifier: ISC */
#ifndef DNS_RESOLV_INTERNAL_H
#define DNS_RESOLV_INTERNAL_H

#include <pthread.h>

#include "base/limit.h"
#include "dns/dns_internal.h"

enum dns_job_state {
	DNS_JOB_WAITING,
	DNS_JOB_RUNNING,
	DNS_JOB_DONE
};

/* A query. It belongs to the caller that started it; once abandoned, to the
 * thread that runs it. */
struct dns_job {
	struct dns_job *next; /* in the queue */
	struct dns_resolv *resolv;
	enum dns_job_state state;
	bool abandoned;
	struct dns_attempts attempts;
	double started, finished;
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
	struct dns_job *queue; /* see dns_threads_enqueue() */
	struct dns_job *held;  /* a lone job, for the caller's own thread; not
				  in the queue */
	size_t queued, idle; /* jobs in the queue, threads that wait for one */
	size_t pool;         /* threads that take jobs */
	size_t threads;      /* those, and threads with an abandoned job */
	size_t finished;     /* jobs done so far: dns_resolv_wait() */
	bool closing;        /* threads of the pool are to end */
	bool freed;          /* the last thread frees the resolver */
};

/*
 * dns_resolv_threads.c: jobs and the threads that run them. The caller holds
 * the lock for all of these that do not say otherwise.
 */

/*
 * Puts a job into the queue, after those that had as many rounds or fewer: a
 * name that no server answers for goes back to the end after each round, and
 * does not delay the first round of others.
 */
void dns_threads_enqueue(struct dns_resolv *r, struct dns_job *job);

/* Takes a job off the queue. */
void dns_threads_unlink(struct dns_resolv *r, const struct dns_job *job);

/* Makes sure that a thread takes the queued job: wakes an idle one, or starts
 * one if the pool has fewer than most. Without any thread, the job fails. */
void dns_threads_wake(struct dns_resolv *r, struct dns_job *job, size_t most);

/* One of dns_upstreams_query() and dns_upstreams_first(). */
typedef bool
dns_threads_step(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status);

/* Runs a step of a job, without the lock, and keeps its result. Returns false
 * if the job needs another one. */
bool dns_threads_run(struct dns_job *job, dns_threads_step *step,
    unsigned char buffer[static LIMIT_DNS_ANSWER]);

/* With or without the lock. */
void dns_job_free(struct dns_job *job);

/* Notes that a job is done. */
void dns_threads_finish(struct dns_job *job);

/* Frees a resolver that has no threads (any more); without the lock. */
void dns_threads_destroy(struct dns_resolv *r);

#endif
