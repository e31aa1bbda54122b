/* dkim_internal: what verifying and signing consist of. For the files of dkim
 * alone. */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_INTERNAL_H
#define DKIM_INTERNAL_H

#include "dkim/dkim.h"

/* Returns the reason for a key that was parsed: DKIM_OK, or one of those of
 * dkim_key_import(). k is not used unless the status is KEY_OK. */
enum dkim_reason dkim_key_reason(
    enum key_status status, const struct key_public *k, unsigned least_bits);

/* Encodes dkim-quoted-printable; if copied, for z= (RFC 6376 3.5), where "|",
 * ":" and 8-bit octets are encoded, too. */
struct span dkim_qp_encode(struct span text, bool copied, struct arena *a);

/* Adds a note about fields that mail readers show once, and that occur more
 * often than they were covered. */
void dkim_note_duplicates(
    const struct message *m, const uint32_t *used, struct result *r);

/* Adds to the words of the result which tag of the signature or of the key
 * record the reason is about, and sets result.place to where it is. */
void dkim_note_detail(const struct message *m, const struct dkim_signature *s,
    const struct dkim_key *key, struct result *r);

/* Adds notes about syntax that is tolerated although the grammar does not allow
 * it. */
void dkim_note_tolerated(const struct dkim_signature *s,
    const struct dkim_key *key, struct result *r);

/* Fills result.detail with lines on what was used; none if body is NULL, as for
 * a signature that was not verified. */
void dkim_verbose(const struct message *m, const struct dkim_signature *s,
    const struct digest *body, struct result *r);

#endif
