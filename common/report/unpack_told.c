/* unpack_told: what is refused of a stream, and notes. */
/* SPDX-License-Identifier: ISC */

#include <stdio.h>

#include "report/unpack_internal.h"

const struct zip_reason_text unpack_reasons[] = {
#define UNPACK_REASON_TEXT(name, id, words) [UNPACK_##name] = {id, words},
    UNPACK_REASONS(UNPACK_REASON_TEXT)};

static bool
is_cut_off(struct zip_reason_text why)
{
	return why.words == unpack_reasons[UNPACK_CUT_OFF].words ||
	    why.words == zip_reasons[ZIP_CUT_OFF].words;
}

static struct unpack_problem
problem_of(
    const struct unpack_level *l, struct zip_reason_text why, uint64_t offset)
{
	return (struct unpack_problem){
	    .id = why.id,
	    .words = span_of(why.words),
	    .name = {l->name, l->name_len},
	    .depth = l->depth,
	    .offset = offset,
	    .cut_off = is_cut_off(why),
	};
}

static void
tell(struct unpack_level *l, const struct unpack_problem *problem)
{
	struct unpack_visitor *v = l->of->visitor;

	v->refused(v, problem);
}

void
unpack_refuse(struct unpack_level *l, struct zip_reason_text why,
    const char *more, uint64_t offset)
{
	struct unpack_problem problem = problem_of(l, why, offset);
	char words[256];

	if (*more) {
		snprintf(words, sizeof(words), "%s: %s", why.words, more);
		problem.words = span_of(words);
	}
	tell(l, &problem);
}

void
unpack_note_trailing(struct unpack_level *l, uint64_t offset)
{
	struct unpack_visitor *v = l->of->visitor;
	struct unpack_problem problem =
	    problem_of(l, unpack_reasons[UNPACK_TRAILING], offset);

	v->note(v, &problem);
}

void
unpack_refuse_member(
    struct unpack_level *l, enum zip_reason why, const struct zip_member *m)
{
	struct unpack_problem problem = problem_of(l, zip_reasons[why], m->at);
	char words[128];

	if (m->name_len)
		problem.name = (struct span){m->name, m->name_len};
	if (why == ZIP_METHOD) {
		snprintf(words, sizeof(words), "%s: method %u",
		    zip_reasons[why].words, m->method);
		problem.words = span_of(words);
	}
	tell(l, &problem);
}
