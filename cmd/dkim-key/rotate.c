/* rotate: the next step of all keys of a dkim-sign table. */
/* SPDX-License-Identifier: ISC */

/*
 * A run may be killed at any system call, and the next one goes on from there.
 * Three things change, each by one call that is done as a whole or not at all:
 * the file of a new key (link), the state file and the table (rename). Their
 * order is such that what is missing can be told from what is there.
 *
 * 1. To switch, the table is changed first, then the state. The table alone
 *    tells which keys sign: after a kill in between, rotation_reconcile() finds
 *    that the new key is in it and the old one is not, and takes them for
 *    active and retiring from that later run on, so that the old key stays
 *    published for longer than it has to.
 * 2. To make a key, the state gets a line "making" first, then the file is
 *    made, then the line becomes "made". After a kill in between, the file is
 *    made under the name that the line has, or found there, whole. No key is
 *    ever published that the state does not know.
 * 3. A hook is called after the state has the key, and the state has "told"
 *    after the hook has succeeded. After a kill in between, the hook is called
 *    again: a hook must be able to do the same thing twice. The state has that
 *    a key is revoked or gone only once the hook has done it, or, without a
 *    hook, before a person is told of it.
 *
 * A state is on the disk (fsync of the file and its folder) before what depends
 * on it is done. What is remembered of servers ("seen") may be lost: it is then
 * counted anew, which only takes longer.
 */

#include "rotate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "tool/table_edit.h"

static const char *table_file, *every = "180d", *queue = "7d", *keep = "30d",
			       *hook, *now;
static struct cli_list domains, servers;
static bool wait_status, as_json;

static const struct cli_option options[] = {
    {"table", 0, CLI_STRING, &table_file, "FILE",
	"the table of dkim-sign whose keys are rotated"},
    {"domain", 'd', CLI_LIST, &domains, "DOMAIN",
	"only keys of this signing domain (repeatable)"},
    {"every", 0, CLI_STRING, &every, "DURATION",
	"how long a key signs (default 180d)"},
    {"queue", 0, CLI_STRING, &queue, "DURATION",
	"how long mail may be under way (default 7d)"},
    {"keep", 0, CLI_STRING, &keep, "DURATION",
	"how long a revoked record stays (default 30d)"},
    {"publish", 0, CLI_STRING, &hook, "COMMAND",
	"have sh run this to add, replace or remove a record"},
    {"server", 0, CLI_LIST, &servers, "ADDR[#PORT]",
	"query this server, not those of the NS records (repeatable)"},
    {"wait-status", 0, CLI_FLAG, &wait_status, NULL,
	"status 1 while anything is waited for"},
    {"json", 'j', CLI_FLAG, &as_json, NULL,
	"print objects of JSON, one for each key"},
    {"now", 0, CLI_STRING, &now, "TIME", "act as at TIME: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options of rotate:", options},
    {"DNS (to find the servers):", cli_dns_options},
    {NULL, NULL},
};

/*
 * Keys.
 */

bool
rotate_selects(const struct rotate *r, struct span domain)
{
	for (size_t i = 0; i < r->domains->nitems; i++)
		if (span_eq(domain,
			domain_normal(span_of(r->domains->items[i]), r->arena)))
			return true;
	return !r->domains->nitems;
}

struct rotate_key *
rotate_find(const struct rotate *r, struct span domain, struct span selector)
{
	for (size_t i = 0; i < r->nkeys; i++)
		if (span_eq(r->keys[i]->key.domain, domain) &&
		    span_eq(r->keys[i]->key.selector, selector))
			return r->keys[i];
	return NULL;
}

struct rotate_key *
rotate_add(struct rotate *r, struct span domain, struct span selector)
{
	struct rotate_key *k = ARENA_NEW(r->arena, struct rotate_key);
	size_t at = r->nkeys, last;

	k->key.domain = domain;
	k->key.selector = selector;
	k->key.seen = k->key.told = ROTATION_NEVER;
	k->name = dkim_key_name(selector, domain, r->arena);
	k->is_selected = rotate_selects(r, domain);
	*ARENA_PUSH(r->arena, r->keys, r->nkeys) = k;
	for (size_t i = 0; i + 1 < r->nkeys; i++)
		if (span_eq(r->keys[i]->key.domain, domain))
			at = i + 1;
	for (last = r->nkeys - 1; last > at; last--)
		r->keys[last] = r->keys[last - 1];
	r->keys[at] = k;
	return k;
}

/* Collects the keys of the domain that the i-th one has, and returns the number
 * after the last of them. */
static size_t
collect(
    const struct rotate *r, size_t i, struct rotation_key ***list, size_t *n)
{
	struct span domain = r->keys[i]->key.domain;

	*list = NULL;
	*n = 0;
	for (; i < r->nkeys && span_eq(r->keys[i]->key.domain, domain); i++)
		if (r->keys[i]->is_selected && !r->keys[i]->key.is_over)
			*ARENA_PUSH(r->arena, *list, *n) = &r->keys[i]->key;
	return i;
}

static void
reconcile(struct rotate *r)
{
	struct rotation_key **list;
	size_t n;

	for (size_t i = 0; i < r->nkeys;) {
		i = collect(r, i, &list, &n);
		rotation_reconcile(list, n, r->times.now);
	}
}

/*
 * The step.
 */

/* What was tried and is not published is nothing. Of a server that did not
 * answer that is not known, and the state will not be missing again. */
static void
drop_trials(struct rotate *r)
{
	for (size_t i = 0; i < r->nkeys; i++) {
		struct rotate_key *k = r->keys[i];

		if (k->is_trial && !k->key.view.any_well &&
		    !k->key.view.is_failed) {
			k->key.is_over = true;
			k->is_selected = false;
		}
	}
}

static bool
change_table(struct rotate *r, struct rotation_key *const *list, size_t n)
{
	struct table_change *changes =
	    ARENA_ARRAY(r->arena, struct table_change, n);
	struct span error;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct rotate_key *k = (const struct rotate_key *)list[i];

		if (list[i]->is_switched && list[i]->next == ROTATION_ACTIVE)
			changes[count++] =
			    (struct table_change){.domain = list[i]->domain,
				.selector = list[i]->replaces,
				.new_selector = list[i]->selector,
				.new_keyfile = k->keyfile};
	}
	if (!count || table_edit(r->real, changes, count, r->arena, &error))
		return true;
	for (size_t i = 0; i < n; i++)
		if (list[i]->is_switched)
			((struct rotate_key *)list[i])->error = error;
	return false;
}

/* Takes what needs nobody to do anything, and the switch. */
static void
step_domain(struct rotate *r, struct rotation_key *const *list, size_t n)
{
	bool is_changed;

	rotation_step(list, n, &r->times);
	is_changed = change_table(r, list, n);
	for (size_t i = 0; i < n; i++) {
		if (list[i]->is_switched && !is_changed) {
			list[i]->next = list[i]->state;
			list[i]->wait = ROTATION_WAITS_NOT;
		}
		if (!list[i]->action || !r->hook)
			rotation_commit(list[i], r->times.now, false);
	}
}

static void
step(struct rotate *r)
{
	struct rotation_key **list;
	size_t n;

	for (size_t i = 0; i < r->nkeys;) {
		i = collect(r, i, &list, &n);
		step_domain(r, list, n);
	}
	rotate_write_state(r);
	rotate_plan(r);
	rotate_write_state(r);
	rotate_make(r);
	rotate_write_state(r);
}

/* Calls the hook for all keys that need it, and notes each success at once. */
static void
publish(struct rotate *r)
{
	for (size_t i = 0; r->hook && i < r->nkeys; i++) {
		struct rotate_key *k = r->keys[i];

		if (!k->is_selected || k->key.is_over || !k->key.calls_hook ||
		    !rotate_record(k, r->arena).p || !rotate_publish(r, k))
			continue;
		k->key.next =
		    k->key.next == ROTATION_MAKING ? k->key.state : k->key.next;
		rotation_commit(&k->key, r->times.now, true);
		rotate_write_state(r);
	}
}

static bool
is_waiting(const struct rotation_key *k)
{
	return k->is_due || k->action ||
	    (k->wait != ROTATION_WAITS_NOT && k->wait != ROTATION_FOR_AGE);
}

static int
status_of(struct rotate *r)
{
	for (size_t i = 0; i < r->nkeys; i++) {
		const struct rotate_key *k = r->keys[i];

		if (!k->is_selected)
			continue;
		r->is_wrong |= k->key.is_alarming || k->error.p || k->fault;
		r->is_unknown |= k->key.view.is_failed;
		r->is_waiting |= !k->key.is_over && is_waiting(&k->key);
	}
	if (r->is_wrong)
		return 1;
	if (r->is_unknown)
		return EX_TEMPFAIL;
	return wait_status && r->is_waiting;
}

/*
 * The run.
 */

static void
read_options(struct rotate *r, const char **operands)
{
	if (*operands && !domains.nitems)
		cli_usage(
		    "%s: unexpected operand: give --table=FILE", *operands);
	for (; *operands; operands++)
		*ARENA_PUSH(r->arena, domains.items, domains.nitems) =
		    *operands;
	cli_require(table_file, "--table=FILE is missing");
	cli_require(!servers.nitems || !cli_dns_zone(),
	    "--server is queried over the network, --zone queries nothing: "
	    "give one of them");
	for (size_t i = 0; i < domains.nitems; i++)
		read_domain(domains.items[i], r->arena);
	r->times = (struct rotation_times){.now = cli_time(now),
	    .every = cli_duration("every", every),
	    .queue = cli_duration("queue", queue),
	    .keep = cli_duration("keep", keep)};
	cli_require(r->times.now >= 0, "--now: a time before 1970");
}

/* The state and the lock are beside the file that a symbolic link leads to. */
static const char *
real_path(const char *path, struct arena *a)
{
	char *real = realpath(path, NULL), *copy;

	if (!real)
		die(EX_NOINPUT, "%s: %s", path, strerror(errno));
	copy = arena_cstr(a, span_of(real));
	free(real);
	return copy;
}

static void
require_domains(struct rotate *r)
{
	for (size_t i = 0; i < domains.nitems; i++) {
		struct span d = read_domain(domains.items[i], r->arena);
		bool found = false;

		for (size_t j = 0; j < r->nkeys; j++)
			found |= span_eq(r->keys[j]->key.domain, d);
		if (found)
			continue;
		r->is_wrong = true;
		rotate_say(r, d,
		    "the table has no key of this domain that can be rotated");
	}
}

static void
read_all(struct rotate *r)
{
	rotate_lock(r);
	rotate_read_state(r);
	rotate_read_table(r);
	require_domains(r);
	if (!r->has_state)
		rotate_find_kept(r);
	reconcile(r);
	rotate_load_all(r);
	rotate_make(r);
}

static int
run(const char **operands, struct arena *a)
{
	struct rotate r = {.arena = a,
	    .table = table_file,
	    .hook = hook,
	    .as_json = as_json,
	    .domains = &domains};

	read_options(&r, operands);
	r.real = real_path(table_file, a);
	r.resolver = cli_dns_open(a);
	r.servers = servers_new(r.resolver, &servers, a);
	read_all(&r);
	rotate_ask(&r);
	rotate_ask_aliases(&r, !servers.nitems);
	drop_trials(&r);
	step(&r);
	publish(&r);
	servers_free(r.servers);
	cli_dns_close(r.resolver);
	rotate_show(&r);
	return status_of(&r);
}

static const struct cli_tool help = {"--table=FILE [OPTION...]",
    "Replaces DKIM keys by new ones, one step a run, for cron.",
    {"dkim-key rotate --table=/etc/dkim/table",
	"dkim-key rotate --table=/etc/dkim/table --publish=/etc/dkim/publish"},
    "table domain every queue keep publish json"};

const struct cli_command command_rotate = {"rotate", &help, sections, run};
