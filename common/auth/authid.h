/*
 * authid: which domains are authenticated here: by evaluating the DKIM
 * signatures of a message and its envelope by SPF, or from
 * Authentication-Results fields written by a host that the operator trusts. The
 * only module that uses both dkim and spf.
 *	authid.c		evaluating
 *	authid_fields.c		taking results from fields
 *	authid_list.c		the list of results, to which both ways add
 *	authid_verbose.c	what was taken from fields, for --verbose
 */
/* SPDX-License-Identifier: ISC */
#ifndef AUTHID_H
#define AUTHID_H

#include "dkim/dkim.h"
#include "mail/envelope.h"
#include "base/limit.h"
#include "spf/spf.h"

/* Where results come from. */
enum authid_trust {
	AUTHID_EVALUATE, /* DKIM and SPF are evaluated here */
	AUTHID_ID,       /* fields with exactly this authserv-id */
	AUTHID_TOPMOST,  /* the topmost Authentication-Results field */
};

struct authid_policy {
	enum authid_trust trust;
	struct span trusted_id; /* AUTHID_ID: the authserv-id, normal form */
	struct span unread_id;  /* fields with this id, normal form, are never
				   read */
	bool accept_header_i;   /* take header.i if header.d is missing */
	struct span receiver;   /* spf.h */
	int64_t now;
	bool verbose;
	size_t columns;        /* of the lines of SPF's tree, if verbose */
	struct key_ring *keys; /* as in struct dkim_policy */
};

/* The result of one signature, or of SPF for MAIL FROM. */
struct authid {
	bool is_spf;
	enum result_code code;
	struct span domain;       /* of d= or of MAIL FROM, normal form */
	struct span auid_domain;  /* DKIM: of i=, normal form, or absent */
	struct span signed_names; /* DKIM: h=, items separated by ":"; absent:
				     not known */
	struct span local;  /* SPF: the local part of MAIL FROM; if evaluated
			       here, "postmaster" for an empty one (RFC 7208
			       4.3) */
	bool from_auid;     /* domain is that of header.i, without header.d */
	bool is_unchecked;  /* DKIM: "algorithm-forbidden" on this host */
	bool auid_mismatch; /* header.i is not within header.d: the agent or
			       user that signed is not known */
};

/* A result in a trusted field that may be a pass but was not taken because its
 * domain, or another part of it, could not be read. */
struct authid_unread {
	struct span text;        /* the octets that contain its domain */
	struct span domain;      /* a domain that was read in it nevertheless
				    (header.d, smtp.mailfrom), normal form, or
				    absent */
	struct span auid_domain; /* the same for header.i */
};

struct authids {
	struct authid *list; /* the results with a domain */
	size_t n;
	size_t omitted;     /* the number of results over LIMIT_AUTHIDS */
	size_t partly_read; /* the number of trusted fields that were not read,
			       or whose dkim, spf and dmarc results were not
			       all read */
	struct authid_unread *unread; /* up to LIMIT_AUTHIDS */
	size_t nunread;
	bool unread_rest; /* a trusted field was not read, or not to its end */
	/* If evaluated here: the results, SPF first, for the output. */
	const struct result *results;
	size_t nresults;
	/* If taken from fields and policy.verbose: lines that show which fields
	 * are trusted, what was taken from them, and what not and why. */
	struct span *detail;
	size_t ndetail;
	bool found;   /* evaluated here, or a trusted field has an spf or dkim
			 result */
	bool has_spf; /* SPF was evaluated here: the envelope is known */
};

struct authid_job;

/*
 * Starts with the header of a message. *sinks are those that the body must flow
 * into before authid_end(). Everything lives in the message's arena. SPF is
 * evaluated for MAIL FROM alone, with postmaster@HELO for a null reverse-path
 * (RFC 9989 3.2.4, RFC 7208 2.4).
 */
struct authid_job *authid_begin(const struct message *m,
    const struct envelope *envelope, struct dns *dns,
    const struct authid_policy *policy, struct sink *const **sinks, size_t *n);

/* Lists the domains that the evaluation may authenticate, for prefetching.
 * Returns their number; 0 if results are taken from fields. */
#define AUTHID_DOMAINS (LIMIT_SIGNATURES + 1)
size_t authid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS]);

/* The same by RFC 5518 7: the domain of i= instead of d= if present, and no
 * HELO in place of a null reverse-path. */
size_t authid_auid_domains(
    const struct authid_job *job, struct span list[static AUTHID_DOMAINS]);

/*
 * Ends, after the body has flowed into the sinks; trusted fields do not require
 * that. From all trusted fields of version 1, wherever in the header, it takes
 * the results of dkim (by header.d) and spf (by smtp.mailfrom) that
 * authres_read() reads:
 * - A result that is not a word of RFC 8601 2.7 is not taken, nor is an spf
 *   result with smtp.helo alone.
 * - An empty property is treated as missing. One that occurs twice with
 *   different values gives no domain.
 * - If header.i is not within header.d (RFC 6376 3.5), header.d is used alone.
 * - h= is that of the signature in the message that header.d and header.b
 *   identify, if it is unique among the topmost LIMIT_SIGNATURES.
 * The topmost field may lack the id.
 */
void authid_end(struct authid_job *job, struct authids *out);

/*
 * Returns whether a part of trusted fields that could not be read may be a pass
 * for this organization (normal form of its domain). The unread rest of a field
 * may be. An unread result may be if its octets contain the domain, unless
 * another domain that was read in it is outside the organization. A field whose
 * id cannot be read is not considered, since strangers can write it, unless it
 * is the topmost one.
 */
bool authid_may_have_passed(
    const struct authids *found, struct span org, struct arena *a);

#endif
