/* question: names of questions and answers, and records as zone lines. */
/* SPDX-License-Identifier: ISC */

#include "lint/question.h"

#include <assert.h>

#include "base/buf.h"

/* RFC 1035 3.3 */
#define STRING 255u

const char *
question_id(enum question_id id)
{
	static const char *const ids[] = {
#define QUESTION_ID(name, id) id,
	    QUESTIONS(QUESTION_ID)};

	return ids[id];
}

const char *
question_answer(enum answer answer)
{
	static const char *const words[] = {[ANSWER_YES] = "yes",
	    [ANSWER_NO] = "no",
	    [ANSWER_NOT_KNOWN] = "not known"};

	assert(answer != ANSWER_NOT_ASKED);
	return words[answer];
}

struct span
question_zone_line(struct span name, struct span text, struct arena *a)
{
	struct dns_rr r = {.owner = name, .type = DNS_TXT, .data = text};

	for (struct span rest = text; rest.len || !r.nstrings;) {
		size_t n = rest.len < STRING ? rest.len : STRING;

		*ARENA_PUSH(a, r.strings, r.nstrings) = span_upto(rest, n);
		rest = span_from(rest, n);
	}
	return dns_rr_text(&r, a);
}
