/*
 * spf: Sender Policy Framework (RFC 7208): may this client send mail for that
 * domain? check_host() of section 4, its identities and its results.
 * spf_record.h has the text of records, spf_trace.h a view of the evaluation.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_H
#define SPF_H

#include "dns/dns.h"
#include "mail/envelope.h"
#include "base/ip.h"
#include "mail/result.h"

/* The reasons of check_host(): name, identifier, result, words. */
#define SPF_REASONS(X)                                                      \
	X(PASS, NULL, PASS, "")                                             \
	X(FAIL, "not-authorized", FAIL,                                     \
	    "the domain does not authorize this client")                    \
	X(SOFTFAIL, "probably-not-authorized", SOFTFAIL,                    \
	    "the domain probably does not authorize this client")           \
	X(NEUTRAL, "no-assertion", NEUTRAL,                                 \
	    "the domain makes no assertion about this client")              \
	X(DEFAULT, "no-match", NEUTRAL, "no term of the record matches")    \
	X(NO_IDENTITY, "no-identity", NONE,                                 \
	    "no identity that can be trusted is known")                     \
	X(BAD_DOMAIN, "bad-domain", NONE,                                   \
	    "the identity has no valid domain name of two labels or more")  \
	X(NO_DOMAIN, "no-such-domain", NONE, "the domain does not exist")   \
	X(NO_RECORD, "no-record", NONE, "the domain has no SPF record")     \
	X(SEVERAL, "multiple-records", PERMERROR,                           \
	    "the domain has several SPF records")                           \
	X(TERM_SYNTAX, "term-syntax", PERMERROR,                            \
	    "the record has an unknown or malformed term")                  \
	X(DOMAIN_SYNTAX, "domain-syntax", PERMERROR,                        \
	    "a term has no valid domain name")                              \
	X(MACRO_SYNTAX, "macro-syntax", PERMERROR,                          \
	    "a macro of the record is malformed")                           \
	X(ADDRESS_SYNTAX, "address-syntax", PERMERROR,                      \
	    "a term has no valid address or prefix length")                 \
	X(RECORD_OCTETS, "record-octets", PERMERROR,                        \
	    "the record has octets that are not ASCII")                     \
	X(TERMS, "term-limit", PERMERROR,                                   \
	    "the record has more than 1000 terms")                          \
	X(DUPLICATE, "duplicate-modifier", PERMERROR,                       \
	    "redirect= or exp= occurs twice")                               \
	X(INCLUDE_NONE, "include-none", PERMERROR,                          \
	    "an included domain has no SPF record")                         \
	X(REDIRECT_NONE, "redirect-none", PERMERROR,                        \
	    "the domain of redirect= has no SPF record")                    \
	X(LOOP, "loop", PERMERROR, "the record leads back to itself")       \
	X(LOOKUP_LIMIT, "lookup-limit", PERMERROR,                          \
	    "the record needs too many lookups")                            \
	X(VOID_LIMIT, "void-limit", PERMERROR,                              \
	    "too many lookups found nothing")                               \
	X(MX_LIMIT, "mx-limit", PERMERROR,                                  \
	    "a domain has more than 10 mail exchangers")                    \
	X(DEPTH, "depth-limit", PERMERROR, "records are nested too deeply") \
	X(EXPANSION, "expansion-limit", PERMERROR,                          \
	    "macros expand to too much text")                               \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)               \
	DNS_REASONS(X)

enum spf_reason {
#define SPF_REASON_ENUM(name, id, result, words) SPF_##name,
	SPF_REASONS(SPF_REASON_ENUM)
};

extern const struct result_reason spf_reasons[]; /* indexed by reason */

/* The arguments of check_host() (RFC 7208 4.1), and what macros need. */
struct spf_query {
	struct ip ip;
	struct span domain;   /* as received: any octets */
	struct span local;    /* of <sender>, unquoted; "postmaster" if none */
	struct span helo;     /* as received, or absent */
	struct span receiver; /* this host, for %{r}; absent: "unknown" */
	int64_t now;          /* seconds since 1970, for %{t} */
};

struct spf_term;
struct spf_record;

/* What the evaluation of a term gave. */
enum spf_match {
	SPF_NO_MATCH,
	SPF_MATCH,
	SPF_ERROR,       /* it ended the evaluation */
	SPF_NOT_QUERIED, /* exploring: it needs queries, but none are left */
};

/*
 * Callbacks that observe check_host(); all are required. Calls nest: enter,
 * answer (to the TXT query), record if there is one; for each term that is
 * evaluated term, target (if it has a domain-spec), answers, for include and
 * redirect= all calls of the inner check_host(), term_end; then leave.
 * Arguments live as long as the arena of the evaluation; answers until
 * dns_begin().
 */
struct spf_observer {
	/* domain: in normal form, or as received if that is not possible. */
	void (*enter)(struct spf_observer *o, struct span domain);
	void (*answer)(struct spf_observer *o, const struct dns_answer *answer);
	void (*record)(struct spf_observer *o, const struct spf_record *record);
	/* live: the verdict is still open; otherwise the term is only
	 * explored. */
	void (*term)(
	    struct spf_observer *o, const struct spf_term *term, bool live);
	void (*target)(struct spf_observer *o, struct span target);
	/* lookups: those of the term and of all
	 * records below it, even over the limit. */
	void (*term_end)(
	    struct spf_observer *o, enum spf_match match, unsigned lookups);
	/* detail: the term or text that the reason is about, or absent. */
	void (*leave)(
	    struct spf_observer *o, enum spf_reason reason, struct span detail);
};

struct spf_policy {
	uint64_t lookup_limit, void_limit; /* LIMIT_SPF_LOOKUPS, _VOIDS */
	struct span record; /* to use instead of the domain's own, or absent */
	/* After the verdict, explore the remaining terms, up to this number of
	 * queries evaluated, or sent, including those for the verdict and those
	 * prefetched. 0: do not explore. The verdict does not depend on this,
	 * and is not limited by it. */
	uint64_t explore;
	struct spf_observer *observer; /* or NULL */
};

struct spf_verdict {
	enum spf_reason reason;
	/* What the reason is about, for people:
	 * "-all of example.org"; or absent. */
	struct span detail;
	struct span mechanism;   /* the directive that matched, as written */
	struct span explanation; /* of exp= (RFC 7208 6.2), or absent */
	unsigned lookups, voids; /* that count towards the limits */
};

/* Runs check_host() (RFC 7208 4). The verdict lives in the arena. */
void spf_check(const struct spf_query *q, const struct spf_policy *policy,
    struct dns *dns, struct arena *a, struct spf_verdict *v);

/* The identities of RFC 7208 2.3 and 2.4. */
enum spf_scope {
	SPF_HELO,
	SPF_MAILFROM,
};

/*
 * Sets the query for an identity; that of a null reverse-path is
 * postmaster@HELO (2.4). Leaves receiver and now unchanged. False: the envelope
 * lacks the identity, and the reason is SPF_NO_IDENTITY.
 */
bool spf_identify(const struct envelope *e, enum spf_scope scope,
    struct arena *a, struct spf_query *q);

/* Sets the verdict where spf_identify() returned false: its detail names what
 * is missing, and why, if the envelope knows; else "not given". */
void spf_not_identified(const struct envelope *e, enum spf_scope scope,
    struct arena *a, struct spf_verdict *v);

/* Prefetches the record. */
void spf_prefetch(const struct spf_query *q, struct dns *dns, struct arena *a);

/* Makes a result of method spf from a verdict, with the
 * property smtp.mailfrom or smtp.helo. */
void spf_result(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, struct arena *a, struct result *r);

/*
 * Returns a whole Received-SPF field (RFC 7208 9.1, erratum 5436) with lines
 * that end in eol, folded, none over LIMIT_LINE: result, comment, and receiver,
 * identity, client-ip, envelope-from, helo, mechanism ("default" if none
 * matched), problem (of an error). Values that are not dot-atoms are quoted;
 * the null reverse-path is "<>". Values over LIMIT_AUTHRES_VALUE, or with
 * octets other than printable ASCII, are omitted.
 */
struct span spf_received_field(const struct spf_verdict *v,
    const struct envelope *e, enum spf_scope scope, struct span receiver,
    const char *eol, struct arena *a);

#endif
