/* signers_dns: whether the DNS has the keys that sign, and permits them to. */
/* SPDX-License-Identifier: ISC */

#include "signers.h"

#include "base/die.h"
#include "lint/key_lint.h"
#include "tool/inserter.h"

/* Queries the published key of a signer. Returns DKIM_OK if it permits the
 * signature that will be made, else why not; *differs: it is another key. */
static enum dkim_reason
published(const struct signer *s, struct span auid_domain, struct dns *dns,
    struct arena *a, struct dkim_key *key, bool *differs)
{
	enum dkim_reason reason =
	    dkim_key_query(dns, s->who.selector, s->who.domain, a, key);
	const struct dkim_signature sig = {.type = key_private_type(s->who.key),
	    .hash = DIGEST_SHA256,
	    .domain = s->who.domain,
	    .auid_domain = auid_domain.p ? auid_domain : s->who.domain};
	struct key_public *public;

	*differs = false;
	if (reason != DKIM_OK)
		return reason;
	if (key->type != key_private_type(s->who.key)) {
		*differs = true;
		return DKIM_OK;
	}
	if (key_public_parse(key->type, key->data, &public) != KEY_OK)
		return DKIM_KEY_SYNTAX;
	*differs = !key_private_matches(s->who.key, public);
	key_public_free(public);
	return dkim_key_allows(key, &sig);
}

/* What happened to the record on its way into the DNS, or NULL if that is not
 * known: more precise than the reason of a verifier. */
static const struct finding *
find_damage(
    const struct signer *s, struct span name, struct dns *dns, struct arena *a)
{
	const struct key_expected expected = {
	    .type = key_private_type(s->who.key), .private = s->who.key};
	struct key_lint *l = ARENA_NEW(a, struct key_lint);

	key_lint(dns_query_limited(dns, name, DNS_TXT), &expected, a, l);
	return key_lint_damage(l);
}

static _Noreturn void
refuse_damaged(struct span name, const struct finding *f)
{
	die(EX_DATAERR, SPAN_FMT ": %s: %s%s" SPAN_FMT, SPAN_ARG(name),
	    f->kind->id, f->kind->words, f->what.p ? ": " : "",
	    SPAN_ARG(f->what));
}

/* Refuses unless the published key of a signer is its own and permits the
 * signature. */
static void
check_published(const struct signer *s, struct span auid_domain,
    struct dns *dns, struct arena *a)
{
	struct span name = dkim_key_name(s->who.selector, s->who.domain, a);
	struct dkim_key key;
	bool differs;
	enum dkim_reason reason =
	    published(s, auid_domain, dns, a, &key, &differs);
	const struct result_reason *why = &dkim_reasons[reason];
	const struct finding *damage = NULL;

	if (reason != DKIM_OK || differs) {
		damage = find_damage(s, name, dns, a);
		inserter_explain_dns(dns, a);
	}
	if (damage)
		refuse_damaged(name, damage);
	if (reason != DKIM_OK)
		die(why->code == RESULT_TEMPERROR ? EX_TEMPFAIL : EX_DATAERR,
		    SPAN_FMT ": %s: %s%s" SPAN_FMT, SPAN_ARG(name), why->id,
		    why->words, key.detail.p ? ": " : "", SPAN_ARG(key.detail));
	if (differs)
		die(EX_DATAERR,
		    SPAN_FMT ": key-differs: another key is published",
		    SPAN_ARG(name));
	inserter_explain(
	    arena_printf(a, "published: " SPAN_FMT, SPAN_ARG(name)));
	if (key.is_testing)
		inserter_warn(SPAN_FMT ": key-testing: the key is published as "
				       "being tested (t=y)",
		    SPAN_ARG(name));
}

void
signers_check_dns(const struct signer *list, size_t n, struct span auid_domain,
    struct dns *dns, struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		dns_prefetch(dns,
		    dkim_key_name(list[i].who.selector, list[i].who.domain, a),
		    DNS_TXT);
	for (size_t i = 0; i < n; i++)
		check_published(&list[i], auid_domain, dns, a);
	inserter_explain_dns(dns, a);
}
