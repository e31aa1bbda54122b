/*
 * dmarc: Domain-based Message Authentication, Reporting, and Conformance (RFC
 * 9989; RFC 7489 as it was): what the author domain's record says, and whether
 * an authenticated identifier is aligned with it.
 *	dmarc.c		reasons, several verdicts to one, a verdict to a result
 *	dmarc_author.c	the author domains of a message
 *	dmarc_record.c	a record's text to a checked struct
 *	dmarc_walk.c	the records on the way up, organizational domains
 *	dmarc_eval.c	identifiers and records to a verdict
 *	dmarc_verbose.c	the arithmetic, for people
 *	dmarc_verbose_destinations.c	its part about reports
 *	dmarc_destination.c	where reports go, and who allows it (RFC 9990)
 */
#ifndef DMARC_H
#define DMARC_H

#include <libpsl.h>

#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

/* name, identifier, result, words */
#define DMARC_REASONS(X)                                                     \
	X(PASS, NULL, PASS, "")                                              \
	X(NOT_ALIGNED, "not-aligned", FAIL,                                  \
	    "what passed is not aligned with the author domain")             \
	X(ALIGNED_FAILED, "aligned-failed", FAIL,                            \
	    "what could be aligned with the author domain did not pass")     \
	X(NOT_AUTHENTICATED, "not-authenticated", FAIL,                      \
	    "neither SPF nor a DKIM signature passed")                       \
	X(NO_RESULTS, "no-trusted-results", NONE,                            \
	    "no trusted field has a result of SPF or DKIM")                  \
	X(UNREADABLE, "results-unreadable", NONE,                            \
	    "what cannot be read of trusted fields may be a pass")           \
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
	    "a policy of the record is invalid, and it has no valid rua=")   \
	X(IDENTIFIER, "identifier-temperror", TEMPERROR,                     \
	    "what could be aligned could not be judged at present")          \
	X(UNCHECKED, "identifier-not-checked", NONE,                         \
	    "this host may not check the algorithm of an aligned signature") \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)                \
	DNS_REASONS(X)

enum dmarc_reason {
#define DMARC_REASON_ENUM(name, id, result, words) DMARC_##name,
	DMARC_REASONS(DMARC_REASON_ENUM)
};

extern const struct result_reason dmarc_reasons[]; /* by reason */

/* Notes: identifiers beside a result. */
#define DMARC_NOTE_OBSOLETE "obsolete-tag"
#define DMARC_NOTE_TAG      "invalid-tag"
#define DMARC_NOTE_TESTING  "policy-testing"
#define DMARC_NOTE_PCT      "sampled-out"
#define DMARC_NOTE_AUTHORS  "multiple-authors"
#define DMARC_NOTE_FROM     "from-obsolete"
#define DMARC_NOTE_LIMIT    "identifier-limit"

/* In the order of strictness. */
enum dmarc_policy {
	DMARC_POLICY_NONE,
	DMARC_POLICY_QUARANTINE,
	DMARC_POLICY_REJECT,
};

/* "none", "quarantine", "reject" */
const char *dmarc_policy_name(enum dmarc_policy policy);

/*
 * The author domains of a message (RFC 9989 3.2.2, 5.3.1).
 */
struct dmarc_authors {
	enum dmarc_reason reason; /* DMARC_PASS, or why there is none that can
				     be judged */
	struct span detail;       /* which address, or what of it; or absent */
	/* Normal forms, each once, in their order; unless DMARC_PASS, those
	 * that anybody could read, for dmarc_eval_unread(). */
	struct span *domain;
	size_t n;             /* up to LIMIT_AUTHORS */
	struct span obsolete; /* DMARC_PASS: the address that all read, though
				 RFC 5322 has no such field; or absent */
};

/* Those of the header. A From field that a reader sees who takes a bare CR for
 * a line end is one more. */
void dmarc_authors(
    const struct message *m, struct arena *a, struct dmarc_authors *out);

/* Adds those of the From fields that programs see which read on after an
 * unterminated header (message.h), in the text from there on, as delivered. */
void dmarc_authors_below(const struct message *m, struct span text,
    struct arena *a, struct dmarc_authors *out);

/* A sink for the body, which keeps that text: up to the first line that all
 * take for empty, at most LIMIT_HEADER octets. */
struct dmarc_below {
	struct sink sink;
	struct buf text;
	bool crlf; /* an empty line may end so */
	bool done;
};
struct dmarc_below dmarc_below(const struct message *m, struct arena *a);

/*
 * Records.
 */

/* A tag that is not as it should be: for notes and --lint. Of rua and ruf each
 * URI that is not valid is one, "rua=URI". */
enum dmarc_flaw_kind {
	DMARC_FLAW_SYNTAX,    /* no tag=value */
	DMARC_FLAW_VALUE,     /* not a value of this tag */
	DMARC_FLAW_DUPLICATE, /* twice: neither value counts */
	DMARC_FLAW_UNKNOWN,
	DMARC_FLAW_OBSOLETE, /* pct, rf, ri (RFC 9989 C.5.2) */
};
struct dmarc_flaw {
	enum dmarc_flaw_kind kind;
	struct span tag; /* as written, with its value */
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
	/* p defaults to none; sp and np to what applies in their stead. */
	enum dmarc_policy p, sp, np;
	bool has_p, has_sp, has_np;
	bool bad_policy;              /* p, sp or np is there and invalid */
	bool bad_old_policy;          /* p or sp is: RFC 7489 has no np */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool testing;                 /* t=y */
	enum dmarc_psd psd;
	unsigned pct;                /* RFC 7489 6.3; 100 by default */
	struct dmarc_uri *rua, *ruf; /* those that are valid */
	size_t nrua, nruf;
	struct span fo; /* a valid one as written, or absent */
	struct dmarc_flaw *flaws;
	size_t nflaws;
	struct span gap; /* the first ";" too many, and the tag before, or
			    absent: for --lint alone */
};

/* Is it a record: "v=DMARC1" first and exact, nothing in front of it (RFC 9989
 * 4.7, v; 4.8)? */
bool dmarc_is_record(struct span text);

/* Parses a text that is one. Tags have case, as in RFC 6376 3.2; what is wrong
 * with one leaves the others alone (RFC 9989 4.8). */
void
dmarc_record_parse(struct span text, struct arena *a, struct dmarc_record *r);

/*
 * The way up.
 */

/* How organizational domains are found, and what else differs. */
struct dmarc_method {
	struct dns *dns;
	struct arena *arena;
	const psl_ctx_t *psl; /* by the public suffix list; NULL: by walking */
	/* For the explanation: where this list says otherwise, or NULL. */
	const psl_ctx_t *compare;
	bool rfc7489; /* the old way; psl is not NULL then */
	/* What if: the record of this domain instead of its own, or absent. */
	struct span record, record_of;
	bool only_ready; /* what is not here yet is asked ahead, and is taken
			    for a timeout */
	/* Questions are counted (dns_query_limited()): all but those of the
	 * author domains' records. */
	bool is_limited;
};

/* What was found at one name. */
enum dmarc_found {
	DMARC_FOUND_NONE,
	DMARC_FOUND_RECORD,
	DMARC_FOUND_SEVERAL, /* all are discarded (RFC 9989 4.10) */
	DMARC_FOUND_FAILED,  /* the DNS failed at present, or it was over the
				limit (answer says which): the walk ends */
};

struct dmarc_level {
	struct span domain;              /* without _dmarc */
	const struct dns_answer *answer; /* NULL: of what-if */
	enum dmarc_found found;
	struct dmarc_record record;
};

/* RFC 9989 4.10: no more queries than this. */
#define DMARC_LEVELS 8

struct dmarc_walk {
	struct span domain; /* where it started, normal form */
	struct dmarc_level levels[DMARC_LEVELS];
	size_t nlevels;
	bool complete; /* there is nothing left to be asked */
	const struct dmarc_level *failed; /* where it failed, or NULL */
	/* Once it ended: absent only if it failed (by the list never). */
	struct span org;
	const char *how; /* how org was found, for people */
};

/* Starts the questions of a whole walk ahead, but for what-if. */
void dmarc_walk_prefetch(const struct dmarc_method *method, struct span domain);

/* The same for several domains, level by level, so that the names of one, which
 * nobody may answer for, do not keep the others' waiting: from level from (0 is
 * the domain's own record) up to the one before to. */
void dmarc_walk_prefetch_levels(const struct dmarc_method *method,
    const struct span *domain, size_t n, size_t from, size_t to);

/* Starts a walk with the domain's own record; goes on to its end. */
void dmarc_walk_begin(const struct dmarc_method *method, struct span domain,
    struct dmarc_walk *w);
void
dmarc_walk_complete(const struct dmarc_method *method, struct dmarc_walk *w);

/* Did it end at the limit of questions, or of their answers? */
bool dmarc_walk_is_over(const struct dmarc_walk *w);

/* The organizational domain alone: a whole walk, or, by the list, no question
 * (levels is 0 then). */
void dmarc_walk_org(const struct dmarc_method *method, struct span domain,
    struct dmarc_walk *w);

/* The level whose record applies to the domain (RFC 9989 4.10.1), or NULL. The
 * walk has ended if the domain has no record of its own. */
const struct dmarc_level *dmarc_walk_policy(const struct dmarc_walk *w);

/*
 * Evaluation.
 */

enum dmarc_mechanism {
	DMARC_SPF,
	DMARC_DKIM,
};

/* An identifier, and what was found of it (RFC 9989 5.3.3). */
struct dmarc_identifier {
	enum dmarc_mechanism mechanism;
	enum result_code code;
	struct span domain; /* normal form */
	bool from_auid;     /* header.i: is not aligned strictly */
	bool is_unchecked;  /* this host may not check such a signature */
};

/* One identifier's alignment, for the explanation. */
enum dmarc_alignment {
	DMARC_ALIGNED_NO,
	DMARC_ALIGNED_EQUAL,   /* the same domain */
	DMARC_ALIGNED_ORG,     /* relaxed: the same organizational domain */
	DMARC_ALIGNED_UNKNOWN, /* could be, but the DNS failed at present */
	DMARC_ALIGNED_LIMIT,   /* the same, but its walk was over the limit:
				  counts as not aligned */
};
struct dmarc_aligned {
	const struct dmarc_identifier *identifier;
	enum dmarc_alignment alignment;
	struct dmarc_walk *walk; /* of the identifier; NULL: not needed */
};

struct dmarc_verdict {
	enum dmarc_reason reason;
	struct span
	    detail; /* which name or identifier it is about, or absent */
	struct span author; /* the author domain, or absent */
	/* Of a pass or a fail, else none (RFC 9989 4.10.1, 4.7 t): for this
	 * author domain after sp, np, errors and t; what to do with the
	 * message. */
	enum dmarc_policy policy, disposition;
	struct dmarc_walk walk;            /* of the author domain */
	const struct dmarc_level *applies; /* whose record, or NULL */
	const char *tag;                   /* "p", "sp", "np": where from */
	enum dmarc_policy published;       /* what that tag says */
	struct dmarc_aligned *aligned;     /* an entry an identifier */
	size_t identifiers;
	bool rfc7489;     /* judged the old way */
	bool bad_policy;  /* no policy of the record counts (RFC 9989 4.10.1) */
	bool lowered;     /* by t=y */
	bool sampled_out; /* RFC 7489 6.6.4: pct */
	bool raised;      /* a permerror of the From field is a fail */
};

/* The result: that of the reason, or fail if it was raised. */
enum result_code dmarc_code(const struct dmarc_verdict *v);

/*
 * Judges one author domain (normal form) by what was found of identifiers.
 * sample, 0 to 99, the same for the same message, is what a pct is compared
 * with (RFC 7489 6.6.4).
 */
void dmarc_eval(const struct dmarc_method *method, struct span author,
    const struct dmarc_identifier *list, size_t n, unsigned sample,
    struct dmarc_verdict *v);

/*
 * Judges a domain that was read in a From field for which there is a reason why
 * it cannot be judged: it never passes. Where the domain wants a fail to be
 * quarantined or rejected it is one, with that policy and this reason; where it
 * does not, the result is that of the reason, or why there is no policy.
 */
void dmarc_eval_unread(const struct dmarc_method *method, struct span domain,
    const struct dmarc_authors *from, unsigned sample, struct dmarc_verdict *v);

/*
 * Starts what dmarc_eval() will ask when it knows the record, whether it comes
 * to a pass or a fail: does the author domain exist, if np= makes a difference?
 * False: not all records of the walk are here yet, or the DNS failed. Never
 * waits; may be called by dns_on_arrival().
 */
bool dmarc_eval_prefetch(const struct dmarc_method *method, struct span author);

/*
 * The verdict of a message with several author domains: among fails the
 * strictest policy, of equals the first; if none fails, the first that passes
 * if all pass, else by the order of result_verdict(). Returns its index.
 */
size_t dmarc_combine(const struct dmarc_verdict *list, size_t n);

/* A verdict as a result of method dmarc, with header.from and policy.dmarc. */
void
dmarc_result(const struct dmarc_verdict *v, struct arena *a, struct result *r);

/* Whose verdict it is. */
enum dmarc_part {
	DMARC_ALONE,   /* of the only author domain */
	DMARC_DECIDES, /* of the one of several that the result names */
	DMARC_BESIDE,  /* of another one of several */
};

/* The arithmetic of a verdict, line by line, for people. What the verdict did
 * not need is asked, too: the whole walk, identifiers that did not pass, the
 * other way to organizations, report addresses (not of those beside). The
 * verdict stays as it is. */
void dmarc_verbose(const struct dmarc_method *method,
    const struct dmarc_verdict *v, enum dmarc_part part, struct result *r);

/*
 * Reports.
 */

/* Where a report to an address goes (RFC 9990 4). */
enum dmarc_destination_kind {
	DMARC_DESTINATION_OWN,          /* within the organizational domain */
	DMARC_DESTINATION_AUTHORIZED,   /* external, and authorized */
	DMARC_DESTINATION_UNAUTHORIZED, /* external, and not authorized */
	DMARC_DESTINATION_FAILED,       /* the DNS failed at present */
	DMARC_DESTINATION_LIMIT, /* not known: over the limit of questions */
	DMARC_DESTINATION_NONE,  /* no mailto: nothing to be asked */
};

struct dmarc_destination {
	enum dmarc_destination_kind kind;
	struct span name; /* what was asked, or absent */
	/* GIVEN: what stands instead of the address, in rua and ruf alone; of
	 * several records the first that has the tag. Without it the address
	 * stays. */
	struct dmarc_record record;
	/* MISSING: it sends reports on to another host, or absent. */
	struct span elsewhere;
};

/* Asks whether the domain of a URI takes reports about policy_domain, whose
 * organizational domain is org (absent: not known). */
void dmarc_destination_query(const struct dmarc_method *method,
    const struct dmarc_uri *uri, struct span policy_domain, struct span org,
    struct dmarc_destination *out);

/* What the addresses of the record of a level receive, for dmarc_verbose();
 * org is the organizational domain of the author domain. */
void dmarc_verbose_destinations(const struct dmarc_method *method,
    const struct dmarc_level *level, struct span org, struct result *r);

#endif
