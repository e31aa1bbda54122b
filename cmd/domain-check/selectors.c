/* selectors: the DKIM selectors that mail was seen with. */
/* SPDX-License-Identifier: ISC */

#include "selectors.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/domain.h"
#include "base/limit.h"

/* A domain to check. */
struct wanted {
	struct span domain;
	struct span *selectors; /* so far */
	size_t n;
};

struct reading {
	const char *file;
	size_t line;
	struct wanted *wanted; /* sorted */
	size_t nwanted;
	struct arena *arena, *scratch; /* of the result, of a line */
	struct span error;
};

static int
compare(const void *a, const void *b)
{
	const struct wanted *one = a, *other = b;

	return span_cmp(one->domain, other->domain);
}

static void
fail(struct reading *r, struct span words)
{
	r->error = arena_printf(
	    r->arena, "%s:%zu: " SPAN_FMT, r->file, r->line, SPAN_ARG(words));
}

/* Returns a member that is a text, or absent. */
static struct span
text_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_string(value))
		return SPAN_NONE;
	return (struct span){
	    json_string_value(value), json_string_length(value)};
}

static bool
is_known(const struct wanted *w, struct span selector)
{
	for (size_t i = 0; i < w->n; i++)
		if (span_eq(w->selectors[i], selector))
			return true;
	return false;
}

/* Adds a selector, unless it is there or the domain is not to be checked. */
static void
add(struct reading *r, struct span domain, struct span selector)
{
	struct wanted key = {.domain = domain_normal(domain, r->scratch)};
	struct wanted *found;

	selector = domain_normal(selector, r->scratch);
	if (!key.domain.p || !selector.p)
		return;
	found =
	    bsearch(&key, r->wanted, r->nwanted, sizeof(*r->wanted), compare);
	if (!found || is_known(found, selector))
		return;
	if (found->n == LIMIT_SELECTORS)
		fail(r,
		    arena_printf(r->scratch,
			"over %u selectors of " SPAN_FMT
			": name those to check with -s",
			LIMIT_SELECTORS, SPAN_ARG(key.domain)));
	else
		*ARENA_PUSH(r->arena, found->selectors, found->n) =
		    arena_span(r->arena, selector);
}

/* Adds a result if it is a pass. */
static void
add_result(struct reading *r, const json_t *result, const json_t *names,
    const char *domain, const char *selector)
{
	if (span_eq(text_of(result, "result"), SPAN("pass")) && !r->error.p)
		add(r, text_of(names, domain), text_of(names, selector));
}

/* A line of dkim-verify. */
static void
add_message(struct reading *r, const json_t *object)
{
	const json_t *results = json_object_get(object, "results"), *result;
	size_t i;

	json_array_foreach(results, i,
	    result) if (span_eq(text_of(result, "method"), SPAN("dkim")))
	    add_result(r, result, json_object_get(result, "properties"),
		"header.d", "header.s");
}

/* A line of dmarc-report: a record of a report, or a key. */
static void
add_report(struct reading *r, const json_t *object)
{
	const json_t *results = json_object_get(object, "dkim_results"),
		     *result;
	size_t i;

	json_array_foreach(results, i, result)
	    add_result(r, result, result, "domain", "selector");
	if (span_eq(text_of(object, "type"), SPAN("dkim-key")) &&
	    json_integer_value(json_object_get(object, "passed")) > 0)
		add(r, text_of(object, "domain"), text_of(object, "selector"));
}

static void
read_line(struct reading *r, struct span line)
{
	json_error_t why;
	json_t *object;

	if (line.len > LIMIT_JSON) {
		fail(r, SPAN("a line over 4 MiB"));
		return;
	}
	object = json_loadb(line.p, line.len, JSON_ALLOW_NUL, &why);
	if (!json_is_object(object))
		fail(r,
		    SPAN("not a JSON object of dkim-verify or "
			 "dmarc-report"));
	add_message(r, object);
	if (!r->error.p)
		add_report(r, object);
	json_decref(object);
}

static void
read_lines(struct reading *r, struct span text)
{
	while (text.p && !r->error.p) {
		struct span line = span_trim(span_cut(&text, '\n'));

		r->line++;
		arena_reset(r->scratch);
		if (line.len)
			read_line(r, line);
	}
}

struct span
selectors_read(const char *file, struct span text, const struct span *domains,
    size_t n, struct arena *a, struct selectors_seen **list, size_t *nlist)
{
	struct reading r = {
	    .file = file, .arena = a, .nwanted = n, .scratch = arena_new()};

	r.wanted = ARENA_ARRAY(a, struct wanted, n);
	for (size_t i = 0; i < n; i++)
		r.wanted[i].domain = domains[i];
	qsort(r.wanted, n, sizeof(*r.wanted), compare);
	read_lines(&r, text);
	arena_free(r.scratch);
	*list = NULL;
	*nlist = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < r.wanted[i].n; k++)
			*ARENA_PUSH(a, *list, *nlist) = (struct selectors_seen){
			    r.wanted[i].domain, r.wanted[i].selectors[k]};
	return r.error;
}
