/*
 * dmarc: Domain-based Message Authentication, Reporting, and Conformance (RFC
 * 9989, or RFC 7489 on request): the policy of the author domain, and whether
 * an authenticated identifier is aligned with that domain.
 *	dmarc.c		reasons, several verdicts to one, a verdict to a result
 *	dmarc_author.c	the author domains of a message
 *	dmarc_record.c	a record's text to a checked struct
 *	dmarc_walk.c	the DNS Tree Walk, organizational domains
 *	dmarc_eval.c	identifiers and records to a verdict
 *	dmarc_verbose.c	the steps of an evaluation, for --verbose
 *	dmarc_verbose_destinations.c	those about report addresses
 *	dmarc_destination.c	whether a host accepts reports (RFC 9990)
 */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_H
#define DMARC_H

#include <libpsl.h>

#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

/* The reasons: name, identifier, result (RFC 8601 2.7), words. */
#define DMARC_REASONS(X)                                                     \
	X(PASS, NULL, PASS, "")                                              \
	X(NOT_ALIGNED, "not-aligned", FAIL,                                  \
	    "no passing identifier is aligned with the author domain")       \
	X(ALIGNED_FAILED, "aligned-failed", FAIL,                            \
	    "an identifier that may be aligned did not pass")                \
	X(NOT_AUTHENTICATED, "not-authenticated", FAIL,                      \
	    "neither SPF nor a DKIM signature passed")                       \
	X(NO_RESULTS, "no-trusted-results", NONE,                            \
	    "no trusted field has an SPF or DKIM result")                    \
	X(UNREADABLE, "results-unreadable", NONE,                            \
	    "an unreadable part of a trusted field may be a pass")           \
	X(NO_RECORD, "no-record", NONE,                                      \
	    "no DMARC record applies to the author domain")                  \
	X(FROM_MISSING, "from-missing", PERMERROR, "there is no From field") \
	X(FROM_REPEATED, "from-repeated", PERMERROR,                         \
	    "there are several From fields")                                 \
	X(FROM_SYNTAX, "from-syntax", PERMERROR,                             \
	    "the From field cannot be parsed")                               \
	X(FROM_DOMAIN, "from-domain", PERMERROR,                             \
	    "an address of the From field has no domain name")               \
	X(FROM_EMPTY, "from-empty", PERMERROR,                               \
	    "the From field has no address")                                 \
	X(TOO_MANY, "too-many-authors", PERMERROR,                           \
	    "the From field has more than 10 author domains")                \
	X(POLICY, "policy-invalid", PERMERROR,                               \
	    "the record has an invalid policy and no valid rua=")            \
	X(IDENTIFIER, "identifier-temperror", TEMPERROR,                     \
	    "an identifier that may be aligned cannot be evaluated now")     \
	X(UNCHECKED, "identifier-not-checked", NONE,                         \
	    "this host forbids the algorithm of an aligned signature")       \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)                \
	DNS_REASONS(X)

enum dmarc_reason {
#define DMARC_REASON_ENUM(name, id, result, words) DMARC_##name,
	DMARC_REASONS(DMARC_REASON_ENUM)
};

extern const struct result_reason dmarc_reasons[]; /* by enum dmarc_reason */

/* Identifiers of the notes that may accompany a result. */
#define DMARC_NOTE_OBSOLETE "obsolete-tag"
#define DMARC_NOTE_TAG      "invalid-tag"
#define DMARC_NOTE_TESTING  "policy-testing"
#define DMARC_NOTE_PCT      "sampled-out"
#define DMARC_NOTE_AUTHORS  "multiple-authors"
#define DMARC_NOTE_FROM     "from-obsolete"
#define DMARC_NOTE_LIMIT    "identifier-limit"

/* From the most lenient to the strictest. */
enum dmarc_policy {
	DMARC_POLICY_NONE,
	DMARC_POLICY_QUARANTINE,
	DMARC_POLICY_REJECT,
};

/* Returns "none", "quarantine" or "reject". */
const char *dmarc_policy_name(enum dmarc_policy policy);

/*
 * The author domains of a message (RFC 9989 3.2.2, 5.3.1).
 */
struct dmarc_authors {
	enum dmarc_reason reason; /* DMARC_PASS, or why no author domain can be
				     evaluated */
	struct span detail;       /* the address or text that is the cause, or
				     absent */
	/* Distinct normal forms in the order of the header. With a reason other
	 * than DMARC_PASS, all that some reader could take for an author domain
	 * (dmarc_eval_unread()). */
	struct span *domains;
	size_t ndomains;      /* up to LIMIT_AUTHORS */
	struct span obsolete; /* DMARC_PASS: the address, if the field does not
				 conform to RFC 5322 but every reader finds the
				 same one; else absent */
};

/* Finds the author domains in the header of a message. A From field after a
 * bare CR, which some readers take for a line end, counts as another one. */
void dmarc_authors(
    const struct message *m, struct arena *a, struct dmarc_authors *out);

/* Adds the domains of From fields in the text after an unterminated header
 * (message.h), as delivered, which some programs read as a part of it. */
void dmarc_authors_below(const struct message *m, struct span text,
    struct arena *a, struct dmarc_authors *out);

/* A sink for the body that keeps this text: up to the first line that every
 * program takes for empty, at most LIMIT_HEADER octets. */
struct dmarc_below {
	struct sink sink;
	struct buf text;
	bool crlf; /* lines may end with CRLF as well as with LF */
	bool done;
};
struct dmarc_below dmarc_below(const struct message *m, struct arena *a);

/*
 * Records.
 */

/* A defect of a tag, for notes and lints. Each invalid URI of rua and ruf is a
 * flaw, with "rua=URI" or "ruf=URI" for its tag. */
enum dmarc_flaw_kind {
	DMARC_FLAW_SYNTAX,    /* not tag=value */
	DMARC_FLAW_VALUE,     /* a value that the tag cannot have */
	DMARC_FLAW_DUPLICATE, /* the tag occurs twice: both are ignored */
	DMARC_FLAW_UNKNOWN,
	DMARC_FLAW_OBSOLETE, /* pct, rf, ri (RFC 9989 C.5.2) */
};
struct dmarc_flaw {
	enum dmarc_flaw_kind kind;
	struct span tag; /* with its value, as written */
};

/* A reporting URI (RFC 9989 4.6). */
struct dmarc_uri {
	struct span text;   /* without an obsolete "!10m" */
	struct span domain; /* of a mailto: address, normal form, or absent */
};

enum dmarc_psd {
	DMARC_PSD_U,
	DMARC_PSD_Y,
	DMARC_PSD_N,
};

struct dmarc_record {
	struct span text;
	enum dmarc_policy p, sp, np; /* by default none, p, sp */
	bool has_p, has_sp, has_np;
	bool bad_policy;              /* p, sp or np has an invalid value */
	bool bad_old_policy;          /* p or sp has: RFC 7489 has no np */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool testing;                 /* t=y */
	enum dmarc_psd psd;
	unsigned pct;                /* RFC 7489 6.3; 100 by default */
	struct dmarc_uri *rua, *ruf; /* the valid URIs of each */
	size_t nrua, nruf;
	struct span fo; /* a valid value, as written, or absent */
	struct dmarc_flaw *flaws;
	size_t nflaws;
	struct span gap; /* for the lint: the first superfluous ";" with the tag
			    before it, or absent */
};

/* Returns whether a TXT record is a DMARC record: its first tag is exactly
 * "v=DMARC1", with nothing in front of it (RFC 9989 4.7, v; 4.8). */
bool dmarc_is_record(struct span text);

/* Parses the text of a DMARC record. Tag names are case-sensitive, as in RFC
 * 6376 3.2; a flaw in one tag does not affect the others (RFC 9989 4.8). */
void
dmarc_record_parse(struct span text, struct arena *a, struct dmarc_record *r);

/*
 * The DNS Tree Walk (RFC 9989 4.10).
 */

/* How records and organizational domains are found. */
struct dmarc_method {
	struct dns *dns;
	struct arena *arena;
	/* Find organizational domains by this public suffix list; NULL: by the
	 * walk. */
	const psl_ctx_t *psl;
	/* For --verbose: the list to compare the walk with, or NULL. */
	const psl_ctx_t *compare;
	bool rfc7489; /* evaluate by RFC 7489; requires psl */
	/* What-if: a record to use instead of the one that record_of
	 * publishes; both may be absent. */
	struct span record, record_of;
	bool only_ready; /* do not wait: a record that has not arrived is
			    prefetched and treated as a timeout */
	bool is_limited; /* count the queries (dns_query_limited()): set for all
			    but those for author domains' records */
};

/* What was found at one name. */
enum dmarc_found {
	DMARC_FOUND_NONE,
	DMARC_FOUND_RECORD,
	DMARC_FOUND_SEVERAL, /* all are discarded (RFC 9989 4.10) */
	DMARC_FOUND_FAILED,  /* a temporary DNS failure, or the query was over
				the limit (see answer): the walk ends */
};

struct dmarc_level {
	struct span domain;              /* without _dmarc */
	const struct dns_answer *answer; /* NULL: a what-if record was used */
	enum dmarc_found found;
	struct dmarc_record record;
};

/* RFC 9989 4.10: the maximum number of queries in a walk. */
#define DMARC_LEVELS 8

struct dmarc_walk {
	struct span domain; /* where the walk starts, normal form */
	struct dmarc_level levels[DMARC_LEVELS];
	size_t nlevels;
	bool complete;                    /* no level is left to query */
	const struct dmarc_level *failed; /* where the walk failed, or NULL */
	/* The organizational domain, once the walk is complete; absent if the
	 * walk failed and no list gives it. */
	struct span org;
	const char *how; /* how org was found, for people */
};

/* Prefetches the records of a whole walk, except a what-if record. */
void dmarc_walk_prefetch(const struct dmarc_method *method, struct span domain);

/* Prefetches the same for several domains, level by level, such that a domain
 * whose servers do not answer does not delay the others: the levels from "from"
 * (0 is the domain's own record) to the one before "to". */
void dmarc_walk_prefetch_levels(const struct dmarc_method *method,
    const struct span *domain, size_t n, size_t from, size_t to);

/* Starts a walk: looks up the domain's own record. */
void dmarc_walk_begin(const struct dmarc_method *method, struct span domain,
    struct dmarc_walk *w);

/* Continues the walk to its end, if it is not complete. */
void
dmarc_walk_complete(const struct dmarc_method *method, struct dmarc_walk *w);

/* Returns whether the walk ended because its queries or their answers exceeded
 * a limit (DNS_LIMIT). */
bool dmarc_walk_is_over(const struct dmarc_walk *w);

/* Finds the organizational domain alone: by a whole walk, or by the list,
 * without any query (nlevels is 0 then). */
void dmarc_walk_org(const struct dmarc_method *method, struct span domain,
    struct dmarc_walk *w);

/* Returns the level whose record applies to the domain (RFC 9989 4.10.1), or
 * NULL. If the domain itself has no record, the walk must be complete. */
const struct dmarc_level *dmarc_walk_policy(const struct dmarc_walk *w);

/*
 * Evaluation.
 */

enum dmarc_mechanism {
	DMARC_SPF,
	DMARC_DKIM,
};

/* A domain that SPF or DKIM evaluated, and the result (RFC 9989 5.3.3). */
struct dmarc_identifier {
	enum dmarc_mechanism mechanism;
	enum result_code code;
	struct span domain; /* normal form */
	bool from_auid;     /* from header.i: never aligned strictly */
	bool is_unchecked;  /* this host forbids the signature's algorithm */
};

/* Whether an identifier is aligned, and how this was decided. */
enum dmarc_alignment {
	DMARC_ALIGNED_NO,
	DMARC_ALIGNED_EQUAL,   /* the same domain */
	DMARC_ALIGNED_ORG,     /* relaxed: the same organizational domain */
	DMARC_ALIGNED_UNKNOWN, /* a temporary DNS failure left it open */
	DMARC_ALIGNED_LIMIT,   /* the query limit left it open: treated as not
				  aligned */
};
struct dmarc_aligned {
	const struct dmarc_identifier *identifier;
	enum dmarc_alignment alignment;
	struct dmarc_walk *walk; /* of the identifier; NULL: not needed */
};

struct dmarc_verdict {
	enum dmarc_reason reason;
	struct span detail; /* the name or identifier concerned, or absent */
	struct span author; /* the author domain, or absent */
	/* The policy for this author domain after sp, np, invalid tags and t
	 * are considered, and what to do with the message (RFC 9989 4.10.1, 4.7
	 * t). DMARC_POLICY_NONE unless the result is pass or fail. */
	enum dmarc_policy policy, disposition;
	struct dmarc_walk walk;            /* of the author domain */
	const struct dmarc_level *applies; /* whose record applies, or NULL */
	const char *tag;             /* the tag that applies: "p", "sp", "np" */
	enum dmarc_policy published; /* the value of this tag */
	struct dmarc_aligned *aligned; /* one for each identifier */
	size_t identifiers;
	bool rfc7489;     /* evaluated by RFC 7489 */
	bool bad_policy;  /* all policies of the record are ignored (RFC 9989
			     4.10.1) */
	bool lowered;     /* by t=y */
	bool sampled_out; /* by pct= (RFC 7489 6.6.4) */
	bool raised;      /* a permerror of the From field became a fail */
};

/* Returns the result: that of the reason, or fail if it was raised. */
enum result_code dmarc_code(const struct dmarc_verdict *v);

/*
 * Evaluates one author domain (normal form) with the identifiers of a message.
 * sample, 0 to 99, always the same for the same message, is compared with pct
 * (RFC 7489 6.6.4).
 */
void dmarc_eval(const struct dmarc_method *method, struct span author,
    const struct dmarc_identifier *list, size_t n, unsigned sample,
    struct dmarc_verdict *v);

/*
 * Evaluates a domain that was read in a From field without valid author
 * domains; it never passes. If its policy is quarantine or reject, the verdict
 * is a fail with this policy and the reason in from. With policy none the
 * result is that of this reason; without a policy the reason is why none
 * applies.
 */
void dmarc_eval_unread(const struct dmarc_method *method, struct span domain,
    const struct dmarc_authors *from, unsigned sample, struct dmarc_verdict *v);

/*
 * Prefetches what dmarc_eval() queries once it knows the record, be the result
 * pass or fail: whether the author domain exists, if np= makes a difference.
 * Returns false if records of the walk have not arrived yet or the DNS failed.
 * Never waits; may be called by dns_on_arrival().
 */
bool dmarc_eval_prefetch(const struct dmarc_method *method, struct span author);

/*
 * Returns the index of the verdict that decides on a message with several
 * author domains: of the fails the one with the strictest policy, of equals
 * the first; without a fail, the first pass if all pass, else the first with
 * the result that result_verdict() selects.
 */
size_t dmarc_combine(const struct dmarc_verdict *list, size_t n);

/* Makes a result of method dmarc of a verdict, with header.from and
 * policy.dmarc. */
void
dmarc_result(const struct dmarc_verdict *v, struct arena *a, struct result *r);

/* Which of a message's verdicts one is. */
enum dmarc_part {
	DMARC_ALONE,   /* of the only author domain */
	DMARC_DECIDES, /* of several, the one that decides */
	DMARC_BESIDE,  /* of several, another one */
};

/* Adds the steps of an evaluation to the result, line by line, for --verbose.
 * What the verdict did not need is looked up, too: the whole walk, identifiers
 * that did not pass, the other way to find organizational domains, and report
 * addresses (except for DMARC_BESIDE). The verdict does not change. */
void dmarc_verbose(const struct dmarc_method *method,
    const struct dmarc_verdict *v, enum dmarc_part part, struct result *r);

/*
 * Reports.
 */

/* Whether the host of a report address accepts the reports (RFC 9990 4). */
enum dmarc_destination_kind {
	DMARC_DESTINATION_OWN,          /* within the organizational domain */
	DMARC_DESTINATION_AUTHORIZED,   /* external and authorized */
	DMARC_DESTINATION_UNAUTHORIZED, /* external and not authorized */
	DMARC_DESTINATION_FAILED,       /* unknown: a temporary DNS failure */
	DMARC_DESTINATION_LIMIT,        /* unknown: over the query limit */
	DMARC_DESTINATION_NONE,         /* not a mailto: URI: not queried */
};

struct dmarc_destination {
	enum dmarc_destination_kind kind;
	struct span name; /* the name that was queried, or absent */
	/* AUTHORIZED: the addresses that replace the URI, in rua and ruf alone,
	 * each from the first record that has the tag. Without any, the URI
	 * remains. */
	struct dmarc_record record;
	/* UNAUTHORIZED: the other host to which the record redirects reports,
	 * or absent. */
	struct span elsewhere;
};

/* Finds out whether the host of a URI accepts reports about policy_domain,
 * whose organizational domain is org (absent: not known). */
void dmarc_destination_query(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct span policy_domain, struct span org,
    struct dmarc_destination *out);

/* Adds lines about the report addresses of a level's record to the result, for
 * dmarc_verbose(); org is the organizational domain of the author domain. */
void dmarc_verbose_destinations(const struct dmarc_method *method,
    const struct dmarc_level *level, struct span org, struct result *r);

#endif
