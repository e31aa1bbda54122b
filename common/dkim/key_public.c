/* key_public: public keys as octets and fingerprints. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <gnutls/crypto.h>
#include <sysexits.h>

#include "base/base64.h"

enum key_type
key_public_type(const struct key_public *k)
{
	return k->type;
}

/* The SubjectPublicKeyInfo, allocated by GnuTLS; its data is NULL if memory has
 * run out. */
static gnutls_datum_t
info_of(gnutls_pubkey_t handle)
{
	gnutls_datum_t der = {NULL, 0};

	arena_probe();
	if (gnutls_pubkey_export2(handle, GNUTLS_X509_FMT_DER, &der) < 0)
		der = (gnutls_datum_t){NULL, 0};
	return der;
}

/* Returns the octets of p= within the SubjectPublicKeyInfo: those of Ed25519
 * are its end (RFC 8410 4). */
static struct span
octets_of(enum key_type type, gnutls_datum_t der)
{
	struct span info = {(const char *)der.data, der.size};

	return type == KEY_RSA || info.len < KEY_ED25519_OCTETS
	    ? info
	    : span_from(info, info.len - KEY_ED25519_OCTETS);
}

struct span
key_public_octets(const struct key_public *k, struct arena *a)
{
	gnutls_datum_t der = info_of(k->handle);
	struct span octets;

	if (!der.data)
		arena_exhausted();
	octets = arena_span(a, octets_of(k->type, der));
	gnutls_free(der.data);
	return octets;
}

struct span
key_public_fingerprint(const struct key_public *k, struct arena *a)
{
	gnutls_datum_t der = info_of(k->handle);
	char value[DIGEST_MAX];
	struct span text;
	int rc;

	if (!der.data)
		arena_exhausted();
	rc = gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, value);
	gnutls_free(der.data);
	if (rc < 0)
		return SPAN_NONE;
	text = base64_encode((struct span){value, sizeof(value)}, a);
	return ARENA_JOIN(
	    a, SPAN("SHA256:"), span_upto(text, span_find(text, '=')));
}

static const char *const status_words[] = {
    [KEY_SYNTAX] = "not a public key that can be parsed",
    [KEY_TOO_LARGE] = "key-too-large: an RSA key over 8192 bits",
    [KEY_EXPONENT] =
	"key-exponent: an RSA exponent that is even, 1 or over 64 bits",
    [KEY_WEAK] =
	"key-weak-point: anyone can forge signatures for this Ed25519 key",
    [KEY_FORBIDDEN] = (KEY_FORBIDDEN_WORDS),
};

struct key_public *
key_public_of(gnutls_pubkey_t handle, struct key_loading *l)
{
	int pk = gnutls_pubkey_get_pk_algorithm(handle, NULL);
	enum key_type type = pk == GNUTLS_PK_RSA ? KEY_RSA : KEY_ED25519;
	enum key_status status = KEY_SYNTAX;
	struct key_public *k = NULL;
	gnutls_datum_t der;

	if (pk != GNUTLS_PK_RSA && pk != GNUTLS_PK_EDDSA_ED25519) {
		key_fail(l, EX_CONFIG, "neither an RSA nor an Ed25519 key");
		return NULL;
	}
	der = info_of(handle);
	if (der.data)
		status = key_public_parse(type, octets_of(type, der), &k);
	gnutls_free(der.data);
	if (!k)
		key_fail(l, EX_CONFIG, status_words[status]);
	return k;
}
