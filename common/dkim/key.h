/*
 * key: RSA and Ed25519 keys. Secrets stay in this module and are wiped. What
 * is allowed (sizes, exponents, points) is decided here and by the caller; an
 * algorithm that the configuration of the library for the whole system forbids
 * (or FIPS mode) is a finding of its own, and never "does not fit".
 */
#ifndef KEY_H
#define KEY_H

#include "base/arena.h"
#include "base/digest.h"

enum key_type {
	KEY_RSA,
	KEY_ED25519,
};

/* "rsa", "ed25519": as in a= and k= (RFC 6376 3.3, RFC 8463 3). */
const char *key_type_name(enum key_type type);

enum key_status {
	KEY_OK,
	KEY_SYNTAX,    /* not a key of that type in any known form */
	KEY_TOO_LARGE, /* over LIMIT_RSA_BITS_MAX */
	KEY_EXPONENT,  /* even, under 3 or over LIMIT_RSA_EXPONENT_BITS */
	KEY_WEAK,      /* an Ed25519 point of small order: fits any signature */
	KEY_FORBIDDEN, /* the library is configured not to take this type */
};

struct key_public;

/*
 * The key in a p= value, decoded: for RSA SubjectPublicKeyInfo (RFC 5280) or
 * RSAPublicKey alone (RFC 8017 A.1.1), for Ed25519 32 octets (RFC 8463 4).
 */
enum key_status key_public_parse(
    enum key_type type, struct span octets, struct key_public **out);
void key_public_free(struct key_public *k); /* NULL is accepted */

/* Size of the modulus in bits; 256 for Ed25519. */
unsigned key_public_bits(const struct key_public *k);

enum key_fit {
	KEY_FITS,
	KEY_DIFFERS, /* also all that is no signature */
	KEY_REFUSED, /* the library is configured not to take this algorithm: it
			was not checked, or fits and does not count */
};

/*
 * Does the signature fit the hash value? RSA: PKCS#1 v1.5 (RFC 8017 8.2.2);
 * Ed25519: over the hash value as message (RFC 8463 3), SHA-256 only. Whether
 * SHA-1 counts is for the caller alone. What the octets of the signature are
 * never makes it KEY_REFUSED.
 */
enum key_fit key_verify(const struct key_public *k, enum digest_hash hash,
    struct span value, struct span signature);

/* Does the library take signatures of this type, over SHA-256 values? */
bool key_allowed(enum key_type type);

/* Is this error of the library one of its configuration, not of its input? */
bool key_is_refusal(int error);

struct key_private;

struct key_source {
	const char *location; /* a PEM file, or a "pkcs11:" URL (RFC 7512) */
	const char *password_file; /* its first line is the password of an
				      encrypted PEM, or the PIN; or NULL */
	bool strict;               /* refuse a file that others can read */
};

/* What group or others can read: a file, or a pipe with a name. */
struct key_exposure {
	bool key, password;
};

#define KEY_READABLE "key-readable: group or others can read this private key"
#define KEY_PASSWORD_READABLE \
	"password-readable: group or others can read this password file"

struct key_error {
	int status;        /* of sysexits: EX_NOINPUT, EX_NOPERM, ... */
	const char *file;  /* the location, or the password file */
	const char *words; /* static storage */
};

/*
 * Loads a private key: PKCS#1, PKCS#8, also encrypted, or in a token.
 * NULL: *error says why.
 */
struct key_private *key_load(const struct key_source *source,
    struct key_exposure *exposed, struct key_error *error);
void key_private_free(struct key_private *k); /* NULL is accepted */

enum key_type key_private_type(const struct key_private *k);
unsigned key_private_bits(const struct key_private *k);

/* Is this the public half of that key? */
bool key_private_matches(
    const struct key_private *k, const struct key_public *public);

/* Signs a SHA-256 value as key_verify() checks it. Absent: the library or the
 * token fails. */
struct span
key_sign(const struct key_private *k, struct span value, struct arena *a);

#endif
