/*
 * spf_lint: finds errors and risks in a domain's SPF record, even if it can be
 * evaluated; answers whether it is sound, and proposes the record that is.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_LINT_H
#define SPF_LINT_H

#include "lint/finding.h"
#include "lint/question.h"
#include "spf/spf_record.h"

/* The findings: name, identifier, level, words. */
#define SPF_FINDINGS(X)                                                       \
	X(NO_DOMAIN, "no-such-domain", ERROR,                                 \
	    "the domain does not exist: correct the name")                    \
	X(BAD_DOMAIN, "bad-domain", ERROR,                                    \
	    "a name of one label: receivers never look up its record (RFC "   \
	    "7208 4.3); give a domain that sends mail")                       \
	X(NO_RECORD, "no-record", ERROR,                                      \
	    "the domain has no SPF record: publish one in a TXT record, "     \
	    "v=spf1 -all if it sends no mail")                                \
	X(TYPE_99, "type-99", ERROR,                                          \
	    "the record is of type SPF (99), which receivers no longer "      \
	    "query (RFC 7208 3.1): publish it as TXT")                        \
	X(DNS, "dns-failure", NOTE,                                           \
	    "the DNS gives no answer at present, and what depends on it is "  \
	    "not checked: try again later")                                   \
	X(SEVERAL, "multiple-records", ERROR,                                 \
	    "there are several records: receivers answer permerror; join "    \
	    "them")                                                           \
	X(SYNTAX, "syntax", ERROR,                                            \
	    "the record is malformed: receivers answer permerror; correct "   \
	    "it")                                                             \
	X(UNSEEN, "unseen-character", ERROR,                                  \
	    "the record has a character that people do not see, or take "     \
	    "for another: type that place anew")                              \
	X(LOOKALIKE, "look-alike", WARNING,                                   \
	    "a TXT record looks like SPF but is not: correct it, or drop "    \
	    "it")                                                             \
	X(LOOKUPS, "lookup-limit", ERROR,                                     \
	    "over 10 lookups: receivers answer permerror; drop includes "     \
	    "that are not used, or give addresses (spf-flatten finds them)")  \
	X(LOOKUPS_NEAR, "lookups-near-limit", WARNING,                        \
	    "9 or 10 of 10 lookups are used: one more anywhere below breaks " \
	    "the record; drop what is not used")                              \
	X(VOIDS, "void-limit", ERROR,                                         \
	    "over 2 lookups find nothing: receivers answer permerror; drop "  \
	    "names that are gone, and write ip4 or ip6 for hosts with "       \
	    "addresses of one kind only")                                     \
	X(VOIDS_NEAR, "voids-near-limit", WARNING,                            \
	    "2 of 2 void lookups are used: one more anywhere below breaks "   \
	    "the record; drop what finds nothing")                            \
	X(VOID, "void-lookup", WARNING,                                       \
	    "a lookup finds nothing: drop the term, or correct the name")     \
	X(DANGLING, "dangling", ERROR,                                        \
	    "a host does not exist, and whoever can register its name may "   \
	    "send as you: drop the term, or correct the name")                \
	X(NULL_MX, "null-mx", ERROR,                                          \
	    "a domain with a null MX (RFC 7505) has no host that mx could "   \
	    "match: drop the term")                                           \
	X(MX, "mx-limit", ERROR,                                              \
	    "over 10 mail exchangers: receivers answer permerror; give "      \
	    "their addresses, or include their owner's record")               \
	X(INCLUDE_NONE, "include-none", ERROR,                                \
	    "the included domain has no SPF record: receivers answer "        \
	    "permerror, and whoever registers the domain may send as you; "   \
	    "drop the term, or correct the name")                             \
	X(REDIRECT_NONE, "redirect-none", ERROR,                              \
	    "the domain of redirect= has no SPF record: receivers answer "    \
	    "permerror; correct the name, or end with -all instead")          \
	X(LOOP, "loop", ERROR,                                                \
	    "the record leads back to itself: receivers answer permerror; "   \
	    "drop the term")                                                  \
	X(PASS_ALL, "pass-all", ERROR,                                        \
	    "everybody may send as this domain: drop the term, and end with " \
	    "-all or ~all")                                                   \
	X(NEUTRAL_ALL, "neutral-all", WARNING,                                \
	    "?all asserts nothing: end with -all or ~all")                    \
	X(NO_ALL, "no-all", WARNING,                                          \
	    "neither all nor redirect=: it ends as with ?all; end with -all " \
	    "or ~all")                                                        \
	X(PTR, "ptr", WARNING,                                                \
	    "ptr is slow and unreliable (RFC 7208 5.5): use ip4, ip6 or a")   \
	X(WIDE, "wide-network", WARNING,                                      \
	    "a network is very wide: all of it may send as this domain; "     \
	    "correct the prefix length, or list the hosts")                   \
	X(HOST_BITS, "host-bits", WARNING,                                    \
	    "an address has bits after its prefix length, which are ignored " \
	    "(RFC 7208 5.6): write the network, or the address alone")        \
	X(RESERVED, "reserved-network", WARNING,                              \
	    "a private, loopback or link-local network, from which no mail "  \
	    "comes over the Internet: drop the term")                         \
	X(MAPPED, "mapped-ip6", WARNING,                                      \
	    "an IPv4-mapped IPv6 network matches no client: write ip4")       \
	X(DUPLICATE, "duplicate-term", WARNING,                               \
	    "a term occurs twice, or is within another: drop it")             \
	X(UNREACHABLE, "unreachable-term", WARNING,                           \
	    "terms that follow all are never evaluated: move them before "    \
	    "it, or drop them")                                               \
	X(REDIRECT_IGNORED, "redirect-ignored", WARNING,                      \
	    "redirect= has no effect beside all: drop one of them")           \
	X(MACRO, "macro", WARNING,                                            \
	    "the macros s, l, o, h and p are advised against (RFC 7208 7.2, " \
	    "7.3): use i, v and d")                                           \
	X(SPLIT, "split-without-space", WARNING,                              \
	    "strings are joined without a blank (RFC 7208 3.3), and two "     \
	    "terms run together: end the first string with a blank")          \
	X(SIZE, "record-size", WARNING,                                       \
	    "over 450 octets: the answer may not fit into a UDP packet (RFC " \
	    "7208 3.4); drop terms, or move some into an include")            \
	X(UNKNOWN_MODIFIER, "unknown-modifier", WARNING,                      \
	    "an unknown modifier has no effect: drop it, or write a colon "   \
	    "if it is meant to be a mechanism")                               \
	X(EXPLANATION, "explanation", WARNING,                                \
	    "exp= leads to no explanation: correct its TXT record, or drop "  \
	    "exp=")

enum spf_finding {
#define SPF_FINDING_ENUM(name, id, level, words) SPF_FINDING_##name,
	SPF_FINDINGS(SPF_FINDING_ENUM)
};

extern const struct finding_kind spf_findings[]; /* by enum spf_finding */

struct spf_lint {
	struct span domain; /* as given, or FINDING_NOBODY */
	struct findings findings;
	struct span record;      /* the one that was checked, or absent */
	bool evaluated;          /* the record was, which sets the rest: */
	unsigned lookups, voids; /* of all terms, the worse of IPv4 and IPv6 */
	/* Addresses that ip4 and ip6 terms, also of includes, let pass, each
	 * counted once (up to 2^128). */
	double ip4, ip6;
	/* "-all", "~all", "?all" or "+all": how it ends, after redirect=;
	 * absent if it has no all, or redirect= leads nowhere. */
	struct span all;
	bool sends_nothing; /* it is "v=spf1 -all", case and blanks aside */
	bool wide; /* it lets pass a network wider than LIMIT_SPF_WIDE_IP4 or
		      _IP6, those that are never routed aside */
	/*
	 * What the proposal of a record needs.
	 */
	bool given;       /* the record was given, and may not be published */
	struct span text; /* it, as it was given */
	/* The answer with the domain's TXT records, or NULL; and with those of
	 * type SPF, if there was a reason to query them. */
	const struct dns_answer *txt, *type_99;
	/* By term of the record: the findings about it, and those in records
	 * that it leads to, as bits 1 << enum spf_finding. */
	uint64_t *flaws, *below;
};

/* Checks the record of a domain (in normal form), or the given one in its
 * place. A given record may come without a domain: then it is attributed to
 * FINDING_NOBODY. Of several records, each is checked. */
void spf_lint(struct span domain, struct span record, struct dns *dns,
    struct arena *a, struct spf_lint *out);

/*
 * Starts the query for a domain's record, or those that a given record needs,
 * and returns an argument for spf_lint_follow(), which prefetches what follows
 * from the answers that have arrived: add both with dns_on_arrival() while
 * other sections wait. Valid as long as the arena, until dns_begin().
 */
struct spf_lint_ahead *spf_lint_prefetch(
    struct span domain, struct span record, struct dns *dns, struct arena *a);
void spf_lint_follow(void *ahead);

/*
 * Answers whether SPF is sound: one valid record; at most 10 lookups and 2 void
 * ones for every client, also those without a reverse name, a term with macros
 * that depend on the client counted as one of each; it ends, after redirect=,
 * in -all or ~all; no network is everything or wider than LIMIT_SPF_WIDE_IP4 or
 * _IP6; no include leads to nothing or back. A DNS failure leaves it open,
 * unless it is a no whatever the answer.
 *
 * For a no, and for a yes with warnings about the domain's own record, it
 * proposes a change, if one is known that makes it a yes and has fewer findings
 * about that record; that is looked up with the same dns.
 */
void spf_question(const struct spf_lint *l, struct dns *dns, struct arena *a,
    struct question *q);

#endif
