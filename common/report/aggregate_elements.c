/* aggregate_elements: the names of elements, and their places. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <string.h>

#include "report/aggregate_internal.h"

static const char *const names[NAMES] = {
    [NAME_FEEDBACK] = "feedback",
    [NAME_SCHEMA] = "schema",
    [NAME_VERSION] = "version",
    [NAME_REPORT_METADATA] = "report_metadata",
    [NAME_ORG_NAME] = "org_name",
    [NAME_EMAIL] = "email",
    [NAME_EXTRA_CONTACT_INFO] = "extra_contact_info",
    [NAME_REPORT_ID] = "report_id",
    [NAME_DATE_RANGE] = "date_range",
    [NAME_BEGIN] = "begin",
    [NAME_END] = "end",
    [NAME_ERROR] = "error",
    [NAME_GENERATOR] = "generator",
    [NAME_POLICY_PUBLISHED] = "policy_published",
    [NAME_DOMAIN] = "domain",
    [NAME_P] = "p",
    [NAME_SP] = "sp",
    [NAME_NP] = "np",
    [NAME_ADKIM] = "adkim",
    [NAME_ASPF] = "aspf",
    [NAME_PCT] = "pct",
    [NAME_FO] = "fo",
    [NAME_TESTING] = "testing",
    [NAME_DISCOVERY_METHOD] = "discovery_method",
    [NAME_RECORD] = "record",
    [NAME_ROW] = "row",
    [NAME_SOURCE_IP] = "source_ip",
    [NAME_COUNT] = "count",
    [NAME_POLICY_EVALUATED] = "policy_evaluated",
    [NAME_DISPOSITION] = "disposition",
    [NAME_DKIM] = "dkim",
    [NAME_SPF] = "spf",
    [NAME_REASON] = "reason",
    [NAME_TYPE] = "type",
    [NAME_COMMENT] = "comment",
    [NAME_IDENTIFIERS] = "identifiers",
    [NAME_IDENTITIES] = "identities",
    [NAME_HEADER_FROM] = "header_from",
    [NAME_ENVELOPE_FROM] = "envelope_from",
    [NAME_ENVELOPE_TO] = "envelope_to",
    [NAME_AUTH_RESULTS] = "auth_results",
    [NAME_SELECTOR] = "selector",
    [NAME_RESULT] = "result",
    [NAME_HUMAN_RESULT] = "human_result",
    [NAME_SCOPE] = "scope",
};

/* Rows of the table: a container, a child of report_metadata or
 * policy_published, a text of a record. */
#define PART(name, parent, order)                              \
	{                                                      \
		NAME_##name, NODE_##parent, false, true, order \
	}
#define FACT(name, parent)                                 \
	{                                                  \
		NAME_##name, NODE_##parent, true, false, 0 \
	}
#define TEXT(name, parent, order)                             \
	{                                                     \
		NAME_##name, NODE_##parent, true, true, order \
	}
#define MANY(name, parent, order)                               \
	{                                                       \
		NAME_##name, NODE_##parent, false, false, order \
	}

/* The sequences are those of RFC 9990 appendix A: FeedbackType, RecordType,
 * PolicyEvaluatedType, AuthResultType. */
const struct element aggregate_elements[NODES] = {
    [NODE_FEEDBACK] = MANY(FEEDBACK, OUTSIDE, 0),
    [NODE_VERSION] = {NAME_VERSION, NODE_FEEDBACK, true, false, 1},
    [NODE_METADATA] = MANY(REPORT_METADATA, FEEDBACK, 2),
    [NODE_ORG_NAME] = FACT(ORG_NAME, METADATA),
    [NODE_EMAIL] = FACT(EMAIL, METADATA),
    [NODE_EXTRA_CONTACT_INFO] = FACT(EXTRA_CONTACT_INFO, METADATA),
    [NODE_REPORT_ID] = FACT(REPORT_ID, METADATA),
    [NODE_DATE_RANGE] = MANY(DATE_RANGE, METADATA, 0),
    [NODE_BEGIN] = FACT(BEGIN, DATE_RANGE),
    [NODE_END] = FACT(END, DATE_RANGE),
    [NODE_ERROR] = FACT(ERROR, METADATA),
    [NODE_GENERATOR] = FACT(GENERATOR, METADATA),
    [NODE_POLICY] = MANY(POLICY_PUBLISHED, FEEDBACK, 3),
    [NODE_POLICY_DOMAIN] = FACT(DOMAIN, POLICY),
    [NODE_P] = FACT(P, POLICY),
    [NODE_SP] = FACT(SP, POLICY),
    [NODE_NP] = FACT(NP, POLICY),
    [NODE_ADKIM] = FACT(ADKIM, POLICY),
    [NODE_ASPF] = FACT(ASPF, POLICY),
    [NODE_PCT] = FACT(PCT, POLICY),
    [NODE_FO] = FACT(FO, POLICY),
    [NODE_TESTING] = FACT(TESTING, POLICY),
    [NODE_DISCOVERY_METHOD] = FACT(DISCOVERY_METHOD, POLICY),
    [NODE_RECORD] = MANY(RECORD, FEEDBACK, 4),
    [NODE_ROW] = PART(ROW, RECORD, 1),
    [NODE_SOURCE_IP] = TEXT(SOURCE_IP, ROW, 0),
    [NODE_COUNT] = TEXT(COUNT, ROW, 0),
    [NODE_EVALUATED] = PART(POLICY_EVALUATED, ROW, 0),
    [NODE_DISPOSITION] = TEXT(DISPOSITION, EVALUATED, 1),
    [NODE_EVALUATED_DKIM] = TEXT(DKIM, EVALUATED, 2),
    [NODE_EVALUATED_SPF] = TEXT(SPF, EVALUATED, 3),
    [NODE_REASON] = {NAME_REASON, NODE_EVALUATED, true, false, 4},
    [NODE_REASON_TYPE] = TEXT(TYPE, REASON, 0),
    [NODE_REASON_COMMENT] = TEXT(COMMENT, REASON, 0),
    [NODE_IDENTIFIERS] = PART(IDENTIFIERS, RECORD, 2),
    [NODE_HEADER_FROM] = TEXT(HEADER_FROM, IDENTIFIERS, 0),
    [NODE_ENVELOPE_FROM] = TEXT(ENVELOPE_FROM, IDENTIFIERS, 0),
    [NODE_ENVELOPE_TO] = TEXT(ENVELOPE_TO, IDENTIFIERS, 0),
    [NODE_RESULTS] = MANY(AUTH_RESULTS, RECORD, 3),
    [NODE_DKIM] = MANY(DKIM, RESULTS, 1),
    [NODE_DKIM_DOMAIN] = TEXT(DOMAIN, DKIM, 0),
    [NODE_DKIM_SELECTOR] = TEXT(SELECTOR, DKIM, 0),
    [NODE_DKIM_RESULT] = TEXT(RESULT, DKIM, 0),
    [NODE_DKIM_HUMAN_RESULT] = TEXT(HUMAN_RESULT, DKIM, 0),
    [NODE_SPF] = MANY(SPF, RESULTS, 2),
    [NODE_SPF_DOMAIN] = TEXT(DOMAIN, SPF, 0),
    [NODE_SPF_SCOPE] = TEXT(SCOPE, SPF, 0),
    [NODE_SPF_RESULT] = TEXT(RESULT, SPF, 0),
    [NODE_SPF_HUMAN_RESULT] = TEXT(HUMAN_RESULT, SPF, 0),
};

/* No two names have the same hash: the factors were found by trying. */
static unsigned
hash(struct span name)
{
	unsigned first = (unsigned char)name.p[0];
	unsigned middle = (unsigned char)name.p[name.len / 2];

	return (first * 51 + middle * 26 + (unsigned)name.len * 37) %
	    NAME_HASHES;
}

void
aggregate_vocabulary(struct vocabulary *v)
{
	*v = (struct vocabulary){0};
	for (enum name i = NAME_NONE + 1; i < NAMES; i++) {
		unsigned char *slot = &v->hash[hash(span_of(names[i]))];

		assert(!*slot);
		*slot = (unsigned char)i;
	}
	for (enum node i = NODE_FEEDBACK; i < NODES; i++) {
		const struct element *e = &aggregate_elements[i];

		if (i == NODE_SKIPPED)
			continue;
		v->child[e->parent][e->name] = (unsigned char)i;
		v->children[e->parent] |= (uint64_t)1 << i;
	}
	v->child[NODE_RECORD][NAME_IDENTITIES] = NODE_IDENTIFIERS;
	memset(v->child[NODE_SKIPPED], NODE_SKIPPED, NAMES);
}

static enum name
local_name(const struct vocabulary *v, struct span text)
{
	enum name name;

	if (!text.len)
		return NAME_NONE;
	name = (enum name)v->hash[hash(text)];
	if (!name || strncmp(names[name], text.p, text.len) != 0 ||
	    names[name][text.len])
		return NAME_NONE;
	return name;
}

enum name
aggregate_name(const struct vocabulary *v, struct span text)
{
	enum name name = local_name(v, text);
	size_t colon;

	if (name)
		return name;
	colon = span_find(text, ':');
	if (colon == text.len)
		return NAME_NONE;
	return local_name(v, span_from(text, colon + 1));
}

/* The texts are short, and nearly always the same: strcmp() takes longer. */
static bool
is_same(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return true;
	return false;
}

enum name
aggregate_next_name(struct vocabulary *v, unsigned place, const char *text)
{
	unsigned char *next = &v->next[place];

	if (!*next || !is_same(names[*next], text))
		*next = (unsigned char)aggregate_name(v, span_of(text));
	return (enum name) * next;
}
