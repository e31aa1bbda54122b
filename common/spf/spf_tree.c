/* spf_tree: the tree of spf_trace as lines for people. */
/* SPDX-License-Identifier: ISC */

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/limit.h"
#include "spf/spf_tree_internal.h"

/* Widths in columns: of terms, at most; of costs; of totals; of long texts, at
 * least. */
#define WIDTH_TERM  40u
#define WIDTH_COST  7u
#define WIDTH_TOTAL 10u
#define WIDTH_TEXT  40u

/* Marks the terms that led to the verdict. */
#define MARK SPAN("  <-- decides")

/* A check_host() being shown. */
struct node {
	const struct spf_trace_check *check;
	unsigned depth; /* 0: the root */
	bool chain;     /* its result leads to the verdict */
	size_t indent;  /* of its terms */
	size_t cost;    /* the column of costs, which outcomes follow */
};

/*
 * Lines.
 */

static struct buf
begin_line(const struct spf_tree *t, size_t indent)
{
	struct buf b = BUF(t->arena);

	memset(buf_room(&b, indent), ' ', indent);
	b.len = indent;
	return b;
}

static void
end_line_as(struct spf_tree *t, const struct buf *b, enum screen_role role)
{
	*ARENA_PUSH(t->arena, t->lines, t->nlines) =
	    (struct result_line){buf_span(b), role, false};
}

static void
end_line(struct spf_tree *t, const struct buf *b)
{
	end_line_as(t, b, SCREEN_PLAIN);
}

/* Adds blanks up to a column, at least two. */
static void
to_column(struct buf *b, size_t column)
{
	buf_str(b, "  ");
	while (b->len < column)
		buf_char(b, ' ');
}

/* Returns the columns left after an indent. */
static size_t
columns_after(const struct spf_tree *t, size_t indent)
{
	return indent + WIDTH_TEXT < t->columns ? t->columns - indent
						: WIDTH_TEXT;
}

void
spf_tree_line(
    struct spf_tree *t, size_t indent, struct span text, enum screen_role role)
{
	struct buf b = begin_line(t, indent);

	buf_add(&b, text);
	end_line_as(t, &b, role);
}

static void
add_line(struct spf_tree *t, size_t indent, struct span text)
{
	spf_tree_line(t, indent, text, SCREEN_PLAIN);
}

static void
add_folded(struct spf_tree *t, size_t indent, struct span text)
{
	while (text.len)
		add_line(t, indent, span_fold(&text, columns_after(t, indent)));
}

/*
 * The outcome of a term.
 */

static const char *
result_of(enum spf_reason reason)
{
	return result_name(spf_reasons[reason].code);
}

/* RFC 7208 5.2: an include matches if its result is pass. */
static void
write_no_match(
    struct buf *b, const struct spf_trace_check *v, const struct spf_step *s)
{
	(void)v;
	buf_str(b, "no match");
	if (s->check)
		buf_printf(b, ": its result is %s, not pass",
		    result_of(s->check->reason));
}

/* RFC 7208 4.6.2; for redirect= 6.1 */
static void
write_match(
    struct buf *b, const struct spf_trace_check *v, const struct spf_step *s)
{
	(void)v;
	if (s->term->kind != SPF_REDIRECT)
		buf_printf(b, "match: %s", result_of(spf_term_result(s->term)));
	else if (s->check)
		buf_printf(
		    b, "its result counts: %s", result_of(s->check->reason));
}

/* The words of an error appear once, at the term in
 * error, not at the includes above it. */
static void
write_error(
    struct buf *b, const struct spf_trace_check *v, const struct spf_step *s)
{
	const struct spf_trace_check *inner = s->check;

	if (s->decides && (!inner || inner->reason != v->reason))
		buf_printf(b, "%s: %s", result_of(v->reason),
		    spf_reasons[v->reason].words);
	else if (inner)
		buf_printf(
		    b, "error: its result is %s", result_of(inner->reason));
	else
		buf_str(b, "error");
}

static void
write_not_queried(
    struct buf *b, const struct spf_trace_check *v, const struct spf_step *s)
{
	(void)v;
	(void)s;
	buf_str(b, "not queried: --tree-limit");
}

static void (*const write_outcome[])(struct buf *b,
    const struct spf_trace_check *v, const struct spf_step *s) = {
    [SPF_NO_MATCH] = write_no_match,
    [SPF_MATCH] = write_match,
    [SPF_ERROR] = write_error,
    [SPF_NOT_QUERIED] = write_not_queried,
};

/* Without a client, what does not depend on one: an error, unless it is a
 * limit, which the total shows, and a match, unless of "all". */
static void
write_certain(
    struct buf *b, const struct spf_trace_check *v, const struct spf_step *s)
{
	bool limit =
	    v->reason == SPF_LOOKUP_LIMIT || v->reason == SPF_VOID_LIMIT;

	if ((s->match == SPF_ERROR && !(s->decides && limit)) ||
	    (s->match == SPF_MATCH && s->term->kind < SPF_REDIRECT &&
		s->term->kind != SPF_ALL) ||
	    s->match == SPF_NOT_QUERIED)
		write_outcome[s->match](b, v, s);
}

/* Returns why a term has no step, or "". */
static const char *
why_unreached(const struct spf_record *r, const struct spf_term *term)
{
	if (term->kind == SPF_EXP)
		return "";
	if (term->kind == SPF_UNKNOWN) /* RFC 7208 6 */
		return "ignored";
	if (term->kind == SPF_REDIRECT && r->all) /* RFC 7208 6.1 */
		return "ignored: there is an all";
	if (r->all && term > r->all) /* RFC 7208 5.1 */
		return "not reached: it follows an all";
	return "not reached";
}

/* Adds the cost of a term with all below it and, without a client, the lookups
 * up to its end. */
static void
write_cost(struct buf *b, const struct spf_tree *t, const struct node *n,
    const struct spf_step *s)
{
	uint64_t limit = t->policy->lookup_limit;

	if (!spf_term_queries(s->term))
		return;
	to_column(b, n->cost);
	buf_printf(b, "%u/%" PRIu64, s->lookups, limit);
	if (!t->clientless)
		return;
	to_column(b, n->cost + WIDTH_COST);
	buf_printf(b, "total %u%s", t->total + s->lookups,
	    t->total + s->lookups > limit ? ": over the limit" : "");
}

/* The outcome is in parentheses if the term was evaluated after the verdict. */
static void
write_result(struct buf *b, struct spf_tree *t, const struct node *n,
    const struct spf_step *s)
{
	bool explored = !s->live && s->match != SPF_NOT_QUERIED;

	to_column(b, n->cost + WIDTH_COST);
	buf_str(b, explored ? "(" : "");
	write_outcome[s->match](b, n->check, s);
	buf_str(b, explored ? ")" : "");
	t->explored |= explored;
}

/* Returns the line of a term, its cost and its outcome. A term that is too long
 * has a line before this. */
static struct buf
step_line(struct spf_tree *t, const struct node *n, const struct spf_step *s)
{
	struct buf b = begin_line(t, n->indent), outcome = BUF(t->arena);

	buf_add(&b, spf_tree_short(s->term->text, t->arena));
	if (b.len + 2 > n->cost) {
		end_line(t, &b);
		b = begin_line(t, n->indent);
	}
	write_cost(&b, t, n, s);
	if (!t->clientless) {
		write_result(&b, t, n, s);
		return b;
	}
	write_certain(&outcome, n->check, s);
	if (outcome.len) {
		to_column(&b, n->cost + WIDTH_COST + WIDTH_TOTAL);
		buf_add(&b, buf_span(&outcome));
	}
	return b;
}

/*
 * The tree.
 */

static void add_check(struct spf_tree *t, const struct spf_trace_check *v,
    unsigned depth, bool chain);

static bool
is_over(const struct spf_tree *t, const struct spf_step *s)
{
	return t->clientless && spf_term_queries(s->term) &&
	    t->total + s->lookups > t->policy->lookup_limit;
}

/* The term in error, not an include above it, is the place of an error. */
static enum screen_role
step_role(const struct spf_tree *t, const struct spf_step *s, bool decides)
{
	if (is_over(t, s))
		return SCREEN_OVER;
	if (s->match == SPF_ERROR && !s->check && s->live)
		return SCREEN_PLACE;
	return decides ? SCREEN_DECIDES : SCREEN_PLAIN;
}

/* Returns the text of an answer, and counts void ones. */
static struct span
answer_text(struct spf_tree *t, const struct node *n, const struct spf_step *s,
    const struct dns_answer *answer)
{
	struct span text = spf_tree_answer(
	    s, answer, columns_after(t, n->indent + 2), t->arena);

	if (!spf_tree_is_void(answer))
		return text;
	t->voids++;
	if (!t->clientless)
		return text;
	return arena_printf(t->arena, SPAN_FMT " %u/%" PRIu64, SPAN_ARG(text),
	    t->voids, t->policy->void_limit);
}

/* Adds a step and the answers to its queries: a single short answer on the same
 * line, others below; then the check_host() of an include or redirect=. */
static void
add_step(struct spf_tree *t, const struct node *n, const struct spf_step *s)
{
	struct buf b = step_line(t, n, s);
	bool decides = n->chain && s->decides && s->live;
	struct span mark = decides ? MARK : SPAN_NONE;
	struct span *text = ARENA_ARRAY(t->arena, struct span, s->nanswers);
	size_t below = 0;

	for (size_t i = 0; i < s->nanswers; i++)
		text[i] = answer_text(t, n, s, s->answers[i]);
	if (s->nanswers == 1 && !spf_tree_is_expanded(s) &&
	    b.len + 2 + text[0].len + mark.len <= t->columns) {
		buf_str(&b, "; ");
		buf_add(&b, text[below++]);
	}
	buf_add(&b, mark);
	end_line_as(t, &b, step_role(t, s, decides));
	for (; below < s->nanswers; below++)
		add_line(t, n->indent + 2, text[below]);
	t->cut |= s->match == SPF_NOT_QUERIED;
	t->total += s->lookups - (s->check ? spf_trace_lookups(s->check) : 0);
	if (s->check)
		add_check(t, s->check, n->depth + 1, decides);
}

static void
add_unreached(
    struct spf_tree *t, const struct node *n, const struct spf_term *term)
{
	struct buf b = begin_line(t, n->indent);
	const char *why = why_unreached(n->check->record, term);

	buf_add(&b, spf_tree_short(term->text, t->arena));
	if (*why) {
		to_column(&b, n->cost + WIDTH_COST);
		buf_str(&b, why);
	}
	end_line(t, &b);
}

/* No term decided: usually the default result (RFC 7208 4.7). */
static void
add_default(struct spf_tree *t, const struct node *n)
{
	enum spf_reason reason = n->check->reason;

	spf_tree_line(t, n->indent,
	    arena_printf(t->arena, "%s: %s" SPAN_FMT, result_of(reason),
		spf_reasons[reason].words,
		SPAN_ARG(n->chain ? MARK : SPAN_NONE)),
	    n->chain ? SCREEN_DECIDES : SCREEN_PLAIN);
}

static size_t
term_width(const struct spf_record *r)
{
	size_t width = 0;

	for (size_t i = 0; i < r->nterms; i++)
		if (r->terms[i].text.len > width)
			width = r->terms[i].text.len;
	return width < WIDTH_TERM ? width : WIDTH_TERM;
}

static void
add_terms(struct spf_tree *t, struct node *n)
{
	const struct spf_record *r = n->check->record;
	const struct spf_step **steps = spf_trace_steps(n->check, t->arena);

	n->indent = 4 * (size_t)n->depth + 2;
	n->cost = n->indent + term_width(r) + 2;
	for (size_t i = 0; i < r->nterms; i++)
		if (steps[i])
			add_step(t, n, steps[i]);
		else
			add_unreached(t, n, &r->terms[i]);
	if (!n->check->decided)
		add_default(t, n);
}

/* Returns the detail, "TERM of DOMAIN" or "DOMAIN", without the domain, which
 * the line begins with. */
static struct span
detail_of(const struct spf_trace_check *v)
{
	struct span d = v->detail;

	if (!span_caseends(d, v->domain))
		return d;
	d.len -= v->domain.len;
	return span_caseends(d, SPAN(" of ")) ? span_upto(d, d.len - 4)
	    : d.len                           ? v->detail
					      : SPAN_NONE;
}

static struct span
short_words(const struct spf_tree *t, struct span text)
{
	struct buf b = BUF(t->arena);

	while (text.p) {
		buf_add(&b, spf_tree_short(span_cut(&text, ' '), t->arena));
		buf_str(&b, text.p ? " " : "");
	}
	return buf_span(&b);
}

/* Adds why there is no record to evaluate, and the texts that
 * are, or claim to be, SPF records. */
static void
add_failure(struct spf_tree *t, const struct node *n, struct buf *b)
{
	const struct spf_trace_check *v = n->check;
	struct span detail = detail_of(v);

	buf_printf(
	    b, "%s: %s", result_of(v->reason), spf_reasons[v->reason].words);
	if (detail.len) {
		buf_str(b, ": ");
		buf_add(b, spf_tree_short(detail, t->arena));
	}
	end_line_as(t, b, n->chain ? SCREEN_DECIDES : SCREEN_PLAIN);
	for (size_t i = 0; v->answer && i < v->answer->nrecords; i++)
		if (spf_is_record(v->answer->records[i].data))
			add_folded(t, 4 * (size_t)n->depth + 2,
			    short_words(t, v->answer->records[i].data));
}

/* Recursion is bounded: the evaluation leaves a check_host() deeper than
 * LIMIT_SPF_DEPTH as soon as it has entered it. */
static void
add_check(struct spf_tree *t, const struct spf_trace_check *v, unsigned depth,
    bool chain)
{
	struct node n = {.check = v, .depth = depth, .chain = chain};
	struct buf b = begin_line(t, 4 * (size_t)depth);

	assert(depth <= LIMIT_SPF_DEPTH + 1);
	buf_add(&b, v->domain.len ? v->domain : SPAN("(empty name)"));
	buf_str(&b, ": ");
	if (!v->record) {
		add_failure(t, &n, &b);
		return;
	}
	if (b.len + v->record->text.len <= t->columns)
		buf_add(&b, v->record->text);
	else
		buf_printf(&b, "v=spf1 ... (%zu octets, term by term below)",
		    v->record->text.len);
	end_line(t, &b);
	add_terms(t, &n);
}

void
spf_tree_root(struct spf_tree *t, const struct spf_trace *trace)
{
	if (trace->root)
		add_check(t, trace->root, 0, !t->clientless);
}
