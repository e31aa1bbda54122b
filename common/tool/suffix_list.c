/* suffix_list: read the public suffix list that options select. */
/* SPDX-License-Identifier: ISC */

#include "tool/suffix_list.h"

#include "base/ascii.h"
#include "base/die.h"
#include "base/domain.h"
#include "tool/cli.h"

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

static psl_ctx_t *
load(const char *path)
{
	psl_ctx_t *list;

	if (path)
		check_list(path);
	list = path ? psl_load_file(path) : psl_latest(NULL);
	if (!list || psl_suffix_count(list) == 0)
		die(EX_CONFIG, "%s: not a public suffix list",
		    path ? path : "libpsl");
	return list;
}

psl_ctx_t *
suffix_list_read(const struct suffix_list *options, struct arena *a)
{
	static const char *const ways[] = {"walk", "psl", NULL};
	bool psl = options->org_domain &&
	    cli_choice("--org-domain", options->org_domain, ways, a);

	cli_require(!options->psl || psl || options->rfc7489,
	    "--psl needs --org-domain=psl or --rfc7489");
	cli_require(!options->org_domain || psl || !options->rfc7489,
	    "--rfc7489 works only with --org-domain=psl");
	return psl || options->rfc7489 ? load(options->psl) : NULL;
}
