/*
 * beside: lines about a domain's mail that have no part in its score: MTA-STS and
 * TLS-RPT (RFC 8461, 8460), BIMI, certifiers (RFC 5518), DNSSEC.
 */
/* SPDX-License-Identifier: ISC */
#ifndef BESIDE_H
#define BESIDE_H

#include "dmarc/dmarc.h"
#include "lint/finding.h"

struct beside_line {
	const char *id; /* "mx", "mta-sts" ... */
	struct span words;
};

#endif
