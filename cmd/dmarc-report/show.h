/*
 * show: what the files of the screen share.
 *	show.c		the head, what was not counted, the whole
 *	show_groups.c	the sources in four groups
 *	show_new.c	the sources that are new
 *	show_changes.c	what changed
 *	show_text.c	numbers, shares, days, sources
 */
/* SPDX-License-Identifier: ISC */
#ifndef SHOW_H
#define SHOW_H

#include "job.h"

/* A source of one address; or a network, with how many of its addresses. */
struct span show_network(
    const struct ip_network *network, size_t addresses, struct arena *a);
struct span show_source(const struct tally_row *row, struct arena *a);

/* Returns how many of n rows are shown: --top, or one more if it would be the
 * only one left, as its row takes no more room than telling that. */
size_t show_top(const struct job *job, size_t n);

/* An address that is new; or several of one network, TALLY_MERGE or more. */
struct show_newcomer {
	struct ip_network network;
	size_t addresses;
	uint64_t messages;
	bool has_network; /* else it is the source without an address */
};

/* Sources that are new, whatever they sent. */
struct show_new {
	bool known;     /* there is something earlier */
	int32_t from;   /* the first of the recent days */
	struct ip *ips; /* their addresses, sorted */
	size_t nips;
	/* Without, then with messages that are aligned: most messages first. */
	struct show_newcomer *list[2];
	size_t n[2];
};

struct show_new show_new(struct job *job);

/* Are all addresses of a row new, and what it counts? */
bool show_is_new(const struct show_new *new, const struct tally_row *row);

/* Write the parts of the screen. */
void show_groups(struct job *job, const struct tally_totals *total,
    const struct show_new *new);
void show_changes(struct job *job, const struct tally_totals *total,
    const struct show_new *new);

#endif
