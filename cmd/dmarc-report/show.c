/* show: one screen for people: who sends, what is new, what was not read. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

#include "base/die.h"

/*
 * The head.
 */

struct span
show_domains(struct job *job, struct arena *a)
{
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_DOMAINS, TALLY_ALL, a, &n);

	if (job->options.domain.p)
		return job->options.domain;
	if (!n)
		return SPAN("no domain");
	if (n == 1)
		return rows->text.p ? rows->text : SPAN("no domain");
	return arena_printf(
	    a, SPAN_FMT " and %zu more", SPAN_ARG(rows->text), n - 1);
}

/* How much is aligned, and what p=reject would have refused. */
static void
add_results(struct job *job, struct screen_text *t, const uint64_t *n)
{
	struct arena *a = job->memory;

	screen_str(t, SCREEN_PLAIN, "; ");
	if (!job->options.fail) {
		screen_add(t, SCREEN_DECIDES,
		    show_share(n[TALLY_PASSED], n[TALLY_MESSAGES], a));
		screen_str(t, SCREEN_DECIDES, " aligned");
		screen_str(t, SCREEN_PLAIN, "; ");
	}
	screen_str(t, SCREEN_PLAIN, "with p=reject ");
	screen_add(t, n[TALLY_REFUSED] ? SCREEN_FAIL : SCREEN_PLAIN,
	    show_number(n[TALLY_REFUSED], a));
	screen_str(t, SCREEN_PLAIN, " would have been refused");
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
	const uint64_t *n = total->n;

	if (!n[TALLY_REPORTS]) {
		show_nothing(job);
		return false;
	}
	screen_add(&t, SCREEN_HEADING, show_domains(job, a));
	screen_str(&t, SCREEN_PLAIN, ", ");
	screen_add(&t, SCREEN_PLAIN, show_days(total->first, total->last, a));
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(n[TALLY_MESSAGES], "message", "messages", a));
	screen_str(
	    &t, SCREEN_PLAIN, job->options.fail ? " not aligned in " : " in ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(n[TALLY_REPORTS], "report", "reports", a));
	screen_str(&t, SCREEN_PLAIN, " of ");
	screen_add(&t, SCREEN_PLAIN,
	    show_count(total->reporters, "reporter", "reporters", a));
	if (n[TALLY_MESSAGES])
		add_results(job, &t, n);
	screen_put(&job->out, &t);
	return true;
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
}

void
show_screen(struct job *job)
{
	struct tally_totals total = tally_totals(job->tally, TALLY_ALL);
	struct show_new new;

	if (show_head(job, &total)) {
		new = show_new(job);
		show_groups(job, &total, &new);
		show_changes(job, &total, &new);
	}
	failures_show(job);
	show_rest(job);
}
