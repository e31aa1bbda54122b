/*
 * authres: the Authentication-Results field (RFC 8601): reading it (authres.c),
 * writing it (authres_write.c), and removing the fields that claim to be this
 * host's (section 5):
 *	authres_forged.c	which fields claim that
 *	authres_removal.c	which of them are removed
 *	authres_message.c	removal from a message in memory
 *	authres_strip.c		removal from a stream
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHRES_H
#define AUTHRES_H

#include "base/arena.h"
#include "mail/result.h"
#include "base/sink.h"

struct message;

struct authres_property {
	struct span ptype, name; /* lower case */
	struct span value;       /* unquoted */
};

struct authres_result {
	struct span method; /* lower case */
	uint64_t version;   /* of the method; 1 by default */
	struct span result; /* lower case */
	struct span reason; /* unquoted, or absent */
	struct authres_property *properties;
	size_t nproperties;
};

struct authres {
	struct span id;   /* authserv-id, unquoted, case kept */
	uint64_t version; /* of the field; 1 by default */
	struct authres_result *results;
	size_t nresults; /* 0: no-result, "none" */
	size_t omitted;  /* number of results over LIMIT_AUTHRES_RESULTS */
};

/*
 * Parses a field's body to its last octet (RFC 8601 2.2 with erratum 6026).
 * CFWS is allowed where the ABNF has it; a trailing semicolon is tolerated.
 * Returns false if the body does not parse, or if a result has more than
 * LIMIT_AUTHRES_PROPERTIES properties.
 */
bool authres_parse(struct span body, struct arena *a, struct authres *out);

/*
 * Returns whether any reader could take the field with this body for one of the
 * host with the authserv-id normal_id (a result of domain_normal_id()). Ids are
 * compared without case and without a trailing dot, U-labels as A-labels; the
 * version does not matter, and the rest of the body need not parse. Readers may
 * be more tolerant than RFC 8601 2.2, so that some bodies match an id that is
 * merely contained in them, once the octets that a name cannot have are left
 * out: those whose id has an encoded-word or octets that a token cannot have,
 * or is in several pieces, and those that begin with an instance or a result
 * instead of an id. authres_forged.c has the rules.
 */
bool authres_bears_id(struct span body, struct span normal_id, struct arena *a);

/* Returns whether a name is "Authentication-Results" in any case. Octets in it
 * or after it that a field name cannot have (blanks, controls, NUL) are
 * ignored. */
bool authres_is_name(struct span name);

/* Which fields are removed from a message (RFC 8601 5). */
struct authres_removal {
	struct span normal_id; /* this host's, from domain_normal_id() */
	const char *method;    /* the method whose results the tool writes */
	bool keep; /* keep a field with this host's id if it parses and none
		      of its results, those left out included, can be of
		      the method */
	struct span other; /* name of fields to remove as well, or absent */
};

/*
 * Returns what remains of a field, or of a line that is not a field, after the
 * removal: raw itself, nothing (empty), or a copy in the arena without the
 * fields that some readers find after a bare CR in it. If anything remains, it
 * ends with the line end of raw.
 */
struct span authres_kept(
    const struct authres_removal *what, struct span raw, struct arena *a);

/* Removes from a message, as it is in memory, what authres_kept() does not
 * keep. Returns of how many fields, and of lines above the header. */
size_t authres_remove(const struct authres_removal *what, struct message *m);

/*
 * Returns whether authres_compose() can write this authserv-id: it has 1 to
 * LIMIT_AUTHRES_VALUE octets with its quotes, none that utf8_run() would
 * escape, and is fieldtext_is_safe().
 */
bool authres_is_id(struct span id, struct arena *a);

/*
 * Returns a whole field, from its name to its last line end: the results in
 * order, without comments, folded at 78 columns between words, never inside
 * quotes; no line is over 998 octets. The id must satisfy authres_is_id().
 *
 * A property is written according to its kind (result.h, RFC 8601 2.2):
 * - RESULT_VALUE: escaped by fieldtext_add(), and quoted if it is not a token.
 * - RESULT_ADDRESS: as "local@domain", "@domain" or "domain", with the domain
 *   in normal form. The local part is omitted if it is not a dot-atom, is too
 *   long, begins with "?" or is not fieldtext_is_safe().
 * An address without a valid domain, and a value over LIMIT_AUTHRES_VALUE, are
 * omitted, and the note "property-omitted" in reason= reports that.
 *
 * reason= has "identifier: words" for why and each note, joined by "; ". Words
 * for which the line has no room are replaced by "too long to be shown"; all
 * identifiers are written.
 */
struct span authres_compose(struct span id, const struct result *list, size_t n,
    const char *eol, struct arena *a);

/*
 * Returns the result as authres_compose() and authres_line() write it, for a
 * caller that writes it in another form: addresses as above, and the note
 * "property-omitted" instead of the properties that are omitted.
 */
struct result authres_settled(const struct result *r, struct arena *a);

/*
 * Returns one result as a line of output without its line end:
 * method=result reason="..." properties, each as in the field.
 */
struct span authres_line(const struct result *r, struct arena *a);

/*
 * Returns a sink that passes a message on to next without what authres_kept()
 * removes. It serves for a header too large to be held in memory, and for the
 * text after a header that not all programs take to have ended. It therefore
 * treats everything as header up to an empty line that ends the header for
 * every reader: a LF alone, or a CRLF if all lines before it ended in CRLF. eol
 * is "\r\n" if that holds for all that next has received so far, else "\n".
 *
 * If the line that ends the header as this library reads it is removed, an
 * empty line takes its place and the rest passes: header never becomes body,
 * nor body header. Of a field over LIMIT_STRIP_FIELD octets only that many are
 * examined, whatever keep is: an Authentication-Results field is removed unless
 * they show that it is another host's. Ending the sink passes on what it holds,
 * and does not end next.
 */
struct sink *authres_strip_new(
    struct sink *next, const struct authres_removal *what, const char *eol);
/* Returns the number of fields removed so far. */
size_t authres_strip_removed(const struct sink *strip);
/* Accepts NULL. */
void authres_strip_free(struct sink *strip);

#endif
