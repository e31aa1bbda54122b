/* spf_lint_sound: whether SPF is sound, by the findings. */
/* SPDX-License-Identifier: ISC */

#include "lint/spf_lint_internal.h"

/* The findings that make SPF unsound. */
static const enum spf_finding unsound[] = {
    SPF_FINDING_NO_DOMAIN,
    SPF_FINDING_BAD_DOMAIN,
    SPF_FINDING_NO_RECORD,
    SPF_FINDING_SEVERAL,
    SPF_FINDING_SYNTAX,
    SPF_FINDING_LOOKUPS,
    SPF_FINDING_VOIDS,
    SPF_FINDING_MX,
    SPF_FINDING_INCLUDE_NONE,
    SPF_FINDING_REDIRECT_NONE,
    SPF_FINDING_LOOP,
    SPF_FINDING_PASS_ALL,
    SPF_FINDING_NEUTRAL_ALL,
    SPF_FINDING_NO_ALL,
    SPF_FINDING_WIDE,
};

bool
spf_lint_is_unsound(const struct spf_lint *l, const struct finding *f)
{
	for (size_t i = 0; i < COUNT(unsound); i++)
		if (f->kind == &spf_findings[unsound[i]])
			return unsound[i] != SPF_FINDING_WIDE || l->wide;
	return false;
}

bool
spf_lint_is_own(const struct spf_lint *l, const struct finding *f)
{
	return f->level > FINDING_NOTE && span_eq(f->where, l->domain);
}

enum answer
spf_lint_sound(const struct spf_lint *l)
{
	for (size_t i = 0; i < l->findings.n; i++)
		if (spf_lint_is_unsound(l, &l->findings.list[i]))
			return ANSWER_NO;
	/* Where redirect= leads may depend on the client. */
	return l->findings.failed == RESULT_TEMPERROR || !l->all.p
	    ? ANSWER_NOT_KNOWN
	    : ANSWER_YES;
}
