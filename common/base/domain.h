/*
 * domain: domain names as mail uses them. The normal form has A-labels (RFC
 * 5890), lower case and no dot at the end, so names in it compare by octets.
 */
/* SPDX-License-Identifier: ISC */
#ifndef DOMAIN_H
#define DOMAIN_H

#include "base/arena.h"

/*
 * Returns the normal form, in the arena, of a domain name in any form: A-labels
 * or U-labels in UTF-8, any case, with or without a dot at the end. Absent if
 * the text is not a domain name: it has over 253 octets; a label is empty, has
 * over 63 octets, begins or ends with a hyphen, has an octet that is not a
 * letter, digit, hyphen or underscore (RFC 5321 4.1.2 has no underscore, the
 * DNS and real selectors do), or is refused by IDNA2008 with STD3 rules (RFC
 * 5891, RFC 8616 4; an invalid "xn--" label is refused, too). An address
 * literal is not a name; a single label ("localhost") is one.
 */
struct span domain_normal(struct span name, struct arena *a);

/* The same, but what is not a domain name is returned in lower case without the
 * dot at its end: for comparing authserv-ids (RFC 8601 2.5), which can be any
 * text. The caller has removed blanks and comments around it. */
struct span domain_normal_id(struct span id, struct arena *a);

/* Is the normal form name equal to ancestor or below it? (example.org is below
 * org; anexample.org is not below example.org.) */
bool domain_within(struct span name, struct span ancestor);

/* How many labels a normal form has. */
size_t domain_labels(struct span name);

/* The normal form without its first label; absent if it has no other. */
struct span domain_parent(struct span name);

/* The normal form with U-labels for its A-labels, to be shown to people
 * only. */
struct span domain_display(struct span name, struct arena *a);

/* A name without the dot at its end, if there is one. */
struct span domain_without_dot(struct span name);

#endif
