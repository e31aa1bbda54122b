/*
 * explain: why a signature does not verify: which alteration of the message
 * was it, where, and by which kind of software. What is found is proven by the
 * signer's own hashes; it changes no result.
 *	explain.c		one signature: key, body, header
 *	explain_text.c		lines for people
 *	explain_sentence.c	the first of them
 *	explain_cause.c		why a signature does not count
 *	explain_advice.c	what helps
 *	explain_phrase.c	what was done, from the phrase of a repair
 *	explain_names.c		the fields that it tells of
 *	explain_json.c		objects for programs
 *	explain_witness.c	what other signatures prove
 *	explain_repaired.c	the message as it was signed
 */
/* SPDX-License-Identifier: ISC */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <jansson.h>

#include "dns/dns.h"
#include "repair/body.h"
#include "explain/context.h"
#include "repair/header.h"

enum explain_state {
	EXPLAIN_UNKNOWN,   /* there is no key or no hash to compare with */
	EXPLAIN_INTACT,    /* as signed */
	EXPLAIN_REPAIRED,  /* what was altered is known */
	EXPLAIN_NOT_FOUND, /* it differs, and no repair was proven */
};

/* Is it known what was signed? */
static inline bool
explain_is_known(enum explain_state state)
{
	return state == EXPLAIN_INTACT || state == EXPLAIN_REPAIRED;
}

/* What an RSA signature shows when it is undone with the key (RFC 8017
 * 8.2.2). */
enum explain_block {
	EXPLAIN_BLOCK_NONE,  /* no RSA key, or not looked at */
	EXPLAIN_BLOCK_SOUND, /* it has a digest: key and b= belong together */
	EXPLAIN_BLOCK_OTHER, /* it has none: another key, or a damaged b= */
};

struct explanation {
	const struct dkim_signature *signature; /* NULL: it cannot be parsed */
	enum dkim_reason reason;                /* of the result */
	enum explain_state header, body;
	enum explain_block block;
	struct header_found header_found; /* if not intact */
	struct body_found body_found;
	/* By index of m->fields: is it known to be as it was signed, since an
	 * earlier signature of the same domain that is valid, but for the body,
	 * covers it? NULL: none is. */
	const bool *intact;
	bool bh_altered;   /* the header is proven with another bh= */
	bool budget_spent; /* something was left out: no more may be tried */
	bool is_skipped;   /* nothing was tried: LIMIT_EXPLAIN_SIGNATURES above
			      it are searched */
	/* Fields that mail readers show once, but which the message has more of
	 * than are signed: "From, Subject". Empty: none. */
	struct span repeated;
	struct context context;
};

struct explain_options {
	struct budget budget; /* of all signatures together */
	int64_t now;
	struct dns *dns; /* for the keys of other selectors */
};

/*
 * Explains each signature of a message, in the order of the results, which
 * dkim_verify_end() has returned before. body has all octets after the header
 * as received. Returns their number, dkim_verify_count(). The list lives in the
 * arena of the message, points into the body, and is valid as long as both.
 * Each of the searches gets a part of the budget, and what one leaves is for
 * those after it. A signature that passes has no context.
 */
size_t explain(const struct message *m, struct span body,
    const struct dkim_verifier *v, const struct explain_options *options,
    const struct explanation **list);

/* Is anything that was signed known to be altered? Else a signature may fail
 * for its key or its times alone. */
bool explain_is_altered(const struct explanation *x);

/* Adds lines for people to the details of a result: the sentence, the findings,
 * what remains authenticated, what could be done. */
void explain_text(
    const struct message *m, const struct explanation *x, struct result *r);

/* Returns an object for programs (vouch-json(5)). */
json_t *explain_json(const struct message *m, struct span body,
    const struct explanation *x, struct arena *a);

/* Writes the message as it was signed, without mbox lines; the sink is not
 * ended. False, and nothing is written: it is not known. */
bool explain_repaired(const struct message *m, struct span body,
    const struct explanation *x, struct sink *to);

#endif
