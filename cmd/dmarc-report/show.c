/* show: one screen for people: who sends, what is new, what was not read. */
/* SPDX-License-Identifier: ISC */

#include "job.h"

#include <string.h>

#include "base/die.h"

/*
 * Numbers and days.
 */

struct span
show_number(uint64_t n, struct arena *a)
{
	char digits[24];
	int len =
	    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	struct buf b = BUF(a);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(&b, ',');
		buf_char(&b, digits[i]);
	}
	return buf_span(&b);
}

struct span
show_share(uint64_t part, uint64_t whole, struct arena *a)
{
	unsigned tenths = tally_share(part, whole);

	return arena_printf(a, "%u.%u%%", tenths / 10, tenths % 10);
}

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct span
show_day(int32_t day, struct arena *a)
{
	struct tally_date d;

	if (day == TALLY_NO_DAY)
		return SPAN("without a date");
	d = tally_date_of(day);
	return arena_printf(a, "%d %s %d", d.day, months[d.month - 1], d.year);
}

struct span
show_days(int32_t first, int32_t last, struct arena *a)
{
	struct tally_date f, l;
	struct buf b = BUF(a);

	if (first == TALLY_NO_DAY || first == last)
		return show_day(first, a);
	f = tally_date_of(first);
	l = tally_date_of(last);
	buf_printf(&b, "%d", f.day);
	if (f.month != l.month || f.year != l.year)
		buf_printf(&b, " %s", months[f.month - 1]);
	if (f.year != l.year)
		buf_printf(&b, " %d", f.year);
	buf_str(&b, " to ");
	buf_add(&b, show_day(last, a));
	return buf_span(&b);
}

struct span
show_count(uint64_t n, const char *one, const char *many, struct arena *a)
{
	return ARENA_JOIN(
	    a, show_number(n, a), SPAN(" "), span_of(n == 1 ? one : many));
}

/*
 * The head.
 */

struct span
show_domains(struct job *job, struct arena *a)
{
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_DOMAINS, TALLY_ALL, a, &n);

	if (!n)
		return SPAN("no domain");
	if (n == 1)
		return rows->text.p ? rows->text : SPAN("no domain");
	return arena_printf(
	    a, SPAN_FMT " and %zu more", SPAN_ARG(rows->text), n - 1);
}

void
show_nothing(struct job *job)
{
	uint64_t reports = tally_input(job->tally).reports;
	struct arena *a = job->memory;

	if (!reports)
		screen_line(&job->out, SPAN("no aggregate reports"));
	else
		screen_line(&job->out,
		    ARENA_JOIN(a, SPAN("no messages to count in "),
			show_count(reports, "report", "reports", a)));
}

bool
show_head(struct job *job, const struct tally_totals *total)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);

	if (!total->n[TALLY_REPORTS]) {
		show_nothing(job);
		return false;
	}
	screen_add(&t, SCREEN_HEADING, show_domains(job, a));
	screen_str(&t, SCREEN_PLAIN, ", ");
	screen_add(&t, SCREEN_PLAIN, show_days(total->first, total->last, a));
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(total->n[TALLY_MESSAGES], "message", "messages", a));
	screen_str(&t, SCREEN_PLAIN, " in ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(total->n[TALLY_REPORTS], "report", "reports", a));
	screen_str(&t, SCREEN_PLAIN, " of ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(total->reporters, "reporter", "reporters", a));
	screen_str(&t, SCREEN_PLAIN, "; ");
	screen_add(&t, SCREEN_DECIDES,
	    ARENA_JOIN(a,
		show_share(total->n[TALLY_PASSED], total->n[TALLY_MESSAGES], a),
		SPAN(" aligned")));
	screen_str(&t, SCREEN_PLAIN, "; with p=reject ");
	screen_add(&t, total->n[TALLY_REFUSED] ? SCREEN_FAIL : SCREEN_PLAIN,
	    show_number(total->n[TALLY_REFUSED], a));
	screen_str(&t, SCREEN_PLAIN, " would have been refused");
	screen_put(&job->out, &t);
	return true;
}

/*
 * The groups.
 */

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

/* Columns: of a source and of a number, at least. */
struct columns {
	size_t source, count;
};

static struct span
source_text(const struct tally_row *row, struct arena *a)
{
	char text[IP_TEXT];
	const char *address =
	    row->has_network ? ip_text(&row->network.ip, text) : "no address";

	if (row->others)
		return SPAN("others");
	if (row->addresses > 1)
		return arena_printf(a, "%s/%u (%zu)", address,
		    row->network.bits, row->addresses);
	return arena_printf(a, "%s", address);
}

/* "yes", "no", or which share of the messages. */
static struct span
aligned_text(uint64_t part, uint64_t whole, struct arena *a)
{
	if (part == whole)
		return SPAN("yes");
	return part ? show_share(part, whole, a) : SPAN("no");
}

/* The disposition of most messages, and with a + if there are others. */
static struct span
disposition_text(const struct tally_row *row, struct arena *a)
{
	static const struct {
		enum tally_counter counter;
		const char *name;
	} all[] = {{TALLY_NONE, "none"}, {TALLY_QUARANTINE, "quarantine"},
	    {TALLY_REJECT, "reject"}};
	size_t most = 0;
	bool several;

	for (size_t i = 1; i < COUNT(all); i++)
		if (row->n[all[i].counter] > row->n[all[most].counter])
			most = i;
	if (!row->n[all[most].counter])
		return SPAN("");
	several = row->n[all[most].counter] < row->n[TALLY_MESSAGES];
	return arena_printf(a, "%s%s", all[most].name, several ? "+" : "");
}

static void
put_row(
    struct job *job, const struct tally_row *row, const struct columns *columns)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	struct span count = show_number(row->n[TALLY_MESSAGES], a);
	uint64_t n = row->n[TALLY_MESSAGES];
	size_t at = columns->source + 4 + columns->count;

	screen_str(&t, SCREEN_PLAIN, "  ");
	screen_add(&t, SCREEN_PLAIN, source_text(row, a));
	screen_to_column(&t, at - count.len);
	screen_add(&t, SCREEN_PLAIN, count);
	screen_to_column(&t, at + 2);
	screen_add(&t, row->n[TALLY_SPF] == n ? SCREEN_PASS : SCREEN_DOUBT,
	    aligned_text(row->n[TALLY_SPF], n, a));
	screen_to_column(&t, at + 8);
	screen_add(&t, row->n[TALLY_DKIM] == n ? SCREEN_PASS : SCREEN_DOUBT,
	    aligned_text(row->n[TALLY_DKIM], n, a));
	screen_to_column(&t, at + 14);
	screen_add(&t, SCREEN_PLAIN, disposition_text(row, a));
	if (row->dkim_domain.p) {
		screen_to_column(&t, at + 26);
		screen_add(&t, SCREEN_PLAIN, row->dkim_domain);
		screen_str(&t, SCREEN_PLAIN, row->dkim_selector.p ? " " : "");
		screen_add(&t, SCREEN_PLAIN, row->dkim_selector);
	}
	if (job->verbose && row->typical)
		screen_add(&t, SCREEN_ID,
		    arena_printf(a, "  [%s]", verdict_rule_id(row->rule)));
	screen_put_hanging(&job->out, &t, at + 26);
}

/* Writes what mends the rows of a kind that have a rule. */
static void
put_advice(struct job *job, const struct tally_row *rows, size_t n,
    enum verdict_rule rule, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].typical && rows[i].rule == rule) {
			screen_line(&job->out, span_of(words));
			return;
		}
}

/* Writes the rows of one kind, the first top of them, and how many are left. */
static void
put_kind(struct job *job, const struct tally_row *rows, size_t n,
    const struct tally_totals *total, const struct columns *columns)
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	uint64_t all = total->n[TALLY_KIND + rows->kind], shown = 0;
	size_t top = job->top && job->top < n ? (size_t)job->top : n;

	fputc('\n', job->out.to);
	screen_str(&t, SCREEN_HEADING, kinds[rows->kind]);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN, show_count(all, "message", "messages", a));
	screen_str(&t, SCREEN_PLAIN, ", ");
	screen_add(
	    &t, SCREEN_PLAIN, show_share(all, total->n[TALLY_MESSAGES], a));
	screen_put(&job->out, &t);
	put_advice(job, rows, n, VERDICT_RULE_SPF_FAILS,
	    "  where SPF is no: send with a bounce address of your domain, and "
	    "add the sender to the SPF record");
	put_advice(job, rows, n, VERDICT_RULE_DKIM_FAILS,
	    "  where DKIM is no: let the sender sign with d= of your domain");
	for (size_t i = 0; i < top; i++) {
		put_row(job, &rows[i], columns);
		shown += rows[i].n[TALLY_MESSAGES];
	}
	if (top < n)
		screen_line(&job->out,
		    arena_printf(a, "  and %zu more: " SPAN_FMT, n - top,
			SPAN_ARG(show_number(all - shown, a))));
}

static struct columns
columns_of(const struct tally_row *rows, size_t n, struct arena *a)
{
	struct columns c = {6, 8};

	for (size_t i = 0; i < n; i++) {
		size_t source = source_text(&rows[i], a).len;
		size_t count = show_number(rows[i].n[TALLY_MESSAGES], a).len;

		c.source = source > c.source ? source : c.source;
		c.count = count > c.count ? count : c.count;
	}
	return c;
}

static void
put_heading(struct job *job, const struct columns *columns)
{
	struct screen_text t = SCREEN_TEXT(job->memory);
	size_t at = columns->source + 4 + columns->count;

	fputc('\n', job->out.to);
	screen_str(&t, SCREEN_HEADING, "  SOURCE");
	screen_to_column(&t, at - 8);
	screen_str(&t, SCREEN_HEADING, "MESSAGES");
	screen_to_column(&t, at + 2);
	screen_str(&t, SCREEN_HEADING, "SPF");
	screen_to_column(&t, at + 8);
	screen_str(&t, SCREEN_HEADING, "DKIM");
	screen_to_column(&t, at + 14);
	screen_str(&t, SCREEN_HEADING, "DISPOSITION");
	screen_to_column(&t, at + 26);
	screen_str(&t, SCREEN_HEADING, "D= AND SELECTOR");
	screen_put(&job->out, &t);
}

static void
put_groups(struct job *job, const struct tally_totals *total)
{
	size_t n, end;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_GROUPS, TALLY_ALL, job->memory, &n);
	struct columns columns = columns_of(rows, n, job->memory);

	if (n)
		put_heading(job, &columns);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && rows[end].kind == rows[i].kind; end++)
			;
		put_kind(job, &rows[i], end - i, total, &columns);
	}
}

/*
 * What changed.
 */

/* Writes "WHAT: A, B and N more". */
static void
put_names(struct job *job, const char *what, const struct tally_row *rows,
    size_t n, struct span (*name)(const struct tally_row *, struct arena *))
{
	struct arena *a = job->memory;
	struct screen_text t = SCREEN_TEXT(a);
	size_t top = job->top && job->top < n ? (size_t)job->top : n;

	if (!n)
		return;
	screen_str(&t, SCREEN_HEADING, what);
	for (size_t i = 0; i < top; i++) {
		screen_str(&t, SCREEN_PLAIN, i ? ", " : ": ");
		screen_add(&t, SCREEN_PLAIN, name(&rows[i], a));
	}
	if (top < n)
		screen_add(&t, SCREEN_PLAIN,
		    arena_printf(a, " and %zu more", n - top));
	screen_put(&job->out, &t);
}

static struct span
new_source(const struct tally_row *row, struct arena *a)
{
	return arena_printf(a, SPAN_FMT " (" SPAN_FMT ")",
	    SPAN_ARG(source_text(row, a)),
	    SPAN_ARG(show_number(row->n[TALLY_MESSAGES], a)));
}

static struct span
silent_reporter(const struct tally_row *row, struct arena *a)
{
	return ARENA_JOIN(a, row->text.p ? row->text : SPAN("no name"),
	    SPAN(" (last "), show_day(row->seen_last, a), SPAN(")"));
}

static struct span
policy_seen(const struct tally_row *row, struct arena *a)
{
	return ARENA_JOIN(a, row->text.p ? row->text : SPAN("no domain"),
	    SPAN(" "), row->more.len ? row->more : SPAN("without a policy"),
	    SPAN(" ("), show_days(row->seen_first, row->seen_last, a),
	    SPAN(")"));
}

static void
put_changes(struct job *job)
{
	struct arena *a = job->memory;
	size_t n;
	const struct tally_row *rows;
	uint64_t known;

	fputc('\n', job->out.to);
	if (tally_new_sources(job->tally, &known)) {
		rows =
		    tally_list(job->tally, TALLY_NEW_SOURCES, TALLY_ALL, a, &n);
		put_names(job,
		    arena_printf(
			a, "new in the last %d days", job->options.recent)
			.p,
		    rows, n, new_source);
	}
	rows = tally_list(job->tally, TALLY_SILENT_REPORTERS, TALLY_ALL, a, &n);
	put_names(job,
	    arena_printf(a, "silent in the last %d days", job->options.recent)
		.p,
	    rows, n, silent_reporter);
	rows = tally_list(job->tally, TALLY_POLICIES, TALLY_ALL, a, &n);
	put_names(job, "policy", rows, n, policy_seen);
}

/*
 * What was not counted.
 */

static void
add_part(struct buf *b, uint64_t n, const char *one, const char *many)
{
	if (!n)
		return;
	buf_str(b, b->len ? ", " : "");
	buf_add(b, show_count(n, one, many, b->arena));
}

void
show_rest(struct job *job)
{
	const struct job_input *in = &job->input;
	const struct tally_input seen = tally_input(job->tally);
	struct buf b = BUF(job->memory);

	add_part(&b, in->refused, "report or file refused",
	    "reports or files refused");
	add_part(&b, in->refused_records, "record refused", "records refused");
	add_part(&b, in->mended, "report mended", "reports mended");
	add_part(&b, seen.duplicates, "duplicate", "duplicates");
	add_part(&b, seen.differing, "of them differs", "of them differ");
	add_part(&b, seen.overlaps, "period overlaps", "periods overlap");
	add_part(&b, seen.undated, "message without a date",
	    "messages without a date");
	add_part(&b, in->mails, "other mail skipped", "other mails skipped");
	add_part(&b, in->tls, "TLS report skipped", "TLS reports skipped");
	add_part(&b, in->unreadable, "mail with other archives skipped",
	    "mails with other archives skipped");
	if (b.len)
		screen_line(&job->out, buf_span(&b));
	if (seen.overflow)
		warn("over %llu messages: the others are not counted",
		    (unsigned long long)INT64_MAX);
}

void
show_screen(struct job *job)
{
	struct tally_totals total = tally_totals(job->tally, TALLY_ALL);

	if (show_head(job, &total)) {
		put_groups(job, &total);
		put_changes(job);
	}
	failures_show(job);
	show_rest(job);
}
