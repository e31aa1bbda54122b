/* explain_text: what was found about a signature, as lines for people. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/base64.h"
#include "base/limit.h"
#include "base/taglist.h"
#include "base/utf8.h"
#include "explain/explain_internal.h"
#include "mail/encodedword.h"

struct lines {
	const struct message *m;
	const struct explanation *x;
	struct result *result;
	struct arena *arena;
};

/* Adds a line; all of it is printable. */
static void
add(struct lines *l, enum screen_role role, const struct buf *b)
{
	*ARENA_PUSH(l->arena, l->result->detail, l->result->ndetail) =
	    (struct result_line){buf_span(b), role, true};
}

static void
add_str(struct lines *l, enum screen_role role, const char *text)
{
	struct buf b = BUF(l->arena);

	buf_str(&b, text);
	add(l, role, &b);
}

/*
 * What was altered.
 */

/* Adds a line of an altered text, which has its line end. */
static void
add_octets(struct lines *l, const char *sign, struct span line, bool with_end)
{
	struct span text = with_end ? line : field_chomp(line);
	struct buf b = BUF(l->arena);

	buf_printf(&b, "  %s ", sign);
	if (with_end || !text.len) {
		buf_char(&b, '"');
		buf_escaped(&b, text);
		buf_char(&b, '"');
	} else {
		explain_quote(&b, text, LIMIT_EXPLAIN_SHOWN);
	}
	add(l, SCREEN_PLAIN, &b);
}

static void
add_rest(struct lines *l, const char *sign, struct span rest)
{
	struct buf b = BUF(l->arena);
	size_t n = explain_count_lines(rest);

	if (!n)
		return;
	buf_printf(&b, "  %s ... %zu more line%s", sign, n, n == 1 ? "" : "s");
	add(l, SCREEN_PLAIN, &b);
}

static void
add_lines(struct lines *l, const char *sign, struct span text, bool with_end)
{
	for (size_t i = 0; text.len && i < LIMIT_EXPLAIN_LINES; i++) {
		struct span line = field_cut_line(&text);

		if (line.len > LIMIT_EXPLAIN_SHOWN)
			with_end = false;
		add_octets(l, sign, line, with_end);
	}
	add_rest(l, sign, text);
}

/* Adds what base64 says, of its first line. False: it is not base64. */
static bool
add_base64(struct lines *l, const char *sign, struct span text)
{
	struct buf b = BUF(l->arena);
	struct span octets;

	if (!base64_decode(
		field_chomp(field_cut_line(&text)), l->arena, &octets) ||
	    !octets.len)
		return false;
	buf_printf(&b, "  %s base64 of ", sign);
	explain_quote(&b, octets, LIMIT_SHOWN_PIECE);
	add(l, SCREEN_PLAIN, &b);
	add_rest(l, sign, text);
	return true;
}

/* Adds one of both texts of a repair. A line end alone is told. */
static void
add_text(struct lines *l, const struct repair *r, const char *sign,
    struct span text, bool with_end)
{
	bool is_base64 =
	    span_casecontains(span_of(r->kind->id), SPAN("base64"));
	struct buf b = BUF(l->arena);

	if (is_base64 && !r->name.p && add_base64(l, sign, text))
		return;
	if (!text.len || with_end || field_line_end(text) != text.len) {
		add_lines(l, sign, text, with_end);
		return;
	}
	buf_printf(&b, "  %s (line end)", sign);
	add(l, SCREEN_PLAIN, &b);
}

/* Adds what encoded-words (RFC 2047) that were encoded anew both say. */
static void
add_decoded(struct lines *l, const struct repair *r)
{
	struct span text;
	struct buf b = BUF(l->arena);

	if (!r->name.p || r->after.len > LIMIT_EXPLAIN_FIELD ||
	    r->before.len > LIMIT_EXPLAIN_FIELD ||
	    !span_casecontains(r->after, SPAN("=?")))
		return;
	text = encodedword_decode(r->after, false, l->arena);
	if (!span_eq(text, encodedword_decode(r->before, false, l->arena)))
		return;
	buf_str(&b, "  = ");
	explain_quote(&b, text, LIMIT_SHOWN_PIECE);
	buf_str(&b, " (decoded, both)");
	add(l, SCREEN_PLAIN, &b);
}

/* Do two texts differ in the end of their first line alone? */
static bool
is_other_end(struct span one, struct span other)
{
	struct span first = field_cut_line(&one);
	struct span second = field_cut_line(&other);

	return first.len && second.len && !span_eq(first, second) &&
	    span_eq(field_chomp(first), field_chomp(second));
}

/* Where it is: "line 215, ", "12 places from line 3 on, ", "Subject, ". */
static void
put_place(struct buf *b, const struct repair *r)
{
	if (r->name.p) {
		buf_escaped(b, utf8_upto(r->name, LIMIT_SHOWN_PIECE));
		if (r->places > 1)
			buf_printf(b, " and %zu more", r->places - 1);
	} else if (r->places > 1) {
		buf_printf(b, "%zu places from line %" PRIu64 " on", r->places,
		    r->line + 1);
	} else {
		buf_printf(b, "line %" PRIu64, r->line + 1);
	}
	buf_str(b, ", ");
}

/* "body-footer: line 215, 145 octets at octet 10234", and those octets: "-" as
 * signed, "+" as received. What was done is in the sentence. */
static void
add_repair(struct lines *l, const struct repair *r)
{
	struct buf b = BUF(l->arena);
	bool with_end = is_other_end(r->after, r->before);

	buf_printf(&b, "%s: ", r->kind->id);
	put_place(&b, r);
	if (r->length)
		buf_printf(&b, "%" PRIu64 " octet%s ", r->length,
		    r->length == 1 ? "" : "s");
	buf_printf(&b, "at octet %" PRIu64, r->offset + 1);
	add(l, SCREEN_PLACE, &b);
	add_text(l, r, "-", r->before, with_end);
	add_text(l, r, "+", r->after, with_end);
	add_decoded(l, r);
}

static void
add_repairs(struct lines *l)
{
	const struct explanation *x = l->x;

	if (x->body == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->body_found.nrepairs; i++)
			add_repair(l, &x->body_found.repairs[i]);
	if (x->header == EXPLAIN_REPAIRED)
		for (size_t i = 0; i < x->header_found.nrepairs; i++)
			add_repair(l, &x->header_found.repairs[i]);
	if (x->bh_altered && !x->header_found.nrepairs)
		add_str(l, SCREEN_PLACE,
		    "bh=: it is not the hash of the body that was signed");
}

/*
 * What remains authenticated.
 */

/* The name of the field that a change is of, as received or as it was. */
static bool
is_change_of(
    const struct message *m, const struct header_change *c, struct span name)
{
	return (c->action != HEADER_DROP &&
		   span_caseeq(field_split(c->raw).name, name)) ||
	    (c->action != HEADER_INSERT &&
		span_caseeq(m->fields[c->index].name, name));
}

/* A repair may be of several fields, and shows one. */
static bool
is_altered(const struct lines *l, struct span name)
{
	const struct header_found *found = &l->x->header_found;

	if (l->x->header != EXPLAIN_REPAIRED)
		return false;
	for (size_t i = 0; i < found->nrepairs; i++)
		if (span_caseeq(found->repairs[i].name, name))
			return true;
	for (size_t i = 0; i < found->nchanges; i++)
		if (is_change_of(l->m, &found->changes[i], name))
			return true;
	return false;
}

/* Is it known that nothing has altered the only field of a name, although the
 * header was not found? */
static bool
is_intact(const struct lines *l, const struct field *f)
{
	return l->x->intact && l->x->header == EXPLAIN_NOT_FOUND &&
	    l->x->intact[f - l->m->fields] && !message_above(l->m, f);
}

/* More fields of the name than are signed: those above prove nothing. */
static void
put_name(struct buf *b, struct span name, bool is_uncovered)
{
	if (b->len)
		buf_str(b, ", ");
	buf_escaped(b, name);
	if (is_uncovered)
		buf_str(b, " (not each)");
}

/* Lists the names of h= that have a field, once each; those that another
 * signature proves apart. */
static void
list_names(const struct lines *l, struct buf *list, struct buf *intact)
{
	const struct message *m = l->m;
	const uint32_t *used = explain_covered(m, l->x->signature);
	bool *is_listed = ARENA_ARRAY(l->arena, bool, m->nnames);
	struct span names = l->x->signature->names, name;

	while (taglist_item(&names, ':', &name)) {
		const struct field *lowest = message_lowest(m, name);

		if (span_empty(name) || !lowest || is_altered(l, name))
			continue;
		if (!is_listed[lowest->name_id])
			put_name(is_intact(l, lowest) ? intact : list, name,
			    dkim_is_uncovered(m, used, name));
		is_listed[lowest->name_id] = true;
	}
}

/* The body is proven by way of bh=, which is in the signed header. */
static void
put_body(struct buf *b, const struct explanation *x, bool is_first)
{
	if (!explain_is_known(x->body))
		return;
	buf_str(b, is_first ? "" : " and ");
	if (x->body == EXPLAIN_REPAIRED)
		buf_str(b, "the rest of ");
	if (x->signature->has_length)
		buf_printf(b, "the first %" PRIu64 " octets of the body (l=)",
		    x->signature->length);
	else
		buf_str(b, "the body");
}

static void
add_intact(struct lines *l, const struct buf *names)
{
	struct buf b = BUF(l->arena);

	if (!names->len)
		return;
	buf_str(&b, "proven by another signature of ");
	buf_escaped(&b, l->x->signature->domain);
	buf_str(&b, ": ");
	buf_short(&b, buf_span(names), LIMIT_SHOWN_LIST);
	add(l, SCREEN_PLAIN, &b);
}

static void
add_proven(struct lines *l)
{
	struct buf b = BUF(l->arena), names = BUF(l->arena);
	struct buf intact = BUF(l->arena);
	bool known = explain_is_known(explain_header_state(l->x));

	list_names(l, &names, &intact);
	add_intact(l, &intact);
	if (!names.len && !(known && explain_is_known(l->x->body)))
		return;
	buf_str(&b,
	    known ? "proven as signed: "
		  : "signed, but not proven to be unchanged: ");
	buf_short(&b, buf_span(&names), LIMIT_SHOWN_LIST);
	if (known)
		put_body(&b, l->x, !names.len);
	add(l, SCREEN_PLAIN, &b);
}

/*
 * What was not found.
 */

/* That the key belongs to the signature is news where the header was not
 * found. */
static void
add_block(struct lines *l)
{
	if (l->x->block == EXPLAIN_BLOCK_SOUND &&
	    l->x->header == EXPLAIN_NOT_FOUND)
		add_str(l, SCREEN_PLAIN,
		    "b=: undone with the key, it has the digest of another "
		    "header: key and signature belong together");
}

static void
add_tries(struct lines *l, const char *what, uint64_t tries)
{
	struct buf b = BUF(l->arena);

	if (!tries)
		return;
	buf_printf(&b,
	    "tried: alterations of the %s that there are signs of, up to %d "
	    "together: none of %" PRIu64 " gives what was signed",
	    what, REPAIR_DEPTH, tries);
	add(l, SCREEN_PLAIN, &b);
}

static void
add_not_found(struct lines *l)
{
	const struct explanation *x = l->x;
	bool missing = false;

	if (x->body == EXPLAIN_NOT_FOUND) {
		add_tries(l, "body", x->body_found.tries);
		missing = true;
	}
	if (explain_header_state(x) == EXPLAIN_NOT_FOUND) {
		add_tries(l, "header", x->header_found.tries);
		missing = true;
	}
	if (missing && x->is_skipped) {
		struct buf b = BUF(l->arena);

		buf_printf(&b,
		    "nothing was tried: alterations are searched for the "
		    "topmost %u signatures that do not pass",
		    LIMIT_EXPLAIN_SIGNATURES);
		add(l, SCREEN_PLAIN, &b);
	}
	if (missing && x->budget_spent)
		add_str(l, SCREEN_PLAIN,
		    "the budget was spent before all was tried: a larger "
		    "--budget tries more");
}

/*
 * What else is known.
 */

/* "note: WORDS: WHAT (ID)" */
static void
add_note(struct lines *l, const struct context_note *note)
{
	struct buf b = BUF(l->arena), shown = BUF(l->arena);

	buf_printf(&b, "note: %s", note->kind->words);
	if (note->what.p) {
		buf_str(&b, ": ");
		buf_short(&shown, note->what, LIMIT_SHOWN_LIST);
		buf_escaped(&b, buf_span(&shown));
	}
	buf_printf(&b, " (%s)", note->kind->id);
	add(l, SCREEN_PLAIN, &b);
}

/* The hosts are what the message says. */
static void
add_where(struct lines *l)
{
	const struct context *c = &l->x->context;
	struct buf b = BUF(l->arena), shown = BUF(l->arena);

	if (!explain_is_altered(l->x))
		return;
	if (c->hop) {
		buf_str(&b, "where: on the way ");
		buf_short(
		    &shown, explain_way(c->hop, l->arena), LIMIT_SHOWN_LIST);
		buf_escaped(&b, buf_span(&shown));
		buf_str(&b, ", or later");
	}
	if (c->name.p) {
		buf_str(&b, b.len ? "; software: " : "software: ");
		buf_escaped(&b, c->name);
	}
	if (b.len)
		add(l, SCREEN_PLAIN, &b);
}

static void
add_context(struct lines *l)
{
	const struct context *c = &l->x->context;

	add_where(l);
	for (size_t i = 0; i < c->nnotes; i++)
		add_note(l, &c->notes[i]);
}

static void
add_advice(struct lines *l)
{
	struct explain_help helps[EXPLAIN_HELPS];
	size_t n = explain_advise(l->x, helps);

	for (size_t i = 0; i < n; i++) {
		struct buf b = BUF(l->arena);

		buf_printf(&b, "for %s: %s", helps[i].shown, helps[i].words);
		add(l, SCREEN_PLAIN, &b);
	}
}

void
explain_text(
    const struct message *m, const struct explanation *x, struct result *r)
{
	struct lines l = {m, x, r, m->arena};
	struct buf sentence = BUF(m->arena);

	buf_add(&sentence, explain_sentence(x, m->arena));
	add(&l, SCREEN_DECIDES, &sentence);
	add_repairs(&l);
	if (x->signature) {
		add_block(&l);
		add_proven(&l);
	}
	add_not_found(&l);
	add_context(&l);
	add_advice(&l);
}
