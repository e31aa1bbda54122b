/* key_private: private keys: to make, to sign with, to release. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <string.h>
#include <sysexits.h>

struct key_private *
key_private_new(struct key_loading *l)
{
	struct key_private *k;

	if (!crypto_begin()) {
		key_fail(l, EX_CONFIG, KEY_FORBIDDEN_WORDS);
		return NULL;
	}
	k = gnutls_calloc(1, sizeof(*k));
	if (k && gnutls_privkey_init(&k->handle) == 0)
		return k;
	gnutls_free(k);
	key_fail(l, EX_TEMPFAIL, "out of memory");
	return NULL;
}

bool
key_private_check(struct key_private *k, struct key_loading *l)
{
	switch (gnutls_privkey_get_pk_algorithm(k->handle, &k->bits)) {
	case GNUTLS_PK_RSA:
		k->type = KEY_RSA;
		break;
	case GNUTLS_PK_EDDSA_ED25519:
		k->type = KEY_ED25519;
		break;
	default:
		return key_fail(
		    l, EX_CONFIG, "neither an RSA nor an Ed25519 key");
	}
	return key_allowed(k->type) ||
	    key_fail(l, EX_CONFIG, KEY_FORBIDDEN_WORDS);
}

static int
generate(struct key_private *k, enum key_type type, unsigned bits)
{
	return type == KEY_RSA
	    ? gnutls_privkey_generate(k->handle, GNUTLS_PK_RSA, bits, 0)
	    : gnutls_privkey_generate(k->handle, GNUTLS_PK_EDDSA_ED25519,
		  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519), 0);
}

struct key_private *
key_generate(enum key_type type, unsigned bits, struct key_error *error)
{
	const struct key_source nowhere = {"new key", NULL, false};
	struct key_loading l = {.source = &nowhere, .error = error};
	struct key_private *k = key_private_new(&l);
	int rc;

	if (!k)
		return NULL;
	rc = generate(k, type, bits);
	if (rc < 0)
		key_fail(&l, key_is_refusal(rc) ? EX_CONFIG : EX_SOFTWARE,
		    key_is_refusal(rc) ? KEY_FORBIDDEN_WORDS
				       : gnutls_strerror(rc));
	else if (key_private_check(k, &l))
		return k;
	key_private_free(k);
	return NULL;
}

struct key_public *
key_private_public(const struct key_private *k)
{
	const struct key_source nowhere = {"public half", NULL, false};
	struct key_error error;
	struct key_loading l = {.source = &nowhere, .error = &error};
	struct key_public *public = NULL;
	gnutls_pubkey_t handle;

	arena_probe();
	if (gnutls_pubkey_init(&handle) < 0)
		return NULL;
	if (gnutls_pubkey_import_privkey(handle, k->handle, 0, 0) >= 0)
	public = key_public_of(handle, &l);
	gnutls_pubkey_deinit(handle);
	return public;
}

void
key_private_free(struct key_private *k)
{
	if (!k)
		return;
	if (k->handle)
		gnutls_privkey_deinit(k->handle);
	gnutls_free(k);
}

enum key_type
key_private_type(const struct key_private *k)
{
	return k->type;
}

unsigned
key_private_bits(const struct key_private *k)
{
	return k->bits;
}

/* Verifies a test signature, which also works for keys in a token that does not
 * give out their public half. */
bool
key_private_matches(
    const struct key_private *k, const struct key_public *public)
{
	static const char value[DIGEST_MAX] = "vouch: is this the same key?";
	struct arena *a = arena_new();
	struct span signed_value = {value, sizeof(value)};
	struct span signature = key_sign(k, signed_value, a);
	bool matches = signature.p &&
	    key_verify(public, DIGEST_SHA256, signed_value, signature) ==
		KEY_FITS;

	arena_free(a);
	return matches;
}

struct span
key_sign(const struct key_private *k, struct span value, struct arena *a)
{
	char room[DIGEST_MAX];
	gnutls_datum_t data = {(unsigned char *)room, (unsigned)value.len};
	gnutls_datum_t sig = {NULL, 0};
	struct span signature;
	int rc;

	arena_probe();
	memcpy(room, value.p, value.len);
	if (k->type == KEY_ED25519)
		rc = gnutls_privkey_sign_data2(
		    k->handle, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &sig);
	else
		rc = gnutls_privkey_sign_hash2(
		    k->handle, GNUTLS_SIGN_RSA_SHA256, 0, &data, &sig);
	if (rc < 0)
		return SPAN_NONE;
	signature =
	    arena_span(a, (struct span){(const char *)sig.data, sig.size});
	gnutls_free(sig.data);
	return signature;
}
