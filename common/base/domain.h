/*
 * domain: domain names as mail uses them. One normal form everywhere: A-labels
 * (RFC 5890), lower case, no dot at the end; so names compare by octets.
 */
#ifndef DOMAIN_H
#define DOMAIN_H

#include "base/arena.h"

/*
 * The normal form of a domain name in any form (A-labels, U-labels in UTF-8,
 * any case, with or without a dot at the end), in the arena. Absent if it is
 * no domain name: a label that is empty, over 63 octets, begins or ends with a
 * hyphen, has an octet other than letter, digit, hyphen or underscore (read
 * tolerantly: RFC 5321 4.1.2 has no underscore, the DNS and real selectors
 * do), a label that IDNA2008 with STD3 rules refuses (RFC 5891, RFC 8616 4;
 * an "xn--" label that is not valid too); over 253 octets; address literals.
 * One label alone ("localhost") is a name here.
 */
struct span domain_normal(struct span name, struct arena *a);

/* The same, but of what is no domain name the octets in lower case without the
 * dot at the end: for comparing authserv-ids (RFC 8601 2.5), which can be
 * anything. Blanks and comments around it are gone already. */
struct span domain_normal_id(struct span id, struct arena *a);

/* Is this normal form equal to, or below, that one? (example.org is below
 * org; anexample.org is not below example.org.) */
bool domain_within(struct span name, struct span ancestor);

/* How many labels a normal form has; the name without its first label, absent
 * after the last one. */
size_t domain_labels(struct span name);
struct span domain_parent(struct span name);

/* The normal form with its A-labels shown as U-labels, for people only. */
struct span domain_display(struct span name, struct arena *a);

#endif
