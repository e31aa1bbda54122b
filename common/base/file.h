/* file: small files read whole: tables, lists, zones; not secrets, which have
 * to be wiped. What is written can be a secret: it is not copied. */
/* SPDX-License-Identifier: ISC */
#ifndef FILE_H
#define FILE_H

#include "base/arena.h"

/* Returns the octets of a file, in the arena; absent with errno set if it
 * cannot be opened or read, is a directory, or is over LIMIT_FILE octets
 * (EFBIG). "-" is not special. */
struct span file_read(const char *path, struct arena *a);

/* The same from an open descriptor, which stays open. */
struct span file_read_fd(int fd, struct arena *a);

/* Writes octets, all of them, to an open descriptor. False, with errno set, if
 * that fails. */
bool file_write_fd(int fd, struct span octets);

#endif
