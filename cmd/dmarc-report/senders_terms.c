/* senders_terms: terms of records: their lookups, and their use. */
/* SPDX-License-Identifier: ISC */

#include "senders.h"

#include "base/domain.h"
#include "base/limit.h"

/* Macros of what reports do not have: sender, local part, HELO. */
#define HIDDEN_LETTERS "slh"

/* What is read, and where it is kept. */
struct reader {
	struct senders_domain *d;
	struct arena *work, *arena;
};

/* Does the use of a term depend on what reports do not have? All recursion here
 * is bounded: the evaluation ends at LIMIT_SPF_DEPTH. */
static bool
is_hidden(const struct spf_step *step)
{
	if (spf_macro_uses(step->term->domain, HIDDEN_LETTERS))
		return true;
	for (size_t i = 0; step->check && i < step->check->nsteps; i++)
		if (is_hidden(&step->check->steps[i]))
			return true;
	return false;
}

/* Notes failures of the DNS. Those of reverse names are not: a term "ptr" does
 * not match then (RFC 7208 5.5). */
static void
note_failures(struct reader *r, const struct spf_step *step)
{
	for (size_t i = 0; i < step->nanswers; i++) {
		enum dns_status status = step->answers[i]->status;

		if (step->term->kind != SPF_PTR && dns_failed(status))
			r->d->failure = DNS_REASON(SPF_DNS_TIMEOUT, status);
	}
	if (step->check && step->check->answer &&
	    dns_failed(step->check->answer->status))
		r->d->failure =
		    DNS_REASON(SPF_DNS_TIMEOUT, step->check->answer->status);
}

/* Notes what the term queries of a client's address. With %{p} it queries the
 * reverse name first. */
static void
note_macro(struct reader *r, const struct spf_trace_check *check,
    const struct spf_term *t)
{
	struct senders_domain *d = r->d;
	bool reverse = t->kind == SPF_PTR || spf_macro_uses(t->domain, "p");

	if (d->nmacros == COUNT(d->macros) ||
	    (!reverse && !spf_macro_uses(t->domain, "i")))
		return;
	d->macros[d->nmacros++] = (struct senders_macro){
	    reverse ? SPF_PTR : t->kind, arena_span(r->arena, t->domain),
	    arena_span(r->arena, check->domain)};
}

/* Notes what all steps of a record, and of those below it, need. */
static void
note_steps(struct reader *r, const struct spf_trace_check *check)
{
	for (size_t i = 0; i < check->nsteps; i++) {
		const struct spf_step *step = &check->steps[i];

		note_failures(r, step);
		note_macro(r, check, step->term);
		if (step->check)
			note_steps(r, step->check);
	}
}

static struct senders_record *
read_record(struct reader *r, const struct spf_trace_check *check);

static void
read_term(struct reader *r, struct senders_term *to, const struct spf_term *t,
    const struct spf_step *step)
{
	*to = (struct senders_term){.text = arena_span(r->arena, t->text),
	    .kind = t->kind,
	    .reached = step != NULL};
	if (!step)
		return;
	to->lookups = step->lookups;
	to->hidden = is_hidden(step);
	if (step->check && step->check->record &&
	    domain_within(step->check->domain, r->d->domain))
		to->inner = read_record(r, step->check);
}

static struct senders_record *
read_record(struct reader *r, const struct spf_trace_check *check)
{
	struct senders_record *record =
	    ARENA_NEW(r->arena, struct senders_record);
	const struct spf_step **steps = spf_trace_steps(check, r->work);

	record->domain = arena_span(r->arena, check->domain);
	record->nterms = check->record->nterms;
	record->terms =
	    ARENA_ARRAY(r->arena, struct senders_term, record->nterms);
	for (size_t i = 0; i < record->nterms; i++)
		read_term(
		    r, &record->terms[i], &check->record->terms[i], steps[i]);
	return record;
}

void
senders_read_terms(struct senders_domain *d, const struct spf_trace_check *root,
    struct arena *work, struct arena *a)
{
	struct reader r = {d, work, a};

	d->lookups = spf_trace_lookups(root);
	note_steps(&r, root);
	d->record = read_record(&r, root);
}

/* Does a record have the terms that were read? It may have changed since. */
static bool
is_read(
    const struct senders_record *record, const struct spf_trace_check *check)
{
	return record && check && check->record &&
	    check->record->nterms == record->nterms;
}

/* Marks the terms that are evaluated after others. */
static void
mark_failed(struct senders_record *record, size_t from)
{
	for (size_t i = 0; i < record->nterms; i++) {
		struct senders_term *t = &record->terms[i];

		/* redirect= comes last, wherever it is (RFC 7208 6.1). */
		if (i < from && t->kind != SPF_REDIRECT)
			continue;
		t->failed = true;
		if (t->inner)
			mark_failed(t->inner, 0);
	}
}

void
senders_doubt_terms(struct senders_record *record)
{
	if (record)
		mark_failed(record, 0);
}

/* After an error, whether a source needs the terms that follow is not known. */
static void
count_error(struct senders_record *record, size_t at)
{
	record->terms[at].failed = true;
	if (record->terms[at].kind != SPF_REDIRECT)
		mark_failed(record, at + 1);
}

static void
count_match(struct senders_term *t, const struct tally_row *row)
{
	if (row->elsewhere) {
		t->elsewhere += row->n[TALLY_MESSAGES];
		return;
	}
	t->sources++;
	t->messages += row->n[TALLY_MESSAGES];
}

void
senders_count_terms(struct senders_record *record,
    const struct spf_trace_check *check, const struct tally_row *row)
{
	if (!is_read(record, check))
		return;
	for (size_t i = 0; i < check->nsteps; i++) {
		const struct spf_step *step = &check->steps[i];
		size_t at = (size_t)(step->term - check->record->terms);
		struct senders_term *t = &record->terms[at];

		if (!step->decides)
			continue;
		if (step->match == SPF_MATCH)
			count_match(t, row);
		else if (!row->elsewhere)
			count_error(record, at);
		senders_count_terms(t->inner, step->check, row);
	}
}

bool
senders_is_unused(const struct senders_term *t)
{
	return t->kind != SPF_ALL && t->kind <= SPF_REDIRECT && !t->hidden &&
	    !t->failed && !t->messages;
}

unsigned
senders_unused_lookups(const struct senders_record *record)
{
	unsigned n = 0;

	for (size_t i = 0; record && i < record->nterms; i++) {
		const struct senders_term *t = &record->terms[i];

		n += senders_is_unused(t) ? t->lookups
					  : senders_unused_lookups(t->inner);
	}
	return n;
}
