/*
 * key_internal: what the files of the key module share. For the files of key
 * alone.
 *	key.c		public keys, and signatures verified with them
 *	key_public.c	public keys as octets and fingerprints
 *	key_ring.c	public keys kept for the next signatures
 *	key_recover.c	the hash value that an RSA signature was made of
 *	key_private.c	private keys: to make, to sign with, to release
 *	key_load.c	where keys come from: files, tokens, passwords
 *	key_file.c	the text of a key file, in the forms of many programs
 *	key_write.c	private keys to files
 *	key_error.c	why one could not be read or written
 */
/* SPDX-License-Identifier: ISC */
#ifndef KEY_INTERNAL_H
#define KEY_INTERNAL_H

#include "dkim/key.h"

#include <gnutls/abstract.h>

#include "base/crypto.h"
#include "base/limit.h"

struct key_public {
	gnutls_pubkey_t handle;
	enum key_type type;
	unsigned bits;
};

struct key_private {
	gnutls_privkey_t handle;
	enum key_type type;
	unsigned bits;
};

#define KEY_ED25519_OCTETS 32

/* The state of one call that reads or writes a key. key_loading_end() wipes the
 * password. */
struct key_loading {
	const struct key_source *source;
	struct key_error *error;
	struct key_exposure *exposed;
	char password[LIMIT_PASSWORD + 1];
	bool has_password;
};

void key_loading_end(struct key_loading *l);

/* Returns a text as GnuTLS takes it. */
gnutls_datum_t key_datum(struct span s);

/* Sets *l->error, about the location. Always returns false. */
bool key_fail(struct key_loading *l, int status, const char *words);

#define KEY_FORBIDDEN_WORDS                                              \
	"algorithm-forbidden: the configuration of GnuTLS on this host " \
	"forbids keys of this type, or signatures with them"

/* Reads the password file, if there is one. */
bool key_read_password(struct key_loading *l);

/* Returns a private key without a handle's contents, or NULL with an error. */
struct key_private *key_private_new(struct key_loading *l);

/* Sets the type and size of a private key whose handle is loaded. */
bool key_private_check(struct key_private *k, struct key_loading *l);

/* Makes a public key of a handle, which stays the caller's. NULL: an error. */
struct key_public *key_public_of(gnutls_pubkey_t handle, struct key_loading *l);

/* What the text of a file has. */
struct key_reading {
	enum key_content content;
	struct key_private *private; /* whose handle is to be loaded */
	struct key_public *public;   /* of KEY_CONTENT_PUBLIC */
};

/* Recognizes the text of a file, and loads the key from it. False: it is not a
 * key that can be read, and the error says why. */
bool
key_file_read(struct key_reading *t, struct key_loading *l, struct span text);

#endif
