/* fixture_finding: findings as text. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_FINDING_H
#define FIXTURE_FINDING_H

#include "base/buf.h"
#include "lint/finding.h"
#include "fixture_zone.h"

static inline void
put_finding(struct buf *b, const struct finding *f, struct span domain)
{
	buf_str(b, f->kind->id);
	if (!span_eq(f->where, domain)) {
		buf_str(b, " @");
		buf_add(b, f->where);
	}
	if (f->what.p) {
		buf_str(b, ": ");
		buf_add(b, f->what);
	}
}

/* Returns "ID: WHAT|ID @WHERE: WHAT", without WHERE if it is the domain
 * itself. */
static inline struct span
text_of(const struct findings *list, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buf_char(&b, '|');
		put_finding(&b, &list->list[i], domain);
	}
	return buf_span(&b);
}

/* The same, and before each the level: "warning ID: WHAT". */
static inline struct span
levels_of(const struct findings *list, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->n; i++) {
		const struct finding *f = &list->list[i];

		buf_printf(
		    &b, "%s%s ", i ? "|" : "", finding_level_name(f->level));
		put_finding(&b, f, domain);
	}
	return buf_span(&b);
}

/* Returns why records could not be checked, as far as that is known; else
 * permerror if there are errors, fail if there are warnings, or pass. */
static inline enum result_code
verdict_of(const struct findings *f)
{
	enum finding_level worst = FINDING_NOTE;

	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].level > worst)
			worst = f->list[i].level;
	if (f->failed != RESULT_PASS)
		return f->failed;
	return worst == FINDING_ERROR  ? RESULT_PERMERROR
	    : worst == FINDING_WARNING ? RESULT_FAIL
				       : RESULT_PASS;
}

#endif
