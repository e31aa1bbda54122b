/*
 * dmarc_lint: finds errors and risks in a domain's DMARC record (RFC 9989), and
 * in records that are published near it.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_LINT_H
#define DMARC_LINT_H

#include "dmarc/dmarc.h"
#include "lint/finding.h"

/* The findings of --lint: name, identifier, level, words. */
#define DMARC_FINDINGS(X)                                                \
	X(NO_RECORD, "no-record", ERROR,                                 \
	    "no DMARC record applies to the domain: publish one in a "   \
	    "TXT record of _dmarc below it, v=DMARC1; p=none; "          \
	    "rua=mailto:USER@DOMAIN to begin with")                      \
	X(DNS, "dns-failure", ERROR,                                     \
	    "the DNS gives no answer at present, and what depends on "   \
	    "it is not checked: try again later")                        \
	X(SEVERAL, "multiple-records", ERROR,                            \
	    "there are several records, and receivers ignore all of "    \
	    "them: keep one")                                            \
	X(MISPLACED, "misplaced-record", ERROR,                          \
	    "a record is published where no receiver looks for it: "     \
	    "move it to _dmarc below the domain")                        \
	X(LOOKALIKE, "look-alike", ERROR,                                \
	    "a TXT record looks like DMARC but is not: begin it with "   \
	    "v=DMARC1; or drop it")                                      \
	X(POLICY, "policy-invalid", ERROR,                               \
	    "a policy is not one of none, quarantine and reject: with "  \
	    "a valid rua= all count as none, else the record is "        \
	    "ignored; correct it")                                       \
	X(NO_POLICY, "no-policy", WARNING,                               \
	    "there is no p=, which counts as none: add it")              \
	X(VALUE, "invalid-value", WARNING,                               \
	    "a tag has a value that it cannot have, and is ignored: "    \
	    "correct it")                                                \
	X(SYNTAX, "syntax", WARNING,                                     \
	    "a part of the record is not tag=value, and is ignored: "    \
	    "correct it, or drop it")                                    \
	X(GAP, "empty-tag", WARNING,                                     \
	    "two semicolons have nothing between them: drop one")        \
	X(DUPLICATE, "duplicate-tag", ERROR,                             \
	    "a tag occurs twice, and is ignored both times: drop one")   \
	X(UNKNOWN, "unknown-tag", WARNING,                               \
	    "an unknown tag (case matters) is ignored: correct it, or "  \
	    "drop it")                                                   \
	X(OBSOLETE, "obsolete-tag", WARNING,                             \
	    "this tag, or size limit of reports, is ignored since RFC "  \
	    "9989: drop it")                                             \
	X(MONITORING, "blind-monitoring", WARNING,                       \
	    "p=none without rua= requests nothing and brings no "        \
	    "reports: add rua=")                                         \
	X(TESTING, "testing", WARNING,                                   \
	    "t=y lowers the published policy by one: drop it once "      \
	    "tests are over")                                            \
	X(URI, "invalid-uri", WARNING,                                   \
	    "a report address is not a valid URI: write "                \
	    "mailto:USER@DOMAIN")                                        \
	X(URI_SCHEME, "uri-scheme", WARNING,                             \
	    "a report address is not a mailto: URI, and receivers may "  \
	    "ignore it: add one that is")                                \
	X(EXTERNAL, "external-not-authorized", ERROR,                    \
	    "a report address is in another organization that has not "  \
	    "agreed, and gets no reports: have it publish v=DMARC1 in "  \
	    "a TXT record of that name, or drop the address")            \
	X(SUBDOMAINS, "subdomain-gap", WARNING,                          \
	    "subdomains have a weaker policy than the domain itself: "   \
	    "drop sp=, or raise it")                                     \
	X(NONEXISTENT, "nonexistent-gap", WARNING,                       \
	    "names that do not exist have a weaker policy than the "     \
	    "domain itself: set np=reject")                              \
	X(NO_EFFECT, "no-effect", WARNING,                               \
	    "a tag has no effect in this record: drop it")               \
	X(WILDCARD, "wildcard", WARNING,                                 \
	    "a wildcard TXT record answers where receivers look for "    \
	    "records of subdomains, "                                    \
	    "or authorization of external report destinations: publish " \
	    "TXT records at fixed names")                                \
	X(PSD, "public-suffix", WARNING,                                 \
	    "psd=y is for operators of public suffixes alone: drop it")  \
	X(SIZE, "record-size", WARNING,                                  \
	    "over 450 octets: the answer may not fit into a UDP "        \
	    "packet; drop what is not needed")

enum dmarc_finding {
#define DMARC_FINDING_ENUM(name, id, level, words) DMARC_FINDING_##name,
	DMARC_FINDINGS(DMARC_FINDING_ENUM)
};

extern const struct finding_kind dmarc_findings[]; /* by enum dmarc_finding */

/* A label that nobody publishes: only a wildcard answers for names with it. */
#define DMARC_LINT_PROBE "vouch-wildcard-test"

struct dmarc_lint {
	struct findings findings;
	struct dmarc_walk walk; /* from the domain, or FINDING_NOBODY */
	const struct dmarc_level *applies; /* the record checked, or NULL */
};

/*
 * Checks the record that applies to a domain (in normal form): its own, or that
 * of a level above. If method->record is given, checks it as the domain's own,
 * with the DNS records that it depends on, but not other records near the
 * domain. A given record may come without a domain: then it is attributed to
 * FINDING_NOBODY, and no query is made. method->record_of is ignored. *out must
 * not be moved: it points into itself.
 */
void dmarc_lint(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out);

#endif
