/* spf-query: evaluate SPF (RFC 7208) for messages and for given identities. */
/* SPDX-License-Identifier: ISC */
/* Identifiers: SPF_REASONS DNS_REASONS */

#include <string.h>

#include "base/limit.h"
#include "tool/checker.h"
#include "query.h"

static struct query tool;
static uint64_t lookup_limit = LIMIT_SPF_LOOKUPS, void_limit = LIMIT_SPF_VOIDS;
static uint64_t tree_limit;
static bool received_spf, tree;
static const char *scope, *batch, *domain, *record;

static const struct cli_option options[] = {
    {"scope", 0, CLI_STRING, &scope, "mailfrom|helo|both",
	"which identities to evaluate (default mailfrom)"},
    {"received-spf", 0, CLI_FLAG, &received_spf, NULL,
	"also write a Received-SPF field (-a, -H)"},
    {"lookup-limit", 0, CLI_COUNT, &lookup_limit, "N",
	"limit of terms that query the DNS (default 10)"},
    {"void-limit", 0, CLI_COUNT, &void_limit, "N",
	"limit of void lookups, which find nothing (default 2)"},
    {"record", 0, CLI_STRING, &record, "'v=spf1 ...'",
	"act as if the domain had this record (-r, -j, -q, -Q)"},
    {"tree", 0, CLI_FLAG, &tree, NULL,
	"show all terms, and how many lookups each costs"},
    {"tree-limit", 0, CLI_NUMBER, &tree_limit, "N",
	"limit of DNS queries by --tree (default 100)"},
    {"batch", 0, CLI_STRING, &batch, "FILE",
	"read queries, one per line: IP MAILFROM [HELO]"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"show the --tree of a domain, whoever the client is"},
    {"lint", 0, CLI_REFUSED, NULL, NULL, "use domain-check DOMAIN"},
    {"flatten", 0, CLI_REFUSED, NULL, NULL, "use spf-flatten DOMAIN"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static bool
implies_report(void)
{
	return tree;
}

static bool
implies_query(void)
{
	return batch || (tree && domain);
}

static const char *
query_lacks(const struct checker *c)
{
	if (c->given.has_ip && (c->given.sender.p || c->given.helo.p))
		return NULL;
	return "-i, and -f or -e";
}

static struct span
domain_hint(
    const struct checker *c, const struct checker_domain *d, struct arena *a)
{
	(void)c;
	if (tree && !d->address.p)
		return arena_printf(
		    a, "--tree -d " SPAN_FMT, SPAN_ARG(d->domain));
	return d->address.p ? arena_printf(a, "-Q -i ADDRESS -f " SPAN_FMT,
				  SPAN_ARG(d->address))
			    : SPAN_NONE;
}

static void
check_options(const struct checker *c)
{
	bool field = checker_writes_field(c->mode);

	cli_require(!batch || !tree, "at most one of --tree and --batch");
	cli_require(!domain || tree, "-d needs --tree");
	cli_require(!implies_query() || !checker_is_given(c),
	    "--batch and -d take none of -i, -f and -e");
	cli_require(
	    !received_spf || field, "--received-spf works only with -a and -H");
	cli_require(
	    !record || !field, "--record works only with -r, -j, -q and -Q");
	cli_require(!record || !tool.helo || !tool.mail_from,
	    "--record works only with one identity");
	cli_require(!tree_limit || tree, "--tree-limit needs --tree");
	cli_require(!domain || !scope, "-d does not take --scope");
}

static void
check(struct checker *c, struct arena *a)
{
	query_set_scope(&tool, scope, c, a);
	check_options(c);
	tool.domain = cli_domain("-d", domain, a);
	if (batch) {
		tool.batch = cli_file_or_stdin(batch, a);
		tool.batch_name = strcmp(batch, "-") ? batch : "stdin";
		c->next = query_next;
	}
	tool.mode = c->mode;
	tool.received_spf = received_spf;
	tool.policy = (struct spf_policy){.lookup_limit = lookup_limit,
	    .void_limit = void_limit,
	    .record = span_of(record)};
	if (tree)
		tool.policy.explore = tree_limit ? tree_limit : LIMIT_SPF_TREE;
	c->always_verbose = tree;
	c->verdict_last = true;
	if (domain)
		query_show_domain(c);
}

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Evaluates SPF (RFC 7208): may this client send mail for that domain?",
    {"spf-query -Q -i 192.0.2.25 -f user@example.org --tree",
	"spf-query --tree -d example.org"},
    "tree domain ip mail-from helo query annotate report json quiet "
    "verbose authserv-id"};

int
main(int argc, char **argv)
{
	struct checker c = {.method = "spf",
	    .help = &help,
	    .options = options,
	    .takes_envelope = true,
	    .tool = &tool,
	    .implies_report = implies_report,
	    .implies_query = implies_query,
	    .query_lacks = query_lacks,
	    .domain_hint = domain_hint,
	    .no_client_id = spf_reasons[SPF_NO_IDENTITY].id,
	    .check = check,
	    .begin = query_begin,
	    .end = query_end,
	    .json = query_json,
	    .fields = query_fields};

	return checker_main(&c, argc, argv);
}
