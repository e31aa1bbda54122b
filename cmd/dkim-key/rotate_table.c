/* rotate_table: the keys that the table of dkim-sign has. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/output.h"

static struct span
column(const struct table_row *row, enum sign_table_column c)
{
	return row->columns[c];
}

void
rotate_say(const struct rotate *r, struct span place, const char *words)
{
	if (r->as_json)
		output_json(output_failure(place, words, r->arena), stdout);
	else
		warn_text(
		    ARENA_JOIN(r->arena, place, SPAN(": "), span_of(words)));
}

static void
say_line(const struct rotate *r, const struct table_row *row, const char *words)
{
	rotate_say(
	    r, arena_printf(r->arena, "%s:%zu", r->table, row->line), words);
}

/* Why no key of a row can be replaced; NULL: it can. */
static const char *
obstacle(const struct table_row *row)
{
	struct span keyfile = column(row, SIGN_TABLE_KEYFILE);

	if (sign_table_is_url(keyfile))
		return "not rotated: its key is in a token: make a new one "
		       "there by hand";
	if (table_has_domain(keyfile))
		return "not rotated: the line is for any number of domains "
		       "(%d)";
	return NULL;
}

/* "%%" is a percent sign; there is no "%d". */
static struct span
keyfile_of(const struct table_row *row, struct arena *a)
{
	return table_expand(
	    column(row, SIGN_TABLE_KEYFILE), SPAN("example.org"), a);
}

static const char *
path_of(const struct rotate *r, struct span keyfile)
{
	struct span path = table_path(&r->rows, keyfile, r->arena);

	return arena_cstr(r->arena, path);
}

/* Is the row's selector that of this key, whatever domain it signs for? */
static bool
may_use(const struct table_row *row, const struct rotation_key *k)
{
	return table_has_domain(column(row, SIGN_TABLE_DOMAIN)) &&
	    span_eq(column(row, SIGN_TABLE_SELECTOR), k->selector);
}

/* A key that a line with %d may sign with, too, cannot be retired. */
static void
fix_key(struct rotate *r, const struct table_row *row, struct rotate_key *k)
{
	k->key.is_fixed = k->key.in_table = true;
	say_line(r, row,
	    arena_printf(r->arena,
		"may sign with " SPAN_FMT ", too, which is therefore not "
		"rotated",
		SPAN_ARG(k->name))
		.p);
}

static void
fix_shared(struct rotate *r)
{
	for (size_t i = 0; i < r->rows.nrows; i++)
		for (size_t j = 0; j < r->nkeys; j++)
			if (r->keys[j]->is_selected &&
			    may_use(&r->rows.rows[i], &r->keys[j]->key))
				fix_key(r, &r->rows.rows[i], r->keys[j]);
}

/* The first line of a key tells where its file is. */
static void
take_row(struct rotate *r, const struct table_row *row)
{
	struct span domain = column(row, SIGN_TABLE_DOMAIN);
	struct span selector = column(row, SIGN_TABLE_SELECTOR);
	const char *fixed = obstacle(row);
	struct rotate_key *k = rotate_find(r, domain, selector);

	if (fixed)
		say_line(r, row, fixed);
	if (!k && fixed)
		return;
	if (!k) {
		k = rotate_add(r, domain, selector);
		k->key.state = ROTATION_ACTIVE;
		k->key.since = r->times.now;
	}
	k->key.is_fixed |= fixed != NULL;
	if (!fixed && !k->key.in_table)
		k->keyfile = keyfile_of(row, r->arena);
	else if (!fixed && !span_eq(k->keyfile, keyfile_of(row, r->arena)))
		say_line(r, row,
		    "another line has another file for this domain and "
		    "selector, which can have but one key");
	k->key.in_table = true;
}

void
rotate_load(struct rotate *r, struct rotate_key *k)
{
	const struct key_source source = {k->path, NULL, false};
	struct key_found found;
	struct key_error error;
	struct key_public *key;

	key = key_load_public(&source, r->arena, &found, &error);
	if (!key) {
		k->fault = error.words;
		return;
	}
	k->is_known = true;
	k->key.type = key_public_type(key);
	k->bits = key_public_bits(key);
	k->expected.type = k->key.type;
	k->expected.data = key_public_octets(key, r->arena);
	key_public_free(key);
	k->fault = NULL;
}

/* A key that needs a password is left to people, as the signer has to know the
 * password of each key. */
static void
leave(struct rotate *r, struct rotate_key *k)
{
	rotate_say(r, span_of(k->path),
	    "not rotated: the key is encrypted, and a new one would not be");
	k->key.is_over = true;
	k->is_selected = false;
}

/* A key that cannot be loaded cannot be rotated. That is an error if it signs,
 * or is to sign. */
static void
load_key(struct rotate *r, struct rotate_key *k)
{
	bool is_new =
	    k->key.state == ROTATION_MADE || k->key.state == ROTATION_PUBLISHED;
	bool is_needed = is_new || (k->key.in_table && !k->key.is_fixed);

	k->path = path_of(r, k->keyfile);
	rotate_load(r, k);
	if (!k->fault)
		return;
	if (k->key.in_table && !strcmp(k->fault, KEY_ENCRYPTED))
		leave(r, k);
	k->key.is_fixed |= k->key.in_table;
	if (!is_needed)
		k->fault = NULL;
}

void
rotate_read_table(struct rotate *r)
{
	sign_table_read(r->table, r->arena, &r->rows);
	for (size_t i = 0; i < r->rows.nrows; i++) {
		struct table_row *row = &r->rows.rows[i];
		struct span domain = column(row, SIGN_TABLE_DOMAIN);

		if (table_has_domain(domain))
			say_line(r, row,
			    obstacle(row)
				? obstacle(row)
				: "not rotated: the line is for any number of "
				  "domains (%d)");
		else if (rotate_selects(r, domain))
			take_row(r, row);
	}
	fix_shared(r);
}

void
rotate_load_all(struct rotate *r)
{
	for (size_t i = 0; i < r->nkeys; i++)
		if (r->keys[i]->is_selected)
			load_key(r, r->keys[i]);
}
