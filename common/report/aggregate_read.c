/* aggregate_read: elements, from expat or mended, to records. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "report/aggregate_internal.h"

#define DAY ((int64_t)86400)

static void
push(struct aggregate *a, unsigned node)
{
	a->stack[++a->depth] = (unsigned char)node;
}

static bool
has_text(unsigned node)
{
	return node < NODES && aggregate_elements[node].has_text;
}

/*
 * The beginnings of containers.
 */

static void
begin_feedback(struct aggregate *a)
{
	aggregate_notes before; /* of what preceded the first report */

	aggregate_tell_end(a);
	before = a->report.notes;
	a->report = (struct aggregate_report){
	    .index = a->reports++, .line = a->line, .notes = before};
	a->report_open = true;
	a->begun = a->saw_record = a->has_metadata = a->has_policy = false;
	memset(a->order, 0, sizeof(a->order));
}

static void
begin_metadata(struct aggregate *a)
{
	a->metadata = (struct aggregate_metadata){0};
	arena_reset(a->next_metadata_arena);
}

static void
begin_policy(struct aggregate *a)
{
	a->policy = (struct aggregate_policy){0};
	arena_reset(a->next_policy_arena);
}

static void
begin_record(struct aggregate *a)
{
	bool is_held = !a->has_metadata || !a->has_policy;

	a->saw_record = true;
	a->is_late = is_held &&
	    (a->nheld >= LIMIT_REPORT_HELD ||
		arena_size(a->held_arena) > LIMIT_REPORT_HELD_OCTETS);
	a->arena = is_held && !a->is_late ? a->held_arena : a->record_arena;
	if (a->arena == a->record_arena)
		arena_reset(a->arena);
	a->record = ARENA_NEW(a->arena, struct aggregate_record);
	a->record->line = a->line;
	a->seen = 0;
	a->has_count = a->record_mended = a->is_bad = false;
	a->order[NODE_RECORD] = 0;
}

/* Is there room for one more result or reason? */
static bool
has_room(struct aggregate *a, size_t n, const char *what)
{
	if (n < LIMIT_REPORT_RESULTS)
		return true;
	aggregate_note_record(a, AGGREGATE_TOO_MANY_RESULTS,
	    "more than %u %s elements: the others are ignored",
	    LIMIT_REPORT_RESULTS, what);
	return false;
}

static bool
begin_dkim(struct aggregate *a)
{
	struct aggregate_record *r = a->record;

	assert(r);
	if (!has_room(a, r->ndkim, "dkim"))
		return false;
	*ARENA_PUSH(a->arena, r->dkim_results, r->ndkim) =
	    (struct aggregate_dkim){0};
	return true;
}

static bool
begin_spf(struct aggregate *a)
{
	struct aggregate_record *r = a->record;

	assert(r);
	if (!has_room(a, r->nspf, "spf"))
		return false;
	*ARENA_PUSH(a->arena, r->spf_results, r->nspf) =
	    (struct aggregate_spf){0};
	return true;
}

static bool
begin_reason(struct aggregate *a)
{
	struct aggregate_record *r = a->record;

	assert(r);
	if (!has_room(a, r->nreasons, "reason"))
		return false;
	*ARENA_PUSH(a->arena, r->reasons, r->nreasons) =
	    (struct aggregate_reason){0};
	return true;
}

/* Begins a container. Returns false if it is to be skipped. */
static bool
begin(struct aggregate *a, enum node node)
{
	a->seen &= ~a->vocabulary.children[node];
	a->order[node] = 0;
	switch (node) {
	case NODE_FEEDBACK:
		begin_feedback(a);
		return true;
	case NODE_METADATA:
		begin_metadata(a);
		return true;
	case NODE_POLICY:
		begin_policy(a);
		return true;
	case NODE_RECORD:
		begin_record(a);
		return true;
	case NODE_DKIM:
		return begin_dkim(a);
	case NODE_SPF:
		return begin_spf(a);
	case NODE_REASON:
		return begin_reason(a);
	default:
		return true;
	}
}

/*
 * The ends of containers.
 */

static void
check_period(struct aggregate *a)
{
	const struct aggregate_metadata *m = &a->metadata;
	const char *words = NULL;

	if (!m->has_begin || !m->has_end) {
		aggregate_note_report(a, AGGREGATE_ODD_TIME,
		    "date_range has no %s", m->has_begin ? "end" : "begin");
		return;
	}
	if (m->end < m->begin)
		words = "the period ends before it begins";
	else if (m->end == m->begin)
		words = "the period is empty";
	else if (m->end - m->begin > LIMIT_REPORT_DAYS * DAY)
		words = "the period is longer than 8 days";
	else if (a->now && m->begin > a->now + DAY)
		words = "the period is in the future";
	if (words)
		aggregate_note_report(a, AGGREGATE_ODD_PERIOD, "%s", words);
}

static void
swap(struct arena **a, struct arena **b)
{
	struct arena *kept = *a;

	*a = *b;
	*b = kept;
}

static void
end_metadata(struct aggregate *a)
{
	if (a->has_metadata)
		aggregate_note_report(
		    a, AGGREGATE_ORDER, "report_metadata occurs twice");
	if (a->has_metadata && a->saw_record)
		return;
	check_period(a);
	a->report.metadata = a->metadata;
	a->has_metadata = true;
	swap(&a->metadata_arena, &a->next_metadata_arena);
	if (a->has_policy)
		aggregate_tell_held(a);
}

static void
end_policy(struct aggregate *a)
{
	struct span domain = a->report.policy.domain;

	if (a->has_policy) {
		aggregate_note_report(a, AGGREGATE_POLICY_TWICE,
		    a->saw_record ? "a policy_published after the first record "
				    "is ignored"
				  : "the last policy_published counts");
		if (a->policy.domain.p && domain.p &&
		    !span_eq(a->policy.domain, domain))
			aggregate_note_report(a, AGGREGATE_SEVERAL_DOMAINS,
			    "policy_published has another domain, %s",
			    aggregate_quoted(a, a->policy.domain));
	}
	if (a->has_policy && a->saw_record)
		return;
	a->report.policy = a->policy;
	a->has_policy = true;
	swap(&a->policy_arena, &a->next_policy_arena);
	if (a->has_metadata)
		aggregate_tell_held(a);
}

/* A record without a count is one message, but not if what is missing may have
 * been lost in mending. */
static void
end_record(struct aggregate *a)
{
	struct aggregate_record *r = a->record;

	if (!(a->seen & (uint64_t)1 << NODE_ROW))
		aggregate_spoil(
		    a, AGGREGATE_REFUSED_BAD_RECORD, "the record has no row");
	if (!a->has_count && a->record_mended)
		aggregate_spoil(a, AGGREGATE_REFUSED_BAD_COUNT,
		    "the record was mended and has no count");
	if (a->is_bad) {
		aggregate_unnote_record(a);
		a->record = NULL;
		aggregate_refuse(a, a->bad, r->line, 1, a->bad_words);
		return;
	}
	if (!a->has_count) {
		r->count = 1;
		aggregate_note_record(a, AGGREGATE_NO_COUNT,
		    "a record without a count is one message");
	}
	if (!r->has_ip)
		aggregate_note_record(a, AGGREGATE_NO_ADDRESS,
		    "source_ip is not an address: \"%s\"",
		    aggregate_quoted(a, r->source_ip));
	aggregate_tell_record(a);
}

static void
end(struct aggregate *a, enum node node)
{
	if (node == NODE_METADATA)
		end_metadata(a);
	else if (node == NODE_POLICY)
		end_policy(a);
	else if (node == NODE_RECORD)
		end_record(a);
	else
		aggregate_value(a, node, SPAN_NONE);
}

/*
 * Elements.
 */

static void
check_order(struct aggregate *a, enum node parent, unsigned order)
{
	if (order < a->order[parent])
		aggregate_note_report(a, AGGREGATE_ORDER,
		    "elements are not in the order of RFC 9990");
	a->order[parent] = order;
}

/* In a record: what has one value has one. */
static void
check_once(struct aggregate *a, enum node node, bool once)
{
	uint64_t bit = (uint64_t)1 << node;

	if ((a->seen & bit) && once)
		aggregate_spoil(a, AGGREGATE_REFUSED_BAD_RECORD,
		    "an element occurs twice in the record");
	a->seen |= bit;
}

/* A name in a place where RFC 9990 does not have it. Returns the node to treat
 * it as. */
static unsigned
misplaced(struct aggregate *a, unsigned parent, enum name name)
{
	if (name == NAME_SCHEMA)
		return parent | NODE_TRANSPARENT;
	if (parent == NODE_OUTSIDE)
		return NODE_OUTSIDE | NODE_TRANSPARENT;
	if (a->record && name && parent != NODE_REASON &&
	    (has_text(parent) || name == NAME_COUNT))
		aggregate_spoil(a, AGGREGATE_REFUSED_BAD_RECORD,
		    "an element of the record is in another");
	return NODE_SKIPPED;
}

/* An element that is known here. Returns the node to treat it as. */
static unsigned
placed(struct aggregate *a, enum node parent, enum node node, enum name name)
{
	const struct element *e = &aggregate_elements[node];

	if (e->order)
		check_order(a, parent, e->order);
	if (a->record)
		check_once(a, node, e->once);
	if (e->has_text) {
		a->ntext = 0;
		a->text_is_long = false;
		if (node != NODE_REASON)
			return node;
	}
	if (name == NAME_IDENTITIES)
		aggregate_note_report(a, AGGREGATE_OLD_ELEMENT,
		    "identities is read as identifiers");
	return begin(a, node) ? node : NODE_SKIPPED;
}

/* Does an element show that a tag before it is lost? Either that of feedback,
 * or the end of what the element is in. Other XML can have records, too. */
static bool
is_lost(unsigned parent, enum name name)
{
	if (parent == NODE_OUTSIDE)
		return name == NAME_REPORT_METADATA ||
		    name == NAME_POLICY_PUBLISHED;
	return name == NAME_RECORD || name == NAME_FEEDBACK;
}

enum read
aggregate_open(struct aggregate *a, enum name name)
{
	unsigned parent = a->stack[a->depth] & ~(unsigned)NODE_TRANSPARENT;
	unsigned node = a->vocabulary.child[parent][name];

	if (a->depth == LIMIT_XML_DEPTH)
		return READ_TOO_DEEP;
	if (node != NODE_SKIPPED && !node) {
		if (is_lost(parent, name))
			return READ_MEND;
		node = misplaced(a, parent, name);
	} else if (node != NODE_SKIPPED) {
		node = placed(a, parent, node, name);
	}
	push(a, node);
	a->place = node & ~(unsigned)NODE_TRANSPARENT;
	a->in_text = has_text(node);
	return READ_OK;
}

void
aggregate_text(struct aggregate *a, const char *p, size_t n)
{
	size_t room = sizeof(a->text) - a->ntext;

	if (!a->in_text)
		return;
	if (n > room) {
		n = room;
		a->text_is_long = true;
	}
	memcpy(a->text + a->ntext, p, n);
	a->ntext += n;
}

/* Removes a character that was cut in two. */
static void
trim_text(struct aggregate *a)
{
	size_t n = a->ntext;

	while (n && ((unsigned char)a->text[n - 1] & 0xc0) == 0x80)
		n--;
	if (n && (unsigned char)a->text[n - 1] >= 0xc0)
		n--;
	if (!utf8_length((struct span){a->text + n, a->ntext - n}))
		a->ntext = n;
}

static void
end_text(struct aggregate *a, enum node node)
{
	if (a->text_is_long) {
		trim_text(a);
		if (a->record)
			aggregate_note_record(a, AGGREGATE_LONG_ELEMENT,
			    "an element has more than 64 KiB of text");
		else
			aggregate_note_report(a, AGGREGATE_LONG_ELEMENT,
			    "an element has more than 64 KiB of text");
	}
	aggregate_value(a, node, (struct span){a->text, a->ntext});
}

void
aggregate_close(struct aggregate *a)
{
	unsigned node = a->stack[a->depth--];

	a->place = NODES + (node & ~(unsigned)NODE_TRANSPARENT);
	a->in_text = false;
	if (has_text(node))
		end_text(a, node);
	else if (node < NODES && node > NODE_SKIPPED)
		end(a, node);
	/* Text goes on after a child that was skipped. */
	if (node == NODE_SKIPPED)
		a->in_text = has_text(a->stack[a->depth]);
}

void
aggregate_reopen(struct aggregate *a)
{
	if (a->report_open)
		push(a, NODE_FEEDBACK);
	else
		aggregate_open(a, NAME_FEEDBACK);
}

void
aggregate_forget(struct aggregate *a)
{
	if (a->record)
		aggregate_unnote_record(a);
	a->record = NULL;
	a->in_text = false;
}
