/*
 * identity: which domains are authenticated here: by judging a message's DKIM
 * signatures and its envelope by SPF, or from Authentication-Results fields
 * that somebody wrote whom the operator trusts. The one place where dkim and
 * spf meet.
 *	identity.c		the face, and judging
 *	identity_fields.c	taking from fields
 *	identity_list.c		the list of them, to which both ways add
 *	identity_explain.c	what was taken of them, for people
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "dkim/dkim.h"
#include "mail/envelope.h"
#include "base/limit.h"
#include "spf/spf.h"

/* Whose results are taken, instead of judging. */
enum identity_trust {
	IDENTITY_JUDGE,   /* nobody's: judge */
	IDENTITY_ID,      /* fields of an authserv-id, exactly */
	IDENTITY_TOPMOST, /* the topmost Authentication-Results field */
};

struct identity_policy {
	enum identity_trust trust;
	struct span trusted_id; /* IDENTITY_ID: normal form */
	struct span unread_id;  /* normal form; its fields are passed over */
	bool accept_header_i;   /* header.i where header.d is missing */
	struct span receiver;   /* spf.h */
	int64_t now;
	bool explain;
};

/* What was found of one signature, or of MAIL FROM. */
struct identity {
	bool is_spf;
	enum result_code code;
	struct span domain; /* d=, or MAIL FROM's, normal form */
	struct span agent;  /* DKIM: the domain of i=, normal form, or absent */
	struct span signed_names; /* DKIM: h=, items separated by ":"; absent
				     if it is not known */
	struct span local; /* SPF: the local part of MAIL FROM; without one
			       "postmaster" if judged (RFC 7208 4.3) */
	bool of_agent;     /* domain is that of header.i: no header.d */
	bool is_unchecked; /* DKIM: "algorithm-forbidden" on this host */
	bool agent_unfit;  /* header.i is no domain within header.d: whose agent
			      signed is not known */
};

/* Of trusted fields: a result that may be a pass, and was not taken because its
 * domain, or more of it, could not be read. */
struct identity_unread {
	struct span text;   /* the octets where its domain is */
	struct span domain; /* a domain that it names all the same (header.d,
			       smtp.mailfrom), normal form, or absent */
	struct span agent;  /* the same of header.i */
};

struct identities {
	struct identity *list; /* those that have a domain */
	size_t n;
	size_t left_out;    /* more of them, over LIMIT_IDENTITIES */
	size_t partly_read; /* trusted fields that were not read, or not all of
			       their results of dkim, spf and dmarc */
	struct identity_unread *unread; /* up to LIMIT_IDENTITIES */
	size_t unreads;
	bool unread_rest; /* of a trusted field: all, or from somewhere on */
	/* What was judged, SPF first, to be reported and written; none if it
	 * was taken from fields. */
	const struct result *result;
	size_t results;
	struct span *explain; /* of fields, if policy.explain: which are
				 trusted, and what was taken of them, or why
				 it was not; each one line */
	size_t explains;
	bool found;   /* results of spf or dkim were there to be taken, or it
			 was judged */
	bool has_spf; /* SPF was judged: the envelope is known */
};

struct identity_job;

/*
 * Starts: the header is known. *sinks: what the body must flow into. All lives
 * in the message's arena. SPF is asked for MAIL FROM alone, a null reverse-path
 * as postmaster@HELO (RFC 9989 3.2.4, RFC 7208 2.4).
 */
struct identity_job *
identity_begin(const struct message *m, const struct envelope *envelope,
    struct dns *dns, const struct identity_policy *policy,
    struct sink *const **sinks, size_t *n);

/* The domains that may turn out to be authenticated, of those that are judged,
 * for questions ahead. Returns how many. */
#define IDENTITY_EXPECTED (LIMIT_SIGNATURES + 1)
size_t identity_expect(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED]);

/* The same as RFC 5518 7 has it: the domain of i= where there is one, and no
 * HELO in place of a null reverse-path. */
size_t identity_expect_agents(
    const struct identity_job *job, struct span list[static IDENTITY_EXPECTED]);

/*
 * Ends: the body has flowed, for which trusted fields need not wait. Of
 * trusted fields of version 1 all results of dkim (header.d) and spf
 * (smtp.mailfrom) count that authres_read() reads, whoever else's id stands in
 * between. A result that is no word of RFC 8601 2.7 counts as none of them, and
 * so does one of spf that names smtp.helo alone. An empty property is as if it
 * were not there; one that is there twice, with different values, gives no
 * domain. Beside a header.i that is not within it (RFC 6376 3.5) header.d
 * counts, without an agent. The topmost field may lack the id.
 * h= is that of the signature of the message that header.d and header.b name,
 * if it is one alone among the topmost LIMIT_SIGNATURES.
 */
void identity_end(struct identity_job *job, struct identities *out);

/*
 * May something of trusted fields that could not be read be a pass for this
 * organization (normal form of its domain)? The rest of a field that was not
 * read may. A result may if its octets contain the domain, unless another
 * domain in it was read that is of somebody else. A field whose id cannot be
 * read never may, but for the topmost one: strangers can write it.
 */
bool identity_may_have_passed(
    const struct identities *found, struct span org, struct arena *a);

#endif
