/* subjects: what domain-check checks: domains, selectors, what-if records. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

#include "base/die.h"
#include "base/domain.h"
#include "selectors.h"

/* The label below which keys are (RFC 6376 3.6.2.1). */
#define KEYS "_domainkey."

/*
 * Domains.
 */

/* Splits SELECTOR._domainkey.DOMAIN (normal form). Returns false for another
 * name. */
static bool
split_key_name(struct span name, struct span *selector, struct span *domain)
{
	for (size_t i = 1; i + sizeof(KEYS) - 1 < name.len; i++)
		if (name.p[i - 1] == '.' &&
		    span_starts(span_from(name, i), SPAN(KEYS))) {
			*selector = span_upto(name, i - 1);
			*domain = span_from(name, i + sizeof(KEYS) - 1);
			return true;
		}
	return false;
}

/* Returns the domain that an operand is. People give the name of a record. */
static struct span
read_operand(const char *text, struct arena *a)
{
	struct span name = cli_domain("operand", text, a), selector, domain;

	if (split_key_name(name, &selector, &domain))
		cli_usage("%s is the name of a key: give -s %s, and the "
			  "domain " SPAN_FMT,
		    text, text, SPAN_ARG(domain));
	if (span_starts(name, SPAN("_dmarc.")))
		cli_usage(
		    "%s is the name of a record: give the domain " SPAN_FMT,
		    text, SPAN_ARG(span_from(name, sizeof("_dmarc.") - 1)));
	return name;
}

static void
add_domain(struct job *job, struct span domain)
{
	*ARENA_PUSH(job->arena, job->domains, job->ndomains) = domain;
}

/* Adds the domains of a file, one per line; "#" begins a comment. */
static void
add_file(struct job *job, const char *path)
{
	struct span rest = cli_file_or_stdin(path, job->arena);

	for (size_t number = 1; rest.p; number++) {
		struct span line = span_cut(&rest, '\n'), domain;

		line = span_trim(span_upto(line, span_find(line, '#')));
		domain = domain_normal(line, job->arena);
		if (line.len && !domain.p)
			die(EX_CONFIG, "%s:%zu: not a domain: " SPAN_FMT, path,
			    number, SPAN_ARG(line));
		if (line.len)
			add_domain(job, domain);
	}
	if (!job->ndomains)
		die(EX_CONFIG, "%s: there is no domain in it", path);
}

void
subjects_domains(struct job *job, const char **operand, const char *path)
{
	for (; *operand; operand++)
		add_domain(job, read_operand(*operand, job->arena));
	if (path)
		add_file(job, path);
}

/*
 * Selectors.
 */

void
subjects_add_selector(struct job *job, struct span domain, struct span selector,
    enum dkim_lint_source source)
{
	for (size_t i = 0; i < job->nselectors; i++)
		if (span_eq(job->selectors[i].domain, domain) &&
		    span_eq(job->selectors[i].key.selector, selector))
			return;
	*ARENA_PUSH(job->arena, job->selectors, job->nselectors) =
	    (struct job_selector){
		domain, {.selector = selector, .source = source}};
}

static bool
has_domain(const struct job *job, struct span domain)
{
	for (size_t i = 0; i < job->ndomains; i++)
		if (span_eq(job->domains[i], domain))
			return true;
	return false;
}

static void
read_selector(struct job *job, const char *text)
{
	struct span name = cli_domain("-s", text, job->arena);
	struct span selector, domain;

	if (split_key_name(name, &selector, &domain)) {
		if (!has_domain(job, domain))
			cli_usage("-s %s: " SPAN_FMT
				  " is not a domain to check",
			    text, SPAN_ARG(domain));
		subjects_add_selector(job, domain, selector, DKIM_LINT_NAMED);
		return;
	}
	if (job->ndomains != 1)
		cli_usage("-s %s needs one domain; with several, give "
			  "%s._domainkey.DOMAIN",
		    text, text);
	subjects_add_selector(job, job->domains[0], name, DKIM_LINT_NAMED);
}

void
subjects_selectors(struct job *job, const struct cli_list *list)
{
	for (size_t i = 0; i < list->nitems; i++)
		read_selector(job, list->items[i]);
}

void
subjects_seen(struct job *job, const char *path)
{
	struct selectors_seen *list;
	size_t n;
	struct span text = cli_file_or_stdin(path, job->arena);
	struct span error = selectors_read(
	    path, text, job->domains, job->ndomains, job->arena, &list, &n);

	if (error.p)
		die(EX_CONFIG, SPAN_FMT, SPAN_ARG(error));
	for (size_t i = 0; i < n; i++)
		subjects_add_selector(
		    job, list[i].domain, list[i].selector, DKIM_LINT_SEEN);
}

/*
 * What-if records.
 */

static const struct {
	enum mail_setup_section section;
	struct span protocol; /* in its v= */
	const char *name;
} protocols[] = {
    {MAIL_SETUP_SPF, {"spf", 3}, "SPF"},
    {MAIL_SETUP_DMARC, {"dmarc", 5}, "DMARC"},
    {MAIL_SETUP_DKIM, {"dkim", 4}, "DKIM"},
};

/* Returns the protocol of a record, by its version, misspelt or not. */
static size_t
protocol_of(const char *record)
{
	struct span text = finding_skip_litter(span_of(record), "");

	for (size_t i = 0; i < COUNT(protocols); i++)
		if (finding_has_version(text, protocols[i].protocol))
			return i;
	cli_usage("--record: begins with none of v=spf1, v=DMARC1 and v=DKIM1: "
		  "%s",
	    record);
}

/* A key is that of the selector, which has to be clear. */
static struct span *
key_record(struct job *job)
{
	cli_require(job->ndomains == 1 && job->nselectors == 1,
	    "a DKIM record of --record needs one domain and one -s");
	return &job->selectors[0].key.record;
}

static void
read_record(struct job *job, const char *text)
{
	size_t i = protocol_of(text);
	struct span *record = protocols[i].section == MAIL_SETUP_SPF
	    ? &job->method.spf_record
	    : protocols[i].section == MAIL_SETUP_DMARC
	    ? &job->method.dmarc_record
	    : key_record(job);

	if (record->p)
		cli_usage(
		    "--record: more than one record of %s", protocols[i].name);
	if (!job->method.asked[protocols[i].section])
		cli_usage("--record: a record of %s, which --only leaves out",
		    protocols[i].name);
	*record = span_of(text);
}

void
subjects_records(struct job *job, const struct cli_list *list)
{
	bool *asked = job->method.asked;

	for (size_t i = 0; i < list->nitems; i++)
		read_record(job, list->items[i]);
	if (job->ndomains)
		return;
	memset(asked, 0, sizeof(job->method.asked));
	asked[MAIL_SETUP_SPF] = job->method.spf_record.p;
	asked[MAIL_SETUP_DMARC] = job->method.dmarc_record.p;
}

struct mail_setup_method
subjects_method(const struct job *job, size_t i)
{
	struct mail_setup_method method = job->method;
	struct dkim_lint_selector *list = NULL;

	for (size_t k = 0; k < job->nselectors; k++)
		if (span_eq(job->selectors[k].domain, job->domains[i]))
			*ARENA_PUSH(job->memory, list, method.nselectors) =
			    job->selectors[k].key;
	method.selectors = list;
	return method;
}
