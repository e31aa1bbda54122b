/*
 * dkim: DKIM signatures, to verify and to make (RFC 6376, 8301, 8463, 8616).
 *	dkim.c		reasons, what verifying and signing share
 *	dkim_signature.c	a DKIM-Signature field to a checked struct
 *	dkim_key.c	a key record to a checked struct
 *	dkim_verify.c	a message and the DNS to results
 *	dkim_canonical.c	the octets of a body that were hashed
 *	dkim_notes.c	what is noted beside the reason of a result
 *	dkim_verbose.c	what the verification used, for --verbose
 *	dkim_fields.c	which fields are signed: profiles, lists
 *	dkim_sign.c	a message and a key to a DKIM-Signature field
 */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_H
#define DKIM_H

#include "dkim/canon.h"
#include "base/digest.h"
#include "dns/dns.h"
#include "dkim/key.h"
#include "mail/message.h"
#include "mail/result.h"
#include "base/taglist.h"

/* The reasons: name, identifier, result (RFC 8601 2.7.1), words. Identifiers
 * never change their meaning; man/dkim-verify.1 has the same table. */
#define DKIM_REASONS(X)                                                        \
	X(OK, NULL, PASS, "")                                                  \
	X(NONE, "no-signature", NONE, "the message has no DKIM signature")     \
	X(BODY_HASH, "body-hash", FAIL, "the body was changed after signing")  \
	X(SIGNATURE, "signature", FAIL,                                        \
	    "the signed header fields were "                                   \
	    "changed after signing, or another key made the signature")        \
	X(SHA1, "rsa-sha1", POLICY, "rsa-sha1 is too weak (RFC 8301)")         \
	X(FORBIDDEN, "algorithm-forbidden", POLICY,                            \
	    "this host's configuration of GnuTLS forbids the algorithm")       \
	X(KEY_SMALL, "key-too-small", POLICY,                                  \
	    "an RSA key under 1024 bits is too weak (RFC 8301)")               \
	X(BODY_UNSIGNED, "unsigned-body", POLICY,                              \
	    "the end of the body is not signed (l=)")                          \
	X(FROM_DUPLICATE, "duplicate-from", POLICY,                            \
	    "there is a From field that h= does not cover")                    \
	X(VERSION, "version", NEUTRAL, "the version (v=) is not 1")            \
	X(TAG_MISSING, "missing-tag", NEUTRAL, "a required tag is missing")    \
	X(TAG_DUPLICATE, "duplicate-tag", NEUTRAL, "a tag occurs twice")       \
	X(TAG_SYNTAX, "tag-syntax", NEUTRAL,                                   \
	    "the signature field cannot be parsed")                            \
	X(TOO_MANY, "too-many-signatures", NEUTRAL,                            \
	    "not checked: too many signatures above it")                       \
	X(DNS_LIMIT, "dns-limit", NEUTRAL, DNS_LIMIT_WORDS)                    \
	DNS_REASONS(X)                                                         \
	X(KEY_NONE, "no-key", PERMERROR, "no key is published")                \
	X(NOT_A_KEY, "not-a-key", PERMERROR,                                   \
	    "the published TXT record is not a key record")                    \
	X(KEY_REVOKED, "key-revoked", PERMERROR, "the key was revoked (p=)")   \
	X(KEY_SYNTAX, "key-syntax", PERMERROR,                                 \
	    "the key record cannot be parsed")                                 \
	X(KEY_SEVERAL, "multiple-keys", PERMERROR,                             \
	    "the selector has several key records")                            \
	X(KEY_SERVICE, "key-service", PERMERROR,                               \
	    "the key is not for e-mail (s=)")                                  \
	X(KEY_HASH, "key-hash", PERMERROR,                                     \
	    "the key does not allow this hash (h=)")                           \
	X(KEY_TYPE, "key-type", PERMERROR,                                     \
	    "the key type (k=) does not match the signature")                  \
	X(KEY_LARGE, "key-too-large", PERMERROR,                               \
	    "an RSA key over 8192 bits is not accepted")                       \
	X(KEY_EXPONENT, "key-exponent", PERMERROR,                             \
	    "an RSA exponent that is even, 1 or over 64 bits is not accepted") \
	X(KEY_WEAK, "key-weak-point", PERMERROR,                               \
	    "anyone can forge signatures for this Ed25519 key")                \
	X(KEY_STRICT, "key-strict", PERMERROR,                                 \
	    "the key (t=s) requires i= and d= to be the same domain")          \
	X(AUID, "auid-domain", PERMERROR,                                      \
	    "the domain of i= is neither d= nor a subdomain of it")            \
	X(EXPIRED, "expired", PERMERROR, "the signature has expired (x=)")     \
	X(EXPIRY_ORDER, "expires-before-signed", PERMERROR,                    \
	    "the signature expires (x=) before it was made (t=)")              \
	X(FUTURE, "future", PERMERROR,                                         \
	    "the signing time (t=) is in the future")                          \
	X(FROM_UNSIGNED, "from-unsigned", PERMERROR,                           \
	    "the From field is not signed (h=)")                               \
	X(ALGORITHM, "algorithm", PERMERROR,                                   \
	    "the algorithm (a=) is not known")                                 \
	X(CANON, "canonicalization", PERMERROR,                                \
	    "the canonicalization (c=) is not known")                          \
	X(QUERY, "query-method", PERMERROR, "q= names no known query method")  \
	X(BODY_LENGTH, "body-length", PERMERROR,                               \
	    "the body is shorter than the signed length (l=)")                 \
	X(TOO_LARGE, "signature-too-large", PERMERROR,                         \
	    "the signature field has too many octets, tags or names")

enum dkim_reason {
#define DKIM_REASON_ENUM(name, id, result, words) DKIM_##name,
	DKIM_REASONS(DKIM_REASON_ENUM)
};

extern const struct result_reason dkim_reasons[]; /* indexed by reason */

/* Is the reason "algorithm-forbidden", so that this host cannot tell whether
 * the signature is valid? Words after a colon are ignored. */
bool dkim_is_unchecked(struct span reason);

/* Identifiers of notes beside the reason of a result. */
#define DKIM_NOTE_TESTING   "key-testing"
#define DKIM_NOTE_DUPLICATE "unsigned-duplicate"
#define DKIM_NOTE_LEGACY    "legacy"
#define DKIM_NOTE_TOLERATED "tolerated-syntax"

/* A checked DKIM-Signature field (RFC 6376 3.5). */
struct dkim_signature {
	const struct field *field;
	enum key_type type;    /* a= */
	enum digest_hash hash; /* a= */
	enum canon header, body;
	struct span algorithm;   /* a= as written, or absent */
	struct span domain;      /* d=, normal form; absent if invalid */
	struct span selector;    /* s=, normal form; absent if invalid */
	struct span auid;        /* i=, decoded, or absent */
	struct span auid_domain; /* its domain, normal form; d= without i= */
	struct span names;       /* h=, items separated by ":" */
	struct span body_hash;   /* bh=, decoded */
	struct span signature;   /* b=, decoded */
	struct span text;        /* b= without white space, for header.b */
	struct span blank;       /* the value of b= within the field */
	/* Unless DKIM_OK: the tag that the reason is about, from its name on,
	 * and words about it; either may be absent. */
	struct span wrong, detail;
	/* Words about syntax that is tolerated although the grammar does not
	 * allow it, or absent. */
	struct span irregular;
	bool has_length, has_time, has_expiry;
	uint64_t length;      /* l=; UINT64_MAX for the whole body */
	int64_t time, expiry; /* t=, x= */
};

/*
 * Parses and checks a field without DNS lookups. Returns DKIM_OK, or the reason
 * why the signature cannot be verified; the members that are known are set
 * then, too.
 */
enum dkim_reason dkim_signature_parse(
    const struct field *field, struct arena *a, struct dkim_signature *s);

/* Returns the signature field with the value of b= removed, as the signature
 * covers it (RFC 6376 3.7), with its line end. */
struct span
dkim_signature_text(const struct dkim_signature *s, struct arena *a);

/*
 * Splits a decoded AUID, [local-part]@domain-name (RFC 6376 3.5, i=). False if
 * it has no "@", another "@" outside quotes, or a control octet. The domain is
 * in normal form, or absent if it is not a valid domain name.
 */
bool dkim_auid_parse(
    struct span text, struct arena *a, struct span *local, struct span *domain);

/* A key record (RFC 6376 3.6.1). Spans point into the record, except data. */
struct dkim_key {
	struct span hashes;   /* h=, or absent: all */
	struct span services; /* s=, or absent: all */
	enum key_type type;   /* k= */
	struct span data;     /* p=, decoded; empty: revoked */
	struct span record;   /* the whole record, or absent */
	struct span p;        /* p= from its name on, or absent */
	struct span wrong, detail, irregular; /* as in struct dkim_signature */
	bool is_testing;                      /* t=y */
	bool is_strict;                       /* t=s */
};

/* Parses one TXT record. Returns DKIM_OK, _NOT_A_KEY,
 * _KEY_SYNTAX, _KEY_TYPE or _KEY_REVOKED. */
enum dkim_reason
dkim_key_parse(struct span record, struct arena *a, struct dkim_key *key);

/* Is the record of another version, so that it is not counted as a key? RFC
 * 6376 3.6.1: one that begins with a "v=" other than DKIM1 must be discarded;
 * such a record may appear beside a key. */
bool dkim_key_is_other(struct span record);

/*
 * Looks up the key of a selector: the only record at SELECTOR._domainkey.DOMAIN
 * that is a key. Returns DKIM_OK, a DNS reason, _DNS_LIMIT, _KEY_NONE,
 * _KEY_SEVERAL, or a reason of dkim_key_parse(); _NOT_A_KEY if there are
 * records, but all of another version.
 */
enum dkim_reason dkim_key_query(struct dns *dns, struct span selector,
    struct span domain, struct arena *a, struct dkim_key *key);

/* May the key be used for this signature (RFC 6376 6.1.2)? Only the type, hash,
 * domain and auid_domain of the signature matter. Returns DKIM_OK,
 * _KEY_SERVICE, _KEY_HASH, _KEY_TYPE or _KEY_STRICT. */
enum dkim_reason
dkim_key_allows(const struct dkim_key *key, const struct dkim_signature *s);

/* Imports the key of a record. Returns DKIM_OK, _KEY_SYNTAX, _KEY_LARGE,
 * _KEY_EXPONENT, _KEY_WEAK, _FORBIDDEN, or, of an RSA key under so many bits,
 * _KEY_SMALL. *out is NULL unless the reason is DKIM_OK or _KEY_SMALL; the
 * caller frees it. */
enum dkim_reason dkim_key_import(
    const struct dkim_key *key, unsigned least_bits, struct key_public **out);

/* Returns the DNS name of a key (RFC 6376 3.6.2.1). */
struct span
dkim_key_name(struct span selector, struct span domain, struct arena *a);

/*
 * Writes the octets that the signature covers (RFC 6376 3.7): the fields
 * selected by names (items separated by ":"), from the bottom up for repeated
 * names, then text, which is the signature field itself, without its final
 * CRLF. self is left out of the selection, unless NULL. used, unless NULL, has
 * room for m->nnames counts, which tell how many fields of each name_id were
 * covered.
 */
void dkim_put_header(const struct message *m, enum canon c, struct span names,
    const struct field *self, struct span text, struct sink *to,
    uint32_t *used);

/* Decodes dkim-quoted-printable (RFC 6376 2.11), without
 * its FWS. False: it is malformed. */
bool dkim_qp_decode(struct span text, struct arena *a, struct span *out);

/* Verifying. */

struct dkim_policy {
	size_t max_signatures;
	bool allow_body_length; /* octets after l= may be unsigned */
	bool honor_testing;     /* t=y makes a pass neutral */
	bool legacy;            /* accept what RFC 8301 forbids */
	bool verbose;           /* fill result.detail */
	int64_t now;
	/* Lives as long as the verifier; NULL: keys are kept for this message
	 * alone. */
	struct key_ring *keys;
};

struct dkim_verifier;

/* Parses the signatures, starts the lookups of their keys, and prepares the
 * hashes of the body. Everything lives in the message's arena. */
struct dkim_verifier *dkim_verify_begin(
    const struct message *m, struct dns *dns, const struct dkim_policy *policy);

/* Returns the number of sinks that the body must flow into, and the sinks. */
size_t
dkim_verify_sinks(const struct dkim_verifier *v, struct sink *const **sinks);

/* Verifies the signatures, once the body has flowed. Returns the number of
 * results: one for each signature, top to bottom, of which the last of
 * LIMIT_AUTHRES_RESULTS represents all that are left; one result "none" if
 * there is no signature. */
size_t dkim_verify_end(struct dkim_verifier *v, const struct result **results);

/* Does a field occur more than once, and more often
 * than dkim_put_header() covered it? */
bool dkim_is_uncovered(
    const struct message *m, const uint32_t *used, struct span name);

/* Returns the names of fields that mail readers show once, other than From, and
 * of which that is so: "Subject, To". */
struct span dkim_uncovered(const struct message *m, const uint32_t *used);

/* For debugging, before the body flows: returns the index-th signature (1 is
 * the topmost) as parsed; NULL if there is none, or it cannot be parsed, or is
 * over the limit of signatures. */
const struct dkim_signature *
dkim_verify_signature(const struct dkim_verifier *v, size_t index);

/* Returns how many signatures have a result of their own. */
size_t dkim_verify_count(const struct dkim_verifier *v);

/* What the verification of a signature has found out. Spans and pointers live
 * as long as the verifier. */
struct dkim_outcome {
	const struct dkim_signature *signature; /* NULL: it cannot be parsed */
	enum dkim_reason reason;
	const struct dkim_key *key; /* NULL: it is not published, or invalid */
	bool header_verified; /* the hash of the header was compared ... */
	bool header_intact;   /* ... and is the one that was signed */
	struct span body;     /* hash of the body as received, or absent */
};

/* Returns it for the index-th signature (1 is the topmost), after
 * dkim_verify_end(). There must be one: the index is at most
 * dkim_verify_count(). */
struct dkim_outcome
dkim_verify_outcome(const struct dkim_verifier *v, size_t index);

/* For the octets that were hashed: returns a sink that the body must flow into,
 * which writes the canonical body up to l= to another sink. */
struct sink *dkim_canonical_body(
    const struct dkim_signature *s, struct sink *to, struct arena *a);
/* Writes the canonical header, as it was hashed for this signature. */
void dkim_canonical_header(const struct message *m,
    const struct dkim_signature *s, struct sink *to, struct arena *a);

/* Signing. */

struct dkim_names {
	struct span *names;
	size_t nnames;
};

/* Which fields are signed. */
struct dkim_fields {
	struct dkim_names sign;     /* names of which every field is signed */
	struct dkim_names oversign; /* names that h= has once more than that */
};

/* Gets the profile "default", "list" or "bulk".
 * False: there is no such profile. */
bool dkim_profile(struct span name, struct arena *a, struct dkim_fields *f);

/* Applies a list of names separated by ":" or ",": it replaces the names, or if
 * each item begins with "+" or "-", adds or removes names. False: only some
 * items do, or a name is invalid. */
bool
dkim_names_apply(struct dkim_names *names, struct span list, struct arena *a);

/* Removes the names that are not signed from those that are oversigned. */
void dkim_fields_trim(struct dkim_fields *f);

/* Is a field of this name never signed, even if requested (Received, Bcc,
 * ...)? */
bool dkim_never_signed(struct span name);

/* Returns how often an h= list has a name. */
size_t dkim_times_named(struct span list, struct span name);

/* Returns the h= list of a message: each name to be signed as often as it
 * occurs, and once more if it is oversigned (RFC 6376 5.4, 8.15). Absent: over
 * LIMIT_SIGNED_FIELDS. */
struct span dkim_fields_list(
    const struct dkim_fields *f, const struct message *m, struct arena *a);

/* Does the message have the two fields that RFC 8058 3.1 requires: one
 * List-Unsubscribe with an HTTPS URI, one List-Unsubscribe-Post? */
bool dkim_has_one_click(const struct message *m);

struct dkim_signing {
	struct span domain, selector; /* normal forms */
	struct key_private *key;
};

struct dkim_sign_options {
	enum canon header, body;
	struct span names;       /* h=, as returned by dkim_fields_list() */
	struct span auid;        /* i=, or absent */
	struct span auid_domain; /* its domain, normal form; or absent */
	bool has_time;
	int64_t time;   /* t= if has_time */
	int64_t expiry; /* x=, or 0 for none */
	bool copied;    /* z= */
};

/* Returns the hash to be signed, and the sink that
 * the body must flow into for it. */
struct digest *
dkim_sign_body(enum canon body, struct arena *a, struct sink **sink);

/* Returns a whole DKIM-Signature field, folded, with the line ends of the
 * message. Absent: the key cannot sign, or GnuTLS refuses to hash. */
struct span
dkim_sign(const struct message *m, const struct dkim_signing *signing,
    const struct dkim_sign_options *options, struct span body_hash);

#endif
