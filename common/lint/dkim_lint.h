/*
 * dkim_lint: are the DKIM keys of a domain sound, as they are published? The
 * DNS cannot list selectors: those that are named, seen or probable are looked
 * up, and key_lint.h says what is there.
 *	dkim_lint.c		the keys
 *	dkim_lint_answer.c	the question
 *	dkim_lint_guess.c	the selectors of providers
 */
/* SPDX-License-Identifier: ISC */
#ifndef DKIM_LINT_H
#define DKIM_LINT_H

#include "lint/key_lint.h"
#include "lint/question.h"

/* The kinds of findings beside those of key_lint.h: name, identifier, level,
 * words. man/domain-check.1 has the same table. */
#define DKIM_FINDINGS(X)                                                      \
	X(NO_KEYS, "no-keys", ERROR,                                          \
	    "the domain has no DKIM key, as _domainkey does not exist "       \
	    "(RFC 8020): make one with dkim-key new, and publish its record") \
	X(NONTERMINAL, "nxdomain-nonterminal", WARNING,                       \
	    "the name server denies a name that has others below it "         \
	    "(RFC 8020), so resolvers may deny the key, too: have the "       \
	    "server repaired")                                                \
	X(DNS, "dns-failure", NOTE, "the DNS gives no answer: try again later")

enum dkim_finding {
#define DKIM_FINDING_ENUM(name, id, level, words) DKIM_FINDING_##name,
	DKIM_FINDINGS(DKIM_FINDING_ENUM)
};

extern const struct finding_kind dkim_findings[]; /* by enum dkim_finding */

/* How a selector is known. */
enum dkim_lint_source {
	DKIM_LINT_NAMED, /* the user named it: it must be there */
	/* Hints: what is there is checked, what is gone or revoked is a line.
	 * */
	DKIM_LINT_SEEN,     /* a signature with it has passed */
	DKIM_LINT_PROVIDER, /* the domain's provider is known to use it */
};

struct dkim_lint_selector {
	struct span selector; /* normal form */
	enum dkim_lint_source source;
	struct span record; /* what-if: instead of the one in the DNS; absent */
};

/* A selector, and what is there. */
struct dkim_lint_key {
	const struct dkim_lint_selector *selector;
	struct span name; /* SELECTOR._domainkey.DOMAIN */
	struct key_lint lint;
	/* What it means for the question: that of lint, but KEY_LINT_ABSENT for
	 * what a wildcard answers for any name, and for what is under a hint's
	 * name without being a key. */
	enum key_lint_state state;
	bool is_wildcard;
	bool is_beside; /* the name has a CNAME record, too */
	/* For -v, one line: "s1: RSA 2048, sound", "fm2: revoked". */
	struct span line;
};

struct dkim_lint {
	struct findings findings;
	struct question question;
	bool has_key; /* one of the selectors has a key that can verify */
	struct dkim_lint_key *keys; /* one for each selector, in their order */
	size_t nkeys;
	/* The changes, for each name that needs one and has one; those of the
	 * question only if they are all that it takes. */
	struct question_change *changes;
	size_t nchanges;
};

/* Starts the queries of dkim_lint(). */
void dkim_lint_prefetch(struct dns *dns, struct arena *a, struct span domain,
    const struct dkim_lint_selector *list, size_t n);

/* Checks the keys of a domain (normal form) under n selectors, which may be
 * none. *out must not be moved: it points into itself. */
void dkim_lint(struct dns *dns, struct arena *a, struct span domain,
    const struct dkim_lint_selector *list, size_t n, struct dkim_lint *out);

/*
 * Adds the selectors that providers are known to use, recognized by the hosts
 * of a domain's MX records and the domains of include: and redirect= in its SPF
 * record, to a list that was made by ARENA_PUSH(). A selector that is in the
 * list already is not added.
 */
void dkim_lint_guess(const struct span *hosts, size_t nhosts,
    const struct span *includes, size_t nincludes, struct arena *a,
    struct dkim_lint_selector **list, size_t *n);

#endif
