/*
 * trust_options: the options by which a tool takes the results of dkim and spf
 * from Authentication-Results fields instead of evaluating them itself. Ends
 * the program as cli.h does.
 */
/* SPDX-License-Identifier: ISC */
#ifndef TRUST_OPTIONS_H
#define TRUST_OPTIONS_H

#include "auth/authid.h"
#include "tool/checker.h"

/* --trust-authres, --trusted-id, --trust-topmost, --accept-header-i: a section
 * of --help, for struct checker. */
extern const struct cli_section trust_options;

/*
 * Sets the policy by these options; a usage error ends the program. A query, an
 * envelope that is given and trusted fields are mutually exclusive; queries
 * lists the tool's options for queries. Returns true if fields with this host's
 * own authserv-id are trusted, and must be kept (checker.keep_authres).
 */
bool trust_read(struct authid_policy *policy, bool query, const char *queries,
    bool envelope, struct arena *a);

/* Returns the policy for a message. By --trusted-id or --trust-topmost, fields
 * that have this host's authserv-id are not read. */
struct authid_policy trust_policy(
    const struct authid_policy *policy, const struct checker_message *cm);

/* Identifiers of notes that are added to a result. */
#define TRUST_NOTE_LEFT   "results-omitted"
#define TRUST_NOTE_PARTLY "results-partly-read"
#define TRUST_NOTE_SPF    "spf-not-evaluated"

/* Adds notes to a result about trusted results that were not used. */
void trust_note(const struct authids *found, struct result *r, struct arena *a);

/* Adds a note to a result if SPF could not be evaluated. */
void trust_note_spf(const struct authid_policy *policy,
    const struct authids *found, struct result *r);

/* Adds to result.detail which fields were trusted, and what was taken from
 * them. */
void
trust_verbose(const struct authids *found, struct result *r, struct arena *a);

#endif
