/* key_lint_found: what was found, for those that show it. */
/* SPDX-License-Identifier: ISC */

#include "lint/key_lint_internal.h"

const struct finding_kind key_findings[] = {KEY_FINDINGS(FINDING_KIND)};

void
key_lint_add(struct key_text *t, enum key_finding kind, struct span what)
{
	finding_add(&t->out->findings, &key_findings[kind], t->name, what);
}

const struct finding *
key_lint_worst(const struct key_lint *l)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (f->kind == &key_findings[KEY_FINDING_PRIVATE])
			return f;
		if (f->level > (worst ? worst->level : FINDING_NOTE))
			worst = f;
	}
	return worst;
}

const struct finding *
key_lint_damage(const struct key_lint *l)
{
	for (size_t i = 0; i < l->findings.n; i++) {
		const struct finding *f = &l->findings.list[i];

		if (f->level > FINDING_NOTE &&
		    f->kind >= &key_findings[KEY_FINDING_QUOTES])
			return f;
	}
	return NULL;
}

struct span
key_lint_title(const struct key_lint *l, struct arena *a)
{
	if (!l->data.p)
		return SPAN_NONE;
	if (l->type == KEY_ED25519)
		return SPAN("Ed25519");
	return l->bits ? arena_printf(a, "RSA %u", l->bits) : SPAN("RSA");
}
