/*
 * job: what the files of domain-check share.
 *	main.c		the order of work
 *	options.c	options
 *	selectors.c	selectors that mail was seen with
 *	subjects.c	what is checked: domains, selectors, what-if records
 *	show.c		a domain for people
 *	show_spf.c	what its SPF record costs
 *	policy.c	its DMARC policy, and where that comes from
 *	show_json.c	a domain as an object
 *	show_sarif.c	findings as a SARIF log
 *	show_github.c	findings as workflow commands of GitHub
 *	place.c		where a finding is, and what it says
 *	kinds.c		all kinds of findings, by name
 *	baseline.c	findings that were there before
 *	ignore.c	findings that are accepted
 *	status.c	the exit status
 */
/* SPDX-License-Identifier: ISC */
#ifndef JOB_H
#define JOB_H

#include <jansson.h>

#include "lint/mail_setup.h"
#include "tool/cli.h"

/* What is written. */
enum job_form {
	JOB_SCREEN,
	JOB_JSON,
	JOB_SARIF,
	JOB_GITHUB,
	JOB_STATUS, /* nothing */
};

/* A selector of one of the domains. */
struct job_selector {
	struct span domain;
	struct dkim_lint_selector key;
};

struct job {
	struct arena *arena;  /* of the run */
	struct arena *memory; /* of a domain */
	struct screen out;
	enum job_form form;
	bool policy; /* show the policy alone */
	struct mail_setup_method method;
	psl_ctx_t *suffixes;  /* the public suffix list that it uses */
	struct span *domains; /* normal form, in the order given */
	size_t ndomains;      /* 0: only what-if records are checked */
	struct job_selector *selectors;
	size_t nselectors;
	const char *zone; /* the first zone file, or NULL */
	bool has_min;     /* --min */
	unsigned min;
	const struct baseline *baseline; /* or NULL */
	const struct ignore *ignore;     /* or NULL */
};

/*
 * Options.
 */

/* For cli_read(). */
extern const struct cli_section options_sections[];

/* Sets the members of a job that options and operands determine. */
void options_read(struct job *job, const char **operand);

/* Finds the policy that applies to a domain, and writes it and the walk to it.
 * The policy is that of a message without authenticated identifiers, which
 * fails. Returns the verdict: pass if there is a policy. */
enum result_code policy_check(const struct job *job, struct span domain);

/* Writes that findings in others' records are for their owners, if there are
 * any, and with -v what the SPF record costs, each as a line. */
void show_spf(const struct job *job, const struct spf_lint *l);

/* Adds the operands to the domains, and the lines of a file (NULL: none). */
void subjects_domains(struct job *job, const char **operand, const char *path);

/* Adds the values of -s to the selectors. */
void subjects_selectors(struct job *job, const struct cli_list *list);

/* Adds the selectors that signatures passed with, of a file of JSON lines. Ends
 * the program (78) at a line that is not one. */
void subjects_seen(struct job *job, const char *path);

/* Sets the what-if records; without a domain, nothing else is checked. */
void subjects_records(struct job *job, const struct cli_list *list);

/* Returns the method for a domain. */
struct mail_setup_method subjects_method(const struct job *job, size_t i);

/*
 * Findings.
 */

/* A kind of finding, of whatever section. Of several with the same name, the
 * first describes all. */
struct kind {
	const char *section;
	const char *name; /* "SECTION/ID" */
	struct finding_kind kind;
};

extern const struct kind kinds[];
extern const size_t nkinds;

/* Returns the first kind of that name, or NULL. */
const struct kind *kind_find(struct span name);

/* Returns "SECTION/ID" of a finding. */
struct span kind_name(const struct finding *f, struct arena *a);

/* Where a finding is in the zone files. */
struct place {
	const char *file; /* NULL: there is no zone file */
	size_t line;
};

/* Returns the place of the record that the finding is about; if there is none
 * in a file, that of the first record of the domain, else the beginning of the
 * first zone file. */
struct place
place_of(const struct job *job, struct span domain, const struct finding *f);

/* Returns "DOMAIN: WORDS: WHAT" of a finding, not escaped. */
struct span place_words(const struct finding *f, struct arena *a);

/* Adds a text in which the last octet of each mark is written as \xHH, so that
 * it means nothing to the reader any more. */
void place_defuse(struct buf *b, struct span text, struct span mark);

/* Reads an earlier output of -j. Ends the program if it cannot be read (66) or
 * is not one (78). */
const struct baseline *baseline_read(const char *path, struct arena *a);

/* Was the finding in it? */
bool baseline_has(
    const struct baseline *b, const struct finding *f, struct arena *a);

/* Reads the file of --ignore; a line whose date is over at the time now has no
 * effect. Ends the program if the file cannot be read (66) or has a line that
 * is malformed (78). */
const struct ignore *
ignore_read(const char *path, int64_t now, struct arena *a);

/* Has it a line for a finding of that domain? */
bool
ignore_has(const struct ignore *g, struct span domain, const struct finding *f);

/*
 * Status.
 */

/* Returns the verdict on a domain, which has the exit status, by the findings
 * that are left. */
enum result_code status_of(const struct job *job, const struct mail_setup *s);

/* Returns which of two verdicts decides on a run. */
enum result_code status_first(enum result_code a, enum result_code b);

/*
 * Forms of output.
 */

/* Writes what was found for people. */
void show(const struct job *job, const struct mail_setup *s);

/* Writes one object. */
void show_json(const struct job *job, const struct mail_setup *s);

/* Write one log: its beginning, the findings of each domain, its end. */
void show_sarif_begin(void);
void show_sarif(const struct job *job, const struct mail_setup *s);
void show_sarif_end(void);

/* Writes one command for each finding. */
void show_github(const struct job *job, const struct mail_setup *s);

#endif
