/* vbr-insert: add a VBR-Info field to a message (RFC 5518). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: VBR_ANSWERS DNS_REASONS */

#include "base/die.h"
#include "tool/inserter.h"
#include "info.h"

static const char *domain, *type, *table;
static struct cli_list certifiers;
static bool verify, require, replace;

static const struct cli_option options[] = {
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"domain vouched for, md= (default: the author's domain)"},
    {"type", 'T', CLI_STRING, &type, "all|list|transaction",
	"type of mail, mc= (default all)"},
    {"certifier", 't', CLI_LIST, &certifiers, "HOST",
	"a certifier that vouches for the domain, mv= (repeatable)"},
    {"table", 0, CLI_STRING, &table, "FILE",
	"choose type and certifiers by domain, from lines of "
	"PATTERN TYPE CERTIFIER..."},
    {"verify", 0, CLI_FLAG, &verify, NULL,
	"name only certifiers that vouch according to the DNS"},
    {"require", 0, CLI_FLAG, &require, NULL,
	"exit 65 if no field can be added"},
    {"replace", 0, CLI_FLAG, &replace, NULL,
	"replace a VBR-Info field of the same domain"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {"Modes:", inserter_options},
    {"DNS (for --verify):", cli_dns_options},
    {NULL, NULL},
};

static void
verify_certifiers(struct vbr_info *info, struct arena *a)
{
	struct dns *dns = cli_dns_open(a);

	dns_begin(dns);
	dns_hold(dns);
	info_verify(info, dns, a);
	cli_dns_close(dns);
}

static const struct cli_tool help = {"[OPTION...] < MESSAGE",
    "Adds a VBR-Info field, which says who vouches for the sender (RFC 5518).",
    {"vbr-insert -t certifier-a.example <message >labelled",
	"vbr-insert -t certifier-a.example --verify <message >labelled"},
    "domain type certifier table verify require header nameserver zone"};

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	struct info_options o;
	struct inserter in;
	struct vbr_info info;
	struct span field = SPAN_NONE;

	cli_parse(argc, argv, &help, sections, a);
	o = (struct info_options){domain, type, table, &certifiers, require};
	inserter_check(verify, "--verify");
	cli_require(!replace || !inserter_header_only(),
	    "-H does not take --replace: it writes only the new field");
	info_check(&o);
	inserter_read(&in, a);
	info = info_choose(&o, in.author, in.why, a);
	if (info.ncertifiers)
		info_check_existing(&info, &in.m, replace);
	if (info.ncertifiers && verify)
		verify_certifiers(&info, a);
	if (!info.ncertifiers && require)
		die(EX_DATAERR,
		    "no-certifier: no certifier vouches for this message");
	if (info.ncertifiers)
		field = info_compose(&info, in.m.eol, a);
	inserter_body(&in, NULL, 0);
	inserter_write(&in, field);
}
