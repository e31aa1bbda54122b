/* Quotes, comments and encoded-words (RFC 2047) of a From field: for
 * mailbox_tolerant.c alone. Nobody else includes it. */
#ifndef MAILBOX_INTERNAL_H
#define MAILBOX_INTERNAL_H

#include "base/buf.h"
#include "mail/mailbox.h"

/* A copy with blanks instead of quoted-strings and comments. */
struct span mailbox_hide(struct span s, struct arena *a);

/* Takes an encoded-word off the start of a text, and adds what it means, octets
 * in its charset, to b, unless that is NULL. */
bool mailbox_cut_word(struct span *s, struct buf *b);

/* A copy with all of them decoded; blanks between two are dropped (6.2), or, if
 * apart, a blank follows each. */
struct span mailbox_decode(struct span s, bool apart, struct arena *a);

/*
 * The text from the first encoded-word that readers do not agree about, or
 * absent; plain is the body with quotes and comments hidden. *glued becomes the
 * place of the first that has text beside it, or the length of the body.
 */
struct span
mailbox_find_stray(struct span body, struct span plain, size_t *glued);

#endif
