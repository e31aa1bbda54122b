/* rotate_make: new keys, in the folder and with the owner of the old ones. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/die.h"
#include "base/limit.h"
#include "new.h"

/* Default selectors of one month that are tried. */
#define TRIES 1000u

/* So many of them that have a record are taken for a wildcard. */
#define WILDCARD 12u

/*
 * The file.
 */

static void
fail(
    struct rotate *r, struct rotate_key *k, const char *path, const char *words)
{
	k->error = arena_printf(r->arena, "%s: %s", path, words);
}

/* Gives the file of a new key the owner of the old one: a signer that runs as
 * another user could not read it otherwise. */
static bool
give_away(int fd, const struct stat *old)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink <= 1 &&
	    ((st.st_uid == old->st_uid && st.st_gid == old->st_gid) ||
		fchown(fd, old->st_uid, old->st_gid) == 0);
}

/* Whoever can read the old key can read the new one. */
static bool
open_up(int fd, const struct stat *old)
{
	return fchmod(fd, (old->st_mode & 0444) | 0600) == 0;
}

/* Writes a key into its file, which only its owner can read until it is whole.
 * False, with the error set. */
static bool
fill(struct rotate *r, struct rotate_key *k, const struct stat *old,
    struct keyfile *f, const struct key_private *key)
{
	const struct key_source to = {k->path, NULL, false};
	struct key_exposure exposed;
	struct key_error error;

	if (!give_away(f->fd, old)) {
		fail(r, k, k->path,
		    "the owner and group of the old key cannot be given to a "
		    "new one");
		return false;
	}
	if (!key_write(key, f->fd, &to, &exposed, &error)) {
		fail(r, k, error.file, error.words);
		return false;
	}
	if (open_up(f->fd, old) && keyfile_finish(f) == 0)
		return true;
	fail(r, k, k->path, strerror(errno));
	return false;
}

static void
make_file(struct rotate *r, struct rotate_key *k, const struct rotate_key *old)
{
	struct key_error error;
	struct key_private *key;
	struct keyfile f;
	struct stat st;

	if (stat(old->path, &st) < 0) {
		fail(r, k, old->path, strerror(errno));
		return;
	}
	key = key_generate(k->key.type, k->bits, &error);
	if (!key) {
		fail(r, k, error.file, error.words);
		return;
	}
	if (keyfile_begin(&f, k->path, r->arena) < 0)
		fail(r, k, k->path, strerror(errno));
	else if (fill(r, k, &st, &f, key))
		keyfile_close(&f);
	else
		keyfile_drop(&f);
	key_private_free(key);
}

/* RFC 8301 3.2: 2048 bits or more should be used. */
static unsigned
bits_of(const struct rotate_key *old)
{
	return old->bits > LIMIT_RSA_BITS_WARN && old->bits <= 4096
	    ? old->bits
	    : LIMIT_RSA_BITS_WARN;
}

/* The run that was killed may not have come to the owner and the mode, where
 * the file has its name at once. */
static void
adopt_file(struct rotate *r, struct rotate_key *k, const struct rotate_key *old)
{
	int fd = open(k->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || stat(old->path, &st) < 0 || !give_away(fd, &st) ||
	    !open_up(fd, &st))
		fail(r, k, k->path,
		    "it is there, but cannot be given the owner and mode of "
		    "the old key");
	if (fd >= 0)
		close(fd);
}

/* A file that is there already was made by a run that was killed. It is whole,
 * or else it is not a key, and another one is made under another name. */
static void
make_key(struct rotate *r, struct rotate_key *k, const struct rotate_key *old)
{
	struct stat st;
	bool is_there = lstat(k->path, &st) == 0;

	k->bits = bits_of(old);
	if (!is_there)
		make_file(r, k, old);
	if (k->error.p)
		return;
	rotate_load(r, k);
	if (k->fault) {
		rotate_say(r, span_of(k->path),
		    "not a whole key: remove it; a run that was killed has "
		    "left it");
		k->key.is_over = true;
		r->is_wrong = true;
		return;
	}
	if (is_there)
		adopt_file(r, k, old);
	if (!k->error.p)
		k->key.state = ROTATION_MADE;
}

static struct rotate_key *
predecessor(const struct rotate *r, const struct rotate_key *k)
{
	return rotate_find(r, k->key.domain, k->key.replaces);
}

void
rotate_make(struct rotate *r)
{
	for (size_t i = 0; i < r->nkeys; i++) {
		struct rotate_key *k = r->keys[i], *old;

		if (!k->is_selected || k->key.is_over ||
		    k->key.state != ROTATION_MAKING)
			continue;
		old = predecessor(r, k);
		if (!old || !old->is_known) {
			k->key.is_over = true;
			continue;
		}
		k->path = arena_cstr(
		    r->arena, table_path(&r->rows, k->keyfile, r->arena));
		make_key(r, k, old);
	}
}

/*
 * The names.
 */

/* A line with %d may have the selector for any domain. */
static bool
is_in_table(const struct rotate *r, struct span selector)
{
	for (size_t i = 0; i < r->rows.nrows; i++)
		if (span_eq(
			r->rows.rows[i].columns[SIGN_TABLE_SELECTOR], selector))
			return true;
	return false;
}

/* Returns the KEYFILE of a new key: beside the old one, as the table has it. */
static struct span
keyfile_of(const struct rotate_key *old, struct span selector, struct arena *a)
{
	size_t slash = span_find_last(old->keyfile, '/');
	const char *folder = "";

	if (slash < old->keyfile.len)
		folder = arena_cstr(a, span_upto(old->keyfile, slash + 1));
	return span_of(key_path(folder, selector, old->key.domain, a));
}

/* Has no file, state, line or (counted) record this selector? */
static enum rotate_free
try_selector(struct rotate *r, const struct rotate_key *old,
    struct span selector, struct span *keyfile, unsigned *nrecords)
{
	struct span name = dkim_key_name(selector, old->key.domain, r->arena);
	enum rotate_free is_free;
	struct stat st;
	const char *path;

	*keyfile = keyfile_of(old, selector, r->arena);
	path = arena_cstr(r->arena, table_path(&r->rows, *keyfile, r->arena));
	if (rotate_find(r, old->key.domain, selector) ||
	    is_in_table(r, selector) || lstat(path, &st) == 0)
		return ROTATE_TAKEN;
	is_free = rotate_is_free(r, name);
	*nrecords += is_free == ROTATE_TAKEN;
	return is_free;
}

/* Chooses the name of a successor; absent if that cannot be done now. */
static struct span
choose(struct rotate *r, struct rotate_key *old, struct span *keyfile)
{
	unsigned nrecords = 0;

	for (unsigned n = 1; n <= TRIES && nrecords < WILDCARD; n++) {
		struct span selector =
		    default_selector(r->times.now, old->key.type, n, r->arena);
		enum rotate_free is_free =
		    try_selector(r, old, selector, keyfile, &nrecords);

		if (is_free == ROTATE_FREE)
			return selector;
		if (is_free == ROTATE_UNKNOWN) {
			r->is_unknown = true;
			return SPAN_NONE;
		}
	}
	old->error = nrecords == WILDCARD
	    ? SPAN("the DNS has records of all new names that were tried, as "
		   "if of a wildcard: remove that, or make a key by hand")
	    : SPAN("all default selectors of this month are taken");
	return SPAN_NONE;
}

static void
plan_key(struct rotate *r, struct rotate_key *old)
{
	struct span keyfile, selector;
	struct rotate_key *k;

	if (dkim_key_name(SPAN("202611r1000"), old->key.domain, r->arena).len >
	    LIMIT_DNS_NAME) {
		old->error = SPAN("the name of a new key would have too many "
				  "octets");
		return;
	}
	selector = choose(r, old, &keyfile);
	if (!selector.p)
		return;
	k = rotate_add(r, old->key.domain, selector);
	k->keyfile = keyfile;
	k->key.type = old->key.type;
	k->key.state = k->key.next = ROTATION_MAKING;
	k->key.since = r->times.now;
	k->key.replaces = old->key.selector;
	k->key.action = ROTATION_ADD;
	k->key.calls_hook = true;
	k->key.wait = ROTATION_FOR_SERVERS;
}

void
rotate_plan(struct rotate *r)
{
	for (size_t i = 0; i < r->nkeys; i++)
		if (r->keys[i]->is_selected && r->keys[i]->key.is_due &&
		    r->keys[i]->is_known)
			plan_key(r, r->keys[i]);
}
