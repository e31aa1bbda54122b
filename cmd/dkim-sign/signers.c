/* signers: load the keys that sign, check them against the DNS, warn. */
/* SPDX-License-Identifier: ISC */

#include "signers.h"

#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/inserter.h"
#include "tool/sign_table.h"

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

/* RFC 6376 3.5: d= has two labels or more; dkim-verify accepts no other. */
#define ONE_LABEL "a domain of one label cannot sign (RFC 6376 3.5)"

static void
load_keys(const struct signers_options *o, struct span author, const char *why,
    struct signer **list, size_t *n, struct arena *a)
{
	struct span domain = author;

	if (o->domain)
		domain = inserter_domain(o->domain, a);
	if (!domain.p)
		die(EX_DATAERR, "no signing domain: %s, and no -d", why);
	signers_explain_domain(
	    domain, o->domain ? "from -d" : "from the From field", a);
	if (domain_labels(domain) < 2) {
		inserter_one_label(o->strict, ONE_LABEL, domain);
		return;
	}
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

/* A row of the table that matches, or would if it had a key. */
static void
add_row(const struct signers_options *o, const struct table *t,
    const struct table_row *row, const struct sign_table_key *key,
    struct signer **list, size_t *n, struct arena *a)
{
	signers_explain_domain(key->domain,
	    arena_printf(a, "from %s:%zu", t->path, row->line).p, a);
	add_signer(o, key->domain, key->selector,
	    (struct location){key->path, key->shown}, list, n, a);
}

/* Complains that the message passes unsigned. about is its author domain, or
 * why there is none; missing the first key file that a row names for it, or
 * absent. */
static void
unlisted(const struct signers_options *o, struct span about,
    struct span missing, struct arena *a)
{
	static const char words[] =
	    "not-listed: the table does not list the author domain";

	if (missing.p)
		about = ARENA_JOIN(
		    a, about, SPAN(" ("), missing, SPAN(" does not exist)"));
	if (o->require)
		die(EX_DATAERR, "%s: " SPAN_FMT, words, SPAN_ARG(about));
	inserter_warn("%s: " SPAN_FMT, words, SPAN_ARG(about));
}

/* What the rows for an author had besides keys. */
struct skipped {
	struct span missing;    /* the first key file that does not exist */
	struct span short_name; /* a d= of one label */
};

static void
load_rows(const struct signers_options *o, const struct table *t,
    struct span author, struct skipped *skipped, struct signer **list,
    size_t *n, struct arena *a)
{
	for (size_t i = 0; i < t->nrows; i++) {
		struct sign_table_key key;

		switch (sign_table_match(t, &t->rows[i], author, a, &key)) {
		case SIGN_TABLE_OTHER:
			break;
		case SIGN_TABLE_MATCH:
			add_row(o, t, &t->rows[i], &key, list, n, a);
			break;
		case SIGN_TABLE_ONE_LABEL:
			skipped->short_name = key.domain;
			break;
		case SIGN_TABLE_NO_KEY:
			signers_explain_missing(key.shown, a);
			if (!skipped->missing.p)
				skipped->missing = key.shown;
			break;
		}
	}
}

static void
load_table(const struct signers_options *o, struct span author, const char *why,
    struct signer **list, size_t *n, struct arena *a)
{
	struct skipped skipped = {SPAN_NONE, SPAN_NONE};
	struct table t;

	sign_table_read(o->table, a, &t);
	load_rows(o, &t, author, &skipped, list, n, a);
	if (skipped.short_name.p) {
		inserter_one_label(o->strict || (o->require && !*n), ONE_LABEL,
		    skipped.short_name);
	} else if (!*n) {
		if (!o->require && !inserter_has_warnings())
			signers_explain_unlisted(o->table, author, why, a);
		unlisted(
		    o, author.p ? author : span_of(why), skipped.missing, a);
	}
}

size_t
signers_load(const struct signers_options *o, struct span author,
    const char *why, struct signer **list, struct arena *a)
{
	size_t n = 0;

	*list = NULL;
	if (o->table)
		load_table(o, author, why, list, &n, a);
	else
		load_keys(o, author, why, list, &n, a);
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
