/*
 * dns_internal: what the files of the dns module share. For the files of dns
 * alone.
 *
 * Inside the module a name is canonical: text, lower case (RFC 4343 3), without
 * the final dot (the root is empty), with \DDD for octets that are not
 * printable ASCII, for backslashes and for dots inside a label. Two names are
 * the same if their octets are, every dot separates labels, and libresolv
 * accepts the text. In zones alone, the first label of a wildcard owner is
 * "\*", which no canonical name has: a label "*" that is not a wildcard is a
 * label like any other.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DNS_INTERNAL_H
#define DNS_INTERNAL_H

#include "base/buf.h"
#include "dns/dns.h"

/* The type "*" of a directive: all types. */
#define DNS_ANY ((enum dns_type)0)

/* The reply of a back end to one query. */
struct dns_reply {
	enum dns_status status; /* at the end of the CNAMEs below */
	/* Records of the type queried, and the CNAMEs that lead to them. */
	struct dns_rr *records;
	size_t nrecords;
	size_t octets; /* memory that they take (dns_rr_octets()) */
	bool ad;
	bool is_stated; /* the status is that of a zone's directive */
	const char *server;
	double seconds;
};

/*
 * dns_table.c: a hash table of pointers. Keys must stay valid as long as the
 * table.
 */
struct dns_table {
	struct arena *arena;
	struct dns_slot *slot;
	size_t size, used;
};

/* Returns the value of a key, or NULL. */
void *dns_table_find(const struct dns_table *t, struct span key);

/* Returns where the value of a key is, valid until the next call. Adds a new
 * key with the value NULL. */
void **dns_table_at(struct dns_table *t, struct span key);

/*
 * dns_name.c: names as text.
 */

/* Sets *name to the canonical form of the text that dns_query() takes. Returns
 * false if it is not a valid name (RFC 1035 2.3.4); *name may still be shown to
 * people. */
bool dns_name_raw(struct span raw, struct arena *a, struct span *name);

/* Sets *name to the canonical form of a name in a zone file (RFC 1035 5.1),
 * which is relative to the origin unless it ends in a dot. Returns NULL, or
 * words for the error. */
const char *dns_name_parse(
    struct span text, struct span origin, struct arena *a, struct span *name);

/* The same for the owner of a record, which may be a wildcard. */
const char *dns_name_owner(
    struct span text, struct span origin, struct arena *a, struct span *name);

/* Returns the name without its first label: the root for a single label. */
struct span dns_name_parent(struct span name);

/* Takes the first octet, which may be escaped, off the text of a zone file; the
 * text must not be empty. Returns false for an invalid escape. */
bool dns_unescape(struct span *text, char *c, bool *escaped);

/* Appends a canonical name as in a zone file, with the final dot. */
void dns_name_write(struct buf *b, struct span name);

/*
 * dns_rr.c: records from the wire, and as text.
 */

/* Parses the name of a type, "TXT" or "TYPE99", in any case (RFC 3597 5). */
bool dns_type_parse(struct span text, enum dns_type *type);

/* Fills in a record, whose type is set, from rdata in wire form. Names in it
 * may point back into the message, which ends at end. Returns false if
 * malformed. */
bool dns_rdata_decode(struct dns_rr *r, const unsigned char *message,
    const unsigned char *end, const unsigned char *rdata, size_t len,
    struct arena *a);

/* Fills in a TXT record from its strings, which it copies. */
void dns_rr_strings(
    struct dns_rr *r, const struct span *string, size_t n, struct arena *a);

/* Returns about how many octets of memory a record of an answer takes. */
size_t dns_rr_octets(const struct dns_rr *r);

/*
 * dns_rdata.c: rdata in the form of zone files.
 */
struct dns_token {
	struct span text; /* without the quotes */
	bool quoted;
	size_t line;
};

struct dns_rdata {
	const struct dns_token *token; /* those after the type */
	size_t n;
	struct span origin;
	struct arena *arena;   /* for the record */
	struct arena *scratch; /* for parsing */
	/* On failure: words for the error, and its token; NULL: the type. */
	const char *wrong;
	const struct dns_token *at;
};

/* Fills in a record, whose type is set. The data of types for which
 * dns_rdata_known() is false is skipped and stays absent. Returns false if the
 * data is malformed. */
bool dns_rdata_read(struct dns_rdata *d, struct dns_rr *r);

/* Is the data of this type parsed? */
bool dns_rdata_known(enum dns_type type);

/* Parses a TTL of up to 32 bits: seconds, or BIND's 1w2d3h4m5s. */
bool dns_ttl_parse(struct span text, uint64_t *seconds);

/*
 * dns_zone.c: records and directives of zone files, and lookups in them.
 */
struct dns_zone;

struct dns_zone *dns_zone_new(struct arena *a);

/* Adds a record (status DNS_DATA), or a directive with another status for the
 * record's owner and type. A record without data only makes its owner exist. */
void dns_zone_add(
    struct dns_zone *z, const struct dns_rr *r, enum dns_status status);

/* Sets the reply for one name: its records of the type, or its CNAME, or why it
 * has none. */
void dns_zone_lookup(const struct dns_zone *z, struct span name,
    enum dns_type type, struct arena *a, struct dns_reply *reply);

/* Those of dns.h, for a zone. Names are canonical. */
void dns_zone_each(const struct dns_zone *z, struct span domain,
    void (*found)(void *arg, struct span name), void *arg);
const struct dns_rr *dns_zone_top(const struct dns_zone *z, struct span domain);

/* Returns the records of a type in the order of their lines, wildcards
 * excepted. */
void dns_zone_list(const struct dns_zone *z, enum dns_type type,
    struct arena *a, struct dns_rr **list, size_t *n);

/*
 * dns_zonefile.c: the text of zone files to records.
 */

/* Adds the records and directives of a zone file's text to a zone whose arena
 * is a. Returns false with *error, "FILE:LINE: words", in the arena errors. */
bool dns_zonefile_parse(struct span text, const char *file, struct dns_zone *z,
    struct arena *a, struct arena *errors, struct span *error);

/* The same for a file. Returns 0, or an exit status of sysexits.h and
 * *error. */
int dns_zonefile_read(const char *path, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error);

/* Adds a --set to a zone: "NAME TYPE DATA", or "NAME TYPE" for a name that has
 * no data of that type. Returns false with *error. */
bool dns_zonefile_set(struct span text, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error);

/*
 * dns_wire.c: one exchange with one server.
 */
struct sockaddr;

/* How a query is sent: a set of these. */
enum dns_wire_how {
	DNS_WIRE_EDNS = 1, /* with an OPT record (RFC 6891) */
	DNS_WIRE_UDP = 2,  /* over UDP alone */
	DNS_WIRE_TCP = 4,  /* over TCP alone */
};

/* Does the system's configuration want all queries over TCP? */
bool dns_wire_is_tcp(void);

/*
 * Sends one query to a server and waits up to so many seconds for the reply;
 * TCP may take longer, as libresolv does not bound it. Repeats the query over
 * TCP if the reply is truncated; if TCP fails at once, the truncated reply is
 * the result. Returns the reply's length, or -1 with errno, EMSGSIZE for a
 * truncated reply with DNS_WIRE_UDP.
 */
int dns_wire_ask(const struct sockaddr *server, const char *name,
    enum dns_type type, unsigned seconds, unsigned how, unsigned char *reply,
    size_t size);

/* Parses a message as the reply to a query for that name and type, and sets all
 * of *reply but server and seconds. The status is DNS_LIMIT if the records take
 * more octets of memory than room. Sets *retry if the server may not know EDNS,
 * and the query should be repeated without it (RFC 6891 7). */
void dns_wire_parse(const unsigned char *message, size_t len, struct span name,
    enum dns_type type, size_t room, struct arena *a, struct dns_reply *reply,
    bool *retry);

/*
 * dns_upstream.c: the servers, and all attempts for one query.
 */
struct dns_upstream;

struct dns_upstreams {
	struct dns_upstream *list;
	size_t n;
	bool is_system; /* they are those of the system's configuration */
};

struct dns_attempts {
	const char *name; /* canonical */
	enum dns_type type;
	double deadline; /* by the clock of dns_now() */
	size_t round;    /* rounds before this one */
	/* Of this round so far: how many servers were tried, the most telling
	 * failure, at first DNS_NETWORK, and how to query the next server, at
	 * first DNS_WIRE_EDNS. */
	size_t tried;
	enum dns_status worst;
	unsigned how;
	/* Called before each attempt: is the answer still wanted? */
	bool (*wanted)(void *arg, struct dns_upstream *server);
	/* Called after each: errno if there was no answer, or 0. */
	void (*ended)(void *arg, struct dns_upstream *server, int error);
	void *arg;
};

/* Returns the time of CLOCK_MONOTONIC, in seconds. */
double dns_now(void);

/* Sets the servers to those with these addresses, or without any to the
 * system's. Returns false with *error if an address is invalid. */
bool dns_upstreams_init(struct dns_upstreams *s, const char *const *text,
    size_t n, struct arena *a, struct span *error);

/* Tries each server that the round has not tried yet; each round waits longer
 * than the one before. Returns false if another round should follow: no server
 * replied, or the replies may have been forged. Else *status is final; unless
 * it is a failure, buffer (of LIMIT_DNS_ANSWER octets) has a reply that can be
 * parsed. */
bool dns_upstreams_query(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status);

/* The first attempt of the first round, over UDP alone: it takes a second at
 * most, and is not made if the deadline is nearer, or the system's
 * configuration wants TCP. Returns true if *status is final, as above, or else
 * false: the rest of the round is for dns_upstreams_query(). */
bool dns_upstreams_first(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status);

/* Notes an attempt, as it begins and when it has ended. The caller holds a lock
 * for these, and for dns_upstreams_failure(). Returns the server's address as
 * text, "192.0.2.53#53". */
const char *dns_upstream_try(struct dns_upstream *s);
void dns_upstream_ended(struct dns_upstream *s, int error);

/*
 * Returns which server has failed, and how: "DNS server 192.0.2.53#53:
 * Connection refused", or "no answer in 5 s" if it never answered; seconds is
 * how long the query took. Each server is returned once, then an absent span.
 */
struct span
dns_upstreams_failure(struct dns_upstreams *s, double seconds, struct arena *a);

/* Returns why a resolv.conf(5) has no server, so that the system's is the one
 * of this host; absent if it has one. */
struct span dns_upstreams_fault(const char *path, struct arena *a);

/*
 * dns_resolv.c: queries in the background.
 */
struct dns_resolv;
struct dns_job;

/* Returns NULL with *error if a server's address is invalid. Without servers,
 * the system's are used. */
struct dns_resolv *dns_resolv_new(
    const char *const *servers, size_t n, struct arena *a, struct span *error);

/* Frees the resolver, which must not have jobs any more. */
void dns_resolv_free(struct dns_resolv *r);

/*
 * Starts a query, whose answer is not used after the deadline. With hold, if
 * no other query is under way, it is not sent before another one is started or
 * dns_resolv_wait() waits for it, which then sends it without a thread. Returns
 * NULL if there is no memory.
 */
struct dns_job *dns_resolv_start(struct dns_resolv *r, struct span name,
    enum dns_type type, double deadline, bool hold);

/* A function to be called when any job is done. */
struct dns_waiter {
	void (*arrived)(void *arg); /* or NULL */
	void *arg;
};

/* Is the job done, so that taking its answer does not wait? */
bool dns_resolv_is_done(struct dns_resolv *r, const struct dns_job *job);

/* Waits until the job is done or its deadline has passed. Calls w, as it begins
 * and whenever any job is done. */
void dns_resolv_wait(
    struct dns_resolv *r, struct dns_job *job, const struct dns_waiter *w);

/* Takes the answer, or DNS_TIMEOUT if the job is not done, and frees the job.
 * The status is DNS_LIMIT if the answer takes more octets of memory than
 * room. */
void dns_resolv_take(struct dns_resolv *r, struct dns_job *job, size_t room,
    struct arena *a, struct dns_reply *reply);

/* Returns the next server that has failed: see dns_upstreams_failure(). */
struct span
dns_resolv_failure(struct dns_resolv *r, double seconds, struct arena *a);

/* Frees a job whose answer is not wanted any more. */
void dns_resolv_drop(struct dns_resolv *r, struct dns_job *job);

/*
 * dns_log.c: answers as lines of a zone file that --zone can replay.
 */
struct dns_log;

struct dns_log *dns_log_new(FILE *file, struct arena *a);

/* Writes an answer and the CNAMEs that led to it. Writes no line twice, and
 * nothing for DNS_LIMIT. */
void dns_log_answer(struct dns_log *log, const struct dns_answer *answer,
    const struct dns_rr *links, size_t nlinks, struct arena *scratch);

/*
 * dns_question.c: the lookups of a cache, and the back end's replies to them.
 */

/* What is known of a name and type: the back end's reply, and the answer that
 * was made from it and from the replies for targets of CNAMEs. */
struct dns_question {
	struct span key; /* NAME/TYPE */
	struct dns_answer answer;
	struct dns_reply reply;
	struct dns_job *job;
	bool replied, answered;
	bool awaited; /* dns_ask() waits for the job and will take its reply */
	bool fresh;   /* looked up or prefetched for this message */
	bool entered; /* counted for this message, or looked up unlimited */
	bool listed;  /* in dns_asked() */
	struct dns_question *next;
};

/* How many functions dns_on_arrival() can hold. */
#define DNS_WAITERS 2

struct dns {
	struct arena *life;    /* until dns_free() */
	struct arena *cache;   /* of lookups and their answers */
	struct arena *message; /* until dns_begin() */
	struct dns_zone *sets, *zone;
	struct dns_resolv *resolv;
	void (*failed)(struct span words); /* of struct dns_config */
	struct dns_log *log;
	double timeout, left; /* seconds for a message, and not yet waited */
	double since; /* when the wait under way began; 0: there is none */
	size_t sent;  /* queries of this message */
	size_t limit, limited; /* limited lookups: the limit, and so far */
	size_t octets; /* of this message's answers over LIMIT_DNS_SMALL */
	bool holds;    /* dns_hold() of this message */
	struct dns_table questions;
	size_t kept; /* cached lookups, plus failures that were forgotten */
	struct dns_question *fresh; /* list of those of this message */
	const struct dns_answer **asked;
	size_t nasked;
	struct dns_waiter waiters[DNS_WAITERS]; /* in the order added */
	size_t nwaiters;
};

/* Returns the lookup of a canonical name and a type, or NULL if there was
 * none. */
struct dns_question *
dns_question_known(struct dns *d, struct span name, enum dns_type type);

/* The same, but creates it if there was none, and marks it as fresh. */
struct dns_question *
dns_question_of(struct dns *d, struct span name, enum dns_type type);

/* Counts a lookup for this message, once. Returns false if it is over the
 * limit. */
bool dns_enter(struct dns *d, struct dns_question *q, bool is_limited);

/* Starts the query in the background, unless it was started, or there is a
 * reply or a zone. With hold, it may wait until dns_ask(). */
void dns_start(struct dns *d, struct dns_question *q, bool hold);

/* Has the reply arrived, so that dns_ask() would not wait? */
bool dns_is_here(struct dns *d, const struct dns_question *q);

/* Returns the reply of the back end, and waits for it if need be. */
const struct dns_reply *dns_ask(struct dns *d, struct dns_question *q);

/* Ends a lookup that nothing waits for: a small reply that has arrived is kept
 * for later messages. */
void dns_let_go(struct dns *d, struct dns_question *q);

/*
 * dns_walk.c: the walk along CNAMEs to an answer.
 */

/* What a walk may do. */
struct dns_way {
	bool is_limited; /* lookups are counted: dns_query_limited() */
	bool only_ready; /* only replies that have arrived are used */
};

/* Makes the answer. Returns false if a reply was needed that way.only_ready
 * rules out. */
bool dns_walk_answer(struct dns *d, struct dns_question *q, struct dns_way way);

#endif
