/* rsa: verifies one RSA signature by GnuTLS, again and again. */
/* SPDX-License-Identifier: ISC */

/*
 *	rsa COUNT <KEYFILE
 *
 * Signs the hash of nothing with the private key in PEM, and verifies that COUNT
 * times. The reference for a batch: no verifier can be faster. For
 * tests/bench/limit.sh.
 */

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(call)              \
	do {                     \
		if ((call) < 0)  \
			exit(1); \
	} while (0)

int
main(int argc, char **argv)
{
	static unsigned char pem[65536], octets[32];
	long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	gnutls_datum_t file = {pem, 0}, hash = {octets, sizeof(octets)}, sig;
	gnutls_privkey_t private;
	gnutls_pubkey_t public;

	file.size = (unsigned)fread(pem, 1, sizeof(pem), stdin);
	CHECK(gnutls_privkey_init(&private));
	CHECK(gnutls_privkey_import_x509_raw(
	    private, &file, GNUTLS_X509_FMT_PEM, NULL, 0));
	CHECK(gnutls_pubkey_init(&public));
	CHECK(gnutls_pubkey_import_privkey(public, private, 0, 0));
	CHECK(gnutls_privkey_sign_hash2(
	    private, GNUTLS_SIGN_RSA_SHA256, 0, &hash, &sig));
	while (count-- > 0)
		CHECK(gnutls_pubkey_verify_hash2(
		    public, GNUTLS_SIGN_RSA_SHA256, 0, &hash, &sig));
	gnutls_free(sig.data);
	gnutls_pubkey_deinit(public);
	gnutls_privkey_deinit(private);
	return 0;
}
