/*
 * vbr: Vouch By Reference (RFC 5518): the VBR-Info field and the question to a
 * certifier.
 */
#ifndef VBR_H
#define VBR_H

#include "dns.h"
#include "message.h"
#include "result.h"

/* What a certifier's answer means: name, identifier, result, words. */
#define VBR_REASONS(X)                                          \
	X(OK, NULL, PASS, "")                                   \
	X(NOT_LISTED, "not-listed", FAIL,                       \
	    "the certifier does not know the domain")           \
	X(NOT_TYPE, "not-this-type", FAIL,                      \
	    "the certifier vouches for other types of mail")    \
	X(BAD_RECORD, "bad-record", FAIL,                       \
	    "the certifier's record is no list of types")       \
	X(SEVERAL, "several-records", PERMERROR,                \
	    "the certifier has several records for the domain") \
	DNS_REASONS(X)

enum vbr_reason {
#define VBR_REASON_ENUM(name, id, result, words) VBR_##name,
	VBR_REASONS(VBR_REASON_ENUM)
};

extern const struct result_reason vbr_reasons[]; /* by reason */

/* A VBR-Info field (RFC 5518 4). Types and names in lower case. */
struct vbr_info {
	struct span domain;     /* md=, normal form */
	struct span type;       /* mc= */
	struct span *certifier; /* mv=, normal forms */
	size_t certifiers;
};

/* Reads a field's body: parts in any order and case, unknown ones skipped.
 * False: a part is missing, twice, or no domain name. */
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

/* Does the certifier vouch for this type of mail of the domain: "all" or the
 * type is in its record (RFC 5518 5)? */
enum vbr_reason vbr_query(struct dns *dns, struct span domain,
    struct span certifier, struct span type, struct arena *a);

#endif
