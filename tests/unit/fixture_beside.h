/* fixture_beside: lines and findings of beside as text. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_BESIDE_H
#define FIXTURE_BESIDE_H

#include "fixture_finding.h"
#include "lint/beside.h"

/* A domain, example.org, what was found beside it, and the memory of both. */
struct beside_run {
	struct arena *arena;
	struct dns *dns;
	struct beside out;
};

/* Looks at example.org in a zone with that origin. The method needs neither dns
 * nor arena. */
static inline struct beside_run
beside_of(struct span zone, struct beside_method method)
{
	struct beside_run r = {.arena = arena_new()};

	method.arena = r.arena;
	method.dns = r.dns =
	    dns_of(ARENA_JOIN(r.arena, SPAN("$ORIGIN example.org.\n"), zone,
		       SPAN("\n")),
		r.arena);
	beside_prefetch(&method, SPAN("example.org"));
	beside(&method, SPAN("example.org"), &r.out);
	return r;
}

static inline void
beside_end(struct beside_run *r)
{
	dns_free(r->dns);
	arena_free(r->arena);
}

/* Returns the lines with an identifier: "WORDS|WORDS". */
static inline struct span
words_of(const struct beside_run *r, const char *id)
{
	struct buf b = BUF(r->arena);

	for (size_t i = 0; i < r->out.nlines; i++) {
		if (strcmp(r->out.lines[i].id, id) != 0)
			continue;
		buf_str(&b, b.len ? "|" : "");
		buf_add(&b, r->out.lines[i].words);
	}
	return buf_span(&b);
}

/* Returns the findings: "SECTION/ID @WHERE: WHAT|...", with "!" before errors
 * and "-" before notes. */
static inline struct span
findings_of(const struct beside_run *r)
{
	static const char *const marks[] = {[FINDING_NOTE] = "-",
	    [FINDING_WARNING] = "",
	    [FINDING_ERROR] = "!"};
	struct buf b = BUF(r->arena);

	for (size_t i = 0; i < r->out.findings.n; i++) {
		struct findings one = r->out.findings;

		one.list += i;
		one.n = 1;
		buf_str(&b, i ? "|" : "");
		buf_str(&b, marks[one.list->level]);
		buf_str(&b, one.list->section);
		buf_char(&b, '/');
		buf_add(&b, text_of(&one, SPAN("example.org"), r->arena));
	}
	return buf_span(&b);
}

#endif
