/* key_lint_internal: what the files of key_lint share (see key_lint.h). For
 * these files alone. */
/* SPDX-License-Identifier: ISC */
#ifndef KEY_LINT_INTERNAL_H
#define KEY_LINT_INTERNAL_H

#include "lint/key_lint.h"

/* The tags of a key record (RFC 6376 3.6.1; g=: RFC 4871). */
#define KEY_TAGS "vkhstpng"
enum key_tag {
	KEY_TAG_V,
	KEY_TAG_K,
	KEY_TAG_H,
	KEY_TAG_S,
	KEY_TAG_T,
	KEY_TAG_P,
	KEY_TAG_N,
	KEY_TAG_G,
	KEY_TAG_COUNT,
};

/* The check of a text. */
struct key_text {
	struct arena *arena;
	struct key_lint *out;
	struct span name;            /* of the key */
	struct span text;            /* as it is published */
	const struct dns_rr *record; /* or NULL */
	const struct key_expected *expected;
	/* The values of the tags, without blanks around them; absent: no such
	 * tag. */
	struct span tags[KEY_TAG_COUNT];
	bool is_split; /* p= is there twice, and differs */
};

/* Adds a finding. */
void key_lint_add(struct key_text *t, enum key_finding kind, struct span what);

/* Returns the octets around a place of a text, to be shown. */
struct span key_lint_around(struct span text, size_t at);

/* A text without what was copied with it. */
struct key_clean {
	struct span text;
	/* What was removed, to be shown; absent: nothing. */
	struct span unseen, backslash, quotes, pem;
	bool is_private; /* it was the frame of a private key */
};

void key_lint_clean(struct span text, struct arena *a, struct key_clean *clean);

/* Takes the tags of a text that is not a valid tag-list, as they were meant,
 * and adds the findings about its form. Returns false if the text is not a key
 * at all: then the rest of the check is left out. */
bool key_lint_read(struct key_text *t);

/* Reads the octets of p= into the results, and adds the findings about them and
 * about k=. */
void key_lint_data(struct key_text *t);

/* The check of a text, but for the record to publish and the words about it. */
void key_lint_check(struct key_text *t);

/* The whole check. */
void key_lint_mend(struct key_text *t);

/* Returns the words about what to do, by the findings and the record to
 * publish. */
struct span key_lint_words(struct span name, const struct key_lint *l);

#endif
