/*
 * key: RSA and Ed25519 keys. Private keys and passwords do not leave this
 * module, and are wiped. The module and its caller decide which keys are
 * acceptable (size, exponent, point). An algorithm that GnuTLS refuses because
 * of the configuration of the system, or in FIPS mode, is reported as such,
 * never as an invalid signature.
 */
/* SPDX-License-Identifier: ISC */
#ifndef KEY_H
#define KEY_H

#include "base/arena.h"
#include "base/digest.h"

enum key_type {
	KEY_RSA,
	KEY_ED25519,
};

/* Returns "rsa" or "ed25519", as in a= and k= (RFC 6376 3.3, RFC 8463 3). */
const char *key_type_name(enum key_type type);

enum key_status {
	KEY_OK,
	KEY_SYNTAX,    /* not a key of that type in a known form */
	KEY_TOO_LARGE, /* over LIMIT_RSA_BITS_MAX */
	KEY_EXPONENT,  /* even, under 3, or over LIMIT_RSA_EXPONENT_BITS */
	KEY_WEAK,      /* an Ed25519 point of small order: easy to forge */
	KEY_FORBIDDEN, /* GnuTLS is configured not to accept this type */
};

struct key_public;

/*
 * Parses the decoded value of p=: for RSA a SubjectPublicKeyInfo (RFC 5280) or
 * a bare RSAPublicKey (RFC 8017 A.1.1), for Ed25519 32 octets (RFC 8463 4).
 * *out is NULL unless KEY_OK.
 */
enum key_status key_public_parse(
    enum key_type type, struct span octets, struct key_public **out);
void key_public_free(struct key_public *k); /* NULL is accepted */

/*
 * Public keys that were parsed: up to LIMIT_KEY_RING are kept for the next
 * signatures by the same key, as parsing one takes a fifth of the time of a
 * verification. Returns as key_public_parse() does, but the key remains the
 * ring's, and is valid until the next call.
 */
struct key_ring;
struct key_ring *key_ring_new(void);
void key_ring_free(struct key_ring *r); /* NULL is accepted */
enum key_status key_ring_parse(struct key_ring *r, enum key_type type,
    struct span octets, const struct key_public **out);

/* Returns the size of the modulus in bits; 256 for Ed25519. */
unsigned key_public_bits(const struct key_public *k);

enum key_type key_public_type(const struct key_public *k);

/* Returns the octets of p=, as key_public_parse() takes them: of RSA always a
 * SubjectPublicKeyInfo. */
struct span key_public_octets(const struct key_public *k, struct arena *a);

/* Returns "SHA256:" and the hash value of the SubjectPublicKeyInfo (RFC 5280
 * 4.1; of Ed25519: RFC 8410 4), in base64 without padding. */
struct span key_public_fingerprint(const struct key_public *k, struct arena *a);

enum key_fit {
	KEY_FITS,
	KEY_DIFFERS, /* the signature is invalid, or is not one at all */
	/* GnuTLS is configured not to accept this algorithm: the signature was
	 * not verified, or is valid but not accepted. */
	KEY_REFUSED,
};

/*
 * Verifies a signature of a hash value. RSA: PKCS#1 v1.5 (RFC 8017 8.2.2);
 * Ed25519: the hash value is the message that is signed (RFC 8463 3), SHA-256
 * only. SHA-1 signatures are verified like others; the caller decides about
 * them. No octets of a signature can cause KEY_REFUSED.
 */
enum key_fit key_verify(const struct key_public *k, enum digest_hash hash,
    struct span value, struct span signature);

/*
 * Recovers the hash value from an RSA signature (RFC 8017 8.2.2 with the
 * encoding of 9.2): the digest that the signer has made. False, if the
 * signature is not one by this key with this hash, or the key is not RSA.
 */
bool key_recover(const struct key_public *k, enum digest_hash hash,
    struct span signature, struct arena *a, struct span *value);

/* Does GnuTLS accept signatures of this type over SHA-256 values? */
bool key_allowed(enum key_type type);

/* Is this GnuTLS error due to its configuration, and not to its input? */
bool key_is_refusal(int error);

struct key_private;

struct key_source {
	const char *location; /* a PEM file, or a "pkcs11:" URL (RFC 7512) */
	/* Its first line is the password of an encrypted PEM
	 * file, or the PIN; NULL: neither. */
	const char *password_file;
	bool strict; /* refuse files that others can read */
};

/* Which of the files, or named pipes, group or others can read. */
struct key_exposure {
	bool key, password;
};

#define KEY_READABLE "key-readable: group or others can read this private key"
#define KEY_PASSWORD_READABLE \
	"password-readable: group or others can read this password file"

/* The words of an error: the location has an encrypted key. */
#define KEY_ENCRYPTED "the key is encrypted: --password-file is needed"

struct key_error {
	int status;        /* of sysexits: EX_NOINPUT, EX_NOPERM, ... */
	const char *file;  /* the location, or the password file */
	const char *words; /* static storage */
};

/*
 * Loads a private key. A file has PKCS#1 or PKCS#8 in PEM, possibly encrypted,
 * or the raw Ed25519 key that dknewkey and rspamd write: one line of base64, of
 * 32 octets (RFC 8032 5.1.5), or of 64, the second half of which is the public
 * key. NULL on failure, described in *error; for forms that are not read, it
 * names the command that converts them.
 */
struct key_private *key_load(const struct key_source *source,
    struct key_exposure *exposed, struct key_error *error);
void key_private_free(struct key_private *k); /* NULL is accepted */

/* What a file or a token has. */
enum key_content {
	KEY_CONTENT_OTHER, /* nothing that looks like a key */
	KEY_CONTENT_PUBLIC,
	KEY_CONTENT_PRIVATE,
};

struct key_found {
	enum key_content content;
	struct key_exposure exposed; /* of a private key */
	/* Unless it is a key: the first octets of the file, at most
	 * LIMIT_KEY_FILE, in the arena. */
	struct span text;
};

/*
 * Loads the public key of a location that has it, or its private key: what
 * key_load() reads, or "BEGIN PUBLIC KEY" and "BEGIN RSA PUBLIC KEY". "-" is
 * stdin. NULL on failure, described in *error.
 */
struct key_public *key_load_public(const struct key_source *source,
    struct arena *a, struct key_found *found, struct key_error *error);

/* Makes a private key: RSA of so many bits, or Ed25519. NULL on failure. */
struct key_private *
key_generate(enum key_type type, unsigned bits, struct key_error *error);

/*
 * Writes a private key to a descriptor: PKCS#8 in PEM, encrypted (PBES2,
 * AES-256) if to->password_file is given. to->location names the descriptor in
 * *error. False on failure; then a part of it may be written.
 */
bool key_write(const struct key_private *k, int fd, const struct key_source *to,
    struct key_exposure *exposed, struct key_error *error);

enum key_type key_private_type(const struct key_private *k);
unsigned key_private_bits(const struct key_private *k);

/* Returns the public half of a key. NULL: the token does not give it out. */
struct key_public *key_private_public(const struct key_private *k);

/* Do the two keys belong together? */
bool key_private_matches(
    const struct key_private *k, const struct key_public *public);

/* Signs a SHA-256 value such that key_verify() accepts it.
 * Absent if GnuTLS or the token fails. */
struct span
key_sign(const struct key_private *k, struct span value, struct arena *a);

#endif
