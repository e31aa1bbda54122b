/* rotate_ask: what all servers have of the keys. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include "base/domain.h"
#include "base/json.h"
#include "base/limit.h"

/* Where no server tells its SOA. RFC 2308 5: longer is problematic. */
#define NEGATIVE_TTL 86400

static bool
is_lost(const struct key_lint *l)
{
	const struct finding *worst = key_lint_worst(l);

	return worst && worst->kind->level == FINDING_ERROR;
}

static void
add_reply(struct rotation_view *v, const struct server_reply *r,
    const struct key_lint *l)
{
	bool is_absent = l->state == KEY_LINT_ABSENT;
	bool is_revoked = is_absent || l->state == KEY_LINT_REVOKED;

	if (r->is_unreachable)
		return;
	if (!server_has_answered(r) || l->state == KEY_LINT_UNKNOWN) {
		v->is_failed = true;
		return;
	}
	if (r->has_serial && r->negative_ttl > v->negative_ttl)
		v->negative_ttl = r->negative_ttl;
	v->any_well |= l->state == KEY_LINT_SOUND;
	v->lacks |= l->state != KEY_LINT_SOUND;
	v->is_lost |= is_lost(l);
	v->any_revoked |= is_revoked;
	v->any_absent |= is_absent;
	v->all_well &= l->state == KEY_LINT_SOUND;
	v->all_revoked &= is_revoked;
	v->all_absent &= is_absent;
}

static void
set_view(struct rotation_view *v, const struct check *c,
    const struct servers_query *q)
{
	*v = (struct rotation_view){.is_asked = true,
	    .is_failed = q->has_failed || q->nmore,
	    .all_well = true,
	    .all_revoked = true,
	    .all_absent = true,
	    .negative_ttl = -1};
	for (size_t i = 0; i < q->nreplies; i++)
		add_reply(v, &q->replies[i], &c->lints[i]);
	if (v->negative_ttl < 0)
		v->negative_ttl = NEGATIVE_TTL;
	if (v->is_failed)
		v->all_well = v->all_revoked = v->all_absent = false;
}

/* Keeps what the answers tell, which are valid only until the next query. A key
 * that is to be published but cannot be loaded is never well. */
static void
take_reply(struct rotate *r, struct rotate_key *k,
    const struct servers_query *q, struct arena *memory)
{
	struct check c = {.domain = k->key.domain,
	    .selector = k->key.selector,
	    .name = k->name,
	    .file = k->path,
	    .is_known = k->is_known,
	    .expected = k->expected};

	check_judge(&c, q, r->resolver, memory);
	for (size_t i = 0; i < q->nreplies; i++)
		if (server_has_answered(&q->replies[i]))
			k->target = domain_normal(q->source == SERVERS_NS
				? q->target
				: q->replies[i].txt.canonical,
			    r->arena);
	set_view(&k->key.view, &c, q);
	if (k->fault && !k->key.in_table) {
		k->key.view.all_well = k->key.view.any_well = false;
		k->key.view.lacks = true;
	}
	k->id = c.id;
	k->words = arena_span(r->arena, c.words);
	k->place = arena_span(r->arena, c.place);
	k->proposed = arena_span(r->arena, c.proposed);
	if (r->as_json)
		k->servers = check_servers(&c, q, memory);
	if (q->nmore)
		k->error = arena_printf(r->arena,
		    "%zu of its servers were not queried, since it has over "
		    "%u: no step can be sure of them",
		    q->nmore, LIMIT_DNS_SERVERS);
	if (q->source == SERVERS_RESOLVER && !cli_dns_zone())
		k->why = arena_span(r->arena, q->why);
}

static void
ask_some(struct rotate *r, struct rotate_key **list, size_t n)
{
	struct servers_query queries[LIMIT_DNS_SERVER_NAMES];
	struct arena *memory = arena_new();

	for (size_t i = 0; i < n; i++)
		queries[i].name = list[i]->name;
	servers_ask(r->servers, queries, n, memory);
	for (size_t i = 0; i < n; i++)
		take_reply(r, list[i], &queries[i], memory);
	arena_free(memory);
}

void
rotate_ask(struct rotate *r)
{
	struct rotate_key *list[LIMIT_DNS_SERVER_NAMES];
	size_t n = 0;

	for (size_t i = 0; i < r->nkeys; i++) {
		if (r->keys[i]->is_selected)
			list[n++] = r->keys[i];
		if (n == LIMIT_DNS_SERVER_NAMES || (n && i + 1 == r->nkeys)) {
			ask_some(r, list, n);
			n = 0;
		}
	}
}

/*
 * CNAMEs.
 */

/* The name of the key of a row that is not selected; absent if it has none of
 * its own. */
static struct span
other_name(const struct rotate *r, const struct table_row *row)
{
	struct span domain = row->columns[SIGN_TABLE_DOMAIN];
	struct span selector = row->columns[SIGN_TABLE_SELECTOR];
	const struct rotate_key *k = rotate_find(r, domain, selector);

	if (table_has_domain(domain) || (k && k->is_selected))
		return SPAN_NONE;
	return dkim_key_name(selector, domain, r->arena);
}

/* What is not known now was known at an earlier run, and --queue runs from
 * there. */
static bool
is_needed(struct rotate *r, const struct rotate_key *k, bool resolve)
{
	for (size_t i = 0; i < r->nkeys; i++)
		if (r->keys[i]->key.in_table && r->keys[i] != k &&
		    span_eq(r->keys[i]->target, k->name))
			return true;
	for (size_t i = 0; resolve && i < r->rows.nrows; i++) {
		struct span name = other_name(r, &r->rows.rows[i]);
		const struct dns_answer *answer;

		if (!name.p || span_eq(name, k->name))
			continue;
		answer = dns_query(r->resolver, name, DNS_TXT);
		if (span_eq(
			domain_normal(answer->canonical, r->arena), k->name))
			return true;
	}
	return false;
}

static void
prefetch_others(const struct rotate *r)
{
	dns_begin(r->resolver);
	for (size_t i = 0; i < r->rows.nrows; i++) {
		struct span name = other_name(r, &r->rows.rows[i]);

		if (name.p)
			dns_prefetch(r->resolver, name, DNS_TXT);
	}
}

void
rotate_ask_aliases(struct rotate *r, bool resolve)
{
	bool begun = !resolve;

	for (size_t i = 0; i < r->nkeys; i++) {
		struct rotate_key *k = r->keys[i];

		if (!k->is_selected || k->key.state != ROTATION_RETIRING)
			continue;
		if (!begun)
			prefetch_others(r);
		begun = true;
		if (is_needed(r, k, resolve))
			k->key.since = r->times.now;
	}
}

/*
 * New names.
 */

static bool
has_record(const struct server_reply *r)
{
	return r->txt.nrecords || !span_eq(r->txt.canonical, r->txt.name);
}

enum rotate_free
rotate_is_free(struct rotate *r, struct span name)
{
	struct servers_query q = {.name = name};
	struct arena *memory = arena_new();
	enum rotate_free is_free = ROTATE_FREE;

	servers_ask(r->servers, &q, 1, memory);
	if (q.has_failed)
		is_free = ROTATE_UNKNOWN;
	for (size_t i = 0; i < q.nreplies; i++) {
		const struct server_reply *reply = &q.replies[i];

		if (!server_has_answered(reply) && !reply->is_unreachable &&
		    is_free == ROTATE_FREE)
			is_free = ROTATE_UNKNOWN;
		if (server_has_answered(reply) && has_record(reply))
			is_free = ROTATE_TAKEN;
	}
	arena_free(memory);
	return is_free;
}
