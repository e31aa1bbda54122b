/* kinds: all kinds of findings, by name. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#define KIND(section, id, level, words) \
	{section, section "/" id, {id, FINDING_##level, words}},
#define SPF(name, id, level, words)   KIND("spf", id, level, words)
#define DMARC(name, id, level, words) KIND("dmarc", id, level, words)
#define DKIM(name, id, level, words)  KIND("dkim", id, level, words)
#define MX(name, id, level, words)    KIND("mx", id, level, words)
#define TLS(name, id, level, words)   KIND("tls", id, level, words)

const struct kind kinds[] = {SPF_FINDINGS(SPF) DMARC_FINDINGS(DMARC)
	BIMI_FINDINGS(DMARC) DKIM_FINDINGS(DKIM) KEY_FINDINGS(DKIM)
	    MX_FINDINGS(MX) TLS_FINDINGS(TLS) KIND("vbr", "dns-failure", NOTE,
		"the DNS gives no answer at present, and what depends on it "
		"is not checked: try again later")};
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
