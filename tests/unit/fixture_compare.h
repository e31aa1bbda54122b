/* fixture_compare: a message, its original, and their comparison. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_COMPARE_H
#define FIXTURE_COMPARE_H

#include "fixture_arena.h"
#include "fixture_file.h"

#include "explain/compare.h"
#include "mail/message.h"

/* A signature field: c=, l= or "", and h=. Its values are of no message. */
#define SIGNATURE(c, l, h)                                                  \
	"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; c=" c ";" l \
	" h=" h "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=BBBB\n"

static inline struct message *
message_of(struct span header, struct arena *a)
{
	struct message *m = ARENA_NEW(a, struct message);
	struct source *source = ARENA_NEW(a, struct source);
	int fd = file_of(ARENA_JOIN(a, header, SPAN("\n")));

	assert_int_equal(source_init(source, fd), 0);
	assert_int_equal(message_read(m, source, a), MESSAGE_OK);
	close(fd);
	return m;
}

struct pair {
	struct message *before, *after;
	struct dkim_signature *signature;
	struct comparison c;
};

/* Compares two messages. The header of the received one begins with the
 * signature field; that of the original has it if with_signature. */
static inline struct pair
compare_pair(const char *signature, bool with_signature, struct span before,
    struct span body_before, struct span after, struct span body_after,
    struct arena *a)
{
	struct span field = span_of(signature);
	struct pair p = {.signature = ARENA_NEW(a, struct dkim_signature)};

	p.before = message_of(
	    with_signature ? ARENA_JOIN(a, field, before) : before, a);
	p.after = message_of(ARENA_JOIN(a, field, after), a);
	assert_int_equal(
	    dkim_signature_parse(p.after->fields, a, p.signature), DKIM_OK);
	p.c = compare(p.after, body_after,
	    compare_original(p.before, body_before, a), p.signature, a);
	return p;
}

/* Compares two bodies. */
static inline struct comparison
compare_bodies(const char *signature, struct span before, struct span after,
    struct arena *a)
{
	struct span header = SPAN("From: a@example.org\n");

	return compare_pair(signature, true, header, before, header, after, a)
	    .c;
}

#endif
