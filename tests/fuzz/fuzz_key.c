/* fuzz_key: parses the octets of a p= value as either type of key. */
/* SPDX-License-Identifier: ISC */

#include "fuzz.h"
#include "dkim/key.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct key_public *public;

	for (int type = KEY_RSA; type <= KEY_ED25519; type++)
		if (key_public_parse((enum key_type)type, fuzz_span(data, size),
			&public) == KEY_OK)
			key_public_free(public);
	return 0;
}
