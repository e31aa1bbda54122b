/* key_private: private keys, from PEM files and PKCS#11 tokens, and signing. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/abstract.h>
#include <gnutls/pkcs11.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limit.h"

struct key_private {
	gnutls_privkey_t handle;
	enum key_type type;
	unsigned bits;
};

/* The state of one key_load(), which wipes the password at its end. */
struct loading {
	const struct key_source *source;
	struct key_error *error;
	struct key_exposure *exposed;
	char password[LIMIT_PASSWORD + 1];
	bool has_password;
};

static bool
fail(struct loading *l, int status, const char *words)
{
	*l->error = (struct key_error){status, l->source->location, words};
	return false;
}

/* Reads a whole file into room. Returns its length, or -1 with errno. */
static ssize_t
read_file(int fd, char *room, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, room + len, size - len)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		len += (size_t)got;
		if (len == size) {
			errno = EFBIG;
			return -1;
		}
	}
	return (ssize_t)len;
}

/* Can group or others read this file or named pipe? An anonymous pipe
 * (/dev/fd/N) has mode 0600. */
static bool
is_exposed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)) && st.st_mode & 077;
}

static bool
fail_password(struct loading *l, int status, const char *words)
{
	fail(l, status, words);
	l->error->file = l->source->password_file;
	return false;
}

/* Takes the first line of the open password file. */
static bool
take_password(struct loading *l, int fd)
{
	ssize_t len;

	l->exposed->password = is_exposed(fd);
	if (l->exposed->password && l->source->strict)
		return fail_password(l, EX_NOPERM, KEY_PASSWORD_READABLE);
	len = read_file(fd, l->password, sizeof(l->password));
	if (len < 0)
		return fail_password(l, EX_NOINPUT, strerror(errno));
	l->password[len] = '\0';
	l->password[strcspn(l->password, "\r\n")] = '\0';
	l->has_password = true;
	return true;
}

static bool
read_password(struct loading *l)
{
	const char *path = l->source->password_file;
	bool done;
	int fd;

	if (!path)
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_password(l, EX_NOINPUT, strerror(errno));
	done = take_password(l, fd);
	close(fd);
	return done;
}

#define FORBIDDEN                                                        \
	"algorithm-forbidden: the configuration of GnuTLS on this host " \
	"forbids keys of this type, or signatures with them"

static bool
import_pem(struct key_private *k, struct loading *l, char *pem, size_t len)
{
	gnutls_datum_t data = {(unsigned char *)pem, (unsigned)len};
	int rc = gnutls_privkey_import_x509_raw(k->handle, &data,
	    GNUTLS_X509_FMT_PEM, l->has_password ? l->password : NULL, 0);

	if (rc >= 0)
		return true;
	if (key_is_refusal(rc))
		return fail(l, EX_CONFIG, FORBIDDEN);
	if (rc == GNUTLS_E_DECRYPTION_FAILED && !l->has_password)
		return fail(l, EX_CONFIG,
		    "the key is encrypted: --password-file is needed");
	if (rc == GNUTLS_E_DECRYPTION_FAILED)
		return fail(l, EX_CONFIG, "the password is incorrect");
	return fail(l, EX_CONFIG, "not a private key in PEM form");
}

/* Checks the mode of the open key file, loads its text, and wipes that. */
static bool
load_open(struct key_private *k, struct loading *l, int fd)
{
	char room[LIMIT_KEY_FILE + 1];
	ssize_t len;
	bool done;

	l->exposed->key = is_exposed(fd);
	if (l->exposed->key && l->source->strict)
		return fail(l, EX_NOPERM, KEY_READABLE);
	len = read_file(fd, room, sizeof(room));
	if (len < 0)
		done = fail(l, EX_NOINPUT, strerror(errno));
	else
		done = import_pem(k, l, room, (size_t)len);
	gnutls_memset(room, 0, sizeof(room));
	return done;
}

static bool
load_file(struct key_private *k, struct loading *l)
{
	int fd = open(l->source->location, O_RDONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return fail(l, EX_NOINPUT, strerror(errno));
	done = load_open(k, l, fd);
	close(fd);
	return done;
}

/* Gives the PIN to GnuTLS once: a second
 * incorrect attempt could lock the token. */
static int
pin_callback(void *data, int attempt, const char *url, const char *label,
    unsigned flags, char *pin, size_t size)
{
	const struct loading *l = data;

	(void)url;
	(void)label;
	if (attempt || (flags & GNUTLS_PIN_WRONG) || !l->has_password ||
	    strlen(l->password) >= size)
		return GNUTLS_E_PKCS11_PIN_ERROR;
	memcpy(pin, l->password, strlen(l->password) + 1);
	return 0;
}

static bool
load_token(struct key_private *k, struct loading *l)
{
	int rc;

	gnutls_privkey_set_pin_function(k->handle, pin_callback, l);
	rc = gnutls_privkey_import_url(k->handle, l->source->location, 0);
	return rc >= 0 || fail(l, EX_NOINPUT, gnutls_strerror(rc));
}

static bool
check_type(struct key_private *k, struct loading *l)
{
	switch (gnutls_privkey_get_pk_algorithm(k->handle, &k->bits)) {
	case GNUTLS_PK_RSA:
		k->type = KEY_RSA;
		break;
	case GNUTLS_PK_EDDSA_ED25519:
		k->type = KEY_ED25519;
		break;
	default:
		return fail(l, EX_CONFIG, "neither an RSA nor an Ed25519 key");
	}
	return key_allowed(k->type) || fail(l, EX_CONFIG, FORBIDDEN);
}

static bool
load(struct key_private *k, struct loading *l)
{
	bool token = !strncmp(l->source->location, "pkcs11:", 7);

	return read_password(l) &&
	    (token ? load_token(k, l) : load_file(k, l)) && check_type(k, l);
}

struct key_private *
key_load(const struct key_source *source, struct key_exposure *exposed,
    struct key_error *error)
{
	struct loading l = {source, error, exposed, "", false};
	struct key_private *k;
	bool done = false;

	arena_probe();
	k = gnutls_calloc(1, sizeof(*k));
	*exposed = (struct key_exposure){false, false};
	if (!k || gnutls_privkey_init(&k->handle) < 0)
		fail(&l, EX_TEMPFAIL, "out of memory");
	else
		done = load(k, &l);
	gnutls_memset(l.password, 0, sizeof(l.password));
	if (done)
		return k;
	key_private_free(k);
	return NULL;
}

void
key_private_free(struct key_private *k)
{
	if (!k)
		return;
	if (k->handle)
		gnutls_privkey_deinit(k->handle);
	gnutls_free(k);
}

enum key_type
key_private_type(const struct key_private *k)
{
	return k->type;
}

unsigned
key_private_bits(const struct key_private *k)
{
	return k->bits;
}

/* Verifies a test signature, which also works for keys in a token that does not
 * give out their public half. */
bool
key_private_matches(
    const struct key_private *k, const struct key_public *public)
{
	static const char value[DIGEST_MAX] = "vouch: is this the same key?";
	struct arena *a = arena_new();
	struct span signed_value = {value, sizeof(value)};
	struct span signature = key_sign(k, signed_value, a);
	bool matches = signature.p &&
	    key_verify(public, DIGEST_SHA256, signed_value, signature) ==
		KEY_FITS;

	arena_free(a);
	return matches;
}

struct span
key_sign(const struct key_private *k, struct span value, struct arena *a)
{
	char room[DIGEST_MAX];
	gnutls_datum_t data = {(unsigned char *)room, (unsigned)value.len};
	gnutls_datum_t sig = {NULL, 0};
	struct span signature;
	int rc;

	arena_probe();
	memcpy(room, value.p, value.len);
	if (k->type == KEY_ED25519)
		rc = gnutls_privkey_sign_data2(
		    k->handle, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &sig);
	else
		rc = gnutls_privkey_sign_hash2(
		    k->handle, GNUTLS_SIGN_RSA_SHA256, 0, &data, &sig);
	if (rc < 0)
		return SPAN_NONE;
	signature =
	    arena_span(a, (struct span){(const char *)sig.data, sig.size});
	gnutls_free(sig.data);
	return signature;
}
