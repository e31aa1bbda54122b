/* show_changes: what changed: new sources, silent reporters, the policy. */
/* SPDX-License-Identifier: ISC */

#include "show.h"

/* A list in one line, "WHAT: A, B and N more". */
struct names {
	struct job *job;
	struct screen_text text;
	size_t n, top, shown;
};

static struct names
names_begin(struct job *job, const char *what, size_t n)
{
	struct names names = {.job = job,
	    .text = SCREEN_TEXT(job->memory),
	    .n = n,
	    .top = show_top(job, n)};

	screen_str(&names.text, SCREEN_HEADING, what);
	return names;
}

/* Adds the next name; false if there is no room for more. */
static bool
names_add(struct names *names, struct span name)
{
	screen_str(&names->text, SCREEN_PLAIN, names->shown ? ", " : ": ");
	screen_add(&names->text, SCREEN_PLAIN, name);
	return ++names->shown < names->top;
}

static void
names_end(struct names *names)
{
	if (names->shown < names->n)
		screen_add(&names->text, SCREEN_PLAIN,
		    arena_printf(names->job->memory, " and %zu more",
			names->n - names->shown));
	screen_put(&names->job->out, &names->text);
}

static void
put_line(struct job *job, const char *what, const char *text)
{
	struct screen_text t = SCREEN_TEXT(job->memory);

	screen_str(&t, SCREEN_HEADING, what);
	screen_str(&t, SCREEN_PLAIN, ": ");
	screen_str(&t, SCREEN_PLAIN, text);
	screen_put(&job->out, &t);
}

/*
 * What changed.
 */

static const char *
recent_text(struct job *job, const char *what, const char *more)
{
	return arena_printf(job->memory, "%s in the last %d day%s%s", what,
	    job->options.recent, job->options.recent == 1 ? "" : "s", more)
	    .p;
}

static void
put_new_list(struct job *job, const struct show_new *new, bool aligned)
{
	struct arena *a = job->memory;
	const struct show_newcomer *list = new->list[aligned];
	bool more = new->n[aligned] > 0;
	struct names names;

	if (!more)
		return;
	names = names_begin(job,
	    recent_text(job, "* new", aligned ? ", aligned" : ", not aligned"),
	    new->n[aligned]);
	for (size_t i = 0; more; i++)
		more = names_add(&names,
		    ARENA_JOIN(a, show_number(list[i].messages, a),
			SPAN(" from "),
			list[i].has_network ? show_network(&list[i].network,
						  list[i].addresses, a)
					    : SPAN("no address")));
	names_end(&names);
}

static void
put_new(struct job *job, const struct show_new *new)
{
	if (!new->known) {
		put_line(job, recent_text(job, "new", ""),
		    tally_input(job->tally).sources_full
			? "not known, as there are too many sources"
			: "not known, as there is nothing earlier");
		return;
	}
	if (!new->n[0] && !new->n[1])
		put_line(job, recent_text(job, "new", ""), "no source");
	put_new_list(job, new, true);
	put_new_list(job, new, false);
}

static void
put_silent(struct job *job)
{
	struct arena *a = job->memory;
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_SILENT_REPORTERS, TALLY_ALL, a, &n);
	struct names names;
	bool more = n > 0;

	if (!more)
		return;
	names = names_begin(job, recent_text(job, "silent", ""), n);
	for (size_t i = 0; more; i++)
		more = names_add(&names,
		    ARENA_JOIN(a,
			rows[i].text.p ? rows[i].text : SPAN("no name"),
			SPAN(" (last "), show_day(rows[i].seen_last, a),
			SPAN(")")));
	names_end(&names);
}

/* The policy as the reporters saw it, of several domains after the domain. */
static void
put_policies(struct job *job, const struct tally_totals *total)
{
	struct arena *a = job->memory;
	size_t n;
	const struct tally_row *rows =
	    tally_list(job->tally, TALLY_POLICIES, TALLY_ALL, a, &n);
	struct names names;
	bool more = n > 0;

	if (!more)
		return;
	names = names_begin(job, "policy", n);
	for (size_t i = 0; more; i++) {
		struct span domain =
		    rows[i].text.p ? rows[i].text : SPAN("no domain");

		more = names_add(&names,
		    ARENA_JOIN(a, total->domains == 1 ? SPAN("") : domain,
			span_of(total->domains == 1 ? "" : " "),
			rows[i].more.len ? rows[i].more
					 : SPAN("without a policy"),
			SPAN(" ("),
			show_days(rows[i].seen_first, rows[i].seen_last, a),
			SPAN(")")));
	}
	names_end(&names);
}

void
show_changes(struct job *job, const struct tally_totals *total,
    const struct show_new *new)
{
	fputc('\n', job->out.to);
	put_new(job, new);
	put_silent(job);
	put_policies(job, total);
}
