/* evaluate_options: read results given by options, and the suffix list. */
/* SPDX-License-Identifier: ISC */

#include "evaluate.h"

#include "base/ascii.h"
#include "base/die.h"
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

/* Is the line a rule (a name, after "!" or "*." or not), a comment or empty? */
static bool
is_rule(struct span line, struct arena *a)
{
	size_t n = 0;

	while (n < line.len && !ascii_is_space(line.p[n]))
		n++;
	line = span_upto(line, n); /* a rule ends at a blank */
	if (!line.len || span_starts(line, SPAN("//")))
		return true;
	if (span_starts(line, SPAN("!")))
		line = span_from(line, 1);
	while (span_starts(line, SPAN("*.")))
		line = span_from(line, 2);
	return domain_normal(line, a).p || span_eq(line, SPAN("*"));
}

/* Refuses a file that is not a list. libpsl would accept any text. */
static void
check_list(const char *path)
{
	struct arena *a = arena_new();
	struct span rest = cli_file(path, a);
	bool compiled = span_starts(rest, SPAN(".DAFSA@PSL"));

	for (size_t line = 1; rest.p && !compiled; line++)
		if (!is_rule(span_cut(&rest, '\n'), a))
			die(EX_CONFIG,
			    "%s:%zu: not a rule of a public suffix list", path,
			    line);
	arena_free(a);
}

void
evaluate_load_list(struct evaluate *s, const char *path)
{
	if (path)
		check_list(path);
	s->list = path ? psl_load_file(path) : psl_latest(NULL);
	if (!s->list || psl_suffix_count(s->list) == 0)
		die(EX_CONFIG, "%s: not a public suffix list",
		    path ? path : "libpsl");
}
