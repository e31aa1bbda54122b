/*
 * tally: counts what aggregate reports tell, for people: which sources, which
 * days, which reporters. It reads no XML and writes no text.
 *	tally.c			reports and records, one after the other
 *	tally_options.c		words and days of options
 *	tally_days.c		which days are counted
 *	tally_table.c		groups and their sums
 *	tally_key.c		what a record is grouped by
 *	tally_repeat.c		duplicates and overlaps
 *	tally_dns.c		what the DNS can be queried for: SPF, keys
 *	tally_list.c		groups, sorted
 *	tally_typical.c		what most messages of a group have
 *	tally_totals.c		all groups together
 *	tally_expect.c		expectations, shares
 *
 * Memory grows with the number of distinct groups, and by some 64 octets for a
 * report, never with records. Each table holds LIMIT_REPORT_GROUPS groups; what
 * comes after that is counted as others, one group more. Where days are counted
 * back from the end of the last period, which is known only at the end, tables
 * also hold what their groups have on each of these days, in at most
 * LIMIT_REPORT_CELLS places; what comes after that is counted as others, too.
 * Tables are sorted only at the end, so the order of input changes nothing but
 * which groups are the others, and which copy of a report is the first.
 *
 * Days are those of UTC, counted from 1970-01-01. A report belongs to the day
 * on which its period begins. It has none if its beginning is not known, is
 * before 1970, after the year 9999 or, where the options tell the time, in the
 * future. Then it is counted only where no option selects days.
 *
 * The end of the last period read, from which options count back, is the latest
 * end of all reports that are not duplicates, of whatever domain; at least the
 * end of the day on which one begins. A period with the note odd-period ends
 * with the day on which it begins.
 */
/* SPDX-License-Identifier: ISC */
#ifndef TALLY_H
#define TALLY_H

#include "report/verdict.h"

/*
 * Options.
 */

/* What messages are grouped by. */
#define TALLY_BY(X)                                          \
	X(SOURCE, "source")   /* address */                  \
	X(NETWORK, "network") /* its /24 or /48 */           \
	X(DOMAIN, "domain")   /* header_from */              \
	X(REPORTER, "reporter")                              \
	X(DAY, "day")                                        \
	X(SELECTOR, "selector") /* and d= */                 \
	X(POLICY, "policy")     /* as the reporter saw it */ \
	X(DISPOSITION, "disposition")

#define TALLY_BY_NAME(name, word) TALLY_BY_##name,
enum tally_by {
	TALLY_BY(TALLY_BY_NAME) TALLY_BY_COUNT
};

/* Parses the word of --by; false if it is none. */
bool tally_by_parse(struct span text, enum tally_by *by);
const char *tally_by_word(enum tally_by by);

#define TALLY_NO_DAY INT32_MIN

/* The day of a time in seconds; TALLY_NO_DAY outside the years 1970 to 9999. */
int32_t tally_day_of(int64_t seconds);

/* The date of a day. */
struct tally_date {
	int year, month, day; /* month and day from 1 */
};
struct tally_date tally_date_of(int32_t day);

/* A limit of the period: none, a day, or a number of days back from the end of
 * the last period read. */
struct tally_bound {
	enum {
		TALLY_BOUND_NONE,
		TALLY_BOUND_DAY,
		TALLY_BOUND_BACK
	} kind;
	int32_t days;
};

/* Parses "2026-11-30" (a day that exists) or "7d" (1 to 99999). */
bool tally_bound_parse(struct span text, struct tally_bound *bound);

/* Parses "7d", 1 to 99999 days. */
bool tally_days_parse(struct span text, int32_t *days);

struct tally_options {
	const psl_ctx_t *psl; /* see verdict_orgs_init() */
	enum tally_by by;
	bool by_kind; /* by enum verdict_kind before that */
	/* Days that are counted: from since on; to the day until, or up to so
	 * many days before the end. since 14d, until 7d is the last week but
	 * one. */
	struct tally_bound since, until;
	int32_t compare;    /* days of each of two periods; 0: no comparison,
			       else only both periods are counted */
	int32_t recent;     /* days */
	struct span domain; /* only header_from at or below it; normal form */
	bool fail;          /* only messages with neither aligned */
	int64_t now;        /* seconds; 0: unknown */
	bool keep_files;    /* for tally_repeat.first */
	bool senders, keys; /* for TALLY_SENDERS, TALLY_KEYS */
};

/*
 * Input: for each report tally_begin(), tally_record(), tally_end(), from the
 * functions of an aggregate_handler. Reports that are not to be counted are not
 * put in.
 */

struct tally;

/* psl and the text of domain must live as long. */
struct tally *tally_new(const struct tally_options *options);
void tally_free(struct tally *t); /* NULL is accepted */

/*
 * Copies have the same reporter (org_name, or else the domain of the e-mail
 * address), policy domain, report id and period. Of copies only the first is
 * counted. A report without an id or a reporter is never a duplicate, as it
 * could be another. Copies differ if their policies, or their records in any
 * order, do.
 *
 * A period overlaps if it has time in common with another one of the same
 * reporter and policy domain, and is not equal to one of them. It is told of
 * the report that comes later.
 */
struct tally_repeat {
	bool duplicate, overlap;
	bool differs;      /* a duplicate; known at its end */
	struct span first; /* the file of the first copy; absent without
			      keep_files */
};

/* file names the report in tally_repeat. */
struct tally_repeat tally_begin(
    struct tally *t, const struct aggregate_report *report, struct span file);
void tally_record(struct tally *t, const struct aggregate_report *report,
    const struct aggregate_record *record);
/* Returns the verdict of the record that tally_record() was called for last;
 * NULL if it is of a duplicate, or left out by the options since, until, domain
 * or fail, as far as the days that are counted are known. Valid as long as the
 * record, until the next call. */
const struct verdict *tally_selected(const struct tally *t);
struct tally_repeat
tally_end(struct tally *t, const struct aggregate_report *report);

/* org_name, or else the domain of the e-mail address; absent if it has
 * neither. */
struct span tally_reporter(const struct aggregate_metadata *metadata);

/*
 * Results, after the last report.
 */

/* What is counted of each group: reports, and messages. */
enum tally_counter {
	TALLY_REPORTS,
	TALLY_MESSAGES,
	TALLY_SPF,    /* aligned */
	TALLY_DKIM,   /* aligned */
	TALLY_PASSED, /* one or both */
	TALLY_REFUSED /* verdict.refused */,
	TALLY_NONE, /* dispositions; an absent one is not counted here */
	TALLY_QUARANTINE,
	TALLY_REJECT,
	TALLY_KIND, /* and the others of enum verdict_kind */
	TALLY_COUNTERS = TALLY_KIND + VERDICT_KINDS
};

/* Days that are counted. LAST and BEFORE need the option compare. */
enum tally_part {
	TALLY_ALL,
	TALLY_LAST,  /* the last period */
	TALLY_BEFORE /* the one before it */
};

/* The days of a part. */
struct tally_period {
	bool bounded[2];  /* has it a first, a last day? */
	int32_t from, to; /* the first day, the day after the last */
};
struct tally_period tally_period(const struct tally *t, enum tally_part part);

/* The first day that is recent: so many before the end of the period. */
int32_t tally_recent(const struct tally *t);

enum tally_list {
	TALLY_GROUPS,    /* what the options say */
	TALLY_SOURCES,   /* by source */
	TALLY_REPORTERS, /* by reporter */
	TALLY_DOMAINS,   /* by policy domain */
	TALLY_POLICIES,  /* by policy domain and policy */
	TALLY_DAYS,      /* by day */
	/* Of these: sources of which no message, of whatever period and
	 * result, is known before the recent days; reporters that have sent
	 * reports, but none of the recent days. */
	TALLY_NEW_SOURCES,
	TALLY_SILENT_REPORTERS,
	/* By the domain whose SPF record matters and source. It is the domain
	 * of the verdict's SPF result, or else envelope_from, if that has the
	 * organizational domain of header_from or of the policy's domain;
	 * otherwise the policy's, or else header_from. Needs the option
	 * senders. */
	TALLY_SENDERS,
	/* By d= and selector of all signatures whose d= has the organizational
	 * domain of header_from or of the policy's domain; all others are one
	 * group, without either. A record that has several of the same is
	 * counted once. Needs the option keys. */
	TALLY_KEYS,
};

/*
 * A group. SOURCES and NEW_SOURCES have no counters after TALLY_PASSED; those
 * of KEYS are REPORTS, MESSAGES, DKIM: signatures that pass.
 */
struct tally_row {
	enum verdict_kind kind; /* of TALLY_GROUPS with by_kind */
	bool others;            /* what did not get a group of its own */
	/* What it is grouped by: */
	bool has_network;
	struct ip_network network; /* of a source: all bits */
	size_t addresses;          /* of a network that was merged, else 1 */
	int32_t day;               /* TALLY_NO_DAY if there is none */
	struct span text; /* header_from, reporter, selector, disposition,
			     policy domain, SPF domain; absent if not known */
	struct span more; /* after a selector d=, after a policy domain the
			     policy */
	bool elsewhere;   /* of SENDERS: MAIL FROM is not of this domain, but of
			     one of another organization */
	uint64_t n[TALLY_COUNTERS];
	uint64_t before[TALLY_COUNTERS]; /* in a list of TALLY_LAST */
	int32_t first, last;             /* days counted; TALLY_NO_DAY */
	int32_t seen_first, seen_last;   /* days known at all, up to until; not
					    of TALLY_GROUPS */
	/* What most of its messages of all days counted have, together; of
	 * equals the first by octets. Of TALLY_GROUPS, not of others. */
	enum verdict_rule rule;
	struct span dkim_domain, dkim_selector, header_from;
	struct span spf_domain; /* absent if SPF or its domain is aligned */
	uint64_t typical;       /* how many messages have it; 0: not known */
	size_t order;           /* the module's own: by what it is grouped by */
};

/*
 * Returns the groups with reports in a part, and for TALLY_LAST also those with
 * reports in the part before it. They are sorted by kind, then by messages, the
 * most first, then by messages before, then by what they are grouped by:
 * addresses as numbers, IPv4 first, unknown ones last; texts by octets. Days
 * are sorted by day alone, policies by domain, then by the day on which they
 * were first seen. Others come last in each kind.
 *
 * A policy is as in a record, "p=reject sp=none", without what is the default:
 * sp=p, np=sp, adkim=r, aspf=r, pct=100, t=n. fo, which changes no result, is
 * left out.
 *
 * Of a list by source and kind, TALLY_MERGE or more addresses of one kind and
 * network (/24, /48) are one row, except where parts are compared. Its reports
 * are those of the address that has most of them.
 */
#define TALLY_MERGE 3
struct tally_row *tally_list(struct tally *t, enum tally_list list,
    enum tally_part part, struct arena *a, size_t *n);

struct tally_totals {
	uint64_t n[TALLY_COUNTERS];
	size_t reporters, domains, sources;
	int32_t first, last; /* days counted; TALLY_NO_DAY */
};
struct tally_totals tally_totals(struct tally *t, enum tally_part part);

/* What was read, counted or not. */
struct tally_input {
	uint64_t reports, records, duplicates, differing, overlaps;
	uint64_t undated; /* messages not counted, as they have no day */
	bool overflow;    /* over INT64_MAX messages; the others are ignored */
	bool groups_full, sources_full; /* there are others */
};
struct tally_input tally_input(const struct tally *t);

/* How many sources are new. False if it is not known, as there is no earlier
 * message, or too many sources. */
bool tally_new_sources(struct tally *t, uint64_t *n);

/*
 * Shares.
 */

/*
 * Returns part of whole in tenths of a percent, 0 of 0 messages. It is rounded
 * down, so shares of parts that have nothing in common never add up to more
 * than 1000, equal parts have equal shares, and only all is 1000.
 */
unsigned tally_share(uint64_t part, uint64_t whole);

/*
 * Expectations: a measure, a comparison, a number: "aligned>=98.5". aligned is
 * a percentage of messages, up to 100 with up to 6 decimals, and is compared
 * without rounding; it is not met where there are no messages. messages,
 * failed, refused and new-sources are numbers of up to 18 digits. Blanks
 * around the comparison are allowed.
 */
#define TALLY_MEASURES(X)             \
	X(ALIGNED, "aligned")         \
	X(MESSAGES, "messages")       \
	X(FAILED, "failed")           \
	X(NEW_SOURCES, "new-sources") \
	X(REFUSED, "refused")

#define TALLY_MEASURE(name, word) TALLY_MEASURE_##name,
enum tally_measure {
	TALLY_MEASURES(TALLY_MEASURE) TALLY_MEASURE_COUNT
};

enum tally_comparison {
	TALLY_AT_LEAST, /* >= */
	TALLY_AT_MOST,  /* <= */
	TALLY_EQUAL,    /* = */
	TALLY_OVER,     /* > */
	TALLY_UNDER     /* < */
};

struct tally_expectation {
	enum tally_measure measure;
	enum tally_comparison comparison;
	uint64_t value; /* of aligned, in millionths of a percent */
};

bool tally_expect_parse(struct span text, struct tally_expectation *e);

enum tally_met {
	TALLY_MET,
	TALLY_NOT_MET,
	TALLY_NO_MESSAGES, /* not met, either */
	TALLY_NO_EARLIER   /* the same: new sources are not known */
};

/* Evaluates it for all days counted, for TALLY_LAST where parts are
 * compared. */
enum tally_met tally_expect(struct tally *t, const struct tally_expectation *e);

#endif
