/*
 * reader: reads one mail or one file, and tells which reports are in it. What a
 * stream of octets is - XML, gzip, zip, a mail with any of these in any part -
 * is told by its first octets, never by a name or a media type.
 *	reader.c	a mail or file begins and ends
 *	reader_start.c	what the first octets tell
 *	reader_stream.c	a stream: the file itself, or a part of a mail
 *	reader_mail.c	the parts of a mail, and failure reports in them
 *	reader_tell.c	what the handler is told
 *
 * Of an archive nothing is told until all its octets have come out and their
 * checksum is right: a digit that changed on the way would change a sum. They
 * are held in a spool. So of an archive that is damaged, or that has more
 * octets than the limit, nothing counts, and it is refused.
 *
 * XML in gzip that ends in the middle has no checksum, and is read as XML that
 * ends in the middle is: whole records count, with the note cut-off. It is
 * refused if no report comes out of it, or if the XML has flaws other than its
 * end, as then octets have changed. Base64 that ends in the middle of a quantum
 * is the same, and is refused as well (bad-base64), unless what came out of it
 * is whole: then only padding is missing.
 *
 * A file that is not a mail claims to be a report: what cannot be read of it is
 * refused. A mail claims it if its Subject begins with "Report Domain:" (RFC
 * 9990 3.5.1, in this case), or it is a multipart/report of the type
 * feedback-report; a part, if its file name has two "!" (RFC 9990 3.5.2).
 * Archives and XML elsewhere in mail that cannot be read are skipped, and the
 * mail is counted as skipped.
 *
 * The message that a multipart/report returns (RFC 6522 3) is not read, nor a
 * message after a feedback report: the sender of a message must not choose what
 * a report about it counts.
 */
/* SPDX-License-Identifier: ISC */
#ifndef READER_H
#define READER_H

#include "base/inflate.h"
#include "mail/source.h"
#include "report/aggregate.h"
#include "report/failure.h"

/* Where something is. All spans are octets of any value. */
struct reader_place {
	struct span input;  /* the name given to reader_begin() */
	unsigned part;      /* its number in the mail, from 1; 0: no mail */
	struct span name;   /* the part's file name, or absent */
	struct span member; /* of the innermost archive, or absent */
	bool nested;        /* the part is of a message in the mail */
};

/*
 * Notes: trailing-octets, cut-off. They come before the reports that they are
 * about, those of the same part and member; but that about octets after base64
 * comes after them.
 * Refused: not-a-report empty doctype bad-xml bad-gzip bad-base64 bad-zip
 * empty-zip zip-encrypted zip-method zip64 outlook-msg too-large too-deep
 * too-many-members too-many-parts element-too-long unreadable.
 */
struct reader_problem {
	const char *id;
	struct span words; /* for people: a clause */
	uint64_t line;     /* of the XML, or 0 */
	uint64_t offset;   /* of an archive's octet, or of base64 in the mail;
			      else 0 */
};

/* Why a mail or file was skipped. */
enum reader_skipped {
	READER_SKIPPED_MAIL,       /* an ordinary one */
	READER_SKIPPED_TLS_REPORT, /* RFC 8460 */
	READER_SKIPPED_UNREADABLE, /* a mail with archives that cannot be read,
				      and do not claim to be a report */
};

/*
 * What is told. All that is passed lives until the call returns, but reports as
 * report/aggregate.h says. Functions can be NULL, also those of aggregate.
 * aggregate.refused is called for what is refused of a report, or of records;
 * input without a report is told by refused. reader_place() is where it is.
 *
 * skipped is told once for a mail or file, after all else. A mail in which
 * there are reports, too, is only told if it is unreadable.
 */
struct reader_handler {
	struct aggregate_handler aggregate;
	void (*failure)(void *context, const struct failure *failure);
	void (*note)(void *context, const struct reader_problem *problem);
	void (*refused)(void *context, const struct reader_problem *problem);
	void (*skipped)(void *context, enum reader_skipped why);
};

struct reader;

/* A reader, for any number of mails and files, one after the other. It keeps
 * what it allocates. The handler must live as long; max_size: the octets that
 * may come out of the archives of each mail or file; now: as aggregate_new().
 */
struct reader *reader_new(const struct reader_handler *handler, void *context,
    uint64_t max_size, int64_t now);
void reader_free(struct reader *r); /* NULL is accepted */

/* Begins a mail or file, and returns the sink for its octets. The name is kept
 * by reference until the sink has ended. Mails and files never overlap. */
struct sink *reader_begin(struct reader *r, struct span input);

/* Reads all of a source by reader_begin(), but no more of a file that is not a
 * mail once it has been refused: it may be endless. Returns 0, or -1 with errno
 * if it cannot be read, which is also told as unreadable. */
int reader_read(struct reader *r, struct span input, struct source *source);

/* Where what is being told is: valid in a call of the handler. */
const struct reader_place *reader_place(const struct reader *r);

/* The errno if a temporary file could not be written or read since the mail or
 * file began, else 0. It was also refused, as "unreadable". */
int reader_error(const struct reader *r);

#endif
