/* spf_record: SPF records parsed into terms (RFC 7208 4.5, 4.6,
 * 5, 6, 12), and their macros (7). */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_RECORD_H
#define SPF_RECORD_H

#include "spf/spf.h"

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	/* modifiers */
	SPF_REDIRECT,
	SPF_EXP,
	SPF_UNKNOWN, /* a modifier of any other name */
};

struct spf_term {
	struct span text; /* as written, with its qualifier */
	enum spf_kind kind;
	char qualifier;     /* '+', '-', '~' or '?'; '+' if not written */
	struct span domain; /* domain-spec as written, or absent */
	struct ip_network network;   /* ip4, ip6; IPv4-mapped IPv6 stays IPv6 */
	unsigned ip4_bits, ip6_bits; /* a, mx: dual-cidr-length, else 32, 128 */
};

struct spf_record {
	struct span text;
	struct spf_term *terms; /* as written, including modifiers */
	size_t nterms;
	/* Point into terms, or NULL. */
	const struct spf_term *all, *redirect, *exp;
};

/* Does the text begin with a version section (RFC 7208 4.5)? */
bool spf_is_record(struct span text);

/*
 * Parses a text that spf_is_record() accepts. Returns SPF_PASS if it is
 * well-formed; otherwise the reason, and *fault is the term at fault: RFC 7208
 * 4.6 has errors anywhere in the record found before evaluation. Only SP
 * separates terms; names are case-insensitive. After an error r->terms has the
 * terms before the one at fault.
 */
enum spf_reason spf_record_parse(struct span text, struct arena *a,
    struct spf_record *r, struct span *fault);

/* Returns the number of SPF records in a TXT answer (RFC 7208
 * 4.5); *text is the last of them. */
size_t spf_record_count(const struct dns_answer *answer, struct span *text);

/* Selects the record for check_host() from a TXT answer (RFC 7208 4.3 to 4.5).
 * Returns SPF_PASS with the only record; or _BAD_DOMAIN, _NO_DOMAIN,
 * _NO_RECORD, _SEVERAL, _DNS_LIMIT, or a DNS reason. */
enum spf_reason
spf_record_select(const struct dns_answer *answer, struct span *text);

/* Does the term cause DNS queries, and count as a lookup (RFC 7208 4.6.4)? */
bool spf_term_queries(const struct spf_term *t);

/* Would the term be evaluated if none before it decides (RFC 7208 5.1, 6.1)? Of
 * the modifiers only redirect= can be. */
bool spf_term_is_reached(const struct spf_record *r, const struct spf_term *t);

/* Returns the result of a directive that matched: SPF_PASS, SPF_FAIL, ... */
enum spf_reason spf_term_result(const struct spf_term *t);

/* The values of macro letters (RFC 7208 7.2). */
struct spf_macros {
	struct ip ip;
	struct span local, sender_domain; /* of <sender> */
	struct span domain;               /* <domain> of this check_host() */
	struct span helo, receiver;       /* absent: "unknown" */
	int64_t now;
	/* Returns %{p}, never absent; called at its first use in a text
	 * only. */
	struct span (*validated)(void *arg);
	void *arg;
};

/* Is the whole text a macro-string (RFC 7208 7.1)? If is_exp, an
 * explain-string, which may have SP and the letters c, r and t. */
bool spf_macro_is_string(struct span text, bool is_exp);

/* Is it a domain-spec: a macro-string that ends in a top label or a macro? */
bool spf_macro_is_domain(struct span text);

/* Does it have a macro-expand with any of these lower-case letters, in either
 * case? NULL: with any letter, or %%, %_ or %-. */
bool spf_macro_uses(struct span text, const char *letters);

/* Expands a valid text (7.3). Absent if the result would be over
 * LIMIT_SPF_EXPANSION. IPv6 addresses have upper-case nibbles. */
struct span
spf_macro_expand(struct span text, const struct spf_macros *m, struct arena *a);

/* Expands a domain-spec to the name to query: without a dot at the end (of two
 * dots none is removed, since no name ends in an empty label), and without
 * labels on the left until at most 253 octets remain (7.3). */
struct span
spf_macro_target(struct span text, const struct spf_macros *m, struct arena *a);

#endif
