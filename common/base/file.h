/* file: small files read whole: tables, lists, zones. Not for secrets. */
#ifndef FILE_H
#define FILE_H

#include "base/arena.h"

/* The octets of a file, in the arena; absent with errno: cannot be opened or
 * read, a directory, over LIMIT_FILE octets (EFBIG). "-" is not special. */
struct span file_read(const char *path, struct arena *a);

/* The same from an open descriptor, which stays open. */
struct span file_read_fd(int fd, struct arena *a);

#endif
