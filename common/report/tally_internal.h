/* tally_internal: tables of groups, and what reports are remembered by. */
/* SPDX-License-Identifier: ISC */
#ifndef TALLY_INTERNAL_H
#define TALLY_INTERNAL_H

#include "base/limit.h"
#include "report/tally.h"

#define DAY_SECONDS 86400

/* The day after the last that a day can be: 10000-01-01. */
#define DAY_END 2932897

/*
 * Tables.
 */

struct group {
	uint64_t *n;        /* as many counters as its table has */
	struct group *link; /* found last for messages of this group: of a
			       source, its group; of a group, its pair */
	uint64_t report;    /* the number of the last report counted in it */
	uint32_t index;
	int32_t first, last; /* days of what is counted in n */
	int32_t seen_first, seen_last;
	uint32_t len; /* octets of the key */
	bool others;
	char key[];
};

static inline struct span
group_key(const struct group *g)
{
	return (struct span){g->key, g->len};
}

/*
 * What a group has on one day, where it is not yet known which days are to be
 * counted. Cells follow each other in memory; slots find them.
 */
struct cell {
	uint32_t group; /* its index */
	int32_t day;
	uint64_t report;
	uint64_t n[];
};

struct cell_slot {
	uint32_t tag;  /* half of the hash */
	uint32_t cell; /* its index plus 1; 0: unused */
};

#define NO_GROUP UINT32_MAX

/* The group itself, not its index, as each further place in memory that a
 * search looks at can be a miss of the processor's cache. */
struct slot {
	uint64_t hash;
	struct group *group; /* NULL: unused */
};

struct table {
	struct tally *tally;
	size_t counters; /* how many of enum tally_counter it has */
	struct group **groups;
	size_t ngroups, nothers, room;
	struct slot *slots;
	size_t nslots;
	char *cells;
	size_t ncells, cell_room;
	struct cell_slot *cell_slots;
	size_t ncell_slots;
	int32_t settled; /* the end when cells were last settled */
	int32_t oldest;  /* the first day of cells then */
	bool full;       /* groups, or cells, were refused */
};

void table_init(struct table *table, struct tally *t, size_t counters);
void table_release(struct table *table);

/* Finds the group of a key or adds it. NULL if it is not there and the table is
 * full; others are never refused. */
struct group *
table_group(struct table *table, uint64_t hash, struct span key, bool others);

/* Adds counters to a group, and its report if that is another than the last.
 * The caller has made sure that the day can be counted. False if the table has
 * too many cells; never for others. */
bool
table_add(struct table *table, struct group *g, int32_t day, const uint64_t *n);

/* Notes that a group was seen on a day, counted or not. */
void group_seen(struct group *g, int32_t day);

/* Sums of a part of the days, in the order of the groups: the counters of the
 * table, and the days that have any. */
struct sums {
	size_t counters;
	uint64_t *n;
	struct days {
		int32_t first, last;
	} * days;
};

static inline const uint64_t *
sums_of(const struct sums *sums, const struct group *g)
{
	return sums->n + g->index * sums->counters;
}

/* Returns sums in the arena. */
struct sums
table_sums(struct table *table, enum tally_part part, struct arena *a);

/*
 * Repeats.
 */

struct seen_report {
	uint64_t key[2]; /* both 0: unused */
	uint64_t content;
	const char *file;
};

/* Periods of one reporter for one domain, joined where they touch. */
struct interval {
	int64_t begin, end;
};

struct intervals {
	uint64_t key; /* 0: unused */
	struct interval *list;
	size_t n, room;
};

struct repeats {
	struct seen_report *reports;
	size_t nreports, report_room;
	uint64_t *periods; /* a set of hashes, 0: unused */
	size_t nperiods, period_room;
	struct intervals *pairs;
	size_t npairs, pair_room;
};

void repeats_release(struct repeats *r);

/* Sets in t->current what is known of repeats before the records. */
void repeats_begin(
    struct tally *t, const struct aggregate_report *report, struct span file);

/* Adds a record to the content of the report. */
void repeats_record(struct tally *t, const struct aggregate_record *record);

void repeats_end(struct tally *t);

/*
 * Keys.
 */

/* The longest key: a kind or rule, and four texts with their ends. */
#define KEY_OCTETS (4u * (LIMIT_REPORT_KEY + 1u) + 1u)

struct key {
	size_t len;
	char octet[KEY_OCTETS];
};

static inline struct span
key_span(const struct key *key)
{
	return (struct span){key->octet, key->len};
}

/* Adds a text, cut at a character to LIMIT_REPORT_KEY octets. */
void key_text(struct key *key, struct span text);

/* What reports and records are grouped by. */
void key_day(struct key *key, int32_t day);
void key_source(struct key *key, const struct aggregate_record *record);
void key_network(struct key *key, const struct aggregate_record *record);
void key_selector(struct key *key, const struct verdict *v);
void key_policy(struct key *key, const struct aggregate_policy *policy);

/* What most messages of a group have: rule, d=, selector, header_from, and the
 * domain of SPF by the rules that do not tell that it is aligned. */
void key_typical(struct key *key, const struct aggregate_record *record,
    const struct verdict *v);

/* The network of an address, /24 or /48. */
struct ip_network key_network_of(const struct ip *ip);

/* Read a key back. */
void key_read(struct span key, enum tally_by by, struct tally_row *row);
void key_read_typical(struct span key, struct tally_row *row);

/* The key of a sender, and it read back. */
void key_sender(struct key *key, struct span domain, bool elsewhere,
    const struct aggregate_record *record);
void key_read_sender(struct span key, struct tally_row *row);

/*
 * The whole.
 */

struct current {
	uint64_t number; /* of the report, from 1 */
	int32_t day;
	bool is_dated;          /* it is known, and not after until */
	bool in_period;         /* it is counted, as far as is known yet */
	bool has_key;           /* it can be a duplicate */
	bool is_seen;           /* a record is of the option's domain */
	bool is_counted;        /* a record was counted */
	bool is_selected;       /* the last record is, by the options */
	struct verdict verdict; /* of a record that is selected */
	uint64_t key[2], content;
	struct tally_repeat repeat;
	const char *file;
	uint64_t n[TALLY_COUNTERS];
};

struct tally {
	struct tally_options options;
	struct arena *arena; /* groups and files */
	struct siphash_key hash_key[2];
	struct verdict_orgs orgs;
	struct table groups, sources, reporters, domains, policies, days;
	/* What a group's messages have, see key_typical(); and how many
	 * messages of a group have it. */
	struct table tuples, pairs;
	struct table senders, keys; /* with options.senders, options.keys */
	struct repeats repeats;
	struct current current;
	uint64_t messages; /* all, counted or not */
	int32_t end;       /* the day after the last period; 0: none */
	int32_t earliest;  /* the first day of a message of the domain */
	struct tally_input input;
};

/*
 * Days.
 */

/* Do the options select no days? Then messages without a day are counted,
 * too. */
bool tally_has_all_days(const struct tally *t);

/* The first day that is counted, and the day after the last, as far as is known
 * yet. Both can only grow. Without the options they are the first of all days,
 * and the end of the last period. */
int32_t tally_from(const struct tally *t);
int32_t tally_to(const struct tally *t);

/* Do they depend on the end of the last period? */
bool tally_from_moves(const struct tally *t);
bool tally_to_moves(const struct tally *t);

/*
 * Counting.
 */

/* Finds the group of a key or adds it; NULL if there is no room. In
 * tally_table.c. */
struct group *tally_group(struct table *table, const struct key *key);

/* Counts in a group, or if that is NULL or has no room in others, whose key is
 * the first octets of this key. Returns the group; NULL for others. */
struct group *tally_count(struct table *table, struct group *g,
    const struct key *key, size_t shared, const uint64_t *n);

/* Count a record for TALLY_SENDERS and TALLY_KEYS; n are its counters. */
void tally_count_sender(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, const struct verdict *v,
    const uint64_t *n);
void tally_count_keys(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record, uint64_t messages);

/*
 * Lists.
 */

/* Sets what most messages of the rows have; row_of[i] is the row of group i, or
 * NO_GROUP. */
void tally_typical(struct tally *t, struct tally_row *rows,
    const uint32_t *row_of, struct arena *a);

/* Was a source first seen in the recent days? Has a reporter been silent in
 * them? */
bool tally_is_new(const struct tally *t, const struct group *g);
bool tally_is_silent(const struct tally *t, const struct group *g);

#endif
