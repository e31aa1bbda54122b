/* aggregate_internal: the reader's state, and what its files call. */
/* SPDX-License-Identifier: ISC */
#ifndef AGGREGATE_INTERNAL_H
#define AGGREGATE_INTERNAL_H

#include <expat.h>

#include "base/limit.h"
#include "report/aggregate.h"

/* The local names of elements. */
enum name {
	NAME_NONE, /* any other */
	NAME_FEEDBACK,
	NAME_SCHEMA,
	NAME_VERSION,
	NAME_REPORT_METADATA,
	NAME_ORG_NAME,
	NAME_EMAIL,
	NAME_EXTRA_CONTACT_INFO,
	NAME_REPORT_ID,
	NAME_DATE_RANGE,
	NAME_BEGIN,
	NAME_END,
	NAME_ERROR,
	NAME_GENERATOR,
	NAME_POLICY_PUBLISHED,
	NAME_DOMAIN,
	NAME_P,
	NAME_SP,
	NAME_NP,
	NAME_ADKIM,
	NAME_ASPF,
	NAME_PCT,
	NAME_FO,
	NAME_TESTING,
	NAME_DISCOVERY_METHOD,
	NAME_RECORD,
	NAME_ROW,
	NAME_SOURCE_IP,
	NAME_COUNT,
	NAME_POLICY_EVALUATED,
	NAME_DISPOSITION,
	NAME_DKIM,
	NAME_SPF,
	NAME_REASON,
	NAME_TYPE,
	NAME_COMMENT,
	NAME_IDENTIFIERS,
	NAME_IDENTITIES, /* the drafts of 2011 */
	NAME_HEADER_FROM,
	NAME_ENVELOPE_FROM,
	NAME_ENVELOPE_TO,
	NAME_AUTH_RESULTS,
	NAME_SELECTOR,
	NAME_RESULT,
	NAME_HUMAN_RESULT,
	NAME_SCOPE,
	NAMES
};

/* Elements by their place: <domain> is one of three. */
enum node {
	NODE_OUTSIDE, /* before and after feedback; another root */
	NODE_FEEDBACK,
	NODE_SKIPPED, /* an unknown element, and what is in it */
	NODE_VERSION,
	NODE_METADATA,
	NODE_ORG_NAME,
	NODE_EMAIL,
	NODE_EXTRA_CONTACT_INFO,
	NODE_REPORT_ID,
	NODE_DATE_RANGE,
	NODE_BEGIN,
	NODE_END,
	NODE_ERROR,
	NODE_GENERATOR,
	NODE_POLICY,
	NODE_POLICY_DOMAIN,
	NODE_P,
	NODE_SP,
	NODE_NP,
	NODE_ADKIM,
	NODE_ASPF,
	NODE_PCT,
	NODE_FO,
	NODE_TESTING,
	NODE_DISCOVERY_METHOD,
	NODE_RECORD,
	NODE_ROW,
	NODE_SOURCE_IP,
	NODE_COUNT,
	NODE_EVALUATED,
	NODE_DISPOSITION,
	NODE_EVALUATED_DKIM,
	NODE_EVALUATED_SPF,
	NODE_REASON,
	NODE_REASON_TYPE,
	NODE_REASON_COMMENT,
	NODE_IDENTIFIERS,
	NODE_HEADER_FROM,
	NODE_ENVELOPE_FROM,
	NODE_ENVELOPE_TO,
	NODE_RESULTS,
	NODE_DKIM,
	NODE_DKIM_DOMAIN,
	NODE_DKIM_SELECTOR,
	NODE_DKIM_RESULT,
	NODE_DKIM_HUMAN_RESULT,
	NODE_SPF,
	NODE_SPF_DOMAIN,
	NODE_SPF_SCOPE,
	NODE_SPF_RESULT,
	NODE_SPF_HUMAN_RESULT,
	NODES
};

/* On the stack: an element that is treated as if it were not there, in a place
 * for children of this node. */
#define NODE_TRANSPARENT 0x80

/* What a node is, in few octets. Each but OUTSIDE and SKIPPED has one row in
 * the table. */
struct element {
	unsigned char name;   /* enum name */
	unsigned char parent; /* enum node */
	bool has_text;
	bool once;           /* in its parent, if that is in a record */
	unsigned char order; /* from 1, in a sequence of RFC 9990; 0: any */
};

extern const struct element aggregate_elements[NODES];

/* How names and places are found. */
#define NAME_HASHES 128
struct vocabulary {
	unsigned char hash[NAME_HASHES];   /* a name, or NAME_NONE */
	unsigned char child[NODES][NAMES]; /* a node, or 0 */
	uint64_t children[NODES];          /* a set of nodes */
	unsigned char next[2 * NODES]; /* the name that last came at a place */
};
void aggregate_vocabulary(struct vocabulary *v);

/* The name of an element, without regard to its prefix. */
enum name aggregate_name(const struct vocabulary *v, struct span text);

/* The same, but first tries the name that came at this place the last time. A
 * place is after the beginning of a node, or NODES more: after its end. */
enum name
aggregate_next_name(struct vocabulary *v, unsigned place, const char *text);

/* The octets that are not done with: from the end of the last whole child of
 * feedback on; while mending, from the last whole token on. */
struct window {
	char *p;
	size_t len, size;
	size_t parsed;     /* how many of them were passed to expat */
	uint64_t base;     /* where they begin in the stream */
	const char *piece; /* while it is parsed: what follows them */
};

/* A note that is to be told at the report's end. */
#define NOTE_WORDS 400
struct pending_note {
	uint64_t line, records;
	uint64_t record; /* how many records preceded it */
	size_t len;      /* of words; 0: there is no note yet */
	char words[NOTE_WORDS];
};

/* UTF-16, as it comes. */
struct aggregate_wide {
	bool is_wide, is_big_endian, has_half;
	unsigned char half; /* the first octet of a unit */
	uint32_t high;      /* a high surrogate, or 0 */
};

struct aggregate {
	struct sink sink;
	const struct aggregate_handler *handler;
	void *context;
	int64_t now;
	XML_Parser expat;
	struct vocabulary vocabulary;
	size_t chunk; /* passed to expat at once; tests make it smaller */

	/* The stream. */
	bool started, stopped;
	bool saw_text, saw_tag; /* outside reports */
	uint64_t line;          /* of what is being read */
	uint64_t counted; /* octets of the stream whose lines line counts */
	size_t reports;
	size_t told, untold; /* refused records of the stream */
	struct window window;

	char first[2]; /* octets, held until both have come */
	size_t nfirst;
	struct aggregate_wide wide;

	/* Where reading resumes if expat fails: after the last whole child. */
	uint64_t mark, mark_line;
	size_t mark_depth;
	char encoding[24];    /* as declared */
	enum XML_Error error; /* expat's, or none */
	uint64_t error_at, error_line;

	/* Mending. */
	bool mending, wants_mending, error_passed;
	int charset[256]; /* as in XML_Encoding, if has_charset */
	bool has_charset;
	size_t transparent; /* open elements that are not on the stack */
	size_t mended;      /* places */
	uint64_t searched;  /* octets */

	/* Elements. */
	unsigned char stack[LIMIT_XML_DEPTH + 1];
	size_t depth;   /* stack[depth] is the innermost, stack[0] outside */
	unsigned place; /* see aggregate_next_name() */
	bool in_text;   /* the innermost has text */
	bool gets_text; /* expat passes it */
	bool text_is_long;
	size_t ntext;
	char text[LIMIT_XML_ELEMENT];
	unsigned order[NODES]; /* of the last child, in each sequence */

	/* The report. */
	bool report_open, begun, saw_record;
	struct aggregate_report report;
	struct pending_note notes[AGGREGATE_NOTE_COUNT];
	struct aggregate_metadata metadata; /* being read */
	struct aggregate_policy policy;     /* being read */
	bool has_metadata, has_policy;
	struct arena *metadata_arena, *next_metadata_arena;
	struct arena *policy_arena, *next_policy_arena;
	uint64_t over, over_line; /* records over LIMIT_REPORT_RECORDS */
	uint64_t late, late_line; /* records over LIMIT_REPORT_HELD */

	/* The record. */
	struct arena *arena; /* of the record that is being read */
	struct arena *record_arena, *held_arena;
	struct arena *words_arena;       /* of aggregate_quoted() */
	struct aggregate_record *record; /* NULL: none */
	struct aggregate_record **held;
	size_t nheld;
	uint64_t seen; /* a set of nodes */
	bool has_count, record_mended, is_late;
	bool is_bad;
	enum aggregate_refusal bad;
	char bad_words[NOTE_WORDS];
};

/* aggregate_tell.c */

/* Quotes a text of the input for words: escaped and short. Valid until the next
 * call. */
const char *aggregate_quoted(struct aggregate *a, struct span text);

/* Notes of the report, of the record that is being read, of a place that was
 * mended in either. */
void aggregate_note_report(struct aggregate *a, enum aggregate_note note,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void aggregate_note_record(struct aggregate *a, enum aggregate_note note,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
void aggregate_note_mended(
    struct aggregate *a, enum aggregate_note note, const char *words);

/* The record that is being read will not count, nor will its notes. */
void aggregate_unnote_record(struct aggregate *a);

/* The record that is being read will be refused. The first reason counts. */
void aggregate_spoil(struct aggregate *a, enum aggregate_refusal refusal,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Refuses a number of records. */
void aggregate_refuse(struct aggregate *a, enum aggregate_refusal refusal,
    uint64_t line, uint64_t records, const char *words);

/* Refuses the rest of the stream. */
void aggregate_stop(
    struct aggregate *a, enum aggregate_refusal refusal, const char *words);

/* Passes the record that is being read, which is complete, to the handler, or
 * holds it. */
void aggregate_tell_record(struct aggregate *a);

/* Passes the held records, if the metadata has come. */
void aggregate_tell_held(struct aggregate *a);

/* Tells what is left of the report. */
void aggregate_tell_end(struct aggregate *a);

/* aggregate_value.c: sets the member that the text of a node is for. */
void aggregate_value(struct aggregate *a, enum node node, struct span text);

/* aggregate_word.c: each returns the word that a text is read as, or an absent
 * span; *odd tells that there is to be a note. */
struct span aggregate_word_policy(struct span text);
struct span aggregate_word_disposition(struct span text, bool *odd);
struct span aggregate_word_evaluated(struct span text, bool *odd);
struct span aggregate_word_result(struct span text, bool is_spf, bool *odd);
struct span aggregate_word_reason(struct span text);
struct span aggregate_word_of(struct span text, const struct span *words);

/*
 * aggregate_read.c: an element begins, has text, ends. READ_MEND: it cannot
 * begin here, so a tag is lost; nothing was done. Nobody ends what has not
 * begun.
 */
enum read {
	READ_OK,
	READ_MEND,
	READ_TOO_DEEP
};
enum read aggregate_open(struct aggregate *a, enum name name);
void aggregate_text(struct aggregate *a, const char *p, size_t n);
void aggregate_close(struct aggregate *a);

/* Begins a feedback, or returns to the one that has ended. */
void aggregate_reopen(struct aggregate *a);

/* Forgets what was read of a child of feedback. */
void aggregate_forget(struct aggregate *a);

/* aggregate_encoding.c */

/* Maps the octets of an encoding of 8 bits to characters. Returns false if it
 * is not known. */
bool aggregate_charset(const char *name, int map[static 256]);

/* Do the first octets of a stream say that it is UTF-16? */
struct aggregate_wide aggregate_wide_of(const char *first, size_t n);

/* Converts octets of UTF-16 to at most four times as many, and returns their
 * number. What is not UTF-16 becomes U+FFFD. */
size_t aggregate_wide_utf8(
    struct aggregate_wide *w, const char *p, size_t n, char *out);

/* Writes a character as UTF-8; returns its length. */
size_t aggregate_utf8(uint32_t c, char out[static 4]);

/* aggregate_expat.c */

/* Prepares expat for a stream, or for one that is UTF-8 whatever it says. */
void aggregate_expat_begin(struct aggregate *a, bool is_utf8);

/* Parses a piece of the stream, or if it is empty, what of the window was not
 * parsed yet; all of that was, if there is a piece. May stop the stream, or set
 * wants_mending. */
void aggregate_expat_run(struct aggregate *a, struct span piece, bool final);

/* Adds octets to the window. */
void aggregate_window_add(struct window *w, struct span s);

/* Removes the first n octets from the window. */
void aggregate_drop(struct aggregate *a, size_t n);

/* aggregate_mend.c */

/* Reads the window from where expat failed. */
void aggregate_mend_begin(struct aggregate *a);
void aggregate_mend_run(struct aggregate *a, bool final);

/* aggregate_mend_tag.c */

/* The octets that tell what a token that begins with "<" is: "</", a prefix, a
 * known name, what follows it. That more octets are here changes nothing: how
 * many there are depends on the pieces that the stream comes in. */
#define AGGREGATE_MARKUP 128

/* Reads the tag, broken tag or lone "<" at the start of s, which is what there
 * is of the stream; more can come. Returns how many octets were read; 0: more
 * are needed. */
size_t aggregate_mend_tag(struct aggregate *a, struct span s, bool more);

/* Does a tag of a known name begin s? */
bool aggregate_mend_is_known(const struct aggregate *a, struct span s);

/* Is s, with which the stream ends, too short to tell what it begins? */
bool aggregate_mend_is_cut_off(struct span s);

/* The stream has ended: ends what is open. */
void aggregate_mend_end(struct aggregate *a);

#endif
