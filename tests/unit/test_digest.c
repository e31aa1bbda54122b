/* test_digest: hashes, whole and of a limited length. */
/* SPDX-License-Identifier: ISC */

#include "fixture_arena.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/digest.h"

static const struct {
	enum digest_hash hash;
	gnutls_digest_algorithm_t algorithm;
	size_t size;
} hashes[] = {
    {DIGEST_SHA1, GNUTLS_DIG_SHA1, 20},
    {DIGEST_SHA256, GNUTLS_DIG_SHA256, 32},
};

/* Returns the value in hexadecimal digits. */
static struct span
hex(struct span value, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < value.len; i++)
		buf_printf(&b, "%02x", (unsigned char)value.p[i]);
	return buf_span(&b);
}

static void
known_texts_have_known_values(void **state)
{
	/* FIPS 180-4, and the hashes of the empty text */
	static const struct {
		enum digest_hash hash;
		const char *text, *value;
	} c[] = {
	    {DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	    {DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
	    {DIGEST_SHA256, "abc",
		"ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad"},
	    {DIGEST_SHA256, "",
		"e3b0c44298fc1c149afbf4c8996fb924"
		"27ae41e4649b934ca495991b7852b855"},
	};

	for (size_t i = 0; i < COUNT(c); i++) {
		struct digest *d = digest_new(c[i].hash, UINT64_MAX, *state);

		assert_null(d->value.p);
		sink_put(&d->sink, span_of(c[i].text));
		sink_end(&d->sink);
		assert_true(
		    span_eq(hex(d->value, *state), span_of(c[i].value)));
		assert_int_equal(d->total, strlen(c[i].text));
	}
}

/* Puts s in pieces of this size (0: whole) into a digest with a limit, and
 * compares with the library's hash of the octets within the limit. */
static void
check(size_t h, struct span s, size_t piece, uint64_t limit, struct arena *a)
{
	struct digest *d = digest_new(hashes[h].hash, limit, a);
	size_t hashed = s.len < limit ? s.len : (size_t)limit;
	char value[DIGEST_MAX];

	for (size_t at = 0, n; at < s.len; at += n) {
		n = piece && piece < s.len - at ? piece : s.len - at;
		sink_put(&d->sink, (struct span){s.p + at, n});
	}
	sink_end(&d->sink);
	gnutls_hash_fast(hashes[h].algorithm, s.p, hashed, value);
	assert_int_equal(d->value.len, hashes[h].size);
	assert_memory_equal(d->value.p, value, hashes[h].size);
	assert_int_equal(d->total, s.len);
}

static void
pieces_of_any_size_hash_alike_under_any_limit(void **state)
{
	enum {
		LEN = 40000
	};
	static const size_t piece[] = {
	    0, 1, 7, 1000, 16383, 16384, 16385, 20000, 32768, 39999};
	static const uint64_t limit[] = {0, 1, 6, 7, 8, 16383, 16384, 16385,
	    32767, 32768, 32769, LEN - 1, LEN, LEN + 1, UINT64_MAX};
	struct arena *a = *state;
	char *octets = malloc(LEN);

	for (size_t i = 0; i < LEN; i++)
		octets[i] = (char)(i * 31 + i / 251);
	for (size_t h = 0; h < COUNT(hashes); h++)
		for (size_t p = 0; p < COUNT(piece); p++)
			for (size_t l = 0; l < COUNT(limit); l++) {
				check(h, (struct span){octets, LEN}, piece[p],
				    limit[l], a);
				arena_reset(a);
			}
	free(octets);
}

static void
sizes_are_those_of_the_hashes(void **state)
{
	(void)state;
	for (size_t h = 0; h < COUNT(hashes); h++) {
		assert_int_equal(digest_size(hashes[h].hash), hashes[h].size);
		assert_true(hashes[h].size <= DIGEST_MAX);
	}
}

/* At each octet of a text: the value so far, those of what can follow, and the
 * state that goes on. */
static void
check_points(enum digest_hash hash, gnutls_digest_algorithm_t algorithm)
{
	static const char text[] = "0123456789abcdef0123456789abcdef0123456789"
				   "abcdef0123456789abcdef0123456789abcdef-";
	struct span all = {text, sizeof(text) - 1};
	size_t size = digest_size(hash);
	char wanted[DIGEST_MAX], value[DIGEST_MAX];
	struct digest_point p;

	assert_true(digest_point_new(hash, &p));
	for (size_t i = 0; i <= all.len; i++) {
		gnutls_hash_fast(algorithm, text, i, wanted);
		digest_point_value(&p, SPAN(""), value);
		assert_memory_equal(value, wanted, size);
		gnutls_hash_fast(algorithm, text, all.len, wanted);
		digest_point_value(&p, span_from(all, i), value);
		assert_memory_equal(value, wanted, size);
		if (i < all.len)
			digest_point_add(&p, span_upto(span_from(all, i), 1));
	}
	digest_point_free(&p);
}

static void
a_hash_goes_on_from_each_point(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hashes); i++)
		check_points(hashes[i].hash, hashes[i].algorithm);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(known_texts_have_known_values),
	    TEST(pieces_of_any_size_hash_alike_under_any_limit),
	    TEST(sizes_are_those_of_the_hashes),
	    TEST(a_hash_goes_on_from_each_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
