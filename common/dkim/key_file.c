/* key_file: the text of a key file, in the forms of many programs. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <string.h>
#include <sysexits.h>

#include "base/ascii.h"

/* PEM (RFC 7468). */

static bool
import_private(struct key_reading *t, struct key_loading *l, struct span text)
{
	gnutls_datum_t data = key_datum(text);
	int rc = gnutls_privkey_import_x509_raw(t->private->handle, &data,
	    GNUTLS_X509_FMT_PEM, l->has_password ? l->password : NULL, 0);

	if (rc >= 0)
		return true;
	if (key_is_refusal(rc))
		return key_fail(l, EX_CONFIG, KEY_FORBIDDEN_WORDS);
	if (rc == GNUTLS_E_DECRYPTION_FAILED && !l->has_password)
		return key_fail(l, EX_CONFIG, KEY_ENCRYPTED);
	if (rc == GNUTLS_E_DECRYPTION_FAILED)
		return key_fail(l, EX_CONFIG, "the password is incorrect");
	return key_fail(l, EX_CONFIG, "not a private key in PEM form");
}

static bool
import_public_info(
    struct key_reading *t, struct key_loading *l, struct span text)
{
	gnutls_datum_t data = key_datum(text);
	gnutls_pubkey_t handle;

	if (gnutls_pubkey_init(&handle) < 0)
		return key_fail(l, EX_TEMPFAIL, "out of memory");
	if (gnutls_pubkey_import(handle, &data, GNUTLS_X509_FMT_PEM) >= 0)
		t->public = key_public_of(handle, l);
	else
		key_fail(l, EX_CONFIG, "not a public key in PEM form");
	gnutls_pubkey_deinit(handle);
	return t->public;
}

/* RFC 8017 A.1.1: GnuTLS has no name for this form. */
static bool
import_public_rsa(
    struct key_reading *t, struct key_loading *l, struct span text)
{
	gnutls_datum_t data = key_datum(text), der = {NULL, 0};
	enum key_status status = KEY_SYNTAX;

	if (gnutls_pem_base64_decode2("RSA PUBLIC KEY", &data, &der) >= 0)
		status = key_public_parse(KEY_RSA,
		    (struct span){(const char *)der.data, der.size},
		    &t->public);
	gnutls_free(der.data);
	return status == KEY_OK ||
	    key_fail(l, EX_CONFIG, "not a public key in PEM form");
}

static bool
refuse_openssh(struct key_reading *t, struct key_loading *l, struct span text)
{
	(void)t;
	(void)text;
	return key_fail(l, EX_CONFIG,
	    "a key in the form of OpenSSH; of RSA, a copy is converted by "
	    "\"ssh-keygen -p -m PKCS8 -f COPY\"");
}

static bool
refuse_openssh_public(
    struct key_reading *t, struct key_loading *l, struct span text)
{
	(void)t;
	(void)text;
	return key_fail(l, EX_CONFIG,
	    "a public key in the form of OpenSSH; of RSA, it is converted by "
	    "\"ssh-keygen -e -m PKCS8 -f FILE >NEW\"");
}

static bool
refuse_der(struct key_reading *t, struct key_loading *l, struct span text)
{
	(void)t;
	(void)text;
	return key_fail(l, EX_CONFIG,
	    "in DER form; a private key is converted to PEM by \"openssl pkey "
	    "-inform DER -in FILE -out NEW\"");
}

/* How the forms begin that are recognized here. What ends in "PRIVATE KEY"
 * otherwise is left to GnuTLS. */
static const struct {
	const char *begin;
	enum key_content content;
	bool (*read)(struct key_reading *t, struct key_loading *l, struct span);
} labels[] = {
    {"-----BEGIN OPENSSH PRIVATE KEY-----", KEY_CONTENT_PRIVATE,
	refuse_openssh},
    {"-----BEGIN PUBLIC KEY-----", KEY_CONTENT_PUBLIC, import_public_info},
    {"-----BEGIN RSA PUBLIC KEY-----", KEY_CONTENT_PUBLIC, import_public_rsa},
    {"---- BEGIN SSH2 PUBLIC KEY ----", KEY_CONTENT_PUBLIC,
	refuse_openssh_public},
    {"ssh-rsa AAAA", KEY_CONTENT_PUBLIC, refuse_openssh_public},
    {"ssh-ed25519 AAAA", KEY_CONTENT_PUBLIC, refuse_openssh_public},
};

/* Returns the first line that begins so; absent if there is none. */
static struct span
find_line(struct span text, struct span begin)
{
	while (text.p) {
		if (span_starts(text, begin))
			return span_upto(text, span_find(text, '\n'));
		span_cut(&text, '\n');
	}
	return SPAN_NONE;
}

/* Is there a private key in PEM form, whatever its label: "RSA", "ENCRYPTED",
 * none ... ? It may follow another thing, such as its certificate. */
static bool
has_private(struct span text)
{
	struct span line;

	while ((line = find_line(text, SPAN("-----BEGIN "))).p) {
		if (span_casecontains(line, SPAN("PRIVATE KEY-----")))
			return true;
		text = span_from(text, (size_t)(line.p - text.p) + line.len);
	}
	return false;
}

/* Raw Ed25519 keys. */

/* Is the text one line of base64, with any line end? *line is set to it. */
static bool
is_base64_line(struct span text, struct span *line)
{
	if (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	if (text.len && text.p[text.len - 1] == '\r')
		text.len--;
	*line = text;
	while (text.len && text.p[text.len - 1] == '=')
		text.len--;
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alpha(text.p[i]) && !ascii_is_digit(text.p[i]) &&
		    text.p[i] != '+' && text.p[i] != '/')
			return false;
	return text.len > 0;
}

/* PrivateKeyInfo up to the key (RFC 8410 7). */
static const char ed25519_prefix[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05,
    0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

static int
import_seed(gnutls_privkey_t handle, const char *seed)
{
	char der[sizeof(ed25519_prefix) + KEY_ED25519_OCTETS];
	gnutls_datum_t data = key_datum((struct span){der, sizeof(der)});
	int rc;

	memcpy(der, ed25519_prefix, sizeof(ed25519_prefix));
	memcpy(der + sizeof(ed25519_prefix), seed, KEY_ED25519_OCTETS);
	rc = gnutls_privkey_import_x509_raw(
	    handle, &data, GNUTLS_X509_FMT_DER, NULL, 0);
	gnutls_memset(der, 0, sizeof(der));
	return rc;
}

/* Is this the public half of the key? */
static bool
has_point(gnutls_privkey_t handle, const char *point)
{
	gnutls_datum_t x = {NULL, 0};
	bool same =
	    gnutls_privkey_export_ecc_raw(handle, NULL, &x, NULL, NULL) >= 0 &&
	    x.size == KEY_ED25519_OCTETS && !memcmp(x.data, point, x.size);

	gnutls_free(x.data);
	return same;
}

static bool
import_raw(struct key_reading *t, struct key_loading *l, struct span octets)
{
	int rc = import_seed(t->private->handle, octets.p);

	t->content = KEY_CONTENT_PRIVATE;
	if (rc < 0)
		return key_fail(l, EX_CONFIG,
		    key_is_refusal(rc) ? KEY_FORBIDDEN_WORDS
				       : gnutls_strerror(rc));
	return octets.len == KEY_ED25519_OCTETS ||
	    has_point(t->private->handle, octets.p + KEY_ED25519_OCTETS) ||
	    key_fail(l, EX_CONFIG,
		"64 octets in base64, but the second half is not the Ed25519 "
		"public key of the first");
}

/* Decodes a line of base64, with or without its padding, and wipes that. */
static bool
decode_line(struct span line, gnutls_datum_t *octets)
{
	char room[128];
	gnutls_datum_t text = key_datum((struct span){room, sizeof(room)});
	bool done;

	while (line.len && line.p[line.len - 1] == '=')
		line.len--;
	if (line.len + 3 > sizeof(room))
		return false;
	memcpy(room, line.p, line.len);
	while (line.len % 4)
		room[line.len++] = '=';
	text.size = (unsigned)line.len;
	done = gnutls_base64_decode2(&text, octets) >= 0;
	gnutls_memset(room, 0, sizeof(room));
	return done;
}

/* Loads a raw key. Returns false, and leaves content as it is, for another
 * text. */
static bool
read_raw(struct key_reading *t, struct key_loading *l, struct span text)
{
	gnutls_datum_t octets = {NULL, 0};
	struct span line;
	bool done = false;

	if (!is_base64_line(text, &line) || !decode_line(line, &octets))
		return false;
	if (octets.size == KEY_ED25519_OCTETS ||
	    octets.size == 2 * KEY_ED25519_OCTETS)
		done = import_raw(t, l,
		    (struct span){(const char *)octets.data, octets.size});
	gnutls_memset(octets.data, 0, octets.size);
	gnutls_free(octets.data);
	return done;
}

/* Is all of the text one SEQUENCE (X.690 8.1.3)? */
static bool
is_der(struct span text)
{
	const char *p = text.p;
	size_t n = 2;

	if (text.len < n || p[0] != 0x30)
		return false;
	if ((unsigned char)p[1] < 0x80)
		return text.len == n + (unsigned char)p[1];
	n += (unsigned char)p[1] & 0x7fu;
	if (n == 2 || n > 4 || text.len < n)
		return false;
	return text.len ==
	    n +
	    (n == 4 ? (size_t)(unsigned char)p[2] << 8 | (unsigned char)p[3]
		    : (unsigned char)p[2]);
}

bool
key_file_read(struct key_reading *t, struct key_loading *l, struct span text)
{
	bool is_private = has_private(text);

	/* A private key may have its public key beside it. */
	for (size_t i = 0; i < COUNT(labels); i++)
		if ((!is_private || labels[i].content == KEY_CONTENT_PRIVATE) &&
		    find_line(text, span_of(labels[i].begin)).p) {
			t->content = labels[i].content;
			return labels[i].read(t, l, text);
		}
	if (is_private) {
		t->content = KEY_CONTENT_PRIVATE;
		return import_private(t, l, text);
	}
	if (is_der(text)) {
		t->content = KEY_CONTENT_PRIVATE;
		return refuse_der(t, l, text);
	}
	key_fail(l, EX_CONFIG, "not a private key in PEM form");
	return read_raw(t, l, text);
}
