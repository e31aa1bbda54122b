/*
 * authid: which domains are authenticated here: by judging a message's DKIM
 * signatures and its envelope by SPF, or from Authentication-Results fields
 * that somebody wrote whom the operator trusts. The one place where dkim and
 * spf meet.
 *	authid.c		the face, and judging
 *	authid_fields.c	taking from fields
 *	authid_list.c		the list of them, to which both ways add
 *	authid_verbose.c	what was taken of them, for people
 */
#ifndef AUTHID_H
#define AUTHID_H

#include "dkim/dkim.h"
#include "mail/envelope.h"
#include "base/limit.h"
#include "spf/spf.h"

/* Whose results are taken, instead of judging. */
enum authid_trust {
	AUTHID_EVALUATE, /* nobody's: judge */
	AUTHID_ID,       /* fields of an authserv-id, exactly */
	AUTHID_TOPMOST,  /* the topmost Authentication-Results field */
};

struct authid_policy {
	enum authid_trust trust;
	struct span trusted_id; /* AUTHID_ID: normal form */
	struct span unread_id;  /* normal form; its fields are passed over */
	bool accept_header_i;   /* header.i where header.d is missing */
	struct span receiver;   /* spf.h */
	int64_t now;
	bool verbose;
};

/* What was found of one signature, or of MAIL FROM. */
struct authid {
	bool is_spf;
	enum result_code code;
	struct span domain; /* d=, or MAIL FROM's, normal form */
	struct span
	    auid_domain; /* DKIM: the domain of i=, normal form, or absent */
	struct span signed_names; /* DKIM: h=, items separated by ":"; absent
				     if it is not known */
	struct span local; /* SPF: the local part of MAIL FROM; without one
			       "postmaster" if judged (RFC 7208 4.3) */
	bool from_auid;    /* domain is that of header.i: no header.d */
	bool is_unchecked; /* DKIM: "algorithm-forbidden" on this host */
	bool
	    auid_mismatch; /* header.i is no domain within header.d: whose agent
			      signed is not known */
};

/* Of trusted fields: a result that may be a pass, and was not taken because its
 * domain, or more of it, could not be read. */
struct authid_unread {
	struct span text;   /* the octets where its domain is */
	struct span domain; /* a domain that it names all the same (header.d,
			       smtp.mailfrom), normal form, or absent */
	struct span auid_domain; /* the same of header.i */
};

struct authids {
	struct authid *list; /* those that have a domain */
	size_t n;
	size_t left_out;    /* more of them, over LIMIT_AUTHIDS */
	size_t partly_read; /* trusted fields that were not read, or not all of
			       their results of dkim, spf and dmarc */
	struct authid_unread *unread; /* up to LIMIT_AUTHIDS */
	size_t nunread;
	bool unread_rest; /* of a trusted field: all, or from somewhere on */
	/* What was judged, SPF first, to be reported and written; none if it
	 * was taken from fields. */
	const struct result *results;
	size_t nresults;
	struct span *detail; /* of fields, if policy.explain: which are
				 trusted, and what was taken of them, or why
				 it was not; each one line */
	size_t ndetail;
	bool found;   /* results of spf or dkim were there to be taken, or it
			 was judged */
	bool has_spf; /* SPF was judged: the envelope is known */
};

struct authid_job;

/*
 * Starts: the header is known. *sinks: what the body must flow into. All lives
 * in the message's arena. SPF is asked for MAIL FROM alone, a null reverse-path
 * as postmaster@HELO (RFC 9989 3.2.4, RFC 7208 2.4).
 */
struct authid_job *authid_begin(const struct message *m,
    const struct envelope *envelope, struct dns *dns,
    const struct authid_policy *policy, struct sink *const **sinks, size_t *n);

/* The domains that may turn out to be authenticated, of those that are judged,
 * for questions ahead. Returns how many. */
#define AUTHID_DOMAINS (LIMIT_SIGNATURES + 1)
size_t authid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS]);

/* The same as RFC 5518 7 has it: the domain of i= where there is one, and no
 * HELO in place of a null reverse-path. */
size_t authid_auid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS]);

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
void authid_end(struct authid_job *job, struct authids *out);

/*
 * May something of trusted fields that could not be read be a pass for this
 * organization (normal form of its domain)? The rest of a field that was not
 * read may. A result may if its octets contain the domain, unless another
 * domain in it was read that is of somebody else. A field whose id cannot be
 * read never may, but for the topmost one: strangers can write it.
 */
bool authid_may_have_passed(
    const struct authids *found, struct span org, struct arena *a);

#endif
