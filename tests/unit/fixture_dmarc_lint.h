/* fixture_dmarc_lint: a zone around example.org, and findings with levels. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_DMARC_LINT_H
#define FIXTURE_DMARC_LINT_H

#include "base/buf.h"
#include "fixture_zone.h"
#include "lint/dmarc_lint.h"

/* A domain that gets mail, whose record is sound: what is added to it makes the
 * difference. */
#define SOUND_HOSTS                                         \
	"$ORIGIN example.org.\n@ MX 1 mx\nmx A 192.0.2.1\n" \
	"sub MX 1 mx\nagreed.example. MX 1 mx\n"            \
	"example.org._report._dmarc.agreed.example. TXT \"v=DMARC1\"\n"
#define RUA "rua=mailto:a@example.org"

static inline struct dmarc_method
method_of(const char *zone, struct arena *a)
{
	struct dns *dns = dns_of(
	    ARENA_JOIN(a, SPAN(SOUND_HOSTS), span_of(zone), SPAN("\n")), a);

	return (struct dmarc_method){.dns = dns, .arena = a};
}

/* Returns "warning ID @WHERE: WHAT|...", without WHERE if it is the domain. */
static inline struct span
levels_of(const struct findings *list, struct span domain, struct arena *a)
{
	struct buf b = BUF(a);

	for (size_t i = 0; i < list->n; i++) {
		const struct finding *f = &list->list[i];

		if (i)
			buf_char(&b, '|');
		buf_printf(
		    &b, "%s %s", finding_level_name(f->level), f->kind->id);
		if (!span_eq(f->where, domain)) {
			buf_str(&b, " @");
			buf_add(&b, f->where);
		}
		if (f->what.p) {
			buf_str(&b, ": ");
			buf_add(&b, f->what);
		}
	}
	return buf_span(&b);
}

#endif
