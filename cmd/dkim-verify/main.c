/* dkim-verify: verify the DKIM signatures of messages (RFC 6376). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: DKIM_REASONS DKIM_NOTE DNS_REASONS CONTEXT_REMARKS */
/* Identifiers: body_repair body_force header_repair repair_kind */

#include "verify.h"

#include "base/limit.h"

static uint64_t max_signatures = LIMIT_SIGNATURES, sig_index;
static bool all, allow_body_length, honor_testing, legacy;
static const char *require_domain, *canonical;

static const struct cli_option options[] = {
    {"all", 0, CLI_FLAG, &all, NULL, "pass only if every signature passes"},
    {"require-domain", 0, CLI_STRING, &require_domain, "DOMAIN",
	"pass only if a signature of DOMAIN passes"},
    {"max-signatures", 0, CLI_NUMBER, &max_signatures, "N",
	"verify only the topmost N signatures (default 10)"},
    {"allow-body-length", 0, CLI_FLAG, &allow_body_length, NULL,
	"accept l=, which leaves the end of a body unsigned"},
    {"honor-testing", 0, CLI_FLAG, &honor_testing, NULL,
	"turn a pass by a key in testing (t=y) into neutral"},
    {"legacy", 0, CLI_FLAG, &legacy, NULL,
	"accept rsa-sha1 and small keys, as before RFC 8301 (-r, "
	"-j, -q)"},
    {"canonical", 0, CLI_STRING, &canonical, "header|body",
	"write the octets that a signature covers"},
    {"index", 0, CLI_NUMBER, &sig_index, "N",
	"number of the signature for --canonical (default 1)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static struct verify run;

static bool
implies_report(void)
{
	return canonical || explain_run_wanted();
}

static void
check(struct checker *c, struct arena *a)
{
	static const char *const parts[] = {"header", "body", NULL};

	run.canonical.is_header =
	    canonical && !cli_choice("--canonical", canonical, parts, a);
	run.canonical.index = canonical && !sig_index ? 1 : sig_index;
	if (canonical && c->mode != CHECKER_REPORT)
		cli_usage("--canonical takes none of -a, -H, -j and -q");
	if (canonical && explain_run_wanted())
		cli_usage("--canonical and --explain exclude each other");
	if (sig_index && !canonical)
		cli_usage("--index needs --canonical");
	if (legacy && checker_writes_field(c->mode))
		cli_usage("--legacy works only with -r, -j and -q");
	c->writes_stdout = canonical != NULL;
	c->verdict_all = all;
	c->verdict_of = cli_domain("--require-domain", require_domain, a);
	run.policy.max_signatures = max_signatures;
	run.policy.allow_body_length = allow_body_length;
	run.policy.honor_testing = honor_testing;
	run.policy.legacy = legacy;
	run.explain = explain_run_new(c, a);
}

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Verifies DKIM signatures (RFC 6376): is the message as it was signed?",
    {"dkim-verify message",
	"dkim-verify -a --authserv-id=mx.example.net <message >annotated"},
    "explain all require-domain annotate report json quiet verbose authserv-id "
    "nameserver zone"};

int
main(int argc, char **argv)
{
	struct checker c = {.method = "dkim",
	    .help = &help,
	    .options = options,
	    .extra_options = {"Explanations:", explain_run_options},
	    .implies_report = implies_report,
	    .tool = &run,
	    .check = check,
	    .begin = verify_begin,
	    .end = verify_end,
	    .json = verify_json,
	    .conclude = verify_conclude};
	int status;

	run.policy.keys = key_ring_new();
	status = checker_main(&c, argc, argv);
	key_ring_free(run.policy.keys);
	return status;
}
