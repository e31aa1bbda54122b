/* signers: load the keys that sign, check them against the DNS, warn. */
/* SPDX-License-Identifier: ISC */

#include "signers.h"

#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/inserter.h"
#include "tool/table.h"

/* Warns; if strict, ends the program instead. */
static void
warn_or_die(bool strict, int status, const char *about, const char *words)
{
	if (strict)
		die(status, "%s: %s", about, words);
	inserter_warn("%s: %s", about, words);
}

void
signers_check(const struct signers_options *o)
{
	if (o->table && (o->keys->nitems || o->domain || o->selector))
		cli_usage("--table names the signers: -d, -s and -k cannot be "
			  "given with it");
	if (!o->table && !o->keys->nitems)
		cli_usage("no key: give -k KEYFILE or --table");
}

static struct span
domain_option(const char *option, struct span text, struct arena *a)
{
	struct span name = domain_normal(text, a);

	if (!name.p)
		cli_usage(
		    "%s: not a domain name: " SPAN_FMT, option, SPAN_ARG(text));
	return name;
}

/* RFC 8301 3.2. */
static void
check_size(const struct key_private *key, const char *location, bool strict)
{
	if (key_private_type(key) != KEY_RSA)
		return;
	if (key_private_bits(key) < LIMIT_RSA_BITS_MIN)
		die(EX_CONFIG,
		    "%s: key-too-small: an RSA key of %u bits is refused "
		    "(RFC 8301)",
		    location, key_private_bits(key));
	if (key_private_bits(key) < LIMIT_RSA_BITS_WARN)
		warn_or_die(strict, EX_CONFIG, location,
		    "key-small: an RSA key should have 2048 bits or more "
		    "(RFC 8301)");
}

/* Where a key is, and how error messages name that: "TABLE:LINE: KEYFILE", or
 * the same as path. */
struct location {
	struct span path, shown;
};

static _Noreturn void
die_of_key(
    const struct signer *s, const struct key_error *error, struct span path)
{
	if (span_eq(span_of(error->file), path))
		die(error->status, SPAN_FMT ": %s", SPAN_ARG(s->location),
		    error->words);
	die(error->status, "%s: %s", error->file, error->words);
}

/* Loads the key of a signer. Only for the first one, a password file that
 * others can read is reported. */
static void
load_key(const struct signers_options *o, struct span path, bool first,
    struct signer *s)
{
	struct key_source source = {path.p, o->password_file, o->strict};
	struct key_error error;
	struct key_exposure exposed;

	s->who.key = key_load(&source, &exposed, &error);
	if (!s->who.key)
		die_of_key(s, &error, path);
	if (exposed.password && first)
		inserter_warn(
		    "%s: %s", o->password_file, KEY_PASSWORD_READABLE);
	if (exposed.key)
		inserter_warn(
		    SPAN_FMT ": %s", SPAN_ARG(s->location), KEY_READABLE);
}

static void
add_signer(const struct signers_options *o, struct span domain,
    struct span selector, struct location at, struct signer **list, size_t *n,
    struct arena *a)
{
	struct signer *s = ARENA_PUSH(a, *list, *n);

	s->location = arena_span(a, at.shown);
	s->who.domain = domain;
	s->who.selector = selector;
	load_key(o, arena_span(a, at.path), *n == 1, s);
	signers_explain_key(s, a);
	check_size(s->who.key, s->location.p, o->strict);
}

/* Removes "SELECTOR=" from a key and returns the selector, which has neither
 * ":" nor "/"; absent if there is none. */
static struct span
split_selector(struct span *key)
{
	struct span rest = *key, head = span_cut(&rest, '=');

	if (!rest.p || span_find(head, ':') < head.len ||
	    span_find(head, '/') < head.len)
		return SPAN_NONE;
	*key = rest;
	return head;
}

static void
load_keys(const struct signers_options *o, struct span author, const char *why,
    struct signer **list, size_t *n, struct arena *a)
{
	struct span domain = author;

	if (o->domain)
		domain = domain_option("-d", span_of(o->domain), a);
	if (!domain.p)
		die(EX_DATAERR, "no signing domain: %s, and no -d", why);
	signers_explain_domain(
	    domain, o->domain ? "from -d" : "from the From field", a);
	for (size_t i = 0; i < o->keys->nitems; i++) {
		struct span key = span_of(o->keys->items[i]);
		struct span selector = split_selector(&key);

		if (!selector.p)
			selector = span_of(o->selector);
		if (!selector.p)
			cli_usage("-k %s: no selector: -s, or SELECTOR=KEYFILE",
			    o->keys->items[i]);
		add_signer(o, domain, domain_option("-s", selector, a),
		    (struct location){key, key}, list, n, a);
	}
}

static const struct table_form table_form = {
    "PATTERN DOMAIN SELECTOR KEYFILE", 4, 4};

static struct span
table_domain(const struct table *t, const struct table_row *row, size_t column,
    struct arena *a)
{
	struct span name = domain_normal(row->columns[column], a);

	if (!name.p)
		table_die(t, row->line,
		    arena_printf(a, "%s '" SPAN_FMT "' is not a domain name",
			column == 1 ? "DOMAIN" : "SELECTOR",
			SPAN_ARG(row->columns[column])));
	return name;
}

/* The key of a row, which is relative to the folder of the table. */
static struct location
table_key(const struct table *t, const struct table_row *row, struct arena *a)
{
	struct location l = {row->columns[3], SPAN_NONE};

	if (!span_starts(l.path, SPAN("pkcs11:")))
		l.path = table_path(t, l.path, a);
	l.shown = arena_printf(
	    a, "%s:%zu: " SPAN_FMT, t->path, row->line, SPAN_ARG(l.path));
	return l;
}

static void
load_table(const struct signers_options *o, struct span author,
    struct signer **list, size_t *n, struct arena *a)
{
	struct table t;

	table_read(o->table, &table_form, a, &t);
	for (size_t i = 0; i < t.nrows; i++) {
		const struct table_row *row = &t.rows[i];
		struct span domain = table_domain(&t, row, 1, a);
		struct span selector = table_domain(&t, row, 2, a);

		if (!author.p || !table_match(row->columns[0], author, a))
			continue;
		signers_explain_domain(domain,
		    arena_printf(a, "from %s:%zu", t.path, row->line).p, a);
		add_signer(
		    o, domain, selector, table_key(&t, row, a), list, n, a);
	}
}

size_t
signers_load(const struct signers_options *o, struct span author,
    const char *why, struct signer **list, struct arena *a)
{
	size_t n = 0;

	*list = NULL;
	if (o->table)
		load_table(o, author, list, &n, a);
	else
		load_keys(o, author, why, list, &n, a);
	if (!n)
		signers_explain_unlisted(o->table, author, why, a);
	return n;
}

void
signers_free(struct signer *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		key_private_free(list[i].who.key);
}

static bool
is_related(struct span author, struct span domain)
{
	return domain_within(author, domain) || domain_within(domain, author);
}

void
signers_warn(struct preflight *p, const struct signer *list, size_t n,
    struct span author, bool strict)
{
	for (size_t i = 0; author.p && i < n; i++)
		if (!is_related(author, list[i].who.domain))
			p->found[PREFLIGHT_DOMAIN] = true;
	for (int i = 0; i < PREFLIGHT_FINDINGS; i++)
		if (p->found[i])
			warn_or_die(strict, EX_DATAERR,
			    preflight_id((enum preflight_finding)i),
			    preflight_words((enum preflight_finding)i));
}
