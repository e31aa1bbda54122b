/* aggregate_value: the text of an element to a member. */
/* SPDX-License-Identifier: ISC */

#include <sys/socket.h>

#include "base/ascii.h"
#include "base/domain.h"
#include "base/scan.h"
#include "mail/received.h"
#include "report/aggregate_internal.h"

/* What a node's text is for. */
struct target {
	struct arena *arena;
	struct span *member; /* where the row names one */
	enum node node;
};

static void
set_text(struct aggregate *a, struct target to, struct span text)
{
	(void)a;
	*to.member = text.len ? arena_span(to.arena, text) : SPAN_NONE;
}

static void
set_lower(struct aggregate *a, struct target to, struct span text)
{
	(void)a;
	*to.member = text.len ? arena_lower(to.arena, text) : SPAN_NONE;
}

/* The domain of a text that can be an address, with or without brackets. */
static struct span
domain_part(struct span text)
{
	size_t at = span_find_last(text, '@');

	if (at == text.len)
		return text;
	text = span_from(text, at + 1);
	if (text.len && text.p[text.len - 1] == '>')
		text.len--;
	return text;
}

static void
set_domain(struct aggregate *a, struct target to, struct span text)
{
	struct span policy = a->report.policy.domain;

	*to.member = SPAN_NONE;
	if (!text.len)
		return;
	/* Most are this one; it is a normal form, or cannot be made one. */
	if (a->record && a->has_policy && span_eq(text, policy)) {
		*to.member = policy;
		return;
	}
	if (a->record && span_eq(text, a->record->envelope_from)) {
		*to.member = a->record->envelope_from;
		return;
	}
	*to.member = domain_normal(domain_part(text), to.arena);
	if (!to.member->p)
		*to.member = arena_span(to.arena, text);
}

static void
set_policy_domain(struct aggregate *a, struct target to, struct span text)
{
	struct span old = *to.member;

	set_domain(a, to, text);
	if (old.p && to.member->p && !span_eq(old, *to.member))
		aggregate_note_report(a, AGGREGATE_SEVERAL_DOMAINS,
		    "policy_published has another domain, %s",
		    aggregate_quoted(a, *to.member));
}

static void
odd_policy(struct aggregate *a, struct span text)
{
	aggregate_note_report(a, AGGREGATE_ODD_POLICY,
	    "ignored in policy_published: %s", aggregate_quoted(a, text));
}

static void
set_policy(struct aggregate *a, struct target to, struct span text)
{
	*to.member = aggregate_word_policy(text);
	if (text.len && !to.member->p)
		odd_policy(a, text);
}

/* Words of policy_published but p, sp and np. */
static void
set_word(struct aggregate *a, struct target to, struct span text)
{
	static const struct span alignment[] = {
	    {"r", sizeof("r") - 1}, {"s", sizeof("s") - 1}, {NULL, 0}};
	static const struct span testing[] = {
	    {"n", sizeof("n") - 1}, {"y", sizeof("y") - 1}, {NULL, 0}};
	static const struct span methods[] = {{"psl", sizeof("psl") - 1},
	    {"treewalk", sizeof("treewalk") - 1}, {NULL, 0}};

	*to.member = aggregate_word_of(text,
	    to.node == NODE_TESTING                ? testing
		: to.node == NODE_DISCOVERY_METHOD ? methods
						   : alignment);
	if (text.len && !to.member->p)
		odd_policy(a, text);
}

static void
set_pct(struct aggregate *a, struct target to, struct span text)
{
	uint64_t pct;

	(void)to;
	a->policy.has_pct = span_number(text, 100, &pct);
	if (a->policy.has_pct)
		a->policy.pct = (unsigned)pct;
	else if (text.len)
		odd_policy(a, text);
}

static void
set_error(struct aggregate *a, struct target to, struct span text)
{
	struct aggregate_metadata *m = &a->metadata;

	if (text.len && m->nerrors < LIMIT_REPORT_RESULTS)
		*ARENA_PUSH(to.arena, m->errors, m->nerrors) =
		    arena_span(to.arena, text);
}

/* Reads seconds since 1970, with a fraction, or a date-time of RFC 3339. */
static bool
read_time(struct span text, int64_t *seconds, bool *odd)
{
	struct span fraction = text, whole = span_cut(&fraction, '.');
	uint64_t n;

	*odd = fraction.p != NULL;
	if (whole.len <= LIMIT_TIME_DIGITS &&
	    span_number(whole, INT64_MAX, &n) &&
	    (!fraction.p || scan_is_class(fraction, ascii_is_digit))) {
		*seconds = (int64_t)n;
		return true;
	}
	*odd = true;
	return received_rfc3339(text, seconds);
}

static void
set_time(struct aggregate *a, struct target to, struct span text)
{
	struct aggregate_metadata *m = &a->metadata;
	bool odd, is_begin = to.node == NODE_BEGIN;
	bool has = read_time(text, is_begin ? &m->begin : &m->end, &odd);

	if (is_begin)
		m->has_begin = has;
	else
		m->has_end = has;
	if (odd && text.len)
		aggregate_note_report(a, AGGREGATE_ODD_TIME,
		    "not a time in whole seconds: %s",
		    aggregate_quoted(a, text));
}

static void
set_count(struct aggregate *a, struct target to, struct span text)
{
	(void)to;
	a->has_count = span_number(text, LIMIT_REPORT_COUNT, &a->record->count);
	if (!a->has_count)
		aggregate_spoil(a, AGGREGATE_REFUSED_BAD_COUNT,
		    "the count is not a number up to 2^53: \"%s\"",
		    aggregate_quoted(a, text));
}

/* An IPv4 address with leading zeros, which are decimal. */
static bool
read_zeros(struct span text, struct ip *ip)
{
	struct span rest = text;
	size_t n = 0;

	*ip = (struct ip){.family = AF_INET};
	while (rest.p) {
		uint64_t octet;

		if (n == 4 || !span_number(span_cut(&rest, '.'), 255, &octet))
			return false;
		ip->octet[n++] = (unsigned char)octet;
	}
	return n == 4;
}

/* An address without the brackets around it and the port after it, if it has
 * them: "[::1]:25", "[192.0.2.1]", "192.0.2.1:25". */
static struct span
bare_address(struct span text)
{
	struct span port = text, address = span_cut(&port, ':');

	if (text.len && *text.p == '[') {
		port = span_from(text, 1);
		address = span_cut(&port, ']');
		if (port.p && !port.len)
			return address;
		if (!port.p || *port.p != ':')
			return text;
		port = span_from(port, 1);
	} else if (!port.p) {
		return text;
	}
	return scan_is_class(port, ascii_is_digit) ? address : text;
}

/* Is an address, in some form, an IPv4 address without leading zeros? */
static bool
is_usual(struct span text)
{
	bool begins = true; /* a number */

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] != '.' && !ascii_is_digit(text.p[i]))
			return false;
		if (begins && text.p[i] == '0' && i + 1 < text.len &&
		    ascii_is_digit(text.p[i + 1]))
			return false;
		begins = text.p[i] == '.';
	}
	return true;
}

static void
set_address(struct aggregate *a, struct target to, struct span text)
{
	struct aggregate_record *r = a->record;
	char usual[IP_TEXT];

	r->has_ip = ip_parse(text, &r->ip);
	if (!r->has_ip) {
		struct span bare = bare_address(text);

		r->has_ip = ip_parse(bare, &r->ip) || read_zeros(bare, &r->ip);
	}
	/* Most are, and need not be written again. */
	if (r->has_ip && !is_usual(text))
		text = span_of(ip_text(&r->ip, usual));
	set_text(a, to, text);
}

static void
set_disposition(struct aggregate *a, struct target to, struct span text)
{
	bool odd;

	if (!text.len)
		return;
	*to.member = aggregate_word_disposition(text, &odd);
	if (odd)
		aggregate_note_record(a, AGGREGATE_ODD_DISPOSITION,
		    "the disposition is read as none: %s",
		    aggregate_quoted(a, text));
}

static void
odd_result(struct aggregate *a, struct target to, struct span text)
{
	if (to.member->p)
		aggregate_note_record(a, AGGREGATE_ODD_RESULT,
		    "the result is read as " SPAN_FMT ": %s",
		    SPAN_ARG(*to.member), aggregate_quoted(a, text));
	else
		aggregate_note_record(a, AGGREGATE_ODD_RESULT,
		    "not a result: %s", aggregate_quoted(a, text));
}

static void
set_evaluated(struct aggregate *a, struct target to, struct span text)
{
	bool odd;

	if (!text.len)
		return;
	*to.member = aggregate_word_evaluated(text, &odd);
	if (odd)
		odd_result(a, to, text);
}

static void
set_result(struct aggregate *a, struct target to, struct span text)
{
	bool odd;

	*to.member =
	    aggregate_word_result(text, to.node == NODE_SPF_RESULT, &odd);
	if (odd)
		odd_result(a, to, text);
}

static void
set_scope(struct aggregate *a, struct target to, struct span text)
{
	static const struct span scopes[] = {{"mfrom", sizeof("mfrom") - 1},
	    {"helo", sizeof("helo") - 1}, {NULL, 0}};

	*to.member = aggregate_word_of(text, scopes);
	if (text.len && !to.member->p)
		aggregate_note_record(a, AGGREGATE_ODD_RESULT,
		    "not a scope: %s", aggregate_quoted(a, text));
}

static struct aggregate_dkim *
dkim(struct aggregate *a)
{
	return &a->record->dkim_results[a->record->ndkim - 1];
}

static struct aggregate_spf *
spf(struct aggregate *a)
{
	return &a->record->spf_results[a->record->nspf - 1];
}

static struct aggregate_reason *
reason(struct aggregate *a)
{
	return &a->record->reasons[a->record->nreasons - 1];
}

/* The end of a dkim or spf: it had no result. */
static void
end_result(struct aggregate *a, struct target to, struct span text)
{
	bool is_spf = to.node == NODE_SPF;
	struct span *result = is_spf ? &spf(a)->result : &dkim(a)->result;

	(void)text;
	if (result->p)
		return;
	*result = SPAN("none");
	aggregate_note_record(a, AGGREGATE_ODD_RESULT,
	    "%s without a result is read as none", is_spf ? "spf" : "dkim");
}

/* The end of a reason, which can have text instead of elements. */
static void
end_reason(struct aggregate *a, struct target to, struct span text)
{
	struct aggregate_reason *r = reason(a);
	bool has_children = a->seen & a->vocabulary.children[NODE_REASON];
	struct span word;

	if (!has_children)
		r->type = text.len ? arena_span(to.arena, text) : SPAN_NONE;
	word = aggregate_word_reason(r->type);
	if (!word.p || !has_children)
		aggregate_note_record(a, AGGREGATE_ODD_REASON,
		    "not a type of reason: \"%s\"",
		    aggregate_quoted(a, r->type));
	if (word.p) {
		r->type = word;
		return;
	}
	if (r->type.len && r->comment.len)
		r->comment =
		    ARENA_JOIN(to.arena, r->type, SPAN(": "), r->comment);
	else if (r->type.len)
		r->comment = r->type;
	r->type = SPAN("other");
}

/* The structs that members are in. */
enum base {
	METADATA,
	POLICY,
	RECORD,
	DKIM,
	SPF,
	REASON
};

struct setter {
	void (*set)(struct aggregate *, struct target, struct span);
	enum base base;
	size_t offset;
};

#define SET(how, base, type, member)                                       \
	{                                                                  \
		set_##how, base, offsetof(struct aggregate_##type, member) \
	}

static const struct setter setters[NODES] = {
    [NODE_ORG_NAME] = SET(text, METADATA, metadata, org_name),
    [NODE_EMAIL] = SET(text, METADATA, metadata, email),
    [NODE_EXTRA_CONTACT_INFO] =
	SET(text, METADATA, metadata, extra_contact_info),
    [NODE_REPORT_ID] = SET(text, METADATA, metadata, report_id),
    [NODE_GENERATOR] = SET(text, METADATA, metadata, generator),
    [NODE_ERROR] = {set_error, METADATA, 0},
    [NODE_BEGIN] = {set_time, METADATA, 0},
    [NODE_END] = {set_time, METADATA, 0},
    [NODE_POLICY_DOMAIN] = SET(policy_domain, POLICY, policy, domain),
    [NODE_P] = SET(policy, POLICY, policy, p),
    [NODE_SP] = SET(policy, POLICY, policy, sp),
    [NODE_NP] = SET(policy, POLICY, policy, np),
    [NODE_ADKIM] = SET(word, POLICY, policy, adkim),
    [NODE_ASPF] = SET(word, POLICY, policy, aspf),
    [NODE_PCT] = {set_pct, POLICY, 0},
    [NODE_FO] = SET(lower, POLICY, policy, fo),
    [NODE_TESTING] = SET(word, POLICY, policy, testing),
    [NODE_DISCOVERY_METHOD] = SET(word, POLICY, policy, discovery_method),
    [NODE_SOURCE_IP] = SET(address, RECORD, record, source_ip),
    [NODE_COUNT] = {set_count, RECORD, 0},
    [NODE_DISPOSITION] = SET(disposition, RECORD, record, disposition),
    [NODE_EVALUATED_DKIM] = SET(evaluated, RECORD, record, dkim),
    [NODE_EVALUATED_SPF] = SET(evaluated, RECORD, record, spf),
    [NODE_REASON] = {end_reason, REASON, 0},
    [NODE_REASON_TYPE] = SET(text, REASON, reason, type),
    [NODE_REASON_COMMENT] = SET(text, REASON, reason, comment),
    [NODE_HEADER_FROM] = SET(domain, RECORD, record, header_from),
    [NODE_ENVELOPE_FROM] = SET(domain, RECORD, record, envelope_from),
    [NODE_ENVELOPE_TO] = SET(domain, RECORD, record, envelope_to),
    [NODE_DKIM] = {end_result, DKIM, 0},
    [NODE_DKIM_DOMAIN] = SET(domain, DKIM, dkim, domain),
    [NODE_DKIM_SELECTOR] = SET(domain, DKIM, dkim, selector),
    [NODE_DKIM_RESULT] = SET(result, DKIM, dkim, result),
    [NODE_DKIM_HUMAN_RESULT] = SET(text, DKIM, dkim, human_result),
    [NODE_SPF] = {end_result, SPF, 0},
    [NODE_SPF_DOMAIN] = SET(domain, SPF, spf, domain),
    [NODE_SPF_SCOPE] = SET(scope, SPF, spf, scope),
    [NODE_SPF_RESULT] = SET(result, SPF, spf, result),
    [NODE_SPF_HUMAN_RESULT] = SET(text, SPF, spf, human_result),
};

static void *
base_of(struct aggregate *a, enum base base)
{
	switch (base) {
	case METADATA:
		return &a->metadata;
	case POLICY:
		return &a->policy;
	case RECORD:
		return a->record;
	case DKIM:
		return dkim(a);
	case SPF:
		return spf(a);
	case REASON:
		break;
	}
	return reason(a);
}

static struct arena *
arena_of(struct aggregate *a, enum base base)
{
	if (base == METADATA)
		return a->next_metadata_arena;
	return base == POLICY ? a->next_policy_arena : a->arena;
}

static bool
is_blank(char c)
{
	return (unsigned char)c <= ' ';
}

void
aggregate_value(struct aggregate *a, enum node node, struct span text)
{
	const struct setter *s = &setters[node];
	struct target to;

	if (!s->set)
		return;
	to.arena = arena_of(a, s->base);
	to.member = (void *)((char *)base_of(a, s->base) + s->offset);
	to.node = node;
	/* span_trim() for what has something to trim. */
	if (text.len && (is_blank(*text.p) || is_blank(text.p[text.len - 1])))
		text = span_trim(text);
	s->set(a, to, text);
}
