/* context_relay: at which hop was the message altered? */
/* SPDX-License-Identifier: ISC */

#include "explain/context_internal.h"

#include "base/domain.h"
#include "base/limit.h"
#include "mail/received.h"

bool
context_is_later(
    const struct dkim_signature *s, const struct dkim_signature *than)
{
	return s->field < than->field &&
	    !(s->has_time && than->has_time && s->time < than->time);
}

/* A later signature that is valid: what it covers was altered before. */
static const struct field *
find_witnesses(struct context_search *c)
{
	const struct field *until = NULL, *earlier = NULL;
	struct span later_text = SPAN_NONE, earlier_text = SPAN_NONE;
	struct dkim_outcome o;

	for (size_t i = 0; context_other(c, &i, &o);) {
		struct span text;

		if (o.reason != DKIM_OK)
			continue;
		text = arena_printf(c->arena, SPAN_FMT " (signature %zu)",
		    SPAN_ARG(o.signature->domain), i);
		if (context_is_later(o.signature, c->s)) {
			until = o.signature->field;
			later_text = text;
		} else if (!earlier && context_is_later(c->s, o.signature)) {
			earlier = o.signature->field;
			earlier_text = text;
		}
	}
	if (until)
		context_note(c, CONTEXT_WITNESS, later_text);
	if (earlier)
		context_note(c, CONTEXT_OLDER_WITNESS, earlier_text);
	return until;
}

static bool
is_host_of(struct span by, struct span domain)
{
	return by.p && domain.p && domain_within(by, domain);
}

/*
 * Finds the hop among the Received fields between the signature field and a
 * later signature that is valid. *own is set to the "by" of one that a host of
 * the signing domain has added, or absent.
 */
static void
find_hop(struct context_search *c, const struct field *until, struct span *own)
{
	const struct field *f = message_lowest(c->m, SPAN("Received"));
	const struct field *lowest = NULL, *of_list = NULL;
	size_t n = 0;

	for (; f && (!until || f > until) && n < LIMIT_EXPLAIN_HOPS;
	     f = message_above(c->m, f)) {
		struct received r;

		if (f > c->s->field)
			continue;
		n++;
		received_parse(f->body, c->arena, &r);
		lowest = lowest ? lowest : f;
		if (!of_list && is_host_of(r.by, c->list))
			of_list = f;
		if (!own->p && is_host_of(r.by, c->s->domain))
			*own = r.by;
	}
	c->out->hop = of_list ? of_list : lowest;
}

/* RFC 8617 4.1.3: mentions the topmost seal, and how many there are. */
static void
note_arc(struct context_search *c)
{
	const struct field *f = message_lowest(c->m, SPAN("ARC-Seal")), *top;
	struct span domain = SPAN_NONE;
	struct taglist list;
	size_t n = 0;

	for (top = f; f; f = message_above(c->m, f)) {
		top = f;
		n++;
	}
	if (!n)
		return;
	if (taglist_parse(top->body, c->arena, &list) == TAGLIST_OK)
		domain = domain_normal(taglist_value(&list, "d"), c->arena);
	context_note(c, CONTEXT_ARC,
	    arena_printf(c->arena, "%zu %s" SPAN_FMT SPAN_FMT, n,
		n == 1 ? "instance" : "instances",
		SPAN_ARG(domain.p ? SPAN(" by ") : SPAN("")),
		SPAN_ARG(domain.p ? domain : SPAN(""))));
}

void
context_relay_find(struct context_search *c)
{
	struct context *out = c->out;
	struct span own = SPAN_NONE;

	find_hop(c, find_witnesses(c), &own);
	if (own.p)
		context_note(c, CONTEXT_BEFORE_REWRITE, own);
	note_arc(c);
	if (!out->hop)
		return;
	if (out->software == CONTEXT_UNKNOWN ||
	    out->software == CONTEXT_ARCHIVE) {
		out->software = CONTEXT_RELAY;
		out->name = SPAN_NONE;
	}
}
