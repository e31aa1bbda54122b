/*
 * sign_table: the tables of dkim-sign, whose lines are PATTERN DOMAIN SELECTOR
 * KEYFILE: which key signs for which author domain. DOMAIN and KEYFILE are
 * templates (table.h), so that one line can be for many domains; a KEYFILE that
 * is a pkcs11 URL is not, as "%" is part of such a URL (RFC 7512 2.3).
 */
/* SPDX-License-Identifier: ISC */
#ifndef SIGN_TABLE_H
#define SIGN_TABLE_H

#include "tool/table.h"

enum sign_table_column {
	SIGN_TABLE_PATTERN,
	SIGN_TABLE_DOMAIN,
	SIGN_TABLE_SELECTOR,
	SIGN_TABLE_KEYFILE,
	SIGN_TABLE_COLUMNS
};

extern const struct table_form sign_table_form;

/*
 * Reads a table and checks each row, so that an error shows before a message
 * needs the row: ends the program (78) if DOMAIN is not a domain name of two
 * labels or more (RFC 6376 3.5), SELECTOR not a domain name, or KEYFILE has a
 * "%" that is neither "%d" nor "%%". Then SELECTOR is in normal form, and so is
 * DOMAIN unless it has "%d".
 */
void sign_table_read(const char *path, struct arena *a, struct table *t);

/* Is a KEYFILE, or the path that it gives, a pkcs11 URL? */
bool sign_table_is_url(struct span keyfile);

enum sign_table_match {
	SIGN_TABLE_OTHER,     /* the row does not match the author domain */
	SIGN_TABLE_MATCH,     /* this key signs */
	SIGN_TABLE_ONE_LABEL, /* its d= would have one label (RFC 6376 3.5) */
	/* Its KEYFILE has "%d", and there is no such file: as if the row did
	 * not match, since anyone can send a message with another author
	 * domain. */
	SIGN_TABLE_NO_KEY,
};

/* What a row says about one author domain. */
struct sign_table_key {
	struct span domain, selector; /* d= and s=, normal form */
	struct span path;             /* of the key file, or a URL */
	struct span shown;            /* "TABLE:LINE: PATH", for messages */
};

/* Compares a row of sign_table_read() with an author domain in normal form
 * (absent: no row matches). *key is set unless SIGN_TABLE_OTHER. */
enum sign_table_match
sign_table_match(const struct table *t, const struct table_row *row,
    struct span author, struct arena *a, struct sign_table_key *key);

#endif
