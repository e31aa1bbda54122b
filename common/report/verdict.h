/*
 * verdict: what a record of an aggregate report tells about its messages: is
 * SPF, is DKIM aligned, what kind of messages are they, and by which rule.
 *
 * Aligned is what policy_evaluated says. Where it is silent, it follows from
 * auth_results: a result is aligned if it is a pass, SPF's not of HELO, and its
 * domain is header_from (strict), or has the same organizational domain
 * (relaxed), as adkim and aspf say. There is no DNS here, so the organizational
 * domain is by the public suffix list (RFC 7489 3.2) even if the reporter found
 * it by a tree walk (RFC 9989 4.10).
 */
/* SPDX-License-Identifier: ISC */
#ifndef VERDICT_H
#define VERDICT_H

#include <libpsl.h>

#include "base/siphash.h"
#include "report/aggregate.h"

/* The kinds, in the order in which they are shown. */
enum verdict_kind {
	VERDICT_FORWARDED, /* forwarders and lists */
	VERDICT_ALIGNED,   /* both SPF and DKIM */
	VERDICT_PARTLY,    /* one of them */
	VERDICT_NEITHER,   /* not yours */
	VERDICT_KINDS
};

/*
 * The rules; the first that holds gives the kind. First are the reasons for
 * which the reporter did not apply the policy: forwarded, trusted_forwarder,
 * mailing_list, and local_policy where the comment has arc=pass. Then
 * SPF_BROKEN: DKIM is aligned, and there is an SPF result, not of HELO, for an
 * aligned domain, but none that is a pass; what policy_evaluated says of SPF
 * does not matter. So a server that forwards and keeps the envelope is told
 * from a mailing firm, whose own bounce domain passes.
 */
#define VERDICT_RULES(X)                                         \
	X(REASON_FORWARDED, FORWARDED, "reason-forwarded")       \
	X(REASON_TRUSTED, FORWARDED, "reason-trusted-forwarder") \
	X(REASON_LIST, FORWARDED, "reason-mailing-list")         \
	X(REASON_ARC, FORWARDED, "reason-local-policy-arc")      \
	X(SPF_BROKEN, FORWARDED, "dkim-aligned-spf-broken")      \
	X(BOTH, ALIGNED, "both-aligned")                         \
	X(SPF_FAILS, PARTLY, "only-dkim-aligned")                \
	X(DKIM_FAILS, PARTLY, "only-spf-aligned")                \
	X(NEITHER, NEITHER, "neither-aligned")

#define VERDICT_RULE(name, kind, id) VERDICT_RULE_##name,
enum verdict_rule {
	VERDICT_RULES(VERDICT_RULE) VERDICT_RULE_COUNT
};

const char *verdict_rule_id(enum verdict_rule rule);

struct verdict {
	bool spf, dkim; /* aligned */
	enum verdict_rule rule;
	enum verdict_kind kind;
	/* With p=reject the messages would have been refused: neither is
	 * aligned, and the reporter gives none of the reasons above, for which
	 * it would not have applied that policy, either. */
	bool refused;
	/* Of the results, NULL if there are none: of DKIM, the first that is a
	 * pass and aligned, else the first pass, else the first; of SPF, the
	 * first that is not of HELO, else the first. */
	const struct aggregate_dkim *dkim_result;
	const struct aggregate_spf *spf_result;
};

/* Organizational domains, of which the last are remembered. */
#define VERDICT_ORGS 256
struct verdict_orgs {
	const psl_ctx_t *psl;
	struct siphash_key key;
	struct {
		uint64_t hash;
		size_t len;
	} seen[VERDICT_ORGS];
};

/* Without a list (NULL), each domain is its own organizational domain. The list
 * is the caller's, and must live as long. */
void verdict_orgs_init(struct verdict_orgs *orgs, const psl_ctx_t *psl);

/* Returns the organizational domain of a domain in normal form, the end of it;
 * of a public suffix, and of what is not a domain, all of it. */
struct span verdict_org(struct verdict_orgs *orgs, struct span domain);

/* Evaluates a record under a policy. The results that the verdict points to are
 * the record's. */
struct verdict
verdict_of(struct verdict_orgs *orgs, const struct aggregate_policy *policy,
    const struct aggregate_record *record);

#endif
