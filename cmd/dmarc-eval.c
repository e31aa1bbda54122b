/* dmarc-eval: evaluate DMARC (RFC 9989) for messages and for given results. */
#include "assessor.h"
#include "domain.h"

static struct assessor assessor;
static bool policy, lint, rfc7489;
static bool trust_authres, trust_topmost, accept_header_i;
static const char *author, *domain, *record, *org_domain, *psl_file,
    *trusted_id;
static struct cli_list dkim, spf;

static const struct cli_option options[] = {
    {"trust-authres", 0, CLI_FLAG, &trust_authres, NULL,
	"take spf and dkim from Authentication-Results under our name"},
    {"trusted-id", 0, CLI_STRING, &trusted_id, "ID", "under this name instead"},
    {"trust-topmost", 0, CLI_FLAG, &trust_topmost, NULL,
	"from the topmost such field, whatever its name"},
    {"accept-header-i", 0, CLI_FLAG, &accept_header_i, NULL,
	"there, header.i stands in for header.d"},
    {"record", 0, CLI_STRING, &record, "'v=DMARC1; ...'",
	"what if the author domain had this record (-r, -j, -q, -Q)"},
    {"org-domain", 0, CLI_STRING, &org_domain, "walk|psl",
	"how organizational domains are found (default walk)"},
    {"psl", 0, CLI_STRING, &psl_file, "FILE", "the public suffix list to use"},
    {"rfc7489", 0, CLI_FLAG, &rfc7489, NULL,
	"evaluate as before RFC 9989 (-r, -j, -q, -Q)"},
    {"author", 0, CLI_STRING, &author, "DOMAIN",
	"of a query: the author domain"},
    {"dkim", 0, CLI_LIST, &dkim, "RESULT:DOMAIN",
	"of a query: of a signature (repeatable)"},
    {"spf", 0, CLI_LIST, &spf, "RESULT:DOMAIN",
	"of a query: of MAIL FROM (repeatable)"},
    {"policy", 0, CLI_FLAG, &policy, NULL,
	"show the record that applies to a domain (-d)"},
    {"lint", 0, CLI_FLAG, &lint, NULL,
	"what is wrong or risky in a record (-d, --record)"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN", "whose record"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static bool
implies_query(void)
{
	return policy || lint;
}

static const char *
query_lacks(const struct checker *c)
{
	(void)c;
	return author ? NULL : "--author";
}

static void
check_options(const struct checker *c)
{
	bool given = c->given.has_ip || c->given.sender.p || c->given.helo.p;
	bool field = checker_writes_field(c->mode);
	bool trusts = trust_authres || trusted_id || trust_topmost;
	bool asks = policy || lint;

	cli_require(!policy || !lint, "at most one of --policy and --lint");
	cli_require((c->query && !asks) || !(author || dkim.items || spf.items),
	    "--author, --dkim and --spf go with -Q alone");
	cli_require(asks || !domain, "-d goes with --policy and --lint");
	cli_require(domain || !(policy || (lint && !record)),
	    "--policy needs -d; --lint -d or --record");
	cli_require(c->query + trusts + given <= 1,
	    "-i, -f and -e, trusted results, and queries exclude each other");
	cli_require(!trusted_id || !trust_topmost,
	    "at most one of --trusted-id and --trust-topmost");
	cli_require(!accept_header_i || trusts,
	    "--accept-header-i goes with --trust-authres");
	cli_require(!field || !(record || rfc7489),
	    "--record and --rfc7489 go with -r, -j, -q and -Q");
}

/* --trusted-id and --trust-topmost stand in for our own name, whose fields are
 * then neither read nor kept. */
static void
set_trust(struct checker *c, struct arena *a)
{
	struct identity_policy *p = &assessor.identity;
	bool id = trust_authres || trusted_id;

	p->accept_header_i = accept_header_i;
	p->trust = trust_topmost ? IDENTITY_TOPMOST
	    : id                 ? IDENTITY_ID
				 : IDENTITY_JUDGE;
	p->trusted_id = domain_normal_id(span_of(trusted_id), a);
	c->keeps = p->trust == IDENTITY_ID && !trusted_id;
}

static void
set_method(void)
{
	bool psl = org_domain && span_eq(span_of(org_domain), SPAN("psl"));

	if (org_domain && !psl && !span_eq(span_of(org_domain), SPAN("walk")))
		cli_usage("--org-domain: neither walk nor psl: %s", org_domain);
	cli_require(!psl_file || psl || rfc7489,
	    "--psl goes with --org-domain=psl and --rfc7489");
	cli_require(!org_domain || psl || !rfc7489,
	    "--rfc7489 goes with --org-domain=psl");
	assessor.rfc7489 = rfc7489;
	assessor.record = span_of(record);
	assessor.uses_list = psl || rfc7489;
	if (assessor.uses_list)
		assessor_load_list(&assessor, psl_file);
}

static void
check(struct checker *c, struct arena *a)
{
	check_options(c);
	set_trust(c, a);
	set_method();
	assessor.author = cli_domain("--author", author, a);
	assessor.domain = cli_domain("-d", domain, a);
	assessor_give(&assessor, DMARC_DKIM, &dkim, a);
	assessor_give(&assessor, DMARC_SPF, &spf, a);
	assessor.mode = c->mode;
	c->instead = policy ? assessor_policy : lint ? assessor_lint : NULL;
}

int
main(int argc, char **argv)
{
	struct checker c = {.method = "dmarc",
	    .synopsis = "[OPTION...] [FILE...]",
	    .options = options,
	    .takes_envelope = true,
	    .tool = &assessor,
	    .implies_query = implies_query,
	    .query_lacks = query_lacks,
	    .check = check,
	    .begin = assessor_begin,
	    .end = assessor_end,
	    .json = assessor_json,
	    .finish = assessor_summary};

	return checker_main(&c, argc, argv);
}
