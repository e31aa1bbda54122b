/* fixture_explanation: a message that a list has altered, and what was found
 * about its signature, by hand. */
/* SPDX-License-Identifier: ISC */
#ifndef FIXTURE_EXPLANATION_H
#define FIXTURE_EXPLANATION_H

#include "fixture_arena.h"
#include "fixture_file.h"

#include <unistd.h>

#include "explain/explain_internal.h"

#define MESSAGE                                                      \
	"DKIM-Signature: v=1; d=example.org; s=r1\r\n"               \
	"Received: from a.example.org\r\n"                           \
	"\tby lists.example.net; Tue, 1 Dec 2026 04:00:00 +0000\r\n" \
	"From: Jane <jane@example.org>\r\n"                          \
	"Subject: [dev] Hello\r\n"                                   \
	"To: dev@lists.example.net\r\n"                              \
	"\r\n"                                                       \
	"Hello.\r\n"

#define FOOTER                 \
	"____________\r\n"     \
	"dev mailing list\r\n" \
	"https://lists.example.net/dev\r\n"

/* Kinds of alterations, with phrases as the tables of repairs have them. */
static const struct repair_kind footer = {"body-footer",
    "added {a-line} footer after line {line}", REPAIR_ADVICE_LIST, 0};
static const struct repair_kind tag = {
    "subject-tag", "added {after} to the {field}", REPAIR_ADVICE_LIST, 0};
static const struct repair_kind rewritten = {"from-rewritten",
    "rewrote {field}, which was {before}", REPAIR_ADVICE_REWRITE, 0};
static const struct repair_kind spaces = {"body-trailing-added",
    "added spaces at the end of lines in {places}", REPAIR_ADVICE_RELAXED, 0};
static const struct repair_kind lost = {
    "body-blank-start-lost", "removed {lines} {where}", REPAIR_ADVICE_RELAY, 0};
static const struct repair_kind dropped = {
    "header-removed", "removed {field}", REPAIR_ADVICE_RELAY, 0};
static const struct repair_kind split = {
    "body-split", "split a long line {in}", REPAIR_ADVICE_LINES, 0};

struct known {
	struct arena *arena;
	struct source source;
	struct message m;
	struct dkim_signature s;
	struct explanation x;
};

/* A signature of example.org, which nothing is known of. */
static inline struct known *
known(void **state)
{
	struct known *k = ARENA_NEW(*state, struct known);
	int fd = file_of(SPAN(MESSAGE));

	k->arena = *state;
	assert_int_equal(source_init(&k->source, fd), 0);
	assert_int_equal(message_read(&k->m, &k->source, *state), MESSAGE_OK);
	close(fd); /* all of it is in memory */
	k->s = (struct dkim_signature){.field = &k->m.fields[0],
	    .domain = SPAN("example.org"),
	    .selector = SPAN("r1"),
	    .names = SPAN("from:from:subject:to:cc"),
	    .header = CANON_RELAXED,
	    .body = CANON_RELAXED,
	    .length = UINT64_MAX};
	k->x =
	    (struct explanation){.signature = &k->s, .reason = DKIM_BODY_HASH};
	return k;
}

static inline void
in_body(struct known *k, struct repair r)
{
	k->x.body = EXPLAIN_REPAIRED;
	k->x.body_found.is_found = true;
	k->x.body_found.repairs[k->x.body_found.nrepairs++] = r;
}

static inline void
in_header(struct known *k, struct repair r)
{
	k->x.header = EXPLAIN_REPAIRED;
	k->x.header_found.is_found = true;
	k->x.header_found.repairs[k->x.header_found.nrepairs++] = r;
}

static inline struct repair
footer_after(uint64_t line, struct span text)
{
	return (struct repair){.kind = &footer,
	    .offset = 9000,
	    .length = text.len,
	    .after = text,
	    .before = SPAN(""),
	    .line = line,
	    .places = 1};
}

static inline struct repair
tag_of(struct known *k, struct span text)
{
	return (struct repair){.kind = &tag,
	    .field = &k->m.fields[3],
	    .name = SPAN("Subject"),
	    .offset = 170,
	    .length = text.len,
	    .after = text,
	    .before = SPAN(""),
	    .places = 1};
}

/* The same: Mailman added this footer after a line and a tag to the Subject, and
 * the key was replaced. */
static inline struct known *
listed(void **state, uint64_t line, struct span text)
{
	static const struct context_kind rotated = {
	    "selector-rotated", "the key was replaced"};
	struct known *k = known(state);

	k->x.block = EXPLAIN_BLOCK_SOUND;
	k->x.context.software = CONTEXT_LIST;
	k->x.context.name = SPAN("Mailman 3.3.8");
	k->x.context.hop = &k->m.fields[1];
	k->x.context.notes[0] = (struct context_note){&rotated, SPAN("r2")};
	k->x.context.nnotes = 1;
	in_body(k, footer_after(line, text));
	in_header(k, tag_of(k, SPAN("[dev] ")));
	return k;
}

static inline void
says(struct known *k, const char *sentence)
{
	same("sentence", explain_sentence(&k->x, k->arena), sentence);
}

static inline struct known *
states(void **state, enum explain_state header, enum explain_state body)
{
	struct known *k = known(state);

	k->x.header = header;
	k->x.body = body;
	return k;
}

#endif
