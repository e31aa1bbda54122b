/* show_sarif: findings as a SARIF log. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/json.h"
#include "base/siphash.h"
#include "tool/output.h"

/* Members are those that code scanning of GitHub requires of SARIF 2.1.0. */

static bool any; /* has a result been written? */

static void
put(json_t *value)
{
	int rc = json_dumpf(value, stdout, OUTPUT_DUMP);

	assert(rc == 0 || ferror(stdout));
	json_decref(value);
}

/* What a kind of finding is, without what to do about it. */
static struct span
problem(const struct kind *k)
{
	struct span words = span_of(k->kind.words);
	size_t n = 0;

	while (n < words.len && !span_starts(span_from(words, n), SPAN(": ")))
		n++;
	return span_upto(words, n);
}

static json_t *
rule(const struct kind *k, struct arena *a)
{
	const char *words = k->kind.words;

	return json_pack("{s:s, s:{s:o}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:[s]}}",
	    JSON_MEMBER("id", k->name), "shortDescription",
	    JSON_MEMBER("text", json_text(problem(k), a)), "fullDescription",
	    JSON_MEMBER("text", words), "help", JSON_MEMBER("text", words),
	    "defaultConfiguration",
	    JSON_MEMBER("level", finding_level_name(k->kind.level)),
	    "properties", JSON_MEMBER("tags", k->section));
}

void
show_sarif_begin(void)
{
	struct arena *a = arena_new();
	json_t *rules = json_array();

	/* A rule is there once, whichever sections use its name. */
	for (size_t i = 0; i < nkinds; i++)
		if (kind_find(span_of(kinds[i].name)) == &kinds[i])
			json_array_append_new(rules, rule(&kinds[i], a));
	fputs("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
	      "\"version\":\"2.1.0\",\"runs\":[{\"tool\":",
	    stdout);
	put(json_pack("{s:{s:s, s:s, s:s, s:o}}", "driver",
	    JSON_MEMBER("name", "domain-check"),
	    JSON_MEMBER("version", VERSION),
	    JSON_MEMBER("informationUri", "man:domain-check(1)"),
	    JSON_MEMBER("rules", rules)));
	fputs(",\"columnKind\":\"unicodeCodePoints\",\"results\":[", stdout);
	arena_free(a);
}

/* Returns a path as a URI: relative as it is, else with a scheme (RFC 8089). */
static struct span
uri_of(struct span path, struct arena *a)
{
	struct buf b = BUF(a);

	if (span_starts(path, SPAN("/")))
		buf_str(&b, "file://");
	for (size_t i = 0; i < path.len; i++)
		if (ascii_is_alnum(path.p[i]) || strchr("-._~/", path.p[i]))
			buf_char(&b, path.p[i]);
		else
			buf_printf(&b, "%%%02X", (unsigned char)path.p[i]);
	return buf_span(&b);
}

/* Returns a text as that of a message: braces are doubled (SARIF 3.11.5), and
 * nothing in it is a link (3.11.6). */
static json_t *
message(struct span text, struct arena *a)
{
	struct buf shown = BUF(a), unlinked = BUF(a), b = BUF(a);
	struct span s;

	buf_escaped(&shown, text);
	place_defuse(&unlinked, buf_span(&shown), SPAN("]("));
	s = buf_span(&unlinked);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '{' || s.p[i] == '}')
			buf_char(&b, s.p[i]);
		buf_char(&b, s.p[i]);
	}
	return json_pack(
	    "{s:o}", JSON_MEMBER("text", json_text(buf_span(&b), a)));
}

/* By the first character of the record; GitHub requires all four. */
static json_t *
location(struct place place, struct arena *a)
{
	return json_pack("[{s:{s:{s:o}, s:{s:I, s:i, s:I, s:i}}}]",
	    "physicalLocation", "artifactLocation",
	    JSON_MEMBER("uri", json_text(uri_of(span_of(place.file), a), a)),
	    "region", JSON_MEMBER("startLine", (json_int_t)place.line),
	    JSON_MEMBER("startColumn", 1),
	    JSON_MEMBER("endLine", (json_int_t)place.line),
	    JSON_MEMBER("endColumn", 2));
}

/* The same finding has the same fingerprint, whatever its line is: GitHub then
 * does not take it for a new one. */
static json_t *
fingerprint(const struct finding *f, struct span name, struct arena *a)
{
	static const struct siphash_key key = {{0, 0}};
	struct span nul = {"", 1};
	struct span all = ARENA_JOIN(a, name, nul, f->where, nul, f->what);
	struct span text =
	    arena_printf(a, "%016" PRIx64 ":1", siphash(&key, all.p, all.len));

	return json_pack("{s:o}",
	    JSON_MEMBER("primaryLocationLineHash", json_text(text, a)));
}

static json_t *
result(
    const struct job *job, const struct mail_setup *s, const struct finding *f)
{
	struct arena *a = job->memory;
	struct span name = kind_name(f, a);

	return json_pack("{s:o, s:s, s:o, s:o, s:o}",
	    JSON_MEMBER("ruleId", json_text(name, a)),
	    JSON_MEMBER("level", finding_level_name(f->level)),
	    JSON_MEMBER("message", message(place_words(f, a), a)),
	    JSON_MEMBER("locations", location(place_of(job, s->domain, f), a)),
	    JSON_MEMBER("partialFingerprints", fingerprint(f, name, a)));
}

void
show_sarif(const struct job *job, const struct mail_setup *s)
{
	for (size_t i = 0; i < s->findings.n; i++) {
		fputs(any ? ",\n" : "\n", stdout);
		any = true;
		put(result(job, s, &s->findings.list[i]));
	}
}

void
show_sarif_end(void)
{
	fputs("\n]}]}\n", stdout);
}
