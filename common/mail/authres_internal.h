/*
 * authres_internal: productions of RFC 8601 2.2 that both readers of an
 * Authentication-Results field have, the strict one (authres.c) and the one
 * that takes it as it is written (authres_read.c). As those of scan.h they eat
 * a whole production or nothing. Nobody else includes it.
 */
#ifndef AUTHRES_INTERNAL_H
#define AUTHRES_INTERNAL_H

#include "base/scan.h"

/* value: token / quoted-string. */
bool authres_value(struct scan *s, struct arena *a, struct span *out);

/* A quoted-string of which only the end matters. */
bool authres_quotes(struct scan *s);

/* CFWS that is there. */
bool authres_gap(struct scan *s);

/* [CFWS] c [CFWS] */
bool authres_mark(struct scan *s, char c);

/* Keyword = Ldh-str (RFC 5321 4.1.2), in lower case. */
bool authres_keyword(struct scan *s, struct arena *a, struct span *out);

/* 1*DIGIT */
bool authres_version(struct scan *s, uint64_t *version);

#endif
