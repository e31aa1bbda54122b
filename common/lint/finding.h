/*
 * finding: errors and risks in the records of a domain's mail set-up: a list of
 * errors, warnings and notes, each with a stable identifier, in the same form
 * for all protocols.
 */
/* SPDX-License-Identifier: ISC */
#ifndef FINDING_H
#define FINDING_H

#include "dns/dns.h"
#include "mail/result.h"

enum finding_level {
	FINDING_NOTE,    /* worth knowing; nothing has to be done */
	FINDING_WARNING, /* the record works, but has a flaw or a risk */
	FINDING_ERROR,   /* receivers will not do what its owner intends */
};

/* A kind of finding. Each protocol has a table of them. */
struct finding_kind {
	const char *id;
	enum finding_level level;
	const char *words; /* the problem, and what to do about it */
};
#define FINDING_KIND(name, id, level, words) {id, FINDING_##level, words},

struct finding {
	const struct finding_kind *kind;
	const char *section;      /* "spf": the protocol, or the part */
	enum finding_level level; /* that of the kind, unless it was changed */
	struct span where;        /* the domain that owns the record */
	struct span what; /* the term, value or number concerned, or absent */
	const char *near; /* the word that was probably meant in it, or NULL */
	/* The record that it is about, if there is one; valid until the next
	 * dns_begin(). */
	const struct dns_rr *record;
};

struct findings {
	struct arena *arena;
	const char *section; /* of all findings that are added */
	/* The record that is being checked, of findings that are added, or
	 * NULL. */
	const struct dns_rr *record;
	struct finding *list;
	size_t n;
	/* RESULT_NONE or RESULT_TEMPERROR if the record, or a part of it, could
	 * not be checked; else RESULT_PASS. */
	enum result_code failed;
};

#define FINDINGS(a, name)   \
	((struct findings){ \
	    .arena = (a), .section = (name), .failed = RESULT_PASS})

/* Adds a copy of a finding, unless the list has the same one already. Returns
 * it, or that one, valid until the next is added: its level may be changed. */
struct finding *finding_add(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what);

/* The same with the word that was probably meant (nearest.h); NULL: none. */
struct finding *
finding_add_near(struct findings *f, const struct finding_kind *kind,
    struct span where, struct span what, const char *near);

/* Adds all findings of another list. */
void finding_join(struct findings *f, const struct findings *more);

/* Removes all findings with an identifier of a section. */
void finding_drop(struct findings *f, const char *section, const char *id);

/* Has the list a finding of that kind? */
bool finding_has(const struct findings *f, const struct finding_kind *kind);

/* Returns "note", "warning" or "error". */
const char *finding_level_name(enum finding_level level);

/* The domain that a record given without one is attributed to: a name that
 * never exists (RFC 2606). */
#define FINDING_NOBODY SPAN("record.invalid")

/*
 * Texts that are meant to be a record.
 */

/* Looks for octets that people do not see or take for others: controls,
 * invisible and no-break characters, dashes and quotes of word processors.
 * Returns the name of the first, with the text before it and its place, as in
 * "U+200B after 'v=spf1 incl' (octet 12)" or "U+201C at the beginning", in the
 * arena; absent if there is none. */
struct span finding_unseen(struct span text, struct arena *a);

/* Returns the text without these octets, dashes and quotes replaced by those of
 * ASCII; the text itself if it has none. */
struct span finding_without_unseen(struct span text, struct arena *a);

/* Returns the text with a space for each HTAB: in most records it is a blank
 * like it. */
struct span finding_without_tabs(struct span text, struct arena *a);

/* Returns a text from its first letter, digit or octet of keep on: without the
 * blanks and quotes, in any charset, that web forms, word processors and shells
 * leave in front of a record. */
struct span finding_skip_litter(struct span text, const char *keep);

/* Does a text begin with the version of a protocol, such as "spf", misspelt or
 * not: "v=spf1", "v=spf10", "v = SPF1", "v=spf1,", "v:spf1", "spf1"? */
bool finding_has_version(struct span text, struct span protocol);

#endif
