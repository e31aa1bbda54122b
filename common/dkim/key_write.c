/* key_write: private keys to files. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"

/* Makes the PEM, which the caller wipes and frees. */
static int
export_pem(const struct key_private *k, const struct key_loading *l,
    gnutls_datum_t *pem)
{
	gnutls_x509_privkey_t plain;
	int rc = gnutls_privkey_export_x509(k->handle, &plain);

	if (rc < 0)
		return rc;
	rc = gnutls_x509_privkey_export2_pkcs8(plain, GNUTLS_X509_FMT_PEM,
	    l->has_password ? l->password : NULL,
	    l->has_password ? GNUTLS_PKCS_PBES2_AES_256 : 0, pem);
	gnutls_x509_privkey_deinit(plain);
	return rc;
}

static bool
write_pem(const struct key_private *k, struct key_loading *l, int fd)
{
	gnutls_datum_t pem = {NULL, 0};
	int rc, failed;

	if (l->has_password && !l->password[0]) {
		key_fail(l, EX_CONFIG, "the password is empty");
		l->error->file = l->source->password_file;
		return false;
	}
	rc = export_pem(k, l, &pem);
	if (rc < 0)
		return key_fail(l, EX_SOFTWARE, gnutls_strerror(rc));
	failed =
	    file_write_fd(fd, (struct span){(const char *)pem.data, pem.size})
	    ? 0
	    : errno;
	gnutls_memset(pem.data, 0, pem.size);
	gnutls_free(pem.data);
	return !failed || key_fail(l, EX_IOERR, strerror(failed));
}

bool
key_write(const struct key_private *k, int fd, const struct key_source *to,
    struct key_exposure *exposed, struct key_error *error)
{
	struct key_loading l = {to, error, exposed, "", false};
	bool done;

	arena_probe();
	*exposed = (struct key_exposure){false, false};
	done = key_read_password(&l) && write_pem(k, &l, fd);
	key_loading_end(&l);
	return done;
}
