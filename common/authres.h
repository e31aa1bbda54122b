/*
 * authres: the Authentication-Results field (RFC 8601), read and written, and
 * the removal of those that only claim to be ours (section 5).
 */
#ifndef AUTHRES_H
#define AUTHRES_H

#include "arena.h"
#include "result.h"
#include "sink.h"

struct authres_property {
	struct span ptype, name; /* lower case */
	struct span value;       /* as it means, unquoted */
};

struct authres_result {
	struct span method; /* lower case */
	uint64_t version;   /* 1 if none is written */
	struct span result; /* lower case */
	struct span reason; /* absent if none */
	struct authres_property *property;
	size_t properties;
};

struct authres {
	struct span id;   /* as written, unquoted */
	uint64_t version; /* 1 if none is written */
	struct authres_result *result;
	size_t results;  /* 0: "none" */
	size_t left_out; /* more of them, over LIMIT_AUTHRES_RESULTS */
};

/*
 * Parses a field's body to the last octet (RFC 8601 2.2 with erratum 6026).
 * CFWS is allowed where the ABNF has it; a trailing semicolon is tolerated.
 * False: it does not parse, or a result has over LIMIT_AUTHRES_PROPERTIES.
 */
bool authres_parse(struct span body, struct arena *a, struct authres *out);

/*
 * Does this body bear the id? Both are compared after domain_normal_id() (case,
 * U- and A-labels, a dot at the end), whatever version, also if the rest does
 * not parse. What cannot be read is not left to a reader more tolerant than we
 * are:
 * - If no id can be read (a comment that does not end, no value), the body
 *   bears every id whose text occurs in it.
 * - An id that blanks or comments cut into pieces ("mx. (c) example.org")
 *   counts as the pieces joined, too.
 * - An id with blanks, controls or 8-bit octets that is no domain name bears
 *   every id whose text occurs in it.
 */
bool authres_bears_id(struct span body, struct span normal_id, struct arena *a);

/* Is the id whole in the beginning of a body, which goes on after it? */
bool authres_has_id(struct span beginning, struct arena *a);

/* Is it the name of the field, in any case, blanks behind it or not? */
bool authres_is_name(struct span name);

/*
 * Must a field with this name and body be removed by a tool of this method?
 * Always if it bears the id; with keep only if it also has a result of the
 * method, or may have one among those that were left out, or does not parse.
 */
bool authres_is_ours(struct span name, struct span body, struct span normal_id,
    const char *method, bool keep, struct arena *a);

/*
 * May this be written as our authserv-id? 1 to LIMIT_AUTHRES_VALUE octets when
 * quoted, none that utf8_run() would escape.
 */
bool authres_is_id(struct span id, struct arena *a);

/*
 * A whole field, name to last line end: results in order, no comments, folded
 * at 78 columns where white space separates, never inside quotes; no line over
 * 998 octets. The id is one that authres_is_id().
 *
 * A value is written as result.h's kind says (RFC 8601 2.2): escaped where
 * utf8_run() says so, then quoted if it is no token; an identity as
 * "local@domain", "@domain" or "domain", the domain in normal form, and as
 * "@domain" if its local part is no dot-atom or is too long. An identity
 * without a valid domain, and a value over LIMIT_AUTHRES_VALUE, is left out and
 * reported by the note "property-left-out" in reason=.
 *
 * reason= has "identifier: words" for why and each note, joined by "; ". Words
 * for which the line has no room are replaced by "too long to be shown"; the
 * identifiers are always there.
 */
struct span authres_compose(struct span id, const struct result *list, size_t n,
    const char *eol, struct arena *a);

/*
 * The result as both write it, for who has another form of its own: identities
 * as above, and without the properties that are left out, which a note names.
 */
struct result authres_settled(const struct result *r, struct arena *a);

/*
 * One result in the form of a report line: method=result reason="..."
 * properties, all as in the field, no line end.
 */
struct span authres_line(const struct result *r, struct arena *a);

/*
 * A sink that passes a message on, without the Authentication-Results fields
 * that authres_is_ours(), and without fields that are called other (absent:
 * none), reading field by field: for a header too large to be held, and for
 * what follows a header that only some programs take for ended. So it reads on
 * to the first empty line, whatever other lines are before it, in a message
 * whose eol is "\n" to the first without a CR. Of a field over
 * LIMIT_STRIP_FIELD octets only the first so many are looked at:
 * Authentication-Results is removed if the id is not whole in them, or is ours,
 * keep or not. Ending the sink passes on what it holds, and does not end next.
 */
struct sink *authres_strip_new(struct sink *next, struct span normal_id,
    const char *method, bool keep, struct span other, const char *eol);
size_t authres_strip_removed(const struct sink *strip); /* fields so far */
void authres_strip_free(struct sink *strip);

#endif
