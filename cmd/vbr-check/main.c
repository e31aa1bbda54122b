/* vbr-check: does a trusted certifier vouch for a message? (RFC 5518, 6212) */
/* SPDX-License-Identifier: ISC */
/* Identifiers: VBR_ANSWERS VBR_REASONS DNS_REASONS */

#include "base/nearest.h"
#include "tool/trust_options.h"
#include "check.h"

static struct check tool;
static struct cli_list certifiers;
static bool ignore_mv, no_vbr_info;
static const char *certifiers_file, *domain, *type, *on_pass;

static const struct cli_option options[] = {
    {"certifier", 't', CLI_LIST, &certifiers, "HOST[/a]",
	"a trusted certifier, by preference (repeatable; /a: query "
	"for an address)"},
    {"certifiers", 0, CLI_STRING, &certifiers_file, "FILE",
	"read more trusted certifiers from FILE, one per line"},
    {"ignore-mv", 0, CLI_FLAG, &ignore_mv, NULL,
	"query all trusted certifiers, whichever mv= names"},
    {"no-vbr-info", 0, CLI_FLAG, &no_vbr_info, NULL,
	"if VBR-Info is missing, query for each authenticated "
	"domain"},
    {"on-pass", 0, CLI_STRING, &on_pass, "'NAME: VALUE'",
	"add this field to messages that are vouched for (-a, -H)"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"the domain that a query is about (-Q)"},
    {"type", 'T', CLI_STRING, &type, "all|list|transaction",
	"the type of mail that a query is about (-Q, default all)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const char *
query_lacks(const struct checker *c)
{
	(void)c;
	return domain && (certifiers.nitems || certifiers_file)
	    ? NULL
	    : "-d, and -t or --certifiers";
}

static struct span
domain_hint(
    const struct checker *c, const struct checker_domain *d, struct arena *a)
{
	(void)c;
	return arena_printf(a, "-Q -d " SPAN_FMT "%s", SPAN_ARG(d->domain),
	    certifiers.nitems || certifiers_file ? "" : " -t HOST");
}

static void
check_type(void)
{
	const char *near = type ? nearest_of(span_of(type), vbr_types) : NULL;

	if (type && !vbr_is_type(span_of(type)))
		cli_usage("-T: not a lower-case word: %s" NEAREST_FMT, type,
		    NEAREST_ARG(near));
	if (near && !vbr_is_defined_type(span_of(type)))
		cli_hint("RFC 5518 does not define -T %s; did you mean %s?",
		    type, near);
}

static void
check_options(const struct checker *c)
{
	cli_require(c->query || !(domain || type), "-d and -T need -Q");
	cli_require(!c->query || !(ignore_mv || no_vbr_info),
	    "-Q takes neither --ignore-mv nor --no-vbr-info");
	cli_require(!on_pass || (!c->query && checker_writes_field(c->mode)),
	    "--on-pass works only with -a and -H");
	check_type();
}

static void
check(struct checker *c, struct arena *a)
{
	check_options(c);
	c->keep_authres =
	    trust_read(&tool.authid, c->query, "-Q", checker_is_given(c), a);
	c->no_envelope = tool.authid.trust != AUTHID_EVALUATE;
	check_add_certifiers(&tool, &certifiers, certifiers_file, a);
	tool.policy.ignore_mv = ignore_mv;
	tool.policy.without_info = no_vbr_info;
	tool.domain = cli_domain("-d", domain, a);
	tool.type = span_of(type ? type : "all");
	if (on_pass)
		c->strip_field = check_set_on_pass(&tool, on_pass, a);
}

static const struct cli_tool help = {"[OPTION...] [FILE...]",
    "Checks Vouch By Reference (RFC 5518): is the sender vouched for?",
    {"vbr-check -Q -d example.org -t certifier-a.example",
	"vbr-check -t certifier-a.example -i 192.0.2.25 -f b@example.org "
	"message"},
    "certifier domain ip mail-from query annotate report json quiet verbose"};

int
main(int argc, char **argv)
{
	struct checker c = {.method = "vbr",
	    .help = &help,
	    .options = options,
	    .extra_options = trust_options,
	    .takes_envelope = true,
	    .several_methods = true,
	    .tool = &tool,
	    .query_lacks = query_lacks,
	    .domain_hint = domain_hint,
	    .no_client_id = TRUST_NOTE_SPF,
	    .check = check,
	    .begin = check_begin,
	    .end = check_end,
	    .json = check_json,
	    .fields = check_fields};
	int status;

	tool.authid.keys = key_ring_new();
	status = checker_main(&c, argc, argv);
	key_ring_free(tool.authid.keys);
	return status;
}
