/* original: --original, the message as it was sent, to compare others with. */
/* SPDX-License-Identifier: ISC */
#ifndef ORIGINAL_H
#define ORIGINAL_H

#include "explain/compare.h"

/* Reads the original from a file. All of it lives in the arena. A file that
 * cannot be read, or is not a message, ends the program (66, 65). */
const struct compare_original *original_read(const char *path, struct arena *a);

/* Compares a message, and all octets of its body, with the original, for each
 * signature of the verifier. Returns as many comparisons as it has results; one
 * without a signature is of a field that cannot be parsed, or was not verified.
 * They live in the arena of the message. */
const struct comparison *original_compare(const struct compare_original *o,
    const struct message *m, struct span body, const struct dkim_verifier *v);

#endif
