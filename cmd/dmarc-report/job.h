/*
 * job: what the files of dmarc-report share: the options, what is counted, and
 * what was read.
 *	main.c		the order of work
 *	options.c	options
 *	job.c		reads the operands, and hands on what is in them
 *	job_authentic.c	--authentic: which reports count, how many do not
 *	authentic*.c	evaluates mails for it
 *	job_rows.c	-j: an object for each record, note, refusal
 *	failures.c	failure reports: counts them, shows them
 *	progress.c	how far long work is
 *	senders.c	--spf
 *	keys.c		--dkim
 *	show.c		the screen; its other files are in show.h
 *	show_list.c	--by
 *	show_compare.c	--compare
 *	show_table.c	the table of a list
 *	show_plot.c	--plot
 *	show_csv.c	--csv
 */
/* SPDX-License-Identifier: ISC */
#ifndef JOB_H
#define JOB_H

#include "base/screen.h"
#include "dns/dns.h"
#include "report/reader.h"
#include "report/tally.h"
#include "tool/input.h"
#include "authentic.h"

enum job_form {
	JOB_SCREEN,
	JOB_PLOT,
	JOB_CSV,
	JOB_JSON,
	JOB_STATUS /* -q */
};

/* What was read that the tally does not count. */
struct job_input {
	uint64_t inputs;     /* mails and files */
	uint64_t mails;      /* skipped: ordinary ones */
	uint64_t tls;        /* skipped: TLS reports */
	uint64_t unreadable; /* skipped: mails with other archives */
	uint64_t failures;   /* failure reports */
	uint64_t refused;    /* mails, files and reports */
	uint64_t refused_records;
	uint64_t noted;  /* reports with a note */
	uint64_t mended; /* of these, those that were mended */
	/* --authentic: reports of both kinds that do not count; of these, those
	 * that are not in mail, and those that could not be evaluated. */
	uint64_t not_authentic, no_mail, unknown;
};

/* Failure reports by source and reason. */
struct failures {
	struct arena *arena;
	struct failures_group *list;
	size_t n;
	uint64_t reports;
	uint64_t others; /* incidents for which the list has no room */
};

void
failures_add(struct failures *all, const struct failure *f, struct arena *a);

/* The line on stderr that tells how far long work is. */
struct progress {
	const struct screen *screen;
	int64_t next; /* when it is written next, in milliseconds */
	bool shown;
};

void progress_begin(struct progress *p, const struct screen *screen);
void progress_show(struct progress *p, uint64_t inputs);

/* Removes the line, so that another can be written. */
void progress_hide(struct progress *p);

/* --expect */
struct job_expectation {
	const char *text;
	struct tally_expectation parsed;
};

struct job {
	struct input_visitor visitor; /* first: is cast to the job */
	struct arena *arena;          /* of the run */
	struct arena *memory;         /* of an input */
	struct tally_options options;
	enum job_form form;
	bool strict, verbose, has_by;
	uint64_t top;      /* rows of a group; 0: all */
	uint64_t max_size; /* octets that may come out of an archive */
	struct job_expectation *expectations;
	size_t nexpectations;
	struct screen out, err;

	struct reader *reader;
	struct tally *tally;
	struct job_input input;
	struct failures failures;
	struct progress progress;
	struct span name;       /* of the mail or file being read */
	bool dry;               /* reads only to find notes, for --strict */
	aggregate_notes *found; /* --strict: of each report of the input */
	size_t nfound, report;  /* how many; the one being read */
	bool counted;           /* the report being read is */
	bool is_authentic;      /* --authentic: only such reports count */
	struct dns *dns;        /* or NULL */
	struct authentic *authentic; /* or NULL */
	enum authentic_doubt doubt;  /* about the report being read */
	/* What the tally is told of the report being read. */
	struct aggregate_report told;
	struct tally_repeat repeat;
	struct buf row;        /* -j: the object being written */
	struct buf row_report; /* -j: the members of the report being read */
	int status;            /* of the first that failed, or 0 */
};

/* Reads all operands, which are sorted first. */
void job_read(struct job *job, const struct input *in);

/* Sets the exit status, unless one that comes earlier in dmarc-report(1), EXIT
 * STATUS, is set. */
void job_fail(struct job *job, int status);

/* Writes a note, with -j or -v. */
void job_note(struct job *job, const char *id, uint64_t line, uint64_t records,
    struct span words);

/* --authentic: sets job->doubt about the report that is being read (NULL: a
 * failure report), and returns whether it does not count for that. Without the
 * option all count. */
bool job_doubts(struct job *job, const struct aggregate_report *report);

/* Counts such a report at its end, and writes the note about it. */
void job_tell_doubt(struct job *job, const struct aggregate_report *report);

/* Returns what the tally is told of a report that counts: by --authentic, its
 * reporter is the domain of its e-mail address, as org_name can be anything. */
const struct aggregate_report *
job_told(struct job *job, const struct aggregate_report *report);

/* Writes how many reports do not count for --authentic, if any. */
void job_show_doubts(struct job *job);

/* -j: begin a report, whose members its records repeat; then write an object
 * for each record that the options select, note and refusal of it, and for each
 * failure report. records: how many a note or a refusal is about. */
void job_row_report(struct job *job, const struct aggregate_report *report);
void job_row_record(struct job *job, const struct aggregate_record *record);
void job_row_note(struct job *job, const char *id, uint64_t line,
    uint64_t records, struct span words);
void job_row_refused(struct job *job, const char *id, uint64_t line,
    uint64_t records, struct span words);
void job_row_failure(struct job *job, const struct failure *failure);

/* Write what was counted. */
void show_screen(struct job *job);
void failures_show(struct job *job);

/* --spf and --dkim: write what the DNS has today for what was counted. */
void senders_tell(struct job *job, struct dns *dns);
void keys_tell(struct job *job, struct dns *dns);
void show_list(struct job *job);
void show_compare(struct job *job);
void show_plot(struct job *job);
void show_csv(struct job *job);

/* Returns a number with commas between thousands; "98.7%"; "3 Nov 2026"; "1 to
 * 30 Nov 2026", where what both days share is written once; "2 messages". */
struct span show_number(uint64_t n, struct arena *a);
struct span show_share(uint64_t part, uint64_t whole, struct arena *a);
struct span show_day(int32_t day, struct arena *a);
struct span show_days(int32_t first, int32_t last, struct arena *a);
struct span
show_count(uint64_t n, const char *one, const char *many, struct arena *a);

/* Returns what a row of TALLY_GROUPS is grouped by, not escaped; the heading of
 * a list of such rows. */
struct span
show_key(const struct tally_row *row, enum tally_by by, struct arena *a);
const char *show_heading(enum tally_by by);

/* Returns "example.org", or "example.com and 6 more". */
struct span show_domains(struct job *job, struct arena *a);

/* Writes the first line of a screen; without messages that there are none, and
 * then returns false. */
bool show_head(struct job *job, const struct tally_totals *total);
void show_nothing(struct job *job);

/* Writes what was not counted, in one line. */
void show_rest(struct job *job);

/* "1 message", "2 messages". */
struct span
show_count(uint64_t n, const char *one, const char *many, struct arena *a);

/* Returns the words for a kind, "forwarders and lists". */
const char *show_kind(enum verdict_kind kind);

#endif
