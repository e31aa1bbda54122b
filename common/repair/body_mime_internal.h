/* body_mime_internal: what repairs of MIME share. For body_mime*.c alone. */
/* SPDX-License-Identifier: ISC */
#ifndef BODY_MIME_INTERNAL_H
#define BODY_MIME_INTERNAL_H

#include "repair/body_internal.h"
#include "mail/field.h"

/*
 * Parts (body_mime_part.c).
 */

struct span
body_mime_content(const struct body *b, const struct body_part *part);

/* The raw fields of a part in the body, without the empty line after them. */
struct span
body_mime_header(const struct body *b, const struct body_part *part);

/* The offset in the body of octets that are in it. */
size_t body_mime_at(const struct body *b, struct span s);

/* Proposes a single edit. */
void body_mime_propose(
    struct body_proposals *p, size_t at, size_t length, struct span text);

/* Takes so many octets of the room that a repair has left. */
bool body_mime_take(size_t *room, size_t octets);

/*
 * Other texts of parts: of contents or headers (body_mime_part.c).
 */

struct body_mime_texts;

/* Adds the edits of a part that its text makes. False: it does not apply. */
typedef bool
body_mime_edit(struct body_mime_texts *t, size_t part, struct edits *e);

/* A repair has this as the first member of a struct of its own. */
struct body_mime_texts {
	const struct body *b;
	struct body_proposals *p;
	struct span *list; /* of each part; absent: no change */
	size_t n;          /* those that are not absent */
	size_t room;       /* octets that are left to write them */
	body_mime_edit *edit;
};

struct body_mime_texts body_mime_texts_begin(
    const struct body *b, struct body_proposals *p, body_mime_edit *edit);
void body_mime_texts_clear(struct body_mime_texts *t);
void
body_mime_texts_set(struct body_mime_texts *t, size_t part, struct span text);

/* Proposes all texts at once, if each applies; or each alone, where there are
 * several. */
void body_mime_propose_all(struct body_mime_texts *t);
void body_mime_propose_each(struct body_mime_texts *t);

/*
 * Encodings (body_mime_codec.c).
 */

/* How software writes quoted-printable. */
struct body_mime_style {
	size_t width; /* of a line, with the "=" at its end */
	enum {
		BODY_MIME_REST,   /* a line's rest takes all of the width */
		BODY_MIME_STRICT, /* no line without "=" takes all of it */
		BODY_MIME_NEXT,   /* as STRICT, except for a last octet that is
				     not escaped */
		BODY_MIME_EARLY,  /* a break comes once there is no room for
				     another escape */
	} breaks;
	bool tabs;   /* HTAB is escaped */
	bool blanks; /* all blanks at the end of a line are, not the last */
	bool soft;   /* after a blank at the end whose escape is too long */
	bool from;   /* the F of a line that begins with "From " is */
	bool dot;    /* and a "." that is alone in a line */
	const char *others; /* and these octets, or NULL */
};

#define BODY_MIME_STYLES 12
extern const struct body_mime_style body_mime_styles[BODY_MIME_STYLES];

/* Line lengths of base64, the likeliest first; 0 is a single line. */
#define BODY_MIME_WIDTHS 5
extern const size_t body_mime_widths[BODY_MIME_WIDTHS];

/* Returns the octet that a text begins with as an escape, such as "=3D", or
 * -1. The text is not empty. */
int body_mime_escape(struct span s);

/* Writes the text of quoted-printable. False: it is malformed. */
bool body_mime_decode_quoted(struct span s, struct buf *out);

/* Returns the text of any encoding but an unknown one. False: it is malformed,
 * or unknown. */
bool body_mime_decode(enum mime_encoding encoding, struct span s,
    struct arena *a, struct span *text);

/* Write an encoded text. The last line of base64 has no line end. */
void body_mime_encode_quoted(const struct body_mime_style *style,
    struct span text, struct span eol, struct buf *out);
void body_mime_encode_base64(
    struct span text, size_t width, struct span eol, struct buf *out);

/*
 * Ways of writing a content (body_mime_write.c).
 */

struct body_mime_way {
	size_t number;
	struct span eol;
	bool is_root; /* the whole body: blanks at its end are without effect */
	size_t room;  /* octets that may be written */
};

/* Each writes a content, which has the encoding that is named, in one way.
 * False: it is not possible. */
#define BODY_MIME_WRITE(name)                            \
	bool body_mime_write_##name(struct span content, \
	    const struct body_mime_way *way, struct buf *out)

BODY_MIME_WRITE(unquoted);         /* 1 way */
BODY_MIME_WRITE(unbase64);         /* 2: as it is, last line end toggled */
BODY_MIME_WRITE(quoted);           /* BODY_MIME_STYLES */
BODY_MIME_WRITE(requoted);         /* BODY_MIME_STYLES */
BODY_MIME_WRITE(base64_as_quoted); /* these, then with the end toggled */
BODY_MIME_WRITE(base64);           /* BODY_MIME_BASE64_WAYS */
BODY_MIME_WRITE(quoted_as_base64); /* BODY_MIME_BASE64_WAYS */
BODY_MIME_WRITE(rewrapped);        /* 3 for each width */
BODY_MIME_WRITE(hex);              /* 2: upper case, lower case */

#define BODY_MIME_BASE64_WAYS (8 * BODY_MIME_WIDTHS)

/*
 * The first or last octets of a text that is perhaps encoded
 * (body_mime_window.c).
 */

struct body_mime_window {
	enum mime_encoding encoding;
	struct span text; /* decoded */
	struct span raw;  /* as it is in the body */
	size_t at;        /* the offset of raw */
	uint32_t *places; /* quoted-printable: in raw, of each octet of text,
			     and of its end */
	size_t width;     /* base64: digits of a line, or 0 */
	struct span eol;  /* and its line end */
};

/* Opens the last, or the first, octets of a leaf. False: they are malformed, or
 * could not be changed without all of the rest. */
bool body_mime_open(const struct body *b, const struct body_part *part,
    bool last, struct arena *a, struct body_mime_window *w);

/* Returns the edit of the body that removes [from, to) of the text, encoded as
 * the rest is. */
struct edit body_mime_remove(
    const struct body_mime_window *w, size_t from, size_t to, struct arena *a);

/*
 * Where a text may have been put in (body_mime_cut.c).
 */

#define BODY_MIME_CUTS 96

struct body_mime_cuts {
	struct {
		size_t from, to;
	} list[BODY_MIME_CUTS]; /* the likeliest first */
	size_t n;
};

void
body_mime_cut_plain(struct span text, bool last, struct body_mime_cuts *cuts);
void
body_mime_cut_html(struct span text, bool last, struct body_mime_cuts *cuts);

/*
 * Other headers of parts (body_mime_vary.c).
 */

/* Octets of a header that is changed. Those of parts have some 200. */
#define BODY_MIME_HEADER 8192

/* Writes the header of a part in a way, by its number. False: it does not
 * apply. */
typedef bool body_mime_variation(const struct body_part *part,
    struct span header, size_t number, struct span eol, struct buf *out);

/* Proposes each way for all parts at once, and for each part alone. */
void body_mime_vary(const struct body *b, struct body_proposals *p,
    size_t numbers, body_mime_variation *variation);

/*
 * Repairs.
 */

#define BODY_MIME_REPAIR(name) \
	void body_mime_##name(const struct body *b, struct body_proposals *p)

/* body_mime_recode.c */
BODY_MIME_REPAIR(quoted);
BODY_MIME_REPAIR(base64);
BODY_MIME_REPAIR(quoted_to_base64);
BODY_MIME_REPAIR(base64_to_quoted);
BODY_MIME_REPAIR(unquoted);
BODY_MIME_REPAIR(unbase64);
BODY_MIME_REPAIR(rewrapped);
BODY_MIME_REPAIR(requoted);
BODY_MIME_REPAIR(hex);

/* body_mime_wrapper.c */
BODY_MIME_REPAIR(wrapper);
BODY_MIME_REPAIR(attached);
BODY_MIME_REPAIR(part_added);

/* body_mime_between.c */
BODY_MIME_REPAIR(preamble);
BODY_MIME_REPAIR(delimiters);

/* body_mime_footer.c */
BODY_MIME_REPAIR(disclaimers);
BODY_MIME_REPAIR(banners);
BODY_MIME_REPAIR(text_added);

/* body_mime_spelling.c */
BODY_MIME_REPAIR(charset);
BODY_MIME_REPAIR(spelling);

/* body_mime_field.c */
BODY_MIME_REPAIR(fields);

#endif
