/*
 * beside: lines about a domain's mail that have no part in its score: where
 * mail goes, MTA-STS and TLS-RPT (RFC 8461, 8460), BIMI, certifiers (RFC 5518),
 * DNSSEC. What is not there is not a finding; a record that is malformed is.
 *	beside.c	the lines
 *	beside_record.c	the TXT records
 *	beside_policy.c	the file of an MTA-STS policy
 */
/* SPDX-License-Identifier: ISC */
#ifndef BESIDE_H
#define BESIDE_H

#include "dmarc/dmarc.h"
#include "lint/finding.h"
#include "lint/mx_lint.h"
#include "vbr/vbr.h"

struct beside_line {
	/* "mx", "mta-sts", "tls-rpt", "bimi", "vbr" or "dnssec" */
	const char *id;
	struct span words;
};

/* The findings of section tls (of vbr dns-failure alone), and those about BIMI,
 * of section dmarc: name, identifier, level, words. TLS_FINDING_MX is an error
 * if senders that enforce the policy deliver to no host. */
#define TLS_FINDINGS(X)                                                        \
	X(DNS, "dns-failure", NOTE,                                            \
	    "the DNS gives no answer at present, and what depends on it is "   \
	    "not checked: try again later")                                    \
	X(STS, "mta-sts-record", WARNING,                                      \
	    "the MTA-STS record is malformed, and senders ignore it: publish " \
	    "one like v=STSv1; id=20260131, with a new id for each policy")    \
	X(STS_SEVERAL, "mta-sts-several", WARNING,                             \
	    "there are several MTA-STS records, and senders ignore all of "    \
	    "them: keep one")                                                  \
	X(UNSEEN, "unseen-character", WARNING,                                 \
	    "a record has a character that people do not see, or take for "    \
	    "another one: type that part of it anew")                          \
	X(POLICY, "mta-sts-policy", WARNING,                                   \
	    "the MTA-STS policy is malformed, and senders ignore it: correct " \
	    "that line")                                                       \
	X(POLICY_ALONE, "mta-sts-no-record", WARNING,                          \
	    "there is an MTA-STS policy, but no record that makes senders "    \
	    "look for it: publish v=STSv1; id=20260131 in a TXT record of "    \
	    "that name")                                                       \
	X(MX, "mta-sts-mx", WARNING,                                           \
	    "no mx of the MTA-STS policy matches a mail exchanger, and "       \
	    "senders that enforce the policy do not deliver there: add an "    \
	    "mx line for it, or drop the MX record")                           \
	X(RPT, "tls-rpt-record", WARNING,                                      \
	    "the TLS-RPT record is malformed, and brings no reports: publish " \
	    "one like v=TLSRPTv1; rua=mailto:USER@DOMAIN")                     \
	X(RPT_SEVERAL, "tls-rpt-several", WARNING,                             \
	    "there are several TLS-RPT records, and senders ignore all of "    \
	    "them: keep one")

enum tls_finding {
#define TLS_FINDING_ENUM(name, id, level, words) TLS_FINDING_##name,
	TLS_FINDINGS(TLS_FINDING_ENUM)
};

#define BIMI_FINDINGS(X)                                                       \
	X(DNS, "dns-failure", NOTE,                                            \
	    "the DNS gives no answer at present, and what depends on it is "   \
	    "not checked: try again later")                                    \
	X(RECORD, "bimi-record", WARNING,                                      \
	    "the BIMI record is malformed, and no logo is shown: publish one " \
	    "like v=BIMI1; l=https://HOST/LOGO.svg; a=https://HOST/CERT.pem")  \
	X(SEVERAL, "bimi-several", WARNING,                                    \
	    "there are several BIMI records, and no logo is shown: keep one")  \
	X(UNSEEN, "unseen-character", WARNING,                                 \
	    "a record has a character that people do not see, or take for "    \
	    "another one: type that part of it anew")

enum bimi_finding {
#define BIMI_FINDING_ENUM(name, id, level, words) BIMI_FINDING_##name,
	BIMI_FINDINGS(BIMI_FINDING_ENUM)
};

extern const struct finding_kind tls_findings[];  /* by enum tls_finding */
extern const struct finding_kind bimi_findings[]; /* by enum bimi_finding */

/* What BIMI requires of DMARC. */
struct beside_dmarc {
	bool is_known;
	/* What applies to the domain, lowered by t=y; and what its
	 * organizational domain publishes for itself and for subdomains. */
	enum dmarc_policy policy, org, org_subdomains;
	unsigned pct; /* the lowest of the records that are used */
};

/* Derives it from the domain's walk. The organizational domain's record has a
 * part in it if the walk is complete. */
struct beside_dmarc beside_dmarc_of(const struct dmarc_walk *w);

struct beside_method {
	struct dns *dns;
	struct arena *arena;
	bool tls, bimi, dnssec;   /* which lines to make */
	const struct mx_lint *mx; /* for its line; NULL: no such line */
	const struct vbr_certifier *certifiers;
	size_t ncertifiers;
	struct span mta_sts_policy; /* the text of the file, or absent */
	struct beside_dmarc dmarc;
};

struct beside {
	struct findings findings; /* of sections tls, dmarc and vbr */
	struct beside_line *lines;
	size_t nlines;
};

/* Starts all queries of beside() but those of mx_lint(). The domain is in
 * normal form. Of the method dmarc and mx need not be known. */
void beside_prefetch(const struct beside_method *method, struct span domain);

/* Makes the lines and findings: after the other sections, since the line about
 * DNSSEC counts the answers that they have used. */
void beside(
    const struct beside_method *method, struct span domain, struct beside *out);

#endif
