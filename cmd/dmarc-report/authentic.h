/*
 * authentic: --authentic: which reports are from the organizations that they
 * name. Anyone can mail a report (RFC 9990 8.2), and write any e-mail address
 * in it. So the mail that a report is in is evaluated as dmarc-eval does: it
 * has to pass DMARC, and an author domain of it has to be of the organization
 * of the report's e-mail address.
 *	authentic.c		evaluates mails, compares organizations
 *	authentic_options.c	reads the options
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHENTIC_H
#define AUTHENTIC_H

#include "auth/evaluation.h"
#include "mail/source.h"
#include "report/aggregate.h"
#include "tool/cli.h"

/* Of the mails and reports of a run. */
struct authentic_policy {
	struct authid_policy authid;    /* now: the time, if not now_received */
	struct envelope_trust trust;    /* whose Received fields are */
	struct authres_removal removal; /* of forged results */
	bool now_received; /* evaluate at the time when it was received */
};

/* The options, a section of --help. */
extern const struct cli_option authentic_options[];

/* Reads them. now is the value of --now, or NULL. Returns false if --authentic
 * is not given; then the others are usage errors. */
bool
authentic_read(struct authentic_policy *p, const char *now, struct arena *a);

/* Whether a report counts, and why not. */
enum authentic_doubt {
	AUTHENTIC_OK,
	AUTHENTIC_NO_MAIL, /* it is in a file that is not a mail, or in a mail
			      in an archive */
	AUTHENTIC_FAILED,  /* the mail does not pass DMARC */
	AUTHENTIC_OTHER,   /* another organization, or no e-mail address */
	AUTHENTIC_UNKNOWN, /* the DNS failed, or the mail cannot be read again:
			      the errno is in authentic_error() */
};

/* The note that such reports have. */
#define AUTHENTIC_NOTE_ID "not-authentic"

struct authentic;

/* The policy is kept by reference; mails are evaluated over dns. */
struct authentic *
authentic_new(const struct authentic_policy *policy, struct dns *dns);
void authentic_free(struct authentic *t); /* NULL is accepted */

/* Begins a mail or file: what source will give, a regular file or a range of
 * one, of which nothing has been read. Nothing is evaluated until a report is
 * found in it. */
void authentic_begin(struct authentic *t, const struct source *source);

/* Evaluates the mail that is read, if it was not before, and then an aggregate
 * report in it, or, if report is NULL, a failure report, which has no e-mail
 * address to compare. in_mail: the reader found it in a part of the mail
 * itself.
 * authentic_words() then tells people why it does not count, and
 * authentic_reporter() is the domain of its e-mail address in normal form; both
 * live until the next call. */
enum authentic_doubt authentic_check(
    struct authentic *t, const struct aggregate_report *report, bool in_mail);
struct span authentic_words(const struct authentic *t);
struct span authentic_reporter(const struct authentic *t);

/* The errno if the mail could not be read again, else 0. */
int authentic_error(const struct authentic *t);

#endif
