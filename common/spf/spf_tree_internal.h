/*
 * spf_tree_internal: what the files of spf_trace_lines() share: spf_tree.c has
 * the tree, spf_tree_answer.c the text of DNS answers, spf_tree_sum.c what all
 * costs together. For the files of spf_tree alone.
 */
/* SPDX-License-Identifier: ISC */
#ifndef SPF_TREE_INTERNAL_H
#define SPF_TREE_INTERNAL_H

#include "spf/spf_trace.h"

/* A tree being made. */
struct spf_tree {
	const struct spf_policy *policy;
	struct arena *arena;
	size_t columns; /* of a line, if names are short enough */
	struct result_line *lines;
	size_t nlines;
	bool clientless;
	unsigned total, voids; /* so far: lookups, void lookups */
	bool cut;              /* something was not queried */
	bool explored;         /* something was evaluated after the verdict */
};

/* Adds a line. */
void spf_tree_line(
    struct spf_tree *t, size_t indent, struct span text, enum screen_role role);

/* Adds the lines of the tree. */
void spf_tree_root(struct spf_tree *t, const struct spf_trace *trace);

/* Returns a term or a name; of one over LIMIT_AUTHRES_VALUE, which was not
 * written for people, the beginning and "... (70000 octets)". */
struct span spf_tree_short(struct span text, struct arena *a);

/* Returns "A: 192.0.2.1", after the name if that differs from the one in the
 * term; with as many records as there is room for, at least one. */
struct span spf_tree_answer(const struct spf_step *s,
    const struct dns_answer *answer, size_t room, struct arena *a);

/* Does the answer count as a void lookup (RFC 7208 4.6.4)? */
bool spf_tree_is_void(const struct dns_answer *answer);

/* Did macros change the target from what is written? */
bool spf_tree_is_expanded(const struct spf_step *s);

#endif
