/* key_load: where keys come from: files, tokens, passwords. */
/* SPDX-License-Identifier: ISC */

#include "dkim/key_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/pkcs11.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

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
fail_password(struct key_loading *l, int status, const char *words)
{
	key_fail(l, status, words);
	l->error->file = l->source->password_file;
	return false;
}

/* Takes the first line of the open password file. */
static bool
take_password(struct key_loading *l, int fd)
{
	ssize_t len;

	l->exposed->password = is_exposed(fd);
	if (l->exposed->password && l->source->strict)
		return fail_password(l, EX_NOPERM, KEY_PASSWORD_READABLE);
	len = read_file(fd, l->password, LIMIT_PASSWORD + 1);
	if (len < 0)
		return fail_password(l, EX_NOINPUT, strerror(errno));
	l->password[len] = '\0';
	l->password[strcspn(l->password, "\r\n")] = '\0';
	l->has_password = true;
	return true;
}

bool
key_read_password(struct key_loading *l)
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

/* What key_load_public() also takes, and gives back. NULL for key_load(). */
struct request {
	struct arena *arena;
	struct key_found *found;
};

/* A file whose octets are not those of a key, and so not secret. */
static bool
is_other(struct key_reading *t, const struct request *r, struct span text)
{
	if (!r || t->content != KEY_CONTENT_OTHER)
		return false;
	r->found->text = arena_span(r->arena, text);
	return true;
}

/* Takes what is in the room, of which too_long files have more. */
static bool
load_text(struct key_reading *t, struct key_loading *l, const struct request *r,
    struct span text, bool too_long)
{
	bool done;

	if (too_long && !r)
		return key_fail(l, EX_NOINPUT, strerror(EFBIG));
	done = key_file_read(t, l, text);
	if (!done && is_other(t, r, text))
		return false;
	if (done && too_long)
		return key_fail(l, EX_NOINPUT, strerror(EFBIG));
	if (done && t->content == KEY_CONTENT_PRIVATE && l->exposed->key &&
	    l->source->strict)
		return key_fail(l, EX_NOPERM, KEY_READABLE);
	return done;
}

/* Checks the mode of the open file, loads its text, and wipes that. */
static bool
load_open(struct key_reading *t, struct key_loading *l, const struct request *r,
    int fd)
{
	char room[LIMIT_KEY_FILE + 1];
	ssize_t len;
	bool done;

	l->exposed->key = is_exposed(fd);
	if (l->exposed->key && l->source->strict && !r)
		return key_fail(l, EX_NOPERM, KEY_READABLE);
	errno = 0;
	len = read_file(fd, room, sizeof(room));
	if (len < 0 && errno != EFBIG)
		done = key_fail(l, EX_NOINPUT, strerror(errno));
	else
		done = load_text(t, l, r,
		    (struct span){room, len < 0 ? sizeof(room) : (size_t)len},
		    len < 0);
	gnutls_memset(room, 0, sizeof(room));
	return done;
}

static bool
load_file(struct key_reading *t, struct key_loading *l, const struct request *r)
{
	bool is_stdin = r && !strcmp(l->source->location, "-");
	int fd = is_stdin ? 0 : open(l->source->location, O_RDONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return key_fail(l, EX_NOINPUT, strerror(errno));
	done = load_open(t, l, r, fd);
	if (!is_stdin)
		close(fd);
	return done;
}

/* Gives the PIN to GnuTLS once: a second
 * incorrect attempt could lock the token. */
static int
pin_callback(void *data, int attempt, const char *url, const char *label,
    unsigned flags, char *pin, size_t size)
{
	const struct key_loading *l = data;

	(void)url;
	(void)label;
	if (attempt || (flags & GNUTLS_PIN_WRONG) || !l->has_password ||
	    strlen(l->password) >= size)
		return GNUTLS_E_PKCS11_PIN_ERROR;
	memcpy(pin, l->password, strlen(l->password) + 1);
	return 0;
}

static bool
load_token(struct key_reading *t, struct key_loading *l)
{
	gnutls_privkey_t handle = t->private->handle;
	int rc;

	t->content = KEY_CONTENT_PRIVATE;
	gnutls_privkey_set_pin_function(handle, pin_callback, l);
	rc = gnutls_privkey_import_url(handle, l->source->location, 0);
	return rc >= 0 || key_fail(l, EX_NOINPUT, gnutls_strerror(rc));
}

static bool
load(struct key_reading *t, struct key_loading *l, const struct request *r)
{
	bool token = !strncmp(l->source->location, "pkcs11:", 7);

	return key_read_password(l) &&
	    (token ? load_token(t, l) : load_file(t, l, r)) &&
	    (t->content != KEY_CONTENT_PRIVATE ||
		key_private_check(t->private, l));
}

struct key_private *
key_load(const struct key_source *source, struct key_exposure *exposed,
    struct key_error *error)
{
	struct key_loading l = {source, error, exposed, "", false};
	struct key_reading t = {KEY_CONTENT_OTHER, key_private_new(&l), NULL};
	bool done;

	*exposed = (struct key_exposure){false, false};
	if (!t.private)
		return NULL;
	done = load(&t, &l, NULL);
	key_loading_end(&l);
	if (done && t.content == KEY_CONTENT_PUBLIC)
		done = key_fail(&l, EX_CONFIG,
		    "a public key; what signs is the private one");
	key_public_free(t.public);
	if (done)
		return t.private;
	key_private_free(t.private);
	return NULL;
}

/* Reads the public half while the PIN is known: a token may want it again. */
static void
take_public_half(struct key_reading *t, struct key_loading *l)
{
	t->public = key_private_public(t->private);
	if (!t->public)
		key_fail(l, EX_NOINPUT,
		    "the token does not give out the public key");
}

struct key_public *
key_load_public(const struct key_source *source, struct arena *a,
    struct key_found *found, struct key_error *error)
{
	struct request r = {a, found};
	struct key_loading l = {source, error, &found->exposed, "", false};
	struct key_reading t = {KEY_CONTENT_OTHER, key_private_new(&l), NULL};

	*found = (struct key_found){.content = KEY_CONTENT_OTHER};
	if (!t.private)
		return NULL;
	if (load(&t, &l, &r) && t.content == KEY_CONTENT_PRIVATE)
		take_public_half(&t, &l);
	key_loading_end(&l);
	key_private_free(t.private);
	found->content = t.content;
	if (t.content != KEY_CONTENT_PRIVATE)
		found->exposed.key = false;
	return t.public;
}
