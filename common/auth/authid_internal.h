/*
 * authid_internal: the state of a job, and what its two ways, authid.c and
 * authid_fields.c, use of authid_list.c and authid_verbose.c. For the files of
 * authid alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHID_INTERNAL_H
#define AUTHID_INTERNAL_H

#include "mail/authres_read.h"
#include "auth/authid.h"

struct authid_job {
	const struct message *m;
	struct arena *arena;
	struct envelope envelope;
	struct dns *dns;
	struct authid_policy policy;
	struct dkim_verifier *dkim; /* NULL: results are taken from fields */
	struct spf_query query;
	bool known; /* the envelope has what SPF needs */
	/* For fields: the topmost LIMIT_SIGNATURES signatures, as far as they
	 * can be parsed. */
	struct dkim_signature signatures[LIMIT_SIGNATURES];
	size_t nsignatures;
};

/* Adds a result, unless it has no domain. Returns false if the list is full. */
bool
authid_add(const struct authid_job *job, struct authids *out, struct authid id);

/* Returns the domain of [[local-part] "@"] domain-name (RFC 8601 2.2) in normal
 * form, or absent. */
struct span authid_domain_of(struct span value, struct arena *a);

/* Takes the results of all trusted fields. */
void authid_take_fields(struct authid_job *job, struct authids *out);

/* How an Authentication-Results field is treated. */
enum authid_field {
	AUTHID_FIELD_TRUSTED,
	AUTHID_FIELD_MALFORMED, /* may be a trusted one; its id is unreadable */
	AUTHID_FIELD_VERSION,   /* not version 1 */
	AUTHID_FIELD_OTHER,     /* another id */
	AUTHID_FIELD_BLANK,     /* a blank before the colon */
	AUTHID_FIELD_OWN,       /* has policy.unread_id */
};

/*
 * These add a line to out->detail if policy.verbose is set.
 */

/* A field, counted from 1 at the top, its id (or absent), how it is treated. */
void authid_verbose_field(const struct authid_job *job, size_t number,
    struct span id, enum authid_field kind, struct authids *out);

/* The message has no Authentication-Results field. */
void authid_verbose_no_field(const struct authid_job *job, struct authids *out);

/* A result in a field, and whether it is taken; why (or NULL): the cause if it
 * is not, or the restriction if it is. What was skipped in it is shown, too. */
void authid_verbose_result(const struct authid_job *job,
    const struct authres_entry *e, bool taken, const char *why,
    struct authids *out);

/* The rest of a field that was not read. */
void authid_verbose_rest(
    const struct authid_job *job, struct span rest, struct authids *out);

#endif
