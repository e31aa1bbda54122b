/* verify: what dkim-verify does with each message. */
/* SPDX-License-Identifier: ISC */
#ifndef VERIFY_H
#define VERIFY_H

#include "canonical.h"
#include "explain.h"

/* What all messages of a run share: the tool of struct checker. */
struct verify {
	struct dkim_policy policy;         /* but verbose and now */
	struct canonical_choice canonical; /* index 0: no --canonical */
	struct explain_run *explain;       /* NULL: no --explain */
};

/* The functions of struct checker. */
void *verify_begin(
    const struct checker_message *cm, struct sink *const **sinks, size_t *n);
size_t verify_end(void *state, const struct result **results);
void verify_json(void *state, json_t *object);
void verify_conclude(void *tool, const struct screen *to, struct arena *a);

#endif
