/*
 * identity_job: what the files of identity share: identity.c judges,
 * identity_fields.c takes results from fields, identity_explain.c says which,
 * identity_list.c has what both ways add to. Nobody else includes it.
 */
#ifndef IDENTITY_JOB_H
#define IDENTITY_JOB_H

#include "mail/authres_read.h"
#include "auth/identity.h"

struct identity_job {
	const struct message *m;
	struct arena *arena;
	struct envelope envelope;
	struct dns *dns;
	struct identity_policy policy;
	struct dkim_verifier *dkim; /* NULL: results are taken from fields */
	struct spf_query query;
	bool known; /* the envelope has what SPF needs */
	/* Taking from fields: those that can be read, of the topmost ones. */
	struct dkim_signature signature[LIMIT_SIGNATURES];
	size_t signatures;
};

/* Adds what has a domain. False: there is no room. */
bool identity_add(
    const struct identity_job *job, struct identities *out, struct identity id);

/* The domain of [[local-part] "@"] domain-name (RFC 8601 2.2), normal form, or
 * absent. */
struct span identity_domain_of(struct span value, struct arena *a);

/* All that trusted fields say. */
void identity_take_fields(struct identity_job *job, struct identities *out);

/* A field, and what it is to us. */
enum identity_standing {
	IDENTITY_FIELD_TRUSTED,
	IDENTITY_FIELD_MALFORMED, /* it may be meant; its id is not read */
	IDENTITY_FIELD_VERSION,   /* another version */
	IDENTITY_FIELD_OTHER,     /* of somebody else */
	IDENTITY_FIELD_BLANK,     /* a blank before the colon */
	IDENTITY_FIELD_OURS,      /* others stand in for us */
};

/* Adds lines to out->explain, if the policy wants them: of a field, the
 * number-th from the top, whose id may be absent; that there is none; and of a
 * result in it, whether it is taken, and why not, or for what alone (why, or
 * NULL), and what of it was skipped; and where the reading of a field ended. */
void identity_explain_field(const struct identity_job *job, size_t number,
    struct span id, enum identity_standing standing, struct identities *out);
void identity_explain_no_field(
    const struct identity_job *job, struct identities *out);
void identity_explain_result(const struct identity_job *job,
    const struct authres_entry *e, bool taken, const char *why,
    struct identities *out);
void identity_explain_rest(
    const struct identity_job *job, struct span rest, struct identities *out);

#endif
