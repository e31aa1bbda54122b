/* senders_show: what --spf found, for people. */
/* SPDX-License-Identifier: ISC */

#include <stdlib.h>

#include "base/limit.h"
#include "senders.h"

/* The columns of a term, at least and at most, and of the numbers after it. */
#define TERM_MIN 20u
#define TERM_MAX 44u
#define NUMBER   10u

/* What is being shown of a domain. */
struct show {
	const struct senders *s;
	const struct senders_domain *d;
	struct job *job;
	struct arena *a;
	size_t width; /* of terms */
	/* Of the terms that cost no lookup: how many were shown, and left
	 * out. */
	uint64_t free_shown, left_out, left_out_unused;
};

/* Adds a number that ends before a column. */
static void
add_number(struct screen_text *t, size_t end, uint64_t n, struct arena *a)
{
	struct span text = show_number(n, a);

	screen_to_column(t, text.len < end ? end - text.len : 0);
	screen_add(t, SCREEN_PLAIN, text);
}

static void
add_share(struct screen_text *t, uint64_t part, uint64_t whole, struct arena *a)
{
	screen_add(t, SCREEN_PLAIN, show_number(part, a));
	screen_str(t, SCREEN_PLAIN, " of ");
	screen_add(t, SCREEN_PLAIN, show_number(whole, a));
}

/* Adds words of a reason, and its identifier. */
static void
add_reason(struct screen_text *t, enum spf_reason reason, struct span detail,
    struct arena *a)
{
	const struct result_reason *why = &spf_reasons[reason];

	screen_str(t, SCREEN_PLAIN, why->words);
	if (detail.p) {
		screen_str(t, SCREEN_PLAIN, ": ");
		screen_add(t, SCREEN_PLAIN, detail);
	}
	if (why->id)
		screen_add(t, SCREEN_ID, arena_printf(a, " [%s]", why->id));
}

/*
 * The head.
 */

static void
put_head(const struct show *sh)
{
	const struct senders_domain *d = sh->d;
	const struct senders_sum *in = d->inside, *out = d->outside;
	uint64_t sources = in->sources + out->sources + d->unknown->sources;
	uint64_t messages = in->messages + out->messages + d->unknown->messages;
	struct screen_text t = SCREEN_TEXT(sh->a);

	fputc('\n', sh->job->out.to);
	screen_str(&t, SCREEN_HEADING, "SPF of ");
	screen_add(&t, SCREEN_HEADING, d->domain);
	screen_str(&t, SCREEN_PLAIN, " today: ");
	if (d->reason != SPF_PASS) {
		add_reason(&t, d->reason, SPAN_NONE, sh->a);
		screen_str(&t, SCREEN_PLAIN, "; ");
		screen_add(&t, SCREEN_PLAIN,
		    show_count(d->messages, "message", "messages", sh->a));
	} else {
		add_share(&t, in->sources, sources, sh->a);
		screen_str(&t, SCREEN_PLAIN, " sources, ");
		add_share(&t, in->messages, messages, sh->a);
		screen_str(&t, SCREEN_PLAIN, " messages pass");
	}
	screen_put(&sh->job->out, &t);
}

/*
 * Terms.
 */

static void
measure_terms(struct show *sh, const struct senders_record *r, size_t depth)
{
	for (size_t i = 0; i < r->nterms; i++) {
		const struct senders_term *term = &r->terms[i];
		size_t width = term->text.len + 2 * depth;

		if (width > sh->width)
			sh->width = width < TERM_MAX ? width : TERM_MAX;
		if (term->inner)
			measure_terms(sh, term->inner, depth + 1);
	}
}

static void
add_use(const struct show *sh, struct screen_text *t,
    const struct senders_term *term)
{
	struct arena *a = sh->a;
	bool unused = senders_is_unused(term);

	if (!term->reached)
		screen_str(t, SCREEN_DOUBT, "  never evaluated");
	else if (unused)
		screen_str(t, SCREEN_DOUBT, "  unused");
	else if (term->hidden && !term->messages)
		screen_str(t, SCREEN_ID, "  not known: macros");
	else if (term->failed && !term->messages && term->kind != SPF_ALL)
		screen_str(t, SCREEN_ID, "  not known: an error comes first");
	if (unused && term->reached && term->elsewhere)
		screen_add(t, SCREEN_PLAIN,
		    ARENA_JOIN(a, SPAN(" ("), show_number(term->elsewhere, a),
			SPAN(" with another MAIL FROM)")));
}

static void
put_term(const struct show *sh, const struct senders_term *term, size_t depth)
{
	struct screen_text t = SCREEN_TEXT(sh->a);
	size_t at = sh->width + 2 * 2;

	for (size_t i = 0; i <= depth; i++)
		screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_PLAIN, term->text);
	add_number(&t, at + NUMBER - 2, term->lookups, sh->a);
	add_number(&t, at + 2 * NUMBER - 2, term->sources, sh->a);
	add_number(&t, at + 3 * NUMBER - 2, term->messages, sh->a);
	add_use(sh, &t, term);
	screen_put_hanging(&sh->job->out, &t, 6 + 2 * depth);
}

/* Is it a term that is left out of a long record? */
static bool
is_left_out(struct show *sh, const struct senders_term *term)
{
	if (term->lookups || term->kind == SPF_ALL || term->inner ||
	    !sh->job->top || sh->job->verbose)
		return false;
	if (sh->free_shown++ < sh->job->top)
		return false;
	sh->left_out++;
	sh->left_out_unused += senders_is_unused(term);
	return true;
}

static void
put_record(struct show *sh, const struct senders_record *r, size_t depth)
{
	for (size_t i = 0; i < r->nterms; i++) {
		const struct senders_term *term = &r->terms[i];

		if (term->kind > SPF_REDIRECT || is_left_out(sh, term))
			continue;
		put_term(sh, term, depth);
		if (term->inner)
			put_record(sh, term->inner, depth + 1);
	}
}

static void
put_terms_heading(const struct show *sh)
{
	struct screen_text t = SCREEN_TEXT(sh->a);
	size_t at = sh->width + 2 * 2;

	screen_str(&t, SCREEN_HEADING, "  TERM");
	screen_to_column(&t, at + NUMBER - 2 - 7);
	screen_str(&t, SCREEN_HEADING, "LOOKUPS");
	screen_to_column(&t, at + 2 * NUMBER - 2 - 7);
	screen_str(&t, SCREEN_HEADING, "SOURCES");
	screen_to_column(&t, at + 3 * NUMBER - 2 - 8);
	screen_str(&t, SCREEN_HEADING, "MESSAGES");
	screen_put(&sh->job->out, &t);
}

static void
put_lookups(const struct show *sh)
{
	const struct senders_domain *d = sh->d;
	unsigned unused = senders_unused_lookups(d->record);
	struct screen_text t = SCREEN_TEXT(sh->a);

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t,
	    d->lookups > LIMIT_SPF_LOOKUPS ? SCREEN_OVER : SCREEN_PLAIN,
	    arena_printf(
		sh->a, "%u of %u lookups", d->lookups, LIMIT_SPF_LOOKUPS));
	if (unused)
		screen_add(&t, SCREEN_DECIDES,
		    arena_printf(sh->a, "; %u without what is unused",
			d->lookups - unused));
	screen_put(&sh->job->out, &t);
}

static void
put_terms(struct show *sh)
{
	const struct senders_record *r = sh->d->record;

	/* Of what failed alone, terms that nobody needed are not known. */
	if (!r || sh->job->options.fail)
		return;
	sh->width = TERM_MIN;
	measure_terms(sh, r, 0);
	put_terms_heading(sh);
	put_record(sh, r, 0);
	if (sh->left_out)
		screen_line(&sh->job->out,
		    arena_printf(sh->a,
			"  and %llu more without lookups, %llu of them unused",
			(unsigned long long)sh->left_out,
			(unsigned long long)sh->left_out_unused));
	put_lookups(sh);
}

/*
 * Sources.
 */

/* The kind of most messages. */
static const char *
kind_of(const struct tally_row *row)
{
	const uint64_t *n = row->n + TALLY_KIND;
	size_t most = 0;

	for (size_t i = 1; i < VERDICT_KINDS; i++)
		if (n[i] > n[most])
			most = i;
	return show_kind((enum verdict_kind)most);
}

static void
put_source(const struct show *sh, const struct senders_source *source)
{
	struct arena *a = sh->a;
	const struct result_reason *why = &spf_reasons[source->reason];
	struct screen_text t = SCREEN_TEXT(a);
	char ip[IP_TEXT];

	screen_str(&t, SCREEN_PLAIN, "    ");
	screen_str(&t, SCREEN_PLAIN, ip_text(&source->row->network.ip, ip));
	add_number(&t, sh->width + 2, source->row->n[TALLY_MESSAGES], a);
	screen_to_column(&t, sh->width + 4);
	screen_str(&t,
	    why->code == RESULT_FAIL || why->code == RESULT_PERMERROR
		? SCREEN_FAIL
		: SCREEN_DOUBT,
	    result_name(why->code));
	if (source->mechanism.p) {
		screen_str(&t, SCREEN_PLAIN, " ");
		screen_add(&t, SCREEN_PLAIN, source->mechanism);
	} else if (why->id) {
		screen_add(&t, SCREEN_ID, arena_printf(a, " [%s]", why->id));
	}
	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_str(&t, SCREEN_PLAIN, kind_of(source->row));
	screen_put_hanging(&sh->job->out, &t, sh->width + 4);
}

/* Does a source belong in the list of those that are outside? */
static bool
is_outside(const struct senders_source *source, bool elsewhere)
{
	enum result_code code = spf_reasons[source->reason].code;

	return source->row->elsewhere == elsewhere && code != RESULT_PASS &&
	    code != RESULT_TEMPERROR;
}

/* Returns the columns of a list of sources. */
static size_t
source_width(const struct senders_domain *d, struct arena *a)
{
	size_t widest = 0;
	char ip[IP_TEXT];

	for (size_t i = 0; i < d->nsources; i++) {
		const struct tally_row *row = d->sources[i].row;
		size_t width = span_of(ip_text(&row->network.ip, ip)).len + 2 +
		    show_number(row->n[TALLY_MESSAGES], a).len;

		widest = width > widest ? width : widest;
	}
	return widest + 2;
}

static void
put_outside(struct show *sh, bool elsewhere, const char *what)
{
	const struct senders_domain *d = sh->d;
	const struct senders_sum *sum = &d->outside[elsewhere];
	uint64_t shown = 0, n = 0;

	if (!sum->sources)
		return;
	screen_line(&sh->job->out,
	    ARENA_JOIN(sh->a, SPAN("  "), span_of(what), SPAN(": "),
		show_count(sum->sources, "source", "sources", sh->a),
		SPAN(", "),
		show_count(sum->messages, "message", "messages", sh->a)));
	sh->width = source_width(d, sh->a);
	for (size_t i = 0; i < d->nsources; i++) {
		const struct senders_source *source = &d->sources[i];

		if (!is_outside(source, elsewhere) ||
		    (sh->job->top && n == sh->job->top))
			continue;
		put_source(sh, source);
		shown += source->row->n[TALLY_MESSAGES];
		n++;
	}
	if (n < sum->sources)
		screen_line(&sh->job->out,
		    ARENA_JOIN(sh->a, SPAN("    and "),
			show_number(sum->sources - n, sh->a), SPAN(" more: "),
			show_number(sum->messages - shown, sh->a)));
}

/* Writes what is not known. */
static void
put_unknown(const struct show *sh)
{
	const struct senders_domain *d = sh->d;
	uint64_t sources = d->unknown[0].sources + d->unknown[1].sources;
	uint64_t n = d->unknown[0].messages + d->unknown[1].messages;
	struct arena *a = sh->a;

	if (d->failure != SPF_PASS)
		screen_line(&sh->job->out,
		    arena_printf(a,
			"  not known, as the DNS failed (%s): " SPAN_FMT
			" of " SPAN_FMT,
			spf_reasons[d->failure].id,
			SPAN_ARG(show_count(n, "message", "messages", a)),
			SPAN_ARG(show_count(sources, "source", "sources", a))));
	if (d->cut.sources)
		screen_line(&sh->job->out,
		    arena_printf(a,
			"  not evaluated: " SPAN_FMT " of " SPAN_FMT
			" after the first %u",
			SPAN_ARG(show_count(
			    d->cut.messages, "message", "messages", a)),
			SPAN_ARG(
			    show_count(d->cut.sources, "source", "sources", a)),
			LIMIT_REPORT_SENDERS));
	if (d->unaddressed)
		screen_line(&sh->job->out,
		    arena_printf(a, "  without an address: " SPAN_FMT,
			SPAN_ARG(show_count(
			    d->unaddressed, "message", "messages", a))));
}

/*
 * The whole.
 */

static void
show_domain(const struct senders *s, const struct senders_domain *d)
{
	struct show sh = {.s = s, .d = d, .job = s->job, .a = s->work};

	arena_reset(s->work);
	put_head(&sh);
	if (d->reason != SPF_PASS)
		return;
	put_terms(&sh);
	put_outside(&sh, false, "outside");
	put_outside(&sh, true,
	    "outside, but SPF of another domain matters, that of MAIL FROM");
	put_unknown(&sh);
}

void
senders_show(const struct senders *s)
{
	uint64_t strangers = 0, left = s->cut, messages = s->cut_messages;

	for (size_t i = 0; i < s->ndomains; i++) {
		const struct senders_domain *d = &s->domains[i];

		/* Whoever forges mail can name any subdomain. */
		if (!d->passed && s->job->top && strangers++ >= s->job->top) {
			left++;
			messages += d->messages;
			continue;
		}
		show_domain(s, d);
	}
	if (left)
		screen_line(&s->job->out,
		    ARENA_JOIN(s->job->memory, SPAN("\nSPF of "),
			show_count(left, "more domain", "more domains",
			    s->job->memory),
			SPAN(": "),
			show_count(
			    messages, "message", "messages", s->job->memory)));
	if (s->others)
		screen_line(&s->job->out,
		    ARENA_JOIN(s->job->memory, SPAN("SPF not evaluated: "),
			show_count(
			    s->others, "message", "messages", s->job->memory),
			SPAN(" of other sources")));
}
