/* status: the exit status of domain-check, as a verdict. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

/* All that a domain may have; of several domains, the first that occurs. */
static const enum result_code order[] = {
    RESULT_PERMERROR, RESULT_NONE, RESULT_FAIL, RESULT_TEMPERROR, RESULT_PASS};

bool
status_failed(const struct mail_setup *s)
{
	for (size_t i = 0; i < s->findings.n; i++)
		if (!strcmp(s->findings.list[i].kind->id, "dns-failure"))
			return true;
	return false;
}

static enum result_code
of_score(const struct job *job, const struct mail_setup *s, bool failed)
{
	if (s->high < job->min)
		return RESULT_PERMERROR;
	return s->low < job->min && failed ? RESULT_TEMPERROR : RESULT_PASS;
}

enum result_code
status_of(const struct job *job, const struct mail_setup *s, bool failed)
{
	enum finding_level worst = FINDING_NOTE;

	if (job->has_min)
		return of_score(job, s, failed);
	if (s->nothing)
		return RESULT_NONE;
	for (size_t i = 0; i < s->findings.n; i++)
		if (s->findings.list[i].level > worst)
			worst = s->findings.list[i].level;
	return worst == FINDING_ERROR  ? RESULT_PERMERROR
	    : worst == FINDING_WARNING ? RESULT_FAIL
	    : failed                   ? RESULT_TEMPERROR
				       : RESULT_PASS;
}

enum result_code
status_first(enum result_code a, enum result_code b)
{
	size_t i = 0;

	while (order[i] != a && order[i] != b)
		i++;
	return order[i];
}
