/*
 * pending: the answers of dnsd that wait for their time. Included by dnsd.c
 * alone.
 */
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
	struct conn *conn; /* NULL: UDP */
	unsigned serial;   /* the connection's, when it asked */
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

/* In the order of the questions. */
struct pendings {
	struct pending *list[PENDINGS];
	size_t count;
	unsigned round; /* the one whose questions come now; the first is 0 */
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

/* All answers of the round wait for its last question. */
static void
pendings_postpone(struct pendings *s, int64_t due)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i]->round)
			s->list[i]->due = due;
}

/* The first that is due, which the caller frees; NULL: none is. */
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

/* When the next one is due, or the time of the argument if that is sooner. */
static int64_t
pendings_due(const struct pendings *s, int64_t until)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i]->due < until)
			until = s->list[i]->due;
	return until;
}

#endif
