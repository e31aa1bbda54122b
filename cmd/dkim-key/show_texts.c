/* show_texts: key records and signatures in files. */
/* SPDX-License-Identifier: ISC */

#include "dkim-key.h"

#include "base/file.h"
#include "base/limit.h"
#include "lint/key_lint.h"

static void
add_weakness(struct shown *s, const char *id, struct span words,
    struct span what, struct arena *a)
{
	if (what.p)
		words = ARENA_JOIN(a, words, SPAN(": "), what);
	*ARENA_PUSH(a, s->weak, s->nweak) = (struct shown_weakness){id, words};
}

void
show_record(
    struct shown *s, struct span name, struct span text, struct arena *a)
{
	struct key_lint lint;

	s->record = text;
	s->name = name;
	key_lint_text(name.p ? name : SPAN("record"), text, NULL, a, &lint);
	for (size_t i = 0; i < lint.findings.n; i++) {
		const struct finding *f = &lint.findings.list[i];

		add_weakness(
		    s, f->kind->id, span_of(f->kind->words), f->what, a);
	}
	if (!s->key && lint.data.p)
		key_public_parse(lint.type, lint.data, &s->key);
}

static void
add_record(struct shown_list *l, struct span name, struct span text)
{
	struct shown *s = ARENA_PUSH(l->arena, l->list, l->n);

	*s = (struct shown){.what = "record"};
	show_record(s, name, text, l->arena);
}

/* Is the text meant as a key record: is there "p=", or "v=DKIM1"? */
static bool
is_record(struct span text)
{
	return span_casestarts(text, SPAN("v=DKIM")) ||
	    span_casecontains(text, SPAN("p="));
}

/* Is it a whole key record and nothing else, as record --format=plain writes
 * it? */
static bool
is_plain_record(struct span text)
{
	static const char *const starts[] = {"v=DKIM", "v = DKIM", "k=", "p="};

	for (size_t i = 0; i < COUNT(starts); i++)
		if (span_casestarts(text, span_of(starts[i])))
			return true;
	return false;
}

/* Each line of strings in quotes is a record, as dig +short writes it. */
static void
add_quoted(struct shown_list *l, struct span text)
{
	while (text.p) {
		struct span line = span_trim(span_cut(&text, '\n')), error;
		struct dns_rr *records;
		size_t n;

		if (!dns_zone_texts(
			ARENA_JOIN(l->arena, SPAN("record. TXT "), line),
			"record", l->arena, &records, &n, &error))
			continue;
		for (size_t i = 0; i < n; i++)
			if (is_record(records[i].data))
				add_record(l, SPAN_NONE, records[i].data);
	}
}

/* Those records of a zone file whose name is that of a key. */
static void
add_zone(struct shown_list *l, struct span text)
{
	struct dns_rr *records;
	struct span error;
	size_t n;

	if (!span_casecontains(text, SPAN("._domainkey")) ||
	    !dns_zone_texts(text, "zone", l->arena, &records, &n, &error))
		return;
	for (size_t i = 0; i < n; i++)
		if (span_casecontains(records[i].owner, SPAN("._domainkey")))
			add_record(l, records[i].owner, records[i].data);
}

/* RFC 8301 3 */
static void
weigh_signature(
    struct shown *s, const struct dkim_signature *sig, struct arena *a)
{
	if (sig->hash == DIGEST_SHA1)
		add_weakness(s, dkim_reasons[DKIM_SHA1].id,
		    span_of(dkim_reasons[DKIM_SHA1].words), SPAN_NONE, a);
	if (sig->has_length)
		add_weakness(s, dkim_reasons[DKIM_BODY_UNSIGNED].id,
		    SPAN("l= leaves the end of the body unsigned"), SPAN_NONE,
		    a);
	if (sig->type != KEY_RSA || !s->bits || s->bits >= LIMIT_RSA_BITS_WARN)
		return;
	if (s->bits < LIMIT_RSA_BITS_MIN)
		add_weakness(s, dkim_reasons[DKIM_KEY_SMALL].id,
		    span_of(dkim_reasons[DKIM_KEY_SMALL].words), SPAN_NONE, a);
	else
		add_weakness(s, key_findings[KEY_FINDING_SMALL].id,
		    span_of(key_findings[KEY_FINDING_SMALL].words), SPAN_NONE,
		    a);
}

/* RFC 8017 8.2.1: a signature of RSA is as long as the modulus. */
static void
add_signature(struct shown_list *l, const struct field *field)
{
	struct shown *s = ARENA_PUSH(l->arena, l->list, l->n);
	struct dkim_signature sig;
	enum dkim_reason reason = dkim_signature_parse(field, l->arena, &sig);

	*s = (struct shown){.what = "signature"};
	if (sig.domain.p && sig.selector.p)
		s->name = dkim_key_name(sig.selector, sig.domain, l->arena);
	if (reason != DKIM_OK) {
		add_weakness(s, dkim_reasons[reason].id,
		    span_of(dkim_reasons[reason].words), sig.detail, l->arena);
		return;
	}
	s->type = key_type_name(sig.type);
	s->bits = sig.type == KEY_RSA ? (unsigned)sig.signature.len * 8 : 256;
	weigh_signature(s, &sig, l->arena);
}

static void
add_signatures(struct shown_list *l, struct span text)
{
	struct source source = {.fd = -1, .ahead = text};
	struct message m;

	if (message_read(&m, &source, l->arena) != MESSAGE_OK)
		return;
	for (size_t i = 0; i < m.nfields; i++)
		if (span_caseeq(m.fields[i].name, SPAN("DKIM-Signature")))
			add_signature(l, &m.fields[i]);
	message_free(&m);
}

void
show_texts(struct shown_list *l, struct span text)
{
	struct span trimmed = span_trim(text);

	if (is_plain_record(trimmed))
		add_record(l, SPAN_NONE, trimmed);
	else if (span_starts(trimmed, SPAN("\"")))
		add_quoted(l, trimmed);
	else
		add_zone(l, text);
	if (!l->n)
		add_signatures(l, text);
}
