/* options: read the options and operands of domain-check. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

static bool quiet;
static const char *only;

static const struct cli_option options[] = {
    {"only", 0, CLI_STRING, &only, "SECTION[,SECTION...]",
	"check these alone: spf, dmarc, dkim, vbr, mx, tls"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_option mode_options[] = {
    {"quiet", 'q', CLI_FLAG, &quiet, NULL,
	"write nothing: the exit status is the result"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL, "show DNS queries, too"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

const struct cli_section options_sections[] = {
    {"Options:", options},
    {"Modes and reports:", mode_options},
    {"DNS:", cli_dns_options},
    {NULL, NULL},
};

static void
read_sections(struct job *job)
{
	static const char *const names[] = {
	    "spf", "dmarc", "dkim", "vbr", "mx", "tls", NULL};
	struct span rest = span_of(only);

	for (size_t i = 0; i < MAIL_SETUP_SECTIONS; i++)
		job->method.asked[i] = !only;
	while (rest.p) {
		struct span word = span_cut(&rest, ',');

		job->method.asked[cli_choice("--only",
		    arena_cstr(job->arena, word), names, job->arena)] = true;
	}
}

void
options_read(struct job *job, const char **operand)
{
	cli_require(*operand, "a domain is missing");
	for (; *operand; operand++)
		*ARENA_PUSH(job->arena, job->domains, job->ndomains) =
		    cli_domain("operand", *operand, job->arena);
	read_sections(job);
	job->quiet = quiet;
	job->out = screen_of(stdout);
}
