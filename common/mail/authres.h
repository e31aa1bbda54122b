/*
 * authres: the Authentication-Results field (RFC 8601), read (authres.c) and
 * written (authres_write.c), and the removal of those that only claim to be
 * ours (section 5; authres_forged.c, authres_removal.c,
 * authres_strip.c).
 */
#ifndef AUTHRES_H
#define AUTHRES_H

#include "base/arena.h"
#include "mail/result.h"
#include "base/sink.h"

struct authres_property {
	struct span ptype, name; /* lower case */
	struct span value;       /* as it means, unquoted */
};

struct authres_result {
	struct span method; /* lower case */
	uint64_t version;   /* 1 if none is written */
	struct span result; /* lower case */
	struct span reason; /* absent if none */
	struct authres_property *properties;
	size_t nproperties;
};

struct authres {
	struct span id;   /* as written, unquoted */
	uint64_t version; /* 1 if none is written */
	struct authres_result *results;
	size_t nresults; /* 0: "none" */
	size_t left_out; /* more of them, over LIMIT_AUTHRES_RESULTS */
};

/*
 * Parses a field's body to the last octet (RFC 8601 2.2 with erratum 6026).
 * CFWS is allowed where the ABNF has it; a trailing semicolon is tolerated.
 * False: it does not parse, or a result has over LIMIT_AUTHRES_PROPERTIES.
 */
bool authres_parse(struct span body, struct arena *a, struct authres *out);

/*
 * Could a reader find the id in this body, and not somebody else's? Ids are
 * compared without case and without a dot at the end, U-labels as A-labels,
 * whatever version, also if the rest does not parse. normal_id is that of
 * domain_normal_id(). What is not read as RFC 8601 2.2 has it is not left to a
 * reader more tolerant than we are: an id with an encoded-word, with octets
 * that no token has, in pieces, or after an instance or a result of a field
 * that has none in front bears each id that occurs in it once such octets are
 * left out. authres_forged.c has the rules.
 */
bool authres_bears_id(struct span body, struct span normal_id, struct arena *a);

/* Is the whole id of another host in the beginning of a body, which goes on
 * after it? */
bool authres_has_other_id(
    struct span beginning, struct span normal_id, struct arena *a);

/* Is it the name of the field, in any case, with octets in it or after it that
 * no name has (blanks, controls, NUL) or without? */
bool authres_is_name(struct span name);

/* Which fields are removed from a message (RFC 8601 5). */
struct authres_removal {
	struct span normal_id; /* our authserv-id, as domain_normal_id() */
	const char *method;    /* of the tool that removes */
	bool keep; /* of ours only those that have a result of the method, may
		      have one among those that were left out, or do not
		      parse, the id included */
	struct span other; /* fields of this name, too; absent: none */
};

/* Must an Authentication-Results field with this body be removed? */
bool authres_is_ours(
    struct span body, const struct authres_removal *what, struct arena *a);

/* Must a field be removed of which this is the beginning, over
 * LIMIT_STRIP_FIELD octets? What is not known to be another's is. */
bool authres_removes_beginning(
    const struct authres_removal *what, struct span beginning, struct arena *a);

/* A bare CR with what follows it: do some readers begin a line there, as Python
 * and Perl do? */
bool authres_begins_after_cr(struct span s);

/*
 * What stays of a field, or of a line that is not a field: raw itself, nothing
 * (empty), or a copy in the arena without the fields that some readers find
 * after a bare CR in it. The last line end stays if anything does.
 */
struct span authres_kept(
    const struct authres_removal *what, struct span raw, struct arena *a);

/*
 * May this be written as our authserv-id? 1 to LIMIT_AUTHRES_VALUE octets when
 * quoted, none that utf8_run() would escape, nothing that fieldtext_is_safe()
 * refuses.
 */
bool authres_is_id(struct span id, struct arena *a);

/*
 * A whole field, name to last line end: results in order, no comments, folded
 * at 78 columns where white space separates, never inside quotes; no line over
 * 998 octets. The id is one that authres_is_id().
 *
 * A value is written as result.h's kind says (RFC 8601 2.2): escaped as
 * fieldtext_add() does, then quoted if it is no token; an identity as
 * "local@domain", "@domain" or "domain", the domain in normal form, and as
 * "@domain" if its local part is no dot-atom, is too long, begins
 * with "?" or is not fieldtext_is_safe(). An identity
 * without a valid domain, and a value over LIMIT_AUTHRES_VALUE, is left out and
 * reported by the note "property-omitted" in reason=.
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
 * A sink that passes a message on, without what authres_kept() leaves out: for
 * a header too large to be held, and for what follows a header that only some
 * programs take for ended. So it reads on to an empty line that ends the header
 * for all: one that is a LF alone, or a CRLF if all lines before it ended so.
 * eol is CRLF if all before the first octet did. Where the line that ends the
 * header for us is removed, an empty line takes its place, and the rest passes:
 * header does not become body, nor body header. Of a field over
 * LIMIT_STRIP_FIELD octets only the first so many are looked at:
 * Authentication-Results is removed unless the id of another host is whole in
 * them, keep or not. Ending the sink passes on what it holds, and does not end
 * next.
 */
struct sink *authres_strip_new(
    struct sink *next, const struct authres_removal *what, const char *eol);
size_t authres_strip_removed(const struct sink *strip); /* fields so far */
void authres_strip_free(struct sink *strip);

#endif
