/* senders_rows: what --spf found, as JSON. */
/* SPDX-License-Identifier: ISC */

#include "base/json.h"
#include "senders.h"
#include "tool/output.h"

/* Why a result is what it is, for people; absent for a plain pass. */
static json_t *
reason_json(enum spf_reason reason, struct span detail, struct arena *a)
{
	struct span words = span_of(spf_reasons[reason].words);

	if (!words.len)
		return json_null();
	return json_text(
	    detail.p ? ARENA_JOIN(a, words, SPAN(": "), detail) : words, a);
}

static json_t *
object(const struct senders_domain *d, const char *type, struct arena *a)
{
	return json_pack("{s:i, s:s, s:n, s:n, s:o}", JSON_MEMBER("schema", 1),
	    JSON_MEMBER("type", type), "file", "line",
	    JSON_MEMBER("domain", json_text(d->domain, a)));
}

static void
put(json_t *object, json_t *members)
{
	json_object_update_new(object, members);
	output_json(object, stdout);
}

static void
put_domain(const struct senders_domain *d, bool terms, struct arena *a)
{
	unsigned unused = senders_unused_lookups(d->record);
	json_t *known = d->record ? json_integer(d->lookups) : json_null();
	const char *failure = spf_reasons[d->failure].id;

	put(object(d, "spf-record", a),
	    json_pack("{s:o, s:s?, s:o, s:o, s:o, s:s?, s:I, s:I, s:I}",
		JSON_MEMBER("record", json_text(d->text, a)),
		JSON_MEMBER("id", spf_reasons[d->reason].id),
		JSON_MEMBER("reason", reason_json(d->reason, d->detail, a)),
		JSON_MEMBER("lookups", known),
		JSON_MEMBER("unused_lookups",
		    d->record && terms ? json_integer(unused) : json_null()),
		JSON_MEMBER("failure", failure),
		JSON_MEMBER("messages", (json_int_t)d->messages),
		JSON_MEMBER("sources", (json_int_t)d->nsources),
		JSON_MEMBER("sources_cut", (json_int_t)d->cut.sources)));
}

static const char *
use_word(const struct senders_term *t)
{
	if (!t->reached)
		return "unreachable";
	if (t->messages)
		return "used";
	return t->hidden || t->failed ? "unknown" : "unused";
}

static void
put_terms(const struct senders_domain *d, const struct senders_record *r,
    struct arena *a)
{
	for (size_t i = 0; r && i < r->nterms; i++) {
		const struct senders_term *t = &r->terms[i];

		if (t->kind > SPF_REDIRECT)
			continue;
		put(object(d, "spf-term", a),
		    json_pack("{s:o, s:o, s:s, s:I, s:I, s:I, s:I}",
			JSON_MEMBER("record_domain", json_text(r->domain, a)),
			JSON_MEMBER("term", json_text(t->text, a)),
			JSON_MEMBER("use", use_word(t)),
			JSON_MEMBER("lookups", (json_int_t)t->lookups),
			JSON_MEMBER("sources", (json_int_t)t->sources),
			JSON_MEMBER("messages", (json_int_t)t->messages),
			JSON_MEMBER(
			    "other_messages", (json_int_t)t->elsewhere)));
		put_terms(d, t->inner, a);
	}
}

static void
put_source(const struct senders_domain *d, const struct senders_source *source,
    struct arena *a)
{
	const struct tally_row *row = source->row;
	const struct result_reason *why = &spf_reasons[source->reason];
	char ip[IP_TEXT];

	put(object(d, "spf-source", a),
	    json_pack("{s:s, s:b, s:s, s:s?, s:o, s:o, s:I, s:I, s:I, s:I}",
		JSON_MEMBER("source_ip", ip_text(&row->network.ip, ip)),
		JSON_MEMBER("other_mail_from", row->elsewhere),
		JSON_MEMBER("result", result_name(why->code)),
		JSON_MEMBER("id", why->id),
		JSON_MEMBER(
		    "reason", reason_json(source->reason, source->detail, a)),
		JSON_MEMBER("term", json_text(source->mechanism, a)),
		JSON_MEMBER("messages", (json_int_t)row->n[TALLY_MESSAGES]),
		JSON_MEMBER("aligned", (json_int_t)row->n[TALLY_PASSED]),
		JSON_MEMBER("spf_aligned", (json_int_t)row->n[TALLY_SPF]),
		JSON_MEMBER("dkim_aligned", (json_int_t)row->n[TALLY_DKIM])));
}

void
senders_rows(const struct senders *s)
{
	/* Of what failed alone, terms that nobody needed are not known. */
	bool terms = !s->job->options.fail;

	for (size_t i = 0; i < s->ndomains; i++) {
		const struct senders_domain *d = &s->domains[i];

		arena_reset(s->work);
		put_domain(d, terms, s->work);
		if (terms)
			put_terms(d, d->record, s->work);
		for (size_t k = 0; k < d->nsources; k++) {
			arena_reset(s->work);
			put_source(d, &d->sources[k], s->work);
		}
	}
}
