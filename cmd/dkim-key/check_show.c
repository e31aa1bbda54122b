/* check_show: the results of check, for people and as JSON. */
/* SPDX-License-Identifier: ISC */

#include "check.h"

#include <inttypes.h>

#include "base/json.h"
#include "lint/question.h"
#include "tool/output.h"

/*
 * For people.
 */

/* The column of what is told of a key. */
#define COLUMN 11u

static void
put_row(const struct screen *to, const char *title, enum screen_role role,
    struct span text, struct arena *a)
{
	show_row(to, COLUMN, title, role, text, a);
}

static bool
has_lag(const struct servers_query *q)
{
	for (size_t i = 0; i < q->nreplies; i++)
		if (q->replies[i].lag)
			return true;
	return false;
}

/* "RSA 2048, 2 servers, serial 7" */
static struct span
ok_words(const struct check *c, const struct servers_query *q, struct arena *a)
{
	struct buf b = BUF(a);
	size_t n = 0;

	for (size_t i = 0; i < q->nreplies; i++)
		n += !q->replies[i].is_unreachable;
	buf_add(&b, key_lint_title(&c->lints[0], a));
	if (q->source != SERVERS_RESOLVER)
		buf_printf(&b, ", %zu server%s", n, n == 1 ? "" : "s");
	if (q->replies[0].has_serial && !has_lag(q))
		buf_printf(&b, ", serial %" PRIu32, q->replies[0].serial);
	return buf_span(&b);
}

static enum screen_role
role_of(enum check_verdict verdict)
{
	static const enum screen_role roles[] = {[CHECK_OK] = SCREEN_PASS,
	    [CHECK_UNKNOWN] = SCREEN_DOUBT,
	    [CHECK_WRONG] = SCREEN_FAIL};

	return roles[verdict];
}

static void
put_title(const struct screen *to, const struct check *c,
    const struct servers_query *q, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_add(&t, SCREEN_HEADING, c->name);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, role_of(c->verdict), c->id ? c->id : "ok");
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, c->id ? c->words : ok_words(c, q, a));
	screen_put(to, &t);
}

/* "192.0.2.1#53, ns1.example.org, serial 6, late by 1: no-key" */
static void
put_server(const struct screen *to, const struct server_reply *r,
    const struct key_lint *l, struct arena *a)
{
	const char *id = check_reply_id(r, l);
	struct buf b = BUF(a);

	buf_str(&b, r->address ? r->address : "no address");
	if (r->server->name.p) {
		buf_str(&b, ", ");
		buf_add(&b, r->server->name);
	}
	if (r->has_serial)
		buf_printf(&b, ", serial %" PRIu32, r->serial);
	else if (server_has_answered(r) && r->server->name.p)
		buf_str(&b, ", no SOA: it does not have the zone");
	if (r->lag)
		buf_printf(&b, ", late by %" PRIu32, r->lag);
	buf_str(&b, ": ");
	if (r->is_unreachable)
		buf_str(&b, "not reached by IPv6, which is ignored");
	else
		buf_str(&b, id ? id : "ok");
	if (!server_has_answered(r) && !r->is_unreachable && r->address)
		buf_printf(&b, ": %s", dns_status_words(r->txt.status));
	put_row(
	    to, "server", id ? SCREEN_DOUBT : SCREEN_PLAIN, buf_span(&b), a);
}

static void
put_servers(const struct screen *to, const struct check *c,
    const struct servers_query *q, struct arena *a)
{
	for (size_t i = 0; i < q->nreplies; i++)
		put_server(to, &q->replies[i], &c->lints[i], a);
	if (q->nmore)
		put_row(to, "server", SCREEN_OVER,
		    arena_printf(a,
			"%zu more addresses were not queried: over %zu",
			q->nmore, q->nreplies),
		    a);
}

/* The findings of the decisive reply but the one in the title. */
static void
put_findings(const struct screen *to, const struct check *c, struct arena *a)
{
	const struct findings *f = &c->lints[c->decisive].findings;

	for (size_t i = 0; c->verdict == CHECK_WRONG && i < f->n; i++) {
		const struct finding *one = &f->list[i];

		if (one->kind->id != c->id)
			put_row(to, "also", SCREEN_PLAIN,
			    ARENA_JOIN(a, span_of(one->kind->id), SPAN(": "),
				span_of(one->kind->words),
				one->what.p ? SPAN(": ") : SPAN(""), one->what),
			    a);
	}
}

static struct span
resolver_words(const struct servers_query *q, struct arena *a)
{
	if (cli_dns_zone())
		return SPAN("the zone files alone");
	return ARENA_JOIN(
	    a, SPAN("the resolver alone, no name server: "), q->why);
}

void
check_show(const struct check *c, const struct servers_query *q,
    const char *table, struct arena *a)
{
	const struct screen to = screen_of(stdout);

	put_title(&to, c, q, a);
	if (q->source == SERVERS_RESOLVER)
		put_row(&to, "queried", SCREEN_PLAIN, resolver_words(q, a), a);
	if (c->id && table)
		put_row(&to, "table", SCREEN_PLACE,
		    arena_printf(a, "%s:%zu", table, c->line), a);
	put_findings(&to, c, a);
	if (q->source != SERVERS_RESOLVER && (c->id || has_lag(q) || q->nmore))
		put_servers(&to, c, q, a);
	if (c->mend.p)
		put_row(&to, "mend", SCREEN_PLAIN, c->mend, a);
	if (c->proposed.p && !c->is_late)
		put_row(&to, "publish", SCREEN_PLAIN,
		    question_zone_line(c->place, c->proposed, a), a);
}

/*
 * JSON.
 */

static json_t *
serial_of(bool is_known, uint32_t number)
{
	return is_known ? json_integer((json_int_t)number) : json_null();
}

static json_t *
server_object(
    const struct server_reply *r, const struct key_lint *l, struct arena *a)
{
	const char *id = check_reply_id(r, l);
	struct span record = SPAN_NONE;

	if (l->findings.record)
		record = l->findings.record->data;
	else if (r->txt.nrecords)
		record = r->txt.records->data;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}",
	    JSON_MEMBER("address", json_text(span_of(r->address), a)),
	    JSON_MEMBER("name", json_text(r->server->name, a)),
	    JSON_MEMBER("serial", serial_of(r->has_serial, r->serial)),
	    JSON_MEMBER("lag", serial_of(r->has_serial, r->lag)),
	    JSON_MEMBER("id", json_text(span_of(id), a)),
	    JSON_MEMBER("record", json_text(record, a)));
}

json_t *
check_servers(
    const struct check *c, const struct servers_query *q, struct arena *a)
{
	json_t *servers = json_array();

	for (size_t i = 0; i < q->nreplies; i++)
		json_array_append_new(
		    servers, server_object(&q->replies[i], &c->lints[i], a));
	return servers;
}

void
check_put_json(
    const struct check *c, const struct servers_query *q, struct arena *a)
{
	static const char *const sources[] = {[SERVERS_NS] = "ns",
	    [SERVERS_GIVEN] = "given",
	    [SERVERS_RESOLVER] = "resolver"};
	json_t *object;

	object = json_pack(
	    "{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, "
	    "s:o}",
	    JSON_MEMBER("schema", 1),
	    JSON_MEMBER("domain", json_text(c->domain, a)),
	    JSON_MEMBER("selector", json_text(c->selector, a)),
	    JSON_MEMBER("name", json_text(c->name, a)),
	    JSON_MEMBER("file", json_text(span_of(c->file), a)),
	    JSON_MEMBER("line",
		c->line ? json_integer((json_int_t)c->line) : json_null()),
	    JSON_MEMBER("id", json_text(span_of(c->id), a)),
	    JSON_MEMBER("words", json_text(c->words, a)),
	    JSON_MEMBER("mend", json_text(c->mend, a)),
	    JSON_MEMBER("proposed", json_text(c->proposed, a)),
	    JSON_MEMBER("source", sources[q->source]),
	    JSON_MEMBER("zone", json_text(q->zone, a)),
	    JSON_MEMBER("servers", check_servers(c, q, a)));
	output_json(object, stdout);
}
