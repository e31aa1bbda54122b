/* dkim-sign: add DKIM-Signature fields to a message (RFC 6376, 8463). */
#include "cli.h"
#include "die.h"
#include "signer.h"

static const char *domain, *selector, *table, *password_file, *canon;
static const char *sign_headers, *oversign, *expire, *auid, *now;
static const char *profile = "default";
static struct cli_list keys;
static bool annotate, header_only, require, strict, no_timestamp, copied,
    check_dns;

static const struct cli_option options[] = {
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"sign as this domain (default: the author's)"},
    {"selector", 's', CLI_STRING, &selector, "SELECTOR",
	"selector of keys that name none"},
    {"key", 'k', CLI_LIST, &keys, "[SELECTOR=]KEYFILE",
	"private key: a PEM file or a pkcs11: URL (repeatable)"},
    {"table", 0, CLI_STRING, &table, "FILE",
	"lines PATTERN DOMAIN SELECTOR KEYFILE, by author domain"},
    {"require", 0, CLI_FLAG, &require, NULL,
	"exit 65 if the table does not list the domain"},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"its first line opens encrypted keys and tokens"},
    {"canonicalization", 'c', CLI_STRING, &canon, "HEADER[/BODY]",
	"simple or relaxed (default relaxed/relaxed)"},
    {"profile", 0, CLI_STRING, &profile, "default|list|bulk",
	"which fields are signed and oversigned"},
    {"sign-headers", 'h', CLI_STRING, &sign_headers, "LIST",
	"field names to sign; +NAME adds, -NAME takes away"},
    {"oversign", 0, CLI_STRING, &oversign, "LIST",
	"field names to sign once more than they occur"},
    {"expire", 'x', CLI_STRING, &expire, "DURATION",
	"the signature expires after so long (3600, 2d)"},
    {"auid", 0, CLI_STRING, &auid, "[LOCAL]@DOMAIN",
	"agent or user identifier (i=)"},
    {"no-timestamp", 0, CLI_FLAG, &no_timestamp, NULL, "write no t="},
    {"copied-headers", 0, CLI_FLAG, &copied, NULL,
	"copy the signed fields into z=, for debugging"},
    {"check-dns", 0, CLI_FLAG, &check_dns, NULL,
	"sign only if the DNS has the key"},
    {"strict", 0, CLI_FLAG, &strict, NULL, "warnings are refusals"},
    {"annotate", 'a', CLI_FLAG, &annotate, NULL,
	"write the message with the new fields (default)"},
    {"header", 'H', CLI_FLAG, &header_only, NULL, "write only the new fields"},
    {"now", 0, CLI_STRING, &now, "TIME", "the time of t=: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {"DNS (for --check-dns):", cli_dns_options},
    {NULL, NULL},
};

static void
check_options(const char *const *operand)
{
	if (*operand)
		cli_usage("no operands: the message is read from stdin");
	if (annotate && header_only)
		cli_usage("at most one of -a and -H");
	if (cli_dns_given() && !check_dns)
		cli_usage("DNS options go with --check-dns");
	if (require && !table)
		cli_usage("--require goes with --table");
}

static void
check_published(
    const struct signer *list, size_t n, struct span identity, struct arena *a)
{
	struct dns *dns = cli_dns_open(a);

	dns_begin(dns);
	signer_check_dns(list, n, identity, dns, a);
	cli_dns_close(dns);
}

/* Reads the body: its hash, and what is wrong with the message. */
static struct span
read_body(struct message *m, enum canon form, struct preflight *flight)
{
	struct sink *sinks[2];
	struct digest *body = dkim_sign_body(form, m->arena, &sinks[0]);

	preflight_begin(flight, m);
	sinks[1] = &flight->sink;
	cli_read_body(m, sinks, 2, !header_only);
	return body->value;
}

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	const char **operand =
	    cli_parse(argc, argv, "[OPTION...] < MESSAGE", sections, a);
	const struct signer_options o = {domain, selector, &keys, table,
	    password_file, canon, profile, sign_headers, oversign, expire, auid,
	    now, no_timestamp, copied, strict};
	struct dkim_sign_options style;
	struct dkim_fields fields;
	struct message m;
	struct source source;
	struct preflight flight;
	struct signer *list;
	struct span author, body_hash, added = SPAN_NONE;
	const char *why;
	size_t n;

	check_options((const char *const *)operand);
	signer_check(&o);
	signer_style(&o, &fields, &style, a);
	cli_read_message(&m, &source, false, a);
	author = cli_author_domain(&m, &why);
	n = signer_load(&o, author, why, &list, a);
	if (!n && require)
		die(EX_DATAERR,
		    "not-listed: the table does not list the "
		    "author domain");
	if (n)
		signer_finish_style(&o, &fields, &m, list, n, &style);
	body_hash = read_body(&m, style.body, &flight);
	if (n)
		signer_report(&flight, list, n, author, strict);
	if (n && check_dns)
		check_published(list, n, style.identity_domain, a);
	if (n)
		added = signer_sign(&m, list, n, &style, body_hash);
	signer_free(list, n);
	cli_write_message(&m, added, header_only);
}
