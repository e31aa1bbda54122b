/*
 * mx_lint: does a domain get mail: its MX records and their hosts (RFC 5321 5.1,
 * RFC 7505)?
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
	MAIL_HOST_MISSING, /* the name, or its CNAME's target, does not exist */
	MAIL_HOST_UNKNOWN, /* a DNS failure, or over dns_limit() */
};

/* Finds out whether mail to a host (normal form) has somewhere to go, by its own
 * records; the hosts of its MX are not looked up. Counts against dns_limit(). */
enum mail_host mail_host_query(struct dns *dns, struct span host);

/* Starts the first query of mail_host_query(). */
void mail_host_prefetch(struct dns *dns, struct span host);

#endif
