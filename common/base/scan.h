/*
 * scan: a cursor over octets. Each scan_x() eats one whole production x of an
 * RFC's ABNF and returns true, or eats nothing and returns false. None reads
 * past the end; comments nest up to LIMIT_COMMENT_DEPTH, without recursion.
 * Line ends inside folding white space may be CRLF or LF.
 */
#ifndef SCAN_H
#define SCAN_H

#include "base/arena.h"

struct scan {
	const char *p, *end;
};

struct scan scan_of(struct span s);
bool scan_end(const struct scan *s);

/* The next octet, or -1 at the end; nothing is eaten. */
int scan_peek(const struct scan *s);

/* What was eaten since an earlier state of the same cursor. */
struct span scan_since(const struct scan *now, const struct scan *then);

bool scan_char(struct scan *s, char c);
bool scan_literal(struct scan *s, struct span text);     /* exact */
bool scan_caseliteral(struct scan *s, struct span text); /* ASCII case */

/* 1*octets of a class (ascii.h). */
bool scan_class(struct scan *s, bool (*is)(char), struct span *out);

/* [CFWS]; false only for a comment that does not end or nests too deep. */
bool scan_cfws(struct scan *s);

/* 1*atext (RFC 5322 3.2.3, RFC 6532). */
bool scan_atom(struct scan *s, struct span *out);

/* dot-atom-text (RFC 5322 3.2.3). */
bool scan_dot_atom_text(struct scan *s, struct span *out);

/* Is all of a text that, is it 1*octets of a class? */
bool scan_is_dot_atom_text(struct span text);
bool scan_is_class(struct span text, bool (*is)(char));

/* quoted-string without its CFWS; out is what it means: quotes and
 * backslashes gone, line ends of folds gone. Lives in the arena. */
bool scan_quoted_string(struct scan *s, struct arena *a, struct span *out);

/* A local-part that is one quoted-string means what is in the quotes (RFC 5321
 * 4.1.2); any other text stays as it is. */
struct span scan_unquote(struct span local, struct arena *a);

#endif
