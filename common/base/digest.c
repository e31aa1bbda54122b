/* digest: hash by GnuTLS what flows into a sink. */
/* SPDX-License-Identifier: ISC */

#include "base/digest.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/crypto.h"

/* Small pieces are gathered: hashing them one by one takes twice as long. */
#define PIECE ((size_t)8 << 10)
#define LARGE ((size_t)4 << 10) /* a piece this large is hashed at once */

struct digest_state {
	gnutls_hash_hd_t handle;
	char *value;
	size_t size, have;
	char *piece; /* PIECE octets */
};

static const gnutls_digest_algorithm_t algorithm[] = {
    [DIGEST_SHA1] = GNUTLS_DIG_SHA1,
    [DIGEST_SHA256] = GNUTLS_DIG_SHA256,
};

size_t
digest_size(enum digest_hash hash)
{
	return hash == DIGEST_SHA1 ? 20 : 32;
}

static void
flush(struct digest_state *s)
{
	if (s->handle)
		gnutls_hash(s->handle, s->piece, s->have);
	s->have = 0;
}

static void
digest_put(struct sink *self, const char *p, size_t n)
{
	struct digest *d = (struct digest *)self;
	struct digest_state *s = d->state;
	uint64_t left = d->limit > d->total ? d->limit - d->total : 0;

	d->total += n;
	if (n > left)
		n = (size_t)left;
	if (n > PIECE - s->have || n >= LARGE)
		flush(s);
	if (n >= LARGE) {
		if (s->handle)
			gnutls_hash(s->handle, p, n);
		return;
	}
	memcpy(s->piece + s->have, p, n);
	s->have += n;
}

static void
digest_end(struct sink *self)
{
	struct digest *d = (struct digest *)self;

	flush(d->state);
	if (!d->state->handle)
		return;
	gnutls_hash_deinit(d->state->handle, d->state->value);
	d->value = (struct span){d->state->value, d->state->size};
}

struct digest *
digest_new(enum digest_hash hash, uint64_t limit, struct arena *a)
{
	struct digest *d = ARENA_NEW(a, struct digest);

	d->sink = (struct sink){digest_put, digest_end};
	d->limit = limit;
	d->state = ARENA_NEW(a, struct digest_state);
	d->state->size = digest_size(hash);
	d->state->value = arena_alloc(a, DIGEST_MAX);
	d->state->piece = arena_grow(a, NULL, 0, PIECE); /* not set to zero */
	if (!crypto_begin() ||
	    gnutls_hash_init(&d->state->handle, algorithm[hash]) < 0)
		d->state->handle = NULL;
	return d;
}

bool
digest_once(enum digest_hash hash, struct span octets, char *value)
{
	return crypto_begin() &&
	    gnutls_hash_fast(algorithm[hash], octets.p, octets.len, value) >= 0;
}

/* Only for the lack of memory a copy fails that has been made once. */
static gnutls_hash_hd_t
copy_of(const struct digest_point *p)
{
	gnutls_hash_hd_t copy = gnutls_hash_copy(p->handle);

	if (!copy)
		arena_exhausted();
	return copy;
}

bool
digest_point_new(enum digest_hash hash, struct digest_point *p)
{
	gnutls_hash_hd_t handle, copy;

	if (!crypto_begin() || gnutls_hash_init(&handle, algorithm[hash]) < 0)
		return false;
	copy = gnutls_hash_copy(handle);
	if (copy)
		gnutls_hash_deinit(copy, NULL);
	else
		gnutls_hash_deinit(handle, NULL);
	p->handle = copy ? handle : NULL;
	return copy != NULL;
}

void
digest_point_add(struct digest_point *p, struct span octets)
{
	if (octets.len)
		gnutls_hash(p->handle, octets.p, octets.len);
}

struct digest_point
digest_point_copy(const struct digest_point *p)
{
	return (struct digest_point){copy_of(p)};
}

void
digest_point_value(const struct digest_point *p, struct span more, char *value)
{
	struct digest_point after = {copy_of(p)};

	digest_point_add(&after, more);
	gnutls_hash_deinit(after.handle, value);
}

void
digest_point_free(struct digest_point *p)
{
	gnutls_hash_deinit(p->handle, NULL);
	p->handle = NULL;
}
