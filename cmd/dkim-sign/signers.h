/*
 * signers: what dkim-sign does around a signature: it chooses the keys, checks
 * that the DNS permits them, and warns of defects that break signatures on the
 * way. Ends the program as cli.h does.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SIGNERS_H
#define SIGNERS_H

#include "dkim/dkim.h"
#include "dkim/preflight.h"
#include "tool/cli.h"

struct signers_options {
	const char *domain, *selector; /* any of these may be NULL */
	const struct cli_list *keys;   /* [SELECTOR=]KEYFILE */
	const char *table;
	const char *password_file;
	const char *canon;                   /* HEADER[/BODY] */
	const char *profile;                 /* never NULL */
	const char *sign_headers, *oversign; /* lists */
	const char *expire;                  /* a duration */
	const char *auid;                    /* i= */
	const char *now;
	bool no_timestamp, copied;
	bool strict;  /* refuse instead of warning */
	bool require; /* refuse a message that the table does not list */
};

struct signer {
	struct dkim_signing who;
	struct span location; /* of the key, for error messages */
};

/* Checks for usage errors that show without the message. */
void signers_check(const struct signers_options *o);

/*
 * Loads the signers of a message by its author domain (absent: why tells the
 * reason in words). Returns their number, 0 if the message is to pass unsigned,
 * which it has warned of: the table does not list the domain, or the domain has
 * one label. Refuses (65) the former with require, the latter with strict, too.
 */
size_t signers_load(const struct signers_options *o, struct span author,
    const char *why, struct signer **list, struct arena *a);

/* Sets the fields to sign and the style of the signatures by the options, with
 * usage errors; not style's names and AUID, which need message and signers. */
void signers_style(const struct signers_options *o, struct dkim_fields *fields,
    struct dkim_sign_options *style, struct arena *a);

/* Sets names and AUID. Refuses (65) a message without what the profile
 * needs. */
void signers_finish_style(const struct signers_options *o,
    const struct dkim_fields *fields, const struct message *m,
    const struct signer *list, size_t n, struct dkim_sign_options *style);

/* Returns the signature fields, one for each signer, the first on top. */
struct span signers_sign(const struct message *m, const struct signer *list,
    size_t n, const struct dkim_sign_options *style, struct span body_hash);

/* For -v: the domain of the signatures that follow and where it is from, a key,
 * that a key file or a line of the table is missing, and what the signatures
 * have in common. */
void
signers_explain_domain(struct span domain, const char *source, struct arena *a);
void signers_explain_key(const struct signer *s, struct arena *a);
void signers_explain_missing(struct span shown, struct arena *a);
void signers_explain_unlisted(
    const char *table, struct span author, const char *why, struct arena *a);
void signers_explain_style(
    const struct message *m, const struct dkim_sign_options *style);

/* Frees the keys. */
void signers_free(struct signer *list, size_t n);

/* Refuses (65, 75) unless the DNS has the key of each signer, and permits it to
 * sign for the domain of i= (absent: that of d=). */
void signers_check_dns(const struct signer *list, size_t n,
    struct span auid_domain, struct dns *dns, struct arena *a);

/* Warns of the findings, including a domain that is not related to the
 * author's; if strict, refuses (65). */
void signers_warn(struct preflight *p, const struct signer *list, size_t n,
    struct span author, bool strict);

#endif
