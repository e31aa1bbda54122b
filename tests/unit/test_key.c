/* test_key: public and private keys, signatures. */
/* SPDX-License-Identifier: ISC */

#include "unit.h"

#include <gnutls/abstract.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "dkim/key.h"

/* A real RSA and a real Ed25519 key, generated once, and their parts. */
struct fixture {
	struct arena *arena;
	gnutls_privkey_t rsa, ed25519;
	struct span modulus, exponent, point;
};

static struct span
taken(gnutls_datum_t d, struct arena *a)
{
	struct span s =
	    arena_span(a, (struct span){(const char *)d.data, d.size});

	gnutls_free(d.data);
	return s;
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	gnutls_ecc_curve_t curve;
	gnutls_datum_t a, b;

	f->arena = arena_new();
	crypto_begin();
	gnutls_privkey_init(&f->rsa);
	gnutls_privkey_init(&f->ed25519);
	if (gnutls_privkey_generate(f->rsa, GNUTLS_PK_RSA, 1024, 0) < 0 ||
	    gnutls_privkey_generate(f->ed25519, GNUTLS_PK_EDDSA_ED25519,
		GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_ED25519), 0) < 0)
		return -1;
	gnutls_privkey_export_rsa_raw(
	    f->rsa, &a, &b, NULL, NULL, NULL, NULL, NULL, NULL);
	f->modulus = taken(a, f->arena);
	f->exponent = taken(b, f->arena);
	gnutls_privkey_export_ecc_raw(f->ed25519, &curve, &a, NULL, NULL);
	f->point = taken(a, f->arena);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	gnutls_privkey_deinit(f->rsa);
	gnutls_privkey_deinit(f->ed25519);
	arena_free(f->arena);
	free(f);
	return 0;
}

/* DER (X.690), written without the library. */

static struct span
joined(struct span a, struct span b, struct arena *arena)
{
	struct buf buf = BUF(arena);

	buf_add(&buf, a);
	buf_add(&buf, b);
	return buf_span(&buf);
}

static struct span
der(int tag, struct span content, struct arena *a)
{
	struct buf b = BUF(a);
	unsigned octets = content.len < 128 ? 0 : content.len < 256 ? 1 : 2;

	buf_char(&b, (char)tag);
	if (octets)
		buf_char(&b, (char)(0x80 + octets));
	if (octets == 2)
		buf_char(&b, (char)(content.len >> 8));
	buf_char(&b, (char)content.len);
	buf_add(&b, content);
	return buf_span(&b);
}

static struct span
integer(struct span number, struct arena *a)
{
	if (number.len && (number.p[0] & 0x80))
		number = joined((struct span){"\0", 1}, number, a);
	return der(0x02, number, a);
}

/* RSAPublicKey (RFC 8017 A.1.1). */
static struct span
bare(struct span modulus, struct span exponent, struct arena *a)
{
	return der(
	    0x30, joined(integer(modulus, a), integer(exponent, a), a), a);
}

/* SubjectPublicKeyInfo (RFC 5280 4.1). */
static struct span
info(struct span key, struct arena *a)
{
	static const char algorithm[] =
	    "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
	struct span bits = joined((struct span){"\0", 1}, key, a);

	return der(0x30,
	    joined((struct span){algorithm, 15}, der(0x03, bits, a), a), a);
}

/* Returns an odd number of this many bits. It is not a product of primes, which
 * is never checked. */
static struct span
number(unsigned bits, struct arena *a)
{
	size_t len = (bits + 7) / 8;
	char *p = arena_alloc(a, len);

	for (size_t i = 0; i < len; i++)
		p[i] = (char)(i * 89 + 41);
	p[0] = (char)(1 << ((bits - 1) % 8));
	p[len - 1] |= 1;
	return (struct span){p, len};
}

/* Parses a copy of exact size, so that a sanitizer sees reads beyond. */
static enum key_status
parse(enum key_type type, struct span s, struct key_public **k)
{
	char *copy = memcpy(malloc(s.len ? s.len : 1), s.p, s.len);
	enum key_status status =
	    key_public_parse(type, (struct span){copy, s.len}, k);

	free(copy);
	assert_int_equal(status == KEY_OK, *k != NULL);
	return status;
}

static enum key_status
status_of(enum key_type type, struct span s)
{
	struct key_public *k;
	enum key_status status = parse(type, s, &k);

	key_public_free(k);
	return status;
}

static void
rsa_keys_of_all_sizes_are_read_in_both_forms(void **state)
{
	static const struct {
		unsigned bits;
		enum key_status status;
	} c[] = {
	    {512, KEY_OK},
	    {768, KEY_OK},
	    {960, KEY_OK}, /* lengths of 1, 2, and 3 octets, mixed */
	    {1000, KEY_OK},
	    {1008, KEY_OK},
	    {1016, KEY_OK},
	    {1023, KEY_OK},
	    {1024, KEY_OK},
	    {1025, KEY_OK},
	    {1536, KEY_OK},
	    {1832, KEY_OK},
	    {1904, KEY_OK},
	    {1968, KEY_OK},
	    {2000, KEY_OK},
	    {2032, KEY_OK},
	    {2048, KEY_OK},
	    {3072, KEY_OK},
	    {4096, KEY_OK},
	    {8191, KEY_OK},
	    {8192, KEY_OK},
	    {8193, KEY_TOO_LARGE},
	    {8200, KEY_TOO_LARGE},
	    {16384, KEY_TOO_LARGE},
	    {32768, KEY_TOO_LARGE},
	    {65536, KEY_TOO_LARGE},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		struct span key = bare(number(c[i / 2].bits, f->arena),
		    (struct span){"\1\0\1", 3}, f->arena);
		struct key_public *k;

		if (i % 2)
			key = info(key, f->arena);
		if (parse(KEY_RSA, key, &k) != c[i / 2].status)
			fail_msg("%u bits", c[i / 2].bits);
		if (k)
			assert_int_equal(key_public_bits(k), c[i / 2].bits);
		key_public_free(k);
	}
}

/* Every length of the header in front of the key, 20 to 24 octets. */
static void
rsa_keys_of_any_length_are_read_in_both_forms(void **state)
{
	struct fixture *f = *state;

	for (unsigned bits = 128; bits <= 2200; bits += 4) {
		struct span key = bare(
		    number(bits, f->arena), (struct span){"\3", 1}, f->arena);

		if (status_of(KEY_RSA, key) != KEY_OK ||
		    status_of(KEY_RSA, info(key, f->arena)) != KEY_OK)
			fail_msg("%u bits", bits);
	}
}

static void
rsa_exponents_have_up_to_64_bits(void **state)
{
	static const struct {
		unsigned modulus, exponent;
		enum key_status status;
	} c[] = {
	    {1024, 2, KEY_OK},
	    {1024, 17, KEY_OK},
	    {1024, 33, KEY_OK},
	    {1024, 63, KEY_OK},
	    {1024, 64, KEY_OK},
	    {1024, 65, KEY_EXPONENT},
	    {1024, 1024, KEY_EXPONENT},
	    {2048, 2048, KEY_EXPONENT},
	    {8192, 64, KEY_OK},
	    {8192, 8192, KEY_EXPONENT},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < 2 * COUNT(c); i++) {
		struct span key = bare(number(c[i / 2].modulus, f->arena),
		    number(c[i / 2].exponent, f->arena), f->arena);

		if (i % 2)
			key = info(key, f->arena);
		if (status_of(KEY_RSA, key) != c[i / 2].status)
			fail_msg("%u %u", c[i / 2].modulus, c[i / 2].exponent);
	}
}

static void
what_is_no_rsa_key_is_refused(void **state)
{
	struct fixture *f = *state;
	struct arena *a = f->arena;
	struct span key = bare(f->modulus, f->exponent, a);
	struct span zero = {"\0", 1}, one = integer(f->modulus, a);
	const struct span c[] = {
	    SPAN(""),
	    SPAN("\x30"),
	    SPAN("\x30\x80"),
	    SPAN("text"),
	    f->point,
	    joined(key, zero, a),                 /* garbage after it */
	    joined(info(key, a), zero, a),        /* the same */
	    info(joined(key, zero, a), a),        /* in the BIT STRING */
	    span_upto(key, key.len - 1),          /* truncated */
	    info(span_upto(key, key.len - 1), a), /* the same */
	    span_from(key, 1),
	    der(0x30, one, a), /* a modulus alone */
	    info(SPAN(""), a),
	    info(f->point, a),
	    info(info(key, a), a),
	    der(0x31, joined(one, integer(f->exponent, a), a), a),
	};

	for (size_t i = 0; i < COUNT(c); i++)
		if (status_of(KEY_RSA, c[i]) != KEY_SYNTAX)
			fail_msg("%zu: %d", i, status_of(KEY_RSA, c[i]));
	for (size_t i = 0; i < key.len; i++)
		assert_int_equal(
		    status_of(KEY_RSA, span_upto(key, i)), KEY_SYNTAX);
}

static void
an_ed25519_key_is_32_octets(void **state)
{
	struct fixture *f = *state;
	struct span point = f->point;
	struct key_public *k;

	assert_int_equal(point.len, 32);
	assert_int_equal(parse(KEY_ED25519, point, &k), KEY_OK);
	assert_int_equal(key_public_bits(k), 256);
	key_public_free(k);
	for (size_t i = 0; i < 32; i++)
		assert_int_equal(
		    status_of(KEY_ED25519, span_upto(point, i)), KEY_SYNTAX);
	assert_int_equal(
	    status_of(KEY_ED25519, joined(point, SPAN("x"), f->arena)),
	    KEY_SYNTAX);
	assert_int_equal(
	    status_of(KEY_ED25519, joined(point, point, f->arena)), KEY_SYNTAX);
	assert_int_equal(
	    status_of(KEY_ED25519, bare(f->modulus, f->exponent, f->arena)),
	    KEY_SYNTAX);
}

static void
points_of_small_order_are_refused(void **state)
{
	/* The y coordinates, little-endian, of the eight points whose order
	 * divides 8; 0 and 1 have a second encoding with p added. Given here:
	 * the first octet, all those in the middle, and the last; the points of
	 * order 8 follow in full. */
	static const struct {
		unsigned char first, middle, last;
		enum key_status status;
	} c[] = {
	    {0, 0, 0, KEY_WEAK},
	    {1, 0, 0, KEY_WEAK},
	    {0xec, 0xff, 0x7f, KEY_WEAK}, /* p - 1 */
	    {0xed, 0xff, 0x7f, KEY_WEAK}, /* p */
	    {0xee, 0xff, 0x7f, KEY_WEAK}, /* p + 1 */
	    {4, 0, 0, KEY_OK},
	    {0xe9, 0xff, 0x7f, KEY_OK},
	};
	static const char eight[][33] = {
	    "\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0"
	    "\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
	    "\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f"
	    "\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
	};
	char y[32];
	struct span s = {y, sizeof(y)};

	(void)state;
	for (int sign = 0; sign <= 0x80; sign += 0x80) {
		for (size_t i = 0; i < COUNT(c); i++) {
			memset(y, c[i].middle, sizeof(y));
			y[0] = (char)c[i].first;
			y[31] = (char)(c[i].last | sign);
			if (status_of(KEY_ED25519, s) != c[i].status)
				fail_msg("%zu %d", i, sign);
		}
		for (size_t i = 0; i < COUNT(eight); i++) {
			memcpy(y, eight[i], sizeof(y));
			y[31] = (char)(y[31] | sign);
			assert_int_equal(status_of(KEY_ED25519, s), KEY_WEAK);
		}
	}
}

static struct span
signature_of(gnutls_privkey_t key, gnutls_sign_algorithm_t algorithm,
    struct span value, struct arena *a)
{
	char copy[DIGEST_MAX];
	gnutls_datum_t data = {(unsigned char *)copy, (unsigned)value.len};
	gnutls_datum_t sig = {NULL, 0};
	int rc;

	memcpy(copy, value.p, value.len);
	if (algorithm == GNUTLS_SIGN_EDDSA_ED25519)
		rc = gnutls_privkey_sign_data2(key, algorithm, 0, &data, &sig);
	else
		rc = gnutls_privkey_sign_hash2(key, algorithm, 0, &data, &sig);
	assert_true(rc >= 0);
	return taken(sig, a);
}

/* A signature matches its value alone; no octet of either may be changed,
 * missing or added. */
static void
check_signature(const struct key_public *k, enum digest_hash hash,
    struct span value, struct span sig, struct arena *a)
{
	struct span zero = {"\0", 1};
	char *p = arena_cstr(a, sig);

	assert_int_equal(key_verify(k, hash, value, sig), KEY_FITS);
	for (size_t i = 0; i < sig.len; i++) {
		p[i] ^= 0x10;
		assert_int_equal(
		    key_verify(k, hash, value, (struct span){p, sig.len}),
		    KEY_DIFFERS);
		p[i] ^= 0x10;
	}
	p = arena_cstr(a, value);
	p[0] ^= 1;
	assert_int_equal(
	    key_verify(k, hash, (struct span){p, value.len}, sig), KEY_DIFFERS);
	assert_int_equal(
	    key_verify(k, hash, value, span_upto(sig, sig.len - 1)),
	    KEY_DIFFERS);
	assert_int_equal(
	    key_verify(k, hash, value, span_from(sig, 1)), KEY_DIFFERS);
	assert_int_equal(
	    key_verify(k, hash, value, joined(zero, sig, a)), KEY_DIFFERS);
	assert_int_equal(
	    key_verify(k, hash, value, joined(sig, zero, a)), KEY_DIFFERS);
	assert_int_equal(key_verify(k, hash, value, SPAN("")), KEY_DIFFERS);
}

static void
rsa_signatures_are_checked_with_both_hashes(void **state)
{
	struct fixture *f = *state;
	struct span key = bare(f->modulus, f->exponent, f->arena);
	struct span sha256 = {"0123456789abcdef0123456789ABCDEF", 32};
	struct span sha1 = span_upto(sha256, 20), sig;
	struct key_public *k;

	assert_int_equal(parse(KEY_RSA, key, &k), KEY_OK);
	sig = signature_of(f->rsa, GNUTLS_SIGN_RSA_SHA256, sha256, f->arena);
	check_signature(k, DIGEST_SHA256, sha256, sig, f->arena);
	assert_int_equal(key_verify(k, DIGEST_SHA1, sha1, sig), KEY_DIFFERS);
	sig = signature_of(f->rsa, GNUTLS_SIGN_RSA_SHA1, sha1, f->arena);
	check_signature(k, DIGEST_SHA1, sha1, sig, f->arena);
	assert_int_equal(
	    key_verify(k, DIGEST_SHA256, sha256, sig), KEY_DIFFERS);
	key_public_free(k);
}

static void
ed25519_signatures_are_over_the_hash(void **state)
{
	struct fixture *f = *state;
	struct span sha256 = {"0123456789abcdef0123456789ABCDEF", 32};
	struct span sig = signature_of(
	    f->ed25519, GNUTLS_SIGN_EDDSA_ED25519, sha256, f->arena);
	struct key_public *k;

	assert_int_equal(parse(KEY_ED25519, f->point, &k), KEY_OK);
	check_signature(k, DIGEST_SHA256, sha256, sig, f->arena);
	assert_int_equal(key_verify(k, DIGEST_SHA1, sha256, sig), KEY_DIFFERS);
	key_public_free(k);
}

static void
types_are_named_as_in_signatures(void **state)
{
	(void)state;
	assert_string_equal(key_type_name(KEY_RSA), "rsa");
	assert_string_equal(key_type_name(KEY_ED25519), "ed25519");
	key_public_free(NULL);
	key_private_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rsa_keys_of_all_sizes_are_read_in_both_forms),
	    cmocka_unit_test(rsa_keys_of_any_length_are_read_in_both_forms),
	    cmocka_unit_test(rsa_exponents_have_up_to_64_bits),
	    cmocka_unit_test(what_is_no_rsa_key_is_refused),
	    cmocka_unit_test(an_ed25519_key_is_32_octets),
	    cmocka_unit_test(points_of_small_order_are_refused),
	    cmocka_unit_test(rsa_signatures_are_checked_with_both_hashes),
	    cmocka_unit_test(ed25519_signatures_are_over_the_hash),
	    cmocka_unit_test(types_are_named_as_in_signatures),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
