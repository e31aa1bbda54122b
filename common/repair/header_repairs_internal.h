/*
 * header_repairs_internal: what the repairs of the header share. For the files
 * of header_repairs alone.
 *	header_repairs.c		the tables
 *	header_repairs_text.c		a field in pieces
 *	header_repairs_propose.c	what is proposed, and what is signed
 *	header_repairs_fields.c		whole fields: added, moved, replaced
 *	header_repairs_lost.c		the same: lost
 *	header_repairs_kept.c		old values in other fields
 *	header_repairs_from.c		From, which others put themselves into
 *	header_repairs_subject.c	tags and marks of a Subject
 *	header_repairs_encoded.c	encoded-words
 *	header_repairs_masked.c		8-bit characters that became others
 *	header_repairs_mailbox.c	addresses and names
 *	header_repairs_date.c		dates, identifiers of messages
 *	header_repairs_mime.c		the fields of MIME
 *	header_repairs_fold.c		folds
 *	header_repairs_blank.c		blanks, the case of names
 */
/* SPDX-License-Identifier: ISC */
#ifndef HEADER_REPAIRS_INTERNAL_H
#define HEADER_REPAIRS_INTERNAL_H

#include "repair/header_internal.h"

/* A field in pieces: raw is name, colon, value, tail and a line end. */
struct header_text {
	const struct header *h;
	size_t index;
	struct header_proposals *to;
	struct arena *arena;
	struct span raw;
	struct span name;  /* as written */
	struct span colon; /* with the blanks and folds around it */
	struct span value; /* without those at its ends; never absent */
	struct span tail;  /* blanks before the last line end */
	struct span eol;   /* with which to fold */
	bool is_simple;    /* the octets count, not only the words */
};

/*
 * Reads the text that a repair is given. False, and the repair has nothing to
 * do: the name is not one of these (a list that ends with NULL; or NULL, for
 * any name), the field is not signed or is the signature itself, or it has over
 * LIMIT_EXPLAIN_FIELD octets.
 */
bool
header_text_read(struct header_text *t, const struct header *h, size_t index,
    struct span raw, struct header_proposals *p, const char *const *names);

bool header_text_is(const struct header_text *t, const char *name);

/* Proposes another value; all else of the text is kept. */
void header_text_put(const struct header_text *t, struct span value);

/* Proposes another text for all of the field, joined from pieces. */
#define HEADER_TEXT_PUT(t, ...) \
	header_propose_text(    \
	    (t)->to, (t)->h, (t)->index, ARENA_JOIN((t)->arena, __VA_ARGS__))

/* Returns how many octets at the start, or at the end, are blanks or line
 * ends. */
size_t header_blanks(struct span s);
size_t header_blanks_last(struct span s);

/* The place of a text in s, ASCII case ignored, or s.len. */
size_t header_place(struct span s, struct span text);

/* Returns what is between the first octet and the last one, if these are they,
 * or absent. */
struct span header_between(struct span s, char first, char last);

/* Returns an address in angle brackets. */
struct span header_bracketed(struct span address, struct arena *a);

/* Returns a part of s replaced by a text. */
struct span header_spliced(
    struct span s, size_t at, size_t length, struct span by, struct arena *a);

/* Removes the octets up to the first c outside quoted-strings, comments and
 * angle brackets, and c, from *rest and returns them; *rest is absent after
 * the last. */
struct span header_item(struct span *rest, char c);

/* Returns how many such items there are. */
size_t header_items(struct span s, char c);

/* Returns the value of the lowest field of a name, without blanks around it, or
 * absent: it has none, or one over LIMIT_EXPLAIN_FIELD. */
struct span header_value(const struct header *h, struct span name);

/* Returns how often h= has a name. */
size_t header_named(const struct header *h, struct span name);

/* Sets the indices of the fields that h= selects, in its order, the signature
 * left out; no more than LIMIT_EXPLAIN_FIELDS. Returns their number. */
size_t header_selected(const struct header *h, size_t **list);

/* header_repairs_encoded.c: proposes a value whose text is encoded in the ways
 * of common software (RFC 2047). Text in ASCII is proposed as it is. */
void header_encoded_put(const struct header_text *t, struct span text);

/* Returns the text of a value: unfolded, with encoded-words decoded. */
struct span header_decoded(struct span value, struct arena *a);

/* Is some octet not ASCII, or some "=?" there? */
bool header_is_coded(struct span s);

/* Returns what is between the quotes of a quoted-string without its backslashes
 * (RFC 5322 3.2.4). */
struct span header_unescaped(struct span s, struct arena *a);

/* header_repairs_mailbox.c: an address of a list, in pieces. */
struct header_mailbox {
	struct span phrase;  /* as written, or absent */
	struct span blank;   /* what is between it and "<", or absent */
	struct span name;    /* the same without quotes and backslashes */
	struct span address; /* without brackets */
	struct span comment; /* without parentheses, or absent */
	bool has_angle;
};

struct header_mailbox header_mailbox(struct span item, struct arena *a);

/* Writes a name as a phrase: quoted always, or only if it must be. */
struct span header_phrase(struct span name, bool always, struct arena *a);

/* A repair's function of either kind. */
#define HEADER_FIELD(name)                                               \
	void name(const struct header *h, size_t index, struct span raw, \
	    struct header_proposals *p)
#define HEADER_WHOLE(name) \
	void name(const struct header *h, struct header_proposals *p)

HEADER_FIELD(header_subject_tag);
HEADER_FIELD(header_subject_moved);
HEADER_FIELD(header_subject_suffix);
HEADER_FIELD(header_subject_reply);
HEADER_FIELD(header_subject_empty);
HEADER_FIELD(header_words_encoded);
HEADER_FIELD(header_words_whole);
HEADER_FIELD(header_words_decoded);
HEADER_FIELD(header_octets);
HEADER_FIELD(header_masked);
HEADER_FIELD(header_from_via);
HEADER_FIELD(header_from_invalid);
HEADER_FIELD(header_replaced);
HEADER_FIELD(header_kept);
HEADER_FIELD(header_recipients);
HEADER_FIELD(header_unfold);
HEADER_FIELD(header_refold);
HEADER_FIELD(header_fold_lines);
HEADER_FIELD(header_fold_blanks);
HEADER_FIELD(header_fold_inside);
HEADER_FIELD(header_joined);
HEADER_FIELD(header_blank_runs);
HEADER_FIELD(header_blank_colon);
HEADER_FIELD(header_blank_commas);
HEADER_FIELD(header_name_case);
HEADER_FIELD(header_address_quotes);
HEADER_FIELD(header_address_form);
HEADER_FIELD(header_address_case);
HEADER_FIELD(header_address_added);
HEADER_FIELD(header_address_group);
HEADER_FIELD(header_date_form);
HEADER_FIELD(header_date_zone);
HEADER_FIELD(header_id_brackets);
HEADER_FIELD(header_id_list);
HEADER_FIELD(header_type_form);
HEADER_FIELD(header_type_order);
HEADER_FIELD(header_type_case);
HEADER_FIELD(header_type_lost);
HEADER_FIELD(header_type_added);
HEADER_FIELD(header_type_charset);
HEADER_FIELD(header_transfer);
HEADER_FIELD(header_version);
HEADER_WHOLE(header_added);
HEADER_WHOLE(header_completed);
HEADER_WHOLE(header_mime_added);
HEADER_WHOLE(header_retyped);
HEADER_WHOLE(header_twice);
HEADER_WHOLE(header_list_added);
HEADER_WHOLE(header_moved);
HEADER_WHOLE(header_lost);
HEADER_WHOLE(header_lost_kept);
HEADER_WHOLE(header_lost_mime);
HEADER_WHOLE(header_twin_lost);
HEADER_WHOLE(header_from_munged);
HEADER_WHOLE(header_mime);

#endif
