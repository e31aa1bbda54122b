/* taglist: tag=value lists of signatures and records (RFC 6376 3.2). */
#ifndef TAGLIST_H
#define TAGLIST_H

#include "base/arena.h"

struct tag {
	struct span name;
	struct span value; /* without FWS at its ends; may hold FWS inside */
	struct span whole; /* all between "=" and ";" as it stands */
};

struct taglist {
	struct tag *tags;
	size_t ntags;
	/* Not TAGLIST_OK, of a text that is there and not too large: the tag
	 * in question from its name on, and what of it, "NAME has no =". */
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
 * Parses a whole tag-list, UTF-8 allowed in values (RFC 8616 5). Empty
 * values are allowed, an empty list is not, a ";" at the end is. So are "-" and
 * "." within a name, which the grammar does not have and no known name has, but
 * all verifiers that we know of read. White space
 * may be any of SP, HTAB, CRLF and LF (read tolerantly: DNS records have no
 * line ends, fields had theirs checked).
 */
enum taglist_status
taglist_parse(struct span text, struct arena *a, struct taglist *list);

/* The tag of that name (case counts), or NULL. */
const struct tag *taglist_find(const struct taglist *list, const char *name);

/* Its value, or absent. */
struct span taglist_value(const struct taglist *list, const char *name);

/*
 * Takes the next item off a list separated by c, white space around it
 * removed: for h=, q=, s=, t=. False at the end (*list absent).
 */
bool taglist_item(struct span *list, char c, struct span *item);

#endif
