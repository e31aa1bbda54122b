/* cli_complaint: usage errors, and which option was probably meant. */
/* SPDX-License-Identifier: ISC */

#include "tool/cli_complaint.h"

#include <popt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/nearest.h"

void
cli_usage(const char *format, ...)
{
	char *text = NULL;
	va_list list;

	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		text = NULL;
	va_end(list);
	warn("%s (try --help)", text ? text : format);
	free(text);
	die_quietly(EX_USAGE);
}

void
cli_require(bool good, const char *rule)
{
	if (!good)
		cli_usage("%s", rule);
}

static const char *complaint;

void
complaint_set(const char *message)
{
	if (!complaint)
		complaint = message;
}

const char *
complaint_get(void)
{
	return complaint;
}

/* An argument that has options, and all options that there are. */
struct search {
	struct span text; /* without dashes and "=VALUE" */
	bool is_long;     /* it begins with two dashes */
	const struct cli_option *const *options;
	size_t noptions;
};

static struct search
search(const char *argument, const struct cli_option *const *options, size_t n)
{
	struct span text = span_of(argument);
	bool is_long = span_starts(text, SPAN("--"));

	if (is_long || span_starts(text, SPAN("-")))
		text = span_from(text, is_long ? 2 : 1);
	return (struct search){
	    span_upto(text, span_find(text, '=')), is_long, options, n};
}

/* Is it an option that may be given? */
static bool
is_offered(const struct cli_option *o)
{
	return o->kind != CLI_REFUSED;
}

/* The option whose name is near to the text. */
static const char *
near_name(const struct search *s)
{
	struct nearest near = NEAREST(s->text);

	for (size_t i = 0; i < s->noptions; i++)
		if (is_offered(s->options[i]))
			nearest_try(&near, s->options[i]->name);
	return near.word;
}

/* The only option whose name the text abbreviates. */
static const char *
full_name(const struct search *s)
{
	const char *found = NULL;

	for (size_t i = 0; i < s->noptions; i++) {
		if (s->text.len < 2 || !is_offered(s->options[i]) ||
		    !span_starts(span_of(s->options[i]->name), s->text))
			continue;
		if (found)
			return NULL;
		found = s->options[i]->name;
	}
	return found;
}

/* The option of a letter, or NULL. */
static const struct cli_option *
by_letter(const struct search *s, char letter)
{
	for (size_t i = 0; i < s->noptions; i++)
		if (letter && s->options[i]->letter == letter &&
		    is_offered(s->options[i]))
			return s->options[i];
	return NULL;
}

/* What was probably meant, with its dashes, or NULL. */
static const char *
suggestion(const struct search *s, struct arena *a)
{
	const char *name;

	if (s->is_long && s->text.len == 1 && by_letter(s, s->text.p[0]))
		return arena_printf(a, "-%c", s->text.p[0]).p;
	name = near_name(s);
	if (!name)
		name = full_name(s);
	return name ? arena_printf(a, "--%s", name).p : NULL;
}

/* The option that lacks its value: of a bundle of letters the last. */
static const struct cli_option *
lacking(const struct search *s)
{
	if (!s->is_long)
		return s->text.len ? by_letter(s, s->text.p[s->text.len - 1])
				   : NULL;
	for (size_t i = 0; i < s->noptions; i++)
		if (span_eq(s->text, span_of(s->options[i]->name)))
			return s->options[i];
	return NULL;
}

void
complaint_of_option(int error, const char *argument,
    const struct cli_option *const *options, size_t n, struct arena *a)
{
	const struct search s = search(argument, options, n);
	const struct cli_option *o = lacking(&s);
	const char *near = suggestion(&s, a), *message;

	if (error == POPT_ERROR_BADOPT)
		message = arena_printf(a, "%.*s: unknown option" NEAREST_FMT,
		    s.is_long ? (int)s.text.len + 2 : (int)strlen(argument),
		    argument, NEAREST_ARG(near))
			      .p;
	else if (error == POPT_ERROR_NOARG && o)
		message = arena_printf(
		    a, "%s: missing argument: %s", argument, o->arg)
			      .p;
	else if (error == POPT_ERROR_UNWANTEDARG)
		message = arena_printf(a, "%s: takes no argument", argument).p;
	else
		message =
		    arena_printf(a, "%s: %s", argument, poptStrerror(error)).p;
	complaint_set(message);
}
