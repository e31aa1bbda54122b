/*
 * repair: what a search for the signed octets tries, and what it has found. A
 * repair undoes one alteration, such as a footer that was appended; only if the
 * hash of the signer proves the result, it is reported.
 */
/* SPDX-License-Identifier: ISC */
#ifndef REPAIR_H
#define REPAIR_H

#include "dkim/dkim.h"

/* What sender or relay could do about an alteration. */
enum repair_advice {
	REPAIR_ADVICE_NONE,
	REPAIR_ADVICE_RELAXED,  /* sign with c=relaxed/relaxed */
	REPAIR_ADVICE_LIST,     /* dkim-sign --profile=list */
	REPAIR_ADVICE_TRACE,    /* do not sign what relays write */
	REPAIR_ADVICE_FIELDS,   /* leave what authors write */
	REPAIR_ADVICE_REWRITE,  /* leave it, or put the list into From */
	REPAIR_ADVICE_AFTER,    /* sign after the step that alters it */
	REPAIR_ADVICE_LINKS,    /* the same of links */
	REPAIR_ADVICE_LINES,    /* send lines under 998 octets */
	REPAIR_ADVICE_SEVEN,    /* send 7bit: quoted-printable or base64 */
	REPAIR_ADVICE_WORDS,    /* send encoded-words (RFC 2047) in fields */
	REPAIR_ADVICE_COMPLETE, /* sign messages with all required fields */
	REPAIR_ADVICE_ARCHIVE,  /* the copy in the archive was altered, not the
				   message: verify before storing it */
	REPAIR_ADVICE_RELAY,    /* tell those who run the relay */
	REPAIR_ADVICE_WHOLE,    /* sign without l= */
	REPAIR_ADVICE_KEY,      /* publish the key as long as mail needs it */
	REPAIR_ADVICE_RECORD,   /* publish a sound key record */
	REPAIR_ADVICE_STRONG,   /* use a longer key */
	REPAIR_ADVICE_METHOD,   /* sign by rsa-sha256 */
	REPAIR_ADVICE_AUTHOR,   /* sign From */
	REPAIR_ADVICE_ONCE,     /* send fields once, oversign them */
	REPAIR_ADVICE_FROM,     /* the list is in From: sign with its domain */
	REPAIR_ADVICE_PAIR,     /* sign with the key that is published */
	REPAIR_ADVICE_TIME,     /* let signatures live longer */
	REPAIR_ADVICE_CLOCK,    /* set the clock */
	REPAIR_ADVICE_COMPARE,  /* nothing was found: --original */
	REPAIR_ADVICE_COUNT
};

/*
 * A kind of alteration. phrase tells what was done, as the rest of a sentence
 * whose subject is the software: "added {lines} after line {line}". In it
 *	{lines}		"3 lines" or "1 line", of what the message has now, or
 *			of what was signed if nothing is there now
 *	{a-line}	the same before a noun: "a 3-line", "an 8-line"
 *	{line}		the line of the body, from 1, that the place is after
 *	{where}		"after line 214", or "at the start of the body" (both
 *			with "of that text" if it is one that was made), which
 *			"after line {line}" becomes, too, if there is none
 *	{in}		"in line 215", or "in 12 places from line 215 on"; "in
 *			{places}" becomes that, too, and "at the end of lines in
 *			{places}" becomes "at the end of line 215" if it is one
 *	{at}		as {where} if it is one place, else as {in}: for lines
 *			that were added or removed
 *	{places}	"1 place" or "12 places"
 *	{field}		the name of the field, or "From, To and 2 more fields",
 *			of which "the field {field}" and "the field name
 *			{field}" make "the fields From, To and 2 more"
 *	{after}		the octets that the message has now, short, in quotes,
 *			or "nothing"
 *	{before}	those that were signed, likewise
 *	{added}		what {after} has more than {before}, in quotes
 *	{removed}	what {before} has more than {after}, in quotes
 *	{was}		as {before}, and the place is all of the field's value
 * What has the same verb as another phrase loses it: "added X and Y".
 */
struct repair_kind {
	const char *id;     /* "body-footer": stable, for programs */
	const char *phrase; /* a past tense first */
	enum repair_advice advice;
	/* How likely it is: 0 is tried first. */
	unsigned rank;
};

/* Most repairs of one header, or of one body, at once. */
#define REPAIR_DEPTH 3

/* A repair that the hash has proven. */
struct repair {
	const struct repair_kind *kind;
	const struct field *field; /* of the header as received; NULL: of the
				      body, or it was lost */
	struct span name;          /* of the field; absent: of the body */
	/* The first place: octets from the start of the message as received,
	 * without mbox lines. If it is in a text that a repair before this one
	 * has made, such as one that was decoded: the place of that text;
	 * after has the octets as they were made then. */
	uint64_t offset, length;
	struct span after;  /* the octets there, as received */
	struct span before; /* those that were signed instead */
	uint64_t line;      /* whole lines of the body before the place */
	bool is_made;  /* lines are those of the body that the repairs before
			 this one have made, such as a text decoded */
	size_t places; /* how many there are, alike */
	size_t others; /* fields that were altered as well, of which no repair
			  tells */
};

/* Returns what could be done about an alteration: that of its kind, but mail
 * servers, and not lists alone, have to add trace fields. */
enum repair_advice repair_advice_of(const struct repair *r);

/* How much may be tried. The answer of a search depends on it alone, and not on
 * time. */
struct budget {
	uint64_t octets;        /* to be hashed */
	uint64_t verifications; /* by Ed25519 */
	uint64_t tries;         /* counted, not limited */
	bool spent;             /* something was left out */
};

/* The default: about 2 s for a message of 1 MB. */
#define BUDGET_OCTETS        ((uint64_t)1 << 30)
#define BUDGET_VERIFICATIONS 10000u

/* What a try costs besides its octets: the block that ends a hash. */
#define BUDGET_TRY 512u

/* Takes a try of so many octets. False, and nothing is taken, if there is not
 * enough left. */
bool budget_take(struct budget *b, uint64_t octets);

/* Takes what other work costs as much as hashing so many octets. False if there
 * is not enough left: then, all is taken. */
bool budget_work(struct budget *b, uint64_t octets);

#endif
