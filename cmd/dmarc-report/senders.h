/*
 * senders: --spf: which sources the SPF records of today authorize, and which
 * terms of these records no message needed.
 *	senders.c		what is to be evaluated, in which order
 *	senders_evaluate.c	the evaluation
 *	senders_terms.c		terms: their lookups, and their use
 *	senders_show.c		the screen
 *	senders_rows.c		-j
 *
 * A source is evaluated for a domain (see TALLY_SENDERS) as the client of a
 * message from postmaster@DOMAIN. Reports have neither local parts nor HELO, so
 * what a term with macros of these would do is not known.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SENDERS_H
#define SENDERS_H

#include "base/limit.h"
#include "job.h"
#include "spf/spf_record.h"
#include "spf/spf_trace.h"

struct senders_source {
	const struct tally_row *row;
	enum spf_reason reason;
	struct span detail;    /* as in struct spf_verdict */
	struct span mechanism; /* the same */
};

struct senders_term {
	struct span text;
	enum spf_kind kind;
	unsigned lookups; /* with those of the records below it */
	bool reached;     /* it can be evaluated at all */
	bool hidden;      /* its use is not known: macros */
	bool failed;      /* the same: an error came first, or was in it */
	struct senders_record *inner; /* of a domain at or below the sender's,
					 or NULL */
	/* Whom it decided the result for; elsewhere are those whose MAIL FROM
	 * is of another organization, so that nobody evaluates it for them. */
	uint64_t sources, messages, elsewhere;
};

struct senders_record {
	struct span domain;
	struct senders_term *terms; /* as written, including modifiers */
	size_t nterms;
};

/* A query that depends on the client's address. */
struct senders_macro {
	enum spf_kind kind;
	struct span spec, domain; /* the domain-spec, and %{d} */
};

/* Sources of one kind of result, and their messages. */
struct senders_sum {
	uint64_t sources, messages;
};

struct senders_domain {
	struct span domain;
	struct senders_source *sources; /* those evaluated */
	size_t nsources;
	struct senders_sum cut;    /* over LIMIT_REPORT_SENDERS */
	uint64_t messages, passed; /* of all sources; passed DMARC */
	uint64_t unaddressed;      /* messages without an address */
	enum spf_reason reason;    /* why there is no record, or PASS */
	struct span detail;
	struct span text;              /* of the record, or absent */
	struct senders_record *record; /* NULL: none, or malformed */
	unsigned lookups;              /* of all terms */
	struct senders_macro macros[LIMIT_SPF_LOOKUPS];
	size_t nmacros;
	enum spf_reason failure; /* of the DNS, or PASS */
	/* Sources with this MAIL FROM (0), or another one (1). */
	struct senders_sum inside[2], outside[2], unknown[2];
};

struct senders {
	struct job *job;
	struct dns *dns;
	struct senders_domain *domains;
	size_t ndomains;
	size_t cut; /* domains over LIMIT_REPORT_DOMAINS */
	uint64_t cut_messages;
	uint64_t others;    /* messages of which no source or domain is known */
	struct arena *work; /* of one evaluation */
	unsigned silent;    /* domains in a row for which no server answered */
	enum spf_reason silence; /* of the last of them */
};

/* Evaluates the sources of a domain. */
void senders_evaluate(struct senders *s, struct senders_domain *d);

/* Reads the terms of a domain's record from an evaluation that explored all of
 * them. */
void senders_read_terms(struct senders_domain *d,
    const struct spf_trace_check *root, struct arena *work, struct arena *a);

/* Notes whom an evaluation decided, and by which terms. */
void senders_count_terms(struct senders_record *record,
    const struct spf_trace_check *check, const struct tally_row *row);

/* Notes that for some sources it is not known which terms they need. */
void senders_doubt_terms(struct senders_record *record);

/* Is it a term that no message needed? Of "all", and where that is not known,
 * it is not told. */
bool senders_is_unused(const struct senders_term *t);

/* Returns the lookups that would be saved without the terms that no message
 * needed. */
unsigned senders_unused_lookups(const struct senders_record *record);

void senders_show(const struct senders *s);
void senders_rows(const struct senders *s);

#endif
