/* aggregate_word: the words that values can be. */
/* SPDX-License-Identifier: ISC */

#include "report/aggregate_internal.h"

/* A word as reporters write it, and as it is read. */
struct reading {
	struct span text, word;
};

/* A word of a list; a list ends with an absent one. */
#define WORD(word)                        \
	{                                 \
		"" word, sizeof(word) - 1 \
	}
#define READING(text, word)            \
	{                              \
		WORD(text), WORD(word) \
	}
#define END             \
	{               \
		NULL, 0 \
	}

struct span
aggregate_word_of(struct span text, const struct span *words)
{
	for (; words->p; words++)
		if (text.len == words->len && span_caseeq(text, *words))
			return *words;
	return SPAN_NONE;
}

static struct span
reading_of(struct span text, const struct reading *list)
{
	for (; list->text.p; list++)
		if (span_caseeq(text, list->text))
			return list->word;
	return SPAN_NONE;
}

struct span
aggregate_word_policy(struct span text)
{
	static const struct span words[] = {
	    WORD("none"), WORD("quarantine"), WORD("reject"), END};

	return aggregate_word_of(text, words);
}

/* RFC 9990 appendix A, ActionDispositionType: pass means no action, too. */
struct span
aggregate_word_disposition(struct span text, bool *odd)
{
	struct span word = aggregate_word_policy(text);

	*odd = !word.p && !span_caseeq(text, SPAN("pass"));
	return word.p ? word : SPAN("none");
}

/* RFC 8601 2.7.1, 2.7.2; RFC 9990 appendix A, DKIMResultType,
 * SPFResultType. */
static const struct span results[] = {WORD("pass"), WORD("fail"), WORD("none"),
    WORD("softfail"), WORD("neutral"), WORD("policy"), WORD("temperror"),
    WORD("permerror"), END};

/* Words of RFC 4408, of its predecessors and of filters. */
static const struct reading old_results[] = {
    READING("hardfail", "fail"),
    READING("unknown", "permerror"),
    READING("error", "permerror"),
    READING("bestguesspass", "neutral"),
    {END, END},
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
	static const struct span words[] = {WORD("pass"), WORD("fail"), END};
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
	static const struct span words[] = {WORD("forwarded"),
	    WORD("sampled_out"), WORD("trusted_forwarder"),
	    WORD("mailing_list"), WORD("local_policy"),
	    WORD("policy_test_mode"), WORD("other"), END};

	return aggregate_word_of(text, words);
}
