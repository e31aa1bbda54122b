/*
 * authres_read: read an Authentication-Results field as mail systems write it,
 * to use its results: result by result and property by property, so that a part
 * that departs from RFC 8601 does not hide the others. Only results of dkim,
 * spf and dmarc are read.
 *
 * - The id is read strictly: a value, a version if any, a semicolon.
 * - Results of other methods, and text that is not a result, are skipped.
 * - CFWS is allowed where RFC 8601 2.2 has it. In a result, each part that is
 *   not ptype.property=value or reason=value is skipped.
 * - An unquoted value extends to white space, a semicolon or a parenthesis. The
 *   value of "<address>" is the address.
 * - Reading stops at a quote or a comment that does not end, and at a comment
 *   with an odd number of quotes; the result that contains it is dropped, those
 *   before it are kept. In results of these methods reading also stops at a
 *   control octet outside quotes and comments, at a quote inside a word, and at
 *   text that directly follows a quoted-string, except "@domain": if a quote in
 *   a value is the sender's and not the writer's, the value may end anywhere.
 *
 * What authres_parse() reads is read with the same outcome, up to a comment
 * with an odd number of quotes, with one exception: between "=" and a blank
 * that precedes ptype.property=, with a registered ptype, is an empty value
 * (the ABNF has that property as the local part of the value).
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHRES_READ_H
#define AUTHRES_READ_H

#include "mail/authres.h"

struct authres_entry {
	struct authres_result result;
	bool clear;          /* method/version=result was read, and properties
			    within LIMIT_AUTHRES_PROPERTIES */
	struct span text;    /* its octets in the body */
	struct span skipped; /* its skipped parts, joined by " ", or absent */
};

struct authres_reading {
	struct span id;   /* authserv-id, unquoted, or absent */
	uint64_t version; /* of the field; 1 by default */
	struct authres_entry *entries;
	size_t nentries;
	size_t omitted;   /* number of results over LIMIT_AUTHRES_RESULTS */
	struct span rest; /* of the body, where reading stopped, or absent */
};

/*
 * Reads the body of a field. With may_lack_id, a body that begins with a result
 * has no id; Exchange Online writes such fields. Returns false if the id cannot
 * be read.
 */
bool authres_read(struct span body, bool may_lack_id, struct arena *a,
    struct authres_reading *out);

#endif
