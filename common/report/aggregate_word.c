/* aggregate_word: the words that values can be. */
/* SPDX-License-Identifier: ISC */

#include "report/aggregate_internal.h"

/* A word as reporters write it, and as it is read. */
struct reading {
	const char *text, *word;
};

struct span
aggregate_word_of(struct span text, const char *const *words)
{
	for (; *words; words++)
		if (span_caseeq(text, span_of(*words)))
			return span_of(*words);
	return SPAN_NONE;
}

static struct span
reading_of(struct span text, const struct reading *list)
{
	for (; list->text; list++)
		if (span_caseeq(text, span_of(list->text)))
			return span_of(list->word);
	return SPAN_NONE;
}

struct span
aggregate_word_policy(struct span text)
{
	static const char *const words[] = {
	    "none", "quarantine", "reject", NULL};

	return aggregate_word_of(text, words);
}

/* RFC 9990 appendix A, ActionDispositionType: pass is no action, too. */
struct span
aggregate_word_disposition(struct span text, bool *odd)
{
	struct span word = aggregate_word_policy(text);

	*odd = !word.p && !span_caseeq(text, SPAN("pass"));
	return word.p ? word : SPAN("none");
}

/* RFC 8601 2.7.1, 2.7.2; RFC 9990 appendix A, DKIMResultType,
 * SPFResultType. */
static const char *const results[] = {"pass", "fail", "none", "softfail",
    "neutral", "policy", "temperror", "permerror", NULL};

/* Words of RFC 4408, of its predecessors and of filters. */
static const struct reading old_results[] = {
    {"hardfail", "fail"},
    {"unknown", "permerror"},
    {"error", "permerror"},
    {"bestguesspass", "neutral"},
    {NULL, NULL},
};

struct span
aggregate_word_result(struct span text, bool is_spf, bool *odd)
{
	struct span word = aggregate_word_of(text, results);

	*odd = !word.p;
	if (!word.p)
		word = reading_of(text, old_results);
	if (!word.p)
		return SPAN("none");
	if (!is_spf && span_eq(word, SPAN("softfail"))) {
		*odd = true;
		return SPAN("fail");
	}
	return word;
}

/* DMARCResultType has pass and fail. Any other known result is not a pass; what
 * an unknown word says is not known. */
struct span
aggregate_word_evaluated(struct span text, bool *odd)
{
	static const char *const words[] = {"pass", "fail", NULL};
	struct span word = aggregate_word_of(text, words);

	*odd = !word.p;
	if (!word.p &&
	    (aggregate_word_of(text, results).p ||
		reading_of(text, old_results).p))
		word = SPAN("fail");
	return word;
}

/* RFC 9990 appendix A, and RFC 7489 appendix C: forwarded, sampled_out. */
struct span
aggregate_word_reason(struct span text)
{
	static const char *const words[] = {"forwarded", "sampled_out",
	    "trusted_forwarder", "mailing_list", "local_policy",
	    "policy_test_mode", "other", NULL};

	return aggregate_word_of(text, words);
}
