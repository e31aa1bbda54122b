/* kinds: all kinds of findings, by name. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#define SPF(name, id, level, words) \
	{"spf", "spf/" id, {id, FINDING_##level, words}},
#define DMARC(name, id, level, words) \
	{"dmarc", "dmarc/" id, {id, FINDING_##level, words}},

const struct kind kinds[] = {SPF_FINDINGS(SPF) DMARC_FINDINGS(DMARC)};
const size_t nkinds = COUNT(kinds);

const struct kind *
kind_find(struct span name)
{
	for (size_t i = 0; i < nkinds; i++)
		if (span_eq(name, span_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

struct span
kind_name(const struct finding *f, struct arena *a)
{
	return arena_printf(a, "%s/%s", f->section, f->kind->id);
}
