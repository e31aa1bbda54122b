/*
 * dns_internal: what the files of the dns module share. Nobody else includes
 * it.
 *
 * Inside the module a name is *canonical*: text, lower case (RFC 4343 3), no
 * dot at the end (the root is empty), and the octets that are not printable
 * ASCII, backslashes and dots inside a label as \DDD. So names compare by
 * octets, every dot separates labels, and libresolv can take it as it is.
 * Only in zones a wildcard owner has "\*" for its first label, which no
 * canonical name can have: a literal "*" stays a name like any other.
 */
#ifndef DNS_INTERNAL_H
#define DNS_INTERNAL_H

#include "base/buf.h"
#include "dns/dns.h"

/* The type "*" of a directive. */
#define DNS_ANY ((enum dns_type)0)

/* What a back end says to one question. */
struct dns_reply {
	enum dns_status status; /* of the end of the CNAMEs below */
	/* Records of the type asked, and the CNAMEs on the way to them. */
	struct dns_rr *records;
	size_t nrecords;
	size_t octets; /* what they take (dns_rr_octets()) */
	bool ad;
	bool is_stated; /* by a directive of a zone */
	const char *server;
	double seconds;
};

/*
 * dns_table.c: a hash table of pointers. Keys must live as long as the table.
 */
struct dns_table {
	struct arena *arena;
	struct dns_slot *slot;
	size_t size, used;
};

/* The value of a key, or NULL. */
void *dns_table_find(const struct dns_table *t, struct span key);

/* Where the value of a key is; a new key gets NULL. Until the next call. */
void **dns_table_at(struct dns_table *t, struct span key);

/*
 * dns_name.c
 */

/* Canonical form of dns_query()'s text, without a dot at the end. False if it
 * cannot be a name (RFC 1035 2.3.4); *name is for people then. */
bool dns_name_raw(struct span raw, struct arena *a, struct span *name);

/* Canonical form of a name in a master file (RFC 1035 5.1), relative to an
 * origin. NULL, or what is wrong. */
const char *dns_name_parse(
    struct span text, struct span origin, struct arena *a, struct span *name);

/* The same for an owner, which may be a wildcard. */
const char *dns_name_owner(
    struct span text, struct span origin, struct arena *a, struct span *name);

/* The name without its first label; of one label: the root. */
struct span dns_name_parent(struct span name);

/* Takes one octet off text in master-file form, which is not empty. False: a
 * backslash without what must follow it. */
bool dns_unescape(struct span *text, char *c, bool *escaped);

/* Adds a canonical name in master-file form, absolute. */
void dns_name_write(struct buf *b, struct span name);

/*
 * dns_rr.c
 */

/* "TXT", "TYPE99", any case (RFC 3597 5). */
bool dns_type_parse(struct span text, enum dns_type *type);

/* Fills in a record, whose type is set, from rdata in wire form within a
 * message, as far as end. False: malformed. */
bool dns_rdata_decode(struct dns_rr *r, const unsigned char *message,
    const unsigned char *end, const unsigned char *rdata, size_t len,
    struct arena *a);

/* Fills in a TXT record from its strings. */
void dns_rr_strings(
    struct dns_rr *r, const struct span *string, size_t n, struct arena *a);

/* The memory that a record of an answer takes, near enough. */
size_t dns_rr_octets(const struct dns_rr *r);

/*
 * dns_rdata.c: rdata in master-file form.
 */
struct dns_token {
	struct span text; /* without the quotes */
	bool quoted;
	size_t line;
};

struct dns_rdata {
	const struct dns_token *token; /* what follows the type */
	size_t n;
	struct span origin;
	struct arena *arena;   /* of the record */
	struct arena *scratch; /* of the reading */
	/* Set on failure: what is wrong, and the token; NULL: the type. */
	const char *wrong;
	const struct dns_token *at;
};

/* Fills in a record, whose type is set. Of types that are not known nothing
 * is read, and the data stays absent. False: malformed. */
bool dns_rdata_read(struct dns_rdata *d, struct dns_rr *r);

/* Is it a type whose data is read? */
bool dns_rdata_known(enum dns_type type);

/* A TTL: seconds, or BIND's 1w2d3h4m5s; 32 bits. */
bool dns_ttl_parse(struct span text, uint64_t *seconds);

/*
 * dns_zone.c: records and directives of master files, and looking up in them.
 */
struct dns_zone;

struct dns_zone *dns_zone_new(struct arena *a);

/* Adds a record (status DNS_DATA; absent data: only the owner counts), or a
 * directive for its owner and type. */
void dns_zone_add(
    struct dns_zone *z, const struct dns_rr *r, enum dns_status status);

/* Answers for one name: its records of the type, or its CNAME. */
void dns_zone_lookup(const struct dns_zone *z, struct span name,
    enum dns_type type, struct arena *a, struct dns_reply *reply);

/*
 * dns_zonefile.c: text to records.
 */

/* Adds what a master file says to a zone whose arena is a. False: *error is
 * "FILE:LINE: words", in the arena errors. */
bool dns_zonefile_parse(struct span text, const char *file, struct dns_zone *z,
    struct arena *a, struct arena *errors, struct span *error);

/* Reads a file and adds what it says. 0, or a sysexits status and *error. */
int dns_zonefile_read(const char *path, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error);

/* Adds a --set: NAME TYPE DATA, or NAME TYPE: no data of that type. */
bool dns_zonefile_set(struct span text, struct dns_zone *z, struct arena *a,
    struct arena *errors, struct span *error);

/*
 * dns_wire.c: one exchange with one server.
 */
struct sockaddr;

/*
 * Asks once and waits so many seconds (TCP may take longer, libresolv does
 * not bound it). A reply that is truncated is asked for again by TCP; if that
 * fails at once, it is what is returned. Returns the reply's length, or -1 with
 * errno.
 */
int dns_wire_ask(const struct sockaddr *server, const char *name,
    enum dns_type type, unsigned seconds, bool edns, unsigned char *reply,
    size_t size);

/* Reads a reply to that question; sets all but server and seconds. Records that
 * take more octets than there is room for: DNS_LIMIT. *retry: the server may
 * not know EDNS (RFC 6891 7), so ask again without. */
void dns_wire_parse(const unsigned char *message, size_t len, struct span name,
    enum dns_type type, size_t room, struct arena *a, struct dns_reply *reply,
    bool *retry);

/*
 * dns_upstream.c: the servers, and all attempts for one question.
 */
struct dns_upstreams {
	struct dns_upstream *list;
	size_t n;
};

struct dns_attempts {
	const char *name; /* canonical */
	enum dns_type type;
	double deadline; /* of dns_now() */
	size_t round;    /* how many there were */
	/* Before each attempt: is it still wanted? */
	bool (*wanted)(void *arg, const char *server);
	void *arg;
};

/* CLOCK_MONOTONIC, in seconds. */
double dns_now(void);

/* The servers with these addresses; none: the system's. False: *error. */
bool dns_upstreams_init(struct dns_upstreams *s, const char *const *text,
    size_t n, struct arena *a, struct span *error);

/* A round over all servers, each round more patient than the last. False: the
 * servers were silent, or what they said may not be true, and there is time for
 * another one. Unless it failed, the reply, which can be parsed, is in buffer
 * (LIMIT_DNS_ANSWER). */
bool dns_upstreams_query(const struct dns_upstreams *s, struct dns_attempts *q,
    unsigned char *buffer, size_t *len, enum dns_status *status);

/*
 * dns_resolv.c: questions in the background.
 */
struct dns_resolv;
struct dns_job;

/* NULL: *error says which server is no address. No servers: the system's. */
struct dns_resolv *dns_resolv_new(
    const char *const *servers, size_t n, struct arena *a, struct span *error);

/* After all jobs are gone. */
void dns_resolv_free(struct dns_resolv *r);

/* Starts a question; the answer is worth nothing after the deadline. NULL: no
 * memory. */
struct dns_job *dns_resolv_start(struct dns_resolv *r, struct span name,
    enum dns_type type, double deadline);

/* Who is told when any job is done. */
struct dns_waiter {
	void (*arrived)(void *arg); /* or NULL */
	void *arg;
};

/* Is it done, so that nobody has to wait? */
bool dns_resolv_is_done(struct dns_resolv *r, const struct dns_job *job);

/* Waits until it is done or its deadline is over. */
void dns_resolv_wait(
    struct dns_resolv *r, struct dns_job *job, const struct dns_waiter *w);

/* Takes the answer, or that there is none yet; the job is gone then. One that
 * takes more octets than there is room for: DNS_LIMIT. */
void dns_resolv_take(struct dns_resolv *r, struct dns_job *job, size_t room,
    struct arena *a, struct dns_reply *reply);

/* Nobody wants the answer any more; the job is gone. */
void dns_resolv_drop(struct dns_resolv *r, struct dns_job *job);

/*
 * dns_log.c: answers as master-file lines that --zone can replay.
 */
struct dns_log;

struct dns_log *dns_log_new(FILE *file, struct arena *a);

/* Writes an answer and the CNAMEs on the way to it; no line twice, and none for
 * what was over a limit. */
void dns_log_answer(struct dns_log *log, const struct dns_answer *answer,
    const struct dns_rr *links, size_t nlinks, struct arena *scratch);

/*
 * dns_question.c: questions, and what the back end says to them.
 */

/* What is known of a name and type: what the back end said to it, and the
 * answer that was made of that and of others at the end of CNAMEs. */
struct dns_question {
	struct span key; /* NAME/TYPE */
	struct dns_answer answer;
	struct dns_reply reply;
	struct dns_job *job;
	bool replied, answered;
	bool awaited; /* by dns_ask(), which takes the reply off the job */
	bool fresh;   /* in the list of what this message did */
	bool entered; /* in its count of questions, or asked without a limit */
	bool listed;  /* in dns_asked() */
	struct dns_question *next;
};

/* Who may be told at once that something came in. */
#define DNS_WAITERS 2

struct dns {
	struct arena *life;    /* as long as the struct */
	struct arena *cache;   /* questions and answers */
	struct arena *message; /* until dns_begin() */
	struct dns_zone *sets, *zone;
	struct dns_resolv *resolv;
	struct dns_log *log;
	double timeout, deadline;
	size_t sent;           /* questions of this message */
	size_t limit, limited; /* those with a limit: most, and so far */
	size_t octets; /* of this message's answers over LIMIT_DNS_SMALL */
	struct dns_table questions;
	size_t kept; /* questions, and failures that were forgotten */
	struct dns_question *fresh;
	const struct dns_answer **asked;
	size_t nasked;
	struct dns_waiter waiters[DNS_WAITERS]; /* who came first is first */
	size_t nwaiters;
};

/* The question of a canonical name, or NULL if nobody has put it. */
struct dns_question *
dns_question_known(struct dns *d, struct span name, enum dns_type type);

/* The same, made if need be; it is one of this message's then. */
struct dns_question *
dns_question_of(struct dns *d, struct span name, enum dns_type type);

/* Enters it into this message's count. False: it is over the limit. */
bool dns_enter(struct dns *d, struct dns_question *q, bool is_limited);

/* Starts it in the background, unless that was done or is of no use. */
void dns_start(struct dns *d, struct dns_question *q);

/* Would nobody have to wait for it? */
bool dns_is_here(struct dns *d, const struct dns_question *q);

/* What the back end says. */
const struct dns_reply *dns_ask(struct dns *d, struct dns_question *q);

/*
 * dns_walk.c: along CNAMEs to an answer.
 */

/* How far a walk may go. */
struct dns_way {
	bool is_limited; /* questions are counted: dns_query_limited() */
	bool only_ready; /* take what is here already */
};

/* Makes the answer. False: only what is here already was wanted, and that was
 * not enough. */
bool dns_walk_answer(struct dns *d, struct dns_question *q, struct dns_way way);

#endif
