/*
 * dns: questions and answers. Blocking calls over a cache, with questions
 * started ahead (dns_prefetch). Protocol code sees text names in, records out,
 * and one status that tells data, no data, no such name and each kind of
 * temporary failure apart. Two back ends behind one face: the resolver
 * (dns_resolv.c, libresolv) and master files (dns_zone.c); --set records lie
 * over either.
 */
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
};

enum dns_status {
	DNS_DATA,     /* records of that name and type */
	DNS_NODATA,   /* the name exists, not with this type */
	DNS_NXDOMAIN, /* the name does not exist, nor one below it */
	DNS_BADNAME,  /* cannot be a name in the DNS (empty label, over 63 or
			 253 octets): nothing was asked */
	DNS_LIMIT,    /* over a limit of this message: it was not asked, or
			 its answer takes too much memory; as that is not
			 over later, no failure */
	/* Temporary failures from here on: dns_failed(). */
	DNS_TIMEOUT, /* no answer within the time for this message */
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_RCODE,     /* any other RCODE but 0 and 3 */
	DNS_GARBAGE,   /* an answer that cannot be parsed or does not fit */
	DNS_TRUNCATED, /* an answer that is cut off (TC), and none by TCP */
	DNS_LOOP,      /* a CNAME loop, or a chain over LIMIT_DNS_CHAIN */
	DNS_NETWORK,   /* no server could be reached at all */
};

/* Is it a failure that may be over later (temperror)? */
bool dns_failed(enum dns_status status);

/* Is nothing known of the name: a failure, or over a limit? */
bool dns_unknown(enum dns_status status);

/*
 * The temporary failures as reasons of any protocol's table (dkim.h), in the
 * order of enum dns_status. DNS_REASON(DKIM_DNS_TIMEOUT, status) is the reason
 * of a status that dns_failed().
 */
#define DNS_REASON(timeout, status) \
	((timeout) + (unsigned)((status)-DNS_TIMEOUT))
#define DNS_REASONS(X)                                                        \
	X(DNS_TIMEOUT, "dns-timeout", TEMPERROR,                              \
	    "no DNS server answered in time")                                 \
	X(DNS_SERVFAIL, "dns-servfail", TEMPERROR, "the DNS said SERVFAIL")   \
	X(DNS_REFUSED, "dns-refused", TEMPERROR, "the DNS server refused")    \
	X(DNS_RCODE, "dns-rcode", TEMPERROR, "the DNS said an error")         \
	X(DNS_GARBAGE, "dns-garbage", TEMPERROR,                              \
	    "the DNS answer cannot be parsed")                                \
	X(DNS_TRUNCATED, "dns-truncated", TEMPERROR,                          \
	    "the DNS answer is truncated, and TCP does not work")             \
	X(DNS_LOOP, "dns-loop", TEMPERROR, "the CNAMEs loop or are too many") \
	X(DNS_NETWORK, "dns-network", TEMPERROR,                              \
	    "no DNS server could be reached")

/* The words of DNS_LIMIT as a reason, whose result each protocol chooses. */
#define DNS_LIMIT_WORDS                                         \
	"over the limit of DNS questions, or of the octets of " \
	"their answers, for one message"

/* "data", "no data", "no such name", "timeout", "SERVFAIL", ...: for people. */
const char *dns_status_words(enum dns_status status);

/* "TXT", ...; "TYPE99" for types without a name here. Static storage, or the
 * arena's. */
const char *dns_type_name(enum dns_type type, struct arena *a);

/*
 * Names in answers are text in one form: lower case, no dot at the end (the
 * root is empty), octets that are not printable ASCII, backslashes, and dots
 * inside a label as \DDD. So they compare by octets, and can be asked for as
 * they are, but for those with a backslash: dns_name_octets().
 */
struct dns_rr {
	struct span owner;
	enum dns_type type;
	/* TXT: all strings joined (RFC 7208 3.3, RFC 6376 3.6.2.2).
	 * A, AAAA: 4 or 16 octets. CNAME, NS, PTR, MX: a name. SOA: the rdata
	 * in master-file form. Others: the rdata. Never absent. */
	struct span data;
	unsigned preference;  /* MX */
	struct span *strings; /* TXT: the strings as they came */
	size_t nstrings;
};

/* An answer lives until dns_begin() of a later message, or dns_free(). */
struct dns_answer {
	struct span name; /* that was asked for */
	enum dns_type type;
	enum dns_status status;
	struct dns_rr *records; /* of that type, of the CNAME chain's end */
	size_t nrecords;
	struct span canonical; /* the end of the CNAME chain, or name */
	bool ad;               /* AD bit (RFC 4035) on every answer used */
	/* The last one used: "192.0.2.53#53", "zone", "--set", or "no server",
	 * "not asked". */
	const char *server;
	double seconds; /* until it was here; 0 from zones */
};

struct dns_config {
	/* --nameserver ADDR[#PORT]; none: the system's */
	const char *const *servers;
	size_t nservers;
	/* --zone files; any: nothing goes to the network */
	const char *const *zones;
	size_t nzones;
	const char *const *sets; /* --set 'NAME TYPE DATA' */
	size_t nsets;
	double timeout; /* seconds for all questions of one message */
	FILE *log;      /* --dns-log, or NULL */
};

struct dns;

/*
 * NULL if a zone, a --set or a server cannot be read: then *error says which
 * and why, for die() ("FILE:LINE: words"), in the arena, and *status is the
 * sysexits status: EX_NOINPUT (a file cannot be opened or read), EX_CONFIG
 * (malformed or too large) or EX_USAGE (a server's address).
 */
struct dns *dns_new(const struct dns_config *config, struct arena *a,
    struct span *error, int *status);

/* Ends it. Questions still under way are left behind to end by themselves. */
void dns_free(struct dns *d);

/* How many questions dns_query_limited() and dns_prefetch_limited() may ask for
 * one message. Without this call: any number. */
void dns_limit(struct dns *d, size_t questions);

/*
 * A new message begins: the deadline starts anew, failures of earlier messages
 * are forgotten, and so are all answers when there are more than
 * LIMIT_DNS_CACHE, or they take more than LIMIT_DNS_CACHE_OCTETS. Answers of
 * earlier messages must not be used any more.
 */
void dns_begin(struct dns *d);

/* Asks and waits. name is text: labels separated by dots; no escapes: any
 * other octet, backslash too, is part of its label. Never NULL. */
const struct dns_answer *
dns_query(struct dns *d, struct span name, enum dns_type type);

/*
 * The same for what nothing else bounds: all but an SPF evaluation (RFC 7208
 * 4.6.4) and the walks of LIMIT_AUTHORS author domains. What goes over the
 * limit of dns_limit() is not asked: DNS_LIMIT. Each distinct question of a
 * message counts once, wherever its answer is from, so that the same message
 * has the same result; but not what --set answers, nor what the message asks
 * without a limit, and of CNAMEs only those that the network's server leaves to
 * us to follow.
 */
const struct dns_answer *
dns_query_limited(struct dns *d, struct span name, enum dns_type type);

/* How many more of them may be asked. */
size_t dns_left(const struct dns *d);

/* A name that stands in a record as text that dns_query() takes: escapes
 * undone. False: a dot inside a label, for which there is no such text. */
bool dns_name_octets(struct span name, struct arena *a, struct span *text);

/* A name that stands in a record or an answer as a zone file has it, without
 * the dot at its end. */
struct span dns_name_text(struct span name, struct arena *a);

/* Starts a question whose answer will be wanted; returns at once. */
void dns_prefetch(struct dns *d, struct span name, enum dns_type type);

/* The same for dns_query_limited(), from whose limit it takes, once: what may
 * turn out to be unneeded is for callers that see in dns_left() that it takes
 * no question from what will be needed. */
void dns_prefetch_limited(struct dns *d, struct span name, enum dns_type type);

/* The answer to a question that was asked ahead, if it is here and needs no
 * other; else NULL. Never waits. */
const struct dns_answer *
dns_ready(struct dns *d, struct span name, enum dns_type type);

/* How many questions went to the network since dns_begin(), asked ahead or not:
 * what earlier answers or zones know is not sent. */
size_t dns_sent(const struct dns *d);

/* Is it known or on its way, so that to ask for it sends nothing? (But for the
 * end of a CNAME, if the server leaves that to us.) */
bool dns_is_sent(struct dns *d, struct span name, enum dns_type type);

/* Who is called, too, while dns_query() waits for the network, at its beginning
 * and whenever something has come in: for questions that follow from it. May
 * call dns_ready() and dns_prefetch(), nothing else here. NULL: the last one is
 * called no more. */
void dns_on_arrival(struct dns *d, void (*arrived)(void *arg), void *arg);

/* What dns_query() answered since dns_begin(), each question once, in the
 * order in which they were first asked: for --verbose and JSON. Questions
 * that were only prefetched are not there. */
size_t dns_asked(const struct dns *d, const struct dns_answer *const **list);

/* A record in master-file form without TTL, no line end, printable ASCII only:
 * for --verbose and JSON. */
struct span dns_rr_text(const struct dns_rr *r, struct arena *a);

#endif
