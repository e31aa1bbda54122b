/*
 * signers: what dkim-sign arranges around a signature: whose keys sign, whether
 * they may, what will go wrong on the way. Ends the program as cli.h does.
 */
#ifndef SIGNERS_H
#define SIGNERS_H

#include "tool/cli.h"
#include "dkim/dkim.h"
#include "dkim/preflight.h"

struct signers_options {
	const char *domain, *selector; /* or NULL, as all that follow */
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
	bool strict; /* warnings are refusals */
};

struct signer {
	struct dkim_signing who;
	struct span location;
};

/* Usage errors in options that need no message. */
void signers_check(const struct signers_options *o);

/*
 * Who signs a message of this author domain (absent: why says so in words).
 * Returns the number of signers, 0 if the table does not list the domain.
 */
size_t signers_load(const struct signers_options *o, struct span author,
    const char *why, struct signer **list, struct arena *a);

/* What the options say of the signatures, with usage errors: all of style but
 * names and identity, which need the message and the signers. */
void signers_style(const struct signers_options *o, struct dkim_fields *fields,
    struct dkim_sign_options *style, struct arena *a);

/* The rest of it: refuses (65) a message without what the profile needs. */
void signers_finish_style(const struct signers_options *o,
    const struct dkim_fields *fields, const struct message *m,
    const struct signer *list, size_t n, struct dkim_sign_options *style);

/* All signature fields, one a signer, the first on top. */
struct span signers_sign(const struct message *m, const struct signer *list,
    size_t n, const struct dkim_sign_options *style, struct span body_hash);

/* Gives back the keys. */
void signers_free(struct signer *list, size_t n);

/* Refuses (65, 75) unless the DNS has this key for each signer, and allows it
 * to sign for the domain of i= (absent: that of d=). */
void signers_check_dns(const struct signer *list, size_t n,
    struct span auid_domain, struct dns *dns, struct arena *a);

/* Reports the findings, that of d= among them; strict refuses (65). */
void signers_warn(struct preflight *p, const struct signer *list, size_t n,
    struct span author, bool strict);

#endif
