/* fixture_dmarc_lint: a zone around example.org. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_DMARC_LINT_H
#define FIXTURE_DMARC_LINT_H

#include "fixture_finding.h"
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

#endif
