#include "report.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "authres.h"
#include "buf.h"
#include "utf8.h"

/* Green for pass, red for what is wrong, yellow for the rest. */
static const char *
colour_of(enum result_code code)
{
	switch (code) {
	case RESULT_PASS:
		return "\033[32m";
	case RESULT_FAIL:
	case RESULT_PERMERROR:
		return "\033[31m";
	default:
		return "\033[33m";
	}
}

void
report_line(const struct result *r, struct span label, bool colour, FILE *to,
    struct arena *a)
{
	struct span line = authres_line(r, a);
	size_t head = span_find(line, ' ');

	if (label.p) {
		utf8_escape(label, to);
		fputs(": ", to);
	}
	if (colour)
		fputs(colour_of(r->code), to);
	fwrite(line.p, 1, head, to);
	if (colour)
		fputs("\033[0m", to);
	fwrite(line.p + head, 1, line.len - head, to);
	fputc('\n', to);
}

void
report_explain(const struct result *r, FILE *to)
{
	for (size_t i = 0; i < r->explains; i++) {
		fputs("  ", to);
		utf8_escape(r->explain[i], to);
		fputc('\n', to);
	}
}

void
report_dns(const struct dns *d, FILE *to, struct arena *a)
{
	const struct dns_answer *const *list;
	size_t n = dns_asked(d, &list);

	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *answer = list[i];

		fputs("  dns: ", to);
		utf8_escape(answer->name, to);
		fprintf(to, " %s: %s", dns_type_name(answer->type, a),
		    dns_status_words(answer->status));
		if (answer->server)
			fprintf(to, ", from %s in %.3f s%s", answer->server,
			    answer->seconds, answer->ad ? ", AD" : "");
		fputc('\n', to);
		for (size_t k = 0; k < answer->records; k++) {
			fputs("    ", to);
			utf8_escape(dns_record_text(&answer->record[k], a), to);
			fputc('\n', to);
		}
	}
}

/* Octets that are no UTF-8 are shown as \xHH, and so is all of a text with a
 * DEL, which the library leaves alone; what is none of ASCII, C1 controls among
 * it, is written as \uHHHH. */
static json_t *
json_text(struct span s, struct arena *a)
{
	struct buf b = BUF(a);

	if (!s.p)
		return json_null();
	if (utf8_valid(s) && span_find(s, 0x7f) == s.len)
		return json_stringn(s.p, s.len);
	buf_escaped(&b, s);
	return json_stringn(b.p, b.len);
}

static json_t *
json_name(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *
json_notes(const struct result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->notes; i++)
		json_array_append_new(list, json_string(r->note[i].id));
	return list;
}

static json_t *
json_properties(const struct result *r, struct arena *a)
{
	json_t *object = json_object();

	for (size_t i = 0; i < r->properties; i++)
		json_object_set_new(object, r->property[i].name,
		    json_text(r->property[i].value, a));
	return object;
}

static json_t *
json_result(const struct result *r, struct arena *a)
{
	json_t *object = json_object();

	json_object_set_new(object, "method", json_string(r->method));
	json_object_set_new(
	    object, "result", json_string(result_name(r->code)));
	json_object_set_new(object, "id", json_name(r->why.id));
	json_object_set_new(object, "reason",
	    r->why.id ? json_text(r->why.words, a) : json_null());
	json_object_set_new(object, "notes", json_notes(r));
	json_object_set_new(object, "properties", json_properties(r, a));
	return object;
}

static json_t *
json_answer(const struct dns_answer *answer, struct arena *a)
{
	json_t *object = json_object(), *records = json_array();

	for (size_t i = 0; i < answer->records; i++)
		json_array_append_new(records,
		    json_text(dns_record_text(&answer->record[i], a), a));
	json_object_set_new(object, "name", json_text(answer->name, a));
	json_object_set_new(
	    object, "type", json_string(dns_type_name(answer->type, a)));
	json_object_set_new(
	    object, "status", json_string(dns_status_words(answer->status)));
	json_object_set_new(object, "records", records);
	json_object_set_new(object, "server", json_name(answer->server));
	json_object_set_new(object, "seconds", json_real(answer->seconds));
	json_object_set_new(object, "ad", json_boolean(answer->ad));
	return object;
}

void
report_json(struct span name, const struct result *list, size_t n,
    const struct dns *d, FILE *to, struct arena *a)
{
	json_t *object = json_object(), *results = json_array();
	json_t *answers = json_array();
	const struct dns_answer *const *asked;
	size_t questions = dns_asked(d, &asked);
	int rc;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(results, json_result(&list[i], a));
	for (size_t i = 0; i < questions; i++)
		json_array_append_new(answers, json_answer(asked[i], a));
	json_object_set_new(object, "schema", json_integer(1));
	json_object_set_new(object, "file", json_text(name, a));
	json_object_set_new(object, "results", results);
	json_object_set_new(object, "dns", answers);
	rc = json_dumpf(object, to,
	    JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	assert(rc == 0 || ferror(to));
	fputc('\n', to);
	json_decref(object);
}
