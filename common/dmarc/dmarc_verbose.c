/* dmarc_verbose: the steps of an evaluation, for --verbose. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>

#include "base/buf.h"
#include "dmarc/dmarc.h"
#include "base/domain.h"

/* What the lines show. The verdict itself does not change: what it did not need
 * is found by a second evaluation that treats every identifier as passed. */
struct verbose {
	const struct dmarc_method *method;
	const struct dmarc_verdict *v;
	struct dmarc_verdict all;   /* with every identifier passed */
	struct dmarc_verdict other; /* the same by the other way to find
				       organizational domains */
	const char *other_way;      /* its name, or NULL: nothing to compare */
	struct span org;            /* of the author domain, or absent */
	struct result *r;
	struct arena *arena;
};

/* The rules that lines cite, and their sections in RFC 9989 and RFC 7489. */
enum rule {
	RULE_AUTHOR,
	RULE_APPLIES,
	RULE_DISCOVERY,
	RULE_SYNTAX,
	RULE_OBSOLETE,
	RULE_TAGS,
	RULE_SAMPLE,
	RULE_DISPOSITION,
	RULE_ALIGNMENT,
};
static const char *const rules[][2] = {
    [RULE_AUTHOR] = {"RFC 9989 5.3.1", "RFC 7489 6.6.1"},
    [RULE_APPLIES] = {"RFC 9989 5.3.2", "RFC 7489 6.6.3"},
    [RULE_DISCOVERY] = {"RFC 9989 4.10.1", "RFC 7489 6.6.3"},
    [RULE_SYNTAX] = {"RFC 9989 4.8", "RFC 7489 6.4"},
    [RULE_OBSOLETE] = {"RFC 9989 C.5.2", "RFC 9989 C.5.2"},
    [RULE_TAGS] = {"RFC 9989 4.7", "RFC 7489 6.3"},
    [RULE_SAMPLE] = {"RFC 7489 6.6.4", "RFC 7489 6.6.4"},
    [RULE_DISPOSITION] = {"RFC 9989 5.3.6", "RFC 7489 6.6.2"},
    [RULE_ALIGNMENT] = {"RFC 9989 4.10.2", "RFC 7489 3.1"},
};

static const char *
cite(const struct verbose *e, enum rule rule)
{
	return rules[rule][e->method->rfc7489];
}

static void
add_line(struct verbose *e, struct span line)
{
	result_detail(e->r, line, e->arena);
}

#define SHOW(e, ...) add_line((e), arena_printf((e)->arena, __VA_ARGS__))

/* Adds the line "front: text"; text is published by others and may have any
 * octets. */
static void
show_text(struct verbose *e, struct span front, struct span text)
{
	struct buf b = BUF(e->arena);

	buf_add(&b, front);
	buf_str(&b, ": ");
	buf_add(&b, text);
	add_line(e, buf_span(&b));
}

/*
 * The record that applies.
 */

static const char *
whose(const struct verbose *e)
{
	const struct dmarc_level *l = e->v->applies;

	if (l == e->v->walk.levels)
		return "the author domain's own";
	return span_eq(l->domain, e->org) ? "the organizational domain's"
					  : "the public suffix's";
}

static void
show_flaw(struct verbose *e, const struct dmarc_flaw *flaw)
{
	static const struct {
		const char *words;
		enum rule rule;
	} kinds[] = {
	    [DMARC_FLAW_SYNTAX] = {"not a tag", RULE_SYNTAX},
	    [DMARC_FLAW_VALUE] = {"invalid value", RULE_SYNTAX},
	    [DMARC_FLAW_DUPLICATE] = {"duplicate tag, both ignored",
		RULE_SYNTAX},
	    [DMARC_FLAW_UNKNOWN] = {"unknown tag", RULE_TAGS},
	    [DMARC_FLAW_OBSOLETE] = {"obsolete tag", RULE_OBSOLETE},
	};

	if (flaw->kind == DMARC_FLAW_OBSOLETE && e->v->rfc7489)
		return;
	show_text(e,
	    arena_printf(e->arena, "  %s (%s)", kinds[flaw->kind].words,
		cite(e, kinds[flaw->kind].rule)),
	    flaw->tag);
}

static void
show_record(struct verbose *e)
{
	const struct dmarc_level *l = e->v->applies;
	struct span front;

	if (!l) {
		SHOW(e, "no record %s (%s)",
		    e->v->walk.failed ? "is known to apply"
				      : "applies: nothing is evaluated",
		    cite(e, RULE_APPLIES));
		return;
	}
	front = arena_printf(e->arena, "record of " SPAN_FMT ", %s%s (%s)",
	    SPAN_ARG(l->domain), whose(e), l->answer ? "" : ", as given",
	    cite(e, RULE_DISCOVERY));
	show_text(e, front, l->record.text);
	for (size_t i = 0; i < l->record.nflaws; i++)
		show_flaw(e, &l->record.flaws[i]);
}

static void
compare_record(struct verbose *e)
{
	const struct dmarc_level *l = e->v->applies, *other = e->other.applies;

	if (other && !(l && span_eq(other->domain, l->domain)))
		SHOW(e, "  %s: the record of " SPAN_FMT, e->other_way,
		    SPAN_ARG(other->domain));
}

/*
 * The policy.
 */

/* Returns why this tag applies, as the end of a line. */
static const char *
tag_reason(const struct dmarc_verdict *v)
{
	switch (v->tag[0]) {
	case 'n':
		return ", as the author domain does not exist";
	case 's':
		return ", as the author domain is a subdomain";
	default:
		if (!v->applies->record.has_p)
			return ", as there is no p=";
		return v->applies != v->walk.levels ? ", as there is no sp="
						    : "";
	}
}

static void
show_published(struct verbose *e)
{
	const struct dmarc_verdict *v = e->v;

	if (v->reason == DMARC_POLICY)
		SHOW(e,
		    "policy: invalid, and there is no valid rua=: nothing is"
		    " evaluated (%s)",
		    cite(e, RULE_DISCOVERY));
	else if (v->bad_policy)
		SHOW(e, "policy: none, as it is invalid but has a rua= (%s)",
		    cite(e, RULE_DISCOVERY));
	else if (v->tag)
		SHOW(e, "policy: %s=%s%s (%s)", v->tag,
		    dmarc_policy_name(v->published), tag_reason(v),
		    cite(e, RULE_TAGS));
}

static void
show_policy(struct verbose *e)
{
	const struct dmarc_verdict *v = e->v;
	enum result_code code = dmarc_code(v);

	show_published(e);
	if (v->lowered)
		SHOW(e, "  t=y: one level lower, %s (%s)",
		    dmarc_policy_name(v->policy), cite(e, RULE_TAGS));
	if (v->sampled_out)
		SHOW(e,
		    "  pct=%u excludes this message: one level lower, %s (%s)",
		    v->applies->record.pct, dmarc_policy_name(v->disposition),
		    cite(e, RULE_SAMPLE));
	if (code == RESULT_PASS || code == RESULT_FAIL)
		SHOW(e, "disposition of a %s: %s (%s)", result_name(code),
		    dmarc_policy_name(v->disposition),
		    cite(e, RULE_DISPOSITION));
	else if (code == RESULT_TEMPERROR)
		SHOW(e, "disposition: not known at present (%s)",
		    cite(e, RULE_DISPOSITION));
}

/*
 * The tree walk.
 */

static void
show_level(struct verbose *e, const struct dmarc_level *l)
{
	struct span name =
	    arena_printf(e->arena, "  _dmarc." SPAN_FMT, SPAN_ARG(l->domain));
	const struct dmarc_level *applies = e->v->applies;
	struct span text = l->record.text;

	if (applies && span_eq(l->domain, applies->domain))
		text = SPAN("the record that applies");
	else if (l->found == DMARC_FOUND_SEVERAL)
		text = SPAN("several records, all ignored (RFC 9989 4.10)");
	else if (l->found != DMARC_FOUND_RECORD && !l->answer)
		text = SPAN("the given text is not a DMARC record");
	else if (l->found != DMARC_FOUND_RECORD)
		text = arena_printf(e->arena, "%s%s",
		    dns_status_words(l->answer->status),
		    l->answer->nrecords ? ", but no record" : "");
	show_text(e, name, text);
}

static void
show_walk(struct verbose *e, const struct dmarc_walk *w)
{
	for (size_t i = 0; i < w->nlevels; i++) {
		/* The first step removes one label, unless it skips some. */
		if (!e->method->psl && i == 1 &&
		    !span_eq(w->levels[1].domain, domain_parent(w->domain)))
			SHOW(e,
			    "  longer names are not queried (RFC 9989 4.10)");
		show_level(e, &w->levels[i]);
	}
}

static void
show_org(struct verbose *e)
{
	/* The list is the way of RFC 7489. */
	const char *rule = e->method->psl ? "RFC 7489 3.2" : "RFC 9989 4.10.2";

	if (e->org.p)
		SHOW(e, "organizational domain " SPAN_FMT ": %s (%s)",
		    SPAN_ARG(e->org), e->all.walk.how, rule);
	else
		SHOW(e, "organizational domain: not known (%s)", rule);
	show_walk(e, &e->all.walk);
}

static void
compare_org(struct verbose *e)
{
	struct span other = e->other.walk.org;

	if (!e->other_way || span_eq(other, e->org))
		return;
	if (other.p)
		SHOW(e, "  %s: " SPAN_FMT, e->other_way, SPAN_ARG(other));
	else
		SHOW(e, "  %s: not known", e->other_way);
}

/*
 * Identifiers.
 */

static struct span
show_relaxed(struct verbose *e, const struct dmarc_aligned *a)
{
	const struct dmarc_walk *w = a->walk;

	if (!e->org.p)
		return SPAN("not known, as the author domain's organization is"
			    " not");
	if (!w)
		return arena_printf(e->arena,
		    "not below " SPAN_FMT ": cannot be aligned",
		    SPAN_ARG(e->org));
	if (!w->org.p)
		return arena_printf(e->arena,
		    "not known, as _dmarc." SPAN_FMT " has %s",
		    SPAN_ARG(w->failed->domain),
		    dns_status_words(w->failed->answer->status));
	return arena_printf(e->arena, "%s organization (" SPAN_FMT "): %s",
	    a->alignment == DMARC_ALIGNED_ORG ? "same" : "another",
	    SPAN_ARG(w->org), w->how);
}

static struct span
show_alignment(struct verbose *e, const struct dmarc_aligned *a, bool strict)
{
	if (a->alignment == DMARC_ALIGNED_EQUAL)
		return SPAN("same domain");
	if (!strict)
		return show_relaxed(e, a);
	return a->identifier->from_auid
	    ? SPAN("header.i does not replace header.d")
	    : SPAN("not the same domain");
}

static const char *
outcome(const struct dmarc_identifier *id)
{
	if (id->code == RESULT_PASS)
		return "";
	if (id->is_unchecked)
		return "; but this host forbids its algorithm";
	return id->code == RESULT_TEMPERROR ? "; it may pass later"
					    : "; but it did not pass";
}

static void
show_identifier(struct verbose *e, size_t i)
{
	const struct dmarc_identifier *id = e->v->aligned[i].identifier;
	const struct dmarc_record *r = &e->v->applies->record;
	bool spf = id->mechanism == DMARC_SPF;
	bool strict = spf ? r->strict_spf : r->strict_dkim;
	struct span words = show_alignment(e, &e->all.aligned[i], strict);

	SHOW(e, "%s=%s " SPAN_FMT " ~ " SPAN_FMT " %s: " SPAN_FMT "%s (%s)",
	    spf ? "spf" : "dkim", result_name(id->code), SPAN_ARG(id->domain),
	    SPAN_ARG(e->v->author), strict ? "strict" : "relaxed",
	    SPAN_ARG(words), outcome(id), cite(e, RULE_ALIGNMENT));
}

static bool
is_aligned(const struct dmarc_verdict *v, size_t i)
{
	return v->aligned[i].alignment == DMARC_ALIGNED_EQUAL ||
	    v->aligned[i].alignment == DMARC_ALIGNED_ORG;
}

static void
compare_identifier(struct verbose *e, size_t i)
{
	if (e->other.aligned &&
	    is_aligned(&e->all, i) != is_aligned(&e->other, i))
		SHOW(e, "  %s: %s", e->other_way,
		    is_aligned(&e->other, i) ? "aligned" : "not aligned");
}

static void
show_identifiers(struct verbose *e)
{
	assert(e->all.identifiers == e->v->identifiers);
	for (size_t i = 0; i < e->v->identifiers; i++) {
		show_identifier(e, i);
		compare_identifier(e, i);
	}
}

/*
 * All steps.
 */

/* Evaluates again, as if every identifier had passed. */
static void
evaluate_all(struct verbose *e, const struct dmarc_method *method,
    struct dmarc_verdict *out)
{
	const struct dmarc_verdict *v = e->v;
	struct dmarc_identifier *list =
	    ARENA_ARRAY(e->arena, struct dmarc_identifier, v->identifiers);

	for (size_t i = 0; i < v->identifiers; i++) {
		list[i] = *v->aligned[i].identifier;
		list[i].code = RESULT_PASS;
	}
	dmarc_eval(method, v->author, list, v->identifiers, 0, out);
	dmarc_walk_complete(method, &out->walk);
}

/* Evaluates once more, by the list if the verdict is by the walk, and the other
 * way round. */
static void
evaluate_other(struct verbose *e)
{
	struct dmarc_method method = *e->method;

	if (method.rfc7489 || (!method.psl && !method.compare))
		return;
	e->other_way =
	    method.psl ? "by the tree walk" : "by the public suffix list";
	method.psl = method.psl ? NULL : method.compare;
	evaluate_all(e, &method, &e->other);
}

void
dmarc_verbose(const struct dmarc_method *method, const struct dmarc_verdict *v,
    enum dmarc_part part, struct result *r)
{
	struct verbose *e = ARENA_NEW(method->arena, struct verbose);
	struct dmarc_method counted = *method;

	counted.is_limited = true; /* these queries only explain */
	method = &counted;
	*e = (struct verbose){
	    .method = method, .v = v, .r = r, .arena = method->arena};
	evaluate_all(e, method, &e->all);
	evaluate_other(e);
	e->org = e->all.walk.org;
	SHOW(e, "author domain " SPAN_FMT " (%s)%s", SPAN_ARG(v->author),
	    cite(e, RULE_AUTHOR), part == DMARC_DECIDES ? "  <-- decides" : "");
	show_record(e);
	compare_record(e);
	if (v->applies)
		show_policy(e);
	show_org(e);
	compare_org(e);
	if (!v->applies)
		return;
	show_identifiers(e);
	if (part != DMARC_BESIDE)
		dmarc_verbose_destinations(method, v->applies, e->org, r);
}
