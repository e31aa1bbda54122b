/*
 * key_lint: errors and risks in a DKIM key as it is published (RFC 6376 3.6.1),
 * and the record that mends it. It recognizes what happens to key
 * records on their way into the DNS: copied quotes and backslashes, a cut or
 * doubled text, the frame of a PEM file, a private key.
 *	key_lint.c		the records of a name
 *	key_lint_text.c		the text of a record
 *	key_lint_tags.c		the tags of one that verifiers cannot parse
 *	key_lint_clean.c	copied quotes, backslashes, frames, repetitions
 *	key_lint_data.c		the octets of p=
 *	key_lint_found.c	what was found, for those that show it
 *	key_lint_mend.c		the record to publish, and words about it
 */
/* SPDX-License-Identifier: ISC */
#ifndef KEY_LINT_H
#define KEY_LINT_H

#include "dkim/dkim.h"
#include "lint/finding.h"

/* The kinds of findings: name, identifier, level, words. man/domain-check.1 has
 * the same table. Those up to KEY_FINDING_FORBIDDEN dkim-verify has, too,
 * several-keys as "multiple-keys". */
#define KEY_FINDINGS(X)                                                        \
	X(NONE, "no-key", ERROR,                                               \
	    "no key is published under this name: publish the key's record "   \
	    "here, or sign with another selector")                             \
	X(NOT_A_KEY, "not-a-key", ERROR,                                       \
	    "the TXT record is not a key record: publish the key's record "    \
	    "instead")                                                         \
	X(REVOKED, "key-revoked", ERROR,                                       \
	    "the key was revoked (p= is empty): sign with another selector")   \
	X(DIFFERS, "key-differs", ERROR,                                       \
	    "another key is published: publish the record of the key that "    \
	    "signs")                                                           \
	X(SYNTAX, "key-syntax", ERROR,                                         \
	    "the key record cannot be parsed: publish it as it was made")      \
	X(TYPE, "key-type", ERROR,                                             \
	    "k= does not name the type of the key in p=: write k=rsa or "      \
	    "k=ed25519")                                                       \
	X(SEVERAL, "several-keys", ERROR,                                      \
	    "several key records have this name, and verifiers accept none "   \
	    "of them: keep one, and give other keys names of their own")       \
	X(SERVICE, "key-service", ERROR, "the key is not for e-mail: drop s=") \
	X(HASH, "key-hash", ERROR,                                             \
	    "the key does not allow the hash that all sign with: drop h=, or " \
	    "write h=sha256")                                                  \
	X(TESTING, "key-testing", WARNING,                                     \
	    "the key is published as being tested, so receivers may treat "    \
	    "the mail as unsigned: drop t=y")                                  \
	X(SMALL, "key-small", WARNING,                                         \
	    "an RSA key should have 2048 bits or more (RFC 8301): make a new " \
	    "one with dkim-key new")                                           \
	X(TOO_SMALL, "key-too-small", ERROR,                                   \
	    "an RSA key under 1024 bits is refused (RFC 8301): make a new "    \
	    "one with dkim-key new")                                           \
	X(LARGE, "key-too-large", ERROR,                                       \
	    "verifiers do not accept an RSA key of this size: make one of "    \
	    "2048 bits with dkim-key new")                                     \
	X(EXPONENT, "key-exponent", ERROR,                                     \
	    "the RSA exponent is even, 1 or over 64 bits: make a new key "     \
	    "with "                                                            \
	    "dkim-key new")                                                    \
	X(WEAK, "key-weak-point", ERROR,                                       \
	    "anyone can forge signatures for this Ed25519 key: make a new "    \
	    "one "                                                             \
	    "with dkim-key new")                                               \
	X(FORBIDDEN, "algorithm-forbidden", NOTE,                              \
	    "this host's configuration of GnuTLS forbids the algorithm, so "   \
	    "the key was not checked")                                         \
	X(QUOTES, "key-quotes", ERROR,                                         \
	    "the quotes of a zone file are part of the record: enter the "     \
	    "text without them")                                               \
	X(BACKSLASH, "key-backslash", ERROR,                                   \
	    "backslashes are part of the record: enter the text without them") \
	X(TRUNCATED, "key-truncated", ERROR,                                   \
	    "the key in p= is cut: publish all of it, in strings of at most "  \
	    "255 octets")                                                      \
	X(DOUBLED, "key-doubled", ERROR,                                       \
	    "the record, or a part of it, is there twice: enter it once")      \
	X(PEM, "key-pem", ERROR,                                               \
	    "p= has lines of a PEM file: it takes the base64 text alone, in "  \
	    "one line")                                                        \
	X(CNAME, "key-cname", ERROR,                                           \
	    "a CNAME and a text are confused: a name has either a CNAME "      \
	    "record, or a TXT record with the key")                            \
	X(DANGLING, "key-dangling", ERROR,                                     \
	    "the CNAME leads to a name that does not exist, and whoever gets " \
	    "that name can sign: remove the CNAME, or have the key published " \
	    "there")                                                           \
	X(PRIVATE, "key-private", ERROR,                                       \
	    "a private key is published, so anyone can sign with it: sign "    \
	    "with a new key of dkim-key new, and revoke this one")             \
	X(VERSION, "key-version", WARNING,                                     \
	    "v= is not as it must be: begin the record with v=DKIM1;")         \
	X(DUPLICATE, "key-duplicate", NOTE,                                    \
	    "the same record is there twice: drop one")                        \
	X(BLANKS, "key-blanks", NOTE,                                          \
	    "p= has blanks, which are allowed, but some receivers stumble "    \
	    "over them: drop them")                                            \
	X(UNSEEN, "unseen-character", ERROR,                                   \
	    "the record has a character that cannot be seen, or looks like "   \
	    "another: type it anew")

enum key_finding {
#define KEY_FINDING_ENUM(name, id, level, words) KEY_FINDING_##name,
	KEY_FINDINGS(KEY_FINDING_ENUM)
};

extern const struct finding_kind key_findings[]; /* by enum key_finding */

/* The key that ought to be published, as far as it is known. */
struct key_expected {
	enum key_type type;
	/* What p= has for it, decoded: the SubjectPublicKeyInfo of an RSA key,
	 * the 32 octets of an Ed25519 key (RFC 8463 4); or absent. With it, a
	 * record can be proposed even where nothing useful is published. */
	struct span data;
	const struct key_private *private; /* compared if data is absent */
};

enum key_lint_state {
	/* For e-mail and sha256, not testing, Ed25519 or RSA of 2048 bits, and
	 * the one expected; there are no findings but notes. */
	KEY_LINT_SOUND,
	KEY_LINT_FLAWED, /* there is something, but it is not sound */
	KEY_LINT_REVOKED,
	KEY_LINT_ABSENT,
	KEY_LINT_UNKNOWN, /* a DNS failure, or GnuTLS may not check it */
};

struct key_lint {
	enum key_lint_state state;
	/* Of section "dkim"; where is the name of the key. */
	struct findings findings;
	/* What a verifier makes of it: a reason as of dkim_key_query(), with a
	 * key that cannot be imported as _KEY_SYNTAX and the like. */
	enum dkim_reason reason;
	/* Can a verifier use it for signatures by rsa-sha256 or ed25519-sha256,
	 * be it small or being tested? */
	bool is_usable;
	/* The key in p=, as far as it can be read even from a mangled record;
	 * data is absent if it cannot, or if it is a private key. */
	enum key_type type;
	unsigned bits;
	struct span data;
	/* The end of the CNAMEs, if there are any; else absent. */
	struct span target;
	/* Of a key that is not sound: what to do, in words, and the text of the
	 * one record to publish, which was tried: with it the key is sound. It
	 * is absent where that takes a new private key, or the CNAME of another
	 * owner is to be changed. */
	struct span mend, proposed;
};

/*
 * Checks an answer to a query for the TXT records of a key's name. expected may
 * be NULL.
 */
void key_lint(const struct dns_answer *answer,
    const struct key_expected *expected, struct arena *a, struct key_lint *out);

/* Checks the text of a record that may be published under that name. */
void key_lint_text(struct span name, struct span text,
    const struct key_expected *expected, struct arena *a, struct key_lint *out);

/* Adds the finding of a CNAME record beside the TXT records of an answer, and
 * returns whether there is one. Then no key is sound. */
bool key_lint_beside(struct dns *dns, const struct dns_answer *answer,
    struct arena *a, struct key_lint *out);

/* Returns the reason of a state that is unknown, by the status of an answer. */
enum dkim_reason key_lint_failure(enum dns_status status);

/* Returns the finding that matters most, or NULL if there are only notes. */
const struct finding *key_lint_worst(const struct key_lint *l);

/* Returns the finding that says what happened to the record on its way into the
 * DNS, or NULL if there is none: what tells more than a verifier's reason. */
const struct finding *key_lint_damage(const struct key_lint *l);

/* Returns "RSA 2048", "Ed25519"; absent if the key is not known. */
struct span key_lint_title(const struct key_lint *l, struct arena *a);

/* Returns a key record: v=DKIM1; k=TYPE; h=; s=; t=; p=, of these h, s and t
 * only where they are present. */
struct span key_lint_record(enum key_type type, struct span hashes,
    struct span services, struct span flags, struct span data, struct arena *a);

#endif
