/*
 * mailbox_internal: octets that no header field may have, and quotes, comments
 * and stray encoded-words (RFC 2047) of a From field. For the files of mailbox
 * alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef MAILBOX_INTERNAL_H
#define MAILBOX_INTERNAL_H

#include "base/buf.h"
#include "mail/mailbox.h"

/* Returns the number of octets before the first control octet or line end
 * outside a fold. */
size_t mailbox_clean_length(struct span body);

/* Returns a copy of s with a blank in place of each octet of a quoted-string or
 * comment. */
struct span mailbox_hide(struct span s, struct arena *a);

/*
 * Returns the text of the body from the first encoded-word that readers treat
 * differently, or absent. plain is mailbox_hide() of the body. Sets *glued to
 * the offset of the first encoded-word with text beside it, or to the length of
 * the body.
 */
struct span
mailbox_find_stray(struct span body, struct span plain, size_t *glued);

#endif
