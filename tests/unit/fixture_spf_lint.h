/* fixture_spf_lint: a zone and its findings. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_SPF_LINT_H
#define FIXTURE_SPF_LINT_H

#include "fixture_finding.h"
#include "lint/spf_lint.h"

/* A zone with the origin example.org (@), the expected status and all
 * findings. */
struct zone_case {
	const char *zone;
	enum result_code verdict;
	const char *findings;
};

static inline void
check_zones(const struct zone_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new();
		struct dns *d = dns_of(
		    arena_printf(a, "$ORIGIN example.org.\n%s\n", c[i].zone),
		    a);
		struct span domain = SPAN("example.org");
		struct spf_lint l;

		spf_lint(domain, SPAN_NONE, d, a, &l);
		same(c[i].zone, text_of(&l.findings, domain, a), c[i].findings);
		assert_int_equal(finding_verdict(&l.findings), c[i].verdict);
		dns_free(d);
		arena_free(a);
	}
}

#endif
