/* checker_table: several messages as a table on a terminal, and counts. */
/* SPDX-License-Identifier: ISC */

#include <string.h>

#include "base/die.h"
#include "tool/checker_internal.h"
#include "tool/output.h"

/* Columns: of a name, at least; of the results of one method, and of several;
 * of why: where fewer are left for it, only its first line is right of the
 * results. */
#define WIDTH_NAME    8u
#define WIDTH_ONE     14u
#define WIDTH_SEVERAL 30u
#define WIDTH_WHY     28u

/* The octets that the number of a message in an mbox adds to a name. */
#define WIDTH_NUMBER 4u

void
checker_table_plan(struct checker_run *run, size_t longest)
{
	size_t most = run->out.width * 2 / 5, width = longest + WIDTH_NUMBER;

	width = width < WIDTH_NAME ? WIDTH_NAME : width;
	run->results_column = (width < most ? width : most) + 2;
	run->why_column = run->results_column + 2 +
	    (run->c->several_methods ? WIDTH_SEVERAL : WIDTH_ONE);
}

/* Adds "dkim=pass, 2 fail" of all results that have the method of list[i]: each
 * code once, with how many have it. */
static void
add_method(
    struct screen_text *t, const struct checker_outcome *o, const char *method)
{
	const char *before = "=";
	size_t count[RESULT_CODES] = {0};

	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->list[i].method, method))
			count[o->list[i].code]++;
	screen_str(t, SCREEN_PLAIN, method);
	for (int code = 0; code < RESULT_CODES; code++) {
		enum result_code c = (enum result_code)code;

		if (!count[c])
			continue;
		screen_str(t, SCREEN_PLAIN, before);
		if (count[c] > 1)
			screen_add(t, SCREEN_PLAIN,
			    arena_printf(t->text.arena, "%zu ", count[c]));
		screen_str(t, output_role(c), result_name(c));
		before = ", ";
	}
}

static bool
is_first_of_method(const struct checker_outcome *o, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(o->list[k].method, o->list[i].method))
			return false;
	return true;
}

/* Returns the result that the verdict is from; of several, the first. */
static const struct result *
deciding(const struct checker_run *run, const struct checker_outcome *o)
{
	enum result_code verdict = checker_verdict(run, o);

	for (size_t i = 0; i < o->n; i++)
		if (o->list[i].code == verdict &&
		    !strcmp(o->list[i].method, run->c->method))
			return &o->list[i];
	return o->list;
}

/* Adds a text with one blank for each run of them: more would let who wrote it
 * choose where its lines end. */
static void
add_squeezed(struct screen_text *t, struct span text)
{
	struct buf b = BUF(t->text.arena);

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != ' ' || !i || text.p[i - 1] != ' ')
			buf_char(&b, text.p[i]);
	screen_add(t, SCREEN_PLAIN, buf_span(&b));
}

/* Adds why, or without a reason the first note, from the column on that this
 * has in all rows. */
static void
add_why(const struct checker_run *run, struct screen_text *t,
    const struct result *r)
{
	const struct result_note *note = r->why.id ? &r->why
	    : r->nnotes                            ? r->notes
						   : NULL;

	if (!note)
		return;
	screen_to_column(t, run->why_column);
	screen_str(t, SCREEN_ID, note->id);
	screen_str(t, SCREEN_PLAIN, note->words.len ? ": " : "");
	add_squeezed(t, note->words);
}

/* Writes a row. If the last column is narrow, its lines go on below the
 * results. */
static void
put_row(const struct checker_run *run, const struct screen_text *t)
{
	bool narrow = run->why_column + WIDTH_WHY > run->out.width;

	screen_put_hanging(
	    &run->out, t, narrow ? run->results_column + 2 : run->why_column);
}

static void
put_heading(struct checker_run *run)
{
	struct screen_text t = SCREEN_TEXT(run->memory);

	if (run->has_heading)
		return;
	run->has_heading = true;
	screen_str(&t, SCREEN_HEADING, "FILE");
	screen_to_column(&t, run->results_column);
	screen_str(&t, SCREEN_HEADING, "RESULTS");
	screen_to_column(&t, run->why_column);
	screen_str(&t, SCREEN_HEADING, "WHY");
	put_row(run, &t);
}

void
checker_table_row(
    struct checker_run *run, struct span name, const struct checker_outcome *o)
{
	struct screen_text t = SCREEN_TEXT(run->memory);

	put_heading(run);
	screen_add(&t, SCREEN_PLAIN, name);
	if (screen_columns(buf_span(&t.text)) + 2 > run->results_column) {
		screen_put(&run->out, &t);
		t = SCREEN_TEXT(run->memory);
	}
	screen_to_column(&t, run->results_column);
	for (size_t i = 0; i < o->n; i++)
		if (is_first_of_method(o, i)) {
			screen_str(&t, SCREEN_PLAIN, i ? " " : "");
			add_method(&t, o, o->list[i].method);
		}
	if (o->n)
		add_why(run, &t, deciding(run, o));
	put_row(run, &t);
}

/*
 * The summary.
 */

/* Returns "3 messages: 1 pass, 2 fail". */
static struct span
counts(const struct checker_run *run, size_t n, struct arena *a)
{
	const char *separator = ": ";
	struct buf b = BUF(a);

	buf_printf(&b, n == 1 ? "%zu message" : "%zu messages", n);
	for (int code = 0; code < RESULT_CODES; code++) {
		if (!run->verdicts[code])
			continue;
		buf_printf(&b, "%s%zu %s", separator, run->verdicts[code],
		    result_name((enum result_code)code));
		separator = ", ";
	}
	return buf_span(&b);
}

void
checker_summary(const struct checker_run *run)
{
	struct arena *a = run->arena;
	size_t n = 0;
	struct span text;

	for (int code = 0; code < RESULT_CODES; code++)
		n += run->verdicts[code];
	if (n + run->unread < 2)
		return;
	if (run->c->conclude && n && run->c->mode == CHECKER_REPORT)
		run->c->conclude(run->c->tool, &run->out, a);
	text = run->c->summary && n ? run->c->summary(a) : counts(run, n, a);
	if (run->unread)
		text = arena_printf(a, SPAN_FMT "; %zu not evaluated",
		    SPAN_ARG(text), run->unread);
	fflush(stdout); /* it may be the same file as stderr */
	warn_text(text);
}
