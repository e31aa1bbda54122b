/* test_key_file: keys from the text of files, and keys that are made. */
/* SPDX-License-Identifier: ISC */

#include "fixture_file.h"

#include <sys/stat.h>
#include <sysexits.h>

#include "base/base64.h"
#include "dkim/key.h"

/* RFC 8032 7.1, TEST 1 */
#define SEED "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define BOTH                                         \
	"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2" \
	"DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="
#define HALF "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* Its SubjectPublicKeyInfo (RFC 8410 4), and the same in PEM. */
#define INFO "MCowBQYDK2VwAyEA" HALF
#define PUBLIC_PEM \
	"-----BEGIN PUBLIC KEY-----\n" INFO "\n-----END PUBLIC KEY-----\n"

struct loaded {
	struct key_public *key;
	struct key_found found;
	struct key_error error;
};

static struct loaded
load(struct span text, struct arena *a)
{
	int fd = file_of(text);
	struct key_source source = {.location = path_of(fd, a)};
	struct loaded l = {.key = NULL};

	l.key = key_load_public(&source, a, &l.found, &l.error);
	close(fd);
	return l;
}

static void
raw_keys_are_read(void **state)
{
	static const struct span texts[] = {S(SEED), S(SEED "\n"),
	    S(SEED "\r\n"), S(SEED "\r"), S(BOTH), S(BOTH "\n")};
	struct arena *a = arena_new();
	struct span want;

	(void)state;
	assert_true(base64_decode(SPAN(HALF), a, &want));
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct loaded l = load(texts[i], a);

		assert_non_null(l.key);
		assert_int_equal(l.found.content, KEY_CONTENT_PRIVATE);
		assert_int_equal(key_public_type(l.key), KEY_ED25519);
		assert_true(span_eq(key_public_octets(l.key, a), want));
		key_public_free(l.key);
	}
	arena_free(a);
}

static void
public_keys_are_read(void **state)
{
	struct arena *a = arena_new();
	struct loaded l = load(SPAN(PUBLIC_PEM), a);
	struct span want;

	(void)state;
	assert_non_null(l.key);
	assert_int_equal(l.found.content, KEY_CONTENT_PUBLIC);
	assert_true(base64_decode(SPAN(HALF), a, &want));
	assert_true(span_eq(key_public_octets(l.key, a), want));
	/* openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary */
	assert_true(span_eq(key_public_fingerprint(l.key, a),
	    SPAN("SHA256:BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k")));
	key_public_free(l.key);
	arena_free(a);
}

static const struct refused {
	struct span text;
	enum key_content content;
	const char *words; /* that occur in the error's */
} refused[] = {
    {S(""), KEY_CONTENT_OTHER, "not a private key"},
    {S("\n"), KEY_CONTENT_OTHER, "not a private key"},
    {S("="), KEY_CONTENT_OTHER, "not a private key"},
    {S("AAAA"), KEY_CONTENT_OTHER, "not a private key"},
    {S(SEED "\n\n"), KEY_CONTENT_OTHER, "not a private key"},
    {S(" " SEED), KEY_CONTENT_OTHER, "not a private key"},
    {S(SEED "\0"), KEY_CONTENT_OTHER, "not a private key"},
    {S("v=DKIM1; k=ed25519; p=" HALF), KEY_CONTENT_OTHER, "not a private key"},
    {S("-----BEGIN CERTIFICATE-----\nAAAA\n"), KEY_CONTENT_OTHER,
	"not a private key"},
    {S("-----BEGIN CERTIFICATE-----\nAAAA\n-----BEGIN PRIVATE KEY-----\n"),
	KEY_CONTENT_PRIVATE, "not a private key"},
    {S("-----BEGIN PRIVATE KEY-----\n"), KEY_CONTENT_PRIVATE,
	"not a private key"},
    {S("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
	KEY_CONTENT_PUBLIC, "not a public key"},
    {S("-----BEGIN RSA PUBLIC KEY-----\nAAAA\n"
       "-----END RSA PUBLIC KEY-----\n"),
	KEY_CONTENT_PUBLIC, "not a public key"},
    {S("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"), KEY_CONTENT_PRIVATE,
	"ssh-keygen -p -m PKCS8"},
    {S("ssh-ed25519 AAAAC3Nz me@here\n"), KEY_CONTENT_PUBLIC,
	"ssh-keygen -e -m PKCS8"},
    {S("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n"), KEY_CONTENT_PUBLIC,
	"ssh-keygen -e -m PKCS8"},
    {S("\x30\x03\x02\x01\x00"), KEY_CONTENT_PRIVATE, "openssl pkey -inform"},
    {S("\x30\x81\x03\x02\x01\x00"), KEY_CONTENT_PRIVATE,
	"openssl pkey -inform"},
    {S("\x30\x82\x00\x03\x02\x01\x00"), KEY_CONTENT_PRIVATE,
	"openssl pkey -inform"},
    {S("\x30\x03\x02\x01"), KEY_CONTENT_OTHER, "not a private key"},
    {S("\x30\x83\x00\x00\x03\x02\x01\x00"), KEY_CONTENT_OTHER,
	"not a private key"},
    {S("\x30\x82"), KEY_CONTENT_OTHER, "not a private key"},
    {S("\x30\x81"), KEY_CONTENT_OTHER, "not a private key"},
    {S("\x30\x80"), KEY_CONTENT_OTHER, "not a private key"},
    {S("\x30"), KEY_CONTENT_OTHER, "not a private key"},
};

static void
what_cannot_be_read_says_why(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct loaded l = load(refused[i].text, a);

		assert_null(l.key);
		assert_int_equal(l.error.status, EX_CONFIG);
		assert_int_equal(l.found.content, refused[i].content);
		assert_non_null(strstr(l.error.words, refused[i].words));
		/* What may be a key is never given back. */
		assert_int_equal(l.found.text.p != NULL,
		    refused[i].content == KEY_CONTENT_OTHER);
		if (l.found.text.p)
			assert_true(span_eq(l.found.text, refused[i].text));
	}
	arena_free(a);
}

static void
a_half_that_is_not_its_own_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct span octets;
	struct loaded l;
	char *copy;

	(void)state;
	assert_true(base64_decode(SPAN(BOTH), a, &octets));
	for (size_t i = 0; i < octets.len; i++) {
		copy = arena_cstr(a, octets);
		copy[i] ^= 1;
		l = load(base64_encode((struct span){copy, octets.len}, a), a);
		assert_null(l.key);
		assert_int_equal(l.found.content, KEY_CONTENT_PRIVATE);
		assert_non_null(strstr(l.error.words, "second half"));
	}
	arena_free(a);
}

/* Makes a key and writes it to a file without a name. */
static struct span
written(enum key_type type, unsigned bits, struct key_private **key,
    struct arena *a)
{
	int fd = file_of(SPAN(""));
	struct key_source to = {.location = "file"};
	struct key_exposure exposed;
	struct key_error error;
	struct stat st;
	char *text;

	*key = key_generate(type, bits, &error);
	assert_non_null(*key);
	assert_true(key_write(*key, fd, &to, &exposed, &error));
	assert_int_equal(fstat(fd, &st), 0);
	text = arena_alloc(a, (size_t)st.st_size);
	assert_int_equal(pread(fd, text, (size_t)st.st_size, 0), st.st_size);
	close(fd);
	return (struct span){text, (size_t)st.st_size};
}

static void
keys_that_are_made_are_read(void **state)
{
	static const struct {
		enum key_type type;
		unsigned bits;
	} keys[] = {{KEY_RSA, 1024}, {KEY_RSA, 1025}, {KEY_RSA, 2048},
	    {KEY_ED25519, 256}};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct key_private *private;
		struct span text =
		    written(keys[i].type, keys[i].bits, &private, a);
		struct loaded l = load(text, a);
		struct key_public *half = key_private_public(private), *parsed;
		struct span octets = key_public_octets(half, a);

		assert_true(
		    span_starts(text, SPAN("-----BEGIN PRIVATE KEY-----\n")));
		assert_non_null(l.key);
		assert_int_equal(key_private_bits(private), keys[i].bits);
		assert_int_equal(key_public_bits(l.key), keys[i].bits);
		assert_true(span_eq(octets, key_public_octets(l.key, a)));
		assert_int_equal(
		    key_public_parse(keys[i].type, octets, &parsed), KEY_OK);
		assert_true(key_private_matches(private, parsed));
		key_public_free(parsed);
		key_public_free(half);
		key_public_free(l.key);
		key_private_free(private);
	}
	arena_free(a);
}

/* A text that is cut or changed anywhere gives a key or an error, not both, and
 * never gives back what may be secret. */
static void
mutated_keys_are_handled(void **state)
{
	struct arena *a = arena_new();
	struct key_private *private;
	struct span text = written(KEY_ED25519, 256, &private, a);

	(void)state;
	key_private_free(private);
	for (size_t i = 0; i < text.len; i++) {
		char *copy = arena_cstr(a, text);
		struct loaded l = load(span_upto(text, i), a);

		assert_true(!l.key || !l.found.text.p);
		key_public_free(l.key);
		copy[i] ^= 4;
		l = load((struct span){copy, text.len}, a);
		assert_true(!l.key || !l.found.text.p);
		key_public_free(l.key);
	}
	arena_free(a);
}

static void
writing_fails_with_a_reason(void **state)
{
	struct key_source to = {.location = "file"};
	struct key_exposure exposed;
	struct key_error error;
	struct key_private *key = key_generate(KEY_ED25519, 256, &error);

	(void)state;
	assert_false(key_write(key, -1, &to, &exposed, &error));
	assert_int_equal(error.status, EX_IOERR);
	assert_string_equal(error.file, "file");
	to.password_file = "/nonexistent";
	assert_false(key_write(key, -1, &to, &exposed, &error));
	assert_int_equal(error.status, EX_NOINPUT);
	assert_string_equal(error.file, "/nonexistent");
	key_private_free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(raw_keys_are_read),
	    cmocka_unit_test(public_keys_are_read),
	    cmocka_unit_test(what_cannot_be_read_says_why),
	    cmocka_unit_test(a_half_that_is_not_its_own_is_refused),
	    cmocka_unit_test(keys_that_are_made_are_read),
	    cmocka_unit_test(mutated_keys_are_handled),
	    cmocka_unit_test(writing_fails_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
