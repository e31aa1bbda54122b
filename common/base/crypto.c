/* crypto: make GnuTLS ready where it is needed. */
/* SPDX-License-Identifier: ISC */

#include "base/crypto.h"

#include <gnutls/gnutls.h>
#include <stdatomic.h>

#include "base/arena.h"

/* GnuTLS finds this function, which the linker exports, and leaves its start to
 * the program. */
GNUTLS_SKIP_GLOBAL_INIT

/* Has it begun, and could it? */
static atomic_bool has_begun, works;

bool
crypto_begin(void)
{
	arena_probe();
	if (!atomic_exchange_explicit(&has_begun, true, memory_order_relaxed))
		works = gnutls_global_init() >= 0;
	return works;
}
