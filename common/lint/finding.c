/* finding: lists of findings, and texts that are meant to be a record. */
/* SPDX-License-Identifier: ISC */

#include "lint/finding.h"

#include <string.h>

#include "base/ascii.h"

struct finding *
finding_add(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what)
{
	return finding_add_near(f, kind, where, what, NULL);
}

struct finding *
finding_add_near(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what, const char *near)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].kind == kind && span_eq(f->list[i].what, what) &&
		    span_eq(f->list[i].where, where))
			return &f->list[i];
	*ARENA_PUSH(f->arena, f->list, f->n) = (struct finding){.kind = kind,
	    .section = f->section,
	    .level = kind->level,
	    .where = arena_span(f->arena, where),
	    .what = arena_span(f->arena, what),
	    .near = near,
	    .record = f->record};
	return &f->list[f->n - 1];
}

void
finding_join(struct findings *f, const struct findings *more)
{
	for (size_t i = 0; i < more->n; i++)
		*ARENA_PUSH(f->arena, f->list, f->n) = more->list[i];
}

void
finding_drop(struct findings *f, const char *section, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i].section, section) != 0 ||
		    strcmp(f->list[i].kind->id, id) != 0)
			f->list[n++] = f->list[i];
	f->n = n;
}

bool
finding_has(const struct findings *f, const struct finding_kind *kind)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].kind == kind)
			return true;
	return false;
}

const char *
finding_level_name(enum finding_level level)
{
	static const char *const names[] = {
	    [FINDING_NOTE] = "note",
	    [FINDING_WARNING] = "warning",
	    [FINDING_ERROR] = "error",
	};

	return names[level];
}

struct span
finding_skip_litter(struct span text, const char *keep)
{
	size_t n = strlen(keep);

	while (text.len && !ascii_is_alnum(text.p[0]) &&
	    !memchr(keep, text.p[0], n))
		text = span_from(text, 1);
	return text;
}

bool
finding_has_version(struct span text, struct span protocol)
{
	bool v = span_casestarts(text, SPAN("v"));

	if (v)
		text = finding_skip_litter(span_from(text, 1), "");
	if (!span_casestarts(text, protocol))
		return false;
	text = span_from(text, protocol.len);
	if (v)
		return !text.len || !ascii_is_alpha(text.p[0]);
	return text.len && text.p[0] == '1' &&
	    (text.len == 1 || !ascii_is_alnum(text.p[1]));
}
