/*
 * authid_job: what the files of identity share: authid.c judges,
 * authid_fields.c takes results from fields, authid_verbose.c says which,
 * authid_list.c has what both ways add to. Nobody else includes it.
 */
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
	/* Taking from fields: those that can be read, of the topmost ones. */
	struct dkim_signature signatures[LIMIT_SIGNATURES];
	size_t nsignatures;
};

/* Adds what has a domain. False: there is no room. */
bool
authid_add(const struct authid_job *job, struct authids *out, struct authid id);

/* The domain of [[local-part] "@"] domain-name (RFC 8601 2.2), normal form, or
 * absent. */
struct span authid_domain_of(struct span value, struct arena *a);

/* All that trusted fields say. */
void authid_take_fields(struct authid_job *job, struct authids *out);

/* A field, and what it is to us. */
enum authid_field {
	AUTHID_FIELD_TRUSTED,
	AUTHID_FIELD_MALFORMED, /* it may be meant; its id is not read */
	AUTHID_FIELD_VERSION,   /* another version */
	AUTHID_FIELD_OTHER,     /* of somebody else */
	AUTHID_FIELD_BLANK,     /* a blank before the colon */
	AUTHID_FIELD_OWN,       /* others stand in for us */
};

/* Adds lines to out->explain, if the policy wants them: of a field, the
 * number-th from the top, whose id may be absent; that there is none; and of a
 * result in it, whether it is taken, and why not, or for what alone (why, or
 * NULL), and what of it was skipped; and where the reading of a field ended. */
void authid_verbose_field(const struct authid_job *job, size_t number,
    struct span id, enum authid_field kind, struct authids *out);
void authid_verbose_no_field(const struct authid_job *job, struct authids *out);
void authid_verbose_result(const struct authid_job *job,
    const struct authres_entry *e, bool taken, const char *why,
    struct authids *out);
void authid_verbose_rest(
    const struct authid_job *job, struct span rest, struct authids *out);

#endif
