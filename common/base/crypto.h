/* crypto: the state of GnuTLS. */
/* SPDX-License-Identifier: ISC */
#ifndef CRYPTO_H
#define CRYPTO_H

#include <stdbool.h>

/*
 * Does what arena_probe() does, and makes GnuTLS ready the first time. Returns
 * false if it cannot be used on this host, as if its configuration forbade all
 * algorithms. To be called before a handle of GnuTLS is made, or one of its
 * functions is called without a handle, by one thread alone.
 *
 * By default GnuTLS makes itself ready in every program that is linked with it,
 * as the program starts: 0.2 ms, a sixth of its loading, also where there is no
 * signature.
 */
bool crypto_begin(void);

#endif
