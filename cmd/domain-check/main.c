/* domain-check: is a domain's mail set-up sound? */
/* SPDX-License-Identifier: ISC */
/* Identifiers: SPF_FINDINGS DMARC_FINDINGS */

#include "job.h"

static const struct cli_tool help = {"[OPTION...] DOMAIN...",
    "Checks a domain's mail set-up: SPF, DKIM keys, DMARC, and what is beside.",
    {"domain-check example.org", "domain-check -z zone -s r1 example.org"},
    "only quiet verbose nameserver zone"};

int
main(int argc, char **argv)
{
	struct job job = {.arena = cli_begin(argv[0])};
	const char **operand =
	    cli_read(argc, argv, &help, options_sections, job.arena);

	cli_settle();
	options_read(&job, operand);
	job.memory = arena_new();
	job.method.dmarc.arena = job.memory;
	job.method.dmarc.dns = cli_dns_open(job.arena);
	for (size_t i = 0; i < job.ndomains; i++) {
		struct mail_setup s;

		dns_begin(job.method.dmarc.dns);
		arena_reset(job.memory);
		mail_setup(&job.method, job.domains[i], &s);
		if (!job.quiet)
			show(&job, &s);
	}
	cli_dns_close(job.method.dmarc.dns);
	cli_close_stdout();
	arena_free(job.memory);
	return 0;
}
