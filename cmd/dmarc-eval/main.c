/* dmarc-eval: evaluate DMARC (RFC 9989) for messages and for given results. */
/* SPDX-License-Identifier: ISC */
/* Identifiers: DMARC_REASONS DMARC_NOTE DNS_REASONS */

#include "tool/suffix_list.h"
#include "tool/trust_options.h"
#include "evaluate.h"

static struct evaluate tool;
static const char *author, *record;
static struct suffix_list suffixes;
static struct cli_list dkim, spf;

static const struct cli_option options[] = {
    {"record", 0, CLI_STRING, &record, "'v=DMARC1; ...'",
	"act as if the author domain had this record (-r, -j, -q, "
	"-Q)"},
    {"org-domain", 0, CLI_STRING, &suffixes.org_domain, "walk|psl",
	"how to find organizational domains (default walk)"},
    {"psl", 0, CLI_STRING, &suffixes.psl, "FILE",
	"use the public suffix list in FILE"},
    {"rfc7489", 0, CLI_FLAG, &suffixes.rfc7489, NULL,
	"evaluate by RFC 7489, not RFC 9989 (-r, -j, -q, -Q)"},
    {"author", 0, CLI_STRING, &author, "DOMAIN",
	"the author domain of a query (-Q)"},
    {"dkim", 0, CLI_LIST, &dkim, "RESULT:DOMAIN",
	"result of a DKIM signature, for -Q (repeatable); RESULT: pass, fail, "
	"none, neutral, policy, permerror, temperror"},
    {"spf", 0, CLI_LIST, &spf, "RESULT:DOMAIN",
	"result of SPF for MAIL FROM, for -Q (repeatable); RESULT: pass, fail, "
	"softfail, none, neutral, permerror, temperror"},
    {"policy", 0, CLI_REFUSED, NULL, NULL, "use domain-check --policy DOMAIN"},
    {"lint", 0, CLI_REFUSED, NULL, NULL, "use domain-check DOMAIN"},
    {"domain", 'd', CLI_REFUSED, NULL, "DOMAIN", "use domain-check DOMAIN"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const char *
query_lacks(const struct checker *c)
{
	(void)c;
	return author ? NULL : "--author";
}

static struct span
domain_hint(
    const struct checker *c, const struct checker_domain *d, struct arena *a)
{
	return c->query
	    ? arena_printf(a, "-Q --author=" SPAN_FMT, SPAN_ARG(d->domain))
	    : SPAN_NONE;
}

static void
check_options(const struct checker *c)
{
	bool field = checker_writes_field(c->mode);

	cli_require(c->query || !(author || dkim.nitems || spf.nitems),
	    "--author, --dkim and --spf work only with -Q");
	cli_require(!field || !(record || suffixes.rfc7489),
	    "--record and --rfc7489 work only with -r, -j, -q and -Q");
}

static void
set_method(struct arena *a)
{
	tool.list = suffix_list_read(&suffixes, a);
	tool.uses_list = tool.list;
	tool.rfc7489 = suffixes.rfc7489;
	tool.record = span_of(record);
}

static void
check(struct checker *c, struct arena *a)
{
	check_options(c);
	c->keep_authres =
	    trust_read(&tool.authid, c->query, "-Q", checker_is_given(c), a);
	c->no_envelope = tool.authid.trust != AUTHID_EVALUATE;
	set_method(a);
	tool.author = cli_domain("--author", author, a);
	evaluate_give(&tool, DMARC_DKIM, &dkim, a);
	evaluate_give(&tool, DMARC_SPF, &spf, a);
}

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Evaluates DMARC (RFC 9989): is the author's domain authenticated?",
    {"dmarc-eval -i 192.0.2.25 -f bounce@example.org message",
	"dmarc-eval -Q --author=example.org"},
    "author ip mail-from helo query annotate report json quiet "
    "verbose authserv-id"};

int
main(int argc, char **argv)
{
	struct checker c = {.method = "dmarc",
	    .help = &help,
	    .options = options,
	    .extra_options = trust_options,
	    .takes_envelope = true,
	    .tool = &tool,
	    .query_lacks = query_lacks,
	    .domain_hint = domain_hint,
	    .no_client_id = TRUST_NOTE_SPF,
	    .check = check,
	    .begin = evaluate_begin,
	    .end = evaluate_end,
	    .json = evaluate_json,
	    .several_methods = true,
	    .summary = evaluate_summary};
	int status;

	tool.authid.keys = key_ring_new();
	status = checker_main(&c, argc, argv);
	key_ring_free(tool.authid.keys);
	return status;
}
