/* new: make keys. */
/* SPDX-License-Identifier: ISC */

#include "new.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/limit.h"

static const char *domain, *selector, *type, *output, *password_file, *now;
static uint64_t bits;
static bool weak, as_json;

static const struct cli_option options[] = {
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN", "the signing domain, d="},
    {"selector", 's', CLI_STRING, &selector, "SELECTOR",
	"the selector, s= (default: year and month, and r or e)"},
    {"type", 'T', CLI_STRING, &type, "rsa|ed25519|both",
	"the type of the key (default rsa); of both, -s S makes Sr and Se"},
    {"bits", 'b', CLI_NUMBER, &bits, "BITS",
	"the size of an RSA key: 2048 (the default) to 4096"},
    {"weak", 0, CLI_FLAG, &weak, NULL, "allow -b 1024 to 2047"},
    {"output", 'o', CLI_STRING, &output, "FILE",
	"the private key's file, or its folder, or \"-\" (stdout) "
	"(default: SELECTOR.DOMAIN.pem)"},
    {"password-file", 0, CLI_STRING, &password_file, "FILE",
	"file whose first line encrypts the private key"},
    {"json", 'j', CLI_FLAG, &as_json, NULL,
	"print the record as an object of JSON"},
    {"now", 0, CLI_STRING, &now, "TIME",
	"default selectors of TIME: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_section sections[] = {
    {"Options of new:", options},
    {"DNS (to avoid selectors that have a record):", cli_dns_options},
    {NULL, NULL},
};

static bool
is_stdout(void)
{
	return output && !strcmp(output, "-");
}

/* Returns the folder where files are named by selectors, "" or with a slash at
 * its end; NULL: --output is a file or stdout. */
static const char *
output_folder(struct arena *a)
{
	size_t len = output ? strlen(output) : 0;
	struct stat st;

	if (!output)
		return "";
	if (is_stdout())
		return NULL;
	if (len && output[len - 1] == '/')
		return output;
	if (stat(output, &st) < 0 || !S_ISDIR(st.st_mode))
		return NULL;
	return arena_printf(a, "%s/", output).p;
}

/* RFC 8301 3.2: signers use at least 1024 bits, and should use 2048; verifiers
 * need not accept more than 4096. */
static void
check_bits(bool rsa)
{
	cli_require(rsa || (!bits && !weak), "-b and --weak are for RSA keys");
	if (!bits)
		bits = LIMIT_RSA_BITS_WARN;
	cli_require(bits >= LIMIT_RSA_BITS_MIN,
	    "-b: an RSA key must have 1024 bits or more (RFC 8301)");
	cli_require(bits >= LIMIT_RSA_BITS_WARN || weak,
	    "-b: an RSA key should have 2048 bits or more (RFC 8301); --weak "
	    "makes it all the same");
	cli_require(bits <= 4096,
	    "-b: verifiers need not accept over 4096 bits (RFC 8301)");
}

/* Returns how many keys to make, and sets their types. */
static size_t
read_types(struct plan plan[static 2], struct arena *a)
{
	static const char *const names[] = {"rsa", "ed25519", "both", NULL};
	size_t choice = type ? cli_choice("-T", type, names, a) : 0;

	check_bits(choice != 1);
	plan[0].type = choice == 1 ? KEY_ED25519 : KEY_RSA;
	plan[1].type = KEY_ED25519;
	return choice == 2 ? 2 : 1;
}

/* Sets where each key goes and what it is called. */
static void
make_plan(struct plan *plan, size_t n, struct arena *a)
{
	struct selector_request q = {.domain = read_domain(domain, a),
	    .given = selector,
	    .is_one_of = n > 1,
	    .now = cli_time(now),
	    .folder = output_folder(a)};

	cli_require(n == 1 || q.folder, "-T both needs a folder for -o");
	cli_require(cli_dns_is_named() || !cli_dns_given(),
	    "DNS options need -n or -z: the DNS is not queried without");
	if (cli_dns_is_named()) {
		q.dns = cli_dns_open(a);
		dns_begin(q.dns);
	}
	for (size_t i = 0; i < n; i++) {
		struct plan *p = &plan[i];

		p->domain = q.domain;
		choose_selector(&q, p, a);
		if (!is_stdout())
			p->path = q.folder
			    ? key_path(q.folder, p->selector, q.domain, a)
			    : output;
	}
	if (q.dns)
		cli_dns_close(q.dns);
}

/* Removes what was made so far, and ends the program. */
static _Noreturn void
give_up(struct plan *plan, size_t n, int status, const char *file,
    const char *words)
{
	for (size_t i = 0; i < n; i++) {
		keyfile_drop(&plan[i].file);
		key_private_free(plan[i].key);
	}
	die(status, "%s: %s", file, words);
}

static void
begin_files(struct plan *plan, size_t n, struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		plan[i].file = (struct keyfile){.folder = -1, .fd = -1};
	for (size_t i = 0; i < n && plan[i].path; i++)
		if (keyfile_begin(&plan[i].file, plan[i].path, a) < 0)
			give_up(
			    plan, n, EX_IOERR, plan[i].path, strerror(errno));
}

static void
make_keys(struct plan *plan, size_t n)
{
	struct key_error error;

	for (size_t i = 0; i < n; i++) {
		plan[i].key =
		    key_generate(plan[i].type, (unsigned)bits, &error);
		if (!plan[i].key)
			give_up(plan, n, error.status, error.file, error.words);
	}
}

static void
write_keys(struct plan *plan, size_t n)
{
	struct key_exposure exposed = {false, false};
	struct key_source to = {NULL, password_file, false};
	struct key_error error;

	for (size_t i = 0; i < n; i++) {
		to.location = plan[i].path ? plan[i].path : "stdout";
		if (!key_write(plan[i].key,
			plan[i].path ? plan[i].file.fd : STDOUT_FILENO, &to,
			&exposed, &error))
			give_up(plan, n, error.status, error.file, error.words);
	}
	warn_exposed(&to, &exposed);
	for (size_t i = 0; i < n && plan[i].path; i++)
		if (keyfile_finish(&plan[i].file) < 0)
			give_up(
			    plan, n, EX_IOERR, plan[i].path, strerror(errno));
	for (size_t i = 0; i < n; i++)
		keyfile_close(&plan[i].file);
}

static void
print_record(const struct plan *p, struct arena *a)
{
	struct key_public *key = key_private_public(p->key);
	struct record r = {.domain = p->domain,
	    .selector = p->selector,
	    .name = p->name,
	    .ttl = RECORD_TTL,
	    .key = key,
	    .file = p->path};
	struct span text;

	if (!key)
		arena_exhausted();
	r.text = record_text(key, SPAN_NONE, a);
	text = format_record(as_json ? FORMAT_JSON : FORMAT_ZONE, &r, a);
	fwrite(text.p, 1, text.len, p->path ? stdout : stderr);
	key_public_free(key);
}

/* The files stay, even if the records cannot be printed. Returns 0 or an error
 * number. */
static int
print_records(const struct plan *plan, size_t n, struct arena *a)
{
	int error;

	for (size_t i = 0; i < n; i++)
		print_record(&plan[i], a);
	if (fflush(stdout) == 0)
		return 0;
	error = errno;
	for (size_t i = 0; i < n; i++)
		warn("%s: the key is made; its record can be had from: "
		     "dkim-key record",
		    plan[i].path);
	return error;
}

static int
run(const char **operands, struct arena *a)
{
	struct plan plan[2] = {{.path = NULL}, {.path = NULL}};
	size_t n = read_types(plan, a);
	int error;

	if (*operands)
		cli_usage("%s: unexpected operand: give -d DOMAIN", *operands);
	make_plan(plan, n, a);
	begin_files(plan, n, a);
	make_keys(plan, n);
	write_keys(plan, n);
	error = print_records(plan, n, a);
	for (size_t i = 0; i < n; i++)
		key_private_free(plan[i].key);
	if (error)
		die(EX_IOERR, "cannot write to stdout: %s", strerror(error));
	return 0;
}

static const struct cli_tool help = {"-d DOMAIN [OPTION...]",
    "Makes a private key, and prints its DNS record.",
    {"dkim-key new -d example.org >>example.org.zone",
	"dkim-key new -d example.org -T both -o /etc/dkim -n 192.0.2.53"},
    "domain selector type bits output json nameserver"};

const struct cli_command command_new = {"new", &help, sections, run};
