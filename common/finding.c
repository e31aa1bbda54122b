#include "finding.h"

void
finding_add(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].kind == kind && span_eq(f->list[i].what, what) &&
		    span_eq(f->list[i].where, where))
			return;
	f->list = ARENA_PUSH(f->arena, f->list, f->n);
	f->list[f->n++] = (struct finding){
	    kind, arena_span(f->arena, where), arena_span(f->arena, what)};
}

enum result_code
finding_verdict(const struct findings *f)
{
	enum result_code verdict = RESULT_PASS;

	if (f->failed != RESULT_PASS)
		return f->failed;
	for (size_t i = 0; i < f->n; i++) {
		if (f->list[i].kind->level == FINDING_ERROR)
			return RESULT_PERMERROR;
		verdict = RESULT_FAIL;
	}
	return verdict;
}
