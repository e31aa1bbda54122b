/* body_lines_internal: how repairs of lines collect edits, and the proposals of
 * each file. For the files of body_lines alone. */
/* SPDX-License-Identifier: ISC */
#ifndef BODY_LINES_INTERNAL_H
#define BODY_LINES_INTERNAL_H

#include "repair/body_internal.h"

/*
 * Lines, and edits of them (body_lines_walk.c).
 */

/* A line of a body: its text, and its line end, which is LF, CRLF or, only of
 * the last line, empty. */
struct line {
	struct span text, end;
};

/* Removes the next line from *rest; false if there are no more. */
bool lines_next(struct span *rest, struct line *line);

/* Is the line an empty one in the canonical form of the body? */
bool lines_is_empty(const struct body *b, struct line line);

/* Returns how many octets at the start of a text are WSP, or how many at its
 * end are. */
size_t lines_indent(struct span text);
size_t lines_trail(struct span text);

/* Returns how many octets at the start of a text are ASCII. */
size_t lines_ascii(struct span text);

/* Returns the octets from the start of one view of the body to the end of
 * another that follows it. */
struct span lines_through(struct span from, struct span to);

/* Is one text in another? The case counts; in time that grows with the longer
 * one. Returns its place, or the length of s. */
size_t lines_find(struct span s, struct span text);

/* Edits being collected. Once they are over LIMIT_EXPLAIN_EDITS, or over what
 * the body has room for, they are not proposed. */
struct lines_edits {
	const struct body *b;
	struct span end; /* body_eol() */
	struct edits edits;
	size_t listed, made; /* octets of the list, and of texts made for it */
	bool over;
};

struct lines_edits lines_begin(const struct body *b);

/* Adds: the octets old of the body become text, which is not copied. They are
 * after those of all edits before. Nothing is added if both are equal. */
void lines_edit(struct lines_edits *e, struct span old, struct span text);

/* Adds: the text is put at a place. */
void lines_insert(struct lines_edits *e, const char *at, struct span text);

/* Returns a place for the n octets of a text, or NULL if the edits are over
 * their limit. */
char *lines_text(struct lines_edits *e, size_t n);

/* Takes n octets of the room, for what is needed beside the texts. False: the
 * edits are over their limit. */
bool lines_take(struct lines_edits *e, size_t n);

/* These propose all edits at once; each of them alone, if there are several, as
 * a choice if they are over LIMIT_EXPLAIN_PLACES; both, in this order. */
void lines_propose(struct body_proposals *p, const struct lines_edits *e);
void lines_propose_each(struct body_proposals *p, const struct lines_edits *e);
void lines_propose_both(struct body_proposals *p, const struct lines_edits *e);

/* Does the body, or do the fields that describe it, declare format=flowed
 * (RFC 3676 4)? */
bool lines_are_flowed(const struct body *b);

/*
 * The repairs.
 */

typedef void body_propose_fn(const struct body *b, struct body_proposals *p);

/* body_lines_blank.c: empty lines */
body_propose_fn blank_added_at_start, blank_lost_at_start, blank_doubled,
    blank_added, blank_collapsed, blank_lost;

/* body_lines_trail.c: blanks at the ends of lines */
body_propose_fn trail_added, trail_dash_lost, trail_quote_lost,
    trail_flowed_lost, trail_lost;

/* body_lines_tabs.c: tabs and spaces */
body_propose_fn blanks_added, tabs_expanded, tabs_made;

/* body_lines_space.c: spaces */
body_propose_fn space_indented, space_reduced;

/* body_lines_ends.c: line ends */
body_propose_fn ends_cr_added, ends_cr_doubled, ends_cr_taken, ends_form_taken,
    ends_last_lost;

/* body_lines_nul.c: NUL */
body_propose_fn nul_added, nul_replaced, nul_lost;

/* body_lines_mbox.c: ">From " */
body_propose_fn mbox_quoted, mbox_unquoted;

/* body_lines_dots.c: dots at the start of lines */
body_propose_fn dots_added, dots_lost, dots_eaten;

/* body_lines_split.c: lines over a limit */
body_propose_fn split_added;

/* body_lines_wrap.c: words in lines */
body_propose_fn wrap_added, wrap_lost, wrap_changed, wrap_flowed, wrap_stuffed;

/* body_lines_charset.c: octets of characters */
body_propose_fn charset_made, charset_lost, charset_doubled, charset_bom_added,
    charset_bom_lost;

/* body_lines_marks.c: punctuation */
body_propose_fn marks_curled;

/* body_lines_links.c, body_lines_unlink.c: links that lead through a server */
body_propose_fn links_rewritten;

/* Finds the link that a service put its own in place of. The link is at the
 * start of the text; *length becomes how many octets of it are the service's.
 * The original is made for the edits. False if there is none. */
bool links_original(struct span link, struct lines_edits *e,
    struct span *original, size_t *length);

#endif
