/*
 * trust_options: the options by which a tool takes the results of dkim and spf
 * from Authentication-Results fields instead of evaluating. Ends the program
 * as cli.h does.
 */
#ifndef TRUST_OPTIONS_H
#define TRUST_OPTIONS_H

#include "tool/cli.h"
#include "auth/authid.h"

/* --trust-authres, --trusted-id, --trust-topmost, --accept-header-i: a section
 * of --help, for struct checker. */
extern const struct cli_section trust_options;

/*
 * Reads them: usage errors end the program. A query, identities of the envelope
 * that are given, and trusted fields exclude each other; queries says by which
 * options the tool has queries. True: fields under our own name are trusted,
 * and must be kept (checker.keeps).
 */
bool trust_read(struct authid_policy *policy, bool query, const char *queries,
    bool envelope, struct arena *a);

/* The policy for a message: --trusted-id and --trust-topmost stand in for our
 * own name, whose fields are then not read. receiver: our authserv-id. */
struct authid_policy trust_policy(const struct authid_policy *policy,
    struct span receiver, int64_t now, bool verbose, struct arena *a);

/* Notes: identifiers beside a result. */
#define TRUST_NOTE_LEFT   "results-omitted"
#define TRUST_NOTE_PARTLY "results-partly-read"
#define TRUST_NOTE_SPF    "spf-not-evaluated"

/* Adds to a result what was there and did not count. */
void trust_note(const struct authids *found, struct result *r, struct arena *a);

/* Adds to a result that SPF was to be judged and could not be. */
void trust_note_spf(const struct authid_policy *policy,
    const struct authids *found, struct result *r);

/* Adds to result.explain which fields were trusted, and what was taken. */
void
trust_verbose(const struct authids *found, struct result *r, struct arena *a);

#endif
