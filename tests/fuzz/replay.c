/* replay: runs a fuzz target on the files given as operands. */
/* SPDX-License-Identifier: ISC */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "fuzz.h"

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct arena *a = arena_new();
		struct span text = file_read(argv[i], a);
		union {
			const char *in;
			const uint8_t *out;
		} cast = {text.p};

		if (!text.p) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
			return 1;
		}
		LLVMFuzzerTestOneInput(cast.out, text.len);
		arena_free(a);
	}
	return 0;
}
