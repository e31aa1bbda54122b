/* output: write results, DNS answers and findings, and make their JSON. */
/* SPDX-License-Identifier: ISC */

#include "tool/output.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limit.h"
#include "dns/dns_json.h"
#include "mail/authres.h"

enum screen_role
output_role(enum result_code code)
{
	switch (code) {
	case RESULT_PASS:
		return SCREEN_PASS;
	case RESULT_FAIL:
	case RESULT_PERMERROR:
		return SCREEN_FAIL;
	default:
		return SCREEN_DOUBT;
	}
}

/* Removes the first n octets from *s and adds them in a role. */
static void
move(struct screen_text *t, enum screen_role role, struct span *s, size_t n)
{
	screen_shown(t, role, span_upto(*s, n));
	*s = span_from(*s, n);
}

/* What precedes the identifier in a result's line (authres_line()). */
#define BEFORE_ID SPAN(" reason=\"")

void
output_line(const struct screen *to, const struct result *r, struct span label,
    struct arena *a)
{
	struct span line = authres_line(r, a);
	struct screen_text t = SCREEN_TEXT(a);

	if (label.p) {
		screen_add(&t, SCREEN_PLAIN, label);
		screen_str(&t, SCREEN_PLAIN, ": ");
	}
	move(&t, output_role(r->code), &line, span_find(line, ' '));
	if (span_starts(line, BEFORE_ID)) {
		move(&t, SCREEN_PLAIN, &line, BEFORE_ID.len);
		move(&t, SCREEN_ID, &line, span_find(line, ':'));
	}
	screen_shown(&t, SCREEN_PLAIN, line);
	screen_put(to, &t);
}

/* Writes an indented line, "front: text". */
static void
put_detail(const struct screen *to, const char *front,
    const struct result_line *line, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, front);
	if (line->is_shown)
		screen_shown(&t, line->role, line->text);
	else
		screen_add(&t, line->role, line->text);
	screen_put(to, &t);
}

void
output_detail(const struct screen *to, const struct result *r, struct arena *a)
{
	const struct result_line place = {r->place, SCREEN_PLACE, false};

	if (r->place.p)
		put_detail(to, "where: ", &place, a);
	for (size_t i = 0; i < r->ndetail; i++)
		put_detail(to, "", &r->detail[i], a);
}

/* Was a server or a zone queried? If not, answer->server tells why. */
static bool
was_queried(const struct dns_answer *answer)
{
	return answer->server && strcmp(answer->server, "not queried") &&
	    strcmp(answer->server, "no server");
}

/* Names and records are printable, by the escapes of zone files; escaped a
 * second time, they could not be given to --set. */
static void
put_answer(
    const struct screen *to, const struct dns_answer *answer, struct arena *a)
{
	struct buf b = BUF(a);

	buf_str(&b, "  dns: ");
	buf_add(&b, dns_name_text(answer->name, a));
	buf_printf(&b, " %s: %s", dns_type_name(answer->type, a),
	    dns_status_words(answer->status));
	if (was_queried(answer))
		buf_printf(&b, ", from %s in %.3f s%s", answer->server,
		    answer->seconds, answer->ad ? ", AD" : "");
	else
		buf_str(&b, ", not queried");
	screen_line(to, buf_span(&b));
	for (size_t i = 0; i < answer->nrecords; i++)
		screen_line(to,
		    ARENA_JOIN(
			a, SPAN("    "), dns_rr_text(&answer->records[i], a)));
}

void
output_dns(const struct screen *to, const struct dns *d, struct arena *a)
{
	const struct dns_answer *const *list;
	size_t n = dns_asked(d, &list);

	for (size_t i = 0; i < n; i++)
		put_answer(to, list[i], a);
}

static json_t *
json_notes(const struct result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->nnotes; i++)
		json_array_append_new(list, json_string(r->notes[i].id));
	return list;
}

/* Properties as a field has them, except that header.i is complete: a field
 * omits a local part that needs quotes. */
static json_t *
json_properties(
    const struct result *raw, const struct result *r, struct arena *a)
{
	json_t *object = json_object();

	for (size_t i = 0; i < r->nproperties; i++)
		json_object_set_new(object, r->properties[i].name,
		    json_text(r->properties[i].value, a));
	for (size_t i = 0; i < raw->nproperties; i++)
		if (!strcmp(raw->properties[i].name, "header.i"))
			json_object_set_new(object, "header.i",
			    json_text(raw->properties[i].value, a));
	return object;
}

static json_t *
json_result(const struct result *raw, struct arena *a)
{
	struct result settled = authres_settled(raw, a), *r = &settled;
	struct span words = r->why.id ? r->why.words : SPAN_NONE;

	return json_pack("{s:s, s:s, s:s?, s:o, s:o*, s:o, s:o}",
	    JSON_MEMBER("method", r->method),
	    JSON_MEMBER("result", result_name(r->code)),
	    JSON_MEMBER("id", r->why.id),
	    JSON_MEMBER("reason", json_text(words, a)),
	    JSON_MEMBER("where", r->place.p ? json_text(r->place, a) : NULL),
	    JSON_MEMBER("notes", json_notes(r)),
	    JSON_MEMBER("properties", json_properties(raw, r, a)));
}

static json_t *
answer_json(const struct dns_answer *answer, struct arena *a)
{
	json_t *object = dns_answer_json(answer, a);

	json_object_update_new(object,
	    json_pack("{s:s?, s:f, s:b}", JSON_MEMBER("server", answer->server),
		JSON_MEMBER("seconds", answer->seconds),
		JSON_MEMBER("ad", answer->ad)));
	return object;
}

static json_t *
json_results(const struct result *list, size_t n, struct arena *a)
{
	json_t *results = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(results, json_result(&list[i], a));
	return results;
}

/* The least number of octets that an answer's records take in JSON. */
static size_t
least_octets(const struct dns_answer *answer)
{
	size_t octets = 0;

	for (size_t i = 0; i < answer->nrecords; i++)
		octets += answer->records[i].owner.len +
		    answer->records[i].data.len + answer->records[i].nstrings;
	return octets;
}

/* Adds the DNS answers, or none of them if they exceed LIMIT_JSON: such an
 * array is not even made. */
static void
add_answers(json_t *object, const struct dns *d, struct arena *a)
{
	json_t *answers = json_array();
	const struct dns_answer *const *asked;
	size_t n = dns_asked(d, &asked), octets = 0;

	for (size_t i = 0; i < n && octets <= LIMIT_JSON; i++)
		octets += least_octets(asked[i]);
	if (octets > LIMIT_JSON) {
		json_decref(answers);
		output_leave_out(object, "dns");
		return;
	}
	for (size_t i = 0; i < n; i++)
		json_array_append_new(answers, answer_json(asked[i], a));
	json_object_set_new(object, "dns", answers);
}

/* The time by RFC 3339 5.6, or null if its year has not four digits. */
static json_t *
json_time(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		return json_null();
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

json_t *
output_object(const struct output_subject *subject, const struct result *list,
    size_t n, const struct dns *d, struct arena *a)
{
	json_t *size = subject->size ? json_integer((json_int_t)subject->size)
				     : json_null();
	json_t *object = json_pack("{s:i, s:o, s:o, s:o, s:o, s:o}",
	    JSON_MEMBER("schema", 1),
	    JSON_MEMBER("file", json_text(subject->file, a)),
	    JSON_MEMBER("time", json_time(subject->now)),
	    JSON_MEMBER("message_id", json_text(subject->message_id, a)),
	    JSON_MEMBER("size", size),
	    JSON_MEMBER("results", json_results(list, n, a)));

	if (d)
		add_answers(object, d, a);
	return object;
}

json_t *
output_failure(struct span name, const char *why, struct arena *a)
{
	return json_pack("{s:i, s:o, s:o}", JSON_MEMBER("schema", 1),
	    JSON_MEMBER("file", json_text(name, a)),
	    JSON_MEMBER("error", json_text(span_of(why), a)));
}

/* Nearly all objects are smaller than this, and composed only once: each time
 * takes as long as an RSA verification. */
#define SMALL_OBJECT 16384

void
output_json(json_t *object, FILE *to)
{
	char text[SMALL_OBJECT];
	size_t size = json_dumpb(object, text, sizeof(text), OUTPUT_DUMP);

	assert(size);
	if (size <= sizeof(text)) {
		fwrite(text, 1, size, to);
	} else {
		int rc;

		output_fit(object, LIMIT_JSON);
		rc = json_dumpf(object, to, OUTPUT_DUMP);
		assert(rc == 0 || ferror(to));
	}
	fputc('\n', to);
	json_decref(object);
}

/* Writes an identity and where it is from, or why it is not known. */
static void
put_identity(const struct screen *to, const char *name, struct span value,
    struct span from, struct arena *a)
{
	const char *words = value.p ? ", from "
	    : from.p                ? "not known: "
				    : "not known";
	struct screen_text t = SCREEN_TEXT(a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, name);
	screen_add(&t, SCREEN_PLAIN, value);
	screen_str(&t, SCREEN_PLAIN, words);
	screen_add(&t, SCREEN_PLAIN, from);
	screen_put(to, &t);
}

void
output_envelope(
    const struct screen *to, const struct envelope *e, struct arena *a)
{
	char text[IP_TEXT];
	struct span ip = SPAN_NONE, sender = e->sender;

	if (e->has_ip)
		ip = span_of(ip_text(&e->ip, text));
	if (sender.p && !sender.len)
		sender = SPAN("<>");
	put_identity(to, "client: ", ip, e->ip_from, a);
	put_identity(to, "HELO: ", e->helo, e->helo_from, a);
	put_identity(to, "MAIL FROM: ", sender, e->sender_from, a);
}

json_t *
output_json_envelope(const struct envelope *e, struct arena *a)
{
	char text[IP_TEXT];

	return json_pack("{s:s?, s:o, s:o, s:o, s:o, s:o, s:b}",
	    JSON_MEMBER("ip", e->has_ip ? ip_text(&e->ip, text) : NULL),
	    JSON_MEMBER("ip_source", json_text(e->ip_from, a)),
	    JSON_MEMBER("helo", json_text(e->helo, a)),
	    JSON_MEMBER("helo_source", json_text(e->helo_from, a)),
	    JSON_MEMBER("mail_from", json_text(e->sender, a)),
	    JSON_MEMBER("mail_from_source", json_text(e->sender_from, a)),
	    JSON_MEMBER("assumed", e->assumed));
}

static const enum screen_role level_roles[] = {
    [FINDING_NOTE] = SCREEN_PLAIN,
    [FINDING_WARNING] = SCREEN_DOUBT,
    [FINDING_ERROR] = SCREEN_FAIL,
};

static void
put_finding(const struct screen *to, const struct finding *f, struct arena *a)
{
	struct screen_text t = SCREEN_TEXT(a);

	screen_add(&t, SCREEN_PLAIN, f->where);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, level_roles[f->level], finding_level_name(f->level));
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, SCREEN_ID, f->section);
	screen_str(&t, SCREEN_ID, "/");
	screen_str(&t, SCREEN_ID, f->kind->id);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, SCREEN_PLAIN, f->kind->words);
	if (f->what.p) {
		screen_str(&t, SCREEN_PLAIN, ": ");
		screen_add(&t, SCREEN_PLACE, f->what);
	}
	screen_str(&t, SCREEN_PLAIN, f->near ? "; did you mean " : "");
	screen_str(&t, SCREEN_PLAIN, f->near ? f->near : "");
	screen_str(&t, SCREEN_PLAIN, f->near ? "?" : "");
	screen_put(to, &t);
}

void
output_findings(const struct screen *to, const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		put_finding(to, &f->list[i], f->arena);
}
