/* sign_table: check the tables of dkim-sign, choose the keys of an author. */
/* SPDX-License-Identifier: ISC */

#include "tool/sign_table.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/domain.h"

const struct table_form sign_table_form = {
    "PATTERN DOMAIN SELECTOR KEYFILE", SIGN_TABLE_COLUMNS, SIGN_TABLE_COLUMNS};

static _Noreturn void
die_of_column(const struct table *t, const struct table_row *row,
    const char *name, size_t column, const char *words, struct arena *a)
{
	table_die(t, row->line,
	    ARENA_JOIN(a, span_of(name), SPAN(" '"), row->columns[column],
		SPAN("' "), span_of(words)));
}

/* RFC 6376 3.5: d= has two labels or more; a template is checked with a domain
 * that has. */
static void
check_domain(
    const struct table *t, const struct table_row *row, struct arena *a)
{
	struct span *column = &row->columns[SIGN_TABLE_DOMAIN];
	bool is_template = table_has_domain(*column);
	struct span name = *column;

	if (is_template)
		name = table_expand(*column, SPAN("example.org"), a);
	name = domain_normal(name, a);
	if (!name.p)
		die_of_column(t, row, "DOMAIN", SIGN_TABLE_DOMAIN,
		    "is not a domain name", a);
	if (domain_labels(name) < 2)
		die_of_column(t, row, "DOMAIN", SIGN_TABLE_DOMAIN,
		    "is a domain of one label, which cannot sign (RFC 6376 "
		    "3.5)",
		    a);
	if (!is_template)
		*column = name;
}

static void
check_selector(
    const struct table *t, const struct table_row *row, struct arena *a)
{
	struct span *column = &row->columns[SIGN_TABLE_SELECTOR];
	struct span name = domain_normal(*column, a);

	if (!name.p)
		die_of_column(t, row, "SELECTOR", SIGN_TABLE_SELECTOR,
		    "is not a domain name", a);
	*column = name;
}

static void
check_key(const struct table *t, const struct table_row *row, struct arena *a)
{
	struct span column = row->columns[SIGN_TABLE_KEYFILE];

	if (!sign_table_is_url(column) &&
	    !table_expand(column, SPAN("example.org"), a).p)
		die_of_column(t, row, "KEYFILE", SIGN_TABLE_KEYFILE,
		    "has a % that is neither %d, the author domain, nor %%, a "
		    "percent sign",
		    a);
}

void
sign_table_read(const char *path, struct arena *a, struct table *t)
{
	table_read(path, &sign_table_form, a, t);
	for (size_t i = 0; i < t->nrows; i++) {
		check_domain(t, &t->rows[i], a);
		check_selector(t, &t->rows[i], a);
		check_key(t, &t->rows[i], a);
	}
}

bool
sign_table_is_url(struct span keyfile)
{
	return span_starts(keyfile, SPAN("pkcs11:"));
}

/* Is there no file of this name? Not only ENOENT: with a long author domain the
 * name can be longer than the file system's (ENAMETOOLONG), and what is to be
 * a folder can be a file (ENOTDIR). A link to nothing is a file here, which
 * then cannot be read: no message can bring that about. */
static bool
is_missing(struct span path, struct arena *a)
{
	struct stat st;

	return lstat(arena_cstr(a, path), &st) < 0 &&
	    (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG);
}

/* Sets the path of the key, relative to the folder of the table, and how it is
 * shown. */
static void
set_path(const struct table *t, const struct table_row *row, struct span author,
    struct arena *a, struct sign_table_key *key)
{
	key->path = row->columns[SIGN_TABLE_KEYFILE];
	if (!sign_table_is_url(key->path))
		key->path =
		    table_path(t, table_expand(key->path, author, a), a);
	key->shown = arena_printf(
	    a, "%s:%zu: " SPAN_FMT, t->path, row->line, SPAN_ARG(key->path));
}

/* Sets d=. False: the author domain is too long for the template, or makes a
 * label in it that is not one. */
static bool
set_domain(const struct table_row *row, struct span author, struct arena *a,
    struct sign_table_key *key)
{
	key->domain = row->columns[SIGN_TABLE_DOMAIN];
	if (table_has_domain(key->domain))
		key->domain =
		    domain_normal(table_expand(key->domain, author, a), a);
	return key->domain.p;
}

enum sign_table_match
sign_table_match(const struct table *t, const struct table_row *row,
    struct span author, struct arena *a, struct sign_table_key *key)
{
	struct span keyfile = row->columns[SIGN_TABLE_KEYFILE];

	if (!author.p ||
	    !table_match(row->columns[SIGN_TABLE_PATTERN], author, a))
		return SIGN_TABLE_OTHER;
	*key = (struct sign_table_key){
	    .selector = row->columns[SIGN_TABLE_SELECTOR]};
	if (!set_domain(row, author, a, key))
		return SIGN_TABLE_OTHER;
	set_path(t, row, author, a, key);
	if (domain_labels(key->domain) < 2)
		return SIGN_TABLE_ONE_LABEL;
	if (!sign_table_is_url(keyfile) && table_has_domain(keyfile) &&
	    is_missing(key->path, a))
		return SIGN_TABLE_NO_KEY;
	return SIGN_TABLE_MATCH;
}
