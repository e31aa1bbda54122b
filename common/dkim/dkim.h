/*
 * dkim: DKIM signatures (RFC 6376, 8301, 8463, 8616): read, verified, made.
 *	dkim.c		reasons, names, the header hash that both sides share
 *	dkim_signature.c	a DKIM-Signature field to a checked struct
 *	dkim_key.c	a key record to a checked struct
 *	dkim_verify.c	a message and the DNS to results
 *	dkim_notes.c	what is told beside a result
 *	dkim_verbose.c	what was used, for people
 *	dkim_fields.c	which fields are signed: profiles, lists
 *	dkim_sign.c	a message and keys to DKIM-Signature fields
 */
#ifndef DKIM_H
#define DKIM_H

#include "dkim/canon.h"
#include "base/digest.h"
#include "dns/dns.h"
#include "dkim/key.h"
#include "mail/message.h"
#include "mail/result.h"
#include "base/taglist.h"

/*
 * Every reason of a result: name, identifier, result (RFC 8601 2.7.1), words.
 * Identifiers never change meaning; man/dkim-verify.1 has the same table.
 */
#define DKIM_REASONS(X)                                                       \
	X(OK, NULL, PASS, "")                                                 \
	X(NONE, "no-signature", NONE, "the message has no DKIM signature")    \
	X(BODY_HASH, "body-hash", FAIL, "the body was changed after signing") \
	X(SIGNATURE, "signature", FAIL,                                       \
	    "the signed header fields were "                                  \
	    "changed after signing, or another key made the signature")       \
	X(SHA1, "rsa-sha1", POLICY, "rsa-sha1 is too weak (RFC 8301)")        \
	X(FORBIDDEN, "algorithm-forbidden", POLICY,                           \
	    "this host's configuration of GnuTLS forbids the algorithm")      \
	X(KEY_SMALL, "key-too-small", POLICY,                                 \
	    "an RSA key under 1024 bits is too weak (RFC 8301)")              \
	X(BODY_UNSIGNED, "unsigned-body", POLICY,                             \
	    "the end of the body is not signed (l=)")                         \
	X(FROM_DUPLICATE, "duplicate-from", POLICY,                           \
	    "there is a From field that h= does not cover")                   \
	X(VERSION, "version", NEUTRAL, "the version (v=) is not 1")           \
	X(TAG_MISSING, "missing-tag", NEUTRAL, "a required tag is missing")   \
	X(TAG_DUPLICATE, "duplicate-tag", NEUTRAL, "a tag is there twice")    \
	X(TAG_SYNTAX, "tag-syntax", NEUTRAL,                                  \
	    "the signature field cannot be parsed")                           \
	X(TOO_MANY, "too-many-signatures", NEUTRAL,                           \
	    "not judged: other signatures stand above it")                    \
	X(DNS_LIMIT, "dns-limit", NEUTRAL, DNS_LIMIT_WORDS)                   \
	DNS_REASONS(X)                                                        \
	X(KEY_NONE, "no-key", PERMERROR, "no key is published there")         \
	X(NOT_A_KEY, "not-a-key", PERMERROR,                                  \
	    "what is published there is not a key record")                    \
	X(KEY_REVOKED, "key-revoked", PERMERROR, "the key was revoked (p=)")  \
	X(KEY_SYNTAX, "key-syntax", PERMERROR,                                \
	    "the key record cannot be parsed")                                \
	X(KEY_SEVERAL, "multiple-keys", PERMERROR,                            \
	    "there are several key records")                                  \
	X(KEY_SERVICE, "key-service", PERMERROR,                              \
	    "the key is not for e-mail (s=)")                                 \
	X(KEY_HASH, "key-hash", PERMERROR,                                    \
	    "the key does not allow this hash (h=)")                          \
	X(KEY_TYPE, "key-type", PERMERROR,                                    \
	    "the key is of another type than the signature (k=)")             \
	X(KEY_LARGE, "key-too-large", PERMERROR,                              \
	    "an RSA key over 8192 bits is not used")                          \
	X(KEY_EXPONENT, "key-exponent", PERMERROR,                            \
	    "an RSA exponent that is even, 1 or over 64 bits is not used")    \
	X(KEY_WEAK, "key-weak-point", PERMERROR,                              \
	    "the Ed25519 key fits any signature")                             \
	X(KEY_STRICT, "key-strict", PERMERROR,                                \
	    "the key (t=s) wants i= and d= to be the same domain")            \
	X(AUID, "auid-domain", PERMERROR,                                     \
	    "i= is neither in the domain d= nor below it")                    \
	X(EXPIRED, "expired", PERMERROR, "the signature has expired (x=)")    \
	X(EXPIRY_ORDER, "expires-before-signed", PERMERROR,                   \
	    "the signature expires (x=) before it was made (t=)")             \
	X(FUTURE, "future", PERMERROR,                                        \
	    "the signature was made in the future (t=)")                      \
	X(FROM_UNSIGNED, "from-unsigned", PERMERROR,                          \
	    "the From field is not signed (h=)")                              \
	X(ALGORITHM, "algorithm", PERMERROR,                                  \
	    "the algorithm (a=) is not known")                                \
	X(CANON, "canonicalization", PERMERROR,                               \
	    "the canonicalization (c=) is not known")                         \
	X(QUERY, "query-method", PERMERROR,                                   \
	    "no known way to get the key (q=)")                               \
	X(BODY_LENGTH, "body-length", PERMERROR,                              \
	    "the body is shorter than was signed (l=)")                       \
	X(TOO_LARGE, "signature-too-large", PERMERROR,                        \
	    "the signature field has too many octets, tags or names")

enum dkim_reason {
#define DKIM_REASON_ENUM(name, id, result, words) DKIM_##name,
	DKIM_REASONS(DKIM_REASON_ENUM)
};

extern const struct result_reason dkim_reasons[]; /* by reason */

/* Is it the reason "algorithm-forbidden": nobody here knows whether the
 * signature fits? What stands after a colon is not looked at. */
bool dkim_is_unchecked(struct span reason);

/* Notes: identifiers beside a result. */
#define DKIM_NOTE_TESTING   "key-testing"
#define DKIM_NOTE_DUPLICATE "unsigned-duplicate"
#define DKIM_NOTE_LEGACY    "legacy"
#define DKIM_NOTE_TOLERATED "tolerated-syntax"

/* A DKIM-Signature field (RFC 6376 3.5), checked. */
struct dkim_signature {
	const struct field *field;
	enum key_type type;    /* a= */
	enum digest_hash hash; /* a= */
	enum canon header, body;
	struct span algorithm;   /* a= as it stands; absent if there is none */
	struct span domain;      /* d=, normal form; absent if it is none */
	struct span selector;    /* s=, normal form; absent if it is none */
	struct span auid;        /* i=, decoded; absent if there is none */
	struct span auid_domain; /* normal form; d= without i= */
	struct span names;       /* h=, items separated by ":" */
	struct span body_hash;   /* bh=, decoded */
	struct span signature;   /* b=, decoded */
	struct span text;        /* b= without white space, for header.b */
	struct span blank; /* what of the field is b='s value: taken out */
	/* Not DKIM_OK: the tag in question, from its name on, and words about
	 * it; either may be absent. */
	struct span wrong, detail;
	struct span
	    irregular; /* words: what is not as the grammar has it; absent:
			      nothing */
	bool has_length, has_time, has_expiry;
	uint64_t length;      /* l=; UINT64_MAX for the whole body */
	int64_t time, expiry; /* t=, x= */
};

/*
 * Parses and checks a field without asking anything. DKIM_OK, or the reason
 * why it cannot be judged; what was found so far is filled in.
 */
enum dkim_reason dkim_signature_parse(
    const struct field *field, struct arena *a, struct dkim_signature *s);

/*
 * Splits an AUID, [local-part]@domain-name (RFC 6376 3.5, i=), decoded. False:
 * no "@", one more that no quotes hide, or a control octet. The domain is in
 * normal form, absent if it is no domain name.
 */
bool dkim_auid_parse(
    struct span text, struct arena *a, struct span *local, struct span *domain);

/* A key record (RFC 6376 3.6.1). Spans point into the record. */
struct dkim_key {
	struct span hashes;   /* h=, or absent: all */
	struct span services; /* s=, or absent: all */
	enum key_type type;   /* k= */
	struct span data;     /* p=, decoded; empty: revoked */
	struct span record;   /* all of it; absent: there is none */
	struct span p;        /* p= from its name on, or absent */
	struct span wrong, detail, irregular; /* as of a signature */
	bool is_testing;                      /* t=y */
	bool is_strict;                       /* t=s */
};

/* Parses one TXT record. DKIM_OK, _NOT_A_KEY, _KEY_SYNTAX, _KEY_TYPE or
 * _KEY_REVOKED. */
enum dkim_reason
dkim_key_parse(struct span record, struct arena *a, struct dkim_key *key);

/*
 * The key of a selector: the only record at SELECTOR._domainkey.DOMAIN that is
 * a key. DKIM_OK, a DNS reason, _KEY_NONE, _KEY_SEVERAL, or of dkim_key_parse;
 * _NOT_A_KEY if there are records, and all are of another version.
 */
enum dkim_reason dkim_key_query(struct dns *dns, struct span selector,
    struct span domain, struct arena *a, struct dkim_key *key);

/* May the key be used for this signature (RFC 6376 6.1.2)? Looks at type, hash,
 * domain and auid_domain of the signature. DKIM_OK, _KEY_SERVICE, _HASH,
 * _TYPE or _STRICT. */
enum dkim_reason
dkim_key_allows(const struct dkim_key *key, const struct dkim_signature *s);

/* The name that is asked for a key (RFC 6376 3.6.2.1). */
struct span
dkim_key_name(struct span selector, struct span domain, struct arena *a);

/*
 * The octets that the signature covers (RFC 6376 3.7): the fields that names
 * (items separated by ":") select, bottom up for repeated names, then the
 * signature field itself as text without its last line end. self is left out
 * of the selection (NULL: none). used, if not NULL, has room for m->names
 * counts: how many fields of each name_id were covered.
 */
void dkim_put_header(const struct message *m, enum canon c, struct span names,
    const struct field *self, struct span text, struct sink *to,
    uint32_t *used);

/* Decodes dkim-quoted-printable (RFC 6376 2.11): FWS is dropped. False: not
 * valid. */
bool dkim_qp_decode(struct span text, struct arena *a, struct span *out);

/* Encodes so; "|" and more, too, if copied (z=, RFC 6376 3.5). */
struct span dkim_qp_encode(struct span text, bool copied, struct arena *a);

/* Verifying. */

struct dkim_policy {
	size_t max_signatures;
	bool allow_body_length; /* l= may leave octets unsigned */
	bool honor_testing;     /* t=y makes a pass neutral */
	bool legacy;            /* as before RFC 8301 */
	bool verbose;           /* fill result.explain */
	int64_t now;
};

struct dkim_verifier;

/* Parses the signatures, starts the questions for their keys, and prepares
 * the hashes of the body. All lives in the message's arena. */
struct dkim_verifier *dkim_verify_begin(
    const struct message *m, struct dns *dns, const struct dkim_policy *policy);

/* The sinks that the body must flow into, and how many. */
size_t
dkim_verify_sinks(const struct dkim_verifier *v, struct sink *const **sinks);

/* Judges, after the body has flowed: a result each, top to bottom, the last of
 * LIMIT_AUTHRES_RESULTS for all that are left; one result "none" if there is no
 * signature. */
size_t dkim_verify_end(struct dkim_verifier *v, const struct result **results);

/* Is a field there more often than it was covered (dkim_put_header())? */
bool dkim_is_uncovered(
    const struct message *m, const uint32_t *used, struct span name);

/* Adds the note about fields of which readers show one, and that are there
 * more often than they were covered. */
void dkim_note_duplicates(
    const struct message *m, const uint32_t *used, struct result *r);

/* Which tag of the signature or of the key record the reason is about: into the
 * words, and where it is, into result.place. */
void dkim_note_detail(const struct message *m, const struct dkim_signature *s,
    const struct dkim_key *key, struct result *r);

/* Adds the notes about what is not as the grammar has it. */
void dkim_note_tolerated(const struct dkim_signature *s,
    const struct dkim_key *key, struct result *r);

/* Fills result.explain: what was used, line by line; nothing for a signature
 * that was not judged (body is NULL). */
void dkim_verbose(const struct message *m, const struct dkim_signature *s,
    const struct digest *body, struct result *r);

/* For debugging, before the body flows: the index-th (1 is topmost) signature
 * as parsed, or NULL if it is not there, cannot be parsed or is over the
 * cap. */
const struct dkim_signature *
dkim_verify_signature(const struct dkim_verifier *v, size_t index);

/* The octets hashed for that signature: its canonical body up to l= into a
 * sink, by a sink that the body must flow into. */
struct sink *dkim_canonical_body(
    const struct dkim_signature *s, struct sink *to, struct arena *a);
/* Its header part, at once. */
void dkim_canonical_header(const struct message *m,
    const struct dkim_signature *s, struct sink *to, struct arena *a);

/* Signing. */

struct dkim_names {
	struct span *names;
	size_t nnames;
};

/* Which fields are signed. */
struct dkim_fields {
	struct dkim_names sign;     /* every field of these names */
	struct dkim_names oversign; /* and one more than there are */
};

/* "default", "list", "bulk". False: no such profile. */
bool dkim_profile(struct span name, struct arena *a, struct dkim_fields *f);

/* Applies a list, names separated by ":" or ",": it replaces names, or adds
 * ("+name") and takes away ("-name"). False: mixed, or a name that is none. */
bool
dkim_names_apply(struct dkim_names *names, struct span list, struct arena *a);

/* Takes from the names to be oversigned those that are not to be signed. */
void dkim_fields_trim(struct dkim_fields *f);

/* Is this field never signed, even if named (Received, Bcc, ...)? */
bool dkim_never_signed(struct span name);

/* The h= list of a message: all fields of the names to be signed, once each,
 * and once more for those oversigned (RFC 6376 5.4, 8.15). Absent: over
 * LIMIT_SIGNED_FIELDS. */
struct span dkim_fields_list(
    const struct dkim_fields *f, const struct message *m, struct arena *a);

/* Does the message have the pair that RFC 8058 3.1 asks for: one
 * List-Unsubscribe with an HTTPS URI, one List-Unsubscribe-Post? */
bool dkim_has_one_click(const struct message *m);

struct dkim_signing {
	struct span domain, selector; /* normal forms */
	struct key_private *key;
};

struct dkim_sign_options {
	enum canon header, body;
	struct span names;       /* h=, as dkim_fields_list() makes it */
	struct span auid;        /* i=, or absent */
	struct span auid_domain; /* its domain, normal form; or absent */
	bool has_time;
	int64_t time;   /* t= if has_time */
	int64_t expiry; /* x=, or 0 for none */
	bool copied;    /* z= */
};

/* The sink that the body must flow into for signing. */
struct digest *
dkim_sign_body(enum canon body, struct arena *a, struct sink **sink);

/* One DKIM-Signature field, whole, folded, in the line ends of the message.
 * Absent: the key cannot sign, or the library does not hash. */
struct span dkim_sign(const struct message *m, const struct dkim_signing *who,
    const struct dkim_sign_options *options, struct span body_hash);

#endif
