/* spf_flatten: the terms of the flattened record. */
/* SPDX-License-Identifier: ISC */

#include "spf/spf_flatten_internal.h"

#include "base/ascii.h"

/* Macro letters that depend on <domain>, which is that of the record (RFC 7208
 * 7.2, 7.3): terms with these change their meaning in another domain's
 * record. */
#define RECORD_LETTERS "dp"

/*
 * Parts.
 */

/* Returns the part to add networks to: the last
 * one if possible, else a new one. */
static struct spf_flat_part *
networks_part(struct spf_flat *f, char qualifier)
{
	struct spf_flat_part *last =
	    f->nparts ? &f->parts[f->nparts - 1] : NULL;

	if (last && !last->kept.p && last->qualifier == qualifier)
		return last;
	last = ARENA_PUSH(f->tree.arena, f->parts, f->nparts);
	*last = (struct spf_flat_part){
	    .qualifier = qualifier, .set = IPSET(f->tree.arena)};
	return last;
}

/* Adds networks, except those that an earlier part matches (RFC 7208 4.6.2). */
static void
add_networks(
    struct spf_flat *f, char qualifier, const struct spf_flat_list *list)
{
	struct spf_flat_list new = {.arena = list->arena};

	for (size_t i = 0; i < list->n; i++) {
		if (ipset_covers(&f->covered, &list->network[i]))
			continue;
		*ARENA_PUSH(new.arena, new.network, new.n) = list->network[i];
	}
	if (!new.n)
		return;
	ipset_add(&networks_part(f, qualifier)->set, new.network, new.n);
	ipset_add(&f->covered, new.network, new.n);
}

static void
count_kept(struct spf_flat *f, const struct spf_flat_term *term)
{
	f->lookups += 1 + spf_macro_uses(term->term->domain, "p");
	if (term->child)
		f->lookups += term->child->lookups;
}

static bool
is_kept(const struct spf_flat *f, struct span text)
{
	for (size_t i = 0; i < f->nparts; i++)
		if (span_eq(f->parts[i].kept, text))
			return true;
	return false;
}

static struct span
without_qualifier(struct span text)
{
	return text.len && !ascii_is_alpha(text.p[0]) ? span_from(text, 1)
						      : text;
}

/* Returns a kept term as written in the
 * flattened record, without its qualifier. */
static struct span
kept_text(const struct spf_flat *f, const struct spf_flat_node *node,
    const struct spf_flat_term *term)
{
	const char *name = term->term->kind == SPF_PTR ? "ptr" : "exists";
	struct span target = term->target;

	if (!target.p || (!node->parent && !term->child))
		return without_qualifier(term->term->text);
	if (term->child) {
		name = "include";
		target = term->child->domain;
	}
	return arena_printf(
	    f->tree.arena, "%s:" SPAN_FMT, name, SPAN_ARG(target));
}

/* Keeps a term, unless it is kept already: it would not match a second time. */
static void
keep_term(struct spf_flat *f, const struct spf_flat_node *node,
    const struct spf_flat_term *term, char qualifier)
{
	struct span text = kept_text(f, node, term);

	if (is_kept(f, text))
		return;
	*ARENA_PUSH(f->tree.arena, f->parts, f->nparts) =
	    (struct spf_flat_part){.qualifier = qualifier, .kept = text};
	count_kept(f, term);
}

/*
 * Terms.
 */

static enum spf_reason add_all_terms(
    struct spf_flat *f, const struct spf_flat_node *node, char qualifier);

/* Adds a term of the domain's own record, or of
 * one that is replaced by its terms. */
static enum spf_reason
add_term(struct spf_flat *f, const struct spf_flat_node *node,
    const struct spf_flat_term *term, char qualifier)
{
	struct spf_flat_list list = {.arena = NULL};
	enum spf_reason reason;

	if (!spf_flat_is_networks(term)) {
		if (term->child && term->child->shape == SPF_FLAT_TERMS)
			return add_all_terms(f, term->child, qualifier);
		keep_term(f, node, term, qualifier);
		return SPF_PASS;
	}
	list.arena = arena_new();
	reason = spf_flat_networks(&f->tree, term, &list);
	if (reason == SPF_PASS)
		add_networks(f, qualifier, &list);
	arena_free(list.arena);
	return reason;
}

/* Adds the terms of an included record instead of the include. They all give
 * pass, except an "all" that does not, so that what matches any of them gets
 * the qualifier of the include (RFC 7208 5.2). Recurses as the records nest. */
static enum spf_reason
add_all_terms(
    struct spf_flat *f, const struct spf_flat_node *node, char qualifier)
{
	enum spf_reason reason = spf_flat_prefetch(&f->tree, node);

	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++)
		if (node->terms[i].term->kind != SPF_ALL)
			reason = add_term(f, node, &node->terms[i], qualifier);
	return reason;
}

/* Can the terms of a record move to another domain's record? */
static bool
can_move(const struct spf_flat_node *node)
{
	const struct spf_record *r = &node->record;

	if (r->exp && spf_macro_uses(r->exp->domain, RECORD_LETTERS))
		return false;
	for (size_t i = 0; i < node->nterms; i++)
		if (!node->terms[i].target.p &&
		    spf_macro_uses(node->terms[i].term->domain, RECORD_LETTERS))
			return false;
	return true;
}

/* RFC 7208 6.1. Returns the record that replaces
 * redirect=, or NULL if it stays. */
static const struct spf_flat_node *
follow_redirect(struct spf_flat *f, const struct spf_flat_term *term)
{
	if (term->child && can_move(term->child))
		return term->child;
	f->redirect = term->term->text;
	if (term->child)
		f->redirect = arena_printf(f->tree.arena, "redirect=" SPAN_FMT,
		    SPAN_ARG(term->target));
	count_kept(f, term);
	return NULL;
}

/* Adds the terms of the domain's record, or of one that it redirects to. *next
 * is the record to add after it, or NULL. */
static enum spf_reason
add_record(struct spf_flat *f, const struct spf_flat_node *node,
    const struct spf_flat_node **next)
{
	enum spf_reason reason = spf_flat_prefetch(&f->tree, node);

	*next = NULL;
	f->exp = node->record.exp ? node->record.exp->text : SPAN_NONE;
	for (size_t i = 0; i < node->nterms && reason == SPF_PASS; i++) {
		const struct spf_flat_term *term = &node->terms[i];

		if (term->term->kind == SPF_ALL)
			f->all = term->term->qualifier;
		else if (term->term->kind == SPF_REDIRECT)
			*next = follow_redirect(f, term);
		else
			reason = add_term(f, node, term, term->term->qualifier);
	}
	return reason;
}

enum spf_reason
spf_flatten(struct span domain, struct span record, struct dns *dns,
    struct arena *a, struct span **lines, size_t *nlines, struct span *detail)
{
	struct spf_flat f = {.tree = {.dns = dns, .arena = a},
	    .domain = domain,
	    .covered = IPSET(a)};
	struct spf_flat_node *root;
	const struct spf_flat_node *node;
	enum spf_reason reason = spf_flat_load(&f.tree, domain, record, &root);

	for (node = root; node && reason == SPF_PASS;)
		reason = add_record(&f, node, &node);
	if (reason == SPF_PASS)
		reason = spf_flat_write(&f, lines, nlines);
	*detail = f.tree.detail;
	return reason;
}
