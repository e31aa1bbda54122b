/* dkim_lint_internal: what the files of dkim_lint share (see dkim_lint.h). For
 * these files alone. */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_LINT_INTERNAL_H
#define DKIM_LINT_INTERNAL_H

#include "lint/dkim_lint.h"

/* Answers the question by the keys, the changes and the findings. empty is the
 * name that does not exist, so that no key can be below it, or absent. */
void dkim_lint_answer(struct dkim_lint *out, struct span empty);

/* Returns what there is to say of a key: "RSA 2048, sound", "no key". */
struct span dkim_lint_words(const struct dkim_lint_key *key, struct arena *a);

#endif
