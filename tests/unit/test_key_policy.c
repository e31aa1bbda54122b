/* test_key_policy: algorithms that the library is configured to refuse. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dkim/key.h"

static int import_rc, verify_rc, hash_rc;
static unsigned secure;

/* These replace the library's functions and return what a configuration or FIPS
 * mode makes the library return. */

int
gnutls_pubkey_import_ecc_raw(gnutls_pubkey_t key, gnutls_ecc_curve_t curve,
    const gnutls_datum_t *x, const gnutls_datum_t *y)
{
	(void)key;
	(void)curve;
	(void)x;
	(void)y;
	return import_rc;
}

int
gnutls_pubkey_verify_data2(gnutls_pubkey_t pubkey, gnutls_sign_algorithm_t algo,
    unsigned int flags, const gnutls_datum_t *data,
    const gnutls_datum_t *signature)
{
	(void)pubkey;
	(void)algo;
	(void)flags;
	(void)signature;
	/* The known signature matches unless everything is refused. */
	if (span_eq((struct span){(const char *)data->data, data->size},
		SPAN("r")) &&
	    verify_rc == GNUTLS_E_PK_SIG_VERIFY_FAILED && secure)
		return 0;
	return verify_rc;
}

unsigned
gnutls_sign_is_secure2(gnutls_sign_algorithm_t algorithm, unsigned int flags)
{
	(void)algorithm;
	(void)flags;
	return secure;
}

int
gnutls_hash_init(gnutls_hash_hd_t *handle, gnutls_digest_algorithm_t algorithm)
{
	(void)algorithm;
	*handle = NULL;
	return hash_rc;
}

int
gnutls_hash_fast(gnutls_digest_algorithm_t algorithm, const void *text,
    size_t textlen, void *digest)
{
	(void)algorithm;
	(void)text;
	(void)textlen;
	(void)digest;
	return hash_rc;
}

static const struct span point = {"0123456789abcdef0123456789abcdef", 32};

/* Errors caused by a configuration, and by a sender. */
static const struct {
	int rc;
	bool refusal;
} errors[] = {
    {GNUTLS_E_ECC_UNSUPPORTED_CURVE, true},
    {GNUTLS_E_INSUFFICIENT_SECURITY, true},
    {GNUTLS_E_LIB_IN_ERROR_STATE, true},
    {GNUTLS_E_UNIMPLEMENTED_FEATURE, true},
    {GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, true},
    {GNUTLS_E_UNWANTED_ALGORITHM, true},
    {GNUTLS_E_PK_SIG_VERIFY_FAILED, false},
    {GNUTLS_E_INVALID_REQUEST, false},
    {GNUTLS_E_MPI_SCAN_FAILED, false},
    {GNUTLS_E_ASN1_DER_ERROR, false},
};

static void
play(int import, int verify, unsigned is_secure, int hash)
{
	import_rc = import;
	verify_rc = verify;
	secure = is_secure;
	hash_rc = hash;
}

static void
a_key_that_the_library_refuses_is_forbidden(void **state)
{
	struct key_public *k;

	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		play(errors[i].rc, 0, 1, 0);
		assert_int_equal(key_public_parse(KEY_ED25519, point, &k),
		    errors[i].refusal ? KEY_FORBIDDEN : KEY_SYNTAX);
		assert_null(k);
		assert_int_equal(
		    key_is_refusal(errors[i].rc), errors[i].refusal);
	}
}

/* Calls a function in a process of its own, as what the library has once been
 * able to do is not tried again. Returns what it returns. */
static int
alone(int (*f)(const void *arg), const void *arg)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid)
		_exit(f(arg));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
verify_zeros(const void *octets)
{
	static const char zeros[256];
	struct key_public *k;
	enum key_fit found;

	if (key_public_parse(KEY_ED25519, point, &k) != KEY_OK)
		return -1;
	found = key_verify(k, DIGEST_SHA256, point,
	    (struct span){zeros, *(const size_t *)octets});
	key_public_free(k);
	return (int)found;
}

static enum key_fit
fit_of(size_t octets, int verify, unsigned is_secure)
{
	play(0, verify, is_secure, 0);
	return (enum key_fit)alone(verify_zeros, &octets);
}

static enum key_fit
fit(int verify, unsigned is_secure)
{
	return fit_of(64, verify, is_secure);
}

/* Whatever the library returns for it. */
static void
a_signature_of_another_length_differs(void **state)
{
	static const size_t lengths[] = {0, 1, 63, 65, 256};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		for (size_t e = 0; e < COUNT(errors); e++) {
			assert_int_equal(
			    fit_of(lengths[i], errors[e].rc, 0), KEY_DIFFERS);
			assert_int_equal(fit_of(lengths[i], 0, 1), KEY_DIFFERS);
		}
	assert_int_equal(fit_of(64, 0, 1), KEY_FITS);
}

static void
a_signature_is_refused_or_differs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++)
		if (errors[i].refusal)
			assert_int_equal(fit(errors[i].rc, 1), KEY_REFUSED);
	assert_int_equal(fit(0, 1), KEY_FITS);
	/* It matches, and is forbidden. */
	assert_int_equal(fit(0, 0), KEY_REFUSED);
	/* It does not match, but the known one does. */
	assert_int_equal(fit(GNUTLS_E_PK_SIG_VERIFY_FAILED, 1), KEY_DIFFERS);
	/* The known one does not match either. */
	assert_int_equal(fit(GNUTLS_E_PK_SIG_VERIFY_FAILED, 0), KEY_REFUSED);
}

static int
is_allowed(const void *type)
{
	return key_allowed(*(const enum key_type *)type);
}

static bool
allowed(enum key_type type)
{
	return alone(is_allowed, &type);
}

static void
a_type_is_allowed_if_all_of_it_works(void **state)
{
	(void)state;
	play(0, 0, 1, 0);
	assert_true(allowed(KEY_RSA));
	assert_true(allowed(KEY_ED25519));
	play(0, 0, 0, 0);
	assert_false(allowed(KEY_RSA));
	assert_false(allowed(KEY_ED25519));
	play(0, 0, 1, GNUTLS_E_UNWANTED_ALGORITHM);
	assert_false(allowed(KEY_RSA));
	assert_false(allowed(KEY_ED25519));
	play(GNUTLS_E_ECC_UNSUPPORTED_CURVE, 0, 1, 0);
	assert_true(allowed(KEY_RSA));
	assert_false(allowed(KEY_ED25519));
	play(0, GNUTLS_E_UNWANTED_ALGORITHM, 1, 0);
	assert_true(allowed(KEY_RSA));
	assert_false(allowed(KEY_ED25519));
}

/* Octets, few or many, are accepted and counted. */
static void
a_hash_that_is_refused_has_no_value(void **state)
{
	static char text[20000];

	for (int h = DIGEST_SHA1; h <= DIGEST_SHA256; h++) {
		struct digest *d;

		play(0, 0, 1, GNUTLS_E_UNWANTED_ALGORITHM);
		d = digest_new((enum digest_hash)h, UINT64_MAX, *state);
		sink_put(&d->sink, SPAN("abc"));
		sink_put(&d->sink, (struct span){text, sizeof(text)});
		for (size_t i = 0; i < 10; i++)
			sink_put(&d->sink, (struct span){text, 3000});
		sink_end(&d->sink);
		assert_null(d->value.p);
		assert_int_equal(d->total, 3 + sizeof(text) + 10 * 3000);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_that_the_library_refuses_is_forbidden),
	    cmocka_unit_test(a_signature_is_refused_or_differs),
	    cmocka_unit_test(a_signature_of_another_length_differs),
	    cmocka_unit_test(a_type_is_allowed_if_all_of_it_works),
	    TEST(a_hash_that_is_refused_has_no_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
