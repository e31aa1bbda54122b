/* taglist: tag=value lists of signatures and records (RFC 6376 3.2). */
/* SPDX-License-Identifier: ISC */
#ifndef TAGLIST_H
#define TAGLIST_H

#include "base/arena.h"

struct tag {
	struct span name;
	struct span value; /* without FWS at its ends; may have FWS inside */
	struct span whole; /* all between "=" and ";", unchanged */
};

struct taglist {
	struct tag *tags;
	size_t ntags;
	/* If the list is neither TAGLIST_OK nor too large nor empty: the text
	 * of the first invalid tag, and what is invalid, "NAME has no =". */
	struct span wrong, words;
	struct span irregular; /* the first name with "-" or ".", or absent */
};

enum taglist_status {
	TAGLIST_OK,
	TAGLIST_SYNTAX,
	TAGLIST_DUPLICATE, /* the same name twice (RFC 6376 3.2) */
	TAGLIST_TOO_LARGE, /* LIMIT_TAGLIST, LIMIT_TAGLIST_TAGS */
};

/*
 * Parses a whole tag-list, with UTF-8 in values (RFC 8616 5). Values may be
 * empty, the list may not; it may end with ";". A name may have "-" and ".",
 * which the grammar does not allow and no known name has, but every known
 * verifier accepts. White space may be SP, HTAB, CRLF or LF: DNS records have
 * no line ends, and those of fields were checked before.
 */
enum taglist_status
taglist_parse(struct span text, struct arena *a, struct taglist *list);

/* Returns the tag of a name (case-sensitive), or NULL. */
const struct tag *taglist_find(const struct taglist *list, const char *name);

/* Returns the value of that tag, or absent. */
struct span taglist_value(const struct taglist *list, const char *name);

/*
 * Removes the next item from a list separated by c, as in h=, q=, s= and t=,
 * and sets *item to it without white space around it. False at the end, when
 * *list is absent.
 */
bool taglist_item(struct span *list, char c, struct span *item);

#endif
