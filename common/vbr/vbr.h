/*
 * vbr: Vouch By Reference (RFC 5518, 6212): the VBR-Info field, the question to
 * a certifier, and whether one vouches for a message.
 *	vbr.c		the field, a certifier and its answer
 *	vbr_check.c	a message and what is authenticated of it to a verdict
 *	vbr_result.c	the verdict in words
 *	vbr_verbose.c	what led to it, for people
 */
#ifndef VBR_H
#define VBR_H

#include "dns/dns.h"
#include "mail/message.h"
#include "mail/result.h"

/* What a certifier's answer means: name, identifier, result, words. */
#define VBR_ANSWERS(X)                                                 \
	X(OK, NULL, PASS, "")                                          \
	X(NOT_LISTED, "not-listed", FAIL,                              \
	    "the certifier does not know the domain")                  \
	X(NOT_TYPE, "not-this-type", FAIL,                             \
	    "the certifier vouches for other types of mail")           \
	X(BAD_RECORD, "bad-record", FAIL,                              \
	    "the certifier's record is no list of types")              \
	X(SEVERAL, "multiple-records", PERMERROR,                      \
	    "the certifier has several records for the domain")        \
	X(BAD_NAME, "name-too-long", PERMERROR,                        \
	    "the DNS has no names as long as the one to be asked for") \
	X(DNS_LIMIT, "dns-limit", PERMERROR, DNS_LIMIT_WORDS)          \
	DNS_REASONS(X)

/* Those, and what there is to say of an address that answers, and of a
 * message. */
#define VBR_REASONS(X)                                                       \
	VBR_ANSWERS(X)                                                       \
	X(OTHER_ADDRESS, "other-address", FAIL,                              \
	    "the certifier's address does not vouch")                        \
	X(ASKER_REFUSED, "query-refused", PERMERROR,                         \
	    "the certifier does not answer who asks this way")               \
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

extern const struct result_reason vbr_reasons[]; /* by reason */

/* Notes: identifiers beside a result. */
#define VBR_NOTE_UNSIGNED "vbr-info-unsigned"
#define VBR_NOTE_SYNTAX   "vbr-info-syntax"
#define VBR_NOTE_MORE     "too-many-vbr-info"

/* A VBR-Info field (RFC 5518 4). Types and names in lower case. */
struct vbr_info {
	struct span domain;      /* md=, normal form */
	struct span type;        /* mc= */
	struct span *certifiers; /* mv=, normal forms */
	size_t ncertifiers;
	struct span wrong; /* what keeps it from being parsed, for people: the
			      tag, or the tag and what it has */
};

/*
 * Reads a field's body: parts in any order and case, unknown ones skipped.
 * False: one of the three is missing or twice, md= or an item of mv= is no
 * domain name, mc= no word; mv= is over LIMIT_LINE octets, which no line has
 * (it must not be folded, RFC 5518 4); the body is over LIMIT_TAGLIST. Then
 * info->wrong says which.
 */
bool vbr_info_parse(struct span body, struct arena *a, struct vbr_info *info);

/* A whole field, folded, in line ends of eol. */
struct span
vbr_info_compose(const struct vbr_info *info, const char *eol, struct arena *a);

/* Is it a word that mc= may have: lower-case letters (RFC 5518 5, 6)? Is it
 * one of the three that are defined? */
bool vbr_is_type(struct span type);
bool vbr_is_defined_type(struct span type);

/* The name that is asked (RFC 5518 5). */
struct span
vbr_name(struct span domain, struct span certifier, struct arena *a);

/* Whom the operator trusts, and how he is asked. */
struct vbr_certifier {
	struct span host; /* normal form */
	bool by_address;  /* "HOST/a": by A instead of TXT records */
};

/* HOST, or HOST/a. False: neither. */
bool
vbr_certifier_parse(struct span text, struct arena *a, struct vbr_certifier *c);

/* What a certifier says. */
struct vbr_answer {
	enum vbr_reason reason;
	struct span detail; /* the record or the address that decided, or
			       absent */
	size_t lists;       /* records that are lists of types */
};

/*
 * Does the certifier vouch for this type of mail of the domain? By TXT: "all"
 * or the type is in its record (RFC 5518 5), so that only "all" vouches for
 * mail of type all, which may be any. By A, as Spamhaus DWL does: 127.0.2.0/24
 * vouches for all; 127.255.255.0/24 is an error of who asks, and wins over
 * others.
 */
struct vbr_answer vbr_query(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct span type, struct arena *a);

/* Starts that question ahead. */
void vbr_prefetch(struct dns *dns, struct span domain,
    const struct vbr_certifier *certifier, struct arena *a);

/* Checking a message. */

/* Whom to ask, and for what. Lives as long as the check. */
struct vbr_policy {
	const struct vbr_certifier *certifiers; /* by preference */
	size_t ncertifiers;
	bool ignore_mv;    /* ask all of them, whomever mv= names */
	bool without_info; /* without a valid field ask all of them for each
			      domain that is authenticated, for type all */
};

/* A domain of the message, and how it fared. Several may have one name. */
struct vbr_domain {
	struct span name;      /* normal form */
	enum result_code code; /* RESULT_PASS: it is authenticated here */
	bool is_signature;
	struct span signed_names; /* h= of it, or absent: not known */
};

/* A VBR-Info field of the message. */
struct vbr_field {
	bool is_valid;
	struct vbr_info info;
};

/* What a certifier is asked, and what came of it. */
struct vbr_question {
	struct span domain, type;
	const struct vbr_certifier *certifier;
	size_t below;     /* fields below the lowest one that asks this */
	bool is_asked;    /* the domain is authenticated, or may be later */
	bool is_unsigned; /* a passing signature of the domain is there, and
			     none covers the field, or may (RFC 6376 5.4.2) */
	/* VBR_NOT_AUTHENTICATED; VBR_AUTHENTICATION in the place of a pass of
	 * a domain that may be authenticated later; else the answer's. */
	enum vbr_reason reason;
	struct vbr_answer answer; /* if it is asked */
};

struct vbr_check {
	const struct vbr_policy *policy;
	struct dns *dns;
	struct arena *arena;
	struct vbr_field *fields; /* top to bottom, LIMIT_VBR_INFO at most */
	size_t nfields;
	size_t total; /* VBR-Info fields that the message has */
	struct vbr_question *questions; /* by preference of the certifier */
	size_t nquestions;
	size_t evaluated; /* of them: those behind the first pass are not */
	enum vbr_reason reason;
	const struct vbr_question *decisive; /* whose reason it is, or NULL */
};

/*
 * Begins: the header is known. check->reason is VBR_OK if the result depends on
 * what is authenticated, and else is the reason already: then nothing needs to
 * be authenticated, and what follows does nothing.
 */
void vbr_check_begin(struct vbr_check *check, const struct message *m,
    const struct vbr_policy *policy, struct dns *dns);

/* Starts the questions that must be asked if these domains turn out to be
 * authenticated. */
void vbr_check_prefetch(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n);

/*
 * Judges. A domain passes if one of its name does; if none does, but one has a
 * temperror, certifiers are asked all the same: one that vouches is then a
 * temperror, what others say counts as it is. The first pass by preference
 * decides, else the first temperror, fail, permerror, none. Answers are waited
 * for in that order.
 */
void vbr_check_end(
    struct vbr_check *check, const struct vbr_domain *domain, size_t n);

/* How many of its fields can be parsed. */
size_t vbr_check_valid(const struct vbr_check *check);

/* The verdict as a result of method vbr with its notes; header.md and header.mv
 * only if a certifier was asked (RFC 6212 4). Lists in its words are cut at
 * LIMIT_SHOWN_LIST, and it is said how many more there are. */
void vbr_check_result(const struct vbr_check *check, struct result *r);

/* Asks one question whose domain, type and certifier are there, of a domain
 * that counts as authenticated; and its answer as a result. */
void vbr_question_ask(struct vbr_question *q, struct dns *dns, struct arena *a);
void vbr_question_result(
    const struct vbr_question *q, struct arena *a, struct result *r);

/* Adds to result.explain what was read, authenticated and asked, for people. */
void vbr_verbose(const struct vbr_check *check, const struct vbr_domain *domain,
    size_t n, struct result *r);
void vbr_verbose_question(
    const struct vbr_question *q, struct arena *a, struct result *r);

#endif
