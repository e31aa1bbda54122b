/*
 * failure: failure reports about single messages: the fields of RFC 9991, RFC
 * 6591 and RFC 5965 in a part message/feedback-report, and the text that Exim
 * writes without such a part. The message that they quote is not read.
 */
/* SPDX-License-Identifier: ISC */
#ifndef FAILURE_H
#define FAILURE_H

#include "base/ip.h"
#include "base/arena.h"

/*
 * What is not there, or cannot be read, is absent. Words are in lower case.
 * Domains are in the normal form of base/domain.h or, if they have none, as
 * they were written. All else is octets as they came, of any value.
 */
struct failure {
	struct span feedback_type; /* auth-failure, abuse ... */
	struct span auth_failure;  /* dmarc, dkim, spf, signature ... */
	/* The address in its usual form, IPv4-mapped ones as IPv4; if it is not
	 * one, the text, and has_ip is false. */
	struct span source_ip;
	bool has_ip;
	struct ip ip;
	struct span reported_domain, dkim_domain, dkim_selector;
	struct span original_mail_from; /* without "<>"; empty: the null
					   reverse-path */
	bool has_arrival;
	int64_t arrival_date;           /* seconds since 1970 */
	struct span identity_alignment; /* what did not align: "dkim,spf"; or
					   "none" */
	struct span delivery_result;    /* delivered, spam, policy, reject,
					   other, or another word */
	uint64_t incidents; /* how many messages it is about; usually 1 */
};

/* Reads the decoded octets of a part message/feedback-report. Of a field that
 * is there more than once the first counts. Returns false if it has no field of
 * a feedback report. The result lives in the arena and the octets. */
bool failure_read(struct failure *f, struct span octets, struct arena *a);

/* Reads the text that Exim writes: lines "Sender Domain: ...". Returns false if
 * a text has no such domain or no such address. */
bool failure_read_text(struct failure *f, struct span text, struct arena *a);

#endif
