/* context: what else is known about a signature that does not verify. */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

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

const char *
context_name(enum context_software software)
{
	static const char *const names[] = {
	    [CONTEXT_UNKNOWN] = NULL,
	    [CONTEXT_LIST] = "list",
	    [CONTEXT_GATEWAY] = "gateway",
	    [CONTEXT_FORWARD] = "forwarder",
	    [CONTEXT_ARCHIVE] = "archive",
	    [CONTEXT_RELAY] = "relay",
	};

	return names[software];
}

const char *
context_subject(const struct context *c)
{
	static const char *const subjects[] = {
	    [CONTEXT_UNKNOWN] = "A relay",
	    [CONTEXT_LIST] = "The list software",
	    [CONTEXT_GATEWAY] = "A mail gateway",
	    [CONTEXT_FORWARD] = "A forwarder",
	    [CONTEXT_ARCHIVE] = "The archive",
	    [CONTEXT_RELAY] = "A relay",
	};

	return subjects[c->software];
}
