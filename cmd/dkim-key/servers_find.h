/* servers_find: what the files of servers share (see servers.h). For these
 * files alone. */
/* SPDX-License-Identifier: ISC */
#ifndef SERVERS_FIND_H
#define SERVERS_FIND_H

#include "servers.h"

struct servers {
	struct arena *life;
	struct dns *resolver;
	struct server self; /* the resolver as a server */
	struct server **given;
	size_t ngiven;
	struct server **known; /* those of NS records, so far */
	size_t nknown;
};

/* The same for one servers_ask(). */
struct asking {
	struct servers *servers;
	struct servers_query *list;
	size_t n;
	struct arena *arena;
};

/* Adds a server that is queried. */
void
servers_add(struct asking *k, struct servers_query *q, struct server *server);

/* Finds the servers of NS records for all names; the names that have none get
 * the resolver. */
void servers_find(struct asking *k);

#endif
