/* explain_text: what was found about a signature, as lines for people. */
/* SPDX-License-Identifier: ISC */

#include <inttypes.h>

#include "base/limit.h"
#include "base/taglist.h"
#include "explain/explain_internal.h"

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
		explain_quote(&b, text, LIMIT_SHOWN_LIST);
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
		size_t n = field_line_length(text);
		struct span line = span_upto(text, n ? n : text.len);

		if (line.len > LIMIT_SHOWN_LIST)
			with_end = false;
		add_octets(l, sign, line, with_end);
		text = span_from(text, line.len);
	}
	add_rest(l, sign, text);
}

/* Do two texts have the same first line, but for its end? */
static bool
is_same_line(struct span one, struct span other)
{
	size_t n = field_line_length(one), k = field_line_length(other);

	return span_eq(field_chomp(span_upto(one, n ? n : one.len)),
	    field_chomp(span_upto(other, k ? k : other.len)));
}

/* "body-footer: added a 3-line footer after line 214 (145 octets at octet
 * 10234)", and the octets below it: "-" as signed, "+" as received. */
static void
add_repair(struct lines *l, const struct repair *r)
{
	struct buf b = BUF(l->arena);
	bool with_end = is_same_line(r->after, r->before);

	buf_printf(&b, "%s: ", r->kind->id);
	buf_add(&b, explain_phrase(r, l->arena));
	if (r->length)
		buf_printf(&b, " (%" PRIu64 " octet%s at octet %" PRIu64 ")",
		    r->length, r->length == 1 ? "" : "s", r->offset + 1);
	else
		buf_printf(&b, " (at octet %" PRIu64 ")", r->offset + 1);
	add(l, SCREEN_PLACE, &b);
	add_lines(l, "-", r->before, with_end);
	add_lines(l, "+", r->after, with_end);
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
	if (x->bh_altered)
		add_str(l, SCREEN_PLACE,
		    "bh=: the signature has another hash of the body than the "
		    "one that was signed");
}

/*
 * What remains authenticated.
 */

/* Was a field of this name altered, or one that has another name now? A repair
 * that is told by its main place may have changed other fields, too. */
static bool
is_altered(const struct lines *l, struct span name)
{
	const struct header_found *found = &l->x->header_found;

	if (l->x->header != EXPLAIN_REPAIRED)
		return false;
	for (size_t i = 0; i < found->nchanges; i++) {
		const struct header_change *c = &found->changes[i];

		if ((c->action != HEADER_DROP &&
			span_caseeq(field_split(c->raw).name, name)) ||
		    (c->action != HEADER_INSERT &&
			span_caseeq(l->m->fields[c->index].name, name)))
			return true;
	}
	return false;
}

static void
put_name(struct buf *b, struct span name)
{
	if (b->len)
		buf_str(b, ", ");
	buf_escaped(b, name);
}

/* Lists the names of h= that have a field, and those with none left: each field
 * that is added would break the signature. */
static void
list_names(const struct lines *l, struct buf *there, struct buf *absent)
{
	const struct message *m = l->m;
	const struct field **next =
	    ARENA_ARRAY(l->arena, const struct field *, m->nnames);
	struct span names = l->x->signature->names, name;

	for (size_t i = 0; i < m->nnames; i++)
		next[i] = &m->fields[m->names[i].lowest];
	while (taglist_item(&names, ':', &name)) {
		const struct field *lowest = message_lowest(m, name);

		if (span_empty(name) || is_altered(l, name))
			continue;
		if (!lowest) {
			put_name(absent, name);
			continue;
		}
		if (next[lowest->name_id] == lowest)
			put_name(there, name);
		if (next[lowest->name_id])
			next[lowest->name_id] =
			    message_above(m, next[lowest->name_id]);
	}
}

static void
add_list(struct lines *l, const char *front, const struct buf *names)
{
	struct buf b = BUF(l->arena);

	if (!names->len)
		return;
	buf_str(&b, front);
	buf_short(&b, buf_span(names), LIMIT_SHOWN_LIST);
	add(l, SCREEN_PLAIN, &b);
}

static bool
is_known(enum explain_state state)
{
	return state == EXPLAIN_INTACT || state == EXPLAIN_REPAIRED;
}

static void
add_header(struct lines *l)
{
	struct buf there = BUF(l->arena), absent = BUF(l->arena);
	bool known = is_known(explain_header_state(l->x));

	list_names(l, &there, &absent);
	add_list(l,
	    known ? "proven as signed: "
		  : "signed, but not proven to be unchanged: ",
	    &there);
	if (known)
		add_list(l, "proven to have been absent: ", &absent);
}

/* The body is proven by way of bh=, which is in the signed header. */
static void
add_body(struct lines *l)
{
	const struct explanation *x = l->x;
	struct buf b = BUF(l->arena);

	if (!is_known(x->body))
		return;
	buf_str(&b,
	    is_known(explain_header_state(x)) ? "proven as signed: "
					      : "as the signature has it: ");
	if (x->signature->has_length)
		buf_printf(&b, "the first %" PRIu64 " octets of the body (l=)",
		    x->signature->length);
	else
		buf_str(&b, "the body");
	if (x->body == EXPLAIN_REPAIRED)
		buf_str(&b, ", but for the above");
	add(l, SCREEN_PLAIN, &b);
}

/*
 * What was not found.
 */

static void
add_block(struct lines *l)
{
	const struct explanation *x = l->x;

	if (x->block == EXPLAIN_BLOCK_OTHER)
		add_str(l, SCREEN_PLAIN,
		    "b=: undone with the key, it has no digest in it: it was "
		    "made with another key, or damaged");
	if (x->block == EXPLAIN_BLOCK_SOUND && x->header != EXPLAIN_INTACT)
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
	    "%s: %" PRIu64 " tr%s, and none has the hash that was signed: of "
	    "the alterations in dkim-verify(1) those that there are signs of, "
	    "alone and up to %d together",
	    what, tries, tries == 1 ? "y" : "ies", REPAIR_DEPTH);
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
	if (missing && x->budget_spent)
		add_str(l, SCREEN_PLAIN,
		    "the budget was spent before all was tried: --budget=2 "
		    "tries more");
}

/*
 * What else is known.
 */

/* Adds "front: text", the text escaped and shortened. */
static void
add_text(struct lines *l, const char *front, struct span text)
{
	struct buf b = BUF(l->arena), shown = BUF(l->arena);

	if (!text.p)
		return;
	buf_str(&b, front);
	buf_short(&shown, text, LIMIT_SHOWN_LIST);
	buf_escaped(&b, buf_span(&shown));
	add(l, SCREEN_PLAIN, &b);
}

static void
add_note(struct lines *l, const struct context_note *note)
{
	struct buf front = BUF(l->arena);

	buf_printf(&front, "note: %s (%s)%s", note->kind->words, note->kind->id,
	    note->what.p ? ": " : "");
	buf_char(&front, '\0');
	add_text(l, front.p, note->what.p ? note->what : SPAN(""));
}

static void
add_context(struct lines *l)
{
	const struct context *c = &l->x->context;

	add_text(l, "software: ", c->name);
	if (c->hop)
		add_text(l, "not before this hop: Received: ",
		    explain_hop(c->hop, l->arena));
	for (size_t i = 0; i < c->nnotes; i++)
		add_note(l, &c->notes[i]);
}

static void
add_advice(struct lines *l)
{
	enum repair_advice list[REPAIR_ADVICES];
	size_t n = explain_advise(l->x, list);

	for (size_t i = 0; i < n; i++)
		add_text(
		    l, "what helps: ", span_of(explain_advices[list[i]].words));
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
		add_header(&l);
		add_body(&l);
	}
	add_not_found(&l);
	add_context(&l);
	add_advice(&l);
}
