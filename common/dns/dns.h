/*
 * dns: DNS lookups. Calls block and their answers are cached; dns_prefetch()
 * starts a lookup in the background. Protocol code passes in names as text and
 * gets records, with one status that distinguishes data, no data, no such name
 * and each kind of temporary failure. Answers come from one of two back ends,
 * the network (dns_resolv.c, over libresolv) or zone files (dns_zone.c);
 * records of --set override either.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DNS_H
#define DNS_H

#include <stdio.h>

#include "base/arena.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SPF = 99, /* obsolete (RFC 7208 3.1) */
};

enum dns_status {
	DNS_DATA,     /* records of that name and type */
	DNS_NODATA,   /* the name exists, but has no records of this type */
	DNS_NXDOMAIN, /* neither the name nor any name below it exists */
	DNS_BADNAME,  /* not a valid name (empty label, a label over 63 octets
			 or a name over 253): no query was made */
	DNS_LIMIT,    /* over a limit of this message: no query was made, or
			 the answer takes too much memory. Trying again later
			 does not help, so it is not a failure */
	/* Temporary failures from here on: dns_failed(). */
	DNS_TIMEOUT, /* no answer within the time for this message */
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_RCODE,     /* any other RCODE but 0 and 3 */
	DNS_GARBAGE,   /* the answer is malformed, or to another query */
	DNS_TRUNCATED, /* the answer is truncated (TC), and TCP failed */
	DNS_LOOP,      /* a CNAME loop, or a chain over LIMIT_DNS_CHAIN */
	DNS_NETWORK,   /* no server could be reached */
};

/* Is the status a temporary failure (temperror)? */
bool dns_failed(enum dns_status status);

/* Does the status leave the name's data unknown: a failure, or DNS_LIMIT? */
bool dns_unknown(enum dns_status status);

/*
 * The temporary failures as rows for any protocol's table of reasons (dkim.h),
 * in the order of enum dns_status. DNS_REASON(DKIM_DNS_TIMEOUT, status) is the
 * reason for a status that is a failure by dns_failed().
 */
#define DNS_REASON(timeout, status) \
	((timeout) + (unsigned)((status)-DNS_TIMEOUT))
#define DNS_REASONS(X)                                                        \
	X(DNS_TIMEOUT, "dns-timeout", TEMPERROR,                              \
	    "no DNS server answered in time")                                 \
	X(DNS_SERVFAIL, "dns-servfail", TEMPERROR,                            \
	    "the DNS returned SERVFAIL")                                      \
	X(DNS_REFUSED, "dns-refused", TEMPERROR,                              \
	    "the DNS server refused the query")                               \
	X(DNS_RCODE, "dns-rcode", TEMPERROR, "the DNS returned an error")     \
	X(DNS_GARBAGE, "dns-garbage", TEMPERROR,                              \
	    "the DNS answer cannot be parsed")                                \
	X(DNS_TRUNCATED, "dns-truncated", TEMPERROR,                          \
	    "the DNS answer is truncated, and TCP does not work")             \
	X(DNS_LOOP, "dns-loop", TEMPERROR, "the CNAMEs loop or are too many") \
	X(DNS_NETWORK, "dns-network", TEMPERROR,                              \
	    "no DNS server could be reached")

/* The words for DNS_LIMIT as a reason; each protocol chooses its result. */
#define DNS_LIMIT_WORDS                                       \
	"over the limit of DNS queries, or of the octets of " \
	"their answers, for one message"

/* Returns words for people: "data", "no data", "no such name", "SERVFAIL"
 * ... */
const char *dns_status_words(enum dns_status status);

/* Returns the name of a type, "TXT", or "TYPE65280" if it has none (RFC 3597
 * 5), as a C string that is static or in the arena. */
const char *dns_type_name(enum dns_type type, struct arena *a);

#define DNS_TTL_UNKNOWN UINT32_MAX

/*
 * A record. Its names are text in a single form: lower case, without the final
 * dot (the root is empty), with \DDD for octets that are not printable ASCII,
 * for backslashes and for dots inside a label. Two names are the same if their
 * octets are. A name without a backslash can be passed to dns_query()
 * unchanged, any other through dns_name_octets().
 */
struct dns_rr {
	struct span owner;
	enum dns_type type;
	/* TXT, SPF: all strings joined (RFC 7208 3.3, RFC 6376 3.6.2.2).
	 * A, AAAA: 4 or 16 octets. CNAME, NS, PTR, MX: a name. SOA: the rdata
	 * as in a zone file. Others: the rdata. Never absent. */
	struct span data;
	unsigned preference;  /* MX */
	struct span *strings; /* TXT, SPF: the strings as received */
	size_t nstrings;
	/* Seconds, of a server's cache those that are left; DNS_TTL_UNKNOWN: a
	 * zone file does not tell, or the record is from --set. */
	uint32_t ttl;
	/* Where it is in a zone file: the line that it begins in, from 1. NULL
	 * and 0 for a record from elsewhere. Valid until dns_free(). */
	const char *file;
	size_t line;
};

/* An answer is valid until the next dns_begin() or dns_free(). */
struct dns_answer {
	struct span name; /* as queried */
	enum dns_type type;
	enum dns_status status;
	struct dns_rr *records; /* of that type, at the end of the CNAMEs */
	size_t nrecords;
	/* How many more there are that repeat one of these (RFC 2181 5). */
	size_t nrepeated;
	struct span canonical; /* the end of the CNAME chain, or name */
	bool ad; /* all replies used had the AD bit (RFC 4035 3.2.3) */
	/* The last source used: "192.0.2.53#53", "zone" or "--set"; or
	 * "no server", or "not queried" if no query was made. */
	const char *server;
	double seconds; /* that the queries took; 0 from a zone */
};

struct dns_config {
	/* --nameserver ADDR[#PORT]; without any, the system's servers */
	const char *const *servers;
	size_t nservers;
	/* --zone files; with any, nothing is sent to the network */
	const char *const *zones;
	size_t nzones;
	const char *const *sets; /* --set 'NAME TYPE DATA' */
	size_t nsets;
	double timeout; /* seconds that one message may wait for answers */
	FILE *log;      /* --dns-log, or NULL */
	/* Called, if not NULL, when a query has failed because servers could
	 * not be reached or never answered: once for each of these, with words
	 * for people, "DNS server 192.0.2.53#53: Connection refused". */
	void (*failed)(struct span words);
};

struct dns;

/*
 * Returns NULL if a zone file, a --set or a server's address cannot be read.
 * Then *error, in the arena, names it and the reason, for die() ("FILE:LINE:
 * words"), and *status is the exit status of sysexits.h: EX_NOINPUT (a file
 * cannot be opened or read), EX_CONFIG (it is malformed or too large) or
 * EX_USAGE (a server's address).
 */
struct dns *dns_new(const struct dns_config *config, struct arena *a,
    struct span *error, int *status);

/* Frees it. Threads that still wait for a reply end by themselves later. */
void dns_free(struct dns *d);

/* Limits the queries that dns_query_limited() and dns_prefetch_limited() make
 * for one message. Without this call there is no limit. */
void dns_limit(struct dns *d, size_t queries);

/*
 * Begins a new message: gives it all of the time and forgets the failures of
 * earlier messages. Empties the cache if it holds more than LIMIT_DNS_CACHE
 * lookups or takes more than LIMIT_DNS_CACHE_OCTETS. The caller must not use
 * answers from earlier messages any more.
 */
void dns_begin(struct dns *d);

/* Looks up a name and waits for the answer, which is never NULL. The name is
 * labels separated by dots, without escapes: any other octet, even a backslash,
 * is part of a label. */
const struct dns_answer *
dns_query(struct dns *d, struct span name, enum dns_type type);

/*
 * The same for lookups whose number nothing else bounds: all but those of an
 * SPF evaluation (RFC 7208 4.6.4) and of the walks of LIMIT_AUTHORS author
 * domains. Over the limit of dns_limit() no query is made, and the status is
 * DNS_LIMIT. Each distinct name and type counts once per message, from whatever
 * source its answer is, so that the same message always has the same result.
 * Not counted are what --set answers, what the message also looks up without a
 * limit, and CNAMEs that the server has already followed.
 */
const struct dns_answer *
dns_query_limited(struct dns *d, struct span name, enum dns_type type);

/* Returns how many more queries dns_limit() allows for this message. */
size_t dns_left(const struct dns *d);

/* Converts a name from a record to the text that dns_query() takes, without
 * escapes. Returns false for a dot inside a label, which has no such text. */
bool dns_name_octets(struct span name, struct arena *a, struct span *text);

/* Returns a name from a record or an answer as it would be written in a zone
 * file, without the final dot. */
struct span dns_name_text(struct span name, struct arena *a);

/* Starts a lookup whose answer will be needed, and returns at once. */
void dns_prefetch(struct dns *d, struct span name, enum dns_type type);

/* Lets a prefetched lookup that is the only one wait until dns_query(), which
 * then sends it without a thread: for a caller that does little in between.
 * Holds until the next dns_begin(). */
void dns_hold(struct dns *d);

/* As dns_prefetch(), for dns_query_limited(): counts against its limit, once. A
 * caller that may not need the answer must leave enough queries for those that
 * it will need: see dns_left(). */
void dns_prefetch_limited(struct dns *d, struct span name, enum dns_type type);

/* Returns the answer to a prefetched lookup if it has arrived and no further
 * query (of a CNAME) is needed for it, else NULL. Never waits. */
const struct dns_answer *
dns_ready(struct dns *d, struct span name, enum dns_type type);

/* Returns how many queries were sent to the network since dns_begin(), those of
 * dns_prefetch() included. Answers from the cache or a zone need none. */
size_t dns_sent(const struct dns *d);

/* Is the answer known, or its query under way, so that dns_query() would
 * send nothing? (Except for the target of a CNAME that the server did not
 * follow.) */
bool dns_is_sent(struct dns *d, struct span name, enum dns_type type);

/* Adds a function that is called while dns_query() waits for the network: when
 * the wait begins, and whenever a reply has arrived, to prefetch lookups that
 * follow from it. It may call dns_ready() and dns_prefetch(), but nothing else
 * of this module. NULL removes the function added last. */
void dns_on_arrival(struct dns *d, void (*arrived)(void *arg), void *arg);

/* Lists what dns_query() answered since dns_begin(), each name and type once,
 * in the order of their first query, for --verbose and JSON. Lookups that were
 * only prefetched are not listed. Returns their number. */
size_t dns_asked(const struct dns *d, const struct dns_answer *const **list);

/*
 * Calls a function for each name of the zone files that owns records and is the
 * domain (normal form) or below it, wildcards excepted, in no order; the name
 * is as in a record, and valid until dns_free(). Does nothing without zone
 * files.
 */
void dns_zone_names(const struct dns *d, struct span domain,
    void (*found)(void *arg, struct span name), void *arg);

/* Returns the first record of the zone files, in the order given, whose owner
 * is the domain (normal form), or else is below it; NULL: there is none. It is
 * for its place: it may be a wildcard, or of a type whose data is not read. */
const struct dns_rr *dns_zone_first(const struct dns *d, struct span domain);

/* Reads the text of a zone file, and returns its TXT records in the order of
 * their lines, wildcards excepted. Returns false with *error, "FILE:LINE:
 * words", if it is not a zone file. All is in the arena. */
bool dns_zone_texts(struct span text, const char *file, struct arena *a,
    struct dns_rr **list, size_t *n, struct span *error);

/* Returns a record as in a zone file, without a TTL or a line end, in printable
 * ASCII: for --verbose and JSON. */
struct span dns_rr_text(const struct dns_rr *r, struct arena *a);

#endif
