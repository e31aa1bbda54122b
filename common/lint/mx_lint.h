/*
 * mx_lint: does a domain get mail: its MX records and their hosts (RFC 5321
 * 5.1, RFC 7505)?
 *	mx_lint.c	the MX records, and the line for people
 *	mx_lint_host.c	a host: does it get mail, are its addresses there?
 */
/* SPDX-License-Identifier: ISC */
#ifndef MX_LINT_H
#define MX_LINT_H

#include "lint/finding.h"

/* Whether a host gets mail. */
enum mail_host {
	MAIL_HOST_MX,      /* it has MX records */
	MAIL_HOST_ADDRESS, /* none, but addresses (RFC 5321 5.1) */
	MAIL_HOST_NULL,    /* only a null MX: it gets none (RFC 7505) */
	MAIL_HOST_NONE,    /* neither MX records nor addresses */
	MAIL_HOST_MISSING, /* the name or its CNAME's target does not exist */
	MAIL_HOST_UNKNOWN, /* a DNS failure, or over dns_limit() */
};

/* Finds out whether mail to a host (normal form) has somewhere to go, by its
 * own records; the hosts of its MX are not looked up. Counts against
 * dns_limit(). */
enum mail_host mail_host_query(struct dns *dns, struct span host);

/* Starts the first query of mail_host_query(). */
void mail_host_prefetch(struct dns *dns, struct span host);

/*
 * The section mx.
 */

/* The findings: name, identifier, level, words. NO_ADDRESS, LITERAL and DOT are
 * warnings if another host gets the mail. */
#define MX_FINDINGS(X)                                                       \
	X(DNS, "dns-failure", NOTE,                                          \
	    "the DNS gives no answer at present, and what depends on it is " \
	    "not checked: try again later")                                  \
	X(DANGLING, "dangling", ERROR,                                       \
	    "an MX record names a host that does not exist, and whoever "    \
	    "can register that name gets the mail: correct or drop the "     \
	    "record")                                                        \
	X(NO_ADDRESS, "no-address", ERROR,                                   \
	    "an MX record names a host that has no address, so that no "     \
	    "mail gets there: publish an A or AAAA record of that name, "    \
	    "or drop the MX record")                                         \
	X(LITERAL, "address-as-host", ERROR,                                 \
	    "an MX record has an address where the name of a host "          \
	    "belongs, so that no mail gets there: give the address a "       \
	    "name, in an A or AAAA record, and name that")                   \
	X(DOT, "missing-dot", ERROR,                                         \
	    "an MX record names a host that ends in the domain twice, so "   \
	    "that no mail gets there: in the zone file, end the name with "  \
	    "a dot")                                                         \
	X(CNAME, "cname-target", WARNING,                                    \
	    "an MX record names an alias (CNAME), to which some senders do " \
	    "not deliver (RFC 5321, section 5.1): name the host that it "    \
	    "leads to")                                                      \
	X(NULL_MX, "null-mx-beside", WARNING,                                \
	    "a null MX (.), by which the domain gets no mail, is beside "    \
	    "other MX records (RFC 7505, section 3): drop it, or them")      \
	X(MANY, "many-hosts", WARNING,                                       \
	    "there are more mail exchangers than senders try, and those "    \
	    "over 20 are not checked: keep those that are needed")

enum mx_finding {
#define MX_FINDING_ENUM(name, id, level, words) MX_FINDING_##name,
	MX_FINDINGS(MX_FINDING_ENUM)
};

extern const struct finding_kind mx_findings[]; /* by enum mx_finding */

/* What is at the host of an MX record. */
enum mx_host_state {
	MX_HOST_ADDRESS, /* an address */
	MX_HOST_NONE,    /* the name exists, or cannot be looked up */
	MX_HOST_MISSING, /* the name, or its CNAME's target, does not exist */
	MX_HOST_UNKNOWN, /* a DNS failure, or over dns_limit() */
};

struct mx_host {
	struct span name; /* as in a record */
	const struct dns_rr *record;
	enum mx_host_state state;
	/* The answer that the state is from; NULL: the name cannot be looked
	 * up. */
	const struct dns_answer *answer;
};

/* Sets the state of a host, whose name is set. */
void mx_host_query(struct dns *dns, struct arena *a, struct mx_host *h);

/* Starts the queries of mx_host_query(). */
void
mx_host_prefetch(struct dns *dns, struct arena *a, const struct mx_host *h);

struct mx_lint {
	struct findings findings;
	enum mail_host gets_mail; /* the domain, by its own records */
	size_t nrecords;          /* MX records, a null MX included */
	/* The hosts of the MX records by preference, each once, without a null
	 * MX; at most LIMIT_MX_HOSTS. */
	struct mx_host *hosts;
	size_t nhosts;
	struct span words; /* one line: where mail for the domain goes */
};

/* Starts the queries about the domain itself (normal form). */
void mx_lint_prefetch(struct dns *dns, struct span domain);

/* Starts those about the hosts of its MX records, if these have arrived: for
 * dns_on_arrival(). Repeated calls do no harm. */
void
mx_lint_prefetch_hosts(struct dns *dns, struct span domain, struct arena *a);

/* Lists the hosts of an answer to a query for MX records, as in struct mx_lint,
 * without looking them up. Returns their number. */
size_t mx_lint_hosts(
    const struct dns_answer *mx, struct arena *a, struct mx_host **hosts);

/* Checks a domain. Its not having MX records is not a finding. Valid until the
 * arena is reset, or dns_begin(). */
void mx_lint(
    struct span domain, struct dns *dns, struct arena *a, struct mx_lint *out);

#endif
