/* spf-flatten: write an SPF record of addresses alone. */
/* SPDX-License-Identifier: ISC */
/* Identifiers: DNS_REASONS */

#include "base/die.h"
#include "base/json.h"
#include "spf/spf_flatten.h"
#include "tool/cli.h"
#include "tool/output.h"

static bool json, quiet;
static const char *record;

static const struct cli_option options[] = {
    {"record", 0, CLI_STRING, &record, "'v=spf1 ...'",
	"flatten this record, as if the domain had it"},
    {"json", 'j', CLI_FLAG, &json, NULL, "write a JSON object"},
    {"quiet", 'q', CLI_FLAG, &quiet, NULL,
	"write nothing: the exit status is the result"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL,
	"show the DNS queries on stderr"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_tool help = {"[OPTION...] DOMAIN",
    "Writes an SPF record (RFC 7208) of addresses alone, equivalent to "
    "DOMAIN's.",
    {"spf-flatten example.org", "spf-flatten -z zone example.org"},
    "record json quiet verbose nameserver zone"};

struct job {
	struct arena *arena;
	struct dns *dns;
	struct span domain; /* normal form */
	/* The result: lines, or why there are none. */
	enum spf_reason reason;
	struct span *lines;
	size_t nlines;
	struct span detail;
};

static void
read_options(struct job *job, int argc, char **argv)
{
	const struct cli_section sections[] = {
	    {"Options:", options}, {"DNS:", cli_dns_options}, {NULL, NULL}};
	const char **operand =
	    cli_read(argc, argv, &help, sections, job->arena);

	cli_drains_stdin(false);
	cli_settle();
	cli_require(!json || !quiet, "at most one of -j and -q");
	cli_require(operand[0], "a domain is missing");
	cli_require(!operand[1], "one domain is flattened per run");
	job->domain = cli_domain("operand", operand[0], job->arena);
	job->dns = cli_dns_open(job->arena);
}

static void
write_json(const struct job *job)
{
	const struct result_reason *why =
	    job->reason == SPF_PASS ? NULL : &spf_reasons[job->reason];
	json_t *records = json_array();
	struct arena *a = job->arena;

	for (size_t i = 0; i < job->nlines; i++)
		json_array_append_new(records, json_text(job->lines[i], a));
	output_json(json_pack("{s:i, s:o, s:s?, s:s?, s:o, s:o}",
			JSON_MEMBER("schema", 1),
			JSON_MEMBER("domain", json_text(job->domain, a)),
			JSON_MEMBER("id", why ? why->id : NULL),
			JSON_MEMBER("words", why ? why->words : NULL),
			JSON_MEMBER("detail", json_text(job->detail, a)),
			JSON_MEMBER("records", records)),
	    stdout);
}

/* Writes the records to stdout, which may become a zone file, and all else to
 * stderr. */
static void
write_lines(const struct job *job)
{
	const struct result_reason *why = &spf_reasons[job->reason];

	for (size_t i = 0; i < job->nlines; i++) {
		/* Printable, by the escapes of zone files. */
		fwrite(job->lines[i].p, 1, job->lines[i].len, stdout);
		fputc('\n', stdout);
	}
	if (job->reason == SPF_PASS)
		warn("these are the addresses of today: flatten again when "
		     "they change");
	else
		warn_text(ARENA_JOIN(job->arena, job->domain, SPAN(": "),
		    span_of(why->id), SPAN(": "), span_of(why->words),
		    SPAN(": "), job->detail));
}

int
main(int argc, char **argv)
{
	struct job job = {.arena = cli_begin(argv[0])};
	const struct screen err = screen_of(stderr);

	read_options(&job, argc, argv);
	dns_begin(job.dns);
	job.reason = spf_flatten(job.domain, span_of(record), job.dns,
	    job.arena, &job.lines, &job.nlines, &job.detail);
	if (json)
		write_json(&job);
	else if (!quiet)
		write_lines(&job);
	if (cli_verbose && !quiet)
		output_dns(&err, job.dns, job.arena);
	cli_dns_close(job.dns);
	cli_close_stdout();
	return cli_verdict_status(spf_reasons[job.reason].code, 0);
}
