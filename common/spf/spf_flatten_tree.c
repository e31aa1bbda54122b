/* spf_flatten_tree: reads the records that a domain's record leads to. */
/* SPDX-License-Identifier: ISC */

#include "base/domain.h"
#include "spf/spf_flatten_internal.h"

/* Macro letters whose values depend on the message (RFC 7208 7.2); that of d
 * depends on the record alone. */
#define MESSAGE_LETTERS "slopihvcrt"

enum spf_reason
spf_flat_fail(
    struct spf_flat_tree *t, enum spf_reason reason, struct span detail)
{
	t->detail = detail;
	return reason;
}

enum spf_reason
spf_flat_fail_of(struct spf_flat_tree *t, enum spf_reason reason,
    struct span what, struct span domain)
{
	return spf_flat_fail(
	    t, reason, ARENA_JOIN(t->arena, what, SPAN(" of "), domain));
}

enum spf_reason
spf_flat_plan(struct spf_flat_tree *t, unsigned n)
{
	t->questions += n;
	if (t->questions <= LIMIT_SPF_TREE)
		return SPF_PASS;
	return spf_flat_fail(t, SPF_LOOKUP_LIMIT,
	    arena_printf(t->arena, "over %u queries in all", LIMIT_SPF_TREE));
}

/*
 * Terms.
 */

/* Is it a domain name without macros? */
static bool
is_plain(struct span name)
{
	return spf_macro_is_domain(name) && !spf_macro_uses(name, NULL);
}

static struct span
target_of(const struct spf_flat_tree *t, const struct spf_flat_node *node,
    const struct spf_term *term)
{
	const struct spf_macros macros = {.domain = node->domain};
	struct span target = SPAN_NONE;

	if (!term->domain.p)
		return node->domain; /* RFC 7208 4.8 */
	if (!spf_macro_uses(term->domain, MESSAGE_LETTERS))
		target = spf_macro_target(term->domain, &macros, t->arena);
	return target.p && is_plain(target) ? target : SPAN_NONE;
}

static void
add_name(struct spf_flat_tree *t, struct span name)
{
	*ARENA_PUSH(t->arena, t->names, t->nnames) = domain_without_dot(name);
}

/* Notes the names that a record's terms have, those never evaluated and exp=
 * among them: a new record there would change what they find. */
static void
add_names(struct spf_flat_tree *t, const struct spf_flat_node *node)
{
	for (size_t i = 0; i < node->record.nterms; i++) {
		const struct spf_term *term = &node->record.terms[i];
		struct span name = SPAN_NONE;

		if (term->domain.p)
			name = target_of(t, node, term);
		if (name.p)
			add_name(t, name);
	}
}

static void
add_term(const struct spf_flat_tree *t, struct spf_flat_node *node,
    const struct spf_term *term)
{
	*ARENA_PUSH(t->arena, node->terms, node->nterms) =
	    (struct spf_flat_term){
		.term = term,
		.target = target_of(t, node, term),
	    };
}

/* RFC 7208 5.1, 6.1: terms after "all" are not
 * evaluated, nor redirect= beside it. */
static void
add_terms(const struct spf_flat_tree *t, struct spf_flat_node *node)
{
	const struct spf_record *r = &node->record;

	for (size_t i = 0; i < r->nterms; i++) {
		if (r->terms[i].kind < SPF_REDIRECT)
			add_term(t, node, &r->terms[i]);
		if (&r->terms[i] == r->all)
			return;
	}
	if (r->redirect && !r->all)
		add_term(t, node, r->redirect);
}

static bool
leads_on(const struct spf_flat_term *term)
{
	return term->target.p &&
	    (term->term->kind == SPF_INCLUDE ||
		term->term->kind == SPF_REDIRECT);
}

bool
spf_flat_is_networks(const struct spf_flat_term *term)
{
	switch (term->term->kind) {
	case SPF_ALL:
	case SPF_IP4:
	case SPF_IP6:
		return true;
	case SPF_A:
	case SPF_MX:
		return term->target.p;
	default:
		return term->child && term->child->shape == SPF_FLAT_NETWORKS;
	}
}

/*
 * In an included record redirect= is equivalent to an include at the end, since
 * what does not pass there does not match (RFC 7208 5.2). Where all terms give
 * pass, it does not matter which of them matches.
 */
static enum spf_flat_shape
shape_of(const struct spf_flat_node *node)
{
	bool all_networks = true, all_pass = true;

	for (size_t i = 0; i < node->nterms; i++) {
		const struct spf_flat_term *term = &node->terms[i];
		bool is_all = term->term->kind == SPF_ALL;

		if ((term->term->qualifier == '+') == is_all)
			all_pass = false;
		if (spf_flat_is_networks(term))
			continue;
		if (!term->child)
			return SPF_FLAT_KEPT;
		all_networks = false;
	}
	return all_networks ? SPF_FLAT_NETWORKS
	    : all_pass      ? SPF_FLAT_TERMS
			    : SPF_FLAT_KEPT;
}

/* RFC 7208 4.6.4; %{p} is one more lookup. */
static unsigned
lookups_of(const struct spf_flat_node *node)
{
	unsigned n = 0;

	for (size_t i = 0; i < node->nterms; i++) {
		const struct spf_flat_term *term = &node->terms[i];

		n += spf_term_queries(term->term);
		n += spf_macro_uses(term->term->domain, "p");
		n += term->child ? term->child->lookups : 0;
	}
	return n;
}

/*
 * Records.
 */

static enum spf_reason
query_record(struct spf_flat_tree *t, struct span domain, struct span *text)
{
	if (span_find(domain, '.') == domain.len)
		return SPF_BAD_DOMAIN; /* RFC 7208 4.3 */
	return spf_record_select(dns_query(t->dns, domain, DNS_TXT), text);
}

static bool
is_loop(const struct spf_flat_node *node)
{
	for (const struct spf_flat_node *p = node->parent; p; p = p->parent)
		if (span_eq(p->domain, node->domain))
			return true;
	return false;
}

/* Reads the node's record from the text, unless absent, or from the DNS. */
static enum spf_reason
read_record(
    struct spf_flat_tree *t, struct spf_flat_node *node, struct span text)
{
	struct span wrong;
	enum spf_reason reason = SPF_PASS;

	if (is_loop(node))
		reason = SPF_LOOP;
	else if (!text.p)
		reason = query_record(t, node->domain, &text);
	else if (!spf_is_record(text))
		reason = SPF_NO_RECORD;
	if (reason != SPF_PASS)
		return spf_flat_fail(t, reason, node->domain);
	reason = spf_record_parse(text, t->arena, &node->record, &wrong);
	if (reason != SPF_PASS)
		return spf_flat_fail_of(t, reason, wrong, node->domain);
	return SPF_PASS;
}

static enum spf_reason
prefetch_children(struct spf_flat_tree *t, const struct spf_flat_node *node)
{
	enum spf_reason reason = SPF_PASS;

	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++) {
		if (!leads_on(&node->terms[i]))
			continue;
		reason = spf_flat_plan(t, 1);
		if (reason == SPF_PASS)
			dns_prefetch(t->dns, node->terms[i].target, DNS_TXT);
	}
	return reason;
}

static enum spf_reason
load(struct spf_flat_tree *t, struct spf_flat_node *node, struct span text);

/* RFC 7208 5.2, 6.1: the lack of a record is an error here. */
static enum spf_reason
load_child(struct spf_flat_tree *t, const struct spf_flat_node *node,
    struct spf_flat_term *term)
{
	bool is_include = term->term->kind == SPF_INCLUDE;
	enum spf_reason reason;

	term->child = ARENA_NEW(t->arena, struct spf_flat_node);
	*term->child = (struct spf_flat_node){
	    .parent = node,
	    .domain = domain_normal_id(term->target, t->arena),
	};
	reason = load(t, term->child, SPAN_NONE);
	if (spf_reasons[reason].code != RESULT_NONE)
		return reason;
	return spf_flat_fail_of(t,
	    is_include ? SPF_INCLUDE_NONE : SPF_REDIRECT_NONE, term->term->text,
	    node->domain);
}

/* Recurses as the records nest; each takes one of LIMIT_SPF_TREE queries. */
static enum spf_reason
load(struct spf_flat_tree *t, struct spf_flat_node *node, struct span text)
{
	enum spf_reason reason = read_record(t, node, text);

	if (reason != SPF_PASS)
		return reason;
	add_names(t, node);
	add_terms(t, node);
	reason = prefetch_children(t, node);
	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++)
		if (leads_on(&node->terms[i]))
			reason = load_child(t, node, &node->terms[i]);
	if (reason != SPF_PASS)
		return reason;
	node->shape = shape_of(node);
	node->lookups = lookups_of(node);
	return SPF_PASS;
}

enum spf_reason
spf_flat_load(struct spf_flat_tree *t, struct span domain, struct span record,
    struct spf_flat_node **root)
{
	enum spf_reason reason = spf_flat_plan(t, record.p ? 0 : 1);

	*root = ARENA_NEW(t->arena, struct spf_flat_node);
	**root = (struct spf_flat_node){.domain = domain};
	return reason == SPF_PASS ? load(t, *root, record) : reason;
}
