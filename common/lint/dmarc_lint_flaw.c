/* dmarc_lint_flaw: the finding for a tag that cannot be used as it is. */
/* SPDX-License-Identifier: ISC */

#include "lint/dmarc_internal.h"

#include "base/nearest.h"

static bool
is_policy(struct span name)
{
	return span_eq(name, SPAN("p")) || span_eq(name, SPAN("sp")) ||
	    span_eq(name, SPAN("np"));
}

enum dmarc_finding
dmarc_lint_kind(const struct dmarc_flaw *flaw)
{
	static const enum dmarc_finding kinds[] = {
	    [DMARC_FLAW_SYNTAX] = DMARC_FINDING_SYNTAX,
	    [DMARC_FLAW_VALUE] = DMARC_FINDING_VALUE,
	    [DMARC_FLAW_DUPLICATE] = DMARC_FINDING_DUPLICATE,
	    [DMARC_FLAW_UNKNOWN] = DMARC_FINDING_UNKNOWN,
	    [DMARC_FLAW_OBSOLETE] = DMARC_FINDING_OBSOLETE,
	};
	struct span tag = flaw->tag, name = span_trim(span_cut(&tag, '='));

	if (flaw->kind == DMARC_FLAW_VALUE && is_policy(name))
		return DMARC_FINDING_POLICY;
	return kinds[flaw->kind];
}

const char *
dmarc_lint_near_name(struct span name)
{
	/* Names of one or two letters are near to nothing. */
	static const char *const names[] = {
	    "adkim", "aspf", "psd", "rua", "ruf", NULL};

	return nearest_of(name, names);
}

const char *
dmarc_lint_near_policy(struct span value)
{
	static const char *const policies[] = {
	    "none", "quarantine", "reject", NULL};

	return nearest_of(value, policies);
}

const char *
dmarc_lint_near(const struct dmarc_flaw *flaw)
{
	enum dmarc_finding kind = dmarc_lint_kind(flaw);
	struct span value = flaw->tag, name = span_trim(span_cut(&value, '='));

	if (kind == DMARC_FINDING_POLICY)
		return dmarc_lint_near_policy(span_trim(value));
	if (kind == DMARC_FINDING_UNKNOWN)
		return dmarc_lint_near_name(name);
	return NULL;
}
