/* record: the DNS record of a key. */
/* SPDX-License-Identifier: ISC */

#include "dkim-key.h"

#include "base/domain.h"
#include "base/limit.h"

static const char *key_file, *domain, *selector, *format, *password_file;
static bool testing, strict_domain, as_json;
static uint64_t ttl = RECORD_TTL;

static const struct cli_option options[] = {
    {"key", 'k', CLI_STRING, &key_file, "KEYFILE",
	"private or public key: a file, \"-\" (stdin), or a pkcs11: URL"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN", "the signing domain, d="},
    {"selector", 's', CLI_STRING, &selector, "SELECTOR", "the selector, s="},
    {"format", 0, CLI_STRING, &format,
	"zone|plain|nsupdate|tinydns|route53|octodns|json",
	"the form of the record (default zone)"},
    {"json", 'j', CLI_FLAG, &as_json, NULL, "the same as --format=json"},
    {"ttl", 0, CLI_COUNT, &ttl, "SECONDS", "its TTL (default 3600)"},
    {"testing", 0, CLI_FLAG, &testing, NULL,
	"add t=y: receivers may treat the mail as unsigned"},
    {"strict-domain", 0, CLI_FLAG, &strict_domain, NULL,
	"add t=s: the domain of i= must be that of d="},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"file whose first line opens encrypted keys and tokens"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options of record:", options},
    {NULL, NULL},
};

struct span
read_domain(const char *text, struct arena *a)
{
	struct span name = cli_domain("-d", text, a);

	cli_require(name.p, "-d DOMAIN is missing");
	if (domain_labels(name) < 2)
		cli_usage("-d: a domain of one label cannot sign (RFC 6376 "
			  "3.5): %s",
		    text);
	return name;
}

struct span
read_selector(const char *text, struct arena *a)
{
	struct span name = domain_normal(span_of(text), a);

	cli_require(text, "-s SELECTOR is missing");
	if (!name.p)
		cli_usage("-s: not a selector: %s", text);
	return name;
}

struct span
read_name(struct span sel, struct span dom, struct arena *a)
{
	struct span name = dkim_key_name(sel, dom, a);

	if (name.len > LIMIT_DNS_NAME)
		cli_usage("the name of the key has over %u octets: " SPAN_FMT,
		    LIMIT_DNS_NAME, SPAN_ARG(name));
	return name;
}

static enum format
read_format(struct arena *a)
{
	enum format f = as_json ? FORMAT_JSON : FORMAT_ZONE;

	if (format)
		f = (enum format)cli_choice(
		    "--format", format, format_names, a);
	cli_require(!as_json || f == FORMAT_JSON,
	    "at most one of -j and another --format");
	return f;
}

/* The value of t= (RFC 6376 3.6.1). */
static struct span
flags(void)
{
	if (testing)
		return strict_domain ? SPAN("y:s") : SPAN("y");
	return strict_domain ? SPAN("s") : SPAN_NONE;
}

static struct key_public *
load_key(struct arena *a)
{
	const struct key_source source = {key_file, password_file, false};
	struct key_found found;
	struct key_error error;
	struct key_public *key = key_load_public(&source, a, &found, &error);

	if (!key)
		die_of_key(&error);
	warn_exposed(&source, &found.exposed);
	return key;
}

static int
run(const char **operands, struct arena *a)
{
	struct record r = {.ttl = ttl};
	struct key_public *key;
	struct span text;
	enum format form = read_format(a);

	if (*operands)
		cli_usage("%s: unexpected operand: give -k KEYFILE", *operands);
	cli_require(key_file, "-k KEYFILE is missing");
	r.domain = read_domain(domain, a);
	r.selector = read_selector(selector, a);
	r.name = read_name(r.selector, r.domain, a);
	r.key = key = load_key(a);
	r.text = record_text(key, flags(), a);
	text = format_record(form, &r, a);
	fwrite(text.p, 1, text.len, stdout);
	key_public_free(key);
	return 0;
}

static const struct cli_tool help = {"-k KEYFILE -d DOMAIN -s SELECTOR",
    "Prints the DNS record of a key.",
    {"dkim-key record -k r1.pem -d example.org -s r1 >>example.org.zone",
	"dkim-key record -k r1.pem -d example.org -s r1 --format=plain"},
    "key domain selector format ttl json"};

const struct cli_command command_record = {"record", &help, sections, run};
