/* question: names of questions and answers, and records as zone lines. */
/* SPDX-License-Identifier: ISC */

#include "lint/question.h"

#include <assert.h>

#include "base/buf.h"
#include "base/limit.h"

/* RFC 1035 3.3 */
#define STRING 255u

/* Octets of an answer beside the strings of its only record: header, question,
 * and the head of the record, whose name is compressed. */
#define AROUND (12u + 255u + 4u + 12u)

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

bool
question_fits(struct span text)
{
	size_t octets = text.len + text.len / STRING + 1;

	return octets <= LIMIT_DNS_ANSWER - AROUND;
}

bool
question_hides(struct dns *dns, struct span name)
{
	const struct dns_answer *const *asked;
	size_t n = dns_asked(dns, &asked);

	if (dns_zone_first(dns, name))
		return false;
	for (size_t i = 0; i < n; i++)
		if (asked[i]->nrecords && asked[i]->records->file &&
		    span_eq(asked[i]->name, name))
			return true;
	return false;
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
