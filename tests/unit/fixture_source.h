/* fixture_source: the octets of a source. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SOURCE_H
#define FIXTURE_SOURCE_H

#include "base/buf.h"
#include "fixture_arena.h"
#include "fixture_file.h"
#include "mail/source.h"

static inline struct span
read_all(struct source *s, struct arena *a)
{
	struct buf b = BUF(a);
	ssize_t got;

	while ((got = source_read(
		    s, buf_room(&b, SOURCE_CHUNK), SOURCE_CHUNK)) > 0)
		b.len += (size_t)got;
	assert_int_equal(got, 0);
	return buf_span(&b);
}

#endif
