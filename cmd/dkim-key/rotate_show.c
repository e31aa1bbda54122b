/* rotate_show: what rotate tells of each key, for people and as JSON. */
/* SPDX-License-Identifier: ISC */

#include "rotate.h"

#include "base/json.h"
#include "lint/question.h"
#include "tool/output.h"

/* The column of what is told of a key. */
#define COLUMN 13u

static void
put_row(const struct screen *to, const char *title, enum screen_role role,
    struct span text, struct arena *a)
{
	show_row(to, COLUMN, title, role, text, a);
}

static struct span
servers_words(enum rotation_state state)
{
	if (state == ROTATION_REVOKED)
		return SPAN("until every server has it revoked");
	if (state == ROTATION_GONE)
		return SPAN("until no server has its record");
	return SPAN("until every server has its record");
}

static struct span
until(const char *before, int64_t when, const char *after, struct arena *a)
{
	return ARENA_JOIN(
	    a, span_of(before), rotate_time(when, a), span_of(after));
}

static struct span
age_words(const struct rotate *r, const struct rotate_key *k)
{
	if (k->key.until <= r->times.now)
		return SPAN("signs until its successor can");
	return until(
	    "signs; its successor is due at ", k->key.until, "", r->arena);
}

static struct span
still_words(const struct rotate_key *k)
{
	if (k->key.state == ROTATION_KEPT)
		return SPAN("the table does not have it: its record stays "
			    "until a person removes it");
	return k->key.is_fixed ? SPAN("signs, and is not rotated")
			       : SPAN("its file is still to be made");
}

static struct span
wait_words(const struct rotate *r, const struct rotate_key *k)
{
	switch (k->key.wait) {
	case ROTATION_FOR_AGE:
		return age_words(r, k);
	case ROTATION_FOR_SERVERS:
		return servers_words(k->key.state);
	case ROTATION_FOR_ANSWER:
		return SPAN("until all servers answer");
	case ROTATION_FOR_CACHES:
		return until("until ", k->key.until,
		    ", when no cache has \"no such name\" any more", r->arena);
	case ROTATION_FOR_OTHERS:
		return SPAN("until the other new keys of the domain can sign");
	case ROTATION_FOR_RUN:
		return SPAN("until the next run, which lets it sign");
	case ROTATION_FOR_QUEUE:
		return until("its record stays until ", k->key.until,
		    ", as mail may be under way", r->arena);
	case ROTATION_FOR_KEEP:
		return until(
		    "its record stays until ", k->key.until, "", r->arena);
	case ROTATION_WAITS_NOT:
		break;
	}
	return still_words(k);
}

static struct span
words_of(const struct rotate *r, const struct rotate_key *k)
{
	if (k->error.p)
		return SPAN("a step has failed; the next run tries it again");
	if (!k->key.is_over)
		return wait_words(r, k);
	if (!k->path)
		return SPAN("no server has it any more");
	return ARENA_JOIN(r->arena,
	    SPAN("no server has it any more; its file can be removed: "),
	    span_of(k->path));
}

static const char *
state_name(const struct rotate_key *k)
{
	return rotation_states[k->key.is_over ? ROTATION_GONE : k->key.state];
}

static bool
is_bad(const struct rotate_key *k)
{
	return k->key.is_alarming || k->error.p || k->fault;
}

static void
put_title(
    const struct screen *to, const struct rotate *r, const struct rotate_key *k)
{
	struct screen_text t = SCREEN_TEXT(r->arena);

	screen_add(&t, SCREEN_HEADING, k->name);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, is_bad(k) ? SCREEN_FAIL : SCREEN_DECIDES, state_name(k));
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, words_of(r, k));
	screen_put(to, &t);
}

/* Is a person to do what is due? A hook that has done it is not repeated at
 * once. */
static bool
is_for_people(const struct rotate *r, const struct rotate_key *k)
{
	return k->key.action && !k->is_done && (!r->hook || k->key.calls_hook);
}

/* The record as a line of a zone file; without its text if it is to go. */
static struct span
record_line(const struct rotate_key *k, struct span text, struct arena *a)
{
	const struct record record = {
	    .name = k->name, .ttl = RECORD_TTL, .text = text};

	if (k->key.action == ROTATION_REMOVE)
		return ARENA_JOIN(a, k->name, SPAN(". TXT"));
	return span_trim(format_record(FORMAT_ZONE, &record, a));
}

static void
put_action(
    const struct screen *to, const struct rotate *r, const struct rotate_key *k)
{
	static const char *const titles[][2] = {
	    [ROTATION_ADD] = {"publish", "published"},
	    [ROTATION_REPLACE] = {"replace", "replaced"},
	    [ROTATION_REMOVE] = {"remove", "removed"}};
	struct span text = rotate_record(k, r->arena);

	if ((k->is_done || is_for_people(r, k)) && text.p)
		put_row(to, titles[k->key.action][k->is_done], SCREEN_PLAIN,
		    record_line(k, text, r->arena), r->arena);
}

static void
put_servers(
    const struct screen *to, const struct rotate *r, const struct rotate_key *k)
{
	bool is_waiting = k->key.wait == ROTATION_FOR_ANSWER ||
	    (k->key.wait == ROTATION_FOR_SERVERS &&
		k->key.state == ROTATION_MADE);

	if (!k->id || (!is_waiting && !k->key.is_alarming))
		return;
	put_row(to, k->key.is_alarming ? "lost" : "servers",
	    k->key.is_alarming ? SCREEN_FAIL : SCREEN_DOUBT,
	    ARENA_JOIN(r->arena, span_of(k->id), SPAN(": "), k->words),
	    r->arena);
	if (k->key.is_alarming && k->proposed.p)
		put_row(to, "publish", SCREEN_PLAIN,
		    question_zone_line(k->place, k->proposed, r->arena),
		    r->arena);
}

static void
put_key(
    const struct screen *to, const struct rotate *r, const struct rotate_key *k)
{
	put_title(to, r, k);
	if (k->fault)
		put_row(to, "failed", SCREEN_FAIL,
		    ARENA_JOIN(r->arena, span_of(k->path), SPAN(": "),
			span_of(k->fault)),
		    r->arena);
	if (k->error.p)
		put_row(to, "failed", SCREEN_FAIL, k->error, r->arena);
	if (k->why.p)
		put_row(to, "queried", SCREEN_DOUBT,
		    ARENA_JOIN(r->arena,
			SPAN("the resolver alone, no name server: "), k->why),
		    r->arena);
	put_servers(to, r, k);
	put_action(to, r, k);
}

/*
 * JSON.
 */

static json_t *
time_of(int64_t seconds, struct arena *a)
{
	return seconds == ROTATION_NEVER
	    ? json_null()
	    : json_text(rotate_time(seconds, a), a);
}

static json_t *
word_of(const char *word, struct arena *a)
{
	return json_text(span_of(word), a);
}

static bool
has_until(const struct rotate_key *k)
{
	return k->key.wait == ROTATION_FOR_AGE ||
	    k->key.wait == ROTATION_FOR_CACHES ||
	    k->key.wait == ROTATION_FOR_QUEUE ||
	    k->key.wait == ROTATION_FOR_KEEP;
}

static struct span
error_of(const struct rotate_key *k)
{
	return k->error.p ? k->error : span_of(k->fault);
}

static void
put_json(const struct rotate *r, struct rotate_key *k)
{
	struct arena *a = r->arena;
	const struct rotation_key *key = &k->key;
	bool is_told = k->is_done || is_for_people(r, k);

	output_json(
	    json_pack("{s:i, s:o, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, "
		      "s:b, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
		JSON_MEMBER("schema", 1),
		JSON_MEMBER("domain", json_text(key->domain, a)),
		JSON_MEMBER("selector", json_text(key->selector, a)),
		JSON_MEMBER("name", json_text(k->name, a)),
		JSON_MEMBER("kind", key_type_name(key->type)),
		JSON_MEMBER("file", word_of(k->path, a)),
		JSON_MEMBER("state", state_name(k)),
		JSON_MEMBER("since", time_of(key->since, a)),
		JSON_MEMBER("wait", word_of(rotation_waits[key->wait], a)),
		JSON_MEMBER("until",
		    has_until(k) ? time_of(key->until, a) : json_null()),
		JSON_MEMBER("action",
		    is_told ? word_of(rotation_actions[key->action], a)
			    : json_null()),
		JSON_MEMBER("done", k->is_done),
		JSON_MEMBER("record",
		    is_told ? json_text(rotate_record(k, a), a) : json_null()),
		JSON_MEMBER(
		    "ttl", is_told ? json_integer(RECORD_TTL) : json_null()),
		JSON_MEMBER("lost", key->is_alarming),
		JSON_MEMBER("error", json_text(error_of(k), a)),
		JSON_MEMBER("id", word_of(k->id, a)),
		JSON_MEMBER("words", json_text(k->words, a)),
		JSON_MEMBER("proposed", json_text(k->proposed, a)),
		JSON_MEMBER("servers", k->servers ? k->servers : json_array())),
	    stdout);
}

void
rotate_show(struct rotate *r)
{
	const struct screen to = screen_of(stdout);

	for (size_t i = 0; i < r->nkeys; i++) {
		struct rotate_key *k = r->keys[i];

		if (!k->is_selected)
			continue;
		if (r->as_json)
			put_json(r, k);
		else
			put_key(&to, r, k);
	}
}
