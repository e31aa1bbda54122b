/*
 * vbr: Vouch By Reference (RFC 5518, 6212): the VBR-Info field, queries to
 * certifiers, and whether one of them vouches for a message.
 *	vbr.c		the field, the query to a certifier and its answer
 *	vbr_check.c	a message and its authenticated domains to a verdict
 *	vbr_result.c	a verdict to a result
 *	vbr_verbose.c	the steps of a check, for --verbose
 */
/* SPDX-License-Identifier: ISC */
#ifndef VBR_H
#define VBR_H

#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

/* What a certifier's answer to a TXT query means: name, identifier, result
 * (RFC 6212 4), words. */
#define VBR_ANSWERS(X)                                          \
	X(OK, NULL, PASS, "")                                   \
	X(NOT_LISTED, "not-listed", FAIL,                       \
	    "the certifier does not know the domain")           \
	X(NOT_TYPE, "not-this-type", FAIL,                      \
	    "the certifier vouches for other types of mail")    \
	X(BAD_RECORD, "bad-record", FAIL,                       \
	    "the certifier's record is not a list of types")    \
	X(SEVERAL, "multiple-records", PERMERROR,               \
	    "the certifier has several records for the domain") \
	X(BAD_NAME, "name-too-long", PERMERROR,                 \
	    "the name to query is too long for the DNS")        \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)   \
	DNS_REASONS(X)

/* The reasons of a result: those of an answer, of an answer to an A query, and
 * of a message. */
#define VBR_REASONS(X)                                                       \
	VBR_ANSWERS(X)                                                       \
	X(OTHER_ADDRESS, "other-address", FAIL,                              \
	    "the certifier's address does not vouch")                        \
	X(QUERY_REFUSED, "query-refused", PERMERROR,                         \
	    "the certifier refuses queries sent this way")                   \
	X(NO_INFO, "no-vbr-info", NONE, "the message has no VBR-Info field") \
	X(INFO_SYNTAX, "vbr-info-syntax", NONE,                              \
	    "no VBR-Info field of the message can be parsed")                \
	X(NO_CERTIFIER, "no-trusted-certifier", NONE,                        \
	    "no trusted certifier is named")                                 \
	X(NOT_AUTHENTICATED, "not-authenticated", NONE,                      \
	    "no domain that could be vouched for is authenticated here")     \
	X(AUTHENTICATION, "authentication-temperror", TEMPERROR,             \
	    "the certifier vouches, but the domain cannot be "               \
	    "authenticated now")                                             \
	X(MIXED, "mixed-types", FAIL,                                        \
	    "VBR-Info fields of the message have different mc=")

enum vbr_reason {
#define VBR_REASON_ENUM(name, id, result, words) VBR_##name,
	VBR_REASONS(VBR_REASON_ENUM)
};

extern const struct result_reason vbr_reasons[]; /* by enum vbr_reason */

/* Identifiers of the notes that may accompany a result. */
#define VBR_NOTE_UNSIGNED "vbr-info-unsigned"
#define VBR_NOTE_SYNTAX   "vbr-info-syntax"
#define VBR_NOTE_MORE     "too-many-vbr-info"

/* A VBR-Info field (RFC 5518 4). Types and names are in lower case. */
struct vbr_info {
	struct span domain;      /* md=, normal form */
	struct span type;        /* mc= */
	struct span *certifiers; /* mv=, normal forms */
	size_t ncertifiers;
	struct span wrong; /* why the field cannot be parsed, for people: the
			      tag, or the tag with its value */
};

/*
 * Parses the body of a field: elements in any order, their names in any case,
 * unknown ones ignored. Returns false, with the cause set, if
 * - md, mc or mv is missing or occurs twice,
 * - md= or an item of mv= is not a domain name, or mc= is not a type,
 * - mv= is over LIMIT_LINE octets: it must not be folded (RFC 5518 4), and a
 *   line cannot be longer,
 * - the body is over LIMIT_TAGLIST octets.
 */
bool vbr_info_parse(struct span body, struct arena *a, struct vbr_info *info);

/* Returns a whole field, folded, its lines ended by eol. */
struct span
vbr_info_compose(const struct vbr_info *info, const char *eol, struct arena *a);

/* Returns whether a word can be a type: lower-case letters (RFC 5518 5, 6). */
bool vbr_is_type(struct span type);

/* The types that RFC 5518 6 defines: all, list, transaction; ends with NULL. */
extern const char *const vbr_types[];

/* Is a type one of them? */
bool vbr_is_defined_type(struct span type);

/* Returns the name to query about a domain (RFC 5518 5). */
struct span
vbr_name(struct span domain, struct span certifier, struct arena *a);

/* A certifier that the operator trusts. */
struct vbr_certifier {
	struct span host; /* normal form */
	bool by_address;  /* "HOST/a": query A instead of TXT records */
};

/* Parses HOST or HOST/a; returns false for any other text. */
bool
vbr_certifier_parse(struct span text, struct arena *a, struct vbr_certifier *c);

/* A certifier's answer. */
struct vbr_answer {
	enum vbr_reason reason;
	struct span detail; /* the record or the address that decided, or
			       absent */
	size_t lists;       /* the number of records that are lists of types */
};

/*
 * Queries whether the certifier vouches for this type of mail of the domain.
 *
 * By TXT it does if its record has "all" or the type (RFC 5518 5). Mail of type
 * all may be of any type: only "all" vouches for it.
 *
 * By A, as in the DWL of Spamhaus, an address in 127.0.2.0/24 vouches for all
 * types; one in 127.255.255.0/24 reports a problem with the query and takes
 * precedence.
 */
struct vbr_answer vbr_query(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct span type, struct arena *a);

/* Prefetches the answer to this query. */
void vbr_query_prefetch(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct arena *a);

/*
 * Checking a message.
 */

/* Which certifiers are queried, and about what. Must outlive the check. */
struct vbr_policy {
	const struct vbr_certifier *certifiers; /* by preference */
	size_t ncertifiers;
	bool ignore_mv;    /* query all of them, whichever mv= names */
	bool without_info; /* without a valid field, query all of them about
			      each authenticated domain, for type all */
};

/* A domain that DKIM or SPF evaluated, with the result; several may have the
 * same name. */
struct vbr_domain {
	struct span name;      /* normal form */
	enum result_code code; /* RESULT_PASS: authenticated */
	bool is_signature;
	struct span signed_names; /* h= of the signature, or absent: not
				     known */
};

/* A VBR-Info field of the message. */
struct vbr_field {
	bool is_valid;
	struct vbr_info info;
};

/* A query to a certifier, and what came of it. */
struct vbr_query {
	struct span domain, type;
	const struct vbr_certifier *certifier;
	size_t below;     /* the number of VBR-Info fields below the lowest one
			     that leads to this query */
	bool is_queried;  /* it was made: the domain is authenticated, or may be
			     later */
	bool is_unsigned; /* signatures of the domain pass, but certainly none
			     of them covers the field (RFC 6376 5.4.2) */
	/* VBR_NOT_AUTHENTICATED without a query; VBR_AUTHENTICATION if the
	 * certifier vouches for a domain that may be authenticated later; else
	 * the answer's. */
	enum vbr_reason reason;
	struct vbr_answer answer; /* if is_queried */
};

struct vbr_check {
	const struct vbr_policy *policy;
	struct dns *dns;
	struct arena *arena;
	struct vbr_field *fields; /* top to bottom, at most LIMIT_VBR_INFO */
	size_t nfields;
	size_t total; /* the number of VBR-Info fields in the message */
	struct vbr_query *queries; /* by preference of the certifier */
	size_t nqueries;
	size_t evaluated; /* the number of queries up to the first pass */
	enum vbr_reason reason;
	const struct vbr_query *decisive; /* gives the reason, or NULL */
};

/*
 * Begins a check with the header of the message. If check->reason is VBR_OK,
 * the result depends on which domains are authenticated. Any other reason is
 * final: no domain needs to be authenticated, and vbr_check_prefetch() and
 * vbr_check_end() do nothing.
 */
void vbr_check_begin(struct vbr_check *check, const struct message *m,
    const struct vbr_policy *policy, struct dns *dns);

/* Prefetches the answers that are needed if these domains turn out to be
 * authenticated. */
void vbr_check_prefetch(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n);

/*
 * Evaluates the check.
 *
 * A domain is authenticated if one of the entries with its name passes. If none
 * passes but one has a temperror, certifiers are queried nevertheless: an
 * answer that vouches becomes a temperror, any other is used as it is.
 *
 * The first pass by preference of the certifiers decides, else the first
 * temperror, fail, permerror, none. Answers are waited for in that order of
 * preference.
 */
void vbr_check_end(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n);

/* Returns the number of fields that could be parsed. */
size_t vbr_check_valid(const struct vbr_check *check);

/* Makes a result of method vbr of the verdict, with notes; header.md and
 * header.mv only if a certifier was queried (RFC 6212 4). Lists in its words
 * are cut at LIMIT_SHOWN_LIST octets, with the number of items left out. */
void vbr_check_result(const struct vbr_check *check, struct result *r);

/* Queries a certifier: domain, type and certifier of q are set, the domain is
 * treated as authenticated. */
void vbr_query_answer(struct vbr_query *q, struct dns *dns, struct arena *a);

/* Makes a result of method vbr of one query that was made. */
void
vbr_query_result(const struct vbr_query *q, struct arena *a, struct result *r);

/* Adds lines for --verbose to the result: the fields, the domains and the
 * queries. */
void vbr_verbose(const struct vbr_check *check, const struct vbr_domain *domain,
    size_t n, struct result *r);

/* Adds the line of one query. */
void
vbr_verbose_query(const struct vbr_query *q, struct arena *a, struct result *r);

#endif
