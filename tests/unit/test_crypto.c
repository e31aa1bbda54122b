/* test_crypto: GnuTLS begins where it is needed, or not at all. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <gnutls/gnutls.h>
#include <sysexits.h>

#include "base/crypto.h"
#include "base/digest.h"
#include "dkim/key.h"

static unsigned begun;

/* Replaces the library's function, and returns what it does where a test of its
 * own, or its random numbers, failed. */
int
gnutls_global_init(void)
{
	begun++;
	return GNUTLS_E_INTERNAL_ERROR;
}

static void
a_library_that_cannot_begin_forbids_all(void **state)
{
	struct arena *a = *state;
	struct key_public *public;
	struct key_error error = {0};
	struct digest *d;

	assert_int_equal(begun, 0);
	d = digest_new(DIGEST_SHA256, UINT64_MAX, a);
	assert_int_equal(begun, 1);
	sink_put(&d->sink, SPAN("octets"));
	sink_end(&d->sink);
	assert_null(d->value.p);
	assert_int_equal(d->total, 6);
	assert_int_equal(key_public_parse(KEY_ED25519,
			     SPAN("0123456789abcdef0123456789abcdef"), &public),
	    KEY_FORBIDDEN);
	assert_null(public);
	assert_false(key_allowed(KEY_RSA));
	assert_null(key_generate(KEY_ED25519, 0, &error));
	assert_int_equal(error.status, EX_CONFIG);
	assert_false(crypto_begin());
	assert_int_equal(begun, 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_library_that_cannot_begin_forbids_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
