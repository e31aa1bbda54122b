/*
 * pending: the replies of dnsd that are delayed. Included by dnsd.c alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef PENDING_H
#define PENDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "conn.h"
#include "base/die.h"
#include "base/span.h"

#define PENDINGS 4096

struct peer {
	struct conn *conn; /* NULL for UDP */
	unsigned serial;   /* the connection's, at the time of the query */
	struct sockaddr_storage address;
	socklen_t len;
};

struct pending {
	int64_t due; /* milliseconds */
	bool round;
	struct peer to;
	size_t len;
	char octet[];
};

/* In the order of the queries. */
struct pendings {
	struct pending *list[PENDINGS];
	size_t count;
	unsigned round; /* the current round; the first is 0 */
};

static void
pendings_add(struct pendings *s, const struct peer *to, struct span message,
    int64_t due, bool round)
{
	struct pending *p;

	if (s->count == PENDINGS)
		return;
	p = malloc(sizeof(*p) + message.len);
	if (!p)
		die(EX_TEMPFAIL, "out of memory");
	p->due = due;
	p->round = round;
	p->to = *to;
	p->len = message.len;
	memcpy(p->octet, message.p, message.len);
	s->list[s->count++] = p;
}

/* Postpones all replies of the current round, because a query has arrived. */
static void
pendings_postpone(struct pendings *s, int64_t due)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i]->round)
			s->list[i]->due = due;
}

/* Returns the first reply that is due, which the caller frees, or NULL. */
static struct pending *
pendings_take(struct pendings *s, int64_t now)
{
	for (size_t i = 0; i < s->count; i++) {
		struct pending *p = s->list[i];

		if (p->due > now)
			continue;
		s->count--;
		memmove(s->list + i, s->list + i + 1,
		    (s->count - i) * sizeof(struct pending *));
		return p;
	}
	return NULL;
}

/* Returns when the next reply is due, or until if that is sooner. */
static int64_t
pendings_due(const struct pendings *s, int64_t until)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i]->due < until)
			until = s->list[i]->due;
	return until;
}

#endif
