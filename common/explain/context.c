/* context: what else is known about a signature that does not verify. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

/* That a message was handled after it was signed does not show by what it was
 * altered; nor does a stored copy, but for what the formats of mailboxes
 * need. */
#define CONTEXT_SOMETHING "Something on the way"
#define CONTEXT_OTHERS    "the mail servers on the way"

struct context
context_find(const struct context_question *q, struct arena *a)
{
	struct context out = {.software = CONTEXT_UNKNOWN};
	struct context_search c = {.q = q,
	    .m = q->m,
	    .s = q->signature,
	    .at = (size_t)(q->signature->field - q->m->fields),
	    .nothers = q->verifier ? dkim_verify_count(q->verifier) : 0,
	    .arena = a,
	    .out = &out};

	context_software_find(&c);
	context_relay_find(&c);
	context_key_find(&c);
	context_cut_find(&c);
	context_notes_find(&c);
	return out;
}

static const struct {
	const char *name, *shown, *subject;
} software[] = {
    [CONTEXT_UNKNOWN] = {NULL, CONTEXT_OTHERS, CONTEXT_SOMETHING},
    [CONTEXT_LIST] = {"list", "the list", "The list software"},
    [CONTEXT_GATEWAY] = {"gateway", "the gateway", "A mail gateway"},
    [CONTEXT_FORWARD] = {"forwarder", "the forwarder", "A forwarding server"},
    [CONTEXT_ARCHIVE] = {"archive", "the archive", CONTEXT_SOMETHING},
    [CONTEXT_RELAY] = {"relay", CONTEXT_OTHERS, CONTEXT_SOMETHING},
};

const char *
context_name(enum context_software s)
{
	return software[s].name;
}

const char *
context_shown(enum context_software s)
{
	return software[s].shown;
}

const char *
context_subject(enum context_software s)
{
	return software[s].subject;
}
