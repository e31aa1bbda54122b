/* options: read the options of dmarc-report. */
/* SPDX-License-Identifier: ISC */

#include "options.h"

#include <string.h>

#include "base/limit.h"

static const char *by, *since, *until, *domain, *recent, *compare, *max_size;
static const char *files_from, *now;
static uint64_t top = UINT64_MAX; /* not given */
static bool spf, dkim, fail, plot, csv, json, quiet, strict, mbox,
    nul_separated;
static struct cli_list expectations;

static const struct cli_option options[] = {
    {"by", 0, CLI_STRING, &by,
	"source|network|domain|reporter|day|selector|policy|disposition",
	"one list, grouped by this"},
    {"since", 0, CLI_STRING, &since, "DATE|DAYSd",
	"only from this day on, or so many days back"},
    {"until", 0, CLI_STRING, &until, "DATE|DAYSd",
	"only to this day, or up to so many days back"},
    {"domain", 'd', CLI_STRING, &domain, "DOMAIN",
	"only mail of this domain, and of domains below it"},
    {"fail", 0, CLI_FLAG, &fail, NULL, "only mail that is not aligned"},
    {"top", 0, CLI_COUNT, &top, "N",
	"rows of each group (default 5), or of a list (20); 0: all"},
    {"recent", 0, CLI_STRING, &recent, "DAYSd",
	"the days in which something is new (default 7d)"},
    {"compare", 0, CLI_STRING, &compare, "DAYSd",
	"the last so many days with those before"},
    {"plot", 0, CLI_FLAG, &plot, NULL, "days as bars"},
    {"csv", 0, CLI_FLAG, &csv, NULL, "write the list as CSV"},
    {"expect", 0, CLI_LIST, &expectations, "MEASURE>=N",
	"exit 1 unless this is so (repeatable); MEASURE: aligned, messages, "
	"failed, new-sources, refused"},
    {"spf", 0, CLI_FLAG, &spf, NULL,
	"evaluate sources by the SPF records of today"},
    {"dkim", 0, CLI_FLAG, &dkim, NULL,
	"look up the keys of signatures that were seen"},
    {"strict", 0, CLI_FLAG, &strict, NULL, "refuse reports that have a note"},
    {"max-size", 0, CLI_STRING, &max_size, "N[KMG]",
	"octets that may come out of an archive (default 64M)"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

static const struct cli_option mode_options[] = {
    {"json", 'j', CLI_FLAG, &json, NULL, "write a JSON object for each record"},
    {"quiet", 'q', CLI_FLAG, &quiet, NULL,
	"write nothing: the exit status is the result"},
    {"verbose", 'v', CLI_FLAG, &cli_verbose, NULL, "show each report, too"},
    {"files-from", 0, CLI_STRING, &files_from, "FILE",
	"read more operands from FILE, one per line"},
    {"null", '0', CLI_FLAG, &nul_separated, NULL,
	"operands in --files-from are separated by NUL"},
    {"mbox", 0, CLI_FLAG, &mbox, NULL, "read stdin as an mbox"},
    {"now", 0, CLI_STRING, &now, "TIME",
	"act as if it were TIME: seconds, RFC 3339, or received"},
    {NULL, 0, CLI_END, NULL, NULL, NULL},
};

const struct cli_section options_sections[] = {
    {"Options:", options},
    {"Authentic reports:", authentic_options},
    {"Modes and reports:", mode_options},
    {"DNS (for --spf, --dkim, --authentic):", cli_dns_options},
    {NULL, NULL},
};

static struct tally_bound
read_bound(const char *option, const char *text)
{
	struct tally_bound bound = {TALLY_BOUND_NONE, 0};

	if (text && !tally_bound_parse(span_of(text), &bound))
		cli_usage("--%s: neither a date nor days (2026-11-30, 7d): %s",
		    option, text);
	return bound;
}

static int32_t
read_days(const char *option, const char *text, int32_t otherwise)
{
	int32_t days = otherwise;

	if (text && !tally_days_parse(span_of(text), &days))
		cli_usage("--%s: not days (7d): %s", option, text);
	return days;
}

static uint64_t
read_size(void)
{
	struct span s = span_of(max_size);
	unsigned shift = 0;
	uint64_t n;

	if (!max_size)
		return LIMIT_UNPACK_SIZE;
	for (const char *unit = "KMG"; s.len && *unit; unit++)
		if (s.p[s.len - 1] == *unit) {
			shift = 10 * (unsigned)(unit - "KMG" + 1);
			s.len--;
			break;
		}
	if (!span_number(s, UINT64_C(1) << 32, &n) || !n)
		cli_usage("--max-size: not N, NK, NM or NG: %s", max_size);
	return n << shift;
}

static enum job_form
read_form(void)
{
	cli_require(plot + csv + json + quiet <= 1,
	    "at most one of --plot, --csv, -j and -q");
	return plot ? JOB_PLOT
	    : csv   ? JOB_CSV
	    : json  ? JOB_JSON
	    : quiet ? JOB_STATUS
		    : JOB_SCREEN;
}

/* What is counted. */
static void
read_tally(struct tally_options *o, enum job_form form, struct arena *a)
{
	if (by && !tally_by_parse(span_of(by), &o->by))
		cli_usage("--by: unknown: %s", by);
	cli_require(!plot || !by || o->by == TALLY_BY_DAY,
	    "with --plot, --by can only be day");
	o->by_kind = !by && !compare && form == JOB_SCREEN;
	o->since = read_bound("since", since);
	o->until = read_bound("until", until);
	o->compare = read_days("compare", compare, 0);
	cli_require(form != JOB_JSON ||
		(o->since.kind != TALLY_BOUND_BACK &&
		    o->until.kind != TALLY_BOUND_BACK && !o->compare),
	    "with -j, days are not counted back from the end, which is not "
	    "known before all is read: use dates");
	o->recent = read_days("recent", recent, 7);
	o->domain = cli_domain("-d", domain, a);
	o->fail = fail;
	o->now = cli_time(now && strcmp(now, "received") ? now : NULL);
	o->keep_files = cli_verbose;
	o->senders = spf;
	o->keys = dkim;
}

static void
read_expectations(struct job *job)
{
	for (size_t i = 0; i < expectations.nitems; i++) {
		const char *text = expectations.items[i];
		struct job_expectation *e = ARENA_PUSH(
		    job->arena, job->expectations, job->nexpectations);

		e->text = text;
		if (!tally_expect_parse(span_of(text), &e->parsed))
			cli_usage("--expect: not MEASURE, a comparison and a "
				  "number: %s",
			    text);
	}
}

void
options_read(struct job *job, struct authentic_policy *authentic)
{
	job->form = read_form();
	read_tally(&job->options, job->form, job->arena);
	read_expectations(job);
	job->has_by = by || compare;
	job->is_authentic = authentic_read(authentic, now, job->arena);
	cli_require(!(spf || dkim) || !(plot || csv),
	    "neither --plot nor --csv with --spf and --dkim");
	cli_require(spf || dkim || job->is_authentic || !cli_dns_given(),
	    "DNS options need --spf, --dkim or --authentic");
	job->max_size = read_size();
	job->strict = strict;
	job->verbose = cli_verbose;
	job->top = top != UINT64_MAX ? top : job->has_by ? 20 : 5;
	job->out = screen_of(stdout);
	job->err = screen_of(stderr);
}

struct input
options_input(const char **operand)
{
	return (struct input){
	    operand, files_from, nul_separated, mbox, true, INPUT_DEFAULT};
}
