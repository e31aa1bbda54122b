/* evaluate_options: read results given by options. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include "base/domain.h"

/* Ends the program: there is no such result. */
static _Noreturn void
result_unknown(const char *option, struct span name, struct arena *a)
{
	const char *words[RESULT_CODES + 1] = {NULL};

	for (int i = 0; i < RESULT_CODES; i++)
		words[i] = result_name((enum result_code)i);
	cli_no_choice(option, name, words, a);
}

static void
parse_given(const char *option, const char *given, struct dmarc_identifier *id,
    struct arena *a)
{
	struct span text = span_of(given), name = span_cut(&text, ':');

	if (text.p && name.len && !result_parse(name, &id->code))
		result_unknown(option, name, a);
	id->domain = domain_normal(text, a);
	if (!result_parse(name, &id->code) || !id->domain.p)
		cli_usage("%s: not RESULT:DOMAIN: %s", option, given);
}

void
evaluate_give(struct evaluate *s, enum dmarc_mechanism mechanism,
    const struct cli_list *list, struct arena *a)
{
	for (size_t i = 0; i < list->nitems; i++) {
		struct dmarc_identifier id = {.mechanism = mechanism};

		parse_given(mechanism == DMARC_SPF ? "--spf" : "--dkim",
		    list->items[i], &id, a);
		*ARENA_PUSH(a, s->given, s->ngiven) = id;
	}
}
