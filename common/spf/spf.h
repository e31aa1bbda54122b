/*
 * spf: Sender Policy Framework (RFC 7208): may this client send mail for that
 * domain? check_host() of section 4, and its identities and results. The text
 * of records is in spf_record.h, the evaluation made visible in spf_trace.h.
 */
#ifndef SPF_H
#define SPF_H

#include "dns/dns.h"
#include "mail/envelope.h"
#include "base/ip.h"
#include "mail/result.h"

/* What check_host() says: name, identifier, result, words. */
#define SPF_REASONS(X)                                                      \
	X(PASS, NULL, PASS, "")                                             \
	X(FAIL, "not-authorized", FAIL,                                     \
	    "the domain does not permit this client")                       \
	X(SOFTFAIL, "probably-not-authorized", SOFTFAIL,                    \
	    "the domain says that it probably does not permit this client") \
	X(NEUTRAL, "no-assertion", NEUTRAL,                                 \
	    "the domain says nothing about this client")                    \
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
	    "redirect= or exp= is there twice")                             \
	X(INCLUDE_NONE, "include-none", PERMERROR,                          \
	    "an included domain has no SPF record")                         \
	X(REDIRECT_NONE, "redirect-none", PERMERROR,                        \
	    "the domain of redirect= has no SPF record")                    \
	X(LOOP, "loop", PERMERROR, "the record leads back to itself")       \
	X(LOOKUP_LIMIT, "lookup-limit", PERMERROR,                          \
	    "the record asks for too many lookups")                         \
	X(VOID_LIMIT, "void-limit", PERMERROR,                              \
	    "too many lookups found nothing")                               \
	X(MX_LIMIT, "mx-limit", PERMERROR,                                  \
	    "a domain has more than 10 mail exchangers")                    \
	X(DEPTH, "depth-limit", PERMERROR, "records are nested too deep")   \
	X(EXPANSION, "expansion-limit", PERMERROR,                          \
	    "macros expand to too much text")                               \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)               \
	DNS_REASONS(X)

enum spf_reason {
#define SPF_REASON_ENUM(name, id, result, words) SPF_##name,
	SPF_REASONS(SPF_REASON_ENUM)
};

extern const struct result_reason spf_reasons[]; /* by reason */

/* The arguments of check_host() (RFC 7208 4.1), and what macros need. */
struct spf_query {
	struct ip ip;
	struct span domain;   /* as it came: any octets */
	struct span local;    /* of <sender>, unquoted; "postmaster" if none */
	struct span helo;     /* as it came, or absent */
	struct span receiver; /* our name, for %{r}; absent: "unknown" */
	int64_t now;          /* seconds since 1970, for %{t} */
};

struct spf_term;
struct spf_record;

/* What a term did. */
enum spf_match {
	SPF_NO_MATCH,
	SPF_MATCH,
	SPF_ERROR,     /* it ended the evaluation */
	SPF_NOT_ASKED, /* exploring: no questions are left for it */
};

/*
 * Who looks on while check_host() works; all functions are needed. Calls nest:
 * enter, answer (the TXT question), record if there is one; for each term that
 * is evaluated term, target (if it has a domain-spec), answers, for include and
 * redirect= all of the inner check_host(), term_end; then leave. What is passed
 * lives as long as the evaluation's arena and, for answers, until dns_begin().
 */
struct spf_observer {
	/* domain: in normal form, or as it came if it has none. */
	void (*enter)(struct spf_observer *o, struct span domain);
	void (*answer)(struct spf_observer *o, const struct dns_answer *answer);
	void (*record)(struct spf_observer *o, const struct spf_record *record);
	/* live: the verdict is still open, so it counts. */
	void (*term)(
	    struct spf_observer *o, const struct spf_term *term, bool live);
	void (*target)(struct spf_observer *o, struct span target);
	/* lookups: what it and all below it cost, beyond limits too. */
	void (*term_end)(
	    struct spf_observer *o, enum spf_match match, unsigned lookups);
	/* detail: the term or text that is the reason, or absent. */
	void (*leave)(
	    struct spf_observer *o, enum spf_reason reason, struct span detail);
};

struct spf_policy {
	uint64_t lookup_limit, void_limit; /* LIMIT_SPF_LOOKUPS, _VOIDS */
	struct span record; /* instead of the domain's own, or absent */
	/* Go on behind the verdict until so many questions were evaluated, or
	 * sent: those for the verdict and those asked ahead are among them. 0:
	 * no. The verdict is the same, and is not limited by this. */
	uint64_t explore;
	struct spf_observer *observer; /* or NULL */
};

struct spf_verdict {
	enum spf_reason reason;
	struct span detail; /* what the reason is about, for people, or absent:
			       "-all of example.org" */
	struct span mechanism;   /* the directive that matched, as written */
	struct span explanation; /* of exp= (RFC 7208 6.2), or absent */
	unsigned lookups, voids; /* that counted */
};

/* check_host() (RFC 7208 4). All that the verdict has lives in the arena. */
void spf_check(const struct spf_query *q, const struct spf_policy *policy,
    struct dns *dns, struct arena *a, struct spf_verdict *v);

/* The identities of RFC 7208 2.3 and 2.4. */
enum spf_scope {
	SPF_HELO,
	SPF_MAILFROM,
};

/*
 * The query for an identity; a null reverse-path is postmaster@HELO (2.4).
 * False: the envelope does not know it, and the reason is SPF_NO_IDENTITY.
 * receiver and now are left alone.
 */
bool spf_identify(const struct envelope *e, enum spf_scope scope,
    struct arena *a, struct spf_query *q);

/* The verdict where spf_identify() says false: it names what is missing, and
 * why, as the envelope has it; else "not given". */
void spf_not_identified(const struct envelope *e, enum spf_scope scope,
    struct arena *a, struct spf_verdict *v);

/* Starts the first question ahead. */
void spf_prefetch(const struct spf_query *q, struct dns *dns, struct arena *a);

/* A verdict as a result of method spf, with smtp.mailfrom or smtp.helo of the
 * envelope. */
void spf_result(const struct spf_verdict *v, const struct envelope *e,
    enum spf_scope scope, struct arena *a, struct result *r);

/*
 * A whole Received-SPF field (RFC 7208 9.1, erratum 5436) in line ends of eol,
 * folded, no line over LIMIT_LINE: result, comment, and receiver, identity,
 * client-ip, envelope-from, helo, mechanism ("default" if none matched),
 * problem (of an error). Values that are no dot-atom are quoted, the null
 * reverse-path is "<>"; what would be over LIMIT_AUTHRES_VALUE, or has octets
 * that are not printable ASCII, is left out.
 */
struct span spf_received_field(const struct spf_verdict *v,
    const struct envelope *e, enum spf_scope scope, struct span receiver,
    const char *eol, struct arena *a);

#endif
