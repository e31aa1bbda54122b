/* key: public keys, and signatures verified with them, through GnuTLS. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <gnutls/crypto.h>
#include <string.h>

#define ED25519_OCTETS    KEY_ED25519_OCTETS
#define ED25519_SIGNATURE 64
#define ED25519_BITS      256

const char *
key_type_name(enum key_type type)
{
	return type == KEY_RSA ? "rsa" : "ed25519";
}

/*
 * Errors that depend on the algorithm alone, because a configuration or FIPS
 * mode disables it. All other errors depend on the octets, which a sender can
 * choose.
 */
bool
key_is_refusal(int error)
{
	switch (error) {
	case GNUTLS_E_ECC_UNSUPPORTED_CURVE:
	case GNUTLS_E_INSUFFICIENT_SECURITY:
	case GNUTLS_E_LIB_IN_ERROR_STATE:
	case GNUTLS_E_UNIMPLEMENTED_FEATURE:
	case GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM:
	case GNUTLS_E_UNWANTED_ALGORITHM:
		return true;
	default:
		return false;
	}
}

gnutls_datum_t
key_datum(struct span s)
{
	union {
		const char *in;
		unsigned char *out; /* GnuTLS does not write to it */
	} cast = {s.p};

	return (gnutls_datum_t){cast.out, (unsigned)s.len};
}

/* Writes a DER tag and length (X.690 8.1.3). Returns the octets written. */
static size_t
der_header(char *p, unsigned char tag, size_t len)
{
	size_t n = 0;

	p[n++] = (char)tag;
	if (len >= 256) {
		p[n++] = (char)0x82;
		p[n++] = (char)(len >> 8);
	} else if (len >= 128) {
		p[n++] = (char)0x81;
	}
	p[n++] = (char)len;
	return n;
}

/* SEQUENCE { OID rsaEncryption, NULL } (RFC 8017 A.1). */
static const char rsa_algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, (char)0x86,
    0x48, (char)0x86, (char)0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};

/* No acceptable RSAPublicKey is longer: two integers and their headers. */
#define RSA_DER_MAX (LIMIT_RSA_BITS_MAX / 8 * 2 + 64)

/* Imports a bare RSAPublicKey as the SubjectPublicKeyInfo SEQUENCE { algorithm,
 * BIT STRING { no unused bits, key } }. */
static int
import_bare_rsa(gnutls_pubkey_t handle, struct span key)
{
	char bits[8], whole[RSA_DER_MAX + 32];
	size_t nbits = der_header(bits, 0x03, key.len + 1), n;
	gnutls_datum_t der;

	bits[nbits++] = 0;
	n = der_header(whole, 0x30, sizeof(rsa_algorithm) + nbits + key.len);
	memcpy(whole + n, rsa_algorithm, sizeof(rsa_algorithm));
	n += sizeof(rsa_algorithm);
	memcpy(whole + n, bits, nbits);
	n += nbits;
	memcpy(whole + n, key.p, key.len);
	der = key_datum((struct span){whole, n + key.len});
	return gnutls_pubkey_import(handle, &der, GNUTLS_X509_FMT_DER);
}

/* RFC 8017 3.1: an exponent is odd, and at least 3: with 1 a
 * signature equals its message, so anyone can forge it. A long one
 * from the DNS could cost seconds. */
static bool
is_exponent(gnutls_datum_t e)
{
	size_t zeros = 0, octets;

	while (zeros < e.size && !e.data[zeros])
		zeros++;
	octets = e.size - zeros;
	if (!octets || !(e.data[e.size - 1] & 1))
		return false;
	return octets * 8 <= LIMIT_RSA_EXPONENT_BITS &&
	    (octets > 1 || e.data[zeros] > 1);
}

static enum key_status
check_rsa(struct key_public *k)
{
	gnutls_datum_t m, e;
	bool good;

	if (gnutls_pubkey_get_pk_algorithm(k->handle, &k->bits) !=
		GNUTLS_PK_RSA ||
	    gnutls_pubkey_export_rsa_raw(k->handle, &m, &e) < 0)
		return KEY_SYNTAX;
	good = is_exponent(e);
	gnutls_free(m.data);
	gnutls_free(e.data);
	if (k->bits > LIMIT_RSA_BITS_MAX)
		return KEY_TOO_LARGE;
	return good ? KEY_OK : KEY_EXPONENT;
}

static enum key_status
parse_rsa(struct key_public *k, struct span octets)
{
	gnutls_datum_t der = key_datum(octets);

	if (octets.len > RSA_DER_MAX)
		return KEY_TOO_LARGE;
	if (gnutls_pubkey_import(k->handle, &der, GNUTLS_X509_FMT_DER) < 0 &&
	    import_bare_rsa(k->handle, octets) < 0)
		return KEY_SYNTAX;
	return check_rsa(k);
}

/*
 * The points of small order, without the sign bit: y = 0, 1 (also as p
 * and p + 1, not reduced), -1, and the two of order 8 (RFC 8032 5.1, cofactor
 * 8).
 */
static const unsigned char small_order[][ED25519_OCTETS] = {
    {0},
    {1},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89,
	0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39,
	0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76,
	0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
	0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

static enum key_status
parse_ed25519(struct key_public *k, struct span octets)
{
	unsigned char y[ED25519_OCTETS];
	gnutls_datum_t x = key_datum(octets);
	int rc;

	if (octets.len != sizeof(y))
		return KEY_SYNTAX;
	memcpy(y, octets.p, sizeof(y));
	y[sizeof(y) - 1] &= 0x7f;
	for (size_t i = 0; i < COUNT(small_order); i++)
		if (!memcmp(y, small_order[i], sizeof(y)))
			return KEY_WEAK;
	k->bits = ED25519_BITS;
	rc = gnutls_pubkey_import_ecc_raw(
	    k->handle, GNUTLS_ECC_CURVE_ED25519, &x, NULL);
	if (rc >= 0)
		return KEY_OK;
	return key_is_refusal(rc) ? KEY_FORBIDDEN : KEY_SYNTAX;
}

enum key_status
key_public_parse(
    enum key_type type, struct span octets, struct key_public **out)
{
	struct key_public *k;
	enum key_status status = KEY_SYNTAX;

	*out = NULL;
	if (!crypto_begin())
		return KEY_FORBIDDEN;
	k = gnutls_calloc(1, sizeof(*k));
	if (!k)
		return status;
	k->type = type;
	if (gnutls_pubkey_init(&k->handle) == 0)
		status = type == KEY_RSA ? parse_rsa(k, octets)
					 : parse_ed25519(k, octets);
	if (status == KEY_OK)
		*out = k;
	else
		key_public_free(k);
	return status;
}

void
key_public_free(struct key_public *k)
{
	if (!k)
		return;
	if (k->handle)
		gnutls_pubkey_deinit(k->handle);
	gnutls_free(k);
}

unsigned
key_public_bits(const struct key_public *k)
{
	return k->bits;
}

/* With these flags GnuTLS also verifies with algorithms that its configuration
 * calls insecure; the caller decides whether these are accepted. */
#define VERIFY_FLAGS \
	(GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1 | GNUTLS_VERIFY_ALLOW_BROKEN)

static int
verify_ed25519(gnutls_pubkey_t key, struct span value, struct span signature)
{
	gnutls_datum_t data = key_datum(value), sig = key_datum(signature);

	return gnutls_pubkey_verify_data2(
	    key, GNUTLS_SIGN_EDDSA_ED25519, VERIFY_FLAGS, &data, &sig);
}

static int
verify_rsa(gnutls_pubkey_t key, enum digest_hash hash, struct span value,
    struct span signature)
{
	gnutls_datum_t data = key_datum(value), sig = key_datum(signature);

	return gnutls_pubkey_verify_hash2(key,
	    hash == DIGEST_SHA1 ? GNUTLS_SIGN_RSA_SHA1 : GNUTLS_SIGN_RSA_SHA256,
	    VERIFY_FLAGS, &data, &sig);
}

/* RFC 8032 7.1, TEST 2: a key, and its signature of the octet "r". */
static const char known_point[] =
    "\x3d\x40\x17\xc3\xe8\x43\x89\x5a\x92\xb7\x0a\xa7\x4d"
    "\x1b\x7e\xbc\x9c\x98\x2c\xcf\x2e\xc4\x96\x8c\xc0\xcd"
    "\x55\xf1\x2a\xf4\x66\x0c";
static const char known_signature[] =
    "\x92\xa0\x09\xa9\xf0\xd4\xca\xb8\x72\x0e\x82\x0b\x5f"
    "\x64\x25\x40\xa2\xb2\x7b\x54\x16\x50\x3f\x8f\xb3\x76"
    "\x22\x23\xeb\xdb\x69\xda\x08\x5a\xc1\xe4\x3e\x15\x99"
    "\x6e\x45\x8f\x36\x13\xd0\xf1\x1d\x8c\x38\x7b\x2e\xae"
    "\xb4\x30\x2a\xee\xb0\x0d\x29\x16\x12\xbb\x0c\x00";

/* Where the curve is disabled, GnuTLS 3.7 reports every signature as invalid;
 * the only way to notice is a signature that is known to be valid. */
static bool
verifies_known(void)
{
	gnutls_datum_t x =
	    key_datum((struct span){known_point, sizeof(known_point) - 1});
	gnutls_pubkey_t key;
	bool works;

	if (gnutls_pubkey_init(&key) < 0)
		arena_exhausted(); /* not a matter of configuration */
	works = gnutls_pubkey_import_ecc_raw(
		    key, GNUTLS_ECC_CURVE_ED25519, &x, NULL) >= 0 &&
	    verify_ed25519(key, SPAN("r"),
		(struct span){known_signature, sizeof(known_signature) - 1}) >=
		0;
	gnutls_pubkey_deinit(key);
	return works;
}

/* Once it has worked, it is not tried again: a search for the header that was
 * signed verifies 10,000 signatures that differ. No other thread verifies. */
static bool
ed25519_works(void)
{
	static bool works;

	works = works || verifies_known();
	return works;
}

static bool
is_secure(enum key_type type)
{
	return gnutls_sign_is_secure2(type == KEY_RSA
		? GNUTLS_SIGN_RSA_SHA256
		: GNUTLS_SIGN_EDDSA_ED25519,
	    0);
}

bool
key_allowed(enum key_type type)
{
	char value[DIGEST_MAX];

	return crypto_begin() && is_secure(type) &&
	    (type != KEY_ED25519 || ed25519_works()) &&
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, "", 0, value) >= 0;
}

/* RFC 8032 5.1.6; RFC 8017 8.2.2, step 1: a signature of any other length is
 * invalid, whether or not GnuTLS checks that. */
static bool
has_length(const struct key_public *k, size_t len)
{
	return len ==
	    (k->type == KEY_ED25519 ? ED25519_SIGNATURE : (k->bits + 7) / 8);
}

enum key_fit
key_verify(const struct key_public *k, enum digest_hash hash, struct span value,
    struct span signature)
{
	int rc;

	arena_probe();
	if ((k->type == KEY_ED25519 && hash != DIGEST_SHA256) ||
	    !has_length(k, signature.len))
		return KEY_DIFFERS;
	rc = k->type == KEY_ED25519
	    ? verify_ed25519(k->handle, value, signature)
	    : verify_rsa(k->handle, hash, value, signature);
	if (rc >= 0)
		return hash == DIGEST_SHA1 || is_secure(k->type) ? KEY_FITS
								 : KEY_REFUSED;
	if (key_is_refusal(rc) || (k->type == KEY_ED25519 && !ed25519_works()))
		return KEY_REFUSED;
	return KEY_DIFFERS;
}
