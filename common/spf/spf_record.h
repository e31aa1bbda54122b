/*
 * spf_record: the text of SPF records as terms (RFC 7208 4.5, 4.6, 5, 6, 12)
 * and their macros (7).
 */
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
	/* Modifiers */
	SPF_REDIRECT,
	SPF_EXP,
	SPF_UNKNOWN, /* name=macro-string of another name */
};

struct spf_term {
	struct span text; /* as written, qualifier and all */
	enum spf_kind kind;
	char qualifier;     /* '+', '-', '~' or '?'; '+' if none is written */
	struct span domain; /* domain-spec as written, or absent */
	struct ip_network network;   /* ip4, ip6; mapped IPv6 stays IPv6 */
	unsigned ip4_bits, ip6_bits; /* a, mx: dual-cidr-length, else 32, 128 */
};

struct spf_record {
	struct span text;
	struct spf_term *terms; /* as written, modifiers among them */
	size_t nterms;
	/* Those of the terms, or NULL. */
	const struct spf_term *all, *redirect, *exp;
};

/* Does the text begin with a version section (RFC 7208 4.5)? */
bool spf_is_record(struct span text);

/*
 * Parses a text that spf_is_record(). SPF_PASS: it is well-formed. Else the
 * first of what is wrong, and *wrong is the term in question (RFC 7208 4.6:
 * errors anywhere are found before evaluation). Terms are separated by SP only;
 * names have no case. r->term has, also then, the terms before that one.
 */
enum spf_reason spf_record_parse(struct span text, struct arena *a,
    struct spf_record *r, struct span *wrong);

/* How many SPF records an answer about TXT has (RFC 7208 4.5); *text is one of
 * them. */
size_t spf_record_count(const struct dns_answer *answer, struct span *text);

/* What an answer about TXT means for check_host() (RFC 7208 4.3 to 4.5):
 * SPF_PASS and the only record; or _BAD_DOMAIN, _NO_DOMAIN, _NO_RECORD,
 * _SEVERAL, a DNS reason. */
enum spf_reason
spf_record_select(const struct dns_answer *answer, struct span *text);

/* Does the term cause DNS queries, and count (RFC 7208 4.6.4)? */
bool spf_term_asks(const struct spf_term *t);

/* Is a term of the record ever evaluated, if none before it decides (RFC 7208
 * 5.1, 6.1)? Of modifiers: redirect=. */
bool spf_term_is_reached(const struct spf_record *r, const struct spf_term *t);

/* What a directive that matched means: SPF_PASS, SPF_FAIL, ... */
enum spf_reason spf_term_result(const struct spf_term *t);

/* What macro letters stand for (RFC 7208 7.2). */
struct spf_macros {
	struct ip ip;
	struct span local, sender_domain; /* of <sender> */
	struct span domain;               /* <domain> of this check_host() */
	struct span helo, receiver;       /* absent: "unknown" */
	int64_t now;
	/* %{p}, never absent; called where the macro stands, once in a text. */
	struct span (*validated)(void *arg);
	void *arg;
};

/* Is the whole text a macro-string (RFC 7208 7.1)? If explain, an
 * explain-string: with SP, and with the letters c, r and t. */
bool spf_macro_is_string(struct span text, bool is_exp);

/* Is it a domain-spec: a macro-string that ends in a top label or a macro? */
bool spf_macro_is_domain(struct span text);

/* Has it a macro-expand of any of these lower-case letters, in any case? NULL:
 * of any letter, or %%, %_ or %-. */
bool spf_macro_uses(struct span text, const char *letters);

/*
 * Expands a valid text (7.3). Absent if it would be over LIMIT_SPF_EXPANSION.
 * Nibbles of IPv6 addresses are in upper case.
 */
struct span
spf_macro_expand(struct span text, const struct spf_macros *m, struct arena *a);

/* The same for a domain-spec: the name that is asked for, without a dot at the
 * end (two dots stay: no name ends in an empty label), labels removed from the
 * left until 253 octets are left (7.3). */
struct span
spf_macro_target(struct span text, const struct spf_macros *m, struct arena *a);

#endif
