/* check: is a key published at every authoritative server, and well? */
/* SPDX-License-Identifier: ISC */

#include "check.h"

#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "base/limit.h"
#include "tool/output.h"
#include "tool/sign_table.h"

static const char *key_file, *domain, *selector, *table_file, *password_file;
static struct cli_list servers;
static bool as_json;

static const struct cli_option options[] = {
    {"key", 'k', CLI_STRING, &key_file, "KEYFILE",
	"private or public key that is to be published (default: any key "
	"that is sound)"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN", "the signing domain, d="},
    {"selector", 's', CLI_STRING, &selector, "SELECTOR", "the selector, s="},
    {"table", 0, CLI_STRING, &table_file, "FILE",
	"check the keys of all lines of this table of dkim-sign"},
    {"server", 0, CLI_LIST, &servers, "ADDR[#PORT]",
	"query this server, not those of the NS records (repeatable)"},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"file whose first line opens encrypted keys and tokens"},
    {"json", 'j', CLI_FLAG, &as_json, NULL,
	"print objects of JSON, one for each key"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options of check:", options},
    {"DNS (to find the servers):", cli_dns_options},
    {NULL, NULL},
};

/* A run. */
struct job {
	struct arena *arena;
	struct check *list;
	size_t n;
	int status;
};

/*
 * Keys.
 */

/* Takes what p= has for the key in a file. False: it cannot be loaded. */
static bool
load_key(struct check *c, struct arena *a, struct key_error *error)
{
	const struct key_source source = {c->file, password_file, false};
	struct key_found found;
	struct key_public *key = key_load_public(&source, a, &found, error);

	if (!key)
		return false;
	warn_exposed(&source, &found.exposed);
	c->is_known = true;
	c->expected.type = key_public_type(key);
	c->expected.data = key_public_octets(key, a);
	key_public_free(key);
	return true;
}

static void
take_options(struct job *job)
{
	struct check *c = ARENA_PUSH(job->arena, job->list, job->n);
	struct key_error error;

	*c = (struct check){.domain = read_domain(domain, job->arena),
	    .selector = read_selector(selector, job->arena),
	    .file = key_file};
	c->name = read_name(c->selector, c->domain, job->arena);
	if (c->file && !load_key(c, job->arena, &error))
		die_of_key(&error);
}

/* Says that a line of the table, or its key, is left out. */
static void
say_line(const struct table *t, const struct table_row *row, const char *about,
    const char *words, struct arena *a)
{
	const char *place =
	    arena_printf(a, "%s:%zu: %s", t->path, row->line, about).p;

	if (as_json)
		output_json(output_failure(span_of(place), words, a), stdout);
	else
		warn("%s: %s", place, words);
}

static void
skip_line(struct job *job, const struct table *t, const struct table_row *row,
    const char *about, const char *words)
{
	say_line(t, row, about,
	    arena_printf(job->arena, "not checked: %s", words).p, job->arena);
}

/* Has an earlier line the same name, and also the same key file if that
 * matters? */
static bool
is_repeated(const struct job *job, const struct check *c, bool with_file)
{
	for (size_t i = 0; i < job->n; i++)
		if (span_eq(job->list[i].name, c->name) &&
		    (!with_file || !strcmp(job->list[i].file, c->file)))
			return true;
	return false;
}

/* The author domain of a row whose pattern is a name; else any one. */
static struct span
author_of(const struct table_row *row)
{
	struct span pattern = row->columns[SIGN_TABLE_PATTERN];

	if (span_starts(pattern, SPAN(".")) || span_eq(pattern, SPAN("*")))
		return SPAN("example.org");
	return pattern;
}

/* Does a column depend on the author domain, which may be any one? */
static bool
is_open(const struct table_row *row, enum sign_table_column column)
{
	return table_has_domain(row->columns[column]) &&
	    author_of(row).p != row->columns[SIGN_TABLE_PATTERN].p;
}

/* May the key of a row not be known here: a token in another machine, or one of
 * any number of files? */
static bool
is_elsewhere(const struct table_row *row)
{
	return sign_table_is_url(row->columns[SIGN_TABLE_KEYFILE]) ||
	    is_open(row, SIGN_TABLE_KEYFILE);
}

static const char *
path_of(const struct table *t, const struct table_row *row, struct arena *a)
{
	struct span path = row->columns[SIGN_TABLE_KEYFILE];

	if (!is_elsewhere(row))
		path = table_path(t, table_expand(path, author_of(row), a), a);
	return arena_cstr(a, path);
}

/* Takes the key of a row. False, after a warning, if it is not known. A key
 * file that cannot be loaded is an error: dkim-sign cannot load it either. */
static bool
load_row(struct job *job, const struct table *t, const struct table_row *row,
    struct check *c)
{
	struct key_error error = {
	    EX_CONFIG, c->file, "the line is for any number of keys (%d)"};
	const char *words;

	if ((sign_table_is_url(span_of(c->file)) || !is_elsewhere(row)) &&
	    load_key(c, job->arena, &error))
		return true;
	if (!is_elsewhere(row)) {
		skip_line(job, t, row, error.file, error.words);
		job->status = 1;
		return false;
	}
	words = arena_printf(job->arena,
	    "any key that is sound is taken for it: %s", error.words)
		    .p;
	say_line(t, row, error.file, words, job->arena);
	return false;
}

/* Returns d=, absent if it cannot sign: a message passes unsigned then. */
static struct span
domain_of(const struct table_row *row, struct arena *a)
{
	struct span name = row->columns[SIGN_TABLE_DOMAIN];

	if (table_has_domain(name))
		name = domain_normal(table_expand(name, author_of(row), a), a);
	return name.p && domain_labels(name) < 2 ? SPAN_NONE : name;
}

static void
take_key(struct job *job, const struct table *t, const struct table_row *row)
{
	struct check c = {.domain = domain_of(row, job->arena),
	    .selector = row->columns[SIGN_TABLE_SELECTOR],
	    .file = path_of(t, row, job->arena),
	    .line = row->line};

	c.name = dkim_key_name(c.selector, c.domain, job->arena);
	if (is_repeated(job, &c, true))
		return;
	if (!c.domain.p || c.name.len > LIMIT_DNS_NAME) {
		skip_line(job, t, row, c.file,
		    c.domain.p ? "the name of the key has too many octets"
			       : "the author domain makes no domain that can "
				 "sign");
		job->status = 1;
	} else if (load_row(job, t, row, &c) ||
	    (is_elsewhere(row) && !is_repeated(job, &c, false))) {
		*ARENA_PUSH(job->arena, job->list, job->n) = c;
	}
}

static void
take_table(struct job *job)
{
	struct table t;

	sign_table_read(table_file, job->arena, &t);
	for (size_t i = 0; i < t.nrows; i++) {
		const struct table_row *row = &t.rows[i];

		if (!is_open(row, SIGN_TABLE_DOMAIN))
			take_key(job, &t, row);
		else
			skip_line(job, &t, row,
			    arena_cstr(
				job->arena, row->columns[SIGN_TABLE_KEYFILE]),
			    "the line is for any number of domains (%d): "
			    "check each with -k, -d and -s");
	}
}

/*
 * The check.
 */

static void
check_some(struct job *job, struct servers *s, struct dns *resolver,
    struct check *list, size_t n)
{
	struct servers_query queries[LIMIT_DNS_SERVER_NAMES];
	struct arena *memory = arena_new();

	for (size_t i = 0; i < n; i++)
		queries[i].name = list[i].name;
	servers_ask(s, queries, n, memory);
	for (size_t i = 0; i < n; i++) {
		check_judge(&list[i], &queries[i], resolver, memory);
		if (as_json)
			check_put_json(&list[i], &queries[i], memory);
		else
			check_show(&list[i], &queries[i], table_file, memory);
		if (list[i].verdict == CHECK_WRONG)
			job->status = 1;
		else if (list[i].verdict == CHECK_UNKNOWN && !job->status)
			job->status = EX_TEMPFAIL;
	}
	arena_free(memory);
}

static void
check_all(struct job *job)
{
	struct dns *resolver = cli_dns_open(job->arena);
	struct servers *s = servers_new(resolver, &servers, job->arena);

	for (size_t i = 0; i < job->n; i += LIMIT_DNS_SERVER_NAMES) {
		size_t n = job->n - i;

		check_some(job, s, resolver, &job->list[i],
		    n < LIMIT_DNS_SERVER_NAMES ? n : LIMIT_DNS_SERVER_NAMES);
	}
	servers_free(s);
	cli_dns_close(resolver);
}

static int
run(const char **operands, struct arena *a)
{
	struct job job = {.arena = a};

	if (*operands)
		cli_usage("%s: unexpected operand: give -d DOMAIN", *operands);
	cli_require(!table_file || (!key_file && !domain && !selector),
	    "--table names the keys: -k, -d and -s cannot be given with it");
	cli_require(!servers.nitems || !cli_dns_zone(),
	    "at most one of --server and --zone, which queries no server");
	if (table_file)
		take_table(&job);
	else
		take_options(&job);
	check_all(&job);
	return job.status;
}

static const struct cli_tool help = {"-d DOMAIN -s SELECTOR [OPTION...]",
    "Checks that a key is published at every name server, and well.",
    {"dkim-key check -k r1.pem -d example.org -s r1",
	"dkim-key check --table=/etc/dkim/table"},
    "key domain selector table server json nameserver zone"};

const struct cli_command command_check = {"check", &help, sections, run};
