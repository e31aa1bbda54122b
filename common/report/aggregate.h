/*
 * aggregate: reads DMARC aggregate reports, the XML of RFC 9990, of RFC 7489
 * appendix C and of the drafts of 2011, in any or no namespace. The octets of
 * one stream are put in, in pieces of any size, split anywhere; records, notes
 * and refusals come out through a handler. A stream can have several reports.
 *	aggregate.c		the stream, and what it ends with
 *	aggregate_expat.c	expat, and where reading can resume
 *	aggregate_encoding.c	UTF-16, and encodings of 8 bits
 *	aggregate_mend.c	XML that expat refuses: text
 *	aggregate_mend_tag.c	the same: tags
 *	aggregate_read.c	elements, from expat or mended, to records
 *	aggregate_value.c	the text of an element to a member
 *	aggregate_word.c	the words that values can be
 *	aggregate_tell.c	what the handler is told
 *	aggregate_elements.c	the names of elements, and their places
 *
 * Elements can be in any order; unknown ones are skipped with their content.
 * A record that cannot be read is refused, and the others of the report are
 * kept: records read and records refused are all records present. What was read
 * though it may mislead is told as a note. Where expat reports an error, the
 * octets from the last whole child of <feedback> on are mended, and what was
 * mended is a note. A document type declaration is refused, so there are no
 * entities but the five of XML. Memory does not grow with the stream.
 */
/* SPDX-License-Identifier: ISC */
#ifndef AGGREGATE_H
#define AGGREGATE_H

#include "base/ip.h"
#include "base/sink.h"

/*
 * Notes: what was mended in the XML, what a report has, what a record has. Each
 * is told once for a report, with the number of the records it is about, and
 * the line and the words of the first place.
 */
#define AGGREGATE_NOTES(X)                      \
	X(UNCLOSED_TAG, "unclosed-tag")         \
	X(STRAY_MARKUP, "stray-markup")         \
	X(BAD_UTF8, "bad-utf8")                 \
	X(BAD_DECLARATION, "bad-declaration")   \
	X(BAD_ENTITY, "bad-entity")             \
	X(CUT_OFF, "cut-off")                   \
	X(TRAILING_OCTETS, "trailing-octets")   \
	X(ORDER, "order")                       \
	X(OLD_ELEMENT, "old-element")           \
	X(POLICY_TWICE, "policy-twice")         \
	X(SEVERAL_DOMAINS, "several-domains")   \
	X(ODD_TIME, "odd-time")                 \
	X(ODD_PERIOD, "odd-period")             \
	X(NO_RECORDS, "no-records")             \
	X(ODD_RESULT, "odd-result")             \
	X(ODD_DISPOSITION, "odd-disposition")   \
	X(ODD_REASON, "odd-reason")             \
	X(ODD_POLICY, "odd-policy")             \
	X(NO_ADDRESS, "no-address")             \
	X(NO_COUNT, "no-count")                 \
	X(NO_HEADER_FROM, "no-header-from")     \
	X(OTHER_DOMAIN, "other-domain")         \
	X(TOO_MANY_RESULTS, "too-many-results") \
	X(LONG_ELEMENT, "long-element")

/* What is refused: records of a report, then input from some place on. */
#define AGGREGATE_REFUSALS(X)                   \
	X(BAD_COUNT, "bad-count")               \
	X(BAD_RECORD, "bad-record")             \
	X(CUT_OFF_RECORD, "cut-off-record")     \
	X(LATE_METADATA, "late-metadata")       \
	X(TOO_LARGE, "too-large")               \
	X(TOO_MANY_REFUSED, "too-many-refused") \
	X(NOT_A_REPORT, "not-a-report")         \
	X(EMPTY, "empty")                       \
	X(DOCTYPE, "doctype")                   \
	X(BAD_XML, "bad-xml")                   \
	X(ELEMENT_TOO_LONG, "element-too-long") \
	X(TOO_DEEP, "too-deep")

#define AGGREGATE_NOTE(name, id)    AGGREGATE_##name,
#define AGGREGATE_REFUSAL(name, id) AGGREGATE_REFUSED_##name,
enum aggregate_note {
	AGGREGATE_NOTES(AGGREGATE_NOTE) AGGREGATE_NOTE_COUNT
};
enum aggregate_refusal {
	AGGREGATE_REFUSALS(AGGREGATE_REFUSAL)
};

/* The identifier of a note, or of a refusal. */
const char *aggregate_note_id(enum aggregate_note note);
const char *aggregate_refusal_id(enum aggregate_refusal refusal);

/* A set of notes: bit 1 << n for note n. */
typedef uint32_t aggregate_notes;
#define AGGREGATE_BIT(note) ((aggregate_notes)1 << (note))

/*
 * Texts are UTF-8, without the white space at both ends; what is absent or
 * empty is an absent span. Domains are in the normal form of base/domain.h or,
 * if they have none, as they were written. Words are in lower case and among
 * those that the comments list; any other word is absent, or replaced as the
 * comment says, and there is a note.
 */

/* report_metadata. */
struct aggregate_metadata {
	struct span org_name, email, extra_contact_info, report_id, generator;
	struct span *errors; /* up to LIMIT_REPORT_RESULTS */
	size_t nerrors;
	bool has_begin, has_end;
	int64_t begin, end; /* seconds since 1970 */
};

/* policy_published. */
struct aggregate_policy {
	struct span domain;
	struct span discovery_method; /* psl, treewalk */
	struct span p, sp, np;        /* none, quarantine, reject */
	struct span adkim, aspf;      /* r, s */
	struct span fo;               /* any text, in lower case */
	struct span testing;          /* n, y */
	bool has_pct;
	unsigned pct; /* 0 to 100 */
};

struct aggregate_report {
	size_t index; /* the number of reports before it in its stream */
	uint64_t line;
	struct aggregate_metadata metadata;
	struct aggregate_policy policy;
	aggregate_notes notes; /* so far, also those of its records */
	uint64_t records;      /* read and refused, so far */
	uint64_t refused;
};

/* type: forwarded, sampled_out, trusted_forwarder, mailing_list, local_policy,
 * policy_test_mode, other; of any other text, other, with the text in the
 * comment. */
struct aggregate_reason {
	struct span type, comment;
};

/* result: none, pass, fail, policy, neutral, temperror, permerror, and softfail
 * of SPF; none if it is absent or unknown. */
struct aggregate_dkim {
	struct span domain, selector, result, human_result;
};

/* scope: helo, mfrom. */
struct aggregate_spf {
	struct span domain, scope, result, human_result;
};

struct aggregate_record {
	uint64_t line;
	/* The address in its usual form, IPv4-mapped ones as IPv4; if it is not
	 * one, the text, and has_ip is false. */
	struct span source_ip;
	bool has_ip;
	struct ip ip;
	uint64_t count;
	struct span
	    disposition; /* none, quarantine, reject; pass is read as none */
	struct span dkim, spf; /* of policy_evaluated: pass, fail */
	struct aggregate_reason *reasons;
	size_t nreasons;
	struct span header_from; /* if absent, the policy's domain */
	struct span envelope_from, envelope_to;
	struct aggregate_dkim *dkim_results; /* up to LIMIT_REPORT_RESULTS */
	size_t ndkim;
	struct aggregate_spf *spf_results; /* the same */
	size_t nspf;
	aggregate_notes notes;
};

/*
 * What is told. A record lives until the call for it returns, a report until
 * the call of end for it does, words until their call returns. Text of the
 * input that words quote is shortened, and has to be escaped. Each function can
 * be NULL.
 *
 * A report's calls are begin; record and refused, in the order of the stream,
 * but for the refusals of what came before its metadata; note; and end. begin
 * comes once report_metadata and policy_published have been read, right before
 * its first record, and in any case before the first note. Of several
 * policy_published or report_metadata the last before the first record counts;
 * records that come before the first of each are held.
 */
struct aggregate_handler {
	void (*begin)(void *context, const struct aggregate_report *report);
	void (*record)(void *context, const struct aggregate_report *report,
	    const struct aggregate_record *record);
	/* records: how many of the records read it is about; 0 for a note of
	 * the report itself. */
	void (*note)(void *context, const struct aggregate_report *report,
	    enum aggregate_note note, uint64_t line, uint64_t records,
	    struct span words);
	/* records: how many are refused; 0: the input from this line on is.
	 * report is NULL if there was none, and for too-many-refused, which
	 * comes last and counts records of any report. */
	void (*refused)(void *context, const struct aggregate_report *report,
	    enum aggregate_refusal refusal, uint64_t line, uint64_t records,
	    struct span words);
	void (*end)(void *context, const struct aggregate_report *report);
};

struct aggregate;

/* A reader, for any number of streams, one after the other. The handler must
 * live as long as the reader. now, in seconds since 1970, tells which periods
 * are in the future; 0: none. */
struct aggregate *aggregate_new(
    const struct aggregate_handler *handler, void *context, int64_t now);
void aggregate_free(struct aggregate *a); /* NULL is accepted */

/* Takes octets of the stream. The first octets begin one. */
void aggregate_put(struct aggregate *a, const char *p, size_t n);

/* Ends the stream, and returns the number of reports in it. The reader is ready
 * for another stream. */
size_t aggregate_end(struct aggregate *a);

/* The same two functions as a sink, which lives as long as the reader. */
struct sink *aggregate_sink(struct aggregate *a);

#endif
