/* dkim-sign: add DKIM-Signature fields to a message (RFC 6376, 8463). */
/* SPDX-License-Identifier: ISC */
/* Identifiers: PREFLIGHTS DNS_REASONS */

#include "base/die.h"
#include "tool/inserter.h"
#include "signers.h"

static const char *domain, *selector, *table, *password_file, *canon;
static const char *sign_headers, *oversign, *expire, *auid, *now;
static const char *profile = "default";
static struct cli_list keys;
static bool require, strict, no_timestamp, copied, check_dns;

static const struct cli_option options[] = {
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"the signing domain, d= (default: the author's domain)"},
    {"selector", 's', CLI_STRING, &selector, "SELECTOR",
	"the selector, s=, of keys given without one"},
    {"key", 'k', CLI_LIST, &keys, "[SELECTOR=]KEYFILE",
	"private key: a PEM file or a pkcs11: URL (repeatable)"},
    {"table", 0, CLI_STRING, &table, "FILE",
	"choose keys by author domain, from lines of PATTERN "
	"DOMAIN SELECTOR KEYFILE, where %d is that domain"},
    {"require", 0, CLI_FLAG, &require, NULL,
	"exit 65 if no line of --table can sign the message"},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"file whose first line opens encrypted keys and tokens"},
    {"canonicalization", 'c', CLI_STRING, &canon, "simple|relaxed[/...]",
	"of the header[/of the body] (default relaxed/relaxed)"},
    {"profile", 0, CLI_STRING, &profile, "default|list|bulk",
	"sign and oversign the fields of this profile"},
    {"sign-headers", 0, CLI_STRING, &sign_headers, "LIST",
	"names of fields to sign; +NAME adds, -NAME removes"},
    {"oversign", 0, CLI_STRING, &oversign, "LIST",
	"names of fields to sign once more than they occur"},
    {"expire", 'x', CLI_STRING, &expire, "DURATION",
	"let the signature expire after DURATION (3600, 2d)"},
    {"auid", 0, CLI_STRING, &auid, "[LOCAL]@DOMAIN",
	"the agent or user identifier, i="},
    {"no-timestamp", 0, CLI_FLAG, &no_timestamp, NULL,
	"leave out the time of signing, t="},
    {"copied-headers", 0, CLI_FLAG, &copied, NULL,
	"copy the signed fields into z=, for debugging"},
    {"check-dns", 0, CLI_FLAG, &check_dns, NULL,
	"sign only if the DNS has the matching public key"},
    {"strict", 0, CLI_FLAG, &strict, NULL, "refuse to sign instead of warning"},
    {"now", 0, CLI_STRING, &now, "TIME",
	"sign at TIME, t=: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {"Modes:", inserter_options},
    {"DNS (for --check-dns):", cli_dns_options},
    {NULL, NULL},
};

static void
check_published(const struct signer *list, size_t n, struct span auid_domain,
    struct arena *a)
{
	struct dns *dns = cli_dns_open(a);

	dns_begin(dns);
	dns_hold(dns);
	signers_check_dns(list, n, auid_domain, dns, a);
	cli_dns_close(dns);
}

/* Reads the body: returns its hash, and looks for defects of the message. */
static struct span
read_body(struct inserter *in, enum canon form, struct preflight *flight)
{
	struct sink *sinks[2];
	struct digest *body = dkim_sign_body(form, in->m.arena, &sinks[0]);

	preflight_begin(flight, &in->m);
	sinks[1] = &flight->sink;
	inserter_body(in, sinks, 2);
	return body->value;
}

static const struct cli_tool help = {"[OPTION...] < MESSAGE",
    "Adds DKIM signatures to a message (RFC 6376, 8463).",
    {"dkim-sign -k r1=rsa.pem <message >signed",
	"dkim-sign --table=keys.table -x 7d <message >signed"},
    "domain selector key table expire check-dns strict header nameserver zone"};

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	struct signers_options o;
	struct dkim_sign_options style;
	struct dkim_fields fields;
	struct inserter in;
	struct preflight flight;
	struct signer *list;
	struct span body_hash, added = SPAN_NONE;
	size_t n;

	cli_parse(argc, argv, &help, sections, a);
	o = (struct signers_options){domain, selector, &keys, table,
	    password_file, canon, profile, sign_headers, oversign, expire, auid,
	    now, no_timestamp, copied, strict, require};
	inserter_check(check_dns, "--check-dns");
	cli_require(!require || table, "--require needs --table");
	cli_require(!strict || inserter_has_warnings(),
	    "at most one of --strict, which makes warnings errors, and "
	    "--no-warnings");
	signers_check(&o);
	signers_style(&o, &fields, &style, a);
	inserter_read(&in, a);
	n = signers_load(&o, in.author, in.why, &list, a);
	if (n)
		signers_finish_style(&o, &fields, &in.m, list, n, &style);
	body_hash = read_body(&in, style.body, &flight);
	if (n)
		signers_warn(&flight, list, n, in.author, strict);
	if (n && check_dns)
		check_published(list, n, style.auid_domain, a);
	if (n)
		added = signers_sign(&in.m, list, n, &style, body_hash);
	signers_free(list, n);
	inserter_write(&in, added);
}
