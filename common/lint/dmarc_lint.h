/*
 * dmarc_lint: finds errors and risks in a domain's DMARC record (RFC 9989), and
 * in records that are published near it.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DMARC_LINT_H
#define DMARC_LINT_H

#include "dmarc/dmarc.h"
#include "lint/finding.h"
#include "lint/question.h"

/* The findings: name, identifier, level, words. */
#define DMARC_FINDINGS(X)                                                \
	X(NO_RECORD, "no-record", ERROR,                                 \
	    "no DMARC record applies to the domain: publish one in a "   \
	    "TXT record of _dmarc below it, v=DMARC1; p=none; "          \
	    "rua=mailto:USER@DOMAIN to begin with")                      \
	X(DNS, "dns-failure", NOTE,                                      \
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
	    "9989: drop it; without pct=, receivers that still follow "  \
	    "RFC 7489 apply the policy to all mail")                     \
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
	    "packet; drop what is not needed")                           \
	X(UNSEEN, "unseen-character", ERROR,                             \
	    "the text has a character that people do not see or take "   \
	    "for another, and receivers do not understand what it is "   \
	    "in: type it anew")                                          \
	X(QUOTES, "quotes", ERROR,                                       \
	    "the text itself has quotes, which belong around it in a "   \
	    "zone file and nowhere in a web form: drop them")            \
	X(BACKSLASH, "backslash", ERROR,                                 \
	    "the text itself has a backslash, which no semicolon needs " \
	    "between quotes or in a web form: drop it")                  \
	X(BLANKS, "version-blanks", WARNING,                             \
	    "the version has blanks, which some receivers do not "       \
	    "expect: write v=DMARC1")                                    \
	X(ORDER, "tag-order", WARNING,                                   \
	    "p= is not the second tag, and receivers that follow RFC "   \
	    "7489 may ignore the record: move it right after v=DMARC1")  \
	X(POLICY_NONE, "policy-none", WARNING,                           \
	    "this policy requests nothing of receivers, and others can " \
	    "use the name: raise it to quarantine, then reject, once "   \
	    "the reports show that your own mail passes")                \
	X(NO_REPORTS, "no-reports", WARNING,                             \
	    "there is no rua=, and nobody hears of mail that fails: "    \
	    "add rua=mailto:USER@DOMAIN")                                \
	X(NO_MAIL, "destination-no-mail", ERROR,                         \
	    "the host of a report address gets no mail, and whoever "    \
	    "registers it if it does not exist gets the reports: "       \
	    "correct the address, or drop it")                           \
	X(ADDRESSES, "many-addresses", WARNING,                          \
	    "over 20 report addresses, more than receivers need to "     \
	    "support: the last ones are not checked; drop some")         \
	X(NOT_INHERITED, "not-inherited", WARNING,                       \
	    "names below do not inherit the record of a subdomain, but " \
	    "follow that of the organizational domain, with a weaker "   \
	    "policy: raise sp= and np= there, or publish records for "   \
	    "these names")                                               \
	X(SUFFIX, "suffix-without-psd", WARNING,                         \
	    "the domain is a public suffix, and without psd=y its "      \
	    "record makes one organization of all domains below it: "    \
	    "add psd=y")                                                 \
	X(ALIAS, "cname-and-txt", ERROR,                                 \
	    "a name with a CNAME cannot have TXT records, too (RFC "     \
	    "1034, section 3.6.2), and servers answer with either, or "  \
	    "refuse the zone: keep one")                                 \
	X(DANGLING, "cname-dangling", ERROR,                             \
	    "a CNAME leads to a name that does not exist: whoever "      \
	    "registers it decides about this domain's mail; correct "    \
	    "it, or drop it")                                            \
	X(SAMPLED, "sampled", WARNING,                                   \
	    "by RFC 7489 the policy applies to this percentage of mail " \
	    "alone: drop pct= once tests are over")

enum dmarc_finding {
#define DMARC_FINDING_ENUM(name, id, level, words) DMARC_FINDING_##name,
	DMARC_FINDINGS(DMARC_FINDING_ENUM)
};

extern const struct finding_kind dmarc_findings[]; /* by enum dmarc_finding */

/* A label that nobody publishes: only a wildcard answers for names with it. */
#define DMARC_LINT_PROBE "vouch-wildcard-test"

/* A record of its own of a name below the domain, which leaves this name
 * without protection. */
struct dmarc_lint_weak {
	struct span domain;
	const char *why; /* "p=none", "t=y" ... */
};

struct dmarc_lint {
	struct findings findings;
	struct dmarc_walk walk; /* from the domain, or FINDING_NOBODY */
	const struct dmarc_level *applies; /* the record checked, or NULL */
	/* What dmarc_eval() finds for mail of the domain that fails. */
	struct dmarc_verdict verdict;
	enum dmarc_policy policy;  /* its policy; none if there is none */
	const char *tag;           /* that gives it, "p"; NULL: none does */
	struct span policy_domain; /* whose record it is of, or absent */
	struct span org;           /* the organizational domain, or absent */
	/* The walk from a name below the domain without a record of its own,
	 * and the record that applies to such names, or NULL. */
	struct dmarc_walk below;
	const struct dmarc_level *below_applies;
	/* Names below with a record of their own that does not protect them:
	 * those of the zone file, in order, and that of a wildcard. */
	struct dmarc_lint_weak *weak;
	size_t nweak;
	/* Addresses of rua= that reports reach, and of which it is not known;
	 * the first that works. */
	size_t works, unknown;
	struct span address;
};

/*
 * Checks the record that applies to a domain (in normal form): its own, or that
 * of a level above. If method->record is given, checks it as the domain's own,
 * with the DNS records that it depends on, but not other records near the
 * domain. A given record may come without a domain: then it is attributed to
 * FINDING_NOBODY, and no query is made. method->record_of is ignored. With
 * method->rfc7489 receivers are those of RFC 7489: np=, psd= and t= have no
 * effect, pct= has. *out must not be moved: it points into itself.
 */
void dmarc_lint(const struct dmarc_method *method, struct span domain,
    struct dmarc_lint *out);

/* Starts the queries of dmarc_lint() that are known before any answer. */
void dmarc_lint_prefetch(const struct dmarc_method *method, struct span domain);

/* Fills in the answers to exact-domain, subdomains and reports, from what
 * dmarc_lint() found with the same method. */
void dmarc_questions(const struct dmarc_method *method, struct dmarc_lint *l,
    struct question q[QUESTION_COUNT]);

#endif
