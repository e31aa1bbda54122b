/*
 * spf_tree_internal: what the files of spf_trace_lines() share: spf_tree.c has
 * the tree, spf_tree_answer.c what the DNS said. Nobody else includes it.
 */
#ifndef SPF_TREE_INTERNAL_H
#define SPF_TREE_INTERNAL_H

#include "spf/spf_trace.h"

/* A term or a name; of one over LIMIT_AUTHRES_VALUE, which nobody has written
 * for people, the beginning and "... (70000 octets)". */
struct span spf_tree_short(struct span text, struct arena *a);

/* "A: 192.0.2.1", with the name in front if it is not the one in the term; as
 * many records as have room, and one at least. */
struct span spf_tree_answer(const struct spf_step *s,
    const struct dns_answer *answer, size_t room, struct arena *a);

/* Does the answer count as a void lookup (RFC 7208 4.6.4)? */
bool spf_tree_is_void(const struct dns_answer *answer);

/* Have macros made the target another than the text written? */
bool spf_tree_is_expanded(const struct spf_step *s);

#endif
