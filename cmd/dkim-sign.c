/* dkim-sign: add DKIM-Signature fields to a message (RFC 6376, 8463). */
#include <errno.h>
#include <string.h>

#include "cli.h"
#include "die.h"
#include "dkim.h"
#include "domain.h"
#include "limit.h"
#include "preflight.h"
#include "signer.h"

static const char *domain, *selector, *table, *password_file, *canon_text;
static const char *sign_headers, *oversign, *expire, *auid, *now_text;
static const char *profile = "default";
static struct cli_list keys;
static bool header_only, require, strict, no_timestamp, copied, check_dns;

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
    {"canonicalization", 'c', CLI_STRING, &canon_text, "HEADER[/BODY]",
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
    {"header", 'H', CLI_FLAG, &header_only, NULL, "write only the new fields"},
    {"now", 0, CLI_STRING, &now_text, "TIME",
	"the time of t=: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options:", options},
    {"DNS (for --check-dns):", cli_dns_options},
    {NULL, NULL},
};

/* What the options say of the signature; the message's part comes later. */
static struct dkim_sign_options
read_style(struct dkim_fields *fields, struct arena *a)
{
	struct dkim_sign_options o = {
	    .header = CANON_RELAXED, .body = CANON_RELAXED, .copied = copied};
	struct span body = span_of(canon_text), header = span_cut(&body, '/');

	/* RFC 6376 3.5: "c=relaxed" alone means relaxed/simple. */
	if (canon_text &&
	    (!canon_parse(header, &o.header) ||
		!canon_parse(body.p ? body : SPAN("simple"), &o.body)))
		cli_usage("-c: not simple or relaxed: %s", canon_text);
	if (!dkim_profile(span_of(profile), a, fields))
		cli_usage("--profile: not default, list or bulk: %s", profile);
	if (sign_headers &&
	    !dkim_names_apply(&fields->sign, span_of(sign_headers), a))
		cli_usage("-h: not a list of field names: %s", sign_headers);
	if (oversign &&
	    !dkim_names_apply(&fields->oversign, span_of(oversign), a))
		cli_usage(
		    "--oversign: not a list of field names: %s", oversign);
	o.has_time = !no_timestamp;
	o.time = cli_time(now_text);
	if (expire)
		o.expiry = o.time + cli_duration("expire", expire);
	return o;
}

/* i= must be in the domain of each signature (RFC 6376 3.5). */
static struct span
read_identity(const struct signer *list, size_t n, struct arena *a)
{
	struct span text = span_of(auid), domain_part = text, normal;

	if (!auid)
		return SPAN_NONE;
	while (span_find(domain_part, '@') < domain_part.len)
		span_cut(&domain_part, '@');
	normal = domain_normal(domain_part, a);
	if (!normal.p || domain_part.len == text.len)
		cli_usage("--auid: not [LOCAL]@DOMAIN: %s", auid);
	for (size_t i = 0; i < n; i++)
		if (!domain_within(normal, list[i].who.domain))
			cli_usage("--auid: not in the domain " SPAN_FMT ": %s",
			    SPAN_ARG(list[i].who.domain), auid);
	text.len -= domain_part.len;
	return arena_printf(
	    a, SPAN_FMT SPAN_FMT, SPAN_ARG(text), SPAN_ARG(normal));
}

static struct span
sign_all(const struct message *m, const struct signer *list, size_t n,
    const struct dkim_sign_options *o, struct span body_hash)
{
	struct buf fields = BUF(m->arena);

	for (size_t i = 0; i < n; i++) {
		struct span field = dkim_sign(m, &list[i].who, o, body_hash);

		if (!field.p)
			die(EX_SOFTWARE, "%s: the key cannot sign",
			    list[i].location.p);
		if (field.len > LIMIT_TAGLIST)
			die(EX_DATAERR, "the signature would be over 64 KiB");
		buf_add(&fields, field);
	}
	return buf_span(&fields);
}

/* The list of signed fields, or the reason not to sign. */
static struct span
choose_fields(const struct dkim_fields *fields, const struct message *m)
{
	struct span names = dkim_fields_list(fields, m, m->arena);

	if (!strcmp(profile, "bulk") && !dkim_has_one_click(m))
		die(EX_DATAERR,
		    "one-click: the message has no pair of "
		    "List-Unsubscribe with HTTPS and "
		    "List-Unsubscribe-Post (RFC 8058)");
	if (!names.p)
		die(EX_DATAERR, "too many fields to sign");
	if (!span_casecontains(names, SPAN("From")))
		cli_usage("-h: From must be signed (RFC 6376 5.4)");
	return names;
}

int
main(int argc, char **argv)
{
	struct arena *a = cli_begin(argv[0]);
	const char **operand =
	    cli_parse(argc, argv, "[OPTION...] < MESSAGE", sections, a);
	const struct signer_options who = {
	    domain, selector, &keys, table, password_file, strict};
	struct dkim_fields fields;
	struct dkim_sign_options style = read_style(&fields, a);
	struct message m;
	struct source source;
	struct preflight flight;
	struct sink *sinks[2];
	struct digest *body;
	struct signer *list;
	struct dns *dns = NULL;
	const char *why;
	struct span author, added = SPAN_NONE;
	size_t n;

	if (*operand)
		cli_usage("no operands: the message is read from stdin");
	if (cli_dns_given() && !check_dns)
		cli_usage("DNS options go with --check-dns");
	if (require && !table)
		cli_usage("--require goes with --table");
	signer_check(&who);
	cli_read_message(&m, &source, false, a);
	author = cli_author_domain(&m, &why);
	n = signer_load(&who, author, why, &list, a);
	if (!n && require)
		die(EX_DATAERR, "not-listed: the table does not list %.*s",
		    (int)author.len, author.p ? author.p : "");
	if (n)
		style.names = choose_fields(&fields, &m);
	style.identity = read_identity(list, n, a);
	if (check_dns)
		dns = cli_dns_open(a);
	body = dkim_sign_body(style.body, a, &sinks[0]);
	preflight_begin(&flight, &m);
	sinks[1] = &flight.sink;
	if (message_body(&m, sinks, 2, !header_only) < 0)
		die(EX_IOERR, "cannot read or keep the message: %s",
		    strerror(errno));
	if (n)
		signer_report(&flight, list, n, author, strict);
	if (dns) {
		dns_begin(dns);
		signer_check_dns(list, n, dns, a);
		cli_dns_close(dns);
	}
	if (n)
		added = sign_all(&m, list, n, &style, body->value);
	signer_free(list, n);
	cli_write_message(&m, added, header_only);
}
