/* ignore: the findings that a file accepts, each with a reason. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

#include "base/ascii.h"
#include "base/die.h"
#include "base/domain.h"
#include "base/nearest.h"
#include "mail/received.h"

#define FORM "SECTION/ID DOMAIN|* UNTIL|- REASON"
#define DAY  86400

struct rule {
	const struct kind *kind;
	struct span domain; /* absent: any */
};

struct ignore {
	struct rule *rules; /* those that have effect */
	size_t n;
};

/* Where a line is, for messages. */
struct line {
	const char *path;
	size_t number;
	struct span rest; /* what is not yet read of it */
	int64_t now;
	struct arena *arena;
};

static _Noreturn void
fail(const struct line *l, const char *what, struct span text)
{
	die(EX_CONFIG, "%s:%zu: %s: " SPAN_FMT, l->path, l->number, what,
	    SPAN_ARG(text));
}

/* Takes the next word off a line; empty at its end. */
static struct span
next_word(struct line *l)
{
	size_t n = 0;

	l->rest = span_trim(l->rest);
	while (n < l->rest.len && !ascii_is_space(l->rest.p[n]))
		n++;
	l->rest = span_from(l->rest, n);
	return span_between(l->rest.p - n, l->rest.p);
}

static const struct kind *
read_kind(const struct line *l, struct span name)
{
	const struct kind *kind = kind_find(name);
	struct nearest near = NEAREST(name);

	for (size_t i = 0; i < nkinds && !kind; i++)
		nearest_try(&near, kinds[i].name);
	if (!kind)
		die(EX_CONFIG, "%s:%zu: unknown finding: " SPAN_FMT NEAREST_FMT,
		    l->path, l->number, SPAN_ARG(name), NEAREST_ARG(near.word));
	return kind;
}

static struct span
read_domain(const struct line *l, struct span text)
{
	struct span domain = domain_normal(text, l->arena);

	if (span_eq(text, SPAN("*")))
		return SPAN_NONE;
	if (!domain.p)
		fail(l, "neither a domain nor *", text);
	return domain;
}

/* Is the last day of a line over, in UTC? */
static bool
is_over(const struct line *l, struct span until)
{
	struct span time = ARENA_JOIN(l->arena, until, SPAN("T00:00:00Z"));
	int64_t begins;

	if (span_eq(until, SPAN("-")))
		return false;
	if (until.len != 10 || !received_rfc3339(time, &begins))
		fail(l, "neither a date (2026-11-30) nor -", until);
	return l->now >= begins + DAY;
}

static void
read_line(struct ignore *g, struct line *l)
{
	struct span whole = l->rest, name = next_word(l);
	struct span domain = next_word(l), until = next_word(l);
	struct rule rule;

	if (!name.len || name.p[0] == '#')
		return;
	if (!span_trim(l->rest).len)
		fail(l, "not " FORM, whole);
	rule.kind = read_kind(l, name);
	rule.domain = read_domain(l, domain);
	if (!is_over(l, until))
		*ARENA_PUSH(l->arena, g->rules, g->n) = rule;
}

const struct ignore *
ignore_read(const char *path, int64_t now, struct arena *a)
{
	struct ignore *g = ARENA_NEW(a, struct ignore);
	struct span rest = cli_file(path, a);

	for (size_t number = 1; rest.p; number++) {
		struct line line = {.path = path,
		    .number = number,
		    .rest = span_trim(span_cut(&rest, '\n')),
		    .now = now,
		    .arena = a};

		read_line(g, &line);
	}
	return g;
}

bool
ignore_has(const struct ignore *g, struct span domain, const struct finding *f)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct rule *r = &g->rules[i];

		if (!strcmp(r->kind->section, f->section) &&
		    !strcmp(r->kind->kind.id, f->kind->id) &&
		    (!r->domain.p || span_eq(r->domain, domain) ||
			span_eq(r->domain, f->where)))
			return true;
	}
	return false;
}
