/*
 * dmarc_lint: what is wrong or risky in a domain's DMARC record, as RFC 9989
 * has it, and in what is published beside it.
 */
#ifndef DMARC_LINT_H
#define DMARC_LINT_H

#include "dmarc/dmarc.h"
#include "lint/finding.h"

/* What --lint finds: name, identifier, level, words. */
#define DMARC_FINDINGS(X)                                                \
	X(NO_RECORD, "no-record", ERROR,                                 \
	    "no DMARC record applies to the domain: publish one in a "   \
	    "TXT record of _dmarc below it, v=DMARC1; p=none; "          \
	    "rua=mailto:USER@DOMAIN to begin with")                      \
	X(DNS, "dns-failure", ERROR,                                     \
	    "the DNS gives no answer at present, and what depends on "   \
	    "it is not judged: try again later")                         \
	X(SEVERAL, "multiple-records", ERROR,                            \
	    "there are several records, and receivers ignore all of "    \
	    "them: keep one")                                            \
	X(MISPLACED, "misplaced-record", ERROR,                          \
	    "a record stands where nobody looks for it: move it to "     \
	    "_dmarc below the domain")                                   \
	X(LOOKALIKE, "look-alike", ERROR,                                \
	    "a TXT record looks like DMARC but is none: begin it with "  \
	    "v=DMARC1; or drop it")                                      \
	X(POLICY, "policy-invalid", ERROR,                               \
	    "a policy is none of none, quarantine and reject: with a "   \
	    "valid rua= all count as none, else the record counts for "  \
	    "nothing; correct it")                                       \
	X(NO_POLICY, "no-policy", WARNING,                               \
	    "there is no p=, which counts as none: add it")              \
	X(VALUE, "invalid-value", WARNING,                               \
	    "a tag has a value that it cannot have, and is ignored: "    \
	    "correct it")                                                \
	X(SYNTAX, "syntax", WARNING,                                     \
	    "a part of the record is no tag=value, and is ignored: "     \
	    "correct it, or drop it")                                    \
	X(GAP, "empty-tag", WARNING,                                     \
	    "two semicolons have nothing between them: drop one")        \
	X(DUPLICATE, "duplicate-tag", ERROR,                             \
	    "a tag is there twice, and neither counts: drop one")        \
	X(UNKNOWN, "unknown-tag", WARNING,                               \
	    "a tag that nobody knows (case counts) is ignored: correct " \
	    "it, or drop it")                                            \
	X(OBSOLETE, "obsolete-tag", WARNING,                             \
	    "RFC 9989 ignores this tag, or size limit of reports: drop " \
	    "it")                                                        \
	X(MONITORING, "blind-monitoring", WARNING,                       \
	    "p=none without rua= asks for nothing and learns nothing: "  \
	    "add rua=")                                                  \
	X(TESTING, "testing", WARNING,                                   \
	    "t=y lowers the published policy by one: drop it once "      \
	    "tests are over")                                            \
	X(URI, "invalid-uri", WARNING,                                   \
	    "a report address is no valid URI: write "                   \
	    "mailto:USER@DOMAIN")                                        \
	X(URI_SCHEME, "uri-scheme", WARNING,                             \
	    "a report address is no mailto:, and receivers may ignore "  \
	    "it: add one that is")                                       \
	X(EXTERNAL, "external-not-authorized", ERROR,                    \
	    "a report address is in another organization that has not "  \
	    "agreed, and gets no reports: have it publish v=DMARC1 in "  \
	    "a TXT record of that name, or drop the address")            \
	X(SUBDOMAINS, "subdomain-gap", WARNING,                          \
	    "subdomains have a weaker policy than the domain itself: "   \
	    "drop sp=, or raise it")                                     \
	X(NONEXISTENT, "nonexistent-gap", WARNING,                       \
	    "names that do not exist have a weaker policy than the "     \
	    "domain itself: say np=reject")                              \
	X(NO_EFFECT, "no-effect", WARNING,                               \
	    "a tag has no effect in this record: drop it")               \
	X(WILDCARD, "wildcard", WARNING,                                 \
	    "a wildcard TXT record answers where receivers ask for "     \
	    "records of subdomains, or for consent to reports: publish " \
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

/* The label of names that only a wildcard answers for. */
#define DMARC_LINT_PROBE "vouch-wildcard-test"

struct dmarc_lint {
	struct findings findings;
	struct dmarc_walk walk; /* its domain: whose record it is said to be */
	const struct dmarc_level *applies; /* what was judged, or NULL */
};

/*
 * Judges what applies to a domain (normal form): its own record or that of a
 * level above. With method->record that one as the domain's own, and what it
 * depends on, but not what else stands in the DNS beside it; it can be without
 * a domain, and is then said to be of FINDING_NOBODY, and nothing is asked.
 * method->record_of does not count. *out must not move: it points into itself.
 */
void dmarc_lint(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out);

#endif
