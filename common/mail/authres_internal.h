/*
 * authres_internal: the productions of RFC 8601 2.2 that the strict reader of
 * Authentication-Results (authres.c), the tolerant one (authres_read.c) and
 * authres_forged.c share. Like those of scan.h, each returns true and moves the
 * cursor past the production, or returns false and leaves the cursor.
 * For the files of authres alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHRES_INTERNAL_H
#define AUTHRES_INTERNAL_H

#include "base/scan.h"

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

#endif
