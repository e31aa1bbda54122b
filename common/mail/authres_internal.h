/* authres_internal: what the files of authres share. For those alone. */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHRES_INTERNAL_H
#define AUTHRES_INTERNAL_H

#include "mail/authres.h"
#include "base/scan.h"

/*
 * The productions of RFC 8601 2.2 that the strict reader (authres.c), the
 * tolerant one (authres_read.c) and authres_forged.c share. Like those of
 * scan.h, each returns true and moves the cursor past the production, or
 * returns false and leaves the cursor.
 */

/* value: token / quoted-string, the latter unquoted. */
bool authres_value(struct scan *s, struct arena *a, struct span *out);

/* A quoted-string with any octets in it, skipped. */
bool authres_quotes(struct scan *s);

/* CFWS of at least one octet. */
bool authres_gap(struct scan *s);

/* [CFWS] c [CFWS] */
bool authres_mark(struct scan *s, char c);

/* Keyword = Ldh-str (RFC 5321 4.1.2), in lower case. */
bool authres_keyword(struct scan *s, struct arena *a, struct span *out);

/* 1*DIGIT */
bool authres_version(struct scan *s, uint64_t *version);

/* Removal. */

/* Returns whether the beginning of a body, of which more follows, contains a
 * whole authserv-id, and that is another host's. */
bool authres_has_other_id(
    struct span beginning, struct span normal_id, struct arena *a);

/* Returns whether a field over LIMIT_STRIP_FIELD octets, with this beginning,
 * is to be removed. An Authentication-Results field is, unless the beginning
 * shows that it is another host's. */
bool authres_removes_beginning(
    const struct authres_removal *what, struct span beginning, struct arena *a);

/* Returns whether s begins with a bare CR after which some readers, such as
 * Python and Perl, begin a new line. */
bool authres_begins_after_cr(struct span s);

#endif
