/*
 * authres_read: an Authentication-Results field whose results are to be taken,
 * as mail systems write it: result by result and property by property, so that
 * a part that is not to the letter of RFC 8601 hides none of the others. Only
 * results of dkim, spf and dmarc are read.
 *
 * - The id is read strictly: a value, a version if any, a semicolon.
 * - Results of other methods, and what is no result, are passed over, whatever
 *   they look like.
 * - CFWS is allowed where RFC 8601 2.2 has it. Of a result each part that is
 *   not ptype.property=value or reason=value is skipped.
 * - An unquoted value goes up to white space, a semicolon or a parenthesis. Of
 *   "<address>" it is the address.
 * - Where a quote or a comment does not end, or a comment has an odd number of
 *   quotes, the reading ends, and the result is dropped in which that is; those
 *   before it count. In results of these
 *   methods it also ends at a control octet outside quotes and comments, at a
 *   quote inside a word, and at what is glued to a quoted-string, but for
 *   "@domain": a value whose quotes are not those of its writer may go on
 *   anywhere.
 *
 * All that authres_parse() reads is read alike, up to a comment with an odd
 * number of quotes, with one exception: what is
 * between "=" and a blank before ptype.property=, of a registered ptype, is an
 * empty value (there, the ABNF has the second property for a local part).
 */
#ifndef AUTHRES_READ_H
#define AUTHRES_READ_H

#include "mail/authres.h"

struct authres_entry {
	struct authres_result result;
	bool clear;       /* its head, method/version=result, was read, and it
			    has no more than LIMIT_AUTHRES_PROPERTIES */
	struct span text; /* all its octets, in the body */
	struct span skipped; /* its parts that were, or absent */
};

struct authres_reading {
	struct span id;   /* absent: none */
	uint64_t version; /* 1 if none is written */
	struct authres_entry *entries;
	size_t nentries;
	size_t left_out;  /* more of them, over LIMIT_AUTHRES_RESULTS */
	struct span rest; /* what was not read, up to the end, or absent */
};

/*
 * False: the id cannot be read. may_lack_id: a body that begins with a result
 * has none, as Exchange Online writes it.
 */
bool authres_read(struct span body, bool may_lack_id, struct arena *a,
    struct authres_reading *out);

#endif
