/*
 * scan: a cursor over octets. Each scan_x() consumes one whole production x of
 * an RFC's ABNF and returns true, or consumes nothing and returns false. None
 * reads past the end. Comments nest up to LIMIT_COMMENT_DEPTH, without
 * recursion. Line ends inside folding white space may be CRLF or LF.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SCAN_H
#define SCAN_H

#include "base/arena.h"

struct scan {
	const char *p, *end;
};

struct scan scan_of(struct span s);
bool scan_end(const struct scan *s);

/* Returns the next octet without consuming it, or -1 at the end. */
int scan_peek(const struct scan *s);

/* Returns what was consumed since then, an earlier state of the same cursor. */
struct span scan_since(const struct scan *now, const struct scan *then);

bool scan_char(struct scan *s, char c);
bool scan_literal(struct scan *s, struct span text);     /* exact */
bool scan_caseliteral(struct scan *s, struct span text); /* ASCII case */

/* One or more octets of a class (ascii.h). */
bool scan_class(struct scan *s, bool (*is)(char), struct span *out);

/* [CFWS]; false only for a comment that does not end or nests too deep. */
bool scan_cfws(struct scan *s);

/* 1*atext (RFC 5322 3.2.3, RFC 6532). */
bool scan_atom(struct scan *s, struct span *out);

/* dot-atom-text (RFC 5322 3.2.3). */
bool scan_dot_atom_text(struct scan *s, struct span *out);

/* Is a whole text one dot-atom-text, or one or more octets of a class? */
bool scan_is_dot_atom_text(struct span text);
bool scan_is_class(struct span text, bool (*is)(char));

/* quoted-string, without CFWS around it. *out is its value, in the arena:
 * quotes, escaping backslashes and the line ends of folds are removed. */
bool scan_quoted_string(struct scan *s, struct arena *a, struct span *out);

/* Returns the value of a local-part that is one quoted-string (RFC 5321 4.1.2),
 * and any other text unchanged. */
struct span scan_unquote(struct span local, struct arena *a);

#endif
