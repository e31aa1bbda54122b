/* verdict: what a record of an aggregate report tells about its messages. */
/* SPDX-License-Identifier: ISC */

#include "report/verdict.h"

#include "base/ascii.h"

#include <string.h>

/* The longest domain name in text (RFC 1035 2.3.4). */
#define DOMAIN_OCTETS 253

#define KIND(name, kind, id) VERDICT_##kind,
#define ID(name, kind, id)   id,

static enum verdict_kind
kind_of(enum verdict_rule rule)
{
	static const enum verdict_kind kinds[] = {VERDICT_RULES(KIND)};

	return kinds[rule];
}

const char *
verdict_rule_id(enum verdict_rule rule)
{
	static const char *const ids[] = {VERDICT_RULES(ID)};

	return ids[rule];
}

void
verdict_orgs_init(struct verdict_orgs *orgs, const psl_ctx_t *psl)
{
	*orgs = (struct verdict_orgs){.psl = psl, .key = siphash_random_key()};
}

static size_t
registered_length(const psl_ctx_t *psl, struct span domain)
{
	char name[DOMAIN_OCTETS + 1];
	const char *found;

	memcpy(name, domain.p, domain.len);
	name[domain.len] = '\0';
	found = psl_registrable_domain(psl, name);
	return found ? strlen(found) : domain.len;
}

struct span
verdict_org(struct verdict_orgs *orgs, struct span domain)
{
	uint64_t hash;
	size_t i;

	if (!orgs->psl || !domain.len || domain.len > DOMAIN_OCTETS)
		return domain;
	hash = siphash(&orgs->key, domain.p, domain.len);
	i = hash % VERDICT_ORGS;
	if (orgs->seen[i].hash != hash || orgs->seen[i].len > domain.len) {
		orgs->seen[i].len = registered_length(orgs->psl, domain);
		orgs->seen[i].hash = hash;
	}
	return span_from(domain, domain.len - orgs->seen[i].len);
}

static bool
is_aligned(
    struct verdict_orgs *orgs, struct span a, struct span b, struct span mode)
{
	if (span_empty(a) || span_empty(b))
		return false;
	if (span_eq(a, b))
		return true;
	/* RFC 9989 4.7: relaxed is the default. Domains of different top-level
	 * domains need no look at the list. */
	if (span_eq(mode, SPAN("s")) || a.p[a.len - 1] != b.p[b.len - 1])
		return false;
	return span_eq(verdict_org(orgs, a), verdict_org(orgs, b));
}

static bool
is_pass(struct span result)
{
	return span_eq(result, SPAN("pass"));
}

static bool
is_helo(const struct aggregate_spf *r)
{
	return span_eq(r->scope, SPAN("helo"));
}

/* Selects the result of DKIM; is it a pass and aligned? */
static bool
select_dkim(struct verdict_orgs *orgs, const struct aggregate_policy *policy,
    const struct aggregate_record *record, struct verdict *v)
{
	const struct aggregate_dkim *passed = NULL;

	for (size_t i = 0; i < record->ndkim; i++) {
		const struct aggregate_dkim *r = &record->dkim_results[i];

		if (!is_pass(r->result))
			continue;
		if (is_aligned(
			orgs, r->domain, record->header_from, policy->adkim)) {
			v->dkim_result = r;
			return true;
		}
		if (!passed)
			passed = r;
	}
	v->dkim_result = passed ? passed
	    : record->ndkim     ? record->dkim_results
				: NULL;
	return false;
}

enum raw_spf {
	RAW_SPF_OTHER,  /* no result for an aligned domain */
	RAW_SPF_BROKEN, /* some, none a pass */
	RAW_SPF_PASS
};

static enum raw_spf
select_spf(struct verdict_orgs *orgs, const struct aggregate_policy *policy,
    const struct aggregate_record *record, struct verdict *v)
{
	enum raw_spf raw = RAW_SPF_OTHER;

	for (size_t i = 0; i < record->nspf; i++) {
		const struct aggregate_spf *r = &record->spf_results[i];

		if (is_helo(r))
			continue;
		if (!v->spf_result)
			v->spf_result = r;
		if (raw == RAW_SPF_PASS ||
		    !is_aligned(
			orgs, r->domain, record->header_from, policy->aspf))
			continue;
		raw = is_pass(r->result) ? RAW_SPF_PASS : RAW_SPF_BROKEN;
	}
	if (!v->spf_result && record->nspf)
		v->spf_result = record->spf_results;
	return raw;
}

/* Is the octet part of a word of a comment? */
static bool
is_word(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* Has a comment the words arc=pass, and not only in longer ones? */
static bool
has_arc_pass(struct span s)
{
	const struct span words = SPAN("arc=pass");
	bool begins = true;

	for (; s.len >= words.len; s = span_from(s, 1)) {
		if (begins && span_casestarts(s, words) &&
		    (s.len == words.len || !is_word(s.p[words.len])))
			return true;
		begins = !is_word(s.p[0]);
	}
	return false;
}

/* Returns the rule of a reason; VERDICT_RULE_NEITHER if it has none. */
static enum verdict_rule
reason_rule(const struct aggregate_reason *reason)
{
	static const struct {
		struct span type;
		enum verdict_rule rule;
	} rules[] = {
	    {{"forwarded", 9}, VERDICT_RULE_REASON_FORWARDED},
	    {{"trusted_forwarder", 17}, VERDICT_RULE_REASON_TRUSTED},
	    {{"mailing_list", 12}, VERDICT_RULE_REASON_LIST},
	};

	for (size_t i = 0; i < COUNT(rules); i++)
		if (span_eq(reason->type, rules[i].type))
			return rules[i].rule;
	if (span_eq(reason->type, SPAN("local_policy")) &&
	    has_arc_pass(reason->comment))
		return VERDICT_RULE_REASON_ARC;
	return VERDICT_RULE_NEITHER;
}

/* The first rule, whatever the order of the reasons. */
static enum verdict_rule
first_reason_rule(const struct aggregate_record *record)
{
	enum verdict_rule first = VERDICT_RULE_NEITHER;

	for (size_t i = 0; i < record->nreasons; i++) {
		enum verdict_rule rule = reason_rule(&record->reasons[i]);

		if (rule < first)
			first = rule;
	}
	return first;
}

static enum verdict_rule
alignment_rule(const struct verdict *v, enum raw_spf raw)
{
	if (v->dkim && raw == RAW_SPF_BROKEN)
		return VERDICT_RULE_SPF_BROKEN;
	if (v->dkim)
		return v->spf ? VERDICT_RULE_BOTH : VERDICT_RULE_SPF_FAILS;
	return v->spf ? VERDICT_RULE_DKIM_FAILS : VERDICT_RULE_NEITHER;
}

struct verdict
verdict_of(struct verdict_orgs *orgs, const struct aggregate_policy *policy,
    const struct aggregate_record *record)
{
	struct verdict v = {0};
	bool dkim = select_dkim(orgs, policy, record, &v);
	enum raw_spf raw = select_spf(orgs, policy, record, &v);

	v.dkim = record->dkim.p ? is_pass(record->dkim) : dkim;
	v.spf = record->spf.p ? is_pass(record->spf) : raw == RAW_SPF_PASS;
	v.rule = first_reason_rule(record);
	v.refused = !v.spf && !v.dkim && v.rule == VERDICT_RULE_NEITHER;
	if (v.rule == VERDICT_RULE_NEITHER)
		v.rule = alignment_rule(&v, raw);
	v.kind = kind_of(v.rule);
	return v;
}
