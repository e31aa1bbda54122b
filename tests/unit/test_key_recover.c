/* test_key_recover: hash values from RSA signatures. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <gmp.h>
#include <gnutls/abstract.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "dkim/key.h"

/* A key, with what makes signatures of any block. */
struct fixture {
	struct arena *arena;
	unsigned bits;
	gnutls_privkey_t private;
	struct key_public *public;
	mpz_t n, d;
};

static const unsigned sizes[] = {1024, 1031, 2048, 3072, 4096};

static struct key_public *
public_of(gnutls_privkey_t private, enum key_type type)
{
	gnutls_pubkey_t handle;
	gnutls_datum_t der;
	struct key_public *k;
	struct span octets;

	gnutls_pubkey_init(&handle);
	assert_true(gnutls_pubkey_import_privkey(handle, private, 0, 0) >= 0);
	gnutls_pubkey_export2(handle, GNUTLS_X509_FMT_DER, &der);
	octets = (struct span){(const char *)der.data, der.size};
	if (type == KEY_ED25519)
		octets = span_from(octets, octets.len - 32);
	assert_int_equal(key_public_parse(type, octets, &k), KEY_OK);
	gnutls_free(der.data);
	gnutls_pubkey_deinit(handle);
	return k;
}

static struct fixture
fixture_new(unsigned bits)
{
	struct fixture f = {.arena = arena_new(), .bits = bits};
	gnutls_datum_t n, e, d, p, q, u;

	assert_true(crypto_begin());
	gnutls_privkey_init(&f.private);
	assert_true(
	    gnutls_privkey_generate(f.private, GNUTLS_PK_RSA, bits, 0) >= 0);
	f.public = public_of(f.private, KEY_RSA);
	gnutls_privkey_export_rsa_raw(
	    f.private, &n, &e, &d, &p, &q, &u, NULL, NULL);
	mpz_inits(f.n, f.d, NULL);
	mpz_import(f.n, n.size, 1, 1, 1, 0, n.data);
	mpz_import(f.d, d.size, 1, 1, 1, 0, d.data);
	gnutls_free(n.data);
	gnutls_free(e.data);
	gnutls_free(d.data);
	gnutls_free(p.data);
	gnutls_free(q.data);
	gnutls_free(u.data);
	return f;
}

static void
fixture_free(struct fixture *f)
{
	gnutls_privkey_deinit(f->private);
	key_public_free(f->public);
	mpz_clears(f->n, f->d, NULL);
	arena_free(f->arena);
}

static size_t
octets_of(const struct fixture *f)
{
	return (f->bits + 7) / 8;
}

static struct span export(const struct fixture *f, const mpz_t number)
{
	size_t len = octets_of(f), size = (mpz_sizeinbase(number, 2) + 7) / 8;
	char *p = arena_alloc(f->arena, len);

	mpz_export(p + len - size, NULL, 1, 1, 1, 0, number);
	return (struct span){p, len};
}

/* Signs a block as it is. */
static struct span
sign_block(const struct fixture *f, struct span block)
{
	struct span signature;
	mpz_t number;

	mpz_init(number);
	mpz_import(number, block.len, 1, 1, 1, 0, block.p);
	mpz_powm(number, number, f->d, f->n);
	signature = export(f, number);
	mpz_clear(number);
	return signature;
}

/* Signs as others do. */
static struct span
sign(const struct fixture *f, enum digest_hash hash, struct span value)
{
	char copy[DIGEST_MAX];
	gnutls_datum_t data = {(unsigned char *)copy, (unsigned)value.len};
	gnutls_datum_t sig;
	struct span signature;

	memcpy(copy, value.p, value.len);
	assert_true(gnutls_privkey_sign_hash2(f->private,
			hash == DIGEST_SHA1 ? GNUTLS_SIGN_RSA_SHA1
					    : GNUTLS_SIGN_RSA_SHA256,
			0, &data, &sig) >= 0);
	signature = arena_span(
	    f->arena, (struct span){(const char *)sig.data, sig.size});
	gnutls_free(sig.data);
	return signature;
}

/* Recovers from a copy of exact size, so that a sanitizer sees reads beyond. */
static bool
recover(const struct fixture *f, enum digest_hash hash, struct span signature,
    struct span *value)
{
	char *copy = malloc(signature.len ? signature.len : 1);
	bool good;

	memcpy(copy, signature.p, signature.len);
	good = key_recover(f->public, hash, (struct span){copy, signature.len},
	    f->arena, value);
	free(copy);
	return good;
}

static const struct span sha256 = {"0123456789abcdef0123456789ABCDEF", 32};
static const struct span sha1 = {"0123456789abcdef0123", 20};

static void
check_damaged(const struct fixture *f, struct span signature)
{
	struct span value, longer, zero = {"\0", 1};
	char *p = arena_cstr(f->arena, signature);

	for (size_t i = 0; i < signature.len; i += signature.len / 16) {
		p[i] ^= 4;
		assert_false(recover(
		    f, DIGEST_SHA256, (struct span){p, signature.len}, &value));
		p[i] ^= 4;
	}
	longer = ARENA_JOIN(f->arena, zero, signature);
	assert_false(recover(f, DIGEST_SHA256, longer, &value));
	longer = ARENA_JOIN(f->arena, signature, zero);
	assert_false(recover(f, DIGEST_SHA256, longer, &value));
	assert_false(recover(
	    f, DIGEST_SHA256, span_upto(signature, signature.len - 1), &value));
	assert_false(
	    recover(f, DIGEST_SHA256, span_from(signature, 1), &value));
	assert_false(recover(f, DIGEST_SHA256, SPAN(""), &value));
	assert_false(recover(f, DIGEST_SHA1, signature, &value));
}

static void
the_hash_value_of_a_signature_is_recovered(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct fixture f = fixture_new(sizes[i]);
		struct span value;

		assert_true(recover(&f, DIGEST_SHA256,
		    sign(&f, DIGEST_SHA256, sha256), &value));
		assert_true(span_eq(value, sha256));
		assert_true(recover(
		    &f, DIGEST_SHA1, sign(&f, DIGEST_SHA1, sha1), &value));
		assert_true(span_eq(value, sha1));
		check_damaged(&f, sign(&f, DIGEST_SHA256, sha256));
		fixture_free(&f);
	}
}

static void
a_number_that_is_not_below_the_modulus_is_refused(void **state)
{
	struct fixture f = fixture_new(1024);
	struct span value;
	mpz_t s;

	(void)state;
	mpz_init(s);
	for (int more = 0; more < 3; more++) {
		/* n, n + 1 and n + 2 have the same powers as 0, 1 and 2 */
		mpz_add_ui(s, f.n, (unsigned)more);
		assert_false(recover(&f, DIGEST_SHA256, export(&f, s), &value));
		mpz_set_ui(s, (unsigned)more);
		assert_false(recover(&f, DIGEST_SHA256, export(&f, s), &value));
		mpz_sub_ui(s, f.n, (unsigned)more + 1);
		assert_false(recover(&f, DIGEST_SHA256, export(&f, s), &value));
	}
	/* A good one with the modulus added, where that has no more octets. */
	mpz_import(
	    s, octets_of(&f), 1, 1, 1, 0, sign(&f, DIGEST_SHA256, sha256).p);
	mpz_add(s, s, f.n);
	if (mpz_sizeinbase(s, 2) <= 1024)
		assert_false(recover(&f, DIGEST_SHA256, export(&f, s), &value));
	mpz_clear(s);
	fixture_free(&f);
}

#define INFO256                                                              \
	"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\0" \
	"\x04\x20"
#define BARE256 \
	"\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x04\x20"
#define INFO1 "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\0\x04\x14"
#define BARE1 "\x30\x1f\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a\x04\x14"
#define V256  "0123456789abcdef0123456789ABCDEF"
#define V1    "0123456789abcdef0123"

/* Blocks: what is before the padding, its octet, and what is after it. */
static void
every_octet_of_the_block_is_checked(void **state)
{
	static const struct {
		struct span start;
		char padding;
		struct span end;
		enum digest_hash hash;
		bool good;
	} c[] = {
	    {S("\0\1"), '\xff', S("\0" INFO256 V256), DIGEST_SHA256, true},
	    {S("\0\1"), '\xff', S("\0" BARE256 V256), DIGEST_SHA256, true},
	    {S("\0\1"), '\xff', S("\0" INFO1 V1), DIGEST_SHA1, true},
	    {S("\0\1"), '\xff', S("\0" BARE1 V1), DIGEST_SHA1, true},
	    {S("\0\1"), '\xff', S("\0" INFO256 V256), DIGEST_SHA1, false},
	    {S("\0\1"), '\xff', S("\0" INFO1 V1), DIGEST_SHA256, false},
	    {S("\0\2"), '\xff', S("\0" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\0"), '\xff', S("\0" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\xfe', S("\0" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\0', S("\0" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1\0"), '\xff', S("\0" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\xff', S("\1" INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\xff', S(INFO256 V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\xff', S("\0" INFO256 V256 "\0"), DIGEST_SHA256,
		false},
	    {S("\0\1"), '\xff', S("\0" INFO256 "x" V256), DIGEST_SHA256, false},
	    {S("\0\1"), '\xff', S("\0" V256), DIGEST_SHA256, false},
	    /* garbage after a short padding, as for an exponent of 3 */
	    {S("\0\1\xff\xff\xff\xff\xff\xff\xff\xff\0" INFO256 V256), 'x',
		S("x"), DIGEST_SHA256, false},
	};
	struct fixture f = fixture_new(1024);

	(void)state;
	for (size_t i = 0; i < COUNT(c); i++) {
		size_t len = octets_of(&f);
		char *block = arena_alloc(f.arena, len);
		struct span value = SPAN_NONE;

		memset(block, c[i].padding, len);
		memcpy(block, c[i].start.p, c[i].start.len);
		memcpy(block + len - c[i].end.len, c[i].end.p, c[i].end.len);
		if (recover(&f, c[i].hash,
			sign_block(&f, (struct span){block, len}),
			&value) != c[i].good)
			fail_msg("%zu", i);
		if (c[i].good)
			assert_true(span_eq(
			    value, c[i].hash == DIGEST_SHA1 ? sha1 : sha256));
	}
	fixture_free(&f);
}

static void
only_the_right_key_recovers_it(void **state)
{
	struct fixture f = fixture_new(1024), other = fixture_new(1024);
	struct span signature = sign(&f, DIGEST_SHA256, sha256), value;
	gnutls_privkey_t private;
	struct key_public *ed25519;

	(void)state;
	assert_true(recover(&f, DIGEST_SHA256, signature, &value));
	assert_false(recover(&other, DIGEST_SHA256, signature, &value));
	gnutls_privkey_init(&private);
	assert_true(
	    gnutls_privkey_generate(private, GNUTLS_PK_EDDSA_ED25519,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519), 0) >= 0);
	ed25519 = public_of(private, KEY_ED25519);
	for (size_t len = 0; len <= signature.len; len += 32)
		assert_false(key_recover(ed25519, DIGEST_SHA256,
		    span_upto(signature, len), f.arena, &value));
	key_public_free(ed25519);
	gnutls_privkey_deinit(private);
	fixture_free(&f);
	fixture_free(&other);
}

/* The largest key that is accepted, of which nobody needs to know the factors:
 * no number is a signature of it. */
static void
the_largest_key_is_quick(void **state)
{
	struct arena *a = arena_new();
	size_t len = 8192 / 8;
	char *n = arena_alloc(a, len), *s = arena_alloc(a, len);
	static const char head[] = "\x30\x82\x04\x0f\x02\x82\x04\x01\0";
	static const char tail[] = "\x02\x08\x7f\xff\xff\xff\xff\xff\xff\xff";
	struct key_public *k;
	struct span value;

	(void)state;
	memset(n, '\xf1', len);
	memset(s, '\x71', len);
	assert_int_equal(
	    key_public_parse(KEY_RSA,
		ARENA_JOIN(a, (struct span){head, 9}, (struct span){n, len},
		    (struct span){tail, 10}),
		&k),
	    KEY_OK);
	assert_int_equal(key_public_bits(k), 8192);
	for (int i = 0; i < 100; i++)
		assert_false(key_recover(
		    k, DIGEST_SHA256, (struct span){s, len}, a, &value));
	key_public_free(k);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_hash_value_of_a_signature_is_recovered),
	    cmocka_unit_test(a_number_that_is_not_below_the_modulus_is_refused),
	    cmocka_unit_test(every_octet_of_the_block_is_checked),
	    cmocka_unit_test(only_the_right_key_recovers_it),
	    cmocka_unit_test(the_largest_key_is_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
