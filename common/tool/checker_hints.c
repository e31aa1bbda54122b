/* checker_hints: what people who run a checker may have meant. */
/* SPDX-License-Identifier: ISC */

#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/die.h"
#include "base/domain.h"
#include "base/file.h"
#include "tool/checker_internal.h"

/*
 * A domain or an address in the place of a file.
 */

/* Ends of the names of files that are taken for messages, not for domains. */
static const char *const file_ends[] = {".eml", ".msg", ".mbox", ".mail",
    ".txt", ".gz", ".zip", ".json", ".xml", ".log", ".conf", ".zone", ".pem"};

static bool
is_file_name(struct span text)
{
	for (size_t i = 0; i < COUNT(file_ends); i++)
		if (span_caseends(text, span_of(file_ends[i])))
			return true;
	return false;
}

/* Is it safe in a line of sh without quotes, and usual before an "@"? */
static bool
is_plain_local(struct span local)
{
	for (size_t i = 0; i < local.len; i++)
		if (!ascii_is_alnum(local.p[i]) &&
		    !memchr("._+-", local.p[i], 4))
			return false;
	return local.len && local.p[0] != '-';
}

/* Reads DOMAIN or LOCAL@DOMAIN. False: it is more probably a file's name. */
static bool
read_domain(struct span text, struct checker_domain *d, struct arena *a)
{
	size_t at = span_find(text, '@');
	struct span local = at < text.len ? span_upto(text, at) : SPAN("x");
	bool address = at < text.len;
	struct span name = at < text.len ? span_from(text, at + 1) : text;

	d->domain = domain_normal(name, a);
	if (!is_plain_local(local) || domain_labels(d->domain) < 2 ||
	    !ascii_is_alpha(d->domain.p[d->domain.len - 1]) ||
	    (at == text.len && is_file_name(text)))
		return false;
	d->address = address ? arena_printf(a, SPAN_FMT "@" SPAN_FMT,
				   SPAN_ARG(local), SPAN_ARG(d->domain))
			     : SPAN_NONE;
	return true;
}

static const char *
domain_hint(
    const struct checker *c, const struct checker_domain *d, struct arena *a)
{
	struct span query =
	    c->domain_hint ? c->domain_hint(c, d, a) : SPAN_NONE;

	if (!query.p)
		return arena_printf(
		    a, "try domain-check " SPAN_FMT, SPAN_ARG(d->domain))
		    .p;
	return arena_printf(
	    a, "try %s " SPAN_FMT, die_program(), SPAN_ARG(query))
	    .p;
}

/*
 * All hints.
 */

bool
checker_hint_operands(
    const struct checker *c, const char *const *operand, struct arena *a)
{
	struct checker_domain d;

	for (; *operand; operand++)
		if (access(*operand, F_OK) < 0 &&
		    read_domain(span_of(*operand), &d, a)) {
			cli_hint_at_end(domain_hint(c, &d, a));
			return true;
		}
	return false;
}

/* Has a result this identifier, as its reason or as a note? */
static bool
has_id(const struct checker_outcome *o, const char *id)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct result *r = &o->list[i];

		if (r->why.id && !strcmp(r->why.id, id))
			return true;
		for (size_t k = 0; k < r->nnotes; k++)
			if (!strcmp(r->notes[k].id, id))
				return true;
	}
	return false;
}

void
checker_hint_evaluated(
    const struct checker_run *run, const struct checker_outcome *o)
{
	const struct checker *c = run->c;

	if (run->hint == CHECKER_HINT_QUERY)
		cli_hint_at_end(NULL); /* there was a message */
	if (run->hint != CHECKER_HINT_CLIENT || o->envelope.has_ip ||
	    !has_id(o, c->no_client_id) || o->list[0].code == RESULT_PASS)
		return;
	cli_hint_at_end(checker_writes_field(c->mode)
		? "client unknown: try --received-by=HOST, or -i and -f"
		: "client unknown: try --received-by=HOST, "
		  "--assume-identities or -i and -f");
}

const char *
checker_filter_hint(bool annotate)
{
	struct stat st, null;

	if (isatty(1) && !annotate)
		return "-r shows the result alone";
	if (fstat(1, &st) == 0 && S_ISCHR(st.st_mode) &&
	    stat("/dev/null", &null) == 0 && st.st_rdev == null.st_rdev)
		return "the status of a filter is not the verdict; "
		       "with -q it is";
	return NULL;
}
