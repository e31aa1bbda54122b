/* unpack_internal: what a stream begins with, for the files of unpack. */
/* SPDX-License-Identifier: ISC */
#ifndef UNPACK_INTERNAL_H
#define UNPACK_INTERNAL_H

#include "report/unpack.h"

/* Octets that are held to see what a stream is. */
#define UNPACK_HELD 64u

enum unpack_start {
	UNPACK_START_MORE, /* it needs more octets */
	UNPACK_START_EMPTY,
	UNPACK_START_GZIP,
	UNPACK_START_ZIP,
	UNPACK_START_MSG,
	UNPACK_START_XML,
	UNPACK_START_OTHER
};

/* Tells what a stream is by its first octets, of which UNPACK_HELD are always
 * enough, as are fewer if those are all. */
enum unpack_start unpack_start(struct span first, bool all);

#endif
