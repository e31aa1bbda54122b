/* show_groups: the sources in four groups. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

static const char *const kinds[VERDICT_KINDS] = {
    [VERDICT_FORWARDED] = "forwarders and lists",
    [VERDICT_ALIGNED] = "aligned",
    [VERDICT_PARTLY] = "partly aligned",
    [VERDICT_NEITHER] = "not yours",
};

const char *
show_kind(enum verdict_kind kind)
{
	return kinds[kind];
}

/* Columns after the number of messages: where they begin. */
enum {
	AT_SPF = 2,
	AT_DKIM = 8,
	AT_DISPOSITION = 14,
	AT_TEXT = 27
};

/* Columns that the text needs at least on a terminal; a source that leaves less
 * has a line of its own, unless it takes no more than an IPv4 network does. */
#define TEXT_COLUMNS   26u
#define SOURCE_COLUMNS 22u

struct groups {
	struct job *job;
	const struct tally_totals *total;
	const struct show_new *new;
	struct span domain; /* the only one; or absent */
	size_t source;      /* columns of a source */
	size_t end;         /* the column after the number of messages */
};

size_t
show_top(const struct job *job, size_t n)
{
	return !job->top || n <= job->top + 1 ? n : (size_t)job->top;
}

/*
 * A row.
 */

/* "yes", "no", or which share of the messages. */
static void
add_aligned(struct screen_text *t, uint64_t part, uint64_t whole)
{
	struct arena *a = t->text.arena;

	if (!whole)
		screen_str(t, SCREEN_PLAIN, "-");
	else if (part == whole)
		screen_str(t, SCREEN_PASS, "yes");
	else if (!part)
		screen_str(t, SCREEN_DOUBT, "no");
	else
		screen_add(t, SCREEN_DOUBT, show_share(part, whole, a));
}

/* The disposition of most messages, and with a + if there are others. */
static void
add_disposition(
    const struct groups *g, struct screen_text *t, const struct tally_row *row)
{
	static const struct {
		enum tally_counter counter;
		const char *name;
	} all[] = {{TALLY_NONE, "none"}, {TALLY_QUARANTINE, "quarantine"},
	    {TALLY_REJECT, "reject"}};
	size_t most = 0;

	for (size_t i = 1; i < COUNT(all); i++)
		if (row->n[all[i].counter] > row->n[all[most].counter])
			most = i;
	if (!row->n[all[most].counter])
		return;
	screen_to_column(t, g->end + AT_DISPOSITION);
	screen_str(t, SCREEN_PLAIN, all[most].name);
	if (row->n[all[most].counter] < row->n[TALLY_MESSAGES])
		screen_str(t, SCREEN_PLAIN, "+");
}

/* d= and selector; MAIL FROM, if it is another domain; the author domain, where
 * nothing else shows it. */
static struct span
domains_text(
    const struct groups *g, const struct tally_row *row, struct arena *a)
{
	struct buf b = BUF(a);

	buf_add(&b, row->dkim_domain);
	if (row->dkim_selector.p) {
		buf_char(&b, ' ');
		buf_add(&b, row->dkim_selector);
	}
	if (row->spf_domain.p && !span_eq(row->spf_domain, row->header_from)) {
		buf_str(&b, b.len ? " (" : "(");
		buf_add(&b, row->spf_domain);
		buf_char(&b, ')');
	}
	if (!span_eq(row->header_from, g->domain) &&
	    !span_eq(row->header_from, row->dkim_domain)) {
		buf_str(&b, b.len ? " as " : "as ");
		buf_add(&b, row->header_from);
	}
	return buf_span(&b);
}

static void
add_typical(
    const struct groups *g, struct screen_text *t, const struct tally_row *row)
{
	struct span domains = domains_text(g, row, t->text.arena);

	if (!domains.len && !g->job->verbose)
		return;
	screen_to_column(t, g->end + AT_TEXT);
	screen_add(t, SCREEN_PLAIN, domains);
	if (!g->job->verbose)
		return;
	screen_str(t, SCREEN_PLAIN, domains.len ? "  " : "");
	screen_str(t, SCREEN_ID, verdict_rule_id(row->rule));
}

/* A source that is new has a mark. On a terminal a long one has a line of its
 * own. */
static void
add_source(const struct groups *g, struct screen_text *t,
    const struct tally_row *row, struct arena *a)
{
	struct span source = show_source(row, a);

	screen_str(t, SCREEN_DECIDES, show_is_new(g->new, row) ? "* " : "  ");
	screen_add(t, SCREEN_PLAIN, source);
	if (source.len > g->source) {
		screen_put(&g->job->out, t);
		*t = SCREEN_TEXT(a);
	}
}

static void
put_row(const struct groups *g, const struct tally_row *row)
{
	struct arena *a = g->job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	struct span count = show_number(row->n[TALLY_MESSAGES], a);

	add_source(g, &t, row, a);
	screen_to_column(&t, g->end - count.len);
	screen_add(&t, SCREEN_PLAIN, count);
	screen_to_column(&t, g->end + AT_SPF);
	add_aligned(&t, row->n[TALLY_SPF], row->n[TALLY_MESSAGES]);
	screen_to_column(&t, g->end + AT_DKIM);
	add_aligned(&t, row->n[TALLY_DKIM], row->n[TALLY_MESSAGES]);
	add_disposition(g, &t, row);
	if (row->typical)
		add_typical(g, &t, row);
	screen_put_hanging(&g->job->out, &t, g->end + AT_TEXT);
}

/*
 * A group.
 */

static void
put_advice(struct groups *g, const char *words)
{
	screen_line(&g->job->out, span_of(words));
}

/* Does one of the rows have a rule? */
static bool
has_rule(const struct tally_row *rows, size_t n, enum verdict_rule rule)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].typical && rows[i].rule == rule)
			return true;
	return false;
}

/* Tells that forwarded mail is not aligned: a reporter made an exception. */
static void
put_exceptions(struct groups *g, const struct tally_row *rows, size_t n)
{
	struct arena *a = g->job->memory;
	uint64_t failed = 0;

	for (size_t i = 0; i < n; i++)
		failed += rows[i].n[TALLY_MESSAGES] - rows[i].n[TALLY_PASSED];
	if (failed)
		screen_line(&g->job->out,
		    ARENA_JOIN(a, SPAN("  "), show_number(failed, a),
			SPAN(" are not aligned: reporters made exceptions, "
			     "others may refuse these")));
}

/* Writes what to do about a group. */
static void
put_advices(struct groups *g, const struct tally_row *rows, size_t n)
{
	switch (rows->kind) {
	case VERDICT_FORWARDED:
		put_exceptions(g, rows, n);
		break;
	case VERDICT_PARTLY:
		if (has_rule(rows, n, VERDICT_RULE_SPF_FAILS))
			put_advice(g,
			    "  SPF no: send with MAIL FROM of your domain, and "
			    "add the sender to its SPF");
		if (has_rule(rows, n, VERDICT_RULE_DKIM_FAILS))
			put_advice(g,
			    "  DKIM no: sign with d= of your domain, or repair "
			    "the signature");
		break;
	case VERDICT_NEITHER:
		put_advice(g,
		    "  p=reject refuses these: set up SPF and DKIM first for "
		    "any that is yours");
		break;
	default:
		break;
	}
}

/* Writes how many messages a kind has, and how many of them are new. */
static void
put_sum(const struct groups *g, const struct tally_row *rows, size_t n)
{
	struct arena *a = g->job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	uint64_t all = g->total->n[TALLY_KIND + rows->kind], new = 0;

	for (size_t i = 0; i < n; i++)
		if (show_is_new(g->new, &rows[i]))
			new += rows[i].n[TALLY_MESSAGES];
	screen_str(&t, SCREEN_HEADING, kinds[rows->kind]);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, show_count(all, "message", "messages", a));
	screen_str(&t, SCREEN_PLAIN, ", ");
	screen_add(
	    &t, SCREEN_PLAIN, show_share(all, g->total->n[TALLY_MESSAGES], a));
	if (new) {
		screen_str(&t, SCREEN_PLAIN, "; ");
		screen_add(&t, SCREEN_PLAIN, show_number(new, a));
		screen_str(&t, SCREEN_PLAIN, " from new sources");
	}
	screen_put(&g->job->out, &t);
}

/* Writes the rows of one kind, the first ones, and how many are left. */
static void
put_kind(struct groups *g, const struct tally_row *rows, size_t n)
{
	struct arena *a = g->job->memory;
	uint64_t all = g->total->n[TALLY_KIND + rows->kind], shown = 0;
	size_t top = show_top(g->job, n);

	put_sum(g, rows, n);
	put_advices(g, rows, n);
	for (size_t i = 0; i < top; i++) {
		put_row(g, &rows[i]);
		shown += rows[i].n[TALLY_MESSAGES];
	}
	if (top < n)
		screen_line(&g->job->out,
		    ARENA_JOIN(a,
			rows[n - 1].others
			    ? SPAN("  and others")
			    : arena_printf(a, "  and %zu more", n - top),
			SPAN(": "), show_number(all - shown, a)));
}

/*
 * All groups.
 */

/* Returns the row after the last of the same kind. */
static size_t
end_of_kind(const struct tally_row *rows, size_t n, size_t i)
{
	enum verdict_kind kind = rows[i].kind;

	while (i < n && rows[i].kind == kind)
		i++;
	return i;
}

/* Sets columns for the rows that will be shown. */
static void
set_columns(struct groups *g, const struct tally_row *rows, size_t n)
{
	struct arena *a = g->job->memory;
	size_t count = sizeof("MESSAGES") - 1, most = SIZE_MAX;

	g->source = sizeof("SOURCE") - 1;
	for (size_t i = 0, end; i < n; i = end) {
		end = end_of_kind(rows, n, i);
		for (size_t k = i; k < i + show_top(g->job, end - i); k++) {
			size_t source = show_source(&rows[k], a).len;
			size_t digits =
			    show_number(rows[k].n[TALLY_MESSAGES], a).len;

			g->source = source > g->source ? source : g->source;
			count = digits > count ? digits : count;
		}
	}
	if (g->job->out.width) {
		most = count + 4 + AT_TEXT + TEXT_COLUMNS;
		most = g->job->out.width > most + SOURCE_COLUMNS
		    ? g->job->out.width - most
		    : SOURCE_COLUMNS;
	}
	g->source = g->source < most ? g->source : most;
	g->end = g->source + 4 + count;
}

static void
put_heading(const struct groups *g)
{
	struct screen_text t = SCREEN_TEXT(g->job->memory);

	fputc('\n', g->job->out.to);
	screen_str(&t, SCREEN_HEADING, "  SOURCE");
	screen_to_column(&t, g->end - (sizeof("MESSAGES") - 1));
	screen_str(&t, SCREEN_HEADING, "MESSAGES");
	screen_to_column(&t, g->end + AT_SPF);
	screen_str(&t, SCREEN_HEADING, "SPF");
	screen_to_column(&t, g->end + AT_DKIM);
	screen_str(&t, SCREEN_HEADING, "DKIM");
	screen_to_column(&t, g->end + AT_DISPOSITION);
	screen_str(&t, SCREEN_HEADING, "DISPOSITION");
	screen_to_column(&t, g->end + AT_TEXT);
	screen_str(&t, SCREEN_HEADING, "D= S= (MAIL FROM)");
	screen_put(&g->job->out, &t);
}

/* The policy domain, if all reports have the same. */
static struct span
only_domain(struct job *job)
{
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_DOMAINS, TALLY_ALL, job->memory, &n);

	return n == 1 ? rows->text : SPAN_NONE;
}

void
show_groups(struct job *job, const struct tally_totals *total,
    const struct show_new *new)
{
	size_t n, end;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_GROUPS, TALLY_ALL, job->memory, &n);
	struct groups g = {
	    .job = job, .total = total, .new = new, .domain = only_domain(job)};

	if (!n)
		return;
	set_columns(&g, rows, n);
	put_heading(&g);
	for (size_t i = 0; i < n; i = end) {
		if (i)
			fputc('\n', job->out.to);
		end = end_of_kind(rows, n, i);
		put_kind(&g, &rows[i], end - i);
	}
}
