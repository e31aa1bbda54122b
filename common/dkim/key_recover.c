/* key_recover: the hash value that an RSA signature was made of. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <gmp.h>
#include <string.h>

/* The DER of DigestInfo before the hash value (RFC 8017 9.2, note 1), and
 * without the NULL of the parameters, which verifiers may accept as well
 * (A.2.4). */
static const struct {
	enum digest_hash hash;
	struct span der;
} prefixes[] = {
    {DIGEST_SHA256,
	{"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
	 "\x04\x20",
	    19}},
    {DIGEST_SHA256,
	{"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20",
	    17}},
    {DIGEST_SHA1,
	{"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", 15}},
    {DIGEST_SHA1, {"\x30\x1f\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a\x04\x14", 13}},
};

/* RFC 8017 9.2, step 3: PS has at least that many octets. */
#define PADDING_MIN 8

/*
 * RFC 8017 9.2: 00 01 FF ... FF 00 DigestInfo, of the length of the block.
 * Nothing is parsed: all octets but those of the hash value are known, so a
 * block that was made up to look like one (as for an exponent of 3) does not
 * pass.
 */
static bool
has_prefix(struct span block, struct span der, size_t value)
{
	size_t padding = block.len - 3 - der.len - value;

	if (block.len < 3 + PADDING_MIN + der.len + value ||
	    !span_starts(block, (struct span){"\0\1", 2}))
		return false;
	for (size_t i = 0; i < padding; i++)
		if (block.p[2 + i] != '\xff')
			return false;
	return block.p[2 + padding] == '\0' &&
	    span_starts(span_from(block, 3 + padding), der);
}

/* Finds the hash value at the end of a block. */
static bool
find_value(struct span block, enum digest_hash hash, struct span *value)
{
	size_t size = digest_size(hash);

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (prefixes[i].hash == hash &&
		    has_prefix(block, prefixes[i].der, size)) {
			*value = span_from(block, block.len - size);
			return true;
		}
	return false;
}

static void
import(mpz_t number, const void *p, size_t n)
{
	mpz_import(number, n, 1, 1, 1, 0, p);
}

/* RFC 8017 5.2.2, RSAVP1, and 4.1, I2OSP: writes s^e mod n to the block. False:
 * s is not below n. */
static bool
undo(gnutls_datum_t modulus, gnutls_datum_t exponent, struct span signature,
    char *block)
{
	mpz_t n, e, s;
	bool good;

	mpz_inits(n, e, s, NULL);
	import(n, modulus.data, modulus.size);
	import(e, exponent.data, exponent.size);
	import(s, signature.p, signature.len);
	good = mpz_cmp(s, n) < 0;
	if (good) {
		mpz_powm(s, s, e, n);
		mpz_export(
		    block + signature.len - (mpz_sizeinbase(s, 2) + 7) / 8,
		    NULL, 1, 1, 1, 0, s);
	}
	mpz_clears(n, e, s, NULL);
	return good;
}

bool
key_recover(const struct key_public *k, enum digest_hash hash,
    struct span signature, struct arena *a, struct span *value)
{
	gnutls_datum_t n, e;
	char *block;
	bool good;

	/* RFC 8017 8.2.2, step 1 */
	if (k->type != KEY_RSA || signature.len != (k->bits + 7) / 8)
		return false;
	block = arena_alloc(a, signature.len);
	arena_probe(); /* GMP aborts the program */
	if (gnutls_pubkey_export_rsa_raw(k->handle, &n, &e) < 0)
		return false;
	good = undo(n, e, signature, block);
	gnutls_free(n.data);
	gnutls_free(e.data);
	return good &&
	    find_value((struct span){block, signature.len}, hash, value);
}
