/* compare_internal: what the parts of compare share. */
/* SPDX-License-Identifier: ISC */
#ifndef COMPARE_INTERNAL_H
#define COMPARE_INTERNAL_H

#include "explain/compare.h"

struct compare_original {
	const struct message *m;
	struct span body;
	struct dkim_signature *signatures; /* that can be parsed, the topmost
					      LIMIT_AUTHRES_RESULTS */
	size_t nsignatures;
};

/* Fill the parts of a comparison whose signature is set. */
void compare_header(const struct message *m, const struct compare_original *o,
    struct comparison *c, struct arena *a);
void compare_body(struct span before, struct span after, struct comparison *c,
    struct arena *a);

/* Returns "same", "changed", "added", "lost". */
const char *compare_state_name(enum compare_state state);

/* Lines of a body. */

/* Removes the last line, with its line end, from *rest, which is not empty, and
 * returns it. */
struct span compare_last_line(struct span *rest);

/* Returns a body without the empty lines at its end (RFC 6376 3.4.3, 3.4.4). Of
 * a body without any other, simple leaves one. */
struct span compare_trimmed(enum canon c, struct span body);

/* Are two lines the same in canonical form? */
bool compare_same_line(enum canon c, struct span a, struct span b);

/* Do they have other octets nonetheless, but for their ends? */
bool compare_is_hidden(struct span a, struct span b);

/* Returns the octets of a line in canonical form, CRLF included. */
uint64_t compare_line_length(enum canon c, struct span line);

/* Returns how many canonical octets two lines have in common at their start. */
uint64_t compare_common(enum canon c, struct span a, struct span b);

/* Returns a number that is the same for lines that are the same. */
uint64_t compare_line_hash(enum canon c, struct span line);

/* Lines that were lost and added together, after those that are the same. */
struct compare_step {
	size_t same;        /* lines in both, before those */
	size_t lost, added; /* not both 0 but in the last step */
};

/*
 * Returns a shortest list of steps from one list of numbers to another, to the
 * ends of both (E. Myers, "An O(ND) Difference Algorithm", 1986). NULL: more
 * than LIMIT_COMPARE_EDITS numbers differ.
 */
struct compare_step *compare_script(const uint32_t *before, size_t nbefore,
    const uint32_t *after, size_t nafter, struct arena *a, size_t *n);

#endif
