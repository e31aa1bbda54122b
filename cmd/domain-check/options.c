/* options: read the options and operands of domain-check. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include "tool/suffix_list.h"

static const char *only, *selectors_from, *domains_from, *mta_sts_policy,
    *baseline, *ignore, *now;
static struct cli_list selectors, records, certifiers;
static struct suffix_list suffixes;
static uint64_t min = UINT64_MAX; /* not given */
static bool policy, json, sarif, github, quiet;

static const struct cli_option options[] = {
    {"selector", 's', CLI_LIST, &selectors, "SELECTOR",
	"check this DKIM key, too; with several domains "
	"SELECTOR._domainkey.DOMAIN (repeatable)"},
    {"selectors-from", 0, CLI_STRING, &selectors_from, "FILE",
	"check the keys of signatures that passed, too, by lines of "
	"dkim-verify -j or dmarc-report -j"},
    {"only", 0, CLI_STRING, &only, "SECTION[,SECTION...]",
	"check these alone; SECTION: spf, dmarc, dkim, vbr, mx, tls"},
    {"policy", 0, CLI_FLAG, &policy, NULL,
	"show only which DMARC policy applies, and where it is from"},
    {"record", 0, CLI_LIST, &records, "'v=...'",
	"act as if the domain had this record of SPF, DMARC or, with -s, DKIM "
	"(repeatable)"},
    {"certifier", 't', CLI_LIST, &certifiers, "HOST[/a]",
	"show whether this certifier vouches for the domain (repeatable)"},
    {"mta-sts-policy", 0, CLI_STRING, &mta_sts_policy, "FILE",
	"check this MTA-STS policy, which was fetched before"},
    {"domains-from", 0, CLI_STRING, &domains_from, "FILE",
	"read more domains from FILE, one per line"},
    {"org-domain", 0, CLI_STRING, &suffixes.org_domain, "walk|psl",
	"how to find organizational domains (default walk)"},
    {"psl", 0, CLI_STRING, &suffixes.psl, "FILE",
	"use the public suffix list in FILE"},
    {"rfc7489", 0, CLI_FLAG, &suffixes.rfc7489, NULL,
	"evaluate DMARC by RFC 7489, not RFC 9989"},
    {"baseline", 0, CLI_STRING, &baseline, "FILE",
	"leave out the findings in FILE, an earlier output of -j"},
    {"ignore", 0, CLI_STRING, &ignore, "FILE",
	"leave out the findings that FILE accepts"},
    {"min", 0, CLI_COUNT, &min, "N",
	"exit 0 if the score is at least N, else 4; findings do not matter"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_option mode_options[] = {
    {"json", 'j', CLI_FLAG, &json, NULL, "write a JSON object for each domain"},
    {"sarif", 0, CLI_FLAG, &sarif, NULL,
	"write the findings as a SARIF log, with lines of the zone file"},
    {"github", 0, CLI_FLAG, &github, NULL,
	"write the findings as annotations of GitHub"},
    {"quiet", 'q', CLI_FLAG, &quiet, NULL,
	"write nothing: the exit status is the result"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL, "show DNS queries, too"},
    {"now", 0, CLI_STRING, &now, "TIME",
	"act as if it were TIME: seconds or RFC 3339"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

const struct cli_section options_sections[] = {
    {"Options:", options},
    {"Modes and reports:", mode_options},
    {"DNS:", cli_dns_options},
    {NULL, NULL},
};

static enum job_form
read_form(void)
{
	cli_require(json + sarif + github + quiet <= 1,
	    "at most one of -j, --sarif, --github and -q");
	cli_require(!sarif || cli_dns_zone(),
	    "--sarif needs --zone: each result is at a line of a file");
	return json  ? JOB_JSON
	    : sarif  ? JOB_SARIF
	    : github ? JOB_GITHUB
	    : quiet  ? JOB_STATUS
		     : JOB_SCREEN;
}

static void
read_sections(struct job *job)
{
	static const char *const names[] = {
	    "spf", "dmarc", "dkim", "vbr", "mx", "tls", NULL};
	struct span rest = span_of(only);

	for (size_t i = 0; i < MAIL_SETUP_SECTIONS; i++)
		job->method.asked[i] =
		    !only && (!policy || i == MAIL_SETUP_DMARC);
	while (rest.p) {
		struct span word = span_cut(&rest, ',');

		job->method.asked[cli_choice("--only",
		    arena_cstr(job->arena, word), names, job->arena)] = true;
	}
}

/* An option for a part that is left out has no effect: that is not meant. */
static void
check_sections(const struct job *job)
{
	const bool *asked = job->method.asked;

	cli_require(!policy ||
		!(only || selectors.nitems || selectors_from ||
		    certifiers.nitems || mta_sts_policy || baseline || ignore ||
		    min != UINT64_MAX || sarif || github),
	    "--policy checks nothing: it goes with --record, -j, -q and the "
	    "options of DMARC and the DNS only");
	cli_require(asked[MAIL_SETUP_DKIM] || !selectors.nitems,
	    "-s has no effect: --only leaves out dkim");
	cli_require(asked[MAIL_SETUP_DKIM] || !selectors_from,
	    "--selectors-from has no effect: --only leaves out dkim");
	cli_require(!only || !asked[MAIL_SETUP_VBR] || certifiers.nitems,
	    "--only=vbr needs -t");
	cli_require(asked[MAIL_SETUP_VBR] || !certifiers.nitems,
	    "-t has no effect: --only leaves out vbr");
	cli_require(asked[MAIL_SETUP_TLS] || !mta_sts_policy,
	    "--mta-sts-policy has no effect: --only leaves out tls");
}

static void
read_subjects(struct job *job, const char **operand)
{
	subjects_domains(job, operand, domains_from);
	cli_require(job->ndomains || (records.nitems && !policy),
	    "a domain is missing");
	cli_require(job->ndomains ||
		!(certifiers.nitems || mta_sts_policy || selectors_from),
	    "-t, --mta-sts-policy and --selectors-from need a domain");
	cli_require(job->ndomains <= 1 || !records.nitems,
	    "--record needs one domain, or none");
	cli_require(job->ndomains <= 1 || !mta_sts_policy,
	    "--mta-sts-policy needs one domain");
	subjects_selectors(job, &selectors);
	subjects_records(job, &records);
	if (selectors_from)
		subjects_seen(job, selectors_from);
}

/* How many answers the score is out of. */
static unsigned
count_questions(const struct job *job)
{
	const bool *asked = job->method.asked;

	return asked[MAIL_SETUP_SPF] + 3u * asked[MAIL_SETUP_DMARC] +
	    asked[MAIL_SETUP_DKIM];
}

static void
read_min(struct job *job)
{
	unsigned most = count_questions(job);

	job->has_min = min != UINT64_MAX;
	if (job->has_min && min > most)
		cli_usage("--min: the score is out of %u, and never %llu", most,
		    (unsigned long long)min);
	job->min = (unsigned)min;
}

static void
read_method(struct job *job)
{
	struct mail_setup_method *m = &job->method;
	struct vbr_certifier *list = NULL;

	for (size_t i = 0; i < certifiers.nitems; i++)
		if (!vbr_certifier_parse(span_of(certifiers.items[i]),
			job->arena,
			ARENA_PUSH(job->arena, list, m->ncertifiers)))
			cli_usage("-t: neither HOST nor HOST/a: %s",
			    certifiers.items[i]);
	m->certifiers = list;
	if (mta_sts_policy)
		m->mta_sts_policy = cli_file(mta_sts_policy, job->arena);
	job->suffixes = suffix_list_read(&suffixes, job->arena);
	m->dmarc.psl = job->suffixes;
	if (!job->suffixes)
		job->suffixes = psl_latest(NULL);
	m->dmarc.compare = job->suffixes;
	m->dmarc.rfc7489 = suffixes.rfc7489;
}

void
options_read(struct job *job, const char **operand)
{
	int64_t time = cli_time(now);

	job->policy = policy;
	job->form = read_form();
	job->zone = cli_dns_zone();
	read_sections(job);
	check_sections(job);
	read_subjects(job, operand);
	read_min(job);
	read_method(job);
	if (baseline)
		job->baseline = baseline_read(baseline, job->arena);
	if (ignore)
		job->ignore = ignore_read(ignore, time, job->arena);
	job->out = screen_of(stdout);
}
