/*
 * reader_internal: streams in mails in streams. For the files of reader alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef READER_INTERNAL_H
#define READER_INTERNAL_H

#include "base/limit.h"
#include "mail/mime.h"
#include "report/reader.h"
#include "report/unpack.h"

/*
 * The first octets (reader_start.c).
 */

/* Octets that are held to see what a stream is: the first keys of a TLS report,
 * or a line of an mbox. */
#define READER_HELD 4096u

enum reader_start {
	START_MORE, /* it needs more octets */
	START_XML,
	START_HTML,
	START_MAIL,
	START_MBOX, /* of several mails, perhaps */
	START_TLS,  /* a TLS report */
	START_OTHER
};

/* Tells what a stream is by its first octets: all, READER_HELD or more, or
 * those that came so far. */
enum reader_start reader_start(struct span first, bool all);

/*
 * State.
 */

/* A problem that is told later, or not at all. */
struct reader_kept {
	struct reader_problem problem; /* its id is NULL if there is none */
	char words[256];
	struct reader_place place;
	char member[LIMIT_ZIP_NAME], name[LIMIT_ZIP_NAME];
};

/* What was found in a mail or file. */
struct reader_found {
	bool report;     /* aggregate or failure */
	bool refused;    /* some input */
	bool tls;        /* a TLS report */
	bool mail;       /* a mail that was skipped */
	bool unreadable; /* an archive that does not claim to be a report */
	/* The first stream that is not a report and need not be one: it is
	 * refused if nothing is found although a report is claimed. */
	struct reader_kept candidate;
};

/* What is known of the parts that a part is in, by their depth. */
struct reader_container {
	bool claims;    /* to be a report */
	bool quoted;    /* not read */
	bool feedback;  /* has a feedback report */
	bool is_report; /* multipart/report */
};

/* Octets of a part that are read as a whole. */
struct reader_capture {
	struct sink sink; /* first member */
	struct buf octets;
	bool too_large;
	struct sink *to; /* where they go, too, or NULL */
};

enum reader_route {
	READER_SNIFF,
	READER_TO_AGGREGATE,
	READER_TO_MAIL,
	READER_DISCARD
};

/*
 * A stream: that of level 0 is the file or mail, those of the next are the
 * parts of a mail in it, one after the other. It unpacks its octets; what comes
 * out is the content, also of one after the other. A mail as the content is
 * walked by the stream's walker. A level is allocated once, when it is first
 * needed.
 */
struct reader_stream {
	struct unpack_visitor visitor; /* first member */
	struct reader *of;
	unsigned level;
	struct unpack *unpack;
	/* The stream. */
	struct reader_found own_found; /* of level 0 */
	struct reader_found *found;    /* of what it is in */
	bool claims;                   /* to be a report */
	bool claims_itself;            /* as well, if it is not an archive */
	bool has_report;               /* so far */
	struct span outer_member; /* what it is in came out of an archive */
	bool damaged;             /* something of it was refused or cut */
	/* An archive is cut off, so many archives deep: told as a note when a
	 * report comes out of it, else refused. */
	struct reader_kept pending;
	unsigned pending_depth;
	/* The content. */
	struct reader_content {
		struct sink sink; /* first member */
		struct reader_stream *of;
	} content;
	enum reader_route route;
	bool is_packed; /* it came out of an archive, and is held */
	bool is_xml;    /* or HTML */
	char held[READER_HELD];
	size_t nheld;
	char member[LIMIT_ZIP_NAME];
	struct spool *spool;
	/* The content, if it is a mail. */
	struct reader_mail {
		struct mime_visitor visitor; /* first member */
		struct reader_stream *of;
	} mail;
	struct mime *mime;
	struct sink *mail_sink;
	struct reader_found mail_found;
	bool mail_claims; /* it, or a part of it */
	struct reader_container containers[LIMIT_MAIL_DEPTH + 1];
	struct reader_capture feedback, text;
};

struct reader {
	struct sink sink; /* first member: of the mail or file */
	struct sink *to;
	const struct reader_handler *handler;
	void *context;
	uint64_t max_size;
	struct budget budget;
	struct arena *arena; /* of a header field, or a failure report */
	struct arena *captured;
	struct aggregate *aggregate;
	struct reader_stream *streams[LIMIT_MAIL_ARCHIVES + 1];
	unsigned nstreams; /* that are open */
	unsigned nmails;   /* that are open */
	struct reader_place place;
	/* How a mail in a stream is read, in which there are streams. */
	struct sink *(*mail_begin)(struct reader_stream *s);
	void (*mail_end)(struct reader_stream *s);
	bool rehearsing; /* XML is read, and nothing is told */
	bool mended;     /* it had flaws other than its end */
	int error;
	char *chunk;
};

/* reader_stream.c */

struct reader_stream *reader_level(struct reader *r, unsigned level);

/* Begins a stream and returns its sink; what it is in, claims and found, are
 * set before. */
struct sink *reader_stream_begin(struct reader_stream *s);

/* Ends it, after its sink. cut: its octets end in the middle, at an offset of
 * the mail. */
void reader_stream_end(struct reader_stream *s, bool cut, uint64_t cut_at);

/* reader_mail.c */

/* Begins a mail as the content of a stream, and returns the sink for it. */
struct sink *reader_mail_begin(struct reader_stream *s);

/* Ends it, after its sink. */
void reader_mail_end(struct reader_stream *s);

/* reader_tell.c */

extern const struct aggregate_handler reader_aggregate;

void reader_skip(struct reader *r, enum reader_skipped why);

void reader_note(struct reader *r, const struct reader_problem *problem);

/* Refuses what a stream has, if it claims to be a report or has some. With
 * weak, what is refused need not be a report, if others are there: that is kept
 * as the candidate. */
void reader_refuse(
    struct reader_stream *s, const struct reader_problem *problem, bool weak);

/* Refuses as reader_refuse(), whatever is claimed. */
void reader_refuse_now(
    struct reader_stream *s, const struct reader_problem *problem);

void reader_keep(struct reader *r, struct reader_kept *kept,
    const struct reader_problem *problem);

/* Refuses what was kept, at its place. */
void reader_refuse_kept(struct reader_stream *s, struct reader_kept *kept);

/* A report was found in the streams that are open. */
void reader_found_report(struct reader *r);

#endif
