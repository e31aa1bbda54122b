/* beside_internal: what the files of beside share. For these files alone. */
/* SPDX-License-Identifier: ISC */
#ifndef BESIDE_INTERNAL_H
#define BESIDE_INTERNAL_H

#include "lint/beside.h"

/* The records at a name of their own below the domain. */
struct beside_kind {
	const char *section, *label; /* "tls", "_mta-sts" */
	struct span version;         /* "v=STSv1" */
	struct span protocol;        /* "sts": finding_has_version() */
	/* Sets *value, what a line shows of the record, and returns an absent
	 * span; or returns words for its error. */
	struct span (*check)(
	    struct span text, struct arena *a, struct span *value);
	const struct finding_kind *dns, *malformed, *several, *unseen;
};

extern const struct beside_kind beside_sts, beside_rpt, beside_bimi;

enum beside_found {
	BESIDE_FOUND_NONE,
	BESIDE_FOUND_RECORD,
	BESIDE_FOUND_INVALID, /* malformed, or several */
	BESIDE_FOUND_FAILED,  /* a DNS failure */
};

/* Starts the query for the record. */
void beside_record_prefetch(const struct beside_method *method,
    const struct beside_kind *kind, struct span domain);

/* Looks for the record, adds findings, and sets *words: of BESIDE_FOUND_RECORD
 * the value that check() set, else words for a line. */
enum beside_found beside_record(const struct beside_method *method,
    const struct beside_kind *kind, struct span domain, struct findings *f,
    struct span *words);

/* An MTA-STS policy (RFC 8461 3.2). */
enum beside_mode {
	BESIDE_MODE_MISSING,
	BESIDE_MODE_NONE,
	BESIDE_MODE_TESTING,
	BESIDE_MODE_ENFORCE,
};

struct beside_policy {
	enum beside_mode mode;
	uint64_t max_age; /* seconds */
	struct span *mx;  /* patterns: normal forms, some after "*." */
	size_t nmx;
	/* The errors, "line 3: 'max-age: 1' (...)"; the first ones are told,
	 * all are counted. */
	struct span *faults;
	size_t nfaults, total;
};

/* Parses a policy. It is valid if there are no faults. */
void
beside_policy_parse(struct span text, struct arena *a, struct beside_policy *p);

/* Does a host match one of the patterns (RFC 8461 4.1)? */
bool beside_policy_matches(const struct beside_policy *p, struct span host);

/* Checks the method's policy against the domain's MX records, adds findings,
 * and returns words for the line. */
struct span beside_policy(
    const struct beside_method *method, struct span domain, struct findings *f);

#endif
