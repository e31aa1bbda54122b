/*
 * table_edit: put other keys into a dkim-sign table (sign_table.h) while mail
 * is being signed: a program that reads the table sees all of a change or
 * nothing of it, also after a crash.
 */
/* SPDX-License-Identifier: ISC */
#ifndef TABLE_EDIT_H
#define TABLE_EDIT_H

#include "base/arena.h"

/* The rows with this DOMAIN and SELECTOR (normal form) get another SELECTOR and
 * KEYFILE. */
struct table_change {
	struct span domain, selector;
	/* The new KEYFILE is a path as it is: "%" and blanks in it are escaped
	 * by table_edit_text(). */
	struct span new_selector, new_keyfile;
	size_t nrows; /* set to how many rows were changed */
};

/*
 * Returns the text of a table with n changes, of which the first that matches a
 * row is applied to it. All other octets stay: other rows, and in the rows that
 * change PATTERN, DOMAIN, blanks, comment and line end. Absent, with the reason
 * in *error ("LINE: ..."), if the text is not a table, if a row to be changed
 * has a KEYFILE that cannot be replaced, since it has "%d" or is a pkcs11 URL,
 * or if a new column has a NUL or a LF.
 */
struct span table_edit_text(struct span text, struct table_change *changes,
    size_t n, struct arena *a, struct span *error);

/*
 * Changes a file so. A symbolic link is followed to its file, which must be a
 * regular one. The new text is written to a temporary file in the folder of
 * that file (.NAME.vouch-XXXXXX), which gets mode, owner and group of the old
 * one, is synced and renamed; then the folder is synced. ACLs and other hard
 * links are not kept. If no row matches, nothing is written.
 *
 * False, with "PATH: ..." in *error, if anything fails, among it that another
 * program, which does not know the caller's lock, has changed the table
 * meanwhile: then the table is as it was, and the temporary file removed. Only
 * if the folder cannot be synced, the last step, is the new table in place; the
 * error says so. A process that is killed can leave the temporary file, which
 * the next change removes.
 */
bool table_edit(const char *path, struct table_change *changes, size_t n,
    struct arena *a, struct span *error);

#endif
