/* vbr-insert: add a VBR-Info field to a message (RFC 5518). */
#include "die.h"
#include "voucher.h"

static const char *domain, *type, *table;
static struct cli_list certifiers;
static bool annotate, header_only, verify, require, replace;

static const struct cli_option options[] = {
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"vouched for (md=; default: the author's domain)"},
    {"type", 'T', CLI_STRING, &type, "TYPE",
	"all, list or transaction (mc=; default all)"},
    {"certifier", 't', CLI_LIST, &certifiers, "HOST",
	"who vouches (mv=; repeatable)"},
    {"table", 0, CLI_STRING, &table, "FILE",
	"lines DOMAIN TYPE CERTIFIER..., by domain"},
    {"verify", 0, CLI_FLAG, &verify, NULL,
	"name only certifiers that vouch, by the DNS"},
    {"require", 0, CLI_FLAG, &require, NULL,
	"exit 65 if no field can be added"},
    {"replace", 0, CLI_FLAG, &replace, NULL,
	"replace a VBR-Info of the same domain"},
    {"annotate", 'a', CLI_FLAG, &annotate, NULL,
	"write the message with the new field (default)"},
    {"header", 'H', CLI_FLAG, &header_only, NULL, "write only the new field"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {"DNS (for --verify):", cli_dns_options},
    {NULL, NULL},
};

static void
check_options(const char *const *operand)
{
	if (*operand)
		cli_usage("no operands: the message is read from stdin");
	if (annotate && header_only)
		cli_usage("at most one of -a and -H");
	if (cli_dns_given() && !verify)
		cli_usage("DNS options go with --verify");
	if (header_only && replace)
		cli_usage("-H cannot --replace: it writes only the new field");
}

static void
verify_certifiers(struct vbr_info *info, struct arena *a)
{
	struct dns *dns = cli_dns_open(a);

	dns_begin(dns);
	voucher_verify(info, dns, a);
	cli_dns_close(dns);
}

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	const char **operand =
	    cli_parse(argc, argv, "[OPTION...] < MESSAGE", sections, a);
	const struct voucher_options o = {domain, type, table, &certifiers};
	struct vbr_info info;
	struct message m;
	struct source source;
	struct span author, field = SPAN_NONE;
	const char *why;

	check_options((const char *const *)operand);
	voucher_check(&o);
	cli_read_message(&m, &source, false, a);
	author = cli_author_domain(&m, &why);
	info = voucher_choose(&o, author, why, a);
	if (info.certifiers)
		voucher_check_existing(&info, &m, replace);
	if (info.certifiers && verify)
		verify_certifiers(&info, a);
	if (!info.certifiers && require)
		die(EX_DATAERR,
		    "no-certifier: no one vouches for this message");
	if (info.certifiers)
		field = voucher_compose(&info, m.eol, a);
	cli_read_body(&m, NULL, 0, !header_only);
	cli_write_message(&m, field, header_only);
}
