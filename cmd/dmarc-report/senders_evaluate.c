/* senders_evaluate: evaluate the sources of a domain. */
/* SPDX-License-Identifier: ISC */

#include <sys/socket.h>

#include "base/limit.h"
#include "mail/result.h"
#include "senders.h"

/* Sources for which queries are sent together, and which share --timeout. */
#define BATCH 64u

/* After so many domains for which no server has answered in time, the others
 * are not queried: each would take as long. */
#define SILENT 3u

static bool
is_temporary(enum spf_reason reason)
{
	return spf_reasons[reason].code == RESULT_TEMPERROR;
}

/* Did it take all the time there is? */
static bool
is_silence(enum spf_reason reason)
{
	return reason == SPF_DNS_TIMEOUT || reason == SPF_DNS_NETWORK;
}

/*
 * Queries that depend on the client, sent before they are needed.
 */

static bool
macro_name(const struct senders_macro *m, const struct ip *ip,
    struct span domain, struct arena *a, struct span *name, enum dns_type *type)
{
	const struct spf_macros macros = {.ip = *ip,
	    .local = SPAN("postmaster"),
	    .sender_domain = domain,
	    .domain = m->domain};

	if (m->kind == SPF_PTR) {
		*type = DNS_PTR;
		*name = spf_macro_expand(SPAN("%{ir}.%{v}.arpa"), &macros, a);
		return true;
	}
	*type = m->kind == SPF_MX   ? DNS_MX
	    : m->kind == SPF_EXISTS ? DNS_A
	    : m->kind != SPF_A      ? DNS_TXT
	    : ip->family == AF_INET ? DNS_A
				    : DNS_AAAA;
	*name = spf_macro_target(m->spec, &macros, a);
	return name->p != NULL;
}

static void
prefetch(
    struct senders *s, const struct senders_domain *d, size_t from, size_t to)
{
	struct span name;
	enum dns_type type;

	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < d->nmacros; k++)
			if (macro_name(&d->macros[k],
				&d->sources[i].row->network.ip, d->domain,
				s->work, &name, &type))
				dns_prefetch(s->dns, name, type);
	arena_reset(s->work);
}

/*
 * Evaluating.
 */

/* Returns a copy of a text; of that of the source before it if they are
 * equal. */
static struct span
keep(struct span text, struct span before, struct arena *a)
{
	return span_eq(text, before) && text.p ? before : arena_span(a, text);
}

static void
set_root(
    struct senders *s, struct senders_domain *d, const struct spf_trace *trace)
{
	const struct spf_trace_check *root = trace->root;
	struct arena *a = s->job->memory;

	if (!root) {
		d->reason = SPF_BAD_DOMAIN;
		return;
	}
	if (root->record) {
		d->text = arena_span(a, root->record->text);
		senders_read_terms(d, root, s->work, a);
	} else {
		d->reason = root->reason;
		d->detail = arena_span(a, root->detail);
	}
	if (is_temporary(d->reason))
		d->failure = d->reason;
}

static void
evaluate_source(struct senders *s, struct senders_domain *d, size_t i)
{
	struct senders_source *source = &d->sources[i];
	struct spf_query query = {.ip = source->row->network.ip,
	    .domain = d->domain,
	    .local = SPAN("postmaster"),
	    .now = s->job->options.now};
	struct spf_trace trace;
	/* The first source, whatever it matches, shows all terms. */
	struct spf_policy policy = {.lookup_limit = LIMIT_SPF_LOOKUPS,
	    .void_limit = LIMIT_SPF_VOIDS,
	    .explore = i ? 0 : LIMIT_SPF_TREE,
	    .observer = &trace.observer};
	struct spf_verdict v;

	arena_reset(s->work);
	spf_trace_init(&trace, s->work);
	spf_check(&query, &policy, s->dns, s->work, &v);
	source->reason = v.reason;
	source->detail =
	    keep(v.detail, i ? source[-1].detail : SPAN_NONE, s->job->memory);
	source->mechanism = keep(
	    v.mechanism, i ? source[-1].mechanism : SPAN_NONE, s->job->memory);
	if (!i)
		set_root(s, d, &trace);
	if (trace.root)
		senders_count_terms(d->record, trace.root, source->row);
	if (is_temporary(v.reason))
		d->failure = v.reason;
}

static void
add_sum(struct senders_domain *d, const struct senders_source *source)
{
	bool elsewhere = source->row->elsewhere;
	struct senders_sum *sum = source->reason == SPF_PASS
	    ? &d->inside[elsewhere]
	    : is_temporary(source->reason) ? &d->unknown[elsewhere]
					   : &d->outside[elsewhere];

	sum->sources++;
	sum->messages += source->row->n[TALLY_MESSAGES];
}

/* Evaluates a batch. Returns how no server answered in time, or PASS. */
static enum spf_reason
evaluate_batch(
    struct senders *s, struct senders_domain *d, size_t from, size_t to)
{
	enum spf_reason silence = SPF_PASS;

	dns_begin(s->dns);
	prefetch(s, d, from, to);
	for (size_t i = from; i < to; i++) {
		evaluate_source(s, d, i);
		if (is_silence(d->sources[i].reason))
			silence = d->sources[i].reason;
	}
	return silence;
}

/* Evaluates one source, then a batch after the other; those after one in which
 * no server answered are not known, either. */
static void
evaluate_all(struct senders *s, struct senders_domain *d)
{
	enum spf_reason silence = SPF_PASS;
	size_t i = 0, end;

	for (; i < d->nsources && silence == SPF_PASS; i = end) {
		end = i ? i + BATCH : 1;
		end = end < d->nsources ? end : d->nsources;
		silence = evaluate_batch(s, d, i, end);
	}
	if (i < d->nsources)
		senders_doubt_terms(d->record);
	for (; i < d->nsources; i++)
		d->sources[i].reason = silence;
}

void
senders_evaluate(struct senders *s, struct senders_domain *d)
{
	if (s->silent < SILENT) {
		evaluate_all(s, d);
		s->silent = is_silence(d->reason) ? s->silent + 1 : 0;
		s->silence = d->reason;
	} else {
		d->failure = d->reason = s->silence;
		for (size_t i = 0; i < d->nsources; i++)
			d->sources[i].reason = s->silence;
	}
	for (size_t i = 0; i < d->nsources; i++)
		add_sum(d, &d->sources[i]);
}
